"""Who of a panel must leave when a case is voted on: members of the family, and whose near relative is counted."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from core.api import facts_of, people_in
from plugins.casework.api import relatives_of
from plugins.democratic_review.models import Member, Relative

if TYPE_CHECKING:
    from core.api import UnitOfWork
    from plugins.casework.api import CaseFacts


def must_leave(work: "UnitOfWork", case: "CaseFacts", members: Sequence[Member]) -> dict[int, str]:
    """Members who must leave by number, with the relation that is known of them.

    The family is who is counted and who belongs to the household. A member whose name alone is known and is the name
    of somebody counted must leave too: nobody can tell that it is another person until the number is entered. So must
    who was registered with the case as a near relative. A merged record counts as the one that took it over.
    """
    obliging = set(work.policy("democratic_review.recusal_relations", area=case.area))
    counted = {*case.member_ids, case.applicant_id}
    asked = select(col(Relative.member_id), col(Relative.person_id), col(Relative.relation)).where(
        col(Relative.member_id).in_([one.id for one in members])
    )
    declared = work.session.execute(asked).all()
    family = counted | set(people_in(work, [case.household_id]))
    seated = {one.person_id for one in members if one.person_id is not None}
    facts = facts_of(work, family | seated | {row.person_id for row in declared})
    kept = {asked_for: one.id for asked_for, one in facts.items()}
    at_home = {kept.get(person, person) for person in family}
    names = {facts[person].name for person in counted if person in facts}
    found: dict[int, str] = {}
    for one in members:
        inside = kept.get(one.person_id, one.person_id) in at_home if one.person_id else one.name in names
        if inside:
            found[one.id or 0] = "household"
    registered = {one.staff_name: one.relation for one in relatives_of(work, case.id)}
    found |= {one.id or 0: registered[one.name] for one in members if one.name in registered}
    for row in declared:
        if kept.get(row.person_id, row.person_id) in at_home:
            found[row.member_id] = row.relation
    return {member: relation for member, relation in found.items() if relation in obliging}
