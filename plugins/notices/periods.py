"""Whether a notice has run its course: each level's period, its proof, and what was said against it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import NotFound, Objection, Refused, _, calendar_of
from plugins.notices.api import Completion, Unfinished
from plugins.notices.models import Notice, NoticeObjection, Posting
from plugins.notices.states import LEVELS

if TYPE_CHECKING:
    from core.api import UnitOfWork


def last_day(work: "UnitOfWork", posted_on: date, days: int, kind: str) -> date | None:
    """The last day of a period: day 1 is the day after (民法典 art. 201); a rest day moves it on (art. 203).

    ``kind`` is "calendar", or "working" where a province counts working days. None for a notice without end.
    """
    if not days:
        return None
    calendar = calendar_of(work)
    if kind == "working":
        return calendar.add(posted_on, days)
    end = posted_on + timedelta(days=days)
    return end if calendar.works(end) else calendar.add(end, 1)


def notice_by_id(work: "UnitOfWork", notice_id: int) -> Notice:
    """A notice wherever it is published; raises ``NotFound``."""
    notice = work.session.get(Notice, notice_id)
    if notice is None:
        raise NotFound(_("没有找到这份公示，或不在你的辖区"))
    return notice


def completion(work: "UnitOfWork", notice_id: int, on: date) -> Completion:
    """Whether the next step may be taken on a day, and what holds it up if not."""
    notice = notice_by_id(work, notice_id)
    postings = postings_of(work, notice_id)
    levels = notice.levels.split(",")
    slots = [best_of(level, [one for one in postings if one.level == level], on) for level in levels]
    unfinished = [slot for slot, _end in slots if slot is not None]
    objections = work.session.execute(
        select(col(NoticeObjection.outcome), col(NoticeObjection.position)).where(
            col(NoticeObjection.notice_id) == notice_id
        )
    ).all()
    waiting = sum(outcome == "" for outcome, _position in objections)
    withdrawn = notice.state == "withdrawn"
    return Completion(
        complete=not unfinished and not waiting and not withdrawn,
        from_day=None if withdrawn else next_day([end for _slot, end in slots]),
        unfinished=unfinished,
        objections_open=waiting,
        struck=sorted({place for outcome, place in objections if outcome == "upheld" and place is not None}),
        withdrawn=withdrawn,
    )


def require_complete(work: "UnitOfWork", notice_id: int, on: date) -> None:
    """Go on only with a complete notice; every level that holds it up is named with its day."""
    found = completion(work, notice_id, on)
    objections = [_short(one) for one in found.unfinished]
    if found.objections_open:
        reason = _("还有 {count} 条异议没有核实", count=found.objections_open)
        objections.append(Objection(reason=reason, code="E_NOTICE_OBJECTION"))
    if found.withdrawn:
        objections = [Objection(reason=_("这份公示已撤回，请重新公示"), code="E_NOTICE_SHORT")]
    if objections:
        raise Refused(objections)


def require_period_over(work: "UnitOfWork", notice_id: int, on: date) -> None:
    """Go on only when every level's period is over, whatever was objected; refused with ``E_NOTICE_SHORT``."""
    objections = [_short(one) for one in completion(work, notice_id, on).unfinished]
    if objections:
        raise Refused(objections)


def objections_open(work: "UnitOfWork", notice_id: int) -> int:
    """How many objections are not decided yet."""
    waiting = select(func.count()).where(
        col(NoticeObjection.notice_id) == notice_id, col(NoticeObjection.outcome) == ""
    )
    return work.session.scalar(waiting) or 0


def postings_of(work: "UnitOfWork", notice_id: int) -> Sequence[Posting]:
    """Every posting of a notice, oldest first."""
    asked = select(Posting).where(col(Posting.notice_id) == notice_id).order_by(col(Posting.id))
    return work.session.scalars(asked).all()


def next_day(ends: Sequence[date | None]) -> date | None:
    """The first day on which the next step may be taken, by the ends of all levels; None while one is unknown."""
    known = [end for end in ends if end is not None]
    return max(known) + timedelta(days=1) if len(known) == len(ends) else None


def best_of(level: str, postings: Sequence[Any], on: date) -> tuple[Unfinished | None, date | None]:
    """What holds a level up on a day (None = nothing), and the last day of the period that counts."""
    counting = [one for one in postings if not one.early]
    if not counting:
        return Unfinished(level=level, why="not_posted"), None
    posting = counting[-1]
    proven = posting.photo_hash is not None
    # A notice without end counts from the day after it went up.
    end = posting.ends_on or posting.posted_on
    if on <= end:
        return Unfinished(level=level, why="running", ends_on=end), end if proven else None
    return (None, end) if proven else (Unfinished(level=level, why="no_photo", ends_on=end), None)


def _short(one: Unfinished) -> Objection:
    level = _(LEVELS[one.level])
    match one.why:
        case "not_posted":
            reason = _("{level}还没有张贴，或提前揭下不算", level=level)
        case "no_photo":
            reason = _("{level}没有张贴照片，公示期不算", level=level)
        case _:
            reason = _("{level}公示到 {day} 期满，次日起才能办下一步", level=level, day=one.ends_on)
    return Objection(reason=reason, field="on", code="E_NOTICE_SHORT", hint=one.level)
