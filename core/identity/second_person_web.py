"""Pages of what needs two people: what waits, the decision, and asking for an event to be taken back."""

from collections.abc import Iterable, Sequence
from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core.errors import NotFound, Objection, Refused
from core.identity import events, queries, second_person
from core.identity.codes import SEX
from core.identity.models.accounts import Account
from core.identity.models.history import LifeEvent, Proposal
from core.identity.models.persons import Person
from core.identity.taking_back import standing_event
from core.texts import _
from core.values import IdNumber
from core.web import FormData, begin, guarded, page, see_other
from core.web.answers import look
from core.work import UnitOfWork

CHANGE, CONFIRM = [guarded("person.change")], [guarded("person.confirm")]


@get("/proposals", sync_to_thread=True, guards=[guarded("person.show")])
def show_list(request: Request) -> Template:
    """What waits for a second person in one's areas, one's own included."""
    with begin(request) as work:
        lines = [{**_line(work, one), "person": person} for one, person in queries.open_proposals(work)]
        may_confirm = work.may("person.confirm")
    return page("identity/proposals.html", lines=lines, may_confirm=may_confirm)


@get("/proposals/{proposal:int}", sync_to_thread=True, guards=[guarded("person.show")])
def show(request: Request, proposal: FromPath[int]) -> Template:
    """One thing to decide: what stands, what is asked for, who asks and why."""
    with begin(request) as work:
        return _decision(work, proposal)


@post("/proposals/{proposal:int}", sync_to_thread=True, guards=CONFIRM)
def decide(request: Request, proposal: FromPath[int], data: FormData) -> Template | Redirect:
    """Confirm or turn down what somebody else asked for."""
    confirmed = data.text("decision") == "confirm"
    try:
        with begin(request) as work:
            _proposal(work, proposal)
            if confirmed:
                second_person.confirm(work, proposal)
            else:
                second_person.turn_down(work, proposal, data.text("reason"))
    except Refused as refusal:
        with look() as work:
            return _decision(work, proposal, data, refusal.objections, 422)
    return see_other("/people/proposals", _("已确认并生效") if confirmed else _("已退回"))


@get("/{person:int}/events/{event:int}/take-back", sync_to_thread=True, guards=CHANGE)
def ask_take_back(request: Request, person: FromPath[int], event: FromPath[int]) -> Template:
    """Ask why an event is taken back, and say what follows."""
    with begin(request) as work:
        return _take_back(work, person, event)


@post("/{person:int}/events/{event:int}/take-back", sync_to_thread=True, guards=CHANGE)
def take_back(request: Request, person: FromPath[int], event: FromPath[int], data: FormData) -> Template | Redirect:
    """Take an event back, at once as the second person, else by asking for one."""
    try:
        with begin(request) as work:
            _event(work, person, event)
            waits = isinstance(second_person.take_back(work, event, data.text("reason")), Proposal)
    except Refused as refusal:
        with look() as work:
            return _take_back(work, person, event, data, refusal.objections, 422)
    return see_other(f"/people/{person}", _("已提出撤销，等待另一人确认") if waits else _("已撤销"))


def waiting_lines(work: UnitOfWork, proposals: Iterable[Proposal]) -> list[dict[str, Any]]:
    """What waits about a person, as the person's page shows it."""
    return [_line(work, one) for one in proposals]


def count_waiting(work: UnitOfWork) -> int:
    """How many things wait in the reader's areas."""
    return queries.count_open_proposals(work) if work.may("person.show") else 0


def _line(work: UnitOfWork, one: Proposal) -> dict[str, Any]:
    by = work.session.get(Account, one.proposed_by)
    return {
        "id": one.id,
        "title": _(second_person.TITLES[one.kind]),
        "reason": one.reason,
        "by": (by.title or by.name) if by else "",
        "at": one.proposed_at,
        "mine": one.proposed_by == work.actor.account_id,
    }


