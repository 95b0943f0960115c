"""Questions of the internal audit, asked once a month: each answers what deserves a second look, and why.

A finding stops nothing; an officer explains or confirms it. [funds.md section 13]
"""

import importlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from core.errors import Clash, NotFound, refuse
from core.extension import Detector, Suspicion
from core.funds.models import (
    Allocation,
    Batch,
    Finding,
    Fund,
    FundBalance,
    Kin,
    Minutes,
    Payee,
    Payment,
    Tally,
    Transfer,
    Voucher,
)
from core.households.models.households import Membership
from core.identity.models.bank_accounts import BankAccount
from core.identity.models.persons import Person
from core.scope import scoped
from core.showing import money
from core.tables import columns, sum_of
from core.texts import _, mark
from core.values import Period

if TYPE_CHECKING:
    from core.work import UnitOfWork

PAID = ("released", "sent", "settled")
STATES = {
    "open": mark("待答复"),
    "explained": mark("已说明"),
    "confirmed": mark("属实，待整改"),
    "rectified": mark("已整改"),
}
FOLLOWING = {"open": ("explained", "confirmed"), "confirmed": ("rectified",)}
"""What a finding may become, by its state."""

_LINE, _BATCH, _PAYEE, _PERSON = columns(Payment), columns(Batch), columns(Payee), columns(Person)


def detect(work: "UnitOfWork", period: str) -> int:
    """Ask every detector about a month and keep what is new; answers how many findings were added."""
    work.require("funds.detect")
    month = str(Period(period))
    added = 0
    known = {
        (row.kind, row.subject)
        for row in work.session.execute(
            select(col(Finding.kind), col(Finding.subject)).where(col(Finding.period) == month)
        )
    }
    for name, detector in work.host.detectors.items():
        for one in _asked(work, detector, month):
            if (name, one.subject) in known:
                continue
            known.add((name, one.subject))
            added += 1
            work.session.add(
                Finding(
                    kind=name,
                    subject=one.subject,
                    period=month,
                    area=one.area or work.settings.county.code,
                    amount_fen=one.amount_fen,
                    reason=one.reason[:300],
                    found_at=work.now,
                )
            )
    work.session.flush()
    work.record("funds.detected", f"month:{month}", added=added)
    return added


def detect_last_month(work: "UnitOfWork") -> None:
    """The job of every month: ask about the month before."""
    detect(work, Period.of(work.today).previous())


def list_findings(work: "UnitOfWork", state: str = "open", period: str = "") -> list[dict[str, Any]]:
    """Findings within the reader's areas, newest first."""
    work.require("funds.detect")
    statement = scoped(work, select(Finding), col(Finding.area), "funds.detect").order_by(col(Finding.id).desc())
    if state:
        statement = statement.where(col(Finding.state) == state)
    if period:
        statement = statement.where(col(Finding.period) == period)
    return [
        {
            "finding": row.id,
            "kind": row.kind,
            "title": title_of(work, row.kind),
            "subject": row.subject,
            "period": row.period,
            "area": row.area,
            "amount_fen": row.amount_fen,
            "reason": row.reason,
            "state": row.state,
            "answer": row.answer,
        }
        for row in work.session.scalars(statement)
    ]


def decide_finding(work: "UnitOfWork", finding_id: int, state: str, answer: str) -> Finding:
    """Explain or confirm a finding, or say it was put right; always with words."""
    work.require("funds.decide_finding")
    statement = scoped(work, select(Finding), col(Finding.area), "funds.decide_finding")
    finding = work.session.scalars(statement.where(col(Finding.id) == finding_id)).one_or_none()
    if finding is None:
        raise NotFound(_("没有找到这条线索，或不在你的辖区"))
    if state not in FOLLOWING.get(finding.state, ()):
        words = {"state": _(STATES[finding.state]), "wanted": _(STATES.get(state, state))}
        raise Clash(_("这条线索现在是“{state}”，不能改成“{wanted}”", **words))
    if not answer.strip():
        raise refuse(_("请写明情况"), field="answer", code="E_REASON")
    finding.state, finding.answer = state, answer.strip()
    finding.decided_by, finding.decided_at = work.actor.account_id, work.now
    work.session.add(finding)
    work.session.flush()
    work.record(
        "funds.finding_decided", f"finding:{finding_id}", area=finding.area, reason=answer, after={"state": state}
    )
    return finding


