"""Tables of visits: partner units by code name, plans, the list of a plan, what was needed, plaques, merit news."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from core.api import Key, Table, only_one


class Unit(Table, table=True):
    """A partner unit by its agreed code name: no designation, strength or place. Its account is in the agreement."""

    __tablename__ = "double_support_unit"
    __table_args__ = (
        UniqueConstraint("code", name="one_partner_unit_per_code_name"),
        CheckConstraint("code <> ''", name="a_unit_has_a_code_name"),
        CheckConstraint("payee_id IS NULL OR agreement <> ''", name="an_account_stands_in_an_agreement"),
        CheckConstraint("state IN ('open', 'closed')", name="state_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    code: str = Field(max_length=30)
    area: str = Field(max_length=12, index=True)
    agreement: str = Field(default="", max_length=80)
    payee_id: int | None = Field(default=None, sa_type=Key, foreign_key="funds_payee.id")
    state: str = Field(default="open", max_length=8, index=True)
    closed_on: date | None = None
    reason: str = Field(default="", max_length=200)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Plan(Table, table=True):
    """A visit plan of a festival: ``decided_fen`` by the minutes, ``payee_id`` draws what is handed over."""

    __tablename__ = "double_support_plan"
    __table_args__ = (
        UniqueConstraint("number", name="one_visit_plan_per_number"),
        CheckConstraint("festival IN ('spring', 'army_day', 'other')", name="festival_is_known"),
        CheckConstraint(
            "state IN ('planned', 'listed', 'funded', 'visited', 'answered', 'cancelled')", name="state_is_known"
        ),
        CheckConstraint(
            "state NOT IN ('funded', 'visited', 'answered') OR (minutes <> '' AND decided_fen IS NOT NULL)",
            name="a_funded_plan_has_minutes",
        ),
        CheckConstraint("state <> 'cancelled' OR reason <> ''", name="a_cancellation_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=20)
    year: int = Field(index=True)
    festival: str = Field(max_length=10)
    title: str = Field(max_length=80)
    groups: str = Field(default="", max_length=120)
    hardship: bool = False
    area: str = Field(max_length=12, index=True)
    minutes: str = Field(default="", max_length=80)
    decided_fen: int | None = Field(default=None, sa_type=Key)
    ballot: str = Field(default="", max_length=60)
    payee_id: int | None = Field(default=None, sa_type=Key, foreign_key="funds_payee.id")
    state: str = Field(default="planned", max_length=10, index=True)
    state_on: date
    reason: str = Field(default="", max_length=200)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Category(Table, table=True):
    """What a plan gives to each household of a group, and how many households are planned."""

    __tablename__ = "double_support_category"
    __table_args__ = (
        UniqueConstraint("plan_id", "name", name="one_amount_per_category_of_a_plan"),
        CheckConstraint("amount_fen >= 0", name="an_amount_is_not_negative"),
        CheckConstraint("households >= 0", name="households_are_counted"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    plan_id: int = Field(sa_type=Key, foreign_key="double_support_plan.id")
    name: str = Field(max_length=20)
    amount_fen: int = Field(sa_type=Key)
    households: int = 0
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Visit(Table, table=True):
    """A household or a partner unit on the list of a plan, and how the visit went.

    ``state`` is listed, visited or returned (died out, moved: the money stays in the fund).
    """

    __tablename__ = "double_support_visit"
    __table_args__ = (
        only_one("a_household_once_a_festival", "year", "festival", "household_id", where="state <> 'returned'"),
        only_one("a_person_once_a_festival", "year", "festival", "person_id", where="state <> 'returned'"),
        CheckConstraint("(unit_id IS NULL) <> (person_id IS NULL)", name="a_visit_goes_to_a_household_or_a_unit"),
        CheckConstraint("amount_fen >= 0", name="money_is_not_negative"),
        CheckConstraint("channel IN ('card', 'signed')", name="channel_is_known"),
        CheckConstraint("state IN ('listed', 'visited', 'returned')", name="state_is_known"),
        CheckConstraint(
            "state <> 'visited' OR (visited_on IS NOT NULL AND leader <> '' AND companion <> ''"
            " AND leader <> companion)",
            name="two_visitors_go",
        ),
        CheckConstraint(
            "state <> 'visited' OR channel = 'card' OR signature <> ''", name="what_is_handed_over_is_signed"
        ),
        CheckConstraint("state <> 'returned' OR reason <> ''", name="a_return_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    plan_id: int = Field(sa_type=Key, foreign_key="double_support_plan.id", index=True)
    category_id: int = Field(sa_type=Key, foreign_key="double_support_category.id")
    year: int
    festival: str = Field(max_length=10)
    household_id: int | None = Field(default=None, sa_type=Key, foreign_key="household_household.id", index=True)
    person_id: int | None = Field(default=None, sa_type=Key, foreign_key="identity_person.id", index=True)
    first_person_id: int | None = Field(default=None, sa_type=Key, foreign_key="identity_person.id")
    unit_id: int | None = Field(default=None, sa_type=Key, foreign_key="double_support_unit.id")
    area: str = Field(max_length=12, index=True)
    amount_fen: int = Field(sa_type=Key)
    channel: str = Field(default="card", max_length=8)
    key_person: bool = False
    state: str = Field(default="listed", max_length=10, index=True)
    visited_on: date | None = None
    leader: str = Field(default="", max_length=50)
    companion: str = Field(default="", max_length=50)
    goods: str = Field(default="", max_length=120)
    signature: str = Field(default="", max_length=80)
    reason: str = Field(default="", max_length=200)
    batch_id: int | None = Field(default=None, sa_type=Key, foreign_key="funds_batch.id", index=True)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Need(Table, table=True):
    """What a visited household needs: a task until it is answered."""

    __tablename__ = "double_support_need"
    __table_args__ = (
        CheckConstraint("words <> ''", name="a_need_is_told"),
        CheckConstraint("state IN ('open', 'answered')", name="state_is_known"),
        CheckConstraint("(state = 'answered') = (answered_on IS NOT NULL)", name="an_answer_has_a_day"),
        CheckConstraint("state = 'open' OR answer <> ''", name="an_answer_is_told"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    visit_id: int = Field(sa_type=Key, foreign_key="double_support_visit.id", index=True)
    area: str = Field(max_length=12, index=True)
    words: str = Field(max_length=200)
    due: date
    state: str = Field(default="open", max_length=10, index=True)
    answered_on: date | None = None
    answer: str = Field(default="", max_length=200)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Plaque(Table, table=True):
    """An honour plaque of a household; a new one takes the place of one that was damaged."""

    __tablename__ = "double_support_plaque"
    __table_args__ = (
        only_one("one_plaque_per_household", "household_id", where="state IN ('issued', 'hung', 'damaged')"),
        CheckConstraint("kind IN ('serving', 'martyr', 'veteran', 'bereaved')", name="kind_is_known"),
        CheckConstraint("state IN ('issued', 'hung', 'damaged', 'replaced', 'removed')", name="state_is_known"),
        CheckConstraint("state IN ('issued', 'removed') OR hung_on IS NOT NULL", name="a_hung_plaque_has_a_day"),
        CheckConstraint("state <> 'removed' OR reason <> ''", name="a_removal_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    household_id: int = Field(sa_type=Key, foreign_key="household_household.id", index=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    first_person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    area: str = Field(max_length=12, index=True)
    kind: str = Field(max_length=10)
    issued_on: date
    hung_on: date | None = None
    state: str = Field(default="issued", max_length=10, index=True)
    state_on: date
    reason: str = Field(default="", max_length=200)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class MeritNews(Table, table=True):
    """News of a merit (喜报) that is brought to a family by two people; nothing of the unit stands in it."""

    __tablename__ = "double_support_merit_news"
    __table_args__ = (
        CheckConstraint("state IN ('received', 'delivered')", name="state_is_known"),
        CheckConstraint(
            "state <> 'delivered' OR (delivered_on IS NOT NULL AND leader <> '' AND companion <> ''"
            " AND leader <> companion)",
            name="two_people_bring_it",
        ),
        CheckConstraint("delivered_on IS NULL OR delivered_on >= received_on", name="it_is_brought_after_it_came"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    first_person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    area: str = Field(max_length=12, index=True)
    honour: str = Field(max_length=60)
    received_on: date
    delivered_on: date | None = None
    leader: str = Field(default="", max_length=50)
    companion: str = Field(default="", max_length=50)
    state: str = Field(default="received", max_length=10, index=True)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1
