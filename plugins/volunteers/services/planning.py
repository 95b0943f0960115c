"""Activities: planned, published, their shifts and sign-ups, their steps to the archive."""

from sqlalchemy import func, select
from sqlmodel import col

from core.api import COUNTY_TIME, Objection, Refused, UnitOfWork, _, refuse
from plugins.volunteers.models import Activity, Attendance, Record, Shift, Signup, Volunteer
from plugins.volunteers.queries import any_volunteer, own_activity, own_org, unreversed
from plugins.volunteers.services.common import (
    PLAN,
    fits,
    keep,
    may_serve,
    moment,
    moved,
    require_open,
    require_state,
)
from plugins.volunteers.wishes import (
    AddShift,
    CancelActivity,
    CancelSignup,
    Insure,
    PlanActivity,
    SignUp,
    Step,
)
from plugins.volunteers.words import FIELD_OF_KIND, KINDS

SIGNABLE = ("published",)
PEOPLED = ("published", "closed_signup", "running")


def plan(work: UnitOfWork, wish: PlanActivity) -> Activity:
    """Draft an activity with its first shift."""
    work.require(PLAN, wish.area)
    org = own_org(work, wish.org, PLAN)
    require_open(org)
    _check_kind(wish.kind)
    starts, ends = moment(wish.starts, "starts"), moment(wish.ends, "ends")
    found = []
    if ends <= starts:
        found.append(Objection(reason=_("结束时间要晚于开始时间"), field="ends", code="E_FIELD"))
    if wish.max_age and wish.max_age < wish.min_age:
        found.append(Objection(reason=_("最大年龄小于最小年龄"), field="max_age", code="E_FIELD"))
    same = select(col(Activity.number)).where(col(Activity.source_ref) == wish.source_ref.strip())
    if wish.source_ref.strip() and work.session.scalars(same).first():
        found.append(Objection(reason=_("这个来源已经建过活动"), field="source_ref", code="E_VOL_TWICE"))
    if found:
        raise Refused(found)
    made = Activity(
        number=work.next_number(col(Activity.number), f"HD-{work.today.year}-"),
        title=wish.title.strip(),
        org_id=org.id or 0,
        kind=wish.kind,
        field=wish.field or FIELD_OF_KIND[wish.kind],
        area=wish.area,
        place=wish.place.strip(),
        starts_at=starts,
        ends_at=ends,
        min_age=wish.min_age,
        max_age=wish.max_age,
        skill=wish.skill or "",
        risk=wish.risk,
        policy_no=wish.policy_no.strip(),
        leader=wish.leader.strip(),
        contact=wish.contact.strip(),
        source_ref=wish.source_ref.strip(),
        added_by=work.actor.account_id,
    )
    keep(work, [made])
    keep(work, [Shift(activity_id=made.id or 0, starts_at=starts, ends_at=ends, slots=wish.slots)])
    after = {"number": made.number, "kind": made.kind, "risk": made.risk}
    work.record("volunteers.planned", subject(made), area=made.area, after=after)
    return made


def _check_kind(kind: str) -> None:
    if kind == "travel":
        raise refuse(_("路途和出行不算志愿服务，不能作为活动类别"), field="kind", code="E_VOL_TRAVEL")
    if kind not in KINDS:
        raise refuse(_("活动类别要从列出的里面选"), field="kind", code="E_FIELD", hint=", ".join(KINDS))


def add_shift(work: UnitOfWork, text: str, wish: AddShift) -> Shift:
    """One more shift, within the time of the activity."""
    one = own_activity(work, text, PLAN)
    require_state(one, "draft", "published", "closed_signup")
    starts, ends = moment(wish.starts, "starts"), moment(wish.ends, "ends")
    if ends <= starts:
        raise refuse(_("结束时间要晚于开始时间"), field="ends", code="E_FIELD")
    one.starts_at, one.ends_at = min(one.starts_at, starts), max(one.ends_at, ends)
    made = Shift(activity_id=one.id or 0, title=wish.title.strip(), starts_at=starts, ends_at=ends, slots=wish.slots)
    moved(work, one)
    keep(work, [made])
    work.record("volunteers.shift_added", subject(one), area=one.area, after={"shift": made.id, "slots": made.slots})
    return made


