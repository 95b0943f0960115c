"""What the internal audit asks of benefits: whose amount was written by hand, higher than the standard gives."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from core.api import Period, Suspicion, _, columns, format_money
from plugins.benefits.models import EnrolmentVersion
from plugins.benefits.standards_now import standard_in_month

if TYPE_CHECKING:
    from core.api import UnitOfWork

_VERSION = columns(EnrolmentVersion)


def above_standard(work: "UnitOfWork", month: str) -> Iterator[Suspicion]:
    """Fixed amounts of a month above what the standard gives all members, as ``Detector.find``.

    How many times the standard is still no matter is policy: supplements of a category may lie above it.
    """
    most = work.policy("benefits.fixed_most", on=Period(month).first_day)
    rows = work.session.connection().execute(
        select(_VERSION.enrolment_id, _VERSION.scheme, _VERSION.category, _VERSION.area, _VERSION.fixed_fen,
               _VERSION.terms)
        .where(_VERSION.fixed_fen.is_not(None), _VERSION.state == "active", _VERSION.superseded_by.is_(None))
        .where(_VERSION.from_month <= month, or_(_VERSION.to_month.is_(None), _VERSION.to_month >= month))
        .order_by(_VERSION.enrolment_id)
    )  # fmt: skip
    known: dict[tuple[str, str, str], int | None] = {}
    for row in rows:
        place = (row.scheme, row.category, row.area)
        if place not in known:
            known[place] = standard_in_month(work, *place, month)
        standard = known[place]
        if standard is None:
            continue
        members = int(json.loads(row.terms or "{}").get("n", 1))
        due = standard * members
        if row.fixed_fen > Decimal(due) * most:
            reason = _(
                "{month} 定额 {fixed} 元，{members} 人按标准是 {due} 元",
                month=month, fixed=format_money(row.fixed_fen), members=members, due=format_money(due),
            )  # fmt: skip
            excess = row.fixed_fen - due
            yield Suspicion(subject=f"enrolment:{row.enrolment_id}", area=row.area, amount_fen=excess, reason=reason)
