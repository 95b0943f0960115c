"""The bank's answer: read by line, whole or not at all, twice without effect; then returned lines go out again.

A file that names an unknown line, another amount, or takes back what the bank said before changes nothing
(E_RESULT_MISMATCH). [funds.md section 6]
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from core.bulk import in_parts, insert_columns
from core.errors import Clash, Objection, Refused, refuse
from core.funds.bank_files import reference_of
from core.funds.batches import batch_title, state_words
from core.funds.ledger import RETURNED, Booked, Move, NewVoucher, book, cash_account_of, sums_by_fund
from core.funds.lines import add_batch
from core.funds.models import Allocation, Answer, Attempt, Batch, Draw, Payee, Payment, ResultFile
from core.funds.payees import NewPayee, keep_payee
from core.funds.queries import held_batch, sent_lines
from core.hookspecs import Payments
from core.identity.models.persons import Person
from core.scope import scoped
from core.spreadsheet_in.cells import cell_text, header_name
from core.spreadsheet_in.files import Limits, read_sheets
from core.tables import columns, sum_of, table_of
from core.texts import _
from core.values import parse_money

if TYPE_CHECKING:
    import numpy

    from core.work import UnitOfWork

REFERENCE, AMOUNT, RESULT, REASON = "参考号", "金额", "结果", "原因"
SAID = {"成功": "paid", "失败": "returned", "success": "paid", "failed": "returned"}
SHOWN = 50

_LINE, _ANSWER, _ATTEMPT = columns(Payment), columns(Answer), columns(Attempt)


@dataclass(frozen=True)
class Imported:
    """What a result file changed: lines and fen paid and returned by it, lines that were answered before."""

    paid: int
    paid_fen: int
    returned: int
    returned_fen: int
    unchanged: int
    warning: str = ""


@dataclass(frozen=True)
class _Line:
    """A line that was sent, as the bank's file must name it."""

    payment_id: int
    attempt: int
    amount_fen: int
    result: str | None


@dataclass(frozen=True)
class Returned:
    """A returned line to be sent again; ``name`` and ``number`` "" keep the payee."""

    payment_id: int
    name: str = ""
    number: str = ""
    reason: str = ""


def import_result(work: "UnitOfWork", batch_id: int, data: bytes, file_name: str = "") -> Imported:
    """Take in the bank's answer on a batch; refused whole with every line that does not fit."""
    work.require("funds.import_result", area=work.settings.county.code)
    batch = held_batch(work, batch_id)
    if batch.state not in ("sent", "settled"):
        raise refuse(
            _("批次 {batch} 现在是“{state}”，还没有送银行", batch=batch_id, state=state_words(batch.state)),
            code="E_SKIP_STEP",
        )
    rows = _rows(work, data, file_name)
    sent = _sent(work, batch)
    fresh, unchanged = _compared(batch, rows, sent)
    if not fresh:
        return Imported(0, 0, 0, 0, unchanged, _("银行回盘已导入过，未作变更"))
    paid = [line for line, result, _reason in fresh if result == "paid"]
    back = [line for line, result, _reason in fresh if result == "returned"]
    found = Imported(len(paid), _sum(paid), len(back), _sum(back), unchanged)
    file = ResultFile(
        batch_id=batch_id,
        content_hash=hashlib.sha256(data).digest(),
        paid=found.paid,
        paid_fen=found.paid_fen,
        returned=found.returned,
        returned_fen=found.returned_fen,
        unchanged=unchanged,
        imported_at=work.now,
        imported_by=work.actor.account_id,
    )
    work.session.add(file)
    work.session.flush()
    insert_columns(
        work.session.connection(),
        table_of(Answer),
        {
            "payment_id": [line.payment_id for line, _result, _reason in fresh],
            "attempt": [line.attempt for line, _result, _reason in fresh],
            "result": [result for _line, result, _reason in fresh],
            "reason": [reason[:100] for _line, _result, reason in fresh],
        },
        {"batch_id": batch_id, "result_file_id": file.id, "answered_on": work.today},
    )
    booked = _book(work, batch, file, found)
    _tell(work, batch, paid, back)
    if sum(line.result is not None for line in sent.values()) + len(fresh) == batch.count:
        batch.state = "settled"
        batch.version += 1
        work.session.add(batch)
        work.session.flush()
    details: dict[str, Any] = {"voucher": booked.number, "sealed": booked.sealed} if booked else {}
    work.record(
        "funds.result_imported",
        f"batch:{batch_id}",
        hash=file.content_hash,
        paid=found.paid,
        paid_fen=found.paid_fen,
        returned=found.returned,
        returned_fen=found.returned_fen,
        **details,
    )
    return found


