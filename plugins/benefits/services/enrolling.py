"""Enrol persons and families: checked in columns, written in columns; one person is a column of one."""

from collections.abc import Sequence

import numpy

from core.api import (
    NotFound,
    Objection,
    Refused,
    RowObjection,
    UnitOfWork,
    _,
    columns,
    insert_columns,
    table_of,
)
from plugins.benefits.hookspecs import Enrolments
from plugins.benefits.models import Enrolment, EnrolmentVersion, Member
from plugins.benefits.services.examining import Examined, NewEnrolment, examine, person_of
from plugins.benefits.services.payees import keep_chosen
from plugins.benefits.services.versions import terms_text

_ENROLMENT, _MEMBER = columns(Enrolment), columns(Member)
RIGHT = "benefits.enrol"


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
    refuse_objected(work, examined, asking_plugins=not carried_over)
    return write(work, examined, carried_over=carried_over)


def refuse_objected(work: UnitOfWork, examined: Examined, *, asking_plugins: bool = True) -> None:
    """Refuse what was examined with every objection; without one, the plugins are asked for theirs."""
    if asking_plugins and not examined.objections:
        objected = work.hooks.check_rows("check_benefits_enrolment", work=work, enrolments=_as_columns(examined))
        examined.objections.extend(objected)
    if examined.objections:
        raise Refused(_as_objections(examined.objections, len(examined.wishes)))


def write(work: UnitOfWork, examined: Examined, *, carried_over: bool) -> list[int]:
    """Write enrolments that nothing stands against; answers their numbers."""
    wishes, connection = examined.wishes, work.session.connection()
    payees = keep_chosen(work, examined.payees, examined.chosen)
    ids = list(work.next_ids("benefits_enrolment", len(wishes)))
    people = [person_of(examined, wish) for wish in wishes]
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
            "id": work.next_ids_in_order("benefits_version", len(wishes)),
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
        person_ids=numpy.array([person_of(examined, wish) for wish in wishes], "int64"),
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
