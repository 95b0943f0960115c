"""Sponsors from society: checked first, paired with consent, in contact through the officer only."""

from datetime import date

from sqlalchemy import select
from sqlmodel import col

from core.api import NotFound, Objection, Refused, UnitOfWork, _, age_on, facts_of, parse_money, refuse
from plugins.orphan_care import sealed
from plugins.orphan_care.models import Case, Contact, Pairing, Sponsor
from plugins.orphan_care.months import LIVING, OPEN, months_after, state_now, this_month
from plugins.orphan_care.queries import own_case, own_pairing
from plugins.orphan_care.services.opening import require_state
from plugins.orphan_care.wishes import AddSponsor, CheckSponsor, Consent, EndPairing, OpenPairing, RecordContact

PAIR = "orphan_care.pair"


def add_sponsor(work: UnitOfWork, wish: AddSponsor) -> Sponsor:
    """Register a sponsor; how to reach them is sealed."""
    work.require(PAIR, work.settings.county.code)
    made = Sponsor(kind=wish.kind, name=wish.name.strip(), added_at=work.now, added_by=work.actor.account_id)
    work.session.add(made)
    work.session.flush()
    made.contact = sealed.seal(work, sealed.CONTACT, made.id, wish.contact.strip())
    work.session.add(made)
    work.record("orphan_care.sponsor_added", _sponsor(made), after={"kind": made.kind})
    return made


def check_sponsor(work: UnitOfWork, sponsor_id: int, wish: CheckSponsor) -> Sponsor:
    """Note what the inquiry about offences against minors said; running pairings of somebody with a record end."""
    work.require(PAIR, work.settings.county.code)
    sponsor = get_sponsor(work, sponsor_id)
    if wish.on > work.today:
        raise refuse(_("日期不能晚于今天"), field="on", code="E_DAY")
    sponsor.checked_on, sponsor.check_result, sponsor.check_document = wish.on, wish.result, wish.document.strip()
    work.session.add(sponsor)
    work.session.flush()
    if wish.result == "record":
        asked = select(Pairing).where(col(Pairing.sponsor_id) == sponsor.id, col(Pairing.until).is_(None))
        for pairing in work.session.scalars(asked):
            pairing.until = max(work.today, pairing.since)
            work.session.add(pairing)
    after = {"result": wish.result, "on": wish.on, "document": sponsor.check_document}
    work.record("orphan_care.sponsor_checked", _sponsor(sponsor), after=after)
    return sponsor


def open_pairing(work: UnitOfWork, sponsor_id: int, wish: OpenPairing) -> Pairing:
    """Pair a sponsor with a child; only after a clear check (``E_SPONSOR_CHECK``)."""
    case = own_case(work, wish.case, PAIR)
    require_state(work, case, *OPEN)
    sponsor = get_sponsor(work, sponsor_id)
    since = wish.since or work.today
    found = [*_check(work, sponsor, since)]
    amount = _pledge(wish, found)
    same = select(col(Pairing.id)).where(
        col(Pairing.sponsor_id) == sponsor.id, col(Pairing.case_id) == case.id, col(Pairing.until).is_(None)
    )
    if work.session.scalars(same).first() is not None:
        found.append(Objection(reason=_("这位爱心人士已与这名儿童结对"), field="case", code="E_SAME"))
    if found:
        raise Refused(found)
    made = Pairing(
        sponsor_id=sponsor.id or 0,
        case_id=case.id or 0,
        kind=wish.kind,
        pledged_fen=amount,
        months=wish.months if amount else 0,
        since=since,
        agreement_on=wish.agreement_on,
        guardian_agreed_on=wish.guardian_agreed_on,
        child_agreed_on=wish.child_agreed_on,
        opened_by=work.actor.account_id,
    )
    work.session.add(made)
    work.session.flush()
    after = {"sponsor": sponsor.id, "case": case.number, "kind": made.kind, "pledged_fen": amount}
    work.record("orphan_care.paired", _pairing(made), area=case.area, after=after)
    return made


def give_consent(work: UnitOfWork, pairing_id: int, wish: Consent) -> Pairing:
    """Note who agreed that the sponsor sees a first name, an age band and needs."""
    pairing, case = own_pairing(work, pairing_id, PAIR)
    for name in ("guardian_agreed_on", "child_agreed_on", "agreement_on"):
        day = getattr(wish, name)
        if day is not None:
            if day > work.today:
                raise refuse(_("日期不能晚于今天"), field=name, code="E_DAY")
            setattr(pairing, name, day)
    work.session.add(pairing)
    work.session.flush()
    after = {"guardian": pairing.guardian_agreed_on, "child": pairing.child_agreed_on}
    work.record("orphan_care.consented", _pairing(pairing), area=case.area, after=after)
    return pairing


