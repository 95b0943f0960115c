"""What a check has to say about cells: errors that stop a household, warnings that do not."""

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from core.households.importing.fields import letter_of, shown_value
from core.households.importing.reading import Roster


@dataclass(frozen=True, order=True)
class Finding:
    """One thing about one cell. ``row`` is the sheet's row number, ``column`` its letter, ``value`` masked."""

    sheet_at: int
    row: int
    column_at: int
    sheet: str = dataclass_field(compare=False)
    column: str = dataclass_field(compare=False)
    field: str = dataclass_field(compare=False)
    value: str = dataclass_field(compare=False)
    code: str = dataclass_field(compare=False)
    message: str = dataclass_field(compare=False)

    def as_json(self) -> dict[str, Any]:
        """The finding as scripts read it."""
        names = ("sheet", "row", "column", "field", "value", "code", "message")
        return {name: getattr(self, name) for name in names}


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
