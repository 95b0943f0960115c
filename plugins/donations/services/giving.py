"""Gifts in money and goods, booked in the charity's ledger at once; pledges apart; returned or voided, not changed."""

from datetime import date

from sqlalchemy import func, select
from sqlmodel import col

from core.api import (
    Clash,
    Move,
    NewVoucher,
    Objection,
    Refused,
    UnitOfWork,
    _,
    format_money,
    post,
    post_reversal,
    refuse,
)
from plugins.donations import words
from plugins.donations.models import Drive, Gift, Issue, Lot, Pledge, Purpose, Receipt
from plugins.donations.queries import LIVE, own_drive, own_gift, own_pledge, received_of_pledge, used_of
from plugins.donations.services.common import (
    DECIDE,
    KEEP,
    RECEIVE,
    charity_of,
    fund_of,
    keep,
    not_later,
    person_id_of,
    positive,
    purpose_of,
    refuse_quota,
    require,
    yuan,
)
from plugins.donations.services.donors import designated, donor_for, interests
from plugins.donations.services.driving import incomplete, require_receiving
from plugins.donations.services.receipting import cancel_slip, in_force, print_receipt
from plugins.donations.wishes import AddDonor, AddGift, AddGoods, AddPledge, Deposit, Reason, Refund, Repurpose

CASH, GOODS = "1003", "1302"
RESTRICTED_INCOME, FREE_INCOME, GOODS_INCOME = "4101", "4102", "4103"
Given = tuple[Gift, Receipt | None, list[Objection]]


def add_gift(work: UnitOfWork, wish: AddGift) -> Given:
    """Receive money: book it to its purpose, give it the next receipt; services and securities are noted only."""
    require(work, RECEIVE)
    memo = wish.kind in words.MEMO_KINDS
    fen = 0 if memo else positive(wish.amount)
    if memo and not wish.note.strip():
        raise refuse(_("捐赠服务或有价证券要写明内容，不记金额"), field="note", code="E_FIELD")
    drive = _drive(work, wish)
    channel = wish.channel or {"cash": "cash", "online": "qr"}.get(wish.kind, "bank")
    gift, warnings = _begin(work, wish, drive, channel)
    gift.kind, gift.amount_fen = wish.kind, fen
    gift.unit, gift.transfer_ref, gift.original = wish.unit.strip(), wish.transfer_ref.strip(), wish.original.strip()
    gift.source, gift.document = wish.source, wish.document.strip()
    gift.counted_by, gift.deposited_on = wish.counted_by.strip(), wish.deposited
    gift.pledge_id = _pledge(work, wish, gift)
    refuse_quota(work, note=wish.note, unit=wish.unit)
    if wish.kind == "cash" and fen >= work.policy("donations.large_cash"):
        warnings.append(Objection(reason=_("大额现金捐赠，请核实来源并尽快存入账户"), code="W_LARGE_CASH"))
    keep(work, [gift])
    if fen:
        _book(work, gift, CASH, wish.credited or gift.given_on)
    return _finish(work, gift, wish, warnings)


def add_goods(work: UnitOfWork, wish: AddGoods) -> tuple[Lot, Given]:
    """Receive goods into the store, at a value only with its basis (E_GOODS_VALUE)."""
    require(work, RECEIVE)
    unit_fen = yuan(wish.unit_value, "unit_value", empty=0)
    if unit_fen < 0:
        raise refuse(_("单价不能小于 0"), field="unit_value", code="E_GIFT_NEG")
    if unit_fen and wish.basis == "none":
        raise refuse(_("物资计价要有发票或评估依据"), field="basis", code="E_GOODS_VALUE")
    drive = own_drive(work, wish.drive, RECEIVE)
    gift, warnings = _begin(work, wish, drive, "goods_store")
    gift.kind, gift.amount_fen = "goods", unit_fen * wish.quantity
    if not unit_fen:
        warnings.append(Objection(reason=_("没有计价依据，只记数量，金额记 0"), code="W_GOODS_VALUE"))
    keep(work, [gift])
    names = ("item", "spec", "quantity", "basis", "proof", "batch", "store", "condition")
    lot = Lot(
        gift_id=gift.id or 0,
        unit=wish.unit_name,
        unit_value_fen=unit_fen,
        expires_on=wish.expires,
        **{name: getattr(wish, name) for name in names},
    )
    keep(work, [lot])
    if gift.amount_fen:
        _book(work, gift, GOODS, gift.given_on)
    return lot, _finish(work, gift, wish, warnings)


