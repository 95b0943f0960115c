"""Questions about households: lists, one household with its members, its history; always within the reader's areas."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, Select, bindparam, func, select
from sqlmodel import col

from core.asking import Question
from core.errors import NotFound
from core.households.models.households import Area, Household, Membership
from core.identity.codes import RELATION, SEX
from core.identity.models.persons import Document, Person
from core.identity.sealed import NUMBER_COLUMN
from core.scope import covers, scoped, within
from core.tables import columns
from core.texts import _
from core.values import IdNumber, age_on, row_id

if TYPE_CHECKING:
    from core.work import UnitOfWork

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class HouseholdFilter:
    """Which households: in an area and below, with a number that begins so, after a number (for the next page).

    ``numbers`` narrows to these households, None does not.
    """

    area: str = ""
    number: str = ""
    numbers: tuple[str, ...] | None = None
    closed: bool = False
    after: str = ""
    limit: int = PAGE


def list_households(work: "UnitOfWork", wish: HouseholdFilter) -> dict[str, Any]:
    """Households by number: ``{"households": […], "more": bool}``."""
    work.require("household.show")
    members = (
        select(func.count())
        .where(col(Membership.household_id) == col(Household.id), col(Membership.valid_to).is_(None))
        .scalar_subquery()
    )
    columns = (
        col(Household.id), col(Household.number), col(Household.area), col(Household.address), col(Household.closed_on),
        col(Person.name).label("head"), members.label("members"),
    )  # fmt: skip
    statement = scoped(work, select(*columns), col(Household.area), "household.show")
    statement = _filtered(statement.outerjoin(Person, col(Person.id) == col(Household.head_id)), wish)
    rows = work.session.execute(statement.order_by(col(Household.number)).limit(wish.limit + 1)).all()
    lines = [
        {
            "id": row.id,
            "number": row.number,
            "head": row.head or "",
            "members": row.members,
            "area": row.area,
            "address": row.address,
            "closed_on": row.closed_on,
        }
        for row in rows[: wish.limit]
    ]
    return {"households": lines, "more": len(rows) > wish.limit}


def count_households(work: "UnitOfWork", area: str = "") -> dict[str, int]:
    """How many open households and people in them the reader may see, in an area and below."""
    work.require("household.show")
    households = scoped(work, select(func.count()).select_from(Household), col(Household.area), "household.show")
    people = scoped(
        work,
        select(func.count()).select_from(Membership).join(Household, col(Household.id) == col(Membership.household_id)),
        col(Household.area),
        "household.show",
    ).where(col(Membership.valid_to).is_(None))
    if area:
        households, people = (one.where(within(col(Household.area), (area,))) for one in (households, people))
    households = households.where(col(Household.closed_on).is_(None))
    return {"households": work.session.scalar(households) or 0, "people": work.session.scalar(people) or 0}


def get_household(work: "UnitOfWork", household_id: int, permission: str = "household.show") -> Household:
    """A household within the actor's areas; outside is the same as not there (``NotFound``)."""
    work.require(permission)
    statement = scoped(work, select(Household), col(Household.area), permission)
    household = work.session.scalars(statement.where(col(Household.id) == household_id)).one_or_none()
    if household is None:
        raise nowhere()
    return household


def find_household(work: "UnitOfWork", text: str, permission: str = "household.show") -> Household:
    """The household meant on the command line: its number, or its id; raises ``NotFound``."""
    work.require(permission)
    statement = scoped(work, select(Household), col(Household.area), permission)
    household = work.session.scalars(statement.where(col(Household.number) == text.strip())).one_or_none()
    if household is None and (number := row_id(text)):
        household = work.session.scalars(statement.where(col(Household.id) == number)).one_or_none()
    if household is None:
        raise nowhere()
    return household


def nowhere() -> NotFound:
    """What is said when a household is not there, or not in one's area."""
    return NotFound(_("没有找到这一户，或不在你的辖区"))


def current_members(work: "UnitOfWork", household_id: int) -> Sequence[Membership]:
    """The memberships that run now; right and area are the caller's."""
    rows = select(Membership).where(col(Membership.household_id) == household_id, col(Membership.valid_to).is_(None))
    return work.session.scalars(rows.order_by(col(Membership.relation), col(Membership.id))).all()


def show_household(work: "UnitOfWork", household_id: int, on: date | None = None) -> dict[str, Any]:
    """A household with its members on a day (today), the areas above it, and what it came from or went into."""
    work.require("household.show")
    row = next(iter(work.ask(_HOUSEHOLD, household=household_id)), None)
    if row is None or not sees(work, row.area):
        raise nowhere()
    day = on or work.today
    members = [_member_line(work, one, day) for one in _members_on(work, household_id, day)]
    return {**row._asdict(), "areas": area_path(work, row.area), "members": members}


