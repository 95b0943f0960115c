"""The tables of dibao: what families declare, awards, price months, margin families, campaigns, linked benefits."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from core.api import Bytes, Key, append_only

revision = "dibao_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; awards and price months are only ever added to."""
    _assessment()
    _income()
    _property()
    _expenditure()
    _obligor()
    _calculation()
    _award()
    _price()
    _margin()
    _campaign()
    _campaign_case()
    _linked()
    _linked_person()
    _job_refusal()
    for table in ("dibao_award", "dibao_price"):
        append_only(op, table)  # ty: ignore[invalid-argument-type] - alembic hands its operations out as a module


def _only_one(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def _assessment() -> None:
    op.create_table(
        "dibao_assessment",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("casework_case.id"), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("labour", sa.String(8), nullable=False),
        sa.Column("job", sa.String(80), nullable=False),
        sa.Column("health", Bytes),
        sa.Column("school", sa.String(80), nullable=False),
        sa.Column("marks", sa.String(120), nullable=False),
        sa.Column("claimed", sa.String(80), nullable=False),
        sa.Column("apart", sa.String(80), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("dropped_at", UTCDateTime()),
        sa.CheckConstraint("labour IN ('', 'full', 'partial', 'none')", name="labour_is_known"),
    )
    op.create_index("ix_dibao_assessment_case_id", "dibao_assessment", ["case_id"])
    op.create_index("ix_dibao_assessment_person_id", "dibao_assessment", ["person_id"])
    _only_one("one_assessment_per_member", "dibao_assessment", ["case_id", "person_id"], "dropped_at IS NULL")


def _income() -> None:
    op.create_table(
        "dibao_income",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("casework_case.id"), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("type", sa.String(10), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("excluded", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("ground", sa.String(120), nullable=False),
        sa.Column("evidence", sa.String(120), nullable=False),
        sa.Column("checked_fen", Key),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("dropped_at", UTCDateTime()),
        sa.CheckConstraint("amount_fen >= 0", name="income_is_not_negative"),
        sa.CheckConstraint("months BETWEEN 1 AND 12", name="income_is_of_a_year_at_most"),
        sa.CheckConstraint(
            "type IN ('wage', 'business', 'property', 'transfer', 'farm', 'support')", name="type_of_income_is_known"
        ),
        sa.CheckConstraint("excluded = FALSE OR ground <> ''", name="what_is_not_counted_has_a_ground"),
    )
    op.create_index("ix_dibao_income_case_id", "dibao_income", ["case_id"])


def _property() -> None:
    op.create_table(
        "dibao_property",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("casework_case.id"), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("type", sa.String(10), nullable=False),
        sa.Column("value_fen", Key, nullable=False),
        sa.Column("checked_fen", Key),
        sa.Column("exempt", sa.String(120), nullable=False),
        sa.Column("evidence", sa.String(120), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("dropped_at", UTCDateTime()),
        sa.CheckConstraint("value_fen >= 0", name="a_value_is_not_negative"),
        sa.CheckConstraint("type IN ('cash', 'vehicle', 'house', 'company')", name="type_of_property_is_known"),
    )
    op.create_index("ix_dibao_property_case_id", "dibao_property", ["case_id"])


def _expenditure() -> None:
    op.create_table(
        "dibao_expenditure",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("casework_case.id"), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(120), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("dropped_at", UTCDateTime()),
        sa.CheckConstraint("amount_fen > 0", name="an_expenditure_is_positive"),
        sa.CheckConstraint("months BETWEEN 1 AND 12", name="expenditure_is_of_a_year_at_most"),
        sa.CheckConstraint(
            "type IN ('medical', 'education', 'disability_care', 'other')", name="type_of_expenditure_is_known"
        ),
    )
    op.create_index("ix_dibao_expenditure_case_id", "dibao_expenditure", ["case_id"])


def _obligor() -> None:
    op.create_table(
        "dibao_obligor",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("casework_case.id"), nullable=False),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("relation", sa.String(20), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("income_fen", Key, nullable=False),
        sa.Column("supports", sa.Integer(), nullable=False),
        sa.Column("agreed_fen", Key, nullable=False),
        sa.Column("document", sa.String(120), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("dropped_at", UTCDateTime()),
        sa.CheckConstraint("income_fen >= 0 AND agreed_fen >= 0", name="amounts_of_obligors_are_not_negative"),
        sa.CheckConstraint("members >= 1 AND supports >= 1", name="an_obligor_has_a_family_and_somebody_to_support"),
    )
    op.create_index("ix_dibao_obligor_case_id", "dibao_obligor", ["case_id"])


def _calculation() -> None:
    op.create_table(
        "dibao_calculation",
        sa.Column("case_id", Key, sa.ForeignKey("casework_case.id"), primary_key=True),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
    )


def _award() -> None:
    op.create_table(
        "dibao_award",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("casework_case.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("effective_month", sa.String(7), nullable=False),
        sa.Column("until_month", sa.String(7), nullable=False),
        sa.Column("category", sa.String(8), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("enrolment_id", Key, sa.ForeignKey("benefits_enrolment.id"), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("counted_num", Key, nullable=False),
        sa.Column("counted_den", Key, nullable=False),
        sa.Column("per_capita_num", Key, nullable=False),
        sa.Column("per_capita_den", Key, nullable=False),
        sa.Column("standard_fen", Key, nullable=False),
        sa.Column("base_fen", Key, nullable=False),
        sa.Column("supplements", sa.Text(), nullable=False),
        sa.Column("before_fen", Key, nullable=False),
        sa.Column("total_fen", Key, nullable=False),
        sa.Column("rounding", sa.String(20), nullable=False),
        sa.Column("policies", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("review_class", sa.String(1), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=False),
        sa.Column("decided_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.UniqueConstraint("case_id", "version", name="awards_follow_each_other"),
        sa.CheckConstraint("outcome <> 'granted' OR total_fen > 0", name="a_grant_is_positive"),
        sa.CheckConstraint("total_fen >= 0 AND base_fen >= 0", name="an_award_is_not_negative"),
        sa.CheckConstraint("counted_den > 0 AND per_capita_den > 0", name="fractions_have_a_denominator"),
        sa.CheckConstraint(
            "outcome IN ('granted', 'changed', 'suspended', 'resumed', 'phasing_out', 'stopped', 'reinstated',"
            " 'raised')",
            name="outcome_of_an_award_is_known",
        ),
    )
    op.create_index("ix_dibao_award_effective_month", "dibao_award", ["effective_month"])


def _price() -> None:
    op.create_table(
        "dibao_price",
        sa.Column("id", Key, primary_key=True),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("cpi", sa.String(10), nullable=False),
        sa.Column("food_cpi", sa.String(10), nullable=False),
        sa.Column("groups", sa.String(200), nullable=False),
        sa.Column("document", sa.String(100), nullable=False),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.Column("set_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("document <> ''", name="a_price_month_has_a_document"),
        sa.CheckConstraint("amount_fen >= 0", name="a_price_subsidy_is_not_negative"),
    )
    op.create_index("ix_dibao_price_month", "dibao_price", ["month"])


def _margin() -> None:
    op.create_table(
        "dibao_margin",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("casework_case.id"), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("category", sa.String(8), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("per_capita_num", Key, nullable=False),
        sa.Column("per_capita_den", Key, nullable=False),
        sa.Column("standard_fen", Key, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("until IS NULL OR reason <> ''", name="an_end_of_a_margin_has_a_reason"),
        sa.CheckConstraint("kind IN ('margin', 'hardship')", name="kind_of_margin_is_known"),
    )
    op.create_index("ix_dibao_margin_area", "dibao_margin", ["area"])
    op.create_index("ix_dibao_margin_person_id", "dibao_margin", ["person_id"])
    _only_one("one_margin_entry_per_case", "dibao_margin", ["case_id"], "until IS NULL")


def _campaign() -> None:
    op.create_table(
        "dibao_campaign",
        sa.Column("id", Key, primary_key=True),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("document", sa.String(100), nullable=False),
        sa.Column("planned_added", sa.Integer(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.Column("frozen", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("started_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("kind IN ('reverification', 'sweep', 'extension')", name="kind_of_campaign_is_known"),
    )


def _campaign_case() -> None:
    op.create_table(
        "dibao_campaign_case",
        sa.Column("campaign_id", Key, sa.ForeignKey("dibao_campaign.id"), primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("casework_case.id"), primary_key=True),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("before_fen", Key, nullable=False),
        sa.Column("after_fen", Key),
        sa.Column("result", sa.String(8), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("done_on", sa.Date()),
        sa.Column("done_by", Key, sa.ForeignKey("identity_account.id")),
        sa.CheckConstraint("result IN ('', 'kept', 'lowered', 'stopped', 'added')", name="result_of_campaign_is_known"),
    )
    op.create_index("ix_dibao_campaign_case_case_id", "dibao_campaign_case", ["case_id"])


def _linked() -> None:
    op.create_table(
        "dibao_linked",
        sa.Column("id", Key, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("department", sa.String(80), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("given_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('water', 'power', 'housing', 'medical', 'education', 'job_training')",
            name="kind_of_linked_benefit_is_known",
        ),
    )


def _linked_person() -> None:
    op.create_table(
        "dibao_linked_person",
        sa.Column("list_id", Key, sa.ForeignKey("dibao_linked.id"), primary_key=True),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), primary_key=True),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("granted", sa.Boolean()),
        sa.Column("note", sa.String(120), nullable=False),
    )
    op.create_index("ix_dibao_linked_person_person_id", "dibao_linked_person", ["person_id"])


def _job_refusal() -> None:
    op.create_table(
        "dibao_job_refusal",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("casework_case.id"), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column("offer", sa.String(120), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("good_reason", sa.String(200), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
    )
    op.create_index("ix_dibao_job_refusal_case_id", "dibao_job_refusal", ["case_id"])
    op.create_index("ix_dibao_job_refusal_person_id", "dibao_job_refusal", ["person_id"])


def downgrade() -> None:
    """Drop the tables, what points at others first."""
    for table in (
        "job_refusal", "linked_person", "linked", "campaign_case", "campaign", "margin", "price", "award",
        "calculation", "obligor", "expenditure", "property", "income", "assessment",
    ):  # fmt: skip
        op.drop_table(f"dibao_{table}")
