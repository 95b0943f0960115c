"""Questions about sponsors and pairings, and the little that a sponsor may be told of a child."""

from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import UnitOfWork, _, age_on, facts_of, scoped
from plugins.orphan_care import sealed
from plugins.orphan_care.models import Case, Contact, Pairing, Sponsor
from plugins.orphan_care.queries import own_pairing, paid_in, pairing_line
from plugins.orphan_care.services.pairing import PAIR, get_sponsor, require_consent
from plugins.orphan_care.statistics import age_band
from plugins.orphan_care.words import CHECKS, CONTACTS

_DOUBLE = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "司徒",
    "夏侯",
    "端木",
    "轩辕",
    "长孙",
    "宇文",
)


def list_sponsors(work: UnitOfWork) -> list[dict[str, Any]]:
    """Every sponsor with the check and the number of running pairings."""
    work.require(PAIR, work.settings.county.code)
    running = (
        select(col(Pairing.sponsor_id), func.count().label("pairings"))
        .where(col(Pairing.until).is_(None))
        .group_by(col(Pairing.sponsor_id))
        .subquery()
    )
    asked = select(Sponsor, running.c.pairings).outerjoin(running, running.c.sponsor_id == col(Sponsor.id))
    return [
        {**sponsor_line(one), "pairings": count or 0}
        for one, count in work.session.execute(asked.order_by(col(Sponsor.id))).all()
    ]


def show_sponsor(work: UnitOfWork, sponsor_id: int) -> dict[str, Any]:
    """One sponsor with how to reach them (recorded) and the pairings."""
    work.require(PAIR, work.settings.county.code)
    one = get_sponsor(work, sponsor_id)
    work.record_read("orphan_care.sponsor_read", f"orphan_care_sponsor:{one.id}")
    pairings = [row for row in list_pairings(work) if row["sponsor_id"] == one.id]
    return {**sponsor_line(one), "contact": sealed.unseal(work, sealed.CONTACT, one.id, one.contact), "all": pairings}


def sponsor_line(one: Sponsor) -> dict[str, Any]:
    """A sponsor in one line."""
    return {
        "id": one.id,
        "kind": one.kind,
        "name": one.name,
        "checked_on": one.checked_on,
        "check_result": one.check_result,
        "check_title": _(CHECKS[one.check_result]) if one.check_result else _("未查询"),
        "check_document": one.check_document,
    }


def list_pairings(work: UnitOfWork) -> list[dict[str, Any]]:
    """Pairings of children in one's areas, newest first; by number of file, without a child's name."""
    work.require(PAIR)
    asked = (
        select(Pairing, col(Case.number), col(Sponsor.name))
        .join(Case, col(Case.id) == col(Pairing.case_id))
        .join(Sponsor, col(Sponsor.id) == col(Pairing.sponsor_id))
        .order_by(col(Pairing.id).desc())
    )
    rows = work.session.execute(scoped(work, asked, Case.area, PAIR)).all()
    given = paid_in(work, [one.id or 0 for one, _number, _name in rows])
    return [
        {**pairing_line(one, given.get(one.id or 0, 0)), "case_number": number, "sponsor_name": name}
        for one, number, name in rows
    ]


def show_pairing(work: UnitOfWork, pairing_id: int) -> dict[str, Any]:
    """One pairing with every contact."""
    pairing, case = own_pairing(work, pairing_id, PAIR)
    work.record_read("orphan_care.file_read", f"orphan_care:{case.id}", area=case.area)
    asked = select(Contact).where(col(Contact.pairing_id) == pairing.id).order_by(col(Contact.id).desc())
    contacts = [
        {
            "id": one.id,
            "kind": one.kind,
            "kind_title": _(CONTACTS[one.kind]),
            "happened_on": one.happened_on,
            "amount_fen": one.amount_fen,
            "way": one.way,
            "receipt": one.receipt,
            "note": sealed.unseal(work, sealed.HAPPENED, one.id, one.note),
        }
        for one in work.session.scalars(asked)
    ]
    given = paid_in(work, [pairing.id or 0]).get(pairing.id or 0, 0)
    sponsor = get_sponsor(work, pairing.sponsor_id)
    return {
        **pairing_line(pairing, given),
        "case_number": case.number,
        "sponsor_name": sponsor.name,
        "contacts": contacts,
    }


def introduction(work: UnitOfWork, pairing_id: int) -> dict[str, str]:
    """What a sponsor may see once guardian and child agreed: first name, age band, needs. It is recorded."""
    pairing, case = own_pairing(work, pairing_id, PAIR)
    require_consent(work, pairing, case)
    work.record_read("orphan_care.introduced", f"orphan_care_pairing:{pairing.id}", area=case.area)
    child = facts_of(work, [case.person_id])[case.person_id]
    leap = work.policy("identity.leap_birthday")
    age = age_on(child.birth_date, work.today, leap) if child.birth_date else None
    return {"first_name": first_name(child.name), "age_band": age_band(age), "needs": case.needs}


def first_name(name: str) -> str:
    """The name without the family name."""
    return name[2:] if len(name) > 2 and name[:2] in _DOUBLE else name[1:] or name
