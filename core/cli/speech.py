"""Which language a command speaks: our own sentences and those of click."""

import gettext
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from core.texts import SOURCE, language

CLICK = "messages"  # the domain click asks; it has no catalogues of its own
FOLDER = Path(__file__).parents[1] / "locale"


def hear(words: Sequence[str]) -> None:
    """Take the language from ``--lang``, wherever it stands."""
    for index, word in enumerate(words):
        if word == "--lang" and index + 1 < len(words):
            os.environ["HUIMIN_LANG"] = words[index + 1]
        elif word.startswith("--lang="):
            os.environ["HUIMIN_LANG"] = word.partition("=")[2]


@contextmanager
def click_speaking() -> Iterator[None]:
    """Let click say "Usage" and the like in the language of the command, whatever the system's language is."""
    before = os.environ.get("LANGUAGE")
    gettext.bindtextdomain(CLICK, str(FOLDER))
    os.environ["LANGUAGE"] = "zh_CN" if language() == SOURCE else "en"
    try:
        yield
    finally:
        if before is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before
