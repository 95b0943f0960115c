"""The JSON API of social work: the acts of the pages, the same scope; files of cases open as on the pages."""

from base64 import b64decode
from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody
from pydantic import BaseModel, Field

from core.api import NotFound, _, checked, mark, refuse
from core.web import (
    JsonObject,
    Limit,
    Next,
    Paged,
    PathYear,
    State,
    Year,
    after_id,
    answer_act,
    answer_done,
    answer_start,
    answered,
    begin,
    guarded,
    limited,
    page_of,
    plain,
)
from plugins.social_workers.acts import ROOMS, Room, add_exam_figure, pay
from plugins.social_workers.measuring import score_facts
from plugins.social_workers.project_wishes import Pay
from plugins.social_workers.queries import Filter, own_project
from plugins.social_workers.services.proving import keep_file
from plugins.social_workers.services.workers import registration_facts
from plugins.social_workers.statistics import density_facts, exam_facts
from plugins.social_workers.wishes import ExamYear, KeepFile

SHOW = [guarded("social_workers.show")]
TAGS = ["social-workers"]
UPLOAD_MEGABYTES = 40
"""A file of 30 MB in base64."""


def _room(name: str) -> Room:
    if name not in ROOMS:
        raise NotFound(_("没有这种数据"), hint=", ".join(ROOMS))
    return ROOMS[name]


@get("/{room:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def social_workers_list(
    request: Request,
    room: FromPath[str],
    limit: Limit = 50,
    next: Next = "",
    state_is: State = "",
    area: FromQuery[str] = "",
) -> Paged:
    """Workers, agencies, stations, posts, projects, cases, groups, events, exams, dispatches or links."""
    known = _room(room)
    if state_is and state_is not in known.states:
        raise refuse(_("没有这种状态"), field="state", code="E_FIELD", hint=", ".join(known.states))
    with begin(request) as work:
        wish = Filter(state=state_is, area=area, limit=limit, after=after_id(next))
        return page_of(known.listed(work, wish), limit)


@get("/{room:str}/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def social_workers_show(request: Request, room: FromPath[str], number: FromPath[str]) -> dict[str, Any]:
    """One of them in full; a case's file opens to its worker and supervisor only."""
    with begin(request) as work:
        return plain(_room(room).shown(work, number))


@post("/{room:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def social_workers_add(request: Request, room: FromPath[str], data: JsonObject) -> dict[str, Any]:
    """Make something new."""
    return answer_start(request, _room(room).new, data)


@post("/{room:str}/{number:str}/{act:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def social_workers_act(
    request: Request, room: FromPath[str], number: FromPath[str], act: FromPath[str], data: JsonObject
) -> dict[str, Any]:
    """Do an act on one of them."""
    return answer_act(request, _room(room), (number, act), data)


class File(BaseModel):
    """A proof: its name, its bytes in base64, a title."""

    file_name: str = Field(min_length=1, max_length=200, title=mark("文件名"))
    content: str = Field(title=mark("文件"))
    title: str = Field(default="", max_length=100, title=mark("材料名称"))


@post("/files/{room:str}/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS, opt=limited(UPLOAD_MEGABYTES))
def social_workers_keep_file(
    request: Request, room: FromPath[str], number: FromPath[str], data: JSONBody[File]
) -> dict[str, Any]:
    """Keep a proof with a worker, agency, project, group or event."""
    try:
        content = b64decode(data.content, validate=True)
    except ValueError:
        raise refuse(_("文件要用 base64 写"), field="content", code="E_FILE") from None
    wish = checked(KeepFile, title=data.title, file_name=data.file_name, content=content)
    with begin(request) as work:
        return answered(work, plain(keep_file(work, room, number, wish)))


@get("/scores/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def social_workers_score(request: Request, number: FromPath[str]) -> dict[str, Any]:
    """The weighted score of a project today, item by item."""
    with begin(request) as work:
        return plain(score_facts(work, own_project(work, number), work.today))


@get("/registrations/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def social_workers_registration(request: Request, number: FromPath[str]) -> dict[str, Any]:
    """Where the registration of a worker stands."""
    with begin(request) as work:
        return plain(registration_facts(work, number))


@get("/density", sync_to_thread=True, guards=SHOW, tags=TAGS)
def social_workers_density(request: Request, year: Year = None) -> dict[str, Any]:
    """Certified workers per 10,000 of a year."""
    with begin(request) as work:
        work.require("social_workers.show")
        return plain(density_facts(work, year or work.today.year))


@get("/exam-years/{year:int}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def social_workers_exam_year(request: Request, year: PathYear) -> dict[str, Any]:
    """The exam of a year: rates over both denominators and the change."""
    with begin(request) as work:
        return plain(exam_facts(work, year))


@post("/exam-years", sync_to_thread=True, guards=SHOW, tags=TAGS)
def social_workers_exam_figure(request: Request, data: JSONBody[ExamYear]) -> dict[str, Any]:
    """Note the exam of a year before there were sign-ups here."""
    with begin(request) as work:
        return answer_done(work, add_exam_figure(work, data))


@post("/payments", sync_to_thread=True, guards=SHOW, tags=TAGS)
def social_workers_pay(request: Request, data: JSONBody[Pay]) -> dict[str, Any]:
    """Put the instalments that wait into a month's batches."""
    with begin(request) as work:
        return answer_done(work, pay(work, data))


router = Router(
    "/api/v1/social-workers",
    route_handlers=[
        social_workers_list, social_workers_show, social_workers_add, social_workers_act, social_workers_score,
        social_workers_registration, social_workers_density, social_workers_exam_year, social_workers_exam_figure,
        social_workers_pay, social_workers_keep_file,
    ],
)  # fmt: skip
