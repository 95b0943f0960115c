"""The end of a month: the bank's statement, the five checks, two people who close the books. [funds.md section 8]"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from core.calendar import month_days
from core.errors import Clash, Objection, Refused, refuse
from core.funds.allocations import missing_details
from core.funds.ledger import legs, voucher_number
from core.funds.models import (
    Answer,
    BankStatement,
    Batch,
    Draw,
    Fund,
    FundBalance,
    Minutes,
    Payment,
    Period,
    SpecialAccount,
    Transfer,
    Voucher,
)
from core.funds.queries import scheme_title
from core.funds.sources import find_account
from core.showing import money
from core.tables import columns, mapped, sum_of, table_of
from core.texts import _
from core.values import Period as Month

if TYPE_CHECKING:
    from core.work import UnitOfWork

_LINE, _ANSWER = columns(Payment), columns(Answer)
_APPROVED = ("approved", "released", "sent", "settled")
GOODS = ("1301", "1302")


@dataclass(frozen=True)
class Check:
    """One of the five checks: ``ok``, ``waiting`` for something that is still to come, the difference in fen, why."""

    name: str
    ok: bool
    waiting: bool = False
    difference_fen: int = 0
    note: str = ""


def enter_statement(work: "UnitOfWork", account: str, on: datetime.date, balance_fen: int) -> BankStatement:
    """Enter what the bank says an account held at the end of a day; entered again, it is corrected."""
    work.require("funds.enter_statement", area=work.settings.county.code)
    found = find_account(work, account)
    if on > work.today:
        raise refuse(_("对账单日期不能晚于今天"), field="on", code="E_DATE")
    row = work.session.get(BankStatement, (found.id, on))
    before = row.balance_fen if row else None
    row = row or BankStatement(
        account_id=found.id or 0, day=on, balance_fen=0, entered_at=work.now, entered_by=work.actor.account_id
    )
    row.balance_fen, row.entered_at, row.entered_by = balance_fen, work.now, work.actor.account_id
    work.session.add(row)
    work.session.flush()
    work.record(
        "funds.statement_entered",
        f"account:{found.id}",
        before={"balance_fen": before},
        after={"balance_fen": balance_fen, "on": on},
    )
    return row


def reconcile(work: "UnitOfWork", period: str) -> list[Check]:
    """The five checks of a month: bank, rolls, headcount, funds, goods."""
    work.require("funds.reconcile")
    month = str(Month(period))
    return [
        _bank_check(work, month),
        _roll_check(work, month),
        _headcount_check(work, month),
        _funds_check(work, month),
        _goods_check(work, month),
    ]


def check_title(name: str) -> str:
    """A check in words."""
    return {
        "bank": _("银行存款与对账单相符"),
        "rolls": _("已发、退票和在途合计等于批准的名册"),
        "headcount": _("发放人数等于在册人数"),
        "funds": _("每笔资金期初加收入减支出等于结余，没有透支"),
        "goods": _("物资账实相符"),
    }[name]


def _bank_check(work: "UnitOfWork", month: str) -> Check:
    """The bank's balance against the books on its day, or after the last posting of the month's rolls."""
    gap, missing, wrong = 0, [], []
    for account in work.session.scalars(select(SpecialAccount).order_by(col(SpecialAccount.id))).all():
        statement = _statement(work, account, month)
        if statement is None:
            if _used(work, account):
                missing.append(account.title)
            continue
        held, transit = _book_balances(work, account, month, statement.day), _in_transit(work, account)
        gaps = [statement.balance_fen - fen for fen in held]
        if not any(one in (0, -transit) for one in gaps):
            gap += gaps[0]
            wrong.append(_("{account} 差 {gap} 元", account=account.title, gap=money(gaps[0])))
    note = "；".join(wrong) or (_("等银行对账单：{names}", names="、".join(missing)) if missing else "")
    return Check("bank", not wrong, bool(missing), gap, note)


def _statement(work: "UnitOfWork", account: SpecialAccount, month: str) -> BankStatement | None:
    """The last statement of a month, or the newest after it: a month may be paid later than it is due."""
    days = list(month_days(month))
    mine = select(BankStatement).where(col(BankStatement.account_id) == account.id, col(BankStatement.day) >= days[0])
    inside = mine.where(col(BankStatement.day) <= days[-1]).order_by(col(BankStatement.day).desc()).limit(1)
    return (
        work.session.scalars(inside).first()
        or work.session.scalars(mine.order_by(col(BankStatement.day).desc()).limit(1)).first()
    )


def _book_balances(work: "UnitOfWork", account: SpecialAccount, month: str, day: datetime.date) -> tuple[int, int]:
    """The cash of an account in the ledger on a day, and after the last posting of the month's rolls, in fen."""
    last = work.session.scalar(
        select(func.max(col(Voucher.id)))
        .outerjoin(Batch, col(Batch.id) == col(Voucher.batch_id))
        .where((col(Voucher.period) <= month) | (col(Batch.period) == month))
    )
    leg = legs()
    cash = (
        select(sum_of(leg.c.fen))
        .join(Fund, col(Fund.id) == leg.c.fund_id)
        .where(col(Fund.account_id) == account.id, leg.c.account == account.ledger)
    )
    connection = work.session.connection()
    on_day = connection.scalar(cash.where(leg.c.value_date <= day))
    after_rolls = connection.scalar(cash.where(leg.c.voucher_id <= (last or 0)))
    return int(on_day or 0), int(after_rolls or 0)


