"""Lists of every room: drives, gifts, goods, donors, pledges, projects, spending, pairs."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import _, area_names, format_money, scoped
from plugins.donations import words
from plugins.donations.figures import drive_sums
from plugins.donations.models import (
    Donor,
    Drive,
    Gift,
    Helper,
    Lot,
    Pair,
    Pledge,
    Project,
    Purpose,
    Spending,
)
from plugins.donations.queries import (
    SHOW,
    Filter,
    dict_of,
    drive_standing,
    gift_state,
    lots_left,
    receipts_of,
    received_of_pledge,
    require,
    used_of,
)
from plugins.donations.services.common import purpose_title
from plugins.donations.showing import day

if TYPE_CHECKING:
    from core.api import UnitOfWork

Line = dict[str, Any]


def has_drive(work: "UnitOfWork", number: str) -> bool:
    """Whether a drive has this number."""
    return work.session.scalar(select(col(Drive.id)).where(col(Drive.number) == number)) is not None


def _newest(work: "UnitOfWork", model: Any, wish: Filter, *which: Any) -> list[Any]:
    """Rows of a room, newest first, one more than fit; a number narrows it."""
    require(work, SHOW)
    asked = select(model).where(*which).order_by(model.id.desc()).limit(wish.limit + 1)
    if wish.after:
        asked = asked.where(model.id < wish.after)
    if wish.text:
        asked = asked.where(model.number.contains(wish.text.strip(), autoescape=True))
    return list(work.session.scalars(asked))


def _line(one: Any, room: str, head: str, cells: Sequence[tuple[str, str]], state: str, **data: Any) -> Line:
    found = {"id": one.id, "number": head, "state": state, **data}
    return {
        "id": one.id,
        "path": f"/donations/{room}/{one.id}",
        "head": head,
        "cells": cells,
        "state": state,
        "data": found,
    }


def drive_lines(work: "UnitOfWork", wish: Filter) -> list[Line]:
    """Drives with what they raised."""
    by_state = _drive_states(work, wish.state)
    rows = _newest(work, Drive, wish, *by_state)
    found = []
    for one in rows:
        sums = drive_sums(work, one)
        cells = [
            (_("募捐"), one.title),
            (_("开始"), day(one.start_on)),
            (_("结束"), day(one.end_on)),
            (_("已收（元）"), format_money(sums.received_fen)),
            (_("结余（元）"), format_money(sums.balance_fen)),
        ]
        state = drive_standing(work, one)
        data = {"title": one.title, "start_on": one.start_on, "end_on": one.end_on, "received_fen": sums.received_fen,
                "balance_fen": sums.balance_fen}  # fmt: skip
        found.append(_line(one, "drives", one.number, cells, state, **data))
    return found


def _drive_states(work: "UnitOfWork", state: str) -> list[Any]:
    """The conditions of a state; open and closed are read from the days."""
    today, filed = work.today, col(Drive.state) == "filed"
    ended = col(Drive.end_on).is_not(None) & (col(Drive.end_on) < today)
    return {
        "": [],
        "filed": [filed, col(Drive.start_on) > today],
        "open": [filed, col(Drive.start_on) <= today, ~ended],
        "closed": [filed, col(Drive.start_on) <= today, ended],
    }.get(state, [col(Drive.state) == state])


def gift_lines(work: "UnitOfWork", wish: Filter, *which: Any) -> list[Line]:
    """Gifts with their donors; seeing the names is recorded."""
    rows = _newest(work, Gift, wish, *([col(Gift.state) == wish.state] if wish.state else []), *which)
    ids = [one.id for one in rows]
    used, slips = used_of(work, ids), receipts_of(work, ids)
    donors = dict_of(work, Donor, [one.donor_id for one in rows])
    purposes = dict_of(work, Purpose, [one.purpose_id for one in rows])
    if rows:
        work.record_read("donations.list_read", "donations:gifts")
    found = []
    for one in rows:
        state = gift_state(one, used.get(one.id, 0))
        slip = slips[one.id].number if one.id in slips else ""
        cells = [
            (_("捐赠人"), donors[one.donor_id].name or _(words.DONOR_KINDS["anonymous"])),
            (_("日期"), day(one.given_on)),
            (_("用途"), purpose_title(purposes[one.purpose_id])),
            (_("金额（元）"), format_money(one.amount_fen)),
            (_("票据号"), slip),
        ]
        data = {
            "amount_fen": one.amount_fen, "given_on": one.given_on, "kind": one.kind, "receipt_no": slip,
            "purpose": purposes[one.purpose_id].name, "used_fen": used.get(one.id, 0),
        }  # fmt: skip
        found.append(_line(one, "gifts", one.number, cells, state, **data))
    return found


def donor_lines(work: "UnitOfWork", wish: Filter) -> list[Line]:
    """Donors in the order they came; never by how much they gave."""
    rows = _newest(work, Donor, wish, *([col(Donor.kind) == wish.state] if wish.state else []))
    if rows:
        work.record_read("donations.list_read", "donations:donors")
    return [
        _line(
            one,
            "donors",
            one.number,
            [(_("捐赠人"), one.name or "--"), (_("公开方式"), _(words.DISPLAYS[one.display]))],
            one.kind,
            display=one.display,
        )
        for one in rows
    ]


def pledge_lines(work: "UnitOfWork", wish: Filter, *which: Any) -> list[Line]:
    """Pledges apart from what was received."""
    rows = _newest(work, Pledge, wish, *which)
    got = received_of_pledge(work, [one.id for one in rows])
    donors = dict_of(work, Donor, [one.donor_id for one in rows])
    found = []
    for one in rows:
        state = pledge_state(one, got.get(one.id, 0))
        cells = [
            (_("捐赠人"), donors[one.donor_id].name),
            (_("认捐（元）"), format_money(one.amount_fen)),
            (_("已到账（元）"), format_money(got.get(one.id, 0))),
            (_("约定日期"), day(one.due_on)),
        ]
        data = {
            "promised_fen": one.amount_fen,
            "received_fen": got.get(one.id, 0),
            "outstanding_fen": max(0, one.amount_fen - got.get(one.id, 0)) if state == "open" else 0,
        }
        found.append(_line(one, "pledges", one.number, cells, state, **data))
    return [one for one in found if not wish.state or one["state"] == wish.state]


def pledge_state(one: Pledge, got: int) -> str:
    """Where a promise stands."""
    if one.withdrawn_on is not None:
        return "withdrawn"
    return "fulfilled" if got >= one.amount_fen else "open"


def project_lines(work: "UnitOfWork", wish: Filter) -> list[Line]:
    """Projects with what they spent."""
    rows = _newest(work, Project, wish, *([col(Project.state) == wish.state] if wish.state else []))
    spent = spent_by_project(work, [one.id for one in rows])
    return [
        _line(
            one,
            "projects",
            one.number,
            [
                (_("项目"), one.title),
                (_("用途"), _(words.USES[one.use])),
                (_("预算（元）"), format_money(one.budget_fen)),
                (_("已用（元）"), format_money(spent.get(one.id, 0))),
            ],
            one.state,
            title=one.title,
            budget_fen=one.budget_fen,
            spent_fen=spent.get(one.id, 0),
        )
        for one in rows
    ]


def spent_by_project(work: "UnitOfWork", ids: Sequence[int]) -> dict[int, int]:
    """What projects spent, in fen."""
    asked = (
        select(col(Spending.project_id), func.sum(col(Spending.amount_fen)))
        .where(col(Spending.project_id).in_(ids))
        .group_by(col(Spending.project_id))
    )
    return {row[0]: int(row[1]) for row in work.session.execute(asked)}


def spending_lines(work: "UnitOfWork", wish: Filter, *which: Any) -> list[Line]:
    """Spendings, newest first, with what became of them."""
    rows = _newest(work, Spending, wish, *which)
    back = set(
        work.session.scalars(
            select(col(Spending.reverses_id)).where(col(Spending.reverses_id).in_([one.id for one in rows]))
        )
    )
    projects = dict_of(work, Project, [one.project_id for one in rows])
    found = []
    for one in rows:
        state = "reversal" if one.reverses_id else "reversed" if one.id in back else "booked"
        cells = [
            (_("种类"), _(words.SPENDING_KINDS[one.kind])),
            (_("项目"), projects[one.project_id].title if one.project_id else ""),
            (_("日期"), day(one.spent_on)),
            (_("金额（元）"), format_money(one.amount_fen)),
        ]
        data = {"kind": one.kind, "use": one.use, "amount_fen": one.amount_fen, "spent_on": one.spent_on}
        found.append(_line(one, "spending", one.number, cells, state, **data))
    return [one for one in found if not wish.state or one["state"] == wish.state]


def lot_lines(work: "UnitOfWork", wish: Filter) -> list[Line]:
    """Goods by lot: what is left, until when."""
    require(work, SHOW)
    asked = select(Lot).order_by(col(Lot.id).desc()).limit(wish.limit + 1)
    asked = asked.where(col(Lot.id) < wish.after) if wish.after else asked
    asked = asked.where(col(Lot.item).contains(wish.text.strip(), autoescape=True)) if wish.text else asked
    rows = list(work.session.scalars(asked))
    left = lots_left(work, rows)
    found = []
    for one in rows:
        number = one.id or 0
        cells = [
            (_("物品"), f"{one.item} {one.spec}".strip()),
            (_("批号"), one.batch),
            (_("有效期至"), day(one.expires_on)),
            (_("库存"), f"{left[number]} {one.unit}"),
            (_("价值（元）"), format_money(left[number] * one.unit_value_fen)),
        ]
        data = {
            "item": one.item, "left": left[number], "value_fen": left[number] * one.unit_value_fen,
            "expires_on": one.expires_on, "store": one.store,
        }  # fmt: skip
        found.append(_line(one, "goods", str(one.id), cells, lot_state(work, one, left[number]), **data))
    return [one for one in found if not wish.state or one["state"] == wish.state]


def lot_state(work: "UnitOfWork", one: Lot, left: int) -> str:
    """Where a lot stands."""
    if not left:
        return "empty"
    return "expired" if one.expires_on is not None and one.expires_on < work.today else "stored"


def pair_lines(work: "UnitOfWork", wish: Filter) -> list[Line]:
    """Paired households of one's areas."""
    work.require(SHOW)
    asked = select(Pair).order_by(col(Pair.id).desc()).limit(wish.limit + 1)
    asked = asked.where(col(Pair.id) < wish.after) if wish.after else asked
    asked = asked.where(col(Pair.state) == wish.state) if wish.state else asked
    asked = asked.where(col(Pair.number).contains(wish.text.strip(), autoescape=True)) if wish.text else asked
    rows = list(work.session.scalars(scoped(work, asked, col(Pair.area), SHOW)))
    places = area_names(work, {one.area for one in rows})
    helpers = _helpers_of(work, [one.id or 0 for one in rows])
    return [
        _line(
            one,
            "pairs",
            one.number,
            [
                (_("区划"), places.get(one.area, "")),
                (_("帮扶方式"), _(words.PAIR_MODES[one.mode])),
                (_("帮扶人"), "、".join(helpers.get(one.id or 0, []))),
                (_("开始"), day(one.since)),
            ],
            one.state,
            mode=one.mode,
            helpers=len(helpers.get(one.id or 0, [])),
            area=one.area,
        )
        for one in rows
    ]


def _helpers_of(work: "UnitOfWork", ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    asked = select(Helper).where(col(Helper.pair_id).in_(ids), col(Helper.until).is_(None)).order_by(col(Helper.id))
    for one in work.session.scalars(asked):
        found.setdefault(one.pair_id, []).append(one.name)
    return found


ROOM_LINES: Mapping[str, "Callable[[UnitOfWork, Filter], list[Line]]"] = {
    "drives": drive_lines, "gifts": gift_lines, "goods": lot_lines, "donors": donor_lines, "pledges": pledge_lines,
    "projects": project_lines, "spending": spending_lines, "pairs": pair_lines,
}  # fmt: skip
