"""Every act, once: its right, its words, its wish and service. Pages, commands and the API are made of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.api import Act, Acting, Done, Room, Start, _, acts_of, mark
from plugins.volunteers import queries, wishes, words
from plugins.volunteers.rules import hours_of
from plugins.volunteers.services import (
    attending,
    certifying,
    hours,
    organising,
    planning,
    registering,
    subsidising,
)
from plugins.volunteers.services.common import CERTIFY, CONFIRM, KEEP, PLAN, RECORD, SUBSIDISE

if TYPE_CHECKING:
    from pydantic import BaseModel

    from core.api import Entry, UnitOfWork


Doing = Callable[["UnitOfWork", str, Any], Done]


def _row(service: Callable[..., Any]) -> Doing:
    """An act whose service answers a row."""

    def act(work: "UnitOfWork", text: str, wish: Any) -> Done:
        return Done(data_of(service(work, text, wish)))

    return act


def _signed(service: Callable[..., Any]) -> Doing:
    def act(work: "UnitOfWork", text: str, wish: Any) -> Done:
        attendance, record = service(work, text, wish)
        found: dict[str, Any] = {"id": attendance.id, "state": "out" if record else "in"}
        if record:
            found |= {"record": record.id, "minutes": record.minutes, "hours": hours_of(record.minutes)}
        return Done(found)

    return act


def data_of(one: Any) -> dict[str, Any]:
    """What an act answers about a row: nothing that names a person."""
    names = (
        "id", "number", "state", "level", "minutes", "served_on", "issued_on", "event", "source_ref",
        "due_on", "certificate_id", "amount_fen", "month", "batch_id",
    )  # fmt: skip
    found = {name: getattr(one, name) for name in names if hasattr(one, name)}
    if "minutes" in found:
        found["hours"] = hours_of(found["minutes"])
    return found


def register(work: "UnitOfWork", wish: wishes.Register) -> Done:
    """Register a volunteer."""
    return Done(data_of(registering.register(work, wish)))


def add_org(work: "UnitOfWork", wish: wishes.AddOrg) -> Done:
    """Register an organisation."""
    return Done(data_of(organising.add_org(work, wish)))


def plan(work: "UnitOfWork", wish: wishes.PlanActivity) -> Done:
    """Draft an activity."""
    return Done(data_of(planning.plan(work, wish)))


def add_hours(work: "UnitOfWork", wish: wishes.AddHours) -> Done:
    """Enter hours."""
    made, warnings = hours.add_hours(work, wish)
    return Done(data_of(made), tuple(warnings))


def carry(work: "UnitOfWork", wish: wishes.CarryHours) -> Done:
    """Take over hours of an older system."""
    return Done(data_of(hours.carry_hours(work, wish)))


def certify(work: "UnitOfWork", wish: wishes.IssueCertificate) -> Done:
    """Issue a certificate."""
    return Done(data_of(certifying.issue(work, wish)))


def ask_certificate(work: "UnitOfWork", wish: wishes.RequestCertificate) -> Done:
    """Note that a certificate was asked for."""
    return Done(data_of(certifying.ask(work, wish)))


def pay(work: "UnitOfWork", wish: wishes.PaySubsidies) -> Done:
    """Put the subsidies that wait into the month's batch."""
    return Done(subsidising.pay(work, wish))


