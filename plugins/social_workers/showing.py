"""What pages and commands show: words instead of codes, cells of lists, rows of figures; templates decide nothing."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from core.api import COUNTY_TIME, _, format_money
from plugins.social_workers import words
from plugins.social_workers.acts import ROOMS

Rows = list[tuple[str, str]]
One = Mapping[str, Any]


def titles(vocabulary: Mapping[str, str]) -> list[tuple[str, str]]:
    """Codes with their words in the reader's language."""
    return [(code, _(word)) for code, word in vocabulary.items()]


def state_of(room: str, one: One) -> tuple[str, str]:
    """The state of a thing as its tag: word and colour."""
    states = words.RESULTS if room == "exams" else ROOMS[room].states
    return _(states[one["state"]]), words.TAGS.get(one["state"], "")


def head_of(room: str, one: One) -> str:
    """What a row is called."""
    if room in ("agencies", "stations"):
        return one["name"]
    if room == "posts":
        return one["title"]
    return str(one.get("number") or one["id"])


def at(moment: Any) -> str:
    """A moment of the county: 2026-11-20 08:30."""
    return f"{moment.astimezone(COUNTY_TIME):%Y-%m-%d %H:%M}" if moment else "--"


def day(value: Any) -> str:
    """A day, -- for none."""
    return value.isoformat() if value else "--"


def money(fen: int) -> str:
    """Yuan with two decimals."""
    return _("{amount} 元", amount=format_money(fen))


def word_of(vocabulary: Mapping[str, str], code: str) -> str:
    """The word of a code, -- for none."""
    return _(vocabulary[code]) if code in vocabulary else "--"


def percent_of(value: float | Decimal | None) -> str:
    """A share as it is read, -- for none."""
    return "--" if value is None else f"{value}%"


def yes_no(value: Any) -> str:
    """Yes or no."""
    return _("是") if value else _("否")


def _worker(one: One) -> Rows:
    return [
        (_("姓名"), one["name"]),
        (_("证书级别"), word_of(words.LEVELS, one["level"])),
        (_("任职单位"), one["employer"]),
        (_("有效期至"), day(one["valid_to"])),
    ]


def _agency(one: One) -> Rows:
    return [
        (_("类别"), word_of(words.AGENCY_KINDS, one["kind"])),
        (_("区划"), one["place"]),
        (_("工作人员数"), str(one["staff"])),
        (_("持证社工"), str(one["certified"])),
    ]


def _station(one: One) -> Rows:
    return [(_("区划"), one["place"]), (_("运营机构"), one["agency"]), (_("社工人数"), str(one["workers"]))]


def _post(one: One) -> Rows:
    return [
        (_("单位"), one["unit"]),
        (_("岗位数"), str(one["planned"])),
        (_("在岗"), str(one["held"])),
        (_("空缺"), str(one["vacant"])),
    ]


def _project(one: One) -> Rows:
    return [
        (_("项目名称"), one["name"]),
        (_("承接机构"), one["agency"]),
        (_("合同金额（元）"), format_money(one["contract_fen"])),
        (_("期限"), f"{one['since']} – {one['until']}"),
    ]


def _case(one: One) -> Rows:
    return [
        (_("承办社工"), one["worker"]),
        (_("服务领域"), word_of(words.FIELDS, one["field"])),
        (_("风险等级"), word_of(words.RISKS, one["risk"])),
        (_("面谈次数"), str(one["sessions"])),
    ]


def _group(one: One) -> Rows:
    return [
        (_("小组主题"), one["theme"]),
        (_("小组类型"), word_of(words.GROUP_KINDS, one["kind"])),
        (_("节数"), f"{one['held']} / {one['sessions_planned']}"),
        (_("计入完成"), yes_no(one["counted"])),
    ]


def _event(one: One) -> Rows:
    return [
        (_("活动名称"), one["title"]),
        (_("日期"), day(one["held_on"])),
        (_("地点"), one["place"]),
        (_("人次"), f"{one['participants']:,}"),
    ]


