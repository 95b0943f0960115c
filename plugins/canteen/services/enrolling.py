"""Diners: enrolment, statuses, reviews, cards. Nobody types a tier; a card holds random letters and nothing else."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import col

from core.api import NotFound, Objection, Refused, UnitOfWork, _, find_person, refuse, row_id, scoped
from plugins.canteen import sealed
from plugins.canteen.diners import digest_of
from plugins.canteen.models import Card, Diner
from plugins.canteen.services.common import MAINTAIN, day_of, keep, moved, own_site, sorted_words
from plugins.canteen.tiers import entitled
from plugins.canteen.wishes import ChangeDiner, EndCard, EndDiner, Enrol, IssueCard, ReviewDiner
from plugins.canteen.words import ALIASES, STATUSES


def no_diner() -> NotFound:
    """What is said of a diner who is not there, or not in one's area."""
    return NotFound(_("没有找到这名就餐老人，或不在你的辖区"))


def own_diner(work: UnitOfWork, text: str, permission: str = MAINTAIN) -> Diner:
    """A diner by id or by ID number of the person in the actor's areas; raises ``NotFound``."""
    work.require(permission)
    wanted = str(text).strip()
    if number := row_id(wanted):
        same = col(Diner.id) == number
    else:
        same = col(Diner.person_id) == find_person(work, wanted, permission).id
    found = work.session.scalars(scoped(work, select(Diner).where(same), col(Diner.area), permission)).one_or_none()
    if found is None:
        raise no_diner()
    return found


def statuses_of(given: Sequence[str]) -> str:
    """Statuses as they were typed, sorted, with commas; refused for a word that is none."""
    plain = {ALIASES.get(word.strip(), word.strip()) for part in given for word in part.split(",") if word.strip()}
    chinese = {_(title): code for code, title in STATUSES.items()} | {title: code for code, title in STATUSES.items()}
    codes = {chinese.get(word, word) for word in plain}
    unknown = sorted(codes - set(STATUSES))
    if unknown:
        reason = _("没有这种特殊身份：{word}", word=unknown[0][:20])
        raise refuse(reason, field="status", code="E_STATUS", hint=", ".join(STATUSES))
    return sorted_words(codes)


@dataclass(frozen=True)
class Applicant:
    """Who is to be enrolled: person, village, first day, statuses, and the enrolment there was before."""

    number: int
    area: str
    since: date
    statuses: str
    before: Diner | None


def examine(work: UnitOfWork, wish: Enrol) -> Applicant:
    """Who is to be enrolled; raises ``Refused`` with everything that stands against it, or ``NotFound``."""
    work.require(MAINTAIN)
    person = find_person(work, str(wish.person_id), MAINTAIN)
    number = person.merged_into or person.id or 0
    area = person.residence_area or person.hukou_area
    since, typed = wish.from_on or work.today, statuses_of(wish.status)
    before = work.session.scalars(select(Diner).where(col(Diner.person_id) == number)).one_or_none()
    found: list[Objection] = []
    if before is not None and before.to_on is None:
        found.append(Objection(reason=_("已经登记为就餐老人"), field="person_id", code="E_ENROLLED"))
    if person.died_on and person.died_on < since:
        found.append(Objection(reason=_("这个人已经登记死亡"), field="person_id", code="E_MEAL_DEAD"))
    if wish.diet.strip() and wish.consent_on is None:
        reason = _("保存饮食注意事项要本人单独同意")
        found.append(Objection(reason=reason, field="consent_on", code="E_CONSENT"))
    if before is not None and before.to_on and since <= before.to_on:
        reason = _("前一次登记到 {day} 才结束", day=before.to_on.isoformat())
        found.append(Objection(reason=reason, field="from_on", code="E_ENROLLED"))
    if wish.tier:
        tier = str(entitled(work, [number], since, [typed]).tiers[0])
        if tier != wish.tier.strip().upper():
            reason = _("档次应是 {tier}，不能手工填写", tier=tier or _("无"))
            found.append(Objection(reason=reason, field="tier", code="E_TIER_MANUAL"))
    if found:
        raise Refused(found)
    if wish.site:
        own_site(work, wish.site, MAINTAIN)
    return Applicant(number, area, since, typed, before)


def enrol(work: UnitOfWork, wish: Enrol) -> Diner:
    """Enrol somebody who is registered in the county. Refused with E_ENROLLED, E_MEAL_DEAD, E_TIER_MANUAL.

    Whoever was enrolled before is taken up again under the same code.
    """
    who = examine(work, wish)
    one = who.before or Diner(
        person_id=who.number, first_person_id=who.number, code=secrets.token_hex(16), area=who.area,
        from_on=who.since, added_at=work.now, added_by=work.actor.account_id,
    )  # fmt: skip
    one.area, one.statuses, one.from_on, one.to_on, one.end_reason = who.area, who.statuses, who.since, None, ""
    one.site_id = own_site(work, wish.site, MAINTAIN).id if wish.site else one.site_id
    one.delivery_needed, one.delivery_reason = bool(wish.delivery_reason.strip()), wish.delivery_reason.strip()
    one.reviewed_on, one.version = work.today, one.version + (who.before is not None)
    keep(work, one)
    _seal(work, one, wish.diet, wish.phone, wish.consent_on)
    after = {"from_on": one.from_on, "statuses": one.statuses, "site": one.site_id}
    work.record("canteen.enrolled", subject(one), area=one.area, after=after)
    return one


