"""Spreadsheets that hurt: every kind made by hand from its parts, so that each part can be spoilt."""

import io
import random
import re
import struct
import zipfile
from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import escape

from core.demo.people import HEADERS
from core.identity.numbers import check_character
from core.spreadsheet_in.cells import letter_of

VILLAGE = "430223103201"
EVERY_KIND = ("事实", "金额", "人数", "起始日", "月份", "比例", "等级")
"""Headers of the import that has a column of every kind."""
GRADES = ("一级", "二级", "三级")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CELL = '<table:table-cell office:value-type="string"'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HOSTILE = (
    "\0", "a\0b", "\x01\x02", "_x0000_", "_xD800_", "\ud800", "\ufeff", "\u202e倒", "张\u200b三", "😀" * 50,
    "王" * 40_000, "=cmd|'/c calc'!A0", '=HYPERLINK("http://x")', "+1", "@SUM(A1)", "{{7*7}}", "%s%n", "../passwd",
    "'); DROP TABLE identity_person; --", "<script>alert(1)</script>", "1e999", "-1e999", "NaN", "inf", "9.99E+17",
    "١٢٣", "１２３", "1_000", "2026-02-30", "0000-00-00", "9999-12-31", "#REF!", "#DIV/0!", "TRUE", "43022319461120023",
    "4302231946112002333", "99922319700101001X", "", " ", "\t", "\n", "合计", "示例", "-0", "0x10", "1,2,3", "十二",
    "12.345", "\\", '"', "\r\n",
)  # fmt: skip
"""What may stand in a cell."""


@dataclass(frozen=True)
class File:
    """One file: what was done to it, its name, its bytes, and for which import it is meant."""

    what: str
    name: str
    data: bytes
    roster: bool


def roster_rows(number: int, dice: random.Random) -> list[list[str]]:
    """A header and some households that nobody else has."""
    rows = [list(HEADERS)]
    for at in range(dice.randint(1, 4)):
        serial = number * 4 + at
        first = f"999223{1950 + serial // 900 % 50}0{1 + serial // 45_000 % 9}01{serial % 900 + 100:03d}"
        filled = [
            f"F{number}-{at}",
            "王桂兰",
            first + check_character(first),
            "户主",
            "",
            "",
            VILLAGE,
            "",
            "一组",
            "",
            "",
        ]
        rows.append(filled)
    return rows


def plain_rows(dice: random.Random) -> list[list[str]]:
    """A header of every kind of column and some good rows."""
    good = lambda: ["下雨", "12.50", "3", "2026-11-20", "2026-11", "35%", dice.choice(GRADES)]  # noqa: E731
    return [list(EVERY_KIND), *(good() for _row in range(dice.randint(1, 5)))]


def sheet_xml(rows: list[list[str]]) -> str:
    """The rows as a sheet whose texts stand in the shared strings, counted through."""
    lines, at = [], 0
    for number, row in enumerate(rows, start=1):
        cells = []
        for column in range(len(row)):
            cells.append(f'<c r="{letter_of(column)}{number}" t="s"><v>{at}</v></c>')
            at += 1
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def strings_xml(rows: list[list[str]]) -> str:
    """The shared strings of the rows; what XML cannot hold is left out."""
    texts = (escape(_holdable(cell)) for row in rows for cell in row)
    return f'<sst xmlns="{MAIN}">{"".join(f"<si><t>{text}</t></si>" for text in texts)}</sst>'


def _holdable(text: str) -> str:
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", "", text)


def parts_of(rows: list[list[str]]) -> dict[str, bytes]:
    """The parts of a workbook with one sheet."""
    overrides = (("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet"), ("sharedStrings", "sharedStrings"))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    kinds = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{kind}.{what}+xml"/>' for name, what in overrides
    )
    texts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{kinds}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>'
        '<sheet name="名册" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet_xml(rows),
        "xl/sharedStrings.xml": strings_xml(rows),
    }
    return {name: text.encode() for name, text in texts.items()}


def zipped(parts: dict[str, bytes]) -> bytes:
    """The parts in one archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


@cache
def packed_zeros(megabytes: int) -> bytes:
    """A workbook with a sheet of so many megabytes of blanks: a thousandth of that when packed."""
    return zipped({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b" " * (megabytes << 20)})


def lying(data: bytes, size: int) -> bytes:
    """The same archive whose directory says that every part is of ``size`` bytes."""
    spoilt = bytearray(data)
    for sign, place in ((b"PK\1\2", 24), (b"PK\3\4", 22)):
        at = spoilt.find(sign)
        while at >= 0:
            spoilt[at + place : at + place + 4] = struct.pack("<I", size)
            at = spoilt.find(sign, at + 4)
    return bytes(spoilt)


def ods(rows: list[list[str]], repeated: int) -> bytes:
    """An OpenDocument sheet; its last row and column are repeated so many times."""
    texts = (["<text:p>" + escape(_holdable(cell)) + "</text:p>" for cell in row] for row in rows)
    cells = (f"{CELL}>" + f"</table:table-cell>{CELL}>".join(row) + "</table:table-cell>" for row in texts)
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    if repeated:
        cell = f'{CELL} table:number-columns-repeated="{repeated}"><text:p>x</text:p></table:table-cell>'
        body += f'<table:table-row table:number-rows-repeated="{repeated}">{cell}</table:table-row>'
    space = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = " ".join(f'xmlns:{name}="{space}:{name}:1.0"' for name in ("office", "table", "text"))
    table = f'<table:table table:name="名册">{body}</table:table>'
    inner = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    content = f"<office:document-content {spaces}>{inner}</office:document-content>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    space = f"{space}:manifest:1.0"
    manifest = f'<m:manifest xmlns:m="{space}"><m:file-entry m:full-path="/" m:media-type="{kind}"/></m:manifest>'
    parts = {"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content}
    return zipped({name: text.encode() for name, text in parts.items()})


def xls(rows: list[list[str]]) -> bytes:
    """An Excel 97 workbook: records of texts in one stream of a compound file."""
    record = lambda kind, data: struct.pack("<HH", kind, len(data)) + data  # noqa: E731
    wide = lambda text, head: struct.pack(head, len(text)) + b"\1" + text.encode("utf-16-le")  # noqa: E731
    begin = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + record(0x42, struct.pack("<H", 1200))
    name = wide("名册", "<B")
    place = len(begin) + 4 + 6 + len(name) + 4
    book = begin + record(0x85, struct.pack("<IH", place, 0) + name) + record(0x0A, b"")
    book += record(0x809, struct.pack("<HHHHII", 0x600, 16, 0, 0, 0, 0))
    book += record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            text = _holdable(cell)[:200]
            book += record(0x204, struct.pack("<HHH", at, column, 0) + wide(text, "<H"))
    return compound(book + record(0x0A, b""))


def compound(stream: bytes, name: str = "Workbook") -> bytes:
    """One stream in a compound file of 512-byte sectors."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    fat_sectors = -(-(len(table)) // 128)
    if fat_sectors > 1:
        raise ValueError("one sector of the table is enough here")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<I", 0) + b"\xff\xff\xff\xff" * 108
    fat = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")

    def entry(title: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = title.encode("utf-16-le")
        tail = struct.pack("<IIQ", start, size, 0)[:12]
        body = (
            text.ljust(64, b"\0")
            + struct.pack("<HBB", len(text) + 2, kind, 1)
            + struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
        )
        return (body + bytes(36) + tail).ljust(128, b"\0")

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry(name, 2, 0xFFFFFFFF, 2, len(stream))
    return head + fat + directory.ljust(512, b"\0") + stream
