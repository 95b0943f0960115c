"""Questions about cases: only reads, within the areas of who asks."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select
from sqlmodel import col

from core.api import NotFound, _, area_names, columns, facts_of, row_id, scoped, staff_by_id, within
from plugins.casework.clocks import clock_of, clocks_of, review_light, review_lights
from plugins.casework.computing import kept_computation
from plugins.casework.flow import Flow, flow_of
from plugins.casework.models import Appeal, Case, EconomicCheck, Event, Member, Paper, Relative, SampledCase, Visit
from plugins.casework.models import Review as ReviewRow
from plugins.casework.moves import CLOCKED, ENDED, SHOW, STEP_OF, office_of
from plugins.casework.types import title_of
from plugins.casework.words import STATES
from plugins.notices.api import is_complete, notices_of

if TYPE_CHECKING:
    from core.api import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class CaseFilter:
    """Which cases: by state, type, area and below, person; ``overdue`` past a limit; ``open`` not yet ended."""

    state: str = ""
    type: str = ""
    area: str = ""
    person_id: int | None = None
    number: str = ""
    overdue: bool = False
    open: bool = False
    before: int = 0
    limit: int = 50


def own_case(work: "UnitOfWork", text: str, permission: str = SHOW, *, hold: bool = False) -> Case:
    """A case by number or id in the areas of a right; elsewhere it is as if there were none (``NotFound``).

    ``hold`` keeps others from moving it until the end of the transaction.
    """
    work.require(permission)
    wanted = str(text).strip()
    same = col(Case.id) == at if (at := row_id(wanted)) else col(Case.number) == wanted.upper()
    asked = scoped(work, select(Case).where(same), Case.area, permission)
    found = work.session.scalars(asked.with_for_update() if hold else asked).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这件申请，或不在你的辖区"))
    return found


def late(today: date) -> Any:
    """Cases past the limit of the whole or of their step, and families whose review is overdue."""
    waits = and_(
        col(Case.state).in_(CLOCKED),
        col(Case.waiting_since).is_(None),
        or_(col(Case.due_on) < today, col(Case.step_due_on) < today),
    )
    return or_(
        waits, and_(col(Case.state) == "submitted", col(Case.step_due_on) < today), col(Case.review_due_on) < today
    )


def list_cases(work: "UnitOfWork", wish: CaseFilter) -> list[dict[str, Any]]:
    """Cases of one's areas, newest first, one more than the limit so that a reader knows whether there is more."""
    work.require(SHOW)
    asked = select(Case).order_by(col(Case.id).desc()).limit(wish.limit + 1)
    if wish.before:
        asked = asked.where(col(Case.id) < wish.before)
    if wish.state:
        asked = asked.where(col(Case.state) == wish.state)
    if wish.type:
        asked = asked.where(col(Case.type) == wish.type)
    if wish.area:
        asked = asked.where(within(col(Case.area), [wish.area]))
    if wish.number:
        asked = asked.where(col(Case.number) == wish.number.strip().upper())
    if wish.open:
        asked = asked.where(col(Case.state).not_in(ENDED))
    if wish.overdue:
        asked = asked.where(late(work.today))
    if wish.person_id is not None:
        of_person = select(col(Member.case_id)).where(col(Member.person_id) == wish.person_id)
        asked = asked.where(col(Case.id).in_(of_person))
    rows = work.session.scalars(scoped(work, asked, Case.area, SHOW)).all()
    return _lines(work, rows)


def case_ids(work: "UnitOfWork", type_name: str, states: Sequence[str]) -> list[int]:
    """All cases of a type in some states, of one's areas."""
    work.require(SHOW)
    asked = select(columns(Case).id).where(col(Case.type) == type_name, col(Case.state).in_(states))
    return list(work.session.scalars(scoped(work, asked, Case.area, SHOW)))


