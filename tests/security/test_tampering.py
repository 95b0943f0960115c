"""The audit chain against whoever can open the database: every kind of tampering is found and its place is named."""

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, text

from core.audit import verifier
from core.audit.chain import canonical, link
from core.audit.models import GUARDED
from core.audit.queries import verify_connection
from core.guards import statements
from core.testing import CODE

COLUMNS = ("at", "actor", "action", "subject", "area", "body", "algorithm", "previous", "hash")
ALL = ("seq", *COLUMNS)
OTHER_COUNTY = "430224"


class TakenBack(Exception):
    """Ends the transaction of a trial."""


@dataclass
class Log:
    """A county's chain as rows, with the anchors that were taken of it, for one trial of tampering."""

    rows: list[dict[str, Any]]
    head: tuple[int, bytes]
    dice: random.Random
    anchor: verifier.Anchor
    """Of a record in the last tenth: what a paper of last week knows."""
    lost: str = ""
    """A guard to leave off."""

    def any_seq(self, last: int = 0) -> int:
        return self.dice.randint(2, last or len(self.rows) - 2)

    def at(self, seq: int) -> dict[str, Any]:
        return self.rows[seq - 1]

    def number_anew(self) -> None:
        for place, row in enumerate(self.rows, 1):
            row["seq"] = place

    def chain_anew(self, first: int) -> None:
        """Hash everything anew from a record on, head included: what somebody does who has read the program."""
        previous = self.at(first - 1)["hash"] if first > 1 else bytes(32)
        for row in self.rows[first - 1 :]:
            body = {**json.loads(row["body"]), "seq": row["seq"]}
            row["body"] = canonical(body)
            row["previous"], row["hash"] = previous, link(row["algorithm"], previous, row["seq"], row["body"])
            previous = row["hash"]
        self.head = (self.rows[-1]["seq"], previous)


def change_a_column(log: Log) -> int:
    seq, column = log.any_seq(), log.dice.choice(COLUMNS)
    old = log.at(seq)[column]
    if isinstance(old, bytes):
        log.at(seq)[column] = bytes([old[0] ^ 1, *old[1:]])
    else:
        log.at(seq)[column] = old + 1 if column == "at" else "sm3" if column == "algorithm" else f"{old}x"
    return seq


def delete_one(log: Log) -> int:
    seq = log.any_seq()
    del log.rows[seq - 1]
    return seq


def delete_a_range(log: Log) -> int:
    first = log.any_seq(len(log.rows) - 12)
    del log.rows[first - 1 : first + log.dice.randint(1, 10)]
    return first


def insert_one(log: Log) -> int:
    seq = log.any_seq()
    log.rows.insert(seq - 1, {**log.at(seq), "hash": log.dice.randbytes(32), "previous": log.at(seq - 1)["hash"]})
    log.number_anew()
    log.at(seq + 1)["previous"] = log.dice.randbytes(32)
    return seq


def swap_two(log: Log) -> int:
    one, other = sorted(log.dice.sample(range(2, len(log.rows)), 2))
    log.rows[one - 1], log.rows[other - 1] = log.at(other), log.at(one)
    log.number_anew()
    return one


def reorder(log: Log) -> int:
    first = log.any_seq(len(log.rows) - 12)
    some = log.rows[first - 1 : first + 9]
    log.rows[first - 1 : first + 9] = [*some[1:], some[0]]
    log.number_anew()
    return first


def truncate_the_tail(log: Log) -> int:
    first = log.any_seq(log.anchor.seq)
    del log.rows[first - 1 :]
    log.head = (first - 1, log.rows[-1]["hash"])
    return first


def duplicate(log: Log) -> int:
    seq = len(log.rows) + 1
    log.rows.append({**log.at(log.any_seq()), "seq": seq, "previous": log.rows[-1]["hash"], "hash": b"\1" * 32})
    return seq


def replace_the_head(log: Log) -> int:
    log.head = (log.head[0], log.dice.randbytes(32))
    return log.head[0]


def rewrite_everything_after(log: Log) -> int:
    first = log.any_seq(log.anchor.seq)
    log.at(first)["body"] = canonical({**json.loads(log.at(first)["body"]), "reason": "我什么也没做"})
    log.chain_anew(first)
    return log.anchor.seq


def swap_the_chains_of_two_counties(log: Log) -> int:
    for row in log.rows:
        row["body"] = canonical({**json.loads(row["body"]), "county": OTHER_COUNTY})
    log.chain_anew(1)
    return 1


def drop_a_guard(log: Log) -> str:
    return log.lost


KINDS: dict[str, Callable[[Log], int | str]] = {
    one.__name__: one
    for one in (
        change_a_column, delete_one, delete_a_range, insert_one, swap_two, reorder, truncate_the_tail, duplicate,
        replace_the_head, rewrite_everything_after, swap_the_chains_of_two_counties, drop_a_guard,
    )
}  # fmt: skip


def fill(county, count: int) -> None:
    """So many records more, of one unit of work."""
    with county.begin() as work:
        for number in range(count):
            after = {"address": f"{number}号", "name": f"张{number}"}
            work.record("person.corrected", f"person:{number}", area=CODE, before={"address": "东门"}, after=after)


