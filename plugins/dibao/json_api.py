"""The JSON API of dibao: the acts of the pages, the same scope."""

from typing import Annotated, Any, TypeAlias

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from core.api import NotFound, _, checked
from core.web import Limit, Next, Paged, after_id, answered, begin, guarded, page_of, plain
from plugins.dibao import queries, statistics
from plugins.dibao.accountability import ACCOUNT, wrong_approvals
from plugins.dibao.accountability import as_data as accountability_data
from plugins.dibao.acts import ACTS
from plugins.dibao.campaigns import list_campaigns, list_linked
from plugins.dibao.queries import AwardFilter
from plugins.dibao.raising import preview
from plugins.dibao.services import campaigns, prices
from plugins.dibao.standard_checks import as_data, coverage, standard_checks
from plugins.dibao.two_lines import one_line_only
from plugins.dibao.wishes import AnswerList, CampaignResult, GiveList, SetPrice, StartCampaign

SHOW = [guarded("dibao.show")]
TAGS = ["dibao"]
Body: TypeAlias = JSONBody[dict[str, Any]]
Class: TypeAlias = Annotated[str, QueryParameter(name="class", max_length=1)]


@get("/families", sync_to_thread=True, guards=SHOW, tags=TAGS)
def dibao_families(
    request: Request,
    limit: Limit = 50,
    next: Next = "",
    category: FromQuery[str] = "",
    area: FromQuery[str] = "",
    in_class: Class = "",
) -> Paged:
    """Families in payment within the token's areas."""
    wish = AwardFilter(category=category, area=area, review_class=in_class, after=after_id(next), limit=limit)
    with begin(request) as work:
        found = queries.families(work, wish)
    return page_of(found, limit)


