"""What is added to a file over the years: basis, guardian, aid from elsewhere, visits, reviews, grants."""

import json
from datetime import date

from sqlalchemy import select
from sqlmodel import col

from core.api import Objection, Period, Refused, UnitOfWork, _, parse_money, refuse
from plugins.orphan_care import sealed
from plugins.orphan_care.models import Aid, Case, Guardian, Review, SupportGrant, Visit
from plugins.orphan_care.months import OPEN
from plugins.orphan_care.queries import own_case
from plugins.orphan_care.rules import basis_objections
from plugins.orphan_care.services.changing import KEEP, renew_terms
from plugins.orphan_care.services.guardians import check_guardian, guardian_of, keep_guardian, multi_warning
from plugins.orphan_care.services.opening import moved, require_state, subject
from plugins.orphan_care.services.outside import exclusive
from plugins.orphan_care.services.parents import current_basis, keep_basis
from plugins.orphan_care.wishes import (
    Confide,
    DeclareAid,
    EndAid,
    GiveGrant,
    Guardianship,
    RecordReview,
    RecordVisit,
    SetBasis,
    SignAgreement,
    parent_facts,
)
from plugins.orphan_care.words import AIDS, SCHOOLING

VISIT = "orphan_care.visit"


def set_basis(work: UnitOfWork, number: str, wish: SetBasis) -> Case:
    """Keep another basis for a parent, or verify the same again; what stood before stays readable."""
    case = own_case(work, number, KEEP)
    require_state(work, case, *OPEN)
    facts = parent_facts(wish)
    on = wish.document_on or work.today
    found = list(basis_objections(work, wish.parent, facts, work.today, ""))
    if found or facts is None:
        raise Refused(found)
    before = current_basis(work, case).get(wish.parent)
    kind_before = before.kind if before else ""
    kept = keep_basis(work, case, wish.parent, facts, on)
    moved(work, case)
    after = {"parent": wish.parent, "kind": kept.kind, "document": kept.document}
    work.record("orphan_care.basis_set", subject(case), area=case.area, before={"kind": kind_before}, after=after)
    return case


def set_guardian(work: UnitOfWork, number: str, wish: Guardianship) -> tuple[Guardian, list[Objection]]:
    """Another guardian from today on; answers with a warning when one person keeps many."""
    case = own_case(work, number, KEEP)
    require_state(work, case, *OPEN)
    chosen, found = check_guardian(work, wish, case.category, case.person_id)
    if found:
        raise Refused(found)
    made = keep_guardian(work, case, chosen, work.today)
    moved(work, case)
    after = {"person": made.person_id, "institution": made.institution_id, "relation": made.relation}
    work.record("orphan_care.guardian_set", subject(case), area=case.area, after=after)
    return made, multi_warning(work, made.person_id)


def sign_agreement(work: UnitOfWork, number: str, wish: SignAgreement) -> Guardian:
    """Note that the guardian signed the agreement."""
    case = own_case(work, number, KEEP)
    guardian = guardian_of(work, case)
    if guardian is None:
        raise refuse(_("先登记监护人，再签监护责任书"), field="agreed_on", code="E_GUARDIAN_REQUIRED")
    _not_later(work, wish.agreed_on, "agreed_on")
    guardian.agreed_on = wish.agreed_on
    work.session.add(guardian)
    moved(work, case)
    work.record("orphan_care.agreed", subject(case), area=case.area, after={"agreed_on": wish.agreed_on})
    return guardian


def declare_aid(work: UnitOfWork, number: str, wish: DeclareAid) -> Aid:
    """Note aid from elsewhere: the allowance becomes the gap from that month on, what was too much is claimed back."""
    case = own_case(work, number, KEEP)
    require_state(work, case, *OPEN)
    month, amount = str(Period(wish.from_month)), parse_money(wish.yuan)
    if amount <= 0:
        raise refuse(_("金额要大于 0"), field="yuan", code="E_MONEY")
    found = exclusive(work, case.person_id, case.category, wish.kind)
    if found:
        raise Refused([Objection(reason=one.reason, field="kind", code=one.code, hint=one.hint) for one in found])
    running = _running(work, case, wish.kind)
    if running is not None:
        if running.from_month >= month:
            words = _("“{aid}”从 {month} 起已登记", aid=_(AIDS[wish.kind]), month=running.from_month)
            raise refuse(words, field="from_month", code="E_SAME")
        running.until_month = str(Period(month).previous())
        work.session.add(running)
    made = Aid(
        case_id=case.id or 0,
        kind=wish.kind,
        amount_fen=amount,
        from_month=month,
        document=wish.document.strip(),
        recorded_by=work.actor.account_id,
    )
    work.session.add(made)
    moved(work, case)
    renew_terms(work, case, month, _("登记其他待遇"))
    after = {"kind": wish.kind, "amount_fen": amount, "from_month": month, "document": made.document}
    work.record("orphan_care.aid_declared", subject(case), area=case.area, after=after)
    return made


def end_aid(work: UnitOfWork, number: str, wish: EndAid) -> Aid:
    """Aid from elsewhere ends with a month; the allowance is paid in full from the next."""
    case = own_case(work, number, KEEP)
    last = Period(wish.last_month)
    running = _running(work, case, wish.kind)
    if running is None or running.from_month > last:
        raise refuse(_("没有登记过这项待遇"), field="kind", code="E_SAME")
    running.until_month = str(last)
    work.session.add(running)
    moved(work, case)
    renew_terms(work, case, str(last.next()), _("其他待遇停发"))
    after = {"kind": wish.kind, "until_month": str(last)}
    work.record("orphan_care.aid_ended", subject(case), area=case.area, after=after)
    return running


