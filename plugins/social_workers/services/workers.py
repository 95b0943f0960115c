"""Social workers: certificates, registrations, continuing education, supervision, employment, their account."""

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Objection, Refused, UnitOfWork, _, facts_of, refuse, staff_titles
from plugins.social_workers.models import (
    Case,
    Certificate,
    Education,
    Employment,
    Registration,
    Supervision,
    Worker,
)
from plugins.social_workers.queries import (
    any_agency,
    certificates_of,
    own_station,
    own_worker,
    registrations_of,
    window_of,
)
from plugins.social_workers.rules import last_day, months_on
from plugins.social_workers.services.common import KEEP, keep, living, moved, named_worker, past, tenths
from plugins.social_workers.wishes import (
    AddCertificate,
    AddEducation,
    AddSupervision,
    AddWorker,
    Employ,
    Leave,
    LinkAccount,
    Register,
    RevokeEducation,
    Settle,
    Why,
)


def subject(one: Worker) -> str:
    """How the audit names a worker."""
    return f"social_worker:{one.id}"


def examine(work: UnitOfWork, wish: AddWorker) -> Any:
    """Who is to be registered; raises ``Refused`` with everything that stands against it, or ``NotFound``."""
    work.require(KEEP)
    one = living(work, wish.person_id, KEEP, "person_id")
    work.require(KEEP, one.hukou_area)
    found: list[Objection] = []
    there = work.session.scalars(select(col(Worker.number)).where(col(Worker.person_id) == one.id)).first()
    if there:
        words = _("已经在社工名册：{number}", number=there)
        found.append(Objection(reason=words, field="person_id", code="E_SW_TWICE"))
    found += _number_used(work, wish.certificate_no)
    found += _fitting_days(work, wish.issued_on, wish.passed_year)
    if wish.registered_on and not wish.issued_on <= wish.registered_on <= work.today:
        found.append(Objection(reason=_("登记日期不在发证日期和今天之间"), field="registered_on", code="E_DAY"))
    if wish.agency.strip():
        any_agency(work, wish.agency)
    if found:
        raise Refused(found)
    return one


def _number_used(work: UnitOfWork, number: str) -> list[Objection]:
    same = select(col(Certificate.id)).where(col(Certificate.number) == number.strip().upper())
    if work.session.scalars(same).first() is None:
        return []
    words = _("证书编号已经登记过")
    return [Objection(reason=words, field="certificate_no", code="E_SW_CERT_DUP", hint=_("核对证书编号"))]


def _fitting_days(work: UnitOfWork, issued_on: date, passed_year: int) -> list[Objection]:
    if issued_on > work.today:
        return [Objection(reason=_("日期不能晚于今天"), field="issued_on", code="E_DAY")]
    if issued_on.year < passed_year:
        return [Objection(reason=_("发证日期早于通过年度"), field="issued_on", code="E_DAY")]
    return []


def add(work: UnitOfWork, wish: AddWorker) -> Worker:
    """Take a holder of a certificate into the register, with employer and registration where they are known."""
    one = examine(work, wish)
    made = Worker(
        number=work.next_number(col(Worker.number), f"SW-{work.settings.county.code}-"),
        person_id=one.id,
        first_person_id=one.id,
        area=one.hukou_area,
        field=wish.field or "",
        works_here=wish.works_here,
        lives_here=wish.lives_here,
        state_on=work.today,
        added_at=work.now,
        added_by=work.actor.account_id,
    )
    keep(work, made)
    _certify(work, made, wish)
    if wish.agency.strip() or wish.employer.strip():
        _employ(work, made, Employ(agency=wish.agency, employer=wish.employer, post=wish.post, since=wish.since))
    work.record("social_workers.worker_added", subject(made), area=made.area, after={"number": made.number})
    if wish.registered_on:
        # What an older register says stands as it is: whether it was late then is not this county's to refuse now.
        _register(work, made, wish.registered_on, Register(registered_on=wish.registered_on), "first", 0)
    return made


def _certify(work: UnitOfWork, one: Worker, wish: AddWorker | AddCertificate) -> Certificate:
    made = Certificate(
        worker_id=one.id or 0,
        level=wish.level,
        number=wish.certificate_no.strip().upper(),
        passed_year=wish.passed_year,
        issued_on=wish.issued_on,
        recorded_by=work.actor.account_id,
    )
    keep(work, made)
    return made


