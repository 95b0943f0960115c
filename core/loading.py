"""Find plugins, read their manifests, put them in order and check that one name opens every door.

Nothing of a plugin is imported unless the county enabled and admitted it. Core never imports a plugin by itself.
"""

import hashlib
import importlib
import importlib.util
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pluggy

from core import hookspecs
from core.errors import HuiminError
from core.extension import API, Plugin
from core.texts import _, listed

GROUP = "huimin.plugins"
NAME = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")
ROOMS = ("identity", "households", "audit", "funds")
FRAME = "core"
RESERVED = {"core", "plugins", "api", "static", "sign-in", "sign-out", *ROOMS}


@dataclass(frozen=True)
class Loaded:
    """A plugin or core room that was imported and found in order."""

    manifest: Plugin
    module: ModuleType
    room: bool = False


@dataclass(frozen=True)
class Known:
    """A plugin this machine has, whether or not the county uses it: where its switchboard is."""

    name: str
    package: str
    bundled: bool

    @property
    def switchboard(self) -> str:
        """The module with PLUGIN and every hookimpl."""
        return f"{self.package}.plugin"


class Unfit(HuiminError):
    """A plugin that breaks a rule of loading; the message is the reason shown beside it."""

    status, exit_code, code = 422, 3, "E_PLUGIN_UNFIT"


@cache
def bundled() -> Mapping[str, Known]:
    """The plugins that come with Huimin: folders of ``plugins`` with a switchboard."""
    import plugins

    found: dict[str, Known] = {}
    for folder in plugins.__path__:
        for file in sorted(Path(folder).glob("*/plugin.py")):
            name = file.parent.name
            found.setdefault(name, Known(name, f"plugins.{name}", True))
    return found


@cache
def _entry_points() -> Mapping[str, Sequence[metadata.EntryPoint]]:
    """The entry points of the group by the name they take."""
    found: dict[str, list[metadata.EntryPoint]] = {}
    for point in sorted(metadata.entry_points(group=GROUP), key=lambda point: point.name):
        found.setdefault(point.name, []).append(point)
    return found


def _package(point: metadata.EntryPoint) -> str:
    return point.value.partition(":")[0]


def installed() -> dict[str, Known]:
    """Vendors' plugins: entry points of the group ``huimin.plugins``; a bundled name cannot be taken."""
    own = bundled()
    return {
        name: Known(name, _package(points[-1]), False) for name, points in _entry_points().items() if name not in own
    }


def offered_by(name: str) -> tuple[str, ...]:
    """The distributions on this machine that offer a plugin of this name."""
    return tuple(sorted({point.dist.name for point in _entry_points().get(name, ()) if point.dist}))


def clash(name: str) -> str:
    """Why a name is offered twice, in words; "" when it is not. Two entries of one package are one plugin."""
    packages = {_package(point) for point in _entry_points().get(name, ())}
    if name in bundled() and packages:
        return _("发行包 {names} 也叫 {name}，没有使用", names=listed(offered_by(name)), name=name)
    if len(packages) > 1:
        return _("{names} 都叫 {name}，请只留一个", names=listed(offered_by(name)), name=name)
    return ""


def known() -> dict[str, Known]:
    """Every plugin this machine has, by name."""
    return {**installed(), **bundled()}


def known_names() -> list[str]:
    """The names of every plugin this machine has."""
    return sorted(known())


def find(name: str) -> Known | None:
    """One plugin by name; entry points are read only when it is not bundled (reading them is slow)."""
    known = bundled().get(name)
    points = () if known else _entry_points().get(name, ())
    return Known(name, _package(points[-1]), False) if points else known


def read_manifest(plugin: Known) -> tuple[Plugin, ModuleType]:
    """Import the switchboard and check its manifest; raises ``Unfit`` with the reason."""
    try:
        module = importlib.import_module(plugin.switchboard)
    except ModuleNotFoundError as error:
        lacking = (error.name or "").partition(".")[0]
        if not lacking or inside(plugin.package.partition(".")[0], lacking):
            raise Unfit(_("读不进来：{reason}", reason=f"{type(error).__name__}: {error}")) from error
        raise Unfit(_("缺少 Python 包 {package}，装上再启动", package=lacking)) from error
    except (Exception, SystemExit) as error:
        raise Unfit(_("读不进来：{reason}", reason=f"{type(error).__name__}: {error}")) from error
    manifest = getattr(module, "PLUGIN", None)
    if not isinstance(manifest, Plugin):
        raise Unfit(_("{module} 里没有 PLUGIN", module=plugin.switchboard))
    check_manifest(plugin, manifest)
    return manifest, module


