"""Areas, households and who belongs to them when."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from core.tables import Bytes, Ciphertext, Key, Table, only_one


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


class Change(Table, table=True):
    """What a household or person looked like before and after a change of the registry. Append-only, sealed in blocks.

    ``subject`` is ``household:12`` or ``person:7``; ``details_sealed`` the sealed JSON {"before", "after"}.
    """

    __tablename__ = "household_change"
    __table_args__ = (Index("ix_household_change_subject", "subject"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    subject: str = Field(max_length=60)
    kind: str = Field(max_length=20)
    happened_on: date
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    details_sealed: bytes = Field(sa_type=Ciphertext)


class Candidate(Table, table=True):
    """Two records that may be one person. One looks and proposes, another decides; a decision can be undone."""

    __tablename__ = "household_candidate"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id", name="a_pair_is_queued_once"),
        CheckConstraint("first_id < second_id", name="a_pair_is_ordered"),
        CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="a_second_person_decides"),
        CheckConstraint("state IN ('open', 'proposed', 'merged', 'different')", name="state_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    first_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    second_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    reason: str = Field(max_length=40)
    area: str = Field(max_length=12, index=True)
    state: str = Field(default="open", max_length=10)
    found_at: datetime
    proposed_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    decided_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    decided_at: datetime | None = None


class Roster(Table, table=True):
    """An uploaded workbook between its check and its import, encrypted on disk, gone after some days (policy)."""

    __tablename__ = "household_roster"

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    title: str = Field(max_length=200)
    stored_as: str = Field(max_length=64)
    marked_as: str = Field(default="", max_length=64)
    content_hash: bytes = Field(sa_type=Bytes)
    uploaded_at: datetime
    uploaded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    expires_on: date
    result_sealed: bytes | None = Field(default=None, sa_type=Ciphertext)
    imported_at: datetime | None = None
