"""RS18: a write-ahead log cut off or with a bit flipped opens as the county stood after some act, whole, and sound."""

import random
import shutil
import sqlite3

import pytest
from sqlalchemy import select

from core.audit.queries import verify
from core.funds import verifying
from core.funds.models import Transfer
from core.tables import columns
from core.testing import CODE, County
from tests.core.funds.conftest import Money

pytestmark = pytest.mark.one_database

ACTS = 12


@pytest.fixture
def logged(county, money):
    """A county whose last acts are in its log alone: its file, and the state after each act by the log's length."""
    money.fund(yuan=1_000_000)
    money.allocate(yuan=900_000)
    file = county.home / "data" / f"{CODE}.db"
    log = file.with_name(f"{file.name}-wal")
    roles = ("proposer", "reviewer", "approver", "disburser", "accountant")
    for role in roles:
        county.account(role)
    money.persons(4)
    with sqlite3.connect(file, isolation_level=None) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    keeper = sqlite3.connect(file, isolation_level=None)
    keeper.execute("BEGIN")
    keeper.execute("SELECT count(*) FROM funds_fund").fetchone()  # a reader holds the log as it is
    states = [(0, state(file))]
    for place, act in enumerate(acts(money)):
        act(place)
        states.append((log.stat().st_size, state(file)))
    assert all(after > before for (before, _one), (after, _two) in zip(states, states[1:], strict=False))
    yield file, log, states
    keeper.close()


def acts(money: Money):
    """Acts one after the other, each a transaction of its own."""

    def fund(place):
        money.fund(f"L{place}", yuan=place + 1)

    def roll(place):
        money.roll([1_000 + place, 2_000], month=f"2020-{place % 12 + 1:02d}")

    return [roll if place % 3 == 2 else fund for place in range(ACTS)]


def state(file):
    """What stands: the chain's head, how many transfers and lines, and their sum."""
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA query_only = 1")
        head = connection.execute("SELECT seq, hash FROM audit_head").fetchone()
        sums = [
            connection.execute(f"SELECT count(*), coalesce(sum(amount_fen), 0) FROM {table}").fetchone()  # noqa: S608
            for table in ("funds_transfer", "funds_payment")
        ]
    connection.close()
    return (*head, *sums)


def spoil(dice: random.Random, log):
    """Cut the log or flip a bit of it somewhere; answers from where on it is not what it was."""
    content = bytearray(log.read_bytes())
    place = dice.randrange(len(content))
    if dice.random() < 0.5:
        del content[place:]
    else:
        content[place] ^= 1 << dice.randrange(8)
    log.write_bytes(content)
    return place


@pytest.mark.proof("RS18")
def test_a_spoiled_log_opens_as_the_county_after_an_act_with_all_that_was_on_the_disk_before(logged, tmp_path, proof):
    file, log, states = logged
    dice, trials, bad = proof.dice, proof.effort(quick=100, long=2_000), []
    copy = tmp_path / "spoiled.db"
    whole = [one for _size, one in states]
    for trial in range(trials):
        shutil.copy(file, copy)
        shutil.copy(log, copy.with_name("spoiled.db-wal"))
        copy.with_name("spoiled.db-shm").unlink(missing_ok=True)
        place = spoil(dice, copy.with_name("spoiled.db-wal"))
        acknowledged = max(at for at, (size, _one) in enumerate(states) if size <= place)
        found = state(copy)
        with sqlite3.connect(copy) as connection:
            sound = connection.execute("PRAGMA quick_check").fetchone()[0]
        connection.close()
        if sound != "ok" or found not in whole or whole.index(found) < acknowledged:
            bad.append((trial, place, found))
    assert bad == []
    proof.counted(trials, len(bad))


@pytest.mark.proof("RS18")
def test_a_county_whose_log_was_cut_works_on(logged, county, proof):
    file, log, _states = logged
    dice, trials = proof.dice, proof.effort(quick=2, long=40)
    for trial in range(trials):
        home = county.home.with_name(f"cut-{trial}")
        county.close()
        shutil.copytree(county.home, home)
        spoil(dice, home / "data" / log.name)
        (home / "data" / f"{file.name}-shm").unlink(missing_ok=True)
        other = County(home, county.clock, people=dict(county.people))
        with other.look("auditor") as work:
            assert verifying.verify(work) == [] and verify(work).ok
            before = work.session.connection().execute(select(columns(Transfer).id)).all()
        Money(other).fund("AFTER", yuan=7)
        with other.look("auditor") as work:
            assert verifying.verify(work) == [] and verify(work).ok
            assert len(work.session.connection().execute(select(columns(Transfer).id)).all()) == len(before) + 1
        other.close()
        shutil.rmtree(home)
    proof.counted(trials)
