"""The command tree: built-in nouns, and those of the county's plugins from a cached manifest.

``--help`` reads JSON and imports click, nothing else; a command's module is imported when it runs.
"""

import gc
import importlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from core.cli.shell import Group, Shell
from core.cli.speech import click_speaking, hear
from core.texts import _, mark

BUILT_IN: dict[str, tuple[str, str]] = {
    "init": ("core.cli.county:init", mark("建立一个县")),
    "serve": ("core.cli.county:serve", mark("启动网页和接口")),
    "status": ("core.cli.county:status", mark("看运行情况")),
    "upgrade": ("core.cli.county:upgrade", mark("升级")),
    "config": ("core.cli.config:group", mark("检查和修改设置")),
    "plugin": ("core.cli.plugins:group", mark("插件：列出、准入、启用、停用、编写")),
    "hooks": ("core.cli.plugins:hooks", mark("钩子参考")),
    "policy": ("core.cli.policies:group", mark("政策参数：查看、设置、确认")),
    "calendar": ("core.cli.county:calendar", mark("工作日历")),
    "jobs": ("core.cli.jobs:group", mark("后台任务")),
    "keys": ("core.cli.keys:group", mark("密钥：查看、更换、分成份额保管")),
    "backup": ("core.cli.backups:backup", mark("备份")),
    "restore": ("core.cli.backups:restore", mark("检查或恢复备份")),
    "report": ("core.cli.reports:group", mark("报表")),
    "import": ("core.cli.imports:group", mark("导入插件的表格")),
    "doctor": ("core.cli.doctor:doctor", mark("体检：磁盘、密钥、数据库、备份、字体、插件")),
    "user": ("core.identity.staff_cli:group", mark("账号、角色和令牌")),
    "person": ("core.identity.cli:group", mark("人员")),
    "household": ("core.households.cli:group", mark("家庭")),
    "area": ("core.households.area_cli:group", mark("行政区划")),
    "funds": ("core.funds.cli:group", mark("资金")),
    "audit": ("core.audit.cli:group", mark("审计")),
    "help": ("core.cli.help:help_", mark("说明：退出码、格式、设置、资金、隐私、用词")),
    "completion": ("core.cli.completion:completion", mark("命令补全脚本")),
}

FLAGS = {"--json", "--dry-run", "-n", "--no-plugins", "--strict", "--trace-plugins"}
OPTIONS = {"--home", "--county", "--as", "--token-file", "--lang"}


