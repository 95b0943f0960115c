"""J9: the whole log verified, against a scan of the same rows by SQLite and one hash over the same bytes.

The rows have the columns of payment lines, the longest table a county has, and stand under records as a roll's do.
"""

import hashlib
import sqlite3

import pytest

from core.audit.blocks import ROWS_PER_BLOCK, RowLayout, seal
from core.audit.verifier import encode
from core.funds.bank_files import LINES
from tests.bench.counties import database_of
from tests.benching import at_most, cost, mebibytes

pytestmark = [pytest.mark.bench, pytest.mark.one_database]

TABLE = RowLayout("bench_line", LINES.columns, total=LINES.total)
NAMES = [name for name, _kind in TABLE.columns]
MIDDLE, LARGE, ROWS_OF_A_RECORD, ROUNDS = 300_000, 10_000_000, 100_000, 3


def line(number):
    """A payment line: scheme, family, month, part, amount, payee."""
    return (number, number // 30_000, "allowance", number % 90_000, "2026-11", "base", 0, 50_000 + number % 97, number)


def written(county, count):
    """Lines up to so many, sealed, one record for every hundred thousand; comes after those that are there."""
    typed = [f"{name} {'INTEGER' if kind == 'integer' else 'TEXT'}" for name, kind in TABLE.columns]
    with county.begin() as work:
        driver = work.session.connection().connection.driver_connection
        driver.execute(f"CREATE TABLE IF NOT EXISTS bench_line ({', '.join(typed)}, PRIMARY KEY (id)) STRICT")
        [done] = driver.execute("SELECT coalesce(max(id), 0) FROM bench_line").fetchone()
        work.record("bench.opened", "test:1")
    for first in range(done + 1, count + 1, ROWS_OF_A_RECORD):
        rows = [line(number) for number in range(first, min(first + ROWS_OF_A_RECORD, count + 1))]
        with county.begin() as work:
            driver = work.session.connection().connection.driver_connection
            driver.executemany(f"INSERT INTO bench_line VALUES ({', '.join('?' * len(NAMES))})", rows)
            work.record("bench.written", "test:1", sealed=seal(TABLE, rows))


def verified(county):
    from core.audit.queries import verify

    with county.look() as work:
        verdict = verify(work)
    assert verdict.ok and verdict.blocks, verdict


def limit(county):
    """SQLite looks at every column of every row, and the bytes of the rows are hashed."""
    connection = sqlite3.connect(database_of(county))
    seen = " + ".join(f"length({name})" for name in NAMES)
    count, _length = connection.execute(f"SELECT count(*), sum({seen}) FROM bench_line").fetchone()
    connection.close()
    data = b"".join(_encoded(line(number)) for number in range(1, ROWS_PER_BLOCK + 1))
    for _block in range(count // ROWS_PER_BLOCK):
        hashlib.sha256(data)


def _encoded(row):
    data = b"".join(encode(kind, value) for (_name, kind), value in zip(TABLE.columns, row, strict=True))
    return len(data).to_bytes(4, "big") + data


def test_a_log_is_verified_at_a_few_times_the_cost_of_reading_and_hashing_it(county, bench):
    ratios = {}
    for count in (MIDDLE, *bench.pick((), (LARGE,))):
        written(county, count)
        rounds = [(cost(verified, county), cost(limit, county)) for _round in range(ROUNDS)]
        ratios[count] = bench.ratio(f"J9 {count:,} rows verified beside scan and hash", rounds, at_most(4.5))
    if bench.full:
        bench.value(f"J9 growth from {MIDDLE:,} to {LARGE:,} rows", ratios[LARGE] / ratios[MIDDLE], at_most(1.15))


_VERIFY = """
import sys
from core.cli.tree import run
assert run(["--home", sys.argv[1], "audit", "verify", "--json"]) == 0
"""


def test_a_log_is_verified_in_little_memory_whatever_its_length(county, bench):
    county.close()
    empty = mebibytes(_VERIFY, county.home)
    count = bench.pick(MIDDLE, LARGE)
    written(county, count)
    county.close()
    more = mebibytes(_VERIFY, county.home) - empty
    bench.value(f"J9 memory for {count:,} rows above that for none", more, at_most(64, "MiB"))
