"""Figures of the handbook for superiors, and the sums pages and commands show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Column, Parameter, Report, _, area_names, facts_of, format_money, mark, scoped, village_codes
from plugins.double_support import words
from plugins.double_support.models import (
    Agreement,
    Base,
    Category,
    DefenceBudget,
    DefenceClass,
    DefenceEvent,
    Plan,
    Plaque,
    Project,
    SchoolRequest,
    ScoreSheet,
    ServicePoint,
    Spouse,
    SupportGroup,
    SupportMoney,
    Title,
    Unit,
    Visit,
)
from plugins.double_support.queries import SHOW, count_of, dict_of, sum_of
from plugins.double_support.rules import Year, percent, required_fen, school_hours, streak, year_of
from plugins.double_support.services.assessing import sheet_facts
from plugins.double_support.services.common import KEEP

if TYPE_CHECKING:
    from core.api import UnitOfWork


def year_of_projects(work: "UnitOfWork", year: int) -> Year:
    """How the projects of a year stand."""
    asked = select(col(Project.no), col(Project.state)).where(col(Project.year) == year)
    rows = work.session.execute(scoped(work, asked, col(Project.area), SHOW))
    return year_of((no, state) for no, state in rows)


def projects_facts(work: "UnitOfWork", year: int) -> dict[str, Any]:
    """Progress of a year's projects against the target."""
    found, target = year_of_projects(work, year), work.policy("double_support.projects_target", on=date(year, 12, 31))
    return {
        "year": year,
        "target": target,
        "planned": found.planned,
        "done": found.done,
        "running": found.running,
        "delayed": found.delayed,
        "cancelled": found.cancelled,
        "progress": found.progress,
        "on_schedule": found.on_schedule,
        "met": found.done >= target,
        "gap": found.gap(target),
    }


def projects_in_words(facts: Mapping[str, Any]) -> str:
    """How the projects of a year stand, in one sentence; "" without projects."""
    if facts["progress"] is None:
        return ""
    return _(
        "{year} 年：完成 {done} 件，进行中 {running} 件，延期 {delayed} 件；完成率 {progress}%，按期率 {on}%",
        year=facts["year"],
        done=facts["done"],
        running=facts["running"],
        delayed=facts["delayed"],
        progress=facts["progress"],
        on=facts["on_schedule"],
    )


@dataclass(frozen=True)
class Visited:
    """Households listed and visited, units visited, and the money that was brought."""

    listed: int = 0
    visited: int = 0
    units: int = 0
    money_fen: int = 0


def visits_by_town(work: "UnitOfWork", *conditions: Any) -> dict[str, Visited]:
    """Visits by town, one question; a household given back is not listed."""
    town, home = func.substr(col(Visit.area), 1, 9), col(Visit.unit_id).is_(None)
    done = col(Visit.state) == "visited"
    asked = select(
        town,
        func.count().filter(home & (col(Visit.state) != "returned")),
        func.count().filter(home & done),
        func.count().filter(~home & done),
        func.coalesce(func.sum(col(Visit.amount_fen)).filter(done), 0),
    ).where(*conditions)
    rows = work.session.execute(scoped(work, asked.group_by(town), col(Visit.area), SHOW))
    return {row[0]: Visited(*map(int, row[1:])) for row in rows}


def visit_facts(work: "UnitOfWork", *conditions: Any) -> dict[str, Any]:
    """Households listed and visited, and the money that was brought; a household given back is not listed."""
    towns = visits_by_town(work, *conditions).values()
    listed, visited, units, money = (sum(getattr(one, field.name) for one in towns) for field in fields(Visited))
    return {
        "listed": listed,
        "visited": visited,
        "rate": percent(visited, listed),
        "units": units,
        "money_fen": money,
    }


def plaque_facts(work: "UnitOfWork") -> dict[str, Any]:
    """Plaques that hang of the households that are to have one, as another plugin or a policy says."""
    hung = count_of(work, Plaque, col(Plaque.state) == "hung")
    honoured = work.hooks.resolve("resolve_double_support_honoured", work=work)
    wanted = len(honoured) if honoured is not None else work.policy("double_support.plaque_households")
    if not wanted:
        wanted = count_of(work, Plaque, col(Plaque.state).in_(("issued", "hung", "damaged")))
    return {"hung": hung, "wanted": wanted, "coverage": percent(hung, wanted)}


