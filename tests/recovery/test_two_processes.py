"""RS23: two processes pay a month at once: every line once, nobody told anything but that the other was first."""

import multiprocessing
import time

import pytest
from sqlalchemy import func, select

from core.funds import verifying
from core.funds.models import Batch, Payment
from core.tables import columns, table_of
from tests.payable import SHARES, Payable, make_payable
from tests.recovery import paying
from tests.recovery.test_kills import PATIENCE, broken_promises, tokens

LONGER = 1.5
"""How much longer two may take than one alone; beside it a fixed second or two, for what both begin with."""
BEGINNING = 3.0
TRIES = 3
"""Others work on the machine as well: of so many tries the best counts."""


@pytest.fixture
def many(county, proof):
    """A county with so many people on one roll a month."""
    people = proof.effort(quick=6_000, long=84_000)
    return make_payable(
        county, Payable(count=people, first=paying.FIRST, before=paying.FIRST, late=0, months=8)
    ), people


def paid_by(context, county, told, months, count):
    """So many processes pay months at once; answers how long they took and how they ended."""
    started = []
    for at in range(count):
        hear, ready = context.Pipe(duplex=False)
        go, wait = context.Pipe()
        arguments = (str(county.home), tokens(county), f"{told}-{at}", ready, wait, months)
        process = context.Process(target=paying.pay_months, args=arguments)
        process.start()
        assert hear.poll(PATIENCE), "the process did not begin"
        started.append((process, go))
    county.close()
    began = time.monotonic()
    for _process, go in started:
        go.send(True)
    for process, _go in started:
        process.join(PATIENCE * 5)
    return time.monotonic() - began, [process.exitcode for process, _go in started]


@pytest.mark.proof("RS23")
def test_two_processes_pay_a_month_once_and_take_little_longer_than_one(many, tmp_path, proof):
    county, people = many
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.recovery.paying", "core.host", "core.api", "plugins.benefits.plugin"])
    lines = int(people * SHARES[paying.SCHEME][1])
    months, wrong, longer = [], [], []
    while not longer or (min(longer) > LONGER and len(longer) < TRIES):
        first, second = f"2012-{len(months) + 1:02d}", f"2012-{len(months) + 2:02d}"
        alone, ends = paid_by(context, county, tmp_path / f"one-{first}", [first], 1)
        assert ends == [0]
        both, ends = paid_by(context, county, tmp_path / f"two-{second}", [second], 2)
        assert ends == [0, 0], "one of the two ended with an error"
        wrong += [one for at in range(2) for one in broken_promises(county, tmp_path / f"two-{second}-{at}")]
        months += [first, second]
        longer.append((both - BEGINNING) / alone)
    line, batch = columns(Payment), columns(Batch)
    with county.host.database.transaction(write=False) as connection:
        found = connection.execute(
            select(batch.period, batch.state, func.count(line.id), func.count(func.distinct(line.beneficiary_id)))
            .select_from(table_of(Batch).join(table_of(Payment), line.batch_id == batch.id))
            .group_by(batch.period, batch.state)
            .order_by(batch.period)
        ).all()
    assert [tuple(row) for row in found] == [(month, "settled", lines, lines) for month in months]
    with county.look("accountant") as work:
        assert verifying.verify(work) == []
    assert wrong == []
    assert min(longer) <= LONGER, f"two took {longer} as long as one"
    proof.counted(lines * len(months), len(wrong))
