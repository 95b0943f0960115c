"""The forms of a plugin's acts: of something new, and of every act on what there is."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from litestar import Request, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.acts import Act, Acting, Start, filled
from core.errors import NotFound, Objection, Refused
from core.texts import _
from core.values import row_id
from core.web.access import guarded
from core.web.answers import FormOf, begin, look, see_other, wish_page
from core.web.forms import FormData, Posted, read_form

if TYPE_CHECKING:
    from core.work import UnitOfWork


class Asked(NamedTuple):
    """One act on one thing, as its address names them."""

    room: str
    number: str
    act: str


def form_routes(acting: Acting) -> list[HTTPRouteHandler]:
    """The handlers of every form of a plugin: ``<start>/new`` and ``<room>/<number>/<act>``."""
    return [
        *(route for name in acting.starts for route in start_routes(acting, name)),
        *(route for name in acting.rooms for route in act_routes(acting, name)),
    ]


def start_routes(acting: Acting, name: str) -> list[HTTPRouteHandler]:
    """The form of something new, and its answer."""
    start = acting.starts[name]
    guards = [guarded(acting.right)]

    @get(f"/{name}/new", sync_to_thread=True, guards=guards)
    def ask_new(request: Request) -> Template:
        """The form of something new; a link may have filled some of it."""
        asked = request.query_params
        values = {field: asked.get(field, "") for field in acting.linked}
        return start_form(acting, name, values | {start.person: asked.get("person", "")})

    @post(f"/{name}/new", sync_to_thread=True, guards=guards)
    def make_new(request: Request, data: FormData) -> Template | Redirect:
        """Make it, or say everything that stands against it."""
        try:
            with begin(request) as work:
                done = start.make(work, read_wish(acting, work, start, data))
        except Refused as refusal:
            return start_form(acting, name, data, refusal.objections)
        except NotFound as error:  # of something that was typed: nothing else is named here
            return start_form(acting, name, data, [Objection(reason=error.message, code=error.code)])
        path = start.after or f"{acting.home}/{name}/{{id}}"
        return see_other(path.format_map(done.data), done.said(acting.speak(start.done)))

    return [ask_new, make_new]


def act_routes(acting: Acting, name: str) -> list[HTTPRouteHandler]:
    """The form of every act on one thing of a room, and its answer."""
    guards = [guarded(acting.right)]

    @get(f"/{name}/{{number:str}}/{{act:str}}", sync_to_thread=True, guards=guards)
    def ask_act(request: Request, number: FromPath[str], act: FromPath[str]) -> Template:
        """The form of one act."""
        with begin(request) as work:
            return act_form(acting, work, Asked(name, number, act))

    @post(f"/{name}/{{number:str}}/{{act:str}}", sync_to_thread=True, guards=guards)
    def do_act(request: Request, number: FromPath[str], act: FromPath[str], data: FormData) -> Template | Redirect:
        """Do it, or show the form again with every objection."""
        known = _act(acting, name, act)
        try:
            with begin(request) as work:
                done = known.do(work, number, read_wish(acting, work, known, data))
        except Refused as refusal:
            with look() as work:
                return act_form(acting, work, Asked(name, number, act), data, refusal.objections)
        path = known.after.format_map(done.data) or f"{acting.home}/{name}/{number}"
        return see_other(path, done.said(acting.speak(known.done)))

    return [ask_act, do_act]


def start_form(acting: Acting, name: str, values: Mapping[str, Any], objections: Sequence[Objection] = ()) -> Template:
    """Draw the form of something new, again with what was typed and every objection at its field."""
    start = acting.starts[name]
    with look() as work:
        work.require(start.right)
        entries = acting.entries(work, start.wish)
    title, back = acting.speak(start.title), acting.list_path(name)
    trail = [*_crumbs(acting, name), (title, "")]
    form = FormOf(title=title, trail=trail, action=f"{acting.home}/{name}/new", back=back, entries=entries)
    return wish_page(form, values, objections)


def act_form(
    acting: Acting, work: "UnitOfWork", asked: Asked, values: Mapping[str, Any] | None = None,
    objections: Sequence[Objection] = (),
) -> Template:  # fmt: skip
    """Draw the form of an act; without ``values`` what stands there already is filled in."""
    room, known = acting.rooms[asked.room], _act(acting, asked.room, asked.act)
    one = room.own(work, asked.number, known.right)
    head, back = room.head(one), f"{acting.home}/{asked.room}/{one.id}"
    form = FormOf(
        title=acting.speak(known.title),
        sub=head,
        trail=[*_crumbs(acting, asked.room), (head, back), (acting.speak(known.title), "")],
        action=f"{back}/{asked.act}",
        back=back,
        danger=known.danger,
        entries=acting.entries(work, known.wish),
    )
    return wish_page(form, filled(known, one) if values is None else values, objections)


def read_wish(acting: Acting, work: "UnitOfWork", act: Act | Start, data: Posted) -> Any:
    """A posted wish; a person may be typed by citizen number. Raises ``Refused``, a stranger at the field too."""
    from core.identity.queries import find_person

    found: dict[str, int | None] = {}
    for name in acting.people:
        typed = data.text(name) if name in act.wish.model_fields else ""
        if not typed or row_id(typed):
            continue
        try:
            found[name] = find_person(work, typed, act.right).id
        except NotFound as error:
            raise Refused([Objection(field=name, reason=error.message, code=error.code)]) from error
    return read_form(act.wish, data, **found)


def _act(acting: Acting, room: str, name: str) -> Act:
    if name not in acting.rooms[room].acts:
        raise NotFound(_("没有这个页面"))
    return acting.rooms[room].acts[name]


def _crumbs(acting: Acting, name: str) -> list[tuple[str, str]]:
    """The way to a form: the plugin, and the list of the room."""
    crumbs = [(acting.speak(acting.title), acting.home)]
    if name in acting.rooms:
        crumbs.append((acting.speak(acting.rooms[name].title), acting.list_path(name)))
    return crumbs
