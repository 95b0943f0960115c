"""What the pages of the money show of one fund, one item of minutes, one recovery, one finding. Only reads."""

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from core.errors import NotFound
from core.funds.allocations import find_minutes, missing_details
from core.funds.ledger import CASH, voucher_number
from core.funds.models import (
    Allocation,
    Finding,
    Fund,
    Instalment,
    LedgerAccount,
    Payment,
    Recovery,
    RecoveryMonth,
    SpecialAccount,
    Transfer,
    Voucher,
)
from core.funds.queries import list_allocations, list_funds
from core.funds.recoveries import debtor, visible_recovery
from core.funds.sources import received_of
from core.identity.models.persons import Person
from core.scope import scoped
from core.tables import sum_of, table_of
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork

VOUCHERS_SHOWN = 50


def fund_file(work: "UnitOfWork", fund_id: int) -> dict[str, Any]:
    """One fund with what arrived of it, its allocations and its newest vouchers."""
    found = next((one for one in list_funds(work) if one["id"] == fund_id), None)
    fund = work.session.get(Fund, fund_id)
    if found is None or fund is None:
        raise NotFound(_("没有找到这笔资金"))
    received = received_of(work, fund)
    return {
        **found,
        "purpose": fund.purpose,
        "received_fen": received,
        "to_come_fen": fund.amount_fen - received,
        "allocations": list_allocations(work, fund_id),
        "vouchers": _vouchers_of(work, fund_id),
    }


def _vouchers_of(work: "UnitOfWork", fund_id: int) -> list[dict[str, Any]]:
    rows = work.session.execute(
        select(Voucher, sum_of(col(Transfer.amount_fen)))
        .join(Transfer, col(Transfer.voucher_id) == col(Voucher.id))
        .where(col(Transfer.fund_id) == fund_id)
        .group_by(col(Voucher.id))
        .order_by(col(Voucher.id).desc())
        .limit(VOUCHERS_SHOWN)
    )
    return [
        {
            "voucher": one.id,
            "number": voucher_number(one.entity, one.period, one.number),
            "kind": one.kind,
            "title": one.title,
            "value_date": one.value_date,
            "amount_fen": int(fen),
        }
        for one, fen in rows
    ]


def reversal_of(work: "UnitOfWork", voucher_id: int) -> tuple[int, str] | None:
    """The voucher that reversed another, as its id and number; None while it stands."""
    own = table_of(Transfer).alias("own")
    found = work.session.scalars(
        select(Voucher)
        .join(Transfer, col(Transfer.voucher_id) == col(Voucher.id))
        .join(own, own.c.id == col(Transfer.reverses))
        .where(own.c.voucher_id == voucher_id)
        .limit(1)
    ).first()
    return (found.id or 0, voucher_number(found.entity, found.period, found.number)) if found else None


def chart_titles(work: "UnitOfWork") -> dict[str, str]:
    """The accounts of the chart by code, each with its code before it."""
    rows = work.session.execute(select(col(LedgerAccount.code), col(LedgerAccount.title)))
    return {row.code: f"{row.code} {_(row.title)}" for row in rows}


def paid_in_year(work: "UnitOfWork", year: int) -> dict[str, int]:
    """What left the accounts to beneficiaries in a year, by whose books, in fen."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = work.session.execute(
        select(col(Transfer.entity), sum_of(col(Transfer.amount_fen)))
        .join(Voucher, col(Voucher.id) == col(Transfer.voucher_id))
        .where(
            col(Voucher.kind).in_(("result", "reissue")),
            col(Transfer.credit).in_(CASH),
            col(Transfer.value_date).between(first, last),
        )
        .group_by(col(Transfer.entity))
    )
    return {entity: int(fen) for entity, fen in rows}


def list_accounts(work: "UnitOfWork") -> list[dict[str, Any]]:
    """The county's bank accounts, with how many funds lie in each."""
    work.require("funds.show")
    funds = (
        select(func.count()).where(col(Fund.account_id) == col(SpecialAccount.id)).correlate(SpecialAccount)
    ).scalar_subquery()
    rows = work.session.execute(select(SpecialAccount, funds).order_by(col(SpecialAccount.id)))
    return [
        {
            "code": one.code,
            "title": one.title,
            "kind": one.kind,
            "entity": one.entity,
            "layout": one.layout,
            "funds": int(count),
        }
        for one, count in rows
    ]


