"""The tables of notices; the frozen sheet can never be changed."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from core.api import Bytes, Key

revision = "notices_0001"
down_revision = None
branch_labels = None
depends_on = None

_FROZEN = (
    "number", "type", "area", "subject", "title", "office", "lines", "content", "content_hash", "code_index", "days",
    "levels", "opened_on",
)  # fmt: skip


def upgrade() -> None:
    """Make the tables and the guard of the sheet."""
    op.create_table(
        "notices_notice",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(80), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("office", sa.String(80), nullable=False),
        sa.Column("round_title", sa.String(40), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(80), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("levels", sa.String(60), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("content", Bytes, nullable=False),
        sa.Column("content_hash", Bytes, nullable=False),
        sa.Column("code_sealed", Bytes, nullable=False),
        sa.Column("code_index", Bytes, nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("opened_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("number", name="one_notice_per_number"),
        sa.UniqueConstraint("year", "serial", name="numbers_of_a_year_are_taken_once"),
        sa.CheckConstraint("state IN ('opened', 'posted', 'finished', 'withdrawn')", name="state_is_known"),
        sa.CheckConstraint("state <> 'withdrawn' OR reason <> ''", name="a_withdrawn_notice_has_a_reason"),
        sa.CheckConstraint("days >= 0", name="days_are_not_negative"),
    )
    for column in ("type", "area", "subject", "state"):
        op.create_index(f"ix_notices_notice_{column}", "notices_notice", [column])
    op.create_table(
        "notices_line",
        sa.Column("id", Key, primary_key=True),
        sa.Column("notice_id", Key, sa.ForeignKey("notices_notice.id"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("first_person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.UniqueConstraint("notice_id", "position", name="one_line_per_position"),
    )
    op.create_index("ix_notices_line_person_id", "notices_line", ["person_id"])
    _postings()
    _objections()
    _freeze()


def _postings() -> None:
    op.create_table(
        "notices_posting",
        sa.Column("id", Key, primary_key=True),
        sa.Column("notice_id", Key, sa.ForeignKey("notices_notice.id"), nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        sa.Column("photo_id", Key),
        sa.Column("photo_hash", Bytes),
        sa.Column("removed_on", sa.Date()),
        sa.Column("early", sa.Boolean(), nullable=False),
        sa.Column("removal_reason", sa.String(200), nullable=False),
        sa.Column("posted_at", UTCDateTime(), nullable=False),
        sa.Column("posted_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("level IN ('village', 'township', 'county')", name="level_is_known"),
        sa.CheckConstraint("removed_on IS NULL OR removed_on >= posted_on", name="removal_follows_posting"),
        sa.CheckConstraint("NOT early OR removal_reason <> ''", name="an_early_removal_has_a_reason"),
    )
    op.create_index("ix_notices_posting_notice_id", "notices_posting", ["notice_id"])
    standing = sa.text("removed_on IS NULL")
    op.create_index(
        "one_standing_posting_per_level",
        "notices_posting",
        ["notice_id", "level"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )


def _objections() -> None:
    op.create_table(
        "notices_objection",
        sa.Column("id", Key, primary_key=True),
        sa.Column("notice_id", Key, sa.ForeignKey("notices_notice.id"), nullable=False),
        sa.Column("position", sa.Integer()),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("who_sealed", Bytes),
        sa.Column("text_sealed", Bytes, nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("outcome_reason", sa.String(200), nullable=False),
        sa.Column("decided_on", sa.Date()),
        sa.Column("decided_by", Key, sa.ForeignKey("identity_account.id")),
        sa.CheckConstraint("way IN ('written', 'oral')", name="way_is_known"),
        sa.CheckConstraint("outcome IN ('', 'upheld', 'rejected')", name="outcome_is_known"),
        sa.CheckConstraint("(outcome = '') = (decided_on IS NULL)", name="a_decision_has_a_day"),
        sa.CheckConstraint("outcome = '' OR outcome_reason <> ''", name="a_decision_has_a_reason"),
    )
    op.create_index("ix_notices_objection_notice_id", "notices_objection", ["notice_id"])


def _freeze() -> None:
    if op.get_bind().dialect.name == "sqlite":
        changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _FROZEN)
        op.execute(
            f"CREATE TRIGGER notices_notice_frozen BEFORE UPDATE ON notices_notice WHEN {changed}"
            " BEGIN SELECT RAISE(ABORT, 'a notice that was opened is frozen'); END"
        )
        op.execute(
            "CREATE TRIGGER notices_notice_stays BEFORE DELETE ON notices_notice"
            " BEGIN SELECT RAISE(ABORT, 'a notice is never deleted'); END"
        )
        return
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in _FROZEN)
    op.execute(
        "CREATE FUNCTION notices_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION USING MESSAGE = 'a notice that was opened is frozen', ERRCODE = '23001'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER notices_notice_frozen BEFORE UPDATE ON notices_notice FOR EACH ROW WHEN ({changed})"
        " EXECUTE FUNCTION notices_frozen()"
    )
    op.execute(
        "CREATE TRIGGER notices_notice_stays BEFORE DELETE ON notices_notice"
        " FOR EACH ROW EXECUTE FUNCTION notices_frozen()"
    )


def downgrade() -> None:
    """Take the tables away."""
    for table in ("notices_objection", "notices_posting", "notices_line", "notices_notice"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION notices_frozen()")
