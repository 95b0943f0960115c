"""Whose numbers these are and who has a bank account, a column at once: what plugins' runs and spreadsheets ask."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from core.bulk import in_parts
from core.errors import Objection
from core.identity.bulk import people_by_number
from core.identity.models.bank_accounts import BankAccount
from core.identity.models.persons import Person
from core.identity.numbers import objection_to, read_citizen_ids
from core.identity.queries import visible
from core.identity.rules import allows_test_area
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork


@dataclass(frozen=True)
class NumberedPeople:
    """Ids in the order of the numbers, 0 where there is an objection; ``objections`` by place."""

    ids: list[int]
    objections: dict[int, Objection] = field(default_factory=dict)


def people_of_numbers(work: "UnitOfWork", citizen_ids: Sequence[str], permission: str) -> NumberedPeople:
    """The persons behind a column of citizen numbers, within the areas in which the actor holds ``permission``.

    A number that is wrong has the handbook's objection; one that nobody holds, or somebody of another area, the same
    one (E_ID_UNKNOWN).
    """
    numbers = read_citizen_ids(citizen_ids, today=work.today, test_area=allows_test_area(work))
    wrong = {at: objection_to(int(code), "citizen_id") for at, code in enumerate(numbers.code.tolist()) if code}
    known = people_by_number(work, (number for at, number in enumerate(numbers.number) if at not in wrong))
    mine = _visible_ids(work, sorted(set(known.values())), permission)
    ids = []
    for at, number in enumerate(numbers.number):
        person = 0 if at in wrong else known.get(number, 0)
        if person not in mine:
            person = 0
            wrong.setdefault(at, _unknown())
        ids.append(person)
    return NumberedPeople(ids, wrong)


def people_with_account(work: "UnitOfWork", person_ids: Collection[int]) -> set[int]:
    """Those of some persons who have a bank account in use; right and area are the caller's."""
    wanted, found = sorted(set(person_ids)), set()
    for part in in_parts(wanted):
        asked = select(col(BankAccount.person_id)).where(
            col(BankAccount.person_id).in_(part), col(BankAccount.valid_to).is_(None)
        )
        found.update(number for number in work.session.connection().scalars(asked) if number)
    return found


def _unknown() -> Objection:
    return Objection(
        reason=_("没有登记过这个身份证号码的人，或不在你的辖区；请先登记"), field="citizen_id", code="E_ID_UNKNOWN"
    )


def _visible_ids(work: "UnitOfWork", ids: Sequence[int], permission: str) -> set[int]:
    found: set[int] = set()
    for part in in_parts(ids):
        asked = select(col(Person.id)).where(col(Person.id).in_(part), visible(work, permission))
        found.update(number for number in work.session.connection().scalars(asked) if number)
    return found
