"""RS20: a clock that jumps changes no order, lends no session life, and moves no money into a month to come."""

import json
import os
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from core.audit.models import Record
from core.audit.queries import verify
from core.errors import Refused
from core.funds import batches, sources, verifying
from core.host import Clock, Host
from core.identity.actors import actor_by_token
from core.identity.models.accounts import Grant
from core.settings import load
from core.tables import columns, table_of
from core.testing import MORNING

JUMPS = tuple(
    timedelta(seconds=seconds)
    for seconds in (
        -1, -59, -301, -3_600, -86_400, -2_678_400, -34_560_000, 1, 301, 3_600, 86_400, 31_622_400, 315_576_000,
    )
)  # fmt: skip
DAYS = ("2028-02-28T23:59:59+08:00", "2028-02-29T00:00:00+08:00", "2027-12-31T23:59:59+08:00",
        "2028-03-01T00:00:01+08:00")  # fmt: skip
ZONES = ("Asia/Shanghai", "UTC", "America/New_York", "Pacific/Kiritimati")
TOLERATED = timedelta(minutes=5)


def records(county):
    """Number, time and what the clock said of every record."""
    row = columns(Record)
    with county.host.database.transaction(write=False) as connection:
        found = connection.execute(select(row.seq, row.at, row.body).order_by(row.seq)).all()
    return [(one.seq, one.at, json.loads(bytes(one.body))["details"].get("clock_said")) for one in found]


@pytest.fixture
def zone():
    """The zone of the machine, put back at the end."""
    before = os.environ.get("TZ")
    yield
    os.environ.pop("TZ", None)
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.proof("RS20")
def test_records_follow_each_other_whatever_the_clock_says_and_it_stands_there_when_it_lies(
    county, money, clock, zone, proof
):
    dice, wrong = proof.dice, []
    county.account("accountant")
    in_force(county)
    steps = [*JUMPS, *(datetime.fromisoformat(day) for day in DAYS)]
    rounds = proof.effort(quick=2, long=60)
    for place in range(rounds * len(steps)):
        step = steps[place % len(steps)] if place < len(steps) else dice.choice(steps)
        os.environ["TZ"] = dice.choice(ZONES)
        time.tzset()
        before = clock.now()
        until = before + step if isinstance(step, timedelta) else step
        clock.set(MORNING if abs(until.year - MORNING.year) > 40 else until)
        with county.begin("accountant") as work:
            began = work.now
            wish = {"code": f"C{place}", "name": "甲", "source": "PROV", "year": 2026, "document": str(place)}
            sources.add_fund(work, sources.NewFund(**wish, amount_fen=100, received=False))
            clock.set(clock.now() + dice.choice(JUMPS[:10]))  # in the midst of it
            if work.now != began:
                wrong.append((place, "the time moved within an act"))
    found = records(county)
    rising = all(b[0] == a[0] + 1 and b[1] >= a[1] for a, b in zip(found, found[1:], strict=False))
    lied = [said for _seq, at, said in found if said is not None and at - said > TOLERATED / timedelta(microseconds=1)]
    assert lied and rising
    with county.look("auditor") as work:
        assert verify(work).ok and verifying.verify(work) == []
    assert wrong == []
    proof.counted(rounds * len(steps), len(wrong))


def in_force(county):
    """Give every role since long ago: not whom a jump leaves without a role is asked here."""
    with county.host.database.transaction(write=True) as connection:
        connection.execute(update(table_of(Grant)).values(valid_from=date(2000, 1, 1)))


class Machine:
    """A machine's two clocks: one that people set, one that only goes on."""

    def __init__(self) -> None:
        self.time, self.seconds = datetime(2026, 11, 20, 1, tzinfo=UTC), 1_000

    def clock(self) -> Clock:
        """A clock that a process begins with."""
        return Clock(machine=lambda: self.time, passed=lambda: self.seconds)

    def wait(self, passed: timedelta) -> None:
        """Let time pass."""
        self.time, self.seconds = self.time + passed, self.seconds + int(passed.total_seconds())


@pytest.mark.proof("RS20")
def test_no_money_moves_while_the_clock_is_days_ahead_of_itself(county, money, proof):
    money.fund("F1", yuan=1_000)
    money.allocate(yuan=500)
    batch = money.roll([10_000])
    tokens = {role: county.token(county.account(role)) for role in ("accountant", "proposer")}
    in_force(county)
    tries, wrong = 0, []
    ahead = [timedelta(hours=hours) for hours in (0, 1, 47, 49, 24 * 31, 24 * 366, 24 * 3660)]
    for jump in (*ahead, *(-one for one in ahead[1:])):
        machine = Machine()
        host = Host(load(county.home), clock=machine.clock())
        machine.wait(timedelta(days=20))  # however long it has run
        machine.time += jump
        for role, act in (("accountant", _interest), ("proposer", lambda work: batches.submit(work, batch))):
            tries += 1
            refused = ""
            try:
                with host.begin(actor_by_token(host, tokens[role])) as work:
                    act(work)
                    work.records.clear()
                    raise _Undo
            except Refused as refusal:
                refused = refusal.objections[0].code
            except _Undo:
                pass
            if (refused == "E_CLOCK") != (jump > timedelta(hours=48)):
                wrong.append((jump, role, refused))
        host.close()
    assert wrong == []
    proof.counted(tries, len(wrong))


def _interest(work):
    sources.book_interest(work, "F1", 1, work.today)


class _Undo(Exception):
    """Takes an act back that was allowed."""


@pytest.mark.proof("RS20")
def test_a_clock_set_back_or_forward_lends_no_session_life(county, clock, client, proof):
    wrong, now = [], clock.now()
    client.sign_in("clerk")
    in_force(county)
    for jump in (timedelta(seconds=-1), timedelta(0), timedelta(minutes=3)):
        clock.set(now + jump)
        if "/sign-in" in str(client.get("/").url):
            wrong.append(("gone", jump))
    far = [timedelta(days=days) for days in (-400, -1, 1, 31, 3_660)]
    for jump in far:
        clock.set(now + jump)
        if "/sign-in" not in str(client.get("/").url):
            wrong.append(("alive", jump))
    assert wrong == []
    proof.counted(3 + len(far), len(wrong))
