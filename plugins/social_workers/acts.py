"""Every act, once: its right, its words, its wish and service. Pages, commands and the API are made of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.api import Act, Acting, Done, Start, acts_of, mark
from core.api import Room as ActingRoom
from plugins.social_workers import files, listing, queries, words
from plugins.social_workers import project_wishes as served
from plugins.social_workers import wishes as asked
from plugins.social_workers.services import cases, exams, groups, organising, paying, projects, workers
from plugins.social_workers.services.common import ASSESS, FILE, KEEP, RUN, SERVE

if TYPE_CHECKING:
    from pydantic import BaseModel

    from core.api import UnitOfWork

Vocabulary = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Room(ActingRoom):
    """One kind of thing, with its name, its word in commands, and how it is listed, shown and made."""

    name: str
    word: str
    listed: Callable[["UnitOfWork", queries.Filter], list[dict[str, Any]]]
    shown: Callable[["UnitOfWork", str], dict[str, Any]]
    states: Vocabulary
    label: str
    new: Start


def data_of(one: Any) -> dict[str, Any]:
    """What an act answers about a row: nothing that names a person."""
    names = (
        "id", "number", "state", "stage", "kind", "code", "registered_on", "valid_to", "since", "until", "result",
        "amount_fen", "points_tenths", "computed_tenths", "attended", "participants", "place", "risk",
    )  # fmt: skip
    found = {name: getattr(one, name) for name in names if hasattr(one, name)}
    if "points_tenths" in found:
        found |= {"points": found.pop("points_tenths") / 10, "computed": found.pop("computed_tenths") / 10}
    return found


def _said(answer: Any) -> Done:
    if isinstance(answer, tuple):
        return Done(data_of(answer[0]), tuple(answer[1]))
    return Done(answer if isinstance(answer, dict) else data_of(answer))


def _act(
    name: str, right: str, texts: tuple[str, str], wish: "type[BaseModel]", service: Callable[..., Any],
    states: tuple[str, ...] = (), *, danger: bool = False,
) -> Act:  # fmt: skip
    return Act(name, right, *texts, wish, lambda work, text, given: _said(service(work, text, given)), states, danger)


def _new(
    right: str, texts: tuple[str, str], wish: "type[BaseModel]", service: Callable[..., Any], person: str = "person_id"
) -> Start:
    return Start(right, *texts, wish, lambda work, given: _said(service(work, given)), person)


def pay(work: "UnitOfWork", wish: served.Pay) -> Done:
    """Put the instalments that wait into a month's batches."""
    return Done(paying.pay(work, wish))


def add_exam_figure(work: "UnitOfWork", wish: asked.ExamYear) -> Done:
    """Note the exam of a year from a paper."""
    return _said(exams.add_figure(work, wish))


_OPEN_CASE = ("intake", "assessment", "planning", "intervention", "evaluation")
_SIGNED = ("contracted", "running", "mid_term")
_LISTED = ("unregistered", "registered", "due", "lapsed")

