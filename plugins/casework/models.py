"""What is kept of a case: the file, its steps, papers, checks, visits, relatives, samples, reviews and appeals."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from core.api import Ciphertext, Key, Table, only_one

STATES = (
    "draft", "submitted", "not_accepted", "accepted", "checking", "investigating", "appraising", "noticing_1",
    "re_investigating", "township_review", "county_review", "county_supervision", "spot_checking", "noticing_2",
    "approved", "refused", "withdrawn", "active", "suspended", "phasing_out", "closed",
)  # fmt: skip
SOURCES = ("counter", "discovery", "agent", "online")
VISITS = ("first", "again", "county", "spot")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(one) for one in values)})"


class Case(Table, table=True):
    """One family, one scheme, one file. ``flow`` is the policy it runs by, as it stood when it was opened (JSON).

    ``due_on`` is the limit of the whole, ``step_due_on`` that of the step where it stands; ``waiting_since`` says that
    it waits for papers of the family and the clock stands still. ``counted_on`` is the day whose family and facts are
    counted. ``computation`` (JSON) is what was proposed. Months are YYYY-MM; ``last_month`` is the last month paid.
    ``first_applicant_id`` is the record it was opened with, for when two records turn out to be one person.
    """

    __tablename__ = "casework_case"
    __table_args__ = (
        UniqueConstraint("number", name="one_case_per_number"),
        CheckConstraint(_one_of("state", STATES), name="state_is_known"),
        CheckConstraint(_one_of("source", SOURCES), name="source_is_known"),
        CheckConstraint("area_kind IN ('urban', 'rural')", name="kind_of_area_is_known"),
        CheckConstraint("review_class IN ('', 'A', 'B', 'C')", name="class_is_known"),
        CheckConstraint("monthly_fen IS NULL OR monthly_fen >= 0", name="an_amount_is_not_negative"),
        CheckConstraint(
            "state NOT IN ('refused', 'not_accepted', 'closed') OR reason <> ''", name="an_end_has_a_reason"
        ),
        CheckConstraint(
            "state NOT IN ('approved', 'active', 'suspended', 'phasing_out') OR decided_on IS NOT NULL",
            name="a_grant_has_a_day",
        ),
        Index("ix_casework_case_state_step_due_on", "state", "step_due_on"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=30)
    type: str = Field(max_length=40, index=True)
    area: str = Field(max_length=12, index=True)
    area_kind: str = Field(max_length=8)
    household_id: int = Field(sa_type=Key, foreign_key="household_household.id", index=True)
    applicant_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    first_applicant_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    group_id: int = Field(sa_type=Key, foreign_key="household_group.id")
    state: str = Field(default="draft", max_length=20)
    source: str = Field(default="counter", max_length=12)
    flow: str = Field(sa_type=Text)
    flow_version: int = Field(default=0, sa_type=Key)
    urgent_order: str = Field(default="", max_length=80)
    special: str = Field(default="", max_length=200)
    applied_on: date
    counted_on: date
    accepted_on: date | None = None
    accepted_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    due_on: date | None = Field(default=None, index=True)
    step_due_on: date | None = None
    waiting_since: date | None = None
    ballot_negative: bool = False
    reinvestigated: bool = False
    relative_registered: bool = False
    complaint: bool = False
    monthly_fen: int | None = Field(default=None, sa_type=Key)
    computation: str = Field(default="", sa_type=Text)
    decided_on: date | None = None
    effective_month: str = Field(default="", max_length=7)
    document: str = Field(default="", max_length=80)
    reason: str = Field(default="", max_length=400)
    review_class: str = Field(default="", max_length=1)
    reviewed_on: date | None = None
    review_due_on: date | None = Field(default=None, index=True)
    last_month: str = Field(default="", max_length=7)
    opened_at: datetime
    opened_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Member(Table, table=True):
    """A person counted in a case, and whether an adult signed the authorisation for the economic check."""

    __tablename__ = "casework_member"
    __table_args__ = (Index("ix_casework_member_person_id", "person_id"),)

    case_id: int = Field(sa_type=Key, foreign_key="casework_case.id", primary_key=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", primary_key=True)
    first_person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    relation: str = Field(default="", max_length=2)
    joined_on: date
    signed_on: date | None = None
    left_on: date | None = None
    left_reason: str = Field(default="", max_length=80)


class Event(Table, table=True):
    """One step of the state table. Append-only; the database refuses a gap, a day before the last step's, a change.

    ``data`` (JSON) is what the step was taken with: papers, minutes, counts; nothing that names a voter or an illness.
    """

    __tablename__ = "casework_event"
    __table_args__ = (
        UniqueConstraint("case_id", "position", name="steps_follow_each_other"),
        CheckConstraint("position >= 1", name="steps_are_counted_from_one"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="casework_case.id")
    position: int
    event: str = Field(max_length=30)
    from_state: str = Field(max_length=20)
    to_state: str = Field(max_length=20)
    happened_on: date
    at: datetime
    acted_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    office: str = Field(default="", max_length=10)
    reason: str = Field(default="", max_length=400)
    data: str = Field(default="{}", sa_type=Text)


class Paper(Table, table=True):
    """A paper of a case: handed in, or told to be missing (``told_on``) and not yet there."""

    __tablename__ = "casework_paper"
    __table_args__ = (
        UniqueConstraint("case_id", "kind", name="one_paper_of_a_kind"),
        CheckConstraint("told_on IS NOT NULL OR received_on IS NOT NULL", name="a_paper_is_there_or_missing"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="casework_case.id")
    kind: str = Field(max_length=40)
    title: str = Field(max_length=80)
    told_on: date | None = None
    received_on: date | None = None
    attachment_id: int | None = Field(default=None, sa_type=Key)
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class EconomicCheck(Table, table=True):
    """The report of the check centre: a lead, not a decision. ``details`` is sealed and stays with the centre.

    ``items`` (JSON) is what the township may see: for each item what was declared, what was found, and the remark.
    """

    __tablename__ = "casework_check"
    __table_args__ = (
        CheckConstraint("result IN ('agrees', 'differs')", name="result_is_known"),
        Index("ix_casework_check_case_id", "case_id"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="casework_case.id")
    number: str = Field(max_length=60)
    reported_on: date
    result: str = Field(max_length=10)
    conclusion: str = Field(default="", max_length=400)
    items: str = Field(default="[]", sa_type=Text)
    details: bytes | None = Field(default=None, sa_type=Ciphertext)
    explain_by: date | None = None
    explanation: str = Field(default="", max_length=400)
    explained_on: date | None = None
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Visit(Table, table=True):
    """A visit to the household: by two or more, signed by them and the family; ``findings`` is sealed."""

    __tablename__ = "casework_visit"
    __table_args__ = (
        CheckConstraint(_one_of("kind", VISITS), name="kind_of_visit_is_known"),
        CheckConstraint("investigators >= 1", name="somebody_went"),
        Index("ix_casework_visit_case_id", "case_id"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="casework_case.id")
    kind: str = Field(max_length=8)
    visited_on: date
    names: str = Field(max_length=200)
    investigators: int
    family_signed: bool
    signer: str = Field(default="", max_length=50)
    findings: bytes | None = Field(default=None, sa_type=Ciphertext)
    photos: int = 0
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Relative(Table, table=True):
    """A member of the family who is a near relative of somebody who handles aid, or of the village committee."""

    __tablename__ = "casework_relative"
    __table_args__ = (
        CheckConstraint("level IN ('village', 'township', 'county')", name="level_is_known"),
        Index("ix_casework_relative_case_id", "case_id"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="casework_case.id")
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    first_person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    staff_name: str = Field(max_length=50)
    account_id: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    post: str = Field(max_length=60)
    level: str = Field(max_length=10)
    relation: str = Field(max_length=20)
    declared_on: date
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Sample(Table, table=True):
    """A draw of cases to be inspected. The seed and the list it was drawn from make it repeatable."""

    __tablename__ = "casework_sample"
    __table_args__ = (CheckConstraint("kind IN ('new', 'active')", name="kind_of_sample_is_known"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    kind: str = Field(max_length=8)
    type: str = Field(max_length=40)
    area: str = Field(max_length=12)
    period: str = Field(max_length=7, index=True)
    share: str = Field(max_length=10)
    seed: int = Field(sa_type=Key)
    population: str = Field(sa_type=Text)
    drawn_at: datetime
    drawn_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class SampledCase(Table, table=True):
    """A case to be inspected: drawn by lot, or because of a registered relative or a complaint."""

    __tablename__ = "casework_sampled_case"
    __table_args__ = (
        CheckConstraint("why IN ('drawn', 'relative', 'complaint')", name="why_is_known"),
        CheckConstraint("result IN ('', 'right', 'wrong')", name="result_is_known"),
        Index("ix_casework_sampled_case_case_id", "case_id"),
    )

    sample_id: int = Field(sa_type=Key, foreign_key="casework_sample.id", primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="casework_case.id", primary_key=True)
    why: str = Field(max_length=10)
    done_on: date | None = None
    result: str = Field(default="", max_length=8)
    note: str = Field(default="", max_length=400)
    wrong_fen: int = Field(default=0, sa_type=Key)


class Review(Table, table=True):
    """A review of a family in payment: what was found and what follows."""

    __tablename__ = "casework_review"
    __table_args__ = (
        CheckConstraint("outcome IN ('same', 'increase', 'decrease', 'phase_out', 'stop')", name="outcome_is_known"),
        Index("ix_casework_review_case_id", "case_id"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="casework_case.id")
    kind: str = Field(max_length=12)
    was_due_on: date | None = None
    done_on: date
    outcome: str = Field(max_length=10)
    before_fen: int = Field(sa_type=Key)
    after_fen: int = Field(sa_type=Key)
    effective_month: str = Field(default="", max_length=7)
    reason: str = Field(default="", max_length=400)
    computation: str = Field(default="", sa_type=Text)
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Lead(Table, table=True):
    """A family in need that somebody noticed: a cadre, a social worker, a comparison of data."""

    __tablename__ = "casework_lead"
    __table_args__ = (
        CheckConstraint("source IN ('cadre', 'social_worker', 'data', 'public')", name="source_of_a_lead_is_known"),
        CheckConstraint("state IN ('open', 'applied', 'dismissed')", name="state_of_a_lead_is_known"),
        CheckConstraint("state <> 'dismissed' OR reason <> ''", name="a_lead_is_dismissed_for_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    area: str = Field(max_length=12, index=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    first_person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    source: str = Field(max_length=14)
    text: bytes = Field(sa_type=Ciphertext)
    found_on: date
    due_on: date
    state: str = Field(default="open", max_length=10, index=True)
    case_id: int | None = Field(default=None, sa_type=Key, foreign_key="casework_case.id")
    reason: str = Field(default="", max_length=200)
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Appeal(Table, table=True):
    """A complaint, a reconsideration or a lawsuit against a decision, and how it ended."""

    __tablename__ = "casework_appeal"
    __table_args__ = (
        CheckConstraint("kind IN ('complaint', 'reconsideration', 'lawsuit')", name="kind_of_appeal_is_known"),
        CheckConstraint("outcome IN ('', 'won', 'lost')", name="outcome_of_an_appeal_is_known"),
        CheckConstraint("(outcome = '') = (decided_on IS NULL)", name="an_outcome_has_a_day"),
        only_one("one_appeal_of_a_kind_at_a_time", "case_id", "kind", where="outcome = ''"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="casework_case.id", index=True)
    kind: str = Field(max_length=16)
    filed_on: date
    due_on: date
    text: bytes | None = Field(default=None, sa_type=Ciphertext)
    outcome: str = Field(default="", max_length=6)
    decided_on: date | None = None
    document: str = Field(default="", max_length=80)
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
