"""What opens files of strangers, in a process of its own: runs as a script and knows nothing of the county.

A small file may ask for more memory than a machine has, or never end; then this process dies and nobody else.
Standard input holds one line ``[act, arguments, limits, path]``; standard output gets a line a part, then ``null``.
They are JSON and nothing that could run: whoever breaks this process can answer with wrong cells and no more.
"""

import base64
import io
import json
import resource
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from openpyxl import Workbook

_ROWS_AT_ONCE = 5_000
_NOTES_MAX = 5_000
"""Notes beyond so many make Excel slow; the last column says the same."""

COLUMNS_MAX = 16_383
"""The last of Excel's 16,384 columns is kept for what is wrong with a row."""

Part: TypeAlias = tuple[str, Any]

_READ: Mapping[str, Callable[[Any], Any]] = {
    "bytes": base64.b64decode,
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "time": time.fromisoformat,
    "seconds": lambda seconds: timedelta(seconds=seconds),
}
"""How a value is read that JSON has no word for: it is written as ``{kind: text}``."""


class Marks(NamedTuple):
    """What to write into one sheet: notes as (row, column from 1, text) and for each bad row why; rows from 1."""

    sheet: str
    header_row: int
    width: int
    notes: Sequence[tuple[int, int, str]]
    reasons: Mapping[int, str]


def read(data: bytes, height_max: int, cells_max: int) -> Iterator[Part]:
    """The sheets of a workbook: ``("sheet", name)``, then ``("rows", …)``; ``("high" | "wide", …)`` when too large."""
    from python_calamine import CalamineError, CalamineWorkbook

    cells = 0
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            yield "sheet", name
            if sheet.start is None or sheet.end is None:
                continue
            height, width = sheet.end[0] + 1, sheet.end[1] + 1
            cells += height * width
            if height > height_max:
                yield "high", (name, height)
                return
            if cells > cells_max or width > COLUMNS_MAX:
                yield "wide", (name, width)
                return
            left, rows = [""] * sheet.start[1], []
            for row in sheet.iter_rows():
                rows.append(left + row)
                if len(rows) == _ROWS_AT_ONCE:
                    yield "rows", rows
                    rows = []
            yield "rows", rows
    except (CalamineError, ValueError, OSError):
        yield "broken", None


def mark(data: bytes, marks: Sequence[tuple[Any, ...]], title: str, author: str) -> Iterator[Part]:
    """The same workbook with the marks (each the fields of ``Marks``, rows as text) in it, as ``("file", bytes)``."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data))
    own = [Marks(*most, {int(row): text for row, text in reasons.items()}) for *most, reasons in marks]
    write_marks(book, own, title, author)
    out = io.BytesIO()
    book.save(out)
    yield "file", out.getvalue()


def write_marks(book: "Workbook", marks: Sequence[Marks], title: str, author: str) -> None:
    """Paint bad cells red with a note; a last column, headed ``title``, says why, with a filter on it."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    red = PatternFill("solid", start_color="FFFFC7CE", end_color="FFFFC7CE")
    for one in marks:
        sheet = book[one.sheet]
        last = max(sheet.max_column, one.width) + 1
        sheet.cell(one.header_row, last, title).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(last)].width = 60
        for count, (row, column, text) in enumerate(one.notes):
            cell = sheet.cell(row, column)
            if type(cell).__name__ == "MergedCell":
                continue
            cell.fill = red
            if count < _NOTES_MAX:
                cell.comment = Comment(text, author, height=90, width=260)
        for row, text in one.reasons.items():
            cell = sheet.cell(row, last, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.fill = red
        sheet.auto_filter.ref = f"A{one.header_row}:{get_column_letter(last)}{sheet.max_row}"
    if marks:
        book.active = book.index(book[marks[0].sheet])


def written(value: Any) -> bytes:
    """One line of what the two processes say to each other."""
    return json.dumps(value, default=_kind_of).encode() + b"\n"


def read_line(line: bytes) -> Any:
    """What a line says; raises ``ValueError`` for one that is broken off."""
    return json.loads(line, object_hook=_value_of)


def _kind_of(value: Any) -> dict[str, Any]:
    match value:
        case bytes():
            return {"bytes": base64.b64encode(value).decode()}
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case time():
            return {"time": value.isoformat()}
        case timedelta():
            return {"seconds": value.total_seconds()}
    raise TypeError(type(value).__name__)


def _value_of(pairs: dict[str, Any]) -> Any:
    [kind, *others] = pairs or [""]
    return _READ[kind](pairs[kind]) if kind in _READ and not others else pairs


def _limit(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (least, least))


def main() -> None:
    """Take one order from standard input, within its limits of bytes and seconds."""
    act, arguments, (memory, seconds), sys.path[:] = read_line(sys.stdin.buffer.read())
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_CPU, seconds)
    out = sys.stdout.buffer
    for part in {"read": read, "mark": mark}[act](*arguments):
        out.write(written(part))
    out.write(written(None))
    out.flush()


if __name__ == "__main__":
    main()
