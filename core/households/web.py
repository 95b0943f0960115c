"""Pages of the registry of households: list and search, one household with what plugins bring, and its changes."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response, Template
from sqlalchemy import select

from core.errors import NotFound, Objection, Refused
from core.households import exporting, queries, services
from core.households.areas import kind_of, list_areas
from core.households.queries import HouseholdFilter
from core.households.wishes import (
    ChangeMembers,
    CloseHousehold,
    Member,
    MergeHouseholds,
    MoveHousehold,
    OpenHousehold,
    SplitHousehold,
)
from core.identity.attachments import attachments_of
from core.identity.cards import found_people
from core.identity.codes import RELATION
from core.identity.models import Account
from core.identity.queries import find_person
from core.texts import _, mark
from core.web import FormData, begin, download, guarded, page, read_form, see_other
from core.web.current import current
from core.web.panels import gather
from core.work import UnitOfWork

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NEW_LINES = 4
SHOW, CHANGE = [guarded("household.show")], [guarded("household.change")]
KINDS = {
    "opened": mark("登记新户"),
    "members": mark("变更成员"),
    "head": mark("变更户主"),
    "split": mark("分户"),
    "merged": mark("并户"),
    "moved": mark("迁移"),
    "closed": mark("注销"),
    "imported": mark("导入名册"),
}


@get("/", sync_to_thread=True, guards=SHOW)
def show_list(
    request: Request,
    q: FromQuery[str] = "",
    area: FromQuery[str] = "",
    number: FromQuery[str] = "",
    closed: FromQuery[str] = "",
    after: FromQuery[str] = "",
) -> Template:
    """Households of one's areas; with a search word the people who match."""
    wish = HouseholdFilter(area=area, number=number.strip(), closed=bool(closed), after=after)
    with begin(request) as work:
        people = found_people(work, q) if q.strip() and work.may("person.show") else None
        found = queries.list_households(work, wish) if people is None else {"households": [], "more": False}
        counts = queries.count_households(work, area)
        names = {one["code"]: one["name"] for one in list_areas(work)}
        areas = area_choices(work)
        may = {name: work.may(f"household.{name}") for name in ("change", "import", "export")}
    last = found["households"][-1]["number"] if found["more"] else ""
    given = {"area": area, "number": number, "closed": closed}
    more = "/households?" + urlencode({**{k: v for k, v in given.items() if v}, "after": last}) if last else ""
    return page(
        "households/list.html",
        block="list",
        households=found["households"],
        people=people,
        counts=counts,
        names=names,
        areas=areas,
        q=q,
        given=given,
        more=more,
        may=may,
    )


@get("/export", sync_to_thread=True, guards=[guarded("household.export")])
def ask_export(request: Request, area: FromQuery[str] = "") -> Template:
    """Say what an export holds before it leaves."""
    with begin(request) as work:
        counts = queries.count_households(work, area)
    return page(
        "confirm.html",
        question=_("导出 {count} 人的名册？", count=counts["people"]),
        action="/households/export",
        back="/households",
        safe=_("不导出"),
        verb=_("导出 Excel"),
        danger=False,
        sentences=[_("名册里的证件号码和账号是隐去的。导出会记入审计。")],
        lines=[],
        keep=[("area", area)],
        ask_reason=False,
        ask_password=False,
    )


@post("/export", sync_to_thread=True, guards=[guarded("household.export")])
def export(request: Request, data: FormData) -> Response[bytes]:
    """The households of one's areas as a workbook."""
    with begin(request) as work:
        content, _rows = exporting.export_households(work, data.text("area"))
    return download(content, _("户籍名册.xlsx"), EXCEL)


@get("/new", sync_to_thread=True, guards=CHANGE)
def ask_new(request: Request) -> Template:
    """The form for a new household."""
    with begin(request) as work:
        return _new(work, {"on": work.today.isoformat()}, ())


@post("/new", sync_to_thread=True, guards=CHANGE)
def open_new(request: Request, data: FormData) -> Template | Redirect:
    """Open a household with everybody in it."""
    try:
        with begin(request) as work:
            members = [*_new_members(work, data)]
            household = services.open_household(work, read_form(OpenHousehold, data, members=members))
    except Refused as refusal:
        with _looking() as work:
            return _new(work, data, refusal.objections, 422)
    return see_other(f"/households/{household.id}", _("已登记"))


