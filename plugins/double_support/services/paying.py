"""Money of double support through the core's funds: visits, spouses' subsidies, money for units."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from core.api import (
    Lines,
    NewBatch,
    Payments,
    Period,
    Refused,
    RowObjection,
    UnitOfWork,
    _,
    add_lines,
    batch_facts,
    close_batch,
    format_money,
    open_batch,
    payees_of_persons,
    refuse,
)
from plugins.double_support.models import Category, Plan, Spouse, Stretch, Subsidy, SupportMoney, Unit, Visit
from plugins.double_support.queries import dict_of, own, rows_in
from plugins.double_support.rules import months_due
from plugins.double_support.services.common import PAY, county, keep, require_state
from plugins.double_support.services.units import NOT_SENT
from plugins.double_support.services.visiting import require_ballot
from plugins.double_support.wishes import Pay
from plugins.double_support.words import SCHEME, SPOUSES, UNITS

FUNDED = ("funded", "visited", "answered")
Row = tuple[int, int, str, str, str, str, int, int, int]
"""Beneficiary, person, area, month, component, category, fen, payee, source."""


def pay_plan(work: UnitOfWork, text: str, wish: Pay) -> dict[str, Any]:
    """Pay a plan's visits by a month's batch, with every other plan that waits.

    Refused without the ballot (E_NO_BALLOT) or the minutes (E_NO_MINUTES).
    """
    plan = own(work, Plan, text, PAY)
    require_ballot(work, plan, plan.ballot)
    if not plan.minutes:
        raise refuse(_("缺少会议记录：慰问资金要引用会议记录"), code="E_NO_MINUTES")
    require_state(plan, *FUNDED)
    return {"id": plan.id, **pay(work, "visits", wish)}


def pay(work: UnitOfWork, kind: str, wish: Pay) -> dict[str, Any]:
    """Put everything of a kind that waits into a month's draft batch; answers it."""
    work.require(PAY, county(work))
    month = str(Period(wish.month))
    return _KINDS[kind](work, month)


def _waits(work: UnitOfWork, batch_id: int | None, states: dict[int, str]) -> bool:
    """Whether a row is in no batch that was submitted."""
    if batch_id is None:
        return True
    if batch_id not in states:
        states[batch_id] = batch_facts(work, batch_id).state
    return states[batch_id] in NOT_SENT


def _build(work: UnitOfWork, scheme: str, month: str, rows: Sequence[tuple[Any, Row]]) -> dict[str, Any]:
    if not rows:
        raise refuse(_("没有等待付款的"), field="month", code="E_DBL_STATE")
    batch = open_batch(work, NewBatch(scheme=scheme, period=month))
    states: dict[int, str] = {}
    # A draft of another month keeps its lines; only what no other batch holds goes into this one.
    mine = [
        (one, row)
        for one, row in rows
        if one.batch_id in (None, batch.id)
        or (_waits(work, one.batch_id, states) and states[one.batch_id] == "cancelled")
    ]
    columns: Sequence[Sequence[Any]] = list(zip(*(row for _one, row in mine), strict=True)) or [()] * 9
    lines = Lines(
        beneficiary_ids=columns[0],
        person_ids=columns[1],
        areas=columns[2],
        months=columns[3],
        components=columns[4],
        categories=columns[5],
        amounts=columns[6],
        payee_ids=columns[7],
        source_ids=columns[8],
        revisions=[0] * len(mine),
    )
    add_lines(work, batch.id, lines, built_to=max(columns[8], default=0))
    for one, _row in mine:
        one.batch_id = batch.id
    keep(work, *(one for one, _row in mine))
    closed = close_batch(work, batch.id)
    after = {"scheme": scheme, "month": month, "lines": closed.lines, "total_fen": closed.total_fen}
    work.record("double_support.batched", f"batch:{batch.id}", after=after)
    return {"batch": batch.id, "month": month, "lines": closed.lines, "total_fen": closed.total_fen}


