"""Commands for who writes a plugin, and for the county that gets it: new, dev, test, pack, install."""

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from core.cli.output import emit, say
from core.texts import _, language

_FOLDER = click.Path(path_type=Path, file_okay=False)
_HERE = Path()


@click.command("new", help=_("写一个新插件：可以安装、带测试的完整发行包"))
@click.argument("name", required=False)
@click.option("--kind", type=click.Choice(["subsidy", "registry", "service", "activity"]), default=None, help=_("种类"))
@click.option("--title", default="", help=_("中文名"))
@click.option("--hue", type=click.IntRange(1, 8), default=None, help=_("颜色号，1 到 8"))
@click.option("--author", default="", help=_("作者"))
@click.option("--into", type=_FOLDER, default=None, help=_("放在哪个目录，默认当前目录"))
@click.option("--no-input", is_flag=True, help=_("不提问，全部用默认值"))
@click.pass_context
def new(context: click.Context, name: str | None, into: Path | None, no_input: bool, **given: Any) -> None:
    """Write the distribution of a plugin NAME."""
    from core.scaffold import folder_of, plain_name, write_distribution

    asks = not no_input and not context.obj.json and sys.stdin.isatty()
    wish = _wish(name or "", given, asks)
    place = into or Path.cwd()
    if context.obj.dry_run:
        folder = folder_of(plain_name(wish.name), place)
        emit(
            context, {"name": wish.name, "kind": wish.kind, "folder": str(folder)}, _("会写出 {folder}", folder=folder)
        )
        return
    folder = write_distribution(wish, place)
    text = _(
        "已写好 {folder}\n接着试试  cd {folder} && huimin plugin dev\n"
        "          huimin plugin test · check . · pack\n十五分钟教程  huimin plugin tutorial",
        folder=folder,
    )
    emit(context, {"name": plain_name(wish.name), "kind": wish.kind, "folder": str(folder)}, text)


def _wish(name: str, given: Mapping[str, Any], asks: bool) -> Any:
    """The wish of what was given; what is missing is asked for at a terminal, else the defaults stand."""
    from core.scaffold import KINDS, NewPlugin, plain_name

    if not name and not asks:
        raise click.UsageError(_("写明插件的名称，例如 elder_allowance"))
    if not asks:
        return NewPlugin(
            name=name, kind=given["kind"] or "registry", title=given["title"], hue=given["hue"] or 0,
            author=given["author"],
        )  # fmt: skip
    name = name or click.prompt(_("名称：小写字母、数字和下划线"), default="elder_allowance", err=True)
    plain_name(name)
    title = given["title"] or click.prompt(_("中文名"), default=name, err=True)
    kind = given["kind"]
    if kind is None:
        for code, words in KINDS.items():
            say(f"  {code}  {_(words)}")
        kind = click.prompt(_("种类"), type=click.Choice([*KINDS]), default="subsidy", show_choices=False, err=True)
    hue = given["hue"]
    if hue is None:
        hue = click.prompt(_("颜色号，1 到 8；0 用种类自己的"), type=click.IntRange(0, 8), default=0, err=True)
    author = given["author"] or click.prompt(_("作者"), default="", show_default=False, err=True)
    return NewPlugin(name=name, kind=kind, title=title, hue=hue, author=author)


@click.command("tutorial", help=_("十五分钟教程：从新建到启用"))
@click.pass_context
def tutorial(context: click.Context) -> None:
    """Print the tutorial in the language of the command."""
    from core.scaffold import tutorial as file_of

    file = file_of(language())
    emit(context, {"file": str(file)}, file.read_text(encoding="utf-8").rstrip())


@click.command("dev", help=_("在试用县里运行正在写的插件：改了文件就重新启动"))
@click.argument("folder", type=_FOLDER, default=_HERE)
@click.option("--port", type=int, default=None, help=_("端口"))
@click.option("--reset", is_flag=True, help=_("删掉旧的试用县，重新建立"))
@click.option("--command", "words", default=None, help=_("不启动网页，在试用县里运行一条命令，例如 'person list'"))
@click.pass_context
def dev(context: click.Context, folder: Path, port: int | None, reset: bool, words: str | None) -> None:
    """Serve a demo county with the plugin of FOLDER, or run one command in it."""
    from core.developing import COUNTY, free_port, make_county, remove_county, run_command, serve
    from core.distribution import read_distribution

    one = read_distribution(folder)
    home = one.folder / COUNTY
    if context.obj.dry_run:
        emit(context, {"name": one.name, "home": str(home)}, _("会用 {home} 里的试用县，没有就建立", home=home))
        return
    if reset:
        remove_county(home)
    make_county(home, say)
    if words is not None:
        # The flags of this command are those of the one it runs: it prints where this one would.
        raise click.exceptions.Exit(run_command(one, home, [*_flags(context), *shlex.split(words)]))
    found = free_port(port)
    path = one.name.replace("_", "-")
    for line in (
        _("{name}  {url}", name=one.name, url=f"http://127.0.0.1:{found}/{path}"),
        _("登录      在网页上点一个人，不用密码"),
        _("接着试试  改 {file}，存盘，刷新网页", file=f"{one.package}/"),
        f"          huimin plugin dev --command '{path} list'",
        _("停止      Ctrl-C      重来  huimin plugin dev --reset"),
    ):
        say(line)
    serve(one, home, found)


