"""Registering persons and changing what is kept of them: name, sex, ethnicity, phone, address."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from core.errors import Objection, Refused, refuse
from core.identity import papers
from core.identity.bank_accounts import NewBankAccount, store_account
from core.identity.codes import ETHNICITY, SEX
from core.identity.documents import citizen_kind, next_temporary, store_document
from core.identity.indexing import follow, in_index
from core.identity.models.history import FormerName
from core.identity.models.persons import Person
from core.identity.names import initials, read_name
from core.identity.numbers import CitizenId, read_citizen_id, sex_objection
from core.identity.queries import citizen_document, id_of, plain_number, subject_of
from core.identity.rules import (
    allows_test_area,
    area_objection,
    duplicate_objection,
    living_record,
    refuse_all,
    refuse_stale,
    shared_objection,
)
from core.identity.sealed import CITIZEN_ID, PHONE, PHONE_COLUMN
from core.texts import _, mark

if TYPE_CHECKING:
    from core.work import UnitOfWork


class NewPerson(BaseModel):
    """What registering a person needs. Codes may be given as words; "" leaves a cell empty.

    ``sex`` and ``birth_date`` are read from the citizen number when there is one. ``sex_note`` answers W_ID_SEX,
    ``shared_reason`` answers W_ACCT_SHARED.
    """

    name: str = Field(title=mark("姓名"))
    citizen_id: str = Field(default="", title=mark("公民身份号码"))
    sex: str = Field(default="", title=mark("性别"))
    birth_date: date | None = Field(default=None, title=mark("出生日期"))
    ethnicity: str = Field(default="", title=mark("民族"))
    hukou_area: str = Field(title=mark("户籍地"))
    residence_area: str = Field(default="", title=mark("居住地"))
    address: str = Field(default="", max_length=200, title=mark("详细地址"))
    phone: str = Field(default="", title=mark("联系电话"))
    bank_account: str = Field(default="", title=mark("银行账号"))
    sex_note: str = Field(default="", max_length=200, title=mark("性别与号码不符的说明"))
    shared_reason: str = Field(default="", max_length=200, title=mark("几家共用一个账号的说明"))


class NewName(BaseModel):
    """A new legal name; ``until`` is the last day of the old one (today)."""

    name: str = Field(title=mark("姓名"))
    until: date | None = Field(default=None, title=mark("旧姓名用到哪天"))
    reason: str = Field(default="", max_length=200, title=mark("原因"))
    version: int | None = None


class Contact(BaseModel):
    """How to reach a person; None leaves what is there, "" takes the phone away."""

    phone: str | None = Field(default=None, title=mark("联系电话"))
    address: str | None = Field(default=None, max_length=200, title=mark("详细地址"))
    version: int | None = None


class Attributes(BaseModel):
    """Sex and ethnicity, as words or codes; None leaves what is there. ``sex_note`` answers W_ID_SEX."""

    sex: str | None = Field(default=None, title=mark("性别"))
    ethnicity: str | None = Field(default=None, title=mark("民族"))
    sex_note: str = Field(default="", max_length=200, title=mark("性别与号码不符的说明"))
    version: int | None = None


def register_person(work: "UnitOfWork", wish: NewPerson) -> Person:
    """Register a person; refused with every objection (E_ID_…, E_NAME, E_WORD, E_DIV_CODE, W_…) at once."""
    work.require("person.add", area=wish.hukou_area or None)
    checked = _Checked(work, wish)
    refuse_all(checked.objections)
    person = checked.person
    work.session.add(person)
    work.session.flush()
    if wish.phone:
        _store_phone(work, person, checked.phone)
    if checked.citizen is not None:
        store_document(work, person, citizen_kind(checked.citizen.number), checked.citizen.number, primary=True)
    if checked.account:
        store_account(work, person, NewBankAccount(number=checked.account, shared_reason=wish.shared_reason))
    work.session.flush()
    follow(work, None, person)
    after = {**_shown(person), "papers": int(checked.citizen is not None), "accounts": int(bool(checked.account))}
    notes = [note for note in (wish.sex_note, wish.shared_reason) if note]
    work.record("person.added", subject_of(person), area=person.hukou_area, reason="；".join(notes), after=after)
    return person


def register_unidentified(work: "UnitOfWork", wish: NewPerson) -> Person:
    """Register somebody nobody knows, under a temporary number; the name may be the one the office gave."""
    if wish.citizen_id:
        raise refuse(_("有身份证号码的人请按普通登记办理"), field="citizen_id", code="E_DOC_NUMBER")
    person = register_person(work, wish)
    number = next_temporary(work)
    store_document(work, person, "TEMP", number, primary=True)
    work.session.flush()
    work.record("person.temporary_number_issued", subject_of(person), area=person.hukou_area, number=number)
    return person


def change_name(work: "UnitOfWork", person_id: int, wish: NewName) -> Person:
    """Give a person another legal name; the one before stays as a former name (曾用名)."""
    person = living_record(work, person_id)
    refuse_stale(person, wish.version)
    name = read_name(wish.name)
    if name == person.name:
        raise refuse(_("姓名没有变化"), field="name", code="E_SAME")
    before, indexed = person.name, in_index(person)
    work.session.add(FormerName(person_id=person_id, name=before, until=wish.until or work.today))
    person.name, person.initials = name, initials(name)
    _save(work, person, "person.renamed", {"name": before}, {"name": name}, wish.reason)
    follow(work, indexed, person)
    return person


def change_contact(work: "UnitOfWork", person_id: int, wish: Contact) -> Person:
    """Change phone and address."""
    person = living_record(work, person_id)
    refuse_stale(person, wish.version)
    before = {"phone_tail": person.phone_tail, "address": person.address}
    if wish.phone is not None:
        _store_phone(work, person, papers.read_phone(wish.phone) if wish.phone.strip() else "")
    if wish.address is not None:
        person.address = wish.address.strip()
    after = {"phone_tail": person.phone_tail, "address": person.address}
    _save(work, person, "person.contact_changed", before, after)
    return person


def change_attributes(work: "UnitOfWork", person_id: int, wish: Attributes) -> Person:
    """Change sex or ethnicity; a sex that differs from the citizen number wants an officer's note."""
    person = living_record(work, person_id)
    refuse_stale(person, wish.version)
    before = {"sex": person.sex, "ethnicity": person.ethnicity}
    sex = person.sex if wish.sex is None else int(SEX.code_of(wish.sex))
    paper = citizen_document(work, person_id)
    if paper is not None and not wish.sex_note.strip():
        refuse_all([sex_objection(sex, plain_number(work, paper))])
    person.sex = sex
    if wish.ethnicity is not None:
        person.ethnicity = ETHNICITY.code_of(wish.ethnicity) if wish.ethnicity else ""
    after = {"sex": person.sex, "ethnicity": person.ethnicity}
    _save(work, person, "person.attributes_changed", before, after, wish.sex_note)
    return person


