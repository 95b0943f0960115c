"""The life of a plugin in a county: admitted on the shell, switched on page or shell, quarantined with a reason."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select
from sqlmodel import col

from core import loading, migrating
from core.breaker import degraded_in, forget
from core.errors import Clash, NotFound, Objection, Refused, refuse
from core.models.plugins import AdmittedPlugin
from core.settings_writer import edited, raise_generation, replace_within
from core.texts import _, listed, spoken_by

if TYPE_CHECKING:
    from core.extension import Plugin
    from core.host import Host
    from core.work import UnitOfWork


@dataclass(frozen=True)
class PluginState:
    """A plugin as the list shows it: ``state`` is on, degraded, off, quarantined, missing or not_admitted."""

    name: str
    title: str
    version: str
    enabled: bool
    state: str
    requires: tuple[str, ...]
    reason: str


def states(host: "Host") -> list[PluginState]:
    """Every plugin this machine has or this county names, with its state and the reason for it."""
    enabled, degraded = set(host.complete().settings.county.plugins), degraded_in(host)
    running = {one.manifest.name for one in host.loaded if not one.room}
    admitted = set(host._admitted())  # noqa: SLF001 - the host's own table
    found = []
    for name in sorted({*loading.known_names(), *enabled}):
        # A plugin that was not admitted is not imported, not even for its title.
        manifest = loading.find_manifest(name) if name in admitted else None
        reason = host.quarantined.get(name, "") or loading.clash(name)
        if name in running and name in degraded:
            state, reason = "degraded", degraded[name].reason
        elif name in running:
            state = "on"
        elif name in host.missing:
            state = "missing"
        elif name not in admitted:
            state, reason = "not_admitted", reason or _("还没有准入，请先运行 huimin plugin admit {name}", name=name)
        elif name in host.quarantined:
            state = "quarantined"
        else:
            state = "off"
        found.append(
            PluginState(
                name=name,
                title=_title(manifest, name in running) if manifest else name,
                version=manifest.version if manifest else "",
                enabled=name in enabled,
                state=state,
                requires=tuple(manifest.requires) if manifest else (),
                reason=reason,
            )
        )
    return found


def _title(manifest: "Plugin", running: bool) -> str:
    known = None if running else loading.find(manifest.name)
    file = sys.modules[known.switchboard].__file__ if known else None
    if file is None:
        return _(manifest.title)
    return spoken_by(manifest.name, Path(file).parent / "locale", manifest.title)


def enable(work: "UnitOfWork", name: str) -> list[str]:
    """Switch a plugin on together with what it stands on; answers the names that were switched on.

    Raises ``NotFound`` for an unknown plugin, ``Refused`` for one that is not admitted or does not fit.
    """
    work.require("plugin.switch")
    host = work.host
    known(name)
    enabled = host.settings.county.plugins
    wanted = [one for one in [*loading.requirements(name), name] if one not in enabled]
    admitted = host._admitted()  # noqa: SLF001 - the host's own table
    for one in [*loading.requirements(name), name]:
        if one not in admitted:
            reason = _("{name} 还没有准入，请先在命令行运行 huimin plugin admit {name}", name=one)
            raise Refused([Objection(reason=reason, code="E_NOT_ADMITTED", plugin=one)])
    if not wanted:
        return []
    outcome = loading.load({*enabled, *wanted}, admitted)
    unfit = {one: outcome.quarantined.get(one) or outcome.missing.get(one) for one in wanted}
    objections = [
        Objection(reason=f"{one}: {why}", code="E_PLUGIN_UNFIT", plugin=one) for one, why in unfit.items() if why
    ]
    if objections:
        raise Refused(objections)
    _require_tables(work, wanted)
    _rewrite(work, [*enabled, *wanted], "plugin.enabled", wanted)
    return wanted


def disable(work: "UnitOfWork", name: str) -> list[str]:
    """Switch a plugin off; its data stay. Refused with their names while others stand on it."""
    work.require("plugin.switch")
    enabled = work.host.settings.county.plugins
    if name not in enabled:
        known(name)
        return []
    dependents = [one for one in enabled if one != name and name in loading.requirements(one)]
    if dependents:
        reason = _("{names} 要用到 {name}，请先停用它们", names=listed(dependents), name=name)
        raise Refused([Objection(reason=reason, code="E_PLUGIN_NEEDED", plugin=name)])
    _rewrite(work, [one for one in enabled if one != name], "plugin.disabled", [name])
    return [name]


def resume(work: "UnitOfWork", name: str, reason: str) -> None:
    """Let a degraded plugin go on, whatever it waited with too; its next faults are counted from nothing.

    Raises ``Refused`` without a reason and ``Clash`` for one that is not degraded.
    """
    work.require("plugin.switch")
    known(name)
    if not reason.strip():
        raise refuse(_("请写明原因"), field="reason", code="E_REASON")
    if not forget(work, name):
        raise Clash(_("{name} 没有降级，不用恢复", name=name))
    raise_generation(work)
    work.record("plugin.resumed", f"plugin:{name}", reason=reason.strip())


def known(name: str) -> loading.Known:
    """A plugin this machine has; raises ``NotFound`` with the nearest name."""
    found = loading.find(name)
    if found is None:
        import difflib

        near = difflib.get_close_matches(name, loading.known_names(), 1)
        raise NotFound(
            _("没有插件 {name}，是不是 {near}？", name=name, near=near[0]) if near else _("没有插件 {name}", name=name),
            hint=near[0] if near else None,
        )
    return found


def _require_tables(work: "UnitOfWork", names: Sequence[str]) -> None:
    """Tables are made by ``admit`` on the shell; a page must not change the shape of the database."""
    for name in names:
        plugin, manifest = loading.find(name), loading.find_manifest(name)
        line = migrating.line_of(manifest, plugin.package) if plugin and manifest else None
        if line and migrating.current(work.session.connection(), line) is None:
            reason = _("{name} 的数据表还没有建，请先在命令行运行 huimin plugin admit {name}", name=name)
            raise Refused([Objection(reason=reason, code="E_NOT_ADMITTED", plugin=name)])


def _rewrite(work: "UnitOfWork", plugins: Sequence[str], action: str, changed: Sequence[str]) -> None:
    settings = work.settings
    text = edited(settings, {"county.plugins": list(plugins)})
    for name in changed:
        work.record(action, f"plugin:{name}")
    raise_generation(work)
    replace_within(work, settings.file, text)


def admit(host: "Host", work: "UnitOfWork", name: str) -> AdmittedPlugin:
    """Admit a plugin to this county: keep the digest of its files. Its tables were migrated just before.

    Only the shell admits, under the account that owns the tables.
    """
    work.require("plugin.switch")
    if work.edge != "command":
        raise Clash(_("插件只能在命令行准入"))
    plugin = known(name)
    manifest, _module = loading.read_manifest(plugin)
    connection = work.session.connection()
    connection.execute(delete(AdmittedPlugin).where(col(AdmittedPlugin.name) == name))
    values = {
        "name": name,
        "version": manifest.version,
        "bundled": plugin.bundled,
        "digest": loading.digest(plugin),
        "admitted_at": work.now,
    }
    connection.execute(insert(AdmittedPlugin).values(**values))
    work.record("plugin.admitted", f"plugin:{name}", version=manifest.version, digest=values["digest"])
    raise_generation(work)
    return work.session.scalars(select(AdmittedPlugin).where(col(AdmittedPlugin.name) == name)).one()
