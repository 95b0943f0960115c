"""Many counties behind one socket, and the swap to a new Host when plugins or settings changed.

At the start of each request the generation in the database is compared with that of the Host at hand; a Host that
is out of date is closed after its last request.
"""

import gc
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

from litestar.types import Receive, Scope, Send

from core.errors import HuiminError
from core.host import generation_in
from core.web.app import create_app
from core.web.closed import ClosedDoor
from core.web.current import Current
from core.web.entrance import Entrance
from core.web.threads import WAITING_FOR_NETWORK, in_thread, threads

if TYPE_CHECKING:
    from core.host import Host

log = logging.getLogger("huimin.web")

HEADERS_MOST = 200
"""Headers of one request; a browser behind a proxy sends some twenty."""


@dataclass
class Mounted:
    """A Host with its application, and how many requests run on it."""

    host: "Host"
    entrance: Entrance
    running: int = 0
    retired: bool = False


@dataclass
class Door:
    """One county: ``open`` builds its Host; reached under ``prefix``, or under one of ``names`` of the Host header.

    ``build`` makes the application of a Host: that of staff, or the public one.
    """

    open: "Callable[[], Host]"
    prefix: str = ""
    names: Sequence[str] = ()
    build: "Callable[[Host, str], Entrance]" = create_app
    _mounted: Mounted | None = None
    _refused: int = -1
    _lock: Lock = field(default_factory=Lock)

    @property
    def mounted(self) -> Mounted:
        """What serves this county now; built at the first asking."""
        with self._lock:
            if self._mounted is None:
                self._mounted = self._build()
            return self._mounted

    def open_now(self) -> None:
        """Build the Host before the first request, so that a county that cannot start says so at once."""
        self._mounted = self.mounted
        # What stands now stays: the collector need not walk it again and again while pages are made.
        gc.collect()
        gc.freeze()

    def enter(self, scope: Scope) -> tuple[Mounted, Current, Exception | None]:
        """Take the Host of the present generation for one request, and find out who asks. Runs in a thread.

        The error is for the asker to hear: who may not come in, or a database that is away.
        """
        mounted = self.mounted
        try:
            return self._let_in(mounted, scope)
        except Exception as error:  # noqa: BLE001 - answered by the same pages as any other error, nothing is hidden
            with self._lock:
                mounted.running += 1
            return mounted, mounted.entrance.stranger(scope), error

    def _let_in(self, mounted: Mounted, scope: Scope) -> tuple[Mounted, Current, Exception | None]:
        with mounted.host.database.transaction(write=False) as connection:
            number = generation_in(connection)
            taken = self._take(mounted, number)
            try:
                now, error = taken.entrance.enter(scope, connection if taken is mounted else None)
            except BaseException:
                self.leave(taken)
                raise
        return taken, now, error

    def leave(self, mounted: Mounted) -> None:
        """Give a Host back after a request; the last one out of a retired Host closes it."""
        with self._lock:
            mounted.running -= 1
            close = mounted.retired and not mounted.running
        if close:
            mounted.host.close()

    def close(self) -> None:
        """Close the Host of this county."""
        if self._mounted is not None:
            self._mounted.host.close()

    def _take(self, mounted: Mounted, number: int) -> Mounted:
        if number != mounted.host.generation and number != self._refused:
            self._swap(number)
        with self._lock:
            taken = self._mounted or mounted
            taken.running += 1
            return taken

    def _swap(self, number: int) -> None:
        with self._lock:
            old = self._mounted
            if old is None or old.host.generation == number:
                return
            try:
                self._mounted = self._build()
            except HuiminError as error:
                # The old Host goes on serving: a county file broken by hand must not shut the office.
                log.error("the county file of generation %s cannot be used: %s", number, error)
                self._refused = number
                return
            old.retired = True
            close = not old.running
        if close:
            old.host.close()

    def _build(self) -> Mounted:
        host = self.open()
        if host.database.dialect != "sqlite":
            threads().allow(WAITING_FOR_NETWORK)
        return Mounted(host, self.build(host, self.prefix))


class Dispatcher:
    """The outermost application: finds the county of a request and lets it answer; ``closed`` ones say so."""

    def __init__(self, doors: Sequence[Door], closed: Sequence[ClosedDoor] = ()) -> None:
        threads()
        every: Sequence[Door | ClosedDoor] = [*doors, *closed]
        self.doors = tuple(sorted(every, key=lambda door: len(door.prefix), reverse=True))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        if len(list(scope["headers"])) > HEADERS_MOST:
            await _answer(send, 400, "请求读不懂 / this request cannot be read")
            return
        door = self.find(scope)
        if door is None:
            await _answer(send, 404, "这里没有这个县 / no such county")
            return
        inner: Any = {**scope, "path": scope["path"][len(door.prefix) :] or "/", "root_path": ""}
        if isinstance(door, ClosedDoor):
            await door.answer(inner, send)
            return
        plain = door.mounted if door._mounted else await in_thread(lambda: door.mounted)  # noqa: SLF001
        if await plain.entrance.answer_plainly(inner, send):
            return
        mounted, now, error = await in_thread(door.enter, inner)
        try:
            await mounted.entrance.answer(now, error, inner, receive, send)
        finally:
            if mounted.retired:
                await in_thread(door.leave, mounted)
            else:
                door.leave(mounted)

    def find(self, scope: Scope) -> Door | ClosedDoor | None:
        """The county a request is for: by the name it was asked under, else by the beginning of its path."""
        headers = dict(scope["headers"])
        name = headers.get(b"host", b"").decode("latin-1").rpartition(":")[0] or headers.get(b"host", b"").decode(
            "latin-1"
        )
        for door in self.doors:
            if name in door.names:
                return door
        path = scope["path"]
        for door in self.doors:
            if not door.names and (path == door.prefix or path.startswith(f"{door.prefix}/")):
                return door
        return None

    def close(self) -> None:
        """Close every county."""
        for door in self.doors:
            if isinstance(door, Door):
                door.close()


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message: Any = await receive()
        if message["type"] == "lifespan.startup":
            ready: Any = {"type": "lifespan.startup.complete"}
            await send(ready)
        else:
            done: Any = {"type": "lifespan.shutdown.complete"}
            await send(done)
            return


async def _answer(send: Send, status: int, words: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    start: Any = {"type": "http.response.start", "status": status, "headers": headers}
    body: Any = {"type": "http.response.body", "body": words.encode(), "more_body": False}
    await send(start)
    await send(body)