def _seal(work: UnitOfWork, one: Diner, diet: str, phone: str, consent_on: object) -> None:
    if diet.strip():
        one.consent_on = consent_on or one.consent_on  # ty: ignore[invalid-assignment] - a date or None
        one.diet = sealed.seal(work, sealed.DIET, one.id, diet)
    if phone.strip():
        one.phone = sealed.seal(work, sealed.PHONE, one.id, phone)
    if diet.strip() or phone.strip():
        keep(work, one)


def change_diner(work: UnitOfWork, text: str, wish: ChangeDiner) -> Diner:
    """Change what a diner's enrolment says; what is left empty stays."""
    one = _enrolled(work, text)
    before = {"statuses": one.statuses, "site": one.site_id, "delivery": one.delivery_needed}
    if wish.status is not None:
        one.statuses = statuses_of(wish.status)
    if wish.site:
        one.site_id = own_site(work, wish.site, MAINTAIN).id
    if wish.delivery_reason.strip():
        one.delivery_needed, one.delivery_reason = True, wish.delivery_reason.strip()
    if wish.diet.strip() and (wish.consent_on or one.consent_on) is None:
        raise refuse(_("保存饮食注意事项要本人单独同意"), field="consent_on", code="E_CONSENT")
    _seal(work, one, wish.diet, wish.phone, wish.consent_on)
    moved(work, one)
    after = {"statuses": one.statuses, "site": one.site_id, "delivery": one.delivery_needed,
             "diet": bool(wish.diet.strip()), "phone": bool(wish.phone.strip())}  # fmt: skip
    work.record("canteen.diner_changed", subject(one), area=one.area, before=before, after=after)
    return one


def review_diner(work: UnitOfWork, text: str, wish: ReviewDiner) -> Diner:
    """Note that an enrolment was looked at again."""
    one = _enrolled(work, text)
    one.reviewed_on = day_of(work, wish.on, "on")
    moved(work, one)
    work.record("canteen.diner_reviewed", subject(one), area=one.area, after={"on": one.reviewed_on})
    return one


def end_diner(work: UnitOfWork, text: str, wish: EndDiner) -> Diner:
    """End an enrolment; the card ends with it."""
    one = _enrolled(work, text)
    on = wish.on or work.today
    if on < one.from_on:
        raise refuse(_("结束日期不能早于起始日期"), field="on", code="E_DAY")
    one.to_on, one.end_reason = on, wish.reason.strip()
    moved(work, one)
    stop_card(work, one, "ended")
    work.record("canteen.diner_ended", subject(one), area=one.area, reason=wish.reason, after={"on": on})
    return one


def issue_card(work: UnitOfWork, text: str, wish: IssueCard) -> tuple[Card, str]:
    """Issue a card; answers it with its token, which is printed now and kept nowhere."""
    one = _enrolled(work, text)
    old = card_in_use(work, one)
    if old is not None:
        if not wish.reason.strip():
            raise refuse(_("已经有一张在用的卡，换卡请写明原因"), field="reason", code="E_CARD_IN_USE")
        stop_card(work, one, wish.reason.strip())
    token = secrets.token_hex(16)
    made = Card(
        diner_id=one.id or 0, digest=digest_of(token), tail=token[-4:], issued_on=work.today,
        issued_by=work.actor.account_id,
    )  # fmt: skip
    keep(work, made)
    work.record("canteen.card_issued", subject(one), area=one.area, after={"card": made.id, "tail": made.tail})
    return made, token


def end_card(work: UnitOfWork, text: str, wish: EndCard) -> Diner:
    """Stop a card that was lost or given back."""
    one = own_diner(work, text)
    if not stop_card(work, one, wish.reason.strip()):
        raise refuse(_("没有在用的就餐卡"), code="E_CARD")
    work.record("canteen.card_ended", subject(one), area=one.area, reason=wish.reason)
    return one


def card_in_use(work: UnitOfWork, one: Diner) -> Card | None:
    """The card of a diner that is in use."""
    asked = select(Card).where(col(Card.diner_id) == one.id, col(Card.ended_on).is_(None))
    return work.session.scalars(asked).one_or_none()


def stop_card(work: UnitOfWork, one: Diner, reason: str) -> bool:
    """End the card in use, if there is one; the caller's own record tells of it."""
    card = card_in_use(work, one)
    if card is None:
        return False
    card.ended_on, card.end_reason = work.today, reason
    keep(work, card)
    return True


def subject(one: Diner) -> str:
    """How the audit names a diner."""
    return f"canteen_diner:{one.id}"


def _enrolled(work: UnitOfWork, text: str) -> Diner:
    one = own_diner(work, text)
    if one.to_on is not None:
        raise refuse(_("这名老人的就餐登记已经结束"), code="E_NOT_ENROLLED")
    return one
