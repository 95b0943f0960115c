"""Pages of notices: the list, one notice with its levels, the acts on it, the sheet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias
from urllib.parse import urlencode

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect, Response, Template

from core.api import NotFound, Objection, Refused, UnitOfWork, _, area_names, mark
from core.web import FormData, Posted, begin, guarded, limited, look, page, paper, paper_pdf, read_form, see_other
from plugins.notices import objections, queries, services
from plugins.notices.api import NewNotice
from plugins.notices.queries import NoticeFilter
from plugins.notices.reading import headers_of, read_rows
from plugins.notices.sheets import sheet_of
from plugins.notices.states import LEVELS, OUTCOMES, STATES, TAGS, WAYS
from plugins.notices.types import all_types, type_named

SHOW, OPEN, POST = [guarded("notices.show")], [guarded("notices.open")], [guarded("notices.post")]
UPLOAD_MEGABYTES = 60
State: TypeAlias = Annotated[str, QueryParameter(name="state", max_length=12)]


@get("/", sync_to_thread=True, guards=SHOW)
def show_list(
    request: Request,
    state_is: State = "",
    type: FromQuery[str] = "",
    area: FromQuery[str] = "",
    number: FromQuery[str] = "",
    after: FromQuery[int] = 0,
) -> Template:
    """Notices of one's areas, newest first."""
    given = {"state": state_is if state_is in STATES else "", "type": type, "area": area, "number": number}
    with begin(request) as work:
        wish = NoticeFilter(state=given["state"], type=type, area=area, number=number, after=after)
        found = queries.list_notices(work, wish)
        kinds = [(one.name, one.title) for one in all_types(work).values()]
        names = area_names(work, [one["area"] for one in found])
        may_open = work.may("notices.open")
    rows = found[: wish.limit]
    narrowed = {name: text for name, text in given.items() if text}
    more = f"/notices?{urlencode({**narrowed, 'after': rows[-1]['id']})}" if len(found) > len(rows) else ""
    return page(
        "notices/list.html",
        block="list",
        rows=rows,
        names=names,
        given=given,
        narrowed=bool(narrowed),
        kinds=kinds,
        states=[(name, _(title)) for name, title in STATES.items()],
        words=_words(),
        more=more,
        may_open=may_open,
    )


@get("/new", sync_to_thread=True, guards=OPEN)
def ask_new(request: Request) -> Template:
    """The form for a notice made by hand from a list in a file."""
    with begin(request) as work:
        return _new(work)


@post("/new", sync_to_thread=True, guards=OPEN, opt=limited(UPLOAD_MEGABYTES))
def open_new(request: Request, data: FormData) -> Template | Redirect:
    """Open a notice from the list in a file, or say everything that is wrong with it."""
    try:
        with begin(request) as work:
            work.require("notices.open")
            file = data.files.get("file")
            if file is None or not file.content:
                raise Refused([Objection(field="file", reason=_("请先选一个文件"), code="E_FILE")])
            rows = read_rows(work, type_named(work, data.text("type")), file.content)
            notice = services.open_notice(work, read_form(NewNotice, data, rows=rows))
    except Refused as refusal:
        with look() as work:
            return _new(work, data, refusal.objections, 422)
    return see_other(f"/notices/{notice.id}", _("已开具 {number}", number=notice.number))


@get("/{notice:int}", sync_to_thread=True, guards=SHOW)
def show(request: Request, notice: FromPath[int]) -> Template:
    """One notice: levels with their periods and proof, objections, what can be done."""
    with begin(request) as work:
        found = queries.show_notice(work, notice)
        area = found["area"]
        may = {name: work.may(f"notices.{name}", area) for name in ("post", "object", "decide", "withdraw")}
        may["photo"] = work.may("attachment.show", area)
    standing = {one["level"]: one for one in found["postings"] if one["removed_on"] is None}
    return page("notices/show.html", notice=found, may=may, words=_words(), standing=standing)


@get("/{notice:int}/sheet", sync_to_thread=True, guards=SHOW)
def as_sheet(request: Request, notice: FromPath[int]) -> Template:
    """The sheet on the screen, as it is posted."""
    return paper(_sheet(request, notice), back=f"/notices/{notice}", pdf_path=f"/notices/{notice}/pdf")


@get("/{notice:int}/pdf", sync_to_thread=True, guards=SHOW)
def as_pdf(request: Request, notice: FromPath[int]) -> Response[bytes]:
    """The sheet as PDF."""
    return paper_pdf(_sheet(request, notice))


def _sheet(request: Request[Any, Any, Any], notice: int) -> Any:
    with begin(request) as work:
        found = queries.own_notice(work, notice)
        work.record_read("notices.printed", f"notice:{notice}", area=found.area)
        return sheet_of(work, found)


# -- acts ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Act:
    """One act on a notice: its right, its words, and the service that does it with the posted form."""

    right: str
    title: str
    done: str
    do: Callable[[UnitOfWork, int, Posted], object]
    danger: bool = False


def _post(work: UnitOfWork, notice: int, data: Posted) -> None:
    services.post_notice(work, notice, read_form(services.PostNotice, data))
    if data.files.get("photo"):
        _prove(work, notice, data)


def _prove(work: UnitOfWork, notice: int, data: Posted) -> None:
    photo = data.files.get("photo")
    if photo is None or not photo.content:
        raise Refused([Objection(field="photo", reason=_("请拍一张公示单在公开栏上的照片"), code="E_FILE")])
    services.prove_posting(work, notice, read_form(services.Photo, data, file_name=photo.name, content=photo.content))


