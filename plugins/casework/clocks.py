"""Deadlines of cases in working days, and the light they show: green, yellow near the limit, red past it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from core.api import calendar_of
from plugins.casework.flow import Flow
from plugins.casework.moves import CLOCKED, STEP_OF

if TYPE_CHECKING:
    from decimal import Decimal

    from core.api import Calendar, UnitOfWork
    from plugins.casework.models import Case


@dataclass(frozen=True, kw_only=True)
class Clock:
    """Where a case stands in its time: working days used and left (negative = late), and its light.

    ``due_on`` is None while nothing runs: before the acceptance and after the decision.
    """

    started_on: date | None
    due_on: date | None
    step_due_on: date | None
    days_used: int
    days_left: int | None
    light: str


def whole_limit(work: "UnitOfWork", flow: Flow, started_on: date, special: bool) -> date:
    """The limit of the whole procedure: so many working days after the acceptance (民发〔2021〕57号)."""
    return calendar_of(work).add(started_on, flow.special_working_days if special else flow.working_days)


def step_limit(work: "UnitOfWork", flow: Flow, state: str, on: date) -> date | None:
    """The limit of the step a case reached on a day; None when only the limit of the whole counts."""
    step = flow.step(STEP_OF.get(state, ""))
    days = None if step is None else step.start_working_days if state == "accepted" else step.working_days
    return calendar_of(work).add(on, days) if days is not None else None


def clock_of(work: "UnitOfWork", case: "Case") -> Clock:
    """The clock of a case today."""
    return clocks_of(work, [case])[0]


def clocks_of(work: "UnitOfWork", cases: Sequence[Any]) -> list[Clock]:
    """The clocks of many cases today, asked with two questions; rows with the columns of a case will do."""
    if not any(_runs(case) for case in cases):
        return [_standing_still(case, work.today) for case in cases]
    calendar, share = calendar_of(work), work.policy("casework.yellow_share")
    return [
        _running(case, work.today, calendar, share) if _runs(case) else _standing_still(case, work.today)
        for case in cases
    ]


def _runs(case: Any) -> bool:
    return case.state in CLOCKED and case.accepted_on is not None and case.due_on is not None


def _standing_still(case: Any, today: date) -> Clock:
    late = case.step_due_on is not None and case.step_due_on < today
    return Clock(
        started_on=case.accepted_on,
        due_on=None,
        step_due_on=case.step_due_on,
        days_used=0,
        days_left=None,
        light="red" if late else "green",
    )


def _running(case: Any, today: date, calendar: "Calendar", share: "Decimal") -> Clock:
    until = case.waiting_since or today
    used = max(calendar.between(case.accepted_on, until), 0)
    whole = calendar.between(case.accepted_on, case.due_on)
    late = today > case.due_on or (case.step_due_on is not None and today > case.step_due_on)
    light = "red" if late else "yellow" if whole and used >= whole * share else "green"
    return Clock(
        started_on=case.accepted_on,
        due_on=case.due_on,
        step_due_on=case.step_due_on,
        days_used=used,
        days_left=calendar.between(until, case.due_on),
        light="stopped" if case.waiting_since else light,
    )


def review_light(work: "UnitOfWork", due_on: date | None) -> str:
    """A review that is overdue is yellow, and red once it is so for longer than the policy says."""
    return review_lights(work, [due_on])[0]


def review_lights(work: "UnitOfWork", due: Sequence[date | None]) -> list[str]:
    """The lights of many reviews, with at most one question."""
    late = [due_on is not None and due_on < work.today for due_on in due]
    days = work.policy("casework.review_red_days") if any(late) else 0
    return [
        "green" if due_on is None or not overdue else "red" if work.today > due_on + timedelta(days=days) else "yellow"
        for due_on, overdue in zip(due, late, strict=True)
    ]


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where there is none."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    first_after = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day.day - 1), first_after - timedelta(days=1))