def add_certificate(work: UnitOfWork, text: str, wish: AddCertificate) -> Certificate:
    """Note a certificate of another level."""
    one = own_worker(work, text, KEEP)
    found = _number_used(work, wish.certificate_no) + _fitting_days(work, wish.issued_on, wish.passed_year)
    same = select(col(Certificate.id)).where(col(Certificate.worker_id) == one.id, col(Certificate.level) == wish.level)
    if work.session.scalars(same).first() is not None:
        found.append(Objection(reason=_("这一级别的证书已经登记"), field="level", code="E_SW_TWICE"))
    if found:
        raise Refused(found)
    made = _certify(work, one, wish)
    work.record("social_workers.certified", subject(one), area=one.area, after={"level": wish.level})
    return made


def register(work: UnitOfWork, text: str, wish: Register) -> Registration:
    """Register the certificate, or renew it in the last months or after it lapsed, with the hours it asks for."""
    one = own_worker(work, text, KEEP)
    on = past(work, wish.registered_on, "registered_on")
    before = registrations_of(work, [one.id or 0]).get(one.id or 0, [])
    if not before:
        return _first(work, one, on, wish)
    last = before[-1]
    at = window_of(work, last)
    if on < at.due_from:
        words = _("有效期至 {valid_to}，{due_from} 起才能办理再登记", valid_to=at.valid_to, due_from=at.due_from)
        raise refuse(words, field="registered_on", code="E_SW_EARLY")
    done = hours_between(work, one.id or 0, last.registered_on, max(last.valid_to, on))
    level = certificates_of(work, [one.id or 0])[one.id or 0].level
    needed = required_tenths(work, level, last.valid_to)
    if done < needed:
        missing = shown_tenths(needed - done)
        words = _("继续教育学时不足，还差 {hours} 学时", hours=missing)
        raise refuse(words, field="registered_on", code="E_SW_CE", hint=_("补足学时后再办理"))
    return _register(work, one, max(on, at.lapsed_on), wish, "renewal", done)


def _first(work: UnitOfWork, one: Worker, on: date, wish: Register) -> Registration:
    certificate = certificates_of(work, [one.id or 0])[one.id or 0]
    if on < certificate.issued_on:
        raise refuse(_("登记日期早于发证日期"), field="registered_on", code="E_DAY")
    months = work.policy("social_workers.first_months", on=on)
    if on > months_on(certificate.issued_on, months) and not wish.reason.strip():
        words = _("取得证书已超过 {months} 个月，请说明", months=months)
        raise refuse(words, field="reason", code="E_SW_FIRST")
    return _register(work, one, on, wish, "first", 0)


def _register(work: UnitOfWork, one: Worker, on: date, wish: Register, kind: str, done: int) -> Registration:
    made = Registration(
        worker_id=one.id or 0,
        certificate_id=certificates_of(work, [one.id or 0])[one.id or 0].id or 0,
        kind=kind,
        registered_on=on,
        valid_to=last_day(on, work.policy("social_workers.registration_months", on=on)),
        hours_tenths=done,
        document=wish.document.strip(),
        reason=wish.reason.strip(),
        recorded_by=work.actor.account_id,
    )
    keep(work, made)
    after = {"kind": kind, "on": on, "to": made.valid_to}
    work.record("social_workers.registered", subject(one), area=one.area, reason=made.reason, after=after)
    return made


def required_tenths(work: UnitOfWork, level: str, on: date) -> int:
    """Hours of education a registration period asks of a level, in tenths."""
    return int(work.policy("social_workers.education_hours", on=on)[level]) * 10


def hours_between(work: UnitOfWork, worker_id: int, since: date, until: date) -> int:
    """Tenths of hours of education of a worker between two days."""
    asked = select(func.sum(col(Education.tenths))).where(
        col(Education.worker_id) == worker_id,
        col(Education.held_on).between(since, until),
        col(Education.revoked_on).is_(None),
    )
    return int(work.session.scalar(asked) or 0)


