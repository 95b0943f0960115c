"""The one place that writes Excel and CSV files: for reports and for exports, never with a formula from a text."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO, Literal
from xml.sax.saxutils import escape

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from core.extension import Column
from core.headers import Head, header
from core.sample import is_sample
from core.showing import COUNTY_TIME, cell, width
from core.texts import _

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may read as the beginning of a formula, full-width forms included."""

CELL_LIMIT = 32_767
SHEET_NAME_LIMIT = 31
LINE_HEIGHT = 15
"""Points of one line of a note below a table."""
SIGNING_ROOM = "　" * 8
"""Room for a name between those who sign."""
SAMPLE_RED = "C00000"
NO_MOMENT = datetime(2000, 1, 1)  # noqa: DTZ001 - what a workbook says of its making
"""The same rows are the same bytes whenever they are written; when somebody asked for them the audit knows."""
NUMERIC = ("money", "integer", "ratio", "number")
NUMBER_FORMATS = {
    "money": "#,##0.00",
    "integer": "#,##0",
    "ratio": "0.0%",
    "number": "#,##0.00",
    "date": "yyyy-mm-dd",
    "text": "@",
    "month": "@",
}


@dataclass(frozen=True)
class Grid:
    """One sheet to write. ``rows`` may be a generator; a money cell is whole fen, a ratio a share of one.

    ``plain`` leaves out title, sums and signatures: a file to be read by a program or imported again.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    total: Sequence[Any] | None = None
    office: str = ""
    period: str = ""
    unit: str = ""
    signers: Sequence[str] = ()
    notes: Sequence[str] = field(default=())
    landscape: bool = True
    plain: bool = False


def is_risky(text: str) -> bool:
    """Would a spreadsheet take this text for a formula?"""
    return text.startswith(RISKY) or text.lstrip(" \u00a0\u3000").startswith(RISKY)


def write_excel(target: BinaryIO, grid: Grid) -> int:
    """Write a workbook as a county prints it: title, unit, header, rows, sum, who made it. Gives the rows."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": grid.title, "created": NO_MOMENT})
        return _Writer(book, grid).write()


def write_csv(target: BinaryIO, grid: Grid, encoding: Literal["gb18030", "utf-8-sig"] = "gb18030") -> int:
    """Write a CSV file that Chinese Excel opens as it is; risky texts get an apostrophe. Gives the rows written."""
    wrapper = io.TextIOWrapper(target, encoding=encoding, newline="", write_through=True)
    writer = csv.writer(wrapper, lineterminator="\r\n")
    writer.writerow([_csv_cell("text", column.title) for column in grid.columns])
    count = 0
    for row in grid.rows:
        writer.writerow([_csv_cell(column.kind, value) for column, value in zip(grid.columns, row, strict=True)])
        count += 1
    wrapper.detach()
    return count


_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"'
        ' Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_ROWS_AT_ONCE = 2_000


