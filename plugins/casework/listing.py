"""Work lists for phones and desks: visits to make, reviews due, leads, samples. Each is one question, limited."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlmodel import col

from core.api import NotFound, UnitOfWork, _, columns, scoped, within
from plugins.casework.clocks import review_lights
from plugins.casework.models import Case, Lead, Sample, SampledCase, Visit
from plugins.casework.moves import APPLY, HANDLE, IN_PAYMENT, REVIEW, SHOW, UNDECIDED
from plugins.casework.services.remedies import LEAD_TEXT
from plugins.casework.tables_behind import AREA, HOUSEHOLD, PERSON
from plugins.casework.words import LEADS, SAMPLES, STATES

SOON_DAYS = 30
"""How long before its day a review stands in the list."""
_CASE, _LEAD, _SAMPLE, _DRAWN = columns(Case), columns(Lead), columns(Sample), columns(SampledCase)
_SENT = ("investigating", "re_investigating")


def named(*more: Any) -> Any:
    """A select over cases with the names of applicant and place; ``more`` are further columns."""
    return (
        select(_CASE.id, _CASE.number, _CASE.type, _CASE.area, _CASE.state, PERSON.c.name.label("applicant"),
               AREA.c.name.label("place"), *more)
        .select_from(_CASE.id.table)
        .join(PERSON, PERSON.c.id == _CASE.applicant_id)
        .outerjoin(AREA, AREA.c.code == _CASE.area)
    )  # fmt: skip


def visits_to_make(work: UnitOfWork, *, start: int, limit: int) -> list[dict[str, Any]]:
    """Families who wait for a visit in one's areas, the most pressing first; the county's own visits with them.

    So many of them behind the first ``start``, as all lists by deadline here.
    """
    work.require(SHOW)
    asked = named(
        _CASE.step_due_on, _CASE.relative_registered, _CASE.complaint, HOUSEHOLD.c.address, HOUSEHOLD.c.village_group
    ).join(HOUSEHOLD, HOUSEHOLD.c.id == _CASE.household_id)
    ours = and_(_CASE.state.in_(_SENT), _CASE.waiting_since.is_(None))
    wanted = [and_(ours, _within(work, HANDLE))]
    if work.may(REVIEW, work.settings.county.code):
        visit = columns(Visit)
        seen = select(visit.id).where(visit.case_id == _CASE.id, visit.kind.in_(("county", "spot"))).exists()
        special = or_(_CASE.relative_registered.is_(True), _CASE.complaint.is_(True))
        wanted.append(and_(_CASE.state.in_(UNDECIDED), special, ~seen))
    order = asked.where(or_(*wanted)).order_by(_CASE.step_due_on, _CASE.id)
    rows = work.session.execute(order.offset(start).limit(limit))
    found = []
    for row in rows:
        sent = row.state in _SENT
        event = "done" if row.state == "re_investigating" else "visit_done"
        found.append(
            {
                **row._asdict(),
                "path": f"/casework/cases/{row.number}/{'steps/' + event if sent else 'acts/visit'}",
                "why": _(STATES[row.state]) if sent else _("县级须入户"),
                "late": sent and row.step_due_on is not None and row.step_due_on < work.today,
            }
        )
    return found


def reviews_due(work: UnitOfWork, area: str, *, start: int, limit: int) -> list[dict[str, Any]]:
    """Families in payment whose review is overdue or comes soon, the longest overdue first."""
    work.require(SHOW)
    asked = named(_CASE.review_class, _CASE.reviewed_on, _CASE.review_due_on, _CASE.monthly_fen).where(
        _CASE.state.in_(IN_PAYMENT), _CASE.review_due_on <= work.today + timedelta(days=SOON_DAYS)
    )
    if area:
        asked = asked.where(_CASE.area.startswith(area))
    order = asked.order_by(_CASE.review_due_on, _CASE.id).offset(start).limit(limit)
    rows = work.session.execute(scoped(work, order, _CASE.area, SHOW)).all()
    lights = review_lights(work, [row.review_due_on for row in rows])
    return [{**row._asdict(), "light": light} for row, light in zip(rows, lights, strict=True)]


def leads(work: UnitOfWork, *, ended: bool = False, start: int, limit: int) -> list[dict[str, Any]]:
    """Leads of one's areas: those nobody followed yet, the most pressing first; or those that ended, newest first."""
    work.require(SHOW)
    asked = (
        select(_LEAD, PERSON.c.name, AREA.c.name.label("place"), _CASE.number)
        .select_from(_LEAD.id.table)
        .join(PERSON, PERSON.c.id == _LEAD.person_id)
        .outerjoin(AREA, AREA.c.code == _LEAD.area)
        .outerjoin(_CASE.id.table, _CASE.id == _LEAD.case_id)
        .offset(start)
        .limit(limit)
    )
    if ended:
        asked = asked.where(_LEAD.state != "open").order_by(_LEAD.id.desc())
    else:
        asked = asked.where(_LEAD.state == "open").order_by(_LEAD.due_on, _LEAD.id)
    rows = work.session.execute(scoped(work, asked, _LEAD.area, SHOW)).all()
    return [
        {
            "id": row.id,
            "name": row.name,
            "place": row.place or row.area,
            "source": _(LEADS[row.source]),
            "found_on": row.found_on,
            "due_on": row.due_on,
            "late": row.state == "open" and row.due_on < work.today,
            "state": row.state,
            "case": row.number,
            "reason": row.reason,
            "may": row.state == "open" and work.may(APPLY, row.area),
        }
        for row in rows
    ]


def own_lead(work: UnitOfWork, lead_id: int, permission: str = SHOW) -> Any:
    """A lead in the areas of a right; raises ``NotFound``."""
    work.require(permission)
    asked = scoped(work, select(Lead).where(col(Lead.id) == lead_id), Lead.area, permission)
    lead = work.session.scalars(asked).one_or_none()
    if lead is None:
        raise NotFound(_("没有找到这条线索，或不在你的辖区"))
    return lead


def lead_text(work: UnitOfWork, lead: Any) -> str:
    """What was noticed; opening it leaves a read record."""
    work.record_read("casework.lead_read", f"lead:{lead.id}", area=lead.area)
    return work.keys.unseal(LEAD_TEXT, lead.id, lead.text)


def samples(work: UnitOfWork, *, start: int, limit: int) -> Sequence[dict[str, Any]]:
    """Samples of one's areas with how far their inspection is, the newest first."""
    work.require(SHOW)
    counted = (
        select(
            _DRAWN.sample_id,
            func.count().label("cases"),
            func.count(_DRAWN.done_on).label("done"),
            func.sum(case((_DRAWN.result == "wrong", 1), else_=0)).label("wrong"),
        )
        .group_by(_DRAWN.sample_id)
        .subquery()
    )
    asked = (
        select(_SAMPLE, counted.c.cases, counted.c.done, counted.c.wrong)
        .outerjoin(counted, counted.c.sample_id == _SAMPLE.id)
        .order_by(_SAMPLE.id.desc())
        .offset(start)
        .limit(limit)
    )
    rows = work.session.execute(scoped(work, asked, _SAMPLE.area, SHOW)).all()
    return [
        {
            "id": row.id,
            "title": _(SAMPLES[row.kind]),
            "type": row.type,
            "period": row.period,
            "share": row.share,
            "cases": row.cases or 0,
            "done": row.done or 0,
            "wrong": row.wrong or 0,
        }
        for row in rows
    ]


def _within(work: UnitOfWork, permission: str) -> Any:
    return within(_CASE.area, work.areas(permission))
