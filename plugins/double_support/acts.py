"""Every act, once: its right, its words, its wish and service. Pages, commands and the API are made of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from core.api import Entry, Objection, entries_of, mark
from plugins.double_support import listing, queries, words
from plugins.double_support import wishes as asked
from plugins.double_support import work_wishes as worked
from plugins.double_support.services import (
    assessing,
    educating,
    families,
    honouring,
    paying,
    projects,
    units,
    visiting,
)
from plugins.double_support.services.common import ASSESS, KEEP, PAY, PROJECT, TEACH, VISIT

if TYPE_CHECKING:
    from core.api import UnitOfWork

Vocabulary = Mapping[str, str]


@dataclass(frozen=True)
class Done:
    """What an act answers everywhere: what it was about, and warnings that stop nothing."""

    data: Mapping[str, Any]
    warnings: tuple[Objection, ...] = ()


@dataclass(frozen=True)
class Act:
    """One act on one thing: the right it asks for, its title, what is said afterwards, its wish, the states it fits."""

    name: str
    right: str
    title: str
    done: str
    wish: type[BaseModel]
    do: Callable[["UnitOfWork", str, Any], Done]
    states: tuple[str, ...] = ()
    danger: bool = False


@dataclass(frozen=True)
class New:
    """How something new is made."""

    right: str
    title: str
    done: str
    wish: type[BaseModel]
    make: Callable[["UnitOfWork", Any], Done]


@dataclass(frozen=True)
class Room:
    """One kind of thing: its word in commands, its module, its title, its states, what narrows its list, its acts."""

    name: str
    word: str
    module: str
    title: str
    states: Vocabulary
    label: str
    new: New | None
    acts: Mapping[str, Act]

    def own(self, work: "UnitOfWork", text: str, right: str) -> Any:
        """One thing in the actor's areas; raises ``NotFound``."""
        return queries.own(work, listing.MODELS[self.name], text, right)

    def listed(self, work: "UnitOfWork", wish: queries.Filter) -> list[dict[str, Any]]:
        """A page of them, one more than asked for when there is a next page."""
        return listing.list_of(self.name)(work, wish)

    def shown(self, work: "UnitOfWork", text: str) -> dict[str, Any]:
        """One of them in full."""
        return listing.show_of(self.name)(work, text)


def data_of(one: Any) -> dict[str, Any]:
    """What an act answers about a row: nothing that names a person."""
    names = (
        "id", "number", "code", "state", "kind", "year", "no", "festival", "minutes", "decided_fen", "ballot",
        "amount_fen", "level", "round", "registered_on", "substitute_for", "half_hours", "budgeted_fen",
    )  # fmt: skip
    return {name: getattr(one, name) for name in names if hasattr(one, name)}


def _said(answer: Any) -> Done:
    rows, warnings = answer if isinstance(answer, tuple) else (answer, ())
    return Done(rows if isinstance(rows, dict) else data_of(rows), tuple(warnings))


def _act(
    name: str, right: str, texts: tuple[str, str], wish: type[BaseModel], service: Callable[..., Any],
    states: tuple[str, ...] = (), *, danger: bool = False,
) -> Act:  # fmt: skip
    return Act(name, right, *texts, wish, lambda work, text, given: _said(service(work, text, given)), states, danger)


def _new(right: str, texts: tuple[str, str], wish: type[BaseModel], service: Callable[..., Any]) -> New:
    return New(right, *texts, wish, lambda work, given: _said(service(work, given)))


def _acts(*made: Act) -> Mapping[str, Act]:
    return {one.name: one for one in made}


