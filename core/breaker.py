"""What becomes of a plugin that fails again and again: it is degraded until an administrator lets it go on.

A fault is counted in the county's database, so that it counts whichever process it happened in, and only after the
unit of work in which it happened has ended: that one is rolled back, or goes on without the plugin's part. Whoever is
degraded brings nothing to pages and is told nothing after a commit, its jobs wait; its vetoes of money refuse. Facts
it still hears: its own tables must not fall behind. The generation number tells the other processes.
"""

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, func, insert, select
from sqlmodel import col

from core.errors import HuiminError
from core.models.plugins import DegradedPlugin, PluginFault
from core.tables import table_of
from core.texts import _

if TYPE_CHECKING:
    from core.host import Host
    from core.work import UnitOfWork

log = logging.getLogger("huimin.plugins")


@dataclass(frozen=True)
class Degraded:
    """Since when a plugin is degraded, after how many faults in how many minutes; the last one and its number."""

    at: datetime
    faults: int
    minutes: int
    hook: str
    number: str

    @property
    def reason(self) -> str:
        """Why, in words."""
        return _(
            "{minutes} 分钟内出错 {faults} 次，最后一次在 {hook}（编号 {number}），已降级",
            minutes=self.minutes,
            faults=self.faults,
            hook=self.hook,
            number=self.number,
        )


@dataclass(frozen=True)
class _Fault:
    """One failure, as the log has it under its number."""

    plugin: str
    hook: str
    number: str


class _Here(threading.local):
    """What one thread has open, and what failed in it."""

    def __init__(self) -> None:
        self.open = 0
        self.noted: list[_Fault] = []


@dataclass
class Breaker:
    """The degraded plugins of one Host, and the failures that are not counted yet."""

    degraded: Mapping[str, Degraded] = field(default_factory=dict)
    _here: _Here = field(default_factory=_Here)

    def note(self, plugin: str, hook: str, number: str) -> None:
        """Remember a failure until the unit of work of this thread has ended."""
        if plugin not in self.degraded:
            self._here.noted.append(_Fault(plugin, hook, number))

    @contextmanager
    def around(self, host: "Host", *, counts: bool) -> Iterator[None]:
        """Count what failed inside after the outermost unit of work of this thread; nothing when not ``counts``."""
        here = self._here
        here.open += 1
        try:
            yield
        finally:
            here.open -= 1
            if not here.open:
                noted, here.noted = here.noted, []
                if noted and counts and host.settings.breaker.faults:
                    self._keep(host, noted)

    def _keep(self, host: "Host", noted: list[_Fault]) -> None:
        try:
            for fault, count in _counted(host, noted):
                _degrade(host, fault, count)
            self.degraded = degraded_in(host)
        except (HuiminError, *host.database.troubles) as error:
            log.error("faults of %s were not counted: %s", sorted({one.plugin for one in noted}), error)


def degraded_in(host: "Host") -> dict[str, Degraded]:
    """The degraded plugins of a county; nobody in a database that has no table for it yet."""
    try:
        with host.database.transaction(write=False) as connection:
            rows = connection.execute(select(table_of(DegradedPlugin))).all()
    except host.database.troubles:
        return {}
    return {row.plugin: Degraded(row.at, row.faults, row.minutes, row.hook, row.number) for row in rows}


def _counted(host: "Host", noted: list[_Fault]) -> list[tuple[_Fault, int]]:
    """Write faults down; answers the last one of each plugin that has had too many, with their number."""
    settings, now = host.settings.breaker, host.clock.now()
    since = now - timedelta(minutes=settings.minutes)
    own = {one.manifest.name for one in host.loaded if not one.room}
    last = {one.plugin: one for one in noted if one.plugin in own}
    if not last:
        return []
    rows = [{**vars(one), "hook": one.hook[:80], "at": now} for one in noted if one.plugin in own]
    with host.database.transaction(write=True) as connection:
        connection.execute(delete(PluginFault).where(col(PluginFault.at) <= since))
        connection.execute(insert(PluginFault), rows)
        known = set(connection.scalars(select(col(DegradedPlugin.plugin))))
        counts = {name: _count(connection, name) for name in last.keys() - known}
    return [(last[name], count) for name, count in sorted(counts.items()) if count >= settings.faults]


def _count(connection: Connection, plugin: str) -> int:
    asked = select(func.count()).select_from(PluginFault).where(col(PluginFault.plugin) == plugin)
    return connection.scalar(asked) or 0


def _degrade(host: "Host", fault: _Fault, count: int) -> None:
    from core.identity.actors import system_actor
    from core.settings_writer import raise_generation

    minutes = host.settings.breaker.minutes
    told: dict[str, Any] = {"faults": count, "minutes": minutes, "hook": fault.hook[:80], "number": fault.number}
    with host.begin(system_actor(host), edge="job") as work:
        work.session.execute(insert(DegradedPlugin).values(plugin=fault.plugin, at=work.now, **told))
        raise_generation(work)
        work.record("plugin.degraded", f"plugin:{fault.plugin}", **told)


def forget(work: "UnitOfWork", plugin: str) -> bool:
    """Take the state and the faults of a plugin away; answers whether it was degraded."""
    connection = work.session.connection()
    found = connection.execute(delete(DegradedPlugin).where(col(DegradedPlugin.plugin) == plugin)).rowcount
    connection.execute(delete(PluginFault).where(col(PluginFault.plugin) == plugin))
    return bool(found)
