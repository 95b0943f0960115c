"""Questions about organisations and activities: lists, one in full, who may be reached at the site."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import COUNTY_TIME, UnitOfWork, area_names, facts_of, scoped, within
from plugins.volunteers import sealed
from plugins.volunteers.models import Activity, Attendance, Member, Org, Record, Shift, Signup, Volunteer
from plugins.volunteers.queries import (
    SHOW,
    Filter,
    complaints_of,
    dict_of,
    minutes_by_month,
    own_activity,
    own_org,
    record_lines,
    signups_of,
)
from plugins.volunteers.rules import hours_of, standing_service

REACH = "volunteers.reach"


def list_orgs(work: UnitOfWork, wish: Filter) -> list[dict[str, Any]]:
    """Organisations of one's areas with members and confirmed hours."""
    work.require(SHOW)
    asked = select(Org).where(col(Org.id) > wish.after).order_by(col(Org.id)).limit(wish.limit + 1)
    if wish.state:
        asked = asked.where(col(Org.state) == wish.state)
    if wish.area:
        asked = asked.where(within(col(Org.area), [wish.area]))
    if wish.text:
        asked = asked.where(col(Org.name).contains(wish.text, autoescape=True))
    return org_lines(work, list(work.session.scalars(scoped(work, asked, col(Org.area), SHOW))))


def org_lines(work: UnitOfWork, rows: list[Org]) -> list[dict[str, Any]]:
    """Organisations in a line each."""
    ids = [one.id or 0 for one in rows]
    members = _counted(work, col(Member.org_id), ids, col(Member.until).is_(None), func.count())
    minutes = _counted(work, col(Record.org_id), ids, col(Record.state) == "confirmed", func.sum(col(Record.minutes)))
    places = area_names(work, {one.area for one in rows})
    return [
        {
            "id": one.id,
            "name": one.name,
            "code": one.code,
            "sponsor": one.sponsor,
            "leader": one.leader,
            "insured": bool(one.insured),
            "double_support": bool(one.double_support),
            "relief": bool(one.relief),
            "area": one.area,
            "place": places.get(one.area, ""),
            "state": one.state,
            "opened_on": one.opened_on,
            "members": members.get(one.id or 0, 0),
            "hours": hours_of(minutes.get(one.id or 0, 0)),
        }
        for one in rows
    ]


def _counted(work: UnitOfWork, owner: Any, ids: list[int], which: Any, what: Any) -> dict[int, int]:
    asked = select(owner, what).where(owner.in_(ids), which).group_by(owner)
    return {row[0]: int(row[1]) for row in work.session.execute(asked)}


def show_org(work: UnitOfWork, text: str, year: int | None = None) -> dict[str, Any]:
    """One organisation: members, the months of a year and whether it serves all the year, complaints."""
    org = own_org(work, text)
    work.record_read("volunteers.list_read", f"volunteers_org:{org.id}", area=org.area)
    at = year or work.today.year
    months = minutes_by_month(work, org.id or 0, at)
    passed = 12 if at < work.today.year else work.today.month
    standing = standing_service(months)
    rows = work.session.execute(
        select(Member, Volunteer)
        .join(Volunteer, col(Volunteer.id) == col(Member.volunteer_id))
        .where(col(Member.org_id) == org.id, col(Member.until).is_(None))
        .order_by(col(Member.id))
        .limit(500)
    ).all()
    names = facts_of(work, [volunteer.person_id for _member, volunteer in rows])
    return {
        **org_lines(work, [org])[0],
        "contact": org.contact,
        "successor_id": org.successor_id,
        "year": at,
        "hours_by_month": [hours_of(minutes) for minutes in months],
        "regular": standing.regular,
        "idle_months": [month for month in standing.idle_months if month <= passed],
        "members": [
            {
                "id": volunteer.id,
                "number": volunteer.number,
                "name": names[volunteer.person_id].name if volunteer.person_id in names else "",
                "since": member.since,
            }
            for member, volunteer in rows
        ],
        "complaints": [
            {
                "id": one.id,
                "received_on": one.received_on,
                "handled_on": one.handled_on,
                "outcome": one.outcome,
                "matter": sealed.unseal(work, sealed.MATTER, one.id, one.matter),
            }
            for one in complaints_of(work, org)
        ],
        "version": org.version,
    }


def list_activities(work: UnitOfWork, wish: Filter) -> list[dict[str, Any]]:
    """Activities of one's areas, newest first."""
    work.require(SHOW)
    asked = select(Activity).order_by(col(Activity.id).desc()).limit(wish.limit + 1)
    if wish.after:
        asked = asked.where(col(Activity.id) < wish.after)
    if wish.state:
        asked = asked.where(col(Activity.state) == wish.state)
    if wish.area:
        asked = asked.where(within(col(Activity.area), [wish.area]))
    if wish.org_id:
        asked = asked.where(col(Activity.org_id) == wish.org_id)
    if wish.text:
        asked = asked.where(col(Activity.number) == wish.text.strip().upper())
    return activity_lines(work, list(work.session.scalars(scoped(work, asked, col(Activity.area), SHOW))))


