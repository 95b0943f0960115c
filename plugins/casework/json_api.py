"""The JSON API of casework: the acts of the pages, the same scope."""

from typing import Annotated, Any, TypeAlias

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from core.api import NotFound, _, checked
from core.web import Limit, Next, Paged, after_id, answered, begin, guarded, page_of, part_of, plain
from plugins.casework import queries, sampled, wishes
from plugins.casework.acts import ACTS, opened, stepped
from plugins.casework.queries import CaseFilter
from plugins.casework.services import remedies, sampling

SHOW = [guarded("casework.show")]
TAGS = ["casework"]
State: TypeAlias = Annotated[str, QueryParameter(name="state", max_length=20)]
Body: TypeAlias = JSONBody[dict[str, Any]]


@get("/cases", sync_to_thread=True, guards=SHOW, tags=TAGS)
def casework_cases(
    request: Request,
    limit: Limit = 50,
    next: Next = "",
    state_is: State = "",
    type: FromQuery[str] = "",
    area: FromQuery[str] = "",
    overdue: FromQuery[bool] = False,
) -> Paged:
    """Cases in the token's areas, newest first."""
    wish = CaseFilter(state=state_is, type=type, area=area, overdue=overdue, before=after_id(next), limit=limit)
    with begin(request) as work:
        found = queries.list_cases(work, wish)
    return page_of(found, limit)


@get("/cases/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def casework_case(request: Request, number: FromPath[str]) -> dict[str, Any]:
    """One case in full."""
    with begin(request) as work:
        return plain(queries.show_case(work, number))


@post("/cases", sync_to_thread=True, guards=[guarded("casework.apply")], tags=TAGS)
def casework_new(request: Request, data: JSONBody[wishes.NewCase]) -> dict[str, Any]:
    """Open a case."""
    with begin(request) as work:
        return answered(work, plain(opened(work, data)))


@post("/cases/{number:str}/steps/{event:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def casework_step(request: Request, number: FromPath[str], event: FromPath[str], data: Body) -> dict[str, Any]:
    """Take a step of the state table."""
    with begin(request) as work:
        return answered(work, plain(stepped(work, number, event, data)))


@post("/cases/{number:str}/acts/{act:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def casework_act(request: Request, number: FromPath[str], act: FromPath[str], data: Body) -> dict[str, Any]:
    """Do an act beside the steps: sign, paper, relative, visit, explain, complain, member-left, inspect, appeal …"""
    if act not in ACTS:
        raise NotFound(_("没有这个操作"), hint=", ".join(ACTS))
    with begin(request) as work:
        done = ACTS[act].do(work, number, checked(ACTS[act].wish, **data))
        return answered(work, {"case": number, "id": done.id})


@post("/samples", sync_to_thread=True, guards=[guarded("casework.review")], tags=TAGS)
def casework_draw(request: Request, data: JSONBody[wishes.DrawSample]) -> dict[str, Any]:
    """Draw a sample."""
    with begin(request) as work:
        made = sampling.draw_sample(work, data)
        return answered(work, plain(sampled.sample_data(work, made.id or 0)))


@get("/samples/{sample:int}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def casework_sample(request: Request, sample: FromPath[int]) -> dict[str, Any]:
    """A sample, drawn again from its seed."""
    with begin(request) as work:
        return plain(sampled.sample_data(work, sample))


@get("/leads", sync_to_thread=True, guards=SHOW, tags=TAGS)
def casework_leads(request: Request, limit: Limit = 50, next: Next = "") -> Paged:
    """Open leads in the token's areas, the most pressing first."""
    start = after_id(next)
    with begin(request) as work:
        return part_of(sampled.open_leads(work, start=start, limit=limit + 1), limit, start)


@post("/leads", sync_to_thread=True, guards=[guarded("casework.apply")], tags=TAGS)
def casework_add_lead(request: Request, data: JSONBody[wishes.AddLead]) -> dict[str, Any]:
    """Write a lead down."""
    with begin(request) as work:
        made = remedies.add_lead(work, data)
        return answered(work, plain({"lead": made.id, "due_on": made.due_on}))


router = Router(
    "/api/v1/casework",
    route_handlers=[
        casework_cases, casework_case, casework_new, casework_step, casework_act, casework_draw, casework_sample,
        casework_leads, casework_add_lead,
    ],
)  # fmt: skip
