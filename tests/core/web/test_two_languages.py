"""Pages speak one language: English pages carry no Chinese but data, Chinese pages no English but names."""

import re
from datetime import date
from html import unescape

import pytest
from sqlmodel import col, select

from core.audit.models import Record
from core.households import services
from core.households.models.households import Area
from core.households.wishes import Member, OpenHousehold
from core.identity.persons import NewPerson, register_person
from core.plugin_life import states

ROLES = ("clerk", "auditor", "system_admin", "security_admin")
VILLAGE = "430223103201"
PEOPLE = ("王桂兰", "陈国梁")
ADDRESS = "四组 12 号"
NAME_OF_A_TOKEN = "命令行"  # given when the account was made, and kept
ACCOUNT = ("民政资金专户", "SPECIAL")  # the bank account that is made with the county
OWN_NAMES = ("中文", "攸县")  # a language is called by its own name
CHINESE = re.compile("[\u3000-\u9fff\uff00-\uffef]+")
WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2,}(?![A-Za-z0-9])")
# Formats, programs and keys of the keyboard keep their names.
NAMES = {
    *("Excel", "Word", "PDF", "CSV", "JSON", "TOML", "PEM", "SQLite", "PostgreSQL", "API", "ID", "IP", "URL", "MB"),
    *("xlsx", "xls", "ods", "csv", "English", "Esc", "Ctrl", "Alt", "Enter", "huimin", "true", "false", "shell"),
}


@pytest.fixture
def home(county):
    """A household of two in a village; answers (household, person)."""
    with county.begin() as work:
        people = [
            register_person(work, NewPerson(name=name, sex=sex, birth_date=date(1950, 1, 1), hukou_area=VILLAGE)).id
            for name, sex in zip(PEOPLE, "女男", strict=True)
        ]
        members = [Member(person_id=people[0], relation="户主"), Member(person_id=people[1], relation="子")]
        wish = OpenHousehold(number="0307-2815", area=VILLAGE, address=ADDRESS, on=date(2026, 11, 1), members=members)
        return services.open_household(work, wish).id, people[0]


@pytest.fixture
def data(county):
    """What people have typed or the county is called: it stays as it is in every language."""
    with county.look() as work:
        areas = work.session.exec(select(Area.name)).all()
    documents = {entry.document for entry in county.host.policies.keys.values()}
    initials = {name[0] for name in PEOPLE}
    typed = {*areas, *PEOPLE, *initials, ADDRESS, *documents, NAME_OF_A_TOKEN, *OWN_NAMES, *ACCOUNT}
    return sorted(typed, key=len, reverse=True)


@pytest.fixture
def stored(county):
    """Words that pages show the way files have them: roles, plugins, choices of settings and parameters."""
    values = [value for entry in county.host.policies.keys.values() for value in (*entry.choices, entry.default)]
    with county.look("auditor") as work:
        first = work.session.exec(select(Record).order_by(col(Record.seq))).first()
        details = first.body.decode(errors="replace")
    installed = [one.name for one in states(county.host)]
    return set(WORD.findall(f"{values} {[*county.host.roles]} {county.host.settings} {installed} {details}"))


def paths(client, home):
    """Every page that needs nothing in its address, and those of one household and one person."""
    household, person = home
    found = {
        route.path
        for route in client.door.mounted.entrance.app.routes
        if not getattr(route, "path_parameters", True) and "GET" in getattr(route, "methods", ())
    }
    plain = sorted(path for path in found if not path.startswith(("/api", "/schema", "/healthz")))
    assert len(plain) > 25
    shown = [f"/households/{household}", f"/people/{person}", "/policy/pay.day", "/settings/security", "/audit/1"]
    return [*plain, *shown]


def pages(client, role, home, language=""):
    """(path, text) of every page as this role sees it, refusals too."""
    client.sign_in(role, language=language)
    for path in paths(client, home):
        answer = client.get(path)
        assert answer.status_code < 500, path
        if answer.headers.get("content-type", "").startswith("text/html"):
            yield path, answer.text


def words_of(page, data):
    """The words of a page that a person sees or hears, without what is data."""
    page = re.sub(r'<(script|style|svg|code|kbd)\b.*?</\1>|<span class="code">.*?</span>', " ", page, flags=re.S)
    page = re.sub(r'<(t[hd])[^>]*\blang="[^"]*"[^>]*>.*?</\1>', " ", page, flags=re.S)  # the list of words has both
    heard = re.findall(r'\b(?:title|aria-label|placeholder|alt|data-confirm)="([^"]*)"', page)
    text = unescape(" ".join([*heard, re.sub(r"<[^>]*>", " ", page)]))
    for known in data:
        text = text.replace(known, " ")
    return text


@pytest.mark.parametrize("role", ROLES)
def test_english_pages_have_no_chinese_but_data(client, home, data, role):
    found = {
        (path, run) for path, page in pages(client, role, home, "en") for run in CHINESE.findall(words_of(page, data))
    }
    assert found == set()


@pytest.mark.parametrize("role", ROLES)
def test_chinese_pages_have_no_english_but_names(client, home, data, stored, role):
    found = set()
    for path, page in pages(client, role, home):
        text = re.sub(r"\S*\w[._/:-]\w\S*", " ", words_of(page, data))  # codes, paths, account names
        text = re.sub(r"huimin( [a-z]+)+", " ", text)  # commands
        text = re.sub(r"\b[0-9A-F]{4}\b", " ", text)  # an anchor of the audit chain in groups of four
        found |= {(path, word) for word in WORD.findall(text) if word not in NAMES | stored}
    assert found == set()


def test_a_page_says_its_language(client, home):
    client.sign_in("clerk", language="en")
    assert '<html lang="en"' in client.get("/").text
    client.sign_in("auditor")
    assert '<html lang="zh-CN"' in client.get("/").text
