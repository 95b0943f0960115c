"""Open a file that somebody sent: xlsx, xls, ods or csv, whatever its name says, within limits, into rows of cells."""

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from core.errors import refuse
from core.texts import _

HEADER_WITHIN = 30
"""A header is looked for in so many first rows; titles and units stand above it."""
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
    return kind, _csv_sheets(data, title, limits) if kind == "csv" else _workbook_sheets(data, kind, limits)


def kind_of(data: bytes) -> str:
    """What a file is by its first bytes, whatever its name says."""
    if data[:4] == b"PK\x03\x04":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                names = packed.namelist()
        except zipfile.BadZipFile:
            raise refuse(_("文件已损坏，打不开"), code="E_FILE") from None
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


def _workbook_sheets(data: bytes, kind: str, limits: Limits) -> list[NamedRows]:
    from python_calamine import CalamineError, CalamineWorkbook

    if kind != "xls":
        _refuse_bomb(data, limits)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = []
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.height > limits.rows + HEADER_WITHIN + 1000:
                _refuse_height(name, sheet.height, limits)
            sheets.append((name, sheet.to_python(skip_empty_area=False)))
    except (CalamineError, ValueError, OSError) as error:
        raise refuse(_("文件打不开：可能设了密码或已损坏，请另存为 xlsx 再试"), code="E_FILE") from error
    return sheets


def _refuse_height(name: str, height: int, limits: Limits) -> None:
    raise refuse(
        _("工作表“{name}”有 {rows} 行，超过一次导入的上限 {most} 行", name=name, rows=height, most=limits.rows),
        code="E_FILE_SIZE",
    )


def _refuse_bomb(data: bytes, limits: Limits) -> None:
    """Refuse what would unpack to more than allowed, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = packed.infolist()
    except zipfile.BadZipFile:
        raise refuse(_("文件已损坏，打不开"), code="E_FILE") from None
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
    try:
        rows = [[_uncovered(cell) for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error as error:
        raise refuse(_("CSV 文件读不出来：{error}", error=error), code="E_FILE") from error
    if len(rows) > limits.rows + HEADER_WITHIN + 1000:
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
