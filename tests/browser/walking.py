"""Somebody who goes through the demo county by the screen alone; every page that is passed is looked at."""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Download, Locator, expect
from playwright.sync_api import Error as PlaywrightError

from core.host import Clock, Host
from core.settings import load
from core.web.app import create_app
from core.web.dispatcher import Door

from .conftest import PATIENCE, Window
from .serving import on_a_port

PICTURES = os.environ.get("HUIMIN_PICTURES", "")
"""A folder for a picture of every page that is passed; none by default."""
NOW = datetime.fromisoformat("2026-11-20T10:30:00+08:00")
AGAIN = ("/", "/tasks", "/menu", "/sign-in", "/households")
"""Pages that are passed again and again: axe judges them once for each role."""
EXPECTED = ("status of 422", "ERR_INTERNET_DISCONNECTED")
"""What the browser itself says of a form that was refused, and of a line that was cut."""
PUBLIC = "https://gongshi.example.cn"
RETRIES = 5
PHONE = 600
"""Pixels below which the menu is at the foot of the page."""
WIDTHS = (1440, 390)


def served(home: Path, clock: Clock, build: Callable[..., Any] = create_app) -> AbstractContextManager[str]:
    """A county on a port of this machine; ``build`` makes its application: the staff's, or the public one."""
    return on_a_port(Door(lambda: Host(load(home), clock=clock), build=build))


@contextmanager
def copied(made: Path, folder: Path) -> Iterator[tuple[str, Path, Clock]]:
    """A county of one's own, copied from one that was made before, with a public address; its folder and clock."""
    home = folder / "county"
    shutil.copytree(made, home)
    (file,) = (home / "config" / "counties").glob("*.toml")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[county]", f'[county]\npublic_url = "{PUBLIC}"', 1), encoding="utf-8")
    clock = Clock(NOW)
    with served(home, clock) as address:
        yield address, home, clock


