"""Hooks that grids offer to other plugins."""

from collections.abc import Iterable

from core.api import Objection, UnitOfWork, hookspec


@hookspec
def check_urban_grid_closing(work: UnitOfWork, case_id: int, category: str) -> Iterable[Objection]:
    """Object to a grid case being closed.

    Called once for each case, inside the transaction, before its state changes. Return one ``Objection`` for each
    reason; the person sees all of them together. Do not write: a check only looks.

    Example: a plugin of building permits objects while its own file on the building is open. Since api 1.0.
    """


@hookspec
def urban_grid_case_closed(work: UnitOfWork, case_id: int, category: str, area: str) -> None:
    """Hear that a grid case was closed.

    Called once for each case, inside the transaction, after the case was written. Return nothing; write only tables of
    your own. What you raise takes the closing back.

    Example: a plugin of volunteers counts the hours of who helped to clear a street. Since api 1.0.
    """
