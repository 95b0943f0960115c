"""Boxes emptied by two, months of the four mechanisms, goods counted in the store."""

import re

from sqlalchemy import select
from sqlmodel import col

from core.api import Period, UnitOfWork, _, refuse
from plugins.donations.models import Activity, Count, Gift, Lot, Opening, Receipt
from plugins.donations.queries import lots_left, own_lot
from plugins.donations.services.common import KEEP, RECEIVE, keep, not_later, require, yuan
from plugins.donations.services.giving import add_gift
from plugins.donations.wishes import AddActivity, AddGift, CountLot, OpenBox

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def open_box(work: UnitOfWork, wish: OpenBox) -> tuple[Opening, Gift | None, Receipt | None]:
    """Empty a box or a donation point by two; the money is one gift of nobody's name."""
    require(work, RECEIVE)
    first, second = wish.first_by.strip(), wish.second_by.strip()
    if first == second:
        raise refuse(_("开箱要有两个人"), field="second_by", code="E_BOX_TWO")
    opened_on = wish.on or work.today
    not_later(work, opened_on, "on")
    fen = yuan(wish.amount, "amount", empty=0)
    if fen < 0:
        raise refuse(_("金额不能小于 0"), field="amount", code="E_GIFT_NEG")
    gift = slip = None
    if fen:
        given = AddGift(
            drive=wish.drive,
            amount=wish.amount,
            kind="cash",
            channel="cash",
            on=opened_on,
            counted_by=f"{first}、{second}",
            deposited=wish.deposited,
            note=wish.place,
        )
        gift, slip, _warnings = add_gift(work, given)
    one = Opening(
        kind=wish.kind,
        place=wish.place.strip(),
        opened_on=opened_on,
        first_by=first,
        second_by=second,
        amount_fen=fen,
        goods=wish.goods.strip(),
        sheet=wish.sheet.strip(),
        gift_id=gift.id if gift else None,
        added_by=work.actor.account_id,
    )
    keep(work, [one])
    work.record("donations.box_opened", f"donations_opening:{one.id}", after={"amount_fen": fen, "sheet": one.sheet})
    return one, gift, slip


def add_activity(work: UnitOfWork, wish: AddActivity) -> Activity:
    """Write down what one of the four mechanisms did."""
    require(work, KEEP)
    held_on = wish.on or work.today
    not_later(work, held_on, "on")
    one = Activity(
        mechanism=wish.mechanism,
        held_on=held_on,
        title=wish.title.strip(),
        note=wish.note.strip(),
        added_by=work.actor.account_id,
    )
    keep(work, [one])
    work.record("donations.activity_added", f"donations_activity:{one.id}", after={"mechanism": one.mechanism})
    return one


def count_lot(work: UnitOfWork, text: str, wish: CountLot) -> Lot:
    """Write down what two people counted of a lot at the end of a month; counted again, it is corrected."""
    lot = own_lot(work, text, KEEP)
    month = wish.count_month.strip() or str(Period.of(work.today))
    if not _MONTH.fullmatch(month):
        raise refuse(_("月份写作 2026-11"), field="count_month", code="E_FIELD")
    if wish.first_by.strip() == wish.second_by.strip():
        raise refuse(_("盘点要有两个人"), field="second_by", code="E_BOX_TWO")
    asked = select(Count).where(col(Count.lot_id) == lot.id, col(Count.month) == month)
    row = work.session.scalars(asked).one_or_none()
    before = {"quantity": row.quantity if row else None}
    row = row or Count(lot_id=lot.id or 0, month=month, quantity=0, first_by="", second_by=" ", recorded_by=0)
    row.quantity, row.first_by, row.second_by = wish.quantity, wish.first_by.strip(), wish.second_by.strip()
    row.recorded_by = work.actor.account_id
    keep(work, [row])
    work.record("donations.lot_counted", f"donations_lot:{lot.id}", before=before, after={"quantity": wish.quantity})
    return lot


def goods_counted(work: UnitOfWork, period: str) -> int | None:
    """What was counted of all goods at the end of a month, at book prices, in fen; None until every lot was."""
    lots = list(work.session.scalars(select(Lot).join(Gift, col(Gift.id) == col(Lot.gift_id)).where(
        col(Gift.state).in_(("received", "receipted")), col(Gift.given_on) <= Period(period).last_day)))  # fmt: skip
    left = lots_left(work, lots, Period(period).last_day)
    asked = select(col(Count.lot_id), col(Count.quantity)).where(col(Count.month) == period)
    counted = {row[0]: row[1] for row in work.session.execute(asked)}
    valued = [one for one in lots if one.unit_value_fen]
    if not valued or any(left[one.id or 0] and one.id not in counted for one in valued):
        return None
    return sum(counted.get(one.id or 0, 0) * one.unit_value_fen for one in valued)
