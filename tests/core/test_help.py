"""Help: every screen has its own, what it names is there, and one word stands for one thing in both languages."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from core import loading
from core.catalogues import catalogue_file
from core.cli.tree import BUILT_IN
from core.help import command_topics, screen_of, screens, words
from core.web.testing import Browser

ROOT = Path(__file__).parents[2]
PLUGINS = sorted(loading.bundled())


@pytest.fixture
def whole(county):
    """A county with every bundled plugin on."""
    from core.testing import enabled

    for name in PLUGINS:
        enabled(county, name)
    county.reload()
    return county


def test_every_line_of_the_menu_and_every_help_page_belong_together(whole):
    with Browser(whole) as browser:
        browser.sign_in("auditor")
        site = browser.door.mounted.entrance.site
        lines = {one.path for one in whole.host.menu}
        without = {path for path in lines - {"/"} if screen_of(path, site.screens) == "/"}
        assert without == set()
        for at in site.screens:
            page = browser.get(f"/help?at={at}")
            assert page.status_code == 200
            assert site.screens[at].heading in page.text
        routes = [
            re.compile(re.sub(r"\{[^}]*\}", "[^/]+", one.path)) for one in browser.door.mounted.entrance.app.routes
        ]
        lost = {at for at in site.screens if not any(one.fullmatch(at) or one.match(at + "/") for one in routes)}
        assert lost <= {"/canteen/counter"}  # its pages are the sites' own


def test_help_speaks_of_the_screen_it_was_called_from():
    known = screens([(ROOT / "plugins" / "canteen", "canteen")])
    assert screen_of("/canteen/sites/CT-1?tab=2", known) == "/canteen/sites"
    assert screen_of("/canteen/quote", known) == "/canteen"
    assert screen_of("/householders", known) == "/"


def test_commands_named_in_help_are_there():
    said = " ".join(sentence for one in command_topics().values() for sentence in one.says)
    nouns = re.findall(r"\b(config|policy|plugin|funds|audit|doctor) [a-z]+", said)
    assert nouns
    assert set(nouns) <= set(BUILT_IN)


def test_the_command_lists_topics_explains_one_and_knows_what_it_does_not_know(run):
    listed = run("help", "--json").data
    assert {"exit-codes", "money", "words", "/households"} <= {one["topic"] for one in listed}
    assert run("help", "exit-codes").output.splitlines()[0] == "退出码"
    assert "Exit codes" in run("help", "exit-codes", "--lang", "en").output
    assert run("help", "nothing-of-that").exit_code == 5
    assert any(one["english"] == "notice" for one in run("help", "words", "--json").data)


def test_the_list_of_words_is_a_page_and_is_linked(client):
    client.sign_in("clerk")
    assert "/help/words" in client.get("/help").text
    page = client.get("/help/words").text
    assert "公民身份号码" in page and "citizen identity number" in page


@pytest.mark.parametrize("domain", ["core", *PLUGINS])
def test_a_word_of_the_list_has_one_english_everywhere(domain):
    folder = ROOT / "core" if domain == "core" else ROOT / "plugins" / domain
    with catalogue_file(folder, domain).open("rb") as source:
        said = {one.id: one.string for one in read_po(source, locale="en") if isinstance(one.id, str)}
    other = {one.chinese: said[one.chinese] for one in words() if not _agree(one.english, said.get(one.chinese))}
    assert other == {}


def _agree(english, said):
    """Whether a label says the word of the list, or the short form of it."""
    if said is None:
        return True
    label, word = said.casefold().rstrip("s"), english.casefold().rstrip("s")
    return label in word or word in label
