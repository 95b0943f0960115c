"""Deaths, moves and doubts of the demo's year: what the registry has to tell and what waits for a second person."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from core.demo.cast import TOWN
from core.demo.turns import Turn
from core.demo.year import Year
from core.households.duplicates import find_candidates
from core.identity.actors import shell_actor
from core.identity.corrections import Correction
from core.identity.events import Death, Move, record_death, record_move
from core.identity.models.persons import Person
from core.identity.persons import NewPerson, register_person
from core.identity.second_person import propose_correction

if TYPE_CHECKING:
    from core.host import Host
    from core.work import UnitOfWork

CLERK = "clerk"
OLD, MANY = 82, 5
"""How old the oldest must be, in years, and how many die and how many move in the weeks before today."""


def turns(host: "Host", year: Year) -> Iterator[Turn]:
    """A few deaths and moves of the last weeks, one a day, so that pages have something to tell."""
    with host.look(shell_actor(host, "demo"), edge="command") as work:
        living = select(col(Person.id)).where(col(Person.died_on).is_(None)).order_by(col(Person.id)).limit(MANY)
        born = year.opened - timedelta(days=OLD * 366)
        elders = work.session.scalars(living.where(col(Person.birth_date) < born)).all()
        elsewhere = work.session.scalars(living.where(col(Person.residence_area).not_like(f"{TOWN}%")).offset(40)).all()
        place = select(col(Person.residence_area)).where(col(Person.residence_area).like(f"{TOWN}%")).limit(1)
        village = work.session.scalars(place.order_by(col(Person.residence_area))).first()
    for ago, person in enumerate(elders, start=3):
        yield Turn(_ago(year, ago), partial(_die, person or 0), CLERK)
    for ago, person in enumerate(elsewhere if village else [], start=4):
        yield Turn(_ago(year, ago), partial(_move, person or 0, village or ""), CLERK)


def doubts(year: Year) -> Iterator[Turn]:
    """What waits for a second person: a correction, and two records that may be one."""
    yield Turn(_ago(year, 1), _doubt, CLERK)
    yield Turn(_ago(year, 1), _look_for_doubles)


def _die(person_id: int, work: "UnitOfWork") -> None:
    if work.session.get_one(Person, person_id).died_on is None:  # another story may have told it already
        record_death(work, person_id, Death(on=work.today - timedelta(days=2), source="死亡医学证明"))


def _move(person_id: int, village: str, work: "UnitOfWork") -> None:
    record_move(work, person_id, Move(on=work.today - timedelta(days=1), residence_area=village))


def _doubt(work: "UnitOfWork") -> None:
    living = select(Person).where(col(Person.died_on).is_(None)).order_by(col(Person.id).desc()).limit(2)
    first, second = (person.id or 0 for person in work.session.scalars(living))
    propose_correction(work, first, Correction(name="陈小满", source="户口簿"), "姓名与户口簿不一致")
    _write_twice(work, second)


def _look_for_doubles(work: "UnitOfWork") -> None:
    find_candidates(work)


def _write_twice(work: "UnitOfWork", person_id: int) -> None:
    """The same person once more, without a number: what a clerk in a hurry leaves behind."""
    person = work.session.get_one(Person, person_id)
    wish = NewPerson(name=person.name, sex=str(person.sex), birth_date=person.birth_date, hukou_area=person.hukou_area)
    register_person(work, wish)


def _ago(year: Year, days: int) -> date:
    return year.today - timedelta(days=days)
