"""Pages of voluntary service: volunteers, teams, activities, hours, certificates, their forms and papers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response, Template
from markupsafe import Markup

from core.api import Act, Refused, Sheet, Tile, UnitOfWork, _, calendar_of, entries_of, fitting, mark, qr
from core.web import (
    FormData,
    FormOf,
    State,
    Year,
    begin,
    download,
    form_routes,
    guarded,
    look,
    more_path,
    page,
    paper,
    paper_pdf,
    read_form,
    see_other,
    wish_page,
)
from plugins.volunteers import acts, listing, queries, showing, wishes, words
from plugins.volunteers.acts import ACTING, NEW, list_path
from plugins.volunteers.exporting import export_csv
from plugins.volunteers.papers import paper_of
from plugins.volunteers.queries import Filter
from plugins.volunteers.services.attending import holder_of
from plugins.volunteers.services.proving import OWNERS, files_of

SHOW = [guarded("volunteers.show")]
ROOMS = ACTING.rooms


@get("/", sync_to_thread=True, guards=SHOW)
def show_volunteers(
    request: Request,
    state_is: State = "",
    area: FromQuery[str] = "",
    number: FromQuery[str] = "",
    after: FromQuery[int] = 0,
) -> Template:
    """Volunteers of one's areas."""
    wish = Filter(state=state_is if state_is in words.STATES else "", area=area, text=number, after=after)
    with begin(request) as work:
        found = queries.list_volunteers(work, wish)
        may = {name: work.may(f"volunteers.{name}") for name in ("keep", "export")}
    rows = [
        list_row(
            f"/volunteers/people/{one['id']}",
            one["number"],
            [
                (_("姓名"), one["name"]),
                (_("区划"), one["place"]),
                (_("小时"), str(one["hours"])),
                (_("星级"), str(one["stars"])),
            ],
            showing.state_tag(words.STATES, one["state"]),
        )
        for one in found[: wish.limit]
    ]
    more = more_path("/volunteers", found, wish.limit, state=wish.state, area=wish.area, number=number)
    return list_page(
        "people", _("志愿者"), rows, wish, words.STATES, more, may["keep"], export=may["export"], label=_("编号")
    )


@get("/teams", sync_to_thread=True, guards=SHOW)
def show_teams(
    request: Request,
    state_is: State = "",
    area: FromQuery[str] = "",
    number: FromQuery[str] = "",
    after: FromQuery[int] = 0,
) -> Template:
    """Organisations and teams."""
    wish = Filter(state=state_is if state_is in words.ORG_STATES else "", area=area, text=number, after=after)
    with begin(request) as work:
        found = listing.list_orgs(work, wish)
        may = work.may("volunteers.keep")
    rows = [
        list_row(
            f"/volunteers/teams/{one['id']}",
            one["name"],
            [
                (_("负责人"), one["leader"]),
                (_("区划"), one["place"]),
                (_("队员"), str(one["members"])),
                (_("小时"), str(one["hours"])),
            ],
            showing.state_tag(words.ORG_STATES, one["state"]),
        )
        for one in found[: wish.limit]
    ]
    more = more_path("/volunteers/teams", found, wish.limit, state=wish.state, area=wish.area, number=number)
    return list_page("teams", _("组织和队伍"), rows, wish, words.ORG_STATES, more, may, label=_("名称"))


@get("/activities", sync_to_thread=True, guards=SHOW)
def show_activities(
    request: Request,
    state_is: State = "",
    area: FromQuery[str] = "",
    number: FromQuery[str] = "",
    after: FromQuery[int] = 0,
) -> Template:
    """Activities, newest first."""
    wish = Filter(state=state_is if state_is in words.ACTIVITY_STATES else "", area=area, text=number, after=after)
    with begin(request) as work:
        found = listing.list_activities(work, wish)
        may = work.may("volunteers.plan")
    rows = [
        list_row(
            f"/volunteers/activities/{one['id']}",
            one["number"],
            [
                (_("活动"), one["title"]),
                (_("组织方"), one["org"]),
                (_("时间"), showing.at(one["starts_at"])),
                (_("招募"), f"{one['accepted']} / {one['slots']}"),
            ],
            showing.state_tag(words.ACTIVITY_STATES, one["state"]),
        )
        for one in found[: wish.limit]
    ]
    more = more_path("/volunteers/activities", found, wish.limit, state=wish.state, area=wish.area, number=number)
    return list_page("activities", _("活动"), rows, wish, words.ACTIVITY_STATES, more, may, label=_("编号"))


