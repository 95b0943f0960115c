"""The tables of the counter: what was served stays, a settled month is closed, one subsidy for a person and meal."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from core.api import Bytes, Key, Rule, append_only, hold_rules

revision = "canteen_0002"
down_revision = "canteen_0001"
branch_labels = None
depends_on = None


def _settled(site: str, day: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM canteen_settlement s WHERE s.site_id = {site}"  # noqa: S608 - our own names
        f" AND s.month = substr(CAST({day} AS TEXT), 1, 7) AND s.state <> 'draft')"
    )


_SAME_MEAL = (
    "NOT EXISTS (SELECT 1 FROM canteen_swipe w WHERE w.id = NEW.swipe_id AND w.person_id = NEW.person_id"
    " AND w.day = NEW.day AND w.meal = NEW.meal AND w.site_id = NEW.site_id AND w.subsidy_fen = NEW.subsidy_fen"
    " AND w.state = 'standing')"
)
_TAKEN_BACK = (
    "EXISTS (SELECT 1 FROM canteen_swipe w WHERE (w.id = NEW.swipe_id"
    " OR (w.terminal_id = NEW.terminal_id AND w.counter = NEW.voided_counter)) AND {settled})"
)
_CLOSED = "the month is settled E_SETTLE_LOCKED"
_OTHER = "a subsidy is that of its meal E_MEAL_OTHER"

RULES = (
    Rule(
        name="canteen_no_meal_in_a_settled_month",
        table="canteen_swipe",
        event="INSERT",
        condition=f"NEW.state = 'standing' AND {_settled('NEW.site_id', 'NEW.day')}",
        message=_CLOSED,
    ),
    Rule(
        name="canteen_no_void_in_a_settled_month",
        table="canteen_void",
        event="INSERT",
        condition=_TAKEN_BACK.format(settled=_settled("w.site_id", "w.day")),
        message=_CLOSED,
    ),
    Rule(
        name="canteen_subsidy_is_that_of_its_meal",
        table="canteen_subsidy",
        event="INSERT",
        condition=_SAME_MEAL,
        message=_OTHER,
    ),
    Rule(
        name="canteen_subsidy_stays_that_of_its_meal",
        table="canteen_subsidy",
        event="UPDATE",
        condition=_SAME_MEAL,
        message=_OTHER,
    ),
    Rule(
        name="canteen_subsidy_of_a_settled_month_stays",
        table="canteen_subsidy",
        event="UPDATE",
        condition=_settled("OLD.site_id", "OLD.day"),
        message=_CLOSED,
    ),
    Rule(
        name="canteen_subsidy_of_a_settled_month_is_kept",
        table="canteen_subsidy",
        event="DELETE",
        condition=_settled("OLD.site_id", "OLD.day"),
        message=_CLOSED,
    ),
)


def upgrade() -> None:
    """Make the tables and their rules."""
    _terminal()
    _upload()
    _swipe()
    _void()
    _subsidy()
    _decision()
    _forgery()
    _day_close()
    for table in ("canteen_swipe", "canteen_void", "canteen_decision", "canteen_forgery", "canteen_day_close"):
        append_only(op, table)  # ty: ignore[invalid-argument-type] - alembic hands its operations out as a module
    hold_rules(op, RULES)  # ty: ignore[invalid-argument-type] - the same


def _terminal() -> None:
    op.create_table(
        "canteen_terminal",
        sa.Column("id", Key, primary_key=True),
        sa.Column("serial", sa.String(16), nullable=False),
        sa.Column("site_id", Key, sa.ForeignKey("canteen_site.id"), nullable=False),
        sa.Column("title", sa.String(40), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("claim", sa.String(64), nullable=False),
        sa.Column("key", Bytes),
        sa.Column("handed_at", UTCDateTime()),
        sa.Column("last_counter", sa.Integer(), nullable=False),
        sa.Column("last_upload_at", UTCDateTime()),
        sa.Column("registered_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("registered_at", UTCDateTime(), nullable=False),
        sa.Column("confirmed_by", Key, sa.ForeignKey("identity_account.id")),
        sa.Column("confirmed_at", UTCDateTime()),
        sa.CheckConstraint("state <> 'active' OR confirmed_by IS NOT NULL", name="an_active_one_is_confirmed"),
        sa.CheckConstraint("state NOT IN ('blocked', 'revoked') OR reason <> ''", name="an_end_has_a_reason"),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> registered_by", name="another_person_confirms"),
        sa.CheckConstraint("state IN ('registered', 'active', 'blocked', 'revoked')", name="state_is_known"),
        sa.UniqueConstraint("serial", name="one_terminal_per_serial"),
    )
    op.create_index("ix_canteen_terminal_site_id", "canteen_terminal", ["site_id"])


def _upload() -> None:
    op.create_table(
        "canteen_upload",
        sa.Column("id", Key, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("account_id", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("duplicate", sa.Integer(), nullable=False),
        sa.Column("conflict", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
    )


def _swipe() -> None:
    op.create_table(
        "canteen_swipe",
        sa.Column("id", Key, primary_key=True),
        sa.Column("site_id", Key, sa.ForeignKey("canteen_site.id"), nullable=False),
        sa.Column("diner_id", Key, sa.ForeignKey("canteen_diner.id")),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id")),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("meal", sa.String(12), nullable=False),
        sa.Column("set_code", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("list_price_fen", sa.Integer(), nullable=False),
        sa.Column("tier", sa.String(8), nullable=False),
        sa.Column("subsidy_fen", sa.Integer(), nullable=False),
        sa.Column("self_pay_fen", sa.Integer(), nullable=False),
        sa.Column("charged_fen", sa.Integer(), nullable=False),
        sa.Column("delivery_fee_fen", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorder", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("terminal_id", Key, sa.ForeignKey("canteen_terminal.id")),
        sa.Column("counter", sa.Integer()),
        sa.Column("mac", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("upload_id", Key, sa.ForeignKey("canteen_upload.id")),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(state = 'refused') = (code <> '')", name="a_refusal_has_a_code"),
        sa.CheckConstraint("(terminal_id IS NULL) = (counter IS NULL)", name="a_terminal_counts"),
        sa.CheckConstraint("(terminal_id IS NULL) = (mac = '')", name="a_terminal_signs"),
        sa.CheckConstraint(
            "subsidy_fen >= 0 AND self_pay_fen >= 0 AND charged_fen >= 0 AND delivery_fee_fen >= 0"
            " AND list_price_fen >= 0",
            name="amounts_are_not_negative",
        ),
        sa.CheckConstraint("channel IN ('card', 'code', 'name', 'paper')", name="channel_is_known"),
        sa.CheckConstraint("kind = 'meal' OR subsidy_fen = 0", name="full_price_has_no_subsidy"),
        sa.CheckConstraint("kind IN ('meal', 'full_price')", name="kind_is_known"),
        sa.CheckConstraint("subsidy_fen <= list_price_fen", name="no_cash_back"),
        sa.CheckConstraint(
            "state = 'refused' OR (diner_id IS NOT NULL AND person_id IS NOT NULL)", name="served_to_one"
        ),
        sa.CheckConstraint("state IN ('standing', 'refused')", name="state_is_known"),
        sa.UniqueConstraint("terminal_id", "counter", name="one_entry_per_counter"),
    )
    op.create_index("ix_canteen_swipe_upload_id", "canteen_swipe", ["upload_id"])
    op.create_index("meals_of_a_person", "canteen_swipe", ["person_id", "day"])
    op.create_index("meals_of_a_site", "canteen_swipe", ["site_id", "day"])


def _void() -> None:
    op.create_table(
        "canteen_void",
        sa.Column("id", Key, primary_key=True),
        sa.Column("swipe_id", Key, sa.ForeignKey("canteen_swipe.id")),
        sa.Column("terminal_id", Key, sa.ForeignKey("canteen_terminal.id")),
        sa.Column("voided_counter", sa.Integer()),
        sa.Column("counter", sa.Integer()),
        sa.Column("mac", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("upload_id", Key, sa.ForeignKey("canteen_upload.id")),
        sa.Column("account_id", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("terminal_id", "voided_counter", name="a_counter_is_taken_back_once"),
        sa.CheckConstraint(
            "(terminal_id IS NULL) = (counter IS NULL) AND (terminal_id IS NULL) = (voided_counter IS NULL)",
            name="a_terminal_counts",
        ),
        sa.CheckConstraint("reason <> ''", name="a_void_has_a_reason"),
        sa.CheckConstraint("(swipe_id IS NULL) <> (terminal_id IS NULL)", name="names_one_meal"),
        sa.UniqueConstraint("terminal_id", "counter", name="one_void_per_counter"),
        sa.UniqueConstraint("swipe_id", name="taken_back_once"),
    )
    op.create_index("ix_canteen_void_upload_id", "canteen_void", ["upload_id"])


def _subsidy() -> None:
    op.create_table(
        "canteen_subsidy",
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("meal", sa.String(12), primary_key=True),
        sa.Column("swipe_id", Key, sa.ForeignKey("canteen_swipe.id"), nullable=False),
        sa.Column("site_id", Key, sa.ForeignKey("canteen_site.id"), nullable=False),
        sa.Column("subsidy_fen", sa.Integer(), nullable=False),
        sa.CheckConstraint("subsidy_fen > 0", name="a_subsidy_is_money"),
        sa.UniqueConstraint("swipe_id", name="one_subsidy_per_swipe"),
    )
    op.create_index("subsidies_of_a_site", "canteen_subsidy", ["site_id", "day"])


def _decision() -> None:
    op.create_table(
        "canteen_decision",
        sa.Column("id", Key, primary_key=True),
        sa.Column("swipe_id", Key, sa.ForeignKey("canteen_swipe.id"), nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("account_id", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("reason <> ''", name="a_decision_has_a_reason"),
        sa.CheckConstraint("outcome IN ('unsubsidised', 'not_a_meal')", name="outcome_is_known"),
        sa.UniqueConstraint("swipe_id", name="decided_once"),
    )


def _forgery() -> None:
    op.create_table(
        "canteen_forgery",
        sa.Column("id", Key, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("serial", sa.String(16), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("line", sa.String(2000), nullable=False),
        sa.Column("upload_id", Key, sa.ForeignKey("canteen_upload.id"), nullable=False),
        sa.UniqueConstraint("digest", name="one_row_per_line"),
    )
    op.create_index("ix_canteen_forgery_upload_id", "canteen_forgery", ["upload_id"])


def _day_close() -> None:
    op.create_table(
        "canteen_day_close",
        sa.Column("id", Key, primary_key=True),
        sa.Column("site_id", Key, sa.ForeignKey("canteen_site.id"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("meals", sa.Integer(), nullable=False),
        sa.Column("subsidised", sa.Integer(), nullable=False),
        sa.Column("charged_fen", sa.Integer(), nullable=False),
        sa.Column("subsidy_fen", sa.Integer(), nullable=False),
        sa.Column("account_id", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("site_id", "day", name="a_day_is_closed_once"),
    )


def downgrade() -> None:
    """Take the tables and their rules away."""
    for table in (
        "canteen_day_close", "canteen_forgery", "canteen_decision", "canteen_subsidy", "canteen_void", "canteen_swipe",
        "canteen_upload", "canteen_terminal",
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for rule in RULES:
            op.execute(f"DROP FUNCTION IF EXISTS {rule.name}()")
