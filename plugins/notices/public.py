"""The public pages: is this sheet genuine, and the lists that plugins publish. They read; tries are counted."""

from collections.abc import Sequence
from typing import Any

from litestar import Router, get
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from core.api import NotFound, Refused, UnitOfWork, _
from core.web import EVERYONE, count_try, page, public_work
from plugins.notices.api import PublicPage
from plugins.notices.cells import Cells, Listed, public_cells
from plugins.notices.closed import all_findings
from plugins.notices.queries import Checked, check_sheet
from plugins.notices.states import ANSWERS, LEVELS

OPEN = [EVERYONE]


def public_router() -> Router:
    """The routes of the public application."""

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
            count_try(work)
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
