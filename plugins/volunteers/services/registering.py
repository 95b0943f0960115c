"""Volunteers: registering, accepting, leaving, skills, training, honours, the guardian's consent."""

import secrets
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from core.api import Objection, PersonFacts, Refused, UnitOfWork, _, facts_of, find_person, refuse
from plugins.volunteers import sealed
from plugins.volunteers.models import Honour, Skill, Training, Volunteer
from plugins.volunteers.queries import own_volunteer
from plugins.volunteers.services.common import KEEP, age_of, hours_typed, keep, moved, not_later
from plugins.volunteers.wishes import (
    Accept,
    AddHonour,
    AddSkill,
    AddTraining,
    CheckBackground,
    Consent,
    Leave,
    Named,
    Register,
)
from plugins.volunteers.words import CERTIFIED, SKILLS


def examine(work: UnitOfWork, wish: Register) -> PersonFacts:
    """Who is to be registered; raises ``Refused`` with everything that stands against it, or ``NotFound``."""
    work.require(KEEP)
    person = find_person(work, str(wish.person_id), KEEP)
    number = person.merged_into or person.id or 0
    one = facts_of(work, [number])[number]
    work.require(KEEP, one.hukou_area)
    found: list[Objection] = []
    if one.died_on:
        found.append(Objection(reason=_("这个人已经登记死亡"), field="person_id", code="E_VOL_STATE"))
    same = select(col(Volunteer.number)).where(col(Volunteer.person_id) == number)
    there = work.session.scalars(same).first()
    if there:
        words = _("已经是志愿者：{number}", number=there)
        found.append(Objection(reason=words, field="person_id", code="E_VOL_TWICE"))
    on = wish.registered_on or work.today
    if on > work.today:
        found.append(Objection(reason=_("日期不能晚于今天"), field="registered_on", code="E_DAY"))
    if wish.consent_on and wish.guardian_id is None:
        found.append(Objection(reason=_("请填写监护人"), field="guardian_id", code="E_FIELD"))
    if wish.guardian_id is not None:
        _guardian(work, wish.guardian_id, number)
    if found:
        raise Refused(found)
    return one


def register(work: UnitOfWork, wish: Register) -> Volunteer:
    """Take somebody into the register of volunteers; the identity is still to be checked."""
    one = examine(work, wish)
    on = wish.registered_on or work.today
    prefix = f"V-{work.settings.county.code}-"
    made = Volunteer(
        number=work.next_number(col(Volunteer.number), prefix),
        person_id=one.id,
        first_person_id=one.id,
        area=one.hukou_area,
        registered_on=on,
        state_on=on,
        languages=wish.languages.strip(),
        availability=wish.availability.strip(),
        guardian_id=wish.guardian_id,
        consent_on=(wish.consent_on or work.today) if wish.guardian_id else None,
        named=wish.named,
        token=secrets.token_hex(16),
        added_at=work.now,
        added_by=work.actor.account_id,
    )
    keep(work, [made])
    made.phone = sealed.seal(work, sealed.PHONE, made.id, wish.phone.strip())
    made.contact = sealed.seal(work, sealed.CONTACT, made.id, wish.contact.strip())
    made.health = sealed.seal(work, sealed.HEALTH, made.id, wish.health.strip())
    keep(work, [made])
    work.record("volunteers.registered", subject(made), area=made.area, after={"number": made.number, "on": on})
    return made


def accept(work: UnitOfWork, text: str, wish: Accept) -> Volunteer:
    """The identity was checked: the volunteer is in the register, also again after leaving."""
    one = own_volunteer(work, text, KEEP)
    if one.state not in ("applied", "withdrawn"):
        raise refuse(_("这名志愿者不在待审核状态"), code="E_VOL_STATE")
    return _state(work, one, "active", wish.note)


def withdraw(work: UnitOfWork, text: str, wish: Leave) -> Volunteer:
    """The volunteer leaves; the history stays."""
    one = own_volunteer(work, text, KEEP)
    if one.state not in ("applied", "active"):
        raise refuse(_("这名志愿者已经退出或除名"), code="E_VOL_STATE")
    return _state(work, one, "withdrawn", wish.reason)


def remove(work: UnitOfWork, text: str, wish: Leave) -> Volunteer:
    """The volunteer is struck off for misconduct; the history stays."""
    one = own_volunteer(work, text, KEEP)
    if one.state == "removed":
        raise refuse(_("这名志愿者已经退出或除名"), code="E_VOL_STATE")
    return _state(work, one, "removed", wish.reason)


def _state(work: UnitOfWork, one: Volunteer, state: str, reason: str) -> Volunteer:
    before = one.state
    one.state, one.state_on, one.reason = state, work.today, reason.strip()
    moved(work, one)
    after = {"state": state}
    work.record(
        "volunteers.state_set", subject(one), area=one.area, reason=one.reason, before={"state": before}, after=after
    )
    return one


