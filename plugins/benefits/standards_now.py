"""Standards for people: the list with its history, and what counts in a month."""

from typing import Any

from core.api import UnitOfWork, area_names
from plugins.benefits.known import Known, known_now
from plugins.benefits.months import number_of
from plugins.benefits.queries import SHOW, category_title, scheme_title
from plugins.benefits.schemes import schemes_of
from plugins.benefits.services.standards import month_now
from plugins.benefits.standards import NONE, StandardRow, Standards, load_standards


def list_standards(work: UnitOfWork, scheme: str = "") -> list[dict[str, Any]]:
    """Every standard that was ever set, the newest knowledge first; ``in_force`` says which counts this month."""
    work.require(SHOW)
    month, found = number_of(month_now(work)), []
    for name in [scheme] if scheme else sorted(schemes_of(work)):
        standards = load_standards(work, name, known_now(work))
        places = area_names(work, {row.area for row in standards.rows if row.area})
        for row in sorted(standards.rows, key=lambda row: (row.category, row.area, -row.since, -row.id)):
            found.append(_line(work, name, row, (standards, month)) | {"place": places.get(row.area, row.area)})
    return found


def standard_in_month(
    work: UnitOfWork, scheme: str, category: str, area: str, month: str, known: Known | None = None
) -> int | None:
    """What the standard of a category gives in a month in an area, in fen; None when there is none.

    Give ``due.known`` on when a roll asks.
    """
    fen = load_standards(work, scheme, known or known_now(work)).fen(category, area, number_of(month))
    return None if fen == NONE else fen


def _line(work: UnitOfWork, scheme: str, row: StandardRow, now: tuple[Standards, int]) -> dict[str, Any]:
    standards, month = now
    counts = standards.row(row.category, row.area, month)
    same = [one for one in standards.rows if (one.category, one.area, one.since) == (row.category, row.area, row.since)]
    return {
        "id": row.id,
        "scheme": scheme,
        "scheme_title": scheme_title(work, scheme),
        "category": row.category,
        "category_title": category_title(work, scheme, row.category),
        "area": row.area,
        "unit": row.unit,
        "amount_fen": row.amount_fen,
        "month_fen": row.in_month(month),
        "valid_from": row.valid_from,
        "document": row.document,
        "known_at": row.known_at,
        "in_force": counts is not None and counts.id == row.id,
        "corrected": row.id != max(one.id for one in same),
    }
