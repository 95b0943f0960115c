"""The tables of orphan care: files, grounds, guardians, visits, reviews, aid, grants, sponsors, pairings, contacts."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from core.api import Bytes, Key

revision = "orphan_care_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; what they point at comes first."""
    _sponsor()
    _case()
    _aid()
    _basis()
    _grant()
    _guardian()
    _pairing()
    _review()
    _visit()
    _contact()


def _only_one(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def _sponsor() -> None:
    op.create_table(
        "orphan_care_sponsor",
        sa.Column("id", Key, primary_key=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("contact", Bytes),
        sa.Column("checked_on", sa.Date()),
        sa.Column("check_result", sa.String(10), nullable=False),
        sa.Column("check_document", sa.String(80), nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("(check_result = '') = (checked_on IS NULL)", name="a_check_has_a_day"),
        sa.CheckConstraint("kind IN ('person', 'organisation')", name="kind_of_sponsor_is_known"),
        sa.CheckConstraint("check_result IN ('', 'clear', 'record')", name="result_is_known"),
    )


def _case() -> None:
    op.create_table(
        "orphan_care_case",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("first_person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("category", sa.String(12), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("carried_over", sa.Boolean(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("authorised_on", sa.Date()),
        sa.Column("checked_on", sa.Date()),
        sa.Column("check_note", sa.String(200), nullable=False),
        sa.Column("approved_on", sa.Date()),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("from_month", sa.String(7), nullable=False),
        sa.Column("last_month", sa.String(7), nullable=False),
        sa.Column("cause", sa.String(20), nullable=False),
        sa.Column("cause_on", sa.Date()),
        sa.Column("adult_on", sa.Date()),
        sa.Column("pays_until", sa.String(7), nullable=False),
        sa.Column("institution_id", Key),
        sa.Column("enrolment_id", Key),
        sa.Column("school", sa.String(80), nullable=False),
        sa.Column("schooling", sa.String(20), nullable=False),
        sa.Column("school_until", sa.Date()),
        sa.Column("school_document", sa.String(80), nullable=False),
        sa.Column("disability_grade", sa.Integer(), nullable=False),
        sa.Column("needs", sa.String(200), nullable=False),
        sa.Column("confided", Bytes),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("opened_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state NOT IN ('ending', 'closed') OR cause <> ''", name="an_end_has_a_cause"),
        sa.CheckConstraint(
            "category IN ('ORPHAN_INST', 'ORPHAN_DISP', 'UNATT', 'CONT_EDU')", name="open_category_is_known"
        ),
        sa.CheckConstraint(
            "state IN ('applied', 'township_checked', 'approved', 'active', 'ending', 'closed')", name="state_is_known"
        ),
        sa.UniqueConstraint("number", name="one_file_per_number"),
    )
    op.create_index("ix_orphan_care_case_adult_on", "orphan_care_case", ["adult_on"])
    op.create_index("ix_orphan_care_case_area", "orphan_care_case", ["area"])
    op.create_index("ix_orphan_care_case_due_on", "orphan_care_case", ["due_on"])
    op.create_index("ix_orphan_care_case_enrolment_id", "orphan_care_case", ["enrolment_id"])
    op.create_index("ix_orphan_care_case_person_id", "orphan_care_case", ["person_id"])
    op.create_index("ix_orphan_care_case_state", "orphan_care_case", ["state"])
    _only_one("one_open_file_per_child", "orphan_care_case", ["person_id"], "state <> 'closed'")


def _aid() -> None:
    op.create_table(
        "orphan_care_aid",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("orphan_care_case.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("from_month", sa.String(7), nullable=False),
        sa.Column("until_month", sa.String(7), nullable=False),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name="aid_is_positive"),
        sa.CheckConstraint("until_month = '' OR until_month >= from_month", name="months_of_aid_follow_each_other"),
    )
    op.create_index("ix_orphan_care_aid_case_id", "orphan_care_aid", ["case_id"])


def _basis() -> None:
    op.create_table(
        "orphan_care_basis",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("orphan_care_case.id"), nullable=False),
        sa.Column("parent", sa.String(6), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("document_on", sa.Date()),
        sa.Column("since", sa.Date()),
        sa.Column("until", sa.Date()),
        sa.Column("disability", sa.String(12), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("detail", Bytes),
        sa.Column("review_on", sa.Date()),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("replaced_by", Key),
        sa.CheckConstraint("document <> ''", name="a_basis_has_a_paper"),
        sa.CheckConstraint("parent IN ('father', 'mother')", name="parent_is_known"),
    )
    op.create_index("ix_orphan_care_basis_case_id", "orphan_care_basis", ["case_id"])
    op.create_index("ix_orphan_care_basis_review_on", "orphan_care_basis", ["review_on"])
    _only_one("one_basis_per_parent", "orphan_care_basis", ["case_id", "parent"], "replaced_by IS NULL")


def _grant() -> None:
    op.create_table(
        "orphan_care_grant",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("orphan_care_case.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("school_year", sa.String(9), nullable=False),
        sa.Column("source", sa.String(10), nullable=False),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name="a_grant_is_not_negative"),
    )
    op.create_index("ix_orphan_care_grant_case_id", "orphan_care_grant", ["case_id"])


def _guardian() -> None:
    op.create_table(
        "orphan_care_guardian",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("orphan_care_case.id"), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id")),
        sa.Column("institution_id", Key),
        sa.Column("relation", sa.String(20), nullable=False),
        sa.Column("paper", sa.String(80), nullable=False),
        sa.Column("agreed_on", sa.Date()),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("(person_id IS NULL) <> (institution_id IS NULL)", name="a_person_or_an_institution"),
    )
    op.create_index("ix_orphan_care_guardian_case_id", "orphan_care_guardian", ["case_id"])
    op.create_index("ix_orphan_care_guardian_person_id", "orphan_care_guardian", ["person_id"])
    _only_one("one_guardian_at_a_time", "orphan_care_guardian", ["case_id"], "until IS NULL")


def _pairing() -> None:
    op.create_table(
        "orphan_care_pairing",
        sa.Column("id", Key, primary_key=True),
        sa.Column("sponsor_id", Key, sa.ForeignKey("orphan_care_sponsor.id"), nullable=False),
        sa.Column("case_id", Key, sa.ForeignKey("orphan_care_case.id"), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("pledged_fen", Key, nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("agreement_on", sa.Date()),
        sa.Column("guardian_agreed_on", sa.Date()),
        sa.Column("child_agreed_on", sa.Date()),
        sa.Column("opened_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name="a_pairing_ends_after_it_begins"),
        sa.CheckConstraint("pledged_fen >= 0", name="a_pledge_is_not_negative"),
        sa.CheckConstraint("kind IN ('money', 'study', 'visits')", name="kind_of_pairing_is_known"),
    )
    op.create_index("ix_orphan_care_pairing_case_id", "orphan_care_pairing", ["case_id"])
    op.create_index("ix_orphan_care_pairing_sponsor_id", "orphan_care_pairing", ["sponsor_id"])
    _only_one("one_pairing_of_a_sponsor_and_a_child", "orphan_care_pairing", ["sponsor_id", "case_id"], "until IS NULL")


def _review() -> None:
    op.create_table(
        "orphan_care_review",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("orphan_care_case.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date()),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("note", Bytes),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("(done_on IS NULL) = (outcome = '')", name="a_review_done_has_an_outcome"),
    )
    op.create_index("ix_orphan_care_review_case_id", "orphan_care_review", ["case_id"])
    op.create_index("ix_orphan_care_review_due_on", "orphan_care_review", ["due_on"])
    _only_one("one_yearly_review_per_year", "orphan_care_review", ["case_id", "year"], "kind = 'yearly'")


def _visit() -> None:
    op.create_table(
        "orphan_care_visit",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, sa.ForeignKey("orphan_care_case.id"), nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("visitors", sa.String(80), nullable=False),
        sa.Column("safety", sa.String(10), nullable=False),
        sa.Column("schooling", sa.String(10), nullable=False),
        sa.Column("money", sa.String(10), nullable=False),
        sa.Column("findings", Bytes),
        sa.Column("photo", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("level IN ('village', 'township')", name="level_is_known"),
    )
    op.create_index("ix_orphan_care_visit_case_id", "orphan_care_visit", ["case_id"])
    op.create_index("ix_orphan_care_visit_visited_on", "orphan_care_visit", ["visited_on"])


def _contact() -> None:
    op.create_table(
        "orphan_care_contact",
        sa.Column("id", Key, primary_key=True),
        sa.Column("pairing_id", Key, sa.ForeignKey("orphan_care_pairing.id"), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("receipt", sa.String(80), nullable=False),
        sa.Column("note", Bytes),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name="what_was_given_is_not_negative"),
    )
    op.create_index("ix_orphan_care_contact_pairing_id", "orphan_care_contact", ["pairing_id"])


def downgrade() -> None:
    """Take the tables away."""
    for table in (
        "orphan_care_contact",
        "orphan_care_visit",
        "orphan_care_review",
        "orphan_care_pairing",
        "orphan_care_guardian",
        "orphan_care_grant",
        "orphan_care_basis",
        "orphan_care_aid",
        "orphan_care_case",
        "orphan_care_sponsor",
    ):
        op.drop_table(table)
