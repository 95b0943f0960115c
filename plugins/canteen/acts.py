"""Every act, once: its right, its words, its wish and service. Pages, commands and the API are made of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.api import Act, Acting, Done, Room, Start, _, acts_of, mark
from plugins.canteen import wishes, words
from plugins.canteen.services import (
    catering,
    contracting,
    enrolling,
    granting,
    policing,
    settling,
    siting,
    supervising,
)
from plugins.canteen.services.common import (
    CHECK,
    DECIDE,
    INSPECT,
    MAINTAIN,
    MENU,
    PAY,
    SETTLE,
    own_operator,
    own_site,
)

if TYPE_CHECKING:
    from pydantic import BaseModel

    from core.api import Entry, UnitOfWork


def _row(service: Callable[..., Any]) -> Callable[["UnitOfWork", str, Any], Done]:
    """An act whose service answers a row."""
    return lambda work, text, wish: Done(data_of(service(work, text, wish)), None)


def _new(service: Callable[..., Any]) -> Callable[["UnitOfWork", Any], Done]:
    return lambda work, wish: Done(data_of(service(work, wish)), None)


def data_of(one: Any) -> dict[str, Any]:
    """What an act answers about a row: nothing that names a person."""
    names = (
        "id", "number", "code", "state", "month", "score", "grade", "severity", "deadline", "price_fen", "from_on",
        "to_on", "amount_fen", "meals", "diner_subsidy_fen", "operating_subsidy_fen", "claim_fen", "year", "sites",
        "document", "valid_from",
    )  # fmt: skip
    return {name: getattr(one, name) for name in names if hasattr(one, name)}


def settled(one: Any) -> dict[str, Any]:
    """The figures of a settlement as scripts read them."""
    names = ("id", "month", "state", "meals", "diner_subsidy_fen", "operating_subsidy_fen", "claim_fen", "grade")
    return {name: getattr(one, name) for name in names}


def _card(work: "UnitOfWork", text: str, wish: Any) -> Done:
    card, token = enrolling.issue_card(work, text, wish)
    return Done({"id": card.id, "tail": card.tail, "token": token}, None, secret=True)


def _several(service: Callable[..., list[Any]]) -> Callable[["UnitOfWork", Any], Done]:
    def act(work: "UnitOfWork", wish: Any) -> Done:
        rows = service(work, wish)
        return Done({"count": len(rows), "month": wish.month}, None)

    return act


_HOMES: Mapping[str, str] = {
    "payments": "settlements", "grant-payments": "settlements", "targets": "sites", "policies": "rates",
}  # fmt: skip
"""Where a beginning that has no page of its own leads back to."""


def list_path(room: str) -> str:
    """The list a thing stands in."""
    home = _HOMES.get(room, room)
    return "/canteen" if home == "sites" else f"/canteen/{home}"


_RUNNING = ("trial", "open")
_ALIVE = (*_RUNNING, "planned", "building", "suspended")
SITE_ACTS = acts_of(
    Act("approve", DECIDE, mark("批准建设"), mark("已批准建设"), wishes.ApproveSite, _row(siting.approve_site),
        ("planned",)),
    Act("accept", DECIDE, mark("联合验收"), mark("验收已登记，开始试运行"), wishes.AcceptSite, _row(siting.accept_site),
        ("building",)),
    Act("open", DECIDE, mark("转为正式运营"), mark("已转为正式运营"), wishes.OpenSite, _row(siting.open_site),
        ("trial",)),
    Act("price", MAINTAIN, mark("登记套餐价格"), mark("套餐价格已登记"), wishes.SetPrice, _row(catering.set_price),
        _ALIVE),
    Act("menu", MENU, mark("公布菜单"), mark("菜单已公布"), wishes.PublishMenu, _row(catering.publish_menu), _RUNNING),
    Act("sample", MENU, mark("登记留样"), mark("留样已登记"), wishes.AddSample, _row(supervising.add_sample),
        (*_RUNNING, "suspended")),
    Act("inspect", INSPECT, mark("登记检查"), mark("检查已登记"), wishes.Inspect, _row(supervising.inspect),
        (*_RUNNING, "suspended")),
    Act("assess", INSPECT, mark("登记考核"), mark("考核已登记"), wishes.Assess, _row(supervising.assess),
        (*_RUNNING, "suspended", "closed")),
    Act("feedback", MAINTAIN, mark("登记投诉或满意度"), mark("反馈已登记"), wishes.AddFeedback,
        _row(supervising.add_feedback), (*_RUNNING, "suspended")),
    Act("handle", MAINTAIN, mark("办结投诉"), mark("投诉已办结"), wishes.HandleFeedback,
        _row(supervising.handle_feedback)),
    Act("grant", DECIDE, mark("登记建设补助"), mark("补助已登记"), wishes.AddGrant, _row(granting.add_grant),
        _RUNNING),
    Act("change", MAINTAIN, mark("变更站点信息"), mark("站点信息已变更"), wishes.ChangeSite, _row(siting.change_site),
        _ALIVE),
    Act("licence", MAINTAIN, mark("登记食品经营许可"), mark("许可已登记"), wishes.RenewLicence,
        _row(siting.renew_licence), _ALIVE),
    Act("entrust", MAINTAIN, mark("确定经营者"), mark("经营者已确定"), wishes.Entrust, _row(siting.entrust_site),
        _ALIVE),
    Act("resume", INSPECT, mark("恢复运营"), mark("已恢复运营"), wishes.ResumeSite, _row(siting.resume_site),
        ("suspended",)),
    Act("suspend", INSPECT, mark("责令停业"), mark("已停业"), wishes.SuspendSite, _row(siting.suspend_site), _RUNNING,
        True),
    Act("close", DECIDE, mark("关闭站点"), mark("站点已关闭"), wishes.CloseSite, _row(siting.close_site), _ALIVE, True),
)  # fmt: skip
OPERATOR_ACTS = acts_of(
    Act("contract", DECIDE, mark("登记合同"), mark("合同已登记"), wishes.AddContract, _row(contracting.add_contract)),
    Act("account", DECIDE, mark("变更收款账号"), mark("收款账号已变更"), wishes.ChangeAccount,
        _row(contracting.change_account)),
    Act("end-contract", DECIDE, mark("终止合同"), mark("合同已终止"), wishes.EndContract,
        _row(contracting.end_contract), (), True),
)  # fmt: skip
DINER_ACTS = acts_of(
    Act("card", MAINTAIN, mark("发就餐卡"), mark("就餐卡已发，请现在打印"), wishes.IssueCard, _card,
        ("enrolled", "review")),
    Act("change", MAINTAIN, mark("变更就餐登记"), mark("就餐登记已变更"), wishes.ChangeDiner,
        _row(enrolling.change_diner), ("enrolled", "review")),
    Act("review", MAINTAIN, mark("复核"), mark("复核已登记"), wishes.ReviewDiner, _row(enrolling.review_diner),
        ("enrolled", "review")),
    Act("end-card", MAINTAIN, mark("停用就餐卡"), mark("就餐卡已停用"), wishes.EndCard, _row(enrolling.end_card), (),
        True),
    Act("end", MAINTAIN, mark("结束就餐登记"), mark("就餐登记已结束"), wishes.EndDiner, _row(enrolling.end_diner),
        ("enrolled", "review"), True),
)  # fmt: skip
INSPECTION_ACTS = acts_of(
    Act("rectify", INSPECT, mark("登记整改完成"), mark("整改已登记"), wishes.Rectify, _row(supervising.rectify),
        ("minor", "major")),
)  # fmt: skip
SETTLEMENT_ACTS = acts_of(
    Act("check", CHECK, mark("乡镇审核"), mark("乡镇已审核"), wishes.PassSettlement, _row(settling.check_settlement),
        ("draft",)),
    Act("approve", DECIDE, mark("县级批准"), mark("县级已批准"), wishes.ApproveSettlement,
        _row(settling.approve_settlement), ("township_checked",)),
    Act("return", SETTLE, mark("退回"), mark("已退回草稿"), wishes.ReturnSettlement,
        _row(settling.return_settlement), ("township_checked", "county_approved", "batched"), True),
)  # fmt: skip
STARTS: Mapping[str, Start] = {
    "sites": Start(MAINTAIN, mark("登记站点"), mark("站点已登记"), wishes.AddSite, _new(siting.add_site)),
    "operators": Start(DECIDE, mark("登记经营者"), mark("经营者已登记"), wishes.AddOperator,
                       _new(contracting.add_operator)),
    "diners": Start(MAINTAIN, mark("办理就餐登记"), mark("就餐登记已办理"), wishes.Enrol, _new(enrolling.enrol)),
    "settlements": Start(SETTLE, mark("生成结算"), mark("结算已生成"), wishes.SettleMonth,
                         lambda work, wish: Done(settled(settling.settle(work, wish)), None)),
    "payments": Start(PAY, mark("列入发放"), mark("已列入资金发放批次"), wishes.BatchMonth,
                      _several(settling.batch_month), after=list_path("payments")),
    "grant-payments": Start(PAY, mark("支付建设补助"), mark("已列入资金发放批次"), wishes.BatchMonth,
                            _several(granting.batch_grants), after=list_path("grant-payments")),
    "policies": Start(DECIDE, mark("导入补贴政策"), mark("补贴政策已导入"), wishes.TypePolicy,
                      _new(policing.import_text), after=list_path("policies")),
    "targets": Start(DECIDE, mark("登记年度计划"), mark("年度计划已登记"), wishes.SetTarget, _new(siting.set_target),
                     after=list_path("targets")),
}  # fmt: skip
_VOCABULARIES: tuple[Mapping[str, str], ...] = (
    words.KINDS, words.HOSTS, words.STATES, words.CAUSES, words.CLOSINGS, words.OPERATORS, words.PROCUREMENTS,
    words.MEALS, words.WEEKDAYS, words.INSPECTIONS, words.SEVERITIES, words.FEEDBACKS, words.OUTCOMES, words.GRANTS,
)  # fmt: skip


def _shape(_work: "UnitOfWork", wish: "type[BaseModel]", fields: "list[Entry]") -> "list[Entry]":
    """What somebody who enrols lives on is ticked."""
    if wish is not wishes.Enrol:
        return fields
    statuses = tuple((code, _(word)) for code, word in words.STATUSES.items())
    return [replace(one, choices=statuses) if one.name == "status" else one for one in fields]


ACTING = Acting(
    plugin="canteen",
    title=mark("长者食堂"),
    right="canteen.show",
    rooms={
        "sites": Room(mark("站点"), SITE_ACTS, own_site),
        "diners": Room(mark("就餐老人"), DINER_ACTS, enrolling.own_diner),
        "settlements": Room(mark("结算"), SETTLEMENT_ACTS, settling.own_settlement),
        "inspections": Room(mark("检查"), INSPECTION_ACTS, supervising.own_inspection),
        "operators": Room(mark("经营者"), OPERATOR_ACTS, own_operator),
    },
    starts=STARTS,
    list_path=list_path,
    vocabularies=_VOCABULARIES,
    long=frozenset(
        {"content", "reason", "matter", "hazards", "rectified", "checklist", "dishes", "diet", "note", "basis"}
    ),
    linked=("site",),
    people=("person_id",),
    shape=_shape,
)
