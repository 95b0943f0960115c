"""Money set apart for a scheme by a decision. There is no allocation without the minutes of the meeting.

An allocation is a row with a floor, not a transfer: it is never more than what is free of its fund's cash (of which
interest and recovered money are part), what cites an item of minutes never more than that item decided.
[funds.md sections 1, 3 and 4]
"""

import hashlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field
from sqlalchemy import distinct, func, select
from sqlmodel import col

from core.errors import Clash, NotFound, refuse
from core.funds import queries
from core.funds.models import Allocation, Batch, Draw, Minutes
from core.funds.sources import find_fund
from core.households.areas import require_area
from core.kept_files import keep, opened
from core.showing import money
from core.tables import sum_of
from core.texts import _, mark
from core.wishes import Fen

if TYPE_CHECKING:
    from core.work import UnitOfWork

FILES = "minutes"
ON_ITS_WAY = ("submitted", "reviewed", "approved", "released")
"""Where a batch has drawn its money and may still be sent back."""


class NewAllocation(BaseModel):
    """Money of a fund for a scheme, and the item of the minutes that decided it; amounts in fen."""

    fund: str = Field(title=mark("资金"))
    scheme: str = Field(title=mark("业务"))
    amount_fen: Fen = Field(title=mark("金额"))
    decided_fen: Fen = Field(title=mark("会议决定的金额"))
    area: str = Field(default="", max_length=12, title=mark("乡镇"))
    item: str = Field(default="", max_length=200, title=mark("议题"))
    body: str = Field(default="", max_length=80, title=mark("会议"))
    held_on: date | None = Field(default=None, title=mark("开会日期"))
    place: str = Field(default="", max_length=80, title=mark("地点"))
    chair: str = Field(default="", max_length=50, title=mark("主持人"))
    attended: int | None = Field(default=None, ge=0, title=mark("到会人数"))
    members: int | None = Field(default=None, ge=0, title=mark("应到人数"))


class MinutesDetails(BaseModel):
    """What the closing checklist wants to know of a meeting."""

    body: str = Field(min_length=1, max_length=80, title=mark("会议"))
    held_on: date = Field(title=mark("开会日期"))
    place: str = Field(default="", max_length=80, title=mark("地点"))
    chair: str = Field(default="", max_length=50, title=mark("主持人"))
    attended: int = Field(ge=0, title=mark("到会人数"))
    members: int = Field(ge=0, title=mark("应到人数"))


def allocate(work: "UnitOfWork", wish: NewAllocation, minutes: bytes | None, file_name: str = "") -> Allocation:
    """Set money of a fund apart; the minutes are the decision, one act suffices.

    Refused with E_NO_MINUTES, E_MINUTES_EXCEEDED, E_FUND_SHORT or E_RESTRICTED_USE.
    """
    work.require("funds.allocate", area=wish.area or work.settings.county.code)
    if not minutes:
        raise refuse(
            _("缺少党政联席会议记录：没有会议记录不能分配资金，请附上扫描件"), field="minutes", code="E_NO_MINUTES"
        )
    fund = find_fund(work, wish.fund)
    work.session.refresh(fund, with_for_update=True)  # two allocations of a fund see each other
    if wish.scheme not in work.host.schemes:
        known = ", ".join(sorted(work.host.schemes))
        raise refuse(_("没有业务 {scheme}", scheme=wish.scheme), field="scheme", code="E_SCHEME", hint=known)
    if wish.area:
        require_area(work, wish.area, work.today)
    if fund.scheme and fund.scheme != wish.scheme:
        raise refuse(
            _(
                "超出定向用途：资金 {fund} 只能用于 {scheme}",
                fund=fund.code,
                scheme=queries.scheme_title(work, fund.scheme),
            ),
            field="scheme",
            code="E_RESTRICTED_USE",
        )
    held = _keep_minutes(work, wish, minutes, file_name)
    _refuse_excess(work, wish, held)
    available = queries.available_of(work, fund.id or 0)
    if wish.amount_fen > available:
        raise refuse(
            _("资金余额不足：{fund} 可分配 {left} 元", fund=fund.code, left=money(available)),
            field="amount",
            code="E_FUND_SHORT",
        )
    work.hooks.check(
        "check_allocation",
        work=work,
        fund_id=fund.id or 0,
        scheme=wish.scheme,
        area=wish.area,
        amount_fen=wish.amount_fen,
    )
    allocation = Allocation(
        fund_id=fund.id or 0,
        scheme=wish.scheme,
        area=wish.area,
        amount_fen=wish.amount_fen,
        minutes_id=held.id or 0,
        allocated_on=work.today,
        allocated_by=work.actor.account_id,
    )
    work.session.add(allocation)
    work.session.flush()
    work.record(
        "funds.allocated",
        f"allocation:{allocation.id}",
        area=wish.area,
        fund=fund.code,
        scheme=wish.scheme,
        amount_fen=wish.amount_fen,
        minutes=held.id,
        minutes_hash=held.content_hash,
    )
    return allocation


def complete_minutes(work: "UnitOfWork", minutes_id: int, wish: MinutesDetails) -> Minutes:
    """Fill in what was missing of a meeting; what it decided never changes."""
    work.require("funds.allocate", area=work.settings.county.code)
    held = find_minutes(work, minutes_id)
    if wish.attended > wish.members:
        raise refuse(_("到会人数不能多于应到人数"), field="attended", code="E_ATTENDANCE")
    names = tuple(MinutesDetails.model_fields)
    before = {name: getattr(held, name) for name in names}
    for name in names:
        setattr(held, name, getattr(wish, name))
    held.version += 1
    work.session.add(held)
    work.session.flush()
    work.record("funds.minutes_completed", f"minutes:{minutes_id}", before=before, after=wish.model_dump())
    return held


