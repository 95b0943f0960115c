"""The papers of social work: registration, transcript, case forms, contract, assessment, monthly report, exams."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from core.api import Column, NotFound, Period, Sheet, _, format_money, mark, year_of
from plugins.social_workers import words
from plugins.social_workers.files import show_case, show_event, show_group, show_project
from plugins.social_workers.listing import show_worker
from plugins.social_workers.measuring import done_by
from plugins.social_workers.queries import own_case, own_project
from plugins.social_workers.statistics import exam_facts
from plugins.social_workers.words import ASSESSED, FORMS, ITEMS, LEVELS, SCORED, SOURCES

if TYPE_CHECKING:
    from core.api import UnitOfWork

Fields = Sequence[tuple[str, str]]


def paper_of(work: "UnitOfWork", kind: str, number: str, month: str = "") -> Sheet:
    """A paper by its kind, of the thing it is about; ``month`` (YYYY-MM) is the monthly report's."""
    if kind not in _PAPERS:
        raise NotFound(_("没有这种文书"), hint=", ".join(_PAPERS))
    return _PAPERS[kind](work, number, month)


def _office(work: "UnitOfWork") -> str:
    return work.policy("social_workers.department") or f"{work.settings.county.name}民政局"


def _read(work: "UnitOfWork", paper: str, word: str, one: Mapping[str, Any]) -> None:
    subject = f"{word}:{one['id']}"
    work.record_read("social_workers.paper_printed", subject, area=one["area"], paper=paper)


def _day(value: date | None) -> str:
    return value.isoformat() if value else "--"


def _registration(work: "UnitOfWork", number: str, _month: str) -> Sheet:
    """What the registration of a certificate says."""
    one = show_worker(work, number)
    _read(work, "registration", "social_worker", one)
    stands = one["registration"]
    rows = [
        (words.REGISTRATION_KINDS[row["kind"]], row["registered_on"], row["valid_to"], f"{row['ce_hours']:g}")
        for row in stands["registrations"]
    ]
    return Sheet(
        layout="form",
        title="社会工作者职业水平证书登记表",
        number=one["number"],
        office=_office(work),
        dated=work.today,
        fields=(
            ("姓名", one["name"]),
            ("证件号码", one["id_masked"]),
            ("证书级别", LEVELS[one["level"]] if one["level"] else "--"),
            ("证书编号", one["certificate_no"]),
            ("任职单位", one["employer"] or "--"),
            ("有效期至", _day(stands["valid_to"])),
            ("再登记时间", f"{_day(stands['due_from'])} 至 {_day(stands['due_to'])}"),
            ("还差继续教育学时", f"{stands['ce_missing']:g}"),
        ),
        columns=(
            Column(name="kind", title="登记种类"),
            Column(name="on", title="登记日期", kind="date"),
            Column(name="to", title="有效期至", kind="date"),
            Column(name="hours", title="计入学时"),
        ),
        rows=rows,
        seal=True,
    )


def _transcript(work: "UnitOfWork", number: str, _month: str) -> Sheet:
    """The transcript of continuing education; revoked courses are left out, supervision is apart."""
    one = show_worker(work, number)
    _read(work, "transcript", "social_worker", one)
    courses = [row for row in one["education"] if not row["revoked_on"]]
    return Sheet(
        layout="list",
        title="社会工作者继续教育学时证明",
        number=one["number"],
        office=_office(work),
        dated=work.today,
        fields=(
            ("姓名", one["name"]),
            ("证书级别", LEVELS[one["level"]] if one["level"] else "--"),
            ("本期要求学时", f"{one['registration']['ce_required']:g}"),
            ("本期已有学时", f"{one['registration']['ce_hours']:g}"),
            ("还差学时", f"{one['registration']['ce_missing']:g}"),
        ),
        columns=(
            Column(name="on", title="培训日期", kind="date"),
            Column(name="course", title="课程名称"),
            Column(name="provider", title="举办单位"),
            Column(name="hours", title="学时"),
            Column(name="proof", title="凭证"),
        ),
        rows=[
            (row["held_on"], row["course"], row["provider"], f"{row['tenths'] / 10:g}", row["proof"]) for row in courses
        ],
        seal=True,
        notes=("督导时间不计入继续教育学时。",),
    )


