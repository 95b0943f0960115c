"""The cached manifest: which commands the county's plugins bring, so that help need not import them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.cli.shell import Shell

FORMAT = 1


def commands_of(shell: "Shell") -> dict[str, dict[str, str]]:
    """Commands by name for this county; {} where there is no county yet. Made anew when the county file changed."""
    folder = shell.home / "config" / "counties"
    file = folder / f"{shell.county}.toml" if shell.county else _only(folder)
    if file is None or not file.is_file():
        return {}
    cache = shell.home / "cache" / f"{file.stem}.commands.json"
    stamp = _stamp(file)
    kept = _read(cache)
    if kept and kept.get("stamp") == stamp:
        return kept["commands"]
    return _make(shell, cache, stamp)


def _only(folder: Path) -> Path | None:
    files = sorted(folder.glob("*.toml"))
    return files[0] if len(files) == 1 else None


def _stamp(file: Path) -> list[int]:
    about = file.stat()
    return [FORMAT, about.st_mtime_ns, about.st_size]


def _read(cache: Path) -> dict[str, Any] | None:
    try:
        return json.loads(cache.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _make(shell: "Shell", cache: Path, stamp: list[int]) -> dict[str, dict[str, str]]:
    """Ask the plugins themselves; a settings file with errors must not take help away."""
    import contextlib

    from core.cli.tree import write_json
    from core.errors import HuiminError
    from core.texts import _, speaking

    commands: dict[str, dict[str, str]] = {}
    try:
        loaded = shell.host.loaded
    except HuiminError:
        return {}
    for one in loaded:
        for command in () if one.room else one.manifest.commands:
            with speaking("en"):
                english = _(command.help)
            commands[command.name] = {"target": command.target, "help": command.help, "help_en": english}
    with contextlib.suppress(OSError):
        write_json(cache, {"stamp": stamp, "commands": commands})
    return commands
