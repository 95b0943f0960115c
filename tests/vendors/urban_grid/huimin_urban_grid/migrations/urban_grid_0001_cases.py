"""Grids, posts, cases with their steps, figures; and what the database holds of their rules."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from core.api import Key, Rule, append_only, hold_rules

revision = "urban_grid_0001"
down_revision = None
branch_labels = None
depends_on = None

_WAYS = (("found", "sent"), ("sent", "handled"), ("handled", "sent"), ("handled", "checked"), ("checked", "closed"))
RULES = (
    Rule(
        name="urban_grid_cases_go_their_way",
        table="urban_grid_case",
        event="UPDATE",
        condition="NEW.state <> OLD.state AND NOT ("
        + " OR ".join(f"(OLD.state = '{one}' AND NEW.state = '{next_}')" for one, next_ in _WAYS)
        + ")",
        message="a grid case does not go this way E_UG_STATE",
    ),
    Rule(
        name="urban_grid_closed_cases_stay_as_they_are",
        table="urban_grid_case",
        event="UPDATE",
        condition="OLD.state = 'closed'",
        message="a closed grid case does not change E_UG_STATE",
    ),
    Rule(
        name="urban_grid_cases_are_not_deleted",
        table="urban_grid_case",
        event="DELETE",
        condition="1 = 1",
        message="grid cases stay E_UG_KEPT",
    ),
)


def upgrade() -> None:
    """Make the tables and the rules."""
    account = "identity_account.id"
    op.create_table(
        "urban_grid_grid",
        sa.Column("id", Key, primary_key=True),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("duty", sa.String(200), nullable=False),
        sa.UniqueConstraint("code", name="a_grid_has_a_code_of_its_own"),
    )
    op.create_table(
        "urban_grid_post",
        sa.Column("id", Key, primary_key=True),
        sa.Column("grid_id", Key, sa.ForeignKey("urban_grid_grid.id"), nullable=False),
        sa.Column("inspector_id", Key, sa.ForeignKey(account), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.CheckConstraint("until IS NULL OR until >= since", name="a_post_ends_after_it_began"),
    )
    op.create_table(
        "urban_grid_case",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("grid_id", Key, sa.ForeignKey("urban_grid_grid.id"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("inspector_id", Key, sa.ForeignKey(account), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("place", sa.String(100), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("office", sa.String(60), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("sent_on", sa.Date()),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("handled_on", sa.Date()),
        sa.Column("checked_on", sa.Date()),
        sa.Column("closed_on", sa.Date()),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("number", name="a_grid_case_has_a_number_of_its_own"),
        sa.CheckConstraint(
            "state IN ('found', 'sent', 'handled', 'checked', 'closed')", name="a_grid_case_has_a_state"
        ),
        sa.CheckConstraint("state = 'found' OR due_on IS NOT NULL", name="what_is_sent_has_a_deadline"),
        sa.CheckConstraint("state <> 'closed' OR closed_on IS NOT NULL", name="what_is_closed_has_its_day"),
    )
    op.create_table(
        "urban_grid_step",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("urban_grid_case.id"), nullable=False),
        sa.Column("step", sa.String(10), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("by_id", Key, sa.ForeignKey(account), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
    )
    op.create_table(
        "urban_grid_figure",
        sa.Column("id", Key, primary_key=True),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("stated", sa.String(10), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("month", "area", name="one_figure_for_a_month_and_area"),
        sa.CheckConstraint("opened >= 0 AND closed >= 0 AND closed <= opened", name="what_is_closed_was_opened"),
    )
    for table, column in (
        ("grid", "area"), ("post", "grid_id"), ("case", "grid_id"), ("case", "area"), ("case", "inspector_id"),
        ("case", "state"), ("case", "found_on"), ("step", "case_id"), ("figure", "area"),
    ):  # fmt: skip
        op.create_index(f"ix_urban_grid_{table}_{column}", f"urban_grid_{table}", [column])
    now = sa.text("until IS NULL")
    op.create_index(
        "one_inspector_walks_a_grid", "urban_grid_post", ["grid_id"], unique=True, sqlite_where=now,
        postgresql_where=now,
    )  # fmt: skip
    append_only(op, "urban_grid_step")
    hold_rules(op, RULES)


def downgrade() -> None:
    """Take the tables away, and with them their rules."""
    for table in ("figure", "step", "case", "post", "grid"):
        op.drop_table(f"urban_grid_{table}")