def check_manifest(plugin: Known, manifest: Plugin) -> None:
    """The rules a manifest can be held to without importing anything more; raises ``Unfit``."""
    if manifest.name != plugin.name:
        raise Unfit(_("名称不一致：入口叫 {entry}，PLUGIN 叫 {name}", entry=plugin.name, name=manifest.name))
    if not NAME.match(manifest.name) or manifest.name in RESERVED:
        raise Unfit(_("名称 {name} 不能用：小写字母、数字和下划线，且不与核心重名", name=manifest.name))
    major, minor = manifest.api
    if major != API[0] or minor > API[1]:
        wanted, have = f"{major}.{minor}", f"{API[0]}.{API[1]}"
        raise Unfit(_("为接口 {wanted} 编写，这里是 {have}", wanted=wanted, have=have))
    for reference in (manifest.settings, manifest.hookspecs, manifest.models):
        if reference and not inside(plugin.package, reference.partition(":")[0]):
            raise Unfit(_("{reference} 不在自己的包 {package} 里", reference=reference, package=plugin.package))
    hyphened = manifest.name.replace("_", "-")
    for command in manifest.commands:
        if command.name != hyphened:
            raise Unfit(_("命令 {command} 要叫 {name}", command=command.name, name=hyphened))
        if not inside(plugin.package, command.target.partition(":")[0]):
            raise Unfit(_("{reference} 不在自己的包 {package} 里", reference=command.target, package=plugin.package))
    if not 1 <= manifest.hue <= 8:
        raise Unfit(_("hue 要在 1 到 8 之间"))


def inside(package: str, module: str) -> bool:
    """Whether a module belongs to a package."""
    return module == package or module.startswith(package + ".")


@cache
def find_manifest(name: str) -> Plugin | None:
    """The manifest of a plugin this machine has, or None; for the settings loader, which asks for models by name."""
    plugin = find(name)
    if plugin is None:
        return None
    try:
        return read_manifest(plugin)[0]
    except Unfit:
        return None


def digest(plugin: Known) -> str:
    """SHA-256 over the files of a plugin's package, to be compared with what was admitted."""
    spec = importlib.util.find_spec(plugin.package.partition(".")[0]) if not plugin.bundled else None
    import plugins

    folder = (
        Path(next(iter(plugins.__path__))) / plugin.name
        if plugin.bundled
        else Path(next(iter(spec.submodule_search_locations or ["."])) if spec else ".")
    )
    total = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            total.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


@dataclass
class Outcome:
    """What became of the enabled plugins: those that run, in order, and why the others do not."""

    running: list[Loaded]
    quarantined: dict[str, str]
    missing: dict[str, str]


def load(enabled: Iterable[str], admitted: Mapping[str, str]) -> Outcome:
    """Import the enabled and admitted plugins and put them in order: dependencies first, then alphabet.

    ``admitted`` maps names to the digest they were admitted with ("" = not compared, for bundled plugins). Nothing
    raises: a plugin that does not fit is quarantined with its reason, and so is what depends on it.
    """
    outcome = Outcome([], {}, {})
    candidates: dict[str, Loaded] = {}
    for name in sorted(set(enabled)):
        plugin = find(name)
        if plugin is None:
            outcome.missing[name] = _("没有安装")
            continue
        if not plugin.bundled and (rivals := clash(name)):
            outcome.quarantined[name] = rivals
            continue
        if name not in admitted:
            outcome.quarantined[name] = _("还没有准入，请先运行 huimin plugin admit {name}", name=name)
            continue
        if admitted[name] and admitted[name] != digest(plugin):
            outcome.quarantined[name] = _("文件与准入时不同，请重新运行 huimin plugin admit {name}", name=name)
            continue
        try:
            manifest, module = read_manifest(plugin)
            candidates[name] = Loaded(manifest, module)
        except Unfit as error:
            outcome.quarantined[name] = error.message
    outcome.running = _ordered(candidates, outcome)
    return outcome


