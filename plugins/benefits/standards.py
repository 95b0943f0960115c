"""Standards as a roll reads them: the nearest area wins, then the newest month, then what we came to know last."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.api import UnitOfWork, columns
from plugins.benefits.known import Known
from plugins.benefits.models import Standard
from plugins.benefits.months import monthly, number_of

if TYPE_CHECKING:
    import numpy

NONE = -1
"""In a column of amounts: there is no standard."""

_ROW = columns(Standard)


@dataclass(frozen=True)
class StandardRow:
    """One standard as it was set; ``since`` is ``valid_from`` as a number."""

    id: int
    category: str
    area: str
    unit: str
    amount_fen: int
    valid_from: str
    document: str
    known_at: datetime
    since: int

    def in_month(self, month: int) -> int:
        """What it gives in a month, in fen."""
        return monthly(self.amount_fen, self.unit, month)


class Standards:
    """All standards of a scheme that were known at some time, and which of them counts where and when."""

    def __init__(self, rows: list[StandardRow]) -> None:
        self.rows = rows
        self._by_place: dict[tuple[str, str], list[StandardRow]] = defaultdict(list)
        for row in rows:
            self._by_place[row.category, row.area].append(row)
        for place in self._by_place.values():
            place.sort(key=lambda row: (row.since, row.id), reverse=True)
        self._local = {category for category, area in self._by_place if area}
        self._found: dict[tuple[str, str, int], StandardRow | None] = {}

    def row(self, category: str, area: str, month: int) -> StandardRow | None:
        """The standard that counts for somebody of a 12-digit area in a month."""
        place = area if category in self._local else ""
        key = (category, place, month)
        if key not in self._found:
            self._found[key] = next(
                (
                    row
                    for code in _upwards(place)
                    for row in self._by_place.get((category, code), ())
                    if row.since <= month
                ),
                None,
            )
        return self._found[key]

    def fen(self, category: str, area: str, month: int) -> int:
        """What counts, in fen; ``NONE`` when there is no standard."""
        row = self.row(category, area, month)
        return NONE if row is None else row.in_month(month)

    def column(self, categories: "numpy.ndarray", areas: "numpy.ndarray", month: int) -> "numpy.ndarray":
        """What counts for many in a month: ``categories`` and ``areas`` of one length, fen (int64) back."""
        import numpy

        amounts = numpy.full(len(categories), NONE, dtype="int64")
        for category in numpy.unique(categories).tolist():
            here = numpy.flatnonzero(categories == category)
            if category not in self._local:
                amounts[here] = self.fen(category, "", month)
                continue
            codes, places = numpy.unique(areas[here], return_inverse=True)
            amounts[here] = numpy.array([self.fen(category, code, month) for code in codes.tolist()], "int64")[places]
        return amounts

    def with_row(self, row: StandardRow) -> "Standards":
        """The same standards and one more, for a run that stores nothing."""
        return Standards([*self.rows, row])


_COLUMNS: Any = select(
    _ROW.id, _ROW.category, _ROW.area, _ROW.unit, _ROW.amount_fen, _ROW.valid_from, _ROW.document, _ROW.known_at
)


def load_standards(work: UnitOfWork, scheme: str, known: Known) -> Standards:
    """The standards of a scheme that were known at some time."""
    rows = work.session.connection().execute(_COLUMNS.where(_ROW.scheme == scheme, _ROW.id <= known.standard))
    return Standards([StandardRow(*row, since=number_of(row.valid_from)) for row in rows])


def all_standards(work: UnitOfWork) -> Mapping[str, Standards]:
    """The standards of every scheme as they are known now, in one question."""
    found: dict[str, list[StandardRow]] = {}
    asked = _COLUMNS.with_only_columns(_ROW.scheme, *_COLUMNS.selected_columns)
    for scheme, *row in work.session.connection().execute(asked):
        found.setdefault(scheme, []).append(StandardRow(*row, since=number_of(row[5])))
    return {scheme: Standards(rows) for scheme, rows in found.items()}


def _upwards(area: str) -> list[str]:
    """An area and those it lies in, the nearest first, the whole county last."""
    return [area[:length] for length in (12, 9, 6) if len(area) >= length] + [""]
