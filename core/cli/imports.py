"""Commands for spreadsheets that plugins take in: list, template, check, run."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli.files import read_given, write_marked, write_new
from core.cli.output import emit, say, table
from core.cli.shell import Group, begin, look
from core.texts import _

if TYPE_CHECKING:
    from core.imports.services import Outcome
    from core.work import UnitOfWork

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("import", cls=Group, help=_("导入插件的表格：先 check，再 run"))
def group() -> None:
    """Imports."""


@group.command("list", help=_("列出可以导入的表格"))
@click.pass_context
def list_(context: click.Context) -> None:
    """Imports this actor holds the right to."""
    from core.imports.services import imports_of

    with look(context) as work:
        found = imports_of(work)
    data = [
        {"name": one.name, "title": _(one.title), "columns": [column.name for column in one.columns]} for one in found
    ]
    rows = [(one.name, _(one.title), "、".join(_(column.title) for column in one.columns)) for one in found]
    emit(context, data, table([_("名称"), _("标题"), _("列")], rows) if rows else _("没有可以导入的表格"))


@group.command("template", help=_("写一份空白模板到 FILE"))
@click.argument("name")
@click.argument("file", type=_FILE)
@click.pass_context
def template(context: click.Context, name: str, file: Path) -> None:
    """Write the template of the import NAME."""
    from core.imports.services import find_import
    from core.imports.template import template as blank

    with look(context) as work:
        data = blank(find_import(work, name))
    if not context.obj.dry_run:
        write_new(file, data)
    emit(context, {"file": str(file)}, _("模板已写入 {file}", file=file))


@group.command("check", help=_("检查一个文件，不写入；有错误时退出码 3"))
@click.argument("name")
@click.argument("file", type=_FILE)
@click.pass_context
def check(context: click.Context, name: str, file: Path) -> None:
    """Check FILE for the import NAME."""
    from core.imports.services import Outcome, check_file

    data = read_given(file)
    with look(context) as work:
        outcome = Outcome(check_file(work, name, data, file.name))
        marked = _marked(work, name, data, outcome)
    _tell(context, outcome, _kept(context, file, marked))
    if outcome.checked.errors:
        raise SystemExit(3)


@group.command("run", help=_("检查并导入一个文件。有一处错误就全部不写入；加 --only-valid 只导入没有错误的行"))
@click.argument("name")
@click.argument("file", type=_FILE)
@click.option("--only-valid", is_flag=True, help=_("有错误的行留下，其余导入"))
@click.pass_context
def run(context: click.Context, name: str, file: Path, only_valid: bool) -> None:
    """Check FILE and let the plugin write it."""
    run_import(context, name, file, only_valid)


def run_import(context: click.Context, name: str, file: Path, only_valid: bool) -> None:
    """Take a file in, for the command of a plugin too; exit code 3 when nothing was written, 7 when part was."""
    from core.imports.services import run_file

    data = read_given(file)
    with begin(context) as work:
        outcome = run_file(work, name, (data, file.name), only_valid=only_valid)
        marked = _marked(work, name, data, outcome)
    _tell(context, outcome, _kept(context, file, marked))
    if outcome.written is None:
        raise SystemExit(3)
    if outcome.left_out:
        raise SystemExit(7)


def _marked(work: "UnitOfWork", name: str, data: bytes, outcome: "Outcome") -> bytes | None:
    from core.imports.services import find_import, marked_workbook

    if not outcome.checked.errors:
        return None
    return marked_workbook(find_import(work, name), data, outcome.checked, work.policy("households.marked_rows_max"))


def _kept(context: click.Context, file: Path, marked: bytes | None) -> str | None:
    return None if marked is None or context.obj.dry_run else write_marked(file, marked)


def _tell(context: click.Context, outcome: "Outcome", error_file: str | None) -> None:
    result = outcome.as_json(error_file)
    for one in result["errors"][:50] if not context.obj.json else []:
        say(f"{one['sheet']} {one['column']}{one['row']}  {one['code']}  {one['message']}  {one['value']}")
    text = _(
        "共 {rows} 行：新增 {imported}，更新 {updated}，未变 {skipped}，错误 {errors} 处，提示 {warnings} 处",
        **{name: len(value) if isinstance(value, list) else value for name, value in result.items()},
    )
    if outcome.written is None and outcome.checked.errors:
        text += "\n" + _("有错误，没有写入。改好后再导入，或加 --only-valid 只导入没有错误的行")
    elif outcome.written is None:
        text += "\n" + _("没有错误，还没有写入：huimin import run")
    if error_file:
        text += "\n" + _("标注了错误的表：{file}", file=error_file)
    emit(context, result, text)
