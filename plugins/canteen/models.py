"""What is kept of canteens: sites and their states, operators, menus, diners and cards, checks, settlements, grants."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from core.api import Ciphertext, Key, Table, only_one
from plugins.canteen.counter import models as counter  # noqa: F401 - tables of ours, too

_STATES = "'planned', 'building', 'trial', 'open', 'suspended', 'closed'"
_MEALS = "'breakfast', 'lunch', 'dinner'"


SERVED = "canteen.meals"
"""Held by who writes or takes back meals, shared, and alone by who checks what they add up to (``work.hold``)."""


class Operator(Table, table=True):
    """Who runs sites. Its bank account is a payee of the funds; a changed account is a new payee."""

    __tablename__ = "canteen_operator"
    __table_args__ = (
        UniqueConstraint("code", name="one_operator_per_credit_code"),
        CheckConstraint("kind IN ('public', 'company', 'social')", name="kind_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    name: str = Field(max_length=100)
    code: str = Field(max_length=18)
    kind: str = Field(max_length=10)
    contact: str = Field(default="", max_length=40)
    phone: str = Field(default="", max_length=20)
    payee_id: int | None = Field(default=None, sa_type=Key, foreign_key="funds_payee.id")
    added_on: date
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Contract(Table, table=True):
    """The contract under which an operator runs a site, or all of its sites (``site_id`` empty)."""

    __tablename__ = "canteen_contract"
    __table_args__ = (
        UniqueConstraint("number", name="one_contract_per_number"),
        CheckConstraint("to_on >= from_on", name="a_contract_ends_after_it_begins"),
        CheckConstraint("bond_fen >= 0", name="a_bond_is_not_negative"),
        CheckConstraint(
            "procurement IN ('open', 'invited', 'negotiation', 'consultation', 'single', 'below')",
            name="procurement_is_known",
        ),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    operator_id: int = Field(sa_type=Key, foreign_key="canteen_operator.id", index=True)
    site_id: int | None = Field(default=None, sa_type=Key, foreign_key="canteen_site.id", index=True)
    number: str = Field(max_length=60)
    procurement: str = Field(max_length=12)
    from_on: date
    to_on: date
    bond_fen: int = Field(default=0, sa_type=Key)
    ended_on: date | None = None
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Site(Table, table=True):
    """A canteen, meal point, central kitchen or delivery point, where it stands now.

    ``state`` is that of the newest row of ``canteen_site_state``. ``meals`` are what is served, with commas.
    ``turns`` is how often the seats are used in one meal.
    """

    __tablename__ = "canteen_site"
    __table_args__ = (
        UniqueConstraint("number", name="one_site_per_number"),
        CheckConstraint("kind IN ('central_kitchen', 'canteen', 'meal_point', 'delivery_only')", name="kind_is_known"),
        CheckConstraint(f"state IN ({_STATES})", name="state_is_known"),
        CheckConstraint("floor_area IS NULL OR floor_area > 0", name="a_site_has_a_floor"),
        CheckConstraint("seats >= 0", name="seats_are_not_negative"),
        CheckConstraint("capacity_per_meal >= 0 AND turns > 0", name="capacity_is_not_negative"),
        CheckConstraint("state <> 'open' OR opened_on IS NOT NULL", name="an_open_site_was_opened"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=20)
    name: str = Field(max_length=80)
    kind: str = Field(default="canteen", max_length=16)
    host: str = Field(default="", max_length=80)
    host_kind: str = Field(default="", max_length=12)
    area: str = Field(max_length=12, index=True)
    address: str = Field(default="", max_length=120)
    phone: str = Field(default="", max_length=20)
    hours: str = Field(default="", max_length=80)
    gps: str = Field(default="", max_length=30)
    state: str = Field(default="open", max_length=10, index=True)
    licence_number: str = Field(default="", max_length=40)
    licence_to: date | None = None
    floor_area: int | None = None
    seats: int = 0
    capacity_per_meal: int = 0
    turns: int = 1
    meals: str = Field(default="lunch", max_length=30)
    bright_kitchen: bool = False
    operator_id: int | None = Field(default=None, sa_type=Key, foreign_key="canteen_operator.id", index=True)
    parent_kitchen_id: int | None = Field(default=None, sa_type=Key, foreign_key="canteen_site.id")
    opened_on: date | None = None
    accepted_on: date | None = None
    planned_year: int | None = None
    added_at: datetime
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class SiteState(Table, table=True):
    """A state of a site from a day on; of two on one day the later row holds. ``cause`` is why it was suspended."""

    __tablename__ = "canteen_site_state"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state_is_known"),
        CheckConstraint(
            "(state = 'suspended') = (cause IN ('licence', 'accident', 'hazard', 'other'))",
            name="a_suspension_has_a_cause",
        ),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    site_id: int = Field(sa_type=Key, foreign_key="canteen_site.id", index=True)
    state: str = Field(max_length=10)
    from_on: date
    cause: str = Field(default="", max_length=10)
    reason: str = Field(default="", max_length=200)
    document: str = Field(default="", max_length=80)
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Set(Table, table=True):
    """A set meal of a site and its price from a day on; a new price is a new row."""

    __tablename__ = "canteen_set"
    __table_args__ = (
        only_one("one_open_price_per_set", "site_id", "code", where="to_on IS NULL"),
        UniqueConstraint("site_id", "code", "from_on", name="one_price_per_set_and_day"),
        CheckConstraint("price_fen > 0", name="a_price_is_positive"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="a_price_ends_after_it_begins"),
        CheckConstraint(f"meal IN ({_MEALS})", name="meal_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    site_id: int = Field(sa_type=Key, foreign_key="canteen_site.id", index=True)
    code: str = Field(max_length=12)
    name: str = Field(default="", max_length=40)
    meal: str = Field(default="lunch", max_length=10)
    price_fen: int = Field(sa_type=Key)
    from_on: date
    to_on: date | None = None
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Menu(Table, table=True):
    """The dishes of a set on a day of a week (``weekday`` 1 to 7), with the price that was published."""

    __tablename__ = "canteen_menu"
    __table_args__ = (
        UniqueConstraint("site_id", "week", "weekday", "set_code", name="one_menu_per_day_and_set"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="a_week_has_seven_days"),
        CheckConstraint(f"meal IN ({_MEALS})", name="meal_is_known"),
        CheckConstraint("price_fen > 0", name="a_price_is_positive"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    site_id: int = Field(sa_type=Key, foreign_key="canteen_site.id", index=True)
    week: date
    weekday: int
    meal: str = Field(default="lunch", max_length=10)
    set_code: str = Field(max_length=12)
    dishes: str = Field(max_length=300)
    price_fen: int = Field(sa_type=Key)
    nutrition: str = Field(default="", max_length=120)
    published_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Diner(Table, table=True):
    """An enrolled diner. ``code`` is 128 random bits, the reference of entries made without the network.

    ``statuses`` are words typed at enrolment, sorted, with commas; what other plugins hold is asked of them. Diet notes
    and the guardian's telephone are sealed. ``first_person_id`` is the record it was opened with.
    """

    __tablename__ = "canteen_diner"
    __table_args__ = (
        UniqueConstraint("person_id", name="one_diner_per_person"),
        UniqueConstraint("code", name="one_diner_per_code"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="an_enrolment_ends_after_it_begins"),
        CheckConstraint("diet IS NULL OR consent_on IS NOT NULL", name="diet_notes_need_consent"),
        CheckConstraint("delivery_needed = FALSE OR delivery_reason <> ''", name="delivery_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    first_person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    code: str = Field(max_length=32)
    site_id: int | None = Field(default=None, sa_type=Key, foreign_key="canteen_site.id", index=True)
    area: str = Field(max_length=12, index=True)
    statuses: str = Field(default="", max_length=100)
    from_on: date
    to_on: date | None = None
    end_reason: str = Field(default="", max_length=200)
    delivery_needed: bool = False
    delivery_reason: str = Field(default="", max_length=120)
    diet: bytes | None = Field(default=None, sa_type=Ciphertext)
    phone: bytes | None = Field(default=None, sa_type=Ciphertext)
    consent_on: date | None = None
    reviewed_on: date | None = None
    added_at: datetime
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Card(Table, table=True):
    """A card: the SHA-256 of its random token, never the token; nothing on it names a person to a machine."""

    __tablename__ = "canteen_card"
    __table_args__ = (
        UniqueConstraint("digest", name="one_card_per_token"),
        only_one("one_card_in_use_per_diner", "diner_id", where="ended_on IS NULL"),
        CheckConstraint("(ended_on IS NULL) = (end_reason = '')", name="an_end_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    diner_id: int = Field(sa_type=Key, foreign_key="canteen_diner.id", index=True)
    digest: str = Field(max_length=64)
    tail: str = Field(max_length=4)
    issued_on: date
    issued_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    ended_on: date | None = None
    end_reason: str = Field(default="", max_length=40)


class Sample(Table, table=True):
    """A food sample that was kept: at least so many grams, for at least so many hours (policy)."""

    __tablename__ = "canteen_sample"
    __table_args__ = (
        CheckConstraint("grams > 0", name="a_sample_weighs"),
        CheckConstraint("kept_to > kept_from", name="a_sample_is_kept"),
        CheckConstraint(f"meal IN ({_MEALS})", name="meal_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    site_id: int = Field(sa_type=Key, foreign_key="canteen_site.id", index=True)
    day: date = Field(index=True)
    meal: str = Field(default="lunch", max_length=10)
    dish: str = Field(max_length=60)
    grams: int
    kept_from: datetime
    kept_to: datetime
    temperature_tenths: int
    keeper: str = Field(max_length=40)
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Inspection(Table, table=True):
    """A visit of inspectors: what was scored, what was found, by when it is put right."""

    __tablename__ = "canteen_inspection"
    __table_args__ = (
        UniqueConstraint("number", name="one_inspection_per_number"),
        CheckConstraint("kind IN ('routine', 'special', 'complaint', 'again')", name="kind_is_known"),
        CheckConstraint("severity IN ('none', 'minor', 'major')", name="severity_is_known"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score_is_a_percentage"),
        CheckConstraint("(severity = 'none') = (hazards = '')", name="a_hazard_is_described"),
        CheckConstraint("(severity = 'none') = (deadline IS NULL)", name="a_hazard_has_a_deadline"),
        CheckConstraint("(rectified_on IS NULL) = (rectified = '')", name="a_rectification_says_what"),
        CheckConstraint("rectified_on IS NULL OR severity <> 'none'", name="only_hazards_are_rectified"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=30)
    site_id: int = Field(sa_type=Key, foreign_key="canteen_site.id", index=True)
    area: str = Field(max_length=12, index=True)
    inspected_on: date
    kind: str = Field(default="routine", max_length=10)
    inspectors: str = Field(max_length=80)
    score: int
    checklist: str = Field(default="", sa_type=Text)
    severity: str = Field(default="none", max_length=6)
    hazards: str = Field(default="", max_length=500)
    deadline: date | None = None
    rectified_on: date | None = None
    rectified: str = Field(default="", max_length=300)
    closed_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Assessment(Table, table=True):
    """A site's score over a period of months; the grade follows from the score by policy."""

    __tablename__ = "canteen_assessment"
    __table_args__ = (
        UniqueConstraint("site_id", "from_month", "to_month", name="one_assessment_per_period"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score_is_a_percentage"),
        CheckConstraint("grade IN ('A', 'B', 'C', 'D')", name="grade_is_known"),
        CheckConstraint("to_month >= from_month", name="a_period_ends_after_it_begins"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    site_id: int = Field(sa_type=Key, foreign_key="canteen_site.id", index=True)
    from_month: str = Field(max_length=7)
    to_month: str = Field(max_length=7)
    score: int
    grade: str = Field(max_length=1)
    basis: str = Field(max_length=200)
    recorded_on: date
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Feedback(Table, table=True):
    """What diners say: a complaint that is handled, or a mark of satisfaction from 1 to 5."""

    __tablename__ = "canteen_feedback"
    __table_args__ = (
        CheckConstraint("kind IN ('complaint', 'survey')", name="kind_is_known"),
        CheckConstraint("score BETWEEN 0 AND 5", name="marks_go_to_five"),
        CheckConstraint("(kind = 'survey') = (score > 0)", name="a_survey_has_a_mark"),
        CheckConstraint("(handled_on IS NULL) = (outcome = '')", name="an_end_has_an_outcome"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    site_id: int = Field(sa_type=Key, foreign_key="canteen_site.id", index=True)
    area: str = Field(max_length=12, index=True)
    kind: str = Field(max_length=10)
    received_on: date = Field(index=True)
    score: int = 0
    matter: bytes | None = Field(default=None, sa_type=Ciphertext)
    handled_on: date | None = None
    outcome: str = Field(default="", max_length=12)
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class SubsidyPolicy(Table, table=True):
    """A document that fixes rates from a day on; ``content`` is its table as JSON, as it was taken in."""

    __tablename__ = "canteen_policy"
    __table_args__ = (
        UniqueConstraint("valid_from", "document", name="one_policy_per_day_and_document"),
        CheckConstraint("document <> ''", name="a_policy_has_a_document"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="a_policy_ends_after_it_begins"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    title: str = Field(max_length=100)
    document: str = Field(max_length=80)
    valid_from: date = Field(index=True)
    valid_to: date | None = None
    content: str = Field(sa_type=Text)
    imported_at: datetime
    imported_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Settlement(Table, table=True):
    """What a site claims for a month. A draft is made anew at will; from the township's check on it stands.

    ``average_hundredths`` are subsidised meals per service day; ``parts`` says as JSON which payer bears how much.
    """

    __tablename__ = "canteen_settlement"
    __table_args__ = (
        UniqueConstraint("site_id", "month", name="one_settlement_per_site_and_month"),
        CheckConstraint(
            "state IN ('draft', 'township_checked', 'county_approved', 'batched', 'paid')", name="state_is_known"
        ),
        CheckConstraint("diner_subsidy_fen >= 0 AND operating_subsidy_fen >= 0", name="subsidies_are_not_negative"),
        CheckConstraint("meals >= 0 AND service_days >= 0", name="counts_are_not_negative"),
        CheckConstraint("paid_fen BETWEEN 0 AND claim_fen", name="no_more_is_paid_than_claimed"),
        CheckConstraint("(state = 'paid') = (paid_on IS NOT NULL)", name="a_payment_has_its_day"),
        CheckConstraint("grade IN ('A', 'B', 'C', 'D')", name="grade_is_known"),
        CheckConstraint("approved_by IS NULL OR approved_by <> checked_by", name="who_checks_does_not_approve"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    site_id: int = Field(sa_type=Key, foreign_key="canteen_site.id", index=True)
    operator_id: int | None = Field(default=None, sa_type=Key, foreign_key="canteen_operator.id")
    area: str = Field(max_length=12, index=True)
    month: str = Field(max_length=7, index=True)
    state: str = Field(default="draft", max_length=20, index=True)
    meals: int = 0
    full_price_meals: int = 0
    delivery_meals: int = 0
    persons: int = 0
    service_days: int = 0
    suspended_days: int = 0
    average_hundredths: int = 0
    list_price_fen: int = Field(default=0, sa_type=Key)
    diner_paid_fen: int = Field(default=0, sa_type=Key)
    diner_subsidy_fen: int = Field(default=0, sa_type=Key)
    diner_claim_fen: int = Field(default=0, sa_type=Key)
    rate_fen: int = 0
    grade: str = Field(default="B", max_length=1)
    factor_percent: int = 100
    operating_subsidy_fen: int = Field(default=0, sa_type=Key)
    claim_fen: int = Field(default=0, sa_type=Key)
    parts: str = Field(default="{}", sa_type=Text)
    digest: str = Field(max_length=64)
    paid_fen: int = Field(default=0, sa_type=Key)
    minutes: str = Field(default="", max_length=80)
    made_at: datetime
    made_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    checked_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    approved_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    paid_on: date | None = None
    version: int = 1


class SettlementStep(Table, table=True):
    """A step of a settlement: who, when, and why when it went back."""

    __tablename__ = "canteen_settlement_step"
    __table_args__ = (
        CheckConstraint(
            "step IN ('draft', 'township_checked', 'county_approved', 'batched', 'paid', 'returned')",
            name="step_is_known",
        ),
        CheckConstraint("step <> 'returned' OR reason <> ''", name="a_return_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    settlement_id: int = Field(sa_type=Key, foreign_key="canteen_settlement.id", index=True)
    step: str = Field(max_length=20)
    reason: str = Field(default="", max_length=200)
    account_id: int = Field(sa_type=Key, foreign_key="identity_account.id")
    at: datetime


class Grant(Table, table=True):
    """Money for building a site or renewing its equipment, in instalments, with the years agreed to stay open."""

    __tablename__ = "canteen_grant"
    __table_args__ = (
        CheckConstraint("kind IN ('construction', 'renewal')", name="kind_is_known"),
        CheckConstraint("amount_fen > 0", name="a_grant_is_positive"),
        CheckConstraint("agreed_years > 0", name="years_are_agreed"),
        CheckConstraint("state IN ('standing', 'clawed_back', 'fulfilled')", name="state_is_known"),
        CheckConstraint("clawback_fen BETWEEN 0 AND amount_fen", name="no_more_comes_back_than_was_granted"),
        only_one("one_construction_grant_per_site", "site_id", where="kind = 'construction'"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    site_id: int = Field(sa_type=Key, foreign_key="canteen_site.id", index=True)
    area: str = Field(max_length=12, index=True)
    kind: str = Field(default="construction", max_length=12)
    amount_fen: int = Field(sa_type=Key)
    agreed_years: int
    accepted_on: date
    minutes: str = Field(max_length=80)
    payee_id: int | None = Field(default=None, sa_type=Key, foreign_key="funds_payee.id")
    state: str = Field(default="standing", max_length=12)
    clawback_fen: int = Field(default=0, sa_type=Key)
    clawed_on: date | None = None
    recovery_id: int | None = Field(default=None, sa_type=Key)
    decided_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class GrantPart(Table, table=True):
    """One instalment of a grant: scheduled until its day, then payable if the site is open, else forfeited."""

    __tablename__ = "canteen_grant_part"
    __table_args__ = (
        UniqueConstraint("grant_id", "place", name="one_part_per_place"),
        CheckConstraint("amount_fen > 0", name="a_part_is_positive"),
        CheckConstraint("state IN ('scheduled', 'payable', 'batched', 'paid', 'forfeited')", name="state_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    grant_id: int = Field(sa_type=Key, foreign_key="canteen_grant.id", index=True)
    place: int
    amount_fen: int = Field(sa_type=Key)
    due_on: date
    state: str = Field(default="scheduled", max_length=10, index=True)
    month: str = Field(default="", max_length=7)
    paid_on: date | None = None


class Target(Table, table=True):
    """How many sites a year shall bring, with the document that says so; a new figure is a new row."""

    __tablename__ = "canteen_target"
    __table_args__ = (CheckConstraint("sites > 0", name="a_target_is_positive"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    year: int = Field(index=True)
    sites: int
    document: str = Field(max_length=80)
    set_on: date
    set_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
