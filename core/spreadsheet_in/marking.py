"""Give the clerk's own workbook back: bad cells red with a note, a last column saying why, a filter on it.

Above the limit of rows (policy) openpyxl would take minutes: then a workbook of the bad rows alone, with their numbers.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.spreadsheet_in.cells import cell_text
from core.spreadsheet_in.findings import Finding
from core.texts import _

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_NOTES_MAX = 5_000
"""Notes beyond so many make Excel slow; the last column says the same."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: where the header stands (counting from 1) and which column holds which field (counting from 0)."""

    name: str
    header_row: int
    places: dict[str, int]
    width: int


@dataclass(frozen=True)
class Source:
    """A file as it was read: its bytes and kind, and every row in columns with its sheet and number.

    ``headers`` are the fields with their titles in the reader's language, in the order of a template.
    """

    data: bytes
    kind: str
    sheets: Sequence[Sheet]
    sheet_of: Sequence[int]
    row_of: Sequence[int]
    columns: Mapping[str, Sequence[Any]]
    headers: Mapping[str, str]


def marked_workbook(source: Source, errors: Sequence[Finding], rows_max: int) -> bytes:
    """The workbook to give back, as xlsx."""
    return _bad_rows(source, errors) if len(source.row_of) > rows_max else _marked(source, errors)


def _marked(source: Source, errors: Sequence[Finding]) -> bytes:
    from openpyxl import Workbook, load_workbook

    is_excel = source.kind == "xlsx"
    book = load_workbook(io.BytesIO(source.data)) if is_excel else Workbook()
    if not is_excel:
        _copy(book, source)
    by_sheet: dict[int, list[Finding]] = {}
    for finding in errors:
        by_sheet.setdefault(finding.sheet_at, []).append(finding)
    for at, (number, findings) in enumerate(by_sheet.items()):
        place = source.sheets[number]
        sheet = book[place.name if is_excel else _title(place.name)]
        _mark_sheet(sheet, place, findings, source.headers)
        if at == 0:
            book.active = book.index(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _mark_sheet(sheet: "Worksheet", place: Sheet, findings: Sequence[Finding], headers: Mapping[str, str]) -> None:
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
        cell = sheet.cell(row, last, _in_words(found, headers))
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.fill = red
    sheet.auto_filter.ref = f"A{place.header_row}:{get_column_letter(last)}{sheet.max_row}"


def _in_words(found: Sequence[Finding], headers: Mapping[str, str]) -> str:
    return "；".join(f"{headers[one.field]}：{one.message}" if one.field in headers else one.message for one in found)


def _copy(book: Any, source: Source) -> None:
    """A workbook made of what was read, for files that are no xlsx: same rows, same columns, every cell a text."""
    book.remove(book.active)
    for number, sheet in enumerate(source.sheets):
        made = book.create_sheet(_title(sheet.name))
        for name, place in sheet.places.items():
            made.cell(sheet.header_row, place + 1, source.headers[name])
        for at, row in enumerate(source.row_of):
            if source.sheet_of[at] != number:
                continue
            for name, place in sheet.places.items():
                text = cell_text(source.columns[name][at])
                if text:
                    cell = made.cell(row, place + 1, text)
                    cell.number_format, cell.data_type = "@", "s"


def _title(name: str) -> str:
    """A name that Excel takes for a sheet."""
    return "".join("_" if letter in r"[]:*?/\'" else letter for letter in name)[:31] or "1"


def _bad_rows(source: Source, errors: Sequence[Finding]) -> bytes:
    import xlsxwriter

    by_place = {place: at for at, place in enumerate(zip(source.sheet_of, source.row_of, strict=True))}
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(_("有错误的行"))
        bold = book.add_format({"bold": True})
        red = book.add_format({"bg_color": "#FFC7CE", "num_format": "@"})
        text = book.add_format({"num_format": "@"})
        titles = [_("工作表"), _("原行号"), *source.headers.values(), _("错误说明")]
        sheet.write_row(0, 0, titles, bold)
        sheet.set_column(len(titles) - 1, len(titles) - 1, 60)
        groups: dict[tuple[int, int], list[Finding]] = {}
        for finding in errors:
            groups.setdefault((finding.sheet_at, finding.row), []).append(finding)
        for line, (place, found) in enumerate(sorted(groups.items()), start=1):
            at = by_place[place]
            bad = {finding.field for finding in found}
            sheet.write_string(line, 0, source.sheets[place[0]].name)
            sheet.write_number(line, 1, place[1])
            for column, name in enumerate(source.headers, start=2):
                sheet.write_string(line, column, cell_text(source.columns[name][at]), red if name in bad else text)
            sheet.write_string(line, len(titles) - 1, _in_words(found, source.headers))
        sheet.autofilter(0, 0, max(1, len(groups)), len(titles) - 1)
        sheet.freeze_panes(1, 2)
    return out.getvalue()
