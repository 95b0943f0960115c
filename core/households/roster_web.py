"""Importing a roster on the page: upload and check, look at what was found, import or take the marked workbook."""

from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template

from core.errors import Objection, Refused
from core.households.importing import rosters
from core.households.importing.fields import header_in_words
from core.households.importing.template import template
from core.texts import _
from core.web import FormData, begin, download, guarded, limited, page, see_other
from core.web.answers import look

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_MAX = 200
UPLOAD_MEGABYTES = 60


@get("/", sync_to_thread=True)
def show_list(request: Request) -> Template:
    """Upload a workbook; one's own earlier ones are below."""
    with begin(request) as work:
        return page("households/rosters.html", rosters=rosters.list_rosters(work))


@get("/template", sync_to_thread=True)
def blank(request: Request) -> Response[bytes]:
    """The empty workbook with headers, drop-downs and a sample row."""
    return download(template(), _("名册模板.xlsx"), EXCEL)


@post("/", sync_to_thread=True, opt=limited(UPLOAD_MEGABYTES))
def upload(request: Request, data: FormData) -> Template | Redirect:
    """Check the workbook; nothing of it is written into the registry yet."""
    file = data.files.get("file")
    try:
        if file is None or not file.content:
            raise Refused([Objection(field="file", reason=_("请先选一个文件"))])
        with begin(request) as work:
            roster = rosters.store_roster(work, file.content, file.name)
    except Refused as refusal:
        with look() as work:
            mine = rosters.list_rosters(work)
        return page("households/rosters.html", status=422, rosters=mine, objections=refusal.objections)
    return see_other(f"/households/import/{roster.id}")


@get("/{roster:int}", sync_to_thread=True)
def show(request: Request, roster: FromPath[int]) -> Template:
    """What the check found: row, column, what stands there, how to mend it."""
    with begin(request) as work:
        kept = rosters.get_roster(work, roster)
        result = rosters.result_of(work, kept)
    errors, warnings = result.get("errors", []), result.get("warnings", [])
    bad = {(one["sheet"], one["row"]) for one in errors}
    return page(
        "households/roster.html",
        roster=kept,
        digest=kept.content_hash.hex(),
        result=result,
        errors=[_line(one) for one in errors[:SHOWN_MAX]],
        warnings=[_line(one) for one in warnings[:SHOWN_MAX]],
        error_count=len(errors),
        bad_rows=len(bad),
        many_sheets=len({one["sheet"] for one in [*errors, *warnings]}) > 1,
    )


@get("/{roster:int}/marked", sync_to_thread=True)
def marked(request: Request, roster: FromPath[int]) -> Response[bytes]:
    """The clerk's own workbook with the bad cells marked."""
    with begin(request) as work:
        kept = rosters.get_roster(work, roster)
        content = rosters.marked_file(work, roster)
    return download(content, _("标错 {title}", title=kept.title), EXCEL)


@post("/{roster:int}/import", sync_to_thread=True)
def carry_in(request: Request, roster: FromPath[int], data: FormData) -> Redirect:
    """Import what was checked, by the hash of the checked file."""
    with begin(request) as work:
        outcome = rosters.import_stored(work, roster, data.text("digest"), bool(data.text("only_valid")))
    if outcome.written is None:
        return see_other(f"/households/import/{roster}", _("有错误，没有写入"))
    said = _(
        "已导入：新增 {imported} 人，更新 {updated} 人，没有变化 {skipped} 人",
        imported=outcome.written.imported,
        updated=outcome.written.updated,
        skipped=outcome.written.skipped,
    )
    return see_other(f"/households/import/{roster}", said)


def _line(one: dict[str, Any]) -> dict[str, Any]:
    header = header_in_words(one["field"]) if one["field"] else ""
    return {**one, "place": " ".join(part for part in (one["column"], header) if part)}


router = Router(
    "/import", route_handlers=[show_list, blank, upload, show, marked, carry_in], guards=[guarded("household.import")]
)
