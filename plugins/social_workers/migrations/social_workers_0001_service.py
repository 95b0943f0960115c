"""The tables of social work and what the database holds of its rules."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from core.api import Bytes, Key, Rule, append_only, hold_rules

revision = "social_workers_0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "social_workers_visit",
    "social_workers_event_person",
    "social_workers_event",
    "social_workers_attendance",
    "social_workers_group_session",
    "social_workers_group_member",
    "social_workers_group",
    "social_workers_handover",
    "social_workers_case_form",
    "social_workers_case",
    "social_workers_three_link",
    "social_workers_trainee",
    "social_workers_dispatch",
    "social_workers_instalment",
    "social_workers_assessment",
    "social_workers_target",
    "social_workers_project",
    "social_workers_exam_figure",
    "social_workers_exam_signup",
    "social_workers_post_holder",
    "social_workers_post",
    "social_workers_employment",
    "social_workers_supervision",
    "social_workers_education",
    "social_workers_registration",
    "social_workers_certificate",
    "social_workers_worker",
    "social_workers_station",
    "social_workers_agency",
)
APPEND_ONLY = (
    "social_workers_certificate",
    "social_workers_registration",
    "social_workers_supervision",
    "social_workers_exam_figure",
    "social_workers_target",
    "social_workers_assessment",
    "social_workers_case_form",
    "social_workers_handover",
    "social_workers_group_session",
    "social_workers_attendance",
    "social_workers_event_person",
    "social_workers_visit",
)


def _changed(*columns: str) -> str:
    return " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns)


def _stays(name: str, table: str) -> Rule:
    return Rule(name=name, table=table, event="DELETE", condition="1 = 1", message=f"{table} stays E_SW_KEPT")


RULES = (
    _stays("social_workers_education_stays", "social_workers_education"),
    Rule(
        name="social_workers_education_does_not_change",
        table="social_workers_education",
        event="UPDATE",
        condition="OLD.revoked_on IS NOT NULL OR "
        + _changed("worker_id", "course", "provider", "tenths", "held_on", "proof", "recorded_by"),
        message="a course is only revoked, once E_SW_KEPT",
    ),
    Rule(
        name="social_workers_registrations_do_not_overlap",
        table="social_workers_registration",
        event="INSERT",
        condition="EXISTS (SELECT 1 FROM social_workers_registration r WHERE r.worker_id = NEW.worker_id"
        " AND r.registered_on <= NEW.valid_to AND r.valid_to >= NEW.registered_on)",
        message="registrations overlap E_SW_EARLY",
        lock="social_workers_worker WHERE id = NEW.worker_id",
    ),
    Rule(
        name="social_workers_cases_are_handed_over_first",
        table="social_workers_employment",
        event="UPDATE",
        condition="OLD.until IS NULL AND NEW.until IS NOT NULL AND EXISTS (SELECT 1 FROM social_workers_case c"
        " WHERE c.worker_id = NEW.worker_id AND c.closed_on IS NULL)",
        message="open cases are handed over first E_SW_HANDOVER",
        lock="social_workers_worker WHERE id = NEW.worker_id",
    ),
    Rule(
        name="social_workers_posts_are_not_overfilled",
        table="social_workers_post_holder",
        event="INSERT",
        condition="(SELECT count(*) FROM social_workers_post_holder h WHERE h.post_id = NEW.post_id"
        " AND h.until IS NULL) >= (SELECT p.planned FROM social_workers_post p WHERE p.id = NEW.post_id)",
        message="no vacancy E_SW_POST",
        lock="social_workers_post WHERE id = NEW.post_id",
    ),
    _stays("social_workers_projects_stay", "social_workers_project"),
    _stays("social_workers_instalments_stay", "social_workers_instalment"),
    Rule(
        name="social_workers_instalments_do_not_change",
        table="social_workers_instalment",
        event="UPDATE",
        condition="OLD.withdrawn_on IS NOT NULL OR "
        + _changed("project_id", "agency_id", "stage", "amount_fen", "invoice_no", "minutes", "entered_on", "made_by"),
        message="an instalment is only withdrawn, once E_SW_KEPT",
    ),
    Rule(
        name="social_workers_instalments_fit_the_contract",
        table="social_workers_instalment",
        event="INSERT",
        condition="NEW.amount_fen + (SELECT coalesce(sum(i.amount_fen), 0) FROM social_workers_instalment i"
        " WHERE i.project_id = NEW.project_id AND i.withdrawn_on IS NULL)"
        " > (SELECT p.contract_fen FROM social_workers_project p WHERE p.id = NEW.project_id)",
        message="more than the contract E_SW_PAY",
        lock="social_workers_project WHERE id = NEW.project_id",
    ),
    _stays("social_workers_cases_stay", "social_workers_case"),
    Rule(
        name="social_workers_no_case_for_a_lapsed_worker",
        table="social_workers_case",
        event="INSERT",
        condition="(SELECT max(r.valid_to) FROM social_workers_registration r WHERE r.worker_id = NEW.worker_id)"
        " < NEW.opened_on",
        message="the registration has lapsed E_SW_LAPSED",
        lock="social_workers_worker WHERE id = NEW.worker_id",
    ),
    Rule(
        name="social_workers_cases_begin_with_intake",
        table="social_workers_case",
        event="INSERT",
        condition="NEW.stage <> 'intake'",
        message="a case begins with intake E_SW_STAGE",
    ),
    Rule(
        name="social_workers_cases_close_with_an_evaluation",
        table="social_workers_case",
        event="UPDATE",
        condition="NEW.stage IN ('closed', 'follow_up') AND NOT EXISTS (SELECT 1 FROM social_workers_case_form f"
        " WHERE f.case_id = NEW.id AND f.kind = 'SW07')",
        message="closing needs an evaluation E_SW_STAGE",
    ),
    Rule(
        name="social_workers_closed_cases_stay_closed",
        table="social_workers_case",
        event="UPDATE",
        condition="OLD.closed_on IS NOT NULL AND NEW.closed_on IS NULL AND OLD.ending <> 'died'",
        message="a closed case stays closed E_SW_STAGE",
    ),
    Rule(
        name="social_workers_attendance_fits_the_members",
        table="social_workers_group_session",
        event="INSERT",
        condition="NEW.attended > (SELECT count(*) FROM social_workers_group_member m WHERE m.group_id = NEW.group_id)",
        message="more attended than there are members E_SW_ATTEND",
    ),
    Rule(
        name="social_workers_only_members_attend",
        table="social_workers_attendance",
        event="INSERT",
        condition="NOT EXISTS (SELECT 1 FROM social_workers_group_session s JOIN social_workers_group_member m"
        " ON m.group_id = s.group_id WHERE s.id = NEW.session_id AND m.person_id = NEW.person_id)",
        message="somebody who is no member attended E_SW_ATTEND",
    ),
    _stays("social_workers_events_stay", "social_workers_event"),
)


def upgrade() -> None:
    """Make the tables and what the database holds of the rules."""
    _register()
    _programmes()
    _serving()
    for table in APPEND_ONLY:
        append_only(op, table)  # ty: ignore[invalid-argument-type] - alembic hands its operations out as a module
    hold_rules(op, RULES)  # ty: ignore[invalid-argument-type] - alembic hands its operations out as a module


def _only_one(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def _register() -> None:
    op.create_table(
        "social_workers_agency",
        sa.Column("id", Key, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("code", sa.String(18), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("staff", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(4), nullable=False),
        sa.Column("incubated", sa.Boolean(), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("manager_id", Key, sa.ForeignKey("identity_person.id")),
        sa.Column("payee_id", Key, sa.ForeignKey("funds_payee.id")),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'service_body') = (substr(code, 1, 2) = '52')", name="a_service_body_begins_with_52"
        ),
        sa.CheckConstraint("kind IN ('service_body', 'other')", name="kind_is_known"),
        sa.CheckConstraint("staff >= 0", name="staff_is_counted"),
        sa.CheckConstraint("state IN ('open', 'closed')", name="state_is_known"),
        sa.UniqueConstraint("code", name="one_agency_per_credit_code"),
    )
    op.create_index("ix_social_workers_agency_area", "social_workers_agency", ["area"])
    op.create_index("ix_social_workers_agency_state", "social_workers_agency", ["state"])
    op.create_table(
        "social_workers_station",
        sa.Column("id", Key, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("address", sa.String(100), nullable=False),
        sa.Column("agency_id", Key, sa.ForeignKey("social_workers_agency.id")),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name="state_is_known"),
    )
    op.create_index("ix_social_workers_station_area", "social_workers_station", ["area"])
    op.create_index("ix_social_workers_station_state", "social_workers_station", ["state"])
    _only_one("one_open_station_per_name", "social_workers_station", ["name", "area"], "state = 'open'")
    op.create_table(
        "social_workers_worker",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("first_person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("account_id", Key, sa.ForeignKey("identity_account.id")),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("field", sa.String(20), nullable=False),
        sa.Column("works_here", sa.Boolean(), nullable=False),
        sa.Column("lives_here", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("state_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("station_id", Key, sa.ForeignKey("social_workers_station.id")),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state = 'listed' OR reason <> ''", name="a_removal_has_a_reason"),
        sa.CheckConstraint("state IN ('listed', 'removed')", name="state_is_known"),
        sa.UniqueConstraint("number", name="one_social_worker_per_number"),
        sa.UniqueConstraint("person_id", name="one_social_worker_per_person"),
    )
    op.create_index("ix_social_workers_worker_area", "social_workers_worker", ["area"])
    op.create_index("ix_social_workers_worker_state", "social_workers_worker", ["state"])
    _only_one("one_social_worker_per_account", "social_workers_worker", ["account_id"], "account_id IS NOT NULL")
    op.create_table(
        "social_workers_certificate",
        sa.Column("id", Key, primary_key=True),
        sa.Column("worker_id", Key, sa.ForeignKey("social_workers_worker.id"), nullable=False),
        sa.Column("level", sa.String(12), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("passed_year", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("level IN ('assistant', 'intermediate', 'senior')", name="level_is_known"),
        sa.UniqueConstraint("number", name="one_certificate_of_social_work_per_number"),
        sa.UniqueConstraint("worker_id", "level", name="one_certificate_per_level"),
    )
    op.create_index("ix_social_workers_certificate_worker_id", "social_workers_certificate", ["worker_id"])
    op.create_table(
        "social_workers_registration",
        sa.Column("id", Key, primary_key=True),
        sa.Column("worker_id", Key, sa.ForeignKey("social_workers_worker.id"), nullable=False),
        sa.Column("certificate_id", Key, sa.ForeignKey("social_workers_certificate.id"), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("hours_tenths", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("valid_to > registered_on", name="a_registration_lasts"),
        sa.CheckConstraint("kind IN ('first', 'renewal')", name="kind_is_known"),
        sa.UniqueConstraint("worker_id", "registered_on", name="one_registration_per_day"),
    )
    op.create_index("ix_social_workers_registration_valid_to", "social_workers_registration", ["valid_to"])
    op.create_index("ix_social_workers_registration_worker_id", "social_workers_registration", ["worker_id"])
    op.create_table(
        "social_workers_education",
        sa.Column("id", Key, primary_key=True),
        sa.Column("worker_id", Key, sa.ForeignKey("social_workers_worker.id"), nullable=False),
        sa.Column("course", sa.String(80), nullable=False),
        sa.Column("provider", sa.String(80), nullable=False),
        sa.Column("tenths", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("proof", sa.String(80), nullable=False),
        sa.Column("revoked_on", sa.Date()),
        sa.Column("revoked_for", sa.String(200), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("tenths > 0", name="a_course_takes_time"),
        sa.CheckConstraint("(revoked_on IS NULL) = (revoked_for = '')", name="a_revocation_has_a_reason"),
    )
    op.create_index("ix_social_workers_education_held_on", "social_workers_education", ["held_on"])
    op.create_index("ix_social_workers_education_worker_id", "social_workers_education", ["worker_id"])
    _only_one(
        "one_record_per_course", "social_workers_education", ["worker_id", "course", "held_on"], "revoked_on IS NULL"
    )
    op.create_table(
        "social_workers_supervision",
        sa.Column("id", Key, primary_key=True),
        sa.Column("worker_id", Key, sa.ForeignKey("social_workers_worker.id"), nullable=False),
        sa.Column("supervisor_id", Key, sa.ForeignKey("social_workers_worker.id"), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("tenths", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("topic", sa.String(80), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("kind IN ('individual', 'group', 'peer')", name="kind_is_known"),
        sa.CheckConstraint("worker_id <> supervisor_id", name="nobody_supervises_oneself"),
        sa.CheckConstraint("tenths > 0", name="supervision_takes_time"),
    )
    op.create_index("ix_social_workers_supervision_held_on", "social_workers_supervision", ["held_on"])
    op.create_index("ix_social_workers_supervision_supervisor_id", "social_workers_supervision", ["supervisor_id"])
    op.create_index("ix_social_workers_supervision_worker_id", "social_workers_supervision", ["worker_id"])
    op.create_table(
        "social_workers_employment",
        sa.Column("id", Key, primary_key=True),
        sa.Column("worker_id", Key, sa.ForeignKey("social_workers_worker.id"), nullable=False),
        sa.Column("agency_id", Key, sa.ForeignKey("social_workers_agency.id")),
        sa.Column("employer", sa.String(80), nullable=False),
        sa.Column("post", sa.String(40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name="employment_ends_after_it_begins"),
        sa.CheckConstraint("agency_id IS NOT NULL OR employer <> ''", name="employment_names_the_employer"),
    )
    op.create_index("ix_social_workers_employment_agency_id", "social_workers_employment", ["agency_id"])
    op.create_index("ix_social_workers_employment_worker_id", "social_workers_employment", ["worker_id"])
    _only_one("one_employer_at_a_time", "social_workers_employment", ["worker_id"], "until IS NULL")
    op.create_table(
        "social_workers_post",
        sa.Column("id", Key, primary_key=True),
        sa.Column("unit", sa.String(80), nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(12), nullable=False),
        sa.Column("treatment", sa.String(200), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("planned > 0", name="a_post_is_planned"),
        sa.CheckConstraint("state IN ('open', 'closed')", name="state_is_known"),
    )
    op.create_index("ix_social_workers_post_area", "social_workers_post", ["area"])
    op.create_index("ix_social_workers_post_state", "social_workers_post", ["state"])
    op.create_table(
        "social_workers_post_holder",
        sa.Column("id", Key, primary_key=True),
        sa.Column("post_id", Key, sa.ForeignKey("social_workers_post.id"), nullable=False),
        sa.Column("worker_id", Key, sa.ForeignKey("social_workers_worker.id"), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name="holding_ends_after_it_begins"),
    )
    _only_one("a_worker_once_on_a_post", "social_workers_post_holder", ["post_id", "worker_id"], "until IS NULL")
    op.create_index("ix_social_workers_post_holder_post_id", "social_workers_post_holder", ["post_id"])
    op.create_index("ix_social_workers_post_holder_worker_id", "social_workers_post_holder", ["worker_id"])
    op.create_table(
        "social_workers_exam_signup",
        sa.Column("id", Key, primary_key=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(12), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("subjects", sa.String(60), nullable=False),
        sa.Column("trained", sa.Boolean(), nullable=False),
        sa.Column("passed_subjects", sa.String(60), nullable=False),
        sa.Column("result", sa.String(8), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("level IN ('assistant', 'intermediate', 'senior')", name="level_is_known"),
        sa.CheckConstraint("result IN ('', 'passed', 'failed', 'absent')", name="result_is_known"),
        sa.UniqueConstraint("year", "level", "person_id", name="one_signup_per_exam"),
    )
    op.create_index("ix_social_workers_exam_signup_area", "social_workers_exam_signup", ["area"])
    op.create_index("ix_social_workers_exam_signup_person_id", "social_workers_exam_signup", ["person_id"])
    op.create_index("ix_social_workers_exam_signup_year", "social_workers_exam_signup", ["year"])
    op.create_table(
        "social_workers_exam_figure",
        sa.Column("id", Key, primary_key=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("signed", sa.Integer(), nullable=False),
        sa.Column("sat", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(120), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("source <> ''", name="a_figure_has_a_source"),
        sa.CheckConstraint("signed >= sat AND sat >= passed AND passed >= 0", name="figures_of_an_exam_fit"),
        sa.UniqueConstraint("year", name="one_figure_per_exam_year"),
    )


def _programmes() -> None:
    op.create_table(
        "social_workers_project",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("purchaser", sa.String(80), nullable=False),
        sa.Column("purchaser_kind", sa.String(10), nullable=False),
        sa.Column("agency_id", Key, sa.ForeignKey("social_workers_agency.id")),
        sa.Column("contract_fen", Key, nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("field", sa.String(20), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("minutes", sa.String(80), nullable=False),
        sa.Column("contract_no", sa.String(60), nullable=False),
        sa.Column("contracted_on", sa.Date()),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("state_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("contract_fen >= 0", name="a_contract_is_not_negative"),
        sa.CheckConstraint("state <> 'failed' OR reason <> ''", name="a_failure_has_a_reason"),
        sa.CheckConstraint("until >= since", name="a_project_ends_after_it_begins"),
        sa.CheckConstraint(
            "state IN ('drafted', 'approved', 'failed') OR (contract_no <> '' AND agency_id IS NOT NULL)",
            name="a_running_project_has_a_contract",
        ),
        sa.CheckConstraint("state = 'drafted' OR minutes <> '' OR state = 'failed'", name="an_approval_has_minutes"),
        sa.CheckConstraint(
            "state IN ('drafted', 'approved', 'contracted', 'running', 'mid_term', 'final', 'closed', 'failed')",
            name="state_is_known",
        ),
        sa.UniqueConstraint("number", name="one_project_of_social_work_per_number"),
    )
    op.create_index("ix_social_workers_project_agency_id", "social_workers_project", ["agency_id"])
    op.create_index("ix_social_workers_project_area", "social_workers_project", ["area"])
    op.create_index("ix_social_workers_project_state", "social_workers_project", ["state"])
    op.create_table(
        "social_workers_target",
        sa.Column("id", Key, primary_key=True),
        sa.Column("project_id", Key, sa.ForeignKey("social_workers_project.id"), nullable=False),
        sa.Column("item", sa.String(16), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("document <> ''", name="a_target_has_a_document"),
        sa.CheckConstraint("target >= 0", name="a_target_is_not_negative"),
        sa.CheckConstraint(
            "item IN ('cases', 'groups', 'events', 'visits', 'beneficiaries', 'trainees')", name="item_is_known"
        ),
        sa.UniqueConstraint("project_id", "item", "valid_from", name="one_target_per_item_and_day"),
    )
    op.create_index("ix_social_workers_target_project_id", "social_workers_target", ["project_id"])
    op.create_table(
        "social_workers_assessment",
        sa.Column("id", Key, primary_key=True),
        sa.Column("project_id", Key, sa.ForeignKey("social_workers_project.id"), nullable=False),
        sa.Column("stage", sa.String(6), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("points_tenths", sa.Integer(), nullable=False),
        sa.Column("computed_tenths", sa.Integer(), nullable=False),
        sa.Column("satisfaction_tenths", sa.Integer()),
        sa.Column("assessor", sa.String(80), nullable=False),
        sa.Column("report", sa.String(80), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("points_tenths BETWEEN 0 AND 1000", name="points_are_a_hundred_at_most"),
        sa.CheckConstraint(
            "satisfaction_tenths IS NULL OR satisfaction_tenths BETWEEN 0 AND 1000", name="satisfaction_is_a_share"
        ),
        sa.CheckConstraint("stage IN ('mid', 'final')", name="stage_is_known"),
        sa.UniqueConstraint("project_id", "stage", name="one_assessment_per_stage"),
    )
    op.create_index("ix_social_workers_assessment_project_id", "social_workers_assessment", ["project_id"])
    op.create_table(
        "social_workers_instalment",
        sa.Column("id", Key, primary_key=True),
        sa.Column("project_id", Key, sa.ForeignKey("social_workers_project.id"), nullable=False),
        sa.Column("agency_id", Key, sa.ForeignKey("social_workers_agency.id"), nullable=False),
        sa.Column("stage", sa.String(10), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("invoice_no", sa.String(40), nullable=False),
        sa.Column("minutes", sa.String(80), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("batch_id", Key, sa.ForeignKey("funds_batch.id")),
        sa.Column("withdrawn_on", sa.Date()),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("made_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("(withdrawn_on IS NULL) = (reason = '')", name="a_withdrawal_has_a_reason"),
        sa.CheckConstraint("invoice_no <> '' AND minutes <> ''", name="an_instalment_has_its_papers"),
        sa.CheckConstraint("amount_fen > 0", name="an_instalment_is_positive"),
        sa.CheckConstraint("stage IN ('contract', 'mid', 'final')", name="stage_is_known"),
    )
    op.create_index("ix_social_workers_instalment_batch_id", "social_workers_instalment", ["batch_id"])
    op.create_index("ix_social_workers_instalment_project_id", "social_workers_instalment", ["project_id"])
    _only_one(
        "one_instalment_per_invoice", "social_workers_instalment", ["agency_id", "invoice_no"], "withdrawn_on IS NULL"
    )
    _only_one("one_instalment_per_stage", "social_workers_instalment", ["project_id", "stage"], "withdrawn_on IS NULL")
    op.create_table(
        "social_workers_dispatch",
        sa.Column("id", Key, primary_key=True),
        sa.Column("programme", sa.String(60), nullable=False),
        sa.Column("worker_id", Key, sa.ForeignKey("social_workers_worker.id"), nullable=False),
        sa.Column("unit", sa.String(80), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("project_id", Key, sa.ForeignKey("social_workers_project.id")),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("until >= since", name="a_dispatch_ends_after_it_begins"),
    )
    op.create_index("ix_social_workers_dispatch_area", "social_workers_dispatch", ["area"])
    op.create_index("ix_social_workers_dispatch_worker_id", "social_workers_dispatch", ["worker_id"])
    op.create_table(
        "social_workers_trainee",
        sa.Column("id", Key, primary_key=True),
        sa.Column("dispatch_id", Key, sa.ForeignKey("social_workers_dispatch.id"), nullable=False),
        sa.Column("project_id", Key, sa.ForeignKey("social_workers_project.id")),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("unit", sa.String(80), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.Column("confirmed_on", sa.Date()),
        sa.Column("supervisor_id", Key, sa.ForeignKey("social_workers_worker.id")),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.UniqueConstraint("dispatch_id", "person_id", name="a_trainee_once_per_dispatch"),
        sa.CheckConstraint("(confirmed_on IS NULL) = (supervisor_id IS NULL)", name="a_supervisor_confirms"),
        sa.CheckConstraint("attended BETWEEN 0 AND planned", name="attendance_fits_the_plan"),
        sa.CheckConstraint("planned > 0", name="training_is_planned"),
    )
    op.create_index("ix_social_workers_trainee_dispatch_id", "social_workers_trainee", ["dispatch_id"])
    op.create_index("ix_social_workers_trainee_project_id", "social_workers_trainee", ["project_id"])
    op.create_table(
        "social_workers_three_link",
        sa.Column("id", Key, primary_key=True),
        sa.Column("community", sa.String(60), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("organisation", sa.String(80), nullable=False),
        sa.Column("worker_id", Key, sa.ForeignKey("social_workers_worker.id"), nullable=False),
        sa.Column("plan", sa.String(400), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name="a_link_ends_after_it_begins"),
        sa.CheckConstraint("plan <> ''", name="a_link_has_a_plan"),
    )
    op.create_index("ix_social_workers_three_link_area", "social_workers_three_link", ["area"])
    op.create_index("ix_social_workers_three_link_worker_id", "social_workers_three_link", ["worker_id"])


def _serving() -> None:
    op.create_table(
        "social_workers_case",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("client_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("first_client_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("project_id", Key, sa.ForeignKey("social_workers_project.id")),
        sa.Column("worker_id", Key, sa.ForeignKey("social_workers_worker.id"), nullable=False),
        sa.Column("assistant_id", Key, sa.ForeignKey("social_workers_worker.id")),
        sa.Column("supervisor_id", Key, sa.ForeignKey("social_workers_worker.id"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("needs", sa.String(120), nullable=False),
        sa.Column("field", sa.String(20), nullable=False),
        sa.Column("risk", sa.String(8), nullable=False),
        sa.Column("crisis_at", UTCDateTime()),
        sa.Column("informed_at", UTCDateTime()),
        sa.Column("informed_by", Key, sa.ForeignKey("identity_account.id")),
        sa.Column("consent_on", sa.Date()),
        sa.Column("consent_by", sa.String(10), nullable=False),
        sa.Column("basis", sa.String(200), nullable=False),
        sa.Column("goal", Bytes),
        sa.Column("goal_index", Bytes, nullable=False),
        sa.Column("stage", sa.String(12), nullable=False),
        sa.Column("stage_on", sa.Date(), nullable=False),
        sa.Column("stage_before", sa.String(12), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("ending", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("goal_percent", sa.Integer()),
        sa.Column("satisfaction", sa.Integer()),
        sa.Column("followed_up_on", sa.Date()),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("consent_on IS NOT NULL OR basis <> ''", name="a_case_has_consent_or_a_basis"),
        sa.CheckConstraint(
            "(closed_on IS NOT NULL) = (stage IN ('closed', 'follow_up', 'ended'))", name="a_closed_case_has_its_day"
        ),
        sa.CheckConstraint("risk <> 'crisis' OR crisis_at IS NOT NULL", name="a_crisis_has_its_time"),
        sa.CheckConstraint("stage <> 'ended' OR reason <> ''", name="an_early_end_has_a_reason"),
        sa.CheckConstraint("informed_at IS NULL OR informed_at >= crisis_at", name="informed_after_the_crisis"),
        sa.CheckConstraint("worker_id <> supervisor_id", name="nobody_supervises_oneself"),
        sa.CheckConstraint("risk IN ('low', 'medium', 'high', 'crisis')", name="risk_is_known"),
        sa.CheckConstraint(
            "stage IN ('intake', 'assessment', 'planning', 'intervention', 'evaluation', 'closed',"
            " 'follow_up', 'ended')",
            name="stage_is_known",
        ),
        sa.CheckConstraint("worker_id <> assistant_id", name="the_assistant_is_somebody_else"),
        sa.UniqueConstraint("number", name="one_case_of_social_work_per_number"),
    )
    op.create_index("ix_social_workers_case_area", "social_workers_case", ["area"])
    op.create_index("ix_social_workers_case_client_id", "social_workers_case", ["client_id"])
    op.create_index("ix_social_workers_case_opened_on", "social_workers_case", ["opened_on"])
    op.create_index("ix_social_workers_case_project_id", "social_workers_case", ["project_id"])
    op.create_index("ix_social_workers_case_stage", "social_workers_case", ["stage"])
    op.create_index("ix_social_workers_case_supervisor_id", "social_workers_case", ["supervisor_id"])
    op.create_index("ix_social_workers_case_worker_id", "social_workers_case", ["worker_id"])
    _only_one("one_open_case_per_goal", "social_workers_case", ["client_id", "goal_index"], "closed_on IS NULL")
    op.create_table(
        "social_workers_case_form",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("social_workers_case.id"), nullable=False),
        sa.Column("kind", sa.String(4), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("content", Bytes),
        sa.Column("next_step", Bytes),
        sa.Column("worker_id", Key, sa.ForeignKey("social_workers_worker.id"), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("kind <> 'SW05' OR minutes > 0", name="a_session_takes_time"),
        sa.CheckConstraint(
            "kind IN ('SW01', 'SW02', 'SW03', 'SW04', 'SW05', 'SW06', 'SW07', 'SW08', 'SW09', 'SW10')",
            name="kind_is_known",
        ),
        sa.UniqueConstraint("case_id", "kind", "place", name="one_form_per_kind_and_place"),
    )
    op.create_index("ix_social_workers_case_form_case_id", "social_workers_case_form", ["case_id"])
    op.create_table(
        "social_workers_handover",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("social_workers_case.id"), nullable=False),
        sa.Column("from_id", Key, sa.ForeignKey("social_workers_worker.id"), nullable=False),
        sa.Column("to_id", Key, sa.ForeignKey("social_workers_worker.id"), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("client_told_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("from_id <> to_id", name="a_handover_goes_to_somebody_else"),
    )
    op.create_index("ix_social_workers_handover_case_id", "social_workers_handover", ["case_id"])
    op.create_table(
        "social_workers_group",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("theme", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("project_id", Key, sa.ForeignKey("social_workers_project.id")),
        sa.Column("worker_id", Key, sa.ForeignKey("social_workers_worker.id"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("sessions_planned", sa.Integer(), nullable=False),
        sa.Column("goal", sa.String(400), nullable=False),
        sa.Column("before_tenths", sa.Integer()),
        sa.Column("after_tenths", sa.Integer()),
        sa.Column("summary", sa.String(400), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("state_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'cancelled' OR reason <> ''", name="a_cancellation_has_a_reason"),
        sa.CheckConstraint(
            "kind IN ('support', 'growth', 'education', 'therapy', 'recreation', 'mutual_help')", name="kind_is_known"
        ),
        sa.CheckConstraint("sessions_planned > 0", name="sessions_are_planned"),
        sa.CheckConstraint(
            "state IN ('planned', 'recruited', 'running', 'ended', 'evaluated', 'cancelled')", name="state_is_known"
        ),
        sa.UniqueConstraint("number", name="one_group_of_social_work_per_number"),
    )
    op.create_index("ix_social_workers_group_area", "social_workers_group", ["area"])
    op.create_index("ix_social_workers_group_project_id", "social_workers_group", ["project_id"])
    op.create_index("ix_social_workers_group_state", "social_workers_group", ["state"])
    op.create_index("ix_social_workers_group_worker_id", "social_workers_group", ["worker_id"])
    op.create_table(
        "social_workers_group_member",
        sa.Column("id", Key, primary_key=True),
        sa.Column("group_id", Key, sa.ForeignKey("social_workers_group.id"), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.UniqueConstraint("group_id", "person_id", name="a_member_once_in_a_group"),
    )
    op.create_index("ix_social_workers_group_member_group_id", "social_workers_group_member", ["group_id"])
    op.create_index("ix_social_workers_group_member_person_id", "social_workers_group_member", ["person_id"])
    op.create_table(
        "social_workers_group_session",
        sa.Column("id", Key, primary_key=True),
        sa.Column("group_id", Key, sa.ForeignKey("social_workers_group.id"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.Column("list_key", sa.String(64), nullable=False),
        sa.Column("note", sa.String(400), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("minutes > 0", name="a_session_takes_time"),
        sa.CheckConstraint("attended > 0", name="somebody_attended"),
        sa.UniqueConstraint("group_id", "place", name="one_session_per_place"),
    )
    op.create_index("ix_social_workers_group_session_group_id", "social_workers_group_session", ["group_id"])
    op.create_index("ix_social_workers_group_session_held_on", "social_workers_group_session", ["held_on"])
    op.create_table(
        "social_workers_attendance",
        sa.Column("id", Key, primary_key=True),
        sa.Column("session_id", Key, sa.ForeignKey("social_workers_group_session.id"), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.UniqueConstraint("session_id", "person_id", name="one_attendance_per_session"),
    )
    op.create_index("ix_social_workers_attendance_person_id", "social_workers_attendance", ["person_id"])
    op.create_index("ix_social_workers_attendance_session_id", "social_workers_attendance", ["session_id"])
    op.create_table(
        "social_workers_event",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("project_id", Key, sa.ForeignKey("social_workers_project.id")),
        sa.Column("worker_id", Key, sa.ForeignKey("social_workers_worker.id"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("participants", sa.Integer(), nullable=False),
        sa.Column("counted", sa.String(8), nullable=False),
        sa.Column("volunteers", sa.Integer(), nullable=False),
        sa.Column("cost_fen", Key, nullable=False),
        sa.Column("evidence", sa.String(120), nullable=False),
        sa.Column("place_key", sa.String(120), nullable=False),
        sa.Column("list_key", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state = 'held' OR reason <> ''", name="a_withdrawal_has_a_reason"),
        sa.CheckConstraint("volunteers >= 0 AND cost_fen >= 0", name="counts_are_not_negative"),
        sa.CheckConstraint("participants > 0", name="somebody_took_part"),
        sa.CheckConstraint("state IN ('held', 'withdrawn')", name="state_is_known"),
        sa.CheckConstraint("counted IN ('sign_in', 'ticket', 'estimate')", name="way_of_counting_is_known"),
        sa.UniqueConstraint("number", name="one_event_of_social_work_per_number"),
    )
    op.create_index("ix_social_workers_event_area", "social_workers_event", ["area"])
    op.create_index("ix_social_workers_event_held_on", "social_workers_event", ["held_on"])
    op.create_index("ix_social_workers_event_project_id", "social_workers_event", ["project_id"])
    op.create_index("ix_social_workers_event_state", "social_workers_event", ["state"])
    op.create_index("ix_social_workers_event_worker_id", "social_workers_event", ["worker_id"])
    _only_one("one_report_per_event", "social_workers_event", ["held_on", "place_key", "list_key"], "state = 'held'")
    op.create_table(
        "social_workers_event_person",
        sa.Column("id", Key, primary_key=True),
        sa.Column("event_id", Key, sa.ForeignKey("social_workers_event.id"), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.UniqueConstraint("event_id", "person_id", name="a_participant_once_per_event"),
    )
    op.create_index("ix_social_workers_event_person_event_id", "social_workers_event_person", ["event_id"])
    op.create_index("ix_social_workers_event_person_person_id", "social_workers_event_person", ["person_id"])
    op.create_table(
        "social_workers_visit",
        sa.Column("id", Key, primary_key=True),
        sa.Column("project_id", Key, sa.ForeignKey("social_workers_project.id"), nullable=False),
        sa.Column("worker_id", Key, sa.ForeignKey("social_workers_worker.id"), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("minutes > 0", name="a_visit_takes_time"),
        sa.UniqueConstraint("person_id", "visited_on", "worker_id", name="one_visit_per_day_and_worker"),
    )
    op.create_index("ix_social_workers_visit_person_id", "social_workers_visit", ["person_id"])
    op.create_index("ix_social_workers_visit_project_id", "social_workers_visit", ["project_id"])
    op.create_index("ix_social_workers_visit_visited_on", "social_workers_visit", ["visited_on"])
    op.create_index("ix_social_workers_visit_worker_id", "social_workers_visit", ["worker_id"])


def downgrade() -> None:
    """Take the tables away."""
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for rule in RULES:
            op.execute(f"DROP FUNCTION IF EXISTS {rule.name}()")
