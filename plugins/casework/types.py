"""The kinds of case there are: those of the plugins that run."""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from core.api import NotFound, _
from plugins.casework.api import CaseType

if TYPE_CHECKING:
    from core.api import UnitOfWork


def all_types(work: "UnitOfWork") -> Mapping[str, CaseType]:
    """Every kind of case by name; one that is not named after its plugin is left out."""
    return gathered(work.host)[0]


def gathered(host: Any) -> tuple[dict[str, CaseType], dict[str, str]]:
    """The kinds of case by name, and by plugin why what it brought is left out."""
    failures: dict[str, str] = {}
    found: dict[str, CaseType] = {}
    for plugin, one in host.hooks.collect("register_casework_types", failures.__setitem__):
        named = one.name == plugin or one.name.startswith(f"{plugin}_")
        keys = {one.flow_key, one.phase_out_key} - {""}
        if not named or one.name in found or not keys <= set(host.policies.keys):
            failures[plugin] = one.name
            continue
        found[one.name] = one
    return found, failures


def type_named(work: "UnitOfWork", name: str) -> CaseType:
    """A kind of case; raises ``NotFound`` with the names there are."""
    known = all_types(work)
    if name not in known:
        raise NotFound(_("没有叫 {name} 的业务", name=name), hint=", ".join(sorted(known)))
    return known[name]


def title_of(work: "UnitOfWork", name: str) -> str:
    """The title of a kind of case in the reader's language; its name when its plugin does not run."""
    known = all_types(work).get(name)
    return _(known.title) if known else name


def plugin_behind(work: "UnitOfWork", name: str) -> str:
    """The plugin that brought a kind of case: the longest name it begins with."""
    names = [one.manifest.name for one in work.host.loaded]
    return max((one for one in names if name == one or name.startswith(f"{one}_")), key=len, default="")


def called(work: "UnitOfWork", kind: CaseType, target: str, *arguments: Any) -> Any:
    """What a function of a type's plugin answers; the plugin that fails is named."""
    module, _colon, name = target.partition(":")

    def ask() -> Any:
        return getattr(import_module(module), name)(work, *arguments)

    return work.hooks.run(f"case type {kind.name}: {name}", plugin_behind(work, kind.name), ask)
