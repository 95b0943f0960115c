"""The papers of double support: visit list and receipts, projects, self-assessment, gaps, labels, the yearly report."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from core.api import Column, NotFound, Sheet, _, area_names, facts_of, mark, row_id, scoped, year_of
from plugins.double_support import words
from plugins.double_support.models import (
    Activity,
    Agreement,
    Category,
    DefenceEvent,
    Plan,
    Plaque,
    Progress,
    Project,
    ScoreSheet,
    Unit,
)
from plugins.double_support.queries import SHOW, dict_of, own, rows_in, rows_of
from plugins.double_support.services.assessing import items_of, sheet_facts
from plugins.double_support.services.common import KEEP, VISIT
from plugins.double_support.services.visiting import visits_of
from plugins.double_support.statistics import (
    indicator_rows,
    ones_held,
    projects_facts,
    school_year_on,
    schools_facts,
    spouse_rows,
)

if TYPE_CHECKING:
    from core.api import UnitOfWork


def paper_of(work: "UnitOfWork", kind: str, number: str) -> Sheet:
    """A paper by its kind, of the thing or the year it is about."""
    if kind not in _PAPERS:
        raise NotFound(_("没有这种文书"), hint=", ".join(_PAPERS))
    return _PAPERS[kind](work, number)


def _office(work: "UnitOfWork") -> str:
    return work.policy("double_support.department") or f"{work.settings.county.name}双拥工作领导小组办公室"


def _year(work: "UnitOfWork", text: str) -> int:
    return year_of(text) or work.today.year


def _named(work: "UnitOfWork", paper: str, word: str, one: Any) -> None:
    work.record_read("double_support.paper_printed", f"double_support_{word}:{one.id}", area=one.area, paper=paper)


def _visit_list(work: "UnitOfWork", number: str) -> Sheet:
    """The visit list, which is signed as the receipt sheet."""
    plan = own(work, Plan, number, VISIT)
    _named(work, "visit-list", "plan", plan)
    rows = [one for one in visits_of(work, plan.id) if one.state != "returned" and one.person_id]
    people = facts_of(work, [one.person_id or 0 for one in rows])
    places = area_names(work, {one.area for one in rows})
    categories = dict_of(work, Category, [one.category_id for one in rows])
    lines = [
        (
            at,
            people[one.person_id].name if one.person_id in people else "",
            places.get(one.area, ""),
            categories[one.category_id].name,
            one.amount_fen,
            words.CHANNELS[one.channel],
            "",
        )
        for at, one in enumerate(rows, 1)
    ]
    total = sum(one.amount_fen for one in rows)
    return Sheet(
        layout="list",
        title=f"{plan.year}年{words.FESTIVALS[plan.festival]}走访慰问名单（签收表）",
        number=plan.number,
        office=_office(work),
        dated=work.today,
        fields=(
            ("计划名称", plan.title),
            ("会议记录", plan.minutes or "--"),
            ("评议票决编号", plan.ballot or "--"),
        ),
        columns=(
            Column(name="at", title="序号", kind="integer"),
            Column(name="name", title="姓名"),
            Column(name="place", title="村（社区）"),
            Column(name="category", title="类别"),
            Column(name="amount", title="金额（元）", kind="money"),
            Column(name="channel", title="发放方式"),
            Column(name="sign", title="签名"),
        ),
        rows=lines,
        total=("", "合计", "", "", total, "", ""),
        signatures=("带队人", "同行人"),
    )


def _project_list(work: "UnitOfWork", number: str) -> Sheet:
    """The year's list, signed by both sides."""
    work.require(SHOW)
    year = _year(work, number)
    rows = _projects(work, year)
    units = dict_of(work, Unit, [one.unit_id for one in rows])
    return Sheet(
        layout="list",
        title=f"{year}年军地互办实事清单",
        office=_office(work),
        dated=work.today,
        columns=(
            Column(name="no", title="序号", kind="integer"),
            Column(name="direction", title="方向"),
            Column(name="title", title="实事名称"),
            Column(name="responsible", title="责任单位"),
            Column(name="unit", title="协作单位代号"),
            Column(name="budget", title="预算（元）", kind="money"),
            Column(name="due", title="完成期限", kind="date"),
        ),
        rows=[
            (one.no, words.DIRECTIONS[one.direction], one.title, one.responsible, units[one.unit_id].code,
             one.budget_fen, one.due)
            for one in rows
            if one.state != "cancelled"
        ],
        signatures=("地方代表", "部队代表"),
        landscape=True,
    )  # fmt: skip


def _projects(work: "UnitOfWork", year: int) -> list[Project]:
    asked = select(Project).where(col(Project.year) == year).order_by(col(Project.no), col(Project.id))
    return list(work.session.scalars(scoped(work, asked, col(Project.area), SHOW)))


