"""Which supplements a person has, and what they come to: the highest, or all of them, by ratio or fixed sum."""

from collections.abc import Collection, Mapping
from fractions import Fraction

from plugins.dibao.engine.facts import Person, Rules, yuan
from plugins.dibao.words import SUPPLEMENTS


def kinds_of(person: Person, rules: Rules) -> tuple[str, ...]:
    """The categories a person stands in, in the order of the vocabulary; ages and disability are worked out."""
    if person.claimed:
        return tuple(kind for kind in SUPPLEMENTS if kind in person.claimed)
    found = set(person.marks) & set(SUPPLEMENTS)
    if person.age is not None and person.age >= rules.number("supplement_age"):
        found.add("age70")
    if person.age is not None and person.age < rules.number("minor_age"):
        found.add("minor")
    if person.disability is not None and person.disability[1] in rules.values["severe_grades"]:
        found.add("disab12")
    return tuple(kind for kind in SUPPLEMENTS if kind in found)


def amount_of(kind: str, rules: Rules, standard: int) -> Fraction:
    """What one category gives a month, exactly, in fen."""
    fixed: Mapping[str, str] = rules.values["supplement_fixed"]
    if kind in fixed:
        return Fraction(yuan(fixed[kind]))
    return rules.ratio(f"supplement_{kind}") * standard


def chosen(kinds: Collection[str], rules: Rules, standard: int) -> list[tuple[str, Fraction]]:
    """What a person is given: every category by mode ``sum``, else the one that gives most (the first of equals)."""
    found = [(kind, amount) for kind in kinds if (amount := amount_of(kind, rules, standard)) > 0]
    if rules.word("supplement_mode") == "sum" or not found:
        return found
    return [max(found, key=lambda one: one[1])]


def combination(kinds: Collection[str]) -> str:
    """The categories of a person as the terms of an enrolment name them: ``age70+disab12``."""
    return "+".join(kinds)
