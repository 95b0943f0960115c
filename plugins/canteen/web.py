"""Pages of canteens: sites, diners, settlements, inspections, operators, rates; their papers and exports."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response, Template

from core.api import Act, Refused, Tile, UnitOfWork, _, entries_of, fitting, format_money, mark
from core.web import (
    FormData,
    FormOf,
    State,
    begin,
    download,
    guarded,
    more_path,
    page,
    paper,
    paper_pdf,
    read_form,
    wish_page,
)
from plugins.canteen import queries, showing, wishes, words
from plugins.canteen.acts import ACTING, STARTS, list_path
from plugins.canteen.exporting import export_meals
from plugins.canteen.papers import paper_of
from plugins.canteen.queries import Filter
from plugins.canteen.services.catering import menus_of

SHOW = [guarded("canteen.show")]
ROOMS = ACTING.rooms
INSPECTION_STATES: Mapping[str, str] = {
    **words.SEVERITIES, "waiting": mark("待整改"), "overdue": mark("整改逾期"), "rectified": mark("已整改"),
}  # fmt: skip


@get("/", sync_to_thread=True, guards=SHOW)
def show_sites(
    request: Request,
    state_is: State = "",
    area: FromQuery[str] = "",
    text: FromQuery[str] = "",
    after: FromQuery[int] = 0,
) -> Template:
    """Sites of one's areas."""
    wish = Filter(state=state_is if state_is in words.STATES else "", area=area, text=text, after=after)
    with begin(request) as work:
        found = queries.list_sites(work, wish)
        new = _new(work, "sites")
        links = _links(work)
    rows = [
        _row(
            f"/canteen/sites/{one['id']}",
            one["number"],
            [
                (_("名称"), one["name"]),
                (_("所在村（社区）"), one["place"]),
                (_("类型"), _(words.KINDS[one["kind"]])),
                (_("许可有效至"), showing.day(one["licence_to"])),
            ],
            showing.state_tag(words.STATES, one["state"]),
        )
        for one in found[: wish.limit]
    ]
    return _list("sites", rows, wish, words.STATES, found, new, label=_("编号或名称"), links=links)


@get("/diners", sync_to_thread=True, guards=[guarded("canteen.diners")])
def show_diners(
    request: Request, state_is: State = "", area: FromQuery[str] = "", after: FromQuery[int] = 0
) -> Template:
    """Diners with their tier of today; that the list was read is recorded."""
    wish = Filter(state=state_is if state_is in words.DINER_STATES else "", area=area, after=after)
    with begin(request) as work:
        found = queries.list_diners(work, wish)
        new = _new(work, "diners")
    rows = [
        _row(
            f"/canteen/diners/{one['id']}",
            one["name"],
            [
                (_("年龄"), "--" if one["age"] is None else str(one["age"])),
                (_("档次"), one["tier"]),
                (_("区划"), one["place"]),
                (_("常去的站点"), one["site_name"]),
            ],
            showing.state_tag(words.DINER_STATES, one["state"]),
        )
        for one in found[: wish.limit]
    ]
    return _list("diners", rows, wish, words.DINER_STATES, found, new, head=_("姓名"))


@get("/settlements", sync_to_thread=True, guards=SHOW)
def show_settlements(
    request: Request,
    state_is: State = "",
    area: FromQuery[str] = "",
    text: FromQuery[str] = "",
    after: FromQuery[int] = 0,
) -> Template:
    """Settlements, newest first."""
    wish = Filter(state=state_is if state_is in words.SETTLEMENT_STATES else "", area=area, text=text, after=after)
    with begin(request) as work:
        found = queries.list_settlements(work, wish)
        new = _new(work, "settlements")
        links = [
            (_(STARTS[room].title), f"/canteen/{room}/new", "banknote")
            for room in ("payments", "grant-payments")
            if work.may(STARTS[room].right)
        ]
    rows = [
        _row(
            f"/canteen/settlements/{one['id']}",
            f"{one['site']} {one['month']}",
            [
                (_("站点"), one["site_name"]),
                (_("餐数"), f"{one['meals']:,}"),
                (_("就餐补贴（元）"), format_money(one["diner_subsidy_fen"])),
                (_("申报金额（元）"), format_money(one["claim_fen"])),
            ],
            showing.state_tag(words.SETTLEMENT_STATES, one["state"]),
        )
        for one in found[: wish.limit]
    ]
    return _list("settlements", rows, wish, words.SETTLEMENT_STATES, found, new, label=_("月份"), links=links)


