"""What is kept of grids: grids and who walks them, cases with their steps, figures of months before the system."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from core.api import Key, Table, only_one


class Grid(Table, table=True):
    """A fixed area with a duty."""

    __tablename__ = "urban_grid_grid"
    __table_args__ = (UniqueConstraint("code", name="a_grid_has_a_code_of_its_own"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    code: str = Field(max_length=20)
    name: str = Field(max_length=60)
    area: str = Field(max_length=12, index=True)
    duty: str = Field(max_length=200)


class Post(Table, table=True):
    """Who walks a grid, from and until; ``until`` None is now."""

    __tablename__ = "urban_grid_post"
    __table_args__ = (
        only_one("one_inspector_walks_a_grid", "grid_id", where="until IS NULL"),
        CheckConstraint("until IS NULL OR until >= since", name="a_post_ends_after_it_began"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    grid_id: int = Field(sa_type=Key, foreign_key="urban_grid_grid.id", index=True)
    inspector_id: int = Field(sa_type=Key, foreign_key="identity_account.id")
    since: date
    until: date | None = None


class Case(Table, table=True):
    """One thing that was found; ``days`` are the working days that were allowed when it was sent."""

    __tablename__ = "urban_grid_case"
    __table_args__ = (
        UniqueConstraint("number", name="a_grid_case_has_a_number_of_its_own"),
        CheckConstraint("state IN ('found', 'sent', 'handled', 'checked', 'closed')", name="a_grid_case_has_a_state"),
        CheckConstraint("state = 'found' OR due_on IS NOT NULL", name="what_is_sent_has_a_deadline"),
        CheckConstraint("state <> 'closed' OR closed_on IS NOT NULL", name="what_is_closed_has_its_day"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=24)
    grid_id: int = Field(sa_type=Key, foreign_key="urban_grid_grid.id", index=True)
    area: str = Field(max_length=12, index=True)
    inspector_id: int = Field(sa_type=Key, foreign_key="identity_account.id", index=True)
    category: str = Field(max_length=20)
    place: str = Field(max_length=100)
    text: str = Field(max_length=500)
    state: str = Field(max_length=10, index=True)
    office: str = Field(default="", max_length=60)
    found_on: date = Field(index=True)
    sent_on: date | None = None
    days: int = 0
    due_on: date | None = None
    handled_on: date | None = None
    checked_on: date | None = None
    closed_on: date | None = None
    returns: int = 0
    late: bool = False


class Step(Table, table=True):
    """What was done with a case, by whom, on which day; the table only grows."""

    __tablename__ = "urban_grid_step"

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="urban_grid_case.id", index=True)
    step: str = Field(max_length=10)
    on_day: date
    by_id: int = Field(sa_type=Key, foreign_key="identity_account.id")
    note: str = Field(default="", max_length=500)
    at: datetime


class Figure(Table, table=True):
    """What an area reported of a month before the system; ``stated`` is the rate as it was written, "" for none."""

    __tablename__ = "urban_grid_figure"
    __table_args__ = (
        UniqueConstraint("month", "area", name="one_figure_for_a_month_and_area"),
        CheckConstraint("opened >= 0 AND closed >= 0 AND closed <= opened", name="what_is_closed_was_opened"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    month: str = Field(max_length=7)
    area: str = Field(max_length=12, index=True)
    opened: int
    closed: int
    stated: str = Field(default="", max_length=10)
    entered_at: datetime
