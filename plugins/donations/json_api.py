"""The JSON API of donations: the acts of the pages, the same rights; names of donors leave a read record."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from core.api import NotFound, Period, _, checked
from core.web import Limit, Next, Paged, answered, begin, guarded, plain
from plugins.donations import acts, figures, statistics
from plugins.donations.acts import Act, Done
from plugins.donations.checks import daily
from plugins.donations.listing import ROOM_LINES
from plugins.donations.queries import Filter
from plugins.donations.rooms import ROOMS, complete
from plugins.donations.single import ROOM_SHOWN, trace_of

SHOW = [guarded("donations.show")]
TAGS = ["donations"]
State: TypeAlias = Annotated[str, QueryParameter(name="state", max_length=20)]
Body: TypeAlias = JSONBody[dict[str, Any]]


@get("/balance", sync_to_thread=True, guards=SHOW, tags=TAGS)
def donations_balance(request: Request) -> dict[str, Any]:
    """Balances by purpose: unrestricted and every restricted one apart."""
    with begin(request) as work:
        return plain(figures.balance(work))


@get("/figures", sync_to_thread=True, guards=SHOW, tags=TAGS)
def donations_figures(request: Request, year: FromQuery[int | None] = None) -> dict[str, Any]:
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
    lines = _known(ROOM_LINES, room)
    wish = Filter(after=int(next) if next.isdecimal() else 0, limit=limit, state=state_is)
    with begin(request) as work:
        found = lines(work, wish)
    items = [plain(one["data"]) for one in found[: wish.limit]]
    return Paged(items, str(items[-1]["id"]) if len(found) > wish.limit else None)


@get("/{room:str}/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def donations_show(request: Request, room: FromPath[str], number: FromPath[str]) -> dict[str, Any]:
    """One of a room."""
    shown = _known(ROOM_SHOWN, room)
    with begin(request) as work:
        return plain(shown(work, number)["data"])


@post("/{room:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def donations_new(request: Request, room: FromPath[str], data: Body) -> dict[str, Any]:
    """Something new: drives, gifts, goods, donors, pledges, projects, spending, issues, pairs, boxes, activities."""
    known = _known(acts.NEW, room)
    with begin(request) as work:
        work.require(known.right)
        return answered(work, _said(known.make(work, checked(known.wish, **data))))


@post("/{room:str}/{number:str}/{act:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def donations_act(
    request: Request, room: FromPath[str], number: FromPath[str], act: FromPath[str], data: Body
) -> dict[str, Any]:
    """An act on one of a room, as its page has it."""
    known: Act = _known(_known(ROOMS, room).acts, act)
    with begin(request) as work:
        work.require(known.right)
        wish = checked(known.wish, **complete(work, room, known, number, data))
        return answered(work, _said(known.do(work, number, wish)))


def _known(there: Mapping[str, Any], name: str) -> Any:
    if name not in there:
        raise NotFound(_("没有这项办理"), hint=", ".join(there))
    return there[name]


def _said(done: Done) -> dict[str, Any]:
    warnings = [{"code": one.code, "reason": one.reason} for one in done.warnings]
    return plain({**done.data, "warnings": warnings})


router = Router(
    "/api/v1/donations",
    route_handlers=[
        donations_balance, donations_figures, donations_closing, donations_checks, donations_trace, donations_list,
        donations_show, donations_new, donations_act,
    ],
)  # fmt: skip
