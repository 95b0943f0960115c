"""What a chunk of a roll becomes: lines, people left out and why, months overpaid and what is claimed back of them."""

import numpy
from sqlalchemy import func, select

from core.api import (
    Lines,
    NewRecovery,
    UnitOfWork,
    _,
    claims,
    columns,
    handed_out,
    insert_columns,
    open_recovery,
    table_of,
)
from plugins.benefits.differences import Differences, Question
from plugins.benefits.exclusivity import conflicts_in_month
from plugins.benefits.known import Known
from plugins.benefits.models import Enrolment, LeftOut, Overpaid, Run
from plugins.benefits.months import month_of
from plugins.benefits.standards import NONE

NO_PAYEE, NO_STANDARD, ZERO, WAITING = "E_NO_PAYEE", "E_NO_STANDARD", "W_ZERO", "W_WAITING"
_ENROLMENT, _OVERPAID = columns(Enrolment), columns(Overpaid)


def find_left_out(work: UnitOfWork, question: Question, found: Differences, known: Known) -> dict[int, tuple[str, str]]:
    """Enrolments that get no line, with the code why and the other scheme or batch."""
    versions, scheme = found.versions, question.scheme
    now = (versions.since <= question.period) & (versions.until >= question.period)
    left: dict[int, tuple[str, str]] = dict.fromkeys(found.without_standard.tolist(), (NO_STANDARD, ""))
    own = found.streams == 0
    nothing = found.rows[(found.months == question.period) & (found.due == 0) & (found.rows != NONE) & own]
    left |= dict.fromkeys(versions.enrolment_ids[nothing].tolist(), (ZERO, ""))
    left |= dict.fromkeys(versions.enrolment_ids[now & (versions.payee_ids == NONE)].tolist(), (NO_PAYEE, ""))
    late = (found.fen > 0) & (found.waiting > 0) & (found.rows != NONE)
    for row, batch in zip(found.rows[late].tolist(), found.waiting[late].tolist(), strict=True):
        left[int(versions.enrolment_ids[row])] = (WAITING, str(batch))
    meeting = conflicts_in_month(work, scheme, month_of(question.period), known, (question.first, question.last))
    return left | {number: (scheme.exclusion_code, other) for number, other in meeting.items()}


def paid_places(found: Differences, left_out: dict[int, tuple[str, str]]) -> "numpy.ndarray":
    """Places that become lines."""
    versions = found.versions
    rows = numpy.flatnonzero((found.fen > 0) & (found.rows != NONE) & (found.waiting == 0))
    rows = rows[versions.payee_ids[found.rows[rows]] != NONE]
    barred = [number for number, (code, _other) in left_out.items() if code not in (NO_STANDARD, ZERO, WAITING)]
    if not barred:
        return rows
    return rows[~numpy.isin(versions.enrolment_ids[found.rows[rows]], barred)]


def lines_of(found: Differences, paid: "numpy.ndarray") -> Lines:
    """Places as lines of a batch."""
    versions, rows = found.versions, found.rows[paid]
    months = found.months[paid]
    texts = {month: month_of(month) for month in numpy.unique(months).tolist()}
    return Lines(
        beneficiary_ids=found.beneficiary_ids[paid],
        person_ids=versions.person_ids[rows],
        areas=versions.areas[rows],
        months=[texts[month] for month in months.tolist()],
        components=found.components[paid],
        revisions=found.revisions[paid],
        categories=versions.categories[rows],
        amounts=found.fen[paid],
        payee_ids=versions.payee_ids[rows],
        source_ids=versions.enrolment_ids[rows],
    )


def keep_left_out(work: UnitOfWork, batch_id: int, left_out: dict[int, tuple[str, str]]) -> None:
    """Keep who was left out of a batch."""
    numbers = sorted(left_out)
    insert_columns(
        work.session.connection(),
        table_of(LeftOut),
        {
            "enrolment_id": numbers,
            "code": [left_out[number][0] for number in numbers],
            "other": [left_out[number][1] for number in numbers],
        },
        {"batch_id": batch_id},
    )


def keep_overpaid(work: UnitOfWork, run: Run, found: Differences, left_out: dict[int, tuple[str, str]]) -> None:
    """Keep the months for which more stands than is due; they become recoveries when the batch is closed."""
    over = numpy.flatnonzero(found.fen < 0)
    if not len(over):
        return
    people = sorted(set(found.beneficiary_ids[over].tolist()))
    asked = (
        select(_ENROLMENT.beneficiary_id, func.max(_ENROLMENT.id).label("newest"))
        .where(_ENROLMENT.scheme == run.scheme, _ENROLMENT.beneficiary_id.between(people[0], people[-1]))
        .group_by(_ENROLMENT.beneficiary_id)
    )
    behind = {row.beneficiary_id: row.newest for row in work.session.connection().execute(asked)}
    rows: dict[tuple[int, str], int] = {}
    for beneficiary, month, fen in zip(
        found.beneficiary_ids[over].tolist(), found.months[over].tolist(), found.fen[over].tolist(), strict=True
    ):
        if behind[beneficiary] not in left_out or left_out[behind[beneficiary]][0] == ZERO:
            place = (behind[beneficiary], month_of(month))
            rows[place] = rows.get(place, 0) - fen
    if rows:
        numbers, months = zip(*rows, strict=True)
        amounts = list(rows.values())
        insert_columns(
            work.session.connection(),
            table_of(Overpaid),
            {"enrolment_id": numbers, "for_month": months, "amount_fen": amounts},
            {"batch_id": run.batch_id, "recovery_id": None},
        )


def claim_back(work: UnitOfWork, run: Run) -> None:
    """Open a recovery for each enrolment of which more was handed out than is due."""
    rows = work.session.scalars(
        select(Overpaid).where(_OVERPAID.batch_id == run.batch_id).order_by(_OVERPAID.enrolment_id, _OVERPAID.for_month)
    ).all()
    by_enrolment: dict[int, list[Overpaid]] = {}
    for row in rows:
        by_enrolment.setdefault(row.enrolment_id, []).append(row)
    for number, parts in by_enrolment.items():
        enrolment = work.session.get_one(Enrolment, number)
        wanted = {part.for_month: part.amount_fen for part in parts}
        recovery = claim_months(work, enrolment, wanted, _("按现在的登记多发"))
        for part in parts if recovery else []:
            part.recovery_id = recovery
            work.session.add(part)
    work.session.flush()


def claim_months(work: UnitOfWork, enrolment: Enrolment, wanted: dict[str, int], reason: str) -> int | None:
    """Claim months back as far as they were handed out and are not claimed yet; None when there is nothing to claim."""
    who = enrolment.beneficiary_id
    out = handed_out(work, enrolment.scheme, [who])
    owed = claims(work, enrolment.scheme, who, who, min(wanted, default="9999-12"))
    claimed = dict(zip(owed.months.tolist(), owed.fen.tolist(), strict=True))
    months = {
        month: fen
        for month, most in wanted.items()
        if (fen := min(most, out.get((who, month), 0) - claimed.get(month, 0))) > 0
    }
    if not months:
        return None
    return open_recovery(
        work,
        NewRecovery(
            scheme=enrolment.scheme,
            beneficiary_id=who,
            person_id=enrolment.person_id,
            area=enrolment.area,
            source_id=enrolment.id or 0,
            reason=reason,
            months=months,
        ),
    )
