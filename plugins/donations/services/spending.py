"""What gifts are used for: projects the board decided, aid, costs, goods handed out; each traced back to its gifts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Clash, Move, NewVoucher, Refused, UnitOfWork, _, format_money, post, post_reversal, refuse
from plugins.donations.models import Drive, Gift, Issue, Lot, Project, Purpose, Spending, Use
from plugins.donations.queries import (
    lots_left,
    own_drive,
    own_lot,
    own_project,
    own_spending,
    unreversed,
    unused_gifts,
)
from plugins.donations.services.common import (
    SPEND,
    charity_of,
    fund_of,
    keep,
    not_later,
    person_id_of,
    positive,
    purpose_of,
    refuse_quota,
    require,
    yuan,
)
from plugins.donations.services.donors import interests
from plugins.donations.services.giving import CASH, GOODS
from plugins.donations.wishes import AddProject, CloseProject, IssueGoods, Payout, Reason, Spend, _Aid

EXPENSE = {"aid": "5101", "goods": "5102", "management": "5191", "fundraising": "5192"}


def add_project(work: UnitOfWork, wish: AddProject) -> Project:
    """Write down an aid project with the minutes that decided it."""
    require(work, SPEND)
    refuse_quota(work, title=wish.title, beneficiaries=wish.beneficiaries)
    charity = charity_of(work)
    held = wish.minutes_on or work.today
    not_later(work, held, "minutes_on")
    one = Project(
        number=work.next_number(col(Project.number), f"XM-{work.today.year}-"),
        charity_id=charity.id or 0,
        drive_id=own_drive(work, wish.drive, SPEND).id if wish.drive.strip() else None,
        purpose_id=purpose_of(work, charity, wish.restricted).id or 0,
        title=wish.title.strip(),
        use=wish.use,
        budget_fen=positive(wish.budget, "budget"),
        beneficiaries=wish.beneficiaries.strip(),
        since=wish.since or work.today,
        until=wish.until,
        minutes=wish.minutes.strip(),
        minutes_on=held,
        state_on=work.today,
        added_by=work.actor.account_id,
    )
    keep(work, [one])
    after = {"number": one.number, "budget_fen": one.budget_fen, "minutes": one.minutes}
    work.record("donations.project_added", f"donations_project:{one.id}", after=after)
    return one


def close_project(work: UnitOfWork, text: str, wish: CloseProject) -> Project:
    """Close a project with what came of it."""
    one = own_project(work, text, SPEND)
    if one.state != "open":
        raise Clash(_("这个项目已经结项"))
    one.state, one.state_on, one.result, one.version = "closed", work.today, wish.result.strip(), one.version + 1
    keep(work, [one])
    work.record("donations.project_closed", f"donations_project:{one.id}", after={"state": "closed"})
    return one


def spend(work: UnitOfWork, wish: Spend) -> Spending:
    """Spend money of one purpose on aid or cost; refused when the purpose has less, whatever others have."""
    require(work, SPEND)
    fen = positive(wish.amount)
    project = own_project(work, wish.project, SPEND) if wish.project.strip() else None
    drive = own_drive(work, wish.drive, SPEND) if wish.drive.strip() else None
    if project is not None and not wish.restricted.strip():
        purpose = work.session.get_one(Purpose, project.purpose_id)
    else:
        purpose = purpose_of(work, charity_of(work), wish.restricted)
    _refuse_other_use(purpose, project, wish.kind)
    one = _begin(work, wish, purpose, project)
    one.kind, one.amount_fen = wish.kind, fen
    one.drive_id = drive.id if drive else None
    one.use = wish.kind if wish.kind != "aid" else wish.use or _use_of(project, drive)
    if wish.kind == "aid":
        _require_decision(work, one, wish, project)
    _refuse_over_budget(work, project, fen)
    if wish.kind == "fundraising" and drive is not None:
        _refuse_cost(work, drive, fen)
    uses = _drawn(work, purpose, drive, fen)
    objections = interests(work, one.person_id, [gift.donor_id for gift, _part in uses])
    if objections:
        raise Refused(objections)
    _save(work, one, [(gift.id or 0, part) for gift, part in uses])
    return one


def issue_goods(work: UnitOfWork, wish: IssueGoods) -> tuple[Spending, int]:
    """Hand goods out of a lot; expired ones stay (E_GOODS_EXPIRED). Answers how many are left."""
    require(work, SPEND)
    lot = own_lot(work, wish.lot, SPEND)
    gift = work.session.get_one(Gift, lot.gift_id)
    project = own_project(work, wish.project, SPEND) if wish.project.strip() else None
    purpose = work.session.get_one(Purpose, gift.purpose_id)
    _refuse_other_use(purpose, project, "goods")
    one = _begin(work, wish, purpose, project)
    _refuse_goods(work, lot, gift, wish.quantity, one)
    one.kind, one.amount_fen = "goods", wish.quantity * lot.unit_value_fen
    one.use = wish.use or _use_of(project, None)
    _require_decision(work, one, wish, project)
    _refuse_over_budget(work, project, one.amount_fen)
    objections = interests(work, one.person_id, [gift.donor_id])
    if objections:
        raise Refused(objections)
    _save(work, one, [(gift.id or 0, one.amount_fen)] if one.amount_fen else [])
    issue = Issue(spending_id=one.id or 0, lot_id=lot.id or 0, quantity=wish.quantity, issued_on=one.spent_on)
    keep(work, [issue])
    return one, lots_left(work, [lot])[lot.id or 0]


def pay_out(work: UnitOfWork, text: str, wish: Payout) -> Spending:
    """Check a platform's payout: gifts are gross, what it kept is fundraising cost.

    Refused (E_PAYOUT) when it does not fit, or was entered before.
    """
    drive = own_drive(work, text, SPEND)
    work.session.refresh(drive, with_for_update=True)  # the same payout, typed by two, is one
    ref = wish.platform_ref.strip()
    _refuse_payout_again(work, drive, ref)
    payout, fee = yuan(wish.payout, "payout"), positive(wish.fee, "fee")
    gross = work.session.scalar(
        select(func.sum(col(Gift.amount_fen))).where(
            col(Gift.drive_id) == drive.id,
            col(Gift.transfer_ref) == ref,
            col(Gift.state).in_(("received", "receipted")),
        )
    )
    gap = int(gross or 0) - fee - payout
    if gap:
        reason = _(
            "平台到账应等于捐赠合计减手续费：捐赠 {gross} 元，差 {gap} 元",
            gross=format_money(int(gross or 0)),
            gap=format_money(gap),
        )
        raise refuse(reason, field="payout", code="E_PAYOUT")
    cost = Spend(amount=wish.fee, kind="fundraising", drive=drive.number, note=_("平台手续费"), evidence=ref)
    return spend(work, cost)


def _refuse_payout_again(work: UnitOfWork, drive: Drive, ref: str) -> None:
    """Refuse a platform's payout whose fee stands as a cost already: typed twice, it would be spent twice."""
    same = select(col(Spending.id)).where(
        col(Spending.drive_id) == drive.id,
        col(Spending.kind) == "fundraising",
        col(Spending.evidence) == ref,
        unreversed(),
    )
    if work.session.scalar(same) is not None:
        reason = _("平台批次 {ref} 的到账已经核对过，手续费已经记为支出", ref=ref)
        raise refuse(reason, field="platform_ref", code="E_PAYOUT", hint=_("记错了先冲销那笔支出"))


