"""Take a step on a case: the state table, the right, the rules, the effect, and one row in its log."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Objection, Refused, UnitOfWork, _, checked, refuse, release_group
from plugins.casework.api import CaseAdvanced, CaseFacts, Outcome
from plugins.casework.clocks import step_limit
from plugins.casework.computing import require_eligible, require_same
from plugins.casework.facts import facts_of
from plugins.casework.flow import flow_of
from plugins.casework.gates import GATES, subject
from plugins.casework.models import Case, Event, Relative
from plugins.casework.moves import (
    CLOCKED,
    CONFIRM,
    COUNTY,
    DECIDE,
    ENDED,
    HANDLE,
    MAINTAIN,
    MOVES,
    REVIEW,
    SHOW,
    UNDECIDED,
    deciding_state,
    office_of,
    state_after,
)
from plugins.casework.queries import own_case
from plugins.casework.services import effects, noticing
from plugins.casework.services.turns import Turn, day_of, objection
from plugins.casework.types import type_named
from plugins.casework.wishes import EVENT_WISHES
from plugins.casework.words import EVENTS, STATES
from plugins.notices.api import is_complete, notices_of


def advance(work: UnitOfWork, number: str, event: str, data: Mapping[str, Any]) -> CaseFacts:
    """Take a step; refused with every rule it breaks, and nothing is changed."""
    work.require(SHOW)
    case = own_case(work, number, SHOW, hold=True)
    turn = _turn(work, case, event, data)
    _require_right(turn)
    _prepare(turn)
    return take(turn)


def go_back(work: UnitOfWork, number: str, on: date, reason: str) -> None:
    """Send a case back because an objection to its notice was upheld; the right was asked for the objection."""
    case = work.session.scalars(select(Case).where(col(Case.number) == number)).one_or_none()
    if case is None or case.state not in ("noticing_1", "noticing_2"):
        return
    turn = _turn(work, case, "objection", {"on": max(on, last_day(work, case)), "reason": reason or _("异议成立")})
    take(turn, gated=False)


def last_day(work: UnitOfWork, case: Case) -> date:
    """The day of the last step of a case."""
    found = work.session.scalar(select(func.max(col(Event.happened_on))).where(col(Event.case_id) == case.id))
    return found or case.applied_on


def possible(case: Case) -> list[str]:
    """The events the state table has for a case where it stands."""
    return [event for event, move in MOVES.items() if case.state in move.states]


def right_of(case: Case, event: str) -> tuple[str, bool]:
    """The right an event asks for where a case stands, and whether it must be held for the whole county."""
    flow, right = flow_of(case), MOVES[event].right
    if event == "return" and case.state in COUNTY:
        right = REVIEW
    if event == "propose_grant" and flow.step("notice_2") is None:
        right = DECIDE
    if flow.delegated and event not in ("sample_drawn", "appeal_won"):
        if right == REVIEW:
            return (CONFIRM if event == "propose_grant" else HANDLE), False
        if right == DECIDE:
            return CONFIRM, False
    return right, right not in (HANDLE, MAINTAIN, CONFIRM) and MOVES[event].right != "casework.apply"


def write_event(turn: Turn) -> None:
    """One row of the log; the database refuses a gap, a jump and a day before the last."""
    work, case = turn.work, turn.case
    position = work.session.scalar(select(func.max(col(Event.position))).where(col(Event.case_id) == case.id)) or 0
    work.session.add(
        Event(
            case_id=case.id or 0,
            position=position + 1,
            event=turn.event,
            from_state=case.state if position else "",
            to_state=turn.to_state,
            happened_on=turn.on,
            at=work.now,
            acted_by=work.actor.account_id,
            office=office_of(turn.flow, case.state),
            reason=turn.reason[:400],
            data=json.dumps({name: one for name, one in turn.log.items() if one}, ensure_ascii=False, default=str),
        )
    )
    # The row goes before the case's own change: the database looks for it when the state moves.
    work.session.flush()


def _turn(work: UnitOfWork, case: Case, event: str, data: Mapping[str, Any]) -> Turn:
    if event not in MOVES:
        words = _("没有“{event}”这个环节", event=event)
        raise refuse(words, field="event", code="E_SKIP_STEP", hint=", ".join(possible(case)))
    if case.state not in MOVES[event].states:
        words = _(
            "不得越过流程：现在是“{state}”，不能办理“{event}”", state=_(STATES[case.state]), event=_(EVENTS[event])
        )
        raise refuse(words, field="event", code="E_SKIP_STEP", hint=", ".join(possible(case)))
    wish = checked(EVENT_WISHES[event], **data)
    on = day_of(work, wish, last_day(work, case))
    flow = flow_of(case)
    kind = type_named(work, case.type)
    turn = Turn(work, case, kind, flow, facts_of(work, case), event, wish, on)
    if case.waiting_since is not None and event not in ("supplied", "withdraw"):
        words = _("正在等申请人补充材料，先登记补充结果")
        raise refuse(words, field="event", code="E_WAITING", hint="supplied")
    turn.to_state = _target(turn)
    return turn


def _target(turn: Turn) -> str:
    case, flow = turn.case, turn.flow
    match turn.event:
        case "accept" | "check_report" | "visit_done" | "ballot_pass" | "period_end_no_objection" | "minutes_ok":
            return state_after(flow, _DONE[turn.event])
        case "ballot_fail":
            return "township_review" if flow.step("township_review") else deciding_state(flow)
        case "return":
            return _back_to(turn)
        case "objection":
            return "re_investigating" if case.state == "noticing_1" else deciding_state(flow)
        case "done":
            return _after_second_look(turn)
        case "propose_grant":
            return "noticing_2" if flow.step("notice_2") else "approved"
        case "appeal_won":
            return deciding_state(flow) if case.state == "refused" else "active"
        case "ask_applicant" | "supplied":
            return case.state
    return MOVES[turn.event].to


_DONE = {
    "accept": "accept",
    "check_report": "check",
    "visit_done": "visit",
    "ballot_pass": "ballot",
    "period_end_no_objection": "notice_1",
    "minutes_ok": "township_review",
}


def _back_to(turn: Turn) -> str:
    wanted = turn.wish.to or ("draft" if turn.case.state == "submitted" else "investigating")
    if (wanted == "draft") != (turn.case.state == "submitted"):
        words = _("不得越过流程：不能从“{state}”退回到“{to}”", state=_(STATES[turn.case.state]), to=_(STATES[wanted]))
        raise refuse(words, field="to", code="E_SKIP_STEP")
    return wanted


def _after_second_look(turn: Turn) -> str:
    """A sheet that was struck or withdrawn is published anew; one that stands goes on to the review."""
    notice = notices_of(turn.work, subject(turn.case.number))
    found = is_complete(turn.work, notice[-1], turn.on) if notice else None
    if found is not None and not found.withdrawn and not found.struck and found.complete:
        return state_after(turn.flow, "notice_1")
    return "noticing_1"


def _require_right(turn: Turn) -> None:
    right, county = right_of(turn.case, turn.event)
    turn.work.require(right, turn.work.settings.county.code if county else turn.case.area)


def _prepare(turn: Turn) -> None:
    """What is typed with a step and looked at by its rules."""
    if turn.event == "submit":
        effects.enter_papers(turn)
    if turn.event == "withdraw" and not turn.wish.signer:
        from core.api import facts_of as people

        found = people(turn.work, [turn.case.applicant_id])
        turn.wish.signer = next(iter(found.values())).name if found else ""


def take(turn: Turn, *, gated: bool = True) -> CaseFacts:
    """Carry a step out; ``gated=False`` is for what follows by itself (time, a life event, an upheld objection)."""
    work, case = turn.work, turn.case
    if gated:
        _refuse_all(turn)
        turn.found = _found(turn)
        _ask_plugins(turn)
    from_state = case.state
    effect = effects.EFFECTS.get(turn.event)
    if effect is not None:
        effect(turn)
    if turn.event == "propose_grant" and turn.to_state == "approved":
        effects.granted(turn)
    if turn.to_state in ("noticing_1", "noticing_2") and from_state != turn.to_state:
        round_ = 1 if turn.to_state == "noticing_1" else 2
        turn.log["notice"] = noticing.open_round(turn, round_, case.monthly_fen if round_ == 2 else None)  # noqa: PLR2004 - the second
    write_event(turn)
    _move(turn)
    facts = facts_of(work, case)
    work.record(
        "casework.advanced",
        subject(case.number),
        area=case.area,
        reason=turn.reason,
        event=turn.event,
        before={"state": from_state},
        after={"state": case.state, "on": turn.on, **{name: one for name, one in turn.log.items() if one}},
    )
    work.hooks.announce(
        "casework_advanced",
        work=work,
        advanced=CaseAdvanced(
            case=facts, event=turn.event, from_state=from_state, to_state=case.state, on=turn.on, reason=turn.reason
        ),
    )
    _announce(turn)
    return facts_of(work, case)


def _move(turn: Turn) -> None:
    case = turn.case
    case.state = turn.to_state
    if turn.event not in ("ask_applicant", "supplied"):
        limit = step_limit(turn.work, turn.flow, case.state, turn.on) if case.state in UNDECIDED else None
        case.step_due_on = limit or (case.due_on if case.state in CLOCKED else None)
    if case.state in ENDED:
        case.step_due_on, case.waiting_since = None, None
    case.version += 1
    turn.work.session.add(case)
    turn.work.session.flush()
    if case.state in ENDED:
        _release_family(turn)


def _release_family(turn: Turn) -> None:
    """The family is free for another application from here."""
    release_group(turn.work, turn.case.group_id, turn.on)


def _found(turn: Turn) -> Any:
    """The computation a step rests on."""
    if turn.event == "propose_grant":
        return require_eligible(turn.work, turn.facts, turn.on)
    if turn.event == "period_end":
        return require_same(turn.work, turn.case, turn.facts, turn.on)
    if turn.event == "review":
        effects.recompute(turn)
        return turn.found
    return None


def _refuse_all(turn: Turn) -> None:
    found = [*_recusal(turn)]
    gate = GATES.get(turn.event)
    found += gate(turn) if gate else ()
    if found:
        raise Refused(found)


def _recusal(turn: Turn) -> list[Objection]:
    """A relative of the family does not act on its case; in delegated flows another officer accepted it."""
    work, case = turn.work, turn.case
    kin = select(col(Relative.id)).where(
        col(Relative.case_id) == case.id, col(Relative.account_id) == work.actor.account_id
    )
    found = []
    if work.session.scalar(kin.limit(1)) is not None:
        found.append(objection(_("经办人是该家庭的近亲属，应当回避"), "E_RECUSAL", "event"))
    decides = turn.event in ("propose_grant", "period_end", "refuse")
    if turn.flow.delegated and decides and case.accepted_by == work.actor.account_id:
        found.append(objection(_("确认人与受理人不能是同一人"), "E_SOD", "event"))
    return found


def _ask_plugins(turn: Turn) -> None:
    from plugins.casework.api import CaseStep

    step = CaseStep(
        case=turn.facts,
        event=turn.event,
        to_state=turn.to_state,
        on=turn.on,
        data=turn.wish.model_dump(exclude={"details", "findings"}),
    )
    turn.work.hooks.check("check_casework_step", work=turn.work, step=step)


def _announce(turn: Turn) -> None:
    """Tell the type's plugin what was decided."""
    outcome: Outcome | None = effects.DECISIONS.get(turn.event)
    if turn.event == "propose_grant" and turn.case.state == "approved":
        outcome = "granted"
    if turn.event == "review":
        found = turn.log["outcome"]
        outcome = None if found == "same" else "stopped" if found == "stop" else "changed"
    if turn.event == "appeal_won" and turn.case.state == "active":
        outcome = "reinstated"
    if outcome is not None:
        turn.work.hooks.announce("casework_decided", work=turn.work, decided=effects.decision_of(turn, outcome))
