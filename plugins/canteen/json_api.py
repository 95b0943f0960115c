"""The JSON API of canteens: the acts of the pages, the same scope; files of persons leave a read record."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, TypeAlias

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from core.api import NotFound, UnitOfWork, _, checked
from core.web import Limit, Next, Paged, answered, begin, guarded, plain
from plugins.canteen import acts, queries, wishes
from plugins.canteen.acts import Act
from plugins.canteen.queries import Filter
from plugins.canteen.quoting import AskQuote, quote
from plugins.canteen.services.policing import PolicyFile, import_policy

SHOW, DINERS = [guarded("canteen.show")], [guarded("canteen.diners")]
TAGS = ["canteen"]
State: TypeAlias = Annotated[str, QueryParameter(name="state", max_length=20)]
Body: TypeAlias = JSONBody[dict[str, Any]]


def _page(
    request: Request, ask: Callable[[UnitOfWork, Filter], Sequence[dict[str, Any]]], next: str, **given: Any
) -> Paged:
    wish = Filter(after=int(next) if next.isdecimal() else 0, **given)
    with begin(request) as work:
        found = ask(work, wish)
    items = [plain(one) for one in found[: wish.limit]]
    return Paged(items, str(items[-1]["id"]) if len(found) > wish.limit else None)


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


@post("/sites", sync_to_thread=True, guards=SHOW, tags=TAGS)
def canteen_add_site(request: Request, data: JSONBody[wishes.AddSite]) -> dict[str, Any]:
    """Register a running site, or start a project (state planned)."""
    return _start(request, "sites", data)


@post("/operators", sync_to_thread=True, guards=SHOW, tags=TAGS)
def canteen_add_operator(request: Request, data: JSONBody[wishes.AddOperator]) -> dict[str, Any]:
    """Register an operator with the account that settlements are paid to."""
    return _start(request, "operators", data)


@post("/diners", sync_to_thread=True, guards=SHOW, tags=TAGS)
def canteen_enrol(request: Request, data: JSONBody[wishes.Enrol]) -> dict[str, Any]:
    """Enrol a diner; the tier follows and is never typed."""
    return _start(request, "diners", data)


@post("/settlements", sync_to_thread=True, guards=SHOW, tags=TAGS)
def canteen_settle(request: Request, data: JSONBody[wishes.SettleMonth]) -> dict[str, Any]:
    """Draw up the settlement of a site and month."""
    return _start(request, "settlements", data)


@post("/payments", sync_to_thread=True, guards=SHOW, tags=TAGS)
def canteen_pay(request: Request, data: JSONBody[wishes.BatchMonth]) -> dict[str, Any]:
    """Put the approved settlements of a month into payment batches."""
    return _start(request, "payments", data)


@post("/grant-payments", sync_to_thread=True, guards=SHOW, tags=TAGS)
def canteen_pay_grants(request: Request, data: JSONBody[wishes.BatchMonth]) -> dict[str, Any]:
    """Put the payable instalments of grants into a payment batch."""
    return _start(request, "grant-payments", data)


@post("/targets", sync_to_thread=True, guards=SHOW, tags=TAGS)
def canteen_set_target(request: Request, data: JSONBody[wishes.SetTarget]) -> dict[str, Any]:
    """Fix how many sites a year shall bring."""
    return _start(request, "targets", data)


@post("/sites/{number:str}/{act:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def canteen_site_act(request: Request, number: FromPath[str], act: FromPath[str], data: Body) -> dict[str, Any]:
    """Approve, accept, open, price, menu, sample, inspect, assess, feedback, grant, licence, suspend, close."""
    return _do(request, acts.SITE_ACTS, act, number, data)


@post("/operators/{number:str}/{act:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def canteen_operator_act(request: Request, number: FromPath[str], act: FromPath[str], data: Body) -> dict[str, Any]:
    """Contract, account, end-contract."""
    return _do(request, acts.OPERATOR_ACTS, act, number, data)


@post("/diners/{number:str}/{act:str}", sync_to_thread=True, guards=DINERS, tags=TAGS)
def canteen_diner_act(request: Request, number: FromPath[str], act: FromPath[str], data: Body) -> dict[str, Any]:
    """Card (the token is answered once), change, review, end-card, end."""
    return _do(request, acts.DINER_ACTS, act, number, data)


@post("/inspections/{number:str}/{act:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def canteen_inspection_act(request: Request, number: FromPath[str], act: FromPath[str], data: Body) -> dict[str, Any]:
    """Rectify."""
    return _do(request, acts.INSPECTION_ACTS, act, number, data)


@post("/settlements/{number:str}/{act:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def canteen_settlement_act(request: Request, number: FromPath[str], act: FromPath[str], data: Body) -> dict[str, Any]:
    """Check, approve, return."""
    return _do(request, acts.SETTLEMENT_ACTS, act, number, data)


def _start(request: Request, room: str, wish: Any) -> dict[str, Any]:
    start = acts.STARTS[room]
    with begin(request) as work:
        work.require(start.right)
        return answered(work, plain(start.do(work, wish)))


def _do(request: Request, known: Mapping[str, Act], name: str, number: str, data: dict[str, Any]) -> dict[str, Any]:
    act = known.get(name)
    if act is None:
        raise NotFound(_("没有这项办理"), hint=", ".join(known))
    with begin(request) as work:
        work.require(act.right)
        return answered(work, plain(act.do(work, number, checked(act.wish, **data))))


router = Router(
    "/api/v1/canteen",
    route_handlers=[
        canteen_sites, canteen_site, canteen_diners, canteen_diner, canteen_operators, canteen_operator,
        canteen_inspections, canteen_inspection, canteen_settlements, canteen_settlement, canteen_rates,
        canteen_quote, canteen_import_policy, canteen_add_site, canteen_add_operator, canteen_enrol, canteen_settle,
        canteen_pay, canteen_pay_grants, canteen_set_target, canteen_site_act, canteen_operator_act,
        canteen_diner_act, canteen_inspection_act, canteen_settlement_act,
    ],
)  # fmt: skip
