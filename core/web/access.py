"""Who may open which address: every route names its right, or the application does not start."""

from typing import TYPE_CHECKING, Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from core.errors import Forbidden
from core.texts import _
from core.web.current import current

if TYPE_CHECKING:
    from core.host import Host
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


def holds(host: "Host", actor: "Actor", permission: str) -> bool:
    """Whether an actor holds a right in any area, as ``work.may`` answers it, without a unit of work."""
    right = host.permission(permission)
    if actor.scopes is not None and permission not in actor.scopes:
        return False
    if right.second_person and not actor.proven:
        return False
    return any(permission in host.rights_of(grant.role) for grant in actor.grants)


def named_rights(handler: BaseRouteHandler) -> list[Guarded | Everyone]:
    """The guards of a handler that say who may open it, its routers' included."""
    return [guard for guard in handler.resolve_guards() if isinstance(guard, (Guarded, Everyone))]
