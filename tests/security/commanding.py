"""Every command there is, with words for whatever it insists on: made up, but likely."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from core import loading
from core.cli.tree import BUILT_IN, _import
from core.testing import VILLAGE
from tests.security.town import Town

NO_WORK = {
    "init", "serve", "restore", "upgrade", "help", "completion", "hooks", "plugin dev", "plugin install", "plugin new",
    "plugin pack", "plugin test", "plugin texts", "plugin tutorial",
}  # fmt: skip
"""Commands that found a county, serve or replace it, or work on a plugin's own folder."""

TEXTS = {
    "reason": "核对", "text": "来电", "document": "民发〔2026〕9 号", "minutes": "民发〔2026〕9 号", "name": "王小明",
    "title": "核对", "amount": "1", "price": "1", "area": VILLAGE, "hukou_area": VILLAGE, "village": VILLAGE,
    "roles": "auditor", "role": "auditor", "key": "audit.read_minutes", "value": "5", "on": "2026-11-20",
    "explanation": "核对", "answer": "核对", "year": "2026", "document_number": "民发〔2026〕9 号",
}  # fmt: skip


def leaves(command: click.Command, words: Sequence[str]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command below a word."""
    if " ".join(words) in NO_WORK:
        return
    if not isinstance(command, click.Group):
        yield tuple(words), command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        if found is not None:
            yield from leaves(found, (*words, name))


def commands() -> list[tuple[tuple[str, ...], click.Command]]:
    """The commands of the core and of every plugin that comes with it."""
    targets = {name: target for name, (target, _help) in BUILT_IN.items()}
    for plugin in loading.bundled():
        manifest = loading.find_manifest(plugin)
        targets |= {one.name: one.target for one in (manifest.commands if manifest else ())}
    return [one for name, target in sorted(targets.items()) for one in leaves(_import(target), (name,))]


def spoken(town: Town, words: Sequence[str], command: click.Command, folder: Path) -> list[str]:
    """The command with an answer to everything it insists on."""
    said = [*words]
    for one in command.params:
        if not one.required:
            continue
        value = _value(town, words, one, folder)
        said += [one.opts[0], value] if isinstance(one, click.Option) else [value]
    return said


def _value(town: Town, words: Sequence[str], asked: click.Parameter, folder: Path) -> str:
    kind, name = asked.type, str(asked.name)
    if isinstance(kind, click.Choice):
        return str(kind.choices[0])
    if isinstance(kind, (click.Path, click.File)):
        file = folder / f"{'-'.join(words)}.csv"
        if isinstance(kind, click.File) or kind.exists:
            file.write_text("姓名\n王小明\n", encoding="utf-8")
        return str(file)
    if type(kind).__name__ == "_Date":
        return "2026-11-20"
    if "month" in name or "period" in name:
        return "2026-11"
    known = _known(town, words, name)
    if name in TEXTS and not (name == "name" and known):
        return TEXTS[name]
    return known or ("1" if kind.name in ("integer", "boolean") else "X1")


ASKED = {
    "person": "SELECT min(id) FROM identity_person", "kept": "SELECT max(id) FROM identity_person",
    "household": "SELECT min(number) FROM household_household", "scheme": "SELECT min(scheme) FROM benefits_enrolment",
    "category": "SELECT min(category) FROM benefits_enrolment",
}  # fmt: skip


def _known(town: Town, words: Sequence[str], name: str) -> str:
    """Something there is, of the kind a parameter is named after."""
    for start, asked in ASKED.items():
        if name.startswith(start):
            with sqlite3.connect(town.file) as file:
                return str(file.execute(asked).fetchone()[0])
    places = town.addresses
    room, noun = words[0], words[1] if len(words) > 1 else ""
    likely = [places[key] for key in (f"{room}:{noun}s#1", f"{noun}s#1", f"{name}s#1") if key in places]
    return next(iter([*likely, *(place for key, place in places.items() if key.startswith(f"{room}:"))]), "")
