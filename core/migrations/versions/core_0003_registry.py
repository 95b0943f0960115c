"""Tables of the registry: areas, staff, people with their papers and lives, households; their guards."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from core.guards import append_only
from core.tables import Bytes, Key

revision = "core_0003"
down_revision = "core_0002"
branch_labels = None
depends_on = None

APPEND_ONLY = ("identity_event", "household_change")

_MEETS = """
SELECT 1 FROM identity_grant held JOIN identity_role_exclusion pair ON pair.role = NEW.role AND pair.other = held.role
WHERE held.account_id = NEW.account_id AND held.id <> COALESCE(NEW.id, -1)
AND held.valid_from <= COALESCE(NEW.valid_to, '9999-12-31') AND COALESCE(held.valid_to, '9999-12-31') >= NEW.valid_from
"""

_SQLITE = (
    f"""
    CREATE TRIGGER identity_grant_roles_apart BEFORE INSERT ON identity_grant WHEN EXISTS ({_MEETS})
    BEGIN SELECT RAISE(ABORT, 'these roles may not meet in one account'); END
    """,
    f"""
    CREATE TRIGGER identity_grant_roles_stay_apart BEFORE UPDATE ON identity_grant WHEN EXISTS ({_MEETS})
    BEGIN SELECT RAISE(ABORT, 'these roles may not meet in one account'); END
    """,
    """
    CREATE TRIGGER identity_proposal_decided_once BEFORE UPDATE ON identity_proposal WHEN OLD.decided_by IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a proposal is decided once'); END
    """,
)

# Two grants at the same moment would not see each other: the account's row is locked first.
_POSTGRESQL = (
    f"""
    CREATE FUNCTION identity_grant_roles_apart() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM 1 FROM identity_account WHERE id = NEW.account_id FOR UPDATE;
      IF EXISTS ({_MEETS}) THEN
        RAISE EXCEPTION 'these roles may not meet in one account' USING ERRCODE = '23001';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER identity_grant_roles_apart BEFORE INSERT OR UPDATE ON identity_grant
    FOR EACH ROW EXECUTE FUNCTION identity_grant_roles_apart()
    """,
    """
    CREATE FUNCTION identity_proposal_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'a proposal is decided once' USING ERRCODE = '23001'; END $$
    """,
    """
    CREATE TRIGGER identity_proposal_decided_once BEFORE UPDATE ON identity_proposal
    FOR EACH ROW WHEN (OLD.decided_by IS NOT NULL) EXECUTE FUNCTION identity_proposal_decided_once()
    """,
)


def upgrade() -> None:
    """Make the tables in the order in which they point at each other, then their guards."""
    _make_areas()
    _make_staff()
    _make_people()
    _make_lives()
    _make_households()
    _make_registry_work()
    for table in APPEND_ONLY:
        append_only(op, table)
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def _make_areas() -> None:
    op.create_table(
        "household_area",
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("level", sa.String(8), nullable=False),
        sa.Column("parent", sa.String(12)),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("successor", sa.String(12)),
        sa.CheckConstraint("kind IN ('', 'urban', 'rural')", name="kind_is_known"),
        sa.CheckConstraint("level IN ('county', 'town', 'village')", name="level_is_known"),
        sa.CheckConstraint("length(code) IN (6, 9, 12)", name="a_code_has_6_9_or_12_digits"),
        sa.ForeignKeyConstraint(["parent"], ["household_area.code"], name="fk_household_area_parent"),
        sa.ForeignKeyConstraint(["successor"], ["household_area.code"], name="fk_household_area_successor"),
        sa.PrimaryKeyConstraint("code", name="pk_household_area"),
    )
    op.create_index("ix_household_area_parent", "household_area", ["parent"])


def _make_staff() -> None:
    op.create_table(
        "identity_account",
        sa.Column("id", Key, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("title", sa.String(50), nullable=False),
        sa.Column("office", sa.String(80), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("password_since", UTCDateTime()),
        sa.Column("second_factor_sealed", Bytes),
        sa.Column("second_factor_step", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("large_type", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_identity_account"),
        sa.UniqueConstraint("name", name="one_account_per_name"),
    )
    op.create_table(
        "identity_role_exclusion",
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("other", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("role", "other", name="pk_identity_role_exclusion"),
    )
    op.create_table(
        "identity_grant",
        sa.Column("id", Key, nullable=False),
        sa.Column("account_id", Key, nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("deputy_for", Key),
        sa.Column("granted_by", Key),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="a_grant_ends_after_it_begins"),
        sa.ForeignKeyConstraint(["account_id"], ["identity_account.id"], name="fk_identity_grant_account_id"),
        sa.ForeignKeyConstraint(["area"], ["household_area.code"], name="fk_identity_grant_area"),
        sa.ForeignKeyConstraint(["deputy_for"], ["identity_account.id"], name="fk_identity_grant_deputy_for"),
        sa.ForeignKeyConstraint(["granted_by"], ["identity_account.id"], name="fk_identity_grant_granted_by"),
        sa.PrimaryKeyConstraint("id", name="pk_identity_grant"),
    )
    op.create_index("ix_identity_grant_account_id", "identity_grant", ["account_id"])
    op.create_table(
        "identity_sign_in_code",
        sa.Column("id", Key, nullable=False),
        sa.Column("account_id", Key, nullable=False),
        sa.Column("code_hash", Bytes, nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime()),
        sa.ForeignKeyConstraint(["account_id"], ["identity_account.id"], name="fk_identity_sign_in_code_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_identity_sign_in_code"),
    )
    op.create_index("ix_identity_sign_in_code_account_id", "identity_sign_in_code", ["account_id"])
    op.create_table(
        "identity_token",
        sa.Column("id", Key, nullable=False),
        sa.Column("account_id", Key, nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("token_hash", Bytes, nullable=False),
        sa.Column("scopes", sa.String(2000), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime()),
        sa.Column("revoked_at", UTCDateTime()),
        sa.ForeignKeyConstraint(["account_id"], ["identity_account.id"], name="fk_identity_token_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_identity_token"),
        sa.UniqueConstraint("token_hash", name="a_token_is_unique"),
    )
    op.create_index("ix_identity_token_account_id", "identity_token", ["account_id"])
    op.create_table(
        "identity_session",
        sa.Column("id", Key, nullable=False),
        sa.Column("account_id", Key, nullable=False),
        sa.Column("token_hash", Bytes, nullable=False),
        sa.Column("form_key", sa.String(64), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime()),
        sa.Column("confirmed_at", UTCDateTime()),
        sa.Column("address", sa.String(60), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["identity_account.id"], name="fk_identity_session_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_identity_session"),
        sa.UniqueConstraint("token_hash", name="a_session_is_unique"),
    )
    op.create_index("ix_identity_session_account_id", "identity_session", ["account_id"])
    op.create_table(
        "identity_sign_in_attempt",
        sa.Column("id", Key, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("address", sa.String(60), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_identity_sign_in_attempt"),
    )
    op.create_index("ix_identity_sign_in_attempt_name_at", "identity_sign_in_attempt", ["name", "at"])


def _make_people() -> None:
    op.create_table(
        "identity_person",
        sa.Column("id", Key, nullable=False),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("initials", sa.String(50), nullable=False),
        sa.Column("sex", sa.Integer(), nullable=False),
        sa.Column("birth_date", sa.Date()),
        sa.Column("ethnicity", sa.String(2), nullable=False),
        sa.Column("hukou_area", sa.String(12), nullable=False),
        sa.Column("hukou_since", sa.Date()),
        sa.Column("residence_area", sa.String(12), nullable=False),
        sa.Column("residence_since", sa.Date()),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("phone_tail", sa.String(4), nullable=False),
        sa.Column("phone_sealed", Bytes),
        sa.Column("phone_index", Bytes),
        sa.Column("died_on", sa.Date()),
        sa.Column("left_county_on", sa.Date()),
        sa.Column("merged_into", Key),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "died_on IS NULL OR birth_date IS NULL OR died_on >= birth_date",
            name="death_follows_birth",
        ),
        sa.CheckConstraint("sex IN (0, 1, 2, 9)", name="sex_is_a_code_of_gb_t_2261"),
        sa.ForeignKeyConstraint(["hukou_area"], ["household_area.code"], name="fk_identity_person_hukou_area"),
        sa.ForeignKeyConstraint(["merged_into"], ["identity_person.id"], name="fk_identity_person_merged_into"),
        sa.ForeignKeyConstraint(["residence_area"], ["household_area.code"], name="fk_identity_person_residence_area"),
        sa.PrimaryKeyConstraint("id", name="pk_identity_person"),
    )
    op.create_index("ix_identity_person_hukou_area_name", "identity_person", ["hukou_area", "name"])
    op.create_index(
        "ix_identity_person_phone_tail",
        "identity_person",
        ["phone_tail"],
        sqlite_where=sa.text("phone_tail <> ''"),
        postgresql_where=sa.text("phone_tail <> ''"),
    )
    op.create_index("ix_identity_person_phone_index", "identity_person", ["phone_index"])
    op.create_table(
        "identity_document",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("number_sealed", Bytes, nullable=False),
        sa.Column("number_index", Bytes, nullable=False),
        sa.Column("tail", sa.String(4), nullable=False),
        sa.Column("issuer", sa.String(3), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("legacy_sealed", Bytes),
        sa.Column("superseded_by", Key),
        sa.ForeignKeyConstraint(["person_id"], ["identity_person.id"], name="fk_identity_document_person_id"),
        sa.ForeignKeyConstraint(["superseded_by"], ["identity_document.id"], name="fk_identity_document_superseded_by"),
        sa.PrimaryKeyConstraint("id", name="pk_identity_document"),
    )
    op.create_index("ix_identity_document_person_id", "identity_document", ["person_id"])
    op.create_index("ix_identity_document_tail", "identity_document", ["tail"])
    op.create_index(
        "one_citizen_number_per_person",
        "identity_document",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("superseded_by IS NULL AND kind IN ('RIC', 'HKB', 'HMT_RP')"),
        postgresql_where=sa.text("superseded_by IS NULL AND kind IN ('RIC', 'HKB', 'HMT_RP')"),
    )
    op.create_index(
        "one_person_per_document_number",
        "identity_document",
        ["number_index"],
        unique=True,
        sqlite_where=sa.text("superseded_by IS NULL"),
        postgresql_where=sa.text("superseded_by IS NULL"),
    )
    op.create_index(
        "ix_identity_document_old_number",
        "identity_document",
        ["number_index"],
        sqlite_where=sa.text("superseded_by IS NOT NULL"),
        postgresql_where=sa.text("superseded_by IS NOT NULL"),
    )
    op.create_index(
        "one_primary_document_per_person",
        "identity_document",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("is_primary"),
        postgresql_where=sa.text("is_primary"),
    )
    op.create_table(
        "identity_bank_account",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("number_sealed", Bytes, nullable=False),
        sa.Column("number_index", Bytes, nullable=False),
        sa.Column("tail", sa.String(4), nullable=False),
        sa.Column("account_name", sa.String(50), nullable=False),
        sa.Column("shared_reason", sa.String(200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.ForeignKeyConstraint(["person_id"], ["identity_person.id"], name="fk_identity_bank_account_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_identity_bank_account"),
        sa.UniqueConstraint("person_id", "number_index", name="an_account_stands_once_with_a_person"),
    )
    op.create_index("ix_identity_bank_account_number_index", "identity_bank_account", ["number_index"])
    op.create_index(
        "one_current_account_per_person",
        "identity_bank_account",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_table(
        "identity_former_name",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("until", sa.Date()),
        sa.ForeignKeyConstraint(["person_id"], ["identity_person.id"], name="fk_identity_former_name_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_identity_former_name"),
    )
    op.create_index("ix_identity_former_name_person_id", "identity_former_name", ["person_id"])
    op.create_table(
        "identity_attachment",
        sa.Column("id", Key, nullable=False),
        sa.Column("owner", sa.String(60), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored_as", sa.String(64), nullable=False),
        sa.Column("content_hash", Bytes, nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("added_by", Key, nullable=False),
        sa.Column("expires_on", sa.Date()),
        sa.ForeignKeyConstraint(["added_by"], ["identity_account.id"], name="fk_identity_attachment_added_by"),
        sa.PrimaryKeyConstraint("id", name="pk_identity_attachment"),
    )
    op.create_index("ix_identity_attachment_owner", "identity_attachment", ["owner"])


def _make_lives() -> None:
    op.create_table(
        "identity_event",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, nullable=False),
        sa.Column("confirmed_by", Key),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("before_sealed", Bytes),
        sa.Column("after_sealed", Bytes),
        sa.Column("revokes", Key),
        sa.ForeignKeyConstraint(["confirmed_by"], ["identity_account.id"], name="fk_identity_event_confirmed_by"),
        sa.ForeignKeyConstraint(["person_id"], ["identity_person.id"], name="fk_identity_event_person_id"),
        sa.ForeignKeyConstraint(["recorded_by"], ["identity_account.id"], name="fk_identity_event_recorded_by"),
        sa.ForeignKeyConstraint(["revokes"], ["identity_event.id"], name="fk_identity_event_revokes"),
        sa.PrimaryKeyConstraint("id", name="pk_identity_event"),
        sa.UniqueConstraint("revokes", name="an_event_is_taken_back_once"),
    )
    op.create_index("ix_identity_event_person_id", "identity_event", ["person_id"])
    op.create_table(
        "identity_proposal",
        sa.Column("id", Key, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("wish_sealed", Bytes, nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("proposed_by", Key, nullable=False),
        sa.Column("proposed_at", UTCDateTime(), nullable=False),
        sa.Column("decided_by", Key),
        sa.Column("decided_at", UTCDateTime()),
        sa.Column("decision", sa.String(10), nullable=False),
        sa.CheckConstraint("decision IN ('', 'confirmed', 'refused')", name="decision_is_known"),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="a_second_person_decides"),
        sa.ForeignKeyConstraint(["decided_by"], ["identity_account.id"], name="fk_identity_proposal_decided_by"),
        sa.ForeignKeyConstraint(["person_id"], ["identity_person.id"], name="fk_identity_proposal_person_id"),
        sa.ForeignKeyConstraint(["proposed_by"], ["identity_account.id"], name="fk_identity_proposal_proposed_by"),
        sa.PrimaryKeyConstraint("id", name="pk_identity_proposal"),
    )
    op.create_index("ix_identity_proposal_person_id", "identity_proposal", ["person_id"])


def _make_households() -> None:
    op.create_table(
        "household_household",
        sa.Column("id", Key, nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("village_group", sa.String(20), nullable=False),
        sa.Column("head_id", Key),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("merged_into", Key),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area"], ["household_area.code"], name="fk_household_household_area"),
        sa.ForeignKeyConstraint(["head_id"], ["identity_person.id"], name="fk_household_household_head_id"),
        sa.ForeignKeyConstraint(["merged_into"], ["household_household.id"], name="fk_household_household_merged_into"),
        sa.PrimaryKeyConstraint("id", name="pk_household_household"),
        sa.UniqueConstraint("number", name="one_household_per_number"),
    )
    op.create_index("ix_household_household_area", "household_household", ["area"])
    op.create_table(
        "household_membership",
        sa.Column("id", Key, nullable=False),
        sa.Column("household_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("relation", sa.String(2), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from",
            name="a_membership_ends_after_it_begins",
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household_household.id"], name="fk_household_membership_household_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["identity_person.id"], name="fk_household_membership_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_household_membership"),
    )
    op.create_index("ix_household_membership_household_id", "household_membership", ["household_id"])
    op.create_index(
        "one_head_per_household",
        "household_membership",
        ["household_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL AND relation = '02'"),
        postgresql_where=sa.text("valid_to IS NULL AND relation = '02'"),
    )
    op.create_index(
        "one_household_per_person",
        "household_membership",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )

    op.create_table(
        "household_group",
        sa.Column("id", Key, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("case_number", sa.String(40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('assistance_family', 'care_unit')", name="kind_of_group_is_known"),
        sa.ForeignKeyConstraint(["area"], ["household_area.code"], name="fk_household_group_area"),
        sa.PrimaryKeyConstraint("id", name="pk_household_group"),
    )
    op.create_index("ix_household_group_area", "household_group", ["area"])
    op.create_table(
        "household_group_member",
        sa.Column("id", Key, nullable=False),
        sa.Column("group_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("part", sa.String(12), nullable=False),
        sa.Column("relation", sa.String(2), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.ForeignKeyConstraint(["group_id"], ["household_group.id"], name="fk_household_group_member_group_id"),
        sa.ForeignKeyConstraint(["person_id"], ["identity_person.id"], name="fk_household_group_member_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_household_group_member"),
    )
    op.create_index("ix_household_group_member_group_id", "household_group_member", ["group_id"])
    op.create_index("ix_household_group_member_person_id", "household_group_member", ["person_id"])


def _make_registry_work() -> None:
    op.create_table(
        "household_change",
        sa.Column("id", Key, nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, nullable=False),
        sa.Column("details_sealed", Bytes, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["identity_account.id"], name="fk_household_change_recorded_by"),
        sa.PrimaryKeyConstraint("id", name="pk_household_change"),
    )
    op.create_index("ix_household_change_subject", "household_change", ["subject"])
    op.create_table(
        "household_candidate",
        sa.Column("id", Key, nullable=False),
        sa.Column("first_id", Key, nullable=False),
        sa.Column("second_id", Key, nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("found_at", UTCDateTime(), nullable=False),
        sa.Column("proposed_by", Key),
        sa.Column("decided_by", Key),
        sa.Column("decided_at", UTCDateTime()),
        sa.CheckConstraint("state IN ('open', 'proposed', 'merged', 'different')", name="state_is_known"),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="a_second_person_decides"),
        sa.CheckConstraint("first_id < second_id", name="a_pair_is_ordered"),
        sa.ForeignKeyConstraint(["decided_by"], ["identity_account.id"], name="fk_household_candidate_decided_by"),
        sa.ForeignKeyConstraint(["first_id"], ["identity_person.id"], name="fk_household_candidate_first_id"),
        sa.ForeignKeyConstraint(["proposed_by"], ["identity_account.id"], name="fk_household_candidate_proposed_by"),
        sa.ForeignKeyConstraint(["second_id"], ["identity_person.id"], name="fk_household_candidate_second_id"),
        sa.PrimaryKeyConstraint("id", name="pk_household_candidate"),
        sa.UniqueConstraint("first_id", "second_id", name="a_pair_is_queued_once"),
    )
    op.create_index("ix_household_candidate_area", "household_candidate", ["area"])
    op.create_index("ix_household_candidate_second_id", "household_candidate", ["second_id"])
    op.create_table(
        "household_roster",
        sa.Column("id", Key, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("stored_as", sa.String(64), nullable=False),
        sa.Column("marked_as", sa.String(64), nullable=False),
        sa.Column("content_hash", Bytes, nullable=False),
        sa.Column("uploaded_at", UTCDateTime(), nullable=False),
        sa.Column("uploaded_by", Key, nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("result_sealed", Bytes),
        sa.Column("imported_at", UTCDateTime()),
        sa.ForeignKeyConstraint(["uploaded_by"], ["identity_account.id"], name="fk_household_roster_uploaded_by"),
        sa.PrimaryKeyConstraint("id", name="pk_household_roster"),
    )
