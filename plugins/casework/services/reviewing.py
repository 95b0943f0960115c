"""A family in payment is computed anew after a life event; what follows by itself with time."""

from dataclasses import replace

from sqlalchemy import select
from sqlmodel import col

from core.api import Period, UnitOfWork, _
from plugins.casework.api import CaseDecided, CaseFacts
from plugins.casework.computing import computed, keep
from plugins.casework.facts import case_by_id, facts_of
from plugins.casework.flow import flow_of
from plugins.casework.models import Case
from plugins.casework.moves import IN_PAYMENT
from plugins.casework.services.advancing import last_day, take, write_event
from plugins.casework.services.turns import Turn
from plugins.casework.types import all_types, type_named
from plugins.casework.wishes import StepData


def amend(work: UnitOfWork, case_id: int, effective_month: str, reason: str, event: str) -> CaseFacts:
    """Compute a family anew from who is counted now; the new amount counts from a month on."""
    case = case_by_id(work, case_id)
    facts = facts_of(work, case)
    if case.state not in IN_PAYMENT:
        return facts
    on = max(work.today, last_day(work, case))
    kind = type_named(work, case.type)
    turn = Turn(work, case, kind, flow_of(case), facts, event, StepData(on=on), on, case.state, reason)
    if not facts.member_ids:
        return _close(turn, effective_month)
    found = computed(work, replace(facts, counted_on=on), on)
    before = case.monthly_fen or 0
    turn.log = {"effective_month": effective_month, "before_fen": before, "after_fen": found.monthly_fen}
    if not found.eligible:
        # Whether a family leaves is decided by a person at a review, never by the system.
        case.review_due_on = on
        turn.log = {"review_due_on": on, "code": found.code}
        _written(turn)
        return facts_of(work, case)
    case.counted_on = on
    keep(case, found)
    case.review_class = found.review_class or case.review_class
    _written(turn)
    after = facts_of(work, case)
    work.hooks.announce(
        "casework_decided",
        work=work,
        decided=CaseDecided(
            case=after,
            outcome="changed",
            on=on,
            effective_month=effective_month,
            monthly_fen=found.monthly_fen,
            reason=reason,
            document=case.document,
        ),
    )
    return after


def follow_time(work: UnitOfWork) -> None:
    """Every day: families whose month came are in payment, phase-outs that are over are closed."""
    month = str(Period.of(work.today))
    known = all_types(work)
    started = select(Case).where(col(Case.state) == "approved", col(Case.effective_month) <= month)
    over = select(Case).where(col(Case.state) == "phasing_out", col(Case.last_month) < month)
    for event, to_state, asked in (("activate", "active", started), ("period_over", "closed", over)):
        for case in work.session.scalars(asked.order_by(col(Case.id))).all():
            if case.type not in known:
                continue
            on = max(work.today, last_day(work, case))
            facts = facts_of(work, case)
            turn = Turn(work, case, known[case.type], flow_of(case), facts, event, StepData(on=on), on, to_state)
            take(turn, gated=False)


def _close(turn: Turn, effective_month: str) -> CaseFacts:
    """Nobody is left who could be paid for."""
    from plugins.casework.wishes import Monthly

    turn.event, turn.to_state = "stop", "closed"
    turn.wish = Monthly(on=turn.on, reason=turn.reason or _("家庭已无保障对象"), from_month=effective_month)
    return take(turn, gated=False)


def _written(turn: Turn) -> None:
    work, case = turn.work, turn.case
    write_event(turn)
    case.version += 1
    work.session.add(case)
    work.session.flush()
    work.record(
        "casework.advanced",
        f"case:{case.number}",
        area=case.area,
        reason=turn.reason,
        event=turn.event,
        before={"state": case.state},
        after={"state": case.state, "on": turn.on, **turn.log},
    )
