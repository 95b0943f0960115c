"""Hooks the diary offers to other plugins."""

from collections.abc import Iterable

from core.api import Objection, UnitOfWork, hookspec


@hookspec
def check_every_hook_line(work: UnitOfWork, fact: str) -> Iterable[Objection]:
    """Object to a line of the diary.

    Called inside the transaction before the line is written. Return one ``Objection`` for each reason. Do not write.

    Example: a plugin that allows no jokes. Since api 1.0.
    """
