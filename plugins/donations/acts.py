"""Every act, once: its right, its words, its wish and service. Pages, commands and the API are made of it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from core.api import Act, Done, Start, acts_of, in_capitals, mark
from plugins.donations import wishes
from plugins.donations.services import disclosing, donors, driving, giving, keeping, pairing, receipting, spending
from plugins.donations.services.common import DECIDE, DISCLOSE, KEEP, PAIR, RECEIPT, RECEIVE, SPEND

if TYPE_CHECKING:
    from core.api import UnitOfWork
    from plugins.donations.models import Drive, Gift, Receipt


Doing = Callable[["UnitOfWork", str, Any], Done]
Making = Callable[["UnitOfWork", Any], Done]


def _row(service: Callable[..., Any]) -> Doing:
    """An act whose service answers a row."""

    def act(work: "UnitOfWork", text: str, wish: Any) -> Done:
        return Done(data_of(service(work, text, wish)))

    return act


def _warned(service: Callable[..., Any]) -> Doing:
    def act(work: "UnitOfWork", text: str, wish: Any) -> Done:
        one, warnings = service(work, text, wish)
        return Done(data_of(one), tuple(warnings))

    return act


def _made(service: Callable[..., Any]) -> Making:
    def make(work: "UnitOfWork", wish: Any) -> Done:
        return Done(data_of(service(work, wish)))

    return make


def data_of(one: Any) -> dict[str, Any]:
    """What an act answers about a row: nothing that names a person."""
    names = (
        "id", "number", "state", "amount_fen", "budget_fen", "start_on", "end_on", "filed_on", "filing_no", "kind",
        "due_on", "published_on", "late", "quantity",
    )  # fmt: skip
    return {name: getattr(one, name) for name in names if hasattr(one, name)}


def _drive_data(work: "UnitOfWork", one: "Drive") -> dict[str, Any]:
    from plugins.donations.queries import drive_standing

    return {**data_of(one), "state": drive_standing(work, one), **driving.due_days(work, one)}


def draft(work: "UnitOfWork", wish: wishes.NewDrive) -> Done:
    """Draft a drive."""
    one = driving.draft_drive(work, wish)
    return Done(_drive_data(work, one), tuple(driving.incomplete(work, one)))


def file_new(work: "UnitOfWork", wish: wishes.NewFiledDrive) -> Done:
    """Draft and file a drive."""
    one, warnings = driving.file_new_drive(work, wish)
    return Done(_drive_data(work, one), tuple(warnings))


def file_known(work: "UnitOfWork", text: str, wish: wishes.FileDrive) -> Done:
    """File a drive that was drafted."""
    one, warnings = driving.file_drive(work, text, wish)
    return Done(_drive_data(work, one), tuple(warnings))


def gift_data(gift: "Gift", slip: "Receipt | None") -> dict[str, Any]:
    """What is answered about a gift: its number, its receipt and its amount in words."""
    return {
        "id": gift.id,
        "number": gift.number,
        "receipt_no": slip.number if slip else "",
        "amount_fen": gift.amount_fen,
        "amount_words": in_capitals(gift.amount_fen),
        "state": gift.state,
    }


def add_gift(work: "UnitOfWork", wish: wishes.AddGift) -> Done:
    """Receive money."""
    gift, slip, warnings = giving.add_gift(work, wish)
    return Done(gift_data(gift, slip), tuple(warnings))


def add_goods(work: "UnitOfWork", wish: wishes.AddGoods) -> Done:
    """Receive goods."""
    lot, (gift, slip, warnings) = giving.add_goods(work, wish)
    found = {**gift_data(gift, slip), "id": lot.id, "gift": gift.number, "quantity": lot.quantity}
    return Done(found, tuple(warnings))


def issue_goods(work: "UnitOfWork", wish: wishes.IssueGoods) -> Done:
    """Hand goods out."""
    one, left = spending.issue_goods(work, wish)
    return Done({**data_of(one), "left": left})


def open_box(work: "UnitOfWork", wish: wishes.OpenBox) -> Done:
    """Empty a box."""
    one, gift, slip = keeping.open_box(work, wish)
    return Done({"id": one.id, "gift": gift.number if gift else "", "receipt_no": slip.number if slip else ""})


def _slip(service: Callable[..., Any]) -> Doing:
    def act(work: "UnitOfWork", text: str, wish: Any) -> Done:
        slip = service(work, text, wish)
        return Done({"id": slip.gift_id, "receipt_no": slip.number})

    return act


_PLAN_FILLED = {
    name: name
    for name in ("kind", "use", "purpose", "territory", "organiser", "partners", "partner_agreement", "ways",
                 "bank_account", "beneficiaries", "plan", "surplus", "suggestion")
} | {"cost_budget": "cost_budget_fen", "target": "target_fen"}  # fmt: skip
DRIVE_ACTS = acts_of(
    Act("disclose", DISCLOSE, mark("公开"), mark("已公开"), wishes.Disclose, _warned(disclosing.disclose_drive),
        ("open", "closed", "settled")),
    Act("settle", KEEP, mark("结算"), mark("已结算"), wishes.Settle, _row(driving.settle_drive), ("closed",)),
    Act("close", KEEP, mark("截止募捐"), mark("已登记结束日期"), wishes.CloseDrive, _row(driving.close_drive),
        ("open", "closed")),
    Act("file", KEEP, mark("登记备案"), mark("已登记备案"), wishes.FileDrive, file_known,
        ("draft", "filed", "open", "closed"), filled={"filed": "filed_on", "filing_no": "filing_no"}),
    Act("plan", KEEP, mark("填写募捐方案"), mark("募捐方案已保存"), wishes.Plan, _row(driving.plan_drive),
        ("draft", "filed", "open", "closed"), filled=_PLAN_FILLED),
    Act("payout", SPEND, mark("登记平台到账"), mark("平台手续费已入账"), wishes.Payout, _row(spending.pay_out),
        ("open", "closed")),
    Act("cancel", KEEP, mark("取消募捐"), mark("已取消"), wishes.Reason, _row(driving.cancel_drive),
        ("draft", "filed", "open", "closed"), True),
)  # fmt: skip
_LIVE = ("received", "receipted")
GIFT_ACTS = acts_of(
    Act("receipt", RECEIPT, mark("开票"), mark("已开票"), wishes.IssueReceipt, _slip(receipting.issue_receipt),
        ("received", "allocated", "used")),
    Act("reissue", RECEIPT, mark("作废票据"), mark("票据已作废，存根保留"), wishes.VoidReceipt,
        _slip(receipting.void_receipt), ("receipted", "allocated", "used"), True),
    Act("deposit", RECEIVE, mark("登记现金存入"), mark("存入已登记"), wishes.Deposit, _row(giving.deposit_cash),
        (*_LIVE, "allocated", "used")),
    Act("repurpose", DECIDE, mark("改变用途"), mark("用途已改变"), wishes.Repurpose, _row(giving.repurpose_gift),
        _LIVE),
    Act("refund", DECIDE, mark("退还捐赠"), mark("已退还"), wishes.Refund, _row(giving.refund_gift), _LIVE, True),
    Act("void", RECEIVE, mark("冲销捐赠"), mark("已冲销，记录保留"), wishes.Reason, _row(giving.void_gift), _LIVE,
        True),
)  # fmt: skip
DONOR_ACTS = acts_of(
    Act("edit", KEEP, mark("修改公开方式"), mark("公开方式已保存"), wishes.EditDonor, _row(donors.edit_donor),
        filled={"display": "display", "alias": "alias"}),
    Act("tie", KEEP, mark("登记利害关系人"), mark("利害关系人已登记"), wishes.DeclareTie, _row(donors.declare_tie)),
)  # fmt: skip
PLEDGE_ACTS = acts_of(
    Act("withdraw", KEEP, mark("撤回认捐"), mark("认捐已撤回"), wishes.Step, _row(giving.withdraw_pledge), ("open",),
        True),
)  # fmt: skip
PROJECT_ACTS = acts_of(
    Act("close", SPEND, mark("结项"), mark("项目已结项"), wishes.CloseProject, _row(spending.close_project), ("open",)),
)
SPENDING_ACTS = acts_of(
    Act("reverse", SPEND, mark("冲销支出"), mark("已冲销，记录保留"), wishes.Reason, _row(spending.reverse_spending),
        ("booked",), True),
)  # fmt: skip
LOT_ACTS = acts_of(
    Act("count", KEEP, mark("登记盘点"), mark("盘点已登记"), wishes.CountLot, _row(keeping.count_lot)),
)
PAIR_ACTS = acts_of(
    Act("helper", PAIR, mark("登记帮扶人"), mark("帮扶人已登记"), wishes.AddHelper, _row(pairing.add_helper),
        ("proposed", "matched", "active")),
    Act("leave", PAIR, mark("帮扶人退出"), mark("已登记"), wishes.LeaveHelper, _row(pairing.leave_helper),
        ("matched", "active")),
    Act("start", PAIR, mark("双方同意，开始帮扶"), mark("帮扶已开始"), wishes.StartPair, _row(pairing.start_pair),
        ("matched",)),
    Act("visit", PAIR, mark("登记走访"), mark("走访已登记"), wishes.AddVisit, _row(pairing.add_visit), ("active",)),
    Act("review", PAIR, mark("半年评估"), mark("评估已登记"), wishes.ReviewPair, _row(pairing.review_pair),
        ("active",)),
    Act("end", PAIR, mark("结束结对"), mark("结对已结束"), wishes.EndPair, _row(pairing.end_pair),
        ("proposed", "matched", "active"), True),
)  # fmt: skip
CHARITY_ACTS = acts_of(
    Act("edit", KEEP, mark("登记慈善组织资料"), mark("资料已保存"), wishes.EditCharity, _row(driving.edit_charity),
        filled={name: name for name in wishes.EditCharity.model_fields}),
)  # fmt: skip

NEW: Mapping[str, Start] = {
    "drives": Start(KEEP, mark("新建募捐"), mark("募捐已建立"), wishes.NewDrive, draft),
    "gifts": Start(RECEIVE, mark("登记捐赠"), mark("捐赠已入账"), wishes.AddGift, add_gift),
    "goods": Start(RECEIVE, mark("登记捐赠物资"), mark("物资已入库"), wishes.AddGoods, add_goods),
    "donors": Start(RECEIVE, mark("登记捐赠人"), mark("捐赠人已登记"), wishes.AddDonor, _made(donors.add_donor)),
    "pledges": Start(RECEIVE, mark("登记认捐"), mark("认捐已登记"), wishes.AddPledge, _made(giving.add_pledge)),
    "projects": Start(SPEND, mark("新建救助项目"), mark("项目已建立"), wishes.AddProject, _made(spending.add_project)),
    "spending": Start(SPEND, mark("登记支出"), mark("支出已入账"), wishes.Spend, _made(spending.spend)),
    "issues": Start(SPEND, mark("发放物资"), mark("物资已发放"), wishes.IssueGoods, issue_goods,
                    after="/donations/spending/{id}"),
    "pairs": Start(PAIR, mark("登记结对户"), mark("已登记"), wishes.AddPair, _made(pairing.add_pair)),
    "boxes": Start(RECEIVE, mark("开募捐箱"), mark("开箱已登记"), wishes.OpenBox, open_box,
                   after="/donations/gifts"),
    "activities": Start(KEEP, mark("登记工作机制"), mark("已登记"), wishes.AddActivity, _made(keeping.add_activity),
                        after="/donations"),
    "ties": Start(KEEP, mark("登记管理人员的利害关系人"), mark("利害关系人已登记"), wishes.DeclareManagerTie,
                _made(donors.declare_manager_tie), after="/donations"),
}  # fmt: skip
