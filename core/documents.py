"""Papers: a ``Sheet`` is data, and becomes an HTML sheet or a PDF with the same words in the same places."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

import segno
import typst

from core import fonts
from core.extension import Column, Sheet
from core.headers import Head, header
from core.sample import is_sample
from core.showing import NOTHING, cell, day_in_words, width
from core.texts import SOURCE, _, language

TYPST = Path(__file__).parent / "typst"
LONG_TEXT = 20
FONT_MISSING = "FONT_MISSING"


@dataclass(frozen=True)
class Cell:
    """One printed cell: its text and whether it stands at the right or the left."""

    text: str
    align: str


@dataclass(frozen=True)
class Drawn:
    """A sheet with every value written out: what both renderers print.

    ``header`` are the titles of the columns, ``heads`` the rows of cells in which they are printed, ``rows`` printed
    cells, ``total`` the sum row or None, ``seal`` the words under the seal.
    """

    sheet: Sheet
    fields: tuple[tuple[str, str], ...]
    header: tuple[str, ...]
    heads: tuple[tuple[Head, ...], ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None
    unit: str
    dated: str
    qr: str

    @property
    def language(self) -> str:
        """The language a reader should hear: papers of the county are Chinese, reports speak the reader's."""
        return "en" if self.sheet.title.isascii() else SOURCE


@dataclass(frozen=True)
class Pdf:
    """A finished PDF. ``missing`` are characters no font could draw: they are printed as code points in brackets."""

    content: bytes
    missing: tuple[str, ...]

    @property
    def flags(self) -> tuple[str, ...]:
        """``FONT_MISSING`` when a character had to be printed as its code point."""
        return (FONT_MISSING,) if self.missing else ()


def draw(sheet: Sheet) -> Drawn:
    """Write out every value of a sheet in the language of now."""
    return Drawn(
        sheet=sheet,
        fields=tuple((label, value or NOTHING) for label, value in sheet.fields),
        header=tuple(column.title for column in sheet.columns),
        heads=header(sheet.columns) if sheet.columns else (),
        rows=tuple(_row(sheet.columns, row) for row in sheet.rows),
        total=_total(sheet),
        unit=_("单位：{unit}", unit=sheet.unit) if sheet.unit else "",
        dated=day_in_words(sheet.dated) if sheet.dated else "",
        qr=qr(sheet.check_address),
    )


def qr(address: str) -> str:
    """A QR code as inline SVG without style; "" for no address."""
    if not address:
        return ""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        nl=False,
        border=0,
        scale=1,
        omitsize=True,
        svgclass=None,
        lineclass=None,
    )
    return out.getvalue().decode()


def _row(columns: Sequence[Column], row: Sequence[object]) -> tuple[Cell, ...]:
    return tuple(_cell(column, cell(column.kind, value)) for column, value in zip(columns, row, strict=True))


def _total(sheet: Sheet) -> tuple[Cell, ...] | None:
    if sheet.total is None:
        return None
    cells = []
    for column, value in zip(sheet.columns, sheet.total, strict=True):
        text = "" if value in (None, "") else value if isinstance(value, str) else cell(column.kind, value)
        cells.append(_cell(column, text))
    if not cells[0].text:
        cells[0] = Cell(_("合计"), "center")
    return tuple(cells)


def _cell(column: Column, text: str) -> Cell:
    """Amounts stand at the right, long texts at the left, everything else in the middle, as on the county's papers."""
    if column.kind in ("money", "ratio", "number"):
        return Cell(text, "right")
    return Cell(text, "left" if column.kind == "text" and width(text) > LONG_TEXT else "center")


# ── HTML ──────────────────────────────────────────────────────────────────────────────────────────────────────────

LINES = {True: (24, 30), False: (34, 44)}
"""Lines of a table on the first and on a further page, by landscape: an estimate for the screen, the PDF is exact."""
LETTERS = {True: 120, False: 80}
"""Letters in one line of a table, by landscape; a Chinese character is two."""


@dataclass(frozen=True)
class Page:
    """One paper of the HTML sheet: its rows, and whether it opens or ends the document."""

    number: int
    rows: tuple[tuple[Cell, ...], ...]
    first: bool
    last: bool