def household_history(work: "UnitOfWork", household_id: int) -> list[dict[str, Any]]:
    """What changed in a household, newest first, before and after."""
    get_household(work, household_id)
    from core.households.changes import list_changes

    return list_changes(work, f"household:{household_id}")


def area_path(work: "UnitOfWork", code: str) -> list[dict[str, Any]]:
    """The divisions from the county down to this one."""
    codes = {f"level_{size}": code[:size] for size in (6, 9, 12)}
    return [row._asdict() for row in work.ask(_PATH, **codes)]


def _filtered(statement: Select[*tuple[Any, ...]], wish: HouseholdFilter) -> Select[*tuple[Any, ...]]:
    if wish.area:
        statement = statement.where(within(col(Household.area), (wish.area,)))
    if wish.number:
        statement = statement.where(col(Household.number).startswith(wish.number, autoescape=True))
    if wish.numbers is not None:
        statement = statement.where(col(Household.number).in_(wish.numbers))
    if wish.after:
        statement = statement.where(col(Household.number) > wish.after)
    return statement if wish.closed else statement.where(col(Household.closed_on).is_(None))


def _members_on(work: "UnitOfWork", household_id: int, day: date) -> Sequence[Any]:
    rows = work.ask(_MEMBERS, household=household_id, day=day, past=int(day < work.today))
    return list({row.person_id: row for row in rows}.values())  # a relation changed today: the later row counts


def _member_line(work: "UnitOfWork", row: Any, day: date) -> dict[str, Any]:
    masked = ""
    if row.number_sealed is not None:
        masked = IdNumber.mask(work.keys.unseal(NUMBER_COLUMN, row.document_id, row.number_sealed))
    return {
        "id": row.person_id,
        "name": row.name,
        "id_masked": masked,
        "relation": row.relation,
        "relation_name": RELATION.name(row.relation),
        "sex": SEX.name(row.sex),
        "age": age_on(row.birth_date, row.died_on or day) if row.birth_date else None,
        "died_on": row.died_on,
        "since": row.valid_from,
    }


def sees(work: "UnitOfWork", area: str, permission: str = "household.show") -> bool:
    """Whether an area lies in those in which the actor holds a right."""
    return covers(work.areas(permission), area)


# Asked at every page of a household.

_HOUSEHOLDS, _AREAS, _MEMBERSHIPS = columns(Household), columns(Area), columns(Membership)
_PEOPLE, _PAPERS = columns(Person), columns(Document)

_HOUSEHOLD = Question(
    select(
        _HOUSEHOLDS.id, _HOUSEHOLDS.number, _HOUSEHOLDS.area, _HOUSEHOLDS.address, _HOUSEHOLDS.village_group,
        _HOUSEHOLDS.opened_on, _HOUSEHOLDS.closed_on, _HOUSEHOLDS.merged_into, _HOUSEHOLDS.version,
    ).where(_HOUSEHOLDS.id == bindparam("household"))
)  # fmt: skip

_PATH = Question(
    select(_AREAS.code, _AREAS.name, _AREAS.level, _AREAS.parent, _AREAS.kind)
    .where(_AREAS.code.in_([bindparam(f"level_{size}") for size in (6, 9, 12)]))
    .order_by(_AREAS.code)
)

_MEMBERS = Question(
    select(
        _MEMBERSHIPS.person_id, _MEMBERSHIPS.relation, _MEMBERSHIPS.valid_from, _MEMBERSHIPS.valid_to, _PEOPLE.name,
        _PEOPLE.sex, _PEOPLE.birth_date, _PEOPLE.died_on, _PEOPLE.hukou_area, _PAPERS.id.label("document_id"),
        _PAPERS.number_sealed,
    )
    .join(_PEOPLE.id.table, _PEOPLE.id == _MEMBERSHIPS.person_id)
    .outerjoin(_PAPERS.id.table, (_PAPERS.person_id == _PEOPLE.id) & _PAPERS.is_primary)
    .where(_MEMBERSHIPS.household_id == bindparam("household"), _MEMBERSHIPS.valid_from <= bindparam("day"))
    .where(
        _MEMBERSHIPS.valid_to.is_(None)
        | ((_MEMBERSHIPS.valid_to >= bindparam("day")) & (bindparam("past", type_=Integer) == 1))
    )
    .order_by(_MEMBERSHIPS.relation, _MEMBERSHIPS.id)
)  # fmt: skip
