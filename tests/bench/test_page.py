"""J5: the household page with ten panels, as served, against a plain-text route of the same server and thread pool."""

import statistics
from datetime import date
from itertools import repeat

import pytest

from core.households.services import open_household
from core.households.wishes import Member, OpenHousehold
from core.testing import VILLAGE
from tests.bench.serving import PLAIN, asked, served
from tests.benching import at_least, at_most, p99

pytestmark = [pytest.mark.bench, pytest.mark.one_database]

PANELS, SECONDS, ROUNDS = 10, 1.5, 5


@pytest.fixture
def household(county):
    """A household of five in a village."""
    ids = [county.person(name) for name in ("王桂兰", "陈国梁", "林秀芳", "陈浩", "陈小雨")]
    relations = ("户主", "子", "儿媳", "孙子", "孙女")
    with county.begin() as work:
        members = [Member(person_id=one, relation=word) for one, word in zip(ids, relations, strict=True)]
        wish = OpenHousehold(number="HH-1", area=VILLAGE, on=date(2026, 11, 1), members=members)
        return open_household(work, wish).id


def test_a_household_page_costs_at_most_ten_plain_answers(county, client, household, bench):
    county.clock.set(None)
    client.sign_in("clerk", VILLAGE[:9])
    cookie = client.client.cookies["huimin"]
    page = f"GET /households/{household} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: huimin={cookie}\r\n\r\n".encode()
    with served(county.home, county.code, PANELS) as lines, served(county.home, county.code, 1) as one_panel:
        lines[0].ask(page)
        head, body = lines[0].answer()
        text = body.decode()
        assert b" 200 " in head and "王桂兰" in text and text.count("事项") >= PANELS and "待遇10" in text
        wanted = ((lines, page), (lines, PLAIN), (one_panel, page))
        for some, request in wanted:
            asked(some, repeat(request), 0.5)
        rounds = [[asked(some, repeat(request), SECONDS) for some, request in wanted] for _round in range(ROUNDS)]
    whole, plain, single = ([one.cost for one in column] for column in zip(*rounds, strict=True))
    bench.ratio(f"J5 page with {PANELS} panels, plain text", zip(whole, plain, strict=True), at_least(0.10))
    bench.ratio(f"J5 page with {PANELS} panels beside one panel", zip(whole, single, strict=True), at_most(3.0))
    waits = [(p99(page.waits), statistics.median(page.waits)) for page, *_others in rounds]
    bench.ratio("J5 p99 of waits beside their median", waits, at_most(4.0))
