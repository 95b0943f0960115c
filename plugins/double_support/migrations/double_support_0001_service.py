"""The tables of double support and what the database holds of its rules."""

import sqlalchemy as sa
from alembic import op

from core.api import Key, Rule, append_only, hold_rules

revision = "double_support_0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "double_support_defence_budget",
    "double_support_base",
    "double_support_defence_event",
    "double_support_defence_class",
    "double_support_activity",
    "double_support_agreement",
    "double_support_point",
    "double_support_group",
    "double_support_school_request",
    "double_support_subsidy",
    "double_support_stretch",
    "double_support_job",
    "double_support_offer",
    "double_support_spouse",
    "double_support_title",
    "double_support_score_item",
    "double_support_score_sheet",
    "double_support_support_money",
    "double_support_progress",
    "double_support_milestone",
    "double_support_project",
    "double_support_merit_news",
    "double_support_plaque",
    "double_support_need",
    "double_support_visit",
    "double_support_category",
    "double_support_plan",
    "double_support_unit",
)
APPEND_ONLY = ("double_support_progress", "double_support_activity", "double_support_offer")


def _changed(*columns: str) -> str:
    return " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns)


def _stays(name: str) -> Rule:
    table = f"double_support_{name}"
    return Rule(
        name=f"{table}_stays", table=table, event="DELETE", condition="1 = 1", message=f"{table} stays E_DBL_KEPT"
    )


