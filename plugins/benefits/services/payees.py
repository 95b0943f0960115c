"""Who is paid: whom the columns name, else the institution, else the person, else the head of the household."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.api import (
    NewPayee,
    UnitOfWork,
    columns,
    facts_of,
    heads_of,
    in_parts,
    keep_payees,
    outdated_payees,
    payees_of_persons,
    people_with_account,
)
from plugins.benefits.known import holds, known_now
from plugins.benefits.models import Enrolment, EnrolmentVersion, Institution
from plugins.benefits.services import versions

_VERSION = columns(EnrolmentVersion)
_ENROLMENT = columns(Enrolment)


@dataclass(frozen=True, kw_only=True)
class PayeeWish:
    """Whom to pay for a person: an account of its own, or an institution, or neither."""

    person_id: int
    named: NewPayee | None = None
    payee_id: int | None = None
    institution_id: int | None = None


@dataclass(frozen=True)
class Chosen:
    """Who it is: ``source`` columns, institution, person or head; "" for nobody. ``person_id`` is whose account."""

    source: str
    person_id: int = 0
    payee_id: int | None = None


def choose_payees(work: UnitOfWork, wishes: Sequence[PayeeWish]) -> list[Chosen]:
    """Who is paid for each, in order; writes nothing."""
    institutions = {wish.institution_id for wish in wishes if wish.institution_id}
    accounts: dict[int, int] = {}
    if institutions:
        table = columns(Institution)
        rows = work.session.connection().execute(select(table.id, table.payee_id).where(table.id.in_(institutions)))
        accounts = {row.id: row.payee_id for row in rows if row.payee_id}
    open_wishes = [wish for wish in wishes if not _settled(wish, accounts)]
    people = {wish.person_id for wish in open_wishes}
    own = people_with_account(work, people)
    heads = heads_of(work, people - own)
    paid_heads = people_with_account(work, set(heads.values()))
    paid = {person: head for person, head in heads.items() if head in paid_heads}
    return [_choose(wish, accounts, own, paid) for wish in wishes]


def _settled(wish: PayeeWish, accounts: Mapping[int, int]) -> bool:
    return wish.named is not None or wish.payee_id is not None or wish.institution_id in accounts


def _choose(wish: PayeeWish, accounts: Mapping[int, int], own: Collection[int], heads: Mapping[int, int]) -> Chosen:
    if wish.named is not None or wish.payee_id is not None:
        return Chosen("columns", payee_id=wish.payee_id)
    if wish.institution_id is not None and wish.institution_id in accounts:
        return Chosen("institution", payee_id=accounts[wish.institution_id])
    if wish.person_id in own:
        return Chosen("person", wish.person_id)
    if wish.person_id in heads:
        return Chosen("head", heads[wish.person_id])
    return Chosen("")


def keep_chosen(work: UnitOfWork, wishes: Sequence[PayeeWish], chosen: Sequence[Chosen]) -> list[int | None]:
    """The payee's number for each, made where it is new."""
    named = [wish.named for wish, one in zip(wishes, chosen, strict=True) if one.source == "columns" and wish.named]
    kept = iter(keep_payees(work, named))
    of_person = payees_of_persons(work, {one.person_id for one in chosen if one.person_id})
    found: list[int | None] = []
    for wish, one in zip(wishes, chosen, strict=True):
        if one.source == "columns" and wish.named:
            found.append(next(kept))
        else:
            found.append(one.payee_id or of_person.get(one.person_id))
    return found


def renew_payees(work: UnitOfWork, scheme: str) -> int:
    """Follow changed bank accounts: enrolments paid to a person's old account get the new one; answers how many.

    Months that were not paid yet go to the new account too. Who has no account any more is left without a payee.
    """
    used = select(_VERSION.payee_id).where(_VERSION.scheme == scheme, holds(known_now(work)), _VERSION.state != "ended")
    outdated = outdated_payees(work, used)
    if not outdated:
        return 0
    fresh = payees_of_persons(work, set(outdated.values()))
    paid_there: set[int] = set()
    for part in in_parts(sorted(outdated)):
        asked = select(_VERSION.enrolment_id).where(
            _VERSION.scheme == scheme, _VERSION.superseded_by.is_(None), _VERSION.payee_id.in_(part)
        )
        paid_there.update(work.session.connection().scalars(asked))
    touched = sorted(paid_there)

    def change(line: versions.Line) -> dict[str, int | None]:
        old = line["payee_id"]
        return {"payee_id": fresh.get(outdated[old])} if old in outdated else {}

    for number in touched:
        enrolment = work.session.get_one(Enrolment, number)
        versions.follow(work, enrolment, versions.lay_over(work, enrolment, (_FIRST, None), change))
    work.record("benefits.payees_renewed", f"benefits:{scheme}", scheme=scheme, count=len(touched))
    return len(touched)


def find_missing_payees(work: UnitOfWork, scheme: str) -> int:
    """Look again for whom nobody was found to pay to: an account may have been registered since; answers how many."""
    asked = select(_ENROLMENT.id, _ENROLMENT.person_id, _ENROLMENT.institution_id).where(
        _ENROLMENT.scheme == scheme, _ENROLMENT.payee_id.is_(None), _ENROLMENT.state != "ended"
    )
    rows = work.session.connection().execute(asked).all()
    people = facts_of(work, {row.person_id for row in rows})
    rows = [row for row in rows if (one := people.get(row.person_id)) is not None and one.died_on is None]
    wishes = [PayeeWish(person_id=row.person_id, institution_id=row.institution_id) for row in rows]
    if not wishes:
        return 0
    chosen = choose_payees(work, wishes)
    found = 0
    for row, one, payee in zip(rows, chosen, keep_chosen(work, wishes, chosen), strict=True):
        if payee is None:
            continue
        enrolment = work.session.get_one(Enrolment, row.id)
        lines = versions.lay_over(
            work, enrolment, (_FIRST, None), lambda line, payee=payee: _where_missing(line, payee)
        )
        enrolment.payee_from = one.source
        versions.follow(work, enrolment, lines)
        found += 1
    if found:
        work.record("benefits.payees_renewed", f"benefits:{scheme}", scheme=scheme, count=found)
    return found


def follow_institution(work: UnitOfWork, institution: Institution) -> int:
    """Pay everybody in an institution to its new account; answers how many enrolments."""
    asked = select(_ENROLMENT.id).where(
        _ENROLMENT.institution_id == institution.id,
        _ENROLMENT.payee_from == "institution",
        _ENROLMENT.state != "ended",
    )
    numbers = work.session.connection().scalars(asked).all()
    for number in numbers:
        enrolment = work.session.get_one(Enrolment, number)
        old = enrolment.payee_id

        def change(line: versions.Line, old: int | None = old) -> dict[str, int | None]:
            return {"payee_id": institution.payee_id} if line["payee_id"] == old else {}

        versions.follow(work, enrolment, versions.lay_over(work, enrolment, (_FIRST, None), change))
    return len(numbers)


_FIRST = "1900-01"


def _where_missing(line: versions.Line, payee: int) -> dict[str, int]:
    return {"payee_id": payee} if line["payee_id"] is None and line["state"] != "ended" else {}
