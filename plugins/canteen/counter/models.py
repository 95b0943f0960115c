"""What the counters of canteens leave behind: terminals, meals served, who has the one subsidy, what people decided.

Meals, voids and decisions are only ever added. ``canteen_subsidy`` has one row for a person and a meal of a day,
over all sites: the database itself cannot subsidise a meal twice.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from core.api import Ciphertext, Key, Table


class Terminal(Table, table=True):
    """A device at the counter of one site. ``key`` is its sealed key for entries; ``claim`` the digest of the secret
    with which the device that registered fetches that key, once. ``last_counter`` is the highest number received.
    """

    __tablename__ = "canteen_terminal"
    __table_args__ = (
        UniqueConstraint("serial", name="one_terminal_per_serial"),
        CheckConstraint("state IN ('registered', 'active', 'blocked', 'revoked')", name="state_is_known"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> registered_by", name="another_person_confirms"),
        CheckConstraint("state <> 'active' OR confirmed_by IS NOT NULL", name="an_active_one_is_confirmed"),
        CheckConstraint("state NOT IN ('blocked', 'revoked') OR reason <> ''", name="an_end_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    serial: str = Field(max_length=16)
    site_id: int = Field(sa_type=Key, foreign_key="canteen_site.id", index=True)
    title: str = Field(max_length=40)
    state: str = Field(default="registered", max_length=12)
    reason: str = Field(default="", max_length=200)
    claim: str = Field(max_length=64)
    key: bytes | None = Field(default=None, sa_type=Ciphertext)
    handed_at: datetime | None = None
    last_counter: int = 0
    last_upload_at: datetime | None = None
    registered_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    registered_at: datetime
    confirmed_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    confirmed_at: datetime | None = None


class Upload(Table, table=True):
    """One file or one sending of entries, with what became of its lines. ``digest`` is that of its bytes."""

    __tablename__ = "canteen_upload"

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    digest: str = Field(max_length=64)
    account_id: int = Field(sa_type=Key, foreign_key="identity_account.id")
    at: datetime
    accepted: int = 0
    duplicate: int = 0
    conflict: int = 0
    refused: int = 0


class Swipe(Table, table=True):
    """A meal served at a counter, or one that was turned away (``state`` refused, ``code`` says why).

    ``subsidy_fen`` is what the rules give for this meal; whether this swipe has it is said by ``canteen_subsidy``.
    ``charged_fen`` is what the diner paid at the counter, ``self_pay_fen`` what the rules ask. Entries of a terminal
    carry its counter and MAC; ``late`` marks entries beyond the limit for backdating.
    """

    __tablename__ = "canteen_swipe"
    __table_args__ = (
        UniqueConstraint("terminal_id", "counter", name="one_entry_per_counter"),
        CheckConstraint("kind IN ('meal', 'full_price')", name="kind_is_known"),
        CheckConstraint("channel IN ('card', 'code', 'name', 'paper')", name="channel_is_known"),
        CheckConstraint("state IN ('standing', 'refused')", name="state_is_known"),
        CheckConstraint("(state = 'refused') = (code <> '')", name="a_refusal_has_a_code"),
        CheckConstraint("state = 'refused' OR (diner_id IS NOT NULL AND person_id IS NOT NULL)", name="served_to_one"),
        CheckConstraint(
            "subsidy_fen >= 0 AND self_pay_fen >= 0 AND charged_fen >= 0 AND delivery_fee_fen >= 0"
            " AND list_price_fen >= 0",
            name="amounts_are_not_negative",
        ),
        CheckConstraint("subsidy_fen <= list_price_fen", name="no_cash_back"),
        CheckConstraint("kind = 'meal' OR subsidy_fen = 0", name="full_price_has_no_subsidy"),
        CheckConstraint("(terminal_id IS NULL) = (counter IS NULL)", name="a_terminal_counts"),
        CheckConstraint("(terminal_id IS NULL) = (mac = '')", name="a_terminal_signs"),
        Index("meals_of_a_site", "site_id", "day"),
        Index("meals_of_a_person", "person_id", "day"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    site_id: int = Field(sa_type=Key, foreign_key="canteen_site.id")
    diner_id: int | None = Field(default=None, sa_type=Key, foreign_key="canteen_diner.id")
    person_id: int | None = Field(default=None, sa_type=Key, foreign_key="identity_person.id")
    area: str = Field(max_length=12)
    day: date
    meal: str = Field(max_length=12)
    set_code: str = Field(max_length=12)
    kind: str = Field(max_length=12)
    list_price_fen: int
    tier: str = Field(max_length=8)
    subsidy_fen: int
    self_pay_fen: int
    charged_fen: int
    delivery_fee_fen: int
    channel: str = Field(max_length=8)
    at: datetime
    recorded_at: datetime
    recorder: int = Field(sa_type=Key, foreign_key="identity_account.id")
    terminal_id: int | None = Field(default=None, sa_type=Key, foreign_key="canteen_terminal.id")
    counter: int | None = None
    mac: str = Field(default="", max_length=64)
    previous: str = Field(default="", max_length=64)
    upload_id: int | None = Field(default=None, sa_type=Key, foreign_key="canteen_upload.id", index=True)
    state: str = Field(default="standing", max_length=12)
    code: str = Field(default="", max_length=24)
    late: bool = False


class Void(Table, table=True):
    """A meal taken back at the counter or by an officer, named by its row or, from a terminal, by its counter.

    A terminal's void may arrive before the meal it takes back.
    """

    __tablename__ = "canteen_void"
    __table_args__ = (
        UniqueConstraint("swipe_id", name="taken_back_once"),
        UniqueConstraint("terminal_id", "voided_counter", name="a_counter_is_taken_back_once"),
        UniqueConstraint("terminal_id", "counter", name="one_void_per_counter"),
        CheckConstraint("(swipe_id IS NULL) <> (terminal_id IS NULL)", name="names_one_meal"),
        CheckConstraint(
            "(terminal_id IS NULL) = (counter IS NULL) AND (terminal_id IS NULL) = (voided_counter IS NULL)",
            name="a_terminal_counts",
        ),
        CheckConstraint("reason <> ''", name="a_void_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    swipe_id: int | None = Field(default=None, sa_type=Key, foreign_key="canteen_swipe.id")
    terminal_id: int | None = Field(default=None, sa_type=Key, foreign_key="canteen_terminal.id")
    voided_counter: int | None = None
    counter: int | None = None
    mac: str = Field(default="", max_length=64)
    previous: str = Field(default="", max_length=64)
    reason: str = Field(max_length=200)
    upload_id: int | None = Field(default=None, sa_type=Key, foreign_key="canteen_upload.id", index=True)
    account_id: int = Field(sa_type=Key, foreign_key="identity_account.id")
    at: datetime


class Subsidy(Table, table=True):
    """Who has the one subsidy of a meal: one row for a person, day and meal, over all sites."""

    __tablename__ = "canteen_subsidy"
    __table_args__ = (
        UniqueConstraint("swipe_id", name="one_subsidy_per_swipe"),
        CheckConstraint("subsidy_fen > 0", name="a_subsidy_is_money"),
        Index("subsidies_of_a_site", "site_id", "day"),
    )

    person_id: int = Field(sa_type=Key, primary_key=True, foreign_key="identity_person.id")
    day: date = Field(primary_key=True)
    meal: str = Field(primary_key=True, max_length=12)
    swipe_id: int = Field(sa_type=Key, foreign_key="canteen_swipe.id")
    site_id: int = Field(sa_type=Key, foreign_key="canteen_site.id")
    subsidy_fen: int


class Decision(Table, table=True):
    """What a person decided about a swipe in conflict or refused: it stays without subsidy, or it was never a meal."""

    __tablename__ = "canteen_decision"
    __table_args__ = (
        UniqueConstraint("swipe_id", name="decided_once"),
        CheckConstraint("outcome IN ('unsubsidised', 'not_a_meal')", name="outcome_is_known"),
        CheckConstraint("reason <> ''", name="a_decision_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    swipe_id: int = Field(sa_type=Key, foreign_key="canteen_swipe.id")
    outcome: str = Field(max_length=12)
    reason: str = Field(max_length=200)
    account_id: int = Field(sa_type=Key, foreign_key="identity_account.id")
    at: datetime


class Forgery(Table, table=True):
    """A line that no terminal of ours wrote, or that was changed: kept as evidence, never counted."""

    __tablename__ = "canteen_forgery"
    __table_args__ = (UniqueConstraint("digest", name="one_row_per_line"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    digest: str = Field(max_length=64)
    serial: str = Field(max_length=16)
    counter: int
    code: str = Field(max_length=24)
    line: str = Field(max_length=2000)
    upload_id: int = Field(sa_type=Key, foreign_key="canteen_upload.id", index=True)


class DayClose(Table, table=True):
    """The end of a day at a site, with what every terminal had sent by then."""

    __tablename__ = "canteen_day_close"
    __table_args__ = (UniqueConstraint("site_id", "day", name="a_day_is_closed_once"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    site_id: int = Field(sa_type=Key, foreign_key="canteen_site.id")
    day: date
    meals: int
    subsidised: int
    charged_fen: int
    subsidy_fen: int
    account_id: int = Field(sa_type=Key, foreign_key="identity_account.id")
    at: datetime
