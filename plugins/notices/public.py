"""The public pages: is this sheet genuine, and the lists that plugins publish. They read; tries are counted."""

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from litestar import Router, get
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from core.api import HuiminError, NotFound, Refused, UnitOfWork, _
from core.web import EVERYONE, page, public_work, visitor
from plugins.notices.api import PublicPage
from plugins.notices.cells import Cells, Listed, public_cells
from plugins.notices.closed import all_findings
from plugins.notices.queries import Checked, check_sheet
from plugins.notices.states import ANSWERS, LEVELS

HOUR = 3600.0
ADDRESSES_MAX = 20_000
OPEN = [EVERYONE]


class TooMany(HuiminError):  # noqa: N818 - named as the errors of core.errors are
    """So many tries came within the hour that no more are answered."""

    status, exit_code, code = 429, 75, "E_TOO_MANY"


@dataclass
class Tries:
    """How many checks came within the hour, from each address and in all. Kept in the application, lost with it."""

    clock: Any = time.monotonic
    began: float = 0.0
    total: int = 0
    by_address: "OrderedDict[str, int]" = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def count(self, address: str, each: int, all_of_them: int) -> None:
        """Count one try; raises ``TooMany`` when the address or all together had their number."""
        with self.lock:
            now = self.clock()
            if not self.began or now - self.began >= HOUR:
                self.began, self.total = now, 0
                self.by_address.clear()
            mine = self.by_address.get(address, 0) + 1
            if mine > each or self.total >= all_of_them:
                raise TooMany(_("核验次数太多，请一小时后再试，或打电话询问"))
            self.total += 1
            self.by_address[address] = mine
            self.by_address.move_to_end(address)
            while len(self.by_address) > ADDRESSES_MAX:
                self.by_address.popitem(last=False)


def public_router(tries: Tries | None = None) -> Router:
    """The routes of the public application, with a count of tries of their own."""
    counted = tries or Tries()

    @get("/", sync_to_thread=True, guards=OPEN)
    def show_front() -> Template:
        """The form for checking a sheet, and the lists that are published."""
        with public_work() as work:
            found = [{"name": one.name, "title": one.title} for one in _pages(work)]
        return page("notices/public_front.html", pages=found, answer=None, given={"number": "", "code": ""})

    @get("/check", sync_to_thread=True, guards=OPEN)
    def check(number: FromQuery[str] = "", code: FromQuery[str] = "") -> Template:
        """Say whether a sheet is genuine, where it hangs and how long; nothing of its list."""
        with public_work() as work:
            counted.count(visitor(), work.policy("notices.tries_address_hour"), work.policy("notices.tries_hour"))
            answer = check_sheet(work, number[:60], code[:60])
        given = {"number": number[:60], "code": code[:60]}
        return page("notices/public_front.html", pages=(), answer=_answer(answer), given=given)

    @get("/pages/{name:str}", sync_to_thread=True, guards=OPEN)
    def show_page(name: FromPath[str]) -> Template:
        """One list that a plugin publishes, masked like a notice."""
        with public_work() as work:
            found = next((one for one in _pages(work) if one.name == name), None)
            if found is None:
                raise NotFound(_("没有这个页面"))
            cells = _cells(work, found)
        return page(
            "notices/public_list.html",
            title=found.title,
            note=found.note,
            headers=[(one.title, one.rule in ("money", "count")) for one in found.columns],
            rows=cells.rows,
            total=cells.total,
        )

    return Router("/notices", route_handlers=[show_front, check, show_page])


def _pages(work: UnitOfWork) -> Sequence[PublicPage]:
    """The pages plugins bring under their own name, in order."""
    found = [
        one
        for shown in work.hooks.show("show_notices_public_pages", work=work)
        for one in shown.entries
        if one.name.startswith(f"{shown.plugin}.")
    ]
    return sorted(found, key=lambda one: (one.order, one.name))


def _cells(work: UnitOfWork, wish: PublicPage) -> Cells:
    """The list through the same gate as a notice; what it refuses is not there."""
    words = work.policy("notices.illness_words")
    texts = [wish.title, wish.note, *(column.title for column in wish.columns)]
    if all_findings(texts, words):
        raise NotFound(_("没有这个页面"))
    try:
        return public_cells(work, Listed(wish.name, wish.columns, wish.rows))
    except Refused as refusal:
        raise NotFound(_("没有这个页面")) from refusal


def _answer(found: Checked) -> dict[str, Any]:
    return {
        "state": {"genuine": "ok", "withdrawn": "warn"}.get(found.answer, "bad"),
        "words": _(ANSWERS[found.answer]),
        "number": found.number,
        "title": found.title,
        "office": found.office,
        "opened_on": found.opened_on,
        "days": found.days,
        "levels": [(_(LEVELS[level]), since, until) for level, since, until in found.levels],
    }
