"""The indicators there are: those of every plugin that runs, each under its plugin."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.api import Indicator, NotFound, _

if TYPE_CHECKING:
    from core.api import UnitOfWork

SHOW = "indicators.show"


@dataclass(frozen=True)
class Named:
    """An indicator with the plugin it comes from."""

    plugin: str
    one: Indicator

    @property
    def name(self) -> str:
        """Its name, ``<plugin>.<word>``."""
        return self.one.name

    @property
    def title(self) -> str:
        """Its title in the reader's language."""
        return _(self.one.title)

    @property
    def unit(self) -> str:
        """What it is counted in: % for a rate, yuan for money, else its own word."""
        if self.one.kind == "rate":
            return "%"
        return _(self.one.unit) if self.one.unit else _("元") if self.one.money else ""


def gathered(work: "UnitOfWork") -> tuple[dict[str, Named], dict[str, str]]:
    """Every indicator by name, and by plugin why what it brought is left out."""
    failures: dict[str, str] = {}
    found: dict[str, Named] = {}
    for plugin, one in work.hooks.collect("register_indicators", failures.__setitem__):
        if not one.name.startswith(f"{plugin}.") or one.name in found:
            failures[plugin] = one.name
            continue
        found[one.name] = Named(plugin, one)
    return found, failures


def catalogue(work: "UnitOfWork", plugin: str = "") -> Mapping[str, Named]:
    """The indicators this reader may see, of one plugin or of all, in the order of the plugins."""
    work.require(SHOW)
    known, _failures = gathered(work)
    return {
        name: one
        for name, one in known.items()
        if work.may(one.one.permission) and (not plugin or one.plugin == plugin)
    }


def indicator_named(work: "UnitOfWork", name: str) -> Named:
    """One indicator by its name; raises ``NotFound`` with the nearest one, also without the right to it."""
    found = catalogue(work)
    if name in found:
        return found[name]
    import difflib

    near = difflib.get_close_matches(name, list(found), 1)
    hint = near[0] if near else None
    raise NotFound(_("没有统计指标 {name}", name=name), hint=hint)


def plugin_titles(work: "UnitOfWork") -> dict[str, str]:
    """The titles of the plugins that run, by name."""
    return {one.manifest.name: _(one.manifest.title) for one in work.host.loaded}