def _remove(work: UnitOfWork, notice: int, data: Posted) -> None:
    services.remove_posting(work, notice, read_form(services.RemovePosting, data))


def _take_down(work: UnitOfWork, notice: int, data: Posted) -> None:
    services.take_down(work, notice, read_form(services.TakeDown, data).on)


def _withdraw(work: UnitOfWork, notice: int, data: Posted) -> None:
    services.withdraw_notice(work, notice, data.text("reason"))


def _object(work: UnitOfWork, notice: int, data: Posted) -> None:
    objections.take_objection(work, notice, read_form(objections.NewObjection, data))


ACTS: Mapping[str, Act] = {
    "post": Act("notices.post", mark("登记张贴"), mark("张贴已登记"), _post),
    "prove": Act("notices.post", mark("上传张贴照片"), mark("照片已保存"), _prove),
    "remove": Act("notices.post", mark("登记揭下"), mark("揭下已登记"), _remove, danger=True),
    "take-down": Act("notices.post", mark("结束公示"), mark("公示已结束"), _take_down),
    "withdraw": Act("notices.withdraw", mark("撤回公示"), mark("公示已撤回"), _withdraw, danger=True),
    "object": Act("notices.object", mark("登记异议"), mark("异议已登记"), _object),
}


@get("/{notice:int}/{act:str}", sync_to_thread=True, guards=SHOW)
def ask_act(request: Request, notice: FromPath[int], act: FromPath[str], level: FromQuery[str] = "") -> Template:
    """The form of one act on a notice."""
    with begin(request) as work:
        today = work.today.isoformat()
        days = dict.fromkeys(("posted_on", "removed_on", "received_on", "on"), today)
        return _act_form(work, notice, act, {"level": level, **days})


@post("/{notice:int}/{act:str}", sync_to_thread=True, guards=SHOW, opt=limited(UPLOAD_MEGABYTES))
def do_act(request: Request, notice: FromPath[int], act: FromPath[str], data: FormData) -> Template | Redirect:
    """Do it, or show the form again with every objection."""
    known = _act(act)
    try:
        with begin(request) as work:
            known.do(work, notice, data)
    except Refused as refusal:
        with look() as work:
            return _act_form(work, notice, act, data, refusal.objections)
    return see_other(f"/notices/{notice}", _(known.done))


def _act(name: str) -> Act:
    if name not in ACTS:
        raise NotFound(_("没有这个页面"))
    return ACTS[name]


def _act_form(work: UnitOfWork, notice: int, name: str, values: Any, wrong: Any = ()) -> Template:
    known = _act(name)
    queries.own_notice(work, notice, known.right)
    found = queries.show_notice(work, notice)
    return page(
        "notices/act.html",
        status=422 if wrong else 200,
        notice=found,
        act=name,
        title=_(known.title),
        danger=known.danger,
        levels=[(one["level"], _(LEVELS[one["level"]])) for one in found["levels"]],
        ways=[(way, _(title)) for way, title in WAYS.items()],
        values=values,
        objections=wrong,
    )


@get("/objections/{objection:int}", sync_to_thread=True, guards=[guarded("notices.decide")])
def show_objection(request: Request, objection: FromPath[int]) -> Template:
    """Who objected to what; opening it leaves a read record."""
    with begin(request) as work:
        return _objection(work, objection, {"decided_on": work.today.isoformat()})


@post("/objections/{objection:int}", sync_to_thread=True, guards=[guarded("notices.decide")])
def decide(request: Request, objection: FromPath[int], data: FormData) -> Template | Redirect:
    """Say what came of an objection."""
    try:
        with begin(request) as work:
            done = objections.decide_objection(work, objection, read_form(objections.Decision, data))
    except Refused as refusal:
        with look() as work:
            return _objection(work, objection, data, refusal.objections)
    return see_other(f"/notices/{done.notice_id}", _("核实结果已登记"))


def _objection(work: UnitOfWork, number: int, values: Any, wrong: Any = ()) -> Template:
    found, notice = objections.own_objection(work, number, "notices.decide")
    work.record_read("notices.objection_read", f"notice:{notice.id}", area=notice.area, objection=number)
    who, text = objections.said(work, found)
    return page(
        "notices/objection.html",
        status=422 if wrong else 200,
        line=queries.objection_line(found),
        notice={"id": notice.id, "number": notice.number},
        who=who,
        text=text,
        words=_words(),
        outcomes=[(name, _(OUTCOMES[name])) for name in ("upheld", "rejected")],
        values=values,
        objections=wrong,
    )


def _new(work: UnitOfWork, values: Any = None, wrong: Any = (), status: int = 200) -> Template:
    kinds = list(all_types(work).values())
    return page(
        "notices/new.html",
        status=status,
        kinds=[(one.name, one.title) for one in kinds],
        headers=[(one.title, "、".join(headers_of(one))) for one in kinds],
        values=values,
        objections=wrong,
    )


def _words() -> dict[str, Any]:
    """The words of states, levels, ways and outcomes, and the look of their tags."""
    return {
        "states": {name: _(title) for name, title in STATES.items()},
        "tags": TAGS,
        "levels": {name: _(title) for name, title in LEVELS.items()},
        "ways": {name: _(title) for name, title in WAYS.items()},
        "outcomes": {name: _(title) for name, title in OUTCOMES.items()},
        "outcome_tags": {"": "warn", "upheld": "bad", "rejected": "ok"},
    }


router = Router(
    "/notices",
    route_handlers=[
        show_list, ask_new, open_new, show, as_sheet, as_pdf, show_objection, decide, ask_act, do_act,
    ],
)  # fmt: skip
