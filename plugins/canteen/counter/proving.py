"""Which lines of an upload are a terminal's own and new: MAC, chain and counters, before any rule of meals is asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import col

from core.api import UnitOfWork, columns, scoped
from plugins.canteen.counter.entries import LINE_MAX, Entry, is_signed, read_entry
from plugins.canteen.counter.models import Swipe, Terminal, Void
from plugins.canteen.counter.terminals import KEY_PLACE
from plugins.canteen.models import Site

_SWIPE, _VOID = columns(Swipe), columns(Void)


class Known(NamedTuple):
    """A terminal whose entries are read; ``closed`` is "" or the code with which its entries are kept apart."""

    id: int
    serial: str
    site_id: int
    site: str
    area: str
    key: bytes
    closed: str


class Link(NamedTuple):
    """What is known of one counter of a terminal: its MAC and that of the entry before."""

    mac: str
    previous: str


@dataclass
class Proven:
    """Lines by what they are. ``forged`` are (line, serial, counter, code), ``forked`` terminals with the counter."""

    fresh: list[tuple[Known, Entry]] = field(default_factory=list)
    duplicates: list[Entry] = field(default_factory=list)
    forged: list[tuple[str, str, int, str]] = field(default_factory=list)
    forked: dict[int, int] = field(default_factory=dict)


def prove(work: UnitOfWork, lines: Iterable[str]) -> Proven:
    """Sort the lines of an upload; only terminals of sites in one's areas are known. Right: canteen.serve."""
    proven = Proven()
    entries = list(_read(lines, proven))
    known = _terminals(work, {entry.serial for entry in entries})
    by_terminal: dict[str, list[Entry]] = {}
    for entry in entries:
        terminal = known.get(entry.serial)
        if terminal is None or not is_signed(terminal.key, entry):
            code = "E_TERMINAL_UNKNOWN" if terminal is None else "E_ENTRY_MAC"
            proven.forged.append((entry.text, entry.serial, entry.counter, code))
        else:
            by_terminal.setdefault(entry.serial, []).append(entry)
    for serial, own in by_terminal.items():
        _link(work, known[serial], sorted(own, key=lambda entry: entry.counter), proven)
    return proven


def _read(lines: Iterable[str], proven: Proven) -> Iterable[Entry]:
    for line in lines:
        if line.strip():
            entry = read_entry(line.strip())
            if entry is None:
                proven.forged.append((line.strip()[:LINE_MAX], "", 0, "E_ENTRY_FORM"))
            else:
                yield entry


def _terminals(work: UnitOfWork, serials: Iterable[str]) -> Mapping[str, Known]:
    wanted = select(Terminal, Site).join(Site, col(Site.id) == col(Terminal.site_id))
    wanted = wanted.where(col(Terminal.serial).in_(list(serials)), col(Terminal.key).is_not(None))
    found = {}
    for terminal, site in work.session.execute(scoped(work, wanted, col(Site.area), "canteen.serve")):
        key = bytes.fromhex(work.keys.unseal(KEY_PLACE, terminal.id, terminal.key))
        closed = "" if terminal.state == "active" else f"E_TERMINAL_{terminal.state.upper()}"
        found[terminal.serial] = Known(
            terminal.id, terminal.serial, terminal.site_id, site.number, site.area, key, closed
        )
    return found


def _link(work: UnitOfWork, terminal: Known, entries: list[Entry], proven: Proven) -> None:
    """Follow the chain of one terminal: what was received before is a duplicate, what contradicts it a fork."""
    links = _received(work, terminal.id, entries[0].counter - 1, entries[-1].counter + 1)
    for entry in entries:
        there = links.get(entry.counter)
        if there is not None and there.mac == entry.mac:
            proven.duplicates.append(entry)
        elif there is not None or not _fits(links, entry):
            code = "E_ENTRY_FORK" if there is not None else "E_ENTRY_CHAIN"
            proven.forged.append((entry.text, entry.serial, entry.counter, code))
            proven.forked.setdefault(terminal.id, entry.counter)
        else:
            links[entry.counter] = Link(entry.mac, entry.previous)
            proven.fresh.append((terminal, entry))


def _fits(links: Mapping[int, Link], entry: Entry) -> bool:
    before, after = links.get(entry.counter - 1), links.get(entry.counter + 1)
    starts = entry.counter > 1 or entry.previous == ""
    return (
        starts and (before is None or before.mac == entry.previous) and (after is None or after.previous == entry.mac)
    )


def _received(work: UnitOfWork, terminal_id: int, first: int, last: int) -> dict[int, Link]:
    """The counters of a terminal that are here already, meals and voids alike."""
    found: dict[int, Link] = {}
    for table in (_SWIPE, _VOID):
        asked = select(table.counter, table.mac, table.previous).where(
            table.terminal_id == terminal_id, table.counter >= first, table.counter <= last
        )
        for counter, mac, previous in work.session.connection().execute(asked):
            found[counter] = Link(mac, previous)
    return found
