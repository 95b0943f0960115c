"""Tables of the frame: state, ids, admitted plugins, policy, jobs, outbox, submissions, working days."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from core.guards import append_only
from core.tables import Key

revision = "core_0001"
down_revision = None
branch_labels = None
depends_on = None

_SECOND_PERSON_SQLITE = """
CREATE TRIGGER core_policy_confirmed_by_another BEFORE INSERT ON core_policy_confirmation
WHEN NEW.confirmed_by IS (SELECT set_by FROM core_policy WHERE id = NEW.policy_id)
BEGIN SELECT RAISE(ABORT, 'a policy value is confirmed by a second person'); END
"""

_SECOND_PERSON_POSTGRESQL = """
CREATE FUNCTION core_policy_confirmed_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.confirmed_by IS NOT DISTINCT FROM (SELECT set_by FROM core_policy WHERE id = NEW.policy_id) THEN
    RAISE EXCEPTION 'a policy value is confirmed by a second person' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER core_policy_confirmed_by_another BEFORE INSERT ON core_policy_confirmation
FOR EACH ROW EXECUTE FUNCTION core_policy_confirmed_by_another()
"""


def upgrade() -> None:
    op.create_table(
        "core_state",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.String(200), nullable=False),
    )
    op.create_table(
        "core_sequence",
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("next_id", Key, nullable=False),
    )
    op.create_table(
        "core_plugin",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("bundled", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("admitted_at", UTCDateTime(), nullable=False),
    )
    op.create_table(
        "core_policy",
        sa.Column("id", Key, primary_key=True),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("value", sa.String(20000), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("document", sa.String(120), nullable=False),
        sa.Column("set_by", Key),
        sa.Column("set_at", UTCDateTime(), nullable=False),
    )
    op.create_index("ix_core_policy_key_valid_from", "core_policy", ["key", "valid_from"])
    op.create_table(
        "core_policy_confirmation",
        sa.Column("policy_id", Key, sa.ForeignKey("core_policy.id"), primary_key=True),
        sa.Column("confirmed_by", Key, nullable=False),
        sa.Column("confirmed_at", UTCDateTime(), nullable=False),
    )
    op.create_table(
        "core_job",
        sa.Column("id", Key, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("arguments", sa.String(20000), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("started_at", UTCDateTime()),
        sa.Column("finished_at", UTCDateTime()),
        sa.Column("account_id", Key),
        sa.Column("error", sa.String(2000), nullable=False),
        sa.Column("once_key", sa.String(120)),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'parked')", name="state_is_known"),
        sa.UniqueConstraint("once_key", name="uq_core_job_once_key"),
    )
    op.create_index("ix_core_job_state_due_at", "core_job", ["state", "due_at"])
    op.create_table(
        "core_outbox",
        sa.Column("id", Key, primary_key=True),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("topic", sa.String(80), nullable=False),
        sa.Column("payload", sa.String(20000), nullable=False),
        sa.Column("plugin", sa.String(40), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("error", sa.String(2000), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'done', 'parked')", name="state_is_known"),
        sa.UniqueConstraint("event", "plugin", name="an_event_is_told_once_to_a_plugin"),
    )
    op.create_index("ix_core_outbox_state_due_at", "core_outbox", ["state", "due_at"])
    op.create_table(
        "core_submission",
        sa.Column("account_id", Key, primary_key=True),
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.String(2000), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
    )
    op.create_table(
        "core_workday",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("document", sa.String(120), nullable=False),
    )
    append_only(op, "core_policy")
    append_only(op, "core_policy_confirmation", key="policy_id")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_SECOND_PERSON_SQLITE)
    else:
        op.execute(_SECOND_PERSON_POSTGRESQL)


def downgrade() -> None:
    for table in (
        "core_workday",
        "core_submission",
        "core_outbox",
        "core_job",
        "core_policy_confirmation",
        "core_policy",
        "core_plugin",
        "core_sequence",
        "core_state",
    ):
        op.drop_table(table)
