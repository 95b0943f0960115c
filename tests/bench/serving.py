"""A county served as ``serve`` serves it, beside a route that answers four letters, and lines that ask both.

What an answer costs is counted in processor time of the server: what others do on the machine does not count.
"""

import multiprocessing
import socket
import time
import types
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

from core.extension import Lane, Panel, Plugin, Span
from core.hookspecs import hookimpl
from core.web.serving import Address, listen

PLAIN = b"GET /plain HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"


@contextmanager
def served(home, code, panels=0, connections=8):
    """Lines to a server of its own process; ``panels`` plugins bring a card and a lane each."""
    taken = listen(Address("127.0.0.1", 0), exact=True)
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    server = context.Process(target=_serve, args=(home, code, taken, ready, panels), daemon=True)
    server.start()
    try:
        assert ready.wait(60)
        time.sleep(0.5)
        yield [Line(taken.getsockname()[1]) for _number in range(connections)]
    finally:
        server.terminate()
        server.join(10)
        taken.close()


def _plugin(number):
    """A plugin with one card, one lane and a tag for a household, read by one query."""
    from sqlalchemy import bindparam, func, select

    from core.api import Question
    from core.households.models.changes import Change
    from core.tables import columns

    change = columns(Change)
    asked = Question(select(func.count(change.id).label("count")).where(change.subject == bindparam("subject")))

    @hookimpl
    def show_household_panels(work, household_id, person_ids):
        found = work.ask(asked, subject=f"household:{household_id}")
        rows = [("事项", f"{found[0].count} 件"), ("户", str(household_id)), ("状态", "在办"), ("下次", "2026-12-01")]
        lane = Lane(title=f"待遇{number}", spans=[Span(since=date(2024, 3, number), until=None, label="每月 50 元")])
        return [Panel(title=f"事项{number}", rows=rows, lanes=[lane], tags=[("在保", "ok")])]

    made = types.ModuleType(f"panel_{number}")
    made.__file__ = __file__
    made.show_household_panels = show_household_panels
    return made


def _serve(home, code, taken, ready, panels):
    """The county as ``serve`` serves it, one worker, and beside it a route that answers four letters."""
    import uvicorn
    from litestar import Litestar, get
    from litestar.response import Response

    from core.host import Host
    from core.loading import Loaded
    from core.settings import load
    from core.web.dispatcher import Dispatcher, Door

    def opened():
        host = Host(load(home, code))
        for number in range(1, panels + 1):
            module = _plugin(number)
            host.hooks.manager.register(module, name=module.__name__)
            manifest = Plugin(name=module.__name__, title=f"业务{number}", api=(1, 0), hue=number % 8 + 1)
            host.loaded.append(Loaded(manifest, module))
        host.hooks.order = [one.manifest.name for one in host.loaded]
        return host

    @get("/", sync_to_thread=True)
    def plain() -> Response[str]:
        return Response("good", media_type="text/plain")

    door = Door(opened)
    county, four_letters = Dispatcher([door]), Litestar([plain], openapi_config=None, logging_config=None)
    door.open_now()

    async def both(scope, receive, send):
        if scope["type"] == "http" and scope["path"] == "/plain":
            await four_letters({**scope, "path": "/"}, receive, send)
        elif scope["type"] == "http" and scope["path"] == "/spent":
            await Response(str(time.process_time())).to_asgi_response(None, None)(scope, receive, send)
        else:
            await county(scope, receive, send)

    server = uvicorn.Server(uvicorn.Config(both, log_level="warning", access_log=False, server_header=False))
    ready.set()
    server.run(sockets=[taken])


class Line:
    """One connection that stays open."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request):
        self.asked_at = time.perf_counter()
        self.socket.sendall(request)

    def answer(self):
        got = b""
        while b"\r\n\r\n" not in got:
            got += self.socket.recv(65536)
        head, _gap, body = got.partition(b"\r\n\r\n")
        length = next(int(one[16:]) for one in head.lower().split(b"\r\n") if one.startswith(b"content-length: "))
        while len(body) < length:
            body += self.socket.recv(65536)
        return head, body


class Asked(NamedTuple):
    """Processor seconds of the server for one answer, and how long each answer was waited for by the clock."""

    cost: float
    waits: list[float]


def asked(lines, requests, seconds):
    """Ask for some seconds, while every line always has one of the requests out."""
    before, waits = _spent(lines[0]), []
    for line in lines:
        line.ask(next(requests))
    started = time.perf_counter()
    while time.perf_counter() - started < seconds:
        for line in lines:
            head, body = line.answer()
            waits.append(time.perf_counter() - line.asked_at)
            assert head.startswith(b"HTTP/1.1 20"), head + body
            line.ask(next(requests))
    for line in lines:
        line.answer()
    return Asked((_spent(lines[0]) - before) / (len(waits) + len(lines)), waits)


def _spent(line):
    """Processor seconds of the server so far."""
    line.ask(b"GET /spent HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
    return float(line.answer()[1])
