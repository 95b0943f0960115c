"""Instalments of contracts: due by points, with minutes and invoice; a month's instalments are one batch of funds."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import (
    Lines,
    NewBatch,
    Payments,
    Period,
    RowObjection,
    UnitOfWork,
    _,
    add_lines,
    batch_facts,
    close_batch,
    format_money,
    open_batch,
    refuse,
)
from plugins.social_workers.measuring import assessments_of
from plugins.social_workers.models import Agency, Instalment, Project
from plugins.social_workers.project_wishes import Invoice, Pay, WithdrawInstalment
from plugins.social_workers.queries import dict_of, own_project
from plugins.social_workers.rules import instalment
from plugins.social_workers.services.common import PAY, RUN, keep, require_state
from plugins.social_workers.services.projects import subject
from plugins.social_workers.words import SCHEME, SCHEMES

_NOT_SENT = ("building", "draft")


def amount_due(work: UnitOfWork, one: Project, stage: str) -> int:
    """What a stage pays by the contract and the points of its assessment, in whole fen; 0 when it does not pay."""
    assessed = assessments_of(work, one.id or 0).get(stage)
    if stage != "contract" and assessed is None:
        return 0
    on = assessed.assessed_on if assessed else one.contracted_on
    shares = work.policy("social_workers.instalments", on=on, area=one.area)
    scored = Decimal(assessed.points_tenths) / 10 if assessed else None
    return instalment(one.contract_fen, stage, scored, shares)


def instalments_of(work: UnitOfWork, project_id: int) -> list[Instalment]:
    """The instalments of a project that stand."""
    asked = select(Instalment).where(col(Instalment.project_id) == project_id, col(Instalment.withdrawn_on).is_(None))
    return list(work.session.scalars(asked.order_by(col(Instalment.id))))


def invoice(work: UnitOfWork, text: str, wish: Invoice) -> Instalment:
    """Enter an instalment that is due, with the agency's invoice and the minutes that decided it."""
    one = own_project(work, text, RUN)
    require_state(one, "contracted", "running", "mid_term", "final", "closed")
    standing = instalments_of(work, one.id or 0)
    if any(row.stage == wish.stage for row in standing):
        raise refuse(_("这一期已经登记"), field="stage", code="E_SW_TWICE")
    if wish.stage != "contract" and wish.stage not in assessments_of(work, one.id or 0):
        raise refuse(_("还没有这一阶段的评估"), field="stage", code="E_SW_STAGE")
    amount = amount_due(work, one, wish.stage)
    if amount <= 0:
        raise refuse(_("得分没有达到付款要求，这一期不付"), field="stage", code="E_SW_POINTS")
    used = select(col(Instalment.id)).where(
        col(Instalment.agency_id) == one.agency_id,
        col(Instalment.invoice_no) == wish.invoice_no.strip(),
        col(Instalment.withdrawn_on).is_(None),
    )
    if work.session.scalars(used).first() is not None:
        raise refuse(_("这张发票已经用过"), field="invoice_no", code="E_SW_INVOICE")
    made = Instalment(
        project_id=one.id or 0,
        agency_id=one.agency_id or 0,
        stage=wish.stage,
        amount_fen=amount,
        invoice_no=wish.invoice_no.strip(),
        minutes=wish.minutes.strip(),
        entered_on=work.today,
        made_by=work.actor.account_id,
    )
    keep(work, made)
    after = {"stage": wish.stage, "amount_fen": amount}
    work.record("social_workers.instalment_entered", subject(one), area=one.area, after=after)
    return made


def withdraw(work: UnitOfWork, text: str, wish: WithdrawInstalment) -> Instalment:
    """Take back an instalment that was entered wrongly, until its batch is submitted."""
    one = own_project(work, text, RUN)
    found = next((row for row in instalments_of(work, one.id or 0) if row.stage == wish.stage), None)
    if found is None:
        raise refuse(_("这一期还没有登记"), field="stage", code="E_SW_STATE")
    if found.batch_id and batch_facts(work, found.batch_id).state not in (*_NOT_SENT, "cancelled"):
        raise refuse(_("已经提交付款，不能撤回"), field="stage", code="E_SW_STATE")
    found.withdrawn_on, found.reason = work.today, wish.reason.strip()
    keep(work, found)
    after = {"stage": wish.stage}
    work.record("social_workers.instalment_withdrawn", subject(one), area=one.area, reason=found.reason, after=after)
    return found


