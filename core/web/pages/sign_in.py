"""The way in and out: password, one-time code, and the roles of a demo county."""

from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromQuery
from litestar.response import Redirect, Template
from sqlalchemy import select
from sqlmodel import col

from core.errors import HuiminError, NotFound, NotSignedIn, Objection, Refused
from core.identity import signing_in
from core.identity.models import Account, Grant
from core.roles import BUILT_IN
from core.texts import _, language_of, listed
from core.web import EVERYONE, MEMBERS, FormData, page, see_other
from core.web.answers import safe_path
from core.web.current import Current, current
from core.web.demo import demo_allowed
from core.web.entrance import LOOK_SECONDS

WAYS = ("password", "code")


@get("/sign-in", sync_to_thread=True)
def show(
    request: Request,
    next: FromQuery[str] = "/",
    way: FromQuery[str] = "password",
    lang: FromQuery[str] = "",
    size: FromQuery[str] = "",
) -> Template | Redirect:
    """Ask who wants in."""
    now = current()
    if lang or size:
        _keep_look(now, lang, size)
        return see_other("/sign-in")
    if now.signed_in is not None:
        return see_other(safe_path(next))
    return _form(request, way, {"next": safe_path(next)})


@post("/sign-in", sync_to_thread=True)
def enter(request: Request, data: FormData) -> Template | Redirect:
    """Let a person in, or say in one sentence that it did not work."""
    now = current()
    way = data.text("way") if data.text("way") in WAYS else "password"
    host, name = now.site.host, data.text("name")
    try:
        if way == "code":
            _refuse_different(data)
            token = signing_in.sign_in_with_code(host, name, data.text("code"), data.text("password"), now.address)
        else:
            token = signing_in.sign_in(host, name, data.text("password"), data.text("one_time"), now.address)
    except Refused as refusal:
        return _form(request, way, data, refusal.objections, 422)
    except (NotSignedIn, HuiminError) as error:
        status = 422 if isinstance(error, NotSignedIn) else error.status
        return _form(request, way, data, [Objection(field="name", reason=error.message)], status)
    return _welcome(now, token, safe_path(data.text("next") or "/"))


@post("/sign-in/demo", sync_to_thread=True)
def enter_demo(request: Request, data: FormData) -> Redirect:
    """Step into a role of a demo county with one click."""
    now = current()
    if not _demo_allowed(now, posting=True):
        raise NotFound(_("没有这个页面。可能地址写错了，也可能这个业务没有启用"))
    return _welcome(now, signing_in.sign_in_demo(now.site.host, data.text("name"), now.address), "/")


@post("/sign-out", sync_to_thread=True, guards=[MEMBERS])
def leave(data: FormData) -> Redirect:
    """End the session of this browser."""
    now = current()
    signing_in.sign_out(now.site.host, now.token)
    now.cookies.append((now.cookie, "", 0))
    return see_other("/sign-in", _("已退出"))


def _form(request: Request[Any, Any, Any], way: str, values: Any, objections: Any = (), status: int = 200) -> Template:
    now = current()
    roles = demo_roles(now) if _demo_allowed(now, posting=False) else []
    length = now.site.host.settings.security.password_length
    context: dict[str, Any] = {"way": way, "roles": roles, "length": length, "values": values, "objections": objections}
    return page("sign_in.html", status=status, **context)


def _demo_allowed(now: Current, *, posting: bool) -> bool:
    client = now.scope["client"][0] if now.scope.get("client") else ""
    return demo_allowed(now.site.demo, client, dict(now.scope["headers"]), posting=posting)


def demo_roles(now: Current) -> list[tuple[str, str, str]]:
    """The accounts of a demo county as (name, title, roles in words)."""
    host = now.site.host
    statement = (
        select(col(Account.name), col(Account.title), col(Grant.role))
        .join(Grant, col(Grant.account_id) == col(Account.id))
        .where(col(Account.enabled), col(Account.name).not_in(BUILT_IN))
        .order_by(col(Account.id))
    )
    found: dict[tuple[str, str], list[str]] = {}
    with host.database.transaction(write=False) as connection:
        for name, title, role in connection.execute(statement):
            words = _(host.roles[role].title) if role in host.roles else role
            roles = found.setdefault((name, title), [])
            if words not in roles:
                roles.append(words)
    return [(name, title, listed(roles)) for (name, title), roles in found.items()]


def _refuse_different(data: FormData) -> None:
    if data.text("password") != data.text("again"):
        raise Refused([Objection(field="again", reason=_("两次输入的密码不一样"))])


def _welcome(now: Current, token: str, path: str) -> Redirect:
    now.cookies.append((now.cookie, token, -1))
    return see_other(path)


def _keep_look(now: Current, lang: str, size: str) -> None:
    language = language_of(lang) if lang else now.language
    large = size == "large" if size else now.large
    now.cookies.append(("huimin-look", f"{language}{'-large' if large else ''}", LOOK_SECONDS))


router = Router("/", route_handlers=[show, enter, enter_demo, leave], guards=[EVERYONE])
