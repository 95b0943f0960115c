"""Figures as reports give them: sums that close, targets that hold everywhere, values that are hidden. No database.

The rules are those of the handbook's README, "Core statistics rules".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

from core.errors import refuse
from core.texts import _
from core.values import read_number

Comparator = Literal[">=", "=", "<="]
Number = Decimal | int | Fraction


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
    """A target that must hold in every area: who fails; the average is shown beside it, never instead of it.

    ``unknown`` are the areas without a figure; ``average`` is that of the others, None without any.
    """

    failing: tuple[str, ...]
    average: Decimal | None
    unknown: tuple[str, ...] = ()

    @property
    def met(self) -> bool | None:
        """Whether no area fails; None when none does and one is unknown, or nothing is known."""
        if self.failing:
            return False
        return None if self.unknown or self.average is None else True


@dataclass(frozen=True)
class Fit:
    """A stated rate against one base: what it is exactly, half-up and cut off, and which of the two was stated.

    ``how`` is "rounded", "truncated" or "" for neither; ``difference`` is what comes out half-up less what was stated.
    """

    base: int
    exact: Fraction
    half_up: Decimal
    cut: Decimal
    difference: Decimal
    how: Literal["rounded", "truncated", ""]


def read_figure(text: str) -> Decimal | None:
    """A figure of a source; None when it is hidden (``xxx``, ``20**``): unknown is never 0."""
    return read_number(text)


def added_up(parts: Sequence[Decimal | int], stated: Decimal | int | None = None) -> Closure:
    """Add parts up and hold the sum against what was stated; nothing is corrected silently."""
    computed = sum((Decimal(part) for part in parts), Decimal(0))
    if stated is None:
        return Closure(computed, None, Decimal(0))
    return Closure(computed, Decimal(stated), computed - Decimal(stated))


def rounded(value: Number, places: int = 2) -> Decimal:
    """Half-up, as it is printed."""
    return _decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def truncated(value: Number, places: int = 2) -> Decimal:
    """Cut off after some places; a printed figure that only fits this is flagged."""
    return _decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_DOWN)


def _decimal(value: Number) -> Decimal:
    return Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else Decimal(value)


def rate(part: Decimal | int, base: Decimal | int | None, places: int = 2) -> Decimal:
    """Part of base, half-up; refused (E_RATE_DENOM) without a base."""
    return rounded(share(part, base), places)


def share(part: Decimal | int, base: Decimal | int | None) -> Fraction:
    """Part of base, exactly; refused (E_RATE_DENOM) without a base."""
    if not base:
        raise refuse(_("没有分母，不能算比率"), code="E_RATE_DENOM")
    return Fraction(part) / Fraction(base)


def stated_rate(part: int, bases: Sequence[int], stated: Decimal, places: int) -> tuple[Fit, ...]:
    """A rate in per cent as a text states it, against each base it may mean; refused (E_RATE_DENOM) without a base.

    A text that fits no base, or fits by cutting off only, has to be acknowledged.
    """
    if not bases:
        raise refuse(_("没有分母，不能算比率"), code="E_RATE_DENOM")
    found = []
    for base in bases:
        exact = share(part, base) * 100
        half_up, cut = rounded(exact, places), truncated(exact, places)
        how = "rounded" if half_up == stated else "truncated" if cut == stated else ""
        found.append(Fit(base, exact, half_up, cut, half_up - stated, how))
    return tuple(found)


def bases_that_fit(part: int, stated: Decimal, places: int) -> tuple[int, ...]:
    """The whole bases that give a stated per cent half-up; at most a hundred, () for a per cent of 0."""
    half = Fraction(1, 2 * 10**places)
    low, high = Fraction(stated) - half, Fraction(stated) + half
    if low <= 0:
        return ()
    last = int(100 * part / low)
    first = max(1, int(100 * part / high))
    found = (base for base in range(first, last + 1) if rounded(Fraction(100 * part, base), places) == stated)
    return tuple(base for base, _place in zip(found, range(100), strict=False))


def average_within(average: Number, limit: Number) -> Closure:
    """The average of figures that are all said to lie below a limit; above it the two contradict each other."""
    over = _decimal(average) - _decimal(limit)
    return Closure(_decimal(average), _decimal(limit), max(over, Decimal(0)))


def against(actual: Number, comparator: Comparator, target: Number) -> Standing:
    """An indicator against its target, compared exactly, before any rounding."""
    gap = Fraction(actual) - Fraction(target)
    met = {">=": gap >= 0, "=": gap == 0, "<=": gap <= 0}[comparator]
    return Standing(met, _decimal(gap))


def everywhere(actual: Mapping[str, Number | None], comparator: Comparator, target: Number) -> Everywhere:
    """A target over areas: every one must meet it; None is unknown, neither met nor 0."""
    known = {area: value for area, value in actual.items() if value is not None}
    failing = tuple(area for area, value in known.items() if not against(value, comparator, target).met)
    unknown = tuple(area for area, value in actual.items() if value is None)
    return Everywhere(failing, mean(known.values()), unknown)


def mean(values: Iterable[Number]) -> Decimal | None:
    """The plain average of figures, half-up to two places; None of none."""
    known = [Fraction(value) for value in values]
    return rounded(sum(known, Fraction(0)) / len(known)) if known else None


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