def plain_workbook(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook of texts without any format, as a bank's program reads it; twenty times as quick as a dressed one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, text in _PARTS.items():
            packed.writestr(name, _XML + text)
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            sheet.write((_XML + start).encode())
            waiting = [_plain_row(headers)]
            for row in rows:
                waiting.append(_plain_row(row))
                if len(waiting) == _ROWS_AT_ONCE:
                    sheet.write("".join(waiting).encode())
                    waiting = []
            sheet.write(("".join(waiting) + "</sheetData></worksheet>").encode())
    return out.getvalue()


def _plain_row(cells: Sequence[Any]) -> str:
    text = "\0".join(map(str, cells))
    if _NEEDS_CARE.search(text):
        text = "\0".join(escape(_clean(str(cell))) for cell in cells)
    return f'<row><c t="str"><v>{text.replace(_GAP, _BETWEEN)}</v></c></row>'


_GAP, _BETWEEN = "\0", '</v></c><c t="str"><v>'
_NEEDS_CARE = re.compile("[&<>\x01-\x1f\ufffe\uffff]")


def _csv_cell(kind: str, value: Any) -> str:
    if value is None:
        return ""
    if kind == "money" and isinstance(value, int):
        return cell("money", value).replace(",", "")
    if kind in NUMERIC and isinstance(value, (int, float, Decimal)):
        return str(value)
    text = cell(kind, value) if value != "" else ""
    return f"'{text}" if is_risky(text) else text


class _Writer:
    """One pass over one grid; knows the row it stands on."""

    def __init__(self, book: xlsxwriter.Workbook, grid: Grid) -> None:
        self._book, self._grid = book, grid
        self._sheet: Worksheet = book.add_worksheet(_sheet_name(grid.title))
        self._row = 0
        self._last = len(grid.columns) - 1
        self._widths = [width(column.title) + 2 for column in grid.columns]
        self._formats = {kind: self._format(kind) for kind in NUMBER_FORMATS}
        self._sums = {kind: self._format(kind, bold=True) for kind in NUMBER_FORMATS}
        self._risky = self._format("text", quote_prefix=True)

    def write(self) -> int:
        if not self._grid.plain:
            self._title()
        first = self._row
        self._header()
        last = self._row - 1
        count = self._rows()
        if self._grid.total is not None and not self._grid.plain:
            self._line(self._sum_row(), self._sums)
        if not self._grid.plain:
            self._foot()
        self._set_up_print(first, last)
        return count

    def _header(self) -> None:
        """The titles of the columns; those of a group below one merged cell, and the plain file in one row."""
        bold = self._book.add_format(
            {
                "bold": True,
                "border": 1,
                "align": "center",
                "valign": "vcenter",
                "text_wrap": True,
                "bg_color": "#F2F2F2",
            }
        )
        if self._grid.plain:
            for number, column in enumerate(self._grid.columns):
                self._sheet.write_string(self._row, number, _clean(column.title), bold)
            self._row += 1
            return
        rows = header(self._grid.columns)
        for row in rows:
            for one in row:
                self._head(one, min(one.tall, len(rows)), bold)
            self._row += 1

    def _head(self, one: Head, tall: int, form: Format) -> None:
        bottom, right = self._row + tall - 1, one.at + one.wide - 1
        if (bottom, right) != (self._row, one.at):
            self._sheet.merge_range(self._row, one.at, bottom, right, "", form)
        self._sheet.write_string(self._row, one.at, _clean(one.title), form)

    def _title(self) -> None:
        if is_sample():
            red = self._book.add_format({"bold": True, "font_color": f"#{SAMPLE_RED}", "align": "right"})
            self._merged(_("示例：人、地址和金额都是编的，请勿录入真实资料"), red)
        big = self._book.add_format({"bold": True, "font_size": 18, "align": "center", "valign": "vcenter"})
        self._merged(self._grid.title, big)
        self._sheet.set_row(self._row - 1, 32)
        small = self._book.add_format({"font_size": 10, "align": "right"})
        parts = [self._grid.office, self._grid.period, self._grid.unit]
        line = "　　".join(part for part in parts if part)
        if line:
            self._merged(line, small)

    def _merged(self, text: str, form: Format) -> None:
        if self._last > 0:
            self._sheet.merge_range(self._row, 0, self._row, self._last, "", form)
        self._sheet.write_string(self._row, 0, _clean(text), form)
        self._row += 1

    def _rows(self) -> int:
        count = 0
        for row in self._grid.rows:
            self._line(row, self._formats)
            count += 1
        return count

    def _line(self, row: Sequence[Any], forms: dict[str, Format]) -> None:
        for number, (column, value) in enumerate(zip(self._grid.columns, row, strict=True)):
            kind = "integer" if column.kind == "number" and isinstance(value, int) else column.kind
            self._cell(number, kind, value, forms[kind])
        self._row += 1

    def _cell(self, number: int, kind: str, value: Any, form: Format) -> None:
        if value is None or value == "":
            self._sheet.write_blank(self._row, number, None, form)
            return
        self._widths[number] = max(self._widths[number], min(width(cell(kind, value)) + 2, 42))
        match kind, value:
            case "money", int():
                self._sheet.write_number(self._row, number, value / 100, form)
            case "integer" | "ratio" | "number", int() | float() | Decimal():
                self._sheet.write_number(self._row, number, value, form)
            case "date", datetime():
                self._sheet.write_datetime(self._row, number, value.astimezone(COUNTY_TIME).replace(tzinfo=None), form)
            case "date", date():
                self._sheet.write_datetime(self._row, number, datetime(value.year, value.month, value.day), form)
            case _:
                text = _clean(cell("text", value))
                self._sheet.write_string(self._row, number, text, self._risky if is_risky(text) else form)

    def _sum_row(self) -> list[Any]:
        total = list(self._grid.total or ())
        if total and total[0] in (None, ""):
            total[0] = _("合计")
        return total

    def _foot(self) -> None:
        form = self._book.add_format({"font_size": 10, "text_wrap": True, "valign": "top"})
        room = max(sum(self._widths), 20)
        for text in self._grid.notes:
            self._sheet.set_row(self._row, LINE_HEIGHT * (1 + width(text) // room))
            self._merged(text, form)
        if self._grid.signers:
            self._row += 1
            line = SIGNING_ROOM.join(_("{who}：", who=who) for who in self._grid.signers)
            self._merged(line, self._book.add_format({"font_size": 10}))

    def _set_up_print(self, first: int, last: int) -> None:
        """A4, lying when wide; the rows of the header from ``first`` to ``last`` on every sheet of paper."""
        for number, columns in enumerate(self._widths):
            self._sheet.set_column(number, number, columns)
        self._sheet.freeze_panes(last + 1, 0)
        self._sheet.set_paper(9)
        if self._grid.landscape:
            self._sheet.set_landscape()
        self._sheet.center_horizontally()
        self._sheet.repeat_rows(first, last)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.print_area(0, 0, max(self._row - 1, last), max(self._last, 0))
        if is_sample():
            self._sheet.set_header('&R&"-,Bold"&K' + SAMPLE_RED + _("示例"))
        self._sheet.set_footer("&C" + _("第 {page} 页，共 {pages} 页", page="&P", pages="&N"))

    def _format(self, kind: str, *, bold: bool = False, quote_prefix: bool = False) -> Format:
        align = "right" if kind in NUMERIC else "left"
        form = self._book.add_format({"border": 1, "valign": "vcenter", "align": align, "bold": bold})
        form.set_num_format(NUMBER_FORMATS[kind])
        if quote_prefix:
            form.set_quote_prefix()
        return form


def _clean(text: str) -> str:
    """A text without the control characters that XML forbids, cut where Excel would refuse it."""
    kept = "".join(letter for letter in text if letter >= " " or letter in "\t\n\r")
    return kept[:CELL_LIMIT]


def _sheet_name(title: str) -> str:
    name = "".join(letter for letter in title if letter not in "[]:*?/\\'" and letter >= " ")
    return name[:SHEET_NAME_LIMIT] or "Sheet1"
