"""The JSON API of voluntary service: the acts of the pages, the same scope; files of persons leave a read record."""

from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, TypeAlias

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from pydantic import BaseModel, Field

from core.api import NotFound, UnitOfWork, _, checked, mark, refuse
from core.web import Limit, Next, Paged, answered, begin, guarded, limited, plain
from plugins.volunteers import acts, listing, queries, wishes
from plugins.volunteers.acts import Act, Done
from plugins.volunteers.queries import Filter
from plugins.volunteers.services.proving import keep_file

SHOW = [guarded("volunteers.show")]
TAGS = ["volunteers"]
UPLOAD_MEGABYTES = 40
State: TypeAlias = Annotated[str, QueryParameter(name="state", max_length=20)]
Body: TypeAlias = JSONBody[dict[str, Any]]


def _page(
    request: Request, ask: Callable[[UnitOfWork, Filter], Sequence[dict[str, Any]]], next: str, **given: Any
) -> Paged:
    wish = Filter(after=int(next) if next.isdecimal() else 0, **given)
    with begin(request) as work:
        found = ask(work, wish)
    items = [plain(one) for one in found[: wish.limit]]
    return Paged(items, str(items[-1]["id"]) if len(found) > wish.limit else None)


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


@post("/volunteers", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_register(request: Request, data: JSONBody[wishes.Register]) -> dict[str, Any]:
    """Register a volunteer."""
    return _answer(request, acts.register, data)


@get("/teams", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_teams(
    request: Request, limit: Limit = 50, next: Next = "", state_is: State = "", area: FromQuery[str] = ""
) -> Paged:
    """Organisations and teams."""
    return _page(request, listing.list_orgs, next, state=state_is, area=area, limit=limit)


@get("/teams/{number:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_team(request: Request, number: FromPath[str], year: FromQuery[int | None] = None) -> dict[str, Any]:
    """One team: members, hours by month, whether it serves all the year."""
    with begin(request) as work:
        return plain(listing.show_org(work, number, year))


@post("/teams", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_add_team(request: Request, data: JSONBody[wishes.AddOrg]) -> dict[str, Any]:
    """Register an organisation."""
    return _answer(request, acts.add_org, data)


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


@post("/activities", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_plan(request: Request, data: JSONBody[wishes.PlanActivity]) -> dict[str, Any]:
    """Draft an activity."""
    return _answer(request, acts.plan, data)


@get("/hours", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_hours(
    request: Request, limit: Limit = 50, next: Next = "", state_is: State = "", area: FromQuery[str] = ""
) -> Paged:
    """Service records, newest first."""
    return _page(request, queries.list_records, next, state=state_is, area=area, limit=limit)


@post("/hours", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_add_hours(request: Request, data: JSONBody[wishes.AddHours]) -> dict[str, Any]:
    """Enter hours that wait for somebody else to confirm them."""
    return _answer(request, acts.add_hours, data)


@post("/hours/carried", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_carry_hours(request: Request, data: JSONBody[wishes.CarryHours]) -> dict[str, Any]:
    """Take over hours of an older system."""
    return _answer(request, acts.carry, data)


@post("/certificates", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_certify(request: Request, data: JSONBody[wishes.IssueCertificate]) -> dict[str, Any]:
    """Issue a certificate; another organisation's records are E_CERT_FOREIGN."""
    return _answer(request, acts.certify, data)


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


@post("/requests", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_ask_certificate(request: Request, data: JSONBody[wishes.RequestCertificate]) -> dict[str, Any]:
    """Note that a certificate was asked for; the answer says by when it is due."""
    return _answer(request, acts.ask_certificate, data)


@post("/requests/{number:str}/{act:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_request_act(request: Request, number: FromPath[str], act: FromPath[str], data: Body) -> dict[str, Any]:
    """Issue, refuse."""
    return _do(request, acts.REQUEST_ACTS, act, number, data)


@get("/subsidies", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_subsidies(
    request: Request, limit: Limit = 50, next: Next = "", state_is: State = "", area: FromQuery[str] = ""
) -> Paged:
    """Subsidies of meals and ways, newest first."""
    return _page(request, queries.list_subsidies, next, state=state_is, area=area, limit=limit)


@post("/subsidies/pay", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_pay(request: Request, data: JSONBody[wishes.PaySubsidies]) -> dict[str, Any]:
    """Put the subsidies that wait into the month's batch."""
    return _answer(request, acts.pay, data)


@post("/subsidies/{number:int}/{act:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_subsidy_act(request: Request, number: FromPath[int], act: FromPath[str], data: Body) -> dict[str, Any]:
    """Withdraw."""
    return _do(request, acts.SUBSIDY_ACTS, act, str(number), data)


class File(BaseModel):
    """A scan or photograph: its name, its bytes in base64, what it is."""

    file_name: str = Field(min_length=1, max_length=200, title=mark("文件名"))
    content: str = Field(title=mark("文件"))
    title: str = Field(default="", max_length=100, title=mark("材料名称"))
    kind: str = Field(default="sheet", max_length=10, title=mark("材料种类"))
    agreed: bool = Field(default=False, title=mark("照片中的人都同意拍摄和使用"))
    covered: bool = Field(default=False, title=mark("未成年人的面部已经遮挡"))


@post("/{room:str}/{number:str}/files", sync_to_thread=True, guards=SHOW, tags=TAGS, opt=limited(UPLOAD_MEGABYTES))
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


@post("/volunteers/{number:str}/{act:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_act(request: Request, number: FromPath[str], act: FromPath[str], data: Body) -> dict[str, Any]:
    """Accept, consent, skill, training, honour, background, naming, card, withdraw, remove."""
    return _do(request, acts.VOLUNTEER_ACTS, act, number, data)


@post("/teams/{number:str}/{act:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_team_act(request: Request, number: FromPath[str], act: FromPath[str], data: Body) -> dict[str, Any]:
    """Join, part, activate, complaint, settle, merge, close."""
    return _do(request, acts.ORG_ACTS, act, number, data)


@post("/activities/{number:str}/{act:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_activity_act(request: Request, number: FromPath[str], act: FromPath[str], data: Body) -> dict[str, Any]:
    """Publish, insure, shift, signup, unsign, sign, signout, close, start, finish, settle, archive, cancel."""
    return _do(request, acts.ACTIVITY_ACTS, act, number, data)


@post("/hours/{number:int}/{act:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_hours_act(request: Request, number: FromPath[int], act: FromPath[str], data: Body) -> dict[str, Any]:
    """Confirm, dispute, reverse, subsidy."""
    return _do(request, acts.RECORD_ACTS, act, str(number), data)


@post("/certificates/{number:str}/{act:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def volunteers_certificate_act(
    request: Request, number: FromPath[str], act: FromPath[str], data: Body
) -> dict[str, Any]:
    """Revoke."""
    return _do(request, acts.CERTIFICATE_ACTS, act, number, data)


def _answer(request: Request, act: Callable[[UnitOfWork, Any], Done], wish: Any) -> dict[str, Any]:
    with begin(request) as work:
        return answered(work, _said(act(work, wish)))


def _do(request: Request, known: Mapping[str, Act], name: str, number: str, data: dict[str, Any]) -> dict[str, Any]:
    act = known.get(name)
    if act is None:
        raise NotFound(_("没有这项办理"), hint=", ".join(known))
    with begin(request) as work:
        work.require(act.right)
        return answered(work, _said(act.do(work, number, checked(act.wish, **data))))


def _said(done: Done) -> dict[str, Any]:
    warnings = [{"code": one.code, "reason": one.reason} for one in done.warnings]
    return plain({**done.data, "warnings": warnings})


router = Router(
    "/api/v1/volunteers",
    route_handlers=[
        volunteers_list, volunteers_show, volunteers_register, volunteers_teams, volunteers_team, volunteers_add_team,
        volunteers_activities, volunteers_activity, volunteers_plan, volunteers_hours, volunteers_add_hours,
        volunteers_carry_hours, volunteers_certify, volunteers_certificate, volunteers_act, volunteers_team_act,
        volunteers_activity_act, volunteers_hours_act, volunteers_certificate_act, volunteers_requests,
        volunteers_ask_certificate, volunteers_request_act, volunteers_subsidies, volunteers_pay,
        volunteers_subsidy_act, volunteers_keep_file,
    ],
)  # fmt: skip
