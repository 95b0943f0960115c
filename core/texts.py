"""Texts a person reads: Simplified Chinese in the source, English from the catalogues.

``_("第 {row} 行", row=3)`` looks the sentence up in the language of the running request or command and fills it in.
A catalogue is ``locale/en/LC_MESSAGES/<domain>.mo`` in the folder of the core or of a plugin. A plugin speaks its own
words first: what another plugin of the process calls the same Chinese does not change them.
"""

import gettext
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

SOURCE = "zh-CN"
LANGUAGES = (SOURCE, "en")

_folders: dict[str, Path] = {}  # domain -> locale folder; texts never change, so the process may share them
_loaded: dict[str, gettext.NullTranslations] = {}  # "" is all of them together
_ALL = ""
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


def _catalogue(domain: str = _ALL) -> gettext.NullTranslations:
    """The English of one domain with that of all others behind it."""
    if _ALL not in _loaded:
        chain = gettext.NullTranslations()
        for name, folder in _folders.items():
            chain = _before(chain, name, folder)
        _loaded[_ALL] = chain
    if domain not in _loaded:
        _loaded[domain] = _before(_loaded[_ALL], domain, _folders[domain]) if domain in _folders else _loaded[_ALL]
    return _loaded[domain]


def _before(chain: gettext.NullTranslations, domain: str, folder: Path) -> gettext.NullTranslations:
    found = gettext.translation(domain, folder, ["en"], fallback=True)  # a copy at each call
    found.add_fallback(chain)
    return found


def domain_of(module: str) -> str:
    """Whose words a module speaks: "plugins.canteen.web" is the canteen's; what is nobody else's is the core's."""
    first, _dot, rest = module.partition(".")
    if first == "plugins":
        return rest.partition(".")[0]
    return next((domain for domain, folder in _folders.items() if folder.parent.name == first), "core")


def _(text: str, /, **values: object) -> str:
    """The sentence in the reader's language, with its values filled in."""
    if language() == SOURCE:
        return text.format(**values) if values else text
    return said_by(domain_of(sys._getframe(1).f_globals.get("__name__", "")), text, **values)  # noqa: SLF001


def said_by(domain: str, text: str, /, **values: object) -> str:
    """The sentence as one plugin says it, or the core."""
    spoken = text if language() == SOURCE else _catalogue(domain).gettext(text)
    return spoken.format(**values) if values else spoken


def spoken_by(domain: str, folder: Path, text: str) -> str:
    """A text of a plugin that is not switched on: from its own catalogue, which stays unknown to everybody else."""
    if language() == SOURCE:
        return text
    return gettext.translation(domain, folder, [language()], fallback=True).gettext(text)


def plural(text: str, count: int, /, **values: object) -> str:
    """A sentence with a ``{count}`` in it; English has a second form for one."""
    if language() == SOURCE:
        return text.format(count=f"{count:,}", **values)
    return counted_by(domain_of(sys._getframe(1).f_globals.get("__name__", "")), text, count, **values)  # noqa: SLF001


def counted_by(domain: str, text: str, count: int, /, **values: object) -> str:
    """A sentence with a ``{count}`` in it as one plugin says it."""
    spoken = text if language() == SOURCE else _catalogue(domain).ngettext(text, text, count)
    return spoken.format(count=f"{count:,}", **values)


def listed(words: Iterable[object]) -> str:
    """Several words one after another, with the comma of the reader's language."""
    return ("、" if language() == SOURCE else ", ").join(map(str, words))


def mark(text: str) -> str:
    """Mark a text for translation where it stands and translate it later with ``_``; used in constants."""
    return text


add_catalogue("core", Path(__file__).parent / "locale")
