"""Catalogues of English texts: gather the sentences of the source, compare them with the catalogue, compile it.

Used by vendors' checks and by our own tests; nothing here runs while the product serves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

KEYWORDS = {"_": None, "mark": None, "plural": (1, 1)}
METHODS = {".py": "python", ".html": "jinja2.ext:babel_extract", ".toml": None}


@dataclass(frozen=True)
class Sentence:
    """A text for translation with its place; ``counted`` says that English needs a form for one."""

    text: str
    file: Path
    line: int
    counted: bool


def sentences(folder: Path) -> Iterator[Sentence]:
    """Every marked text of the Python files and templates below a folder, and titles of its data files."""
    for file in sorted(folder.rglob("*")):
        if file.suffix == ".toml":
            yield from _titles(file)
        method = METHODS.get(file.suffix)
        if not method or "node_modules" in file.parts:
            continue
        options = {"extensions": "jinja2.ext.i18n", "silent": "false"} if file.suffix == ".html" else {}
        with file.open("rb") as source:
            for line, text, _comments, _context in extract(method, source, KEYWORDS, options=options):
                first = text[0] if isinstance(text, tuple) else text
                if first and not first.isascii():
                    yield Sentence(first, file, line, isinstance(text, tuple))


def _titles(file: Path) -> Iterator[Sentence]:
    import tomllib

    data = tomllib.loads(file.read_text(encoding="utf-8"))
    own = data.get("title")
    if isinstance(own, str) and not own.isascii():
        yield Sentence(own, file, 1, False)
    for entry in data.values():
        if not isinstance(entry, dict):
            continue
        words = entry.get("words")
        says = entry.get("says", [])
        for text in (
            entry.get("title"),
            entry.get("unit"),
            *says,
            *(words.values() if isinstance(words, dict) else ()),
        ):
            if text and not str(text).isascii():
                yield Sentence(str(text), file, 1, False)


def catalogue_file(folder: Path, domain: str) -> Path:
    """Where the English catalogue of a package lies."""
    return folder / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"


def missing(folder: Path, domain: str) -> list[Sentence]:
    """Sentences without an English text."""
    file = catalogue_file(folder, domain)
    if not file.is_file():
        return list(sentences(folder))
    with file.open("rb") as source:
        catalogue = read_po(source, locale="en")
    return [one for one in sentences(folder) if not _spoken(catalogue, one.text)]


def _spoken(catalogue: Catalog, text: str) -> bool:
    message = catalogue.get(text)
    if message is None or message.fuzzy:
        return False
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def refresh(folder: Path, domain: str, spoken: dict[str, str | tuple[str, str]] | None = None) -> Catalog:
    """Bring the catalogue up to the source: new sentences come in, gone ones go, ``spoken`` fills in."""
    file = catalogue_file(folder, domain)
    old = Catalog(locale="en")
    if file.is_file():
        with file.open("rb") as source:
            old = read_po(source, locale="en")
    fresh = Catalog(locale="en", project="huimin", version="1", fuzzy=False)
    for one in sentences(folder):
        before = old.get(one.text)
        said = (spoken or {}).get(one.text) or (before.string if before is not None and not before.fuzzy else "")
        key = (one.text, one.text) if one.counted else one.text
        if one.counted and isinstance(said, str):
            said = (said, said)
        if not one.counted and isinstance(said, tuple):
            said = said[-1]
        place = str(one.file.relative_to(folder))
        known = fresh.get(one.text)
        if known is not None and isinstance(known.id, tuple) and not one.counted:
            continue
        fresh.add(key, said, locations=[(place, 0)])
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as target:
        write_po(target, fresh, width=0, sort_output=True, omit_header=False, include_lineno=False)
    compile_catalogue(file)
    return fresh


def compile_catalogue(file: Path) -> Path:
    """Write the compiled form beside a catalogue."""
    with file.open("rb") as source:
        catalogue = read_po(source, locale="en")
    compiled = file.with_suffix(".mo")
    with compiled.open("wb") as target:
        write_mo(target, catalogue)
    return compiled
