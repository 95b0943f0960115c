"""Questions about notices, narrowed to the reader's areas; the public check alone asks without a right."""

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, literal, or_, select, union_all
from sqlmodel import col

from core.api import NotFound, UnitOfWork, _, area_names, row_id, scoped, within
from plugins.notices.codes import read_code
from plugins.notices.models import Line, Notice, NoticeObjection, Posting
from plugins.notices.periods import completion, postings_of
from plugins.notices.sheets import is_intact, read_content
from plugins.notices.states import RUNNING, level_area

if TYPE_CHECKING:
    from plugins.notices.api import Completion

INDEX = "notices.code"
"""The purpose of the blind index of check codes."""


@dataclass(frozen=True, kw_only=True)
class NoticeFilter:
    """What to list: ``after`` is the id of the last one on the page before."""

    state: str = ""
    type: str = ""
    area: str = ""
    number: str = ""
    subject: str = ""
    after: int = 0
    limit: int = 50


def own_notice(work: UnitOfWork, notice_id: int, permission: str = "notices.show") -> Notice:
    """A notice published in one's areas; elsewhere it is as if there were none (``NotFound``)."""
    work.require(permission)
    asked = select(Notice).where(col(Notice.id) == notice_id)
    notice = work.session.scalars(scoped(work, asked, Notice.area, permission)).one_or_none()
    if notice is None:
        raise NotFound(_("没有找到这份公示，或不在你的辖区"))
    return notice


def find_notice(work: UnitOfWork, text: str, permission: str = "notices.show") -> int:
    """The id of the notice meant by an id, a sheet number or a case number (its newest); raises ``NotFound``."""
    work.require(permission)
    meant = text.strip().upper()
    same = (
        col(Notice.id) == number
        if (number := row_id(meant))
        else or_(col(Notice.number) == meant, col(Notice.subject) == f"case:{meant}")
    )
    newest = select(col(Notice.id)).where(same).order_by(col(Notice.id).desc()).limit(1)
    found = work.session.scalar(scoped(work, newest, Notice.area, permission))
    if found is None:
        raise NotFound(_("没有找到这份公示，或不在你的辖区"))
    return found


def ids_of(work: UnitOfWork, subject: str) -> list[int]:
    """The ids of the notices opened for a subject, oldest first."""
    asked = select(col(Notice.id)).where(col(Notice.subject) == subject).order_by(col(Notice.id))
    return [one for one in work.session.scalars(asked) if one is not None] if subject else []


def list_notices(work: UnitOfWork, wish: NoticeFilter) -> list[dict[str, Any]]:
    """Notices of one's areas, newest first; one more than ``limit`` says that there are more."""
    work.require("notices.show")
    asked = select(Notice).order_by(col(Notice.id).desc()).limit(wish.limit + 1)
    if wish.state:
        asked = asked.where(col(Notice.state) == wish.state)
    if wish.type:
        asked = asked.where(col(Notice.type) == wish.type)
    if wish.area:
        asked = asked.where(within(col(Notice.area), [wish.area]))
    if wish.number:
        asked = asked.where(col(Notice.number) == wish.number.strip().upper())
    if wish.subject:
        asked = asked.where(col(Notice.subject) == wish.subject)
    if wish.after:
        asked = asked.where(col(Notice.id) < wish.after)
    rows = work.session.scalars(scoped(work, asked, Notice.area, "notices.show")).all()
    waiting = _waiting(work, [row.id or 0 for row in rows])
    ends = _ends(work, [row.id or 0 for row in rows])
    return [
        {**_line(row), "objections_open": waiting.get(row.id or 0, 0), "ends_on": ends.get(row.id or 0)} for row in rows
    ]