def hoist(arguments: Sequence[str]) -> list[str]:
    """Bring global options to the front, so that they may stand before or after the verb."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for word in waiting:
        if word == "--":
            rest.extend([word, *waiting])
        elif word in FLAGS or (word.startswith("--") and word.partition("=")[0] in OPTIONS and "=" in word):
            front.append(word)
        elif word in OPTIONS:
            front.extend([word, next(waiting, "")])
        else:
            rest.append(word)
    return front + rest


class Tree(Group):
    """The root: built-in nouns and plugins' nouns, imported only when they run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every noun of this county."""
        return sorted({*BUILT_IN, *_plugin_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a noun, imported now."""
        if cmd_name in BUILT_IN:
            return _import(BUILT_IN[cmd_name][0])
        found = _plugin_commands(ctx).get(cmd_name)
        return _import(found["target"]) if found else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Help lines from the tables, without importing a single command."""
        with formatter.section(_("命令")):
            formatter.write_dl([(name, _(help_)) for name, (_target, help_) in sorted(BUILT_IN.items())])
        own = _plugin_commands(ctx)
        if own:
            with formatter.section(_("插件带来的命令")):
                formatter.write_dl([(name, _spoken(entry)) for name, entry in sorted(own.items())])


def _spoken(entry: dict[str, str]) -> str:
    from core.texts import SOURCE, language

    return entry["help"] if language() == SOURCE else entry.get("help_en") or entry["help"]


def _import(target: str) -> Any:
    module, _colon, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


def _plugin_commands(ctx: click.Context) -> dict[str, dict[str, str]]:
    shell: Shell | None = ctx.find_object(Shell)
    if shell is None or shell.no_plugins:
        return {}
    from core.cli.manifest import commands_of

    return commands_of(shell)


@click.group(
    cls=Tree,
    invoke_without_command=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=_("惠民：县级民政业务平台。先用 huimin init 建立一个县，或运行 make demo 看示例县。"),
    epilog=_(
        "退出码：0 完成 · 1 有差异 · 2 用法不对 · 3 检查未通过 · 4 没有权限 · 5 没有找到 · 6 冲突 · "
        "7 部分完成 · 8 插件出错 · 70 程序出错 · 75 请重试 · 130 中断"
    ),
)
@click.option("--home", type=click.Path(path_type=Path), default=None, help=_("数据所在目录（HUIMIN_HOME）"))
@click.option("--county", default=None, help=_("县的区划代码，只有一个县时可以不写（HUIMIN_COUNTY）"))
@click.option("--json", "as_json", is_flag=True, help=_("结果用 JSON 输出"))
@click.option("-n", "--dry-run", is_flag=True, help=_("试运行：走同样的步骤，最后不写入"))
@click.option("--as", "act_as", default=None, help=_("以这个账号的权限操作"))
@click.option(
    "--token-file", type=click.Path(path_type=Path, exists=True), default=None, help=_("令牌文件（或 HUIMIN_TOKEN）")
)
@click.option("--lang", default=None, help=_("zh 或 en（HUIMIN_LANG）"))
@click.option("--no-plugins", is_flag=True, help=_("不载入任何插件"))
@click.option("--strict", is_flag=True, help=_("有插件不能运行就停止"))
@click.option("--trace-plugins", is_flag=True, help=_("列出调用了哪些插件、用时多少"))
@click.version_option(package_name="huimin", prog_name="huimin", message="%(prog)s %(version)s", help=_("显示版本"))
@click.pass_context
def root(
    context: click.Context,
    home: Path | None,
    county: str | None,
    as_json: bool,
    dry_run: bool,
    act_as: str | None,
    token_file: Path | None,
    lang: str | None,
    no_plugins: bool,
    strict: bool,
    trace_plugins: bool,
) -> None:
    """Gather the global options."""
    del lang  # read before anything was translated, in ``run``
    context.obj.act_as = act_as
    context.obj.json = as_json
    context.obj.dry_run = dry_run
    context.obj.token_file = token_file
    context.obj.strict = strict
    context.obj.trace = trace_plugins
    context.obj.no_plugins = no_plugins
    if home:
        context.obj.home = home
    context.obj.county = county or context.obj.county


def run(arguments: Sequence[str] | None = None, clock: Any = None) -> int:
    """Run one command; answers the exit code. Every error ends here, in words."""
    # A command is short and what it imports stays: looking for garbage so often would take a tenth of its time.
    gc.set_threshold(50_000, 25, 25)
    words = hoist(list(sys.argv[1:] if arguments is None else arguments))
    hear(words)
    with click_speaking():
        return _run(words, clock)


def _run(words: list[str], clock: Any) -> int:
    shell = _shell(words)
    shell.clock = clock
    try:
        code = root.main(args=words, prog_name="huimin", standalone_mode=False, obj=shell)
        return code if isinstance(code, int) and code else _trouble(shell)
    except Exception as error:  # noqa: BLE001 - the program's last line: everything becomes an exit code here
        from core.cli.failing import exit_code_of

        return exit_code_of(error, shell, words)
    except SystemExit as ending:
        return ending.code if isinstance(ending.code, int) else 1
    except KeyboardInterrupt:
        click.echo(_("已停止"), err=True)
        return 130
    finally:
        if shell.opened:
            _print_trace(shell)
            shell.host.close()


def _trouble(shell: Shell) -> int:
    """8 when a plugin failed during this very command and the core result stands, else 0."""
    if shell.opened and shell.host.hooks.failures:
        for failure in shell.host.hooks.failures:
            click.echo(
                _(
                    "插件 {plugin} 在 {hook} 出错：{failure}",
                    **{k: getattr(failure, k) for k in ("plugin", "hook", "failure")},
                ),
                err=True,
            )
        return 8
    return 0


def _print_trace(shell: Shell) -> None:
    for call in shell.host.trace if shell.trace else ():
        click.echo(f"{call.seconds * 1000:9.3f} ms  {call.plugin}  {call.hook}  {call.failure}".rstrip(), err=True)


def _shell(words: list[str]) -> Shell:
    """Home and county before click parses, because ``--help`` lists the commands of this county's plugins."""

    def given(name: str) -> str | None:
        for index, word in enumerate(words):
            if word == name and index + 1 < len(words):
                return words[index + 1]
            if word.startswith(f"{name}="):
                return word.partition("=")[2]
        return None

    home = given("--home") or os.environ.get("HUIMIN_HOME") or "."
    county = given("--county") or os.environ.get("HUIMIN_COUNTY") or None
    return Shell(home=Path(home), county=county, no_plugins="--no-plugins" in words)


def write_json(path: Path, data: Any) -> None:
    """Write a small JSON file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    draft.replace(path)
