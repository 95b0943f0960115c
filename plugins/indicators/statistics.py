"""Reports for superiors: a period, one indicator by area, how many targets are met, stated figures, issued reports."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from core.api import Column, Parameter, Report, _, area_names, mark
from plugins.indicators import showing
from plugins.indicators.catalogue import SHOW, plugin_titles
from plugins.indicators.listing import Filter, list_stated, period_report, show_indicator, show_report
from plugins.indicators.words import RESULTS, STATED_KINDS, STATED_STATES

if TYPE_CHECKING:
    from core.api import UnitOfWork


def period_rows(work: "UnitOfWork", period: str | None = None, plugin: str | None = None) -> Iterator[tuple[Any, ...]]:
    """Every indicator of a period: the county, the average, the target, met or not, who fails."""
    _report, lines = period_report(work, period or "", plugin or "")
    names = area_names(work, {code for one in lines for code in one["failing"]})
    sources = plugin_titles(work)
    for one in lines:
        target, unit, kind = one["target"], one["unit"], one["kind"]
        yield (
            sources.get(one["plugin"], one["plugin"]),
            one["title"],
            unit,
            *(showing.number(one[name], unit, kind) for name in ("value", "to_date", "average")),
            showing.aim(target, unit, kind),
            showing.document(target["document"]) if target else "",
            showing.state(one["state"])[0],
            showing.gap(one["gap"], unit, kind) if one["gap"] else "",
            "、".join(names.get(code, code) for code in one["failing"]),
        )


def area_rows(work: "UnitOfWork", name: str | None = None, period: str | None = None) -> Iterator[tuple[Any, ...]]:
    """One indicator by area, the county as a whole in the last row."""
    if not name:
        return
    one = show_indicator(work, name, period or "")
    for row in [*one.get("areas", ()), *([{**one, "name": _("全县")}] if "value" in one else [])]:
        figures = (showing.number(row[name], one["unit"], one["kind"]) for name in ("value", "to_date"))
        yield (row["name"], *figures, *showing.area_cells(one, row)[2:])


def plugin_rows(work: "UnitOfWork", period: str | None = None) -> Iterator[tuple[Any, ...]]:
    """How many indicators of each plugin are met, not met, not due yet, unknown, without a target."""
    _report, lines = period_report(work, period or "")
    counts: dict[str, Counter[str]] = {}
    for one in lines:
        counts.setdefault(one["plugin"], Counter())[one["state"]] += 1
    sources = plugin_titles(work)
    for plugin, found in counts.items():
        yield (
            sources.get(plugin, plugin), found.total(), found["met"], found["not_met"], found["pending"],
            found["unknown"], found[""],
        )  # fmt: skip


def stated_rows(work: "UnitOfWork", period: str | None = None, state: str | None = None) -> Iterator[tuple[Any, ...]]:
    """Stated figures with what comes out, who acknowledged it and why."""
    for one in list_stated(work, Filter(text=period or "", state=state or "", limit=None)):
        yield (
            one["title"], one["source"], one["period"], _(STATED_KINDS[one["kind"]]), one["computed"], one["stated"],
            one["difference"], _(RESULTS[one["result"]]), one["code"], one["told"], one["acknowledged_by"],
            one["acknowledgement"],
        )  # fmt: skip


def issued_rows(work: "UnitOfWork", number: str | None = None) -> Iterator[tuple[Any, ...]]:
    """The frozen rows of a report that was made."""
    if not number:
        return
    sources = plugin_titles(work)
    for row in show_report(work, number)["rows"]:
        yield frozen_cells(row, sources)


def frozen_cells(row: Any, sources: Any) -> tuple[Any, ...]:
    """A frozen row as it is printed."""
    unit = row["unit"]
    kind = "rate" if unit == "%" else "deadline" if "-" in row["value"][1:] else ""
    target = {"comparator": row["comparator"], "value": row["target"], "due_on": row["due_on"]}
    return (
        sources.get(row["plugin"], row["plugin"]),
        row["title"],
        row["place"] or _("全县"),
        unit,
        *(showing.number(row[name], unit, kind) for name in ("value", "to_date", "average")),
        showing.aim(target, unit, kind) if row["comparator"] else showing.NOTHING,
        showing.document(row["document"]),
        showing.state(row["state"])[0],
        showing.gap(row["gap"], unit, kind) if row["gap"] else "",
    )


_HERE, _AIM, _DONE = mark("完成数"), mark("目标"), mark("完成情况")
_PERIOD = Parameter(name="period", title=mark("期间"))
_SOURCE = Column(name="plugin", title=mark("业务"))
_FIGURES = (
    Column(name="value", kind="number", title=mark("本期"), group=_HERE),
    Column(name="to_date", kind="number", title=mark("本年累计"), group=_HERE),
    Column(name="average", kind="number", title=mark("各乡镇平均"), group=_HERE),
    Column(name="target", title=mark("目标值"), group=_AIM),
    Column(name="document", title=mark("文号"), group=_AIM),
    Column(name="state", title=mark("是否达标"), group=_DONE),
    Column(name="gap", title=mark("差距"), group=_DONE),
)
REPORTS: Sequence[Report] = (
    Report(
        name="indicators-period",
        title=mark("统计指标完成情况表"),
        permission=SHOW,
        columns=(
            _SOURCE,
            Column(name="indicator", title=mark("统计指标")),
            Column(name="unit", title=mark("计量单位")),
            *_FIGURES,
            Column(name="failing", title=mark("未达标乡镇"), group=_DONE),
        ),
        rows=period_rows,
        parameters=(_PERIOD, Parameter(name="plugin", title=mark("业务名称"))),
        note=mark("目标须每个乡镇都达到，平均数只作对照；比较用精确值，四舍五入只在打印时；-- 为未知，不按 0 计"),
        unit=mark("见各行"),
    ),
    Report(
        name="indicators-areas",
        title=mark("统计指标分乡镇表"),
        permission=SHOW,
        columns=(
            Column(name="area", title=mark("乡镇")),
            Column(name="value", kind="number", title=mark("本期"), group=_HERE),
            Column(name="to_date", kind="number", title=mark("本年累计"), group=_HERE),
            Column(name="target", title=mark("目标")),
            Column(name="state", title=mark("是否达标"), group=_DONE),
            Column(name="gap", title=mark("差距"), group=_DONE),
        ),
        rows=area_rows,
        parameters=(Parameter(name="name", title=mark("指标名称")), _PERIOD),
    ),
    Report(
        name="indicators-plugins",
        title=mark("各业务指标达标统计"),
        permission=SHOW,
        columns=(
            _SOURCE,
            Column(name="all", title=mark("指标数"), kind="integer", total=True),
            Column(name="met", title=mark("达标"), kind="integer", total=True, group=_DONE),
            Column(name="not_met", title=mark("未达标"), kind="integer", total=True, group=_DONE),
            Column(name="pending", title=mark("未到期"), kind="integer", total=True, group=_DONE),
            Column(name="unknown", title=mark("数据不全"), kind="integer", total=True, group=_DONE),
            Column(name="free", title=mark("无目标"), kind="integer", total=True, group=_DONE),
        ),
        rows=plugin_rows,
        parameters=(_PERIOD,),
        unit=mark("项"),
        chart=("plugin", "met", "not_met", "pending", "unknown"),
    ),
    Report(
        name="indicators-stated",
        title=mark("填报数核对表"),
        permission=SHOW,
        columns=(
            Column(name="title", title=mark("数据名称")),
            Column(name="source", title=mark("来源")),
            Column(name="period", title=mark("期间")),
            Column(name="kind", title=mark("核对内容")),
            Column(name="computed", title=mark("计算得"), group=mark("核对")),
            Column(name="stated", title=mark("写的是"), group=mark("核对")),
            Column(name="difference", title=mark("差额"), group=mark("核对")),
            Column(name="result", title=mark("结果"), group=mark("核对")),
            Column(name="code", title=mark("代码"), group=mark("核对")),
            Column(name="told", title=mark("说明")),
            Column(name="who", title=mark("说明人"), group=mark("不符原因")),
            Column(name="why", title=mark("原因"), group=mark("不符原因")),
        ),
        rows=stated_rows,
        parameters=(
            _PERIOD,
            Parameter(name="state", title=mark("状态"), kind="choice", choices=tuple(STATED_STATES.items())),
        ),
        note=mark("差额为计算数减填报数；系统只提示，不更正填报数"),
    ),
    Report(
        name="indicators-issued",
        title=mark("统计指标报表（存档）"),
        permission=SHOW,
        columns=(
            _SOURCE,
            Column(name="indicator", title=mark("统计指标")),
            Column(name="area", title=mark("乡镇")),
            Column(name="unit", title=mark("计量单位")),
            *_FIGURES,
        ),
        rows=issued_rows,
        parameters=(Parameter(name="number", title=mark("报表编号")),),
        unit=mark("见各行"),
    ),
)
