"""The audit chain: whatever is changed in it, by whatever way, is found and named."""

import json
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core.audit import verifier
from core.audit.blocks import RowLayout, seal
from core.audit.chain import Entry, append, microseconds
from core.audit.queries import verify_connection
from core.database import Database
from core.errors import Fault
from core.migrations.versions import core_0002_audit

COUNTY = "430223"
MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ALL = [*verifier.GUARDED]
CARD, NO_CARD = "6222021234567890128", "6222021234567890127"
"""Nineteen figures whose sum fits that of a bank card, and nineteen whose sum does not."""
MEALS = RowLayout(
    "meal",
    (("id", "integer"), ("who", "text"), ("on_day", "date"), ("at", "time"), ("card", "bytes"), ("fen", "integer")),
    "fen",
)


@dataclass(frozen=True)
class Clerk:
    account_id: int = 3
    name: str = "liu"
    grants: tuple = ()
    operating_user: str = "root"
    address: str = "127.0.0.1"


def entry(number: int = 1, **more) -> Entry:
    given = {"county": COUNTY, "at": MORNING + timedelta(minutes=number), "actor": Clerk(), "edge": "command"}
    return Entry(**{**given, "action": "canteen.booked", "subject": f"person:{number}", "area": COUNTY, **more})


@pytest.fixture
def kept(tmp_path):
    file = tmp_path / "430223.db"
    file.touch()
    database = Database(f"sqlite:///{file}")
    with database.transaction(write=True) as connection:
        with Operations.context(MigrationContext.configure(connection)):
            core_0002_audit.upgrade()
        connection.execute(text("CREATE TABLE meal (id INTEGER PRIMARY KEY, who, on_day, at, card, fen)"))
    yield database
    database.close()


def fill(database: Database, count: int = 40, start: int = 1) -> None:
    with database.transaction(write=True) as connection:
        for number in range(start, start + count):
            append(connection, "sha256", entry(number, before={"address": "东门"}, after={"address": f"{number}号"}))


def eat(database: Database, ids: range) -> None:
    stored = "2026-11-23 01:00:00.000000"
    rows = [(i, f"person:{i}", date(2026, 11, 23), MORNING, b"card" if i % 2 else None, 650) for i in ids]
    with database.transaction(write=True) as connection:
        connection.execute(
            text("INSERT INTO meal VALUES (:i, :who, :on, :at, :card, :fen)"),
            [{"i": r[0], "who": r[1], "on": "2026-11-23", "at": stored, "card": r[4], "fen": r[5]} for r in rows],
        )
        sealed = seal(MEALS, rows)
        append(connection, "sha256", entry(1, action="canteen.closed", subject="day:1", details={"sealed": sealed}))


def verdict(database: Database, outside=()) -> verifier.Verdict:
    with database.transaction(write=False) as connection:
        return verify_connection(connection, COUNTY, outside)


def alone(database: Database, *arguments: str) -> tuple[int, dict]:
    """What the stand-alone file says, run as a program of its own."""
    return run_on(database.file, "--county", COUNTY, *arguments)


