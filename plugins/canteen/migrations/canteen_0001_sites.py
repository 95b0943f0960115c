"""The tables of canteens. A settlement that was checked stands, a policy and a grant are never changed."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from core.api import Bytes, Key, Rule, append_only, hold_rules

revision = "canteen_0001"
down_revision = None
branch_labels = None
depends_on = None

_COUNTED = (
    "site_id", "area", "month", "meals", "full_price_meals", "delivery_meals", "persons", "service_days",
    "suspended_days", "average_hundredths", "list_price_fen", "diner_paid_fen", "diner_subsidy_fen",
    "diner_claim_fen", "rate_fen", "grade", "factor_percent", "operating_subsidy_fen", "claim_fen", "parts", "digest",
)  # fmt: skip
_GRANTED = ("site_id", "kind", "amount_fen", "agreed_years", "accepted_on", "minutes", "decided_by")


def _changed(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns)


RULES = (
    Rule(
        name="canteen_checked_settlements_stand",
        table="canteen_settlement",
        event="UPDATE",
        condition=f"OLD.state <> 'draft' AND ({_changed(_COUNTED)})",
        message="a checked settlement does not change E_SETTLE_LOCKED",
    ),
    Rule(
        name="canteen_settlements_go_by_steps",
        table="canteen_settlement",
        event="UPDATE",
        condition="NEW.state <> OLD.state AND NOT ("
        "(OLD.state = 'draft' AND NEW.state = 'township_checked')"
        " OR (OLD.state = 'township_checked' AND NEW.state IN ('county_approved', 'draft'))"
        " OR (OLD.state = 'county_approved' AND NEW.state IN ('batched', 'draft'))"
        " OR (OLD.state = 'batched' AND NEW.state IN ('paid', 'draft')))",
        message="a settlement skips no step E_SETTLE_STATE",
    ),
    Rule(
        name="canteen_checked_settlements_stay",
        table="canteen_settlement",
        event="DELETE",
        condition="OLD.state <> 'draft'",
        message="a checked settlement stays E_SETTLE_LOCKED",
    ),
    Rule(
        name="canteen_grants_do_not_change",
        table="canteen_grant",
        event="UPDATE",
        condition=_changed(_GRANTED),
        message="a grant does not change E_GRANT_KEPT",
    ),
    Rule(
        name="canteen_grants_stay",
        table="canteen_grant",
        event="DELETE",
        condition="1 = 1",
        message="grants stay E_GRANT_KEPT",
    ),
    Rule(
        name="canteen_parts_do_not_change",
        table="canteen_grant_part",
        event="UPDATE",
        condition=_changed(("grant_id", "place", "amount_fen", "due_on"))
        + " OR (OLD.state IN ('paid', 'forfeited') AND NEW.state <> OLD.state)",
        message="a paid part does not change E_GRANT_KEPT",
    ),
    Rule(
        name="canteen_prices_do_not_overlap",
        table="canteen_set",
        event="INSERT",
        condition="EXISTS (SELECT 1 FROM canteen_set s WHERE s.site_id = NEW.site_id AND s.code = NEW.code"
        " AND (s.to_on IS NULL OR s.to_on >= NEW.from_on) AND (NEW.to_on IS NULL OR s.from_on <= NEW.to_on))",
        message="prices of one set overlap E_PRICE_OVERLAP",
        lock="canteen_site WHERE id = NEW.site_id",
    ),
    Rule(
        name="canteen_prices_stand",
        table="canteen_set",
        event="UPDATE",
        condition=_changed(("site_id", "code", "meal", "price_fen", "from_on")),
        message="a price does not change, a new one follows it E_PRICE_OVERLAP",
    ),
    Rule(
        name="canteen_diners_stay",
        table="canteen_diner",
        event="DELETE",
        condition="1 = 1",
        message="enrolments stay E_CANTEEN_KEPT",
    ),
    Rule(
        name="canteen_cards_do_not_change",
        table="canteen_card",
        event="UPDATE",
        condition=_changed(("diner_id", "digest", "tail", "issued_on", "issued_by")) + " OR OLD.ended_on IS NOT NULL",
        message="a card only ends, once E_CANTEEN_KEPT",
    ),
)
ADDED_ONLY = (
    "canteen_site_state", "canteen_sample", "canteen_assessment", "canteen_policy", "canteen_settlement_step",
    "canteen_target",
)  # fmt: skip


def upgrade() -> None:
    """Make the tables and what the database holds of the rules."""
    _sites()
    _meals()
    _diners()
    _supervision()
    _money()
    for table in ADDED_ONLY:
        append_only(op, table)  # ty: ignore[invalid-argument-type] - alembic hands its operations out as a module
    hold_rules(op, RULES)  # ty: ignore[invalid-argument-type] - alembic hands its operations out as a module


def _only_one(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def _sites() -> None:
    op.create_table(
        "canteen_operator",
        sa.Column("id", Key, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("code", sa.String(18), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("contact", sa.String(40), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("payee_id", Key, sa.ForeignKey("funds_payee.id")),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('public', 'company', 'social')", name="kind_is_known"),
        sa.UniqueConstraint("code", name="one_operator_per_credit_code"),
    )
    op.create_table(
        "canteen_site",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("host", sa.String(80), nullable=False),
        sa.Column("host_kind", sa.String(12), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("address", sa.String(120), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("hours", sa.String(80), nullable=False),
        sa.Column("gps", sa.String(30), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("licence_number", sa.String(40), nullable=False),
        sa.Column("licence_to", sa.Date()),
        sa.Column("floor_area", sa.Integer()),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("capacity_per_meal", sa.Integer(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("meals", sa.String(30), nullable=False),
        sa.Column("bright_kitchen", sa.Boolean(), nullable=False),
        sa.Column("operator_id", Key, sa.ForeignKey("canteen_operator.id")),
        sa.Column("parent_kitchen_id", Key, sa.ForeignKey("canteen_site.id")),
        sa.Column("opened_on", sa.Date()),
        sa.Column("accepted_on", sa.Date()),
        sa.Column("planned_year", sa.Integer()),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("floor_area IS NULL OR floor_area > 0", name="a_site_has_a_floor"),
        sa.CheckConstraint("state <> 'open' OR opened_on IS NOT NULL", name="an_open_site_was_opened"),
        sa.CheckConstraint("capacity_per_meal >= 0 AND turns > 0", name="capacity_is_not_negative"),
        sa.CheckConstraint(
            "kind IN ('central_kitchen', 'canteen', 'meal_point', 'delivery_only')", name="kind_is_known"
        ),
        sa.CheckConstraint("seats >= 0", name="seats_are_not_negative"),
        sa.CheckConstraint(
            "state IN ('planned', 'building', 'trial', 'open', 'suspended', 'closed')", name="state_is_known"
        ),
        sa.UniqueConstraint("number", name="one_site_per_number"),
    )
    op.create_index("ix_canteen_site_area", "canteen_site", ["area"])
    op.create_index("ix_canteen_site_operator_id", "canteen_site", ["operator_id"])
    op.create_index("ix_canteen_site_state", "canteen_site", ["state"])
    op.create_table(
        "canteen_contract",
        sa.Column("id", Key, primary_key=True),
        sa.Column("operator_id", Key, sa.ForeignKey("canteen_operator.id"), nullable=False),
        sa.Column("site_id", Key, sa.ForeignKey("canteen_site.id")),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("procurement", sa.String(12), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("bond_fen", Key, nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("bond_fen >= 0", name="a_bond_is_not_negative"),
        sa.CheckConstraint("to_on >= from_on", name="a_contract_ends_after_it_begins"),
        sa.CheckConstraint(
            "procurement IN ('open', 'invited', 'negotiation', 'consultation', 'single', 'below')",
            name="procurement_is_known",
        ),
        sa.UniqueConstraint("number", name="one_contract_per_number"),
    )
    op.create_index("ix_canteen_contract_operator_id", "canteen_contract", ["operator_id"])
    op.create_index("ix_canteen_contract_site_id", "canteen_contract", ["site_id"])
    op.create_table(
        "canteen_site_state",
        sa.Column("id", Key, primary_key=True),
        sa.Column("site_id", Key, sa.ForeignKey("canteen_site.id"), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("cause", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint(
            "(state = 'suspended') = (cause IN ('licence', 'accident', 'hazard', 'other'))",
            name="a_suspension_has_a_cause",
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'building', 'trial', 'open', 'suspended', 'closed')", name="state_is_known"
        ),
    )
    op.create_index("ix_canteen_site_state_site_id", "canteen_site_state", ["site_id"])


def _meals() -> None:
    op.create_table(
        "canteen_set",
        sa.Column("id", Key, primary_key=True),
        sa.Column("site_id", Key, sa.ForeignKey("canteen_site.id"), nullable=False),
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("meal", sa.String(10), nullable=False),
        sa.Column("price_fen", Key, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date()),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name="a_price_ends_after_it_begins"),
        sa.CheckConstraint("price_fen > 0", name="a_price_is_positive"),
        sa.CheckConstraint("meal IN ('breakfast', 'lunch', 'dinner')", name="meal_is_known"),
        sa.UniqueConstraint("site_id", "code", "from_on", name="one_price_per_set_and_day"),
    )
    op.create_index("ix_canteen_set_site_id", "canteen_set", ["site_id"])
    _only_one("one_open_price_per_set", "canteen_set", ["site_id", "code"], "to_on IS NULL")
    op.create_table(
        "canteen_menu",
        sa.Column("id", Key, primary_key=True),
        sa.Column("site_id", Key, sa.ForeignKey("canteen_site.id"), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("meal", sa.String(10), nullable=False),
        sa.Column("set_code", sa.String(12), nullable=False),
        sa.Column("dishes", sa.String(300), nullable=False),
        sa.Column("price_fen", Key, nullable=False),
        sa.Column("nutrition", sa.String(120), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("price_fen > 0", name="a_price_is_positive"),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name="a_week_has_seven_days"),
        sa.CheckConstraint("meal IN ('breakfast', 'lunch', 'dinner')", name="meal_is_known"),
        sa.UniqueConstraint("site_id", "week", "weekday", "set_code", name="one_menu_per_day_and_set"),
    )
    op.create_index("ix_canteen_menu_site_id", "canteen_menu", ["site_id"])


def _diners() -> None:
    op.create_table(
        "canteen_diner",
        sa.Column("id", Key, primary_key=True),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("first_person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("site_id", Key, sa.ForeignKey("canteen_site.id")),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("statuses", sa.String(100), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date()),
        sa.Column("end_reason", sa.String(200), nullable=False),
        sa.Column("delivery_needed", sa.Boolean(), nullable=False),
        sa.Column("delivery_reason", sa.String(120), nullable=False),
        sa.Column("diet", Bytes),
        sa.Column("phone", Bytes),
        sa.Column("consent_on", sa.Date()),
        sa.Column("reviewed_on", sa.Date()),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name="an_enrolment_ends_after_it_begins"),
        sa.CheckConstraint("delivery_needed = FALSE OR delivery_reason <> ''", name="delivery_has_a_reason"),
        sa.CheckConstraint("diet IS NULL OR consent_on IS NOT NULL", name="diet_notes_need_consent"),
        sa.UniqueConstraint("code", name="one_diner_per_code"),
        sa.UniqueConstraint("person_id", name="one_diner_per_person"),
    )
    op.create_index("ix_canteen_diner_area", "canteen_diner", ["area"])
    op.create_index("ix_canteen_diner_site_id", "canteen_diner", ["site_id"])
    op.create_table(
        "canteen_card",
        sa.Column("id", Key, primary_key=True),
        sa.Column("diner_id", Key, sa.ForeignKey("canteen_diner.id"), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("tail", sa.String(4), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.Column("end_reason", sa.String(40), nullable=False),
        sa.CheckConstraint("(ended_on IS NULL) = (end_reason = '')", name="an_end_has_a_reason"),
        sa.UniqueConstraint("digest", name="one_card_per_token"),
    )
    op.create_index("ix_canteen_card_diner_id", "canteen_card", ["diner_id"])
    _only_one("one_card_in_use_per_diner", "canteen_card", ["diner_id"], "ended_on IS NULL")


def _supervision() -> None:
    op.create_table(
        "canteen_sample",
        sa.Column("id", Key, primary_key=True),
        sa.Column("site_id", Key, sa.ForeignKey("canteen_site.id"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("meal", sa.String(10), nullable=False),
        sa.Column("dish", sa.String(60), nullable=False),
        sa.Column("grams", sa.Integer(), nullable=False),
        sa.Column("kept_from", UTCDateTime(), nullable=False),
        sa.Column("kept_to", UTCDateTime(), nullable=False),
        sa.Column("temperature_tenths", sa.Integer(), nullable=False),
        sa.Column("keeper", sa.String(40), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("kept_to > kept_from", name="a_sample_is_kept"),
        sa.CheckConstraint("grams > 0", name="a_sample_weighs"),
        sa.CheckConstraint("meal IN ('breakfast', 'lunch', 'dinner')", name="meal_is_known"),
    )
    op.create_index("ix_canteen_sample_day", "canteen_sample", ["day"])
    op.create_index("ix_canteen_sample_site_id", "canteen_sample", ["site_id"])
    op.create_table(
        "canteen_inspection",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(30), nullable=False),
        sa.Column("site_id", Key, sa.ForeignKey("canteen_site.id"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("inspected_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("inspectors", sa.String(80), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("checklist", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(6), nullable=False),
        sa.Column("hazards", sa.String(500), nullable=False),
        sa.Column("deadline", sa.Date()),
        sa.Column("rectified_on", sa.Date()),
        sa.Column("rectified", sa.String(300), nullable=False),
        sa.Column("closed_by", Key, sa.ForeignKey("identity_account.id")),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(severity = 'none') = (deadline IS NULL)", name="a_hazard_has_a_deadline"),
        sa.CheckConstraint("(severity = 'none') = (hazards = '')", name="a_hazard_is_described"),
        sa.CheckConstraint("(rectified_on IS NULL) = (rectified = '')", name="a_rectification_says_what"),
        sa.CheckConstraint("kind IN ('routine', 'special', 'complaint', 'again')", name="kind_is_known"),
        sa.CheckConstraint("rectified_on IS NULL OR severity <> 'none'", name="only_hazards_are_rectified"),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name="score_is_a_percentage"),
        sa.CheckConstraint("severity IN ('none', 'minor', 'major')", name="severity_is_known"),
        sa.UniqueConstraint("number", name="one_inspection_per_number"),
    )
    op.create_index("ix_canteen_inspection_area", "canteen_inspection", ["area"])
    op.create_index("ix_canteen_inspection_site_id", "canteen_inspection", ["site_id"])
    op.create_table(
        "canteen_assessment",
        sa.Column("id", Key, primary_key=True),
        sa.Column("site_id", Key, sa.ForeignKey("canteen_site.id"), nullable=False),
        sa.Column("from_month", sa.String(7), nullable=False),
        sa.Column("to_month", sa.String(7), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(1), nullable=False),
        sa.Column("basis", sa.String(200), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("to_month >= from_month", name="a_period_ends_after_it_begins"),
        sa.CheckConstraint("grade IN ('A', 'B', 'C', 'D')", name="grade_is_known"),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name="score_is_a_percentage"),
        sa.UniqueConstraint("site_id", "from_month", "to_month", name="one_assessment_per_period"),
    )
    op.create_index("ix_canteen_assessment_site_id", "canteen_assessment", ["site_id"])
    op.create_table(
        "canteen_feedback",
        sa.Column("id", Key, primary_key=True),
        sa.Column("site_id", Key, sa.ForeignKey("canteen_site.id"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("matter", Bytes),
        sa.Column("handled_on", sa.Date()),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("(kind = 'survey') = (score > 0)", name="a_survey_has_a_mark"),
        sa.CheckConstraint("(handled_on IS NULL) = (outcome = '')", name="an_end_has_an_outcome"),
        sa.CheckConstraint("kind IN ('complaint', 'survey')", name="kind_is_known"),
        sa.CheckConstraint("score BETWEEN 0 AND 5", name="marks_go_to_five"),
    )
    op.create_index("ix_canteen_feedback_area", "canteen_feedback", ["area"])
    op.create_index("ix_canteen_feedback_received_on", "canteen_feedback", ["received_on"])
    op.create_index("ix_canteen_feedback_site_id", "canteen_feedback", ["site_id"])


def _money() -> None:
    op.create_table(
        "canteen_policy",
        sa.Column("id", Key, primary_key=True),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("imported_at", UTCDateTime(), nullable=False),
        sa.Column("imported_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="a_policy_ends_after_it_begins"),
        sa.CheckConstraint("document <> ''", name="a_policy_has_a_document"),
        sa.UniqueConstraint("valid_from", "document", name="one_policy_per_day_and_document"),
    )
    op.create_index("ix_canteen_policy_valid_from", "canteen_policy", ["valid_from"])
    op.create_table(
        "canteen_settlement",
        sa.Column("id", Key, primary_key=True),
        sa.Column("site_id", Key, sa.ForeignKey("canteen_site.id"), nullable=False),
        sa.Column("operator_id", Key, sa.ForeignKey("canteen_operator.id")),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("meals", sa.Integer(), nullable=False),
        sa.Column("full_price_meals", sa.Integer(), nullable=False),
        sa.Column("delivery_meals", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("service_days", sa.Integer(), nullable=False),
        sa.Column("suspended_days", sa.Integer(), nullable=False),
        sa.Column("average_hundredths", sa.Integer(), nullable=False),
        sa.Column("list_price_fen", Key, nullable=False),
        sa.Column("diner_paid_fen", Key, nullable=False),
        sa.Column("diner_subsidy_fen", Key, nullable=False),
        sa.Column("diner_claim_fen", Key, nullable=False),
        sa.Column("rate_fen", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(1), nullable=False),
        sa.Column("factor_percent", sa.Integer(), nullable=False),
        sa.Column("operating_subsidy_fen", Key, nullable=False),
        sa.Column("claim_fen", Key, nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("paid_fen", Key, nullable=False),
        sa.Column("minutes", sa.String(80), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("checked_by", Key, sa.ForeignKey("identity_account.id")),
        sa.Column("approved_by", Key, sa.ForeignKey("identity_account.id")),
        sa.Column("paid_on", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'paid') = (paid_on IS NOT NULL)", name="a_payment_has_its_day"),
        sa.CheckConstraint("meals >= 0 AND service_days >= 0", name="counts_are_not_negative"),
        sa.CheckConstraint("grade IN ('A', 'B', 'C', 'D')", name="grade_is_known"),
        sa.CheckConstraint("paid_fen BETWEEN 0 AND claim_fen", name="no_more_is_paid_than_claimed"),
        sa.CheckConstraint(
            "state IN ('draft', 'township_checked', 'county_approved', 'batched', 'paid')", name="state_is_known"
        ),
        sa.CheckConstraint("diner_subsidy_fen >= 0 AND operating_subsidy_fen >= 0", name="subsidies_are_not_negative"),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> checked_by", name="who_checks_does_not_approve"),
        sa.UniqueConstraint("site_id", "month", name="one_settlement_per_site_and_month"),
    )
    op.create_index("ix_canteen_settlement_area", "canteen_settlement", ["area"])
    op.create_index("ix_canteen_settlement_month", "canteen_settlement", ["month"])
    op.create_index("ix_canteen_settlement_site_id", "canteen_settlement", ["site_id"])
    op.create_index("ix_canteen_settlement_state", "canteen_settlement", ["state"])
    op.create_table(
        "canteen_settlement_step",
        sa.Column("id", Key, primary_key=True),
        sa.Column("settlement_id", Key, sa.ForeignKey("canteen_settlement.id"), nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("account_id", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("step <> 'returned' OR reason <> ''", name="a_return_has_a_reason"),
        sa.CheckConstraint(
            "step IN ('draft', 'township_checked', 'county_approved', 'batched', 'paid', 'returned')",
            name="step_is_known",
        ),
    )
    op.create_index("ix_canteen_settlement_step_settlement_id", "canteen_settlement_step", ["settlement_id"])
    op.create_table(
        "canteen_grant",
        sa.Column("id", Key, primary_key=True),
        sa.Column("site_id", Key, sa.ForeignKey("canteen_site.id"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("agreed_years", sa.Integer(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.String(80), nullable=False),
        sa.Column("payee_id", Key, sa.ForeignKey("funds_payee.id")),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("clawback_fen", Key, nullable=False),
        sa.Column("clawed_on", sa.Date()),
        sa.Column("recovery_id", Key),
        sa.Column("decided_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name="a_grant_is_positive"),
        sa.CheckConstraint("kind IN ('construction', 'renewal')", name="kind_is_known"),
        sa.CheckConstraint("clawback_fen BETWEEN 0 AND amount_fen", name="no_more_comes_back_than_was_granted"),
        sa.CheckConstraint("state IN ('standing', 'clawed_back', 'fulfilled')", name="state_is_known"),
        sa.CheckConstraint("agreed_years > 0", name="years_are_agreed"),
    )
    op.create_index("ix_canteen_grant_area", "canteen_grant", ["area"])
    op.create_index("ix_canteen_grant_site_id", "canteen_grant", ["site_id"])
    _only_one("one_construction_grant_per_site", "canteen_grant", ["site_id"], "kind = 'construction'")
    op.create_table(
        "canteen_grant_part",
        sa.Column("id", Key, primary_key=True),
        sa.Column("grant_id", Key, sa.ForeignKey("canteen_grant.id"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("paid_on", sa.Date()),
        sa.CheckConstraint("amount_fen > 0", name="a_part_is_positive"),
        sa.CheckConstraint("state IN ('scheduled', 'payable', 'batched', 'paid', 'forfeited')", name="state_is_known"),
        sa.UniqueConstraint("grant_id", "place", name="one_part_per_place"),
    )
    op.create_index("ix_canteen_grant_part_grant_id", "canteen_grant_part", ["grant_id"])
    op.create_index("ix_canteen_grant_part_state", "canteen_grant_part", ["state"])
    op.create_table(
        "canteen_target",
        sa.Column("id", Key, primary_key=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sites", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("set_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("sites > 0", name="a_target_is_positive"),
    )
    op.create_index("ix_canteen_target_year", "canteen_target", ["year"])


def downgrade() -> None:
    """Take the tables away."""
    for table in (
        "canteen_target",
        "canteen_grant_part",
        "canteen_grant",
        "canteen_settlement_step",
        "canteen_settlement",
        "canteen_policy",
        "canteen_feedback",
        "canteen_assessment",
        "canteen_inspection",
        "canteen_sample",
        "canteen_card",
        "canteen_diner",
        "canteen_menu",
        "canteen_set",
        "canteen_site_state",
        "canteen_contract",
        "canteen_site",
        "canteen_operator",
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for rule in RULES:
            op.execute(f"DROP FUNCTION IF EXISTS {rule.name}()")
