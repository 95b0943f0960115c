"""Money for building: two parts, the second only for a site that is open then; too early an end is claimed back."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from core.api import (
    Lines,
    NewBatch,
    NewPayee,
    NewRecovery,
    NotFound,
    Objection,
    Payments,
    Refused,
    RowObjection,
    UnitOfWork,
    _,
    add_lines,
    batches_of,
    close_batch,
    keep_payee,
    lines_of_batch,
    open_batch,
    open_recovery,
    refuse,
    row_id,
    scoped,
)
from plugins.canteen.models import Grant, GrantPart, Operator, Site
from plugins.canteen.rules import clawback_fen, first_part_fen, month_of, months_after, whole_years
from plugins.canteen.services.common import DECIDE, PAY, SHOW, fen_of, keep, moved, own_site, require_state
from plugins.canteen.sites import states_on
from plugins.canteen.wishes import AddGrant, BatchMonth

SCHEME = "canteen_grant"


def amount_for(work: UnitOfWork, floor_area: int, seats: int, on: date) -> int:
    """The construction grant of a site in fen: of the largest floor area it reaches with enough seats; 0 for none."""
    table = work.policy("canteen.grants", on=on)
    steps = sorted(((int(area), *map(int, wanted)) for area, wanted in table.items()), reverse=True)
    return next((fen for area, least, fen in steps if floor_area >= area and seats >= least), 0)


def add_grant(work: UnitOfWork, text: str, wish: AddGrant) -> Grant:
    """Grant money for a site that was accepted: the first part is payable now, the second is scheduled."""
    site = own_site(work, text, DECIDE)
    require_state(site, "trial", "open")
    if site.accepted_on is None:
        raise refuse(_("站点还没有联合验收"), code="E_ACCEPTANCE")
    on, found = site.accepted_on, []
    construction = wish.kind == "construction"
    due = amount_for(work, site.floor_area or 0, site.seats, on) if construction else 0
    fen = fen_of(wish.amount, "amount", "E_AMOUNT") if wish.amount else due
    if not fen:
        found.append(Objection(reason=_("请填写补助金额：面积或座位没有达到补助标准"), field="amount", code="E_AMOUNT"))
    twice = select(col(Grant.id)).where(col(Grant.site_id) == site.id, col(Grant.kind) == "construction")
    if construction and work.session.scalars(twice).first() is not None:
        found.append(Objection(reason=_("这个站点已经有建设补助"), field="kind", code="E_GRANT_TWICE"))
    if found:
        raise Refused(found)
    made = Grant(
        site_id=site.id or 0, area=site.area, kind=wish.kind, amount_fen=fen,
        agreed_years=work.policy("canteen.agreed_years", on=on), accepted_on=on, minutes=wish.minutes.strip(),
        payee_id=_payee(work, wish), decided_by=work.actor.account_id,
    )  # fmt: skip
    keep(work, made)
    for part in _parts(work, made, first_only=not construction):
        keep(work, part)
    after = {"site": site.number, "kind": made.kind, "amount_fen": fen, "minutes": made.minutes}
    work.record("canteen.grant_added", f"canteen_grant:{made.id}", area=site.area, after=after)
    return made


def _payee(work: UnitOfWork, wish: AddGrant) -> int | None:
    if not wish.account.strip():
        return None
    if not wish.account_name.strip():
        raise refuse(_("请填写收款户名"), field="account_name", code="E_FIELD")
    return keep_payee(work, NewPayee(kind="provider", name=wish.account_name.strip(), number=wish.account))


def _parts(work: UnitOfWork, made: Grant, *, first_only: bool) -> Iterable[GrantPart]:
    first = made.amount_fen
    if not first_only:
        first = first_part_fen(made.amount_fen, work.policy("canteen.grant_first_ratio", on=made.accepted_on))
    number = made.id or 0
    if first:
        yield GrantPart(grant_id=number, place=1, amount_fen=first, due_on=made.accepted_on, state="payable")
    if made.amount_fen - first:
        months = work.policy("canteen.grant_second_months", on=made.accepted_on)
        due = months_after(made.accepted_on, months)
        yield GrantPart(grant_id=number, place=2, amount_fen=made.amount_fen - first, due_on=due)


def fall_due(work: UnitOfWork) -> list[GrantPart]:
    """Scheduled parts whose day came: payable when the site was open that day, given up when it was not."""
    asked = select(GrantPart).where(col(GrantPart.state) == "scheduled", col(GrantPart.due_on) <= work.today)
    found = list(work.session.scalars(asked.order_by(col(GrantPart.id))))
    for part in found:
        grant = work.session.get_one(Grant, part.grant_id)
        was_open = states_on(work, grant.site_id, [part.due_on])[0] == "open"
        part.state = "payable" if was_open and grant.state == "standing" else "forfeited"
        keep(work, part)
        what = {"part": part.place, "state": part.state}
        work.record("canteen.grant_part_due", f"canteen_grant:{grant.id}", area=grant.area, after=what)
    return found


def own_grant(work: UnitOfWork, text: str, permission: str = SHOW) -> Grant:
    """A grant by id in the actor's areas; raises ``NotFound``."""
    work.require(permission)
    wanted = row_id(text)
    asked = scoped(work, select(Grant).where(col(Grant.id) == wanted), col(Grant.area), permission)
    found = work.session.scalars(asked).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这笔补助，或不在你的辖区"))
    return found


