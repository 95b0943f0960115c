"""Objections: taken down with who and what sealed, verified within working days, decided with a reason."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlmodel import col

from core.api import NotFound, UnitOfWork, _, calendar_of, mark, refuse
from plugins.notices.api import ObjectionDecided
from plugins.notices.models import Line, Notice, NoticeObjection, Posting
from plugins.notices.queries import own_notice
from plugins.notices.services import void
from plugins.notices.sheets import read_content
from plugins.notices.states import require_day, require_state

WHO_COLUMN = "notices_objection.who_sealed"
TEXT_COLUMN = "notices_objection.text_sealed"


class NewObjection(BaseModel):
    """What somebody says against a notice; ``who`` may stay empty, ``position`` is the line it is about."""

    way: Literal["written", "oral"] = Field(title=mark("方式"))
    text: str = Field(min_length=1, max_length=2000, title=mark("异议内容"))
    received_on: date = Field(title=mark("收到日期"))
    who: str = Field(default="", max_length=80, title=mark("反映人"))
    position: int | None = Field(default=None, ge=1, title=mark("针对第几行"))


class Decision(BaseModel):
    """What was found out: the objection is upheld or not, with the reason that is told."""

    outcome: Literal["upheld", "rejected"] = Field(title=mark("核实结果"))
    reason: str = Field(min_length=1, max_length=200, title=mark("理由"))
    decided_on: date = Field(title=mark("核实日期"))


def take_objection(work: UnitOfWork, notice_id: int, wish: NewObjection) -> NoticeObjection:
    """Take an objection down; it must be verified within the working days of the policy."""
    notice = own_notice(work, notice_id, "notices.object")
    require_state(notice.state, "object")
    first = work.session.scalar(select(func.min(col(Posting.posted_on))).where(col(Posting.notice_id) == notice_id))
    require_day(work, wish.received_on, first or notice.opened_on, "received_on")
    if wish.position is not None and wish.position > len(read_content(notice)["rows"]):
        raise refuse(_("公示单上没有第 {row} 行", row=wish.position), field="position", code="E_FIELD")
    days = work.policy("notices.verification_working_days", on=wish.received_on, area=notice.area)
    number = next(iter(work.next_ids("notices_objection", 1)))
    objection = NoticeObjection(
        id=number,
        notice_id=notice_id,
        position=wish.position,
        way=wish.way,
        who_sealed=work.keys.seal(WHO_COLUMN, number, wish.who.strip()) if wish.who.strip() else None,
        text_sealed=work.keys.seal(TEXT_COLUMN, number, wish.text.strip()),
        received_on=wish.received_on,
        due_on=calendar_of(work).add(wish.received_on, days),
        recorded_at=work.now,
        recorded_by=work.actor.account_id,
    )
    work.session.add(objection)
    work.session.flush()
    after = {"objection": number, "way": wish.way, "received_on": wish.received_on, "due_on": objection.due_on}
    work.record("notices.objected", f"notice:{notice_id}", area=notice.area, after=after, number=notice.number)
    return objection


def decide_objection(work: UnitOfWork, objection_id: int, wish: Decision) -> NoticeObjection:
    """Say what came of an objection. Upheld, it strikes its line, or withdraws the whole sheet."""
    objection, notice = own_objection(work, objection_id, "notices.decide")
    require_state(notice.state, "decide")  # a withdrawn notice too: whoever objected is told
    if objection.outcome:
        raise refuse(_("这条异议已经核实过"), code="E_NOTICE_STATE")
    require_day(work, wish.decided_on, objection.received_on, "decided_on")
    objection.outcome, objection.outcome_reason = wish.outcome, wish.reason.strip()
    objection.decided_on, objection.decided_by = wish.decided_on, work.actor.account_id
    work.session.add(objection)
    work.session.flush()
    if wish.outcome == "upheld" and objection.position is None and notice.state != "withdrawn":
        void(work, notice, wish.decided_on, _("异议成立：{reason}", reason=wish.reason.strip()))
    decided = ObjectionDecided(
        notice_id=notice.id or 0,
        type=notice.type,
        subject=notice.subject,
        area=notice.area,
        objection_id=objection_id,
        position=objection.position,
        person_id=_person_on(work, objection),
        upheld=wish.outcome == "upheld",
        reason=wish.reason.strip(),
        on=wish.decided_on,
    )
    work.hooks.announce("notices_objection_decided", work=work, decided=decided)
    after = {"objection": objection_id, "outcome": wish.outcome, "decided_on": wish.decided_on}
    work.record(
        "notices.decided",
        f"notice:{notice.id}",
        area=notice.area,
        reason=wish.reason,
        after=after,
        number=notice.number,
    )
    return objection


def own_objection(work: UnitOfWork, objection_id: int, permission: str) -> tuple[NoticeObjection, Notice]:
    """An objection to a notice of one's area; elsewhere it is as if there were none (``NotFound``)."""
    work.require(permission)
    objection = work.session.get(NoticeObjection, objection_id)
    if objection is None:
        raise _nothing()
    try:
        return objection, own_notice(work, objection.notice_id, permission)
    except NotFound:
        raise _nothing() from None


def said(work: UnitOfWork, objection: NoticeObjection) -> tuple[str, str]:
    """Who objected and what was said, opened; the caller has recorded the reading."""
    number = objection.id or 0
    who = work.keys.unseal(WHO_COLUMN, number, objection.who_sealed) if objection.who_sealed else ""
    return who, work.keys.unseal(TEXT_COLUMN, number, objection.text_sealed)


def _nothing() -> NotFound:
    return NotFound(_("没有找到这条异议，或不在你的辖区"))


def _person_on(work: UnitOfWork, objection: NoticeObjection) -> int | None:
    if objection.position is None:
        return None
    return work.session.scalar(
        select(col(Line.person_id)).where(
            col(Line.notice_id) == objection.notice_id, col(Line.position) == objection.position
        )
    )
