"""What each step changes beside the state; called after every rule agreed. Answers nothing: the turn carries it."""

import json
from collections.abc import Callable, Mapping

from sqlalchemy import update
from sqlmodel import col

from core.api import Period, _, calendar_of
from plugins.casework.api import CaseDecided, Outcome
from plugins.casework.clocks import months_after, whole_limit
from plugins.casework.computing import computed, keep, keep_explanation, require_eligible
from plugins.casework.models import EconomicCheck, Member, Review, Visit
from plugins.casework.people import chosen
from plugins.casework.services.noticing import withdraw_running
from plugins.casework.services.papers import hand_in, told_missing
from plugins.casework.services.turns import Turn, staff_of

Effect = Callable[[Turn], None]
FINDINGS = "casework_visit.findings"
DETAILS = "casework_check.details"


def accepted(turn: Turn) -> None:
    """The clock starts on the day of acceptance (T0)."""
    case = turn.case
    case.accepted_on, case.accepted_by = turn.on, turn.work.actor.account_id
    case.special = turn.wish.special.strip()
    case.due_on = whole_limit(turn.work, turn.flow, turn.on, bool(case.special))


def sent_back(turn: Turn) -> None:
    """Back to the family with what is missing, or back to the visit."""
    turn.reason = turn.wish.reason.strip()
    if turn.to_state == "draft":
        turn.log["missing"] = told_missing(turn)
    else:
        _look_again(turn)


def back_to_township(turn: Turn) -> None:
    """The township looks again; the clock keeps running."""
    turn.reason = turn.wish.reason.strip()
    _look_again(turn)


def reported(turn: Turn) -> None:
    """Keep the check centre's report; the raw data is sealed."""
    work, wish = turn.work, turn.wish
    row = next(iter(work.next_ids("casework_check", 1)))
    days = work.policy("casework.explain_working_days", on=turn.on)
    work.session.add(
        EconomicCheck(
            id=row,
            case_id=turn.number,
            number=wish.report.strip(),
            reported_on=turn.on,
            result=wish.result,
            conclusion=wish.conclusion.strip(),
            items=json.dumps(wish.items, ensure_ascii=False),
            details=work.keys.seal(DETAILS, row, wish.details) if wish.details else None,
            explain_by=calendar_of(work).add(turn.on, days) if wish.result == "differs" else None,
            recorded_by=work.actor.account_id,
        )
    )
    turn.log |= {"report": wish.report.strip(), "result": wish.result}


def visited(turn: Turn) -> None:
    """Keep the visit."""
    turn.log["visit"] = keep_visit(turn, "again" if turn.case.reinvestigated else "first")


def keep_visit(turn: Turn, kind: str) -> int:
    """Write a visit down, its findings sealed; answers its id."""
    work, wish = turn.work, turn.wish
    row = next(iter(work.next_ids("casework_visit", 1)))
    staff = staff_of(work, wish.investigators)
    work.session.add(
        Visit(
            id=row,
            case_id=turn.number,
            kind=kind,
            visited_on=turn.on,
            names="、".join(dict.fromkeys(name for name, _account in staff)),
            investigators=len({name for name, _account in staff}),
            family_signed=bool(wish.signer.strip()),
            signer=wish.signer.strip(),
            findings=work.keys.seal(FINDINGS, row, wish.findings) if wish.findings else None,
            recorded_at=work.now,
            recorded_by=work.actor.account_id,
        )
    )
    work.session.flush()
    return row


def vote_failed(turn: Turn) -> None:
    """A negative vote is a flag, never a refusal by itself."""
    turn.case.ballot_negative = True
    turn.log["record"] = turn.wish.record


def vote_passed(turn: Turn) -> None:
    """The panel agreed."""
    turn.case.ballot_negative = False
    turn.log["record"] = turn.wish.record


def went_back(turn: Turn) -> None:
    """A contested notice is taken down; the case is looked at again."""
    turn.reason = turn.wish.reason.strip()
    withdraw_running(turn, turn.reason or _("异议成立"))


def looked_again(turn: Turn) -> None:
    """What the second look found."""
    turn.reason = turn.wish.reason.strip()
    turn.log["way"] = turn.wish.way
    if turn.wish.way == "visit":
        turn.log["visit"] = keep_visit(turn, "again")