@get("/hours", sync_to_thread=True, guards=SHOW)
def show_hours(
    request: Request, state_is: State = "", area: FromQuery[str] = "", after: FromQuery[int] = 0
) -> Template:
    """Service records, newest first."""
    states = {**words.RECORD_STATES, "late": mark("补登的")}
    wish = Filter(state=state_is if state_is in states else "", area=area, after=after)
    with begin(request) as work:
        found = queries.list_records(work, wish)
        may = work.may("volunteers.record")
    rows = [
        list_row(
            f"/volunteers/hours/{one['id']}",
            str(one["id"]),
            [
                (_("志愿者"), f"{one['volunteer']} {one['name']}"),
                (_("服务内容"), one["content"] or _(words.RECORD_KINDS[one["kind"]])),
                (_("日期"), one["served_on"].isoformat()),
                (_("小时"), str(one["hours"])),
            ],
            showing.state_tag(words.RECORD_STATES, one["state"]),
        )
        for one in found[: wish.limit]
    ]
    more = more_path("/volunteers/hours", found, wish.limit, state=wish.state, area=wish.area)
    return list_page("hours", _("服务时长"), rows, wish, states, more, may)


def list_row(path: str, head: str, cells: Sequence[tuple[str, str]], tag: tuple[str, str]) -> dict[str, Any]:
    """A line of a list: where it leads, its first cell, the others, its state."""
    return {"path": path, "head": head, "cells": cells, "tag": tag}


def list_page(
    room: str, title: str, rows: Sequence[Any], wish: Filter, states: Mapping[str, str], more: str, may: bool,
    *, export: bool = False, label: str = "",
) -> Template:  # fmt: skip
    """A list with its tabs, filter and pager."""
    tabs = [
        {
            "title": _(one.title),
            "path": "/volunteers" + ("" if name == "people" else f"/{name}"),
            "current": name == room,
        }
        for name, one in ROOMS.items()
        if name != "certificates"
    ]
    return page(
        "volunteers/list.html",
        block="list",
        tabs=tabs,
        title=title,
        rows=rows,
        path="/volunteers" + ("" if room == "people" else f"/{room}"),
        given=wish,
        narrowed=bool(wish.state or wish.area or wish.text),
        states=showing.titles(states),
        label=label,
        more=more,
        new=(_(NEW[room].title), f"/volunteers/{room}/new") if may else None,
        carry=may and room == "hours",
        export=export,
    )


@get("/people/{number:str}", sync_to_thread=True, guards=SHOW)
def show_volunteer(request: Request, number: FromPath[str]) -> Template:
    """One volunteer: hours, stars, records, the code of the card. It is recorded."""
    with begin(request) as work:
        found = queries.show_volunteer(work, number)
        token = queries.own_volunteer(work, number).token
        minor = found["age"] is not None and found["age"] < work.policy("volunteers.adult_age")
        fit = [one for one in fitting_acts(work, "people", found) if one.name != "consent" or minor]
        certify = work.may("volunteers.certify", found["area"])
        files, upload = _files(work, "people", found)
    figures = [
        Tile(title=_("累计时长"), figure=str(found["hours"]), unit=_("小时")),
        Tile(title=_("星级"), figure=str(found["stars"]), unit=_("星")),
        Tile(title=_("培训学时"), figure=str(found["training_hours"]), unit=_("学时")),
    ]
    base = f"/volunteers/people/{found['id']}"
    links = [(_("志愿者卡"), f"/volunteers/papers/card/{found['id']}", "printer"),
             (_("服务协议"), f"/volunteers/papers/agreement/{found['id']}", "printer")]  # fmt: skip
    if certify:
        words_ = urlencode({"volunteer": found["number"]})
        links.append((_("出具服务证明"), f"/volunteers/certificates/new?{words_}", "file-check"))
        links.append((_("登记证明申请"), f"/volunteers/requests/new?{words_}", "file-search"))
    links += [(made["number"], f"/volunteers/certificates/{made['id']}", "file-text") for made in found["certificates"]]
    links += upload
    return detail_page(
        "people", found["number"], found["name"], showing.state_tag(words.STATES, found["state"]), base, fit,
        showing.volunteer_cards(found), figures=figures, links=links,
        records=[(*showing.record_row(one), f"/volunteers/hours/{one['id']}") for one in found["records"]],
        files=files,
        code=Markup(_drawn(_card_address(request, token))),  # noqa: S704 - drawn by the core, from a random token
    )  # fmt: skip


