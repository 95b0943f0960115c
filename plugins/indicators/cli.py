"""Commands of the indicator catalogue; the acts are those of the pages."""

from pathlib import Path
from typing import Any

import click

from core.api import _, mark
from core.cli import Group, add_act, add_acts, add_start, emit, look, run_import, say, table
from plugins.indicators.acts import ACTING, REPORTS, ROOMS, Room
from plugins.indicators.words import KINDS

_PERIOD = click.option("--period", default="", help=_("期间：2026-10、2026-Q3 或 2026，不填即上个月"))


@click.group("indicators", cls=Group, help=_("指标目录：统计指标、目标、填报数核对、月报和季报"))
def group() -> None:
    """Indicators."""


@group.command("list", help=_("列出统计指标和目标"))
@_PERIOD
@click.option("--plugin", default="", help=_("只看一项业务"))
@click.option("--kind", type=click.Choice(list(KINDS)), default=None, help=_("只看一种指标"))
@click.pass_context
def list_(context: click.Context, period: str, plugin: str, kind: str | None) -> None:
    """The catalogue."""
    from plugins.indicators import showing
    from plugins.indicators.listing import list_indicators

    with look(context) as work:
        found = list_indicators(work, period, plugin, kind or "")
    rows = [
        [
            one["name"],
            one["title"],
            _(KINDS[one["kind"]]),
            one["unit"],
            "；".join(showing.aim(aim, one["unit"], one["kind"]) for aim in one["targets"]) or showing.NOTHING,
        ]
        for one in found
    ]
    headers = [_("名称"), _("统计指标"), _("种类"), _("计量单位"), _("目标")]
    emit(context, found, table(headers, rows) if rows else _("还没有统计指标，启用业务插件后就有"))


@group.command("show", help=_("一个统计指标在一个期间的各乡镇情况；NAME 例如 dibao.gap_rural"))
@click.argument("name")
@_PERIOD
@click.pass_context
def show(context: click.Context, name: str, period: str) -> None:
    """One indicator by area."""
    from plugins.indicators import showing
    from plugins.indicators.listing import show_indicator

    with look(context) as work:
        found = show_indicator(work, name, period)
    if "failure" in found:
        emit(context, found, found["failure"])
        return
    rows = [[row["name"], *showing.area_cells(found, row)] for row in [*found["areas"], {**found, "name": _("全县")}]]
    say(f"{found['title']} {found['period']}")
    if found["average"]:
        say(_("各乡镇平均 {average}", average=showing.figure(found["average"], found["unit"], found["kind"])))
    emit(context, found, table([_("乡镇"), _("本期"), _("本年累计"), _("目标"), _("是否达标"), _("差距")], rows))


@group.command("check", help=_("列出一个期间里不符又没有说明的填报数；有就以 1 退出"))
@_PERIOD
@click.pass_context
def check(context: click.Context, period: str) -> None:
    """Contradictions that wait for somebody."""
    from plugins.indicators.listing import stated_lines
    from plugins.indicators.periods import stretch
    from plugins.indicators.services.stating import unanswered

    with look(context) as work:
        work.require("indicators.show")
        found = stated_lines(work, unanswered(work, stretch(period) if period else None))
    rows = [[one["id"], one["title"], one["difference"] or "--", one["code"], one["told"]] for one in found]
    headers = [_("编号"), _("数据名称"), _("差额"), _("代码"), _("说明")]
    emit(context, found, table(headers, rows) if rows else _("没有不符的填报数"))
    if found:
        context.exit(1)


def _reading(parent: Any, room: Room) -> None:
    from plugins.indicators.listing import Filter
    from plugins.indicators.showing import cells_of, head_of, state_of

    @parent.command("list", help=_("列出：{title}", title=_(room.title)))
    @click.option("--state", type=click.Choice(list(room.states)), default=None, help=_("状态"))
    @click.option("--limit", default=50, type=click.IntRange(1, 5000), help=_("最多多少条"))
    @click.pass_context
    def list_room(context: click.Context, state: str | None, limit: int) -> None:
        with look(context) as work:
            found = room.listed(work, Filter(state=state or "", limit=limit))[:limit]
        rows = [
            [one["id"], head_of(room.name, one), *(value for _name, value in cells_of(room.name, one)),
             state_of(room.name, one)[0]]
            for one in found
        ]  # fmt: skip
        names = [name for name, _value in cells_of(room.name, found[0])] if found else []
        emit(context, found, table([_("编号"), _("名称"), *names, _("状态")], rows) if rows else _("还没有登记"))


