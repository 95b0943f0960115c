"""Questions about donations: only reads. The charity's books are the county's; pairs are scoped by their area."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlmodel import col

from core.api import NotFound, Table, UnitOfWork, _, in_parts, row_id, scoped
from plugins.donations import words
from plugins.donations.models import (
    Donor,
    Drive,
    Gift,
    Issue,
    Lot,
    Pair,
    Pledge,
    Project,
    Purpose,
    Receipt,
    Spending,
    Use,
)
from plugins.donations.rules import standing

SHOW = "donations.show"
LIVE = ("received", "receipted")
Row = TypeVar("Row", bound=Table)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which rows of a list: by state and number; ``after`` is the last id of the page before."""

    state: str = ""
    text: str = ""
    after: int = 0
    limit: int = 50


def require(work: UnitOfWork, right: str = SHOW) -> None:
    """Ask for a right in the whole county."""
    work.require(right, area=work.settings.county.code)


def own(work: UnitOfWork, model: type[Row], text: str, right: str, missing: str) -> Row:
    """A row by its number or id; raises ``NotFound`` with the words given."""
    require(work, right)
    wanted = str(text).strip()
    table: Any = model
    found = work.session.scalars(select(model).where(table.number == wanted.upper())).one_or_none()
    if found is None:
        found = work.session.scalars(select(model).where(table.number == wanted)).one_or_none()
    if found is None and row_id(wanted):
        found = work.session.get(model, row_id(wanted))
    if found is None:
        raise NotFound(missing)
    return found


def own_drive(work: UnitOfWork, text: str, right: str = SHOW) -> Drive:
    """A drive by number or id."""
    return own(work, Drive, text, right, _("没有找到这次募捐"))


def own_gift(work: UnitOfWork, text: str, right: str = SHOW) -> Gift:
    """A gift by its number, its receipt's number or id."""
    require(work, right)
    wanted = str(text).strip().upper()
    slip = work.session.scalars(select(Receipt).where(col(Receipt.number) == wanted)).one_or_none()
    return own(work, Gift, str(slip.gift_id) if slip else wanted, right, _("没有找到这笔捐赠"))


def own_donor(work: UnitOfWork, text: str, right: str = SHOW) -> Donor:
    """A donor by number or id."""
    return own(work, Donor, text, right, _("没有找到这名捐赠人"))


def own_pledge(work: UnitOfWork, text: str, right: str = SHOW) -> Pledge:
    """A pledge by number or id."""
    return own(work, Pledge, text, right, _("没有找到这笔认捐"))


def own_project(work: UnitOfWork, text: str, right: str = SHOW) -> Project:
    """A project by number or id."""
    return own(work, Project, text, right, _("没有找到这个项目"))


def own_spending(work: UnitOfWork, text: str, right: str = SHOW) -> Spending:
    """A spending by number or id."""
    return own(work, Spending, text, right, _("没有找到这笔支出"))


def own_lot(work: UnitOfWork, text: str, right: str = SHOW) -> Lot:
    """A lot by its id."""
    require(work, right)
    found = work.session.get(Lot, row_id(text))
    if found is None:
        raise NotFound(_("没有找到这批物资"))
    return found


def own_pair(work: UnitOfWork, text: str, right: str = SHOW) -> Pair:
    """A pair by number or id in the actor's areas."""
    work.require(right)
    wanted = str(text).strip().upper()
    same = col(Pair.id) == at if (at := row_id(wanted)) else col(Pair.number) == wanted
    found = work.session.scalars(scoped(work, select(Pair).where(same), col(Pair.area), right)).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这个结对，或不在你的辖区"))
    return found


def dict_of(work: UnitOfWork, model: type[Row], ids: Iterable[int | None]) -> dict[int, Row]:
    """Rows by id."""
    wanted = sorted({one for one in ids if one})
    table: Any = model
    found: dict[int, Row] = {}
    for part in in_parts(wanted):
        rows = work.session.scalars(select(model).where(table.id.in_(part)))
        found.update({row.id: row for row in rows})  # ty: ignore[missing-attribute] - every table here has one
    return found


