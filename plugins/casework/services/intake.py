"""An application at the counter: the family as it lives, counted from the day of application."""

from datetime import date

from sqlmodel import col

from core.api import (
    GroupPart,
    Objection,
    OpenGroup,
    PersonFacts,
    Refused,
    UnitOfWork,
    _,
    current_members,
    current_village,
    facts_of,
    find_household,
    kind_of,
    open_group,
    refuse,
)
from plugins.casework.api import CaseType
from plugins.casework.flow import flow_in_force
from plugins.casework.models import Case, Lead, Member
from plugins.casework.moves import APPLY
from plugins.casework.people import chosen
from plugins.casework.services.advancing import write_event
from plugins.casework.services.turns import Turn
from plugins.casework.types import type_named
from plugins.casework.wishes import NewCase, StepData

_URBAN_LAST, _RURAL_FIRST, _RURAL_LAST = 199, 200, 399
"""The last three digits of a village's code: 001 to 199 urban, 200 to 399 rural (national statistical codes)."""


def new_case(work: UnitOfWork, wish: NewCase) -> Case:
    """Open a case with its family; refused when a member is counted in another (``E_FAM_OVERLAP``)."""
    work.require(APPLY)
    kind = type_named(work, wish.type)
    on = wish.applied_on or work.today
    if on > work.today:
        raise refuse(_("日期不能晚于今天"), field="applied_on", code="E_DAY")
    household = find_household(work, wish.household)
    relations = {row.person_id: row.relation for row in current_members(work, household.id or 0)}
    people = facts_of(work, chosen(work, wish.members, relations, "members"))
    applicant = _applicant(work, wish, list(people.values()), household.head_id)
    area = current_village(work, applicant.hukou_area, on)
    work.require(APPLY, area)
    _refuse_dead(list(people.values()))
    flow, version = flow_in_force(work, kind, on, area)
    number = next_number(work, kind, on)
    group = open_group(
        work,
        OpenGroup(
            kind="assistance_family",
            area=area,
            scheme=kind.name,
            case_number=number,
            members=[GroupPart(person_id=one, relation=relations.get(one, "")) for one in people],
            on=on,
        ),
    )
    case = Case(
        number=number,
        type=kind.name,
        area=area,
        area_kind=wish.area_kind or area_kind(work, area),
        household_id=household.id or 0,
        applicant_id=applicant.id,
        first_applicant_id=applicant.id,
        group_id=group.id or 0,
        source=wish.source if wish.lead is None else "discovery",
        flow=flow.text(),
        flow_version=version,
        urgent_order=wish.urgent_order.strip(),
        applied_on=on,
        counted_on=on,
        opened_at=work.now,
        opened_by=work.actor.account_id,
    )
    work.session.add(case)
    work.session.flush()
    for one in people:
        work.session.add(
            Member(
                case_id=case.id or 0, person_id=one, first_person_id=one, relation=relations.get(one, ""), joined_on=on
            )
        )
    work.session.flush()
    _follow_lead(work, wish, case)
    _log(work, case, kind, on)
    return case


def next_number(work: UnitOfWork, kind: CaseType, on: date) -> str:
    """The next number of a type in a year: prefix, county, year, serial of six digits."""
    return work.next_number(col(Case.number), f"{kind.prefix}-{work.settings.county.code}-{on.year}-")


def area_kind(work: UnitOfWork, area: str) -> str:
    """Urban or rural: the village's own mark first, else the last digits of its code; refused where neither says."""
    marked = kind_of(work, area)
    if marked:
        return marked
    serial = int(area[-3:])
    if 1 <= serial <= _URBAN_LAST:
        return "urban"
    if _RURAL_FIRST <= serial <= _RURAL_LAST:
        return "rural"
    raise refuse(_("村（社区）没有标明城乡，请写明"), field="area_kind", code="E_AREA_KIND", hint="urban, rural")


def _applicant(work: UnitOfWork, wish: NewCase, people: list[PersonFacts], head: int | None) -> PersonFacts:
    ids = [one.id for one in people]
    if wish.applicant:
        wanted = chosen(work, [wish.applicant], ids, "applicant")[0]
        if wanted not in ids:
            words = _("申请人要在共同生活成员里")
            raise refuse(words, field="applicant", code="E_HH_MEMBER")
    else:
        wanted = head if head in ids else ids[0]
    return next(one for one in people if one.id == wanted)


def _refuse_dead(people: list[PersonFacts]) -> None:
    dead = [one for one in people if one.died_on is not None]
    if dead:
        raise Refused(
            Objection(reason=_("{name}已登记死亡", name=one.name), field="members", code="E_PERSON_DEAD")
            for one in dead
        )


def _follow_lead(work: UnitOfWork, wish: NewCase, case: Case) -> None:
    """A lead that led to an application names it."""
    if wish.lead is None:
        return
    lead = work.session.get(Lead, wish.lead)
    if lead is None or lead.state != "open" or not work.may(APPLY, lead.area):
        raise refuse(_("没有找到这条线索，或已经办结"), field="lead", code="E_LEAD")
    lead.state, lead.case_id = "applied", case.id
    work.session.add(lead)


def _log(work: UnitOfWork, case: Case, kind: CaseType, on: date) -> None:
    from plugins.casework.facts import facts_of as case_facts
    from plugins.casework.flow import flow_of

    turn = Turn(work, case, kind, flow_of(case), case_facts(work, case), "create", StepData(on=on), on, "draft")
    turn.log = {"members": len(turn.facts.member_ids), "source": case.source}
    write_event(turn)
    work.record(
        "casework.opened",
        f"case:{case.number}",
        area=case.area,
        after={"type": case.type, "members": len(turn.facts.member_ids), "on": on, "flow": case.flow_version},
    )