def _progress(work: "UnitOfWork", number: str) -> Sheet:
    """Quarterly progress of the year's projects; the newest report of each quarter."""
    work.require(SHOW)
    year = _year(work, number)
    rows, facts = _projects(work, year), projects_facts(work, year)
    reports: dict[tuple[int, int], int] = {}
    for one in rows_in(work, Progress, Progress.project_id, [one.id for one in rows]):
        reports[one.project_id, one.quarter] = one.percent
    lines = [
        (one.no, one.title, *(_percent(reports.get((one.id or 0, quarter))) for quarter in (1, 2, 3, 4)),
         words.PROJECT_STATES[one.state], one.reason or "--")
        for one in rows
    ]  # fmt: skip
    return Sheet(
        layout="list",
        title=f"{year}年军地互办实事进展表",
        office=_office(work),
        dated=work.today,
        fields=(
            ("完成", f"{facts['done']} / {facts['target']} 件"),
            ("完成率", _percent(facts["progress"])),
            ("按期率", _percent(facts["on_schedule"])),
        ),
        columns=(
            Column(name="no", title="序号", kind="integer"),
            Column(name="title", title="实事名称"),
            *(Column(name=f"q{quarter}", title=f"第{quarter}季度") for quarter in (1, 2, 3, 4)),
            Column(name="state", title="状态"),
            Column(name="reason", title="说明"),
        ),
        rows=lines,
        landscape=True,
    )


def _percent(value: Any) -> str:
    return "--" if value is None else f"{value}%"


def _assessment(work: "UnitOfWork", number: str) -> Sheet:
    """The self-assessment, item by item."""
    one = own(work, ScoreSheet, number, SHOW)
    facts = sheet_facts(work, one)
    return Sheet(
        layout="list",
        title=f"{one.year}年双拥模范创建自评表",
        number=f"{words.LEVELS[one.level]} 第{one.sheet_version}版",
        office=_office(work),
        dated=work.today,
        fields=(
            ("自评结果", facts["result"]),
            ("满分", f"{facts['max']:g}"),
            ("缺佐证", f"{facts['gap']} 项"),
            ("状态", words.SHEET_STATES[one.state]),
        ),
        columns=(
            Column(name="no", title="编号"),
            Column(name="title", title="项目"),
            Column(name="max", title="满分"),
            Column(name="self", title="自评分"),
            Column(name="veto", title="一票否决"),
            Column(name="evidence", title="佐证"),
        ),
        rows=[
            (row.no, row.title, f"{row.max_tenths / 10:g}",
             "--" if row.self_tenths is None else f"{row.self_tenths / 10:g}", "触发" if row.veto else "",
             row.evidence.replace("\n", "；"))
            for row in items_of(work, one.id)
        ],
        signatures=("自评人", "复核人"),
        seal=True,
        landscape=True,
    )  # fmt: skip


def _gaps(work: "UnitOfWork", number: str) -> Sheet:
    """What is missing: gaps with owner and day, and items without evidence."""
    one = own(work, ScoreSheet, number, SHOW)
    rows = [
        row for row in items_of(work, one.id) if row.leaf and ((row.gap and row.fixed_on is None) or not row.evidence)
    ]
    return Sheet(
        layout="list",
        title=f"{one.year}年双拥自评差距清单",
        office=_office(work),
        dated=work.today,
        columns=(
            Column(name="no", title="编号"),
            Column(name="title", title="项目"),
            Column(name="gap", title="差距"),
            Column(name="owner", title="责任单位"),
            Column(name="due", title="整改期限", kind="date"),
        ),
        rows=[(row.no, row.title, row.gap or "缺佐证", row.owner or "--", row.fix_due) for row in rows],
        signatures=("负责人",),
    )


def _labels(work: "UnitOfWork", number: str) -> Sheet:
    """Labels of plaques that are to be hung, all or one by its number."""
    work.require(VISIT)
    asked = select(Plaque).where(col(Plaque.state) == "issued").order_by(col(Plaque.area), col(Plaque.id))
    if row_id(number):
        asked = select(Plaque).where(col(Plaque.id) == row_id(number))
    rows = list(work.session.scalars(scoped(work, asked, col(Plaque.area), VISIT)))
    people, places = facts_of(work, [one.person_id for one in rows]), area_names(work, {one.area for one in rows})
    for one in rows:
        _named(work, "plaque-labels", "plaque", one)
    return Sheet(
        layout="list",
        title="光荣牌标签",
        office=_office(work),
        dated=work.today,
        columns=(
            Column(name="id", title="编号", kind="integer"),
            Column(name="name", title="姓名"),
            Column(name="place", title="村（社区）"),
            Column(name="kind", title="类别"),
            Column(name="on", title="制发日期", kind="date"),
        ),
        rows=[
            (one.id, people[one.person_id].name if one.person_id in people else "", places.get(one.area, ""),
             words.PLAQUES[one.kind], one.issued_on)
            for one in rows
        ],
    )  # fmt: skip


