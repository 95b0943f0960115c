"""Hooks that benefits offers to the plugins whose schemes it pays."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.api import Objection, RowObjection, UnitOfWork, hookspec

if TYPE_CHECKING:
    import numpy


@dataclass(frozen=True, kw_only=True)
class Enrolments:
    """Enrolments in columns of one length: ``ids`` (-1 = not yet written), ``person_ids`` and ``group_ids`` (-1 = none)
    are int64; ``schemes``, ``categories``, ``areas`` (12 digits), ``from_months`` and ``to_months`` ("" = open) text.
    """

    ids: "numpy.ndarray"
    schemes: "numpy.ndarray"
    categories: "numpy.ndarray"
    person_ids: "numpy.ndarray"
    group_ids: "numpy.ndarray"
    areas: "numpy.ndarray"
    from_months: "numpy.ndarray"
    to_months: "numpy.ndarray"


@dataclass(frozen=True, kw_only=True)
class NewStandard:
    """A standard about to be set: ``unit`` is month, quarter or year, ``amount_fen`` for that unit."""

    scheme: str
    category: str
    area: str
    unit: str
    amount_fen: int
    valid_from: str


@hookspec
def check_benefits_standard(work: UnitOfWork, standard: NewStandard) -> Iterable[Objection]:
    """Object to a standard before it is set.

    Called once for each standard, inside the transaction, after the rules of benefits. Return one ``Objection`` for
    each reason; the clerk sees all of them together. Do not write.

    Example: dibao objects to a yearly figure that was typed as a monthly one. Since api 1.0.
    """


@hookspec
def check_benefits_enrolment(work: UnitOfWork, enrolments: Enrolments) -> Iterable[RowObjection]:
    """Object to persons or families being enrolled, or to an enrolment changing its category.

    Called inside the transaction, before the write, with a chunk; not for people who are taken over in payment by the
    import. Return ``RowObjection`` entries with the row in the chunk. Do not write.

    Example: orphan_care objects to a child whose file has no basis for one parent. Since api 1.0.
    """


@hookspec
def benefits_enrolled(work: UnitOfWork, enrolments: Enrolments, carried_over: bool) -> None:
    """Hear that persons or families were enrolled; ``carried_over`` says that they were in payment before.

    Called inside the transaction, after the flush, with a chunk. Write only your own tables; raise to roll back.

    Example: orphan_care opens a file for each child that was taken over, and lists what is missing. Since api 1.0.
    """


@hookspec
def benefits_ended(work: UnitOfWork, enrolments: Enrolments) -> None:
    """Hear that enrolments were ended; ``to_months`` is the last month that is due.

    Called inside the transaction, after the flush, with a chunk. Write only your own tables; raise to roll back.

    Example: orphan_care closes the file and writes the notice to the guardian. Since api 1.0.
    """
