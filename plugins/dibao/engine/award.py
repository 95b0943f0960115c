"""From counted income to the monthly amount: gap or grade, supplements, one rounding at the very end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from plugins.benefits.api import rounded
from plugins.dibao.engine.facts import Rules, yuan
from plugins.dibao.engine.supplements import chosen


@dataclass(frozen=True, kw_only=True)
class Award:
    """What a family gets in a month: ``base`` and ``supplements`` exactly, ``total_fen`` rounded once."""

    base: Fraction
    supplements: Sequence[tuple[str, Fraction]]
    total_fen: int


def qualifies(counted: Fraction, whole: int, rules: Rules) -> bool:
    """Whether a family's income lies below its standards together (``whole``, fen); at them by choice of the county."""
    return counted < whole or (counted == whole and rules.word("income_boundary") == "at_or_below")


def base_of(counted: Fraction, n: int, whole: int, rules: Rules) -> Fraction:
    """The amount before supplements: the gap, or the grade it falls in; never above the standards together."""
    gap = max(Fraction(0), whole - counted)
    base = _graded(gap / n, rules) * n if rules.word("method") == "grades" else gap
    return min(max(base, Fraction(rules.fen("minimum_award"))), Fraction(whole))


def grades_of(rules: Rules) -> list[tuple[int, int]]:
    """The table of grades as (gap up to, amount) in fen, the smallest gap first."""
    return sorted((yuan(gap), yuan(amount)) for gap, amount in rules.values["grades"].items())


def award(terms: Mapping[str, Any], standards: Mapping[str, int], category: str, rules: Rules) -> Award:
    """What the terms of an enrolment give by the standards and rules of a month; nothing when income is not below."""
    parts = [(category, terms), *((one["category"], one) for one in terms.get("others", ()))]
    counted, n = Fraction(*terms["counted"]), sum(one["n"] for _category, one in parts)
    whole = sum(standards[name] * one["n"] for name, one in parts)
    if not n or not qualifies(counted, whole, rules):
        return Award(base=Fraction(0), supplements=(), total_fen=0)
    base = base_of(counted, n, whole, rules)
    given = [
        pair
        for name, one in parts
        for kinds, count in sorted(one.get("marks", {}).items())
        for _person in range(count)
        for pair in chosen(kinds.split("+"), rules, standards[name])
    ]
    total = rounded(base + sum((amount for _kind, amount in given), Fraction(0)), rules.word("rounding"))
    return Award(base=base, supplements=given, total_fen=total)


def _graded(gap: Fraction, rules: Rules) -> Fraction:
    table = grades_of(rules)
    if not table:
        return gap
    return Fraction(next((amount for limit, amount in table if gap <= limit), table[-1][1]))
