"""Texts a person reads: Simplified Chinese in the source, English from the catalogues.

``_("第 {row} 行", row=3)`` looks the sentence up in the language of the running request or command and fills it in.
A catalogue is ``locale/en/LC_MESSAGES/<domain>.mo`` in the folder of the core or of a plugin.
"""

import gettext
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

SOURCE = "zh-CN"
LANGUAGES = (SOURCE, "en")

_folders: dict[str, Path] = {}  # domain -> locale folder; texts never change, so the process may share them
_loaded: dict[str, gettext.NullTranslations] = {}
_language: ContextVar[str | None] = ContextVar("language", default=None)


def language() -> str:
    """The language spoken now: set by the page or command, else ``HUIMIN_LANG``, else Chinese."""
    return _language.get() or language_of(os.environ.get("HUIMIN_LANG", ""))


def language_of(wish: str) -> str:
    """The language we have that is nearest to ``en_GB.UTF-8``, ``zh``, ``en-US,en;q=0.9`` and the like."""
    return "en" if wish.strip().lower().startswith("en") else SOURCE


@contextmanager
def speaking(wish: str) -> Iterator[None]:
    """Speak a language for the length of a ``with`` block."""
    token = _language.set(language_of(wish))
    try:
        yield
    finally:
        _language.reset(token)


def add_catalogue(domain: str, folder: Path) -> None:
    """Make the texts of a plugin known; ``folder`` is its ``locale``. Asking twice does no harm."""
    if _folders.get(domain) != folder:
        _folders[domain] = folder
        _loaded.clear()


def _catalogue() -> gettext.NullTranslations:
    if "en" not in _loaded:
        chain = gettext.NullTranslations()
        for domain, folder in _folders.items():
            found = gettext.translation(domain, folder, ["en"], fallback=True)
            found.add_fallback(chain)
            chain = found
        _loaded["en"] = chain
    return _loaded["en"]


def _(text: str, /, **values: object) -> str:
    """The sentence in the reader's language, with its values filled in."""
    spoken = text if language() == SOURCE else _catalogue().gettext(text)
    return spoken.format(**values) if values else spoken


def spoken_by(domain: str, folder: Path, text: str) -> str:
    """A text of a plugin that is not switched on: from its own catalogue, which stays unknown to everybody else."""
    if language() == SOURCE:
        return text
    return gettext.translation(domain, folder, [language()], fallback=True).gettext(text)


def plural(text: str, count: int, /, **values: object) -> str:
    """A sentence with a ``{count}`` in it; English has a second form for one."""
    spoken = text if language() == SOURCE else _catalogue().ngettext(text, text, count)
    return spoken.format(count=f"{count:,}", **values)


def listed(words: Iterable[object]) -> str:
    """Several words one after another, with the comma of the reader's language."""
    return ("、" if language() == SOURCE else ", ").join(map(str, words))


def mark(text: str) -> str:
    """Mark a text for translation where it stands and translate it later with ``_``; used in constants."""
    return text


add_catalogue("core", Path(__file__).parent / "locale")
