"""Commands for reports: one definition gives page, Excel and command."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli.output import emit, table
from core.cli.shell import Group, look
from core.texts import _

if TYPE_CHECKING:
    from core.reports import Answer


@click.group("report", cls=Group, help=_("报表"))
def group() -> None:
    """Reports."""


@group.command("list", help=_("列出报表"))
@click.pass_context
def list_(context: click.Context) -> None:
    """Reports this actor may see."""
    from core.reports import open_to

    with look(context) as work:
        found = open_to(work)
    data = [{"name": one.name, "title": _(one.title), "parameters": [p.name for p in one.parameters]} for one in found]
    emit(context, data, table([_("名称"), _("标题")], [[row["name"], row["title"]] for row in data]))


@group.command(
    "run",
    context_settings={"ignore_unknown_options": True},
    help=_("出一张报表；参数写成 --month 2026-10，-o 存成 Excel"),
)
@click.argument("name")
@click.argument("parameters", nargs=-1, type=click.UNPROCESSED)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=None, help=_("存成 .xlsx 或 .csv"))
@click.pass_context
def run(context: click.Context, name: str, parameters: tuple[str, ...], output: Path | None) -> None:
    """Make the report NAME."""
    from core.errors import NotFound
    from core.reports import as_records, as_text
    from core.reports import run as make

    with look(context) as work:
        if name not in work.host.reports:
            raise NotFound(_("没有报表 {name}", name=name))
        answer = make(work, work.host.reports[name], _pairs(parameters))
        office = work.settings.county.office
    if output is None:
        emit(context, as_records(answer), as_text(answer))
        return
    _save(answer, office, output)
    emit(context, {"file": str(output), "rows": len(answer.rows)}, _("已存到 {file}", file=output))


def _save(answer: "Answer", office: str, output: Path) -> None:
    from core.reports import as_excel, as_grid
    from core.spreadsheets import write_csv

    if output.suffix.lower() == ".csv":
        with output.open("wb") as file:
            write_csv(file, as_grid(answer, office), "utf-8-sig")
    elif output.suffix.lower() == ".xlsx":
        output.write_bytes(as_excel(answer, office))
    else:
        raise click.UsageError(_("只能存成 .xlsx 或 .csv，现在是 {file}", file=output.name))


def _pairs(words: tuple[str, ...]) -> dict[str, str]:
    """``--month 2026-10`` and ``--month=2026-10`` as a mapping."""
    given: dict[str, str] = {}
    waiting = iter(words)
    for word in waiting:
        if not word.startswith("--"):
            raise click.UsageError(_("参数写成 --名称 值，现在是 {word}", word=word))
        name, equals, value = word[2:].partition("=")
        given[name.replace("-", "_")] = value if equals else next(waiting, "")
    return given
