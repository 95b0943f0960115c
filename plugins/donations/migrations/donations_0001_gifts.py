"""The tables of donations; gifts, receipts and uses are only added to, no purpose lends to another."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from core.api import Bytes, Key, Rule, append_only, hold_rules

revision = "donations_0001"
down_revision = None
branch_labels = None
depends_on = None

_GIVEN = (
    "number", "charity_id", "drive_id", "donor_id", "given_on", "kind", "channel", "source", "document", "amount_fen",
    "unit", "transfer_ref", "original", "pledge_id", "beneficiary_id", "added_at", "added_by",
)  # fmt: skip
_PRINTED = ("charity_id", "year", "serial", "number", "gift_id", "issued_on", "issued_by", "handler", "note")
_SPENT = (
    "number", "charity_id", "kind", "project_id", "drive_id", "purpose_id", "amount_fen", "spent_on", "use",
    "first_person_id", "receiver", "area", "minutes", "town", "town_minutes", "ballot", "evidence", "note",
    "voucher_id", "reverses_id", "added_at", "added_by",
)  # fmt: skip
_USED = "(SELECT COALESCE(SUM(u.amount_fen), 0) FROM donations_use u WHERE u.gift_id = {row}.id)"
_OUT = (
    "(SELECT COALESCE(SUM(i.quantity), 0) FROM donations_issue i JOIN donations_lot l ON l.id = i.lot_id"
    " WHERE l.gift_id = {row}.id)"
)


def _changed(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns)


def _stays(table: str) -> Rule:
    return Rule(
        name=f"{table}_stays",
        table=table,
        event="DELETE",
        condition="1 = 1",
        message=f"{table} is never deleted",
    )


RULES = (
    _stays("donations_gift"),
    _stays("donations_receipt"),
    _stays("donations_purpose"),
    _stays("donations_drive"),
    _stays("donations_spending"),
    Rule(
        name="donations_what_was_spent_stays",
        table="donations_spending",
        event="UPDATE",
        condition=_changed(_SPENT),
        message="a spending is reversed, never changed",
    ),
    Rule(
        name="donations_a_gift_needs_an_open_drive",
        table="donations_gift",
        event="INSERT",
        condition="EXISTS (SELECT 1 FROM donations_drive d WHERE d.id = NEW.drive_id"
        " AND (d.state IN ('draft', 'cancelled') OR NEW.given_on < d.start_on))",
        message="the drive is not open E_DRIVE_UNFILED",
    ),
    Rule(
        name="donations_a_gift_comes_before_the_end",
        table="donations_gift",
        event="INSERT",
        condition="EXISTS (SELECT 1 FROM donations_drive d WHERE d.id = NEW.drive_id"
        " AND d.end_on IS NOT NULL AND NEW.given_on > d.end_on)",
        message="the drive has ended E_DRIVE_CLOSED",
    ),
    Rule(
        name="donations_what_was_given_stays",
        table="donations_gift",
        event="UPDATE",
        condition=_changed(_GIVEN) + " OR OLD.state IN ('returned', 'voided')",
        message="a gift is returned or voided, never changed",
    ),
    Rule(
        name="donations_a_used_gift_stays",
        table="donations_gift",
        event="UPDATE",
        condition="(NEW.purpose_id <> OLD.purpose_id OR NEW.state IN ('returned', 'voided'))"
        f" AND ({_USED.format(row='OLD')} <> 0 OR {_OUT.format(row='OLD')} <> 0)",
        message="a used gift keeps its purpose E_RESTRICTED_USE",
        lock="donations_gift WHERE id = NEW.id",
    ),
    Rule(
        name="donations_receipts_have_no_gaps",
        table="donations_receipt",
        event="INSERT",
        condition="NEW.serial <> 1 + (SELECT COALESCE(MAX(r.serial), 0) FROM donations_receipt r"
        " WHERE r.charity_id = NEW.charity_id AND r.year = NEW.year)",
        message="receipts are consecutive E_RECEIPT_DUP",
        lock="donations_charity WHERE id = NEW.charity_id",
    ),
    Rule(
        name="donations_a_receipt_is_only_voided",
        table="donations_receipt",
        event="UPDATE",
        condition=_changed(_PRINTED) + " OR OLD.voided_on IS NOT NULL",
        message="a receipt is only voided, once",
    ),
    Rule(
        name="donations_a_purpose_never_changes",
        table="donations_purpose",
        event="UPDATE",
        condition=_changed(("charity_id", "name", "restricted")) + " OR OLD.fund_id IS NOT NULL",
        message="a purpose never changes E_RESTRICTED_USE",
    ),
    Rule(
        name="donations_a_purpose_has_its_own_money",
        table="donations_spending",
        event="INSERT",
        condition="EXISTS (SELECT 1 FROM donations_purpose p JOIN donations_project j ON j.id = NEW.project_id"
        " WHERE p.id = NEW.purpose_id AND p.restricted AND j.purpose_id <> p.id)",
        message="the money is for another purpose E_RESTRICTED_USE",
    ),
    Rule(
        name="donations_a_use_keeps_the_purpose",
        table="donations_use",
        event="INSERT",
        condition="NOT EXISTS (SELECT 1 FROM donations_gift g JOIN donations_spending s ON s.id = NEW.spending_id"
        " WHERE g.id = NEW.gift_id AND g.purpose_id = s.purpose_id"
        " AND (g.kind = 'goods') = (s.kind = 'goods')"
        " AND (g.state IN ('received', 'receipted') OR NEW.amount_fen < 0))",
        message="the gift was for another purpose E_RESTRICTED_USE",
    ),
    Rule(
        name="donations_no_gift_is_overdrawn",
        table="donations_use",
        event="INSERT",
        condition="EXISTS (SELECT 1 FROM donations_gift g WHERE g.id = NEW.gift_id AND (NEW.amount_fen"
        " + (SELECT COALESCE(SUM(u.amount_fen), 0) FROM donations_use u WHERE u.gift_id = NEW.gift_id))"
        " NOT BETWEEN 0 AND g.amount_fen)",
        message="more than was given E_OVERDRAFT",
        lock="donations_gift WHERE id = NEW.gift_id",
    ),
    Rule(
        name="donations_no_lot_is_overdrawn",
        table="donations_issue",
        event="INSERT",
        condition="EXISTS (SELECT 1 FROM donations_lot l WHERE l.id = NEW.lot_id AND (NEW.quantity"
        " + (SELECT COALESCE(SUM(i.quantity), 0) FROM donations_issue i WHERE i.lot_id = NEW.lot_id))"
        " NOT BETWEEN 0 AND l.quantity)",
        message="more than is in store E_GOODS_SHORT",
        lock="donations_lot WHERE id = NEW.lot_id",
    ),
    Rule(
        name="donations_expired_goods_stay",
        table="donations_issue",
        event="INSERT",
        condition="NEW.quantity > 0 AND EXISTS (SELECT 1 FROM donations_lot l WHERE l.id = NEW.lot_id"
        " AND l.expires_on < NEW.issued_on)",
        message="expired goods are not issued E_GOODS_EXPIRED",
    ),
)

APPEND_ONLY = ("donations_lot", "donations_use", "donations_issue", "donations_disclosure")


def upgrade() -> None:
    """Make the tables and what the database holds of the rules; the county's charity stands in them."""
    _organising()
    _giving()
    _spending()
    _pairing()
    for table in APPEND_ONLY:
        append_only(op, table)  # ty: ignore[invalid-argument-type] - alembic hands its operations out as a module
    hold_rules(op, RULES)  # ty: ignore[invalid-argument-type] - alembic hands its operations out as a module
    op.execute(
        "INSERT INTO donations_charity (name, code, kind, account, certificate, contact, version)"
        " VALUES ('', '', 'association', 'CHARITY', '', '', 1)"
    )


