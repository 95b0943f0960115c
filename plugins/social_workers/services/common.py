"""What the services share: rights, numbers in a row, moments of the county, hours as typed."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from core.api import COUNTY_TIME, Objection, PersonFacts, UnitOfWork, _, facts_of, find_person, refuse
from plugins.social_workers.models import Project, Worker
from plugins.social_workers.queries import any_worker, own_project, registration_state, registrations_of

KEEP, RUN, ASSESS, SERVE, FILE, PAY = (
    "social_workers.keep", "social_workers.run", "social_workers.assess", "social_workers.serve",
    "social_workers.file", "social_workers.pay",
)  # fmt: skip


def moment(work: UnitOfWork, text: str, field: str) -> datetime:
    """A moment in county time ("2026-11-20 08:30"), now for none; refused when it is none or still to come."""
    if not text.strip():
        return work.now
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise refuse(_("时间写法不对，例如 2026-11-20 08:30"), field=field, code="E_FIELD") from None
    at = at if at.tzinfo else at.replace(tzinfo=COUNTY_TIME)
    if at > work.now:
        raise refuse(_("时间不能晚于现在"), field=field, code="E_DAY")
    return at


def past(work: UnitOfWork, day: date | None, field: str) -> date:
    """A day that has come, today for none; refused when it is still to come."""
    if day and day > work.today:
        raise refuse(_("日期不能晚于今天"), field=field, code="E_DAY")
    return day or work.today


def tenths(text: str, field: str) -> int:
    """A number above 0 with at most one decimal ("7.5"), in tenths."""
    try:
        given = Decimal(text.strip()) * 10
    except InvalidOperation:
        raise refuse(_("请填数字，最多一位小数，例如 7.5"), field=field, code="E_FIELD") from None
    if not given.is_finite() or given < 0 or given != given.to_integral_value():
        raise refuse(_("请填数字，最多一位小数，例如 7.5"), field=field, code="E_FIELD")
    return int(given)


def points(text: str, field: str) -> int:
    """Points or a share from 0 to 100 with at most one decimal, in tenths."""
    found = tenths(text, field)
    if found > 1000:
        raise refuse(_("不能大于 100"), field=field, code="E_FIELD")
    return found


def living(work: UnitOfWork, person_id: int, permission: str, field: str) -> PersonFacts:
    """Somebody of the county's register who is alive, whoever the record was merged into."""
    person = find_person(work, str(person_id), permission)
    number = person.merged_into or person.id or 0
    one = facts_of(work, [number])[number]
    if one.died_on:
        raise refuse(_("这个人已经登记死亡"), field=field, code="E_SW_STATE")
    return one


def named_worker(work: UnitOfWork, text: str, field: str) -> Worker:
    """A worker who stands in the register, named on something; raises ``NotFound`` or refuses one removed."""
    one = any_worker(work, text)
    if one.state != "listed":
        raise refuse(_("这名社工已移出名册"), field=field, code="E_SW_STATE")
    return one


def responsible(work: UnitOfWork, text: str, on: date, field: str = "worker") -> Worker:
    """A worker who is to answer for something; refused (E_SW_LAPSED) when the registration has lapsed."""
    one = named_worker(work, text, field)
    if standing(work, one, on) == "lapsed":
        words = _("{number} 的登记已过期，不能作为承办社工", number=one.number)
        raise refuse(words, field=field, code="E_SW_LAPSED", hint=_("先办理再登记"))
    return one


def assisting(work: UnitOfWork, text: str, on: date, field: str, warnings: list[Objection]) -> Worker:
    """A worker who helps; a lapsed registration is a warning."""
    one = named_worker(work, text, field)
    if standing(work, one, on) == "lapsed":
        words = _("{number} 的登记已过期", number=one.number)
        warnings.append(Objection(reason=words, field=field, code="W_SW_LAPSED"))
    return one


def standing(work: UnitOfWork, one: Worker, on: date) -> str:
    """Where the registration of a worker stands on a day."""
    return registration_state(work, registrations_of(work, [one.id or 0]).get(one.id or 0), on)


def running_project(work: UnitOfWork, text: str, on: date | None = None) -> Project | None:
    """A project in which service is given now; None for no text; refused before the contract and after the end."""
    if not text.strip():
        return None
    one = own_project(work, text)
    if one.state not in ("contracted", "running", "mid_term"):
        raise refuse(_("项目现在的状态不能登记服务"), field="project", code="E_SW_STATE")
    if on and not one.since <= on <= one.until:
        raise refuse(_("日期不在项目期限内"), field="project", code="E_DAY")
    return one


def people_named(work: UnitOfWork, ids: Iterable[int], field: str) -> list[int]:
    """Persons of the county's register by id, each once; refused with the ids nobody holds."""
    wanted = list(dict.fromkeys(ids))
    known = facts_of(work, wanted)
    missing = [str(one) for one in wanted if one not in known]
    if missing:
        raise refuse(_("没有找到人员：{ids}", ids="、".join(missing[:10])), field=field, code="E_ID_UNKNOWN")
    return sorted({known[one].id for one in wanted})


def require_state(one: Any, *states: str) -> None:
    """Refuse a step that does not fit where a thing stands."""
    if one.state not in states:
        raise refuse(_("现在的状态不能这样办理"), code="E_SW_STATE")


def moved(work: UnitOfWork, *rows: Any) -> None:
    """Save rows that changed, each with a new version."""
    for one in rows:
        one.version += 1
    keep(work, *rows)


def keep(work: UnitOfWork, *rows: Any) -> None:
    """Save rows and take their ids."""
    work.session.add_all(list(rows))
    work.session.flush()
