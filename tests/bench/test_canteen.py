"""J4: one meal through the real service, and meals by the column path, against the way of loading and flushing objects.

SQLite with full durability; how long the longest waits is told by the clock. The object way does the same act: the
account's grants, site, prices, diner, person, documents and settlements are loaded as objects, the meal, its subsidy
and the chained record are added and flushed.
"""

import hashlib
import json
import statistics
import threading
import time
from datetime import date, datetime
from itertools import repeat

import pytest
from sqlalchemy import event, text
from sqlmodel import Session, col, select

from core.audit.models import Head, Record
from core.identity.models.accounts import Account, Grant
from core.identity.models.persons import Person
from plugins.canteen.counter.models import Subsidy, Swipe
from plugins.canteen.counter.serving import CheckIn, check_in
from plugins.canteen.counter.uploading import upload
from plugins.canteen.models import Card, Diner, Set, Settlement, Site, SubsidyPolicy
from tests.bench.serving import PLAIN, asked, served
from tests.benching import at_least, at_most, cost, p99, processor_seconds
from tests.plugins.canteen.counter.conftest import canteens  # noqa: F401 - fixture
from tests.plugins.canteen.counter.test_orders import enrol_many

pytestmark = [pytest.mark.bench, pytest.mark.one_database]

CLIENTS, MEALS, ROUNDS, SECONDS = 40, 400, 3, 1.5
DAY = date(2026, 3, 31)
AT = datetime.fromisoformat("2026-03-31T12:00+08:00")


def by_objects(host, account_id, code, number):
    """The same meal with every row an object that is loaded and flushed."""
    with host.database.transaction(write=True) as connection, Session(connection) as session:
        account = session.get(Account, account_id)
        grants = session.exec(select(Grant).where(col(Grant.account_id) == account_id)).all()
        site = session.exec(select(Site).where(col(Site.number) == number)).one()
        prices = session.exec(select(Set).where(col(Set.site_id) == site.id)).all()
        diner = session.exec(select(Diner).where(col(Diner.code) == code)).one()
        session.exec(select(Card).where(col(Card.diner_id) == diner.id)).all()
        person = session.get(Person, diner.person_id)
        session.exec(select(SubsidyPolicy)).all()
        settled = session.exec(select(Settlement).where(col(Settlement.site_id) == site.id)).all()
        taken = session.get(Subsidy, (person.id, DAY, "lunch"))
        assert account and grants and prices and not settled and taken is None
        now = datetime.fromisoformat("2026-03-31T12:00:01+08:00")
        swipe = Swipe(
            site_id=site.id, diner_id=diner.id, person_id=person.id, area=site.area, day=DAY, meal="lunch",
            set_code="A", kind="meal", list_price_fen=prices[0].price_fen, tier="T2", subsidy_fen=500, self_pay_fen=400,
            charged_fen=400, delivery_fee_fen=0, channel="card", at=AT, recorded_at=now, recorder=account_id,
        )  # fmt: skip
        session.add(swipe)
        session.flush()
        session.add(
            Subsidy(person_id=person.id, day=DAY, meal="lunch", swipe_id=swipe.id, site_id=site.id, subsidy_fen=500)
        )
        head = session.get(Head, 1)
        body = json.dumps(
            {"action": "canteen.meal_served", "subject": f"canteen-swipe:{swipe.id}", "seq": head.seq + 1}
        )
        digest = hashlib.sha256(head.hash + body.encode()).digest()
        last = session.get(Record, head.seq)
        session.add(
            Record(
                seq=head.seq + 1,
                at=last.at + 1,
                actor="shell",
                action="canteen.meal_served",
                subject=f"canteen-swipe:{swipe.id}",
                area=site.area,
                body=body.encode(),
                algorithm="sha256",
                previous=head.hash,
                hash=digest,
            )  # fmt: skip
        )
        head.seq, head.hash = head.seq + 1, digest
        session.flush()


def by_service(host, actor, code, number):
    """The meal as the page, the command and the API serve it."""
    with host.begin(actor, edge="page") as work:
        served = check_in(work, CheckIn(diner=code, site=number, set_code="A", at=AT))
    assert not served.objections, served.objections


