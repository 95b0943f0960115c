"""Commands of grids."""

import click

from core.api import _
from core.cli import Group, add_act, add_acts, add_start, emit, look, table
from huimin_urban_grid import queries, statistics, words
from huimin_urban_grid.acts import ACTING
from huimin_urban_grid.wishes import Narrow


@click.group("urban-grid", cls=Group, help=_("网格巡查：案件、网格、考核"))
def group() -> None:
    """Grids."""


@group.command("list", help=_("列出案件，新的在前"))
@click.option("--state", type=click.Choice([*words.STATES]), default=None, help=_("状态"))
@click.option("--area", default="", help=_("只看这个区划及以下"))
@click.option("--limit", type=click.IntRange(1, 500), default=50, help=_("最多多少宗"))
@click.pass_context
def list_(context: click.Context, state: str | None, area: str, limit: int) -> None:
    """The newest cases."""
    with look(context) as work:
        found = queries.cases(work, Narrow(state=state or "", area=area, limit=limit))[:limit]
    rows = [
        [one["number"], _(words.CATEGORIES[one["category"]]), one["place"], _(words.STATES[one["state"]]),
         one["due_on"] or "--", _("超期") if one["late"] else ""]
        for one in found
    ]  # fmt: skip
    emit(context, found, table([_("编号"), _("类别"), _("地点"), _("状态"), _("处置期限"), ""], rows))


@group.command("show", help=_("看一宗案件和它的经过"))
@click.argument("number")
@click.pass_context
def show(context: click.Context, number: str) -> None:
    """One case."""
    with look(context) as work:
        found = queries.show_case(work, number)
    rows = [[one["on"], _(words.STEPS[one["step"]]), one["by"], one["note"]] for one in found["steps"]]
    emit(context, found, table([_("日期"), _("经过"), _("经办人"), _("说明")], rows))


@group.command("appraise", help=_("一个月的巡查员和乡镇考核"))
@click.argument("month", required=False)
@click.pass_context
def appraise(context: click.Context, month: str | None) -> None:
    """The appraisal of MONTH (2026-11)."""
    with look(context) as work:
        found = {"inspectors": statistics.inspectors(work, month), "towns": statistics.towns(work, month)}
    people = [[one["inspector"], one["reported"], one["score"]] for one in found["inspectors"]]
    towns = [[one["town"], one["late"], one["returned"], one["score"]] for one in found["towns"]]
    text = table([_("巡查员"), _("上报宗数"), _("得分")], people)
    emit(context, found, f"{text}\n\n{table([_('乡镇'), _('超期'), _('退回'), _('得分')], towns)}")


@group.group("grid", cls=Group, help=_("网格：划定、指定巡查员"))
def grid() -> None:
    """Grids."""


@grid.command("list", help=_("列出网格和巡查员"))
@click.pass_context
def list_grids(context: click.Context) -> None:
    """Grids with their inspectors."""
    with look(context) as work:
        found = queries.grids(work)
    rows = [[one["code"], one["name"], one["area_name"], one["inspector"] or "--", one["open"]] for one in found]
    emit(context, found, table([_("网格编号"), _("网格名称"), _("区划"), _("巡查员"), _("未结")], rows))


add_start(group, ACTING, "cases", "report")
add_acts(group, ACTING, "cases", "NUMBER")
add_start(grid, ACTING, "grids", "add", argument="CODE", field="code", says="网格已划定")
add_act(grid, ACTING, ACTING.rooms["grids"], ACTING.rooms["grids"].acts["appoint"], "CODE")
