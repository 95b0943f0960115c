"""What grids bring to the desk and to the page of a household."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlmodel import col

from core.api import Panel, Task, Tile, UnitOfWork, _, facts_of, plural
from huimin_urban_grid import figures, queries, statistics, words
from huimin_urban_grid.models import Grid
from huimin_urban_grid.services import CHECK, HANDLE, SEND
from huimin_urban_grid.wishes import Narrow

_WAITS = {"found": SEND, "sent": HANDLE, "handled": CHECK, "checked": SEND}


def tiles(work: UnitOfWork) -> Iterable[Tile]:
    """The close rate of this month, and how many cases are open."""
    if not work.may(queries.SHOW):
        return []
    total = statistics.together(statistics.tallies(work, *statistics.first_and_last(None, work.today)).values())
    rate = figures.percent(figures.rate(total.closed, total.opened))
    note = _("本月立案 {opened}，未结 {open}，超期 {late}", opened=total.opened, open=total.opened - total.closed,
             late=total.late)  # fmt: skip
    return [Tile(title=_("网格案件结案率"), figure=rate, note=note, path="/urban-grid", order=90)]


def tasks(work: UnitOfWork) -> Iterable[Task]:
    """The cases whose next step is this person's, the nearest deadline first."""
    if not work.may(queries.SHOW):
        return
    for state, right in _WAITS.items():
        if not work.may(right):
            continue
        for one in queries.cases(work, Narrow(state=state, limit=20))[:20]:
            if work.may(right, one["area"]):
                yield Task(
                    title=_(words.STATES[state]), subject=one["place"], number=one["number"], due=one["due_on"],
                    area=one["area"], path=f"/urban-grid/cases/{one['id']}", state="bad" if one["late"] else "note",
                )  # fmt: skip


def panels(work: UnitOfWork, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    """The grid in which a household lives: who walks it, and how many cases wait there."""
    if not work.may(queries.SHOW):
        return []
    areas = {one.hukou_area for one in facts_of(work, person_ids).values()}
    codes = areas | {area[:9] for area in areas}
    wanted = {grid.id for grid in work.session.scalars(select(Grid).where(col(Grid.area).in_(codes)))}
    rows = [
        (f"{one['code']} {one['name']}", _("{inspector}，{open}", inspector=one["inspector"] or "--",
                                          open=plural("未结 {count} 宗", one["open"])))
        for one in queries.grids(work)
        if one["id"] in wanted
    ]  # fmt: skip
    return [Panel(title=_("所在网格"), rows=rows, path="/urban-grid/grids")] if rows else []
