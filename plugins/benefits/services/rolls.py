"""Build a roll: chunk by chunk, each in its own transaction, from what was known when it began.

``begin_roll`` opens the batch, ``build_chunk`` is called until it answers True, ``finish_roll`` closes it. A build that
was killed is taken up again by ``begin_roll``; nothing is payable before ``finish_roll``.
"""

import json
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import delete, func, select

from core.api import (
    BatchFacts,
    Clash,
    NewBatch,
    Period,
    Scheme,
    UnitOfWork,
    _,
    add_lines,
    batch_facts,
    batches_of,
    close_batch,
    columns,
    mark,
    open_batch,
    refuse,
    sums_by_month,
    table_of,
)
from plugins.benefits.differences import Question, compare
from plugins.benefits.due import looks_at_all, rules_of
from plugins.benefits.known import Known, known_at, known_now
from plugins.benefits.models import Enrolment, EnrolmentVersion, LeftOut, Overpaid, Run, Start
from plugins.benefits.months import month_of, number_of
from plugins.benefits.services.examining import scheme_of
from plugins.benefits.services.payees import find_missing_payees, renew_payees
from plugins.benefits.services.roll_lines import (
    ZERO,
    claim_back,
    find_left_out,
    keep_left_out,
    keep_overpaid,
    lines_of,
    paid_places,
)
from plugins.benefits.standards import load_standards

CHUNK = 20_000
OPEN = ("building", "draft")
RULES = 1
"""The version of the rules by which rolls are computed; it stands with every roll."""

_ENROLMENT, _VERSION, _RUN = columns(Enrolment), columns(EnrolmentVersion), columns(Run)
_LEFT, _OVERPAID = columns(LeftOut), columns(Overpaid)


class BuildRoll(BaseModel):
    """Which scheme, and the month that is paid."""

    scheme: str = Field(min_length=1, max_length=40, title=mark("业务"))
    period: str = Field(min_length=1, max_length=7, title=mark("月份"))


class StartScheme(BaseModel):
    """From which month on this county answers for a scheme, where it is not that of its first roll."""

    scheme: str = Field(min_length=1, max_length=40, title=mark("业务"))
    month: str = Field(min_length=1, max_length=7, title=mark("起始月"))
    reason: str = Field(default="", max_length=200, title=mark("事由"))


def start_scheme(work: UnitOfWork, wish: StartScheme) -> Start:
    """Say from which month on rolls look back."""
    work.require("benefits.start_scheme")
    scheme, month = scheme_of(work, wish.scheme), str(Period(wish.month))
    row = work.session.get(Start, scheme.name)
    before = {"month": row.month} if row else None
    row = row or Start(scheme=scheme.name, month=month, set_at=work.now, set_by=work.actor.account_id)
    row.month, row.reason = month, wish.reason
    row.set_at, row.set_by = work.now, work.actor.account_id
    work.session.add(row)
    work.session.flush()
    work.record(
        "benefits.scheme_started", f"benefits:{scheme.name}", reason=wish.reason, before=before, after={"month": month}
    )
    return row


def build_roll(work: UnitOfWork, wish: BuildRoll) -> dict[str, Any]:
    """Build a roll in one transaction; for a few people, a dry run or a test. Answers what ``roll build`` prints."""
    run = begin_roll(work, wish)
    while not build_chunk(work, run.batch_id):
        continue
    return finish_roll(work, run.batch_id)


def begin_roll(work: UnitOfWork, wish: BuildRoll) -> Run:
    """Open the batch of a scheme and month, or take up one that was begun.

    An unsubmitted batch is built anew under its number; beside a submitted one a supplementary batch is opened when
    something is still due for the month, else refused (E_DUP_PERIOD).
    """
    work.require("funds.build", work.settings.county.code)
    scheme, period = scheme_of(work, wish.scheme), str(Period(wish.period))
    _refuse_far(work, period)
    _refuse_empty(work, scheme, period)
    renew_payees(work, scheme.name)
    find_missing_payees(work, scheme.name)
    known = known_now(work)
    batches = _rolls(work, scheme.name)
    mine = [one for one in batches if one.period == period]
    opened = next((one for one in mine if one.state in OPEN), None)
    if opened is None and mine:
        _refuse_paid(work, scheme, period, (batches, known))
    going_on = _going_on(work, opened, known)
    if going_on is not None:
        return going_on
    batch = open_batch(work, NewBatch(scheme=scheme.name, period=period))
    _refuse_overtaken(work, scheme.name, (batches, opened), batch.id)
    connection = work.session.connection()
    for table in (LeftOut, Overpaid):
        connection.execute(delete(table_of(table)).where(columns(table).batch_id == batch.id))
    return _new_run(work, scheme, (batch.id, period), ([*batches], known))


def _rolls(work: UnitOfWork, scheme: str) -> list[BatchFacts]:
    return [one for one in batches_of(work, scheme) if one.kind != "reissue" and one.split_from is None]


