"""Agencies, stations, posts, dispatch of the three areas, the three links."""

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import NewPayee, UnitOfWork, _, keep_payee, read_credit_code, refuse
from plugins.social_workers.models import (
    Agency,
    Dispatch,
    Employment,
    Post,
    PostHolder,
    Project,
    Station,
    ThreeLink,
    Trainee,
    Worker,
)
from plugins.social_workers.queries import (
    any_agency,
    certificates_of,
    own_agency,
    own_dispatch,
    own_link,
    own_post,
    own_project,
    own_station,
)
from plugins.social_workers.rules import last_day, trainee_counts
from plugins.social_workers.services.common import (
    KEEP,
    RUN,
    SERVE,
    keep,
    living,
    moved,
    named_worker,
    past,
    require_state,
    responsible,
)
from plugins.social_workers.wishes import (
    AddAgency,
    AddPost,
    AddStation,
    AddTrainee,
    Attend,
    CloseOn,
    ConfirmTrainee,
    Hold,
    LinkUp,
    SendWorker,
    SetAccount,
    SetAgency,
    Vacate,
)

SERVICE_BODY = "52"
_RANK = ("assistant", "intermediate", "senior")


def add_agency(work: UnitOfWork, wish: AddAgency) -> Agency:
    """Register an agency by its credit code; 52 at the beginning is a service body, everything else is other."""
    work.require(KEEP, wish.area)
    code = read_credit_code(wish.code)
    if work.session.scalars(select(col(Agency.id)).where(col(Agency.code) == code)).first() is not None:
        raise refuse(_("这家机构已经登记"), field="code", code="E_SW_TWICE")
    made = Agency(
        name=wish.name.strip(),
        code=code,
        kind="service_body" if code.startswith(SERVICE_BODY) else "other",
        registered_on=past(work, wish.registered_on, "registered_on"),
        staff=wish.staff,
        grade=wish.grade or "",
        incubated=wish.incubated,
        area=wish.area,
        added_by=work.actor.account_id,
    )
    keep(work, made)
    work.record("social_workers.agency_added", _agency(made), area=made.area, after={"code": code})
    return made


def _agency(one: Agency) -> str:
    return f"social_workers_agency:{one.id}"


def set_agency(work: UnitOfWork, text: str, wish: SetAgency) -> Agency:
    """Change staff and grade of an agency."""
    one = own_agency(work, text, KEEP)
    before = {"staff": one.staff, "grade": one.grade}
    one.staff, one.grade = wish.staff, wish.grade or ""
    moved(work, one)
    after = {"staff": one.staff, "grade": one.grade}
    work.record("social_workers.agency_set", _agency(one), area=one.area, before=before, after=after)
    return one


def set_account(work: UnitOfWork, text: str, wish: SetAccount) -> Agency:
    """Note who answers for an agency and the account its instalments go to."""
    one = own_agency(work, text, KEEP)
    manager = living(work, wish.manager_id, KEEP, "manager_id")
    name = wish.account_name.strip() or one.name
    payee = keep_payee(work, NewPayee(name=name, number=wish.account_number, kind="provider"))
    one.manager_id, one.payee_id = manager.id, payee
    moved(work, one)
    work.record("social_workers.agency_account_set", _agency(one), area=one.area, after={"payee": payee})
    return one


def close_agency(work: UnitOfWork, text: str, wish: CloseOn) -> Agency:
    """End an agency; its running projects end first, and its workers left."""
    one, on = own_agency(work, text, KEEP), past(work, wish.on, "on")
    require_state(one, "open")
    running = col(Project.state).in_(("contracted", "running", "mid_term", "final"))
    projects = work.session.scalar(select(func.count()).where(col(Project.agency_id) == one.id, running)) or 0
    employed = select(func.count()).where(col(Employment.agency_id) == one.id, col(Employment.until).is_(None))
    if projects or work.session.scalar(employed):
        raise refuse(_("机构还有在执行的项目或在职的社工"), code="E_SW_STATE")
    one.state, one.closed_on = "closed", on
    moved(work, one)
    work.record("social_workers.agency_closed", _agency(one), area=one.area, reason=wish.reason.strip())
    return one


