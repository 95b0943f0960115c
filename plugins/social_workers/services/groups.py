"""Groups with members and sessions; events whose participants are person-times."""

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Objection, UnitOfWork, _, parse_money, refuse
from plugins.social_workers.measuring import members_of
from plugins.social_workers.models import (
    Attendance,
    Event,
    EventPerson,
    Group,
    GroupMember,
    GroupSession,
)
from plugins.social_workers.project_wishes import AddEvent, AddGroup, HoldSession, Measure, Recruit
from plugins.social_workers.queries import own_event, own_group
from plugins.social_workers.rules import list_key, place_key
from plugins.social_workers.services.common import (
    SERVE,
    keep,
    moved,
    past,
    people_named,
    points,
    require_state,
    responsible,
    running_project,
)
from plugins.social_workers.wishes import Step, Why


def subject(one: Group) -> str:
    """How the audit names a group."""
    return f"social_workers_group:{one.id}"


def plan(work: UnitOfWork, wish: AddGroup) -> Group:
    """Plan a group."""
    work.require(SERVE, wish.area)
    on = past(work, wish.planned_on, "planned_on")
    project = running_project(work, wish.project, on)
    made = Group(
        number=work.next_number(col(Group.number), f"XZ-{work.today.year}-"),
        theme=wish.theme.strip(),
        kind=wish.kind,
        project_id=project.id if project else None,
        worker_id=responsible(work, wish.worker, on).id or 0,
        area=wish.area,
        place=wish.place.strip(),
        planned_on=on,
        sessions_planned=wish.sessions_planned,
        goal=wish.goal.strip(),
        state_on=on,
        added_by=work.actor.account_id,
    )
    keep(work, made)
    work.record("social_workers.group_planned", subject(made), area=made.area, after={"number": made.number})
    return made


def _step(work: UnitOfWork, one: Group, state: str, reason: str = "") -> Group:
    before, one.state, one.state_on = one.state, state, work.today
    moved(work, one)
    work.record(
        "social_workers.group_stepped", subject(one), area=one.area, reason=reason, before={"state": before},
        after={"state": state},
    )  # fmt: skip
    return one


def recruit(work: UnitOfWork, text: str, wish: Recruit) -> Group:
    """Note the members; their number must fit what the county allows (E_SW_GROUP_SIZE)."""
    one = own_group(work, text, SERVE)
    require_state(one, "planned", "recruited")
    there = set(members_of(work, one.id or 0))
    new = [person for person in people_named(work, wish.members, "members") if person not in there]
    size = len(there) + len(new)
    least, most = work.policy("social_workers.group_min"), work.policy("social_workers.group_max")
    if not least <= size <= most:
        words = _("小组 {size} 人，应为 {least} 至 {most} 人", size=size, least=least, most=most)
        raise refuse(words, field="members", code="E_SW_GROUP_SIZE")
    keep(
        work,
        *(
            GroupMember(group_id=one.id or 0, person_id=person, joined_on=work.today, recorded_by=work.actor.account_id)
            for person in new
        ),
    )
    return _step(work, one, "recruited")


def hold(work: UnitOfWork, text: str, wish: HoldSession) -> GroupSession:
    """Note a session and who came: members only; the same session is not reported to two projects."""
    one, on = own_group(work, text, SERVE), past(work, wish.on, "on")
    require_state(one, "recruited", "running")
    members = set(members_of(work, one.id or 0))
    came = people_named(work, wish.attended, "attended")
    if not set(came) <= members:
        words = _("到场的多于组员，或不是组员：组员 {members} 人，到场 {came} 人", members=len(members), came=len(came))
        raise refuse(words, field="attended", code="E_SW_ATTEND")
    if on < one.planned_on:
        raise refuse(_("日期早于小组计划日期"), field="on", code="E_DAY")
    key = list_key(came, "")
    _not_reported(work, one, on, key)
    held = work.session.scalar(select(func.count()).where(col(GroupSession.group_id) == one.id)) or 0
    made = GroupSession(
        group_id=one.id or 0,
        place=held + 1,
        held_on=on,
        minutes=wish.minutes,
        attended=len(came),
        list_key=key,
        note=wish.note.strip(),
        recorded_by=work.actor.account_id,
    )
    keep(work, made)
    keep(work, *(Attendance(session_id=made.id or 0, person_id=person) for person in came))
    after = {"place": made.place, "attended": made.attended, "on": on}
    work.record("social_workers.session_held", subject(one), area=one.area, after=after)
    if one.state == "recruited":
        _step(work, one, "running")
    return made


def _not_reported(work: UnitOfWork, one: Group, on: object, key: str) -> None:
    same = (
        select(col(Group.number))
        .join(GroupSession, col(GroupSession.group_id) == col(Group.id))
        .where(
            col(GroupSession.held_on) == on,
            col(GroupSession.list_key) == key,
            col(Group.place) == one.place,
            col(Group.id) != one.id,
        )
    )
    number = work.session.scalars(same).first()
    if number:
        words = _("同一天、同一地点、同一批人的服务已报在 {number}", number=number)
        raise refuse(words, field="on", code="E_SW_DOUBLE")


