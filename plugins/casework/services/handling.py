"""What happens to a case beside its steps: relatives declared, county visits, explanations, complaints, members."""

from datetime import date

from sqlalchemy import select
from sqlmodel import col

from core.api import (
    NewAttachment,
    Refused,
    UnitOfWork,
    _,
    add_attachment,
    facts_of,
    find_person,
    refuse,
    staff_titles,
)
from plugins.casework.facts import facts_of as case_facts
from plugins.casework.flow import flow_of
from plugins.casework.gates import visit_objections
from plugins.casework.models import Case, EconomicCheck, Member, Relative, Visit
from plugins.casework.moves import ENDED, HANDLE, IN_PAYMENT, REVIEW
from plugins.casework.people import chosen
from plugins.casework.queries import own_case
from plugins.casework.services.effects import keep_visit
from plugins.casework.services.turns import Turn, day_of
from plugins.casework.types import type_named
from plugins.casework.wishes import (
    Complain,
    CountyVisit,
    DeclareRelative,
    Explain,
    MemberJoined,
    MemberLeft,
    StepData,
)


def declare_relative(work: UnitOfWork, number: str, wish: DeclareRelative) -> Relative:
    """Register that a member of the family is a near relative of somebody on the staff: the county must visit."""
    case = own_case(work, number, HANDLE, hold=True)
    _require_not_ended(case)
    on = day_of(work, StepData(on=wish.on), None)
    person = chosen(work, [wish.member], case_facts(work, case).member_ids, "member")[0]
    account = staff_titles(work, [wish.account]).get(wish.account) if wish.account else None
    if wish.account and account is None:
        raise refuse(_("没有账号 {name}", name=wish.account), field="account", code="E_ACCOUNT_NAME")
    row = Relative(
        case_id=case.id or 0,
        person_id=person,
        first_person_id=person,
        staff_name=wish.staff_name.strip(),
        account_id=account[1] if account else None,
        post=wish.post.strip(),
        level=wish.level,
        relation=wish.relation,
        declared_on=on,
        recorded_at=work.now,
        recorded_by=work.actor.account_id,
    )
    work.session.add(row)
    case.relative_registered = True
    _changed(work, case)
    after = {"person": person, "post": row.post, "level": row.level, "relation": row.relation, "on": on}
    work.record("casework.relative_declared", f"case:{case.number}", area=case.area, after=after)
    return row


def county_visit(work: UnitOfWork, number: str, wish: CountyVisit) -> Visit:
    """A visit of the county: to registered relatives' families, to those complained about, to those drawn."""
    case = own_case(work, number, REVIEW)
    work.require(REVIEW, work.settings.county.code)
    _require_not_ended(case)
    on = day_of(work, wish, case.applied_on)
    turn = Turn(
        work,
        case,
        type_named(work, case.type),
        flow_of(case),
        case_facts(work, case),
        "county_visit",
        wish,
        on,
    )
    found = list(visit_objections(turn, work.policy("casework.investigators", on=on)))
    if found:
        raise Refused(found)
    row = keep_visit(turn, wish.kind)
    work.record(
        "casework.visited", f"case:{case.number}", area=case.area, after={"visit": row, "kind": wish.kind, "on": on}
    )
    return work.session.get_one(Visit, row)


def add_photo(work: UnitOfWork, number: str, file_name: str, content: bytes) -> Visit:
    """A photo of the newest visit, kept with the case."""
    case = own_case(work, number, HANDLE)
    last = select(Visit).where(col(Visit.case_id) == case.id).order_by(col(Visit.id).desc()).limit(1)
    visit = work.session.scalars(last).one_or_none()
    if visit is None:
        raise refuse(_("先登记入户调查，再传照片"), field="photo", code="E_SKIP_STEP")
    kept = add_attachment(
        work,
        NewAttachment(
            owner=f"case:{case.number}",
            area=case.area,
            file_name=file_name,
            data=content,
            title=_("{number} 入户照片", number=case.number),
        ),
    )
    if not kept.media_type.startswith("image/"):
        raise refuse(_("入户照片要是图片"), field="photo", code="E_FILE_TYPE")
    visit.photos += 1
    work.session.add(visit)
    work.session.flush()
    return visit


