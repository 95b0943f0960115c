"""Hold lines against what is due: before a batch is submitted or released, and by sample when funds are verified."""

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from random import Random
from typing import Any

import numpy
from sqlalchemy import select

from core.api import (
    BatchFacts,
    LineFacts,
    Payments,
    RowObjection,
    Scheme,
    UnitOfWork,
    _,
    batch_facts,
    batches_of,
    columns,
    format_money,
    in_parts,
    lines_of_batch,
    lines_of_beneficiaries,
    recoveries_of,
    sums_by_month,
)
from plugins.benefits.differences import Differences, Question, compare, numbers_of, places_of, streams_of
from plugins.benefits.due import due_months, load_versions, looks_at_all, rules_of, versions_of
from plugins.benefits.known import known_at, known_now
from plugins.benefits.models import EnrolmentVersion, Run, Standard
from plugins.benefits.months import number_of
from plugins.benefits.schemes import schemes_of
from plugins.benefits.standards import NONE, load_standards

STALE = "E_STALE_ROLL"
_BEFORE_SUBMIT = ("building", "draft")


def stale_lines(work: UnitOfWork, payments: Payments) -> Iterator[RowObjection]:
    """Lines that are not what is due now; once a batch was approved, only those that pay more than is due.

    Whoever built a roll of a scheme of ours: lines that another plugin wrote are held against what is due as well.
    """
    batch = batch_facts(work, payments.batch_id)
    scheme, run = schemes_of(work).get(payments.scheme), run_of(work, batch)
    if scheme is None or batch.kind == "reissue":
        return
    changed = None if run is None else _changed_since(work, scheme, run)
    if changed is not None and not changed:
        return  # the lines need not even be read
    rows = numpy.flatnonzero(numpy.isin(payments.beneficiary_ids, changed or payments.beneficiary_ids))
    if not len(rows):
        return
    known = known_now(work)
    numbers, people, amounts = numbers_of(payments.months[rows]), payments.beneficiary_ids[rows], payments.amounts[rows]
    question = Question(
        scheme=scheme,
        start=int(numbers.min()),
        since=int(numbers.min()),
        period=max(int(numbers.max()), number_of(payments.period)),
        first=int(people.min()),
        last=int(people.max()),
        batch=batch.id,
    )
    found = compare(work, question, load_standards(work, scheme.name, known), known)
    streams = streams_of(scheme, payments.components[rows])
    places = _with_stream(scheme, places_of(people, numbers), streams)
    owed, said = _owed(scheme, found, places), _said(places, amounts)
    wrong = said != owed if batch.state in _BEFORE_SUBMIT else said > owed
    for at in numpy.flatnonzero(wrong).tolist():
        row = int(rows[at])
        words = _(
            "{month} 名册写的是 {said} 元，按现在的登记应发 {owed} 元",
            month=str(payments.months[row]),
            said=format_money(int(amounts[at])),
            owed=format_money(int(owed[at])),
        )
        yield RowObjection(row=row, reason=words, column="amount_fen", code=STALE, hint=_("重新生成名册"))


def _changed_since(work: UnitOfWork, scheme: Scheme, run: Run) -> list[int] | None:
    """Beneficiaries of whom something new is known since a roll was built; None when everybody may be concerned.

    With the same standards and rules, and the same sums for every month, only a person's own versions can differ.
    """
    standard, version = columns(Standard), columns(EnrolmentVersion)
    newer = select(standard.id).where(standard.scheme == scheme.name, standard.id > run.known_standard)
    if (
        looks_at_all(scheme)
        or run.policies != rules_of(work, scheme)
        or _until(json.loads(run.sums), run.period) != _until(sums_by_month(work, scheme.name), run.period)
        or work.session.connection().scalar(newer.limit(1)) is not None
    ):
        return None
    # The scheme is no way in: what is new is found by its number, while the index of a scheme holds everybody.
    ours = version.scheme.concat("") == scheme.name
    changed = select(version.beneficiary_id).where(version.id > run.known_version, ours)
    return sorted(set(work.session.connection().scalars(changed)))


def _until(sums: dict[str, int], month: str) -> dict[str, int]:
    return {one: fen for one, fen in sums.items() if one <= month and fen}


def _with_stream(scheme: Scheme, places: "numpy.ndarray", streams: "numpy.ndarray") -> "numpy.ndarray":
    """Beneficiary, month and stream as one whole number."""
    return places * (len(scheme.extras) + 1) + streams


def _owed(scheme: Scheme, found: Differences, places: "numpy.ndarray") -> "numpy.ndarray":
    """What is due at each place beside the batch, never below nothing."""
    known = _with_stream(scheme, places_of(found.beneficiary_ids, found.months), found.streams)
    if not len(known):
        return numpy.zeros(len(places), "int64")
    order = numpy.argsort(known)
    at = order[numpy.minimum(numpy.searchsorted(known, places, sorter=order), len(known) - 1)]
    return numpy.where(known[at] == places, numpy.maximum(found.fen[at], 0), 0)


