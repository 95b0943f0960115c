"""Two records that may be one person: found by rule, decided by two people, and undone when it was wrong.

Handbook: identity and household, section 8. A rule only suspects: no pair is ever called certain, and nothing is
merged by itself.
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, func, insert, literal, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from core.errors import Clash, NotFound, refuse
from core.households.models.duplicates import Candidate
from core.identity.corrections import merge_people
from core.identity.events import MERGE, find_event
from core.identity.models.history import LifeEvent, Proposal
from core.identity.models.persons import Person
from core.identity.second_person import take_back
from core.scope import scoped, within
from core.texts import _, mark

if TYPE_CHECKING:
    from core.work import UnitOfWork

SAME_NAME, SAME_PHONE = "name_birth_village", "phone_birth"
REASONS = {SAME_NAME: mark("同名、同出生日期、同村"), SAME_PHONE: mark("同电话、同出生日期")}
"""Why a pair is suspected, in words."""

STATES = ("open", "proposed", "merged", "different")

_LIMIT = 1_000


def find_candidates(work: "UnitOfWork") -> int:
    """Queue every new suspected pair, up to a thousand a run; answers how many were new."""
    work.require("household.compare")
    first, second = aliased(Person), aliased(Person)
    found = 0
    for reason, same in (
        (SAME_NAME, (col(first.name) == col(second.name)) & (col(first.hukou_area) == col(second.hukou_area))),
        (SAME_PHONE, col(first.phone_index) == col(second.phone_index)),
    ):
        known = select(col(Candidate.id)).where(
            col(Candidate.first_id) == first.id, col(Candidate.second_id) == second.id
        )
        pairs = (
            select(col(first.id), col(second.id), literal(reason), col(first.hukou_area))
            .join(second, same & (col(first.birth_date) == col(second.birth_date)) & (col(first.id) < col(second.id)))
            .where(
                col(first.merged_into).is_(None),
                col(second.merged_into).is_(None),
                col(first.erased_on).is_(None),
                ~known.exists(),
            )
            .limit(_LIMIT)
        )
        rows = work.session.execute(_seen(work, pairs, first)).all()
        if rows:
            names = ("first_id", "second_id", "reason", "area")
            values = [{**dict(zip(names, row, strict=True)), "state": "open", "found_at": work.now} for row in rows]
            work.session.execute(insert(Candidate), values)
        found += len(rows)
    if found:
        work.record("household.duplicates_found", "candidate", found=found)
    return found


def queue_candidates(work: "UnitOfWork") -> None:
    """The job: queue every new suspected pair."""
    find_candidates(work)


def list_candidates(
    work: "UnitOfWork", state: str = "open", *, after: int = 0, limit: int = 50
) -> list[dict[str, Any]]:
    """Suspected pairs in the reader's areas behind a number, with what they have in common; never called certain."""
    work.require("household.compare")
    first, second = aliased(Person), aliased(Person)
    statement = (
        select(Candidate, col(first.name), col(second.name), col(first.birth_date))
        .join(first, col(first.id) == col(Candidate.first_id))
        .join(second, col(second.id) == col(Candidate.second_id))
        .where(col(Candidate.state) == state, col(Candidate.id) > after)
    )
    statement = scoped(work, statement, Candidate.area, "household.compare").where(_in_sight(work, second))
    rows = work.session.execute(statement.order_by(col(Candidate.id)).limit(limit))
    return [
        {
            "id": row.Candidate.id,
            "first": {"id": row.Candidate.first_id, "name": row[1]},
            "second": {"id": row.Candidate.second_id, "name": row[2]},
            "birth_date": row[3],
            "reason": row.Candidate.reason,
            "reason_name": _(REASONS.get(row.Candidate.reason, row.Candidate.reason)),
            "area": row.Candidate.area,
            "state": row.Candidate.state,
            "proposed_by": row.Candidate.proposed_by,
        }
        for row in rows
    ]


def show_candidate(work: "UnitOfWork", candidate_id: int) -> dict[str, Any]:
    """One suspected pair, in whatever state; raises ``NotFound`` when one of the two lies outside the area."""
    found = _candidate(work, candidate_id, "household.compare", *STATES)
    return {
        "id": found.id,
        "ids": (found.first_id, found.second_id),
        "state": found.state,
        "reason_name": _(REASONS.get(found.reason, found.reason)),
        "area": found.area,
        "proposed_by": found.proposed_by,
    }


