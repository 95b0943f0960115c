"""J3: search over a million people, scope of one village and right checked, against a page by primary key."""

import itertools
import statistics

import pytest

from core.bulk import roomy
from core.demo.people import invent
from core.households.areas import village_codes
from core.households.search import Indexed, find_people, index_people
from core.identity.bulk import NewPeople, insert_people
from core.identity.names import initials_of
from core.identity.numbers import read_citizen_ids
from tests.bench.counties import twin
from tests.benching import at_most, cost, p99

pytestmark = [pytest.mark.bench, pytest.mark.one_database]

MIDDLE, LARGE = 100_000, 1_000_000
HOUSEHOLDS, ROUNDS = 17_000, 40
SEEDS = itertools.count()
"""Of the people of each part: those of the same seed would come with the same numbers."""
WORDS = ["王", "张伟", "李秀", "建国", "wgl", "zw", "l", "陈晨", "刘洋", "桂兰", "hj", "明", "国", "lxy"]


def settle(county, count):
    """So many people in all villages, indexed as the import does it; comes after those who are there."""
    with county.look() as work:
        villages = sorted(village_codes(work))
        total = work.session.connection().exec_driver_sql("SELECT count(*) FROM identity_person").scalar_one()
    while total < count:
        seed = next(SEEDS)
        people = list(invent(HOUSEHOLDS, villages, seed, prefix=f"999{seed:03d}"))[: count - total]
        with county.begin() as work, roomy(work.session.connection()):
            register(work, people)
        total += len(people)
    return villages[len(villages) // 2]


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


class Searches:
    """What one village may ask of a county, and the least an answer costs: a page of people by their keys."""

    def __init__(self, work, village):
        self.work, self.village = work, village
        self.driver = work.session.connection().connection.driver_connection
        sql = "SELECT id, name FROM identity_person WHERE hukou_area = ? LIMIT 300"
        wanted, names = zip(*self.driver.execute(sql, (village,)), strict=True)
        self.words = [*WORDS, *(name[:2] for name in names[:5]), *(name[-2:] for name in names[5:10])]
        self.pages = [wanted[at : at + 20] for at in range(0, len(wanted) - 20, 20)]

    def search(self, word):
        found = find_people(self.work, word)["people"]
        assert all(one["area"] == self.village for one in found)

    def page(self, turn):
        sql = f"SELECT id, name, initials, hukou_area FROM identity_person WHERE id IN ({', '.join('?' * 20)})"
        self.driver.execute(sql, self.pages[turn % len(self.pages)]).fetchall()

    def by_like(self, word):
        """The usual way: part of a name in every row, and how many there are."""
        for what in ("id, name", "count(*)"):
            sql = f"SELECT {what} FROM identity_person WHERE name LIKE ? LIMIT 20"
            self.driver.execute(sql, (f"%{word}%",)).fetchall()


def test_a_search_costs_little_more_than_a_page_by_primary_key(county, tmp_path, bench):
    village = settle(county, MIDDLE)
    people = bench.pick(MIDDLE, LARGE)
    large = twin(county, tmp_path / "large")
    settle(large, people)
    with county.look("clerk", village) as work, large.look("clerk", village) as more:
        few, many = Searches(work, village), Searches(more, village)
        for word in few.words:
            few.search(word)
        for word in many.words:
            many.search(word)
        rounds, growth = [], []
        for turn in range(ROUNDS):
            for place, word in enumerate(many.words):
                search = cost(many.search, word)
                rounds.append((search, cost(many.page, turn * len(many.words) + place)))
                growth.append((search, cost(few.search, few.words[place])))
        usual = [cost(many.by_like, word) for word in many.words]
    large.close()
    bench.ratio(f"J3 search of {people:,} people beside a page by key", rounds, at_most(12.0))
    worst = [(p99([search for search, _page in rounds]), statistics.median(usual))]
    bench.ratio("J3 p99 of searches beside the median of LIKE + COUNT", worst, at_most(1 / 15))
    if bench.full:
        medians = [tuple(statistics.median(costs) for costs in zip(*growth, strict=True))]
        bench.ratio(f"J3 growth of the median from {MIDDLE:,} people", medians, at_most(2.0))
