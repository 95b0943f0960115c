"""Rolls in columns: the only door through which lines of a batch are written, by the thousand, past the ORM.

    batch = open_batch(work, NewBatch(scheme="orphan_care", period="2026-03"))
    add_lines(work, batch.id, lines, built_to=last_enrolment)      # chunk by chunk, each in its own transaction
    close_batch(work, batch.id)                                    # nothing is payable before

A build that was killed goes on after ``built_to`` with ``restart=False``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from core.bulk import insert_columns
from core.errors import Clash, Fault, NotFound, refuse
from core.funds.models import FISCAL, Batch, Payment, Recovery, RecoveryMonth, Tally
from core.funds.models import Period as Books
from core.tables import columns, sum_of, table_of
from core.texts import _
from core.values import Period

if TYPE_CHECKING:
    import numpy

    from core.work import UnitOfWork

OPEN = ("building", "draft")
TOWN = 9
"""A town's code has nine digits; sums are kept for each."""

_STANDS_ALREADY = ("E_DUP_PERIOD", "one_payment_per_month_and_component", "funds_payment.scheme")
_BATCH, _LINE, _TALLY = columns(Batch), columns(Payment), columns(Tally)


@dataclass(frozen=True, kw_only=True)
class NewBatch:
    """A roll to be built for a scheme and month; ``restart`` empties one that was begun and not submitted."""

    scheme: str
    period: str
    restart: bool = True