def take_result(work: "UnitOfWork", batch_id: int, data: bytes, file_name: str = "") -> Imported:
    """``import_result`` for the edges: an answer that was known already is recorded as such."""
    found = import_result(work, batch_id, data, file_name)
    if found.warning:
        work.record("funds.result_repeated", f"batch:{batch_id}")
    return found


def list_returned(work: "UnitOfWork") -> list[dict[str, Any]]:
    """Lines whose newest attempt the bank returned and that wait for a correction, oldest first.

    ``held`` says that nobody could correct it in time (policy ``funds.held_days``): the county owes it on.
    """
    work.require("funds.show")
    limit = work.today - timedelta(days=work.policy("funds.held_days"))
    payee = columns(Payee)
    later = _ANSWER.payment_id.table.alias("later")
    again = _ATTEMPT.payment_id.table.alias("again")
    person = columns(Person)
    statement = (
        select(
            _LINE.id.label("payment"), _LINE.scheme, _LINE.for_month, _LINE.amount_fen, _LINE.person_id,
            func.coalesce(person.name, payee.name).label("person"), payee.name.label("payee"), payee.tail,
            _ANSWER.reason, _ANSWER.attempt,
            _ANSWER.answered_on, _LINE.batch_id.label("batch"),
        )
        .join(_ANSWER.payment_id.table, _ANSWER.payment_id == _LINE.id)
        .outerjoin(person.id.table, person.id == _LINE.person_id)
        .outerjoin(
            _ATTEMPT.payment_id.table,
            (_ATTEMPT.payment_id == _LINE.id) & (_ATTEMPT.attempt == _ANSWER.attempt),
        )
        .join(payee.id.table, payee.id == func.coalesce(_ATTEMPT.payee_id, _LINE.payee_id))
        .where(
            _ANSWER.result == "returned",
            ~select(again.c.payment_id)
            .where(again.c.payment_id == _LINE.id, again.c.attempt == _ANSWER.attempt + 1)
            .exists(),
            ~select(later.c.payment_id)
            .where(later.c.payment_id == _LINE.id, later.c.attempt > _ANSWER.attempt)
            .exists(),
        )
        .order_by(_ANSWER.answered_on, _LINE.id)
    )  # fmt: skip
    rows = work.session.connection().execute(scoped(work, statement, _LINE.area, "funds.show"))
    return [{**row._mapping, "held": row.answered_on < limit} for row in rows]


def reissue(work: "UnitOfWork", wishes: Sequence[Returned]) -> Batch:
    """Put returned lines into a batch of their own as new attempts, to a corrected payee; it goes all steps again."""
    work.require("funds.build", area=work.settings.county.code)
    if not wishes:
        raise refuse(_("没有选择退票"), field="payments", code="E_EMPTY_BATCH")
    waiting = {row["payment"]: row for row in list_returned(work)}
    unknown = [wish.payment_id for wish in wishes if wish.payment_id not in waiting]
    if unknown:
        raise Refused(
            Objection(reason=_("第 {line} 行没有待重发的退票", line=line), code="E_NOT_RETURNED") for line in unknown
        )
    schemes = {waiting[wish.payment_id]["scheme"] for wish in wishes}
    if len(schemes) > 1:
        raise refuse(_("一个重发批次只办一种业务"), field="payments", code="E_ONE_SCHEME")
    scheme = schemes.pop()
    batch = _new_reissue(work, scheme, len(wishes), sum(waiting[wish.payment_id]["amount_fen"] for wish in wishes))
    lines: dict[int, Payment] = {}
    for part in in_parts([wish.payment_id for wish in wishes]):
        found = work.session.scalars(select(Payment).where(col(Payment.id).in_(part)))
        lines.update((row.id or 0, row) for row in found)
    for wish in wishes:
        line, attempt = lines[wish.payment_id], waiting[wish.payment_id]["attempt"]
        before = work.session.get(Attempt, (wish.payment_id, attempt))
        payee = before.payee_id if before else line.payee_id
        if wish.number:
            old = work.session.get(Payee, payee)
            payee = keep_payee(
                work,
                NewPayee(
                    kind=old.kind if old else "person",
                    name=wish.name or (old.name if old else ""),
                    number=wish.number,
                    person_id=line.person_id if old is None or old.kind == "person" else None,
                ),
            )
        work.session.add(
            Attempt(
                payment_id=wish.payment_id,
                attempt=attempt + 1,
                batch_id=batch.id or 0,
                payee_id=payee,
                reason=wish.reason,
            )
        )
    try:
        work.session.flush()
    except IntegrityError as error:  # the whole transaction is undone
        raise Clash(_("这几笔刚刚由别人重新发放，请刷新后再看")) from error
    batch.state = "draft"
    work.session.add(batch)
    work.session.flush()
    work.record("funds.reissued", f"batch:{batch.id}", scheme=scheme, count=batch.count, total=batch.total_fen)
    return batch


