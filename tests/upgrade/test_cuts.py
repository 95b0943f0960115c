"""RS68: an upgrade or a rollback that is killed at any step ends, run again, where it would have ended."""

import multiprocessing
import random
import re
import sys

import pytest

from core.testing import run_command
from core.upgrading import OWN, begun
from tests.upgrade import cutting
from tests.upgrade.contents import RECORDS, but, digest_of, rows_of

RUN, BACK = ["upgrade", "run"], ["upgrade", "rollback", "--yes"]
PATIENCE = 240
"""Seconds after which a process is taken to hang."""
OF_A_RUN = ("core_state", *RECORDS)
"""What tells how often a command ran: its records, the number of the settings, the mark of a restore."""


@pytest.fixture(scope="module")
def processes():
    """Processes that have everything imported when they begin."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["tests.upgrade.cutting", "core.host", "core.api", "core.upgrading", "core.cli.tree"]
    )
    return context


@pytest.fixture
def cut(processes, county):
    """Run a command and kill it at a step; answers how many steps it had, None when it was killed."""

    def until(words, last=0):
        county.close()
        hear, tell = processes.Pipe(duplex=False)
        now = county.clock.now().isoformat()
        process = processes.Process(target=cutting.act, args=(str(county.home), words, now, last, tell))
        process.start()
        tell.close()
        try:
            assert hear.poll(PATIENCE), f"{words} hangs"
            code, steps = hear.recv()
            assert code == 0, (words, last, code)
        except EOFError:
            steps = None
        process.join()
        assert steps is not None or process.exitcode == -9, (words, last, process.exitcode)
        return steps

    return until


def ok(county, words):
    """Run a command that must succeed."""
    ran = run_command(county, [*words, "--json"])
    assert ran.exit_code == 0, (words, ran.talk[-800:])
    return ran


def spread(count, steps, dice):
    """So many of the steps, one out of each equal part; all of them where there are no more."""
    if count >= steps:
        return range(1, steps + 1)
    edges = [steps * at // count for at in range(count + 1)]
    return [dice.randint(low + 1, high) for low, high in zip(edges, edges[1:], strict=False)]


def grew_by_upgrades_only(before, after):
    """Whether every old record is there still and only an upgrade's own came."""
    new = set(after["audit_record"]) - set(before["audit_record"])
    return set(before["audit_record"]) <= set(after["audit_record"]) and all(
        any(f"'{name}'" in row for name in OWN) for row in new
    )


NUMBERED = re.compile(r"^\(\d+, ")
"""The number of a row at the beginning of its text."""


def same(one, other):
    """Whether two counties hold the same, but for how often a command ran.

    The numbers of the parameters that an upgrade adds are left out: PostgreSQL does not give a number twice that a
    killed transaction drew.
    """
    return _held(one) == _held(other)


def _held(rows):
    policies = sorted(NUMBERED.sub("(", row) for row in rows["core_policy"])
    return digest_of({**but(rows, *OF_A_RUN), "core_policy": policies})


@pytest.mark.proof("RS68")
def test_an_upgrade_killed_at_any_step_ends_the_same_when_it_is_run_again_and_leads_back(county, cut, again, proof):
    old = rows_of(county)
    steps = cut(RUN)
    new = rows_of(county)
    wrong = []
    chosen = spread(proof.effort(quick=3, long=10_000), steps, proof.dice)
    for last in chosen:
        again(county)
        assert cut(RUN, last) is None, f"step {last} of {steps} was not reached"
        ok(county, RUN)
        went_on = rows_of(county)
        whole = begun(county.host.settings).finished and not ok(county, ["upgrade", "plan"]).data
        whole = whole and ok(county, ["audit", "verify"]).data["ok"]
        ok(county, BACK)
        back = rows_of(county)
        if not (whole and same(went_on, new) and grew_by_upgrades_only(old, went_on)):
            wrong.append(("upgrade", last))
        if not (same(back, old) and grew_by_upgrades_only(old, back)):
            wrong.append(("rollback", last))
    sys.stdout.write(f"{len(chosen)} of {steps} steps {wrong}\n")
    proof.counted(len(chosen), found=len(wrong))


@pytest.mark.proof("RS68")
def test_a_rollback_killed_at_any_step_ends_the_same_when_it_is_run_again(county, cut, again, proof):
    old = rows_of(county)
    ok(county, RUN)
    steps = cut(BACK)
    assert same(rows_of(county), old)
    wrong = []
    chosen = spread(proof.effort(quick=3, long=10_000), steps, random.Random(proof.seed))
    for last in chosen:
        again(county)
        ok(county, RUN)
        assert cut(BACK, last) is None, f"step {last} of {steps} was not reached"
        ran = run_command(county, [*BACK, "--json"])
        if ran.exit_code not in (0, 5) or not same(rows_of(county), old) or not kept_what_was(county):
            wrong.append((last, ran.exit_code, ran.talk[-300:]))
        if run_command(county, BACK).exit_code != 5:
            wrong.append((last, "twice"))
    sys.stdout.write(f"{len(chosen)} of {steps} steps {wrong}\n")
    proof.counted(len(chosen), found=len(wrong))


def kept_what_was(county):
    """Whether the upgraded database that was there is kept aside."""
    from sqlalchemy import text

    file = county.host.database.file
    if file:
        import sqlite3

        with sqlite3.connect(file.with_name(f"{file.name}.before-restore")) as connection:
            found = connection.execute("SELECT version_num FROM alembic_core").fetchone()[0]
        connection.close()
    else:
        with county.host.database.transaction(write=False) as connection:
            found = connection.scalar(text("SELECT version_num FROM before_restore.alembic_core"))
    county.close()
    return found != "core_0007"