def _file(work: "UnitOfWork", number: str, _month: str) -> Sheet:
    """The forms of a case, SW01 to SW10; only its worker and supervisor get it."""
    from plugins.social_workers.services.cases import own_file

    own_file(work, number)
    one = show_case(work, number)
    _read(work, "file", "social_workers_case", one)
    paragraphs = [f"服务目标：{one['goal']}"]
    for row in one["forms"]:
        minutes = f"（{row['minutes']} 分钟）" if row["minutes"] else ""
        after = f" 下一步：{row['next_step']}" if row["next_step"] else ""
        paragraphs.append(f"{row['kind']} {FORMS[row['kind']]} {row['dated']}{minutes}：{row['content']}{after}")
    consent = f"{_day(one['consent_on'])} {words.CONSENTERS.get(one['consent_by'], '')}" if one["consent_on"] else "--"
    return Sheet(
        layout="form",
        title="社会工作个案档案",
        number=one["number"],
        office=_office(work),
        dated=work.today,
        fields=(
            ("服务对象", one["client"]),
            ("承办社工", one["worker"]),
            ("督导", one["supervisor"]),
            ("接案日期", _day(one["opened_on"])),
            ("知情同意", consent),
            ("强制报告依据", one["basis"] or "--"),
            ("结案日期", _day(one["closed_on"])),
        ),
        paragraphs=paragraphs,
        signatures=("承办社工", "督导"),
        notes=("个案档案只由承办社工和督导保管，不提供给购买方。",),
    )


def _summary(work: "UnitOfWork", number: str, _month: str) -> Sheet:
    """What the purchaser gets of a case: no client, no goal, no process records."""
    case = own_case(work, number)
    from plugins.social_workers.files import case_lines

    one = case_lines(work, [case])[0]
    _read(work, "summary", "social_workers_case", one)
    return Sheet(
        layout="form",
        title="社会工作个案摘要",
        number=one["number"],
        office=_office(work),
        dated=work.today,
        fields=(
            ("项目编号", one["project"] or "--"),
            ("承办社工", one["worker"]),
            ("服务领域", words.FIELDS[one["field"]]),
            ("阶段", words.STAGES[one["state"]]),
            ("接案日期", _day(one["opened_on"])),
            ("面谈次数", str(one["sessions"])),
            ("结案日期", _day(one["closed_on"])),
            ("目标达成", "--" if one["goal_percent"] is None else f"{one['goal_percent']}%"),
            ("满意度", "--" if one["satisfaction"] is None else f"{one['satisfaction']}%"),
            ("计入完成", "是" if one["counted"] else "否"),
        ),
        notes=("本摘要不含服务对象身份和过程记录。",),
    )