def confide(work: UnitOfWork, number: str, wish: Confide) -> Case:
    """Note what only the county officer may know; the record says that it was done, not what."""
    case = own_case(work, number, sealed.CONFIDE)
    text = json.dumps({"hiv": wish.hiv, "facts": wish.facts.strip()}, ensure_ascii=False)
    case.confided = sealed.seal(work, sealed.CONFIDED, case.id, text)
    moved(work, case)
    work.record("orphan_care.confided", subject(case), area=case.area)
    return case


def record_visit(work: UnitOfWork, number: str, wish: RecordVisit) -> Visit:
    """Note a visit; what was found is sealed."""
    case = own_case(work, number, VISIT)
    require_state(work, case, *OPEN)
    on = wish.visited_on or work.today
    _not_later(work, on, "visited_on")
    made = Visit(
        case_id=case.id or 0,
        level=wish.level,
        visited_on=on,
        visitors=wish.visitors.strip(),
        safety=wish.safety,
        schooling=wish.schooling,
        money=wish.money,
        photo=wish.photo,
        recorded_at=work.now,
        recorded_by=work.actor.account_id,
    )
    work.session.add(made)
    work.session.flush()
    made.findings = sealed.seal(work, sealed.FINDINGS, made.id, wish.findings.strip())
    work.session.add(made)
    work.record("orphan_care.visited", subject(case), area=case.area, after={"on": on, "level": wish.level})
    return made


def record_review(work: UnitOfWork, number: str, wish: RecordReview) -> Review:
    """Note a review; of a year there is one yearly review."""
    case = own_case(work, number, KEEP)
    require_state(work, case, *OPEN)
    on = wish.done_on or work.today
    _not_later(work, on, "done_on")
    if wish.kind == "yearly" and _reviewed(work, case, on.year):
        raise refuse(_("{year} 年度已经复核过", year=on.year), field="kind", code="E_SAME")
    made = Review(
        case_id=case.id or 0,
        kind=wish.kind,
        year=on.year,
        due_on=review_deadline(work, on.year),
        done_on=on,
        outcome=wish.outcome,
        recorded_by=work.actor.account_id,
    )
    work.session.add(made)
    work.session.flush()
    made.note = sealed.seal(work, sealed.NOTE, made.id, wish.note.strip())
    work.session.add(made)
    after = {"kind": wish.kind, "on": on, "outcome": wish.outcome}
    work.record("orphan_care.reviewed", subject(case), area=case.area, after=after)
    return made


def review_deadline(work: UnitOfWork, year: int) -> date:
    """The last day for the yearly reviews of a year."""
    return Period(f"{year}-{work.policy('orphan_care.review_month'):02d}").previous().last_day


def give_grant(work: UnitOfWork, number: str, wish: GiveGrant) -> SupportGrant:
    """Note help beside the allowance; a study grant goes by school year, once."""
    case = own_case(work, number, KEEP)
    on = wish.granted_on or work.today
    _not_later(work, on, "granted_on")
    if wish.kind == "study":
        _refuse_study(work, case, wish)
    elif not wish.yuan:
        raise refuse(_("请填写金额"), field="yuan", code="E_MONEY")
    amount = parse_money(wish.yuan) if wish.yuan else work.policy("orphan_care.study_grant", on=on)
    if amount <= 0:
        raise refuse(_("金额要大于 0"), field="yuan", code="E_MONEY")
    made = SupportGrant(
        case_id=case.id or 0,
        kind=wish.kind,
        amount_fen=amount,
        granted_on=on,
        school_year=wish.school_year,
        source=wish.source,
        document=wish.document.strip(),
        recorded_by=work.actor.account_id,
    )
    work.session.add(made)
    work.session.flush()
    after = {"kind": wish.kind, "amount_fen": amount, "source": wish.source, "document": made.document}
    work.record("orphan_care.grant_given", subject(case), area=case.area, after=after)
    return made


def _refuse_study(work: UnitOfWork, case: Case, wish: GiveGrant) -> None:
    levels = work.policy("orphan_care.study_levels")
    found = []
    if case.schooling not in levels:
        named = "、".join(_(SCHOOLING.get(one, one)) for one in levels)
        words = _("助学金只发给在读的：{levels}", levels=named)
        found.append(Objection(reason=words, field="kind", code="E_GRANT_SCHOOL"))
    if case.adult_on is None or case.adult_on > work.today:
        words = _("助学金发给年满 18 周岁的孤儿")
        found.append(Objection(reason=words, field="kind", code="E_GRANT_AGE"))
    if not wish.school_year:
        found.append(Objection(reason=_("请填写学年"), field="school_year", code="E_FIELD"))
    same = select(col(SupportGrant.id)).where(
        col(SupportGrant.case_id) == case.id,
        col(SupportGrant.kind) == "study",
        col(SupportGrant.school_year) == wish.school_year,
    )
    if wish.school_year and work.session.scalars(same).first() is not None:
        words = _("{year} 学年的助学金已发过", year=wish.school_year)
        found.append(Objection(reason=words, field="school_year", code="E_SAME"))
    if found:
        raise Refused(found)


def _running(work: UnitOfWork, case: Case, kind: str) -> Aid | None:
    asked = select(Aid).where(col(Aid.case_id) == case.id, col(Aid.kind) == kind, col(Aid.until_month) == "")
    return work.session.scalars(asked).one_or_none()


def _reviewed(work: UnitOfWork, case: Case, year: int) -> bool:
    asked = select(col(Review.id)).where(
        col(Review.case_id) == case.id, col(Review.kind) == "yearly", col(Review.year) == year
    )
    return work.session.scalars(asked).first() is not None


def _not_later(work: UnitOfWork, day: date, field: str) -> None:
    if day > work.today:
        raise refuse(_("日期不能晚于今天"), field=field, code="E_DAY")
