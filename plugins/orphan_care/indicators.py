"""What superiors ask of orphan care, by town: children, coverage, standards, payout, visits, agreements, pairings."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Indicator, Measured, Period, UnitOfWork, age_on, facts_of, mark, scoped, tallies_of
from plugins.benefits.api import standard_in_month
from plugins.orphan_care.due_lists import visit_counts_by_town
from plugins.orphan_care.models import Case, Pairing
from plugins.orphan_care.queries import SHOW
from plugins.orphan_care.statistics import AT_SCHOOL, SCHOOL_AGE, in_payment, signed_of
from plugins.orphan_care.words import LEVELS

SCHEME, PAID = "orphan_care", "benefits.show"
_FLOORS = {"institutional": "ORPHAN_INST", "dispersed": "ORPHAN_DISP"}


def measure_children(work: UnitOfWork, _since: date, until: date) -> Iterator[Measured]:
    """Children in payment in the last month, enrolled, at school, with an agreement."""
    cases, day = in_payment(work, str(Period.of(until))), Period.of(until).last_day
    facts = facts_of(work, [case.person_id for case in cases])
    signed = signed_of(work, [case.id or 0 for case in cases])
    leap = work.policy("identity.leap_birthday")
    counts: dict[str, Counter[str]] = {}
    for case in cases:
        found = counts.setdefault(case.area[:9], Counter())
        one = facts.get(case.person_id)
        age = age_on(one.birth_date, day, leap) if one and one.birth_date else None
        of_age = age is not None and SCHOOL_AGE[0] <= age <= SCHOOL_AGE[1]
        found["children"] += 1
        found["disabled"] += case.disability_grade > 0
        found["covered"] += case.enrolment_id is not None
        found["agreed"] += case.id in signed
        found["of_age"] += of_age
        found["schooled"] += of_age and case.schooling in AT_SCHOOL
    for town, found in counts.items():
        yield Measured(indicator="orphan_care.children", area=town, part=found["children"])
        yield Measured(indicator="orphan_care.disabled", area=town, part=found["disabled"])
        yield Measured(indicator="orphan_care.coverage", area=town, part=found["covered"], base=found["children"])
        yield Measured(indicator="orphan_care.agreements", area=town, part=found["agreed"], base=found["children"])
        if found["of_age"]:
            yield Measured(indicator="orphan_care.schooling", area=town, part=found["schooled"], base=found["of_age"])


def measure_standards(work: UnitOfWork, _since: date, until: date) -> Iterator[Measured]:
    """The county's two standards."""
    month, county = str(Period.of(until)), work.settings.county.code
    if not work.may(SHOW, county):
        return
    for word, category in _FLOORS.items():
        fen = standard_in_month(work, SCHEME, category, county, month)
        yield Measured(indicator=f"orphan_care.standard_{word}", area=county, part=fen)


def measure_paid(work: UnitOfWork, since: date, until: date) -> Iterator[Measured]:
    """What the rolls of the months paid out, from the sums written with them."""
    areas = work.areas(PAID)
    for month in Period.span(Period.of(since), Period.of(min(until, max(work.today, since)))):
        for town, *_rest, fen in tallies_of(work, SCHEME, month):
            if town.startswith(areas or ("-",)):
                yield Measured(indicator="orphan_care.paid", area=town, part=fen)


def measure_visits(work: UnitOfWork, _since: date, until: date) -> Iterator[Measured]:
    """Children visited in time on the last day, by who visits."""
    for level in LEVELS:
        for town, (due, done) in visit_counts_by_town(work, level, min(until, work.today)).items():
            yield Measured(indicator=f"orphan_care.visits_{level}", area=town, part=done, base=due)


def measure_others(work: UnitOfWork, since: date, until: date) -> Iterator[Measured]:
    """Pairings that run on the last day, and children adopted."""
    town = func.substr(col(Case.area), 1, 9)
    running = (
        select(town, func.count())
        .select_from(Pairing)
        .join(Case, col(Case.id) == col(Pairing.case_id))
        .where(col(Pairing.since) <= until, col(Pairing.until).is_(None) | (col(Pairing.until) > until))
        .group_by(town)
    )
    adopted = (
        select(town, func.count())
        .where(col(Case.cause) == "adopted", col(Case.cause_on).between(since, until))
        .group_by(town)
    )
    for name, asked in (("pairings", running), ("adopted", adopted)):
        for code, count in work.session.execute(scoped(work, asked, col(Case.area), SHOW)):
            yield Measured(indicator=f"orphan_care.{name}", area=code, part=count)


INDICATORS = (
    Indicator(name="orphan_care.children", title=mark("在保儿童"), kind="count", permission=SHOW,
              measure=measure_children, unit=mark("人")),
    Indicator(name="orphan_care.disabled", title=mark("残疾儿童"), kind="count", permission=SHOW,
              measure=measure_children, unit=mark("人")),
    Indicator(name="orphan_care.coverage", title=mark("孤儿保障覆盖率"), kind="rate", permission=SHOW,
              measure=measure_children, comparator="=", policy="orphan_care.coverage_target"),
    Indicator(name="orphan_care.agreements", title=mark("监护责任书签订率"), kind="rate", permission=SHOW,
              measure=measure_children, comparator="="),
    Indicator(name="orphan_care.schooling", title=mark("在学率"), kind="rate", permission=SHOW,
              measure=measure_children),
    Indicator(name="orphan_care.standard_institutional", title=mark("集中养育孤儿标准"), kind="floor", permission=SHOW,
              measure=measure_standards, unit=mark("元/人·月"), money=True, county=True,
              policy="orphan_care.floor_institutional"),
    Indicator(name="orphan_care.standard_dispersed", title=mark("社会散居孤儿标准"), kind="floor", permission=SHOW,
              measure=measure_standards, unit=mark("元/人·月"), money=True, county=True,
              policy="orphan_care.floor_dispersed"),
    Indicator(name="orphan_care.paid", title=mark("孤儿基本生活费发放"), kind="count", permission=PAID,
              measure=measure_paid, money=True, cumulative=True),
    Indicator(name="orphan_care.visits_village", title=mark("村级按期走访率"), kind="rate", permission=SHOW,
              measure=measure_visits, comparator="="),
    Indicator(name="orphan_care.visits_township", title=mark("乡镇按期走访率"), kind="rate", permission=SHOW,
              measure=measure_visits, comparator="="),
    Indicator(name="orphan_care.pairings", title=mark("结对关爱"), kind="count", permission=SHOW,
              measure=measure_others, unit=mark("对")),
    Indicator(name="orphan_care.adopted", title=mark("被收养儿童"), kind="count", permission=SHOW,
              measure=measure_others, unit=mark("人"), cumulative=True),
)  # fmt: skip