def rush(act, codes):
    """So many clients at once: processor seconds of one meal, and how long each meal took."""
    taken, waiting = [], list(codes)
    begin = threading.Barrier(CLIENTS + 1)

    def client():
        begin.wait()
        while waiting:
            try:
                code = waiting.pop()
            except IndexError:
                return
            started = time.perf_counter()
            act(code)
            taken.append(time.perf_counter() - started)

    threads = [threading.Thread(target=client) for _number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    started = processor_seconds()
    begin.wait()
    for thread in threads:
        thread.join()
    assert len(taken) == len(codes)
    return (processor_seconds() - started) / len(codes), taken


def test_a_meal_is_served_at_twice_the_pace_of_objects_and_nobody_waits_for_ever(canteens, bench):  # noqa: F811
    site = canteens.site()
    canteens.at("2026-03-31")
    host = canteens.county.host
    with canteens.county.look("canteen_operator") as work:
        actor = work.actor
    codes = iter(enrol_many(canteens, 2 * MEALS * (ROUNDS + 1)))
    rounds, waits = [], []
    for _round in range(ROUNDS + 1):
        ours, taken = rush(lambda code: by_service(host, actor, code, site), [next(codes) for _ in range(MEALS)])
        theirs, _taken = rush(
            lambda code: by_objects(host, actor.account_id, code, site), [next(codes) for _ in range(MEALS)]
        )
        rounds.append((ours, theirs))
        waits.append((p99(taken), max(taken), statistics.median(taken)))
    most, longest, middle = zip(*waits[1:], strict=True)
    bench.ratio("J4 check-in, objects", rounds[1:], at_least(2.0))
    bench.ratio("J4 p99 of waits beside their median", zip(most, middle, strict=True), at_most(5.0))
    bench.ratio("J4 longest wait beside their median", zip(longest, middle, strict=True), at_most(10.0))


def test_meals_in_columns_are_thirty_times_the_pace_of_objects(canteens, bench):  # noqa: F811
    site = canteens.site()
    canteens.at("2026-03-31")
    host = canteens.county.host
    with canteens.county.look("canteen_operator") as work:
        actor = work.actor
    codes = enrol_many(canteens, 6_000)
    device = canteens.device(site)
    rounds = []
    for number in range(ROUNDS):
        lines = [device.write(code, "2026-03-31T11:30:00") for code in codes[number * 1_800 : number * 1_800 + 1_600]]
        others = codes[number * 1_800 + 1_600 : (number + 1) * 1_800]

        def ours():
            with host.begin(actor, edge="page") as work:
                assert upload(work, lines).accepted == len(lines)  # noqa: B023

        def theirs():
            for code in others:  # noqa: B023
                by_objects(host, actor.account_id, code, site)

        rounds.append((cost(ours) / len(lines), cost(theirs) / len(others)))
    bench.ratio("J4 a meal in columns, objects", rounds, at_least(30))


def test_a_check_in_over_the_api_costs_at_most_twelve_plain_answers(canteens, bench):  # noqa: F811
    site = canteens.site()
    county = canteens.county
    codes = iter(enrol_many(canteens, 12_000))
    county.account("canteen_operator")
    county.clock.set(None)
    token = county.token("canteen_operator-" + county.code)
    requests = (_request(code, site, token) for code in codes)
    county.close()
    with served(county.home, county.code) as lines:
        asked(lines, requests, 1)
        asked(lines, repeat(PLAIN), 0.5)
        rounds = [
            (asked(lines, requests, SECONDS).cost, asked(lines, repeat(PLAIN), SECONDS).cost)
            for _round in range(ROUNDS)
        ]
    bench.ratio("J4 check-in over HTTP, plain text", rounds, at_least(0.08))


def _request(code, site, token):
    body = json.dumps({"diner": code, "site": site, "set_code": "A"}).encode()
    head = (
        f"POST /api/v1/canteen/check-in HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def test_a_month_of_two_hundred_sites_is_settled_in_one_pass(canteens, bench):  # noqa: F811
    """200 sites × 22 days × 100 meals: the questions asked do not grow with sites, days or meals."""
    from plugins.canteen.services.settling import settle_month

    counts = []
    for sites in (2, 200):
        numbers = [canteens.site(f"CT-430223103-{sites + place:03d}") for place in range(sites)]
        codes = enrol_many(canteens, 100 * sites)
        serve_month(canteens, [canteens.sites[number] for number in numbers], codes)
        canteens.at("2026-04-01")
        watched = []
        with canteens.county.begin("canteen_officer") as work:
            connection = work.session.connection()
            event.listen(connection, "before_cursor_execute", watch(watched))
            settle_month(work, "2026-03")
        counts.append(len(watched))
    bench.value("J4 questions to settle 200 sites beside 2", counts[1] / counts[0], at_most(3))


def watch(statements):
    """Write down every question that is asked."""

    def note(_connection, _cursor, statement, *_more):
        if statement.startswith("SELECT"):
            statements.append(statement)

    return note


def serve_month(canteens, sites, codes):  # noqa: F811
    """A hundred diners at each site on 22 days, written in columns."""
    from core.bulk import insert_columns
    from core.tables import table_of

    days = [date(2026, 3, day) for day in range(1, 32) if date(2026, 3, day).weekday() < 5]
    with canteens.county.begin() as work:
        connection, by = work.session.connection(), work.actor.account_id
        people = dict(connection.execute(text("SELECT code, person_id FROM canteen_diner")).all())
        diners = dict(connection.execute(text("SELECT code, id FROM canteen_diner")).all())
        rows = [
            (site, code, day)
            for place, site in enumerate(sites)
            for code in codes[place * 100 : place * 100 + 100]
            for day in days
        ]
        ids = list(work.next_ids("canteen_swipe", len(rows)))
        persons = [people[code] for _site, code, _day in rows]
        insert_columns(
            connection,
            table_of(Swipe),
            {
                "id": ids, "site_id": [row[0] for row in rows], "diner_id": [diners[row[1]] for row in rows],
                "person_id": persons, "day": [row[2] for row in rows], "at": [AT] * len(rows),
            },
            {
                "area": "430223103201", "meal": "lunch", "set_code": "A", "kind": "meal", "list_price_fen": 900,
                "tier": "T2", "subsidy_fen": 500, "self_pay_fen": 400, "charged_fen": 400, "delivery_fee_fen": 0,
                "channel": "card", "recorded_at": work.now, "recorder": by, "mac": "", "previous": "",
                "state": "standing", "code": "", "late": False,
            },
        )  # fmt: skip
        insert_columns(
            connection,
            table_of(Subsidy),
            {
                "person_id": persons, "day": [row[2] for row in rows], "swipe_id": ids,
                "site_id": [row[0] for row in rows],
            },
            {"meal": "lunch", "subsidy_fen": 500},
        )  # fmt: skip
        work.record("test.served", "test:1")