def shown_tenths(tenth: int) -> str:
    """Hours as people read them: 6, 7.5."""
    return f"{tenth // 10}.{tenth % 10}" if tenth % 10 else str(tenth // 10)


def examine_education(work: UnitOfWork, text: str, wish: AddEducation) -> tuple[Worker, int, date]:
    """What a course is about; raises ``Refused`` for hours of none or a course entered already."""
    one = own_worker(work, text, KEEP)
    on, hours = past(work, wish.held_on, "held_on"), tenths(wish.hours, "hours")
    if not hours:
        raise refuse(_("学时要大于 0"), field="hours", code="E_FIELD")
    same = select(col(Education.id)).where(
        col(Education.worker_id) == one.id,
        col(Education.course) == wish.course.strip(),
        col(Education.held_on) == on,
        col(Education.revoked_on).is_(None),
    )
    if work.session.scalars(same).first() is not None:
        raise refuse(_("这一天的这门课程已经登记"), field="course", code="E_SW_TWICE")
    return one, hours, on


def add_education(work: UnitOfWork, text: str, wish: AddEducation) -> Education:
    """Note hours of continuing education with their proof."""
    one, hours, on = examine_education(work, text, wish)
    made = Education(
        worker_id=one.id or 0,
        course=wish.course.strip(),
        provider=wish.provider.strip(),
        tenths=hours,
        held_on=on,
        proof=wish.proof.strip(),
        recorded_by=work.actor.account_id,
    )
    keep(work, made)
    after = {"tenths": hours, "on": on}
    work.record("social_workers.educated", subject(one), area=one.area, after=after)
    return made


def revoke_education(work: UnitOfWork, text: str, wish: RevokeEducation) -> Education:
    """Take back a course that was entered wrongly; it stays readable."""
    one = own_worker(work, text, KEEP)
    found = work.session.get(Education, wish.record)
    if found is None or found.worker_id != one.id or found.revoked_on:
        raise refuse(_("没有这条学时记录，或已经撤销"), field="record", code="E_SW_STATE")
    found.revoked_on, found.revoked_for = work.today, wish.reason.strip()
    keep(work, found)
    work.record("social_workers.education_revoked", subject(one), area=one.area, reason=found.revoked_for)
    return found


def add_supervision(work: UnitOfWork, text: str, wish: AddSupervision) -> Supervision:
    """Note hours under a supervisor; continuing education does not change by it."""
    one, on = own_worker(work, text, KEEP), past(work, wish.held_on, "held_on")
    supervisor, hours = named_worker(work, wish.supervisor, "supervisor"), tenths(wish.hours, "hours")
    if supervisor.id == one.id:
        raise refuse(_("督导不能是本人"), field="supervisor", code="E_SW_SELF")
    if not hours:
        raise refuse(_("学时要大于 0"), field="hours", code="E_FIELD")
    made = Supervision(
        worker_id=one.id or 0,
        supervisor_id=supervisor.id or 0,
        kind=wish.kind,
        tenths=hours,
        held_on=on,
        topic=wish.topic.strip(),
        recorded_by=work.actor.account_id,
    )
    keep(work, made)
    work.record("social_workers.supervised", subject(one), area=one.area, after={"kind": wish.kind, "tenths": hours})
    return made


def employ(work: UnitOfWork, text: str, wish: Employ) -> Employment:
    """Note where a worker is employed; the employment before ended first."""
    one = own_worker(work, text, KEEP)
    if not wish.agency.strip() and not wish.employer.strip():
        raise refuse(_("请填写任职机构或任职单位"), field="agency", code="E_FIELD")
    open_ = select(col(Employment.id)).where(col(Employment.worker_id) == one.id, col(Employment.until).is_(None))
    if work.session.scalars(open_).first() is not None:
        raise refuse(_("先登记离职"), field="agency", code="E_SW_STATE")
    made = _employ(work, one, wish)
    work.record("social_workers.employed", subject(one), area=one.area, after={"since": made.since})
    return made


def _employ(work: UnitOfWork, one: Worker, wish: Employ) -> Employment:
    agency = any_agency(work, wish.agency) if wish.agency.strip() else None
    made = Employment(
        worker_id=one.id or 0,
        agency_id=agency.id if agency else None,
        employer=wish.employer.strip() or (agency.name if agency else ""),
        post=wish.post.strip(),
        since=past(work, wish.since, "since"),
        recorded_by=work.actor.account_id,
    )
    keep(work, made)
    return made


def leave(work: UnitOfWork, text: str, wish: Leave) -> Employment:
    """Note that a worker leaves; refused (E_SW_HANDOVER) while cases are open in the worker's hands."""
    one = own_worker(work, text, KEEP)
    asked = select(Employment).where(col(Employment.worker_id) == one.id, col(Employment.until).is_(None))
    found = work.session.scalars(asked).first()
    if found is None:
        raise refuse(_("没有在职登记"), code="E_SW_STATE")
    until = wish.until or work.today
    if until < found.since:
        raise refuse(_("离职日期早于任职日期"), field="until", code="E_DAY")
    _hands_empty(work, one)
    found.until = until
    keep(work, found)
    work.record("social_workers.left", subject(one), area=one.area, after={"until": until})
    return found


def _hands_empty(work: UnitOfWork, one: Worker) -> None:
    open_ = select(col(Case.number)).where(col(Case.worker_id) == one.id, col(Case.closed_on).is_(None))
    numbers = list(work.session.scalars(open_.order_by(col(Case.id))))
    if numbers:
        words = _("还有 {count} 个个案没有移交：{numbers}", count=len(numbers), numbers="、".join(numbers[:5]))
        raise refuse(words, field="until", code="E_SW_HANDOVER", hint=_("先告知服务对象并移交个案"))


def settle(work: UnitOfWork, text: str, wish: Settle) -> Worker:
    """Change field, place of work and living, station."""
    one = own_worker(work, text, KEEP)
    before = {"works_here": one.works_here, "lives_here": one.lives_here, "station": one.station_id}
    one.field = wish.field or one.field
    one.works_here, one.lives_here = wish.works_here, wish.lives_here
    one.station_id = own_station(work, wish.station).id if wish.station.strip() else None
    moved(work, one)
    after = {"works_here": one.works_here, "lives_here": one.lives_here, "station": one.station_id}
    work.record("social_workers.worker_set", subject(one), area=one.area, before=before, after=after)
    return one


def link_account(work: UnitOfWork, text: str, wish: LinkAccount) -> Worker:
    """Say which account is a worker's; nobody links their own: it would open the files of that worker's cases."""
    one = own_worker(work, text, KEEP)
    name = wish.account.strip()
    found = staff_titles(work, [name]).get(name)
    if found is None:
        raise refuse(_("没有账号 {name}", name=name), field="account", code="E_SW_ACCOUNT")
    if found[1] == work.actor.account_id:
        raise refuse(_("不能关联自己的账号，请其他人办理"), field="account", code="E_SW_SELF")
    other = select(col(Worker.number)).where(col(Worker.account_id) == found[1], col(Worker.id) != one.id)
    taken = work.session.scalars(other).first()
    if taken:
        raise refuse(_("这个账号已经是 {number} 的", number=taken), field="account", code="E_SW_ACCOUNT")
    one.account_id = found[1]
    moved(work, one)
    work.record("social_workers.account_linked", subject(one), area=one.area, after={"account": found[1]})
    return one


def remove(work: UnitOfWork, text: str, wish: Why) -> Worker:
    """Take a worker out of the register; cases are handed over before, the history stays."""
    one = own_worker(work, text, KEEP)
    if one.state != "listed":
        raise refuse(_("这名社工已移出名册"), code="E_SW_STATE")
    _hands_empty(work, one)
    one.state, one.state_on, one.reason, one.account_id = "removed", work.today, wish.reason.strip(), None
    moved(work, one)
    work.record("social_workers.worker_removed", subject(one), area=one.area, reason=one.reason)
    return one


def registration_facts(work: UnitOfWork, text: str) -> dict[str, Any]:
    """Where the registration of a worker stands: window, hours of education asked, done and missing."""
    one = own_worker(work, text)
    work.record_read("social_workers.worker_read", subject(one), area=one.area)
    number = one.id or 0
    certificate = certificates_of(work, [number]).get(number)
    found = registrations_of(work, [number]).get(number, [])
    level = certificate.level if certificate else "assistant"
    last = found[-1] if found else None
    at = window_of(work, last) if last else None
    needed = required_tenths(work, level, last.valid_to if last else work.today)
    done = hours_between(work, number, last.registered_on, max(last.valid_to, work.today)) if last else 0
    name = facts_of(work, [one.person_id]).get(one.person_id)
    return {
        "id": one.id,
        "number": one.number,
        "name": name.name if name else "",
        "level": level,
        "certificate_no": certificate.number if certificate else "",
        "state": "removed" if one.state == "removed" else at.state(work.today) if at else "unregistered",
        "registered_on": last.registered_on if last else None,
        "valid_to": at.valid_to if at else None,
        "due_from": at.due_from if at else None,
        "due_to": at.valid_to if at else None,
        "lapsed_on": at.lapsed_on if at else None,
        "ce_required": needed / 10,
        "ce_hours": done / 10,
        "ce_missing": max(needed - done, 0) / 10,
        "registrations": [
            {
                "kind": row.kind,
                "registered_on": row.registered_on,
                "valid_to": row.valid_to,
                "ce_hours": row.hours_tenths / 10,
                "document": row.document,
            }
            for row in found
        ],
    }