def read(connection: Connection) -> list[dict[str, Any]]:
    """Every record as it stands."""
    rows = connection.execute(text(f"SELECT {', '.join(ALL)} FROM audit_record ORDER BY seq"))
    return [
        {**row._mapping, **{name: bytes(row._mapping[name]) for name in ("body", "previous", "hash")}} for row in rows
    ]


@contextmanager
def unguarded(connection: Connection, lost: str) -> Iterator[None]:
    """Work without the triggers; all but ``lost`` are put back word for word."""
    if connection.dialect.name == "postgresql":
        for table in ("audit_record", "audit_head"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        yield
        for table in ("audit_record", "audit_head"):
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
        if lost:
            connection.execute(text(f"DROP TRIGGER {lost} ON audit_record"))
        return
    guards = connection.execute(
        text(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('audit_record', 'audit_head')"
        )
    ).all()
    for name, _sql in guards:
        connection.execute(text(f"DROP TRIGGER {name}"))
    yield
    for name, sql in guards:
        if name != lost:
            connection.exec_driver_sql(sql)


def write(connection: Connection, before: list[dict[str, Any]], log: Log) -> None:
    """Make the table what a trial made of the rows."""
    same = next(
        (at for at, (old, new) in enumerate(zip(before, log.rows, strict=False)) if old != new),
        min(len(before), len(log.rows)),
    )
    with unguarded(connection, log.lost):
        connection.execute(text("DELETE FROM audit_record WHERE seq > :seq"), {"seq": same})
        fields = ", ".join(ALL)
        values = ", ".join(f":{name}" for name in ALL)
        if log.rows[same:]:
            connection.execute(text(f"INSERT INTO audit_record ({fields}) VALUES ({values})"), log.rows[same:])
        connection.execute(
            text("UPDATE audit_head SET seq = :seq, hash = :hash"), {"seq": log.head[0], "hash": log.head[1]}
        )


def a_guard(dice: random.Random, dialect: str) -> str:
    """A guard of the records to take away."""
    return dice.choice(sorted(statements(dialect, "audit_record", GUARDED["audit_record"])))


def alone(connection: Connection, folder, anchor: verifier.Anchor) -> dict[str, Any]:
    """What the stand-alone file says of the database as this transaction sees it, run as a program of its own."""
    copy = folder / "copy.db"
    copy.write_bytes(connection.connection.dbapi_connection.serialize())
    paper = f"{anchor.seq} {verifier.anchor_code(CODE, anchor.seq, anchor.hash)}"
    command = [sys.executable, "-I", verifier.__file__, str(copy), "--county", CODE, "--anchor", paper]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)


@pytest.mark.proof("RS28")
def test_twelve_kinds_of_tampering_are_found_at_the_first_record_they_touched(county, tmp_path, proof):
    """Rewriting and cutting need an anchor from before: with one they are found too, without anybody's word for it."""
    fill(county, proof.effort(150, 1_000))
    database, dice = county.host.database, proof.dice
    each = proof.effort(2, 200)
    with database.transaction(write=False) as connection:
        before = read(connection)
    prints = {row["seq"]: row["hash"] for row in before}
    missed, trials, asked_alone = [], 0, 0
    for name, kind in KINDS.items():
        for trial in range(each):
            seq = dice.randint(len(before) * 9 // 10, len(before))
            anchor = anchor_of(seq, prints[seq])
            log = Log([dict(row) for row in before], (len(before), before[-1]["hash"]), dice, anchor)
            log.lost = a_guard(dice, database.dialect) if kind is drop_a_guard else ""
            named = kind(log)
            with suppress(TakenBack), database.transaction(write=True) as connection:
                write(connection, before, log)
                found = verify_connection(connection, CODE, [anchor])
                if found.ok or found.first_bad != named:
                    missed.append(f"{name} {trial}: {found.first_bad} {found.reason}, expected {named}")
                if database.dialect == "sqlite" and trial % 20 == 0:
                    asked_alone += 1
                    said = alone(connection, tmp_path, anchor)
                    if said["first_bad"] != named:
                        missed.append(f"{name} {trial} alone: {said}, expected {named}")
                raise TakenBack
            trials += 1
    assert not missed, "\n".join(missed)
    assert asked_alone or database.dialect != "sqlite"
    proof.counted(trials)


@pytest.mark.proof("RS28")
def test_untouched_chains_raise_no_alarm(county, proof):
    """Grown a little between one look and the next, each with an anchor of the look before."""
    anchor: list[verifier.Anchor] = []
    alarms, looks = 0, proof.effort(5, 200)
    for _look in range(looks):
        fill(county, proof.dice.randint(1, 40))
        with county.host.database.transaction(write=False) as connection:
            found = verify_connection(connection, CODE, anchor)
            seq, digest = connection.execute(text("SELECT seq, hash FROM audit_head")).one()
        anchor = [anchor_of(seq, bytes(digest))]
        alarms += not found.ok
    proof.counted(looks, alarms)


def anchor_of(seq: int, digest: bytes) -> verifier.Anchor:
    """The anchor of a record."""
    return verifier.Anchor(1, 0, seq, digest, 0)