@get("/inspections", sync_to_thread=True, guards=SHOW)
def show_inspections(
    request: Request, state_is: State = "", area: FromQuery[str] = "", after: FromQuery[int] = 0
) -> Template:
    """Inspections, newest first."""
    states = {code: word for code, word in INSPECTION_STATES.items() if code != "rectified"}
    wish = Filter(state=state_is if state_is in states else "", area=area, after=after)
    with begin(request) as work:
        found = queries.list_inspections(work, wish)
    rows = [
        _row(
            f"/canteen/inspections/{one['id']}",
            one["number"],
            [
                (_("站点"), one["site_name"]),
                (_("检查日期"), showing.day(one["inspected_on"])),
                (_("得分"), str(one["score"])),
                (_("整改期限"), showing.day(one["deadline"])),
            ],
            _inspection_tag(one),
        )
        for one in found[: wish.limit]
    ]
    return _list("inspections", rows, wish, states, found, None)


@get("/operators", sync_to_thread=True, guards=SHOW)
def show_operators(request: Request, text: FromQuery[str] = "", after: FromQuery[int] = 0) -> Template:
    """Operators of the county."""
    wish = Filter(text=text, after=after)
    with begin(request) as work:
        found = queries.list_operators(work, wish)
        new = _new(work, "operators")
    rows = [
        _row(
            f"/canteen/operators/{one['id']}",
            one["name"],
            [(_("统一社会信用代码"), one["code"]), (_("联系人"), one["contact"]), (_("站点数"), str(one["sites"]))],
            (_(words.OPERATORS[one["kind"]]), ""),
        )
        for one in found[: wish.limit]
    ]
    return _list("operators", rows, wish, {}, found, new, label=_("统一社会信用代码"), head=_("经营者名称"))


@get("/rates", sync_to_thread=True, guards=SHOW)
def show_rates(request: Request, on: FromQuery[date | None] = None) -> Template:
    """The rates of a day and the documents behind them."""
    with begin(request) as work:
        day = on or work.today
        found = queries.show_rates(work, day)
        documents = queries.list_policies(work)
        new = _new(work, "policies")
    cards = [
        *showing.rates_cards(found),
        (
            _("已导入的文件"),
            [
                (one["document"], f"{one['title']} · {showing.day(one['valid_from'])} – {showing.day(one['valid_to'])}")
                for one in documents
            ],
        ),
    ]
    title = _("{day} 的补贴标准", day=day.isoformat())
    links = [(*new, "upload")] if new else []
    return _page(_("补贴标准"), title, ("", ""), "/canteen/rates", [], cards, links=links, trail=[(_("补贴标准"), "")])


def _inspection_tag(one: Mapping[str, Any]) -> tuple[str, str]:
    if one["overdue"]:
        return _("整改逾期"), "bad"
    if one["rectified_on"]:
        return _("已整改"), "ok"
    return showing.state_tag(words.SEVERITIES, one["severity"])


def _row(path: str, head: str, cells: Sequence[tuple[str, str]], tag: tuple[str, str]) -> dict[str, Any]:
    return {"path": path, "head": head, "cells": cells, "tag": tag}


def _new(work: UnitOfWork, room: str) -> tuple[str, str] | None:
    start = STARTS[room]
    return (_(start.title), f"/canteen/{room}/new") if work.may(start.right) else None


def _links(work: UnitOfWork) -> list[tuple[str, str, str]]:
    """What else there is: rates, reports, terminals, doubled meals, the export."""
    found = [
        (_("补贴标准"), "/canteen/rates", "scale"),
        (_("指标"), "/reports/canteen-indicators", "file-spreadsheet"),
        (_("月度公示"), "/reports/canteen-sites", "file-spreadsheet"),
        (_("分档统计"), "/reports/canteen-tiers", "file-spreadsheet"),
        (_("柜台终端"), "/canteen/terminals", "credit-card"),
    ]
    if work.may("canteen.check"):
        found.append((_("待处理的用餐记录"), "/canteen/conflicts", "list-checks"))
    if work.may("canteen.decide"):
        found.append((_("登记年度计划"), "/canteen/targets/new", "flag"))
    if work.may("canteen.export"):
        found.append((_("导出用餐记录"), "/canteen/export", "download"))
    return found


def _list(
    room: str, rows: Sequence[Any], wish: Filter, states: Mapping[str, str], found: Sequence[Mapping[str, Any]],
    new: tuple[str, str] | None, *, label: str = "", head: str = "", links: Sequence[Any] = (),
) -> Template:  # fmt: skip
    more = more_path(list_path(room), found, wish.limit, state=wish.state, area=wish.area, text=wish.text)
    tabs = [{"title": _(one.title), "path": list_path(name), "current": name == room} for name, one in ROOMS.items()]
    return page(
        "canteen/list.html",
        block="list",
        tabs=tabs,
        title=_(ROOMS[room].title),
        rows=rows,
        path=list_path(room),
        given=wish,
        narrowed=bool(wish.state or wish.area or wish.text),
        states=showing.titles(states),
        by_area=room != "operators",
        label=label,
        head=head or _("编号"),
        more=more,
        new=new,
        links=links,
    )