def add_station(work: UnitOfWork, wish: AddStation) -> Station:
    """Set up a station of a town or village."""
    work.require(KEEP, wish.area)
    same = select(col(Station.id)).where(
        col(Station.name) == wish.name.strip(), col(Station.area) == wish.area, col(Station.state) == "open"
    )
    if work.session.scalars(same).first() is not None:
        raise refuse(_("这个社工站已经登记"), field="name", code="E_SW_TWICE")
    made = Station(
        name=wish.name.strip(),
        area=wish.area,
        address=wish.address.strip(),
        agency_id=any_agency(work, wish.agency).id if wish.agency.strip() else None,
        opened_on=past(work, wish.opened_on, "opened_on"),
        added_by=work.actor.account_id,
    )
    keep(work, made)
    work.record("social_workers.station_added", f"social_workers_station:{made.id}", area=made.area)
    return made


def close_station(work: UnitOfWork, text: str, wish: CloseOn) -> Station:
    """Close a station; nobody belongs to it afterwards."""
    one, on = own_station(work, text, KEEP), past(work, wish.on, "on")
    require_state(one, "open")
    for worker in work.session.scalars(select(Worker).where(col(Worker.station_id) == one.id)).all():
        worker.station_id = None
        moved(work, worker)
    one.state, one.closed_on = "closed", on
    moved(work, one)
    subject = f"social_workers_station:{one.id}"
    work.record("social_workers.station_closed", subject, area=one.area, reason=wish.reason.strip())
    return one


def add_post(work: UnitOfWork, wish: AddPost) -> Post:
    """Plan posts at a unit."""
    work.require(KEEP, wish.area)
    made = Post(
        unit=wish.unit.strip(),
        title=wish.title.strip(),
        area=wish.area,
        planned=wish.planned,
        level=wish.level or "",
        treatment=wish.treatment.strip(),
        added_by=work.actor.account_id,
    )
    keep(work, made)
    work.record("social_workers.post_added", _post(made), area=made.area, after={"planned": made.planned})
    return made


def _post(one: Post) -> str:
    return f"social_workers_post:{one.id}"


def hold_post(work: UnitOfWork, text: str, wish: Hold) -> PostHolder:
    """Put a worker on a post; refused when it is full or the certificate is of a lower level."""
    one = own_post(work, text, KEEP)
    require_state(one, "open")
    worker = responsible(work, wish.worker, work.today)
    held = select(PostHolder).where(col(PostHolder.post_id) == one.id, col(PostHolder.until).is_(None))
    holders = list(work.session.scalars(held))
    if any(holder.worker_id == worker.id for holder in holders):
        raise refuse(_("已经在这个岗位上"), field="worker", code="E_SW_TWICE")
    if len(holders) >= one.planned:
        raise refuse(_("岗位已满"), field="worker", code="E_SW_POST")
    level = certificates_of(work, [worker.id or 0])[worker.id or 0].level
    if one.level and _RANK.index(level) < _RANK.index(one.level):
        raise refuse(_("证书级别低于岗位要求"), field="worker", code="E_SW_POST")
    made = PostHolder(
        post_id=one.id or 0,
        worker_id=worker.id or 0,
        since=past(work, wish.since, "since"),
        recorded_by=work.actor.account_id,
    )
    keep(work, made)
    work.record("social_workers.post_held", _post(one), area=one.area, after={"worker": worker.number})
    return made


