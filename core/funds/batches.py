"""A batch goes by steps, each by somebody else: submit, review, approve, release; the later ones may send it back.

The database holds the same rules: one row for each step, nobody twice, no relative on the roll, no other sheet than the
one that was submitted.
"""

import hashlib
import json
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from core.bulk import in_parts, stream
from core.errors import Clash, Objection, Refused, refuse
from core.funds import kin
from core.funds.ledger import Booked, Move, NewVoucher, book, refuse_leapt_clock, reverse
from core.funds.lines import OPEN, add_batch
from core.funds.models import (
    Allocation,
    Attempt,
    Batch,
    BatchStep,
    Draw,
    Fund,
    Payment,
    SpecialAccount,
    Tally,
    Voucher,
)
from core.funds.queries import find_batch, held_batch, scheme_title
from core.hookspecs import Payments
from core.identity.models.accounts import Account
from core.showing import money, month_in_words
from core.tables import columns, sum_of
from core.texts import _, listed

if TYPE_CHECKING:
    import numpy

    from core.work import UnitOfWork

SUBMIT, REVIEW, APPROVE, RELEASE, SENT_BACK = 1, 2, 3, 4, 5
RIGHTS = {SUBMIT: "funds.submit", REVIEW: "funds.review", APPROVE: "funds.approve", RELEASE: "funds.release"}
STATES = {SUBMIT: "submitted", REVIEW: "reviewed", APPROVE: "approved", RELEASE: "released"}
_GIVES_BACK = {"submitted": (REVIEW, APPROVE), "reviewed": (APPROVE,), "approved": (RELEASE, APPROVE)}
CHUNK = 10_000
SHOWN = 50
"""Of many objections to lines, so many are shown; the number of all is said."""

_LINE, _ATTEMPT, _BATCH = columns(Payment), columns(Attempt), columns(Batch)


def submit(work: "UnitOfWork", batch_id: int) -> list[int]:
    """Freeze a batch with count, total and hash, and store what it draws; answers the batches split off for kin.

    Lines of declared kin of whoever holds the later steps go into batches of their own. Refused with E_SOD, E_RECUSAL,
    E_STALE_ROLL, E_FUND_SHORT, E_EMPTY_BATCH.
    """
    batch = _begin(work, batch_id, SUBMIT)
    if not batch.count:
        raise refuse(_("批次 {batch} 里没有发放行", batch=batch_id), code="E_EMPTY_BATCH")
    split = _split_kin(work, batch)
    for number, conflicted in split.items():
        if work.actor.account_id not in conflicted:
            _freeze(work, find_batch(work, number))
    _freeze(work, batch)
    return sorted(split)


def review(work: "UnitOfWork", batch_id: int) -> Batch:
    """Say that a submitted batch was looked through."""
    batch = _begin(work, batch_id, REVIEW)
    _take(work, batch, REVIEW)
    return batch


def approve(work: "UnitOfWork", batch_id: int) -> Batch:
    """Approve a batch: from now on the money is owed. Dr expense / Cr 2001 (2003 to providers) for each fund drawn."""
    batch = _begin(work, batch_id, APPROVE)
    booked = None if batch.kind == "reissue" else _book_roll(work, batch)
    details: dict[str, Any] = {"voucher": booked.number, "sealed": booked.sealed} if booked else {}
    _take(work, batch, APPROVE, **details)
    return batch


def release(work: "UnitOfWork", batch_id: int, confirm_fen: int | None) -> Batch:
    """Let a batch go to the bank; ``confirm_fen`` is its total, typed again by whoever releases it (E_CONFIRM)."""
    batch = _begin(work, batch_id, RELEASE)
    if confirm_fen != batch.total_fen:
        raise refuse(
            _("请输入批次合计 {total} 元确认发放；输入的金额与合计不符", total=money(batch.total_fen))
            if confirm_fen is not None
            else _("请输入批次合计金额确认发放"),
            field="confirm",
            code="E_CONFIRM",
        )
    _ask_plugins(work, batch)
    _take(work, batch, RELEASE)
    return batch


