"""What is due for a child in a month: the standard, the gap beside other aid, nothing past the age without school."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy
from sqlalchemy import select

from core.api import columns
from plugins.benefits.api import Due, amounts_in_month, standard_in_month
from plugins.orphan_care.models import Case

if TYPE_CHECKING:
    from numpy import ndarray

    from core.api import UnitOfWork

_CASE = columns(Case)
NONE = -1
GAP = "UNATT"
SAME_AS_DISPERSED = ("UNATT", "CONT_EDU")


def amounts(work: "UnitOfWork", due: Due) -> "ndarray":
    """Whole fen for each row, as ``Scheme.amounts`` asks."""
    fen = _standards(work, due)
    gaps = due.categories == GAP
    if gaps.any():
        fen = numpy.where(gaps, numpy.maximum(fen - _outside(work, due, gaps), 0), fen)
    fen = numpy.where(_grown(work, due), 0, fen)
    return fen.astype("int64")


def _standards(work: "UnitOfWork", due: Due) -> "ndarray":
    """The standard; where a category has none of its own, that of the form of care (民发〔2019〕62号)."""
    fen = due.standards.copy()
    known: dict[tuple[str, str], int] = {}
    for row in numpy.flatnonzero((fen == NONE) & numpy.isin(due.categories, SAME_AS_DISPERSED)).tolist():
        place = (str(due.terms[row].get("as", "ORPHAN_DISP")), str(due.areas[row]))
        if place not in known:
            found = standard_in_month(work, due.scheme, place[0], place[1], due.month, due.known)
            if found is None and place[0] != "ORPHAN_DISP":
                found = standard_in_month(work, due.scheme, "ORPHAN_DISP", place[1], due.month, due.known)
            known[place] = 0 if found is None else found
        fen[row] = known[place]
    return numpy.maximum(fen, 0)


def _outside(work: "UnitOfWork", due: Due, rows: "ndarray") -> "ndarray":
    """What a child gets from elsewhere: what was declared (in the terms), and by other schemes of this county."""
    declared = numpy.array([_declared(one) for one in due.terms], "int64")
    beside = set(work.policy("orphan_care.gap_beside"))
    names = [one.name for one in work.host.schemes.values() if one.exclusion in beside and one.name != due.scheme]
    if not names:
        return declared
    people = due.person_ids[rows]
    given = amounts_in_month(work, people.tolist(), due.month, names, due.known)
    declared[rows] += given.sums(people)
    return declared


def _declared(terms: Mapping[str, object]) -> int:
    amount = terms.get("outside_fen", 0)
    return amount if isinstance(amount, int) else 0


def _grown(work: "UnitOfWork", due: Due) -> "ndarray":
    """Children past the last month of their age who are not carried on by school."""
    asked = select(_CASE.enrolment_id).where(_CASE.pays_until != "", _CASE.pays_until < due.month)
    grown = work.session.connection().scalars(asked.where(_CASE.enrolment_id.is_not(None))).all()
    return numpy.isin(due.enrolment_ids, numpy.array(list(grown), "int64")) & (due.categories != "CONT_EDU")