RULES = (
    *(
        _stays(name)
        for name in (
            "plan",
            "visit",
            "need",
            "plaque",
            "project",
            "support_money",
            "score_sheet",
            "score_item",
            "spouse",
            "job",
            "subsidy",
            "school_request",
            "defence_budget",
        )
    ),
    Rule(
        name="double_support_visits_are_listed_while_planned",
        table="double_support_visit",
        event="INSERT",
        condition="(SELECT p.state FROM double_support_plan p WHERE p.id = NEW.plan_id) <> 'planned'",
        message="the list of this plan is closed E_DBL_STATE",
        lock="double_support_plan WHERE id = NEW.plan_id",
    ),
    Rule(
        name="double_support_amounts_of_visits_do_not_change",
        table="double_support_visit",
        event="UPDATE",
        condition="("
        + _changed("plan_id", "category_id", "unit_id", "amount_fen", "year", "festival")
        + ") OR (OLD.state = 'returned' AND NEW.state = 'visited')"
        " OR (OLD.state = 'visited' AND NEW.state <> 'visited')",
        message="what a visit brings does not change E_DBL_KEPT",
    ),
    Rule(
        name="double_support_plans_keep_to_their_minutes",
        table="double_support_plan",
        event="UPDATE",
        condition="NEW.state IN ('funded', 'visited', 'answered') AND (SELECT coalesce(sum(v.amount_fen), 0)"
        " FROM double_support_visit v WHERE v.plan_id = NEW.id AND v.state <> 'returned') > NEW.decided_fen",
        message="more than the minutes decided E_MINUTES_EXCEEDED",
    ),
    Rule(
        name="double_support_decided_money_does_not_change",
        table="double_support_plan",
        event="UPDATE",
        condition="OLD.state IN ('funded', 'visited', 'answered') AND ("
        + _changed("minutes", "decided_fen", "hardship", "ballot", "year", "festival")
        + ")",
        message="decided money does not change E_DBL_KEPT",
    ),
    Rule(
        name="double_support_amounts_stand_when_money_is_decided",
        table="double_support_category",
        event="UPDATE",
        condition="(SELECT p.state FROM double_support_plan p WHERE p.id = NEW.plan_id) <> 'planned'",
        message="the amounts of this plan are fixed E_DBL_STATE",
    ),
    Rule(
        name="double_support_support_money_does_not_change",
        table="double_support_support_money",
        event="UPDATE",
        condition="OLD.state = 'withdrawn' OR "
        + _changed("year", "purpose", "amount_fen", "unit_id", "minutes", "paid_here", "entered_on", "added_by"),
        message="support money is only withdrawn, once E_DBL_KEPT",
    ),
    Rule(
        name="double_support_items_belong_to_a_new_sheet",
        table="double_support_score_item",
        event="INSERT",
        condition="(SELECT s.state FROM double_support_score_sheet s WHERE s.id = NEW.sheet_id)"
        " NOT IN ('imported', 'scored')",
        message="the score sheet is no longer open E_DBL_STATE",
    ),
    Rule(
        name="double_support_items_of_a_submitted_sheet_stay",
        table="double_support_score_item",
        event="UPDATE",
        condition="(SELECT s.state FROM double_support_score_sheet s WHERE s.id = NEW.sheet_id)"
        " IN ('submitted', 'checked', 'closed')",
        message="the score sheet was submitted E_DBL_KEPT",
        lock="double_support_score_sheet WHERE id = NEW.sheet_id",
    ),
    Rule(
        name="double_support_items_stay_as_they_were_taken_in",
        table="double_support_score_item",
        event="UPDATE",
        condition=_changed("sheet_id", "no", "parent", "title", "leaf", "max_tenths"),
        message="items stay as they were taken in E_DBL_KEPT",
    ),
    Rule(
        name="double_support_sheets_are_submitted_with_evidence",
        table="double_support_score_sheet",
        event="UPDATE",
        condition="NEW.state IN ('submitted', 'checked', 'closed') AND EXISTS"
        " (SELECT 1 FROM double_support_score_item i WHERE i.sheet_id = NEW.id AND i.leaf AND i.evidence = '')",
        message="items without evidence E_DBL_EVIDENCE",
    ),
    Rule(
        name="double_support_no_subsidy_with_a_job",
        table="double_support_stretch",
        event="INSERT",
        condition="EXISTS (SELECT 1 FROM double_support_job j WHERE j.spouse_id = NEW.spouse_id AND j.until IS NULL)",
        message="this spouse has a job E_DBL_SPOUSE",
        lock="double_support_spouse WHERE id = NEW.spouse_id",
    ),
    Rule(
        name="double_support_placed_spouses_get_no_subsidy",
        table="double_support_spouse",
        event="UPDATE",
        condition="NEW.state = 'subsidised' AND EXISTS (SELECT 1 FROM double_support_job j"
        " WHERE j.spouse_id = NEW.id AND j.until IS NULL)",
        message="this spouse has a job E_DBL_SPOUSE",
    ),
    Rule(
        name="double_support_paid_months_are_months_of_a_stretch",
        table="double_support_subsidy",
        event="INSERT",
        condition="NOT EXISTS (SELECT 1 FROM double_support_stretch t WHERE t.spouse_id = NEW.spouse_id"
        " AND t.first_month <= NEW.month AND (t.last_month = '' OR t.last_month >= NEW.month))",
        message="no subsidy is due for this month E_DBL_SPOUSE",
        lock="double_support_spouse WHERE id = NEW.spouse_id",
    ),
    Rule(
        name="double_support_paid_months_do_not_change",
        table="double_support_subsidy",
        event="UPDATE",
        condition="OLD.withdrawn_on IS NOT NULL OR " + _changed("spouse_id", "month", "made_by"),
        message="a month of subsidy is only withdrawn, once E_DBL_KEPT",
    ),
)


def upgrade() -> None:
    """Make the tables and what the database holds of the rules."""
    _visiting()
    _arranging()
    _families()
    _educating()
    for table in APPEND_ONLY:
        append_only(op, table)  # ty: ignore[invalid-argument-type] - alembic hands its operations out as a module
    hold_rules(op, RULES)  # ty: ignore[invalid-argument-type] - alembic hands its operations out as a module


