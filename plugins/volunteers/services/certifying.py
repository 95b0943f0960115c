"""Certificates of service: free, truthful, only by the organisation that recorded, with a code anybody can check."""

import secrets
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlmodel import col

from core.api import UnitOfWork, _, calendar_of, facts_of, refuse
from plugins.volunteers import sealed
from plugins.volunteers.models import Certificate, Org, Record, Request, Volunteer
from plugins.volunteers.queries import dict_of, own_certificate, own_org, own_request, own_volunteer, unreversed
from plugins.volunteers.services.common import CERTIFY, keep, not_later
from plugins.volunteers.wishes import IssueCertificate, IssueRequested, RefuseRequest, RequestCertificate, Revoke

CODE_INDEX = "volunteers.certificate"
_COMPOUND = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "端木")


def issue(work: UnitOfWork, wish: IssueCertificate) -> Certificate:
    """Issue a certificate of confirmed hours; raises ``Refused`` (``E_CERT_FOREIGN``) for another's records."""
    work.require(CERTIFY)
    volunteer = own_volunteer(work, wish.volunteer, CERTIFY)
    until = wish.until or work.today
    not_later(work, until, "until")
    rows = _records(work, volunteer, wish, until)
    org = _issuer(work, wish, rows)
    minutes = sum(one.minutes for one in rows)
    prefix = f"FW-{work.today.year}-"
    code = secrets.token_hex(6).upper()
    number = work.next_ids("volunteers_certificate", 1)[0]
    name = facts_of(work, [volunteer.person_id])[volunteer.person_id].name
    made = Certificate(
        id=number,
        number=work.next_number(col(Certificate.number), prefix),
        volunteer_id=volunteer.id or 0,
        org_id=org.id or 0,
        area=org.area,
        since=wish.since or min(one.served_on for one in rows),
        until=until,
        minutes=minutes,
        records=",".join(str(one.id) for one in rows),
        surname=surname_of(name),
        handler=wish.handler.strip() or work.actor.title or work.actor.name,
        in_charge=wish.in_charge.strip() or org.leader,
        requested_on=wish.requested_on or work.today,
        issued_on=work.today,
        issued_by=work.actor.account_id,
        code=work.keys.seal(sealed.CODE, number, code),
        code_index=work.keys.blind(CODE_INDEX, code),
    )
    keep(work, [made])
    after = {"number": made.number, "minutes": minutes, "records": len(rows)}
    work.record("volunteers.certified", subject(made), area=made.area, after=after)
    return made


def _records(work: UnitOfWork, volunteer: Volunteer, wish: IssueCertificate, until: date) -> list[Record]:
    asked = select(Record).where(
        col(Record.volunteer_id) == volunteer.id,
        col(Record.state) == "confirmed",
        col(Record.kind) != "reversal",
        col(Record.disputed_on).is_(None),
        col(Record.served_on) <= until,
        unreversed(),
    )
    if wish.since:
        asked = asked.where(col(Record.served_on) >= wish.since)
    rows = list(work.session.scalars(asked.order_by(col(Record.served_on), col(Record.id))))
    if wish.records:
        wanted = set(wish.records)
        rows = [one for one in rows if one.id in wanted]
        if len(rows) < len(wanted):
            raise refuse(_("有的记录没有确认、有异议或不是本人的"), field="records", code="E_CERT_EMPTY")
    if not rows:
        raise refuse(_("这段时间没有已确认的服务"), field="since", code="E_CERT_EMPTY")
    return rows


def _issuer(work: UnitOfWork, wish: IssueCertificate, rows: list[Record]) -> Org:
    """The organisation that issues; ``rows`` keeps only what it, or one that was merged into it, recorded."""
    recorders = dict_of(work, Org, [one.org_id for one in rows])
    if not wish.org.strip():
        heirs = {heir_of(work, org).id for org in recorders.values()}
        if len(heirs) > 1:
            names = "、".join(sorted(org.name for org in recorders.values()))
            words = _("在几个组织服务过，请选出具组织：{names}", names=names)
            raise refuse(words, field="org", code="E_CERT_FOREIGN")
        return heir_of(work, next(iter(recorders.values())))
    org = own_org(work, wish.org, CERTIFY)
    mine = {number for number, one in recorders.items() if org.id in (number, heir_of(work, one).id)}
    kept = [one for one in rows if one.org_id in mine]
    if not kept or (wish.records and len(kept) < len(rows)):
        words = _("服务记录是别的组织登记的，只能由登记的组织出具证明")
        raise refuse(words, field="org", code="E_CERT_FOREIGN")
    rows[:] = kept
    return org


def heir_of(work: UnitOfWork, org: Org) -> Org:
    """Who certifies the records of an organisation today: itself, or what it was merged into."""
    while org.successor_id is not None:
        after = work.session.get(Org, org.successor_id)
        if after is None:
            break
        org = after
    return org


