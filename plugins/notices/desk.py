"""What notices bring to the desk and to the page of a household."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from core.api import Panel, Task, _
from plugins.notices import queries
from plugins.notices.states import LEVELS, STATES, TAGS, level_area

if TYPE_CHECKING:
    from core.api import UnitOfWork

SOON_DAYS = 2
"""How long before the end of a period the desk begins to speak of it."""


def tasks(work: "UnitOfWork") -> list[Task]:
    """Sheets to post, photos that lack, periods that end, objections to verify. One question."""
    if not (work.may("notices.post") or work.may("notices.decide")):
        return []
    made = {"sheet": _sheet_task, "posting": _posting_task, "objection": _objection_task}
    return [task for row in queries.waiting_lines(work) if (task := made[row.what](work, row)) is not None]


def _sheet_task(_work: "UnitOfWork", row: Any) -> Task:
    return _task(row, _("张贴公示"), row.title)


def _objection_task(work: "UnitOfWork", row: Any) -> Task:
    return _task(row, _("核实公示异议"), row.number, "bad" if row.due < work.today else "warn")


def _posting_task(work: "UnitOfWork", row: Any) -> Task | None:
    if not work.may("notices.post", level_area(row.area, row.level)):
        return None
    level = _(LEVELS[row.level])
    if not row.proven:
        return _task(row, _("补传张贴照片（{level}）", level=level), row.number, "bad")
    if row.due < work.today:
        return _task(row, _("公示期满，可以结束（{level}）", level=level), row.number, "ok")
    if row.due <= work.today + timedelta(days=SOON_DAYS):
        return _task(row, _("公示即将期满（{level}）", level=level), row.number)
    return None


def _task(row: Any, title: str, subject: str, state: Any = "note") -> Task:
    path = f"/notices/{row.notice}"
    return Task(title=title, subject=subject, path=path, area=row.area, number=row.number, due=row.due, state=state)


def household_panels(work: "UnitOfWork", person_ids: tuple[int, ...]) -> list[Panel]:
    """The running notices on which a member of the household stands; none without the right or without notices."""
    if not work.may("notices.show") or not person_ids:
        return []
    found = queries.running_for(work, person_ids)
    if not found:
        return []
    rows = [(one["number"], _("{title}，{day} 期满", title=one["title"], day=one["ends_on"] or "--")) for one in found]
    state, path = found[0]["state"], f"/notices/{found[0]['id']}"
    return [Panel(title=_("公示"), rows=rows, tags=[(_(STATES[state]), TAGS[state])], path=path)]
