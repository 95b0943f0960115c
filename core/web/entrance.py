"""The way into one county's application: static files, who is asking, which language, and the headers of the answer."""

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import unquote

from litestar import Litestar, Request
from litestar.response import Response
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from sqlalchemy import Connection

from core.errors import HuiminError, NotSignedIn
from core.identity.actors import actor_by_token
from core.identity.signing_in import SignedIn, session_of
from core.texts import SOURCE, language_of, speaking
from core.web.current import Current, Site, set_current
from core.web.failures import on_fault, on_refusal
from core.web.rendering import prefix
from core.web.threads import in_thread

POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; "
    "img-src 'self' data:"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"geolocation=(), camera=(), microphone=(), payment=()"),
)
LOOK_SECONDS = 365 * 24 * 3600
IMMUTABLE = b"public, max-age=31536000, immutable"


class Entrance:
    """One county's ASGI application. ``enter`` may be called beforehand by who has a thread at hand already."""

    def __init__(self, site: Site, app: Litestar, mounted: str = "") -> None:
        self.site = site
        self.app = app
        self.mounted = mounted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif not await self.answer_plainly(scope, send):
            now, error = await in_thread(self.enter, scope)
            await self.answer(now, error, scope, receive, send)

    async def answer_plainly(self, scope: Scope, send: Send) -> bool:
        """Answer what needs no database: static files and the sign of life; False for all else."""
        path = scope["path"]
        if path == "/healthz":
            await send_plain(send, 200, b"ok", "text/plain")
        elif path.startswith("/static/"):
            file = self.site.static.get(path.removeprefix("/static/"))
            if file is None:
                return False
            dated = f"v={file.version}".encode() in scope.get("query_string", b"")
            await send_plain(send, 200, file.content, file.media_type, IMMUTABLE if dated else b"no-cache")
        else:
            return False
        return True

    def enter(self, scope: Any, connection: Connection | None = None) -> tuple[Current, Exception | None]:
        """Find out who asks, in a thread; an error is answered with the page it deserves.

        ``connection`` is one that reads this county's database already.
        """
        headers = dict(scope["headers"])
        cookies = _cookies(headers)
        now = self._current(scope, headers, cookies)
        try:
            self._sign_in(now, headers, cookies, connection)
        except Exception as error:  # noqa: BLE001 - answered by the same pages as any other error, nothing is hidden
            return now, error
        if now.actor is not None and now.signed_in is not None:
            now.language, now.large = now.actor.language, now.actor.large_type
        return now, None

    def stranger(self, scope: Any) -> Current:
        """What is known of a request without the database."""
        headers = dict(scope["headers"])
        return self._current(scope, headers, _cookies(headers))

    def _current(self, scope: Any, headers: Mapping[bytes, bytes], cookies: Mapping[str, str]) -> Current:
        client = scope["client"][0] if scope.get("client") else ""
        secure = scope.get("scheme") == "https"
        proxy = self.site.host.settings.web.proxy
        if proxy and client == proxy:
            forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1").rpartition(",")[2].strip()
            client = forwarded or client
            secure = headers.get(b"x-forwarded-proto", b"").strip() == b"https"
        name = "__Host-huimin" if secure else "huimin"
        suffix = f"-{self.site.host.settings.county.code}" if self.mounted else ""
        now = Current(
            site=self.site,
            path=scope["path"],
            query=scope.get("query_string", b"").decode("latin-1"),
            method=scope["method"],
            address=client,
            secure=secure,
            partial=headers.get(b"hx-target", b"-").decode("latin-1") if b"hx-request" in headers else "",
            cookie=name + suffix,
            scope=scope,
        )
        now.said = unquote(cookies.get("huimin-said", ""))[:200]
        look = cookies.get("huimin-look", "")
        wish = headers.get(b"accept-language", b"").decode("latin-1") if now.edge == "api" else look
        now.language, now.large = language_of(wish or SOURCE), "large" in look
        return now

    def _sign_in(
        self,
        now: Current,
        headers: Mapping[bytes, bytes],
        cookies: Mapping[str, str],
        connection: Connection | None = None,
    ) -> None:
        host = self.site.host
        bearer = headers.get(b"authorization", b"").decode("latin-1")
        if now.edge == "api":
            if bearer.lower().startswith("bearer "):
                now.actor = actor_by_token(host, bearer[7:].strip(), address=now.address, connection=connection)
            return
        token = cookies.get(now.cookie, "")
        found: SignedIn | None = session_of(host, token, now.address, connection) if token else None
        if found is not None:
            now.signed_in, now.actor, now.token = found, found.actor, token

    async def answer(self, now: Current, error: Exception | None, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, in the reader's language, and put the headers on."""
        at = prefix.set(self.mounted)
        set_current(now)
        try:
            with speaking(now.language):
                if error is None:
                    await self.app(scope, receive, _sender(now, send))
                else:
                    request: Request[Any, Any, Any] = Request(scope)
                    refusal: ASGIApp = self.refused(now, request, error).to_asgi_response(None, request)
                    await refusal(scope, receive, _sender(now, send))
        finally:
            prefix.reset(at)

    def refused(self, now: Current, request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        """The answer to who could not come in."""
        if isinstance(error, NotSignedIn) or not isinstance(error, HuiminError):
            now.actor = None
        return on_refusal(request, error) if isinstance(error, HuiminError) else on_fault(request, error)


def _sender(now: Current, send: Send) -> Send:
    """Send with the security headers, no-store unless said otherwise, and the cookies of this answer."""

    async def send_with(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message["headers"])
            names = {name.lower() for name, _value in headers}
            headers += [(name, value) for name, value in HEADERS if name not in names]
            if b"cache-control" not in names:
                headers.append((b"cache-control", b"no-store"))
            if now.secure:
                headers.append((b"strict-transport-security", b"max-age=31536000"))
            if now.said and not now.partial and not 300 <= message["status"] < 400:
                now.cookies.append(("huimin-said", "", 0))
            headers += [(b"set-cookie", _cookie(now, *one)) for one in now.cookies]
            message = {**message, "headers": headers}
        await send(message)

    return send_with


def _cookie(now: Current, name: str, value: str, seconds: int) -> bytes:
    """A cookie that no script reads and no other site sends; ``seconds`` -1 lasts as long as the browser."""
    parts = [f"{name}={value}", "Path=/", "HttpOnly", "SameSite=Strict"]
    if seconds >= 0:
        parts.append(f"Max-Age={seconds}")
    if now.secure:
        parts.append("Secure")
    return "; ".join(parts).encode("latin-1")


def _cookies(headers: Mapping[bytes, bytes]) -> dict[str, str]:
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(headers.get(b"cookie", b"").decode("latin-1"))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


async def send_plain(send: Send, status: int, content: bytes, media_type: str, caching: bytes = b"no-store") -> None:
    """Send an answer that needs no application, with the headers of every answer."""
    headers = [
        (b"content-type", media_type.encode()),
        (b"content-length", str(len(content)).encode()),
        (b"cache-control", caching),
        *HEADERS,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content, "more_body": False})
