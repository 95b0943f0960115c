"""Pages on which a household is registered and changed: members, head, split, merge, move, close."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from core.errors import Clash, NotFound, Objection, Refused
from core.households import queries, services
from core.households.areas import list_areas
from core.households.file import HEAD, household_file
from core.households.member_lines import LINES, lines_of, members_typed, reworded
from core.households.wishes import (
    ChangeMembers,
    CloseHousehold,
    Member,
    MergeHouseholds,
    MoveHousehold,
    OpenHousehold,
    SplitHousehold,
)
from core.identity.codes import RELATION, SEX
from core.texts import _, mark
from core.web import FormData, Posted, begin, guarded, page, read_form, see_other
from core.web.answers import look
from core.work import UnitOfWork

CHANGE = [guarded("household.change")]
LINES_MORE = 4


@get("/new", sync_to_thread=True, guards=CHANGE)
def ask_new(request: Request) -> Template:
    """The form for a new household."""
    with begin(request) as work:
        return _new(work, {"on": work.today.isoformat()})


@post("/new", sync_to_thread=True, guards=CHANGE)
def open_new(request: Request, data: FormData) -> Template | Redirect:
    """Open a household with everybody in it; who is not registered yet is registered with it."""
    if data.text("more"):
        with look() as work:
            return _new(work, data)
    try:
        with begin(request) as work:
            household = services.open_household(work, _opening(work, data))
    except Refused as refusal:
        with look() as work:
            return _new(work, data, reworded(refusal.objections), 422)
    return see_other(f"/households/{household.id}", _("已登记 {number}", number=household.number))


@get("/{household:int}/change", sync_to_thread=True, guards=CHANGE)
def choose(request: Request, household: FromPath[int]) -> Template:
    """What can be done with a household, each with what follows from it."""
    with begin(request) as work:
        found = _changeable(work, household)
    acts = [(name, _(act.title), _(act.note)) for name, act in ACTS.items()]
    return page("households/choose.html", household=found, acts=acts)


@get("/{household:int}/{act:str}", sync_to_thread=True, guards=CHANGE)
def ask_act(request: Request, household: FromPath[int], act: FromPath[str], other: FromQuery[str] = "") -> Template:
    """The form of one act on a household."""
    known = _act(act)
    with begin(request) as work:
        found = _changeable(work, household)
        typed = {f"relation-{one['id']}": one["relation"] for one in found["members"]}
        typed |= {name: found[name] for name in ("area", "address", "village_group")}
        if act == "split":
            typed |= {f"relation-{one['id']}": "" for one in found["members"] if one["relation"] == HEAD}
        typed |= {"on": work.today.isoformat(), "other": other, "version": str(found["version"])}
        objections = _objections_to_other(work, other, found) if other else ()
        return _form(work, found, known, typed, objections, 422 if objections else 200)


@post("/{household:int}/{act:str}", sync_to_thread=True, guards=CHANGE)
def carry_out(request: Request, household: FromPath[int], act: FromPath[str], data: FormData) -> Template | Redirect:
    """Carry one act out; a form that is out of date comes back with what stands there now."""
    known = _act(act)
    try:
        if data.text("more"):
            with look() as work:
                return _form(work, _changeable(work, household), known, data)
        with begin(request) as work:
            _changeable(work, household)
            done = known.run(work, household, data)
    except Refused as refusal:
        with look() as work:
            return _form(work, _changeable(work, household), known, data, reworded(refusal.objections), 422)
    except Clash as clash:
        with look() as work:
            found = _changeable(work, household)
            if str(found["version"]) == data.text("version"):
                raise
            return _form(work, found, known, data, status=409, clash=clash.message)
    return see_other(f"/households/{done}", _("已办理：{act}", act=_(known.title)))


# The acts: each reads its form and calls its service, and answers with the household to go on to.


class Act:
    """One act on a household: its title, what follows from it, and the function that reads the form."""

    def __init__(self, name: str, title: str, note: str, run: Callable[[UnitOfWork, int, Posted], int]) -> None:
        self.name, self.title, self.note, self.run = name, title, note, run


def _members(work: UnitOfWork, household: int, data: Posted) -> int:
    area = queries.get_household(work, household, "household.change").area
    members = [*_standing(work, household, data), *members_typed(work, data, area)]
    services.change_members(work, household, read_form(ChangeMembers, data, members=members))
    return household


def _split(work: UnitOfWork, household: int, data: Posted) -> int:
    leaving, staying = [], []
    for one in _standing(work, household, data):
        (leaving if data.text(f"leaves-{one.person_id}") else staying).append(one)
    wish = read_form(SplitHousehold, data, leaving=leaving, staying=staying)
    return services.split_household(work, household, wish).id or household


def _merge(work: UnitOfWork, household: int, data: Posted) -> int:
    try:
        gone = queries.find_household(work, data.text("other"), "household.change").id or 0
    except NotFound as error:
        raise Refused([Objection(field="other", reason=error.message)]) from error
    members = [*_standing(work, household, data), *_standing(work, gone, data)]
    services.merge_households(work, household, read_form(MergeHouseholds, data, gone_id=gone, members=members))
    return household


def _move(work: UnitOfWork, household: int, data: Posted) -> int:
    services.move_household(work, household, read_form(MoveHousehold, data))
    return household


def _close(work: UnitOfWork, household: int, data: Posted) -> int:
    services.close_household(work, household, read_form(CloseHousehold, data))
    return household


ACTS = {
    act.name: act
    for act in (
        Act("members", mark("变更成员"), mark("有人加入、离开，或换户主；换户主要重填每个人的关系"), _members),
        Act("split", mark("分户"), mark("一部分成员另立一户；保障家庭不随户口变"), _split),
        Act("merge", mark("并户"), mark("另一户的成员并进这一户，那一户注销"), _merge),
        Act("move", mark("迁移"), mark("全户迁到县内另一个村（社区）"), _move),
        Act("close", mark("注销"), mark("户内没有在册成员时办理，档案保留"), _close),
    )
}


def _act(name: str) -> Act:
    if name not in ACTS:
        raise NotFound(_("没有这个页面。可能地址写错了，也可能这个业务没有启用"))
    return ACTS[name]


def _standing(work: UnitOfWork, household: int, data: Posted) -> list[Member]:
    """The members who stay in the form, each with the relation typed for them; an empty relation leaves."""
    typed = [
        (row.person_id, data.text(f"relation-{row.person_id}")) for row in queries.current_members(work, household)
    ]
    return [Member(person_id=person, relation=relation) for person, relation in typed if relation]


def _changeable(work: UnitOfWork, household: int) -> dict[str, Any]:
    found = household_file(work, household)
    if not queries.sees(work, found["area"], "household.change"):
        raise queries.nowhere()
    return found


def _objections_to_other(work: UnitOfWork, other: str, found: Mapping[str, Any]) -> Sequence[Objection]:
    try:
        gone = queries.find_household(work, other, "household.change")
    except NotFound as error:
        return [Objection(field="other", reason=error.message)]
    return [Objection(field="other", reason=_("不能与自己并户"))] if gone.id == found["id"] else ()


def _other(work: UnitOfWork, found: Mapping[str, Any], number: str) -> dict[str, Any] | None:
    """The household that is to go into this one, once its number was typed."""
    if not number or _objections_to_other(work, number, found):
        return None
    return household_file(work, queries.find_household(work, number, "household.change").id or 0)


def _opening(work: UnitOfWork, data: Posted) -> OpenHousehold:
    """The wish of a new household, with the objections to its fields and to every member together."""
    objections: list[Objection] = []
    members: list[Member] = []
    if not data.text("area"):
        objections.append(Objection(field="area", reason=_("请选村（社区）")))
    for check in (
        lambda: read_form(OpenHousehold, data, members=[Member(person_id=0, relation=HEAD)]),
        lambda: members.extend(members_typed(work, data, data.text("area")) if data.text("area") else ()),
    ):
        try:
            check()
        except Refused as refusal:
            objections += refusal.objections
    if not lines_of(data):
        objections.append(Objection(field="members", reason=_("请写全户内每一个人")))
    if objections:
        raise Refused(objections)
    return read_form(OpenHousehold, data, members=members)


# The forms


def village_choices(work: UnitOfWork, permission: str = "household.change") -> list[tuple[str, str]]:
    """The villages in which the actor may register, with their towns."""
    found = list_areas(work)
    names = {one["code"]: one["name"] for one in found}
    villages = [one for one in found if one["level"] == "village" and queries.sees(work, one["code"], permission)]
    return [(one["code"], f"{names.get(one['parent'], '')} {one['name']}") for one in villages]


def relation_choices() -> list[tuple[str, str]]:
    """The relations to the head, as a person chooses them."""
    return [(code, _(name)) for code, name in RELATION.names.items()]


def _lines(data: Mapping[str, Any], first: int) -> range:
    more = LINES_MORE if data.get("more") else 0
    return range(max(first, lines_of(data)) + more)


def _new(work: UnitOfWork, values: Any, objections: Sequence[Objection] = (), status: int = 200) -> Template:
    return page(
        "households/new.html",
        status=status,
        villages=village_choices(work),
        relations=relation_choices(),
        sexes=[(code, _(name)) for code, name in SEX.names.items() if code in ("1", "2")],
        lines=_lines(values, LINES),
        values=values,
        objections=objections,
    )


def _form(
    work: UnitOfWork,
    found: Mapping[str, Any],
    act: Act,
    values: Any,
    objections: Sequence[Objection] = (),
    status: int = 200,
    clash: str = "",
) -> Template:
    return page(
        "households/act.html",
        status=status,
        household=found,
        act=act.name,
        title=_(act.title),
        villages=village_choices(work) if act.name in ("move", "split") else (),
        relations=relation_choices(),
        sexes=[(code, _(name)) for code, name in SEX.names.items() if code in ("1", "2")],
        lines=_lines(values, 0 if values.get("version") and not lines_of(values) else 2),
        other=_other(work, found, values.get("other", "")) if act.name == "merge" else None,
        clash=clash,
        relation_now={one["id"]: one["relation"] for one in found["members"]} if clash else {},
        values=values,
        objections=objections,
    )


router = Router("/", route_handlers=[ask_new, open_new, choose, ask_act, carry_out])
