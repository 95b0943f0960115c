"""The audit under load, and whatever cannot be recorded does not happen."""

import json
import multiprocessing
import random
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import text

from core.audit.queries import verify_connection
from core.errors import Fault, HuiminError, Refused
from core.identity.accounts import NewAccount, add_account
from core.identity.actors import actor_by_token, system_actor
from core.identity.events import Death, record_death
from core.identity.numbers import check_character
from core.jobs import drain
from core.roles import exclusions
from core.testing import CODE, enabled, run_command
from tests.rows import rows_by_table
from tests.security.commanding import commands, spoken
from tests.security.town import Town

ROOT = Path(__file__).parents[2]
ACTS = 20
"""Addresses and jobs that do something when they are asked with nothing but what every form carries."""
COMMANDS = 100
"""Commands that come to a record with likely words."""
FAULT = 70
BESIDE = re.compile(r"transaction\(write=True|\.begin\(\)|isolation_level=\"AUTOCOMMIT\"")
WRITERS = {
    *("core/identity/signing_in.py", "core/jobs.py", "core/founding.py", "core/migrating.py", "core/restoring.py"),
    *("core/breaker.py", "core/database.py", "core/testing.py"),
}
"""What writes beside units of work: tries to sign in, signs of life, the queue, faults of plugins as they are counted
(what follows from them is recorded), tables before there are any, tests."""
NOISE = {"identity_sign_in_attempt", "identity_session", "core_job", "core_state", "core_plugin_fault"}
"""Tables that hold no act of anybody: tries, signs of life, the queue, faults of plugins, the county's own notes."""


class ThoughtBetter(Exception):
    """Ends a unit of work that is to leave nothing."""


def write_records(home: str, token: str, dice: int, count: int) -> None:
    """What one of two processes does: so many units of work of one to three records, a tenth of them taken back."""
    from core.host import Host
    from core.settings import load

    host, chance = Host(load(Path(home))), random.Random(dice)
    actor = actor_by_token(host, token)
    left = count
    while left:
        some = min(left, chance.randint(1, 3))
        with suppress(ThoughtBetter), host.begin(actor, edge="command") as work:
            for number in range(some):
                work.record("tests.wrote", f"test:{dice}", number=left - number)
            if chance.random() < 0.1:
                raise ThoughtBetter
            left -= some


@pytest.mark.proof("RS29")
def test_two_processes_at_once_make_one_chain_without_forks_and_gaps(county, proof):
    each = proof.effort(150, 5_000)
    token = county.token(county.account("clerk"))
    with county.host.database.transaction(write=False) as connection:
        before = connection.scalar(text("SELECT seq FROM audit_head"))
    county.close()
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=write_records, args=(str(county.home), token, dice, each)) for dice in (1, 2)]
    for one in both:
        one.start()
    looks, alarms = 0, []
    while any(one.is_alive() for one in both):
        with county.host.database.transaction(write=False) as connection:
            found = verify_connection(connection, CODE)
        looks, alarms = looks + 1, [*alarms, *([] if found.ok else [found.reason])]
    assert [one.exitcode for one in both] == [0, 0]
    with county.host.database.transaction(write=False) as connection:
        found = verify_connection(connection, CODE)
        subjects = "SELECT subject, count(*) FROM audit_record WHERE action = 'tests.wrote' GROUP BY subject"
        counts = {row[0]: row[1] for row in connection.execute(text(subjects))}
    assert found.ok and found.records == before + 2 * each
    assert counts == {"test:1": each, "test:2": each}
    proof.counted(2 * each + looks, len(alarms))


def contents(town: Town) -> dict[str, int]:
    """What every table holds, as a digest; noise left out."""
    with sqlite3.connect(town.file) as file:
        names = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [name for name in names if name not in NOISE and "_search" not in name]
        return {name: hash(tuple(file.execute(f"SELECT * FROM {name}"))) for name in kept}