def parts_of(work: UnitOfWork, grant: Grant) -> list[GrantPart]:
    """The instalments of a grant in order."""
    asked = select(GrantPart).where(col(GrantPart.grant_id) == grant.id)
    return list(work.session.scalars(asked.order_by(col(GrantPart.place))))


def batch_grants(work: UnitOfWork, wish: BatchMonth) -> list[GrantPart]:
    """Put the payable parts of grants into a batch of the funds for a month; each grant needs a payee (E_CONTRACT)."""
    work.require(PAY, work.settings.county.code)
    fall_due(work)
    asked = select(GrantPart).where(col(GrantPart.state) == "payable").order_by(col(GrantPart.id))
    fresh = list(work.session.scalars(asked))
    if not fresh:
        raise refuse(_("没有可支付的补助"), field="month", code="E_GRANT_NONE")
    parts = [*_in_open_batch(work, wish.month), *fresh]
    grants = {part.grant_id: work.session.get_one(Grant, part.grant_id) for part in parts}
    payees = {number: _payee_of(work, grant) for number, grant in grants.items()}
    lacking = [str(number) for number, payee in payees.items() if payee is None]
    if lacking:
        raise Refused(
            Objection(reason=_("补助 {grant} 没有收款账号", grant=number), code="E_CONTRACT") for number in lacking
        )
    batch = open_batch(work, NewBatch(scheme=SCHEME, period=wish.month))
    count = len(parts)
    add_lines(
        work,
        batch.id,
        Lines(
            beneficiary_ids=[part.grant_id for part in parts], person_ids=[0] * count,
            areas=[grants[part.grant_id].area for part in parts], months=[month_of(part.due_on) for part in parts],
            components=[f"PART{part.place}" for part in parts], revisions=[0] * count, categories=[""] * count,
            amounts=[part.amount_fen for part in parts],
            payee_ids=[payees[part.grant_id] or 0 for part in parts], source_ids=[part.id or 0 for part in parts],
        ),
        built_to=max(part.id or 0 for part in parts),
    )  # fmt: skip
    close_batch(work, batch.id)
    for part in fresh:
        part.state, part.month = "batched", wish.month
        keep(work, part)
    work.record("canteen.grants_batched", f"canteen_month:{wish.month}", after={"parts": count, "batch": batch.id})
    return parts


