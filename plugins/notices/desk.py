"""What notices bring to the desk and to the page of a household."""

from datetime import timedelta
from typing import TYPE_CHECKING

from core.api import Panel, Task, _
from plugins.notices import queries
from plugins.notices.states import LEVELS, STATES, TAGS, level_area

if TYPE_CHECKING:
    from core.api import UnitOfWork

SOON_DAYS = 2
"""How long before the end of a period the desk begins to speak of it."""


def tasks(work: "UnitOfWork") -> list[Task]:
    """Sheets to post, photos that lack, periods that end, objections to verify."""
    found: list[Task] = []
    if work.may("notices.post"):
        found += [
            Task(
                title=_("张贴公示"),
                subject=one["title"],
                path=f"/notices/{one['id']}",
                area=one["area"],
                number=one["number"],
                due=one["opened_on"],
            )
            for one in queries.unposted(work)
        ]
        found += [task for one in queries.standing_postings(work) if (task := _posting_task(work, one)) is not None]
    if work.may("notices.decide"):
        found += [
            Task(
                title=_("核实公示异议"),
                subject=one["number"],
                path=f"/notices/{one['notice']}",
                area=one["area"],
                number=one["number"],
                due=one["due_on"],
                state="bad" if one["due_on"] < work.today else "warn",
            )
            for one in queries.waiting_objections(work)
        ]
    return found


def _posting_task(work: "UnitOfWork", one: dict) -> Task | None:
    if not work.may("notices.post", level_area(one["area"], one["level"])):
        return None
    level = _(LEVELS[one["level"]])
    if not one["proven"]:
        title, state = _("补传张贴照片（{level}）", level=level), "bad"
    elif one["ends_on"] < work.today:
        title, state = _("公示期满，可以结束（{level}）", level=level), "ok"
    elif one["ends_on"] <= work.today + timedelta(days=SOON_DAYS):
        title, state = _("公示即将期满（{level}）", level=level), "note"
    else:
        return None
    return Task(
        title=title,
        subject=one["number"],
        path=f"/notices/{one['notice']}",
        area=one["area"],
        number=one["number"],
        due=one["ends_on"],
        state=state,
    )


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
