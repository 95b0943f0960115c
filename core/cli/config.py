"""Commands for the settings: check them, see where they come from, change them."""

from pathlib import Path
from typing import Any

import click

from core.cli.output import emit, say, table
from core.cli.shell import Group, Shell, begin
from core.errors import NotFound
from core.settings import Problem, SettingsRefused, county_file, load
from core.texts import _


@click.group("config", cls=Group, help=_("检查和修改设置"))
def group() -> None:
    """Settings."""


@group.command("check", help=_("检查设置文件：指出文件、行、列、应当怎么写，一次列全"))
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_context
def check(context: click.Context, file: Path | None) -> None:
    """Check the county's settings, or FILE as if it were the county's."""
    shell: Shell = context.obj
    problems: tuple[Problem, ...] = ()
    text = file.read_text(encoding="utf-8", errors="replace") if file else None
    try:
        load(shell.home, shell.county, text=text, plugins=not shell.no_plugins)
    except SettingsRefused as refusal:
        problems = refusal.problems
    data = {"ok": not problems, "problems": [vars(problem) for problem in problems]}
    if not problems:
        emit(context, data, _("没有错误"))
        return
    source = (
        text
        if text is not None
        else county_file(shell.home, shell.county).read_text(encoding="utf-8", errors="replace")
    )
    emit(context, data, "\n".join(_pointed(problem, source.splitlines()) for problem in problems))
    say(_("{count} 个错误，没有改动任何内容", count=len(problems)))
    raise click.exceptions.Exit(3)


def _pointed(problem: Problem, lines: list[str]) -> str:
    """One problem as a compiler shows it: place, words, the line and a caret under the spot."""
    head = f"{problem.file}:{problem.line}:{problem.column}  {problem.code}  {problem.message}"
    if not 0 < problem.line <= len(lines) or problem.file == "platform.toml":
        return head
    number = f"{problem.line:5} │ "
    return f"{head}\n{number}{lines[problem.line - 1]}\n{' ' * 5} │ {' ' * (problem.column - 1)}^"


@group.command("show", help=_("看设置；--origin 说明每个值来自哪里"))
@click.argument("key", required=False)
@click.option("--origin", is_flag=True, help=_("来自哪个文件、哪一行、环境变量还是默认值"))
@click.pass_context
def show(context: click.Context, key: str | None, origin: bool) -> None:
    """Settings in force, or the one named KEY."""
    from core.settings_writer import values_of

    settings = context.obj.settings
    values = values_of(settings)
    if key:
        values = {name: value for name, value in values.items() if name == key or name.startswith(f"{key}.")}
        if not values:
            raise NotFound(_("没有 {key} 这一项", key=key))
    shown = {name: _without_password(name, value) for name, value in values.items()}
    if not origin:
        emit(context, shown, table([_("设置"), _("值")], [[name, value] for name, value in shown.items()]))
        return
    data = {
        name: {"value": value, "origin": str(settings.origins.get(name, "default"))} for name, value in shown.items()
    }
    rows = [[name, entry["value"], entry["origin"]] for name, entry in data.items()]
    emit(context, data, table([_("设置"), _("值"), _("来自")], rows))


def _without_password(key: str, value: Any) -> Any:
    if key != "database.url":
        return value
    from sqlalchemy.engine import make_url

    return make_url(value).render_as_string(hide_password=True)


@group.command("diff", help=_("比较一个设置文件和现在的设置：相同退出码 0，有差异 1"))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_context
def diff(context: click.Context, file: Path) -> None:
    """What FILE would change."""
    changed = _differences(context.obj, file)
    data = [{"key": one.key, "before": one.before, "after": one.after} for one in changed]
    emit(
        context,
        data,
        "\n".join(f"{one.key}  {_shown(one.before)} → {_shown(one.after)}" for one in changed) or _("没有差异"),
    )
    if changed:
        raise click.exceptions.Exit(1)


def _differences(shell: Shell, file: Path) -> list[Any]:
    from core.settings_writer import differences

    wish = load(shell.home, shell.county, text=file.read_text(encoding="utf-8"))
    return differences(shell.settings, wish)


def _shown(value: Any) -> str:
    return "--" if value is None else str(value)


@group.command("apply", help=_("用一个文件替换设置；再做一次不会改动"))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_context
def apply(context: click.Context, file: Path) -> None:
    """Make FILE the county's settings."""
    _write(context, file.read_text(encoding="utf-8"))


@group.command("set", help=_("改一项设置，注释和手写的格式都保留\n\n例：huimin config set web.port 8080"))
@click.argument("key")
@click.argument("value")
@click.pass_context
def set_(context: click.Context, key: str, value: str) -> None:
    """Set KEY to VALUE."""
    from core.settings_writer import edited, read_wish

    settings = context.obj.settings
    _write(context, edited(settings, {key: read_wish(settings, key, value)}))


def _write(context: click.Context, text: str) -> None:
    from core.settings_writer import write

    with begin(context) as work:
        changed = write(work, text)
    data = [{"key": one.key, "before": one.before, "after": one.after} for one in changed]
    words = "\n".join(f"{one.key}  {_shown(one.before)} → {_shown(one.after)}" for one in changed)
    emit(context, {"changed": data}, words or _("未改动"))


@group.command("schema", help=_("每一项设置的类型、范围和说明（JSON Schema）"))
@click.pass_context
def schema(context: click.Context) -> None:
    """JSON schema of the settings."""
    import json

    from core.settings_writer import schema as describe

    click.echo(json.dumps(describe(context.obj.settings), ensure_ascii=False, indent=None if context.obj.json else 2))
