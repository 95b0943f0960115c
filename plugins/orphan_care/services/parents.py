"""The basis for each parent: kept as it was stated, replaced when it changes, never rewritten."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from plugins.orphan_care import sealed
from plugins.orphan_care.models import Basis, Case
from plugins.orphan_care.rules import review_day
from plugins.orphan_care.wishes import ParentFacts
from plugins.orphan_care.words import PARENTS

if TYPE_CHECKING:
    from core.api import UnitOfWork


def keep_basis(work: "UnitOfWork", case: Case, parent: str, facts: ParentFacts, verified_on: date) -> Basis:
    """Keep what was found of a parent; what stood before points at what replaced it."""
    [number] = work.next_ids("orphan_care_basis", 1)
    before = current_basis(work, case).get(parent)
    if before is not None:
        before.replaced_by = number
        work.session.add(before)
        work.session.flush()
    made = Basis(
        id=number,
        case_id=case.id or 0,
        parent=parent,
        kind=facts.kind,
        document=facts.document.strip(),
        document_on=facts.document_on,
        since=facts.since,
        until=facts.until,
        disability=facts.disability,
        grade=facts.grade,
        detail=sealed.seal(work, sealed.ILLNESS, number, facts.illness),
        review_on=review_day(work, facts, verified_on),
        recorded_at=work.now,
        recorded_by=work.actor.account_id,
    )
    work.session.add(made)
    work.session.flush()
    return made


def current_basis(work: "UnitOfWork", case: Case) -> dict[str, Basis]:
    """The basis that stands for each parent."""
    asked = select(Basis).where(col(Basis.case_id) == case.id, col(Basis.replaced_by).is_(None))
    return {one.parent: one for one in work.session.scalars(asked)}


def parents_of(work: "UnitOfWork", case: Case) -> dict[str, ParentFacts | None]:
    """The facts of both parents as they stand; None for a parent of whom nothing is kept."""
    found = current_basis(work, case)
    return {name: facts_in(work, found[name]) if name in found else None for name in PARENTS}


def facts_in(work: "UnitOfWork", basis: Basis) -> ParentFacts:
    """A kept basis as the facts the rules look at."""
    return ParentFacts(
        kind=basis.kind,
        document=basis.document,
        document_on=basis.document_on,
        since=basis.since,
        until=basis.until,
        disability=basis.disability,
        grade=basis.grade,
        illness=sealed.unseal(work, sealed.ILLNESS, basis.id, basis.detail),
    )