def record_contact(work: UnitOfWork, pairing_id: int, wish: RecordContact) -> Contact:
    """Note a contact that the officer arranged. Money given to the child directly is recorded, never booked."""
    pairing, case = own_pairing(work, pairing_id, PAIR)
    on = wish.happened_on or work.today
    found = [*consent_objections(work, pairing, case)] if wish.kind in ("meeting", "call") else []
    if on > work.today:
        found.append(Objection(reason=_("日期不能晚于今天"), field="happened_on", code="E_DAY"))
    if on < pairing.since or (pairing.until is not None and on > pairing.until):
        found.append(Objection(reason=_("日期不在结对期间"), field="happened_on", code="E_DAY"))
    amount = parse_money(wish.yuan) if wish.yuan else 0
    if wish.kind == "money":
        if amount <= 0:
            found.append(Objection(reason=_("请填写金额"), field="yuan", code="E_MONEY"))
        if wish.way is None:
            found.append(Objection(reason=_("请选款项怎样交付"), field="way", code="E_FIELD"))
        elif wish.way == "charity" and not wish.receipt.strip():
            found.append(Objection(reason=_("经慈善账户的要填收据编号"), field="receipt", code="E_FIELD"))
    if found:
        raise Refused(found)
    made = Contact(
        pairing_id=pairing.id or 0,
        kind=wish.kind,
        happened_on=on,
        amount_fen=max(amount, 0),
        way=wish.way or "",
        receipt=wish.receipt.strip(),
        recorded_by=work.actor.account_id,
    )
    work.session.add(made)
    work.session.flush()
    made.note = sealed.seal(work, sealed.HAPPENED, made.id, wish.note.strip())
    work.session.add(made)
    after = {"kind": made.kind, "on": on, "amount_fen": made.amount_fen, "way": made.way}
    work.record("orphan_care.contacted", _pairing(pairing), area=case.area, after=after)
    return made


def end_pairing(work: UnitOfWork, pairing_id: int, wish: EndPairing) -> Pairing:
    """End a pairing with a day."""
    pairing, case = own_pairing(work, pairing_id, PAIR)
    if pairing.until is not None:
        raise refuse(_("结对已经结束"), field="until", code="E_SAME")
    if wish.until < pairing.since:
        raise refuse(_("结束日期不能早于结对日期"), field="until", code="E_DAY")
    pairing.until = wish.until
    work.session.add(pairing)
    work.session.flush()
    after = {"until": wish.until}
    work.record("orphan_care.pairing_ended", _pairing(pairing), area=case.area, reason=wish.reason, after=after)
    return pairing


def consent_objections(work: UnitOfWork, pairing: Pairing, case: Case) -> list[Objection]:
    """Whose consent lacks before a sponsor may see anything of a child."""
    born = facts_of(work, [case.person_id])[case.person_id].birth_date
    leap = work.policy("identity.leap_birthday")
    asked = born is None or age_on(born, work.today, leap) >= work.policy("orphan_care.consent_age")
    found = []
    if pairing.guardian_agreed_on is None:
        words = _("监护人还没有同意")
        found.append(Objection(reason=words, field="guardian_agreed_on", code="E_CONSENT"))
    if asked and pairing.child_agreed_on is None:
        words = _("年满 8 周岁的儿童本人还没有同意")
        found.append(Objection(reason=words, field="child_agreed_on", code="E_CONSENT"))
    return found


def require_consent(work: UnitOfWork, pairing: Pairing, case: Case) -> None:
    """Go on only when everybody who must agree did (``E_CONSENT``)."""
    found = consent_objections(work, pairing, case)
    if found:
        raise Refused(found)
    if state_now(case, this_month(work)) not in LIVING:
        raise refuse(_("档案已结案，不能再提供儿童信息"), code="E_CONSENT")


def get_sponsor(work: UnitOfWork, sponsor_id: int) -> Sponsor:
    """A sponsor; raises ``NotFound``."""
    found = work.session.get(Sponsor, sponsor_id)
    if found is None:
        raise NotFound(_("没有登记过这位爱心人士"))
    return found


def _check(work: UnitOfWork, sponsor: Sponsor, on: date) -> list[Objection]:
    if sponsor.checked_on is None:
        words = _("还没有查询是否有侵害未成年人的记录")
    elif sponsor.check_result != "clear":
        words = _("有侵害未成年人的记录，不能结对")
    elif months_after(sponsor.checked_on, work.policy("orphan_care.sponsor_check_months")) < on:
        words = _("背景查询已过期（{day}），请重新查询", day=sponsor.checked_on)
    else:
        return []
    return [Objection(reason=words, field="case", code="E_SPONSOR_CHECK")]


def _pledge(wish: OpenPairing, found: list[Objection]) -> int:
    try:
        amount = parse_money(wish.yuan) if wish.yuan else 0
    except Refused as refusal:
        found.append(Objection(reason=refusal.objections[0].reason, field="yuan", code=refusal.code))
        return 0
    if wish.kind == "money" and (amount <= 0 or wish.months <= 0):
        found.append(Objection(reason=_("资助结对要写明每月金额和月数"), field="yuan", code="E_MONEY"))
    return max(amount, 0)


def _sponsor(one: Sponsor) -> str:
    return f"orphan_care_sponsor:{one.id}"


def _pairing(one: Pairing) -> str:
    return f"orphan_care_pairing:{one.id}"
