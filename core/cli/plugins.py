"""Commands for plugins: list, admit, switch, check, those of vendors; and the reference of hooks."""

from pathlib import Path

import click

from core.cli.output import emit, say, table
from core.cli.shell import Group, Shell, begin, look, resolve_host
from core.cli.vendor import COMMANDS
from core.texts import _, listed, mark

STATES = {
    "on": mark("运行中"),
    "degraded": mark("已降级"),
    "off": mark("已停用"),
    "quarantined": mark("已隔离"),
    "missing": mark("没有安装"),
    "not_admitted": mark("未准入"),
}


@click.group("plugin", cls=Group, help=_("插件：列出、准入、启用、停用、编写"))
def group() -> None:
    """Plugins."""


@group.command("list", help=_("列出插件和状态"))
@click.pass_context
def list_(context: click.Context) -> None:
    """Every plugin with its state and reason."""
    from core.plugin_life import states

    host = resolve_host(context)
    with look(context) as work:
        work.require("plugin.show")
        found = states(host)
    data = [
        {
            "name": one.name,
            "title": one.title,
            "version": one.version,
            "enabled": one.enabled,
            "state": one.state,
            "requires": list(one.requires),
            "reason": one.reason,
        }
        for one in found
    ]
    rows = [[one.name, one.title, one.version, _(STATES[one.state]), one.reason] for one in found]
    emit(context, data, table([_("名称"), _("标题"), _("版本"), _("状态"), _("原因")], rows))


@group.command("enable", help=_("启用插件，要用到的会一起启用"))
@click.argument("name")
@click.pass_context
def enable(context: click.Context, name: str) -> None:
    """Switch NAME on."""
    from core.plugin_life import enable as switch_on

    with begin(context) as work:
        changed = switch_on(work, name)
    brought = [one for one in changed if one != name]
    if brought:
        say(_("一起启用了要用到的插件：{names}", names=listed(brought)))
    text = _("已启用 {name}", name=name) if changed else _("{name} 本来就是启用的，未改动", name=name)
    emit(context, {"name": name, "enabled": True, "changed": changed}, text)


@group.command("disable", help=_("停用插件：页面、命令和任务拿掉，数据保留"))
@click.argument("name")
@click.pass_context
def disable(context: click.Context, name: str) -> None:
    """Switch NAME off."""
    from core.plugin_life import disable as switch_off

    with begin(context) as work:
        changed = switch_off(work, name)
    text = _("已停用 {name}，数据保留", name=name) if changed else _("{name} 本来就是停用的，未改动", name=name)
    emit(context, {"name": name, "enabled": False, "changed": changed}, text)


@group.command("resume", help=_("恢复出错太多而降级的插件；等着的后台任务接着办"))
@click.argument("name")
@click.option("--reason", required=True, help=_("原因，写入审计记录"))
@click.pass_context
def resume(context: click.Context, name: str, reason: str) -> None:
    """Let the degraded plugin NAME go on."""
    from core.plugin_life import resume as let_go_on

    with begin(context) as work:
        let_go_on(work, name, reason)
    emit(context, {"name": name, "state": "on"}, _("已恢复 {name}", name=name))


@group.command("export", help=_("把插件的数据导出成压缩包；停用的插件也可以"))
@click.argument("name")
@click.option("-o", "--output", "file", type=click.Path(path_type=Path, dir_okay=False), required=True, help=_("文件"))
@click.option("--reason", required=True, help=_("理由"))
@click.pass_context
def export(context: click.Context, name: str, file: Path, reason: str) -> None:
    """Write the data of NAME to a new file."""
    from core.plugin_export import export_plugin

    with begin(context) as work:
        done = export_plugin(work, name, file, reason)
    text = _("已写入 {file}：{tables} 个表 {rows} 行", file=file, tables=done.tables, rows=done.rows)
    emit(context, {"file": str(file), "tables": done.tables, "rows": done.rows, "sha256": done.digest}, text)


@group.command("admit", help=_("准入插件：检查、建表、记下文件摘要。之后才能启用"))
@click.argument("name")
@click.pass_context
def admit(context: click.Context, name: str) -> None:
    """Admit NAME to this county."""
    from core.admitting import admit as take_in

    shell: Shell = context.obj
    if shell.dry_run:
        from core.checking import check_plugin

        findings = check_plugin(name)
        emit(context, {"name": name, "findings": [vars(one) for one in findings]}, "\n".join(map(str, findings)))
        return
    row = take_in(shell.host, shell.actor(), name)
    emit(
        context,
        {"name": name, "version": row.version, "digest": row.digest},
        _("已准入 {name} {version}，可以启用了", name=name, version=row.version),
    )


@group.command("check", help=_("检查插件是否合乎约定：名称、路径、权限、表、文字、样式"))
@click.argument("target")
@click.pass_context
def check(context: click.Context, target: str) -> None:
    """Examine a plugin by name or folder."""
    from core.checking import check_plugin

    findings = check_plugin(target)
    data = {
        "plugin": target,
        "ok": not findings,
        "findings": [
            {"code": one.code, "file": one.file, "line": one.line, "message": one.message, "fix": one.fix}
            for one in findings
        ],
    }
    text = "\n".join(map(str, findings)) or _("{name} 合乎约定", name=target)
    emit(context, data, text)
    if findings:
        raise click.exceptions.Exit(3)


for _command in COMMANDS:
    group.add_command(_command)


@click.command("hooks", help=_("钩子参考：每个钩子何时调用、返回什么、不要做什么"))
@click.argument("name", required=False)
@click.pass_context
def hooks(context: click.Context, name: str | None) -> None:
    """The reference of hooks, from their docstrings."""
    from core.hook_reference import reference

    found = [one for one in reference(context.obj) if name is None or one["name"] == name]
    if name and not found:
        from core.errors import NotFound

        raise NotFound(_("没有叫 {hook} 的钩子", hook=name))
    blocks = [f"{one['name']}({', '.join(one['arguments'])})  [{one['family']}]\n{one['text']}" for one in found]
    emit(context, found, "\n\n".join(blocks))
