"""The JSON API of voluntary service: the acts of the pages, the same scope; files of persons leave a read record."""

from base64 import b64decode
from collections.abc import Callable, Sequence
from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody
from pydantic import BaseModel, Field

from core.api import UnitOfWork, _, checked, mark, refuse
from core.web import (
    JsonObject,
    Limit,
    Next,
    Paged,
    State,
    Year,
    act_api,
    after_id,
    answer_act,
    answered,
    begin,
    guarded,
    limited,
    page_of,
    plain,
    start_api,
)
from plugins.volunteers import listing, queries, wishes
from plugins.volunteers.acts import ACTING
from plugins.volunteers.queries import Filter
from plugins.volunteers.services.proving import keep_file

SHOW = [guarded("volunteers.show")]
TAGS = ["volunteers"]
UPLOAD_MEGABYTES = 40


def _page(
    request: Request, ask: Callable[[UnitOfWork, Filter], Sequence[dict[str, Any]]], next: str, **given: Any
) -> Paged:
    wish = Filter(after=after_id(next), **given)
    with begin(request) as work:
        return page_of(ask(work, wish), wish.limit)


@get("/volunteers", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_list(
    request: Request, limit: Limit = 50, next: Next = "", state_is: State = "", area: FromQuery[str] = ""
) -> Paged:
    """Volunteers in the token's areas."""
    return _page(request, queries.list_volunteers, next, state=state_is, area=area, limit=limit)


@get("/volunteers/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_show(request: Request, number: FromPath[str]) -> dict[str, Any]:
    """One volunteer: hours, stars, skills, trainings, records, certificates."""
    with begin(request) as work:
        return plain(queries.show_volunteer(work, number))


@get("/teams", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_teams(
    request: Request, limit: Limit = 50, next: Next = "", state_is: State = "", area: FromQuery[str] = ""
) -> Paged:
    """Organisations and teams."""
    return _page(request, listing.list_orgs, next, state=state_is, area=area, limit=limit)


@get("/teams/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_team(request: Request, number: FromPath[str], year: Year = None) -> dict[str, Any]:
    """One team: members, hours by month, whether it serves all the year."""
    with begin(request) as work:
        return plain(listing.show_org(work, number, year))


@get("/activities", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_activities(
    request: Request, limit: Limit = 50, next: Next = "", state_is: State = "", area: FromQuery[str] = ""
) -> Paged:
    """Activities, newest first."""
    return _page(request, listing.list_activities, next, state=state_is, area=area, limit=limit)


@get("/activities/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_activity(request: Request, number: FromPath[str]) -> dict[str, Any]:
    """One activity: shifts, sign-ups, who is inside, hours."""
    with begin(request) as work:
        return plain(listing.show_activity(work, number))


@get("/hours", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_hours(
    request: Request, limit: Limit = 50, next: Next = "", state_is: State = "", area: FromQuery[str] = ""
) -> Paged:
    """Service records, newest first."""
    return _page(request, queries.list_records, next, state=state_is, area=area, limit=limit)


@get("/certificates/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_certificate(request: Request, number: FromPath[str]) -> dict[str, Any]:
    """One certificate."""
    with begin(request) as work:
        return plain(queries.certificate_line(queries.own_certificate(work, number)))


@get("/requests", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_requests(
    request: Request, limit: Limit = 50, next: Next = "", state_is: State = "", area: FromQuery[str] = ""
) -> Paged:
    """Requests for certificates, newest first."""
    return _page(request, queries.list_requests, next, state=state_is, area=area, limit=limit)


@get("/subsidies", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_subsidies(
    request: Request, limit: Limit = 50, next: Next = "", state_is: State = "", area: FromQuery[str] = ""
) -> Paged:
    """Subsidies of meals and ways, newest first."""
    return _page(request, queries.list_subsidies, next, state=state_is, area=area, limit=limit)


@post("/subsidies/{number:int}/{act:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_subsidy_act(
    request: Request, number: FromPath[int], act: FromPath[str], data: JsonObject
) -> dict[str, Any]:
    """Withdraw."""
    return answer_act(request, ACTING.rooms["subsidies"], (str(number), act), data)


class File(BaseModel):
    """A scan or photograph: its name, its bytes in base64, what it is."""

    file_name: str = Field(min_length=1, max_length=200, title=mark("文件名"))
    content: str = Field(title=mark("文件"))
    title: str = Field(default="", max_length=100, title=mark("材料名称"))
    kind: str = Field(default="sheet", max_length=10, title=mark("材料种类"))
    agreed: bool = Field(default=False, title=mark("照片中的人都同意拍摄和使用"))
    covered: bool = Field(default=False, title=mark("未成年人的面部已经遮挡"))


@post("/files/{room:str}/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS, opt=limited(UPLOAD_MEGABYTES))
def volunteers_keep_file(
    request: Request, room: FromPath[str], number: FromPath[str], data: JSONBody[File]
) -> dict[str, Any]:
    """Keep a scan or photograph with a volunteer (people), team, activity or record (hours)."""
    try:
        content = b64decode(data.content, validate=True)
    except ValueError:
        raise refuse(_("文件要用 base64 写"), field="content", code="E_FILE") from None
    wish = checked(wishes.KeepFile, **data.model_dump(exclude={"content"}), content=content)
    with begin(request) as work:
        return answered(work, plain(keep_file(work, room, number, wish)))


@post("/hours/{number:int}/{act:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_hours_act(
    request: Request, number: FromPath[int], act: FromPath[str], data: JsonObject
) -> dict[str, Any]:
    """Confirm, dispute, reverse, subsidy."""
    return answer_act(request, ACTING.rooms["hours"], (str(number), act), data)


STARTS = (
    ("people", "/volunteers", "volunteers_register",
     "Register a volunteer."),
    ("teams", "/teams", "volunteers_add_team",
     "Register an organisation."),
    ("activities", "/activities", "volunteers_plan",
     "Draft an activity."),
    ("hours", "/hours", "volunteers_add_hours",
     "Enter hours that wait for somebody else to confirm them."),
    ("carried", "/hours/carried", "volunteers_carry_hours",
     "Take over hours of an older system."),
    ("certificates", "/certificates", "volunteers_certify",
     "Issue a certificate; another organisation's records are E_CERT_FOREIGN."),
    ("requests", "/requests", "volunteers_ask_certificate",
     "Note that a certificate was asked for; the answer says by when it is due."),
    ("subsidies", "/subsidies/pay", "volunteers_pay",
     "Put the subsidies that wait into the month's batch."),
)  # fmt: skip
ACTS = (
    ("requests", "/requests", "volunteers_request_act",
     "Issue, refuse."),
    ("people", "/volunteers", "volunteers_act",
     "Accept, consent, skill, training, honour, background, naming, card, withdraw, remove."),
    ("teams", "/teams", "volunteers_team_act",
     "Join, part, activate, complaint, settle, merge, close."),
    ("activities", "/activities", "volunteers_activity_act",
     "Publish, insure, shift, signup, unsign, sign, signout, close, start, finish, settle, archive, cancel."),
    ("certificates", "/certificates", "volunteers_certificate_act",
     "Revoke."),
)  # fmt: skip

router = Router(
    "/api/v1/volunteers",
    route_handlers=[
        volunteers_list, volunteers_show, volunteers_teams, volunteers_team, volunteers_activities, volunteers_activity,
        volunteers_hours, volunteers_certificate, volunteers_hours_act, volunteers_requests, volunteers_subsidies,
        volunteers_subsidy_act, volunteers_keep_file,
        *(start_api(ACTING, *start) for start in STARTS), *(act_api(ACTING, *act) for act in ACTS),
    ],
)  # fmt: skip
