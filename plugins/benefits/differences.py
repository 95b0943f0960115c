"""What is due, less what lines hold, plus what recoveries claim back: month by month, in columns."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy

from core.api import Claims, Held, Scheme, UnitOfWork, claims, held_months
from plugins.benefits.due import DueMonths, Versions, due_months, load_versions, versions_between
from plugins.benefits.known import Known
from plugins.benefits.months import month_of, number_of
from plugins.benefits.standards import NONE, Standards

if TYPE_CHECKING:
    from numpy import ndarray

_MONTHS = 100_000
"""More than the number of any month: beneficiary and month make one whole number."""
BACKPAY = "BACKPAY"


@dataclass(frozen=True, kw_only=True)
class Question:
    """Whom and which months to compare: ``start`` for who changed, ``since`` for everybody, up to ``period``.

    ``first`` and ``last`` bound the beneficiaries; ``changed`` are those looked at from ``start``; lines of ``batch``
    do not count as held.
    """

    scheme: Scheme
    start: int
    since: int
    period: int
    first: int
    last: int
    changed: Sequence[int] = ()
    batch: int | None = None


@dataclass(frozen=True)
class Differences:
    """One place for each beneficiary, month and stream: ``fen`` is due less held plus claimed; ``rows`` points into
    the versions (-1: nothing is due); ``components`` and ``revisions`` are those of a line that would pay it,
    ``waiting`` the unsubmitted batch that holds the revision before (0 = none). Stream 0 is the scheme's own money, the
    others are its extras in their order.
    """

    versions: Versions
    beneficiary_ids: "ndarray"
    months: "ndarray"
    due: "ndarray"
    fen: "ndarray"
    rows: "ndarray"
    components: "ndarray"
    revisions: "ndarray"
    waiting: "ndarray"
    without_standard: "ndarray"
    streams: "ndarray"


def compare(work: UnitOfWork, question: Question, standards: Standards, known: Known) -> Differences:
    """Compare what is due with what lines and recoveries hold."""
    versions, due = _all_due(work, question, standards, known)
    held, claimed = _all_held(work, question)
    owed = _Claimed.of(claimed)
    stream = streams_of(question.scheme, held.components)
    # Extras take what is claimed of them first: a claim names a month, never a component.
    found = [
        _one_stream(question, (versions, due[at]), _some(held, stream == at), (owed, at))
        for at in (*range(1, len(due)), 0)
    ]
    if len(found) == 1:
        return found[0]
    names = ("beneficiary_ids", "months", "due", "fen", "rows", "components", "revisions", "waiting", "streams")
    found = [found[-1], *found[:-1]]
    return replace(found[0], **{name: numpy.concatenate([getattr(one, name) for one in found]) for name in names})


def streams_of(scheme: Scheme, components: "ndarray") -> "ndarray":
    """The stream of each component: 0 for the scheme's own lines, 1 and on for its extras."""
    found = numpy.zeros(len(components), "int64")
    for at, extra in enumerate(scheme.extras, 1):
        found[components == extra.component] = at
    return found


@dataclass
class _Claimed:
    """What is claimed back at each place, and not yet set against anything."""

    places: "ndarray"
    fen: "ndarray"

    @classmethod
    def of(cls, claimed: Claims) -> "_Claimed":
        places, back = numpy.unique(places_of(claimed.beneficiary_ids, numbers_of(claimed.months)), return_inverse=True)
        fen = numpy.zeros(len(places), "int64")
        numpy.add.at(fen, back, claimed.fen)
        return cls(places, fen)

    def take(self, places: "ndarray", missing: "ndarray") -> "ndarray":
        """Set claims against what is missing at some places; answers what was taken."""
        taken = numpy.zeros(len(places), "int64")
        if len(self.places) and len(places):
            at = numpy.minimum(numpy.searchsorted(self.places, places), len(self.places) - 1)
            there = self.places[at] == places
            taken[there] = numpy.minimum(self.fen[at[there]], missing[there])
            self.fen[at[there]] -= taken[there]
        return taken


def _one_stream(
    question: Question, due_of: tuple[Versions, DueMonths], held: Held, claim: tuple[_Claimed, int]
) -> Differences:
    (versions, due), (owed_back, stream) = due_of, claim
    scheme = question.scheme
    said = due.fen != NONE
    place = places_of(versions.beneficiary_ids[due.rows], due.months)
    unsaid = place[~said]
    due_place, first = numpy.unique(place[said], return_index=True)
    due_rows, due_fen = due.rows[said][first], due.fen[said][first]
    held_place = places_of(held.beneficiary_ids, numbers_of(held.months))
    more = [owed_back.places] if stream == 0 else []
    places = numpy.setdiff1d(numpy.unique(numpy.concatenate([due_place, held_place, *more])), unsaid)
    fen, rows = numpy.zeros(len(places), "int64"), numpy.full(len(places), NONE, "int64")
    at = _at(places, due_place)
    fen[at], rows[at] = due_fen, due_rows
    owed = fen.copy()
    _add(fen, places, held_place, -held.fen)
    if stream:
        fen += owed_back.take(places, numpy.maximum(-fen, 0))
    else:
        _add(fen, places, owed_back.places, owed_back.fen)
    months = places % _MONTHS
    own = numpy.where(months == question.period, scheme.component, BACKPAY)
    components = numpy.full(len(places), scheme.extras[stream - 1].component) if stream else own
    revisions, waiting = _revisions(places, components, held, held_place)
    return Differences(
        versions,
        places // _MONTHS,
        months,
        owed,
        fen,
        rows,
        components,
        revisions,
        waiting,
        versions.enrolment_ids[due.rows[~said & (due.months == question.period)]],
        numpy.full(len(places), stream, "int64"),
    )


