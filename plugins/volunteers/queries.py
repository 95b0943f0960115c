"""Questions about volunteers: only reads, within the areas of who asks; files of persons leave a read record."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from core.api import (
    NotFound,
    UnitOfWork,
    _,
    age_on,
    area_names,
    facts_of,
    find_person,
    id_numbers_of,
    in_parts,
    row_id,
    scoped,
    within,
)
from plugins.volunteers.models import (
    Activity,
    Certificate,
    Complaint,
    Honour,
    Member,
    Org,
    Record,
    Request,
    Signup,
    Skill,
    Star,
    Subsidy,
    Training,
    Volunteer,
)
from plugins.volunteers.rules import hours_of

SHOW = "volunteers.show"


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which rows of a list: by state, area and below, number or name; ``after`` is the last id of the page before."""

    state: str = ""
    area: str = ""
    text: str = ""
    org_id: int = 0
    after: int = 0
    limit: int = 50


def nobody() -> NotFound:
    """What is said of a volunteer who is not there, or not in one's area."""
    return NotFound(_("没有找到这名志愿者，或不在你的辖区"))


def own_volunteer(work: UnitOfWork, text: str, permission: str = SHOW) -> Volunteer:
    """A volunteer by number, id or citizen number in the actor's areas; raises ``NotFound``."""
    work.require(permission)
    found = work.session.scalars(
        scoped(work, select(Volunteer).where(_means(work, text)), col(Volunteer.area), permission)
    ).one_or_none()
    if found is None:
        raise nobody()
    return found


def any_volunteer(work: UnitOfWork, text: str, permission: str) -> Volunteer:
    """A volunteer of the whole county, for a sign-up or hours at one's own activity; raises ``NotFound``."""
    work.require(permission)
    found = work.session.scalars(select(Volunteer).where(_means(work, text))).one_or_none()
    if found is None:
        raise nobody()
    return found


def _means(work: UnitOfWork, text: str) -> Any:
    wanted = str(text).strip().upper()
    if wanted.startswith("V-"):
        return col(Volunteer.number) == wanted
    if number := row_id(wanted):
        return col(Volunteer.id) == number
    if len(wanted) < 15:
        return col(Volunteer.id) == 0
    return col(Volunteer.person_id) == find_person(work, wanted, SHOW).id


def own_org(work: UnitOfWork, text: str, permission: str = SHOW) -> Org:
    """An organisation by id or name in the actor's areas; raises ``NotFound``."""
    work.require(permission)
    wanted = str(text).strip()
    same = col(Org.id) == at if (at := row_id(wanted)) else col(Org.name) == wanted
    asked = scoped(work, select(Org).where(same).order_by(col(Org.id).desc()), col(Org.area), permission)
    found = work.session.scalars(asked).first()
    if found is None:
        raise NotFound(_("没有找到这个志愿服务组织，或不在你的辖区"))
    return found


def own_activity(work: UnitOfWork, text: str, permission: str = SHOW) -> Activity:
    """An activity by number or id in the actor's areas; raises ``NotFound``."""
    work.require(permission)
    wanted = str(text).strip().upper()
    same = col(Activity.id) == at if (at := row_id(wanted)) else col(Activity.number) == wanted
    found = work.session.scalars(scoped(work, select(Activity).where(same), col(Activity.area), permission)).first()
    if found is None:
        raise NotFound(_("没有找到这个活动，或不在你的辖区"))
    return found


def own_record(work: UnitOfWork, record_id: int | str, permission: str = SHOW) -> Record:
    """A service record in the actor's areas; raises ``NotFound``."""
    work.require(permission)
    wanted = row_id(record_id)
    asked = scoped(work, select(Record).where(col(Record.id) == wanted), col(Record.area), permission)
    found = work.session.scalars(asked).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这条服务记录，或不在你的辖区"))
    return found


def own_certificate(work: UnitOfWork, text: str, permission: str = SHOW) -> Certificate:
    """A certificate by number or id in the actor's areas; raises ``NotFound``."""
    work.require(permission)
    wanted = str(text).strip().upper()
    same = col(Certificate.id) == at if (at := row_id(wanted)) else col(Certificate.number) == wanted
    asked = scoped(work, select(Certificate).where(same), col(Certificate.area), permission)
    found = work.session.scalars(asked).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这份服务证明，或不在你的辖区"))
    return found