def reverse_spending(work: UnitOfWork, text: str, wish: Reason) -> Spending:
    """Take a spending back by its mirror (红字冲销); the gifts behind it are unused again."""
    one = own_spending(work, text, SPEND)
    if one.reverses_id is not None or not _stands(work, one):
        raise Clash(_("这笔支出已经冲销"))
    kept = {
        name: getattr(one, name)
        for name in ("charity_id", "kind", "project_id", "drive_id", "purpose_id", "use", "person_id",
                     "first_person_id", "receiver", "area", "minutes", "town", "town_minutes", "ballot", "evidence")
    }  # fmt: skip
    back = Spending(
        number=work.next_number(col(Spending.number), f"ZC-{work.today.year}-"),
        **kept,
        amount_fen=-one.amount_fen,
        spent_on=work.today,
        note=wish.reason.strip(),
        reverses_id=one.id,
        added_at=work.now,
        added_by=work.actor.account_id,
    )
    uses = work.session.scalars(select(Use).where(col(Use.spending_id) == one.id).order_by(col(Use.id)))
    voucher = None
    if one.voucher_id is not None:
        subject = f"donations:spending:{one.id}/reversed"
        voucher = post_reversal(work, one.voucher_id, wish.reason.strip(), subject)
        back.voucher_id = voucher.voucher_id
    _save(work, back, [(use.gift_id, -use.amount_fen) for use in uses])
    issue = work.session.scalars(select(Issue).where(col(Issue.spending_id) == one.id)).one_or_none()
    if issue is not None:
        mirror = Issue(spending_id=back.id or 0, lot_id=issue.lot_id, quantity=-issue.quantity, issued_on=work.today)
        keep(work, [mirror])
    work.record(
        "donations.spending_reversed",
        f"donations_spending:{one.id}",
        reason=wish.reason.strip(),
        voucher=voucher.number if voucher else None,
        sealed=voucher.sealed if voucher else (),
    )
    return back


