"""What lives bring: a family in payment is computed anew after a birth or a release; deaths come through casework."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlmodel import col

from core.api import Clash, Merges, Objection, People, Period, UnitOfWork, _
from plugins.casework.api import amend, find_case, open_case_of
from plugins.dibao.models import Assessment, IncomeItem, JobRefusal, MarginFamily
from plugins.dibao.services.calculating import calculate
from plugins.dibao.words import SCHEME

if TYPE_CHECKING:
    from plugins.dibao.wishes import Recompute

_PAID = ("approved", "active", "phasing_out")
RECOMPUTE = "dibao.recompute"


def recompute(work: UnitOfWork, number: str, wish: "Recompute") -> dict[str, object]:
    """Compute a family in payment anew after a birth, a release, a graduation: from a month on, or from the next."""
    work.require(RECOMPUTE)
    case = find_case(work, number, RECOMPUTE)
    month = str(Period(wish.effective_month)) if wish.effective_month else str(Period.of(work.today).next())
    if case.type != SCHEME or case.state not in _PAID:
        raise Clash(_("只有在保家庭可以重新测算"))
    found = amend(work, case.id, month, wish.reason)
    calculate(work, found)
    return {"case": found.number, "state": found.state, "from_month": month, "monthly_fen": found.monthly_fen}


def follow_merges(work: UnitOfWork, merges: Merges) -> None:
    """What was declared of a record that was joined is the other's; a separation leaves it with who it was said of."""
    if merges.revoked:
        return
    for gone, kept in zip(merges.gone_ids.tolist(), merges.kept_ids.tolist(), strict=True):
        for model in (IncomeItem, JobRefusal, MarginFamily):
            moving = update(model).where(col(model.person_id) == gone)
            work.session.execute(moving.values(person_id=kept), execution_options={"synchronize_session": False})
        current = col(Assessment.dropped_at).is_(None)
        own = select(col(Assessment.case_id)).where(col(Assessment.person_id) == kept, current)
        cases = set(work.session.scalars(own))
        theirs = select(Assessment).where(col(Assessment.person_id) == gone)
        for row in work.session.scalars(theirs).all():
            if row.dropped_at is None and row.case_id in cases:
                row.dropped_at = work.now
            row.person_id = kept
            work.session.add(row)
        work.session.flush()


def erasure_objections(work: UnitOfWork, people: People) -> Iterator[Objection]:
    """Object to data being erased of somebody in a family that is applying or in payment."""
    if any(open_case_of(work, person, SCHEME) is not None for person in people.ids.tolist()):
        yield Objection(reason=_("还在低保申请或在保家庭中，不能清除个人信息"), code="E_IN_PAYMENT")
