"""What stands in a cell: as text, as a header, and the words that say a row is a sum or a sample."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from core.values import half_width

SUM_WORDS = (
    "合计", "总计", "小计", "共计", "制表", "填表", "审核", "复核", "负责人", "填报", "经办", "备注：", "备注:",
    "注：", "注:",
    "说明", "单位（盖章）", "打印日期", "日期：", "日期:",
)  # fmt: skip
SAMPLE = "示例"
"""What the first cell of a template's sample row begins with; such a row is passed over."""


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Signs nobody sees or types; no workbook may hold them, and PostgreSQL no text with the first."""


def without_control(text: str) -> str:
    """A text as a workbook may hold it."""
    return _CONTROL.sub("", text)


def with_control(column: Sequence[str]) -> list[int]:
    """The rows of a column whose text holds control characters; one look when none does."""
    if not _CONTROL.search("\n".join(column)):
        return []
    return [at for at, text in enumerate(column) if _CONTROL.search(text)]


def header_name(text: str) -> str:
    """A header as it is looked up: half-width, no spaces, without a star and what stands in brackets."""
    plain = half_width(text).replace("\n", "").lstrip("*").rstrip("*:")
    for opening in ("(", "[", "【"):
        plain = plain.split(opening)[0] or plain
    return plain


def cell_text(value: Any) -> str:
    """A cell as text. A number of 15 digits or more has lost digits in Excel and shows it: ``9.99E+17``."""
    if type(value) is str:
        return value.strip()
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value)
    if isinstance(value, float):
        if abs(value) >= 1e15:
            return f"{value:.5E}"
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, int):
        return str(value) if abs(value) < 10**15 else f"{value:.5E}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def letter_of(index: int) -> str:
    """The letter of a column that counts from 0: A, …, Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def is_filled(row: Sequence[Any]) -> bool:
    """Whether anything stands in a row."""
    return any(cell not in ("", None) and str(cell).strip() for cell in row)
