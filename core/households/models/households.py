"""Areas, households and their members."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from core.tables import Key, Table, only_one


class Area(Table, table=True):
    """An administrative division: 6 digits county, 9 town, 12 village (GB/T 2260, GB/T 10114).

    The subtree of an area is every code that begins with its own. An ended code names its ``successor``.
    ``kind`` is "urban" or "rural" where standards differ, "" where not yet said.
    """

    __tablename__ = "household_area"
    __table_args__ = (
        CheckConstraint("length(code) IN (6, 9, 12)", name="a_code_has_6_9_or_12_digits"),
        CheckConstraint("level IN ('county', 'town', 'village')", name="level_is_known"),
        CheckConstraint("kind IN ('', 'urban', 'rural')", name="kind_is_known"),
    )

    code: str = Field(primary_key=True, max_length=12)
    name: str = Field(max_length=60)
    level: str = Field(max_length=8)
    parent: str | None = Field(default=None, foreign_key="household_area.code", max_length=12, index=True)
    kind: str = Field(default="", max_length=8)
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = Field(default=None, foreign_key="household_area.code", max_length=12)


class Household(Table, table=True):
    """A registered household (户): the unit of public security, with its number and address.

    ``head_id`` is the member with relation code 02; it is written with the memberships, in one act.
    """

    __tablename__ = "household_household"
    __table_args__ = (UniqueConstraint("number", name="one_household_per_number"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=40)
    area: str = Field(foreign_key="household_area.code", max_length=12, index=True)
    address: str = Field(default="", max_length=200)
    village_group: str = Field(default="", max_length=20)
    head_id: int | None = Field(default=None, sa_type=Key, foreign_key="identity_person.id")
    opened_on: date
    closed_on: date | None = None
    merged_into: int | None = Field(default=None, sa_type=Key, foreign_key="household_household.id")
    created_at: datetime
    version: int = 1


class Membership(Table, table=True):
    """A person in a household from a day to a day, with the relation to the head (GB/T 4761)."""

    __tablename__ = "household_membership"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="a_membership_ends_after_it_begins"),
        only_one("one_household_per_person", "person_id", where="valid_to IS NULL"),
        only_one("one_head_per_household", "household_id", where="valid_to IS NULL AND relation = '02'"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    household_id: int = Field(sa_type=Key, foreign_key="household_household.id", index=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    relation: str = Field(max_length=2)
    valid_from: date
    valid_to: date | None = None
