"""Mutual projects of a year: numbers, the signed list, progress, what is done, evaluated, late or called off."""

from datetime import date

from sqlalchemy import select
from sqlmodel import col

from core.api import UnitOfWork, _, refuse
from plugins.double_support.models import Milestone, Progress, Project
from plugins.double_support.queries import own, unit_of
from plugins.double_support.services.common import (
    KEEP,
    PROJECT,
    amount,
    county,
    keep,
    moved,
    not_before,
    note,
    past,
    require_public,
    require_state,
    tenths,
)
from plugins.double_support.wishes import OnDay
from plugins.double_support.work_wishes import (
    AddMilestone,
    AddProject,
    AgreeProject,
    CancelProject,
    DelayProject,
    EvaluateProject,
    FinishProject,
    ReachMilestone,
    ReportProgress,
)

ALIVE = ("planned", "agreed", "running", "delayed")


def examine(work: UnitOfWork, wish: AddProject) -> int:
    """The year of a project; refused (E_PROJ_NO) for a number outside the year's range or one that is taken."""
    year, most = wish.year or work.today.year, work.policy("double_support.projects_target")
    if not 1 <= wish.no <= most:
        raise refuse(_("序号要在 1 至 {most} 之间", most=most), field="no", code="E_PROJ_NO")
    taken = select(col(Project.id)).where(
        col(Project.year) == year, col(Project.no) == wish.no, col(Project.state) != "cancelled"
    )
    if work.session.scalars(taken).first() is not None:
        words = _("{year} 年已经有第 {no} 号实事", year=year, no=wish.no)
        raise refuse(words, field="no", code="E_PROJ_NO")
    unit_of(work, wish.unit)
    return year


def add(work: UnitOfWork, wish: AddProject) -> Project:
    """Plan a mutual project."""
    work.require(KEEP, county(work))
    require_public(work, wish)
    year = examine(work, wish)
    start = wish.start or date(year, 1, 1)
    made = Project(
        year=year,
        no=wish.no,
        direction=wish.direction,
        title=wish.title.strip(),
        responsible=wish.responsible.strip(),
        unit_id=unit_of(work, wish.unit).id or 0,
        area=county(work),
        budget_fen=amount(wish.budget or "0", "budget"),
        start=start,
        due=not_before(wish.due or date(year, 12, 31), start, "due"),
        state_on=work.today,
        added_by=work.actor.account_id,
    )
    keep(work, made)
    note(work, "project_added", "project", made, year=year, no=made.no)
    return made


def _stepped(work: UnitOfWork, one: Project, state: str, reason: str = "") -> Project:
    one.state, one.state_on, one.reason = state, work.today, reason
    moved(work, one)
    note(work, "project_stepped", "project", one, reason=reason, state=state)
    return one


def agree(work: UnitOfWork, text: str, wish: AgreeProject) -> Project:
    """Both sides signed the list; one direction is chosen now."""
    require_public(work, wish)
    one = own(work, Project, text, KEEP)
    require_state(one, "planned")
    one.document, one.signed_on = wish.document.strip(), past(work, wish.on)
    one.direction = wish.direction or one.direction
    return _stepped(work, one, "agreed")


def start(work: UnitOfWork, text: str, wish: OnDay) -> Project:
    """Work begins, or goes on after a delay."""
    one = own(work, Project, text, PROJECT)
    require_state(one, "agreed", "delayed")
    if not one.document:
        raise refuse(_("还没有双方签字的清单"), code="E_DBL_STATE")
    past(work, wish.on)
    return _stepped(work, one, "running")


def add_milestone(work: UnitOfWork, text: str, wish: AddMilestone) -> Project:
    """A step of the work and its share."""
    require_public(work, wish)
    one = own(work, Project, text, PROJECT)
    require_state(one, *ALIVE)
    known = milestones_of(work, one.id)
    if any(row.title == wish.step.strip() for row in known):
        raise refuse(_("这个节点已经有了"), field="step", code="E_DBL_KNOWN")
    if sum(row.percent for row in known) + wish.percent > 100:
        raise refuse(_("各节点占比合计不能超过 100%"), field="percent", code="E_DBL_PERCENT")
    made = Milestone(
        project_id=one.id or 0,
        title=wish.step.strip(),
        percent=wish.percent,
        due=wish.due,
        recorded_by=work.actor.account_id,
    )
    keep(work, made)
    note(work, "milestone_added", "project", one, percent=wish.percent)
    return one