def _used(work: "UnitOfWork", account: SpecialAccount) -> bool:
    found = select(col(Transfer.id)).join(Fund, col(Fund.id) == col(Transfer.fund_id))
    return work.session.scalar(found.where(col(Fund.account_id) == account.id).limit(1)) is not None


def _in_transit(work: "UnitOfWork", account: SpecialAccount) -> int:
    """What was handed to the bank from an account and is not answered yet, in fen."""
    batches = (
        select(col(Batch.id), col(Batch.total_fen))
        .join(Draw, col(Draw.batch_id) == col(Batch.id))
        .join(Fund, col(Fund.id) == col(Draw.fund_id))
        .where(col(Batch.state) == "sent", col(Fund.account_id) == account.id)
        .distinct()
    )
    total = 0
    for batch_id, fen in work.session.execute(batches).all():
        answered = work.session.connection().scalar(
            select(sum_of(_LINE.amount_fen))
            .join(_ANSWER.payment_id.table, _ANSWER.payment_id == _LINE.id)
            .where(_ANSWER.batch_id == batch_id)
        )
        total += fen - int(answered or 0)
    return total


def _roll_check(work: "UnitOfWork", month: str) -> Check:
    """Paid + returned + in process = approved rolls of the benefit month, whenever they were paid."""
    back = table_of(Transfer).alias("back")
    approved = work.session.scalar(
        select(sum_of(col(Transfer.amount_fen)))
        .join(Voucher, col(Voucher.id) == col(Transfer.voucher_id))
        .join(Batch, col(Batch.id) == col(Transfer.batch_id))
        .where(
            col(Voucher.kind) == "roll",
            col(Batch.period) == month,
            col(Batch.state).in_(_APPROVED),
            ~select(back.c.id).where(back.c.reverses == col(Transfer.id)).exists(),
        )
    )
    lines = work.session.scalar(
        select(sum_of(col(Payment.amount_fen)))
        .join(Batch, col(Batch.id) == col(Payment.batch_id))
        .where(col(Batch.period) == month, col(Batch.state).in_(_APPROVED))
    )
    waiting = work.session.scalar(
        select(func.count()).where(col(Batch.period) == month, col(Batch.state).in_(("approved", "released", "sent")))
    )
    gap = int(lines or 0) - int(approved or 0)
    return Check("rolls", gap == 0, bool(waiting), gap, _("还有批次没有回盘") if waiting else "")