def send_back(work: "UnitOfWork", batch_id: int, reason: str) -> Batch:
    """Give a batch back to whoever built it, with a reason; what was booked is reversed, what was drawn set free."""
    batch = held_batch(work, batch_id)
    if not may_send_back(work, batch):
        work.require(RIGHTS[_GIVES_BACK.get(batch.state, (RELEASE,))[0]], area=batch.area)
    if batch.state not in ("submitted", "reviewed", "approved", "released"):
        raise Clash(_("批次 {batch} 现在不能退回：{state}", batch=batch_id, state=state_words(batch.state)))
    if not reason.strip():
        raise refuse(_("请写明退回的原因"), field="reason", code="E_REASON")
    _refuse_later_revisions(work, batch)
    approved = work.session.scalar(
        select(col(Voucher.id)).where(
            col(Voucher.subject) == f"batch:{batch.id}/approved:{batch.round}", col(Voucher.kind) == "roll"
        )
    )
    details: dict[str, Any] = {}
    if approved is not None:
        booked = reverse(work, approved, reason.strip(), f"batch:{batch.id}/sent_back:{batch.round}")
        details: dict[str, Any] = {"voucher": booked.number, "sealed": booked.sealed}
    _write_step(work, batch, SENT_BACK, reason.strip())
    batch.state, batch.round = "draft", batch.round + 1
    batch.version += 1
    work.session.add(batch)
    work.session.flush()
    work.session.connection().execute(delete(Draw).where(col(Draw.batch_id) == batch.id))
    work.record("funds.sent_back", f"batch:{batch.id}", reason=reason.strip(), round=batch.round, **details)
    return batch


def may_send_back(work: "UnitOfWork", batch: Batch) -> bool:
    """Whether this person holds a later step of the batch, and so may give it back."""
    return any(work.may(RIGHTS[step], batch.area) for step in _GIVES_BACK.get(batch.state, (RELEASE,)))


def state_words(state: str) -> str:
    """A batch's state in words."""
    return {
        "building": _("生成中"),
        "draft": _("待提交"),
        "submitted": _("待复核"),
        "reviewed": _("待审批"),
        "approved": _("待放行"),
        "released": _("已放行"),
        "sent": _("已送银行"),
        "settled": _("已回盘"),
        "cancelled": _("已作废"),
    }[state]


def batch_title(work: "UnitOfWork", batch: Batch) -> str:
    """What a batch is, in words: 2026年3月孤儿基本生活费."""
    return _("{month}{scheme}", month=month_in_words(batch.period), scheme=scheme_title(work, batch.scheme))


def chunks(work: "UnitOfWork", batch: Batch) -> Iterator[Payments]:
    """The lines of a batch, some ten thousand at a time, each chunk read when a plugin looks at a column."""
    connection = work.session.connection()
    # Asked one by one, each is at an end of the index; asked together, all of it is read.
    first, last = (connection.scalar(lines_of(batch, end(_LINE.id))) for end in (func.min, func.max))
    for start in range(first or 0, (last or -1) + 1, CHUNK):
        yield Payments(
            batch_id=batch.id or 0,
            scheme=batch.scheme,
            period=batch.period,
            load=partial(_columns, work, batch, start),
        )


def _columns(work: "UnitOfWork", batch: Batch, start: int) -> "dict[str, numpy.ndarray]":
    import numpy

    statement = lines_of(batch, *(_PLAIN.get(name, _LINE[name]) for name in _NAMES)).where(
        _LINE.id.between(start, start + CHUNK - 1)
    )
    rows = work.session.connection().execute(statement.order_by(_LINE.id)).all()
    found = list(zip(*rows, strict=True)) or [()] * len(_NAMES)
    return {
        plural: numpy.asarray(column, dtype=kind) for (plural, kind), column in zip(_NAMES.values(), found, strict=True)
    }


_NAMES = {
    "id": ("ids", "int64"),
    "beneficiary_id": ("beneficiary_ids", "int64"),
    "person_id": ("person_ids", "int64"),
    "source_id": ("source_ids", "int64"),
    "area": ("areas", "U12"),
    "for_month": ("months", "U7"),
    "component": ("components", "U20"),
    "category": ("categories", "U20"),
    "amount_fen": ("amounts", "int64"),
}


_PLAIN = {"person_id": func.coalesce(_LINE.person_id, 0)}


def lines_of(batch: Batch, *wanted: Any) -> Any:
    """A select over the lines a batch pays: its own, or those of a re-issue."""
    statement = select(*wanted).select_from(_LINE.id.table)
    if batch.kind != "reissue":
        return statement.where(_LINE.batch_id == batch.id)
    tried = (_ATTEMPT.payment_id == _LINE.id) & (_ATTEMPT.batch_id == batch.id)
    return statement.join(_ATTEMPT.payment_id.table, tried)