def _said(places: "numpy.ndarray", amounts: "numpy.ndarray") -> "numpy.ndarray":
    """What the batch says at each place, over all its components."""
    known, back = numpy.unique(places, return_inverse=True)
    total = numpy.zeros(len(known), "int64")
    numpy.add.at(total, back, amounts)
    return total[back]


def recompute_sample(work: UnitOfWork, batch_id: int, seed: int, share: Decimal) -> list[dict[str, Any]]:
    """Compute a share of a roll's lines again from what was known when it was built; answers what does not agree.

    ``seed`` draws the same lines again. A line of the month itself is what was due; all lines of a month together, up
    to this batch, are what was due, less what recoveries have claimed back. Right and area are the caller's.
    """
    batch = batch_facts(work, batch_id)
    run = run_of(work, batch)
    if run is None or batch.kind == "reissue":
        return []
    lines = lines_of_batch(work, batch_id)
    chosen = _drawn(lines, seed, share)
    if not chosen:
        return []
    known, scheme = known_at(run), schemes_of(work)[run.scheme]
    standards = load_standards(work, scheme.name, known)
    enrolments = sorted({line.source_id for line in chosen})
    span = (number_of(min(line.for_month for line in chosen)), number_of(run.period))
    due: dict[tuple[int, int, int], int] = {}
    for part in in_parts(enrolments):
        versions = load_versions(work, scheme.name, known, span, versions_of(part))
        for stream, extra in enumerate((None, *scheme.extras)):
            computed = due_months(work, scheme, versions, span, standards, known, extra)
            who = versions.beneficiary_ids[computed.rows].tolist()
            keys = zip(who, computed.months.tolist(), [stream] * len(who), strict=True)
            due |= dict(zip(keys, computed.fen.tolist(), strict=True))
    return list(_disagreements(work, run, chosen, due))


def sentences_of(work: UnitOfWork, batch_id: int, seed: int, share: Decimal) -> list[str] | None:
    """What ``recompute_sample`` found, in words; None for a batch that benefits did not build."""
    if run_of(work, batch_facts(work, batch_id)) is None:
        return None
    return [one["problem"] for one in recompute_sample(work, batch_id, seed, share)]


def _built_by_then(work: UnitOfWork, run: Run) -> set[int]:
    """Batches of a scheme that were built from no more than this run knew: what it counted as paid."""
    runs = {
        one.batch_id
        for one in work.session.scalars(select(Run).where(columns(Run).scheme == run.scheme))
        if one.known_version <= run.known_version and one.known_standard <= run.known_standard
    }
    return {one.id for one in batches_of(work, run.scheme) if (one.split_from or one.id) in runs}


def run_of(work: UnitOfWork, batch: BatchFacts) -> Run | None:
    """The run that built a batch, or the one it was split from; None when benefits did not build it."""
    return work.session.get(Run, batch.split_from or batch.id)


def _drawn(lines: Sequence[LineFacts], seed: int, share: Decimal) -> list[LineFacts]:
    count = min(len(lines), -(-len(lines) * share // 1))
    return Random(seed).sample(list(lines), int(count))  # noqa: S311 - audits repeat the draw, nobody has to guess it


def _disagreements(
    work: UnitOfWork, run: Run, chosen: Sequence[LineFacts], due: dict[tuple[int, int, int], int]
) -> Iterator[dict[str, Any]]:
    """A month's lines in the rolls of that time add up to what was due; where money was claimed back, none is above."""
    history = lines_of_beneficiaries(work, run.scheme, {line.beneficiary_id for line in chosen})
    before = _built_by_then(work, run)
    streams = {one.component: at for at, one in enumerate(schemes_of(work)[run.scheme].extras, 1)}
    until: dict[tuple[int, str, int], int] = {}
    for line in history:
        if line.batch_id in before:
            key = (line.beneficiary_id, line.for_month, streams.get(line.component, 0))
            until[key] = until.get(key, 0) + line.amount_fen
    claimed = {
        (one.beneficiary_id, month)
        for one in recoveries_of(work, run.scheme, {line.source_id for line in chosen})
        for month in one.months
    }
    for line in chosen:
        stream = streams.get(line.component, 0)
        owed = due.get((line.beneficiary_id, number_of(line.for_month), stream), 0)
        owed = 0 if owed == NONE else owed
        place = (line.beneficiary_id, line.for_month)
        said = line.amount_fen if place in claimed else until[*place, stream]
        if said != owed and (place not in claimed or said > owed):
            yield {
                "batch": line.batch_id,
                "line": line.id,
                "for_month": line.for_month,
                "said_fen": said,
                "due_fen": owed,
                "problem": _(
                    "批次 {batch} 第 {line} 行：{month} 记的是 {said} 元，重算应为 {due} 元",
                    batch=line.batch_id,
                    line=line.id,
                    month=line.for_month,
                    said=format_money(said),
                    due=format_money(owed),
                ),
            }
