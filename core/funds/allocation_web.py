"""Pages of money set apart for a scheme, and of the minutes that decided it."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response, Template

from core.errors import Clash, NotFound, Objection, Refused
from core.funds import allocations, page_words, queries, reading
from core.funds.typed import objections_of, read_wish
from core.households.areas import area_names, list_areas
from core.showing import money
from core.texts import _
from core.web import FormData, Posted, begin, download, guarded, limited, look, page, read_form, see_other
from core.work import UnitOfWork

SHOW, ALLOCATE = [guarded("funds.show")], [guarded("funds.allocate")]
UPLOAD_MEGABYTES = 60


@get("/allocations", sync_to_thread=True, guards=SHOW)
def show_list(request: Request, scheme: FromQuery[str] = "") -> Template:
    """Allocations, newest first, with what is left of each and the minutes behind it."""
    with begin(request) as work:
        found = queries.list_allocations(work, scheme=scheme)
        choices = page_words.schemes(work)
        names = area_names(work, {one["area"] for one in found if one["area"]})
        may = work.may("funds.allocate")
    return page(
        "funds/allocations.html",
        allocations=found,
        scheme=scheme,
        choices=choices,
        schemes=dict(choices),
        names=names,
        may_allocate=may,
        tabs=page_words.tabs("money", "/funds/allocations"),
    )


@get("/allocations/new", sync_to_thread=True, guards=ALLOCATE)
def ask_allocation(request: Request, fund: FromQuery[str] = "") -> Template:
    """Ask what is set apart, and for the minutes."""
    with begin(request) as work:
        own = next((one["scheme"] for one in queries.list_funds(work) if one["fund"] == fund), "")
        return _form(work, {"fund": fund, "scheme": own})


@post("/allocations/new", sync_to_thread=True, guards=ALLOCATE, opt=limited(UPLOAD_MEGABYTES))
def allocate(request: Request, data: FormData) -> Template | Redirect:
    """Set money apart; without the file of the minutes it is refused."""
    file = data.files.get("minutes")
    content = file.content if file else b""
    try:
        with begin(request) as work:
            wish = _wish(data)
            made = allocations.allocate(work, wish, content, file.name if file else "")
            number = made.minutes_id
    except (Refused, NotFound, Clash) as refusal:
        with look() as work:
            return _form(work, data, objections_of(refusal, "fund"), refusal.status, again=bool(content))
    return see_other(f"/funds/minutes/{number}", _("已分配 {amount} 元", amount=money(wish.amount_fen)))


@get("/allocations/{allocation:int}/close", sync_to_thread=True, guards=ALLOCATE)
def ask_close(request: Request, allocation: FromPath[int]) -> Template:
    """Say what closing an allocation gives back."""
    with begin(request) as work:
        return _closing(work, allocation)


@post("/allocations/{allocation:int}/close", sync_to_thread=True, guards=ALLOCATE)
def close(request: Request, allocation: FromPath[int], data: FormData) -> Redirect | Template:
    """Give what is unspent back to the fund."""
    try:
        with begin(request) as work:
            unspent = allocations.close_allocation(work, allocation).unspent_fen
    except Refused as refusal:
        with look() as work:
            return _closing(work, allocation, refusal.objections)
    return see_other("/funds/allocations", _("已退回 {amount} 元", amount=money(unspent)))


def _closing(work: UnitOfWork, allocation: int, objections: Sequence[Objection] = ()) -> Template:
    found = next((one for one in queries.list_allocations(work) if one["id"] == allocation), None)
    if found is None:
        raise NotFound(_("没有找到这笔分配"))
    title, left = queries.scheme_title(work, found["scheme"]), money(found["left_fen"])
    return page(
        "confirm.html",
        status=422 if objections else 200,
        objections=objections,
        question=_("结束 {scheme} 的这笔分配？", scheme=title),
        action=f"/funds/allocations/{allocation}/close",
        back="/funds/allocations",
        safe=_("不结束"),
        verb=_("结束分配"),
        danger=True,
        sentences=[
            _("没有用完的 {left} 元退回资金 {fund}，以后的批次不再从这笔分配支用。", left=left, fund=found["fund"])
        ],
        lines=[],
        keep=[],
        ask_reason=False,
        ask_password=False,
    )


@get("/minutes/{minutes:int}", sync_to_thread=True, guards=SHOW)
def show_minutes(request: Request, minutes: FromPath[int]) -> Template:
    """One item of minutes: what it decided, what cites it, what the closing checklist still wants."""
    with begin(request) as work:
        return _minutes(work, minutes)


@post("/minutes/{minutes:int}", sync_to_thread=True, guards=ALLOCATE)
def complete(request: Request, minutes: FromPath[int], data: FormData) -> Template | Redirect:
    """Fill in the details of the meeting."""
    try:
        with begin(request) as work:
            allocations.complete_minutes(work, minutes, read_form(allocations.MinutesDetails, data))
    except Refused as refusal:
        with look() as work:
            return _minutes(work, minutes, data, refusal.objections)
    return see_other(f"/funds/minutes/{minutes}", _("会议记录已补全"))


@get("/minutes/{minutes:int}/file", sync_to_thread=True, guards=SHOW)
def minutes_file(request: Request, minutes: FromPath[int]) -> Response[bytes]:
    """The scanned file of some minutes; the reading is recorded."""
    with begin(request) as work:
        name, content = allocations.open_minutes(work, minutes)
    return download(content, name, "application/octet-stream")


def _wish(data: Posted) -> allocations.NewAllocation:
    if data.text("decided"):
        return read_wish(allocations.NewAllocation, data)
    # Mostly the meeting decided just what is set apart, and nobody types it twice.
    wish = read_wish(allocations.NewAllocation, data, decided_fen=1)
    return wish.model_copy(update={"decided_fen": wish.amount_fen})


def _form(
    work: UnitOfWork,
    values: Mapping[str, Any],
    objections: Sequence[Objection] = (),
    status: int = 200,
    *,
    again: bool = False,
) -> Template:
    towns = [(one["code"], one["name"]) for one in list_areas(work) if one["level"] == "town"]
    return page(
        "funds/allocate.html",
        values=values,
        objections=objections,
        status=status,
        funds=[
            (one["fund"], _("{name}（{code}），可分配 {left} 元", name=one["name"], code=one["fund"],
                            left=money(one["available_fen"])))
            for one in queries.list_funds(work)
        ],
        schemes=page_words.schemes(work),
        towns=[("", _("全县")), *towns],
        again=again,
    )  # fmt: skip


def _minutes(
    work: UnitOfWork, minutes: int, values: Mapping[str, Any] | None = None, objections: Sequence[Objection] = ()
) -> Template:
    found = reading.minutes_file(work, minutes)
    kept = {name: found[name] for name in allocations.MinutesDetails.model_fields}
    return page(
        "funds/minutes.html",
        minutes=found,
        scheme=queries.scheme_title(work, found["scheme"]),
        names=area_names(work, {one["area"] for one in found["allocations"] if one["area"]}),
        may_complete=work.may("funds.allocate"),
        values=kept if values is None else values,
        objections=objections,
        status=422 if objections else 200,
    )


router = Router(
    "/",
    route_handlers=[
        show_list, ask_allocation, allocate, ask_close, close, show_minutes, complete, minutes_file,
    ],
)  # fmt: skip
