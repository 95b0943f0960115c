"""Pages of the indicator catalogue: indicators, a period, targets, stated figures, reports, their forms and papers."""

from decimal import Decimal
from typing import Any

from litestar import Request, Router, get
from litestar.params import FromPath, FromQuery
from litestar.response import Response, Template

from core.api import Tile, UnitOfWork, _, area_names, fitting
from core.web import PAGE, State, begin, form_routes, guarded, more_path, page, paper, paper_pdf
from plugins.indicators import listing, showing
from plugins.indicators.acts import ACTING, HOME, ROOMS, STARTS, Room, list_path
from plugins.indicators.catalogue import plugin_titles
from plugins.indicators.papers import report_sheet
from plugins.indicators.periods import asked_for, neighbours
from plugins.indicators.services.common import KEEP, MAKE, county_of
from plugins.indicators.services.stating import unanswered
from plugins.indicators.words import COMPARATORS, KINDS, STATES

SHOW = [guarded("indicators.show")]
ORDER = ("not_met", "unknown", "pending", "met", "")


def _tabs(work: UnitOfWork, current: str) -> list[dict[str, Any]]:
    """The tabs of the reader: reports of the whole county are for who may see all of it."""
    whole = work.may("indicators.show", county_of(work))
    found = [("", _("指标目录"), HOME), ("period", _("完成情况"), f"{HOME}/period")]
    found += [(name, _(room.title), list_path(name)) for name, room in ROOMS.items() if whole or name != "reports"]
    return [{"title": title, "path": path, "current": name == current} for name, title, path in found]


@get("/", sync_to_thread=True, guards=SHOW)
def show_catalogue(
    request: Request, period: FromQuery[str] = "", plugin: FromQuery[str] = "", kind: FromQuery[str] = ""
) -> Template:
    """The catalogue: every indicator with its target in a period."""
    with begin(request) as work:
        one = asked_for(period, work.today)
        found = listing.list_indicators(work, one.text, plugin, kind)
        sources = plugin_titles(work)
        every = {line["plugin"] for line in listing.list_indicators(work, one.text)} if plugin or kind else set()
        may_keep = work.may(KEEP, county_of(work))
    groups: dict[str, list[dict[str, Any]]] = {}
    for line in found:
        groups.setdefault(line["plugin"], []).append(
            {
                "title": line["title"],
                "path": f"{HOME}/show/{line['name']}?period={one.text}",
                "name": line["name"],
                "kind": _(KINDS[line["kind"]]),
                "unit": line["unit"] or "--",
                "aims": [showing.aim(aim, line["unit"], line["kind"]) for aim in line["targets"]],
                "documents": [showing.document(aim["document"]) for aim in line["targets"]],
            }
        )
    return page(
        "indicators/catalogue.html",
        tabs=_tabs(work, ""),
        groups=[(sources.get(name, name), lines) for name, lines in groups.items()],
        count=len(found),
        given={"period": one.text, "plugin": plugin, "kind": kind},
        plugins=sorted((name, sources.get(name, name)) for name in (every or set(groups))),
        kinds=showing.titles(KINDS),
        may_keep=may_keep,
    )


@get("/show/{name:str}", sync_to_thread=True, guards=SHOW)
def show_indicator(request: Request, name: FromPath[str], period: FromQuery[str] = "") -> Template:
    """One indicator of a period, area by area."""
    with begin(request) as work:
        one = asked_for(period, work.today)
        found = listing.show_indicator(work, name, one.text)
        names = area_names(work, found.get("failing", ()))
        may_keep = work.may(KEEP, county_of(work))
    before, after = neighbours(one)
    lines = [
        {
            "name": row["name"],
            "cells": showing.area_cells(found, row),
            "tag": showing.state(row["state"]),
            "code": row["code"],
        }
        for row in found.get("areas", ())
    ]
    return page(
        "indicators/indicator.html",
        title=found["title"],
        one=found,
        failure=found.get("failure", ""),
        trail=[(_("指标目录"), HOME), (found["title"], "")],
        period=one,
        state=showing.state(found["state"]) if "state" in found else None,
        figures=_figures(found) if "value" in found else [],
        lines=lines,
        failing="、".join(names.get(code, code) for code in found.get("failing", ())),
        before=f"{HOME}/show/{name}?period={before}",
        after=f"{HOME}/show/{name}?period={after}",
        target=f"{HOME}/targets/new?indicator={name}&period={one.year}" if may_keep else "",
        excel=f"/reports/indicators-areas?name={name}&period={one.text}",
    )


