"""Where the money comes from: bank accounts, funds by source, purpose, document and year, and what arrived of them."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field
from sqlalchemy import func, insert, select
from sqlmodel import col

from core.errors import NotFound, Objection, Refused, refuse
from core.funds.bank_files import layouts
from core.funds.ledger import CHARITY, QUOTA, SPECIAL, Move, NewVoucher, book, cash_account_of, reverse
from core.funds.models import Fund, FundBalance, SpecialAccount, Transfer, Voucher
from core.showing import money
from core.tables import sum_of, table_of
from core.texts import _, listed, mark
from core.wishes import Fen

if TYPE_CHECKING:
    from core.work import UnitOfWork

SOURCES = {
    "CENTRAL": mark("中央补助"),
    "PROV": mark("省级补助"),
    "CITY": mark("市级补助"),
    "COUNTY": mark("县级配套"),
    "TOWN": mark("乡镇配套"),
    "LOTTERY": mark("福彩公益金"),
    "DON_R": mark("定向捐赠"),
    "DON_U": mark("非定向捐赠"),
    "REC": mark("追回款"),
    "INT": mark("利息"),
}
INCOME = {
    "CENTRAL": "4001",
    "PROV": "4002",
    "CITY": "4003",
    "COUNTY": "4004",
    "TOWN": "4005",
    "LOTTERY": "4011",
    "DON_R": "4101",
    "DON_U": "4102",
    "REC": "4301",
    "INT": "4201",
}
CHARITABLE = ("DON_R", "DON_U")
LEDGERS = {"special_account": SPECIAL, "treasury_zero_balance": QUOTA, "charity_account": CHARITY}
DEFAULT_ACCOUNT = "SPECIAL"


class NewFund(BaseModel):
    """A fund to add: its appropriation by document; ``amount`` in fen; ``account`` "" is the special account."""

    code: str = Field(min_length=1, max_length=40, pattern=r"^[\w.-]+$", title=mark("资金编号"))
    name: str = Field(min_length=1, max_length=100, title=mark("资金名称"))
    source: str = Field(title=mark("来源"))
    scheme: str = Field(default="", max_length=40, title=mark("业务"))
    year: int = Field(ge=1990, le=2200, title=mark("预算年度"))
    amount_fen: Fen = Field(title=mark("金额"))
    document: str = Field(min_length=1, max_length=100, title=mark("文号"))
    purpose: str = Field(default="", max_length=200, title=mark("用途"))
    account: str = Field(default="", max_length=40, title=mark("账户"))
    received: bool = True


@dataclass(frozen=True)
class AddedFund:
    """A fund that was added; ``voucher`` is the receipt's number, "" when the money has not come."""

    id: int
    code: str
    voucher: str


def add_fund(work: "UnitOfWork", wish: NewFund) -> AddedFund:
    """Book an appropriation, and its receipt in full today unless it has not come; refused when it is there already."""
    work.require("funds.add", area=work.settings.county.code)
    account = _account_for(work, wish)
    _refuse_fund(work, wish, account)
    fund = Fund(
        **wish.model_dump(exclude={"account", "received"}),
        account_id=account.id or 0,
        added_on=work.today,
        added_by=work.actor.account_id,
    )
    work.session.add(fund)
    work.session.flush()
    work.session.execute(insert(FundBalance).values(fund_id=fund.id, cash_fen=0))
    work.record("funds.fund_added", f"fund:{fund.id}", after=wish.model_dump(exclude={"received"}))
    voucher = _receive(work, fund, wish.amount_fen, work.today) if wish.received else ""
    return AddedFund(fund.id or 0, fund.code, voucher)


def receive_fund(work: "UnitOfWork", code: str, amount_fen: int, on: date) -> str:
    """Book money of an appropriation that arrived; answers the voucher's number. Never more than was appropriated."""
    work.require("funds.receive", area=work.settings.county.code)
    fund = find_fund(work, code)
    if amount_fen <= 0:
        raise refuse(_("金额要大于 0"), field="amount", code="E_AMOUNT")
    if on > work.today:
        raise refuse(_("到账日期不能晚于今天"), field="on", code="E_DATE")
    left = fund.amount_fen - received_of(work, fund)
    if amount_fen > left:
        raise refuse(
            _("超出下达指标：还没有到账的是 {left} 元", left=money(left)), field="amount", code="E_RECEIPT_EXCEEDED"
        )
    return _receive(work, fund, amount_fen, on)


