"""Figures as reports give them: sums that close, targets that hold everywhere, values that are hidden. No database.

The rules are those of the handbook's README, "Core statistics rules".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Literal

from core.errors import refuse
from core.texts import _

Comparator = Literal[">=", "=", "<="]


@dataclass(frozen=True)
class Closure:
    """Parts against the stated whole: what they add up to, and the signed difference (computed − stated)."""

    computed: Decimal
    stated: Decimal | None
    difference: Decimal

    @property
    def closes(self) -> bool:
        """Whether nothing has to be acknowledged."""
        return self.stated is None or not self.difference


@dataclass(frozen=True)
class Standing:
    """An indicator against its target: met or not, and the signed gap (actual − target)."""

    met: bool
    gap: Decimal


@dataclass(frozen=True)
class Everywhere:
    """A target that must hold in every area: who fails; the average is shown beside it, never instead of it."""

    failing: tuple[str, ...]
    average: Decimal

    @property
    def met(self) -> bool:
        """Whether no area fails."""
        return not self.failing


def read_figure(text: str) -> Decimal | None:
    """A figure of a source; None when it is hidden (``xxx``, ``20**``): unknown is never 0."""
    plain = text.strip().replace(",", "").replace("，", "")
    try:
        found = Decimal(plain)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def added_up(parts: Sequence[Decimal | int], stated: Decimal | int | None = None) -> Closure:
    """Add parts up and hold the sum against what was stated; nothing is corrected silently."""
    computed = sum((Decimal(part) for part in parts), Decimal(0))
    if stated is None:
        return Closure(computed, None, Decimal(0))
    return Closure(computed, Decimal(stated), computed - Decimal(stated))


def rounded(value: Decimal | int, places: int = 2) -> Decimal:
    """Half-up, as it is printed."""
    return Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def rate(part: Decimal | int, base: Decimal | int | None, places: int = 2) -> Decimal:
    """Part of base, half-up; refused (E_RATE_DENOM) without a base."""
    if not base:
        raise refuse(_("没有分母，不能算比率"), code="E_RATE_DENOM")
    return rounded(Decimal(part) / Decimal(base), places)


def against(actual: Decimal | int, comparator: Comparator, target: Decimal | int) -> Standing:
    """An indicator against its target, compared exactly, before any rounding."""
    gap = Decimal(actual) - Decimal(target)
    met = {">=": gap >= 0, "=": gap == 0, "<=": gap <= 0}[comparator]
    return Standing(met, gap)


def everywhere(actual: Mapping[str, Decimal | int], comparator: Comparator, target: Decimal | int) -> Everywhere:
    """A target over areas: every one must meet it."""
    failing = tuple(area for area, value in actual.items() if not against(value, comparator, target).met)
    average = sum((Decimal(value) for value in actual.values()), Decimal(0)) / max(len(actual), 1)
    return Everywhere(failing, rounded(average))


def off_by(computed: Decimal | int, stated: Decimal | int) -> Decimal:
    """How far a computed year lies from a stated one, in per cent of the stated, half-up to two places."""
    if not stated:
        raise refuse(_("没有分母，不能算比率"), code="E_RATE_DENOM")
    return rounded((Decimal(computed) - Decimal(stated)) / Decimal(stated) * 100)


def plausible(computed: Decimal | int, stated: Decimal | int, band: Decimal) -> bool:
    """Whether a year total and month × 12 lie within a band (a share of one): a check, never an equality."""
    return abs(off_by(computed, stated)) <= band * 100


def plan_year(report_year: int, plan: int) -> Closure:
    """The year of a plan against that of the report before it; a difference means that years were overwritten."""
    return added_up([report_year + 1], plan)
