"""Give the clerk's own roster back with the bad cells marked."""

from typing import TYPE_CHECKING

from core.households.importing.fields import FIELDS, header_in_words
from core.spreadsheet_in import marking
from core.spreadsheet_in.marking import Source

if TYPE_CHECKING:
    from core.households.importing.checking import Checked


def marked_workbook(data: bytes, checked: "Checked", rows_max: int) -> bytes:
    """The workbook to give back, as xlsx; above ``rows_max`` the bad rows alone."""
    roster = checked.roster
    headers = {name: header_in_words(name) for name in FIELDS}
    source = Source(data, roster.kind, roster.sheets, roster.sheet_of, roster.row_of, roster.columns, headers)
    return marking.marked_workbook(source, checked.findings.errors, rows_max)
