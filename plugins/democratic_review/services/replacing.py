"""Put a right record in the place of a wrong one: the old one stays, the new one names it and says why."""

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from core.api import Refused, UnitOfWork, _, refuse
from plugins.casework.api import find_case
from plugins.democratic_review.models import Attendance, Entry, Item, Member, Panel, Posting, Recusal, Session
from plugins.democratic_review.queries import members_on, own_item, replaced
from plugins.democratic_review.services.judging import Judged, Meeting, count
from plugins.democratic_review.services.recording import RECORD, Recorded, present_members, write

if TYPE_CHECKING:
    from plugins.democratic_review.wishes import ReplaceBallot


def replace_ballot(work: UnitOfWork, item_id: int, wish: "ReplaceBallot") -> Recorded:
    """Record a vote anew under the same frame; refused once the case went on or the result of a list was posted."""
    old = own_item(work, item_id, RECORD)
    work.require(RECORD, old.area)
    _refuse_late(work, old)
    session = work.session.get_one(Session, old.session_id)
    meeting, attending = _meeting(work, session, wish)
    case = find_case(work, old.case_number, RECORD) if old.kind == "case" else None
    if "recused" not in wish.model_fields_set:
        wish = wish.model_copy(update={"recused": _recused(work, old)})
    wrong, counted = count(work, meeting, wish, case)
    if wrong or counted is None:
        raise Refused(wrong)
    kept = ("kind", "subject", "title", "case_number", "scheme", "reference", "round", "ground", "reason")
    columns = {
        **{name: getattr(old, name) for name in kept},
        **counted.columns,
        "replaces": old.id,
        "replaced_why": wish.why.strip(),
    }
    entry = None
    if old.entry_id is not None:
        number = old.entry_id
        entry = lambda unit: unit.session.get_one(Entry, number)  # noqa: E731 - written where it is used
    done = write(work, meeting, attending, [Judged(columns, counted.counts, counted.recusals, entry)])
    after = {"item": done.items[0].id, "replaces": old.id}
    work.record(
        "democratic_review.ballot_replaced", f"ballot:{old.session_id}", area=old.area, reason=wish.why, after=after
    )
    return done


def _refuse_late(work: UnitOfWork, old: Item) -> None:
    if replaced(work, [old.id or 0]):
        raise refuse(_("这项记录已经更正过，请更正最新的一项"), code="E_BALLOT_REPLACED")
    if old.entry_id is not None and work.session.get_one(Entry, old.entry_id).left_on is not None:
        raise refuse(_("不得越过流程：案件已经进入下一环节，不能更正票决记录"), code="E_SKIP_STEP")
    if old.entry_id is None and work.session.get(Posting, old.session_id) is not None:
        raise refuse(_("结果已经张贴，不能更正；有新的事实或者异议成立的，重新票决"), code="E_SKIP_STEP")


def _meeting(work: UnitOfWork, session: Session, wish: "ReplaceBallot") -> tuple[Meeting, list[Member]]:
    """The frame of the old vote, with who was present put right where the wish says so."""
    seated = list(members_on(work, session.panel_id, session.held_on))
    if isinstance(wish.present, int):
        attending, present = [], wish.present
    elif wish.present is not None:
        attending = present_members(seated, wish.present)
        present = len(attending)
    else:
        there = set(_attendance(work, session.id or 0))
        attending, present = [one for one in seated if one.id in there], session.present
    if not 1 <= present <= len(seated):
        reason = _("评审团 {seats} 人，到会不能是 {present} 人", seats=len(seated), present=present)
        raise refuse(reason, field="present", code="E_BALLOT_SUM")
    on, area = session.held_on, session.area
    meeting = Meeting(
        village=area,
        on=on,
        panel=work.session.get_one(Panel, session.panel_id),
        members=seated,
        present=present,
        attending=frozenset(one.id or 0 for one in attending) if attending else None,
        quorum=work.policy("ballot.quorum", on=on, area=area),
        pass_ratio=work.policy("ballot.pass_ratio", on=on, area=area),
        voters_minimum=work.policy("democratic_review.voters_minimum", on=on, area=area),
        place=session.place,
        observer=session.observer,
        scrutineer=session.scrutineer,
        announced=session.announced,
    )
    return meeting, attending


def _attendance(work: UnitOfWork, session_id: int) -> list[int]:
    asked = select(col(Attendance.member_id)).where(col(Attendance.session_id) == session_id)
    return list(work.session.scalars(asked))


def _recused(work: UnitOfWork, old: Item) -> "int | list[object]":
    """Who left before the old vote: by name where they are known, else how many."""
    from plugins.democratic_review.wishes import NewRecusal

    asked = select(col(Recusal.member_id), col(Recusal.relation)).where(col(Recusal.item_id) == old.id)
    known = work.session.execute(asked).all()
    if len(known) != old.recused:
        return old.recused
    return [NewRecusal(member=str(row.member_id), relation=row.relation) for row in known]
