"""Give the clerk's own workbook back: bad cells red with a note, a last column saying why, a filter on it.

Above the limit of rows (policy) openpyxl would take minutes: then a workbook of the bad rows alone, with their numbers.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.spreadsheet_in import apart, limited
from core.spreadsheet_in.apart import Marks
from core.spreadsheet_in.cells import cell_text, without_control
from core.spreadsheet_in.findings import Finding
from core.spreadsheet_in.limited import OutOfLimits, unpacked_size
from core.texts import _

if TYPE_CHECKING:
    from openpyxl import Workbook


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
    if len(source.row_of) > rows_max:
        return _bad_rows(source, errors)
    try:
        return _marked(source, errors)
    except OutOfLimits:
        return _bad_rows(source, errors)


def _marked(source: Source, errors: Sequence[Finding]) -> bytes:
    title, author = _("错误说明"), _("惠民")
    marks = list(_marks(source, errors))
    if source.kind == "xlsx":
        order = (source.data, list(map(tuple, marks)), title, author)
        [(_what, data)] = limited.run("mark", order, unpacked_size(source.data))
        return data
    book = _copied(source)
    apart.write_marks(book, marks, title, author)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _marks(source: Source, errors: Sequence[Finding]) -> Iterator[Marks]:
    by_sheet: dict[int, list[Finding]] = {}
    for finding in errors:
        by_sheet.setdefault(finding.sheet_at, []).append(finding)
    for number, found in by_sheet.items():
        place = source.sheets[number]
        name = place.name if source.kind == "xlsx" else _title(place.name)
        by_row: dict[int, list[Finding]] = {}
        for finding in found:
            by_row.setdefault(finding.row, []).append(finding)
        notes = [(one.row, one.column_at + 1, without_control(one.message)) for one in found if one.column]
        reasons = {row: _in_words(some, source.headers) for row, some in by_row.items()}
        yield Marks(name, place.header_row, place.width, notes, reasons)


def _in_words(found: Sequence[Finding], headers: Mapping[str, str]) -> str:
    words = (f"{headers[one.field]}：{one.message}" if one.field in headers else one.message for one in found)
    return without_control("；".join(words))


def _copied(source: Source) -> "Workbook":
    """A workbook made of what was read, for files that are no xlsx: same rows, same columns, every cell a text."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for number, sheet in enumerate(source.sheets):
        made = book.create_sheet(_title(sheet.name))
        for name, place in sheet.places.items():
            made.cell(sheet.header_row, place + 1, source.headers[name])
        for at, row in enumerate(source.row_of):
            if source.sheet_of[at] != number:
                continue
            for name, place in sheet.places.items():
                text = without_control(cell_text(source.columns[name][at]))
                if text:
                    cell = made.cell(row, place + 1, text)
                    cell.number_format, cell.data_type = "@", "s"
    return book


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
