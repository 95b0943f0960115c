"""Questions about the money: balances, funds, allocations, batches and their lines. Only reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select
from sqlmodel import col

from core.errors import NotFound
from core.funds.ledger import CHARITY_MARK, LIABILITIES, sums_by_fund, voucher_number
from core.funds.models import (
    Allocation,
    Answer,
    Attempt,
    BankFile,
    Batch,
    BatchStep,
    Draw,
    Fund,
    FundBalance,
    Minutes,
    Payee,
    Payment,
    SpecialAccount,
    Transfer,
    Voucher,
)
from core.identity.models.accounts import Account
from core.identity.models.persons import Person
from core.scope import scoped
from core.tables import columns, mapped, sum_of
from core.texts import _
from core.values import row_id

if TYPE_CHECKING:
    from core.work import UnitOfWork

PAGE = 50
_RESERVING = ("submitted", "reviewed")
_LINE, _BATCH, _ANSWER, _ATTEMPT = columns(Payment), columns(Batch), columns(Answer), columns(Attempt)


@dataclass(frozen=True)
class Balance:
    """A fund's cash and what of it is free: neither owed nor reserved nor allocated. All in fen.

    The rule ``funds_allocation_fund`` of the database counts the same (revision core_0010).
    """

    fund: str
    cash: int
    owed: int
    reserved: int
    allocated: int

    @property
    def available(self) -> int:
        """What can still be allocated."""
        return self.cash - self.owed - self.reserved - self.allocated


def balances(work: "UnitOfWork", fund_ids: Iterable[int] | None = None) -> dict[int, Balance]:
    """The balance of every fund (or of some), by id; the caller has asked for the right."""
    connection = work.session.connection()
    owed = {row.fund_id: -int(row.fen) for row in connection.execute(sums_by_fund(LIABILITIES))}
    reserved = mapped(
        connection.execute(
            select(col(Draw.fund_id), sum_of(col(Draw.amount_fen)))
            .join(Batch, col(Batch.id) == col(Draw.batch_id))
            .where(col(Batch.state).in_(_RESERVING))
            .group_by(col(Draw.fund_id))
        )
    )
    drawn = mapped(
        connection.execute(
            select(col(Draw.fund_id), sum_of(col(Draw.amount_fen)))
            .join(Allocation, col(Allocation.id) == col(Draw.allocation_id))
            .group_by(col(Draw.fund_id))
        )
    )
    allocated = mapped(
        connection.execute(
            select(col(Allocation.fund_id), sum_of(col(Allocation.amount_fen) - col(Allocation.unspent_fen))).group_by(
                col(Allocation.fund_id)
            )
        )
    )
    statement = select(col(Fund.id), col(Fund.code), col(FundBalance.cash_fen)).join(
        FundBalance, col(FundBalance.fund_id) == col(Fund.id)
    )
    if fund_ids is not None:
        statement = statement.where(col(Fund.id).in_(list(fund_ids)))
    return {
        row.id: Balance(
            row.code,
            row.cash_fen,
            owed.get(row.id, 0),
            int(reserved.get(row.id, 0)),
            int(allocated.get(row.id, 0)) - int(drawn.get(row.id, 0)),
        )
        for row in connection.execute(statement.order_by(col(Fund.code)))
    }


def available_of(work: "UnitOfWork", fund_id: int) -> int:
    """What of a fund can still be allocated, in fen."""
    return balances(work, [fund_id])[fund_id].available


def balance_lines(work: "UnitOfWork") -> list[dict[str, Any]]:
    """``[{"fund", "balance_fen", "available_fen"}]`` by code: cash, and what is free of it."""
    work.require("funds.show")
    return [
        {"fund": one.fund, "balance_fen": one.cash, "available_fen": one.available} for one in balances(work).values()
    ]


def scheme_title(work: "UnitOfWork", name: str) -> str:
    """A scheme in words; its name when its plugin is off."""
    scheme = work.host.schemes.get(name)
    return _(scheme.title) if scheme else name


def list_funds(work: "UnitOfWork") -> list[dict[str, Any]]:
    """Every fund with its appropriation, cash, debts and what is free of it."""
    work.require("funds.show")
    known = balances(work)
    rows = work.session.execute(
        select(Fund, col(SpecialAccount.title), col(SpecialAccount.entity))
        .join(SpecialAccount, col(SpecialAccount.id) == col(Fund.account_id))
        .order_by(col(Fund.year).desc(), col(Fund.code))
    )
    return [
        {
            "id": fund.id,
            "fund": fund.code,
            "name": fund.name,
            "source": fund.source,
            "scheme": fund.scheme,
            "year": fund.year,
            "document": fund.document,
            "account": title,
            "entity": entity,
            "amount_fen": fund.amount_fen,
            "balance_fen": known[fund.id or 0].cash,
            "owed_fen": known[fund.id or 0].owed,
            "reserved_fen": known[fund.id or 0].reserved,
            "allocated_fen": known[fund.id or 0].allocated,
            "available_fen": known[fund.id or 0].available,
        }
        for fund, title, entity in rows
    ]


def list_allocations(work: "UnitOfWork", fund_id: int | None = None, scheme: str = "") -> list[dict[str, Any]]:
    """Allocations, newest first, with what batches drew of each and the minutes behind it."""
    work.require("funds.show")
    drawn = select(sum_of(col(Draw.amount_fen))).where(col(Draw.allocation_id) == col(Allocation.id)).scalar_subquery()
    statement = (
        select(Allocation, col(Fund.code), Minutes, drawn)
        .join(Fund, col(Fund.id) == col(Allocation.fund_id))
        .join(Minutes, col(Minutes.id) == col(Allocation.minutes_id))
        .order_by(col(Allocation.id).desc())
    )
    if fund_id is not None:
        statement = statement.where(col(Allocation.fund_id) == fund_id)
    if scheme:
        statement = statement.where(col(Allocation.scheme) == scheme)
    return [
        {
            "id": row.id,
            "fund": code,
            "scheme": row.scheme,
            "area": row.area,
            "amount_fen": row.amount_fen,
            "drawn_fen": int(taken),
            "left_fen": 0 if row.closed_on else row.amount_fen - int(taken),
            "closed_on": row.closed_on,
            "allocated_on": row.allocated_on,
            "minutes": minutes.id,
            "body": minutes.body,
            "held_on": minutes.held_on,
            "decided_fen": minutes.decided_fen,
        }
        for row, code, minutes, taken in work.session.execute(statement)
    ]


def list_batches(
    work: "UnitOfWork", scheme: str = "", period: str = "", state: str = "", *, after: int = 0, limit: int | None = None
) -> list[dict[str, Any]]:
    """Batches, newest first; all of them, or at most ``limit`` that are older than batch ``after``."""
    work.require("funds.show")
    statement = select(Batch).order_by(col(Batch.id).desc()).limit(limit)
    if after:
        statement = statement.where(col(Batch.id) < after)
    for column, wanted in ((Batch.scheme, scheme), (Batch.period, period), (Batch.state, state)):
        if wanted:
            statement = statement.where(col(column) == wanted)
    return [batch_line(row) for row in work.session.scalars(statement)]


def batch_line(batch: Batch) -> dict[str, Any]:
    """A batch in one line."""
    return {
        "batch": batch.id,
        "scheme": batch.scheme,
        "period": batch.period,
        "run": batch.run,
        "kind": batch.kind,
        "state": batch.state,
        "round": batch.round,
        "steps": batch.steps,
        "lines": batch.count,
        "total_fen": batch.total_fen,
        "split_from": batch.split_from,
    }


def find_batch(work: "UnitOfWork", batch_id: int) -> Batch:
    """A batch by its number; raises ``NotFound``. The caller asks for the right of its act."""
    found = work.session.get(Batch, batch_id)
    if found is None:
        raise NotFound(_("没有找到批次 {batch}", batch=batch_id))
    return found


def held_batch(work: "UnitOfWork", batch_id: int) -> Batch:
    """A batch that nobody else changes until this act ends: of two people at once, the second sees what the first did.

    SQLite's writer is alone already.
    """
    found = work.session.get(Batch, batch_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(_("没有找到批次 {batch}", batch=batch_id))
    return found


def show_batch(work: "UnitOfWork", batch_id: int) -> dict[str, Any]:
    """A batch with its steps, draws, bank file and the bank's answers in sums."""
    work.require("funds.show")
    batch = find_batch(work, batch_id)
    steps = work.session.execute(
        select(BatchStep, col(Account.name), col(Account.title))
        .join(Account, col(Account.id) == col(BatchStep.actor))
        .where(col(BatchStep.batch_id) == batch_id)
        .order_by(col(BatchStep.round), col(BatchStep.step))
    )
    draws = work.session.execute(
        select(col(Fund.code), col(Draw.allocation_id), col(Draw.amount_fen), col(Allocation.minutes_id))
        .join(Fund, col(Fund.id) == col(Draw.fund_id))
        .join(Allocation, col(Allocation.id) == col(Draw.allocation_id))
        .where(col(Draw.batch_id) == batch_id)
        .order_by(col(Draw.place))
    )
    file = work.session.scalars(select(BankFile).where(col(BankFile.batch_id) == batch_id)).one_or_none()
    vouchers = work.session.scalars(select(Voucher).where(col(Voucher.batch_id) == batch_id).order_by(col(Voucher.id)))
    return {
        **batch_line(batch),
        "built_at": batch.built_at,
        "sheet_hash": batch.sheet_hash.hex() if batch.sheet_hash else "",
        "history": [
            {"round": s.round, "step": s.step, "account": name, "title": title, "at": s.at, "reason": s.reason}
            for s, name, title in steps
        ],
        "draws": [
            {"fund": r.code, "allocation": r.allocation_id, "amount_fen": r.amount_fen, "minutes": r.minutes_id}
            for r in draws
        ],
        "bank_file": {"number": file.number, "name": file.file_name, "hash": file.content_hash.hex()} if file else None,
        "vouchers": [
            {"voucher": v.id, "number": voucher_number(v.entity, v.period, v.number), "kind": v.kind, "title": v.title}
            for v in vouchers
        ],
        **answered(work, batch_id),
    }


