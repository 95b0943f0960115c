"""Questions about persons: only reads, always within the areas of who asks, numbers always masked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlmodel import col

from core.asking import Question
from core.bulk import in_parts
from core.errors import Fault, NotFound
from core.extension import TASKS_MAX
from core.identity.codes import ETHNICITY, SEX
from core.identity.models.bank_accounts import BankAccount
from core.identity.models.history import FormerName, LifeEvent, Proposal
from core.identity.models.persons import Document, Person
from core.identity.numbers import clean_number, convert_legacy
from core.identity.papers import CITIZEN_KINDS, KINDS
from core.identity.sealed import ACCOUNT_COLUMN, CITIZEN_ID, NUMBER_COLUMN, PHONE_COLUMN
from core.scope import within
from core.tables import table_of
from core.texts import _
from core.values import BankAccount as AccountNumber
from core.values import IdNumber, Phone, age_on, row_id

if TYPE_CHECKING:
    from core.work import UnitOfWork


@dataclass(frozen=True)
class DocumentCard:
    """A paper as a page shows it."""

    id: int
    kind: str
    kind_name: str
    number: IdNumber
    issuer: str
    primary: bool
    superseded: bool


@dataclass(frozen=True)
class AccountCard:
    """A bank account as a page shows it; ``shared_reason`` says why several families use it."""

    id: int
    number: AccountNumber
    account_name: str
    shared_reason: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class PersonCard:
    """Everything a person's page shows, with masked numbers. ``absorbed`` are records merged into this one."""

    person: Person
    sex: str
    ethnicity: str
    age: int | None
    documents: Sequence[DocumentCard]
    accounts: Sequence[AccountCard]
    phone: Phone | None
    former_names: Sequence[FormerName]
    events: Sequence[LifeEvent]
    waiting: Sequence[Proposal]
    absorbed: Sequence[int]

    @property
    def id_number(self) -> IdNumber | None:
        """The number of the primary paper, masked; None for a person without papers."""
        return next((paper.number for paper in self.documents if paper.primary), None)


@dataclass(frozen=True)
class PersonFacts:
    """What rules of plugins ask of a person: name, day of birth (None = unknown), where at home, whether alive.

    ``sex`` is the code of GB/T 2261 (0 = unknown), ``initials`` the pinyin initials of the name.
    """

    id: int
    name: str
    birth_date: date | None
    hukou_area: str
    died_on: date | None
    sex: int = 0
    initials: str = ""


_ASKED = table_of(Person)
_KEPT = _ASKED.alias("kept")
_FACTS: Any = (
    select(
        _ASKED.c.id.label("asked"),
        _KEPT.c.id,
        _KEPT.c.name,
        _KEPT.c.birth_date,
        _KEPT.c.hukou_area,
        _KEPT.c.died_on,
        _KEPT.c.sex,
        _KEPT.c.initials,
    )
    .join(_KEPT, _KEPT.c.id == func.coalesce(_ASKED.c.merged_into, _ASKED.c.id))
    .where(_KEPT.c.erased_on.is_(None))
)
_FACTS_OF_ONE = Question(_FACTS.where(_ASKED.c.id == bindparam("person_id")))
_FACTS_OF_MANY = _FACTS.where(_ASKED.c.id.in_(bindparam("wanted", expanding=True)))


def facts_of(work: "UnitOfWork", person_ids: Iterable[int]) -> dict[int, PersonFacts]:
    """Facts of many persons by id, in the whole county; who may see them is the caller's to ask.

    A merged record answers for the one that took it over; a record that was erased or never was is left out.
    """
    wanted = sorted(set(person_ids))
    work.session.flush()
    if len(wanted) == 1:
        return {row[0]: PersonFacts(*row[1:]) for row in work.ask(_FACTS_OF_ONE, person_id=int(wanted[0]))}
    found, connection = dict[int, PersonFacts](), work.session.connection()
    for part in in_parts(wanted):
        found.update({row[0]: PersonFacts(*row[1:]) for row in connection.execute(_FACTS_OF_MANY, {"wanted": part})})
    return found


def id_numbers_of(work: "UnitOfWork", person_ids: Iterable[int]) -> dict[int, IdNumber]:
    """The numbers of many persons' primary papers, masked; ``reveal`` asks for its right and is recorded.

    Who may see the persons is the caller's to ask; who has no paper is left out.
    """
    wanted, found = sorted(set(person_ids)), {}
    for part in in_parts(wanted):
        asked = (
            select(Person, Document)
            .join(Document, col(Document.person_id) == col(Person.id))
            .where(col(Person.id).in_(part), col(Document.is_primary).is_(True))
        )
        for person, paper in work.session.execute(asked):
            found[id_of(person)] = _masked_number(work, person, paper)
    return found


