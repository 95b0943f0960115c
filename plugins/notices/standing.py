"""The notices of one subject with every level at once, for a page that shows many things beside them: one question."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, bindparam, case, cast, func, select

from core.api import Question, columns, scoped, within
from plugins.notices.api import LevelStanding, NoticeStanding, RoundCount
from plugins.notices.models import Notice, NoticeObjection, Posting
from plugins.notices.periods import best_of, next_day

if TYPE_CHECKING:
    from core.api import UnitOfWork

_NOTICE, _POSTING, _OBJECTION = columns(Notice), columns(Posting), columns(NoticeObjection)


def _objections(*which: Any) -> Any:
    counted = select(func.count()).where(_OBJECTION.notice_id == _NOTICE.id, *which)
    return counted.correlate(_NOTICE.id.table).scalar_subquery()


_STANDING = Question(
    select(
        _NOTICE.id.label("notice_id"),
        _NOTICE.number,
        _NOTICE.round,
        _NOTICE.round_title,
        _NOTICE.levels,
        _NOTICE.days,
        _NOTICE.opened_on,
        _NOTICE.state,
        _POSTING.id.label("posting_id"),
        _POSTING.level,
        _POSTING.place,
        _POSTING.posted_on,
        _POSTING.ends_on,
        _POSTING.photo_id,
        _POSTING.photo_hash,
        _POSTING.removed_on,
        _POSTING.early,
        _objections().label("objections"),
        _objections(_OBJECTION.outcome == "").label("waiting"),
        _objections(_OBJECTION.outcome == "upheld").label("upheld"),
    )
    .outerjoin(_POSTING.id.table, _POSTING.notice_id == _NOTICE.id)
    .where(_NOTICE.subject == bindparam("subject"))
    .order_by(_NOTICE.id, _POSTING.id)
)


def _sum(column: Any) -> Any:
    return cast(func.coalesce(func.sum(column), 0), BigInteger)


def standing_of(work: "UnitOfWork", subject: str, on: date) -> list[NoticeStanding]:
    """The notices opened for a subject, oldest first, as they stand on a day; right and area are the caller's."""
    rows: dict[int, list] = {}
    for row in work.ask(_STANDING, subject=subject):
        rows.setdefault(row.notice_id, []).append(row)
    return [_standing(found, on) for found in rows.values()]


def _standing(rows: Sequence, on: date) -> NoticeStanding:
    first = rows[0]
    postings = [row for row in rows if row.posting_id is not None]
    levels, ends = [], []
    for name in first.levels.split(","):
        own = [row for row in postings if row.level == name]
        held, end = best_of(name, own, on)
        ends.append(end)
        last = next((row for row in reversed(own) if not row.early), None)
        levels.append(
            LevelStanding(
                level=name,
                why=held.why if held else "",
                place=last.place if last else "",
                posted_on=last.posted_on if last else None,
                ends_on=last.ends_on if last else None,
                photo=last.photo_id if last else None,
                proven=last is not None and last.photo_hash is not None,
            )
        )
    withdrawn = first.state == "withdrawn"
    return NoticeStanding(
        id=first.notice_id,
        number=first.number,
        round=first.round,
        round_title=first.round_title,
        state=first.state,
        days=first.days,
        opened_on=first.opened_on,
        levels=tuple(levels),
        objections=first.objections,
        objections_open=first.waiting,
        upheld=first.upheld,
        complete=not withdrawn and not first.waiting and all(not one.why for one in levels),
        from_day=None if withdrawn else next_day(ends),
    )


def round_counts(work: "UnitOfWork", subjects: str, days: tuple[date, date], area: str) -> list[RoundCount]:
    """Notices of some days by round, the sum of all towns."""
    found: dict[int, RoundCount] = {}
    for counts in round_counts_by_town(work, subjects, days, area).values():
        for one in counts:
            before = found.get(one.round)
            found[one.round] = one if before is None else _together(before, one)
    return [found[number] for number in sorted(found)]


def _together(one: RoundCount, other: RoundCount) -> RoundCount:
    return RoundCount(
        round=one.round,
        notices=one.notices + other.notices,
        proven=one.proven + other.proven,
        objections=one.objections + other.objections,
        upheld=one.upheld + other.upheld,
    )


def round_counts_by_town(
    work: "UnitOfWork", subjects: str, days: tuple[date, date], area: str = ""
) -> dict[str, list[RoundCount]]:
    """Notices of some days by town and round, counted by the database; withdrawn ones are left out."""
    boards = func.length(_NOTICE.levels) - func.length(func.replace(_NOTICE.levels, ",", "")) + 1
    proven = (
        select(func.count(_POSTING.level.distinct()))
        .where(_POSTING.notice_id == _NOTICE.id, _POSTING.photo_hash.is_not(None), _POSTING.early.is_(False))
        .correlate(_NOTICE.id.table)
        .scalar_subquery()
    )
    each = select(
        func.substr(_NOTICE.area, 1, 9).label("town"),
        _NOTICE.round,
        case((proven >= boards, 1), else_=0).label("proven"),
        _objections().label("objections"),
        _objections(_OBJECTION.outcome == "upheld").label("upheld"),
    ).where(
        _NOTICE.subject.startswith(subjects, autoescape=True),
        _NOTICE.state != "withdrawn",
        _NOTICE.opened_on.between(*days),
    )
    if area:
        each = each.where(within(_NOTICE.area, [area]))
    one = scoped(work, each, _NOTICE.area, "notices.show").subquery()
    asked = select(
        one.c.town,
        one.c.round,
        func.count().label("notices"),
        _sum(one.c.proven).label("proven"),
        _sum(one.c.objections).label("objections"),
        _sum(one.c.upheld).label("upheld"),
    ).group_by(one.c.town, one.c.round)
    found: dict[str, list[RoundCount]] = {}
    for row in work.session.connection().execute(asked):
        values = row._asdict()
        found.setdefault(values.pop("town"), []).append(RoundCount(**values))
    return found
