"""Life events that one officer records: death, moving within the county, moving out.

An event is never changed; ``taking_back`` writes another that names it. Corrections and merges need two people.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlmodel import col

from core.errors import NotFound, Objection
from core.identity.announcing import announce_deaths, announce_move
from core.identity.indexing import follow, in_index
from core.identity.models.history import LifeEvent
from core.identity.models.persons import Person
from core.identity.queries import id_of, subject_of
from core.identity.rules import area_objection, day_objection, living_record, refuse_all
from core.texts import _, mark

if TYPE_CHECKING:
    from core.work import UnitOfWork

DEATH, MOVE, MOVED_OUT, CORRECTION, MERGE, TAKEN_BACK, ERASED = (
    "death",
    "move",
    "moved_out",
    "correction",
    "merge",
    "taken_back",
    "erased",
)

TITLES = {
    DEATH: mark("死亡"),
    MOVE: mark("县内迁移"),
    MOVED_OUT: mark("迁出本县"),
    CORRECTION: mark("身份更正"),
    MERGE: mark("档案合并"),
    TAKEN_BACK: mark("撤销"),
    ERASED: mark("到期清除"),
}
"""The kinds of events with their names."""

Facts = Mapping[str, Any]
_BEFORE, _AFTER = "identity_event.before_sealed", "identity_event.after_sealed"


class Death(BaseModel):
    """A death: its day and the paper that proves it."""

    on: date = Field(title=mark("日期"))
    source: str = Field(default="", max_length=200, title=mark("依据"))


class Move(BaseModel):
    """A move within the county; None leaves hukou or residence where it is."""

    on: date = Field(title=mark("日期"))
    hukou_area: str | None = Field(default=None, title=mark("户籍地"))
    residence_area: str | None = Field(default=None, title=mark("居住地"))
    address: str | None = Field(default=None, max_length=200, title=mark("详细地址"))
    source: str = Field(default="", max_length=200, title=mark("依据"))


class MoveOut(BaseModel):
    """A move of the hukou out of the county."""

    on: date = Field(title=mark("日期"))
    destination: str = Field(default="", max_length=200, title=mark("迁往哪里"))
    source: str = Field(default="", max_length=200, title=mark("依据"))


def record_death(work: "UnitOfWork", person_id: int, wish: Death) -> LifeEvent:
    """Record that a person died; every benefit hears of it (``person_died``)."""
    person = living_record(work, person_id)
    refuse_all([day_objection(work, wish.on, person), _not_dead(person)])
    person.died_on = wish.on
    event = keep_event(
        work, person, DEATH, wish.on, source=wish.source, before={"died_on": None}, after={"died_on": wish.on}
    )
    announce_deaths(work, [person], wish.on)
    _record(work, "person.died", person, event, after={"died_on": wish.on})
    return event


def record_move(work: "UnitOfWork", person_id: int, wish: Move) -> LifeEvent:
    """Record a move within the county; the plugins hear of it (``person_moved``).

    The household is not moved with the person: that is an act of the household registry.
    """
    person = living_record(work, person_id)
    hukou, residence = wish.hukou_area or person.hukou_area, wish.residence_area or person.residence_area
    refuse_all(
        [
            day_objection(work, wish.on, person),
            _not_dead(person),
            area_objection(work, hukou, "hukou_area") if hukou != person.hukou_area else None,
            area_objection(work, residence, "residence_area") if residence != person.residence_area else None,
            _moves_nowhere(person, hukou, residence, wish.address),
        ]
    )
    before = places(person)
    was, indexed = (person.hukou_area, person.residence_area), in_index(person)
    if hukou != person.hukou_area:
        person.hukou_area, person.hukou_since = hukou, wish.on
    if residence != person.residence_area:
        person.residence_area, person.residence_since = residence, wish.on
    if wish.address is not None:
        person.address = wish.address.strip()
    event = keep_event(work, person, MOVE, wish.on, source=wish.source, before=before, after=places(person))
    follow(work, indexed, person)
    _announce_places(work, person, was, wish.on)
    _record(
        work, "person.moved", person, event, area=was[0], before={"hukou_area": was[0]}, after={"hukou_area": hukou}
    )
    return event


def record_move_out(work: "UnitOfWork", person_id: int, wish: MoveOut) -> LifeEvent:
    """Record that a person's hukou left the county; the plugins hear of it (``person_moved``)."""
    person = living_record(work, person_id)
    gone = None
    if person.left_county_on is not None:
        gone = Objection(reason=_("这个人已于 {day} 迁出", day=person.left_county_on), field="on", code="E_SAME")
    refuse_all([day_objection(work, wish.on, person), _not_dead(person), gone])
    person.left_county_on = wish.on
    after = {"left_county_on": wish.on, "destination": wish.destination}
    event = keep_event(
        work, person, MOVED_OUT, wish.on, source=wish.source, before={"left_county_on": None}, after=after
    )
    announce_move(work, person, (person.hukou_area, ""), wish.on)
    _record(work, "person.moved_out", person, event, after={"left_county_on": wish.on})
    return event


