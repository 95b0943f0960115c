"""Bring a county's database up to the installed version: plan it, back up, migrate, admit what is bundled."""

from typing import TYPE_CHECKING

from core import migrating
from core.founding import admit_bundled, plugin_lines
from core.settings_writer import raise_generation

if TYPE_CHECKING:
    from core.host import Host
    from core.work import Actor


def plan(host: "Host") -> dict[str, list[str]]:
    """Revisions that would run, by line: the core's first, then the enabled plugins' in order; {} when up to date."""
    return migrating.pending(host.database, _lines(host))


def run(host: "Host", actor: "Actor") -> dict[str, list[str]]:
    """Migrate every line, admit the bundled plugins at their present version, write missing policy defaults.

    A backup is made first. Answers the revisions that ran. Running it again changes nothing but the record.
    """
    from core.backups import make

    waiting = plan(host)
    make(host, actor)
    migrating.upgrade(host.database, _lines(host))
    with host.begin(actor, edge="command") as work:
        work.require("plugin.switch")
        connection = work.session.connection()
        admit_bundled(connection, work.now)
        host.policies.plant(connection, work.now)
        raise_generation(work)
        work.record("county.upgraded", f"county:{host.settings.county.code}", revisions=waiting)
    return waiting


def _lines(host: "Host") -> list[migrating.Line]:
    migrating.import_models(migrating.core_models())
    return [migrating.CORE, *plugin_lines(host.settings.county.plugins)]
