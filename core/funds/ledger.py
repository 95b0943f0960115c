"""The ledger: vouchers of transfers, each debit, credit and an amount. Written here only, corrected only by reversal.

Every transfer belongs to a fund, so that debits equal credits in each voucher and in each fund. Cash accounts of a fund
never go below zero: the database keeps the balance and refuses the transfer that would.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, case, func, select, union_all, update
from sqlmodel import col

from core.audit.blocks import RowLayout, Sealed, seal
from core.bulk import insert_columns
from core.errors import NotFound, Refused, refuse
from core.funds.models import Fund, FundBalance, Period, SpecialAccount, Transfer, Voucher
from core.showing import money
from core.tables import columns, sum_of, table_of
from core.texts import _
from core.values import Period as Month

if TYPE_CHECKING:
    from core.work import UnitOfWork

SPECIAL, QUOTA, CHARITY = "1001", "1002", "1003"
CASH = (SPECIAL, QUOTA, CHARITY)
RECOVERABLE, OWED, RETURNED, OWED_PROVIDERS = "1201", "2001", "2002", "2003"
CHARITY_MARK = "慈"
LEAP_MAX = timedelta(hours=48)
"""How far a clock may be set forward in one go while money is worked on: more is a mistake, or worse."""
LIABILITIES = (OWED, RETURNED, OWED_PROVIDERS)

TRANSFERS = RowLayout(
    "funds_transfer",
    (
        ("id", "integer"),
        ("voucher_id", "integer"),
        ("fund_id", "integer"),
        ("value_date", "date"),
        ("debit", "text"),
        ("credit", "text"),
        ("amount_fen", "integer"),
        ("reverses", "integer"),
    ),
    total="amount_fen",
)

_MOVE, _VOUCHER, _FUND, _ACCOUNT = columns(Transfer), columns(Voucher), columns(Fund), columns(SpecialAccount)


@dataclass(frozen=True, kw_only=True)
class Move:
    """One transfer to be booked: from the credit account to the debit account of one fund, ``amount_fen`` > 0."""

    fund_id: int
    debit: str
    credit: str
    amount_fen: int
    scheme: str = ""
    area: str = ""
    benefit_month: str = ""
    batch_id: int | None = None
    minutes_id: int | None = None
    recovery_id: int | None = None
    reverses: int | None = None


@dataclass(frozen=True, kw_only=True)
class NewVoucher:
    """Why transfers are booked: ``subject`` ("batch:7/approved") books the same event once and for all."""

    kind: str
    subject: str
    title: str
    on: date | None = None
    batch_id: int | None = None
    small_office: bool = False


@dataclass(frozen=True)
class Booked:
    """A voucher as it was booked, with the sealed block of its transfers, for the record."""

    voucher_id: int
    number: str
    sealed: Sealed


def refuse_leapt_clock(work: "UnitOfWork") -> None:
    """No money moves while the machine's clock is days ahead of itself: it would be booked in a month to come."""
    leapt = work.host.clock.leapt
    if leapt > LEAP_MAX:
        hours = int(leapt.total_seconds() // 3600)
        raise refuse(
            _("服务器时钟往前跳了 {hours} 小时，钱款先不办理：请校准时间，然后重新启动", hours=hours),
            code="E_CLOCK",
            hint="timedatectl",
        )


def book(work: "UnitOfWork", wish: NewVoucher, moves: Sequence[Move]) -> Booked:
    """Book a voucher; refused when its month is closed (E_CLOSED_PERIOD) or a fund would be overdrawn (E_OVERDRAFT).

    The caller has asked for the right, and leaves the record with ``sealed=booked.sealed``.
    """
    refuse_leapt_clock(work)
    entity = _entity_of(work, moves)
    day = wish.on or work.today
    period = _open_period(work, entity, day)
    _refuse_overdraft(work, moves)
    number = _next_number(work, entity, period)
    voucher = Voucher(
        entity=entity,
        period=period,
        number=number,
        kind=wish.kind,
        subject=wish.subject,
        title=wish.title,
        value_date=day,
        batch_id=wish.batch_id,
        small_office=wish.small_office,
        recorded_at=work.now,
        recorded_by=work.actor.account_id,
    )
    work.session.add(voucher)
    work.session.flush()
    ids = work.next_ids("funds_transfer", len(moves))
    names = tuple(Move.__dataclass_fields__)
    insert_columns(
        work.session.connection(),
        table_of(Transfer),
        {"id": ids, **{name: [getattr(move, name) for move in moves] for name in names}},
        {"voucher_id": voucher.id, "entity": entity, "period": period, "value_date": day},
    )
    _announce(work, voucher, ids, moves)
    rows = [
        (number, voucher.id, move.fund_id, day, move.debit, move.credit, move.amount_fen, move.reverses)
        for number, move in zip(ids, moves, strict=True)
    ]
    sealed = seal(TRANSFERS, rows, work.settings.security.digest)
    return Booked(voucher.id or 0, voucher_number(entity, period, number), sealed)


def reverse(work: "UnitOfWork", voucher_id: int, reason: str, subject: str) -> Booked:
    """Book the mirror of a voucher (红字冲销); a transfer is reversed once."""
    rows = work.session.scalars(select(Transfer).where(col(Transfer.voucher_id) == voucher_id)).all()
    if not rows:
        raise NotFound(_("没有找到凭证 {voucher}", voucher=voucher_id))
    done = work.session.scalar(select(func.count()).where(col(Transfer.reverses).in_([row.id for row in rows])))
    if done:
        raise refuse(_("凭证 {voucher} 已经冲销过", voucher=voucher_id), code="E_REVERSED")
    kept = ("fund_id", "amount_fen", "scheme", "area", "benefit_month", "batch_id", "minutes_id", "recovery_id")
    moves = [
        Move(debit=row.credit, credit=row.debit, reverses=row.id, **{name: getattr(row, name) for name in kept})
        for row in rows
    ]
    title = _("冲销：{reason}", reason=reason)
    return book(work, NewVoucher(kind="reversal", subject=subject, title=title, batch_id=rows[0].batch_id), moves)


def voucher_number(entity: str, period: str, number: int) -> str:
    """A voucher's number as it is printed: 2026-03-0007, with 慈 before it in the charity's books."""
    return f"{'' if entity == 'fiscal' else CHARITY_MARK}{period}-{number:04d}"


def sums_by_fund(accounts: Sequence[str], *, until: str = "", since: str = "") -> Select[Any]:
    """Debits less credits of accounts by fund (columns fund_id, fen), of vouchers of some months."""
    inside = [_MOVE.period <= until] if until else []
    inside += [_MOVE.period >= since] if since else []
    signed = case((_MOVE.debit.in_(accounts), _MOVE.amount_fen), else_=0) - case(
        (_MOVE.credit.in_(accounts), _MOVE.amount_fen), else_=0
    )
    return (
        select(_MOVE.fund_id, sum_of(signed).label("fen"))
        .where(_MOVE.debit.in_(accounts) | _MOVE.credit.in_(accounts), *inside)
        .group_by(_MOVE.fund_id)
    )


def legs() -> Any:
    """Every transfer as its two legs (fund_id, period, entity, scheme, account, fen): debits positive."""
    shared = (
        _MOVE.fund_id, _MOVE.period, _MOVE.value_date, _MOVE.entity, _MOVE.scheme, _MOVE.area, _MOVE.benefit_month,
        _MOVE.voucher_id,
    )  # fmt: skip
    return union_all(
        select(*shared, _MOVE.debit.label("account"), _MOVE.amount_fen.label("fen")),
        select(*shared, _MOVE.credit.label("account"), (-_MOVE.amount_fen).label("fen")),
    ).subquery("legs")


def cash_account_of(work: "UnitOfWork", fund_id: int) -> str:
    """The chart's cash account of the bank account a fund lies in."""
    found = work.session.scalar(
        select(_ACCOUNT.ledger).join(_FUND.id.table, _FUND.account_id == _ACCOUNT.id).where(_FUND.id == fund_id)
    )
    if found is None:
        raise NotFound(_("没有找到这笔资金"))
    return found


def _entity_of(work: "UnitOfWork", moves: Sequence[Move]) -> str:
    ids = {move.fund_id for move in moves}
    entities = set(
        work.session.scalars(
            select(_ACCOUNT.entity).join(_FUND.id.table, _FUND.account_id == _ACCOUNT.id).where(_FUND.id.in_(ids))
        )
    )
    if len(entities) != 1:
        raise refuse(_("财政资金和慈善资金分开记账，不能记在同一张凭证"), code="E_ENTITY")
    return entities.pop()


def _open_period(work: "UnitOfWork", entity: str, day: date) -> str:
    """The month a voucher of this day is booked in; refused when it is closed."""
    period = Month.of(day)
    row = work.session.get(Period, (entity, str(period)))
    if row is None:
        work.session.add(Period(entity=entity, period=str(period)))
        work.session.flush()
    elif row.closed_by is not None:
        raise _closed(period)
    return str(period)


def _closed(period: str) -> Refused:
    return refuse(
        _("会计期间 {period} 已结账，请记入下一个未结账的月份", period=period), field="on", code="E_CLOSED_PERIOD"
    )


def _next_number(work: "UnitOfWork", entity: str, period: str) -> int:
    # The row of the month is locked by the update: vouchers are numbered without gaps, whoever books at once.
    place = and_(col(Period.entity) == entity, col(Period.period) == period)
    found = work.session.connection().execute(
        update(Period)
        .where(place, col(Period.closed_by).is_(None))  # whoever closed it a moment ago came first
        .values(last_voucher=col(Period.last_voucher) + 1)
        .returning(col(Period.last_voucher))
    )
    number = found.scalar_one_or_none()
    if number is None:
        raise _closed(period)
    return int(number)


def _refuse_overdraft(work: "UnitOfWork", moves: Sequence[Move]) -> None:
    change: dict[int, int] = {}
    for move in moves:
        signed = move.amount_fen * ((move.debit in CASH) - (move.credit in CASH))
        change[move.fund_id] = change.get(move.fund_id, 0) + signed
    taken = {fund: fen for fund, fen in change.items() if fen < 0}
    if not taken:
        return
    rows = work.session.execute(
        select(_FUND.id, _FUND.code, col(FundBalance.cash_fen))
        .join(table_of(FundBalance), col(FundBalance.fund_id) == _FUND.id)
        .where(_FUND.id.in_(taken))
    )
    for row in rows:
        if row.cash_fen + taken[row.id] < 0:
            raise refuse(
                _(
                    "不得透支：资金 {fund} 账上有 {cash} 元，要支出 {wanted} 元；不能动用同一账户里别的资金",
                    fund=row.code,
                    cash=money(row.cash_fen),
                    wanted=money(-taken[row.id]),
                ),
                field="amount",
                code="E_OVERDRAFT",
            )


def _announce(work: "UnitOfWork", voucher: Voucher, ids: Sequence[int], moves: Sequence[Move]) -> None:
    if not work.hooks.implementers("entries_posted"):
        return
    import numpy

    from core.hookspecs import Entries

    entries = Entries(
        voucher_id=voucher.id or 0,
        kind=voucher.kind,
        period=voucher.period,
        ids=numpy.asarray(ids, dtype="int64"),
        fund_ids=numpy.asarray([move.fund_id for move in moves], dtype="int64"),
        debits=numpy.asarray([move.debit for move in moves]),
        credits=numpy.asarray([move.credit for move in moves]),
        amounts=numpy.asarray([move.amount_fen for move in moves], dtype="int64"),
    )
    work.hooks.announce("entries_posted", work=work, entries=entries)
