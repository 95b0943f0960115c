"""One county's web application, put together from the frame, the core rooms and the plugins."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litestar import Litestar, Router
from litestar.config.response_cache import ResponseCacheConfig
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from core.errors import Fault, HuiminError
from core.help import Topic, screens
from core.texts import _
from core.web.access import EVERYONE, named_rights
from core.web.current import Site
from core.web.description import described
from core.web.entrance import Entrance
from core.web.failures import on_fault, on_http_error, on_refusal
from core.web.reading import form_reader
from core.web.rendering import make_environment
from core.web.shell import version
from core.web.static_files import StaticFiles

if TYPE_CHECKING:
    from core.host import Host
    from core.loading import Loaded

API = "/api/v1"


def create_app(host: "Host", mounted: str = "") -> Entrance:
    """The application of one county; raises ``Fault`` when a route of the core names no right.

    ``mounted`` is the path it is reached under, "" at the root. A plugin whose routes do not fit is quarantined.
    """
    routers = [described(one, API) for one in (*_frame_routers(), *_routers_of(host))]
    static = StaticFiles()
    site = Site(host, make_environment(template_folders(host), static), static, host.is_demo, screens_of(host))
    app = Litestar(
        route_handlers=routers,
        middleware=[form_reader],
        exception_handlers={HuiminError: on_refusal, HTTPException: on_http_error, Exception: on_fault},
        openapi_config=_openapi(mounted),
        include_in_schema=False,
        response_cache_config=ResponseCacheConfig(default_expiration=None),
        request_max_body_size=host.settings.web.body_limit * 1024 * 1024,
        debug=False,
        logging_config=None,
    )
    unnamed = [one for route in app.routes for one in _handlers(route) if not named_rights(one) and not _is_schema(one)]
    if unnamed:
        names = ", ".join(sorted({f"{one.handler_name}" for one in unnamed}))
        raise Fault(f"routes that name no right: {names}")
    return Entrance(site, app, mounted)


def _frame_routers() -> list[Router]:
    from core.imports import json_api as imports_api
    from core.web import api
    from core.web.pages import (
        accounts,
        areas,
        audit,
        demo,
        desk,
        doctor,
        help,
        imports,
        jobs,
        plugins,
        policy,
        profile,
        reports,
        settings,
        sign_in,
    )

    pages = (
        sign_in,
        desk,
        plugins,
        settings,
        policy,
        areas,
        accounts,
        audit,
        reports,
        imports,
        profile,
        help,
        jobs,
        doctor,
        demo,
    )
    return [*(page.router for page in pages), api.router, imports_api.router]


def _routers_of(host: "Host") -> list[Any]:
    """The routes of rooms and plugins. What breaks a rule takes its plugin out, and is asked for again without it."""
    while True:
        host.complete()
        kept: list[Any] = []
        unfit: dict[str, str] = {}
        rooms = {one.manifest.name for one in host.loaded if one.room}
        for plugin, entry in host.hooks.collect("register_routes", unfit.__setitem__):
            reason = None if plugin in rooms else misfit(plugin, entry)
            if reason:
                unfit[plugin] = f"register_routes: {reason}"
            kept.append(entry)
        broken_rooms = rooms.intersection(unfit)
        if broken_rooms:
            raise Fault("; ".join(f"{name}: {unfit[name]}" for name in sorted(broken_rooms)))
        if not unfit:
            return kept
        for name, reason in unfit.items():
            host.take_out(name, reason)


def misfit(plugin: str, entry: Any) -> str | None:
    """Why a plugin's routes may not be opened: an address of somebody else, or no right named."""
    own = plugin.replace("_", "-")
    roots = (f"/{own}", f"{API}/{own}")
    try:
        trial = Litestar(route_handlers=[entry], openapi_config=None, logging_config=None)
    except Exception as error:  # noqa: BLE001 - a plugin's router may fail in any way while it is built
        return f"{type(error).__name__}: {error}"
    for route in trial.routes:
        if not any(route.path == root or route.path.startswith(f"{root}/") for root in roots):
            return _("地址 {path} 要以 {root} 开头", path=route.path, root=roots[0])
        for handler in _handlers(route):
            if not named_rights(handler):
                return _("地址 {path} 没有写明要什么权限", path=route.path)
    return None


def _handlers(route: Any) -> Iterable[BaseRouteHandler]:
    """The handlers of a route; the answers to OPTIONS are the framework's own and show nothing."""
    found: Sequence[BaseRouteHandler] = getattr(route, "route_handlers", None) or [route.route_handler]
    return [one for one in found if getattr(one, "http_methods", {"GET"}) != {"OPTIONS"}]


def _is_schema(handler: BaseRouteHandler) -> bool:
    return handler.handler_name.startswith("litestar.openapi")


def screens_of(host: "Host") -> dict[str, Topic]:
    """The help of every screen that runs; the rooms' is the core's."""
    packages = [(Path(one.module.__file__ or "").parent, one.manifest.name) for one in host.loaded if not one.room]
    return screens(packages)


def template_folders(host: "Host") -> dict[str, Path]:
    """The templates of every room and plugin, by the name they are found under."""
    return {one.manifest.name: folder for one in host.loaded if (folder := _templates_of(one)) is not None}


def _templates_of(one: "Loaded") -> Path | None:
    folder = Path(one.module.__file__ or "").parent / "templates"
    return folder if folder.is_dir() and one.manifest.name != "core" else None


def _openapi(mounted: str) -> OpenAPIConfig:
    return OpenAPIConfig(
        title="惠民 Huimin",
        version=version(),
        path=f"{API}/openapi",
        root_schema_site=None,
        openapi_router=Router(path=f"{API}/openapi", route_handlers=[], guards=[EVERYONE], include_in_schema=False),
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        components=Components(
            security_schemes={
                "token": SecurityScheme(
                    type="http",
                    scheme="bearer",
                    description="A token of an account, narrowed to scopes: huimin user token",
                )
            }
        ),
        security=[{"token": []}],
        servers=[],
        use_handler_docstrings=True,
    )
