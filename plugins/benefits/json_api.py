"""The JSON API of benefits: the same services as pages and commands."""

from typing import Annotated, Any, TypeAlias

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from pydantic import BaseModel, Field

from core.web import Limit, Next, Paged, after_id, answered, begin, guarded, look, page_of, plain
from plugins.benefits import counting, explaining, queries, rolls, what_if
from plugins.benefits.queries import EnrolmentFilter
from plugins.benefits.schemes import schemes_of
from plugins.benefits.services import asking, changing, institutions, standards
from plugins.benefits.services import rolls as building
from plugins.benefits.standards_now import list_standards

SHOW, ENROL = [guarded("benefits.show")], [guarded("benefits.enrol")]
TAGS = ["benefits"]
State: TypeAlias = Annotated[str, QueryParameter(name="state")]


class Why(BaseModel):
    """The reason of an act."""

    reason: str = Field(min_length=1, max_length=200)


class WhatIf(BaseModel):
    """Another standard (yuan a month) to be tried for a category in a month."""

    scheme: str
    category: str
    amount: str
    period: str


@get("/schemes", sync_to_thread=True, guards=SHOW, tags=TAGS)
def scheme_list(request: Request) -> dict[str, Any]:
    """Schemes with their categories."""
    with begin(request) as work:
        found = sorted(schemes_of(work))
        items = [
            {
                "scheme": name,
                "title": queries.scheme_title(work, name),
                "categories": [one.code for one in schemes_of(work)[name].categories],
            }
            for name in found
        ]
    return {"items": items, "next": None}


@post("/schemes/start", sync_to_thread=True, guards=[guarded("benefits.start_scheme")], tags=TAGS)
def scheme_start(request: Request, data: JSONBody[building.StartScheme]) -> dict[str, Any]:
    """Say from which month on rolls look back."""
    with begin(request) as work:
        row = building.start_scheme(work, data)
        return answered(work, {"scheme": row.scheme, "start": row.month})


@get("/standards", sync_to_thread=True, guards=SHOW, tags=TAGS)
def standard_list(request: Request, scheme: FromQuery[str] = "") -> dict[str, Any]:
    """Every standard that was ever set."""
    with begin(request) as work:
        return {"items": [plain(one) for one in list_standards(work, scheme)], "next": None}


@post("/standards", sync_to_thread=True, guards=[guarded("benefits.set_standard")], tags=TAGS)
def standard_set(request: Request, data: JSONBody[standards.SetStandard]) -> dict[str, Any]:
    """Set a standard from a month on."""
    with begin(request) as work:
        return answered(work, {"id": standards.set_standard(work, data).id})


@get("/institutions", sync_to_thread=True, guards=SHOW, tags=TAGS)
def institution_list(request: Request) -> dict[str, Any]:
    """Institutions with the tail of their account."""
    with begin(request) as work:
        return {"items": queries.institutions(work), "next": None}


@post("/institutions", sync_to_thread=True, guards=[guarded("benefits.set_institution")], tags=TAGS)
def institution_set(request: Request, data: JSONBody[institutions.SetInstitution]) -> dict[str, Any]:
    """Register an institution, or change it."""
    with begin(request) as work:
        return answered(work, {"id": institutions.set_institution(work, data).id})


@get("/enrolments", sync_to_thread=True, guards=SHOW, tags=TAGS)
def enrolment_list(
    request: Request,
    limit: Limit = 50,
    next: Next = "",
    scheme: FromQuery[str] = "",
    category: FromQuery[str] = "",
    in_state: State = "",
    area: FromQuery[str] = "",
    person: FromQuery[int | None] = None,
) -> Paged:
    """Enrolments in the token's areas, by number."""
    wish = EnrolmentFilter(
        scheme=scheme,
        category=category,
        state=in_state,
        area=area,
        person_id=person,
        after=after_id(next),
        limit=limit + 1,
    )
    with begin(request) as work:
        found = queries.list_enrolments(work, wish)
    return page_of(found, limit)