def coverage_facts(work: "UnitOfWork") -> dict[str, Any]:
    """Villages and communities with a service point of all there are today."""
    towns = points_by_town(work).values()
    points, villages = sum(one for one, _all in towns), sum(every for _one, every in towns)
    return {"points": points, "villages": villages, "coverage": percent(points, villages)}


def points_by_town(work: "UnitOfWork") -> dict[str, tuple[int, int]]:
    """Service points, and villages and communities there are today, by town of the reader's areas."""
    today, mine = work.today, work.areas(SHOW)
    town = func.substr(col(ServicePoint.area), 1, 9)
    asked = select(town, func.count()).where(col(ServicePoint.state) == "open").group_by(town)
    found = {
        row[0]: (int(row[1]), 0) for row in work.session.execute(scoped(work, asked, col(ServicePoint.area), SHOW))
    }
    for code, area in sorted(village_codes(work).items()):
        begun = area.valid_from is None or area.valid_from <= today
        if begun and (area.valid_to is None or area.valid_to >= today) and code.startswith(mine or ("-",)):
            points, villages = found.get(code[:9], (0, 0))
            found[code[:9]] = (points, villages + 1)
    return found


def titles_facts(work: "UnitOfWork", level: str) -> dict[str, Any]:
    """Titles of a level: won in a row up to the last decided round, and with the pending ones."""
    asked = select(col(Title.state)).where(col(Title.level) == level).order_by(col(Title.round))
    results = list(work.session.scalars(asked))
    won, confirmed = streak(results)
    return {
        "level": level,
        "rounds": len(results),
        "won": results.count("won"),
        "streak": won,
        "pending": results.count("pending"),
        "streak_if_confirmed": confirmed,
    }


def school_year_on(day: date) -> str:
    """The school year of a day; it begins in September."""
    first = day.year if day.month >= 9 else day.year - 1
    return f"{first}-{first + 1}"


def schools_facts(work: "UnitOfWork", school_year: str) -> dict[str, Any]:
    """Schools of a school year: each by the grade with the fewest hours; never averaged."""
    asked = select(col(DefenceClass.school), col(DefenceClass.half_hours)).where(
        col(DefenceClass.school_year) == school_year
    )
    schools: dict[str, list[int]] = {}
    for school, half in work.session.execute(scoped(work, asked, col(DefenceClass.area), SHOW)):
        schools.setdefault(school, []).append(half)
    least = work.policy("double_support.class_half_hours")
    rows = [
        {"school": school, "hours": school_hours(grades) / 2, "met": school_hours(grades) >= least}
        for school, grades in sorted(schools.items())
    ]
    met = sum(bool(row["met"]) for row in rows)
    return {"school_year": school_year, "schools": len(rows), "met": met, "rate": percent(met, len(rows)), "rows": rows}


def budget_facts(work: "UnitOfWork", one: DefenceBudget) -> dict[str, Any]:
    """What defence education needs by the population, and what the budget lacks."""
    rate = work.policy("double_support.budget_per_head", on=date(one.year, 1, 1))
    required = required_fen(one.population, rate)
    return {
        "required_fen": required,
        "gap_fen": max(0, required - one.budgeted_fen),
        "per_head_fen": percent_of_fen(one.budgeted_fen, one.population),
    }


def percent_of_fen(fen: int, people: int) -> Decimal | None:
    """Yuan for each inhabitant with four decimals; None without inhabitants."""
    return (Decimal(fen) / 100 / people).quantize(Decimal("0.0001")) if people else None


