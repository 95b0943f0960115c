"""Figures of the handbook for superiors: sites against the plan, coverage, diners, meals, safety, idle sites."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import case, func, select
from sqlmodel import col

from core.api import (
    Column,
    Parameter,
    Period,
    Report,
    _,
    area_names,
    columns,
    format_money,
    mark,
    scoped,
    village_codes,
    within,
)
from plugins.canteen.counter.models import Subsidy, Swipe
from plugins.canteen.models import Diner, Feedback, Inspection, Site
from plugins.canteen.queries import target_of
from plugins.canteen.services.common import DINERS, SHOW
from plugins.canteen.words import KINDS, STATES

if TYPE_CHECKING:
    from core.api import UnitOfWork

_SITE, _SUBSIDY, _SWIPE = columns(Site), columns(Subsidy), columns(Swipe)
SPECIAL = ("T3", "T4")
Span = tuple[date, date]


@dataclass
class Served:
    """Subsidised meals of a site in a period."""

    meals: int = 0
    fen: int = 0
    days: int = 0
    deliveries: int = 0
    persons: int = 0

    @property
    def average(self) -> Decimal | None:
        """Meals per service day; None without any."""
        return Decimal(self.meals) / self.days if self.days else None


def span_of(work: "UnitOfWork", since: str | None, until: str | None) -> Span:
    """The days of a period of months; without one the current month."""
    first = Period(since) if since else Period.of(work.today)
    last = Period(until) if until else first if since else Period.of(work.today)
    return first.first_day, last.last_day


def sites_of(work: "UnitOfWork", area: str = "") -> list[Site]:
    """The sites of the reader's areas."""
    asked = select(Site).order_by(col(Site.id))
    if area:
        asked = asked.where(within(col(Site.area), [area]))
    return list(work.session.scalars(scoped(work, asked, col(Site.area), SHOW)))


def served(work: "UnitOfWork", span: Span, sites: Sequence[Site]) -> dict[int, Served]:
    """Subsidised meals by site, one question for all."""
    wanted = {site.id for site in sites}
    asked = (
        select(
            _SUBSIDY.site_id,
            func.count(),
            func.sum(_SUBSIDY.subsidy_fen),
            func.count(func.distinct(_SUBSIDY.day)),
            func.sum(case((_SWIPE.delivery_fee_fen > 0, 1), else_=0)),
            func.count(func.distinct(_SUBSIDY.person_id)),
        )
        .join(_SWIPE.id.table, _SWIPE.id == _SUBSIDY.swipe_id)
        .where(_SUBSIDY.day.between(*span))
        .group_by(_SUBSIDY.site_id)
    )
    rows = work.session.connection().execute(asked)
    return {row[0]: Served(row[1], int(row[2]), row[3], int(row[4]), row[5]) for row in rows if row[0] in wanted}


def by_tier(work: "UnitOfWork", span: Span, sites: Sequence[Site]) -> Mapping[str, tuple[int, int, int]]:
    """Meals, fen and persons by tier."""
    asked = (
        select(_SWIPE.tier, func.count(), func.sum(_SUBSIDY.subsidy_fen), func.count(func.distinct(_SUBSIDY.person_id)))
        .join(_SWIPE.id.table, _SWIPE.id == _SUBSIDY.swipe_id)
        .join(_SITE.id.table, _SITE.id == _SUBSIDY.site_id)
        .where(_SUBSIDY.day.between(*span), _SITE.id.in_([site.id for site in sites]))
        .group_by(_SWIPE.tier)
        .order_by(_SWIPE.tier)
    )
    return {row[0]: (row[1], int(row[2]), row[3]) for row in work.session.connection().execute(asked)}


def completion(work: "UnitOfWork", on: date, sites: Sequence[Site]) -> tuple[int, int]:
    """Sites the year planned, and those of them that are open on a day; planned is 0 without a plan."""
    plan = target_of(work, on.year)
    opened = sum(
        1 for site in sites if site.state == "open" and site.opened_on and date(on.year, 1, 1) <= site.opened_on <= on
    )
    return (plan.sites if plan else 0), opened


def share(part: int, whole: int) -> str:
    """A share in percent with one decimal."""
    return f"{Decimal(part * 100) / Decimal(whole):.1f}%" if whole else "--"


def indicator_rows(
    work: "UnitOfWork", since: str | None = None, until: str | None = None, area: str | None = None
) -> Iterator[tuple[Any, ...]]:
    """The indicators of a period, one a row."""
    span, place = span_of(work, since, until), area or ""
    sites = sites_of(work, place)
    running = [site for site in sites if site.state in ("trial", "open")]
    yield from _site_rows(work, span, sites, running, place)
    yield from _diner_rows(work, span, sites, place)
    yield from _safety_rows(work, span, place)
    meals = served(work, span, sites)
    idle = idle_sites(work, running, meals)
    limit = work.policy("canteen.idle_average")
    yield _("日均不足 {limit} 餐的站点（闲置风险）", limit=limit), str(len(idle)), _("个")


