"""The checks of a day: receipts without gaps, cash counted by two and deposited, lists that fit their transfer."""

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import _, calendar_of, format_money
from plugins.donations.models import Donor, Drive, Gift, Lot, Receipt
from plugins.donations.queries import LIVE, SHOW, lots_left, receipts_of, require

if TYPE_CHECKING:
    from core.api import UnitOfWork


def daily(work: "UnitOfWork", on: date) -> dict[str, Any]:
    """What is in order on a day, and what is not, in words."""
    require(work, SHOW)
    gifts = list(
        work.session.execute(
            select(Gift, Donor)
            .join(Donor, col(Donor.id) == col(Gift.donor_id))
            .where(col(Gift.given_on) == on, col(Gift.state).in_(LIVE))
            .order_by(col(Gift.id))
        )
    )
    checks = [_receipts(work, gifts), _gaps(work, on.year), _cash(work), _lists(work), *_by_two(gifts)]
    return {"on": on, "gifts": len(gifts), "ok": all(one["ok"] for one in checks), "checks": checks}


def _check(name: str, title: str, wrong: list[str]) -> dict[str, Any]:
    return {"name": name, "title": title, "ok": not wrong, "note": "、".join(wrong[:20])}


def _receipts(work: "UnitOfWork", gifts: Any) -> dict[str, Any]:
    """Receipts of the day = gifts of the day, without nameless and refused ones."""
    slips = receipts_of(work, [gift.id or 0 for gift, _donor in gifts])
    due = [one for one, donor in gifts if donor.kind != "anonymous" and not one.receipt_refused]
    return _check("receipts", _("当日捐赠都已开票"), [one.number for one in due if one.id not in slips])


def _gaps(work: "UnitOfWork", year: int) -> dict[str, Any]:
    last, count = work.session.execute(
        select(func.coalesce(func.max(col(Receipt.serial)), 0), func.count()).where(col(Receipt.year) == year)
    ).one()
    wrong = [] if last == count else [_("最大号 {last}，共 {count} 张", last=last, count=count)]
    return _check("numbers", _("票据号码连续，没有缺号"), wrong)


def _cash(work: "UnitOfWork") -> dict[str, Any]:
    """Cash goes to the bank within the days of the policy."""
    days, calendar = work.policy("donations.cash_deposit_working_days"), calendar_of(work)
    asked = select(Gift).where(col(Gift.kind) == "cash", col(Gift.state).in_(LIVE)).order_by(col(Gift.id))
    rows = [one for one in work.session.scalars(asked) if one.given_on.year >= work.today.year - 1]
    wrong = [one.number for one in rows if (one.deposited_on or work.today) > calendar.add(one.given_on, days)]
    return _check("deposit", _("现金按时存入账户"), wrong)


def _by_two(gifts: Any) -> list[dict[str, Any]]:
    wrong = [one.number for one, _donor in gifts if one.kind == "cash" and "、" not in one.counted_by]
    return [_check("counted", _("现金由两人清点"), wrong)]


def _lists(work: "UnitOfWork") -> dict[str, Any]:
    """Money of a unit's list that names nobody is still to be allocated."""
    asked = (
        select(col(Gift.unit), func.sum(col(Gift.amount_fen)))
        .join(Donor, col(Donor.id) == col(Gift.donor_id))
        .where(col(Gift.unit) != "", col(Donor.kind) == "anonymous", col(Gift.state).in_(LIVE))
        .group_by(col(Gift.unit))
        .order_by(col(Gift.unit))
    )
    wrong = [f"{unit} {format_money(int(fen))}" for unit, fen in work.session.execute(asked)]
    return _check("lists", _("单位名单合计等于到账，没有待核差额"), wrong)


def goods_by_item(work: "UnitOfWork") -> list[dict[str, Any]]:
    """The store by item: what came in, what is left, its value in fen."""
    require(work, SHOW)
    rows = work.session.execute(
        select(Lot, col(Drive.number))
        .join(Gift, col(Gift.id) == col(Lot.gift_id))
        .outerjoin(Drive, col(Drive.id) == col(Gift.drive_id))
        .where(col(Gift.state).in_(LIVE))
        .order_by(col(Lot.item), col(Lot.id))
    ).all()
    left = lots_left(work, [lot for lot, _number in rows])
    found: dict[str, dict[str, Any]] = {}
    for lot, _number in rows:
        line = found.setdefault(
            lot.item, {"item": lot.item, "unit": lot.unit, "received": 0, "left": 0, "value_fen": 0}
        )
        line["received"] += lot.quantity
        line["left"] += left[lot.id or 0]
        line["value_fen"] += left[lot.id or 0] * lot.unit_value_fen
    return list(found.values())
