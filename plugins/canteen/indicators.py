"""What superiors ask of canteens, by town: sites, coverage, diners, meals, subsidy, safety, idle sites."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from core.api import Indicator, Measured, UnitOfWork, mark
from plugins.canteen.queries import target_of
from plugins.canteen.services.common import SHOW
from plugins.canteen.statistics import (
    Served,
    completion,
    diners_by_town,
    idle_sites,
    safety_by_town,
    served,
    sites_of,
    villages_by_town,
)


def measure_sites(work: UnitOfWork, since: date, until: date) -> Iterator[Measured]:
    """Sites, villages with one, meals and subsidy, sites that stand idle: three questions."""
    sites = sites_of(work)
    running = [site for site in sites if site.state in ("trial", "open")]
    meals = served(work, (since, until), sites)
    idle = Counter(site.area[:9] for site in idle_sites(work, running, meals))
    towns = villages_by_town(work, running, min(until, work.today))
    for town, (reached, villages) in towns.items():
        yield Measured(indicator="canteen.towns", area=town, part=int(reached > 0), base=1)
        yield Measured(indicator="canteen.villages", area=town, part=reached, base=villages)
    for site in running:
        yield Measured(indicator="canteen.sites", area=site.area, part=1)
        yield Measured(indicator="canteen.idle", area=site.area, part=0)
    for town, count in idle.items():
        yield Measured(indicator="canteen.idle", area=town, part=count)
    for site in sites:
        one = meals.get(site.id or 0, Served())
        yield Measured(indicator="canteen.meals", area=site.area, part=one.meals)
        yield Measured(indicator="canteen.deliveries", area=site.area, part=one.deliveries)
        yield Measured(indicator="canteen.subsidy", area=site.area, part=one.fen)
        if one.meals:
            yield Measured(indicator="canteen.each", area=site.area, part=one.fen, base=one.meals)


def measure_plan(work: UnitOfWork, _since: date, until: date) -> Iterator[Measured]:
    """Sites of the year's plan that are open; without a plan the rate is unknown."""
    county = work.settings.county.code
    if not work.may(SHOW, county):
        return
    planned, opened = completion(work, min(until, work.today), sites_of(work))
    yield Measured(indicator="canteen.plan", area=county, part=opened, base=planned)
    reached = None
    if planned and opened >= planned:
        year = [one.opened_on for one in sites_of(work) if one.opened_on and one.opened_on.year == until.year]
        reached = sorted(year)[planned - 1] if len(year) >= planned else None
    if target_of(work, until.year) is not None:
        yield Measured(indicator="canteen.plan_done_on", area=county, day=reached)


def measure_diners(work: UnitOfWork, since: date, until: date) -> Iterator[Measured]:
    """Diners enrolled, and the share of special groups."""
    for town, (enrolled, special) in diners_by_town(work, (since, until)).items():
        yield Measured(indicator="canteen.diners", area=town, part=enrolled)
        yield Measured(indicator="canteen.special", area=town, part=special, base=enrolled)


def measure_safety(work: UnitOfWork, since: date, until: date) -> Iterator[Measured]:
    """What diners and inspectors found."""
    for town, one in safety_by_town(work, (since, until)).items():
        yield Measured(indicator="canteen.inspections", area=town, part=one.inspections)
        if one.marks:
            yield Measured(indicator="canteen.satisfaction", area=town, part=one.total, base=one.marks)
        if one.hazards:
            yield Measured(indicator="canteen.rectified", area=town, part=one.closed, base=one.hazards)


INDICATORS = (
    Indicator(name="canteen.sites", title=mark("助餐站点"), kind="count", permission=SHOW, measure=measure_sites,
              unit=mark("个")),
    Indicator(name="canteen.plan", title=mark("助餐站点年度计划完成率"), kind="rate", permission=SHOW,
              measure=measure_plan, county=True),
    Indicator(name="canteen.plan_done_on", title=mark("助餐站点年度计划完成日期"), kind="deadline", permission=SHOW,
              measure=measure_plan, comparator="<=", county=True),
    Indicator(name="canteen.towns", title=mark("助餐乡镇覆盖率"), kind="rate", permission=SHOW, measure=measure_sites),
    Indicator(name="canteen.villages", title=mark("助餐村（社区）覆盖率"), kind="rate", permission=SHOW,
              measure=measure_sites),
    Indicator(name="canteen.diners", title=mark("登记就餐老人"), kind="count", permission=SHOW, measure=measure_diners,
              unit=mark("人")),
    Indicator(name="canteen.special", title=mark("特殊群体占登记人数"), kind="rate", permission=SHOW,
              measure=measure_diners),
    Indicator(name="canteen.meals", title=mark("就餐人次"), kind="count", permission=SHOW, measure=measure_sites,
              unit=mark("人次"), cumulative=True),
    Indicator(name="canteen.deliveries", title=mark("送餐人次"), kind="count", permission=SHOW, measure=measure_sites,
              unit=mark("人次"), cumulative=True),
    Indicator(name="canteen.subsidy", title=mark("就餐补贴合计"), kind="count", permission=SHOW,
              measure=measure_sites, money=True, cumulative=True),
    Indicator(name="canteen.each", title=mark("每餐平均补贴"), kind="floor", permission=SHOW, measure=measure_sites,
              money=True, unit=mark("元")),
    Indicator(name="canteen.idle", title=mark("闲置风险站点"), kind="count", permission=SHOW, measure=measure_sites,
              unit=mark("个"), comparator="<="),
    Indicator(name="canteen.satisfaction", title=mark("就餐满意度（5 分制）"), kind="floor", permission=SHOW,
              measure=measure_safety, unit=mark("分")),
    Indicator(name="canteen.inspections", title=mark("食品安全检查"), kind="count", permission=SHOW,
              measure=measure_safety, unit=mark("次"), cumulative=True),
    Indicator(name="canteen.rectified", title=mark("食品安全问题整改率"), kind="rate", permission=SHOW,
              measure=measure_safety, comparator="="),
)  # fmt: skip