PLANS = _acts(
    _act("category", KEEP, (mark("设类别和金额"), mark("类别已设")), asked.SetCategory, visiting.set_category,
         ("planned",)),
    _act("add-household", KEEP, (mark("列入一户"), mark("已列入名单")), asked.ListVisit, visiting.list_visit,
         ("planned",)),
    _act("add-unit", KEEP, (mark("列入协作单位"), mark("已列入名单")), asked.ListUnit, visiting.list_unit,
         ("planned",)),
    _act("draw", KEEP, (mark("列入优抚对象"), mark("名单已列入")), asked.Draw, visiting.draw, ("planned",)),
    _act("close-list", KEEP, (mark("确定名单"), mark("名单已定")), asked.CloseList, visiting.close_list, ("planned",)),
    _act("fund", KEEP, (mark("登记会议决定"), mark("资金已定")), asked.FundPlan, visiting.fund_plan, ("listed",)),
    _act("pay", PAY, (mark("生成慰问金批次"), mark("批次已生成，请到资金提交")), asked.Pay, paying.pay_plan,
         ("planned", "listed", "funded", "visited", "answered")),
    _act("finish", KEEP, (mark("走访完成"), mark("走访已完成")), asked.Step, visiting.finish_plan, ("funded",)),
    _act("answer", KEEP, (mark("需求全部答复"), mark("需求已全部答复")), asked.Step, visiting.answer_plan,
         ("visited",)),
    _act("account", KEEP, (mark("登记取款账户"), mark("取款账户已登记")), asked.CashAccount,
         visiting.set_cash_account, ("planned", "listed", "funded")),
    _act("cancel", KEEP, (mark("取消计划"), mark("计划已取消")), asked.Why, visiting.cancel_plan,
         ("planned", "listed"), danger=True),
)  # fmt: skip
VISITS = _acts(
    _act("record", VISIT, (mark("登记走访"), mark("走访已登记")), asked.RecordVisit, visiting.record_visit,
         ("listed",)),
    _act("return", VISIT, (mark("退回计划"), mark("已退回计划，资金留在专户")), asked.Why, visiting.return_visit,
         ("listed",), danger=True),
)  # fmt: skip
NEEDS = _acts(
    _act("answer", VISIT, (mark("答复需求"), mark("需求已答复")), asked.AnswerNeed, visiting.answer_need, ("open",)),
)  # fmt: skip
PLAQUES = _acts(
    _act("hang", VISIT, (mark("登记悬挂"), mark("悬挂已登记")), asked.OnDay, honouring.hang, ("issued",)),
    _act("damage", VISIT, (mark("登记损坏"), mark("损坏已登记")), asked.Why, honouring.damage, ("hung",)),
    _act("replace", VISIT, (mark("更换光荣牌"), mark("新的光荣牌已制发")), asked.OnDay, honouring.replace,
         ("damaged",)),
    _act("remove", VISIT, (mark("收回光荣牌"), mark("光荣牌已收回")), asked.Why, honouring.remove,
         honouring.HANGING, danger=True),
)  # fmt: skip
NEWS = _acts(
    _act("deliver", VISIT, (mark("登记送达"), mark("喜报已送达")), asked.DeliverNews, honouring.deliver,
         ("received",)),
)  # fmt: skip
PROJECTS = _acts(
    _act("agree", KEEP, (mark("登记签约"), mark("签约已登记")), worked.AgreeProject, projects.agree, ("planned",)),
    _act("start", PROJECT, (mark("开始办理"), mark("已开始办理")), asked.OnDay, projects.start,
         ("agreed", "delayed")),
    _act("milestone", PROJECT, (mark("设节点"), mark("节点已设")), worked.AddMilestone, projects.add_milestone,
         projects.ALIVE),
    _act("reach", PROJECT, (mark("节点完成"), mark("节点已完成")), worked.ReachMilestone, projects.reach_milestone,
         projects.ALIVE),
    _act("progress", PROJECT, (mark("报季度进展"), mark("进展已登记")), worked.ReportProgress, projects.report,
         ("agreed", "running", "delayed")),
    _act("finish", PROJECT, (mark("登记完成"), mark("完成已登记")), worked.FinishProject, projects.finish,
         ("running", "delayed")),
    _act("evaluate", KEEP, (mark("登记满意度"), mark("满意度已登记")), worked.EvaluateProject, projects.evaluate,
         ("done",)),
    _act("delay", PROJECT, (mark("登记延期"), mark("延期已登记")), worked.DelayProject, projects.delay,
         ("planned", "agreed", "running")),
    _act("cancel", KEEP, (mark("取消并替代"), mark("已取消，替代实事已登记")), worked.CancelProject, projects.cancel,
         projects.ALIVE, danger=True),
)  # fmt: skip
UNITS = _acts(
    _act("account", KEEP, (mark("登记协议账户"), mark("协议账户已登记")), asked.UnitAccount, units.set_account,
         ("open",)),
    _act("close", KEEP, (mark("撤销代号"), mark("代号已撤销")), asked.CloseOn, units.close_unit, ("open",),
         danger=True),
)  # fmt: skip
SUPPORT = _acts(
    _act("withdraw", KEEP, (mark("撤回登记"), mark("登记已撤回")), asked.Why, units.withdraw_support, ("entered",),
         danger=True),
)  # fmt: skip
SHEETS = _acts(
    _act("assign", ASSESS, (mark("分派整改"), mark("整改已分派")), asked.Step, assessing.assign, ("scored",)),
    _act("rectified", ASSESS, (mark("整改完成"), mark("整改已完成")), asked.Step, assessing.rectified, ("assigned",)),
    _act("review", KEEP, (mark("复核"), mark("已复核")), asked.Step, assessing.review, ("rectified",)),
    _act("submit", KEEP, (mark("上报"), mark("已上报")), asked.Step, assessing.submit, assessing.OPEN),
    _act("check", KEEP, (mark("登记检查"), mark("检查已登记")), asked.Step, assessing.check, ("submitted",)),
    _act("close", KEEP, (mark("登记结果"), mark("结果已登记")), worked.CloseSheet, assessing.close_sheet,
         ("checked",)),
)  # fmt: skip
ITEMS = _acts(
    _act("score", ASSESS, (mark("自评打分"), mark("自评分已登记")), worked.ScoreItemWish, assessing.score_item,
         ("proved", "unproved", "gap", "veto")),
    _act("evidence", ASSESS, (mark("登记佐证"), mark("佐证已登记")), worked.AddEvidence, assessing.add_evidence,
         ("proved", "unproved", "gap", "veto")),
    _act("gap", ASSESS, (mark("登记差距"), mark("差距已登记")), worked.AssignGap, assessing.assign_gap,
         ("proved", "unproved", "gap", "veto")),
    _act("rectify", ASSESS, (mark("登记整改"), mark("整改已登记")), asked.OnDay, assessing.rectify, ("gap",)),
)  # fmt: skip
TITLES = _acts(
    _act("decide", KEEP, (mark("登记命名结果"), mark("结果已登记")), worked.DecideTitle, assessing.decide_title,
         ("pending",)),
)  # fmt: skip
SPOUSES = _acts(
    _act("offer", KEEP, (mark("推荐岗位"), mark("推荐已登记")), worked.OfferJob, families.offer,
         ("registered", "offered", "subsidised")),
    _act("place", KEEP, (mark("登记就业"), mark("就业已登记")), worked.PlaceSpouse, families.place,
         ("registered", "offered", "subsidised")),
    _act("leave", KEEP, (mark("登记离职"), mark("离职已登记")), worked.LeaveJob, families.leave_job, ("placed",)),
    _act("subsidise", KEEP, (mark("发放补贴"), mark("补贴已登记")), worked.Subsidise, families.subsidise,
         ("registered", "offered")),
    _act("end", KEEP, (mark("结束登记"), mark("登记已结束")), asked.Why, families.end_spouse, families.OPEN,
         danger=True),
)  # fmt: skip
SCHOOLS = _acts(
    _act("solve", KEEP, (mark("登记入学"), mark("入学已登记")), worked.SolveRequest, families.solve, ("open",)),
    _act("withdraw", KEEP, (mark("撤回申请"), mark("申请已撤回")), asked.Why, families.withdraw_request, ("open",),
         danger=True),
)  # fmt: skip
GROUPS = _acts(
    _act("close", KEEP, (mark("撤销组织"), mark("已撤销")), asked.CloseOn, educating.close_group, ("open",),
         danger=True),
)  # fmt: skip
POINTS = _acts(
    _act("close", VISIT, (mark("撤销服务点"), mark("服务点已撤销")), asked.CloseOn, educating.close_point, ("open",),
         danger=True),
)  # fmt: skip
AGREEMENTS = _acts(
    _act("activity", KEEP, (mark("登记共建活动"), mark("共建活动已登记")), worked.AddActivity,
         educating.add_activity, ("open",)),
    _act("close", KEEP, (mark("结束共建"), mark("共建已结束")), asked.CloseOn, educating.close_agreement, ("open",),
         danger=True),
)  # fmt: skip
CLASSES = _acts(
    _act("hours", TEACH, (mark("更正课时"), mark("课时已更正")), worked.SetHours, educating.set_hours),
)  # fmt: skip
BASES = _acts(
    _act("close", KEEP, (mark("撤销命名"), mark("命名已撤销")), asked.CloseOn, educating.close_base, ("open",),
         danger=True),
)  # fmt: skip
BUDGETS = _acts(
    _act("set", KEEP, (mark("调整预算"), mark("预算已调整")), worked.SetBudget, educating.set_budget),
)  # fmt: skip
MODULES: Mapping[str, str] = {
    "visiting": mark("走访慰问"),
    "projects": mark("军地互办实事"),
    "assessing": mark("模范创建"),
    "families": mark("随军家属"),
    "network": mark("基层双拥"),
    "education": mark("国防教育"),
}
_ROOMS = (
    Room("plans", "plan", "visiting", mark("慰问计划"), words.PLAN_STATES, mark("计划编号"),
         _new(KEEP, (mark("制定慰问计划"), mark("计划已制定")), asked.AddPlan, visiting.add_plan), PLANS),
    Room("visits", "visit", "visiting", mark("走访"), words.VISIT_STATES, mark("计划编号"), None, VISITS),
    Room("needs", "need", "visiting", mark("需求"), words.NEED_STATES, "", None, NEEDS),
    Room("plaques", "plaque", "visiting", mark("光荣牌"), words.PLAQUE_STATES, "",
         _new(VISIT, (mark("制发光荣牌"), mark("光荣牌已制发")), asked.AddPlaque, honouring.add_plaque), PLAQUES),
    Room("news", "merit", "visiting", mark("喜报"), words.NEWS_STATES, "",
         _new(VISIT, (mark("登记喜报"), mark("喜报已登记")), asked.AddNews, honouring.add_news), NEWS),
    Room("projects", "project", "projects", mark("实事项目"), words.PROJECT_STATES, mark("实事名称"),
         _new(KEEP, (mark("登记实事"), mark("实事已登记")), worked.AddProject, projects.add), PROJECTS),
    Room("units", "unit", "projects", mark("协作单位"), words.OPEN_STATES, mark("协作单位代号"),
         _new(KEEP, (mark("登记协作单位"), mark("协作单位已登记")), asked.AddUnit, units.add_unit), UNITS),
    Room("support", "support", "projects", mark("支持资金"), words.SUPPORT_STATES, "",
         _new(KEEP, (mark("登记支持资金"), mark("支持资金已登记")), worked.AddSupport, units.add_support), SUPPORT),
    Room("sheets", "sheet", "assessing", mark("自评"), words.SHEET_STATES, "", None, SHEETS),
    Room("items", "item", "assessing", mark("评分项目"), words.ITEM_STATES, mark("自评编号"), None, ITEMS),
    Room("titles", "title", "assessing", mark("命名"), words.TITLE_STATES, "",
         _new(KEEP, (mark("登记命名届次"), mark("届次已登记")), worked.AddTitle, assessing.add_title), TITLES),
    Room("spouses", "spouse", "families", mark("家属就业"), words.SPOUSE_STATES, mark("登记编号"),
         _new(KEEP, (mark("登记随军家属"), mark("随军家属已登记")), worked.AddSpouse, families.add_spouse), SPOUSES),
    Room("schools", "school", "families", mark("子女入学"), words.REQUEST_STATES, "",
         _new(KEEP, (mark("登记入学申请"), mark("入学申请已登记")), worked.AddSchoolRequest, families.add_request),
         SCHOOLS),
    Room("groups", "group", "network", mark("服务组织"), words.OPEN_STATES, mark("名称"),
         _new(KEEP, (mark("登记服务组织"), mark("服务组织已登记")), worked.AddGroup, educating.add_group), GROUPS),
    Room("points", "point", "network", mark("服务点"), words.OPEN_STATES, mark("名称"),
         _new(VISIT, (mark("设立服务点"), mark("服务点已设立")), worked.AddPoint, educating.add_point), POINTS),
    Room("agreements", "agreement", "network", mark("军民共建"), words.OPEN_STATES, mark("协议编号"),
         _new(KEEP, (mark("登记共建协议"), mark("共建协议已登记")), worked.AddAgreement, educating.add_agreement),
         AGREEMENTS),
    Room("classes", "class", "education", mark("学校课时"), words.CLASS_STATES, mark("学校"),
         _new(TEACH, (mark("登记课时"), mark("课时已登记")), worked.AddClass, educating.add_class), CLASSES),
    Room("events", "event", "education", mark("教育活动"), words.EVENT_STATES, mark("活动名称"),
         _new(TEACH, (mark("登记教育活动"), mark("教育活动已登记")), worked.AddDefenceEvent, educating.add_event),
         _acts()),
    Room("bases", "base", "education", mark("教育基地"), words.OPEN_STATES, mark("基地名称"),
         _new(KEEP, (mark("登记教育基地"), mark("教育基地已登记")), worked.AddBase, educating.add_base), BASES),
    Room("budgets", "budget", "education", mark("教育经费"), words.BUDGET_STATES, "",
         _new(KEEP, (mark("登记教育经费"), mark("教育经费已登记")), worked.AddBudget, educating.add_budget), BUDGETS),
)  # fmt: skip
ROOMS: Mapping[str, Room] = {one.name: one for one in _ROOMS}
PAYMENTS: Vocabulary = {"visits": mark("慰问金"), "spouses": mark("随军家属补贴"), "units": mark("支持部队资金")}


def pay(work: "UnitOfWork", kind: str, wish: asked.Pay) -> Done:
    """Put everything of a kind that waits into a month's batch."""
    return Done(paying.pay(work, kind, wish))


LONG = frozenset({"reason", "needs", "answer", "gap", "note", "content"})
VOCABULARIES: tuple[Vocabulary, ...] = (
    words.FESTIVALS, words.CHANNELS, words.PLAQUES, words.DIRECTIONS, words.PURPOSES, words.LEVELS,
    {code: word for code, word in words.TITLE_STATES.items() if code != "pending"}, words.STAGES, words.GROUP_KINDS,
    words.PARTNERS, words.EVENTS,
)  # fmt: skip


def entries(wish: type[BaseModel]) -> list[Entry]:
    """The fields of a wish as its form shows them."""
    return entries_of(wish, VOCABULARIES, long=LONG)