def minutes_file(work: "UnitOfWork", minutes_id: int) -> dict[str, Any]:
    """One item of minutes: the meeting, what it decided, what cites it, what is missing of it."""
    work.require("funds.show")
    held = find_minutes(work, minutes_id)
    cited = [one for one in list_allocations(work, scheme=held.scheme) if one["minutes"] == minutes_id]
    return {
        "id": held.id,
        "scheme": held.scheme,
        "item": held.item,
        "body": held.body,
        "held_on": held.held_on,
        "place": held.place,
        "chair": held.chair,
        "attended": held.attended,
        "members": held.members,
        "decided_fen": held.decided_fen,
        "file_name": held.file_name,
        "hash": held.content_hash.hex(),
        "recorded_at": held.recorded_at,
        "allocations": cited,
        "missing": missing_details(held),
    }


def recovery_file(work: "UnitOfWork", recovery_id: int) -> dict[str, Any]:
    """One recovery with its months, plan and agreement, within the reader's areas."""
    found = visible_recovery(work, recovery_id, "funds.show")
    person = work.session.get(Person, found.person_id) if found.person_id else None
    provider = None if person else _provider_behind(work, recovery_id)
    months = work.session.execute(
        select(col(RecoveryMonth.for_month), col(Fund.code), col(RecoveryMonth.amount_fen))
        .join(Fund, col(Fund.id) == col(RecoveryMonth.fund_id))
        .where(col(RecoveryMonth.recovery_id) == recovery_id)
        .order_by(col(RecoveryMonth.for_month), col(Fund.code))
    )
    plan = work.session.scalars(
        select(Instalment).where(col(Instalment.recovery_id) == recovery_id).order_by(col(Instalment.place))
    )
    return {
        "recovery": found.id,
        "scheme": found.scheme,
        "person": person.name if person else provider or "",
        "person_id": found.person_id,
        "area": found.area,
        "reason": found.reason,
        "state": found.state,
        "amount_fen": found.amount_fen,
        "recovered_fen": found.recovered_fen,
        "left_fen": found.amount_fen - found.recovered_fen,
        "agreement": found.agreement,
        "opened_on": found.opened_on,
        "closed_on": found.closed_on,
        "months": [dict(row._mapping) for row in months],
        "plan": [{"due_on": one.due_on, "amount_fen": one.amount_fen, "paid_fen": one.paid_fen} for one in plan],
    }


def _provider_behind(work: "UnitOfWork", recovery_id: int) -> str | None:
    asked = select(debtor()).select_from(Recovery).where(col(Recovery.id) == recovery_id)
    return work.session.scalar(asked)


def finding_file(work: "UnitOfWork", finding_id: int) -> Finding:
    """One finding within the reader's areas; raises ``NotFound``."""
    work.require("funds.detect")
    statement = scoped(work, select(Finding), col(Finding.area), "funds.detect")
    found = work.session.scalars(statement.where(col(Finding.id) == finding_id)).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这条线索，或不在你的辖区"))
    return found


def path_of(work: "UnitOfWork", subject: str) -> str:
    """The page on which the subject of a finding is looked at, "" when it has none."""
    kind, _colon, number = subject.partition("/")[0].partition(":")
    if not number.isdecimal():
        return ""
    match kind:
        case "fund":
            return f"/funds/{number}"
        case "batch":
            return f"/funds/batches/{number}"
        case "person" if work.may("person.show"):
            return f"/people/{number}"
        case "payment":
            line = work.session.get(Payment, int(number))
            return f"/funds/batches/{line.batch_id}" if line else ""
        case "allocation":
            allocation = work.session.get(Allocation, int(number))
            return f"/funds/minutes/{allocation.minutes_id}" if allocation else ""
    return ""
