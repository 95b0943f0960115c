"""The kinds of things that have a page: title, acts, states, and how the fields of their forms stand."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select
from sqlmodel import col

from core.api import Act, Acting, Entry, UnitOfWork, _, mark
from core.api import Room as ActingRoom
from plugins.donations import acts, queries, wishes, words
from plugins.donations.models import Drive, Lot, Project
from plugins.donations.services.common import charity_of


@dataclass(frozen=True, kw_only=True)
class Room(ActingRoom):
    """One kind of thing that has a page, with the states its list is narrowed to."""

    states: Mapping[str, str]


def _charity(work: UnitOfWork, _text: str, right: str) -> Any:
    queries.require(work, right)
    return charity_of(work)


def _room(title: str, made: Mapping[str, Act], states: Mapping[str, str], own: Callable[..., Any]) -> Room:
    """A room whose things are called by their number or item, and never by a donor's name."""

    def head(one: Any) -> str:
        return str(getattr(one, "number", "") or getattr(one, "item", "") or _(title))

    return Room(title, made, own, head, states=states)


ROOMS: Mapping[str, Room] = {
    "drives": _room(mark("募捐"), acts.DRIVE_ACTS, words.DRIVE_STATES, queries.own_drive),
    "gifts": _room(mark("捐赠"), acts.GIFT_ACTS, words.GIFT_STATES, queries.own_gift),
    "goods": _room(mark("捐赠物资"), acts.LOT_ACTS, words.LOT_STATES, queries.own_lot),
    "donors": _room(mark("捐赠人"), acts.DONOR_ACTS, words.DONOR_KINDS, queries.own_donor),
    "pledges": _room(mark("认捐"), acts.PLEDGE_ACTS, words.PLEDGE_STATES, queries.own_pledge),
    "projects": _room(mark("救助项目"), acts.PROJECT_ACTS, words.PROJECT_STATES, queries.own_project),
    "spending": _room(mark("支出"), acts.SPENDING_ACTS, words.SPENDING_STATES, queries.own_spending),
    "pairs": _room(mark("结对帮扶"), acts.PAIR_ACTS, words.PAIR_STATES, queries.own_pair),
    "charity": _room(mark("慈善组织"), acts.CHARITY_ACTS, {}, _charity),
}


def list_path(room: str) -> str:
    """The list a thing stands in; what is in none leads back to the overview."""
    return f"/donations/{room}" if room in ROOMS and room != "charity" else "/donations"


def _chosen(work: UnitOfWork, fields: Sequence[Entry]) -> list[Entry]:
    """Fields that name a drive, a project or a lot, as a choice of those that are open."""
    return [
        replace(one, kind="select", choices=tuple(_CHOICES[one.name](work))) if one.name in _CHOICES else one
        for one in fields
    ]


def _open_drives(work: UnitOfWork) -> Iterable[tuple[str, str]]:
    asked = select(Drive).where(col(Drive.state) == "filed", col(Drive.start_on) <= work.today)
    for one in work.session.scalars(asked.order_by(col(Drive.id).desc())):
        yield one.number, f"{one.number} {one.title}"


def _open_projects(work: UnitOfWork) -> Iterable[tuple[str, str]]:
    asked = select(Project).where(col(Project.state) == "open").order_by(col(Project.id).desc())
    for one in work.session.scalars(asked):
        yield one.number, f"{one.number} {one.title}"


def _lots(work: UnitOfWork) -> Iterable[tuple[str, str]]:
    rows = list(work.session.scalars(select(Lot).order_by(col(Lot.id).desc())))
    left = queries.lots_left(work, rows)
    for one in rows:
        if left[one.id or 0]:
            yield str(one.id), f"{one.item} {one.spec} {left[one.id or 0]} {one.unit}"


_CHOICES: Mapping[str, Callable[[UnitOfWork], Iterable[tuple[str, str]]]] = {
    "drive": _open_drives,
    "project": _open_projects,
    "lot": _lots,
}


_FIRST = (
    "number", "name", "drive", "donor", "item", "spec", "quantity", "unit_name", "unit_value", "basis", "amount", "on",
    "kind", "restricted", "project",
)  # fmt: skip
_SORTED = (wishes.AddGift, wishes.AddGoods, wishes.Spend, wishes.IssueGoods, wishes.NewDrive)


def _shape(work: UnitOfWork, wish: type[BaseModel], fields: list[Entry]) -> list[Entry]:
    """What matters first; something new belongs to what is open."""
    if wish in _SORTED:
        fields = sorted(fields, key=lambda one: _FIRST.index(one.name) if one.name in _FIRST else len(_FIRST))
    return _chosen(work, fields) if any(wish is one.wish for one in acts.NEW.values()) else fields


ACTING = Acting(
    plugin="donations",
    title=mark("慈善募捐"),
    right="donations.show",
    rooms=ROOMS,
    starts=acts.NEW,
    list_path=list_path,
    vocabularies=(
        words.DRIVE_KINDS, words.USES, words.GIFT_KINDS, words.CHANNELS, words.DISPLAYS, words.DONOR_KINDS,
        words.CHARITY_KINDS, words.BASES, words.SOURCES, words.SPENDING_KINDS, words.RELATIONS, words.MECHANISMS,
        words.POINTS, words.PAIR_MODES, words.PAIR_ENDS, words.HELPER_KINDS, words.HELPS,
    ),
    long=frozenset({"reason", "plan", "note", "result", "beneficiaries", "needs", "given", "suggestion"}),
    linked=("drive", "lot", "project"),
    shape=_shape,
)  # fmt: skip
