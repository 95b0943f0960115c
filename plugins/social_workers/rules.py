"""The arithmetic of social work: registration windows, density, pass rates, scores, instalments. No database."""

import hashlib
from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

TENTH, HUNDREDTH = Decimal("0.1"), Decimal("0.01")
PER = 10_000
DAY = timedelta(days=1)
SUBJECTS: Mapping[str, Sequence[str]] = {
    "assistant": ("ability", "practice"),
    "intermediate": ("ability", "practice", "law"),
    "senior": ("senior_practice", "evaluation"),
}
"""The subjects of each level; senior is an exam and an evaluation."""


def months_on(day: date, months: int) -> date:
    """The day so many months later; where that month has no such day, its last one."""
    at = day.year * 12 + day.month - 1 + months
    year, month = divmod(at, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day(registered_on: date, months: int) -> date:
    """The last day of so many months that begin on a day: the day before the same day."""
    same = months_on(registered_on, months)
    # Begun on 29 February: the same day is 1 March in a year without one.
    return same if same.day < registered_on.day else same - DAY


@dataclass(frozen=True)
class Window:
    """A registration: its last day, the first day to renew it, the day from which it has lapsed."""

    registered_on: date
    valid_to: date
    due_from: date
    lapsed_on: date

    def state(self, on: date) -> str:
        """ "registered", "due" or "lapsed" on a day."""
        return "lapsed" if on >= self.lapsed_on else "due" if on >= self.due_from else "registered"


def window(registered_on: date, valid_to: date, due_months: int) -> Window:
    """The window of a registration."""
    lapsed = valid_to + DAY
    return Window(registered_on, valid_to, months_on(lapsed, -due_months), lapsed)


@dataclass(frozen=True)
class Density:
    """Certified holders per 10,000 of the population, how many the target asks for, how many lack; None without one."""

    certified: int
    population: int
    per: Decimal | None
    needed: int
    gap: int


def density(certified: int, population: int, target: Decimal) -> Density:
    """Certified ÷ population × 10,000 with two decimals; what is needed is rounded up to whole people."""
    needed = int((target * population / PER).to_integral_value(ROUND_CEILING))
    per = (Decimal(certified) * PER / population).quantize(HUNDREDTH, ROUND_HALF_UP) if population else None
    return Density(certified, population, per, needed, max(needed - certified, 0))


def percent(part: int, whole: int, places: Decimal = TENTH) -> Decimal | None:
    """A share in per cent; None of nothing."""
    return (Decimal(part) * 100 / whole).quantize(places, ROUND_HALF_UP) if whole else None


def growth(now: int, before: int) -> Decimal | None:
    """Year on year in per cent with two decimals; None where there was nothing."""
    return percent(now - before, before, HUNDREDTH)


def times(now: int, before: int) -> Decimal | None:
    """How many times as many, with two decimals."""
    return (Decimal(now) / before).quantize(HUNDREDTH, ROUND_HALF_UP) if before else None


@dataclass(frozen=True)
class Item:
    """One item of a score: done over target, capped at 100 %, by its weight."""

    name: str
    target: Decimal
    done: Decimal
    percent: Decimal
    weight: Decimal
    points: Decimal


def items_of(
    weights: Mapping[str, int | str], targets: Mapping[str, int], done: Mapping[str, int], satisfaction: Decimal | None
) -> list[Item]:
    """The items of a score. An item the contract does not ask for gives its weight to the others; satisfaction that
    was not measured counts as 0."""
    asked = {
        name: Decimal(str(weight)) for name, weight in weights.items() if targets.get(name) or name == SATISFACTION
    }
    whole = sum(asked.values())
    found = []
    for name, weight in asked.items():
        if name == SATISFACTION:
            target, reached = Decimal(100), satisfaction or Decimal(0)
        else:
            target, reached = Decimal(targets[name]), Decimal(done.get(name, 0))
        share = min(reached * 100 / target, Decimal(100))
        scaled = weight * 100 / whole if whole else Decimal(0)
        found.append(Item(name, target, reached, share.quantize(TENTH, ROUND_HALF_UP), scaled, share * scaled / 100))
    return found


SATISFACTION = "satisfaction"


def score_of(items: Iterable[Item]) -> Decimal:
    """The weighted score with one decimal."""
    return sum((one.points for one in items), Decimal(0)).quantize(TENTH, ROUND_HALF_UP)


def instalment(contract_fen: int, stage: str, points: Decimal | None, shares: Mapping[str, int]) -> int:
    """What a stage pays in whole fen; the last stage takes what rounding left. 0 where the points do not reach."""
    first, middle = (_share(contract_fen, shares[name]) for name in ("contract", "mid"))
    if stage == "contract":
        return first
    scored = points or Decimal(0)
    if stage == "mid":
        return middle if scored >= shares["mid_points"] else 0
    last = _share(contract_fen, shares["final"])
    if shares["contract"] + shares["mid"] + shares["final"] == 100:
        last = contract_fen - first - middle
    if scored >= shares["final_points"]:
        return last
    return _share(last, shares["part_percent"]) if scored >= shares["part_points"] else 0


def _share(fen: int, share: int) -> int:
    return int((Decimal(fen) * share / 100).to_integral_value(ROUND_HALF_UP))


def group_counts(held: int, planned: int, least: int, share: int) -> bool:
    """Whether a group counts as completed: enough sessions, and enough of its plan."""
    return held >= least and held * 100 >= share * planned


def trainee_counts(attended: int, planned: int, confirmed: bool, share: int) -> bool:
    """Whether a trainee counts as done: attendance and the supervisor's word."""
    return confirmed and attended * 100 >= share * planned


def exam_passed(level: str, by_year: Mapping[int, Collection[str]], year: int, years: int) -> bool:
    """Whether every subject was passed within so many consecutive years that end with ``year``."""
    passed = {subject for at in range(year - years + 1, year + 1) for subject in by_year.get(at, ())}
    return passed >= set(SUBJECTS[level])


def list_key(people: Collection[int], title: str) -> str:
    """What stands for who came: the people named, else the title of what they came to."""
    text = ",".join(map(str, sorted(set(people)))) if people else "".join(title.split()).lower()
    return hashlib.sha256(text.encode()).hexdigest()


def place_key(area: str, place: str) -> str:
    """What stands for where it was: the division and the place without blanks."""
    return f"{area}|{''.join(place.split()).lower()}"[:120]
