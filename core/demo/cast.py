"""Who plays a part in the demo county: people drawn by age and place, the same ones for the same seed."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlmodel import col

from core.errors import Fault
from core.households.models import Household, Membership
from core.identity.models import Person
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

    ``town`` is the code of the town whose officer is among the staff.
    """

    town = TOWN

    def __init__(self, seed: str) -> None:
        self.dice = Random(seed)  # noqa: S311 - what is invented should be the same each time
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
            rest = [one for one in self._new(work, asked) if one not in inside]
            if len(rest) < count - len(found):
                raise Fault(f"the demo county is too small: {count} people of {least} to {most} years")
            found += self.dice.sample(rest, count - len(found))
        self._drawn.update(found)
        return found

    def _new(self, work: "UnitOfWork", asked: Any) -> list[int]:
        return [one for one in work.session.scalars(asked) if one not in self._drawn]

    def households(self, work: "UnitOfWork", count: int, *, area: str = "") -> list[int]:
        """Ids of so many households with two members or more, none of them drawn before; those of ``area`` first."""
        members = func.count().label("members")
        asked = (
            select(col(Household.id), col(Household.area))
            .join(Membership, col(Membership.household_id) == col(Household.id))
            .where(col(Household.closed_on).is_(None), col(Membership.valid_to).is_(None))
            .group_by(col(Household.id), col(Household.area))
            .having(members > 1)
            .order_by(col(Household.id))
        )
        rows = [row for row in work.session.execute(asked) if row[0] not in self._homes]
        near = [row[0] for row in rows if row[1].startswith(area)]
        found = self.dice.sample(near, min(count, len(near)))
        rest = [row[0] for row in rows if row[0] not in near]
        found += self.dice.sample(rest, count - len(found))
        self._homes.update(found)
        return found

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
