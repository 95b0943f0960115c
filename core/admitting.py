"""Admit a plugin on the shell: contract kit, migrations under the account that owns the tables, digest kept."""

from typing import TYPE_CHECKING

from core import loading, migrating
from core.checking import check_plugin
from core.errors import Objection, Refused
from core.models.plugins import AdmittedPlugin
from core.plugin_life import admit as keep

if TYPE_CHECKING:
    from core.host import Host
    from core.work import Actor


def admit(host: "Host", actor: "Actor", name: str) -> AdmittedPlugin:
    """Check a plugin, make its tables and keep its digest; raises ``Refused`` with every finding of the kit."""
    from core.founding import plugin_lines

    with host.begin(actor, write=False, edge="command") as work:
        work.require("plugin.switch")
    found = loading.find(name)
    if found and not found.bundled and (rivals := loading.clash(name)):
        raise Refused([Objection(reason=rivals, code="E_PLUGIN_CLASH", plugin=name)])
    findings = check_plugin(name)
    if findings:
        raise Refused([Objection(reason=str(finding), code=finding.code, plugin=name) for finding in findings])
    migrating.import_models(migrating.core_models())
    migrating.upgrade(host.database, plugin_lines([name]))
    with host.begin(actor, edge="command") as work:
        return keep(host, work, name)
