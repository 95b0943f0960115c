"""Members who refused suitable jobs as often in a row as the rule allows, or more."""

from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import in_parts
from plugins.casework.api import facts_of_cases
from plugins.dibao.models import JobRefusal

if TYPE_CHECKING:
    from core.api import UnitOfWork


def often_refused(work: "UnitOfWork") -> list[dict[str, Any]]:
    """Who refused too often, with the case, within the reader's areas."""
    most = work.policy("dibao.job_refusals")
    asked = (
        select(col(JobRefusal.person_id), func.max(col(JobRefusal.case_id)).label("case_id"))
        .where(col(JobRefusal.refused).is_(True), col(JobRefusal.good_reason) == "")
        .group_by(col(JobRefusal.person_id))
        .having(func.count() >= most)
    )
    rows = work.session.execute(asked).all()
    cases = facts_of_cases(work, [row.case_id for row in rows])
    in_a_row = refusals_of(work, [row.person_id for row in rows])
    return [
        {"case": case.number, "area": case.area, "person_id": row.person_id}
        for row in rows
        if work.may("dibao.recompute", (case := cases[row.case_id]).area) and in_a_row[row.person_id] >= most
    ]


def refusals_of(work: "UnitOfWork", person_ids: Collection[int]) -> dict[int, int]:
    """How many offers each refused without a good reason since the last one that was taken."""
    asked = select(JobRefusal).order_by(col(JobRefusal.offered_on).desc(), col(JobRefusal.id).desc())
    rows: defaultdict[int, list[JobRefusal]] = defaultdict(list)
    for part in in_parts(list(person_ids)):
        for one in work.session.scalars(asked.where(col(JobRefusal.person_id).in_(part))):
            rows[one.person_id].append(one)
    return {person: _in_a_row(rows[person]) for person in person_ids}


def _in_a_row(newest_first: Collection[JobRefusal]) -> int:
    count = 0
    for one in newest_first:
        if not one.refused:
            break
        count += not one.good_reason
    return count