def _new_reissue(work: "UnitOfWork", scheme: str, count: int, total: int) -> Batch:
    period = work.today.strftime("%Y-%m")
    last = work.session.scalar(
        select(func.max(col(Batch.run))).where(col(Batch.scheme) == scheme, col(Batch.period) == period)
    )
    batch = Batch(
        scheme=scheme,
        period=period,
        run=(last or 0) + 1,
        kind="reissue",
        area=work.settings.county.code,
        count=count,
        total_fen=total,
        built_at=work.now,
        built_by=work.actor.account_id,
    )
    add_batch(work, batch)
    return batch


def _rows(work: "UnitOfWork", data: bytes, file_name: str) -> list[tuple[int, Mapping[str, str]]]:
    """The rows of a result file by header, with their number in the file."""
    limits = Limits(work.policy("households.import_rows_max"), work.policy("households.import_megabytes_max"))
    _kind, sheets = read_sheets(data, file_name or "CSV", limits)
    wanted = {header_name(name): name for name in (REFERENCE, AMOUNT, RESULT, REASON)}
    for _title, cells in sheets:
        for at, row in enumerate(cells):
            names = [wanted.get(header_name(cell_text(cell)), "") for cell in row]
            if {REFERENCE, AMOUNT, RESULT} <= set(names):
                found = []
                for number, line in enumerate(cells[at + 1 :], start=at + 2):
                    values = {name: cell_text(cell).strip() for name, cell in zip(names, line, strict=False) if name}
                    if any(values.values()):
                        found.append((number, values))
                return found
    raise refuse(
        _("回盘文件里没有找到表头，要有：{names}", names="、".join((REFERENCE, AMOUNT, RESULT))),
        field="file",
        code="E_RESULT_MISMATCH",
    )


def _sent(work: "UnitOfWork", batch: Batch) -> dict[str, _Line]:
    rows = work.session.connection().execute(sent_lines(batch))
    return {
        reference_of(batch.id or 0, row.id, row.attempt): _Line(row.id, row.attempt, row.amount_fen, row.result)
        for row in rows
    }


def _compared(
    batch: Batch, rows: Sequence[tuple[int, Mapping[str, str]]], sent: Mapping[str, _Line]
) -> tuple[list[tuple[_Line, str, str]], int]:
    """New answers and how many stand already; refused with every row that does not fit."""
    objections: list[Objection] = []
    fresh: list[tuple[_Line, str, str]] = []
    seen: dict[str, str] = {}
    unchanged = 0
    for number, row in rows:
        reference = row.get(REFERENCE, "")
        line, said = sent.get(reference), SAID.get(row.get(RESULT, "").casefold())
        wrong = _wrong(line, said, row, seen.get(reference))
        if wrong or line is None or said is None:
            reason = _("第 {row} 行：{what}", row=number, what=wrong)
            objections.append(Objection(reason=reason, field="file", code="E_RESULT_MISMATCH"))
            continue
        if reference in seen or line.result is not None:
            unchanged += 1
            continue
        seen[reference] = said
        fresh.append((line, said, row.get(REASON, "") if said == "returned" else ""))
    if not rows:
        objections.append(Objection(reason=_("回盘文件是空的"), field="file", code="E_RESULT_MISMATCH"))
    if objections:
        more = len(objections) - SHOWN
        shown = objections[:SHOWN]
        if more > 0:
            shown.append(Objection(reason=_("另有 {count} 行也有问题", count=more), code="E_RESULT_MISMATCH"))
        head = Objection(
            reason=_("银行回盘与批次 {batch} 不符，没有作任何变更", batch=batch.id),
            field="file",
            code="E_RESULT_MISMATCH",
        )
        raise Refused([head, *shown])
    return fresh, unchanged


def _wrong(line: _Line | None, said: str | None, row: Mapping[str, str], before: str | None) -> str:
    if line is None:
        return _("参考号 {reference} 不在批次里", reference=row.get(REFERENCE) or "--")
    if said is None:
        return _("结果“{text}”看不懂，填 成功 或 失败", text=row.get(RESULT, ""))
    try:
        amount = parse_money(row.get(AMOUNT, ""))
    except Refused:
        return _("金额“{text}”不是金额", text=row.get(AMOUNT, ""))
    if amount != line.amount_fen:
        return _("金额 {text} 与发放金额不符", text=row.get(AMOUNT, ""))
    if (line.result or before or said) != said:
        return _("银行先前的答复与这次相反，请与银行核对")
    return ""


