"""Money that was paid and not due: claimed back by month, paid back in instalments, withdrawn or written off.

A paid line is never edited. Opening books Dr 1201 / Cr expense for each fund, money that comes back Dr cash / Cr 1201.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from core.bulk import in_parts
from core.errors import Clash, NotFound, Objection, Refused, refuse
from core.funds.ledger import RECOVERABLE, Booked, Move, NewVoucher, book, cash_account_of
from core.funds.models import Batch, Draw, Instalment, Payee, Payment, Recovery, RecoveryMonth
from core.identity.models.persons import Person
from core.scope import scoped
from core.showing import money
from core.tables import sum_of
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork

_WITHDRAWABLE = ("open", "recovered")


@dataclass(frozen=True, kw_only=True)
class NewRecovery:
    """Money to claim back: ``months`` maps YYYY-MM to fen; ``source_id`` is the enrolment behind it.

    A provider owes it where ``person_id`` is None.
    """

    scheme: str
    beneficiary_id: int
    person_id: int | None
    area: str
    reason: str
    months: Mapping[str, int]
    source_id: int = 0


@dataclass(frozen=True)
class RecoveryFacts:
    """A recovery as a plugin sees it; ``months`` maps YYYY-MM to the fen claimed."""

    id: int
    scheme: str
    source_id: int
    beneficiary_id: int
    state: str
    amount_fen: int
    recovered_fen: int
    months: dict[str, int] = field(default_factory=dict)


def open_recovery(work: "UnitOfWork", wish: NewRecovery) -> int:
    """Claim money back and book it to the funds it came from; answers the recovery's number.

    Called by plugins inside their own act, whose right they asked for. Refused when the months were never released.
    """
    months = {month: fen for month, fen in wish.months.items() if fen > 0}
    total = sum(months.values())
    if not total:
        raise refuse(_("没有可追回的金额"), field="months", code="E_AMOUNT")
    recovery = Recovery(
        scheme=wish.scheme,
        beneficiary_id=wish.beneficiary_id,
        person_id=wish.person_id,
        area=wish.area,
        source_id=wish.source_id,
        reason=wish.reason,
        amount_fen=total,
        opened_on=work.today,
        opened_by=work.actor.account_id,
    )
    work.session.add(recovery)
    work.session.flush()
    number = recovery.id or 0
    funds = {month: _fund_behind(work, wish, month) for month in months}
    for month, fen in months.items():
        work.session.add(RecoveryMonth(recovery_id=number, for_month=month, fund_id=funds[month], amount_fen=fen))
    work.session.flush()
    expense = work.host.schemes[wish.scheme].account
    moves = [
        Move(
            fund_id=funds[month],
            debit=RECOVERABLE,
            credit=expense,
            amount_fen=fen,
            scheme=wish.scheme,
            area=wish.area,
            benefit_month=month,
            recovery_id=number,
        )
        for month, fen in months.items()
    ]
    booked = _booked(work, "recovery", f"recovery:{number}/opened", _("应追回：{why}", why=wish.reason), moves)
    _record(work, "funds.recovery_opened", recovery, booked, reason=wish.reason, months=months)
    return number


def withdraw_recovery(work: "UnitOfWork", recovery_id: int, reason: str) -> None:
    """Take a claim back: it was an error. What already came back stays booked and is due to the person again."""
    recovery = _get(work, recovery_id)
    if recovery.state not in _WITHDRAWABLE:
        raise Clash(_("追回 {number} 已经结束", number=recovery_id))
    left, moves = recovery.recovered_fen, []
    expense = work.host.schemes[recovery.scheme].account
    for part in _parts(work, recovery_id):
        kept = min(left, part.amount_fen)
        left -= kept
        if part.amount_fen - kept:  # what came back stays less expense, until it is paid again as back-pay
            moves.append(_back(recovery, part, expense, RECOVERABLE, part.amount_fen - kept))
    recovery.state, recovery.closed_on = "withdrawn", work.today
    work.session.add(recovery)
    work.session.flush()
    title = _("撤销追回：{why}", why=reason)
    booked = _booked(work, "recovery", f"recovery:{recovery_id}/withdrawn", title, moves)
    _record(work, "funds.recovery_withdrawn", recovery, booked, reason=reason)


def plan_recovery(
    work: "UnitOfWork", recovery_id: int, instalments: Sequence[tuple[date, int]], agreement: str
) -> Recovery:
    """Agree on instalments (day, fen). Nothing may be held back from current aid without ``agreement`` in writing."""
    recovery = visible_recovery(work, recovery_id, "funds.recover")
    objections = []
    if recovery.state != "open":
        raise Clash(_("追回 {number} 已经结束", number=recovery_id))
    if not agreement.strip():
        objections.append(
            Objection(
                reason=_("请填当事人的书面同意或决定书文号：没有它不能从保障金里扣"),
                field="agreement",
                code="E_NO_AGREEMENT",
            )
        )
    if any(fen <= 0 for _day, fen in instalments):
        objections.append(Objection(reason=_("每一期的金额都要大于 0"), field="instalments", code="E_AMOUNT"))
    left = recovery.amount_fen - recovery.recovered_fen
    if sum(fen for _day, fen in instalments) != left:
        words = _("各期合计应等于还没有追回的 {left} 元", left=money(left))
        objections.append(Objection(reason=words, field="instalments", code="E_PLAN_SUM"))
    if objections:
        raise Refused(objections)
    for row in work.session.scalars(select(Instalment).where(col(Instalment.recovery_id) == recovery_id)).all():
        work.session.delete(row)
    work.session.flush()
    for place, (day, fen) in enumerate(sorted(instalments), start=1):
        work.session.add(Instalment(recovery_id=recovery_id, place=place, due_on=day, amount_fen=fen))
    recovery.agreement = agreement.strip()
    work.session.add(recovery)
    work.session.flush()
    plan = [{"due_on": day, "amount_fen": fen} for day, fen in sorted(instalments)]
    work.record("funds.recovery_planned", f"recovery:{recovery_id}", area=recovery.area, plan=plan, agreement=agreement)
    return recovery


def receive_recovery(work: "UnitOfWork", recovery_id: int, amount_fen: int, on: date) -> Recovery:
    """Book money that came back to the funds it left; refused when it is more than is owed."""
    recovery = visible_recovery(work, recovery_id, "funds.recover")
    left = recovery.amount_fen - recovery.recovered_fen
    if recovery.state != "open":
        raise Clash(_("追回 {number} 已经结束", number=recovery_id))
    if not 0 < amount_fen <= left:
        raise refuse(
            _("追回的金额应大于 0，不超过还没有追回的 {left} 元", left=money(left)), field="amount", code="E_AMOUNT"
        )
    moves, past, wanted = [], recovery.recovered_fen, amount_fen
    for part in _parts(work, recovery_id):
        done = min(past, part.amount_fen)
        past -= done
        taken = min(wanted, part.amount_fen - done)
        wanted -= taken
        if taken:
            moves.append(_back(recovery, part, cash_account_of(work, part.fund_id), RECOVERABLE, taken))
    subject = f"recovery:{recovery_id}/received:{recovery.recovered_fen + amount_fen}"
    booked = _booked(work, "recovered", subject, _("收回多发款"), moves, on=on)
    _fill_instalments(work, recovery_id, amount_fen)
    recovery.recovered_fen += amount_fen
    if recovery.recovered_fen == recovery.amount_fen:
        recovery.state, recovery.closed_on = "recovered", on
    work.session.add(recovery)
    work.session.flush()
    _record(work, "funds.recovery_received", recovery, booked, amount_fen=amount_fen, on=on)
    return recovery


def write_off_recovery(work: "UnitOfWork", recovery_id: int, document: str) -> Recovery:
    """Give up what is left by a decision: the claim becomes expense again."""
    recovery = visible_recovery(work, recovery_id, "funds.write_off")
    if recovery.state != "open":
        raise Clash(_("追回 {number} 已经结束", number=recovery_id))
    if not document.strip():
        raise refuse(_("核销要填决定的文号"), field="document", code="E_NO_AGREEMENT")
    expense, moves, past = work.host.schemes[recovery.scheme].account, [], recovery.recovered_fen
    for part in _parts(work, recovery_id):
        done = min(past, part.amount_fen)
        past -= done
        if part.amount_fen - done:
            moves.append(_back(recovery, part, expense, RECOVERABLE, part.amount_fen - done))
    recovery.state, recovery.closed_on, recovery.agreement = "written_off", work.today, document.strip()
    work.session.add(recovery)
    work.session.flush()
    title = _("核销追回：{document}", document=document.strip())
    booked = _booked(work, "recovery", f"recovery:{recovery_id}/written_off", title, moves)
    left = recovery.amount_fen - recovery.recovered_fen
    _record(work, "funds.recovery_written_off", recovery, booked, document=document.strip(), amount_fen=left)
    return recovery


def recoveries_of(work: "UnitOfWork", scheme: str, source_ids: Collection[int]) -> list[RecoveryFacts]:
    """The recoveries behind some enrolments, oldest first; for the plugin that owns them."""
    rows: list[Recovery] = []
    for part in in_parts(sorted(set(source_ids))):
        rows += work.session.scalars(
            select(Recovery).where(col(Recovery.scheme) == scheme, col(Recovery.source_id).in_(part))
        )
    rows.sort(key=lambda one: one.id or 0)
    months = _months(work, [row.id or 0 for row in rows])
    return [
        RecoveryFacts(
            row.id or 0,
            row.scheme,
            row.source_id,
            row.beneficiary_id,
            row.state,
            row.amount_fen,
            row.recovered_fen,
            months.get(row.id or 0, {}),
        )
        for row in rows
    ]


def debtor() -> Any:
    """The name at the bank of whom the lines behind a recovery were paid to, as SQL beside ``Recovery``."""
    return (
        select(col(Payee.name))
        .join(Payment, col(Payment.payee_id) == col(Payee.id))
        .where(col(Payment.scheme) == col(Recovery.scheme), col(Payment.beneficiary_id) == col(Recovery.beneficiary_id))
        .order_by(col(Payment.id).desc())
        .limit(1)
        .correlate(Recovery)
        .scalar_subquery()
    )


def list_recoveries(work: "UnitOfWork", state: str = "open") -> list[dict[str, Any]]:
    """Recoveries within the reader's areas, newest first, with their months and instalments."""
    work.require("funds.show")
    statement = (
        scoped(work, select(Recovery, func.coalesce(col(Person.name), debtor())), col(Recovery.area), "funds.show")
        .outerjoin(Person, col(Person.id) == col(Recovery.person_id))
        .order_by(col(Recovery.id).desc())
    )
    if state:
        statement = statement.where(col(Recovery.state) == state)
    rows = work.session.execute(statement).all()
    months = _months(work, [row.id or 0 for row, _name in rows])
    return [
        {
            "recovery": row.id,
            "scheme": row.scheme,
            "person_id": row.person_id,
            "person": name,
            "amount_fen": row.amount_fen,
            "recovered_fen": row.recovered_fen,
            "state": row.state,
            "reason": row.reason,
            "opened_on": row.opened_on,
            "months": months.get(row.id or 0, {}),
        }
        for row, name in rows
    ]


