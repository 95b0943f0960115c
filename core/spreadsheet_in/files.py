"""Open a file that somebody sent: xlsx, xls, ods or csv, whatever its name says, within limits, into rows of cells."""

import codecs
import csv
import io
import zipfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypeAlias

from core.errors import refuse
from core.spreadsheet_in import limited
from core.spreadsheet_in.apart import COLUMNS_MAX
from core.spreadsheet_in.limited import OutOfLimits, entries_of, unpacked_size
from core.texts import _

HEADER_WITHIN = 30
"""A header is looked for in so many first rows; titles and units stand above it."""
_ROWS_OVER = 1_000
"""Rows beyond the limit that may be sums, signatures or blank."""
_CELLS_LEAST, _CELLS_PER_ROW = 1_000_000, 64
"""So many cells of all sheets are read, data or not."""
_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".ods")
"""Names of what is no text. Programs of banks do write text and call it .xls, so that name says nothing."""
ENTRIES_MAX = 5_000
RATIO_MAX = 200

NamedRows: TypeAlias = tuple[str, Sequence[Sequence[Any]]]
"""One sheet: its name and its rows of cells as the file holds them."""


@dataclass(frozen=True)
class Limits:
    """How large a file may be: rows, and megabytes when unpacked."""

    rows: int
    megabytes: int


def read_sheets(data: bytes, title: str, limits: Limits) -> tuple[str, list[NamedRows]]:
    """The kind of a file ("xlsx", "xls", "ods" or "csv") and its sheets; refused in words when it cannot be read."""
    kind = kind_of(data)
    if kind == "csv":
        _refuse_no_table(data, title)
    return kind, _csv_sheets(data, title, limits) if kind == "csv" else _workbook_sheets(data, kind, limits)


def kind_of(data: bytes) -> str:
    """What a file is by its first bytes, whatever its name says."""
    if data[:4] == b"PK\x03\x04":
        names = {entry.filename for entry in _entries(data)}
        if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
            return "xlsx"
        if "content.xml" in names:
            return "ods"
        raise refuse(_("这是压缩包，不是表格，请上传 Excel 或 CSV 文件"), code="E_FILE")
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return "xls"
    if data[:5] in (b"%PDF-", b"{\\rtf") or data[:3] == b"\xff\xd8\xff" or data[:4] == b"\x89PNG":
        raise refuse(_("这不是表格文件，请上传 Excel 或 CSV 文件"), code="E_FILE")
    return "csv"


def _entries(data: bytes) -> list[zipfile.ZipInfo]:
    entries = entries_of(data)
    if entries is None:
        raise refuse(_("文件已损坏，打不开"), code="E_FILE")
    return entries


def _refuse_no_table(data: bytes, title: str) -> None:
    """Refuse a text that is called a workbook, and a page of the web that some programs save as one."""
    if data.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"<":
        raise refuse(_("这是网页，不是表格：请用 Excel 打开后另存为 xlsx 再试"), code="E_FILE")
    if title.lower().endswith(_WORKBOOKS):
        words = _(
            "“{title}”不是 Excel 工作簿，里面是文字：请用 Excel 打开后另存为 xlsx，或把名字改成 .csv", title=title
        )
        raise refuse(words, code="E_FILE")


def _workbook_sheets(data: bytes, kind: str, limits: Limits) -> list[NamedRows]:
    if kind != "xls":
        _refuse_bomb(data, limits)
    height_max = limits.rows + HEADER_WITHIN + _ROWS_OVER
    sheets: list[tuple[str, list[Sequence[Any]]]] = []
    try:
        with closing(limited.run("read", (data, height_max, _cells_max(limits)), unpacked_size(data))) as parts:
            for what, found in parts:
                match what:
                    case "sheet":
                        sheets.append((found, []))
                    case "rows":
                        sheets[-1][1].extend(found)
                    case "high":
                        _refuse_height(*found, limits)
                    case "wide":
                        _refuse_width(*found)
                    case _broken:
                        raise refuse(_("文件打不开：可能设了密码或已损坏，请另存为 xlsx 再试"), code="E_FILE")
    except OutOfLimits:
        words = _("文件没有打开：它要的内存或时间超过了限制。请把数据复制到新的工作簿，只留有数据的行和列")
        raise refuse(words, code="E_FILE_SIZE") from None
    return list(sheets)


def _cells_max(limits: Limits) -> int:
    return max(_CELLS_LEAST, limits.rows * _CELLS_PER_ROW)


def _refuse_width(name: str, width: int) -> None:
    words = _("工作表“{name}”有 {width} 列，格子太多，没有打开：请删去没有数据的行和列", name=name, width=width)
    raise refuse(words, code="E_FILE_SIZE")


def _refuse_height(name: str, height: int, limits: Limits) -> None:
    raise refuse(
        _("工作表“{name}”有 {rows} 行，超过一次导入的上限 {most} 行", name=name, rows=height, most=limits.rows),
        code="E_FILE_SIZE",
    )


def _refuse_bomb(data: bytes, limits: Limits) -> None:
    """Refuse what would unpack to more than allowed, before anything is unpacked."""
    entries = _entries(data)
    size = sum(entry.file_size for entry in entries)
    packed_size = sum(entry.compress_size for entry in entries) or 1
    too_large = size > limits.megabytes * 1_000_000
    if len(entries) > ENTRIES_MAX or too_large or (size > 20_000_000 and size / packed_size > RATIO_MAX):
        raise refuse(_("文件解压后太大（{size} MB），没有打开", size=size // 1_000_000), code="E_FILE_SIZE")


def _csv_sheets(data: bytes, title: str, limits: Limits) -> list[NamedRows]:
    text = decoded(data)
    first = text.partition("\n")[0]
    delimiter = max((",", "\t", ";"), key=first.count)
    csv.field_size_limit(1_000_000)
    rows, cells = [], 0
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            rows.append([_uncovered(cell) for cell in row])
            cells += len(row)
            if cells > _cells_max(limits) or len(row) > COLUMNS_MAX:
                _refuse_width(title, max(map(len, rows)))
    except csv.Error as error:
        raise refuse(_("CSV 文件读不出来：{error}", error=error), code="E_FILE") from error
    if len(rows) > limits.rows + HEADER_WITHIN + _ROWS_OVER:
        _refuse_height(title, len(rows), limits)
    return [(title, rows)]


def decoded(data: bytes) -> str:
    """Text of a CSV file, whatever Excel or an editor saved it as."""
    if b"\0" in data[:1000] and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise refuse(_("这不是表格文件，请上传 Excel 或 CSV 文件"), code="E_FILE")
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refuse(_("CSV 文件的编码读不出来，请用 Excel 另存为 xlsx 或 UTF-8"), code="E_FILE")


def _uncovered(cell: str) -> str:
    """A cell without what people put in front so that Excel leaves a number alone: ="…", ' or a tab."""
    text = cell.strip()
    if text.startswith('="') and text.endswith('"'):
        return text[2:-1]
    return text.lstrip("'\t")
