"""Requests for certificates, and what volunteers are paid for meals and ways; money needs a confirmed record."""

import sqlalchemy as sa
from alembic import op

from core.api import Key, Rule, hold_rules

revision = "volunteers_0002"
down_revision = "volunteers_0001"
branch_labels = None
depends_on = None

_FIXED = ("volunteer_id", "record_id", "kind", "served_on", "month", "amount_fen", "entered_on", "entered_by")
RULES = (
    Rule(
        name="volunteers_subsidies_rest_on_service",
        table="volunteers_subsidy",
        event="INSERT",
        condition="NOT EXISTS (SELECT 1 FROM volunteers_record r WHERE r.id = NEW.record_id AND r.kind = 'service'"
        " AND r.state = 'confirmed' AND r.volunteer_id = NEW.volunteer_id AND r.served_on = NEW.served_on)"
        " OR EXISTS (SELECT 1 FROM volunteers_record b WHERE b.reverses_id = NEW.record_id)",
        message="a subsidy needs a confirmed record E_VOL_UNCONFIRMED",
        lock="volunteers_volunteer WHERE id = NEW.volunteer_id",
    ),
    Rule(
        name="volunteers_subsidies_stay",
        table="volunteers_subsidy",
        event="DELETE",
        condition="1 = 1",
        message="subsidies stay E_VOL_KEPT",
    ),
    Rule(
        name="volunteers_subsidies_do_not_change",
        table="volunteers_subsidy",
        event="UPDATE",
        condition=" OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _FIXED)
        + " OR OLD.withdrawn_on IS NOT NULL",
        message="a subsidy is only batched or withdrawn E_VOL_KEPT",
    ),
)


def upgrade() -> None:
    """Make the two tables and what the database holds of the rules."""
    account = "identity_account.id"
    op.create_table(
        "volunteers_request",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("volunteer_id", Key, sa.ForeignKey("volunteers_volunteer.id"), nullable=False),
        sa.Column("org_id", Key, sa.ForeignKey("volunteers_org.id"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("since", sa.Date()),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("state_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("certificate_id", Key, sa.ForeignKey("volunteers_certificate.id")),
        sa.Column("added_by", Key, sa.ForeignKey(account), nullable=False),
        sa.UniqueConstraint("number", name="one_request_per_number"),
        sa.CheckConstraint("state IN ('open', 'issued', 'refused')", name="state_is_known"),
        sa.CheckConstraint("(state = 'issued') = (certificate_id IS NOT NULL)", name="an_issue_names_its_certificate"),
        sa.CheckConstraint("(state = 'refused') = (reason <> '')", name="a_refusal_has_a_reason"),
        sa.CheckConstraint("due_on >= requested_on", name="it_is_due_after_it_was_asked"),
    )
    _only_one("one_open_request", "volunteers_request", ["volunteer_id", "org_id"], "state = 'open'")
    for name in ("area", "due_on", "volunteer_id"):
        op.create_index(f"ix_volunteers_request_{name}", "volunteers_request", [name])
    op.create_table(
        "volunteers_subsidy",
        sa.Column("id", Key, primary_key=True),
        sa.Column("volunteer_id", Key, sa.ForeignKey("volunteers_volunteer.id"), nullable=False),
        sa.Column("record_id", Key, sa.ForeignKey("volunteers_record.id"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("entered_by", Key, sa.ForeignKey(account), nullable=False),
        sa.Column("batch_id", Key, sa.ForeignKey("funds_batch.id")),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("meeting", sa.String(80), nullable=False),
        sa.Column("withdrawn_on", sa.Date()),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.CheckConstraint("kind IN ('meal', 'transport')", name="kind_is_known"),
        sa.CheckConstraint("amount_fen > 0", name="a_subsidy_is_an_amount"),
        sa.CheckConstraint("(withdrawn_on IS NULL) = (reason = '')", name="a_withdrawal_has_a_reason"),
        sa.CheckConstraint("batch_id IS NULL OR meeting <> ''", name="a_batch_has_its_minutes"),
    )
    _only_one("one_subsidy_per_record_and_kind", "volunteers_subsidy", ["record_id", "kind"], "withdrawn_on IS NULL")
    for name in ("area", "batch_id", "record_id", "volunteer_id"):
        op.create_index(f"ix_volunteers_subsidy_{name}", "volunteers_subsidy", [name])
    hold_rules(op, RULES)  # ty: ignore[invalid-argument-type] - alembic hands its operations out as a module


def _only_one(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    """Take the tables away."""
    for table in ("volunteers_subsidy", "volunteers_request"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for rule in RULES:
            op.execute(f"DROP FUNCTION IF EXISTS {rule.name}()")
