"""The Jinja environment of one county: the core's templates, the plugins' under their own prefix, and the words."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from core import showing
from core.texts import counted_by, listed, said_by
from core.values import year_of
from core.web.access import areas_to_choose, may_follow
from core.web.static_files import StaticFiles

FIGURE = re.compile(r"[-+]?[\d,]+(\.\d+)?%?")
TEMPLATES = Path(__file__).parent / "templates"

prefix: ContextVar[str] = ContextVar("prefix", default="")
"""The path under which the county of this request is mounted, "" at the root."""


@dataclass(frozen=True)
class MenuLine:
    """One line of the side menu or of the phone's tabs, as drawn."""

    title: str
    path: str
    icon: str
    current: bool = False
    count: int = 0
    hot: bool = False


@dataclass(frozen=True)
class MenuGroup:
    """A heading of the side menu with its lines."""

    title: str
    items: tuple[MenuLine, ...]


@dataclass(frozen=True)
class Shell:
    """What surrounds every page: the county, who is signed in, the menu, and how it is shown."""

    county: str
    bureau: str
    version: str
    language: str = "zh-CN"
    large: bool = False
    who: str = ""
    office: str = ""
    phone: str = ""
    path: str = "/"
    search: str = ""
    help: str = ""
    said: str = ""
    demo: bool = False
    menu: tuple[MenuGroup, ...] = ()
    tabs: tuple[MenuLine, ...] = field(default=())


def link(path: str) -> str:
    """An address of this county for a path from its root; other addresses are left as they are."""
    return prefix.get() + path if path.startswith("/") else path


def make_environment(plugins: Mapping[str, Path], static: StaticFiles) -> Environment:
    """The environment of one county. A plugin's templates are found as ``canteen/book.html`` and nowhere else."""
    loaders = {name: FileSystemLoader(folder) for name, folder in plugins.items()}
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(TEMPLATES), PrefixLoader(loaders)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    asset = _asset(static)
    words: dict[str, Any] = {"_": _spoken, "plural": _counted, "link": link, "asset": asset, "dict": dict}
    words |= {"icon_of": _icon(asset), "may_follow": may_follow, "areas_to_choose": areas_to_choose}
    environment.globals.update(words)
    environment.filters.update(
        money=showing.money,
        count=showing.count,
        ratio=showing.ratio,
        day=showing.day,
        day_in_words=showing.day_in_words,
        month_in_words=showing.month_in_words,
        moment=showing.moment,
        moment_exactly=showing.moment_exactly,
        listed=listed,
        figure_columns=figure_columns,
        cell=lambda value, kind="text": showing.cell(kind, value),
        replace_word=lambda word, words: words.get(word, word),
        zip_same=lambda values: [(value, value) for value in values],
    )
    return environment


def figure_columns(rows: Sequence[Any]) -> set[str]:
    """The names of the columns of a list in which nothing but figures stands; a year is a name, not a figure."""
    texts: dict[str, list[str]] = {}
    for one in rows:
        for name, value in one["cells"]:
            texts.setdefault(name, []).append("" if value is None else str(value))
    said = {name: [text for text in found if text not in ("", showing.NOTHING)] for name, found in texts.items()}
    return {
        name
        for name, found in said.items()
        if found and all(FIGURE.fullmatch(text) and year_of(text) is None for text in found)
    }


@pass_context
def _spoken(context: Context, text: str, /, **values: object) -> str:
    """A sentence of a template, in the words of the plugin it belongs to."""
    return said_by(_owner(context), text, **values)


@pass_context
def _counted(context: Context, text: str, count: int, /, **values: object) -> str:
    """A sentence with a number in it, in the words of the plugin the template belongs to."""
    return counted_by(_owner(context), text, count, **values)


def _owner(context: Context) -> str:
    """The plugin a template belongs to: its name starts with that of the plugin, those of the core have no folder."""
    plugin, folder, _name = (context.name or "").partition("/")
    return plugin if folder else "core"


def _asset(static: StaticFiles) -> Callable[[str], str]:
    return lambda name: link(static.address(name))


def _icon(asset: Callable[[str], str]) -> Callable[..., Markup]:
    """Draws an icon by its name; a page has dozens, so each is written once."""
    drawn: dict[tuple[str, str, str], Markup] = {}

    def icon(name: str, extra: str = "") -> Markup:
        key = name, extra, prefix.get()
        if key not in drawn:
            classes = f"i {extra}" if extra else "i"
            drawn[key] = Markup('<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>').format(
                classes, asset("icons.svg"), name
            )
        return drawn[key]

    return icon


def form_keys(form_key: str, once: str) -> Markup:
    """The hidden fields of every form: the session's form key, and the one-time key of this form."""
    return Markup(
        '<input type="hidden" name="_form_key" value="{}"><input type="hidden" name="_once" value="{}">'
    ).format(form_key, once)