@get("/{household:int}", sync_to_thread=True, guards=SHOW)
def show(request: Request, household: FromPath[int]) -> Template:
    """One household: members, lanes and cards from all plugins, changes, files."""
    with begin(request) as work:
        found = queries.show_household(work, household)
        ids = tuple(member["id"] for member in found["members"])
        work.record_read("household.shown", f"household:{household}", area=found["area"])
        shown = work.hooks.show("show_household_panels", work=work, household_id=household, person_ids=ids)
        brought = gather(work, shown)
        history = _history(work, household)
        files = attachments_of(work, f"household:{household}") if work.may("attachment.show") else []
        may = {
            "change": work.may("household.change", found["area"]),
            "add_file": work.may("attachment.add", found["area"]),
            "reveal": work.may("person.reveal", found["area"]),
        }
        kind = {"urban": _("城镇"), "rural": _("农村")}.get(kind_of(work, found["area"]), "--")
    head = next((one for one in found["members"] if one["relation"] == "02"), None)
    living = [one for one in found["members"] if not one["died_on"]]
    return page(
        "households/show.html",
        household=found,
        head=head["name"] if head else found["number"],
        living=len(living),
        brought=brought,
        history=history,
        files=files,
        may=may,
        kind=kind,
    )


@get("/{household:int}/{act:str}", sync_to_thread=True, guards=CHANGE)
def ask_change(request: Request, household: FromPath[int], act: FromPath[str]) -> Template:
    """The form of one act on a household."""
    with begin(request) as work:
        return _act_form(work, household, act, {"on": work.today.isoformat()}, ())


@post("/{household:int}/{act:str}", sync_to_thread=True, guards=CHANGE)
def change(request: Request, household: FromPath[int], act: FromPath[str], data: FormData) -> Template | Redirect:
    """Carry one act out."""
    try:
        with begin(request) as work:
            done = _acts()[act](work, household, data) if act in ACTS else _no_act()
    except Refused as refusal:
        with _looking() as work:
            return _act_form(work, household, act, data, refusal.objections, 422)
    return see_other(f"/households/{done}", _("已办理：{act}", act=_(ACTS[act])))


ACTS = {
    "members": mark("变更成员"),
    "split": mark("分户"),
    "merge": mark("并户"),
    "move": mark("迁移"),
    "close": mark("注销"),
}


def _acts() -> Mapping[str, Callable[[UnitOfWork, int, FormData], int]]:
    return {"members": _members, "split": _split, "merge": _merge, "move": _move, "close": _close}


def _members(work: UnitOfWork, household: int, data: FormData) -> int:
    standing = _standing(work, household, data)
    members = [*standing, *_new_members(work, data)]
    services.change_members(work, household, read_form(ChangeMembers, data, members=members))
    return household


def _split(work: UnitOfWork, household: int, data: FormData) -> int:
    leaving, staying = [], []
    for one in _standing(work, household, data):
        (leaving if data.text(f"leaves-{one.person_id}") else staying).append(one)
    wish = read_form(SplitHousehold, data, leaving=leaving, staying=staying)
    return services.split_household(work, household, wish).id or household


def _merge(work: UnitOfWork, household: int, data: FormData) -> int:
    gone = _other(work, data.text("other"))
    relations = [*_standing(work, household, data), *_standing(work, gone, data)]
    services.merge_households(work, household, read_form(MergeHouseholds, data, gone_id=gone, members=relations))
    return household


def _move(work: UnitOfWork, household: int, data: FormData) -> int:
    services.move_household(work, household, read_form(MoveHousehold, data))
    return household


def _close(work: UnitOfWork, household: int, data: FormData) -> int:
    services.close_household(work, household, read_form(CloseHousehold, data))
    return household


def _no_act() -> int:
    raise NotFound(_("没有这个页面。可能地址写错了，也可能这个业务没有启用"))


def _other(work: UnitOfWork, text: str) -> int:
    try:
        return queries.find_household(work, text, "household.change").id or 0
    except NotFound as error:
        raise Refused([Objection(field="other", reason=error.message)]) from error


