"""J2: import of 100,000 people against what any import must do, in the same run."""

import io
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from core.demo.people import invent, write_roster

pytestmark = [pytest.mark.bench, pytest.mark.one_database]

HOUSEHOLDS = 34_000
TABLES = (
    "identity_person", "identity_document", "identity_bank_account", "household_household", "household_membership",
)  # fmt: skip
GATE_SAME_ROWS, GATE_PLAIN_ROWS, GATE_MEBIBYTES = 1.6, 4.0, 400


@pytest.fixture
def roster(county, tmp_path) -> Path:
    with county.look() as work:
        from core.households.areas import village_codes

        villages = sorted(village_codes(work))
    file = tmp_path / "roster.xlsx"
    write_roster(file, invent(HOUSEHOLDS, villages))
    return file


def read(data: bytes) -> list:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def finished_rows(file: Path) -> dict[str, tuple[str, list[tuple]]]:
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


def emptied(file: Path) -> sqlite3.Connection:
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


def test_an_import_costs_little_more_than_reading_and_writing(county, roster, capsys):
    data, file = roster.read_bytes(), county.host.database.file
    imported(county, data, roster.name)
    rows = finished_rows(file)
    county.close()
    rounds = [one_round(county, file, rows, (data, roster.name)) for _round in range(3)]
    was_read, same, plain, total = (min(column) for column in zip(*rounds, strict=True))
    by_same, by_plain = total / (was_read + same), total / (was_read + plain)
    with capsys.disabled():
        for one in rounds:
            tell("  read {:.2f}  same rows {:.2f}  plain rows {:.2f}  import {:.2f} s".format(*one))
        tell(f"J2 import: {by_same:.2f} x (read + same rows), gate {GATE_SAME_ROWS}")
        tell(f"J2 import: {by_plain:.2f} x (read + plain rows), gate {GATE_PLAIN_ROWS}")
    assert by_same <= GATE_SAME_ROWS
    assert by_plain <= GATE_PLAIN_ROWS


def one_round(county, file: Path, rows: dict, roster: tuple[bytes, str]) -> tuple[float, float, float, float]:
    """Seconds of: reading, writing the finished rows, writing plain rows under a unique number, the whole import."""
    connection = emptied(file)
    started = time.perf_counter()
    cells = read(roster[0])
    was_read = time.perf_counter() - started
    same = written(connection, rows.values())
    connection.execute("CREATE TABLE plain (a, b, citizen_id TEXT UNIQUE, d, e, f, g, h, i, j, k)")
    plain = written(connection, [(f"INSERT INTO plain VALUES ({', '.join('?' * 11)})", cells)])
    connection.execute("DROP TABLE plain")
    connection.close()
    emptied(file).close()
    county.reload()
    total = imported(county, *roster)
    county.close()
    return was_read, same, plain, total


def written(connection: sqlite3.Connection, parts) -> float:
    started = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for statement, values in parts:
        connection.executemany(statement, values)
    connection.execute("COMMIT")
    return time.perf_counter() - started


def tell(text: str) -> None:
    sys.stdout.write(f"\n{text}")


def imported(county, data: bytes, title: str) -> float:
    from core.households.importing.run import import_file

    started = time.perf_counter()
    with county.begin() as work:
        outcome = import_file(work, data, title)
    took = time.perf_counter() - started
    assert outcome.written.imported == len(outcome.checked.roster) > 95_000
    return took


_IN_A_PROCESS = """
import sys
from core.cli.tree import run
code = run(["--home", sys.argv[1], "household", "import", sys.argv[2], "--json"])
# VmHWM, not ru_maxrss: the latter keeps the size of the process that started this one.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024, file=sys.stderr)
sys.exit(code)
"""


def test_an_import_keeps_to_its_memory(county, roster, capsys):
    county.close()
    command = [sys.executable, "-c", _IN_A_PROCESS, str(county.home), str(roster)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    mebibytes = int(ran.stderr.split()[-1])
    with capsys.disabled():
        tell(f"J2 import: {mebibytes} MiB at most, gate {GATE_MEBIBYTES}")
    assert mebibytes <= GATE_MEBIBYTES