def insure(work: UnitOfWork, text: str, wish: Insure) -> Activity:
    """Note the insurance of an activity."""
    one = own_activity(work, text, PLAN)
    require_state(one, "draft", *PEOPLED)
    one.policy_no = wish.policy_no.strip()
    moved(work, one)
    work.record("volunteers.insured", subject(one), area=one.area)
    return one


def publish(work: UnitOfWork, text: str, _wish: Step) -> Activity:
    """Open an activity for sign-up; a risky one needs its insurance."""
    one = own_activity(work, text, PLAN)
    require_state(one, "draft")
    if one.risk == "high" and not one.policy_no:
        words = _("高风险活动没有保险单号，不能发布")
        raise refuse(words, field="policy_no", code="E_VOL_INSURE", hint=_("先登记保险"))
    return _step(work, one, "published")


def close_signup(work: UnitOfWork, text: str, _wish: Step) -> Activity:
    """Nobody signs up any more."""
    one = own_activity(work, text, PLAN)
    require_state(one, "published")
    return _step(work, one, "closed_signup")


def start(work: UnitOfWork, text: str, _wish: Step) -> Activity:
    """The activity runs."""
    one = own_activity(work, text, PLAN)
    require_state(one, "published", "closed_signup")
    return _step(work, one, "running")


def finish(work: UnitOfWork, text: str, _wish: Step) -> Activity:
    """The activity is over; hours are entered and confirmed."""
    one = own_activity(work, text, PLAN)
    require_state(one, "running")
    return _step(work, one, "finished")


def settle_records(work: UnitOfWork, text: str, _wish: Step) -> Activity:
    """All hours are confirmed; refused while one waits or somebody has not signed out."""
    one = own_activity(work, text, PLAN)
    require_state(one, "finished")
    inside = select(col(Attendance.id)).where(col(Attendance.activity_id) == one.id, col(Attendance.state) == "open")
    if work.session.scalars(inside).first() is not None:
        raise refuse(_("还有人没有签退"), code="E_VOL_OPEN")
    waiting = select(col(Record.id)).where(
        col(Record.activity_id) == one.id, col(Record.state) == "entered", unreversed()
    )
    if work.session.scalars(waiting).first() is not None:
        raise refuse(_("还有时长没有确认"), code="E_VOL_OPEN")
    return _step(work, one, "records_confirmed")


def archive(work: UnitOfWork, text: str, _wish: Step) -> Activity:
    """The activity goes to the archive."""
    one = own_activity(work, text, PLAN)
    require_state(one, "records_confirmed")
    return _step(work, one, "archived")


def cancel(work: UnitOfWork, text: str, wish: CancelActivity) -> Activity:
    """The activity does not take place; only before it runs."""
    one = own_activity(work, text, PLAN)
    require_state(one, "draft", "published", "closed_signup")
    one.cancel_reason = wish.cause
    return _step(work, one, "cancelled")


def _step(work: UnitOfWork, one: Activity, state: str) -> Activity:
    before, one.state = one.state, state
    moved(work, one)
    work.record("volunteers.stepped", subject(one), area=one.area, before={"state": before}, after={"state": state})
    return one


def sign_up(work: UnitOfWork, text: str, wish: SignUp) -> Signup:
    """A volunteer signs up: accepted while there is a place, else waiting in order."""
    activity = own_activity(work, text, PLAN)
    require_state(activity, *SIGNABLE)
    one = any_volunteer(work, wish.volunteer, PLAN)
    work.session.refresh(activity, with_for_update=True)  # two who want the last place see each other
    shift = _shift(work, activity, wish.shift)
    on = shift.starts_at.astimezone(COUNTY_TIME).date()
    found = [*may_serve(work, one, on, accompanied=wish.accompanied), *fits(work, one, activity, on)]
    if found:
        raise Refused(found)
    if _signup(work, shift.id or 0, one.id or 0) is not None:
        raise refuse(_("已经报过这个班次"), field="volunteer", code="E_VOL_TWICE")
    _check_clash(work, one, shift)
    made = Signup(
        shift_id=shift.id or 0,
        activity_id=activity.id or 0,
        volunteer_id=one.id or 0,
        state="accepted" if taken(work, shift.id or 0) < shift.slots else "waitlisted",
        accompanied=wish.accompanied,
        signed_at=work.now,
        signed_by=work.actor.account_id,
    )
    keep(work, [made])
    after = {"volunteer": one.number, "shift": shift.id, "state": made.state}
    work.record("volunteers.signed_up", subject(activity), area=activity.area, after=after)
    return made


