"""J3: search over a million people, scope of one village and right checked, against a page by primary key."""

import statistics
import sys
import time

import pytest
from sqlalchemy import text

from core.bulk import roomy
from core.demo.people import invent
from core.households.areas import village_codes
from core.households.search import Indexed, find_people, index_people
from core.identity.bulk import NewPeople, insert_people
from core.identity.names import initials_of
from core.identity.numbers import read_citizen_ids

pytestmark = [pytest.mark.bench, pytest.mark.one_database]

PEOPLE = 1_000_000
CHUNK_HOUSEHOLDS = 34_000
GATE = 12.0
WORDS = ["王", "张伟", "李秀", "建国", "wgl", "zw", "l", "陈晨", "刘洋", "桂兰", "hj", "明", "国", "lxy"]


@pytest.fixture
def million(county):
    """A million people in all villages, indexed as the import does it."""
    with county.look() as work:
        villages = sorted(village_codes(work))
    total, seed = 0, 0
    while total < PEOPLE:
        people = list(invent(CHUNK_HOUSEHOLDS, villages, seed, prefix=f"999{seed + 1:03d}"))[: PEOPLE - total]
        with county.begin() as work, roomy(work.session.connection()):
            register(work, people)
        total, seed = total + len(people), seed + 1
    return villages


def tell(text: str) -> None:
    sys.stdout.write(f"\n{text}")


def register(work, people):
    names = [one.name for one in people]
    numbers = read_citizen_ids([one.citizen_id for one in people], today=work.today, test_area=True)
    blank = [""] * len(people)
    areas = [one.hukou_area for one in people]
    letters = initials_of(names)
    ids = insert_people(
        work,
        NewPeople(
            name=names,
            sex=numbers.sex.tolist(),
            birth_date=numbers.birth_date.tolist(),
            ethnicity=blank,
            hukou_area=areas,
            residence_area=areas,
            address=blank,
            phone=blank,
            citizen_id=numbers.number,
            bank_account=blank,
            initials=letters,
        ),
    )
    rows = zip(ids, names, letters, areas, areas, strict=True)
    index_people(work.session.connection(), (Indexed(*row) for row in rows))
    work.record("tests.registered", "person", count=len(people))


def test_a_search_costs_little_more_than_a_page_by_primary_key(county, million, capsys):
    village = million[len(million) // 2]
    limit, found = [], []
    with county.look("clerk", village) as work:
        connection = work.session.connection().connection.driver_connection
        sql = "SELECT id, name FROM identity_person WHERE hukou_area = ?"
        wanted, names = zip(*connection.execute(sql, (village,)), strict=True)
        words = [*WORDS, *(name[:2] for name in names[:5]), *(name[-2:] for name in names[5:10])]
        pages = [wanted[at : at + 20] for at in range(0, len(wanted) - 20, 20)]
        sql = f"SELECT id, name, initials, hukou_area FROM identity_person WHERE id IN ({', '.join('?' * 20)})"
        for word in words:
            find_people(work, word)
        for turn in range(40):
            for at, word in enumerate(words):
                page = pages[(turn * len(words) + at) % len(pages)]
                started = time.perf_counter()
                connection.execute(sql, page).fetchall()
                limit.append(time.perf_counter() - started)
                started = time.perf_counter()
                answer = find_people(work, word)
                found.append(time.perf_counter() - started)
                assert all(one["area"] == village for one in answer["people"])
        matched = {word: len(find_people(work, word)["people"]) for word in words}
        people = work.session.execute(text("SELECT max(id) FROM identity_person")).scalar_one()
    by_limit = statistics.median(found) / statistics.median(limit)
    worst = sorted(found)[int(len(found) * 0.99)]
    with capsys.disabled():
        tell(f"  {people:,} people, matches {matched}")
        tell(f"  page by key {1e3 * statistics.median(limit):.3f} ms, search {1e3 * statistics.median(found):.3f} ms")
        tell(f"J3 search: median {by_limit:.1f} x a page by primary key, gate {GATE}; p99 {1e3 * worst:.2f} ms")
    assert by_limit <= GATE
