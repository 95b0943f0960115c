"""Targets from a spreadsheet: every row is held to the rules of one that is typed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from core.api import (
    Column,
    Import,
    ImportCounts,
    RowObjection,
    _,
    code_of,
    mark,
    row_objections,
    row_wish,
)
from plugins.indicators.services.common import KEEP
from plugins.indicators.services.targets import examine, set_target
from plugins.indicators.wishes import SetTarget
from plugins.indicators.words import COMPARATOR_CODES

if TYPE_CHECKING:
    from core.api import UnitOfWork

Rows = Mapping[str, Sequence[Any]]
COLUMNS = (
    Column(name="indicator", title=mark("指标名称"), required=True, example="dibao.gap_rural"),
    Column(name="period", title=mark("期间"), required=True, example="2026"),
    Column(name="area", title=mark("适用区划"), example="430223103"),
    Column(name="comparator", title=mark("比较"), words=tuple(COMPARATOR_CODES.values())),
    Column(name="value", title=mark("目标值"), example="374"),
    Column(name="due_on", title=mark("完成期限"), kind="date"),
    Column(name="document", title=mark("文号"), required=True, example="攸民发〔2026〕12号"),
)


def _wishes(rows: Rows, found: list[RowObjection]) -> list[tuple[int, SetTarget]]:
    wishes = []
    for row in range(len(rows["indicator"])):
        values = {name: column[row] for name, column in rows.items()}
        values["comparator"] = code_of(COMPARATOR_CODES, values.get("comparator"))
        wish = row_wish(found, row, SetTarget, values)
        if wish is not None:
            wishes.append((row, wish))
    return wishes


def check_targets(work: "UnitOfWork", rows: Rows) -> Iterable[RowObjection]:
    """What is wrong with the rows; writes nothing."""
    found: list[RowObjection] = []
    seen: set[tuple[str, str, str]] = set()
    for row, wish in _wishes(rows, found):
        found.extend(row_objections(row, lambda wish=wish: examine(work, wish), otherwise="indicator"))
        key = (wish.indicator, wish.area, wish.period.upper())
        if key in seen:
            found.append(RowObjection(row=row, reason=_("表内重复"), column="indicator", code="E_IND_TWICE"))
        seen.add(key)
    return found


def write_targets(work: "UnitOfWork", rows: Rows) -> ImportCounts:
    """Set a target for each row."""
    wishes = _wishes(rows, [])
    for _row, wish in wishes:
        set_target(work, wish)
    work.record("indicators.targets_imported", "indicators:targets", count=len(wishes))
    return ImportCounts(imported=len(wishes))


IMPORTS = (
    Import(
        name="indicators-targets",
        title=mark("统计指标目标"),
        permission=KEEP,
        columns=COLUMNS,
        check=check_targets,
        write=write_targets,
    ),
)
