"""The arithmetic of service: minutes, hours, stars, the year without an empty month. No database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.api import COUNTY_TIME

HOUR = 60
MONTHS = 12


def minutes_between(begin: datetime, end: datetime, breaks: int) -> int:
    """Whole minutes of service: out − in − breaks; travel is never in it."""
    return int((end - begin).total_seconds()) // 60 - breaks


def tenths_of(minutes: int, rounding: str = "exact") -> int:
    """Hours in tenths, rounded down: to 0.1 ("exact") or to 0.5 ("half"); a reversal mirrors what it takes back."""
    sign, whole = (-1, -minutes) if minutes < 0 else (1, minutes)
    return sign * (whole // 30 * 5 if rounding == "half" else whole * 10 // HOUR)


def hours_of(minutes: int, rounding: str = "exact") -> float:
    """Hours with one decimal, as figures of an answer."""
    return tenths_of(minutes, rounding) / 10


def level_at(minutes: int, thresholds: Sequence[int]) -> int:
    """The star level of a balance; ``thresholds`` are whole hours, rising."""
    return sum(minutes >= hours * HOUR for hours in thresholds)


def day_parts(begin: datetime, end: datetime, breaks: int) -> dict[date, int]:
    """Minutes by county day: an interval is split at midnight, the break taken from the longer part."""
    parts: dict[date, int] = {}
    at = begin.astimezone(COUNTY_TIME)
    last = end.astimezone(COUNTY_TIME)
    while at < last:
        midnight = datetime.combine(at.date() + timedelta(days=1), datetime.min.time(), COUNTY_TIME)
        stop = min(midnight, last)
        parts[at.date()] = int((stop - at).total_seconds()) // 60
        at = stop
    longest = max(parts, key=lambda day: parts[day])
    parts[longest] = max(parts[longest] - breaks, 0)
    return parts


@dataclass(frozen=True)
class Standing:
    """Whether a team serves all the year: every month has confirmed hours; the empty ones are listed."""

    regular: bool
    idle_months: tuple[int, ...]

    @property
    def idle_month(self) -> int | None:
        """The first month without hours."""
        return self.idle_months[0] if self.idle_months else None


def standing_service(minutes_by_month: Sequence[int]) -> Standing:
    """Judge a year by its months (January first); months are never averaged."""
    full = [*minutes_by_month, *([0] * (MONTHS - len(minutes_by_month)))]
    idle = tuple(month for month, minutes in enumerate(full, start=1) if minutes <= 0)
    return Standing(not idle, idle)