def knocks(town: Town, some: list) -> list[tuple[str, int]]:
    """Ask every unsafe address as the first role that may."""
    said = []
    for route in some:
        rights = set(route.right.split()) - {"-", "*"}
        role = next(one for one in town.roles if rights <= town.county.host.rights_of(one))
        said.append((f"{route.method} {route.path}", town.knock(route, town.address(route), town.of(role)).status))
    return said


@contextmanager
def no_record(file: Path) -> Iterator[None]:
    """While this lasts, no record can be written."""
    with sqlite3.connect(file) as one:
        one.execute(
            "CREATE TRIGGER no_record BEFORE INSERT ON audit_record BEGIN SELECT RAISE(ABORT, 'the audit fails'); END"
        )
    yield
    with sqlite3.connect(file) as one:
        one.execute("DROP TRIGGER no_record")


@pytest.mark.one_database
@pytest.mark.proof("RS32")
def test_what_cannot_be_recorded_is_not_done_and_what_is_done_is_recorded(town: Town, proof):
    """Every address that changes something, and every job: first while no record can be written, then as usual.

    A form without a word in it comes through at some twenty addresses; for the others the next test stands.
    """
    unsafe = [one for one in town.routes if one.method != "GET" and one.path != "/sign-out"]
    some = unsafe if proof.long else proof.dice.sample(unsafe, 60)
    jobs = [job for job in town.county.host.jobs.values() if job.every]
    jobs = jobs if proof.long else proof.dice.sample(jobs, 4)
    before = contents(town)
    with no_record(town.file):
        said = knocks(town, some)
        failed = {one for one, status in said if status >= 500}
        for job in jobs:
            with suppress(Exception):
                run_job(town, job)
    after = contents(town)
    assert {name for name in before if before[name] != after[name]} == set()
    unrecorded, recorded = [], 0
    for route in some:
        seq, old = head(town), contents(town)
        knocks(town, [route])
        changed = {name for name, digest in contents(town).items() if old[name] != digest}
        if changed and head(town) == seq:
            unrecorded.append(f"{route.method} {route.path}: {sorted(changed)}")
        recorded += bool(changed)
    for job in jobs:
        seq, old = head(town), contents(town)
        with suppress(HuiminError):
            run_job(town, job)
        changed = {name for name, digest in contents(town).items() if old[name] != digest}
        if changed and head(town) == seq:
            unrecorded.append(f"{job.name}: {sorted(changed)}")
        recorded += bool(changed)
    assert not unrecorded, "\n".join(unrecorded)
    assert not proof.long or (recorded >= ACTS and len(failed) >= ACTS), (recorded, len(failed))
    proof.counted(2 * (len(some) + len(jobs)))


@pytest.mark.one_database
@pytest.mark.proof("RS32")
def test_a_command_that_cannot_be_recorded_does_nothing_and_hands_out_no_file(town: Town, proof, tmp_path):
    """Every command there is, with likely words: first while no record can be written, then those that came so far."""
    every = commands()
    some = every if proof.long else proof.dice.sample(every, 24)
    settings, before = town.county.host.settings.file.read_text(encoding="utf-8"), contents(town)
    came, handed_out = [], []
    with no_record(town.file):
        for words, command in some:
            said = spoken(town, words, command, tmp_path)
            kept = set(tmp_path.iterdir())
            if run_command(town.county, said).exit_code == FAULT:
                came.append(said)
                handed_out += [f"{said}: {file}" for file in set(tmp_path.iterdir()) - kept]
    after = contents(town)
    assert {name for name in before if before[name] != after[name]} == set() and not handed_out
    assert town.county.host.settings.file.read_text(encoding="utf-8") == settings
    wrong, recorded = [], 0
    for said in came:
        seq, old = head(town), contents(town)
        ran = run_command(town.county, said)
        changed = {name for name, digest in contents(town).items() if old[name] != digest}
        wrong += [f"{' '.join(said)}: a fault of its own: {ran.talk}"] if ran.exit_code == FAULT else []
        wrong += [f"{' '.join(said)}: {sorted(changed)}"] if changed and head(town) == seq else []
        recorded += head(town) > seq
    assert not wrong, "\n".join(wrong)
    assert not proof.long or recorded >= COMMANDS, recorded
    proof.counted(len(some) + len(came))