def _only_one(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def _visiting() -> None:
    op.create_table(
        "double_support_unit",
        sa.Column("id", Key, primary_key=True),
        sa.Column("code", sa.String(30), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("agreement", sa.String(80), nullable=False),
        sa.Column("payee_id", Key, sa.ForeignKey("funds_payee.id")),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("code <> ''", name="a_unit_has_a_code_name"),
        sa.CheckConstraint("payee_id IS NULL OR agreement <> ''", name="an_account_stands_in_an_agreement"),
        sa.CheckConstraint("state IN ('open', 'closed')", name="state_is_known"),
        sa.UniqueConstraint("code", name="one_partner_unit_per_code_name"),
    )
    op.create_index("ix_double_support_unit_area", "double_support_unit", ["area"])
    op.create_index("ix_double_support_unit_state", "double_support_unit", ["state"])
    op.create_table(
        "double_support_plan",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("festival", sa.String(10), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("groups", sa.String(120), nullable=False),
        sa.Column("hardship", sa.Boolean(), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("minutes", sa.String(80), nullable=False),
        sa.Column("decided_fen", Key),
        sa.Column("ballot", sa.String(60), nullable=False),
        sa.Column("payee_id", Key, sa.ForeignKey("funds_payee.id")),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("state_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'cancelled' OR reason <> ''", name="a_cancellation_has_a_reason"),
        sa.CheckConstraint(
            "state NOT IN ('funded', 'visited', 'answered') OR (minutes <> '' AND decided_fen IS NOT NULL)",
            name="a_funded_plan_has_minutes",
        ),
        sa.CheckConstraint("festival IN ('spring', 'army_day', 'other')", name="festival_is_known"),
        sa.CheckConstraint(
            "state IN ('planned', 'listed', 'funded', 'visited', 'answered', 'cancelled')", name="state_is_known"
        ),
        sa.UniqueConstraint("number", name="one_visit_plan_per_number"),
    )
    op.create_index("ix_double_support_plan_area", "double_support_plan", ["area"])
    op.create_index("ix_double_support_plan_state", "double_support_plan", ["state"])
    op.create_index("ix_double_support_plan_year", "double_support_plan", ["year"])
    op.create_table(
        "double_support_category",
        sa.Column("id", Key, primary_key=True),
        sa.Column("plan_id", Key, sa.ForeignKey("double_support_plan.id"), nullable=False),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name="an_amount_is_not_negative"),
        sa.CheckConstraint("households >= 0", name="households_are_counted"),
        sa.UniqueConstraint("plan_id", "name", name="one_amount_per_category_of_a_plan"),
    )
    op.create_table(
        "double_support_visit",
        sa.Column("id", Key, primary_key=True),
        sa.Column("plan_id", Key, sa.ForeignKey("double_support_plan.id"), nullable=False),
        sa.Column("category_id", Key, sa.ForeignKey("double_support_category.id"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("festival", sa.String(10), nullable=False),
        sa.Column("household_id", Key, sa.ForeignKey("household_household.id")),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id")),
        sa.Column("first_person_id", Key, sa.ForeignKey("identity_person.id")),
        sa.Column("unit_id", Key, sa.ForeignKey("double_support_unit.id")),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("key_person", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("visited_on", sa.Date()),
        sa.Column("leader", sa.String(50), nullable=False),
        sa.Column("companion", sa.String(50), nullable=False),
        sa.Column("goods", sa.String(120), nullable=False),
        sa.Column("signature", sa.String(80), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("batch_id", Key, sa.ForeignKey("funds_batch.id")),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'returned' OR reason <> ''", name="a_return_has_a_reason"),
        sa.CheckConstraint("(unit_id IS NULL) <> (person_id IS NULL)", name="a_visit_goes_to_a_household_or_a_unit"),
        sa.CheckConstraint("channel IN ('card', 'signed')", name="channel_is_known"),
        sa.CheckConstraint("amount_fen >= 0", name="money_is_not_negative"),
        sa.CheckConstraint("state IN ('listed', 'visited', 'returned')", name="state_is_known"),
        sa.CheckConstraint(
            "state <> 'visited' OR (visited_on IS NOT NULL AND leader <> '' AND companion"
            " <> '' AND leader <> companion)",
            name="two_visitors_go",
        ),
        sa.CheckConstraint(
            "state <> 'visited' OR channel = 'card' OR signature <> ''", name="what_is_handed_over_is_signed"
        ),
    )
    _only_one(
        "a_household_once_a_festival",
        "double_support_visit",
        ["year", "festival", "household_id"],
        "state <> 'returned'",
    )
    _only_one(
        "a_person_once_a_festival", "double_support_visit", ["year", "festival", "person_id"], "state <> 'returned'"
    )
    op.create_index("ix_double_support_visit_area", "double_support_visit", ["area"])
    op.create_index("ix_double_support_visit_batch_id", "double_support_visit", ["batch_id"])
    op.create_index("ix_double_support_visit_household_id", "double_support_visit", ["household_id"])
    op.create_index("ix_double_support_visit_person_id", "double_support_visit", ["person_id"])
    op.create_index("ix_double_support_visit_plan_id", "double_support_visit", ["plan_id"])
    op.create_index("ix_double_support_visit_state", "double_support_visit", ["state"])
    op.create_table(
        "double_support_need",
        sa.Column("id", Key, primary_key=True),
        sa.Column("visit_id", Key, sa.ForeignKey("double_support_visit.id"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("answered_on", sa.Date()),
        sa.Column("answer", sa.String(200), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("words <> ''", name="a_need_is_told"),
        sa.CheckConstraint("(state = 'answered') = (answered_on IS NOT NULL)", name="an_answer_has_a_day"),
        sa.CheckConstraint("state = 'open' OR answer <> ''", name="an_answer_is_told"),
        sa.CheckConstraint("state IN ('open', 'answered')", name="state_is_known"),
    )
    op.create_index("ix_double_support_need_area", "double_support_need", ["area"])
    op.create_index("ix_double_support_need_state", "double_support_need", ["state"])
    op.create_index("ix_double_support_need_visit_id", "double_support_need", ["visit_id"])
    op.create_table(
        "double_support_plaque",
        sa.Column("id", Key, primary_key=True),
        sa.Column("household_id", Key, sa.ForeignKey("household_household.id"), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("first_person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("hung_on", sa.Date()),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("state_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('issued', 'removed') OR hung_on IS NOT NULL", name="a_hung_plaque_has_a_day"),
        sa.CheckConstraint("state <> 'removed' OR reason <> ''", name="a_removal_has_a_reason"),
        sa.CheckConstraint("kind IN ('serving', 'martyr', 'veteran', 'bereaved')", name="kind_is_known"),
        sa.CheckConstraint("state IN ('issued', 'hung', 'damaged', 'replaced', 'removed')", name="state_is_known"),
    )
    op.create_index("ix_double_support_plaque_area", "double_support_plaque", ["area"])
    op.create_index("ix_double_support_plaque_household_id", "double_support_plaque", ["household_id"])
    op.create_index("ix_double_support_plaque_person_id", "double_support_plaque", ["person_id"])
    op.create_index("ix_double_support_plaque_state", "double_support_plaque", ["state"])
    _only_one(
        "one_plaque_per_household", "double_support_plaque", ["household_id"], "state IN ('issued', 'hung', 'damaged')"
    )
    op.create_table(
        "double_support_merit_news",
        sa.Column("id", Key, primary_key=True),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("first_person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("honour", sa.String(60), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("delivered_on", sa.Date()),
        sa.Column("leader", sa.String(50), nullable=False),
        sa.Column("companion", sa.String(50), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("delivered_on IS NULL OR delivered_on >= received_on", name="it_is_brought_after_it_came"),
        sa.CheckConstraint("state IN ('received', 'delivered')", name="state_is_known"),
        sa.CheckConstraint(
            "state <> 'delivered' OR (delivered_on IS NOT NULL AND leader <> '' AND"
            " companion <> '' AND leader <> companion)",
            name="two_people_bring_it",
        ),
    )
    op.create_index("ix_double_support_merit_news_area", "double_support_merit_news", ["area"])
    op.create_index("ix_double_support_merit_news_person_id", "double_support_merit_news", ["person_id"])
    op.create_index("ix_double_support_merit_news_state", "double_support_merit_news", ["state"])


def _arranging() -> None:
    op.create_table(
        "double_support_project",
        sa.Column("id", Key, primary_key=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(20), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("responsible", sa.String(60), nullable=False),
        sa.Column("unit_id", Key, sa.ForeignKey("double_support_unit.id"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("budget_fen", Key, nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("signed_on", sa.Date()),
        sa.Column("done_on", sa.Date()),
        sa.Column("evidence", sa.String(200), nullable=False),
        sa.Column("army_tenths", sa.Integer()),
        sa.Column("locality_tenths", sa.Integer()),
        sa.Column("substitute_for", Key, sa.ForeignKey("double_support_project.id")),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("state_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("budget_fen >= 0", name="a_budget_is_not_negative"),
        sa.CheckConstraint("state NOT IN ('delayed', 'cancelled') OR reason <> ''", name="a_delay_has_a_reason"),
        sa.CheckConstraint("no BETWEEN 1 AND 99", name="a_number_is_counted_from_one"),
        sa.CheckConstraint("due >= start", name="a_project_is_due_after_it_begins"),
        sa.CheckConstraint(
            "state NOT IN ('agreed', 'running', 'done', 'evaluated') OR (document <> '' AND signed_on IS NOT NULL)",
            name="an_agreed_project_is_signed",
        ),
        sa.CheckConstraint(
            "state <> 'evaluated' OR (army_tenths IS NOT NULL AND locality_tenths IS NOT NULL)",
            name="both_sides_evaluate",
        ),
        sa.CheckConstraint("direction IN ('locality_for_army', 'army_for_locality')", name="direction_is_known"),
        sa.CheckConstraint(
            "state IN ('planned', 'agreed', 'running', 'done', 'evaluated', 'delayed', 'cancelled')",
            name="state_is_known",
        ),
        sa.CheckConstraint(
            "army_tenths IS NULL OR army_tenths BETWEEN 0 AND 1000", name="the_army_is_content_to_a_hundred"
        ),
        sa.CheckConstraint(
            "locality_tenths IS NULL OR locality_tenths BETWEEN 0 AND 1000", name="the_locality_is_content_to_a_hundred"
        ),
        sa.CheckConstraint(
            "state NOT IN ('done', 'evaluated') OR (done_on IS NOT NULL AND evidence <> '')",
            name="what_is_done_is_proved",
        ),
    )
    op.create_index("ix_double_support_project_area", "double_support_project", ["area"])
    op.create_index("ix_double_support_project_state", "double_support_project", ["state"])
    op.create_index("ix_double_support_project_year", "double_support_project", ["year"])
    _only_one("one_project_per_number_of_a_year", "double_support_project", ["year", "no"], "state <> 'cancelled'")
    _only_one(
        "one_substitute_per_project",
        "double_support_project",
        ["substitute_for"],
        "state <> 'cancelled' AND substitute_for IS NOT NULL",
    )
    op.create_table(
        "double_support_milestone",
        sa.Column("id", Key, primary_key=True),
        sa.Column("project_id", Key, sa.ForeignKey("double_support_project.id"), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("reached_on", sa.Date()),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name="a_share_is_a_hundred_at_most"),
        sa.UniqueConstraint("project_id", "title", name="one_milestone_per_title"),
    )
    op.create_index("ix_double_support_milestone_project_id", "double_support_milestone", ["project_id"])
    op.create_table(
        "double_support_progress",
        sa.Column("id", Key, primary_key=True),
        sa.Column("project_id", Key, sa.ForeignKey("double_support_project.id"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name="a_year_has_four_quarters"),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name="progress_is_a_hundred_at_most"),
    )
    op.create_index("ix_double_support_progress_project_id", "double_support_progress", ["project_id"])
    op.create_table(
        "double_support_support_money",
        sa.Column("id", Key, primary_key=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("unit_id", Key, sa.ForeignKey("double_support_unit.id"), nullable=False),
        sa.Column("visit_id", Key, sa.ForeignKey("double_support_visit.id")),
        sa.Column("minutes", sa.String(80), nullable=False),
        sa.Column("paid_here", sa.Boolean(), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("batch_id", Key, sa.ForeignKey("funds_batch.id")),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'withdrawn') = (reason <> '')", name="a_withdrawal_has_a_reason"),
        sa.CheckConstraint(
            "purpose IN ('training_ground', 'water', 'road', 'housing', 'culture', 'comfort', 'other')",
            name="purpose_is_known",
        ),
        sa.CheckConstraint("state IN ('entered', 'withdrawn')", name="state_is_known"),
        sa.CheckConstraint("minutes <> ''", name="support_has_minutes"),
        sa.CheckConstraint("amount_fen > 0", name="support_is_positive"),
    )
    op.create_index("ix_double_support_support_money_area", "double_support_support_money", ["area"])
    op.create_index("ix_double_support_support_money_batch_id", "double_support_support_money", ["batch_id"])
    op.create_index("ix_double_support_support_money_state", "double_support_support_money", ["state"])
    op.create_index("ix_double_support_support_money_unit_id", "double_support_support_money", ["unit_id"])
    op.create_index("ix_double_support_support_money_year", "double_support_support_money", ["year"])
    _only_one(
        "money_of_a_visit_is_noted_once",
        "double_support_support_money",
        ["visit_id"],
        "state = 'entered' AND visit_id IS NOT NULL",
    )
    op.create_table(
        "double_support_score_sheet",
        sa.Column("id", Key, primary_key=True),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("sheet_version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("state_on", sa.Date(), nullable=False),
        sa.Column("result", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("digest", name="a_file_is_taken_in_once"),
        sa.CheckConstraint("state <> 'closed' OR result IN ('won', 'lost')", name="a_closed_sheet_has_a_result"),
        sa.CheckConstraint("level IN ('national', 'province', 'city', 'county')", name="level_is_known"),
        sa.CheckConstraint(
            "state IN ('imported', 'scored', 'assigned', 'rectified', 'reviewed', 'submitted', 'checked', 'closed')",
            name="state_is_known",
        ),
        sa.UniqueConstraint("level", "year", "sheet_version", name="one_sheet_per_version"),
    )
    op.create_index("ix_double_support_score_sheet_area", "double_support_score_sheet", ["area"])
    op.create_index("ix_double_support_score_sheet_state", "double_support_score_sheet", ["state"])
    op.create_index("ix_double_support_score_sheet_year", "double_support_score_sheet", ["year"])
    op.create_table(
        "double_support_score_item",
        sa.Column("id", Key, primary_key=True),
        sa.Column("sheet_id", Key, sa.ForeignKey("double_support_score_sheet.id"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("no", sa.String(20), nullable=False),
        sa.Column("parent", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("leaf", sa.Boolean(), nullable=False),
        sa.Column("max_tenths", sa.Integer(), nullable=False),
        sa.Column("self_tenths", sa.Integer()),
        sa.Column("veto_item", sa.Boolean(), nullable=False),
        sa.Column("veto", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.String(1000), nullable=False),
        sa.Column("gap", sa.String(200), nullable=False),
        sa.Column("owner", sa.String(60), nullable=False),
        sa.Column("fix_due", sa.Date()),
        sa.Column("fixed_on", sa.Date()),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("fixed_on IS NULL OR gap <> ''", name="a_gap_is_rectified"),
        sa.CheckConstraint("max_tenths >= 0", name="a_maximum_is_not_negative"),
        sa.CheckConstraint(
            "self_tenths IS NULL OR self_tenths BETWEEN 0 AND max_tenths", name="a_score_fits_its_maximum"
        ),
        sa.CheckConstraint("leaf OR self_tenths IS NULL", name="only_leaves_are_scored"),
        sa.UniqueConstraint("sheet_id", "no", name="one_item_per_number"),
    )
    op.create_index("ix_double_support_score_item_area", "double_support_score_item", ["area"])
    op.create_index("ix_double_support_score_item_sheet_id", "double_support_score_item", ["sheet_id"])
    op.create_table(
        "double_support_title",
        sa.Column("id", Key, primary_key=True),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state = 'pending' OR document <> ''", name="a_result_has_a_document"),
        sa.CheckConstraint("level IN ('national', 'province', 'city', 'county')", name="level_is_known"),
        sa.CheckConstraint("round >= 1", name="rounds_are_counted"),
        sa.CheckConstraint("state IN ('pending', 'won', 'lost')", name="state_is_known"),
        sa.UniqueConstraint("level", "round", name="one_result_per_round"),
    )
    op.create_index("ix_double_support_title_area", "double_support_title", ["area"])
    op.create_index("ix_double_support_title_state", "double_support_title", ["state"])


def _families() -> None:
    op.create_table(
        "double_support_spouse",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("first_person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("other_payer", sa.String(60), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("state_before", sa.String(10), nullable=False),
        sa.Column("state_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'ended') = (reason <> '')", name="an_end_has_a_reason"),
        sa.CheckConstraint("state <> 'subsidised' OR other_payer = ''", name="one_payer_only"),
        sa.CheckConstraint(
            "state IN ('registered', 'offered', 'placed', 'subsidised', 'ended')", name="state_is_known"
        ),
        sa.UniqueConstraint("number", name="one_spouse_per_number"),
    )
    op.create_index("ix_double_support_spouse_area", "double_support_spouse", ["area"])
    op.create_index("ix_double_support_spouse_person_id", "double_support_spouse", ["person_id"])
    op.create_index("ix_double_support_spouse_state", "double_support_spouse", ["state"])
    _only_one("one_open_registration_per_spouse", "double_support_spouse", ["person_id"], "state <> 'ended'")
    op.create_table(
        "double_support_offer",
        sa.Column("id", Key, primary_key=True),
        sa.Column("spouse_id", Key, sa.ForeignKey("double_support_spouse.id"), nullable=False),
        sa.Column("employer", sa.String(80), nullable=False),
        sa.Column("post", sa.String(40), nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
    )
    op.create_index("ix_double_support_offer_spouse_id", "double_support_offer", ["spouse_id"])
    op.create_table(
        "double_support_job",
        sa.Column("id", Key, primary_key=True),
        sa.Column("spouse_id", Key, sa.ForeignKey("double_support_spouse.id"), nullable=False),
        sa.Column("employer", sa.String(80), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name="a_job_ends_after_it_begins"),
    )
    op.create_index("ix_double_support_job_spouse_id", "double_support_job", ["spouse_id"])
    _only_one("one_job_at_a_time", "double_support_job", ["spouse_id"], "until IS NULL")
    op.create_table(
        "double_support_stretch",
        sa.Column("id", Key, primary_key=True),
        sa.Column("spouse_id", Key, sa.ForeignKey("double_support_spouse.id"), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("first_month", sa.String(7), nullable=False),
        sa.Column("last_month", sa.String(7), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("first_month <> ''", name="a_stretch_has_a_first_month"),
        sa.CheckConstraint("kind IN ('first', 'resumed')", name="kind_is_known"),
    )
    op.create_index("ix_double_support_stretch_spouse_id", "double_support_stretch", ["spouse_id"])
    _only_one("one_stretch_at_a_time", "double_support_stretch", ["spouse_id"], "last_month = ''")
    _only_one("resumed_once_a_year", "double_support_stretch", ["spouse_id", "year"], "kind = 'resumed'")
    op.create_table(
        "double_support_subsidy",
        sa.Column("id", Key, primary_key=True),
        sa.Column("spouse_id", Key, sa.ForeignKey("double_support_spouse.id"), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("batch_id", Key, sa.ForeignKey("funds_batch.id")),
        sa.Column("withdrawn_on", sa.Date()),
        sa.Column("made_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name="a_subsidy_is_positive"),
    )
    op.create_index("ix_double_support_subsidy_batch_id", "double_support_subsidy", ["batch_id"])
    op.create_index("ix_double_support_subsidy_month", "double_support_subsidy", ["month"])
    op.create_index("ix_double_support_subsidy_spouse_id", "double_support_subsidy", ["spouse_id"])
    _only_one("one_subsidy_per_month", "double_support_subsidy", ["spouse_id", "month"], "withdrawn_on IS NULL")
    op.create_table(
        "double_support_school_request",
        sa.Column("id", Key, primary_key=True),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("first_person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("wanted", sa.String(80), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("solved_on", sa.Date()),
        sa.Column("school", sa.String(80), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'solved') = (solved_on IS NOT NULL)", name="a_solution_has_a_day"),
        sa.CheckConstraint("solved_on IS NULL OR solved_on >= asked_on", name="it_is_solved_after_it_was_asked"),
        sa.CheckConstraint("state IN ('open', 'solved', 'withdrawn')", name="state_is_known"),
    )
    op.create_index("ix_double_support_school_request_area", "double_support_school_request", ["area"])
    op.create_index("ix_double_support_school_request_person_id", "double_support_school_request", ["person_id"])
    op.create_index("ix_double_support_school_request_state", "double_support_school_request", ["state"])


def _educating() -> None:
    op.create_table(
        "double_support_group",
        sa.Column("id", Key, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("trade", sa.String(40), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("villages", sa.String(1000), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('organisation', 'team', 'trade')", name="kind_is_known"),
        sa.CheckConstraint("members >= 0", name="members_are_counted"),
        sa.CheckConstraint("state IN ('open', 'closed')", name="state_is_known"),
    )
    op.create_index("ix_double_support_group_area", "double_support_group", ["area"])
    op.create_index("ix_double_support_group_state", "double_support_group", ["state"])
    _only_one("one_open_group_per_name", "double_support_group", ["name"], "state = 'open'")
    op.create_table(
        "double_support_point",
        sa.Column("id", Key, primary_key=True),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("contact", sa.String(50), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(area) = 12", name="a_point_serves_a_village"),
        sa.CheckConstraint("state IN ('open', 'closed')", name="state_is_known"),
    )
    op.create_index("ix_double_support_point_area", "double_support_point", ["area"])
    op.create_index("ix_double_support_point_state", "double_support_point", ["state"])
    _only_one("one_open_point_per_village", "double_support_point", ["area"], "state = 'open'")
    op.create_table(
        "double_support_agreement",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("unit_id", Key, sa.ForeignKey("double_support_unit.id"), nullable=False),
        sa.Column("partner", sa.String(80), nullable=False),
        sa.Column("partner_kind", sa.String(10), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("content", sa.String(400), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= signed_on", name="an_agreement_ends_after_it_begins"),
        sa.CheckConstraint("partner_kind IN ('community', 'school', 'other')", name="kind_of_partner_is_known"),
        sa.CheckConstraint("state IN ('open', 'closed')", name="state_is_known"),
        sa.UniqueConstraint("number", name="one_agreement_per_number"),
    )
    op.create_index("ix_double_support_agreement_area", "double_support_agreement", ["area"])
    op.create_index("ix_double_support_agreement_state", "double_support_agreement", ["state"])
    op.create_index("ix_double_support_agreement_unit_id", "double_support_agreement", ["unit_id"])
    op.create_table(
        "double_support_activity",
        sa.Column("id", Key, primary_key=True),
        sa.Column("agreement_id", Key, sa.ForeignKey("double_support_agreement.id"), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.UniqueConstraint("agreement_id", "held_on", "title", name="an_activity_is_noted_once"),
        sa.CheckConstraint("people >= 0", name="people_are_counted"),
    )
    op.create_index("ix_double_support_activity_agreement_id", "double_support_activity", ["agreement_id"])
    op.create_table(
        "double_support_defence_class",
        sa.Column("id", Key, primary_key=True),
        sa.Column("school", sa.String(80), nullable=False),
        sa.Column("grade", sa.String(20), nullable=False),
        sa.Column("school_year", sa.String(9), nullable=False),
        sa.Column("half_hours", sa.Integer(), nullable=False),
        sa.Column("pupils", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("half_hours BETWEEN 0 AND 80", name="hours_are_forty_at_most"),
        sa.CheckConstraint("pupils >= 0", name="pupils_are_counted"),
        sa.UniqueConstraint("school", "grade", "school_year", name="one_row_per_grade_and_school_year"),
    )
    op.create_index("ix_double_support_defence_class_area", "double_support_defence_class", ["area"])
    op.create_index("ix_double_support_defence_class_school", "double_support_defence_class", ["school"])
    op.create_index("ix_double_support_defence_class_school_year", "double_support_defence_class", ["school_year"])
    op.create_table(
        "double_support_defence_event",
        sa.Column("id", Key, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("kind", "title", "held_on", name="an_event_is_noted_once"),
        sa.CheckConstraint(
            "kind IN ('consultation', 'gala', 'base_visit', 'forum', 'film', 'contest',"
            " 'military_day', 'lecture', 'study', 'barracks_day', 'training', 'other')",
            name="kind_is_known",
        ),
        sa.CheckConstraint("people >= 0", name="people_are_counted"),
    )
    op.create_index("ix_double_support_defence_event_area", "double_support_defence_event", ["area"])
    op.create_index("ix_double_support_defence_event_held_on", "double_support_defence_event", ["held_on"])
    op.create_index("ix_double_support_defence_event_kind", "double_support_defence_event", ["kind"])
    op.create_table(
        "double_support_base",
        sa.Column("id", Key, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("named_on", sa.Date(), nullable=False),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("level IN ('national', 'province', 'city', 'county')", name="level_is_known"),
        sa.CheckConstraint("state IN ('open', 'closed')", name="state_is_known"),
    )
    op.create_index("ix_double_support_base_area", "double_support_base", ["area"])
    op.create_index("ix_double_support_base_state", "double_support_base", ["state"])
    _only_one("one_base_per_name", "double_support_base", ["name"], "state = 'open'")
    op.create_table(
        "double_support_defence_budget",
        sa.Column("id", Key, primary_key=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("budgeted_fen", Key, nullable=False),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("document <> ''", name="a_budget_has_a_document"),
        sa.CheckConstraint("population >= 0 AND budgeted_fen >= 0", name="a_budget_is_not_negative"),
        sa.UniqueConstraint("year", name="one_budget_per_year"),
    )
    op.create_index("ix_double_support_defence_budget_area", "double_support_defence_budget", ["area"])


def downgrade() -> None:
    """Take the tables away."""
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for rule in RULES:
            op.execute(f"DROP FUNCTION IF EXISTS {rule.name}()")
