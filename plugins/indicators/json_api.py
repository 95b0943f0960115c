"""The JSON API of the indicator catalogue: the acts of the pages, the same scope."""

from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery

from core.api import NotFound, _, one_of, refuse
from core.web import (
    JsonObject,
    Limit,
    Next,
    Paged,
    State,
    after_id,
    answer_act,
    answer_start,
    begin,
    guarded,
    page_of,
    paged,
    plain,
)
from plugins.indicators import listing
from plugins.indicators.acts import ROOMS, STARTS, Room
from plugins.indicators.periods import stretch
from plugins.indicators.services.stating import unanswered

SHOW = [guarded("indicators.show")]
TAGS = ["indicators"]


def _room(name: str) -> Room:
    if name not in ROOMS:
        raise NotFound(_("没有这种数据"), hint=", ".join(ROOMS))
    return ROOMS[name]


@get("/", sync_to_thread=True, guards=SHOW, tags=TAGS)
def indicators_catalogue(
    request: Request,
    limit: Limit = 500,
    next: Next = "",
    period: FromQuery[str] = "",
    plugin: FromQuery[str] = "",
    kind: FromQuery[str] = "",
) -> Paged:
    """The catalogue: every indicator with its target in a period."""
    with begin(request) as work:
        found = sorted(listing.list_indicators(work, period, plugin, kind), key=lambda one: one["name"])
        return paged([plain(one) for one in found], "name", limit, next)


@get("/show/{name:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def indicators_indicator(request: Request, name: FromPath[str], period: FromQuery[str] = "") -> dict[str, Any]:
    """One indicator of a period by area, with the average, who fails, and the signed gaps."""
    with begin(request) as work:
        return plain(listing.show_indicator(work, name, period))


@get("/period/{period:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def indicators_period(request: Request, period: FromPath[str], plugin: FromQuery[str] = "") -> dict[str, Any]:
    """Every indicator of a period, and the stated figures that do not hold and wait for an acknowledgement."""
    with begin(request) as work:
        one = stretch(period)
        report, lines = listing.period_report(work, one.text, plugin)
        wrong = listing.stated_lines(work, unanswered(work, one))
    found = {"period": one.text, "failures": dict(report.failures), "indicators": lines, "contradictions": wrong}
    return plain(found)


@get("/{room:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def indicators_list(
    request: Request,
    room: FromPath[str],
    limit: Limit = 50,
    next: Next = "",
    state_is: State = "",
    text: FromQuery[str] = "",
) -> Paged:
    """Targets, stated figures or reports, newest first."""
    known = _room(room)
    if state_is and state_is not in known.states:
        raise refuse(_("没有这种状态"), field="state", code="E_FIELD", hint=", ".join(known.states))
    with begin(request) as work:
        wish = listing.Filter(state=state_is, text=text, limit=limit, after=after_id(next))
        return page_of(known.listed(work, wish), limit)


@get("/{room:str}/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def indicators_show(request: Request, room: FromPath[str], number: FromPath[str]) -> dict[str, Any]:
    """One of them in full; a report with its frozen rows."""
    with begin(request) as work:
        return plain(_room(room).shown(work, number))


@post("/{start:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def indicators_add(request: Request, start: FromPath[str], data: JsonObject) -> dict[str, Any]:
    """Set a target, make a report, check a stated sum, rate, year, average or plan."""
    return answer_start(request, one_of(STARTS, start), data)


@post("/{room:str}/{number:str}/{act:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def indicators_act(
    request: Request, room: FromPath[str], number: FromPath[str], act: FromPath[str], data: JsonObject
) -> dict[str, Any]:
    """Revoke a target, acknowledge or withdraw a stated figure, check or issue a report."""
    return answer_act(request, _room(room), (number, act), data)


router = Router(
    "/api/v1/indicators",
    route_handlers=[
        indicators_catalogue, indicators_indicator, indicators_period, indicators_list, indicators_show,
        indicators_add, indicators_act,
    ],
)  # fmt: skip