def run_on(file: Path, *arguments: str) -> tuple[int, dict]:
    command = [sys.executable, "-I", verifier.__file__, str(file), *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    return ran.returncode, json.loads(ran.stdout)


@contextmanager
def tampering(database: Database):
    """Work on the file as somebody who can open it: guards are dropped and put back word for word."""
    connection = sqlite3.connect(database.file)
    guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _sql in guards:
        connection.execute(f"DROP TRIGGER {name}")
    yield connection
    for _name, sql in guards:
        connection.execute(sql)
    connection.commit()
    connection.close()


COLUMNS = {
    "at": 7,
    "actor": "mallory",
    "action": "canteen.gone",
    "subject": "person:999",
    "area": "430223101",
    "body": b'{"seq":1}',
    "algorithm": "sm3",
    "previous": b"x" * 32,
    "hash": b"y" * 32,
}


@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_column_of_a_record_is_found_and_named(kept, column):
    fill(kept)
    with tampering(kept) as file:
        file.execute(f"UPDATE audit_record SET {column} = ? WHERE seq = 17", (COLUMNS[column],))
    assert verdict(kept).first_bad == 17
    code, said = alone(kept)
    assert (code, said["first_bad"], said["ok"]) == (1, 17, False)


def delete_one(file):
    file.execute("DELETE FROM audit_record WHERE seq = 9")
    return 9


def delete_range(file):
    file.execute("DELETE FROM audit_record WHERE seq BETWEEN 12 AND 20")
    return 12


def insert_behind(file):
    file.execute(
        "INSERT INTO audit_record SELECT 41, at, actor, action, subject, area, body, algorithm, hash, previous"
        " FROM audit_record WHERE seq = 40"
    )
    return 41


def insert_between(file):
    for seq in range(40, 20, -1):
        file.execute("UPDATE audit_record SET seq = ? WHERE seq = ?", (seq + 1, seq))
    file.execute(
        "INSERT INTO audit_record SELECT 21, at, actor, action, subject, area, body, algorithm, x'00', hash"
        " FROM audit_record WHERE seq = 20"
    )
    return 21


def swap_two(file):
    for old, new in ((5, -1), (30, 5), (-1, 30)):
        file.execute("UPDATE audit_record SET seq = ? WHERE seq = ?", (new, old))
    return 5


def reorder(file):
    rows = [row[0] for row in file.execute("SELECT seq FROM audit_record WHERE seq > 25 ORDER BY seq")]
    random.Random(1).shuffle(rows)
    for place, seq in enumerate(rows):
        file.execute("UPDATE audit_record SET seq = ? WHERE seq = ?", (1000 + place, seq))
    file.execute("UPDATE audit_record SET seq = seq - 974 WHERE seq >= 1000")
    return next(26 + place for place, seq in enumerate(rows) if seq != 26 + place)


def truncate_tail(file):
    file.execute("DELETE FROM audit_record WHERE seq > 33")
    return 34


def duplicate(file):
    file.execute(
        "INSERT INTO audit_record SELECT 41, at, actor, action, subject, area, body, algorithm, x'01', hash"
        " FROM audit_record WHERE seq = 8"
    )
    return 41


def replace_head(file):
    file.execute("UPDATE audit_head SET hash = ?", (b"z" * 32,))
    return 40


KINDS = [
    delete_one, delete_range, insert_behind, insert_between, swap_two, reorder, truncate_tail, duplicate, replace_head,
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_tampering_is_found_at_its_first_record(kept, kind):
    fill(kept)
    with tampering(kept) as file:
        bad = kind(file)
    assert verdict(kept).first_bad == bad
    assert alone(kept)[1]["first_bad"] == bad


def test_a_chain_rewritten_after_an_anchor_is_found_with_the_anchor(kept):
    fill(kept, 30)
    with kept.transaction(write=False) as connection:
        seq, digest = connection.execute(text("SELECT seq, hash FROM audit_head")).one()
    paper = f"{seq} {verifier.anchor_code(COUNTY, seq, digest)}"
    fill(kept, 10, 31)
    with tampering(kept) as file:
        file.execute("DELETE FROM audit_record WHERE seq > 20")
        last = file.execute("SELECT seq, hash FROM audit_record WHERE seq = 20").fetchone()
        file.execute("UPDATE audit_head SET seq = ?, hash = ?", last)
    fill(kept, 20, 100)
    assert verdict(kept).ok
    assert verdict(kept, [verifier.typed_anchor(COUNTY, paper)]).first_bad == 30
    assert alone(kept, "--anchor", paper)[1]["first_bad"] == 30


@pytest.mark.proof("RS30")
def test_a_truncated_chain_with_a_mended_head_is_found_with_the_anchor(kept, proof):
    fill(kept, 30)
    with kept.transaction(write=False) as connection:
        seq, digest = connection.execute(text("SELECT seq, hash FROM audit_head")).one()
    with tampering(kept) as file:
        file.execute("DELETE FROM audit_record WHERE seq > 20")
        last = file.execute("SELECT seq, hash FROM audit_record WHERE seq = 20").fetchone()
        file.execute("UPDATE audit_head SET seq = ?, hash = ?", last)
    anchor = verifier.Anchor(1, 0, seq, digest, 0)
    assert verdict(kept, [anchor]).first_bad == 21
    proof.counted(1)


def test_a_chain_of_another_county_is_not_ours(kept):
    with kept.transaction(write=True) as connection:
        append(connection, "sha256", entry(1, county="430224"))
    assert verdict(kept).first_bad == 1


def test_a_dropped_guard_is_named(kept):
    fill(kept, 3)
    file = sqlite3.connect(kept.file)
    file.execute("DROP TRIGGER audit_record_no_delete")
    file.commit()
    assert verdict(kept).first_bad == "audit_record_no_delete"
    assert alone(kept)[1]["first_bad"] == "audit_record_no_delete"


def test_untouched_logs_raise_no_alarm(kept):
    fill(kept, 60)
    eat(kept, range(1, 3001))
    eat(kept, range(3005, 3007))
    found = verdict(kept)
    assert (found.ok, found.records, found.blocks, found.first_bad) == (True, 62, 4, None)
    code, said = alone(kept)
    assert (code, said) == (0, {"ok": True, "records": 62, "blocks": 4, "head": found.head, "first_bad": None})


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE meal SET fen = 651 WHERE id = 1500", "meal:2"),
        ("UPDATE meal SET card = NULL WHERE id = 1", "meal:1"),
        ("UPDATE meal SET on_day = '2026-11-24' WHERE id = 3", "meal:1"),
        ("UPDATE meal SET at = '2026-11-23 01:00:00.000001' WHERE id = 3", "meal:1"),
        ("DELETE FROM meal WHERE id = 2999", "meal:3"),
        ("DELETE FROM meal", "meal:1"),
        ("INSERT INTO meal SELECT 5000, who, on_day, at, card, fen FROM meal WHERE id = 1", "meal#5000"),
        ("DELETE FROM audit_block WHERE number = 3", "meal:1"),
        ("DELETE FROM audit_block WHERE number = 2", "meal:2"),
        ("UPDATE audit_block SET total = total + 1 WHERE number = 2", "meal:1"),
        ("UPDATE audit_block SET count = 3 WHERE number = 2", "meal:1"),
        ("UPDATE audit_block SET record_seq = 1 WHERE number = 2", "meal:2"),
        ("UPDATE audit_block SET algorithm = 'sm3' WHERE number = 2", "meal:2"),
        ("UPDATE audit_block SET last_id = last_id + 1 WHERE number = 3", "meal:3"),
        ("UPDATE audit_block SET first_id = first_id + 1 WHERE number = 3", "meal:3"),
        ("UPDATE audit_layout SET layout = replace(layout, 'fen', 'who')", "meal:1"),
        ("DELETE FROM audit_layout", "meal:1"),
    ],
)
def test_a_touched_row_block_or_layout_is_found(kept, statement, place):
    fill(kept, 3)
    eat(kept, range(1, 3001))
    with tampering(kept) as file:
        file.execute(statement)
    found = verdict(kept)
    assert found.first_bad == place
    assert alone(kept)[1]["first_bad"] == place


