"""What is due for families in a month, in columns: the terms frozen at the decision, the standard of the month."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

import numpy

from core.api import Period
from plugins.benefits.api import Due, standard_in_month
from plugins.dibao.engine.award import award, grades_of
from plugins.dibao.engine.facts import AWARD_KEYS, Rules
from plugins.dibao.engine.supplements import chosen
from plugins.dibao.rules import policies_on

if TYPE_CHECKING:
    from numpy import ndarray

    from core.api import UnitOfWork

_ROOMY = 2**61
"""Products up to here fit whole numbers of 64 bits; beyond, the same sums are taken in Python's own."""


def amounts(work: "UnitOfWork", due: Due) -> "ndarray":
    """Whole fen for each family, as ``Scheme.amounts`` asks; a fixed sum where a family was taken over with one."""
    rules = _rules(work, due.month)
    fixed = numpy.array([one.get("amount_fen", -1) for one in due.terms], "int64")
    fen = numpy.maximum(fixed, 0)
    known = numpy.array(["counted" in one for one in due.terms], "bool")
    mixed = numpy.array(["others" in one for one in due.terms], "bool")
    rows = numpy.flatnonzero((fixed < 0) & known & ~mixed & (due.standards >= 0))
    if len(rows):
        fen[rows] = by_terms([due.terms[row] for row in rows.tolist()], due.standards[rows], rules)
    for row in numpy.flatnonzero((fixed < 0) & known & mixed & (due.standards >= 0)).tolist():
        fen[row] = _of_mixed(work, due, row, rules)
    return fen


def rests_on(work: "UnitOfWork") -> str:
    """Every version there is of the policies an amount is made by, and the newest price month: as one short text."""
    from plugins.dibao.pricing import newest_row

    connection, policies = work.session.connection(), work.host.policies
    versions = [
        (one.id, one.confirmed_by) for name in AWARD_KEYS for one in policies.history(connection, f"dibao.{name}")
    ]
    newest = max((number for number, _by in versions), default=0)
    return f"{newest}/{len(versions)}/{sum(by is not None for _id, by in versions)}/{newest_row(work)}"


def by_terms(terms: Sequence[Mapping[str, Any]], standards: "ndarray", rules: Rules) -> "ndarray":
    """The amounts of families by their terms and standards (fen), exactly as ``engine.award`` computes one."""
    counted = [one["counted"] for one in terms]
    tops, bottoms = zip(*counted, strict=True)
    sizes = [one["n"] for one in terms]
    extra, scale = _supplements(terms, standards, rules)
    most = (int(standards.max()) * max(sizes) * max(bottoms) + max(tops)) * scale + int(extra.max()) * max(bottoms)
    kind = "int64" if most * 200 < _ROOMY else "object"
    n, numerators, denominators = (numpy.array(one, kind) for one in (sizes, tops, bottoms))
    whole = standards.astype(kind) * n
    base, qualify = _bases(whole * denominators, (n, numerators, denominators), rules)
    exact = base * scale + extra.astype(kind) * denominators
    exact = numpy.where(qualify, exact, 0)
    return _rounded(exact, denominators * scale, rules.word("rounding")).astype("int64")


def _bases(
    whole: "ndarray", family: tuple["ndarray", "ndarray", "ndarray"], rules: Rules
) -> tuple["ndarray", "ndarray"]:
    """Base amounts over the denominator of each family's income, and who qualifies."""
    n, counted, denominators = family
    gap = numpy.maximum(whole - counted, 0)
    at_most = rules.word("income_boundary") == "at_or_below"
    qualify = counted <= whole if at_most else counted < whole
    base, table = gap, grades_of(rules)
    if rules.word("method") == "grades" and table:
        base = n * denominators * table[-1][1]
        for limit, amount in reversed(table):
            base = numpy.where(gap <= n * denominators * limit, n * denominators * amount, base)
    base = numpy.maximum(base, denominators * rules.fen("minimum_award"))
    return numpy.minimum(base, whole), qualify


def _supplements(terms: Sequence[Mapping[str, Any]], standards: "ndarray", rules: Rules) -> "tuple[ndarray, int]":
    """What supplements come to for each family, times ``scale``: worked out once for each combination and standard."""
    places: dict[tuple[Any, ...], int] = {}
    which = [
        places.setdefault((standard, *marks.items()) if (marks := one.get("marks")) else (), len(places))
        for one, standard in zip(terms, standards.tolist(), strict=True)
    ]
    values = [_given(place, rules) for place in places]
    scale = lcm(*(one.denominator for one in values))
    whole = numpy.array([int(one * scale) for one in values], "int64")
    return whole[numpy.array(which)], scale


def _given(place: tuple[Any, ...], rules: Rules) -> Fraction:
    """What supplements come to for one combination of persons: the standard first, then kinds with their counts."""
    standard, *marks = place or (0,)
    return sum(
        (count * amount for kinds, count in marks for _kind, amount in chosen(kinds.split("+"), rules, standard)),
        Fraction(0),
    )


def _rounded(exact: "ndarray", unit: "ndarray", rule: str) -> "ndarray":
    if rule == "ceil_yuan":
        return -(-exact // (unit * 100)) * 100
    return (2 * exact + unit) // (2 * unit)


def _of_mixed(work: "UnitOfWork", due: Due, row: int, rules: Rules) -> int:
    """A family whose members have two standards: rare, so one by one."""
    terms, area = due.terms[row], str(due.areas[row])
    standards = {str(due.categories[row]): int(due.standards[row])}
    for one in terms["others"]:
        found = standard_in_month(work, due.scheme, one["category"], area, due.month, due.known)
        standards[one["category"]] = found or 0
    return award(terms, standards, str(due.categories[row]), rules).total_fen


def _rules(work: "UnitOfWork", month: str) -> Rules:
    values, versions = policies_on(work, AWARD_KEYS, Period(month).first_day)
    return Rules(values=values, standards={}, versions=versions)
