"""The list of margin families: no cash, but the door to other aid."""

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from core.api import Clash, NotFound, _, refuse
from plugins.casework.api import find_case
from plugins.dibao import codes
from plugins.dibao.computing import assess_case
from plugins.dibao.explaining import reason_of
from plugins.dibao.models import MarginFamily
from plugins.dibao.wishes import Leave, Register

if TYPE_CHECKING:
    from core.api import UnitOfWork

RIGHT = "dibao.margin"


def register(work: "UnitOfWork", number: str, wish: Register) -> MarginFamily:
    """Put a family on the list whose income lies at or above the standard and below the factor."""
    work.require(RIGHT)
    case = find_case(work, number, RIGHT)
    on = wish.since or work.today
    found, _rules = assess_case(work, case, on)
    if not (found.margin or found.hardship):
        raise refuse(
            _("不符合低保边缘家庭条件：{reason}", reason=reason_of(found) or _("符合低保条件")),
            field="since",
            code=codes.NOT_MARGIN,
        )
    if _open(work, case.id) is not None:
        raise Clash(_("已在低保边缘家庭名单上"))
    row = MarginFamily(
        case_id=case.id,
        person_id=case.applicant_id,
        kind="margin" if found.margin else "hardship",
        area=case.area,
        category=case.area_kind,
        members=len(found.counted_people),
        per_capita_num=found.per_capita.numerator,
        per_capita_den=found.per_capita.denominator,
        standard_fen=found.standard or 0,
        since=on,
        recorded_at=work.now,
        recorded_by=work.actor.account_id,
    )
    work.session.add(row)
    work.session.flush()
    work.record("dibao.margin_registered", f"case:{case.number}", area=case.area, kind=row.kind, members=row.members)
    return row


def leave(work: "UnitOfWork", number: str, wish: Leave) -> MarginFamily:
    """Take a family off the list."""
    work.require(RIGHT)
    case = find_case(work, number, RIGHT)
    row = _open(work, case.id)
    if row is None:
        raise NotFound(_("不在低保边缘家庭名单上"))
    _end(work, row, wish.reason)
    work.record("dibao.margin_left", f"case:{case.number}", area=case.area, reason=wish.reason)
    return row


def leave_quietly(work: "UnitOfWork", case_id: int, reason: str) -> None:
    """Off the list as part of another act, which records itself."""
    row = _open(work, case_id)
    if row is not None:
        _end(work, row, reason)


def _open(work: "UnitOfWork", case_id: int) -> MarginFamily | None:
    asked = select(MarginFamily).where(col(MarginFamily.case_id) == case_id, col(MarginFamily.until).is_(None))
    return work.session.scalars(asked).one_or_none()


def _end(work: "UnitOfWork", row: MarginFamily, reason: str) -> None:
    row.until, row.reason = work.today, reason
    work.session.add(row)
    work.session.flush()
