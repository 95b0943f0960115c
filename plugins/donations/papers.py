"""The papers of donations: receipt, letter of thanks, certificate, agreement, day's receipts, reports, filing form."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from sqlalchemy import select
from sqlmodel import col

from core.api import Column, NotFound, Sheet, _, format_money, in_capitals, refuse
from plugins.donations import words
from plugins.donations.figures import drive_sums
from plugins.donations.models import Donor, Gift, Lot, Purpose, Receipt
from plugins.donations.queries import SHOW, dict_of, own_drive, own_gift, own_project, receipts_of, require
from plugins.donations.services.common import charity_name, charity_of
from plugins.donations.services.disclosing import uses_of
from plugins.donations.single import show_project

if TYPE_CHECKING:
    from core.api import UnitOfWork


def paper_of(work: "UnitOfWork", kind: str, number: str) -> Sheet:
    """A paper by its kind: of a gift, a drive, a project or a day; raises ``NotFound``."""
    if kind not in PAPERS:
        raise NotFound(_("没有这种文书"), hint=", ".join(PAPERS))
    return PAPERS[kind](work, number)


def _gift(work: "UnitOfWork", number: str, paper: str) -> tuple[Gift, Donor, Purpose]:
    one = own_gift(work, number)
    work.record_read("donations.paper_printed", f"donations_gift:{one.id}", paper=paper)
    return one, work.session.get_one(Donor, one.donor_id), work.session.get_one(Purpose, one.purpose_id)


def _office(work: "UnitOfWork") -> str:
    return charity_name(work, charity_of(work))


def _called(donor: Donor) -> str:
    """The donor's name on their own papers; who left none stays unnamed."""
    return donor.name or words.ANONYMOUS


def _intent(purpose: Purpose) -> str:
    return purpose.name if purpose.restricted else "非限定"


def _what(work: "UnitOfWork", one: Gift) -> str:
    """Kind and quantity of a gift."""
    if one.kind != "goods":
        return words.GIFT_KINDS[one.kind]
    lot = work.session.scalars(select(Lot).where(col(Lot.gift_id) == one.id)).one_or_none()
    return f"{lot.item} {lot.spec} {lot.quantity} {lot.unit}".replace("  ", " ") if lot else words.GIFT_KINDS["goods"]


def _receipt(work: "UnitOfWork", number: str) -> Sheet:
    """The receipt: donor, kind and quantity, amount in figures and capitals, charity, handler, date, number."""
    one, donor, purpose = _gift(work, number, "receipt")
    slip = receipts_of(work, [one.id or 0]).get(one.id or 0)
    if slip is None:
        raise refuse(_("这笔捐赠没有有效的票据"), code="E_GIFT_STATE")
    charity = charity_of(work)
    base = work.settings.county.public_url.rstrip("/")
    query = urlencode({"number": slip.number})
    return Sheet(
        layout="receipt",
        title="公益事业捐赠票据",
        number=slip.number,
        office=_office(work),
        dated=slip.issued_on,
        fields=(
            ("捐赠人", _called(donor)),
            ("捐赠种类和数量", _what(work, one)),
            ("捐赠意向", _intent(purpose)),
            ("金额（小写）", f"¥{format_money(one.amount_fen)}"),
            ("金额（大写）", in_capitals(one.amount_fen)),
            ("受赠单位", _office(work)),
            ("统一社会信用代码", charity.code or "--"),
            ("票据备注", slip.note or "--"),
            ("经手人", slip.handler),
        ),
        signatures=("复核", "经手人"),
        seal=True,
        check_address=f"{base}/donations/receipt?{query}" if base else "",
        notes=("凭票据号可以查询这笔捐赠的使用情况。",),
    )


def _thanks(work: "UnitOfWork", number: str) -> Sheet:
    one, donor, purpose = _gift(work, number, "thanks")
    return Sheet(
        layout="letter",
        title="感谢信",
        number=one.number,
        office=_office(work),
        dated=work.today,
        fields=(("致", _called(donor)),),
        paragraphs=(
            f"感谢你于 {one.given_on.isoformat()} 捐赠{_what(work, one)}，"
            f"金额 {format_money(one.amount_fen)} 元（{in_capitals(one.amount_fen)}）。",
            f"我们会按“{_intent(purpose)}”的意向使用这笔捐赠，并公开使用情况。凭票据号可以随时查询。",
        ),
    )


