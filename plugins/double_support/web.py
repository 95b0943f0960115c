"""Pages of double support: lists by module, things, the forms of everything new and every act, papers, payments."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeAlias
from urllib.parse import urlencode

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect, Response, Template

from core.api import NotFound, Objection, Refused, UnitOfWork, _, year_of
from core.web import (
    FormData,
    FormOf,
    begin,
    guarded,
    limited,
    look,
    page,
    paper,
    paper_pdf,
    read_form,
    see_other,
    wish_page,
)
from plugins.double_support import acts, shapes
from plugins.double_support.acts import MODULES, PAYMENTS, ROOMS, Act, New, Room, entries
from plugins.double_support.listing import MODELS
from plugins.double_support.papers import PAPERS_BELOW, PAPERS_OF, RIGHT_OF, ROOM_OF, paper_of
from plugins.double_support.queries import Filter
from plugins.double_support.score_files import read_score_sheet
from plugins.double_support.services.assessing import take_sheet
from plugins.double_support.services.common import ASSESS, PAY
from plugins.double_support.services.proving import OWNERS, files_of, keep_file
from plugins.double_support.statistics import coverage_facts, projects_facts, projects_in_words
from plugins.double_support.wishes import KeepFile
from plugins.double_support.wishes import Pay as PayWish
from plugins.double_support.words import TAGS

RIGHT = "double_support.show"
SHOW = [guarded(RIGHT)]
State: TypeAlias = Annotated[str, QueryParameter(name="state", max_length=20)]
HOME = "/double-support"
UPLOAD_MEGABYTES = 30
_PAYABLE = {"plans": "visits", "spouses": "spouses", "support": "units"}
_REPORTS = {
    "projects": ("double-support-projects", "double-support-indicators"), "visits": ("double-support-visits",),
    "spouses": ("double-support-spouses",), "classes": ("double-support-classes",),
}  # fmt: skip


def _room(name: str) -> Room:
    if name not in ROOMS:
        raise NotFound(_("没有这个页面"))
    return ROOMS[name]


def _new(room: Room) -> New:
    if room.new is None:
        raise NotFound(_("没有这个页面"))
    return room.new


def _path(room: str) -> str:
    return HOME if room == "plans" else f"{HOME}/{room}"


@get("/", sync_to_thread=True, guards=SHOW)
def show_plans(
    request: Request,
    state_is: State = "",
    area: FromQuery[str] = "",
    number: FromQuery[str] = "",
    year: FromQuery[str] = "",
    after: FromQuery[int] = 0,
) -> Template:
    """The visit plans."""
    return _list(request, "plans", _filter(state_is, area, number, year, after))


@get("/{room:str}", sync_to_thread=True, guards=SHOW)
def show_room(
    request: Request,
    room: FromPath[str],
    state_is: State = "",
    area: FromQuery[str] = "",
    number: FromQuery[str] = "",
    year: FromQuery[str] = "",
    after: FromQuery[int] = 0,
) -> Template:
    """A list of one kind."""
    return _list(request, room, _filter(state_is, area, number, year, after))


def _filter(state: str, area: str, number: str, year: str, after: int) -> Filter:
    return Filter(state=state, area=area, text=number, year=year_of(year) or 0, after=after)


def _list(request: Request, name: str, asked: Filter) -> Template:
    room = _room(name)
    wish = asked if asked.state in room.states else Filter(area=asked.area, text=asked.text, year=asked.year,
                                                           after=asked.after)  # fmt: skip
    with begin(request) as work:
        found = room.listed(work, wish)
        may = room.new is not None and work.may(room.new.right)
        summary = _summary(work, name, wish)
        links = _links(work, name)
    rows = [
        {
            "path": f"{HOME}/{name}/{one['id']}",
            "head": shapes.head_of(name, one),
            "cells": shapes.cells_of(name, one),
            "tag": _tag(room, one),
        }
        for one in found[: wish.limit]
    ]
    first = {one.module: key for key, one in reversed(list(ROOMS.items()))}
    modules = [
        {"title": _(title), "path": _path(first[key]), "current": key == room.module} for key, title in MODULES.items()
    ]
    tabs = [
        {"title": _(one.title), "path": _path(key), "current": key == name}
        for key, one in ROOMS.items()
        if one.module == room.module
    ]
    return page(
        "double_support/list.html",
        block="list",
        modules=modules,
        module=_(MODULES[room.module]),
        tabs=tabs,
        title=_(room.title),
        summary=summary,
        rows=rows,
        path=_path(name),
        given=wish,
        narrowed=bool(wish.state or wish.area or wish.text or wish.year),
        states=shapes.titles(room.states),
        label=_(room.label) if room.label else "",
        by_year=hasattr(MODELS[name], "year"),
        more=_more(_path(name), found, wish),
        new=(_(room.new.title), f"{HOME}/{name}/new") if room.new is not None and may else None,
        links=links,
    )


def _tag(room: Room, one: Mapping[str, Any]) -> tuple[str, str]:
    return _(room.states[one["state"]]), TAGS.get(one["state"], "")


def _summary(work: UnitOfWork, name: str, wish: Filter) -> str:
    if name == "projects":
        return projects_in_words(projects_facts(work, wish.year or work.today.year))
    if name == "points":
        facts = coverage_facts(work)
        return _(
            "{villages} 个村（社区）中 {points} 个有服务点，覆盖率 {coverage}%",
            villages=facts["villages"], points=facts["points"], coverage=facts["coverage"],
        )  # fmt: skip
    return ""


def _more(path: str, found: Sequence[Mapping[str, Any]], wish: Filter) -> str:
    if len(found) <= wish.limit:
        return ""
    given = {
        "state": wish.state, "area": wish.area, "number": wish.text, "year": wish.year,
        "after": found[wish.limit - 1]["id"],
    }  # fmt: skip
    return f"{path}?{urlencode({name: value for name, value in given.items() if value})}"


def _links(work: UnitOfWork, name: str) -> list[tuple[str, str, str]]:
    """What stands below a list: reports, papers, payments, the score sheet."""
    found = []
    if name == "sheets" and work.may(ASSESS):
        found.append((_("导入评分表"), f"{HOME}/self-assess", "upload"))
    if name in _PAYABLE and work.may(PAY):
        found.append((_("生成付款批次"), f"{HOME}/pay/{_PAYABLE[name]}", "banknote"))
    found += _papers(work, PAPERS_BELOW.get(name, {}), "now")
    reports = work.host.reports
    for report in _REPORTS.get(name, ()):
        if work.may(reports[report].permission):
            found.append((_(reports[report].title), f"/reports/{report}", "file-spreadsheet"))
    return found


def _papers(work: UnitOfWork, kinds: Mapping[str, str], number: str) -> list[tuple[str, str, str]]:
    """The papers among these that the reader may have."""
    return [
        (_(title), f"{HOME}/papers/{kind}/{number}", "printer")
        for kind, title in kinds.items()
        if work.may(RIGHT_OF.get(kind, RIGHT))
    ]


@get("/{room:str}/{number:str}", sync_to_thread=True, guards=SHOW)
def show_one(request: Request, room: FromPath[str], number: FromPath[str]) -> Template:
    """One thing: its cards, what may be done, its papers."""
    known = _room(room)
    with begin(request) as work:
        found = known.shown(work, number)
        fit = [
            one
            for one in known.acts.values()
            if work.may(one.right, found["area"]) and (not one.states or found["state"] in one.states)
        ]
        kept = files_of(work, room, found)
        may_keep = room in OWNERS and work.may(OWNERS[room][1], found["area"]) and work.may("attachment.add")
        links = _papers(work, PAPERS_OF.get(room, {}), str(found["id"]))
    base, title = f"{HOME}/{room}/{found['id']}", shapes.head_of(room, found)
    if room == "plans":
        links.append((_("走访名单"), f"{HOME}/visits?{urlencode({'number': found['number']})}", "list-checks"))
    if room == "sheets":
        links.append((_("评分项目"), f"{HOME}/items?number={found['id']}", "list-checks"))
    if may_keep:
        links.append((_("上传材料"), f"{base}/file", "upload"))
    return page(
        "double_support/detail.html",
        title=title,
        sub=_(known.title),
        state=_tag(known, found),
        base=base,
        trail=[(_("双拥工作"), HOME), (_(known.title), _path(room)), (title, "")],
        acts=fit,
        cards=shapes.cards_of(room, found),
        links=links,
        files=kept,
    )


@get("/{room:str}/new", sync_to_thread=True, guards=SHOW)
def ask_new(request: Request, room: FromPath[str], person: FromQuery[str] = "") -> Template:
    """The form of something new."""
    return _new_form(_room(room), {"person_id": person})


@post("/{room:str}/new", sync_to_thread=True, guards=SHOW)
def make_new(request: Request, room: FromPath[str], data: FormData) -> Template | Redirect:
    """Make it, or say everything that stands against it."""
    known = _room(room)
    new = _new(known)
    try:
        with begin(request) as work:
            done = new.make(work, read_form(new.wish, data))
    except Refused as refusal:
        return _new_form(known, data, refusal.objections)
    return see_other(f"{HOME}/{room}/{done.data['id']}", _said(new.done, done))


def _said(text: str, done: acts.Done) -> str:
    return " ".join([_(text), *(one.reason for one in done.warnings)])


def _new_form(room: Room, values: Any, wrong: Any = ()) -> Template:
    new = _new(room)
    with look() as work:
        work.require(new.right)
    title = _(new.title)
    form = FormOf(
        title=title,
        trail=[(_("双拥工作"), HOME), (_(room.title), _path(room.name)), (title, "")],
        action=f"{HOME}/{room.name}/new",
        back=_path(room.name),
        entries=entries(new.wish),
    )
    return wish_page(form, values, wrong)


@get("/{room:str}/{number:str}/{act:str}", sync_to_thread=True, guards=SHOW)
def ask_act(request: Request, room: FromPath[str], number: FromPath[str], act: FromPath[str]) -> Template:
    """The form of one act."""
    with begin(request) as work:
        return _act_form(work, _room(room), number, act, {})


@post("/{room:str}/{number:str}/{act:str}", sync_to_thread=True, guards=SHOW)
def do_act(
    request: Request, room: FromPath[str], number: FromPath[str], act: FromPath[str], data: FormData
) -> Template | Redirect:
    """Do it, or show the form again with every objection."""
    known = _act(_room(room), act)
    try:
        with begin(request) as work:
            done = known.do(work, number, read_form(known.wish, data))
    except Refused as refusal:
        with look() as work:
            return _act_form(work, _room(room), number, act, data, refusal.objections)
    return see_other(f"{HOME}/{room}/{number}", _said(known.done, done))


def _act(room: Room, name: str) -> Act:
    if name not in room.acts:
        raise NotFound(_("没有这个页面"))
    return room.acts[name]


def _act_form(work: UnitOfWork, room: Room, number: str, name: str, values: Any, wrong: Any = ()) -> Template:
    known = _act(room, name)
    one = room.own(work, number, known.right)
    title = str(getattr(one, "number", "") or getattr(one, "code", "") or getattr(one, "title", "") or one.id)
    back = f"{HOME}/{room.name}/{one.id}"
    form = FormOf(
        title=_(known.title),
        sub=title,
        trail=[(_("双拥工作"), HOME), (_(room.title), _path(room.name)), (title, back), (_(known.title), "")],
        action=f"{back}/{name}",
        back=back,
        danger=known.danger,
        entries=entries(known.wish),
    )
    return wish_page(form, values, wrong)


@get("/{room:str}/{number:str}/file", sync_to_thread=True, guards=SHOW)
def ask_file(request: Request, room: FromPath[str], number: FromPath[str]) -> Template:
    """Ask for a proof."""
    with begin(request) as work:
        return _file_form(work, room, number, {})


@post("/{room:str}/{number:str}/file", sync_to_thread=True, guards=SHOW, opt=limited(UPLOAD_MEGABYTES))
def add_file(request: Request, room: FromPath[str], number: FromPath[str], data: FormData) -> Template | Redirect:
    """Keep it."""
    try:
        name, content = _uploaded(data)
        with begin(request) as work:
            keep_file(work, room, number, read_form(KeepFile, data, file_name=name, content=content))
    except Refused as refusal:
        with look() as work:
            return _file_form(work, room, number, data, refusal.objections)
    return see_other(f"{HOME}/{room}/{number}", _("材料已上传"))


def _uploaded(data: Any) -> tuple[str, bytes]:
    file = data.files.get("file")
    if file is None or not file.content:
        raise Refused([Objection(field="file", reason=_("请先选一个文件"))])
    return file.name, file.content


def _file_form(work: UnitOfWork, room: str, number: str, values: Any, wrong: Any = ()) -> Template:
    if room not in OWNERS:
        raise NotFound(_("没有这个页面"))
    back = f"{HOME}/{room}/{_room(room).own(work, number, OWNERS[room][1]).id}"
    title = _("上传材料")
    form = FormOf(
        title=title,
        trail=[(_("双拥工作"), HOME), (_(ROOMS[room].title), _path(room)), (title, "")],
        action=f"{back}/file",
        back=back,
        entries=[one for one in entries(KeepFile) if one.name == "title"],
        files=[("file", _("文件"), ".pdf,.jpg,.jpeg,.png,.docx,.xlsx")],
    )
    return wish_page(form, values, wrong)


@get("/self-assess", sync_to_thread=True, guards=[guarded("double_support.assess")])
def ask_sheet(request: Request) -> Template:
    """Ask for a score sheet."""
    return _sheet_form({})


@post("/self-assess", sync_to_thread=True, guards=[guarded("double_support.assess")], opt=limited(UPLOAD_MEGABYTES))
def take(request: Request, data: FormData) -> Template | Redirect:
    """Take it in as a new version."""
    try:
        name, content = _uploaded(data)
        with begin(request) as work:
            made, warnings = take_sheet(work, read_score_sheet(content, name))
    except Refused as refusal:
        return _sheet_form(data, refusal.objections)
    said = " ".join([_("评分表已导入"), *(one.reason for one in warnings)])
    return see_other(f"{HOME}/sheets/{made.id}", said)


def _sheet_form(values: Any, wrong: Any = ()) -> Template:
    title = _("导入评分表")
    form = FormOf(
        title=title,
        sub=_("旧版本保留，分数不换算"),
        trail=[(_("双拥工作"), HOME), (_(ROOMS["sheets"].title), _path("sheets")), (title, "")],
        action=f"{HOME}/self-assess",
        back=_path("sheets"),
        entries=[],
        files=[("file", _("评分表"), ".xlsx,.csv,.json")],
    )
    # Objections of a line name the line in their words; the form has one field only.
    shown = [Objection(field="file", reason=one.reason, code=one.code, hint=one.hint) for one in wrong]
    return wish_page(form, values, shown)


@get("/pay/{kind:str}", sync_to_thread=True, guards=[guarded("double_support.pay")])
def ask_pay(request: Request, kind: FromPath[str]) -> Template:
    """The month of a batch."""
    return _pay_form(kind, {})


@post("/pay/{kind:str}", sync_to_thread=True, guards=[guarded("double_support.pay")])
def pay(request: Request, kind: FromPath[str], data: FormData) -> Template | Redirect:
    """Put what waits into a batch."""
    if kind not in PAYMENTS:
        raise NotFound(_("没有这个页面"))
    try:
        with begin(request) as work:
            acts.pay(work, kind, read_form(PayWish, data))
    except Refused as refusal:
        return _pay_form(kind, data, refusal.objections)
    return see_other(_path(_room_of_pay(kind)), _("批次已生成，请到资金提交"))


def _room_of_pay(kind: str) -> str:
    return next(room for room, one in _PAYABLE.items() if one == kind)


def _pay_form(kind: str, values: Any, wrong: Any = ()) -> Template:
    if kind not in PAYMENTS:
        raise NotFound(_("没有这个页面"))
    title, room = _("生成付款批次"), _room_of_pay(kind)
    form = FormOf(
        title=title,
        sub=_(PAYMENTS[kind]),
        trail=[(_("双拥工作"), HOME), (_(ROOMS[room].title), _path(room)), (title, "")],
        action=f"{HOME}/pay/{kind}",
        back=_path(room),
        entries=entries(PayWish),
    )
    return wish_page(form, values, wrong)


@get("/papers/{kind:str}/{number:str}", sync_to_thread=True, guards=SHOW)
def show_paper(request: Request, kind: FromPath[str], number: FromPath[str]) -> Template:
    """A paper on the screen."""
    with begin(request) as work:
        sheet = paper_of(work, kind, number)
    room = ROOM_OF[kind]
    back = f"{HOME}/{room}/{number}" if kind in PAPERS_OF.get(room, {}) and number.isdecimal() else _path(room)
    return paper(sheet, back=back, pdf_path=f"{HOME}/papers/{kind}/{number}/pdf")


@get("/papers/{kind:str}/{number:str}/pdf", sync_to_thread=True, guards=SHOW)
def paper_as_pdf(request: Request, kind: FromPath[str], number: FromPath[str]) -> Response[bytes]:
    """A paper as PDF."""
    with begin(request) as work:
        return paper_pdf(paper_of(work, kind, number))


router = Router(
    HOME,
    route_handlers=[
        show_plans, show_room, show_one, ask_file, add_file, ask_new, make_new, ask_act, do_act, ask_sheet, take,
        ask_pay, pay, show_paper, paper_as_pdf,
    ],
)  # fmt: skip
