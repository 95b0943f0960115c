"""English is a complete second language: every sentence of the core has it, and it says the same."""

import gettext
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from core.catalogues import catalogue_file, missing, sentences

pytestmark = pytest.mark.one_database

CORE = Path(__file__).parents[2] / "core"
CJK = re.compile("[\u3000-\u9fff\uff00-\uffef]")
PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def forms(text):
    return text if isinstance(text, tuple) else (text,)


@pytest.fixture(scope="module")
def catalogue():
    """Every sentence that has an English text; the first test names those that have none."""
    with catalogue_file(CORE, "core").open("rb") as source:
        return [one for one in read_po(source, locale="en") if one.id and all(forms(one.string))]


def test_no_sentence_of_the_core_is_without_english():
    assert [f"{one.file.relative_to(CORE)}: {one.text}" for one in missing(CORE, "core")] == []


def test_the_catalogue_has_no_sentences_that_are_gone(catalogue):
    spoken = {one.text for one in sentences(CORE)}
    assert [message.id for message in catalogue if forms(message.id)[0] not in spoken] == []


def test_the_compiled_catalogue_says_what_the_readable_one_says(catalogue):
    with catalogue_file(CORE, "core").with_suffix(".mo").open("rb") as source:
        compiled = gettext.GNUTranslations(source)
    different = []
    for message in catalogue:
        if isinstance(message.id, tuple):
            said = tuple(compiled.ngettext(message.id[0], message.id[1], count) for count in (1, 2))
        else:
            said = compiled.gettext(message.id)
        if said != message.string:
            different.append(message.id)
    assert different == []


def test_placeholders_are_the_same_in_both_languages(catalogue):
    assert [
        message.id
        for message in catalogue
        for text in forms(message.string)
        if set(PLACEHOLDER.findall(forms(message.id)[0])) != set(PLACEHOLDER.findall(text))
    ] == []


def test_english_has_no_chinese_characters_and_no_exclamation_marks(catalogue):
    assert [text for message in catalogue for text in forms(message.string) if CJK.search(text) or "!" in text] == []


def test_counted_sentences_have_a_form_for_one_and_a_form_for_many(catalogue):
    counted = {one.text for one in sentences(CORE) if one.counted}
    found = {message.id[0]: message.string for message in catalogue if isinstance(message.id, tuple)}
    assert set(found) == counted
    assert [text for text, said in found.items() if len(said) != 2 or not all(said)] == []


def test_lines_and_spaces_at_the_edges_are_the_same_in_both_languages(catalogue):
    assert [
        message.id
        for message in catalogue
        for text in forms(message.string)
        if text != text.strip() and forms(message.id)[0] == forms(message.id)[0].strip()
    ] == []


def test_a_plugin_speaks_its_own_words_whatever_others_call_the_same():
    from core.texts import add_catalogue, domain_of, said_by, speaking

    plugins = CORE.parent / "plugins"
    for name in ("benefits", "casework"):
        add_catalogue(name, plugins / name / "locale")
    with speaking("en"):
        said = {name: said_by(name, "不办了") for name in ("benefits", "casework", "core")}
    assert said == {"benefits": "Leave it", "casework": "Cancel", "core": "Cancel"}
    assert [domain_of(one) for one in ("plugins.casework.web", "core.web.shell", "click.core")] == [
        "casework",
        "core",
        "core",
    ]
