"""Give the clerk's own workbook back: bad cells red with a note, a last column saying why, a filter on it.

Above the limit of rows (policy) openpyxl would take minutes: then a workbook of the bad rows alone, with their numbers.
"""

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from core.households.importing.fields import COLUMNS, FIELDS, HEADERS, header_in_words
from core.households.importing.findings import Finding
from core.households.importing.reading import Roster, Sheet
from core.texts import _

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from core.households.importing.checking import Checked

_NOTES_MAX = 5_000
"""Notes beyond so many make Excel slow; the last column says the same."""


def marked_workbook(data: bytes, checked: "Checked", rows_max: int) -> bytes:
    """The workbook to give back, as xlsx."""
    if len(checked.roster) > rows_max:
        return _bad_rows(checked)
    return _marked(data, checked)


def _marked(data: bytes, checked: "Checked") -> bytes:
    from openpyxl import Workbook, load_workbook

    roster = checked.roster
    if roster.kind == "xlsx":
        book = load_workbook(io.BytesIO(data))
        places = {sheet.name: sheet for sheet in roster.sheets}
    else:
        book = Workbook()
        places = _copied(book, roster)
    by_sheet: dict[str, list[Finding]] = {}
    for finding in checked.findings.errors:
        by_sheet.setdefault(roster.sheets[finding.sheet_at].name, []).append(finding)
    first = True
    for name, findings in by_sheet.items():
        if name in places:
            _mark_sheet(book[name if roster.kind == "xlsx" else _title(name)], places[name], findings)
            if first:
                book.active = book.index(book[name if roster.kind == "xlsx" else _title(name)])
                first = False
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _mark_sheet(sheet: "Worksheet", place: Sheet, findings: Sequence[Finding]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    red = PatternFill("solid", start_color="FFFFC7CE", end_color="FFFFC7CE")
    last = max(sheet.max_column, place.width) + 1
    title = sheet.cell(place.header_row, last, _("错误说明"))
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
        cell = sheet.cell(row, last, "；".join(_in_words(finding) for finding in found))
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.fill = red
    sheet.auto_filter.ref = f"A{place.header_row}:{get_column_letter(last)}{sheet.max_row}"


def _in_words(finding: Finding) -> str:
    return f"{header_in_words(finding.field)}：{finding.message}" if finding.field else finding.message


def _copied(book: Any, roster: Roster) -> dict[str, Sheet]:
    """A workbook made of what was read, for files that are no xlsx: same rows, same columns, every cell a text."""
    places = {}
    book.remove(book.active)
    for number, sheet in enumerate(roster.sheets):
        made = book.create_sheet(_title(sheet.name))
        for name, place in sheet.places.items():
            made.cell(sheet.header_row, place + 1, HEADERS[name])
        for at, row in enumerate(roster.row_of):
            if roster.sheet_of[at] != number:
                continue
            for name, place in sheet.places.items():
                text = roster.columns[name][at]
                if text:
                    cell = made.cell(row, place + 1, text)
                    cell.number_format, cell.data_type = "@", "s"
        places[sheet.name] = sheet
    return places


def _title(name: str) -> str:
    """A name that Excel takes for a sheet."""
    return "".join("_" if letter in r"[]:*?/\'" else letter for letter in name)[:31] or "1"


def _bad_rows(checked: "Checked") -> bytes:
    import xlsxwriter

    roster = checked.roster
    by_cell = _rows_by_place(roster)
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(_("有错误的行"))
        bold = book.add_format({"bold": True})
        red = book.add_format({"bg_color": "#FFC7CE", "num_format": "@"})
        text = book.add_format({"num_format": "@"})
        titles = [_("工作表"), _("原行号"), *(_(column.header) for column in COLUMNS), _("错误说明")]
        sheet.write_row(0, 0, titles, bold)
        sheet.set_column(len(titles) - 1, len(titles) - 1, 60)
        groups: dict[tuple[int, int], list[Finding]] = {}
        for finding in checked.findings.errors:
            groups.setdefault((finding.sheet_at, finding.row), []).append(finding)
        for line, (place, found) in enumerate(sorted(groups.items()), start=1):
            at = by_cell[place]
            bad = {finding.field for finding in found}
            sheet.write_string(line, 0, roster.sheets[place[0]].name)
            sheet.write_number(line, 1, place[1])
            for column, name in enumerate(FIELDS, start=2):
                sheet.write_string(line, column, roster.columns[name][at], red if name in bad else text)
            sheet.write_string(line, len(titles) - 1, "；".join(_in_words(finding) for finding in found))
        sheet.autofilter(0, 0, max(1, len(groups)), len(titles) - 1)
        sheet.freeze_panes(1, 2)
    return out.getvalue()


def _rows_by_place(roster: Roster) -> Mapping[tuple[int, int], int]:
    return {(sheet, row): at for at, (sheet, row) in enumerate(zip(roster.sheet_of, roster.row_of, strict=True))}