@get("/sites/{number:str}", sync_to_thread=True, guards=SHOW)
def show_site(request: Request, number: FromPath[str]) -> Template:
    """One site: licence, sets, contracts, states, checks, grants."""
    with begin(request) as work:
        found = queries.show_site(work, number)
        fit = fitting(work, ROOMS["sites"], found["area"], found["state"])
        serve = work.may("canteen.serve", found["area"]) and found["state"] in ("trial", "open")
        menus = menus_of(work, found["id"], work.today)
    base = f"/canteen/sites/{found['id']}"
    links = [
        (_("价格和补贴公示"), f"/canteen/papers/board/{found['number']}", "printer"),
        (_("一周菜单"), f"/canteen/papers/menu/{found['number']}", "printer"),
    ]
    if serve:
        links.insert(0, (_("收银窗口"), f"/canteen/counter/{found['number']}", "utensils"))
    if found["accepted_on"]:
        links.append((_("验收报告"), f"/canteen/papers/acceptance/{found['number']}", "printer"))
    tables = [
        (
            _("检查"),
            [
                (one["number"], f"{showing.day(one['inspected_on'])} · {_('{score} 分', score=one['score'])} · "
                 f"{_(words.SEVERITIES[one['severity']])}", f"/canteen/inspections/{one['id']}")
                for one in found["inspections"]
            ],
        ),
        (
            _("结算"),
            [
                (one["month"], f"{showing.yuan(one['claim_fen'])} · {_(words.SETTLEMENT_STATES[one['state']])}",
                 f"/canteen/settlements/{one['id']}")
                for one in found["settlements"]
            ],
        ),
    ]  # fmt: skip
    cards = showing.site_cards(found)
    if menus:
        lines = [(_(words.WEEKDAYS[str(one.weekday)]), f"{one.set_code} · {one.dishes}") for one in menus]
        cards.insert(2, (_("本周菜单"), lines))
    tag = showing.state_tag(words.STATES, found["state"])
    return _page(found["name"], found["number"], tag, base, fit, cards, room="sites", links=links, tables=tables)


@get("/diners/{number:str}", sync_to_thread=True, guards=[guarded("canteen.diners")])
def show_diner(request: Request, number: FromPath[str]) -> Template:
    """One diner; opening the file is recorded."""
    with begin(request) as work:
        found = queries.show_diner(work, number)
        fit = [
            one
            for one in fitting(work, ROOMS["diners"], found["area"], found["state"])
            if one.name != "end-card" or any(card["ended_on"] is None for card in found["cards"])
        ]
    figures = [
        Tile(title=_("今天的档次"), figure=found["tier"] or "--"),
        Tile(title=_("每餐补贴"), figure=format_money(found["rate_fen"]), unit=_("元")),
    ]
    links = [(_("就餐登记表"), f"/canteen/papers/enrolment/{found['id']}", "printer")]
    tag = showing.state_tag(words.DINER_STATES, found["state"])
    return _page(
        found["name"], found["site_name"], tag, f"/canteen/diners/{found['id']}", fit, showing.diner_cards(found),
        room="diners", links=links, figures=figures,
    )  # fmt: skip


@get("/settlements/{number:str}", sync_to_thread=True, guards=SHOW)
def show_settlement(request: Request, number: FromPath[str]) -> Template:
    """One settlement: what was counted and how the claim follows."""
    with begin(request) as work:
        found = queries.show_settlement(work, number)
        fit = fitting(work, ROOMS["settlements"], found["area"], found["state"])
    figures = [
        Tile(title=_("补贴餐数"), figure=f"{found['meals']:,}", unit=_("餐")),
        Tile(title=_("就餐补贴"), figure=format_money(found["diner_subsidy_fen"]), unit=_("元")),
        Tile(title=_("运营补贴"), figure=format_money(found["operating_subsidy_fen"]), unit=_("元")),
        Tile(title=_("申报金额"), figure=format_money(found["claim_fen"]), unit=_("元")),
    ]
    links = [(_("结算单"), f"/canteen/papers/settlement/{found['id']}", "printer")]
    tag = showing.state_tag(words.SETTLEMENT_STATES, found["state"])
    title = f"{found['site_name']} {found['month']}"
    base = f"/canteen/settlements/{found['id']}"
    return _page(
        title, found["site"], tag, base, fit, showing.settlement_cards(found), room="settlements", links=links,
        figures=figures, bar=showing.split_of(found),
    )  # fmt: skip