def drive_standing(work: UnitOfWork, one: Drive) -> str:
    """Where a drive stands today."""
    return standing(one.state, one.start_on, one.end_on, work.today)


def used_of(work: UnitOfWork, gift_ids: Collection[int]) -> dict[int, int]:
    """What of some gifts was used, in fen."""
    found: dict[int, int] = {}
    wanted = sorted(gift_ids)
    for part in in_parts(wanted):
        asked = (
            select(col(Use.gift_id), func.sum(col(Use.amount_fen)))
            .where(col(Use.gift_id).in_(part))
            .group_by(col(Use.gift_id))
        )
        found.update({row[0]: int(row[1]) for row in work.session.execute(asked)})
    return found


def unused_gifts(work: UnitOfWork, purpose: Purpose, drive: Drive | None = None) -> list[tuple[Gift, int]]:
    """Gifts of money to a purpose with what is left of each, oldest first."""
    asked = (
        select(Gift)
        .where(col(Gift.purpose_id) == purpose.id, col(Gift.state).in_(LIVE), col(Gift.kind).in_(words.CASH_KINDS))
        .order_by(col(Gift.given_on), col(Gift.id))
    )
    rows = list(work.session.scalars(asked.where(col(Gift.drive_id) == drive.id) if drive else asked))
    used = used_of(work, [one.id or 0 for one in rows])
    return [
        (one, one.amount_fen - used.get(one.id or 0, 0)) for one in rows if one.amount_fen > used.get(one.id or 0, 0)
    ]


def gift_state(one: Gift, used_fen: int) -> str:
    """Where a gift stands: its state, then how far it was used."""
    if one.state not in LIVE or not used_fen:
        return one.state
    return "used" if used_fen >= one.amount_fen else "allocated"


def receipts_of(work: UnitOfWork, gift_ids: Collection[int]) -> dict[int, Receipt]:
    """The receipts in force of some gifts."""
    found: dict[int, Receipt] = {}
    wanted = sorted(gift_ids)
    for part in in_parts(wanted):
        asked = select(Receipt).where(col(Receipt.gift_id).in_(part), col(Receipt.voided_on).is_(None))
        found.update({one.gift_id: one for one in work.session.scalars(asked)})
    return found


def shown_name(donor: Donor) -> str:
    """A donor's name as they chose to have it shown."""
    if donor.display == "anonymous":
        return _(words.ANONYMOUS)
    return donor.alias if donor.display == "alias" else donor.name


def unreversed() -> Any:
    """The condition of spendings that stand: neither a reversal nor reversed."""
    back = select(col(Spending.reverses_id)).where(col(Spending.reverses_id).is_not(None))
    return col(Spending.reverses_id).is_(None) & col(Spending.id).not_in(back)


def lots_left(work: UnitOfWork, lots: Sequence[Lot], on: date | None = None) -> dict[int, int]:
    """How many of some lots are in store (on a day)."""
    found = {one.id or 0: one.quantity for one in lots}
    wanted = sorted(found)
    for part in in_parts(wanted):
        asked = (
            select(col(Issue.lot_id), func.sum(col(Issue.quantity)))
            .where(col(Issue.lot_id).in_(part))
            .group_by(col(Issue.lot_id))
        )
        asked = asked.where(col(Issue.issued_on) <= on) if on else asked
        for lot, out in work.session.execute(asked):
            found[lot] -= int(out)
    return found


def received_of_pledge(work: UnitOfWork, pledge_ids: Collection[int]) -> dict[int, int]:
    """What arrived of some pledges, in fen."""
    asked = (
        select(col(Gift.pledge_id), func.sum(col(Gift.amount_fen)))
        .where(col(Gift.pledge_id).in_(sorted(pledge_ids)), col(Gift.state).in_(LIVE))
        .group_by(col(Gift.pledge_id))
    )
    return {row[0]: int(row[1]) for row in work.session.execute(asked)}
