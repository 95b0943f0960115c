"""Check who is to be enrolled against every rule but those of other plugins, in columns; nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import or_, select

from core.api import (
    NewPayee,
    NotFound,
    Objection,
    Period,
    PersonFacts,
    Refused,
    RowObjection,
    Scheme,
    UnitOfWork,
    _,
    columns,
    facts_of,
    in_parts,
)
from plugins.benefits import exclusivity
from plugins.benefits.known import known_now
from plugins.benefits.models import Enrolment
from plugins.benefits.schemes import schemes_of
from plugins.benefits.services.payees import Chosen, PayeeWish, choose_payees

_ENROLMENT = columns(Enrolment)


@dataclass(frozen=True, kw_only=True)
class NewEnrolment:
    """Who is to be enrolled: from a month (YYYY-MM), to a month or until further notice.

    ``payee`` is an account to be paid to, ``payee_id`` one that is kept already, ``institution_id`` a home; with none
    of them the person's own account is taken, else that of the household's head. A family's benefit names its
    ``group_id`` (and ``member_ids``). ``terms`` is what was agreed: ``amount_fen`` fixes the amount.
    """

    scheme: str
    category: str
    person_id: int
    from_month: str
    to_month: str | None = None
    institution_id: int | None = None
    payee: NewPayee | None = None
    payee_id: int | None = None
    group_id: int | None = None
    member_ids: Sequence[int] = ()
    terms: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    source: str = ""


@dataclass
class Examined:
    """Wishes with what was found: facts of the persons, payees chosen, objections by row."""

    wishes: Sequence[NewEnrolment]
    facts: Mapping[int, PersonFacts]
    payees: Sequence[PayeeWish] = ()
    chosen: Sequence[Chosen] = ()
    objections: list[RowObjection] = field(default_factory=list)


def examine(work: UnitOfWork, wishes: Sequence[NewEnrolment]) -> Examined:
    """Check wishes against all rules but those of other plugins; writes nothing."""
    examined = Examined(wishes, facts_of(work, {wish.person_id for wish in wishes}))
    _check_shape(work, examined)
    _check_enrolled(work, examined)
    check_exclusive(work, examined)
    examined.payees = [
        PayeeWish(
            person_id=person_of(examined, wish),
            named=wish.payee,
            payee_id=wish.payee_id,
            institution_id=wish.institution_id,
        )
        for wish in wishes
    ]
    examined.chosen = choose_payees(work, examined.payees)
    for row, one in enumerate(examined.chosen):
        if not one.source:
            words = _("没有收款账户：请填收款户名和账号，或先登记本人、户主或机构的银行账户")
            examined.objections.append(RowObjection(row=row, reason=words, column="account_number", code="E_NO_PAYEE"))
    return examined


def scheme_of(work: UnitOfWork, name: str) -> Scheme:
    """A scheme by name; raises ``NotFound`` with the names there are."""
    scheme = schemes_of(work).get(name)
    if scheme is None:
        raise NotFound(_("没有业务 {scheme}", scheme=name), hint=", ".join(sorted(schemes_of(work))))
    return scheme


def scheme_objection(work: UnitOfWork, scheme: str, category: str) -> Objection | None:
    """What is wrong with the name of a scheme or the code of a category."""
    found = schemes_of(work).get(scheme)
    if found is None:
        words = _("没有业务 {scheme}", scheme=scheme)
        return Objection(reason=words, field="scheme", code="E_SCHEME", hint=", ".join(sorted(schemes_of(work))))
    codes = [one.code for one in found.categories]
    if category not in codes:
        words = _("业务 {scheme} 没有类别 {category}", scheme=scheme, category=category)
        return Objection(reason=words, field="category", code="E_CATEGORY", hint=", ".join(codes))
    return None


def month_objection(month: str, name: str) -> Objection | None:
    """What is wrong with a month."""
    try:
        Period(month)
    except Refused as refusal:
        first = refusal.objections[0]
        return Objection(reason=first.reason, field=name, code=first.code)
    return None


def _check_shape(work: UnitOfWork, examined: Examined) -> None:
    for row, wish in enumerate(examined.wishes):
        found = [scheme_objection(work, wish.scheme, wish.category), month_objection(wish.from_month, "from_month")]
        found.append(month_objection(wish.to_month, "to_month") if wish.to_month else None)
        person = examined.facts.get(wish.person_id)
        if person is None:
            words = _("没有找到这个人，或不在你的辖区")
            found.append(Objection(reason=words, field="person_id", code="E_NOT_FOUND"))
        elif person.died_on is not None and not any(found) and wish.from_month > str(Period.of(person.died_on)):
            words = _("{name}已于 {day} 去世", name=person.name, day=person.died_on)
            found.append(Objection(reason=words, field="citizen_id", code="E_PERSON_DEAD"))
        if not any(found) and wish.to_month and wish.to_month < wish.from_month:
            words = _("截止月不能早于起始月")
            found.append(Objection(reason=words, field="to_month", code="E_MONTHS"))
        fixed = wish.terms.get("amount_fen")
        if fixed is not None and (not isinstance(fixed, int) or isinstance(fixed, bool) or fixed < 0):
            words = _("定额应为不小于 0 的整数（分）")
            found.append(Objection(reason=words, field="terms", code="E_MONEY"))
        scheme = schemes_of(work).get(wish.scheme)
        if scheme is not None and scheme.beneficiary == "family" and wish.group_id is None:
            words = _("这项业务按家庭发放，请指明家庭")
            found.append(Objection(reason=words, field="group_id", code="E_FAMILY_REQUIRED"))
        examined.objections.extend(_at_row(row, one) for one in found if one is not None)


def _check_enrolled(work: UnitOfWork, examined: Examined) -> None:
    """One enrolment of a scheme for a person in a month, in the registry and within the wishes."""
    bad = {one.row for one in examined.objections}
    wanted: dict[tuple[str, int], list[int]] = {}
    for row, wish in enumerate(examined.wishes):
        if row not in bad:
            wanted.setdefault((wish.scheme, person_of(examined, wish)), []).append(row)
    for scheme in {scheme for scheme, _one in wanted}:
        people = sorted(person for one, person in wanted if one == scheme)
        for found in enrolments_in(work, scheme, people):
            for row in wanted[scheme, found.person_id]:
                wish = examined.wishes[row]
                ends = found.to_month is not None and found.to_month < wish.from_month
                begins = wish.to_month is not None and wish.to_month < found.from_month
                if not ends and not begins:
                    examined.objections.append(_enrolled_already(row, found.id))
    for rows in wanted.values():
        for at, row in enumerate(rows):
            if any(_meet(examined.wishes[row], examined.wishes[other]) for other in rows[:at]):
                words = _("同一个人在这批里出现两次，月份重叠")
                examined.objections.append(RowObjection(row=row, reason=words, column="citizen_id", code="E_ENROLLED"))


def enrolments_in(work: UnitOfWork, scheme: str, people: Sequence[int]) -> list[Any]:
    """Enrolments of a scheme of some persons that are due in some month at least."""
    found: list[Any] = []
    for part in in_parts(people):
        asked = select(_ENROLMENT.id.table).where(
            _ENROLMENT.scheme == scheme,
            _ENROLMENT.person_id.in_(part),
            or_(_ENROLMENT.to_month.is_(None), _ENROLMENT.to_month >= _ENROLMENT.from_month),
        )
        found.extend(work.session.connection().execute(asked))
    return found


def check_exclusive(work: UnitOfWork, examined: Examined) -> None:
    """Object to who stands on a scheme that this one excludes, in the same months."""
    bad = {one.row for one in examined.objections}
    by_scheme: dict[str, list[tuple[int, int]]] = {}
    for row, wish in enumerate(examined.wishes):
        if row not in bad:
            covered = {person_of(examined, wish), *wish.member_ids}
            by_scheme.setdefault(wish.scheme, []).extend((row, person) for person in sorted(covered))
    _check_each_other(work, examined, by_scheme)
    known = known_now(work)
    for name, places in by_scheme.items():
        scheme = schemes_of(work)[name]
        asked = [
            (
                examined.wishes[row].category,
                person,
                examined.wishes[row].from_month,
                examined.wishes[row].to_month or "",
            )
            for row, person in places
        ]
        for found in exclusivity.conflicts(work, scheme, asked, known):
            examined.objections.append(_excluded(places[found.row][0], scheme, schemes_of(work)[found.scheme]))


def _check_each_other(work: UnitOfWork, examined: Examined, by_scheme: Mapping[str, Sequence[tuple[int, int]]]) -> None:
    """Object to the later of two wishes for one person that exclude each other."""
    if len(by_scheme) < 2:
        return
    rows: dict[int, list[int]] = {}
    for row, person in sorted(place for places in by_scheme.values() for place in places):
        rows.setdefault(person, []).append(row)
    for same in rows.values():
        for at, row in enumerate(same):
            wish = examined.wishes[row]
            scheme = schemes_of(work)[wish.scheme]
            for earlier in same[:at]:
                other = examined.wishes[earlier]
                pair = exclusivity.rule_between(
                    (scheme, wish.category), (schemes_of(work)[other.scheme], other.category)
                )
                if wish.scheme != other.scheme and pair is not None and pair.rule == "n" and _meet(wish, other):
                    examined.objections.append(_excluded(row, scheme, schemes_of(work)[other.scheme]))


def _excluded(row: int, scheme: Scheme, other: Scheme) -> RowObjection:
    words = _("已享受“{other}”，不得重复享受“{scheme}”", other=_(other.title), scheme=_(scheme.title))
    hint = _("先停发“{other}”", other=_(other.title))
    return RowObjection(row=row, reason=words, column="scheme", code=scheme.exclusion_code, hint=hint)


def person_of(examined: Examined, wish: NewEnrolment) -> int:
    """The record that stands for the person now: a merged one answers with the one that stays."""
    person = examined.facts.get(wish.person_id)
    return person.id if person is not None else wish.person_id


def _meet(one: NewEnrolment, other: NewEnrolment) -> bool:
    ends = one.to_month is not None and one.to_month < other.from_month
    begins = other.to_month is not None and other.to_month < one.from_month
    return not ends and not begins


def _enrolled_already(row: int, number: int) -> RowObjection:
    words = _("这个人这些月份已经在这项业务里（登记 {number}）", number=number)
    return RowObjection(row=row, reason=words, column="citizen_id", code="E_ENROLLED")


def _at_row(row: int, one: Objection) -> RowObjection:
    return RowObjection(row=row, reason=one.reason, column=one.field, code=one.code, hint=one.hint)