@dataclass(frozen=True)
class OpenBatch:
    """A batch that takes lines. ``built_to`` is the last source row that is in it, 0 for a fresh one."""

    id: int
    run: int
    kind: str
    built_to: int


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Lines in parallel columns: ids whole numbers, ``amounts`` fen > 0, ``areas`` 12 digits, ``months`` YYYY-MM.

    ``person_ids`` holds 0 for a provider.
    """

    beneficiary_ids: "Sequence[int] | numpy.ndarray"
    person_ids: "Sequence[int] | numpy.ndarray"
    areas: "Sequence[str] | numpy.ndarray"
    months: "Sequence[str] | numpy.ndarray"
    components: "Sequence[str] | numpy.ndarray"
    revisions: "Sequence[int] | numpy.ndarray"
    categories: "Sequence[str] | numpy.ndarray"
    amounts: "Sequence[int] | numpy.ndarray"
    payee_ids: "Sequence[int] | numpy.ndarray"
    source_ids: "Sequence[int] | numpy.ndarray"


@dataclass(frozen=True)
class Held:
    """What stands for months in columns of one length: who, which month, component, fen, highest revision.

    ``open_batches`` is the unsubmitted batch in which the highest revision lies, 0 when it was submitted.
    """

    beneficiary_ids: "numpy.ndarray"
    months: "numpy.ndarray"
    components: "numpy.ndarray"
    fen: "numpy.ndarray"
    revisions: "numpy.ndarray"
    open_batches: "numpy.ndarray"


@dataclass(frozen=True)
class Claims:
    """What recoveries claim back, in columns: who, which month, fen."""

    beneficiary_ids: "numpy.ndarray"
    months: "numpy.ndarray"
    fen: "numpy.ndarray"


@dataclass
class Closed:
    """A batch that was built: its number, lines, sum and sums by category in fen."""

    batch: int
    lines: int
    total_fen: int
    by_category: dict[str, int] = field(default_factory=dict)


def open_batch(work: "UnitOfWork", wish: NewBatch) -> OpenBatch:
    """Take up the unsubmitted batch of a scheme and month, or open the next run of it.

    Raises ``NotFound`` for a scheme nobody brought, ``Refused`` for a month that is none.
    """
    area = work.settings.county.code
    work.require("funds.build", area=area)
    if wish.scheme not in work.host.schemes:
        raise NotFound(_("没有业务 {scheme}", scheme=wish.scheme), hint=", ".join(sorted(work.host.schemes)))
    period = str(Period(wish.period))
    found = work.session.scalars(
        select(Batch)
        .where(
            col(Batch.scheme) == wish.scheme,
            col(Batch.period) == period,
            col(Batch.state).in_(OPEN),
            col(Batch.kind) != "reissue",
            col(Batch.split_from).is_(None),
        )
        .order_by(col(Batch.run))
        .limit(1)
    ).first()
    if found is not None:
        work.session.refresh(found, with_for_update=True)  # somebody may submit it at this moment
        if found.state not in OPEN:
            raise Clash(_("批次 {batch} 刚刚由别人办理了这一步，请刷新", batch=found.id))
    batch = found or _new(work, wish.scheme, period, area)
    if found is not None and (wish.restart or found.state == "draft"):
        _empty(work, found)
    return OpenBatch(batch.id or 0, batch.run, batch.kind, batch.built_to)


def add_lines(work: "UnitOfWork", batch_id: int, lines: Lines, *, built_to: int) -> None:
    """Write a chunk of lines and its sums; ``built_to`` is the last source row the chunk covers."""
    import numpy

    connection = work.session.connection()
    amounts = numpy.asarray(lines.amounts, dtype="int64")
    if len(amounts) and int(amounts.min()) <= 0:
        raise Fault("a line of a batch is not positive")
    scheme = connection.scalar(select(_BATCH.scheme).where(_BATCH.id == batch_id, _BATCH.state == "building"))
    if scheme is None:
        raise NotFound(_("批次 {batch} 不在生成中", batch=batch_id))
    if len(amounts):
        _insert(work, batch_id, scheme, lines, amounts)
        _tally(work, batch_id, lines, amounts)
    connection.execute(
        update(_BATCH.id.table)
        .where(_BATCH.id == batch_id)
        .values(count=_BATCH.count + len(amounts), total_fen=_BATCH.total_fen + int(amounts.sum()), built_to=built_to)
    )
    work.record("funds.lines_built", f"batch:{batch_id}", count=len(amounts), total=int(amounts.sum()), to=built_to)


def close_batch(work: "UnitOfWork", batch_id: int) -> Closed:
    """End the building of a batch: its sums are held against its rows, and it becomes a draft."""
    connection = work.session.connection()
    batch = connection.execute(
        select(_BATCH.count, _BATCH.total_fen, _BATCH.state).where(_BATCH.id == batch_id)
    ).first()
    if batch is None or batch.state != "building":
        raise NotFound(_("批次 {batch} 不在生成中", batch=batch_id))
    count, total = connection.execute(
        select(func.count(), sum_of(_LINE.amount_fen)).where(_LINE.batch_id == batch_id)
    ).one()
    if (count, total) != (batch.count, batch.total_fen):
        raise Fault(f"batch {batch_id}: {count} rows of {total} fen, counted {batch.count} of {batch.total_fen}")
    connection.execute(update(_BATCH.id.table).where(_BATCH.id == batch_id).values(state="draft"))
    work.record("funds.batch_built", f"batch:{batch_id}", count=count, total=total)
    sums = connection.execute(
        select(_TALLY.category, sum_of(_TALLY.amount_fen)).where(_TALLY.batch_id == batch_id).group_by(_TALLY.category)
    )
    return Closed(batch_id, count, total, {category: int(fen) for category, fen in sums})


def cancel_batch(work: "UnitOfWork", batch_id: int, reason: str) -> None:
    """Give up a batch that was not submitted; its lines go, its number stays used."""
    work.require("funds.build", area=work.settings.county.code)
    batch = work.session.get(Batch, batch_id)
    if batch is None:
        raise NotFound(_("没有找到批次 {batch}", batch=batch_id))
    if batch.state not in OPEN:
        raise Clash(_("批次 {batch} 已经提交，不能作废；可以由后面的经手人退回", batch=batch_id))
    if not reason.strip():
        raise refuse(_("请写明作废的原因"), field="reason", code="E_REASON")
    _empty(work, batch)
    batch.state = "cancelled"
    work.session.add(batch)
    work.session.flush()
    work.record("funds.batch_cancelled", f"batch:{batch_id}", reason=reason.strip())


def held_months(
    work: "UnitOfWork", scheme: str, first: int, last: int, since: str, without_batch: int | None = None
) -> Held:
    """What lines hold for beneficiaries ``first`` to ``last`` from a month on, one row a month and component."""
    import numpy

    opened = case((_BATCH.state.in_(OPEN), _BATCH.id), else_=0)
    statement = (
        select(
            _LINE.beneficiary_id,
            _LINE.for_month,
            _LINE.component,
            sum_of(_LINE.amount_fen),
            func.max(_LINE.revision),
            func.max(opened),
        )
        .join(_BATCH.id.table, _BATCH.id == _LINE.batch_id)
        .where(_LINE.scheme == scheme, _LINE.beneficiary_id.between(first, last), _LINE.for_month >= since)
        .group_by(_LINE.beneficiary_id, _LINE.for_month, _LINE.component)
        .order_by(_LINE.beneficiary_id, _LINE.for_month)
    )
    if without_batch is not None:
        statement = statement.where(_LINE.batch_id != without_batch)
    rows = [tuple(row) for row in work.session.connection().execute(statement)]
    found = list(zip(*rows, strict=True)) or [()] * 6
    kinds = ("int64", "U7", "U20", "int64", "int64", "int64")
    return Held(*(numpy.asarray(part, dtype=kind) for part, kind in zip(found, kinds, strict=True)))


def claims(work: "UnitOfWork", scheme: str, first: int, last: int, since: str) -> Claims:
    """What recoveries of beneficiaries ``first`` to ``last`` claim back for months; of one taken back, what came in."""
    import numpy

    owed, part = columns(Recovery), columns(RecoveryMonth)
    rows = work.session.connection().execute(
        select(owed.id, owed.beneficiary_id, owed.state, owed.recovered_fen, part.for_month, part.amount_fen)
        .join(part.recovery_id.table, part.recovery_id == owed.id)
        .where(owed.scheme == scheme, owed.beneficiary_id.between(first, last))
        .order_by(owed.beneficiary_id, owed.id, part.for_month)
    )
    came: dict[int, int] = {}
    sums: dict[tuple[int, str], int] = {}
    for row in rows:
        fen = row.amount_fen
        if row.state == "withdrawn":
            left = came.setdefault(row.id, row.recovered_fen)
            fen = min(left, fen)
            came[row.id] = left - fen
        if fen and row.for_month >= since:
            key = (row.beneficiary_id, row.for_month)
            sums[key] = sums.get(key, 0) + fen
    return Claims(
        numpy.asarray([who for who, _month in sums], dtype="int64"),
        numpy.asarray([month for _who, month in sums], dtype="U7"),
        numpy.asarray(list(sums.values()), dtype="int64"),
    )


def _insert(work: "UnitOfWork", batch_id: int, scheme: str, lines: Lines, amounts: "numpy.ndarray") -> None:
    """Write the rows; a month that stands already is refused in words (E_DUP_PERIOD)."""
    given = {
        "id": work.next_ids("funds_payment", len(amounts)),
        "beneficiary_id": _plain(lines.beneficiary_ids),
        "person_id": [person or None for person in _plain(lines.person_ids)],
        "area": _plain(lines.areas),
        "for_month": _plain(lines.months),
        "component": _plain(lines.components),
        "revision": _plain(lines.revisions),
        "category": _plain(lines.categories),
        "amount_fen": amounts.tolist(),
        "payee_id": _plain(lines.payee_ids),
        "source_id": _plain(lines.source_ids),
    }
    constants = {"batch_id": batch_id, "scheme": scheme}
    try:
        insert_columns(work.session.connection(), table_of(Payment), given, constants)
    except Exception as error:
        # The rows went past SQLAlchemy: the driver's own error tells which rule of the database they broke.
        if not any(mark in str(error) for mark in _STANDS_ALREADY):
            raise
        raise refuse(_("该月已发放：名册里有人这个月已经有发放行"), code="E_DUP_PERIOD") from error


def _new(work: "UnitOfWork", scheme: str, period: str, area: str) -> Batch:
    books = work.session.get(Books, (FISCAL, period))
    if books is not None and books.closed_by is not None:
        raise refuse(
            _("{month} 已结账，不再生成这个月的批次；应补发的请放进没有结账的月份", month=period),
            field="period",
            code="E_CLOSED_PERIOD",
        )
    last = work.session.scalar(
        select(func.max(col(Batch.run))).where(col(Batch.scheme) == scheme, col(Batch.period) == period)
    )
    counted = work.session.scalar(
        select(func.count()).where(
            col(Batch.scheme) == scheme,
            col(Batch.period) == period,
            col(Batch.kind) == "roll",
            col(Batch.state) != "cancelled",
        )
    )
    batch = Batch(
        scheme=scheme,
        period=period,
        run=(last or 0) + 1,
        kind="supplement" if counted else "roll",
        area=area,
        built_at=work.now,
        built_by=work.actor.account_id,
    )
    add_batch(work, batch)
    work.record("funds.batch_opened", f"batch:{batch.id}", scheme=scheme, period=period, kind=batch.kind)
    return batch


def add_batch(work: "UnitOfWork", batch: Batch) -> None:
    """Add a batch under the next number of its month; ``Clash`` when somebody took the number at the same moment."""
    try:
        with work.session.begin_nested():
            work.session.add(batch)
    except IntegrityError as error:
        raise Clash(_("{month} 的批次刚刚由别人建立，请刷新后再试", month=batch.period)) from error


def _empty(work: "UnitOfWork", batch: Batch) -> None:
    connection = work.session.connection()
    connection.execute(delete(_LINE.id.table).where(_LINE.batch_id == batch.id))
    connection.execute(delete(_TALLY.batch_id.table).where(_TALLY.batch_id == batch.id))
    batch.state, batch.count, batch.total_fen, batch.built_to = "building", 0, 0, 0
    batch.built_at, batch.built_by = work.now, work.actor.account_id
    work.session.add(batch)
    work.session.flush()
    work.record("funds.batch_emptied", f"batch:{batch.id}")


def _tally(work: "UnitOfWork", batch_id: int, lines: Lines, amounts: "numpy.ndarray") -> None:
    import numpy

    towns = numpy.asarray(lines.areas).astype(f"U{TOWN}").tolist()
    keys = list(zip(towns, _plain(lines.categories), _plain(lines.months), _plain(lines.components), strict=True))
    numbers = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    packed = numpy.array([numbers[key] for key in keys], dtype="int64")
    counts = numpy.bincount(packed, minlength=len(numbers))
    sums = numpy.zeros(len(numbers), dtype="int64")
    numpy.add.at(sums, packed, amounts)
    known = {
        (row.town, row.category, row.for_month, row.component): row
        for row in work.session.connection().execute(select(_TALLY.batch_id.table).where(_TALLY.batch_id == batch_id))
    }
    fresh: list[dict[str, Any]] = []
    for key, place in numbers.items():
        town, category, month, component = key
        count, fen, before = int(counts[place]), int(sums[place]), known.get(key)
        if before is None:
            values = {"town": town, "category": category, "for_month": month, "component": component}
            fresh.append({**values, "batch_id": batch_id, "count": count, "amount_fen": fen})
            continue
        work.session.connection().execute(
            update(_TALLY.batch_id.table)
            .where(
                _TALLY.batch_id == batch_id,
                _TALLY.town == town,
                _TALLY.category == category,
                _TALLY.for_month == month,
                _TALLY.component == component,
            )
            .values(count=before.count + count, amount_fen=before.amount_fen + fen)
        )
    if fresh:
        work.session.connection().execute(_TALLY.batch_id.table.insert(), fresh)


def _plain(column: "Sequence[Any] | numpy.ndarray") -> Sequence[Any]:
    """A column as plain values of the driver: what numpy holds is not always understood."""
    given: Any = column
    return given.tolist() if hasattr(given, "tolist") else given
