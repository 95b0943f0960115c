"""What the county keeps of its money: where it came from, who decided, what was owed, paid, returned and recovered."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from core.tables import Bytes, Ciphertext, Key, Table, index_of_some, only_one

FISCAL = "fiscal"
"""The books of the treasury's money; the charity's are kept apart."""


class SpecialAccount(Table, table=True):
    """A bank account of the county: ``kind`` is special_account, treasury_zero_balance or charity_account.

    ``entity`` is whose books it belongs to, "fiscal" or "charity"; the two are never netted. ``ledger`` is its account
    in the chart (1001, 1002 or 1003), ``layout`` the bank's file layout.
    """

    __tablename__ = "funds_account"
    __table_args__ = (
        UniqueConstraint("code", name="one_fund_account_per_code"),
        CheckConstraint(
            "kind IN ('special_account', 'treasury_zero_balance', 'charity_account')", name="kind_of_account_is_known"
        ),
        CheckConstraint("(entity = 'charity') = (kind = 'charity_account')", name="charity_money_has_its_own_books"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    code: str = Field(max_length=40)
    title: str = Field(max_length=80)
    kind: str = Field(max_length=24)
    entity: str = Field(default="fiscal", max_length=8)
    ledger: str = Field(foreign_key="funds_chart.code", max_length=4)
    bank: str = Field(default="", max_length=80)
    number_sealed: bytes | None = Field(default=None, sa_type=Ciphertext)
    tail: str = Field(default="", max_length=4)
    layout: str = Field(default="default", max_length=40)
    closed_on: date | None = None


class LedgerAccount(Table, table=True):
    """An account of the chart (funds.md section 9): ``kind`` is asset, liability, equity, income or expense."""

    __tablename__ = "funds_chart"
    __table_args__ = (
        CheckConstraint("kind IN ('asset', 'liability', 'equity', 'income', 'expense')", name="kind_of_chart_is_known"),
    )

    code: str = Field(primary_key=True, max_length=4)
    title: str = Field(max_length=40)
    kind: str = Field(max_length=10)


class Fund(Table, table=True):
    """Earmarked money of one source, purpose and year. ``scheme`` "" leaves the purpose open."""

    __tablename__ = "funds_fund"
    __table_args__ = (
        UniqueConstraint("code", name="one_fund_per_code"),
        UniqueConstraint("source", "document", "year", "scheme", name="an_appropriation_is_booked_once"),
        CheckConstraint("amount_fen > 0", name="an_appropriation_is_positive"),
        CheckConstraint(
            "source IN ('CENTRAL', 'PROV', 'CITY', 'COUNTY', 'TOWN', 'LOTTERY', 'DON_R', 'DON_U', 'REC', 'INT')",
            name="source_is_known",
        ),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    code: str = Field(max_length=40)
    name: str = Field(max_length=100)
    source: str = Field(max_length=8)
    scheme: str = Field(default="", max_length=40)
    year: int
    amount_fen: int = Field(sa_type=Key)
    document: str = Field(max_length=100)
    purpose: str = Field(default="", max_length=200)
    account_id: int = Field(sa_type=Key, foreign_key="funds_account.id")
    added_on: date
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class FundBalance(Table, table=True):
    """Cash of a fund, kept by a trigger on transfers and never below zero; ``funds verify`` computes it again."""

    __tablename__ = "funds_balance"
    __table_args__ = (CheckConstraint("cash_fen >= 0", name="no_overdraft"),)

    fund_id: int = Field(sa_type=Key, foreign_key="funds_fund.id", primary_key=True)
    cash_fen: int = Field(default=0, sa_type=Key)


class Minutes(Table, table=True):
    """One item of a meeting's minutes: what was decided, with the scanned file (encrypted) and its hash."""

    __tablename__ = "funds_minutes"
    __table_args__ = (
        UniqueConstraint("content_hash", "scheme", "item", name="an_item_of_minutes_stands_once"),
        CheckConstraint("decided_fen > 0", name="minutes_decide_an_amount"),
        CheckConstraint("length(content_hash) = 32 AND stored_as <> ''", name="minutes_have_their_file"),
        CheckConstraint("attended IS NULL OR members IS NULL OR attended <= members", name="attendance_fits_members"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    scheme: str = Field(max_length=40)
    item: str = Field(default="", max_length=200)
    body: str = Field(default="", max_length=80)
    held_on: date | None = None
    place: str = Field(default="", max_length=80)
    chair: str = Field(default="", max_length=50)
    attended: int | None = None
    members: int | None = None
    decided_fen: int = Field(sa_type=Key)
    file_name: str = Field(max_length=200)
    stored_as: str = Field(max_length=64)
    content_hash: bytes = Field(sa_type=Bytes)
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Allocation(Table, table=True):
    """Money of a fund set apart for a scheme (of a town, ``area``) by a decision. Never without minutes.

    ``unspent_fen`` went back to the fund on ``closed_on``; nothing else of an allocation changes.
    """

    __tablename__ = "funds_allocation"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="an_allocation_is_positive"),
        CheckConstraint("unspent_fen BETWEEN 0 AND amount_fen", name="unspent_money_was_allocated"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    fund_id: int = Field(sa_type=Key, foreign_key="funds_fund.id", index=True)
    scheme: str = Field(max_length=40, index=True)
    area: str = Field(default="", max_length=12)
    amount_fen: int = Field(sa_type=Key)
    minutes_id: int = Field(sa_type=Key, foreign_key="funds_minutes.id", index=True)
    allocated_on: date
    allocated_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    closed_on: date | None = None
    unspent_fen: int = Field(default=0, sa_type=Key)


class Kin(Table, table=True):
    """A declared near relative of a member of staff: ``relation`` is a code of the handbook, or "self"."""

    __tablename__ = "funds_kin"
    __table_args__ = (only_one("a_relative_is_declared_once", "account_id", "person_id", where="ended_on IS NULL"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    account_id: int = Field(sa_type=Key, foreign_key="identity_account.id")
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    relation: str = Field(max_length=12)
    declared_on: date
    declared_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    ended_on: date | None = None


class Payee(Table, table=True):
    """Where money may go: a name at the bank and a sealed account number. Never changed; a new account is a new row."""

    __tablename__ = "funds_payee"
    __table_args__ = (
        Index("ix_funds_payee_number_index", "number_index"),
        CheckConstraint("kind IN ('person', 'institution', 'provider')", name="kind_of_payee_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    kind: str = Field(default="person", max_length=12)
    name: str = Field(max_length=100)
    number_sealed: bytes = Field(sa_type=Ciphertext, sa_column_kwargs={"info": {"place": "funds_payee.number"}})
    number_index: bytes = Field(sa_type=Bytes)
    tail: str = Field(max_length=4)
    person_id: int | None = Field(default=None, sa_type=Key, foreign_key="identity_person.id", index=True)
    since: date


class Batch(Table, table=True):
    """A roll on its way to the bank: frozen with count, total and hash at submit.

    ``kind`` is roll, supplement or reissue; ``split_from`` names the batch whose lines of declared kin stand here.
    ``steps`` is 4, or 3 in a small office. ``round`` counts how often it was sent back. ``built_to`` is how far a
    building run has come. ``state`` follows the steps; the database holds it to them.
    """

    __tablename__ = "funds_batch"
    __table_args__ = (
        UniqueConstraint("scheme", "period", "run", name="one_batch_per_run"),
        CheckConstraint("kind IN ('roll', 'supplement', 'reissue')", name="kind_of_batch_is_known"),
        CheckConstraint("steps IN (3, 4)", name="three_people_at_least"),
        CheckConstraint(
            "state IN ('building', 'draft', 'submitted', 'reviewed', 'approved', 'released', 'sent', 'settled',"
            " 'cancelled')",
            name="state_of_batch_is_known",
        ),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    scheme: str = Field(max_length=40)
    period: str = Field(max_length=7)
    run: int
    kind: str = Field(default="roll", max_length=12)
    area: str = Field(max_length=12)
    split_from: int | None = Field(default=None, sa_type=Key, foreign_key="funds_batch.id")
    state: str = Field(default="building", max_length=12, index=True)
    round: int = 1
    steps: int = 4
    count: int = 0
    total_fen: int = Field(default=0, sa_type=Key)
    sheet_hash: bytes | None = Field(default=None, sa_type=Bytes)
    built_to: int = Field(default=0, sa_type=Key)
    built_at: datetime
    built_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    layout: str = Field(default="", max_length=40)
    version: int = 1


class BatchStep(Table, table=True):
    """One act of one person on a batch: 1 submit, 2 review, 3 approve, 4 release, 5 sent back. Append-only.

    The key gives two approvers at once one winner; a trigger refuses whoever acted before, has kin on the roll, skips
    a step or saw another sheet.
    """

    __tablename__ = "funds_batch_step"
    __table_args__ = (CheckConstraint("step BETWEEN 1 AND 5", name="step_is_known"),)

    batch_id: int = Field(sa_type=Key, foreign_key="funds_batch.id", primary_key=True)
    round: int = Field(primary_key=True)
    step: int = Field(primary_key=True)
    actor: int = Field(sa_type=Key, foreign_key="identity_account.id")
    at: datetime
    sheet_hash: bytes = Field(sa_type=Bytes)
    reason: str = Field(default="", max_length=200)


class Payment(Table, table=True):
    """A line of a batch: what one beneficiary is owed for one month and component. Frozen when its batch is submitted.

    ``beneficiary_id`` is the person, or the family's file for family benefits; ``person_id`` who receives it. A line of
    a provider has the plugin's own row as beneficiary and no person.
    ``source_id`` is the plugin's own row behind it (an enrolment). Attempt 1 of paying it is the line itself.
    """

    __tablename__ = "funds_payment"
    __table_args__ = (
        UniqueConstraint(
            "scheme", "beneficiary_id", "for_month", "component", "revision", name="one_payment_per_month_and_component"
        ),
        Index("ix_funds_payment_batch_id", "batch_id"),
        Index("ix_funds_payment_person_id", "person_id"),
        CheckConstraint("amount_fen > 0", name="no_line_is_negative"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    batch_id: int = Field(sa_type=Key, foreign_key="funds_batch.id")
    scheme: str = Field(max_length=40)
    beneficiary_id: int = Field(sa_type=Key)
    person_id: int | None = Field(default=None, sa_type=Key, foreign_key="identity_person.id")
    area: str = Field(max_length=12)
    for_month: str = Field(max_length=7)
    component: str = Field(max_length=20)
    revision: int = 0
    category: str = Field(default="", max_length=20)
    amount_fen: int = Field(sa_type=Key)
    payee_id: int = Field(sa_type=Key, foreign_key="funds_payee.id")
    source_id: int = Field(default=0, sa_type=Key)


class Tally(Table, table=True):
    """A batch added up by town, category, month and component, written with it: statistics read these rows only."""

    __tablename__ = "funds_tally"

    batch_id: int = Field(sa_type=Key, foreign_key="funds_batch.id", primary_key=True)
    town: str = Field(max_length=12, primary_key=True)
    category: str = Field(max_length=20, primary_key=True)
    for_month: str = Field(max_length=7, primary_key=True)
    component: str = Field(max_length=20, primary_key=True)
    count: int
    amount_fen: int = Field(sa_type=Key)


class Draw(Table, table=True):
    """Which allocation pays how much of a batch, stored at submit, oldest allocation first (``place``)."""

    __tablename__ = "funds_draw"
    __table_args__ = (CheckConstraint("amount_fen > 0", name="a_draw_is_positive"),)

    batch_id: int = Field(sa_type=Key, foreign_key="funds_batch.id", primary_key=True)
    place: int = Field(primary_key=True)
    allocation_id: int = Field(sa_type=Key, foreign_key="funds_allocation.id", index=True)
    fund_id: int = Field(sa_type=Key, foreign_key="funds_fund.id", index=True)
    amount_fen: int = Field(sa_type=Key)


class Attempt(Table, table=True):
    """A second or later try to pay a line the bank returned, to a corrected payee, in a batch of its own."""

    __tablename__ = "funds_attempt"
    __table_args__ = (CheckConstraint("attempt > 1", name="the_first_attempt_is_the_line"),)

    payment_id: int = Field(sa_type=Key, foreign_key="funds_payment.id", primary_key=True)
    attempt: int = Field(primary_key=True)
    batch_id: int = Field(sa_type=Key, foreign_key="funds_batch.id", index=True)
    payee_id: int = Field(sa_type=Key, foreign_key="funds_payee.id")
    reason: str = Field(default="", max_length=200)


class BankFile(Table, table=True):
    """A file handed to the bank, stored encrypted, never made twice: its number and the hash of its plain bytes."""

    __tablename__ = "funds_bank_file"
    __table_args__ = (
        UniqueConstraint("number", name="a_bank_file_number_is_used_once"),
        UniqueConstraint("batch_id", name="a_batch_goes_to_the_bank_once"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: int = Field(sa_type=Key)
    batch_id: int = Field(sa_type=Key, foreign_key="funds_batch.id")
    layout: str = Field(max_length=40)
    file_name: str = Field(max_length=200)
    stored_as: str = Field(max_length=64)
    content_hash: bytes = Field(sa_type=Bytes)
    count: int
    total_fen: int = Field(sa_type=Key)
    made_at: datetime
    made_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class ResultFile(Table, table=True):
    """An answer of the bank that was imported: hash of its bytes and what it changed."""

    __tablename__ = "funds_result_file"

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    batch_id: int = Field(sa_type=Key, foreign_key="funds_batch.id", index=True)
    content_hash: bytes = Field(sa_type=Bytes)
    paid: int
    paid_fen: int = Field(sa_type=Key)
    returned: int
    returned_fen: int = Field(sa_type=Key)
    unchanged: int
    imported_at: datetime
    imported_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Answer(Table, table=True):
    """The bank's word on one attempt of one line: paid or returned, once and for good. Append-only."""

    __tablename__ = "funds_answer"
    __table_args__ = (CheckConstraint("result IN ('paid', 'returned')", name="the_bank_said_paid_or_returned"),)

    payment_id: int = Field(sa_type=Key, foreign_key="funds_payment.id", primary_key=True)
    attempt: int = Field(primary_key=True)
    batch_id: int = Field(sa_type=Key, foreign_key="funds_batch.id", index=True)
    result: str = Field(max_length=8)
    reason: str = Field(default="", max_length=100)
    result_file_id: int = Field(sa_type=Key, foreign_key="funds_result_file.id")
    answered_on: date


class Period(Table, table=True):
    """A month of one entity's books: who prepared and who closed it (two people), its last voucher number."""

    __tablename__ = "funds_period"
    __table_args__ = (
        CheckConstraint("closed_by IS NULL OR closed_by <> prepared_by", name="two_people_close_a_month"),
        CheckConstraint("closed_by IS NULL OR prepared_by IS NOT NULL", name="a_month_is_prepared_before_it_is_closed"),
        CheckConstraint("reopened_by IS NULL OR reopened_by <> reopened_with", name="two_people_reopen_a_month"),
    )

    entity: str = Field(max_length=8, primary_key=True)
    period: str = Field(max_length=7, primary_key=True)
    last_voucher: int = 0
    prepared_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    prepared_at: datetime | None = None
    closed_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    closed_at: datetime | None = None
    reopened_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    reopened_with: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Voucher(Table, table=True):
    """What is booked together for one reason; ``subject`` makes the same event book once. Append-only.

    ``kind`` is receipt, roll, result, reissue, recovery, recovered, interest or reversal; of a charity also gift, goods
    or aid. ``packet`` names the papers that belong to it.
    """

    __tablename__ = "funds_voucher"
    __table_args__ = (
        UniqueConstraint("subject", name="an_event_is_booked_once"),
        UniqueConstraint("entity", "period", "number", name="vouchers_are_numbered_without_gaps"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    entity: str = Field(max_length=8)
    period: str = Field(max_length=7)
    number: int
    kind: str = Field(max_length=12)
    subject: str = Field(max_length=80)
    title: str = Field(max_length=200)
    value_date: date
    batch_id: int | None = Field(default=None, sa_type=Key, foreign_key="funds_batch.id", index=True)
    small_office: bool = False
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Transfer(Table, table=True):
    """Debit, credit and an amount: balanced by construction. Append-only, corrected only by reversal."""

    __tablename__ = "funds_transfer"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="a_transfer_is_positive"),
        CheckConstraint("debit <> credit", name="a_transfer_moves_money"),
        UniqueConstraint("reverses", name="a_transfer_is_reversed_once"),
        Index("ix_funds_transfer_fund_id_period", "fund_id", "period"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    voucher_id: int = Field(sa_type=Key, foreign_key="funds_voucher.id", index=True)
    fund_id: int = Field(sa_type=Key, foreign_key="funds_fund.id")
    entity: str = Field(max_length=8)
    period: str = Field(max_length=7)
    value_date: date
    debit: str = Field(foreign_key="funds_chart.code", max_length=4)
    credit: str = Field(foreign_key="funds_chart.code", max_length=4)
    amount_fen: int = Field(sa_type=Key)
    scheme: str = Field(default="", max_length=40)
    area: str = Field(default="", max_length=12)
    benefit_month: str = Field(default="", max_length=7)
    batch_id: int | None = Field(default=None, sa_type=Key, foreign_key="funds_batch.id", index=True)
    minutes_id: int | None = Field(default=None, sa_type=Key, foreign_key="funds_minutes.id")
    recovery_id: int | None = Field(default=None, sa_type=Key, foreign_key="funds_recovery.id", index=True)
    reverses: int | None = Field(default=None, sa_type=Key, foreign_key="funds_transfer.id")


class Recovery(Table, table=True):
    """Money paid that was not due: how much, from whom, why. ``state`` is open, recovered, withdrawn or written_off.

    A provider owes it where no person is named.

    ``agreement`` is the person's written agreement or the decision's number, without which nothing is deducted.
    """

    __tablename__ = "funds_recovery"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="a_recovery_is_positive"),
        CheckConstraint("recovered_fen BETWEEN 0 AND amount_fen", name="no_more_is_recovered_than_owed"),
        CheckConstraint(
            "state IN ('open', 'recovered', 'withdrawn', 'written_off')", name="state_of_recovery_is_known"
        ),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    scheme: str = Field(max_length=40)
    beneficiary_id: int = Field(sa_type=Key)
    person_id: int | None = Field(default=None, sa_type=Key, foreign_key="identity_person.id", index=True)
    area: str = Field(max_length=12)
    source_id: int = Field(default=0, sa_type=Key)
    reason: str = Field(max_length=200)
    amount_fen: int = Field(sa_type=Key)
    recovered_fen: int = Field(default=0, sa_type=Key)
    state: str = Field(default="open", max_length=12, index=True)
    agreement: str = Field(default="", max_length=200)
    opened_on: date
    opened_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    closed_on: date | None = None
    version: int = 1


class RecoveryMonth(Table, table=True):
    """How much of a recovery belongs to which benefit month; ``fund_id`` is the fund it goes back to."""

    __tablename__ = "funds_recovery_month"
    __table_args__ = (CheckConstraint("amount_fen > 0", name="a_recovered_month_is_positive"),)

    recovery_id: int = Field(sa_type=Key, foreign_key="funds_recovery.id", primary_key=True)
    for_month: str = Field(max_length=7, primary_key=True)
    fund_id: int = Field(sa_type=Key, foreign_key="funds_fund.id", primary_key=True)
    amount_fen: int = Field(sa_type=Key)


class Instalment(Table, table=True):
    """One part of a recovery's plan: due on a day, paid when it came in."""

    __tablename__ = "funds_instalment"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="an_instalment_is_positive"),
        CheckConstraint("paid_fen BETWEEN 0 AND amount_fen", name="an_instalment_is_not_overpaid"),
    )

    recovery_id: int = Field(sa_type=Key, foreign_key="funds_recovery.id", primary_key=True)
    place: int = Field(primary_key=True)
    due_on: date
    amount_fen: int = Field(sa_type=Key)
    paid_fen: int = Field(default=0, sa_type=Key)


class BankStatement(Table, table=True):
    """What the bank says an account held at the end of a day."""

    __tablename__ = "funds_bank_statement"

    account_id: int = Field(sa_type=Key, foreign_key="funds_account.id", primary_key=True)
    day: date = Field(primary_key=True)
    balance_fen: int = Field(sa_type=Key)
    entered_at: datetime
    entered_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Finding(Table, table=True):
    """Something a detector noticed, with its reason; decided by an officer, never by itself."""

    __tablename__ = "funds_finding"
    __table_args__ = (
        UniqueConstraint("kind", "subject", "period", name="a_finding_stands_once"),
        CheckConstraint("state IN ('open', 'explained', 'confirmed', 'rectified')", name="state_of_finding_is_known"),
        index_of_some("ix_funds_finding_open", "kind", where="state = 'open'"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    kind: str = Field(max_length=40)
    subject: str = Field(max_length=80)
    period: str = Field(default="", max_length=7)
    area: str = Field(default="", max_length=12)
    amount_fen: int = Field(default=0, sa_type=Key)
    reason: str = Field(max_length=300)
    state: str = Field(default="open", max_length=12)
    answer: str = Field(default="", max_length=300)
    found_at: datetime
    decided_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    decided_at: datetime | None = None
