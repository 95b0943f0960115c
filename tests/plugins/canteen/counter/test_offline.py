"""RS26, RS27: whatever order the entries of four terminals arrive in, a meal has one subsidy, and a forged one none."""

import json
from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy import func, select, text

from core.tables import table_of
from plugins.canteen.counter.conflicts import is_open_question
from plugins.canteen.counter.models import Swipe
from plugins.canteen.counter.uploading import upload

SITES = tuple(f"CT-430223103-00{place}" for place in range(1, 5))
ROLE = "canteen_operator"


class _Undo(Exception):
    """Takes uploads back, so that another order can be tried."""


def meals(canteens, dice, cards, days):
    """Entries of four terminals without network: some cards at two to four counters for one meal; and who ate when."""
    devices = [canteens.device(canteens.site(number)) for number in SITES]
    codes = [canteens.diner(f"老{chr(0x4E00 + place)}") for place in range(cards)]
    eaten, lines, seconds = {}, [], 0
    for day in range(1, days + 1):
        for code in codes:
            if dice.random() < 0.2:
                continue
            places = dice.sample(devices, dice.choice([1, 1, 1, 2, 3, 4]))
            eaten[code, day] = len(places)
            for device in places:
                seconds += 1
                at = f"2026-03-{day:02d}T11:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
                lines.append(device.write(code, at))
    return eaten, lines


def arrive(canteens, dice, lines):
    """Upload the lines shuffled, in pieces of any length, some twice; answers what stands, and takes it back."""
    some = [*lines, *dice.sample(lines, len(lines) // 5)]
    dice.shuffle(some)
    found = []
    with suppress(_Undo), canteens.county.begin(ROLE) as work:
        while some:
            size = dice.randrange(1, max(2, len(lines) // 2))
            upload(work, some[:size])
            del some[:size]
        connection = work.session.connection()
        for asked in (
            "SELECT person_id, day, site_id, subsidy_fen FROM canteen_subsidy ORDER BY 1, 2",
            "SELECT site_id, SUM(subsidy_fen) FROM canteen_subsidy GROUP BY site_id ORDER BY 1",
            "SELECT COUNT(*) FROM canteen_swipe WHERE state = 'standing'",
        ):
            found.append([tuple(map(str, row)) for row in connection.execute(text(asked))])
        asked = select(func.count()).select_from(table_of(Swipe)).where(is_open_question())
        found.append(connection.scalar(asked))
        raise _Undo
    return found


def judged(eaten, found):
    """What of the outcome is not one subsidy a meal and each extra swipe in question once."""
    subsidies, payable, [(standing,)], questions = found
    wrong = []
    if len(subsidies) != len(eaten) or len({row[:2] for row in subsidies}) != len(subsidies):
        wrong.append("not one subsidy a meal")
    if int(standing) != sum(eaten.values()) or questions != sum(eaten.values()) - len(eaten):
        wrong.append("an extra swipe is not in question once")
    if sum(int(fen) for _site, fen in payable) != sum(int(row[3]) for row in subsidies):
        wrong.append("a site is owed something else")
    return wrong


@pytest.mark.proof("RS26")
def test_in_whichever_order_entries_arrive_the_outcome_is_one(canteens, proof):
    dice, orders = proof.dice, proof.effort(quick=12, long=1_000)
    eaten, lines = meals(canteens, dice, cards=6, days=5)
    first = arrive(canteens, dice, lines)
    wrong = judged(eaten, first)
    for _order in range(orders):
        again = arrive(canteens, dice, lines)
        wrong += ["another outcome"] if again != first else []
    assert wrong == []
    proof.counted(orders, len(wrong))


@pytest.mark.proof("RS26")
def test_a_month_of_many_cards_without_network_is_subsidised_once_a_meal(canteens, proof):
    dice = proof.dice
    eaten, lines = meals(canteens, dice, cards=proof.effort(quick=20, long=500), days=proof.effort(quick=5, long=30))
    first = arrive(canteens, dice, lines)
    wrong = judged(eaten, first) + ([] if arrive(canteens, dice, lines) == first else ["another outcome"])
    assert wrong == []
    proof.counted(len(lines), len(wrong))


@pytest.mark.proof("RS27")
def test_whatever_is_forged_of_an_entry_it_has_no_subsidy(canteens, proof):
    dice, tries, wrong = proof.dice, proof.effort(quick=30, long=1_000), []
    device, code = canteens.device(canteens.site()), canteens.diner()
    honest = device.write(code, "2026-03-30T11:00:00")
    canteens.send(honest)
    before = canteens.subsidies()
    for place in range(tries):
        values = json.loads(honest)
        name = dice.choice(sorted(values))
        kinds = ["edited", "stranger", "unknown", "inserted"]
        kind = kinds[place % len(kinds)]
        if kind == "edited":
            old = values[name]
            values[name] = (
                old + 1 if type(old) is int else not old if type(old) is bool else f"{old or ''}0"[-len(str(old)) :]
            )
            if values[name] == old:
                values[name] = "0"
            line = json.dumps(values, ensure_ascii=False)
        elif kind == "inserted":
            line = json.dumps({**values, "counter": values["counter"] + 1 + place, "previous": values["mac"]})
        else:
            odd = {"key": dice.randbytes(32)} if kind == "stranger" else {"serial": f"{dice.randrange(16**16):016x}"}
            line = replace(device, counter=place + 5, **odd).write(code, "2026-03-29T11:00:00")
        with canteens.county.begin(ROLE) as work:
            done = upload(work, [line])
        if done.accepted or canteens.subsidies() != before:
            wrong.append((kind, name, line))
    assert wrong == []
    proof.counted(tries, len(wrong))
