"""What a merge of two records means for households: the one that stays takes the place, and gives it back if undone."""

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from core.errors import refuse
from core.hookspecs import Merges
from core.households.changes import Changed, list_changes, write_changes
from core.households.duplicates import reopen
from core.households.models.households import Household, Membership
from core.identity.codes import HEAD
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork

_KIND = "record_merged"


def follow_merges(work: "UnitOfWork", merges: Merges) -> None:
    """Let memberships and the queue of suspected pairs follow; within the transaction of the merge."""
    pairs = list(zip(merges.gone_ids.tolist(), merges.kept_ids.tolist(), strict=True))
    if merges.revoked:
        reopen(work, [(min(pair), max(pair)) for pair in pairs])
    for gone, kept in pairs:
        if merges.revoked:
            _give_back(work, gone, kept)
        else:
            _take_place(work, gone, kept)


def _take_place(work: "UnitOfWork", gone: int, kept: int) -> None:
    leaving, standing = _membership(work, gone), _membership(work, kept)
    if leaving is None:
        return
    household = work.session.get_one(Household, leaving.household_id)
    if standing is not None and leaving.relation == HEAD:
        raise refuse(
            _("要并走的档案是 {number} 的户主，请先办理换户主或并户", number=household.number), code="E_HH_HEAD"
        )
    leaving.valid_to = max(leaving.valid_from, work.today - timedelta(days=1))
    work.session.add(leaving)
    work.session.flush()
    if standing is None:
        work.session.add(
            Membership(
                household_id=leaving.household_id, person_id=kept, relation=leaving.relation, valid_from=work.today
            )
        )
        if household.head_id == gone:
            household.head_id = kept
    household.version += 1
    work.session.add(household)
    work.session.flush()
    _keep(
        work, household, gone, {"person": gone, "membership": leaving.id}, {"person": kept if standing is None else 0}
    )


def _give_back(work: "UnitOfWork", gone: int, kept: int) -> None:
    """Undo the latest change of this kind, unless the place was filled in some other way since."""
    found = next((one for one in list_changes(work, f"person:{gone}") if one["kind"] == _KIND), None)
    if found is None or "membership" not in found["before"]:
        return
    membership = work.session.get_one(Membership, found["before"]["membership"])
    household = work.session.get_one(Household, membership.household_id)
    if household.closed_on is not None or _membership(work, gone) is not None:
        return
    if found["after"]["person"] == kept:
        standing = _membership(work, kept)
        if standing is None or standing.household_id != household.id:
            return
        standing.valid_to = max(standing.valid_from, work.today - timedelta(days=1))
        work.session.add(standing)
        work.session.flush()
    relation = membership.relation
    work.session.add(
        Membership(household_id=household.id or 0, person_id=gone, relation=relation, valid_from=work.today)
    )
    if relation == HEAD:
        household.head_id = gone
    household.version += 1
    work.session.add(household)
    work.session.flush()
    _keep(work, household, gone, {"person": kept}, {"person": gone, "relation": relation})


def _membership(work: "UnitOfWork", person: int) -> Membership | None:
    rows = select(Membership).where(col(Membership.person_id) == person, col(Membership.valid_to).is_(None))
    return work.session.scalars(rows).one_or_none()


def _keep(work: "UnitOfWork", household: Household, gone: int, before: dict, after: dict) -> None:
    changed = Changed(subject=f"person:{gone}", kind=_KIND, on=work.today, before=before, after=after)
    sealed = write_changes(work, [changed])
    work.record("household.members_changed", f"household:{household.id}", area=household.area, sealed=sealed)
