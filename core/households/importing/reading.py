"""Read a roster from xlsx, xls, ods or csv into columns: the header is found by name, sum rows are passed over."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import zip_longest
from typing import Any

from core.errors import Objection, Refused, refuse
from core.households.importing.fields import BY_HEADER, FIELDS, HEADERS, REQUIRED, header_in_words
from core.spreadsheet_in.cells import SAMPLE, SUM_WORDS, cell_text, header_name, is_filled
from core.spreadsheet_in.files import HEADER_WITHIN, Limits, NamedRows, read_sheets
from core.spreadsheet_in.marking import Sheet
from core.texts import _, listed

_NOT_A_NUMBER = (SAMPLE, HEADERS["number"])


@dataclass
class Roster:
    """A roster in columns. ``sheet_of`` and ``row_of`` say where each row stands; rows count from 1 as in Excel.

    ``passed_over`` are rows that are no people, as (sheet, row, why); ``kind`` is "xlsx", "xls", "ods" or "csv".
    """

    kind: str
    sheets: list[Sheet] = field(default_factory=list)
    sheet_of: list[int] = field(default_factory=list)
    row_of: list[int] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in FIELDS})
    passed_over: list[tuple[str, int, str]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.row_of)


def read_roster(data: bytes, title: str, limits: Limits) -> Roster:
    """Read the bytes of a file; ``title`` is its name. Refused in words when it is no roster or too large."""
    kind, sheets = read_sheets(data, title, limits)
    roster = Roster(kind)
    worst: tuple[int, list[str], str] | None = None
    for name, rows in sheets:
        found = _find_header(rows)
        if found is None:
            if any(is_filled(row) for row in rows):
                roster.passed_over.append((name, 1, _("工作表“{name}”里没有认出表头，已跳过", name=name)))
            continue
        at, places = found
        missing = [one for one in REQUIRED if one not in places]
        if missing:
            if worst is None or len(missing) < len(worst[1]):
                worst = (at, missing, name)
            continue
        _take_rows(roster, Sheet(name, at + 1, places, max(len(rows[at]), max(places.values()) + 1)), rows, at)
    if not roster.sheets:
        raise _no_header(worst, sheets)
    if len(roster) > limits.rows:
        raise refuse(
            _("文件有 {rows} 行，超过一次导入的上限 {most} 行，请分成几个文件", rows=len(roster), most=limits.rows),
            code="E_FILE_SIZE",
        )
    return roster


def _find_header(rows: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]] | None:
    """The row, counting from 0, with the most known headers, and the columns they stand in."""
    best: tuple[int, dict[str, int]] | None = None
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        places: dict[str, int] = {}
        for index, cell in enumerate(row):
            name = BY_HEADER.get(header_name(cell)) if isinstance(cell, str) and cell else None
            if name and name in places:
                first, second = header_in_words(name), cell
                raise refuse(
                    _("第 {row} 行表头里“{first}”出现两次（{second}）", row=at + 1, first=first, second=second),
                    code="E_HEADER",
                )
            if name:
                places[name] = index
        if len(places) >= 3 and (best is None or len(places) > len(best[1])):
            best = (at, places)
    return best


def _no_header(worst: tuple[int, list[str], str] | None, sheets: Sequence[NamedRows]) -> Refused:
    if worst is None:
        needed = listed(header_in_words(one) for one in REQUIRED)
        return refuse(_("没有找到表头，表头应有：{names}。可下载模板对照", names=needed), code="E_HEADER")
    at, missing, name = worst
    row = next(rows[at] for title, rows in sheets if title == name)
    headers = [str(cell) for cell in row if cell]
    objections = []
    for one in missing:
        near = get_close_matches(HEADERS[one], headers, n=1, cutoff=0.4)
        if near:
            words = _(
                "工作表“{sheet}”第 {row} 行缺少列“{name}”，是不是“{near}”？",
                sheet=name, row=at + 1, name=header_in_words(one), near=near[0],
            )  # fmt: skip
        else:
            words = _("工作表“{sheet}”第 {row} 行缺少列“{name}”", sheet=name, row=at + 1, name=header_in_words(one))
        objections.append(Objection(reason=words, field=one, code="E_HEADER", hint=near[0] if near else None))
    return Refused(objections)


def _take_rows(roster: Roster, sheet: Sheet, rows: Sequence[Sequence[Any]], at: int) -> None:
    number = len(roster.sheets)
    roster.sheets.append(sheet)
    kept: list[int] = []
    blank = 0
    id_at, name_at, number_at = (sheet.places[one] for one in ("citizen_id", "name", "number"))
    widest = max(id_at, name_at, number_at)
    for index in range(at + 1, len(rows)):
        row = rows[index]
        # Nearly every row names household, name and number; only the others need a closer look.
        if len(row) > widest and row[id_at] and row[name_at] and not str(row[number_at]).startswith(_NOT_A_NUMBER):
            kept.append(index)
            continue
        why = _why_no_person(row, id_at)
        if why is None:
            kept.append(index)
        elif why:
            roster.passed_over.append((sheet.name, index + 1, why))
        else:
            blank += 1
    if blank:
        roster.passed_over.append((sheet.name, len(rows), _("空白行 {count} 行，已跳过", count=blank)))
    roster.sheet_of += [number] * len(kept)
    roster.row_of += [index + 1 for index in kept]
    columns = list(zip_longest(*(rows[index] for index in kept), fillvalue=""))
    for one in FIELDS:
        place = sheet.places.get(one)
        if place is None or place >= len(columns):
            roster.columns[one] += [""] * len(kept)
        elif set(map(type, columns[place])) == {str}:
            roster.columns[one] += map(str.strip, columns[place])
        else:
            roster.columns[one] += map(cell_text, columns[place])


def _text_at(row: Sequence[Any], place: int) -> str:
    return cell_text(row[place]) if place < len(row) else ""


def _why_no_person(row: Sequence[Any], id_at: int) -> str | None:
    """Why a row is no person: "" for a blank one, words for a sum, sample or repeated header; None for a person."""
    cells = [str(cell).strip() for cell in row if cell not in ("", None) and str(cell).strip()]
    if not cells:
        return ""
    if cells[0].startswith(SAMPLE):
        return _("示例行，已跳过")
    if sum(header_name(cell) in BY_HEADER for cell in cells) >= 3:
        return _("重复的表头，已跳过")
    words = [cell.replace(" ", "").replace("\u3000", "") for cell in cells[:2]]
    if len(_text_at(row, id_at)) < 15 and any(word.startswith(SUM_WORDS) for word in words):
        return _("合计或制表行（{word}），已跳过", word=words[0][:20])
    return None
