"""Drives: drafted, filed in time, open from their start day, closed, settled; warnings for what is missing."""

from datetime import date

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Clash, Objection, Refused, UnitOfWork, _, refuse
from plugins.donations.models import Charity, Drive, Gift
from plugins.donations.queries import LIVE, drive_standing, own_drive
from plugins.donations.rules import latest_filing, months_later, standing
from plugins.donations.services.common import (
    KEEP,
    charity_of,
    keep,
    moved,
    refuse_quota,
    require,
    yuan,
)
from plugins.donations.wishes import (
    CloseDrive,
    EditCharity,
    FileDrive,
    NewDrive,
    NewFiledDrive,
    Plan,
    Reason,
    Settle,
)
from plugins.donations.words import PUBLIC_CHANNELS

_WRITTEN = (
    "kind", "use", "purpose", "territory", "organiser", "partners", "partner_agreement", "ways", "bank_account",
    "beneficiaries", "plan", "surplus", "suggestion",
)  # fmt: skip


def edit_charity(work: UnitOfWork, _text: str, wish: EditCharity) -> Charity:
    """Write down the charity's papers."""
    require(work, KEEP)
    one = charity_of(work)
    before = {"certificate": one.certificate, "certificate_to": one.certificate_to, "kind": one.kind}
    for name, value in wish.model_dump().items():
        setattr(one, name, value)
    moved(work, one)
    after = {"certificate": one.certificate, "certificate_to": one.certificate_to, "kind": one.kind}
    work.record("donations.charity_edited", f"donations_charity:{one.id}", before=before, after=after)
    return one


def draft_drive(work: UnitOfWork, wish: NewDrive) -> Drive:
    """Draft a drive with its plan."""
    require(work, KEEP)
    _examine(work, wish)
    if wish.end is not None and wish.end < wish.start:
        raise refuse(_("结束日期不能早于开始日期"), field="end", code="E_DAY")
    if wish.number == "new" or work.session.scalar(select(col(Drive.id)).where(col(Drive.number) == wish.number)):
        raise refuse(_("募捐编号 {number} 已经有了", number=wish.number), field="number", code="E_SAME")
    _refuse_channels(wish.targeted, wish.ways)
    one = Drive(
        charity_id=charity_of(work).id or 0,
        number=wish.number,
        title=wish.name.strip(),
        start_on=wish.start,
        end_on=wish.end,
        emergency=wish.emergency,
        targeted=wish.targeted,
        **{name: getattr(wish, name) for name in _WRITTEN},
        cost_budget_fen=yuan(wish.cost_budget, "cost_budget", empty=0),
        target_fen=yuan(wish.target, "target", empty=0),
        state_on=work.today,
        added_at=work.now,
        added_by=work.actor.account_id,
    )
    keep(work, [one])
    work.record("donations.drive_drafted", subject(one), after={"number": one.number, "start_on": one.start_on})
    return one


def plan_drive(work: UnitOfWork, text: str, wish: Plan) -> Drive:
    """Write the plan of a drive; what was disclosed already is not rewritten."""
    one = own_drive(work, text, KEEP)
    _require(one, "draft", "filed")
    _examine(work, wish)
    _refuse_channels(bool(one.targeted), wish.ways)
    before = {"plan": one.plan, "cost_budget_fen": one.cost_budget_fen, "use": one.use}
    for name in _WRITTEN:
        setattr(one, name, getattr(wish, name))
    one.cost_budget_fen = yuan(wish.cost_budget, "cost_budget", empty=0)
    one.target_fen = yuan(wish.target, "target", empty=0)
    moved(work, one)
    after = {"plan": one.plan, "cost_budget_fen": one.cost_budget_fen, "use": one.use}
    work.record("donations.drive_planned", subject(one), before=before, after=after)
    return one


