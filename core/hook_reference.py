"""The reference of hooks that vendors read, made from the docstrings of the specifications."""

import inspect
from typing import TYPE_CHECKING, Any

from core.calling import FAMILIES

if TYPE_CHECKING:
    from core.cli.shell import Shell


def family_of(name: str) -> str:
    """The family of a hook by its first word; what is none of them is a fact."""
    word = name.partition("_")[0]
    return word if word in FAMILIES else "fact"


def describe(name: str, function: Any, source: str) -> dict[str, Any]:
    """One hook: name, family, arguments, answer, text and who offers it."""
    signature = inspect.signature(function)
    return {
        "name": name,
        "family": family_of(name),
        "arguments": list(signature.parameters),
        "signature": str(signature),
        "text": inspect.getdoc(function) or "",
        "offered_by": source,
    }


def core_hooks() -> list[dict[str, Any]]:
    """Every hook of the core, in the order of its module."""
    from core import hookspecs

    return [
        describe(name, function, "core")
        for name, function in vars(hookspecs).items()
        if inspect.isfunction(function) and hasattr(function, "huimin_spec")
    ]


def reference(shell: "Shell") -> list[dict[str, Any]]:
    """Hooks of the core, and of the county's plugins where there is a county."""
    from core.errors import HuiminError

    found = core_hooks()
    known = {one["name"] for one in found}
    if shell.no_plugins or not (shell.home / "config" / "counties").is_dir():
        return found
    try:
        loaded = shell.host.loaded
    except HuiminError:
        return found
    import importlib

    for one in loaded:
        if one.room or not one.manifest.hookspecs:
            continue
        module = importlib.import_module(one.manifest.hookspecs)
        for name, function in vars(module).items():
            if hasattr(function, "huimin_spec") and function.__module__ == module.__name__ and name not in known:
                found.append(describe(name, function, one.manifest.name))
    return found
