"""Keep the search index in step with a person whose name or area changes, or whose record goes into another."""

from typing import TYPE_CHECKING

from core.households.search import Indexed, index_people, unindex_people
from core.identity.models.persons import Person
from core.identity.queries import id_of

if TYPE_CHECKING:
    from core.work import UnitOfWork


def in_index(person: Person) -> Indexed | None:
    """How a person stands in the index as they are now; None for a record that went into another or was erased."""
    if person.merged_into is not None or person.erased_on is not None:
        return None
    return Indexed(id_of(person), person.name, person.initials, person.hukou_area, person.residence_area)


def follow(work: "UnitOfWork", before: Indexed | None, person: Person) -> None:
    """Put the index right after a change; ``before`` is ``in_index`` of the time before it, None for a new person."""
    after = in_index(person)
    if before == after:
        return
    connection = work.session.connection()
    if before is not None:
        unindex_people(connection, [before])
    if after is not None:
        index_people(connection, [after])