def _site_rows(
    work: "UnitOfWork", span: Span, sites: Sequence[Site], running: Sequence[Site], area: str
) -> Iterator[tuple[Any, ...]]:
    for code, word in KINDS.items():
        yield _(word), str(sum(site.kind == code for site in running)), _("个")
    planned, opened = completion(work, min(span[1], work.today), sites)
    yield _("年度计划站点"), str(planned or "--"), _("个")
    yield _("年度已建成开放"), str(opened), _("个")
    yield _("年度计划完成率"), share(opened, planned), ""
    towns = villages_by_town(work, running, span[1], area)
    reached = [with_site for with_site, _villages in towns.values()]
    yield _("乡镇覆盖率"), share(sum(map(bool, reached)), len(towns)), ""
    yield _("村（社区）覆盖率"), share(sum(reached), sum(villages for _reached, villages in towns.values())), ""


def villages_by_town(
    work: "UnitOfWork", running: Sequence[Site], on: date, area: str = ""
) -> dict[str, tuple[int, int]]:
    """Villages with a running site, and all of them, by town."""
    with_site, mine = {site.area for site in running}, work.areas(SHOW)
    found: dict[str, tuple[int, int]] = {}
    for code, village in sorted(village_codes(work).items()):
        if not code.startswith(mine or ("-",)) or not code.startswith(area):
            continue
        if village.valid_to is None or village.valid_to >= on:
            reached, every = found.get(code[:9], (0, 0))
            found[code[:9]] = (reached + (code in with_site), every + 1)
    return found