def ask(work: UnitOfWork, wish: RequestCertificate) -> Request:
    """Note that a volunteer asked; due after the working days of the policy. Another's records: ``E_CERT_FOREIGN``."""
    work.require(CERTIFY)
    volunteer = own_volunteer(work, wish.volunteer, CERTIFY)
    until, on = wish.until or work.today, wish.requested_on or work.today
    not_later(work, until, "until")
    not_later(work, on, "requested_on")
    wanted = IssueCertificate(volunteer=wish.volunteer, org=wish.org, since=wish.since, until=until)
    org = _issuer(work, wanted, _records(work, volunteer, wanted, until))
    waiting = select(col(Request.id)).where(
        col(Request.volunteer_id) == volunteer.id, col(Request.org_id) == org.id, col(Request.state) == "open"
    )
    if work.session.scalars(waiting).first() is not None:
        raise refuse(_("已经有一件申请等待出具"), field="volunteer", code="E_VOL_TWICE")
    days = work.policy("volunteers.certificate_working_days", on=on)
    made = Request(
        number=work.next_number(col(Request.number), f"SQ-{on.year}-"),
        volunteer_id=volunteer.id or 0,
        org_id=org.id or 0,
        area=org.area,
        since=wish.since,
        until=until,
        requested_on=on,
        due_on=calendar_of(work).add(on, days),
        state_on=on,
        added_by=work.actor.account_id,
    )
    keep(work, [made])
    after = {"number": made.number, "due_on": made.due_on}
    work.record("volunteers.certificate_requested", asked_subject(made), area=made.area, after=after)
    return made


def grant(work: UnitOfWork, text: str, wish: IssueRequested) -> Request:
    """Issue the certificate that was asked for."""
    one = _open_request(work, text)
    certificate = issue(
        work,
        IssueCertificate(
            volunteer=str(one.volunteer_id),
            org=str(one.org_id),
            since=one.since,
            until=one.until,
            requested_on=one.requested_on,
            handler=wish.handler,
            in_charge=wish.in_charge,
        ),
    )
    one.certificate_id = certificate.id
    return _close(work, one, "issued", "")


def turn_down(work: UnitOfWork, text: str, wish: RefuseRequest) -> Request:
    """A request ends without a certificate, with its reason."""
    return _close(work, _open_request(work, text), "refused", wish.reason.strip())


def _open_request(work: UnitOfWork, text: str) -> Request:
    one = own_request(work, text, CERTIFY)
    if one.state != "open":
        raise refuse(_("这件申请已经办结"), code="E_VOL_STATE")
    return one


def _close(work: UnitOfWork, one: Request, state: str, reason: str) -> Request:
    one.state, one.state_on, one.reason = state, work.today, reason
    keep(work, [one])
    after = {"state": state}
    work.record("volunteers.request_closed", asked_subject(one), area=one.area, reason=reason, after=after)
    return one


def asked_subject(one: Request) -> str:
    """How the audit names a request."""
    return f"volunteers_request:{one.id}"


def revoke(work: UnitOfWork, text: str, wish: Revoke) -> Certificate:
    """Take a certificate out of force; checking it answers no from now on."""
    one = own_certificate(work, text, CERTIFY)
    if one.revoked_on:
        raise refuse(_("这份证明已经撤销"), code="E_VOL_STATE")
    one.revoked_on, one.revoked_for = work.today, wish.reason.strip()
    keep(work, [one])
    work.record("volunteers.certificate_revoked", subject(one), area=one.area, reason=one.revoked_for)
    return one


def certificate_for(work: UnitOfWork, text: str, wish_org: str, since: date | None, until: date | None) -> Certificate:
    """The certificate that a number names, or a new one for the volunteer that it names."""
    if text.strip().upper().startswith("FW-"):
        return own_certificate(work, text)
    return issue(work, IssueCertificate(volunteer=text, org=wish_org, since=since, until=until))


def check(work: UnitOfWork, number: str, code: str) -> tuple[str, int, str] | None:
    """For anybody: number, minutes and surname of a certificate in force whose code fits; None otherwise."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    if len(plain) != 12:
        return None
    asked = select(Certificate).where(
        col(Certificate.number) == number.strip().upper(),
        col(Certificate.code_index) == work.keys.blind(CODE_INDEX, plain),
        col(Certificate.revoked_on).is_(None),
    )
    found = work.session.scalars(asked).one_or_none()
    return (found.number, found.minutes, found.surname) if found else None


def code_of(work: UnitOfWork, one: Certificate) -> str:
    """The check code of a certificate as it is printed: 9F3A-11C0-77DE."""
    plain = work.keys.unseal(sealed.CODE, one.id or 0, one.code)
    return "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def surname_of(name: str) -> str:
    """The surname of a Chinese name; of another one the first word."""
    if " " in name or name.isascii():
        return name.split()[0][:20] if name else ""
    return name[:2] if name[:2] in _COMPOUND and len(name) > 2 else name[:1]


def records_of(work: UnitOfWork, one: Certificate) -> Sequence[Record]:
    """The records a certificate is about, in their order."""
    ids = [int(number) for number in one.records.split(",")]
    return list(work.session.scalars(select(Record).where(col(Record.id).in_(ids)).order_by(col(Record.id))))


def subject(one: Certificate) -> str:
    """How the audit names a certificate."""
    return f"volunteers_certificate:{one.id}"
