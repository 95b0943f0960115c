"""Hooks that donations offers to other plugins."""

from core.api import UnitOfWork, hookspec


@hookspec
def resolve_donations_ballot(work: UnitOfWork, reference: str) -> bool | None:
    """Say whether a reference names a valid ballot of a village's panel.

    Called before aid is handed out by a list of households, and when a household is put on the list of pairings. Return
    True or False, or None when the reference is none of yours. Do not write.

    Example: democratic_review answers True for a recorded session that had its quorum. Since api 1.0.
    """


@hookspec
def resolve_donations_meals(work: UnitOfWork, year: int) -> int | None:
    """Say how many meals of a year were paid by the charity, for the statistics report.

    Called when the report is drawn. Return their number, or None without such meals. Do not write.

    Example: canteen counts the meals of diners the charity sponsors. Since api 1.0.
    """
