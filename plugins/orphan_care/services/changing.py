"""What happens to a child in payment: another category, school past the age, an end, an end taken back."""

from datetime import date

from sqlalchemy import select
from sqlmodel import col

from core.api import (
    Clash,
    NewRecovery,
    Objection,
    Period,
    Refused,
    UnitOfWork,
    _,
    facts_of,
    handed_out,
    open_recovery,
    recoveries_of,
    refuse,
)
from plugins.benefits.api import ChangeEnrolment, change_enrolment, end_enrolment, enrolments_of, reopen
from plugins.orphan_care.models import Case
from plugins.orphan_care.months import OPEN, state_now, this_month
from plugins.orphan_care.queries import own_case
from plugins.orphan_care.rules import ORPHANS, Child, objections_to, school_objection
from plugins.orphan_care.services.guardians import check_guardian, keep_guardian
from plugins.orphan_care.services.opening import DECIDE, moved, require_county, require_state, subject
from plugins.orphan_care.services.outside import exclusive, terms_of
from plugins.orphan_care.services.parents import parents_of
from plugins.orphan_care.wishes import ChangeCategory, EndCase, Guardianship, ReopenCase, Schooling
from plugins.orphan_care.words import CAUSES, LIVING_STATES

KEEP = "orphan_care.keep"


def end_case(work: UnitOfWork, number: str, wish: EndCase) -> Case:
    """Stop a child after the month of the cause; months paid beyond it are claimed back at once."""
    case = own_case(work, number, DECIDE)
    require_county(work)
    require_state(work, case, *LIVING_STATES)
    _refuse_future(work, wish)
    last = str(Period.of(wish.on))
    end_enrolment(work, case.enrolment_id or 0, last, wish.reason)
    stop(work, case, (wish.cause, wish.on))
    claim_after(work, case, last, _(CAUSES[wish.cause]))
    after = {"cause": wish.cause, "on": wish.on, "last_month": last}
    work.record("orphan_care.ended", subject(case), area=case.area, reason=wish.reason, after=after)
    return case


def stop(work: UnitOfWork, case: Case, why: tuple[str, date]) -> None:
    """Let a file run out with the month of the cause; closed when that is over already."""
    cause, on = why
    case.cause, case.cause_on, case.last_month, case.due_on = cause, on, str(Period.of(on)), None
    case.state = "closed" if case.last_month < this_month(work) else "ending"
    moved(work, case)


def claim_after(work: UnitOfWork, case: Case, last: str, reason: str) -> int | None:
    """Open a recovery for months that were handed out after the last one; None when there are none."""
    if case.enrolment_id is None:
        return None
    enrolment = next(one for one in enrolments_of(work, [case.person_id]) if one["id"] == case.enrolment_id)
    who = enrolment["beneficiary_id"]
    claimed: dict[str, int] = {}
    for one in recoveries_of(work, enrolment["scheme"], [case.enrolment_id]):
        if one.state != "withdrawn":
            for month, fen in one.months.items():
                claimed[month] = claimed.get(month, 0) + fen
    out = handed_out(work, enrolment["scheme"], [who])
    months = {
        month: left for (_who, month), fen in out.items() if month > last and (left := fen - claimed.get(month, 0)) > 0
    }
    if not months:
        return None
    return open_recovery(
        work,
        NewRecovery(
            scheme=enrolment["scheme"],
            beneficiary_id=who,
            person_id=case.person_id,
            area=case.area,
            source_id=case.enrolment_id,
            reason=reason,
            months=months,
        ),
    )


def reopen_case(work: UnitOfWork, number: str, wish: ReopenCase) -> Case:
    """Take a wrong stop back: the file is active again, the months since come as back-pay."""
    case = own_case(work, number, DECIDE)
    require_county(work)
    require_state(work, case, "closed", "ending")
    if case.enrolment_id is None:
        raise Clash(_("没有发放过的档案不能恢复，请重新申请"))
    asked = select(Case).where(col(Case.person_id) == case.person_id, col(Case.id) != case.id)
    if any(state_now(one, this_month(work)) in OPEN for one in work.session.scalars(asked)):
        raise refuse(_("这个儿童已有别的在办档案"), field="reason", code="E_CASE_OPEN")
    before = {"cause": case.cause, "last_month": case.last_month}
    reopen(work, case.enrolment_id, wish.reason)
    restart(work, case)
    work.record("orphan_care.reopened", subject(case), area=case.area, reason=wish.reason, before=before)
    return case


def restart(work: UnitOfWork, case: Case) -> None:
    """Let a file that was stopped go on."""
    case.state, case.cause, case.cause_on, case.last_month = "active", "", None, ""
    moved(work, case)


