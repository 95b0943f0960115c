"""What other schemes pay a person in a month, for schemes that pay the gap; by the same knowledge as the roll."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy
from sqlalchemy import select

from core.api import Fault, UnitOfWork, columns, in_parts
from plugins.benefits.due import due_in, load_versions, versions_of
from plugins.benefits.known import Known, known_now
from plugins.benefits.models import Enrolment, Member
from plugins.benefits.months import number_of, rounded
from plugins.benefits.schemes import schemes_of
from plugins.benefits.standards import load_standards

if TYPE_CHECKING:
    from numpy import ndarray

_ENROLMENT, _MEMBER = columns(Enrolment), columns(Member)


@dataclass(frozen=True)
class Amounts:
    """What persons get in a month, in columns: person, scheme, fen."""

    person_ids: "ndarray"
    schemes: "ndarray"
    fen: "ndarray"

    def sums(self, person_ids: "ndarray") -> "ndarray":
        """The sum of each of some persons over all schemes, in their order, in fen."""
        people, places = numpy.unique(person_ids, return_inverse=True)
        total = numpy.zeros(len(people) + 1, "int64")
        at = numpy.searchsorted(people, self.person_ids)
        there = (at < len(people)) & (people[numpy.minimum(at, max(len(people) - 1, 0))] == self.person_ids)
        numpy.add.at(total, at[there], self.fen[there])
        return total[places]


def amounts_in_month(
    work: UnitOfWork, person_ids: Collection[int], month: str, schemes: Collection[str], known: Known | None = None
) -> Amounts:
    """What some persons get by other schemes in a month, in fen; give ``due.known`` on when a roll asks.

    Of a family's benefit each member has an equal share, or what its terms say under ``shares``.
    """
    known = known or known_now(work)
    found: list[tuple[int, str, int]] = []
    for name in schemes:
        if name in known.asking:
            raise Fault(f"the amounts of {name} depend on themselves: {' > '.join(known.asking)}")
        if name in schemes_of(work):
            found.extend((person, name, fen) for person, fen in _amounts(work, name, set(person_ids), month, known))
    people, names, fens = zip(*found, strict=True) if found else ((), (), ())
    return Amounts(numpy.array(people, "int64"), numpy.array(names, "U40"), numpy.array(fens, "int64"))


def _amounts(work: UnitOfWork, name: str, people: set[int], month: str, known: Known) -> list[tuple[int, int]]:
    scheme, number = schemes_of(work)[name], number_of(month)
    standards, found = load_standards(work, name, known), []
    for part in _enrolments(work, name, people):
        versions = load_versions(work, name, known, (number, number), versions_of(sorted(part)))
        rows, fens = due_in(work, scheme, versions, number, standards, known)
        for row, fen in zip(rows.tolist(), numpy.maximum(fens, 0).tolist(), strict=True):
            covered = part[int(versions.enrolment_ids[row])]
            if scheme.beneficiary == "person":
                found.append((int(versions.person_ids[row]), fen))
                continue
            said = json.loads(versions.terms[row]).get("shares", {}) if versions.terms[row] else {}
            equal = rounded(Fraction(fen, len(covered)), work.policy("benefits.rounding"))
            found.extend((one, said.get(str(one), equal)) for one in covered if one in people)
    return [(person, fen) for person, fen in found if person in people]


def _enrolments(work: UnitOfWork, scheme: str, people: set[int]) -> list[dict[int, set[int]]]:
    """Enrolments that cover some persons, with everybody they cover, some hundreds at a time."""
    wanted, chunks, seen = sorted(people), [], set()
    connection = work.session.connection()
    for part in in_parts(wanted):
        family = select(_MEMBER.enrolment_id).where(_MEMBER.person_id.in_(part))
        asked = select(_ENROLMENT.id, _ENROLMENT.person_id).where(
            _ENROLMENT.scheme == scheme, _ENROLMENT.person_id.in_(part) | _ENROLMENT.id.in_(family)
        )
        covers = {row.id: {row.person_id} for row in connection.execute(asked) if row.id not in seen}
        if not covers:
            continue
        seen.update(covers)
        members = select(_MEMBER.enrolment_id, _MEMBER.person_id).where(_MEMBER.enrolment_id.in_(list(covers)))
        for row in connection.execute(members):
            covers[row.enrolment_id].add(row.person_id)
        chunks.append(covers)
    return chunks
