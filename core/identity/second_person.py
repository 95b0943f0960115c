"""What one officer asks for and another decides: corrections of identity, merges, taking back, erasure."""

import json
from typing import TYPE_CHECKING, Any

from core.errors import NotFound, refuse
from core.identity.corrections import Correction, correct_identity, merge_people, mergeable, read_correction
from core.identity.erasure import erasable_person, erase
from core.identity.events import CORRECTION, ERASED, MERGE, TAKEN_BACK
from core.identity.models.history import LifeEvent, Proposal
from core.identity.models.persons import Person
from core.identity.queries import id_of, seen_person, subject_of
from core.identity.rules import living_record
from core.identity.taking_back import standing_event, undo_event
from core.texts import _, mark

if TYPE_CHECKING:
    from core.work import UnitOfWork

TITLES = {
    CORRECTION: mark("身份更正"),
    MERGE: mark("档案合并"),
    TAKEN_BACK: mark("撤销"),
    ERASED: mark("到期清除"),
}
"""The kinds of proposals with their names."""

_WISH = "identity_proposal.wish_sealed"


def propose_correction(work: "UnitOfWork", person_id: int, wish: Correction, reason: str) -> Proposal:
    """Ask for a correction of identity; it is checked now and again when it is confirmed."""
    person = living_record(work, person_id)
    read_correction(work, person, wish)
    return _propose(work, CORRECTION, person, wish.model_dump(mode="json"), reason)


def propose_merge(work: "UnitOfWork", gone_id: int, kept_id: int, reason: str) -> Proposal:
    """Ask for one record to go into another."""
    work.require("person.change")
    gone, _kept = mergeable(work, gone_id, kept_id)
    return _propose(work, MERGE, gone, {"kept_id": kept_id}, reason)


def propose_erasure(work: "UnitOfWork", person_id: int, reason: str) -> Proposal:
    """Ask for a person whose time is over to be erased; it is checked now and again when it is confirmed."""
    return _propose(work, ERASED, erasable_person(work, person_id), {}, reason)


def take_back(work: "UnitOfWork", event_id: int, reason: str) -> LifeEvent | Proposal:
    """Take an event back. Done at once when the actor is a second person; else it waits for one.

    A second person holds ``person.confirm``, has proven who they are, and did not record the event.
    """
    work.require("person.change")
    event, person = standing_event(work, event_id)
    _need_reason(reason)
    first = event.confirmed_by or event.recorded_by
    if work.actor.account_id not in (first, event.recorded_by) and _may_confirm(work, person):
        return undo_event(work, event, person, reason.strip(), first)
    return _propose(work, TAKEN_BACK, person, {"event": event_id}, reason)


def confirm(work: "UnitOfWork", proposal_id: int) -> LifeEvent:
    """Carry out what somebody else asked for, as the second person."""
    proposal, person = _open_proposal(work, proposal_id)
    if proposal.proposed_by == work.actor.account_id:
        raise refuse(_("提出的人不能自己确认，请由另一人办理"), code="E_SECOND_PERSON")
    wish = proposal_wish(work, proposal)
    first = proposal.proposed_by
    _decide(work, proposal, "confirmed")
    if proposal.kind == CORRECTION:
        correction = Correction.model_validate(wish)
        return correct_identity(
            work, living_record(work, id_of(person), "person.show"), correction, proposal.reason, first
        )
    if proposal.kind == MERGE:
        return merge_people(work, id_of(person), wish["kept_id"], proposal.reason, first)
    if proposal.kind == ERASED:
        return erase(work, living_record(work, id_of(person), "person.show"), proposal)
    event, holder = standing_event(work, wish["event"])
    return undo_event(work, event, holder, proposal.reason, first)


def turn_down(work: "UnitOfWork", proposal_id: int, reason: str) -> Proposal:
    """Say no to what was asked for; whoever asked may also withdraw it."""
    proposal, person = _open_proposal(work, proposal_id, "person.change")
    _need_reason(reason)
    if proposal.proposed_by == work.actor.account_id:
        raise refuse(_("自己提出的事项由另一人决定"), code="E_SECOND_PERSON")
    _decide(work, proposal, "refused")
    work.record(
        "person.proposal_refused", subject_of(person), area=person.hukou_area, reason=reason, proposal=proposal_id
    )
    return proposal


def proposal_wish(work: "UnitOfWork", proposal: Proposal) -> dict[str, Any]:
    """What a proposal asks for, opened; plain numbers stay inside services."""
    wish: dict[str, Any] = json.loads(work.keys.unseal(_WISH, proposal.id or 0, proposal.wish_sealed))
    return wish


def _propose(work: "UnitOfWork", kind: str, person: Person, wish: dict[str, Any], reason: str) -> Proposal:
    _need_reason(reason)
    row = work.next_ids("identity_proposal", 1)[0]
    proposal = Proposal(
        id=row,
        kind=kind,
        person_id=id_of(person),
        area=person.hukou_area,
        wish_sealed=work.keys.seal(_WISH, row, json.dumps(wish, ensure_ascii=False)),
        reason=reason.strip(),
        proposed_by=work.actor.account_id,
        proposed_at=work.now,
    )
    work.session.add(proposal)
    work.session.flush()
    work.record(
        f"person.{kind}_proposed", subject_of(person), area=person.hukou_area, reason=proposal.reason, proposal=row
    )
    return proposal


def _open_proposal(work: "UnitOfWork", proposal_id: int, permission: str = "person.confirm") -> tuple[Proposal, Person]:
    work.require(permission)
    proposal = work.session.get(Proposal, proposal_id)
    person = None if proposal is None else seen_person(work, proposal.person_id, permission)
    if proposal is None or person is None:
        raise NotFound(_("没有找到这个待确认事项，或不在你的辖区"))
    if proposal.decided_by is not None:
        raise refuse(_("这个事项已经办过"), code="E_SAME")
    return proposal, person


def _decide(work: "UnitOfWork", proposal: Proposal, decision: str) -> None:
    proposal.decided_by, proposal.decided_at, proposal.decision = work.actor.account_id, work.now, decision
    work.session.add(proposal)
    work.session.flush()


def _may_confirm(work: "UnitOfWork", person: Person) -> bool:
    return any(work.may("person.confirm", area) for area in (person.hukou_area, person.residence_area))


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise refuse(_("请说明事由"), field="reason", code="E_REASON")