def title_of(work: "UnitOfWork", kind: str) -> str:
    """A kind of finding in words."""
    detector = work.host.detectors.get(kind)
    return _(detector.title) if detector else kind


def _asked(work: "UnitOfWork", detector: Detector, month: str) -> Iterable[Suspicion]:
    module, _colon, name = detector.find.partition(":")
    function = getattr(importlib.import_module(module), name)
    plugin = detector.name.partition(".")[0]
    return work.hooks.run("register_detectors", plugin, lambda: list(function(work, month)))


def paid_after_death(work: "UnitOfWork", month: str) -> Iterator[Suspicion]:
    """Lines of the month's rolls for a month after the one in which the person died."""
    rows = work.session.connection().execute(
        select(_LINE.id, _LINE.area, _LINE.amount_fen, _LINE.for_month, _PERSON.name, _PERSON.died_on)
        .join(_BATCH.id.table, _BATCH.id == _LINE.batch_id)
        .join(_PERSON.id.table, _PERSON.id == _LINE.person_id)
        .where(_BATCH.period == month, _BATCH.state.in_(PAID), _PERSON.died_on.is_not(None))
    )
    for row in rows:
        if row.for_month > Period.of(row.died_on):
            reason = _("{name} 于 {died} 死亡，仍发放 {month}", name=row.name, died=row.died_on, month=row.for_month)
            yield Suspicion(subject=f"payment:{row.id}", area=row.area, amount_fen=row.amount_fen, reason=reason)


def paid_twice(work: "UnitOfWork", month: str) -> Iterator[Suspicion]:
    """One person with two lines of one scheme, month and component under different files."""
    rows = work.session.connection().execute(
        select(
            _LINE.person_id, _LINE.scheme, _LINE.for_month, func.max(_LINE.area), sum_of(_LINE.amount_fen),
            func.count(func.distinct(_LINE.beneficiary_id)),
        )
        .join(_BATCH.id.table, _BATCH.id == _LINE.batch_id)
        .where(_BATCH.period == month, _BATCH.state.in_(PAID), _LINE.person_id.is_not(None))
        .group_by(_LINE.person_id, _LINE.scheme, _LINE.for_month, _LINE.component)
        .having(func.count(func.distinct(_LINE.beneficiary_id)) > 1)
    )  # fmt: skip
    for person, scheme, for_month, area, fen, files in rows:
        reason = _("{scheme} {month} 在 {files} 份档案下各发了一次", scheme=scheme, month=for_month, files=files)
        yield Suspicion(subject=f"person:{person}/{scheme}", area=area, amount_fen=int(fen), reason=reason)


def shared_account(work: "UnitOfWork", month: str) -> Iterator[Suspicion]:
    """A person's account to which members of several households are paid."""
    least = work.policy("funds.shared_account_households")
    member = columns(Membership)
    rows = work.session.connection().execute(
        select(
            _PAYEE.number_index, func.min(_PAYEE.id), func.max(_LINE.area), sum_of(_LINE.amount_fen),
            func.count(func.distinct(member.household_id)),
        )
        .join(_LINE.id.table, _LINE.payee_id == _PAYEE.id)
        .join(_BATCH.id.table, _BATCH.id == _LINE.batch_id)
        .join(member.id.table, (member.person_id == _LINE.person_id) & member.valid_to.is_(None))
        .where(_BATCH.period == month, _BATCH.state.in_(PAID), _PAYEE.kind == "person")
        .group_by(_PAYEE.number_index)
        .having(func.count(func.distinct(member.household_id)) >= least)
    )  # fmt: skip
    for _index, payee, area, fen, households in rows:
        reason = _("{count} 户的钱发到同一个账号", count=households)
        yield Suspicion(subject=f"payee:{payee}", area=area, amount_fen=int(fen), reason=reason)


