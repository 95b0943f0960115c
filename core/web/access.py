"""Who may open which address: every route names its right, or the application does not start."""

from typing import TYPE_CHECKING, Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from core.errors import Forbidden
from core.households.areas import list_areas
from core.reports import area_of
from core.scope import covers
from core.texts import _
from core.web.current import asked, current

if TYPE_CHECKING:
    from core.host import Host
    from core.web.current import Site
    from core.work import Actor

FACTOR_PATHS = ("/profile", "/sign-out", "/help")
"""What an account with a money role may open before it has a second factor."""


class Guarded:
    """Lets in whoever holds the right somewhere; the service asks again, with the area. None: anybody signed in."""

    def __init__(self, permission: str | None) -> None:
        self.permission = permission

    async def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        """Raise ``NotSignedIn``, ``FactorMissing`` or ``Forbidden``, else let the request pass."""
        now = current()
        actor = now.who()
        if now.signed_in and now.signed_in.factor_missing and not now.path.startswith(FACTOR_PATHS):
            raise FactorMissing(_("你的角色要用动态码登录，请先设置"))
        if self.permission is None:
            return
        now.permission = self.permission
        if not holds(now.site.host, actor, self.permission):
            title = _(now.site.host.permission(self.permission).title)
            raise Forbidden(_("你没有“{title}”的权限，请联系账号管理员", title=title))


class Everyone:
    """Marks an address that anybody may open: the way in, and nothing with data."""

    async def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        """Let the request pass."""


class FactorMissing(Forbidden):
    """A money role without a second factor: nothing but setting one up is open."""


def guarded(permission: str) -> Guarded:
    """The guard of a route: ``guards=[guarded("canteen.book")]`` on a handler or its router."""
    return Guarded(permission)


MEMBERS = Guarded(None)
"""The guard of what every member of staff may open, whatever the roles: one's own profile, help."""

EVERYONE = Everyone()


def holds(host: "Host", actor: "Actor", permission: str, area: str | None = None) -> bool:
    """Whether an actor holds a right, anywhere or in this area, as ``work.may`` does, without a unit of work."""
    right = host.permission(permission)
    if actor.scopes is not None and permission not in actor.scopes:
        return False
    if right.second_person and not actor.proven:
        return False
    return any(
        permission in host.rights_of(grant.role) and (area is None or area.startswith(grant.area))
        for grant in actor.grants
    )


def named_rights(handler: BaseRouteHandler) -> list[Guarded | Everyone]:
    """The guards of a handler that say who may open it, its routers' included."""
    return [guard for guard in handler.resolve_guards() if isinstance(guard, (Guarded, Everyone))]


def may_follow(path: str) -> bool:
    """Whether the reader may open a list, a form or a report: what nobody may follow is not drawn.

    An address with a number in it is always True: whether it may be opened is known where it is named. So is every
    address where nobody is asking, as when a part is drawn by itself.
    """
    now = asked()
    if now is None or now.actor is None:
        return True
    host, plain = now.site.host, path.partition("?")[0]
    _root, place, name, *_rest = [*plain.split("/"), "", ""]
    if place == "reports" and name in host.reports:
        report = host.reports[name]
        return holds(host, now.actor, "report.show") and holds(
            host, now.actor, report.permission, area_of(host, report)
        )
    if place == "imports" and name in host.imports:
        return holds(host, now.actor, host.imports[name].permission)
    return all(holds(host, now.actor, one) for one in _rights_of(now.site, now.scope).get(plain, ()))


def areas_to_choose(chosen: str = "") -> list[tuple[str, str]]:
    """(code, name) of the towns a list may be narrowed to by its reader, and of the area that is chosen already."""
    now = asked()
    if now is None or now.actor is None:
        return []
    with now.site.host.begin(now.actor, write=False, edge=now.edge) as work:
        if not work.may("area.show"):
            return []
        held = work.areas("area.show")
        return [
            (one["code"], one["name"])
            for one in list_areas(work)
            if one["code"] == chosen or (one["level"] == "town" and covers(held, one["code"]))
        ]


def _rights_of(site: "Site", scope: Any) -> dict[str, tuple[str, ...]]:
    """The rights of every address without a number in it, gathered once."""
    if not site.rights:
        for route in scope["litestar_app"].routes:
            if not getattr(route, "path_parameters", True):
                for handler in route.route_handlers:
                    if "GET" in handler.http_methods:
                        named = [one.permission for one in named_rights(handler) if isinstance(one, Guarded)]
                        site.rights[route.path] = tuple(one for one in named if one)
    return site.rights
