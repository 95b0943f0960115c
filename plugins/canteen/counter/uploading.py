"""Entries of terminals come in: proven, judged and written in columns; twice or in any order, the outcome is one.

Nothing is lost: a line that was received before is a duplicate, a meal without right to a subsidy is kept as a
conflict or refusal for a person to decide, a line that no terminal of ours wrote is kept as evidence.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from core.api import COUNTY_TIME, UnitOfWork, _, columns, facts_of, in_parts, table_of
from plugins.canteen.counter.awarding import award_upload
from plugins.canteen.counter.entries import Entry, line_digest
from plugins.canteen.counter.judging import Asked, Guest, Place, judge
from plugins.canteen.counter.models import Forgery, Subsidy, Swipe, Terminal, Upload, Void
from plugins.canteen.counter.proving import Known, Proven, prove
from plugins.canteen.counter.terminals import block_terminal
from plugins.canteen.counter.writing import write_meals
from plugins.canteen.models import SERVED, Diner
from plugins.canteen.sites import sites_by_id

_DINER, _SWIPE, _SUBSIDY = columns(Diner), columns(Swipe), columns(Subsidy)


@dataclass
class Uploaded:
    """What became of the lines. ``conflict`` counts meals kept without subsidy because another swipe has it.

    ``lines`` names each line by serial and counter with its outcome (accepted, duplicate, conflict, refused) and code.
    """

    accepted: int = 0
    duplicate: int = 0
    conflict: int = 0
    refused: int = 0
    lines: list[dict[str, Any]] = field(default_factory=list)


def upload(work: UnitOfWork, lines: Iterable[str]) -> Uploaded:
    """Take in the lines of terminals. Right: canteen.serve, for terminals of sites in one's areas."""
    work.require("canteen.serve")
    work.hold(SERVED, shared=True)
    kept = list(lines)
    proven = prove(work, kept)
    done = Uploaded(duplicate=len(proven.duplicates))
    for entry in proven.duplicates:
        _note(done, entry.serial, entry.counter, "duplicate", "")
    if not proven.fresh and not proven.forged:
        return done
    opened = Upload(
        digest=hashlib.sha256("\n".join(kept).encode()).hexdigest(), account_id=work.actor.account_id, at=work.now
    )
    work.session.add(opened)
    work.session.flush()
    number = opened.id or 0
    _keep_forged(work, proven, number, done)
    sealed = _keep_entries(work, proven, number, done)
    work.session.connection().execute(
        update(table_of(Upload))
        .where(columns(Upload).id == number)
        .values(accepted=done.accepted, duplicate=done.duplicate, conflict=done.conflict, refused=done.refused)
    )
    counts = {
        "accepted": done.accepted,
        "duplicate": done.duplicate,
        "conflict": done.conflict,
        "refused": done.refused,
    }
    more = {"sealed": sealed} if sealed is not None else {}
    work.record("canteen.meals_uploaded", f"canteen-upload:{number}", area=_area(proven), after=counts, **more)
    return done


def _note(done: Uploaded, serial: str, counter: int, outcome: str, code: str) -> None:
    done.lines.append({"terminal": serial, "counter": counter, "outcome": outcome, "code": code})


def _area(proven: Proven) -> str:
    areas = {terminal.area for terminal, _entry in proven.fresh}
    return areas.pop() if len(areas) == 1 else ""


def _keep_forged(work: UnitOfWork, proven: Proven, number: int, done: Uploaded) -> None:
    """Keep what nobody of ours wrote, once; block terminals whose own entries contradict each other."""
    digests = {line_digest(line): (line, serial, counter, code) for line, serial, counter, code in proven.forged}
    known: set[str] = set()
    for part in in_parts(list(digests)):
        known.update(work.session.scalars(select(col(Forgery.digest)).where(col(Forgery.digest).in_(part))))
    for digest, (line, serial, counter, code) in digests.items():
        if digest not in known:
            work.session.add(
                Forgery(digest=digest, serial=serial, counter=counter, code=code, line=line, upload_id=number)
            )
        _note(done, serial, counter, "refused", code)
    done.refused += len(proven.forged)
    for terminal_id, counter in proven.forked.items():
        terminal = work.session.get(Terminal, terminal_id)
        if terminal is not None and terminal.state == "active":
            site = sites_by_id(work, [terminal.site_id])[terminal.site_id]
            block_terminal(
                work, terminal_id, terminal.serial, site.area, _("第 {counter} 号记录与已收到的不一致", counter=counter)
            )


def _keep_entries(work: UnitOfWork, proven: Proven, number: int, done: Uploaded) -> Any:
    voids = [(terminal, entry) for terminal, entry in proven.fresh if entry.kind == "void"]
    meals = [(terminal, entry) for terminal, entry in proven.fresh if entry.kind != "void"]
    for terminal, entry in voids:
        work.session.add(
            Void(
                terminal_id=terminal.id,
                voided_counter=entry.voids,
                counter=entry.counter,
                mac=entry.mac,
                previous=entry.previous,
                reason=_("柜台撤销"),
                upload_id=number,
                account_id=work.actor.account_id,
                at=work.now,
            )
        )
        done.accepted += 1
        _note(done, entry.serial, entry.counter, "accepted", "")
    work.session.flush()
    sealed = _keep_meals(work, proven, meals, number) if meals else None
    award_upload(work, number, voids=bool(voids))
    if meals:
        _count_meals(work, number, done)
    _reached(work, proven)
    return sealed