def _drive(work: UnitOfWork, wish: AddGift) -> Drive | None:
    if wish.source == "returned_share":
        if not wish.document.strip():
            raise refuse(_("上级返拨要有文号"), field="document", code="E_FIELD")
        return own_drive(work, wish.drive, RECEIVE) if wish.drive.strip() else None
    if not wish.drive.strip():
        raise refuse(_("请填写募捐编号"), field="drive", code="E_FIELD")
    return own_drive(work, wish.drive, RECEIVE)


def _begin(
    work: UnitOfWork, wish: AddGift | AddGoods, drive: Drive | None, channel: str
) -> tuple[Gift, list[Objection]]:
    given_on = wish.on or work.today
    not_later(work, given_on, "on")
    if drive is not None:
        require_receiving(work, drive, given_on, channel)
    objections = designated(work, wish.relation)
    donor = donor_for(work, wish.donor, _giver(wish))
    beneficiary = person_id_of(work, wish.beneficiary, RECEIVE)
    objections = objections or interests(work, beneficiary, [donor.id or 0])
    if objections:
        raise Refused(objections)
    charity = charity_of(work)
    purpose = purpose_of(work, charity, wish.restricted)
    gift = Gift(
        number=work.next_number(col(Gift.number), f"JK-{given_on.year}-"),
        charity_id=charity.id or 0,
        drive_id=drive.id if drive else None,
        donor_id=donor.id or 0,
        purpose_id=purpose.id or 0,
        given_on=given_on,
        kind="transfer",
        channel=channel,
        amount_fen=0,
        beneficiary_id=beneficiary,
        receipt_refused=wish.no_receipt,
        agreement=wish.agreement.strip(),
        note=wish.note.strip(),
        added_at=work.now,
        added_by=work.actor.account_id,
    )
    return gift, incomplete(work, drive) if drive else []


def _giver(wish: AddGift | AddGoods | AddPledge) -> AddDonor:
    """What a gift or promise says of whoever gives."""
    names = set(AddDonor.model_fields) & set(type(wish).model_fields)
    return AddDonor.model_validate({"name": wish.donor.strip() or "--", **wish.model_dump(include=names)})


def _finish(work: UnitOfWork, gift: Gift, wish: AddGift | AddGoods, warnings: list[Objection]) -> Given:
    after = {"number": gift.number, "kind": gift.kind, "amount_fen": gift.amount_fen, "purpose": gift.purpose_id}
    work.record("donations.gift_added", f"donations_gift:{gift.id}", after=after, voucher=gift.voucher_id)
    nameless = not wish.donor.strip()
    if wish.no_receipt or (nameless and not wish.receipt_note.strip()):
        return gift, None, warnings
    return gift, print_receipt(work, gift, wish.receipt_note), warnings


def _pledge(work: UnitOfWork, wish: AddGift, gift: Gift) -> int | None:
    if not wish.pledge.strip():
        return None
    pledge = own_pledge(work, wish.pledge, RECEIVE)
    if pledge.donor_id != gift.donor_id or pledge.withdrawn_on is not None:
        raise refuse(_("这笔认捐是别人的，或已经撤回"), field="pledge", code="E_PLEDGE")
    return pledge.id


def _book(work: UnitOfWork, gift: Gift, debit: str, on: date) -> None:
    """Book a gift to its purpose's fund: money or goods against the income of its kind."""
    charity, purpose = charity_of(work), work.session.get_one(Purpose, gift.purpose_id)
    fund = fund_of(work, charity, purpose, gift.amount_fen)
    booked = post(work, _voucher(gift, on), [_move(gift, purpose, fund, debit)])
    gift.voucher_id = booked.voucher_id
    keep(work, [gift])
    work.record("donations.gift_booked", f"donations_gift:{gift.id}", voucher=booked.number, sealed=booked.sealed)


def _voucher(gift: Gift, on: date) -> NewVoucher:
    kind = "goods" if gift.kind == "goods" else "gift"
    subject = f"donations:gift:{gift.id}/{gift.purpose_id}"
    return NewVoucher(kind=kind, subject=subject, title=_("捐赠 {number}", number=gift.number), on=on)


def _move(gift: Gift, purpose: Purpose, fund: int, debit: str) -> Move:
    income = GOODS_INCOME if debit == GOODS else RESTRICTED_INCOME if purpose.restricted else FREE_INCOME
    return Move(fund_id=fund, debit=debit, credit=income, amount_fen=gift.amount_fen)


def repurpose_gift(work: UnitOfWork, text: str, wish: Repurpose) -> Gift:
    """Give an unused gift another purpose, with the donor's written consent; after use it is refused."""
    gift = own_gift(work, text, DECIDE)
    _require_unused(work, gift)
    charity = charity_of(work)
    purpose = purpose_of(work, charity, wish.restricted)
    if purpose.id == gift.purpose_id:
        raise refuse(_("用途没有变"), field="restricted", code="E_SAME")
    before = {"purpose": gift.purpose_id}
    _reverse(work, gift, _("改变用途"))
    gift.purpose_id, gift.consent = purpose.id or 0, wish.consent.strip()
    keep(work, [gift])
    if gift.amount_fen:
        _book(work, gift, GOODS if gift.kind == "goods" else CASH, work.today)
    work.record(
        "donations.gift_repurposed",
        f"donations_gift:{gift.id}",
        reason=gift.consent,
        before=before,
        after={"purpose": gift.purpose_id},
    )
    return gift


