"""Every list of the API is told to its end: what comes page by page is what comes at once, in the same order."""

import json
from urllib.parse import urlencode

import pytest

from core.web.paging import LIMIT_MAX
from tests.security.town import PARAMETER, Town

pytestmark = pytest.mark.one_database

PARTS = 3


def lists(town: Town) -> list[str]:
    """Addresses of the API that take a limit."""
    said = json.loads(town.ask("GET", "/api/v1/openapi.json").text)
    limited = {
        path
        for path, methods in said["paths"].items()
        if any(one["name"] == "limit" for one in methods.get("get", {}).get("parameters", ()))
    }
    return sorted(
        town.address(route)
        for route in town.routes
        if route.method == "GET" and PARAMETER.sub(r"{\1}", route.path) in limited
    )


def part(town: Town, path: str, reader: str, limit: int, after: str = "") -> tuple[list[str], str | None] | None:
    """The items of a page as text, and what leads on; None when this reader may not see the list."""
    asked = urlencode({"limit": limit, **({"next": after} if after else {})})
    answer = town.ask("GET", f"{path}?{asked}", town.of(reader))
    if answer.status != 200:
        return None
    said = json.loads(answer.text)
    return [json.dumps(one, sort_keys=True) for one in said["items"]], said["next"]


def test_a_list_read_page_by_page_is_the_list_read_at_once(town):
    walked, wrong = {}, []
    for path in lists(town):
        for reader in town.roles:
            whole = part(town, path, reader, LIMIT_MAX)
            if not whole or len(whole[0]) < 2:
                continue
            items, rest = whole
            size = max(1, len(items) // PARTS)
            pages, after = [], ""
            while len(pages) < len(items):
                page, next_ = part(town, path, reader, size, after)
                pages += page
                if next_ is None:
                    break
                after = next_
            if pages[: len(items)] != items or (rest is None and next_ is not None):
                wrong.append(f"{path} as {reader}: {len(pages)} of {len(items)}")
            walked[path] = len(items)
            break
    assert wrong == []
    assert len(walked) >= 15, walked
