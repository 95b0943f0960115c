"""The monthly indicators of the handbook (§10), counted by the database; and the list of cases."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from core.api import Period, _, columns, format_money, scoped, within
from plugins.casework.api import TownFigures
from plugins.casework.figures import figures_by_town, leads_by_town, relatives_by_town, steps_by_town, summed
from plugins.casework.listing import named
from plugins.casework.models import Case, Event, Review
from plugins.casework.moves import SHOW
from plugins.casework.types import all_types
from plugins.casework.words import SOURCES, STATES
from plugins.notices.api import round_counts

if TYPE_CHECKING:
    from core.api import UnitOfWork

_CASE, _EVENT, _REVIEW = columns(Case), columns(Event), columns(Review)
Line = tuple[str, str, str]


def list_rows(
    work: "UnitOfWork", month: str | None = None, area: str | None = None, state: str | None = None
) -> Iterator[tuple[Any, ...]]:
    """The cases of one's areas that were applied for in a month (all), oldest first."""
    asked = named(
        _CASE.applied_on, _CASE.accepted_on, _CASE.due_on, _CASE.decided_on, _CASE.monthly_fen, _CASE.effective_month,
        _CASE.review_class, _CASE.source, _CASE.reason,
    ).order_by(_CASE.id)  # fmt: skip
    if month:
        asked = asked.where(_CASE.applied_on >= Period(month).first_day, _CASE.applied_on <= Period(month).last_day)
    if state:
        asked = asked.where(_CASE.state == state)
    titles = {one.name: _(one.title) for one in all_types(work).values()}
    for row in work.session.connection().execute(_below(work, asked, area)):
        yield (
            row.number, titles.get(row.type, row.type), row.applicant, row.place or row.area, _(SOURCES[row.source]),
            row.applied_on, row.accepted_on, row.due_on, row.decided_on, _(STATES[row.state]), row.review_class,
            row.monthly_fen, row.effective_month, row.reason,
        )  # fmt: skip


def indicator_rows(work: "UnitOfWork", month: str | None = None, area: str | None = None) -> Iterator[Line]:
    """The indicators of a month within an area: what, the figure, what it is made of."""
    at = Period(month) if month else Period.of(work.today)
    first, last = at.first_day, at.last_day
    span, place = (first, last), area or ""
    found = summed(figures_by_town(work, "", span, SHOW, place).values())
    yield from _decisions(work, steps_by_town(work, span, SHOW, place), found, last)
    yield from _notices(work, first, last, area)
    yield from _spot_checks(found)
    yield _("近亲属备案"), f"{sum(relatives_by_town(work, span, SHOW, place).values())}", _("户")
    yield from _reviews(work, first, last, area)
    yield _("主动发现"), f"{sum(leads_by_town(work, span, SHOW, place).values())}", _("条")


def _decisions(
    work: "UnitOfWork", towns: Mapping[str, Mapping[str, int]], found: TownFigures, last: date
) -> Iterator[Line]:
    """Applications, accepted, granted, refused; how long decisions took, and which share was in time."""
    steps = {"applied": _("申请"), "accepted": _("受理"), "granted": _("审核确认"), "refused": _("不予确认")}
    for step, title in steps.items():
        yield title, f"{sum(counts[step] for counts in towns.values())}", _("件")
    mean = (Decimal(found.days) / found.decided).quantize(Decimal("0.1"), "ROUND_HALF_UP") if found.decided else "--"
    yield _("平均办理时间"), f"{mean}", _("个工作日")
    yield (
        _("{days} 个工作日内办结", days=work.policy("workflow.total_working_days", on=last)),
        _share(found.in_time, found.decided),
        _("{done} / {all} 件", done=found.in_time, all=found.decided),
    )


def _notices(work: "UnitOfWork", first: date, last: date, area: str | None) -> Iterator[Line]:
    """Objections and the share upheld; notices that hung in time and with proof."""
    if not work.may("notices.show"):
        return
    titles = {1: _("第一次公示按期"), 2: _("第二次公示按期")}
    counts = {one.round: one for one in round_counts(work, "case:", first, last, area or "")}
    objections = sum(one.objections for one in counts.values())
    upheld = sum(one.upheld for one in counts.values())
    yield _("公示异议"), f"{objections}", _("条")
    yield _("异议成立"), _share(upheld, objections), _("{done} / {all} 条", done=upheld, all=objections)
    for number, title in titles.items():
        one = counts.get(number)
        done, all_ = (one.proven, one.notices) if one else (0, 0)
        yield title, _share(done, all_), _("{done} / {all} 份", done=done, all=all_)


def _spot_checks(found: TownFigures) -> Iterator[Line]:
    drawn, done = found.drawn, found.inspected
    yield _("抽查完成"), _share(done, drawn), _("{done} / {all} 件", done=done, all=drawn)
    yield _("抽查差错率"), _share(found.wrong, done), _("{done} / {all} 件", done=found.wrong, all=done)
    yield _("抽查涉及金额"), format_money(found.wrong_fen), _("元")


def _reviews(work: "UnitOfWork", first: date, last: date, area: str | None) -> Iterator[Line]:
    """Reviews that were due in the month and those done; what followed: raised, lowered, stopped."""
    asked = (
        select(
            func.count().label("done"),
            func.count().filter(_REVIEW.was_due_on >= first, _REVIEW.was_due_on <= last).label("in_month"),
            *(
                func.count().filter(_REVIEW.outcome == outcome).label(outcome)
                for outcome in ("increase", "decrease", "stop")
            ),
        )
        .select_from(_REVIEW.id.table)
        .join(_CASE.id.table, _CASE.id == _REVIEW.case_id)
        .where(_REVIEW.done_on >= first, _REVIEW.done_on <= last)
    )
    row = work.session.connection().execute(_below(work, asked, area)).one()
    waiting = select(func.count()).select_from(_CASE.id.table).where(_CASE.review_due_on <= last)
    still = _count(work, waiting, area)
    yield _("应复核"), f"{row.done + still}", _("户")
    yield _("已复核"), f"{row.done}", _("户")
    stops = (
        select(func.count())
        .select_from(_EVENT.id.table)
        .join(_CASE.id.table, _CASE.id == _EVENT.case_id)
        .where(_EVENT.event == "stop", _EVENT.happened_on >= first, _EVENT.happened_on <= last)
    )
    yield _("增发"), f"{row.increase}", _("户")
    yield _("减发"), f"{row.decrease}", _("户")
    yield _("停发"), f"{row.stop + _count(work, stops, area)}", _("户")


def _count(work: "UnitOfWork", asked: Any, area: str | None) -> int:
    return work.session.connection().scalar(_below(work, asked, area)) or 0


def _below(work: "UnitOfWork", asked: Any, area: str | None) -> Any:
    return _within(work, asked, _CASE.area, area)


def _within(work: "UnitOfWork", asked: Any, column: Any, area: str | None) -> Any:
    """The select narrowed to one's areas, and to an area that was asked for."""
    narrowed = scoped(work, asked, column, SHOW)
    return narrowed.where(within(column, [area])) if area else narrowed


def _share(part: int, whole: int) -> str:
    """A share in percent with two digits, "--" of nothing."""
    if not whole:
        return "--"
    return f"{(Decimal(part) * 100 / whole).quantize(Decimal('0.01'), 'ROUND_HALF_UP')}%"