def _standing(work: UnitOfWork, household: int, data: FormData) -> list[Member]:
    """Those members who stay in the form, each with the relation typed for them; an empty relation leaves."""
    members = [row.person_id for row in queries.current_members(work, household)]
    typed = [(one, data.text(f"relation-{one}")) for one in members]
    return [Member(person_id=one, relation=relation) for one, relation in typed if relation]


def _new_members(work: UnitOfWork, data: FormData) -> list[Member]:
    """The lines for people who join: a number or id, and the relation."""
    members = []
    objections = []
    for line in range(NEW_LINES):
        text, relation = data.text(f"person-{line}"), data.text(f"as-{line}")
        if not text:
            continue
        try:
            members.append(Member(person_id=find_person(work, text).id or 0, relation=relation))
        except NotFound as error:
            objections.append(Objection(field=f"person-{line}", reason=error.message))
    if objections:
        raise Refused(objections)
    return members


def area_choices(work: UnitOfWork) -> list[tuple[str, str]]:
    """Towns and the county as choices of a filter, as far as the reader may see households there."""
    seen = [one for one in list_areas(work) if one["level"] == "town" and queries.sees(work, one["code"])]
    return [(one["code"], one["name"]) for one in seen]


def village_choices(work: UnitOfWork) -> list[tuple[str, str]]:
    """The villages in which the actor may register, with their towns."""
    found = list_areas(work)
    names = {one["code"]: one["name"] for one in found}
    villages = [
        one for one in found if one["level"] == "village" and queries.sees(work, one["code"], "household.change")
    ]
    return [(one["code"], f"{names.get(one['parent'], '')} {one['name']}") for one in villages]


def relation_choices() -> list[tuple[str, str]]:
    """The relations to the head, as a person chooses them."""
    return [(code, _(name)) for code, name in RELATION.names.items()]


def _looking() -> Any:
    now = current()
    return now.site.host.begin(now.who(), write=False)


def _new(work: UnitOfWork, values: Any, objections: Any, status: int = 200) -> Template:
    return page(
        "households/new.html",
        status=status,
        villages=village_choices(work),
        relations=relation_choices(),
        lines=range(NEW_LINES),
        values=values,
        objections=objections,
    )


def _act_form(work: UnitOfWork, household: int, act: str, values: Any, objections: Any, status: int = 200) -> Template:
    if act not in ACTS:
        _no_act()
    found = queries.show_household(work, household)
    work.require("household.change", area=found["area"])
    typed = dict(values) if isinstance(values, dict) else values
    if isinstance(typed, dict):
        typed.update({f"relation-{one['id']}": one["relation"] for one in found["members"]})
        typed.update({"area": found["area"], "address": found["address"], "village_group": found["village_group"]})
    head = next((one["name"] for one in found["members"] if one["relation"] == "02"), found["number"])
    other = _other_members(work, values) if act == "merge" else []
    return page(
        "households/act.html",
        status=status,
        household=found,
        head=head,
        act=act,
        title=_(ACTS[act]),
        villages=village_choices(work),
        relations=relation_choices(),
        lines=range(NEW_LINES),
        other=other,
        values=typed,
        objections=objections,
    )


def _other_members(work: UnitOfWork, values: Any) -> list[dict[str, Any]]:
    """The members of the household that is to go into this one, once its number was typed."""
    text = values.get("other", "")
    if not text:
        return []
    try:
        gone = queries.find_household(work, text, "household.change")
    except NotFound:
        return []
    return queries.show_household(work, gone.id or 0)["members"]


def _history(work: UnitOfWork, household: int) -> list[dict[str, Any]]:
    changes = queries.household_history(work, household)[:10]
    wanted = {one["by"] for one in changes}
    rows = work.session.execute(select(Account.id, Account.name, Account.title).where(Account.id.in_(wanted)))  # type: ignore[union-attr]
    names = {row.id: row.title or row.name for row in rows}
    return [{**one, "what": _(KINDS.get(one["kind"], one["kind"])), "who": names.get(one["by"], "")} for one in changes]


router = Router(
    "/households", route_handlers=[show_list, ask_export, export, ask_new, open_new, show, ask_change, change]
)
