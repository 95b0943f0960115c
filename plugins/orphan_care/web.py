"""Pages of children's files: the list, a file with its acts and papers, what is due, the export."""

from typing import Annotated, Any, TypeAlias
from urllib.parse import urlencode

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect, Response, Template

from core.api import NotFound, Refused, UnitOfWork, _
from core.web import (
    FormData,
    FormOf,
    begin,
    download,
    guarded,
    look,
    page,
    paper,
    paper_pdf,
    read_form,
    see_other,
    wish_page,
)
from plugins.orphan_care import due_lists, queries, words
from plugins.orphan_care.acts import CASE_ACTS, Act, apply, entries
from plugins.orphan_care.exporting import export_csv
from plugins.orphan_care.papers import case_paper, restricted_roll
from plugins.orphan_care.queries import CaseFilter
from plugins.orphan_care.showing import case_cards, lanes_of, papers_of, steps_of, titles
from plugins.orphan_care.wishes import ApplyCase

SHOW = [guarded("orphan_care.show")]
State: TypeAlias = Annotated[str, QueryParameter(name="state", max_length=20)]


@get("/", sync_to_thread=True, guards=SHOW)
def show_list(
    request: Request,
    state_is: State = "",
    category: FromQuery[str] = "",
    area: FromQuery[str] = "",
    number: FromQuery[str] = "",
    missing: FromQuery[str] = "",
    after: FromQuery[int] = 0,
) -> Template:
    """Files of one's areas."""
    state = state_is if state_is in words.STATES else ""
    given = {"state": state, "category": category, "area": area, "number": number, "missing": missing}
    with begin(request) as work:
        wish = CaseFilter(state=state, category=category, area=area, number=number, missing=bool(missing), after=after)
        found = queries.list_cases(work, wish)
        may = {name: work.may(f"orphan_care.{name}") for name in ("apply", "export", "pair")}
        confided = work.may("orphan_care.confide")
    rows = found[: wish.limit]
    narrowed = {name: text for name, text in given.items() if text}
    more = f"/orphan-care?{urlencode({**narrowed, 'after': rows[-1]['id']})}" if len(found) > len(rows) else ""
    kinds = {**words.CATEGORIES, **(words.CONFIDED if confided else {})}
    return page(
        "orphan_care/list.html",
        block="list",
        rows=rows,
        given=given,
        narrowed=bool(narrowed),
        states=titles(words.STATES),
        categories=titles(kinds),
        words=_words(),
        more=more,
        may=may,
    )


@get("/apply", sync_to_thread=True, guards=[guarded("orphan_care.apply")])
def ask_application(request: Request, person: FromQuery[str] = "") -> Template:
    """The form of an application."""
    return _application({"person_id": person})


@post("/apply", sync_to_thread=True, guards=[guarded("orphan_care.apply")])
def apply_for(request: Request, data: FormData) -> Template | Redirect:
    """Open the file, or say everything that stands against it."""
    try:
        with begin(request) as work:
            done = apply(work, read_form(ApplyCase, data))
    except Refused as refusal:
        return _application(data, refusal.objections)
    said = " ".join([_("已登记申请 {number}", number=done.data["number"]), *(one.reason for one in done.warnings)])
    return see_other(f"/orphan-care/cases/{done.data['id']}", said)


@get("/visits", sync_to_thread=True, guards=SHOW)
def show_visits(request: Request, level: FromQuery[str] = "village") -> Template:
    """Visits that are due, for the phone of who goes there."""
    wanted = level if level in words.LEVELS else "village"
    with begin(request) as work:
        rows = due_lists.visits_due(work, wanted)
        counts = due_lists.visit_counts(work, wanted)
        may = work.may("orphan_care.visit")
    tabs = [
        {"title": _(title), "path": f"/orphan-care/visits?level={name}", "current": name == wanted}
        for name, title in words.LEVELS.items()
    ]
    return page("orphan_care/visits.html", rows=rows, level=wanted, levels=tabs, counts=counts, may=may, words=_words())


@get("/due", sync_to_thread=True, guards=SHOW)
def show_due(request: Request) -> Template:
    """Reviews, bases that run out, children who come of age, guardians of many."""
    with begin(request) as work:
        found = due_lists.all_due(work)
        many = due_lists.many_children(work)
    lists = [
        (_("复核"), found["reviews"]),
        (_("父母情形到期，重新核实"), found["bases"]),
        (_("年满 18 周岁，办理结案或就学证明"), found["ages"]),
    ]
    return page("orphan_care/due.html", lists=lists, many=many, words=_words())


@post("/export", sync_to_thread=True, guards=[guarded("orphan_care.export")])
def export(request: Request, data: FormData) -> Response[bytes]:
    """The CSV for the national system; that it was made is recorded."""
    with begin(request) as work:
        content, _count = export_csv(work)
        name = f"orphan-care-{work.today.isoformat()}.csv"
    return download(content, name, "text/csv; charset=utf-8")


