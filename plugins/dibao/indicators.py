"""What superiors ask of dibao, by town: families, persons, gap, standard, payout, votes, inspections, reviews."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Indicator, Measured, Period, UnitOfWork, mark, scoped, tallies_of
from plugins.benefits.api import standard_in_month
from plugins.casework.api import figures_by_town
from plugins.dibao.models import Award, MarginFamily
from plugins.dibao.queries import SHOW, newest_awards
from plugins.dibao.standard_checks import persons_by_town
from plugins.dibao.words import AREA_KINDS, CLASSES, SCHEME

PAID = "benefits.show"


def measure_families(work: UnitOfWork, _since: date, until: date) -> Iterator[Measured]:
    """Families and persons in payment in the last month, by kind and class: one question."""
    town = func.substr(col(Award.area), 1, 9)
    month = str(Period.of(until))
    asked = (
        newest_awards(month)
        .with_only_columns(
            town, col(Award.category), col(Award.review_class), func.count(), func.sum(col(Award.members))
        )
        .group_by(town, col(Award.category), col(Award.review_class))
    )
    rows = list(work.session.execute(scoped(work, asked, col(Award.area), SHOW)))
    families: Counter[str] = Counter()
    for code, category, review_class, count, members in rows:
        families[code] += count
        yield Measured(indicator="dibao.families", area=code, part=count)
        yield Measured(indicator=f"dibao.families_{category}", area=code, part=count)
        yield Measured(indicator="dibao.persons", area=code, part=int(members))
        yield Measured(indicator=f"dibao.persons_{category}", area=code, part=int(members))
        if review_class in CLASSES:
            yield Measured(indicator=f"dibao.class_{review_class.lower()}", area=code, part=count, base=0)
    for code, count in families.items():  # the base of a share is every family of the town, once
        for word in CLASSES:
            yield Measured(indicator=f"dibao.class_{word.lower()}", area=code, part=0, base=count)


def measure_gaps(work: UnitOfWork, _since: date, until: date) -> Iterator[Measured]:
    """What a person got on average in the rolls of the last month; unknown before a roll."""
    month, areas = str(Period.of(until)), work.areas(PAID)
    paid: Counter[tuple[str, str]] = Counter()
    for town, category, for_month, component, _count, fen in tallies_of(work, SCHEME, month):
        if (for_month, component) == (month, "BASIC") and town.startswith(areas or ("-",)):
            paid[town[:9], category] += fen
    persons = persons_by_town(work, month)
    for (town, category), fen in paid.items():
        yield Measured(indicator=f"dibao.gap_{category}", area=town, part=fen, base=persons.get((town, category), 0))


def measure_county(work: UnitOfWork, _since: date, until: date) -> Iterator[Measured]:
    """The standards of the county, and recipients against its population; 0 inhabitants is unknown."""
    month, county = str(Period.of(until)), work.settings.county.code
    if not work.may(SHOW, county):
        return
    on = Period(month).first_day
    for category in AREA_KINDS:
        fen = standard_in_month(work, SCHEME, category, county, month)
        yield Measured(indicator=f"dibao.standard_{category}", area=county, part=fen)
    persons: Counter[str] = Counter()
    for (_town, category), count in persons_by_town(work, month).items():
        persons[category] += count
    people = work.policy("dibao.population", on=on)
    rural = work.policy("dibao.population_rural", on=on)
    yield Measured(indicator="dibao.coverage", area=county, part=persons.total(), base=people)
    yield Measured(indicator="dibao.coverage_rural", area=county, part=persons["rural"], base=rural)


def measure_paid(work: UnitOfWork, since: date, until: date) -> Iterator[Measured]:
    """What the rolls of the months paid out, from the sums written with them."""
    areas = work.areas(PAID)
    for month in Period.span(Period.of(since), Period.of(min(until, max(work.today, since)))):
        for town, *_rest, fen in tallies_of(work, SCHEME, month):
            if town.startswith(areas or ("-",)):
                yield Measured(indicator="dibao.paid", area=town, part=fen)


def measure_changes(work: UnitOfWork, since: date, until: date) -> Iterator[Measured]:
    """New families, families that left, those phased out, by the months in which it takes effect; margin families."""
    town = func.substr(col(Award.area), 1, 9)
    months = (str(Period.of(since)), str(Period.of(until)))
    asked = select(town, col(Award.outcome), func.count()).where(col(Award.effective_month).between(*months))
    names = {"granted": "new", "reinstated": "new", "stopped": "left", "suspended": "left", "phasing_out": "phasing"}
    for code, outcome, count in work.session.execute(
        scoped(work, asked.group_by(town, col(Award.outcome)), col(Award.area), SHOW)
    ):
        if outcome in names:
            yield Measured(indicator=f"dibao.{names[outcome]}", area=code, part=count)
    place = func.substr(col(MarginFamily.area), 1, 9)
    margins = select(place, func.count()).where(
        col(MarginFamily.since) <= until, col(MarginFamily.until).is_(None) | (col(MarginFamily.until) > until)
    )
    for code, count in work.session.execute(scoped(work, margins.group_by(place), col(MarginFamily.area), SHOW)):
        yield Measured(indicator="dibao.margins", area=code, part=count)


def measure_cases(work: UnitOfWork, since: date, until: date) -> Iterator[Measured]:
    """Votes, days, inspections and reviews of the cases of dibao."""
    for town, one in figures_by_town(work, SCHEME, (since, until), SHOW).items():
        rates = {
            "voted": (one.voted, one.granted), "days": (one.days, one.decided), "inspected": (one.inspected, one.drawn),
            "wrong": (one.wrong, one.inspected), "reviews": (one.reviewed, one.reviewed + one.reviews_waiting),
        }  # fmt: skip
        for name, (part, base) in rates.items():
            if base:
                yield Measured(indicator=f"dibao.{name}", area=town, part=part, base=base)


_KINDS = {
    "urban": (mark("城市低保户数"), mark("城市低保人数"), mark("城市低保月人均补差"), mark("城市低保标准")),
    "rural": (mark("农村低保户数"), mark("农村低保人数"), mark("农村低保月人均补差"), mark("农村低保标准")),
}
_SHARES = {"A": mark("A 类家庭占比"), "B": mark("B 类家庭占比"), "C": mark("C 类家庭占比")}
_EACH = mark("元/人·月")
INDICATORS = (
    Indicator(name="dibao.families", title=mark("低保户数"), kind="count", permission=SHOW, measure=measure_families,
              unit=mark("户")),
    Indicator(name="dibao.persons", title=mark("低保人数"), kind="count", permission=SHOW, measure=measure_families,
              unit=mark("人")),
    *(
        one
        for kind, (families, persons, gap, standard) in _KINDS.items()
        for one in (
            Indicator(name=f"dibao.families_{kind}", title=families, kind="count", permission=SHOW,
                      measure=measure_families, unit=mark("户")),
            Indicator(name=f"dibao.persons_{kind}", title=persons, kind="count", permission=SHOW,
                      measure=measure_families, unit=mark("人")),
            Indicator(name=f"dibao.gap_{kind}", title=gap, kind="floor", permission=PAID, measure=measure_gaps,
                      unit=_EACH, money=True, policy=f"dibao.target_gap_{kind}"),
            Indicator(name=f"dibao.standard_{kind}", title=standard, kind="floor", permission=SHOW,
                      measure=measure_county, unit=_EACH, money=True, policy=f"dibao.provincial_minimum_{kind}",
                      county=True),
        )
    ),
    *(
        Indicator(name=f"dibao.class_{word.lower()}", title=title, kind="rate", permission=SHOW,
                  measure=measure_families)
        for word, title in _SHARES.items()
        if word in CLASSES
    ),
    Indicator(name="dibao.coverage", title=mark("低保覆盖率"), kind="rate", permission=SHOW, measure=measure_county,
              policy="dibao.coverage_target", county=True),
    Indicator(name="dibao.coverage_rural", title=mark("农村低保覆盖率"), kind="rate", permission=SHOW,
              measure=measure_county, policy="dibao.coverage_target", county=True),
    Indicator(name="dibao.paid", title=mark("低保资金发放"), kind="count", permission=PAID, measure=measure_paid,
              money=True, cumulative=True),
    Indicator(name="dibao.new", title=mark("新增低保户"), kind="count", permission=SHOW, measure=measure_changes,
              unit=mark("户"), cumulative=True),
    Indicator(name="dibao.left", title=mark("退出低保户"), kind="count", permission=SHOW, measure=measure_changes,
              unit=mark("户"), cumulative=True),
    Indicator(name="dibao.phasing", title=mark("渐退期家庭"), kind="count", permission=SHOW, measure=measure_changes,
              unit=mark("户")),
    Indicator(name="dibao.margins", title=mark("低保边缘家庭"), kind="count", permission=SHOW, measure=measure_changes,
              unit=mark("户")),
    Indicator(name="dibao.voted", title=mark("票决覆盖率"), kind="rate", permission=SHOW, measure=measure_cases,
              comparator="=", policy="dibao.voted_target"),
    Indicator(name="dibao.days", title=mark("低保平均办理时间"), kind="floor", permission=SHOW, measure=measure_cases,
              unit=mark("个工作日"), comparator="<=", policy="workflow.total_working_days"),
    Indicator(name="dibao.inspected", title=mark("低保抽查完成"), kind="rate", permission=SHOW, measure=measure_cases,
              comparator="="),
    Indicator(name="dibao.wrong", title=mark("低保抽查差错率"), kind="rate", permission=SHOW, measure=measure_cases,
              comparator="<="),
    Indicator(name="dibao.reviews", title=mark("低保复核完成率"), kind="rate", permission=SHOW, measure=measure_cases,
              comparator="="),
)  # fmt: skip
