"""What lives bring: a death, two records that are one person. Visits go back to their plan; the history stays."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from core.api import Merges, Moves, Objection, People, Period, UnitOfWork, _, batch_facts
from plugins.double_support.models import MeritNews, Plan, Plaque, SchoolRequest, Spouse, Visit
from plugins.double_support.queries import rows_in
from plugins.double_support.services.common import moved, note
from plugins.double_support.services.families import OPEN, end_subsidy
from plugins.double_support.services.units import NOT_SENT

DEATH, LEFT = "death", "moved away"
FOLLOWING = ((Visit, "visit"), (Plaque, "plaque"), (MeritNews, "news"), (Spouse, "spouse"), (SchoolRequest, "school"))


def follow_deaths(work: UnitOfWork, deaths: People) -> None:
    """A household on a list goes back to its plan, a spouse's registration ends; taken back with the death."""
    ids = deaths.ids.tolist()
    if deaths.revoked:
        _list_again(work, ids, DEATH)
        _open_again(work, ids)
        return
    _give_back(work, ids, DEATH)
    for one in rows_in(work, Spouse, Spouse.person_id, ids):
        if one.state in OPEN:
            end_subsidy(work, one, Period.of(work.today))
            one.state_before, one.state, one.state_on, one.reason = one.state, "ended", work.today, DEATH
            moved(work, one)
            note(work, "spouse_stepped", "spouse", one, reason=DEATH, state="ended")


def _give_back(work: UnitOfWork, ids: Sequence[int], reason: str) -> None:
    for one in rows_in(work, Visit, Visit.person_id, ids):
        sent = one.batch_id is not None and batch_facts(work, one.batch_id).state not in NOT_SENT
        if one.state == "listed" and not sent:
            one.state, one.reason = "returned", reason
            moved(work, one)
            note(work, "visit_returned", "visit", one, reason=reason)


def _list_again(work: UnitOfWork, ids: Sequence[int], reason: str) -> None:
    for one in rows_in(work, Visit, Visit.person_id, ids):
        plan = work.session.get_one(Plan, one.plan_id)
        if one.state == "returned" and one.reason == reason and plan.state in ("planned", "listed", "funded"):
            one.state, one.reason = "listed", ""
            moved(work, one)
            note(work, "visit_relisted", "visit", one)


def _open_again(work: UnitOfWork, ids: Sequence[int]) -> None:
    for one in rows_in(work, Spouse, Spouse.person_id, ids):
        if one.state == "ended" and one.reason == DEATH:
            # What the subsidy was is decided anew: its stretch ended with the month of the record.
            one.state = "registered" if one.state_before == "subsidised" else one.state_before
            one.state_on, one.reason, one.state_before = work.today, "", ""
            moved(work, one)
            note(work, "spouse_stepped", "spouse", one, state=one.state)


def follow_moves(work: UnitOfWork, moves: Moves) -> None:
    """A household that left the county goes back to its plan; within the county its lines follow it."""
    rows = zip(moves.ids.tolist(), moves.from_areas.tolist(), moves.to_areas.tolist(), strict=True)
    for person, left, reached in rows:
        area = left if moves.revoked else reached
        if not area:
            _give_back(work, [person], LEFT)
            continue
        if moves.revoked:
            _list_again(work, [person], LEFT)
        for model, word in FOLLOWING:
            for one in rows_in(work, model, model.person_id, [person]):
                if one.state in ("listed", "issued", "hung", "damaged", "received", "open", *OPEN):
                    before, one.area = one.area, area
                    moved(work, one)
                    work.record(
                        "double_support.moved_along", f"double_support_{word}:{one.id}", area=before,
                        before={"area": before}, after={"area": area},
                    )  # fmt: skip


def follow_merges(work: UnitOfWork, merges: Merges) -> None:
    """Files follow the record that stays; of two lines of one festival, two plaques, two registrations one goes."""
    for gone, kept in zip(merges.gone_ids.tolist(), merges.kept_ids.tolist(), strict=True):
        for model, word in FOLLOWING:
            if merges.revoked:
                asked = select(model).where(col(model.first_person_id) == gone, col(model.person_id) == kept)
                for one in work.session.scalars(asked).all():
                    _follow(work, one, word, gone)
                continue
            standing = rows_in(work, model, model.person_id, [kept])
            for one in rows_in(work, model, model.person_id, [gone]):
                if not _clashes(one, standing):
                    _follow(work, one, word, kept)


def _clashes(one: Any, standing: Sequence[Any]) -> bool:
    """Whether both records stand where only one may; such a file stays with its first record for an officer to see."""
    if isinstance(one, Visit):
        return one.state != "returned" and any(
            other.state != "returned" and (other.year, other.festival) == (one.year, one.festival) for other in standing
        )
    return isinstance(one, Spouse) and one.state != "ended" and any(other.state != "ended" for other in standing)


def _follow(work: UnitOfWork, one: Any, word: str, person: int) -> None:
    one.person_id = person
    moved(work, one)
    note(work, "joined", word, one, person=person)


def erasure_objections(work: UnitOfWork, people: People) -> Iterable[Objection]:
    """Whoever is on a list, has a plaque, news, a registration or a request stays: files are kept."""
    ids = people.ids.tolist()
    if any(rows_in(work, model, model.person_id, ids) for model, _word in FOLLOWING):
        return [Objection(reason=_("有双拥档案，不能清除"), code="E_DBL_KEPT")]
    return []
