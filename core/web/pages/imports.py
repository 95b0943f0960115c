"""Importing a plugin's spreadsheet: choose one, upload and check, look at what was found, write it or take it back."""

from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template

from core.errors import NotFound, Objection, Refused
from core.extension import Import
from core.imports import services, waiting
from core.imports.template import template
from core.texts import _, listed
from core.web import FormData, begin, download, limited, page, see_other
from core.web.access import MEMBERS
from core.web.answers import look
from core.work import UnitOfWork

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_MAX = 200
UPLOAD_MEGABYTES = 60


@get("/", sync_to_thread=True)
def show_list(request: Request) -> Template:
    """Every spreadsheet this person may bring in."""
    with begin(request) as work:
        lines = [
            {"name": one.name, "title": _(one.title), "columns": listed(_(column.title) for column in one.columns)}
            for one in services.imports_of(work)
        ]
    return page("imports.html", lines=lines)


@get("/{name:str}", sync_to_thread=True)
def show(request: Request, name: FromPath[str]) -> Template:
    """Upload a workbook; one's own earlier ones are below."""
    with begin(request) as work:
        return _form(work, name)


@get("/{name:str}/template", sync_to_thread=True)
def blank(request: Request, name: FromPath[str]) -> Response[bytes]:
    """The empty workbook with headers, drop-downs and a sample row."""
    with begin(request) as work:
        one = services.find_import(work, name)
        return download(template(one), _("{title}模板.xlsx", title=_(one.title)), EXCEL)


@post("/{name:str}", sync_to_thread=True, opt=limited(UPLOAD_MEGABYTES))
def upload(request: Request, name: FromPath[str], data: FormData) -> Template | Redirect:
    """Check the workbook; the plugin writes nothing yet."""
    file = data.files.get("file")
    try:
        with begin(request) as work:
            services.find_import(work, name)
            if file is None or not file.content:
                raise Refused([Objection(field="file", reason=_("请先选一个文件"))])
            kept = waiting.store_upload(work, name, file.content, file.name)
    except Refused as refusal:
        with look() as work:
            return _form(work, name, refusal)
    return see_other(f"/imports/{name}/{kept.id}")


@get("/{name:str}/{number:int}", sync_to_thread=True)
def show_result(request: Request, name: FromPath[str], number: FromPath[int]) -> Template:
    """What the check found: row, column, what stands there, how to mend it."""
    with begin(request) as work:
        one, kept = _upload(work, name, number)
        result = waiting.result_of(work, kept)
    titles = {column.name: _(column.title) for column in one.columns}
    errors, warnings = result["errors"], result["warnings"]
    return page(
        "import_result.html",
        name=name,
        title=_(one.title),
        upload=kept,
        digest=kept.content_hash.hex(),
        result=result,
        errors=[_line(found, titles) for found in errors[:SHOWN_MAX]],
        warnings=[_line(found, titles) for found in warnings[:SHOWN_MAX]],
        error_count=len(errors),
        bad_rows=len({(found["sheet"], found["row"]) for found in errors}),
    )


@get("/{name:str}/{number:int}/marked", sync_to_thread=True)
def marked(request: Request, name: FromPath[str], number: FromPath[int]) -> Response[bytes]:
    """The clerk's own workbook with the bad cells marked."""
    with begin(request) as work:
        _one, kept = _upload(work, name, number)
        content = waiting.marked_file(work, number)
    return download(content, _("标错 {title}", title=kept.title), EXCEL)


@post("/{name:str}/{number:int}/run", sync_to_thread=True)
def run(request: Request, name: FromPath[str], number: FromPath[int], data: FormData) -> Redirect:
    """Write what was checked, by the hash of the checked file."""
    with begin(request) as work:
        _upload(work, name, number)
        outcome = waiting.run_upload(work, number, data.text("digest"), only_valid=bool(data.text("only_valid")))
    if outcome.written is None:
        return see_other(f"/imports/{name}/{number}", _("有错误，没有写入"))
    return see_other(f"/imports/{name}/{number}", _("已导入 {rows} 行", rows=len(outcome.checked.good)))


def _form(work: UnitOfWork, name: str, refusal: Refused | None = None) -> Template:
    one = services.find_import(work, name)
    return page(
        "import.html",
        status=422 if refusal else 200,
        name=name,
        title=_(one.title),
        columns=[(_(column.title), column.required) for column in one.columns],
        uploads=waiting.list_uploads(work, name),
        objections=refusal.objections if refusal else (),
    )


def _upload(work: UnitOfWork, name: str, number: int) -> tuple[Import, Any]:
    one, kept = services.find_import(work, name), waiting.get_upload(work, number)
    if kept.import_name != name:
        raise NotFound(_("没有找到这个文件，可能已过期删除"))
    return one, kept


def _line(found: dict[str, Any], titles: dict[str, str]) -> dict[str, Any]:
    place = " ".join(part for part in (found["column"], titles.get(found["field"], "")) if part)
    return {**found, "place": place}


router = Router("/imports", route_handlers=[show_list, show, blank, upload, show_result, marked, run], guards=[MEMBERS])