WORKERS = acts_of(
    _act("register", KEEP, (mark("登记和再登记"), mark("登记已办理")), asked.Register, workers.register, _LISTED),
    _act("certificate", KEEP, (mark("登记其他级别证书"), mark("证书已登记")), asked.AddCertificate,
         workers.add_certificate, _LISTED),
    _act("educate", KEEP, (mark("登记继续教育"), mark("学时已登记")), asked.AddEducation, workers.add_education,
         _LISTED),
    _act("uneducate", KEEP, (mark("撤销学时记录"), mark("学时记录已撤销")), asked.RevokeEducation,
         workers.revoke_education, _LISTED, danger=True),
    _act("supervise", KEEP, (mark("登记督导"), mark("督导已登记")), asked.AddSupervision, workers.add_supervision,
         _LISTED),
    _act("employ", KEEP, (mark("登记任职"), mark("任职已登记")), asked.Employ, workers.employ, _LISTED),
    _act("leave", KEEP, (mark("登记离职"), mark("离职已登记")), asked.Leave, workers.leave, _LISTED),
    _act("settle", KEEP, (mark("变更社工信息"), mark("社工信息已变更")), asked.Settle, workers.settle, _LISTED),
    _act("account", KEEP, (mark("关联账号"), mark("账号已关联")), asked.LinkAccount, workers.link_account, _LISTED),
    _act("remove", KEEP, (mark("移出名册"), mark("已移出名册")), asked.Why, workers.remove, _LISTED, danger=True),
)  # fmt: skip
AGENCIES = acts_of(
    _act("set", KEEP, (mark("变更机构信息"), mark("机构信息已变更")), asked.SetAgency, organising.set_agency,
         ("open",)),
    _act("account", KEEP, (mark("登记收款账号"), mark("收款账号已登记")), asked.SetAccount, organising.set_account,
         ("open",)),
    _act("close", KEEP, (mark("注销机构"), mark("机构已注销")), asked.CloseOn, organising.close_agency, ("open",),
         danger=True),
)  # fmt: skip
STATIONS = acts_of(
    _act("close", KEEP, (mark("撤销社工站"), mark("社工站已撤销")), asked.CloseOn, organising.close_station, ("open",),
         danger=True),
)  # fmt: skip
POSTS = acts_of(
    _act("hold", KEEP, (mark("登记上岗"), mark("上岗已登记")), asked.Hold, organising.hold_post, ("open",)),
    _act("vacate", KEEP, (mark("登记离岗"), mark("离岗已登记")), asked.Vacate, organising.vacate_post, ("open",)),
    _act("close", KEEP, (mark("撤销岗位"), mark("岗位已撤销")), asked.CloseOn, organising.close_post, ("open",),
         danger=True),
)  # fmt: skip
EXAMS = acts_of(
    _act("result", KEEP, (mark("登记成绩"), mark("成绩已登记")), asked.Result, exams.set_result),
)  # fmt: skip
DISPATCHES = acts_of(
    _act("trainee", RUN, (mark("登记培养人员"), mark("培养人员已登记")), asked.AddTrainee, organising.add_trainee,
         ("running",)),
    _act("attend", RUN, (mark("登记培训出勤"), mark("出勤已登记")), asked.Attend, organising.attend),
    _act("confirm", RUN, (mark("督导确认"), mark("培养人员已确认")), asked.ConfirmTrainee, organising.confirm_trainee),
    _act("recall", RUN, (mark("提前结束派驻"), mark("派驻已结束")), asked.CloseOn, organising.recall, ("running",),
         danger=True),
)  # fmt: skip
LINKS = acts_of(
    _act("close", SERVE, (mark("结束联动"), mark("联动已结束")), asked.CloseOn, organising.unlink, ("open",),
         danger=True),
)  # fmt: skip
PROJECTS = acts_of(
    _act("approve", RUN, (mark("立项"), mark("已立项")), served.Approve, projects.approve, ("drafted",)),
    _act("contract", RUN, (mark("签订合同"), mark("合同已登记")), served.Contract, projects.contract, ("approved",)),
    _act("start", RUN, (mark("开始执行"), mark("项目已开始")), asked.Step, projects.start, ("contracted",)),
    _act("amend", RUN, (mark("调整目标"), mark("目标已调整")), served.Amend, projects.amend, _SIGNED),
    _act("visit", SERVE, (mark("登记探访"), mark("探访已登记")), served.AddVisit, projects.add_visit, _SIGNED),
    _act("assess", ASSESS, (mark("登记评估"), mark("评估已登记")), served.Assess, projects.assess, _SIGNED),
    _act("invoice", RUN, (mark("登记付款"), mark("付款已登记，等待生成批次")), served.Invoice, paying.invoice,
         (*_SIGNED, "final", "closed")),
    _act("uninvoice", RUN, (mark("撤回付款"), mark("付款已撤回")), served.WithdrawInstalment, paying.withdraw,
         (*_SIGNED, "final", "closed"), danger=True),
    _act("close", RUN, (mark("结项"), mark("项目已结项")), asked.Step, projects.close, ("final",)),
    _act("fail", RUN, (mark("终止项目"), mark("项目已终止")), asked.Why, projects.fail,
         ("drafted", "approved", *_SIGNED, "final"), danger=True),
)  # fmt: skip
CASES = acts_of(
    _act("form", FILE, (mark("登记文书"), mark("文书已登记")), served.AddForm, cases.add_form,
         (*_OPEN_CASE, "closed", "follow_up")),
    _act("advance", FILE, (mark("进入下一阶段"), mark("阶段已更新")), served.Advance, cases.advance,
         _OPEN_CASE[:-1]),
    _act("risk", FILE, (mark("调整风险"), mark("风险已调整")), served.SetRisk, cases.set_risk, _OPEN_CASE),
    _act("inform", FILE, (mark("登记告知督导"), mark("告知已登记")), served.Inform, cases.inform),
    _act("handover", FILE, (mark("移交个案"), mark("个案已移交")), served.HandOver, cases.hand_over, _OPEN_CASE),
    _act("close", FILE, (mark("结案"), mark("个案已结案")), served.CloseCase, cases.close, _OPEN_CASE),
    _act("follow", FILE, (mark("登记回访"), mark("回访已登记")), served.FollowUp, cases.follow_up, ("closed",)),
    _act("end", FILE, (mark("提前结束"), mark("个案已结束")), served.EndCase, cases.end, _OPEN_CASE, danger=True),
)  # fmt: skip
GROUPS = acts_of(
    _act("recruit", SERVE, (mark("登记组员"), mark("组员已登记")), served.Recruit, groups.recruit,
         ("planned", "recruited")),
    _act("session", SERVE, (mark("登记小组活动"), mark("小组活动已登记")), served.HoldSession, groups.hold,
         ("recruited", "running")),
    _act("finish", SERVE, (mark("结束小组"), mark("小组已结束")), asked.Step, groups.finish, ("running",)),
    _act("evaluate", SERVE, (mark("登记小组评估"), mark("小组评估已登记")), served.Measure, groups.evaluate,
         ("ended",)),
    _act("cancel", SERVE, (mark("取消小组"), mark("小组已取消")), asked.Why, groups.cancel,
         ("planned", "recruited", "running"), danger=True),
)  # fmt: skip
EVENTS = acts_of(
    _act("withdraw", SERVE, (mark("撤回活动"), mark("活动已撤回")), asked.Why, groups.withdraw_event, ("held",),
         danger=True),
)  # fmt: skip
_RESULTS = {"open": mark("未出成绩"), **{code: word for code, word in words.RESULTS.items() if code}}
_CASE_STATES = {**words.STAGES, "crisis": mark("危机个案")}
_ROOMS = (
    Room(mark("社工"), WORKERS, queries.own_worker, name="workers", word="worker", listed=listing.list_workers,
         shown=listing.show_worker, states=words.WORKER_STATES, label=mark("社工编号"),
         new=_new(KEEP, (mark("登记社工"), mark("社工已登记")), asked.AddWorker, workers.add)),
    Room(mark("机构"), AGENCIES, queries.own_agency, name="agencies", word="agency", listed=listing.list_agencies,
         shown=listing.show_agency, states=words.OPEN_STATES, label=mark("机构名称"),
         new=_new(KEEP, (mark("登记机构"), mark("机构已登记")), asked.AddAgency, organising.add_agency)),
    Room(mark("社工站"), STATIONS, queries.own_station, name="stations", word="station",
         listed=listing.list_stations, shown=listing.show_station, states=words.OPEN_STATES, label="",
         new=_new(KEEP, (mark("设立社工站"), mark("社工站已设立")), asked.AddStation, organising.add_station)),
    Room(mark("岗位"), POSTS, queries.own_post, lambda one: one.title or str(one.id), name="posts", word="post",
         listed=listing.list_posts, shown=listing.show_post, states=words.POST_STATES, label=mark("单位"),
         new=_new(KEEP, (mark("设置岗位"), mark("岗位已设置")), asked.AddPost, organising.add_post)),
    Room(mark("服务项目"), PROJECTS, queries.own_project, name="projects", word="project",
         listed=files.list_projects, shown=files.show_project, states=words.PROJECT_STATES, label=mark("项目编号"),
         new=_new(RUN, (mark("起草项目"), mark("项目已起草")), served.AddProject, projects.draft)),
    Room(mark("个案"), CASES, queries.own_case, name="cases", word="case", listed=files.list_cases,
         shown=files.show_case, states=_CASE_STATES, label=mark("个案编号"),
         new=_new(SERVE, (mark("接案"), mark("个案已开启")), served.OpenCase, cases.open_case, "client_id")),
    Room(mark("小组"), GROUPS, queries.own_group, name="groups", word="group", listed=files.list_groups,
         shown=files.show_group, states=words.GROUP_STATES, label=mark("小组编号"),
         new=_new(SERVE, (mark("计划小组"), mark("小组已计划")), served.AddGroup, groups.plan)),
    Room(mark("社区活动"), EVENTS, queries.own_event, name="events", word="event", listed=files.list_events,
         shown=files.show_event, states=words.EVENT_STATES, label=mark("活动编号"),
         new=_new(SERVE, (mark("登记活动"), mark("活动已登记")), served.AddEvent, groups.add_event)),
    Room(mark("考试"), EXAMS, queries.own_signup, name="exams", word="exam", listed=listing.list_exams,
         shown=listing.show_exam, states=_RESULTS, label=mark("考试年度"),
         new=_new(KEEP, (mark("登记报考"), mark("报考已登记")), asked.SignUp, exams.sign_up)),
    Room(mark("“三区”选派"), DISPATCHES, queries.own_dispatch, name="dispatches", word="dispatch",
         listed=listing.list_dispatches, shown=listing.show_dispatch, states=words.DISPATCH_STATES, label="",
         new=_new(RUN, (mark("登记选派"), mark("选派已登记")), asked.SendWorker, organising.send)),
    Room(mark("三社联动"), LINKS, queries.own_link, name="links", word="link", listed=listing.list_links,
         shown=listing.show_link, states=words.LINK_STATES, label="",
         new=_new(SERVE, (mark("登记联动"), mark("联动已登记")), asked.LinkUp, organising.link_up)),
)  # fmt: skip
ROOMS: Mapping[str, Room] = {one.name: one for one in _ROOMS}
_VOCABULARIES: tuple[Vocabulary, ...] = (
    words.LEVELS, words.FIELDS, words.NEEDS, words.RISKS, words.ENDINGS, words.STAGES, words.FORMS, words.CONSENTERS,
    words.GROUP_KINDS, words.COUNTED, words.ITEMS, words.SOURCES, words.PURCHASERS, words.INSTALMENTS, words.ASSESSED,
    words.GRADES, words.SUPERVISIONS,
)  # fmt: skip


def list_path(room: str) -> str:
    """The list a thing stands in."""
    return "/social-workers" if room == "workers" else f"/social-workers/{room}"


ACTING = Acting(
    plugin="social_workers",
    title=mark("社会工作"),
    right="social_workers.show",
    rooms=ROOMS,
    starts={name: one.new for name, one in ROOMS.items()},
    list_path=list_path,
    vocabularies=_VOCABULARIES,
    long=frozenset({"reason", "content", "note", "plan", "goal", "summary", "treatment", "next_step", "basis"}),
    people=("person_id", "client_id", "manager_id"),
)