IN = ("applied", "active", "dormant")
VOLUNTEER_ACTS = acts_of(
    Act("accept", KEEP, mark("审核通过"), mark("已登记在册"), wishes.Accept, _row(registering.accept),
        ("applied", "withdrawn")),
    Act("consent", KEEP, mark("登记监护人同意"), mark("监护人同意已登记"), wishes.Consent, _row(registering.consent),
        IN),
    Act("skill", KEEP, mark("登记技能"), mark("技能已登记"), wishes.AddSkill, _row(registering.add_skill), IN),
    Act("training", KEEP, mark("登记培训"), mark("培训已登记"), wishes.AddTraining, _row(registering.add_training), IN),
    Act("honour", KEEP, mark("登记荣誉"), mark("荣誉已登记"), wishes.AddHonour, _row(registering.add_honour)),
    Act("background", KEEP, mark("登记背景查询"), mark("背景查询已登记"), wishes.CheckBackground,
        _row(registering.check_background), IN),
    Act("naming", KEEP, mark("登记公开意愿"), mark("公开意愿已登记"), wishes.Named, _row(registering.set_named)),
    Act("card", KEEP, mark("换发志愿者卡"), mark("已换卡，旧卡作废"), wishes.Step, _row(registering.renew_card), IN),
    Act("withdraw", KEEP, mark("退出"), mark("已退出"), wishes.Leave, _row(registering.withdraw), IN, True),
    Act("remove", KEEP, mark("除名"), mark("已除名"), wishes.Leave, _row(registering.remove), (*IN, "withdrawn"), True),
)  # fmt: skip
ORG_ACTS = acts_of(
    Act("join", KEEP, mark("登记队员"), mark("队员已登记"), wishes.Join, _row(organising.join), ("open",)),
    Act("part", KEEP, mark("队员退出"), mark("队员退出已登记"), wishes.Part, _row(organising.part), ("open",)),
    Act("activate", PLAN, mark("启动应急任务"), mark("任务已启动"), wishes.Activate, _row(organising.activate),
        ("open",), after="/volunteers/activities/{id}"),
    Act("complaint", KEEP, mark("登记投诉"), mark("投诉已登记"), wishes.Complain, _row(organising.complain)),
    Act("settle", KEEP, mark("办结投诉"), mark("投诉已办结"), wishes.Settle, _row(organising.settle)),
    Act("merge", KEEP, mark("并入其他组织"), mark("合并已登记"), wishes.Merge, _row(organising.merge), ("open",), True),
    Act("close", KEEP, mark("注销"), mark("注销已登记"), wishes.Close, _row(organising.close), ("open",), True),
)  # fmt: skip
ACTIVITY_ACTS = acts_of(
    Act("publish", PLAN, mark("发布"), mark("已发布，开始报名"), wishes.Step, _row(planning.publish), ("draft",)),
    Act("insure", PLAN, mark("登记保险"), mark("保险已登记"), wishes.Insure, _row(planning.insure),
        ("draft", "published", "closed_signup", "running")),
    Act("shift", PLAN, mark("增加班次"), mark("班次已增加"), wishes.AddShift, _row(planning.add_shift),
        ("draft", "published", "closed_signup")),
    Act("signup", PLAN, mark("登记报名"), mark("报名已登记"), wishes.SignUp, _row(planning.sign_up), ("published",)),
    Act("unsign", PLAN, mark("取消报名或缺席"), mark("已登记"), wishes.CancelSignup, _row(planning.cancel_signup),
        ("published", "closed_signup", "running", "finished")),
    Act("sign", RECORD, mark("现场签到签退"), mark("已登记"), wishes.SignIn, _signed(attending.sign),
        ("published", "closed_signup", "running")),
    Act("signout", CONFIRM, mark("凭证补登签退"), mark("签退已补登"), wishes.SignOut, _signed(attending.certify_out),
        ("running", "finished")),
    Act("close", PLAN, mark("截止报名"), mark("报名已截止"), wishes.Step, _row(planning.close_signup), ("published",)),
    Act("start", PLAN, mark("开始"), mark("活动已开始"), wishes.Step, _row(planning.start),
        ("published", "closed_signup")),
    Act("finish", PLAN, mark("结束"), mark("活动已结束"), wishes.Step, _row(planning.finish), ("running",)),
    Act("settle", PLAN, mark("时长全部确认"), mark("时长已全部确认"), wishes.Step, _row(planning.settle_records),
        ("finished",)),
    Act("archive", PLAN, mark("归档"), mark("已归档"), wishes.Step, _row(planning.archive), ("records_confirmed",)),
    Act("cancel", PLAN, mark("取消活动"), mark("活动已取消"), wishes.CancelActivity, _row(planning.cancel),
        ("draft", "published", "closed_signup"), True),
)  # fmt: skip
RECORD_ACTS = acts_of(
    Act("confirm", CONFIRM, mark("确认时长"), mark("时长已确认"), wishes.Confirm, _row(hours.confirm),
        ("entered", "disputed")),
    Act("dispute", RECORD, mark("登记异议"), mark("异议已登记"), wishes.Dispute, _row(hours.dispute),
        ("entered", "confirmed")),
    Act("reverse", CONFIRM, mark("冲销"), mark("已冲销，记录保留"), wishes.Reverse, _row(hours.reverse),
        ("entered", "confirmed", "disputed"), True),
    Act("subsidy", SUBSIDISE, mark("登记交通误餐补助"), mark("补助已登记，等待付款"), wishes.GrantSubsidy,
        _row(subsidising.grant), ("confirmed",), after="/volunteers/subsidies/{id}"),
)  # fmt: skip
REQUEST_ACTS = acts_of(
    Act("issue", CERTIFY, mark("出具服务证明"), mark("证明已出具"), wishes.IssueRequested, _row(certifying.grant),
        ("open",), after="/volunteers/certificates/{certificate_id}"),
    Act("refuse", CERTIFY, mark("不予出具"), mark("已登记"), wishes.RefuseRequest, _row(certifying.turn_down),
        ("open",), True),
)  # fmt: skip
SUBSIDY_ACTS = acts_of(
    Act("withdraw", SUBSIDISE, mark("撤回补助"), mark("补助已撤回"), wishes.WithdrawSubsidy,
        _row(subsidising.withdraw), ("waiting", "batched"), True),
)  # fmt: skip
CERTIFICATE_ACTS = acts_of(
    Act("revoke", CERTIFY, mark("撤销证明"), mark("证明已撤销"), wishes.Revoke, _row(certifying.revoke), ("issued",),
        True),
)  # fmt: skip