def _contract(work: "UnitOfWork", number: str, _month: str) -> Sheet:
    """The contract of a project with its targets and instalments."""
    one = show_project(work, number)
    _read(work, "contract", "social_workers_project", one)
    shares = work.policy("social_workers.instalments", on=one["contracted_on"] or work.today)
    return Sheet(
        layout="form",
        title="社会工作服务项目合同",
        number=one["contract_no"] or one["number"],
        office=one["purchaser"],
        dated=one["contracted_on"] or work.today,
        fields=(
            ("项目名称", one["name"]),
            ("购买方", one["purchaser"]),
            ("承接机构", one["agency"] or "--"),
            ("合同金额（元）", format_money(one["contract_fen"])),
            ("资金来源", SOURCES[one["source"]]),
            ("期限", f"{one['since']} 至 {one['until']}"),
            ("会议纪要编号", one["minutes"] or "--"),
        ),
        columns=(Column(name="item", title="服务指标"), Column(name="target", title="目标", kind="integer")),
        rows=[(ITEMS[item], target) for item, target in one["targets"].items()],
        paragraphs=(
            f"一、签约付 {shares['contract']}%；中期评估达到 {shares['mid_points']} 分付 {shares['mid']}%；"
            f"末期评估达到 {shares['final_points']} 分付 {shares['final']}%，"
            f"达到 {shares['part_points']} 分的付末期款的 {shares['part_percent']}%。",
            "二、每次付款前承接机构提供发票，购买方附会议纪要。",
            "三、调整服务指标另签补充协议，原指标和日期保留；评估按评估日有效的指标计算。",
            "四、个案过程记录由社工和督导保管，购买方只取得摘要；发现未成年人受侵害的，依法报告。",
        ),
        signatures=("购买方", "承接机构"),
        seal=True,
    )


def _assessment(work: "UnitOfWork", number: str, _month: str) -> Sheet:
    """The assessments of a project and the score item by item."""
    one = show_project(work, number)
    _read(work, "assessment", "social_workers_project", one)
    scored = one["score"]
    stages = tuple(
        (
            ASSESSED[row["stage"]],
            f"{row['assessed_on']} {row['points_tenths'] / 10:.1f} 分 {row['assessor']} {row['report']}",
        )
        for row in one["assessments"]
    )
    return Sheet(
        layout="form",
        title="社会工作服务项目评估表",
        number=one["number"],
        office=_office(work),
        dated=scored["on"],
        fields=(
            ("项目名称", one["name"]),
            ("承接机构", one["agency"] or "--"),
            *stages,
            ("服务对象（不重复）", f"{scored['beneficiaries']} 人"),
            ("服务人次（不与人数相加）", f"{scored['person_times']} 人次"),
            ("得分", f"{scored['score']:.1f}"),
        ),
        columns=(
            Column(name="item", title="指标"),
            Column(name="target", title="目标"),
            Column(name="done", title="完成"),
            Column(name="percent", title="完成率"),
            Column(name="weight", title="权重"),
            Column(name="points", title="得分"),
        ),
        rows=[
            (SCORED[row["item"]], row["target"], row["done"], f"{row['percent']}%", row["weight"], row["points"])
            for row in scored["items"]
        ],
        signatures=("评估方", "购买方"),
    )


def _monthly(work: "UnitOfWork", number: str, month: str) -> Sheet:
    """What a project did in a month (the last one for none)."""
    one = own_project(work, number)
    subject = f"social_workers_project:{one.id}"
    work.record_read("social_workers.paper_printed", subject, area=one.area, paper="month")
    at = Period(month) if month else Period.of(work.today)
    now = done_by(work, (at.first_day, at.last_day), {"project_id": one.id})
    all_ = done_by(work, (date(2000, 1, 1), at.last_day), {"project_id": one.id})
    before, by_now = now.by_item(), all_.by_item()
    rows: list[tuple[Any, ...]] = [("新开个案", now.opened, all_.opened)]
    rows += [(word, before[item], by_now[item]) for item, word in ITEMS.items()]
    rows.append(("服务人次（不与人数相加）", now.person_times, all_.person_times))
    return Sheet(
        layout="form",
        title="社会工作服务项目月报",
        number=one.number,
        office=_office(work),
        dated=work.today,
        fields=(("项目名称", one.name), ("月份", str(at))),
        columns=(
            Column(name="item", title="指标"),
            Column(name="month", title="本月", kind="integer"),
            Column(name="all", title="累计", kind="integer"),
        ),
        rows=rows,
        signatures=("填报人", "机构负责人"),
    )


