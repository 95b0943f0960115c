"""The JSON API of households: list, one, changes, rosters, suspected duplicates; scoped like every page."""

from datetime import date
from typing import Annotated, Any, TypeAlias

from litestar import Request, Router, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import Response
from pydantic import BaseModel, Field

from core.errors import Objection, Refused
from core.households import duplicates, exporting, groups, queries, services
from core.households.importing import rosters
from core.households.importing.template import template
from core.households.queries import HouseholdFilter
from core.households.wishes import (
    ChangeGroup,
    ChangeMembers,
    CloseHousehold,
    MergeHouseholds,
    MoveHousehold,
    OpenGroup,
    OpenHousehold,
    SplitHousehold,
)
from core.identity.models.history import Proposal
from core.texts import _
from core.web import Posted, answered, begin, download, guarded, limited
from core.web.paging import Limit, Next, Paged, after_id, page_of, plain

Upload: TypeAlias = Annotated[Posted, Body(media_type=RequestEncodingType.MULTI_PART)]
State: TypeAlias = Annotated[str, QueryParameter(name="state", pattern="^(open|proposed|merged|different)$")]
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UPLOAD_MEGABYTES = 60
SHOW, CHANGE = [guarded("household.show")], [guarded("household.change")]
IMPORT, COMPARE = [guarded("household.import")], [guarded("household.compare")]


class ExportWish(BaseModel):
    """What to export: an area and everything below it, "" for all of one's areas."""

    area: str = Field(default="", max_length=12)


class RunWish(BaseModel):
    """Import what was checked: ``digest`` is that of the check, so that nothing else can slip in."""

    digest: str = Field(min_length=64, max_length=64)
    only_valid: bool = False


class Why(BaseModel):
    """The reason of a decision; it stands in the audit."""

    reason: str = Field(min_length=1, max_length=200)


class Decision(Why):
    """What a second person decides about a suspected pair."""

    same: bool


class GroupEnd(BaseModel):
    """The last day of a group."""

    on: date
    reason: str = Field(default="", max_length=200)


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
    """How many households and people the token may see, in an area and below."""
    with begin(request) as work:
        return queries.count_households(work, area)


@get("/households/{household:int}", sync_to_thread=True, guards=SHOW, tags=["household"])
def household_show(request: Request, household: FromPath[int], on: FromQuery[date | None] = None) -> dict[str, Any]:
    """One household with its members on a day (today), numbers masked; leaves a read record."""
    with begin(request) as work:
        found = queries.show_household(work, household, on)
        work.record_read("household.shown", f"household:{household}", area=found["area"])
    return plain(found)


@get("/households/{household:int}/changes", sync_to_thread=True, guards=SHOW, tags=["household"])
def household_changes(request: Request, household: FromPath[int]) -> dict[str, Any]:
    """What changed in a household, newest first, before and after by ids and codes."""
    with begin(request) as work:
        return {"items": [plain(one) for one in queries.household_history(work, household)], "next": None}


@post("/households", sync_to_thread=True, guards=CHANGE, tags=["household"])
def household_open(request: Request, data: JSONBody[OpenHousehold]) -> dict[str, Any]:
    """Open a household with all its members, one of them the head."""
    with begin(request) as work:
        return answered(work, {"id": services.open_household(work, data).id})


@post("/households/{household:int}/members", sync_to_thread=True, guards=CHANGE, tags=["household"])
def household_members(request: Request, household: FromPath[int], data: JSONBody[ChangeMembers]) -> dict[str, Any]:
    """Say anew who belongs to a household; who is not named leaves."""
    with begin(request) as work:
        return answered(work, {"id": services.change_members(work, household, data).id})


@post("/households/{household:int}/head", sync_to_thread=True, guards=CHANGE, tags=["household"])
def household_head(request: Request, household: FromPath[int], data: JSONBody[ChangeMembers]) -> dict[str, Any]:
    """Make another member the head; every relation is said anew."""
    with begin(request) as work:
        return answered(work, {"id": services.change_head(work, household, data).id})


@post("/households/{household:int}/split", sync_to_thread=True, guards=CHANGE, tags=["household"])
def household_split(request: Request, household: FromPath[int], data: JSONBody[SplitHousehold]) -> dict[str, Any]:
    """Make part of a household one of its own; answers the new one."""
    with begin(request) as work:
        return answered(work, {"id": services.split_household(work, household, data).id})


