"""The tables of panels and ballots; what a panel decided can be followed, never changed."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from core.api import Bytes, Key, append_only

revision = "democratic_review_0001"
down_revision = None
branch_labels = None
depends_on = None

_KEPT: dict[str, tuple[str, ...]] = {
    "democratic_review_session": ("id",),
    "democratic_review_attendance": ("session_id", "member_id"),
    "democratic_review_item": ("id",),
    "democratic_review_recusal": ("item_id", "member_id"),
    "democratic_review_evidence": ("id",),
    "democratic_review_posting": ("session_id",),
}


def upgrade() -> None:
    """Make the tables and the guards of what was voted."""
    _panels()
    _meetings()
    _votes()
    _proofs()
    _assessment()
    for table, key in _KEPT.items():
        append_only(op, table, key)  # ty: ignore[invalid-argument-type] - alembic hands its operations out as a module


def _only_one(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def _panels() -> None:
    op.create_table(
        "democratic_review_panel",
        sa.Column("id", Key, primary_key=True),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("term_from", sa.Date(), nullable=False),
        sa.Column("term_to", sa.Date(), nullable=False),
        sa.Column("elected_on", sa.Date()),
        sa.Column("document", sa.String(120), nullable=False),
        sa.Column("superseded_on", sa.Date()),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.Column("set_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("superseded_on IS NULL OR superseded_on >= term_from", name="a_panel_is_superseded_later"),
        sa.CheckConstraint("term_to > term_from", name="a_term_ends_after_it_begins"),
    )
    op.create_index("ix_democratic_review_panel_area", "democratic_review_panel", ["area"])
    op.create_index("ix_democratic_review_panel_term_to", "democratic_review_panel", ["term_to"])
    _only_one("one_standing_panel_per_village", "democratic_review_panel", ["area"], "superseded_on IS NULL")
    op.create_table(
        "democratic_review_member",
        sa.Column("id", Key, primary_key=True),
        sa.Column("panel_id", Key, sa.ForeignKey("democratic_review_panel.id"), nullable=False),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id")),
        sa.Column("sex", sa.String(6), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("replaces", Key, sa.ForeignKey("democratic_review_member.id")),
        sa.CheckConstraint("name <> ''", name="a_member_has_a_name"),
        sa.CheckConstraint(
            "kind IN ('cadre', 'party', 'representative', 'elder', 'women', 'other')", name="kind_of_member_is_known"
        ),
        sa.CheckConstraint("sex IN ('male', 'female')", name="sex_is_known"),
        sa.CheckConstraint("until IS NULL OR (until >= since AND reason <> '')", name="who_leaves_has_a_reason"),
    )
    op.create_index("ix_democratic_review_member_panel_id", "democratic_review_member", ["panel_id"])
    op.create_index("ix_democratic_review_member_person_id", "democratic_review_member", ["person_id"])
    op.create_table(
        "democratic_review_relative",
        sa.Column("id", Key, primary_key=True),
        sa.Column("member_id", Key, sa.ForeignKey("democratic_review_member.id"), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("relation", sa.String(20), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.UniqueConstraint("member_id", "person_id", name="a_member_declares_a_relative_once"),
    )
    op.create_index("ix_democratic_review_relative_person_id", "democratic_review_relative", ["person_id"])


def _meetings() -> None:
    op.create_table(
        "democratic_review_entry",
        sa.Column("id", Key, primary_key=True),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("number", sa.String(30), nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date()),
    )
    _only_one("a_case_waits_once", "democratic_review_entry", ["case_id"], "left_on IS NULL")
    op.create_index("ix_democratic_review_entry_area_left_on", "democratic_review_entry", ["area", "left_on"])
    op.create_index("ix_democratic_review_entry_case_id", "democratic_review_entry", ["case_id"])
    op.create_table(
        "democratic_review_session",
        sa.Column("id", Key, primary_key=True),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("panel_id", Key, sa.ForeignKey("democratic_review_panel.id"), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("observer", sa.String(50), nullable=False),
        sa.Column("scrutineer", sa.String(50), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("observer <> ''", name="a_township_officer_was_present"),
        sa.CheckConstraint("present >= 1 AND present <= seats", name="no_more_present_than_seats"),
    )
    op.create_index("ix_democratic_review_session_area_held_on", "democratic_review_session", ["area", "held_on"])
    op.create_table(
        "democratic_review_attendance",
        sa.Column("session_id", Key, sa.ForeignKey("democratic_review_session.id"), primary_key=True),
        sa.Column("member_id", Key, sa.ForeignKey("democratic_review_member.id"), primary_key=True),
    )


def _votes() -> None:
    op.create_table(
        "democratic_review_item",
        sa.Column("id", Key, primary_key=True),
        sa.Column("session_id", Key, sa.ForeignKey("democratic_review_session.id"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(240), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("case_number", sa.String(30), nullable=False),
        sa.Column("entry_id", Key, sa.ForeignKey("democratic_review_entry.id")),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("reference", sa.String(80), nullable=False),
        sa.Column("recused", sa.Integer(), nullable=False),
        sa.Column("voters", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("valid", sa.Integer(), nullable=False),
        sa.Column("invalid", sa.Integer(), nullable=False),
        sa.Column("agree", sa.Integer(), nullable=False),
        sa.Column("disagree", sa.Integer(), nullable=False),
        sa.Column("abstain", sa.Integer(), nullable=False),
        sa.Column("quorum", sa.String(12), nullable=False),
        sa.Column("pass_ratio", sa.String(12), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("replaces", Key, sa.ForeignKey("democratic_review_item.id")),
        sa.Column("replaced_why", sa.String(200), nullable=False),
        sa.UniqueConstraint("replaces", name="a_vote_is_replaced_once"),
        sa.CheckConstraint("kind <> 'case' OR entry_id IS NOT NULL", name="a_case_stood_before_the_panel"),
        sa.CheckConstraint("replaces IS NULL OR replaced_why <> ''", name="a_replacement_has_a_reason"),
        sa.CheckConstraint("round = 1 OR (ground <> '' AND reason <> '')", name="a_second_vote_has_a_ground"),
        sa.CheckConstraint(
            "issued >= 0 AND returned >= 0 AND valid >= 0 AND invalid >= 0 AND agree >= 0 AND disagree >= 0"
            " AND abstain >= 0 AND recused >= 0",
            name="counts_are_not_negative",
        ),
        sa.CheckConstraint("valid + invalid = returned", name="every_ballot_is_valid_or_not"),
        sa.CheckConstraint("agree + disagree + abstain = valid", name="every_valid_ballot_is_counted_once"),
        sa.CheckConstraint("ground = '' OR ground IN ('new_facts', 'objection')", name="ground_is_known"),
        sa.CheckConstraint(
            "kind IN ('case', 'housing', 'relief_money', 'recipients', 'visit_list', 'other')",
            name="kind_of_subject_is_known",
        ),
        sa.CheckConstraint("issued <= voters", name="no_more_ballots_than_voters"),
        sa.CheckConstraint("returned <= issued", name="no_more_returned_than_issued"),
        sa.CheckConstraint("voters >= 1 AND voters <= base", name="voters_sit_on_the_panel"),
    )
    _only_one(
        "one_vote_of_a_case_a_round",
        "democratic_review_item",
        ["entry_id", "round"],
        "replaces IS NULL AND entry_id IS NOT NULL",
    )
    _only_one(
        "one_vote_of_a_list_a_round",
        "democratic_review_item",
        ["subject", "round"],
        "replaces IS NULL AND entry_id IS NULL",
    )
    op.create_index("ix_democratic_review_item_area", "democratic_review_item", ["area"])
    op.create_index("ix_democratic_review_item_entry_id", "democratic_review_item", ["entry_id"])
    op.create_index("ix_democratic_review_item_held_on", "democratic_review_item", ["held_on"])
    op.create_index("ix_democratic_review_item_scheme_area", "democratic_review_item", ["scheme", "area"])
    op.create_index("ix_democratic_review_item_session_id", "democratic_review_item", ["session_id"])
    op.create_index("ix_democratic_review_item_subject", "democratic_review_item", ["subject"])
    op.create_table(
        "democratic_review_recusal",
        sa.Column("item_id", Key, sa.ForeignKey("democratic_review_item.id"), primary_key=True),
        sa.Column("member_id", Key, sa.ForeignKey("democratic_review_member.id"), primary_key=True),
        sa.Column("relation", sa.String(20), nullable=False),
    )


def _proofs() -> None:
    op.create_table(
        "democratic_review_evidence",
        sa.Column("id", Key, primary_key=True),
        sa.Column("session_id", Key, sa.ForeignKey("democratic_review_session.id"), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("attachment_id", Key, nullable=False),
        sa.Column("content_hash", Bytes, nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("kind IN ('photo', 'signed')", name="kind_of_evidence_is_known"),
    )
    op.create_index("ix_democratic_review_evidence_session_id", "democratic_review_evidence", ["session_id"])
    op.create_table(
        "democratic_review_posting",
        sa.Column("session_id", Key, sa.ForeignKey("democratic_review_session.id"), primary_key=True),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
    )


def _assessment() -> None:
    op.create_table(
        "democratic_review_violation",
        sa.Column("id", Key, primary_key=True),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("quarter", sa.String(7), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("document", sa.String(120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("lifted_on", sa.Date()),
        sa.Column("lifted_why", sa.String(200), nullable=False),
        sa.UniqueConstraint("area", "kind", "subject", name="a_violation_is_entered_once"),
        sa.CheckConstraint("lifted_on IS NULL OR lifted_why <> ''", name="a_violation_is_lifted_for_a_reason"),
        sa.CheckConstraint("kind IN ('paid', 'decided', 'adapted')", name="kind_of_violation_is_known"),
        sa.CheckConstraint("source IN ('detected', 'entered')", name="source_is_known"),
        sa.CheckConstraint("source <> 'entered' OR document <> ''", name="who_enters_names_a_document"),
    )
    op.create_index("ix_democratic_review_violation_area", "democratic_review_violation", ["area"])
    op.create_index("ix_democratic_review_violation_quarter", "democratic_review_violation", ["quarter"])
    op.create_table(
        "democratic_review_score",
        sa.Column("area", sa.String(12), primary_key=True),
        sa.Column("quarter", sa.String(7), primary_key=True),
        sa.Column("hundredths", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(120), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("hundredths >= 0", name="a_score_is_not_negative"),
    )


def downgrade() -> None:
    """Take the tables away."""
    for table in (
        "democratic_review_score",
        "democratic_review_violation",
        "democratic_review_posting",
        "democratic_review_evidence",
        "democratic_review_recusal",
        "democratic_review_item",
        "democratic_review_attendance",
        "democratic_review_session",
        "democratic_review_entry",
        "democratic_review_relative",
        "democratic_review_member",
        "democratic_review_panel",
    ):
        op.drop_table(table)
