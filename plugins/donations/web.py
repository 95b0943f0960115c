"""Pages of donations: lists and files of every room, their forms, papers, figures and checks."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response, Template
from pydantic import BaseModel, Field

from core.api import Act, Period, Refused, Tile, UnitOfWork, _, entries_of, fitting, format_money, mark
from core.web import (
    FormData,
    FormOf,
    State,
    begin,
    download,
    form_routes,
    guarded,
    more_path,
    page,
    paper,
    paper_pdf,
    read_form,
    see_other,
    wish_page,
)
from plugins.donations import figures, statistics
from plugins.donations.acts import NEW
from plugins.donations.checks import daily, goods_by_item
from plugins.donations.exporting import export_csv
from plugins.donations.listing import ROOM_LINES
from plugins.donations.papers import HOMES, paper_of
from plugins.donations.queries import Filter
from plugins.donations.rooms import ACTING, ROOMS, list_path
from plugins.donations.showing import state_tag, ten_thousands, titles
from plugins.donations.single import ROOM_SHOWN

SHOW = [guarded("donations.show")]
_AT_HAND = ("gifts", "spending", "issues", "boxes", "activities", "ties")
"""What the overview offers to do; the rest is on the list of its room."""
_GOES_ON: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "drives": ("gifts", "drive", ("open", "closed")),
    "goods": ("issues", "lot", ("stored",)),
    "projects": ("spending", "project", ("open",)),
}
"""Where one goes on from a page: the form, its field, and the states in which that makes sense."""


class ExportWish(BaseModel):
    """Which gifts to export, and why."""

    drive: str = Field(default="", max_length=40, title=mark("募捐编号"), description=mark("不填即全部"))
    reason: str = Field(min_length=1, max_length=200, title=mark("事由"), description=mark("记入审计"))


@get("/", sync_to_thread=True, guards=SHOW)
def show_overview(request: Request) -> Template | Redirect:
    """The charity at a glance: balances by purpose, this year's figures, this month's closing.

    The books are the county's; who works in a township goes on to the households paired there.
    """
    with begin(request) as work:
        if not _may(work, "donations.show"):
            return see_other("/donations/pairs")
        held = figures.balance(work)
        found = statistics.figures_of(work, work.today.year)
        closing = figures.closing(work, str(Period.of(work.today)))
        goods = goods_by_item(work)
        idle = figures.mechanism_lines(work, work.today.year)
        new = [(NEW[room].title, f"/donations/{room}/new") for room in _AT_HAND if _may(work, NEW[room].right)]
    tiles = [
        Tile(title=_("本年募捐"), figure=ten_thousands(found["raised_fen"]), unit=_("万元")),
        Tile(title=_("非限定结余"), figure=format_money(held["unrestricted_fen"]), unit=_("元")),
        Tile(title=_("限定结余"), figure=format_money(held["restricted_fen"]), unit=_("元")),
        Tile(title=_("救助人数"), figure=f"{found['people']:,}", unit=_("人")),
    ]
    goals = [
        (_("三个一：年筹资"), found["raised_met"], found["raised_percent"]),
        (_("三个一：年救助人数"), found["people_met"], found["people_percent"]),
        (_("三个一：人均救助"), found["average_met"], ""),
    ]
    return page(
        "donations/overview.html",
        tabs=_tabs("overview"),
        tiles=tiles,
        held=[(one["purpose"], format_money(one["balance_fen"]), format_money(one["goods_fen"]))
              for one in held["restricted"]],
        free=(format_money(held["unrestricted_fen"]), format_money(held["goods_fen"] - sum(
            one["goods_fen"] for one in held["restricted"]))),
        charity=held["charity"],
        pledges=format_money(held["pledges_outstanding_fen"]),
        goals=[(title, _("达到") if met else _("未达到"), "ok" if met else "warn", f"{share}%" if share else "")
               for title, met, share in goals],
        management=f"{found['management_percent']}%" if found["management_percent"] else "--",
        closing=[_closing_line(one) for one in closing],
        goods=[(one["item"], f"{one['left']} {one['unit']}", format_money(one["value_fen"])) for one in goods],
        idle=[(_(title), "、".join(str(month) for month in months)) for title, months in idle],
        new=[(_(title), path) for title, path in new],
    )  # fmt: skip


def _may(work: UnitOfWork, right: str) -> bool:
    return work.may(right, work.settings.county.code)


def _closing_line(one: Mapping[str, Any]) -> tuple[str, ...]:
    names = ("opening_fen", "received_fen", "used_fen", "cost_fen", "balance_fen")
    return (one["purpose"], *(format_money(one[name]) for name in names))


def _tabs(current: str, *, county: bool = True) -> list[dict[str, Any]]:
    """The rooms one may see: the books are the county's, pairs are everybody's own area."""
    rooms = [("overview", _("概况"), "/donations")] if county else []
    rooms += [
        (name, _(room.title), f"/donations/{name}")
        for name, room in ROOMS.items()
        if name in ROOM_LINES and (county or name == "pairs")
    ]
    return [{"title": title, "path": path, "current": name == current} for name, title, path in rooms]


def _list_route(room: str) -> Any:
    """The list of a room."""
    known = ROOMS[room]

    @get(f"/{room}", sync_to_thread=True, guards=SHOW, name=f"donations-{room}")
    def show_list(
        request: Request, state_is: State = "", number: FromQuery[str] = "", after: FromQuery[int] = 0
    ) -> Template:
        """The list of a room, newest first."""
        wish = Filter(state=state_is if state_is in known.states else "", text=number[:40], after=after)
        with begin(request) as work:
            found = ROOM_LINES[room](work, wish)
            may = room in NEW and (work.may(NEW[room].right) if room == "pairs" else _may(work, NEW[room].right))
            export = room == "gifts" and _may(work, "donations.export")
            county = _may(work, "donations.show")
        return page(
            "donations/list.html",
            block="list",
            tabs=_tabs(room, county=county),
            title=_(known.title),
            rows=[{**one, "tag": state_tag(known.states, one["state"])} for one in found[: wish.limit]],
            path=f"/donations/{room}",
            given=wish,
            narrowed=bool(wish.state or wish.text),
            states=titles(known.states),
            more=more_path(f"/donations/{room}", found, wish.limit, state=wish.state, number=wish.text),
            new=(_(NEW[room].title), f"/donations/{room}/new") if may else None,
            export=export,
        )

    return show_list


def _single_route(room: str) -> Any:
    """The page of one of a room."""
    known = ROOMS[room]

    @get(f"/{room}/{{number:str}}", sync_to_thread=True, guards=SHOW, name=f"donations-{room}-one")
    def show_one(request: Request, number: FromPath[str]) -> Template:
        """One of a room in full."""
        with begin(request) as work:
            found = ROOM_SHOWN[room](work, number)
            fit = _fitting(work, room, found)
            onward = _onward(work, room, found)
        return page(
            "donations/detail.html",
            title=found["title"],
            sub=found["sub"],
            state=state_tag(known.states, found["state"]) if known.states else None,
            base=f"/donations/{room}/{found['id']}",
            trail=[(_("慈善募捐"), "/donations"), (_(known.title), list_path(room)), (found["title"], "")],
            acts=fit,
            cards=found["cards"],
            links=[*onward, *found["links"]],
            warnings=[one.reason for one in found["warnings"]],
        )

    return show_one


def _onward(work: UnitOfWork, room: str, found: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The form that comes next, with this thing in it already."""
    if room not in _GOES_ON:
        return []
    form, field, states = _GOES_ON[room]
    known = NEW[form]
    if found["state"] not in states or not _may(work, known.right):
        return []
    value = getattr(found["row"], "number", "") or found["id"]
    return [(_(known.title), f"/donations/{form}/new?{urlencode({field: value})}", "plus")]