@get("/roll/{month:str}", sync_to_thread=True, guards=SHOW)
def show_roll(request: Request, month: FromPath[str]) -> Template:
    """The restricted list of a month, for who works with it."""
    with begin(request) as work:
        sheet = restricted_roll(work, month)
    return paper(sheet, back="/orphan-care", pdf_path=f"/orphan-care/roll/{month}/pdf")


@get("/roll/{month:str}/pdf", sync_to_thread=True, guards=SHOW)
def roll_pdf(request: Request, month: FromPath[str]) -> Response[bytes]:
    """The restricted list as PDF."""
    with begin(request) as work:
        return paper_pdf(restricted_roll(work, month))


@get("/cases/{number:str}", sync_to_thread=True, guards=SHOW)
def show_case(request: Request, number: FromPath[str]) -> Template:
    """One file: steps, parents, guardian, money over time, visits, reviews, pairings, papers. It is recorded."""
    with begin(request) as work:
        found = queries.show_case(work, number)
        acts = [one for one in CASE_ACTS.values() if _fits(work, one, found)]
        lanes = lanes_of(found)
    return page(
        "orphan_care/case.html",
        case=found,
        way=steps_of(found),
        cards=case_cards(found),
        lanes=lanes,
        acts=acts,
        papers=papers_of(found),
        words=_words(),
    )


@get("/cases/{number:str}/papers/{kind:str}", sync_to_thread=True, guards=SHOW)
def show_paper(request: Request, number: FromPath[str], kind: FromPath[str]) -> Template:
    """A paper on the screen."""
    with begin(request) as work:
        sheet = case_paper(work, number, kind)
    base = f"/orphan-care/cases/{number}"
    return paper(sheet, back=base, pdf_path=f"{base}/papers/{kind}/pdf")


@get("/cases/{number:str}/papers/{kind:str}/pdf", sync_to_thread=True, guards=SHOW)
def paper_as_pdf(request: Request, number: FromPath[str], kind: FromPath[str]) -> Response[bytes]:
    """A paper as PDF."""
    with begin(request) as work:
        return paper_pdf(case_paper(work, number, kind))


@get("/cases/{number:str}/{act:str}", sync_to_thread=True, guards=SHOW)
def ask_act(request: Request, number: FromPath[str], act: FromPath[str]) -> Template:
    """The form of one act."""
    with begin(request) as work:
        return _act_form(work, number, act, {})


@post("/cases/{number:str}/{act:str}", sync_to_thread=True, guards=SHOW)
def do_act(request: Request, number: FromPath[str], act: FromPath[str], data: FormData) -> Template | Redirect:
    """Do it, or show the form again with every objection."""
    known = _act(act)
    try:
        with begin(request) as work:
            done = known.do(work, number, read_form(known.wish, data))
    except Refused as refusal:
        with look() as work:
            return _act_form(work, number, act, data, refusal.objections)
    said = " ".join([_(known.done), *(one.reason for one in done.warnings)])
    return see_other(f"/orphan-care/cases/{number}", said)


def _act(name: str) -> Act:
    if name not in CASE_ACTS:
        raise NotFound(_("没有这个页面"))
    return CASE_ACTS[name]


def _act_form(work: UnitOfWork, number: str, name: str, values: Any, wrong: Any = ()) -> Template:
    known = _act(name)
    case = queries.own_case(work, number, known.right)
    back = f"/orphan-care/cases/{case.id}"
    form = FormOf(
        title=_(known.title),
        sub=case.number,
        trail=[(_("孤儿保障"), "/orphan-care"), (case.number, back), (_(known.title), "")],
        action=f"{back}/{name}",
        back=back,
        danger=known.danger,
        entries=entries(known.wish),
    )
    return wish_page(form, values, wrong)


def _application(values: Any, wrong: Any = ()) -> Template:
    form = FormOf(
        title=_("登记儿童申请"),
        trail=[(_("孤儿保障"), "/orphan-care"), (_("登记儿童申请"), "")],
        action="/orphan-care/apply",
        back="/orphan-care",
        entries=entries(ApplyCase),
    )
    return wish_page(form, values, wrong)


def _fits(work: UnitOfWork, act: Act, found: dict[str, Any]) -> bool:
    """Whether an act is offered where a file stands, to this reader."""
    if not work.may(act.right, found["area"]):
        return False
    state = found["state"]
    wanted = {"check": ("applied",), "approve": ("township_checked",), "withdraw": ("applied", "township_checked")}
    wanted |= {
        "end": ("approved", "active", "ending"),
        "category": ("approved", "active"),
        "reopen": ("closed", "ending"),
    }
    return state in wanted.get(act.name, ("applied", "township_checked", "approved", "active", "ending"))


def _words() -> dict[str, Any]:
    return {"states": dict(titles(words.STATES)), "tags": words.TAGS}


router = Router(
    "/orphan-care",
    route_handlers=[
        show_list, ask_application, apply_for, show_visits, show_due, export, show_roll, roll_pdf, show_case,
        show_paper, paper_as_pdf, ask_act, do_act,
    ],
)  # fmt: skip