def payee_name(work: "UnitOfWork", month: str) -> Iterator[Suspicion]:
    """A person's own registered account under another name."""
    account = columns(BankAccount)
    rows = work.session.connection().execute(
        select(_LINE.id, _LINE.area, _LINE.amount_fen, _PAYEE.name.label("payee"), _PERSON.name)
        .join(_BATCH.id.table, _BATCH.id == _LINE.batch_id)
        .join(_PAYEE.id.table, _PAYEE.id == _LINE.payee_id)
        .join(_PERSON.id.table, _PERSON.id == _LINE.person_id)
        .outerjoin(account.id.table, (account.person_id == _PERSON.id) & account.valid_to.is_(None))
        .where(
            _BATCH.period == month,
            _BATCH.state.in_(PAID),
            _PAYEE.kind == "person",
            _PAYEE.person_id == _LINE.person_id,
            _PAYEE.name != _PERSON.name,
            func.coalesce(account.account_name, "") != _PAYEE.name,
        )
    )
    for row in rows:
        reason = _("户名是 {payee}，本人是 {name}", payee=row.payee, name=row.name)
        yield Suspicion(subject=f"payment:{row.id}", area=row.area, amount_fen=row.amount_fen, reason=reason)


def outside_whitelist(work: "UnitOfWork", month: str) -> Iterator[Suspicion]:
    """Money to an account that is nobody's registered account, of no institution and no provider."""
    account = columns(BankAccount)
    rows = work.session.connection().execute(
        select(_PAYEE.id, _PAYEE.name, func.max(_LINE.area), sum_of(_LINE.amount_fen))
        .join(_LINE.id.table, _LINE.payee_id == _PAYEE.id)
        .join(_BATCH.id.table, _BATCH.id == _LINE.batch_id)
        .outerjoin(account.id.table, account.number_index == _PAYEE.number_index)
        .where(
            _BATCH.period == month, _BATCH.state.in_(PAID), _PAYEE.kind == "person", _PAYEE.person_id.is_(None),
            account.id.is_(None),
        )
        .group_by(_PAYEE.id, _PAYEE.name)
    )  # fmt: skip
    for payee, name, area, fen in rows:
        reason = _("账号（户名 {name}）没有登记在任何人或机构名下", name=name)
        yield Suspicion(subject=f"payee:{payee}", area=area, amount_fen=int(fen), reason=reason)


def without_minutes(work: "UnitOfWork", month: str) -> Iterator[Suspicion]:
    """Allocations of the month whose minutes do not say which meeting decided."""
    rows = work.session.execute(
        select(Allocation, Minutes)
        .join(Minutes, col(Minutes.id) == col(Allocation.minutes_id))
        .where((col(Minutes.body) == "") | col(Minutes.held_on).is_(None) | col(Minutes.attended).is_(None))
    )
    for allocation, minutes in rows:
        if Period.of(allocation.allocated_on) == month:
            reason = _("会议记录 {minutes} 没有写明会议、日期或到会人数", minutes=minutes.id)
            yield Suspicion(
                subject=f"allocation:{allocation.id}",
                area=allocation.area,
                amount_fen=allocation.amount_fen,
                reason=reason,
            )


def restricted_use(work: "UnitOfWork", month: str) -> Iterator[Suspicion]:
    """Expense of a scheme booked to a fund that is for another."""
    move, fund = columns(Transfer), columns(Fund)
    rows = work.session.connection().execute(
        select(move.id, fund.code, move.scheme, move.amount_fen, move.area)
        .join(fund.id.table, fund.id == move.fund_id)
        .where(move.period == month, fund.scheme != "", move.scheme != "", move.scheme != fund.scheme)
    )
    for row in rows:
        reason = _("资金 {fund} 用于 {scheme}", fund=row.code, scheme=row.scheme)
        yield Suspicion(subject=f"transfer:{row.id}", area=row.area, amount_fen=row.amount_fen, reason=reason)