def _pay_visits(work: UnitOfWork, month: str) -> dict[str, Any]:
    plans = {one.id or 0: one for one in work.session.scalars(select(Plan).where(col(Plan.state).in_(FUNDED)))}
    for plan in plans.values():
        require_ballot(work, plan, plan.ballot, "month")
    states: dict[int, str] = {}
    waiting = [
        one
        for one in rows_in(work, Visit, Visit.plan_id, list(plans))
        if one.state != "returned" and one.amount_fen > 0 and one.person_id and _waits(work, one.batch_id, states)
    ]
    cards = payees_of_persons(work, [one.person_id for one in waiting])
    names = dict_of(work, Category, [one.category_id for one in waiting])
    payees = {
        one.id: cards.get(one.person_id, 0) if one.channel == "card" else plans[one.plan_id].payee_id or 0
        for one in waiting
    }
    lacking = [str(one.id) for one in waiting if not payees[one.id]]
    if lacking:
        words = _("没有银行账号，或当面发放的计划没有登记取款账户：慰问编号 {ids}", ids="、".join(lacking[:20]))
        raise refuse(words, field="month", code="E_DBL_PAYEE")
    rows = [
        (
            one,
            (one.person_id, one.person_id, one.area.ljust(12, "0"), month, f"VISIT{one.plan_id}",
             names[one.category_id].name, one.amount_fen, payees[one.id], one.id),
        )
        for one in waiting
    ]  # fmt: skip
    return _build(work, SCHEME, month, rows)


def _pay_spouses(work: UnitOfWork, month: str) -> dict[str, Any]:
    stretches: dict[int, list[tuple[str, str]]] = {}
    for one in work.session.scalars(select(Stretch).where(col(Stretch.first_month) <= month)):
        stretches.setdefault(one.spouse_id, []).append((one.first_month, one.last_month))
    spouses = dict_of(work, Spouse, stretches)
    kept: dict[tuple[int, str], Subsidy] = {
        (row.spouse_id, row.month): row
        for row in rows_in(work, Subsidy, Subsidy.spouse_id, list(spouses))
        if row.withdrawn_on is None
    }
    states: dict[int, str] = {}
    waiting: list[Subsidy] = []
    for number, spans in sorted(stretches.items()):
        for due in months_due(spans, month):
            row = kept.get((number, due)) or Subsidy(
                spouse_id=number, month=due, amount_fen=0, made_by=work.actor.account_id
            )
            if not _waits(work, row.batch_id, states):
                continue
            row.amount_fen = work.policy("double_support.spouse_subsidy", on=Period(due).first_day)
            if row.amount_fen > 0:
                waiting.append(row)
    cards = payees_of_persons(work, [spouses[row.spouse_id].person_id for row in waiting])
    lacking = sorted(
        {spouses[row.spouse_id].number for row in waiting if spouses[row.spouse_id].person_id not in cards}
    )
    if lacking:
        words = _("没有登记银行账号：{numbers}", numbers="、".join(lacking[:20]))
        raise refuse(words, field="month", code="E_DBL_PAYEE")
    keep(work, *waiting)
    rows = []
    for row in waiting:
        one = spouses[row.spouse_id]
        rows.append(
            (row, (one.person_id, one.person_id, one.area.ljust(12, "0"), row.month, "BASIC", "", row.amount_fen,
                   cards[one.person_id], row.id or 0))
        )  # fmt: skip
    return _build(work, SPOUSES, month, rows)


