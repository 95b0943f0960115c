"""Tables of army families: spouses, offers, jobs, months of subsidy, children's requests for a school."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from core.api import Key, Table, only_one


class Spouse(Table, table=True):
    """A spouse who followed the army and registered for a job; nothing of the soldier or the unit is kept."""

    __tablename__ = "double_support_spouse"
    __table_args__ = (
        UniqueConstraint("number", name="one_spouse_per_number"),
        only_one("one_open_registration_per_spouse", "person_id", where="state <> 'ended'"),
        CheckConstraint("state IN ('registered', 'offered', 'placed', 'subsidised', 'ended')", name="state_is_known"),
        CheckConstraint("state <> 'subsidised' OR other_payer = ''", name="one_payer_only"),
        CheckConstraint("(state = 'ended') = (reason <> '')", name="an_end_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=20)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    first_person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    area: str = Field(max_length=12, index=True)
    registered_on: date
    other_payer: str = Field(default="", max_length=60)
    state: str = Field(default="registered", max_length=10, index=True)
    state_before: str = Field(default="", max_length=10)
    state_on: date
    reason: str = Field(default="", max_length=200)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Offer(Table, table=True):
    """A job that was offered to a spouse."""

    __tablename__ = "double_support_offer"

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    spouse_id: int = Field(sa_type=Key, foreign_key="double_support_spouse.id", index=True)
    employer: str = Field(max_length=80)
    post: str = Field(default="", max_length=40)
    offered_on: date
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Job(Table, table=True):
    """A job a spouse took, until it was left."""

    __tablename__ = "double_support_job"
    __table_args__ = (
        only_one("one_job_at_a_time", "spouse_id", where="until IS NULL"),
        CheckConstraint("until IS NULL OR until >= since", name="a_job_ends_after_it_begins"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    spouse_id: int = Field(sa_type=Key, foreign_key="double_support_spouse.id", index=True)
    employer: str = Field(max_length=80)
    since: date
    until: date | None = None
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Stretch(Table, table=True):
    """Months of subsidy from a month on; resumed once a year at most. A stretch without months is none."""

    __tablename__ = "double_support_stretch"
    __table_args__ = (
        only_one("one_stretch_at_a_time", "spouse_id", where="last_month = ''"),
        only_one("resumed_once_a_year", "spouse_id", "year", where="kind = 'resumed'"),
        CheckConstraint("kind IN ('first', 'resumed')", name="kind_is_known"),
        CheckConstraint("first_month <> ''", name="a_stretch_has_a_first_month"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    spouse_id: int = Field(sa_type=Key, foreign_key="double_support_spouse.id", index=True)
    kind: str = Field(max_length=8)
    year: int
    first_month: str = Field(max_length=7)
    last_month: str = Field(default="", max_length=7)
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Subsidy(Table, table=True):
    """One month of one spouse's subsidy in a batch of funds. ``withdrawn`` is a month that was not due after all."""

    __tablename__ = "double_support_subsidy"
    __table_args__ = (
        only_one("one_subsidy_per_month", "spouse_id", "month", where="withdrawn_on IS NULL"),
        CheckConstraint("amount_fen > 0", name="a_subsidy_is_positive"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    spouse_id: int = Field(sa_type=Key, foreign_key="double_support_spouse.id", index=True)
    month: str = Field(max_length=7, index=True)
    amount_fen: int = Field(sa_type=Key)
    batch_id: int | None = Field(default=None, sa_type=Key, foreign_key="funds_batch.id", index=True)
    withdrawn_on: date | None = None
    made_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class SchoolRequest(Table, table=True):
    """A school place asked for a soldier's child, until it is found."""

    __tablename__ = "double_support_school_request"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'solved', 'withdrawn')", name="state_is_known"),
        CheckConstraint("(state = 'solved') = (solved_on IS NOT NULL)", name="a_solution_has_a_day"),
        CheckConstraint("solved_on IS NULL OR solved_on >= asked_on", name="it_is_solved_after_it_was_asked"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    first_person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    area: str = Field(max_length=12, index=True)
    stage: str = Field(max_length=16)
    wanted: str = Field(default="", max_length=80)
    asked_on: date
    solved_on: date | None = None
    school: str = Field(default="", max_length=80)
    state: str = Field(default="open", max_length=10, index=True)
    reason: str = Field(default="", max_length=200)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1