def ones_held(work: "UnitOfWork", ones: Mapping[str, tuple[str, ...]], year: int) -> list[tuple[str, int]]:
    """How many events of each of the six ones, or of the three, a year had."""
    asked = (
        select(col(DefenceEvent.kind), func.count())
        .where(col(DefenceEvent.held_on).between(date(year, 1, 1), date(year, 12, 31)))
        .group_by(col(DefenceEvent.kind))
    )
    counts = {row[0]: row[1] for row in work.session.execute(scoped(work, asked, col(DefenceEvent.area), SHOW))}
    return [(word, sum(counts.get(kind, 0) for kind in kinds)) for word, kinds in ones.items()]


def indicator_rows(work: "UnitOfWork", year: int | None = None) -> Iterator[tuple[str, Any, str]]:
    """Every indicator of the handbook for a year; totals only, no unit and no name."""
    work.require(SHOW)
    on = year or work.today.year
    yield from _project_rows(work, on)
    yield from _visit_rows(work, on)
    yield from _assessment_rows(work, on)
    yield from _family_rows(work, on)
    yield from _base_rows(work, on)
    yield from _education_rows(work, on)


def _project_rows(work: "UnitOfWork", on: int) -> Iterator[tuple[str, Any, str]]:
    found = projects_facts(work, on)
    yield _("军地互办实事完成"), f"{found['done']} / {found['target']}", _("件")
    yield _("完成率"), found["progress"], "%"
    yield _("按期率"), found["on_schedule"], "%"
    yield _("年度目标"), _("达标") if found["met"] else _("未达标，还差 {gap} 件", gap=found["gap"]), ""
    for direction, word in words.DIRECTIONS.items():
        same = (col(Project.year) == on, col(Project.direction) == direction, col(Project.state) != "cancelled")
        yield _(word), count_of(work, Project, *same), _("件")


def _visit_rows(work: "UnitOfWork", on: int) -> Iterator[tuple[str, Any, str]]:
    for festival, word in words.FESTIVALS.items():
        found = visit_facts(work, col(Visit.year) == on, col(Visit.festival) == festival)
        if not (found["listed"] or found["units"]) and festival == "other":
            continue
        yield _("{festival}走访户数", festival=_(word)), found["visited"], _("户")
        yield _("{festival}慰问资金", festival=_(word)), format_money(found["money_fen"]), _("元")
        yield _("{festival}走访率", festival=_(word)), found["rate"], "%"
    plaques = plaque_facts(work)
    yield _("光荣牌悬挂率"), plaques["coverage"], "%"
    money = sum_of(
        work, SupportMoney, col(SupportMoney.amount_fen), col(SupportMoney.year) == on,
        col(SupportMoney.state) == "entered",
    )  # fmt: skip
    yield _("支持部队资金"), format_money(money), _("元")


def _assessment_rows(work: "UnitOfWork", on: int) -> Iterator[tuple[str, Any, str]]:
    asked = select(ScoreSheet).where(col(ScoreSheet.year) == on).order_by(col(ScoreSheet.id).desc())
    sheet = work.session.scalars(scoped(work, asked, col(ScoreSheet.area), SHOW)).first()
    if sheet is not None:
        found = sheet_facts(work, sheet)
        yield _("自评得分"), found["result"], ""
        yield _("缺佐证项目"), found["gap"], _("项")
    for level, word in words.LEVELS.items():
        titles = titles_facts(work, level)
        if titles["rounds"]:
            yield _("{level}命名次数", level=_(word)), titles["won"], _("次")
            yield _("{level}连续命名", level=_(word)), titles["streak"], _("次")


def _family_rows(work: "UnitOfWork", on: int) -> Iterator[tuple[str, Any, str]]:
    last = date(on, 12, 31)
    yield _("登记的随军家属"), count_of(work, Spouse, col(Spouse.registered_on) <= last), _("人")
    yield _("已就业的随军家属"), count_of(work, Spouse, col(Spouse.state) == "placed"), _("人")
    yield _("领取补贴的随军家属"), count_of(work, Spouse, col(Spouse.state) == "subsidised"), _("人")
    asked = (col(SchoolRequest.asked_on) <= last, col(SchoolRequest.state) != "withdrawn")
    total = count_of(work, SchoolRequest, *asked)
    solved = count_of(work, SchoolRequest, *asked, col(SchoolRequest.state) == "solved")
    yield _("子女入学解决率"), percent(solved, total), "%"


