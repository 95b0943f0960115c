"""The counter's page, what it asks the server, and the pages of those who look after it.

The page itself works without the network: its worker keeps this page and nothing else. What it asks is answered as
JSON; a refusal comes as ``{"error": {"code", "message"}}`` with the status it has everywhere.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response, Template

from core.api import HuiminError, NotFound, Refused, UnitOfWork, _, row_id, staff_by_id
from core.web import PAGE, FormData, after_id, begin, guarded, limited, look, more_path, page, see_other
from plugins.canteen.counter import roster, words
from plugins.canteen.counter.conflicts import close_day, decide, list_questions, question_of
from plugins.canteen.counter.terminals import (
    confirm_terminal,
    hand_key,
    list_terminals,
    own_terminal,
    register_terminal,
    revoke_terminal,
)
from plugins.canteen.counter.uploading import upload
from plugins.canteen.sites import site_of

STATIC = Path(__file__).parent / "static"
SERVE, CHECK, DECIDE, SHOW = ([guarded(f"canteen.{name}")] for name in ("serve", "check", "decide", "show"))
SCRIPT = "text/javascript; charset=utf-8"
UPLOAD_MEGABYTES = 8
PLAIN_CONFIRM: dict[str, Any] = {"keep": (), "lines": (), "ask_reason": True, "ask_password": False}


@cache
def script(name: str) -> bytes:
    """A script of the counter, read once."""
    return (STATIC / name).read_bytes()


@cache
def version() -> str:
    """What changes when the counter's script does."""
    return hashlib.sha256(script("counter.js")).hexdigest()[:12]


@get("/counter/worker.js", sync_to_thread=False, guards=SERVE)
def worker() -> Response[bytes]:
    """The worker that keeps the counter's page for when the line is down."""
    return Response(script("worker.js"), media_type=SCRIPT, headers={"cache-control": "no-cache"})


@get("/counter/counter.js", sync_to_thread=False, guards=SERVE)
def counter_script() -> Response[bytes]:
    """The counter's script."""
    return Response(script("counter.js"), media_type=SCRIPT, headers={"cache-control": "private, max-age=86400"})


@get("/counter/{number:str}", sync_to_thread=True, guards=SERVE)
def counter(request: Request, number: FromPath[str]) -> Template:
    """The counter of one site."""
    with begin(request) as work:
        site = site_of(work, number, "canteen.serve")
    return page("canteen/counter.html", site=site, version=version(), meals=words.MEALS, codes=words.CODES)


@get("/counter/{number:str}/day", sync_to_thread=True, guards=SERVE)
def day(request: Request, number: FromPath[str], serial: FromQuery[str] = "") -> Response[Any]:
    """The day's list for this device, and whether the device may still serve."""

    def tell(work: UnitOfWork) -> dict[str, Any]:
        state = own_terminal(work, serial, "canteen.serve")[0].state if serial else ""
        return {**roster.day_list(work, number), "terminal": state}

    return _answer(request, tell)


@post("/counter/{number:str}/find", sync_to_thread=True, guards=SERVE)
def find(request: Request, number: FromPath[str], data: FormData) -> Response[Any]:
    """One diner for the screen: what is typed travels in the body, never in an address."""
    with look() as work:
        return _said(
            lambda: roster.look_up(
                work, number, data.text("diner"), data.text("set"), delivery=data.text("delivery") == "1"
            )
        )


@post("/counter/{number:str}/send", sync_to_thread=True, guards=SERVE, opt=limited(UPLOAD_MEGABYTES))
def send(request: Request, number: FromPath[str], data: FormData) -> Response[Any]:
    """Entries of the device; every line is answered with what became of it."""

    def take(work: UnitOfWork) -> dict[str, Any]:
        done = upload(work, data.text("lines").splitlines())
        for line in done.lines:
            line["reason"] = _(words.CODES[line["code"]]) if line["code"] in words.CODES else line["code"]
        return vars(done)

    return _answer(request, take)


@post("/counter/{number:str}/register", sync_to_thread=True, guards=SERVE)
def register(request: Request, number: FromPath[str], data: FormData) -> Response[Any]:
    """Register this device for the site."""
    return _answer(request, lambda work: vars(register_terminal(work, number, data.text("title"))))


@post("/counter/{number:str}/key", sync_to_thread=True, guards=SERVE)
def key(request: Request, number: FromPath[str], data: FormData) -> Response[Any]:
    """The key of this device once it is confirmed, else where it stands."""

    def hand(work: UnitOfWork) -> dict[str, Any]:
        serial = data.text("serial")
        terminal, _site = own_terminal(work, serial, "canteen.serve")
        waiting = terminal.state != "active" or terminal.handed_at is not None
        return {"state": terminal.state, "key": "" if waiting else hand_key(work, serial, data.text("claim"))}

    return _answer(request, hand)


@post("/counter/{number:str}/close", sync_to_thread=True, guards=SERVE)
def close(request: Request, number: FromPath[str], data: FormData) -> Response[Any]:
    """Close the day."""

    def end(work: UnitOfWork) -> dict[str, Any]:
        pending = data.text("pending")
        closed = close_day(work, number, work.today, row_id(pending))
        return {"meals": closed.meals, "charged_fen": closed.charged_fen, "subsidy_fen": closed.subsidy_fen}

    return _answer(request, end)


def _answer(request: Request, act: Callable[[UnitOfWork], Any]) -> Response[Any]:
    """Do something in a unit of work and answer as JSON."""

    def within() -> Any:
        with begin(request) as work:
            return act(work)

    return _said(within)