def minuted(turn: Turn) -> None:
    """The township's minutes and opinion."""
    turn.log |= {"minutes": turn.wish.minutes.strip(), "opinion": turn.wish.opinion.strip()}


def proposed(turn: Turn) -> None:
    """The amount is computed and written down as it will be published."""
    found = turn.found or require_eligible(turn.work, turn.facts, turn.on)
    keep(turn.case, found)
    turn.case.review_class = found.review_class or turn.case.review_class
    turn.log |= {"opinion": turn.wish.opinion.strip(), "monthly_fen": found.monthly_fen, "digest": found.digest}


def granted(turn: Turn) -> None:
    """Paid from the month after the decision; the first review is due by the class."""
    case = turn.case
    case.decided_on, case.document = turn.on, getattr(turn.wish, "document", "").strip()
    case.effective_month = str(Period.of(turn.on).next())
    case.last_month = ""
    plan_review(turn)
    turn.log |= {"effective_month": case.effective_month, "monthly_fen": case.monthly_fen}


def refused(turn: Turn) -> None:
    """Refused with reasons and rule; what hangs is taken down."""
    case = turn.case
    if case.state == "noticing_2":
        withdraw_running(turn, turn.wish.reason.strip())
    turn.reason = turn.wish.reason.strip()
    case.decided_on, case.reason = turn.on, turn.reason
    turn.log["rule"] = turn.wish.rule.strip()
    keep_explanation(turn.work, case, turn.facts, turn.on)


def ended_early(turn: Turn) -> None:
    """The application ended without a decision."""
    turn.reason = turn.wish.reason.strip() or _("申请人撤回")
    if turn.case.state in ("noticing_1", "noticing_2"):
        withdraw_running(turn, turn.reason)
    turn.case.reason = turn.reason
    if turn.event == "withdraw":
        turn.log["signer"] = turn.wish.signer.strip()


def suspended(turn: Turn) -> None:
    """Not paid from a month on."""
    turn.reason = turn.wish.reason.strip()
    turn.log["effective_month"] = turn.wish.from_month or str(Period.of(turn.on).next())


def reviewed(turn: Turn) -> None:
    """Compute anew from the facts of the day; the new amount counts from the month after."""
    case = turn.case
    before = case.monthly_fen or 0
    case.counted_on = turn.on
    found = turn.found
    after = found.monthly_fen if found is not None and found.eligible else 0
    outcome = "stop" if not after else "increase" if after > before else "decrease" if after < before else "same"
    month = str(Period.of(turn.on).next())
    turn.work.session.add(
        Review(
            case_id=turn.number,
            kind=turn.wish.kind,
            was_due_on=case.review_due_on,
            done_on=turn.on,
            outcome=outcome,
            before_fen=before,
            after_fen=after,
            effective_month=month if outcome != "same" else "",
            reason=turn.wish.reason.strip(),
            recorded_at=turn.work.now,
            recorded_by=turn.work.actor.account_id,
        )
    )
    turn.reason = turn.wish.reason.strip()
    turn.log |= {"outcome": outcome, "before_fen": before, "after_fen": after}
    if outcome == "stop":
        turn.to_state = "closed"
        _close(
            turn, str(Period(month).previous()), (found.reason if found else "") or turn.reason or _("复核不再符合条件")
        )
    elif found is not None:
        keep(case, found)
        case.review_class = found.review_class or case.review_class
        plan_review(turn)
    if outcome != "same":
        turn.log["effective_month"] = month


def phased_out(turn: Turn) -> None:
    """Paid unchanged for some months more, then closed."""
    months = turn.work.policy(turn.kind.phase_out_key, on=turn.on)
    first = turn.wish.from_month or str(Period.of(turn.on).next())
    turn.reason = turn.wish.reason.strip()
    turn.case.last_month = str(Period(first).plus(months - 1))
    turn.log |= {"effective_month": first, "until_month": turn.case.last_month}


def phase_out_closed(turn: Turn) -> None:
    """The last month was paid."""
    _close(turn, turn.case.last_month, _("渐退期满"))


def stopped(turn: Turn) -> None:
    """Not paid from a month on; the letter tells why."""
    month = turn.wish.from_month or str(Period.of(turn.on).next())
    turn.log["effective_month"] = month
    turn.case.document = turn.wish.document.strip() or turn.case.document
    _close(turn, str(Period(month).previous()), turn.wish.reason.strip())


