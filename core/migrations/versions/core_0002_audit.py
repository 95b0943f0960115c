"""The audit chain, its blocks and anchors, append-only."""

import sqlalchemy as sa
from alembic import op

from core import guards
from core.tables import Bytes, Key

revision = "core_0002"
down_revision = "core_0001"
branch_labels = None
depends_on = None

GUARDED = {
    "audit_record": ("seq",),
    "audit_block": ("table_name", "number"),
    "audit_layout": ("number",),
    "audit_anchor": ("number",),
}
_STOP = "the head of the audit chain only moves forward"


def upgrade() -> None:
    """Make the tables, their guards and the head row."""
    _make_record()
    _make_blocks()
    op.create_table(
        "audit_anchor",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", Key, nullable=False),
        sa.Column("seq", Key, nullable=False),
        sa.Column("hash", Bytes, nullable=False),
        sa.Column("blocks", Key, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_anchor"),
    )
    for table, key in GUARDED.items():
        guards.append_only(op, table, key)
    _make_head()


def _make_record() -> None:
    op.create_table(
        "audit_record",
        sa.Column("seq", Key, nullable=False),
        sa.Column("at", Key, nullable=False),
        sa.Column("actor", sa.String(40), nullable=False),
        sa.Column("action", sa.String(100), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("body", Bytes, nullable=False),
        sa.Column("algorithm", sa.String(10), nullable=False),
        sa.Column("previous", Bytes, nullable=False),
        sa.Column("hash", Bytes, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_record"),
        sa.UniqueConstraint("previous", name="a_record_has_one_successor"),
    )
    op.create_index("ix_audit_record_subject_at", "audit_record", ["subject", "at"])
    op.create_index("ix_audit_record_actor_at", "audit_record", ["actor", "at"])
    op.create_index("ix_audit_record_at", "audit_record", ["at"])


def _make_blocks() -> None:
    op.create_table(
        "audit_layout",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("table_name", sa.String(60), nullable=False),
        sa.Column("layout", sa.String(4000), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_layout"),
        sa.UniqueConstraint("table_name", "layout", name="a_layout_is_kept_once"),
    )
    op.create_table(
        "audit_block",
        sa.Column("table_name", sa.String(60), nullable=False),
        sa.Column("number", Key, nullable=False),
        sa.Column("first_id", Key, nullable=False),
        sa.Column("last_id", Key, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("total", Key, nullable=False),
        sa.Column("layout", sa.Integer, nullable=False),
        sa.Column("algorithm", sa.String(10), nullable=False),
        sa.Column("digest", Bytes, nullable=False),
        sa.Column("record_seq", Key, nullable=False),
        sa.PrimaryKeyConstraint("table_name", "number", name="pk_audit_block"),
        sa.UniqueConstraint("table_name", "first_id", name="a_row_is_sealed_once"),
    )
    op.create_index("ix_audit_block_record_seq", "audit_block", ["record_seq"])


def _make_head() -> None:
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("seq", Key, nullable=False),
        sa.Column("hash", Bytes, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
        sa.CheckConstraint("id = 1", name="ck_audit_head_a_county_has_one_chain"),
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": bytes(32)}])
    if op.get_bind().dialect.name == "sqlite":
        stop = f"BEGIN SELECT RAISE(ABORT, '{_STOP}'); END"
        moves = "UPDATE ON audit_head WHEN NEW.seq <> OLD.seq + 1 OR NEW.id <> OLD.id"
        op.execute(sa.text(f"CREATE TRIGGER audit_head_forward BEFORE {moves} {stop}"))
        op.execute(sa.text(f"CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head {stop}"))
        op.execute(sa.text(f"CREATE TRIGGER audit_head_alone BEFORE INSERT ON audit_head {stop}"))
        return
    op.execute(
        sa.text(
            "CREATE FUNCTION audit_head_forward() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF TG_OP <> 'UPDATE' OR NEW.seq <> OLD.seq + 1 THEN"
            f" RAISE EXCEPTION USING MESSAGE = '{_STOP}', ERRCODE = '23001'; END IF; RETURN NEW; END $$"
        )
    )
    op.execute(
        sa.text(
            "CREATE TRIGGER audit_head_forward BEFORE INSERT OR UPDATE OR DELETE ON audit_head"
            " FOR EACH ROW EXECUTE FUNCTION audit_head_forward()"
        )
    )
    op.execute(
        sa.text(
            "CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head EXECUTE FUNCTION huimin_append_only()"
        )
    )