def visible(work: "UnitOfWork", permission: str = "person.show") -> ColumnElement[bool]:
    """True for persons whose hukou or residence lies in the actor's areas; for any select over ``Person``."""
    areas = work.areas(permission)
    return or_(within(col(Person.hukou_area), areas), within(col(Person.residence_area), areas))


def get_person(work: "UnitOfWork", person_id: int, permission: str = "person.show") -> Person:
    """A person the actor may see; outside the area is the same as not there (``NotFound``)."""
    person = seen_person(work, person_id, permission)
    if person is None:
        raise nobody()
    return person


def seen_person(work: "UnitOfWork", person_id: int, permission: str = "person.show") -> Person | None:
    """A person the actor may see; None for nobody, for callers who ask for something of a person."""
    work.require(permission)
    asked = select(Person).where(col(Person.id) == person_id, visible(work, permission))
    return work.session.scalars(asked).one_or_none()


def nobody() -> NotFound:
    """What is said when somebody is not there, or not in one's area."""
    return NotFound(_("没有找到这个人，或不在你的辖区"))


def find_by_number(work: "UnitOfWork", text: str, permission: str = "person.show") -> Person | None:
    """The person who holds a number, of whatever paper, within the actor's areas; None for nobody.

    The number may be typed with spaces and in full width; 15 digits find their 18. A passport is asked for with its
    country (``FRA E12345678``). The holder of a merged record is who took it over.
    """
    work.require(permission)
    indexes = number_indexes(work, text)
    holder = holder_of(work, *indexes) or former_holder_of(work, *indexes)
    if holder is None:
        return None
    return work.session.scalars(select(Person).where(col(Person.id) == holder, visible(work, permission))).one_or_none()


def find_person(work: "UnitOfWork", text: str, permission: str = "person.show") -> Person:
    """The person meant by ID on the command line: an id, or a full number; raises ``NotFound``."""
    typed = clean_number(text)
    if number := row_id(typed):
        return get_person(work, number, permission)
    person = find_by_number(work, text, permission)
    if person is None:
        raise nobody()
    return person


def number_indexes(work: "UnitOfWork", text: str) -> list[bytes]:
    """The blind indexes a typed number may stand under."""
    number = clean_number(text)
    if len(number) == 15 and number.isdecimal():
        number = convert_legacy(number)
    purposes = [CITIZEN_ID, *(kind for kind in KINDS if kind not in CITIZEN_KINDS)]
    return [work.keys.blind(purpose, number) for purpose in purposes]


def holder_of(work: "UnitOfWork", *indexes: bytes) -> int | None:
    """Who holds a current paper with one of these indexes, in the whole county, whatever the actor's area."""
    return _holder(work, indexes, col(Document.superseded_by).is_(None))


def former_holder_of(work: "UnitOfWork", *indexes: bytes) -> int | None:
    """Who held such a number until it was corrected or replaced."""
    return _holder(work, indexes, col(Document.superseded_by).is_not(None))


def _holder(work: "UnitOfWork", indexes: Sequence[bytes], which: ColumnElement[bool]) -> int | None:
    found = work.session.execute(
        select(col(Person.id), col(Person.merged_into))
        .join(Document, col(Document.person_id) == col(Person.id))
        .where(col(Document.number_index).in_(indexes), which)
    ).first()
    return None if found is None else found.merged_into or found.id


def person_card(work: "UnitOfWork", person_id: int) -> PersonCard:
    """What a person's page shows; raises ``NotFound`` outside the area."""
    person = get_person(work, person_id)
    absorbed = work.session.scalars(select(col(Person.id)).where(col(Person.merged_into) == person_id)).all()
    everyone = [person_id, *absorbed]
    born = person.birth_date
    leap = work.policy("identity.leap_birthday")
    return PersonCard(
        person=person,
        sex=SEX.name(person.sex),
        ethnicity=ETHNICITY.name(person.ethnicity),
        age=None if born is None else age_on(born, person.died_on or work.today, leap),
        documents=[_document_card(work, person, paper) for paper in _of(work, Document, everyone)],
        accounts=[_account_card(work, person, account) for account in _of(work, BankAccount, everyone)],
        phone=phone_of(work, person),
        former_names=_of(work, FormerName, everyone),
        events=_of(work, LifeEvent, everyone),
        waiting=[one for one in _of(work, Proposal, everyone) if one.decided_by is None],
        absorbed=[one for one in absorbed if one is not None],
    )


