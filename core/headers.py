"""The header of a table: one row of titles, or two when columns stand together in groups."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.extension import Column


@dataclass(frozen=True)
class Head:
    """One cell of a header: its title, the number of its first column, how many columns and rows it takes."""

    title: str
    at: int
    wide: int
    tall: int
    kind: str


def header(columns: Sequence[Column]) -> tuple[tuple[Head, ...], ...]:
    """The rows of a header: columns side by side with one group share a merged cell above their own titles."""
    if not any(column.group for column in columns):
        return (tuple(Head(column.title, at, 1, 1, column.kind) for at, column in enumerate(columns)),)
    above: list[Head] = []
    below: list[Head] = []
    for at, column in enumerate(columns):
        last = above[-1] if above else None
        if not column.group:
            above.append(Head(column.title, at, 1, 2, column.kind))
            continue
        below.append(Head(column.title, at, 1, 1, column.kind))
        if last and last.tall == 1 and last.title == column.group and last.at + last.wide == at:
            above[-1] = Head(last.title, last.at, last.wide + 1, 1, "text")
        else:
            above.append(Head(column.group, at, 1, 1, "text"))
    return tuple(above), tuple(below)