def vacate_post(work: UnitOfWork, text: str, wish: Vacate) -> PostHolder:
    """A worker leaves a post."""
    one, worker = own_post(work, text, KEEP), named_worker(work, wish.worker, "worker")
    asked = select(PostHolder).where(
        col(PostHolder.post_id) == one.id, col(PostHolder.worker_id) == worker.id, col(PostHolder.until).is_(None)
    )
    found = work.session.scalars(asked).first()
    if found is None:
        raise refuse(_("这名社工不在这个岗位上"), field="worker", code="E_SW_STATE")
    found.until = past(work, wish.until, "until")
    if found.until < found.since:
        raise refuse(_("离岗日期早于上岗日期"), field="until", code="E_DAY")
    keep(work, found)
    work.record("social_workers.post_vacated", _post(one), area=one.area, after={"worker": worker.number})
    return found


def close_post(work: UnitOfWork, text: str, wish: CloseOn) -> Post:
    """Give up a post that nobody holds."""
    one = own_post(work, text, KEEP)
    require_state(one, "open")
    held = select(func.count()).where(col(PostHolder.post_id) == one.id, col(PostHolder.until).is_(None))
    if work.session.scalar(held):
        raise refuse(_("岗位上还有人"), code="E_SW_STATE")
    one.state = "closed"
    moved(work, one)
    work.record("social_workers.post_closed", _post(one), area=one.area, reason=wish.reason.strip())
    return one


def send(work: UnitOfWork, wish: SendWorker) -> Dispatch:
    """Send a worker to a recipient unit for the months of the programme."""
    work.require(RUN, wish.area)
    worker = responsible(work, wish.worker, wish.since)
    until = wish.until or last_day(wish.since, work.policy("social_workers.dispatch_months", on=wish.since))
    if until < wish.since:
        raise refuse(_("期满日期早于派驻日期"), field="until", code="E_DAY")
    overlap = select(col(Dispatch.id)).where(
        col(Dispatch.worker_id) == worker.id,
        col(Dispatch.since) <= until,
        func.coalesce(col(Dispatch.ended_on), col(Dispatch.until)) >= wish.since,
    )
    if work.session.scalars(overlap).first() is not None:
        raise refuse(_("这名社工在这段时间已经派驻"), field="worker", code="E_SW_TWICE")
    made = Dispatch(
        programme=wish.programme.strip(),
        worker_id=worker.id or 0,
        unit=wish.unit.strip(),
        area=wish.area,
        since=wish.since,
        until=until,
        project_id=own_project(work, wish.project).id if wish.project.strip() else None,
        added_by=work.actor.account_id,
    )
    keep(work, made)
    work.record("social_workers.sent", _dispatch(made), area=made.area, after={"since": made.since, "until": until})
    return made


def _dispatch(one: Dispatch) -> str:
    return f"social_workers_dispatch:{one.id}"


def recall(work: UnitOfWork, text: str, wish: CloseOn) -> Dispatch:
    """A dispatch ends before its time."""
    one, on = own_dispatch(work, text, RUN), past(work, wish.on, "on")
    if one.ended_on or not one.since <= on <= one.until:
        raise refuse(_("日期不在派驻期内，或已经结束"), field="on", code="E_DAY")
    one.ended_on, one.reason = on, wish.reason.strip()
    moved(work, one)
    work.record("social_workers.recalled", _dispatch(one), area=one.area, reason=one.reason)
    return one


def add_trainee(work: UnitOfWork, text: str, wish: AddTrainee) -> Trainee:
    """Link somebody of the recipient unit to a dispatch, to be trained."""
    one = own_dispatch(work, text, RUN)
    person = living(work, wish.person_id, RUN, "person_id")
    same = select(col(Trainee.id)).where(col(Trainee.dispatch_id) == one.id, col(Trainee.person_id) == person.id)
    if work.session.scalars(same).first() is not None:
        raise refuse(_("已经是培养人员"), field="person_id", code="E_SW_TWICE")
    made = Trainee(
        dispatch_id=one.id or 0,
        project_id=one.project_id,
        person_id=person.id,
        unit=one.unit,
        planned=wish.planned,
        attended=_attended(wish.attended, wish.planned),
        added_by=work.actor.account_id,
    )
    keep(work, made)
    work.record("social_workers.trainee_added", _dispatch(one), area=one.area, after={"trainee": made.id})
    return made


