"""What excludes what: the matrix of the handbook, asked for many persons at once."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import and_, or_, select, union_all

from core.api import Scheme, UnitOfWork, columns, in_parts
from plugins.benefits.known import Known, holds, known_now
from plugins.benefits.models import Enrolment, EnrolmentVersion, Member
from plugins.benefits.schemes import schemes_of

_MATRIX = Path(__file__).with_name("exclusions.toml")
_ENROLMENT, _MEMBER, _VERSION = columns(Enrolment), columns(Member), columns(EnrolmentVersion)


@dataclass(frozen=True)
class Pair:
    """Two rows of the matrix: ``rule`` n (not together) or h (the higher one, or the gap), and its document."""

    rule: str
    document: str


@dataclass(frozen=True)
class Conflict:
    """A person who stands on another scheme in the same months; ``row`` is the place in what was asked."""

    row: int
    scheme: str
    category: str
    enrolment_id: int


@cache
def matrix() -> tuple[Mapping[tuple[str, str], Pair], Mapping[tuple[str, str], str]]:
    """Pairs by their two rows in both directions, and rows of categories by scheme row and category."""
    data = tomllib.loads(_MATRIX.read_text(encoding="utf-8"))
    pairs: dict[tuple[str, str], Pair] = {}
    for entry in data["pairs"]:
        first, second = entry["between"]
        pairs[first, second] = pairs[second, first] = Pair(entry["rule"], entry["document"])
    own = {(row["of"], category): name for name, row in data["rows"].items() for category in row["categories"]}
    return pairs, own


def row_of(scheme: Scheme, category: str) -> str:
    """The row of the matrix a category of a scheme stands in; "" for none."""
    return matrix()[1].get((scheme.exclusion, category), scheme.exclusion)


def rule_between(first: tuple[Scheme, str], second: tuple[Scheme, str]) -> Pair | None:
    """What the matrix says of two schemes with their categories; None when it says nothing."""
    return matrix()[0].get((row_of(*first), row_of(*second)))


def excluded_by(work: UnitOfWork, scheme: Scheme) -> list[str]:
    """Names of other schemes that some category of a scheme may not meet."""
    others = (one for one in schemes_of(work).values() if one.name != scheme.name)
    return sorted(
        other.name
        for other in others
        if any(
            _never(scheme, mine.code, other, theirs.code) for mine in scheme.categories for theirs in other.categories
        )
    )


def conflicts(
    work: UnitOfWork, scheme: Scheme, asked: Sequence[tuple[str, int, str, str]], known: Known
) -> Iterator[Conflict]:
    """Persons of a scheme, as (category, person, from, to), who stand on one it excludes in the same months.

    ``to`` is "" for until further notice. Months in which the other is suspended count: it will be paid.
    """
    others = excluded_by(work, scheme)
    if not others:
        return
    rows: dict[int, list[int]] = {}
    for row, (_category, person, _since, _until) in enumerate(asked):
        rows.setdefault(person, []).append(row)
    people = sorted(rows)
    for part in in_parts(people):
        for found in _standing(work, others, part, known):
            other = schemes_of(work)[found.scheme]
            for row in rows[found.covered]:
                category, _person, since, until = asked[row]
                meet = (not until or found.from_month <= until) and (found.to_month is None or found.to_month >= since)
                if meet and _never(scheme, category, other, found.category):
                    yield Conflict(row, found.scheme, found.category, found.enrolment_id)


def conflicts_in_month(work: UnitOfWork, scheme: Scheme, month: str, known: Known, span: Any) -> dict[int, str]:
    """Enrolments of a scheme, among the versions of ``span``, that a scheme they may not meet was there before.

    Answers enrolment id to that scheme: of two, the one enrolled later is left out of a roll.
    """
    others = excluded_by(work, scheme)
    if not others or not _any_enrolled(work, others):
        return {}
    found: dict[int, str] = {}
    for covers, covered in _ways(work):
        rows = work.session.connection().execute(_meeting((scheme, others), (covers, covered), (month, known, span)))
        found |= {
            row.enrolment_id: row.scheme
            for row in rows
            if _never(scheme, row.category, schemes_of(work)[row.scheme], row.other)
        }
    return found


def _ways(work: UnitOfWork) -> Iterator[tuple[Any, Any]]:
    """How two enrolments may cover one person: by who receives them, and by the members of a family.

    Each way is asked for itself, so that the database follows its indexes from person to person.
    """
    receiving = (_ENROLMENT.id.label("enrolment_id"), _ENROLMENT.person_id)
    belonging = (_MEMBER.enrolment_id, _MEMBER.person_id)
    families = work.session.connection().scalar(select(_MEMBER.person_id).limit(1)) is not None
    sides = (receiving, belonging) if families else (receiving,)
    for mine in sides:
        for theirs in sides:
            yield select(*mine).subquery("covers"), select(*theirs).subquery("covered")


def _meeting(schemes: tuple[Scheme, list[str]], way: tuple[Any, Any], asked: tuple[str, Known, Any]) -> Any:
    (scheme, others), (covers, covered), (month, known, span) = schemes, way, asked
    mine, theirs = _VERSION.id.table.alias("mine"), _VERSION.id.table.alias("theirs")
    return (
        select(mine.c.enrolment_id, mine.c.category, theirs.c.scheme, theirs.c.category.label("other"))
        .join(covers, covers.c.enrolment_id == mine.c.enrolment_id)
        .join(covered, covered.c.person_id == covers.c.person_id)
        .join(theirs, theirs.c.enrolment_id == covered.c.enrolment_id)
        .where(
            mine.c.scheme == scheme.name,
            mine.c.beneficiary_id.between(*span),
            mine.c.state == "active",
            _at(mine.c, month, known),
            theirs.c.scheme.in_(others),
            theirs.c.state != "ended",
            theirs.c.enrolment_id < mine.c.enrolment_id,
            _at(theirs.c, month, known),
        )
    )


def _never(first: Scheme, category: str, second: Scheme, other: str) -> bool:
    pair = rule_between((first, category), (second, other))
    return pair is not None and pair.rule == "n"


def _standing(work: UnitOfWork, schemes: Sequence[str], people: Sequence[int], known: Known) -> Any:
    covered = _covers("covered")
    return work.session.connection().execute(
        select(
            covered.c.person_id.label("covered"),
            _VERSION.enrolment_id,
            _VERSION.scheme,
            _VERSION.category,
            _VERSION.from_month,
            _VERSION.to_month,
        )
        .join(covered, covered.c.enrolment_id == _VERSION.enrolment_id)
        .where(covered.c.person_id.in_(people), _VERSION.scheme.in_(schemes), _VERSION.state != "ended", holds(known))
    )


def _covers(name: str) -> Any:
    """Whom an enrolment covers: who receives it, and the family."""
    return union_all(
        select(_ENROLMENT.id.label("enrolment_id"), _ENROLMENT.person_id),
        select(_MEMBER.enrolment_id, _MEMBER.person_id),
    ).subquery(name)


def _at(version: Any, month: str, known: Known) -> Any:
    return and_(
        holds(known, version),
        version.from_month <= month,
        or_(version.to_month.is_(None), version.to_month >= month),
    )


def _any_enrolled(work: UnitOfWork, schemes: Sequence[str]) -> bool:
    asked = select(_ENROLMENT.id).where(_ENROLMENT.scheme.in_(schemes)).limit(1)
    return work.session.connection().scalar(asked) is not None


def excluded_people(
    work: UnitOfWork, scheme: str, category: str, person_ids: Sequence[int], month: str
) -> dict[int, str]:
    """Those of some persons who stand in a month on a scheme that this one may not meet, with its name."""
    asked = [(category, person, month, month) for person in person_ids]
    found = conflicts(work, schemes_of(work)[scheme], asked, known_now(work))
    return {asked[one.row][1]: one.scheme for one in found}
