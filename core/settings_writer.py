"""Write the county file so that hand edits, comments and order survive, and say in words what will change."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit
from sqlalchemy import update
from sqlmodel import col
from tomlkit.exceptions import TOMLKitError

from core.errors import Clash, NotFound, Objection, Refused
from core.models.state import State
from core.settings import SECTIONS, Settings, load, load_model
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork


@dataclass(frozen=True)
class Difference:
    """One key that differs: dotted name, before and after (None = not set)."""

    key: str
    before: Any
    after: Any


def values_of(settings: Settings) -> dict[str, Any]:
    """Every setting in force by dotted name."""
    found: dict[str, Any] = {}
    for name in SECTIONS:
        for key, value in getattr(settings, name).model_dump().items():
            found[f"{name}.{key}"] = value
    for plugin, model in settings.plugin.items():
        for key, value in model.model_dump().items():
            found[f"plugin.{plugin}.{key}"] = value
    return found


def differences(before: Settings, after: Settings) -> list[Difference]:
    """What differs between two settings, by key."""
    old, new = values_of(before), values_of(after)
    return [Difference(key, old.get(key), new.get(key)) for key in sorted({*old, *new}) if old.get(key) != new.get(key)]


def edited(settings: Settings, changes: Mapping[str, Any]) -> str:
    """The county file with some keys changed (None removes one); comments and order stay as they are."""
    document = tomlkit.parse(settings.file.read_text(encoding="utf-8"))
    for dotted, value in changes.items():
        *tables, key = _parts(dotted)
        table: Any = document
        for name in tables:
            if name not in table:
                table[name] = tomlkit.table(is_super_table=name == "plugin")
            table = table[name]
        if value is None:
            table.pop(key, None)
        else:
            _put(table, key, value)
    return tomlkit.dumps(document)


def _put(table: Any, key: str, value: Any) -> None:
    """Set a value; a list is changed in place so that the comment behind it stays."""
    if key in table and isinstance(value, list) and isinstance(table[key], list):
        kept = table[key]
        for item in [item for item in kept if item not in value]:
            kept.remove(item)
        for item in value:
            if item not in kept:
                kept.append(item)
        return
    comment = table[key].trivia if key in table and hasattr(table[key], "trivia") else None
    table[key] = value
    if comment is not None:
        table[key].trivia.comment_ws, table[key].trivia.comment = comment.comment_ws, comment.comment
        table[key].trivia.trail = comment.trail


def _parts(dotted: str) -> list[str]:
    parts = dotted.split(".")
    if len(parts) < 2 or (parts[0] == "plugin" and len(parts) < 3):
        raise NotFound(_("没有 {key} 这一项", key=dotted))
    return parts


def read_wish(settings: Settings, key: str, text: str) -> Any:
    """A value typed on the shell or a page, in the type its key wants: number, true/false, list or text."""
    try:
        value = tomlkit.parse(f"x = {text}").unwrap()["x"]
    except TOMLKitError:
        return text
    current = values_of(settings).get(key)
    return text if isinstance(current, str) and not isinstance(value, str) else value


def write(work: "UnitOfWork", text: str, *, expected: str | None = None) -> list[Difference]:
    """Check and write the county file as a whole; answers what changed, [] when nothing did.

    ``expected`` is the text the wish was made on: ``Clash`` when somebody changed the file meanwhile. File and record
    never part: the file is put back when the transaction does not come to its end.
    """
    work.require("settings.set")
    settings = work.settings
    present = settings.file.read_text(encoding="utf-8")
    if expected is not None and expected != present:
        raise Clash(_("设置文件刚被别人改过，请重新打开再改"))
    wish = load(settings.home, settings.county.code, text=text)
    if wish.county.code != settings.county.code:
        raise Refused([Objection(reason=_("区划代码不能改"), field="county.code", code="E_SETTINGS")])
    changed = differences(load(settings.home, settings.county.code), wish)
    if text == present:
        return []
    work.record(
        "settings.changed",
        f"county:{settings.county.code}",
        before={one.key: _recordable(one.before) for one in changed},
        after={one.key: _recordable(one.after) for one in changed},
    )
    raise_generation(work)
    replace_within(work, settings.file, text)
    return changed


def _recordable(value: Any) -> Any:
    return value if isinstance(value, str | int | bool | list | type(None)) else str(value)


def raise_generation(work: "UnitOfWork") -> int:
    """Tell every process that plugins or settings changed: they build a new Host at their next request."""
    from core.host import generation_in

    connection = work.session.connection()
    number = generation_in(connection) + 1
    connection.execute(update(State).where(col(State.name) == "generation").values(value=str(number)))
    return number


def replace_within(work: "UnitOfWork", file: Path, text: str) -> None:
    """Replace a file as part of an act: it is put back when the transaction does not come to its end."""
    before = file.read_text(encoding="utf-8")
    work.undo_by(lambda: replace_file(file, before))
    replace_file(file, text)


def replace_file(file: Path, text: str) -> None:
    """Replace a file whole or not at all."""
    draft = file.with_suffix(".part")
    with draft.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(file)


def schema(settings: Settings) -> dict[str, Any]:
    """JSON schema of every section and of each running plugin's table."""
    from core.loading import find_manifest

    models = {name: model.model_json_schema() for name, model in SECTIONS.items()}
    plugins = {
        name: load_model(manifest.settings).model_json_schema()
        for name in settings.county.plugins
        if (manifest := find_manifest(name)) and manifest.settings
    }
    return {"sections": models, "plugin": plugins}
