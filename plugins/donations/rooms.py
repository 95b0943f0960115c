"""The kinds of things that have a page: title, acts, states, and what stands in the form of an act already."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from core.api import Entry, UnitOfWork, format_money, mark
from plugins.donations import acts, queries, words
from plugins.donations.acts import Act
from plugins.donations.models import Drive, Lot, Project
from plugins.donations.services.common import charity_of


@dataclass(frozen=True)
class Room:
    """One kind of thing that has a page: its title, acts and states, who may be asked for it."""

    title: str
    acts: Mapping[str, Act]
    states: Mapping[str, str]
    own: Callable[[UnitOfWork, str, str], Any]


def _charity(work: UnitOfWork, _text: str, right: str) -> Any:
    queries.require(work, right)
    return charity_of(work)


ROOMS: Mapping[str, Room] = {
    "drives": Room(mark("募捐"), acts.DRIVE_ACTS, words.DRIVE_STATES, queries.own_drive),
    "gifts": Room(mark("捐赠"), acts.GIFT_ACTS, words.GIFT_STATES, queries.own_gift),
    "goods": Room(mark("捐赠物资"), acts.LOT_ACTS, words.LOT_STATES, queries.own_lot),
    "donors": Room(mark("捐赠人"), acts.DONOR_ACTS, words.DONOR_KINDS, queries.own_donor),
    "pledges": Room(mark("认捐"), acts.PLEDGE_ACTS, words.PLEDGE_STATES, queries.own_pledge),
    "projects": Room(mark("救助项目"), acts.PROJECT_ACTS, words.PROJECT_STATES, queries.own_project),
    "spending": Room(mark("支出"), acts.SPENDING_ACTS, words.SPENDING_STATES, queries.own_spending),
    "pairs": Room(mark("结对帮扶"), acts.PAIR_ACTS, words.PAIR_STATES, queries.own_pair),
    "charity": Room(mark("慈善组织"), acts.CHARITY_ACTS, {}, _charity),
}


def chosen(work: UnitOfWork, fields: Sequence[Entry]) -> list[Entry]:
    """Fields that name a drive, a project or a lot, as a choice of those that are open."""
    return [
        replace(one, kind="select", choices=tuple(_CHOICES[one.name](work))) if one.name in _CHOICES else one
        for one in fields
    ]


def _open_drives(work: UnitOfWork) -> Iterable[tuple[str, str]]:
    asked = select(Drive).where(col(Drive.state) == "filed", col(Drive.start_on) <= work.today)
    for one in work.session.scalars(asked.order_by(col(Drive.id).desc()).limit(_MOST)):
        yield one.number, f"{one.number} {one.title}"


def _open_projects(work: UnitOfWork) -> Iterable[tuple[str, str]]:
    asked = select(Project).where(col(Project.state) == "open").order_by(col(Project.id).desc()).limit(_MOST)
    for one in work.session.scalars(asked):
        yield one.number, f"{one.number} {one.title}"


def _lots(work: UnitOfWork) -> Iterable[tuple[str, str]]:
    rows = list(work.session.scalars(select(Lot).order_by(col(Lot.id).desc()).limit(_MOST)))
    left = queries.lots_left(work, rows)
    for one in rows:
        if left[one.id or 0]:
            yield str(one.id), f"{one.item} {one.spec} {left[one.id or 0]} {one.unit}"


_MOST = 200
_CHOICES: Mapping[str, Callable[[UnitOfWork], Iterable[tuple[str, str]]]] = {
    "drive": _open_drives,
    "project": _open_projects,
    "lot": _lots,
}


def complete(work: UnitOfWork, room: str, act: Act, text: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, with what stands there already for the rest: a command changes only what it names."""
    if act.filled is None:
        return dict(typed)
    there = filled(act, ROOMS[room].own(work, text, act.right))
    return {name: value for name, value in there.items() if value} | dict(typed)


def filled(known: Act, one: Any) -> dict[str, str]:
    """What stands in the form of an act already: the values of the row."""
    return {name: _typed(column, getattr(one, column)) for name, column in (known.filled or {}).items()}


def _typed(column: str, value: Any) -> str:
    if value is None:
        return ""
    if column.endswith("_fen"):
        return format_money(value) if value else ""
    return value.isoformat() if isinstance(value, date) else str(value)