def explain(work: UnitOfWork, number: str, wish: Explain) -> EconomicCheck:
    """What the family says to what the check found."""
    case = own_case(work, number, HANDLE)
    last = select(EconomicCheck).where(col(EconomicCheck.case_id) == case.id).order_by(col(EconomicCheck.id).desc())
    check = work.session.scalars(last.limit(1)).one_or_none()
    if check is None or check.result == "agrees":
        raise refuse(_("没有需要说明的核对结果"), field="explanation", code="E_SKIP_STEP")
    check.explained_on = day_of(work, StepData(on=wish.on), check.reported_on)
    check.explanation = wish.explanation.strip()
    work.session.add(check)
    work.session.flush()
    work.record(
        "casework.explained",
        f"case:{case.number}",
        area=case.area,
        after={"report": check.number, "on": check.explained_on},
    )
    return check


def complain(work: UnitOfWork, number: str, wish: Complain) -> Case:
    """A complaint about an open case: the county visits before it decides."""
    case = own_case(work, number, HANDLE, hold=True)
    _require_not_ended(case)
    case.complaint = True
    _changed(work, case)
    work.record("casework.complained", f"case:{case.number}", area=case.area, reason=wish.reason)
    return case


def member_left(work: UnitOfWork, number: str, wish: MemberLeft) -> Case:
    """A member is no longer counted from a day on; a family in payment is computed anew from the month after."""
    case = own_case(work, number, HANDLE, hold=True)
    _require_not_ended(case)
    _on(work, wish.on)
    person = chosen(work, [wish.member], case_facts(work, case).member_ids, "member")[0]
    take_out(work, case, person, wish.on, wish.reason)
    after = {"person": person, "on": wish.on}
    work.record("casework.member_left", f"case:{case.number}", area=case.area, reason=wish.reason, after=after)
    _recompute(work, case, wish.on, wish.reason)
    return case


def member_joined(work: UnitOfWork, number: str, wish: MemberJoined) -> Case:
    """A person is counted from a day on: born, released, moved in; paid for from the month after."""
    from plugins.casework.facts import open_case_of

    case = own_case(work, number, HANDLE, hold=True)
    _require_not_ended(case)
    _on(work, wish.on)
    person = find_person(work, wish.member).id or 0
    other = open_case_of(work, person, case.type)
    if other is not None:
        words = _("该成员已在另一在保家庭中：{case}", case=other.number)
        raise refuse(words, field="member", code="E_FAM_OVERLAP")
    row = work.session.get(Member, (case.id, person)) or Member(
        case_id=case.id or 0, person_id=person, first_person_id=person, joined_on=wish.on
    )
    row.joined_on, row.left_on, row.left_reason = wish.on, None, ""
    work.session.add(row)
    work.session.flush()
    _follow_group(work, case, wish.on)
    after = {"person": person, "on": wish.on}
    work.record("casework.member_joined", f"case:{case.number}", area=case.area, reason=wish.reason, after=after)
    _recompute(work, case, wish.on, wish.reason)
    return case


def take_out(work: UnitOfWork, case: Case, person: int, on: date, reason: str) -> None:
    """Write down that somebody is no longer counted; the applicant's place goes to the eldest who stays."""
    row = work.session.get_one(Member, (case.id, person))
    row.left_on, row.left_reason = on, reason[:80]
    work.session.add(row)
    work.session.flush()
    left = case_facts(work, case).member_ids
    if case.applicant_id == person and left:
        people = sorted(facts_of(work, left).values(), key=lambda one: (one.birth_date is None, one.birth_date or on))
        case.applicant_id = people[0].id
        case.first_applicant_id = people[0].id
    _changed(work, case)
    if left:
        _follow_group(work, case, on)


def _follow_group(work: UnitOfWork, case: Case, on: date) -> None:
    """The registry's family of the case says the same as the case."""
    from core.api import regroup

    rows = work.session.scalars(select(Member).where(col(Member.case_id) == case.id, col(Member.left_on).is_(None)))
    regroup(work, case.group_id, [(row.person_id, row.relation) for row in rows], on)


def _recompute(work: UnitOfWork, case: Case, on: date, reason: str) -> None:
    from core.api import Period
    from plugins.casework.services.reviewing import amend

    if case.state in IN_PAYMENT:
        amend(work, case.id or 0, str(Period.of(on).next()), reason, "recompute")


def _on(work: UnitOfWork, on: date) -> None:
    if on > work.today:
        raise refuse(_("日期不能晚于今天"), field="on", code="E_DAY")


def _require_not_ended(case: Case) -> None:
    if case.state in ENDED:
        raise refuse(_("这件申请已经办结"), field="event", code="E_SKIP_STEP")


def _changed(work: UnitOfWork, case: Case) -> None:
    case.version += 1
    work.session.add(case)
    work.session.flush()