def close_allocation(work: "UnitOfWork", allocation_id: int) -> Allocation:
    """Give what is unspent of an allocation back to its fund; no batch draws on it any more.

    Refused (E_ALLOCATION_IN_USE) while a batch that may still go back draws on it.
    """
    work.require("funds.allocate", area=work.settings.county.code)
    allocation = work.session.get(Allocation, allocation_id)
    if allocation is None:
        raise NotFound(_("没有找到这笔分配"))
    if allocation.closed_on is not None:
        raise Clash(_("这笔分配已于 {on} 结束", on=allocation.closed_on))
    _refuse_on_its_way(work, allocation_id)
    drawn = work.session.scalar(select(sum_of(col(Draw.amount_fen))).where(col(Draw.allocation_id) == allocation_id))
    allocation.unspent_fen = allocation.amount_fen - (drawn or 0)
    allocation.closed_on = work.today
    work.session.add(allocation)
    work.session.flush()
    work.record("funds.allocation_closed", f"allocation:{allocation_id}", unspent_fen=allocation.unspent_fen)
    return allocation


def find_minutes(work: "UnitOfWork", minutes_id: int) -> Minutes:
    """An item of minutes; raises ``NotFound``."""
    found = work.session.get(Minutes, minutes_id)
    if found is None:
        raise NotFound(_("没有找到这份会议记录"))
    return found


def open_minutes(work: "UnitOfWork", minutes_id: int) -> tuple[str, bytes]:
    """The scanned file of some minutes: its name and plain bytes; the reading is recorded."""
    work.require("funds.show")
    held = find_minutes(work, minutes_id)
    work.record_read("funds.minutes_read", f"minutes:{minutes_id}")
    return held.file_name, opened(work, FILES, held.stored_as)


def missing_details(held: Minutes) -> list[str]:
    """What the closing checklist still wants to know of a meeting, in words."""
    wanted = {
        "body": _("会议名称"),
        "held_on": _("开会日期"),
        "attended": _("到会人数"),
        "members": _("应到人数"),
    }
    return [words for name, words in wanted.items() if getattr(held, name) in (None, "")]


def _keep_minutes(work: "UnitOfWork", wish: NewAllocation, data: bytes, file_name: str) -> Minutes:
    """The item of these minutes, made when it is cited for the first time."""
    content_hash = hashlib.sha256(data).digest()
    known = work.session.scalars(
        select(Minutes).where(
            col(Minutes.content_hash) == content_hash,
            col(Minutes.scheme) == wish.scheme,
            col(Minutes.item) == wish.item,
        )
    ).one_or_none()
    if known is not None:
        if known.decided_fen != wish.decided_fen:
            raise refuse(
                _("这份会议记录登记的决定金额是 {decided} 元", decided=money(known.decided_fen)),
                field="decided",
                code="E_MINUTES_EXCEEDED",
            )
        return known
    _refuse_meeting(work, wish)
    held = Minutes(
        **wish.model_dump(exclude={"fund", "amount_fen", "area"}),
        file_name=Path(file_name or "minutes").name[:200],
        stored_as=keep(work, FILES, data),
        content_hash=content_hash,
        recorded_at=work.now,
        recorded_by=work.actor.account_id,
    )
    work.session.add(held)
    work.session.flush()
    after = {"item": held.item, "decided_fen": held.decided_fen, "hash": content_hash}
    work.record("funds.minutes_kept", f"minutes:{held.id}", after=after)
    return held


def _refuse_meeting(work: "UnitOfWork", wish: NewAllocation) -> None:
    if wish.held_on and wish.held_on > work.today:
        raise refuse(_("开会日期不能晚于今天"), field="held_on", code="E_DATE")
    if wish.attended is None or not wish.members:
        return
    if wish.attended > wish.members:
        raise refuse(_("到会人数不能多于应到人数"), field="attended", code="E_ATTENDANCE")
    if wish.attended <= wish.members * work.policy("funds.quorum"):
        raise refuse(
            _("到会 {attended} 人，应到 {members} 人，没有达到法定人数", attended=wish.attended, members=wish.members),
            field="attended",
            code="E_QUORUM",
        )


def _refuse_on_its_way(work: "UnitOfWork", allocation_id: int) -> None:
    """A batch that went back would give its draws to an allocation that has ended, and so to nothing."""
    count = work.session.scalar(
        select(func.count(distinct(col(Draw.batch_id))))
        .join(Batch, col(Batch.id) == col(Draw.batch_id))
        .where(col(Draw.allocation_id) == allocation_id, col(Batch.state).in_(ON_ITS_WAY))
    )
    if count:
        raise refuse(
            _("还有 {count} 个批次用着这笔分配，没有送到银行：等送出或退回以后再结束", count=count),
            code="E_ALLOCATION_IN_USE",
        )


def _refuse_excess(work: "UnitOfWork", wish: NewAllocation, held: Minutes) -> None:
    cited = work.session.scalar(
        select(sum_of(col(Allocation.amount_fen) - col(Allocation.unspent_fen))).where(
            col(Allocation.minutes_id) == held.id
        )
    )
    left = held.decided_fen - (cited or 0)
    if wish.amount_fen > left:
        raise refuse(
            _(
                "超出会议决定金额：会议决定 {decided} 元，还可分配 {left} 元",
                decided=money(held.decided_fen),
                left=money(left),
            ),
            field="amount",
            code="E_MINUTES_EXCEEDED",
        )
