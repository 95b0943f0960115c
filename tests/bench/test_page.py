"""J5: the household page with ten panels, as served, against a plain-text route of the same server and thread pool.

Both are counted in processor time of the server: what others do on the machine does not count.
"""

import multiprocessing
import socket
import statistics
import sys
import time
import types
from datetime import date

import pytest

from core.extension import Lane, Panel, Plugin, Span
from core.hookspecs import hookimpl
from core.households.services import open_household
from core.households.wishes import Member, OpenHousehold
from core.testing import VILLAGE
from core.web.serving import Address, listen

pytestmark = [pytest.mark.bench, pytest.mark.one_database]

PANELS, CONNECTIONS, SECONDS, ROUNDS = 10, 8, 1.5, 5
GATE = 0.10


def _plugin(number):
    """A plugin with one card, one lane and a tag for a household, read by one query."""
    from sqlalchemy import bindparam, func, select

    from core.api import Question
    from core.households.models import Change
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


def _serve(home, code, taken, ready):
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
        for number in range(1, PANELS + 1):
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


class _Line:
    """One connection that stays open."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request):
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


def _cost(lines, request, seconds):
    """Processor seconds of the server for one answer, while every line always has one question out."""
    before = _spent(lines[0])
    for line in lines:
        line.ask(request)
    answered, started = len(lines), time.perf_counter()
    while time.perf_counter() - started < seconds:
        for line in lines:
            head, _body = line.answer()
            assert b" 200 " in head.partition(b"\r\n")[0] + b" "
            line.ask(request)
            answered += 1
    for line in lines:
        line.answer()
    return (_spent(lines[0]) - before) / answered


def _spent(line):
    """Processor seconds of the server so far."""
    line.ask(b"GET /spent HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
    return float(line.answer()[1])


@pytest.fixture
def household(county):
    """A household of five in a village."""
    ids = [county.person(name) for name in ("王桂兰", "陈国梁", "林秀芳", "陈浩", "陈小雨")]
    relations = ("户主", "子", "儿媳", "孙子", "孙女")
    with county.begin() as work:
        members = [Member(person_id=one, relation=word) for one, word in zip(ids, relations, strict=True)]
        wish = OpenHousehold(number="HH-1", area=VILLAGE, on=date(2026, 11, 1), members=members)
        return open_household(work, wish).id


def test_a_household_page_costs_at_most_ten_plain_answers(county, client, household):
    county.clock.set(None)
    client.sign_in("clerk", VILLAGE[:9])
    cookie = client.client.cookies["huimin"]
    taken = listen(Address("127.0.0.1", 0), exact=True)
    port = taken.getsockname()[1]
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    server = context.Process(target=_serve, args=(county.home, county.code, taken, ready), daemon=True)
    server.start()
    try:
        assert ready.wait(60)
        time.sleep(0.5)
        lines = [_Line(port) for _number in range(CONNECTIONS)]
        name = f"host: 127.0.0.1:{port}\r\n"
        page = f"GET /households/{household} HTTP/1.1\r\n{name}cookie: huimin={cookie}\r\n\r\n".encode()
        plain = f"GET /plain HTTP/1.1\r\n{name}\r\n".encode()
        lines[0].ask(page)
        head, body = lines[0].answer()
        text = body.decode()
        assert b" 200 " in head and "王桂兰" in text and text.count("事项") >= PANELS and "待遇10" in text
        for request in (page, plain):
            _cost(lines, request, 0.5)
        rounds = [(_cost(lines, page, SECONDS), _cost(lines, plain, SECONDS)) for _round in range(ROUNDS)]
    finally:
        server.terminate()
        server.join(10)
        taken.close()
    ratio = statistics.median(four_letters / whole for whole, four_letters in rounds)
    whole, four_letters = (statistics.median(one) * 1_000_000 for one in zip(*rounds, strict=True))
    sys.stdout.write(
        f"\nJ5 household page, {PANELS} panels, {len(body):,} bytes: {whole:,.0f} µs of the processor,"
        f" plain text {four_letters:,.0f} µs, {ratio:.1%} (gate {GATE:.0%})\n"
    )
    assert ratio >= GATE
