"""Pages of panels: the list, one panel with its members, setting one, replacing a member, declaring a relative."""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace as changed
from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from pydantic import BaseModel

from core.api import NotFound, Objection, Refused, UnitOfWork, _, entries_of, mark
from core.web import FormData, FormOf, begin, guarded, look, page, read_form, see_other, wish_page
from plugins.democratic_review import queries, wishes
from plugins.democratic_review.services import panels
from plugins.democratic_review.words import KINDS, RELATIONS, SEXES

SHOW = [guarded("democratic_review.show")]
WRITE = [guarded("democratic_review.panel")]
BASE = "/democratic-review/panels"
_WORDS = (KINDS, SEXES, RELATIONS)


@dataclass(frozen=True)
class PanelAct:
    """One act on a standing panel: its title, what is said afterwards, its wish and the service behind it."""

    title: str
    done: str
    wish: type[BaseModel]
    do: Callable[[UnitOfWork, str, Any], object]


ACTS = {
    "replace": PanelAct(mark("更换成员"), mark("成员已更换"), wishes.ReplaceMember, panels.replace_member),
    "relative": PanelAct(mark("登记近亲属"), mark("近亲属已登记"), wishes.DeclareRelative, panels.declare_relative),
}


@get("/", sync_to_thread=True, guards=SHOW)
def show_panels(request: Request, area: FromQuery[str] = "", after: FromQuery[str] = "") -> Template:
    """Standing panels of one's areas."""
    with begin(request) as work:
        found = queries.list_panels(work, area, after)
        may = work.may(panels.PANEL)
        today = work.today
    rows = [{**one, "over": one["term_to"] < today} for one in found[:50]]
    more = f"{BASE}?area={area}&after={rows[-1]['village']}" if len(found) > len(rows) else ""
    return page("democratic_review/panels.html", rows=rows, area=area, more=more, may=may)


@get("/new", sync_to_thread=True, guards=WRITE)
def ask_panel(request: Request, village: FromQuery[str] = "") -> Template:
    """Ask for a panel."""
    with begin(request) as work:
        return _panel_form({"village": village, "term_from": work.today.isoformat()})


@post("/new", sync_to_thread=True, guards=WRITE)
def add_panel(request: Request, data: FormData) -> Template | Redirect:
    """Set it, or say everything that stands against it."""
    try:
        with begin(request) as work:
            kept = {name: text for name, text in data.items() if text}
            made, warnings = panels.set_panel(work, read_form(wishes.SetPanel, kept))
    except Refused as refusal:
        return _panel_form(data, [_at_field(one) for one in refusal.objections])
    said = " ".join([_("评审团已登记"), *(one.reason for one in warnings)])
    return see_other(f"{BASE}/{made.area}", said)


def _panel_form(values: Any, wrong: Any = ()) -> Template:
    form = FormOf(
        title=_("登记评审团"),
        trail=[(_("评审团票决"), "/democratic-review"), (_("评审团"), BASE), (_("登记评审团"), "")],
        action=f"{BASE}/new",
        back=BASE,
        entries=[changed(one, kind="long") if one.name == "members" else one for one in entries_of(wishes.SetPanel)],
    )
    return wish_page(form, values, wrong)


@get("/{village:str}", sync_to_thread=True, guards=SHOW)
def show_panel(request: Request, village: FromPath[str]) -> Template:
    """One panel with its members."""
    with begin(request) as work:
        found = queries.show_panel(work, village)
        may = {name: work.may(f"democratic_review.{name}", found["village"]) for name in ("panel", "record")}
    rows = [
        (_("人数"), _("{count} 人", count=found["size"])),
        (_("村干部"), _("{count} 人", count=found["cadres"])),
        (_("妇女"), _("{count} 人", count=found["women"])),
        (_("任期"), _("{since} 至 {until}", since=found["term_from"], until=found["term_to"])),
        (_("推选日期"), str(found["elected_on"] or "--")),
        (_("推选依据"), found["document"]),
    ]
    acts = [(name, _(one.title)) for name, one in ACTS.items()]
    return page("democratic_review/panel.html", panel=found, rows=rows, may=may, acts=acts)


@get("/{village:str}/{act:str}", sync_to_thread=True, guards=WRITE)
def ask_act(request: Request, village: FromPath[str], act: FromPath[str]) -> Template:
    """The form of one act."""
    with begin(request) as work:
        return _act_form(work, village, act, {})


@post("/{village:str}/{act:str}", sync_to_thread=True, guards=WRITE)
def do_act(request: Request, village: FromPath[str], act: FromPath[str], data: FormData) -> Template | Redirect:
    """Do it, or show the form again with every objection."""
    known = _act(act)
    try:
        with begin(request) as work:
            known.do(work, village, read_form(known.wish, data))
    except Refused as refusal:
        with look() as work:
            return _act_form(work, village, act, data, [_at_field(one) for one in refusal.objections])
    return see_other(f"{BASE}/{village}", _(known.done))


def _act(name: str) -> PanelAct:
    if name not in ACTS:
        raise NotFound(_("没有这个页面"))
    return ACTS[name]


def _act_form(work: UnitOfWork, village: str, name: str, values: Any, wrong: Any = ()) -> Template:
    known = _act(name)
    work.require(panels.PANEL, village)
    form = FormOf(
        title=_(known.title),
        trail=[(_("评审团票决"), "/democratic-review"), (village, f"{BASE}/{village}"), (_(known.title), "")],
        action=f"{BASE}/{village}/{name}",
        back=f"{BASE}/{village}",
        entries=entries_of(known.wish, _WORDS, long=("why",)),
    )
    return wish_page(form, values, wrong)


def _at_field(one: Objection) -> Objection:
    """An objection to a member of a list at the field of the list."""
    return changed(one, field=(one.field or "").split(".")[0])


router = Router(BASE, route_handlers=[show_panels, ask_panel, add_panel, show_panel, ask_act, do_act])