def activity_lines(work: UnitOfWork, rows: list[Activity]) -> list[dict[str, Any]]:
    """Activities in a line each."""
    ids = [one.id or 0 for one in rows]
    orgs = dict_of(work, Org, [one.org_id for one in rows])
    slots = _counted(work, col(Shift.activity_id), ids, col(Shift.slots) > 0, func.sum(col(Shift.slots)))
    accepted = _counted(work, col(Signup.activity_id), ids, col(Signup.state) == "accepted", func.count())
    places = area_names(work, {one.area for one in rows} | {one.area[:9] for one in rows})
    hidden = {"added_by", "contact"}
    return [
        {
            **{name: getattr(one, name) for name in Activity.model_fields if name not in hidden},
            "org": orgs[one.org_id].name,
            "where": " ".join(places.get(code, "") for code in (one.area[:9], one.area)).strip(),
            "slots": slots.get(one.id or 0, 0),
            "accepted": accepted.get(one.id or 0, 0),
        }
        for one in rows
    ]


def show_activity(work: UnitOfWork, text: str) -> dict[str, Any]:
    """One activity: shifts, sign-ups with telephones while they may be seen, who is inside, hours."""
    one = own_activity(work, text)
    work.record_read("volunteers.list_read", f"volunteers_activity:{one.id}", area=one.area)
    signups = signups_of(work, one.id or 0)
    people = dict_of(work, Volunteer, [signup.volunteer_id for signup in signups])
    names = facts_of(work, [volunteer.person_id for volunteer in people.values()])
    inside = {
        found.volunteer_id: found
        for found in work.session.scalars(
            select(Attendance).where(col(Attendance.activity_id) == one.id).order_by(col(Attendance.id))
        )
    }
    reach = _reachable(work, one)
    if reach and any(signup.state == "accepted" for signup in signups):
        work.record_read("volunteers.contacts_read", f"volunteers_activity:{one.id}", area=one.area)
    return {
        **activity_lines(work, [one])[0],
        "contact": one.contact,
        "reachable": reach,
        "shifts": [
            {"id": shift.id, "title": shift.title, "starts_at": shift.starts_at, "ends_at": shift.ends_at,
             "slots": shift.slots}
            for shift in work.session.scalars(
                select(Shift).where(col(Shift.activity_id) == one.id).order_by(col(Shift.starts_at), col(Shift.id))
            )
        ],
        "signups": [
            {
                "volunteer": people[signup.volunteer_id].number,
                "volunteer_id": signup.volunteer_id,
                "name": names[people[signup.volunteer_id].person_id].name
                if people[signup.volunteer_id].person_id in names
                else "",
                "shift": signup.shift_id,
                "state": signup.state,
                "accompanied": bool(signup.accompanied),
                "attendance": inside[signup.volunteer_id].state if signup.volunteer_id in inside else "",
                "in_at": inside[signup.volunteer_id].in_at if signup.volunteer_id in inside else None,
                **_contacts(work, people[signup.volunteer_id], shown=reach and signup.state == "accepted"),
            }
            for signup in signups
        ],
        "records": record_lines(
            work,
            list(
                work.session.scalars(
                    select(Record).where(col(Record.activity_id) == one.id).order_by(col(Record.id)).limit(500)
                )
            ),
        ),
    }  # fmt: skip


def _reachable(work: UnitOfWork, one: Activity) -> bool:
    """Telephones are for the organiser, until some days after the activity."""
    last = one.ends_at.astimezone(COUNTY_TIME).date() + timedelta(days=work.policy("volunteers.contact_days"))
    return work.may(REACH, one.area) and one.state not in ("draft", "cancelled") and work.today <= last


def _contacts(work: UnitOfWork, one: Volunteer, *, shown: bool) -> dict[str, str]:
    if not shown:
        return {"phone": "", "emergency": "", "health": ""}
    return {
        "phone": sealed.unseal(work, sealed.PHONE, one.id, one.phone),
        "emergency": sealed.unseal(work, sealed.CONTACT, one.id, one.contact),
        "health": sealed.unseal(work, sealed.HEALTH, one.id, one.health),
    }


def honoured(work: UnitOfWork, since: date, until: date) -> list[tuple[Volunteer, Any]]:
    """Honours of a period of those who agree to be named."""
    from plugins.volunteers.models import Honour

    work.require(SHOW)
    asked = (
        select(Volunteer, Honour)
        .join(Honour, col(Honour.volunteer_id) == col(Volunteer.id))
        .where(col(Volunteer.named).is_(True), col(Honour.given_on).between(since, until))
        .order_by(col(Honour.given_on), col(Honour.id))
    )
    return [(row[0], row[1]) for row in work.session.execute(scoped(work, asked, col(Volunteer.area), SHOW))]
