"""What casework brings to the desk and to the pages of people."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from core.api import Panel, Task, Tile

if TYPE_CHECKING:
    from core.api import UnitOfWork


def tasks(work: "UnitOfWork") -> Iterable[Task]:
    """What waits."""
    return ()


def tiles(work: "UnitOfWork") -> Iterable[Tile]:
    """Figures."""
    return ()


def panels(work: "UnitOfWork", person_ids: tuple[int, ...]) -> Iterable[Panel]:
    """Cases of people."""
    return ()
