"""Corrections of identity and merges of two records into one: done when a second person has confirmed them."""

from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlmodel import col

from core.errors import Objection, Refused, refuse
from core.identity.announcing import announce_merge
from core.identity.codes import SEX
from core.identity.documents import citizen_kind, store_document, supersede
from core.identity.events import CORRECTION, MERGE, keep_event
from core.identity.indexing import follow, in_index
from core.identity.models.history import FormerName, LifeEvent
from core.identity.models.persons import Document, Person
from core.identity.names import initials, read_name
from core.identity.numbers import CitizenId, read_citizen_id, sex_objection
from core.identity.queries import citizen_document, id_of, subject_of
from core.identity.rules import allows_test_area, duplicate_objection, living_record, refuse_all
from core.identity.sealed import CITIZEN_ID
from core.texts import _, mark

if TYPE_CHECKING:
    from core.work import UnitOfWork


class Correction(BaseModel):
    """What was wrong in a person's identity, as it should be; "" and None leave what is there.

    A corrected number brings its birth date and sex with it. ``sex_note`` answers W_ID_SEX.
    """

    citizen_id: str = Field(default="", title=mark("公民身份号码"))
    name: str = Field(default="", title=mark("姓名"))
    sex: str = Field(default="", title=mark("性别"))
    birth_date: date | None = Field(default=None, title=mark("出生日期"))
    sex_note: str = Field(default="", max_length=200, title=mark("性别与号码不符的说明"))
    source: str = Field(default="", max_length=200, title=mark("依据"))


def read_correction(work: "UnitOfWork", person: Person, wish: Correction) -> dict[str, Any]:
    """Check a correction and answer the identity as it would be; refused with every objection."""
    objections: list[Objection] = []
    citizen: CitizenId | None = None
    name, sex = person.name, person.sex
    try:
        if wish.citizen_id:
            citizen = read_citizen_id(wish.citizen_id, today=work.today, test_area=allows_test_area(work))
            index = work.keys.blind(CITIZEN_ID, citizen.number)
            refuse_all([duplicate_objection(work, index, "citizen_id")])
        name = read_name(wish.name) if wish.name else name
        sex = int(SEX.code_of(wish.sex)) if wish.sex else (citizen.sex if citizen else sex)
    except Refused as refusal:
        objections.extend(refusal.objections)
    born = citizen.birth_date if citizen else wish.birth_date or person.birth_date
    if born is not None and born > work.today:
        objections.append(Objection(reason=_("日期不能晚于今天"), field="birth_date", code="E_DATE"))
    if citizen is not None and not wish.sex_note.strip():
        warning = sex_objection(sex, citizen.number)
        objections += [warning] if warning else []
    elif citizen is None and wish.birth_date and citizen_document(work, id_of(person)) is not None:
        words = _("出生日期来自身份证号码，请更正号码")
        objections.append(Objection(reason=words, field="birth_date", code="E_BIRTH_DATE"))
    refuse_all(objections)
    after = {"name": name, "sex": sex, "birth_date": born.isoformat() if born else None}
    if citizen is None and after == identity_of(person):
        raise refuse(_("没有要更正的内容"), code="E_SAME")
    return {**after, "citizen_id": citizen.number} if citizen else after


def correct_identity(work: "UnitOfWork", person: Person, wish: Correction, reason: str, proposed_by: int) -> LifeEvent:
    """Write a confirmed correction; the actor is the second person. Old and new number stay linked and searchable."""
    after = read_correction(work, person, wish)
    before: dict[str, Any] = identity_of(person)
    indexed = in_index(person)
    if "citizen_id" in after:
        old = citizen_document(work, id_of(person))
        paper = _replace_number(work, person, old, after.pop("citizen_id"))
        before["document"], after["document"] = old.id if old else None, paper.id
    write_identity(work, person, after)
    follow(work, indexed, person)
    event = keep_event(
        work,
        person,
        CORRECTION,
        work.today,
        reason=reason,
        source=wish.source,
        before=before,
        after=after,
        recorded_by=proposed_by,
        confirmed_by=work.actor.account_id,
    )
    work.record(
        "person.corrected",
        subject_of(person),
        area=person.hukou_area,
        reason=reason,
        before=before,
        after=after,
        event=event.id,
        first=proposed_by,
    )
    return event


