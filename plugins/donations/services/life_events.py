"""What becomes of donors and beneficiaries when persons die, are merged or are to be erased."""

from collections.abc import Iterable

from sqlalchemy import func, select, update
from sqlmodel import col

from core.api import Merges, Objection, People, UnitOfWork, _
from plugins.donations.models import Donor, Spending, Tie


def follow_merges(work: UnitOfWork, merges: Merges) -> None:
    """Donors and interests follow the record that stays; spendings keep the record they were made with. Revocable.

    A spending's person is read through the core, which knows what a merged record became.
    """
    for gone, kept in zip(merges.gone_ids.tolist(), merges.kept_ids.tolist(), strict=True):
        if merges.revoked:
            continue  # whose donor it was cannot be told from the row any more; staff edit the donor
        moved = 0
        for model in (Donor, Tie):
            done = work.session.connection().execute(
                update(model).where(col(model.person_id) == gone).values(person_id=kept)
            )
            moved += done.rowcount
        if moved:
            work.record("donations.joined_records", f"person:{kept}", after={"person": kept})


def erasure_objections(work: UnitOfWork, people: People) -> Iterable[Objection]:
    """Whoever gave or was helped stays: gifts and their use are kept for ever."""
    ids = people.ids.tolist()
    gave = work.session.scalar(select(func.count()).where(col(Donor.person_id).in_(ids)))
    got = work.session.scalar(select(func.count()).where(col(Spending.person_id).in_(ids)))
    if gave or got:
        return [Objection(reason=_("有捐赠或慈善救助记录，不能清除"), code="E_KEPT")]
    return []