def _figures(one: Any) -> list[Tile]:
    kind, unit = one["kind"], one["unit"]
    plain = "" if unit == "%" else unit
    found = [Tile(title=_("全县"), figure=showing.figure(one["value"], unit, kind), unit=plain)]
    if one["cumulative"]:
        found.append(Tile(title=_("本年累计"), figure=showing.figure(one["to_date"], unit, kind), unit=plain))
    if one["average"]:
        found.append(Tile(title=_("各乡镇平均"), figure=showing.figure(one["average"], unit, kind), unit=plain))
    if one["target"]:
        found.append(_aim_tile(one["target"], unit, kind))
    if one["gap"]:
        found.append(Tile(title=_("差距"), figure=showing.gap(one["gap"], unit, kind)))
    return found


def _aim_tile(target: Any, unit: str, kind: str) -> Tile:
    """The target: its figure large, the comparison and the document small."""
    word = _(COMPARATORS[target["comparator"]]) if target["value"] else ""
    day = _("{day} 前", day=target["due_on"]) if target["due_on"] else ""
    figure = showing.figure(target["value"], unit, kind) if target["value"] else str(target["due_on"])
    said = (word, day if target["value"] else "", showing.document(target["document"]))
    return Tile(title=_("目标"), figure=figure, note=" · ".join(part for part in said if part))


@get("/period", sync_to_thread=True, guards=SHOW)
def show_period(
    request: Request, period: FromQuery[str] = "", plugin: FromQuery[str] = "", state_is: State = "all"
) -> Template:
    """Every indicator of a period: met or not, and the stated figures that do not hold."""
    with begin(request) as work:
        report, lines = listing.period_report(work, period, plugin)
        one = report.stretch
        sources = plugin_titles(work)
        names = area_names(work, {code for line in lines for code in line["failing"]})
        wrong = listing.stated_lines(work, unanswered(work, one))
        may_make = work.may(MAKE, county_of(work))
    counts = {code: sum(line["state"] == code for line in lines) for code in ORDER}
    shown = [line for line in lines if state_is == "all" or line["state"] == state_is]
    before, after = neighbours(one)
    path = f"{HOME}/period?period={one.text}"
    return page(
        "indicators/period.html",
        tabs=_tabs(work, "period"),
        period=one,
        given={"period": one.text, "plugin": plugin},
        plugins=sorted({(line["plugin"], sources.get(line["plugin"], line["plugin"])) for line in lines}),
        failures=[(sources.get(name, name), reason) for name, reason in report.failures.items()],
        figures=[
            Tile(title=showing.state(code)[0], figure=str(counts[code]), unit=_("项"), path=f"{path}&state={code}")
            for code in ORDER
            if code
        ],
        states=[(code, _(word)) for code, word in STATES.items() if code],
        lines=[_line(line, sources, names, one.text) for line in shown],
        wrong=[(row["title"], row["told"], row["difference"], f"{HOME}/stated/{row['id']}") for row in wrong],
        before=f"{HOME}/period?period={before}",
        after=f"{HOME}/period?period={after}",
        tail=f"?period={one.text}" + (f"&plugin={plugin}" if plugin else ""),
        make=f"{HOME}/reports/new?period={one.text}" if may_make else "",
    )


def _line(line: Any, sources: Any, names: Any, period: str) -> dict[str, Any]:
    return {
        "path": f"{HOME}/show/{line['name']}?period={period}",
        "plugin": sources.get(line["plugin"], line["plugin"]),
        "cells": showing.summary_cells(line),
        "tag": showing.state(line["state"]),
        "failing": "、".join(names.get(code, code) for code in line["failing"]),
    }


def _list_route(name: str) -> Any:
    @get(f"/{name}", sync_to_thread=True, guards=SHOW)
    def show_room(
        request: Request, state_is: State = "", text: FromQuery[str] = "", after: FromQuery[int] = 0
    ) -> Template:
        """A list of one kind."""
        return _list(request, ROOMS[name], listing.Filter(state=state_is, text=text, after=after, limit=PAGE))

    return show_room


