"""The order of villages in an assessment: who went on without a vote comes last, whatever the score."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from core.api import _, area_names, refuse, scoped
from plugins.democratic_review.models import Score, Violation
from plugins.democratic_review.words import SOURCES, VIOLATIONS

if TYPE_CHECKING:
    from core.api import UnitOfWork

SHOW = "democratic_review.show"
_QUARTERS = ("Q1", "Q2", "Q3", "Q4")


@dataclass(frozen=True)
class Ranked:
    """A village in the order: ``barred`` from awards when it went on without a vote."""

    place: int
    village: str
    score: Decimal
    barred: bool


def rank(scores: Mapping[str, Decimal], violators: Collection[str]) -> list[Ranked]:
    """Villages in order: by score, those with a violation behind all others; equal ones share a place."""
    guilty = set(violators)
    order = sorted(scores, key=lambda village: (village in guilty, -scores[village], village))
    ranked: list[Ranked] = []
    for at, village in enumerate(order, start=1):
        one = Ranked(at, village, scores[village], village in guilty)
        if ranked and (ranked[-1].barred, ranked[-1].score) == (one.barred, one.score):
            one = Ranked(ranked[-1].place, village, one.score, one.barred)
        ranked.append(one)
    return ranked


def quarter_of(day: date) -> str:
    """The quarter a day lies in: 2026-Q1."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def read_quarter(text: str) -> str:
    """A quarter as it was typed; refused when it is none."""
    plain = text.strip().upper()
    year, _dash, part = plain.partition("-")
    if len(year) != 4 or not year.isdecimal() or part not in _QUARTERS:
        raise refuse(_("季度写成 2026-Q1"), field="quarter", code="E_FIELD")
    return plain


def violators(work: "UnitOfWork", quarter: str, permission: str = SHOW) -> set[str]:
    """Villages with a violation of a quarter that stands, in the areas of a right."""
    asked = select(col(Violation.area)).where(col(Violation.quarter) == quarter, col(Violation.lifted_on).is_(None))
    return set(work.session.scalars(scoped(work, asked, col(Violation.area), permission)))


def ranking(work: "UnitOfWork", quarter: str) -> list[dict[str, Any]]:
    """The order of the villages of one's areas in a quarter, from the scores that were entered."""
    work.require(SHOW)
    quarter = read_quarter(quarter)
    asked = select(Score).where(col(Score.quarter) == quarter)
    kept = work.session.scalars(scoped(work, asked, col(Score.area), SHOW)).all()
    return ranked_lines(work, {one.area: Decimal(one.hundredths) / 100 for one in kept}, violators(work, quarter))


def ranked_lines(work: "UnitOfWork", scores: Mapping[str, Decimal], guilty: Collection[str]) -> list[dict[str, Any]]:
    """An order as lists give it."""
    names = area_names(work, scores)
    return [
        {
            "rank": one.place,
            "village": one.village,
            "place": names.get(one.village, one.village),
            "score": f"{one.score:.2f}",
            "violation": one.barred,
            "barred": one.barred,
        }
        for one in rank(scores, guilty)
    ]


def list_violations(work: "UnitOfWork", quarter: str = "", limit: int | None = None) -> list[dict[str, Any]]:
    """Violations in one's areas, newest first."""
    work.require(SHOW)
    asked = select(Violation).order_by(col(Violation.id).desc()).limit(limit)
    if quarter:
        asked = asked.where(col(Violation.quarter) == read_quarter(quarter))
    found = work.session.scalars(scoped(work, asked, col(Violation.area), SHOW)).all()
    names = area_names(work, [one.area for one in found])
    return [
        {
            "id": one.id,
            "village": one.area,
            "place": names.get(one.area, one.area),
            "quarter": one.quarter,
            "kind": one.kind,
            "kind_title": _(VIOLATIONS[one.kind]),
            "subject": one.subject,
            "scheme": one.scheme,
            "source": one.source,
            "source_title": _(SOURCES[one.source]),
            "document": one.document,
            "note": one.note,
            "found_on": one.found_on,
            "lifted_on": one.lifted_on,
            "lifted_why": one.lifted_why,
        }
        for one in found
    ]
