"""Pages of one act on a person: events, name, contact, papers, account, correction, merge."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template
from markupsafe import Markup
from pydantic import BaseModel, Field

from core.errors import Clash, NotFound, Objection, Refused
from core.households.household_act_web import village_choices
from core.identity import bank_accounts, documents, events, persons, queries, second_person
from core.identity.codes import ETHNICITY, SEX
from core.identity.corrections import Correction
from core.identity.papers import KINDS as PAPERS
from core.identity.queries import PersonCard
from core.texts import _, mark
from core.web import FormData, Posted, begin, guarded, page, read_form, see_other
from core.web.answers import look
from core.web.rendering import link
from core.work import UnitOfWork

CHANGE = [guarded("person.change")]
REASONS_TO_LOOK = (mark("办理业务核对身份"), mark("复核"), mark("群众来访查询"), mark("数据更正"), mark("审计检查"))
REGISTRY_PAPERS = ("RIC", "HKB", "HMT_RP", "FPR", "PASS", "OFFICER", "BIRTH", "DISAB")


class Reason(BaseModel):
    """Why something is done."""

    reason: str = Field(min_length=1, max_length=200, title=mark("原因"))


class Primary(BaseModel):
    """The paper that is to be shown first."""

    document_id: int = Field(title=mark("证件"))


class MergeWish(BaseModel):
    """The record that stays, by id or whole number, and why."""

    kept: str = Field(min_length=1, max_length=60, title=mark("留下的档案"))
    reason: str = Field(min_length=1, max_length=200, title=mark("原因"))


class CorrectionWish(Correction):
    """A correction with its reason."""

    reason: str = Field(min_length=1, max_length=200, title=mark("更正原因"))


class Act:
    """One act on a person: its title, its wish, the service that carries it out, and for whom it fits.

    ``waits`` says that a second person has to confirm; ``run`` may answer a warning to be told.
    """

    def __init__(
        self,
        title: str,
        wish: type[BaseModel],
        run: Callable[[UnitOfWork, int, Any], Any],
        *,
        waits: bool = False,
        fits: Callable[[PersonCard], bool] = lambda card: True,
    ) -> None:
        self.title, self.wish, self.run, self.waits, self.fits = title, wish, run, waits, fits


def _account(work: UnitOfWork, person: int, wish: bank_accounts.NewBankAccount) -> Objection | None:
    return bank_accounts.set_account(work, person, wish)[1]


def _end_account(work: UnitOfWork, person: int, wish: Reason) -> None:
    bank_accounts.end_account(work, person, wish.reason)


def _primary(work: UnitOfWork, person: int, wish: Primary) -> None:
    documents.make_primary(work, person, wish.document_id)


def _correct(work: UnitOfWork, person: int, wish: CorrectionWish) -> None:
    second_person.propose_correction(work, person, Correction(**wish.model_dump(exclude={"reason"})), wish.reason)


def _merge(work: UnitOfWork, person: int, wish: MergeWish) -> None:
    try:
        kept = queries.find_person(work, wish.kept).id or 0
    except NotFound as error:
        raise Refused([Objection(field="kept", reason=error.message)]) from error
    second_person.propose_merge(work, person, kept, wish.reason)


def _alive(card: PersonCard) -> bool:
    return card.person.died_on is None


def _has_account(card: PersonCard) -> bool:
    return any(one.valid_to is None for one in card.accounts)


def _has_papers(card: PersonCard) -> bool:
    return sum(not one.superseded for one in card.documents) > 1


ACTS = {
    "death": Act(mark("登记死亡"), events.Death, events.record_death, fits=_alive),
    "move": Act(mark("县内迁移"), events.Move, events.record_move, fits=_alive),
    "move-out": Act(mark("迁出本县"), events.MoveOut, events.record_move_out, fits=_alive),
    "contact": Act(mark("改联系方式"), persons.Contact, persons.change_contact),
    "name": Act(mark("改姓名"), persons.NewName, persons.change_name),
    "attributes": Act(mark("改性别民族"), persons.Attributes, persons.change_attributes),
    "document": Act(mark("添加证件"), documents.NewDocument, documents.add_document),
    "primary": Act(mark("换主证件"), Primary, _primary, fits=_has_papers),
    "account": Act(mark("设银行账号"), bank_accounts.NewBankAccount, _account),
    "end-account": Act(mark("停用银行账号"), Reason, _end_account, fits=_has_account),
    "correct": Act(mark("更正身份信息"), CorrectionWish, _correct, waits=True),
    "merge": Act(mark("并入另一份档案"), MergeWish, _merge, waits=True),
}
DANGEROUS = ("death", "end-account")


@get("/{person:int}/{act:str}", sync_to_thread=True, guards=CHANGE)
def ask_act(request: Request, person: FromPath[int], act: FromPath[str]) -> Template:
    """The form of one act on a person."""
    known = _act(act)
    with begin(request) as work:
        return _form(work, person, act, known, {"on": work.today.isoformat()})


@post("/{person:int}/{act:str}", sync_to_thread=True, guards=CHANGE)
def carry_out(request: Request, person: FromPath[int], act: FromPath[str], data: FormData) -> Template | Redirect:
    """Carry one act out; a form that is out of date comes back with what stands there now."""
    known = _act(act)
    try:
        with begin(request) as work:
            queries.get_person(work, person, "person.change")
            warning = known.run(work, person, read_form(known.wish, data))
    except Refused as refusal:
        with look() as work:
            return _form(work, person, act, known, data, linked(refusal.objections), 422)
    except Clash as clash:
        with look() as work:
            if str(queries.get_person(work, person, "person.change").version) == data.text("version"):
                raise
            return _form(work, person, act, known, data, status=409, clash=clash.message)
    if known.waits:
        return see_other(f"/people/{person}", _("已提出：{act}，等待另一人确认", act=_(known.title)))
    said = warning.reason if isinstance(warning, Objection) else _("已办理：{act}", act=_(known.title))
    return see_other(f"/people/{person}", said)


def _act(name: str) -> Act:
    if name not in ACTS:
        raise NotFound(_("没有这个页面。可能地址写错了，也可能这个业务没有启用"))
    return ACTS[name]


def choices(codes: Any) -> list[tuple[str, str]]:
    """The words of a code list as choices of a field."""
    return [(code, _(name)) for code, name in codes.names.items()]


def linked(objections: Iterable[Objection]) -> Sequence[Objection]:
    """The objections with a link in place of the record number of whoever holds a number already."""
    return [_linked(one) for one in objections]


def _linked(one: Objection) -> Objection:
    kind, _colon, number = (one.hint or "").partition(":")
    if kind != "person" or not number.isdecimal():
        return one
    address = Markup('<a href="{}">{}</a>').format(link(f"/people/{number}"), _("打开原档案"))
    return replace(one, hint=address)


def _form(
    work: UnitOfWork,
    person: int,
    act: str,
    known: Act,
    values: Any,
    objections: Sequence[Objection] = (),
    status: int = 200,
    clash: str = "",
) -> Template:
    found = queries.get_person(work, person, "person.change")
    card = queries.person_card(work, person)
    if not isinstance(values, Posted):
        values = {**_standing(found, act), **values}
    villages = village_choices(work, "person.change") if act == "move" else []
    return page(
        "identity/act.html",
        status=status,
        person=found,
        card=card,
        act=act,
        title=_(known.title),
        danger=act in DANGEROUS,
        waits=known.waits,
        version=found.version,
        now=_now(card, act) if clash else [],
        clash=clash,
        villages=villages,
        sexes=choices(SEX),
        peoples=choices(ETHNICITY),
        papers=[(kind, _(PAPERS[kind])) for kind in REGISTRY_PAPERS],
        documents=[(one.id, f"{one.kind_name} {one.number.in_words}") for one in card.documents if not one.superseded],
        values=values,
        objections=objections,
    )


def _standing(found: Any, act: str) -> Mapping[str, Any]:
    if act == "contact":
        return {"address": found.address}
    if act == "attributes":
        return {"sex": str(found.sex), "ethnicity": found.ethnicity}
    return {"name": found.name} if act == "name" else {}


def _now(card: PersonCard, act: str) -> list[tuple[str, str]]:
    """What is registered now of what the form changes, to be compared with what was typed."""
    person = card.person
    return {
        "contact": [(_("联系电话"), str(card.phone or "")), (_("详细地址"), person.address)],
        "name": [(_("姓名"), person.name)],
        "attributes": [(_("性别"), card.sex), (_("民族"), card.ethnicity)],
    }.get(act, [])


router = Router("/", route_handlers=[ask_act, carry_out])