def answered(work: "UnitOfWork", batch_id: int) -> dict[str, int]:
    """What the bank has said of a batch: ``paid``, ``paid_fen``, ``returned``, ``returned_fen``."""
    rows = work.session.connection().execute(
        select(_ANSWER.result, func.count(), sum_of(_LINE.amount_fen))
        .join(_LINE.id.table, _LINE.id == _ANSWER.payment_id)
        .where(_ANSWER.batch_id == batch_id)
        .group_by(_ANSWER.result)
    )
    found = {result: (int(count), int(fen)) for result, count, fen in rows}
    paid, returned = found.get("paid", (0, 0)), found.get("returned", (0, 0))
    return {"paid": paid[0], "paid_fen": paid[1], "returned": returned[0], "returned_fen": returned[1]}


def batch_rows(work: "UnitOfWork", batch_id: int, after: int = 0, limit: int = PAGE) -> list[dict[str, Any]]:
    """Lines of a batch in order of their number, within the reader's areas, with the payee's name and account tail."""
    work.require("funds.show")
    batch = find_batch(work, batch_id)
    statement = scoped(work, sent_lines(batch), _LINE.area, "funds.show").where(_LINE.id > after).limit(limit)
    return [dict(row._mapping) for row in work.session.connection().execute(statement)]


