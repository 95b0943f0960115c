"""Write the distribution of a new plugin: it installs, passes its own tests and the contract kit from the start."""

import ast
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import Clash, Objection, Refused
from core.extension import API
from core.loading import NAME, RESERVED, bundled
from core.texts import _, mark

FOLDER = Path(__file__).parent
COMMON, OF_KINDS = FOLDER / "files", FOLDER / "kinds"
KINDS: Mapping[str, str] = {
    "subsidy": mark("补贴：每月一个金额，家庭页上有合计"),
    "registry": mark("登记：一人一个编号，有状态"),
    "service": mark("服务：谁上门、多少分钟、多久没去了"),
    "activity": mark("活动：谁来参加、名额多少"),
}


@dataclass(frozen=True, kw_only=True)
class NewPlugin:
    """What a new plugin is: its name, its kind, and what its first page says. ``hue`` 0 is the kind's own."""

    name: str
    kind: str = "registry"
    title: str = ""
    hue: int = 0
    author: str = ""


def tutorial(language: str) -> Path:
    """The tutorial that ships with the project, in a language."""
    return FOLDER / ("TUTORIAL.md" if language.startswith("en") else "TUTORIAL.zh-CN.md")


def plain_name(typed: str) -> str:
    """The name of a new plugin as it was typed, with underscores; raises ``Refused`` when it cannot be used."""
    name = typed.strip().replace("-", "_")
    if not NAME.match(name) or name in RESERVED or name in bundled():
        reason = _("名称 {name} 不能用：小写字母、数字和下划线，且不与已有的重名", name=name)
        raise Refused([Objection(reason=reason, field="name", code="E_PLUGIN_NAME")])
    return name


def folder_of(name: str, into: Path) -> Path:
    """Where the distribution of a plugin goes; raises ``Clash`` when something is there."""
    folder = into / f"huimin-{name.replace('_', '-')}"
    if folder.exists():
        raise Clash(_("{folder} 已存在，没有改动", folder=folder))
    return folder


def write_distribution(wish: NewPlugin, into: Path) -> Path:
    """Write ``huimin-<name>`` below ``into`` and answer its folder; raises ``Refused`` for a name that does not fit."""
    name = plain_name(wish.name)
    folder = folder_of(name, into)
    kind = tomllib.loads((OF_KINDS / wish.kind / "kind.toml").read_text(encoding="utf-8"))
    words = _words(name, wish, kind)
    for source, path in _sources(wish.kind):
        target = folder / _worded(path.removesuffix(".txt"), words)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_filled(source, words, wish, kind), encoding="utf-8")
    _speak(folder, name, words, kind)
    return folder


def _sources(kind: str) -> Iterator[tuple[Path, str]]:
    """Every file of a distribution with its path in it: those of all kinds, and the few of this one."""
    for root in (COMMON, OF_KINDS / kind):
        for source in sorted(root.rglob("*.txt")):
            yield source, str(source.relative_to(root))


def _filled(source: Path, words: Mapping[str, str], wish: NewPlugin, kind: Mapping[str, Any]) -> str:
    from jinja2 import Environment, StrictUndefined

    # Marks of its own: the files are full of those of Python, TOML and the pages' templates.
    environment = Environment(  # noqa: S701 - writes source code, not pages
        block_start_string="<%", block_end_string="%>", variable_start_string="<<", variable_end_string=">>",
        comment_start_string="<#", comment_end_string="#>", trim_blocks=True, lstrip_blocks=True,
        undefined=StrictUndefined, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters["python"] = _literal
    template = environment.from_string(source.read_text(encoding="utf-8"))
    return _worded(template.render(kind=wish.kind, author=wish.author, **kind), words)


def _literal(value: Any) -> str:
    """Texts, lists and tables as Python spells them."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_literal(key)}: {_literal(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return str(value) if isinstance(value, int) else json.dumps(value, ensure_ascii=False)


def _words(name: str, wish: NewPlugin, kind: Mapping[str, Any]) -> dict[str, str]:
    return {
        "NAME": name,
        "HYPHENED": name.replace("_", "-"),
        "UPPER": name.upper(),
        "PACKAGE": f"huimin_{name}",
        "CLASS": "".join(part.capitalize() for part in name.split("_")),
        "TITLE": wish.title or name,
        "ENGLISH": name.replace("_", " ").capitalize(),
        "ICON": kind["icon"],
        "HUE": str(wish.hue or kind["hue"]),
        "API": f"({API[0]}, {API[1]})",
    }


def _worded(text: str, words: Mapping[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(f"@{word}@", value)
    return text


def _speak(folder: Path, name: str, words: Mapping[str, str], kind: Mapping[str, Any]) -> None:
    """Write the English catalogue and its compiled form."""
    from core.catalogues import refresh

    spoken = ast.literal_eval(_worded((FOLDER / "english").read_text(encoding="utf-8"), words))
    own = {one["title"]: one["english"] for one in kind["fields"]}
    own |= {_worded(chinese, words): _worded(english, words) for chinese, english in kind["english"].items()}
    refresh(folder / f"huimin_{name}", name, spoken | own)
