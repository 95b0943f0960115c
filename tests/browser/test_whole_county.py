"""Every page of the demo county, all plugins on: on a desk and on a phone nothing runs sideways and axe finds nothing.

Pages are found by following links as every member of staff. What is written in them does not count, which elements
with which classes they have does: a page is looked at when it has one that no page before had, and with ``--long`` when
it has them together as no page before.
"""

import re
from datetime import datetime

import pytest

from core.demo.making import Wish, make_demo
from core.demo.staff import STAFF
from core.host import Clock
from core.identity import signing_in
from core.testing import County
from core.web.testing import Browser as Reader
from tests.crawling import walk_as

pytestmark = pytest.mark.one_database

NOW = datetime.fromisoformat("2026-11-20T09:00:00+08:00")
HOUSEHOLDS = 150
LEAST_KINDS = 40
ELEMENT = re.compile(r"<(\w+)\b([^>]*)>")
CLASS = re.compile(r'\bclass="([^"]*)"')
MENU = re.compile(r'<nav class="side".*?</nav>', re.S)
LOOKS = ({"width": 1440, "height": 900}, {"width": 390, "height": 844})


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The small demo county with every plugin and its stories."""
    home = tmp_path_factory.mktemp("demo") / "county"
    make_demo(home, Wish(households=HOUSEHOLDS, now=NOW))
    return County(home, Clock(NOW))


@pytest.fixture
def county(demo):
    """The demo county in the place of an empty one, for the server of these tests."""
    return demo


def build_of(page):
    """How a page is built: its elements with their classes, the menu of the role left out."""
    return frozenset(
        (name, found.group(1) if (found := CLASS.search(rest)) else "")
        for name, rest in ELEMENT.findall(MENU.sub("", page))
    )


def builds(demo, each):
    """(member of staff, address) of pages that have something new: a build if ``each``, else an element."""
    known, elements = set(), set()
    with Reader(demo) as reader:
        for one in STAFF:
            for address, _status, page in walk_as(reader, one.name):
                build = build_of(page)
                new = build not in known if each else not build <= elements
                known.add(build)
                elements |= build
                if page and new:
                    yield one.name, address


def test_no_page_runs_sideways_and_axe_finds_nothing(demo, served, profile, request):
    from .conftest import Window

    found = list(builds(demo, request.config.getoption("--long")))
    assert len(found) > LEAST_KINDS
    windows, faults = {}, []
    with Reader(demo) as reader:
        reader.get("/sign-in")
        for name in {name for name, _address in found}:
            for look in LOOKS:
                context = profile(viewport=look)
                token = signing_in.sign_in_demo(reader.host, name, "127.0.0.1")
                context.add_cookies([{"name": "huimin", "value": token, "url": served}])
                windows[name, look["width"]] = Window(context.new_page(), served, [])
    for name, address in found:
        for look in LOOKS:
            one = windows[name, look["width"]]
            one.open(address)
            faults += [f"{address} {look['width']} ({name}): {fault}" for fault in one.axe()]
            if one.sideways():
                faults.append(f"{address} {look['width']} ({name}): runs sideways")
    assert not faults, "\n".join(faults)
