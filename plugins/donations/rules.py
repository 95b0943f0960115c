"""The arithmetic of the handbook: deadlines, ratios, three goals, words of apportioning. Nothing is read or written."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")
MECHANISMS = ("publicity", "fundraising", "aid", "volunteering")


def months_later(day: date, months: int) -> date:
    """The same day some months later, or the last of its month: 30 November and three months are 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def latest_filing(start: date, days: int, *, emergency: bool) -> date:
    """The last day a plan may be filed: some days before the start, in an emergency some days after it."""
    return start + timedelta(days=days) if emergency else start - timedelta(days=days)


def percent(part: int, whole: int, places: str = "0.01") -> Decimal | None:
    """A share in per cent, half up; None of nothing."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal(places), ROUND_HALF_UP)


def average_fen(total_fen: int, people: int) -> int:
    """The average in whole fen, half up; 0 for nobody."""
    return int((Decimal(total_fen) / people).quantize(Decimal(1), ROUND_HALF_UP)) if people else 0


@dataclass(frozen=True)
class ManagementRatio:
    """Management cost over the year's spending: per cent, and green, amber, red or exempt."""

    percent: Decimal | None
    flag: str


def management_ratio(
    management_fen: int, total_fen: int, *, limits: Mapping[str, str], exempt_fen: int
) -> ManagementRatio:
    """How a year's management cost stands to its limit: over the limit red, over the alert amber. [民发〔2016〕189号]

    Below the exempt amount the ratio does not bind. ``limits`` has "limit" and "alert" as shares.
    """
    share = percent(management_fen, total_fen)
    if share is None:
        return ManagementRatio(None, "green")
    exact = Decimal(management_fen) / Decimal(total_fen)
    if exact <= Decimal(str(limits["alert"])):
        return ManagementRatio(share, "green")
    if management_fen < exempt_fen:
        return ManagementRatio(share, "exempt")
    return ManagementRatio(share, "red" if exact > Decimal(str(limits["limit"])) else "amber")


@dataclass(frozen=True)
class ThreeOnes:
    """The three goals as three flags: the goal is met only when all are. Shares in per cent, average in fen."""

    raised_fen: int
    people: int
    average_fen: int
    raised_met: bool
    people_met: bool
    average_met: bool
    raised_percent: Decimal | None
    year_percent: Decimal | None
    people_percent: Decimal | None

    @property
    def met(self) -> bool:
        """Whether all three floors are reached."""
        return self.raised_met and self.people_met and self.average_met


@dataclass(frozen=True, kw_only=True)
class Goals:
    """The county's goals: raised a year (long-term and of this year), people helped, average each; fen."""

    raised_fen: int
    year_fen: int
    people: int
    average_fen: int


def three_ones(raised_fen: int, people: int, aid_fen: int, goals: Goals) -> ThreeOnes:
    """Progress to the three goals: money raised, people helped, aid to persons over distinct people."""
    average = average_fen(aid_fen, people)
    return ThreeOnes(
        raised_fen,
        people,
        average,
        raised_fen >= goals.raised_fen,
        people >= goals.people,
        people > 0 and aid_fen >= goals.average_fen * people,
        percent(raised_fen, goals.raised_fen, "0.1"),
        percent(raised_fen, goals.year_fen, "0.1"),
        percent(people, goals.people, "0.1"),
    )


def idle_months(held: Iterable[tuple[str, int]], last_month: int) -> dict[str, list[int]]:
    """The months without a record of each standing mechanism; ``held`` are mechanism and month."""
    there = set(held)
    return {name: [month for month in range(1, last_month + 1) if (name, month) not in there] for name in MECHANISMS}


def apportions(text: str, words: Mapping[str, Sequence[str]]) -> bool:
    """Whether a text sets a quota: so much from each, as a duty; or payroll deductions and lists of arrears."""
    plain = text.casefold()
    for allowed in words.get("allowed", ()):
        plain = plain.replace(allowed.casefold(), "")
    if any(word.casefold() in plain for word in words.get("never", ())):
        return True
    return any(word.casefold() in plain for word in words.get("each", ())) and any(
        word.casefold() in plain for word in words.get("must", ())
    )


def standing(state: str, start: date, end: date | None, today: date) -> str:
    """Where a drive stands today: a filed one is open from its start day and closed after its end."""
    if state != "filed" or today < start:
        return state
    return "closed" if end is not None and today > end else "open"
