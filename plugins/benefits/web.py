"""Pages of benefits: schemes, standards with their history, who is enrolled, rolls with an explanation of each line."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeAlias
from urllib.parse import urlencode

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect, Template

from core.api import NotFound, Objection, Refused, UnitOfWork, _, find_person, mark
from core.web import FormData, begin, guarded, look, page, read_form, see_other
from plugins.benefits import counting, explaining, queries, rolls
from plugins.benefits.queries import EnrolmentFilter
from plugins.benefits.services import asking, changing, institutions, standards
from plugins.benefits.services import rolls as building
from plugins.benefits.services.standards import month_now
from plugins.benefits.standards_now import list_standards
from plugins.benefits.what_if import what_if

SHOW, ENROL = [guarded("benefits.show")], [guarded("benefits.enrol")]
SET = [guarded("benefits.set_standard")]
PAGE = 50
State: TypeAlias = Annotated[str, QueryParameter(name="state")]
STATES = {
    "active": (mark("在发"), "ok"),
    "suspended": (mark("暂停"), "warn"),
    "ended": (mark("停发"), ""),
    "building": (mark("生成中"), "note"),
    "draft": (mark("待提交"), "note"),
    "submitted": (mark("待复核"), "note"),
    "reviewed": (mark("待审批"), "note"),
    "approved": (mark("待发放"), "note"),
    "released": (mark("已放行"), "ok"),
    "sent": (mark("已送银行"), "ok"),
    "settled": (mark("已发放"), "ok"),
    "cancelled": (mark("已作废"), ""),
}
UNITS = {"month": mark("每月"), "quarter": mark("每季"), "year": mark("每年")}
ACTS = {
    "change": (mark("变更"), mark("变更类别、机构、收款账户或截止月")),
    "end": (mark("停发"), mark("发到哪个月为止")),
    "suspend": (mark("暂停"), mark("恢复后补发暂停的月份")),
    "resume": (mark("恢复"), mark("暂停的月份在下次名册补发")),
    "reopen": (mark("撤销停发"), mark("停发的月份在下次名册补发，已开的追回随之撤销")),
}
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
            for name in sorted(work.host.schemes)
        ]
        waiting = [
            (f"/benefits/lists/{name}", _(title), len(counting.work_list(work, name))) for name, title in LISTS.items()
        ]
        may = _may(work)
    return page("benefits/overview.html", schemes=schemes, waiting=waiting, may=may, states=_states())


@get("/standards", sync_to_thread=True, guards=SHOW)
def standard_list(request: Request, scheme: FromQuery[str] = "") -> Template:
    """Standards with their history: which count now, which were corrected."""
    with begin(request) as work:
        found = list_standards(work, scheme)
        weak = counting.weak_standards(work)
        context: dict[str, Any] = {"choices": _schemes(work), "may": _may(work)}
    return page(
        "benefits/standards.html",
        standards=found,
        weak=weak,
        units={name: _(words) for name, words in UNITS.items()},
        scheme=scheme,
        **context,
    )


@get("/standards/new", sync_to_thread=True, guards=SET)
def standard_form(request: Request) -> Template:
    """Ask for a standard."""
    with begin(request) as work:
        return _standard_form(work, {"unit": "month", "valid_from": month_now(work)})


@post("/standards", sync_to_thread=True, guards=SET)
def standard_set(request: Request, data: FormData) -> Template | Redirect:
    """Set the standard, or show the form again."""
    try:
        with begin(request) as work:
            standards.set_standard(work, read_form(standards.SetStandard, _with_category(data)))
    except Refused as refusal:
        with look() as work:
            return _standard_form(work, data, refusal.objections)
    return see_other("/benefits/standards", _("已设定标准"))


@get("/what-if", sync_to_thread=True, guards=SHOW)
def try_standard(
    request: Request,
    scheme: FromQuery[str] = "",
    category: FromQuery[str] = "",
    amount: FromQuery[str] = "",
    period: FromQuery[str] = "",
) -> Template:
    """What another standard would change; nothing is stored."""
    objections, found = (), None
    chosen = category if "/" in category else f"{scheme}/{category}"
    with begin(request) as work:
        given = {"category": chosen, "amount": amount, "period": period or month_now(work)}
        if amount:
            name, _slash, code = chosen.partition("/")
            try:
                found = what_if(work, name, code, amount, given["period"])
            except Refused as refusal:
                objections = refusal.objections
        context: dict[str, Any] = {"choices": _categories(work)}
    return page(
        "benefits/what_if.html",
        values=given,
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


@get("/enrolments", sync_to_thread=True, guards=SHOW)
def enrolment_list(
    request: Request,
    scheme: FromQuery[str] = "",
    standing: State = "",
    town: FromQuery[str] = "",
    person: FromQuery[str] = "",
    after: FromQuery[str] = "",
) -> Template:
    """Who is enrolled, by number."""
    given = {"scheme": scheme, "state": standing, "town": town, "person": person}
    wish = EnrolmentFilter(
        scheme=scheme,
        state=standing,
        area=town,
        person_id=int(person) if person.isdecimal() else None,
        after=int(after) if after.isdecimal() else 0,
        limit=PAGE + 1,
    )
    with begin(request) as work:
        found = queries.list_enrolments(work, wish)
        context: dict[str, Any] = {"choices": _schemes(work), "may": _may(work)}
    more = _address("/benefits/enrolments", {**given, "after": str(found[PAGE - 1]["id"])}) if len(found) > PAGE else ""
    return page(
        "benefits/enrolments.html",
        enrolments=found[:PAGE],
        given=given,
        narrowed=any(given.values()),
        more=more,
        states=_states(),
        state_choices=[(name, _(STATES[name][0])) for name in ("active", "suspended", "ended")],
        **context,
    )


@get("/enrolments/new", sync_to_thread=True, guards=ENROL)
def enrolment_form(request: Request, person: FromQuery[str] = "") -> Template:
    """Ask whom to enrol on what."""
    with begin(request) as work:
        return _enrolment_form(work, {"person": person, "from_month": month_now(work)})


@post("/enrolments", sync_to_thread=True, guards=ENROL)
def enrolment_add(request: Request, data: FormData) -> Template | Redirect:
    """Enrol, or show the form again with every objection."""
    try:
        with begin(request) as work:
            person = _person(work, data.text("person"))
            number = asking.enrol_as_asked(work, read_form(asking.EnrolWish, _with_category(data), person_id=person))
    except Refused as refusal:
        with look() as work:
            return _enrolment_form(work, data, refusal.objections)
    return see_other(f"/benefits/enrolments/{number}", _("已登记"))


@get("/enrolments/{enrolment:int}", sync_to_thread=True, guards=SHOW)
def enrolment_show(request: Request, enrolment: FromPath[int]) -> Template:
    """One enrolment with its history."""
    with begin(request) as work:
        found = queries.show_enrolment(work, enrolment)
        queries.log_read(work, found["scheme"], f"enrolment:{enrolment}", found["area"])
        may = work.may("benefits.enrol", found["area"])
        titles = {one.code: _(one.title) for one in _categories_of(work, found["scheme"])}
    acts = {"active": ("change", "suspend", "end"), "suspended": ("change", "resume", "end"), "ended": ("reopen",)}
    return page(
        "benefits/enrolment.html",
        one=found,
        states=_states(),
        titles=titles,
        acts=[(name, _(ACTS[name][0])) for name in acts[found["state"]]] if may else [],
    )


@get("/enrolments/{enrolment:int}/{act:str}", sync_to_thread=True, guards=ENROL)
def act_form(request: Request, enrolment: FromPath[int], act: FromPath[str]) -> Template:
    """Ask what an act on an enrolment needs."""
    with begin(request) as work:
        return _act_form(work, (enrolment, act), {"from_month": month_now(work), "last_month": month_now(work)})


@post("/enrolments/{enrolment:int}/{act:str}", sync_to_thread=True, guards=ENROL)
def act_on(request: Request, enrolment: FromPath[int], act: FromPath[str], data: FormData) -> Template | Redirect:
    """Change, end, pause or go on."""
    try:
        with begin(request) as work:
            _act(act)(work, enrolment, data)
    except Refused as refusal:
        with look() as work:
            return _act_form(work, (enrolment, act), data, refusal.objections)
    return see_other(f"/benefits/enrolments/{enrolment}", _("已办理：{act}", act=_(ACTS[act][0])))


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
        found = rolls.show_roll(work, batch, int(after) if after.isdecimal() else 0, PAGE)
        queries.log_read(work, found["scheme"], f"batch:{batch}", count=len(found["items"]))
        titles = {one.code: _(one.title) for one in _categories_of(work, found["scheme"])}
        may = _may(work)
    more = f"/benefits/rolls/{batch}?after={found['next']}" if found["next"] else ""
    return page("benefits/roll.html", roll=found, more=more, states=_states(), titles=titles, may=may)


@get("/rolls/{batch:int}/lines/{line:int}", sync_to_thread=True, guards=SHOW)
def line_show(request: Request, batch: FromPath[int], line: FromPath[int]) -> Template:
    """Why a line is what it is."""
    with begin(request) as work:
        found = rolls.line_of(work, batch, line)
        explained = explaining.explain_line(work, found)
        person = rolls.name_of(work, found.person_id)
        roll = rolls.show_roll(work, batch, 0, 1)
        queries.log_read(work, roll["scheme"], f"person:{found.person_id}", found.area)
        titles = {one.code: _(one.title) for one in _categories_of(work, roll["scheme"])}
    return page("benefits/line.html", line=found, why=explained, name=person, roll=roll, titles=titles)


@get("/lists/{name:str}", sync_to_thread=True, guards=SHOW)
def work_list(request: Request, name: FromPath[str]) -> Template:
    """A list of enrolments that need something done."""
    if name not in LISTS:
        raise NotFound(_("没有清单 {name}", name=name))
    with begin(request) as work:
        found = counting.work_list(work, name)
    return page("benefits/list.html", title=_(LISTS[name]), enrolments=found, states=_states())


def _standard_form(work: UnitOfWork, values: Mapping[str, Any], objections: Any = ()) -> Template:
    return page(
        "benefits/standard.html",
        values=values,
        objections=objections,
        choices=_categories(work),
        units=[(name, _(words)) for name, words in UNITS.items()],
        status=422 if objections else 200,
    )


def _enrolment_form(work: UnitOfWork, values: Mapping[str, Any], objections: Any = ()) -> Template:
    return page(
        "benefits/enrol.html",
        values=values,
        objections=objections,
        choices=_categories(work),
        homes=[("", _("不在机构"))] + [(one["code"], one["name"]) for one in queries.institutions(work)],
        status=422 if objections else 200,
    )


def _act_form(work: UnitOfWork, place: tuple[int, str], values: Mapping[str, Any], objections: Any = ()) -> Template:
    number, act = place
    _act(act)
    found = queries.show_enrolment(work, number)
    return page(
        "benefits/act.html",
        one=found,
        act=act,
        title=_(ACTS[act][0]),
        sub=_(ACTS[act][1]),
        values=values,
        objections=objections,
        categories=[("", _("不变"))] + [(one.code, _(one.title)) for one in _categories_of(work, found["scheme"])],
        homes=[("", _("不变"))] + [(str(one["id"]), one["name"]) for one in queries.institutions(work)],
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
        choices=_schemes(work),
        may=_may(work),
        states=_states(),
        status=422 if objections else 200,
    )


def _act(name: str) -> Callable[[UnitOfWork, int, Any], Any]:
    acts: dict[str, Callable[[UnitOfWork, int, Any], Any]] = {
        "change": lambda work, number, data: changing.change_enrolment(
            work, number, read_form(changing.ChangeEnrolment, data)
        ),
        "end": lambda work, number, data: changing.end_enrolment(
            work, number, data.text("last_month"), data.text("reason")
        ),
        "suspend": lambda work, number, data: changing.suspend(
            work, number, data.text("from_month"), data.text("reason")
        ),
        "resume": lambda work, number, data: changing.resume(
            work, number, data.text("from_month"), data.text("reason")
        ),
        "reopen": lambda work, number, data: changing.reopen(work, number, data.text("reason")),
    }
    if name not in acts:
        raise NotFound(_("没有这个页面"))
    return acts[name]


def _person(work: UnitOfWork, text: str) -> int:
    """The person whose number was typed; the field says so when there is none."""
    if text:
        try:
            return find_person(work, text).id or 0
        except NotFound as missing:
            raise Refused([Objection(reason=missing.message, field="person", code=missing.code)]) from missing
    raise Refused([Objection(reason=_("请填写身份证号码或人员编号"), field="person", code="E_REQUIRED")])


def _with_category(data: Any) -> dict[str, str]:
    """A form whose one choice names the scheme and the category."""
    scheme, _slash, category = data.text("place").partition("/")
    return {**dict(data), "scheme": scheme, "category": category}


def _schemes(work: UnitOfWork) -> list[tuple[str, str]]:
    return [(name, queries.scheme_title(work, name)) for name in sorted(work.host.schemes)]


def _categories(work: UnitOfWork) -> list[tuple[str, str]]:
    return [
        (f"{name}/{one.code}", _("{scheme} · {category}", scheme=title, category=_(one.title)))
        for name, title in _schemes(work)
        for one in work.host.schemes[name].categories
    ]


def _categories_of(work: UnitOfWork, scheme: str) -> Any:
    found = work.host.schemes.get(scheme)
    return found.categories if found else ()


def _states() -> dict[str, tuple[str, str]]:
    return {name: (_(words), state) for name, (words, state) in STATES.items()}


def _sum(counts: Any, scheme: str, state: str) -> int:
    return sum(count for name, _category, one, count in counts if (name, one) == (scheme, state))


def _may(work: UnitOfWork) -> dict[str, bool]:
    return {
        "enrol": work.may("benefits.enrol"),
        "standard": work.may("benefits.set_standard"),
        "build": work.may("funds.build"),
        "batch": work.may("funds.show"),
    }


def _address(path: str, given: Mapping[str, str]) -> str:
    return f"{path}?{urlencode({name: text for name, text in given.items() if text})}"


router = Router(
    "/benefits",
    route_handlers=[
        overview, standard_list, standard_form, standard_set, try_standard, institution_list, institution_set,
        enrolment_list, enrolment_form, enrolment_add, enrolment_show, act_form, act_on, roll_list, roll_build,
        roll_show, line_show, work_list,
    ],
)  # fmt: skip
