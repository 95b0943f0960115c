"""Try a plugin in a county of its own, made in a temporary folder and thrown away afterwards."""

import importlib
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from core import loading, migrating
from core.errors import HuiminError
from core.extension import Command, Plugin
from core.texts import _

if TYPE_CHECKING:
    from core.host import Host

CODE = "430223"
AREAS = Path(__file__).parent / "demo" / "areas-430223.csv"


@contextmanager
def installed_from(folder: Path, entries: Mapping[str, str]) -> Iterator[Sequence[str]]:
    """Make a distribution's plugins visible without installing it: the metadata an installer would write.

    What is given are the places it was put at, for the paths of other processes.
    """
    with tempfile.TemporaryDirectory(prefix="huimin-metadata-") as made:
        # Two distributions of one name would hide each other.
        named = "-".join(["trial", *sorted(entries.values())]).replace("_", "-")
        about = Path(made) / f"{named.replace('-', '_')}-0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {named}\nVersion: 0\n", encoding="utf-8")
        lines = "".join(f"{name} = {package}\n" for name, package in entries.items())
        (about / "entry_points.txt").write_text(f"[{loading.GROUP}]\n{lines}", encoding="utf-8")
        paths = [str(folder), made]
        sys.path[:0] = paths
        _forget()
        try:
            yield paths
        finally:
            for path in paths:
                sys.path.remove(path)
            _forget()


def _forget() -> None:
    importlib.invalidate_caches()
    loading.find_manifest.cache_clear()
    loading._entry_points.cache_clear()  # noqa: SLF001 - the loader's own memory of installed metadata


def try_out(name: str, manifest: Plugin, folder: Path) -> Iterator[tuple[str, str]]:
    """Codes and sentences for what goes wrong when the plugin is switched on, used, and switched off again."""
    from core.founding import Founding, found
    from core.host import Host
    from core.settings import load

    home = folder / "home"
    found(Founding(home=home, code=CODE, name="试点县", areas=AREAS))
    host = Host(load(home))
    try:
        yield from _migrations(host, name, manifest)
        yield from _switched_on(host, name)
    except HuiminError as error:
        yield "P601", error.message
    finally:
        host.close()


def _migrations(host: "Host", name: str, manifest: Plugin) -> Iterator[tuple[str, str]]:
    """Up, no drift, only own tables, down and up again."""
    from core.founding import plugin_lines

    database = host.database
    migrating.import_models(migrating.core_models())
    lines = plugin_lines([name])
    own = [line for line in lines if line.name == name]
    migrating.upgrade(database, lines)
    if manifest.models and not own:
        yield "P602", _("有数据表，没有 migrations")
    for line in own:
        for difference in migrating.drift(database, line):
            yield "P603", _("模型与迁移不一致：{difference}", difference=difference)
        migrating.downgrade(database, line)
        migrating.upgrade(database, [line])
    yield from _foreign_tables(name, manifest)


def _foreign_tables(name: str, manifest: Plugin) -> Iterator[tuple[str, str]]:
    from core.tables import Table

    if not manifest.models:
        return
    migrating.import_models([manifest.models])
    for mapper in Table._sa_registry.mappers:  # noqa: SLF001 - SQLModel's registry has no public door
        table = mapper.local_table.name
        if loading.inside(manifest.models, mapper.class_.__module__) and not table.startswith(f"{name}_"):
            yield "P604", _("表 {table} 要以 {prefix} 开头", table=table, prefix=f"{name}_")


def _switched_on(host: "Host", name: str) -> Iterator[tuple[str, str]]:
    """Admit and enable it, build a Host with its pages and commands, and a Host without it afterwards."""
    from core.host import Host
    from core.identity.actors import shell_actor
    from core.plugin_life import admit, disable, enable
    from core.settings import load

    home = host.settings.home
    actor = shell_actor(host, "check")
    with host.begin(actor, edge="command") as work:
        for one in [*loading.requirements(name), name]:
            admit(host, work, one)
    with host.begin(actor, edge="command") as work:
        enable(work, name)
    on = Host(load(home))
    try:
        _build_pages(on)
        for one, reason in on.quarantined.items():
            yield "P605", f"{one}: {reason}"
        for command in _commands(on, name):
            module, _colon, attribute = command.target.partition(":")
            if not hasattr(importlib.import_module(module), attribute):
                yield "P606", _("命令 {target} 不存在", target=command.target)
        with on.begin(shell_actor(on, "check"), edge="command") as work:
            disable(work, name)
    finally:
        on.close()
    Host(load(home)).close()


def _commands(host: "Host", name: str) -> list[Command]:
    return [command for one in host.loaded if one.manifest.name == name for command in one.manifest.commands]


def _build_pages(host: "Host") -> None:
    from core.web.app import create_app

    create_app(host)
