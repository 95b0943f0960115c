"""RS51: a county served by the command itself, and who sends too much, too many or too slowly."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import quantiles

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 6
"""How long a request may take to arrive, here."""
SLOW = 200
GROWTH_MAX = 50 * 1024
"""KiB the server may grow by."""
TIMES = 2
"""How much longer others may wait while the slow ones are there."""
TRIES = 3
"""Another program on the machine can only make an answer late: the best of so many measurements counts."""
MEGABYTE = 1024 * 1024
SERVED = re.compile(rb"http://127\.0\.0\.1:(\d+)/")
ADDRESS = "/sign-in"


class Served:
    """The process of ``huimin serve``: its port, its memory, its processor time."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, cookie: str) -> None:
        self.process, self.port, self.cookie = process, port, cookie

    def connect(self) -> socket.socket:
        """A new connection."""
        made = socket.create_connection(("127.0.0.1", self.port), timeout=4 * SECONDS)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def said_to(self, *pieces: bytes) -> bytes:
        """The first line of what is answered, b"" when the connection was closed without a word."""
        with self.connect() as line:
            with suppress(BrokenPipeError, ConnectionResetError):  # it may answer before all was sent
                for piece in pieces:
                    line.sendall(piece)
            with suppress(ConnectionResetError):
                return line.recv(65536).partition(b"\r\n")[0]
        return b""

    def page(self) -> float:
        """Seconds until a page of somebody signed in is there."""
        began = time.perf_counter()
        with self.connect() as line:
            line.sendall(
                b"GET /people HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncookie: huimin=%b\r\n\r\n"
                % self.cookie.encode()
            )
            got = b"".join(iter(lambda: line.recv(65536), b""))
        assert got.startswith(b"HTTP/1.1 200"), got[:200]
        return time.perf_counter() - began

    def memory(self, name: str = "VmRSS") -> int:
        """KiB the process holds now (VmRSS), or held at most since it was asked to forget (VmHWM)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith(f"{name}:")))

    def forget_most(self) -> None:
        """Let VmHWM begin anew."""
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")


@pytest.fixture
def served(county):
    """A county that was founded and is served, by the command, with a clerk signed in."""
    from core.identity import signing_in
    from core.identity.accounts import new_code
    from core.testing import PASSWORD

    name = county.account("clerk")
    county.person("刘洋")
    county.clock.set(None)
    with county.begin() as work:
        code = new_code(work, name)
    cookie = signing_in.sign_in_with_code(county.host, name, code, PASSWORD, "127.0.0.1")
    file = county.host.settings.file
    file.write_text(f"{file.read_text()}\n[web]\nrequest_seconds = {SECONDS}\n")
    county.close()
    command = [sys.executable, "cli.py", "--home", str(county.home), "serve"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        said = b""
        while not (found := SERVED.search(said)):
            line = process.stdout.readline()
            assert line, said
            said += line
        threading.Thread(target=lambda: list(process.stdout), daemon=True).start()
        one = Served(process, int(found[1]), cookie)
        for _try in range(100):
            with suppress(ConnectionRefusedError):
                one.page()
                break
            time.sleep(0.1)
        yield one
        process.send_signal(signal.SIGTERM)


def head(*lines: bytes) -> bytes:
    """The beginning of a post to the sign-in page."""
    return b"\r\n".join([b"POST %b HTTP/1.1" % ADDRESS.encode(), b"host: x", *lines, b"", b""])


FORM = b"content-type: application/x-www-form-urlencoded"
PARTS = b"content-type: multipart/form-data; boundary=b"


def endless(megabytes: int, *lines: bytes):
    """A body in pieces that says of itself no end."""
    yield head(FORM, b"transfer-encoding: chunked", *lines)
    for _piece in range(megabytes * 16):
        yield b"10000\r\n" + b"x" * 65536 + b"\r\n"


def too_much(cookie: bytes) -> dict[str, tuple[tuple[bytes, ...], bytes]]:
    """What somebody signed in sends, or nobody, and the answer to it."""
    one = b'--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n'
    parts = one * 1_001 + b"--b--\r\n"
    large = 11 * MEGABYTE
    return {
        "11 MB": ((head(FORM, cookie, b"content-length: %d" % large), b"x" * large), b"413"),
        "11 MB in pieces": (tuple(endless(11, cookie)), b"413"),
        "without end": (tuple(endless(40, cookie)), b"413"),
        "1,001 parts": ((head(PARTS, cookie, b"content-length: %d" % len(parts)), parts), b"400"),
        "a megabyte by nobody": ((head(FORM, b"content-length: %d" % MEGABYTE), b"x" * MEGABYTE), b"413"),
        "a megabyte in pieces by nobody": (tuple(endless(1)), b"413"),
        "10,000 headers": ((head(*(b"x%d: 1" % number for number in range(10_000))),), b"400"),
        "10,000 short headers": ((head(*[b"x:1"] * 10_000),), b"400"),
        "one long header": ((head(b"x: " + b"1" * MEGABYTE),), b"400"),
        "a long address": ((b"GET /" + b"x" * MEGABYTE + b" HTTP/1.1\r\nhost: x\r\n\r\n",), b"400"),
    }


@pytest.mark.one_database
@pytest.mark.proof("RS51")
def test_a_served_county_refuses_what_is_too_much_and_does_not_grow(served, proof):
    rounds, wrong = proof.effort(quick=2, long=30), []
    tries = too_much(b"cookie: huimin=%b" % served.cookie.encode())
    for pieces, _status in tries.values():  # what is read once and kept stays
        served.said_to(*pieces)
    before = served.memory()
    served.forget_most()
    for _round in range(rounds):
        for what, (pieces, status) in tries.items():
            said = served.said_to(*pieces)
            wrong += [f"{what}: {said!r}"] if status not in said else []
            wrong += [f"{what}: nobody else is answered"] if not served.page() else []
    grown = served.memory("VmHWM") - before
    assert grown < GROWTH_MAX, f"{grown} KiB"
    assert not wrong, wrong
    proof.counted(rounds * len(tries))


@contextmanager
def slow_ones(served: Served, count: int):
    """So many connections that send a byte a second: half of them headers, half of them a body that was announced."""
    lines = [served.connect() for _line in range(count)]
    began, ended, stop = time.monotonic(), {}, threading.Event()

    def trickle() -> None:
        while not stop.wait(1.0):
            for at, line in enumerate(lines):
                if at not in ended and closed(line):
                    ended[at] = time.monotonic() - began

    for at, line in enumerate(lines):
        line.sendall(head(FORM, b"content-length: 1000") if at % 2 else b"POST /sign-in HTTP/1.1\r\nhost: ")
        line.setblocking(False)
    sending = threading.Thread(target=trickle)
    sending.start()
    try:
        yield ended
    finally:
        stop.set()
        sending.join()
        for line in lines:
            line.close()


def closed(line: socket.socket) -> bool:
    """Send one more byte; answers whether the other end is closed."""
    try:
        line.send(b"x")
        return line.recv(65536) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


@pytest.mark.one_database
@pytest.mark.proof("RS51")
def test_two_hundred_who_send_a_byte_a_second_are_cut_off_and_hold_nobody_up(served, proof):
    pages, ratios = proof.effort(quick=40, long=100), []
    for _page in range(pages):
        served.page()
    before = served.memory()
    for _try in range(TRIES):
        alone = [served.page() for _page in range(pages)]
        with slow_ones(served, SLOW) as ended:
            beside, until = [], time.monotonic() + SECONDS
            while len(beside) < pages and time.monotonic() < until:
                beside.append(served.page())
            grown = served.memory() - before
            left = SLOW - len(ended)
            time.sleep(max(0.0, until - time.monotonic()) + 2)
        ratios.append(quantiles(beside, n=20)[-1] / quantiles(alone, n=20)[-1])
        assert left > SLOW / 2, "the slow ones were gone before anything was measured"
        assert len(ended) == SLOW and min(ended.values()) > SECONDS - 1, (len(ended), sorted(ended.values())[:3])
        assert grown < GROWTH_MAX, f"{grown} KiB"
        if ratios[-1] < TIMES:
            break
    assert min(ratios) < TIMES, ratios
    proof.counted(SLOW * len(ratios))
