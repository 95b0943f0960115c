"""The way in and out: password, one-time code, and the roles of a demo county."""

from dataclasses import dataclass, field
from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromQuery
from litestar.response import Redirect, Template
from sqlalchemy import select
from sqlmodel import col

from core.errors import HuiminError, NotFound, NotSignedIn, Objection, Refused
from core.identity import signing_in
from core.identity.models.accounts import Account, Grant
from core.roles import BUILT_IN
from core.texts import _, language_of, listed
from core.web import EVERYONE, MEMBERS, FormData, page, see_other
from core.web.answers import safe_path
from core.web.current import Current, current
from core.web.demo import CARDS, MORE, allowed_now
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
    if not allowed_now(now, posting=True):
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
    roles = demo_roles(now) if allowed_now(now, posting=False) else Roles()
    length = now.site.host.settings.security.password_length
    context: dict[str, Any] = {"way": way, "roles": roles, "length": length, "values": values, "objections": objections}
    return page("sign_in.html", status=status, **context)


@dataclass(frozen=True)
class OneClick:
    """An account of a demo county on the sign-in page: what it is there, who it is, and what is found there."""

    name: str
    role: str
    title: str
    line: str


@dataclass
class Roles:
    """The accounts of a demo county: the six of a newcomer in their order, and the others."""

    cards: list[OneClick] = field(default_factory=list)
    more: list[OneClick] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is anybody to step in as."""
        return bool(self.cards or self.more)


def demo_roles(now: Current) -> Roles:
    """Who can be stepped into: the first account of each role of a newcomer as a card, everybody else below."""
    host = now.site.host
    statement = (
        select(col(Account.name), col(Account.title), col(Grant.role))
        .join(Grant, col(Grant.account_id) == col(Account.id))
        .where(col(Account.enabled), col(Account.name).not_in(BUILT_IN))
        .order_by(col(Account.id), col(Grant.id))
    )
    held: dict[tuple[str, str], list[str]] = {}
    with host.database.transaction(write=False) as connection:
        for name, title, role in connection.execute(statement):
            held.setdefault((name, title), []).append(role)
    found, cards = Roles(), dict[str, OneClick]()
    for (name, title), roles in held.items():
        card = next((role for role in roles if role in CARDS and role not in cards), None)
        if card:
            cards[card] = OneClick(name, _(CARDS[card][0]), title, _(CARDS[card][1]))
            continue
        words = listed(dict.fromkeys(_(host.roles[role].title) if role in host.roles else role for role in roles))
        found.more.append(OneClick(name, words, title, _(MORE[roles[0]]) if roles[0] in MORE else ""))
    found.cards = [cards[role] for role in CARDS if role in cards]
    return found


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
