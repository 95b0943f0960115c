"""Hooks that canteens offer to other plugins."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.api import RowObjection, UnitOfWork, hookspec

if TYPE_CHECKING:
    import numpy


@dataclass(frozen=True, kw_only=True)
class Meals:
    """Meals in columns of one length: ids and fen are int64, ``areas`` 12 digits, ``days`` ISO dates, the rest text.

    ``meals`` holds "breakfast", "lunch" or "dinner".
    """

    person_ids: "numpy.ndarray"
    diner_ids: "numpy.ndarray"
    site_ids: "numpy.ndarray"
    areas: "numpy.ndarray"
    days: "numpy.ndarray"
    meals: "numpy.ndarray"
    set_codes: "numpy.ndarray"
    list_price_fen: "numpy.ndarray"
    subsidy_fen: "numpy.ndarray"
    self_pay_fen: "numpy.ndarray"


@hookspec
def resolve_canteen_statuses(
    work: UnitOfWork, status: str, person_ids: "numpy.ndarray", days: "numpy.ndarray"
) -> "numpy.ndarray | None":
    """Say which persons hold a status on a day, for the plugin that keeps that status.

    Called once for each status word of the policy in force ("dibao", "tekun", "entitled", "disabled_living",
    "bereaved") with columns of one length: persons (int64) and ISO dates. Return a column of truth values, or None
    when another plugin keeps that status. Do not write; the reason is shown to nobody at the counter.

    Example: dibao answers for "dibao" who is in payment in the month of each day. Since api 1.0.
    """


@hookspec
def check_canteen_meals(work: UnitOfWork, meals: Meals) -> Iterable[RowObjection]:
    """Object to meals before they are written.

    Called inside the transaction with a chunk, after the rules of canteens. Return ``RowObjection`` entries with the
    row in the chunk; the meal is refused and the refused swipe is kept. Do not write.

    Example: a plugin of care homes objects to residents whose board is paid already. Since api 1.0.
    """


@hookspec
def canteen_meals_served(work: UnitOfWork, meals: Meals) -> None:
    """Hear that meals were served.

    Called inside the transaction, after the write, with a chunk. Write only your own tables; raise to roll back.

    Example: donations counts the charity meals it paid for. Since api 1.0.
    """


@hookspec
def resolve_canteen_charity(
    work: UnitOfWork, person_ids: "numpy.ndarray", days: "numpy.ndarray"
) -> "numpy.ndarray | None":
    """Say how many fen of each meal charity pays; it reduces what the diner pays first, never the subsidy.

    Called with columns of one length: persons (int64) and ISO dates. Return whole fen, or None for nothing. Do not
    write: what was served is told by ``canteen_meals_served``.

    Example: donations answers 300 for the persons on a drive's list. Since api 1.0.
    """