@dataclass
class Walker:
    """One person after the other before one screen. ``faults`` is what was wrong with the pages on the way."""

    window: Window
    width: int
    journey: str
    home: Path
    clock: Clock
    role: str = ""
    faults: list[str] = field(default_factory=list)
    judged: set[str] = field(default_factory=set)
    seen: int = 0

    @property
    def page(self) -> Any:
        """The page that is open."""
        return self.window.page

    @property
    def main(self) -> Locator:
        """What the page is about."""
        return self.page.locator("main")

    @property
    def on_phone(self) -> bool:
        """Whether the screen is a phone's."""
        return self.width < PHONE

    def comes(self, role: str) -> None:
        """Somebody of this role sits down: the one before leaves, one click on the sign-in page."""
        if self.page.url == "about:blank":
            self.window.open("/")
        else:
            self._go(self.page.get_by_role("button", name="换个角色").click)
        card = self.page.get_by_role("button", name=re.compile(f"{role}"))
        self.page.get_by_role("heading", name="登录").wait_for()
        if not card.first.is_visible():
            self.page.get_by_text("更多角色").click()
        self._go(card.first.click)
        self.role = role
        expect(self.page.get_by_role("heading", name="工作台", level=1)).to_be_visible()

    def menu(self, words: str) -> None:
        """Go by the menu: at the side, on a phone by the tab that shows all of it."""
        if self.on_phone:
            self.follow("业务", self._menu_place())
            self.follow(words)
        else:
            self.follow(re.compile(f"^{words}( |$)"), self.page.locator(".side"))

    def in_menu(self, words: str) -> bool:
        """Whether the menu has this line."""
        if self.on_phone:
            self.follow("业务", self._menu_place())
            return self.main.get_by_role("link", name=words, exact=True).count() > 0
        side = self.page.get_by_role("navigation", name="主导航")
        return side.get_by_role("link", name=words, exact=True).count() > 0

    def desk(self) -> None:
        """To the desk, by the tab or the menu."""
        self.follow(re.compile("^工作台"), self._menu_place())

    def task(self, words: str) -> None:
        """The first thing of the list of what waits that is called so."""
        self._tasks()
        self.follow(re.compile(words))

    def waits(self, words: str) -> bool:
        """Whether something called so waits for this person."""
        self._tasks()
        return self.main.get_by_role("row").filter(has_text=words).count() > 0

    def follow(self, words: Any, place: Locator | None = None) -> None:
        """Follow the first link that is called so."""
        exact = isinstance(words, str)
        link = (place or self.main).get_by_role("link", name=words, exact=exact).first
        self._go(link.click)

    def press(self, words: Any, place: Locator | None = None) -> None:
        """Press the button that is called so."""
        exact = isinstance(words, str)
        self._go((place or self.main).get_by_role("button", name=words, exact=exact).click)

    def enter(self) -> None:
        """Press Enter, as one does in a box."""
        self._go(lambda: self.page.keyboard.press("Enter"))

    def takes(self, words: Any) -> Download:
        """Take the file behind a link or button."""
        with self.page.expect_download() as taken:
            self.main.get_by_role("link", name=words).or_(self.main.get_by_role("button", name=words)).first.click()
        return taken.value

    def fill(self, **fields: str) -> None:
        """Fill boxes found by their labels: ``fill(审批文号="民批 1 号")``."""
        for label, text in fields.items():
            self.main.get_by_label(label).and_(self.main.locator("input, textarea")).first.fill(text)

    def choose(self, label: str, text: str) -> None:
        """Choose one of a list found by its label."""
        self.main.get_by_role("combobox", name=label).first.select_option(label=text)

    def sees(self, words: str) -> None:
        """The page says so."""
        expect(self.page.locator("body")).to_contain_text(words)

    def offered(self, words: str) -> bool:
        """Whether the page has a link or a button that is called so."""
        link, button = (self.main.get_by_role(role, name=words, exact=True) for role in ("link", "button"))
        return link.count() + button.count() > 0

    def _menu_place(self) -> Locator:
        """Where the menu is: at the side, at the foot of a phone, past 返回 where a form has the foot for itself."""
        if not self.on_phone:
            return self.page.locator(".side")
        if not self.page.locator(".tabbar").count():
            self.follow("返回", self.page.locator(".phonebar"))
        return self.page.locator(".tabbar")

    def _tasks(self) -> None:
        self.follow(re.compile("^待办"), self._menu_place())
        for _time in range(RETRIES):  # a plugin that was too slow for its share of a page is asked once more
            if not self.offered("重试"):
                break
            self.follow("重试")

    def _go(self, act: Callable[[], object]) -> None:
        """Do what opens another page, wait until it is there, and look at it."""
        self.page.evaluate("window.left = true")
        act()
        until = time.monotonic() + PATIENCE / 1000
        while not self._arrived():
            assert time.monotonic() < until, f"{self.page.url}: nothing else came"
            self.page.wait_for_timeout(20)
        self.look()

    def _arrived(self) -> bool:
        try:
            return self.page.evaluate("!window.left && document.readyState === 'complete'")
        except PlaywrightError:  # between two pages
            return False

    def look(self) -> None:
        """Look at the page that is open: nothing sideways, nothing on the console, nothing that axe finds."""
        name = f"/{self.page.url.partition('//')[2].partition('/')[2]} {self.width} {self.role}"
        self.faults += [f"{name}: {line}" for line in self.window.said if not any(one in line for one in EXPECTED)]
        self.window.said.clear()
        if name not in self.judged:
            self.faults += [f"{name}: {one}" for one in self.window.axe()]
        if name.split()[0] in AGAIN:
            self.judged.add(name)
        if self.window.sideways():
            self.faults.append(f"{name}: scrolls sideways")
        self.picture()

    def picture(self) -> None:
        """Keep a picture of the page when a folder was named."""
        self.seen += 1
        if PICTURES:
            file = Path(PICTURES) / f"{self.journey}-{self.width}-{self.seen:02d}.png"
            self.page.screenshot(path=file, full_page=True)