def _ordered(candidates: dict[str, Loaded], outcome: Outcome) -> list[Loaded]:
    ordered: list[Loaded] = []
    placed: set[str] = set()
    waiting = dict(sorted(candidates.items()))
    while waiting:
        ready = next((name for name, one in waiting.items() if placed.issuperset(one.manifest.requires)), None)
        if ready is None:
            for name, one in waiting.items():
                lacking = [needed for needed in one.manifest.requires if needed not in placed]
                outcome.quarantined[name] = _("要用到的插件没有运行：{names}", names=listed(lacking))
            return ordered
        ordered.append(waiting.pop(ready))
        placed.add(ready)
    return ordered


def requirements(name: str) -> list[str]:
    """The plugins a plugin stands on, directly or through others, in the order they must be switched on."""
    found: list[str] = []

    def walk(one: str) -> None:
        manifest = find_manifest(one)
        for needed in manifest.requires if manifest else ():
            if needed not in found:
                walk(needed)
                found.append(needed)

    walk(name)
    return found


def rooms() -> list[Loaded]:
    """The core rooms, registered through the same hooks as plugins; they cannot be switched off."""
    from core import frame

    loaded = [Loaded(frame.PLUGIN, frame, room=True)]
    for name in ROOMS:
        module = importlib.import_module(f"core.{name}.plugin")
        loaded.append(Loaded(module.PLUGIN, module, room=True))
    return loaded


class _Switchboards(pluggy.PluginManager):
    """A manager that reads a module's hooks off its namespace.

    pluggy asks of every name how it would be bound, which for sixty plugins takes longer than reading a household.
    """

    def parse_hookimpl_opts(self, plugin: Any, name: str) -> Any:
        """The options of an implementation of this name, None when it is none."""
        if not isinstance(plugin, ModuleType):
            return super().parse_hookimpl_opts(plugin, name)
        found = vars(plugin).get(name)
        return getattr(found, "huimin_impl", None) if isinstance(found, FunctionType) else None


def build_manager(
    loaded: Sequence[Loaded], quarantine: Callable[[str, str], None]
) -> tuple[pluggy.PluginManager, list[Loaded]]:
    """A plugin manager with the hooks of the core and of every plugin; specifications first, then implementations."""
    manager = _Switchboards("huimin")
    manager.add_hookspecs(hookspecs)
    kept: list[Loaded] = []
    for one in loaded:
        reason = _add_specs(manager, one) or _unfit_implementations(manager, one)
        if reason is None:
            kept.append(one)
        else:
            quarantine(one.manifest.name, reason)
    standing: list[Loaded] = []
    for one in kept:
        lost = [need for need in one.manifest.requires if need not in {other.manifest.name for other in standing}]
        if lost:
            quarantine(one.manifest.name, _("要用到的插件没有运行：{names}", names=listed(lost)))
            continue
        try:
            manager.register(one.module, name=one.manifest.name)
            manager.check_pending()
            standing.append(one)
        except (pluggy.PluginValidationError, ValueError) as error:
            if manager.is_registered(one.module):
                manager.unregister(one.module)
            quarantine(one.manifest.name, str(error).replace("\n", " "))
    return manager, standing


def _add_specs(manager: pluggy.PluginManager, one: Loaded) -> str | None:
    if not one.manifest.hookspecs:
        return None
    try:
        module = importlib.import_module(one.manifest.hookspecs)
    except (Exception, SystemExit) as error:
        return f"{one.manifest.hookspecs}: {type(error).__name__}: {error}"
    named = one.manifest.name
    for name in dir(module):
        if not hasattr(getattr(module, name), "huimin_spec") or getattr(module, name).__module__ != module.__name__:
            continue
        if not re.match(rf"^(check_|show_|resolve_|register_|after_)?{named}(_|$)", name):
            return _("钩子 {hook} 的名称里要有 {name}", hook=name, name=named)
    manager.add_hookspecs(module)
    return None


def _unfit_implementations(manager: pluggy.PluginManager, one: Loaded) -> str | None:
    for name in dir(one.module):
        options: Any = getattr(getattr(one.module, name), "huimin_impl", None)
        if not isinstance(options, dict):
            continue
        if any(options.get(flag) for flag in ("wrapper", "hookwrapper", "tryfirst", "trylast")):
            return _("钩子 {hook} 不能用 wrapper、tryfirst 或 trylast", hook=name)
        if not hasattr(manager.hook, name) and not options.get("optionalhook"):
            return _("没有叫 {hook} 的钩子", hook=name)
    return None