def _list(request: Request, room: Room, asked: listing.Filter) -> Template:
    wish = asked if asked.state in room.states else listing.Filter(text=asked.text, after=asked.after, limit=PAGE)
    with begin(request) as work:
        found = room.listed(work, wish)
        new = [
            (_(STARTS[start].title), f"{HOME}/{start}/new")
            for start in room.starts
            if work.may(STARTS[start].right, county_of(work))
        ]
    rows = [
        {
            "path": f"{HOME}/{room.name}/{one['number'] if room.name == 'reports' else one['id']}",
            "head": showing.head_of(room.name, one),
            "cells": showing.cells_of(room.name, one),
            "tag": showing.state_of(room.name, one),
        }
        for one in found[:PAGE]
    ]
    return page(
        "indicators/list.html",
        block="list",
        tabs=_tabs(work, room.name),
        title=_(room.title),
        rows=rows,
        path=list_path(room.name),
        given=wish,
        narrowed=bool(wish.state or wish.text),
        states=showing.titles(room.states),
        label=_(room.label),
        more=more_path(list_path(room.name), found, PAGE, state=wish.state, text=wish.text),
        new=new,
        links=_links(room.name),
    )


def _links(name: str) -> list[tuple[str, str, str]]:
    if name == "stated":
        return [(_("填报数核对表"), "/reports/indicators-stated", "file-spreadsheet")]
    if name == "targets":
        return [(_("导入目标"), "/imports/indicators-targets", "upload")]
    return [(_("各业务指标达标统计"), "/reports/indicators-plugins", "file-spreadsheet")]


def _single_route(name: str) -> Any:
    @get(f"/{name}/{{number:str}}", sync_to_thread=True, guards=SHOW)
    def show_one(request: Request, number: FromPath[str]) -> Template:
        """One thing: its cards, and what may be done."""
        return _single(request, ROOMS[name], number)

    return show_one


def _single(request: Request, room: Room, number: str) -> Template:
    with begin(request) as work:
        found = room.shown(work, number)
        fit = fitting(work, room, found["area"] or county_of(work), found["state"])
        sources = plugin_titles(work)
    key = found["number"] if room.name == "reports" else found["id"]
    links = []
    if room.name == "reports":
        links = [
            (_("打印"), f"{HOME}/papers/{key}", "printer"),
            (_("明细"), f"/reports/indicators-issued?number={key}", "file-spreadsheet"),
        ]
    rows = [row for row in found.get("rows", ()) if not row["area"]]
    return page(
        "indicators/detail.html",
        title=showing.head_of(room.name, found),
        state=showing.state_of(room.name, found),
        base=f"{HOME}/{room.name}/{key}",
        trail=[(_("指标目录"), HOME), (_(room.title), list_path(room.name)), (showing.head_of(room.name, found), "")],
        acts=fit,
        cards=showing.cards_of(room.name, found),
        links=links,
        rows=[(_frozen(row, sources), showing.state(row["state"])) for row in rows],
        wrong=[
            (row["title"], row["told"], row["acknowledged_by"], row["acknowledgement"], f"{HOME}/stated/{row['id']}")
            for row in found.get("contradictions", ())
        ],
    )


def _frozen(row: Any, sources: Any) -> tuple[str, ...]:
    from plugins.indicators.statistics import frozen_cells

    return tuple(f"{one:,}" if isinstance(one, Decimal | int) else one or "" for one in frozen_cells(row, sources))


@get("/papers/{number:str}", sync_to_thread=True, guards=SHOW)
def show_paper(request: Request, number: FromPath[str]) -> Template:
    """A report on the screen as it is printed."""
    with begin(request) as work:
        sheet = report_sheet(work, number)
    return paper(sheet, back=f"{HOME}/reports/{number}", pdf_path=f"{HOME}/papers/{number}/pdf")


@get("/papers/{number:str}/pdf", sync_to_thread=True, guards=SHOW)
def paper_as_pdf(request: Request, number: FromPath[str]) -> Response[bytes]:
    """A report as PDF."""
    with begin(request) as work:
        return paper_pdf(report_sheet(work, number))


router = Router(
    HOME,
    route_handlers=[
        show_catalogue, show_indicator, show_period, show_paper, paper_as_pdf, *(_list_route(name) for name in ROOMS),
        *(_single_route(name) for name in ROOMS), *form_routes(ACTING),
    ],
)  # fmt: skip