@get("/cases/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def dibao_case(request: Request, number: FromPath[str]) -> dict[str, Any]:
    """Everything declared of a family and what it comes to; the reading is recorded."""
    with begin(request) as work:
        return plain(queries.show_family(work, number))


@get("/cases/{number:str}/compute", sync_to_thread=True, guards=SHOW, tags=TAGS)
def dibao_compute(request: Request, number: FromPath[str]) -> dict[str, Any]:
    """What a case comes to today; not eligible is an answer."""
    with begin(request) as work:
        return plain(queries.computed(work, number))


@post("/cases/{number:str}/{act:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def dibao_act(request: Request, number: FromPath[str], act: FromPath[str], data: Body) -> dict[str, Any]:
    """Do an act on a family: set-income, set-property, set-expenditure, set-obligors, income, member, margin, …"""
    known = ACTS.get(act)
    if known is None:
        raise NotFound(_("没有这项办理"), hint=", ".join(ACTS))
    with begin(request) as work:
        work.require(known.right)
        return answered(work, plain(known.do(work, number, checked(known.wish, **data))))


@get("/margins", sync_to_thread=True, guards=SHOW, tags=TAGS)
def dibao_margins(request: Request, area: FromQuery[str] = "", limit: Limit = 50, next: Next = "") -> Paged:
    """Margin families."""
    with begin(request) as work:
        return page_of(queries.margin_families(work, area, after=after_id(next), limit=limit + 1), limit)


@get("/prices", sync_to_thread=True, guards=SHOW, tags=TAGS)
def dibao_prices(request: Request) -> dict[str, Any]:
    """Price months."""
    with begin(request) as work:
        return {"items": [plain(one) for one in queries.price_months(work)], "next": None}


@post("/prices", sync_to_thread=True, guards=[guarded("dibao.set_price")], tags=TAGS)
def dibao_set_price(request: Request, data: JSONBody[SetPrice]) -> dict[str, Any]:
    """Set a price month."""
    with begin(request) as work:
        row = prices.set_price(work, data)
        return answered(work, {"month": row.month, "amount_fen": row.amount_fen})


@get("/checks", sync_to_thread=True, guards=SHOW, tags=TAGS)
def dibao_checks(request: Request, month: FromQuery[str] = "") -> dict[str, Any]:
    """Checks of the standards and of coverage."""
    with begin(request) as work:
        found = [*standard_checks(work, month), *coverage(work, month)]
        return {"items": [plain(as_data(one)) for one in found], "next": None}


@get("/indicators", sync_to_thread=True, guards=SHOW, tags=TAGS)
def dibao_indicators(request: Request, month: FromQuery[str] = "") -> dict[str, Any]:
    """The monthly figures."""
    with begin(request) as work:
        rows = statistics.indicators(work, month or None)
        return {"items": [{"name": one[0], "figure": one[1], "note": one[2]} for one in rows], "next": None}


@get("/two-lines", sync_to_thread=True, guards=SHOW, tags=TAGS)
def dibao_two_lines(request: Request) -> dict[str, Any]:
    """Persons who stand on one of rural dibao and the register against poverty only."""
    with begin(request) as work:
        return {"items": [plain(one) for one in one_line_only(work)], "next": None}


@get("/accountability", sync_to_thread=True, guards=[guarded(ACCOUNT)], tags=TAGS)
def dibao_accountability(request: Request, month: FromQuery[str] = "") -> dict[str, Any]:
    """Wrong approvals with the officers of every step, the kind of error and the money."""
    with begin(request) as work:
        return {"items": [plain(accountability_data(one)) for one in wrong_approvals(work, month)], "next": None}


@get("/raise", sync_to_thread=True, guards=SHOW, tags=TAGS)
def dibao_raise(
    request: Request, category: FromQuery[str], amount: FromQuery[str], month: FromQuery[str]
) -> dict[str, Any]:
    """What another standard would change; nothing is stored."""
    with begin(request) as work:
        return plain(preview(work, category, amount, month))


@get("/campaigns", sync_to_thread=True, guards=SHOW, tags=TAGS)
def dibao_campaigns(request: Request) -> dict[str, Any]:
    """Campaigns with their progress."""
    with begin(request) as work:
        return {"items": [plain(one) for one in list_campaigns(work)], "next": None}


@post("/campaigns", sync_to_thread=True, guards=[guarded("dibao.campaign")], tags=TAGS)
def dibao_start_campaign(request: Request, data: JSONBody[StartCampaign]) -> dict[str, Any]:
    """Freeze the list of a campaign."""
    with begin(request) as work:
        return answered(work, plain(campaigns.progress(work, campaigns.start(work, data))))


@post("/campaigns/{campaign:int}/results", sync_to_thread=True, guards=[guarded("dibao.campaign")], tags=TAGS)
def dibao_campaign_result(request: Request, campaign: FromPath[int], data: JSONBody[CampaignResult]) -> dict[str, Any]:
    """What became of a family."""
    with begin(request) as work:
        return answered(work, {"result": campaigns.record_result(work, campaign, data).result})


@get("/linked", sync_to_thread=True, guards=SHOW, tags=TAGS)
def dibao_linked(request: Request) -> dict[str, Any]:
    """Lists given to other departments."""
    with begin(request) as work:
        return {"items": [plain(one) for one in list_linked(work)], "next": None}


@post("/linked", sync_to_thread=True, guards=[guarded("dibao.link")], tags=TAGS)
def dibao_give_list(request: Request, data: JSONBody[GiveList]) -> dict[str, Any]:
    """Give a list to a department."""
    with begin(request) as work:
        row = campaigns.give_list(work, data)
        return answered(work, {"id": row.id, "persons": row.persons})


@post("/linked/{list_id:int}/answers", sync_to_thread=True, guards=[guarded("dibao.link")], tags=TAGS)
def dibao_answer_list(request: Request, list_id: FromPath[int], data: JSONBody[AnswerList]) -> dict[str, Any]:
    """What the department answered."""
    with begin(request) as work:
        return answered(work, {"granted": campaigns.answer_list(work, list_id, data).granted})


router = Router(
    "/api/v1/dibao",
    route_handlers=[
        dibao_families, dibao_case, dibao_compute, dibao_act, dibao_margins, dibao_prices, dibao_set_price,
        dibao_accountability, dibao_checks, dibao_indicators, dibao_raise, dibao_campaigns,
        dibao_start_campaign, dibao_campaign_result, dibao_linked, dibao_give_list, dibao_answer_list, dibao_two_lines,
    ],
)  # fmt: skip