def _fitting(work: UnitOfWork, room: str, found: Mapping[str, Any]) -> list[Act]:
    """The acts that fit where a thing stands and what its reader may do."""
    area = found["area"] or work.settings.county.code
    return [one for one in fitting(work, ROOMS[room], area, found["state"]) if one.name not in found["hidden"]]


@get("/checks", sync_to_thread=True, guards=SHOW)
def show_checks(request: Request, on: FromQuery[date | None] = None) -> Template:
    """The checks of a day."""
    with begin(request) as work:
        day = on or work.today
        found = daily(work, day)
    return page(
        "donations/checks.html",
        on=day.isoformat(),
        checks=found["checks"],
        gifts=found["gifts"],
        path="/donations/checks",
    )


@get("/papers/{kind:str}/{number:str}", sync_to_thread=True, guards=SHOW)
def show_paper(request: Request, kind: FromPath[str], number: FromPath[str]) -> Template:
    """A paper on the screen."""
    with begin(request) as work:
        sheet = paper_of(work, kind, number)
    back = f"/donations/{HOMES[kind]}/{number}" if kind in HOMES else "/donations/checks"
    return paper(sheet, back=back, pdf_path=f"/donations/papers/{kind}/{number}/pdf")


@get("/papers/{kind:str}/{number:str}/pdf", sync_to_thread=True, guards=SHOW)
def paper_as_pdf(request: Request, kind: FromPath[str], number: FromPath[str]) -> Response[bytes]:
    """A paper as PDF."""
    with begin(request) as work:
        return paper_pdf(paper_of(work, kind, number))


@get("/export", sync_to_thread=True, guards=[guarded("donations.export")])
def ask_export(request: Request) -> Template:
    """The drive and reason of an export."""
    return _export_form({})


@post("/export", sync_to_thread=True, guards=[guarded("donations.export")])
def export(request: Request, data: FormData) -> Template | Response[bytes] | Redirect:
    """The list of gifts; that it was made is recorded."""
    try:
        wish = read_form(ExportWish, data)
        with begin(request) as work:
            content, _count = export_csv(work, wish.drive, wish.reason)
            name = f"donations-{work.today.isoformat()}.csv"
    except Refused as refusal:
        return _export_form(data, refusal.objections)
    return download(content, name, "text/csv; charset=utf-8")


def _export_form(values: Any, wrong: Sequence[Any] = ()) -> Template:
    title = _("导出捐赠名单")
    form = FormOf(
        title=title,
        trail=[(_("慈善募捐"), "/donations"), (title, "")],
        action="/donations/export",
        back="/donations/gifts",
        entries=entries_of(ExportWish, long=ACTING.long),
    )
    return wish_page(form, values, wrong)


router = Router(
    "/donations",
    route_handlers=[
        show_overview, show_checks, show_paper, paper_as_pdf, ask_export, export,
        *(_list_route(room) for room in ROOM_LINES), *(_single_route(room) for room in ROOM_SHOWN),
        *form_routes(ACTING),
    ],
)  # fmt: skip