def sent_lines(batch: Batch) -> Any:
    """The lines a batch pays, in order: its own, or the attempts of a re-issue."""
    payee = columns(Payee)
    person = columns(Person)
    reissued = batch.kind == "reissue"
    attempt = _ATTEMPT.attempt if reissued else func.coalesce(None, 1)
    to = _ATTEMPT.payee_id if reissued else _LINE.payee_id
    statement = select(
        _LINE.id,
        attempt.label("attempt"),
        _LINE.person_id,
        _LINE.beneficiary_id,
        _LINE.source_id,
        func.coalesce(person.name, payee.name).label("person"),
        _LINE.area,
        _LINE.for_month,
        _LINE.component,
        _LINE.category,
        _LINE.amount_fen,
        to.label("payee_id"),
        payee.name.label("payee"),
        payee.tail,
        _ANSWER.result,
        _ANSWER.reason,
    ).select_from(_LINE.id.table)
    if reissued:
        statement = statement.join(
            _ATTEMPT.payment_id.table, (_ATTEMPT.payment_id == _LINE.id) & (_ATTEMPT.batch_id == batch.id)
        )
    else:
        statement = statement.where(_LINE.batch_id == batch.id)
    said = (_ANSWER.payment_id == _LINE.id) & (_ANSWER.attempt == (_ATTEMPT.attempt if reissued else 1))
    return (
        statement.join(payee.id.table, payee.id == to)
        .outerjoin(person.id.table, person.id == _LINE.person_id)
        .outerjoin(_ANSWER.payment_id.table, said)
        .order_by(_LINE.id)
    )


