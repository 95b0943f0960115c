"""What another standard would change: who gains, who loses, what it costs. Computed in columns; nothing is stored."""

from typing import Any

import numpy
from sqlalchemy import func, select

from core.api import Period, Refused, UnitOfWork, columns, facts_of
from plugins.benefits.due import due_in, load_versions, versions_between
from plugins.benefits.known import known_now
from plugins.benefits.models import Enrolment
from plugins.benefits.months import number_of
from plugins.benefits.queries import SHOW, scheme_title
from plugins.benefits.services.examining import scheme_objection, scheme_of
from plugins.benefits.services.standards import read_yuan
from plugins.benefits.standards import StandardRow, load_standards

_ENROLMENT = columns(Enrolment)
_CHUNK = 50_000
SHOWN = 50


def what_if(work: UnitOfWork, scheme: str, category: str, amount: str, period: str) -> dict[str, Any]:
    """A month by the standards there are, and with this one (yuan a month) for a category; in fen.

    Answers how many gain, lose and stay, what it costs a month and a year, and some of those concerned.
    """
    work.require(SHOW, work.settings.county.code)
    found = scheme_of(work, scheme)
    objection = scheme_objection(work, scheme, category)
    if objection:
        raise Refused([objection])
    fen, month = read_yuan(amount), str(Period(period))
    number, known = number_of(month), known_now(work)
    now = load_standards(work, scheme, known)
    then = now.with_row(StandardRow(known.standard + 1, category, "", "month", fen, month, "", work.now, number))
    bounds = work.session.connection().execute(
        select(func.min(_ENROLMENT.beneficiary_id), func.max(_ENROLMENT.beneficiary_id)).where(
            _ENROLMENT.scheme == scheme
        )
    )
    first, last = bounds.one()
    before, after, changed = 0, 0, []
    winners, losers, unchanged = 0, 0, 0
    for start in _starts(work, scheme, first, last):
        versions = load_versions(work, scheme, known, (number, number), versions_between(*start))
        rows, old = due_in(work, found, versions, number, now, known)
        _same, new = due_in(work, found, versions, number, then, known)
        old, new = numpy.maximum(old, 0), numpy.maximum(new, 0)
        before, after = before + int(old.sum()), after + int(new.sum())
        gain, lose = new > old, new < old
        winners, losers = winners + int(gain.sum()), losers + int(lose.sum())
        unchanged += len(rows) - int(gain.sum()) - int(lose.sum())
        for row in numpy.flatnonzero(gain | lose)[: SHOWN - len(changed)].tolist():
            person = int(versions.person_ids[rows[row]])
            changed.append((person, int(old[row]), int(new[row])))
    names = facts_of(work, {person for person, _old, _new in changed})
    return {
        "scheme": scheme,
        "scheme_title": scheme_title(work, scheme),
        "category": category,
        "beneficiary": found.beneficiary,
        "period": month,
        "amount_fen": fen,
        "winners": winners,
        "losers": losers,
        "unchanged": unchanged,
        "before_fen": before,
        "after_fen": after,
        "cost_fen": after - before,
        "cost_year_fen": (after - before) * 12,
        "people": [
            {
                "person_id": person,
                "name": names[person].name if person in names else "",
                "before_fen": old,
                "after_fen": new,
            }
            for person, old, new in changed
        ],
    }


def _starts(work: UnitOfWork, scheme: str, first: int | None, last: int | None) -> list[tuple[int, int]]:
    """Ranges of beneficiaries of at most a chunk each."""
    found: list[tuple[int, int]] = []
    while first is not None and last is not None and first <= last:
        rest = select(_ENROLMENT.beneficiary_id).where(_ENROLMENT.scheme == scheme, _ENROLMENT.beneficiary_id >= first)
        end = work.session.connection().scalar(rest.order_by(_ENROLMENT.beneficiary_id).offset(_CHUNK - 1).limit(1))
        end = last if end is None else end
        found.append((first, end))
        first = end + 1
    return found
