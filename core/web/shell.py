"""What surrounds a page: the menu by right, the tabs of a phone, the count of what waits."""

import time
from collections import Counter
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING

from core.extension import TASKS_MAX
from core.texts import _, listed, plural
from core.web.access import holds
from core.web.current import Current, Site
from core.web.rendering import MenuGroup, MenuLine, Shell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.extension import Task
    from core.work import Actor, UnitOfWork

COUNT_SECONDS = 30
TASKS, IMPORTS = "/tasks", "/imports"
SEARCH = ("/people", "person.show")
"""Where the search of the top bar leads, and the right it needs."""
HOUSEHOLDS = ("/households", "household.show")
BELONGS = {
    "/attachments": "/households",
    "/funds/returned": "/funds/batches",
    "/funds/bank-files": "/funds/batches",
}
"""Pages that belong to a line of the menu with another address."""


def shell_of(now: Current, *, count: bool = True) -> Shell:
    """The shell of the page that answers this request."""
    county = now.site.host.settings.county
    actor = now.actor
    waiting, late = waiting_for(now.site, actor) if actor and count and not now.partial else (0, False)
    return Shell(
        county=county.name,
        bureau=county.office,
        version=version(),
        language=now.language,
        large=now.large,
        who=actor.title or actor.name if actor else "",
        office=_office(now, actor) if actor else "",
        phone=county.phone,
        path=now.path + (f"?{now.query}" if now.query else ""),
        search=SEARCH[0] if actor and _may(now.site, actor, SEARCH[1]) else "",
        help=now.path,
        said=now.said,
        demo=now.site.demo,
        menu=menu_of(now, waiting, late) if actor else (),
        tabs=tabs_of(now, waiting) if actor else (),
    )


@cache
def version() -> str:
    """The version of the installed product."""
    try:
        return metadata.version("huimin")
    except metadata.PackageNotFoundError:
        return "0"


def menu_of(now: Current, waiting: int = 0, late: bool = False) -> tuple[MenuGroup, ...]:
    """The side menu in its three groups, without what the reader has no right to."""
    titles = (("", ""), ("business", _("业务")), ("money", _("资金与监督")), ("administration", _("管理")))
    site, actor = now.site, now.who()
    lines: dict[str, list[MenuLine]] = {group: [] for group, _title in titles}
    for item in site.host.menu:
        if _may(site, actor, item.permission):
            lines[item.group].append(_line(now, _(item.title), item.path, item.icon))
    if any(_may(site, actor, one.permission) for one in site.host.imports.values()):
        lines["business"].append(_line(now, _("导入表格"), IMPORTS, "file-spreadsheet"))
    if lines[""]:
        lines[""].insert(1, _line(now, _("待办事项"), TASKS, "list-checks", waiting, late))
    _mark_nearest(now.path, lines)
    return tuple(MenuGroup(title, tuple(lines[group])) for group, title in titles if lines[group])


def tabs_of(now: Current, waiting: int) -> tuple[MenuLine, ...]:
    """The five tabs of a phone; 业务 leads to the whole menu, which the phone does not show at the side."""
    site, actor = now.site, now.who()
    tabs = [
        _line(now, _("工作台"), "/", "layout-dashboard"),
        _line(now, _("待办"), TASKS, "list-checks", waiting),
    ]
    if _may(site, actor, HOUSEHOLDS[1]):
        tabs.append(_line(now, _("家庭"), HOUSEHOLDS[0], "house"))
    tabs += [_line(now, _("业务"), "/menu", "layout-grid"), _line(now, _("我的"), "/profile", "user-round")]
    return tuple(tabs)


def _may(site: Site, actor: "Actor", permission: str) -> bool:
    return permission in site.host.permissions and holds(site.host, actor, permission)


def _line(now: Current, title: str, path: str, icon: str, count: int = 0, hot: bool = False) -> MenuLine:
    at = next(
        (home + now.path.removeprefix(own) for own, home in BELONGS.items() if now.path.startswith(own)), now.path
    )
    current = at == path or (path != "/" and at.startswith(f"{path}/"))
    return MenuLine(title, path, icon, current, count, hot)


def _mark_nearest(path: str, lines: dict[str, list[MenuLine]]) -> None:
    """Leave one line marked: /canteen/bookings marks itself and not /canteen as well."""
    marked = [line for group in lines.values() for line in group if line.current]
    nearest = max(marked, key=lambda line: len(line.path), default=None)
    for group in lines.values():
        for place, line in enumerate(group):
            if line.current and line is not nearest:
                group[place] = MenuLine(line.title, line.path, line.icon, False, line.count, line.hot)


def _office(now: Current, actor: "Actor") -> str:
    titles = [_(now.site.host.roles[grant.role].title) for grant in actor.grants if grant.role in now.site.host.roles]
    return listed(dict.fromkeys(titles[:2]))


def tasks_of(work: "UnitOfWork") -> "tuple[list[tuple[str, Task]], list[tuple[str, str]]]":
    """What waits for this reader, by deadline, and (plugin, number) of those that failed to say."""
    tasks: list[tuple[str, Task]] = []
    failed: list[tuple[str, str]] = []
    for shown in work.hooks.show("show_desk_tasks", work=work):
        if shown.failure:
            failed.append((shown.plugin, shown.failure))
        tasks += [(shown.plugin, task) for task in shown.entries]
    tasks.sort(key=lambda pair: (pair[1].due is None, pair[1].due, pair[1].number, pair[1].title))
    return tasks, failed


def are_all(tasks: "Sequence[tuple[str, Task]]") -> bool:
    """Whether nothing else waits: a plugin that brings as many as are asked for may have more."""
    return max(Counter(plugin for plugin, _task in tasks).values(), default=0) < TASKS_MAX


def in_words(tasks: "Sequence[tuple[str, Task]]") -> str:
    """How many they are."""
    if are_all(tasks):
        return plural("共 {count} 件", len(tasks))
    return _("最急的 {count} 件，办完后面的会接着出来", count=len(tasks))


def waiting_for(site: Site, actor: "Actor") -> tuple[int, bool]:
    """How many tasks wait for an account and whether one is late; asked again after half a minute."""
    known = site.counts.get(actor.account_id)
    if known and known[0] > time.monotonic():
        return known[1], known[2]
    with site.host.begin(actor, write=False) as work:
        tasks, _failed = tasks_of(work)
        late = any(task.due and task.due < work.today for _plugin, task in tasks)
    site.counts[actor.account_id] = (time.monotonic() + COUNT_SECONDS, len(tasks), late)
    return len(tasks), late
