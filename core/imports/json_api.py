"""The JSON API of plugins' spreadsheets: the same two steps as on the page, check and then write."""

from typing import Annotated, Any, TypeAlias

from litestar import Request, Router, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, JSONBody
from litestar.response import Response
from pydantic import BaseModel, Field

from core.errors import NotFound, Objection, Refused
from core.imports import services, waiting
from core.imports.template import template
from core.models.uploads import Upload
from core.texts import _
from core.web import MEMBERS, Posted, answered, begin, download, limited
from core.work import UnitOfWork

Sent: TypeAlias = Annotated[Posted, Body(media_type=RequestEncodingType.MULTI_PART)]
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UPLOAD_MEGABYTES = 60


class RunWish(BaseModel):
    """Write what was checked: ``digest`` is that of the check, so that nothing else can slip in."""

    digest: str = Field(min_length=64, max_length=64)
    only_valid: bool = False


@get("/imports", sync_to_thread=True, tags=["import"])
def import_list(request: Request) -> dict[str, Any]:
    """Every spreadsheet this token may bring in, with its columns."""
    with begin(request) as work:
        items = [
            {
                "name": one.name,
                "title": _(one.title),
                "columns": [{"title": _(column.title), "required": column.required} for column in one.columns],
            }
            for one in services.imports_of(work)
        ]
    return {"items": items, "next": None}


@get("/imports/{name:str}/template", sync_to_thread=True, tags=["import"])
def import_template(request: Request, name: FromPath[str]) -> Response[bytes]:
    """The empty workbook with headers, drop-downs and a sample row."""
    with begin(request) as work:
        one = services.find_import(work, name)
        return download(template(one), _("{title}模板.xlsx", title=_(one.title)), EXCEL)


@get("/imports/{name:str}", sync_to_thread=True, tags=["import"])
def import_uploads(request: Request, name: FromPath[str]) -> dict[str, Any]:
    """What this account uploaded for an import and is not forgotten yet, newest first."""
    with begin(request) as work:
        return {"items": [_upload(one) for one in waiting.list_uploads(work, name)], "next": None}


@post("/imports/{name:str}", sync_to_thread=True, tags=["import"], opt=limited(UPLOAD_MEGABYTES))
def import_check(request: Request, name: FromPath[str], data: Sent) -> dict[str, Any]:
    """Check an uploaded workbook (multipart, field ``file``); the plugin writes nothing yet."""
    file = data.files.get("file")
    with begin(request) as work:
        services.find_import(work, name)
        if file is None or not file.content:
            raise Refused([Objection(field="file", reason=_("请先选一个文件"))])
        kept = waiting.store_upload(work, name, file.content, file.name)
        # What was found may name people: a repeated request gets the upload without it.
        return {**answered(work, _upload(kept)), **waiting.result_of(work, kept)}


@get("/imports/{name:str}/{upload:int}", sync_to_thread=True, tags=["import"])
def import_show(request: Request, name: FromPath[str], upload: FromPath[int]) -> dict[str, Any]:
    """What the check, or the writing after it, found: errors and warnings by sheet, row and column."""
    with begin(request) as work:
        kept = _own(work, name, upload)
        return {**_upload(kept), **waiting.result_of(work, kept)}


@get("/imports/{name:str}/{upload:int}/marked", sync_to_thread=True, tags=["import"])
def import_marked(request: Request, name: FromPath[str], upload: FromPath[int]) -> Response[bytes]:
    """The uploaded workbook with the bad cells marked."""
    with begin(request) as work:
        title = _own(work, name, upload).title
        return download(waiting.marked_file(work, upload), title, EXCEL)


@post("/imports/{name:str}/{upload:int}/run", sync_to_thread=True, tags=["import"])
def import_run(request: Request, name: FromPath[str], upload: FromPath[int], data: JSONBody[RunWish]) -> dict[str, Any]:
    """Write what was checked: all of it, or with ``only_valid`` the rows without an error."""
    with begin(request) as work:
        _own(work, name, upload)
        return waiting.run_upload(work, upload, data.digest, only_valid=data.only_valid).as_json()


def _own(work: UnitOfWork, name: str, number: int) -> Upload:
    kept = waiting.get_upload(work, number)
    if kept.import_name != name:
        raise NotFound(_("没有找到这个文件，可能已过期删除"))
    return kept


def _upload(kept: Upload) -> dict[str, Any]:
    return {
        "id": kept.id,
        "title": kept.title,
        "digest": kept.content_hash.hex(),
        "uploaded_at": kept.uploaded_at.isoformat(),
        "expires_on": kept.expires_on.isoformat(),
        "imported_at": kept.imported_at.isoformat() if kept.imported_at else None,
    }


router = Router(
    "/api/v1",
    route_handlers=[
        import_list, import_template, import_uploads, import_check, import_show, import_marked, import_run,
    ],
    guards=[MEMBERS],
)  # fmt: skip