def _in_open_batch(work: UnitOfWork, month: str) -> list[GrantPart]:
    sources = [
        line.source_id
        for batch in batches_of(work, SCHEME, month)
        if batch.state in ("building", "draft")
        for line in lines_of_batch(work, batch.id)
    ]
    return list(work.session.scalars(select(GrantPart).where(col(GrantPart.id).in_(sources)))) if sources else []


def _payee_of(work: UnitOfWork, grant: Grant) -> int | None:
    if grant.payee_id:
        return grant.payee_id
    site = work.session.get_one(Site, grant.site_id)
    operator = work.session.get(Operator, site.operator_id) if site.operator_id else None
    return operator.payee_id if operator else None


def payment_objections(work: UnitOfWork, payments: Payments) -> Iterable[RowObjection]:
    """Lines whose instalment does not stand in the batch."""
    if payments.scheme != SCHEME:
        return
    for row, (source, fen) in enumerate(zip(payments.source_ids.tolist(), payments.amounts.tolist(), strict=True)):
        part = work.session.get(GrantPart, source)
        if part is None or part.state not in ("batched", "paid") or part.amount_fen != fen:
            yield RowObjection(row=row, reason=_("与批准的补助不一致"), code="E_STALE_ROLL", hint=_("重新生成批次"))


def note_paid(work: UnitOfWork, payments: Payments) -> None:
    """Mark the instalments that the bank paid."""
    if payments.scheme != SCHEME:
        return
    for source in payments.source_ids.tolist():
        part = work.session.get_one(GrantPart, source)
        grant = work.session.get_one(Grant, part.grant_id)
        part.state, part.paid_on = "paid", work.today
        keep(work, part)
        what = {"part": part.place, "amount_fen": part.amount_fen}
        work.record("canteen.grant_paid", f"canteen_grant:{grant.id}", area=grant.area, after=what)


def claw_back(work: UnitOfWork, site: Site, closed_on: date) -> list[Grant]:
    """Claim back what was paid for a site that closes within the agreed years: pro rata by whole years.

    What was not paid yet is given up, and never claimed.
    """
    asked = select(Grant).where(
        col(Grant.site_id) == site.id, col(Grant.kind) == "construction", col(Grant.state) == "standing"
    )
    found = list(work.session.scalars(asked))
    for grant in found:
        _claim(work, grant, closed_on)
    return found


def _claim(work: UnitOfWork, grant: Grant, closed_on: date) -> None:
    paid: dict[str, int] = {}
    for part in parts_of(work, grant):
        if part.state == "paid":
            paid[month_of(part.due_on)] = paid.get(month_of(part.due_on), 0) + part.amount_fen
        elif part.state in ("scheduled", "payable"):
            part.state = "forfeited"
            keep(work, part)
    if whole_years(grant.accepted_on, closed_on) >= grant.agreed_years:
        grant.state = "fulfilled"
    elif paid:
        fen = clawback_fen(sum(paid.values()), grant.agreed_years, grant.accepted_on, closed_on)
        grant.state, grant.clawback_fen, grant.clawed_on = "clawed_back", fen, closed_on
        grant.recovery_id = open_recovery(
            work,
            NewRecovery(
                scheme=SCHEME, beneficiary_id=grant.id or 0, person_id=None, area=grant.area,
                source_id=grant.id or 0, reason=_("站点未满约定年限关闭，按比例追回建设补助"),
                months=_spread(paid, fen),
            ),
        )  # fmt: skip
    else:
        grant.state, grant.clawed_on = "clawed_back", closed_on
    moved(work, grant)
    after: dict[str, Any] = {"state": grant.state, "clawback_fen": grant.clawback_fen, "recovery": grant.recovery_id}
    work.record("canteen.grant_ended", f"canteen_grant:{grant.id}", area=grant.area, after=after)


def _spread(paid: dict[str, int], fen: int) -> dict[str, int]:
    """What is claimed, laid on the months that were paid, the last first."""
    found, left = {}, fen
    for month in sorted(paid, reverse=True):
        found[month] = min(left, paid[month])
        left -= found[month]
    return found
