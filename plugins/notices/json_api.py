"""The JSON API of notices: the same services and the same scope as the pages."""

import base64
from datetime import date
from typing import Annotated, Any, TypeAlias

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from pydantic import BaseModel, Field

from core.api import Refused, _, refuse
from core.web import Limit, Next, Paged, after_id, answered, begin, guarded, limited, page_of, plain
from plugins.notices import objections, queries, services
from plugins.notices.api import Level, NewNotice
from plugins.notices.queries import NoticeFilter
from plugins.notices.reading import headers_of
from plugins.notices.types import all_types

SHOW, OPEN, POST = [guarded("notices.show")], [guarded("notices.open")], [guarded("notices.post")]
UPLOAD_MEGABYTES = 60
State: TypeAlias = Annotated[str, QueryParameter(name="state", max_length=12)]


class PhotoWish(BaseModel):
    """A photo of the sheet on the board: its bytes in base64."""

    level: Level
    file_name: str = Field(min_length=1, max_length=200)
    content: str


class Why(BaseModel):
    """Why a notice is taken back; it stands in the audit."""

    reason: str = Field(max_length=200)


@get("/types", sync_to_thread=True, guards=SHOW, tags=["notices"])
def notices_types(request: Request) -> dict[str, Any]:
    """Kinds of notice there are, with the columns of each."""
    with begin(request) as work:
        found = [
            {
                "name": one.name,
                "title": one.title,
                "headers": headers_of(one),
                "columns": [
                    {"name": column.name, "title": column.title, "rule": column.rule} for column in one.columns
                ],
            }
            for one in all_types(work).values()
        ]
    return {"items": found, "next": None}


@get("/", sync_to_thread=True, guards=SHOW, tags=["notices"])
def notices_list(
    request: Request,
    limit: Limit = 50,
    next: Next = "",
    state_is: State = "",
    type: FromQuery[str] = "",
    area: FromQuery[str] = "",
    subject: FromQuery[str] = "",
) -> Paged:
    """Notices in the token's areas, newest first."""
    wish = NoticeFilter(state=state_is, type=type, area=area, subject=subject, after=after_id(next), limit=limit)
    with begin(request) as work:
        found = queries.list_notices(work, wish)
    return page_of(found, limit)


@get("/{notice:int}", sync_to_thread=True, guards=SHOW, tags=["notices"])
def notices_show(request: Request, notice: FromPath[int]) -> dict[str, Any]:
    """One notice with its levels, postings and objections (without who said what)."""
    with begin(request) as work:
        return plain(queries.show_notice(work, notice))


@post("/", sync_to_thread=True, guards=OPEN, tags=["notices"])
def notices_open(request: Request, data: JSONBody[NewNotice]) -> dict[str, Any]:
    """Open a notice: the sheet is frozen; one wrong line refuses the whole of it."""
    with begin(request) as work:
        made = services.open_notice(work, data)
        return answered(work, {"id": made.id, "number": made.number, "state": made.state})


@post("/{notice:int}/post", sync_to_thread=True, guards=POST, tags=["notices"])
def notices_post(request: Request, notice: FromPath[int], data: JSONBody[services.PostNotice]) -> dict[str, Any]:
    """Say that the sheet hangs at a level since a day."""
    with begin(request) as work:
        made = services.post_notice(work, notice, data)
        return answered(work, {"level": made.level, "ends_on": plain(made.ends_on)})


@post("/{notice:int}/prove", sync_to_thread=True, guards=POST, tags=["notices"], opt=limited(UPLOAD_MEGABYTES))
def notices_prove(request: Request, notice: FromPath[int], data: JSONBody[PhotoWish]) -> dict[str, Any]:
    """Keep the photo of the sheet on the board of a level."""
    photo = services.Photo(level=data.level, file_name=data.file_name, content=_bytes(data.content))
    with begin(request) as work:
        made = services.prove_posting(work, notice, photo)
        return answered(work, {"level": made.level, "photo": made.photo_id})


@post("/{notice:int}/remove", sync_to_thread=True, guards=POST, tags=["notices"])
def notices_remove(request: Request, notice: FromPath[int], data: JSONBody[services.RemovePosting]) -> dict[str, Any]:
    """Say that the sheet came down at a level; before its time the period does not count."""
    with begin(request) as work:
        made = services.remove_posting(work, notice, data)
        return answered(work, {"level": made.level, "early": made.early})


@post("/{notice:int}/take-down", sync_to_thread=True, guards=POST, tags=["notices"])
def notices_take_down(request: Request, notice: FromPath[int], data: JSONBody[services.TakeDown]) -> dict[str, Any]:
    """End a notice after its time."""
    with begin(request) as work:
        done = services.take_down(work, notice, data.on)
        return answered(work, {"id": done.id, "state": done.state})


@post("/{notice:int}/withdraw", sync_to_thread=True, guards=[guarded("notices.withdraw")], tags=["notices"])
def notices_withdraw(request: Request, notice: FromPath[int], data: JSONBody[Why]) -> dict[str, Any]:
    """Take a notice back."""
    with begin(request) as work:
        done = services.withdraw_notice(work, notice, data.reason)
        return answered(work, {"id": done.id, "state": done.state})


@post("/{notice:int}/object", sync_to_thread=True, guards=[guarded("notices.object")], tags=["notices"])
def notices_object(request: Request, notice: FromPath[int], data: JSONBody[objections.NewObjection]) -> dict[str, Any]:
    """Take an objection down; who and what are kept sealed."""
    with begin(request) as work:
        made = objections.take_objection(work, notice, data)
        return answered(work, {"id": made.id, "due_on": plain(made.due_on)})


@post("/objections/{objection:int}/decide", sync_to_thread=True, guards=[guarded("notices.decide")], tags=["notices"])
def notices_decide(request: Request, objection: FromPath[int], data: JSONBody[objections.Decision]) -> dict[str, Any]:
    """Say what came of an objection."""
    with begin(request) as work:
        done = objections.decide_objection(work, objection, data)
        return answered(work, {"id": done.id, "notice": done.notice_id, "outcome": done.outcome})


@get("/check", sync_to_thread=True, guards=SHOW, tags=["notices"])
def notices_check(request: Request, number: FromQuery[str], code: FromQuery[str]) -> dict[str, Any]:
    """Whether a sheet is genuine."""
    with begin(request) as work:
        found = queries.check_sheet(work, number, code)
    return plain({"answer": found.answer, "number": found.number, "title": found.title, "office": found.office})


@get("/{notice:int}/complete", sync_to_thread=True, guards=SHOW, tags=["notices"])
def notices_complete(request: Request, notice: FromPath[int], on: FromQuery[date]) -> dict[str, Any]:
    """Whether the step after the notice may be taken on a day, or what refuses it."""
    from plugins.notices.periods import require_complete

    with begin(request) as work:
        queries.own_notice(work, notice)
        try:
            require_complete(work, notice, on)
        except Refused as refusal:
            reasons = [{"code": one.code, "level": one.hint, "reason": one.reason} for one in refusal.objections]
            return {"complete": False, "reasons": reasons}
    return {"complete": True, "reasons": []}


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:  # also of letters that are not ASCII
        raise refuse(_("照片要用 base64 写"), field="content", code="E_FILE") from error


router = Router(
    "/api/v1/notices",
    route_handlers=[
        notices_types, notices_list, notices_show, notices_open, notices_post, notices_prove, notices_remove,
        notices_take_down, notices_withdraw, notices_object, notices_decide, notices_check, notices_complete,
    ],
)  # fmt: skip
