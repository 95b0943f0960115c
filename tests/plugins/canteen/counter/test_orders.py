"""Four terminals, 500 cards, thirty days, the line cut at random: what comes of it does not depend on the order.

Every order of arrival is played in a transaction of its own that is rolled back, and compared with what a plain
reading of the entries says: the earliest standing swipe of a person and meal has the subsidy, every other one waits
for a person.
"""

import json
import secrets
from collections import defaultdict
from datetime import date
from random import Random

import pytest
from sqlalchemy import insert, select, text

from core.identity.models.persons import Person
from core.tables import columns, table_of
from plugins.canteen.counter.conflicts import is_open_question
from plugins.canteen.counter.models import Swipe
from plugins.canteen.counter.uploading import upload
from plugins.canteen.models import Diner

CARDS, DAYS, TERMINALS, ORDERS = 500, 30, 4, 1_000
SEED = 20261122


@pytest.fixture
def month(canteens):
    """The devices' lines by day: [(day, line)], about sixty diners a day, one in seven at two to four counters."""
    dice = Random(SEED)
    sites = [canteens.site(f"CT-430223103-00{number}") for number in range(1, TERMINALS + 1)]
    codes = enrol_many(canteens, CARDS)
    devices = [canteens.device(site) for site in sites]
    lines = defaultdict(list)
    for day in range(1, DAYS + 1):
        moments = []
        for code in dice.sample(codes, 60):
            for device in dice.sample(devices, dice.randint(2, 4) if dice.random() < 1 / 7 else 1):
                moments.append((dice.randint(0, 8999), device, code))
        for seconds, device, code in sorted(moments, key=lambda one: (one[0], one[1].serial, one[2])):
            at = f"2026-03-{day:02d}T{10 + seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
            lines[day].append(device.write(code, at))
            if dice.random() < 0.03:
                lines[day].append(device.write(code, at, kind="void", voids=device.counter))
    canteens.at("2026-03-31")
    return lines


def enrol_many(canteens, count):
    codes = [secrets.token_hex(16) for _ in range(count)]
    with canteens.county.begin() as work:
        connection, by = work.session.connection(), work.actor.account_id
        first = 1 + (connection.scalar(text("SELECT MAX(id) FROM identity_person")) or 0)
        people = [
            {"id": first + place, "name": f"老人{place}", "initials": "lr", "sex": 2, "birth_date": date(1946, 1, 1),
             "hukou_area": "430223103201", "residence_area": "430223103201", "created_at": work.now}
            for place in range(count)
        ]  # fmt: skip
        connection.execute(insert(table_of(Person)), [{**blank(Person), **one} for one in people])
        diners = [
            {"person_id": first + place, "first_person_id": first + place, "code": code, "area": "430223103201",
             "from_on": date(2026, 1, 1), "added_at": work.now, "added_by": by}
            for place, code in enumerate(codes)
        ]  # fmt: skip
        connection.execute(insert(table_of(Diner)), [{**blank(Diner), **one} for one in diners])
        work.record("test.enrolled", "test:1")
    return codes


def blank(model):
    """The defaults of a table class, for rows that go past it."""
    fields = {name: field.default for name, field in model.model_fields.items() if name != "id"}
    return {name: None if repr(value) == "PydanticUndefined" else value for name, value in fields.items()}


def expected(lines):
    """Who has the subsidy of each meal, and which swipes are left over, read from the lines alone."""
    entries = [json.loads(line) for line in lines]
    taken_back = {(one["terminal"], one["voids"]) for one in entries if one["kind"] == "void"}
    slots = defaultdict(list)
    for one in entries:
        if one["kind"] == "meal" and (one["terminal"], one["counter"]) not in taken_back:
            slots[one["diner"], one["at"][:10]].append(one)
    winners, extra = set(), set()
    for swipes in slots.values():
        first, *others = sorted(swipes, key=lambda one: (one["at"], order_of(one)))
        winners.add((first["terminal"], first["counter"]))
        extra.update((one["terminal"], one["counter"]) for one in others)
    return winners, extra


def order_of(entry):
    """At the very same second the terminal that was registered first comes first."""
    return int(entry["site"][-1])


def outcome(work):
    """Who has the subsidy, which swipes wait, and what each site is owed, as the database has it."""
    connection = work.session.connection()
    has = connection.execute(
        text(
            "SELECT t.serial, w.counter FROM canteen_subsidy s JOIN canteen_swipe w ON w.id = s.swipe_id"
            " JOIN canteen_terminal t ON t.id = w.terminal_id"
        )
    )
    swipe = columns(Swipe)
    serials = dict(connection.execute(text("SELECT id, serial FROM canteen_terminal")).all())
    waits = connection.execute(select(swipe.terminal_id, swipe.counter).where(is_open_question()))
    owed = connection.execute(text("SELECT site_id, SUM(subsidy_fen) FROM canteen_subsidy GROUP BY site_id ORDER BY 1"))
    return (
        {tuple(row) for row in has},
        {(serials[terminal], counter) for terminal, counter in waits},
        [tuple(row) for row in owed],
    )


def played(canteens, parts):
    """What is there after the parts arrived in this order; nothing of it stays."""
    host = canteens.county.host
    with canteens.county.look("canteen_operator") as look:
        actor = look.actor
    with host.begin(actor, dry_run=True) as work:
        received = [upload(work, part) for part in parts]
        return received, outcome(work)


def cut(dice, lines):
    """The lines in a random order and in parts, as after a month of cuts; one part in five is sent twice."""
    shuffled = dice.sample(lines, len(lines))
    places = sorted(dice.sample(range(1, len(shuffled)), dice.randint(1, 5)))
    parts = [shuffled[a:b] for a, b in zip([0, *places], [*places, len(shuffled)], strict=True)]
    return [part for part in parts for _ in range(2 if dice.random() < 0.2 else 1)]


def test_a_month_comes_out_the_same_in_whatever_order_it_arrives(canteens, month):
    dice = Random(SEED + 1)
    everything = [line for day in month.values() for line in day]
    winners, extra = expected(everything)
    totals = set()
    for _again in range(3):
        received, (has, waits, owed) = played(canteens, cut(dice, everything))
        assert has == winners and waits == extra
        assert sum(one.accepted + one.conflict for one in received) == len(everything)
        totals.add(tuple(owed))
    [total] = totals
    assert sum(fen for _site, fen in total) == 500 * len(winners)


def test_a_thousand_orders_of_a_day_come_out_the_same(canteens, month):
    dice = Random(SEED + 2)
    orders = ORDERS if canteens.county.host.database.dialect == "sqlite" else ORDERS // 20
    for _order in range(orders):
        lines = month[dice.randint(1, DAYS)]
        winners, extra = expected(lines)
        received, (has, waits, _owed) = played(canteens, cut(dice, lines))
        assert has == winners
        assert waits == extra
        assert sum(one.accepted + one.conflict + one.duplicate for one in received) >= len(lines)
        assert sum(one.refused for one in received) == 0
