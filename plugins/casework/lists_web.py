"""Pages of work lists: visits to make, leads, samples, reviews due; on a phone as at the desk."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from core.api import Objection, Refused, UnitOfWork, _
from core.web import (
    PAGE,
    FormData,
    FormOf,
    Skip,
    begin,
    guarded,
    look,
    page,
    read_form,
    rest_path,
    see_other,
    wish_page,
)
from plugins.casework import listing
from plugins.casework.acts import entries
from plugins.casework.moves import APPLY, REVIEW
from plugins.casework.sampled import sample_data
from plugins.casework.services import remedies, sampling
from plugins.casework.types import all_types, title_of
from plugins.casework.wishes import AddLead, DismissLead, DrawSample
from plugins.casework.words import LIGHT_TAGS, LIGHTS

SHOW, MAY_APPLY, MAY_REVIEW = [guarded("casework.show")], [guarded(APPLY)], [guarded(REVIEW)]
_FRONT = "/casework"


@get("/visits", sync_to_thread=True, guards=SHOW)
def show_visits(request: Request, start: Skip = 0) -> Template:
    """Families who wait for a visit, for the phone of who goes there."""
    with begin(request) as work:
        found = listing.visits_to_make(work, start=start, limit=PAGE + 1)
    return page("casework/visits.html", rows=found[:PAGE], more=rest_path("/casework/visits", found, PAGE, start))


@get("/reviews", sync_to_thread=True, guards=SHOW)
def show_reviews(request: Request, area: FromQuery[str] = "", start: Skip = 0) -> Template:
    """Families whose review is due."""
    with begin(request) as work:
        found = listing.reviews_due(work, area, start=start, limit=PAGE + 1)
    titles = {name: _(title) for name, title in LIGHTS.items()}
    more = rest_path("/casework/reviews", found, PAGE, start, area=area)
    return page("casework/reviews.html", rows=found[:PAGE], area=area, titles=titles, tags=LIGHT_TAGS, more=more)


@get("/leads", sync_to_thread=True, guards=SHOW)
def show_leads(request: Request, ended: FromQuery[str] = "", start: Skip = 0) -> Template:
    """Leads nobody followed yet, or those that ended."""
    with begin(request) as work:
        found = listing.leads(work, ended=bool(ended), start=start, limit=PAGE + 1)
        may = work.may(APPLY)
    tabs = [
        {"title": _("待核实"), "path": "/casework/leads", "current": not ended},
        {"title": _("已办结"), "path": "/casework/leads?ended=1", "current": bool(ended)},
    ]
    more = rest_path("/casework/leads", found, PAGE, start, ended=ended and "1")
    return page("casework/leads.html", rows=found[:PAGE], may=may, tabs=tabs, more=more)


@get("/leads/new", sync_to_thread=True, guards=MAY_APPLY)
def ask_lead(request: Request) -> Template:
    """The form of a lead."""
    return _lead_form({})


@post("/leads/new", sync_to_thread=True, guards=MAY_APPLY)
def add_lead(request: Request, data: FormData) -> Template | Redirect:
    """Write a lead down."""
    try:
        with begin(request) as work:
            made = remedies.add_lead(work, read_form(AddLead, data))
    except Refused as refusal:
        return _lead_form(data, refusal.objections)
    return see_other("/casework/leads", _("已登记，请在 {day} 前上门核实", day=made.due_on))


@get("/leads/{lead:int}", sync_to_thread=True, guards=MAY_APPLY)
def show_lead(request: Request, lead: FromPath[int]) -> Template:
    """What was noticed, and what to do with it."""
    with begin(request) as work:
        return _lead(work, lead, {})


@post("/leads/{lead:int}", sync_to_thread=True, guards=MAY_APPLY)
def dismiss_lead(request: Request, lead: FromPath[int], data: FormData) -> Template | Redirect:
    """Nobody needs to apply."""
    try:
        with begin(request) as work:
            remedies.dismiss_lead(work, lead, read_form(DismissLead, data))
    except Refused as refusal:
        with look() as work:
            return _lead(work, lead, data, refusal.objections)
    return see_other("/casework/leads", _("线索已办结"))


@get("/samples", sync_to_thread=True, guards=SHOW)
def show_samples(request: Request, start: Skip = 0) -> Template:
    """Samples that were drawn."""
    with begin(request) as work:
        found = listing.samples(work, start=start, limit=PAGE + 1)
        rows = [{**one, "type_title": title_of(work, one["type"])} for one in found[:PAGE]]
        may = work.may(REVIEW)
    more = rest_path("/casework/samples", found, PAGE, start)
    return page("casework/samples.html", rows=rows, may=may, more=more)


@get("/samples/new", sync_to_thread=True, guards=MAY_REVIEW)
def ask_sample(request: Request) -> Template:
    """The form of a draw."""
    with begin(request) as work:
        return _sample_form(work, {"period": work.today.isoformat()[:7]})


@post("/samples/new", sync_to_thread=True, guards=MAY_REVIEW)
def draw_sample(request: Request, data: FormData) -> Template | Redirect:
    """Draw it."""
    try:
        with begin(request) as work:
            made = sampling.draw_sample(work, read_form(DrawSample, data))
            drawn = len(sample_data(work, made.id or 0)["drawn"])
    except Refused as refusal:
        with look() as work:
            return _sample_form(work, data, refusal.objections)
    return see_other(f"/casework/samples/{made.id}", _("抽出 {count} 件，种子 {seed}", count=drawn, seed=made.seed))


@get("/samples/{sample:int}", sync_to_thread=True, guards=SHOW)
def show_sample(request: Request, sample: FromPath[int]) -> Template:
    """A sample, drawn again from its seed for who checks it."""
    with begin(request) as work:
        found = sample_data(work, sample)
        may = work.may(REVIEW)
        title = title_of(work, found["type"])
    return page("casework/sample.html", sample=found, may=may, type_title=title)


def _lead_form(values: Any, wrong: Sequence[Objection] = ()) -> Template:
    form = FormOf(
        title=_("登记线索"),
        trail=[(_("申请办理"), _FRONT), (_("主动发现线索"), "/casework/leads"), (_("登记线索"), "")],
        action="/casework/leads/new",
        back="/casework/leads",
        entries=entries(AddLead),
    )
    return wish_page(form, values, wrong)


def _lead(work: UnitOfWork, lead: int, values: Any, wrong: Sequence[Objection] = ()) -> Template:
    found = listing.own_lead(work, lead, APPLY)
    return page(
        "casework/lead.html",
        status=422 if wrong else 200,
        lead=found,
        text=listing.lead_text(work, found),
        values=values,
        objections=wrong,
    )


def _sample_form(work: UnitOfWork, values: Any, wrong: Sequence[Objection] = ()) -> Template:
    from dataclasses import replace

    types = tuple((one.name, _(one.title)) for one in all_types(work).values())
    fields = [replace(one, kind="select", choices=types) if one.name == "type" else one for one in entries(DrawSample)]
    form = FormOf(
        title=_("随机抽查"),
        trail=[(_("申请办理"), _FRONT), (_("抽查"), "/casework/samples"), (_("随机抽查"), "")],
        action="/casework/samples/new",
        back="/casework/samples",
        entries=[replace(one, kind="month") if one.name == "period" else one for one in fields],
    )
    return wish_page(form, values, wrong)


router = Router(
    "/",
    route_handlers=[
        show_visits, show_reviews, show_leads, ask_lead, add_lead, show_lead, dismiss_lead, show_samples, ask_sample,
        draw_sample, show_sample,
    ],
)  # fmt: skip
