"""An assessment in the order of the handbook: family, items, deductions, sum, standard, property, award, supplements.

One rounding at the end. Nothing is read and nothing is written here.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from plugins.dibao import codes
from plugins.dibao.engine.award import Award, award, qualifies
from plugins.dibao.engine.facts import Family, Person, Property, Rules
from plugins.dibao.engine.income import Counted, count
from plugins.dibao.engine.supplements import chosen, combination, kinds_of
from plugins.dibao.words import OF_MIND

MONTHS_A_YEAR = 12


@dataclass(frozen=True, kw_only=True)
class Given:
    """A supplement given to a person, exactly, in fen."""

    person_id: int
    kind: str
    fen: Fraction


@dataclass(frozen=True, kw_only=True)
class Assessed:
    """Everything an assessment found. ``whole`` is the standard of all counted members together, in fen.

    ``code`` says why a family is not eligible; ``objections`` and ``warnings`` are codes with what they are about.
    """

    counted_people: Sequence[Person]
    not_counted: Sequence[Person]
    category: str
    standard: int | None
    whole: int
    income: Counted | None
    per_capita: Fraction
    award: Award | None
    given: Sequence[Given]
    eligible: bool
    code: str
    about: str
    margin: bool
    hardship: bool
    phase_out: bool
    review_class: str
    terms: Mapping[str, Any]
    digest: str
    objections: Sequence[tuple[str, str]] = ()
    warnings: Sequence[str] = ()

    @property
    def total_fen(self) -> int:
        """What would be paid each month."""
        return self.award.total_fen if self.award is not None and self.eligible else 0


def assess(family: Family, category: str, rules: Rules) -> Assessed:
    """Assess a family whose applicant is of a category (urban or rural) by the rules of a day."""
    leave_out = rules.word("excluded_members") == "leave_out"
    away = [one for one in family.people if one.out and (one.out != codes.EXCLUDED or leave_out)]
    excluded = [one for one in family.people if one.out == codes.EXCLUDED and not leave_out]
    people = [one for one in family.people if one not in away]
    mixed = rules.word("mixed_standard") == "member"
    standards = {one: rules.standards.get(one) for one in {category, *(person.category for person in people if mixed)}}
    digest = digest_of(family, category, rules)
    lacking = next((one for one in standards.values() if one is None), 0) is None
    if lacking or not people:
        return _unknown(family, category, (codes.STD_MISSING if lacking else codes.MEMBER), digest)
    standard = standards[category] or 0
    income = count(family, people, rules, standard)
    known = {name: fen or 0 for name, fen in standards.items()}
    whole = sum(known[one.category if mixed else category] for one in people)
    terms = terms_of(people, category, income.total, (rules, mixed))
    eligible = qualifies(income.total, whole, rules)
    worth = _over_limits(family.properties, people, whole, rules)
    code, about = "", ""
    if excluded:
        code, about = codes.EXCLUDED, "、".join(one.name for one in excluded)
    elif not eligible:
        code = codes.INCOME
    elif worth:
        code, about = codes.PROPERTY, worth[0]
    within = income.total < rules.ratio("margin_factor") * whole and not worth and not excluded
    reduced = max(Fraction(0), income.total - income.rigid)
    return Assessed(
        counted_people=people,
        not_counted=away,
        category=category,
        standard=standard,
        whole=whole,
        income=income,
        per_capita=income.total / len(people),
        award=award(terms, known, category, rules) if not code else None,
        given=_given(people, known, (category, mixed), rules) if not code else (),
        eligible=not code,
        code=code,
        about=about,
        margin=code == codes.INCOME and within,
        hardship=code == codes.INCOME
        and income.rigid > 0
        and reduced < whole
        and income.total < rules.ratio("hardship_factor") * whole,
        phase_out=code == codes.INCOME
        and _works(income)
        and income.total < rules.ratio("phase_out_limit") * whole
        and rules.number("phase_out_months") > 0,
        review_class=class_of(people, income, rules),
        terms=terms,
        digest=digest,
        objections=[*_partial(family, people, rules)],
        warnings=[codes.ZERO] if income.total == 0 and _able_age(people, rules) else [],
    )


def terms_of(people: Sequence[Person], category: str, counted: Fraction, how: tuple[Rules, bool]) -> dict[str, Any]:
    """What an enrolment keeps of a family: enough to compute any month by its own standard, nothing more."""
    rules, mixed = how
    parts: dict[str, list[Person]] = {category: []}
    for one in people:
        parts.setdefault(one.category if mixed else category, []).append(one)

    def part(mine: Sequence[Person]) -> dict[str, Any]:
        marks = Counter(combination(kinds) for one in mine if (kinds := kinds_of(one, rules)))
        return {"n": len(mine), "marks": dict(sorted(marks.items()))}

    terms = {"counted": [counted.numerator, counted.denominator], **part(parts.pop(category))}
    if parts:
        terms["others"] = [{"category": name, **part(mine)} for name, mine in sorted(parts.items())]
    return terms


def class_of(people: Sequence[Person], income: Counted, rules: Rules) -> str:
    """A: nobody can work, and no income or grave illness or disability. C: somebody able without wages. B: the rest."""
    able = [one for one in people if _is_able(one, rules)]
    earners = {item.person_id for item, fen in income.items if item.type == "wage" and fen}
    if any(one.id not in earners for one in able):
        return "C"
    if able:
        return "B"
    grave = any("illness" in one.marks or _is_severe(one, rules) for one in people)
    return "A" if grave or income.total == 0 else "B"


def digest_of(family: Family, category: str, rules: Rules) -> str:
    """The hash over everything that went in: facts without names, values and versions of policies, standards."""
    facts = asdict(family)
    for one in facts["people"]:
        one.pop("name")
        one["marks"] = sorted(one["marks"])
    for one in facts["obligors"]:
        one.pop("name")
    said = {
        "facts": facts,
        "category": category,
        "standards": dict(rules.standards),
        "policies": {name: [rules.versions.get(name, 0), value] for name, value in sorted(rules.values.items())},
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _given(
    people: Sequence[Person], standards: Mapping[str, int], place: tuple[str, bool], rules: Rules
) -> list[Given]:
    category, mixed = place
    return [
        Given(person_id=one.id, kind=kind, fen=fen)
        for one in people
        for kind, fen in chosen(kinds_of(one, rules), rules, standards[one.category if mixed else category])
    ]


def _over_limits(owned: Sequence[Property], people: Sequence[Person], whole: int, rules: Rules) -> list[str]:
    """Kinds of property above their limits, without what a note exempts."""
    ids = {one.id for one in people}
    counted = [one for one in owned if not one.exempt and one.person_id in ids]
    cash = sum(one.fen for one in counted if one.type == "cash")
    found = ["cash"] if cash > rules.ratio("limit_cash_years") * MONTHS_A_YEAR * whole else []
    for kind, key in (("house", "limit_houses"), ("vehicle", "limit_vehicles"), ("company", "limit_companies")):
        if sum(one.type == kind for one in counted) > rules.number(key):
            found.append(kind)
    return found


def _partial(family: Family, people: Sequence[Person], rules: Rules) -> list[tuple[str, str]]:
    """Only some members of a family: allowed for the single persons of the list, and for nobody else."""
    if not family.left_out or (len(people) == 1 and _may_stand_alone(people[0], rules)):
        return []
    return [(codes.PARTIAL, "、".join(family.left_out))]


def _may_stand_alone(one: Person, rules: Rules) -> bool:
    if "single_person" not in one.marks:
        return False
    of_mind = one.disability is not None and one.disability[0] in OF_MIND
    grades = rules.values["severe_mind_grades"]
    return (
        _is_severe(one, rules)
        or (of_mind and one.disability is not None and one.disability[1] in grades)
        or bool(one.marks & {"illness", "clergy"})
    )


def _is_severe(one: Person, rules: Rules) -> bool:
    return one.disability is not None and one.disability[1] in rules.values["severe_grades"]


def _is_able(one: Person, rules: Rules) -> bool:
    first, last = rules.values["working_age"]
    unable = (
        one.labour in ("none", "partial") or _is_severe(one, rules) or bool(one.marks & {"illness", "student_away"})
    )
    return one.age is not None and first <= one.age <= last and not unable


def _able_age(people: Sequence[Person], rules: Rules) -> bool:
    first, last = rules.values["working_age"]
    return any(one.age is not None and first <= one.age <= last for one in people)


def _works(income: Counted) -> bool:
    return any(item.type in ("wage", "business") and fen > 0 for item, fen in income.items)


def _unknown(family: Family, category: str, code: str, digest: str) -> Assessed:
    return Assessed(
        counted_people=(),
        not_counted=family.people,
        category=category,
        standard=None,
        whole=0,
        income=None,
        per_capita=Fraction(0),
        award=None,
        given=(),
        eligible=False,
        code=code,
        about="",
        margin=False,
        hardship=False,
        phase_out=False,
        review_class="",
        terms={},
        digest=digest,
    )
