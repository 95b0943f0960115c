"""Bring the database to the shape the code expects: the core's line first, then each plugin's, in order.

Every plugin has its own Alembic line with its own version table, so that a vendor's package that is gone never
blocks an upgrade.
"""

import importlib
import pkgutil
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from core.database import Database
from core.extension import Plugin
from core.tables import Table

CORE_TABLES = ("core_", "identity_", "household_", "funds_", "audit_")


@dataclass(frozen=True)
class Line:
    """One line of migrations: its name, its folder and the prefixes of its tables."""

    name: str
    folder: Path
    prefixes: tuple[str, ...]

    @property
    def version_table(self) -> str:
        """Where this line keeps its version."""
        return f"alembic_{self.name}"


CORE = Line("core", Path(__file__).parent / "migrations" / "versions", CORE_TABLES)


def line_of(plugin: Plugin, package: str) -> Line | None:
    """The line of a plugin, or None when it brings no tables."""
    folder = Path(str(files(package))) / "migrations"
    if not any(folder.glob("*.py")):
        return None
    return Line(plugin.name, folder, (f"{plugin.name}_",))


def upgrade(database: Database, lines: Iterable[Line]) -> dict[str, str]:
    """Run what is missing of each line, each in its own transaction; answers the versions that are now in force."""
    now: dict[str, str] = {}
    for line in lines:
        with database.transaction(write=True) as connection:
            command.upgrade(_config(line, connection), "head")
            now[line.name] = current(connection, line) or ""
    return now


def pending(database: Database, lines: Iterable[Line]) -> dict[str, list[str]]:
    """Revisions that have not run yet, by line, oldest first; a line that is ahead of its files has none."""
    waiting: dict[str, list[str]] = {}
    with database.transaction(write=False) as connection:
        for line in lines:
            here = current(connection, line)
            script = ScriptDirectory.from_config(_config(line, connection))
            if not _knows(script, here):
                continue
            missing = [
                step.revision for step in script.iterate_revisions("head", here or "base") if step.revision != here
            ]
            if missing:
                waiting[line.name] = missing[::-1]
    return waiting


def ahead(database: Database, lines: Iterable[Line]) -> dict[str, str]:
    """Lines whose version in the database is one that the installed files do not know: the data are newer."""
    with database.transaction(write=False) as connection:
        found = {line.name: (current(connection, line), _config(line, connection)) for line in lines}
    return {
        name: here
        for name, (here, config) in found.items()
        if here and not _knows(ScriptDirectory.from_config(config), here)
    }


def _knows(script: ScriptDirectory, revision: str | None) -> bool:
    return revision is None or any(step.revision == revision for step in script.walk_revisions())


def versions(database: Database, lines: Iterable[Line]) -> dict[str, str]:
    """The version in force of each line; "" before its first."""
    with database.transaction(write=False) as connection:
        return {line.name: current(connection, line) or "" for line in lines}


def downgrade(database: Database, line: Line, to: str = "base") -> None:
    """Take a plugin's tables back; used by the contract kit."""
    with database.transaction(write=True) as connection:
        command.downgrade(_config(line, connection), to)


def drift(database: Database, line: Line) -> list[str]:
    """Differences between the models of a line and its migrated tables, in Alembic's words; [] when they agree."""
    from alembic.autogenerate import compare_metadata

    with database.transaction(write=False) as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": _only(line), "include_object": _own(line), "compare_type": False}
        )
        return [str(difference) for difference in compare_metadata(context, Table.metadata)]


def current(connection: Connection, line: Line) -> str | None:
    """The version of a line in this database, None before its first."""
    return MigrationContext.configure(connection, opts={"version_table": line.version_table}).get_current_revision()


def import_models(modules: Iterable[str]) -> None:
    """Make tables known to the metadata; of a package every module is read."""
    for name in modules:
        package = importlib.import_module(name)
        for part in pkgutil.iter_modules(getattr(package, "__path__", ()), f"{name}."):
            importlib.import_module(part.name)


def core_models() -> tuple[str, ...]:
    """The model modules of the core."""
    return ("core.models", "core.audit.models", "core.identity.models", "core.households.models", "core.funds.models")


def _config(line: Line, connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("version_locations", str(line.folder))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(connection=connection, line=line)
    return config


def _only(line: Line):  # noqa: ANN202 - Alembic's own callback shape
    def include_name(name: str | None, kind: str, _parents: object) -> bool:
        return kind != "table" or (name or "").startswith(line.prefixes)

    return include_name


def _own(line: Line):  # noqa: ANN202 - Alembic's own callback shape
    def include_object(_item: object, name: str | None, kind: str, reflected: bool, _other: object) -> bool:
        if kind != "table":
            return True
        # Search indexes are virtual tables that no model describes.
        return (name or "").startswith(line.prefixes) and "_search" not in (name or "")

    return include_object
