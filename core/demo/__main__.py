"""``make demo``: an invented county with one-click roles, made once and served on this machine only."""

from pathlib import Path

import click

from core.demo.making import HOUSEHOLDS, SEED, is_made, make_demo
from core.texts import _


@click.command(help=_("示例县：第一次建立，以后直接启动"))
@click.option("--home", type=click.Path(path_type=Path), default=Path("demo-county"), help=_("放在哪个目录"))
@click.option("--reset", is_flag=True, help=_("删掉旧的示例县，重新建立"))
@click.option("--small", is_flag=True, help=_("只建 100 户，几秒钟就好"))
@click.option("--people", type=int, default=0, help=_("大约多少人"))
@click.option("--seed", type=int, default=SEED, help=_("同一个数得到同样的县"))
@click.option("--port", type=int, default=None, help=_("端口"))
@click.option("--no-serve", is_flag=True, help=_("只建立，不启动"))
def demo(home: Path, reset: bool, small: bool, people: int, seed: int, port: int | None, no_serve: bool) -> None:
    """Make the demo county where it is not there yet, and serve it."""
    households = 100 if small else max(1, people * 100 // 294) if people else HOUSEHOLDS
    if reset or not is_made(home):
        click.echo(_("正在建立示例县，一分钟以内……"), err=True)
        made = make_demo(home, households=households, seed=seed)
        click.echo(_("✓ {name}（示例）已备好：{households} 户，{people} 人", **made), err=True)
    if no_serve:
        return
    click.echo(
        _("接着试试  huimin --home {home} household list · huimin --home {home} plugin list", home=home), err=True
    )
    click.echo(_("重来      make demo RESET=1"), err=True)
    from core.cli.shell import Shell
    from core.web.serving import serve_county

    serve_county(Shell(home=home), host=None, port=port, announce=lambda line: click.echo(line, err=True))


if __name__ == "__main__":
    demo()
