"""Receipts: consecutive without gaps, one in force for each gift, void slips kept."""

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import col

from core.api import UnitOfWork, _, refuse
from plugins.donations.models import Charity, Donor, Gift, Receipt
from plugins.donations.queries import LIVE, own_gift
from plugins.donations.services.common import RECEIPT, charity_of, keep
from plugins.donations.wishes import IssueReceipt, VoidReceipt

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement


def issue_receipt(work: UnitOfWork, text: str, wish: IssueReceipt) -> Receipt:
    """Issue a receipt for a gift that has none; refused with E_RECEIPT_DUP or E_RECEIPT_ANON."""
    gift = own_gift(work, text, RECEIPT)
    return print_receipt(work, gift, wish.note)


def print_receipt(work: UnitOfWork, gift: Gift, note: str) -> Receipt:
    """Give a gift the next slip. The right was asked for by the caller."""
    if gift.state not in LIVE:
        raise refuse(_("这笔捐赠已经退还或冲销，不能开票"), code="E_GIFT_STATE")
    if in_force(work, gift) is not None:
        raise refuse(_("这笔捐赠已经开过票据"), code="E_RECEIPT_DUP")
    donor = work.session.get(Donor, gift.donor_id)
    if donor is not None and donor.kind == "anonymous" and not note.strip():
        reason = _("捐赠人没有留名，开票要写备注，例如谁来取票")
        raise refuse(reason, field="receipt_note", code="E_RECEIPT_ANON")
    charity = charity_of(work)
    # The charity's row is locked first: slips are numbered without gaps, whoever issues at once.
    work.session.refresh(charity, with_for_update=True)
    serial = 1 + (work.session.scalar(select(func.max(col(Receipt.serial))).where(_of_year(work, charity))) or 0)
    slip = Receipt(
        charity_id=charity.id or 0,
        year=work.today.year,
        serial=serial,
        number=f"PJ-{work.today.year}-{serial:06d}",
        gift_id=gift.id or 0,
        issued_on=work.today,
        issued_by=work.actor.account_id,
        handler=(work.actor.title or work.actor.name)[:40],
        note=note.strip(),
    )
    gift.state = "receipted"
    keep(work, [slip, gift])
    work.record("donations.receipt_issued", f"donations_gift:{gift.id}", after={"number": slip.number})
    return slip


def void_receipt(work: UnitOfWork, text: str, wish: VoidReceipt) -> Receipt:
    """Take a slip out of force; it stays in its place, and the gift gets the next one if that is wished."""
    gift = own_gift(work, text, RECEIPT)
    slip = in_force(work, gift)
    if slip is None:
        raise refuse(_("这笔捐赠没有有效的票据"), code="E_GIFT_STATE")
    cancel_slip(work, slip, wish.reason.strip())
    gift.state = "received"
    keep(work, [gift])
    return print_receipt(work, gift, slip.note) if wish.again else slip


def cancel_slip(work: UnitOfWork, slip: Receipt, reason: str) -> None:
    """Void a slip."""
    slip.voided_on, slip.void_reason = work.today, reason
    keep(work, [slip])
    work.record(
        "donations.receipt_voided", f"donations_gift:{slip.gift_id}", reason=reason, before={"number": slip.number}
    )


def in_force(work: UnitOfWork, gift: Gift) -> Receipt | None:
    """The receipt in force of a gift."""
    asked = select(Receipt).where(col(Receipt.gift_id) == gift.id, col(Receipt.voided_on).is_(None))
    return work.session.scalars(asked).one_or_none()


def _of_year(work: UnitOfWork, charity: Charity) -> "ColumnElement[bool]":
    return (col(Receipt.charity_id) == charity.id) & (col(Receipt.year) == work.today.year)
