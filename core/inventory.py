"""What runs here: the core, the plugins with the digest of their files, and every installed package."""

import platform
from importlib import metadata
from typing import TYPE_CHECKING, Any

from core import loading
from core.status import version

if TYPE_CHECKING:
    from core.host import Host


def inventory(host: "Host") -> dict[str, Any]:
    """Versions of core and Python, plugins with version and digest of their files, packages with their versions."""
    return {
        "version": version(),
        "python": platform.python_version(),
        "plugins": {
            one.manifest.name: {"version": one.manifest.version, "digest": loading.digest(known)}
            for one in host.loaded
            if not one.room and (known := loading.find(one.manifest.name)) is not None
        },
        "packages": packages(),
    }


def packages() -> dict[str, str]:
    """Every package Python finds, by its name, with its version."""
    found = {(one.name or "").lower().replace("_", "-"): one.version for one in metadata.distributions()}
    return dict(sorted((name, number) for name, number in found.items() if name))


def record_start(host: "Host") -> None:
    """Write into the audit what is about to serve."""
    from core.identity.actors import system_actor

    with host.begin(system_actor(host), edge="job") as work:
        work.record("county.served", f"county:{host.settings.county.code}", **inventory(host))
