"""The tables of voluntary service; hours are only added to, who enters does not confirm, times do not overlap."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from core.api import Bytes, Key, Rule, append_only, hold_rules

revision = "volunteers_0001"
down_revision = None
branch_labels = None
depends_on = None

_FIXED = (
    "kind", "volunteer_id", "org_id", "activity_id", "field", "area", "served_on", "in_at", "out_at", "break_minutes",
    "minutes", "content", "leader", "evidence", "mode", "reason", "late", "source_ref", "reverses_id", "corrects_id",
    "entered_at", "entered_by",
)  # fmt: skip
_PRINTED = (
    "number", "volunteer_id", "org_id", "since", "until", "minutes", "records", "surname", "handler", "in_charge",
    "requested_on", "issued_on", "issued_by", "code", "code_index",
)  # fmt: skip


def _changed(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns)


RULES = (
    Rule(
        name="volunteers_hours_stay",
        table="volunteers_record",
        event="DELETE",
        condition="1 = 1",
        message="volunteers_record is append-only E_VOL_KEPT",
    ),
    Rule(
        name="volunteers_hours_do_not_change",
        table="volunteers_record",
        event="UPDATE",
        condition=_changed(_FIXED),
        message="what was entered does not change E_VOL_KEPT",
    ),
    Rule(
        name="volunteers_hours_stay_confirmed",
        table="volunteers_record",
        event="UPDATE",
        condition="OLD.state = 'confirmed' AND (NEW.state <> 'confirmed'"
        " OR NEW.confirmed_by IS DISTINCT FROM OLD.confirmed_by)",
        message="confirmed hours are reversed, not changed E_VOL_KEPT",
    ),
    Rule(
        name="volunteers_reversed_hours_are_not_confirmed",
        table="volunteers_record",
        event="UPDATE",
        condition="OLD.state = 'entered' AND NEW.state = 'confirmed'"
        " AND EXISTS (SELECT 1 FROM volunteers_record r WHERE r.reverses_id = NEW.id)",
        message="reversed hours are not confirmed E_VOL_STATE",
        lock="volunteers_volunteer WHERE id = NEW.volunteer_id",
    ),
    Rule(
        name="volunteers_hours_are_entered_first",
        table="volunteers_record",
        event="INSERT",
        condition="NEW.state = 'confirmed' AND NEW.kind <> 'reversal'",
        message="hours are entered before they are confirmed E_VOL_SELF",
    ),
    Rule(
        name="volunteers_hours_do_not_overlap",
        table="volunteers_record",
        event="INSERT",
        condition="NEW.kind = 'service' AND EXISTS (SELECT 1 FROM volunteers_record r"
        " WHERE r.volunteer_id = NEW.volunteer_id AND r.kind = 'service'"
        " AND r.in_at < NEW.out_at AND r.out_at > NEW.in_at"
        " AND NOT EXISTS (SELECT 1 FROM volunteers_record v WHERE v.reverses_id = r.id))",
        message="hours overlap E_VOL_OVERLAP",
        lock="volunteers_volunteer WHERE id = NEW.volunteer_id",
    ),
    Rule(
        name="volunteers_a_reversal_takes_back_all",
        table="volunteers_record",
        event="INSERT",
        condition="NEW.kind = 'reversal' AND NEW.minutes <> (SELECT CASE WHEN o.state = 'confirmed' THEN -o.minutes"
        " ELSE 0 END FROM volunteers_record o WHERE o.id = NEW.reverses_id)",
        message="a reversal takes back the whole record E_VOL_STATE",
        lock="volunteers_volunteer WHERE id = NEW.volunteer_id",
    ),
    Rule(
        name="volunteers_certificates_stay",
        table="volunteers_certificate",
        event="DELETE",
        condition="1 = 1",
        message="certificates stay E_VOL_KEPT",
    ),
    Rule(
        name="volunteers_certificates_do_not_change",
        table="volunteers_certificate",
        event="UPDATE",
        condition=_changed(_PRINTED) + " OR OLD.revoked_on IS NOT NULL",
        message="a certificate is only revoked, once E_VOL_KEPT",
    ),
)


def upgrade() -> None:
    """Make the tables and what the database holds of the rules."""
    _people()
    _organisations()
    _activities()
    _service()
    _proofs()
    for table in ("volunteers_star", "volunteers_training", "volunteers_honour"):
        append_only(op, table)  # ty: ignore[invalid-argument-type] - alembic hands its operations out as a module
    hold_rules(op, RULES)  # ty: ignore[invalid-argument-type] - alembic hands its operations out as a module


def _only_one(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def _people() -> None:
    op.create_table(
        "volunteers_volunteer",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("first_person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("state_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("served_on", sa.Date()),
        sa.Column("languages", sa.String(80), nullable=False),
        sa.Column("availability", sa.String(120), nullable=False),
        sa.Column("phone", Bytes),
        sa.Column("contact", Bytes),
        sa.Column("health", Bytes),
        sa.Column("guardian_id", Key, sa.ForeignKey("identity_person.id")),
        sa.Column("consent_on", sa.Date()),
        sa.Column("background_on", sa.Date()),
        sa.Column("background", sa.String(80), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'removed' OR reason <> ''", name="a_removal_has_a_reason"),
        sa.CheckConstraint("(guardian_id IS NULL) = (consent_on IS NULL)", name="consent_names_the_guardian"),
        sa.UniqueConstraint("number", name="one_volunteer_per_number"),
        sa.UniqueConstraint("person_id", name="one_volunteer_per_person"),
        sa.UniqueConstraint("token", name="one_volunteer_per_token"),
        sa.CheckConstraint("state IN ('applied', 'active', 'withdrawn', 'removed')", name="state_is_known"),
    )
    op.create_index("ix_volunteers_volunteer_area", "volunteers_volunteer", ["area"])
    op.create_index("ix_volunteers_volunteer_state", "volunteers_volunteer", ["state"])
    op.create_table(
        "volunteers_skill",
        sa.Column("id", Key, primary_key=True),
        sa.Column("volunteer_id", Key, sa.ForeignKey("volunteers_volunteer.id"), nullable=False),
        sa.Column("skill", sa.String(20), nullable=False),
        sa.Column("certificate", sa.String(80), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("until", sa.Date()),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint(
            "certificate <> '' OR skill NOT IN ('medical', 'psychology', 'law', 'driving', 'search_rescue')",
            name="such_a_skill_has_a_certificate",
        ),
    )
    op.create_index("ix_volunteers_skill_volunteer_id", "volunteers_skill", ["volunteer_id"])
    _only_one("one_line_per_skill", "volunteers_skill", ["volunteer_id", "skill"], "until IS NULL")


def _organisations() -> None:
    op.create_table(
        "volunteers_org",
        sa.Column("id", Key, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("sponsor", sa.String(80), nullable=False),
        sa.Column("leader", sa.String(40), nullable=False),
        sa.Column("contact", sa.String(40), nullable=False),
        sa.Column("insured", sa.Boolean(), nullable=False),
        sa.Column("double_support", sa.Boolean(), nullable=False),
        sa.Column("relief", sa.Boolean(), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("successor_id", Key),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'merged') = (successor_id IS NOT NULL)", name="a_merger_names_the_successor"),
        sa.CheckConstraint("code <> '' OR sponsor <> ''", name="a_team_without_a_code_has_a_sponsor"),
        sa.CheckConstraint("state IN ('open', 'merged', 'closed')", name="state_is_known"),
    )
    op.create_index("ix_volunteers_org_area", "volunteers_org", ["area"])
    op.create_index("ix_volunteers_org_state", "volunteers_org", ["state"])
    _only_one("one_open_organisation_per_name", "volunteers_org", ["name"], "state = 'open'")
    op.create_table(
        "volunteers_member",
        sa.Column("id", Key, primary_key=True),
        sa.Column("org_id", Key, sa.ForeignKey("volunteers_org.id"), nullable=False),
        sa.Column("volunteer_id", Key, sa.ForeignKey("volunteers_volunteer.id"), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
    )
    _only_one("a_member_once", "volunteers_member", ["org_id", "volunteer_id"], "until IS NULL")
    op.create_index("ix_volunteers_member_org_id", "volunteers_member", ["org_id"])
    op.create_index("ix_volunteers_member_volunteer_id", "volunteers_member", ["volunteer_id"])
    op.create_table(
        "volunteers_complaint",
        sa.Column("id", Key, primary_key=True),
        sa.Column("org_id", Key, sa.ForeignKey("volunteers_org.id"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("matter", Bytes),
        sa.Column("handled_on", sa.Date()),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("(handled_on IS NULL) = (outcome = '')", name="an_end_has_an_outcome"),
    )
    op.create_index("ix_volunteers_complaint_area", "volunteers_complaint", ["area"])
    op.create_index("ix_volunteers_complaint_org_id", "volunteers_complaint", ["org_id"])
    op.create_index("ix_volunteers_complaint_received_on", "volunteers_complaint", ["received_on"])


def _activities() -> None:
    op.create_table(
        "volunteers_activity",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("org_id", Key, sa.ForeignKey("volunteers_org.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("field", sa.String(24), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("min_age", sa.Integer(), nullable=False),
        sa.Column("max_age", sa.Integer(), nullable=False),
        sa.Column("skill", sa.String(20), nullable=False),
        sa.Column("risk", sa.String(4), nullable=False),
        sa.Column("policy_no", sa.String(60), nullable=False),
        sa.Column("leader", sa.String(40), nullable=False),
        sa.Column("contact", sa.String(40), nullable=False),
        sa.Column("source_ref", sa.String(60), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("cancel_reason", sa.String(12), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'cancelled') = (cancel_reason <> '')", name="a_cancellation_has_a_reason"),
        sa.CheckConstraint(
            "risk = 'low' OR policy_no <> '' OR state IN ('draft', 'cancelled')", name="a_risky_activity_is_insured"
        ),
        sa.CheckConstraint("ends_at > starts_at", name="an_activity_ends_after_it_begins"),
        sa.CheckConstraint(
            "kind IN ('elder', 'child', 'disability', 'disaster', 'double_support', 'community', 'event')",
            name="kind_is_known",
        ),
        sa.UniqueConstraint("number", name="one_activity_per_number"),
    )
    op.create_index("ix_volunteers_activity_area", "volunteers_activity", ["area"])
    op.create_index("ix_volunteers_activity_org_id", "volunteers_activity", ["org_id"])
    op.create_index("ix_volunteers_activity_starts_at", "volunteers_activity", ["starts_at"])
    op.create_index("ix_volunteers_activity_state", "volunteers_activity", ["state"])
    _only_one("one_activity_per_source", "volunteers_activity", ["source_ref"], "source_ref <> ''")
    op.create_table(
        "volunteers_shift",
        sa.Column("id", Key, primary_key=True),
        sa.Column("activity_id", Key, sa.ForeignKey("volunteers_activity.id"), nullable=False),
        sa.Column("title", sa.String(40), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name="a_shift_ends_after_it_begins"),
        sa.CheckConstraint("slots > 0", name="a_shift_has_places"),
    )
    op.create_index("ix_volunteers_shift_activity_id", "volunteers_shift", ["activity_id"])
    op.create_table(
        "volunteers_signup",
        sa.Column("id", Key, primary_key=True),
        sa.Column("shift_id", Key, sa.ForeignKey("volunteers_shift.id"), nullable=False),
        sa.Column("activity_id", Key, sa.ForeignKey("volunteers_activity.id"), nullable=False),
        sa.Column("volunteer_id", Key, sa.ForeignKey("volunteers_volunteer.id"), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("cancel_reason", sa.String(12), nullable=False),
        sa.Column("accompanied", sa.Boolean(), nullable=False),
        sa.Column("signed_at", UTCDateTime(), nullable=False),
        sa.Column("signed_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint(
            "state IN ('applied', 'accepted', 'waitlisted', 'cancelled', 'absent')", name="state_is_known"
        ),
    )
    op.create_index("ix_volunteers_signup_activity_id", "volunteers_signup", ["activity_id"])
    op.create_index("ix_volunteers_signup_shift_id", "volunteers_signup", ["shift_id"])
    op.create_index("ix_volunteers_signup_volunteer_id", "volunteers_signup", ["volunteer_id"])
    _only_one("one_signup_per_shift", "volunteers_signup", ["shift_id", "volunteer_id"], "state <> 'cancelled'")
    op.create_table(
        "volunteers_attendance",
        sa.Column("id", Key, primary_key=True),
        sa.Column("activity_id", Key, sa.ForeignKey("volunteers_activity.id"), nullable=False),
        sa.Column("volunteer_id", Key, sa.ForeignKey("volunteers_volunteer.id"), nullable=False),
        sa.Column("in_at", UTCDateTime(), nullable=False),
        sa.Column("out_at", UTCDateTime()),
        sa.Column("mode", sa.String(12), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("record_id", Key),
        sa.Column("signed_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("out_at IS NULL OR out_at > in_at", name="out_comes_after_in"),
        sa.CheckConstraint("state IN ('open', 'closed', 'expired')", name="state_is_known"),
    )
    op.create_index("ix_volunteers_attendance_activity_id", "volunteers_attendance", ["activity_id"])
    op.create_index("ix_volunteers_attendance_state", "volunteers_attendance", ["state"])
    op.create_index("ix_volunteers_attendance_volunteer_id", "volunteers_attendance", ["volunteer_id"])
    _only_one("signed_in_at_one_place", "volunteers_attendance", ["volunteer_id"], "state = 'open'")


def _service() -> None:
    op.create_table(
        "volunteers_record",
        sa.Column("id", Key, primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("volunteer_id", Key, sa.ForeignKey("volunteers_volunteer.id"), nullable=False),
        sa.Column("org_id", Key, sa.ForeignKey("volunteers_org.id"), nullable=False),
        sa.Column("activity_id", Key, sa.ForeignKey("volunteers_activity.id")),
        sa.Column("field", sa.String(24), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=False),
        sa.Column("in_at", UTCDateTime()),
        sa.Column("out_at", UTCDateTime()),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(200), nullable=False),
        sa.Column("leader", sa.String(40), nullable=False),
        sa.Column("evidence", sa.String(80), nullable=False),
        sa.Column("mode", sa.String(12), nullable=False),
        sa.Column("evaluation", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("source_ref", sa.String(60), nullable=False),
        sa.Column("reverses_id", Key),
        sa.Column("corrects_id", Key),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("entered_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("confirmed_on", sa.Date()),
        sa.Column("confirmed_by", Key, sa.ForeignKey("identity_account.id")),
        sa.Column("disputed_on", sa.Date()),
        sa.Column("dispute", sa.String(200), nullable=False),
        sa.UniqueConstraint("reverses_id", name="a_record_is_reversed_once"),
        sa.CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="a_reversal_names_its_record"),
        sa.CheckConstraint("evaluation BETWEEN 0 AND 5", name="evaluation_is_one_to_five"),
        sa.CheckConstraint("(in_at IS NULL) = (out_at IS NULL)", name="in_and_out_belong_together"),
        sa.CheckConstraint("kind IN ('service', 'carried', 'reversal')", name="kind_is_known"),
        sa.CheckConstraint("(kind = 'reversal' AND minutes <= 0) OR minutes > 0", name="minutes_fit_the_kind"),
        sa.CheckConstraint("kind = 'service' OR evidence <> '' OR reason <> ''", name="other_hours_have_a_paper"),
        sa.CheckConstraint("in_at IS NULL OR out_at > in_at", name="out_comes_after_in"),
        sa.CheckConstraint("(kind = 'service') = (in_at IS NOT NULL)", name="service_has_its_times"),
        sa.CheckConstraint(
            "kind = 'reversal' OR (state = 'confirmed') = (confirmed_by IS NOT NULL)", name="somebody_confirms"
        ),
        sa.CheckConstraint("state IN ('entered', 'confirmed')", name="state_is_known"),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> entered_by", name="who_enters_does_not_confirm"),
    )
    op.create_index("ix_volunteers_record_activity_id", "volunteers_record", ["activity_id"])
    op.create_index("ix_volunteers_record_area", "volunteers_record", ["area"])
    op.create_index("ix_volunteers_record_org_id", "volunteers_record", ["org_id"])
    op.create_index("ix_volunteers_record_served_on", "volunteers_record", ["served_on"])
    op.create_index("ix_volunteers_record_state", "volunteers_record", ["state"])
    op.create_index("ix_volunteers_record_volunteer_id", "volunteers_record", ["volunteer_id"])
    op.create_table(
        "volunteers_star",
        sa.Column("id", Key, primary_key=True),
        sa.Column("volunteer_id", Key, sa.ForeignKey("volunteers_volunteer.id"), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(10), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("record_id", Key, sa.ForeignKey("volunteers_record.id"), nullable=False),
        sa.CheckConstraint("event IN ('given', 'withdrawn')", name="event_is_known"),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name="level_is_one_to_five"),
    )
    op.create_index("ix_volunteers_star_volunteer_id", "volunteers_star", ["volunteer_id"])


def _proofs() -> None:
    op.create_table(
        "volunteers_training",
        sa.Column("id", Key, primary_key=True),
        sa.Column("volunteer_id", Key, sa.ForeignKey("volunteers_volunteer.id"), nullable=False),
        sa.Column("course", sa.String(20), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("result", sa.String(10), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("minutes > 0", name="a_course_takes_time"),
    )
    op.create_index("ix_volunteers_training_held_on", "volunteers_training", ["held_on"])
    op.create_index("ix_volunteers_training_volunteer_id", "volunteers_training", ["volunteer_id"])
    op.create_table(
        "volunteers_honour",
        sa.Column("id", Key, primary_key=True),
        sa.Column("volunteer_id", Key, sa.ForeignKey("volunteers_volunteer.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("level", sa.String(12), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("body", sa.String(80), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
    )
    op.create_index("ix_volunteers_honour_volunteer_id", "volunteers_honour", ["volunteer_id"])
    op.create_table(
        "volunteers_certificate",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("volunteer_id", Key, sa.ForeignKey("volunteers_volunteer.id"), nullable=False),
        sa.Column("org_id", Key, sa.ForeignKey("volunteers_org.id"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("records", sa.Text(), nullable=False),
        sa.Column("surname", sa.String(20), nullable=False),
        sa.Column("handler", sa.String(40), nullable=False),
        sa.Column("in_charge", sa.String(40), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("code", Bytes, nullable=False),
        sa.Column("code_index", Bytes, nullable=False),
        sa.Column("revoked_on", sa.Date()),
        sa.Column("revoked_for", sa.String(200), nullable=False),
        sa.CheckConstraint("minutes > 0", name="a_certificate_is_about_hours"),
        sa.CheckConstraint("(revoked_on IS NULL) = (revoked_for = '')", name="a_revocation_has_a_reason"),
        sa.UniqueConstraint("number", name="one_certificate_per_number"),
    )
    op.create_index("ix_volunteers_certificate_area", "volunteers_certificate", ["area"])
    op.create_index("ix_volunteers_certificate_code_index", "volunteers_certificate", ["code_index"])
    op.create_index("ix_volunteers_certificate_org_id", "volunteers_certificate", ["org_id"])
    op.create_index("ix_volunteers_certificate_volunteer_id", "volunteers_certificate", ["volunteer_id"])


def downgrade() -> None:
    """Take the tables away."""
    names = tuple(rule.name for rule in RULES)
    for table in (
        "volunteers_complaint", "volunteers_certificate", "volunteers_honour", "volunteers_training", "volunteers_star",
        "volunteers_record", "volunteers_attendance", "volunteers_signup", "volunteers_shift", "volunteers_activity",
        "volunteers_member", "volunteers_org", "volunteers_skill", "volunteers_volunteer",
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for name in names:
            op.execute(f"DROP FUNCTION IF EXISTS {name}()")