def _group(work: "UnitOfWork", number: str, _month: str) -> Sheet:
    """The proposal of a group, and its summary once it ended; members are not named."""
    one = show_group(work, number)
    _read(work, "group", "social_workers_group", one)
    ended = one["state"] in ("ended", "evaluated")
    return Sheet(
        layout="form",
        title="社会工作小组总结" if ended else "社会工作小组计划书",
        number=one["number"],
        office=_office(work),
        dated=work.today,
        fields=(
            ("小组主题", one["theme"]),
            ("小组类型", words.GROUP_KINDS[one["kind"]]),
            ("社工", one["worker"]),
            ("组员人数", str(len(one["members"]))),
            ("节数", f"{one['held']} / {one['sessions_planned']}"),
            ("前测", "--" if one["before"] is None else f"{one['before']:g}"),
            ("后测", "--" if one["after"] is None else f"{one['after']:g}"),
        ),
        columns=(
            Column(name="place", title="节次", kind="integer"),
            Column(name="on", title="日期", kind="date"),
            Column(name="minutes", title="分钟", kind="integer"),
            Column(name="attended", title="到场", kind="integer"),
        ),
        rows=[(row["place"], row["held_on"], row["minutes"], row["attended"]) for row in one["sessions"]],
        paragraphs=tuple(text for text in (one["goal"], one["summary"]) if text),
        signatures=("社工", "督导"),
    )


def _event(work: "UnitOfWork", number: str, _month: str) -> Sheet:
    """The report of an event."""
    one = show_event(work, number)
    _read(work, "event", "social_workers_event", one)
    return Sheet(
        layout="form",
        title="社区活动报告",
        number=one["number"],
        office=_office(work),
        dated=work.today,
        fields=(
            ("活动名称", one["title"]),
            ("日期", _day(one["held_on"])),
            ("地点", one["place"]),
            ("社工", one["worker"]),
            ("参加人次", f"{one['participants']} 人次"),
            ("计数方式", words.COUNTED[one["counted"]]),
            ("其中实名", f"{one['named']} 人"),
            ("志愿者人数（不计入服务对象）", str(one["volunteers"])),
            ("支出（元）", format_money(one["cost_fen"])),
            ("凭证", one["evidence"] or "--"),
        ),
        signatures=("社工", "机构负责人"),
    )


def _exam(work: "UnitOfWork", number: str, _month: str) -> Sheet:
    """The exam of a year, with both denominators."""
    work.require("social_workers.show")
    year = year_of(number) or work.today.year
    found = exam_facts(work, year)
    rate = {name: "--" if value is None else f"{value}%" for name, value in found.items()}
    return Sheet(
        layout="form",
        title="社会工作者职业水平考试统计",
        number=str(year),
        office=_office(work),
        dated=work.today,
        fields=(
            ("报考人数", str(found["signed"])),
            ("参考人数", str(found["sat"])),
            ("通过人数", str(found["passed"])),
            ("通过率（占报考）", rate["rate_of_signed"]),
            ("通过率（占参考）", rate["rate_of_sat"]),
            ("通过人数比上年增减", f"{found['more_passed']:+d}"),
            ("比上年增减", rate["growth"]),
        ),
    )


_PAPERS: Mapping[str, Callable[["UnitOfWork", str, str], Sheet]] = {
    "registration": _registration, "transcript": _transcript, "file": _file, "summary": _summary,
    "contract": _contract, "assessment": _assessment, "month": _monthly, "group": _group, "event": _event,
    "exam": _exam,
}  # fmt: skip
PAPERS_OF: Mapping[str, Mapping[str, str]] = {
    "workers": {"registration": mark("登记表"), "transcript": mark("学时证明")},
    "cases": {"file": mark("个案档案"), "summary": mark("个案摘要")},
    "projects": {"contract": mark("合同"), "assessment": mark("评估表"), "month": mark("月报")},
    "groups": {"group": mark("小组计划书和总结")},
    "events": {"event": mark("活动报告")},
}
"""Which papers stand on the page of a thing."""
ROOM_OF: Mapping[str, str] = {kind: room for room, kinds in PAPERS_OF.items() for kind in kinds}
