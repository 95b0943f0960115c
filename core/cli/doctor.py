"""The command that looks for what is wrong before somebody feels it."""

import click

from core.cli.output import emit, table
from core.cli.shell import look, resolve_host
from core.texts import _


@click.command(
    "doctor", help=_("体检：磁盘、密钥、权限、数据库、备份、字体、日历、插件；有问题时退出码 1，每条写明怎么办")
)
@click.pass_context
def doctor(context: click.Context) -> None:
    """Ask the core and every plugin whether all is well."""
    from core.doctor import examine

    with look(context) as work:
        work.require("settings.show")
    found = examine(resolve_host(context))
    data = {"ok": found.ok, "checked": found.asked, "findings": [vars(one) for one in found.findings]}
    lines = table([_("项目"), _("问题和办法")], [(one.title, one.message) for one in found.findings])
    emit(context, data, _("检查了 {count} 项，没有发现问题", count=found.asked) if found.ok else lines)
    if not found.ok:
        raise SystemExit(1)
