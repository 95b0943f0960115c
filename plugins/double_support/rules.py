"""What the handbook computes, without a database: shares, streaks, months of subsidy, hours, budgets, secrets."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from core.api import Period, read_number

_BLANKS = re.compile(r"[\s\-—_·.、,，/]+")


def percent(part: int, whole: int) -> Decimal | None:
    """A share with one decimal, half up; None of nothing."""
    if not whole:
        return None
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Year:
    """How the mutual projects of a year stand: numbers planned and how many are done, run, late or called off."""

    planned: int
    done: int
    running: int
    delayed: int
    cancelled: int

    @property
    def progress(self) -> Decimal | None:
        """Done of planned."""
        return percent(self.done, self.planned)

    @property
    def on_schedule(self) -> Decimal | None:
        """Done and running of planned."""
        return percent(self.done + self.running, self.planned)

    def gap(self, target: int) -> int:
        """How many are still missing for the year's target."""
        return max(0, target - self.done)


def year_of(projects: Iterable[tuple[int, str]]) -> Year:
    """The year from numbers and states: a number cancelled without a substitute stays planned."""
    rows = list(projects)
    states = [state for _no, state in rows]
    return Year(
        planned=len({no for no, _state in rows}),
        done=sum(state in ("done", "evaluated") for state in states),
        running=states.count("running"),
        delayed=states.count("delayed"),
        cancelled=states.count("cancelled"),
    )


@dataclass(frozen=True)
class Assessment:
    """A score sheet added up, points in tenths: nothing is converted between versions."""

    score_tenths: int
    max_tenths: int
    items: int
    scored: int
    with_evidence: int
    vetoes: int

    @property
    def gap(self) -> int:
        """Items without evidence."""
        return self.items - self.with_evidence

    @property
    def ready(self) -> bool:
        """Whether every item has evidence."""
        return self.items > 0 and self.gap == 0

    @property
    def recommendable(self) -> bool:
        """Whether no veto is triggered."""
        return not self.vetoes


def streak(results: Sequence[str]) -> tuple[int, int]:
    """Titles won in a row up to the last decided round, and what they would be if the pending rounds are won."""
    decided = [one for one in results if one != "pending"]
    won = 0
    for one in reversed(decided):
        if one != "won":
            break
        won += 1
    return won, won + (len(results) - len(decided))


def required_fen(population: int, per_head_fen: int) -> int:
    """What defence education needs: so much for each inhabitant, in whole fen."""
    return population * per_head_fen


def first_subsidy_month(registered: Period) -> Period:
    """The month after registration."""
    return registered.plus(1)


def months_due(stretches: Iterable[tuple[str, str]], until: str) -> list[str]:
    """The months of stretches (first, last or "" while it runs) up to a month, each once."""
    found: list[str] = []
    for first, last in stretches:
        end = min(last, until) if last else until
        if first <= end:
            found.extend(str(one) for one in Period.span(first, end))
    return sorted(set(found))


def school_hours(grades: Iterable[int]) -> int:
    """The half hours every pupil of a school had at least: those of the grade with the fewest; never an average."""
    return min(grades, default=0)


def half_hours(text: str) -> int | None:
    """Class hours as typed ("3.5") in half hours; None when they are negative, above 40 or no half hours."""
    found = read_number(text)
    hours = None if found is None else found * 2
    return int(hours) if hours is not None and 0 <= hours <= 80 and hours == hours.to_integral_value() else None


def plan_need(categories: Mapping[int, tuple[int, int]], listed: Mapping[int, int], others_fen: int = 0) -> int:
    """What a plan needs, in fen: of each category (planned, amount) the more of households planned and listed.

    ``others_fen`` is what units get beside.
    """
    return others_fen + sum(
        max(planned, listed.get(number, 0)) * amount for number, (planned, amount) in categories.items()
    )


def secret_in(text: str, patterns: Iterable[str]) -> str:
    """What of a text names or locates a unit by one of the patterns; "" for nothing.

    Full-width figures, blanks and strokes between the characters hide nothing.
    """
    plain = _BLANKS.sub("", unicodedata.normalize("NFKC", text))
    for pattern in patterns:
        found = re.search(pattern, plain)
        if found:
            return found.group()
    return ""
