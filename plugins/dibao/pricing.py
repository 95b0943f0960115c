"""The price subsidy as a component of its own: so much a person in the months in which it was triggered."""

from typing import TYPE_CHECKING

import numpy
from sqlalchemy import func, select
from sqlmodel import col

from plugins.benefits.api import Due
from plugins.dibao.awards import persons_of
from plugins.dibao.models import PriceMonth
from plugins.dibao.words import SCHEME

if TYPE_CHECKING:
    from datetime import datetime

    from numpy import ndarray

    from core.api import UnitOfWork


def amounts(work: "UnitOfWork", due: Due) -> "ndarray":
    """Whole fen for each family, as ``Extra.amounts`` asks; by what was known when the roll was built."""
    each = per_person(work, due.month, SCHEME, due.known.at)
    if not each:
        return numpy.zeros(len(due.terms), "int64")
    return numpy.array([persons_of(one) for one in due.terms], "int64") * each


def newest_row(work: "UnitOfWork") -> int:
    """The newest price month that was set; 0 before the first."""
    return work.session.scalar(select(func.max(col(PriceMonth.id)))) or 0


def per_person(work: "UnitOfWork", month: str, group: str, at: "datetime | None" = None) -> int:
    """What a person of a group gets in a month, in fen; 0 for nothing."""
    asked = select(PriceMonth).where(col(PriceMonth.month) == month)
    if at is not None:
        asked = asked.where(col(PriceMonth.set_at) <= at)
    row = work.session.scalars(asked.order_by(col(PriceMonth.id).desc()).limit(1)).one_or_none()
    return row.amount_fen if row is not None and group in row.groups.split() else 0
