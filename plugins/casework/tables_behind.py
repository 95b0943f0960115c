"""The registry's tables that our foreign keys point to, for joins that bring a name along: read, never written."""

from typing import Any

from core.api import area_names, columns, facts_of
from plugins.casework.models import Case, Event


def behind(column: Any) -> Any:
    """The table a foreign key points to."""
    return next(iter(column.foreign_keys)).column.table


_NEEDED = (area_names, facts_of)
"""Taking these names from the door makes the registry's tables known, which is when a foreign key can be followed."""
PERSON = behind(columns(Case).applicant_id)
HOUSEHOLD = behind(columns(Case).household_id)
AREA = behind(HOUSEHOLD.c.area)
ACCOUNT = behind(columns(Event).acted_by)
