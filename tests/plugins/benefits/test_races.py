"""RS25: a benefit ends, or an account changes, in the very moment in which a month is built."""

import time
from threading import Thread

import pytest
from sqlalchemy import func, select

from core.errors import Clash, Refused
from core.funds import bank_files
from core.funds.models import Payment, Recovery
from core.funds.queries import find_batch
from core.tables import columns
from core.values import Period
from plugins.benefits.api import BuildRoll, build_roll, end_enrolment, resume, suspend
from plugins.benefits.services import rolls
from tests.core.funds.conftest import rows_of
from tests.racing import two_orders

FIRST = Period("1950-01")
MOMENT = 3
"""Seconds in which who need not wait for somebody has come to an end."""


@pytest.fixture
def old(place):
    """The place with money and standards from 1950 on, and two who are paid all along."""
    place.money()
    place.standard(since=str(FIRST))
    place.steady, place.restless = people = place.people(2)
    place.at, place.turns = place.enrol(people, since=str(FIRST), carried_over=True)[1], 0
    began = time.monotonic()
    released(place, FIRST)
    place.takes = time.monotonic() - began
    return place


def released(place, month):
    """Build a month and hand it out; a sheet with lines that are not due any more is refused, and built anew."""
    batch = built(place, month)
    try:
        return place.release(batch)
    except Refused:
        with place.county.look() as work:
            approved = find_batch(work, batch).state == "approved"
        if approved:
            place.step("send_back", batch, "disburser", "名册已变")
        return place.release(built(place, month))


def built(place, month):
    """Build a month; answers its batch."""
    with place.county.begin() as work:
        return build_roll(work, BuildRoll(scheme="allowance", period=str(month)))["batch"]


def change_somebody_else(place):
    """Another clerk pauses the benefit of somebody else, or lets it go on."""
    place.turns += 1
    with place.county.begin() as work:
        (suspend if place.turns % 2 else resume)(work, place.at, "2026-12", "另一笔")


def stop(place, enrolment, month):
    """End a benefit so that this month is not paid any more."""
    with place.county.begin() as work:
        end_enrolment(work, enrolment, str(month.plus(-1)), "停发")


def paid_and_claimed(place, person):
    """What stands in rolls for somebody, and what was claimed back of it, in fen."""
    line, claim = columns(Payment), columns(Recovery)
    with place.county.look() as work:
        paid = work.session.scalar(select(func.sum(line.amount_fen)).where(line.beneficiary_id == person))
        claimed = work.session.scalar(select(func.sum(claim.amount_fen)).where(claim.beneficiary_id == person))
    return paid or 0, claimed or 0


@pytest.mark.proof("RS25")
def test_a_benefit_that_ends_while_its_month_is_built_is_not_paid_or_claimed_back(old, proof):
    """Beside both, another clerk changes somebody else: who is third must not hide what is second."""
    races, dice = proof.effort(quick=8, long=500), proof.dice
    people, months = old.people(races, since=10), [FIRST.plus(race + 1) for race in range(races)]

    def begin(race):
        (enrolment,) = old.enrol([people[race]], since=str(months[race]), carried_over=True)

        def stop_at_some_moment():
            time.sleep(dice.uniform(0, 1.5 * old.takes))
            stop(old, enrolment, months[race])

        acts = [stop_at_some_moment, lambda: released(old, months[race]), lambda: change_somebody_else(old)]
        return acts, lambda *outcomes: outcomes == (None, None, None)

    wrong = two_orders(old.county, races, begin)
    released(old, months[-1].plus(1))
    ends = [paid_and_claimed(old, person) for person in people]
    wrong += [f"{person}: {end}" for person, end in zip(people, ends, strict=True) if end[0] != end[1]]
    assert wrong == []
    assert not proof.long or 0 < sum(paid > 0 for paid, _claimed in ends) < races, "the races had one order only"
    proof.counted(races, len(wrong))


@pytest.mark.proof("RS25")
def test_an_end_that_was_begun_before_and_written_after_a_roll_is_seen_by_the_next_one(old, proof):
    month, (person,) = FIRST.plus(1), old.people(1, since=10)
    (enrolment,) = old.enrol([person], since=str(month), carried_over=True)
    others = [
        Thread(target=lambda: change_somebody_else(old)),
        Thread(target=lambda: released(old, month)),
    ]
    with old.county.begin() as work:
        end_enrolment(work, enrolment, str(month.plus(-1)), "停发")
        for other in others:
            other.start()
            other.join(MOMENT)
    for other in others:
        other.join()
    released(old, month.plus(1))
    paid, claimed = paid_and_claimed(old, person)
    assert paid == claimed
    proof.counted(1)


@pytest.mark.proof("RS25")
def test_an_account_that_changes_while_a_month_is_built_is_in_its_file_or_in_the_next(old, proof):
    races, number = proof.effort(quick=6, long=500), "62284811100{:08d}"
    months = [FIRST.plus(race + 1) for race in range(races)]
    old.account(old.steady, number.format(0))
    orders = []

    def begin(race):
        batches = []

        def judged(*outcomes):
            old.release(batches[0])
            with old.county.begin("disburser") as work:
                sent = [row["账号"] for row in rows_of(bank_files.export(work, batches[0]).data)]
            before, now = (number.format(at) in sent for at in (race, race + 1))
            orders.append(now)
            return outcomes == (None, None) and before != now

        acts = [
            lambda: old.account(old.steady, number.format(race + 1)),
            lambda: batches.append(built(old, months[race])),
        ]
        return acts, judged

    wrong = two_orders(old.county, races, begin)
    assert wrong == []
    assert not proof.long or len(set(orders)) == 2, "the races had one order only"
    proof.counted(races, len(wrong))


@pytest.mark.parametrize("seen", ["nothing", "a draft"])
def test_a_roll_that_somebody_submitted_meanwhile_is_not_begun_from_what_was_seen_before(old, seen):
    batch = built(old, FIRST.next())
    with old.county.look() as work:
        seen_rolls = rolls._rolls(work, "allowance")
        rolls._refuse_overtaken(work, "allowance", (seen_rolls, seen_rolls[-1]), batch)
        before = (seen_rolls[:-1], None) if seen == "nothing" else (seen_rolls, seen_rolls[-1])
    old.step("submit", batch, "proposer")
    with old.county.look() as work, pytest.raises(Clash):
        rolls._refuse_overtaken(work, "allowance", before, batch + 1)