def _begin(work: UnitOfWork, wish: _Aid, purpose: Purpose, project: Project | None) -> Spending:
    spent_on = wish.on or work.today
    not_later(work, spent_on, "on")
    if project is not None and (project.state != "open" or spent_on < project.since):
        raise refuse(_("这个项目已经结项或还没有开始"), field="project", code="E_PROJECT_STATE")
    person = person_id_of(work, wish.person, SPEND)
    return Spending(
        number=work.next_number(col(Spending.number), f"ZC-{spent_on.year}-"),
        charity_id=purpose.charity_id,
        kind="aid",
        project_id=project.id if project else None,
        purpose_id=purpose.id or 0,
        amount_fen=0,
        spent_on=spent_on,
        use="living",
        person_id=person,
        first_person_id=person,
        receiver=wish.receiver.strip(),
        area=wish.area.strip(),
        minutes=wish.minutes.strip() or (project.minutes if project else ""),
        town=wish.town.strip(),
        town_minutes=wish.town_minutes.strip(),
        ballot=wish.ballot.strip(),
        evidence=wish.evidence.strip(),
        note=wish.note.strip(),
        added_at=work.now,
        added_by=work.actor.account_id,
    )


def _use_of(project: Project | None, drive: Drive | None) -> str:
    return project.use if project else drive.use if drive else "living"


def _refuse_other_use(purpose: Purpose, project: Project | None, kind: str) -> None:
    """Restricted money serves its own purpose: no other project, no running cost."""
    if not purpose.restricted:
        return
    if kind in ("management", "fundraising"):
        reason = _("限定用途“{purpose}”的捐赠不能用于管理费用或募捐费用", purpose=purpose.name)
        raise refuse(reason, field="restricted", code="E_RESTRICTED_USE")
    if project is not None and project.purpose_id != purpose.id:
        reason = _("超出定向用途：“{purpose}”的捐赠不能用于项目 {project}", purpose=purpose.name, project=project.title)
        raise refuse(reason, field="project", code="E_RESTRICTED_USE")


def _require_decision(work: UnitOfWork, one: Spending, wish: _Aid, project: Project | None) -> None:
    """Aid cites the board; through a township also its meeting; to a list of households also the ballot."""
    if not one.minutes:
        reason = _("缺少理事会会议记录：每笔救助都要引用会议记录")
        raise refuse(reason, field="minutes", code="E_NO_MINUTES")
    if one.town and not one.town_minutes:
        reason = _("经乡镇发放的，要引用乡镇党政联席会议记录")
        raise refuse(reason, field="town_minutes", code="E_NO_MINUTES")
    if not wish.household_list or not work.policy("donations.ballot_required"):
        return
    held = None
    if one.ballot:
        held = work.hooks.resolve("resolve_donations_ballot", work=work, reference=one.ballot)
    if not one.ballot or held is False:
        reason = _("按村组名单发放的，要有有效的评议票决")
        raise refuse(reason, field="ballot", code="E_NO_BALLOT")


def _refuse_over_budget(work: UnitOfWork, project: Project | None, fen: int) -> None:
    if project is None:
        return
    work.session.refresh(project, with_for_update=True)  # two spendings of a project see each other
    spent = work.session.scalar(
        select(func.sum(col(Spending.amount_fen))).where(col(Spending.project_id) == project.id)
    )
    left = project.budget_fen - int(spent or 0)
    if fen > left:
        reason = _("超出会议决定金额：项目预算还剩 {left} 元", left=format_money(left))
        raise refuse(reason, field="amount", code="E_MINUTES_EXCEEDED")