@pytest.mark.one_database
@pytest.mark.proof("RS32")
def test_what_is_queued_or_told_to_a_plugin_waits_while_it_cannot_be_recorded(county, clock, proof):
    enabled(county, "every_hook")
    county.reload()
    person = county.person("刘洋")
    drain(county.host)  # what the calendar asks for is done
    with county.begin() as work:
        record_death(work, person, Death(on=work.today, source="死亡医学证明"))
        work.enqueue("every_hook.tidy")
    file, queues = county.host.database.file, ("core_job", "core_outbox")
    before = rows_by_table(county.host)
    with no_record(file):
        drain(county.host)
        states = [state for state in queued(file, queues) if state != "done"]
        assert rows_by_table(county.host) == before
    clock.set(clock.now() + timedelta(hours=1))
    drain(county.host)
    done, after = queued(file, queues), rows_by_table(county.host)
    assert states and set(states) == {"waiting"} and set(done) == {"done"}, (states, done)
    assert after["audit_record"] - before["audit_record"] >= len(states)
    proof.counted(2 * len(states))


def queued(file: Path, queues: tuple[str, ...]) -> list[str]:
    """The states of everything that waits its turn or waited."""
    with sqlite3.connect(file) as one:
        return [state for name in queues for (state,) in one.execute(f"SELECT state FROM {name} ORDER BY id")]


@pytest.mark.one_database
@pytest.mark.proof("RS32")
def test_nothing_is_written_but_in_a_unit_of_work_which_demands_a_record(county, proof):
    """A unit that wrote and recorded nothing fails; beside it only the doors, the queue and the founding write."""
    files = [file for folder in ("core", "plugins") for file in (ROOT / folder).rglob("*.py")]
    writers = {str(file.relative_to(ROOT)) for file in files if BESIDE.search(file.read_text(encoding="utf-8"))}
    assert writers == WRITERS
    with pytest.raises(Fault, match="nothing was recorded"), county.begin() as work:
        work.session.connection().execute(text("UPDATE identity_account SET office = 'x'"))
    with county.host.database.transaction(write=False) as connection:
        assert connection.scalar(text("SELECT count(*) FROM identity_account WHERE office = 'x'")) == 0
    proof.counted(len(files))


def head(town: Town) -> int:
    """The number of the last record."""
    with sqlite3.connect(town.file) as file:
        return file.execute("SELECT seq FROM audit_head").fetchone()[0]


def run_job(town: Town, job) -> None:
    """What the county does by itself, as it does it."""
    host = town.county.host
    module, _colon, name = job.run.partition(":")
    with host.begin(system_actor(host), edge="job") as work:
        getattr(import_module(module), name)(work)


NUMBERS = re.compile(r"(?<!\d)(\d{17}[\dXx])(?!\d)")
LONG = re.compile(r"(?<!\d)(62\d{14,17})(?!\d)")
PHONES = re.compile(r"(?<!\d)(1[3-9]\d{9})(?!\d)")