def _all_due(
    work: UnitOfWork, question: Question, standards: Standards, known: Known
) -> tuple[Versions, list[DueMonths]]:
    """What is due by stream: since ``since`` for everybody, since ``start`` for who changed; one set of versions."""
    changed = numpy.asarray(question.changed, "int64")
    everybody = versions_between(question.first, question.last)
    span = (question.since, question.period)
    scheme, streams = question.scheme, (None, *question.scheme.extras)
    if not len(changed) or question.start >= question.since:
        versions = load_versions(work, scheme.name, known, span, everybody)
        return versions, [due_months(work, scheme, versions, span, standards, known, one) for one in streams]
    versions = load_versions(work, scheme.name, known, (question.start, question.period), everybody)
    theirs = numpy.flatnonzero(numpy.isin(versions.beneficiary_ids, changed))
    before, found = (question.start, question.since - 1), []
    for one in streams:
        now = due_months(work, scheme, versions, span, standards, known, one)
        earlier = due_months(work, scheme, versions.only(theirs), before, standards, known, one)
        found.append(
            DueMonths(
                numpy.concatenate([theirs[earlier.rows], now.rows]),
                numpy.concatenate([earlier.months, now.months]),
                numpy.concatenate([earlier.fen, now.fen]),
            )
        )
    return versions, found


def _all_held(work: UnitOfWork, question: Question) -> tuple[Held, Claims]:
    name, since, until = question.scheme.name, month_of(question.since), month_of(question.period)
    held = [_until(held_months(work, name, question.first, question.last, since, question.batch), until)]
    owed = [_claims_until(claims(work, name, question.first, question.last, since), until)]
    if question.start < question.since:
        start, last = month_of(question.start), month_of(question.since - 1)
        for first, end in _ranges(question.changed, question):
            held.append(_until(held_months(work, name, first, end, start, question.batch), last))
            owed.append(_claims_until(claims(work, name, first, end, start), last))
        wanted = set(question.changed)
        held[1:] = [_held_of(one, wanted) for one in held[1:]]
        owed[1:] = [_claims_of(one, wanted) for one in owed[1:]]
    return (
        Held(*(numpy.concatenate([getattr(one, name) for one in held]) for name in Held.__dataclass_fields__)),
        Claims(*(numpy.concatenate([getattr(one, name) for one in owed]) for name in Claims.__dataclass_fields__)),
    )


_ONE_BY_ONE = 200


def _ranges(changed: Sequence[int], question: Question) -> Collection[tuple[int, int]]:
    """Ranges of beneficiaries to look at: each who changed, or all of them at once when they are many."""
    inside = sorted({one for one in changed if question.first <= one <= question.last})
    if len(inside) <= _ONE_BY_ONE:
        return [(one, one) for one in inside]
    return [(inside[0], inside[-1])]


def _until(held: Held, month: str) -> Held:
    keep = held.months <= month
    return Held(*(getattr(held, name)[keep] for name in Held.__dataclass_fields__))


def _held_of(held: Held, wanted: "Collection[int]") -> Held:
    return _some(held, numpy.isin(held.beneficiary_ids, list(wanted)))


def _some(held: Held, keep: "ndarray") -> Held:
    return Held(*(getattr(held, name)[keep] for name in Held.__dataclass_fields__))


def _claims_until(owed: Claims, month: str) -> Claims:
    keep = owed.months <= month
    return Claims(*(getattr(owed, name)[keep] for name in Claims.__dataclass_fields__))


def _claims_of(owed: Claims, wanted: "Collection[int]") -> Claims:
    keep = numpy.isin(owed.beneficiary_ids, list(wanted))
    return Claims(*(getattr(owed, name)[keep] for name in Claims.__dataclass_fields__))


def places_of(beneficiaries: "ndarray", months: "ndarray") -> "ndarray":
    """Beneficiary and month (a number) as one whole number, for columns that are to be compared."""
    return beneficiaries * _MONTHS + months


def numbers_of(months: "ndarray") -> "ndarray":
    """A column of months (YYYY-MM) as numbers."""
    texts, places = numpy.unique(months, return_inverse=True)
    return numpy.array([number_of(text) for text in texts.tolist()], "int64")[places]


def _at(places: "ndarray", wanted: "ndarray") -> "ndarray":
    return numpy.searchsorted(places, wanted)


def _add(fen: "ndarray", places: "ndarray", wanted: "ndarray", amounts: "ndarray") -> None:
    """Add amounts at their places; places that cannot be compared are left out."""
    if not len(places) or not len(wanted):
        return
    at = numpy.minimum(_at(places, wanted), len(places) - 1)
    there = places[at] == wanted
    numpy.add.at(fen, at[there], amounts[there])


def _revisions(
    places: "ndarray", components: "ndarray", held: Held, held_place: "ndarray"
) -> "tuple[ndarray, ndarray]":
    revisions, waiting = numpy.zeros(len(places), "int64"), numpy.zeros(len(places), "int64")
    if not len(held_place) or not len(places):
        return revisions, waiting
    at = numpy.minimum(_at(places, held_place), len(places) - 1)
    same = (places[at] == held_place) & (components[at] == held.components)
    revisions[at[same]] = held.revisions[same] + 1
    waiting[at[same]] = held.open_batches[same]
    return revisions, waiting
