"""What a check has to say about cells: errors that stop a household, warnings that do not."""

from core.households.importing.fields import shown_value
from core.households.importing.reading import Roster
from core.spreadsheet_in.cells import letter_of
from core.spreadsheet_in.findings import Finding


class Findings:
    """Errors and warnings of one roster, and which rows are bad so far; never a second error for one cell."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._cells: set[tuple[int, str]] = set()
        self.errors: list[Finding] = []
        self.warnings: list[Finding] = []
        self.bad_rows: set[int] = set()

    def error(self, at: int, name: str, code: str, message: str) -> None:
        """An error at row ``at`` (counting from 0 in the roster) in the cell of a field."""
        if (at, name) in self._cells:
            return
        self._cells.add((at, name))
        self.bad_rows.add(at)
        self.errors.append(self._finding(at, name, code, message))

    def warning(self, at: int, name: str, code: str, message: str) -> None:
        """A warning; it stops nothing."""
        self.warnings.append(self._finding(at, name, code, message))

    def is_bad(self, at: int, name: str) -> bool:
        """Whether this cell has an error already."""
        return (at, name) in self._cells

    def note(self, sheet: str, row: int, message: str) -> None:
        """A row that was passed over, said so."""
        self.warnings.append(Finding(0, row, 0, sheet, "", "", "", "W_SKIPPED", message))

    def in_order(self) -> None:
        """Sort by sheet, row and column."""
        self.errors.sort()
        self.warnings.sort()

    def _finding(self, at: int, name: str, code: str, message: str) -> Finding:
        roster = self._roster
        number = roster.sheet_of[at]
        sheet = roster.sheets[number]
        place = sheet.places.get(name)
        value = shown_value(name, roster.columns[name][at]) if name else ""
        column = letter_of(place) if place is not None else ""
        return Finding(number, roster.row_of[at], place or 0, sheet.name, column, name, value, code, message)