def streamed(work: "UnitOfWork", statement: Any) -> Iterator[Any]:
    """Rows of a select in parts of ten thousand, never all at once."""
    yield from stream(work.session.connection(), statement, CHUNK)


def _begin(work: "UnitOfWork", batch_id: int, step: int) -> Batch:
    """The batch, when this person may take this step on it now."""
    work.require(RIGHTS[step], area=work.settings.county.code)
    refuse_leapt_clock(work)
    batch = held_batch(work, batch_id)
    earlier = work.session.execute(
        select(col(BatchStep.step), col(BatchStep.actor)).where(
            col(BatchStep.batch_id) == batch_id, col(BatchStep.step) < SENT_BACK
        )
    ).all()
    if any(row.actor == work.actor.account_id and row.step != step for row in earlier):
        raise refuse(_("岗位不相容：你已经在批次 {batch} 上办过一步，这一步要由别人办理", batch=batch_id), code="E_SOD")
    wanted = {SUBMIT: OPEN, REVIEW: ("submitted",), APPROVE: _before_approval(batch), RELEASE: ("approved",)}
    if batch.state not in wanted[step] or batch.state == "building":
        raise _out_of_turn(work, batch, step)
    relatives = kin.relatives_on(work, batch, work.actor.account_id) if step != SUBMIT else []
    if relatives:
        raise refuse(
            _("应当回避：批次里有你备案的近亲属 {names}，请由别人办理", names=listed(relatives)), code="E_RECUSAL"
        )
    return batch


def _before_approval(batch: Batch) -> tuple[str, ...]:
    return ("submitted",) if batch.steps == 3 else ("reviewed",)


def _out_of_turn(work: "UnitOfWork", batch: Batch, step: int) -> Clash | Refused:
    done = work.session.execute(
        select(col(Account.name), col(Account.title))
        .join(BatchStep, col(BatchStep.actor) == col(Account.id))
        .where(
            col(BatchStep.batch_id) == batch.id,
            col(BatchStep.round) == batch.round,
            col(BatchStep.step) == step,
        )
    ).first()
    if done is not None:
        return Clash(_("批次 {batch} 这一步已由 {who} 办理", batch=batch.id, who=done.title or done.name))
    return refuse(
        _("批次 {batch} 现在是“{state}”，还不能办这一步", batch=batch.id, state=state_words(batch.state)),
        code="E_SKIP_STEP",
    )


def _freeze(work: "UnitOfWork", batch: Batch) -> None:
    """Hold what plugins say, store the draws, hash the sheet and take the first step."""
    _ask_plugins(work, batch)
    draws = [] if batch.kind == "reissue" else _draw(work, batch)
    batch.steps = 3 if work.policy("funds.small_office") else 4
    batch.layout = work.hooks.resolve("resolve_payment_channel", work=work, scheme=batch.scheme, area=batch.area) or ""
    batch.sheet_hash = sheet_hash(work, batch)
    work.session.add(batch)
    work.session.flush()
    _take(work, batch, SUBMIT, count=batch.count, total=batch.total_fen, draws=draws)


def sheet_hash(work: "UnitOfWork", batch: Batch) -> bytes:
    """SHA-256 over the frozen lines: number, who, for which month and component, how much, to whom."""
    digest = hashlib.sha256(f"huimin-sheet-1\0{batch.scheme}\0{batch.period}\0{batch.kind}".encode())
    to = _ATTEMPT.payee_id if batch.kind == "reissue" else _LINE.payee_id
    statement = lines_of(
        batch, _LINE.id, _LINE.beneficiary_id, _LINE.for_month, _LINE.component, _LINE.revision, _LINE.amount_fen, to
    )
    for rows in streamed(work, statement.order_by(_LINE.id)):
        digest.update(json.dumps(rows, separators=(",", ":")).encode())
    return digest.digest()


def _take(work: "UnitOfWork", batch: Batch, step: int, **details: Any) -> None:
    """Write a step and move the batch on; whoever comes second is told who was first."""
    try:
        with work.session.begin_nested():
            _write_step(work, batch, step)
    except IntegrityError as error:
        if "E_SOD" in str(error) or "E_RECUSAL" in str(error):
            raise refuse(_("应当回避或岗位不相容，请由别人办理"), code="E_SOD") from error
        raise Clash(_("批次 {batch} 刚刚由别人办理了这一步，请刷新", batch=batch.id)) from error
    batch.state = STATES[step]
    batch.version += 1
    work.session.add(batch)
    work.session.flush()
    actions = {
        SUBMIT: "funds.submitted",
        REVIEW: "funds.reviewed",
        APPROVE: "funds.approved",
        RELEASE: "funds.released",
    }
    sheet = batch.sheet_hash or b""
    work.record(actions[step], f"batch:{batch.id}", sheet_hash=sheet, total_fen=batch.total_fen, **details)