def _headcount_check(work: "UnitOfWork", month: str) -> Check:
    """Persons on released rolls of the month = active − suspended + persons paid for other months only."""
    wrong = []
    released = ("released", "sent", "settled")
    rows = work.session.execute(
        select(col(Payment.scheme), func.count(func.distinct(col(Payment.beneficiary_id))))
        .join(Batch, col(Batch.id) == col(Payment.batch_id))
        .where(col(Batch.period) == month, col(Batch.state).in_(released), col(Batch.kind) != "reissue")
        .group_by(col(Payment.scheme))
    )
    for scheme, paid in rows.all():
        counted = work.hooks.resolve("resolve_headcount", work=work, scheme=scheme, period=month)
        if counted is None:
            continue
        wanted = counted.active - counted.suspended + counted.back_pay_only
        if paid != wanted:
            title = scheme_title(work, scheme)
            wrong.append(_("{scheme} 发放 {paid} 人，在册应发 {wanted} 人", scheme=title, paid=paid, wanted=wanted))
    return Check("headcount", not wrong, False, 0, "；".join(wrong))


def _funds_check(work: "UnitOfWork", month: str) -> Check:
    """For each fund: opening + receipts − payments + returns = closing, and never below zero."""
    leg = legs()
    cash = select(col(SpecialAccount.ledger)).distinct()
    by_ledger = mapped(
        work.session.connection().execute(
            select(leg.c.fund_id, sum_of(leg.c.fen)).where(leg.c.account.in_(cash)).group_by(leg.c.fund_id)
        )
    )
    at_end = mapped(
        work.session.connection().execute(
            select(leg.c.fund_id, sum_of(leg.c.fen))
            .where(leg.c.account.in_(cash), leg.c.period <= month)
            .group_by(leg.c.fund_id)
        )
    )
    gap, wrong = 0, []
    for fund, code, kept in work.session.execute(
        select(col(Fund.id), col(Fund.code), col(FundBalance.cash_fen)).join(
            FundBalance, col(FundBalance.fund_id) == col(Fund.id)
        )
    ):
        off = kept - int(by_ledger.get(fund, 0))
        if off or int(at_end.get(fund, 0)) < 0:
            gap += off or int(at_end.get(fund, 0))
            wrong.append(_("资金 {fund} 差 {gap} 元", fund=code, gap=money(off or int(at_end.get(fund, 0)))))
    return Check("funds", not wrong, False, gap, "；".join(wrong))


def _goods_check(work: "UnitOfWork", month: str) -> Check:
    leg = legs()
    book = int(
        work.session.connection().scalar(
            select(sum_of(leg.c.fen)).where(leg.c.account.in_(GOODS), leg.c.period <= month)
        )
        or 0
    )
    counted = work.hooks.resolve("resolve_goods_counted", work=work, period=month)
    if counted is None and not book:
        return Check("goods", True)
    gap = int(counted or 0) - book
    return Check("goods", gap == 0, counted is None, gap)


def close_month(work: "UnitOfWork", period: str, entity: str = "fiscal") -> str:
    """Prepare a month's close (accountant), or close what was prepared (auditor); answers "prepared" or "closed".

    Refused with the checks that do not hold, E_STATEMENT_MISSING, E_PACKET_INCOMPLETE or E_SOD.
    """
    month = str(Month(period))
    row = work.session.get(Period, (entity, month), with_for_update=True, populate_existing=True)
    second = row is not None and row.prepared_by is not None
    if not second and work.may("funds.close") and not work.may("funds.prepare_close"):
        raise refuse(_("{month} 要先由会计办理月结", month=month), field="period", code="E_SKIP_STEP")
    county = work.settings.county.code
    if second and row is not None and row.prepared_by == work.actor.account_id and row.closed_by is None:
        work.require("funds.prepare_close", area=county)
        raise refuse(_("岗位不相容：月结由会计和审计两个人办理"), code="E_SOD")
    work.require("funds.close" if second else "funds.prepare_close", area=county)
    row = row or Period(entity=entity, period=month)
    if row.closed_by is not None:
        raise Clash(_("{month} 已经结账", month=month))
    _refuse_open_points(work, month, entity)
    if second:
        row.closed_by, row.closed_at = work.actor.account_id, work.now
    else:
        row.prepared_by, row.prepared_at = work.actor.account_id, work.now
    row.version += 1
    work.session.add(row)
    work.session.flush()
    state = "closed" if second else "prepared"
    work.record(f"funds.month_{state}", f"month:{entity}:{month}", after={"last_voucher": row.last_voucher})
    return state


