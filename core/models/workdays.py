"""Days on which the county works or rests against the calendar."""

from datetime import date

from sqlmodel import Field

from core.tables import Table


class WorkdayOverride(Table, table=True):
    """A day the county works or rests against the national calendar, with the document that says so."""

    __tablename__ = "core_workday"

    day: date = Field(primary_key=True)
    works: bool
    document: str = Field(max_length=120)
