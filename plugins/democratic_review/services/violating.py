"""Villages that went on without a vote: noticed when money was paid or a case decided, or entered by an officer."""

from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from core.api import NotFound, Objection, Period, Refused, UnitOfWork, _, current_village, refuse, scoped
from plugins.democratic_review.gate import villages_without_list, votes_of_case
from plugins.democratic_review.models import Score, Violation
from plugins.democratic_review.ranking import quarter_of

if TYPE_CHECKING:
    from core.api import Payments
    from plugins.casework.api import CaseDecided, CaseFacts
    from plugins.democratic_review.wishes import EnterViolation, LiftViolation, SetScores

ASSESS = "democratic_review.assess"


def enter_violation(work: UnitOfWork, wish: "EnterViolation") -> Violation:
    """Enter a violation under a document."""
    village = current_village(work, wish.village, work.today, "village")
    work.require(ASSESS, village)
    if wish.quarter > quarter_of(work.today):
        raise refuse(_("季度还没有到"), field="quarter", code="E_BALLOT_DAY")
    if _known(work, village, wish.kind, wish.subject.strip()) is not None:
        raise refuse(_("这项违规已经登记过"), field="subject", code="E_VIOLATION_KNOWN")
    made = _write(
        work,
        Violation(
            area=village,
            quarter=wish.quarter,
            kind=wish.kind,
            subject=wish.subject.strip(),
            scheme=wish.scheme.strip(),
            source="entered",
            document=wish.document.strip(),
            note=wish.note.strip(),
            found_on=work.today,
            recorded_at=work.now,
            recorded_by=work.actor.account_id,
        ),
    )
    after = {"kind": made.kind, "subject": made.subject, "quarter": made.quarter, "document": made.document}
    work.record("democratic_review.violation_entered", f"violation:{made.id}", area=village, after=after)
    return made


def lift_violation(work: UnitOfWork, violation_id: int, wish: "LiftViolation") -> Violation:
    """Take a violation back for a reason; the entry stays."""
    work.require(ASSESS)
    asked = select(Violation).where(col(Violation.id) == violation_id)
    found = work.session.scalars(scoped(work, asked, col(Violation.area), ASSESS)).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这项违规，或不在你的辖区"))
    work.require(ASSESS, found.area)
    if found.lifted_on is not None:
        raise refuse(_("这项违规已经撤销"), code="E_VIOLATION_LIFTED")
    found.lifted_on, found.lifted_why = work.today, wish.why.strip()
    work.session.add(found)
    work.session.flush()
    work.record(
        "democratic_review.violation_lifted", f"violation:{violation_id}", area=found.area, reason=found.lifted_why
    )
    return found


def notice_payments(work: UnitOfWork, payments: "Payments") -> None:
    """Enter a violation for every village that was paid a list of a named scheme without its panel's vote."""
    if payments.scheme not in work.policy("democratic_review.ballot_schemes"):
        return
    for village in sorted(villages_without_list(work, payments)):
        _detect(work, village, "paid", f"{payments.scheme}:{payments.period}", payments.scheme, payments.period)


def notice_decision(work: UnitOfWork, decided: "CaseDecided") -> None:
    """Enter a violation when a case that needs a ballot was granted without one; urgent cases need none."""
    case = decided.case
    if decided.outcome != "granted" or case.urgent:
        return
    if case.type not in work.policy("democratic_review.decision_types"):
        return
    if _had_to_vote(work, case) and not votes_of_case(work, case.number):
        _detect(work, case.area, "decided", case.number, case.type, Period.of(decided.on))


def _had_to_vote(work: UnitOfWork, case: "CaseFacts") -> bool:
    """Whether the flow of a case, where its policy is named as flows are, always goes before the panel."""
    key, on, area = f"{case.type}.flow", case.applied_on, case.area
    required = work.policy("ballot.required", on=on, area=area)
    if key in work.host.policies.keys:
        steps = [one for one in work.policy(key, on=on, area=area)["steps"] if one["step"] == "ballot"]
        required = steps[0].get("when", required) if steps else "never"
    return required == "always"


def set_scores(work: UnitOfWork, wish: "SetScores") -> int:
    """Keep the points of villages in a quarter; a second word of a village takes the place of the first."""
    work.require(ASSESS, work.settings.county.code)
    villages = {code: current_village(work, code, work.today, f"scores.{code}") for code in wish.scores}
    wrong = [code for code, points in wish.scores.items() if not points.is_finite() or points < 0 or points * 100 % 1]
    if wrong:
        raise Refused(
            Objection(
                field=f"scores.{code}", reason=_("得分最多两位小数，不小于零：{village}", village=code), code="E_FIELD"
            )
            for code in wrong
        )
    for code, points in wish.scores.items():
        kept = work.session.get(Score, (villages[code], wish.quarter)) or Score(
            area=villages[code], quarter=wish.quarter, hundredths=0, recorded_at=work.now, recorded_by=0
        )
        kept.hundredths, kept.document = int(points * Decimal(100)), wish.document.strip()
        kept.recorded_at, kept.recorded_by = work.now, work.actor.account_id
        work.session.add(kept)
    work.session.flush()
    work.record(
        "democratic_review.scores_set", f"quarter:{wish.quarter}", after={"count": len(villages)}, quarter=wish.quarter
    )
    return len(villages)


def _detect(work: UnitOfWork, village: str, kind: str, subject: str, scheme: str, period: str) -> None:
    if _known(work, village, kind, subject) is not None:
        return
    made = _write(
        work,
        Violation(
            area=village,
            quarter=quarter_of(Period(period).first_day),
            kind=kind,
            subject=subject,
            scheme=scheme,
            source="detected",
            found_on=work.today,
            recorded_at=work.now,
            recorded_by=work.actor.account_id,
        ),
    )
    after = {"kind": kind, "subject": subject, "quarter": made.quarter}
    work.record("democratic_review.violation_detected", f"violation:{made.id}", area=village, after=after)


def _write(work: UnitOfWork, violation: Violation) -> Violation:
    work.session.add(violation)
    work.session.flush()
    return violation


def _known(work: UnitOfWork, village: str, kind: str, subject: str) -> Violation | None:
    asked = select(Violation).where(
        col(Violation.area) == village, col(Violation.kind) == kind, col(Violation.subject) == subject
    )
    return work.session.scalars(asked).first()
