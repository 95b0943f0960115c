"""Pages of the assessment: violations, scores, the order of villages in a quarter."""

from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from core.api import Refused, _, checked, entries_of
from core.web import FormData, FormOf, begin, guarded, page, read_form, see_other, wish_page
from plugins.democratic_review.ranking import list_violations, quarter_of, ranking, read_quarter
from plugins.democratic_review.services.violating import ASSESS, enter_violation, lift_violation, set_scores
from plugins.democratic_review.wishes import EnterViolation, LiftViolation, SetScores
from plugins.democratic_review.words import VIOLATIONS

SHOW = [guarded("democratic_review.show")]
WRITE = [guarded("democratic_review.assess")]
BASE = "/democratic-review/violations"


@get("/", sync_to_thread=True, guards=SHOW)
def show_violations(request: Request, quarter: FromQuery[str] = "") -> Template:
    """Violations and the order of villages of a quarter."""
    with begin(request) as work:
        try:
            wanted = read_quarter(quarter) if quarter else quarter_of(work.today)
        except Refused:
            wanted = quarter_of(work.today)
        rows = list_violations(work, wanted)
        order = ranking(work, wanted)
        may = work.may(ASSESS)
    return page("democratic_review/violations.html", rows=rows, order=order, quarter=wanted, may=may)


@get("/new", sync_to_thread=True, guards=WRITE)
def ask_violation(request: Request, village: FromQuery[str] = "") -> Template:
    """Ask for a violation."""
    with begin(request) as work:
        return _violation_form({"village": village, "quarter": quarter_of(work.today)})


@post("/new", sync_to_thread=True, guards=WRITE)
def add_violation(request: Request, data: FormData) -> Template | Redirect:
    """Enter it."""
    try:
        with begin(request) as work:
            made = enter_violation(work, read_form(EnterViolation, data))
    except Refused as refusal:
        return _violation_form(data, refusal.objections)
    return see_other(f"{BASE}?quarter={made.quarter}", _("违规已登记"))


def _violation_form(values: Any, wrong: Any = ()) -> Template:
    form = FormOf(
        title=_("登记违规"),
        trail=_trail(_("登记违规")),
        action=f"{BASE}/new",
        back=BASE,
        entries=entries_of(EnterViolation, (VIOLATIONS,), long=("note",)),
        danger=True,
    )
    return wish_page(form, values, wrong)


@get("/scores", sync_to_thread=True, guards=WRITE)
def ask_scores(request: Request) -> Template:
    """Ask for the points of villages."""
    with begin(request) as work:
        return _scores_form({"quarter": quarter_of(work.today)})


@post("/scores", sync_to_thread=True, guards=WRITE)
def add_scores(request: Request, data: FormData) -> Template | Redirect:
    """Keep them."""
    try:
        pairs = [
            line.replace("：", ":").replace("，", ":").replace(",", ":") for line in data.text("scores").splitlines()
        ]
        typed = {code.strip(): points.strip() for code, _colon, points in (one.partition(":") for one in pairs if one)}
        with begin(request) as work:
            given = {"quarter": data.text("quarter"), "document": data.text("document"), "scores": typed}
            set_scores(work, checked(SetScores, **given))
    except Refused as refusal:
        return _scores_form(data, refusal.objections)
    return see_other(f"{BASE}?quarter={data.text('quarter')}", _("得分已登记"))


def _scores_form(values: Any, wrong: Any = ()) -> Template:
    from dataclasses import replace

    entries = [
        replace(one, kind="long", hint=_("一行一个村：村代码，得分")) if one.name == "scores" else one
        for one in entries_of(SetScores)
    ]
    objections = [replace(one, field=(one.field or "").split(".")[0]) for one in wrong]
    form = FormOf(title=_("登记得分"), trail=_trail(_("登记得分")), action=f"{BASE}/scores", back=BASE, entries=entries)
    return wish_page(form, values, objections)


@get("/{violation:int}/lift", sync_to_thread=True, guards=WRITE)
def ask_lifting(request: Request, violation: FromPath[int]) -> Template:
    """Ask why a violation is taken back."""
    with begin(request):
        return _lift_form(violation, {})


@post("/{violation:int}/lift", sync_to_thread=True, guards=WRITE)
def lift(request: Request, violation: FromPath[int], data: FormData) -> Template | Redirect:
    """Take it back."""
    try:
        with begin(request) as work:
            found = lift_violation(work, violation, read_form(LiftViolation, data))
    except Refused as refusal:
        return _lift_form(violation, data, refusal.objections)
    return see_other(f"{BASE}?quarter={found.quarter}", _("违规已撤销"))


def _lift_form(violation: int, values: Any, wrong: Any = ()) -> Template:
    form = FormOf(
        title=_("撤销违规"),
        trail=_trail(_("撤销违规")),
        action=f"{BASE}/{violation}/lift",
        back=BASE,
        entries=entries_of(LiftViolation, long=("why",)),
        danger=True,
    )
    return wish_page(form, values, wrong)


def _trail(title: str) -> list[tuple[str, str]]:
    return [(_("评审团票决"), "/democratic-review"), (_("违规和排名"), BASE), (title, "")]


router = Router(
    BASE,
    route_handlers=[
        show_violations, ask_violation, add_violation, ask_scores, add_scores, ask_lifting, lift,
    ],
)  # fmt: skip
