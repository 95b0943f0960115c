"""A real browser against a served county: signed in through the page, at 1440 and 390, in both languages."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from core.host import Host
from core.settings import load
from core.testing import County
from core.web.dispatcher import Door
from core.web.testing import Browser as Reader

from .serving import on_a_port

if TYPE_CHECKING:
    from .walking import Walker

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
PATIENCE = 60_000
"""Milliseconds to wait for what must come: a machine of CI may be very slow, and a test that passes never waits."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder; without a chromium they are skipped, with CI=true that is a failure."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None and os.environ.get("CI") != "true":
                item.add_marker(pytest.mark.skip(reason="no chromium on this machine"))


@dataclass
class Window:
    """A page of the browser that remembers what the console said."""

    page: Page
    address: str
    said: list[str]

    def open(self, path: str) -> None:
        """Open a page of the county and wait until it is drawn."""
        self.page.goto(self.address + path, wait_until="load")

    def sideways(self) -> bool:
        """Whether the page scrolls sideways."""
        return self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")

    def axe(self) -> list[str]:
        """What axe finds: WCAG 2.0 to 2.2 A and AA, and best practice."""
        self.page.evaluate(AXE.read_text(encoding="utf-8") + "\n;0")
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
            for one in found["violations"]
            for node in one["nodes"]
        ]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's chromium, started once a file: its loop would stand in the way of what other tests serve themselves."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def served(county: County) -> Iterator[str]:
    """The county on a port of this machine."""
    county.touched = True
    with on_a_port(Door(lambda: Host(load(county.home, county.code), clock=county.clock))) as address:
        yield address


@pytest.fixture
def profile(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Open a profile of the browser with its own cookies: ``profile(java_script_enabled=False)``."""
    made: list[BrowserContext] = []

    def make(**wishes: Any) -> BrowserContext:
        context = chromium.new_context(**wishes)
        context.set_default_timeout(PATIENCE)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def window(profile: Callable[..., BrowserContext], served: str, county: County) -> Callable[..., Window]:
    """Open a window: ``window("clerk", width=390, language="en", large=True)``."""

    def make(
        role: str = "", *, area: str = "", width: int = 1440, language: str = "zh-CN", large: bool = False
    ) -> Window:
        context = profile(viewport={"width": width, "height": 900 if width > 600 else 844})
        if role:
            context.add_cookies(
                [{"name": "huimin", "value": _token(county, role, area, language, large), "url": served}]
            )
        return _listening(context.new_page(), served)

    return make


@pytest.fixture(scope="session")
def made_county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo county on the morning of 20 November 2026, made once; journeys go through copies of it."""
    from core.demo.making import SMALL, Wish, make_demo

    from .walking import NOW

    home = tmp_path_factory.mktemp("made") / "county"
    make_demo(home, Wish(households=SMALL, now=NOW))
    return home


@pytest.fixture
def journey(
    profile: Callable[..., BrowserContext], made_county: Path, tmp_path: Path
) -> Callable[..., AbstractContextManager["Walker"]]:
    """Go through a county of one's own: ``with journey("roster", 390) as clerk``; at the end no page was wrong."""
    from .walking import Walker, copied

    @contextmanager
    def begin(name: str, width: int) -> Iterator[Walker]:
        with copied(made_county, tmp_path) as (address, home, clock):
            page = profile(viewport={"width": width, "height": 900 if width > 600 else 844}).new_page()
            walker = Walker(_listening(page, address), width, name, home, clock)
            yield walker
            assert not walker.faults, "\n".join(walker.faults)

    return begin


def _listening(page: Page, address: str) -> Window:
    """A window that remembers what the console says."""
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if one.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return Window(page, address, said)


def _token(county: County, role: str, area: str, language: str, large: bool) -> str:
    with Reader(county) as reader:
        reader.sign_in(role, area)
        reader.post("/profile/look", {"language": language, "large_type": "true" if large else "false"})
        return reader.client.cookies["huimin"]
