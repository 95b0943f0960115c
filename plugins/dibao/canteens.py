"""What canteens ask of dibao: who is in payment in the month of a meal. The counter shows a tier, never this."""

from typing import TYPE_CHECKING

from plugins.benefits.api import amounts_in_month
from plugins.dibao.words import SCHEME

if TYPE_CHECKING:
    import numpy

    from core.api import UnitOfWork

STATUS = "dibao"


def on_dibao(
    work: "UnitOfWork", status: str, person_ids: "numpy.ndarray", days: "numpy.ndarray"
) -> "numpy.ndarray | None":
    """Truth values for persons and ISO dates of one length; None for a status that dibao does not keep."""
    import numpy

    if status != STATUS:
        return None
    months = days.astype("U7")
    found = numpy.zeros(person_ids.shape, dtype=bool)
    for month in numpy.unique(months).tolist():
        rows = months == month
        paid = amounts_in_month(work, set(person_ids[rows].tolist()), month, [SCHEME])
        found[rows] = numpy.isin(person_ids[rows], paid.person_ids[paid.fen > 0])
    return found
