"""RS22, RS71: a county lives on for years, with and without what goes wrong, and its books stay right."""

import gc
import os
import shutil
import statistics
import time
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from core.households.search import rebuild_index
from core.testing import County, enabled
from core.web.testing import Browser
from tests.breaking import never_degraded
from tests.payable import SHARES, Payable, make_payable
from tests.recovery.living import FIRST, Life
from tests.rows import rows_by_table

PAGES = ("/", "/people", "/households", "/funds", "/tasks")
MEBIBYTES_A_MONTH = 1
SLOWER_AT_MOST = 1.5


def payable(county, count, months):
    make_payable(county, Payable(count=count, first=FIRST, before=FIRST, late=0, months=months + 2))
    enabled(county, "misbehaving")
    never_degraded(county).reload()
    with county.begin() as work:
        rebuild_index(work)
    return county


def lived(county, seed, months, tmp_path):
    """(hash of the ledger, what is broken, what was done) after some months by the dice of a seed."""
    life = Life(county, Random(seed), tmp_path / f"told-{seed}")
    broken = []
    for period in life.months(months):
        life.month(period)
        broken += life.broken()
    return life.ledger(), broken, life.done


@pytest.mark.proof("RS22")
def test_one_seed_makes_one_ledger_whatever_goes_wrong_on_the_way(_template, county, tmp_path, clock, proof):
    months, seeds = proof.effort(quick=1, long=24), proof.effort(quick=2, long=20)
    payable(county, 40, months)
    county.close()
    begun, wrong, done, hashes = clock.now(), [], {}, {}
    for turn in range(seeds):
        seed = proof.seed + turn // 2  # every seed is lived twice
        clock.set(begun)
        home = tmp_path / f"life-{turn}"
        copy = copied(county, home, _template)
        ledger, broken, did = lived(copy, seed, months, tmp_path)
        copy.close()
        _template.drop(home)
        wrong += broken
        wrong += [seed] if hashes.setdefault(seed, ledger) != ledger else []
        done = {name: done.get(name, 0) + count for name, count in did.items()}
    assert min(done.values()) > 0, f"the dice did not do everything: {done}"
    proof.counted(done["days"], found=len(wrong))


def copied(county, home, template):
    """The same county once more, as a new folder and, on PostgreSQL, as a new database."""
    shutil.copytree(county.home, home)
    made = County(home, county.clock, people=dict(county.people))
    if template.server:
        source = make_url(county.host.settings.database_url).database
        county.close()
        name = f"{source}_{home.name.replace('-', '_')}"
        template._execute(f"CREATE DATABASE {name} TEMPLATE {source}")  # noqa: SLF001 - a copy of a copy
        template.databases.setdefault(home, []).append(name)
        file = home / "config" / "counties" / f"{county.code}.toml"
        file.write_text(file.read_text().replace(f"/{source}?", f"/{name}?"))
    return made


@pytest.mark.proof("RS71")
def test_a_county_lives_two_years_and_neither_memory_nor_pages_nor_tables_grow_beyond_what_it_did(
    county, tmp_path, proof
):
    months, people = proof.effort(quick=2, long=24), proof.effort(quick=60, long=2_000)
    payable(county, people, months)
    life = Life(county, proof.dice, tmp_path / "told", calm=True, told_every=proof.effort(quick=7, long=1))
    memory, pages, sizes, broken = [], [], [], []
    with Browser(county) as browser:  # a county is served by one process all the time
        for period in life.months(months):
            life.month(period, backups=True)
            broken += life.broken()
            pages.append(slowest(browser))
            memory.append(held())
            sizes.append(rows_by_table(county.host))
    assert broken == []
    with county.host.database.transaction(write=False) as connection:
        paid = connection.scalar(text("SELECT sum(count) FROM funds_batch WHERE state = 'settled'"))
        parked = connection.scalar(text("SELECT count(*) FROM core_job WHERE state = 'parked'"))
        people_then = connection.scalar(text("SELECT count(*) FROM identity_person"))
    assert sizes[-1]["funds_payment"] == paid
    # Whoever enrolled is paid each month until the month after the death; nobody new enrols here.
    share = int(people * SHARES["allowance"][1])
    assert 0.8 * share * months <= paid <= share * months
    assert sizes[-1]["identity_person"] == people_then and parked == 0
    grown = [later["audit_record"] - before["audit_record"] for before, later in zip(sizes, sizes[1:], strict=False)]
    assert max(grown) <= 2 * statistics.median(grown), f"the audit grows faster and faster: {grown}"
    if proof.long:
        slope = growth(memory[months // 2 :])
        assert slope <= MEBIBYTES_A_MONTH, f"{slope:.1f} MiB a month: {memory}"
        assert pages[-1] <= SLOWER_AT_MOST * pages[0], pages
    proof.counted(life.done["days"])


def held():
    """MiB that the process holds now; what it held for a moment and gave back does not count."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def growth(values):
    """The median of the slopes between every two values: a step that is taken once is no growth, a leak is."""
    return statistics.median(
        (later - before) / (j - i) for (i, before), (j, later) in combinations(enumerate(values), 2)
    )


def slowest(browser):
    """The 95th percentile of the time a page takes, in seconds."""
    browser.sign_in("accountant")
    taken = []
    for _round in range(4):
        for page in PAGES:
            begun = time.perf_counter()
            assert browser.get(page).status_code in (200, 403)
            taken.append(time.perf_counter() - begun)
    return statistics.quantiles(taken[len(PAGES) :], n=20)[-1]