def pages(drawn: Drawn) -> tuple[Page, ...]:
    """Cut the table into papers, so that a browser's print repeats head and page number."""
    first_room, further_room = LINES[drawn.sheet.landscape]
    taken = sum(2 + len(text) // 36 for text in drawn.sheet.paragraphs) + (len(drawn.fields) + 1) // 2
    taken += 8 if drawn.sheet.seal or drawn.sheet.signatures else 2
    room = max(first_room - taken, 6)
    rooms = _rooms(drawn)
    chunks: list[list[tuple[Cell, ...]]] = [[]]
    for row in drawn.rows:
        height = max((-(-width(one.text) // room_of) for one, room_of in zip(row, rooms, strict=True)), default=1) or 1
        if room < height and chunks[-1]:
            chunks.append([])
            room = further_room - 4
        chunks[-1].append(row)
        room -= height
    last = len(chunks) - 1
    return tuple(Page(n + 1, tuple(rows), n == 0, n == last) for n, rows in enumerate(chunks))


def _rooms(drawn: Drawn) -> list[int]:
    """How many letters a line of each column takes, by the longest text in it."""
    weights = _weights(drawn)
    return [max(2, int(LETTERS[drawn.sheet.landscape] * one / sum(weights))) for one in weights]


# ── PDF ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_press = Lock()


@cache
def _compiler() -> typst.Compiler:
    """The kept compiler: fonts are read once, a page then takes milliseconds. Used under ``_press`` only."""
    return typst.Compiler(root=str(TYPST), font_paths=fonts.installed(), ignore_system_fonts=True)


def pdf(sheet: Sheet) -> Pdf:
    """Print a sheet as PDF, in a demo county with 示例 in red on every page; TryAgain without a Chinese font."""
    drawn = draw(sheet)
    words = _words(drawn)
    text = json.dumps(words, ensure_ascii=False)
    missing = tuple(fonts.missing(text))
    for letter in missing:
        text = text.replace(letter, f"[U+{ord(letter):04X}]")
    with _press:
        content = _compiler().compile(
            str(TYPST / "sheet.typ"), format="pdf", sys_inputs={"sheet": text, "qr": drawn.qr}, timestamp=0
        )
    if not isinstance(content, bytes):
        raise TypeError("the compiler gives one file for a PDF")
    return Pdf(content, missing)


def _words(drawn: Drawn) -> dict[str, object]:
    sheet = drawn.sheet
    return {
        "fonts": {
            "serif": fonts.chinese(fonts.SERIF),
            "title": fonts.chinese(fonts.TITLE),
            "sans": fonts.chinese(fonts.SANS),
        },
        "lang": "zh" if language().startswith("zh") else "en",
        "layout": sheet.layout,
        "landscape": sheet.landscape,
        "title": sheet.title,
        "number": _("编号：{number}", number=sheet.number) if sheet.number else "",
        "office": sheet.office,
        "dated": drawn.dated,
        "fields": drawn.fields,
        "paragraphs": list(sheet.paragraphs),
        "header": drawn.header,
        "heads": [(one.title, one.wide, one.tall) for row in drawn.heads for one in row],
        "weights": _weights(drawn),
        "rows": [[(one.text, one.align) for one in row] for row in drawn.rows],
        "total": [(one.text, one.align) for one in drawn.total] if drawn.total else None,
        "unit": drawn.unit,
        "signatures": list(sheet.signatures),
        "seal": sheet.seal,
        "seal_word": _("盖章处"),
        "sign_line": _("签字：　　　　　　　　　　年　　月　　日"),
        "notes": list(sheet.notes),
        "check": [_("扫码核验"), _("核验码 {code}", code=sheet.check_code)] if sheet.check_code else [],
        "page": _("第 {page} 页，共 {pages} 页", page="@PAGE@", pages="@PAGES@"),
        "sample": _("示例") if is_sample() else "",
    }


def _weights(drawn: Drawn) -> list[float]:
    """The share of the width of each column, from the longest text in it, so that long names get room."""
    columns = [
        [drawn.header[n], *(row[n].text for row in drawn.rows), *([drawn.total[n].text] if drawn.total else [])]
        for n in range(len(drawn.header))
    ]
    return [float(min(max(max(width(text) for text in texts), 5), 30)) for texts in columns]
