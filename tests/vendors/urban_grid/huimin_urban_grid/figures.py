"""Figures as the handbook wants them: rates follow from their counts, parts add up, half-up, unknown is never 0."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

Fit = Literal["fits", "truncated", "differs", "unknown"]


@dataclass(frozen=True)
class Compared:
    """A stated rate beside the computed one: how it fits, and computed less stated in percentage points."""

    fit: Fit
    computed: Decimal | None
    difference: Decimal | None


def rate(part: int, whole: int, places: int = 2, rounding: str = ROUND_HALF_UP) -> Decimal | None:
    """Part of whole in per cent, half-up; None without a base."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal(1).scaleb(-places), rounding)


def compared(part: int, whole: int, stated: str) -> Compared:
    """A rate as it was stated against its counts, in the decimals it was stated with; unknown without one."""
    places = len(stated.partition(".")[2])
    computed = rate(part, whole, places)
    if not stated or computed is None:
        return Compared("unknown", computed, None)
    told = Decimal(stated)
    if computed == told:
        return Compared("fits", computed, Decimal(0))
    exact = rate(part, whole)
    difference = (exact - told) if exact is not None else None
    only_cut = rate(part, whole, places, ROUND_DOWN) == told
    return Compared("truncated" if only_cut else "differs", computed, difference)


def missing_to(parts: Sequence[int], whole: int) -> int:
    """What the parts add up to, less the stated whole; 0 closes."""
    return sum(parts) - whole


def meets(part: int, whole: int, target: Decimal) -> bool | None:
    """Whether a share reaches its target, compared exactly and not as it is printed; None without a base."""
    return Fraction(part, whole) >= Fraction(target) if whole else None


def percent(value: Decimal | None) -> str:
    """A rate as people read it."""
    return "--" if value is None else f"{value}%"
