"""Households in hardship and who helps them: matched, agreed by both, visited, reviewed, ended."""

from sqlalchemy import select
from sqlmodel import col

from core.api import Clash, UnitOfWork, _, find_household, format_money, refuse
from plugins.donations.models import Helper, Pair, Visit
from plugins.donations.queries import own_gift, own_pair
from plugins.donations.services.common import PAIR, keep, moved, not_later, refuse_quota, yuan
from plugins.donations.wishes import AddHelper, AddPair, AddVisit, EndPair, LeaveHelper, ReviewPair, StartPair


def add_pair(work: UnitOfWork, wish: AddPair) -> Pair:
    """Put a household on the list; where the list hands out help it was confirmed by the panel's ballot."""
    work.require(PAIR)
    household = find_household(work, wish.household, PAIR)
    work.require(PAIR, area=household.area)
    known = select(col(Pair.id)).where(col(Pair.household_id) == household.id, col(Pair.state) != "ended")
    if work.session.scalar(known) is not None:
        raise refuse(_("这一户已经在结对名单里"), field="household", code="E_SAME")
    if wish.ballot.strip():
        held = work.hooks.resolve("resolve_donations_ballot", work=work, reference=wish.ballot.strip())
        if held is False:
            raise refuse(_("按村组名单发放的，要有有效的评议票决"), field="ballot", code="E_NO_BALLOT")
    one = Pair(
        number=work.next_number(col(Pair.number), f"JD-{work.today.year}-"),
        household_id=household.id or 0,
        area=household.area,
        mode=wish.mode,
        reason=wish.reason.strip(),
        goals=wish.goals.strip(),
        officer=wish.officer.strip(),
        ballot=wish.ballot.strip(),
        since=wish.since or work.today,
        state_on=work.today,
        added_by=work.actor.account_id,
    )
    keep(work, [one])
    work.record("donations.pair_added", subject(one), area=one.area, after={"number": one.number, "mode": one.mode})
    return one


def add_helper(work: UnitOfWork, text: str, wish: AddHelper) -> Pair:
    """Add a helper; one to one has one."""
    one = own_pair(work, text, PAIR)
    _require(one, "proposed", "matched", "active")
    refuse_quota(work, name=wish.name)
    there = _helpers(work, one)
    if one.mode == "1:1" and there:
        raise refuse(_("一助一只能有一名帮扶人"), field="name", code="E_PAIR_MODE")
    if wish.name.strip() in {helper.name for helper in there}:
        raise refuse(_("这名帮扶人已经登记"), field="name", code="E_SAME")
    helper = Helper(
        pair_id=one.id or 0,
        name=wish.name.strip(),
        kind=wish.kind,
        since=wish.since or work.today,
        recorded_by=work.actor.account_id,
    )
    keep(work, [helper])
    if one.state == "proposed":
        one.state, one.state_on = "matched", work.today
    moved(work, one)
    work.record("donations.helper_added", subject(one), area=one.area, after={"state": one.state, "kind": wish.kind})
    return one


def leave_helper(work: UnitOfWork, text: str, wish: LeaveHelper) -> Pair:
    """A helper leaves; without any the household is to be matched anew within the days of the policy."""
    one = own_pair(work, text, PAIR)
    _require(one, "matched", "active")
    gone = next((helper for helper in _helpers(work, one) if helper.name == wish.name.strip()), None)
    if gone is None:
        raise refuse(_("没有这名帮扶人"), field="name", code="E_NOT_FOUND")
    until = wish.until or work.today
    not_later(work, until, "until")
    gone.until = until
    keep(work, [gone])
    if not _helpers(work, one):
        one.state, one.state_on, one.helper_consent_on = "proposed", until, None
    moved(work, one)
    work.record("donations.helper_left", subject(one), area=one.area, after={"state": one.state})
    return one


def start_pair(work: UnitOfWork, text: str, wish: StartPair) -> Pair:
    """Both agree: the help begins."""
    one = own_pair(work, text, PAIR)
    _require(one, "matched")
    before = {"state": one.state}
    one.household_consent_on = wish.household_consent or work.today
    one.helper_consent_on = wish.helper_consent or work.today
    one.publicity, one.state, one.state_on = wish.publicity, "active", work.today
    moved(work, one)
    work.record("donations.pair_started", subject(one), area=one.area, before=before, after={"state": one.state})
    return one


def add_visit(work: UnitOfWork, text: str, wish: AddVisit) -> Visit:
    """Write down a visit; money above the policy's amount goes through the charity with a receipt (E_PAIR_ACCOUNT)."""
    one = own_pair(work, text, PAIR)
    _require(one, "active")
    visited_on = wish.on or work.today
    not_later(work, visited_on, "on")
    fen = yuan(wish.amount, "amount", empty=0)
    if fen < 0 or (wish.help == "money" and not fen):
        raise refuse(_("金额要大于 0"), field="amount", code="E_GIFT_NEG")
    gift = own_gift(work, wish.gift, PAIR) if wish.gift.strip() else None
    limit = work.policy("donations.pair_account_limit")
    if wish.help == "money" and fen > limit and (gift is None or gift.state != "receipted"):
        reason = _("超过 {limit} 元的帮扶资金要经慈善账户并开票，请填捐赠编号", limit=format_money(limit))
        raise refuse(reason, field="gift", code="E_PAIR_ACCOUNT")
    if wish.solved > wish.found:
        raise refuse(_("解决问题数不能多于发现问题数"), field="solved", code="E_FIELD")
    visit = Visit(
        pair_id=one.id or 0,
        visited_on=visited_on,
        amount_fen=fen,
        gift_id=gift.id if gift else None,
        recorded_by=work.actor.account_id,
        **wish.model_dump(exclude={"on", "amount", "gift"}),
    )
    keep(work, [visit])
    work.record("donations.visited", subject(one), area=one.area, after={"help": wish.help, "amount_fen": fen})
    return visit


def review_pair(work: UnitOfWork, text: str, wish: ReviewPair) -> Pair:
    """The half-yearly review."""
    one = own_pair(work, text, PAIR)
    _require(one, "active")
    one.reviewed_on, one.review = wish.on or work.today, wish.review.strip()
    moved(work, one)
    work.record("donations.pair_reviewed", subject(one), area=one.area, after={"reviewed_on": one.reviewed_on})
    return one


def end_pair(work: UnitOfWork, text: str, wish: EndPair) -> Pair:
    """End a pairing: out of hardship, moved, or the helper left for good."""
    one = own_pair(work, text, PAIR)
    _require(one, "proposed", "matched", "active")
    before = {"state": one.state}
    one.until = wish.on or work.today
    one.state, one.state_on, one.ended_for = "ended", work.today, wish.ended_for
    for helper in _helpers(work, one):
        helper.until = one.until
        keep(work, [helper])
    moved(work, one)
    work.record("donations.pair_ended", subject(one), area=one.area, reason=one.ended_for, before=before)
    return one


def subject(one: Pair) -> str:
    """How the audit names a pairing."""
    return f"donations_pair:{one.id}"


def _helpers(work: UnitOfWork, one: Pair) -> list[Helper]:
    asked = select(Helper).where(col(Helper.pair_id) == one.id, col(Helper.until).is_(None)).order_by(col(Helper.id))
    return list(work.session.scalars(asked))


def _require(one: Pair, *states: str) -> None:
    if one.state not in states:
        raise Clash(_("结对现在的状态不能这样办理"))
