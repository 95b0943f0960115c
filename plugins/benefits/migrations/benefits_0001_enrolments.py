"""Standards, institutions, enrolments with their versions, and the rolls built of them."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from core.api import Key, Rule, append_only, hold_rules

revision = "benefits_0001"
down_revision = None
branch_labels = None
depends_on = None

_KEPT = (
    "enrolment_id", "scheme", "beneficiary_id", "person_id", "from_month", "state", "category", "area", "known_at",
)  # fmt: skip
RULES = (
    Rule(
        name="benefits_version_kept",
        table="benefits_version",
        event="UPDATE",
        condition="OLD.superseded_by IS NOT NULL OR " + " OR ".join(f"NEW.{one} <> OLD.{one}" for one in _KEPT),
        message="what was known of an enrolment is never rewritten",
    ),
    Rule(
        name="benefits_version_never_deleted",
        table="benefits_version",
        event="DELETE",
        condition="1 = 1",
        message="what was known of an enrolment is never deleted",
    ),
    Rule(
        name="benefits_enrolment_never_deleted",
        table="benefits_enrolment",
        event="DELETE",
        condition="1 = 1",
        message="an enrolment is ended, never deleted",
    ),
)


def _key(name: str, to: str = "", *, null: bool = False, table: str = "") -> list:
    column = sa.Column(name, Key, nullable=null)
    if not to:
        return [column]
    return [column, sa.ForeignKeyConstraint([name], [f"{to}.id"], name=f"fk_{table}_{name}")]


def upgrade() -> None:
    """Make the tables."""
    _make_standards()
    _make_enrolments()
    _make_runs()
    append_only(op, "benefits_standard")  # ty: ignore[invalid-argument-type] - alembic hands its operations out as a module
    hold_rules(op, RULES)  # ty: ignore[invalid-argument-type] - the same


def _make_standards() -> None:
    op.create_table(
        "benefits_standard",
        sa.Column("id", Key, nullable=False),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("unit", sa.String(8), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("valid_from", sa.String(7), nullable=False),
        sa.Column("document", sa.String(100), nullable=False),
        sa.Column("known_at", UTCDateTime(), nullable=False),
        *_key("set_by", "identity_account", table="benefits_standard"),
        sa.CheckConstraint("unit IN ('month', 'quarter', 'year')", name="unit_of_standard_is_known"),
        sa.CheckConstraint("amount_fen > 0", name="a_standard_is_positive"),
        sa.CheckConstraint("document <> ''", name="a_standard_has_a_document"),
        sa.PrimaryKeyConstraint("id", name="pk_benefits_standard"),
    )
    op.create_index("ix_benefits_standard_scheme", "benefits_standard", ["scheme", "category", "valid_from"])
    op.create_table(
        "benefits_institution",
        sa.Column("id", Key, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        *_key("payee_id", "funds_payee", null=True, table="benefits_institution"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_benefits_institution"),
        sa.UniqueConstraint("code", name="one_institution_per_code"),
    )
    op.create_table(
        "benefits_start",
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        *_key("set_by", "identity_account", table="benefits_start"),
        sa.PrimaryKeyConstraint("scheme", name="pk_benefits_start"),
    )


def _make_enrolments() -> None:
    op.create_table(
        "benefits_enrolment",
        sa.Column("id", Key, nullable=False),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        *_key("person_id", "identity_person", table="benefits_enrolment"),
        *_key("group_id", "household_group", null=True, table="benefits_enrolment"),
        sa.Column("beneficiary_id", Key, nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("from_month", sa.String(7), nullable=False),
        sa.Column("to_month", sa.String(7)),
        sa.Column("planned_to", sa.String(7)),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("suspended_from", sa.String(7)),
        sa.Column("ended_for", sa.String(12), nullable=False),
        *_key("payee_id", "funds_payee", null=True, table="benefits_enrolment"),
        sa.Column("payee_from", sa.String(12), nullable=False),
        *_key("institution_id", "benefits_institution", null=True, table="benefits_enrolment"),
        sa.Column("carried_over", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        *_key("opened_by", "identity_account", table="benefits_enrolment"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('active', 'suspended', 'ended')", name="state_of_enrolment_is_known"),
        sa.CheckConstraint(
            "to_month IS NULL OR to_month >= from_month OR state = 'ended'", name="months_follow_each_other"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_benefits_enrolment"),
    )
    op.create_index("ix_benefits_enrolment_person_id", "benefits_enrolment", ["person_id"])
    op.create_index("ix_benefits_enrolment_scheme_state_area", "benefits_enrolment", ["scheme", "state", "area"])
    op.create_index("ix_benefits_enrolment_scheme_beneficiary_id", "benefits_enrolment", ["scheme", "beneficiary_id"])
    op.create_table(
        "benefits_member",
        *_key("enrolment_id", "benefits_enrolment", table="benefits_member"),
        *_key("person_id", "identity_person", table="benefits_member"),
        sa.PrimaryKeyConstraint("enrolment_id", "person_id", name="pk_benefits_member"),
    )
    op.create_index("ix_benefits_member_person_id", "benefits_member", ["person_id"])
    op.create_table(
        "benefits_version",
        sa.Column("id", Key, nullable=False),
        *_key("enrolment_id", "benefits_enrolment", table="benefits_version"),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("beneficiary_id", Key, nullable=False),
        *_key("person_id", "identity_person", table="benefits_version"),
        sa.Column("from_month", sa.String(7), nullable=False),
        sa.Column("to_month", sa.String(7)),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        *_key("payee_id", "funds_payee", null=True, table="benefits_version"),
        sa.Column("fixed_fen", Key),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("known_at", UTCDateTime(), nullable=False),
        *_key("known_by", "identity_account", table="benefits_version"),
        sa.Column("superseded_by", Key),
        sa.Column("superseded_at", UTCDateTime()),
        sa.CheckConstraint("state IN ('active', 'suspended', 'ended')", name="state_of_version_is_known"),
        sa.CheckConstraint("to_month IS NULL OR to_month >= from_month", name="a_version_ends_after_it_begins"),
        sa.CheckConstraint("fixed_fen IS NULL OR fixed_fen >= 0", name="a_fixed_amount_is_not_negative"),
        sa.PrimaryKeyConstraint("id", name="pk_benefits_version"),
    )
    op.create_index("ix_benefits_version_scheme_beneficiary_id", "benefits_version", ["scheme", "beneficiary_id"])
    op.create_index("ix_benefits_version_enrolment_id", "benefits_version", ["enrolment_id"])
    op.create_index("ix_benefits_version_person_id", "benefits_version", ["person_id"])


def _make_runs() -> None:
    op.create_table(
        "benefits_run",
        *_key("batch_id", "funds_batch", table="benefits_run"),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("start", sa.String(7), nullable=False),
        sa.Column("since", sa.String(7), nullable=False),
        sa.Column("known_version", Key, nullable=False),
        sa.Column("known_standard", Key, nullable=False),
        sa.Column("changed_after", Key, nullable=False),
        sa.Column("policies", sa.Text(), nullable=False),
        sa.Column("rules", sa.Integer(), nullable=False),
        sa.Column("built_at", UTCDateTime(), nullable=False),
        sa.Column("closed_at", UTCDateTime()),
        sa.Column("sums", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", name="pk_benefits_run"),
    )
    op.create_index("ix_benefits_run_scheme", "benefits_run", ["scheme"])
    op.create_table(
        "benefits_left_out",
        *_key("batch_id", "funds_batch", table="benefits_left_out"),
        *_key("enrolment_id", "benefits_enrolment", table="benefits_left_out"),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("other", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "enrolment_id", name="pk_benefits_left_out"),
    )
    op.create_table(
        "benefits_overpaid",
        *_key("batch_id", "funds_batch", table="benefits_overpaid"),
        *_key("enrolment_id", "benefits_enrolment", table="benefits_overpaid"),
        sa.Column("for_month", sa.String(7), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        *_key("recovery_id", "funds_recovery", null=True, table="benefits_overpaid"),
        sa.CheckConstraint("amount_fen > 0", name="what_is_overpaid_is_positive"),
        sa.PrimaryKeyConstraint("batch_id", "enrolment_id", "for_month", name="pk_benefits_overpaid"),
    )


def downgrade() -> None:
    """Take the tables away; on PostgreSQL the rules' functions go with them."""
    for table in (
        "benefits_overpaid", "benefits_left_out", "benefits_run", "benefits_version", "benefits_member",
        "benefits_enrolment", "benefits_start", "benefits_institution", "benefits_standard",
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for rule in RULES:
            op.execute(f"DROP FUNCTION IF EXISTS {rule.name}()")