def show_notice(work: UnitOfWork, notice_id: int) -> dict[str, Any]:
    """One notice with its levels, postings, objections (without who and what) and whether it is complete today."""
    notice = own_notice(work, notice_id)
    found = completion(work, notice_id, work.today)
    content = read_content(notice)
    return {
        **_line(notice),
        "area_name": content["area_name"],
        "columns": [column["title"] for column in content["columns"]],
        "rows": content["rows"],
        "intact": is_intact(notice),
        "content_hash": notice.content_hash.hex(),
        "reason": notice.reason,
        "levels": [_level(work, notice, level, found) for level in notice.levels.split(",")],
        "postings": [_posting(one) for one in postings_of(work, notice_id)],
        "objections": [objection_line(one) for one in objections_to(work, notice_id)],
        "complete": found.complete,
        "from_day": found.from_day,
        "struck": list(found.struck),
        "contacts": content["contacts"],
        "version": notice.version,
    }


def objections_to(work: UnitOfWork, notice_id: int) -> Sequence[NoticeObjection]:
    """The objections to a notice, oldest first."""
    asked = select(NoticeObjection).where(col(NoticeObjection.notice_id) == notice_id)
    return work.session.scalars(asked.order_by(col(NoticeObjection.id))).all()


def objection_line(one: NoticeObjection) -> dict[str, Any]:
    """An objection without who said what."""
    return {
        "id": one.id,
        "position": one.position,
        "way": one.way,
        "received_on": one.received_on,
        "due_on": one.due_on,
        "outcome": one.outcome,
        "outcome_reason": one.outcome_reason,
        "decided_on": one.decided_on,
    }


@dataclass(frozen=True)
class Checked:
    """What anybody may know of a sheet: is it genuine, what is it, where does it hang. Nothing of the list itself."""

    answer: str
    number: str = ""
    title: str = ""
    office: str = ""
    opened_on: date | None = None
    days: int = 0
    levels: Sequence[tuple[str, date, date | None]] = ()


def check_sheet(work: UnitOfWork, number: str, code: str) -> Checked:
    """Compare a number and a code with the sheets there are: "genuine", "withdrawn" or "unknown".

    A number that does not exist takes the same steps as a wrong code.
    """
    given = read_code(code)
    index = work.keys.blind(INDEX, given or "-")
    asked = select(Notice).where(col(Notice.number) == number.strip().upper()[:40])
    notice = work.session.scalars(asked).one_or_none()
    kept = notice.code_index if notice is not None else work.keys.blind(INDEX, "?")
    same = hmac.compare_digest(index, kept)
    postings = postings_of(work, (notice.id if notice is not None else 0) or 0)
    if notice is None or not same or not given or not is_intact(notice):
        return Checked("unknown")
    standing = [(one.level, one.posted_on, one.ends_on) for one in postings if not one.early]
    return Checked(
        "withdrawn" if notice.state == "withdrawn" else "genuine",
        notice.number,
        notice.title,
        notice.office,
        notice.opened_on,
        notice.days,
        standing,
    )


def report_rows(work: UnitOfWork, month: str | None = None, state: str | None = None) -> Iterator[tuple[Any, ...]]:
    """The notices of one's areas that were opened in a month (all), oldest first."""
    asked = select(Notice).order_by(col(Notice.id))
    if month:
        first = date.fromisoformat(f"{month}-01")
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        asked = asked.where(col(Notice.opened_on) >= first, col(Notice.opened_on) < after)
    if state:
        asked = asked.where(col(Notice.state) == state)
    rows = work.session.scalars(scoped(work, asked, Notice.area, "notices.show")).all()
    names = area_names(work, [row.area for row in rows])
    ends = _ends(work, [row.id or 0 for row in rows])
    from plugins.notices.states import STATES

    for row in rows:
        yield (
            row.number, row.title, row.round_title, names.get(row.area, row.area), row.scheme, row.opened_on,
            row.lines, ends.get(row.id or 0), _(STATES[row.state]), row.ended_on,
        )  # fmt: skip