def test_an_export_is_verified_like_the_database(kept, tmp_path):
    fill(kept, 5)
    eat(kept, range(1, 1500))
    from core.audit import queries

    class Reader:
        """A reader with every right; the right itself is tested at the command."""

        class settings:  # noqa: N801
            class county:  # noqa: N801
                code = COUNTY

        def require(self, *_right, **_area):
            return None

    with kept.transaction(write=False) as connection:
        work = Reader()
        work.session = type("Session", (), {"connection": lambda self: connection})()
        lines = list(queries.export_lines(work))
    good = tmp_path / "good.jsonl"
    good.write_text("\n".join(lines), encoding="utf-8")
    code, said = run_on(good)
    assert (code, said["ok"], said["records"], said["blocks"], said["first_bad"]) == (0, True, 6, 2, None)
    bad = tmp_path / "bad.jsonl"
    bad.write_text("\n".join(lines).replace('person:77"', 'person:78"'), encoding="utf-8")
    assert run_on(bad)[1]["first_bad"] == "meal:1"


def test_sm3_works_like_sha256(kept):
    with kept.transaction(write=True) as connection:
        append(connection, "sm3", entry(1))
        append(connection, "sha256", entry(2))
    assert verdict(kept).ok and alone(kept)[0] == 0


@pytest.mark.parametrize("table", ALL)
@pytest.mark.parametrize(
    "act", ["UPDATE {t} SET {k} = {k}", "DELETE FROM {t}", "INSERT OR REPLACE INTO {t} SELECT * FROM {t}"]
)
def test_the_database_refuses_to_change_the_chain(kept, table, act):
    fill(kept, 2)
    eat(kept, range(1, 3))
    with kept.transaction(write=True) as connection:
        connection.execute(text("INSERT INTO audit_anchor VALUES (1, 1, 1, x'00', 0)"))
    key = verifier.GUARDED[table][0]
    with pytest.raises(IntegrityError), kept.transaction(write=True) as connection:
        connection.execute(text(act.format(t=table, k=key)))