class _Checked:
    """A wish looked at from every side: the objections, and the person that would be registered."""

    def __init__(self, work: "UnitOfWork", wish: NewPerson) -> None:
        self._work, self._wish = work, wish
        self.objections: list[Objection] = []
        self.citizen: CitizenId | None = None
        name = self._read(lambda: read_name(wish.name), "")
        self.phone = self._read(lambda: papers.read_phone(wish.phone), "") if wish.phone else ""
        self.account = self._read(lambda: papers.read_account(wish.bank_account), "") if wish.bank_account else ""
        sex = int(self._read(lambda: SEX.code_of(wish.sex), "0")) if wish.sex else 0
        ethnicity = self._read(lambda: ETHNICITY.code_of(wish.ethnicity), "") if wish.ethnicity else ""
        if wish.citizen_id:
            self._read_citizen()
        residence = wish.residence_area or wish.hukou_area
        self._note(area_objection(work, wish.hukou_area, "hukou_area"))
        if residence != wish.hukou_area:
            self._note(area_objection(work, residence, "residence_area"))
        if self.account:
            self._note(shared_objection(work, self.account, None, wish.shared_reason))
        citizen = self._numbered()
        if citizen is not None and sex and not wish.sex_note.strip():
            self._note(sex_objection(sex, citizen.number))
        self.person = Person(
            name=name,
            initials=initials(name),
            sex=sex or (citizen.sex if citizen else 0),
            birth_date=citizen.birth_date if citizen else wish.birth_date,
            ethnicity=ethnicity,
            hukou_area=wish.hukou_area,
            hukou_since=work.today,
            residence_area=residence,
            residence_since=work.today,
            address=wish.address.strip(),
            created_at=work.now,
        )

    def _numbered(self) -> CitizenId | None:
        """What was read of the citizen number, if anything was."""
        return self.citizen

    def _read_citizen(self) -> None:
        work, wish = self._work, self._wish
        self.citizen = self._read(
            lambda: read_citizen_id(wish.citizen_id, today=work.today, test_area=allows_test_area(work)), None
        )
        if self.citizen is None:
            return
        self._note(duplicate_objection(work, work.keys.blind(CITIZEN_ID, self.citizen.number), "citizen_id"))
        if wish.birth_date not in (None, self.citizen.birth_date):
            words = _("出生日期与身份证号码不一致，请核对证件")
            self._note(Objection(reason=words, field="birth_date", code="E_BIRTH_DATE"))

    def _note(self, objection: Objection | None) -> None:
        if objection is not None:
            self.objections.append(objection)

    def _read(self, read, otherwise):  # noqa: ANN001, ANN202 - whatever the reader answers
        try:
            return read()
        except Refused as refusal:
            self.objections.extend(refusal.objections)
            return otherwise


def _store_phone(work: "UnitOfWork", person: Person, phone: str) -> None:
    person.phone_tail = phone[-4:]
    person.phone_sealed = work.keys.seal(PHONE_COLUMN, id_of(person), phone) if phone else None
    person.phone_index = work.keys.blind(PHONE, phone) if phone else None
    work.session.add(person)


def _save(
    work: "UnitOfWork",
    person: Person,
    action: str,
    before: Mapping[str, object],
    after: Mapping[str, object],
    reason: str = "",
) -> None:
    person.version += 1
    work.session.add(person)
    work.session.flush()
    work.record(action, subject_of(person), area=person.hukou_area, reason=reason, before=before, after=after)


def _shown(person: Person) -> dict[str, object]:
    return {
        "name": person.name,
        "sex": person.sex,
        "birth_date": person.birth_date,
        "hukou_area": person.hukou_area,
        "residence_area": person.residence_area,
    }
