"""Tables of what army and people arrange: mutual projects, support money, score sheets, titles."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from core.api import Key, Table, only_one


class Project(Table, table=True):
    """A mutual project of a year, numbered; a cancelled one gives its number to the substitute."""

    __tablename__ = "double_support_project"
    __table_args__ = (
        only_one("one_project_per_number_of_a_year", "year", "no", where="state <> 'cancelled'"),
        only_one(
            "one_substitute_per_project", "substitute_for", where="state <> 'cancelled' AND substitute_for IS NOT NULL"
        ),
        CheckConstraint("no BETWEEN 1 AND 99", name="a_number_is_counted_from_one"),
        CheckConstraint("direction IN ('locality_for_army', 'army_for_locality')", name="direction_is_known"),
        CheckConstraint(
            "state IN ('planned', 'agreed', 'running', 'done', 'evaluated', 'delayed', 'cancelled')",
            name="state_is_known",
        ),
        CheckConstraint("state NOT IN ('delayed', 'cancelled') OR reason <> ''", name="a_delay_has_a_reason"),
        CheckConstraint(
            "state NOT IN ('agreed', 'running', 'done', 'evaluated') OR (document <> '' AND signed_on IS NOT NULL)",
            name="an_agreed_project_is_signed",
        ),
        CheckConstraint(
            "state NOT IN ('done', 'evaluated') OR (done_on IS NOT NULL AND evidence <> '')",
            name="what_is_done_is_proved",
        ),
        CheckConstraint(
            "state <> 'evaluated' OR (army_tenths IS NOT NULL AND locality_tenths IS NOT NULL)",
            name="both_sides_evaluate",
        ),
        CheckConstraint(
            "army_tenths IS NULL OR army_tenths BETWEEN 0 AND 1000", name="the_army_is_content_to_a_hundred"
        ),
        CheckConstraint(
            "locality_tenths IS NULL OR locality_tenths BETWEEN 0 AND 1000",
            name="the_locality_is_content_to_a_hundred",
        ),
        CheckConstraint("budget_fen >= 0", name="a_budget_is_not_negative"),
        CheckConstraint("due >= start", name="a_project_is_due_after_it_begins"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    year: int = Field(index=True)
    no: int
    direction: str = Field(max_length=20)
    title: str = Field(max_length=80)
    responsible: str = Field(max_length=60)
    unit_id: int = Field(sa_type=Key, foreign_key="double_support_unit.id")
    area: str = Field(max_length=12, index=True)
    budget_fen: int = Field(default=0, sa_type=Key)
    start: date
    due: date
    document: str = Field(default="", max_length=80)
    signed_on: date | None = None
    done_on: date | None = None
    evidence: str = Field(default="", max_length=200)
    army_tenths: int | None = None
    locality_tenths: int | None = None
    substitute_for: int | None = Field(default=None, sa_type=Key, foreign_key="double_support_project.id")
    state: str = Field(default="planned", max_length=10, index=True)
    state_on: date
    reason: str = Field(default="", max_length=200)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Milestone(Table, table=True):
    """A step of a project and the share of the work it stands for."""

    __tablename__ = "double_support_milestone"
    __table_args__ = (
        UniqueConstraint("project_id", "title", name="one_milestone_per_title"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="a_share_is_a_hundred_at_most"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    project_id: int = Field(sa_type=Key, foreign_key="double_support_project.id", index=True)
    title: str = Field(max_length=80)
    percent: int
    due: date
    reached_on: date | None = None
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Progress(Table, table=True):
    """What a project's unit reported for a quarter. Never changed; the newest of a quarter counts."""

    __tablename__ = "double_support_progress"
    __table_args__ = (
        CheckConstraint("quarter BETWEEN 1 AND 4", name="a_year_has_four_quarters"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="progress_is_a_hundred_at_most"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    project_id: int = Field(sa_type=Key, foreign_key="double_support_project.id", index=True)
    year: int
    quarter: int
    percent: int
    note: str = Field(default="", max_length=200)
    reported_on: date
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class SupportMoney(Table, table=True):
    """Money for a partner unit, shown in totals only; paid to the account named in the agreement."""

    __tablename__ = "double_support_support_money"
    __table_args__ = (
        only_one("money_of_a_visit_is_noted_once", "visit_id", where="state = 'entered' AND visit_id IS NOT NULL"),
        CheckConstraint("amount_fen > 0", name="support_is_positive"),
        CheckConstraint("minutes <> ''", name="support_has_minutes"),
        CheckConstraint(
            "purpose IN ('training_ground', 'water', 'road', 'housing', 'culture', 'comfort', 'other')",
            name="purpose_is_known",
        ),
        CheckConstraint("state IN ('entered', 'withdrawn')", name="state_is_known"),
        CheckConstraint("(state = 'withdrawn') = (reason <> '')", name="a_withdrawal_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    year: int = Field(index=True)
    purpose: str = Field(max_length=20)
    amount_fen: int = Field(sa_type=Key)
    unit_id: int = Field(sa_type=Key, foreign_key="double_support_unit.id", index=True)
    visit_id: int | None = Field(default=None, sa_type=Key, foreign_key="double_support_visit.id")
    minutes: str = Field(max_length=80)
    paid_here: bool = True
    area: str = Field(max_length=12, index=True)
    entered_on: date
    batch_id: int | None = Field(default=None, sa_type=Key, foreign_key="funds_batch.id", index=True)
    state: str = Field(default="entered", max_length=10, index=True)
    reason: str = Field(default="", max_length=200)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class ScoreSheet(Table, table=True):
    """One version of a score sheet of a level and year, as it was taken in. Older versions stay as they are."""

    __tablename__ = "double_support_score_sheet"
    __table_args__ = (
        UniqueConstraint("level", "year", "sheet_version", name="one_sheet_per_version"),
        UniqueConstraint("digest", name="a_file_is_taken_in_once"),
        CheckConstraint("level IN ('national', 'province', 'city', 'county')", name="level_is_known"),
        CheckConstraint(
            "state IN ('imported', 'scored', 'assigned', 'rectified', 'reviewed', 'submitted', 'checked', 'closed')",
            name="state_is_known",
        ),
        CheckConstraint("state <> 'closed' OR result IN ('won', 'lost')", name="a_closed_sheet_has_a_result"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    level: str = Field(max_length=10)
    year: int = Field(index=True)
    title: str = Field(max_length=80)
    sheet_version: int
    digest: str = Field(max_length=64)
    area: str = Field(max_length=12, index=True)
    state: str = Field(default="imported", max_length=10, index=True)
    state_on: date
    result: str = Field(default="", max_length=10)
    reason: str = Field(default="", max_length=200)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class ScoreItem(Table, table=True):
    """One line of a score sheet. Only leaves are scored; ``veto`` says that a veto is triggered. Points in tenths."""

    __tablename__ = "double_support_score_item"
    __table_args__ = (
        UniqueConstraint("sheet_id", "no", name="one_item_per_number"),
        CheckConstraint("max_tenths >= 0", name="a_maximum_is_not_negative"),
        CheckConstraint("self_tenths IS NULL OR self_tenths BETWEEN 0 AND max_tenths", name="a_score_fits_its_maximum"),
        CheckConstraint("leaf OR self_tenths IS NULL", name="only_leaves_are_scored"),
        CheckConstraint("fixed_on IS NULL OR gap <> ''", name="a_gap_is_rectified"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    sheet_id: int = Field(sa_type=Key, foreign_key="double_support_score_sheet.id", index=True)
    place: int
    no: str = Field(max_length=20)
    parent: str = Field(default="", max_length=20)
    title: str = Field(max_length=200)
    leaf: bool
    max_tenths: int
    self_tenths: int | None = None
    veto_item: bool = False
    veto: bool = False
    evidence: str = Field(default="", max_length=1000)
    gap: str = Field(default="", max_length=200)
    owner: str = Field(default="", max_length=60)
    fix_due: date | None = None
    fixed_on: date | None = None
    area: str = Field(max_length=12, index=True)
    version: int = 1


class Title(Table, table=True):
    """A round for the title of model city or county, and how it ended."""

    __tablename__ = "double_support_title"
    __table_args__ = (
        UniqueConstraint("level", "round", name="one_result_per_round"),
        CheckConstraint("level IN ('national', 'province', 'city', 'county')", name="level_is_known"),
        CheckConstraint("state IN ('pending', 'won', 'lost')", name="state_is_known"),
        CheckConstraint("state = 'pending' OR document <> ''", name="a_result_has_a_document"),
        CheckConstraint("round >= 1", name="rounds_are_counted"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    level: str = Field(max_length=10)
    round: int
    year: int
    document: str = Field(default="", max_length=80)
    area: str = Field(max_length=12, index=True)
    state: str = Field(default="pending", max_length=10, index=True)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1