def _said(act: Callable[[], Any]) -> Response[Any]:
    try:
        return Response(act(), status_code=200)
    except HuiminError as error:
        hint = error.objections[0].hint if isinstance(error, Refused) and error.objections else None
        body = {"error": {"code": error.code, "message": error.message, "hint": hint}}
        return Response(body, status_code=error.status)


@get("/terminals", sync_to_thread=True, guards=SHOW)
def terminals(request: Request, status: FromQuery[str] = "") -> Template:
    """Devices at the counters: who registered which, confirmed or not."""
    with begin(request) as work:
        found = list_terminals(work, status if status in words.TERMINAL_STATES else "")
        who = staff_by_id(work, [one["registered_by"] for one in found])
        may_decide = work.may("canteen.decide")
    return page(
        "canteen/terminals.html",
        terminals=found,
        who=who,
        may_decide=may_decide,
        chosen=status,
        choices=[("", _("全部")), *((name, _(title)) for name, title in words.TERMINAL_STATES.items())],
        states=words.TERMINAL_STATES,
        tags=words.TERMINAL_TAGS,
    )


@post("/terminals/{serial:str}/confirm", sync_to_thread=True, guards=DECIDE)
def confirm(request: Request, serial: FromPath[str], data: FormData) -> Redirect | Template:
    """Let a device serve."""
    with begin(request) as work:
        confirm_terminal(work, serial)
    return see_other("/canteen/terminals", _("终端已确认"))


@get("/terminals/{serial:str}/revoke", sync_to_thread=True, guards=DECIDE)
def ask_revoke(request: Request, serial: FromPath[str]) -> Template:
    """Why a device is taken out of service."""
    return _revoke_form(serial)


@post("/terminals/{serial:str}/revoke", sync_to_thread=True, guards=DECIDE)
def revoke(request: Request, serial: FromPath[str], data: FormData) -> Redirect | Template:
    """Take it out of service."""
    try:
        with begin(request) as work:
            revoke_terminal(work, serial, data.text("reason"))
    except Refused as refusal:
        return _revoke_form(serial, data, refusal.objections)
    return see_other("/canteen/terminals", _("终端已停用"))


def _revoke_form(serial: str, values: Any = None, wrong: Any = ()) -> Template:
    with look() as work:
        terminal, site = own_terminal(work, serial, "canteen.decide")
    return page(
        "confirm.html",
        status=422 if wrong else 200,
        question=_("停用终端“{title}”？", title=terminal.title),
        sentences=[_("{site}，序列号 {serial}", site=site.name, serial=serial), _("还没上传的记录会留下来等人处理。")],
        action=f"/canteen/terminals/{serial}/revoke",
        back="/canteen/terminals",
        safe=_("不停用"),
        verb=_("停用终端"),
        danger=True,
        values=values,
        objections=wrong,
        **PLAIN_CONFIRM,
    )


@get("/conflicts", sync_to_thread=True, guards=CHECK)
def questions(request: Request, site: FromQuery[str] = "", after: FromQuery[str] = "") -> Template:
    """Swipes that wait for a person."""
    number = site.strip().upper()
    with begin(request) as work:
        found = list_questions(work, number, after=after_id(after), limit=PAGE + 1)
    return page(
        "canteen/conflicts.html",
        questions=found[:PAGE],
        site=site,
        meals=words.MEALS,
        outcomes=words.OUTCOMES,
        more=more_path("/canteen/conflicts", found, PAGE, site=number),
    )


@get("/conflicts/{number:int}/{outcome:str}", sync_to_thread=True, guards=CHECK)
def ask_decision(request: Request, number: FromPath[int], outcome: FromPath[str]) -> Template:
    """Why a swipe is decided so."""
    return _decision_form(number, outcome)


@post("/conflicts/{number:int}/{outcome:str}", sync_to_thread=True, guards=CHECK)
def decide_question(
    request: Request, number: FromPath[int], outcome: FromPath[str], data: FormData
) -> Redirect | Template:
    """Decide about one swipe."""
    try:
        with begin(request) as work:
            decide(work, number, outcome, data.text("reason"))
    except Refused as refusal:
        return _decision_form(number, outcome, data, refusal.objections)
    return see_other("/canteen/conflicts", _("已处理"))


def _decision_form(number: int, outcome: str, values: Any = None, wrong: Any = ()) -> Template:
    with look() as work:
        one = question_of(work, number)
    if outcome not in words.OUTCOMES:
        raise NotFound(_("没有这个页面"))
    said = _("{name}，{day}，{site}：{reason}", name=one["name"] or _("不认识的就餐码"), day=one["day"].isoformat(),
             site=one["site_name"], reason=one["reason"])  # fmt: skip
    return page(
        "confirm.html",
        status=422 if wrong else 200,
        question=_(words.QUESTIONS[outcome]),
        sentences=[said],
        action=f"/canteen/conflicts/{number}/{outcome}",
        back="/canteen/conflicts",
        safe=_("返回"),
        verb=_(words.OUTCOMES[outcome]),
        danger=outcome == "not_a_meal",
        values=values,
        objections=wrong,
        **PLAIN_CONFIRM,
    )


router = Router(
    "/canteen",
    route_handlers=[
        worker,
        counter_script,
        counter,
        day,
        find,
        send,
        register,
        key,
        close,
        terminals,
        confirm,
        ask_revoke,
        revoke,
        questions,
        ask_decision,
        decide_question,
    ],
)
