"""``funds verify``: the ledger, the rolls and what was paid, computed again from the rows."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select
from sqlmodel import col

from core.funds import batches
from core.funds.ledger import LIABILITIES, RECOVERABLE, legs
from core.funds.models import (
    Allocation,
    Answer,
    Batch,
    BatchStep,
    Draw,
    Fund,
    FundBalance,
    Minutes,
    Payment,
    Recovery,
    RecoveryMonth,
    Tally,
    Transfer,
)
from core.funds.queries import balances
from core.showing import money
from core.tables import columns, mapped, sum_of, table_of
from core.texts import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.work import UnitOfWork

_LINE, _BATCH = columns(Payment), columns(Batch)
_OPEN = ("building", "draft", "cancelled")


def verify(work: "UnitOfWork") -> list[str]:
    """Problems in words; [] when everything adds up. Needs no trust in triggers, caches or sums that are kept."""
    work.require("funds.verify")
    return [
        *_balances(work),
        *_floors(work),
        *_batches(work),
        *_sheets(work),
        *_revisions(work),
        *_answers(work),
        *_steps(work),
        *_claims(work),
        *_by_plugins(work),
    ]


def _balances(work: "UnitOfWork") -> "Iterator[str]":
    leg = legs()
    kept = select(col(Fund.code), col(FundBalance.cash_fen), sum_of(leg.c.fen)).select_from(
        table_of(FundBalance).join(table_of(Fund), col(Fund.id) == col(FundBalance.fund_id)).outerjoin(
            leg, and_(leg.c.fund_id == col(Fund.id), leg.c.account.in_(("1001", "1002", "1003")))
        )
    ).group_by(col(Fund.code), col(FundBalance.cash_fen))  # fmt: skip
    for code, cash, summed in work.session.connection().execute(kept):
        if cash != int(summed):
            yield _(
                "资金 {fund} 的余额记为 {kept}，账上合计 {sum}", fund=code, kept=money(cash), sum=money(int(summed))
            )
        if cash < 0 or int(summed) < 0:
            yield _("资金 {fund} 透支", fund=code)
    owed = (
        select(col(Fund.code), leg.c.account, sum_of(leg.c.fen))
        .join(leg, leg.c.fund_id == col(Fund.id))
        .where(leg.c.account.in_((*LIABILITIES, RECOVERABLE)))
        .group_by(col(Fund.code), leg.c.account)
    )
    for code, account, fen in work.session.connection().execute(owed):
        if (fen > 0) if account in LIABILITIES else (fen < 0):
            yield _("资金 {fund} 的科目 {account} 方向不对", fund=code, account=account)


def _floors(work: "UnitOfWork") -> "Iterator[str]":
    connection = work.session.connection()
    left = col(Allocation.amount_fen) - col(Allocation.unspent_fen)
    for one in balances(work).values():
        if one.available < 0:
            yield _("资金 {fund} 分配出去的比账上的多 {fen} 元", fund=one.fund, fen=money(-one.available))
    for number, fen, most in connection.execute(
        select(col(Minutes.id), sum_of(left), col(Minutes.decided_fen))
        .join(Allocation, col(Allocation.minutes_id) == col(Minutes.id))
        .group_by(col(Minutes.id), col(Minutes.decided_fen))
        .having(sum_of(left) > col(Minutes.decided_fen))
    ):
        yield _(
            "会议记录 {minutes} 被引用 {fen}，决定只有 {most}", minutes=number, fen=money(int(fen)), most=money(most)
        )
    for number, fen, most in connection.execute(
        select(col(Allocation.id), sum_of(col(Draw.amount_fen)), left)
        .join(Draw, col(Draw.allocation_id) == col(Allocation.id))
        .group_by(col(Allocation.id), left)
        .having(sum_of(col(Draw.amount_fen)) > left)
    ):
        yield _("分配 {number} 被支用 {fen}，只有 {most}", number=number, fen=money(int(fen)), most=money(most))


def _batches(work: "UnitOfWork") -> "Iterator[str]":
    connection, summed = work.session.connection(), sum_of(_LINE.amount_fen)
    rows = connection.execute(
        select(_BATCH.id, _BATCH.count, _BATCH.total_fen, func.count(_LINE.id), summed)
        .select_from(_BATCH.id.table.outerjoin(_LINE.id.table, _LINE.batch_id == _BATCH.id))
        .where(_BATCH.kind != "reissue")
        .group_by(_BATCH.id, _BATCH.count, _BATCH.total_fen)
    )  # fmt: skip
    for number, count, total, found, fen in rows:
        if (count, total) != (found, int(fen)):
            yield _(
                "批次 {batch} 记为 {count} 行 {total} 元，名册是 {found} 行 {fen} 元",
                batch=number,
                count=count,
                total=money(total),
                found=found,
                fen=money(int(fen)),
            )
    tally = columns(Tally)
    sums = connection.execute(
        select(_BATCH.id, _BATCH.total_fen, sum_of(tally.amount_fen))
        .select_from(_BATCH.id.table.outerjoin(tally.batch_id.table, tally.batch_id == _BATCH.id))
        .where(_BATCH.kind != "reissue")
        .group_by(_BATCH.id, _BATCH.total_fen)
    )
    for number, total, fen in sums:
        if total != int(fen):
            yield _(
                "批次 {batch} 的统计合计 {fen} 与批次 {total} 不符",
                batch=number,
                fen=money(int(fen)),
                total=money(total),
            )
    drawn = connection.execute(
        select(_BATCH.id, _BATCH.total_fen, sum_of(col(Draw.amount_fen)))
        .select_from(_BATCH.id.table.outerjoin(table_of(Draw), col(Draw.batch_id) == _BATCH.id))
        .where(_BATCH.kind != "reissue", _BATCH.state.not_in(_OPEN))
        .group_by(_BATCH.id, _BATCH.total_fen)
    )
    for number, total, fen in drawn:
        if total != int(fen):
            yield _(
                "批次 {batch} 合计 {total}，支用的资金是 {fen}", batch=number, total=money(total), fen=money(int(fen))
            )


def _sheets(work: "UnitOfWork") -> "Iterator[str]":
    for batch in work.session.scalars(select(Batch).where(col(Batch.state).not_in(_OPEN))).all():
        if batches.sheet_hash(work, batch) != batch.sheet_hash:
            yield _("批次 {batch} 的名册与提交时不同", batch=batch.id)


def _revisions(work: "UnitOfWork") -> "Iterator[str]":
    """Revisions of a month and component follow each other without a gap."""
    rows = work.session.connection().execute(
        select(_LINE.scheme, _LINE.beneficiary_id, _LINE.for_month, _LINE.component)
        .group_by(_LINE.scheme, _LINE.beneficiary_id, _LINE.for_month, _LINE.component)
        .having(or_(func.max(_LINE.revision) != func.count() - 1, func.min(_LINE.revision) != 0))
    )
    for scheme, beneficiary, month, component in rows:
        yield _(
            "{scheme} {beneficiary} 号 {month} 的 {component} 次序不连续",
            scheme=scheme,
            beneficiary=beneficiary,
            month=month,
            component=component,
        )


def _answers(work: "UnitOfWork") -> "Iterator[str]":
    """What the ledger says was paid and returned is what the bank said of the lines; nobody was paid twice."""
    answer = columns(Answer)
    connection = work.session.connection()
    twice = connection.execute(
        select(answer.payment_id).where(answer.result == "paid").group_by(answer.payment_id).having(func.count() > 1)
    )
    for (number,) in twice:
        yield _("发放行 {line} 付了两次", line=number)
    said = mapped(
        connection.execute(
            select(answer.batch_id, sum_of(_LINE.amount_fen))
            .join(_LINE.id.table, _LINE.id == answer.payment_id)
            .where(answer.result == "paid")
            .group_by(answer.batch_id)
        )
    )
    move = columns(Transfer)
    booked = mapped(
        connection.execute(
            select(move.batch_id, sum_of(move.amount_fen))
            .where(move.batch_id.is_not(None), move.credit.in_(("1001", "1002", "1003")))
            .group_by(move.batch_id)
        )
    )
    for batch in sorted(set(said) | set(booked)):
        if int(said.get(batch, 0)) != int(booked.get(batch, 0)):
            yield _(
                "批次 {batch} 银行已付 {said}，账上付出 {booked}",
                batch=batch,
                said=money(int(said.get(batch, 0))),
                booked=money(int(booked.get(batch, 0))),
            )


def _steps(work: "UnitOfWork") -> "Iterator[str]":
    step = columns(BatchStep)
    rows = work.session.connection().execute(
        select(step.batch_id, step.actor)
        .where(step.step < batches.SENT_BACK)
        .group_by(step.batch_id, step.actor)
        .having(func.count(func.distinct(step.step)) > 1)
    )
    for batch, actor in rows:
        yield _("批次 {batch} 有人办理了两步（账号 {account}）", batch=batch, account=actor)


def _claims(work: "UnitOfWork") -> "Iterator[str]":
    rows = work.session.execute(
        select(col(Recovery.id), col(Recovery.amount_fen), sum_of(col(RecoveryMonth.amount_fen)))
        .outerjoin(RecoveryMonth, col(RecoveryMonth.recovery_id) == col(Recovery.id))
        .group_by(col(Recovery.id), col(Recovery.amount_fen))
    )
    for number, fen, months in rows:
        if fen != int(months):
            yield _(
                "追回 {number} 是 {fen} 元，各月合计 {months} 元",
                number=number,
                fen=money(fen),
                months=money(int(months)),
            )


def _by_plugins(work: "UnitOfWork") -> "Iterator[str]":
    """A sample of each scheme's newest submitted roll, computed again by whoever built it."""
    newest = (
        select(func.max(_BATCH.id)).where(_BATCH.state.not_in(_OPEN), _BATCH.kind != "reissue").group_by(_BATCH.scheme)
    )
    share: Any = work.policy("funds.verify_share")
    for number in work.session.connection().scalars(newest).all():
        problems = work.hooks.resolve("resolve_recomputed_sample", work=work, batch_id=number, seed=number, share=share)
        yield from problems or ()
