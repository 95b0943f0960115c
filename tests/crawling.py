"""Walk a county's pages the way a reader does: from the desk along every link, one page of each kind."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from core.identity import signing_in

LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#]+)"')
LOADED = re.compile(r'\bhx-get="([^"]+)"')
NOT_PAGES = re.compile(
    r"/(pdf|excel|csv|template|marked|file|download|export|openapi)(\.\w+)?$|^/(static|attachments|api)/"
)

Fetch = Callable[[str], tuple[int, str]]
"""Answers the status of an address and its HTML, "" for what is no page."""


def kind_of(address: str) -> str:
    """What kind of page an address is: numbers, codes and names in it left out, of its questions the names only."""
    parts = urlsplit(address)
    steps = [
        "#" if re.search(r"\d", step) or "." in step or step.endswith("-430223") else step
        for step in parts.path.split("/")
    ]
    asked = sorted({name for name, value in parse_qsl(parts.query) if value})
    return "/".join(steps) + ("?" + "&".join(asked) if asked else "")


def walk(fetch: Fetch, start: str = "/", most: int = 600) -> Iterator[tuple[str, int, str]]:
    """(address, status, HTML) of one page of each kind that can be reached, the first found of it."""
    waiting, known = [start], {kind_of(start)}
    walked = 0
    while waiting and walked < most:
        address = waiting.pop(0)
        status, page = fetch(address)
        walked += 1
        yield address, status, page
        for found in (*LINK.findall(page), *LOADED.findall(page)):
            target = urljoin(address, unescape(found))
            if not target.startswith("/") or NOT_PAGES.search(urlsplit(target).path):
                continue
            kind = kind_of(target)
            if kind not in known:
                known.add(kind)
                waiting.append(target)


def walk_as(reader: Any, name: str) -> Iterator[tuple[str, int, str]]:
    """The same walk as a member of staff of a demo county, signed in with one click; ``reader`` is a test browser."""
    reader.sign_out()
    reader.get("/sign-in")
    reader.client.cookies.set("huimin", signing_in.sign_in_demo(reader.host, name, "127.0.0.1"))

    def fetch(address: str) -> tuple[int, str]:
        answer = reader.get(address)
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        return answer.status_code, answer.text if is_page else ""

    yield from walk(fetch)