@post("/households/{household:int}/merge", sync_to_thread=True, guards=CHANGE, tags=["household"])
def household_merge(request: Request, household: FromPath[int], data: JSONBody[MergeHouseholds]) -> dict[str, Any]:
    """Take another household in, and close that one."""
    with begin(request) as work:
        return answered(work, {"id": services.merge_households(work, household, data).id})


@post("/households/{household:int}/move", sync_to_thread=True, guards=CHANGE, tags=["household"])
def household_move(request: Request, household: FromPath[int], data: JSONBody[MoveHousehold]) -> dict[str, Any]:
    """Move a household within the county, its members' hukou with it."""
    with begin(request) as work:
        return answered(work, {"id": services.move_household(work, household, data).id})


@post("/households/{household:int}/close", sync_to_thread=True, guards=CHANGE, tags=["household"])
def household_close(request: Request, household: FromPath[int], data: JSONBody[CloseHousehold]) -> dict[str, Any]:
    """Close a household in which nobody living is left."""
    with begin(request) as work:
        return answered(work, {"id": services.close_household(work, household, data).id})


@post("/households/export", sync_to_thread=True, guards=[guarded("household.export")], tags=["household"])
def household_export(request: Request, data: JSONBody[ExportWish]) -> Response[bytes]:
    """The open households of the token's areas as a workbook (xlsx), numbers masked; recorded."""
    with begin(request) as work:
        content, _rows = exporting.export_households(work, data.area)
    return download(content, _("户籍名册.xlsx"), EXCEL)


@get("/households/import/template", sync_to_thread=True, guards=IMPORT, tags=["import"])
def import_template(request: Request) -> Response[bytes]:
    """The empty workbook (xlsx) with headers, drop-downs and a sample row."""
    return download(template(), _("名册模板.xlsx"), EXCEL)


@get("/households/import", sync_to_thread=True, guards=IMPORT, tags=["import"])
def import_list(request: Request) -> dict[str, Any]:
    """The rosters this account uploaded and that are not forgotten yet, newest first."""
    with begin(request) as work:
        return {"items": [_roster(one) for one in rosters.list_rosters(work)], "next": None}


@post("/households/import", sync_to_thread=True, guards=IMPORT, tags=["import"], opt=limited(UPLOAD_MEGABYTES))
def import_check(request: Request, data: Upload) -> dict[str, Any]:
    """Check an uploaded workbook (multipart, field ``file``); nothing is written into the registry yet."""
    file = data.files.get("file")
    if file is None or not file.content:
        raise Refused([Objection(field="file", reason=_("请先选一个文件"))])
    with begin(request) as work:
        roster = rosters.store_roster(work, file.content, file.name)
        # What was found names people: a repeated request gets the roster without it.
        return {**answered(work, _roster(roster)), **rosters.result_of(work, roster)}


@get("/households/import/{roster:int}", sync_to_thread=True, guards=IMPORT, tags=["import"])
def import_show(request: Request, roster: FromPath[int]) -> dict[str, Any]:
    """What the check, or the import after it, found: errors and warnings by sheet, row and column."""
    with begin(request) as work:
        kept = rosters.get_roster(work, roster)
        return {**_roster(kept), **rosters.result_of(work, kept)}


@get("/households/import/{roster:int}/marked", sync_to_thread=True, guards=IMPORT, tags=["import"])
def import_marked(request: Request, roster: FromPath[int]) -> Response[bytes]:
    """The uploaded workbook (xlsx) with the bad cells marked."""
    with begin(request) as work:
        title, content = rosters.get_roster(work, roster).title, rosters.marked_file(work, roster)
    return download(content, title, EXCEL)


@post("/households/import/{roster:int}/run", sync_to_thread=True, guards=IMPORT, tags=["import"])
def import_run(request: Request, roster: FromPath[int], data: JSONBody[RunWish]) -> dict[str, Any]:
    """Import what was checked: all of it, or with ``only_valid`` the households without a bad row."""
    with begin(request) as work:
        return rosters.import_stored(work, roster, data.digest, data.only_valid).as_json()