def _pay_units(work: UnitOfWork, month: str) -> dict[str, Any]:
    _note_comfort_money(work)
    states: dict[int, str] = {}
    asked = select(SupportMoney).where(col(SupportMoney.state) == "entered", col(SupportMoney.paid_here).is_(True))
    waiting = [
        one for one in work.session.scalars(asked.order_by(col(SupportMoney.id))) if _waits(work, one.batch_id, states)
    ]
    units = dict_of(work, Unit, [one.unit_id for one in waiting])
    lacking = sorted({units[one.unit_id].code for one in waiting if not units[one.unit_id].payee_id})
    if lacking:
        words = _("没有登记协议账户的协作单位：{codes}", codes="、".join(lacking[:20]))
        raise refuse(words, field="month", code="E_DBL_PAYEE")
    rows = [
        (
            one,
            (one.unit_id, 0, one.area.ljust(12, "0"), month, f"SUPPORT{one.id}", one.purpose, one.amount_fen,
             units[one.unit_id].payee_id or 0, one.id or 0),
        )
        for one in waiting
    ]  # fmt: skip
    return _build(work, UNITS, month, rows)


def _note_comfort_money(work: UnitOfWork) -> None:
    """Money for units on the lists of funded plans becomes money for the unit."""
    noted = select(col(SupportMoney.visit_id)).where(
        col(SupportMoney.state) == "entered", col(SupportMoney.visit_id).is_not(None)
    )
    asked = (
        select(Visit, Plan)
        .join(Plan, col(Plan.id) == col(Visit.plan_id))
        .where(
            col(Plan.state).in_(FUNDED),
            col(Visit.unit_id).is_not(None),
            col(Visit.state) != "returned",
            col(Visit.amount_fen) > 0,
            col(Visit.id).not_in(noted),
        )
    )
    made = [
        SupportMoney(
            year=visit.year,
            purpose="comfort",
            amount_fen=visit.amount_fen,
            unit_id=visit.unit_id or 0,
            visit_id=visit.id,
            minutes=plan.minutes,
            area=plan.area,
            entered_on=work.today,
            added_by=work.actor.account_id,
        )
        for visit, plan in work.session.execute(asked).all()
    ]
    keep(work, *made)


_KINDS: Mapping[str, Callable[[UnitOfWork, str], dict[str, Any]]] = {
    "visits": _pay_visits,
    "spouses": _pay_spouses,
    "units": _pay_units,
}


def stale_lines(work: UnitOfWork, payments: Payments) -> Iterator[RowObjection]:
    """Lines of ours that are not, or no longer, what the file says; visits without the ballot that is due."""
    known = {SCHEME: Visit, SPOUSES: Subsidy, UNITS: SupportMoney}.get(payments.scheme)
    if known is None:
        return
    found = dict_of(work, known, payments.source_ids.tolist())
    plans: dict[int, str] = {}
    for row, (source, fen) in enumerate(zip(payments.source_ids.tolist(), payments.amounts.tolist(), strict=True)):
        one = found.get(source)
        if one is None or one.batch_id != payments.batch_id or one.amount_fen != fen or not _due(work, one):
            words = _("{amount} 元与登记的不符，请重新生成批次", amount=format_money(fen))
            yield RowObjection(row=row, reason=words, code="E_DBL_STALE")
        elif isinstance(one, Visit):
            wrong = plans.setdefault(one.plan_id, _without_ballot(work, one.plan_id))
            if wrong:
                yield RowObjection(row=row, reason=wrong, code="E_NO_BALLOT")


def _due(work: UnitOfWork, one: Any) -> bool:
    if isinstance(one, Visit):
        return one.state != "returned"
    if isinstance(one, SupportMoney):
        return one.state == "entered"
    stretches = select(col(Stretch.first_month), col(Stretch.last_month)).where(col(Stretch.spouse_id) == one.spouse_id)
    spans = [(first, last) for first, last in work.session.execute(stretches)]
    return one.withdrawn_on is None and one.month in months_due(spans, one.month)


def _without_ballot(work: UnitOfWork, plan_id: int) -> str:
    plan = work.session.get_one(Plan, plan_id)
    try:
        require_ballot(work, plan, plan.ballot)
    except Refused as refusal:
        return refusal.objections[0].reason
    return ""
