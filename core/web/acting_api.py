"""The JSON API of a plugin's acts: the same wishes, services and answers as its forms."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from litestar import Request, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from core.acts import Acting, Done, Room, Start
from core.web.access import guarded
from core.web.answers import begin
from core.web.paging import plain
from core.web.repeating import answered
from core.wishes import checked
from core.work import UnitOfWork

JsonObject: TypeAlias = JSONBody[dict[str, Any]]
"""A JSON object as the body of a request, when the address says what it has to hold."""


def answer_done(work: UnitOfWork, done: Done) -> dict[str, Any]:
    """Answer with what an act did, the same to the same request under the same key; a secret is not kept for it."""
    body = plain(done.answer())
    return body if done.secret else answered(work, body)


def answer_start(request: Request, start: Start, wish: Any) -> dict[str, Any]:
    """Make something new; ``wish`` is the wish itself or the values for it."""
    with begin(request) as work:
        work.require(start.right)
        made = checked(start.wish, **wish) if isinstance(wish, Mapping) else wish
        return answer_done(work, start.make(work, made))


def answer_act(request: Request, room: Room, at: tuple[str, str], data: Mapping[str, Any]) -> dict[str, Any]:
    """Do an act; ``at`` is the number of the thing and the name of the act. Raises ``NotFound`` for another act."""
    number, name = at
    act = room.act(name)
    with begin(request) as work:
        work.require(act.right)
        wish = checked(act.wish, **room.completed(work, act, number, data))
        return answer_done(work, act.do(work, number, wish))


def start_api(acting: Acting, start: str, path: str, operation: str, says: str) -> HTTPRouteHandler:
    """The handler of one start: its body is the wish, its name in the description is ``operation``."""
    known = acting.starts[start]

    def make(request: Request, data: Any) -> dict[str, Any]:
        return answer_start(request, known, data)

    make.__name__, make.__doc__ = operation, says
    body: Any = JSONBody
    make.__annotations__["data"] = body[known.wish]
    return post(path, sync_to_thread=True, guards=[guarded(acting.right)], tags=_tags(acting))(make)


def act_api(acting: Acting, room: str, path: str, operation: str, says: str, *, right: str = "") -> HTTPRouteHandler:
    """The handler of all acts of a room: ``<path>/<number>/<act>``; ``right`` opens it when it is not the forms'."""
    known = acting.rooms[room]

    def act_on(request: Request, number: FromPath[str], act: FromPath[str], data: JsonObject) -> dict[str, Any]:
        return answer_act(request, known, (number, act), data)

    act_on.__name__, act_on.__doc__ = operation, says
    guards = [guarded(right or acting.right)]
    return post(path + "/{number:str}/{act:str}", sync_to_thread=True, guards=guards, tags=_tags(acting))(act_on)


def _tags(acting: Acting) -> list[str]:
    return [acting.home.strip("/")]