def _lines(work: "UnitOfWork", rows: Sequence[Case]) -> list[dict[str, Any]]:
    people = facts_of(work, {row.applicant_id for row in rows})
    places = area_names(work, {row.area for row in rows})
    counted = (
        select(col(Member.case_id), func.count())
        .where(col(Member.case_id).in_([row.id for row in rows]), col(Member.left_on).is_(None))
        .group_by(col(Member.case_id))
    )
    counts = {case: count for case, count in work.session.execute(counted)}  # noqa: C416 - rows are no pairs to dict()
    clocks, lights = clocks_of(work, rows), review_lights(work, [row.review_due_on for row in rows])
    return [
        {
            "id": row.id,
            "case": row.number,
            "type": row.type,
            "applicant": people[row.applicant_id].name if row.applicant_id in people else "--",
            "members": counts.get(row.id or 0, 0),
            "area": row.area,
            "place": places.get(row.area, row.area),
            "state": row.state,
            "state_title": _(STATES[row.state]),
            "applied_on": row.applied_on,
            "deadline": row.due_on if row.state in CLOCKED else None,
            "step_deadline": row.step_due_on,
            "light": clock.light if row.state not in ENDED else "",
            "review_due_on": row.review_due_on,
            "review_light": light,
            "monthly_fen": row.monthly_fen,
            "review_class": row.review_class,
        }
        for row, clock, light in zip(rows, clocks, lights, strict=True)
    ]


def events_of(work: "UnitOfWork", case: Case) -> list[dict[str, Any]]:
    """The log of a case with who acted: the chain of responsibility."""
    rows = work.session.scalars(select(Event).where(col(Event.case_id) == case.id).order_by(col(Event.position))).all()
    staff = staff_by_id(work, {row.acted_by for row in rows})
    return [
        {
            "event": row.event,
            "from": row.from_state,
            "to": row.to_state,
            "on": row.happened_on,
            "at": row.at,
            "by": staff.get(row.acted_by, ("--", ""))[0],
            "by_office": staff.get(row.acted_by, ("--", ""))[1],
            "office": row.office,
            "reason": row.reason,
            "data": json.loads(row.data),
        }
        for row in rows
    ]


def show_case(work: "UnitOfWork", text: str) -> dict[str, Any]:
    """One case in full, as every door shows it. It is a household's file: who opened it is recorded."""
    case = own_case(work, text)
    work.record_read("casework.case_read", f"case:{case.number}", area=case.area)
    return case_data(work, case)


def case_data(work: "UnitOfWork", case: Case) -> dict[str, Any]:
    """A case in full; right and area are the caller's."""
    flow = flow_of(case)
    events = events_of(work, case)
    members = _members(work, case)
    clock = clock_of(work, case)
    found = kept_computation(case)
    return {
        "id": case.id,
        "case": case.number,
        "type": case.type,
        "type_title": title_of(work, case.type),
        "state": case.state,
        "state_title": _(STATES[case.state]),
        "applicant": next((one["name"] for one in members if one["person"] == case.applicant_id), "--"),
        "applicant_id": case.applicant_id,
        "household": case.household_id,
        "group": case.group_id,
        "area": case.area,
        "place": area_names(work, [case.area]).get(case.area, case.area),
        "area_kind": case.area_kind,
        "source": case.source,
        "urgent_order": case.urgent_order,
        "special": case.special,
        "delegated": flow.delegated,
        "applied_on": case.applied_on,
        "accepted_on": case.accepted_on,
        "deadline": clock.due_on,
        "clock": vars(clock),
        "waiting_since": case.waiting_since,
        "ballot_negative": case.ballot_negative,
        "reinvestigated": case.reinvestigated,
        "relative_registered": case.relative_registered,
        "complaint": case.complaint,
        "monthly_fen": case.monthly_fen,
        "explanation": found.get("lines", []),
        "computation": found.get("data", {}),
        "digest": found.get("digest", ""),
        "decided_on": case.decided_on,
        "effective_month": case.effective_month,
        "last_month": case.last_month,
        "document": case.document,
        "reason": case.reason,
        "review_class": case.review_class,
        "reviewed_on": case.reviewed_on,
        "review_due_on": case.review_due_on,
        "review_light": review_light(work, case.review_due_on),
        "members": members,
        "steps": steps_of(flow, case, events),
        "office": office_of(flow, case.state),
        "events": events,
        **_belongings(work, case),
        "notices": _notices(work, case),
    }