def refund_gift(work: UnitOfWork, text: str, wish: Refund) -> Gift:
    """Give an unused gift back, by decision of the board."""
    gift = own_gift(work, text, DECIDE)
    _require_unused(work, gift)
    return _end(work, gift, "returned", wish.decision.strip())


def void_gift(work: UnitOfWork, text: str, wish: Reason) -> Gift:
    """Take a gift that was entered wrongly out of the books, by a reversal; its receipt becomes a void slip."""
    gift = own_gift(work, text, RECEIVE)
    _require_unused(work, gift)
    return _end(work, gift, "voided", wish.reason.strip())


def deposit_cash(work: UnitOfWork, text: str, wish: Deposit) -> Gift:
    """Write down when cash went to the bank and who counted it."""
    gift = own_gift(work, text, RECEIVE)
    day = wish.deposited or work.today
    not_later(work, day, "deposited")
    if gift.state not in LIVE:
        raise Clash(_("这笔捐赠已经退还或冲销"))
    if gift.kind != "cash" or gift.deposited_on is not None:
        raise Clash(_("只有没有存入的现金捐赠要登记存入"))
    gift.deposited_on, gift.counted_by = day, wish.counted_by.strip() or gift.counted_by
    keep(work, [gift])
    work.record("donations.cash_deposited", f"donations_gift:{gift.id}", after={"deposited_on": day})
    return gift


def _require_unused(work: UnitOfWork, gift: Gift) -> None:
    if gift.state not in LIVE:
        raise Clash(_("这笔捐赠已经退还或冲销"))
    out = work.session.scalar(
        select(func.sum(col(Issue.quantity)))
        .join(Lot, col(Lot.id) == col(Issue.lot_id))
        .where(col(Lot.gift_id) == gift.id)
    )
    if used_of(work, [gift.id or 0]).get(gift.id or 0) or out:
        raise refuse(_("这笔捐赠已经使用，不能退还、冲销或改变用途"), code="E_RESTRICTED_USE")


def _end(work: UnitOfWork, gift: Gift, state: str, reason: str) -> Gift:
    slip = in_force(work, gift)
    if slip is not None:
        cancel_slip(work, slip, reason)
    _reverse(work, gift, reason)
    before = {"state": gift.state}
    gift.state, gift.ended_on, gift.ended_for = state, work.today, reason
    keep(work, [gift])
    work.record(f"donations.gift_{state}", f"donations_gift:{gift.id}", reason=reason, before=before)
    return gift


def _reverse(work: UnitOfWork, gift: Gift, reason: str) -> None:
    if gift.voucher_id is None:
        return
    booked = post_reversal(work, gift.voucher_id, reason, f"donations:gift:{gift.id}/{gift.voucher_id}/reversed")
    work.record("donations.gift_booked", f"donations_gift:{gift.id}", voucher=booked.number, sealed=booked.sealed)


def add_pledge(work: UnitOfWork, wish: AddPledge) -> Pledge:
    """Write down a promise; what arrives of it is a gift that names it."""
    require(work, RECEIVE)
    drive = own_drive(work, wish.drive, RECEIVE)
    refuse_quota(work, note=wish.note)
    donor = donor_for(work, wish.donor, _giver(wish))
    one = Pledge(
        number=work.next_number(col(Pledge.number), f"RJ-{work.today.year}-"),
        drive_id=drive.id or 0,
        donor_id=donor.id or 0,
        amount_fen=positive(wish.amount),
        pledged_on=work.today,
        due_on=wish.due,
        note=wish.note.strip(),
        added_by=work.actor.account_id,
    )
    keep(work, [one])
    work.record("donations.pledged", f"donations_pledge:{one.id}", after={"number": one.number})
    return one


def withdraw_pledge(work: UnitOfWork, text: str, _wish: object) -> Pledge:
    """Take a promise back; nobody is dunned for one."""
    one = own_pledge(work, text, KEEP)
    if one.withdrawn_on is not None:
        raise Clash(_("这笔认捐已经撤回"))
    one.withdrawn_on = work.today
    keep(work, [one])
    got = received_of_pledge(work, [one.id or 0]).get(one.id or 0, 0)
    work.record("donations.pledge_withdrawn", f"donations_pledge:{one.id}", after={"received": format_money(got)})
    return one
