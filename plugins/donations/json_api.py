"""The JSON API of donations: the acts of the pages, the same rights; names of donors leave a read record."""

from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath

from core.api import Period, one_of
from core.web import (
    JsonObject,
    Limit,
    Next,
    Paged,
    State,
    Year,
    after_id,
    answer_act,
    answer_start,
    begin,
    guarded,
    page_of,
    plain,
)
from plugins.donations import acts, figures, statistics
from plugins.donations.checks import daily
from plugins.donations.listing import ROOM_LINES
from plugins.donations.queries import Filter
from plugins.donations.rooms import ROOMS
from plugins.donations.single import ROOM_SHOWN, trace_of

SHOW = [guarded("donations.show")]
TAGS = ["donations"]


@get("/balance", sync_to_thread=True, guards=SHOW, tags=TAGS)
def donations_balance(request: Request) -> dict[str, Any]:
    """Balances by purpose: unrestricted and every restricted one apart."""
    with begin(request) as work:
        return plain(figures.balance(work))


@get("/figures", sync_to_thread=True, guards=SHOW, tags=TAGS)
def donations_figures(request: Request, year: Year = None) -> dict[str, Any]:
    """The figures of a year: three goals, ratios, mechanisms, pairing."""
    with begin(request) as work:
        return plain(statistics.figures_of(work, year or work.today.year))


@get("/closing/{month:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def donations_closing(request: Request, month: FromPath[str]) -> dict[str, Any]:
    """The closing of a month by purpose."""
    with begin(request) as work:
        return plain({"purposes": figures.closing(work, str(Period(month)))})


@get("/checks", sync_to_thread=True, guards=SHOW, tags=TAGS)
def donations_checks(request: Request) -> dict[str, Any]:
    """The checks of today."""
    with begin(request) as work:
        return plain(daily(work, work.today))


@get("/trace/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def donations_trace(request: Request, number: FromPath[str]) -> dict[str, Any]:
    """From a receipt's number to what its gift was used for."""
    with begin(request) as work:
        return plain(trace_of(work, number))


@get("/{room:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def donations_list(
    request: Request, room: FromPath[str], limit: Limit = 50, next: Next = "", state_is: State = ""
) -> Paged:
    """Rows of a room: drives, gifts, goods, donors, pledges, projects, spending, pairs."""
    lines = one_of(ROOM_LINES, room)
    with begin(request) as work:
        found = lines(work, Filter(after=after_id(next), limit=limit, state=state_is))
    return page_of([one["data"] for one in found], limit)


@get("/{room:str}/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def donations_show(request: Request, room: FromPath[str], number: FromPath[str]) -> dict[str, Any]:
    """One of a room."""
    shown = one_of(ROOM_SHOWN, room)
    with begin(request) as work:
        return plain(shown(work, number)["data"])


@post("/{room:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def donations_new(request: Request, room: FromPath[str], data: JsonObject) -> dict[str, Any]:
    """Something new: drives, gifts, goods, donors, pledges, projects, spending, issues, pairs, boxes, activities."""
    return answer_start(request, one_of(acts.NEW, room), data)


@post("/{room:str}/{number:str}/{act:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def donations_act(
    request: Request, room: FromPath[str], number: FromPath[str], act: FromPath[str], data: JsonObject
) -> dict[str, Any]:
    """An act on one of a room, as its page has it."""
    return answer_act(request, one_of(ROOMS, room), (number, act), data)


router = Router(
    "/api/v1/donations",
    route_handlers=[
        donations_balance, donations_figures, donations_closing, donations_checks, donations_trace, donations_list,
        donations_show, donations_new, donations_act,
    ],
)  # fmt: skip