NEW: Mapping[str, Start] = {
    "people": Start(KEEP, mark("登记志愿者"), mark("已登记"), wishes.Register, register),
    "teams": Start(KEEP, mark("登记组织或队伍"), mark("已登记"), wishes.AddOrg, add_org),
    "activities": Start(PLAN, mark("拟定活动"), mark("活动已拟定"), wishes.PlanActivity, plan),
    "hours": Start(RECORD, mark("登记服务时长"), mark("已登记，等待别人确认"), wishes.AddHours, add_hours),
    "carried": Start(CONFIRM, mark("转入以前的时长"), mark("已登记，等待别人确认"), wishes.CarryHours, carry,
                     after="/volunteers/hours/{id}"),
    "certificates": Start(CERTIFY, mark("出具服务证明"), mark("证明已出具"), wishes.IssueCertificate, certify),
    "requests": Start(CERTIFY, mark("登记证明申请"), mark("申请已登记"), wishes.RequestCertificate, ask_certificate),
    # A batch has its own page in the funds, for who may see it; here one goes on with the list.
    "subsidies": Start("volunteers.pay", mark("生成补助批次"), mark("批次已生成"), wishes.PaySubsidies, pay,
                       after="/volunteers/subsidies"),
}  # fmt: skip


def list_path(room: str) -> str:
    """The list a thing stands in."""
    if room in ("people", "certificates"):
        return "/volunteers"
    return "/volunteers/hours" if room == "carried" else f"/volunteers/{room}"


def _shape(_work: "UnitOfWork", wish: "type[BaseModel]", fields: "list[Entry]") -> "list[Entry]":
    """The kind of an activity is chosen, though a file may say more."""
    if wish is not wishes.PlanActivity:
        return fields
    kinds = tuple((code, _(word)) for code, word in words.KINDS.items())
    return [replace(one, kind="select", choices=kinds) if one.name == "kind" else one for one in fields]


ACTING = Acting(
    plugin="volunteers",
    title=mark("志愿服务"),
    right="volunteers.show",
    rooms={
        "people": Room(mark("志愿者"), VOLUNTEER_ACTS, queries.own_volunteer),
        "teams": Room(mark("组织和队伍"), ORG_ACTS, queries.own_org),
        "activities": Room(mark("活动"), ACTIVITY_ACTS, queries.own_activity),
        "hours": Room(mark("服务时长"), RECORD_ACTS, queries.own_record),
        "certificates": Room(mark("服务证明"), CERTIFICATE_ACTS, queries.own_certificate),
        "requests": Room(mark("证明申请"), REQUEST_ACTS, queries.own_request),
        "subsidies": Room(mark("误餐和交通补助"), SUBSIDY_ACTS, queries.own_subsidy),
    },
    starts=NEW,
    list_path=list_path,
    vocabularies=(
        words.RISKS, words.MODES, words.SKILLS, words.FIELDS, words.KINDS, words.COURSES, words.RESULTS,
        words.HONOURS, words.LEVELS, words.OUTCOMES, words.CANCEL_REASONS, words.SUBSIDIES, words.FILE_KINDS,
    ),
    long=frozenset({"reason", "matter", "content", "note", "health"}),
    linked=("volunteer",),
    shape=_shape,
)  # fmt: skip
