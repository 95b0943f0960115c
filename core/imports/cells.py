"""One cell as the value a plugin gets: typed by its column, or an objection that says what to write instead."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from difflib import get_close_matches
from typing import Any

from core.errors import Objection, Refused, refuse
from core.extension import Column
from core.spreadsheet_in.cells import cell_text, without_control
from core.texts import _
from core.values import Period, half_width, parse_money, read_number

_BROKEN = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})", re.ASCII)
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?|(\d{4})(\d{2})", re.ASCII)
_LOST = 1e15
"""From here on a number of Excel has lost its last digits."""
_NOISE = Decimal("0.000001")
"""What adding up binary fractions leaves behind in an amount that Excel shows with two decimals."""


def read_column(column: Column, cells: Sequence[Any]) -> tuple[list[Any], dict[int, Objection]]:
    """The values of a column, and the objections by row. An empty cell is "" for text, None for the other kinds.

    Money is whole fen, a month "YYYY-MM", a date ``date``, a ratio ``Decimal`` as a share of one, an integer ``int``.
    """
    known: dict[tuple[type, Any], tuple[Any, Objection | None]] = {}
    values: list[Any] = []
    wrong: dict[int, Objection] = {}
    for row, cell in enumerate(cells):
        key = (type(cell), cell)
        if key not in known:
            known[key] = _read(column, cell)
        value, objection = known[key]
        values.append(value)
        if objection is not None:
            wrong[row] = objection
    return values, wrong


def _read(column: Column, cell: Any) -> tuple[Any, Objection | None]:
    text = cell_text(cell)
    empty = "" if column.kind == "text" else None
    if not text:
        if column.required:
            return empty, Objection(
                reason=_("请填写{name}", name=_(column.title)), field=column.name, code="E_REQUIRED"
            )
        return empty, None
    try:
        if text in _BROKEN:
            raise refuse(_("单元格里的公式出错（{value}），请改成数值", value=text), code="E_CELL")
        if without_control(text) != text:
            raise refuse(_("单元格里有看不见的控制字符，请删去后重新输入"), code="E_CELL")
        return _KINDS[column.kind](column, cell, text), None
    except Refused as refusal:
        first = refusal.objections[0]
        return empty, Objection(reason=first.reason, field=column.name, code=first.code, hint=first.hint)


def _text(column: Column, cell: Any, text: str) -> str:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) >= _LOST:
        raise refuse(_("Excel 变成了科学计数，末几位已经丢失。请把这一列设为文本后重填"), code="E_NUMBER")
    return _word(column, text) if column.words else text


def _word(column: Column, text: str) -> str:
    spoken = {half_width(_(word)): word for word in column.words} | {half_width(word): word for word in column.words}
    plain = half_width(text)
    if plain in spoken:
        return spoken[plain]
    near = get_close_matches(plain, spoken, n=1, cutoff=0.3)
    title = _(column.title)
    if near:
        words = _("{title}“{word}”不认识，是不是“{near}”", title=title, word=text[:20], near=near[0])
        raise refuse(words, code="E_WORD", hint=near[0])
    raise refuse(_("{title}“{word}”不认识，请按模板中的说法填写", title=title, word=text[:20]), code="E_WORD")


def _integer(column: Column, cell: Any, text: str) -> int:
    plain = half_width(text).replace(",", "")
    if isinstance(cell, bool) or not re.fullmatch(r"[+-]?\d{1,15}(\.0+)?", plain, re.ASCII):
        raise refuse(_("{title}应为整数，例如 12", title=_(column.title)), code="E_INTEGER")
    return int(plain.partition(".")[0])


def _money(column: Column, cell: Any, text: str) -> int:
    if isinstance(cell, bool):
        raise refuse(_("金额应为数字，最多两位小数，例如 2,292.00"), code="E_MONEY")
    if isinstance(cell, float):
        exact = Decimal(repr(cell))
        shown = exact.quantize(Decimal("0.01"), ROUND_HALF_UP) if abs(exact) < Decimal(_LOST) else exact
        if abs(exact) >= Decimal(_LOST):
            raise refuse(_("金额应为数字，最多两位小数，例如 2,292.00"), code="E_MONEY")
        if abs(shown - exact) > _NOISE:
            raise refuse(_("金额最多两位小数，例如 2,292.00"), code="E_AMT_SCALE")
        return int(shown * 100)
    return parse_money(text)


def _date(column: Column, cell: Any, text: str) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = _DAY.fullmatch(half_width(text).partition("T")[0])
    try:
        year, month, day = (int(one) for one in found.groups() if one) if found else (0, 0, 0)
        return date(year, month, day)
    except ValueError:
        raise refuse(_("{title}应为日期，例如 2026-11-20", title=_(column.title)), code="E_DATE") from None


def _month(column: Column, cell: Any, text: str) -> str:
    if isinstance(cell, (datetime, date)):
        return str(Period.of(cell))  # Excel makes a day of 2026-11
    found = _MONTH.fullmatch(half_width(text))
    if not found:
        raise refuse(_("{title}应为月份，例如 2026-11", title=_(column.title)), code="E_PERIOD")
    year, month = (one for one in found.groups() if one)
    return str(Period(f"{year}-{int(month):02d}"))


def _ratio(column: Column, cell: Any, text: str) -> Decimal:
    plain = half_width(text)
    share = None if isinstance(cell, bool) else read_number(plain.removesuffix("%"))
    if share is None:
        raise refuse(_("{title}应为比例，例如 35% 或 0.35", title=_(column.title)), code="E_RATIO")
    return share / 100 if plain.endswith("%") else share


_KINDS: dict[str, Callable[[Column, Any, str], Any]] = {
    "text": _text,
    "integer": _integer,
    "money": _money,
    "date": _date,
    "month": _month,
    "ratio": _ratio,
}