def finish(work: UnitOfWork, text: str, _wish: Step) -> Group:
    """A group ends; whether it counts as completed follows from its sessions."""
    one = own_group(work, text, SERVE)
    require_state(one, "running")
    return _step(work, one, "ended")


def evaluate(work: UnitOfWork, text: str, wish: Measure) -> Group:
    """Note the measures before and after and the summary."""
    one = own_group(work, text, SERVE)
    require_state(one, "ended")
    one.before_tenths, one.after_tenths = points(wish.before, "before"), points(wish.after, "after")
    one.summary = wish.summary.strip()
    ended = one.state_on
    _step(work, one, "evaluated")
    # The day it ended is the day it counts.
    one.state_on = ended
    moved(work, one)
    return one


def cancel(work: UnitOfWork, text: str, wish: Why) -> Group:
    """A group does not take place, or breaks off."""
    one = own_group(work, text, SERVE)
    require_state(one, "planned", "recruited", "running")
    one.reason = wish.reason.strip()
    return _step(work, one, "cancelled", one.reason)


def add_event(work: UnitOfWork, wish: AddEvent) -> tuple[Event, list[Objection]]:
    """Note an event that was held; the same day, place and people are reported once (E_SW_DOUBLE)."""
    work.require(SERVE, wish.area)
    on = past(work, wish.on, "on")
    project = running_project(work, wish.project, on)
    people = people_named(work, wish.people, "people")
    if len(people) > wish.participants:
        raise refuse(_("实名参加人多于参加人次"), field="people", code="E_SW_ATTEND")
    place, key = place_key(wish.area, wish.place), list_key(people, wish.title)
    warnings = _same_service(work, on, place, key, wish)
    cost = parse_money(wish.cost)
    if cost < 0:
        raise refuse(_("金额不能小于 0"), field="cost", code="E_FIELD")
    made = Event(
        number=work.next_number(col(Event.number), f"SH-{work.today.year}-"),
        title=wish.title.strip(),
        project_id=project.id if project else None,
        worker_id=responsible(work, wish.worker, on).id or 0,
        area=wish.area,
        place=wish.place.strip(),
        held_on=on,
        participants=wish.participants,
        counted=wish.counted,
        volunteers=wish.volunteers,
        cost_fen=cost,
        evidence=wish.evidence.strip(),
        place_key=place,
        list_key=key,
        added_by=work.actor.account_id,
    )
    keep(work, made)
    keep(work, *(EventPerson(event_id=made.id or 0, person_id=person) for person in people))
    after = {"number": made.number, "participants": made.participants, "named": len(people), "on": on}
    work.record("social_workers.event_held", f"social_workers_event:{made.id}", area=made.area, after=after)
    return made, warnings + _round(work, made)


def _same_service(work: UnitOfWork, on: object, place: str, key: str, wish: AddEvent) -> list[Objection]:
    there = select(Event).where(col(Event.held_on) == on, col(Event.place_key) == place, col(Event.state) == "held")
    warnings = []
    for other in work.session.scalars(there):
        if other.list_key == key:
            words = _("同一天、同一地点、同一批人的服务已报在 {number}", number=other.number)
            raise refuse(words, field="on", code="E_SW_DOUBLE", hint=_("同一次服务只能报在一个项目"))
        if other.participants == wish.participants:
            words = _("同一天、同一地点还有人次相同的活动 {number}，请核对", number=other.number)
            warnings.append(Objection(reason=words, field="participants", code="W_SW_SAME"))
    return warnings


def _round(work: UnitOfWork, one: Event) -> list[Objection]:
    limit = work.policy("social_workers.round_events")
    same = select(func.count()).where(
        col(Event.state) == "held",
        col(Event.participants) == one.participants,
        col(Event.project_id) == one.project_id
        if one.project_id
        else col(Event.project_id).is_(None) & (col(Event.worker_id) == one.worker_id),
    )
    count = work.session.scalar(same) or 0
    if count <= limit:
        return []
    words = _("{count} 场活动的人次都是 {participants}，请核对", count=count, participants=one.participants)
    return [Objection(reason=words, field="participants", code="W_SW_ROUND")]


def withdraw_event(work: UnitOfWork, text: str, wish: Why) -> Event:
    """An event that was reported wrongly counts no more; it stays readable."""
    one = own_event(work, text, SERVE)
    require_state(one, "held")
    one.state, one.reason = "withdrawn", wish.reason.strip()
    moved(work, one)
    work.record("social_workers.event_withdrawn", f"social_workers_event:{one.id}", area=one.area, reason=one.reason)
    return one
