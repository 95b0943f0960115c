"""RS17: whichever operation fails, an act is done whole or not at all, the error is said, the next try succeeds."""

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import inspect, text

from core import backups, sample
from core.audit.queries import verify
from core.demo.people import HEADERS, invent
from core.funds import bank_files, batches, closing, queries, results, sources, verifying
from core.households.importing import rosters
from core.identity.actors import shell_actor
from core.testing import TOWN, VILLAGE
from tests.breaking import never_degraded
from tests.recovery.faults import failing


def state(county):
    """Every row that counts and every file of the county's data and backups, as one digest."""
    digest = hashlib.sha256()
    with county.host.database.transaction(write=False) as connection:
        for table in sorted(name for name in inspect(connection).get_table_names() if "_search" not in name):
            rows = connection.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608 - names of the database
            digest.update(repr(sorted(map(_plain, rows))).encode())
    for folder in ("bank-files", "minutes", "rosters"):
        for file in sorted(one for one in (county.home / "data" / folder).rglob("*") if one.is_file()):
            digest.update(str(file).encode() + file.read_bytes())
    return digest.hexdigest()


def _plain(row):
    return repr(tuple(bytes(value) if isinstance(value, memoryview) else value for value in row))


def roster():
    lines = [HEADERS, *(person.cells() for person in invent(4, [VILLAGE]))]
    return "\n".join(",".join(line) for line in lines).encode("utf-8-sig")


def road(county, money):
    """The acts of a month one after the other: (name, role, act); each stands on those before."""
    batch = 1
    data = roster()
    digest = hashlib.sha256(data).hexdigest()

    made = {}

    def export(work):
        made["file"] = bank_files.export(work, batch).data

    def answer(work):
        return results.take_result(work, batch, money.answer_of(made["file"]), "answer.csv")

    return [
        ("receive", "accountant", lambda work: sources.receive_fund(work, "F2", 100, work.today)),
        ("submit", "proposer", lambda work: batches.submit(work, batch)),
        ("review", "reviewer", lambda work: batches.review(work, batch)),
        ("approve", "approver", lambda work: batches.approve(work, batch)),
        ("release", "disburser", lambda work: batches.release(work, batch, 30_000)),
        ("export", "disburser", export),
        ("answer", "disburser", answer),
        ("statement", "accountant", lambda work: closing.enter_statement(work, "SPECIAL", work.today, _cash(work))),
        ("prepare", "accountant", lambda work: closing.close_month(work, "2026-11")),
        ("close", "auditor", lambda work: closing.close_month(work, "2026-11")),
        ("roster", "clerk", lambda work: rosters.store_roster(work, data, "名册.csv")),
        ("import", "clerk", lambda work: rosters.import_stored(work, rosters.list_rosters(work)[0].id, digest)),
    ]


def _cash(work):
    return sum(one["balance_fen"] for one in queries.balance_lines(work))


@pytest.fixture
def prepared(county, money, clock):
    """A roll that is built, with money and minutes, at the end of its month."""
    assert sample.is_sample() is False
    never_degraded(county)  # a fault of a plugin is written down after the act: that is not half of it
    minutes = {"body": "党政联席会议", "held_on": date(2026, 11, 2), "attended": 5, "members": 7}
    money.fund(yuan=1_000)
    money.fund("F2", yuan=10, received=False)
    money.allocate(yuan=900, **minutes)
    money.roll([10_000, 20_000])
    for role, area in (("reviewer", ""), ("approver", ""), ("disburser", ""), ("auditor", ""), ("clerk", TOWN)):
        county.account(role, area)
    clock.set(datetime(2026, 12, 2, 1, tzinfo=UTC))
    return money


@pytest.mark.proof("RS17")
def test_whichever_operation_fails_an_act_is_done_whole_or_not_at_all(county, prepared, proof, monkeypatch):
    tries, wrong, step = 0, [], proof.effort(quick=20, long=1)
    offset = proof.dice.randrange(step)
    for name, role, act in road(county, prepared):
        before, at = state(county), 1 + offset
        while True:
            outcome, countdown = attempt(county, (role, TOWN if role == "clerk" else ""), act, at, monkeypatch)
            if not countdown.failed:
                break
            tries += 1
            if outcome is None:
                wrong.append((name, at, countdown.failed, "nothing was said"))
                break
            if state(county) != before:
                wrong.append((name, at, countdown.failed, "half an act"))
                before = state(county)
            at += step
        if outcome is not None or state(county) == before:
            wrong.append((name, at, "the next try did not succeed", outcome))
        with county.look("auditor") as work:
            if verifying.verify(work) or not verify(work).ok:
                wrong.append((name, "invariants"))
    assert wrong == []
    proof.counted(tries, len(wrong))


def attempt(county, who, act, at, monkeypatch):
    """Try an act on a driver that fails at an operation; answers its error, or None, and the countdown."""
    unit = county.begin(*who)
    with failing(county, at, monkeypatch) as countdown:
        try:
            with unit as work:
                act(work)
        except Exception as error:  # noqa: BLE001 - whatever it is, it was said
            return error, countdown
    return None, countdown


@pytest.mark.proof("RS17")
def test_whichever_operation_of_a_backup_fails_the_ones_before_stay_and_no_half_one_is_there(
    county, prepared, clock, proof, monkeypatch
):
    whole, tries, wrong = backups.make(county.host, shell_actor(county.host, "test")).file, 0, []
    kept, at = whole.read_bytes(), 1
    while True:
        error = None
        clock.set(clock.now() + timedelta(minutes=1))
        with failing(county, at, monkeypatch) as countdown:
            try:
                backups.make(county.host, shell_actor(county.host, "test"))
            except Exception as found:  # noqa: BLE001 - whatever it is, it was said
                error = found
        files = [one for one in whole.parent.iterdir() if not one.name.startswith(".")]
        if not countdown.failed:
            break
        tries += 1
        if error is None or any(backups.check(county.host, one).problems for one in files):
            wrong.append((at, countdown.failed, error))
        at += proof.effort(quick=8, long=1)
    assert error is None and len(files) > 1 and whole.read_bytes() == kept
    assert not list((county.home / "data").glob(".scratch-*")), "a copy of the county lies about"
    assert wrong == []
    proof.counted(tries, len(wrong))
