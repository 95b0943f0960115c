"""What double support brings to the desk and to pages of households and persons."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from core.api import TASKS_MAX, Lane, Panel, Period, Point, Span, Task, Tile, UnitOfWork, _, scoped
from plugins.double_support import words
from plugins.double_support.listing import people_listed
from plugins.double_support.models import Need, Plan, Plaque, Project, SchoolRequest, ScoreItem
from plugins.double_support.queries import SHOW, dict_of
from plugins.double_support.services.common import ASSESS, KEEP, PROJECT, VISIT
from plugins.double_support.services.families import stretches_of
from plugins.double_support.services.projects import ALIVE
from plugins.double_support.statistics import projects_facts

HOME = "/double-support"


def tiles(work: UnitOfWork) -> Iterable[Tile]:
    """How many of the year's projects are done."""
    if not work.may(SHOW):
        return []
    found = projects_facts(work, work.today.year)
    figure, note = f"{found['done']} / {found['target']}", ""
    if found["progress"] is not None:
        note = _("完成率 {progress}%，按期率 {on}%", progress=found["progress"], on=found["on_schedule"])
    return [Tile(title=_("军地互办实事"), figure=figure, unit=_("件"), note=note, path=f"{HOME}/projects", order=70)]


def tasks(work: UnitOfWork) -> Iterable[Task]:
    """Needs to answer, projects that are late, damaged plaques, plans to pay, gaps to rectify, schools to find."""
    if not work.may(SHOW):
        return
    yield from _waiting(work, VISIT, Need, col(Need.state) == "open", "needs", _("答复走访需求"), _("答复需求"))
    late = (col(Project.state).in_(ALIVE), col(Project.due) < work.today)
    yield from _waiting(work, PROJECT, Project, late, "projects", _("实事已到完成期限"), _("登记完成"))
    damaged = col(Plaque.state) == "damaged"
    yield from _waiting(work, VISIT, Plaque, damaged, "plaques", _("光荣牌损坏，要更换"), _("更换光荣牌"))
    listed = col(Plan.state) == "listed"
    yield from _waiting(work, KEEP, Plan, listed, "plans", _("慰问名单已定，登记会议决定"), _("登记会议决定"))
    gaps = (col(ScoreItem.gap) != "", col(ScoreItem.fixed_on).is_(None), col(ScoreItem.fix_due).is_not(None))
    yield from _waiting(work, ASSESS, ScoreItem, gaps, "items", _("自评差距要整改"), _("登记整改"))
    asked = col(SchoolRequest.state) == "open"
    yield from _waiting(work, KEEP, SchoolRequest, asked, "schools", _("子女入学申请待解决"), _("登记入学"))


def _waiting(
    work: UnitOfWork, right: str, model: Any, condition: Any, room: str, title: str, step: str
) -> Iterable[Task]:
    if not work.may(right):
        return
    conditions = condition if isinstance(condition, tuple) else (condition,)
    asked = select(model).where(*conditions).order_by(model.id).limit(TASKS_MAX)
    for one in work.session.scalars(scoped(work, asked, model.area, right)):
        due = getattr(one, "due", None) or getattr(one, "fix_due", None)
        number = str(getattr(one, "number", "") or getattr(one, "no", "") or one.id)
        yield Task(
            title=title,
            subject=number,
            path=f"{HOME}/{room}/{one.id}",
            step=step,
            area=one.area,
            number=number,
            due=due,
            state="bad" if due and due < work.today else "warn",
        )


def panels(work: UnitOfWork, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    """Visits, plaques, news, registrations and requests of the people of a page; that they were seen is recorded."""
    if not person_ids or not work.may(VISIT):
        return
    found = {
        room: [one for one in rows if work.may(VISIT, one.area)]
        for room, rows in people_listed(work, person_ids).items()
    }
    rows: list[tuple[str, str]] = []
    points: list[Point] = []
    plans = dict_of(work, Plan, [one.plan_id for one in found["visits"]])
    for one in found["visits"]:
        title = plans[one.plan_id].title
        rows.append((title, _(words.VISIT_STATES[one.state])))
        if one.visited_on:
            points.append(Point(on=one.visited_on, label=title))
    rows += [(_("光荣牌"), _(words.PLAQUE_STATES[one.state])) for one in found["plaques"]]
    points += [Point(on=one.hung_on, label=_("悬挂光荣牌")) for one in found["plaques"] if one.hung_on]
    rows += [(_("喜报"), one.honour) for one in found["news"]]
    points += [Point(on=one.delivered_on, label=one.honour) for one in found["news"] if one.delivered_on]
    rows += [(one.number, _(words.SPOUSE_STATES[one.state])) for one in found["spouses"]]
    rows += [(_("子女入学"), _(words.REQUEST_STATES[one.state])) for one in found["schools"]]
    if not rows:
        return
    for room, kept in found.items():
        for one in kept:
            work.record_read("double_support.panel_read", f"double_support_{room}:{one.id}", area=one.area)
    spans = [
        Span(
            since=Period(stretch.first_month).first_day,
            until=Period(stretch.last_month).last_day if stretch.last_month else None,
            label=_("随军家属补贴"),
        )
        for one in found["spouses"]
        for stretch in stretches_of(work, one.id)
        if not stretch.last_month or stretch.last_month >= stretch.first_month
    ]
    room = next(room for room, kept in found.items() if kept)
    path = f"{HOME}/{room}/{found[room][-1].id}"
    yield Panel(
        title=_("双拥"), rows=rows, lanes=[Lane(title=_("双拥"), spans=spans, points=points)], path=path, order=70
    )
