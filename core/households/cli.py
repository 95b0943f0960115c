"""Commands of households: import, export, list, show, and what happens to a household."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.cli import DATE, Group, begin, emit, look, say, table
from core.texts import _

if TYPE_CHECKING:
    from core.households.importing.run import Outcome

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("household", cls=Group, help=_("家庭：导入、导出、查看、分户、并户、迁移"))
def group() -> None:
    """Households."""


@group.command(
    "import", help=_("导入名册（xlsx、xls、ods、csv）。有一处错误就全部不写入；加 --only-valid 只导入没有错误的户")
)
@click.argument("file", type=_FILE, required=False)
@click.option("--only-valid", is_flag=True, help=_("有错误的户整户留下，其余导入"))
@click.option("--template", type=_FILE, default=None, help=_("写一份空白模板到这个文件"))
@click.pass_context
def import_roster(context: click.Context, file: Path | None, only_valid: bool, template: Path | None) -> None:
    """Import a roster, or write the template."""
    if template is not None:
        _write_template(context, template)
        return
    if file is None:
        raise click.UsageError(_("请指明要导入的文件"), context)
    from core.errors import NotFound
    from core.households.importing.run import import_file

    if not file.is_file():
        raise NotFound(_("找不到文件 {file}", file=file))
    data = file.read_bytes()
    with begin(context) as work:
        outcome = import_file(work, data, file.name, only_valid)
        rows_max = work.policy("households.marked_rows_max")
    _tell(context, outcome, _marked_file(context, outcome, (file, data, rows_max)))
    if outcome.refused:
        raise SystemExit(3)
    if outcome.left_out:
        raise SystemExit(7)


def _write_template(context: click.Context, file: Path) -> None:
    from core.households.importing.template import template

    if not context.obj.dry_run:
        _write_new(file, template())
    emit(context, {"file": str(file)}, _("模板已写入 {file}", file=file))


def _marked_file(context: click.Context, outcome: "Outcome", source: tuple[Path, bytes, int]) -> str | None:
    """Write the marked workbook beside the clerk's own; its path, or None when there is nothing to mark."""
    file, data, rows_max = source
    if not outcome.checked.findings.errors or context.obj.dry_run:
        return None
    from core.households.importing.marking import marked_workbook

    marked = marked_workbook(data, outcome.checked, rows_max)
    folder = file.parent if os.access(file.parent, os.W_OK) else Path.cwd()
    place = folder / f"{file.stem}-{_('错误标注')}.xlsx"
    number = 1
    while place.exists():
        number += 1
        place = folder / f"{file.stem}-{_('错误标注')}-{number}.xlsx"
    _write_new(place, marked)
    return str(place)


def _write_new(file: Path, data: bytes) -> None:
    from core.errors import Clash

    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Clash(_("文件 {file} 已存在，换一个名字", file=file)) from None
    with os.fdopen(handle, "wb") as out:
        out.write(data)


def _tell(context: click.Context, outcome: "Outcome", error_file: str | None) -> None:
    result = outcome.as_json(error_file)
    for one in result["errors"][:50] if not context.obj.json else []:
        place = f"{one['sheet']} {one['column']}{one['row']}"
        say(f"{place}  {one['code']}  {one['message']}  {one['value']}")
    text = _(
        "共 {rows} 行：新增 {imported}，更新 {updated}，未变 {skipped}，错误 {errors} 处，提示 {warnings} 处",
        **{name: len(value) if isinstance(value, list) else value for name, value in result.items()},
    )
    if outcome.refused:
        text += "\n" + _("有错误，全部没有写入。改好后再导入，或加 --only-valid 只导入没有错误的户")
    if error_file:
        text += "\n" + _("标注了错误的表：{file}", file=error_file)
    emit(context, result, text)