def own_request(work: UnitOfWork, text: str, permission: str = SHOW) -> Request:
    """A request for a certificate by number or id in the actor's areas; raises ``NotFound``."""
    work.require(permission)
    wanted = str(text).strip().upper()
    same = col(Request.id) == at if (at := row_id(wanted)) else col(Request.number) == wanted
    found = work.session.scalars(scoped(work, select(Request).where(same), col(Request.area), permission)).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这件申请，或不在你的辖区"))
    return found


def own_subsidy(work: UnitOfWork, subsidy_id: int | str, permission: str = SHOW) -> Subsidy:
    """A subsidy in the actor's areas; raises ``NotFound``."""
    work.require(permission)
    wanted = row_id(subsidy_id)
    asked = select(Subsidy).where(col(Subsidy.id) == wanted)
    found = work.session.scalars(scoped(work, asked, col(Subsidy.area), permission)).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这笔补助，或不在你的辖区"))
    return found


def list_requests(work: UnitOfWork, wish: Filter) -> list[dict[str, Any]]:
    """Requests for certificates, newest first."""
    asked = _listed(Request, wish)
    if wish.state:
        asked = asked.where(col(Request.state) == wish.state)
    rows = list(work.session.scalars(scoped(work, asked, col(Request.area), SHOW)))
    orgs = dict_of(work, Org, [one.org_id for one in rows])
    return [{**line, "org": orgs[one.org_id].name} for one, line in zip(rows, _lines(work, rows), strict=True)]


def list_subsidies(work: UnitOfWork, wish: Filter) -> list[dict[str, Any]]:
    """Subsidies, newest first; ``state`` is one of ``SUBSIDY_STATES``."""
    asked = _listed(Subsidy, wish)
    if wish.state:
        gone, batched = col(Subsidy.withdrawn_on).is_not(None), col(Subsidy.batch_id).is_not(None)
        asked = asked.where({"withdrawn": gone, "batched": ~gone & batched}.get(wish.state, ~gone & ~batched))
    rows = list(work.session.scalars(scoped(work, asked, col(Subsidy.area), SHOW)))
    return [{**line, "state": _paid(one)} for one, line in zip(rows, _lines(work, rows), strict=True)]


def _paid(one: Subsidy) -> str:
    return "withdrawn" if one.withdrawn_on else "batched" if one.batch_id else "waiting"


def _listed(model: Any, wish: Filter) -> Any:
    asked = select(model).order_by(model.id.desc()).limit(wish.limit + 1)
    if wish.after:
        asked = asked.where(model.id < wish.after)
    return asked.where(within(model.area, [wish.area])) if wish.area else asked