def steps_of(flow: Flow, case: Case, events: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The steps of the case's flow with their days: done, now, or to come."""
    done: dict[str, Mapping[str, Any]] = {}
    for one in events:
        step = _STEP_DONE.get(one["event"])
        if step and (one["event"] != "propose_grant" or one["to"] == "approved"):
            done[step] = one
        if one["event"] in ("return", "return_to_township", "objection"):
            for later in _later(flow, STEP_OF.get(one["to"], "apply")):
                done.pop(later, None)
    if any(one["event"] == "propose_grant" for one in events) and case.state not in (
        "county_review",
        "township_review",
    ):
        proposed = next(one for one in reversed(events) if one["event"] == "propose_grant")
        done.setdefault("county_review", proposed)
    if "decide" in done and done["decide"]["event"] == "period_end":
        done.setdefault("notice_2", done["decide"])
    now = STEP_OF.get(case.state, "") if case.state not in ENDED else ""
    now = "decide" if now == "county_review" and flow.step("county_review") is None else now
    return [
        {
            "step": one.step,
            "office": one.office,
            "status": "now" if one.step == now else "done" if one.step in done else "open",
            "on": done[one.step]["on"] if one.step in done else None,
            "by": done[one.step]["by"] if one.step in done else "",
        }
        for one in flow.steps
        if one.step != "ballot" or one.when == "always" or "ballot" in done or case.state == "appraising"
    ]


_STEP_DONE = {
    "submit": "apply",
    "accept": "accept",
    "check_report": "check",
    "visit_done": "visit",
    "ballot_pass": "ballot",
    "ballot_fail": "ballot",
    "period_end_no_objection": "notice_1",
    "minutes_ok": "township_review",
    "sample_drawn": "spot_check",
    "period_end": "decide",
    "propose_grant": "decide",
    "refuse": "decide",
    "activate": "pay",
}


def _later(flow: Flow, step: str) -> list[str]:
    names = [one.step for one in flow.steps]
    return names[names.index(step) :] if step in names else []


def _members(work: "UnitOfWork", case: Case) -> list[dict[str, Any]]:
    rows = work.session.scalars(
        select(Member).where(col(Member.case_id) == case.id).order_by(col(Member.joined_on), col(Member.person_id))
    ).all()
    people = facts_of(work, [row.person_id for row in rows])
    return [
        {
            "person": row.person_id,
            "name": people[row.person_id].name if row.person_id in people else "--",
            "born": people[row.person_id].birth_date if row.person_id in people else None,
            "relation": row.relation,
            "signed_on": row.signed_on,
            "joined_on": row.joined_on,
            "left_on": row.left_on,
            "left_reason": row.left_reason,
        }
        for row in rows
    ]


def _belongings(work: "UnitOfWork", case: Case) -> dict[str, Any]:
    def rows(model: Any) -> Sequence[Any]:
        asked = select(model).where(col(model.case_id) == case.id)
        return work.session.scalars(asked).all()

    checks = [
        {
            "number": one.number,
            "on": one.reported_on,
            "result": one.result,
            "conclusion": one.conclusion,
            "items": json.loads(one.items),
            "explain_by": one.explain_by,
            "explanation": one.explanation,
        }
        for one in rows(EconomicCheck)
    ]
    visits = [
        {
            "id": one.id,
            "kind": one.kind,
            "on": one.visited_on,
            "investigators": one.names,
            "signer": one.signer,
            "photos": one.photos,
        }
        for one in rows(Visit)
    ]
    return {
        "checks": checks,
        "visits": visits,
        "papers": [
            {"kind": one.kind, "title": one.title, "received_on": one.received_on, "told_on": one.told_on}
            for one in rows(Paper)
        ],
        "relatives": [
            {
                "id": one.id,
                "person": one.person_id,
                "staff": one.staff_name,
                "post": one.post,
                "level": one.level,
                "relation": one.relation,
                "on": one.declared_on,
            }
            for one in rows(Relative)
        ],
        "samples": [
            {"sample": one.sample_id, "why": one.why, "done_on": one.done_on, "result": one.result}
            for one in rows(SampledCase)
        ],
        "reviews": [
            {
                "kind": one.kind,
                "on": one.done_on,
                "outcome": one.outcome,
                "before_fen": one.before_fen,
                "after_fen": one.after_fen,
                "reason": one.reason,
            }
            for one in rows(ReviewRow)
        ],
        "appeals": [
            {"id": one.id, "kind": one.kind, "on": one.filed_on, "due_on": one.due_on, "outcome": one.outcome}
            for one in rows(Appeal)
        ],
    }


def _notices(work: "UnitOfWork", case: Case) -> list[dict[str, Any]]:
    found = []
    for notice in notices_of(work, f"case:{case.number}"):
        state = is_complete(work, notice, work.today)
        found.append(
            {
                "notice": notice,
                "complete": state.complete,
                "from_day": state.from_day,
                "withdrawn": state.withdrawn,
                "objections_open": state.objections_open,
                "unfinished": [{"level": one.level, "why": one.why} for one in state.unfinished],
            }
        )
    return found