def _spouses(work: "UnitOfWork", _number: str) -> Sheet:
    """The register of spouses."""
    work.require(KEEP)
    return Sheet(
        layout="list",
        title="随军家属登记册",
        office=_office(work),
        dated=work.today,
        columns=(
            Column(name="number", title="登记编号"),
            Column(name="name", title="姓名"),
            Column(name="on", title="登记日期", kind="date"),
            Column(name="state", title="状态"),
            Column(name="state_on", title="状态日期", kind="date"),
            Column(name="payer", title="已由谁发放补贴"),
        ),
        rows=list(spouse_rows(work)),
        seal=True,
    )


def _education(work: "UnitOfWork", number: str) -> Sheet:
    """The year of defence education: schools, the six ones and three ones, events."""
    work.require(SHOW)
    year = _year(work, number)
    schools = schools_facts(work, f"{year - 1}-{year}" if number else school_year_on(work.today))
    first, last = date(year, 1, 1), date(year, 12, 31)
    asked = select(DefenceEvent).where(col(DefenceEvent.held_on).between(first, last))
    events = list(
        work.session.scalars(scoped(work, asked.order_by(col(DefenceEvent.held_on)), col(DefenceEvent.area), SHOW))
    )
    ones = [*ones_held(work, words.SIX_ONES, year), *ones_held(work, words.THREE_ONES, year)]
    return Sheet(
        layout="list",
        title=f"{year}年国防教育计划和年度统计表",
        office=_office(work),
        dated=work.today,
        fields=(
            ("学年", schools["school_year"]),
            ("课时达标学校", f"{schools['met']} / {schools['schools']}"),
            *((word, f"{count} 次") for word, count in ones),
        ),
        columns=(
            Column(name="on", title="日期", kind="date"),
            Column(name="kind", title="种类"),
            Column(name="title", title="活动名称"),
            Column(name="people", title="群众人数", kind="integer"),
        ),
        rows=[(one.held_on, words.EVENTS[one.kind], one.title, one.people) for one in events],
    )


def _agreement(work: "UnitOfWork", number: str) -> Sheet:
    """The agreement of co-building."""
    one = own(work, Agreement, number, SHOW)
    unit = work.session.get_one(Unit, one.unit_id)
    rows = rows_of(work, Activity, Activity.agreement_id, one.id, col(Activity.held_on))
    return Sheet(
        layout="form",
        title="军民共建协议",
        number=one.number,
        office=_office(work),
        dated=one.signed_on,
        fields=(
            ("协作单位代号", unit.code),
            ("共建单位", one.partner),
            ("签订日期", one.signed_on.isoformat()),
            ("有效期至", one.until.isoformat() if one.until else "--"),
            ("共建内容", one.content or "--"),
        ),
        columns=(
            Column(name="on", title="日期", kind="date"),
            Column(name="title", title="活动"),
            Column(name="people", title="群众人数", kind="integer"),
        ),
        rows=[(row.held_on, row.title, row.people) for row in rows],
        signatures=("共建单位", "协作单位"),
        seal=True,
    )


def _yearly(work: "UnitOfWork", number: str) -> Sheet:
    """The yearly report: every indicator, totals only."""
    year = _year(work, number)
    rows = [(name, "--" if value is None else str(value), unit) for name, value, unit in indicator_rows(work, year)]
    return Sheet(
        layout="list",
        title=f"{year}年双拥工作年报",
        office=_office(work),
        dated=work.today,
        columns=(
            Column(name="indicator", title="统计指标"),
            Column(name="value", title="数值"),
            Column(name="unit", title="单位"),
        ),
        rows=rows,
        seal=True,
    )


_PAPERS: Mapping[str, Callable[["UnitOfWork", str], Sheet]] = {
    "visit-list": _visit_list, "project-list": _project_list, "progress": _progress, "self-assessment": _assessment,
    "gaps": _gaps, "plaque-labels": _labels, "spouses": _spouses, "education": _education, "agreement": _agreement,
    "year": _yearly,
}  # fmt: skip
PAPERS_OF: Mapping[str, Mapping[str, str]] = {
    "plans": {"visit-list": mark("名单和签收表")},
    "sheets": {"self-assessment": mark("自评表"), "gaps": mark("差距清单")},
    "plaques": {"plaque-labels": mark("光荣牌标签")},
    "agreements": {"agreement": mark("共建协议")},
}
"""Which papers stand on the page of a thing."""
PAPERS_BELOW: Mapping[str, Mapping[str, str]] = {
    "projects": {"project-list": mark("双方签字的清单"), "progress": mark("季度进展表"), "year": mark("年报")},
    "plaques": {"plaque-labels": mark("待悬挂的标签")},
    "spouses": {"spouses": mark("随军家属登记册")},
    "events": {"education": mark("国防教育年度表")},
}
"""Which papers of a year stand below a list."""
RIGHT_OF: Mapping[str, str] = {"visit-list": VISIT, "plaque-labels": VISIT, "spouses": KEEP}
"""Papers with names or addresses on them need more than the right to look."""
ROOM_OF: Mapping[str, str] = {
    kind: room for room, kinds in [*PAPERS_BELOW.items(), *PAPERS_OF.items()] for kind in kinds
}
