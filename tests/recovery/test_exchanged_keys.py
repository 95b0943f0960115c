"""RS67: the key of a county is exchanged while people work, old backups open for ever, lost keys come back."""

import json
import multiprocessing
import os
import shutil
import signal
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.identity.actors import shell_actor
from core.identity.bulk import NewPeople, insert_people
from core.identity.models.persons import Document
from core.identity.sealed import NUMBER_COLUMN
from core.key_exchange import reseal
from core.sealed_columns import register_of
from core.tables import columns
from core.testing import CODE, TOWN, VILLAGE, County, run_command
from tests.payable import Payable, make_payable
from tests.people import citizen
from tests.recovery import exchanging, paying
from tests.recovery.test_backups import backup_of, elsewhere
from tests.recovery.test_kills import PATIENCE, tokens
from tests.upgrade import cutting
from tests.upgrade.contents import columns_of, rows_of

__all__ = ["elsewhere"]
LONGER = 150
"""How much longer a value may take to be opened, sealed and written to the disk than to be sealed alone. That takes a
few millionths of a second: 100,000 persons with three values each are done long before ten minutes."""
EVIDENCE = ("audit_", "funds_", "household_change")
STEPS = 15
"""A command that seals anew is killed within so many of its steps."""


@pytest.fixture
def people(proof):
    return proof.effort(quick=3_000, long=100_000)