def _flags(context: click.Context) -> list[str]:
    return ["--json"] if context.obj.json else []


@click.command("test", help=_("运行插件的测试；退出码是 pytest 的"))
@click.argument("folder", type=_FOLDER, default=_HERE)
@click.option("-k", "only", default="", help=_("只运行名称里有这些字的测试"))
@click.pass_context
def test(context: click.Context, folder: Path, only: str) -> None:
    """Run the tests of FOLDER."""
    from core.distribution import read_distribution, run_tests

    one = read_distribution(folder)
    if context.obj.dry_run:
        emit(context, {"name": one.name, "folder": str(one.folder)}, _("会运行 {folder} 的测试", folder=one.folder))
        return
    code = run_tests(one, ["-k", only] if only else (), aside=context.obj.json)
    emit(context, {"name": one.name, "exit_code": code})
    raise click.exceptions.Exit(code)


@click.command("texts", help=_("整理英文文字：源码里的新句子收进来，没有了的去掉，再编译"))
@click.argument("folder", type=_FOLDER, default=_HERE)
@click.option("--say", "said", type=(str, str), multiple=True, metavar="中文 ENGLISH", help=_("一句中文的英文"))
@click.pass_context
def texts(context: click.Context, folder: Path, said: tuple[tuple[str, str], ...]) -> None:
    """Bring the English catalogue of FOLDER up to its source."""
    from core.catalogues import catalogue_file, missing, refresh
    from core.distribution import read_distribution

    one = read_distribution(folder)
    package = one.folder / one.package
    if not context.obj.dry_run:
        refresh(package, one.name, dict(said))
    lacking = list(dict.fromkeys(sentence.text for sentence in missing(package, one.name)))
    lines = [_("{file}：还有 {count} 句没有英文", file=catalogue_file(package, one.name), count=len(lacking)), *lacking]
    emit(context, {"name": one.name, "missing": lacking}, "\n".join(lines))


@click.command("pack", help=_("打包：先检查和测试，再写出 wheel、清单和检查报告"))
@click.argument("folder", type=_FOLDER, default=_HERE)
@click.option("-o", "--output", "into", type=_FOLDER, default=None, help=_("放在哪个目录，默认 dist"))
@click.pass_context
def pack(context: click.Context, folder: Path, into: Path | None) -> None:
    """Check, test and build the distribution of FOLDER."""
    from core.distribution import read_distribution
    from core.packing import pack as put_together

    one = read_distribution(folder)
    place = into or one.folder / "dist"
    if context.obj.dry_run:
        plan = _("会检查、测试 {folder}，再写到 {place}", folder=one.folder, place=place)
        emit(context, {"name": one.name, "version": one.version, "into": str(place)}, plan)
        return
    made = put_together(one, place)
    data = {"wheel": str(made.wheel), "manifest": str(made.manifest), "report": str(made.report), "told": made.told}
    lines = [
        _("已打包 {file}", file=made.wheel),
        _("清单 {file}", file=made.manifest),
        _("报告 {file}", file=made.report),
    ]
    lines.append(_("接着在县里  huimin plugin install {file}", file=made.wheel.name))
    emit(context, data, "\n".join(lines))


@click.command("install", help=_("安装插件的 wheel；先核对清单、名称、接口和依赖，不动别的包"))
@click.argument("wheel", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--offline", is_flag=True, help=_("不访问网络"))
@click.pass_context
def install(context: click.Context, wheel: Path, offline: bool) -> None:
    """Install WHEEL into this environment."""
    from core.installing import check_wheel, installer, read_wheel
    from core.installing import install as put_in

    one = read_wheel(wheel)
    proven = check_wheel(one, offline=offline)
    data = {
        "name": one.name, "distribution": one.distribution, "version": one.version, "manifest": proven,
        "installed": not context.obj.dry_run,
    }  # fmt: skip
    if not proven:
        say(_("{file} 旁边没有清单，没有核对摘要", file=wheel.name))
    if context.obj.dry_run:
        emit(context, data, _("会运行：{command}", command=shlex.join(installer(one, offline=offline))))
        return
    put_in(one, offline=offline)
    text = _(
        "已安装 {name} {version}\n接着运行  huimin plugin admit {name}\n          huimin plugin enable {name}",
        name=one.name, version=one.version,
    )  # fmt: skip
    emit(context, data, text)


COMMANDS = (new, tutorial, dev, test, texts, pack, install)
