"""What is kept of donations. Money itself stands in the core's ledger: rows here say whose, what for and why."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from core.api import Bytes, Ciphertext, Key, Table, only_one


class Charity(Table, table=True):
    """A legal person that owns donated money. ``name`` "" is the county's charity federation.

    ``account`` is the code of its bank account in the core; its books are never netted with fiscal money.
    """

    __tablename__ = "donations_charity"
    __table_args__ = (
        CheckConstraint("kind IN ('foundation', 'association', 'service_body')", name="kind_of_charity_is_known"),
        UniqueConstraint("name", name="one_charity_per_name"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    name: str = Field(default="", max_length=80)
    code: str = Field(default="", max_length=18)
    kind: str = Field(default="association", max_length=12)
    account: str = Field(default="CHARITY", max_length=40)
    certificate: str = Field(default="", max_length=60)
    certificate_to: date | None = None
    deduction_year: int | None = None
    contact: str = Field(default="", max_length=80)
    version: int = 1


class Purpose(Table, table=True):
    """What money was given for: one fund of the ledger each, so that no purpose lends to another."""

    __tablename__ = "donations_purpose"
    __table_args__ = (
        UniqueConstraint("charity_id", "name", name="one_purpose_per_name"),
        UniqueConstraint("fund_id", name="one_fund_per_purpose"),
        only_one("one_unrestricted_purpose", "charity_id", where="NOT restricted"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    charity_id: int = Field(sa_type=Key, foreign_key="donations_charity.id")
    name: str = Field(max_length=80)
    restricted: bool = True
    fund_id: int | None = Field(default=None, sa_type=Key, foreign_key="funds_fund.id")


class Drive(Table, table=True):
    """A fundraising drive with its filed plan. Open and closed are read from its days; the other states are kept.

    ``targeted`` asks members and founders only and needs no filing; ``emergency`` is filed after its start.
    """

    __tablename__ = "donations_drive"
    __table_args__ = (
        UniqueConstraint("number", name="one_drive_per_number"),
        CheckConstraint("state IN ('draft', 'filed', 'settled', 'disclosed', 'cancelled')", name="state_is_known"),
        CheckConstraint("end_on IS NULL OR end_on >= start_on", name="a_drive_ends_after_its_start"),
        CheckConstraint(
            "state IN ('draft', 'cancelled') OR filed_on IS NOT NULL OR emergency OR targeted",
            name="an_open_drive_was_filed",
        ),
        CheckConstraint("state <> 'cancelled' OR reason <> ''", name="a_cancelled_drive_has_a_reason"),
        CheckConstraint("cost_budget_fen >= 0 AND target_fen >= 0", name="budgets_are_not_negative"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    charity_id: int = Field(sa_type=Key, foreign_key="donations_charity.id", index=True)
    number: str = Field(max_length=40)
    title: str = Field(max_length=100)
    kind: str = Field(default="project", max_length=16)
    use: str = Field(default="living", max_length=12)
    purpose: str = Field(default="", max_length=200)
    targeted: bool = False
    emergency: bool = False
    start_on: date = Field(index=True)
    end_on: date | None = None
    territory: str = Field(default="", max_length=80)
    organiser: str = Field(default="", max_length=80)
    partners: str = Field(default="", max_length=120)
    partner_agreement: str = Field(default="", max_length=80)
    ways: str = Field(default="", max_length=80)
    bank_account: str = Field(default="", max_length=80)
    beneficiaries: str = Field(default="", max_length=200)
    plan: str = Field(default="", max_length=500)
    cost_budget_fen: int = Field(default=0, sa_type=Key)
    surplus: str = Field(default="", max_length=200)
    suggestion: str = Field(default="", max_length=200)
    target_fen: int = Field(default=0, sa_type=Key)
    filed_on: date | None = None
    filing_no: str = Field(default="", max_length=60)
    state: str = Field(default="draft", max_length=10, index=True)
    state_on: date
    reason: str = Field(default="", max_length=200)
    added_at: datetime
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Donor(Table, table=True):
    """Who gives. ``display`` is the donor's own choice for everything public; contact and number are sealed.

    ``first_person_id`` is the record of a person it was opened with, before records were merged.
    """

    __tablename__ = "donations_donor"
    __table_args__ = (
        UniqueConstraint("number", name="one_donor_per_number"),
        CheckConstraint("kind IN ('person', 'org', 'anonymous')", name="kind_of_donor_is_known"),
        CheckConstraint("display IN ('name', 'alias', 'anonymous')", name="display_is_known"),
        CheckConstraint("display <> 'alias' OR alias <> ''", name="an_alias_is_named"),
        CheckConstraint("kind <> 'anonymous' OR (name = '' AND display = 'anonymous')", name="nobody_has_no_name"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=20)
    kind: str = Field(default="person", max_length=10)
    name: str = Field(default="", max_length=80, index=True)
    display: str = Field(default="name", max_length=10)
    alias: str = Field(default="", max_length=40)
    contact: bytes | None = Field(default=None, sa_type=Ciphertext)
    identity: bytes | None = Field(default=None, sa_type=Ciphertext)
    person_id: int | None = Field(default=None, sa_type=Key, foreign_key="identity_person.id", index=True)
    first_person_id: int | None = Field(default=None, sa_type=Key, foreign_key="identity_person.id")
    added_at: datetime
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Tie(Table, table=True):
    """A declared interest: who is close to a donor, or (``donor_id`` None) to a manager of the charity."""

    __tablename__ = "donations_tie"
    __table_args__ = (
        CheckConstraint("donor_id IS NOT NULL OR manager <> ''", name="an_interest_names_its_holder"),
        only_one("an_interest_is_declared_once", "donor_id", "person_id", where="ended_on IS NULL"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    donor_id: int | None = Field(default=None, sa_type=Key, foreign_key="donations_donor.id")
    manager: str = Field(default="", max_length=40)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    first_person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    relation: str = Field(max_length=16)
    declared_on: date
    declared_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    ended_on: date | None = None


class Pledge(Table, table=True):
    """What somebody promised, never counted as received and never listed as owed."""

    __tablename__ = "donations_pledge"
    __table_args__ = (
        UniqueConstraint("number", name="one_pledge_per_number"),
        CheckConstraint("amount_fen > 0", name="a_pledge_is_positive"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=20)
    drive_id: int = Field(sa_type=Key, foreign_key="donations_drive.id", index=True)
    donor_id: int = Field(sa_type=Key, foreign_key="donations_donor.id", index=True)
    amount_fen: int = Field(sa_type=Key)
    pledged_on: date
    due_on: date | None = None
    note: str = Field(default="", max_length=200)
    withdrawn_on: date | None = None
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Gift(Table, table=True):
    """One gift. What was given never changes; it is returned before use by the board, or voided by a reversal.

    ``amount_fen`` of goods is their value with a basis; 0 is kept as a quantity only. ``unit`` and ``transfer_ref``
    name the list and the transfer it came with. ``receipt_refused`` is the donor's wish (art. 38).
    """

    __tablename__ = "donations_gift"
    __table_args__ = (
        UniqueConstraint("number", name="one_gift_per_number"),
        CheckConstraint("amount_fen >= 0", name="no_gift_is_negative"),
        CheckConstraint("amount_fen > 0 OR kind IN ('goods', 'service', 'security')", name="money_has_an_amount"),
        CheckConstraint("kind IN ('cash', 'transfer', 'online', 'goods', 'service', 'security')", name="kind_is_known"),
        CheckConstraint("state IN ('received', 'receipted', 'returned', 'voided')", name="state_is_known"),
        CheckConstraint("(ended_on IS NULL) = (ended_for = '')", name="an_end_has_a_reason"),
        CheckConstraint("source = 'public' OR document <> ''", name="a_returned_share_has_its_document"),
        CheckConstraint("drive_id IS NOT NULL OR source = 'returned_share'", name="a_gift_belongs_to_a_drive"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=20)
    charity_id: int = Field(sa_type=Key, foreign_key="donations_charity.id")
    drive_id: int | None = Field(default=None, sa_type=Key, foreign_key="donations_drive.id", index=True)
    donor_id: int = Field(sa_type=Key, foreign_key="donations_donor.id", index=True)
    purpose_id: int = Field(sa_type=Key, foreign_key="donations_purpose.id", index=True)
    given_on: date = Field(index=True)
    kind: str = Field(max_length=10)
    channel: str = Field(default="bank", max_length=12)
    source: str = Field(default="public", max_length=16)
    document: str = Field(default="", max_length=80)
    amount_fen: int = Field(sa_type=Key)
    unit: str = Field(default="", max_length=80)
    transfer_ref: str = Field(default="", max_length=60, index=True)
    original: str = Field(default="", max_length=60)
    pledge_id: int | None = Field(default=None, sa_type=Key, foreign_key="donations_pledge.id", index=True)
    beneficiary_id: int | None = Field(default=None, sa_type=Key, foreign_key="identity_person.id")
    counted_by: str = Field(default="", max_length=60)
    deposited_on: date | None = None
    receipt_refused: bool = False
    agreement: str = Field(default="", max_length=80)
    note: str = Field(default="", max_length=200)
    consent: str = Field(default="", max_length=120)
    state: str = Field(default="received", max_length=10, index=True)
    ended_on: date | None = None
    ended_for: str = Field(default="", max_length=200)
    voucher_id: int | None = Field(default=None, sa_type=Key, foreign_key="funds_voucher.id")
    added_at: datetime
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Receipt(Table, table=True):
    """A donation receipt: consecutive in its year, never deleted; a void slip stays."""

    __tablename__ = "donations_receipt"
    __table_args__ = (
        UniqueConstraint("charity_id", "year", "serial", name="receipts_are_consecutive"),
        UniqueConstraint("number", name="one_receipt_per_number"),
        only_one("one_receipt_per_gift", "gift_id", where="voided_on IS NULL"),
        CheckConstraint("(voided_on IS NULL) = (void_reason = '')", name="a_void_slip_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    charity_id: int = Field(sa_type=Key, foreign_key="donations_charity.id")
    year: int
    serial: int
    number: str = Field(max_length=20)
    gift_id: int = Field(sa_type=Key, foreign_key="donations_gift.id", index=True)
    issued_on: date = Field(index=True)
    issued_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    handler: str = Field(max_length=40)
    note: str = Field(default="", max_length=120)
    voided_on: date | None = None
    void_reason: str = Field(default="", max_length=200)


class Lot(Table, table=True):
    """Goods of one gift with their value and expiry; what is left follows from the issues."""

    __tablename__ = "donations_lot"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="a_lot_has_a_quantity"),
        CheckConstraint("unit_value_fen >= 0", name="a_value_is_not_negative"),
        CheckConstraint("basis IN ('invoice', 'appraisal', 'none')", name="basis_is_known"),
        CheckConstraint("basis <> 'none' OR unit_value_fen = 0", name="a_value_has_its_basis"),
        UniqueConstraint("gift_id", name="one_lot_per_gift"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    gift_id: int = Field(sa_type=Key, foreign_key="donations_gift.id")
    item: str = Field(max_length=60)
    spec: str = Field(default="", max_length=60)
    quantity: int
    unit: str = Field(default="件", max_length=10)
    unit_value_fen: int = Field(default=0, sa_type=Key)
    basis: str = Field(default="none", max_length=10)
    proof: str = Field(default="", max_length=80)
    batch: str = Field(default="", max_length=40)
    expires_on: date | None = None
    store: str = Field(default="", max_length=60)
    condition: str = Field(default="", max_length=60)


class Count(Table, table=True):
    """What of a lot was counted in the store at the end of a month."""

    __tablename__ = "donations_count"
    __table_args__ = (
        UniqueConstraint("lot_id", "month", name="a_lot_is_counted_once_a_month"),
        CheckConstraint("quantity >= 0", name="a_count_is_not_negative"),
        CheckConstraint("first_by <> second_by", name="two_people_count"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    lot_id: int = Field(sa_type=Key, foreign_key="donations_lot.id")
    month: str = Field(max_length=7)
    quantity: int
    first_by: str = Field(max_length=40)
    second_by: str = Field(max_length=40)
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Project(Table, table=True):
    """An aid project the board decided: what it draws on, for whom, and at most how much."""

    __tablename__ = "donations_project"
    __table_args__ = (
        UniqueConstraint("number", name="one_project_per_number"),
        CheckConstraint("budget_fen > 0", name="a_project_has_a_budget"),
        CheckConstraint("minutes <> ''", name="a_project_has_its_minutes"),
        CheckConstraint("until IS NULL OR until >= since", name="a_project_ends_after_its_start"),
        CheckConstraint("state IN ('open', 'closed')", name="state_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=20)
    charity_id: int = Field(sa_type=Key, foreign_key="donations_charity.id")
    drive_id: int | None = Field(default=None, sa_type=Key, foreign_key="donations_drive.id", index=True)
    purpose_id: int = Field(sa_type=Key, foreign_key="donations_purpose.id", index=True)
    title: str = Field(max_length=100)
    use: str = Field(max_length=12)
    budget_fen: int = Field(sa_type=Key)
    beneficiaries: str = Field(default="", max_length=200)
    since: date
    until: date | None = None
    minutes: str = Field(max_length=80)
    minutes_on: date
    result: str = Field(default="", max_length=500)
    state: str = Field(default="open", max_length=8, index=True)
    state_on: date
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Spending(Table, table=True):
    """What was spent: aid, goods handed out, management or fundraising cost. Corrected by a reversal only.

    ``person_id`` follows a merged record; nothing else of a spending changes.
    """

    __tablename__ = "donations_spending"
    __table_args__ = (
        UniqueConstraint("number", name="one_spending_per_number"),
        UniqueConstraint("reverses_id", name="a_spending_is_reversed_once"),
        CheckConstraint("kind IN ('aid', 'goods', 'management', 'fundraising')", name="kind_is_known"),
        CheckConstraint("kind = 'goods' OR amount_fen <> 0", name="a_spending_has_an_amount"),
        CheckConstraint("reverses_id IS NOT NULL OR amount_fen >= 0", name="only_a_reversal_is_negative"),
        CheckConstraint("kind IN ('management', 'fundraising') OR minutes <> ''", name="aid_cites_the_board"),
        CheckConstraint("town = '' OR town_minutes <> ''", name="a_township_cites_its_meeting"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=20)
    charity_id: int = Field(sa_type=Key, foreign_key="donations_charity.id")
    kind: str = Field(max_length=12)
    project_id: int | None = Field(default=None, sa_type=Key, foreign_key="donations_project.id", index=True)
    drive_id: int | None = Field(default=None, sa_type=Key, foreign_key="donations_drive.id", index=True)
    purpose_id: int = Field(sa_type=Key, foreign_key="donations_purpose.id", index=True)
    amount_fen: int = Field(sa_type=Key)
    spent_on: date = Field(index=True)
    use: str = Field(max_length=12)
    person_id: int | None = Field(default=None, sa_type=Key, foreign_key="identity_person.id", index=True)
    first_person_id: int | None = Field(default=None, sa_type=Key, foreign_key="identity_person.id")
    receiver: str = Field(default="", max_length=80)
    area: str = Field(default="", max_length=12)
    minutes: str = Field(default="", max_length=80)
    town: str = Field(default="", max_length=12)
    town_minutes: str = Field(default="", max_length=80)
    ballot: str = Field(default="", max_length=60)
    evidence: str = Field(default="", max_length=120)
    note: str = Field(default="", max_length=200)
    voucher_id: int | None = Field(default=None, sa_type=Key, foreign_key="funds_voucher.id")
    reverses_id: int | None = Field(default=None, sa_type=Key)
    added_at: datetime
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Use(Table, table=True):
    """Which gift paid how much of a spending: the trace from intent to use."""

    __tablename__ = "donations_use"
    __table_args__ = (CheckConstraint("amount_fen <> 0", name="a_use_has_an_amount"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    spending_id: int = Field(sa_type=Key, foreign_key="donations_spending.id", index=True)
    gift_id: int = Field(sa_type=Key, foreign_key="donations_gift.id", index=True)
    amount_fen: int = Field(sa_type=Key)


class Issue(Table, table=True):
    """How many of a lot went out with a spending; a reversal brings them back."""

    __tablename__ = "donations_issue"
    __table_args__ = (
        CheckConstraint("quantity <> 0", name="an_issue_has_a_quantity"),
        UniqueConstraint("spending_id", name="one_issue_per_spending"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    spending_id: int = Field(sa_type=Key, foreign_key="donations_spending.id")
    lot_id: int = Field(sa_type=Key, foreign_key="donations_lot.id", index=True)
    quantity: int
    issued_on: date


class Disclosure(Table, table=True):
    """What was published of a drive, word for word, with its hash. Append-only."""

    __tablename__ = "donations_disclosure"
    __table_args__ = (CheckConstraint("kind IN ('receipts', 'interim', 'final')", name="kind_is_known"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    drive_id: int = Field(sa_type=Key, foreign_key="donations_drive.id", index=True)
    kind: str = Field(max_length=10)
    due_on: date | None = None
    published_on: date
    late: bool = False
    address: str = Field(default="", max_length=200)
    content: str = Field(sa_type=Text)
    content_hash: bytes = Field(sa_type=Bytes)
    published_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Activity(Table, table=True):
    """Something one of the four standing mechanisms did in a month."""

    __tablename__ = "donations_activity"
    __table_args__ = (
        CheckConstraint("mechanism IN ('publicity', 'fundraising', 'aid', 'volunteering')", name="mechanism_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    mechanism: str = Field(max_length=12)
    held_on: date = Field(index=True)
    title: str = Field(max_length=100)
    note: str = Field(default="", max_length=200)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Opening(Table, table=True):
    """A box or donation point emptied by two, with what was counted."""

    __tablename__ = "donations_opening"
    __table_args__ = (
        CheckConstraint("first_by <> second_by", name="two_people_open_a_box"),
        CheckConstraint("amount_fen >= 0", name="a_count_is_not_negative"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    kind: str = Field(max_length=8)
    place: str = Field(max_length=80)
    opened_on: date = Field(index=True)
    first_by: str = Field(max_length=40)
    second_by: str = Field(max_length=40)
    amount_fen: int = Field(sa_type=Key)
    goods: str = Field(default="", max_length=200)
    sheet: str = Field(max_length=80)
    gift_id: int | None = Field(default=None, sa_type=Key, foreign_key="donations_gift.id")
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Pair(Table, table=True):
    """A household in hardship and who helps it, one to one or several to one."""

    __tablename__ = "donations_pair"
    __table_args__ = (
        UniqueConstraint("number", name="one_pair_per_number"),
        only_one("a_household_is_paired_once", "household_id", where="state <> 'ended'"),
        CheckConstraint("mode IN ('1:1', 'n:1')", name="mode_is_known"),
        CheckConstraint("state IN ('proposed', 'matched', 'active', 'ended')", name="state_is_known"),
        CheckConstraint(
            "state <> 'active' OR (household_consent_on IS NOT NULL AND helper_consent_on IS NOT NULL)",
            name="both_consent",
        ),
        CheckConstraint("(state = 'ended') = (ended_for <> '')", name="an_end_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=20)
    household_id: int = Field(sa_type=Key, foreign_key="household_household.id", index=True)
    area: str = Field(max_length=12, index=True)
    mode: str = Field(default="1:1", max_length=4)
    reason: str = Field(max_length=200)
    goals: str = Field(default="", max_length=200)
    officer: str = Field(default="", max_length=40)
    ballot: str = Field(default="", max_length=60)
    since: date
    until: date | None = None
    household_consent_on: date | None = None
    helper_consent_on: date | None = None
    publicity: bool = False
    state: str = Field(default="proposed", max_length=10, index=True)
    state_on: date
    reviewed_on: date | None = None
    review: str = Field(default="", max_length=200)
    ended_for: str = Field(default="", max_length=16)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Helper(Table, table=True):
    """Who helps a paired household, from a day to a day."""

    __tablename__ = "donations_helper"
    __table_args__ = (only_one("a_helper_once", "pair_id", "name", where="until IS NULL"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    pair_id: int = Field(sa_type=Key, foreign_key="donations_pair.id", index=True)
    name: str = Field(max_length=80)
    kind: str = Field(max_length=16)
    since: date
    until: date | None = None
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Visit(Table, table=True):
    """A visit to a paired household: what was found, what was given, what was solved."""

    __tablename__ = "donations_visit"
    __table_args__ = (
        CheckConstraint("amount_fen >= 0 AND found >= 0 AND solved >= 0", name="counts_are_not_negative"),
        CheckConstraint("help <> 'money' OR amount_fen > 0", name="money_has_an_amount"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    pair_id: int = Field(sa_type=Key, foreign_key="donations_pair.id", index=True)
    visited_on: date = Field(index=True)
    visitor: str = Field(max_length=80)
    needs: str = Field(default="", max_length=200)
    found: int = 0
    solved: int = 0
    help: str = Field(default="none", max_length=8)
    amount_fen: int = Field(default=0, sa_type=Key)
    given: str = Field(default="", max_length=200)
    gift_id: int | None = Field(default=None, sa_type=Key, foreign_key="donations_gift.id")
    next_step: str = Field(default="", max_length=200)
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
