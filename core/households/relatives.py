"""Who heads the household of a person and who lives in one, for many at once; right and area are the caller's."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from core.bulk import in_parts
from core.households.models.households import Household, Membership

if TYPE_CHECKING:
    from core.work import UnitOfWork


def heads_of(work: "UnitOfWork", person_ids: Collection[int]) -> dict[int, int]:
    """The head of the household each person belongs to now; who belongs to none is absent."""
    wanted, found = sorted(set(person_ids)), {}
    for part in in_parts(wanted):
        asked = (
            select(col(Membership.person_id), col(Household.head_id))
            .join(Household, col(Household.id) == col(Membership.household_id))
            .where(
                col(Membership.person_id).in_(part),
                col(Membership.valid_to).is_(None),
                col(Household.head_id).is_not(None),
            )
        )
        found.update((row.person_id, row.head_id) for row in work.session.connection().execute(asked))
    return found


def people_in(work: "UnitOfWork", household_ids: Collection[int]) -> list[int]:
    """The persons who belong to some households now, or did to the last."""
    asked = select(col(Membership.person_id)).where(col(Membership.household_id).in_(sorted(set(household_ids))))
    return sorted(set(work.session.connection().scalars(asked)))
