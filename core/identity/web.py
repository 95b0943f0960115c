"""Pages of persons: papers, events, registering, changing, revealing a number, decisions of a second person."""

from collections.abc import Callable
from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response, Template
from pydantic import BaseModel

from core.errors import NotFound, Objection, Refused
from core.households.areas import list_areas
from core.identity import attachments, bank_accounts, documents, events, persons, queries, second_person
from core.identity.attachments import NewAttachment
from core.identity.cards import household_number
from core.identity.codes import ETHNICITY, SEX
from core.identity.corrections import Correction
from core.identity.papers import KINDS as PAPERS
from core.identity.queries import PersonCard
from core.scope import covers
from core.texts import _, mark
from core.web import FormData, begin, download, guarded, limited, page, read_form, see_other
from core.web.answers import safe_path
from core.web.current import current
from core.web.panels import gather
from core.work import UnitOfWork

SHOW, CHANGE = [guarded("person.show")], [guarded("person.change")]
REVEAL_SECONDS = 30
REASONS = (mark("办理业务核对身份"), mark("复核"), mark("群众来访查询"), mark("数据更正"), mark("审计检查"))


class Act:
    """One act on a person: its title, its wish, and the service that carries it out."""

    def __init__(self, title: str, wish: type[BaseModel], run: Callable[[UnitOfWork, int, Any], Any]) -> None:
        self.title, self.wish, self.run = title, wish, run


ACTS = {
    "death": Act(mark("登记死亡"), events.Death, events.record_death),
    "move": Act(mark("县内迁移"), events.Move, events.record_move),
    "move-out": Act(mark("迁出本县"), events.MoveOut, events.record_move_out),
    "contact": Act(mark("改联系方式"), persons.Contact, persons.change_contact),
    "name": Act(mark("改姓名"), persons.NewName, persons.change_name),
    "document": Act(mark("添加证件"), documents.NewDocument, documents.add_document),
    "account": Act(mark("设银行账号"), bank_accounts.NewBankAccount, bank_accounts.set_account),
}


@get("/new", sync_to_thread=True, guards=[guarded("person.add")])
def ask_new(request: Request) -> Template:
    """The form for a person."""
    with begin(request) as work:
        return _new(work, {}, ())


@post("/new", sync_to_thread=True, guards=[guarded("person.add")])
def register(request: Request, data: FormData) -> Template | Redirect:
    """Register a person."""
    try:
        with begin(request) as work:
            person = persons.register_person(work, read_form(persons.NewPerson, data))
    except Refused as refusal:
        with _looking() as work:
            return _new(work, data, refusal.objections, 422)
    return see_other(f"/people/{person.id}", _("已登记"))


@get("/{person:int}", sync_to_thread=True, guards=SHOW)
def show(request: Request, person: FromPath[int]) -> Template:
    """One person: papers, accounts, events, what plugins bring."""
    with begin(request) as work:
        card = queries.person_card(work, person)
        area = card.person.hukou_area
        work.record_read("person.shown", f"person:{person}", area=area)
        brought = gather(work, work.hooks.show("show_person_panels", work=work, person_id=person))
        files = attachments.attachments_of(work, f"person:{person}") if work.may("attachment.show") else []
        names = ("change", "reveal", "confirm")
        context: dict[str, Any] = {
            "card": card,
            "household": household_number(work, person),
            "brought": brought,
            "files": files,
            "may": {
                **{name: work.may(f"person.{name}", area) for name in names},
                "add_file": work.may("attachment.add", area),
            },
            "events": _events(card),
            "waiting": [_proposal(work, one) for one in card.waiting],
            "acts": [(name, _(act.title)) for name, act in ACTS.items()],
            "areas": _area_names(work, card),
        }
    return page("identity/show.html", **context)


