"""Signing in and out at the site. A sign-out that was forgotten is never invented."""

import re
from datetime import timedelta

from sqlalchemy import select
from sqlmodel import col

from core.api import COUNTY_TIME, NotFound, Objection, Refused, UnitOfWork, _, refuse
from plugins.volunteers.models import Activity, Attendance, Record, Shift, Signup, Volunteer
from plugins.volunteers.queries import any_volunteer, own_activity
from plugins.volunteers.rules import HOUR, minutes_between
from plugins.volunteers.services.common import CONFIRM, RECORD, clock, keep, may_serve, moved
from plugins.volunteers.services.hours import clashes
from plugins.volunteers.services.planning import PEOPLED
from plugins.volunteers.wishes import SignIn, SignOut

_TOKEN = re.compile(r"[0-9a-f]{32}")
EARLY = timedelta(hours=2)


def holder_of(work: UnitOfWork, card: str) -> Volunteer:
    """The volunteer behind a card's token, an address that ends in one, or a number; raises ``NotFound``."""
    work.require(RECORD)
    tokens = _TOKEN.findall(card.strip().lower())
    if not tokens:
        return any_volunteer(work, card, RECORD)
    found = work.session.scalars(select(Volunteer).where(col(Volunteer.token) == tokens[-1])).one_or_none()
    if found is None:
        raise NotFound(_("这张志愿者卡已经作废，或不是本县的"))
    return found


def sign(work: UnitOfWork, text: str, wish: SignIn) -> tuple[Attendance, Record | None]:
    """A card at the site: who is outside comes in, who is inside goes out and the hours are entered."""
    activity = own_activity(work, text, RECORD)
    one = holder_of(work, wish.card)
    inside = _inside(work, one)
    if inside is not None and inside.activity_id == activity.id:
        return _sign_out(work, activity, one, inside, wish)
    if inside is not None:
        raise refuse(_("还没有在别的活动签退"), field="card", code="E_VOL_OVERLAP")
    return _sign_in(work, activity, one, wish), None


def _inside(work: UnitOfWork, one: Volunteer) -> Attendance | None:
    asked = select(Attendance).where(col(Attendance.volunteer_id) == one.id, col(Attendance.state) == "open")
    return work.session.scalars(asked).one_or_none()


def _sign_in(work: UnitOfWork, activity: Activity, one: Volunteer, wish: SignIn) -> Attendance:
    if activity.state not in PEOPLED:
        raise refuse(_("活动现在不能签到"), field="card", code="E_VOL_STATE")
    if not activity.starts_at - EARLY <= work.now <= activity.ends_at:
        raise refuse(_("现在不在活动时间"), field="card", code="E_DAY")
    accepted = select(col(Signup.id)).where(
        col(Signup.activity_id) == activity.id, col(Signup.volunteer_id) == one.id, col(Signup.state) == "accepted"
    )
    if work.session.scalars(accepted).first() is None:
        raise refuse(_("没有报名或没有录用，先办理报名"), field="card", code="E_VOL_SIGNUP")
    found = may_serve(work, one, work.today, field="card")
    if found:
        raise Refused(found)
    made = Attendance(
        activity_id=activity.id or 0,
        volunteer_id=one.id or 0,
        in_at=work.now.replace(second=0, microsecond=0),
        mode=wish.mode,
        signed_by=work.actor.account_id,
    )
    keep(work, [made])
    if activity.state != "running":
        before, activity.state = activity.state, "running"
        moved(work, activity)
        after = {"state": "running"}
        work.record("volunteers.stepped", _subject(activity), area=activity.area, before={"state": before}, after=after)
    work.record("volunteers.signed_in", _subject(activity), area=activity.area, after={"volunteer": one.number})
    return made


def _sign_out(
    work: UnitOfWork, activity: Activity, one: Volunteer, inside: Attendance, wish: SignIn
) -> tuple[Attendance, Record | None]:
    out = work.now.replace(second=0, microsecond=0)
    if (work.today - inside.in_at.astimezone(COUNTY_TIME).date()).days > 1:
        words = _("签到已经过了一天，请凭证补登签退")
        raise refuse(words, field="card", code="E_VOL_OPEN")
    minutes = minutes_between(inside.in_at, out, wish.breaks)
    if minutes <= 0:
        raise refuse(_("刚签到，还没有服务时间"), field="card", code="E_VOL_SHORT")
    reason = _("现场扫码签退") if minutes > work.policy("volunteers.long_hours") * HOUR else ""
    return _close(work, activity, one, inside, out, wish.breaks, "", reason)


