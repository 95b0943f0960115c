"""Give the clerk's own workbook back: bad cells red with a note, a last column saying why, a filter on it.

Above the limit of rows (policy) openpyxl would take minutes: then a workbook of the bad rows alone, with their numbers.
"""

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.households.importing.fields import COLUMNS, FIELDS, HEADERS, header_in_words
from core.households.importing.reading import Roster, Sheet
from core.spreadsheet_in.findings import Finding
from core.spreadsheet_in.marking import mark_sheet, sheet_title
from core.texts import _

if TYPE_CHECKING:
    from core.households.importing.checking import Checked


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
            sheet, place = book[name if roster.kind == "xlsx" else sheet_title(name)], places[name]
            mark_sheet(sheet, (place.header_row, place.width), findings, _in_words)
            if first:
                book.active = book.index(sheet)
                first = False
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _in_words(finding: Finding) -> str:
    return f"{header_in_words(finding.field)}：{finding.message}" if finding.field else finding.message


def _copied(book: Any, roster: Roster) -> dict[str, Sheet]:
    """A workbook made of what was read, for files that are no xlsx: same rows, same columns, every cell a text."""
    places = {}
    book.remove(book.active)
    for number, sheet in enumerate(roster.sheets):
        made = book.create_sheet(sheet_title(sheet.name))
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