def find_event(work: "UnitOfWork", person_id: int, kind: str, on: date | None = None) -> LifeEvent:
    """The event of a person that still stands; raises ``NotFound`` when there is none (of that day)."""
    events = select(LifeEvent).where(col(LifeEvent.person_id) == person_id, col(LifeEvent.kind) == kind)
    taken_back = select(col(LifeEvent.revokes)).where(col(LifeEvent.revokes).is_not(None))
    standing = events.where(col(LifeEvent.id).not_in(taken_back)).order_by(col(LifeEvent.id).desc())
    if on is not None:
        standing = standing.where(col(LifeEvent.happened_on) == on)
    event = work.session.scalars(standing).first()
    if event is None:
        raise NotFound(_("没有可以撤销的“{kind}”记录", kind=_(TITLES[kind])))
    return event


def keep_event(
    work: "UnitOfWork", person: Person, kind: str, on: date, *, before: Facts, after: Facts, **details: Any
) -> LifeEvent:
    """Write an event and the person it changed; ``details`` are further columns of the event."""
    row = work.next_ids("identity_event", 1)[0]
    columns: dict[str, Any] = {"recorded_by": work.actor.account_id, **details}
    event = LifeEvent(
        id=row,
        person_id=id_of(person),
        kind=kind,
        happened_on=on,
        recorded_at=work.now,
        before_sealed=work.keys.seal(_BEFORE, row, _json(before)),
        after_sealed=work.keys.seal(_AFTER, row, _json(after)),
        **columns,
    )
    person.version += 1
    work.session.add(person)
    work.session.add(event)
    work.session.flush()
    return event


def opened(work: "UnitOfWork", event: LifeEvent) -> tuple[dict[str, Any], dict[str, Any]]:
    """What an event changed: before and after, opened. Dates are ISO texts."""
    before = work.keys.unseal(_BEFORE, id_of(event), event.before_sealed or b"")
    after = work.keys.unseal(_AFTER, id_of(event), event.after_sealed or b"")
    return json.loads(before), json.loads(after)


def _not_dead(person: Person) -> Objection | None:
    if person.died_on is None:
        return None
    return Objection(reason=_("这个人已登记于 {day} 死亡", day=person.died_on), field="on", code="E_DEAD")


def _moves_nowhere(person: Person, hukou: str, residence: str, address: str | None) -> Objection | None:
    if (hukou, residence) != (person.hukou_area, person.residence_area) or address not in (None, person.address):
        return None
    return Objection(reason=_("户籍地、居住地和地址都没有变化"), field="hukou_area", code="E_SAME")


def _announce_places(work: "UnitOfWork", person: Person, was: tuple[str, str], on: date) -> None:
    # Rules follow the hukou; where only the residence moved, it is the move.
    if was[0] != person.hukou_area:
        announce_move(work, person, (was[0], person.hukou_area), on)
    elif was[1] != person.residence_area:
        announce_move(work, person, (was[1], person.residence_area), on)


def places(person: Person) -> dict[str, Any]:
    """Where a person is registered and lives, as events keep it."""
    return {
        "hukou_area": person.hukou_area,
        "hukou_since": _iso(person.hukou_since),
        "residence_area": person.residence_area,
        "residence_since": _iso(person.residence_since),
        "address": person.address,
    }


def _record(work: "UnitOfWork", action: str, person: Person, event: LifeEvent, area: str = "", **details: Any) -> None:
    work.record(
        action, subject_of(person), area=area or person.hukou_area, event=event.id, on=event.happened_on, **details
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _json(value: Facts) -> str:
    return json.dumps(value, ensure_ascii=False, default=str, sort_keys=True)