def _honour(work: "UnitOfWork", number: str) -> Sheet:
    one, donor, _purpose = _gift(work, number, "honour")
    return Sheet(
        layout="form",
        title="捐赠荣誉证书",
        number=one.number,
        office=_office(work),
        dated=work.today,
        fields=(("捐赠人", _called(donor)), ("捐赠日期", one.given_on.isoformat()), ("捐赠内容", _what(work, one)),
                ("金额", f"{format_money(one.amount_fen)} 元")),
        paragraphs=("感谢对慈善事业的支持，特发此证。",),
        seal=True,
    )  # fmt: skip


def _agreement(work: "UnitOfWork", number: str) -> Sheet:
    one, donor, purpose = _gift(work, number, "agreement")
    return Sheet(
        layout="form",
        title="捐赠协议",
        number=one.agreement or one.number,
        office=_office(work),
        dated=work.today,
        fields=(
            ("捐赠人（甲方）", _called(donor)),
            ("受赠人（乙方）", _office(work)),
            ("捐赠内容", _what(work, one)),
            ("金额", f"{format_money(one.amount_fen)} 元（{in_capitals(one.amount_fen)}）"),
            ("用途", _intent(purpose)),
        ),
        paragraphs=(
            "一、甲方自愿、无偿捐赠上述财产，有权查询、复制捐赠财产管理使用的资料。",
            "二、乙方按约定用途使用；确需改变用途的，应当事先征得甲方书面同意。",
            "三、甲方不得指定自己的利害关系人为受益人。",
            "四、受益人去世或不再需要时，剩余财产用于相同或相近的目的，并公开。",
        ),
        signatures=("甲方", "乙方"),
    )


def _daily(work: "UnitOfWork", number: str) -> Sheet:
    """The receipts of a day, void slips among them."""
    require(work, SHOW)
    on = work.today
    if number not in ("", "today"):
        try:
            on = date.fromisoformat(number)
        except ValueError:
            raise NotFound(_("日期写作 2026-11-20")) from None
    work.record_read("donations.paper_printed", "donations:gifts", paper="daily")
    slips = list(
        work.session.scalars(select(Receipt).where(col(Receipt.issued_on) == on).order_by(col(Receipt.serial)))
    )
    gifts = dict_of(work, Gift, [one.gift_id for one in slips])
    donors = dict_of(work, Donor, [one.donor_id for one in gifts.values()])
    total = sum(gifts[one.gift_id].amount_fen for one in slips if one.voided_on is None)
    return Sheet(
        layout="list",
        title="捐赠票据日报",
        number=on.isoformat(),
        office=_office(work),
        dated=on,
        columns=(
            Column(name="number", title="票据号"),
            Column(name="donor", title="捐赠人"),
            Column(name="kind", title="种类"),
            Column(name="amount", title="金额（元）", kind="money"),
            Column(name="handler", title="经手人"),
            Column(name="note", title="备注"),
        ),
        rows=[
            (
                one.number,
                _called(donors[gifts[one.gift_id].donor_id]),
                words.GIFT_KINDS[gifts[one.gift_id].kind],
                0 if one.voided_on else gifts[one.gift_id].amount_fen,
                one.handler,
                f"作废：{one.void_reason}" if one.voided_on else one.note,
            )
            for one in slips
        ],
        total=("合计", "", "", total, "", ""),
        signatures=("出纳", "票据员", "复核"),
    )


