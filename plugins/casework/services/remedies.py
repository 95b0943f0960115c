"""Leads to families in need, and appeals against decisions."""

from sqlalchemy import select
from sqlmodel import col

from core.api import NotFound, UnitOfWork, _, calendar_of, find_person, refuse, scoped
from plugins.casework.clocks import months_after
from plugins.casework.models import Appeal, Lead
from plugins.casework.moves import APPLY, HANDLE
from plugins.casework.queries import own_case
from plugins.casework.services.advancing import advance
from plugins.casework.services.turns import day_of
from plugins.casework.wishes import AddLead, DecideAppeal, DismissLead, FileAppeal, StepData

LEAD_TEXT, APPEAL_TEXT = "casework_lead.text", "casework_appeal.text"


def add_lead(work: UnitOfWork, wish: AddLead) -> Lead:
    """Write down that a family may be in need; somebody goes there within the days of the policy."""
    person = find_person(work, wish.person)
    work.require(APPLY, person.hukou_area)
    on = day_of(work, StepData(on=wish.found_on), None)
    row = next(iter(work.next_ids("casework_lead", 1)))
    lead = Lead(
        id=row,
        area=person.hukou_area,
        person_id=person.id or 0,
        first_person_id=person.id or 0,
        source=wish.source,
        text=work.keys.seal(LEAD_TEXT, row, wish.text),
        found_on=on,
        due_on=calendar_of(work).add(on, work.policy("casework.lead_working_days", on=on)),
        recorded_at=work.now,
        recorded_by=work.actor.account_id,
    )
    work.session.add(lead)
    work.session.flush()
    work.record("casework.lead_added", f"lead:{row}", area=lead.area, after={"source": wish.source, "on": on})
    return lead


def dismiss_lead(work: UnitOfWork, lead_id: int, wish: DismissLead) -> Lead:
    """Somebody went there: no application follows, for a reason."""
    work.require(APPLY)
    asked = scoped(work, select(Lead).where(col(Lead.id) == lead_id), Lead.area, APPLY)
    lead = work.session.scalars(asked).one_or_none()
    if lead is None:
        raise NotFound(_("没有找到这条线索，或不在你的辖区"))
    if lead.state != "open":
        raise refuse(_("这条线索已经办结"), field="reason", code="E_LEAD")
    lead.state, lead.reason = "dismissed", wish.reason.strip()
    work.session.add(lead)
    work.session.flush()
    work.record("casework.lead_dismissed", f"lead:{lead_id}", area=lead.area, reason=lead.reason)
    return lead


def file_appeal(work: UnitOfWork, number: str, wish: FileAppeal) -> Appeal:
    """Write down an appeal; one past its time is refused (行政复议法, 行政诉讼法)."""
    case = own_case(work, number, HANDLE)
    if case.decided_on is None and wish.kind != "complaint":
        raise refuse(_("还没有作出决定"), field="kind", code="E_SKIP_STEP")
    on = day_of(work, StepData(on=wish.filed_on), case.applied_on)
    known = case.decided_on or case.applied_on
    if wish.kind == "reconsideration":
        limit = work.policy("casework.reconsider_days", on=on)
        late = (on - known).days > limit
    else:
        late = wish.kind == "lawsuit" and on > months_after(known, work.policy("casework.sue_months", on=on))
    if late:
        raise refuse(_("已超过法定期限"), field="filed_on", code="E_APPEAL_LATE")
    row = next(iter(work.next_ids("casework_appeal", 1)))
    if wish.kind == "complaint":
        due = calendar_of(work).add(on, work.policy("casework.complaint_working_days", on=on))
    else:
        due = months_after(on, work.policy("casework.reconsideration_months", on=on))
    appeal = Appeal(
        id=row,
        case_id=case.id or 0,
        kind=wish.kind,
        filed_on=on,
        due_on=due,
        text=work.keys.seal(APPEAL_TEXT, row, wish.text) if wish.text else None,
        recorded_at=work.now,
        recorded_by=work.actor.account_id,
    )
    work.session.add(appeal)
    work.session.flush()
    work.record("casework.appealed", f"case:{case.number}", area=case.area, after={"kind": wish.kind, "on": on})
    return appeal


def decide_appeal(work: UnitOfWork, number: str, kind: str, wish: DecideAppeal) -> Appeal:
    """Write down how an appeal ended; one that was won takes the case up again."""
    case = own_case(work, number, HANDLE)
    asked = select(Appeal).where(col(Appeal.case_id) == case.id, col(Appeal.kind) == kind, col(Appeal.outcome) == "")
    appeal = work.session.scalars(asked).one_or_none()
    if appeal is None:
        raise NotFound(_("没有在办的申诉"))
    appeal.decided_on = day_of(work, StepData(on=wish.on), appeal.filed_on)
    appeal.outcome, appeal.document = wish.outcome, wish.document.strip()
    work.session.add(appeal)
    work.session.flush()
    after = {"kind": kind, "outcome": wish.outcome, "document": appeal.document, "on": appeal.decided_on}
    work.record("casework.appeal_decided", f"case:{case.number}", area=case.area, after=after)
    if wish.outcome == "won" and case.state in ("refused", "closed"):
        advance(
            work,
            case.number,
            "appeal_won",
            {"on": wish.on, "document": wish.document, "from_month": wish.from_month},
        )
    return appeal
