"""The JSON API of the counter: check-in, entries of terminals, meals taken back, open questions, devices."""

from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody
from pydantic import BaseModel, Field

from core.api import _
from core.web import Limit, Next, Paged, after_id, answered, begin, guarded, limited, page_of, plain
from plugins.canteen.counter import words
from plugins.canteen.counter.conflicts import decide, list_questions, void_meal
from plugins.canteen.counter.serving import CheckIn, check_in
from plugins.canteen.counter.terminals import confirm_terminal, list_terminals, register_terminal, revoke_terminal
from plugins.canteen.counter.uploading import upload
from plugins.canteen.counter.web import UPLOAD_MEGABYTES

TAGS = ["canteen"]
SERVE, CHECK, DECIDE, SHOW = ([guarded(f"canteen.{name}")] for name in ("serve", "check", "decide", "show"))


class Entries(BaseModel):
    """Lines of terminals, each a JSON object as text, in any order."""

    lines: list[str] = Field(max_length=20_000)


class Reason(BaseModel):
    """Why."""

    reason: str = Field(max_length=200)


class Decided(Reason):
    """How a swipe is decided, and why."""

    outcome: str = Field(max_length=12)


class NewTerminal(BaseModel):
    """A device to be registered for a site."""

    site: str = Field(max_length=20)
    title: str = Field(default="", max_length=40)


@post("/check-in", sync_to_thread=True, guards=SERVE, tags=TAGS)
def canteen_check_in(request: Request, data: JSONBody[CheckIn]) -> dict[str, Any]:
    """Serve one meal; a refused swipe is kept before the refusal is answered."""
    with begin(request) as work:
        served = check_in(work, data)
        body = {
            "id": served.swipe_id,
            "tier": served.tier,
            "list_price_fen": served.list_price_fen,
            "subsidy_fen": served.subsidy_fen,
            "self_pay_fen": served.self_pay_fen,
            "delivery_fee_fen": served.delivery_fee_fen,
            "late": served.late,
        }
        if not served.objections:
            answered(work, body)
    served.stands()
    return body


@post("/upload", sync_to_thread=True, guards=SERVE, tags=TAGS, opt=limited(UPLOAD_MEGABYTES))
def canteen_upload(request: Request, data: JSONBody[Entries]) -> dict[str, Any]:
    """Take in entries of terminals; every line is answered with what became of it."""
    with begin(request) as work:
        done = upload(work, data.lines)
        for line in done.lines:
            line["reason"] = _(words.CODES[line["code"]]) if line["code"] in words.CODES else line["code"]
        return answered(work, vars(done))


@post("/meals/{number:int}/void", sync_to_thread=True, guards=SERVE, tags=TAGS)
def canteen_void(request: Request, number: FromPath[int], data: JSONBody[Reason]) -> dict[str, Any]:
    """Take a meal back."""
    with begin(request) as work:
        void_meal(work, number, data.reason)
        return answered(work, {"id": number, "void": True})


@get("/conflicts", sync_to_thread=True, guards=CHECK, tags=TAGS)
def canteen_conflicts(request: Request, limit: Limit = 100, next: Next = "", site: FromQuery[str] = "") -> Paged:
    """Swipes that wait for a person, oldest first."""
    with begin(request) as work:
        return page_of(list_questions(work, site, after=after_id(next), limit=limit + 1), limit)


@post("/conflicts/{number:int}", sync_to_thread=True, guards=CHECK, tags=TAGS)
def canteen_conflict_decide(request: Request, number: FromPath[int], data: JSONBody[Decided]) -> dict[str, Any]:
    """Decide about one swipe."""
    with begin(request) as work:
        decide(work, number, data.outcome, data.reason)
        return answered(work, {"id": number, "outcome": data.outcome})


@get("/terminals", sync_to_thread=True, guards=SHOW, tags=TAGS)
def canteen_terminals(request: Request) -> dict[str, Any]:
    """Devices at the counters, newest first; never a key."""
    with begin(request) as work:
        return {"items": [plain(one) for one in list_terminals(work)], "next": None}


@post("/terminals", sync_to_thread=True, guards=SERVE, tags=TAGS)
def canteen_terminal_register(request: Request, data: JSONBody[NewTerminal]) -> dict[str, Any]:
    """Register a device; its claim is answered once and never kept."""
    with begin(request) as work:
        return vars(register_terminal(work, data.site, data.title))


@post("/terminals/{serial:str}/confirm", sync_to_thread=True, guards=DECIDE, tags=TAGS)
def canteen_terminal_confirm(request: Request, serial: FromPath[str]) -> dict[str, Any]:
    """Let a device serve."""
    with begin(request) as work:
        confirm_terminal(work, serial)
        return answered(work, {"serial": serial, "state": "active"})


@post("/terminals/{serial:str}/revoke", sync_to_thread=True, guards=DECIDE, tags=TAGS)
def canteen_terminal_revoke(request: Request, serial: FromPath[str], data: JSONBody[Reason]) -> dict[str, Any]:
    """Take a device out of service."""
    with begin(request) as work:
        revoke_terminal(work, serial, data.reason)
        return answered(work, {"serial": serial, "state": "revoked"})


router = Router(
    "/api/v1/canteen",
    route_handlers=[
        canteen_check_in,
        canteen_upload,
        canteen_void,
        canteen_conflicts,
        canteen_conflict_decide,
        canteen_terminals,
        canteen_terminal_register,
        canteen_terminal_confirm,
        canteen_terminal_revoke,
    ],
)