def running_for(work: UnitOfWork, person_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The running notices of one's areas on which one of these people stands."""
    asked = (
        select(Notice)
        .where(
            col(Notice.state).in_(RUNNING),
            col(Notice.id).in_(select(col(Line.notice_id)).where(col(Line.person_id).in_(person_ids))),
        )
        .order_by(col(Notice.id).desc())
        .limit(10)
    )
    rows = work.session.scalars(scoped(work, asked, Notice.area, "notices.show")).all()
    ends = _ends(work, [row.id or 0 for row in rows])
    return [{**_line(row), "ends_on": ends.get(row.id or 0)} for row in rows]


def waiting_lines(work: UnitOfWork, limit: int = 200) -> list[Any]:
    """What waits on a desk, in one question: sheets to hang, sheets that hang and end, objections to verify.

    Rows: ``what`` (sheet, posting, objection), ``notice``, ``number``, ``title``, ``area``, ``level``, ``due``,
    ``proven``; each kind in one's areas by its right, by deadline, at most ``limit`` of each.
    """
    about = (col(Notice.id).label("notice"), col(Notice.number), col(Notice.title), col(Notice.area))
    sheets = select(
        literal("sheet").label("what"), *about, literal("").label("level"), col(Notice.opened_on).label("due"),
        literal(1).label("proven"),
    ).where(col(Notice.state) == "opened")  # fmt: skip
    postings = (
        select(
            literal("posting").label("what"), *about, col(Posting.level), col(Posting.ends_on).label("due"),
            case((col(Posting.photo_hash).is_not(None), 1), else_=0).label("proven"),
        )
        .join(Notice, col(Notice.id) == col(Posting.notice_id))
        .where(col(Posting.removed_on).is_(None), col(Posting.ends_on).is_not(None), col(Notice.state).in_(RUNNING))
    )  # fmt: skip
    objections = (
        select(
            literal("objection").label("what"), *about, literal("").label("level"),
            col(NoticeObjection.due_on).label("due"), literal(1).label("proven"),
        )
        .join(Notice, col(Notice.id) == col(NoticeObjection.notice_id))
        .where(col(NoticeObjection.outcome) == "")
    )  # fmt: skip
    kinds = ((sheets, "notices.post"), (postings, "notices.post"), (objections, "notices.decide"))
    parts = [scoped(work, asked, Notice.area, right).order_by("due").limit(limit).subquery() for asked, right in kinds]
    return list(work.session.execute(union_all(*(select(part) for part in parts))))


def _line(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "number": notice.number,
        "type": notice.type,
        "title": notice.title,
        "office": notice.office,
        "round_title": notice.round_title,
        "lines": notice.lines,
        "area": notice.area,
        "scheme": notice.scheme,
        "period": notice.period,
        "round": notice.round,
        "days": notice.days,
        "subject": notice.subject,
        "opened_on": notice.opened_on,
        "state": notice.state,
        "ended_on": notice.ended_on,
    }


def _posting(one: Posting) -> dict[str, Any]:
    return {
        "id": one.id,
        "level": one.level,
        "place": one.place,
        "posted_on": one.posted_on,
        "ends_on": one.ends_on,
        "photo": one.photo_id,
        "proven": one.photo_hash is not None,
        "removed_on": one.removed_on,
        "early": one.early,
        "removal_reason": one.removal_reason,
    }


def _level(work: UnitOfWork, notice: Notice, level: str, found: "Completion") -> dict[str, Any]:
    held_up = next((one for one in found.unfinished if one.level == level), None)
    return {
        "level": level,
        "why": held_up.why if held_up else "",
        "ends_on": held_up.ends_on if held_up else None,
        "may_post": work.may("notices.post", level_area(notice.area, level)),
    }


def _waiting(work: UnitOfWork, ids: Sequence[int]) -> dict[int, int]:
    asked = (
        select(col(NoticeObjection.notice_id), func.count())
        .where(col(NoticeObjection.notice_id).in_(ids), col(NoticeObjection.outcome) == "")
        .group_by(col(NoticeObjection.notice_id))
    )
    return {row[0]: row[1] for row in work.session.execute(asked)}


def _ends(work: UnitOfWork, ids: Sequence[int]) -> dict[int, date]:
    """The last day of the postings that count or hang, by notice."""
    counting = or_(col(Posting.early).is_(False), col(Posting.removed_on).is_(None))
    asked = (
        select(col(Posting.notice_id), func.max(col(Posting.ends_on)))
        .where(col(Posting.notice_id).in_(ids), counting)
        .group_by(col(Posting.notice_id))
    )
    return {row[0]: row[1] for row in work.session.execute(asked) if row[1] is not None}
