"""Who plays a part in the demo county: people drawn by age and place, the same ones for the same seed."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlmodel import col

from core.errors import Fault
from core.households.models.households import Household, Membership
from core.identity.bank_accounts import NewBankAccount, set_account
from core.identity.events import Death, record_death
from core.identity.models.persons import Person
from core.scope import within

if TYPE_CHECKING:
    from core.work import UnitOfWork

TOWN = "430223103"
"""The town of the township's member of staff: what everybody should see is there."""


Answer = TypeVar("Answer", covariant=True)


class Known(Protocol[Answer]):
    """An act as the plugins keep them in their tables: what it asks for, and what does it."""

    @property
    def wish(self) -> type[BaseModel]:
        """What is asked for."""

    @property
    def do(self) -> Callable[..., Answer]:
        """Called with the unit of work, what it is about, and the wish."""


class Cast:
    """The dice of one plugin, and the people it has not drawn before. One ``Cast`` goes through all its steps.

    ``town`` is the code of the town whose officer is among the staff; ``kept`` holds what a later step has to know and
    no table tells, such as the key of a terminal. ``spoken_for`` is shared by the casts of all plugins: people by the
    benefit they were drawn for, so that nobody is drawn for two that exclude each other.
    """

    town = TOWN

    def __init__(self, seed: str, spoken_for: dict[str, set[int]] | None = None) -> None:
        self.dice = Random(seed)  # noqa: S311 - what is invented should be the same each time
        self.spoken_for = {} if spoken_for is None else spoken_for
        self.kept: dict[str, Any] = {}
        self._drawn: set[int] = set()
        self._homes: set[int] = set()

    def draw(
        self, work: "UnitOfWork", count: int, *, least: int = 20, most: int = 60, area: str = "", sex: int = 0
    ) -> list[int]:
        """So many living people of an age in years, none of them drawn before; ``sex`` is 1, 2 or 0 for both.

        Those of ``area`` come first, people of the rest of the county where it has too few.
        """
        youngest = work.today - timedelta(days=least * 366)
        asked = select(col(Person.id)).where(
            col(Person.died_on).is_(None),
            col(Person.merged_into).is_(None),
            col(Person.birth_date).between(_years_before(work.today, most), youngest),
        )
        if sex:
            asked = asked.where(col(Person.sex) == sex)
        asked = asked.order_by(col(Person.id))
        inside = self._new(work, asked.where(within(col(Person.residence_area), [area])) if area else asked)
        found = self.dice.sample(inside, min(count, len(inside)))
        if len(found) < count:
            near = set(inside)
            rest = [one for one in self._new(work, asked) if one not in near]
            if len(rest) < count - len(found):
                raise Fault(f"the demo county is too small: {count} people of {least} to {most} years")
            found += self.dice.sample(rest, count - len(found))
        self._drawn.update(found)
        return found

    def _new(self, work: "UnitOfWork", asked: Any) -> list[int]:
        return [one for one in work.session.scalars(asked) if one not in self._drawn]

    def households(
        self, work: "UnitOfWork", count: int, *, area: str = "", least: int = 2, most: int = 20
    ) -> list[int]:
        """Ids of so many households with ``least`` to ``most`` members, none drawn before; those of ``area`` first."""
        near = self._new_homes(work, area, least, most)
        found = self.dice.sample(near, min(count, len(near)))
        if len(found) < count:
            known = set(near)
            rest = [one for one in self._new_homes(work, "", least, most) if one not in known]
            found += self.dice.sample(rest, min(count - len(found), len(rest)))
        self._homes.update(found)
        return found

    def _new_homes(self, work: "UnitOfWork", area: str, least: int, most: int) -> list[int]:
        members = func.count()
        asked = (
            select(col(Household.id))
            .join(Membership, col(Membership.household_id) == col(Household.id))
            .where(col(Household.closed_on).is_(None), col(Membership.valid_to).is_(None))
            .group_by(col(Household.id))
            .having(members.between(least, most))
            .order_by(col(Household.id))
        )
        if area:
            asked = asked.where(within(col(Household.area), [area]))
        return [one or 0 for one in work.session.scalars(asked) if one not in self._homes]

    @staticmethod
    def fitting(work: "UnitOfWork", many: int, among: int = 1000) -> int:
        """How many of something a county of this size has: ``many`` with ``among`` households, a few at least."""
        homes = work.session.scalar(select(func.count()).select_from(Household)) or 0
        return min(many, max(3, many * homes // among))

    @staticmethod
    def dies(work: "UnitOfWork", people: Sequence[int], on: date) -> int:
        """The death of the first of some people who still lives is registered; answers who it was."""
        living = select(col(Person.id)).where(col(Person.id).in_(people), col(Person.died_on).is_(None))
        alive = set(work.session.scalars(living))
        person = next(one for one in people if one in alive)
        record_death(work, person, Death(on=on, source="死亡医学证明"))
        return person

    @staticmethod
    def banks(work: "UnitOfWork", person: int, number: str) -> None:
        """Somebody's account at the bank is registered."""
        set_account(work, person, NewBankAccount(number=number))

    @staticmethod
    def act(work: "UnitOfWork", act: Known[Answer], text: object, **given: Any) -> Answer:
        """Do an act of a plugin's table, as its form would."""
        return act.do(work, str(text), act.wish(**given))

    @staticmethod
    def make(
        work: "UnitOfWork", service: Callable[["UnitOfWork", Any], Answer], wish: type[BaseModel], **given: Any
    ) -> Answer:
        """Make something new by a plugin's service, as its form would."""
        return service(work, wish(**given))

    def villages(self, work: "UnitOfWork", area: str = TOWN) -> list[str]:
        """The villages of a town that have people, in the order of their codes."""
        asked = select(col(Person.residence_area)).where(within(col(Person.residence_area), [area])).distinct()
        return sorted(work.session.scalars(asked))


def _years_before(day: date, years: int) -> date:
    return day - timedelta(days=years * 365)