def propose_same(work: "UnitOfWork", candidate_id: int, reason: str) -> Candidate:
    """Say that the two are one person; somebody else decides."""
    candidate = _candidate(work, candidate_id, "household.compare", "open")
    if not reason.strip():
        raise refuse(_("请写明核对依据"), field="reason", code="E_REASON")
    candidate.state, candidate.proposed_by = "proposed", work.actor.account_id
    work.session.add(candidate)
    work.record("household.duplicate_proposed", f"candidate:{candidate_id}", area=candidate.area, reason=reason)
    return candidate


def decide_same(work: "UnitOfWork", candidate_id: int, reason: str) -> LifeEvent:
    """Confirm as the second person: the younger record goes into the older one, and the plugins hear of it."""
    candidate = _candidate(work, candidate_id, "household.decide_duplicate", "proposed")
    _refuse_same_person(work, candidate)
    event = merge_people(work, candidate.second_id, candidate.first_id, reason, candidate.proposed_by or 0)
    _decide(work, candidate, "merged")
    work.record("household.duplicate_merged", f"candidate:{candidate_id}", area=candidate.area, reason=reason)
    return event


def decide_different(work: "UnitOfWork", candidate_id: int, reason: str) -> Candidate:
    """Say as the second person that they are two; the pair does not come up again."""
    candidate = _candidate(work, candidate_id, "household.decide_duplicate", "proposed")
    _refuse_same_person(work, candidate)
    _decide(work, candidate, "different")
    work.record("household.duplicate_dismissed", f"candidate:{candidate_id}", area=candidate.area, reason=reason)
    return candidate


def undo_decision(work: "UnitOfWork", candidate_id: int, reason: str) -> LifeEvent | Proposal | None:
    """Take a decision back: a merge is undone with its consequences (by a second person), the pair is open again."""
    candidate = _candidate(work, candidate_id, "household.compare", "merged", "different")
    undone: LifeEvent | Proposal | None = None
    if candidate.state == "merged":
        undone = take_back(work, find_event(work, candidate.second_id, MERGE).id or 0, reason)
    if not isinstance(undone, Proposal):
        reopen(work, [(candidate.first_id, candidate.second_id)])
    work.record("household.duplicate_undone", f"candidate:{candidate_id}", area=candidate.area, reason=reason)
    return undone


def reopen(work: "UnitOfWork", pairs: list[tuple[int, int]]) -> None:
    """Put pairs back among the open ones, when a merge was taken back."""
    for first, second in pairs:
        work.session.execute(
            update(Candidate)
            .where(col(Candidate.first_id) == first, col(Candidate.second_id) == second)
            .values(state="open", proposed_by=None, decided_by=None, decided_at=None)
        )


def _seen(work: "UnitOfWork", pairs: Select[*tuple[Any, ...]], first: Any) -> Select[Any]:
    return scoped(work, pairs, first.hukou_area, "household.compare")


def _candidate(work: "UnitOfWork", candidate_id: int, permission: str, *states: str) -> Candidate:
    work.require(permission)
    second = aliased(Person)
    statement = (
        select(Candidate)
        .join(second, col(second.id) == col(Candidate.second_id))
        .where(col(Candidate.id) == candidate_id)
    )
    statement = scoped(work, statement, Candidate.area, permission).where(_in_sight(work, second))
    found = work.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这一对疑似重复，或不在你的辖区"))
    if found.state not in states:
        raise Clash(_("这一对的状态已变，请刷新后再办"))
    return found


def _in_sight(work: "UnitOfWork", second: Any) -> ColumnElement[bool]:
    """A pair is found by one record's area; the other of it may lie in another town."""
    areas = work.areas("household.compare")
    return or_(within(second.hukou_area, areas), within(second.residence_area, areas))


def _refuse_same_person(work: "UnitOfWork", candidate: Candidate) -> None:
    if candidate.proposed_by == work.actor.account_id:
        raise refuse(_("提出的人不能自己确认，请由另一人办理"), code="E_SECOND_PERSON")


def _decide(work: "UnitOfWork", candidate: Candidate, state: str) -> None:
    candidate.state, candidate.decided_by, candidate.decided_at = state, work.actor.account_id, work.now
    work.session.add(candidate)
    work.session.flush()


def waiting_for(work: "UnitOfWork") -> int:
    """How many pairs wait for this reader's decision; for the desk."""
    second = aliased(Person)
    statement = (
        select(func.count())
        .select_from(Candidate)
        .join(second, col(second.id) == col(Candidate.second_id))
        .where(col(Candidate.state) == "proposed", col(Candidate.proposed_by) != work.actor.account_id)
        .where(_in_sight(work, second))
    )
    return work.session.scalar(scoped(work, statement, Candidate.area, "household.decide_duplicate")) or 0
