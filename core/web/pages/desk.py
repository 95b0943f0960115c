"""The desk: figures, what waits, and what a phone shows instead of the side menu."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Router, get
from litestar.params import FromQuery
from litestar.response import Template

from core.extension import Task, Tile
from core.households.areas import area_names, list_areas
from core.pictures import draw_chart, draw_towns
from core.showing import day_in_words, weekday
from core.texts import _
from core.web import MEMBERS, PAGE, Skip, begin, guarded, page, rest_path
from core.web.pages.demo import shows_hint
from core.web.shell import are_all, in_words, tasks_of
from core.work import UnitOfWork

TILES_MAX = 5
TASKS_SHOWN = 8
SOON_DAYS = 3


@get("/", sync_to_thread=True, guards=[guarded("core.desk")])
def desk(request: Request) -> Template:
    """What this person does today."""
    with begin(request) as work:
        tiles, broken = tiles_of(work)
        tasks, failed = tasks_of(work)
        context: dict[str, Any] = {
            "tiles": tiles,
            "tasks": task_lines(work, tasks[:TASKS_SHOWN]),
            "waiting": len(tasks),
            "all_there": are_all(tasks),
            "broken_parts": [*broken, *failed],
            "titles": titles_of(work),
            "today": f"{day_in_words(work.today)} {weekday(work.today)}",
            "links": quick_links(work),
            "hint": shows_hint(request),
            "may_switch": work.may("plugin.switch"),
        }
    return page("desk.html", **context)


@get("/desk/pictures", sync_to_thread=True, guards=[guarded("core.desk")])
def pictures(request: Request) -> Template:
    """Pictures of all plugins: the desk fetches them after it was shown, and they are a page of their own."""
    with begin(request) as work:
        charts, broken = _gathered(work, "show_desk_charts")
        figures, failed = _gathered(work, "show_town_figures")
        drawn = [draw_chart(one) for one in sorted(charts, key=lambda one: one.order)]
        towns = draw_towns(figures, _towns(work)) if figures else None
        context: dict[str, Any] = {
            "charts": [one for one in drawn if one],
            "towns": towns,
            "broken_parts": [*broken, *failed],
            "titles": titles_of(work),
        }
    return page("pictures.html", block="pictures", **context)


@get("/tasks", sync_to_thread=True, guards=[guarded("core.desk")])
def tasks(request: Request, plugin: FromQuery[str] = "", start: Skip = 0) -> Template:
    """Everything that waits, by deadline, over all plugins."""
    with begin(request) as work:
        found, failed = tasks_of(work)
        titles = titles_of(work)
        chosen = [pair for pair in found if not plugin or pair[0] == plugin]
        shown = chosen[start : start + PAGE + 1]
        lines = task_lines(work, shown[:PAGE])
    counts: dict[str, int] = {}
    for name, _task in found:
        counts[name] = counts.get(name, 0) + 1
    tabs = [{"title": _("全部"), "path": "/tasks", "current": not plugin, "count": len(found)}]
    tabs += [
        {"title": titles.get(name, name), "path": f"/tasks?plugin={name}", "current": name == plugin, "count": number}
        for name, number in counts.items()
    ]
    context: dict[str, Any] = {
        "tasks": lines,
        "tabs": tabs,
        "broken_parts": failed,
        "titles": titles,
        "more": rest_path("/tasks", shown, PAGE, start, plugin=plugin),
        "total": in_words(chosen),
    }
    return page("tasks.html", block="list", **context)


@get("/menu", sync_to_thread=True, guards=[MEMBERS])
def menu() -> Template:
    """The whole menu, for a phone."""
    return page("menu.html")


def tiles_of(work: UnitOfWork) -> tuple[list[Tile], list[tuple[str, str]]]:
    """The figures of all plugins in their order, at most five, and (plugin, number) of those that failed."""
    tiles, failed = _gathered(work, "show_desk_tiles")
    tiles.sort(key=lambda tile: tile.order)
    return tiles[:TILES_MAX], failed


def _gathered(work: UnitOfWork, hook: str) -> tuple[list[Any], list[tuple[str, str]]]:
    """What plugins answer to a hook of the desk, and (plugin, number) of those that failed."""
    shown = work.hooks.show(hook, work=work)
    entries = [entry for one in shown for entry in one.entries]
    return entries, [(one.plugin, one.failure) for one in shown if one.failure]


def _towns(work: UnitOfWork) -> dict[str, str]:
    """The names of the towns of the reader's areas by 9-digit code."""
    if not work.may("area.show"):
        return {}
    return {one["code"][:9]: one["name"] for one in list_areas(work) if one["level"] == "town"}


def titles_of(work: UnitOfWork) -> dict[str, str]:
    """The titles of all that runs, by name."""
    return {one.manifest.name: _(one.manifest.title) for one in work.host.loaded}


def task_lines(work: UnitOfWork, tasks: Sequence[tuple[str, Task]]) -> list[dict[str, Any]]:
    """Tasks as the list shows them, with the names of their places."""
    codes = {task.area for _plugin, task in tasks if task.area.isdecimal()}
    names = area_names(work, codes) if codes else {}
    return [{**_task_line(work, plugin, task), "place": names.get(task.area, task.area)} for plugin, task in tasks]


def _task_line(work: UnitOfWork, plugin: str, task: Task) -> dict[str, Any]:
    """A task with its deadline in words."""
    manifest = work.host.plugin(plugin).manifest
    days = (task.due - work.today).days if task.due else None
    if days is None:
        due, state = "--", ""
    elif days < 0:
        due, state = _("已超 {days} 天", days=-days), "bad"
    elif days == 0:
        due, state = _("今天到期"), "warn"
    else:
        due, state = _("剩 {days} 天", days=days), "warn" if days <= SOON_DAYS else ""
    return {"task": task, "hue": manifest.hue, "origin": _(manifest.title), "due": due, "due_state": state}


def quick_links(work: UnitOfWork) -> list[dict[str, str]]:
    """What this person may begin from the desk: at most three, the first is the main one."""
    wishes = [
        ("household.change", _("登记新户"), "/households/new", "plus"),
        ("household.import", _("导入 Excel"), "/households/import", "file-spreadsheet"),
        ("account.set", _("新建账号"), "/accounts/new", "plus"),
        ("policy.set", _("政策参数"), "/policy", "list-checks"),
    ]
    return [
        {"title": title, "path": path, "icon": icon}
        for permission, title, path, icon in wishes
        if permission in work.host.permissions and work.may(permission)
    ][:3]


router = Router("/", route_handlers=[desk, pictures, tasks, menu])
