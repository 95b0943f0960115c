"""What superiors ask of double support: the year's projects, visits and service points by town, families, schools."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Indicator, Measured, UnitOfWork, mark, scoped
from plugins.double_support.models import Project, SchoolRequest, Spouse, SupportMoney, Visit
from plugins.double_support.queries import SHOW, count_of, sum_of
from plugins.double_support.statistics import (
    plaque_facts,
    points_by_town,
    projects_facts,
    school_year_on,
    schools_facts,
    visits_by_town,
)


def measure_county(work: UnitOfWork, since: date, until: date) -> Iterator[Measured]:
    """Projects, plaques, money, spouses, school requests and schools of the county as a whole."""
    county = work.settings.county.code
    if not work.may(SHOW, county):
        return
    yield from _projects(work, since, until)
    plaques, schools = plaque_facts(work), schools_facts(work, school_year_on(min(until, work.today)))
    asked = (col(SchoolRequest.asked_on) <= until, col(SchoolRequest.state) != "withdrawn")
    spouses = count_of(work, Spouse, col(Spouse.registered_on) <= until)
    rates = {
        "plaques": (plaques["hung"], plaques["wanted"]),
        "schools": (schools["met"], schools["schools"]),
        "requests": (count_of(work, SchoolRequest, *asked, col(SchoolRequest.state) == "solved"),
                     count_of(work, SchoolRequest, *asked)),
        "placed": (count_of(work, Spouse, col(Spouse.registered_on) <= until, col(Spouse.state) == "placed"), spouses),
    }  # fmt: skip
    for name, (part, base) in rates.items():
        yield Measured(indicator=f"double_support.{name}", area=county, part=part, base=base)
    money = sum_of(
        work, SupportMoney, col(SupportMoney.amount_fen), col(SupportMoney.year) == until.year,
        col(SupportMoney.state) == "entered",
    )  # fmt: skip
    yield Measured(indicator="double_support.money", area=county, part=money)
    yield Measured(indicator="double_support.spouses", area=county, part=spouses)


def _projects(work: UnitOfWork, since: date, until: date) -> Iterator[Measured]:
    """Projects of the year done in some days; the day of the last one, none while one still runs."""
    county, year = work.settings.county.code, until.year
    asked = select(func.count(), func.max(col(Project.done_on))).where(
        col(Project.year) == year, col(Project.done_on).between(since, until)
    )
    count, _last = work.session.execute(scoped(work, asked, col(Project.area), SHOW)).one()
    yield Measured(indicator="double_support.projects_done", area=county, part=count)
    found = projects_facts(work, year)
    last = select(func.max(col(Project.done_on))).where(col(Project.year) == year)
    day = work.session.scalar(scoped(work, last, col(Project.area), SHOW))
    yield Measured(indicator="double_support.projects_done_on", area=county, day=day if found["met"] else None)


def measure_visits(work: UnitOfWork, since: date, until: date) -> Iterator[Measured]:
    """Households listed and visited with the money brought, and villages with a service point."""
    days = (col(Visit.year) == until.year,)
    for town, one in visits_by_town(work, *days).items():
        if one.listed:
            yield Measured(indicator="double_support.visits", area=town, part=one.visited, base=one.listed)
    for town, one in visits_by_town(work, col(Visit.visited_on).between(since, until)).items():
        yield Measured(indicator="double_support.visited", area=town, part=one.visited)
        yield Measured(indicator="double_support.visit_money", area=town, part=one.money_fen)
    for town, (points, villages) in points_by_town(work).items():
        yield Measured(indicator="double_support.points", area=town, part=points, base=villages)


INDICATORS = (
    Indicator(name="double_support.projects_done", title=mark("军地互办实事完成"), kind="count", permission=SHOW,
              measure=measure_county, unit=mark("件"), cumulative=True, county=True,
              policy="double_support.projects_target"),
    Indicator(name="double_support.projects_done_on", title=mark("军地互办实事办结日期"), kind="deadline",
              permission=SHOW, measure=measure_county, comparator="<=", county=True),
    Indicator(name="double_support.visits", title=mark("走访慰问率"), kind="rate", permission=SHOW,
              measure=measure_visits, comparator="="),
    Indicator(name="double_support.visited", title=mark("走访慰问户数"), kind="count", permission=SHOW,
              measure=measure_visits, unit=mark("户"), cumulative=True),
    Indicator(name="double_support.visit_money", title=mark("走访慰问资金"), kind="count", permission=SHOW,
              measure=measure_visits, money=True, cumulative=True),
    Indicator(name="double_support.plaques", title=mark("光荣牌悬挂率"), kind="rate", permission=SHOW,
              measure=measure_county, comparator="=", county=True),
    Indicator(name="double_support.money", title=mark("支持部队资金"), kind="count", permission=SHOW,
              measure=measure_county, money=True, county=True),
    Indicator(name="double_support.points", title=mark("双拥服务点覆盖率"), kind="rate", permission=SHOW,
              measure=measure_visits),
    Indicator(name="double_support.spouses", title=mark("登记的随军家属"), kind="count", permission=SHOW,
              measure=measure_county, unit=mark("人"), county=True),
    Indicator(name="double_support.placed", title=mark("随军家属就业率"), kind="rate", permission=SHOW,
              measure=measure_county, county=True),
    Indicator(name="double_support.requests", title=mark("子女入学解决率"), kind="rate", permission=SHOW,
              measure=measure_county, comparator="=", county=True),
    Indicator(name="double_support.schools", title=mark("国防教育课时达标学校"), kind="rate", permission=SHOW,
              measure=measure_county, county=True),
)  # fmt: skip