@pytest.mark.proof("RS30")
def test_a_slip_in_typing_an_anchor_is_noticed(proof):
    digest = bytes(range(32))
    code = verifier.anchor_code(COUNTY, 1234, digest)
    assert verifier.typed_anchor(COUNTY, f"1234 {code}").hash == digest[:16]
    for place in range(len(code)):
        if code[place] == " ":
            continue
        other = "0" if code[place] != "0" else "1"
        with pytest.raises(ValueError):
            verifier.typed_anchor(COUNTY, f"1234 {code[:place]}{other}{code[place + 1 :]}")
    with pytest.raises(ValueError):
        verifier.typed_anchor(COUNTY, f"1235 {code}")
    proof.counted(len(code.replace(" ", "")) + 1)


def test_no_plain_number_and_no_secret_gets_into_a_record(kept):
    with kept.transaction(write=True) as connection:
        append(
            connection,
            "sha256",
            entry(
                1,
                reason="更正 11010519491231002X 的电话 13812345678",
                after={"password": "hunter2", "card": CARD, "household": "430223101201", "voucher": NO_CARD},
            ),
        )
        body = connection.execute(text("SELECT body FROM audit_record")).scalar_one().decode()
    assert "110105********002X" in body and "138****5678" in body and "430223101201" in body
    assert "*" * 15 + CARD[-4:] in body and NO_CARD in body
    for secret in ("11010519491231002X", "13812345678", CARD, "hunter2"):
        assert secret not in body


def test_a_record_is_never_dated_before_its_predecessor_and_keeps_what_the_clock_said(kept):
    with kept.transaction(write=True) as connection:
        append(connection, "sha256", entry(30))
        append(connection, "sha256", entry(10))
        append(connection, "sha256", entry(31))
        rows = connection.execute(text("SELECT at, body FROM audit_record ORDER BY seq")).all()
    at = [microseconds(MORNING + timedelta(minutes=minute)) for minute in (30, 30, 31)]
    said = [json.loads(row.body)["details"].get("clock_said") for row in rows]
    assert [row.at for row in rows] == at
    assert said == [None, microseconds(MORNING + timedelta(minutes=10)), None]
    assert verdict(kept).ok


def test_a_float_never_gets_into_a_record(kept):
    with pytest.raises(Fault), kept.transaction(write=True) as connection:
        append(connection, "sha256", entry(1, after={"amount": 6.5}))


@pytest.mark.proof("RS31")
def test_the_verifier_stands_alone_in_four_hundred_lines(proof):
    source = Path(verifier.__file__).read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 400
    assert "from core" not in source and "import core" not in source
    proof.counted(1)


@pytest.mark.one_database
@pytest.mark.proof("RS31")
def test_the_verifier_reads_fifty_thousand_records_a_second(kept, proof):
    fill(kept, proof.effort(4_000, 50_000))
    began = time.process_time()
    found = verdict(kept)
    least = proof.effort(20_000, 50_000)  # a short look at a busy machine counts less
    assert found.ok and found.records / (time.process_time() - began) > least
    proof.counted(found.records)