def file_drive(work: UnitOfWork, text: str, wish: FileDrive) -> tuple[Drive, list[Objection]]:
    """File a drive's plan: some days before the start, in an emergency some days after it (E_DRIVE_10D)."""
    one = own_drive(work, text, KEEP)
    _require(one, "draft", "filed")
    charity = charity_of(work)
    filed = wish.filed or (one.filed_on if one.state == "filed" else None)
    if filed is None and not (one.emergency or one.targeted):
        filed = work.today
    if filed is not None:
        _refuse_late(work, one, filed)
    _refuse_unqualified(one, charity, filed or work.today)
    before = {"state": one.state, "filed_on": one.filed_on, "filing_no": one.filing_no}
    one.state, one.state_on = "filed", work.today
    one.filed_on, one.filing_no = filed, wish.filing_no.strip() or one.filing_no
    moved(work, one)
    after = {"state": one.state, "filed_on": one.filed_on, "filing_no": one.filing_no}
    work.record("donations.drive_filed", subject(one), before=before, after=after)
    return one, incomplete(work, one)


def file_new_drive(work: UnitOfWork, wish: NewFiledDrive) -> tuple[Drive, list[Objection]]:
    """Draft a drive that is not there yet, and file it."""
    one = draft_drive(work, wish)
    return file_drive(work, one.number, FileDrive(filed=wish.filed, filing_no=wish.filing_no))


def close_drive(work: UnitOfWork, text: str, wish: CloseDrive) -> Drive:
    """Set the last day of a drive; gifts dated after it are refused."""
    one = own_drive(work, text, KEEP)
    if drive_standing(work, one) not in ("open", "closed"):
        raise Clash(_("募捐现在的状态不能这样办理"))
    end = wish.end or work.today
    newest = work.session.scalar(
        select(func.max(col(Gift.given_on))).where(col(Gift.drive_id) == one.id, col(Gift.state).in_(LIVE))
    )
    if end < one.start_on or (newest is not None and end < newest):
        raise refuse(_("结束日期早于开始日期或最后一笔捐赠"), field="end", code="E_DAY")
    before = {"end_on": one.end_on}
    one.end_on = end
    moved(work, one)
    work.record("donations.drive_closed", subject(one), before=before, after={"end_on": end})
    return one


def settle_drive(work: UnitOfWork, text: str, wish: Settle) -> Drive:
    """Settle a drive that has ended: gifts = aid + cost + balance; what is left is carried as its plan says."""
    from plugins.donations.figures import drive_sums

    one = own_drive(work, text, KEEP)
    if drive_standing(work, one) != "closed":
        raise Clash(_("募捐截止以后才能结算"))
    sums = drive_sums(work, one)
    surplus = wish.surplus.strip() or one.surplus
    if sums.balance_fen and not surplus:
        reason = _("还有没有使用的款物，请写明剩余财产怎样处理")
        raise refuse(reason, field="surplus", code="E_DRIVE_SURPLUS")
    one.surplus, one.state, one.state_on = surplus, "settled", work.today
    moved(work, one)
    work.record(
        "donations.drive_settled",
        subject(one),
        after={"received_fen": sums.received_fen, "spent_fen": sums.spent_fen, "balance_fen": sums.balance_fen},
    )
    return one


def cancel_drive(work: UnitOfWork, text: str, wish: Reason) -> Drive:
    """Cancel a drive; its gifts were returned or moved to another purpose before."""
    one = own_drive(work, text, KEEP)
    _require(one, "draft", "filed")
    if work.session.scalar(
        select(func.count()).where(col(Gift.drive_id) == one.id, col(Gift.state).in_(LIVE), col(Gift.consent) == "")
    ):
        raise refuse(_("这次募捐还有捐赠，先退还，或经捐赠人同意改变用途"), code="E_DRIVE_GIFTS")
    before = {"state": one.state}
    one.state, one.state_on, one.reason = "cancelled", work.today, wish.reason.strip()
    moved(work, one)
    work.record("donations.drive_cancelled", subject(one), reason=one.reason, before=before)
    return one


