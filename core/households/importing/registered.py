"""What the registry already holds of the people and households of a roster, asked for in a few questions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from core.bulk import in_parts
from core.households.models.households import Household, Membership
from core.identity.bulk import people_by_number
from core.identity.models.bank_accounts import BankAccount
from core.identity.models.persons import Person
from core.identity.sealed import PHONE

if TYPE_CHECKING:
    from core.work import UnitOfWork


@dataclass(frozen=True)
class Known:
    """The registry's side of a roster.

    ``households`` by number; ``people`` by citizen number (ids); ``persons`` rows by id with bank account index and
    current membership; ``members`` of the households concerned as {household id: {person id: relation}}.
    """

    households: dict[str, Any]
    people: dict[str, int]
    persons: dict[int, Any]
    members: dict[int, dict[int, str]]


def known_to_registry(work: "UnitOfWork", numbers: Iterable[str], citizen_ids: Iterable[str]) -> Known:
    """Ask the registry; the whole county, because numbers are unique in it. Area is judged by the check."""
    households = _households(work, sorted(set(numbers)))
    people = people_by_number(work, citizen_ids)
    members: dict[int, dict[int, str]] = {row.id: {} for row in households.values()}
    _fill_members(work, sorted(members), members)
    persons = _persons(work, sorted(set(people.values())))
    return Known(households, people, persons, members)


def _households(work: "UnitOfWork", numbers: Sequence[str]) -> dict[str, Any]:
    columns = (
        col(Household.id), col(Household.number), col(Household.area), col(Household.address),
        col(Household.head_id), col(Household.closed_on),
    )  # fmt: skip
    found: dict[str, Any] = {}
    for part in in_parts(numbers):
        rows = work.session.connection().execute(select(*columns).where(col(Household.number).in_(part)))
        found.update((row.number, row) for row in rows)
    return found


def _fill_members(work: "UnitOfWork", ids: Sequence[int], members: dict[int, dict[int, str]]) -> None:
    for part in in_parts(ids):
        rows = work.session.connection().execute(
            select(col(Membership.household_id), col(Membership.person_id), col(Membership.relation)).where(
                col(Membership.household_id).in_(part), col(Membership.valid_to).is_(None)
            )
        )
        for household, person, relation in rows:
            members[household][person] = relation


def _persons(work: "UnitOfWork", ids: Sequence[int]) -> dict[int, Any]:
    statement = (
        select(
            col(Person.id), col(Person.name), col(Person.initials), col(Person.sex), col(Person.ethnicity),
            col(Person.hukou_area),
            col(Person.residence_area), col(Person.address), col(Person.phone_index), col(Person.died_on),
            col(BankAccount.number_index).label("account_index"), col(Membership.household_id),
        )
        .outerjoin(BankAccount, (col(BankAccount.person_id) == col(Person.id)) & col(BankAccount.valid_to).is_(None))
        .outerjoin(Membership, (col(Membership.person_id) == col(Person.id)) & col(Membership.valid_to).is_(None))
    )  # fmt: skip
    found: dict[int, Any] = {}
    for part in in_parts(ids):
        rows = work.session.connection().execute(statement.where(col(Person.id).in_(part)))
        found.update((row.id, row) for row in rows)
    return found


def phone_indexes(work: "UnitOfWork", phones: Sequence[str]) -> list[bytes | None]:
    """Blind indexes of a column of phones; None where there is none."""
    indexes = iter(work.keys.blind_many(PHONE, [phone for phone in phones if phone]))
    return [next(indexes) if phone else None for phone in phones]
