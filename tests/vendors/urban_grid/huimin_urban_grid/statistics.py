"""What months of cases say: close rates of towns against the target, stated figures against their counts, appraisal."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import case as when
from sqlalchemy import func, select
from sqlmodel import col

from core.api import Column, Parameter, Report, UnitOfWork, _, area_names, mark, scoped, staff_by_id
from huimin_urban_grid import figures
from huimin_urban_grid.models import Case, Figure, Grid, Post
from huimin_urban_grid.queries import SHOW

FITS = {"fits": mark("相符"), "truncated": mark("只合截断"), "differs": mark("不符"), "unknown": mark("未填")}
_FULL = 100


@dataclass(frozen=True)
class Tally:
    """What was counted of an area: reported, closed, late, sent back."""

    opened: int = 0
    closed: int = 0
    late: int = 0
    returned: int = 0

    def plus(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(*(getattr(self, name) + getattr(other, name) for name in ("opened", "closed", "late", "returned")))


def first_and_last(month: str | None, today: date) -> tuple[date, date]:
    """The days of a month, of this one when none is named."""
    first = date.fromisoformat(f"{month}-01") if month else today.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def tallies(work: UnitOfWork, since: date, until: date) -> dict[str, Tally]:
    """Cases found in a time by town, together with the figures of months before the system."""
    work.require(SHOW)
    town = func.substr(col(Case.area), 1, 9)
    is_late = col(Case.late) | ((col(Case.state) == "sent") & (col(Case.due_on) < work.today))
    asked = select(
        town, func.count(), func.sum(when((col(Case.state) == "closed", 1), else_=0)),
        func.sum(when((is_late, 1), else_=0)), func.sum(col(Case.returns)),
    ).where(col(Case.found_on).between(since, until)).group_by(town)  # fmt: skip
    found: defaultdict[str, Tally] = defaultdict(Tally)
    for code, *counts in work.session.execute(scoped(work, asked, col(Case.area), SHOW)):
        found[code] = Tally(*map(int, counts))
    months = (since.isoformat()[:7], until.isoformat()[:7])
    for one in stated_figures(work, *months):
        if len(one.area) > 6:
            found[one.area[:9]] = found[one.area[:9]].plus(Tally(one.opened, one.closed))
    return dict(sorted(found.items()))


def stated_figures(work: UnitOfWork, since: str, until: str) -> Sequence[Figure]:
    """What areas reported of months before the system."""
    work.require(SHOW)
    asked = select(Figure).where(col(Figure.month).between(since, until)).order_by(Figure.month, Figure.area)
    return work.session.scalars(scoped(work, asked, col(Figure.area), SHOW)).all()


def together(found: Iterable[Tally]) -> Tally:
    """Every area in one."""
    total = Tally()
    for one in found:
        total = total.plus(one)
    return total


def closing(work: UnitOfWork, since: date | None = None, until: date | None = None) -> Iterable[Sequence[Any]]:
    """Close rates by town, and of the whole: the target holds when every town meets it."""
    first, last = first_and_last(None, work.today)
    found = tallies(work, since or first, until or last)
    target = Decimal(str(work.policy("urban_grid.close_rate_target")))
    names = area_names(work, found)
    met = {code: figures.meets(one.closed, one.opened, target) for code, one in found.items()}
    for code, one in found.items():
        yield _closing_row(names.get(code, code), one, met[code])
    known = [one for one in met.values() if one is not None]
    yield _closing_row(_("合计"), together(found.values()), all(known) if known else None)


def _closing_row(name: str, one: Tally, met: bool | None) -> Sequence[Any]:
    said = {True: _("达标"), False: _("未达标"), None: "--"}[met]
    rate = figures.percent(figures.rate(one.closed, one.opened))
    return name, one.opened, one.closed, one.opened - one.closed, one.late, one.returned, rate, said


def stated(work: UnitOfWork, month: str | None = None) -> Iterable[Sequence[Any]]:
    """Stated rates against their counts, and the towns together against what the county stated."""
    asked = month or work.today.isoformat()[:7]
    found = stated_figures(work, asked, asked)
    names = area_names(work, [one.area for one in found])
    for one in found:
        how = figures.compared(one.closed, one.opened, one.stated)
        difference = "" if not how.difference else f"{how.difference:+}"
        computed = figures.percent(figures.rate(one.closed, one.opened))
        told = figures.percent(Decimal(one.stated)) if one.stated else "--"
        yield names.get(one.area, one.area), one.opened, one.closed, computed, told, _(FITS[how.fit]), difference
    county = next((one for one in found if len(one.area) == 6), None)
    parts = [one for one in found if len(one.area) > 6]
    if county and parts:
        opened = figures.missing_to([one.opened for one in parts], county.opened)
        closed = figures.missing_to([one.closed for one in parts], county.closed)
        said = _("相符") if not opened and not closed else _("不符")
        yield _("各乡镇合计减全县"), opened, closed, "", "", said, ""


def inspectors(work: UnitOfWork, month: str | None = None) -> list[dict[str, Any]]:
    """The appraisal of inspectors: a hundred points, less what is missing to the least of reports."""
    since, until = first_and_last(month, work.today)
    least, off = (work.policy(f"urban_grid.{key}", on=since) for key in ("reports_least", "points_missing"))
    posts = (
        select(col(Post.inspector_id), col(Grid.code), col(Grid.area))
        .join(Grid, col(Grid.id) == col(Post.grid_id))
        .where(col(Post.since) <= until, col(Post.until).is_(None) | (col(Post.until) >= since))
        .order_by(Grid.code)
    )
    walked: defaultdict[int, list[str]] = defaultdict(list)
    for inspector, code, _area in work.session.execute(scoped(work, posts, col(Grid.area), SHOW)):
        walked[inspector].append(code)
    counted = (
        select(col(Case.inspector_id), func.count())
        .where(col(Case.found_on).between(since, until))
        .group_by(col(Case.inspector_id))
    )
    reported = dict(work.session.execute(scoped(work, counted, col(Case.area), SHOW)).all())
    names = staff_by_id(work, walked)
    rows = [
        {
            "inspector": names[one][0], "grids": codes, "reported": int(reported.get(one, 0)),
            "score": max(0, _FULL - off * max(0, least - int(reported.get(one, 0)))),
        }
        for one, codes in walked.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row["score"], -row["reported"], row["inspector"]))


def towns(work: UnitOfWork, month: str | None = None) -> list[dict[str, Any]]:
    """The appraisal of towns: a hundred points, less what is late and what was sent back."""
    since, until = first_and_last(month, work.today)
    found = tallies(work, since, until)
    late, returned = (work.policy(f"urban_grid.{key}", on=since) for key in ("points_late", "points_returned"))
    names = area_names(work, found)
    rows = [
        {
            "town": names.get(code, code), "opened": one.opened, "late": one.late, "returned": one.returned,
            "score": max(0, _FULL - late * one.late - returned * one.returned),
        }
        for code, one in found.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row["score"], row["town"]))


def _inspector_rows(work: UnitOfWork, month: str | None = None) -> Iterable[Sequence[Any]]:
    for row in inspectors(work, month):
        yield row["inspector"], "、".join(row["grids"]), row["reported"], row["score"]


def _town_rows(work: UnitOfWork, month: str | None = None) -> Iterable[Sequence[Any]]:
    for row in towns(work, month):
        yield row["town"], row["opened"], row["late"], row["returned"], row["score"]


_MONTH = [Parameter(name="month", title=mark("月份"), kind="month")]
REPORTS = (
    Report(
        name="urban-grid-closing",
        title=mark("网格案件结案率"),
        permission=SHOW,
        columns=[
            Column(name="area", title=mark("乡镇")),
            Column(name="opened", title=mark("立案"), kind="integer"),
            Column(name="closed", title=mark("结案"), kind="integer"),
            Column(name="open", title=mark("未结"), kind="integer"),
            Column(name="late", title=mark("超期"), kind="integer"),
            Column(name="returned", title=mark("退回"), kind="integer"),
            Column(name="rate", title=mark("结案率")),
            Column(name="met", title=mark("目标")),
        ],
        rows=closing,
        parameters=[
            Parameter(name="since", title=mark("从"), kind="date"),
            Parameter(name="until", title=mark("到"), kind="date"),
        ],
        note=mark("结案率为结案数除以立案数，四舍五入到两位小数；每个乡镇都达到目标才算达标"),
    ),
    Report(
        name="urban-grid-stated",
        title=mark("上报结案率核对"),
        permission=SHOW,
        columns=[
            Column(name="area", title=mark("乡镇")),
            Column(name="opened", title=mark("立案"), kind="integer"),
            Column(name="closed", title=mark("结案"), kind="integer"),
            Column(name="computed", title=mark("算得")),
            Column(name="stated", title=mark("上报")),
            Column(name="fit", title=mark("核对")),
            Column(name="difference", title=mark("相差百分点")),
        ],
        rows=stated,
        parameters=_MONTH,
    ),
    Report(
        name="urban-grid-inspectors",
        title=mark("巡查员考核"),
        permission=SHOW,
        columns=[
            Column(name="inspector", title=mark("巡查员")),
            Column(name="grids", title=mark("网格")),
            Column(name="reported", title=mark("上报宗数"), kind="integer"),
            Column(name="score", title=mark("得分"), kind="integer"),
        ],
        rows=_inspector_rows,
        parameters=_MONTH,
    ),
    Report(
        name="urban-grid-towns",
        title=mark("乡镇考核"),
        permission=SHOW,
        columns=[
            Column(name="town", title=mark("乡镇")),
            Column(name="opened", title=mark("立案"), kind="integer"),
            Column(name="late", title=mark("超期"), kind="integer"),
            Column(name="returned", title=mark("退回"), kind="integer"),
            Column(name="score", title=mark("得分"), kind="integer"),
        ],
        rows=_town_rows,
        parameters=_MONTH,
    ),
)
