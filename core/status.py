"""A few facts about a running county, for ``status`` and the foot of pages."""

from importlib import metadata
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from core.breaker import degraded_in
from core.models.background import OutboxRow, QueuedJob

if TYPE_CHECKING:
    from core.host import Host


def version() -> str:
    """The version of Huimin that is installed."""
    return metadata.version("huimin")


def facts(host: "Host") -> dict[str, Any]:
    """County, version, database and its size, what an upgrade waits to do, plugins, last backup, and the queues."""
    with host.database.transaction(write=False) as connection:

        def count(table: Any, state: str) -> int:
            return connection.scalar(select(func.count()).select_from(table).where(table.state == state)) or 0

        waiting = count(QueuedJob, "waiting") + count(OutboxRow, "waiting")
        parked = count(QueuedJob, "parked") + count(OutboxRow, "parked")
    from core.backups import kept
    from core.upgrading import plan

    county, backups = host.complete().settings.county, kept(host)
    file = host.database.file
    return {
        "county": f"{county.name} {county.code}",
        "version": version(),
        "database": host.database.dialect,
        "database_bytes": file.stat().st_size if file else None,
        "revisions_waiting": sum(len(found) for found in plan(host).values()),
        "plugins_on": sum(not one.room for one in host.loaded),
        "plugins_quarantined": sorted(host.quarantined),
        "plugins_degraded": sorted(degraded_in(host)),
        "last_backup": backups[0].made_at.isoformat(timespec="seconds") if backups else None,
        "generation": host.generation,
        "waiting_jobs": waiting,
        "parked_jobs": parked,
    }
