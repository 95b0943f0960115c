"""RS15: whatever instant the power goes, no payment is lost and none is made twice."""

import json
import multiprocessing
import time

import pytest
from sqlalchemy import func, select

from core.audit.queries import verify
from core.funds import verifying
from core.funds.models import Batch, Payment
from core.tables import columns
from tests.payable import SHARES, Payable, make_payable
from tests.recovery import paying

PEOPLE = 4_000
LONGEST, PATIENCE = 0.9, 120
"""Seconds a process lives at most once it is at work, and how long it may take to begin."""
PROGRESS = 0.3
"""The share of kills that must come after something was done: else the test kills nothing but beginnings."""
STATES = ("building", "draft", "submitted", "reviewed", "approved", "released", "sent", "settled")
AFTER = {"building": "draft", "draft": "submitted", "submitted": "reviewed", "reviewed": "approved",
         "approved": "released", "released": "sent", "sent": "settled"}  # fmt: skip


@pytest.fixture
def paid(county, tmp_path):
    """A county that pays the same people month after month."""
    wish = Payable(count=PEOPLE, first=paying.FIRST, before=paying.FIRST, late=0, months=200)
    make_payable(county, wish)
    return county


def tokens(county):
    """The tokens of the four who pay."""
    return {role: county.token(county.account(role)) for role in paying.STEPS}


def payers():
    """Where processes that pay come from."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.recovery.paying", "core.host", "core.api", "plugins.benefits.plugin"])
    return context


def size(told):
    """How much was said so far, in bytes."""
    return told.stat().st_size if told.exists() else 0


def killed(context, county, told, dice, at_work):
    """Let a process pay for a random while, then kill it; answers how much it had said by then."""
    return killed_in(context, paying.go_on, (str(county.home), tokens(county), str(told)), told, dice, at_work=at_work)


def begun(context, work, arguments):
    """A process that works, once it does."""
    hear, ready = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(*arguments, ready))
    process.start()
    ready.close()
    assert hear.poll(PATIENCE), "the process did not begin"
    return process


def killed_in(context, work, arguments, told, dice, *, at_work, longest=LONGEST):
    """Let a process work for a random while, then kill it; answers how much it had said by then.

    ``at_work`` has it say something first, however slow the machine is: who is killed at the beginning proves little.
    """
    before = size(told)
    process = begun(context, work, arguments)
    until = time.monotonic() + (PATIENCE if at_work else 0)
    while time.monotonic() < until and size(told) == before and process.exitcode is None:
        time.sleep(0.01)
    process.join(dice.uniform(0, longest))
    ended_itself = process.exitcode is not None
    process.kill()
    process.join()
    assert not ended_itself, f"the process ended by itself: {process.exitcode}"
    return size(told) - before


def broken_promises(county, told):
    """What was acknowledged and is not there, and what is there twice."""
    said = [json.loads(line) for line in told.read_text().splitlines()] if told.exists() else []
    with county.host.database.transaction(write=False) as connection:
        batch, line = columns(Batch), columns(Payment)
        found = {row.id: row for row in connection.execute(select(batch.id, batch.state, batch.count, batch.total_fen))}
        twice = connection.execute(
            select(line.beneficiary_id, line.for_month)
            .group_by(line.scheme, line.beneficiary_id, line.for_month)
            .having(func.count() > 1)
        ).all()
        lines = dict(connection.execute(select(line.batch_id, func.count()).group_by(line.batch_id)).all())
    lost = [one for one in said if one["after"] != "chunk" and not _kept(one, found.get(one["batch"]))]
    uneven = [row for row in found.values() if lines.get(row.id, 0) != row.count]
    return [*lost, *twice, *uneven]


def _kept(one, batch):
    """Whether what was said of a batch is there still, or something later."""
    if batch is None or STATES.index(batch.state) < STATES.index(AFTER[one["after"]]):
        return False
    return (batch.count, batch.total_fen) == (one.get("lines", batch.count), one.get("fen", batch.total_fen))


@pytest.mark.proof("RS15")
def test_no_payment_is_lost_and_none_is_made_twice_whenever_a_run_is_killed(paid, tmp_path, proof):
    told, context = tmp_path / "told.jsonl", payers()
    paid.close()
    dice, kills, progressed = proof.dice, proof.effort(quick=8, long=300 if proof.database == "sqlite" else 200), 0
    found = []
    for kill in range(kills):
        progressed += killed(context, paid, told, dice, at_work=kill % 2) > 0
        found += broken_promises(paid, told)
        paid.close()
    with paid.look("accountant") as work:
        assert verifying.verify(work) == []
    proof.counted(kills, found=len(found))
    assert progressed >= kills * PROGRESS, f"{progressed} of {kills} kills came after something was done"
    assert int(PEOPLE * SHARES[paying.SCHEME][1]) > paying.PART


@pytest.mark.proof("RS29")
def test_books_rolls_and_chain_add_up_at_any_moment_while_money_is_paid(paid, tmp_path, proof):
    """Who verifies beside somebody who pays hears of no fault: what is asked is of one moment."""
    told, wanted, looks, found = tmp_path / "told.jsonl", proof.effort(quick=6, long=60), 0, []
    paid.close()
    process = begun(payers(), paying.go_on, (str(paid.home), tokens(paid), str(told)))
    while process.exitcode is None and (looks < wanted or not size(told)):
        with paid.look("accountant") as work:
            found += verifying.verify(work)
        with paid.look("auditor") as work:
            verdict = verify(work)
        found += [] if verdict.ok else [verdict.reason]
        looks += 1
    ended_itself = process.exitcode is not None
    process.kill()
    process.join()
    assert not ended_itself, f"the process ended by itself: {process.exitcode}"
    proof.counted(2 * looks, len(found))
