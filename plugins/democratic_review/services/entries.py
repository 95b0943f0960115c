"""Cases that stand before a panel: noted when they come, closed when they go on."""

from datetime import date
from typing import TYPE_CHECKING

from plugins.democratic_review.models import Entry
from plugins.democratic_review.queries import open_entry
from plugins.democratic_review.words import SUBJECT_STATES

if TYPE_CHECKING:
    from core.api import UnitOfWork
    from plugins.casework.api import CaseAdvanced, CaseFacts


def follow(work: "UnitOfWork", advanced: "CaseAdvanced") -> None:
    """Put a case on its village's list when it reaches the panel's step, and take it off when it leaves."""
    standing = open_entry(work, advanced.case.id)
    if advanced.to_state == advanced.from_state:
        return
    if standing is not None:
        standing.left_on = max(advanced.on, standing.since)
        work.session.add(standing)
        work.session.flush()
    if advanced.to_state in SUBJECT_STATES:
        _enter(work, advanced.case, advanced.to_state, advanced.on)


def entry_for(work: "UnitOfWork", case: "CaseFacts", on: date) -> Entry:
    """The time a case stands before the panel now; a case that came while this plugin was off is noted here."""
    return open_entry(work, case.id) or _enter(work, case, case.state, on)


def _enter(work: "UnitOfWork", case: "CaseFacts", state: str, on: date) -> Entry:
    made = Entry(case_id=case.id, number=case.number, type=case.type, area=case.area, state=state, since=on)
    work.session.add(made)
    work.session.flush()
    return made
