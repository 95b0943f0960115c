"""What dibao shows on the page of a case: the economic situation and the calculation, two questions in all."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from core.api import Panel, _, format_money
from plugins.dibao import codes
from plugins.dibao.computing import overdue
from plugins.dibao.queries import ASSESS, SHOW, income_rows, kept_calculation
from plugins.dibao.words import INCOMES

if TYPE_CHECKING:
    from core.api import UnitOfWork
    from plugins.casework.api import CaseFacts


def sections(work: "UnitOfWork", case: "CaseFacts") -> Iterator[Panel]:
    """The two cards, for who may see them."""
    if not work.may(SHOW, case.area):
        return
    rows = income_rows(work, case.id)
    found = kept_calculation(work, case.id)
    path = f"/dibao/cases/{case.number}"
    may = work.may(ASSESS, case.area)
    yield Panel(
        title=_("经济状况"),
        template="dibao/situation.html",
        data={"rows": [_declared(one) for one in rows], "differ": _differing(rows), "path": path, "may": may},
        path=path,
        order=20,
    )
    yield Panel(
        title=_("补助测算"),
        template="dibao/calculation.html",
        data={
            "late": overdue(work, case),
            "late_code": codes.CLASS_DUE,
            "found": found,
            "lines": found.get("lines", ()),
            "path": path,
            "may": may,
        },
        path=path,
        order=30,
    )


def _declared(one: Any) -> dict[str, Any]:
    unit = (
        _("元/月") if one.months == 1 else _("元/年") if one.months == 12 else _("元/{months} 个月", months=one.months)
    )  # noqa: PLR2004 - months of a year
    difference = None if one.checked_fen is None else one.checked_fen - one.amount_fen
    return {
        "title": one.title or _(INCOMES[one.type]),
        "unit": unit,
        "declared": format_money(one.amount_fen),
        "checked": "--" if one.checked_fen is None else format_money(one.checked_fen),
        "difference": "--" if not difference else f"{'+' if difference > 0 else ''}{format_money(difference)}",
        "differs": bool(difference),
        "note": one.ground if one.excluded else one.evidence,
        "excluded": one.excluded,
    }


def _differing(rows: list[Any]) -> int:
    return sum(one.checked_fen is not None and one.checked_fen != one.amount_fen for one in rows)
