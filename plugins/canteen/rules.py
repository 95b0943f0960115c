"""The arithmetic of canteens: tables of a policy, months, rates, averages, claw-back. No database, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

PAYERS = ("county", "town", "operator")
"""Who bears a subsidy, in the order in which a price that is lower than the rate uses them up."""


@dataclass(frozen=True)
class Tier:
    """A tier of a policy: ages (both ends in), statuses with the least age they need, fen by payer."""

    code: str
    parts: Mapping[str, int]
    age_from: int | None = None
    age_to: int | None = None
    statuses: Sequence[str] = ()
    status_age: int = 0

    @property
    def rate_fen(self) -> int:
        """What all payers give for one meal."""
        return sum(self.parts.values())


@dataclass(frozen=True)
class Operating:
    """The subsidy of operators: fen for a meal from an average on, percent by grade, the most for a site and month."""

    rates: Sequence[tuple[int, int]]
    factors: Mapping[str, int]
    cap_fen: int

    def rate_at(self, meals: int, days: int) -> int:
        """Fen for one meal by the average of subsidised meals over service days, which is never rounded up."""
        return max((rate for average, rate in self.rates if days and meals >= average * days), default=0)

    def amount(self, meals: int, rate_fen: int, grade: str) -> int:
        """Fen of a month: meals × rate × factor of the grade, half a fen up, no more than the cap."""
        exact = Decimal(meals * rate_fen * self.factors.get(grade, 0)) / 100
        return min(int(exact.quantize(Decimal(1), ROUND_HALF_UP)), self.cap_fen)


@dataclass(frozen=True)
class Rates:
    """What a document fixes: tiers and the operators' subsidy; ``document`` and ``policy_id`` (0 = default) name it."""

    tiers: Sequence[Tier]
    operating: Operating
    document: str = ""
    policy_id: int = 0
    statuses: Sequence[str] = field(default=())


def rates_of(content: Mapping[str, Any], document: str = "", policy_id: int = 0) -> Rates:
    """The rates of a policy's table; ``content`` has passed the check of the import."""
    tiers = tuple(
        Tier(
            code=str(one["code"]),
            parts={payer: int(one[f"{payer}_fen"]) for payer in PAYERS if one.get(f"{payer}_fen")},
            age_from=one.get("age_from"),
            age_to=one.get("age_to"),
            statuses=tuple(one.get("statuses", ())),
            status_age=int(one.get("status_age", 0)),
        )
        for one in content["tier"]
    )
    operating = content["operating"]
    return Rates(
        tiers,
        Operating(
            tuple((int(step["average"]), int(step["rate_fen"])) for step in operating["rates"]),
            {str(grade): int(percent) for grade, percent in operating["factors"].items()},
            int(operating["cap_fen"]),
        ),
        document,
        policy_id,
        tuple(dict.fromkeys(status for tier in tiers for status in tier.statuses)),
    )


def month_of(day: date) -> str:
    """The month of a day: 2026-03."""
    return day.isoformat()[:7]


def month_days(month: str) -> tuple[date, date]:
    """The first and the last day of a month."""
    first = date.fromisoformat(f"{month}-01")
    return first, (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def months_after(day: date, months: int) -> date:
    """The same day some months later; the last of the month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = month_days(f"{year:04d}-{month + 1:02d}")[1]
    return last.replace(day=min(day.day, last.day))


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def whole_years(since: date, until: date) -> int:
    """Whole years between two days."""
    years = until.year - since.year
    return years - (months_after(since, years * 12) > until)


def clawback_fen(amount_fen: int, agreed_years: int, accepted_on: date, closed_on: date) -> int:
    """What comes back of a grant when a site closes early: pro rata by whole years from acceptance, half a fen up."""
    left = max(agreed_years - whole_years(accepted_on, closed_on), 0)
    return int((Decimal(amount_fen * left) / agreed_years).quantize(Decimal(1), ROUND_HALF_UP))


def first_part_fen(amount_fen: int, share: Decimal) -> int:
    """The first instalment of a grant, half a fen up; the rest is the second."""
    return int((amount_fen * share).quantize(Decimal(1), ROUND_HALF_UP))


def grade_of(score: int, limits: Sequence[int]) -> str:
    """The grade of a score by the lowest scores of A, B and C."""
    return next((grade for grade, limit in zip("ABC", limits, strict=False) if score >= limit), "D")


def met(actual: int, target: int) -> bool:
    """Whether a yearly target is met: as many as planned, or more. [C137]"""
    return actual >= target
