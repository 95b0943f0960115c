"""The one area-scoped query layer: lists, counts, search, exports, autocomplete and API all go through it."""

from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import ColumnElement, and_, false, or_

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.sql import Select

    from core.work import UnitOfWork

Chosen = TypeVar("Chosen", bound="Select[*tuple[Any, ...]]")


def within(column: Any, codes: "Iterable[str]") -> ColumnElement[bool]:
    """True where the area code in ``column`` is one of ``codes`` or below one; false for no code at all.

    A subtree is a range of codes, so that an ordinary index serves it.
    """
    ranges = [and_(column >= code, column < _after(code)) for code in codes]
    return or_(*ranges) if ranges else false()


def covers(codes: "Iterable[str]", area: str) -> bool:
    """Whether an area is one of ``codes`` or below one."""
    return any(area.startswith(code) for code in codes)


def scoped(work: "UnitOfWork", statement: Chosen, column: Any, permission: str) -> Chosen:
    """The same select, narrowed to the areas in which the actor holds ``permission``; works on any select."""
    return statement.where(within(column, work.areas(permission)))


def _after(code: str) -> str:
    return code[:-1] + chr(ord(code[-1]) + 1)