def reopen_month(work: "UnitOfWork", period: str, reason: str, entity: str = "fiscal") -> str:
    """Open a closed month again: the bureau's head (approver) and the auditor, both; answers "asked" or "open"."""
    month = str(Month(period))
    row = work.session.get(Period, (entity, month), with_for_update=True, populate_existing=True)
    if row is None or row.closed_by is None:
        work.require("funds.reopen", area=work.settings.county.code)
        raise Clash(_("{month} 没有结账", month=month))
    right = "funds.reopen" if row.reopened_by is None else "funds.close"
    work.require(right, area=work.settings.county.code)
    if not reason.strip():
        raise refuse(_("请写明重开的原因"), field="reason", code="E_REASON")
    if row.reopened_by is None:
        row.reopened_by, row.reopened_with = work.actor.account_id, None
        state = "asked"
    else:
        if row.reopened_by == work.actor.account_id:
            raise refuse(_("岗位不相容：重开要由两个人办理"), code="E_SOD")
        row.reopened_with = work.actor.account_id
        row.closed_by = row.closed_at = row.prepared_by = row.prepared_at = None
        state = "open"
    row.version += 1
    work.session.add(row)
    work.session.flush()
    if state == "open":
        row.reopened_by = row.reopened_with = None
        work.session.add(row)
        work.session.flush()
    work.record(f"funds.month_reopen_{state}", f"month:{entity}:{month}", reason=reason.strip())
    return state


def open_points(work: "UnitOfWork", period: str, entity: str = "fiscal") -> list[Objection]:
    """What still stands between a month and its close."""
    month = str(Month(period))
    checks = reconcile(work, month)
    found = [
        Objection(reason=_("{check}：{note}", check=check_title(one.name), note=one.note or "--"), code="E_CHECK")
        for one in checks
        if not one.ok
    ]
    bank = next(one for one in checks if one.name == "bank")
    if bank.waiting:
        found.append(Objection(reason=bank.note, field="statement", code="E_STATEMENT_MISSING"))
    found.extend(incomplete_packets(work, month, entity))
    return found


def incomplete_packets(work: "UnitOfWork", month: str, entity: str) -> list[Objection]:
    """Vouchers of the month whose packet lacks a part, each by its number. [funds.md section 14]"""
    rows = work.session.execute(
        select(Voucher, Minutes)
        .join(Transfer, col(Transfer.voucher_id) == col(Voucher.id))
        .join(Minutes, col(Minutes.id) == col(Transfer.minutes_id))
        .where(col(Voucher.period) == month, col(Voucher.entity) == entity, col(Voucher.kind) == "roll")
        .distinct()
    )
    found = {}
    for voucher, minutes in rows.all():
        missing = missing_details(minutes)
        if missing:
            number = voucher_number(voucher.entity, voucher.period, voucher.number)
            found[number, minutes.id] = Objection(
                reason=_("凭证 {number} 的会议记录还缺：{missing}", number=number, missing="、".join(missing)),
                field="minutes",
                code="E_PACKET_INCOMPLETE",
                hint=_("huimin funds minutes complete {minutes}", minutes=minutes.id),
            )
    return list(found.values())


def _refuse_open_points(work: "UnitOfWork", month: str, entity: str) -> None:
    last = list(month_days(month))[-1]
    found = open_points(work, month, entity)
    if work.today < last:
        found.insert(0, Objection(reason=_("{month} 还没有过完", month=month), field="period", code="E_DATE"))
    if found:
        raise Refused(found)


def list_periods(work: "UnitOfWork") -> list[dict[str, Any]]:
    """The months of the books, newest first, with how far each is."""
    work.require("funds.show")
    rows: Sequence[Period] = work.session.scalars(
        select(Period).order_by(col(Period.period).desc(), col(Period.entity))
    ).all()
    return [
        {
            "period": row.period,
            "entity": row.entity,
            "vouchers": row.last_voucher,
            "state": "closed" if row.closed_by else "prepared" if row.prepared_by else "open",
            "reopening": row.reopened_by is not None,
            "prepared_at": row.prepared_at,
            "closed_at": row.closed_at,
        }
        for row in rows
    ]