def _drawn(address: str) -> str:
    """A code at the size of a card; the core draws it without one."""
    return qr(address).replace("<svg ", '<svg width="180" height="180" ', 1)


def _card_address(request: Request, token: str) -> str:
    """What the code of a card says: the address that a telephone opens at the site; random letters, no number."""
    return f"{str(request.url).split('/volunteers/')[0]}/volunteers/card/{token}"


@get("/teams/{number:str}", sync_to_thread=True, guards=SHOW)
def show_team(request: Request, number: FromPath[str], year: Year = None) -> Template:
    """One organisation: members, months, complaints."""
    with begin(request) as work:
        found = listing.show_org(work, number, year)
        fit = [one for one in fitting_acts(work, "teams", found) if one.name != "activate" or found["relief"]]
        files, upload = _files(work, "teams", found)
    tag = showing.state_tag(words.ORG_STATES, found["state"])
    base = f"/volunteers/teams/{found['id']}"
    return detail_page(
        "teams", found["name"], found["place"], tag, base, fit, showing.org_cards(found), links=upload, files=files
    )


@get("/activities/{number:str}", sync_to_thread=True, guards=SHOW)
def show_activity(request: Request, number: FromPath[str]) -> Template:
    """One activity: steps, shifts, sign-ups, hours."""
    with begin(request) as work:
        found = listing.show_activity(work, number)
        fit = [one for one in fitting_acts(work, "activities", found) if one.name != "sign"]
        files, upload = _files(work, "activities", found)
        site = work.may("volunteers.record", found["area"]) and found["state"] in acts.ACTIVITY_ACTS["sign"].states
    base = f"/volunteers/activities/{found['id']}"
    links = [(_("签到表"), f"/volunteers/papers/sheet/{found['id']}", "printer")]
    if site:
        links.insert(0, (_("现场签到"), f"/volunteers/site/{found['id']}", "qr-code"))
    tag = showing.state_tag(words.ACTIVITY_STATES, found["state"])
    return detail_page(
        "activities", found["number"], found["title"], tag, base, fit, showing.activity_cards(found),
        links=[*links, *upload], files=files, signups=found["signups"],
        signup_states={code: showing.state_tag(words.SIGNUP_STATES, code) for code in words.SIGNUP_STATES},
        records=[(*showing.record_row(one), f"/volunteers/hours/{one['id']}") for one in found["records"]],
    )  # fmt: skip


@get("/hours/{number:str}", sync_to_thread=True, guards=SHOW)
def show_record(request: Request, number: FromPath[str]) -> Template:
    """One service record."""
    with begin(request) as work:
        one = queries.own_record(work, number)
        work.record_read("volunteers.file_read", f"volunteer:{one.volunteer_id}", area=one.area)
        found = queries.record_lines(work, [one])[0]
        fit = [act for act in fitting_acts(work, "hours", found) if one.kind != "reversal"]
        files, upload = _files(work, "hours", found)
    fit = [act for act in fit if act.name != "confirm" or not found["mine"]]
    tag = showing.state_tag(words.RECORD_STATES, found["state"])
    title = _("服务记录 {id}", id=found["id"])
    base = f"/volunteers/hours/{found['id']}"
    return detail_page(
        "hours", title, found["org"], tag, base, fit, showing.record_cards(found), links=upload, files=files
    )


