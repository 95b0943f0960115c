"""Pages of social work: lists, things, the forms of everything new and every act, papers, density, payments."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response, Template

from core.api import Objection, Refused, Tile, UnitOfWork, _, entries_of, fitting
from core.web import (
    FormData,
    FormOf,
    State,
    Year,
    begin,
    form_routes,
    guarded,
    limited,
    look,
    more_path,
    page,
    paper,
    paper_pdf,
    read_form,
    see_other,
    wish_page,
)
from plugins.social_workers import acts, showing
from plugins.social_workers.acts import ACTING, ROOMS, list_path
from plugins.social_workers.cards import cards_of
from plugins.social_workers.papers import PAPERS_OF, ROOM_OF, paper_of
from plugins.social_workers.project_wishes import Pay
from plugins.social_workers.queries import Filter
from plugins.social_workers.services.common import KEEP, PAY
from plugins.social_workers.services.proving import OWNERS, files_of, keep_file
from plugins.social_workers.statistics import density_facts
from plugins.social_workers.wishes import ExamYear, KeepFile

SHOW = [guarded("social_workers.show")]
HOME = ACTING.home
UPLOAD_MEGABYTES = 30


@get("/", sync_to_thread=True, guards=SHOW)
def show_workers(
    request: Request,
    state_is: State = "",
    area: FromQuery[str] = "",
    number: FromQuery[str] = "",
    after: FromQuery[int] = 0,
) -> Template:
    """The register of workers."""
    return _list(request, "workers", Filter(state=state_is, area=area, text=number, after=after))


def _list_route(name: str) -> Any:
    @get(f"/{name}", sync_to_thread=True, guards=SHOW)
    def show_room(
        request: Request,
        state_is: State = "",
        area: FromQuery[str] = "",
        number: FromQuery[str] = "",
        after: FromQuery[int] = 0,
    ) -> Template:
        """A list of one kind."""
        return _list(request, name, Filter(state=state_is, area=area, text=number, after=after))

    return show_room


def _list(request: Request, name: str, asked: Filter) -> Template:
    room = ROOMS[name]
    wish = asked if asked.state in room.states else Filter(area=asked.area, text=asked.text, after=asked.after)
    with begin(request) as work:
        found = room.listed(work, wish)
        may, may_pay, may_keep = work.may(room.new.right), work.may(PAY), work.may(KEEP)
    rows = [
        {
            "path": f"{HOME}/{name}/{one['id']}",
            "head": showing.head_of(name, one),
            "cells": showing.cells_of(name, one),
            "tag": showing.state_of(name, one),
        }
        for one in found[: wish.limit]
    ]
    tabs = [{"title": _(one.title), "path": list_path(key), "current": key == name} for key, one in ROOMS.items()]
    return page(
        "social_workers/list.html",
        block="list",
        tabs=tabs,
        title=_(room.title),
        rows=rows,
        path=list_path(name),
        given=wish,
        narrowed=bool(wish.state or wish.area or wish.text),
        states=showing.titles(room.states),
        label=_(room.label) if room.label else "",
        more=more_path(list_path(name), found, wish.limit, state=wish.state, area=wish.area, number=wish.text),
        new=(_(room.new.title), f"{HOME}/{name}/new") if may else None,
        links=_links(name, pay=may_pay, keep=may_keep),
    )


def _links(name: str, *, pay: bool, keep: bool) -> list[tuple[str, str, str]]:
    """What stands below a list: reports, and what concerns all of its rows."""
    found = [(_("统计指标"), "/reports/social-workers-indicators", "file-spreadsheet")]
    if name == "workers":
        found += [
            (_("名册"), "/reports/social-workers-register", "file-spreadsheet"),
            (_("每万人持证社工"), f"{HOME}/density", "users"),
        ]
    if name == "projects":
        found.append((_("项目一览"), "/reports/social-workers-projects", "file-spreadsheet"))
        if pay:
            found.append((_("生成付款批次"), f"{HOME}/pay", "banknote"))
    if name == "exams":
        found += [
            (_("历年考试"), "/reports/social-workers-exams", "file-spreadsheet"),
            (_("考试统计表"), f"{HOME}/papers/exam/now", "printer"),
        ]
        if keep:
            found.append((_("登记以前年度"), f"{HOME}/exam-years", "upload"))
    return found


def _single_route(room: str) -> Any:
    @get(f"/{room}/{{number:str}}", sync_to_thread=True, guards=SHOW)
    def show_one(request: Request, number: FromPath[str]) -> Template:
        """One thing: its cards, what may be done, its papers."""
        return _single(request, room, number)

    return show_one


def _single(request: Request, room: str, number: str) -> Template:
    known = ROOMS[room]
    with begin(request) as work:
        found = known.shown(work, number)
        fit = fitting(work, known, found["area"], found["state"])
        kept = files_of(work, room, found)
        may_keep = room in OWNERS and work.may(OWNERS[room][1], found["area"]) and work.may("attachment.add")
    if room == "cases":
        fit = [one for one in fit if found["open"]]
        fit = [one for one in fit if one.name != "inform" or (found.get("crisis_at") and not found.get("informed_at"))]
    base = f"{HOME}/{room}/{found['id']}"
    title = showing.head_of(room, found)
    links = [
        (_(words), f"{HOME}/papers/{kind}/{found['id']}", "printer")
        for kind, words in PAPERS_OF.get(room, {}).items()
        if kind != "file" or found["open"]
    ]
    if may_keep:
        links.append((_("上传材料"), f"{base}/file", "upload"))
    return page(
        "social_workers/detail.html",
        title=title,
        sub=_sub(room, found),
        state=showing.state_of(room, found),
        base=base,
        trail=[(_("社会工作"), HOME), (_(known.title), list_path(room)), (title, "")],
        acts=fit,
        cards=cards_of(room, found),
        figures=_figures(room, found),
        links=links,
        files=kept,
    )


def _sub(room: str, found: Mapping[str, Any]) -> str:
    names = {"workers": "name", "projects": "name", "groups": "theme", "events": "title", "posts": "unit"}
    return str(found.get(names.get(room, "place"), "")) if room != "exams" else found["name"]


def _figures(room: str, found: Mapping[str, Any]) -> list[Tile]:
    if room == "workers":
        stands = found["registration"]
        return [
            Tile(title=_("已有学时"), figure=f"{stands['ce_hours']:g}", unit=_("学时")),
            Tile(title=_("还差学时"), figure=f"{stands['ce_missing']:g}", unit=_("学时")),
            Tile(title=_("督导小时"), figure=f"{found['supervision_hours']:g}", unit=_("小时")),
        ]
    if room == "projects":
        scored = found["score"]
        return [
            Tile(title=_("得分"), figure=f"{scored['score']:.1f}"),
            Tile(title=_("服务对象（不重复）"), figure=str(scored["beneficiaries"]), unit=_("人")),
            Tile(title=_("服务人次"), figure=str(scored["person_times"]), unit=_("人次")),
        ]
    return []


def _file_routes(room: str) -> list[Any]:
    """The form of a proof, and its answer."""

    @get(f"/{room}/{{number:str}}/file", sync_to_thread=True, guards=SHOW)
    def ask_file(request: Request, number: FromPath[str]) -> Template:
        """Ask for a proof."""
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
        return see_other(f"{HOME}/{room}/{number}", _("材料已上传"))

    return [ask_file, add_file]


def _file_form(work: UnitOfWork, room: str, number: str, values: Any, wrong: Any = ()) -> Template:
    _word, right, own = OWNERS[room]
    back = f"{HOME}/{room}/{own(work, number, right).id}"
    title = _("上传材料")
    form = FormOf(
        title=title,
        trail=[(_("社会工作"), HOME), (_(ROOMS[room].title), list_path(room)), (title, "")],
        action=f"{back}/file",
        back=back,
        entries=[one for one in entries_of(KeepFile) if one.name == "title"],
        files=[("file", _("文件"), ".pdf,.jpg,.jpeg,.png,.docx,.xlsx")],
    )
    return wish_page(form, values, wrong)


@get("/density", sync_to_thread=True, guards=SHOW)
def show_density(request: Request, year: Year = None) -> Template:
    """Certified workers per 10,000 and the gap."""
    with begin(request) as work:
        work.require("social_workers.show")
        found = density_facts(work, year or work.today.year)
    title = _("每万人持证社工")
    return page(
        "social_workers/detail.html",
        title=title,
        sub=str(found["year"]),
        state=None,
        base=HOME,
        trail=[(_("社会工作"), HOME), (title, "")],
        acts=[],
        cards=[(title, showing.density_rows(found))],
        figures=[],
        links=[(str(found["year"] - 1), f"{HOME}/density?year={found['year'] - 1}", "calendar")],
        files=[],
    )


@get("/pay", sync_to_thread=True, guards=[guarded("social_workers.pay")])
def ask_pay(request: Request) -> Template:
    """The month of a batch."""
    return _plain_form(_("生成付款批次"), "pay", "projects", Pay, {})


@post("/pay", sync_to_thread=True, guards=[guarded("social_workers.pay")])
def pay(request: Request, data: FormData) -> Template | Redirect:
    """Put the instalments that wait into batches."""
    try:
        with begin(request) as work:
            done = acts.pay(work, read_form(Pay, data))
    except Refused as refusal:
        return _plain_form(_("生成付款批次"), "pay", "projects", Pay, data, refusal.objections)
    said = _("批次已生成，共 {amount}，请到资金提交", amount=showing.money(done.data["total_fen"]))
    return see_other(f"{HOME}/projects", said)


@get("/exam-years", sync_to_thread=True, guards=[guarded("social_workers.keep")])
def ask_exam_year(request: Request) -> Template:
    """The figures of a year before."""
    return _plain_form(_("登记以前年度"), "exam-years", "exams", ExamYear, {})


@post("/exam-years", sync_to_thread=True, guards=[guarded("social_workers.keep")])
def add_exam_year(request: Request, data: FormData) -> Template | Redirect:
    """Note the figures of a year before."""
    try:
        with begin(request) as work:
            acts.add_exam_figure(work, read_form(ExamYear, data))
    except Refused as refusal:
        return _plain_form(_("登记以前年度"), "exam-years", "exams", ExamYear, data, refusal.objections)
    return see_other("/reports/social-workers-exams", _("考试数据已登记"))


def _plain_form(title: str, action: str, room: str, wish: Any, values: Any, wrong: Any = ()) -> Template:
    form = FormOf(
        title=title,
        trail=[(_("社会工作"), HOME), (_(ROOMS[room].title), list_path(room)), (title, "")],
        action=f"{HOME}/{action}",
        back=list_path(room),
        entries=entries_of(wish, ACTING.vocabularies, long=ACTING.long),
    )
    return wish_page(form, values, wrong)


@get("/papers/{kind:str}/{number:str}", sync_to_thread=True, guards=SHOW)
def show_paper(request: Request, kind: FromPath[str], number: FromPath[str], month: FromQuery[str] = "") -> Template:
    """A paper on the screen."""
    with begin(request) as work:
        sheet = paper_of(work, kind, number, month)
    back = f"{HOME}/{ROOM_OF[kind]}/{number}" if kind in ROOM_OF else f"{HOME}/exams"
    query = f"?{urlencode({'month': month})}" if month else ""
    return paper(sheet, back=back, pdf_path=f"{HOME}/papers/{kind}/{number}/pdf{query}")


@get("/papers/{kind:str}/{number:str}/pdf", sync_to_thread=True, guards=SHOW)
def paper_as_pdf(
    request: Request, kind: FromPath[str], number: FromPath[str], month: FromQuery[str] = ""
) -> Response[bytes]:
    """A paper as PDF."""
    with begin(request) as work:
        return paper_pdf(paper_of(work, kind, number, month))


router = Router(
    HOME,
    route_handlers=[
        show_workers, show_density, ask_pay, pay, ask_exam_year, add_exam_year, show_paper, paper_as_pdf,
        *(_list_route(room) for room in ROOMS), *(_single_route(room) for room in ROOMS),
        *(route for room in OWNERS for route in _file_routes(room)), *form_routes(ACTING),
    ],
)  # fmt: skip
