"""Questions about households: lists, one household with its members, its history; always within the reader's areas."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, Select, bindparam, func, select
from sqlmodel import col

from core.errors import NotFound
from core.households.models import Area, Household, Membership
from core.identity.codes import RELATION, SEX
from core.identity.models import Document, Person
from core.identity.sealed import NUMBER_COLUMN
from core.scope import covers, scoped, within
from core.texts import _
from core.values import IdNumber, age_on

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
        .where(col(Membership.household_id) == Household.id, col(Membership.valid_to).is_(None))
        .scalar_subquery()
    )
    columns = (
        Household.id, Household.number, Household.area, Household.address, Household.closed_on,
        Person.name.label("head"), members.label("members"),  # type: ignore[attr-defined]
    )  # fmt: skip
    statement = scoped(work, select(*columns), Household.area, "household.show")
    statement = _filtered(statement.outerjoin(Person, col(Person.id) == Household.head_id), wish)
    rows = work.session.execute(statement.order_by(Household.number).limit(wish.limit + 1)).all()
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
    households = scoped(work, select(func.count()).select_from(Household), Household.area, "household.show")
    people = scoped(
        work,
        select(func.count()).select_from(Membership).join(Household, col(Household.id) == Membership.household_id),
        Household.area,
        "household.show",
    ).where(col(Membership.valid_to).is_(None))
    if area:
        households, people = (one.where(within(Household.area, (area,))) for one in (households, people))
    households = households.where(col(Household.closed_on).is_(None))
    return {"households": work.session.scalar(households) or 0, "people": work.session.scalar(people) or 0}


def get_household(work: "UnitOfWork", household_id: int, permission: str = "household.show") -> Household:
    """A household within the actor's areas; outside is the same as not there (``NotFound``)."""
    work.require(permission)
    statement = scoped(work, select(Household), Household.area, permission)
    household = work.session.scalars(statement.where(col(Household.id) == household_id)).one_or_none()
    if household is None:
        raise nowhere()
    return household


def find_household(work: "UnitOfWork", text: str, permission: str = "household.show") -> Household:
    """The household meant on the command line: its number, or its id; raises ``NotFound``."""
    work.require(permission)
    statement = scoped(work, select(Household), Household.area, permission)
    household = work.session.scalars(statement.where(col(Household.number) == text.strip())).one_or_none()
    if household is None and text.isdecimal() and len(text) < 18:
        household = work.session.scalars(statement.where(col(Household.id) == int(text))).one_or_none()
    if household is None:
        raise nowhere()
    return household


def nowhere() -> NotFound:
    """What is said when a household is not there, or not in one's area."""
    return NotFound(_("没有找到这一户，或不在你的辖区"))


def current_members(work: "UnitOfWork", household_id: int) -> Sequence[Membership]:
    """The memberships that run now; right and area are the caller's."""
    rows = select(Membership).where(col(Membership.household_id) == household_id, col(Membership.valid_to).is_(None))
    return work.session.scalars(rows.order_by(Membership.relation, Membership.id)).all()


def show_household(work: "UnitOfWork", household_id: int, on: date | None = None) -> dict[str, Any]:
    """A household with its members on a day (today), the areas above it, and what it came from or went into."""
    work.require("household.show")
    row = work.session.connection().execute(_HOUSEHOLD, {"household": household_id}).one_or_none()
    if row is None or not sees(work, row.area):
        raise nowhere()
    day = on or work.today
    members = [_member_line(work, one, day) for one in _members_on(work, household_id, day)]
    return {**row._mapping, "areas": area_path(work, row.area), "members": members}


def household_history(work: "UnitOfWork", household_id: int) -> list[dict[str, Any]]:
    """What changed in a household, newest first, before and after."""
    get_household(work, household_id)
    from core.households.changes import list_changes

    return list_changes(work, f"household:{household_id}")


def area_path(work: "UnitOfWork", code: str) -> list[dict[str, Any]]:
    """The divisions from the county down to this one."""
    codes = [code[:size] for size in (6, 9, 12) if len(code) >= size]
    return [dict(row._mapping) for row in work.session.connection().execute(_PATH, {"codes": codes})]


def _filtered(statement: Select[Any], wish: HouseholdFilter) -> Select[Any]:
    if wish.area:
        statement = statement.where(within(Household.area, (wish.area,)))
    if wish.number:
        statement = statement.where(col(Household.number).startswith(wish.number, autoescape=True))
    if wish.numbers is not None:
        statement = statement.where(col(Household.number).in_(wish.numbers))
    if wish.after:
        statement = statement.where(Household.number > wish.after)
    return statement if wish.closed else statement.where(col(Household.closed_on).is_(None))


def _members_on(work: "UnitOfWork", household_id: int, day: date) -> Sequence[Any]:
    asked = {"household": household_id, "day": day, "past": int(day < work.today)}
    rows = work.session.connection().execute(_MEMBERS, asked)
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


# Asked at every page of a household: built once, plain columns.

_HOUSEHOLD = select(
    col(Household.id), col(Household.number), col(Household.area), col(Household.address),
    col(Household.village_group), col(Household.opened_on), col(Household.closed_on), col(Household.merged_into),
    col(Household.version),
).where(col(Household.id) == bindparam("household"))  # fmt: skip

_PATH = (
    select(col(Area.code), col(Area.name), col(Area.level), col(Area.parent), col(Area.kind))
    .where(col(Area.code).in_(bindparam("codes", expanding=True)))
    .order_by(col(Area.code))
)

_MEMBERS = (
    select(
        col(Membership.person_id), col(Membership.relation), col(Membership.valid_from), col(Membership.valid_to),
        col(Person.name), col(Person.sex), col(Person.birth_date), col(Person.died_on), col(Person.hukou_area),
        col(Document.id).label("document_id"), col(Document.number_sealed),
    )
    .join(Person, col(Person.id) == col(Membership.person_id))
    .outerjoin(Document, (col(Document.person_id) == col(Person.id)) & col(Document.is_primary))
    .where(col(Membership.household_id) == bindparam("household"), col(Membership.valid_from) <= bindparam("day"))
    .where(
        col(Membership.valid_to).is_(None)
        | ((col(Membership.valid_to) >= bindparam("day")) & (bindparam("past", type_=Integer) == 1))
    )
    .order_by(col(Membership.relation), col(Membership.id))
)  # fmt: skip
