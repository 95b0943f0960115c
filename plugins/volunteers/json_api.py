"""The JSON API of voluntary service: the acts of the pages, the same scope; files of persons leave a read record."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, TypeAlias

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from core.api import NotFound, UnitOfWork, _, checked
from core.web import Limit, Next, Paged, answered, begin, guarded, plain
from plugins.volunteers import acts, listing, queries, wishes
from plugins.volunteers.acts import Act, Done
from plugins.volunteers.queries import Filter

SHOW = [guarded("volunteers.show")]
TAGS = ["volunteers"]
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
    """Confirm, dispute, reverse."""
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
        volunteers_activity_act, volunteers_hours_act, volunteers_certificate_act,
    ],
)  # fmt: skip