def _shift(work: UnitOfWork, activity: Activity, shift_id: int | None) -> Shift:
    asked = select(Shift).where(col(Shift.activity_id) == activity.id).order_by(col(Shift.id))
    shifts = list(work.session.scalars(asked))
    if shift_id is not None:
        shifts = [one for one in shifts if one.id == shift_id]
    if not shifts:
        raise refuse(_("没有这个班次"), field="shift", code="E_FIELD")
    return next((one for one in shifts if taken(work, one.id or 0) < one.slots), shifts[0])


def taken(work: UnitOfWork, shift_id: int) -> int:
    """How many places of a shift are taken."""
    asked = select(func.count()).where(col(Signup.shift_id) == shift_id, col(Signup.state).in_(("accepted", "applied")))
    return work.session.scalar(asked) or 0


def _signup(work: UnitOfWork, shift_id: int, volunteer_id: int) -> Signup | None:
    asked = select(Signup).where(
        col(Signup.shift_id) == shift_id, col(Signup.volunteer_id) == volunteer_id, col(Signup.state) != "cancelled"
    )
    return work.session.scalars(asked).one_or_none()


def _check_clash(work: UnitOfWork, one: Volunteer, shift: Shift) -> None:
    asked = (
        select(col(Shift.id))
        .join(Signup, col(Signup.shift_id) == col(Shift.id))
        .join(Activity, col(Activity.id) == col(Shift.activity_id))
        .where(
            col(Signup.volunteer_id) == one.id,
            col(Signup.state) == "accepted",
            col(Activity.state) != "cancelled",
            col(Shift.starts_at) < shift.ends_at,
            col(Shift.ends_at) > shift.starts_at,
        )
    )
    if work.session.scalars(asked).first() is not None:
        raise refuse(_("这段时间已经报了别的班次"), field="volunteer", code="E_VOL_OVERLAP")


def cancel_signup(work: UnitOfWork, text: str, wish: CancelSignup) -> Signup:
    """A sign-up is taken back, the next in line moves up; or somebody did not come."""
    activity = own_activity(work, text, PLAN)
    require_state(activity, *PEOPLED, "finished")
    one = any_volunteer(work, wish.volunteer, PLAN)
    asked = select(Signup).where(
        col(Signup.activity_id) == activity.id,
        col(Signup.volunteer_id) == one.id,
        col(Signup.state).in_(("applied", "accepted", "waitlisted")),
    )
    found = work.session.scalars(asked.order_by(col(Signup.id).desc())).first()
    if found is None:
        raise refuse(_("没有报名，或已经取消"), field="volunteer", code="E_VOL_STATE")
    found.state = "absent" if wish.absent else "cancelled"
    found.cancel_reason = "" if wish.absent else wish.cause
    keep(work, [found])
    if not wish.absent and activity.state in PEOPLED:
        _move_up(work, found.shift_id)
    after = {"volunteer": one.number, "state": found.state}
    work.record("volunteers.signup_ended", subject(activity), area=activity.area, after=after)
    return found


def _move_up(work: UnitOfWork, shift_id: int) -> None:
    shift = work.session.get(Shift, shift_id)
    waiting = select(Signup).where(col(Signup.shift_id) == shift_id, col(Signup.state) == "waitlisted")
    first = work.session.scalars(waiting.order_by(col(Signup.id))).first()
    if shift is not None and first is not None and taken(work, shift_id) < shift.slots:
        first.state = "accepted"
        keep(work, [first])


def subject(one: Activity) -> str:
    """How the audit names an activity."""
    return f"volunteers_activity:{one.id}"