def _diner_rows(work: "UnitOfWork", span: Span, sites: Sequence[Site], area: str) -> Iterator[tuple[Any, ...]]:
    towns = diners_by_town(work, span, area)
    enrolled, special = (sum(one[at] for one in towns.values()) for at in (0, 1))
    tiers = by_tier(work, span, sites)
    meals, fen = sum(row[0] for row in tiers.values()), sum(row[1] for row in tiers.values())
    yield _("登记就餐老人"), str(enrolled), _("人")
    yield _("实际就餐老人"), str(_active(work, span, sites)), _("人")
    yield _("就餐人次"), str(meals), _("人次")
    yield _("送餐人次"), str(sum(one.deliveries for one in served(work, span, sites).values())), _("人次")
    yield _("特殊群体占登记人数"), share(special, enrolled), ""
    yield _("特殊群体占就餐人次"), share(sum(tiers[one][0] for one in SPECIAL if one in tiers), meals), ""
    for tier, (_count, sum_fen, _persons) in tiers.items():
        yield _("就餐补贴（{tier}）", tier=tier), format_money(sum_fen), _("元")
    yield _("就餐补贴合计"), format_money(fen), _("元")
    yield _("每餐平均补贴"), format_money(fen // meals) if meals else "--", _("元")


def diners_by_town(work: "UnitOfWork", span: Span, area: str = "") -> dict[str, tuple[int, int]]:
    """Diners enrolled in a period, and those of a special group, by town."""
    town = func.substr(col(Diner.area), 1, 9)
    asked = select(town, func.count(), func.count(case((col(Diner.statuses) != "", 1)))).where(
        col(Diner.from_on) <= span[1], (col(Diner.to_on).is_(None)) | (col(Diner.to_on) >= span[0])
    )
    if area:
        asked = asked.where(within(col(Diner.area), [area]))
    right = DINERS if work.may(DINERS) else SHOW
    rows = work.session.execute(scoped(work, asked.group_by(town), col(Diner.area), right))
    return {code: (enrolled, special) for code, enrolled, special in rows}


def _active(work: "UnitOfWork", span: Span, sites: Sequence[Site]) -> int:
    asked = select(func.count(func.distinct(_SUBSIDY.person_id))).where(
        _SUBSIDY.day.between(*span), _SUBSIDY.site_id.in_([site.id for site in sites])
    )
    return work.session.connection().scalar(asked) or 0


def _safety_rows(work: "UnitOfWork", span: Span, area: str) -> Iterator[tuple[Any, ...]]:
    towns = safety_by_town(work, span, area).values()
    marks, total, count, hazards, closed = (sum(getattr(one, name) for one in towns) for name in Safety._fields)
    yield _("满意度（5 分制）"), f"{Decimal(int(total)) / marks:.1f}" if marks else "--", _("分")
    yield _("食品安全检查"), str(count), _("次")
    yield _("发现问题"), str(hazards), _("件")
    yield _("问题整改率"), share(closed, hazards), ""


class Safety(NamedTuple):
    """Surveys with the sum of their marks, inspections, those with a hazard, hazards put right."""

    marks: int = 0
    total: int = 0
    inspections: int = 0
    hazards: int = 0
    closed: int = 0


def safety_by_town(work: "UnitOfWork", span: Span, area: str = "") -> dict[str, Safety]:
    """What diners and inspectors found in a period, by town: two questions."""
    here, there = func.substr(col(Feedback.area), 1, 9), func.substr(col(Inspection.area), 1, 9)
    surveys = select(here, func.count(), func.sum(col(Feedback.score))).where(
        col(Feedback.kind) == "survey", col(Feedback.received_on).between(*span)
    )
    checks = select(
        there,
        func.count(),
        func.count(case((col(Inspection.severity) != "none", 1))),
        func.count(col(Inspection.rectified_on)),
    ).where(col(Inspection.inspected_on).between(*span))
    if area:
        surveys = surveys.where(within(col(Feedback.area), [area]))
        checks = checks.where(within(col(Inspection.area), [area]))
    found = {
        code: Safety(marks, int(total))
        for code, marks, total in work.session.execute(scoped(work, surveys.group_by(here), col(Feedback.area), SHOW))
    }
    for code, count, hazards, closed in work.session.execute(
        scoped(work, checks.group_by(there), col(Inspection.area), SHOW)
    ):
        before = found.get(code, Safety())
        found[code] = before._replace(inspections=count, hazards=hazards, closed=closed)
    return found


def idle_sites(work: "UnitOfWork", running: Sequence[Site], meals: Mapping[int, Served]) -> list[Site]:
    """Running sites whose average is below the policy's: the risk that they stand there for show."""
    limit = work.policy("canteen.idle_average")
    return [
        site
        for site in running
        if site.kind != "central_kitchen" and (meals.get(site.id or 0, Served()).average or 0) < limit
    ]


def site_rows(
    work: "UnitOfWork", since: str | None = None, until: str | None = None, area: str | None = None
) -> Iterator[tuple[Any, ...]]:
    """Sites with their meals: nobody's name is in it."""
    span = span_of(work, since, until)
    sites = sites_of(work, area or "")
    meals = served(work, span, sites)
    idle = {site.id for site in idle_sites(work, [one for one in sites if one.state in ("trial", "open")], meals)}
    towns = area_names(work, {site.area[:9] for site in sites})
    for site in sites:
        one = meals.get(site.id or 0, Served())
        average = f"{one.average:.1f}" if one.average is not None else "--"
        yield (
            site.number, site.name, towns.get(site.area[:9], ""), _(KINDS[site.kind]), _(STATES[site.state]),
            one.persons, one.meals, one.fen, average, _("是") if site.id in idle else "",
        )  # fmt: skip


def tier_rows(
    work: "UnitOfWork", since: str | None = None, until: str | None = None, area: str | None = None
) -> Iterator[tuple[Any, ...]]:
    """Persons, meals and subsidy by tier."""
    for tier, (meals, fen, persons) in by_tier(work, span_of(work, since, until), sites_of(work, area or "")).items():
        yield tier, persons, meals, fen


_PERIOD = (
    Parameter(name="since", title=mark("起始月"), kind="month", default="current"),
    Parameter(name="until", title=mark("截止月"), kind="month", default="current"),
    Parameter(name="area", title=mark("区划"), kind="area"),
)
REPORTS: Sequence[Report] = (
    Report(
        name="canteen-indicators",
        title=mark("长者食堂指标"),
        permission=SHOW,
        columns=(
            Column(name="indicator", title=mark("指标")),
            Column(name="value", title=mark("数值")),
            Column(name="unit", title=mark("单位")),
        ),
        rows=indicator_rows,
        parameters=_PERIOD,
        note=mark("就餐人次和补贴只计享受补贴的用餐；完成率为年度内建成开放的站点占年度计划的比例"),
    ),
    Report(
        name="canteen-sites",
        chart=("name", "subsidy"),
        title=mark("助餐站点月度公示"),
        permission=SHOW,
        columns=(
            Column(name="number", title=mark("站点编号")),
            Column(name="name", title=mark("站点名称")),
            Column(name="town", title=mark("乡镇")),
            Column(name="kind", title=mark("站点类型")),
            Column(name="state", title=mark("状态")),
            Column(name="persons", title=mark("就餐人数"), kind="integer"),
            Column(name="meals", title=mark("就餐人次"), kind="integer", total=True),
            Column(name="subsidy", title=mark("就餐补贴"), kind="money", total=True),
            Column(name="average", title=mark("日均餐数")),
            Column(name="idle", title=mark("闲置风险")),
        ),
        rows=site_rows,
        parameters=_PERIOD,
        note=mark("只公示站点的人数、餐数和补贴，不公示老人姓名"),
    ),
    Report(
        name="canteen-tiers",
        title=mark("助餐补贴分档统计"),
        permission=SHOW,
        columns=(
            Column(name="tier", title=mark("档次")),
            Column(name="persons", title=mark("人数"), kind="integer"),
            Column(name="meals", title=mark("就餐人次"), kind="integer", total=True),
            Column(name="subsidy", title=mark("就餐补贴"), kind="money", total=True),
        ),
        rows=tier_rows,
        chart=("tier", "subsidy"),
        parameters=_PERIOD,
    ),
)