def pay(work: UnitOfWork, wish: Pay) -> dict[str, Any]:
    """Put every instalment that waits into the month's batches: one for each kind of money; answers them."""
    work.require(PAY, work.settings.county.code)
    month = str(Period(wish.month))
    waiting = _waiting(work)
    if not waiting:
        raise refuse(_("没有等待付款的分期"), field="month", code="E_SW_STATE")
    batches = [_batch(work, scheme, month, rows) for scheme, rows in sorted(waiting.items())]
    return {"month": month, "batches": batches, "total_fen": sum(one["total_fen"] for one in batches)}


def _waiting(work: UnitOfWork) -> dict[str, list[tuple[Instalment, Project, Agency]]]:
    """Instalments that no submitted batch holds, by scheme."""
    asked = (
        select(Instalment, Project, Agency)
        .join(Project, col(Project.id) == col(Instalment.project_id))
        .join(Agency, col(Agency.id) == col(Instalment.agency_id))
        .where(col(Instalment.withdrawn_on).is_(None))
        .order_by(col(Instalment.id))
    )
    found: dict[str, list[tuple[Instalment, Project, Agency]]] = {}
    states: dict[int, str] = {}
    for row, project, agency in work.session.execute(asked):
        if row.batch_id and row.batch_id not in states:
            states[row.batch_id] = batch_facts(work, row.batch_id).state
        if row.batch_id is None or states[row.batch_id] in (*_NOT_SENT, "cancelled"):
            found.setdefault(SCHEMES.get(project.source, SCHEME), []).append((row, project, agency))
    return found


def _batch(
    work: UnitOfWork, scheme: str, month: str, rows: list[tuple[Instalment, Project, Agency]]
) -> Mapping[str, Any]:
    lacking = sorted({agency.name for _row, _project, agency in rows if not (agency.payee_id and agency.manager_id)})
    if lacking:
        words = _("没有登记负责人和银行账号：{names}", names="、".join(lacking))
        raise refuse(words, field="month", code="E_SW_PAYEE", hint=_("先在机构登记收款账号"))
    batch = open_batch(work, NewBatch(scheme=scheme, period=month))
    # A draft of another month keeps its lines; only what no other batch holds goes into this one.
    mine = [one for one in rows if one[0].batch_id in (None, batch.id) or _cancelled(work, one[0].batch_id)]
    lines = Lines(
        beneficiary_ids=[row.project_id for row, _project, _agency in mine],
        person_ids=[agency.manager_id or 0 for _row, _project, agency in mine],
        areas=[project.area.ljust(12, "0") for _row, project, _agency in mine],
        months=[month] * len(mine),
        components=[row.stage.upper() for row, _project, _agency in mine],
        revisions=[0] * len(mine),
        categories=[project.source for _row, project, _agency in mine],
        amounts=[row.amount_fen for row, _project, _agency in mine],
        payee_ids=[agency.payee_id or 0 for _row, _project, agency in mine],
        source_ids=[row.id or 0 for row, _project, _agency in mine],
    )
    add_lines(work, batch.id, lines, built_to=max((row.id or 0 for row, _project, _agency in mine), default=0))
    for row, _project, _agency in mine:
        row.batch_id = batch.id
        keep(work, row)
    closed = close_batch(work, batch.id)
    after = {"month": month, "lines": closed.lines, "total_fen": closed.total_fen}
    work.record("social_workers.instalments_batched", f"batch:{batch.id}", after=after)
    return {"batch": batch.id, "scheme": scheme, "lines": closed.lines, "total_fen": closed.total_fen}


def _cancelled(work: UnitOfWork, batch_id: int | None) -> bool:
    return batch_id is not None and batch_facts(work, batch_id).state == "cancelled"


def stale_lines(work: UnitOfWork, payments: Payments) -> Iterator[RowObjection]:
    """Lines of ours that are not, or no longer, what an instalment says."""
    if payments.scheme not in {SCHEME, *SCHEMES.values()}:
        return
    known = dict_of(work, Instalment, payments.source_ids.tolist())
    for row, (source, amount) in enumerate(zip(payments.source_ids.tolist(), payments.amounts.tolist(), strict=True)):
        one = known.get(source)
        if one is None or one.withdrawn_on or one.batch_id != payments.batch_id or one.amount_fen != amount:
            words = _("{amount} 元与登记的分期不符，请重新生成批次", amount=format_money(amount))
            yield RowObjection(row=row, reason=words, code="E_SW_STALE")


def paid_by_source(work: UnitOfWork, project_ids: list[int]) -> dict[int, int]:
    """What was entered for projects, in whole fen."""
    asked = (
        select(col(Instalment.project_id), func.sum(col(Instalment.amount_fen)))
        .where(col(Instalment.project_id).in_(project_ids), col(Instalment.withdrawn_on).is_(None))
        .group_by(col(Instalment.project_id))
    )
    return {row[0]: int(row[1]) for row in work.session.execute(asked)}