def change_category(work: UnitOfWork, number: str, wish: ChangeCategory) -> Case:
    """Another category from the month after: the month itself is paid as it began."""
    case = own_case(work, number, DECIDE)
    require_county(work)
    require_state(work, case, *LIVING_STATES[:2])
    _refuse_future(work, wish)
    facts = facts_of(work, [case.person_id])[case.person_id]
    child = Child(category=wish.category, born=facts.birth_date, on=wish.on, parents=parents_of(work, case))
    found = [] if _only_the_care_changes(case, wish) else objections_to(work, child)
    found += exclusive(work, case.person_id, wish.category, None, case)
    guardian = None
    if wish.institution or wish.guardian_id is not None or wish.category == "ORPHAN_INST":
        given = Guardianship(
            guardian_id=wish.guardian_id, institution=wish.institution, relation=wish.relation, agreed_on=None
        )
        guardian, wrong = check_guardian(work, given, wish.category, case.person_id)
        found += wrong
    elif case.institution_id is not None:
        words = _("离开机构的，请写明新的监护人")
        found.append(Objection(reason=words, field="guardian_id", code="E_GUARDIAN_REQUIRED"))
    if found:
        raise Refused(found)
    before = {"category": case.category}
    since = str(Period.of(wish.on).next())
    if guardian is not None:
        keep_guardian(work, case, guardian, wish.on)
    case.category = wish.category
    moved(work, case)
    change = ChangeEnrolment(
        from_month=since,
        category=wish.category,
        institution_id=case.institution_id,
        account_name=wish.account_name,
        account_number=wish.account_number,
        reason=wish.reason,
    )
    change_enrolment(work, case.enrolment_id or 0, change)
    after = {"category": case.category, "from_month": since}
    work.record(
        "orphan_care.category_changed", subject(case), area=case.area, reason=wish.reason, before=before, after=after
    )
    return case


def set_schooling(work: UnitOfWork, number: str, wish: Schooling) -> Case:
    """Note the school; with a proof that reaches past the eighteenth birthday the allowance goes on after it."""
    case = own_case(work, number, KEEP)
    require_state(work, case, *OPEN)
    carries = bool(case.enrolment_id and case.adult_on and wish.school_until and wish.school_until > case.adult_on)
    if carries and case.adult_on is not None:
        found = school_objection(work, wish.schooling, wish.school_until, case.adult_on)
        if found is not None:
            raise Refused([found])
    case.school, case.schooling = wish.school.strip(), wish.schooling
    case.school_until, case.school_document = wish.school_until, wish.school_document.strip()
    moved(work, case)
    if carries and case.school_until is not None:
        _carry_on(work, case, str(Period.of(case.school_until)))
    after = {"schooling": wish.schooling, "until": wish.school_until, "carries": carries}
    work.record("orphan_care.schooling_set", subject(case), area=case.area, after=after)
    return case


def renew_terms(work: UnitOfWork, case: Case, from_month: str, reason: str) -> None:
    """Tell the roll about aid from elsewhere, from a month on."""
    if case.enrolment_id is None:
        return
    start = max(from_month, case.from_month or from_month)
    change = ChangeEnrolment(from_month=start, terms=terms_of(work, case, start), reason=reason)
    change_enrolment(work, case.enrolment_id, change)


def _carry_on(work: UnitOfWork, case: Case, until: str) -> None:
    """Paid as continued education from the month after the birthday, as much as before, until the proof ends."""
    kept_as, number = case.category, case.enrolment_id or 0
    last = max(case.pays_until or this_month(work), case.from_month)
    if kept_as == "CONT_EDU":
        change_enrolment(work, number, ChangeEnrolment(from_month=last, to_month=until, reason=_("延长在校证明")))
        return
    reason = _("年满 18 周岁继续就学")
    change_enrolment(work, number, ChangeEnrolment(from_month=last, to_month=until, reason=reason))
    case.category = "CONT_EDU"
    moved(work, case)
    change = ChangeEnrolment(
        from_month=str(Period(last).next()),
        category="CONT_EDU",
        institution_id=case.institution_id,
        terms={"as": kept_as},
        reason=reason,
    )
    change_enrolment(work, number, change)


def _only_the_care_changes(case: Case, wish: ChangeCategory) -> bool:
    """Between home and institution the grounds stay as they were confirmed."""
    return case.category in ORPHANS and wish.category in ORPHANS


def _refuse_future(work: UnitOfWork, wish: EndCase | ChangeCategory) -> None:
    if wish.on > work.today:
        raise refuse(_("日期不能晚于今天"), field="on", code="E_DAY")