def _refuse_overtaken(
    work: UnitOfWork, scheme: str, seen: tuple[Sequence[BatchFacts], BatchFacts | None], batch_id: int
) -> None:
    """Somebody built or submitted a roll while this one was asked for: what is still due was read before that."""
    before, opened = seen
    others = {one.id for one in _rolls(work, scheme)} - {batch_id}
    if others != {one.id for one in before} - {batch_id} or (opened is not None and opened.id != batch_id):
        raise Clash(_("别人刚刚生成或提交了名册，请刷新后再办"))


def build_chunk(work: UnitOfWork, batch_id: int) -> bool:
    """Build the lines of the next people; answers whether they were the last."""
    run = work.session.get_one(Run, batch_id)
    after = batch_facts(work, batch_id).built_to
    bounds = _next_people(work, run.scheme, after)
    if bounds is None:
        return True
    first, last, more = bounds
    scheme, known = scheme_of(work, run.scheme), known_at(run)
    question = _question(work, scheme, run, (first, last))
    found = compare(work, question, load_standards(work, scheme.name, known), known)
    left = find_left_out(work, question, found, known)
    paid = paid_places(found, left)
    add_lines(work, batch_id, lines_of(found, paid), built_to=last)
    keep_left_out(work, batch_id, left)
    keep_overpaid(work, run, found, left)
    return not more


def finish_roll(work: UnitOfWork, batch_id: int) -> dict[str, Any]:
    """Close a batch that was built, and claim back what was handed out and is not due."""
    from plugins.benefits.rolls import roll_result

    run = work.session.get_one(Run, batch_id)
    closed = close_batch(work, batch_id)
    claim_back(work, run)
    run.closed_at = work.now
    run.sums = json.dumps(sums_by_month(work, run.scheme), sort_keys=True)
    work.session.add(run)
    work.session.flush()
    result = roll_result(work, batch_id)
    work.record(
        "benefits.roll_built",
        f"batch:{batch_id}",
        scheme=run.scheme,
        period=run.period,
        lines=closed.lines,
        total_fen=closed.total_fen,
        left_out=len(result["excluded"]),
    )
    return result


def ask_roll(work: UnitOfWork, wish: BuildRoll) -> int:
    """Open a roll and have it built in the background; answers the batch."""
    run = begin_roll(work, wish)
    work.enqueue("benefits.build_roll", batch=run.batch_id)
    work.record("benefits.roll_asked", f"batch:{run.batch_id}", scheme=run.scheme, period=run.period)
    return run.batch_id


def build_step(work: UnitOfWork, batch: int) -> None:
    """The job of a page: build one chunk, then ask for the next; the last one closes the batch."""
    if batch_facts(work, batch).state != "building":
        return  # closed or given up meanwhile
    if build_chunk(work, batch):
        finish_roll(work, batch)
    else:
        work.enqueue("benefits.build_roll", batch=batch)


def start_of(work: UnitOfWork, scheme: str, batches: Sequence[BatchFacts], period: str) -> str:
    """The first month a scheme's rolls look back to: as it was said, else that of its first roll."""
    said = work.session.get(Start, scheme)
    return said.month if said else min([*(one.period for one in batches), period])


def _new_run(
    work: UnitOfWork, scheme: Scheme, place: tuple[int, str], facts: tuple[Sequence[BatchFacts], Known]
) -> Run:
    (batch_id, period), (batches, known) = place, facts
    run = work.session.get(Run, batch_id)
    start = min(start_of(work, scheme.name, batches, period), period)
    policies = rules_of(work, scheme)
    since, changed_after = _look_back(work, scheme, (batch_id, start, period), (known, policies))
    values = {
        "scheme": scheme.name,
        "period": period,
        "start": start,
        "since": since,
        "known_version": known.version,
        "known_standard": known.standard,
        "changed_after": changed_after,
        "policies": policies,
        "rules": RULES,
        "built_at": work.now,
        "closed_at": None,
        "sums": "{}",
    }
    run = run or Run(batch_id=batch_id, **values)
    for name, value in values.items():
        setattr(run, name, value)
    work.session.add(run)
    work.session.flush()
    return run


def _look_back(
    work: UnitOfWork, scheme: Scheme, place: tuple[int, str, str], now: tuple[Known, str]
) -> tuple[str, int]:
    """From which month everybody is compared, and the version after which somebody counts as changed.

    After a roll was closed nothing differs up to its month. So only these are looked at again: months since; months
    for which a new standard was set; months whose sums are no longer what they were at that roll; and, from the start,
    people of whom something new is known. Where a rule changed, or nobody can say what the amounts rest on, all is.
    """
    (batch_id, start, period), (known, policies) = place, now
    last = work.session.scalars(
        select(Run)
        .where(
            _RUN.scheme == scheme.name,
            _RUN.batch_id != batch_id,
            _RUN.closed_at.is_not(None),
            _RUN.batch_id.in_([one.id for one in batches_of(work, scheme.name)] or [0]),
        )
        .order_by(_RUN.known_version.desc(), _RUN.closed_at.desc(), _RUN.batch_id.desc())
        .limit(1)
    ).first()
    if last is None or looks_at_all(scheme) or (last.policies, last.rules) != (policies, RULES) or last.start > start:
        return start, known.version
    since = [period, month_of(number_of(last.period) + 1)]
    since += [row.valid_from for row in load_standards(work, scheme.name, known).rows if row.id > last.known_standard]
    before, stands = json.loads(last.sums), sums_by_month(work, scheme.name)
    since += [month for month in {*before, *stands} if before.get(month, 0) != stands.get(month, 0)]
    return max(start, min(since)), last.known_version


