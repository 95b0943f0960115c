"""The public application (``serve --public``): reads only, knows no session and no cookie, reaches no other route."""

import logging
from collections.abc import Sequence
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
        return self.stranger(scope), None

    def stranger(self, scope: Any) -> Current:
        """What is known of a request: nobody chose a language here but with the browser, or was told anything."""
        now = super().stranger(scope)
        now.said, now.large = "", False
        wish = dict(scope["headers"]).get(b"accept-language", SOURCE.encode())
        now.language = language_of(wish.decode("latin-1"))
        return now

    def refused(self, now: Current, request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        """The answer while the database is away."""
        return _on_refusal(request, error) if isinstance(error, HuiminError) else _on_fault(request, error)


def create_public_app(host: "Host", mounted: str = "") -> PublicEntrance:
    """The public application of one county; without ``public_url`` every address of it answers 404.

    A plugin whose public routes do not fit is quarantined.
    """
    static = StaticFiles()
    site = Site(host, make_environment(template_folders(host), static), static, host.is_demo, screens={})
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


def count_try(work: UnitOfWork) -> None:
    """Count a question of this visitor, whatever page it came from (policy ``public.tries_*``); raises ``TooMany``.

    The visitor is a network address, behind a named proxy the one it names.
    """
    now = current()
    each, all_of_them = work.policy("public.tries_address_hour"), work.policy("public.tries_hour")
    now.site.tries.count(now.address, each, all_of_them)


def _routers(host: "Host") -> list[Any]:
    while True:
        host.complete()
        kept: list[tuple[str, Any]] = []
        unfit: dict[str, str] = {}
        for plugin, entry in host.hooks.collect("register_public_routes", unfit.__setitem__):
            reason = misfit(plugin, entry) or refused_methods(entry)
            if reason:
                unfit[plugin] = f"register_public_routes: {reason}"
            kept.append((plugin, entry))
        if not unfit:
            return [*(entry for _plugin, entry in kept), *_front(host, kept)]
        for name, reason in unfit.items():
            host.take_out(name, reason)


def refused_methods(entry: Any) -> str | None:
    """Why public routes may not be opened: they take more than a look; None when they only look."""
    for route in Litestar(route_handlers=[entry], openapi_config=None, logging_config=None).routes:
        if not set(route.methods) <= READS:
            return _("公开页面只能查看，地址 {path} 收了别的请求", path=route.path)
    return None


def _front(host: "Host", routers: Sequence[tuple[str, Any]]) -> list[Any]:
    """The bare address: the only public pages there are, or a list of those of each plugin."""
    if not routers:
        return []
    titles = {one.manifest.name: one.manifest.title for one in host.loaded}
    places = [(titles[plugin], _path(router)) for plugin, router in routers]

    @get("/", sync_to_thread=False, guards=[EVERYONE])
    def front() -> Redirect | Response[str]:
        """Go on to the pages there are, or say which."""
        if len(places) == 1:
            return Redirect(link(places[0][1]), status_code=303)
        found = [(_(title), path) for title, path in places]
        html = draw(current(), "public_front.html", {"places": found}, count=False)
        return Response(html, media_type=HTML)

    return [front]


def _path(router: Any) -> str:
    return router.path if isinstance(router, Router) else min(router.paths)


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
