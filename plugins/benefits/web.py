"""Pages of benefits: schemes, standards with their history, who is enrolled, rolls with an explanation of each line."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect, Template

from core.api import NotFound, Refused, UnitOfWork, _, mark
from core.web import PAGE, FormData, after_id, begin, guarded, look, more_path, page, read_form, see_other
from plugins.benefits import counting, enrolment_web, explaining, queries, rolls
from plugins.benefits.page_parts import (
    address,
    categories_of,
    category_choices,
    rights,
    scheme_choices,
    states_in_words,
    with_category,
)
from plugins.benefits.schemes import schemes_of
from plugins.benefits.services import institutions, standards
from plugins.benefits.services import rolls as building
from plugins.benefits.services.standards import month_now
from plugins.benefits.standards_now import list_standards
from plugins.benefits.what_if import what_if

SHOW, ENROL = [guarded("benefits.show")], [guarded("benefits.enrol")]
SET = [guarded("benefits.set_standard")]
State: TypeAlias = Annotated[str, QueryParameter(name="state")]
UNITS = {"month": mark("每月"), "quarter": mark("每季"), "year": mark("每年")}
LISTS = {
    "suspended": mark("暂停超过期限"),
    "expiring": mark("待遇将到期"),
    "payees": mark("没有收款账户"),
}


@get("/", sync_to_thread=True, guards=SHOW)
def overview(request: Request) -> Template:
    """Every scheme: who is on it, its newest roll, and what needs doing."""
    with begin(request) as work:
        counts = counting.enrolled_now(work)
        newest = {one["scheme"]: one for one in reversed(rolls.list_rolls(work))}
        schemes = [
            {
                "name": name,
                "title": queries.scheme_title(work, name),
                "active": _sum(counts, name, "active"),
                "suspended": _sum(counts, name, "suspended"),
                "roll": newest.get(name),
            }
            for name in sorted(schemes_of(work))
        ]
        counted = counting.waiting(work)
        waiting = [(f"/benefits/lists/{name}", _(title), counted[name][0]) for name, title in LISTS.items()]
        may = rights(work)
    return page("benefits/overview.html", schemes=schemes, waiting=waiting, may=may, states=states_in_words())


@get("/standards", sync_to_thread=True, guards=SHOW)
def standard_list(request: Request, scheme: FromQuery[str] = "") -> Template:
    """Standards with their history: which count now, which were corrected."""
    with begin(request) as work:
        found = list_standards(work, scheme)
        weak = counting.weak_standards(work)
        context: dict[str, Any] = {"choices": scheme_choices(work), "may": rights(work)}
    return page(
        "benefits/standards.html",
        standards=found,
        weak=weak,
        units={name: _(words) for name, words in UNITS.items()},
        scheme=scheme,
        **context,
    )


@get("/standards/new", sync_to_thread=True, guards=SET)
def standard_form(
    request: Request, place: FromQuery[str] = "", amount: FromQuery[str] = "", valid_from: FromQuery[str] = ""
) -> Template:
    """Ask for a standard; what was tried before stands in the form."""
    with begin(request) as work:
        month = valid_from or month_now(work)
        return _standard_form(work, {"unit": "month", "place": place, "amount": amount, "valid_from": month})


@post("/standards", sync_to_thread=True, guards=SET)
def standard_set(request: Request, data: FormData) -> Template | Redirect:
    """Set the standard, or show the form again."""
    try:
        with begin(request) as work:
            standards.set_standard(work, read_form(standards.SetStandard, with_category(data)))
    except Refused as refusal:
        with look() as work:
            return _standard_form(work, data, refusal.objections)
    return see_other("/benefits/standards", _("已设定标准"))


@get("/what-if", sync_to_thread=True, guards=SHOW)
def try_standard(
    request: Request,
    scheme: FromQuery[str] = "",
    category: FromQuery[str] = "",
    amount: FromQuery[str | None] = None,
    period: FromQuery[str] = "",
) -> Template:
    """What another standard would change; nothing is stored."""
    objections, found = (), None
    chosen = category if "/" in category else f"{scheme}/{category}"
    with begin(request) as work:
        given = {"category": chosen, "amount": amount or "", "period": period or month_now(work)}
        if amount is not None:
            name, _slash, code = chosen.partition("/")
            try:
                found = what_if(work, name, code, amount, given["period"])
            except Refused as refusal:
                objections = refusal.objections
        context: dict[str, Any] = {"choices": category_choices(work), "may_set": rights(work)["standard"]}
    wish = {"place": chosen, "amount": given["amount"], "valid_from": given["period"]}
    return page(
        "benefits/what_if.html",
        values=given,
        set_path=address("/benefits/standards/new", wish),
        objections=objections,
        found=found,
        status=422 if objections else 200,
        **context,
    )


@get("/institutions", sync_to_thread=True, guards=SHOW)
def institution_list(request: Request) -> Template:
    """Institutions, and the form for one more."""
    with begin(request) as work:
        return _institutions(work, {})


@post("/institutions", sync_to_thread=True, guards=[guarded("benefits.set_institution")])
def institution_set(request: Request, data: FormData) -> Template | Redirect:
    """Register an institution."""
    try:
        with begin(request) as work:
            institutions.set_institution(work, read_form(institutions.SetInstitution, data))
    except Refused as refusal:
        with look() as work:
            return _institutions(work, data, refusal.objections)
    return see_other("/benefits/institutions", _("已登记机构"))


@get("/rolls", sync_to_thread=True, guards=SHOW)
def roll_list(request: Request, scheme: FromQuery[str] = "") -> Template:
    """Rolls, and the form to build one."""
    with begin(request) as work:
        return _rolls(work, scheme, {"scheme": scheme, "period": month_now(work)})


@post("/rolls", sync_to_thread=True, guards=[guarded("funds.build")])
def roll_build(request: Request, data: FormData) -> Template | Redirect:
    """Have a roll built in the background."""
    try:
        with begin(request) as work:
            batch = building.ask_roll(work, read_form(building.BuildRoll, data))
    except Refused as refusal:
        with look() as work:
            return _rolls(work, "", data, refusal.objections)
    return see_other(f"/benefits/rolls/{batch}", _("已开始生成，稍后刷新看结果"))


@get("/rolls/{batch:int}", sync_to_thread=True, guards=SHOW)
def roll_show(request: Request, batch: FromPath[int], after: FromQuery[str] = "") -> Template:
    """A roll: sums, who was left out, what is claimed back, lines."""
    with begin(request) as work:
        found = rolls.show_roll(work, batch, after_id(after), PAGE)
        queries.log_read(work, found["scheme"], f"batch:{batch}", count=len(found["items"]))
        titles = {one.code: _(one.title) for one in categories_of(work, found["scheme"])}
        may = rights(work)
    more = f"/benefits/rolls/{batch}?after={found['next']}" if found["next"] else ""
    return page("benefits/roll.html", roll=found, more=more, states=states_in_words(), titles=titles, may=may)


@get("/rolls/{batch:int}/lines/{line:int}", sync_to_thread=True, guards=SHOW)
def line_show(request: Request, batch: FromPath[int], line: FromPath[int]) -> Template:
    """Why a line is what it is."""
    with begin(request) as work:
        found = rolls.line_of(work, batch, line)
        explained = explaining.explain_line(work, found)
        person = rolls.name_of(work, found.person_id or 0)
        roll = rolls.show_roll(work, batch, 0, 1)
        queries.log_read(work, roll["scheme"], f"person:{found.person_id}", found.area)
        titles = {one.code: _(one.title) for one in categories_of(work, roll["scheme"])}
    return page("benefits/line.html", line=found, why=explained, name=person, roll=roll, titles=titles)


@get("/lists/{name:str}", sync_to_thread=True, guards=SHOW)
def work_list(request: Request, name: FromPath[str], after: FromQuery[str] = "") -> Template:
    """A list of enrolments that need something done."""
    if name not in LISTS:
        raise NotFound(_("没有清单 {name}", name=name))
    with begin(request) as work:
        found = counting.work_list(work, name, after=after_id(after), limit=PAGE + 1)
    more = more_path(f"/benefits/lists/{name}", found, PAGE)
    return page(
        "benefits/list.html", title=_(LISTS[name]), enrolments=found[:PAGE], states=states_in_words(), more=more
    )


def _standard_form(work: UnitOfWork, values: Mapping[str, Any], objections: Any = ()) -> Template:
    return page(
        "benefits/standard.html",
        values=values,
        objections=objections,
        choices=category_choices(work),
        units=[(name, _(words)) for name, words in UNITS.items()],
        status=422 if objections else 200,
    )


def _institutions(work: UnitOfWork, values: Mapping[str, Any], objections: Any = ()) -> Template:
    return page(
        "benefits/institutions.html",
        institutions=queries.institutions(work),
        values=values,
        objections=objections,
        may=work.may("benefits.set_institution"),
        status=422 if objections else 200,
    )


def _rolls(work: UnitOfWork, scheme: str, values: Mapping[str, Any], objections: Any = ()) -> Template:
    return page(
        "benefits/rolls.html",
        rolls=rolls.list_rolls(work, scheme),
        values=values,
        objections=objections,
        choices=scheme_choices(work),
        may=rights(work),
        states=states_in_words(),
        status=422 if objections else 200,
    )


def _sum(counts: Any, scheme: str, state: str) -> int:
    return sum(count for name, _category, one, count in counts if (name, one) == (scheme, state))


router = Router(
    "/benefits",
    route_handlers=[
        overview, standard_list, standard_form, standard_set, try_standard, institution_list, institution_set,
        enrolment_web.router, roll_list, roll_build,
        roll_show, line_show, work_list,
    ],
)  # fmt: skip
