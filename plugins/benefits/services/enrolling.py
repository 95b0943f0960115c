"""Enrol persons and families: checked in columns, written in columns; one person is a column of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy
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
    insert_columns,
    table_of,
)
from plugins.benefits import exclusivity
from plugins.benefits.hookspecs import Enrolments
from plugins.benefits.known import known_now
from plugins.benefits.models import Enrolment, EnrolmentVersion, Member
from plugins.benefits.services.payees import Chosen, PayeeWish, choose_payees, keep_chosen
from plugins.benefits.services.versions import terms_text

_ENROLMENT, _MEMBER = columns(Enrolment), columns(Member)
_ASKED_AT_ONCE = 900
RIGHT = "benefits.enrol"


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


def enrol(work: UnitOfWork, wish: NewEnrolment) -> int:
    """Enrol one person or family; answers the enrolment's number. Refused with every objection."""
    return enrol_many(work, [wish])[0]


def enrol_many(work: UnitOfWork, wishes: Sequence[NewEnrolment], *, carried_over: bool = False) -> list[int]:
    """Enrol many at once; refused when there is an objection to any. ``carried_over``: they were in payment before.

    Plugins object to new cases only: who is taken over is listed for completion instead.
    """
    work.require(RIGHT)
    examined = examine(work, wishes)
    _require_areas(work, examined)
    if not carried_over and not examined.objections:
        objected = work.hooks.check_rows("check_benefits_enrolment", work=work, enrolments=_as_columns(examined))
        examined.objections.extend(objected)
    if examined.objections:
        raise Refused(_as_objections(examined.objections, len(wishes)))
    return _write(work, examined, carried_over)