def _refuse_cost(work: UnitOfWork, drive: Drive, fen: int) -> None:
    """Fundraising cost stays within the filed plan's budget."""
    if not drive.cost_budget_fen:
        return
    work.session.refresh(drive, with_for_update=True)  # as above
    spent = work.session.scalar(
        select(func.sum(col(Spending.amount_fen))).where(
            col(Spending.drive_id) == drive.id, col(Spending.kind) == "fundraising"
        )
    )
    left = drive.cost_budget_fen - int(spent or 0)
    if fen > left:
        reason = _("超出募捐方案的费用预算，还剩 {left} 元", left=format_money(left))
        raise refuse(reason, field="amount", code="E_COST_BUDGET")


def _drawn(work: UnitOfWork, purpose: Purpose, drive: Drive | None, fen: int) -> list[tuple[Gift, int]]:
    """The gifts that pay a spending, oldest first; refused when the purpose has not enough."""
    left, found = fen, []
    for gift, unused in unused_gifts(work, purpose, drive):
        part = min(unused, left)
        found.append((gift, part))
        left -= part
        if not left:
            return found
    held = format_money(fen - left)
    if purpose.restricted:
        reason = _(
            "限定用途“{purpose}”只有 {held} 元，还差 {short} 元；别的资金不能垫付",
            purpose=purpose.name,
            held=held,
            short=format_money(left),
        )
        raise refuse(reason, field="amount", code="E_RESTRICTED_USE")
    reason = _("非限定资金只有 {held} 元，还差 {short} 元；限定用途的捐赠不能垫付", held=held, short=format_money(left))
    raise refuse(reason, field="amount", code="E_FUND_SHORT")


def _refuse_goods(work: UnitOfWork, lot: Lot, gift: Gift, quantity: int, one: Spending) -> None:
    if lot.expires_on is not None and lot.expires_on < one.spent_on:
        reason = _("物资已于 {day} 过期，不能发放", day=lot.expires_on)
        raise refuse(reason, field="lot", code="E_GOODS_EXPIRED")
    left = lots_left(work, [lot])[lot.id or 0] if gift.state in ("received", "receipted") else 0
    if quantity > left:
        reason = _("库存不足：还有 {left} {unit}", left=left, unit=lot.unit)
        raise refuse(reason, field="quantity", code="E_GOODS_SHORT")


def _save(work: UnitOfWork, one: Spending, uses: Sequence[tuple[int, int]]) -> None:
    ids = work.next_ids("donations_spending", 1)
    one.id = ids[0]
    _post_first(work, one)
    keep(work, [one])
    keep(work, [Use(spending_id=one.id, gift_id=gift, amount_fen=part) for gift, part in uses])


def _post_first(work: UnitOfWork, one: Spending) -> None:
    """Book before the row is written: rows of spendings are never changed, and name their voucher."""
    if one.reverses_id is not None:
        return
    after = {"number": one.number, "kind": one.kind, "amount_fen": one.amount_fen, "minutes": one.minutes}
    subject = f"donations_spending:{one.id}"
    if not one.amount_fen:
        work.record("donations.spent", subject, after=after)
        return
    purpose = work.session.get_one(Purpose, one.purpose_id)
    fund = fund_of(work, charity_of(work), purpose, one.amount_fen)
    goods = one.kind == "goods"
    move = Move(fund_id=fund, debit=EXPENSE[one.kind], credit=GOODS if goods else CASH, amount_fen=one.amount_fen)
    voucher = NewVoucher(
        kind="goods" if goods else "aid",
        subject=f"donations:spending:{one.id}",
        title=_("慈善支出 {number}", number=one.number),
        on=one.spent_on,
    )
    booked = post(work, voucher, [move])
    one.voucher_id = booked.voucher_id
    details: dict[str, Any] = {"voucher": booked.number, "sealed": booked.sealed}
    work.record("donations.spent", subject, after=after, **details)


def _stands(work: UnitOfWork, one: Spending) -> bool:
    return work.session.scalar(select(col(Spending.id)).where(col(Spending.id) == one.id, unreversed())) is not None
