"""What casework brings to the desk and to the pages of households and persons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, literal, null, or_, select, union_all

from core.api import TASKS_MAX, Lane, Panel, Period, Span, Task, Tile, _, columns, mark, scoped, within
from plugins.casework.clocks import clocks_of, review_lights
from plugins.casework.listing import named
from plugins.casework.models import Case, Lead, Member
from plugins.casework.moves import (
    APPLY,
    CHECK,
    CLOCKED,
    CONFIRM,
    COUNTY,
    DECIDE,
    ENDED,
    HANDLE,
    IN_PAYMENT,
    MAINTAIN,
    REVIEW,
    SHOW,
    STEP_OF,
)
from plugins.casework.tables_behind import AREA, PERSON
from plugins.casework.types import all_types
from plugins.casework.words import STATES, STEPS, TAGS

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from core.api import UnitOfWork

CHECK_OVERDUE = mark("没有按时启动核对")
_CASE, _LEAD, _MEMBER = columns(Case), columns(Lead), columns(Member)
_WAITS: Mapping[str, Sequence[str]] = {
    APPLY: ("draft",),
    HANDLE: ("submitted", "accepted", "investigating", "appraising", "noticing_1", "re_investigating",
             "township_review"),
    CHECK: ("checking",),
    REVIEW: ("county_review", "spot_checking"),
    DECIDE: ("noticing_2",),
    CONFIRM: ("county_supervision",),
}  # fmt: skip
"""Whose desk a case lies on where it stands."""
_OF_THE_COUNTY = (CHECK, REVIEW, DECIDE)


def tasks(work: "UnitOfWork") -> Iterable[Task]:
    """What waits in order of deadline: steps, families who let us wait too long, reviews, leads. One question."""
    if not work.may(SHOW):
        return []
    titles = {one.name: _(one.title) for one in all_types(work).values()}
    rows = work.session.connection().execute(_waiting(work)).all()
    waits = any(row.waiting_since is not None for row in rows)
    longest = work.policy("casework.waiting_days_max") if waits else 0
    reviews = [row for row in rows if row.what == "review"]
    lights = dict(zip((row.id for row in reviews), review_lights(work, [row.due for row in reviews]), strict=True))
    return [_task(row, titles, work.today, longest, lights.get(row.id, "")) for row in rows]


def _waiting(work: "UnitOfWork") -> Any:
    """Cases on one's desk, reviews overdue and leads, as one list by deadline."""
    steps = named(
        _CASE.waiting_since, func.coalesce(_CASE.step_due_on, _CASE.due_on).label("due"), literal("step").label("what")
    ).where(or_(*(_on_desk(work, right, states) for right, states in _WAITS.items())))
    reviews = named(_CASE.waiting_since, _CASE.review_due_on.label("due"), literal("review").label("what")).where(
        _CASE.state.in_(IN_PAYMENT), _CASE.review_due_on < work.today, within(_CASE.area, work.areas(MAINTAIN))
    )
    leads = (
        select(
            _LEAD.id, literal("").label("number"), literal("").label("type"), _LEAD.area, _LEAD.state,
            PERSON.c.name.label("applicant"), AREA.c.name.label("place"), null().label("waiting_since"),
            _LEAD.due_on.label("due"), literal("lead").label("what"),
        )
        .select_from(_LEAD.id.table)
        .join(PERSON, PERSON.c.id == _LEAD.person_id)
        .outerjoin(AREA, AREA.c.code == _LEAD.area)
        .where(_LEAD.state == "open", within(_LEAD.area, work.areas(APPLY)))
    )  # fmt: skip
    found = union_all(steps, reviews, leads).subquery()
    return select(found).order_by(found.c.due.is_(None), found.c.due, found.c.number).limit(TASKS_MAX)


def _on_desk(work: "UnitOfWork", right: str, states: Sequence[str]) -> "ColumnElement[bool]":
    if right in _OF_THE_COUNTY:
        areas = (work.settings.county.code,) if work.may(right, work.settings.county.code) else ()
    else:
        areas = work.areas(right)
    return and_(_CASE.state.in_(states), within(_CASE.area, areas))


def _task(row: Any, titles: Mapping[str, str], today: date, longest: int, light: str) -> Task:
    late = row.due is not None and row.due < today
    path = f"/casework/leads/{row.id}" if row.what == "lead" else f"/casework/cases/{row.number}"
    if row.what == "lead":
        return Task(
            title=_("上门核实线索"), subject=row.applicant, path=path, step=_("主动发现"), area=row.place or row.area,
            due=row.due, state="bad" if late else "note",
        )  # fmt: skip
    if row.what == "review":
        title, step, state = (
            _("{type}到期复核", type=titles.get(row.type, row.type)),
            _("复核"),
            "bad" if light == "red" else "warn",
        )
    elif row.waiting_since is not None:
        overlong = (today - row.waiting_since).days > longest
        title = _("等申请人补充超过 {days} 天，可撤回", days=longest) if overlong else _("等申请人补充材料")
        step, state = _("停钟"), "bad" if overlong else ""
    else:
        title = _("{type}：{state}", type=titles.get(row.type, row.type), state=_(STATES[row.state]))
        unstarted = late and row.state == "accepted"
        step = _(CHECK_OVERDUE) if unstarted else _(STEPS[STEP_OF[row.state]])
        state = "bad" if late else "warn" if row.state in ("re_investigating",) else "note"
    return Task(
        title=title, subject=row.applicant, path=path, step=step, area=row.place or row.area, number=row.number,
        due=None if row.waiting_since else row.due, state=state,
    )  # fmt: skip