def _write_step(work: "UnitOfWork", batch: Batch, step: int, reason: str = "") -> None:
    work.session.add(
        BatchStep(
            batch_id=batch.id or 0,
            round=batch.round,
            step=step,
            actor=work.actor.account_id,
            at=work.now,
            sheet_hash=batch.sheet_hash or b"",
            reason=reason,
        )
    )
    work.session.flush()


def _ask_plugins(work: "UnitOfWork", batch: Batch) -> None:
    if not work.hooks.implementers("check_payments"):
        return
    found: list[Objection] = []
    count = 0
    for payments in chunks(work, batch):
        rows = work.hooks.check_rows("check_payments", work=work, payments=payments)
        count += len(rows)
        found.extend(
            Objection(
                reason=_("第 {line} 行：{reason}", line=int(payments.ids[row.row]), reason=row.reason),
                code=row.code,
                hint=row.hint,
            )
            for row in rows[: SHOWN - len(found)]
        )
    if count > len(found):
        found.append(Objection(reason=_("另有 {count} 行也有问题", count=count - len(found)), code=found[0].code))
    if found:
        raise Refused(found)


def _draw(work: "UnitOfWork", batch: Batch) -> list[dict[str, Any]]:
    """Take the total from the scheme's open allocations of one bank account, oldest first (E_FUND_SHORT)."""
    mine = select(col(Allocation.id)).where(col(Allocation.scheme) == batch.scheme).order_by(col(Allocation.id))
    work.session.execute(mine.with_for_update()).all()  # two batches of a scheme draw one after the other
    taken = select(sum_of(col(Draw.amount_fen))).where(col(Draw.allocation_id) == col(Allocation.id)).scalar_subquery()
    rows = work.session.execute(
        select(
            col(Allocation.id), col(Allocation.fund_id), col(Fund.account_id), col(Fund.code),
            (col(Allocation.amount_fen) - taken).label("left"),
        )
        .join(Fund, col(Fund.id) == col(Allocation.fund_id))
        .where(
            col(Allocation.scheme) == batch.scheme,
            col(Allocation.closed_on).is_(None),
            col(Allocation.area).in_(("", batch.area)),
        )
        .order_by(col(Allocation.allocated_on), col(Allocation.id))
    ).all()  # fmt: skip
    rows = [row for row in rows if row.left > 0]
    rows = [row for row in rows if row.account_id == rows[0].account_id]
    wanted, draws = batch.total_fen, []
    for row in rows:
        fen = min(wanted, int(row.left))
        if fen:
            draws.append((row, fen))
            wanted -= fen
    if wanted:
        raise refuse(
            _(
                "资金余额不足：批次合计 {total} 元，已分配可用 {left} 元，还差 {short} 元，请先分配资金",
                total=money(batch.total_fen),
                left=money(batch.total_fen - wanted),
                short=money(wanted),
            ),
            code="E_FUND_SHORT",
        )
    for place, (row, fen) in enumerate(draws, start=1):
        work.session.add(
            Draw(batch_id=batch.id or 0, place=place, allocation_id=row.id, fund_id=row.fund_id, amount_fen=fen)
        )
    work.session.flush()
    return [{"fund": row.code, "allocation": row.id, "amount_fen": fen} for row, fen in draws]


def _book_roll(work: "UnitOfWork", batch: Batch) -> Booked:
    draws = work.session.execute(
        select(col(Draw.fund_id), col(Draw.amount_fen), col(Allocation.minutes_id))
        .join(Allocation, col(Allocation.id) == col(Draw.allocation_id))
        .where(col(Draw.batch_id) == batch.id)
        .order_by(col(Draw.place))
    ).all()
    moves = [
        Move(
            fund_id=row.fund_id,
            debit=work.host.schemes[batch.scheme].account,
            credit=work.host.schemes[batch.scheme].payable,
            amount_fen=row.amount_fen,
            scheme=batch.scheme,
            area=batch.area,
            benefit_month=batch.period,
            batch_id=batch.id,
            minutes_id=row.minutes_id,
        )
        for row in draws
    ]
    wish = NewVoucher(
        kind="roll",
        subject=f"batch:{batch.id}/approved:{batch.round}",
        title=_("审批：{what}", what=batch_title(work, batch)),
        batch_id=batch.id,
        small_office=batch.steps == 3,
    )
    return book(work, wish, moves)