@get("/{person:int}/reveal", sync_to_thread=True, guards=[guarded("person.reveal")])
def ask_reveal(request: Request, person: FromPath[int], what: FromQuery[str] = "number") -> Template:
    """Ask why a whole number is wanted."""
    with begin(request) as work:
        found = queries.get_person(work, person)
        return _reveal(found.id or 0, found.name, what, "", ())


@post("/{person:int}/reveal", sync_to_thread=True, guards=[guarded("person.reveal")])
def reveal(request: Request, person: FromPath[int], data: FormData) -> Template:
    """Show one whole number for half a minute; the audit has it before the page does."""
    what = data.text("what") or "number"
    with begin(request) as work:
        card = queries.person_card(work, person)
        number = _number(card, what)
        try:
            plain = number.reveal(work, data.text("reason"))
        except Refused as refusal:
            return _reveal(person, card.person.name, what, "", refusal.objections, 422)
        masked = number.in_words
    return _reveal(person, card.person.name, what, plain, (), masked=masked)


@get("/{person:int}/correct", sync_to_thread=True, guards=CHANGE)
def ask_correction(request: Request, person: FromPath[int]) -> Template:
    """The form of a correction, which a second person confirms."""
    with begin(request) as work:
        return _act_form(work, person, "correct", {}, ())


@post("/{person:int}/correct", sync_to_thread=True, guards=CHANGE)
def correct(request: Request, person: FromPath[int], data: FormData) -> Template | Redirect:
    """Ask for a correction of identity."""
    try:
        with begin(request) as work:
            second_person.propose_correction(work, person, read_form(Correction, data), data.text("reason"))
    except Refused as refusal:
        with _looking() as work:
            return _act_form(work, person, "correct", data, refusal.objections, 422)
    return see_other(f"/people/{person}", _("已提出更正，等待另一人确认"))


@post("/{person:int}/take-back", sync_to_thread=True, guards=CHANGE)
def take_back(request: Request, person: FromPath[int], data: FormData) -> Redirect:
    """Take an event back, at once as the second person, else by asking for one."""
    with begin(request) as work:
        done = second_person.take_back(work, int(data.text("event") or 0), data.text("reason"))
    waits = isinstance(done, second_person.Proposal)
    return see_other(f"/people/{person}", _("已提出撤销，等待另一人确认") if waits else _("已撤销"))


@post("/{person:int}/decide", sync_to_thread=True, guards=[guarded("person.confirm")])
def decide(request: Request, person: FromPath[int], data: FormData) -> Redirect:
    """Confirm or turn down what somebody else asked for."""
    proposal = int(data.text("proposal") or 0)
    with begin(request) as work:
        if data.text("decision") == "confirm":
            second_person.confirm(work, proposal)
            said = _("已确认")
        else:
            second_person.turn_down(work, proposal, data.text("reason"))
            said = _("已退回")
    return see_other(f"/people/{person}", said)


@get("/{person:int}/{act:str}", sync_to_thread=True, guards=CHANGE)
def ask_act(request: Request, person: FromPath[int], act: FromPath[str]) -> Template:
    """The form of one act on a person."""
    with begin(request) as work:
        return _act_form(work, person, act, {"on": work.today.isoformat()}, ())


@post("/{person:int}/{act:str}", sync_to_thread=True, guards=CHANGE)
def carry_out(request: Request, person: FromPath[int], act: FromPath[str], data: FormData) -> Template | Redirect:
    """Carry one act out."""
    known = _act(act)
    try:
        with begin(request) as work:
            known.run(work, person, read_form(known.wish, data))
    except Refused as refusal:
        with _looking() as work:
            return _act_form(work, person, act, data, refusal.objections, 422)
    return see_other(f"/people/{person}", _("已办理：{act}", act=_(known.title)))


