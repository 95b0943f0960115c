"""The JSON API of canteens: the acts of the pages, the same scope; files of persons leave a read record."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from core.api import UnitOfWork, checked
from core.web import (
    Limit,
    Next,
    Paged,
    State,
    act_api,
    after_id,
    answered,
    begin,
    guarded,
    page_of,
    plain,
    start_api,
)
from plugins.canteen import acts, queries
from plugins.canteen.acts import ACTING
from plugins.canteen.queries import Filter
from plugins.canteen.quoting import AskQuote, quote
from plugins.canteen.services.policing import PolicyFile, import_policy

SHOW, DINERS = [guarded("canteen.show")], [guarded("canteen.diners")]
TAGS = ["canteen"]


def _page(
    request: Request, ask: Callable[[UnitOfWork, Filter], Sequence[dict[str, Any]]], next: str, **given: Any
) -> Paged:
    wish = Filter(after=after_id(next), **given)
    with begin(request) as work:
        return page_of(ask(work, wish), wish.limit)


@get("/sites", sync_to_thread=True, guards=SHOW, tags=TAGS)
def canteen_sites(
    request: Request, limit: Limit = 50, next: Next = "", state_is: State = "", area: FromQuery[str] = ""
) -> Paged:
    """Sites in the token's areas."""
    return _page(request, queries.list_sites, next, state=state_is, area=area, limit=limit)


@get("/sites/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def canteen_site(request: Request, number: FromPath[str]) -> dict[str, Any]:
    """One site: licence, sets, contracts, states, checks, settlements, grants."""
    with begin(request) as work:
        return plain(queries.show_site(work, number))


@get("/diners", sync_to_thread=True, guards=DINERS, tags=TAGS)
def canteen_diners(
    request: Request, limit: Limit = 50, next: Next = "", state_is: State = "", area: FromQuery[str] = ""
) -> Paged:
    """Diners with their tier of today."""
    return _page(request, queries.list_diners, next, state=state_is, area=area, limit=limit)


@get("/diners/{number:str}", sync_to_thread=True, guards=DINERS, tags=TAGS)
def canteen_diner(request: Request, number: FromPath[str]) -> dict[str, Any]:
    """One diner."""
    with begin(request) as work:
        return plain(queries.show_diner(work, number))


@get("/operators", sync_to_thread=True, guards=SHOW, tags=TAGS)
def canteen_operators(request: Request, limit: Limit = 50, next: Next = "") -> Paged:
    """Operators of the county."""
    return _page(request, queries.list_operators, next, limit=limit)


@get("/operators/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def canteen_operator(request: Request, number: FromPath[str]) -> dict[str, Any]:
    """One operator: contracts and sites."""
    with begin(request) as work:
        return plain(queries.show_operator(work, number))


@get("/inspections", sync_to_thread=True, guards=SHOW, tags=TAGS)
def canteen_inspections(
    request: Request, limit: Limit = 50, next: Next = "", state_is: State = "", area: FromQuery[str] = ""
) -> Paged:
    """Inspections, newest first; ``state`` may be a severity, waiting or overdue."""
    return _page(request, queries.list_inspections, next, state=state_is, area=area, limit=limit)


@get("/inspections/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def canteen_inspection(request: Request, number: FromPath[str]) -> dict[str, Any]:
    """One inspection."""
    with begin(request) as work:
        return plain(queries.show_inspection(work, number))


@get("/settlements", sync_to_thread=True, guards=SHOW, tags=TAGS)
def canteen_settlements(
    request: Request,
    limit: Limit = 50,
    next: Next = "",
    state_is: State = "",
    area: FromQuery[str] = "",
    month: FromQuery[str] = "",
) -> Paged:
    """Settlements, newest first."""
    return _page(request, queries.list_settlements, next, state=state_is, area=area, text=month, limit=limit)


@get("/settlements/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def canteen_settlement(request: Request, number: FromPath[str]) -> dict[str, Any]:
    """One settlement with its steps."""
    with begin(request) as work:
        return plain(queries.show_settlement(work, number))


@get("/rates", sync_to_thread=True, guards=SHOW, tags=TAGS)
def canteen_rates(request: Request, on: FromQuery[date | None] = None) -> dict[str, Any]:
    """The rates of a day."""
    with begin(request) as work:
        return plain(queries.show_rates(work, on or work.today))


@get("/quote", sync_to_thread=True, guards=[guarded("canteen.serve")], tags=TAGS)
def canteen_quote(
    request: Request,
    person: FromQuery[int],
    site: FromQuery[str],
    set_code: Annotated[str, QueryParameter(name="set", max_length=12)],
    on: FromQuery[date | None] = None,
    delivery: FromQuery[bool] = False,
) -> dict[str, Any]:
    """What one meal would cost a person, named by number and never by ID number."""
    with begin(request) as work:
        wish = checked(
            AskQuote, person=str(person), site=site, set_code=set_code, on=on or work.today, delivery=delivery
        )
        found = quote(work, wish)
    return {
        "tier": found.tier,
        "list_price_fen": found.list_price_fen,
        "subsidy_fen": found.subsidy_fen,
        "self_pay_fen": found.self_pay_fen,
        "delivery_fee_fen": found.delivery_fee_fen,
    }


@post("/policies", sync_to_thread=True, guards=[guarded("canteen.decide")], tags=TAGS)
def canteen_import_policy(request: Request, data: JSONBody[PolicyFile]) -> dict[str, Any]:
    """Take a document of tiers and operating subsidies in."""
    with begin(request) as work:
        return answered(work, plain(acts.data_of(import_policy(work, data))))


STARTS = (
    ("sites", "canteen_add_site", "Register a running site, or start a project (state planned)."),
    ("operators", "canteen_add_operator", "Register an operator with the account that settlements are paid to."),
    ("diners", "canteen_enrol", "Enrol a diner; the tier follows and is never typed."),
    ("settlements", "canteen_settle", "Draw up the settlement of a site and month."),
    ("payments", "canteen_pay", "Put the approved settlements of a month into payment batches."),
    ("grant-payments", "canteen_pay_grants", "Put the payable instalments of grants into a payment batch."),
    ("targets", "canteen_set_target", "Fix how many sites a year shall bring."),
)
ACTS = (
    ("sites", "canteen_site_act",
     "Approve, accept, open, price, menu, sample, inspect, assess, feedback, grant, licence, suspend, close."),
    ("operators", "canteen_operator_act", "Contract, account, end-contract."),
    ("inspections", "canteen_inspection_act", "Rectify."),
    ("settlements", "canteen_settlement_act", "Check, approve, return."),
)  # fmt: skip
_DINER_ACTS = "Card (the token is answered once), change, review, end-card, end."

router = Router(
    "/api/v1/canteen",
    route_handlers=[
        canteen_sites, canteen_site, canteen_diners, canteen_diner, canteen_operators, canteen_operator,
        canteen_inspections, canteen_inspection, canteen_settlements, canteen_settlement, canteen_rates,
        canteen_quote, canteen_import_policy,
        *(start_api(ACTING, name, f"/{name}", operation, says) for name, operation, says in STARTS),
        *(act_api(ACTING, name, f"/{name}", operation, says) for name, operation, says in ACTS),
        act_api(ACTING, "diners", "/diners", "canteen_diner_act", _DINER_ACTS, right="canteen.diners"),
    ],
)  # fmt: skip
