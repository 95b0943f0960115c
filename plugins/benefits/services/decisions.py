"""What the decision of a case does to an enrolment. The decision asked its own right; here only the rules are held."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select

from core.api import Clash, NotFound, UnitOfWork, _, columns, insert_columns, table_of
from plugins.benefits.models import Enrolment, Member
from plugins.benefits.services import enrolling
from plugins.benefits.services.changing import end_for, plan_end, reopen_for
from plugins.benefits.services.examining import NewEnrolment, examine
from plugins.benefits.services.versions import Line, current, follow, lay_over, terms_text

_MEMBER = columns(Member)
_LATER = "E_NO_PAYEE"
"""A decision does not wait for a bank account: rolls list who has none."""


def enrol_decided(work: UnitOfWork, wish: NewEnrolment) -> int:
    """Enrol a person or family that a decision granted; refused with every objection but a missing account."""
    examined = examine(work, [wish])
    examined.objections = [one for one in examined.objections if one.code != _LATER]
    enrolling.refuse_objected(work, examined)
    return enrolling.write(work, examined, carried_over=False)[0]


def change_decided(
    work: UnitOfWork,
    enrolment_id: int,
    from_month: str,
    terms: Mapping[str, Any],
    *,
    category: str = "",
    reason: str = "",
) -> Enrolment:
    """Other terms from a month on; the same ones change nothing. A paused enrolment stays paused."""
    enrolment = _enrolment(work, enrolment_id)
    text, fixed = terms_text(terms)
    wanted = {"terms": text, "fixed_fen": fixed, **({"category": category} if category else {})}

    def change(line: Line) -> Mapping[str, Any]:
        same = all(line[name] == value for name, value in wanted.items())
        return {} if line["state"] == "ended" or same else {**wanted, "reason": reason}

    follow(work, enrolment, lay_over(work, enrolment, (from_month, None), change))
    _record(work, "benefits.changed", enrolment, reason, from_month)
    return enrolment


def pause_decided(work: UnitOfWork, enrolment_id: int, from_month: str, reason: str) -> Enrolment:
    """Pay nothing from a month on, until it goes on."""
    return _turn(work, (enrolment_id, "active", "suspended"), (from_month, reason), "benefits.suspended")


def go_on_decided(work: UnitOfWork, enrolment_id: int, from_month: str, reason: str) -> Enrolment:
    """Pay again from a month on; months that were held back before it stay unpaid."""
    return _turn(work, (enrolment_id, "suspended", "active"), (from_month, reason), "benefits.resumed")


def end_decided(work: UnitOfWork, enrolment_id: int, last_month: str, reason: str) -> Enrolment:
    """Nothing is due after a month; what was handed out beyond it is claimed back by the next roll."""
    enrolment = _enrolment(work, enrolment_id)
    if enrolment.state != "ended" or (enrolment.to_month or "") > last_month:
        end_for(work, enrolment, last_month, (reason, "decision"))
    return enrolment


def plan_end_decided(work: UnitOfWork, enrolment_id: int, last_month: str, reason: str) -> Enrolment:
    """Pay up to a month that lies ahead, and no further."""
    enrolment = _enrolment(work, enrolment_id)
    plan_end(work, enrolment, last_month, reason)
    follow(work, enrolment, current(work, enrolment_id))
    _record(work, "benefits.changed", enrolment, reason, last_month)
    return enrolment


def reopen_decided(work: UnitOfWork, enrolment_id: int, reason: str) -> Enrolment:
    """Take an end back; the months since are due again."""
    enrolment = _enrolment(work, enrolment_id)
    if enrolment.state != "ended":
        raise Clash(_("只有停发的待遇可以恢复"))
    reopen_for(work, enrolment, reason)
    return enrolment


def cover(work: UnitOfWork, enrolment_id: int, person_ids: Sequence[int]) -> None:
    """Say anew whom a family's benefit covers."""
    connection = work.session.connection()
    known = set(connection.scalars(select(_MEMBER.person_id).where(_MEMBER.enrolment_id == enrolment_id)))
    gone, fresh = sorted(known - set(person_ids)), sorted(set(person_ids) - known)
    if gone:
        leaving = (_MEMBER.enrolment_id == enrolment_id, _MEMBER.person_id.in_(gone))
        connection.execute(delete(table_of(Member)).where(*leaving))
    if fresh:
        insert_columns(connection, table_of(Member), {"enrolment_id": [enrolment_id] * len(fresh), "person_id": fresh})


def _turn(work: UnitOfWork, turn: tuple[int, str, str], when: tuple[str, str], action: str) -> Enrolment:
    (enrolment_id, was, becomes), (from_month, reason) = turn, when
    enrolment = _enrolment(work, enrolment_id)
    lines = lay_over(
        work,
        enrolment,
        (from_month, None),
        lambda line: {"state": becomes, "reason": reason} if line["state"] == was else {},
    )
    follow(work, enrolment, lines)
    _record(work, action, enrolment, reason, from_month)
    return enrolment


def _enrolment(work: UnitOfWork, enrolment_id: int) -> Enrolment:
    found = work.session.get(Enrolment, enrolment_id)
    if found is None:
        raise NotFound(_("没有找到这条享受登记，或不在你的辖区"))
    return found


def _record(work: UnitOfWork, action: str, enrolment: Enrolment, reason: str, from_month: str) -> None:
    work.record(
        action,
        f"enrolment:{enrolment.id}",
        area=enrolment.area,
        reason=reason,
        person=enrolment.person_id,
        scheme=enrolment.scheme,
        from_month=from_month,
    )
