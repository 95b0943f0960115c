"""``serve``: pages and API over TLS, or plain on this machine alone, or plain behind a named proxy; nothing else."""

import errno
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn

from core.doctor import refuse_unfit
from core.errors import HuiminError, NotFound, TryAgain, refuse
from core.inventory import record_start
from core.jobs import Runner
from core.settings import counties_folder, load
from core.texts import _
from core.upgrading import refuse_other_core
from core.web.closed import ClosedDoor
from core.web.connections import HEADERS_MAX, punctual
from core.web.demo import is_loopback
from core.web.dispatcher import Dispatcher, Door

if TYPE_CHECKING:
    from core.cli.shell import Shell
    from core.host import Host
    from core.settings import Settings

PORTS_TRIED = 20

LeaveOut = Callable[[str, str, HuiminError], None]
"""Hears which county is not served: its name, the beginning of its addresses, and why."""


@dataclass(frozen=True)
class Address:
    """Where to listen, and the certificate, if any."""

    host: str
    port: int
    certificate: str = ""
    certificate_key: str = ""

    @property
    def url(self) -> str:
        """The address as a browser takes it."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.certificate else 'http'}://{name}:{self.port}/"


def serve_county(
    shell: "Shell",
    *,
    host: str | None,
    port: int | None,
    announce: Callable[[str], None],
    public: bool = False,
    stop: threading.Event | None = None,
) -> None:
    """Serve one county, or every county of the home under its code, until stopped; ``public`` its public pages alone.

    What runs is written into the audit first. Raises ``SettingsRefused`` for settings that cannot be used and
    ``Refused`` for a fatal finding of ``doctor`` (of several counties the others are served, its addresses answer that
    it is closed), for an address that would show pages in the open, or for public pages that no county opened;
    ``TryAgain`` when the port is taken.
    """
    closed: list[ClosedDoor] = []
    leave_out = partial(_leave_out, announce, closed)
    doors = _public_doors(shell, leave_out) if public else _doors(shell, leave_out)
    settings = doors[0][1]
    address = check_address(settings, host or settings.web.host, port or settings.web.port)
    with listen(address, exact=port is not None) as taken:
        free = taken.getsockname()[1]
        if free != address.port:
            announce(_("端口 {port} 已被占用，改用 {free}", port=address.port, free=free))
        address = replace(address, port=free)
        doors = _opened(doors, leave_out if len(doors) + len(closed) > 1 else None, public=public)
        for door, one in doors:
            announce(_("{name}  {url}", name=one.county.name, url=address.url.rstrip("/") + (door.prefix or "/")))
        announce(_("停止按 Ctrl-C"))
        dispatcher = Dispatcher([door for door, _settings in doors], closed)
        server = uvicorn.Server(_configuration(dispatcher, address, settings.web.request_seconds))
        runners = [] if public else [Runner(_host_of(door)) for door, _settings in doors]
        _run(server, taken, dispatcher, runners, stop)


def _run(
    server: uvicorn.Server,
    taken: socket.socket,
    dispatcher: Dispatcher,
    runners: Sequence[Runner],
    stop: threading.Event | None,
) -> None:
    """Answer requests and work off jobs until stopped."""
    for runner in runners:
        runner.start()
    if stop is not None:
        threading.Thread(target=_stop_when, args=(stop, server), daemon=True).start()
    try:
        server.run(sockets=[taken])
    finally:
        for runner in runners:
            runner.stop()
        dispatcher.close()


def _leave_out(
    announce: Callable[[str], None], closed: list[ClosedDoor], name: str, prefix: str, error: HuiminError
) -> None:
    """Say who is not served and why, here alone: whoever asks for that county only hears that it is closed."""
    announce(_("{name} 没有开放：{reason}", name=name, reason=error.message))
    closed.append(ClosedDoor(prefix))


def _opened(
    doors: Sequence[tuple[Door, "Settings"]], leave_out: LeaveOut | None, *, public: bool
) -> list[tuple[Door, "Settings"]]:
    """The counties that are fit to be served. One of several that is not is left out; raises when none is."""
    fit = []
    for door, one in doors:
        try:
            door.open_now()
            refuse_other_core(door.mounted.host)
            refuse_unfit(door.mounted.host)
            if not public:
                record_start(door.mounted.host)
        except HuiminError as error:
            door.close()
            if leave_out is None:
                raise
            leave_out(one.county.name, door.prefix, error)
        else:
            fit.append((door, one))
    if not fit:
        raise refuse(_("没有一个县可以开放"))
    return fit


def check_address(settings: "Settings", host: str, port: int) -> Address:
    """The address to listen on; raises ``Refused`` when it is open to others without TLS or a named proxy."""
    web = settings.web
    if bool(web.certificate) != bool(web.certificate_key):
        raise refuse(_("证书和私钥要一起配置"), field="web.certificate")
    if web.certificate:
        files = [str(_existing(settings.home, name)) for name in (web.certificate, web.certificate_key)]
        return Address(host, port, *files)
    if not is_loopback(host) and not web.proxy:
        raise refuse(
            _("{host} 不是本机地址：对外开放要配证书，或放在指明的代理之后", host=host),
            field="web.host",
            hint=_("在 [web] 里填 certificate 和 certificate_key，或填 proxy"),
        )
    return Address(host, port)


def _existing(home: Path, name: str) -> Path:
    file = home / name
    if not file.is_file():
        raise NotFound(_("找不到证书文件 {file}", file=file))
    return file


def listen(address: Address, *, exact: bool) -> socket.socket:
    """Listen at the port; when it is taken and was not asked for by number, at the next free one.

    Who connects before the server runs waits for it. Raises ``TryAgain`` when every port that was tried is taken,
    ``Refused`` for an address that is not of this machine or a port this account may not open.
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    last = address.port + (1 if exact else PORTS_TRIED)
    for port in range(address.port, last):
        # The protocol is named: asyncio switches Nagle's delay off only where it is, else each answer waits 40 ms.
        taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind((address.host, port))
            taken.listen()  # two may bind the same port at the same moment, only one can listen there
        except OSError as error:
            taken.close()
            if error.errno == errno.EADDRINUSE:
                continue
            reason = error.strerror or str(error)
            raise refuse(
                _("不能在 {host} 的端口 {port} 上监听：{reason}", host=address.host, port=port, reason=reason)
            ) from error
        taken.set_inheritable(True)
        return taken
    raise TryAgain(_("端口 {port} 已被占用，换一个：--port", port=address.port))


