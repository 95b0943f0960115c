"""What the county owes its own money: matching by the townships, payment by card, the joint audit and its sample."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from random import Random
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select
from sqlmodel import col

from core.figures import Standing, against, rate
from core.funds.models import Fund
from core.tables import sum_of

if TYPE_CHECKING:
    from core.work import UnitOfWork

HIGHER = ("CENTRAL", "PROV", "CITY")
Item = TypeVar("Item")


@dataclass(frozen=True)
class Match:
    """Township money against the higher level's: what is required, what is there, met or not, in fen."""

    higher_fen: int
    required_fen: int
    actual_fen: int

    @property
    def standing(self) -> Standing:
        """Met or not, with the signed gap in fen."""
        return against(self.actual_fen, ">=", self.required_fen)


@dataclass(frozen=True)
class ByCard:
    """Payments by card of all, and cash payments without a reason: each of these is a violation."""

    share: Decimal
    violations: int


def township_match(work: "UnitOfWork", year: int) -> Match:
    """What townships must add to the higher levels' appropriations of a year (policy ``town.match_ratio``)."""
    work.require("funds.show")
    sums = dict(
        tuple(row)
        for row in work.session.execute(
            select(col(Fund.source), sum_of(col(Fund.amount_fen)))
            .where(col(Fund.year) == year)
            .group_by(col(Fund.source))
        )
    )
    higher = sum(int(fen) for source, fen in sums.items() if source in HIGHER)
    required = Decimal(higher) * work.policy("town.match_ratio")
    return Match(higher, int(required.to_integral_value(ROUND_CEILING)), int(sums.get("TOWN", 0)))


def by_card(total: int, card: int, cash_with_reason: int) -> ByCard:
    """The share paid by card, and how many cash payments have no reason. [funds.md section 1, rule 4]"""
    return ByCard(rate(card, total, 4), total - card - cash_with_reason)


def audit_due(work: "UnitOfWork", today: date) -> int | None:
    """The year whose money the joint audit looks at now, None outside its month (policy ``funds.audit_month``)."""
    return today.year - 1 if today.month == work.policy("funds.audit_month") else None


def drawn(population: Sequence[Item], share: Decimal, seed: int) -> list[Item]:
    """A sample of files for the audit, floored to whole files; the same seed draws the same files."""
    count = int(Decimal(len(population)) * share)
    return Random(seed).sample(list(population), count)  # noqa: S311 - audits repeat the draw, nobody has to guess it
