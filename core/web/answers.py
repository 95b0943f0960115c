"""What a handler answers with: a page, a redirect after a post, a file; and how it opens its work."""

import secrets
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from litestar import Request
from litestar.response import Redirect, Response, Template
from litestar.response.base import ASGIResponse

from core.errors import NotSignedIn
from core.texts import _
from core.web.current import Current, current
from core.web.forms import Typed
from core.web.rendering import form_keys, link, prefix
from core.web.repeating import api_key
from core.web.shell import shell_of
from core.work import UnitOfWork

if TYPE_CHECKING:
    from core.entries import Entry
    from core.errors import Objection
    from core.identity.signing_in import SignedIn

HTML = "text/html"


class Page(Template):
    """A page that is already drawn: drawing happens in the handler's thread, not on the event loop."""

    def __init__(self, html: str, status: int) -> None:
        super().__init__(template_str="-", status_code=status, media_type=HTML)
        self.html = html

    def to_asgi_response(self, app: Any, request: Any, **more: Any) -> ASGIResponse:
        """Send what was drawn."""
        plain = Response(self.html, media_type=HTML, status_code=self.status_code, cookies=self.cookies)
        more.pop("media_type", None)
        return plain.to_asgi_response(app, request, media_type=HTML, **more)


def begin(request: Request[Any, Any, Any]) -> AbstractContextManager[UnitOfWork]:
    """Open the unit of work of a request: for writing after a post, for reading otherwise.

    The one-time key of the form makes a double click one act: the second raises ``AlreadyDone``.
    """
    now = current()
    actor, host = now.who(), now.site.host
    if not now.writes:
        return host.begin(actor, write=False, edge=now.edge)
    key, digest = _once(now, request)
    now.key_used = bool(key)
    return host.begin(actor, key=key, request_hash=digest, edge=now.edge)


def look() -> AbstractContextManager[UnitOfWork]:
    """Open a unit of work that only reads, also after a post: to draw a form again that was refused."""
    now = current()
    return now.site.host.begin(now.who(), write=False, edge=now.edge)


def _once(now: Current, request: Request[Any, Any, Any]) -> tuple[str | None, bytes]:
    """The one-time key of this request and the digest of its body; one key serves one unit of work."""
    if now.key_used:
        return None, b""
    if now.edge == "api":
        return api_key(now, request)
    return (now.posted.text("_once")[:80] or None, now.posted.digest) if now.posted is not None else (None, b"")


def page(name: str, /, *, status: int = 200, block: str = "", **context: Any) -> Page:
    """Draw a page from a template of the core or a plugin; ``block`` is all that a partial request for it gets.

    ``values`` and ``objections`` are what the macros of a form ask; both may be left out.
    """
    now = current()
    return Page(draw(now, name, context, block if now.partial and block else ""), status)


@dataclass(frozen=True, kw_only=True)
class FormOf:
    """A page that asks for one wish: where it goes, where "no" leads, what stands above, and files beside the fields.

    ``trail`` are the crumbs (text, path); ``files`` are (name, label, accepted types); ``verb`` is what the button
    says when it is not the title.
    """

    title: str
    action: str
    back: str
    entries: Sequence["Entry"]
    trail: Sequence[tuple[str, str]]
    sub: str = ""
    verb: str = ""
    danger: bool = False
    files: Sequence[tuple[str, str, str]] = ()


def wish_page(form: FormOf, values: Mapping[str, Any] | None = None, objections: Sequence["Objection"] = ()) -> Page:
    """Draw a form of one wish, again with what was typed and every objection at its field."""
    status = 422 if objections else 200
    return page("wish_form.html", status=status, values=values or {}, objections=objections, **vars(form))


def draw(now: Current, name: str, context: Mapping[str, Any], block: str = "", *, count: bool = True) -> str:
    """The HTML of a template within the shell of this request."""
    objections = tuple(context.get("objections", ()))
    values = context.get("values")
    shell = shell_of(now, count=count)
    full = {
        **context,
        "objections": objections,
        "values": values if isinstance(values, Typed) else Typed(values, objections),
        "shell": shell,
        "side": now.site.part("side.html", now.language, prefix.get(), shell.menu, shell=shell),
        "keys": now.site.part("keys.html", now.language),
        "tabbar": now.site.part("tabbar.html", now.language, prefix.get(), shell.tabs, shell=shell),
        "csrf_input": form_keys(now.signed_in.form_key if now.signed_in else "", secrets.token_urlsafe(12)),
    }
    template = now.site.environment.get_template(name)
    if not block:
        return template.render(full)
    filled = template.new_context(full)
    # The first step of the root runs the imports of the template; the block needs their macros.
    next(iter(template.root_render_func(filled)), None)
    return "".join(template.blocks[block](filled))


def see_other(path: str, said: str = "") -> Redirect:
    """Go on to a page after a post; ``said`` is shown there once, in the past tense: 已保存."""
    now = current()
    if said:
        now.cookies.append(("huimin-said", quote(said[:200]), 60))
    if now.posted is not None and now.actor is not None and (once := now.posted.text("_once")):
        now.site.remember(now.actor.account_id, once, path)
    return Redirect(link(path), status_code=303)


def download(content: bytes, filename: str, media_type: str) -> Response[bytes]:
    """A file to keep; ``filename`` may be Chinese."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() or letter in "-_." else "_" for letter in filename)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename)}"
    return Response(content, media_type=media_type, headers={"content-disposition": disposition})


def safe_path(wish: str, otherwise: str = "/") -> str:
    """A path of this county that somebody asked to go on to; anything else leads to ``otherwise``."""
    clean = wish.startswith("/") and not wish.startswith(("//", "/\\")) and "\n" not in wish and "\r" not in wish
    return wish if clean else otherwise


def require_session() -> "tuple[Current, SignedIn]":
    """The request and session of a browser that is signed in; a token is not enough."""
    now = current()
    if now.signed_in is None:
        raise NotSignedIn(_("请先登录"))
    return now, now.signed_in
