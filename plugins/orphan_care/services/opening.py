"""The way of a new file: applied, checked by the township, confirmed by the county, or given up."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import col

from core.api import (
    Clash,
    NewPayee,
    NotFound,
    Objection,
    Period,
    PersonFacts,
    Refused,
    UnitOfWork,
    _,
    calendar_of,
    facts_of,
    refuse,
)
from plugins.benefits.api import NewEnrolment, enrol
from plugins.orphan_care import legacy, sealed
from plugins.orphan_care.models import Aid, Case
from plugins.orphan_care.months import birthday, state_now, this_month
from plugins.orphan_care.queries import own_case
from plugins.orphan_care.rules import Child, objections_to
from plugins.orphan_care.services.guardians import Chosen, check_guardian, keep_guardian, multi_warning
from plugins.orphan_care.services.outside import exclusive, paid_as, read_outside, terms_of
from plugins.orphan_care.services.parents import keep_basis, parents_of
from plugins.orphan_care.wishes import ApplyCase, ApproveCase, CheckCase, ParentFacts, WithdrawCase
from plugins.orphan_care.words import COMPARED, HIV, SCHEME, STATES

APPLY, CHECK, DECIDE = "orphan_care.apply", "orphan_care.check", "orphan_care.decide"


@dataclass(frozen=True)
class Examined:
    """An application with the child, what was found to stand against it, and what it is kept as."""

    child: PersonFacts
    on: date
    parents: Mapping[str, ParentFacts | None]
    guardian: Chosen
    outside: int | None
    objections: Sequence[Objection]


def examine(work: UnitOfWork, wish: ApplyCase) -> Examined:
    """Hold an application to every rule; writes nothing."""
    work.require(APPLY)
    child = _child(work, wish)
    on = wish.applied_on or work.today
    parents = {name: wish.parent(name) for name in ("father", "mother")}
    if wish.category == HIV:
        work.require(sealed.CONFIDE, child.hukou_area)
    found = [*_dates(work, on), *_no_second_file(work, child.id)]
    examined = Child(
        category=wish.category,
        born=child.birth_date,
        on=on,
        parents=parents,
        schooling=wish.schooling or "",
        school_until=wish.school_until,
    )
    found += objections_to(work, examined)
    guardian, wrong = check_guardian(work, wish, wish.category, child.id)
    found += wrong
    outside, wrong = read_outside(wish)
    found += [*wrong, *exclusive(work, child.id, paid_as(work, wish.category), wish.outside_kind)]
    return Examined(child, on, parents, guardian, outside, found)


def apply_case(work: UnitOfWork, wish: ApplyCase) -> tuple[Case, list[Objection]]:
    """Open the file of a child; answers it with warnings (W_GUARDIAN_MULTI). Refused with every objection."""
    examined = examine(work, wish)
    if examined.objections:
        raise Refused(examined.objections)
    on, guardian = examined.on, examined.guardian
    _settle(work, examined.child.id)
    case = _write(work, examined.child, wish, on)
    for name, facts in examined.parents.items():
        if facts is not None:
            keep_basis(work, case, name, facts, on)
    keep_guardian(work, case, guardian, on)
    if examined.outside is not None and wish.outside_kind:
        work.session.add(
            Aid(
                case_id=case.id or 0,
                kind=wish.outside_kind,
                amount_fen=examined.outside,
                from_month=wish.outside_from,
                document=wish.outside_document.strip(),
                recorded_by=work.actor.account_id,
            )
        )
        work.session.flush()
    work.record("orphan_care.applied", subject(case), area=case.area, after={"number": case.number, "on": on})
    return case, multi_warning(work, guardian.person_id)


def check_case(work: UnitOfWork, number: str, wish: CheckCase) -> Case:
    """The township's check with the compared data; from here the county has its days."""
    case = own_case(work, number, CHECK)
    require_state(work, case, "applied")
    on = _day(work, wish.on, case.applied_on)
    compared = {"police": wish.police, "court": wish.court, "federation": wish.federation}
    if "differs" in compared.values():
        words = _("比对结果不一致，先核实清楚再办理")
        raise refuse(words, field=next(name for name, one in compared.items() if one == "differs"), code="E_COMPARED")
    recheck(work, case, on)
    case.state, case.checked_on, case.check_note = "township_checked", on, wish.note.strip()
    case.due_on = calendar_of(work).add(on, work.policy("orphan_care.approve_working_days", on=on))
    moved(work, case)
    result = {name: _(COMPARED[one]) for name, one in compared.items()}
    work.record("orphan_care.checked", subject(case), area=case.area, after={"on": on}, compared=result)
    return case


