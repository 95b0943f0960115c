"""Pages of requests for certificates, of subsidies, and the upload of scans and photographs."""

from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from core.api import Objection, Refused, UnitOfWork, _, entries_of, format_money
from core.web import (
    FormData,
    FormOf,
    State,
    begin,
    guarded,
    limited,
    look,
    more_path,
    read_form,
    see_other,
    wish_page,
)
from plugins.volunteers import queries, showing, words
from plugins.volunteers.acts import ACTING, list_path
from plugins.volunteers.queries import Filter
from plugins.volunteers.services.proving import OWNERS, keep_file
from plugins.volunteers.web import ROOMS, detail_page, fitting_acts, list_page, list_row
from plugins.volunteers.wishes import KeepFile

SHOW = [guarded("volunteers.show")]
UPLOAD_MEGABYTES = 30


@get("/requests", sync_to_thread=True, guards=SHOW)
def show_requests(
    request: Request, state_is: State = "", area: FromQuery[str] = "", after: FromQuery[int] = 0
) -> Template:
    """Requests for certificates, newest first."""
    wish = Filter(state=state_is if state_is in words.REQUEST_STATES else "", area=area, after=after)
    with begin(request) as work:
        found = queries.list_requests(work, wish)
        may = work.may("volunteers.certify")
    rows = [
        list_row(
            f"/volunteers/requests/{one['id']}",
            one["number"],
            [
                (_("志愿者"), f"{one['volunteer']} {one['name']}"),
                (_("出具组织"), one["org"]),
                (_("申请日期"), one["requested_on"].isoformat()),
                (_("出具期限"), one["due_on"].isoformat()),
            ],
            showing.state_tag(words.REQUEST_STATES, one["state"]),
        )
        for one in found[: wish.limit]
    ]
    more = more_path("/volunteers/requests", found, wish.limit, state=wish.state, area=wish.area)
    return list_page("requests", _("证明申请"), rows, wish, words.REQUEST_STATES, more, may)


@get("/requests/{number:str}", sync_to_thread=True, guards=SHOW)
def show_request(request: Request, number: FromPath[str]) -> Template:
    """One request."""
    with begin(request) as work:
        found = queries.request_line(work, queries.own_request(work, number))
        fit = fitting_acts(work, "requests", found)
    rows = [
        (_("志愿者"), f"{found['volunteer']} {found['name']}"),
        (_("出具组织"), found["org"]),
        (_("期间"), f"{found['since'] or ''} – {found['until']}"),
        (_("申请日期"), found["requested_on"].isoformat()),
        (_("出具期限"), found["due_on"].isoformat()),
        (_("办结日期"), found["state_on"].isoformat() if found["state"] != "open" else "--"),
        (_("理由"), found["reason"]),
    ]
    links = [(_("志愿者"), f"/volunteers/people/{found['volunteer_id']}", "user-round")]
    if found["certificate_id"]:
        links.append((_("服务证明"), f"/volunteers/certificates/{found['certificate_id']}", "file-text"))
    tag = showing.state_tag(words.REQUEST_STATES, found["state"])
    base = f"/volunteers/requests/{found['id']}"
    return detail_page("requests", found["number"], "", tag, base, fit, [(_("证明申请"), rows)], links=links)


@get("/subsidies", sync_to_thread=True, guards=SHOW)
def show_subsidies(
    request: Request, state_is: State = "", area: FromQuery[str] = "", after: FromQuery[int] = 0
) -> Template:
    """Subsidies of meals and ways, newest first."""
    wish = Filter(state=state_is if state_is in words.SUBSIDY_STATES else "", area=area, after=after)
    with begin(request) as work:
        found = queries.list_subsidies(work, wish)
        may = work.may("volunteers.pay", work.settings.county.code)
    rows = [
        list_row(
            f"/volunteers/subsidies/{one['id']}",
            str(one["id"]),
            [
                (_("志愿者"), f"{one['volunteer']} {one['name']}"),
                (_("补助种类"), _(words.SUBSIDIES[one["kind"]])),
                (_("服务日期"), one["served_on"].isoformat()),
                (_("金额（元）"), format_money(one["amount_fen"])),
            ],
            showing.state_tag(words.SUBSIDY_STATES, one["state"]),
        )
        for one in found[: wish.limit]
    ]
    more = more_path("/volunteers/subsidies", found, wish.limit, state=wish.state, area=wish.area)
    return list_page("subsidies", _("误餐和交通补助"), rows, wish, words.SUBSIDY_STATES, more, may)