@post("/", sync_to_thread=True, guards=[guarded("attachment.add")], opt=limited(60))
def add_file(request: Request, data: FormData) -> Redirect:
    """Keep a file with a person or household."""
    file = data.files.get("file")
    if file is None or not file.content:
        raise Refused([Objection(field="file", reason=_("请先选一个文件"))])
    with begin(request) as work:
        attachments.add_attachment(
            work, NewAttachment(owner=data.text("owner"), file_name=file.name, data=file.content)
        )
    return see_other(safe_path(data.text("back")), _("材料已上传"))


@get("/{number:int}", sync_to_thread=True, guards=[guarded("attachment.show")])
def open_file(request: Request, number: FromPath[int]) -> Response[bytes]:
    """Take a file along; never shown inside a page."""
    with begin(request) as work:
        found = attachments.open_attachment(work, number)
    return download(found.data, found.title, found.media_type)


def _looking() -> Any:
    now = current()
    return now.site.host.begin(now.who(), write=False)


def _act(name: str) -> Act:
    if name not in ACTS:
        raise NotFound(_("没有这个页面。可能地址写错了，也可能这个业务没有启用"))
    return ACTS[name]


def _new(work: UnitOfWork, values: Any, objections: Any, status: int = 200) -> Template:
    context: dict[str, Any] = {
        "villages": village_choices(work),
        "sexes": _choices(SEX),
        "peoples": _choices(ETHNICITY),
    }
    return page("identity/new.html", status=status, values=values, objections=objections, **context)


def village_choices(work: UnitOfWork) -> list[tuple[str, str]]:
    """The villages in which the actor may register a person, with their towns."""
    found, seen = list_areas(work), work.areas("person.change")
    names = {one["code"]: one["name"] for one in found}
    villages = [one for one in found if one["level"] == "village" and covers(seen, one["code"])]
    return [(one["code"], f"{names.get(one['parent'], '')} {one['name']}") for one in villages]


def _choices(codes: Any) -> list[tuple[str, str]]:
    return [(code, _(name)) for code, name in codes.names.items()]


def _act_form(work: UnitOfWork, person: int, act: str, values: Any, objections: Any, status: int = 200) -> Template:
    found = queries.get_person(work, person, "person.change")
    title = _("更正身份信息") if act == "correct" else _(_act(act).title)
    if isinstance(values, dict):
        values = {
            "address": found.address,
            "name": found.name if act == "name" else "",
            "version": found.version,
            **values,
        }
    return page(
        "identity/act.html",
        status=status,
        person=found,
        act=act,
        title=title,
        villages=village_choices(work),
        sexes=_choices(SEX),
        papers=[(kind, _(name)) for kind, name in PAPERS.items()],
        values=values,
        objections=objections,
    )


def _reveal(
    person: int, name: str, what: str, plain: str, objections: Any, status: int = 200, masked: str = ""
) -> Template:
    return page(
        "identity/reveal.html",
        status=status,
        person=person,
        name=name,
        what=what,
        plain=plain,
        masked=masked,
        seconds=REVEAL_SECONDS,
        reasons=[(_(one), _(one)) for one in REASONS],
        objections=objections,
    )


def _number(card: PersonCard, what: str) -> Any:
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


def _proposal(work: UnitOfWork, one: Any) -> dict[str, Any]:
    mine = one.proposed_by == work.actor.account_id
    return {"id": one.id, "title": _(second_person.TITLES[one.kind]), "reason": one.reason, "mine": mine}


def _area_names(work: UnitOfWork, card: PersonCard) -> dict[str, str]:
    from core.households.queries import area_path

    wanted = {card.person.hukou_area, card.person.residence_area}
    return {code: "".join(one["name"] for one in area_path(work, code)[1:]) for code in wanted}


router = Router(
    "/",
    route_handlers=[
        Router(
            "/people",
            route_handlers=[
                ask_new, register, show, ask_reveal, reveal, ask_correction, correct, take_back, decide, ask_act,
                carry_out,
            ],
        ),
        Router("/attachments", route_handlers=[add_file, open_file]),
    ],
)  # fmt: skip
