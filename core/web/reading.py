"""Reading a posted form once, within its limit, and making sure that it comes from our own page."""

import hashlib
import re
import secrets
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from litestar.types import ASGIApp, Receive, Scope, Send
from litestar.utils.scope.state import ScopeState
from multipart import MultipartError, MultipartSegment, PushMultipartParser

from core.errors import Forbidden, HuiminError, WrongUse
from core.texts import _
from core.web.current import Current, current
from core.web.forms import Posted, Uploaded

URL_ENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
FIELDS_MAX = 2_000
PARTS_MAX = 1_000
"""Of a form with files, each part of which costs far more to read than a field."""

MEGABYTE = 1024 * 1024
NOBODY_MOST = 64 * 1024
"""Bytes that who is not signed in may send: a name and a password, not the memory of the machine."""
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""The letter 0 as JSON spells it."""


class BodyTooLarge(HuiminError):  # noqa: N818 - named as the errors of core.errors are
    """The body is larger than this address takes."""

    status, exit_code, code = 413, 3, "E_TOO_LARGE"


def limited(megabytes: int) -> dict[str, int]:
    """The option of a handler that takes larger bodies than the county's setting: ``opt=limited(40)``."""
    return {"body_limit": megabytes}


def form_reader(app: ASGIApp) -> ASGIApp:
    """Middleware: read and check the form of a post before its handler runs."""

    async def read(scope: Scope, receive: Receive, send: Send) -> None:
        now = current()
        if "\0" in now.path or "%00" in now.query:
            raise _unreadable()
        if scope["type"] == "http" and now.writes:
            headers = dict(scope["headers"])
            refuse_foreign(now, headers)
            kind = headers.get(b"content-type", b"").decode("latin-1")
            media_type = kind.partition(";")[0].strip().lower()
            limit = _limit(now, scope)
            if _size_said(headers) > limit:
                raise _too_large(limit)
            if media_type in (URL_ENCODED, MULTIPART) or not kind:
                body = b"".join([part async for part in _parts(receive, limit)])
                now.posted = parse(body, kind, media_type)
                check_form_key(now)
                state: Any = ScopeState.from_scope(scope)
                state.form = now.posted  # Litestar hands it to the handler as ``data``
                state.body = body  # for an address of the API that wants JSON, and says so
            elif now.signed_in is not None:
                raise WrongUse(_("这个地址只收表单"))
            else:
                content: Any = ScopeState.from_scope(scope)
                content.body = without_nul(b"".join([part async for part in _parts(receive, limit)]))
        await app(scope, receive, send)

    return read


def refuse_foreign(now: Current, headers: dict[bytes, bytes]) -> None:
    """Refuse a post that another site's page sends; raises ``Forbidden``. A token of the API needs no page."""
    if now.edge == "api" and now.signed_in is None:
        return
    site = headers.get(b"sec-fetch-site", b"").decode("latin-1")
    origin = headers.get(b"origin", b"").decode("latin-1")
    host = headers.get(b"host", b"").decode("latin-1")
    foreign = bool(site) and site not in ("same-origin", "none")
    if foreign or (origin and urlsplit(origin).netloc != host):
        raise Forbidden(_("这份表单不是从本系统的页面提交的，没有办理"))


def check_form_key(now: Current) -> None:
    """Compare the form's key with the session's; raises ``Forbidden``."""
    if now.signed_in is None:
        return
    given = now.posted.text("_form_key") if now.posted else ""
    if not secrets.compare_digest(given.encode(), now.signed_in.form_key.encode()):
        raise Forbidden(_("表单已过期，没有办理。请返回上一页，刷新后再提交"))


def parse(body: bytes, kind: str, media_type: str) -> Posted:
    """The fields and files of a form body; raises ``WrongUse`` when it cannot be read."""
    try:
        if media_type == MULTIPART:
            pairs, files = _multipart(body, kind)
        else:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS_MAX)
            files = {}
    except (UnicodeDecodeError, ValueError, MultipartError) as error:
        raise WrongUse(_("表单读不出来，请返回上一页再试")) from error
    if any("\0" in text for pair in (*pairs, *((name, file.name) for name, file in files.items())) for text in pair):
        raise _unreadable()
    digest = hashlib.sha256()
    for name, text in pairs:
        if name != "_form_key":
            digest.update(f"{name}\0{text}\0".encode())
    for name, file in files.items():
        digest.update(name.encode() + b"\0" + hashlib.sha256(file.content).digest())
    return Posted(pairs, files, digest.digest())


def _multipart(body: bytes, kind: str) -> tuple[list[tuple[str, str]], dict[str, Uploaded]]:
    boundary = next(
        (part.strip()[9:].strip('"') for part in kind.split(";") if part.strip().startswith("boundary=")), ""
    )
    pairs: list[tuple[str, str]] = []
    files: dict[str, Uploaded] = {}
    segment: MultipartSegment | None = None
    data = bytearray()
    with PushMultipartParser(boundary.encode(), max_segment_count=PARTS_MAX) as parser:
        for part in parser.parse(body):
            if isinstance(part, MultipartSegment):
                segment, data = part, bytearray()
            elif part:
                data.extend(part)
            elif segment is not None:
                _keep(segment, bytes(data), pairs, files)
                segment = None
    return pairs, files


def _keep(segment: MultipartSegment, content: bytes, pairs: list[tuple[str, str]], files: dict[str, Uploaded]) -> None:
    field = segment.name or ""
    if segment.filename is None:
        pairs.append((field, content.decode()))
    elif segment.filename:
        name = segment.filename.replace("\\", "/").rpartition("/")[2]
        files[field] = Uploaded(name, content, segment.content_type or "application/octet-stream")


def _size_said(headers: dict[bytes, bytes]) -> int:
    said = headers.get(b"content-length", b"") or b"0"
    if not said.isdigit():
        raise _unreadable()
    return int(said)


def without_nul(content: bytes) -> bytes:
    """A body as it is; raises ``WrongUse`` for one with the letter 0, which no database takes in a text."""
    if b"\0" in content or NUL.search(content):
        raise _unreadable()
    return content


def _unreadable() -> WrongUse:
    return WrongUse(_("请求读不懂，请返回上一页再试"))


def _limit(now: Current, scope: Scope) -> int:
    if now.actor is None:
        return NOBODY_MOST
    handler: Any = scope.get("route_handler")
    megabytes = handler.opt.get("body_limit") if handler else None
    return int(megabytes or now.site.host.settings.web.body_limit) * MEGABYTE


def _too_large(limit: int) -> BodyTooLarge:
    if limit < MEGABYTE:
        return BodyTooLarge(_("还没有登录，超过 {limit} KB 的内容不收。请先登录", limit=limit // 1024))
    return BodyTooLarge(_("上传的内容超过 {limit} MB，请分成几份", limit=limit // MEGABYTE))


async def _parts(receive: Receive, limit: int) -> AsyncIterator[bytes]:
    size = 0
    more = True
    while more:
        message: Any = await receive()
        if message["type"] != "http.request":
            raise WrongUse(_("连接断了，没有办理"))
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        yield part
        more = message.get("more_body", False)
