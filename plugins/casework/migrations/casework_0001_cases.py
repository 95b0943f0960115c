"""The tables of cases; the database holds the order of steps, the recusal of relatives and the drawn samples."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from core.api import Bytes, Key, Rule, append_only, hold_rules

revision = "casework_0001"
down_revision = None
branch_labels = None
depends_on = None

_LAST = "(SELECT max(position) FROM casework_event WHERE case_id = NEW.case_id)"
_BEFORE = f"(SELECT {{column}} FROM casework_event WHERE case_id = NEW.case_id AND position = {_LAST})"  # noqa: S608 - our own columns
RULES = (
    Rule(
        name="casework_event_order",
        table="casework_event",
        event="INSERT",
        condition=f"NEW.position <> coalesce({_LAST}, 0) + 1"
        f" OR NEW.from_state <> coalesce({_BEFORE.format(column='to_state')}, '')",
        message="a step follows the one before E_SKIP_STEP",
        lock="casework_case WHERE id = NEW.case_id",
    ),
    Rule(
        name="casework_event_day",
        table="casework_event",
        event="INSERT",
        condition=f"NEW.happened_on < {_BEFORE.format(column='happened_on')}",
        message="a step is not dated before the one before E_BACKDATE",
    ),
    Rule(
        name="casework_event_kin",
        table="casework_event",
        event="INSERT",
        condition="EXISTS (SELECT 1 FROM casework_relative WHERE case_id = NEW.case_id AND account_id = NEW.acted_by)",
        message="a relative does not act on the case E_RECUSAL",
    ),
    Rule(
        name="casework_event_two_officers",
        table="casework_event",
        event="INSERT",
        condition="NEW.to_state = 'approved' AND NEW.office = 'township'"
        " AND NEW.acted_by = (SELECT accepted_by FROM casework_case WHERE id = NEW.case_id)",
        message="who accepted a case does not confirm it E_SOD",
    ),
    Rule(
        name="casework_case_moves",
        table="casework_case",
        event="UPDATE",
        condition="NEW.state <> OLD.state AND NEW.state <> coalesce((SELECT to_state FROM casework_event"
        " WHERE case_id = NEW.id ORDER BY position DESC LIMIT 1), 'draft')",
        message="a case moves by a step E_SKIP_STEP",
    ),
    Rule(
        name="casework_case_keeps",
        table="casework_case",
        event="UPDATE",
        condition="NEW.number <> OLD.number OR NEW.type <> OLD.type OR NEW.flow <> OLD.flow"
        " OR NEW.applied_on <> OLD.applied_on OR NEW.group_id <> OLD.group_id",
        message="number, flow and family of a case stay",
    ),
    Rule(
        name="casework_case_stays",
        table="casework_case",
        event="DELETE",
        condition="1 = 1",
        message="a case is never deleted",
    ),
    Rule(
        name="casework_sample_drawn",
        table="casework_sampled_case",
        event="UPDATE",
        condition="OLD.done_on IS NOT NULL OR NEW.why <> OLD.why",
        message="an inspection that was written down stays",
    ),
)


def upgrade() -> None:
    """Make the tables and their rules."""
    _case()
    _belongings()
    _inspections()
    _remedies()
    for table in ("casework_event", "casework_sample", "casework_review"):
        append_only(op, table)  # ty: ignore[invalid-argument-type] - alembic hands its operations out as a module
    hold_rules(op, RULES)  # ty: ignore[invalid-argument-type] - the same


def _case() -> None:
    op.create_table(
        "casework_case",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(30), nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("area_kind", sa.String(8), nullable=False),
        sa.Column("household_id", Key, sa.ForeignKey("household_household.id"), nullable=False),
        sa.Column("applicant_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("first_applicant_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("group_id", Key, sa.ForeignKey("household_group.id"), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("source", sa.String(12), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("flow_version", Key, nullable=False),
        sa.Column("urgent_order", sa.String(80), nullable=False),
        sa.Column("special", sa.String(200), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("accepted_on", sa.Date()),
        sa.Column("accepted_by", Key, sa.ForeignKey("identity_account.id")),
        sa.Column("due_on", sa.Date()),
        sa.Column("step_due_on", sa.Date()),
        sa.Column("waiting_since", sa.Date()),
        sa.Column("ballot_negative", sa.Boolean(), nullable=False),
        sa.Column("reinvestigated", sa.Boolean(), nullable=False),
        sa.Column("relative_registered", sa.Boolean(), nullable=False),
        sa.Column("complaint", sa.Boolean(), nullable=False),
        sa.Column("monthly_fen", Key),
        sa.Column("computation", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date()),
        sa.Column("effective_month", sa.String(7), nullable=False),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("review_class", sa.String(1), nullable=False),
        sa.Column("reviewed_on", sa.Date()),
        sa.Column("review_due_on", sa.Date()),
        sa.Column("last_month", sa.String(7), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("opened_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("number", name="one_case_per_number"),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'not_accepted', 'accepted', 'checking', 'investigating', 'appraising',"
            " 'noticing_1', 're_investigating', 'township_review', 'county_review', 'county_supervision',"
            " 'spot_checking', 'noticing_2', 'approved', 'refused', 'withdrawn', 'active', 'suspended', 'phasing_out',"
            " 'closed')",
            name="state_is_known",
        ),
        sa.CheckConstraint("source IN ('counter', 'discovery', 'agent', 'online')", name="source_is_known"),
        sa.CheckConstraint("area_kind IN ('urban', 'rural')", name="kind_of_area_is_known"),
        sa.CheckConstraint("review_class IN ('', 'A', 'B', 'C')", name="class_is_known"),
        sa.CheckConstraint("monthly_fen IS NULL OR monthly_fen >= 0", name="an_amount_is_not_negative"),
        sa.CheckConstraint(
            "state NOT IN ('refused', 'not_accepted', 'closed') OR reason <> ''", name="an_end_has_a_reason"
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'active', 'suspended', 'phasing_out') OR decided_on IS NOT NULL",
            name="a_grant_has_a_day",
        ),
    )
    for column in ("type", "area", "household_id", "applicant_id", "due_on", "review_due_on"):
        op.create_index(f"ix_casework_case_{column}", "casework_case", [column])
    op.create_index("ix_casework_case_state_step_due_on", "casework_case", ["state", "step_due_on"])
    op.create_table(
        "casework_member",
        sa.Column("case_id", Key, sa.ForeignKey("casework_case.id"), primary_key=True),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), primary_key=True),
        sa.Column("first_person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("relation", sa.String(2), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("signed_on", sa.Date()),
        sa.Column("left_on", sa.Date()),
        sa.Column("left_reason", sa.String(80), nullable=False),
    )
    op.create_index("ix_casework_member_person_id", "casework_member", ["person_id"])
    op.create_table(
        "casework_event",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("casework_case.id"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(30), nullable=False),
        sa.Column("from_state", sa.String(20), nullable=False),
        sa.Column("to_state", sa.String(20), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("acted_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("office", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.UniqueConstraint("case_id", "position", name="steps_follow_each_other"),
        sa.CheckConstraint("position >= 1", name="steps_are_counted_from_one"),
    )


def _belongings() -> None:
    op.create_table(
        "casework_paper",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("casework_case.id"), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("told_on", sa.Date()),
        sa.Column("received_on", sa.Date()),
        sa.Column("attachment_id", Key),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.UniqueConstraint("case_id", "kind", name="one_paper_of_a_kind"),
        sa.CheckConstraint("told_on IS NOT NULL OR received_on IS NOT NULL", name="a_paper_is_there_or_missing"),
    )
    op.create_table(
        "casework_check",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("casework_case.id"), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("result", sa.String(10), nullable=False),
        sa.Column("conclusion", sa.String(400), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("details", Bytes),
        sa.Column("explain_by", sa.Date()),
        sa.Column("explanation", sa.String(400), nullable=False),
        sa.Column("explained_on", sa.Date()),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("result IN ('agrees', 'differs')", name="result_is_known"),
    )
    op.create_index("ix_casework_check_case_id", "casework_check", ["case_id"])
    op.create_table(
        "casework_visit",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("casework_case.id"), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("names", sa.String(200), nullable=False),
        sa.Column("investigators", sa.Integer(), nullable=False),
        sa.Column("family_signed", sa.Boolean(), nullable=False),
        sa.Column("signer", sa.String(50), nullable=False),
        sa.Column("findings", Bytes),
        sa.Column("photos", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("kind IN ('first', 'again', 'county', 'spot')", name="kind_of_visit_is_known"),
        sa.CheckConstraint("investigators >= 1", name="somebody_went"),
    )
    op.create_index("ix_casework_visit_case_id", "casework_visit", ["case_id"])
    op.create_table(
        "casework_relative",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("casework_case.id"), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("first_person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("staff_name", sa.String(50), nullable=False),
        sa.Column("account_id", Key, sa.ForeignKey("identity_account.id")),
        sa.Column("post", sa.String(60), nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("relation", sa.String(20), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("level IN ('village', 'township', 'county')", name="level_is_known"),
    )
    op.create_index("ix_casework_relative_case_id", "casework_relative", ["case_id"])


def _inspections() -> None:
    op.create_table(
        "casework_sample",
        sa.Column("id", Key, primary_key=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("share", sa.String(10), nullable=False),
        sa.Column("seed", Key, nullable=False),
        sa.Column("population", sa.Text(), nullable=False),
        sa.Column("drawn_at", UTCDateTime(), nullable=False),
        sa.Column("drawn_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("kind IN ('new', 'active')", name="kind_of_sample_is_known"),
    )
    op.create_index("ix_casework_sample_period", "casework_sample", ["period"])
    op.create_table(
        "casework_sampled_case",
        sa.Column("sample_id", Key, sa.ForeignKey("casework_sample.id"), primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("casework_case.id"), primary_key=True),
        sa.Column("why", sa.String(10), nullable=False),
        sa.Column("done_on", sa.Date()),
        sa.Column("result", sa.String(8), nullable=False),
        sa.Column("note", sa.String(400), nullable=False),
        sa.Column("wrong_fen", Key, nullable=False),
        sa.CheckConstraint("why IN ('drawn', 'relative', 'complaint')", name="why_is_known"),
        sa.CheckConstraint("result IN ('', 'right', 'wrong')", name="result_is_known"),
    )
    op.create_index("ix_casework_sampled_case_case_id", "casework_sampled_case", ["case_id"])
    op.create_table(
        "casework_review",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("casework_case.id"), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("was_due_on", sa.Date()),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("before_fen", Key, nullable=False),
        sa.Column("after_fen", Key, nullable=False),
        sa.Column("effective_month", sa.String(7), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("computation", sa.Text(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("outcome IN ('same', 'increase', 'decrease', 'phase_out', 'stop')", name="outcome_is_known"),
    )
    op.create_index("ix_casework_review_case_id", "casework_review", ["case_id"])


def _remedies() -> None:
    op.create_table(
        "casework_lead",
        sa.Column("id", Key, primary_key=True),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("first_person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("source", sa.String(14), nullable=False),
        sa.Column("text", Bytes, nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("case_id", Key, sa.ForeignKey("casework_case.id")),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("source IN ('cadre', 'social_worker', 'data', 'public')", name="source_of_a_lead_is_known"),
        sa.CheckConstraint("state IN ('open', 'applied', 'dismissed')", name="state_of_a_lead_is_known"),
        sa.CheckConstraint("state <> 'dismissed' OR reason <> ''", name="a_lead_is_dismissed_for_a_reason"),
    )
    for column in ("area", "person_id", "state"):
        op.create_index(f"ix_casework_lead_{column}", "casework_lead", [column])
    op.create_table(
        "casework_appeal",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("casework_case.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("text", Bytes),
        sa.Column("outcome", sa.String(6), nullable=False),
        sa.Column("decided_on", sa.Date()),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("kind IN ('complaint', 'reconsideration', 'lawsuit')", name="kind_of_appeal_is_known"),
        sa.CheckConstraint("outcome IN ('', 'won', 'lost')", name="outcome_of_an_appeal_is_known"),
        sa.CheckConstraint("(outcome = '') = (decided_on IS NULL)", name="an_outcome_has_a_day"),
    )
    op.create_index("ix_casework_appeal_case_id", "casework_appeal", ["case_id"])
    open_ = sa.text("outcome = ''")
    op.create_index(
        "one_appeal_of_a_kind_at_a_time",
        "casework_appeal",
        ["case_id", "kind"],
        unique=True,
        sqlite_where=open_,
        postgresql_where=open_,
    )


def downgrade() -> None:
    """Take the tables away."""
    for table in (
        "casework_appeal", "casework_lead", "casework_review", "casework_sampled_case", "casework_sample",
        "casework_relative", "casework_visit", "casework_check", "casework_paper", "casework_event",
        "casework_member", "casework_case",
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for rule in RULES:
            op.execute(f"DROP FUNCTION IF EXISTS {rule.name}()")