def _book(work: "UnitOfWork", batch: Batch, file: ResultFile, found: Imported) -> Booked | None:
    """Book what was answered by fund: returned lines lie with the fund drawn last, the rest is paid."""
    moves = _reissue_moves(work, batch, file) if batch.kind == "reissue" else _roll_moves(work, batch, found)
    if not moves:
        return None
    wish = NewVoucher(
        kind="reissue" if batch.kind == "reissue" else "result",
        subject=f"batch:{batch.id}/result:{file.id}",
        title=_("银行回盘：{what}", what=batch_title(work, batch)),
        batch_id=batch.id,
        small_office=batch.steps == 3,
    )
    return book(work, wish, moves)


def _roll_moves(work: "UnitOfWork", batch: Batch, found: Imported) -> list[Move]:
    draws = work.session.execute(
        select(col(Draw.fund_id), col(Draw.amount_fen), col(Allocation.minutes_id))
        .join(Allocation, col(Allocation.id) == col(Draw.allocation_id))
        .where(col(Draw.batch_id) == batch.id)
        .order_by(col(Draw.place))
    ).all()
    past = work.session.execute(
        select(
            sum_of(col(ResultFile.paid_fen)),
            sum_of(col(ResultFile.returned_fen)),
        ).where(col(ResultFile.batch_id) == batch.id)
    ).one()
    # Paid money comes from the front of the draws, returned money lies at their end: the two never meet.
    paid = _slices([row.amount_fen for row in draws], int(past[0]) - found.paid_fen, found.paid_fen)
    returned = _slices(
        [row.amount_fen for row in reversed(draws)], int(past[1]) - found.returned_fen, found.returned_fen
    )
    moves: list[Move] = []
    for row, fen, back in zip(draws, paid, reversed(returned), strict=True):
        cash = cash_account_of(work, row.fund_id)
        for account, amount in ((cash, fen), (RETURNED, back)):
            if amount:
                moves.append(_move(work, batch, (row.fund_id, row.minutes_id), account, amount))
    return moves


def _slices(sizes: Sequence[int], skip: int, take: int) -> list[int]:
    """How much of each part is taken when ``skip`` was taken before from the front."""
    found = []
    for size in sizes:
        gone = min(skip, size)
        skip -= gone
        part = min(take, size - gone)
        take -= part
        found.append(part)
    return found


def _move(work: "UnitOfWork", batch: Batch, drawn: tuple[int, int | None], account: str, fen: int) -> Move:
    fund_id, minutes_id = drawn
    return Move(
        fund_id=fund_id,
        debit=RETURNED if batch.kind == "reissue" else work.host.schemes[batch.scheme].payable,
        credit=account,
        amount_fen=fen,
        scheme=batch.scheme,
        area=batch.area,
        benefit_month=batch.period,
        batch_id=batch.id,
        minutes_id=minutes_id,
    )


def _reissue_moves(work: "UnitOfWork", batch: Batch, file: ResultFile) -> list[Move]:
    """Re-issued and paid: Dr 2002 / Cr cash of the fund where the returned money lies; returned again moves nothing."""
    origins = work.session.connection().execute(
        select(_LINE.batch_id, sum_of(_LINE.amount_fen))
        .join(_ANSWER.payment_id.table, _ANSWER.payment_id == _LINE.id)
        .where(_ANSWER.result_file_id == file.id, _ANSWER.result == "paid")
        .group_by(_LINE.batch_id)
    )
    lying = {row.fund_id: -int(row.fen) for row in work.session.connection().execute(sums_by_fund((RETURNED,)))}
    moves: list[Move] = []
    for origin, fen in origins.all():
        left = int(fen)
        drawn = select(col(Draw.fund_id)).where(col(Draw.batch_id) == origin).order_by(col(Draw.place).desc())
        for fund_id in work.session.scalars(drawn):
            taken = min(left, lying.get(fund_id, 0))
            left, lying[fund_id] = left - taken, lying.get(fund_id, 0) - taken
            if taken:
                moves.append(_move(work, batch, (fund_id, None), cash_account_of(work, fund_id), taken))
    return moves


def _sum(lines: Sequence[_Line]) -> int:
    return sum(line.amount_fen for line in lines)


def _tell(work: "UnitOfWork", batch: Batch, paid: Sequence[_Line], back: Sequence[_Line]) -> None:
    from core.funds.batches import chunks

    for hook, lines in (("payments_settled", paid), ("payments_returned", back)):
        if not lines or not work.hooks.implementers(hook):
            continue
        import numpy

        ids = numpy.asarray(sorted(line.payment_id for line in lines), dtype="int64")
        for part in chunks(work, batch):
            mask = numpy.isin(part.ids, ids)
            if mask.any():
                told = Payments(
                    batch_id=part.batch_id,
                    scheme=part.scheme,
                    period=part.period,
                    load=partial(_masked, part, mask),
                )
                work.hooks.announce(hook, work=work, payments=told)


def _masked(part: Payments, mask: "numpy.ndarray") -> "dict[str, numpy.ndarray]":
    return {name: column[mask] for name, column in part.columns.items()}
