"""Every page that anybody of the demo county can reach by links, with all plugins on: it opens, in one language."""

import re
import sqlite3
from collections import defaultdict
from datetime import datetime
from html import unescape
from pathlib import Path

import pytest

from core.demo.making import Wish, make_demo
from core.demo.staff import STAFF
from core.host import Clock
from core.identity.actors import actor_named
from core.identity.look import Look, set_look
from core.plugin_life import states
from core.testing import County
from core.web.testing import Browser
from core.wishes import checked
from plugins.notices.types import all_types
from tests.crawling import walk_as

pytestmark = pytest.mark.one_database

NOW = datetime.fromisoformat("2026-11-20T09:00:00+08:00")
HOUSEHOLDS = 150
LEAST_PAGES = 500
ROOT = Path(__file__).parents[2]
CAPITALS = re.compile("[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整]+")
"""Amounts in words stand on papers of the bank and are Chinese in every language."""
CHINESE = re.compile("[\u3400-\u9fff]+")
ENGLISH = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2,}(?![A-Za-z0-9])")
NAMES = {
    *("Excel", "Word", "PDF", "CSV", "JSON", "TOML", "PEM", "SQLite", "PostgreSQL", "API", "ID", "IP", "URL", "MB"),
    *("xlsx", "xls", "ods", "csv", "pdf", "jpg", "png", "English", "Esc", "Ctrl", "Alt", "Enter", "huimin", "https"),
    *("中文", "phone", "offices", "full"),  # a language by its own name, keys of the settings file
    *("true", "false", "shell", "HIV", "wheel", "handbook", "words", "plugin", "config", "policy", "funds", "audit"),
}
"""Formats, programs, keys and commands keep their names in every language."""
UNSEEN = re.compile(r'<(script|style|svg|code|kbd|textarea)\b.*?</\1>|<span class="code">.*?</span>', re.S)
PLACEHOLDER = re.compile(r"\{\w+\}")
OTHER_LANGUAGE = re.compile(
    r'<(title|t[hd]|span|a|p|h1|h2|li|dd|dt|article|div|button)\b[^>]*\blang="[^"]*"[^>]*>.*?</\1>', re.S
)
HEARD = re.compile(r'\b(?:title|aria-label|placeholder|alt|data-confirm)="([^"]*)"')


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The small demo county with every plugin and its stories."""
    home = tmp_path_factory.mktemp("demo") / "county"
    make_demo(home, Wish(households=HOUSEHOLDS, now=NOW))
    return County(home, Clock(NOW))


@pytest.fixture(scope="module")
def written(demo):
    """Everything that is data: text in the database and in the demo's stories, words of public notices, plugins."""
    found = set()
    with sqlite3.connect(demo.home / "data" / "430223.db") as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            if table.startswith("audit") or "_search" in table:
                continue
            for column in connection.execute(f"PRAGMA table_info({table})").fetchall():
                if column[2].upper() == "TEXT":
                    rows = connection.execute(f"SELECT DISTINCT {column[1]} FROM {table}")  # noqa: S608 - our own names
                    found |= {value for (value,) in rows if isinstance(value, str)}
    with demo.look("auditor") as work:
        kinds = all_types(work).values()
        public = [text for one in kinds for text in (one.title, *(column.title for column in one.columns))]
        installed = [one.name for one in states(work.host)]
    stories = (*ROOT.glob("*/**/demo*.py"), *ROOT.glob("core/demo/*.py"))
    told = [file.read_text(encoding="utf-8") for file in stories]  # what people of the demo typed
    return "\n".join([*found, *public, *installed, *told])


def is_data(word, written):
    """Whether a word is a name, a place of two names, an amount in words, or what somebody typed."""
    if word in NAMES or word in written or CAPITALS.fullmatch(word):
        return True
    return any(word[:at] in written and word[at:] in written for at in range(2, len(word) - 1))


def seen(page):
    """The words of a page that its reader sees or hears in the language of the page."""
    page = PLACEHOLDER.sub(" ", OTHER_LANGUAGE.sub(" ", UNSEEN.sub(" ", page)))
    return unescape(" ".join([*HEARD.findall(page), re.sub(r"<[^>]*>", " ", page)]))


def pages(demo, language):
    """(name, address, status, HTML) of every kind of page for every member of staff."""
    with Browser(demo) as browser:
        for one in STAFF:
            with demo.host.begin(actor_named(demo.host, one.name), edge="page") as work:
                set_look(work, checked(Look, language=language))
            for address, status, page in walk_as(browser, one.name):
                yield one.name, address, status, page


@pytest.mark.parametrize(("language", "strange"), [("zh-CN", ENGLISH), ("en", CHINESE)])
def test_every_link_opens_and_no_page_speaks_the_other_language(demo, written, language, strange):
    closed, stray, walked = [], defaultdict(set), set()
    for name, address, status, page in pages(demo, language):
        walked.add(address)
        if status >= 400:
            closed.append(f"{name}: {address} {status}")
        text = seen(page)
        if language == "zh-CN":
            text = re.sub(r"\S*\w[._/:-]\w\S*|huimin( [a-z]+)+", " ", text)  # codes, paths, accounts, commands
        for word in strange.findall(text):
            if not is_data(word, written):
                stray[word].add(address)
    assert len(walked) > LEAST_PAGES
    assert not closed, "\n".join(closed)
    told = [f"{word}: {sorted(found, key=len)[0]}" for word, found in sorted(stray.items())]
    assert not told, "\n".join(told)
