"""Pages of files kept with a person, a household or a case: list, upload, take along, delete."""

from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response, Template

from core.errors import NotFound, Objection, Refused
from core.households.file import household_file
from core.identity import attachments
from core.identity.attachments import NewAttachment
from core.identity.queries import get_person
from core.showing import day
from core.texts import _
from core.values import row_id
from core.web import FormData, begin, download, guarded, limited, page, see_other
from core.web.answers import look, safe_path
from core.work import UnitOfWork

SHOW, ADD, REMOVE = [guarded("attachment.show")], [guarded("attachment.add")], [guarded("attachment.remove")]
UPLOAD_MEGABYTES = 60


@get("/", sync_to_thread=True, guards=SHOW)
def show_list(request: Request, owner: FromQuery[str]) -> Template:
    """Every file of an owner, and the form for another."""
    with begin(request) as work:
        return _list(work, owner)


@post("/", sync_to_thread=True, guards=ADD, opt=limited(UPLOAD_MEGABYTES))
def add(request: Request, data: FormData) -> Template | Redirect:
    """Keep a file with its owner."""
    owner, file = data.text("owner"), data.files.get("file")
    try:
        if file is None or not file.content:
            raise Refused([Objection(field="file", reason=_("请先选一个文件"))])
        with begin(request) as work:
            wish = NewAttachment(owner=owner, file_name=file.name, data=file.content, title=data.text("title"))
            attachments.add_attachment(work, wish)
    except Refused as refusal:
        with look() as work:
            return _list(work, owner, data, refusal.objections, 422)
    return see_other(safe_path(data.text("back"), f"/attachments?owner={owner}"), _("材料已上传"))


@get("/{number:int}", sync_to_thread=True, guards=SHOW)
def take(request: Request, number: FromPath[int]) -> Response[bytes]:
    """Take a file along; it is never shown inside a page."""
    with begin(request) as work:
        found = attachments.open_attachment(work, number)
    return download(found.data, found.title, found.media_type)


@get("/{number:int}/remove", sync_to_thread=True, guards=REMOVE)
def ask_remove(request: Request, number: FromPath[int]) -> Template:
    """Ask why a file goes before its time."""
    with begin(request) as work:
        return _remove(work, number)


@post("/{number:int}/remove", sync_to_thread=True, guards=REMOVE)
def remove(request: Request, number: FromPath[int], data: FormData) -> Template | Redirect:
    """Delete a file; the audit keeps its hash."""
    try:
        with begin(request) as work:
            owner = attachments.visible_attachment(work, number, "attachment.remove").owner
            attachments.remove_attachment(work, number, data.text("reason"))
    except Refused as refusal:
        with look() as work:
            return _remove(work, number, data, refusal.objections, 422)
    return see_other(f"/attachments?owner={owner}", _("已删除"))


def _list(work: UnitOfWork, owner: str, values: Any = None, objections: Any = (), status: int = 200) -> Template:
    title, back = owner_of(work, owner)
    area = attachments.owner_area(work, owner, "", "attachment.show")
    lines = attachments.attachment_lines(work, owner)
    return page(
        "identity/attachments.html",
        status=status,
        owner=owner,
        title=title,
        back=back,
        lines=lines,
        limit=work.settings.files.attachment_limit,
        may={name: work.may(f"attachment.{name}", area) for name in ("add", "remove")},
        values=values,
        objections=objections,
    )


def owner_of(work: UnitOfWork, owner: str) -> tuple[str, str]:
    """Name and page of an owner within the reader's areas; raises ``NotFound``."""
    kind, _colon, number = owner.partition(":")
    work.require("attachment.show")
    if kind == "person" and row_id(number):
        person = get_person(work, row_id(number))
        return person.name, f"/people/{person.id}"
    if kind == "household" and row_id(number):
        found = household_file(work, row_id(number))
        return _("{head}户", head=found["head"]), f"/households/{found['id']}"
    raise NotFound(_("没有找到 {owner}，或不在你的辖区", owner=owner[:60]))


def _remove(work: UnitOfWork, number: int, values: Any = None, objections: Any = (), status: int = 200) -> Template:
    found = attachments.visible_attachment(work, number, "attachment.remove")
    return page(
        "confirm.html",
        status=status,
        question=_("删除“{title}”？", title=found.title),
        action=f"/attachments/{number}/remove",
        back=f"/attachments?owner={found.owner}",
        safe=_("不删除"),
        verb=_("删除"),
        danger=True,
        sentences=[_("{day} 上传。删除后找不回来，审计里留有文件的校验值。", day=day(found.added_at))],
        lines=[],
        keep=[],
        ask_reason=True,
        ask_password=False,
        values=values,
        objections=objections,
    )


router = Router("/attachments", route_handlers=[show_list, add, take, ask_remove, remove])