def _configuration(application: Any, address: Address, request_seconds: int) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=punctual(request_seconds),
        h11_max_incomplete_event_size=HEADERS_MAX,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # our own entrance believes one named proxy only
        timeout_graceful_shutdown=20,
        ssl_certfile=address.certificate or None,
        ssl_keyfile=address.certificate_key or None,
    )


def _doors(shell: "Shell", leave_out: LeaveOut) -> list[tuple[Door, "Settings"]]:
    """The only county, else each of the home whose file can be used; raises when there is none."""
    files = sorted(counties_folder(shell.home).glob("*.toml"))
    if shell.county or len(files) <= 1:
        return [(Door(_opener(shell, shell.county)), shell.settings)]
    doors = []
    for file in files:
        prefix = f"/{file.stem}"
        try:
            settings = load(shell.home, file.stem, plugins=not shell.no_plugins)
        except HuiminError as error:
            leave_out(file.stem, prefix, error)
        else:
            doors.append((Door(_opener(shell, file.stem), prefix=prefix), settings))
    if not doors:
        raise refuse(_("没有一个县可以开放"))
    return doors


def _public_doors(shell: "Shell", leave_out: LeaveOut) -> list[tuple[Door, "Settings"]]:
    """The counties that opened their public pages; raises ``Refused`` when none did."""
    from core.web.public import create_public_app

    doors = [(door, settings) for door, settings in _doors(shell, leave_out) if settings.county.public_url]
    if not doors:
        raise refuse(
            _("没有开放公开查询：先在 [county] 里填 public_url"), field="county.public_url", code="E_PUBLIC_OFF"
        )
    for door, _settings in doors:
        door.build = create_public_app
    return doors


def _opener(shell: "Shell", code: str | None) -> "Callable[[], Host]":
    def build() -> "Host":
        from core.host import Host

        settings = load(shell.home, code, plugins=not shell.no_plugins)
        return Host(settings, no_plugins=shell.no_plugins, strict=shell.strict, trace=shell.trace, clock=shell.clock)

    return build


def _host_of(door: Door) -> "Callable[[], Host]":
    return lambda: door.mounted.host


def _stop_when(stop: threading.Event, server: uvicorn.Server) -> None:
    stop.wait()
    server.should_exit = True