@pytest.mark.one_database
@pytest.mark.proof("RS33")
def test_a_year_of_records_says_who_when_where_and_what_and_holds_no_number_of_anybody(town: Town, proof):
    """Every record of the demo county's year."""
    wanted = {
        *("seq", "at", "county", "who", "where", "action", "subject", "area", "reason", "before", "after", "details"),
        *("correlation", "plugin", "sealed"),
    }
    with sqlite3.connect(town.file) as file:
        bodies = [bytes(body).decode() for (body,) in file.execute("SELECT body FROM audit_record")]
    wrong = []
    for body in bodies:
        said = json.loads(body)
        told = {**said, "at": "", "sealed": ""}
        if set(said) != wanted or not (
            said["who"]["name"] and said["action"] and said["subject"] and said["correlation"]
        ):
            wrong.append(f"{said['seq']}: incomplete")
        plain = re.sub(
            r'"(correlation|digest|hash|sheet_hash|sha256|code)": "[^"]*"', "", json.dumps(told, ensure_ascii=False)
        )
        wrong += [
            f"{said['seq']}: {one}" for one in NUMBERS.findall(plain) if check_character(one[:17]) == one[17].upper()
        ]
        wrong += [f"{said['seq']}: {one}" for one in (*LONG.findall(plain), *PHONES.findall(plain))]
        wrong += [
            f"{said['seq']}: secret" for word in ("password", "hm_") if word in plain and "password_set" not in plain
        ]
    assert not wrong, "\n".join(wrong[:20])
    proof.counted(len(bodies))


@pytest.mark.proof("RS35")
def test_no_account_holds_two_roles_that_may_not_meet_not_even_by_hand(county, proof):
    """Through the service, and through the database itself, for every pair, in both orders."""
    pairs = exclusions()
    pairs = pairs if proof.long else proof.dice.sample(pairs, 6)
    refused = 0
    for at, (one, other) in enumerate(pairs):
        with suppress(Refused), county.begin() as work:
            add_account(work, NewAccount(name=f"both{at}", roles=[one, other]))
            raise AssertionError(f"{one} and {other} met")
        refused += 1
        with county.begin() as work:
            add_account(work, NewAccount(name=f"one{at}", roles=[one]))
        with pytest.raises(Exception, match="."), county.host.database.transaction(write=True) as connection:
            connection.execute(
                text(
                    "INSERT INTO identity_grant (account_id, role, area, valid_from, granted_by)"
                    " SELECT id, :role, :area, '2026-11-20', id FROM identity_account WHERE name = :name"
                ),
                {"role": other, "area": CODE, "name": f"one{at}"},
            )
        with county.host.database.transaction(write=False) as connection:
            asked = (
                "SELECT count(*) FROM identity_grant g JOIN identity_account a ON a.id = g.account_id WHERE a.name = :n"
            )
            assert connection.scalar(text(asked), {"n": f"one{at}"}) == 1
        refused += 1
    proof.counted(refused)


@pytest.mark.proof("RS42")
def test_without_the_key_no_number_is_found_from_its_index_or_its_cipher(county, proof):
    """Who has the database and this program, and not the key: numbers tried one by one by every digest there is."""
    import hashlib

    vault, count = county.host.keys, proof.effort(300, 10_000)
    firsts = [f"430223195001{at // 999 % 28 + 1:02d}{at % 999:03d}" for at in range(count)]
    numbers = [first + check_character(first) for first in firsts]
    kept = set(vault.blind_many("citizen_id", numbers))
    sealed = vault.seal_many("identity_document.number", list(range(count)), numbers)
    same = vault.seal_many("identity_document.number", list(range(count)), [numbers[0]] * count)
    guesses = set()
    for number in numbers:
        for prefix in (b"", b"citizen_id", b"huimin", CODE.encode()):
            for digest in ("sha256", "sm3", "md5", "sha1", "sha512"):
                made = hashlib.new(digest, prefix + number.encode()).digest()
                guesses |= {made, made[:32]}
    assert len(kept) == count and not kept & guesses
    assert len(set(same)) == count and not any(
        number.encode() in one for number, one in zip(numbers, sealed, strict=True)
    )
    moved = 0
    for at in proof.dice.sample(range(count), min(count, 200)):
        with suppress(HuiminError, ValueError):
            vault.unseal("identity_document.number", (at + 1) % count, sealed[at])
            moved += 1
    proof.counted(count, moved)