def _lines(work: UnitOfWork, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows about volunteers in a line each, with number and name; that they were read is recorded."""
    work.require(SHOW)
    if rows:
        work.record_read("volunteers.list_read", "volunteers:list")
    people = dict_of(work, Volunteer, [one.volunteer_id for one in rows])
    names = facts_of(work, [one.person_id for one in people.values()])
    return [
        {
            **_plain(one),
            "volunteer": people[one.volunteer_id].number,
            "name": names[people[one.volunteer_id].person_id].name
            if people[one.volunteer_id].person_id in names
            else "",
        }
        for one in rows
    ]


def request_line(work: UnitOfWork, one: Request) -> dict[str, Any]:
    """One request with the names of volunteer and organisation."""
    return {**_lines(work, [one])[0], "org": dict_of(work, Org, [one.org_id])[one.org_id].name}


def subsidy_line(work: UnitOfWork, one: Subsidy) -> dict[str, Any]:
    """One subsidy with the volunteer and where it stands."""
    return {**_lines(work, [one])[0], "state": _paid(one)}


def unreversed() -> Any:
    """True for records nothing took back."""
    back = aliased(Record)
    return ~select(col(back.id)).where(col(back.reverses_id) == col(Record.id)).exists()


def balances(work: UnitOfWork, volunteer_ids: Iterable[int]) -> dict[int, int]:
    """Confirmed minutes by volunteer, reversals taken off."""
    wanted, found = sorted(set(volunteer_ids)), {}
    for part in in_parts(wanted):
        asked = (
            select(col(Record.volunteer_id), func.sum(col(Record.minutes)))
            .where(col(Record.volunteer_id).in_(part), col(Record.state) == "confirmed")
            .group_by(col(Record.volunteer_id))
        )
        found.update({row[0]: int(row[1]) for row in work.session.execute(asked)})
    return found


def levels(work: UnitOfWork, volunteer_ids: Iterable[int]) -> dict[int, tuple[int, date]]:
    """The star level each volunteer holds now and since when; who holds none is left out."""
    wanted, found = sorted(set(volunteer_ids)), {}
    held: dict[int, dict[int, date | None]] = {}
    for part in in_parts(wanted):
        asked = select(Star).where(col(Star.volunteer_id).in_(part)).order_by(col(Star.id))
        for star in work.session.scalars(asked):
            given = star.happened_on if star.event == "given" else None
            held.setdefault(star.volunteer_id, {})[star.level] = given
    for volunteer, by_level in held.items():
        kept = {level: on for level, on in by_level.items() if on}
        if kept:
            found[volunteer] = (max(kept), kept[max(kept)])
    return found


def dormant_before(work: UnitOfWork) -> date:
    """Whoever served last before this day sleeps."""
    months = work.policy("volunteers.dormant_months")
    year, month = divmod(work.today.year * 12 + work.today.month - 1 - months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(work.today.day, last))


def state_of(work: UnitOfWork, volunteer: Volunteer) -> str:
    """The state of a volunteer today: dormancy follows from the last day of service."""
    last = volunteer.served_on or volunteer.registered_on
    return "dormant" if volunteer.state == "active" and last < dormant_before(work) else volunteer.state


def state_column(work: UnitOfWork) -> Any:
    """The state of a volunteer today, as SQL."""
    last = func.coalesce(col(Volunteer.served_on), col(Volunteer.registered_on))
    sleeping = and_(col(Volunteer.state) == "active", last < dormant_before(work))
    return case((sleeping, "dormant"), else_=col(Volunteer.state))


def list_volunteers(work: UnitOfWork, wish: Filter) -> list[dict[str, Any]]:
    """Volunteers of one's areas; one more than ``limit`` when there are more. Reading the list is recorded."""
    work.require(SHOW)
    asked = select(Volunteer).where(col(Volunteer.id) > wish.after).order_by(col(Volunteer.id)).limit(wish.limit + 1)
    if wish.state:
        asked = asked.where(state_column(work) == wish.state)
    if wish.area:
        asked = asked.where(within(col(Volunteer.area), [wish.area]))
    if wish.text:
        asked = asked.where(_means(work, wish.text))
    if wish.org_id:
        members = select(col(Member.volunteer_id)).where(col(Member.org_id) == wish.org_id, col(Member.until).is_(None))
        asked = asked.where(col(Volunteer.id).in_(members))
    rows = list(work.session.scalars(scoped(work, asked, col(Volunteer.area), SHOW)))
    if rows:
        work.record_read("volunteers.list_read", "volunteers:list")
    return volunteer_lines(work, rows)


def volunteer_lines(work: UnitOfWork, rows: Sequence[Volunteer]) -> list[dict[str, Any]]:
    """Volunteers in a line each: name, hours, stars."""
    ids = [one.id or 0 for one in rows]
    names, minutes, stars = facts_of(work, [one.person_id for one in rows]), balances(work, ids), levels(work, ids)
    places = area_names(work, {one.area for one in rows} | {one.area[:9] for one in rows})
    rounding = work.policy("volunteers.rounding")
    return [
        {
            "id": one.id,
            "number": one.number,
            "person_id": one.person_id,
            "name": names[one.person_id].name if one.person_id in names else "",
            "state": state_of(work, one),
            "area": one.area,
            "place": " ".join(places.get(code, "") for code in (one.area[:9], one.area)).strip(),
            "registered_on": one.registered_on,
            "minutes": minutes.get(one.id or 0, 0),
            "hours": hours_of(minutes.get(one.id or 0, 0), rounding),
            "stars": stars.get(one.id or 0, (0, None))[0],
            "star_since": stars.get(one.id or 0, (0, None))[1],
        }
        for one in rows
    ]


def show_volunteer(work: UnitOfWork, text: str) -> dict[str, Any]:
    """One volunteer in full, numbers masked, without telephone and health; opening it is recorded first."""
    one = own_volunteer(work, text)
    work.record_read("volunteers.file_read", f"volunteer:{one.id}", area=one.area)
    facts = facts_of(work, [one.person_id, *([one.guardian_id] if one.guardian_id else [])])
    born = facts[one.person_id].birth_date if one.person_id in facts else None
    number = id_numbers_of(work, [one.person_id]).get(one.person_id)
    trained = _of(work, Training, one)
    return {
        **volunteer_lines(work, [one])[0],
        "id_masked": str(number or ""),
        "born": born,
        "age": age_on(born, work.today, work.policy("identity.leap_birthday")) if born else None,
        "state_on": one.state_on,
        "reason": one.reason,
        "served_on": one.served_on,
        "languages": one.languages,
        "availability": one.availability,
        "phone_given": one.phone is not None,
        "guardian": facts[one.guardian_id].name if one.guardian_id in facts else "",
        "consent_on": one.consent_on,
        "background_on": one.background_on,
        "named": bool(one.named),
        "training_hours": hours_of(sum(course.minutes for course in trained if course.result == "passed")),
        "skills": [_plain(skill) for skill in _of(work, Skill, one) if skill.until is None],
        "trainings": [_plain(course) for course in trained],
        "honours": [_plain(honour) for honour in _of(work, Honour, one)],
        "star_history": [_plain(star) for star in _of(work, Star, one)],
        "teams": _teams(work, one),
        "records": list_records(work, Filter(limit=200), volunteer_id=one.id or 0, named=False),
        "certificates": [certificate_line(found) for found in _of(work, Certificate, one)],
        "version": one.version,
    }


def _of(work: UnitOfWork, model: Any, one: Volunteer) -> list[Any]:
    asked = select(model).where(model.volunteer_id == one.id).order_by(model.id.desc()).limit(200)
    return list(work.session.scalars(asked))


def _plain(one: Any) -> dict[str, Any]:
    hidden = {"recorded_by", "added_by", "entered_by", "confirmed_by", "code", "code_index", "matter", "signed_by"}
    return {name: getattr(one, name) for name in type(one).model_fields if name not in hidden}


def _teams(work: UnitOfWork, one: Volunteer) -> list[dict[str, Any]]:
    asked = (
        select(col(Org.id), col(Org.name), col(Member.since), col(Member.until))
        .join(Org, col(Org.id) == col(Member.org_id))
        .where(col(Member.volunteer_id) == one.id)
        .order_by(col(Member.id))
    )
    return [row._asdict() for row in work.session.execute(asked)]


def list_records(
    work: UnitOfWork, wish: Filter, *, volunteer_id: int = 0, activity_id: int = 0, named: bool = True
) -> list[dict[str, Any]]:
    """Service records, newest first; ``state`` may be one of ``RECORD_STATES`` or "late"."""
    work.require(SHOW)
    asked = select(Record).order_by(col(Record.id).desc()).limit(wish.limit + 1)
    if wish.after:
        asked = asked.where(col(Record.id) < wish.after)
    if wish.state == "late":
        asked = asked.where(col(Record.late).is_(True))
    elif wish.state == "disputed":
        asked = asked.where(col(Record.disputed_on).is_not(None), unreversed())
    elif wish.state == "reversed":
        asked = asked.where(~unreversed())
    elif wish.state:
        asked = asked.where(col(Record.state) == wish.state, unreversed(), col(Record.kind) != "reversal")
    if volunteer_id:
        asked = asked.where(col(Record.volunteer_id) == volunteer_id)
    if activity_id:
        asked = asked.where(col(Record.activity_id) == activity_id)
    if wish.org_id:
        asked = asked.where(col(Record.org_id) == wish.org_id)
    if wish.area:
        asked = asked.where(within(col(Record.area), [wish.area]))
    rows = list(work.session.scalars(scoped(work, asked, col(Record.area), SHOW)))
    if rows and named:
        work.record_read("volunteers.list_read", "volunteers:list")
    return record_lines(work, rows)


def record_lines(work: UnitOfWork, rows: Sequence[Record]) -> list[dict[str, Any]]:
    """Records in a line each."""
    ids = [one.id for one in rows]
    gone = set(work.session.scalars(select(col(Record.reverses_id)).where(col(Record.reverses_id).in_(ids))))
    people = dict_of(work, Volunteer, [one.volunteer_id for one in rows])
    names = facts_of(work, [one.person_id for one in people.values()])
    orgs = dict_of(work, Org, [one.org_id for one in rows])
    rounding = work.policy("volunteers.rounding")
    return [
        {
            **{name: value for name, value in _plain(one).items() if name not in ("state",)},
            "state": "reversed" if one.id in gone else "disputed" if one.disputed_on else one.state,
            "hours": hours_of(one.minutes, rounding),
            "volunteer": people[one.volunteer_id].number,
            "name": names[people[one.volunteer_id].person_id].name
            if people[one.volunteer_id].person_id in names
            else "",
            "org": orgs[one.org_id].name,
            "mine": one.entered_by == work.actor.account_id,
        }
        for one in rows
    ]


def dict_of(work: UnitOfWork, model: Any, ids: Iterable[int]) -> dict[int, Any]:
    """Rows by id."""
    wanted = sorted(set(ids))
    found: dict[int, Any] = {}
    for part in in_parts(wanted):
        asked = select(model).where(model.id.in_(part))
        found |= {one.id: one for one in work.session.scalars(asked)}
    return found


def certificate_line(one: Certificate) -> dict[str, Any]:
    """A certificate in a line."""
    return {
        **_plain(one),
        "state": "revoked" if one.revoked_on else "issued",
        "hours": hours_of(one.minutes),
        "records": [int(number) for number in one.records.split(",")],
    }


def minutes_by_month(work: UnitOfWork, org_id: int, year: int) -> list[int]:
    """Confirmed minutes of a team by month of a year, January first."""
    asked = (
        select(func.extract("month", col(Record.served_on)), func.sum(col(Record.minutes)))
        .where(
            col(Record.org_id) == org_id,
            col(Record.state) == "confirmed",
            col(Record.kind) != "carried",
            col(Record.served_on).between(date(year, 1, 1), date(year, 12, 31)),
        )
        .group_by(func.extract("month", col(Record.served_on)))
    )
    found: Mapping[int, int] = {int(row[0]): int(row[1]) for row in work.session.execute(asked)}
    return [found.get(month, 0) for month in range(1, 13)]


def first_aid_since(work: UnitOfWork, volunteer_id: int, on: date) -> bool:
    """Whether a first-aid course was passed within the months of the policy before a day."""
    months = work.policy("volunteers.first_aid_months", on=on)
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    limit = date(year, month + 1, min(on.day, 28))
    asked = select(col(Training.id)).where(
        col(Training.volunteer_id) == volunteer_id,
        col(Training.course) == "first_aid",
        col(Training.result) == "passed",
        col(Training.held_on).between(limit, on),
    )
    return work.session.scalars(asked).first() is not None


def signups_of(work: UnitOfWork, activity_id: int) -> list[Signup]:
    """The sign-ups of an activity in their order, without those taken back."""
    asked = select(Signup).where(col(Signup.activity_id) == activity_id, col(Signup.state) != "cancelled")
    return list(work.session.scalars(asked.order_by(col(Signup.id))))


def complaints_of(work: UnitOfWork, org: Org) -> list[Complaint]:
    """Complaints about an organisation, newest first."""
    asked = select(Complaint).where(col(Complaint.org_id) == org.id).order_by(col(Complaint.id).desc()).limit(100)
    return list(work.session.scalars(asked))
