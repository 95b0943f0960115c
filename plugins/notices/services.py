"""What staff do with notices: open, post, prove, remove, take down, withdraw; the only writers of this plugin."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from core.api import NewAttachment, TryAgain, UnitOfWork, _, add_attachment, mark, refuse
from plugins.notices.api import Level, NewNotice
from plugins.notices.cells import Listed, public_cells
from plugins.notices.codes import new_code
from plugins.notices.models import Line, Notice, Posting
from plugins.notices.periods import last_day, postings_of, require_period_over
from plugins.notices.queries import INDEX, own_notice
from plugins.notices.settings import NoticesSettings
from plugins.notices.sheets import CODE_COLUMN, Making, canonical, content_of, read_content
from plugins.notices.states import LEVELS, level_area, require_day, require_state
from plugins.notices.types import type_named


class PostNotice(BaseModel):
    """A sheet goes up on the board of a level; ``days`` of the period begin on the day after."""

    level: Level = Field(title=mark("层级"))
    place: str = Field(min_length=1, max_length=80, title=mark("张贴地点"))
    posted_on: date = Field(title=mark("张贴日期"))


class RemovePosting(BaseModel):
    """A sheet came down from the board of a level before its time."""

    level: Level = Field(title=mark("层级"))
    removed_on: date = Field(title=mark("揭下日期"))
    reason: str = Field(min_length=1, max_length=200, title=mark("原因"))


class TakeDown(BaseModel):
    """The day on which a notice ends after its time."""

    on: date = Field(title=mark("揭下日期"))


class Photo(BaseModel):
    """The picture of the sheet on the board."""

    level: Level = Field(title=mark("层级"))
    file_name: str
    content: bytes


def open_notice(work: UnitOfWork, wish: NewNotice) -> Notice:
    """Freeze a sheet under a number and a check code; the whole of it is refused for one wrong line."""
    work.require("notices.open", wish.area)
    making = _made(work, wish)
    content = content_of(work, making)
    work.hooks.check("check_notices_opening", work=work, notice=wish)
    notice = _write_notice(work, making, content)
    for at, person in enumerate(making.cells.people, start=1):
        if person is not None:
            work.session.add(Line(notice_id=notice.id or 0, position=at, person_id=person, first_person_id=person))
    work.session.flush()
    after = {"number": notice.number, "type": notice.type, "hash": notice.content_hash.hex()}
    work.record("notices.opened", f"notice:{notice.id}", area=notice.area, after=after, lines=len(wish.rows))
    return notice


def post_notice(work: UnitOfWork, notice_id: int, wish: PostNotice) -> Posting:
    """Say that the sheet hangs on the board of a level since a day."""
    notice = _may(work, notice_id, "post", wish.level)
    require_day(work, wish.posted_on, notice.opened_on, "posted_on")
    if _standing(work, notice_id, wish.level) is not None:
        raise refuse(_("{level}已经张贴", level=_(LEVELS[wish.level])), field="level", code="E_NOTICE_STATE")
    posting = Posting(
        notice_id=notice_id,
        level=wish.level,
        place=wish.place.strip(),
        posted_on=wish.posted_on,
        ends_on=last_day(work, wish.posted_on, notice.days, read_content(notice)["day_kind"]),
        posted_at=work.now,
        posted_by=work.actor.account_id,
    )
    work.session.add(posting)
    work.session.flush()
    counting = {one.level for one in postings_of(work, notice_id) if not one.early}
    _move(work, notice, "posted" if counting >= set(notice.levels.split(",")) else "opened")
    after = {"level": posting.level, "place": posting.place, "posted_on": posting.posted_on, "ends_on": posting.ends_on}
    work.record("notices.posted", f"notice:{notice_id}", area=notice.area, after=after, number=notice.number)
    return posting


def prove_posting(work: UnitOfWork, notice_id: int, wish: Photo) -> Posting:
    """Keep the photo of the sheet on the board; without it the period does not count."""
    notice = _may(work, notice_id, "prove", wish.level)
    posting = _required_posting(work, notice_id, wish.level)
    months = work.policy("notices.photo_months")
    kept = add_attachment(
        work,
        NewAttachment(
            owner=f"notice:{notice_id}",
            area=notice.area,
            file_name=wish.file_name,
            data=wish.content,
            title=_("{number} {level}张贴照片", number=notice.number, level=_(LEVELS[wish.level])),
            expires_on=work.today + timedelta(days=months * 365 // 12),
        ),
    )
    if not kept.media_type.startswith("image/"):
        raise refuse(_("张贴照片要是图片"), field="photo", code="E_FILE_TYPE")
    posting.photo_id, posting.photo_hash = kept.id, hashlib.sha256(wish.content).digest()
    work.session.add(posting)
    work.session.flush()
    after = {"level": wish.level, "photo": kept.id, "hash": posting.photo_hash.hex()}
    work.record("notices.proven", f"notice:{notice_id}", area=notice.area, after=after, number=notice.number)
    return posting


def remove_posting(work: UnitOfWork, notice_id: int, wish: RemovePosting) -> Posting:
    """Say that a sheet came down; before the end of its period the period does not count, and it is posted anew."""
    notice = _may(work, notice_id, "remove", wish.level)
    posting = _required_posting(work, notice_id, wish.level)
    require_day(work, wish.removed_on, posting.posted_on, "removed_on")
    _bring_down(posting, wish.removed_on, wish.reason.strip())
    work.session.add(posting)
    if posting.early:
        _move(work, notice, "opened")
    work.session.flush()
    after = {"level": posting.level, "removed_on": posting.removed_on, "early": posting.early}
    work.record(
        "notices.removed",
        f"notice:{notice_id}",
        area=notice.area,
        reason=wish.reason,
        after=after,
        number=notice.number,
    )
    return posting


def take_down(work: UnitOfWork, notice_id: int, on: date) -> Notice:
    """Take every sheet down after its time; refused with ``E_NOTICE_SHORT`` while a level's period runs."""
    notice = _may(work, notice_id, "take_down")
    require_day(work, on, notice.opened_on, "on")
    require_period_over(work, notice_id, on)
    for posting in postings_of(work, notice_id):
        if posting.removed_on is None:
            _bring_down(posting, on, "")
            work.session.add(posting)
    notice.ended_on = on
    _move(work, notice, "finished")
    work.record("notices.taken_down", f"notice:{notice_id}", area=notice.area, after={"on": on}, number=notice.number)
    return notice


