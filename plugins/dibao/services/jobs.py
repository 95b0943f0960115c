"""Suitable jobs that were offered to members able to work, and what came of them."""

from typing import TYPE_CHECKING, Any

from core.api import _, refuse
from plugins.casework.api import find_case
from plugins.dibao import codes
from plugins.dibao.models import JobRefusal
from plugins.dibao.refusals import refusals_of
from plugins.dibao.wishes import RefuseJob

if TYPE_CHECKING:
    from core.api import UnitOfWork

RIGHT = "dibao.assess"


def record_offer(work: "UnitOfWork", number: str, wish: RefuseJob) -> dict[str, Any]:
    """Record a job that was offered; answers how often in a row the person refused without a good reason."""
    work.require(RIGHT)
    case = find_case(work, number, RIGHT)
    if wish.person_id not in case.member_ids:
        raise refuse(_("不是这个家庭的成员"), field="person_id", code=codes.MEMBER)
    row = JobRefusal(
        case_id=case.id,
        person_id=wish.person_id,
        offered_on=wish.offered_on or work.today,
        offer=wish.offer.strip(),
        refused=not wish.taken,
        good_reason=wish.good_reason.strip(),
        recorded_at=work.now,
        recorded_by=work.actor.account_id,
    )
    work.session.add(row)
    work.session.flush()
    work.record("dibao.job_offered", f"case:{case.number}", area=case.area, person=wish.person_id, refused=row.refused)
    refusals = refusals_of(work, [wish.person_id])[wish.person_id]
    limit = work.policy("dibao.job_refusals", area=case.area)
    return {"id": row.id, "refusals": refusals, "limit": limit, "reached": refusals >= limit}
