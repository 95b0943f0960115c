"""Pages of suspected duplicates: two records side by side; one proposes, another decides, a decision is undone."""

from typing import Annotated, Any, TypeAlias

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect, Template

from core.errors import Refused
from core.households import duplicates
from core.households.areas import list_areas
from core.households.queries import area_path
from core.identity.cards import household_of
from core.identity.models.accounts import Account
from core.identity.models.history import Proposal
from core.identity.models.persons import Person
from core.identity.queries import PersonCard, person_card
from core.showing import day
from core.texts import _, listed, mark
from core.web import PAGE, FormData, after_id, begin, guarded, more_path, page, see_other
from core.web.answers import look
from core.work import UnitOfWork

State: TypeAlias = Annotated[str, QueryParameter(name="state")]
COMPARE, DECIDE = [guarded("household.compare")], [guarded("household.decide_duplicate")]
STATES = {
    "open": (mark("待核对"), ""),
    "proposed": (mark("待第二人确认"), "note"),
    "merged": (mark("已合并"), "ok"),
    "different": (mark("不是同一人"), ""),
}


@get("/", sync_to_thread=True, guards=COMPARE)
def show_list(request: Request, in_state: State = "open", after: FromQuery[str] = "") -> Template:
    """The pairs in one state."""
    chosen = in_state if in_state in STATES else "open"
    with begin(request) as work:
        found = duplicates.list_candidates(work, chosen, after=after_id(after), limit=PAGE + 1)
        names = {one["code"]: one["name"] for one in list_areas(work)}
    tabs = [
        {"title": _(title), "path": f"/households/duplicates?state={name}", "current": name == chosen}
        for name, (title, _state) in STATES.items()
    ]
    more = more_path("/households/duplicates", found, PAGE, state=chosen)
    return page("households/duplicates.html", pairs=found[:PAGE], names=names, tabs=tabs, chosen=chosen, more=more)


@post("/", sync_to_thread=True, guards=COMPARE)
def find(request: Request, data: FormData) -> Redirect:
    """Look for new pairs by the rules."""
    with begin(request) as work:
        found = duplicates.find_candidates(work)
    return see_other(
        "/households/duplicates", _("找到 {count} 对新的", count=found) if found else _("没有新的疑似重复")
    )


@get("/{candidate:int}", sync_to_thread=True, guards=COMPARE)
def show(request: Request, candidate: FromPath[int]) -> Template:
    """Two records side by side, and what can be done."""
    with begin(request) as work:
        return _pair(work, candidate)


@post("/{candidate:int}/propose", sync_to_thread=True, guards=COMPARE)
def propose(request: Request, candidate: FromPath[int], data: FormData) -> Template | Redirect:
    """Say that the two are one person."""
    try:
        with begin(request) as work:
            duplicates.propose_same(work, candidate, data.text("reason"))
    except Refused as refusal:
        return _again(candidate, data, refusal)
    return see_other(f"/households/duplicates/{candidate}", _("已提出合并，等待另一人确认"))


@post("/{candidate:int}/decide", sync_to_thread=True, guards=DECIDE)
def decide(request: Request, candidate: FromPath[int], data: FormData) -> Template | Redirect:
    """Decide as the second person."""
    same = data.text("decision") == "same"
    try:
        with begin(request) as work:
            if same:
                duplicates.decide_same(work, candidate, data.text("reason"))
            else:
                duplicates.decide_different(work, candidate, data.text("reason"))
    except Refused as refusal:
        return _again(candidate, data, refusal)
    return see_other(f"/households/duplicates/{candidate}", _("已合并") if same else _("已确认不是同一人"))


@post("/{candidate:int}/undo", sync_to_thread=True, guards=COMPARE)
def undo(request: Request, candidate: FromPath[int], data: FormData) -> Template | Redirect:
    """Take a decision back: a merge needs a second person again."""
    try:
        with begin(request) as work:
            waits = isinstance(duplicates.undo_decision(work, candidate, data.text("reason")), Proposal)
    except Refused as refusal:
        return _again(candidate, data, refusal)
    said = _("已提出撤销，等待另一人确认") if waits else _("已撤销，可以重新核对")
    return see_other(f"/households/duplicates/{candidate}", said)


def _again(candidate: int, data: Any, refusal: Refused) -> Template:
    with look() as work:
        return _pair(work, candidate, data, refusal.objections, 422)


def _pair(work: UnitOfWork, candidate: int, values: Any = None, objections: Any = (), status: int = 200) -> Template:
    found = duplicates.show_candidate(work, candidate)
    first, second = (person_card(work, one) for one in found["ids"])
    for one in (first, second):
        work.record_read("person.shown", f"person:{one.person.id}", area=one.person.hukou_area)
    proposer = work.session.get(Account, found["proposed_by"]) if found["proposed_by"] else None
    mine = found["proposed_by"] == work.actor.account_id
    title, state = STATES[found["state"]]
    return page(
        "households/duplicate.html",
        status=status,
        pair=found,
        first=first.person,
        second=second.person,
        rows=_rows(work, first, second),
        made=_made(first.person, second.person),
        state=(_(title), state),
        proposer=(proposer.title or proposer.name) if proposer else "",
        mine=mine,
        may_decide=work.may("household.decide_duplicate", found["area"]) and not mine,
        values=values,
        objections=objections,
    )


def _rows(work: UnitOfWork, first: PersonCard, second: PersonCard) -> list[tuple[str, str, str, bool]]:
    """(what, of the first, of the second, whether they agree), for the reader to compare line by line."""
    sides = [_side(work, card) for card in (first, second)]
    return [
        (label, one, other, one == other and bool(one)) for (label, one), (_label, other) in zip(*sides, strict=True)
    ]


def _made(first: Person, second: Person) -> tuple[str, str]:
    """When the two records were made: nothing to compare, but good to know."""
    return day(first.created_at), day(second.created_at)


def _side(work: UnitOfWork, card: PersonCard) -> list[tuple[str, str]]:
    person = card.person
    household = household_of(work, person.id or 0)
    place = "".join(one["name"] for one in area_path(work, person.hukou_area)[1:])
    papers = listed(f"{one.kind_name} {one.number.in_words}" for one in card.documents if not one.superseded)
    account = next((one.number.in_words for one in card.accounts if one.valid_to is None), "")
    return [
        (_("姓名"), person.name),
        (_("性别"), card.sex),
        (_("出生日期"), str(person.birth_date or "")),
        (_("证件"), papers),
        (_("户籍地"), place),
        (_("地址"), person.address),
        (_("电话"), str(card.phone or "")),
        (_("户号"), household[1] if household else ""),
        (_("银行账号"), account),
        (_("去世"), str(person.died_on or "")),
    ]


router = Router("/duplicates", route_handlers=[show_list, find, show, propose, decide, undo])
