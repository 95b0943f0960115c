"""How batches of a scheme stand, and what was really handed out for a month: for the plugins that build rolls.

Right and area are the caller's to ask.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select
from sqlmodel import col

from core.bulk import in_parts
from core.errors import NotFound
from core.funds.models import Answer, Batch, Payee, Payment, Recovery, RecoveryMonth, Tally
from core.identity.models.bank_accounts import BankAccount
from core.scope import scoped
from core.tables import columns, sum_of
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork

HANDED_OUT = ("released", "sent", "settled")
"""States of a batch whose lines the bank has or will have: what is wrong in them is claimed back, not built again."""

_BATCH, _LINE, _TALLY = columns(Batch), columns(Payment), columns(Tally)


@dataclass(frozen=True)
class BatchFacts:
    """A batch as a plugin sees it; ``kind`` is roll, supplement or reissue, sums are in fen."""

    id: int
    scheme: str
    period: str
    run: int
    kind: str
    state: str
    split_from: int | None
    count: int
    total_fen: int
    built_to: int
    built_at: datetime


@dataclass(frozen=True)
class LineFacts:
    """A line of a batch as a plugin sees it, without the account it goes to; one of a provider names no person."""

    id: int
    batch_id: int
    period: str
    state: str
    beneficiary_id: int
    person_id: int | None
    area: str
    for_month: str
    component: str
    revision: int
    category: str
    amount_fen: int
    source_id: int


def batches_of(work: "UnitOfWork", scheme: str, period: str = "") -> list[BatchFacts]:
    """The batches of a scheme (and month), oldest first, without those that were cancelled."""
    statement = _facts().where(_BATCH.scheme == scheme, _BATCH.state != "cancelled").order_by(_BATCH.id)
    if period:
        statement = statement.where(_BATCH.period == period)
    return [BatchFacts(*row) for row in work.session.connection().execute(statement)]


def batch_facts(work: "UnitOfWork", batch_id: int) -> BatchFacts:
    """One batch; raises ``NotFound``."""
    row = work.session.connection().execute(_facts().where(_BATCH.id == batch_id)).first()
    if row is None:
        raise NotFound(_("没有找到批次 {batch}", batch=batch_id))
    return BatchFacts(*row)


def lines_of_batch(work: "UnitOfWork", batch_id: int, after: int = 0, limit: int | None = None) -> list[LineFacts]:
    """The lines of a batch in the order of their numbers, from behind ``after``."""
    statement = _lines().where(_LINE.batch_id == batch_id, _LINE.id > after).order_by(_LINE.id).limit(limit)
    return [LineFacts(*row) for row in work.session.connection().execute(statement)]


def lines_of_beneficiaries(work: "UnitOfWork", scheme: str, beneficiary_ids: Collection[int]) -> list[LineFacts]:
    """Every line of some beneficiaries of a scheme, oldest first."""
    found: list[LineFacts] = []
    for part in _parts(beneficiary_ids):
        statement = _lines().where(_LINE.scheme == scheme, _LINE.beneficiary_id.in_(part)).order_by(_LINE.id)
        found.extend(LineFacts(*row) for row in work.session.connection().execute(statement))
    return found


def handed_out(work: "UnitOfWork", scheme: str, beneficiary_ids: Collection[int]) -> dict[tuple[int, str], int]:
    """By beneficiary and month, the fen in released batches that the bank did not return.

    A returned line still lies with the county: it is not claimed back from anybody.
    """
    again = columns(Answer)
    returned = (
        select(again.payment_id)
        .group_by(again.payment_id)
        .having(func.min(again.result) == "returned")  # no attempt of it was paid
    )
    found: dict[tuple[int, str], int] = {}
    for part in _parts(beneficiary_ids):
        rows = work.session.connection().execute(
            select(_LINE.beneficiary_id, _LINE.for_month, sum_of(_LINE.amount_fen))
            .join(_BATCH.id.table, _BATCH.id == _LINE.batch_id)
            .where(
                _LINE.scheme == scheme,
                _LINE.beneficiary_id.in_(part),
                _BATCH.state.in_(HANDED_OUT),
                _LINE.id.not_in(returned),
            )
            .group_by(_LINE.beneficiary_id, _LINE.for_month)
        )
        found.update({(beneficiary, month): int(fen) for beneficiary, month, fen in rows})
    return found


def sums_by_month(work: "UnitOfWork", scheme: str) -> dict[str, int]:
    """What stands for each month of a scheme, in fen: lines of all batches less what recoveries claim back."""
    connection = work.session.connection()
    lines = connection.execute(
        select(_TALLY.for_month, sum_of(_TALLY.amount_fen))
        .join(_BATCH.id.table, _BATCH.id == _TALLY.batch_id)
        .where(_BATCH.scheme == scheme)
        .group_by(_TALLY.for_month)
    )
    found = {month: int(fen) for month, fen in lines}
    owed, part = columns(Recovery), columns(RecoveryMonth)
    claimed = connection.execute(
        select(part.for_month, sum_of(part.amount_fen))
        .join(owed.id.table, owed.id == part.recovery_id)
        .where(owed.scheme == scheme, owed.state != "withdrawn")
        .group_by(part.for_month)
    )
    for month, fen in claimed:
        found[month] = found.get(month, 0) - int(fen)
    return found


def batch_sums(work: "UnitOfWork", batch_id: int) -> dict[tuple[str, str], tuple[int, int]]:
    """A batch added up: by category and component the number of lines and their fen."""
    rows = work.session.connection().execute(
        select(_TALLY.category, _TALLY.component, sum_of(_TALLY.count), sum_of(_TALLY.amount_fen))
        .where(_TALLY.batch_id == batch_id)
        .group_by(_TALLY.category, _TALLY.component)
        .order_by(_TALLY.category, _TALLY.component)
    )
    return {(category, component): (int(count), int(fen)) for category, component, count, fen in rows}


def paid_by_month(work: "UnitOfWork", first: str, last: str) -> tuple[dict[tuple[str, str], int], set[str]]:
    """What batches handed in pay, in fen by (scheme, period) in the reader's areas, and the periods that still wait.

    Read from the sums that were written with the batches; a cancelled batch pays nothing.
    """
    asked = (
        select(_BATCH.scheme, _BATCH.period, _BATCH.state, sum_of(_TALLY.amount_fen))
        .join(_TALLY.batch_id.table, _TALLY.batch_id == _BATCH.id)
        .where(_BATCH.period.between(first, last), _BATCH.state.not_in(("building", "draft", "cancelled")))
        .group_by(_BATCH.scheme, _BATCH.period, _BATCH.state)
    )
    sums: dict[tuple[str, str], int] = {}
    waiting: set[str] = set()
    for scheme, period, state, fen in work.session.connection().execute(scoped(work, asked, _TALLY.town, "funds.show")):
        sums[scheme, period] = sums.get((scheme, period), 0) + int(fen)
        if state not in HANDED_OUT:
            waiting.add(period)
    return sums, waiting


def tallies_of(work: "UnitOfWork", scheme: str, period: str) -> list[tuple[str, str, str, str, int, int]]:
    """Sums of a scheme's handed out batches of a month, as they were written with them, for standard tables.

    Each is town, category, month, component, number of lines and fen; the lines themselves are not read.
    """
    rows = work.session.connection().execute(
        select(
            _TALLY.town,
            _TALLY.category,
            _TALLY.for_month,
            _TALLY.component,
            sum_of(_TALLY.count),
            sum_of(_TALLY.amount_fen),
        )
        .join(_BATCH.id.table, _BATCH.id == _TALLY.batch_id)
        .where(_BATCH.scheme == scheme, _BATCH.period == period, _BATCH.state.in_(HANDED_OUT))
        .group_by(_TALLY.town, _TALLY.category, _TALLY.for_month, _TALLY.component)
        .order_by(_TALLY.town, _TALLY.category, _TALLY.for_month, _TALLY.component)
    )
    return [(town, category, month, part, int(count), int(fen)) for town, category, month, part, count, fen in rows]


def outdated_payees(work: "UnitOfWork", used: Any) -> Mapping[int, int]:
    """Of the payees that a select (``used``, one column of ids) names, those whose person has another account now.

    Answers payee id to person id; the person may have no account at all any more.
    """
    payee, account = columns(Payee), columns(BankAccount)
    now = and_(account.person_id == payee.person_id, account.valid_to.is_(None))
    rows = work.session.connection().execute(
        select(payee.id, payee.person_id)
        .outerjoin(account.id.table, now)
        .where(
            payee.person_id.is_not(None),
            payee.kind == "person",
            payee.id.in_(used),
            or_(account.id.is_(None), account.number_index != payee.number_index),
        )
    )
    return {row.id: row.person_id for row in rows}


def payee_names(work: "UnitOfWork", payee_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Name and last four digits of the account of some payees."""
    payee, found = columns(Payee), {}
    for part in _parts(payee_ids):
        rows = work.session.connection().execute(select(payee.id, payee.name, payee.tail).where(payee.id.in_(part)))
        found.update({row.id: (row.name, row.tail) for row in rows})
    return found


def _facts() -> Any:
    return select(
        _BATCH.id,
        _BATCH.scheme,
        _BATCH.period,
        _BATCH.run,
        _BATCH.kind,
        _BATCH.state,
        _BATCH.split_from,
        _BATCH.count,
        _BATCH.total_fen,
        _BATCH.built_to,
        col(Batch.built_at),
    )


def _lines() -> Any:
    return select(
        _LINE.id,
        _LINE.batch_id,
        _BATCH.period,
        _BATCH.state,
        _LINE.beneficiary_id,
        _LINE.person_id,
        _LINE.area,
        _LINE.for_month,
        _LINE.component,
        _LINE.revision,
        _LINE.category,
        _LINE.amount_fen,
        _LINE.source_id,
    ).join(_BATCH.id.table, _BATCH.id == _LINE.batch_id)


def _parts(ids: Collection[int]) -> Iterator[Sequence[int]]:
    return in_parts(sorted({int(one) for one in ids}))
