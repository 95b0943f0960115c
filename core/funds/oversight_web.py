"""Pages of oversight: findings of the internal audit, and the declared relatives of staff."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeAlias
from urllib.parse import urlencode

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect, Template

from core.errors import Clash, NotFound, Objection, Refused
from core.funds import detectors, kin, page_words, reading
from core.funds.typed import Relative, objections_of
from core.households.areas import area_names
from core.identity.queries import find_person
from core.showing import month_in_words
from core.texts import _
from core.values import Period
from core.web import FormData, begin, guarded, look, page, read_form, see_other
from core.work import UnitOfWork

DETECT, DECLARE = [guarded("funds.detect")], [guarded("funds.declare_kin")]
State: TypeAlias = Annotated[str, QueryParameter(name="state", max_length=12)]


@get("/findings", sync_to_thread=True, guards=DETECT)
def show_findings(request: Request, in_state: State = "open", period: FromQuery[str] = "") -> Template:
    """Findings in one state, newest first."""
    with begin(request) as work:
        return _findings(work, in_state, period, {"month": str(Period.of(work.today).previous())})


@post("/findings", sync_to_thread=True, guards=DETECT)
def detect(request: Request, data: FormData) -> Template | Redirect:
    """Ask every detector about a month."""
    month = data.text("month")
    try:
        with begin(request) as work:
            added = detectors.detect(work, month)
    except Refused as refusal:
        with look() as work:
            wrong = [Objection(reason=refusal.message, field="month", code=refusal.code)]
            return _findings(work, "open", "", data, wrong)
    said = _("{month}新增 {count} 条线索", month=month_in_words(month), count=added)
    return see_other(f"/funds/findings?{urlencode({'period': month})}", said)


@get("/findings/{finding:int}", sync_to_thread=True, guards=DETECT)
def show_finding(request: Request, finding: FromPath[int]) -> Template:
    """One finding: why it deserves a second look, and the answer."""
    with begin(request) as work:
        return _finding(work, finding, {})


@post("/findings/{finding:int}", sync_to_thread=True, guards=[guarded("funds.decide_finding")])
def decide(request: Request, finding: FromPath[int], data: FormData) -> Template | Redirect:
    """Explain or confirm a finding, or say that it was put right."""
    try:
        with begin(request) as work:
            if not data.text("state"):
                raise Refused([Objection(reason=_("请选一个结论"), field="state", code="E_FIELD")])
            detectors.decide_finding(work, finding, data.text("state"), data.text("answer")[:300])
    except (Refused, Clash) as refusal:
        with look() as work:
            return _finding(work, finding, data, objections_of(refusal), refusal.status)
    return see_other(f"/funds/findings/{finding}", _("已答复"))


@get("/kin", sync_to_thread=True, guards=[guarded("funds.show_kin")])
def show_kin(request: Request) -> Template:
    """The declarations in force, and the form for one more."""
    with begin(request) as work:
        return _kin(work, {})


@post("/kin", sync_to_thread=True, guards=DECLARE)
def declare(request: Request, data: FormData) -> Template | Redirect:
    """Declare a near relative of a member of staff."""
    field = "account"
    try:
        with begin(request) as work:
            wish = read_form(Relative, data)
            field = "person"
            person = find_person(work, wish.person, "funds.declare_kin").id or 0
            field = "account"
            kin.declare_kin(work, wish.account, person, wish.relation)
    except (Refused, NotFound) as refusal:
        with look() as work:
            return _kin(work, data, objections_of(refusal, field))
    return see_other("/funds/kin", _("已备案"))


@post("/kin/{declared:int}/end", sync_to_thread=True, guards=DECLARE)
def end(request: Request, declared: FromPath[int], data: FormData) -> Redirect:
    """End a declaration."""
    with begin(request) as work:
        kin.end_kin(work, declared)
    return see_other("/funds/kin", _("已结束备案"))


def _states() -> dict[str, tuple[str, str]]:
    return {name: (_(title), page_words.FINDINGS[name]) for name, title in detectors.STATES.items()}


def _findings(
    work: UnitOfWork, in_state: str, period: str, values: Mapping[str, Any], objections: Sequence[Objection] = ()
) -> Template:
    states = _states()
    chosen = in_state if in_state in states else "open"
    found = detectors.list_findings(work, chosen, period)
    return page(
        "funds/findings.html",
        findings=found,
        names=area_names(work, {one["area"] for one in found} | {one["area"][:9] for one in found}),
        chosen=chosen,
        period=period,
        tabs=[
            {
                "title": title,
                "path": "/funds/findings?" + urlencode({"state": name, **({"period": period} if period else {})}),
                "current": name == chosen,
            }
            for name, (title, _look) in states.items()
        ],
        values=values,
        objections=objections,
        status=422 if objections else 200,
    )


def _finding(
    work: UnitOfWork,
    number: int,
    values: Mapping[str, Any],
    objections: Sequence[Objection] = (),
    status: int = 200,
) -> Template:
    found = reading.finding_file(work, number)
    notes = {
        "explained": _("查过了，没有问题，写明理由"),
        "confirmed": _("确有问题，写明要怎么整改"),
        "rectified": _("已经改正，写明结果"),
    }
    following = detectors.FOLLOWING.get(found.state, ())
    states = _states()
    names = area_names(work, {found.area, found.area[:9]})
    return page(
        "funds/finding.html",
        finding=found,
        title=detectors.title_of(work, found.kind),
        state=states[found.state],
        place=names.get(found.area) or names.get(found.area[:9], "--"),
        path=reading.path_of(work, found.subject),
        choices=[(name, states[name][0], notes[name]) for name in following]
        if work.may("funds.decide_finding", found.area)
        else [],
        values=values,
        objections=objections,
        status=status,
    )


def _kin(work: UnitOfWork, values: Mapping[str, Any], objections: Sequence[Objection] = ()) -> Template:
    return page(
        "funds/kin.html",
        kin=kin.list_kin(work),
        relations={name: _(title) for name, title in kin.RELATIONS.items()},
        may_declare=work.may("funds.declare_kin"),
        values=values,
        objections=objections,
        status=422 if objections else 200,
    )


router = Router("/", route_handlers=[show_findings, detect, show_finding, decide, show_kin, declare, end])
