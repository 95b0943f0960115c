"""The base network and defence education: groups, points, agreements, classes, events, bases, the budget."""

from typing import Any

from sqlalchemy import select
from sqlmodel import col

from core.api import UnitOfWork, _, current_village, refuse
from plugins.double_support.models import (
    Activity,
    Agreement,
    Base,
    DefenceBudget,
    DefenceClass,
    DefenceEvent,
    ServicePoint,
    SupportGroup,
)
from plugins.double_support.queries import own, unit_of
from plugins.double_support.rules import half_hours
from plugins.double_support.services.common import (
    KEEP,
    TEACH,
    VISIT,
    amount,
    close,
    county,
    keep,
    moved,
    not_before,
    note,
    past,
    require_public,
    require_state,
)
from plugins.double_support.wishes import CloseOn
from plugins.double_support.work_wishes import (
    AddActivity,
    AddAgreement,
    AddBase,
    AddBudget,
    AddClass,
    AddDefenceEvent,
    AddGroup,
    AddPoint,
    SetBudget,
    SetHours,
)


def _refuse_known(work: UnitOfWork, model: Any, field: str, *same: Any) -> None:
    if work.session.scalars(select(model.id).where(*same)).first() is not None:
        raise refuse(_("已经登记过"), field=field, code="E_DBL_KNOWN")


def add_group(work: UnitOfWork, wish: AddGroup) -> SupportGroup:
    """Register an organisation, team or trade that serves soldiers' families."""
    work.require(KEEP, county(work))
    require_public(work, wish)
    _refuse_known(
        work, SupportGroup, "name", col(SupportGroup.name) == wish.name.strip(), col(SupportGroup.state) == "open"
    )
    villages = [current_village(work, code, work.today, "villages") for code in dict.fromkeys(wish.villages)]
    made = SupportGroup(
        name=wish.name.strip(),
        kind=wish.kind,
        trade=wish.trade.strip(),
        members=wish.members,
        villages=",".join(villages)[:1000],
        area=county(work),
        since=past(work, wish.since, "since"),
        added_by=work.actor.account_id,
    )
    keep(work, made)
    note(work, "group_added", "group", made, kind=made.kind)
    return made


def close_group(work: UnitOfWork, text: str, wish: CloseOn) -> SupportGroup:
    """The group serves no longer."""
    require_public(work, wish)
    return close(work, own(work, SupportGroup, text, KEEP), "group", wish.on, wish.reason.strip())


def add_point(work: UnitOfWork, wish: AddPoint) -> ServicePoint:
    """Open the service point of a village."""
    work.require(VISIT, wish.area)
    require_public(work, wish)
    village = current_village(work, wish.area, work.today)
    _refuse_known(work, ServicePoint, "area", col(ServicePoint.area) == village, col(ServicePoint.state) == "open")
    made = ServicePoint(
        area=village,
        name=wish.name.strip(),
        contact=wish.contact.strip(),
        opened_on=past(work, wish.on),
        added_by=work.actor.account_id,
    )
    keep(work, made)
    note(work, "point_added", "point", made)
    return made


def close_point(work: UnitOfWork, text: str, wish: CloseOn) -> ServicePoint:
    """The point is no more."""
    require_public(work, wish)
    return close(work, own(work, ServicePoint, text, VISIT), "point", wish.on, wish.reason.strip())


def add_agreement(work: UnitOfWork, wish: AddAgreement) -> Agreement:
    """A partner unit and a community or school build together."""
    work.require(KEEP, county(work))
    require_public(work, wish)
    unit, signed = unit_of(work, wish.unit), past(work, wish.on)
    _refuse_known(work, Agreement, "number", col(Agreement.number) == wish.number.strip())
    made = Agreement(
        number=wish.number.strip(),
        unit_id=unit.id or 0,
        partner=wish.partner.strip(),
        partner_kind=wish.partner_kind,
        area=county(work),
        signed_on=signed,
        until=not_before(wish.until, signed, "until") if wish.until else None,
        content=wish.content.strip(),
        added_by=work.actor.account_id,
    )
    keep(work, made)
    note(work, "agreement_added", "agreement", made)
    return made


def add_activity(work: UnitOfWork, text: str, wish: AddActivity) -> Agreement:
    """What was done together on a day."""
    require_public(work, wish)
    one = own(work, Agreement, text, KEEP)
    require_state(one, "open")
    held = not_before(past(work, wish.on), one.signed_on)
    _refuse_known(
        work, Activity, "activity", col(Activity.agreement_id) == one.id, col(Activity.held_on) == held,
        col(Activity.title) == wish.activity.strip(),
    )  # fmt: skip
    made = Activity(
        agreement_id=one.id or 0,
        held_on=held,
        title=wish.activity.strip(),
        people=wish.people,
        recorded_by=work.actor.account_id,
    )
    keep(work, made)
    note(work, "activity_added", "agreement", one, people=wish.people)
    return one


