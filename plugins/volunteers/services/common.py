"""What the services share: numbers in a row, moments of the county, who may serve where."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from core.api import COUNTY_TIME, Objection, UnitOfWork, _, age_on, facts_of, read_number, refuse
from plugins.volunteers.models import Activity, Org, Skill, Volunteer
from plugins.volunteers.queries import first_aid_since
from plugins.volunteers.words import ALIVE, SKILLS

KEEP, PLAN, RECORD, CONFIRM, CERTIFY, SUBSIDISE, PAY = (
    "volunteers.keep", "volunteers.plan", "volunteers.record", "volunteers.confirm", "volunteers.certify",
    "volunteers.subsidise", "volunteers.pay",
)  # fmt: skip


def moment(text: str, field: str) -> datetime:
    """A moment in county time ("2026-11-20 08:30"); refused when it is none."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise refuse(_("时间写法不对，例如 2026-11-20 08:30"), field=field, code="E_FIELD") from None
    return at if at.tzinfo else at.replace(tzinfo=COUNTY_TIME)


def clock(on: date, text: str, field: str) -> datetime:
    """A time of a county day ("08:30"); refused when it is none."""
    return moment(f"{on.isoformat()} {text.strip():0>5}", field)


def from_to(on: date, begin: str, end: str) -> tuple[datetime, datetime]:
    """In and out of a service; an out-time before the in-time is on the next day."""
    since, until = clock(on, begin, "begin"), clock(on, end, "end")
    return since, until if until > since else until + timedelta(days=1)


def not_later(work: UnitOfWork, day: date, field: str) -> None:
    """Refuse a day after today."""
    if day > work.today:
        raise refuse(_("日期不能晚于今天"), field=field, code="E_DAY")


def hours_typed(text: str, field: str) -> int:
    """Hours as typed ("98.5"), in minutes; at most one decimal."""
    hours = read_number(text)
    if hours is None or hours < 0 or hours * 10 != (hours * 10).to_integral_value():
        raise refuse(_("时长请填小时，最多一位小数，例如 98.5"), field=field, code="E_FIELD")
    return int(hours * 60)


def require_open(org: Org, field: str = "org") -> None:
    """Refuse an organisation that was merged or closed."""
    if org.state != "open":
        raise refuse(_("“{name}”已经并入其他组织或注销", name=org.name), field=field, code="E_VOL_STATE")


def require_state(activity: Activity, *states: str) -> None:
    """Refuse a step that does not fit where an activity stands."""
    if activity.state not in states:
        raise refuse(_("活动现在的状态不能这样办理"), code="E_VOL_STATE")


def age_of(work: UnitOfWork, volunteer: Volunteer, on: date) -> int | None:
    """The age of a volunteer on a day; None when the day of birth is unknown."""
    one = facts_of(work, [volunteer.person_id]).get(volunteer.person_id)
    return age_on(one.birth_date, on, work.policy("identity.leap_birthday")) if one and one.birth_date else None


def may_serve(
    work: UnitOfWork, volunteer: Volunteer, on: date, *, accompanied: bool = True, field: str = "volunteer"
) -> list[Objection]:
    """What stands against a volunteer's service on a day: state, age, consent of the guardian."""
    found = []
    if volunteer.state not in ALIVE:
        found.append(Objection(reason=_("这名志愿者已经退出或除名"), field=field, code="E_VOL_STATE"))
    age = age_of(work, volunteer, on)
    if age is None:
        return found
    least, alone = work.policy("volunteers.min_age", on=on), work.policy("volunteers.alone_age", on=on)
    if age < least:
        found.append(Objection(reason=_("不满 {age} 周岁，不能参加", age=least), field=field, code="E_VOL_AGE"))
    elif age < work.policy("volunteers.adult_age", on=on) and (
        volunteer.consent_on is None or volunteer.consent_on > work.today
    ):
        words = _("未成年人参加志愿服务要有监护人同意")
        found.append(Objection(reason=words, field=field, code="E_VOL_MINOR", hint=_("先登记监护人同意")))
    elif age < alone and not accompanied:
        words = _("不满 {age} 周岁的，要由监护人陪同", age=alone)
        found.append(Objection(reason=words, field="accompanied", code="E_VOL_MINOR"))
    return found


def fits(work: UnitOfWork, volunteer: Volunteer, activity: Activity, on: date) -> list[Objection]:
    """What an activity asks beyond that: age limits, a skill, first aid for search and rescue."""
    found = []
    age = age_of(work, volunteer, on)
    if age is not None and (age < activity.min_age or (activity.max_age and age > activity.max_age)):
        found.append(Objection(reason=_("年龄不符合活动要求"), field="volunteer", code="E_VOL_AGE"))
    if not activity.skill:
        return found
    if not has_skill(work, volunteer.id or 0, activity.skill, on):
        words = _("没有活动要求的技能：{skill}", skill=_(SKILLS[activity.skill]))
        found.append(Objection(reason=words, field="volunteer", code="E_VOL_SKILL"))
    if activity.skill == "search_rescue" and not first_aid_since(work, volunteer.id or 0, on):
        words = _("搜救任务要有有效期内的急救培训")
        found.append(Objection(reason=words, field="volunteer", code="E_VOL_UNTRAINED"))
    return found


def has_skill(work: UnitOfWork, volunteer_id: int, skill: str, on: date) -> bool:
    """Whether a skill is registered and its certificate valid on a day."""
    asked = select(col(Skill.id)).where(
        col(Skill.volunteer_id) == volunteer_id,
        col(Skill.skill) == skill,
        col(Skill.until).is_(None),
        col(Skill.valid_to).is_(None) | (col(Skill.valid_to) >= on),
    )
    return work.session.scalars(asked).first() is not None


def moved(work: UnitOfWork, *rows: Any) -> None:
    """Save rows that changed, each with a new version."""
    for one in rows:
        one.version += 1
    keep(work, rows)


def keep(work: UnitOfWork, rows: Iterable[Any]) -> None:
    """Save rows and take their ids."""
    work.session.add_all(list(rows))
    work.session.flush()
