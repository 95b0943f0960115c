"""What pages show: words instead of codes; templates decide nothing."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.api import _, format_money
from plugins.donations import words

Rows = list[tuple[str, str]]
Cards = Sequence[tuple[str, Rows]]


def titles(vocabulary: Mapping[str, str]) -> list[tuple[str, str]]:
    """Codes with their words in the reader's language."""
    return [(code, _(word)) for code, word in vocabulary.items()]


def state_tag(vocabulary: Mapping[str, str], state: str) -> tuple[str, str]:
    """A state as its tag: word and colour."""
    return _(vocabulary[state]), words.TAGS.get(state, "")


def day(on: Any) -> str:
    """A day, or nothing."""
    return on.isoformat() if on else "--"


def span(since: Any, until: Any) -> str:
    """From a day to a day."""
    return _("{since} 至 {until}", since=day(since), until=day(until))


def yuan(fen: int) -> str:
    """An amount in a sentence."""
    return _("{amount} 元", amount=format_money(fen))


def yes(flag: bool) -> str:
    """Yes or no."""
    return _("是") if flag else _("否")


def share(part: int, whole: int) -> str:
    """A share with one decimal; nothing of nothing."""
    return f"{part * 1000 // whole / Decimal(10):.1f}%" if whole else "--"


def ten_thousands(fen: int) -> str:
    """An amount in units of ten thousand yuan, with two decimals."""
    return f"{Decimal(fen) / 1_000_000:,.2f}"


def use_row(one: Mapping[str, Any]) -> tuple[str, str]:
    """What some of a gift was used for, in one line."""
    parts = [one["project"], _(words.USES[one["use"]]), one["place"], yuan(one["amount_fen"])]
    return f"{one['on']} · {one['number']}", " · ".join(part for part in parts if part)
