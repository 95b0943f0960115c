"""Other groupings of persons: assistance families and care units."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from core.tables import Key, Table


class Group(Table, table=True):
    """Another grouping of persons, dated: ``kind`` is "assistance_family" or "care_unit".

    An assistance family is fixed for one application (``case_number``) on its day; a care unit is one recipient and
    who cares. Neither follows the household by itself.
    """

    __tablename__ = "household_group"
    __table_args__ = (CheckConstraint("kind IN ('assistance_family', 'care_unit')", name="kind_of_group_is_known"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    kind: str = Field(max_length=20)
    area: str = Field(foreign_key="household_area.code", max_length=12, index=True)
    scheme: str = Field(default="", max_length=40)
    case_number: str = Field(default="", max_length=40)
    valid_from: date
    valid_to: date | None = None
    version: int = 1


class GroupMember(Table, table=True):
    """A person in a group from a day to a day; ``part`` is "member", "recipient", "carer", "guardian" or "obligor"."""

    __tablename__ = "household_group_member"

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    group_id: int = Field(sa_type=Key, foreign_key="household_group.id", index=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    part: str = Field(default="member", max_length=12)
    relation: str = Field(default="", max_length=2)
    valid_from: date
    valid_to: date | None = None