def _exam(one: One) -> Rows:
    return [
        (_("姓名"), one["name"]),
        (_("考试年度"), str(one["year"])),
        (_("证书级别"), word_of(words.LEVELS, one["level"])),
        (_("考前培训"), yes_no(one["trained"])),
    ]


def _dispatch(one: One) -> Rows:
    return [
        (_("社工"), one["worker"]),
        (_("受援单位"), one["unit"]),
        (_("派驻期"), f"{one['since']} – {one['ended_on'] or one['until']}"),
        (_("培养人员"), f"{one['trained']} / {one['trainees']}"),
    ]


def _link(one: One) -> Rows:
    return [
        (_("社区"), one["community"]),
        (_("社会组织"), one["organisation"]),
        (_("社工"), one["worker"]),
        (_("开始日期"), day(one["since"])),
    ]


_CELLS: Mapping[str, Callable[[One], Rows]] = {
    "workers": _worker, "agencies": _agency, "stations": _station, "posts": _post, "projects": _project,
    "cases": _case, "groups": _group, "events": _event, "exams": _exam, "dispatches": _dispatch, "links": _link,
}  # fmt: skip


def cells_of(room: str, one: One) -> Rows:
    """What a list shows of a row beside its name and state."""
    return _CELLS[room](one)


def registration_rows(one: One) -> Rows:
    """Where a registration stands."""
    return [
        (_("社工编号"), one["number"]),
        (_("证书级别"), word_of(words.LEVELS, one["level"])),
        (_("登记状态"), word_of(words.WORKER_STATES, one["state"])),
        (_("登记日期"), day(one["registered_on"])),
        (_("有效期至"), day(one["valid_to"])),
        (_("再登记时间"), f"{day(one['due_from'])} – {day(one['due_to'])}"),
        (_("过期日期"), day(one["lapsed_on"])),
        (_("要求学时"), f"{one['ce_required']:g}"),
        (_("已有学时"), f"{one['ce_hours']:g}"),
        (_("还差学时"), f"{one['ce_missing']:g}"),
    ]


def density_rows(one: One) -> Rows:
    """Density of a year."""
    return [
        (_("年度"), str(one["year"])),
        (_("持证社工"), _("{count} 人", count=one["certified"])),
        (_("常住人口"), f"{one['population']:,}" if one["population"] else "--"),
        (_("数据来源"), one["population_source"] if one["population"] else "--"),
        (_("每万人持证社工"), "--" if one["per_10000"] is None else f"{one['per_10000']:.2f}"),
        (_("目标"), f"{one['target']:g}"),
        (_("目标需要"), _("{count} 人", count=one["needed"])),
        (_("距目标还差"), _("{count} 人", count=one["gap"])),
    ]


def exam_rows(one: One) -> Rows:
    """The exam of a year."""
    return [
        (_("报考人数"), str(one["signed"])),
        (_("参考人数"), str(one["sat"])),
        (_("通过人数"), str(one["passed"])),
        (_("通过率（占报考）"), percent_of(one["rate_of_signed"])),
        (_("通过率（占参考）"), percent_of(one["rate_of_sat"])),
        (_("比上年增减"), str(one["more_passed"])),
        (_("比上年增减（%）"), percent_of(one["growth"])),
    ]


def score_rows(one: One) -> Rows:
    """The score of a project, item by item."""
    items = [
        (
            _(words.SCORED[row["item"]]),
            _(
                "{done} / {target}，{percent}%，权重 {weight}，得 {points}",
                done=row["done"], target=row["target"], percent=row["percent"], weight=row["weight"],
                points=row["points"],
            ),
        )
        for row in one["items"]
    ]  # fmt: skip
    return [
        *items,
        (_("服务对象（不重复）"), _("{count} 人", count=one["beneficiaries"])),
        (_("服务人次（不与人数相加）"), _("{count} 人次", count=one["person_times"])),
        (_("得分"), f"{one['score']:.1f}"),
    ]