@get("/inspections/{number:str}", sync_to_thread=True, guards=SHOW)
def show_inspection(request: Request, number: FromPath[str]) -> Template:
    """One inspection."""
    with begin(request) as work:
        found = queries.show_inspection(work, number)
        fit = fitting(work, ROOMS["inspections"], found["area"], found["state"])
    links = [
        (_("打印通知书"), f"/canteen/papers/notice/{found['number']}", "printer"),
        (found["site_name"], f"/canteen/sites/{found['site']}", "store"),
    ]
    base = f"/canteen/inspections/{found['id']}"
    cards = showing.inspection_cards(found)
    sub = found["site_name"]
    return _page(found["number"], sub, _inspection_tag(found), base, fit, cards, room="inspections", links=links)


@get("/operators/{number:str}", sync_to_thread=True, guards=SHOW)
def show_operator(request: Request, number: FromPath[str]) -> Template:
    """One operator: account, contracts, sites."""
    with begin(request) as work:
        found = queries.show_operator(work, number)
        fit = [one for one in ROOMS["operators"].acts.values() if work.may(one.right)]
    sites = [
        (one["number"], f"{one['name']} · {_(words.STATES[one['state']])}", f"/canteen/sites/{one['id']}")
        for one in found["sites"]
    ]
    base, cards = f"/canteen/operators/{found['id']}", showing.operator_cards(found)
    tag = (_(words.OPERATORS[found["kind"]]), "")
    return _page(found["name"], found["code"], tag, base, fit, cards, room="operators", tables=[(_("站点"), sites)])


def _page(
    title: str, sub: str, tag: tuple[str, str], base: str, fit: Sequence[Act], cards: Sequence[Any], *,
    room: str = "", links: Sequence[Any] = (), tables: Sequence[Any] = (), figures: Sequence[Tile] = (),
    trail: Sequence[tuple[str, str]] = (), bar: Mapping[str, Any] | None = None,
) -> Template:  # fmt: skip
    steps = trail or [(_(ROOMS[room].title), list_path(room)), (title, "")]
    return page(
        "canteen/detail.html",
        title=title,
        sub=sub,
        state=tag if tag[0] else None,
        base=base,
        trail=[(_("长者食堂"), "/canteen"), *steps],
        acts=fit,
        cards=cards,
        links=links,
        tables=tables,
        figures=figures,
        bar=bar,
    )


@get("/papers/{kind:str}/{number:str}", sync_to_thread=True, guards=SHOW)
def show_paper(request: Request, kind: FromPath[str], number: FromPath[str]) -> Template:
    """A paper on the screen."""
    with begin(request) as work:
        sheet = paper_of(work, kind, number)
    homes = {
        "enrolment": "diners", "settlement": "settlements", "notice": "inspections", "acceptance": "sites",
        "board": "sites", "menu": "sites",
    }  # fmt: skip
    back = f"/canteen/{homes[kind]}/{number}" if kind in homes else "/canteen"
    return paper(sheet, back=back, pdf_path=f"/canteen/papers/{kind}/{number}/pdf")


@get("/papers/{kind:str}/{number:str}/pdf", sync_to_thread=True, guards=SHOW)
def paper_as_pdf(request: Request, kind: FromPath[str], number: FromPath[str]) -> Response[bytes]:
    """A paper as PDF."""
    with begin(request) as work:
        return paper_pdf(paper_of(work, kind, number))


@get("/export", sync_to_thread=True, guards=[guarded("canteen.export")])
def ask_export(request: Request) -> Template:
    """The period and reason of an export."""
    return _export_form({})


@post("/export", sync_to_thread=True, guards=[guarded("canteen.export")])
def export(request: Request, data: FormData) -> Template | Response[bytes]:
    """The CSV of meals for audit; that it was made is recorded."""
    try:
        wish = read_form(wishes.ExportMeals, data)
        with begin(request) as work:
            content, _count = export_meals(work, wish)
            name = f"canteen-{wish.since.isoformat()}-{wish.until.isoformat()}.csv"
    except Refused as refusal:
        return _export_form(data, refusal.objections)
    return download(content, name, "text/csv; charset=utf-8")


def _export_form(values: Any, wrong: Any = ()) -> Template:
    title = _("导出用餐记录")
    form = FormOf(
        title=title,
        trail=[(_("长者食堂"), "/canteen"), (title, "")],
        action="/canteen/export",
        back="/canteen",
        entries=entries_of(wishes.ExportMeals, long=ACTING.long),
    )
    return wish_page(form, values, wrong)


router = Router(
    "/canteen",
    route_handlers=[
        show_sites, show_diners, show_settlements, show_inspections, show_operators, show_rates, show_site, show_diner,
        show_settlement, show_inspection, show_operator, show_paper, paper_as_pdf, ask_export, export,
    ],
)  # fmt: skip