@get("/certificates/{number:str}", sync_to_thread=True, guards=SHOW)
def show_certificate(request: Request, number: FromPath[str]) -> Template:
    """One certificate."""
    with begin(request) as work:
        one = queries.own_certificate(work, number)
        work.record_read("volunteers.file_read", f"volunteer:{one.volunteer_id}", area=one.area)
        found = queries.certificate_line(one)
        fit = fitting_acts(work, "certificates", found)
        due = calendar_of(work).add(one.requested_on, work.policy("volunteers.certificate_working_days"))
    rows = [
        (_("期间"), f"{found['since']} – {found['until']}"),
        (_("服务时长"), _("{hours} 小时", hours=found["hours"])),
        (_("经办人"), found["handler"]),
        (_("负责人"), found["in_charge"]),
        (_("申请日期"), found["requested_on"].isoformat()),
        (_("出具期限"), due.isoformat()),
        (_("出具日期"), found["issued_on"].isoformat()),
        (_("撤销原因"), found["revoked_for"]),
    ]
    links = [(_("打印证明"), f"/volunteers/papers/certificate/{found['id']}", "printer")]
    tag = showing.state_tag(words.CERTIFICATE_STATES, found["state"])
    base = f"/volunteers/certificates/{found['id']}"
    return detail_page("certificates", found["number"], "", tag, base, fit, [(_("服务证明"), rows)], links=links)


def _files(
    work: UnitOfWork, room: str, found: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[tuple[str, str, str]]]:
    """The files of a thing, and the way to one more for who may add it."""
    upload = [(_("上传材料"), f"/volunteers/{room}/{found['id']}/file", "upload")]
    return files_of(work, room, found), upload if work.may(OWNERS[room][1], found["area"]) else []


def fitting_acts(work: UnitOfWork, room: str, found: Mapping[str, Any]) -> list[Act]:
    """The acts of a room that fit where a thing stands and what its reader may do."""
    return fitting(work, ROOMS[room], found["area"], found["state"])


def detail_page(
    room: str, title: str, sub: str, tag: tuple[str, str], base: str, fit: Sequence[Act], cards: Sequence[Any],
    **more: Any,
) -> Template:  # fmt: skip
    """One thing with its acts, cards, links and files."""
    shown: dict[str, Any] = {
        "figures": [],
        "links": [],
        "records": None,
        "signups": None,
        "code": "",
        "signup_states": {},
        "files": [],
    } | more
    return page(
        "volunteers/detail.html",
        title=title,
        sub=sub,
        state=tag,
        base=base,
        trail=[(_("志愿服务"), "/volunteers"), (_(ROOMS[room].title), list_path(room)), (title, "")],
        acts=fit,
        cards=cards,
        **shown,
    )


@get("/site/{number:str}", sync_to_thread=True, guards=[guarded("volunteers.record")])
def show_site(request: Request, number: FromPath[str]) -> Template:
    """Signing in and out at the site, for the phone of who leads it."""
    return _site(number, ())


@post("/site/{number:str}", sync_to_thread=True, guards=[guarded("volunteers.record")])
def sign(request: Request, number: FromPath[str], data: FormData) -> Template | Redirect:
    """A card was shown: in, or out again."""
    try:
        with begin(request) as work:
            done = acts.ACTIVITY_ACTS["sign"].do(work, number, read_form(wishes.SignIn, data))
    except Refused as refusal:
        return _site(number, refusal.objections)
    out = done.data["state"] == "out"
    said = _("已签退，{hours} 小时，等待确认", hours=done.data.get("hours")) if out else _("已签到")
    return see_other(f"/volunteers/site/{number}", said)


