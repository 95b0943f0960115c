"""How each kind of thing is shown: cells in lists, rows on its page and in commands; templates decide nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.api import _, format_money, mark
from plugins.double_support import words

Rows = list[tuple[str, str]]
One = Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    """One fact: its key and title, how it is written (text, money, tenths, percent, yes), its words, if in lists."""

    name: str
    title: str
    kind: str = "text"
    words: Mapping[str, str] | None = None
    listed: bool = False


def _listed(name: str, title: str, kind: str = "text", vocabulary: Mapping[str, str] | None = None) -> Cell:
    return Cell(name, title, kind, vocabulary, listed=True)


_PLACE, _REASON = Cell("place", mark("区划")), Cell("reason", mark("事由"))
_NAME, _UNIT = _listed("person", mark("姓名")), _listed("unit", mark("协作单位代号"))
_SINCE = Cell("state_on", mark("状态日期"))
SHAPES: Mapping[str, Sequence[Cell]] = {
    "units": (
        _listed("agreement", mark("协议编号")), _listed("payable", mark("协议账户"), "yes"),
        _listed("support_fen", mark("支持资金（元）"), "money"), Cell("closed_on", mark("撤销日期")), _REASON,
    ),
    "plans": (
        _listed("title", mark("计划名称")), _listed("festival", mark("慰问时间"), vocabulary=words.FESTIVALS),
        Cell("year", mark("年度")), Cell("groups", mark("慰问对象")), Cell("hardship", mark("困难户名单"), "yes"),
        _PLACE, _listed("needed_fen", mark("需要资金（元）"), "money"),
        Cell("decided_fen", mark("会议决定金额（元）"), "money"), Cell("minutes", mark("会议记录")),
        Cell("ballot", mark("评议票决编号")), Cell("drawable", mark("取款账户"), "yes"),
        _listed("visited_of", mark("已走访 / 名单")), Cell("rate", mark("走访率"), "percent"), _SINCE, _REASON,
    ),
    "visits": (
        _NAME, _UNIT, _listed("plan", mark("慰问计划")), _listed("category", mark("类别")),
        Cell("key_person", mark("重点对象"), "yes"), _PLACE, _listed("amount_fen", mark("金额（元）"), "money"),
        Cell("channel", mark("发放方式"), words=words.CHANNELS), Cell("visited_on", mark("走访日期")),
        Cell("leader", mark("带队人")), Cell("companion", mark("同行人")), Cell("goods", mark("慰问品")),
        Cell("signature", mark("签收")), Cell("paid", mark("付款"), "yes"), _REASON,
    ),
    "needs": (
        _NAME, _listed("words", mark("需求")), _listed("due", mark("答复期限")), _PLACE,
        Cell("answered_on", mark("答复日期")), Cell("answer", mark("答复")),
    ),
    "plaques": (
        _NAME, _listed("kind", mark("光荣牌类别"), vocabulary=words.PLAQUES), _listed("place", mark("区划")),
        Cell("issued_on", mark("制发日期")), _listed("hung_on", mark("悬挂日期")), _SINCE, _REASON,
    ),
    "news": (
        _NAME, _listed("honour", mark("荣誉")), _PLACE, _listed("received_on", mark("收到日期")),
        _listed("delivered_on", mark("送达日期")), Cell("leader", mark("带队人")), Cell("companion", mark("同行人")),
    ),
    "projects": (
        _listed("title", mark("实事名称")), _listed("direction", mark("方向"), vocabulary=words.DIRECTIONS),
        _listed("responsible", mark("责任单位")), Cell("unit", mark("协作单位代号")), Cell("year", mark("年度")),
        Cell("budget_fen", mark("预算（元）"), "money"), Cell("start", mark("开始日期")),
        _listed("due", mark("完成期限")), Cell("document", mark("双方签字的清单")), Cell("signed_on", mark("签字日期")),
        Cell("done_on", mark("完成日期")), Cell("evidence", mark("佐证")),
        Cell("army_tenths", mark("部队满意度"), "tenths"), Cell("locality_tenths", mark("地方满意度"), "tenths"),
        Cell("instead_of", mark("替代的实事")), _SINCE, _REASON,
    ),
    "support": (
        _UNIT, _listed("purpose", mark("用途"), vocabulary=words.PURPOSES),
        _listed("amount_fen", mark("金额（元）"), "money"), _listed("year", mark("年度")),
        Cell("minutes", mark("会议记录")), Cell("paid_here", mark("由本县付款"), "yes"),
        Cell("entered_on", mark("登记日期")), _REASON,
    ),
    "sheets": (
        _listed("level", mark("级别"), vocabulary=words.LEVELS), _listed("year", mark("年度")),
        _listed("sheet_version", mark("版本")), _listed("result_words", mark("自评得分")),
        Cell("max", mark("满分")), Cell("items", mark("项目数")), Cell("with_evidence", mark("有佐证的项目")),
        Cell("gap", mark("缺佐证的项目")), Cell("ready", mark("可以上报"), "yes"),
        Cell("veto", mark("触发一票否决"), "yes"), _SINCE,
        Cell("result", mark("结果"), words=words.TITLE_STATES), _REASON,
    ),
    "items": (
        _listed("title", mark("项目")), Cell("parent", mark("上级编号")), _listed("max_tenths", mark("满分"), "tenths"),
        _listed("self_tenths", mark("自评分"), "tenths"), Cell("veto_item", mark("否决项"), "yes"),
        Cell("veto", mark("触发一票否决"), "yes"), Cell("evidence", mark("佐证材料")), Cell("gap", mark("差距")),
        Cell("owner", mark("责任单位")), Cell("fix_due", mark("整改期限")), Cell("fixed_on", mark("整改日期")),
    ),
    "titles": (
        _listed("level", mark("级别"), vocabulary=words.LEVELS), _listed("round", mark("届次")),
        _listed("year", mark("年度")), Cell("document", mark("命名文号")), Cell("streak", mark("连续命名")),
        Cell("streak_if_confirmed", mark("待公布的算上")),
    ),
    "spouses": (
        _NAME, _listed("registered_on", mark("登记日期")), _PLACE, Cell("other_payer", mark("已由谁发放补贴")),
        _listed("months", mark("补贴月数")), _listed("subsidy_fen", mark("应发补贴（元）"), "money"), _SINCE, _REASON,
    ),
    "schools": (
        _NAME, _listed("stage", mark("学段"), vocabulary=words.STAGES), _listed("asked_on", mark("申请日期")),
        Cell("wanted", mark("申请学校")), _PLACE, _listed("school", mark("入读学校")),
        Cell("solved_on", mark("解决日期")),
        _REASON,
    ),
    "groups": (
        _listed("kind", mark("类别"), vocabulary=words.GROUP_KINDS), _listed("trade", mark("行业")),
        _listed("members", mark("人数")), Cell("serves", mark("服务的村（社区）")), Cell("since", mark("成立日期")),
        Cell("closed_on", mark("撤销日期")),
    ),
    "points": (
        _listed("place", mark("村（社区）")), _listed("contact", mark("联系人")),
        _listed("opened_on", mark("设立日期")),
        Cell("closed_on", mark("撤销日期")),
    ),
    "agreements": (
        _UNIT, _listed("partner", mark("共建单位")), Cell("partner_kind", mark("共建单位类别"), words=words.PARTNERS),
        _listed("signed_on", mark("签订日期")), Cell("until", mark("有效期至")), Cell("content", mark("共建内容")),
        Cell("closed_on", mark("撤销日期")),
    ),
    "classes": (
        _listed("grade", mark("年级")), _listed("school_year", mark("学年")), _listed("hours", mark("课时")),
        Cell("pupils", mark("学生数")),
    ),
    "events": (
        _listed("kind", mark("活动种类"), vocabulary=words.EVENTS), _listed("held_on", mark("日期")),
        _listed("people", mark("群众人数")), Cell("place_held", mark("地点")),
    ),
    "bases": (
        _listed("level", mark("级别"), vocabulary=words.LEVELS), _listed("named_on", mark("命名日期")),
        Cell("document", mark("命名文号")), Cell("closed_on", mark("撤销日期")),
    ),
    "budgets": (
        _listed("population", mark("人口数")), _listed("required_fen", mark("应安排（元）"), "money"),
        _listed("budgeted_fen", mark("预算安排（元）"), "money"), _listed("gap_fen", mark("缺口（元）"), "money"),
        Cell("per_head_fen", mark("人均（元）")), Cell("document", mark("预算文号")),
    ),
}  # fmt: skip
PARTS: Mapping[str, str] = {
    "categories": mark("类别和金额"), "unvisited": mark("还没有走访"), "needs": mark("需求"),
    "support": mark("支持资金"),
    "milestones": mark("节点"), "progress": mark("季度进展"), "lines": mark("评分表项目"),
    "offers": mark("推荐岗位"), "jobs": mark("就业"), "stretches": mark("补贴起止"), "subsidies": mark("补贴发放"),
    "activities": mark("共建活动"), "versions": mark("其他版本"),
}  # fmt: skip
"""Titles of the lists below a thing; each is a list of (label, text) pairs."""


def written(cell: Cell, value: Any) -> str:
    """A fact as it is read, -- for none."""
    if cell.kind == "yes":
        return _("是") if value else _("否")
    if value is None or value == "":
        return "--"
    if cell.words is not None:
        return _(cell.words[value]) if value in cell.words else str(value)
    if cell.kind == "money":
        return format_money(value)
    if cell.kind == "tenths":
        return f"{value / 10:g}"
    return f"{value}%" if cell.kind == "percent" else str(value)


def cells_of(room: str, one: One) -> Rows:
    """The cells of a thing in a list."""
    return [(_(cell.title), written(cell, one.get(cell.name))) for cell in SHAPES[room] if cell.listed]


def cards_of(room: str, one: One) -> list[tuple[str, Rows]]:
    """The cards of a thing on its page and in its command; facts it does not have are left out."""
    facts = [(_(cell.title), written(cell, one.get(cell.name))) for cell in SHAPES[room] if cell.name in one]
    facts = [(title, text) for title, text in facts if text != "--"]
    return [(_("情况"), facts), *((_(PARTS[name]), one[name]) for name in PARTS if isinstance(one.get(name), list))]


def head_of(room: str, one: One) -> str:
    """What a thing is called."""
    named = {
        "units": "code", "projects": "head", "items": "no", "sheets": "title", "groups": "name", "points": "name",
        "bases": "name", "events": "title", "classes": "school", "budgets": "year", "titles": "head",
    }  # fmt: skip
    return str(one.get(named.get(room, "number")) or one["id"])


def titles(vocabulary: Mapping[str, str]) -> list[tuple[str, str]]:
    """Codes with their words in the reader's language."""
    return [(code, _(word)) for code, word in vocabulary.items()]
