"""The words of the command line: all Chinese or all English, click's own included."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from core.cli.speech import CLICK, FOLDER
from core.cli.tree import BUILT_IN, run

pytestmark = pytest.mark.one_database

HELPS = [("--help",), ("household", "--help"), ("user", "add", "--help"), ("person", "add", "--help")]
NAMES = {"huimin", "make", "demo", "zh", "en", "Excel", "xlsx", "xls", "ods", "csv", *BUILT_IN}  # programs and formats
CJK = re.compile("[\u3000-\u9fff\uff00-\uffef]")


def said(*words: str, language: str = "", system: str = "C.UTF-8") -> str:
    """Everything a command prints in a process of its own."""
    known = {name: value for name, value in os.environ.items() if name not in {"HUIMIN_LANG", "LANGUAGE"}}
    spoken = ["--lang", language] if language else []
    program = [sys.executable, "-c", "from core.cli import main; main()", *words, *spoken]
    done = subprocess.run(program, capture_output=True, text=True, env={**known, "LANG": system}, check=False)  # noqa: S603
    return done.stdout + done.stderr


@pytest.mark.parametrize("words", HELPS)
def test_chinese_help_has_no_english_but_names(words):
    text = said(*words)
    assert "用法:" in text and "显示这份说明" in text
    text = re.sub(r"例：.*", "", text)  # an example is a command
    text = re.sub(r"--?[a-z][a-z-]*", "", text)  # options
    text = re.sub(r"^  [a-z][a-z-]*(?=  )", "", text, flags=re.M)  # commands of the list
    left = {word for word in re.findall(r"[A-Za-z_]{2,}", text) if not word.isupper()}
    assert left - NAMES - {*words} == set()


@pytest.mark.parametrize("words", HELPS)
def test_english_help_has_no_chinese(words):
    text = said(*words, language="en")
    assert "Usage:" in text and not CJK.search(text)


def test_english_stays_english_on_a_chinese_system():
    assert "Usage:" in said("--help", language="en", system="zh_CN.UTF-8")


def test_the_environment_chooses_the_language_too(monkeypatch):
    monkeypatch.setenv("HUIMIN_LANG", "en")
    program = [sys.executable, "-c", "from core.cli import main; main()", "--help"]
    done = subprocess.run(program, capture_output=True, text=True, check=True)  # noqa: S603
    assert not CJK.search(done.stdout)


@pytest.mark.parametrize(
    ("words", "chinese", "english"),
    [
        (("person", "show"), "缺少参数 'ID'", "Missing argument 'ID'"),
        (("person", "show", "1", "--nothing-like-it"), "没有选项", "No such option"),
        (("household", "list", "--limit", "x"), "不是数字", "is not a valid integer"),
        (("persom",), "是不是 person", "Did you mean person"),
    ],
)
def test_wrong_use_is_explained_in_the_language_of_the_command(words, chinese, english):
    assert chinese in said(*words)
    assert english in said(*words, language="en")


def test_the_language_of_the_process_is_as_before_after_a_command(capsys):
    before = os.environ.get("LANGUAGE")
    run(["--help"])
    assert "用法:" in capsys.readouterr().out
    assert os.environ.get("LANGUAGE") == before


def test_every_sentence_of_the_installed_click_has_chinese():
    catalogue = FOLDER / "zh_CN" / "LC_MESSAGES" / f"{CLICK}.po"
    with catalogue.open("rb") as source:
        known = read_po(source, locale="zh_CN")
    keywords = {"_": None, "ngettext": (1, 2)}
    folder = Path(click.__file__).parent
    found = [entry[2] for entry in extract_from_dir(folder, [("**.py", "python")], keywords=keywords)]
    assert found
    assert [text for text in found if not _said(known, text)] == []


def _said(catalogue, text):
    message = catalogue.get(text[0] if isinstance(text, tuple) else text)
    return message is not None and all(message.string)