def certify_out(work: UnitOfWork, text: str, wish: SignOut) -> tuple[Attendance, Record | None]:
    """A forgotten sign-out, certified by the organisation with its evidence."""
    activity = own_activity(work, text, CONFIRM)
    one = any_volunteer(work, wish.volunteer, CONFIRM)
    asked = select(Attendance).where(
        col(Attendance.activity_id) == activity.id,
        col(Attendance.volunteer_id) == one.id,
        col(Attendance.state).in_(("open", "expired")),
    )
    inside = work.session.scalars(asked.order_by(col(Attendance.id).desc())).first()
    if inside is None:
        raise refuse(_("没有等待签退的记录"), field="volunteer", code="E_VOL_STATE")
    out = clock(inside.in_at.astimezone(COUNTY_TIME).date(), wish.end, "end")
    out = out if out > inside.in_at else out + timedelta(days=1)
    if out > work.now:
        raise refuse(_("签退时间晚于现在"), field="end", code="E_VOL_FUTURE")
    if minutes_between(inside.in_at, out, wish.breaks) <= 0:
        raise refuse(_("扣除休息后没有服务时间"), field="breaks", code="E_FIELD")
    return _close(work, activity, one, inside, out, wish.breaks, wish.evidence.strip(), wish.reason.strip())


def _close(
    work: UnitOfWork, activity: Activity, one: Volunteer, inside: Attendance, out: object, breaks: int,
    evidence: str, reason: str,
) -> tuple[Attendance, Record | None]:  # fmt: skip
    inside.out_at = out  # ty: ignore[invalid-assignment] - a moment of the county
    begin, end = inside.in_at, inside.out_at
    if end is None:
        return inside, None
    found = clashes(work, one.id or 0, begin, end, breaks)
    minutes = minutes_between(begin, end, breaks)
    if minutes > work.policy("volunteers.long_hours") * HOUR and not reason:
        found.append(Objection(reason=_("一次服务超过时限，请说明原因"), field="reason", code="E_VOL_LONG"))
    if found:
        raise Refused(found)
    served_on = begin.astimezone(COUNTY_TIME).date()
    made = Record(
        volunteer_id=one.id or 0,
        org_id=activity.org_id,
        activity_id=activity.id,
        field=activity.field,
        area=activity.area,
        served_on=served_on,
        in_at=begin,
        out_at=end,
        break_minutes=breaks,
        minutes=minutes,
        content=activity.title,
        leader=activity.leader,
        evidence=evidence,
        mode=inside.mode,
        reason=reason,
        late=(work.today - served_on).days > work.policy("volunteers.entry_days"),
        source_ref=activity.source_ref,
        entered_at=work.now,
        entered_by=work.actor.account_id,
    )
    keep(work, [made])
    inside.state, inside.record_id = "closed", made.id
    keep(work, [inside])
    after = {"volunteer": one.number, "minutes": minutes}
    work.record("volunteers.signed_out", _subject(activity), area=activity.area, after=after)
    return inside, made


def expire(work: UnitOfWork) -> None:
    """Sign-ins without a sign-out after the days for entering count nothing unless certified. Job of every day."""
    limit = work.now - timedelta(days=work.policy("volunteers.entry_days"))
    asked = select(Attendance).where(col(Attendance.state) == "open", col(Attendance.in_at) < limit).limit(500)
    rows = list(work.session.scalars(asked))
    for one in rows:
        one.state = "expired"
    if rows:
        keep(work, rows)
        work.record("volunteers.sign_ins_expired", "volunteers:list", count=len(rows))


def on_site(work: UnitOfWork, activity: Activity) -> list[tuple[Signup, Volunteer, Attendance | None]]:
    """Who is expected at the site, with the last sign-in there."""
    asked = (
        select(Signup, Volunteer)
        .join(Volunteer, col(Volunteer.id) == col(Signup.volunteer_id))
        .where(col(Signup.activity_id) == activity.id, col(Signup.state).in_(("accepted", "absent")))
        .order_by(col(Signup.id))
    )
    there = select(Attendance).where(col(Attendance.activity_id) == activity.id).order_by(col(Attendance.id))
    last = {one.volunteer_id: one for one in work.session.scalars(there)}
    seen: dict[int, tuple[Signup, Volunteer, Attendance | None]] = {}
    for signup, volunteer in work.session.execute(asked):
        seen.setdefault(volunteer.id or 0, (signup, volunteer, last.get(volunteer.id or 0)))
    return list(seen.values())


def shifts_of(work: UnitOfWork, activity_id: int) -> list[Shift]:
    """The shifts of an activity in their order."""
    asked = select(Shift).where(col(Shift.activity_id) == activity_id).order_by(col(Shift.starts_at), col(Shift.id))
    return list(work.session.scalars(asked))


def _subject(activity: Activity) -> str:
    return f"volunteers_activity:{activity.id}"
