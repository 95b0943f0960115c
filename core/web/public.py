"""The public application (``serve --public``): reads only, knows no session and no cookie, reaches no other route."""

import logging
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from litestar import Litestar, Request, Router, get
from litestar.exceptions import HTTPException
from litestar.response import Redirect, Response
from sqlalchemy import Connection

from core.calling import incident
from core.errors import HuiminError
from core.texts import SOURCE, _, language_of
from core.web.access import EVERYONE
from core.web.answers import HTML, draw
from core.web.app import misfit, template_folders
from core.web.current import Current, Site, current
from core.web.demo import is_demo
from core.web.entrance import Entrance
from core.web.rendering import link, make_environment
from core.web.static_files import StaticFiles
from core.work import Actor, UnitOfWork

if TYPE_CHECKING:
    from core.host import Host

log = logging.getLogger("huimin.web")

READS = {"GET", "HEAD", "OPTIONS"}
ANYBODY = Actor(0, "public")
"""Who reads on the public application: nobody's account, without any right."""


class PublicEntrance(Entrance):
    """The way into the public application: nobody signs in here, whatever the browser sends along."""

    def enter(self, scope: Any, connection: Connection | None = None) -> tuple[Current, Exception | None]:
        """What is known of the request: its path, its address and the language it asks for."""
        headers = dict(scope["headers"])
        now = self._current(scope, headers)
        now.language = language_of(headers.get(b"accept-language", SOURCE.encode()).decode("latin-1"))
        return now, None


def create_public_app(host: "Host", mounted: str = "") -> PublicEntrance:
    """The public application of one county; without ``public_url`` every address of it answers 404.

    A plugin whose public routes do not fit is quarantined.
    """
    static = StaticFiles()
    site = Site(host, make_environment(template_folders(host), static), static, is_demo(host))
    app = Litestar(
        route_handlers=_routers(host) if host.settings.county.public_url else [],
        exception_handlers={HuiminError: _on_refusal, HTTPException: _on_http_error, Exception: _on_fault},
        openapi_config=None,
        request_max_body_size=0,
        debug=False,
        logging_config=None,
    )
    return PublicEntrance(site, app, mounted)


def public_work() -> AbstractContextManager[UnitOfWork]:
    """Open the unit of work of a public page: it reads, and whoever asks holds no right."""
    return current().site.host.begin(ANYBODY, write=False, edge="public")


def visitor() -> str:
    """The network address this request comes from, for counting tries; behind a named proxy the one it names."""
    return current().address


def _routers(host: "Host") -> list[Any]:
    while True:
        kept: list[Any] = []
        unfit: dict[str, str] = {}
        for plugin, entry in host.hooks.collect("register_public_routes", unfit.__setitem__):
            reason = misfit(plugin, entry) or refused_methods(entry)
            if reason:
                unfit[plugin] = f"register_public_routes: {reason}"
            kept.append(entry)
        if not unfit:
            return [*kept, *_front(kept)]
        for name, reason in unfit.items():
            host.take_out(name, reason)


def refused_methods(entry: Any) -> str | None:
    """Why public routes may not be opened: they take more than a look; None when they only look."""
    for route in Litestar(route_handlers=[entry], openapi_config=None, logging_config=None).routes:
        if not set(route.methods) <= READS:
            return _("公开页面只能查看，地址 {path} 收了别的请求", path=route.path)
    return None


def _front(routers: list[Any]) -> list[Any]:
    """The bare address leads to the first plugin that has public pages."""
    if not routers:
        return []
    path = routers[0].path if isinstance(routers[0], Router) else min(routers[0].paths)

    @get("/", sync_to_thread=False, guards=[EVERYONE])
    def front() -> Redirect:
        """Go on to the pages there are."""
        return Redirect(link(path), status_code=303)

    return [front]


def _on_refusal(request: Request[Any, Any, Any], error: HuiminError) -> Response[str]:
    if error.status >= 500:
        return _on_fault(request, error)
    return _answer(error.status, error.message)


def _on_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[str]:
    if error.status_code >= 500:
        return _on_fault(request, error)
    return _answer(error.status_code, _("没有这个页面"))


def _on_fault(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    number = incident()
    log.error("%s %s: %s", number, type(error).__name__, error, exc_info=error)
    return _answer(500, _("暂时查不了，请稍后再试（编号 {number}）", number=number))


def _answer(status: int, message: str) -> Response[str]:
    html = draw(current(), "public_error.html", {"message": message}, count=False)
    return Response(html, status_code=status, media_type=HTML)
