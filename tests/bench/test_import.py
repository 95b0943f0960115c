"""J2: import of 100,000 people against what any import must do, in the same run."""

import io
import sqlite3

import pytest
from python_calamine import CalamineWorkbook

from core.demo.people import invent, write_roster
from tests.bench.counties import database_of
from tests.benching import at_most, cost, mebibytes

pytestmark = [pytest.mark.bench, pytest.mark.one_database]

MIDDLE, LARGE = 34_000, 98_000
"""Households: 100,000 people and, near the most that one file may hold, 288,000."""
ROUNDS = 3
TABLES = (
    "identity_person", "identity_document", "identity_bank_account", "household_household", "household_membership",
)  # fmt: skip


@pytest.fixture
def roster(county, tmp_path):
    """Rosters of so many households."""
    from core.households.areas import village_codes

    with county.look() as work:
        villages = sorted(village_codes(work))

    def of(households):
        file = tmp_path / f"roster-{households}.xlsx"
        write_roster(file, invent(households, villages))
        return file

    return of


def read(data):
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def finished_rows(file):
    """What the import wrote, ready to be written again: statement and rows by table."""
    from core.households.search import Indexed, tokens_of

    connection = sqlite3.connect(file)
    rows = {}
    for table in TABLES:
        found = connection.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in found.description]
        marks = ", ".join("?" * len(names))
        rows[table] = (f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", found.fetchall())
    people = connection.execute("SELECT id, name, initials, hukou_area, residence_area FROM identity_person")
    tokens = [(row[0], tokens_of(Indexed(*row))) for row in people]
    rows["household_search"] = ("INSERT INTO household_search (rowid, tokens) VALUES (?, ?)", tokens)
    connection.close()
    return rows


def emptied(file):
    """The same database without people, as it was before the import."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = off")
    for table in TABLES:
        connection.execute(f"DELETE FROM {table}")
    connection.execute("INSERT INTO household_search (household_search) VALUES ('delete-all')")
    connection.execute("VACUUM")
    connection.execute("PRAGMA foreign_keys = on")
    connection.execute("PRAGMA synchronous = full")
    return connection


def rounds_of(county, file):
    """Rounds of a whole import and of its parts: reading, writing the finished rows, writing plain rows."""
    data = file.read_bytes()
    imported(county, data)
    database = database_of(county)
    rows = finished_rows(database)
    county.close()
    rounds = []
    for _round in range(ROUNDS):
        connection = emptied(database)
        cells = read(data)
        was_read = cost(read, data)
        same = cost(written, connection, rows.values())
        connection.execute("CREATE TABLE plain (a, b, citizen_id TEXT UNIQUE, d, e, f, g, h, i, j, k)")
        plain = cost(written, connection, [(f"INSERT INTO plain VALUES ({', '.join('?' * 11)})", cells)])
        connection.execute("DROP TABLE plain")
        connection.close()
        emptied(database).close()
        county.reload()
        rounds.append((cost(imported, county, data), was_read + same, was_read + plain))
        county.close()
    emptied(database).close()
    return rounds


def test_an_import_costs_little_more_than_reading_and_writing(county, roster, bench):
    ratios = {}
    for households in (MIDDLE, *bench.pick((), (LARGE,))):
        title = f"J2 import of {households:,} households beside read and"
        whole, same, plain = zip(*rounds_of(county, roster(households)), strict=True)
        ratios[households] = bench.ratio(f"{title} same rows", zip(whole, same, strict=True), at_most(1.6))
        bench.ratio(f"{title} plain rows", zip(whole, plain, strict=True), at_most(4.0))
    if bench.full:
        bench.value(f"J2 growth from {MIDDLE:,} households", ratios[LARGE] / ratios[MIDDLE], at_most(1.15))


def written(connection, parts):
    connection.execute("BEGIN IMMEDIATE")
    for statement, values in parts:
        connection.executemany(statement, values)
    connection.execute("COMMIT")


def imported(county, data):
    from core.households.importing.run import import_file

    with county.begin() as work:
        outcome = import_file(work, data, "roster.xlsx")
    assert outcome.written.imported == len(outcome.checked.roster) > 1_000


_IMPORT = """
import sys
from core.cli.tree import run
assert run(["--home", sys.argv[1], "household", "import", sys.argv[2], "--json"]) == 0
"""


def test_an_import_keeps_to_its_memory(county, roster, bench):
    county.close()
    bench.value("J2 memory of an import", mebibytes(_IMPORT, county.home, roster(MIDDLE)), at_most(400, "MiB"))
