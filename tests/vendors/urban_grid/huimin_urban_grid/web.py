"""Pages of grids: cases, one case, grids, the appraisal."""

from litestar import Request, Router, get
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from core.api import _, fitting
from core.web import State, begin, form_routes, guarded, more_path, page
from huimin_urban_grid import queries, statistics, words
from huimin_urban_grid.acts import ACTING
from huimin_urban_grid.services import KEEP, REPORT
from huimin_urban_grid.wishes import Narrow

SHOW = [guarded(queries.SHOW)]


@get("/", sync_to_thread=True, guards=SHOW)
def show_cases(
    request: Request, state_is: State = "", area: FromQuery[str] = "", after: FromQuery[int] = 0
) -> Template:
    """The newest cases."""
    wish = Narrow(state=state_is[:10], area=area[:12], after=after)
    with begin(request) as work:
        found = queries.cases(work, wish)
        may = work.may(REPORT)
    return page(
        "urban_grid/cases.html",
        block="list",
        tabs=_tabs("cases"),
        rows=found[: wish.limit],
        more=more_path("/urban-grid", found, wish.limit, state=wish.state, area=wish.area),
        given=wish,
        states=[(code, _(word)) for code, word in words.STATES.items()],
        tags={code: (_(word), words.TAGS[code]) for code, word in words.STATES.items()},
        categories={code: _(word) for code, word in words.CATEGORIES.items()},
        may_report=may,
    )


@get("/cases/{number:str}", sync_to_thread=True, guards=SHOW)
def show_case(request: Request, number: FromPath[str]) -> Template:
    """One case: what was found, its deadline, its steps."""
    with begin(request) as work:
        found = queries.show_case(work, number)
        acts = fitting(work, ACTING.rooms["cases"], found["area"], found["state"])
    days = _("{day}（{days} 个工作日）", day=found["due_on"], days=found["days"]) if found["due_on"] else ""
    rows = [
        (_("类别"), _(words.CATEGORIES[found["category"]])),
        (_("地点"), found["place"]),
        (_("情况"), found["text"]),
        (_("网格"), found["grid"]),
        (_("巡查员"), found["inspector"]),
        (_("发现日期"), found["found_on"].isoformat()),
        (_("处置单位"), found["office"]),
        (_("处置期限"), days),
        (_("退回次数"), str(found["returns"])),
    ]
    return page(
        "urban_grid/case.html",
        found=found,
        tag=(_(words.STATES[found["state"]]), words.TAGS[found["state"]]),
        trail=[(_("网格巡查"), "/urban-grid"), (found["number"], "")],
        base=f"/urban-grid/cases/{found['id']}",
        acts=acts,
        rows=rows,
        steps=[(one["on"].isoformat(), _(words.STEPS[one["step"]]), one["by"], one["note"]) for one in found["steps"]],
    )


@get("/grids", sync_to_thread=True, guards=SHOW)
def show_grids(request: Request) -> Template:
    """Grids with their inspectors: fixed area, fixed person, fixed duty."""
    with begin(request) as work:
        rows = queries.grids(work)
        may = work.may(KEEP)
    return page("urban_grid/grids.html", tabs=_tabs("grids"), rows=rows, may_keep=may)


@get("/grids/{number:str}", sync_to_thread=True, guards=SHOW)
def show_grid(request: Request, number: FromPath[str]) -> Template:
    """One grid, in the list of grids."""
    with begin(request) as work:
        own = queries.own_grid(work, number)
        rows = [row for row in queries.grids(work) if row["id"] == own.id]
        may = work.may(KEEP, own.area)
    return page("urban_grid/grids.html", tabs=_tabs("grids"), rows=rows, may_keep=may)


@get("/appraisal", sync_to_thread=True, guards=SHOW)
def show_appraisal(request: Request, month: FromQuery[str] = "") -> Template:
    """The appraisal of inspectors and towns in a month."""
    with begin(request) as work:
        asked = month if len(month) == 7 and month[:4].isdecimal() and month[4] == "-" else None
        inspectors, towns = statistics.inspectors(work, asked), statistics.towns(work, asked)
        shown = asked or work.today.isoformat()[:7]
    return page(
        "urban_grid/appraisal.html", tabs=_tabs("appraisal"), inspectors=inspectors, towns=towns, month=shown
    )  # fmt: skip


def _tabs(current: str) -> list[dict[str, object]]:
    named = (("cases", _("案件"), "/urban-grid"), ("grids", _("网格"), "/urban-grid/grids"),
             ("appraisal", _("考核"), "/urban-grid/appraisal"))  # fmt: skip
    return [{"title": title, "path": path, "current": name == current} for name, title, path in named]


router = Router(
    "/urban-grid",
    route_handlers=[show_cases, show_case, show_grids, show_grid, show_appraisal, *form_routes(ACTING)],
)
