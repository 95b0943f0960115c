"""A small demo county for a plugin that is being written: served again after every change of the plugin's files."""

import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from socket import socket

from core import migrating
from core.distribution import Distribution, read_distribution, seen
from core.errors import HuiminError
from core.texts import _

COUNTY = "dev-county"
HOUSEHOLDS = 40
"""Too few for the other plugins to tell stories: people to try things with, and ready in seconds."""
Say = Callable[[str], None]


def make_county(home: Path, say: Say) -> None:
    """Make the demo county where it is not there yet."""
    from core.demo.making import Wish, is_made, make_demo

    if is_made(home):
        return
    say(_("正在建立试用县，只做这一次……"))
    made = make_demo(home, Wish(households=HOUSEHOLDS))
    say(_("✓ {name}（示例）已备好：{households} 户，{people} 人", **made))


def remove_county(home: Path) -> None:
    """Throw the demo county away."""
    shutil.rmtree(home, ignore_errors=True)


def bring_up(one: Distribution, home: Path) -> str:
    """Take the plugin in as its files are now: tables, digest, switched on. Answers why it does not run, or "".

    The county of a plugin in the making skips the contract kit, which takes seconds; ``check`` and ``pack`` do not.
    """
    from core.founding import plugin_lines
    from core.host import Host
    from core.identity.actors import shell_actor
    from core.plugin_life import admit, enable
    from core.settings import load

    _forget(home)
    host = Host(load(home, plugins=False), no_plugins=True)
    try:
        migrating.import_models(migrating.core_models())
        migrating.upgrade(host.database, plugin_lines([one.name]))
        actor = shell_actor(host, "dev")
        with host.begin(actor, edge="command") as work:
            admit(host, work, one.name)
        with host.begin(actor, edge="command") as work:
            enable(work, one.name)
    except HuiminError as error:
        return error.message
    finally:
        host.close()
    return ""


def _forget(home: Path) -> None:
    """The commands of plugins are remembered by the county file alone; a plugin in the making changes them too."""
    for file in (home / "cache").glob("*.commands.json"):
        file.unlink()


def run_command(one: Distribution, home: Path, words: Sequence[str]) -> int:
    """Run one command in the demo county with the plugin as it is now; answers its exit code."""
    from core.cli.tree import run

    with seen(one):
        bring_up(one, home)
        return run(["--home", str(home), *words])


def serve(one: Distribution, home: Path, port: int) -> None:
    """Serve the county on this machine until stopped, again after each change of the plugin's files."""
    from core.web.watching import serve_while_changing

    serve_while_changing(one.folder / one.package, partial(_serve_here, str(one.folder), str(home), port))


def _serve_here(folder: str, home: str, port: int, sockets: Sequence[socket] = ()) -> None:
    """In the process that serves: take the plugin in as it is now, and serve."""
    import click

    from core.cli.shell import Shell
    from core.web.serving import serve_county

    def say(text: str) -> None:
        click.echo(text, err=True)

    del sockets  # the port is taken anew each time
    try:
        one = read_distribution(Path(folder))
        with seen(one):
            reason = bring_up(one, Path(home))
            if reason:
                say(_("插件 {name} 没有运行：{reason}", name=one.name, reason=reason))
            say(_("✓ 网页已启动，改了文件会自动重来"))
            serve_county(Shell(home=Path(home)), host="127.0.0.1", port=port, announce=lambda line: None)
    except HuiminError as error:
        say(error.message)


def free_port(asked: int | None) -> int:
    """The port that was asked for, or the first free one."""
    from core.web.serving import Address, listen

    taken = listen(Address("127.0.0.1", asked or _FIRST_PORT), exact=asked is not None)
    try:
        return taken.getsockname()[1]
    finally:
        taken.close()


_FIRST_PORT = 8765
