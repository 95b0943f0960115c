"""What other plugins may ask of voluntary service: relief teams, shifts, hours behind a need, pairing volunteers."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from core.api import within
from plugins.volunteers.models import Activity, Member, Org, Record, Volunteer
from plugins.volunteers.queries import unreversed
from plugins.volunteers.services.common import age_of
from plugins.volunteers.services.organising import activate
from plugins.volunteers.services.planning import cancel, plan, publish
from plugins.volunteers.wishes import Activate, CancelActivity, PlanActivity, Step
from plugins.volunteers.words import ALIVE

if TYPE_CHECKING:
    from core.api import UnitOfWork

__all__ = [
    "Activate",
    "DoubleSupport",
    "PlanActivity",
    "Team",
    "call_team",
    "double_support_service",
    "may_be_paired",
    "minutes_of_source",
    "publish_activity",
    "relief_teams",
    "withdraw_activity",
]


@dataclass(frozen=True)
class Team:
    """A relief team as disaster work sees it: whom to call and how many there are."""

    id: int
    name: str
    leader: str
    contact: str
    area: str
    insured: bool
    members: int


@dataclass(frozen=True)
class DoubleSupport:
    """Service for soldiers' families in a period: teams that serve, person-times, minutes."""

    teams: int
    times: int
    minutes: int


def relief_teams(work: "UnitOfWork", area: str = "") -> list[Team]:
    """The emergency teams of an area and below that may be called; right and area are the caller's."""
    asked = select(Org).where(col(Org.relief).is_(True), col(Org.state) == "open").order_by(col(Org.id))
    if area:
        asked = asked.where(within(col(Org.area), [area]))
    found = []
    for org in work.session.scalars(asked).all():
        members = select(col(Member.id)).where(col(Member.org_id) == org.id, col(Member.until).is_(None))
        count = len(work.session.scalars(members).all())
        found.append(Team(org.id or 0, org.name, org.leader, org.contact, org.area, bool(org.insured), count))
    return found


def call_team(work: "UnitOfWork", team_id: int, wish: Activate) -> str:
    """Call a relief team: the number of the risky activity made of it. ``E_VOL_INSURE`` without a policy number."""
    return activate(work, str(team_id), wish).number


def publish_activity(work: "UnitOfWork", wish: PlanActivity) -> str:
    """Publish an activity for a need of another plugin, named in ``source_ref``; answers its number."""
    return publish(work, str(plan(work, wish).id), Step()).number


def withdraw_activity(work: "UnitOfWork", source_ref: str) -> None:
    """Cancel the activity behind a need that is no longer there; nothing when it runs or never was."""
    asked = select(Activity).where(
        col(Activity.source_ref) == source_ref, col(Activity.state).in_(("draft", "published", "closed_signup"))
    )
    found = work.session.scalars(asked).first()
    if found is not None:
        cancel(work, str(found.id), CancelActivity(cause="organiser"))


def minutes_of_source(work: "UnitOfWork", source_ref: str) -> int:
    """Confirmed minutes of service for a need of another plugin; above 0 it was done by volunteers."""
    asked = select(col(Record.minutes)).where(
        col(Record.source_ref) == source_ref, col(Record.state) == "confirmed", unreversed()
    )
    return sum(work.session.scalars(asked))


def double_support_service(work: "UnitOfWork", since: date, until: date) -> DoubleSupport:
    """Confirmed service under the field ``double_support`` in a period."""
    asked = select(Record).where(
        col(Record.field) == "double_support",
        col(Record.state) == "confirmed",
        col(Record.kind) == "service",
        col(Record.served_on).between(since, until),
        unreversed(),
    )
    rows = work.session.scalars(asked).all()
    return DoubleSupport(len({one.org_id for one in rows}), len(rows), sum(one.minutes for one in rows))


def may_be_paired(work: "UnitOfWork", person_id: int) -> bool:
    """Whether somebody may be paired with a child: in the register, of age, asked about offences against minors."""
    found = work.session.scalars(select(Volunteer).where(col(Volunteer.person_id) == person_id)).one_or_none()
    if found is None or found.state not in ALIVE or found.background_on is None:
        return False
    age = age_of(work, found, work.today)
    return age is not None and age >= work.policy("volunteers.adult_age")