@get("/duplicates", sync_to_thread=True, guards=COMPARE, tags=["duplicate"])
def duplicate_list(request: Request, limit: Limit = 50, next: Next = "", in_state: State = "open") -> Paged:
    """Pairs of records that may be one person, never called certain."""
    with begin(request) as work:
        return page_of(duplicates.list_candidates(work, in_state, after=after_id(next), limit=limit + 1), limit)


@post("/duplicates/find", sync_to_thread=True, guards=COMPARE, tags=["duplicate"])
def duplicate_find(request: Request) -> dict[str, int]:
    """Queue every new suspected pair; answers how many."""
    with begin(request) as work:
        return answered(work, {"found": duplicates.find_candidates(work)})


@post("/duplicates/{candidate:int}/propose", sync_to_thread=True, guards=COMPARE, tags=["duplicate"])
def duplicate_propose(request: Request, candidate: FromPath[int], data: JSONBody[Why]) -> dict[str, Any]:
    """Say that the two are one person; somebody else decides."""
    with begin(request) as work:
        return answered(work, {"id": candidate, "state": duplicates.propose_same(work, candidate, data.reason).state})


@post(
    "/duplicates/{candidate:int}/decide",
    sync_to_thread=True,
    guards=[guarded("household.decide_duplicate")],
    tags=["duplicate"],
)
def duplicate_decide(request: Request, candidate: FromPath[int], data: JSONBody[Decision]) -> dict[str, Any]:
    """Decide as the second person: one record goes into the other, or they are two after all."""
    with begin(request) as work:
        if data.same:
            return {
                "id": candidate,
                "state": "merged",
                "event": duplicates.decide_same(work, candidate, data.reason).id,
            }
        return answered(
            work, {"id": candidate, "state": duplicates.decide_different(work, candidate, data.reason).state}
        )


@post("/duplicates/{candidate:int}/undo", sync_to_thread=True, guards=COMPARE, tags=["duplicate"])
def duplicate_undo(request: Request, candidate: FromPath[int], data: JSONBody[Why]) -> dict[str, Any]:
    """Take a decision back; a merge waits for a second person again (``waiting`` is the proposal)."""
    with begin(request) as work:
        done = duplicates.undo_decision(work, candidate, data.reason)
        return answered(work, {"id": candidate, "waiting": done.id if isinstance(done, Proposal) else None})


@post("/groups", sync_to_thread=True, guards=[guarded("household.group")], tags=["group"])
def group_open(request: Request, data: JSONBody[OpenGroup]) -> dict[str, Any]:
    """Fix who is counted together for one application, or who cares for whom."""
    with begin(request) as work:
        return answered(work, {"id": groups.open_group(work, data).id})


@get("/groups/{group:int}", sync_to_thread=True, guards=SHOW, tags=["group"])
def group_show(request: Request, group: FromPath[int]) -> dict[str, Any]:
    """A group with who is in it now."""
    with begin(request) as work:
        return plain(groups.show_group(work, group))


@post("/groups/{group:int}/members", sync_to_thread=True, guards=[guarded("household.group")], tags=["group"])
def group_change(request: Request, group: FromPath[int], data: JSONBody[ChangeGroup]) -> dict[str, Any]:
    """Say anew who belongs to a group."""
    with begin(request) as work:
        return answered(work, {"id": groups.change_group(work, group, data).id})


@post("/groups/{group:int}/close", sync_to_thread=True, guards=[guarded("household.group")], tags=["group"])
def group_close(request: Request, group: FromPath[int], data: JSONBody[GroupEnd]) -> dict[str, Any]:
    """End a group."""
    with begin(request) as work:
        return answered(work, {"id": groups.close_group(work, group, data.on, data.reason).id})


def _roster(roster: Any) -> dict[str, Any]:
    return {
        "id": roster.id,
        "title": roster.title,
        "digest": roster.content_hash.hex(),
        "uploaded_at": roster.uploaded_at.isoformat(),
        "expires_on": roster.expires_on.isoformat(),
        "imported_at": roster.imported_at.isoformat() if roster.imported_at else None,
    }


router = Router(
    "/api/v1",
    route_handlers=[
        household_list, household_count, household_show, household_changes, household_open, household_members,
        household_head, household_split, household_merge, household_move, household_close, household_export,
        import_template, import_list, import_check, import_show, import_marked, import_run,
        duplicate_list, duplicate_find, duplicate_propose, duplicate_decide, duplicate_undo,
        group_open, group_show, group_change, group_close,
    ],
)  # fmt: skip
