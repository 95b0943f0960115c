"""``make demo``: an invented county with one-click roles, made once and served on this machine only."""

import os
import sys
import time
from pathlib import Path

import click

from core.demo.making import HOUSEHOLDS, PEOPLE_PER_HUNDRED, SEED, SMALL, Wish, is_made, make_demo
from core.errors import HuiminError, TryAgain
from core.texts import _, listed

TRY = ("household list", "plugin list", "config check", "audit verify")
"""Commands a newcomer may try on the demo as they are printed."""

HOME = Path("demo-county")
MOST = 1_000_000


@click.command(help=_("示例县：第一次建立，以后直接启动"))
@click.option("--home", type=click.Path(path_type=Path), default=HOME, help=_("放在哪个目录"))
@click.option("--reset", is_flag=True, help=_("删掉旧的示例县，重新建立"))
@click.option("--small", is_flag=True, help=_("只建 {count} 户", count=SMALL))
@click.option("--people", type=click.IntRange(0, MOST), default=0, help=_("大约多少人，最多一百万"))
@click.option("--seed", type=int, default=SEED, help=_("同一个数得到同样的县"))
@click.option("--port", type=int, default=None, help=_("端口"))
@click.option("--no-serve", is_flag=True, help=_("只建立，不启动"))
def demo(home: Path, reset: bool, small: bool, people: int, seed: int, port: int | None, no_serve: bool) -> None:
    """Make the demo county where it is not there yet, and serve it."""
    households = SMALL if small else max(1, people * 100 // PEOPLE_PER_HUNDRED) if people else HOUSEHOLDS
    if reset or not is_made(home):
        _make(home, households, seed)
    else:
        _tell(_("✓ 示例县还在 {home}，直接启动", home=home))
    if not no_serve:
        _serve(home, port)


def _make(home: Path, households: int, seed: int) -> None:
    began = time.monotonic()
    _tell(_("正在建立示例县：{households} 户和一年的业务，一分钟以内", households=f"{households:,}"))
    made = make_demo(home, Wish(households=households, seed=seed, say=_tell))
    counts = {name: f"{made[name]:,}" for name in ("households", "people", "plugins")}
    seconds = round(time.monotonic() - began)
    _tell(
        _("✓ {name}（示例）已备好：{households} 户，{people} 人，{plugins} 项业务，用了 {seconds} 秒",
          name=made["name"], seconds=seconds, **counts)
    )  # fmt: skip


def _serve(home: Path, port: int | None) -> None:
    from core import fonts
    from core.cli.shell import Shell
    from core.web.demo import CARDS
    from core.web.serving import serve_county

    _tell(_("登录  一键进入，不用密码：{roles}", roles=listed(_(title) for title, _line in CARDS.values())))
    _tell(_("试试  另开一个终端："))
    for words in TRY:
        _tell(f"      {_program()} --home {_plain(home)} {words}")
    _tell(_("重来  {command}", command=_again(home)))
    try:
        fonts.chinese(fonts.SERIF)
    except TryAgain:
        _tell(_("注意  没有中文字体，不能生成 PDF：请安装 {package}", package=fonts.PACKAGE))
    serve_county(Shell(home=home), host=None, port=port, announce=_tell)


def _program() -> str:
    """How the command line is called from here: beside the Python that runs, or from the path."""
    beside = Path(sys.executable).with_name("huimin")
    return _plain(beside) if beside.is_file() else "huimin"


def _again(home: Path) -> str:
    """The command that makes this county anew, as it is typed from here."""
    return "make demo RESET=1" if home == HOME else f"{_plain(Path(sys.executable))} -m core.demo --home {home} --reset"


def _plain(path: Path) -> str:
    """A path as it is typed from here."""
    here = os.path.relpath(path.absolute())
    return here if not here.startswith("..") else str(path.absolute())


def _tell(line: str) -> None:
    click.echo(line, err=True)


def main() -> None:
    """Run ``make demo``; an error is one sentence and an exit code."""
    try:
        demo()
    except HuiminError as error:
        _tell(error.message)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
