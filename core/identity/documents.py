"""Papers of a person: adding one, choosing the primary one, numbers for those who have none."""

from typing import TYPE_CHECKING

from pydantic import BaseModel, Field
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from core.errors import NotFound, refuse
from core.identity import papers
from core.identity.models.persons import Document, Person
from core.identity.numbers import PERMIT_PROVINCES, read_citizen_id
from core.identity.queries import citizen_document, id_of, plain_number, subject_of
from core.identity.rules import allows_test_area, duplicate_objection, living_record, refuse_all
from core.identity.sealed import CITIZEN_ID, LEGACY_COLUMN, NUMBER_COLUMN
from core.texts import _, mark

if TYPE_CHECKING:
    from core.work import UnitOfWork


class NewDocument(BaseModel):
    """A paper to add: ``kind`` of id_doc_type; ``issuer`` the country of a passport (three letters)."""

    kind: str = Field(title=mark("证件种类"))
    number: str = Field(max_length=60, title=mark("号码"))
    issuer: str = Field(default="", title=mark("签发国家"))


def add_document(work: "UnitOfWork", person_id: int, wish: NewDocument) -> Document:
    """Add a paper. A citizen number becomes primary, and takes the place of a birth certificate or temporary number.

    Those stay with the person and stay searchable. Refused when somebody else holds the number (``E_ID_DUP``), and
    when the person has another citizen number already: that is a correction, which needs a second person.
    """
    person = living_record(work, person_id)
    number, issuer = _read(work, person_id, wish)
    index = work.keys.blind(_purpose(wish.kind), number)
    refuse_all([duplicate_objection(work, index, "number", of=person_id)])
    held = work.session.scalars(select(Document).where(col(Document.number_index) == index)).one_or_none()
    if held is not None:
        return _rename_kind(work, person, held, wish.kind)
    is_citizen = wish.kind in papers.CITIZEN_KINDS
    if is_citizen and citizen_document(work, person_id) is not None:
        raise refuse(_("这个人已有身份证号码，换号请走更正，由第二人确认"), field="number", code="E_ID_CORRECTION")
    paper = store_document(work, person, wish.kind, number, primary=is_citizen or not _has_primary(work, person_id))
    paper.issuer = issuer
    work.session.flush()
    if is_citizen:
        _supersede_birth_certificate(work, person_id, paper)
    after = {"kind": wish.kind, "tail": paper.tail, "primary": paper.is_primary}
    work.record("person.document_added", subject_of(person), area=person.hukou_area, after=after)
    return paper


def make_primary(work: "UnitOfWork", person_id: int, document_id: int) -> Document:
    """Make one paper the one that is shown first."""
    person = living_record(work, person_id)
    paper = work.session.get(Document, document_id)
    if paper is None or paper.person_id != person_id or paper.superseded_by is not None:
        raise NotFound(_("这个人没有这份证件"))
    _clear_primary(work, person_id)
    paper.is_primary = True
    work.session.add(paper)
    work.session.flush()
    after = {"kind": paper.kind, "tail": paper.tail}
    work.record("person.primary_document_set", subject_of(person), area=person.hukou_area, after=after)
    return paper


def next_temporary(work: "UnitOfWork") -> str:
    """The next free temporary number of today."""
    statement = (
        "INSERT INTO core_sequence (name, next_id) VALUES (:name, 2)"
        " ON CONFLICT (name) DO UPDATE SET next_id = core_sequence.next_id + 1 RETURNING next_id - 1"
    )
    name = f"temporary_number {work.today:%Y%m%d}"
    sequence = work.session.execute(text(statement), {"name": name}).scalar_one()
    return papers.temporary_number(work.settings.county.code, work.today, sequence)


