"""The one counter: find the household, tick who lives together, see which schemes speak for themselves, apply."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromQuery
from litestar.response import Redirect, Template

from core.api import (
    HuiminError,
    NotFound,
    Objection,
    PersonFacts,
    Refused,
    UnitOfWork,
    _,
    current_members,
    facts_of,
    find_household,
    find_people,
    household_of,
)
from core.web import FormData, begin, guarded, look, page, read_form, see_other
from plugins.casework.acts import entries, opened
from plugins.casework.listing import own_lead
from plugins.casework.types import all_types, called
from plugins.casework.wishes import NewCase

APPLY = [guarded("casework.apply")]
FOUND_MAX = 20
_BESIDE = ("applied_on", "source", "area_kind", "urgent_order")
"""The fields that stand below the family and the schemes."""


@get("/new", sync_to_thread=True, guards=APPLY)
def ask_new(request: Request, household: FromQuery[str] = "", lead: FromQuery[int] = 0) -> Template:
    """Find a household, or fill in the application of one."""
    values: dict[str, Any] = {}
    with begin(request) as work:
        if lead:
            found = own_lead(work, lead)
            values = {"lead": lead, "source": "discovery"}
            home = household_of(work, found.person_id)
            household = household or (home[1] if home else "")
        return _form(work, household, values) if household else _search(work)


@post("/new/search", sync_to_thread=True, guards=APPLY)
def search(request: Request, data: FormData) -> Template | Redirect:
    """Find a household by its number, or by somebody who lives there; what was typed never goes into an address."""
    with look() as work:  # a search is no act
        wish = data.text("q")
        try:
            number = find_household(work, wish).number if wish else ""
        except NotFound:
            number = ""
        return _form(work, number, {}) if number else _search(work, data)


@post("/new", sync_to_thread=True, guards=APPLY)
def apply(request: Request, data: FormData) -> Template | Redirect:
    """Open the case, or say everything that stands against it."""
    try:
        with begin(request) as work:
            done = opened(work, read_form(NewCase, data))
    except Refused as refusal:
        with look() as work:
            return _form(work, data.text("household"), data, refusal.objections)
    return see_other(f"/casework/cases/{done['case']}", _("已登记申请 {number}", number=done["case"]))


def _search(work: UnitOfWork, values: Any = None) -> Template:
    wish = values.text("q") if values else ""
    may = work.may("person.show")
    people = find_people(work, wish, FOUND_MAX)["people"] if wish and may else []
    return page(
        "casework/find.html",
        values=values,
        asked=bool(wish),
        people=[one for one in people if one["household"]],
    )


def _form(work: UnitOfWork, number: str, values: Any, wrong: Sequence[Objection] = ()) -> Template:
    household = find_household(work, number)
    ids = [row.person_id for row in current_members(work, household.id or 0)]
    facts = facts_of(work, ids)
    people = [facts[one] for one in ids if one in facts and facts[one].died_on is None]
    choices = [(str(one.id), _named(one)) for one in people]
    types = _types(work, people)
    first = {
        "members": [choice for choice, _title in choices],
        "applicant": str(household.head_id or ""),
        "type": types[0][0] if len(types) == 1 else "",
        "source": "counter",
    }
    return page(
        "casework/new.html",
        status=422 if wrong else 200,
        household=household.number,
        members=choices,
        types=types,
        entries=[one for one in entries(NewCase) if one.name in _BESIDE],
        lead=values.get("lead", ""),
        values=values if wrong else {**first, **values},
        objections=wrong,
    )


def _types(work: UnitOfWork, people: Sequence[PersonFacts]) -> list[tuple[str, str, str]]:
    """The schemes of this county with the sentence that speaks for each, those with one first."""
    found = []
    for kind in all_types(work).values():
        try:
            said = called(work, kind, kind.fits, people) if kind.fits else ""
        except HuiminError:  # its plugin failed, which stands in the log; the others are still applied for here
            said = ""
        found.append((kind.name, _(kind.title), said))
    return sorted(found, key=lambda one: not one[2])


def _named(one: PersonFacts) -> str:
    return _("{name}（{year} 年生）", name=one.name, year=one.birth_date.year) if one.birth_date else one.name


router = Router("/", route_handlers=[ask_new, search, apply])