def restore_identity(work: "UnitOfWork", person: Person, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Put back what a correction changed; refused when something later builds on it."""
    now = identity_of(person)
    if any(now[name] != after[name] for name in now):
        raise refuse(_("此后又有变动，请先撤销后来的记录"), code="E_LATER")
    if "document" in after:
        new, old = work.session.get_one(Document, after["document"]), before["document"]
        if new.superseded_by is not None:
            raise refuse(_("此后又有变动，请先撤销后来的记录"), code="E_LATER")
        new.superseded_by, new.is_primary = old or new.id, False
        work.session.add(new)
        work.session.flush()
        if old is not None:
            _take_up_again(work, work.session.get_one(Document, old))
    write_identity(work, person, before)


def merge_people(work: "UnitOfWork", gone_id: int, kept_id: int, reason: str, proposed_by: int) -> LifeEvent:
    """Let one record go into another; the actor is the second person, and ``proposed_by`` must be somebody else.

    Papers, accounts and events stay with the record that goes and are shown and found under the one that stays, so
    that it can be undone. Also the door for decided candidates of the household registry.
    """
    gone, kept = mergeable(work, gone_id, kept_id)
    work.require("person.confirm", area=gone.hukou_area)
    if proposed_by == work.actor.account_id:
        raise refuse(_("提出合并的人不能自己确认"), code="E_SECOND_PERSON")
    indexed = in_index(gone)
    gone.merged_into = kept.id
    event = keep_event(
        work,
        gone,
        MERGE,
        work.today,
        reason=reason,
        before={"merged_into": None},
        after={"merged_into": kept.id},
        recorded_by=proposed_by,
        confirmed_by=work.actor.account_id,
    )
    follow(work, indexed, gone)
    announce_merge(work, gone_id, kept_id, work.today)
    work.record(
        "person.merged",
        subject_of(gone),
        area=gone.hukou_area,
        reason=reason,
        after={"merged_into": kept_id},
        event=event.id,
        first=proposed_by,
    )
    return event


def mergeable(work: "UnitOfWork", gone_id: int, kept_id: int) -> tuple[Person, Person]:
    """Two records that may become one: both visible, neither merged, and nothing merged into the one that goes."""
    gone, kept = living_record(work, gone_id, "person.show"), living_record(work, kept_id, "person.show")
    if gone_id == kept_id:
        raise refuse(_("请选两份不同的档案"), field="gone_id", code="E_SAME")
    if work.session.execute(select(col(Person.id)).where(col(Person.merged_into) == gone_id)).first() is not None:
        raise refuse(_("要并走的档案里已并入过别的档案，请把方向反过来"), field="gone_id", code="E_MERGED")
    return gone, kept


def identity_of(person: Person) -> dict[str, Any]:
    """Name, sex and birth date, as corrections keep them."""
    born = person.birth_date
    return {"name": person.name, "sex": person.sex, "birth_date": born.isoformat() if born else None}


def write_identity(work: "UnitOfWork", person: Person, identity: dict[str, Any]) -> None:
    """Write name, sex and birth date; a name that goes stays as a former name."""
    if identity["name"] != person.name:
        work.session.add(FormerName(person_id=id_of(person), name=person.name, until=work.today))
        person.name, person.initials = identity["name"], initials(identity["name"])
    person.sex = identity["sex"]
    born = identity["birth_date"]
    person.birth_date = date.fromisoformat(born) if born else None
    work.session.add(person)


def _replace_number(work: "UnitOfWork", person: Person, old: Document | None, number: str) -> Document:
    if old is not None:
        # A person has one current citizen number: the old one steps aside (pointing at itself) before the new exists.
        old.superseded_by = old.id
        work.session.add(old)
        work.session.flush()
    paper = store_document(work, person, citizen_kind(number), number, primary=True)
    if old is not None:
        supersede(work, old, paper)
        work.session.flush()
    return paper


def _take_up_again(work: "UnitOfWork", old: Document) -> None:
    refuse_all([duplicate_objection(work, old.number_index, "citizen_id")])
    old.superseded_by, old.is_primary = None, True
    work.session.add(old)
    work.session.flush()
