"""What was known when: rows by their numbers. A roll keeps the highest numbers of its day and is explained by them.

Both tables take their numbers in the order in which they are written: below the highest one nothing comes later.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from core.api import Question, UnitOfWork, columns
from plugins.benefits.models import EnrolmentVersion, Run, Standard

_VERSION, _STANDARD = columns(EnrolmentVersion), columns(Standard)
_MAXIMA: Any = select(
    select(func.max(_VERSION.id)).scalar_subquery().label("version"),
    select(func.max(_STANDARD.id)).scalar_subquery().label("standard"),
)
_NEWEST = Question(_MAXIMA)


@dataclass(frozen=True)
class Known:
    """The newest version of an enrolment and the newest standard that count; ``asking`` are schemes being computed.

    ``at`` is the moment of it, for what plugins keep in tables of their own.
    """

    version: int
    standard: int
    asking: tuple[str, ...] = field(default=())
    at: datetime | None = None

    def also_asking(self, scheme: str) -> "Known":
        """The same knowledge, with one more scheme being computed."""
        return replace(self, asking=(*self.asking, scheme))


def known_now(work: UnitOfWork) -> Known:
    """All that is known now."""
    version, standard = work.ask(_NEWEST)[0]
    return Known(version or 0, standard or 0, at=work.now)


def known_at(run: Run) -> Known:
    """What was known when a roll was built."""
    return Known(run.known_version, run.known_standard, at=run.built_at)


def holds(known: Known, version: Any = _VERSION) -> ColumnElement[bool]:
    """True for versions of enrolments that stood at that time."""
    return and_(
        version.id <= known.version, or_(version.superseded_by.is_(None), version.superseded_by > known.version)
    )