@pytest.fixture
def registered(county, people, tmp_path):
    """So many people with number, telephone and account, and a month that was paid."""
    make_payable(county, Payable(count=60, first=paying.FIRST, before=paying.FIRST, late=0, months=1))
    paying.Payer(county.host, tokens(county), tmp_path / "paid.jsonl").pay(paying.FIRST)
    first = date(1930, 1, 1)
    born = [first + timedelta(days=at // 1000) for at in range(people)]
    numbers = [citizen(at % 1000, day.strftime("%Y%m%d")) for at, day in enumerate(born)]
    alike = {"ethnicity": "", "hukou_area": VILLAGE, "residence_area": VILLAGE, "address": "", "name": "王一"}
    with county.begin() as work:
        insert_people(
            work,
            NewPeople(
                **{name: [value] * people for name, value in alike.items()},
                sex=[1] * people,
                birth_date=born,
                phone=[f"1390000{at % 1000:04d}" for at in range(people)],
                citizen_id=numbers,
                bank_account=[f"6228480{at:010d}" for at in range(people)],
            ),
        )
        work.record("test.people", "test:2")
    return county


@pytest.fixture
def context():
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(["tests.recovery.exchanging", "tests.upgrade.cutting", "core.host", "core.api"])
    return made


def texts_of(county):
    """Every sealed text of the county by its place and row; raises when one does not open."""
    with county.look() as work:
        connection, found = work.session.connection(), {}
        for column in register_of(county.host, connection).columns:
            rows = connection.execute(select(column.table.c.id, column.cells).where(column.cells.is_not(None))).all()
            ids = [row[0] for row in rows]
            opened = work.keys.unseal_many(column.place, ids, [row[1] for row in rows])
            found.update(((column.place, row), text) for row, text in zip(ids, opened, strict=True))
    county.close()
    return found


def evidence_of(county):
    """The rows of money and audit."""
    names = {table: names for table, names in columns_of(county).items() if table.startswith(EVIDENCE)}
    return rows_of(county, names)


def changed_evidence(before, after):
    """Rows of money that differ, and rows of the audit that were there and are not; the head of the chain moves on."""
    lost = {one: set(before[one]) - set(after[one]) for one in before if one != "audit_head"}
    more = {one: set(after[one]) - set(before[one]) for one in before if one.startswith("funds_")}
    return [one for rows in (*lost.values(), *more.values()) for one in rows]


def standing(county):
    ran = run_command(county, ["keys", "show", "--json"])
    assert ran.exit_code == 0, ran.talk
    return ran.data


def killed_at(context, county, words, last):
    """Run a command in a process that is killed at its n-th step; answers whether it was."""
    hear, tell = context.Pipe(duplex=False)
    county.close()
    arguments = (str(county.home), words, county.clock.now().isoformat(), last, tell)
    process = context.Process(target=cutting.act, args=arguments)
    process.start()
    tell.close()
    process.join(PATIENCE)
    hear.close()
    return process.exitcode == -signal.SIGKILL


@pytest.mark.proof("RS67")
def test_a_key_is_exchanged_while_people_work_and_whoever_is_killed_goes_on(
    registered, people, context, tmp_path, proof
):
    county, told, dice = registered, tmp_path / "told.jsonl", proof.dice
    token = county.token(county.account("clerk", TOWN))
    before, texts = evidence_of(county), texts_of(county)
    hear, ready = context.Pipe(duplex=False)
    last, end = context.Pipe(duplex=False)
    worker = context.Process(target=exchanging.work_on, args=(str(county.home), token, str(told), ready, last))
    worker.start()
    try:
        assert hear.poll(PATIENCE), "the process did not begin"
        wait_for(told, worker, 1)
        assert run_command(county, ["keys", "rotate", "--reason", "年度更换"]).exit_code == 0
        kills = proof.effort(quick=4, long=40)
        killed = sum(killed_at(context, county, ["keys", "reseal"], dice.randint(1, STEPS)) for _kill in range(kills))
        left = standing(county)["remaining"]
        assert killed == kills and left > people // 2, "too little was left to be killed at"
        began = time.monotonic()
        done = reseal(county.host, shell_actor(county.host, "test"))
        took = (time.monotonic() - began) / done
        wait_for(told, worker, 2 + len(told.read_text().splitlines()))
        end.send(True)
        worker.join(PATIENCE)
        assert worker.exitcode == 0, "who worked meanwhile read something wrong"
    finally:
        worker.kill()
        worker.join()
    once = sealing_of(county, texts)
    said = [json.loads(line) for line in told.read_text().splitlines()]
    assert {1, 2} >= {one["read"] for one in said} - {0} and said[-1]["read"] in (0, 2)
    found = standing(county)
    assert run_command(county, ["keys", "reseal"]).exit_code == 0  # what was begun under the old key and ended since
    wrong = [one for one in standing(county)["values"] if one["number"] != 2 and not one["fixed"]]
    wrong += [one for one in found["values"] if one["number"] not in (1, 2)]
    after = texts_of(county)
    wrong += [place for place, text in texts.items() if after.get(place) != text]
    wrong += [one for one in said if number_of(county, one["person"]) != (one["number"], 2)]
    wrong += changed_evidence(before, evidence_of(county))
    for words in (["audit", "verify"], ["funds", "verify"]):
        wrong += [] if run_command(county, [*words, "--json"]).data["ok"] else [words]
    assert took / once <= LONGER, f"{took / once:.0f} times as long as sealing"
    proof.counted(people, found=len(wrong))


def wait_for(told, worker, lines):
    """Until somebody has said so much."""
    until = time.monotonic() + PATIENCE
    while not told.exists() or len(told.read_text().splitlines()) < lines:
        assert time.monotonic() < until and worker.exitcode is None, "who works meanwhile does not"
        time.sleep(0.02)


def sealing_of(county, texts):
    """Seconds for one value when all are sealed by the vault alone."""
    rows = [(row, text) for (place, row), text in texts.items() if place == NUMBER_COLUMN]
    ids, plain = [row for row, _text in rows], [text for _row, text in rows]
    began = time.monotonic()
    for _time in range(5):
        county.host.keys.seal_many(NUMBER_COLUMN, ids, plain)
    return (time.monotonic() - began) / (5 * len(rows))


def number_of(county, person):
    """The plain number of a person, and under which key it stands."""
    document = columns(Document)
    with county.look() as work:
        row = work.session.execute(select(document).where(document.person_id == person)).one()
        return work.keys.unseal(NUMBER_COLUMN, row.id, row.number_sealed), row.number_sealed[1]


@pytest.mark.proof("RS67")
def test_whenever_an_exchange_is_killed_everything_opens_and_the_next_one_ends_it(county, context, proof):
    dice, wrong, last, number = proof.dice, [], 0, 1
    person = county.person("王桂兰")
    for _trial in range(proof.effort(quick=3, long=60)):
        killed = True
        while killed:
            last += dice.randint(1, 4)
            killed = killed_at(context, county, ["keys", "rotate", "--reason", "x"], last)
            ring = county.host.keys.ring
            wrong += [] if ring.current in (number, number + 1) and max(ring.masters) <= number + 1 else [ring.current]
            number = ring.current
            with county.begin() as work:
                sealed = work.keys.seal("a.b", person, "x")
            county.close()
            assert county.host.keys.unseal("a.b", person, sealed) == "x"
        last = 0
        found = {key for key in os.listdir(county.home / "keys") if not key.endswith(".part")}
        assert found == {f"{CODE}.key"}
    assert number > 1
    wrong += [] if run_command(county, ["audit", "verify", "--json"]).data["ok"] else ["audit"]
    proof.counted(number - 1, found=len(wrong))


@pytest.mark.proof("RS67")
def test_a_backup_made_before_opens_with_the_old_key_and_with_the_ring(county, run, elsewhere, tmp_path, proof):
    person = county.person("王桂兰")
    old_key = tmp_path / "old.key"
    shutil.copy2(county.home / "keys" / f"{CODE}.key", old_key)
    before = backup_of(county)
    for words in (["rotate", "--reason", "x"], ["reseal"]):
        assert run("keys", *words).exit_code == 0
    county.clock.set(county.clock.now() + timedelta(seconds=1))
    after = backup_of(county)
    for file in (before, after):
        with elsewhere(file) as (other, ran):  # brings the ring along
            assert ran.exit_code == 0, ran.talk
            assert run_command(other, ["person", "show", person, "--json"]).data["id"] == person
            assert run_command(other, ["audit", "verify", "--json"]).data["ok"]
    shutil.copy2(old_key, county.home / "keys" / f"{CODE}.key")
    with elsewhere(before) as (other, ran):
        assert ran.exit_code == 0, ran.talk
        assert run_command(other, ["person", "show", person, "--json"]).data["id"] == person
    with elsewhere(after) as (_other, ran):
        assert ran.exit_code == 3 and "第 2 号" in ran.talk
    proof.counted(4)


@pytest.mark.proof("RS67")
def test_a_county_whose_key_is_lost_comes_back_with_two_of_three_shares(county, run, elsewhere, tmp_path, proof):
    person = county.person("王桂兰")
    assert run("keys", "rotate", "--reason", "x").exit_code == 0
    shares = [Path(one) for one in run("keys", "split", "-o", tmp_path / "shares", "--json").data["files"]]
    file = backup_of(county)
    (county.home / "keys" / f"{CODE}.key").unlink()
    recovered = 0
    for some in ((0, 1), (0, 2), (1, 2)):
        key = tmp_path / f"recovered-{some[0]}{some[1]}" / f"{CODE}.key"
        ran = run_command(County(tmp_path, county.clock), ["keys", "recover", *(shares[at] for at in some), "-o", key])
        assert ran.exit_code == 0, ran.talk
        shutil.copy2(key, county.home / "keys" / f"{CODE}.key")
        with elsewhere(file) as (other, ran):
            assert ran.exit_code == 0, ran.talk
            assert run_command(other, ["person", "show", person, "--json"]).data["id"] == person
        recovered += 1
    proof.counted(recovered)