def tiles(work: "UnitOfWork") -> Iterable[Tile]:
    """Open cases, those past their limit, families in payment, reviews overdue. One question."""
    if not work.may(SHOW):
        return []
    counts = _counts(work)
    return [
        Tile(
            title=_("在办申请"),
            figure=f"{counts.open:,}",
            unit=_("件"),
            note=_("县级审核 {count} 件", count=counts.county),
            path="/casework",
            order=20,
        ),
        Tile(
            title=_("超期申请"),
            figure=f"{counts.late:,}",
            unit=_("件"),
            note=_("将到期 {count} 件", count=counts.yellow),
            path="/casework?overdue=1",
            order=21,
        ),
        Tile(title=_("复核逾期"), figure=f"{counts.reviews:,}", unit=_("户"), path="/casework/reviews", order=22),
    ]


@dataclass(frozen=True)
class _Counts:
    """Cases that run, those past their limit and near it, those at the county, families whose review is overdue."""

    open: int
    late: int
    yellow: int
    county: int
    reviews: int


def _counts(work: "UnitOfWork") -> _Counts:
    """The figures of the desk, in one question. Cases share few pairs of days, whose light is worked out once."""
    runs = _CASE.state.in_(CLOCKED)
    late = and_(runs, _CASE.waiting_since.is_(None), or_(_CASE.due_on < work.today, _CASE.step_due_on < work.today))
    near = and_(runs, _CASE.waiting_since.is_(None), _CASE.due_on >= work.today)
    near = and_(near, or_(_CASE.step_due_on.is_(None), _CASE.step_due_on >= work.today))
    parts = (
        case((near, _CASE.state), else_="").label("state"),
        case((near, _CASE.accepted_on)).label("accepted_on"),
        case((near, _CASE.due_on)).label("due_on"),
    )
    asked = (
        select(
            *parts, null().label("step_due_on"), null().label("waiting_since"), func.count().label("cases"),
            func.count().filter(runs).label("open"), func.count().filter(late).label("late"),
            func.count().filter(_CASE.state.in_(COUNTY)).label("county"),
            func.count().filter(_CASE.review_due_on < work.today).label("reviews"),
        )
        .where(_CASE.state.not_in(ENDED))
        .group_by(*parts)
    )  # fmt: skip
    rows = work.session.connection().execute(scoped(work, asked, _CASE.area, SHOW)).all()
    lights = clocks_of(work, rows)
    return _Counts(
        open=sum(row.open for row in rows),
        late=sum(row.late for row in rows),
        yellow=sum(row.cases for row, clock in zip(rows, lights, strict=True) if clock.light == "yellow"),
        county=sum(row.county for row in rows),
        reviews=sum(row.reviews for row in rows),
    )


def panels(work: "UnitOfWork", person_ids: tuple[int, ...]) -> Iterable[Panel]:
    """The cases in which the people of a page are or were counted, newest first, with what was granted as a lane."""
    if not work.may(SHOW) or not person_ids:
        return []
    asked = (
        select(
            _CASE.number, _CASE.type, _CASE.state, _CASE.applied_on, _CASE.effective_month, _CASE.last_month,
            _CASE.monthly_fen,
        )
        .where(_CASE.id.in_(select(_MEMBER.case_id).where(_MEMBER.person_id.in_(person_ids))))
        .order_by(_CASE.id.desc())
    )  # fmt: skip
    rows = work.session.connection().execute(scoped(work, asked, _CASE.area, SHOW)).all()
    if not rows:
        return []
    titles = {one.name: _(one.title) for one in all_types(work).values()}
    lines = [
        (row.number, _("{type} · {state}", type=titles.get(row.type, row.type), state=_(STATES[row.state])))
        for row in rows
    ]
    first = rows[0]
    tag = (_(STATES[first.state]), TAGS.get(first.state, "note"))
    lanes = [] if _drawn_elsewhere(work) else _lanes(rows, titles)
    return [
        Panel(
            title=_("申请办理"),
            rows=lines,
            tags=[tag] if first.state not in ENDED else [],
            lanes=lanes,
            path=f"/casework/cases/{first.number}",
            order=10,
        )
    ]


def _drawn_elsewhere(work: "UnitOfWork") -> bool:
    """Whether benefits runs: it draws what is paid, and the same months twice would look like two benefits."""
    return any(one.manifest.name == "benefits" for one in work.host.loaded)


def _lanes(rows: Sequence[Any], titles: Mapping[str, str]) -> list[Lane]:
    return [
        Lane(title=titles.get(name, name), spans=[_span(row) for row in own])
        for name in dict.fromkeys(row.type for row in rows)
        if (own := [row for row in rows if row.type == name and row.effective_month])
    ]


def _span(row: Any) -> Span:
    until = Period(row.last_month).last_day if row.last_month else None
    return Span(since=Period(row.effective_month).first_day, until=until, label=_(STATES[row.state]))