def book_interest(work: "UnitOfWork", code: str, amount_fen: int, on: date) -> str:
    """Book bank interest to the fund that earned it; answers the voucher's number."""
    work.require("funds.receive", area=work.settings.county.code)
    fund = find_fund(work, code)
    if amount_fen <= 0:
        raise refuse(_("金额要大于 0"), field="amount", code="E_AMOUNT")
    if on > work.today:
        raise refuse(_("到账日期不能晚于今天"), field="on", code="E_DATE")
    move = Move(
        fund_id=fund.id or 0, debit=cash_account_of(work, fund.id or 0), credit=INCOME["INT"], amount_fen=amount_fen
    )
    subject = f"fund:{fund.id}/interest:{_booked_before(work, fund, 'interest') + 1}"
    booked = book(work, NewVoucher(kind="interest", subject=subject, title=_("利息"), on=on), [move])
    work.record(
        "funds.interest_booked", f"fund:{fund.id}", amount_fen=amount_fen, voucher=booked.number, sealed=booked.sealed
    )
    return booked.number


def find_fund(work: "UnitOfWork", code: str) -> Fund:
    """A fund by its code; raises ``NotFound``."""
    found = work.session.scalars(select(Fund).where(col(Fund.code) == code)).one_or_none()
    if found is None:
        raise NotFound(_("没有资金 {code}", code=code))
    return found


def find_account(work: "UnitOfWork", code: str) -> SpecialAccount:
    """A bank account of the county by its code; one that a plugin brought is made when it is first asked for."""
    found = work.session.scalars(select(SpecialAccount).where(col(SpecialAccount.code) == code)).one_or_none()
    if found is not None:
        return found
    brought = work.host.fund_accounts.get(code)
    if brought is None:
        raise NotFound(_("没有账户 {code}", code=code))
    account = SpecialAccount(
        code=code,
        title=_(brought.title),
        kind=brought.kind,
        entity="charity" if brought.kind == "charity_account" else "fiscal",
        ledger=LEDGERS[brought.kind],
    )
    work.session.add(account)
    work.session.flush()
    work.record("funds.account_added", f"account:{account.id}", after={"code": code, "kind": brought.kind})
    return account


def add_account(work: "UnitOfWork", code: str, title: str, kind: str, layout: str = "default") -> SpecialAccount:
    """Add a bank account of the county; a charity account has books of its own."""
    work.require("funds.add", area=work.settings.county.code)
    if kind not in LEDGERS:
        raise refuse(_("账户种类填 {kinds} 之一", kinds=listed(LEDGERS)), field="kind", code="E_WORD")
    if layout not in (formats := layouts(work)):
        raise refuse(_("没有银行文件格式 {name}", name=layout), field="layout", code="E_WORD", hint=listed(formats))
    known = work.session.scalars(select(SpecialAccount).where(col(SpecialAccount.code) == code)).one_or_none()
    if known is not None:
        raise refuse(_("账户 {code} 已经有了", code=code), field="code", code="E_SAME")
    account = SpecialAccount(
        code=code,
        title=title,
        kind=kind,
        entity="charity" if kind == "charity_account" else "fiscal",
        ledger=LEDGERS[kind],
        layout=layout,
    )
    work.session.add(account)
    work.session.flush()
    work.record("funds.account_added", f"account:{account.id}", after={"code": code, "kind": kind, "title": title})
    return account


def received_of(work: "UnitOfWork", fund: Fund) -> int:
    """How much of an appropriation arrived, in fen."""
    back = table_of(Transfer).alias("back")
    return (
        work.session.scalar(
            select(sum_of(col(Transfer.amount_fen)))
            .join(Voucher, col(Voucher.id) == col(Transfer.voucher_id))
            .where(
                col(Transfer.fund_id) == fund.id,
                col(Voucher.kind) == "receipt",
                ~select(back.c.id).where(back.c.reverses == col(Transfer.id)).exists(),
            )
        )
        or 0
    )


