"""The forms of donations: of something new, and of every act on what there is."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from pydantic import BaseModel, Field

from core.api import NotFound, Objection, Refused, UnitOfWork, _, mark
from core.web import FormData, FormOf, begin, guarded, look, read_form, see_other, wish_page
from plugins.donations import acts
from plugins.donations.acts import Act, New, entries
from plugins.donations.rooms import ROOMS, chosen, filled

SHOW = [guarded("donations.show")]


class ExportWish(BaseModel):
    """Which gifts to export, and why."""

    drive: str = Field(default="", max_length=40, title=mark("募捐编号"), description=mark("不填即全部"))
    reason: str = Field(min_length=1, max_length=200, title=mark("事由"), description=mark("记入审计"))


NEW_ROOMS: Mapping[str, New] = acts.NEW
_AFTER: Mapping[str, str] = {
    "issues": "/donations/spending/{id}",
    "boxes": "/donations/gifts",
    "activities": "/donations",
    "ties": "/donations",
}


def router_of_forms() -> list[Any]:
    """The handlers of every form."""
    return [
        *(route for room in NEW_ROOMS for route in _new_routes(room)),
        *(route for room in ROOMS for route in _act_routes(room)),
    ]


def _new_routes(room: str) -> list[Any]:
    """The form of something new and its answer."""

    @get(f"/{room}/new", sync_to_thread=True, guards=SHOW, name=f"donations-{room}-new")
    def ask_new(
        request: Request, drive: FromQuery[str] = "", lot: FromQuery[str] = "", project: FromQuery[str] = ""
    ) -> Template:
        """The form of something new."""
        return _new_form(room, {"drive": drive, "lot": lot, "project": project})

    @post(f"/{room}/new", sync_to_thread=True, guards=SHOW, name=f"donations-{room}-make")
    def make_new(request: Request, data: FormData) -> Template | Redirect:
        """Make it, or say everything that stands against it."""
        known = NEW_ROOMS[room]
        try:
            with begin(request) as work:
                done = known.make(work, read_form(known.wish, data))
        except (Refused, NotFound) as error:
            return _new_form(room, data, _objections(error))
        said = " ".join([_(known.done), *(one.reason for one in done.warnings)])
        return see_other(_AFTER.get(room, f"/donations/{room}/{{id}}").format(id=done.data["id"]), said)

    return [ask_new, make_new]


def _objections(error: Refused | NotFound) -> Any:
    """What a form shows of a refusal; something that was named and is not there is said too."""
    if isinstance(error, Refused):
        return error.objections
    return [Objection(reason=error.message, code=error.code)]


def _act_routes(room: str) -> list[Any]:
    """The form of every act on one thing and its answer."""

    @get(f"/{room}/{{number:str}}/{{act:str}}", sync_to_thread=True, guards=SHOW, name=f"donations-{room}-ask")
    def ask_act(request: Request, number: FromPath[str], act: FromPath[str]) -> Template:
        """The form of one act."""
        with begin(request) as work:
            return _act_form(work, room, number, act, None)

    @post(f"/{room}/{{number:str}}/{{act:str}}", sync_to_thread=True, guards=SHOW, name=f"donations-{room}-do")
    def do_act(request: Request, number: FromPath[str], act: FromPath[str], data: FormData) -> Template | Redirect:
        """Do it, or show the form again with every objection."""
        known = _act(room, act)
        try:
            with begin(request) as work:
                done = known.do(work, number, read_form(known.wish, data))
        except Refused as refusal:
            with look() as work:
                return _act_form(work, room, number, act, data, refusal.objections)
        said = " ".join([_(known.done), *(one.reason for one in done.warnings)])
        return see_other(f"/donations/{room}/{number}", said)

    return [ask_act, do_act]


def _new_form(room: str, values: Any, wrong: Any = ()) -> Template:
    known = NEW_ROOMS[room]
    with look() as work:
        work.require(known.right)
        fields = chosen(work, entries(known.wish))
    title = _(known.title)
    form = FormOf(
        title=title,
        trail=[(_("慈善募捐"), "/donations"), (title, "")],
        action=f"/donations/{room}/new",
        back=f"/donations/{room}" if room in ROOMS else "/donations",
        entries=fields,
    )
    return wish_page(form, values, wrong)


def _act(room: str, name: str) -> Act:
    if name not in ROOMS[room].acts:
        raise NotFound(_("没有这个页面"))
    return ROOMS[room].acts[name]


def _act_form(work: UnitOfWork, room: str, number: str, name: str, values: Any, wrong: Any = ()) -> Template:
    known = _act(room, name)
    one = ROOMS[room].own(work, number, known.right)
    title = str(getattr(one, "number", "") or getattr(one, "item", "") or _(ROOMS[room].title))
    back = f"/donations/{room}/{one.id}"
    form = FormOf(
        title=_(known.title),
        sub=title,
        trail=[(_("慈善募捐"), "/donations"), (title, back), (_(known.title), "")],
        action=f"{back}/{name}",
        back=back,
        danger=known.danger,
        entries=entries(known.wish),
    )
    return wish_page(form, filled(known, one) if values is None else values, wrong)
