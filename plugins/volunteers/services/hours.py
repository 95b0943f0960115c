"""Hours: entered, confirmed by somebody else, disputed, taken back by a row of their own; stars follow."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import COUNTY_TIME, Objection, Refused, UnitOfWork, _, refuse
from plugins.volunteers.models import Activity, Org, Record, Star, Volunteer
from plugins.volunteers.queries import (
    any_volunteer,
    balances,
    levels,
    own_activity,
    own_org,
    own_record,
    own_volunteer,
    unreversed,
)
from plugins.volunteers.rules import HOUR, day_parts, level_at, minutes_between
from plugins.volunteers.services.common import (
    CONFIRM,
    RECORD,
    from_to,
    hours_typed,
    keep,
    may_serve,
    not_later,
    require_open,
)
from plugins.volunteers.services.subsidising import follow_reversal
from plugins.volunteers.wishes import AddHours, CarryHours, Confirm, Dispute, Reverse

OVER = ("draft", "cancelled", "archived")


@dataclass(frozen=True)
class Ready:
    """A record that may be written: whose, for which organisation and activity, when, how long."""

    volunteer: Volunteer
    org: Org
    activity: Activity | None
    begin: datetime
    end: datetime
    minutes: int
    late: bool


def examine(work: UnitOfWork, wish: AddHours) -> Ready:
    """Hold every rule of hours; raises ``Refused`` with all that stands against them, writes nothing."""
    work.require(RECORD)
    volunteer = any_volunteer(work, wish.volunteer, RECORD)
    activity = own_activity(work, wish.activity, RECORD) if wish.activity.strip() else None
    if activity is None and not wish.org.strip():
        raise refuse(_("请填写活动编号或记录组织"), field="activity", code="E_FIELD")
    org = own_org(work, wish.org or str(activity.org_id if activity else 0), RECORD)
    require_open(org)
    begin, end = from_to(wish.on, wish.begin, wish.end)
    minutes = minutes_between(begin, end, wish.breaks)
    late = (work.today - wish.on).days > work.policy("volunteers.entry_days")
    found = [
        *may_serve(work, volunteer, wish.on),
        *_place_objections(activity, org, wish),
        *_time_objections(work, wish, end, minutes, late=late),
    ]
    if minutes > 0:
        found += clashes(work, volunteer.id or 0, begin, end, wish.breaks)
    if wish.corrects is not None:
        found += _correction_objections(work, wish.corrects, volunteer.id or 0)
    if found:
        raise Refused(found)
    return Ready(volunteer, org, activity, begin, end, minutes, late)


def _place_objections(activity: Activity | None, org: Org, wish: AddHours) -> list[Objection]:
    found = []
    if activity is None and wish.field is None:
        found.append(Objection(reason=_("请填写服务领域"), field="field", code="E_FIELD"))
    if activity is not None and activity.state in OVER:
        found.append(Objection(reason=_("活动现在的状态不能登记时长"), field="activity", code="E_VOL_STATE"))
    if activity is not None and activity.org_id != org.id:
        found.append(Objection(reason=_("这个活动不是这个组织的"), field="org", code="E_VOL_ORG"))
    if activity is not None and not (
        activity.starts_at - timedelta(days=1) <= _noon(wish.on) <= activity.ends_at + timedelta(days=1)
    ):
        found.append(Objection(reason=_("服务日期不在活动期间"), field="on", code="E_DAY"))
    return found


def _noon(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), COUNTY_TIME) + timedelta(hours=12)


def _time_objections(work: UnitOfWork, wish: AddHours, end: datetime, minutes: int, *, late: bool) -> list[Objection]:
    found = []
    if end > work.now:
        found.append(Objection(reason=_("签退时间晚于现在"), field="end", code="E_VOL_FUTURE"))
    if minutes <= 0:
        found.append(Objection(reason=_("扣除休息后没有服务时间"), field="breaks", code="E_FIELD"))
    if minutes > work.policy("volunteers.long_hours", on=wish.on) * HOUR and not wish.reason.strip():
        words = _("一次服务超过 {hours} 小时，请说明原因", hours=work.policy("volunteers.long_hours", on=wish.on))
        found.append(Objection(reason=words, field="reason", code="E_VOL_LONG"))
    if wish.mode == "paper" and not wish.evidence.strip():
        words = _("纸质签到要附签到表扫描件编号")
        found.append(Objection(reason=words, field="evidence", code="E_VOL_EVIDENCE"))
    if wish.mode == "paper" and late:
        words = _("纸质签到只能补登 {days} 天内的", days=work.policy("volunteers.entry_days"))
        found.append(Objection(reason=words, field="on", code="E_VOL_LATE"))
    return found


def _correction_objections(work: UnitOfWork, record_id: int, volunteer_id: int) -> list[Objection]:
    old = work.session.get(Record, record_id)
    gone = select(col(Record.id)).where(col(Record.reverses_id) == record_id)
    if old is None or old.volunteer_id != volunteer_id or work.session.scalars(gone).first() is None:
        return [Objection(reason=_("先冲销原来的记录，再登记更正"), field="corrects", code="E_VOL_STATE")]
    return []


def clashes(work: UnitOfWork, volunteer_id: int, begin: datetime, end: datetime, breaks: int) -> list[Objection]:
    """Overlaps with other service and the daily maximum, an interval over midnight split at 24:00."""
    found = []
    asked = select(Record).where(
        col(Record.volunteer_id) == volunteer_id,
        col(Record.kind) == "service",
        col(Record.in_at) < end + timedelta(days=1),
        col(Record.out_at) > begin - timedelta(days=1),
        unreversed(),
    )
    near = list(work.session.scalars(asked))
    same = next((one for one in near if one.in_at and one.out_at and one.in_at < end and one.out_at > begin), None)
    if same is not None:
        words = _("与服务记录 {id} 时间重叠", id=same.id)
        found.append(Objection(reason=words, field="begin", code="E_VOL_OVERLAP"))
    most = work.policy("volunteers.day_hours", on=begin.astimezone(COUNTY_TIME).date())
    totals = day_parts(begin, end, breaks)
    for one in near:
        if one.in_at and one.out_at:
            parts = day_parts(one.in_at, one.out_at, one.break_minutes)
            totals = {day: minutes + parts.get(day, 0) for day, minutes in totals.items()}
    if any(minutes > most * HOUR for minutes in totals.values()):
        words = _("一天的服务时长超过 {hours} 小时", hours=most)
        found.append(Objection(reason=words, field="end", code="E_VOL_DAYMAX"))
    return found


def add_hours(work: UnitOfWork, wish: AddHours) -> tuple[Record, list[Objection]]:
    """Enter hours that wait for somebody else to confirm them; answers with warnings that stop nothing."""
    ready = examine(work, wish)
    activity = ready.activity
    made = Record(
        volunteer_id=ready.volunteer.id or 0,
        org_id=ready.org.id or 0,
        activity_id=activity.id if activity else None,
        field=wish.field or (activity.field if activity else ""),
        area=activity.area if activity else ready.org.area,
        served_on=wish.on,
        in_at=ready.begin,
        out_at=ready.end,
        break_minutes=wish.breaks,
        minutes=ready.minutes,
        content=wish.content.strip() or (activity.title if activity else ""),
        leader=wish.leader.strip() or (activity.leader if activity else ready.org.leader),
        evidence=wish.evidence.strip(),
        mode=wish.mode,
        reason=wish.reason.strip(),
        late=ready.late,
        source_ref=wish.source_ref.strip() or (activity.source_ref if activity else ""),
        corrects_id=wish.corrects,
        entered_at=work.now,
        entered_by=work.actor.account_id,
    )
    keep(work, [made])
    after = {"volunteer": ready.volunteer.number, "minutes": made.minutes, "on": made.served_on}
    work.record("volunteers.hours_entered", subject(made), area=made.area, after=after)
    return made, [_late_warning()] if ready.late else []


def _late_warning() -> Objection:
    return Objection(reason=_("超过登记期限，已标为补登"), field="on", code="W_VOL_LATE")


def carry_hours(work: UnitOfWork, wish: CarryHours) -> Record:
    """Take over hours of an older system with their paper; somebody else confirms them too."""
    work.require(CONFIRM)
    volunteer, org = own_volunteer(work, wish.volunteer, CONFIRM), own_org(work, wish.org, CONFIRM)
    require_open(org)
    not_later(work, wish.until, "until")
    minutes = hours_typed(wish.hours, "hours")
    if not minutes:
        raise refuse(_("时长要大于 0"), field="hours", code="E_FIELD")
    made = Record(
        kind="carried",
        volunteer_id=volunteer.id or 0,
        org_id=org.id or 0,
        field=wish.field,
        area=org.area,
        served_on=wish.until,
        minutes=minutes,
        leader=org.leader,
        evidence=wish.evidence.strip(),
        mode="paper",
        entered_at=work.now,
        entered_by=work.actor.account_id,
    )
    keep(work, [made])
    after = {"volunteer": volunteer.number, "minutes": minutes}
    work.record("volunteers.hours_carried", subject(made), area=made.area, after=after)
    return made


def confirm(work: UnitOfWork, record_id: int | str, wish: Confirm) -> Record:
    """The organisation confirms a record; refused to who entered it. Stars reached are given today."""
    one = own_record(work, record_id, CONFIRM)
    if one.entered_by == work.actor.account_id:
        words = _("登记人不能确认自己登记的时长，请由别人确认")
        raise refuse(words, code="E_VOL_SELF")
    _require_standing(work, one)
    if one.state == "confirmed" and one.disputed_on is None:
        raise refuse(_("这条记录已经确认"), code="E_VOL_STATE")
    if one.state == "entered":
        one.state, one.confirmed_on, one.confirmed_by = "confirmed", work.today, work.actor.account_id
    one.disputed_on, one.dispute = None, ""
    if wish.evaluation:
        one.evaluation = wish.evaluation
    keep(work, [one])
    after = {"minutes": one.minutes, "evaluation": one.evaluation}
    work.record("volunteers.hours_confirmed", subject(one), area=one.area, after=after)
    settle_stars(work, one)
    return one


def _require_standing(work: UnitOfWork, one: Record) -> None:
    gone = select(col(Record.id)).where(col(Record.reverses_id) == one.id)
    if one.kind == "reversal" or work.session.scalars(gone).first() is not None:
        raise refuse(_("这条记录已经冲销"), code="E_VOL_STATE")


def reverse(work: UnitOfWork, record_id: int | str, wish: Reverse) -> Record:
    """Take a record back by a row of its own; stars that no longer hold are withdrawn, their history stays."""
    one = own_record(work, record_id, CONFIRM)
    _require_standing(work, one)
    made = Record(
        kind="reversal",
        volunteer_id=one.volunteer_id,
        org_id=one.org_id,
        activity_id=one.activity_id,
        field=one.field,
        area=one.area,
        served_on=one.served_on,
        minutes=-one.minutes if one.state == "confirmed" else 0,
        leader=one.leader,
        mode=one.mode,
        reason=wish.reason.strip(),
        reverses_id=one.id,
        state="confirmed",
        confirmed_on=work.today,
        entered_at=work.now,
        entered_by=work.actor.account_id,
    )
    keep(work, [made])
    after = {"reverses": one.id, "minutes": made.minutes}
    work.record("volunteers.hours_reversed", subject(made), area=made.area, reason=made.reason, after=after)
    settle_stars(work, made)
    follow_reversal(work, one, made.reason)
    return made


def dispute(work: UnitOfWork, record_id: int | str, wish: Dispute) -> Record:
    """Note an objection; it ends by confirming the record again or by its reversal."""
    one = own_record(work, record_id, RECORD)
    _require_standing(work, one)
    one.disputed_on, one.dispute = work.today, wish.reason.strip()
    keep(work, [one])
    work.record("volunteers.hours_disputed", subject(one), area=one.area, reason=one.dispute)
    return one


def settle_stars(work: UnitOfWork, cause: Record) -> None:
    """Give or withdraw star levels as the balance now says, and read the last day of service anew."""
    volunteer = work.session.get(Volunteer, cause.volunteer_id)
    if volunteer is None:
        return
    last = select(func.max(col(Record.served_on))).where(
        col(Record.volunteer_id) == volunteer.id,
        col(Record.state) == "confirmed",
        col(Record.kind) != "reversal",
        unreversed(),
    )
    volunteer.served_on = work.session.scalar(last)
    keep(work, [volunteer])
    minutes = balances(work, [volunteer.id or 0]).get(volunteer.id or 0, 0)
    has = levels(work, [volunteer.id or 0]).get(volunteer.id or 0, (0, None))[0]
    due = level_at(minutes, work.policy("volunteer.stars"))
    changes: list[tuple[int, str]] = [(level, "given") for level in range(has + 1, due + 1)]
    changes += [(level, "withdrawn") for level in range(has, due, -1)]
    for level, event in changes:
        star = Star(
            volunteer_id=volunteer.id or 0, level=level, event=event, happened_on=work.today, minutes=minutes,
            record_id=cause.id or 0,
        )  # fmt: skip
        keep(work, [star])
        after = {"level": level, "minutes": minutes}
        work.record(f"volunteers.star_{event}", f"volunteer:{volunteer.id}", area=volunteer.area, after=after)


def subject(one: Any) -> str:
    """How the audit names a record."""
    return f"volunteers_record:{one.id}"