def consent(work: UnitOfWork, text: str, wish: Consent) -> Volunteer:
    """Note that the guardian of a minor agrees."""
    one = own_volunteer(work, text, KEEP)
    on = wish.consent_on or work.today
    not_later(work, on, "consent_on")
    _guardian(work, wish.guardian_id, one.person_id)
    age = age_of(work, one, work.today)
    if age is not None and age >= work.policy("volunteers.adult_age"):
        raise refuse(_("已经成年，不须监护人同意"), field="consent_on", code="E_VOL_AGE")
    one.guardian_id, one.consent_on = wish.guardian_id, on
    moved(work, one)
    work.record("volunteers.consented", subject(one), area=one.area, after={"on": on})
    return one


def _guardian(work: UnitOfWork, guardian_id: int, ward_id: int) -> None:
    one = facts_of(work, [guardian_id]).get(guardian_id)
    if one is None or one.died_on or guardian_id == ward_id:
        raise refuse(_("没有找到这名监护人"), field="guardian_id", code="E_VOL_GUARDIAN")


def add_skill(work: UnitOfWork, text: str, wish: AddSkill) -> Skill:
    """Note a skill; the one registered before under the same code ends."""
    one = own_volunteer(work, text, KEEP)
    if wish.skill in CERTIFIED and not wish.certificate.strip():
        words = _("“{skill}”要登记证书编号", skill=_(SKILLS[wish.skill]))
        raise refuse(words, field="certificate", code="E_VOL_CERTIFICATE")
    same = select(Skill).where(
        col(Skill.volunteer_id) == one.id, col(Skill.skill) == wish.skill, col(Skill.until).is_(None)
    )
    for old in work.session.scalars(same).all():
        old.until = work.today
        keep(work, [old])
    made = Skill(
        volunteer_id=one.id or 0,
        skill=wish.skill,
        certificate=wish.certificate.strip(),
        valid_to=wish.valid_to,
        recorded_by=work.actor.account_id,
    )
    keep(work, [made])
    work.record("volunteers.skill_added", subject(one), area=one.area, after={"skill": wish.skill})
    return made


def add_training(work: UnitOfWork, text: str, wish: AddTraining) -> Training:
    """Note a course; service hours do not change by it."""
    one = own_volunteer(work, text, KEEP)
    on = wish.held_on or work.today
    not_later(work, on, "held_on")
    minutes = hours_typed(wish.hours, "hours")
    if not minutes:
        raise refuse(_("学时要大于 0"), field="hours", code="E_FIELD")
    made = Training(
        volunteer_id=one.id or 0,
        course=wish.course,
        title=wish.title.strip(),
        minutes=minutes,
        held_on=on,
        result=wish.result,
        recorded_by=work.actor.account_id,
    )
    keep(work, [made])
    after = {"course": wish.course, "minutes": minutes, "on": on}
    work.record("volunteers.trained", subject(one), area=one.area, after=after)
    return made


def add_honour(work: UnitOfWork, text: str, wish: AddHonour) -> Honour:
    """Note an honour."""
    one = own_volunteer(work, text, KEEP)
    on = wish.given_on or work.today
    not_later(work, on, "given_on")
    made = Honour(
        volunteer_id=one.id or 0,
        kind=wish.kind,
        level=wish.level,
        title=wish.title.strip(),
        given_on=on,
        body=wish.body.strip(),
        recorded_by=work.actor.account_id,
    )
    keep(work, [made])
    work.record("volunteers.honoured", subject(one), area=one.area, after={"kind": wish.kind, "on": on})
    return made


def check_background(work: UnitOfWork, text: str, wish: CheckBackground) -> Volunteer:
    """Note the inquiry about offences against minors; what it said is on the paper it names."""
    one = own_volunteer(work, text, KEEP)
    not_later(work, wish.on, "on")
    one.background_on, one.background = wish.on, wish.document.strip()
    moved(work, one)
    work.record("volunteers.background_checked", subject(one), area=one.area, after={"on": wish.on})
    return one


def set_named(work: UnitOfWork, text: str, wish: Named) -> Volunteer:
    """Note whether the volunteer may be named in public."""
    one = own_volunteer(work, text, KEEP)
    one.named = wish.named
    moved(work, one)
    work.record("volunteers.naming_set", subject(one), area=one.area, after={"named": wish.named})
    return one


def renew_card(work: UnitOfWork, text: str, _wish: Any) -> Volunteer:
    """A lost card: another token, the old one opens nothing."""
    one = own_volunteer(work, text, KEEP)
    one.token = secrets.token_hex(16)
    moved(work, one)
    work.record("volunteers.card_renewed", subject(one), area=one.area)
    return one


def subject(one: Volunteer) -> str:
    """How the audit names a volunteer."""
    return f"volunteer:{one.id}"
