"""Projects, cases, groups, events as data. A case's file opens to its worker and supervisor; others see a summary."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlmodel import col

from core.api import UnitOfWork, batch_facts, facts_of
from plugins.social_workers import sealed
from plugins.social_workers.listing import places, plain_of, worker_labels
from plugins.social_workers.measuring import (
    assessments_of,
    countable,
    forms_of,
    members_of,
    score_facts,
    sessions_held,
    targets_of,
)
from plugins.social_workers.models import (
    Agency,
    Case,
    CaseForm,
    Event,
    EventPerson,
    Group,
    GroupSession,
    Handover,
    Project,
    Target,
)
from plugins.social_workers.queries import (
    Filter,
    dict_of,
    may_open,
    own_case,
    own_event,
    own_group,
    own_project,
    page_of,
    rows_of,
)
from plugins.social_workers.rules import group_counts, months_on
from plugins.social_workers.services.paying import amount_due, instalments_of
from plugins.social_workers.words import INSTALMENTS


def list_projects(work: UnitOfWork, wish: Filter) -> list[dict[str, Any]]:
    """Projects of one's areas."""
    conditions = [col(Project.state) == wish.state] if wish.state else []
    if wish.text:
        conditions.append(col(Project.number) == wish.text.strip().upper())
    return project_lines(work, page_of(work, Project, wish, *conditions))


def project_lines(work: UnitOfWork, rows: Sequence[Project]) -> list[dict[str, Any]]:
    """Projects in a line each."""
    names, where = dict_of(work, Agency, [one.agency_id for one in rows]), places(work, rows)
    return [
        {
            **plain_of(one),
            "agency": names[one.agency_id].name if one.agency_id in names else "",
            "place": where[one.area],
        }
        for one in rows
    ]


def show_project(work: UnitOfWork, text: str) -> dict[str, Any]:
    """One project: targets with their days, score, assessments, instalments due and entered."""
    one = own_project(work, text)
    on = min(max(work.today, one.since), one.until)
    assessed = assessments_of(work, one.id or 0)
    entered = {row.stage: row for row in instalments_of(work, one.id or 0)}
    signed = one.state not in ("drafted", "approved", "failed")
    return {
        **project_lines(work, [one])[0],
        "targets": targets_of(work, one.id or 0, on),
        "amendments": [plain_of(row) for row in rows_of(work, Target, col(Target.project_id), one.id)],
        "score": score_facts(work, one, on),
        "assessments": [plain_of(row) for row in assessed.values()],
        "instalments": [
            _instalment(work, stage, entered.get(stage), amount_due(work, one, stage) if signed else 0)
            for stage in INSTALMENTS
        ],
    }


def _instalment(work: UnitOfWork, stage: str, row: Any, due: int) -> dict[str, Any]:
    batch = batch_facts(work, row.batch_id).state if row and row.batch_id else ""
    return {
        "stage": stage,
        "due_fen": due,
        "entered_fen": row.amount_fen if row else 0,
        "invoice_no": row.invoice_no if row else "",
        "minutes": row.minutes if row else "",
        "batch": row.batch_id if row else None,
        "state": batch or ("entered" if row else "due" if due else ""),
    }


def list_cases(work: UnitOfWork, wish: Filter) -> list[dict[str, Any]]:
    """Cases of one's areas, without names: number, stage, worker."""
    conditions = [col(Case.stage) == wish.state] if wish.state and wish.state != "crisis" else []
    if wish.state == "crisis":
        conditions = [col(Case.risk) == "crisis", col(Case.closed_on).is_(None)]
    if wish.text:
        conditions.append(col(Case.number) == wish.text.strip().upper())
    return case_lines(work, page_of(work, Case, wish, *conditions))


def case_lines(work: UnitOfWork, rows: Sequence[Case]) -> list[dict[str, Any]]:
    """Cases in a line each: the summary that a purchaser may see; no client, no goal, no process."""
    labels = worker_labels(work, [number for one in rows for number in (one.worker_id, one.supervisor_id)])
    projects, where = dict_of(work, Project, [one.project_id for one in rows]), places(work, rows)
    _kinds, sessions = forms_of(work, [one.id for one in rows])
    counted = {one.id for one in countable(work, rows)}
    return [
        {
            "id": one.id,
            "number": one.number,
            "state": one.stage,
            "area": one.area,
            "place": where[one.area],
            "project": projects[one.project_id].number if one.project_id in projects else "",
            "worker": labels.get(one.worker_id, ""),
            "supervisor": labels.get(one.supervisor_id, ""),
            "field": one.field,
            "risk": one.risk,
            "opened_on": one.opened_on,
            "closed_on": one.closed_on,
            "sessions": sessions.get(one.id or 0, 0),
            "counted": one.id in counted,
            "goal_percent": one.goal_percent,
            "satisfaction": one.satisfaction,
            "version": one.version,
        }
        for one in rows
    ]


