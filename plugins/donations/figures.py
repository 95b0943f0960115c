"""Sums of donations: what was received, used and is left, by drive, by purpose and by year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, literal, select
from sqlmodel import col

from core.api import charity_sums
from plugins.donations import words
from plugins.donations.models import Activity, Charity, Donor, Drive, Gift, Pledge, Purpose, Spending, Use
from plugins.donations.queries import LIVE, SHOW, received_of_pledge, require, unreversed
from plugins.donations.rules import (
    Goals,
    ManagementRatio,
    ThreeOnes,
    idle_months,
    management_ratio,
    percent,
    three_ones,
)
from plugins.donations.services.common import charity_name, charity_of, purpose_title

if TYPE_CHECKING:
    from decimal import Decimal

    from core.api import UnitOfWork

CASH, GOODS = "1003", "1302"


@dataclass(frozen=True)
class DriveSums:
    """A drive in fen: received in money and goods, aid, fundraising cost, management cost, what is left."""

    received_fen: int
    gifts: int
    aid_fen: int
    fundraising_fen: int
    management_fen: int

    @property
    def spent_fen(self) -> int:
        """Aid and cost together."""
        return self.aid_fen + self.fundraising_fen + self.management_fen

    @property
    def balance_fen(self) -> int:
        """What is left."""
        return self.received_fen - self.spent_fen


def drive_sums(work: "UnitOfWork", one: Drive) -> DriveSums:
    """What came in by a drive and what its gifts were used for: gifts = aid + cost + balance."""
    got, count = work.session.execute(
        select(func.coalesce(func.sum(col(Gift.amount_fen)), 0), func.count()).where(
            col(Gift.drive_id) == one.id, col(Gift.state).in_(LIVE)
        )
    ).one()
    asked = (
        select(col(Spending.kind), func.sum(col(Use.amount_fen)))
        .join(Use, col(Use.spending_id) == col(Spending.id))
        .join(Gift, col(Gift.id) == col(Use.gift_id))
        .where(col(Gift.drive_id) == one.id)
        .group_by(col(Spending.kind))
    )
    used = {row[0]: int(row[1]) for row in work.session.execute(asked)}
    return DriveSums(
        int(got),
        int(count),
        used.get("aid", 0) + used.get("goods", 0),
        used.get("fundraising", 0),
        used.get("management", 0),
    )


def balance(work: "UnitOfWork") -> dict[str, Any]:
    """The charity's balances by purpose, from its ledger: restricted ones apart from each other and from the rest."""
    require(work, SHOW)
    charity = charity_of(work)
    purposes = _purposes(work, charity)
    sums = charity_sums(work, [one.fund_id for one in purposes if one.fund_id])
    lines: list[dict[str, Any]] = [
        {
            "purpose": one.name,
            "balance_fen": sums.get((one.fund_id or 0, CASH), 0),
            "goods_fen": sums.get((one.fund_id or 0, GOODS), 0),
        }
        for one in purposes
        if one.restricted
    ]
    free = next((one for one in purposes if not one.restricted), None)
    free_fen = sums.get((free.fund_id, CASH), 0) if free and free.fund_id else 0
    free_goods = sums.get((free.fund_id, GOODS), 0) if free and free.fund_id else 0
    cash = free_fen + sum(one["balance_fen"] for one in lines)
    return {
        "charity": charity_name(work, charity),
        "unrestricted_fen": free_fen,
        "restricted_fen": cash - free_fen,
        "goods_fen": free_goods + sum(one["goods_fen"] for one in lines),
        "total_fen": cash,
        "restricted": lines,
        "pledges_outstanding_fen": pledged_outstanding(work),
    }


def _purposes(work: "UnitOfWork", charity: Charity) -> Sequence[Purpose]:
    asked = select(Purpose).where(col(Purpose.charity_id) == charity.id).order_by(col(Purpose.id))
    return list(work.session.scalars(asked))


