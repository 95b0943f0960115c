"""Figures of months before the system, taken in from a spreadsheet and held against their own counts."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from core.api import Column, Import, RowObjection, UnitOfWork, _, area_names, mark
from huimin_urban_grid import figures
from huimin_urban_grid.models import Figure
from huimin_urban_grid.services import KEEP


def check_rows(work: UnitOfWork, rows: Mapping[str, Sequence[Any]]) -> Iterable[RowObjection]:
    """Objections by row: areas, counts, twice the same month; a rate that does not follow from its counts warns."""
    known = area_names(work, rows["area"])
    asked = select(col(Figure.month), col(Figure.area)).where(col(Figure.area).in_(set(rows["area"])))
    there = set(map(tuple, work.session.execute(asked).all()))
    for number, (month, area, opened, closed, stated) in enumerate(_lines(rows)):
        if area not in known or not work.may(KEEP, area):
            yield RowObjection(row=number, column="area", reason=_("没有这个区划代码"), code="E_DIV_CODE")
        elif (month, area) in there:
            yield RowObjection(row=number, column="month", reason=_("这个月已经有了"), code="E_UG_TWICE")
        there.add((month, area))
        if closed > opened or min(opened, closed) < 0:
            yield RowObjection(row=number, column="closed", reason=_("结案不能多于立案"), code="E_UG_COUNT")
        elif stated and not _is_rate(stated):
            yield RowObjection(row=number, column="stated", reason=_("填百分数，例如 98.31"), code="E_FIELD")
        elif how := _wrong(opened, closed, stated):
            yield RowObjection(row=number, column="stated", reason=how, code="W_UG_RATE")


def _wrong(opened: int, closed: int, stated: str) -> str:
    if stated and not opened:
        return _("没有立案数，结案率无法核对")
    how = figures.compared(closed, opened, stated)
    if how.fit == "truncated":
        return _("按立案和结案算得 {computed}%，上报的 {stated}% 只合截断", computed=how.computed, stated=stated)
    if how.fit == "differs":
        return _(
            "按立案和结案算得 {computed}%，相差 {difference}", computed=how.computed, difference=f"{how.difference:+}"
        )
    return ""


def write_rows(work: UnitOfWork, rows: Mapping[str, Sequence[Any]]) -> int:
    """Keep the rows that were found good; answers how many."""
    work.require(KEEP)
    for month, area, opened, closed, stated in _lines(rows):
        figure = Figure(month=month, area=area, opened=opened, closed=closed, stated=stated, entered_at=work.now)
        work.session.add(figure)
        work.record("urban_grid.figure_entered", f"area:{area}", area=area, month=month, opened=opened, closed=closed)
    return len(rows["month"])


def _lines(rows: Mapping[str, Sequence[Any]]) -> Iterable[tuple[str, str, int, int, str]]:
    names = ("month", "area", "opened", "closed", "stated")
    for month, area, opened, closed, stated in zip(*(rows[name] for name in names), strict=True):
        yield str(month), str(area), int(opened), int(closed), str(stated or "").strip().removesuffix("%")


def _is_rate(text: str) -> bool:
    try:
        return 0 <= Decimal(text) <= 100
    except InvalidOperation:
        return False


FIGURES = Import(
    name="urban-grid-figures",
    title=mark("以前月份的网格案件数"),
    permission=KEEP,
    columns=[
        Column(name="month", title=mark("月份"), kind="month", required=True, example="2026-10"),
        Column(name="area", title=mark("区划代码"), required=True, example="430223103"),
        Column(name="opened", title=mark("立案"), kind="integer", required=True, example="120"),
        Column(name="closed", title=mark("结案"), kind="integer", required=True, example="118"),
        Column(name="stated", title=mark("上报结案率"), example="98.33"),
    ],
    check=check_rows,
    write=write_rows,
)