def close_agreement(work: UnitOfWork, text: str, wish: CloseOn) -> Agreement:
    """The agreement ends."""
    require_public(work, wish)
    return close(work, own(work, Agreement, text, KEEP), "agreement", wish.on, wish.reason.strip())


def _half_hours(text: str) -> int:
    found = half_hours(text)
    if found is None:
        words = _("课时要在 0 至 40 之间，可以填半课时")
        raise refuse(words, field="hours", code="E_DBL_HOURS")
    return found


def add_class(work: UnitOfWork, wish: AddClass) -> DefenceClass:
    """Note the class hours of a grade in a school year; refused (E_DBL_HOURS) below 0 and above 40."""
    work.require(TEACH, county(work))
    require_public(work, wish)
    first, last = (int(year) for year in wish.school_year.split("-"))
    if last != first + 1 or first > work.today.year:
        raise refuse(_("学年要写成前后两年，例如 2025-2026"), field="school_year", code="E_FIELD")
    _refuse_known(
        work, DefenceClass, "grade", col(DefenceClass.school) == wish.school.strip(),
        col(DefenceClass.grade) == wish.grade.strip(), col(DefenceClass.school_year) == wish.school_year,
    )  # fmt: skip
    made = DefenceClass(
        school=wish.school.strip(),
        grade=wish.grade.strip(),
        school_year=wish.school_year,
        half_hours=_half_hours(wish.hours),
        pupils=wish.pupils,
        area=county(work),
        added_by=work.actor.account_id,
    )
    keep(work, made)
    note(work, "class_added", "class", made, half_hours=made.half_hours)
    return made


def set_hours(work: UnitOfWork, text: str, wish: SetHours) -> DefenceClass:
    """The class hours as they are now."""
    one = own(work, DefenceClass, text, TEACH)
    before, one.half_hours = one.half_hours, _half_hours(wish.hours)
    moved(work, one)
    note(work, "hours_set", "class", one, before=before, half_hours=one.half_hours)
    return one


def add_event(work: UnitOfWork, wish: AddDefenceEvent) -> DefenceEvent:
    """Note an event of defence education."""
    work.require(TEACH, county(work))
    require_public(work, wish)
    held = past(work, wish.on)
    _refuse_known(
        work, DefenceEvent, "title", col(DefenceEvent.kind) == wish.kind, col(DefenceEvent.held_on) == held,
        col(DefenceEvent.title) == wish.title.strip(),
    )  # fmt: skip
    made = DefenceEvent(
        kind=wish.kind,
        title=wish.title.strip(),
        held_on=held,
        people=wish.people,
        place=wish.place.strip(),
        area=county(work),
        added_by=work.actor.account_id,
    )
    keep(work, made)
    note(work, "event_added", "event", made, kind=made.kind)
    return made


def add_base(work: UnitOfWork, wish: AddBase) -> Base:
    """A base of defence education was named."""
    work.require(KEEP, county(work))
    require_public(work, wish)
    _refuse_known(work, Base, "name", col(Base.name) == wish.name.strip(), col(Base.state) == "open")
    made = Base(
        name=wish.name.strip(),
        level=wish.level,
        named_on=past(work, wish.named_on, "named_on"),
        document=wish.document.strip(),
        area=county(work),
        added_by=work.actor.account_id,
    )
    keep(work, made)
    note(work, "base_added", "base", made, level=made.level)
    return made


def close_base(work: UnitOfWork, text: str, wish: CloseOn) -> Base:
    """The name of a base was taken back."""
    require_public(work, wish)
    return close(work, own(work, Base, text, KEEP), "base", wish.on, wish.reason.strip())


def add_budget(work: UnitOfWork, wish: AddBudget) -> DefenceBudget:
    """Note what a year's budget holds for defence education."""
    work.require(KEEP, county(work))
    require_public(work, wish)
    _refuse_known(work, DefenceBudget, "year", col(DefenceBudget.year) == wish.year)
    made = DefenceBudget(
        year=wish.year,
        population=wish.population,
        budgeted_fen=amount(wish.budgeted, "budgeted"),
        document=wish.document.strip(),
        area=county(work),
        added_by=work.actor.account_id,
    )
    keep(work, made)
    note(work, "budget_added", "budget", made, year=made.year, budgeted_fen=made.budgeted_fen)
    return made


def set_budget(work: UnitOfWork, text: str, wish: SetBudget) -> DefenceBudget:
    """The budget was adjusted by a document."""
    require_public(work, wish)
    one = own(work, DefenceBudget, text, KEEP)
    before, one.budgeted_fen, one.document = one.budgeted_fen, amount(wish.budgeted, "budgeted"), wish.document.strip()
    moved(work, one)
    note(work, "budget_set", "budget", one, before=before, budgeted_fen=one.budgeted_fen)
    return one