def withdraw_notice(work: UnitOfWork, notice_id: int, reason: str) -> Notice:
    """Take a notice back for a reason: what hangs comes down, and the check says that it was withdrawn."""
    notice = own_notice(work, notice_id, "notices.withdraw")
    require_state(notice.state, "withdraw")
    if not reason.strip():
        raise refuse(_("请写明撤回的原因"), field="reason", code="E_REASON")
    void(work, notice, work.today, reason.strip())
    work.record(
        "notices.withdrawn", f"notice:{notice_id}", area=notice.area, reason=reason.strip(), number=notice.number
    )
    return notice


def void(work: UnitOfWork, notice: Notice, on: date, reason: str) -> None:
    """Make a notice count for nothing; the caller records why."""
    for posting in postings_of(work, notice.id or 0):
        if posting.removed_on is None:
            _bring_down(posting, max(on, posting.posted_on), reason)
            work.session.add(posting)
    notice.ended_on, notice.reason = on, reason[:200]
    _move(work, notice, "withdrawn")


def _made(work: UnitOfWork, wish: NewNotice) -> Making:
    kind = type_named(work, wish.type)
    levels = _levels(work, wish, kind.levels_key)
    days = 0 if kind.long_term else work.policy(kind.days_key, area=wish.area)
    listed = Listed(kind.name, kind.columns, wish.rows, kind.sensitive)
    cells = public_cells(work, listed)
    settings: Any = work.settings.plugin.get("notices") or NoticesSettings()
    year, serial = work.today.year, _next_serial(work, work.today.year)
    return Making(wish, kind, cells, f"{settings.number_prefix}-{year}-{serial:04d}", levels, days)


def _levels(work: UnitOfWork, wish: NewNotice, key: str) -> Sequence[str]:
    wanted = list(wish.levels if wish.levels is not None else work.policy(key, area=wish.area))
    if not wanted or set(wanted) - set(LEVELS):
        raise refuse(_("张贴层级要从村级、乡镇级、县级里选"), field="levels", code="E_NOTICE_FIELD")
    return [level for level in LEVELS if level in wanted]


def _next_serial(work: UnitOfWork, year: int) -> int:
    work.hold(f"notices {year}")  # who takes a serial waits for who took one before
    taken = work.session.scalar(select(func.max(col(Notice.serial))).where(col(Notice.year) == year))
    return (taken or 0) + 1


def _write_notice(work: UnitOfWork, making: Making, content: Mapping[str, Any]) -> Notice:
    wish, code, frozen = making.wish, new_code(), canonical(content)
    number = next(iter(work.next_ids("notices_notice", 1)))
    notice = Notice(
        id=number,
        number=making.number,
        year=work.today.year,
        serial=int(making.number.rpartition("-")[2]),
        type=making.type.name,
        area=wish.area,
        subject=wish.subject,
        scheme=wish.scheme.strip(),
        period=wish.period,
        round=wish.round,
        levels=",".join(making.levels),
        days=making.days,
        title=content["title"],
        office=content["office"],
        round_title=content["round"],
        lines=len(content["rows"]),
        content=frozen,
        content_hash=hashlib.sha256(frozen).digest(),
        code_sealed=work.keys.seal(CODE_COLUMN, number, code),
        code_index=work.keys.blind(INDEX, code),
        opened_on=work.today,
        opened_at=work.now,
        opened_by=work.actor.account_id,
    )
    work.session.add(notice)
    try:
        work.session.flush()
    except IntegrityError as error:
        raise TryAgain(_("刚有另一份公示取了同一个编号，请再提交一次")) from error
    return notice


def _may(work: UnitOfWork, notice_id: int, move: str, level: str = "") -> Notice:
    """The notice on which the actor does something at a level; its right is asked for that level's area."""
    notice = own_notice(work, notice_id, "notices.post")
    if level:
        work.require("notices.post", level_area(notice.area, level))
        if level not in notice.levels.split(","):
            raise refuse(_("这份公示不在这一级张贴"), field="level", code="E_NOTICE_FIELD")
    require_state(notice.state, move)
    return notice


def _standing(work: UnitOfWork, notice_id: int, level: str) -> Posting | None:
    return next((one for one in postings_of(work, notice_id) if one.level == level and one.removed_on is None), None)


def _required_posting(work: UnitOfWork, notice_id: int, level: str) -> Posting:
    posting = _standing(work, notice_id, level)
    if posting is None:
        raise refuse(_("{level}现在没有张贴", level=_(LEVELS[level])), field="level", code="E_NOTICE_STATE")
    return posting


def _bring_down(posting: Posting, on: date, reason: str) -> None:
    posting.removed_on = on
    # A notice without end that is taken away has stood as long as it did: it counts.
    posting.early = posting.ends_on is not None and on <= posting.ends_on
    posting.removal_reason = reason[:200]


def _move(work: UnitOfWork, notice: Notice, state: str) -> None:
    notice.state = state
    notice.version += 1
    work.session.add(notice)
    work.session.flush()