def _keep_meals(work: UnitOfWork, proven: Proven, meals: Sequence[tuple[Known, Entry]], number: int) -> Any:
    asked = _asked(work, meals)
    judged = judge(work, asked)
    ahead = work.now + timedelta(minutes=work.policy("canteen.clock_minutes"))
    for row, (terminal, entry) in enumerate(meals):
        if terminal.closed or entry.counter >= proven.forked.get(terminal.id, entry.counter + 1):
            judged.codes[row] = terminal.closed or "E_TERMINAL_BLOCKED"
        elif entry.site != terminal.site:
            judged.codes[row] = "E_ENTRY_SITE"
        elif entry.at > ahead:
            judged.codes[row] = "E_FUTURE_DATE"
    entries = [entry for _terminal, entry in meals]
    more = {
        "kind": [entry.kind for entry in entries],
        "charged_fen": [entry.charged_fen for entry in entries],
        "channel": [entry.channel for entry in entries],
        "at": [entry.at for entry in entries],
        "terminal_id": [terminal.id for terminal, _entry in meals],
        "counter": [entry.counter for entry in entries],
        "mac": [entry.mac for entry in entries],
        "previous": [entry.previous for entry in entries],
    }
    return write_meals(work, asked, judged, more, number)


def _asked(work: UnitOfWork, meals: Sequence[tuple[Known, Entry]]) -> Asked:
    places = {
        number: Place(site.id, site.number, site.name, site.area, site.state, site.licence_to, site.most_per_meal)
        for number, site in sites_by_id(work, [terminal.site_id for terminal, _entry in meals]).items()
    }
    guests = guests_of(work, {entry.diner for _terminal, entry in meals})
    return Asked(
        places=[places[terminal.site_id] for terminal, _entry in meals],
        guests=[guests.get(entry.diner) for _terminal, entry in meals],
        days=[entry.at.astimezone(COUNTY_TIME).date() for _terminal, entry in meals],
        set_codes=[entry.set_code for _terminal, entry in meals],
        full_price=[entry.kind == "full_price" for _terminal, entry in meals],
        deliveries=[entry.delivery for _terminal, entry in meals],
    )


def guests_of(work: UnitOfWork, codes: Iterable[str]) -> Mapping[str, Guest]:
    """Diners by their opaque code, with the day of a death. The right is the caller's."""
    wanted, found = sorted(set(codes)), []
    names = (_DINER.id, _DINER.person_id, _DINER.code, _DINER.site_id, _DINER.statuses, _DINER.from_on, _DINER.to_on)
    for part in in_parts(wanted):
        asked = select(*names).where(_DINER.code.in_(part))
        found += work.session.connection().execute(asked).all()
    lives = facts_of(work, [row.person_id for row in found])
    return {row.code: Guest(*row, died_on=lives[row.person_id].died_on) for row in found}


def _count_meals(work: UnitOfWork, number: int, done: Uploaded) -> None:
    """What became of the meals of this upload: with subsidy or without right to one accepted, else a conflict."""
    asked = (
        select(
            _SWIPE.counter,
            columns(Terminal).serial,
            _SWIPE.code,
            _SWIPE.subsidy_fen,
            _SUBSIDY.swipe_id,
            columns(Void).id,
        )
        .join(table_of(Terminal), columns(Terminal).id == _SWIPE.terminal_id)
        .outerjoin(table_of(Subsidy), _SUBSIDY.swipe_id == _SWIPE.id)
        .outerjoin(
            table_of(Void),
            (columns(Void).terminal_id == _SWIPE.terminal_id) & (columns(Void).voided_counter == _SWIPE.counter),
        )
        .where(_SWIPE.upload_id == number)
        .order_by(_SWIPE.id)
    )
    for counter, serial, code, subsidy, awarded, voided in work.session.connection().execute(asked):
        if code:
            done.refused += 1
            _note(done, serial, counter, "refused", code)
        elif subsidy and awarded is None and voided is None:
            done.conflict += 1
            _note(done, serial, counter, "conflict", "E_MEAL_DUP")
        else:
            done.accepted += 1
            _note(done, serial, counter, "accepted", "")


def _reached(work: UnitOfWork, proven: Proven) -> None:
    """Remember how far each terminal has come, so that a gap shows."""
    highest: dict[int, int] = {}
    for terminal, entry in proven.fresh:
        highest[terminal.id] = max(highest.get(terminal.id, 0), entry.counter)
    table = columns(Terminal)
    for terminal_id, counter in highest.items():
        work.session.connection().execute(
            update(table_of(Terminal))
            .where(table.id == terminal_id, table.last_counter < counter)
            .values(last_counter=counter)
        )
        work.session.connection().execute(
            update(table_of(Terminal)).where(table.id == terminal_id).values(last_upload_at=work.now)
        )
