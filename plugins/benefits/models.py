"""What is kept of benefits: standards, institutions, who is enrolled on which terms, and the rolls built of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from core.api import Key, Table

STATES = ("active", "suspended", "ended")
PAYEE_FROM = ("columns", "institution", "person", "head")
ENDED_FOR = ("", "decision", "death", "moved_out", "merged")


class Standard(Table, table=True):
    """What a category is paid from a month on, by a document. Append-only: a correction is a new row, known later.

    ``area`` is "" for the county or the code of a town or village; ``unit`` is month, quarter or year.
    """

    __tablename__ = "benefits_standard"
    __table_args__ = (
        CheckConstraint("unit IN ('month', 'quarter', 'year')", name="unit_of_standard_is_known"),
        CheckConstraint("amount_fen > 0", name="a_standard_is_positive"),
        CheckConstraint("document <> ''", name="a_standard_has_a_document"),
        Index("ix_benefits_standard_scheme", "scheme", "category", "valid_from"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    scheme: str = Field(max_length=40)
    category: str = Field(max_length=20)
    area: str = Field(default="", max_length=12)
    unit: str = Field(default="month", max_length=8)
    amount_fen: int = Field(sa_type=Key)
    valid_from: str = Field(max_length=7)
    document: str = Field(max_length=100)
    known_at: datetime
    set_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Institution(Table, table=True):
    """A home that is paid for the people who live in it."""

    __tablename__ = "benefits_institution"
    __table_args__ = (UniqueConstraint("code", name="one_institution_per_code"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    code: str = Field(max_length=40)
    name: str = Field(max_length=100)
    area: str = Field(default="", max_length=12)
    payee_id: int | None = Field(default=None, sa_type=Key, foreign_key="funds_payee.id")
    version: int = 1


class Start(Table, table=True):
    """The first month of a scheme that this county answers for, where it is not that of its first roll."""

    __tablename__ = "benefits_start"

    scheme: str = Field(max_length=40, primary_key=True)
    month: str = Field(max_length=7)
    reason: str = Field(default="", max_length=200)
    set_at: datetime
    set_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Enrolment(Table, table=True):
    """Who is on a scheme. What it is paid by is in the versions; here stands the newest, for lists.

    ``beneficiary_id`` never changes: the person at enrolment, or the family's file; lines are kept under it, also when
    records of the person are joined. ``to_month`` is the last month, planned or decided. ``ended_for`` says why.
    """

    __tablename__ = "benefits_enrolment"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'suspended', 'ended')", name="state_of_enrolment_is_known"),
        CheckConstraint(
            "to_month IS NULL OR to_month >= from_month OR state = 'ended'", name="months_follow_each_other"
        ),
        Index("ix_benefits_enrolment_person_id", "person_id"),
        Index("ix_benefits_enrolment_scheme_state_area", "scheme", "state", "area"),
        Index("ix_benefits_enrolment_scheme_beneficiary_id", "scheme", "beneficiary_id"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    scheme: str = Field(max_length=40)
    category: str = Field(max_length=20)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    group_id: int | None = Field(default=None, sa_type=Key, foreign_key="household_group.id")
    beneficiary_id: int = Field(sa_type=Key)
    area: str = Field(max_length=12)
    from_month: str = Field(max_length=7)
    to_month: str | None = Field(default=None, max_length=7)
    planned_to: str | None = Field(default=None, max_length=7)
    state: str = Field(default="active", max_length=10)
    suspended_from: str | None = Field(default=None, max_length=7)
    ended_for: str = Field(default="", max_length=12)
    payee_id: int | None = Field(default=None, sa_type=Key, foreign_key="funds_payee.id")
    payee_from: str = Field(default="person", max_length=12)
    institution_id: int | None = Field(default=None, sa_type=Key, foreign_key="benefits_institution.id")
    carried_over: bool = False
    source: str = Field(default="", max_length=80)
    opened_at: datetime
    opened_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Member(Table, table=True):
    """A person whom a family's benefit covers, besides who receives it."""

    __tablename__ = "benefits_member"
    __table_args__ = (Index("ix_benefits_member_person_id", "person_id"),)

    enrolment_id: int = Field(sa_type=Key, foreign_key="benefits_enrolment.id", primary_key=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", primary_key=True)


class EnrolmentVersion(Table, table=True):
    """What held for an enrolment from a month to a month, and since when we know it.

    Dated twice: ``from_month`` to ``to_month`` (None = until further notice) is when it holds, ``known_at`` when we
    came to know it; a row that turned out otherwise names in ``superseded_by`` the first row of what replaced it.
    What was known at a roll is what had an id then and was not yet superseded: ``Run.known_version``.
    """

    __tablename__ = "benefits_version"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'suspended', 'ended')", name="state_of_version_is_known"),
        CheckConstraint("to_month IS NULL OR to_month >= from_month", name="a_version_ends_after_it_begins"),
        CheckConstraint("fixed_fen IS NULL OR fixed_fen >= 0", name="a_fixed_amount_is_not_negative"),
        Index("ix_benefits_version_scheme_beneficiary_id", "scheme", "beneficiary_id"),
        Index("ix_benefits_version_enrolment_id", "enrolment_id"),
        Index("ix_benefits_version_person_id", "person_id"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    enrolment_id: int = Field(sa_type=Key, foreign_key="benefits_enrolment.id")
    scheme: str = Field(max_length=40)
    beneficiary_id: int = Field(sa_type=Key)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    from_month: str = Field(max_length=7)
    to_month: str | None = Field(default=None, max_length=7)
    state: str = Field(default="active", max_length=10)
    category: str = Field(max_length=20)
    area: str = Field(max_length=12)
    payee_id: int | None = Field(default=None, sa_type=Key, foreign_key="funds_payee.id")
    fixed_fen: int | None = Field(default=None, sa_type=Key)
    terms: str = Field(default="", sa_type=Text)
    reason: str = Field(default="", max_length=200)
    known_at: datetime
    known_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    superseded_by: int | None = Field(default=None, sa_type=Key)
    superseded_at: datetime | None = None


class Run(Table, table=True):
    """The building of one batch: what was known when it began, and what stood for each month when it was closed.

    ``policies`` and ``sums`` are JSON: ids of the policy versions used, fen by month. ``since`` is the first month
    looked back at for everybody; who changed meanwhile is looked at from the scheme's start.
    """

    __tablename__ = "benefits_run"

    batch_id: int = Field(sa_type=Key, foreign_key="funds_batch.id", primary_key=True)
    scheme: str = Field(max_length=40, index=True)
    period: str = Field(max_length=7)
    start: str = Field(max_length=7)
    since: str = Field(max_length=7)
    known_version: int = Field(sa_type=Key)
    known_standard: int = Field(sa_type=Key)
    changed_after: int = Field(sa_type=Key)
    policies: str = Field(default="{}", sa_type=Text)
    rules: int = 1
    built_at: datetime
    closed_at: datetime | None = None
    sums: str = Field(default="{}", sa_type=Text)


class LeftOut(Table, table=True):
    """Who was left out of a batch that was built, and why."""

    __tablename__ = "benefits_left_out"

    batch_id: int = Field(sa_type=Key, foreign_key="funds_batch.id", primary_key=True)
    enrolment_id: int = Field(sa_type=Key, foreign_key="benefits_enrolment.id", primary_key=True)
    code: str = Field(max_length=20)
    other: str = Field(default="", max_length=80)


class Overpaid(Table, table=True):
    """A month for which a batch being built found more handed out than is due: a recovery when it is closed."""

    __tablename__ = "benefits_overpaid"
    __table_args__ = (CheckConstraint("amount_fen > 0", name="what_is_overpaid_is_positive"),)

    batch_id: int = Field(sa_type=Key, foreign_key="funds_batch.id", primary_key=True)
    enrolment_id: int = Field(sa_type=Key, foreign_key="benefits_enrolment.id", primary_key=True)
    for_month: str = Field(max_length=7, primary_key=True)
    amount_fen: int = Field(sa_type=Key)
    recovery_id: int | None = Field(default=None, sa_type=Key, foreign_key="funds_recovery.id")
