"""What a project or the county did: cases, groups, events counted by the handbook; persons apart from person-times."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import UnitOfWork, facts_of, in_parts
from plugins.social_workers.models import (
    Assessment,
    Attendance,
    Case,
    CaseForm,
    Event,
    EventPerson,
    Group,
    GroupMember,
    GroupSession,
    Project,
    Target,
    Trainee,
    Visit,
)
from plugins.social_workers.rules import TENTH, Item, group_counts, items_of, score_of, trainee_counts

Span = tuple[date, date]
_CLOSED = ("closed", "follow_up")
_FIRST = date(2000, 1, 1)


@dataclass(frozen=True)
class Done:
    """What was done: completed items, what was opened, distinct persons, and person-times, which are no persons."""

    opened: int
    cases: int
    groups: int
    events: int
    visits: int
    trainees: int
    beneficiaries: int
    person_times: int

    def by_item(self) -> Mapping[str, int]:
        """What counts towards the targets."""
        return {
            "cases": self.cases,
            "groups": self.groups,
            "events": self.events,
            "visits": self.visits,
            "beneficiaries": self.beneficiaries,
            "trainees": self.trainees,
        }


def done_of(work: UnitOfWork, project: Project, on: date) -> Done:
    """What a project did by a day."""
    return done_by(work, (_FIRST, on), {"project_id": project.id})


def done_by(work: UnitOfWork, span: Span, only: Mapping[str, Any] | None = None, areas: Any = None) -> Done:
    """What was done in a span of days, of one project (``only``) or within an area condition by model (``areas``)."""
    cases = _rows(work, Case, only, areas)
    opened = [one for one in cases if span[0] <= one.opened_on <= span[1]]
    closed = [one for one in cases if one.closed_on and span[0] <= one.closed_on <= span[1]]
    groups = _rows(work, Group, only, areas)
    sessions = _hanging(work, GroupSession, GroupSession.group_id, [one.id for one in groups], span)
    events = [one for one in _rows(work, Event, only, areas) if one.state == "held" and _in(one.held_on, span)]
    visits = [one for one in _visits(work, only, areas) if _in(one.visited_on, span)]
    trained = [one for one in _trainees(work, only, areas) if one.confirmed_on and _in(one.confirmed_on, span)]
    share = work.policy("social_workers.trainee_percent", on=span[1])
    times = sum(one.participants for one in events) + sum(one.attended for one in sessions) + len(visits)
    return Done(
        opened=len(opened),
        cases=len(countable(work, closed)),
        groups=len(_completed(work, groups, span)),
        events=len(events),
        visits=len(visits),
        trainees=sum(trainee_counts(one.attended, one.planned, confirmed=True, share=share) for one in trained),
        beneficiaries=_persons(work, cases, [one.id for one in sessions], events, visits, span),
        person_times=times + _sessions(work, cases, span),
    )


def _in(day: date, span: Span) -> bool:
    return span[0] <= day <= span[1]


def _rows(work: UnitOfWork, model: Any, only: Mapping[str, Any] | None, areas: Any) -> list[Any]:
    asked = select(model)
    if only:
        asked = asked.where(model.project_id == only["project_id"])
    if areas is not None:
        asked = asked.where(areas(model))
    return list(work.session.scalars(asked.order_by(model.id)))


def _visits(work: UnitOfWork, only: Mapping[str, Any] | None, areas: Any) -> list[Visit]:
    asked = select(Visit).join(Project, col(Project.id) == col(Visit.project_id))
    if only:
        asked = asked.where(col(Visit.project_id) == only["project_id"])
    if areas is not None:
        asked = asked.where(areas(Project))
    return list(work.session.scalars(asked))


def _trainees(work: UnitOfWork, only: Mapping[str, Any] | None, areas: Any) -> list[Trainee]:
    from plugins.social_workers.models import Dispatch

    asked = select(Trainee).join(Dispatch, col(Dispatch.id) == col(Trainee.dispatch_id))
    if only:
        asked = asked.where(col(Trainee.project_id) == only["project_id"])
    if areas is not None:
        asked = asked.where(areas(Dispatch))
    return list(work.session.scalars(asked))


def _hanging(work: UnitOfWork, model: Any, column: Any, ids: Iterable[int | None], span: Span) -> list[Any]:
    wanted, found = [one for one in ids if one], []
    for part in in_parts(wanted):
        asked = select(model).where(column.in_(part), model.held_on.between(*span))
        found.extend(work.session.scalars(asked))
    return found


def sessions_held(work: UnitOfWork, group_ids: Iterable[int | None], until: date) -> dict[int, int]:
    """How many sessions groups held by a day."""
    wanted, found = [one for one in group_ids if one], {}
    for part in in_parts(wanted):
        asked = (
            select(col(GroupSession.group_id), func.count())
            .where(col(GroupSession.group_id).in_(part), col(GroupSession.held_on) <= until)
            .group_by(col(GroupSession.group_id))
        )
        found |= {row[0]: int(row[1]) for row in work.session.execute(asked)}
    return found


def _completed(work: UnitOfWork, groups: list[Group], span: Span) -> list[Group]:
    ended = [one for one in groups if one.state in ("ended", "evaluated") and _in(one.state_on, span)]
    held = sessions_held(work, [one.id for one in ended], span[1])
    least = work.policy("social_workers.group_sessions", on=span[1])
    share = work.policy("social_workers.group_percent", on=span[1])
    return [one for one in ended if group_counts(held.get(one.id or 0, 0), one.sessions_planned, least, share)]


def countable(work: UnitOfWork, cases: Iterable[Case]) -> list[Case]:
    """The cases that count as completed: closed with evaluation, with every form and session the county asks for."""
    closed = [one for one in cases if one.stage in _CLOSED]
    kinds, sessions = forms_of(work, [one.id for one in closed])
    found = []
    for one in closed:
        wanted = set(work.policy("social_workers.case_forms", on=one.closed_on))
        if one.consent_on is None:
            wanted.discard("SW02")
        least = work.policy("social_workers.case_sessions", on=one.closed_on)
        if wanted <= kinds.get(one.id or 0, set()) and sessions.get(one.id or 0, 0) >= least:
            found.append(one)
    return found


def forms_of(work: UnitOfWork, case_ids: Iterable[int | None]) -> tuple[dict[int, set[str]], dict[int, int]]:
    """Which kinds of forms cases have, and how many sessions (SW05)."""
    wanted = [one for one in case_ids if one]
    kinds: dict[int, set[str]] = {}
    sessions: dict[int, int] = {}
    for part in in_parts(wanted):
        asked = (
            select(col(CaseForm.case_id), col(CaseForm.kind), func.count())
            .where(col(CaseForm.case_id).in_(part))
            .group_by(col(CaseForm.case_id), col(CaseForm.kind))
        )
        for case, kind, count in work.session.execute(asked):
            kinds.setdefault(case, set()).add(kind)
            if kind == "SW05":
                sessions[case] = int(count)
    return kinds, sessions


def _sessions(work: UnitOfWork, cases: list[Case], span: Span) -> int:
    total, wanted = 0, [one.id for one in cases]
    for part in in_parts(wanted):
        asked = select(func.count()).where(
            col(CaseForm.case_id).in_(part),
            col(CaseForm.kind) == "SW05",
            col(CaseForm.dated).between(*span),
        )
        total += work.session.scalar(asked) or 0
    return total


def _persons(
    work: UnitOfWork, cases: list[Case], sessions: list[int], events: list[Event], visits: list[Visit], span: Span
) -> int:
    """Distinct persons who were served; records that were merged are one person."""
    ids = {
        one.client_id
        for one in cases
        if one.opened_on <= span[1] and (one.closed_on is None or one.closed_on >= span[0])
    }
    ids |= {one.person_id for one in visits}
    for model, column, wanted in (
        (Attendance, Attendance.session_id, sessions),
        (EventPerson, EventPerson.event_id, [one.id for one in events]),
    ):
        for part in in_parts(wanted):
            asked: Any = select(col(model.person_id)).where(col(column).in_(part))
            ids |= set(work.session.scalars(asked))
    known = facts_of(work, ids)
    return len({known[one].id if one in known else one for one in ids})


def members_of(work: UnitOfWork, group_id: int) -> list[int]:
    """The members of a group."""
    asked = select(col(GroupMember.person_id)).where(col(GroupMember.group_id) == group_id)
    return list(work.session.scalars(asked.order_by(col(GroupMember.person_id))))


def targets_of(work: UnitOfWork, project_id: int, on: date) -> dict[str, int]:
    """The target of each item on a day, by the newest contract or amendment in force then."""
    asked = (
        select(Target)
        .where(col(Target.project_id) == project_id, col(Target.valid_from) <= on)
        .order_by(col(Target.valid_from), col(Target.id))
    )
    return {one.item: one.target for one in work.session.scalars(asked)}


def assessments_of(work: UnitOfWork, project_id: int) -> dict[str, Assessment]:
    """The assessments of a project by stage."""
    asked = select(Assessment).where(col(Assessment.project_id) == project_id)
    return {one.stage: one for one in work.session.scalars(asked)}


def satisfaction_of(work: UnitOfWork, project: Project, on: date) -> Decimal | None:
    """The satisfaction that counts on a day: of the newest assessment, else the mean of the closed cases; or None."""
    assessed = [
        one
        for one in assessments_of(work, project.id or 0).values()
        if one.satisfaction_tenths is not None and one.assessed_on <= on
    ]
    if assessed:
        last = max(assessed, key=lambda one: (one.assessed_on, one.id))
        return Decimal(last.satisfaction_tenths or 0) / 10
    asked = select(col(Case.satisfaction)).where(
        col(Case.project_id) == project.id, col(Case.satisfaction).is_not(None), col(Case.closed_on) <= on
    )
    given = [int(one or 0) for one in work.session.scalars(asked)]
    return (Decimal(sum(given)) / len(given)).quantize(TENTH, ROUND_HALF_UP) if given else None


def score_items(work: UnitOfWork, project: Project, on: date, satisfaction: Decimal | None) -> list[Item]:
    """The items of a project's score on a day, by the targets and weights of that day."""
    targets = targets_of(work, project.id or 0, max(on, project.since))
    weights = work.policy("social_workers.weights", on=on, area=project.area)
    return items_of(weights, targets, done_of(work, project, on).by_item(), satisfaction)


def score_facts(work: UnitOfWork, project: Project, on: date) -> dict[str, Any]:
    """The score of a project on a day, item by item."""
    satisfaction = satisfaction_of(work, project, on)
    items = score_items(work, project, on, satisfaction)
    done = done_of(work, project, on)
    return {
        "id": project.id,
        "project": project.number,
        "name": project.name,
        "state": project.state,
        "on": on,
        "score": float(score_of(items)),
        "satisfaction": None if satisfaction is None else float(satisfaction),
        "beneficiaries": done.beneficiaries,
        "person_times": done.person_times,
        "items": [
            {
                "item": one.name,
                "target": _plain(one.target),
                "done": _plain(one.done),
                "percent": float(one.percent),
                "difference": _plain(one.done - one.target),
                "alert": one.done < one.target,
                "weight": float(one.weight.quantize(TENTH, ROUND_HALF_UP)),
                "points": float(one.points.quantize(TENTH, ROUND_HALF_UP)),
            }
            for one in items
        ],
    }


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)
