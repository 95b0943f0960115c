"""The forms of voluntary service: of something new, and of every act on what there is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from core.api import NotFound, Refused, UnitOfWork, _, mark
from core.web import FormData, FormOf, begin, guarded, look, read_form, see_other, wish_page
from plugins.volunteers import acts, queries, wishes
from plugins.volunteers.acts import Act, Done, entries

SHOW = [guarded("volunteers.show")]


@dataclass(frozen=True)
class Room:
    """One kind of thing that has a page: where it is, its acts, who may be asked for it."""

    path: str
    title: str
    acts: Mapping[str, Act]
    own: Callable[[UnitOfWork, str, str], Any]


ROOMS: Mapping[str, Room] = {
    "people": Room("people", mark("志愿者"), acts.VOLUNTEER_ACTS, queries.own_volunteer),
    "teams": Room("teams", mark("组织和队伍"), acts.ORG_ACTS, queries.own_org),
    "activities": Room("activities", mark("活动"), acts.ACTIVITY_ACTS, queries.own_activity),
    "hours": Room("hours", mark("服务时长"), acts.RECORD_ACTS, queries.own_record),
    "certificates": Room("certificates", mark("服务证明"), acts.CERTIFICATE_ACTS, queries.own_certificate),
    "requests": Room("requests", mark("证明申请"), acts.REQUEST_ACTS, queries.own_request),
    "subsidies": Room("subsidies", mark("误餐和交通补助"), acts.SUBSIDY_ACTS, queries.own_subsidy),
}
NEW: Mapping[str, tuple[str, str, Any, Callable[[UnitOfWork, Any], Done], str]] = {
    "people": (mark("登记志愿者"), mark("已登记"), wishes.Register, acts.register, "volunteers.keep"),
    "teams": (mark("登记组织或队伍"), mark("已登记"), wishes.AddOrg, acts.add_org, "volunteers.keep"),
    "activities": (mark("拟定活动"), mark("活动已拟定"), wishes.PlanActivity, acts.plan, "volunteers.plan"),
    "hours": (mark("登记服务时长"), mark("已登记，等待别人确认"), wishes.AddHours, acts.add_hours, "volunteers.record"),
    "carried": (
        mark("转入以前的时长"),
        mark("已登记，等待别人确认"),
        wishes.CarryHours,
        acts.carry,
        "volunteers.confirm",
    ),
    "certificates": (
        mark("出具服务证明"),
        mark("证明已出具"),
        wishes.IssueCertificate,
        acts.certify,
        "volunteers.certify",
    ),
    "requests": (
        mark("登记证明申请"),
        mark("申请已登记"),
        wishes.RequestCertificate,
        acts.ask_certificate,
        "volunteers.certify",
    ),
    "subsidies": (
        mark("生成补助批次"),
        mark("批次已生成"),
        wishes.PaySubsidies,
        acts.pay,
        "volunteers.pay",
    ),
}


def _new_routes(room: str) -> list[Any]:
    """The form of something new and its answer."""

    @get(f"/{room}/new", sync_to_thread=True, guards=SHOW)
    def ask_new(request: Request, person: FromQuery[str] = "", volunteer: FromQuery[str] = "") -> Template:
        """The form of something new."""
        return _new_form(room, {"person_id": person, "volunteer": volunteer})

    @post(f"/{room}/new", sync_to_thread=True, guards=SHOW)
    def make_new(request: Request, data: FormData) -> Template | Redirect:
        """Make it, or say everything that stands against it."""
        _title, done_words, model, make, _right = NEW[room]
        try:
            with begin(request) as work:
                done = make(work, read_form(model, data))
        except Refused as refusal:
            return _new_form(room, data, refusal.objections)
        said = " ".join([_(done_words), *(one.reason for one in done.warnings)])
        # A batch has its own page in the funds, for who may see it; here one goes on with the list.
        there = "" if room == "subsidies" else f"/{done.data['id']}"
        return see_other(f"/volunteers/{_home(room)}{there}", said)

    return [ask_new, make_new]


def _act_routes(room: str) -> list[Any]:
    """The form of every act on one thing and its answer."""

    @get(f"/{room}/{{number:str}}/{{act:str}}", sync_to_thread=True, guards=SHOW)
    def ask_act(request: Request, number: FromPath[str], act: FromPath[str]) -> Template:
        """The form of one act."""
        with begin(request) as work:
            return _act_form(work, room, number, act, {})

    @post(f"/{room}/{{number:str}}/{{act:str}}", sync_to_thread=True, guards=SHOW)
    def do_act(request: Request, number: FromPath[str], act: FromPath[str], data: FormData) -> Template | Redirect:
        """Do it, or show the form again with every objection."""
        known = _act(room, act)
        try:
            with begin(request) as work:
                done = known.do(work, number, read_form(known.wish, data))
        except Refused as refusal:
            with look() as work:
                return _act_form(work, room, number, act, data, refusal.objections)
        said = " ".join([_(known.done), *(one.reason for one in done.warnings)])
        return see_other(_after(room, number, act, done), said)

    return [ask_act, do_act]


def _after(room: str, number: str, act: str, done: Done) -> str:
    """Where one goes on after an act: to what it made, else to where it was done."""
    made = {
        "activate": f"/volunteers/activities/{done.data['id']}",
        "subsidy": f"/volunteers/subsidies/{done.data['id']}",
        "issue": f"/volunteers/certificates/{done.data.get('certificate_id')}",
    }
    return made.get(act, f"/volunteers/{room}/{number}")


def _home(room: str) -> str:
    return "hours" if room == "carried" else room


def list_path(room: str) -> str:
    """The list a thing stands in."""
    return "/volunteers" if room in ("people", "certificates") else f"/volunteers/{_home(room)}"


def _new_form(room: str, values: Any, wrong: Any = ()) -> Template:
    title, _done, model, _make, right = NEW[room]
    with look() as work:
        work.require(right)
    form = FormOf(
        title=_(title),
        trail=[(_("志愿服务"), "/volunteers"), (_(title), "")],
        action=f"/volunteers/{room}/new",
        back=list_path(room),
        entries=entries(model),
    )
    return wish_page(form, values, wrong)


def _act(room: str, name: str) -> Act:
    if name not in ROOMS[room].acts:
        raise NotFound(_("没有这个页面"))
    return ROOMS[room].acts[name]


def _act_form(work: UnitOfWork, room: str, number: str, name: str, values: Any, wrong: Any = ()) -> Template:
    known = _act(room, name)
    one = ROOMS[room].own(work, number, known.right)
    title = str(getattr(one, "number", "") or getattr(one, "name", "") or one.id)
    back = f"/volunteers/{room}/{one.id}"
    form = FormOf(
        title=_(known.title),
        sub=title,
        trail=[(_("志愿服务"), "/volunteers"), (title, back), (_(known.title), "")],
        action=f"{back}/{name}",
        back=back,
        danger=known.danger,
        entries=entries(known.wish),
    )
    return wish_page(form, values, wrong)


router = Router(
    "/volunteers",
    route_handlers=[
        *(route for room in NEW for route in _new_routes(room)),
        *(route for room in ROOMS for route in _act_routes(room)),
    ],
)
