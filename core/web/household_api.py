"""The JSON API of the registry: households, persons, and their changes; scoped like every page."""

from datetime import date, datetime
from typing import Annotated, Any, TypeAlias

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from core.households import duplicates, queries, services
from core.households.queries import HouseholdFilter
from core.households.wishes import (
    ChangeMembers,
    CloseHousehold,
    MergeHouseholds,
    MoveHousehold,
    OpenHousehold,
    SplitHousehold,
)
from core.identity import events, persons
from core.identity.cards import card_data, found_people
from core.identity.queries import person_card
from core.web import begin, guarded
from core.web.paging import Limit, Next, Paged

State: TypeAlias = Annotated[str, QueryParameter(name="state", pattern="^(open|proposed|merged|different)$")]
SHOW, CHANGE = [guarded("household.show")], [guarded("household.change")]
SEE, ALTER = [guarded("person.show")], [guarded("person.change")]


@get("/households", sync_to_thread=True, guards=SHOW, tags=["household"])
def household_list(
    request: Request,
    limit: Limit = 50,
    next: Next = "",
    area: FromQuery[str] = "",
    number: FromQuery[str] = "",
    closed: FromQuery[bool] = False,
) -> Paged:
    """Households in the token's areas, by number."""
    wish = HouseholdFilter(area=area, number=number, closed=closed, after=next, limit=limit)
    with begin(request) as work:
        found = queries.list_households(work, wish)
    items = [plain(one) for one in found["households"]]
    return Paged(items, items[-1]["number"] if found["more"] else None)


@get("/households/count", sync_to_thread=True, guards=SHOW, tags=["household"])
def household_count(request: Request, area: FromQuery[str] = "") -> dict[str, int]:
    """How many households and people the token may see."""
    with begin(request) as work:
        return queries.count_households(work, area)


@get("/households/{household:int}", sync_to_thread=True, guards=SHOW, tags=["household"])
def household_show(request: Request, household: FromPath[int], on: FromQuery[date | None] = None) -> dict[str, Any]:
    """One household with its members on a day (today)."""
    with begin(request) as work:
        found = queries.show_household(work, household, on)
        work.record_read("household.shown", f"household:{household}", area=found["area"])
    return plain(found)


@get("/households/{household:int}/changes", sync_to_thread=True, guards=SHOW, tags=["household"])
def household_changes(request: Request, household: FromPath[int]) -> dict[str, Any]:
    """What changed in a household, newest first."""
    with begin(request) as work:
        return {"items": [plain(one) for one in queries.household_history(work, household)], "next": None}


@post("/households", sync_to_thread=True, guards=CHANGE, tags=["household"])
def household_open(request: Request, data: JSONBody[OpenHousehold]) -> dict[str, Any]:
    """Open a household with all its members."""
    with begin(request) as work:
        return {"id": services.open_household(work, data).id}


@post("/households/{household:int}/members", sync_to_thread=True, guards=CHANGE, tags=["household"])
def household_members(request: Request, household: FromPath[int], data: JSONBody[ChangeMembers]) -> dict[str, Any]:
    """Say anew who belongs to a household."""
    with begin(request) as work:
        return {"id": services.change_members(work, household, data).id}


@post("/households/{household:int}/split", sync_to_thread=True, guards=CHANGE, tags=["household"])
def household_split(request: Request, household: FromPath[int], data: JSONBody[SplitHousehold]) -> dict[str, Any]:
    """Make part of a household one of its own; answers the new one."""
    with begin(request) as work:
        return {"id": services.split_household(work, household, data).id}


@post("/households/{household:int}/merge", sync_to_thread=True, guards=CHANGE, tags=["household"])
def household_merge(request: Request, household: FromPath[int], data: JSONBody[MergeHouseholds]) -> dict[str, Any]:
    """Take another household in."""
    with begin(request) as work:
        return {"id": services.merge_households(work, household, data).id}


@post("/households/{household:int}/move", sync_to_thread=True, guards=CHANGE, tags=["household"])
def household_move(request: Request, household: FromPath[int], data: JSONBody[MoveHousehold]) -> dict[str, Any]:
    """Move a household within the county."""
    with begin(request) as work:
        return {"id": services.move_household(work, household, data).id}


@post("/households/{household:int}/close", sync_to_thread=True, guards=CHANGE, tags=["household"])
def household_close(request: Request, household: FromPath[int], data: JSONBody[CloseHousehold]) -> dict[str, Any]:
    """Close a household in which nobody living is left."""
    with begin(request) as work:
        return {"id": services.close_household(work, household, data).id}


@get("/people", sync_to_thread=True, guards=SEE, tags=["person"])
def person_find(request: Request, text: FromQuery[str]) -> dict[str, Any]:
    """People by name, pinyin initials, tail of a number, whole number or household number."""
    with begin(request) as work:
        found = found_people(work, text)
    return {"items": [plain(one) for one in found["people"]], "more": found["more"], "next": None}


@get("/people/{person:int}", sync_to_thread=True, guards=SEE, tags=["person"])
def person_show(request: Request, person: FromPath[int]) -> dict[str, Any]:
    """One person in full, numbers masked."""
    with begin(request) as work:
        data = card_data(work, person_card(work, person))
        work.record_read("person.shown", f"person:{person}", area=data["area"])
    return plain(data)


@post("/people", sync_to_thread=True, guards=[guarded("person.add")], tags=["person"])
def person_add(request: Request, data: JSONBody[persons.NewPerson]) -> dict[str, Any]:
    """Register a person."""
    with begin(request) as work:
        return {"id": persons.register_person(work, data).id}


@post("/people/{person:int}/death", sync_to_thread=True, guards=ALTER, tags=["person"])
def person_death(request: Request, person: FromPath[int], data: JSONBody[events.Death]) -> dict[str, Any]:
    """Record a death; every benefit hears of it."""
    with begin(request) as work:
        return {"event": events.record_death(work, person, data).id}


@post("/people/{person:int}/move", sync_to_thread=True, guards=ALTER, tags=["person"])
def person_move(request: Request, person: FromPath[int], data: JSONBody[events.Move]) -> dict[str, Any]:
    """Record a move within the county."""
    with begin(request) as work:
        return {"event": events.record_move(work, person, data).id}


@post("/people/{person:int}/move-out", sync_to_thread=True, guards=ALTER, tags=["person"])
def person_move_out(request: Request, person: FromPath[int], data: JSONBody[events.MoveOut]) -> dict[str, Any]:
    """Record that a person's hukou left the county."""
    with begin(request) as work:
        return {"event": events.record_move_out(work, person, data).id}


@get("/duplicates", sync_to_thread=True, guards=[guarded("household.compare")], tags=["person"])
def duplicate_list(request: Request, limit: Limit = 50, in_state: State = "open") -> dict[str, Any]:
    """Pairs of records that may be one person."""
    with begin(request) as work:
        return {"items": [plain(one) for one in duplicates.list_candidates(work, in_state, limit)], "next": None}


def plain(value: Any) -> Any:
    """A value as JSON takes it: days and instants in ISO form, masked numbers masked."""
    match value:
        case dict():
            return {name: plain(one) for name, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
        case date() | datetime():
            return value.isoformat()
        case str():
            return str(value)
    return value


router = Router(
    "/api/v1",
    route_handlers=[
        household_list, household_count, household_show, household_changes, household_open, household_members,
        household_split, household_merge, household_move, household_close, person_find, person_show, person_add,
        person_death, person_move, person_move_out, duplicate_list,
    ],
    include_in_schema=True,
)  # fmt: skip
