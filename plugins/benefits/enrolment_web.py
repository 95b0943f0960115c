"""Pages of enrolments: the list, one with its history, and what is done with it."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeAlias

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect, Template

from core.api import NotFound, Objection, Refused, UnitOfWork, _, find_person, mark, row_id
from core.web import PAGE, FormData, after_id, begin, guarded, look, more_path, page, read_form, see_other
from plugins.benefits import queries
from plugins.benefits.page_parts import (
    STATES,
    categories_of,
    category_choices,
    rights,
    scheme_choices,
    states_in_words,
    with_category,
)
from plugins.benefits.queries import EnrolmentFilter
from plugins.benefits.services import asking, changing
from plugins.benefits.services.standards import month_now

SHOW, ENROL = [guarded("benefits.show")], [guarded("benefits.enrol")]
State: TypeAlias = Annotated[str, QueryParameter(name="state")]
ACTS = {
    "change": (mark("变更"), mark("变更类别、机构、收款账户或截止月")),
    "end": (mark("停发"), mark("发到哪个月为止")),
    "suspend": (mark("暂停"), mark("恢复后补发暂停的月份")),
    "resume": (mark("恢复"), mark("暂停的月份在下次名册补发")),
    "reopen": (mark("撤销停发"), mark("停发的月份在下次名册补发，已开的追回随之撤销")),
}


@get("/", sync_to_thread=True, guards=SHOW)
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
        person_id=row_id(person) or None,
        after=after_id(after),
        limit=PAGE + 1,
    )
    with begin(request) as work:
        found = queries.list_enrolments(work, wish)
        context: dict[str, Any] = {"choices": scheme_choices(work), "may": rights(work)}
    more = more_path("/benefits/enrolments", found, PAGE, **given)
    return page(
        "benefits/enrolments.html",
        enrolments=found[:PAGE],
        given=given,
        narrowed=any(given.values()),
        more=more,
        states=states_in_words(),
        state_choices=[(name, _(STATES[name][0])) for name in ("active", "suspended", "ended")],
        **context,
    )


@get("/new", sync_to_thread=True, guards=ENROL)
def enrolment_form(request: Request, person: FromQuery[str] = "") -> Template:
    """Ask whom to enrol on what."""
    with begin(request) as work:
        return _enrolment_form(work, {"person": person, "from_month": month_now(work)})


@post("/", sync_to_thread=True, guards=ENROL)
def enrolment_add(request: Request, data: FormData) -> Template | Redirect:
    """Enrol, or show the form again with every objection."""
    try:
        with begin(request) as work:
            person = _person(work, data.text("person"))
            number = asking.enrol_as_asked(work, read_form(asking.EnrolWish, with_category(data), person_id=person))
    except Refused as refusal:
        with look() as work:
            return _enrolment_form(work, data, refusal.objections)
    return see_other(f"/benefits/enrolments/{number}", _("已登记"))


@get("/{enrolment:int}", sync_to_thread=True, guards=SHOW)
def enrolment_show(request: Request, enrolment: FromPath[int]) -> Template:
    """One enrolment with its history."""
    with begin(request) as work:
        found = queries.show_enrolment(work, enrolment)
        queries.log_read(work, found["scheme"], f"enrolment:{enrolment}", found["area"])
        may = work.may("benefits.enrol", found["area"])
        titles = {one.code: _(one.title) for one in categories_of(work, found["scheme"])}
    acts = {"active": ("change", "suspend", "end"), "suspended": ("change", "resume", "end"), "ended": ("reopen",)}
    return page(
        "benefits/enrolment.html",
        one=found,
        states=states_in_words(),
        titles=titles,
        acts=[(name, _(ACTS[name][0])) for name in acts[found["state"]]] if may else [],
    )


@get("/{enrolment:int}/{act:str}", sync_to_thread=True, guards=ENROL)
def act_form(request: Request, enrolment: FromPath[int], act: FromPath[str]) -> Template:
    """Ask what an act on an enrolment needs."""
    with begin(request) as work:
        return _act_form(work, (enrolment, act), {"from_month": month_now(work), "last_month": month_now(work)})


@post("/{enrolment:int}/{act:str}", sync_to_thread=True, guards=ENROL)
def act_on(request: Request, enrolment: FromPath[int], act: FromPath[str], data: FormData) -> Template | Redirect:
    """Change, end, pause or go on."""
    try:
        with begin(request) as work:
            _act(act)(work, enrolment, data)
    except Refused as refusal:
        with look() as work:
            return _act_form(work, (enrolment, act), data, refusal.objections)
    return see_other(f"/benefits/enrolments/{enrolment}", _("已办理：{act}", act=_(ACTS[act][0])))


def _enrolment_form(work: UnitOfWork, values: Mapping[str, Any], objections: Any = ()) -> Template:
    return page(
        "benefits/enrol.html",
        values=values,
        objections=objections,
        choices=category_choices(work),
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
        categories=[("", _("不变"))] + [(one.code, _(one.title)) for one in categories_of(work, found["scheme"])],
        homes=[("", _("不变"))] + [(str(one["id"]), one["name"]) for one in queries.institutions(work)],
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


router = Router(
    "/enrolments",
    route_handlers=[enrolment_list, enrolment_form, enrolment_add, enrolment_show, act_form, act_on],
)