def approve_case(work: UnitOfWork, number: str, wish: ApproveCase) -> Case:
    """The county confirms: the child is enrolled from the month the policy says. No name is posted anywhere."""
    case = own_case(work, number, DECIDE)
    require_county(work)
    require_state(work, case, "township_checked")
    on = _day(work, wish.on, case.checked_on or case.applied_on)
    recheck(work, case, on)
    case.state, case.approved_on, case.document, case.due_on = "approved", on, wish.document.strip(), None
    case.from_month = first_month(work, case.applied_on, on)
    work.session.flush()
    route = legacy.route_of(work, wish.hukou, on)
    case.enrolment_id = enrol(
        work,
        NewEnrolment(
            scheme=route.scheme or SCHEME,
            category=_category_in(work, route.scheme) if route.scheme else case.category,
            person_id=case.person_id,
            from_month=case.from_month,
            to_month=planned_end(case),
            institution_id=case.institution_id,
            payee=_payee(work, case, wish),
            terms=route.terms or terms_of(work, case),
            reason=wish.document.strip(),
            source=subject(case),
        ),
    )
    moved(work, case)
    after = {"on": on, "from_month": case.from_month, "document": case.document}
    work.record("orphan_care.approved", subject(case), area=case.area, after=after)
    return case


def withdraw_case(work: UnitOfWork, number: str, wish: WithdrawCase) -> Case:
    """An application goes no further: refused, or taken back by who applied."""
    case = own_case(work, number, DECIDE)
    require_state(work, case, "applied", "township_checked")
    case.state, case.cause, case.cause_on, case.due_on = "closed", wish.cause, work.today, None
    moved(work, case)
    work.record("orphan_care.withdrawn", subject(case), area=case.area, reason=wish.reason, after={"cause": wish.cause})
    return case


# -- shared with the other acts --------------------------------------------------------------------------------------


def subject(case: Case) -> str:
    """How records name a file."""
    return f"{SCHEME}:{case.id}"


def moved(work: UnitOfWork, case: Case) -> None:
    """Note that a file changed."""
    case.version += 1
    work.session.add(case)
    work.session.flush()


def require_state(work: UnitOfWork, case: Case, *states: str) -> None:
    """Go on only when an act is possible where the file stands; raises ``Clash``."""
    now = state_now(case, this_month(work))
    if now not in states:
        raise Clash(_("档案{state}，不能这样办理", state=_(STATES[now])))


def require_county(work: UnitOfWork) -> None:
    """Only whoever answers for the whole county confirms."""
    work.require(DECIDE, work.settings.county.code)


def first_month(work: UnitOfWork, applied_on: date, approved_on: date) -> str:
    """The first month in payment, by the county's rule of the day of approval."""
    rule = work.policy("orphan_care.start_month", on=approved_on)
    month = Period.of(applied_on if rule.endswith("application") else approved_on)
    return str(month.next() if rule.startswith("after_") else month)


def planned_end(case: Case) -> str | None:
    """The last month that can be foreseen: that of the eighteenth birthday, or of the proof of school."""
    if case.category == "CONT_EDU":
        return str(Period.of(case.school_until)) if case.school_until else None
    last = case.pays_until
    return max(last, case.from_month) if last else None


def recheck(work: UnitOfWork, case: Case, on: date) -> None:
    """Hold a file to the rules as they stand on a day."""
    facts = facts_of(work, [case.person_id])[case.person_id]
    hiv = _is_hiv(work, case)
    child = Child(
        category=HIV if hiv else case.category,
        born=facts.birth_date,
        on=on,
        parents=parents_of(work, case),
        schooling=case.schooling,
        school_until=case.school_until,
    )
    found = [*objections_to(work, child), *exclusive(work, case.person_id, case.category, None, case)]
    if found:
        raise Refused(found)


