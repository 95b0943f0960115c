"""Members who refused suitable jobs as often in a row as the rule allows, or more."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from plugins.casework.api import case_facts
from plugins.dibao.models import JobRefusal
from plugins.dibao.services.jobs import refusals_in_a_row

if TYPE_CHECKING:
    from core.api import UnitOfWork


def often_refused(work: "UnitOfWork", limit: int = 50) -> list[dict[str, Any]]:
    """Who refused too often, with the case, within the reader's areas."""
    most = work.policy("dibao.job_refusals")
    asked = (
        select(col(JobRefusal.person_id), func.max(col(JobRefusal.case_id)).label("case_id"))
        .where(col(JobRefusal.refused).is_(True), col(JobRefusal.good_reason) == "")
        .group_by(col(JobRefusal.person_id))
        .having(func.count() >= most)
        .limit(limit)
    )
    found = []
    for row in work.session.execute(asked):
        case = case_facts(work, row.case_id)
        if work.may("dibao.recompute", case.area) and refusals_in_a_row(work, row.person_id) >= most:
            found.append({"case": case.number, "area": case.area, "person_id": row.person_id})
    return found
