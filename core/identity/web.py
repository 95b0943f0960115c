"""Pages of persons: search, registering, one person with what plugins bring, showing a whole number."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from core.errors import NotFound, Objection, Refused
from core.households import queries as households
from core.households.areas import list_areas
from core.households.household_act_web import village_choices
from core.households.queries import HouseholdFilter
from core.households.search import find_people, is_sensitive
from core.identity import act_web, attachment_web, events, persons, queries, second_person_web
from core.identity.act_web import REASONS_TO_LOOK, choices, linked
from core.identity.attachments import attachment_lines
from core.identity.cards import household_of
from core.identity.codes import ETHNICITY, SEX
from core.identity.queries import PersonCard
from core.texts import _
from core.web import FormData, begin, guarded, page, read_form, see_other
from core.web.answers import look, safe_path
from core.web.panels import gather
from core.work import UnitOfWork

SHOW, ADD, REVEAL = [guarded("person.show")], [guarded("person.add")], [guarded("person.reveal")]
REVEAL_SECONDS = 30
HOUSEHOLDS_MAX = 5
FILES_SHOWN = 5


@get("/", sync_to_thread=True, guards=SHOW)
def show_search(request: Request, q: FromQuery[str] = "") -> Template:
    """Find a person by part of a name, initials, the tail of a number, a household number."""
    with begin(request) as work:
        return _found(work, "" if is_sensitive(q) else q.strip(), warned=is_sensitive(q))


@post("/search", sync_to_thread=True, guards=SHOW)
def search(request: Request, data: FormData) -> Template | Redirect:
    """Search: a word goes into the address, a whole number never does."""
    wish = data.text("q")
    if not is_sensitive(wish):
        return see_other(f"/people?{urlencode({'q': wish})}" if wish else "/people")
    with look() as work:  # a search is no act: the same form may search again and again
        return _found(work, wish)


@get("/new", sync_to_thread=True, guards=ADD)
def ask_new(request: Request) -> Template:
    """The form for a person."""
    with begin(request) as work:
        return _new(work, {})


@post("/new", sync_to_thread=True, guards=ADD)
def register(request: Request, data: FormData) -> Template | Redirect:
    """Register a person; somebody nobody knows gets a temporary number."""
    try:
        with begin(request) as work:
            wish = read_form(persons.NewPerson, data)
            unknown = bool(data.text("unknown"))
            person = persons.register_unidentified(work, wish) if unknown else persons.register_person(work, wish)
    except Refused as refusal:
        with look() as work:
            return _new(work, data, [_in_words(one, data) for one in linked(refusal.objections)], 422)
    return see_other(f"/people/{person.id}", _("已登记"))


@get("/{person:int}", sync_to_thread=True, guards=SHOW)
def show(request: Request, person: FromPath[int]) -> Template:
    """One person: papers, accounts, events, what plugins bring."""
    with begin(request) as work:
        card = queries.person_card(work, person)
        area = card.person.hukou_area
        work.record_read("person.shown", f"person:{person}", area=area)
        brought = gather(work, work.hooks.show("show_person_panels", work=work, person_id=person))
        sees_files = work.may("attachment.show", area)
        files = attachment_lines(work, f"person:{person}") if sees_files else []
        context: dict[str, Any] = {
            "card": card,
            "household": household_of(work, person),
            "brought": brought,
            "files": files[:FILES_SHOWN],
            "all_files": len(files),
            "may": _may(work, card, sees_files),
            "events": _events(card),
            "waiting": second_person_web.waiting_lines(work, card.waiting),
            "acts": [(name, _(act.title)) for name, act in act_web.ACTS.items() if act.fits(card)],
            "places": {code: _place(work, code) for code in {area, card.person.residence_area}},
        }
    return page("identity/show.html", **context)


@get("/{person:int}/reveal", sync_to_thread=True, guards=REVEAL)
def ask_reveal(
    request: Request, person: FromPath[int], what: FromQuery[str] = "number", back: FromQuery[str] = ""
) -> Template:
    """Ask why a whole number is wanted."""
    with begin(request) as work:
        card = queries.person_card(work, person)
        number = number_of(card, what)
    return _reveal(card, what, number.in_words, back)


@post("/{person:int}/reveal", sync_to_thread=True, guards=REVEAL)
def reveal(request: Request, person: FromPath[int], data: FormData) -> Template:
    """Show one whole number for half a minute; the audit has it before the page does."""
    what, back, reason = data.text("what") or "number", data.text("back"), data.text("reason")
    with look() as work:
        card = queries.person_card(work, person)
        number = number_of(card, what)
        masked = number.in_words
        if reason not in [_(one) for one in REASONS_TO_LOOK]:
            objections = [Objection(field="reason", reason=_("请选查看事由"))]
            return _reveal(card, what, masked, back, objections=objections, status=422)
        plain = number.reveal(work, reason)
    return _reveal(card, what, masked, back, plain)


def _found(work: UnitOfWork, wish: str, warned: bool = False) -> Template:
    people = find_people(work, wish) if wish else {"people": [], "more": False}
    found: Sequence[dict[str, Any]] = ()
    if wish and any(letter.isdigit() for letter in wish) and work.may("household.show"):
        asked = HouseholdFilter(number=wish, limit=HOUSEHOLDS_MAX, closed=True)
        found = households.list_households(work, asked)["households"]
    return page(
        "identity/search.html",
        block="list",
        q=wish,
        warned=warned,
        people=people["people"],
        more=people["more"],
        households=found,
        names={one["code"]: one["name"] for one in list_areas(work)} if people["people"] or found else {},
        waiting=second_person_web.count_waiting(work),
        may_add=work.may("person.add"),
        may_confirm=work.may("person.confirm"),
    )


def _new(work: UnitOfWork, values: Any, objections: Any = (), status: int = 200) -> Template:
    return page(
        "identity/new.html",
        status=status,
        villages=[("", _("请选择")), *village_choices(work, "person.add")],
        sexes=choices(SEX),
        peoples=choices(ETHNICITY),
        values=values,
        objections=objections,
    )


def _in_words(one: Objection, data: Mapping[str, str]) -> Objection:
    """Who chose no village has typed no wrong code."""
    nothing = one.field == "hukou_area" and not data.get("hukou_area")
    return replace(one, reason=_("请选户籍地")) if nothing else one


def _may(work: UnitOfWork, card: PersonCard, sees_files: bool) -> dict[str, bool]:
    area = card.person.hukou_area
    may = {name: work.may(f"person.{name}", area) for name in ("change", "reveal", "confirm")}
    return {
        **may,
        "change": may["change"] and card.person.merged_into is None,
        "household": work.may("household.show"),
        "files": sees_files,
        "add_file": work.may("attachment.add", area),
    }


def _reveal(
    card: PersonCard,
    what: str,
    masked: str,
    back: str,
    plain: str = "",
    *,
    objections: Sequence[Objection] = (),
    status: int = 200,
) -> Template:
    return page(
        "identity/reveal.html",
        status=status,
        person=card.person.id,
        name=card.person.name,
        what=what,
        title=_whole(what),
        masked=masked,
        back=safe_path(back, f"/people/{card.person.id}"),
        plain=plain,
        seconds=REVEAL_SECONDS,
        reasons=[("", _("请选择")), *((_(one), _(one)) for one in REASONS_TO_LOOK)],
        objections=objections,
    )


def _whole(what: str) -> str:
    kind = what.partition(":")[0]
    return {"phone": _("完整电话"), "account": _("完整银行账号")}.get(kind, _("完整证件号码"))


def number_of(card: PersonCard, what: str) -> Any:
    """The masked number meant by ``number``, ``phone``, ``document:3`` or ``account:4``; raises ``NotFound``."""
    kind, _colon, row = what.partition(":")
    found: Any = None
    if kind == "number":
        found = card.id_number
    elif kind == "phone":
        found = card.phone
    elif kind == "document":
        found = next((one.number for one in card.documents if str(one.id) == row), None)
    elif kind == "account":
        found = next((one.number for one in card.accounts if str(one.id) == row), None)
    if found is None:
        raise NotFound(_("没有可以查看的号码"))
    return found


def _events(card: PersonCard) -> list[dict[str, Any]]:
    gone = {one.revokes for one in card.events if one.revokes}
    return [
        {
            "id": one.id,
            "title": _(events.TITLES[one.kind]),
            "on": one.happened_on,
            "source": one.source or one.reason,
            "at": one.recorded_at,
            "standing": one.id not in gone and one.kind != events.TAKEN_BACK,
            "gone": one.id in gone,
        }
        for one in reversed(card.events)
    ]


def _place(work: UnitOfWork, code: str) -> str:
    return "".join(one["name"] for one in households.area_path(work, code)[1:])


router = Router(
    "/",
    route_handlers=[
        Router(
            "/people",
            route_handlers=[
                show_search, search, ask_new, register, show, ask_reveal, reveal,
                second_person_web.router, act_web.router,
            ],
        ),
        attachment_web.router,
    ],
)  # fmt: skip