@get("/subsidies/{number:str}", sync_to_thread=True, guards=SHOW)
def show_subsidy(request: Request, number: FromPath[str]) -> Template:
    """One subsidy."""
    with begin(request) as work:
        found = queries.subsidy_line(work, queries.own_subsidy(work, number))
        fit = fitting_acts(work, "subsidies", found)
    rows = [
        (_("志愿者"), f"{found['volunteer']} {found['name']}"),
        (_("补助种类"), _(words.SUBSIDIES[found["kind"]])),
        (_("金额（元）"), format_money(found["amount_fen"])),
        (_("服务日期"), found["served_on"].isoformat()),
        (_("登记日期"), found["entered_on"].isoformat()),
        (_("批次"), str(found["batch_id"] or "--")),
        (_("会议纪要编号"), found["meeting"]),
        (_("撤回原因"), found["reason"]),
    ]
    title = _("补助 {id}", id=found["id"])
    links = [(_("服务记录"), f"/volunteers/hours/{found['record_id']}", "file-text")]
    tag = showing.state_tag(words.SUBSIDY_STATES, found["state"])
    base = f"/volunteers/subsidies/{found['id']}"
    return detail_page("subsidies", title, "", tag, base, fit, [(_("误餐和交通补助"), rows)], links=links)


def _file_routes(room: str) -> list[Any]:
    """The form that asks for a scan or a photograph, and its answer."""

    @get(f"/{room}/{{number:str}}/file", sync_to_thread=True, guards=SHOW)
    def ask_file(request: Request, number: FromPath[str]) -> Template:
        """Ask for a scan or a photograph."""
        with begin(request) as work:
            return _file_form(work, room, number, {})

    @post(f"/{room}/{{number:str}}/file", sync_to_thread=True, guards=SHOW, opt=limited(UPLOAD_MEGABYTES))
    def add_file(request: Request, number: FromPath[str], data: FormData) -> Template | Redirect:
        """Keep it."""
        file = data.files.get("file")
        try:
            if file is None or not file.content:
                raise Refused([Objection(field="file", reason=_("请先选一个文件"))])
            with begin(request) as work:
                wish = read_form(KeepFile, data, file_name=file.name, content=file.content)
                keep_file(work, room, number, wish)
        except Refused as refusal:
            with look() as work:
                return _file_form(work, room, number, data, refusal.objections)
        return see_other(f"/volunteers/{room}/{number}", _("材料已上传"))

    return [ask_file, add_file]


def _file_form(work: UnitOfWork, room: str, number: str, values: Any, wrong: Any = ()) -> Template:
    _word, right, own = OWNERS[room]
    back = f"/volunteers/{room}/{own(work, number, right).id}"
    title = _("上传材料")
    form = FormOf(
        title=title,
        trail=[(_("志愿服务"), "/volunteers"), (_(ROOMS[room].title), list_path(room)), (title, "")],
        action=f"{back}/file",
        back=back,
        entries=[
            one
            for one in entries_of(KeepFile, ACTING.vocabularies, long=ACTING.long)
            if one.name not in ("file_name", "content")
        ],
        files=[("file", _("文件"), ".pdf,.jpg,.jpeg,.png,.docx,.xlsx")],
    )
    return wish_page(form, values, wrong)


router = Router(
    "/volunteers",
    route_handlers=[
        show_requests,
        show_request,
        show_subsidies,
        show_subsidy,
        *(route for room in OWNERS for route in _file_routes(room)),
    ],  # fmt: skip
)