@get("/enrolments/{enrolment:int}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def enrolment_show(request: Request, enrolment: FromPath[int]) -> dict[str, Any]:
    """One enrolment with all its versions."""
    with begin(request) as work:
        found = queries.show_enrolment(work, enrolment)
        queries.log_read(work, found["scheme"], f"enrolment:{enrolment}", found["area"])
        return plain(found)


@post("/enrolments", sync_to_thread=True, guards=ENROL, tags=TAGS)
def enrolment_add(request: Request, data: JSONBody[asking.EnrolWish]) -> dict[str, Any]:
    """Enrol one person or family."""
    with begin(request) as work:
        return answered(work, {"id": asking.enrol_as_asked(work, data)})


@post("/enrolments/{enrolment:int}/change", sync_to_thread=True, guards=ENROL, tags=TAGS)
def enrolment_change(
    request: Request, enrolment: FromPath[int], data: JSONBody[changing.ChangeEnrolment]
) -> dict[str, Any]:
    """Change an enrolment from a month on."""
    with begin(request) as work:
        return answered(work, {"id": changing.change_enrolment(work, enrolment, data).id})


@post("/enrolments/{enrolment:int}/end", sync_to_thread=True, guards=ENROL, tags=TAGS)
def enrolment_end(request: Request, enrolment: FromPath[int], data: JSONBody[changing.EndEnrolment]) -> dict[str, Any]:
    """End an enrolment after a month."""
    with begin(request) as work:
        return answered(work, {"id": changing.end_enrolment(work, enrolment, data.last_month, data.reason).id})


@post("/enrolments/{enrolment:int}/suspend", sync_to_thread=True, guards=ENROL, tags=TAGS)
def enrolment_suspend(
    request: Request, enrolment: FromPath[int], data: JSONBody[changing.PauseEnrolment]
) -> dict[str, Any]:
    """Pause payment from a month on."""
    with begin(request) as work:
        return answered(work, {"id": changing.suspend(work, enrolment, data.from_month, data.reason).id})


@post("/enrolments/{enrolment:int}/resume", sync_to_thread=True, guards=ENROL, tags=TAGS)
def enrolment_resume(
    request: Request, enrolment: FromPath[int], data: JSONBody[changing.PauseEnrolment]
) -> dict[str, Any]:
    """Go on paying; what was held back comes with the next roll."""
    with begin(request) as work:
        return answered(work, {"id": changing.resume(work, enrolment, data.from_month, data.reason).id})


@post("/enrolments/{enrolment:int}/reopen", sync_to_thread=True, guards=ENROL, tags=TAGS)
def enrolment_reopen(request: Request, enrolment: FromPath[int], data: JSONBody[Why]) -> dict[str, Any]:
    """Take an end back."""
    with begin(request) as work:
        return answered(work, {"id": changing.reopen(work, enrolment, data.reason).id})


@get("/rolls", sync_to_thread=True, guards=SHOW, tags=TAGS)
def roll_list(request: Request, scheme: FromQuery[str] = "") -> dict[str, Any]:
    """Rolls, newest first."""
    with begin(request) as work:
        return {"items": [plain(one) for one in rolls.list_rolls(work, scheme)], "next": None}


@post("/rolls", sync_to_thread=True, guards=[guarded("funds.build")], tags=TAGS)
def roll_build(request: Request, data: JSONBody[building.BuildRoll]) -> dict[str, Any]:
    """Ask for a roll; it is built in the background, see its ``state``."""
    with begin(request) as work:
        return answered(work, {"batch": building.ask_roll(work, data), "state": "building"})


@get("/rolls/{batch:int}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def roll_show(request: Request, batch: FromPath[int], limit: Limit = 50, next: Next = "") -> dict[str, Any]:
    """A roll with its sums, who was left out, and a page of its lines."""
    with begin(request) as work:
        found = rolls.show_roll(work, batch, after_id(next), limit)
        queries.log_read(work, found["scheme"], f"batch:{batch}", count=len(found["items"]))
        return plain(found)


@get("/explain", sync_to_thread=True, guards=SHOW, tags=TAGS)
def explain(request: Request, scheme: FromQuery[str], person: FromQuery[int], period: FromQuery[str]) -> dict[str, Any]:
    """What a person gets in the rolls of a month, and why."""
    with begin(request) as work:
        found = explaining.explain(work, scheme, person, period)
        queries.log_read(work, scheme, f"person:{person}")
        return plain(found)


@post("/what-if", sync_to_thread=True, guards=SHOW, tags=TAGS, status_code=200)
def try_standard(request: Request, data: JSONBody[WhatIf]) -> dict[str, Any]:
    """What another standard would change; nothing is stored."""
    with look() as work:
        return plain(what_if.what_if(work, data.scheme, data.category, data.amount, data.period))


@get("/lists/{name:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def work_list(request: Request, name: FromPath[str], limit: Limit = 50, next: Next = "") -> Paged:
    """What needs doing: suspended, expiring or payees by pages; standards whole."""
    with begin(request) as work:
        if name == "standards":
            work.require("benefits.show")
            return Paged([plain(one) for one in counting.weak_standards(work)], None)
        return page_of(counting.work_list(work, name, after=after_id(next), limit=limit + 1), limit)


router = Router(
    "/api/v1/benefits",
    route_handlers=[
        scheme_list, scheme_start, standard_list, standard_set, institution_list, institution_set,
        enrolment_list, enrolment_show, enrolment_add, enrolment_change, enrolment_end, enrolment_suspend,
        enrolment_resume, enrolment_reopen, roll_list, roll_build, roll_show, explain, try_standard, work_list,
    ],
)  # fmt: skip
