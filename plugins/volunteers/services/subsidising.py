"""Meals and ways of volunteers (交通误餐补助): for confirmed records only, capped by day, paid through the funds."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import (
    Lines,
    NewBatch,
    NewRecovery,
    Payments,
    Period,
    RowObjection,
    UnitOfWork,
    _,
    add_lines,
    batch_facts,
    close_batch,
    format_money,
    open_batch,
    open_recovery,
    parse_money,
    payees_of_persons,
    refuse,
)
from plugins.volunteers.models import Record, Subsidy, Volunteer
from plugins.volunteers.queries import dict_of, own_record, own_subsidy
from plugins.volunteers.services.common import PAY, SUBSIDISE, keep
from plugins.volunteers.wishes import GrantSubsidy, PaySubsidies, WithdrawSubsidy
from plugins.volunteers.words import COMPONENT, SCHEME, SUBSIDIES

_NOT_SENT = ("building", "draft", "cancelled")
_HANDED_OUT = ("released", "sent", "settled")
Due = tuple[int, str]
"""A volunteer and a month: what one line of a batch pays."""


def grant(work: UnitOfWork, record_id: int | str, wish: GrantSubsidy) -> Subsidy:
    """Enter what a meal or the way cost at a confirmed record, within the day's cap (``E_VOL_SUBSIDY_CAP``)."""
    one = own_record(work, record_id, SUBSIDISE)
    gone = work.session.scalars(select(col(Record.id)).where(col(Record.reverses_id) == one.id)).first()
    if one.kind != "service" or one.state != "confirmed" or one.disputed_on or gone is not None:
        raise refuse(_("没有确认的服务记录，不能补助"), field="kind", code="E_VOL_UNCONFIRMED")
    amount = parse_money(wish.amount)
    if amount <= 0:
        raise refuse(_("金额要大于 0"), field="amount", code="E_FIELD")
    standing = _of_day(work, one)
    if any(row.record_id == one.id and row.kind == wish.kind for row in standing):
        words = _("这条记录已经登记{kind}补助", kind=_(SUBSIDIES[wish.kind]))
        raise refuse(words, field="kind", code="E_VOL_TWICE")
    cap = work.policy("volunteers.subsidy_day_cap", on=one.served_on, area=one.area)
    left = cap - sum(row.amount_fen for row in standing)
    if amount > left:
        words = _(
            "每人每日补助不超过 {cap} 元，当日还可以登记 {left} 元",
            cap=format_money(cap),
            left=format_money(max(left, 0)),
        )
        raise refuse(words, field="amount", code="E_VOL_SUBSIDY_CAP")
    made = Subsidy(
        volunteer_id=one.volunteer_id,
        record_id=one.id or 0,
        area=one.area,
        kind=wish.kind,
        served_on=one.served_on,
        month=str(Period.of(one.served_on)),
        amount_fen=amount,
        entered_on=work.today,
        entered_by=work.actor.account_id,
    )
    keep(work, [made])
    after = {"record": one.id, "kind": made.kind, "amount_fen": amount}
    work.record("volunteers.subsidy_entered", subject(made), area=made.area, after=after)
    return made


def _of_day(work: UnitOfWork, one: Record) -> list[Subsidy]:
    asked = select(Subsidy).where(
        col(Subsidy.volunteer_id) == one.volunteer_id,
        col(Subsidy.served_on) == one.served_on,
        col(Subsidy.withdrawn_on).is_(None),
    )
    return list(work.session.scalars(asked))


def withdraw(work: UnitOfWork, subsidy_id: int | str, wish: WithdrawSubsidy) -> Subsidy:
    """Take back a subsidy that was entered wrongly, until its batch is submitted."""
    one = own_subsidy(work, subsidy_id, SUBSIDISE)
    if one.withdrawn_on:
        raise refuse(_("这笔补助已经撤回"), code="E_VOL_STATE")
    if _state(work, one) not in _NOT_SENT:
        raise refuse(_("已经提交付款，不能撤回"), code="E_VOL_STATE")
    return _withdraw(work, one, wish.reason.strip())


def _withdraw(work: UnitOfWork, one: Subsidy, reason: str) -> Subsidy:
    one.withdrawn_on, one.reason = work.today, reason
    keep(work, [one])
    work.record("volunteers.subsidy_withdrawn", subject(one), area=one.area, reason=reason)
    return one


def _state(work: UnitOfWork, one: Subsidy) -> str:
    return batch_facts(work, one.batch_id).state if one.batch_id else "building"


def follow_reversal(work: UnitOfWork, cause: Record, reason: str) -> None:
    """A record was taken back: its subsidies are withdrawn; what was already handed out is claimed back."""
    asked = select(Subsidy).where(col(Subsidy.record_id) == cause.id, col(Subsidy.withdrawn_on).is_(None))
    for one in list(work.session.scalars(asked)):
        if _state(work, one) in _HANDED_OUT:
            person = dict_of(work, Volunteer, [one.volunteer_id])[one.volunteer_id].person_id
            wish = NewRecovery(
                scheme=SCHEME,
                beneficiary_id=person,
                person_id=person,
                area=one.area.ljust(12, "0"),
                reason=reason,
                months={one.month: one.amount_fen},
                source_id=one.volunteer_id,
            )
            open_recovery(work, wish)
        _withdraw(work, one, reason)