def overturned(turn: Turn) -> None:
    """The decision was overturned: the case is reviewed again, or goes on being paid."""
    case = turn.case
    turn.reason = turn.wish.reason.strip() or turn.wish.document.strip()
    turn.log["document"] = turn.wish.document.strip()
    if turn.to_state == "active":
        first = Period(case.last_month).next() if case.last_month else Period.of(turn.on)
        turn.log["effective_month"] = turn.wish.from_month or str(first)
        case.last_month = ""
        plan_review(turn)
    else:
        case.decided_on = None


def waits(turn: Turn) -> None:
    """The clock stands still from here."""
    turn.reason = turn.wish.reason.strip()
    turn.case.waiting_since = turn.on


def goes_on(turn: Turn) -> None:
    """The clock runs again: the limits move on by the working days that were waited."""
    case, calendar = turn.case, calendar_of(turn.work)
    waited = calendar.between(case.waiting_since or turn.on, turn.on)
    if case.due_on is not None:
        case.due_on = calendar.add(case.due_on, waited)
    if case.step_due_on is not None:
        case.step_due_on = calendar.add(case.step_due_on, waited)
    case.waiting_since = None
    turn.log["waited"] = waited


def plan_review(turn: Turn) -> None:
    """When the family is looked at again: by its class, counted from this look."""
    case = turn.case
    months = turn.work.policy(f"review.months_{(case.review_class or 'C').lower()}", on=turn.on, area=case.area)
    case.reviewed_on, case.review_due_on = turn.on, months_after(turn.on, months)


def decision_of(turn: Turn, outcome: Outcome) -> CaseDecided:
    """What is told of a decision, once the case is written."""
    from plugins.casework.facts import facts_of

    case = turn.case
    return CaseDecided(
        case=facts_of(turn.work, case),
        outcome=outcome,
        on=turn.on,
        effective_month=turn.log.get("effective_month") or case.effective_month,
        monthly_fen=turn.log.get("after_fen", case.monthly_fen or 0),
        reason=turn.reason or case.reason,
        document=case.document,
        until_month=turn.log.get("until_month", ""),
    )


def recompute(turn: Turn) -> None:
    """Ask the rules once more, for a review."""
    from dataclasses import replace

    turn.found = computed(turn.work, replace(turn.facts, counted_on=turn.on), turn.on)


def _look_again(turn: Turn) -> None:
    turn.case.reinvestigated = True
    if turn.case.state == "noticing_2":
        withdraw_running(turn, turn.reason)


def _close(turn: Turn, last_month: str, reason: str) -> None:
    case = turn.case
    case.last_month, case.reason, turn.reason = last_month, reason[:400], reason[:400]
    case.review_due_on = None


def enter_papers(turn: Turn) -> None:
    """Papers and signatures that came with the submission are entered before it is looked at."""
    for kind in turn.wish.papers:
        hand_in(turn, kind)
    if turn.wish.signed_by:
        people = chosen(turn.work, turn.wish.signed_by, turn.facts.member_ids, "signed_by")
        signing = update(Member).where(col(Member.case_id) == turn.number, col(Member.person_id).in_(people))
        turn.work.session.execute(signing.values(signed_on=turn.on))
    turn.log["papers"] = list(turn.wish.papers)


EFFECTS: Mapping[str, Effect] = {
    "accept": accepted,
    "return": sent_back,
    "reject_formally": ended_early,
    "check_report": reported,
    "visit_done": visited,
    "ballot_pass": vote_passed,
    "ballot_fail": vote_failed,
    "objection": went_back,
    "done": looked_again,
    "minutes_ok": minuted,
    "propose_grant": proposed,
    "return_to_township": back_to_township,
    "period_end": granted,
    "refuse": refused,
    "suspend": suspended,
    "resume": suspended,
    "review": reviewed,
    "phase_out": phased_out,
    "period_over": phase_out_closed,
    "stop": stopped,
    "withdraw": ended_early,
    "appeal_won": overturned,
    "ask_applicant": waits,
    "supplied": goes_on,
}
DECISIONS: Mapping[str, Outcome] = {
    "period_end": "granted",
    "refuse": "refused",
    "suspend": "suspended",
    "resume": "resumed",
    "phase_out": "phasing_out",
    "stop": "stopped",
}
"""Events that are a decision, and what is told of it."""