def pledged_outstanding(work: "UnitOfWork", drive_id: int | None = None) -> int:
    """What was promised and has not come, in fen: shown apart, never a list of arrears."""
    asked = select(Pledge).where(col(Pledge.withdrawn_on).is_(None))
    asked = asked.where(col(Pledge.drive_id) == drive_id) if drive_id else asked
    rows = list(work.session.scalars(asked))
    got = received_of_pledge(work, [one.id or 0 for one in rows])
    return sum(max(0, one.amount_fen - got.get(one.id or 0, 0)) for one in rows)


def closing(work: "UnitOfWork", month: str) -> list[dict[str, Any]]:
    """Each purpose over a month in the ledger: opening + received − used − cost = balance, in fen."""
    require(work, SHOW)
    purposes = _purposes(work, charity_of(work))
    funds = [one.fund_id for one in purposes if one.fund_id]
    before = charity_sums(work, funds, until=_month_before(month))
    inside = charity_sums(work, funds, since=month, until=month)
    lines = []
    for one in purposes:
        if not one.fund_id:
            continue
        at = {code: inside.get((one.fund_id, code), 0) for code in ("4101", "4102", "4103", "5101", "5102", "5191",
                                                                    "5192", "4201", CASH, GOODS)}  # fmt: skip
        opening = sum(before.get((one.fund_id, code), 0) for code in (CASH, GOODS))
        received = -(at["4101"] + at["4102"] + at["4103"])
        used, cost, interest = at["5101"] + at["5102"], at["5191"] + at["5192"], -at["4201"]
        moved = at[CASH] + at[GOODS]
        lines.append(
            {
                "purpose": purpose_title(one),
                "opening_fen": opening,
                "received_fen": received,
                "interest_fen": interest,
                "used_fen": used,
                "cost_fen": cost,
                "balance_fen": opening + moved,
                "fits": opening + received + interest - used - cost == opening + moved,
            }
        )
    return lines


def _month_before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"


@dataclass(frozen=True)
class Year:
    """A year of the charity in fen: income, aid to persons, charitable spending and cost, and what follows of it."""

    year: int
    raised_fen: int
    restricted_fen: int
    by_kind: Mapping[str, int]
    by_source: Mapping[str, int]
    donors: int
    gifts: int
    receipted: int
    receipt_due: int
    people: int
    person_aid_fen: int
    charitable_fen: int
    management_fen: int
    fundraising_fen: int
    last_income_fen: int
    units: int

    @property
    def total_spent_fen(self) -> int:
        """Charitable spending, management and fundraising together."""
        return self.charitable_fen + self.management_fen + self.fundraising_fen

    @property
    def spending_ratio(self) -> "Decimal | None":
        """Charitable spending over last year's income, in per cent."""
        return percent(self.charitable_fen, self.last_income_fen, "0.1")