def store_document(
    work: "UnitOfWork", person: Person, kind: str, number: str, *, primary: bool, legacy: str = ""
) -> Document:
    """Write one paper with its number sealed; the caller has checked it and leaves the record."""
    row = work.next_ids("identity_document", 1)[0]
    if primary:
        _clear_primary(work, id_of(person))
    paper = Document(
        id=row,
        person_id=id_of(person),
        kind=kind,
        number_sealed=work.keys.seal(NUMBER_COLUMN, row, number),
        number_index=work.keys.blind(_purpose(kind), number),
        tail=number[-4:],
        is_primary=primary,
        legacy_sealed=work.keys.seal(LEGACY_COLUMN, row, legacy) if legacy else None,
    )
    work.session.add(paper)
    try:
        work.session.flush()
    except IntegrityError as error:
        # Somebody else registered the number at this very moment: said as if they had been a second earlier.
        raise refuse(_("该身份证号码已登记，请打开原档案"), field="number", code="E_ID_DUP") from error
    return paper


def citizen_kind(number: str) -> str:
    """RIC, or HMT_RP for a number of Hong Kong, Macao or Taiwan residents."""
    return "HMT_RP" if number[:2] in PERMIT_PROVINCES else "RIC"


def supersede(work: "UnitOfWork", old: Document, new: Document) -> None:
    """Let a new paper take the place of an old one, which stays searchable."""
    old.superseded_by, old.is_primary = new.id, False
    work.session.add(old)


def _read(work: "UnitOfWork", person_id: int, wish: NewDocument) -> tuple[str, str]:
    test_area = allows_test_area(work)
    match wish.kind:
        case "RIC" | "HKB":
            return read_citizen_id(wish.number, today=work.today, test_area=test_area).number, ""
        case "HMT_RP":
            return papers.read_permit(wish.number, today=work.today, test_area=test_area), ""
        case "FPR":
            return papers.read_foreign_permit(wish.number, work.policy("identity.foreign_permit_pattern")), ""
        case "PASS":
            number, issuer = papers.read_passport(wish.number, wish.issuer)
            return issuer + number, issuer
        case "OFFICER":
            return papers.read_officer(wish.number), ""
        case "BIRTH":
            return papers.read_birth_certificate(wish.number), ""
        case "DISAB":
            paper = citizen_document(work, person_id)
            holder = plain_number(work, paper) if paper is not None else None
            return papers.read_disability(wish.number, holder, today=work.today, test_area=test_area).number, ""
    known = ", ".join(kind for kind in papers.KINDS if kind not in ("USCC", "TEMP"))
    raise refuse(_("证件类型不认识，可用：{known}", known=known), field="kind", code="E_WORD")


def _purpose(kind: str) -> str:
    return CITIZEN_ID if kind in papers.CITIZEN_KINDS else kind


def _rename_kind(work: "UnitOfWork", person: Person, held: Document, kind: str) -> Document:
    # A card issued to somebody who was registered from the hukou book has the same number.
    if held.kind == kind or held.person_id != person.id:
        raise refuse(_("这份证件已经登记在本人名下"), field="number", code="E_SAME")
    before = {"kind": held.kind}
    held.kind = kind
    work.session.add(held)
    work.session.flush()
    after = {"kind": kind, "tail": held.tail}
    work.record("person.document_kind_changed", subject_of(person), area=person.hukou_area, before=before, after=after)
    return held


def _has_primary(work: "UnitOfWork", person_id: int) -> bool:
    asked = select(col(Document.id)).where(col(Document.person_id) == person_id, col(Document.is_primary))
    return work.session.execute(asked).first() is not None


def _clear_primary(work: "UnitOfWork", person_id: int) -> None:
    work.session.execute(
        update(Document).where(col(Document.person_id) == person_id, col(Document.is_primary)).values(is_primary=False)
    )


def _supersede_birth_certificate(work: "UnitOfWork", person_id: int, paper: Document) -> None:
    asked = select(Document).where(col(Document.person_id) == person_id, col(Document.kind) == "BIRTH")
    for certificate in work.session.scalars(asked):
        supersede(work, certificate, paper)
