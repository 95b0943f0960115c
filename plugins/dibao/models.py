"""What is kept of dibao: what a family declared, awards in versions, price months, margin families, campaigns, lists.

Facts of a family are set anew as a whole; what they replace stays with the moment it was ``dropped_at``.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from core.api import Ciphertext, Key, Table, only_one


class Assessment(Table, table=True):
    """A member of a household as the township found them: labour, job, school, marks; ``health`` is sealed.

    ``marks`` and ``claimed`` are codes set apart by spaces. ``apart`` says why somebody of the household is not in the
    family.
    """

    __tablename__ = "dibao_assessment"
    __table_args__ = (
        CheckConstraint("labour IN ('', 'full', 'partial', 'none')", name="labour_is_known"),
        only_one("one_assessment_per_member", "case_id", "person_id", where="dropped_at IS NULL"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="casework_case.id", index=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    labour: str = Field(default="", max_length=8)
    job: str = Field(default="", max_length=80)
    health: bytes | None = Field(default=None, sa_type=Ciphertext)
    school: str = Field(default="", max_length=80)
    marks: str = Field(default="", max_length=120)
    claimed: str = Field(default="", max_length=80)
    apart: str = Field(default="", max_length=80)
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    dropped_at: datetime | None = None


class IncomeItem(Table, table=True):
    """One item of income: so much over so many months. What is not counted has its legal ground.

    ``checked_fen`` is what the economic check found for the same months, None before it.
    """

    __tablename__ = "dibao_income"
    __table_args__ = (
        CheckConstraint(
            "type IN ('wage', 'business', 'property', 'transfer', 'farm', 'support')", name="type_of_income_is_known"
        ),
        CheckConstraint("amount_fen >= 0", name="income_is_not_negative"),
        CheckConstraint("months BETWEEN 1 AND 12", name="income_is_of_a_year_at_most"),
        CheckConstraint("excluded = FALSE OR ground <> ''", name="what_is_not_counted_has_a_ground"),
        Index("ix_dibao_income_case_id", "case_id"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="casework_case.id")
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    type: str = Field(max_length=10)
    amount_fen: int = Field(sa_type=Key)
    months: int = 1
    kind: str = Field(default="", max_length=40)
    excluded: bool = False
    title: str = Field(default="", max_length=80)
    ground: str = Field(default="", max_length=120)
    evidence: str = Field(default="", max_length=120)
    checked_fen: int | None = Field(default=None, sa_type=Key)
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    dropped_at: datetime | None = None


class PropertyItem(Table, table=True):
    """Something the family owns; ``exempt`` is the note that lifts it over a limit."""

    __tablename__ = "dibao_property"
    __table_args__ = (
        CheckConstraint("type IN ('cash', 'vehicle', 'house', 'company')", name="type_of_property_is_known"),
        CheckConstraint("value_fen >= 0", name="a_value_is_not_negative"),
        Index("ix_dibao_property_case_id", "case_id"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="casework_case.id")
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    type: str = Field(max_length=10)
    value_fen: int = Field(default=0, sa_type=Key)
    checked_fen: int | None = Field(default=None, sa_type=Key)
    exempt: str = Field(default="", max_length=120)
    evidence: str = Field(default="", max_length=120)
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    dropped_at: datetime | None = None


class ExpenditureItem(Table, table=True):
    """A rigid cost of the family: medical, education, care of somebody disabled."""

    __tablename__ = "dibao_expenditure"
    __table_args__ = (
        CheckConstraint(
            "type IN ('medical', 'education', 'disability_care', 'other')", name="type_of_expenditure_is_known"
        ),
        CheckConstraint("amount_fen > 0", name="an_expenditure_is_positive"),
        CheckConstraint("months BETWEEN 1 AND 12", name="expenditure_is_of_a_year_at_most"),
        Index("ix_dibao_expenditure_case_id", "case_id"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="casework_case.id")
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    type: str = Field(max_length=16)
    amount_fen: int = Field(sa_type=Key)
    months: int = 1
    evidence: str = Field(default="", max_length=120)
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    dropped_at: datetime | None = None


class Obligor(Table, table=True):
    """A relative outside the family who owes support; ``income_fen`` is the month of that whole family."""

    __tablename__ = "dibao_obligor"
    __table_args__ = (
        CheckConstraint("members >= 1 AND supports >= 1", name="an_obligor_has_a_family_and_somebody_to_support"),
        CheckConstraint("income_fen >= 0 AND agreed_fen >= 0", name="amounts_of_obligors_are_not_negative"),
        Index("ix_dibao_obligor_case_id", "case_id"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="casework_case.id")
    name: str = Field(max_length=50)
    relation: str = Field(default="", max_length=20)
    members: int = 1
    income_fen: int = Field(sa_type=Key)
    supports: int = 1
    agreed_fen: int = Field(default=0, sa_type=Key)
    document: str = Field(default="", max_length=120)
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    dropped_at: datetime | None = None


class Calculation(Table, table=True):
    """The newest calculation of a case as its page shows it (JSON: figures, lines, items)."""

    __tablename__ = "dibao_calculation"

    case_id: int = Field(sa_type=Key, foreign_key="casework_case.id", primary_key=True)
    counted_on: date
    digest: str = Field(max_length=64)
    data: str = Field(sa_type=Text)
    made_at: datetime
    made_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Award(Table, table=True):
    """What was decided for a family from a month on. Append-only: a change is the next version.

    Income, and income per head, are exact (numerator and denominator in fen). ``supplements``, ``policies`` and
    ``terms`` are JSON: what was given to whom, ids of the policy rows, what benefits computes by.
    """

    __tablename__ = "dibao_award"
    __table_args__ = (
        UniqueConstraint("case_id", "version", name="awards_follow_each_other"),
        CheckConstraint("total_fen >= 0 AND base_fen >= 0", name="an_award_is_not_negative"),
        CheckConstraint("counted_den > 0 AND per_capita_den > 0", name="fractions_have_a_denominator"),
        CheckConstraint(
            "outcome IN ('granted', 'changed', 'suspended', 'resumed', 'phasing_out', 'stopped', 'reinstated',"
            " 'raised')",
            name="outcome_of_an_award_is_known",
        ),
        CheckConstraint("outcome <> 'granted' OR total_fen > 0", name="a_grant_is_positive"),
        Index("ix_dibao_award_effective_month", "effective_month"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="casework_case.id")
    version: int
    outcome: str = Field(max_length=12)
    effective_month: str = Field(max_length=7)
    until_month: str = Field(default="", max_length=7)
    category: str = Field(max_length=8)
    area: str = Field(max_length=12)
    enrolment_id: int = Field(sa_type=Key, foreign_key="benefits_enrolment.id")
    members: int
    counted_num: int = Field(sa_type=Key)
    counted_den: int = Field(sa_type=Key)
    per_capita_num: int = Field(sa_type=Key)
    per_capita_den: int = Field(sa_type=Key)
    standard_fen: int = Field(default=0, sa_type=Key)
    base_fen: int = Field(default=0, sa_type=Key)
    supplements: str = Field(default="[]", sa_type=Text)
    before_fen: int = Field(default=0, sa_type=Key)
    total_fen: int = Field(sa_type=Key)
    rounding: str = Field(max_length=20)
    policies: str = Field(default="{}", sa_type=Text)
    terms: str = Field(default="{}", sa_type=Text)
    digest: str = Field(default="", max_length=64)
    review_class: str = Field(default="", max_length=1)
    reason: str = Field(default="", max_length=400)
    decided_on: date
    decided_at: datetime
    decided_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class PriceMonth(Table, table=True):
    """A month in which the price subsidy is paid. Append-only: the newest row of a month holds; 0 takes it back.

    ``cpi`` and ``food_cpi`` are shares in which prices rose against the year before ("" = not given).
    """

    __tablename__ = "dibao_price"
    __table_args__ = (
        CheckConstraint("amount_fen >= 0", name="a_price_subsidy_is_not_negative"),
        CheckConstraint("document <> ''", name="a_price_month_has_a_document"),
        Index("ix_dibao_price_month", "month"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    month: str = Field(max_length=7)
    amount_fen: int = Field(sa_type=Key)
    cpi: str = Field(default="", max_length=10)
    food_cpi: str = Field(default="", max_length=10)
    groups: str = Field(max_length=200)
    document: str = Field(max_length=100)
    set_at: datetime
    set_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class MarginFamily(Table, table=True):
    """A family at the margin: income at or above the standard and below the factor. No cash; the door to other aid.

    ``kind`` is margin, or hardship for a family with rigid costs.
    """

    __tablename__ = "dibao_margin"
    __table_args__ = (
        CheckConstraint("kind IN ('margin', 'hardship')", name="kind_of_margin_is_known"),
        CheckConstraint("until IS NULL OR reason <> ''", name="an_end_of_a_margin_has_a_reason"),
        only_one("one_margin_entry_per_case", "case_id", where="until IS NULL"),
        Index("ix_dibao_margin_area", "area"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="casework_case.id")
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    kind: str = Field(default="margin", max_length=10)
    area: str = Field(max_length=12)
    category: str = Field(max_length=8)
    members: int
    per_capita_num: int = Field(sa_type=Key)
    per_capita_den: int = Field(sa_type=Key)
    standard_fen: int = Field(sa_type=Key)
    since: date
    until: date | None = None
    reason: str = Field(default="", max_length=200)
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Campaign(Table, table=True):
    """A campaign of re-verification; whom it covers is frozen when it starts. ``planned_added`` reads as "about"."""

    __tablename__ = "dibao_campaign"
    __table_args__ = (
        CheckConstraint("kind IN ('reverification', 'sweep', 'extension')", name="kind_of_campaign_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    title: str = Field(max_length=80)
    kind: str = Field(max_length=16)
    area: str = Field(max_length=12)
    document: str = Field(default="", max_length=100)
    planned_added: int = 0
    started_on: date
    ended_on: date | None = None
    frozen: int
    persons: int
    started_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class CampaignCase(Table, table=True):
    """A family of a campaign: what it got when the list was frozen, and what became of it."""

    __tablename__ = "dibao_campaign_case"
    __table_args__ = (
        CheckConstraint("result IN ('', 'kept', 'lowered', 'stopped', 'added')", name="result_of_campaign_is_known"),
        Index("ix_dibao_campaign_case_case_id", "case_id"),
    )

    campaign_id: int = Field(sa_type=Key, foreign_key="dibao_campaign.id", primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="casework_case.id", primary_key=True)
    area: str = Field(max_length=12)
    before_fen: int = Field(default=0, sa_type=Key)
    after_fen: int | None = Field(default=None, sa_type=Key)
    result: str = Field(default="", max_length=8)
    note: str = Field(default="", max_length=200)
    done_on: date | None = None
    done_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")


class LinkedList(Table, table=True):
    """A list of entitled persons given to another department: water, power, housing, medical, education, training."""

    __tablename__ = "dibao_linked"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('water', 'power', 'housing', 'medical', 'education', 'job_training')",
            name="kind_of_linked_benefit_is_known",
        ),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    kind: str = Field(max_length=16)
    month: str = Field(max_length=7)
    department: str = Field(max_length=80)
    persons: int
    answered: int = 0
    given_on: date
    given_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class LinkedPerson(Table, table=True):
    """A person on such a list; ``granted`` is what the department answered, None before."""

    __tablename__ = "dibao_linked_person"
    __table_args__ = (Index("ix_dibao_linked_person_person_id", "person_id"),)

    list_id: int = Field(sa_type=Key, foreign_key="dibao_linked.id", primary_key=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", primary_key=True)
    area: str = Field(max_length=12)
    granted: bool | None = None
    note: str = Field(default="", max_length=120)


class JobRefusal(Table, table=True):
    """A suitable job that the labour department offered: refused, or taken, which begins the count anew."""

    __tablename__ = "dibao_job_refusal"
    __table_args__ = (Index("ix_dibao_job_refusal_person_id", "person_id"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="casework_case.id", index=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    offered_on: date
    offer: str = Field(max_length=120)
    refused: bool = True
    good_reason: str = Field(default="", max_length=200)
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Register(Table, table=True):
    """The register against falling back into poverty as it was taken in on a day; the newest one counts."""

    __tablename__ = "dibao_register"
    __table_args__ = (CheckConstraint("persons > 0", name="a_register_has_persons"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    persons: int
    taken_on: date
    taken_at: datetime
    taken_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class RegisterPerson(Table, table=True):
    """A person on such a register; ``area`` is the place of the hukou when it was taken in."""

    __tablename__ = "dibao_register_person"
    __table_args__ = (Index("ix_dibao_register_person_person_id", "person_id"),)

    register_id: int = Field(sa_type=Key, foreign_key="dibao_register.id", primary_key=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", primary_key=True)
    area: str = Field(max_length=12)
