"""Facts about persons told to the plugins, in columns."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from core.hookspecs import Merges, Moves, People
from core.households.models.households import Membership
from core.identity.models.persons import Person

if TYPE_CHECKING:
    from core.work import UnitOfWork


def announce_deaths(work: "UnitOfWork", dead: Sequence[Person], on: date, *, revoked: bool = False) -> None:
    """Tell that persons died on a day, or that the record of it was wrong."""
    deaths = columns_of(work, dead, [on] * len(dead), revoked=revoked)
    work.hooks.announce("person_died", work=work, deaths=deaths)


def columns_of(work: "UnitOfWork", persons: Sequence[Person], days: Sequence[date], *, revoked: bool = False) -> People:
    """Persons in columns, each with the day that concerns them, as hooks get them."""
    import numpy as np

    households = _households(work, [person.id for person in persons])
    return People(
        ids=np.array([person.id for person in persons], np.int64),
        areas=np.array([person.hukou_area for person in persons]),
        on=np.array([day.isoformat() for day in days]),
        household_ids=np.array([households.get(person.id, -1) for person in persons], np.int64),
        revoked=revoked,
    )


def announce_move(
    work: "UnitOfWork", person: Person, areas: tuple[str, str], on: date, *, revoked: bool = False
) -> None:
    """Tell that a person moved from one area to another ("" is out of the county), or that it was wrong."""
    import numpy as np

    moves = Moves(
        ids=np.array([person.id], np.int64),
        from_areas=np.array([areas[0]]),
        to_areas=np.array([areas[1]]),
        on=np.array([on.isoformat()]),
        revoked=revoked,
    )
    work.hooks.announce("person_moved", work=work, moves=moves)


def announce_merge(work: "UnitOfWork", gone_id: int, kept_id: int, on: date, *, revoked: bool = False) -> None:
    """Tell that a record went into another, or that they are two persons after all."""
    import numpy as np

    merges = Merges(
        gone_ids=np.array([gone_id], np.int64), kept_ids=np.array([kept_id], np.int64), on=on, revoked=revoked
    )
    work.hooks.announce("people_merged", work=work, merges=merges)


def _households(work: "UnitOfWork", ids: Sequence[int | None]) -> dict[int | None, int]:
    asked = select(col(Membership.person_id), col(Membership.household_id)).where(
        col(Membership.person_id).in_(ids), col(Membership.valid_to).is_(None)
    )
    return {row.person_id: row.household_id for row in work.session.execute(asked)}
