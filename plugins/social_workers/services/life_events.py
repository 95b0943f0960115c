"""What lives bring: a worker or client who died, a move, two records that are one person. The history stays."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from core.api import Merges, Moves, Objection, People, UnitOfWork, _, in_parts
from plugins.social_workers.models import Case, EventPerson, ExamSignup, GroupMember, Trainee, Visit, Worker
from plugins.social_workers.services.common import moved

DEATH, MERGED = "death", "merged"


def follow_deaths(work: UnitOfWork, deaths: People) -> None:
    """A worker who died leaves the register; a client's open cases end. Both are taken back with the death."""
    ids = deaths.ids.tolist()
    for one in _of(work, Worker, Worker.person_id, ids):
        if deaths.revoked and one.reason == DEATH:
            _list(work, one, "listed", "")
        elif not deaths.revoked and one.state == "listed":
            _list(work, one, "removed", DEATH)
    for case in _of(work, Case, Case.client_id, ids):
        if deaths.revoked and case.ending == "died" and case.reason == DEATH and case.stage_before:
            case.stage, case.stage_before = case.stage_before, ""
            case.closed_on, case.reason, case.ending = None, "", ""
            _case(work, case)
        elif not deaths.revoked and case.closed_on is None:
            case.stage_before, case.stage = case.stage, "ended"
            case.closed_on, case.ending, case.reason = work.today, "died", DEATH
            _case(work, case)


def _case(work: UnitOfWork, case: Case) -> None:
    case.stage_on = work.today
    moved(work, case)
    after = {"stage": case.stage}
    work.record("social_workers.case_staged", f"social_workers_case:{case.id}", area=case.area, after=after)


def _list(work: UnitOfWork, one: Worker, state: str, reason: str) -> None:
    one.state, one.state_on, one.reason = state, work.today, reason
    moved(work, one)
    subject = f"social_worker:{one.id}"
    work.record("social_workers.worker_removed", subject, area=one.area, reason=reason, after={"state": state})


def follow_moves(work: UnitOfWork, moves: Moves) -> None:
    """A worker's file goes to the new village; who left the county no longer lives here."""
    rows = zip(moves.ids.tolist(), moves.from_areas.tolist(), moves.to_areas.tolist(), strict=True)
    for person, left, reached in rows:
        area = left if moves.revoked else reached
        for one in _of(work, Worker, Worker.person_id, [person]):
            before = {"area": one.area, "lives_here": one.lives_here}
            one.area, one.lives_here = area or one.area, bool(area)
            moved(work, one)
            work.record(
                "social_workers.worker_moved", f"social_worker:{one.id}", area=before["area"], before=before,
                after={"area": one.area, "lives_here": one.lives_here},
            )  # fmt: skip


def follow_merges(work: UnitOfWork, merges: Merges) -> None:
    """One person has one file: it follows the record that stays; of two the later one is closed. Revocable."""
    for gone, kept in zip(merges.gone_ids.tolist(), merges.kept_ids.tolist(), strict=True):
        if merges.revoked:
            _give_back(work, gone, kept)
            continue
        standing = _of(work, Worker, Worker.person_id, [kept])
        for one in _of(work, Worker, Worker.person_id, [gone]):
            if standing and one.state == "listed":
                _list(work, one, "removed", MERGED)
            elif not standing:
                _follow(work, one, kept)
        for case in _of(work, Case, Case.client_id, [gone]):
            _client(work, case, kept)


def _follow(work: UnitOfWork, one: Worker, person: int) -> None:
    one.person_id = person
    moved(work, one)
    work.record("social_workers.worker_joined", f"social_worker:{one.id}", area=one.area, after={"person": person})


def _client(work: UnitOfWork, case: Case, person: int) -> None:
    case.client_id = person
    moved(work, case)
    work.record("social_workers.client_joined", f"social_workers_case:{case.id}", area=case.area)


def _give_back(work: UnitOfWork, gone: int, kept: int) -> None:
    asked = select(Worker).where(col(Worker.first_person_id) == gone, col(Worker.person_id) == kept)
    for one in work.session.scalars(asked).all():
        _follow(work, one, gone)
    for one in _of(work, Worker, Worker.person_id, [gone]):
        if one.reason == MERGED:
            _list(work, one, "listed", "")
    opened = select(Case).where(col(Case.first_client_id) == gone, col(Case.client_id) == kept)
    for case in work.session.scalars(opened).all():
        _client(work, case, gone)


def _of(work: UnitOfWork, model: Any, column: Any, person_ids: Sequence[int]) -> list[Any]:
    found: list[Any] = []
    for part in in_parts(person_ids):
        asked = select(model).where(col(column).in_(part))
        found.extend(work.session.scalars(asked.order_by(model.id)))
    return found


def erasure_objections(work: UnitOfWork, people: People) -> Iterable[Objection]:
    """Whoever is or was a social worker or client stays: files are kept."""
    ids = people.ids.tolist()
    kept = (
        (Worker, Worker.person_id),
        (Case, Case.client_id),
        (GroupMember, GroupMember.person_id),
        (EventPerson, EventPerson.person_id),
        (Visit, Visit.person_id),
        (Trainee, Trainee.person_id),
        (ExamSignup, ExamSignup.person_id),
    )
    if any(_of(work, model, column, ids) for model, column in kept):
        return [Objection(reason=_("有社会工作档案，不能清除"), code="E_SW_KEPT")]
    return []
