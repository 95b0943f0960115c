"""Acts: what staff do with a plugin's things, described once for its forms, its commands and its API.

A plugin names its rooms (kinds of things) with their acts, and its starts (acts that make something new).
``core.web`` makes the forms and the API of them, ``core.cli`` the commands.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from core.entries import Entry, entries_of
from core.errors import NotFound, Objection
from core.texts import _, said_by

if TYPE_CHECKING:
    from pydantic import BaseModel

    from core.work import UnitOfWork

Shape = Callable[["UnitOfWork", type["BaseModel"], list[Entry]], list[Entry]]


@dataclass(frozen=True)
class Done:
    """What an act answers everywhere: what it was about, and warnings that stop nothing.

    ``data`` names nobody. ``warnings`` is None for acts that never warn: their answer has no word of them. ``secret``
    says that something in it is told this once and kept nowhere, not even for a request that comes again.
    """

    data: Mapping[str, Any]
    warnings: Sequence[Objection] | None = ()
    secret: bool = False

    def answer(self) -> dict[str, Any]:
        """What scripts read."""
        if self.warnings is None:
            return dict(self.data)
        return {**self.data, "warnings": [{"code": one.code, "reason": one.reason} for one in self.warnings]}

    def said(self, words: str) -> str:
        """What a person reads afterwards: the words, and every warning."""
        return " ".join([words, *(one.reason for one in self.warnings or ())])


@dataclass(frozen=True)
class Act:
    """One act on one thing: the right it asks for, its title, what is said afterwards, its wish, the states it fits.

    ``do`` takes the work, the number of the thing as it was typed, and the wish. ``filled`` maps fields to the columns
    whose values stand there already: a form shows them, a command and the API keep what they do not name. ``after`` is
    the path one goes on to when that is not the thing's own page; ``{id}`` is what the act made.
    """

    name: str
    right: str
    title: str
    done: str
    wish: "type[BaseModel]"
    do: Callable[["UnitOfWork", str, Any], Done]
    states: Sequence[str] = ()
    danger: bool = False
    filled: Mapping[str, str] | None = None
    after: str = ""


@dataclass(frozen=True)
class Start:
    """How something new is made: it has no number yet.

    ``person`` is the field that a link with ``?person=7`` fills; ``after`` is the path one goes on to when that is not
    the page of what was made, ``{id}``.
    """

    right: str
    title: str
    done: str
    wish: "type[BaseModel]"
    make: Callable[["UnitOfWork", Any], Done]
    person: str = "person_id"
    after: str = ""


def head_of(one: Any) -> str:
    """What a thing is called above its forms: its number, else its name, else its id."""
    return str(getattr(one, "number", "") or getattr(one, "name", "") or one.id)


@dataclass(frozen=True)
class Room:
    """One kind of thing that has a page: its title, its acts, and how one of them is found.

    ``own`` takes the work, what was typed and a right; it raises ``NotFound`` outside the actor's areas.
    """

    title: str
    acts: Mapping[str, Act]
    own: Callable[["UnitOfWork", str, str], Any]
    head: Callable[[Any], str] = head_of

    def act(self, name: str) -> Act:
        """One of the acts; raises ``NotFound``."""
        return one_of(self.acts, name)

    def completed(self, work: "UnitOfWork", act: Act, number: str, typed: Mapping[str, Any]) -> dict[str, Any]:
        """What was typed, with what stands there already for the rest."""
        if act.filled is None:
            return dict(typed)
        there = filled(act, self.own(work, number, act.right))
        return {name: value for name, value in there.items() if value} | dict(typed)


@dataclass(frozen=True, kw_only=True)
class Acting:
    """The acts of a plugin, and what their forms and commands share.

    ``plugin`` is its name, ``title`` what its first page is called, ``right`` what opens the forms; ``list_path`` gives
    the list of a room or start. ``linked`` names fields that the link to a form may fill. In the fields of ``people`` a
    person is typed by number or by citizen number, which goes no further than the look-up. ``vocabularies`` and
    ``long`` are those of ``entries_of``; ``shape`` may put the fields of a form in another order or give them choices.
    """

    plugin: str
    title: str
    right: str
    rooms: Mapping[str, Room]
    starts: Mapping[str, Start]
    list_path: Callable[[str], str]
    vocabularies: Sequence[Mapping[str, str]] = ()
    long: frozenset[str] = frozenset()
    linked: Sequence[str] = ()
    people: Sequence[str] = ()
    shape: Shape | None = None

    @property
    def home(self) -> str:
        """The path of its first page."""
        return f"/{self.plugin.replace('_', '-')}"

    def speak(self, text: str, **values: object) -> str:
        """A text of the plugin as the plugin says it, whatever others call the same Chinese."""
        return said_by(self.plugin, text, **values)

    def entries(self, work: "UnitOfWork", wish: "type[BaseModel]") -> list[Entry]:
        """The fields of a wish as its form shows them."""
        found = entries_of(wish, self.vocabularies, long=self.long)
        return self.shape(work, wish, found) if self.shape else found


def acts_of(*made: Act) -> Mapping[str, Act]:
    """Acts by their names, in the order in which a page offers them."""
    return {one.name: one for one in made}


def one_of(there: Mapping[str, Any], name: str) -> Any:
    """An act, a start or a room by its name; raises ``NotFound`` with the names there are."""
    if name not in there:
        raise NotFound(_("没有这项办理"), hint=", ".join(there))
    return there[name]


def fitting(work: "UnitOfWork", room: Room, area: str, state: str) -> list[Act]:
    """The acts that fit the state a thing is in, and what its reader may do in its area."""
    return [one for one in room.acts.values() if work.may(one.right, area) and (not one.states or state in one.states)]


def filled(act: Act, one: Any) -> dict[str, str]:
    """What stands in the form of an act already: the values of the row, as one would type them."""
    return {name: _typed(column, getattr(one, column)) for name, column in (act.filled or {}).items()}


def _typed(column: str, value: Any) -> str:
    if value is None:
        return ""
    if column.endswith("_fen"):
        from core.values import format_money

        return format_money(value) if value else ""
    return value.isoformat() if isinstance(value, date) else str(value)