def payments_of(work: "UnitOfWork", person_ids: Iterable[int], limit: int = 60) -> list[dict[str, Any]]:
    """The newest payments of persons with their state in words of the ledger; right and area are the caller's."""
    newest = (
        select(_ANSWER.payment_id, func.max(_ANSWER.attempt).label("attempt"))
        .group_by(_ANSWER.payment_id)
        .subquery("newest")
    )
    statement = (
        select(
            _LINE.id,
            _LINE.person_id,
            _LINE.scheme,
            _LINE.for_month,
            _LINE.component,
            _LINE.amount_fen,
            _LINE.batch_id,
            case((_ANSWER.result.is_not(None), _ANSWER.result), else_=_BATCH.state).label("state"),
        )
        .join(_BATCH.id.table, _BATCH.id == _LINE.batch_id)
        .outerjoin(newest, newest.c.payment_id == _LINE.id)
        .outerjoin(
            _ANSWER.payment_id.table,
            (_ANSWER.payment_id == newest.c.payment_id) & (_ANSWER.attempt == newest.c.attempt),
        )
        .where(_LINE.person_id.in_(list(person_ids)))
        .order_by(_LINE.for_month.desc(), _LINE.id.desc())
        .limit(limit)
    )
    return [dict(row._mapping) for row in work.session.connection().execute(statement)]


def voucher_id_of(work: "UnitOfWork", said: str) -> int:
    """The id of a voucher that was named by its printed number (2026-03-0007) or by its id; raises ``NotFound``."""
    if number := row_id(said):
        return number
    entity = "charity" if said.startswith(CHARITY_MARK) else "fiscal"
    period, _dash, printed = said.removeprefix(CHARITY_MARK).rpartition("-")
    asked = select(col(Voucher.id)).where(col(Voucher.entity) == entity, col(Voucher.period) == period)
    found = work.session.scalar(asked.where(col(Voucher.number) == row_id(printed)))
    if found is None:
        raise NotFound(_("没有找到凭证 {voucher}", voucher=said))
    return found


def show_voucher(work: "UnitOfWork", voucher_id: int) -> dict[str, Any]:
    """A voucher with its transfers."""
    work.require("funds.show")
    voucher = work.session.get(Voucher, voucher_id)
    if voucher is None:
        raise NotFound(_("没有找到凭证 {voucher}", voucher=voucher_id))
    rows = work.session.execute(
        select(Transfer, col(Fund.code))
        .join(Fund, col(Fund.id) == col(Transfer.fund_id))
        .where(col(Transfer.voucher_id) == voucher_id)
        .order_by(col(Transfer.id))
    )
    return {
        "voucher": voucher.id,
        "number": voucher_number(voucher.entity, voucher.period, voucher.number),
        "kind": voucher.kind,
        "title": voucher.title,
        "value_date": voucher.value_date,
        "batch": voucher.batch_id,
        "small_office": voucher.small_office,
        "recorded_by": voucher.recorded_by,
        "transfers": [
            {
                "transfer": row.id,
                "fund": code,
                "debit": row.debit,
                "credit": row.credit,
                "amount_fen": row.amount_fen,
                "scheme": row.scheme,
                "benefit_month": row.benefit_month,
                "minutes": row.minutes_id,
                "reverses": row.reverses,
            }
            for row, code in rows
        ],
    }
