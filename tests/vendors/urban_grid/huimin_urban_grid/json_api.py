"""The JSON API of grids: the same lists, acts and answers as the pages."""

from typing import Any

from litestar import Request, Router, get
from litestar.params import FromPath

from core.web import Limit, Next, Paged, State, act_api, after_id, begin, guarded, page_of, plain, start_api
from huimin_urban_grid import queries
from huimin_urban_grid.acts import ACTING
from huimin_urban_grid.wishes import Narrow

SHOW, TAGS = [guarded(queries.SHOW)], ["urban-grid"]


@get("/cases", sync_to_thread=True, guards=SHOW, tags=TAGS)
def list_urban_grid_cases(request: Request, limit: Limit = 50, next: Next = "", state_is: State = "") -> Paged:
    """Cases of the actor's areas, newest first."""
    with begin(request) as work:
        return page_of(queries.cases(work, Narrow(state=state_is, after=after_id(next), limit=limit)), limit)


@get("/cases/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def show_urban_grid_case(request: Request, number: FromPath[str]) -> dict[str, Any]:
    """One case with its steps."""
    with begin(request) as work:
        return plain(queries.show_case(work, number))


@get("/grids", sync_to_thread=True, guards=SHOW, tags=TAGS)
def list_urban_grid_grids(request: Request) -> list[dict[str, Any]]:
    """Grids with their inspectors."""
    with begin(request) as work:
        return plain(queries.grids(work))


router = Router(
    "/api/v1/urban-grid",
    route_handlers=[
        list_urban_grid_cases, show_urban_grid_case, list_urban_grid_grids,
        start_api(ACTING, "cases", "/cases", "report_urban_grid_case", "Report a case."),
        act_api(ACTING, "cases", "/cases", "act_on_urban_grid_case", "Send, handle, check, return or close a case."),
        start_api(ACTING, "grids", "/grids", "add_urban_grid_grid", "Lay out a grid."),
        act_api(ACTING, "grids", "/grids", "act_on_urban_grid_grid", "Give a grid its inspector."),
    ],
)  # fmt: skip
