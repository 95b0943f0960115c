"""Projects of social work: drafted, approved, contracted, run, amended, assessed, closed; visits."""

from decimal import Decimal

from sqlalchemy import func, select
from sqlmodel import col

from core.api import UnitOfWork, _, checked, parse_money, refuse
from plugins.social_workers.measuring import assessments_of, score_items
from plugins.social_workers.models import Assessment, Case, Group, Project, Target, Visit
from plugins.social_workers.project_wishes import AddProject, AddVisit, Amend, Approve, Assess, Contract
from plugins.social_workers.queries import any_agency, own_project
from plugins.social_workers.rules import score_of
from plugins.social_workers.services.common import (
    ASSESS,
    RUN,
    SERVE,
    keep,
    living,
    moved,
    past,
    points,
    require_state,
    responsible,
    running_project,
)
from plugins.social_workers.wishes import Step, Why
from plugins.social_workers.words import ITEMS

ORIGINAL = "原合同"
"""What a first target names as its document; kept as it is, whatever language the clerk reads."""


def subject(one: Project) -> str:
    """How the audit names a project."""
    return f"social_workers_project:{one.id}"


def draft(work: UnitOfWork, wish: AddProject) -> Project:
    """Draft a project with its targets."""
    work.require(RUN, wish.area)
    if wish.until < wish.since:
        raise refuse(_("截止日期早于起始日期"), field="until", code="E_DAY")
    fen = parse_money(wish.contract)
    if fen < 0:
        raise refuse(_("合同金额不能小于 0"), field="contract", code="E_FIELD")
    made = Project(
        number=work.next_number(col(Project.number), f"SWP-{work.today.year}-"),
        name=wish.name.strip(),
        purchaser=wish.purchaser.strip(),
        purchaser_kind=wish.purchaser_kind,
        agency_id=any_agency(work, wish.agency).id if wish.agency.strip() else None,
        contract_fen=fen,
        source=wish.source,
        field=wish.field,
        area=wish.area,
        since=wish.since,
        until=wish.until,
        state_on=work.today,
        added_by=work.actor.account_id,
    )
    keep(work, made)
    for item in ITEMS:
        target = getattr(wish, item)
        if target:
            _target(work, made, checked(Amend, item=item, target=target, valid_from=wish.since, document=ORIGINAL))
    after = {"number": made.number, "contract_fen": fen, "source": made.source}
    work.record("social_workers.project_drafted", subject(made), area=made.area, after=after)
    return made


def _target(work: UnitOfWork, one: Project, wish: Amend) -> Target:
    made = Target(
        project_id=one.id or 0,
        item=wish.item,
        target=wish.target,
        valid_from=wish.valid_from,
        document=wish.document.strip(),
        recorded_by=work.actor.account_id,
    )
    keep(work, made)
    return made


def _step(work: UnitOfWork, one: Project, state: str, reason: str = "") -> Project:
    before, one.state, one.state_on = one.state, state, work.today
    moved(work, one)
    work.record(
        "social_workers.project_stepped", subject(one), area=one.area, reason=reason, before={"state": before},
        after={"state": state},
    )  # fmt: skip
    return one


def approve(work: UnitOfWork, text: str, wish: Approve) -> Project:
    """A meeting approved the project; its minutes are named."""
    one = own_project(work, text, RUN)
    require_state(one, "drafted")
    one.minutes = wish.minutes.strip()
    return _step(work, one, "approved")


def contract(work: UnitOfWork, text: str, wish: Contract) -> Project:
    """The contract was signed with an agency."""
    one = own_project(work, text, RUN)
    require_state(one, "approved")
    if wish.agency.strip():
        one.agency_id = any_agency(work, wish.agency).id
    if one.agency_id is None:
        raise refuse(_("请填写承接机构"), field="agency", code="E_FIELD")
    one.contract_no, one.contracted_on = wish.contract_no.strip(), past(work, wish.on, "on")
    return _step(work, one, "contracted")


def start(work: UnitOfWork, text: str, wish: Step) -> Project:
    """The project begins."""
    one = own_project(work, text, RUN)
    require_state(one, "contracted")
    return _step(work, one, "running", wish.note.strip())


