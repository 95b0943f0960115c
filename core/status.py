"""A few facts about a running county, for ``status`` and the foot of pages."""

from importlib import metadata
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from core.models import OutboxRow, QueuedJob

if TYPE_CHECKING:
    from core.host import Host


def version() -> str:
    """The version of Huimin that is installed."""
    return metadata.version("huimin")


def facts(host: "Host") -> dict[str, Any]:
    """County, version, database, generation and the length of the queues."""
    with host.database.transaction(write=False) as connection:

        def count(table: Any, state: str) -> int:
            return connection.scalar(select(func.count()).select_from(table).where(table.state == state)) or 0

        waiting = count(QueuedJob, "waiting") + count(OutboxRow, "waiting")
        parked = count(QueuedJob, "parked") + count(OutboxRow, "parked")
    county = host.settings.county
    return {
        "county": f"{county.name} {county.code}",
        "version": version(),
        "database": host.database.dialect,
        "generation": host.generation,
        "waiting_jobs": waiting,
        "parked_jobs": parked,
    }
