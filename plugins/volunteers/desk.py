"""What voluntary service brings to the desk and to pages of households and persons."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import COUNTY_TIME, TASKS_MAX, Lane, Panel, Point, Span, Task, Tile, UnitOfWork, _, scoped
from plugins.volunteers.models import Activity, Attendance, Complaint, Record, Request, Star, Subsidy, Volunteer
from plugins.volunteers.queries import SHOW, unreversed, volunteer_lines
from plugins.volunteers.rules import hours_of
from plugins.volunteers.services.common import CERTIFY, CONFIRM, KEEP, PAY, PLAN, RECORD
from plugins.volunteers.statistics import registered, served, span_of
from plugins.volunteers.words import STATES


def tiles(work: UnitOfWork) -> Iterable[Tile]:
    """How many volunteers stand in the register, and the hours of this month."""
    if not work.may(SHOW):
        return []
    rows = served(work, span_of(work, None, None))
    minutes = sum(one.minutes for one in rows)
    note = _("本月 {hours} 小时", hours=hours_of(minutes))
    count = len(registered(work, work.today))
    return [Tile(title=_("志愿者"), figure=f"{count:,}", unit=_("人"), note=note, path="/volunteers", order=55)]


def tasks(work: UnitOfWork) -> Iterable[Task]:
    """Hours to confirm, sign-outs that were forgotten, applicants, complaints, activities to finish."""
    if not work.may(SHOW):
        return
    if work.may(CONFIRM):
        waiting = select(func.count()).where(
            col(Record.state) == "entered", unreversed(), col(Record.entered_by) != work.actor.account_id
        )
        yield from _several(
            work, waiting, Record, CONFIRM, _("志愿服务时长"), "/volunteers/hours?state=entered", "note"
        )
        objected = select(func.count()).where(col(Record.disputed_on).is_not(None), unreversed())
        yield from _several(
            work, objected, Record, CONFIRM, _("时长有异议"), "/volunteers/hours?state=disputed", "warn"
        )
    if work.may(KEEP):
        applied = select(func.count()).where(col(Volunteer.state) == "applied")
        yield from _several(work, applied, Volunteer, KEEP, _("审核志愿者"), "/volunteers?state=applied", "note")
        open_ = select(func.count()).where(col(Complaint.handled_on).is_(None))
        yield from _several(work, open_, Complaint, KEEP, _("志愿服务投诉"), "/volunteers/teams", "warn")
    if work.may(CERTIFY):
        yield from _requests(work)
    if work.may(PAY, work.settings.county.code):
        unpaid = select(func.count()).where(col(Subsidy.batch_id).is_(None), col(Subsidy.withdrawn_on).is_(None))
        yield from _several(
            work, unpaid, Subsidy, PAY, _("志愿者补助等待付款"), "/volunteers/subsidies?state=waiting", "note"
        )
    yield from _forgotten(work)
    yield from _to_finish(work)


def _several(work: UnitOfWork, asked: Any, model: Any, right: str, title: str, path: str, state: Any) -> Iterable[Task]:
    count = work.session.scalar(scoped(work, asked, model.area, right)) or 0
    if count:
        yield Task(title=title, subject=_("{count} 条", count=count), path=path, step=_("办理"), state=state)


def _requests(work: UnitOfWork) -> Iterable[Task]:
    asked = (
        select(Request)
        .where(col(Request.state) == "open")
        .order_by(col(Request.due_on), col(Request.id))
        .limit(TASKS_MAX)
    )
    for one in work.session.scalars(scoped(work, asked, col(Request.area), CERTIFY)):
        yield Task(
            title=_("出具服务证明"),
            subject=one.number,
            path=f"/volunteers/requests/{one.id}",
            step=_("办理"),
            area=one.area,
            number=one.number,
            due=one.due_on,
            state="bad" if one.due_on < work.today else "note",
        )


def _forgotten(work: UnitOfWork) -> Iterable[Task]:
    if not work.may(RECORD):
        return
    asked = (
        select(col(Activity.id), col(Activity.number), col(Activity.area), func.min(col(Attendance.in_at)))
        .join(Attendance, col(Attendance.activity_id) == col(Activity.id))
        .where(col(Attendance.state) == "open", col(Activity.ends_at) < work.now)
        .group_by(col(Activity.id), col(Activity.number), col(Activity.area))
        .limit(TASKS_MAX)
    )
    days = work.policy("volunteers.entry_days")
    for row in work.session.execute(scoped(work, asked, col(Activity.area), RECORD)):
        due = row[3].astimezone(COUNTY_TIME).date() + timedelta(days=days)
        yield Task(
            title=_("有人没有签退"),
            subject=row[1],
            path=f"/volunteers/activities/{row[0]}",
            step=_("补登签退"),
            area=row[2],
            number=row[1],
            due=due,
            state="bad" if due < work.today else "warn",
        )


def _to_finish(work: UnitOfWork) -> Iterable[Task]:
    if not work.may(PLAN):
        return
    asked = select(Activity).where(col(Activity.state).in_(("running", "finished")), col(Activity.ends_at) < work.now)
    for one in work.session.scalars(
        scoped(work, asked.order_by(col(Activity.id)).limit(TASKS_MAX), col(Activity.area), PLAN)
    ):
        ended = one.ends_at.astimezone(COUNTY_TIME).date()
        yield Task(
            title=_("活动结束，登记和确认时长"),
            subject=one.number,
            path=f"/volunteers/activities/{one.id}",
            step=_("办理"),
            area=one.area,
            number=one.number,
            due=ended + timedelta(days=work.policy("volunteers.entry_days")),
        )


def panels(work: UnitOfWork, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    """Volunteers among the people of a page, for who may see them; that it was seen is recorded."""
    if not work.may(SHOW) or not person_ids:
        return []
    asked = select(Volunteer).where(col(Volunteer.person_id).in_(person_ids)).order_by(col(Volunteer.id))
    found = list(work.session.scalars(scoped(work, asked, col(Volunteer.area), SHOW)))
    if not found:
        return []
    for one in found:
        work.record_read("volunteers.panel_read", f"volunteer:{one.id}", area=one.area)
    lines = volunteer_lines(work, found)
    rows = [
        (
            line["number"],
            " · ".join(
                [
                    _(STATES[line["state"]]),
                    _("{hours} 小时", hours=line["hours"]),
                    *([_("{level} 星", level=line["stars"])] if line["stars"] else []),
                ]
            ),
        )
        for line in lines
    ]
    lanes = [
        Lane(
            title=_("志愿服务"), spans=[_span(one) for one in found], points=list(_points(work, [o.id for o in found]))
        )
    ]
    path = f"/volunteers/people/{found[0].id}"
    return [Panel(title=_("志愿服务"), rows=rows, lanes=lanes, path=path, order=60)]


def _span(one: Volunteer) -> Span:
    until = one.state_on if one.state in ("withdrawn", "removed") else None
    return Span(since=one.registered_on, until=until, label=_("志愿者"))


def _points(work: UnitOfWork, ids: list[int | None]) -> Iterable[Point]:
    asked = select(Star).where(col(Star.volunteer_id).in_(ids)).order_by(col(Star.id))
    for star in work.session.scalars(asked):
        given = star.event == "given"
        label = _("授予 {level} 星", level=star.level) if given else _("收回 {level} 星", level=star.level)
        yield Point(on=star.happened_on, label=label)
