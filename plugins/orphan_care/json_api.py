"""The JSON API of orphan care: the acts of the pages, the same scope; every file read is recorded."""

from typing import Annotated, Any, TypeAlias

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from core.api import NotFound, _, checked
from core.web import Limit, Next, Paged, after_id, answered, begin, guarded, page_of, plain
from plugins.orphan_care import due_lists, queries, sponsors
from plugins.orphan_care.acts import CASE_ACTS, PAIRING_ACTS, SPONSOR_ACTS, Act, Done
from plugins.orphan_care.acts import apply as apply_act
from plugins.orphan_care.publishing import request_notice
from plugins.orphan_care.queries import CaseFilter
from plugins.orphan_care.services.pairing import add_sponsor
from plugins.orphan_care.wishes import AddSponsor, ApplyCase, RequestNotice

SHOW = [guarded("orphan_care.show")]
PAIR = [guarded("orphan_care.pair")]
TAGS = ["orphan-care"]
State: TypeAlias = Annotated[str, QueryParameter(name="state", max_length=20)]
Body: TypeAlias = JSONBody[dict[str, Any]]


@get("/cases", sync_to_thread=True, guards=SHOW, tags=TAGS)
def orphan_care_cases(
    request: Request,
    limit: Limit = 50,
    next: Next = "",
    state_is: State = "",
    category: FromQuery[str] = "",
    area: FromQuery[str] = "",
    missing: FromQuery[bool] = False,
) -> Paged:
    """Files in the token's areas."""
    wish = CaseFilter(state=state_is, category=category, area=area, missing=missing, after=after_id(next), limit=limit)
    with begin(request) as work:
        found = queries.list_cases(work, wish)
    return page_of(found, limit)


@get("/cases/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def orphan_care_case(request: Request, number: FromPath[str]) -> dict[str, Any]:
    """One file in full."""
    with begin(request) as work:
        return plain(queries.show_case(work, number))


@post("/cases", sync_to_thread=True, guards=[guarded("orphan_care.apply")], tags=TAGS)
def orphan_care_apply(request: Request, data: JSONBody[ApplyCase]) -> dict[str, Any]:
    """Open the file of a child; refused with every rule it breaks."""
    with begin(request) as work:
        return answered(work, _said(apply_act(work, data)))


@post("/cases/{number:str}/{act:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def orphan_care_act(request: Request, number: FromPath[str], act: FromPath[str], data: Body) -> dict[str, Any]:
    """Do an act on a file: check, approve, withdraw, basis, guardian, agree, school, aid, visit, review, end, …"""
    return _do(request, CASE_ACTS, act, number, data)


@get("/visits", sync_to_thread=True, guards=SHOW, tags=TAGS)
def orphan_care_visits(request: Request, level: FromQuery[str] = "village") -> dict[str, Any]:
    """Visits that are due."""
    if level not in ("village", "township"):
        raise NotFound(_("没有这张清单"))
    with begin(request) as work:
        return {"items": [plain(one) for one in due_lists.visits_due(work, level)], "next": None}


@get("/due/{name:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def orphan_care_due(request: Request, name: FromPath[str]) -> dict[str, Any]:
    """What is due: reviews, bases, ages."""
    with begin(request) as work:
        found = due_lists.all_due(work)
    if name not in found:
        raise NotFound(_("没有这张清单"))
    return {"items": [plain(one) for one in found[name]], "next": None}


@get("/sponsors", sync_to_thread=True, guards=PAIR, tags=TAGS)
def orphan_care_sponsors(request: Request) -> dict[str, Any]:
    """Sponsors with their checks."""
    with begin(request) as work:
        return {"items": [plain(one) for one in sponsors.list_sponsors(work)], "next": None}


@post("/sponsors", sync_to_thread=True, guards=PAIR, tags=TAGS)
def orphan_care_add_sponsor(request: Request, data: JSONBody[AddSponsor]) -> dict[str, Any]:
    """Register a sponsor."""
    with begin(request) as work:
        return answered(work, {"id": add_sponsor(work, data).id})


@post("/sponsors/{sponsor:int}/{act:str}", sync_to_thread=True, guards=PAIR, tags=TAGS)
def orphan_care_sponsor_act(request: Request, sponsor: FromPath[int], act: FromPath[str], data: Body) -> dict[str, Any]:
    """Check a sponsor, or pair them with a child."""
    return _do(request, SPONSOR_ACTS, act, str(sponsor), data)


@get("/pairings", sync_to_thread=True, guards=PAIR, tags=TAGS)
def orphan_care_pairings(request: Request) -> dict[str, Any]:
    """Pairings with what was promised and given."""
    with begin(request) as work:
        return {"items": [plain(one) for one in sponsors.list_pairings(work)], "next": None}


@get("/pairings/{pairing:int}", sync_to_thread=True, guards=PAIR, tags=TAGS)
def orphan_care_pairing(request: Request, pairing: FromPath[int]) -> dict[str, Any]:
    """One pairing with its contacts."""
    with begin(request) as work:
        return plain(sponsors.show_pairing(work, pairing))


@get("/pairings/{pairing:int}/introduction", sync_to_thread=True, guards=PAIR, tags=TAGS)
def orphan_care_introduction(request: Request, pairing: FromPath[int]) -> dict[str, Any]:
    """What the sponsor may be told of the child."""
    with begin(request) as work:
        return plain(sponsors.introduction(work, pairing))


@post("/pairings/{pairing:int}/{act:str}", sync_to_thread=True, guards=PAIR, tags=TAGS)
def orphan_care_pairing_act(request: Request, pairing: FromPath[int], act: FromPath[str], data: Body) -> dict[str, Any]:
    """Consent, contact or end of a pairing."""
    return _do(request, PAIRING_ACTS, act, str(pairing), data)


@post("/notices", sync_to_thread=True, guards=[guarded("orphan_care.publish")], tags=TAGS)
def orphan_care_notice(request: Request, data: JSONBody[RequestNotice]) -> dict[str, Any]:
    """Open a notice by number and amount; anything else is E_MINOR_PUBLIC."""
    with begin(request) as work:
        return answered(work, {"id": request_notice(work, data)})


def _do(request: Request, acts: Any, name: str, number: str, data: dict[str, Any]) -> dict[str, Any]:
    known: Act | None = acts.get(name)
    if known is None:
        raise NotFound(_("没有这项办理"), hint=", ".join(acts))
    with begin(request) as work:
        work.require(known.right)
        return answered(work, _said(known.do(work, number, checked(known.wish, **data))))


def _said(done: Done) -> dict[str, Any]:
    warnings = [{"code": one.code, "reason": one.reason} for one in done.warnings]
    return plain({**done.data, "warnings": warnings})


router = Router(
    "/api/v1/orphan-care",
    route_handlers=[
        orphan_care_cases, orphan_care_case, orphan_care_apply, orphan_care_act, orphan_care_visits, orphan_care_due,
        orphan_care_sponsors, orphan_care_add_sponsor, orphan_care_sponsor_act, orphan_care_pairings,
        orphan_care_pairing, orphan_care_introduction, orphan_care_pairing_act, orphan_care_notice,
    ],
)  # fmt: skip
