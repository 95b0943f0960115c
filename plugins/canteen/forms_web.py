"""The forms of canteens: of something new, and of every act on what there is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response, Template

from core.api import NotFound, Refused, UnitOfWork, _, find_person, mark
from core.web import FormData, FormOf, begin, guarded, look, paper_pdf, read_form, see_other, wish_page
from plugins.canteen import acts
from plugins.canteen.acts import STARTS, Act, entries
from plugins.canteen.papers import card_sheet
from plugins.canteen.services.common import own_operator, own_site
from plugins.canteen.services.enrolling import own_diner
from plugins.canteen.services.settling import own_settlement
from plugins.canteen.services.supervising import own_inspection
from plugins.canteen.wishes import Enrol

SHOW = [guarded("canteen.show")]


@dataclass(frozen=True)
class Room:
    """One kind of thing that has a page: its title, its acts, who may be asked for it."""

    title: str
    acts: Mapping[str, Act]
    own: Callable[[UnitOfWork, str, str], Any]


ROOMS: Mapping[str, Room] = {
    "sites": Room(mark("站点"), acts.SITE_ACTS, own_site),
    "diners": Room(mark("就餐老人"), acts.DINER_ACTS, own_diner),
    "settlements": Room(mark("结算"), acts.SETTLEMENT_ACTS, own_settlement),
    "inspections": Room(mark("检查"), acts.INSPECTION_ACTS, own_inspection),
    "operators": Room(mark("经营者"), acts.OPERATOR_ACTS, own_operator),
}
HOMES: Mapping[str, str] = {
    "payments": "settlements", "grant-payments": "settlements", "targets": "sites", "policies": "rates",
}  # fmt: skip
"""Where a beginning that has no page of its own leads back to."""


def list_path(room: str) -> str:
    """The list a thing stands in."""
    home = HOMES.get(room, room)
    return "/canteen" if home == "sites" else f"/canteen/{home}"


def _new_routes(room: str) -> list[Any]:
    """The form of something new and its answer."""

    @get(f"/{room}/new", sync_to_thread=True, guards=SHOW)
    def ask_new(request: Request, person: FromQuery[str] = "", site: FromQuery[str] = "") -> Template:
        """The form of something new."""
        return _new_form(room, {"person_id": person, "site": site})

    @post(f"/{room}/new", sync_to_thread=True, guards=SHOW)
    def make_new(request: Request, data: FormData) -> Template | Redirect:
        """Make it, or say everything that stands against it."""
        start = STARTS[room]
        try:
            with begin(request) as work:
                done = start.do(work, _read(work, start.wish, data))
        except Refused as refusal:
            return _new_form(room, data, refusal.objections)
        path = list_path(room) if room in HOMES else f"/canteen/{room}/{done['id']}"
        return see_other(path, _(start.done))

    return [ask_new, make_new]


def _read(work: UnitOfWork, wish: Any, data: Any) -> Any:
    """A posted wish; a diner's person may be typed as an ID number, which goes no further than the look-up."""
    if wish is not Enrol or str(data.get("person_id", "")).isdecimal() and len(str(data.get("person_id", ""))) < 15:
        return read_form(wish, data)
    typed = str(data.get("person_id", "")).strip()
    return read_form(
        wish, {**data, "person_id": str(find_person(work, typed, "canteen.maintain").id)} if typed else data
    )


def _act_routes(room: str) -> list[Any]:
    """The form of every act on one thing and its answer."""

    @get(f"/{room}/{{number:str}}/{{act:str}}", sync_to_thread=True, guards=SHOW)
    def ask_act(request: Request, number: FromPath[str], act: FromPath[str]) -> Template:
        """The form of one act."""
        with begin(request) as work:
            return _act_form(work, room, number, act, {})

    @post(f"/{room}/{{number:str}}/{{act:str}}", sync_to_thread=True, guards=SHOW)
    def do_act(
        request: Request, number: FromPath[str], act: FromPath[str], data: FormData
    ) -> Template | Redirect | Response[bytes]:
        """Do it, or show the form again with every objection; a card is answered as the PDF that is printed once."""
        known = _act(room, act)
        try:
            with begin(request) as work:
                done = known.do(work, number, read_form(known.wish, data))
                if "token" in done:
                    return paper_pdf(card_sheet(work, number, done["token"]))
        except Refused as refusal:
            with look() as work:
                return _act_form(work, room, number, act, data, refusal.objections)
        return see_other(f"/canteen/{room}/{number}", _(known.done))

    return [ask_act, do_act]


def _new_form(room: str, values: Any, wrong: Any = ()) -> Template:
    start = STARTS[room]
    with look() as work:
        work.require(start.right)
    form = FormOf(
        title=_(start.title),
        trail=[(_("长者食堂"), "/canteen"), (_(start.title), "")],
        action=f"/canteen/{room}/new",
        back=list_path(room),
        entries=entries(start.wish),
    )
    return wish_page(form, values, wrong)


def _act(room: str, name: str) -> Act:
    if name not in ROOMS[room].acts:
        raise NotFound(_("没有这个页面"))
    return ROOMS[room].acts[name]


def _act_form(work: UnitOfWork, room: str, number: str, name: str, values: Any, wrong: Any = ()) -> Template:
    known = _act(room, name)
    one = ROOMS[room].own(work, number, known.right)
    title = str(getattr(one, "number", "") or getattr(one, "name", "") or one.id)
    back = f"/canteen/{room}/{one.id}"
    form = FormOf(
        title=_(known.title),
        sub=title,
        trail=[(_("长者食堂"), "/canteen"), (title, back), (_(known.title), "")],
        action=f"{back}/{name}",
        back=back,
        danger=known.danger,
        entries=entries(known.wish),
    )
    return wish_page(form, values, wrong)


router = Router(
    "/canteen",
    route_handlers=[
        *(route for room in STARTS for route in _new_routes(room)),
        *(route for room in ROOMS for route in _act_routes(room)),
    ],
)