def idle_money(work: "UnitOfWork", month: str) -> Iterator[Suspicion]:
    """Funds with cash that nobody touched for longer than the policy allows after the last receipt."""
    days = work.policy("funds.idle_days")
    rows = work.session.execute(
        select(col(Fund.id), col(Fund.code), col(FundBalance.cash_fen), func.max(col(Voucher.value_date)).label("last"))
        .join(FundBalance, col(FundBalance.fund_id) == col(Fund.id))
        .join(Transfer, col(Transfer.fund_id) == col(Fund.id))
        .join(Voucher, col(Voucher.id) == col(Transfer.voucher_id))
        .where(col(FundBalance.cash_fen) > 0)
        .group_by(col(Fund.id), col(Fund.code), col(FundBalance.cash_fen))
    )
    for row in rows:
        if row.last + timedelta(days=days) < work.today:
            reason = _(
                "{cash} 元自 {last} 起没有动用，超过 {days} 天", cash=money(row.cash_fen), last=row.last, days=days
            )
            yield Suspicion(subject=f"fund:{row.id}", amount_fen=row.cash_fen, reason=reason)


def relative_undeclared(work: "UnitOfWork", month: str) -> Iterator[Suspicion]:
    """People on the month's rolls who live in the household of a member of staff and were not declared."""
    own, other = columns(Membership), columns(Membership).id.table.alias("other").c
    kin, declared = columns(Kin), columns(Kin).id.table.alias("declared").c
    rows = work.session.connection().execute(
        select(_LINE.person_id, kin.account_id, _PERSON.name, func.max(_LINE.area), sum_of(_LINE.amount_fen))
        .join(_BATCH.id.table, _BATCH.id == _LINE.batch_id)
        .join(other.id.table, (other.person_id == _LINE.person_id) & other.valid_to.is_(None))
        .join(own.id.table, (own.household_id == other.household_id) & own.valid_to.is_(None))
        .join(kin.id.table, (kin.person_id == own.person_id) & (kin.relation == "self") & kin.ended_on.is_(None))
        .join(_PERSON.id.table, _PERSON.id == _LINE.person_id)
        .outerjoin(
            declared.id.table,
            (declared.account_id == kin.account_id)
            & (declared.person_id == _LINE.person_id)
            & declared.ended_on.is_(None),
        )
        .where(_BATCH.period == month, _BATCH.state.in_(PAID), declared.id.is_(None))
        .group_by(_LINE.person_id, kin.account_id, _PERSON.name)
    )
    for person, account, name, area, fen in rows:
        reason = _("{name} 与工作人员（账号 {account}）同户，没有备案", name=name, account=account)
        yield Suspicion(subject=f"person:{person}/account:{account}", area=area, amount_fen=int(fen), reason=reason)


def totals(work: "UnitOfWork", month: str) -> Iterator[Suspicion]:
    """Batches whose statistics do not add up to their total."""
    tally = columns(Tally)
    rows = work.session.connection().execute(
        select(_BATCH.id, _BATCH.total_fen, sum_of(tally.amount_fen).label("fen"))
        .select_from(_BATCH.id.table.outerjoin(tally.batch_id.table, tally.batch_id == _BATCH.id))
        .where(_BATCH.period == month, _BATCH.kind != "reissue")
        .group_by(_BATCH.id, _BATCH.total_fen)
    )
    for row in rows:
        if row.total_fen != int(row.fen):
            gap = row.total_fen - int(row.fen)
            reason = _("合计 {total}，各行之和 {sum}", total=money(row.total_fen), sum=money(int(row.fen)))
            yield Suspicion(subject=f"batch:{row.id}", amount_fen=abs(gap), reason=reason)