def amend(work: UnitOfWork, text: str, wish: Amend) -> Target:
    """An amendment changes a target from a day on; the old target and its day stay."""
    one = own_project(work, text, RUN)
    require_state(one, "contracted", "running", "mid_term")
    if not one.since <= wish.valid_from <= one.until:
        raise refuse(_("日期不在项目期限内"), field="valid_from", code="E_DAY")
    same = select(col(Target.id)).where(
        col(Target.project_id) == one.id, col(Target.item) == wish.item, col(Target.valid_from) == wish.valid_from
    )
    if work.session.scalars(same).first() is not None:
        raise refuse(_("这一天已经有这个指标的目标"), field="valid_from", code="E_SW_TWICE")
    made = _target(work, one, wish)
    after = {"item": wish.item, "target": wish.target, "from": wish.valid_from}
    work.record("social_workers.target_amended", subject(one), area=one.area, after=after)
    return made


def assess(work: UnitOfWork, text: str, wish: Assess) -> Assessment:
    """Assess a project at mid-term or at the end, by the targets of that day; points may be the assessor's own."""
    one, on = own_project(work, text, ASSESS), past(work, wish.on, "on")
    require_state(one, *(("contracted", "running") if wish.stage == "mid" else ("contracted", "running", "mid_term")))
    satisfied = points(wish.satisfaction, "satisfaction") if wish.satisfaction.strip() else None
    measured = None if satisfied is None else Decimal(satisfied) / 10
    computed = int(score_of(score_items(work, one, on, measured)) * 10)
    made = Assessment(
        project_id=one.id or 0,
        stage=wish.stage,
        assessed_on=on,
        points_tenths=points(wish.points, "points") if wish.points.strip() else computed,
        computed_tenths=computed,
        satisfaction_tenths=satisfied,
        assessor=wish.assessor.strip(),
        report=wish.report.strip(),
        recorded_by=work.actor.account_id,
    )
    keep(work, made)
    _step(work, one, "mid_term" if wish.stage == "mid" else "final")
    after = {"stage": wish.stage, "points": made.points_tenths, "computed": computed}
    work.record("social_workers.assessed", subject(one), area=one.area, after=after)
    return made


def close(work: UnitOfWork, text: str, wish: Step) -> Project:
    """A project ends after its final assessment; its cases and groups ended before."""
    one = own_project(work, text, RUN)
    require_state(one, "final")
    if "final" not in assessments_of(work, one.id or 0):
        raise refuse(_("没有末期评估"), code="E_SW_STAGE")
    open_ = select(func.count()).where(col(Case.project_id) == one.id, col(Case.closed_on).is_(None))
    running = select(func.count()).where(
        col(Group.project_id) == one.id, col(Group.state).in_(("planned", "recruited", "running"))
    )
    if work.session.scalar(open_) or work.session.scalar(running):
        raise refuse(_("项目还有没有结束的个案或小组"), code="E_SW_STATE")
    return _step(work, one, "closed", wish.note.strip())


def fail(work: UnitOfWork, text: str, wish: Why) -> Project:
    """A project is given up, with the reason."""
    one = own_project(work, text, RUN)
    if one.state in ("closed", "failed"):
        raise refuse(_("现在的状态不能这样办理"), code="E_SW_STATE")
    one.reason = wish.reason.strip()
    return _step(work, one, "failed", one.reason)


def add_visit(work: UnitOfWork, text: str, wish: AddVisit) -> Visit:
    """Note a visit at somebody's home."""
    on = past(work, wish.on, "on")
    one = running_project(work, text, on)
    if one is None:
        raise refuse(_("请填写项目编号"), field="project", code="E_FIELD")
    work.require(SERVE, one.area)
    worker, person = responsible(work, wish.worker, on), living(work, wish.person_id, SERVE, "person_id")
    same = select(Visit).where(col(Visit.person_id) == person.id, col(Visit.visited_on) == on)
    for there in work.session.scalars(same):
        if there.project_id != one.id:
            raise refuse(_("同一天的探访已报在另一个项目"), field="on", code="E_SW_DOUBLE")
        if there.worker_id == worker.id:
            raise refuse(_("这一天的探访已经登记"), field="on", code="E_SW_TWICE")
    made = Visit(
        project_id=one.id or 0,
        worker_id=worker.id or 0,
        person_id=person.id,
        visited_on=on,
        minutes=wish.minutes,
        recorded_by=work.actor.account_id,
    )
    keep(work, made)
    work.record("social_workers.visited", subject(one), area=one.area, after={"on": on, "minutes": wish.minutes})
    return made
