"""What every answer of the API shares: paging, and values as JSON takes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, TypeAlias
from urllib.parse import urlencode

from litestar.params import PathParameter, QueryParameter

from core.values import YEARS, row_id

PAGE, LIMIT_MAX, START_MAX = 50, 500, 1_000_000

Limit: TypeAlias = Annotated[
    int, QueryParameter(name="limit", ge=1, le=LIMIT_MAX, description="At most so many items.")
]
Next: TypeAlias = Annotated[
    str, QueryParameter(name="next", max_length=200, description="The ``next`` of the page before.")
]
Skip: TypeAlias = Annotated[int, QueryParameter(name="start", ge=0, le=START_MAX)]
"""How many of a list by urgency stand on the pages before: ``start: Skip = 0``."""
Year: TypeAlias = Annotated[int | None, QueryParameter(name="year", ge=YEARS[0], le=YEARS[-1])]
"""The year a list is narrowed to: ``year: Year = None``."""
PathYear: TypeAlias = Annotated[int, PathParameter(ge=YEARS[0], le=YEARS[-1])]
"""A year in an address: ``year: PathYear``."""
State: TypeAlias = Annotated[str, QueryParameter(name="state", max_length=20)]
"""The state a list is narrowed to: ``state_is: State = ""``."""


@dataclass(frozen=True)
class Paged:
    """One page of a list: ``next`` goes on behind the last item, null at the end."""

    items: Sequence[dict[str, Any]]
    next: str | None


def paged(found: Sequence[dict[str, Any]], key: str, limit: int, after: str) -> Paged:
    """A page of a list that stands in the order of ``key``."""
    rest = [one for one in found if str(one[key]) > after] if after else list(found)
    items = rest[:limit]
    return Paged(items, str(items[-1][key]) if len(rest) > limit else None)


def page_of(found: Sequence[dict[str, Any]], limit: int, key: str = "id") -> Paged:
    """A page of rows in the order of ``key``, of which one more than ``limit`` was asked for."""
    items = [plain(one) for one in found[:limit]]
    return Paged(items, str(items[-1][key]) if len(found) > limit else None)


def part_of(found: Sequence[dict[str, Any]], limit: int, start: int) -> Paged:
    """A page of a list by urgency, which no number orders: one more than ``limit`` was asked for, behind ``start``."""
    return Paged([plain(one) for one in found[:limit]], str(start + limit) if len(found) > limit else None)


def after_id(next: str) -> int:
    """The id, or how many of a list by urgency, that a page begins behind; 0 is the first page."""
    return row_id(next)


def more_path(path: str, found: Sequence[Mapping[str, Any]], limit: int, **narrowed: object) -> str:
    """The next page of a list of rows with ids, with what it is narrowed to; "" at the end."""
    return _behind(path, {**narrowed, "after": found[limit - 1]["id"]}) if len(found) > limit else ""


def rest_path(path: str, found: Sequence[Any], limit: int, start: int, **narrowed: object) -> str:
    """The next page of a list by urgency, with what it is narrowed to; "" at the end."""
    return _behind(path, {**narrowed, "start": start + limit}) if len(found) > limit else ""


def _behind(path: str, given: Mapping[str, object]) -> str:
    return f"{path}?{urlencode({name: value for name, value in given.items() if value})}"


def plain(value: Any) -> Any:
    """A value as JSON takes it: days and instants in ISO form, masked numbers masked, bytes as hex."""
    match value:
        case dict():
            return {name: plain(one) for name, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
        case date() | datetime():
            return value.isoformat()
        case bytes():
            return value.hex()
        case str():
            return str(value)
    return value