def examine(work: UnitOfWork, wishes: Sequence[NewEnrolment]) -> Examined:
    """Check wishes against all rules but those of other plugins; writes nothing."""
    examined = Examined(wishes, facts_of(work, {wish.person_id for wish in wishes}))
    _check_shape(work, examined)
    _check_enrolled(work, examined)
    check_exclusive(work, examined)
    examined.payees = [
        PayeeWish(
            person_id=_person(examined, wish),
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
    scheme = work.host.schemes.get(name)
    if scheme is None:
        raise NotFound(_("没有业务 {scheme}", scheme=name), hint=", ".join(sorted(work.host.schemes)))
    return scheme


def scheme_objection(work: UnitOfWork, scheme: str, category: str) -> Objection | None:
    """What is wrong with the name of a scheme or the code of a category."""
    found = work.host.schemes.get(scheme)
    if found is None:
        words = _("没有业务 {scheme}", scheme=scheme)
        return Objection(reason=words, field="scheme", code="E_SCHEME", hint=", ".join(sorted(work.host.schemes)))
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
        scheme = work.host.schemes.get(wish.scheme)
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
            wanted.setdefault((wish.scheme, _person(examined, wish)), []).append(row)
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
    for at in range(0, len(people), _ASKED_AT_ONCE):
        asked = select(_ENROLMENT.id.table).where(
            _ENROLMENT.scheme == scheme,
            _ENROLMENT.person_id.in_(people[at : at + _ASKED_AT_ONCE]),
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
            covered = {_person(examined, wish), *wish.member_ids}
            by_scheme.setdefault(wish.scheme, []).extend((row, person) for person in sorted(covered))
    _check_each_other(work, examined, by_scheme)
    known = known_now(work)
    for name, places in by_scheme.items():
        scheme = work.host.schemes[name]
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
            examined.objections.append(_excluded(places[found.row][0], scheme, work.host.schemes[found.scheme]))


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
            scheme = work.host.schemes[wish.scheme]
            for earlier in same[:at]:
                other = examined.wishes[earlier]
                pair = exclusivity.rule_between(
                    (scheme, wish.category), (work.host.schemes[other.scheme], other.category)
                )
                if wish.scheme != other.scheme and pair is not None and pair.rule == "n" and _meet(wish, other):
                    examined.objections.append(_excluded(row, scheme, work.host.schemes[other.scheme]))


def _excluded(row: int, scheme: Scheme, other: Scheme) -> RowObjection:
    words = _("已享受“{other}”，不得重复享受“{scheme}”", other=_(other.title), scheme=_(scheme.title))
    hint = _("先停发“{other}”", other=_(other.title))
    return RowObjection(row=row, reason=words, column="scheme", code=scheme.exclusion_code, hint=hint)


def _write(work: UnitOfWork, examined: Examined, carried_over: bool) -> list[int]:
    wishes, connection = examined.wishes, work.session.connection()
    payees = keep_chosen(work, examined.payees, examined.chosen)
    ids = list(work.next_ids("benefits_enrolment", len(wishes)))
    people = [_person(examined, wish) for wish in wishes]
    beneficiaries = [wish.group_id or person for wish, person in zip(wishes, people, strict=True)]
    shared = {
        "scheme": [wish.scheme for wish in wishes],
        "category": [wish.category for wish in wishes],
        "person_id": people,
        "beneficiary_id": beneficiaries,
        "area": [examined.facts[wish.person_id].hukou_area for wish in wishes],
        "from_month": [wish.from_month for wish in wishes],
        "to_month": [wish.to_month for wish in wishes],
        "payee_id": payees,
    }
    insert_columns(
        connection,
        table_of(Enrolment),
        {
            "id": ids,
            **shared,
            "group_id": [wish.group_id for wish in wishes],
            "planned_to": shared["to_month"],
            "payee_from": [one.source for one in examined.chosen],
            "institution_id": [wish.institution_id for wish in wishes],
            "source": [wish.source for wish in wishes],
        },
        {
            "state": "active",
            "ended_for": "",
            "suspended_from": None,
            "carried_over": carried_over,
            "opened_at": work.now,
            "opened_by": work.actor.account_id,
            "version": 1,
        },
    )
    terms = [terms_text(wish.terms) for wish in wishes]
    insert_columns(
        connection,
        table_of(EnrolmentVersion),
        {
            "id": work.next_ids("benefits_version", len(wishes)),
            "enrolment_id": ids,
            **shared,
            "fixed_fen": [fixed for _text, fixed in terms],
            "terms": [text for text, _fixed in terms],
            "reason": [wish.reason for wish in wishes],
        },
        {"state": "active", "known_at": work.now, "known_by": work.actor.account_id},
    )
    members = [(number, one) for number, wish in zip(ids, wishes, strict=True) for one in sorted(set(wish.member_ids))]
    if members:
        numbers, persons = zip(*members, strict=True)
        insert_columns(connection, table_of(Member), {"enrolment_id": numbers, "person_id": persons})
    _record(work, examined, ids, carried_over)
    enrolments = _as_columns(examined, ids)
    work.hooks.announce("benefits_enrolled", work=work, enrolments=enrolments, carried_over=carried_over)
    return ids


def _record(work: UnitOfWork, examined: Examined, ids: Sequence[int], carried_over: bool) -> None:
    if len(ids) == 1:
        wish = examined.wishes[0]
        work.record(
            "benefits.enrolled",
            f"enrolment:{ids[0]}",
            area=examined.facts[wish.person_id].hukou_area,
            reason=wish.reason,
            person=wish.person_id,
            scheme=wish.scheme,
            category=wish.category,
            from_month=wish.from_month,
            to_month=wish.to_month or "",
            carried_over=carried_over,
        )
    elif ids:
        schemes = sorted({wish.scheme for wish in examined.wishes})
        work.record(
            "benefits.many_enrolled",
            f"enrolment:{ids[0]}",
            count=len(ids),
            first=ids[0],
            last=ids[-1],
            schemes=schemes,
            carried_over=carried_over,
        )


def _as_columns(examined: Examined, ids: Sequence[int] = ()) -> Enrolments:
    wishes = examined.wishes
    return Enrolments(
        ids=numpy.array(ids or [-1] * len(wishes), "int64"),
        schemes=numpy.array([wish.scheme for wish in wishes]),
        categories=numpy.array([wish.category for wish in wishes]),
        person_ids=numpy.array([_person(examined, wish) for wish in wishes], "int64"),
        group_ids=numpy.array([wish.group_id or -1 for wish in wishes], "int64"),
        areas=numpy.array([examined.facts[wish.person_id].hukou_area for wish in wishes]),
        from_months=numpy.array([wish.from_month for wish in wishes]),
        to_months=numpy.array([wish.to_month or "" for wish in wishes]),
    )


def _require_areas(work: UnitOfWork, examined: Examined) -> None:
    """Somebody of another area is, for the actor, nobody."""
    for area in {one.hukou_area for one in examined.facts.values()}:
        if not work.may(RIGHT, area):
            raise NotFound(_("没有找到这个人，或不在你的辖区"))


def _person(examined: Examined, wish: NewEnrolment) -> int:
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


def _as_objections(found: Sequence[RowObjection], rows: int) -> list[Objection]:
    if rows == 1:
        return [Objection(reason=one.reason, field=one.column, code=one.code, hint=one.hint) for one in found]
    return [
        Objection(
            reason=_("第 {row} 行：{reason}", row=one.row + 1, reason=one.reason),
            field=one.column,
            code=one.code,
            hint=one.hint,
        )
        for one in found
    ]
