"""J5: the household page with ten panels, as served, against a plain-text route of the same server and thread pool.

Both are counted in processor time of the server: what others do on the machine does not count.
"""

import statistics
import sys
from datetime import date
from itertools import repeat

import pytest

from core.households.services import open_household
from core.households.wishes import Member, OpenHousehold
from core.testing import VILLAGE
from tests.bench.serving import PLAIN, cost, served

pytestmark = [pytest.mark.bench, pytest.mark.one_database]

PANELS, SECONDS, ROUNDS = 10, 1.5, 5
GATE = 0.10


@pytest.fixture
def household(county):
    """A household of five in a village."""
    ids = [county.person(name) for name in ("王桂兰", "陈国梁", "林秀芳", "陈浩", "陈小雨")]
    relations = ("户主", "子", "儿媳", "孙子", "孙女")
    with county.begin() as work:
        members = [Member(person_id=one, relation=word) for one, word in zip(ids, relations, strict=True)]
        wish = OpenHousehold(number="HH-1", area=VILLAGE, on=date(2026, 11, 1), members=members)
        return open_household(work, wish).id


def test_a_household_page_costs_at_most_ten_plain_answers(county, client, household):
    county.clock.set(None)
    client.sign_in("clerk", VILLAGE[:9])
    cookie = client.client.cookies["huimin"]
    page = f"GET /households/{household} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: huimin={cookie}\r\n\r\n".encode()
    with served(county.home, county.code, PANELS) as lines:
        lines[0].ask(page)
        head, body = lines[0].answer()
        text = body.decode()
        assert b" 200 " in head and "王桂兰" in text and text.count("事项") >= PANELS and "待遇10" in text
        for request in (page, PLAIN):
            cost(lines, repeat(request), 0.5)
        rounds = [(cost(lines, repeat(page), SECONDS), cost(lines, repeat(PLAIN), SECONDS)) for _round in range(ROUNDS)]
    ratio = statistics.median(four_letters / whole for whole, four_letters in rounds)
    whole, four_letters = (statistics.median(one) * 1_000_000 for one in zip(*rounds, strict=True))
    sys.stdout.write(
        f"\nJ5 household page, {PANELS} panels, {len(body):,} bytes: {whole:,.0f} µs of the processor,"
        f" plain text {four_letters:,.0f} µs, {ratio:.1%} (gate {GATE:.0%})\n"
    )
    assert ratio >= GATE