def year_of(work: "UnitOfWork", year: int, until: date | None = None, *, since: date | None = None) -> Year:
    """The figures of a year (from a day, to a day): received is what arrived, never what was promised."""
    require(work, SHOW)
    span = (since or date(year, 1, 1), until or date(year, 12, 31))
    inside = col(Gift.given_on).between(*span) & col(Gift.state).in_(LIVE)
    gifts = list(
        work.session.execute(
            select(Gift, Donor, Purpose, Drive)
            .join(Donor, col(Donor.id) == col(Gift.donor_id))
            .join(Purpose, col(Purpose.id) == col(Gift.purpose_id))
            .outerjoin(Drive, col(Drive.id) == col(Gift.drive_id))
            .where(inside)
        )
    )
    spent = list(work.session.scalars(select(Spending).where(col(Spending.spent_on).between(*span), unreversed())))
    by_kind: dict[str, int] = {}
    by_source = {"org": 0, "person": 0, "online": 0, "anonymous": 0, "returned_share": 0}
    for gift, donor, _purpose, _drive in gifts:
        by_kind[gift.kind] = by_kind.get(gift.kind, 0) + gift.amount_fen
        source = (
            "returned_share" if gift.source == "returned_share" else "online" if gift.kind == "online" else donor.kind
        )
        by_source[source] += gift.amount_fen
    due = [gift for gift, donor, _purpose, _drive in gifts if not gift.receipt_refused and donor.kind != "anonymous"]
    personal = [one for one in spent if one.person_id and one.kind in ("aid", "goods")]
    return Year(
        year=year,
        raised_fen=sum(row[0].amount_fen for row in gifts),
        restricted_fen=sum(row[0].amount_fen for row in gifts if row[2].restricted),
        by_kind=by_kind,
        by_source=by_source,
        donors=len({row[1].id for row in gifts if row[1].kind != "anonymous"}),
        gifts=len(gifts),
        receipted=sum(one.state == "receipted" for one in due),
        receipt_due=len(due),
        people=len({one.person_id for one in personal}),
        person_aid_fen=sum(one.amount_fen for one in personal),
        charitable_fen=sum(one.amount_fen for one in spent if one.kind in ("aid", "goods")),
        management_fen=sum(one.amount_fen for one in spent if one.kind == "management"),
        fundraising_fen=sum(one.amount_fen for one in spent if one.kind == "fundraising"),
        last_income_fen=raised_in(work, date(year - 1, 1, 1), date(year - 1, 12, 31)),
        units=len({row[0].unit for row in gifts if row[0].unit and row[3] is not None and row[3].kind == "one_day"}),
    )


def raised_in(work: "UnitOfWork", since: date, until: date) -> int:
    """What arrived between two days, in fen."""
    asked = select(func.sum(col(Gift.amount_fen))).where(
        col(Gift.given_on).between(since, until), col(Gift.state).in_(LIVE)
    )
    return int(work.session.scalar(asked) or 0)


def goals_of(work: "UnitOfWork") -> Goals:
    """The county's goals by policy."""
    return Goals(
        raised_fen=work.policy("donations.goal_raised"),
        year_fen=work.policy("donations.goal_raised_year"),
        people=work.policy("donations.goal_people"),
        average_fen=work.policy("donations.goal_average"),
    )


def three_ones_of(work: "UnitOfWork", at: Year) -> ThreeOnes:
    """The three goals of a year."""
    return three_ones(at.raised_fen, at.people, at.person_aid_fen, goals_of(work))


def management_of(work: "UnitOfWork", at: Year) -> ManagementRatio:
    """The management ratio of a year by the charity's type."""
    limits = work.policy("donations.management_limits")
    return management_ratio(
        at.management_fen,
        at.total_spent_fen,
        limits=limits[charity_of(work).kind],
        exempt_fen=work.policy("donations.management_exempt"),
    )


def idle_of(work: "UnitOfWork", year: int) -> dict[str, list[int]]:
    """Months of a year without a record, by mechanism; months that have not come are not missing.

    A gift is a record of fundraising and a spending on aid one of aid, without being written down twice.
    """
    last = 12 if year < work.today.year else work.today.month
    span = (date(year, 1, 1), date(year, 12, 31))
    rows = [
        *work.session.execute(
            select(col(Activity.mechanism), col(Activity.held_on))
            .where(col(Activity.held_on).between(*span))
            .distinct()
        ),
        *work.session.execute(
            select(literal("fundraising"), col(Gift.given_on))
            .where(col(Gift.given_on).between(*span), col(Gift.state).in_(LIVE))
            .distinct()
        ),
        *work.session.execute(
            select(literal("aid"), col(Spending.spent_on))
            .where(col(Spending.spent_on).between(*span), col(Spending.kind).in_(("aid", "goods")), unreversed())
            .distinct()
        ),
    ]
    return idle_months([(row[0], row[1].month) for row in rows], last)


def mechanism_lines(work: "UnitOfWork", year: int) -> list[tuple[str, list[int]]]:
    """Mechanisms in words with their idle months."""
    return [(words.MECHANISMS[name], months) for name, months in idle_of(work, year).items()]