def _is_hiv(work: UnitOfWork, case: Case) -> bool:
    if case.confided is None:
        return False
    return bool(json.loads(sealed.unseal(work, sealed.CONFIDED, case.id, case.confided)).get("hiv"))


def _child(work: UnitOfWork, wish: ApplyCase) -> PersonFacts:
    child = facts_of(work, [wish.person_id]).get(wish.person_id)
    if child is None or not work.may(APPLY, child.hukou_area):
        raise NotFound(_("没有找到这个人，或不在你的辖区"))
    if child.died_on is not None:
        raise refuse(_("这个人已登记死亡"), field="person_id", code="E_PERSON_DEAD")
    return child


def _dates(work: UnitOfWork, on: date) -> list[Objection]:
    return [Objection(reason=_("日期不能晚于今天"), field="applied_on", code="E_DAY")] if on > work.today else []


def _day(work: UnitOfWork, given: date | None, not_before: date) -> date:
    on = given or work.today
    if on > work.today:
        raise refuse(_("日期不能晚于今天"), field="on", code="E_DAY")
    if on < not_before:
        raise refuse(_("办理时间不得早于上一环节（{day}）", day=not_before), field="on", code="E_BACKDATE")
    return on


def _no_second_file(work: UnitOfWork, person: int) -> list[Objection]:
    found = _unsettled(work, person)
    if found is None or state_now(found, this_month(work)) == "closed":
        return []
    words = _("这个儿童已有在办档案 {number}", number=found.number)
    return [Objection(reason=words, field="person_id", code="E_CASE_OPEN")]


def _settle(work: UnitOfWork, person: int) -> None:
    """Close the file that ran out, before another one is opened."""
    found = _unsettled(work, person)
    if found is not None:
        found.state = "closed"
        moved(work, found)


def _unsettled(work: UnitOfWork, person: int) -> Case | None:
    asked = select(Case).where(col(Case.person_id) == person, col(Case.state) != "closed")
    return work.session.scalars(asked).one_or_none()


def next_numbers(work: UnitOfWork, count: int) -> Sequence[str]:
    """The next numbers of files of this year."""
    return work.next_numbers(col(Case.number), f"ET-{work.today.year}-", count)


def _write(work: UnitOfWork, child: PersonFacts, wish: ApplyCase, on: date) -> Case:
    adult_on = (
        birthday(work, child.birth_date, work.policy("orphan_care.adult_age", on=on)) if child.birth_date else None
    )
    category = paid_as(work, wish.category)
    case = Case(
        number=next_numbers(work, 1)[0],
        person_id=child.id,
        first_person_id=child.id,
        area=child.hukou_area,
        category=category,
        applied_on=on,
        authorised_on=wish.authorised_on,
        due_on=calendar_of(work).add(on, work.policy("orphan_care.check_working_days", on=on)),
        adult_on=adult_on,
        pays_until=str(Period.of(adult_on)) if adult_on and category != "CONT_EDU" else "",
        school=wish.school.strip(),
        schooling=wish.schooling or "",
        school_until=wish.school_until,
        school_document=wish.school_document.strip(),
        disability_grade=wish.disability_grade,
        needs=wish.needs.strip(),
        opened_at=work.now,
        opened_by=work.actor.account_id,
    )
    work.session.add(case)
    work.session.flush()
    if wish.category == HIV:
        case.confided = sealed.seal(work, sealed.CONFIDED, case.id, json.dumps({"hiv": True, "facts": ""}))
        moved(work, case)
    return case


def _category_in(work: UnitOfWork, scheme: str) -> str:
    """The first category of another scheme; refused while its plugin is off."""
    found = work.host.schemes.get(scheme)
    if found is None or not found.categories:
        words = _("按旧办法要走业务 {scheme}，请先启用", scheme=scheme)
        raise refuse(words, field="hukou", code="E_LEGACY_ROUTE")
    return found.categories[0].code


def _payee(work: UnitOfWork, case: Case, wish: ApproveCase) -> NewPayee | None:
    if not wish.account_number:
        return None
    name = wish.account_name or facts_of(work, [case.person_id])[case.person_id].name
    return NewPayee(name=name, number=wish.account_number)
