"""The gap up to the standard, beside what the plain allowance pays."""

import numpy

from core.api import UnitOfWork
from plugins.benefits.api import Due, amounts_in_month


def gap(work: UnitOfWork, due: Due) -> "numpy.ndarray":
    """Standard less what the family's benefit gives the person, never below nothing."""
    other = amounts_in_month(work, due.person_ids.tolist(), due.month, ["allowance_family"], due.known)
    return numpy.maximum(due.standards - other.sums(due.person_ids), 0)


def nonsense(work: UnitOfWork, due: Due) -> list[str]:
    """What no scheme may answer."""
    return ["much"]