@group.group("target", cls=Group, help=_("指标的目标"))
def target() -> None:
    """Targets."""


add_start(target, ACTING, "targets", "set", argument="INDICATOR", field="indicator")
_reading(target, ROOMS["targets"])
add_acts(target, ACTING, "targets")


@target.command("import", help=_("从电子表格导入目标"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--only-valid", is_flag=True, default=False, help=_("只导入没有问题的行"))
@click.pass_context
def import_targets(context: click.Context, file: Path, only_valid: bool) -> None:
    """Targets of a spreadsheet."""
    run_import(context, "indicators-targets", file, only_valid)


@group.group("stated", cls=Group, help=_("核对填报数：合计、比率、年额与月额、平均与上限、年度"))
def stated() -> None:
    """Figures of forms and texts."""


for _name, _word in (("sums", "sum"), ("rates", "rate"), ("years", "year"), ("averages", "average"), ("plans", "plan")):
    add_start(stated, ACTING, _name, _word, says=mark("{told}"))
_reading(stated, ROOMS["stated"])
add_acts(stated, ACTING, "stated")


@stated.command("show", help=_("查看一条填报数的核对结果"))
@click.argument("number", metavar="ID")
@click.pass_context
def show_stated(context: click.Context, number: str) -> None:
    """One stated figure."""
    from plugins.indicators.showing import cards_of

    with look(context) as work:
        found = ROOMS["stated"].shown(work, number)
    rows = [list(row) for _title, lines in cards_of("stated", found) for row in lines]
    emit(context, found, table([_("项目"), _("情况")], rows))


@group.group("report", cls=Group, help=_("月报、季报、年报：编制、审核、签发"))
def report() -> None:
    """Reports of a period."""


add_start(report, ACTING, "reports", "make")
_reading(report, ROOMS["reports"])
for _one in REPORTS.values():
    add_act(report, ACTING, ROOMS["reports"], _one, "NUMBER")


@report.command("show", help=_("一个期间所有指标的完成情况；存成 Excel 用 report run indicators-period -o"))
@_PERIOD
@click.option("--plugin", default="", help=_("只看一项业务"))
@click.pass_context
def show_report(context: click.Context, period: str, plugin: str) -> None:
    """Every indicator of a period."""
    from plugins.indicators import showing
    from plugins.indicators.listing import period_report

    with look(context) as work:
        made, lines = period_report(work, period, plugin)
    for name, reason in made.failures.items():
        say(f"{name}: {reason}")
    say(made.stretch.in_words)
    headers = [
        _("统计指标"),
        _("计量单位"),
        _("本期"),
        _("本年累计"),
        _("各乡镇平均"),
        _("目标"),
        _("是否达标"),
        _("差距"),
    ]
    data = {"period": made.stretch.text, "failures": dict(made.failures), "indicators": lines}
    emit(context, data, table(headers, [showing.summary_cells(one) for one in lines]))


@report.command("open", help=_("查看一张已编制的报表"))
@click.argument("number", metavar="NUMBER")
@click.pass_context
def open_report(context: click.Context, number: str) -> None:
    """One report that was made."""
    from plugins.indicators.catalogue import plugin_titles
    from plugins.indicators.statistics import frozen_cells

    with look(context) as work:
        found = ROOMS["reports"].shown(work, number)
        sources = plugin_titles(work)
    rows = [
        ["" if cell is None else cell for cell in frozen_cells(row, sources)]
        for row in found["rows"]
        if not row["area"]
    ]
    headers = [_("业务"), _("统计指标"), _("乡镇"), _("计量单位"), _("本期"), _("本年累计"), _("各乡镇平均"), _("目标"),
               _("文号"), _("是否达标"), _("差距")]  # fmt: skip
    emit(context, found, table(headers, rows))
