"""Help in one place for pages and commands: what each screen says, topics of the command line, and the words we use.

Every package keeps its own in ``help.toml``: a table per screen, named by the beginning of its address, with ``title``
and ``says``; the core's file has the topics (named without a slash) too. Chinese is the source, English is in the
package's catalogue.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.texts import said_by

CORE = Path(__file__).parent
FILE = "help.toml"


@dataclass(frozen=True)
class Topic:
    """One page of help: where it belongs, whose words it speaks, its title and sentences in the source language."""

    at: str
    domain: str
    title: str
    says: tuple[str, ...]

    @property
    def heading(self) -> str:
        """The title in the reader's language."""
        return said_by(self.domain, self.title)

    @property
    def sentences(self) -> list[str]:
        """What it says in the reader's language."""
        return [said_by(self.domain, one) for one in self.says]


@dataclass(frozen=True)
class Word:
    """A term of the field as Huimin uses it: one word for one thing, in both languages."""

    chinese: str
    english: str
    meaning: str


def topics_of(folder: Path, domain: str) -> dict[str, Topic]:
    """The topics of a package by the place they belong to; {} without a file."""
    file = folder / FILE
    if not file.is_file():
        return {}
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    return {at: Topic(at, domain, one["title"], tuple(one["says"])) for at, one in data.items()}


def screens(packages: Iterable[tuple[Path, str]]) -> dict[str, Topic]:
    """Every screen's help by the beginning of its address: the core's, then those of (folder, domain) of plugins."""
    found = topics_of(CORE, "core")
    for folder, domain in packages:
        found |= topics_of(folder, domain)
    return {at: one for at, one in found.items() if at.startswith("/")}


def command_topics() -> dict[str, Topic]:
    """The topics of the command line, such as exit-codes."""
    return {at: one for at, one in topics_of(CORE, "core").items() if not at.startswith("/")}


def screen_of(path: str, known: Mapping[str, Topic]) -> str:
    """The screen whose help fits an address: the longest beginning; the desk's for an address nobody tells of."""
    plain = path.partition("?")[0]
    fitting = (one for one in known if plain == one or plain.startswith(one.rstrip("/") + "/"))
    return max(fitting, key=len, default="/")


def words() -> list[Word]:
    """The list of words, in the order of the file."""
    data = tomllib.loads((CORE / "words.toml").read_text(encoding="utf-8"))
    return [Word(chinese, one["english"], one["title"]) for chinese, one in data.items()]
