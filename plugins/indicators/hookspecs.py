"""Hooks that the indicator catalogue offers to other plugins."""

from collections.abc import Iterable

from core.api import Indicator, hookspec


@hookspec
def register_indicators() -> Iterable[Indicator]:
    """Name the indicators superiors ask this plugin for.

    Called when the catalogue, an indicator or a report is asked for. Return ``Indicator`` entries named
    ``<plugin>.<word>``; ``measure(work, since, until)`` yields ``Measured`` entries for the areas of the reader, in one
    question for all of them, through ``scoped``. Do not write, do not round, and do not write 0 for what is unknown.

    Example: ``Indicator(name="canteen.meals", title="就餐人次", kind="count", permission="canteen.show", …)``.
    Since api 1.0.
    """