def visible_recovery(work: "UnitOfWork", recovery_id: int, permission: str) -> Recovery:
    """A recovery within the actor's areas; raises ``NotFound``."""
    work.require(permission)
    statement = scoped(work, select(Recovery), col(Recovery.area), permission).where(col(Recovery.id) == recovery_id)
    found = work.session.scalars(statement.with_for_update() if work.writes else statement).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这笔追回，或不在你的辖区"))
    return found


def _get(work: "UnitOfWork", recovery_id: int) -> Recovery:
    found = work.session.get(Recovery, recovery_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(_("没有找到这笔追回，或不在你的辖区"))
    return found


def _parts(work: "UnitOfWork", recovery_id: int) -> Sequence[RecoveryMonth]:
    return work.session.scalars(
        select(RecoveryMonth)
        .where(col(RecoveryMonth.recovery_id) == recovery_id)
        .order_by(col(RecoveryMonth.for_month), col(RecoveryMonth.fund_id))
    ).all()


def _months(work: "UnitOfWork", recovery_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """By recovery, what is claimed of each month in fen, whatever funds it came from."""
    found: dict[int, dict[str, int]] = {}
    of, month = col(RecoveryMonth.recovery_id), col(RecoveryMonth.for_month)
    for part in in_parts(recovery_ids):
        asked = select(of, month, sum_of(col(RecoveryMonth.amount_fen))).where(of.in_(part)).group_by(of, month)
        for recovery, name, fen in work.session.execute(asked.order_by(of, month)):
            found.setdefault(recovery, {})[name] = int(fen)
    return found


def _fund_behind(work: "UnitOfWork", wish: NewRecovery, month: str) -> int:
    """The fund a month was paid from: the one drawn last by the batch of its newest approved line."""
    found = work.session.scalar(
        select(col(Draw.fund_id))
        .join(Batch, col(Batch.id) == col(Draw.batch_id))
        .join(Payment, col(Payment.batch_id) == col(Batch.id))
        .where(
            col(Payment.scheme) == wish.scheme,
            col(Payment.beneficiary_id) == wish.beneficiary_id,
            col(Payment.for_month) == month,
            col(Batch.state).in_(("approved", "released", "sent", "settled")),
        )
        .order_by(col(Batch.id).desc(), col(Draw.place).desc())
        .limit(1)
    )
    if found is None:
        raise refuse(_("{month} 没有已批准的发放，不能追回；请先退回批次重新生成", month=month), code="E_NOT_PAID")
    return found


def _back(recovery: Recovery, part: RecoveryMonth, debit: str, credit: str, fen: int) -> Move:
    return Move(
        fund_id=part.fund_id,
        debit=debit,
        credit=credit,
        amount_fen=fen,
        scheme=recovery.scheme,
        area=recovery.area,
        benefit_month=part.for_month,
        recovery_id=recovery.id,
    )


def _fill_instalments(work: "UnitOfWork", recovery_id: int, fen: int) -> None:
    rows = work.session.scalars(
        select(Instalment).where(col(Instalment.recovery_id) == recovery_id).order_by(col(Instalment.place))
    )
    for row in rows.all():
        taken = min(fen, row.amount_fen - row.paid_fen)
        row.paid_fen, fen = row.paid_fen + taken, fen - taken
        work.session.add(row)


def _booked(
    work: "UnitOfWork", kind: str, subject: str, title: str, moves: Sequence[Move], on: date | None = None
) -> Booked | None:
    return book(work, NewVoucher(kind=kind, subject=subject, title=title, on=on), moves) if moves else None


def _record(work: "UnitOfWork", action: str, recovery: Recovery, booked: Booked | None, **details: Any) -> None:
    reason = str(details.pop("reason", ""))
    if booked is not None:
        details.update(voucher=booked.number, sealed=booked.sealed)
    work.record(
        action,
        f"recovery:{recovery.id}",
        area=recovery.area,
        reason=reason,
        amount_fen=details.pop("amount_fen", recovery.amount_fen),
        person=recovery.person_id,
        **details,
    )


def open_total(work: "UnitOfWork", permission: str = "funds.show") -> tuple[int, int]:
    """How many recoveries are open in the actor's areas, and how much they still claim, in fen."""
    statement = scoped(
        work,
        select(func.count(), sum_of(col(Recovery.amount_fen) - col(Recovery.recovered_fen))).where(
            col(Recovery.state) == "open"
        ),
        col(Recovery.area),
        permission,
    )
    count, fen = work.session.execute(statement).one()
    return int(count), int(fen)
