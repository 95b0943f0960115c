"""Read a file into the columns of an import: the header is found by name, blank, sum and sample rows passed over."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from core.errors import Objection, Refused, refuse
from core.extension import Column
from core.spreadsheet_in.cells import SAMPLE, SUM_WORDS, cell_text, header_name, is_filled
from core.spreadsheet_in.files import HEADER_WITHIN, Limits, NamedRows, read_sheets
from core.spreadsheet_in.marking import Sheet
from core.texts import _, listed

TOTALS = ("合计", "总计", "小计", "共计")


@dataclass
class Table:
    """A file in columns of raw cells. ``sheet_of`` and ``row_of`` say where each row stands; rows count from 1.

    ``passed_over`` are rows that are no data, as (sheet, row, why).
    """

    kind: str
    columns: dict[str, list[Any]]
    sheets: list[Sheet] = field(default_factory=list)
    sheet_of: list[int] = field(default_factory=list)
    row_of: list[int] = field(default_factory=list)
    passed_over: list[tuple[str, int, str]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.row_of)


def read_table(data: bytes, title: str, limits: Limits, columns: Sequence[Column]) -> Table:
    """Read the bytes of a file; ``title`` is its name. Refused when no sheet has the header or it is too large."""
    kind, sheets = read_sheets(data, title, limits)
    table = Table(kind, {column.name: [] for column in columns})
    names = _names(columns)
    required = [column for column in columns if column.required]
    worst: tuple[int, list[Column], str] | None = None
    for name, rows in sheets:
        found = _find_header(rows, names, min(2, len(columns)))
        if found is None:
            if any(is_filled(row) for row in rows):
                table.passed_over.append((name, 1, _("工作表“{name}”里没有认出表头，已跳过", name=name)))
            continue
        at, places = found
        missing = [column for column in required if column.name not in places]
        if not missing:
            width = max(len(rows[at]), max(places.values()) + 1)
            _take_rows(table, Sheet(name, at + 1, places, width), rows, [column.name for column in required])
        elif worst is None or len(missing) < len(worst[1]):
            worst = (at, missing, name)
    if not table.sheets:
        raise _no_header(columns, worst, sheets)
    if len(table) > limits.rows:
        raise refuse(
            _("文件有 {rows} 行，超过一次导入的上限 {most} 行，请分成几个文件", rows=len(table), most=limits.rows),
            code="E_FILE_SIZE",
        )
    return table


def _names(columns: Sequence[Column]) -> dict[str, str]:
    """Every header that names a column: its title in either language, its name, and what else people call it."""
    return {
        header_name(word): column.name
        for column in columns
        for word in (column.name, *column.aliases, _(column.title), column.title)
    }


def _find_header(rows: Sequence[Sequence[Any]], names: dict[str, str], least: int) -> tuple[int, dict[str, int]] | None:
    """The row, counting from 0, with the most known headers, and the columns they stand in."""
    best: tuple[int, dict[str, int]] | None = None
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        places: dict[str, int] = {}
        twice = ""
        for index, cell in enumerate(row):
            name = names.get(header_name(cell)) if isinstance(cell, str) and cell else None
            if name is not None and name in places:
                twice = twice or str(cell)
            elif name is not None:
                places[name] = index
        if len(places) >= least and (best is None or len(places) > len(best[1])):
            if twice:
                raise refuse(_("第 {row} 行表头里“{name}”出现两次", row=at + 1, name=twice), code="E_HEADER")
            best = (at, places)
    return best


def _no_header(
    columns: Sequence[Column], worst: tuple[int, list[Column], str] | None, sheets: Sequence[NamedRows]
) -> Refused:
    if worst is None:
        needed = listed(_(one.title) for one in columns if one.required) or listed(_(one.title) for one in columns)
        return refuse(_("没有找到表头，表头应有：{names}。可下载模板对照", names=needed), code="E_HEADER")
    at, missing, name = worst
    row = next(rows[at] for title, rows in sheets if title == name)
    headers = [str(cell) for cell in row if cell]
    return Refused(_missing(one, headers, name, at + 1) for one in missing)


def _missing(column: Column, headers: Sequence[str], sheet: str, row: int) -> Objection:
    title = _(column.title)
    near = get_close_matches(title, headers, n=1, cutoff=0.4)
    if near:
        words = _(
            "工作表“{sheet}”第 {row} 行缺少列“{name}”，是不是“{near}”？", sheet=sheet, row=row, name=title, near=near[0]
        )
    else:
        words = _("工作表“{sheet}”第 {row} 行缺少列“{name}”", sheet=sheet, row=row, name=title)
    return Objection(reason=words, field=column.name, code="E_HEADER", hint=near[0] if near else None)


def _take_rows(table: Table, sheet: Sheet, rows: Sequence[Sequence[Any]], required: Sequence[str]) -> None:
    number, blank = len(table.sheets), 0
    table.sheets.append(sheet)
    for index in range(sheet.header_row, len(rows)):
        row = rows[index]
        if not is_filled(row):
            blank += 1
            continue
        why = _why_no_data(row, sheet, rows[sheet.header_row - 1], required)
        if why:
            table.passed_over.append((sheet.name, index + 1, why))
            continue
        table.sheet_of.append(number)
        table.row_of.append(index + 1)
        for name, column in table.columns.items():
            place = sheet.places.get(name)
            column.append(row[place] if place is not None and place < len(row) else "")
    if blank:
        table.passed_over.append((sheet.name, len(rows), _("空白行 {count} 行，已跳过", count=blank)))


def _why_no_data(row: Sequence[Any], sheet: Sheet, header: Sequence[Any], required: Sequence[str]) -> str:
    """Why a row is no data: words for a sum, a signature, the sample or a repeated header; "" for data."""
    cells = [cell_text(cell) for cell in row if cell not in ("", None) and str(cell).strip()]
    if cells[0].startswith(SAMPLE):
        return _("示例行，已跳过")
    if [str(cell) for cell in row if cell] == [str(cell) for cell in header if cell]:
        return _("重复的表头，已跳过")
    words = [cell.replace(" ", "").replace("\u3000", "") for cell in cells[:2]]
    gaps = any(not is_filled(row[sheet.places[name] : sheet.places[name] + 1]) for name in required)
    for word in words:
        # "合计" alone is a sum whatever stands beside it; "审核通过" may be data, "审核：" and a row with gaps are not.
        signed = word.startswith(SUM_WORDS) and (gaps or word.endswith(("：", ":")))
        if word.rstrip("：:") in TOTALS or signed:
            return _("合计或制表行（{word}），已跳过", word=word[:20])
    return ""
