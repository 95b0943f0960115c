"""The tables of the indicator catalogue: targets and stated figures stay, reports are frozen, three persons sign."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from core.api import Key, Rule, append_only, hold_rules

revision = "indicators_0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "indicators_reported",
    "indicators_report",
    "indicators_acknowledgement",
    "indicators_stated",
    "indicators_target",
)
APPEND_ONLY = ("indicators_acknowledgement", "indicators_reported")
_UNANSWERED = (
    "EXISTS (SELECT 1 FROM indicators_stated s WHERE s.withdrawn_on IS NULL"
    " AND s.result IN ('differs', 'truncated', 'outside', 'unknown') AND s.since >= NEW.since AND s.until <= NEW.until"
    " AND NOT EXISTS (SELECT 1 FROM indicators_acknowledgement a WHERE a.stated_id = s.id))"
)


def _changed(*columns: str) -> str:
    return " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns)


def _stays(table: str) -> Rule:
    return Rule(name=f"{table}_stays", table=table, event="DELETE", condition="1 = 1", message=f"{table} stays E_KEPT")


RULES = (
    _stays("indicators_target"),
    Rule(
        name="indicators_targets_are_only_revoked",
        table="indicators_target",
        event="UPDATE",
        condition="OLD.revoked_on IS NOT NULL OR "
        + _changed(
            "indicator", "area", "period", "comparator", "value_ten_thousandths", "due_on", "document", "set_on",
            "set_by",
        ),
        message="a target is only revoked, once E_IND_STATE",
    ),
    _stays("indicators_stated"),
    Rule(
        name="indicators_stated_figures_are_only_withdrawn",
        table="indicators_stated",
        event="UPDATE",
        condition="OLD.withdrawn_on IS NOT NULL OR "
        + _changed(
            "kind", "title", "source", "period", "since", "until", "area", "given", "computed", "stated", "difference",
            "result", "code", "entered_on", "entered_by",
        ),
        message="a stated figure is only withdrawn, once E_IND_STATE",
    ),
    Rule(
        name="indicators_figures_are_acknowledged_by_somebody_else",
        table="indicators_acknowledgement",
        event="INSERT",
        condition="EXISTS (SELECT 1 FROM indicators_stated s WHERE s.id = NEW.stated_id"
        " AND s.entered_by = NEW.acknowledged_by)",
        message="who entered a figure does not acknowledge it E_SOD",
    ),
    _stays("indicators_report"),
    Rule(
        name="indicators_reports_do_not_change",
        table="indicators_report",
        event="UPDATE",
        condition="OLD.state = 'replaced' OR (OLD.state = 'issued' AND NEW.state <> 'replaced')"
        " OR (OLD.state = 'made' AND NEW.state = 'issued') OR "
        + _changed("number", "period", "since", "until", "run", "area", "reason", "made_on", "made_by"),
        message="a report goes from made to checked to issued E_IND_STATE",
    ),
    Rule(
        name="indicators_contradictions_are_acknowledged_before_issue",
        table="indicators_report",
        event="UPDATE",
        condition="NEW.state = 'issued' AND OLD.state <> 'issued' AND " + _UNANSWERED,
        message="a stated figure of the period does not hold E_WP_SUM",
    ),
    Rule(
        name="indicators_rows_come_with_their_report",
        table="indicators_reported",
        event="INSERT",
        condition="(SELECT r.state FROM indicators_report r WHERE r.id = NEW.report_id) <> 'made'",
        message="rows of a report are frozen E_IND_STATE",
    ),
)  # fmt: skip


def upgrade() -> None:
    """Make the tables and what the database holds of the rules."""
    _target()
    _stated()
    _acknowledgement()
    _report()
    _reported()
    for table in APPEND_ONLY:
        append_only(op, table)  # ty: ignore[invalid-argument-type] - alembic hands its operations out as a module
    hold_rules(op, RULES)  # ty: ignore[invalid-argument-type] - alembic hands its operations out as a module


def _only_one(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def _target() -> None:
    op.create_table(
        "indicators_target",
        sa.Column("id", Key, primary_key=True),
        sa.Column("indicator", sa.String(80), nullable=False),
        sa.Column("area", sa.String(9), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("comparator", sa.String(2), nullable=False),
        sa.Column("value_ten_thousandths", Key),
        sa.Column("due_on", sa.Date()),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("set_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("revoked_on", sa.Date()),
        sa.Column("revoked_by", Key, sa.ForeignKey("identity_account.id")),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(revoked_on IS NULL) = (revoked_by IS NULL)", name="a_revocation_has_a_person"),
        sa.CheckConstraint("revoked_on IS NULL OR reason <> ''", name="a_revocation_has_a_reason"),
        sa.CheckConstraint("document <> ''", name="a_target_has_a_document"),
        sa.CheckConstraint("value_ten_thousandths IS NOT NULL OR due_on IS NOT NULL", name="a_target_says_what"),
        sa.CheckConstraint("comparator IN ('>=', '=', '<=')", name="comparator_is_known"),
    )
    op.create_index("ix_indicators_target_indicator", "indicators_target", ["indicator"])
    _only_one(
        "one_target_per_indicator_area_and_period",
        "indicators_target",
        ["indicator", "area", "period"],
        "revoked_on IS NULL",
    )


def _stated() -> None:
    op.create_table(
        "indicators_stated",
        sa.Column("id", Key, primary_key=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("source", sa.String(120), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("computed", sa.String(40), nullable=False),
        sa.Column("stated", sa.String(40), nullable=False),
        sa.Column("difference", sa.String(40), nullable=False),
        sa.Column("result", sa.String(10), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("entered_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("withdrawn_on", sa.Date()),
        sa.Column("withdrawn_by", Key, sa.ForeignKey("identity_account.id")),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("result <> 'differs' OR difference <> ''", name="a_difference_is_told"),
        sa.CheckConstraint("until >= since", name="a_period_ends_after_it_begins"),
        sa.CheckConstraint("source <> ''", name="a_stated_figure_has_a_source"),
        sa.CheckConstraint("(withdrawn_on IS NULL) = (withdrawn_by IS NULL)", name="a_withdrawal_has_a_person"),
        sa.CheckConstraint("withdrawn_on IS NULL OR reason <> ''", name="a_withdrawal_has_a_reason"),
        sa.CheckConstraint("kind IN ('sum', 'rate', 'year', 'average', 'plan')", name="kind_is_known"),
        sa.CheckConstraint(
            "result IN ('closes', 'differs', 'truncated', 'inside', 'outside', 'unknown')", name="result_is_known"
        ),
        sa.CheckConstraint("(result IN ('closes', 'inside')) = (code = '')", name="what_is_wrong_has_a_code"),
    )
    op.create_index("ix_indicators_stated_area", "indicators_stated", ["area"])
    op.create_index("ix_indicators_stated_period", "indicators_stated", ["period"])
    op.create_index("ix_indicators_stated_result", "indicators_stated", ["result"])


def _acknowledgement() -> None:
    op.create_table(
        "indicators_acknowledgement",
        sa.Column("id", Key, primary_key=True),
        sa.Column("stated_id", Key, sa.ForeignKey("indicators_stated.id"), nullable=False),
        sa.Column("acknowledged_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("acknowledged_at", UTCDateTime(), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.UniqueConstraint("stated_id", name="a_figure_is_acknowledged_once"),
        sa.CheckConstraint("reason <> ''", name="an_acknowledgement_has_a_reason"),
    )


def _report() -> None:
    op.create_table(
        "indicators_report",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(6), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("checked_on", sa.Date()),
        sa.Column("checked_by", Key, sa.ForeignKey("identity_account.id")),
        sa.Column("issued_on", sa.Date()),
        sa.Column("issued_by", Key, sa.ForeignKey("identity_account.id")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state NOT IN ('checked', 'issued') OR checked_by IS NOT NULL", name="a_check_has_a_person"),
        sa.CheckConstraint("run = 1 OR reason <> ''", name="a_second_report_has_a_reason"),
        sa.CheckConstraint("state <> 'issued' OR issued_by IS NOT NULL", name="an_issue_has_a_person"),
        sa.CheckConstraint("state IN ('made', 'checked', 'issued', 'replaced')", name="state_is_known"),
        sa.CheckConstraint("checked_by IS NULL OR checked_by <> made_by", name="who_makes_does_not_check"),
        sa.CheckConstraint(
            "issued_by IS NULL OR (issued_by <> made_by AND issued_by <> checked_by)", name="who_makes_does_not_issue"
        ),
        sa.UniqueConstraint("number", name="one_indicator_report_per_number"),
        sa.UniqueConstraint("period", "run", name="one_indicator_report_per_period_and_run"),
    )
    op.create_index("ix_indicators_report_period", "indicators_report", ["period"])
    op.create_index("ix_indicators_report_state", "indicators_report", ["state"])
    _only_one("one_issued_indicator_report_per_period", "indicators_report", ["period"], "state = 'issued'")


def _reported() -> None:
    op.create_table(
        "indicators_reported",
        sa.Column("id", Key, primary_key=True),
        sa.Column("report_id", Key, sa.ForeignKey("indicators_report.id"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("plugin", sa.String(40), nullable=False),
        sa.Column("indicator", sa.String(80), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("area", sa.String(9), nullable=False),
        sa.Column("value", sa.String(40), nullable=False),
        sa.Column("to_date", sa.String(40), nullable=False),
        sa.Column("average", sa.String(40), nullable=False),
        sa.Column("comparator", sa.String(2), nullable=False),
        sa.Column("target", sa.String(40), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("gap", sa.String(40), nullable=False),
        sa.Column("failing", sa.String(400), nullable=False),
        sa.CheckConstraint("state IN ('', 'met', 'not_met', 'pending', 'unknown')", name="state_is_known"),
        sa.UniqueConstraint("report_id", "indicator", "area", name="one_figure_per_indicator_and_area"),
    )
    op.create_index("ix_indicators_reported_report_id", "indicators_reported", ["report_id"])


def downgrade() -> None:
    """Take the tables away."""
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for rule in RULES:
            op.execute(f"DROP FUNCTION IF EXISTS {rule.name}()")