def _base_rows(work: "UnitOfWork", on: int) -> Iterator[tuple[str, Any, str]]:
    yield _("服务军人家庭的组织和队伍"), count_of(work, SupportGroup, col(SupportGroup.state) == "open"), _("个")
    volunteers = work.hooks.resolve(
        "resolve_double_support_volunteers", work=work, since=date(on, 1, 1), until=date(on, 12, 31)
    )
    if volunteers is not None:
        yield _("拥军志愿服务"), volunteers.times, _("人次")
        yield _("拥军志愿服务队"), volunteers.teams, _("个")
    yield _("服务点覆盖率"), coverage_facts(work)["coverage"], "%"
    yield _("共建协议"), count_of(work, Agreement, col(Agreement.state) == "open"), _("份")


def _education_rows(work: "UnitOfWork", on: int) -> Iterator[tuple[str, Any, str]]:
    schools = schools_facts(work, f"{on - 1}-{on}")
    yield _("国防教育课时达标学校"), schools["rate"], "%"
    for word, count in [*ones_held(work, words.SIX_ONES, on), *ones_held(work, words.THREE_ONES, on)]:
        yield _(word), count, _("次")
    yield _("国防教育基地"), count_of(work, Base, col(Base.state) == "open"), _("个")
    asked = select(DefenceBudget).where(col(DefenceBudget.year) == on)
    budget = work.session.scalars(scoped(work, asked, col(DefenceBudget.area), SHOW)).first()
    if budget is not None:
        found = budget_facts(work, budget)
        yield _("国防教育经费应安排"), format_money(found["required_fen"]), _("元")
        yield _("国防教育经费已安排"), format_money(budget.budgeted_fen), _("元")
        yield _("国防教育经费缺口"), format_money(found["gap_fen"]), _("元")
        yield _("国防教育人均经费"), found["per_head_fen"], _("元/人")


def project_rows(work: "UnitOfWork", year: int | None = None) -> Iterator[Sequence[Any]]:
    """The projects of a year, by number."""
    work.require(SHOW)
    on = year or work.today.year
    asked = select(Project).where(col(Project.year) == on).order_by(col(Project.no), col(Project.id))
    rows = list(work.session.scalars(scoped(work, asked, col(Project.area), SHOW)))
    units = dict_of(work, Unit, [one.unit_id for one in rows])
    for one in rows:
        yield (
            one.no, _(words.DIRECTIONS[one.direction]), one.title, one.responsible, units[one.unit_id].code,
            one.budget_fen, one.due, _(words.PROJECT_STATES[one.state]), one.reason,
        )  # fmt: skip


def visit_rows(work: "UnitOfWork", year: int | None = None, state: str | None = None) -> Iterator[Sequence[Any]]:
    """The households of the year's lists by name, for officers only; that the list was read is recorded."""
    work.require(KEEP)
    on = year or work.today.year
    asked = select(Visit).where(col(Visit.year) == on, col(Visit.person_id).is_not(None)).order_by(col(Visit.id))
    if state in words.VISIT_STATES:
        asked = asked.where(col(Visit.state) == state)
    rows = list(work.session.scalars(scoped(work, asked, col(Visit.area), KEEP)))
    if rows:
        work.record_read("double_support.list_read", "double_support_visit:list")
    plans = dict_of(work, Plan, [one.plan_id for one in rows])
    categories = dict_of(work, Category, [one.category_id for one in rows])
    people = facts_of(work, [one.person_id or 0 for one in rows])
    places = area_names(work, {one.area for one in rows})
    for one in rows:
        yield (
            plans[one.plan_id].number, people[one.person_id].name if one.person_id in people else "",
            places.get(one.area, ""), categories[one.category_id].name, one.amount_fen,
            _(words.CHANNELS[one.channel]), one.visited_on, _(words.VISIT_STATES[one.state]), one.reason,
        )  # fmt: skip