def _site(number: str, wrong: Any) -> Template:
    with look() as work:
        work.require("volunteers.record")
        found = listing.show_activity(work, number)
    people = [one for one in found["signups"] if one["state"] == "accepted"]
    return page(
        "volunteers/site.html",
        status=422 if wrong else 200,
        activity=found,
        people=[{**one, "since": showing.at(one["in_at"])[-5:]} for one in people],
        inside=sum(one["attendance"] == "open" for one in people),
        objections=wrong,
        values={},
    )


@get("/card/{token:str}", sync_to_thread=True, guards=[guarded("volunteers.record")])
def show_card(request: Request, token: FromPath[str]) -> Template:
    """A card was scanned with a phone: who it is, and the activities of today to sign in or out at."""
    with begin(request) as work:
        one = holder_of(work, token)
        line = queries.volunteer_lines(work, [one])[0]
        work.record_read("volunteers.file_read", f"volunteer:{one.id}", area=one.area)
        open_ = [*listing.list_activities(work, Filter(state="running")),
                 *listing.list_activities(work, Filter(state="published")),
                 *listing.list_activities(work, Filter(state="closed_signup"))]  # fmt: skip
        today = [
            activity
            for activity in open_
            if showing.at(activity["starts_at"])[:10] <= work.today.isoformat() <= showing.at(activity["ends_at"])[:10]
        ]
    return page("volunteers/card.html", volunteer=line, activities=today, token=token)


@get("/papers/{kind:str}/{number:str}", sync_to_thread=True, guards=SHOW)
def show_paper(request: Request, kind: FromPath[str], number: FromPath[str]) -> Template:
    """A paper on the screen."""
    with begin(request) as work:
        sheet = _sheet(work, request, kind, number)
    homes = {"card": "people", "agreement": "people", "sheet": "activities", "certificate": "certificates"}
    back = f"/volunteers/{homes[kind]}/{number}" if kind in homes else "/volunteers"
    return paper(sheet, back=back, pdf_path=f"/volunteers/papers/{kind}/{number}/pdf")


@get("/papers/{kind:str}/{number:str}/pdf", sync_to_thread=True, guards=SHOW)
def paper_as_pdf(request: Request, kind: FromPath[str], number: FromPath[str]) -> Response[bytes]:
    """A paper as PDF."""
    with begin(request) as work:
        return paper_pdf(_sheet(work, request, kind, number))


def _sheet(work: UnitOfWork, request: Request, kind: str, number: str) -> Sheet:
    sheet = paper_of(work, kind, number)
    if kind != "card":
        return sheet
    return replace(sheet, check_address=_card_address(request, queries.own_volunteer(work, number).token))


@get("/export", sync_to_thread=True, guards=[guarded("volunteers.export")])
def ask_export(request: Request) -> Template:
    """The period and reason of an export."""
    return _export_form({})


@post("/export", sync_to_thread=True, guards=[guarded("volunteers.export")])
def export(request: Request, data: FormData) -> Template | Response[bytes]:
    """The CSV for the national system; that it was made is recorded."""
    try:
        wish = read_form(wishes.Export, data)
        with begin(request) as work:
            content, _count = export_csv(work, wish.since, wish.until, wish.reason)
            name = f"volunteers-{work.today.isoformat()}.csv"
    except Refused as refusal:
        return _export_form(data, refusal.objections)
    return download(content, name, "text/csv; charset=utf-8")


def _export_form(values: Any, wrong: Any = ()) -> Template:
    title = _("导出服务记录")
    form = FormOf(
        title=title,
        trail=[(_("志愿服务"), "/volunteers"), (title, "")],
        action="/volunteers/export",
        back="/volunteers",
        entries=entries_of(wishes.Export, long=ACTING.long),
    )
    return wish_page(form, values, wrong)


router = Router(
    "/volunteers",
    route_handlers=[
        show_volunteers, show_teams, show_activities, show_hours, show_volunteer, show_team, show_activity, show_record,
        show_certificate, show_site, sign, show_card, show_paper, paper_as_pdf,
        ask_export, export, *form_routes(ACTING),
    ],
)  # fmt: skip