def _attended(attended: int, planned: int) -> int:
    if attended > planned:
        raise refuse(_("参加次数多于计划次数"), field="attended", code="E_SW_ATTEND")
    return attended


def attend(work: UnitOfWork, text: str, wish: Attend) -> Trainee:
    """Note how often a trainee came; what was confirmed does not change any more."""
    one = own_dispatch(work, text, RUN)
    found = _trainee(work, one, wish.trainee)
    if found.confirmed_on:
        raise refuse(_("督导已经确认，不能再改"), field="trainee", code="E_SW_STATE")
    found.attended = _attended(wish.attended, found.planned)
    keep(work, found)
    after = {"trainee": found.id, "attended": found.attended}
    work.record("social_workers.trainee_attended", _dispatch(one), area=one.area, after=after)
    return found


def confirm_trainee(work: UnitOfWork, text: str, wish: ConfirmTrainee) -> Trainee:
    """The supervisor confirms a trainee with enough attendance."""
    one = own_dispatch(work, text, RUN)
    found, supervisor = _trainee(work, one, wish.trainee), named_worker(work, wish.supervisor, "supervisor")
    share = work.policy("social_workers.trainee_percent")
    if not trainee_counts(found.attended, found.planned, confirmed=True, share=share):
        raise refuse(_("出勤不足 {share}%，不能确认", share=share), field="trainee", code="E_SW_TRAINEE")
    found.confirmed_on, found.supervisor_id = work.today, supervisor.id
    keep(work, found)
    work.record("social_workers.trainee_confirmed", _dispatch(one), area=one.area, after={"trainee": found.id})
    return found


def _trainee(work: UnitOfWork, one: Dispatch, trainee_id: int) -> Trainee:
    found = work.session.get(Trainee, trainee_id)
    if found is None or found.dispatch_id != one.id:
        raise refuse(_("没有这名培养人员"), field="trainee", code="E_SW_STATE")
    return found


def link_up(work: UnitOfWork, wish: LinkUp) -> ThreeLink:
    """A community, an organisation and a worker act together by a plan."""
    work.require(SERVE, wish.area)
    since = past(work, wish.since, "since")
    made = ThreeLink(
        community=wish.community.strip(),
        area=wish.area,
        organisation=wish.organisation.strip(),
        worker_id=responsible(work, wish.worker, since).id or 0,
        plan=wish.plan.strip(),
        since=since,
        added_at=work.now,
        added_by=work.actor.account_id,
    )
    keep(work, made)
    work.record("social_workers.linked", f"social_workers_link:{made.id}", area=made.area)
    return made


def unlink(work: UnitOfWork, text: str, wish: CloseOn) -> ThreeLink:
    """A link ends."""
    one, on = own_link(work, text, SERVE), past(work, wish.on, "on")
    if one.until or on < one.since:
        raise refuse(_("日期早于开始日期，或已经结束"), field="on", code="E_DAY")
    one.until = on
    moved(work, one)
    work.record("social_workers.unlinked", f"social_workers_link:{one.id}", area=one.area, reason=wish.reason.strip())
    return one


def state_of_dispatch(one: Dispatch, on: date) -> str:
    """Whether a dispatch still runs on a day."""
    return "running" if on <= (one.ended_on or one.until) else "ended"


def holders_of(work: UnitOfWork, posts: list[Any]) -> dict[int, list[PostHolder]]:
    """Who holds posts now, by post."""
    found: dict[int, list[PostHolder]] = {}
    ids = [one.id for one in posts]
    asked = select(PostHolder).where(col(PostHolder.post_id).in_(ids), col(PostHolder.until).is_(None))
    for one in work.session.scalars(asked.order_by(col(PostHolder.id))):
        found.setdefault(one.post_id, []).append(one)
    return found
