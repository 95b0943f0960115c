"""The JSON API of double support: the acts of the pages, the same scope."""

from base64 import b64decode
from typing import Annotated, Any, TypeAlias

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from pydantic import BaseModel, Field

from core.api import NotFound, _, checked, mark, refuse
from core.web import Limit, Next, Paged, PathYear, after_id, answered, begin, guarded, limited, page_of, plain
from plugins.double_support.acts import PAYMENTS, ROOMS, Done, Room, pay
from plugins.double_support.queries import SHOW as READ
from plugins.double_support.queries import Filter
from plugins.double_support.score_files import sheet_of
from plugins.double_support.services.assessing import sheet_facts, take_sheet
from plugins.double_support.services.proving import keep_file
from plugins.double_support.statistics import coverage_facts, projects_facts, schools_facts, titles_facts
from plugins.double_support.wishes import KeepFile, Pay

SHOW = [guarded("double_support.show")]
TAGS = ["double-support"]
UPLOAD_MEGABYTES = 40
"""A file of 30 MB in base64."""
State: TypeAlias = Annotated[str, QueryParameter(name="state", max_length=20)]
Body: TypeAlias = JSONBody[dict[str, Any]]


def _room(name: str) -> Room:
    if name not in ROOMS:
        raise NotFound(_("没有这种数据"), hint=", ".join(ROOMS))
    return ROOMS[name]


@get("/{room:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def double_support_list(
    request: Request,
    room: FromPath[str],
    limit: Limit = 50,
    next: Next = "",
    state_is: State = "",
    area: FromQuery[str] = "",
    year: FromQuery[int] = 0,
) -> Paged:
    """A list of one kind: plans, visits, needs, plaques, projects, sheets, items, titles, spouses, schools and more."""
    known = _room(room)
    if state_is and state_is not in known.states:
        raise refuse(_("没有这种状态"), field="state", code="E_FIELD", hint=", ".join(known.states))
    with begin(request) as work:
        found = known.listed(work, Filter(state=state_is, area=area, year=year, limit=limit, after=after_id(next)))
    return page_of(found, limit)


@get("/{room:str}/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def double_support_show(request: Request, room: FromPath[str], number: FromPath[str]) -> dict[str, Any]:
    """One of them in full."""
    with begin(request) as work:
        return plain(_room(room).shown(work, number))


@post("/{room:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def double_support_add(request: Request, room: FromPath[str], data: Body) -> dict[str, Any]:
    """Make something new."""
    new = _room(room).new
    if new is None:
        raise NotFound(_("没有这项办理"))
    with begin(request) as work:
        work.require(new.right)
        return answered(work, _said(new.make(work, checked(new.wish, **data))))


@post("/{room:str}/{number:str}/{act:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def double_support_act(
    request: Request, room: FromPath[str], number: FromPath[str], act: FromPath[str], data: Body
) -> dict[str, Any]:
    """Do an act on one of them."""
    known = _room(room).acts.get(act)
    if known is None:
        raise NotFound(_("没有这项办理"), hint=", ".join(_room(room).acts))
    with begin(request) as work:
        work.require(known.right)
        return answered(work, _said(known.do(work, number, checked(known.wish, **data))))


class File(BaseModel):
    """A proof: its name, its bytes in base64, a title."""

    file_name: str = Field(min_length=1, max_length=200, title=mark("文件名"))
    content: str = Field(title=mark("文件"))
    title: str = Field(default="", max_length=100, title=mark("材料名称"))


@post("/files/{room:str}/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS, opt=limited(UPLOAD_MEGABYTES))
def double_support_keep_file(
    request: Request, room: FromPath[str], number: FromPath[str], data: JSONBody[File]
) -> dict[str, Any]:
    """Keep a proof with a project, visit, plaque, item, agreement or event."""
    try:
        content = b64decode(data.content, validate=True)
    except ValueError:
        raise refuse(_("文件要用 base64 写"), field="content", code="E_FILE") from None
    wish = checked(KeepFile, title=data.title, file_name=data.file_name, content=content)
    with begin(request) as work:
        return answered(work, plain(keep_file(work, room, number, wish)))


@post("/self-assessments", sync_to_thread=True, guards=[guarded("double_support.assess")], tags=TAGS)
def double_support_self_assess(request: Request, data: Body) -> dict[str, Any]:
    """Take a score sheet in as a new version: ``items`` with no, title, max, self, veto, evidence; level and year."""
    sheet = sheet_of(data)
    with begin(request) as work:
        made, warnings = take_sheet(work, sheet)
        return answered(work, _said(Done(sheet_facts(work, made), tuple(warnings))))


@get("/years/{year:int}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def double_support_year(request: Request, year: PathYear) -> dict[str, Any]:
    """The projects of a year against the target, coverage of service points, schools, titles by level."""
    with begin(request) as work:
        work.require(READ)
        return plain(
            {
                "projects": projects_facts(work, year),
                "coverage": coverage_facts(work),
                "schools": schools_facts(work, f"{year - 1}-{year}"),
                "titles": [titles_facts(work, level) for level in ("national", "province", "city", "county")],
            }
        )


@post("/payments/{kind:str}", sync_to_thread=True, guards=[guarded("double_support.pay")], tags=TAGS)
def double_support_pay(request: Request, kind: FromPath[str], data: JSONBody[Pay]) -> dict[str, Any]:
    """Put what waits of visits, spouses or units into a month's batch."""
    if kind not in PAYMENTS:
        raise NotFound(_("没有这项办理"), hint=", ".join(PAYMENTS))
    with begin(request) as work:
        return answered(work, _said(pay(work, kind, data)))


def _said(done: Done) -> dict[str, Any]:
    warnings = [{"code": one.code, "reason": one.reason} for one in done.warnings]
    return plain({**done.data, "warnings": warnings})


router = Router(
    "/api/v1/double-support",
    route_handlers=[
        double_support_list, double_support_show, double_support_add, double_support_act, double_support_keep_file,
        double_support_self_assess, double_support_year, double_support_pay,
    ],
)  # fmt: skip