def _only_one(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def _organising() -> None:
    op.create_table(
        "donations_charity",
        sa.Column("id", Key, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("code", sa.String(18), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("account", sa.String(40), nullable=False),
        sa.Column("certificate", sa.String(60), nullable=False),
        sa.Column("certificate_to", sa.Date()),
        sa.Column("deduction_year", sa.Integer()),
        sa.Column("contact", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('foundation', 'association', 'service_body')", name="kind_of_charity_is_known"),
        sa.UniqueConstraint("name", name="one_charity_per_name"),
    )
    op.create_table(
        "donations_purpose",
        sa.Column("id", Key, primary_key=True),
        sa.Column("charity_id", Key, sa.ForeignKey("donations_charity.id"), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("fund_id", Key, sa.ForeignKey("funds_fund.id")),
        sa.UniqueConstraint("fund_id", name="one_fund_per_purpose"),
        sa.UniqueConstraint("charity_id", "name", name="one_purpose_per_name"),
    )
    _only_one("one_unrestricted_purpose", "donations_purpose", ["charity_id"], "NOT restricted")
    op.create_table(
        "donations_drive",
        sa.Column("id", Key, primary_key=True),
        sa.Column("charity_id", Key, sa.ForeignKey("donations_charity.id"), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("use", sa.String(12), nullable=False),
        sa.Column("purpose", sa.String(200), nullable=False),
        sa.Column("targeted", sa.Boolean(), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date()),
        sa.Column("territory", sa.String(80), nullable=False),
        sa.Column("organiser", sa.String(80), nullable=False),
        sa.Column("partners", sa.String(120), nullable=False),
        sa.Column("partner_agreement", sa.String(80), nullable=False),
        sa.Column("ways", sa.String(80), nullable=False),
        sa.Column("bank_account", sa.String(80), nullable=False),
        sa.Column("beneficiaries", sa.String(200), nullable=False),
        sa.Column("plan", sa.String(500), nullable=False),
        sa.Column("cost_budget_fen", Key, nullable=False),
        sa.Column("surplus", sa.String(200), nullable=False),
        sa.Column("suggestion", sa.String(200), nullable=False),
        sa.Column("target_fen", Key, nullable=False),
        sa.Column("filed_on", sa.Date()),
        sa.Column("filing_no", sa.String(60), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("state_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'cancelled' OR reason <> ''", name="a_cancelled_drive_has_a_reason"),
        sa.CheckConstraint("end_on IS NULL OR end_on >= start_on", name="a_drive_ends_after_its_start"),
        sa.CheckConstraint(
            "state IN ('draft', 'cancelled') OR filed_on IS NOT NULL OR emergency OR targeted",
            name="an_open_drive_was_filed",
        ),
        sa.CheckConstraint("cost_budget_fen >= 0 AND target_fen >= 0", name="budgets_are_not_negative"),
        sa.CheckConstraint("state IN ('draft', 'filed', 'settled', 'disclosed', 'cancelled')", name="state_is_known"),
        sa.UniqueConstraint("number", name="one_drive_per_number"),
    )
    op.create_index("ix_donations_drive_charity_id", "donations_drive", ["charity_id"])
    op.create_index("ix_donations_drive_start_on", "donations_drive", ["start_on"])
    op.create_index("ix_donations_drive_state", "donations_drive", ["state"])
    op.create_table(
        "donations_disclosure",
        sa.Column("id", Key, primary_key=True),
        sa.Column("drive_id", Key, sa.ForeignKey("donations_drive.id"), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", Bytes, nullable=False),
        sa.Column("published_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("kind IN ('receipts', 'interim', 'final')", name="kind_is_known"),
    )
    op.create_index("ix_donations_disclosure_drive_id", "donations_disclosure", ["drive_id"])
    op.create_table(
        "donations_activity",
        sa.Column("id", Key, primary_key=True),
        sa.Column("mechanism", sa.String(12), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint(
            "mechanism IN ('publicity', 'fundraising', 'aid', 'volunteering')", name="mechanism_is_known"
        ),
    )
    op.create_index("ix_donations_activity_held_on", "donations_activity", ["held_on"])


def _giving() -> None:
    op.create_table(
        "donations_donor",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("display", sa.String(10), nullable=False),
        sa.Column("alias", sa.String(40), nullable=False),
        sa.Column("contact", Bytes),
        sa.Column("identity", Bytes),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id")),
        sa.Column("first_person_id", Key, sa.ForeignKey("identity_person.id")),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("display <> 'alias' OR alias <> ''", name="an_alias_is_named"),
        sa.CheckConstraint("display IN ('name', 'alias', 'anonymous')", name="display_is_known"),
        sa.CheckConstraint("kind IN ('person', 'org', 'anonymous')", name="kind_of_donor_is_known"),
        sa.CheckConstraint("kind <> 'anonymous' OR (name = '' AND display = 'anonymous')", name="nobody_has_no_name"),
        sa.UniqueConstraint("number", name="one_donor_per_number"),
    )
    op.create_index("ix_donations_donor_name", "donations_donor", ["name"])
    op.create_index("ix_donations_donor_person_id", "donations_donor", ["person_id"])
    op.create_table(
        "donations_tie",
        sa.Column("id", Key, primary_key=True),
        sa.Column("donor_id", Key, sa.ForeignKey("donations_donor.id")),
        sa.Column("manager", sa.String(40), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("first_person_id", Key, sa.ForeignKey("identity_person.id"), nullable=False),
        sa.Column("relation", sa.String(16), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("declared_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.CheckConstraint("donor_id IS NOT NULL OR manager <> ''", name="an_interest_names_its_holder"),
    )
    _only_one("an_interest_is_declared_once", "donations_tie", ["donor_id", "person_id"], "ended_on IS NULL")
    op.create_index("ix_donations_tie_person_id", "donations_tie", ["person_id"])
    op.create_table(
        "donations_pledge",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("drive_id", Key, sa.ForeignKey("donations_drive.id"), nullable=False),
        sa.Column("donor_id", Key, sa.ForeignKey("donations_donor.id"), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("pledged_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("withdrawn_on", sa.Date()),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name="a_pledge_is_positive"),
        sa.UniqueConstraint("number", name="one_pledge_per_number"),
    )
    op.create_index("ix_donations_pledge_donor_id", "donations_pledge", ["donor_id"])
    op.create_index("ix_donations_pledge_drive_id", "donations_pledge", ["drive_id"])
    op.create_table(
        "donations_gift",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("charity_id", Key, sa.ForeignKey("donations_charity.id"), nullable=False),
        sa.Column("drive_id", Key, sa.ForeignKey("donations_drive.id")),
        sa.Column("donor_id", Key, sa.ForeignKey("donations_donor.id"), nullable=False),
        sa.Column("purpose_id", Key, sa.ForeignKey("donations_purpose.id"), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("unit", sa.String(80), nullable=False),
        sa.Column("transfer_ref", sa.String(60), nullable=False),
        sa.Column("original", sa.String(60), nullable=False),
        sa.Column("pledge_id", Key, sa.ForeignKey("donations_pledge.id")),
        sa.Column("beneficiary_id", Key, sa.ForeignKey("identity_person.id")),
        sa.Column("counted_by", sa.String(60), nullable=False),
        sa.Column("deposited_on", sa.Date()),
        sa.Column("receipt_refused", sa.Boolean(), nullable=False),
        sa.Column("agreement", sa.String(80), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("consent", sa.String(120), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.Column("ended_for", sa.String(200), nullable=False),
        sa.Column("voucher_id", Key, sa.ForeignKey("funds_voucher.id")),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("drive_id IS NOT NULL OR source = 'returned_share'", name="a_gift_belongs_to_a_drive"),
        sa.CheckConstraint("source = 'public' OR document <> ''", name="a_returned_share_has_its_document"),
        sa.CheckConstraint("(ended_on IS NULL) = (ended_for = '')", name="an_end_has_a_reason"),
        sa.CheckConstraint(
            "kind IN ('cash', 'transfer', 'online', 'goods', 'service', 'security')", name="kind_is_known"
        ),
        sa.CheckConstraint("amount_fen > 0 OR kind IN ('goods', 'service', 'security')", name="money_has_an_amount"),
        sa.CheckConstraint("amount_fen >= 0", name="no_gift_is_negative"),
        sa.CheckConstraint("state IN ('received', 'receipted', 'returned', 'voided')", name="state_is_known"),
        sa.UniqueConstraint("number", name="one_gift_per_number"),
    )
    op.create_index("ix_donations_gift_donor_id", "donations_gift", ["donor_id"])
    op.create_index("ix_donations_gift_drive_id", "donations_gift", ["drive_id"])
    op.create_index("ix_donations_gift_given_on", "donations_gift", ["given_on"])
    op.create_index("ix_donations_gift_pledge_id", "donations_gift", ["pledge_id"])
    op.create_index("ix_donations_gift_purpose_id", "donations_gift", ["purpose_id"])
    op.create_index("ix_donations_gift_state", "donations_gift", ["state"])
    op.create_index("ix_donations_gift_transfer_ref", "donations_gift", ["transfer_ref"])
    op.create_table(
        "donations_receipt",
        sa.Column("id", Key, primary_key=True),
        sa.Column("charity_id", Key, sa.ForeignKey("donations_charity.id"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("gift_id", Key, sa.ForeignKey("donations_gift.id"), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("handler", sa.String(40), nullable=False),
        sa.Column("note", sa.String(120), nullable=False),
        sa.Column("voided_on", sa.Date()),
        sa.Column("void_reason", sa.String(200), nullable=False),
        sa.CheckConstraint("(voided_on IS NULL) = (void_reason = '')", name="a_void_slip_has_a_reason"),
        sa.UniqueConstraint("number", name="one_receipt_per_number"),
        sa.UniqueConstraint("charity_id", "year", "serial", name="receipts_are_consecutive"),
    )
    op.create_index("ix_donations_receipt_gift_id", "donations_receipt", ["gift_id"])
    op.create_index("ix_donations_receipt_issued_on", "donations_receipt", ["issued_on"])
    _only_one("one_receipt_per_gift", "donations_receipt", ["gift_id"], "voided_on IS NULL")
    op.create_table(
        "donations_opening",
        sa.Column("id", Key, primary_key=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("first_by", sa.String(40), nullable=False),
        sa.Column("second_by", sa.String(40), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("goods", sa.String(200), nullable=False),
        sa.Column("sheet", sa.String(80), nullable=False),
        sa.Column("gift_id", Key, sa.ForeignKey("donations_gift.id")),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name="a_count_is_not_negative"),
        sa.CheckConstraint("first_by <> second_by", name="two_people_open_a_box"),
    )
    op.create_index("ix_donations_opening_opened_on", "donations_opening", ["opened_on"])


def _spending() -> None:
    op.create_table(
        "donations_lot",
        sa.Column("id", Key, primary_key=True),
        sa.Column("gift_id", Key, sa.ForeignKey("donations_gift.id"), nullable=False),
        sa.Column("item", sa.String(60), nullable=False),
        sa.Column("spec", sa.String(60), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(10), nullable=False),
        sa.Column("unit_value_fen", Key, nullable=False),
        sa.Column("basis", sa.String(10), nullable=False),
        sa.Column("proof", sa.String(80), nullable=False),
        sa.Column("batch", sa.String(40), nullable=False),
        sa.Column("expires_on", sa.Date()),
        sa.Column("store", sa.String(60), nullable=False),
        sa.Column("condition", sa.String(60), nullable=False),
        sa.CheckConstraint("quantity > 0", name="a_lot_has_a_quantity"),
        sa.CheckConstraint("basis <> 'none' OR unit_value_fen = 0", name="a_value_has_its_basis"),
        sa.CheckConstraint("unit_value_fen >= 0", name="a_value_is_not_negative"),
        sa.CheckConstraint("basis IN ('invoice', 'appraisal', 'none')", name="basis_is_known"),
        sa.UniqueConstraint("gift_id", name="one_lot_per_gift"),
    )
    op.create_table(
        "donations_count",
        sa.Column("id", Key, primary_key=True),
        sa.Column("lot_id", Key, sa.ForeignKey("donations_lot.id"), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("first_by", sa.String(40), nullable=False),
        sa.Column("second_by", sa.String(40), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("quantity >= 0", name="a_count_is_not_negative"),
        sa.CheckConstraint("first_by <> second_by", name="two_people_count"),
        sa.UniqueConstraint("lot_id", "month", name="a_lot_is_counted_once_a_month"),
    )
    op.create_table(
        "donations_project",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("charity_id", Key, sa.ForeignKey("donations_charity.id"), nullable=False),
        sa.Column("drive_id", Key, sa.ForeignKey("donations_drive.id")),
        sa.Column("purpose_id", Key, sa.ForeignKey("donations_purpose.id"), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("use", sa.String(12), nullable=False),
        sa.Column("budget_fen", Key, nullable=False),
        sa.Column("beneficiaries", sa.String(200), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("minutes", sa.String(80), nullable=False),
        sa.Column("minutes_on", sa.Date(), nullable=False),
        sa.Column("result", sa.String(500), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("state_on", sa.Date(), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name="a_project_ends_after_its_start"),
        sa.CheckConstraint("budget_fen > 0", name="a_project_has_a_budget"),
        sa.CheckConstraint("minutes <> ''", name="a_project_has_its_minutes"),
        sa.CheckConstraint("state IN ('open', 'closed')", name="state_is_known"),
        sa.UniqueConstraint("number", name="one_project_per_number"),
    )
    op.create_index("ix_donations_project_drive_id", "donations_project", ["drive_id"])
    op.create_index("ix_donations_project_purpose_id", "donations_project", ["purpose_id"])
    op.create_index("ix_donations_project_state", "donations_project", ["state"])
    op.create_table(
        "donations_spending",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("charity_id", Key, sa.ForeignKey("donations_charity.id"), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("project_id", Key, sa.ForeignKey("donations_project.id")),
        sa.Column("drive_id", Key, sa.ForeignKey("donations_drive.id")),
        sa.Column("purpose_id", Key, sa.ForeignKey("donations_purpose.id"), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("use", sa.String(12), nullable=False),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id")),
        sa.Column("first_person_id", Key, sa.ForeignKey("identity_person.id")),
        sa.Column("receiver", sa.String(80), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("minutes", sa.String(80), nullable=False),
        sa.Column("town", sa.String(12), nullable=False),
        sa.Column("town_minutes", sa.String(80), nullable=False),
        sa.Column("ballot", sa.String(60), nullable=False),
        sa.Column("evidence", sa.String(120), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("voucher_id", Key, sa.ForeignKey("funds_voucher.id")),
        sa.Column("reverses_id", Key),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("kind = 'goods' OR amount_fen <> 0", name="a_spending_has_an_amount"),
        sa.CheckConstraint("town = '' OR town_minutes <> ''", name="a_township_cites_its_meeting"),
        sa.CheckConstraint("kind IN ('management', 'fundraising') OR minutes <> ''", name="aid_cites_the_board"),
        sa.CheckConstraint("kind IN ('aid', 'goods', 'management', 'fundraising')", name="kind_is_known"),
        sa.CheckConstraint("reverses_id IS NOT NULL OR amount_fen >= 0", name="only_a_reversal_is_negative"),
        sa.UniqueConstraint("reverses_id", name="a_spending_is_reversed_once"),
        sa.UniqueConstraint("number", name="one_spending_per_number"),
    )
    op.create_index("ix_donations_spending_drive_id", "donations_spending", ["drive_id"])
    op.create_index("ix_donations_spending_person_id", "donations_spending", ["person_id"])
    op.create_index("ix_donations_spending_project_id", "donations_spending", ["project_id"])
    op.create_index("ix_donations_spending_purpose_id", "donations_spending", ["purpose_id"])
    op.create_index("ix_donations_spending_spent_on", "donations_spending", ["spent_on"])
    op.create_table(
        "donations_use",
        sa.Column("id", Key, primary_key=True),
        sa.Column("spending_id", Key, sa.ForeignKey("donations_spending.id"), nullable=False),
        sa.Column("gift_id", Key, sa.ForeignKey("donations_gift.id"), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.CheckConstraint("amount_fen <> 0", name="a_use_has_an_amount"),
    )
    op.create_index("ix_donations_use_gift_id", "donations_use", ["gift_id"])
    op.create_index("ix_donations_use_spending_id", "donations_use", ["spending_id"])
    op.create_table(
        "donations_issue",
        sa.Column("id", Key, primary_key=True),
        sa.Column("spending_id", Key, sa.ForeignKey("donations_spending.id"), nullable=False),
        sa.Column("lot_id", Key, sa.ForeignKey("donations_lot.id"), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.CheckConstraint("quantity <> 0", name="an_issue_has_a_quantity"),
        sa.UniqueConstraint("spending_id", name="one_issue_per_spending"),
    )
    op.create_index("ix_donations_issue_lot_id", "donations_issue", ["lot_id"])


def _pairing() -> None:
    op.create_table(
        "donations_pair",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("household_id", Key, sa.ForeignKey("household_household.id"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("mode", sa.String(4), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("goals", sa.String(200), nullable=False),
        sa.Column("officer", sa.String(40), nullable=False),
        sa.Column("ballot", sa.String(60), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("household_consent_on", sa.Date()),
        sa.Column("helper_consent_on", sa.Date()),
        sa.Column("publicity", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("state_on", sa.Date(), nullable=False),
        sa.Column("reviewed_on", sa.Date()),
        sa.Column("review", sa.String(200), nullable=False),
        sa.Column("ended_for", sa.String(16), nullable=False),
        sa.Column("added_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'ended') = (ended_for <> '')", name="an_end_has_a_reason"),
        sa.CheckConstraint(
            "state <> 'active' OR (household_consent_on IS NOT NULL AND helper_consent_on IS NOT NULL)",
            name="both_consent",
        ),
        sa.CheckConstraint("mode IN ('1:1', 'n:1')", name="mode_is_known"),
        sa.CheckConstraint("state IN ('proposed', 'matched', 'active', 'ended')", name="state_is_known"),
        sa.UniqueConstraint("number", name="one_pair_per_number"),
    )
    _only_one("a_household_is_paired_once", "donations_pair", ["household_id"], "state <> 'ended'")
    op.create_index("ix_donations_pair_area", "donations_pair", ["area"])
    op.create_index("ix_donations_pair_household_id", "donations_pair", ["household_id"])
    op.create_index("ix_donations_pair_state", "donations_pair", ["state"])
    op.create_table(
        "donations_helper",
        sa.Column("id", Key, primary_key=True),
        sa.Column("pair_id", Key, sa.ForeignKey("donations_pair.id"), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
    )
    _only_one("a_helper_once", "donations_helper", ["pair_id", "name"], "until IS NULL")
    op.create_index("ix_donations_helper_pair_id", "donations_helper", ["pair_id"])
    op.create_table(
        "donations_visit",
        sa.Column("id", Key, primary_key=True),
        sa.Column("pair_id", Key, sa.ForeignKey("donations_pair.id"), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("visitor", sa.String(80), nullable=False),
        sa.Column("needs", sa.String(200), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("solved", sa.Integer(), nullable=False),
        sa.Column("help", sa.String(8), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("given", sa.String(200), nullable=False),
        sa.Column("gift_id", Key, sa.ForeignKey("donations_gift.id")),
        sa.Column("next_step", sa.String(200), nullable=False),
        sa.Column("recorded_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("amount_fen >= 0 AND found >= 0 AND solved >= 0", name="counts_are_not_negative"),
        sa.CheckConstraint("help <> 'money' OR amount_fen > 0", name="money_has_an_amount"),
    )
    op.create_index("ix_donations_visit_pair_id", "donations_visit", ["pair_id"])
    op.create_index("ix_donations_visit_visited_on", "donations_visit", ["visited_on"])


def downgrade() -> None:
    """Take the tables away."""
    names = tuple(rule.name for rule in RULES)
    for table in (
        "donations_visit", "donations_helper", "donations_pair", "donations_use", "donations_issue",
        "donations_spending", "donations_project", "donations_count", "donations_lot", "donations_opening",
        "donations_receipt", "donations_gift", "donations_pledge", "donations_tie", "donations_donor",
        "donations_activity", "donations_disclosure", "donations_drive", "donations_purpose", "donations_charity",
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for name in names:
            op.execute(f"DROP FUNCTION IF EXISTS {name}()")
