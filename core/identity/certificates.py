"""What disability certificates say of persons: kind and grade, for rules of plugins; the number itself stays sealed."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import col

from core.bulk import in_parts
from core.identity.models.persons import Document, Person
from core.identity.papers import DISABILITY_KINDS
from core.identity.sealed import NUMBER_COLUMN

if TYPE_CHECKING:
    from core.work import UnitOfWork

_HOLDER = 18


@dataclass(frozen=True)
class Disability:
    """A kind of disability (sight, hearing, speech, limb, intellectual, mental, multiple) and its grade, 1 to 4."""

    kind: str
    grade: int


def disabilities_of(work: "UnitOfWork", person_ids: Collection[int]) -> dict[int, Disability]:
    """The certificate in force of each of some persons; who has none is absent. Right and area are the caller's.

    A merged record answers with the certificates of the one that took it over as well.
    """
    wanted, found = sorted(set(person_ids)), {}
    kept = func.coalesce(col(Person.merged_into), col(Person.id))
    for part in in_parts(wanted):
        asked = (
            select(kept, col(Document.id), col(Document.number_sealed))
            .join(Person, col(Person.id) == col(Document.person_id))
            .where(
                col(Document.kind) == "DISAB",
                col(Document.superseded_by).is_(None),
                kept.in_(part),
            )
            .order_by(col(Document.id))
        )
        for person, paper, sealed in work.session.execute(asked):
            number = work.keys.unseal(NUMBER_COLUMN, paper, sealed)
            found[person] = Disability(DISABILITY_KINDS[int(number[_HOLDER])], int(number[_HOLDER + 1]))
    return found
