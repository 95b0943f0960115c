"""Commands of divisions: list, show, import, set."""

from datetime import date
from pathlib import Path

import click

from core.cli import DATE, Group, begin, emit, look, table
from core.texts import _


@click.group("area", cls=Group, help=_("区划：查看、导入、设置城乡"))
def group() -> None:
    """Divisions."""


@group.command("list", help=_("列出辖区内现用的区划"))
@click.option("--on", type=DATE, default=None, help=_("看这一天的区划"))
@click.pass_context
def list_areas(context: click.Context, on: date | None) -> None:
    """List the divisions in force."""
    from core.households import areas

    with look(context) as work:
        lines = areas.list_areas(work, on)
    text = table([_("代码"), _("名称"), _("上级")], [(one["code"], one["name"], one["parent"] or "") for one in lines])
    emit(context, lines, text)


@group.command("show", help=_("看一个区划：起止日期、接续代码、城乡"))
@click.argument("code")
@click.pass_context
def show(context: click.Context, code: str) -> None:
    """Show one division."""
    from core.households import areas

    with look(context) as work:
        shown = areas.show_area(work, code)
    emit(context, shown, "\n".join(f"{name}  {value}" for name, value in shown.items() if value))


@group.command("import", help=_("导入区划表（CSV：code,name,level，可有 valid_from,valid_to,successor,kind）"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def import_file(context: click.Context, file: Path) -> None:
    """Import a list of divisions."""
    from core.households import areas

    rows = areas.read_area_file(file)
    with begin(context) as work:
        done = areas.change_areas(work, rows)
    data = {"added": done.added, "changed": done.changed, "same": done.same}
    emit(context, data, _("新增 {added}，变更 {changed}，未变 {same}", **data))


@group.command("set", help=_("设置一个区划是城镇（urban）还是农村（rural）"))
@click.argument("code")
@click.option("--kind", required=True, type=click.Choice(["urban", "rural"]), help=_("城镇或农村"))
@click.pass_context
def set_kind(context: click.Context, code: str, kind: str) -> None:
    """Say whether a division is urban or rural."""
    from core.households import areas

    with begin(context) as work:
        areas.set_kind(work, code, kind)
    emit(context, {"code": code, "kind": kind}, _("{code} 已设为 {kind}", code=code, kind=kind))