def milestones_of(work: UnitOfWork, project_id: int | None) -> list[Milestone]:
    """The steps of a project by their day."""
    asked = select(Milestone).where(col(Milestone.project_id) == project_id)
    return list(work.session.scalars(asked.order_by(col(Milestone.due), col(Milestone.id))))


def reach_milestone(work: UnitOfWork, text: str, wish: ReachMilestone) -> Project:
    """A step was reached."""
    require_public(work, wish)
    one = own(work, Project, text, PROJECT)
    found = next((row for row in milestones_of(work, one.id) if row.title == wish.step.strip()), None)
    if found is None or found.reached_on:
        raise refuse(_("没有这个待完成的节点"), field="step", code="E_DBL_STATE")
    found.reached_on = past(work, wish.on)
    keep(work, found)
    note(work, "milestone_reached", "project", one, percent=found.percent)
    return one


def report(work: UnitOfWork, text: str, wish: ReportProgress) -> Project:
    """Progress of a quarter of the project's year that has begun."""
    require_public(work, wish)
    one = own(work, Project, text, PROJECT)
    require_state(one, "agreed", "running", "delayed")
    if date(one.year, wish.quarter * 3 - 2, 1) > work.today:
        raise refuse(_("这个季度还没有到"), field="quarter", code="E_DAY")
    made = Progress(
        project_id=one.id or 0,
        year=one.year,
        quarter=wish.quarter,
        percent=wish.percent,
        note=wish.note.strip(),
        reported_on=work.today,
        recorded_by=work.actor.account_id,
    )
    keep(work, made)
    note(work, "progress_reported", "project", one, quarter=wish.quarter, percent=wish.percent)
    return one


def finish(work: UnitOfWork, text: str, wish: FinishProject) -> Project:
    """It is done, and this proves it."""
    require_public(work, wish)
    one = own(work, Project, text, PROJECT)
    require_state(one, "running", "delayed")
    if not one.document:
        raise refuse(_("还没有双方签字的清单"), code="E_DBL_STATE")
    one.evidence, one.done_on = wish.evidence.strip(), past(work, wish.on)
    return _stepped(work, one, "done")


def evaluate(work: UnitOfWork, text: str, wish: EvaluateProject) -> Project:
    """How content both sides are."""
    require_public(work, wish)
    one = own(work, Project, text, KEEP)
    require_state(one, "done")
    one.army_tenths, one.locality_tenths = tenths(wish.army, "army"), tenths(wish.locality, "locality")
    return _stepped(work, one, "evaluated")


def delay(work: UnitOfWork, text: str, wish: DelayProject) -> Project:
    """It is late, with a reason."""
    require_public(work, wish)
    one = own(work, Project, text, PROJECT)
    require_state(one, "planned", "agreed", "running")
    if wish.due:
        one.due = not_before(wish.due, one.start, "due")
    return _stepped(work, one, "delayed", wish.reason.strip())


def cancel(work: UnitOfWork, text: str, wish: CancelProject) -> Project:
    """Call it off; the substitute takes its number within the same year. Answers the substitute."""
    require_public(work, wish)
    one = own(work, Project, text, KEEP)
    require_state(one, *ALIVE)
    first = max(work.today, date(one.year, 1, 1))
    due = wish.due or date(one.year, 12, 31)
    if due.year != one.year or due < first:
        raise refuse(_("替代实事要在 {year} 年内完成", year=one.year), field="due", code="E_DBL_SUBSTITUTE")
    budget = amount(wish.budget, "budget") if wish.budget.strip() else one.budget_fen
    _stepped(work, one, "cancelled", wish.reason.strip())
    made = Project(
        year=one.year,
        no=one.no,
        direction=wish.direction or one.direction,
        title=wish.title.strip(),
        responsible=wish.responsible.strip() or one.responsible,
        unit_id=one.unit_id,
        area=one.area,
        budget_fen=budget,
        start=first,
        due=due,
        substitute_for=one.id,
        state_on=work.today,
        added_by=work.actor.account_id,
    )
    keep(work, made)
    note(work, "project_added", "project", made, year=made.year, no=made.no, substitute_for=one.id)
    return made
