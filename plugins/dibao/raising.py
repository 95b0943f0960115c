"""Another standard: what it would change for the whole county, computed in columns; nothing is stored."""

from typing import TYPE_CHECKING, Any

from core.api import Period
from plugins.benefits.api import standard_in_month, what_if
from plugins.dibao.queries import SHOW
from plugins.dibao.standard_checks import rise
from plugins.dibao.words import SCHEME

if TYPE_CHECKING:
    from core.api import UnitOfWork


def preview(work: "UnitOfWork", category: str, amount: str, month: str) -> dict[str, Any]:
    """Who gains and loses by a standard (yuan a month), what it costs, and whether the rise is as ordered."""
    work.require(SHOW, work.settings.county.code)
    found = what_if(work, SCHEME, category, amount, month)
    before = standard_in_month(work, SCHEME, category, work.settings.county.code, str(Period(month).previous()))
    risen = rise(before, found["amount_fen"])
    target = work.policy("dibao.raise_target", on=Period(month).first_day) * 100
    return {
        **found,
        "standard_before_fen": before,
        "rise_percent": None if risen is None else str(risen),
        "rise_target_percent": f"{target.normalize():f}",
        "rise_met": None if risen is None else risen >= target,
    }