def reverse_voucher(work: "UnitOfWork", voucher_id: int, reason: str) -> str:
    """Reverse a receipt or interest that was booked wrongly; answers the new voucher's number.

    What a batch or a recovery booked is corrected through that batch or recovery, never here (E_REVERSE_AT_SOURCE).
    """
    work.require("funds.reverse", area=work.settings.county.code)
    voucher = work.session.get(Voucher, voucher_id)
    if voucher is None:
        raise NotFound(_("没有找到凭证 {voucher}", voucher=voucher_id))
    if voucher.kind not in ("receipt", "interest"):
        raise refuse(_("这张凭证要在它的批次或追回里更正"), field="voucher", code="E_REVERSE_AT_SOURCE")
    if not reason.strip():
        raise refuse(_("请写明冲销的原因"), field="reason", code="E_REASON")
    booked = reverse(work, voucher_id, reason.strip(), f"voucher:{voucher_id}/reversed")
    work.record(
        "funds.reversed", f"voucher:{voucher_id}", reason=reason.strip(), voucher=booked.number, sealed=booked.sealed
    )
    return booked.number


def _receive(work: "UnitOfWork", fund: Fund, amount_fen: int, on: date) -> str:
    move = Move(
        fund_id=fund.id or 0,
        debit=cash_account_of(work, fund.id or 0),
        credit=INCOME[fund.source],
        amount_fen=amount_fen,
        scheme=fund.scheme,
    )
    wish = NewVoucher(
        kind="receipt",
        subject=f"fund:{fund.id}/received:{_booked_before(work, fund, 'received') + 1}",
        title=_("到账：{name}", name=fund.name),
        on=on,
    )
    booked = book(work, wish, [move])
    work.record(
        "funds.received",
        f"fund:{fund.id}",
        amount_fen=amount_fen,
        on=on,
        voucher=booked.number,
        sealed=booked.sealed,
    )
    return booked.number


def _booked_before(work: "UnitOfWork", fund: Fund, what: str) -> int:
    """How many receipts or interests of a fund were booked, reversed ones too."""
    mine = col(Voucher.subject).like(f"fund:{fund.id}/{what}:%")
    return work.session.scalar(select(func.count()).where(mine)) or 0


def _account_for(work: "UnitOfWork", wish: NewFund) -> SpecialAccount:
    if wish.account:
        return find_account(work, wish.account)
    if wish.source not in CHARITABLE:
        return find_account(work, DEFAULT_ACCOUNT)
    found = work.session.scalars(
        select(SpecialAccount).where(col(SpecialAccount.entity) == "charity").order_by(col(SpecialAccount.id)).limit(1)
    ).first()
    brought = next((one for one in work.host.fund_accounts.values() if one.kind == "charity_account"), None)
    if found is None and brought is None:
        raise refuse(
            _("捐赠资金要记入慈善账户，请先建账户：huimin funds account add CHARITY --kind charity_account"),
            field="account",
            code="E_ENTITY",
        )
    return found or find_account(work, brought.code if brought else "")


def _refuse_fund(work: "UnitOfWork", wish: NewFund, account: SpecialAccount) -> None:
    objections = []
    if wish.source not in SOURCES:
        objections.append(
            Objection(reason=_("来源填 {sources} 之一", sources=listed(SOURCES)), field="source", code="E_WORD")
        )
    elif (wish.source in CHARITABLE) != (account.entity == "charity"):
        words = _("捐赠资金属于慈善会，与财政资金分开记账")
        objections.append(Objection(reason=words, field="account", code="E_ENTITY"))
    if wish.scheme and wish.scheme not in work.host.schemes:
        known = ", ".join(sorted(work.host.schemes))
        words = _("没有业务 {scheme}", scheme=wish.scheme)
        objections.append(Objection(reason=words, field="scheme", code="E_SCHEME", hint=known))
    if work.session.scalar(select(col(Fund.id)).where(col(Fund.code) == wish.code)) is not None:
        objections.append(Objection(reason=_("资金 {code} 已经有了", code=wish.code), field="code", code="E_SAME"))
    same = select(col(Fund.code)).where(
        col(Fund.source) == wish.source,
        col(Fund.document) == wish.document,
        col(Fund.year) == wish.year,
        col(Fund.scheme) == wish.scheme,
    )
    twin = work.session.scalar(same)
    if twin is not None and twin != wish.code:
        words = _("这个文号的资金已登记为 {code}", code=twin)
        objections.append(Objection(reason=words, field="document", code="E_SAME"))
    if objections:
        raise Refused(objections)