def _filing(work: "UnitOfWork", number: str) -> Sheet:
    """The data of the filing form."""
    one = own_drive(work, number)
    charity = charity_of(work)
    return Sheet(
        layout="form",
        title="公开募捐方案备案表",
        number=one.filing_no or one.number,
        office=_office(work),
        dated=one.filed_on or work.today,
        fields=(
            ("慈善组织", _office(work)),
            ("统一社会信用代码", charity.code or "--"),
            ("公开募捐资格证书", charity.certificate or "--"),
            ("募捐名称", one.title),
            ("募捐类别", words.DRIVE_KINDS[one.kind]),
            ("募捐目的", one.purpose or "--"),
            ("起止时间", f"{one.start_on.isoformat()} 至 {one.end_on.isoformat() if one.end_on else '长期'}"),
            ("募捐地域", one.territory or "--"),
            ("负责人", one.organiser or "--"),
            ("合作方和协议", f"{one.partners} {one.partner_agreement}".strip() or "--"),
            ("募捐方式", one.ways or "--"),
            ("接收账户", one.bank_account or "--"),
            ("受益人", one.beneficiaries or "--"),
            ("款物使用计划", one.plan or "--"),
            ("募捐费用预算", f"{format_money(one.cost_budget_fen)} 元"),
            ("剩余财产处理", one.surplus or "--"),
        ),
        signatures=("负责人", "经办人"),
        seal=True,
    )


def _report(work: "UnitOfWork", number: str) -> Sheet:
    """What a drive raised and used."""
    one = own_drive(work, number)
    sums = drive_sums(work, one)
    return Sheet(
        layout="form",
        title="募捐情况报告",
        number=one.number,
        office=_office(work),
        dated=work.today,
        fields=(
            ("募捐名称", one.title),
            ("备案编号", one.filing_no or "--"),
            ("捐赠笔数", str(sums.gifts)),
            ("已收", f"{format_money(sums.received_fen)} 元"),
            ("慈善支出", f"{format_money(sums.aid_fen)} 元"),
            ("募捐费用", f"{format_money(sums.fundraising_fen)} 元"),
            ("管理费用", f"{format_money(sums.management_fen)} 元"),
            ("结余", f"{format_money(sums.balance_fen)} 元"),
            ("剩余财产处理", one.surplus or "--"),
        ),
        columns=_USE_COLUMNS,
        rows=_use_rows(uses_of(work, col(Gift.drive_id) == one.id)),
        seal=True,
        notes=("受益人只列编号、地点、类别和金额。",),
    )


def _project(work: "UnitOfWork", number: str) -> Sheet:
    """What a project spent and what came of it."""
    one = own_project(work, number)
    found = show_project(work, str(one.id))["data"]
    gifts = select(col(Gift.id)).where(col(Gift.purpose_id) == one.purpose_id)
    rows = [line for line in uses_of(work, col(Gift.id).in_(gifts)) if line["project"] == one.title]
    return Sheet(
        layout="form",
        title="救助项目报告",
        number=one.number,
        office=_office(work),
        dated=work.today,
        fields=(
            ("项目名称", one.title),
            ("理事会会议记录", f"{one.minutes}（{one.minutes_on.isoformat()}）"),
            ("预算", f"{format_money(one.budget_fen)} 元"),
            ("已用", f"{format_money(found['spent_fen'])} 元"),
            ("救助人数", f"{found['people']} 人"),
            ("受益人条件", one.beneficiaries or "--"),
            ("项目成效", one.result or "--"),
        ),
        columns=_USE_COLUMNS,
        rows=_use_rows(rows),
        seal=True,
    )


_USE_COLUMNS = (
    Column(name="number", title="支出编号"),
    Column(name="on", title="日期", kind="date"),
    Column(name="project", title="项目"),
    Column(name="use", title="用途"),
    Column(name="place", title="地点"),
    Column(name="amount", title="金额（元）", kind="money"),
)


def _use_rows(uses: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [
        (
            one["number"],
            one["on"],
            one["project"] or "--",
            words.USES[one["use"]],
            one["place"] or "--",
            one["amount_fen"],
        )
        for one in uses
    ]


PAPERS: Mapping[str, "Callable[[UnitOfWork, str], Sheet]"] = {
    "receipt": _receipt, "thanks": _thanks, "honour": _honour, "agreement": _agreement, "daily": _daily,
    "filing": _filing, "report": _report, "project": _project,
}  # fmt: skip
HOMES: Mapping[str, str] = {
    "receipt": "gifts", "thanks": "gifts", "honour": "gifts", "agreement": "gifts", "filing": "drives",
    "report": "drives", "project": "projects",
}  # fmt: skip
