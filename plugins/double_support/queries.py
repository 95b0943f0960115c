"""Finding what there is, within the areas of who asks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import col

from core.api import NotFound, UnitOfWork, _, find_person, in_parts, row_id, scoped, within
from plugins.double_support import models as kept

SHOW = "double_support.show"


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which rows of a list: by state, year, area and below, words; ``after`` is the last id of the page before."""

    state: str = ""
    area: str = ""
    text: str = ""
    year: int = 0
    after: int = 0
    limit: int = 50


def id_of(text: str) -> int:
    """The id somebody typed, 0 for something else."""
    return row_id(text)


_NAMES: Mapping[type, tuple[str, ...]] = {
    kept.Unit: ("code",),
    kept.Plan: ("number",),
    kept.Spouse: ("number",),
    kept.Agreement: ("number",),
    kept.SupportGroup: ("name",),
    kept.Base: ("name",),
}
"""By which columns, beside the id, a thing may be called."""


def own(work: UnitOfWork, model: Any, text: str, permission: str = SHOW) -> Any:
    """One thing by id, number or name in the actor's areas; raises ``NotFound``."""
    work.require(permission)
    wanted = str(text).strip()
    same = or_(model.id == id_of(wanted), *(getattr(model, name) == wanted for name in _NAMES.get(model, ())))
    if model is kept.Spouse and len(wanted) >= 15:
        same = model.person_id == find_person(work, wanted, permission).id
    asked = scoped(work, select(model).where(same).order_by(model.id.desc()), model.area, permission)
    found = work.session.scalars(asked).first()
    if found is None:
        raise NotFound(_("没有找到，或不在你的辖区"))
    return found


def unit_of(work: UnitOfWork, text: str) -> kept.Unit:
    """An open partner unit by code name or id; raises ``NotFound``."""
    wanted = text.strip()
    same = or_(col(kept.Unit.code) == wanted, col(kept.Unit.id) == id_of(wanted))
    asked = select(kept.Unit).where(same, col(kept.Unit.state) == "open")
    found = work.session.scalars(asked).first()
    if found is None:
        raise NotFound(_("没有这个协作单位代号，请先登记"))
    return found


def page_of(work: UnitOfWork, model: Any, wish: Filter, *conditions: Any) -> list[Any]:
    """A page of rows in one's areas, newest first, one more than asked for so that a next page shows."""
    work.require(SHOW)
    asked = select(model).where(*conditions).order_by(model.id.desc()).limit(wish.limit + 1)
    if wish.area:
        asked = asked.where(within(model.area, [wish.area]))
    if wish.after:
        asked = asked.where(model.id < wish.after)
    return list(work.session.scalars(scoped(work, asked, model.area, SHOW)))


def rows_of(work: UnitOfWork, model: Any, column: Any, number: int | None, *order: Any) -> list[Any]:
    """The rows that belong to one thing, oldest first."""
    asked = select(model).where(col(column) == number).order_by(*(order or (model.id,)))
    return list(work.session.scalars(asked))


def dict_of(work: UnitOfWork, model: Any, ids: Iterable[int | None]) -> dict[int, Any]:
    """Rows by id."""
    wanted = sorted({one for one in ids if one})
    found: dict[int, Any] = {}
    for part in in_parts(wanted):
        asked = select(model).where(model.id.in_(part))
        found.update({row.id: row for row in work.session.scalars(asked)})
    return found


def rows_in(work: UnitOfWork, model: Any, column: Any, values: Sequence[Any]) -> list[Any]:
    """The rows whose column holds one of many values, oldest first."""
    found: list[Any] = []
    for part in in_parts(values):
        asked = select(model).where(col(column).in_(part)).order_by(model.id)
        found.extend(work.session.scalars(asked))
    return found


def count_of(work: UnitOfWork, model: Any, *conditions: Any) -> int:
    """How many rows of one's areas hold."""
    asked = select(func.count(model.id)).where(*conditions)
    return int(work.session.scalar(scoped(work, asked, model.area, SHOW)) or 0)


def sum_of(work: UnitOfWork, model: Any, column: Any, *conditions: Any) -> int:
    """A column added up over rows of one's areas."""
    asked = select(func.coalesce(func.sum(column), 0)).where(*conditions)
    return int(work.session.scalar(scoped(work, asked, model.area, SHOW)) or 0)