def spouse_rows(work: "UnitOfWork") -> Iterable[Sequence[Any]]:
    """The register of spouses, for officers; that it was read is recorded."""
    work.require(KEEP)
    asked = select(Spouse).order_by(col(Spouse.id))
    rows = list(work.session.scalars(scoped(work, asked, col(Spouse.area), KEEP)))
    if rows:
        work.record_read("double_support.list_read", "double_support_spouse:list")
    people = facts_of(work, [one.person_id for one in rows])
    for one in rows:
        name = people[one.person_id].name if one.person_id in people else ""
        yield one.number, name, one.registered_on, _(words.SPOUSE_STATES[one.state]), one.state_on, one.other_payer


def class_rows(work: "UnitOfWork", school_year: str | None = None) -> Iterator[Sequence[Any]]:
    """The schools of a school year, each against the hours asked for."""
    work.require(SHOW)
    for row in schools_facts(work, school_year or school_year_on(work.today))["rows"]:
        yield row["school"], f"{row['hours']:g}", _("达标") if row["met"] else _("不足")


_YEAR = Parameter(name="year", title=mark("年度"), kind="year", default="current")
REPORTS: Sequence[Report] = (
    Report(
        name="double-support-indicators",
        title=mark("双拥工作指标"),
        permission=SHOW,
        columns=(
            Column(name="indicator", title=mark("统计指标")),
            Column(name="value", title=mark("数值")),
            Column(name="unit", title=mark("单位")),
        ),
        rows=indicator_rows,
        parameters=(_YEAR,),
        note=mark("只报数字，不含名单和协作单位"),
    ),
    Report(
        name="double-support-projects",
        title=mark("军地互办实事一览"),
        permission=SHOW,
        columns=(
            Column(name="no", title=mark("序号"), kind="integer"),
            Column(name="direction", title=mark("方向")),
            Column(name="title", title=mark("实事名称")),
            Column(name="responsible", title=mark("责任单位")),
            Column(name="unit", title=mark("协作单位代号")),
            Column(name="budget", title=mark("预算（元）"), kind="money", total=True),
            Column(name="due", title=mark("完成期限"), kind="date"),
            Column(name="state", title=mark("状态")),
            Column(name="reason", title=mark("事由")),
        ),
        rows=project_rows,
        parameters=(_YEAR,),
    ),
    Report(
        name="double-support-visits",
        title=mark("走访慰问名单"),
        permission=KEEP,
        columns=(
            Column(name="plan", title=mark("计划编号")),
            Column(name="name", title=mark("姓名")),
            Column(name="place", title=mark("村（社区）")),
            Column(name="category", title=mark("类别")),
            Column(name="amount", title=mark("金额（元）"), kind="money", total=True),
            Column(name="channel", title=mark("发放方式")),
            Column(name="visited_on", title=mark("走访日期"), kind="date"),
            Column(name="state", title=mark("状态")),
            Column(name="reason", title=mark("事由")),
        ),
        rows=visit_rows,
        parameters=(
            _YEAR,
            Parameter(
                name="state",
                title=mark("状态"),
                kind="choice",
                choices=(("", mark("全部")), *words.VISIT_STATES.items()),
            ),
        ),
    ),
    Report(
        name="double-support-spouses",
        title=mark("随军家属名册"),
        permission=KEEP,
        columns=(
            Column(name="number", title=mark("登记编号")),
            Column(name="name", title=mark("姓名")),
            Column(name="registered_on", title=mark("登记日期"), kind="date"),
            Column(name="state", title=mark("状态")),
            Column(name="state_on", title=mark("状态日期"), kind="date"),
            Column(name="other_payer", title=mark("已由谁发放补贴")),
        ),
        rows=spouse_rows,
    ),
    Report(
        name="double-support-classes",
        title=mark("国防教育课时"),
        permission=SHOW,
        columns=(
            Column(name="school", title=mark("学校")),
            Column(name="hours", title=mark("课时")),
            Column(name="met", title=mark("是否达标")),
        ),
        rows=class_rows,
        parameters=(Parameter(name="school_year", title=mark("学年")),),
        note=mark("学校的课时按课时最少的年级计，不求平均"),
    ),
)
