"""What the decision of a case means for dibao: an award version, and what benefits pays from when."""

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Clash, Period, _
from plugins.benefits.api import (
    NewEnrolment,
    change_decided,
    cover,
    end_decided,
    enrol_decided,
    go_on_decided,
    pause_decided,
    plan_end_decided,
    reopen_decided,
    rounded,
)
from plugins.dibao.awards import amount_in, newest, terms_of
from plugins.dibao.computing import assess_case
from plugins.dibao.explaining import EXACT
from plugins.dibao.models import Award
from plugins.dibao.services.calculating import calculate
from plugins.dibao.services.margins import leave_quietly
from plugins.dibao.words import SCHEME

if TYPE_CHECKING:
    from core.api import UnitOfWork
    from plugins.casework.api import CaseAdvanced, CaseDecided
    from plugins.dibao.engine.assessing import Assessed
    from plugins.dibao.engine.facts import Rules

_SHOWN_AGAIN = ("submit", "check_report", "propose_grant", "review")


def follow_step(work: "UnitOfWork", advanced: "CaseAdvanced") -> None:
    """Work a case out anew for its page after a step that looks at it."""
    if advanced.event in _SHOWN_AGAIN:
        calculate(work, advanced.case)


def follow_decision(work: "UnitOfWork", decided: "CaseDecided") -> None:
    """Carry out a decision on a dibao case."""
    match decided.outcome:
        case "granted":
            _grant(work, decided)
        case "changed":
            _change(work, decided)
        case "suspended" | "resumed":
            _pause(work, decided)
        case "stopped":
            _stop(work, decided)
        case "phasing_out":
            _phase_out(work, decided)
        case "reinstated":
            _reinstate(work, decided)


def _grant(work: "UnitOfWork", decided: "CaseDecided") -> None:
    case = decided.case
    found, rules = assess_case(work, case, decided.on)
    if found.total_fen != decided.monthly_fen:
        raise Clash(_("测算结果与公示不一致，请重新测算"))
    enrolment = enrol_decided(
        work,
        NewEnrolment(
            scheme=SCHEME,
            category=case.area_kind,
            person_id=case.applicant_id,
            from_month=decided.effective_month,
            group_id=case.group_id,
            member_ids=[one.id for one in found.counted_people],
            terms=found.terms,
            reason=decided.reason or _("审核确认"),
            source=case.number,
        ),
    )
    leave_quietly(work, case.id, _("已纳入低保"))
    _write(work, decided, (found, rules), enrolment)


def _change(work: "UnitOfWork", decided: "CaseDecided") -> None:
    before = _award_before(work, decided)
    found, rules = assess_case(work, decided.case, decided.on)
    change_decided(
        work,
        before.enrolment_id,
        decided.effective_month,
        found.terms,
        category=decided.case.area_kind if decided.case.area_kind != before.category else "",
        reason=decided.reason,
    )
    cover(work, before.enrolment_id, [one.id for one in found.counted_people])
    _write(work, decided, (found, rules), before.enrolment_id)


def _pause(work: "UnitOfWork", decided: "CaseDecided") -> None:
    before = _award_before(work, decided)
    act = pause_decided if decided.outcome == "suspended" else go_on_decided
    act(work, before.enrolment_id, decided.effective_month, decided.reason or _("审核决定"))
    _repeat(work, decided, before, 0 if decided.outcome == "suspended" else _amount(work, before, decided))


def _stop(work: "UnitOfWork", decided: "CaseDecided") -> None:
    before = _award_before(work, decided)
    last = str(Period(decided.effective_month).previous())
    end_decided(work, before.enrolment_id, last, decided.reason or _("停发"))
    _repeat(work, decided, before, 0)


def _phase_out(work: "UnitOfWork", decided: "CaseDecided") -> None:
    """What was paid last is paid on unchanged, whatever the standard does, up to the last month."""
    before = _award_before(work, decided)
    last = str(Period(decided.effective_month).previous())
    amount = amount_in(work, before, last).total_fen
    fixed = {**terms_of(before), "amount_fen": amount}
    change_decided(work, before.enrolment_id, decided.effective_month, fixed, reason=decided.reason or _("渐退"))
    plan_end_decided(work, before.enrolment_id, decided.until_month, decided.reason or _("渐退"))
    _repeat(work, decided, before, amount, terms=json.dumps(fixed, sort_keys=True))


def _reinstate(work: "UnitOfWork", decided: "CaseDecided") -> None:
    before = _award_before(work, decided)
    reopen_decided(work, before.enrolment_id, decided.reason or _("恢复"))
    _repeat(work, decided, before, _amount(work, before, decided))


def _award_before(work: "UnitOfWork", decided: "CaseDecided") -> Award:
    found = newest(work, decided.case.id)
    if found is None:
        raise Clash(_("{number} 还没有核定过补助", number=decided.case.number))
    return found


def _amount(work: "UnitOfWork", before: Award, decided: "CaseDecided") -> int:
    return amount_in(work, before, decided.effective_month).total_fen


def _write(work: "UnitOfWork", decided: "CaseDecided", by: "tuple[Assessed, Rules]", enrolment: int) -> None:
    found, rules = by
    counted = found.income.total if found.income is not None else found.per_capita
    _add(
        work,
        decided,
        members=len(found.counted_people),
        enrolment_id=enrolment,
        counted_num=counted.numerator,
        counted_den=counted.denominator,
        per_capita_num=found.per_capita.numerator,
        per_capita_den=found.per_capita.denominator,
        standard_fen=found.standard or 0,
        base_fen=rounded(found.award.base, EXACT) if found.award else 0,
        supplements=json.dumps(
            [
                {"person": one.person_id, "kind": one.kind, "fen": [one.fen.numerator, one.fen.denominator]}
                for one in found.given
            ]
        ),
        total_fen=found.total_fen,
        rounding=rules.word("rounding"),
        policies=json.dumps(dict(rules.versions), sort_keys=True),
        terms=json.dumps(dict(found.terms), sort_keys=True),
        digest=found.digest,
        review_class=found.review_class,
    )


def _repeat(work: "UnitOfWork", decided: "CaseDecided", before: Award, total_fen: int, terms: str = "") -> None:
    """The next version by the same facts: only what is paid differs."""
    kept = (
        "members", "enrolment_id", "counted_num", "counted_den", "per_capita_num", "per_capita_den", "standard_fen",
        "base_fen", "supplements", "rounding", "policies", "digest", "review_class",
    )  # fmt: skip
    _add(
        work,
        decided,
        **{name: getattr(before, name) for name in kept},
        terms=terms or before.terms,
        total_fen=total_fen,
    )


def _add(work: "UnitOfWork", decided: "CaseDecided", **facts: Any) -> None:
    case = decided.case
    before = newest(work, case.id)
    version = work.session.scalar(select(func.max(col(Award.version))).where(col(Award.case_id) == case.id)) or 0
    row = Award(
        case_id=case.id,
        version=version + 1,
        outcome=decided.outcome,
        effective_month=decided.effective_month,
        until_month=decided.until_month,
        category=case.area_kind,
        area=case.area,
        before_fen=before.total_fen if before is not None else 0,
        reason=decided.reason[:400],
        decided_on=decided.on,
        decided_at=work.now,
        decided_by=work.actor.account_id,
        **facts,
    )
    work.session.add(row)
    work.session.flush()
    work.record(
        "dibao.awarded",
        f"case:{case.number}",
        area=case.area,
        reason=decided.reason,
        outcome=decided.outcome,
        version=row.version,
        from_month=decided.effective_month,
        total_fen=row.total_fen,
        digest=row.digest,
    )