def _question(work: UnitOfWork, scheme: Scheme, run: Run, span: tuple[int, int]) -> Question:
    return Question(
        scheme=scheme,
        start=number_of(run.start),
        since=number_of(run.since),
        period=number_of(run.period),
        first=span[0],
        last=span[1],
        changed=_changed(work, run, span) if run.start < run.since else (),
        batch=run.batch_id,
    )


def _changed(work: UnitOfWork, run: Run, span: tuple[int, int]) -> list[int]:
    """Beneficiaries of whom something new is known, or who were left out or overpaid in the roll before."""
    connection = work.session.connection()
    asked = select(_VERSION.beneficiary_id).where(
        _VERSION.scheme == run.scheme,
        _VERSION.id > run.changed_after,
        _VERSION.id <= run.known_version,
        _VERSION.beneficiary_id.between(*span),
    )
    found = set(connection.scalars(asked))
    for table, open_only in ((_LEFT, _LEFT.code != ZERO), (_OVERPAID, _OVERPAID.recovery_id.is_(None))):
        again = (
            select(_ENROLMENT.beneficiary_id)
            .join(table.batch_id.table, table.enrolment_id == _ENROLMENT.id)
            .where(
                _ENROLMENT.scheme == run.scheme,
                _ENROLMENT.beneficiary_id.between(*span),
                table.batch_id != run.batch_id,
                open_only,
            )
        )
        found.update(connection.scalars(again))
    return sorted(found)


def _next_people(work: UnitOfWork, scheme: str, after: int) -> tuple[int, int, bool] | None:
    """The beneficiaries of the next chunk: first, last, and whether there are more."""
    connection = work.session.connection()
    rest = select(_ENROLMENT.beneficiary_id).where(_ENROLMENT.scheme == scheme, _ENROLMENT.beneficiary_id > after)
    last = connection.scalar(rest.order_by(_ENROLMENT.beneficiary_id).offset(CHUNK - 1).limit(1))
    final = connection.scalar(select(func.max(rest.subquery().c.beneficiary_id)))
    if final is None:
        return None
    end = final if last is None else last
    return after + 1, end, end < final


def _refuse_far(work: UnitOfWork, period: str) -> None:
    most = Period.of(work.today).plus(work.policy("benefits.months_ahead_max"))
    if period > most:
        words = _("最多提前到 {month}，不能生成 {period} 的名册", month=most, period=period)
        raise refuse(words, field="period", code="E_PERIOD")


def _refuse_empty(work: UnitOfWork, scheme: Scheme, period: str) -> None:
    asked = select(_ENROLMENT.id).where(_ENROLMENT.scheme == scheme.name, _ENROLMENT.from_month <= period).limit(1)
    if work.session.connection().scalar(asked) is None:
        words = _("“{scheme}”到 {period} 还没有人登记", scheme=_(scheme.title), period=period)
        raise refuse(words, field="period", code="E_NOTHING_DUE")


def _refuse_paid(work: UnitOfWork, scheme: Scheme, period: str, facts: tuple[Sequence[BatchFacts], Known]) -> None:
    """Refuse a second batch of a month for which nothing is due any more; the whole scheme is compared first."""
    batches, known = facts
    standards, after = load_standards(work, scheme.name, known), 0
    start = number_of(min(start_of(work, scheme.name, batches, period), period))
    while (bounds := _next_people(work, scheme.name, after)) is not None:
        first, after, _more = bounds
        question = Question(scheme=scheme, start=start, since=start, period=number_of(period), first=first, last=after)
        found = compare(work, question, standards, known)
        if len(paid_places(found, find_left_out(work, question, found, known))):
            return
    raise refuse(
        _("“{scheme}”{period} 已发放，没有还要补发的", scheme=_(scheme.title), period=period),
        field="period",
        code="E_DUP_PERIOD",
    )


def _going_on(work: UnitOfWork, opened: BatchFacts | None, known: Known) -> Run | None:
    """The run of a build that was killed, when nothing is known that was not known then."""
    if opened is None or opened.state != "building":
        return None
    run = work.session.get(Run, opened.id)
    if run is None or (run.known_version, run.known_standard) != (known.version, known.standard):
        return None
    work.record("benefits.roll_taken_up", f"batch:{opened.id}", to=opened.built_to)
    return run