def show_case(work: UnitOfWork, text: str) -> dict[str, Any]:
    """One case: the file for its worker and supervisor (it is recorded), the summary for everybody else."""
    one = own_case(work, text)
    found = {**case_lines(work, [one])[0], "open": may_open(work, one)}
    if not found["open"]:
        work.record_read("social_workers.summary_read", f"social_workers_case:{one.id}", area=one.area)
        return found
    work.record_read("social_workers.file_read", f"social_workers_case:{one.id}", area=one.area)
    client = facts_of(work, [one.client_id]).get(one.client_id)
    forms = rows_of(work, CaseForm, col(CaseForm.case_id), one.id)
    handovers = rows_of(work, Handover, col(Handover.case_id), one.id)
    labels = worker_labels(work, [number for row in handovers for number in (row.from_id, row.to_id)])
    due = months_on(one.closed_on, work.policy("social_workers.follow_up_months")) if one.closed_on else None
    return found | {
        "client_id": one.client_id,
        "client": client.name if client else "",
        "needs": one.needs.split(","),
        "goal": sealed.unseal(work, sealed.GOAL, one.id, one.goal),
        "consent_on": one.consent_on,
        "consent_by": one.consent_by,
        "basis": one.basis,
        "crisis_at": one.crisis_at,
        "informed_at": one.informed_at,
        "inform_by": one.crisis_at + timedelta(hours=work.policy("social_workers.crisis_hours"))
        if one.crisis_at
        else None,
        "ending": one.ending,
        "reason": one.reason,
        "follow_up_due": due,
        "forms": [
            {
                "id": row.id,
                "kind": row.kind,
                "place": row.place,
                "dated": row.dated,
                "minutes": row.minutes,
                "content": sealed.unseal(work, sealed.CONTENT, row.id, row.content),
                "next_step": sealed.unseal(work, sealed.NEXT, row.id, row.next_step),
            }
            for row in forms
        ],
        "handovers": [
            {"from": labels[row.from_id], "to": labels[row.to_id], "on": row.given_on, "told_on": row.client_told_on}
            for row in handovers
        ],
    }


def list_groups(work: UnitOfWork, wish: Filter) -> list[dict[str, Any]]:
    """Groups of one's areas."""
    conditions = [col(Group.state) == wish.state] if wish.state else []
    if wish.text:
        conditions.append(col(Group.number) == wish.text.strip().upper())
    return group_lines(work, page_of(work, Group, wish, *conditions))


def group_lines(work: UnitOfWork, rows: Sequence[Group]) -> list[dict[str, Any]]:
    """Groups in a line each: sessions held of those planned, whether they count as completed."""
    labels, where = worker_labels(work, [one.worker_id for one in rows]), places(work, rows)
    projects = dict_of(work, Project, [one.project_id for one in rows])
    held = sessions_held(work, [one.id for one in rows], work.today)
    least, share = work.policy("social_workers.group_sessions"), work.policy("social_workers.group_percent")
    return [
        {
            **plain_of(one, "project_id", "worker_id", "before_tenths", "after_tenths"),
            "worker": labels.get(one.worker_id, ""),
            "project": projects[one.project_id].number if one.project_id in projects else "",
            "place_name": where[one.area],
            "held": held.get(one.id or 0, 0),
            "percent": round(held.get(one.id or 0, 0) * 100 / one.sessions_planned, 1),
            "counted": one.state in ("ended", "evaluated")
            and group_counts(held.get(one.id or 0, 0), one.sessions_planned, least, share),
            "before": None if one.before_tenths is None else one.before_tenths / 10,
            "after": None if one.after_tenths is None else one.after_tenths / 10,
        }
        for one in rows
    ]


def show_group(work: UnitOfWork, text: str) -> dict[str, Any]:
    """One group with members and sessions; opening it is recorded."""
    one = own_group(work, text)
    work.record_read("social_workers.list_read", f"social_workers_group:{one.id}", area=one.area)
    members = members_of(work, one.id or 0)
    names = facts_of(work, members)
    return {
        **group_lines(work, [one])[0],
        "members": [{"person_id": person, "name": names[person].name} for person in members if person in names],
        "sessions": [
            plain_of(row, "list_key") for row in rows_of(work, GroupSession, col(GroupSession.group_id), one.id)
        ],
    }


def list_events(work: UnitOfWork, wish: Filter) -> list[dict[str, Any]]:
    """Events of one's areas."""
    conditions = [col(Event.state) == wish.state] if wish.state else []
    if wish.text:
        conditions.append(col(Event.number) == wish.text.strip().upper())
    return event_lines(work, page_of(work, Event, wish, *conditions))


def event_lines(work: UnitOfWork, rows: Sequence[Event]) -> list[dict[str, Any]]:
    """Events in a line each: person-times."""
    labels, where = worker_labels(work, [one.worker_id for one in rows]), places(work, rows)
    projects = dict_of(work, Project, [one.project_id for one in rows])
    return [
        {
            **plain_of(one, "list_key", "place_key", "project_id", "worker_id"),
            "worker": labels.get(one.worker_id, ""),
            "project": projects[one.project_id].number if one.project_id in projects else "",
            "place_name": where[one.area],
        }
        for one in rows
    ]


def show_event(work: UnitOfWork, text: str) -> dict[str, Any]:
    """One event with how many participants are known by name; names stay out."""
    one = own_event(work, text)
    named = len(rows_of(work, EventPerson, col(EventPerson.event_id), one.id, 100_000))
    return {**event_lines(work, [one])[0], "named": named}