def _proposal(work: UnitOfWork, proposal_id: int) -> tuple[Proposal, Person]:
    found = work.session.get(Proposal, proposal_id)
    person = None if found is None else queries.seen_person(work, found.person_id)
    if found is None or person is None:
        raise NotFound(_("没有找到这个待确认事项，或不在你的辖区"))
    return found, person


def _decision(
    work: UnitOfWork, proposal_id: int, values: Any = None, objections: Sequence[Objection] = (), status: int = 200
) -> Template:
    proposal, person = _proposal(work, proposal_id)
    if proposal.decided_by is not None:
        raise NotFound(_("这个事项已经办过"))
    line = _line(work, proposal)
    work.record_read("person.shown", f"person:{person.id}", area=person.hukou_area)
    return page(
        "identity/proposal.html",
        status=status,
        proposal=line,
        person=person,
        rows=_asked_for(work, proposal, person),
        may_decide=not line["mine"] and any(work.may("person.confirm", area) for area in _areas(person)),
        values=values,
        objections=objections,
    )


def _areas(person: Person) -> tuple[str, str]:
    return person.hukou_area, person.residence_area


def _asked_for(work: UnitOfWork, proposal: Proposal, person: Person) -> list[tuple[str, str, str]]:
    """(what, now, afterwards) of a proposal; numbers masked."""
    wish = second_person.proposal_wish(work, proposal)
    if proposal.kind == events.MERGE:
        kept = queries.get_person(work, wish["kept_id"])
        return [(_("档案"), f"{person.id} {person.name}", _("并入 {id} {name}", id=kept.id, name=kept.name))]
    if proposal.kind == events.TAKEN_BACK:
        event = work.session.get_one(LifeEvent, wish["event"])
        title = _(events.TITLES[event.kind])
        return [(_("记录"), _("{title} {day}", title=title, day=event.happened_on), _("撤销"))]
    if proposal.kind == events.ERASED:
        return [(_("档案"), f"{person.id} {person.name}", _("清除个人信息，不能撤销"))]
    number = queries.primary_numbers(work, [queries.id_of(person)]).get(queries.id_of(person))
    asked = [
        (_("证件号码"), str(number or ""), IdNumber.mask(wish["citizen_id"]) if wish["citizen_id"] else ""),
        (_("姓名"), person.name, wish["name"]),
        (_("性别"), SEX.name(person.sex), SEX.name(SEX.find(wish["sex"]) or wish["sex"]) if wish["sex"] else ""),
        (_("出生日期"), str(person.birth_date or ""), wish["birth_date"] or ""),
    ]
    rows = [(what, now or "--", then) for what, now, then in asked if then]
    notes = [(_("性别与号码不符的说明"), "sex_note"), (_("依据"), "source")]
    return rows + [(title, "--", wish[name]) for title, name in notes if wish[name]]


def _event(work: UnitOfWork, person: int, event: int) -> tuple[LifeEvent, Person]:
    found, holder = standing_event(work, event)
    if found.person_id != person:
        raise NotFound(_("没有找到这条记录，或不在你的辖区"))
    return found, holder


def _take_back(
    work: UnitOfWork, person: int, event: int, values: Any = None, objections: Any = (), status: int = 200
) -> Template:
    found, holder = _event(work, person, event)
    title = _(events.TITLES[found.kind])
    return page(
        "confirm.html",
        status=status,
        question=_("撤销 {name} 的“{title}”？", name=holder.name, title=title),
        action=f"/people/{person}/events/{event}/take-back",
        back=f"/people/{person}",
        safe=_("不撤销"),
        verb=_("撤销"),
        danger=True,
        sentences=[
            _("{title}：{day}", title=title, day=found.happened_on),
            _("登记人自己撤销的，要另一人确认后才生效。因它停发的待遇随之恢复。"),
        ],
        lines=[],
        keep=[],
        ask_reason=True,
        ask_password=False,
        values=values,
        objections=objections,
    )


router = Router("/", route_handlers=[show_list, show, decide, ask_take_back, take_back])