def _refuse_later_revisions(work: "UnitOfWork", batch: Batch) -> None:
    later = columns(Payment)
    own = _LINE.id.table.alias("own")
    found = work.session.scalar(
        select(later.batch_id)
        .join(
            own,
            (own.c.scheme == later.scheme)
            & (own.c.beneficiary_id == later.beneficiary_id)
            & (own.c.for_month == later.for_month)
            & (own.c.component == later.component)
            & (own.c.revision < later.revision),
        )
        .where(own.c.batch_id == batch.id, later.batch_id != batch.id)
        .limit(1)
    )
    if found is not None:
        raise Clash(_("批次 {later} 是在这个批次之后补发的，请先退回或作废它", later=found))


def _split_kin(work: "UnitOfWork", batch: Batch) -> dict[int, frozenset[int]]:
    """Move lines of declared kin into batches of their own, one for each set of people who must keep away.

    A roll that holds nothing else stays whole; it is refused when the kin is the submitter's (E_RECUSAL).
    """
    own = work.actor.account_id
    lines = kin.kin_lines(work, batch, kin.holders_of_later_steps(work, batch.area) | {own})
    groups: dict[frozenset[int], list[int]] = {}
    for line, conflicted in lines.items():
        groups.setdefault(conflicted, []).append(line)
    if batch.kind == "reissue" or len(lines) == batch.count:
        if any(own in conflicted for conflicted in groups):
            names = kin.relatives_on(work, batch, own)
            raise refuse(
                _("应当回避：批次里有你备案的近亲属 {names}，请由别人提交", names=listed(names)), code="E_RECUSAL"
            )
        return {}
    return {_split_off(work, batch, ids): conflicted for conflicted, ids in sorted(groups.items(), key=_first_line)}


def _first_line(group: tuple[frozenset[int], list[int]]) -> int:
    return group[1][0]


def _split_off(work: "UnitOfWork", batch: Batch, ids: list[int]) -> int:
    connection = work.session.connection()
    last = work.session.scalar(
        select(func.max(col(Batch.run))).where(col(Batch.scheme) == batch.scheme, col(Batch.period) == batch.period)
    )
    part = Batch(
        scheme=batch.scheme,
        period=batch.period,
        run=(last or 0) + 1,
        kind=batch.kind,
        area=batch.area,
        split_from=batch.id,
        state="draft",
        built_at=batch.built_at,
        built_by=batch.built_by,
    )
    add_batch(work, part)
    for some in in_parts(ids):
        connection.execute(update(_LINE.id.table).where(_LINE.id.in_(some)).values(batch_id=part.id))
    for one in (batch, part):
        _count_again(work, one)
    work.record("funds.kin_split", f"batch:{part.id}", split_from=batch.id, count=part.count, total=part.total_fen)
    return part.id or 0


def _count_again(work: "UnitOfWork", batch: Batch) -> None:
    """Count, sum and tally a batch from its lines."""
    connection, tally = work.session.connection(), columns(Tally)
    town = func.substr(_LINE.area, 1, 9)
    keys = (town, _LINE.category, _LINE.for_month, _LINE.component)
    connection.execute(delete(tally.batch_id.table).where(tally.batch_id == batch.id))
    rows = connection.execute(
        select(*keys, func.count(), sum_of(_LINE.amount_fen)).where(_LINE.batch_id == batch.id).group_by(*keys)
    ).all()
    names = ("town", "category", "for_month", "component", "count", "amount_fen")
    if rows:
        connection.execute(
            tally.batch_id.table.insert(),
            [{"batch_id": batch.id, **dict(zip(names, (*row[:5], int(row[5])), strict=True))} for row in rows],
        )
    batch.count, batch.total_fen = sum(row[4] for row in rows), sum(int(row[5]) for row in rows)
    work.session.add(batch)
    work.session.flush()


def account_of(work: "UnitOfWork", batch: Batch) -> SpecialAccount | None:
    """The bank account a batch is paid from; None before it was submitted."""
    return work.session.scalars(
        select(SpecialAccount)
        .join(Fund, col(Fund.account_id) == col(SpecialAccount.id))
        .join(Draw, col(Draw.fund_id) == col(Fund.id))
        .where(col(Draw.batch_id) == batch.id)
        .limit(1)
    ).first()
