"""Mark bad cells in the clerk's own workbook: red, with a note, a last column that says why, and a filter on it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from core.spreadsheet_in.findings import Finding
from core.texts import _

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_NOTES_MAX = 5_000
"""Notes beyond so many make Excel slow; the last column says the same."""


def mark_sheet(
    sheet: "Worksheet", place: tuple[int, int], findings: Sequence[Finding], in_words: Callable[[Finding], str]
) -> None:
    """Mark the findings in one sheet; ``place`` is the header's row (from 1) and how many columns it has."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    header_row, width = place
    red = PatternFill("solid", start_color="FFFFC7CE", end_color="FFFFC7CE")
    last = max(sheet.max_column, width) + 1
    title = sheet.cell(header_row, last, _("错误说明"))
    title.font = Font(bold=True)
    sheet.column_dimensions[get_column_letter(last)].width = 60
    by_row: dict[int, list[Finding]] = {}
    for count, finding in enumerate(findings):
        by_row.setdefault(finding.row, []).append(finding)
        if not finding.column:
            continue
        cell = sheet.cell(finding.row, finding.column_at + 1)
        if type(cell).__name__ == "MergedCell":
            continue
        cell.fill = red
        if count < _NOTES_MAX:
            cell.comment = Comment(finding.message, _("惠民"), height=90, width=260)
    for row, found in by_row.items():
        cell = sheet.cell(row, last, "；".join(map(in_words, found)))
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.fill = red
    sheet.auto_filter.ref = f"A{header_row}:{get_column_letter(last)}{sheet.max_row}"


def sheet_title(name: str) -> str:
    """A name that Excel takes for a sheet."""
    return "".join("_" if letter in r"[]:*?/\'" else letter for letter in name)[:31] or "1"