def require_receiving(work: UnitOfWork, one: Drive, given_on: date, channel: str) -> None:
    """Refuse a gift outside a drive's days (E_DRIVE_UNFILED, E_DRIVE_CLOSED), or unqualified (E_DRIVE_QUAL)."""
    state = standing(one.state, one.start_on, one.end_on, work.today)
    overdue = (
        one.emergency
        and one.filed_on is None
        and work.today > latest_filing(one.start_on, work.policy("donations.emergency_filing_days"), emergency=True)
    )
    if state in ("draft", "filed", "cancelled") or given_on < one.start_on or overdue:
        reason = _("募捐方案未备案或还没有到开始日期（{start}），不能接受捐赠", start=one.start_on)
        raise refuse(reason, field="drive", code="E_DRIVE_UNFILED")
    if state in ("settled", "disclosed") or (one.end_on is not None and given_on > one.end_on):
        raise refuse(_("这次募捐已经结束，捐赠日期不在募捐期内"), field="on", code="E_DRIVE_CLOSED")
    if one.targeted and channel in PUBLIC_CHANNELS:
        raise refuse(_("定向募捐不能使用公开渠道"), field="channel", code="E_DRIVE_TARGETED")
    _refuse_unqualified(one, charity_of(work), given_on)


def incomplete(work: UnitOfWork, one: Drive) -> list[Objection]:
    """What of certificate, plan and filing number is still missing; a warning until the first disclosure."""
    if one.targeted:
        return []
    lacking = {
        _("公开募捐资格证书"): charity_of(work).certificate,
        _("款物使用计划"): one.plan,
        _("备案编号"): one.filing_no,
    }
    names = "、".join(name for name, value in lacking.items() if not value)
    if not names:
        return []
    reason = _("募捐方案还缺：{names}；第一次公开前要补齐", names=names)
    return [Objection(reason=reason, code="W_DRIVE_INCOMPLETE")]


def due_days(work: UnitOfWork, one: Drive) -> dict[str, date | None]:
    """The days a drive has to keep: filing, first receipts of an emergency, final disclosure."""
    days = work.policy("donations.emergency_filing_days" if one.emergency else "donations.filing_days")
    after = work.policy("donations.emergency_disclosure_days")
    return {
        "filing_due": None if one.targeted else latest_filing(one.start_on, days, emergency=bool(one.emergency)),
        "first_disclosure_due": date.fromordinal(one.start_on.toordinal() + after) if one.emergency else None,
        "final_due": months_later(one.end_on, work.policy("donations.final_months")) if one.end_on else None,
    }


def subject(one: Drive) -> str:
    """How the audit names a drive."""
    return f"donations_drive:{one.id}"


def _require(one: Drive, *states: str) -> None:
    if one.state not in states:
        raise Clash(_("募捐现在的状态不能这样办理"))


def _examine(work: UnitOfWork, wish: Plan) -> None:
    texts = {name: getattr(wish, name) for name in ("purpose", "ways", "plan", "suggestion", "beneficiaries")}
    refuse_quota(work, **texts)
    if wish.partners.strip() and not wish.partner_agreement.strip():
        raise refuse(_("合作募捐要有书面协议"), field="partner_agreement", code="E_DRIVE_PARTNER")


def _refuse_channels(targeted: bool, ways: str) -> None:
    public = (_("扫码"), _("平台"), _("募捐箱"), "qr", "platform", "box")
    if targeted and any(word in ways for word in public):
        raise refuse(_("定向募捐不能使用公开渠道"), field="ways", code="E_DRIVE_TARGETED")


def _refuse_late(work: UnitOfWork, one: Drive, filed: date) -> None:
    if one.targeted:
        return
    emergency = bool(one.emergency)
    days = work.policy("donations.emergency_filing_days" if emergency else "donations.filing_days")
    latest = latest_filing(one.start_on, days, emergency=emergency)
    if filed <= latest:
        return
    reason = (
        _("应急募捐要在开始后 {days} 天内备案，最迟 {latest}", days=days, latest=latest)
        if emergency
        else _("募捐方案要在开始前 {days} 天备案，最迟 {latest}", days=days, latest=latest)
    )
    raise Refused([Objection(reason=reason, field="filed", code="E_DRIVE_10D", hint=latest.isoformat())])


def _refuse_unqualified(one: Drive, charity: Charity, on: date) -> None:
    if not one.targeted and charity.certificate_to is not None and charity.certificate_to < on:
        reason = _("公开募捐资格证书已于 {day} 到期", day=charity.certificate_to)
        raise refuse(reason, field="drive", code="E_DRIVE_QUAL")