def pay(work: UnitOfWork, wish: PaySubsidies) -> dict[str, Any]:
    """Put every subsidy that waits into the month's batch, one line for a volunteer and month of service."""
    work.require(PAY, work.settings.county.code)
    month = str(Period(wish.month))
    waiting = _waiting(work)
    if not waiting:
        raise refuse(_("没有等待付款的补助"), field="month", code="E_VOL_STATE")
    people = dict_of(work, Volunteer, [one.volunteer_id for one in waiting])
    payees = payees_of_persons(work, {one.person_id for one in people.values()})
    lacking = sorted({one.number for one in people.values() if one.person_id not in payees})
    if lacking:
        words = _("没有登记银行账户：{numbers}", numbers="、".join(lacking[:20]))
        raise refuse(words, field="month", code="E_VOL_PAYEE", hint=_("先在人员页面登记银行账户"))
    batch = open_batch(work, NewBatch(scheme=SCHEME, period=month))
    # A draft of another month keeps its lines; only what no other batch holds goes into this one.
    mine = [one for one in waiting if one.batch_id in (None, batch.id) or _state(work, one) == "cancelled"]
    lines: Mapping[Due, list[Subsidy]] = _by_due(mine)
    revisions = _revisions(work, mine, batch.id)
    firsts = [rows[0] for rows in lines.values()]
    add_lines(
        work,
        batch.id,
        Lines(
            beneficiary_ids=[people[one.volunteer_id].person_id for one in firsts],
            person_ids=[people[one.volunteer_id].person_id for one in firsts],
            areas=[people[one.volunteer_id].area.ljust(12, "0") for one in firsts],
            months=[one.month for one in firsts],
            components=[COMPONENT] * len(firsts),
            revisions=[revisions[due] for due in lines],
            categories=[""] * len(firsts),
            amounts=[sum(one.amount_fen for one in rows) for rows in lines.values()],
            payee_ids=[payees[people[one.volunteer_id].person_id] for one in firsts],
            source_ids=[one.volunteer_id for one in firsts],
        ),
        built_to=max(one.volunteer_id for one in firsts),
    )
    for due, rows in lines.items():
        for one in rows:
            one.batch_id, one.revision, one.meeting = batch.id, revisions[due], wish.minutes.strip()
        keep(work, rows)
    closed = close_batch(work, batch.id)
    after = {"month": month, "lines": closed.lines, "total_fen": closed.total_fen, "minutes": wish.minutes.strip()}
    work.record("volunteers.subsidies_batched", f"batch:{batch.id}", after=after)
    return {"id": batch.id, "batch": batch.id, "lines": closed.lines, "total_fen": closed.total_fen}


def _waiting(work: UnitOfWork) -> list[Subsidy]:
    """Subsidies that no submitted batch holds."""
    asked = (
        select(Subsidy).where(col(Subsidy.withdrawn_on).is_(None)).order_by(col(Subsidy.volunteer_id), col(Subsidy.id))
    )
    states: dict[int, str] = {}
    found = []
    for one in work.session.scalars(asked):
        if one.batch_id and one.batch_id not in states:
            states[one.batch_id] = batch_facts(work, one.batch_id).state
        if one.batch_id is None or states[one.batch_id] in _NOT_SENT:
            found.append(one)
    return found


def _by_due(rows: Sequence[Subsidy]) -> dict[Due, list[Subsidy]]:
    found: dict[Due, list[Subsidy]] = defaultdict(list)
    for one in rows:
        found[one.volunteer_id, one.month].append(one)
    return dict(sorted(found.items()))


def _revisions(work: UnitOfWork, rows: Sequence[Subsidy], batch_id: int) -> dict[Due, int]:
    """One more than the highest revision that other batches hold for the same volunteer and month."""
    asked = (
        select(col(Subsidy.volunteer_id), col(Subsidy.month), func.max(col(Subsidy.revision)))
        .where(col(Subsidy.batch_id).is_not(None), col(Subsidy.batch_id) != batch_id)
        .group_by(col(Subsidy.volunteer_id), col(Subsidy.month))
    )
    held = {(row[0], row[1]): int(row[2]) + 1 for row in work.session.execute(asked)}
    return {due: held.get(due, 0) for due in _by_due(rows)}


def stale_lines(work: UnitOfWork, payments: Payments) -> Iterator[RowObjection]:
    """Lines of ours that are not, or no longer, what the subsidies of a volunteer and month come to."""
    if payments.scheme != SCHEME:
        return
    asked = (
        select(col(Subsidy.volunteer_id), col(Subsidy.month), func.sum(col(Subsidy.amount_fen)))
        .where(col(Subsidy.batch_id) == payments.batch_id, col(Subsidy.withdrawn_on).is_(None))
        .group_by(col(Subsidy.volunteer_id), col(Subsidy.month))
    )
    due = {(row[0], row[1]): int(row[2]) for row in work.session.execute(asked)}
    columns = (payments.source_ids.tolist(), payments.months.tolist(), payments.amounts.tolist())
    for row, (source, month, amount) in enumerate(zip(*columns, strict=True)):
        if due.get((source, str(month))) != amount:
            words = _("{amount} 元与登记的补助不符，请重新生成批次", amount=format_money(amount))
            yield RowObjection(row=row, reason=words, code="E_VOL_STALE")


def subject(one: Subsidy) -> str:
    """How the audit names a subsidy."""
    return f"volunteers_subsidy:{one.id}"
