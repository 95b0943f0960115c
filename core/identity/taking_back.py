"""Taking a life event back when it was wrong, with its consequences: a wrong death lets benefits go on."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from core.errors import NotFound, refuse
from core.identity.announcing import announce_deaths, announce_merge, announce_move
from core.identity.corrections import restore_identity
from core.identity.events import CORRECTION, DEATH, MERGE, MOVE, MOVED_OUT, TAKEN_BACK, keep_event, opened, places
from core.identity.indexing import follow, in_index
from core.identity.models.history import LifeEvent
from core.identity.models.persons import Person
from core.identity.queries import seen_person, subject_of
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork


@dataclass(frozen=True)
class _Undoing:
    """An event being taken back: the person and what the event changed."""

    work: "UnitOfWork"
    event: LifeEvent
    person: Person
    before: dict[str, Any]
    after: dict[str, Any]


def standing_event(work: "UnitOfWork", event_id: int) -> tuple[LifeEvent, Person]:
    """An event that can be taken back, with its person; ``NotFound`` outside the area, refused when it is undone."""
    work.require("person.show")
    event = work.session.get(LifeEvent, event_id)
    person = None if event is None else seen_person(work, event.person_id)
    if event is None or person is None:
        raise NotFound(_("没有找到这条记录，或不在你的辖区"))
    done = work.session.execute(select(col(LifeEvent.id)).where(col(LifeEvent.revokes) == event_id)).first()
    if person.erased_on is not None:
        raise refuse(_("这份档案保存期满，已于 {day} 清除，不能撤销", day=person.erased_on), code="E_ERASED")
    if done is not None or event.kind == TAKEN_BACK:
        raise refuse(_("这条记录已经撤销"), code="E_SAME")
    if event.kind != MERGE and person.merged_into is not None:
        raise refuse(_("这份档案已并入 {kept} 号档案，请先撤销合并", kept=person.merged_into), code="E_MERGED")
    return event, person


def undo_event(work: "UnitOfWork", event: LifeEvent, person: Person, reason: str, first: int) -> LifeEvent:
    """Take an event back; ``first`` is who recorded it or asked for this, the actor is the second person.

    The caller has asked for the right. Refused when later facts build on the event.
    """
    indexed = in_index(person)
    undoing = _Undoing(work, event, person, *opened(work, event))
    _UNDO[event.kind](undoing)
    undone = keep_event(
        work,
        person,
        TAKEN_BACK,
        work.today,
        reason=reason,
        before=undoing.after,
        after=undoing.before,
        revokes=event.id,
        recorded_by=first,
        confirmed_by=work.actor.account_id,
    )
    follow(work, indexed, person)
    _TELL[event.kind](undoing)
    work.record(
        f"person.{event.kind}_taken_back",
        subject_of(person),
        area=person.hukou_area,
        reason=reason,
        event=undone.id,
        taken_back=event.id,
        first=first,
    )
    return undone


def _undo_death(undoing: _Undoing) -> None:
    undoing.person.died_on = None


def _undo_move(undoing: _Undoing) -> None:
    person, before = undoing.person, undoing.before
    if places(person) != undoing.after:
        raise refuse(_("此后又有变动，请先撤销后来的记录"), code="E_LATER")
    person.hukou_area, person.residence_area = before["hukou_area"], before["residence_area"]
    person.hukou_since, person.residence_since = _day(before["hukou_since"]), _day(before["residence_since"])
    person.address = before["address"]


def _undo_move_out(undoing: _Undoing) -> None:
    undoing.person.left_county_on = None


def _undo_correction(undoing: _Undoing) -> None:
    restore_identity(undoing.work, undoing.person, undoing.before, undoing.after)


def _undo_merge(undoing: _Undoing) -> None:
    undoing.person.merged_into = None


def _tell_death(undoing: _Undoing) -> None:
    announce_deaths(undoing.work, [undoing.person], undoing.event.happened_on, revoked=True)


def _tell_move(undoing: _Undoing) -> None:
    for name in ("hukou_area", "residence_area"):
        areas = undoing.before[name], undoing.after[name]
        if areas[0] != areas[1]:
            announce_move(undoing.work, undoing.person, areas, undoing.event.happened_on, revoked=True)
            return


def _tell_move_out(undoing: _Undoing) -> None:
    areas = undoing.person.hukou_area, ""
    announce_move(undoing.work, undoing.person, areas, undoing.event.happened_on, revoked=True)


def _tell_nobody(undoing: _Undoing) -> None:
    """A correction stops and starts nothing by itself."""


def _tell_merge(undoing: _Undoing) -> None:
    kept = undoing.after["merged_into"]
    announce_merge(undoing.work, undoing.event.person_id, kept, undoing.event.happened_on, revoked=True)


_UNDO = {
    DEATH: _undo_death,
    MOVE: _undo_move,
    MOVED_OUT: _undo_move_out,
    CORRECTION: _undo_correction,
    MERGE: _undo_merge,
}
_TELL = {
    DEATH: _tell_death,
    MOVE: _tell_move,
    MOVED_OUT: _tell_move_out,
    CORRECTION: _tell_nobody,
    MERGE: _tell_merge,
}


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
