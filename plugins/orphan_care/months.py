"""Days and months of the rules: a birthday, so many months after a day, where a file stands this month."""

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import case as when
from sqlmodel import col

from core.api import Period
from plugins.orphan_care.models import Case

if TYPE_CHECKING:
    from core.api import UnitOfWork

OPEN = ("applied", "township_checked", "approved", "active", "ending")
LIVING = ("approved", "active", "ending")


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last day of a shorter month."""
    reached = Period.of(day).plus(months)
    return reached.first_day.replace(day=min(day.day, monthrange(reached.year, reached.month)[1]))


def birthday(work: "UnitOfWork", born: date, age: int) -> date:
    """The day on which a child completes so many years; 29 February as the county counts it."""
    if (born.month, born.day) != (2, 29):
        return born.replace(year=born.year + age)
    leap = work.policy("identity.leap_birthday")
    if monthrange(born.year + age, 2)[1] == 29:
        return date(born.year + age, 2, 29)
    return date(born.year + age, 3, 1) if leap == "march_1" else date(born.year + age, 2, 28)


def this_month(work: "UnitOfWork") -> str:
    """The month of today."""
    return str(Period.of(work.today))


def state_now(case: Case, month: str) -> str:
    """Where a file stands in a month: confirmed becomes active with its first month, ending closes after its last."""
    if case.state == "approved" and case.from_month <= month:
        return "active"
    if case.state == "ending" and case.last_month < month:
        return "closed"
    return case.state


def state_column(month: str) -> Any:
    """``state_now`` for a select."""
    return when(
        ((col(Case.state) == "approved") & (col(Case.from_month) <= month), "active"),
        ((col(Case.state) == "ending") & (col(Case.last_month) < month), "closed"),
        else_=col(Case.state),
    )
