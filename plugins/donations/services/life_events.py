"""What becomes of donors, beneficiaries and pairs when records are merged, households move, people are to be erased."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import col

from core.api import HouseholdChanges, Merges, Objection, People, UnitOfWork, _
from plugins.donations.models import Donor, Pair, Spending, Tie

_FOLLOWING: tuple[Any, ...] = (Donor, Tie, Spending)


def follow_merges(work: UnitOfWork, merges: Merges) -> None:
    """Donors, interests and aid follow the record that stays; when it is taken back, to the record they began with."""
    for gone, kept in zip(merges.gone_ids.tolist(), merges.kept_ids.tolist(), strict=True):
        if not merges.revoked:
            _end_twins(work, gone, kept)
        moved = sum(_move(work, model, gone, kept, revoked=merges.revoked) for model in _FOLLOWING)
        if moved:
            at = gone if merges.revoked else kept
            work.record("donations.joined_records", f"person:{at}", after={"person": at})


def _end_twins(work: UnitOfWork, gone: int, kept: int) -> None:
    """An interest that both records have is declared once."""
    there = select(col(Tie.donor_id)).where(
        col(Tie.person_id) == kept, col(Tie.ended_on).is_(None), col(Tie.donor_id).is_not(None)
    )
    donors = list(work.session.scalars(there))
    twins = (col(Tie.person_id) == gone) & col(Tie.ended_on).is_(None) & col(Tie.donor_id).in_(donors)
    work.session.connection().execute(update(Tie).where(twins).values(ended_on=work.today))


def _move(work: UnitOfWork, model: Any, gone: int, kept: int, *, revoked: bool) -> int:
    if revoked:
        mine, to = (model.first_person_id == gone) & (model.person_id == kept), gone
    else:
        mine, to = model.person_id == gone, kept
    return work.session.connection().execute(update(model).where(mine).values(person_id=to)).rowcount


def follow_households(work: UnitOfWork, changes: HouseholdChanges) -> None:
    """A pairing is handled where its household lives."""
    where = dict(zip(changes.ids.tolist(), changes.areas.tolist(), strict=True))
    asked = select(Pair).where(col(Pair.household_id).in_(where), col(Pair.state) != "ended")
    for one in work.session.scalars(asked).all():
        if where[one.household_id] == one.area:
            continue
        before = {"area": one.area}
        one.area = where[one.household_id]
        one.version += 1
        work.session.add(one)
        work.session.flush()
        after = {"area": one.area}
        work.record("donations.pair_moved", f"donations_pair:{one.id}", area=one.area, before=before, after=after)


def erasure_objections(work: UnitOfWork, people: People) -> Iterable[Objection]:
    """Whoever gave or was helped stays: gifts and their use are kept for ever."""
    ids = people.ids.tolist()
    gave = work.session.scalar(select(func.count()).where(col(Donor.person_id).in_(ids)))
    got = work.session.scalar(select(func.count()).where(col(Spending.person_id).in_(ids)))
    if gave or got:
        return [Objection(reason=_("有捐赠或慈善救助记录，不能清除"), code="E_KEPT")]
    return []