def primary_numbers(work: "UnitOfWork", person_ids: Sequence[int]) -> dict[int, IdNumber]:
    """The masked number of each person's primary paper, for lists; the caller has looked at the area."""
    asked = (
        select(Document, Person)
        .join(Person, col(Document.person_id) == Person.id)
        .where(col(Document.person_id).in_(person_ids), col(Document.is_primary))
    )
    return {paper.person_id: _masked_number(work, person, paper) for paper, person in work.session.execute(asked)}


def citizen_document(work: "UnitOfWork", person_id: int) -> Document | None:
    """The paper with the person's citizen number, not superseded; None when there is none."""
    return work.session.scalars(
        select(Document).where(
            col(Document.person_id) == person_id,
            col(Document.kind).in_(CITIZEN_KINDS),
            col(Document.superseded_by).is_(None),
        )
    ).one_or_none()


def plain_number(work: "UnitOfWork", paper: Document) -> str:
    """The plain number of a paper, for checks inside a service; never for showing (``IdNumber.reveal`` is)."""
    return work.keys.unseal(NUMBER_COLUMN, id_of(paper), paper.number_sealed)


def phone_of(work: "UnitOfWork", person: Person) -> Phone | None:
    """A person's phone, masked; None when there is none."""
    if person.phone_sealed is None:
        return None
    unseal = partial(work.keys.unseal, PHONE_COLUMN, id_of(person), person.phone_sealed)
    return Phone(unseal, subject=subject_of(person), area=person.hukou_area)


def id_of(row: Any) -> int:
    """The id of a row that is written; a fault before that."""
    if row.id is None:
        raise Fault(f"a {type(row).__name__} without an id")
    return row.id


def subject_of(person: Person) -> str:
    """``person:7``, as records name a person."""
    return f"person:{person.id}"


def open_proposals(work: "UnitOfWork") -> Sequence[tuple[Proposal, Person]]:
    """What waits for a second person in the actor's areas, oldest first."""
    asked = _waiting(work, select(Proposal, Person)).order_by(col(Proposal.id))
    return [(row[0], row[1]) for row in work.session.execute(asked)]


def count_open_proposals(work: "UnitOfWork") -> int:
    """How many wait."""
    return work.session.scalar(_waiting(work, select(func.count()).select_from(Proposal))) or 0


def _waiting(work: "UnitOfWork", asked: Any) -> Any:
    joined = asked.join(Person, col(Proposal.person_id) == Person.id)
    return joined.where(col(Proposal.decided_by).is_(None), visible(work, "person.show"))


def birth_certificates_due(work: "UnitOfWork") -> Sequence[Person]:
    """Children still registered by birth certificate after the months the policy allows, the first so many."""
    months = work.policy("identity.birth_certificate_months")
    registered_before = work.now - timedelta(days=months * 365 // 12)
    asked = (
        select(Person)
        .join(Document, col(Document.person_id) == Person.id)
        .where(
            col(Document.kind) == "BIRTH",
            col(Document.superseded_by).is_(None),
            col(Person.created_at) < registered_before,
            col(Person.merged_into).is_(None),
            visible(work),
        )
        .order_by(col(Person.id))
        .limit(TASKS_MAX)
    )
    return work.session.scalars(asked).all()


def _of(work: "UnitOfWork", model: Any, person_ids: Sequence[int | None]) -> Sequence[Any]:
    return work.session.scalars(select(model).where(model.person_id.in_(person_ids)).order_by(model.id)).all()


def _document_card(work: "UnitOfWork", person: Person, paper: Document) -> DocumentCard:
    return DocumentCard(
        id=id_of(paper),
        kind=paper.kind,
        kind_name=_(KINDS[paper.kind]),
        number=_masked_number(work, person, paper),
        issuer=paper.issuer,
        primary=paper.is_primary and paper.person_id == person.id,
        superseded=paper.superseded_by is not None,
    )


def _masked_number(work: "UnitOfWork", person: Person, paper: Document) -> IdNumber:
    unseal = partial(work.keys.unseal, NUMBER_COLUMN, id_of(paper), paper.number_sealed)
    return IdNumber(unseal, subject=subject_of(person), area=person.hukou_area)


def _account_card(work: "UnitOfWork", person: Person, account: BankAccount) -> AccountCard:
    unseal = partial(work.keys.unseal, ACCOUNT_COLUMN, id_of(account), account.number_sealed)
    return AccountCard(
        id=id_of(account),
        number=AccountNumber(unseal, subject=subject_of(person), area=person.hukou_area),
        account_name=account.account_name,
        shared_reason=account.shared_reason,
        valid_from=account.valid_from,
        valid_to=account.valid_to,
    )
