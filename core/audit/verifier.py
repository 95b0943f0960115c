"""Check the audit chain of Huimin 惠民 with nothing but Python: ``python verifier.py FILE.db`` or ``… EXPORT.jsonl``.

This file stands alone: an auditor may carry it away, read it and run it on a copy of a county's SQLite database or on
what ``huimin audit export`` wrote. It recomputes every hash of the chain, every block of sealed rows and every anchor:
    python verifier.py 430223.db --county 430223 --anchors anchors/430223.jsonl --anchor "1234 1A2B … 9F0E"

Exit code 0: nothing was touched. 1: something was, the first bad place is named. 2: the file cannot be read.
"""

# ruff: noqa: B905, S608, T201, UP017 - a program of its own that runs on any Python 3; names come from _safe
from __future__ import annotations

import hashlib
import json
import sqlite3
import struct
import sys
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from itertools import chain, groupby, islice, repeat
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

RECORD_DOMAIN, BLOCK_DOMAIN, ANCHOR_DOMAIN = b"huimin-audit-1\0", b"huimin-block-1\0", b"huimin-anchor-1\0"
ROWS_PER_BLOCK = 1024
_SIZE, _NUMBER = struct.Struct(">I").pack, struct.Struct(">Bq").pack
GUARDED = {"audit_record": ("seq",), "audit_block": ("table_name", "number"),
           "audit_layout": ("number",), "audit_anchor": ("number",)}  # fmt: skip

Count = SimpleNamespace  # what has been seen so far: records, blocks, and as head the last hash that agreed
# Rows of the three tables; an anchor from paper knows the first 16 bytes of its hash only.
Record = namedtuple("Record", "seq at actor action subject area body algorithm previous hash")
Block = namedtuple("Block", "table_name number first_id last_id count total layout algorithm digest record_seq")
Anchor = namedtuple("Anchor", "number at seq hash blocks")


class Verdict(NamedTuple):
    """The answer: ``first_bad`` is the number of a record, or ``table:number`` of a block, or a trigger's name."""

    ok: bool
    records: int
    blocks: int
    head: str
    first_bad: int | str | None
    reason: str


class TamperError(Exception):
    """Something does not agree: the place, and why."""


def verify(source: Evidence, county: str = "", outside: Iterable[Anchor] = ()) -> Verdict:
    """Recompute everything; ``outside`` are anchors from paper or from a file that is not in the database."""
    count = Count(records=0, blocks=0, head=bytes(32))
    place, reason = None, ""
    try:
        _check_all(source, county, outside, count)
    except TamperError as bad:
        place, reason = bad.args
    return Verdict(place is None, count.records, count.blocks, count.head.hex(), place, reason)


def _check_all(source: Evidence, county: str, outside: Iterable[Anchor], count: Count) -> None:
    anchors = list(source.anchors())
    prints: dict[int, list[bytes]] = {}
    for anchor in [*anchors, *outside]:
        prints.setdefault(anchor.seq, []).append(anchor.hash)
    vouched, anchored = _check_records(source, county, prints, count)
    _check_head(source.head(), prints, count)
    _check_anchor_rows(anchors, anchored)
    _check_blocks(source, vouched, count)
    for name in source.lost_guards():
        raise TamperError(name, "an append-only trigger is missing or changed")


def _check_records(source: Evidence, county: str, prints: Mapping[int, list[bytes]], count: Count) -> tuple[dict, dict]:
    vouched: dict[int, list[dict]] = {}
    anchored: dict[int, dict] = {}
    for record in source.records():
        body = _checked_record(record, count.records + 1, count.head, county)
        if any(record.hash[: len(part)] != part for part in prints.get(record.seq, ())):
            raise TamperError(record.seq, "the record differs from an anchor")
        if body["sealed"]:
            vouched[record.seq] = body["sealed"]
        if body["action"] == "audit.anchored":
            anchored[record.seq] = body["details"]
        county = county or body["county"]
        count.records, count.head = record.seq, record.hash
    return vouched, anchored


def _checked_record(record: Record, seq: int, previous: bytes, county: str) -> dict[str, Any]:
    if record.seq != seq:
        why = "a record is missing here" if record.seq > seq else "a number comes twice"
        raise TamperError(min(record.seq, seq), why)
    if record.previous != previous:
        raise TamperError(seq, "the record does not follow the one before it")
    if record.hash != record_hash(record):
        raise TamperError(seq, "the hash does not belong to this record")
    try:
        body = json.loads(record.body)
        beside = (body["seq"], body["at"], body["who"]["name"], body["action"], body["subject"], body["area"])
        if beside != record[:6]:
            raise TamperError(seq, "a column beside the record differs from the record")
        if county and body["county"] != county:
            raise TamperError(seq, "the record belongs to another county")
    except (ValueError, KeyError, TypeError) as error:
        raise TamperError(seq, f"the record cannot be read: {error}") from error
    return body


def record_hash(record: Record) -> bytes:
    """The hash a record must have."""
    head = RECORD_DOMAIN + record.algorithm.encode() + record.previous
    size = record.seq.to_bytes(8, "big") + len(record.body).to_bytes(4, "big")
    return _hash(record.algorithm, head + size + record.body)


def _check_head(head: tuple[int, bytes] | None, prints: Mapping[int, list[bytes]], count: Count) -> None:
    if head is None:
        raise TamperError(count.records, "the chain has no head")
    if head[0] > count.records:
        raise TamperError(count.records + 1, "records are missing at the end")
    if head[0] < count.records:
        raise TamperError(head[0] + 1, "a record stands behind the head")
    if head[1] != count.head:
        raise TamperError(head[0], "the head differs from the last record")
    if behind := [seq for seq in prints if seq > count.records]:
        raise TamperError(count.records + 1, f"an anchor vouches for record {min(behind)}: the end is missing")


def _check_anchor_rows(anchors: Sequence[Anchor], anchored: Mapping[int, Mapping[str, Any]]) -> None:
    kept = {anchor.number: anchor for anchor in anchors}
    for seq, said in anchored.items():
        told = (said["number"], said["at"], said["seq"], bytes.fromhex(said["hash"]), said["blocks"])
        if kept.pop(said["number"], None) != told:
            raise TamperError(seq, f"anchor {said['number']} differs from its record")
    for number in kept:
        raise TamperError(f"anchor:{number}", "an anchor without a record")


def _check_blocks(source: Evidence, vouched: Mapping[int, list[dict]], count: Count) -> None:
    layouts = source.layouts()
    expected: dict[str, list[tuple[int, dict]]] = {}
    for seq, part in ((seq, part) for seq, parts in vouched.items() for part in parts):
        expected.setdefault(part["table"], []).append((seq, part))
    tables = {table: list(blocks) for table, blocks in groupby(source.blocks(), lambda block: block.table_name)}
    for table in {**dict.fromkeys(expected), **dict.fromkeys(tables)}:
        blocks = tables.get(table, [])
        for number, block in enumerate(blocks, start=1):
            if block.number != number:
                raise TamperError(f"{table}:{number}", "a block is missing here")
        _check_vouched(table, blocks, expected.get(table, []), layouts)
        sealed = set().union(*(_check_rows(source, block, layouts) for block in blocks))
        count.blocks += len(blocks)
        for layout in [one for one in map(json.loads, layouts.values()) if one["table"] == table][-1:]:
            _check_loose_rows(source, layout, blocks, sealed)


def _check_vouched(table: str, blocks: Sequence[Block], parts: list, layouts: Mapping[int, str]) -> None:
    """Blocks against the records that vouch for them: nothing missing, nothing more, every column named."""
    done = 0
    for seq, part in parts:
        chosen = blocks[part["first"] - 1 : part["last"]]
        place = f"{table}:{part['first']}"
        if part["first"] != done + 1 or len(chosen) != part["last"] - done:
            raise TamperError(place, f"record {seq} vouches for blocks that are not there")
        for block in chosen:
            if (block.record_seq, block.layout, block.algorithm) != (seq, part["layout"], part["algorithm"]):
                raise TamperError(f"{table}:{block.number}", f"the block differs from record {seq}")
        digest = _hash(part["algorithm"], b"".join(block.digest for block in chosen)).hex()
        sums = (sum(block.count for block in chosen), sum(block.total for block in chosen))
        if (digest, *sums) != (part["digest"], part["count"], part["total"]) or part["layout"] not in layouts:
            raise TamperError(place, f"the blocks differ from record {seq}")
        done = part["last"]
    if len(blocks) > done:
        raise TamperError(f"{table}:{done + 1}", "no record vouches for this block")


def _check_rows(source: Evidence, block: Block, layouts: Mapping[int, str]) -> set[Any]:
    """The rows of a block against it; answers what stands in the column whose rows are sealed together."""
    place, text = f"{block.table_name}:{block.number}", layouts[block.layout]
    try:
        layout = json.loads(text)
        names, kinds = zip(*layout["columns"])
        rows = list(islice(source.rows(layout, block.first_id, block.last_id), ROWS_PER_BLOCK + 1))
        columns = dict(zip(names, zip(*rows)))
        rows_digest = _hash(block.algorithm, joined(kinds, list(columns.values())))
        head = BLOCK_DOMAIN + block.algorithm.encode() + encode("text", text) + struct.pack(">5q", *block[1:6])
        found = (len(rows), sum(columns.get(layout["total"], ())), _hash(block.algorithm, head + rows_digest))
    except (ValueError, KeyError, TypeError, AttributeError, struct.error, sqlite3.Error) as error:
        raise TamperError(place, f"the rows cannot be read: {error}") from error
    if found != (block.count, block.total, block.digest) or len(rows) > ROWS_PER_BLOCK:
        raise TamperError(place, "the sealed rows differ from the block")
    return set(columns.get(layout.get("whole"), [None]))


def _check_loose_rows(source: Evidence, layout: Mapping[str, Any], blocks: Sequence[Block], sealed: set[Any]) -> None:
    """Rows of a sealed table that lie in no block: none, or those whose like are none of them sealed yet."""
    at = [name for name, _kind in layout["columns"]].index(layout["whole"]) if layout.get("whole") else None
    gaps, after = [], 0
    for block in sorted(blocks, key=lambda block: block.first_id):
        if block.first_id <= after:
            raise TamperError(f"{layout['table']}:{block.number}", "two blocks seal the same row")
        gaps += [(after + 1, block.first_id - 1)] if block.first_id > after + 1 else []
        after = block.last_id
    for gap in [*gaps, (after + 1, -1)]:
        for row in source.rows(layout, *gap):
            if at is None or row[at] in sealed:
                raise TamperError(f"{layout['table']}#{row[0]}", "a row that no block seals")


def joined(kinds: Sequence[str], columns: Sequence[Sequence[Any]]) -> bytes:
    """Rows as they are hashed, each behind its size. Where all have one size: the first row, and what varies set in."""
    first = [encode(kind, plain(kind, column[0])) for kind, column in zip(kinds, columns)]
    row, count, end = b"".join(first), len(columns[0]) if columns else 0, 4
    data, step = bytearray((_SIZE(len(row)) + row) * count), len(row) + 4
    for kind, column, cell in zip(kinds, columns, first):
        end += len(cell)
        if column.count(column[0]) == count:
            continue
        if kind == "integer" and None not in column:
            cells, width = struct.pack(f">{count}q", *column), 8
        elif set(map(len, parts := _encoded(kind, column))) == {len(cell)}:
            cells, width = b"".join(parts), len(cell)
        else:
            rows = list(map(b"".join, zip(*map(_encoded, kinds, columns))))
            return b"".join(chain.from_iterable(zip(map(_SIZE, map(len, rows)), rows)))
        for at in range(width):
            data[end - width + at :: step] = cells[at::width]
    return bytes(data)


def _encoded(kind: str, column: Sequence[Any]) -> list[bytes]:
    if kind == "integer" and None not in column:
        return list(map(_NUMBER, repeat(1), column))
    known = {value: encode(kind, plain(kind, value)) for value in set(column)}
    return [known[value] for value in column]


def encode(kind: str, value: Any) -> bytes:
    """A value as the bytes that are hashed: a mark for empty or full, then the number or the length and the bytes."""
    if value is None:
        return b"\0"
    if kind in ("integer", "time"):
        return _NUMBER(1, value)
    data = value if kind == "bytes" else value.encode()
    return b"\1" + len(data).to_bytes(4, "big") + data


def _hash(algorithm: str, data: bytes) -> bytes:
    return hashlib.new(algorithm if algorithm in ("sha256", "sm3") else "sha256", data).digest()


def anchor_code(county: str, seq: int, digest: bytes) -> str:
    """What is printed: eight groups of four hex digits of the head, and a ninth that catches a slip of the pen."""
    check = hashlib.sha256(ANCHOR_DOMAIN + county.encode() + seq.to_bytes(8, "big") + digest[:16]).hexdigest()[:4]
    text = digest[:16].hex() + check
    return " ".join(text[i : i + 4].upper() for i in range(0, 36, 4))


def typed_anchor(county: str, typed: str) -> Anchor:
    """Read ``"1234 1A2B … 9F0E"`` (record number, eight groups, check group) as a person typed it from paper."""
    parts = typed.replace("-", " ").split()
    if len(parts) != 10 or not parts[0].isdigit():
        raise ValueError("an anchor is the record number and nine groups of four")
    try:
        digest = bytes.fromhex("".join(parts[1:9]))
    except ValueError:
        raise ValueError("a group holds a character that is no hex digit") from None
    if len(digest) != 16 or anchor_code(county, int(parts[0]), digest) != " ".join(parts[1:]).upper():
        raise ValueError("the check group does not fit: a slip in typing, look at the paper again")
    return Anchor(0, 0, int(parts[0]), digest, 0)


def anchors_of(file: Path) -> list[Anchor]:
    """Anchors of a file kept outside the database, one JSON object a line."""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [Anchor(x["number"], x["at"], x["seq"], bytes.fromhex(x["hash"]), x["blocks"]) for x in lines]


class Evidence:
    """The tables of the chain, read through ``run(sql, values)``, which answers with rows as tuples."""

    def __init__(self, run: Callable[[str, Mapping[str, Any]], Iterable[Sequence[Any]]]) -> None:
        self.run = run

    def head(self) -> Any:
        """Number and hash of the last record, as the database says."""
        return next(iter(self.run("SELECT seq, hash FROM audit_head", {})), None)

    def records(self) -> Iterator[Record]:
        """All records by number."""
        return map(Record._make, self.run(f"SELECT {', '.join(Record._fields)} FROM audit_record ORDER BY seq", {}))

    def blocks(self) -> Iterator[Block]:
        """All blocks by table and number."""
        sql = f"SELECT {', '.join(Block._fields)} FROM audit_block ORDER BY table_name, number"
        return map(Block._make, self.run(sql, {}))

    def layouts(self) -> dict[int, str]:
        """Layouts of sealed rows by number."""
        return {row[0]: row[1] for row in self.run("SELECT number, layout FROM audit_layout ORDER BY number", {})}

    def anchors(self) -> Iterator[Anchor]:
        """The anchors kept in the database."""
        return map(Anchor._make, self.run(f"SELECT {', '.join(Anchor._fields)} FROM audit_anchor ORDER BY number", {}))

    def rows(self, layout: Mapping[str, Any], first: int, last: int) -> Iterator[Sequence[Any]]:
        """Rows of a sealed table by key, from ``first`` to ``last`` (-1: to the end), as the database gives them."""
        table, *names = _safe([layout["table"], *(name for name, _kind in layout["columns"])])
        sql = f"SELECT {', '.join(names)} FROM {table} WHERE {names[0]} BETWEEN :first AND :last"
        return iter(self.run(f"{sql} ORDER BY {names[0]}", {"first": first, "last": last if last >= 0 else 2**62}))

    def lost_guards(self) -> list[str]:
        """Names of append-only triggers that are missing or changed; an export says what its database had lost."""
        if list(self.run("SELECT 1 FROM sqlite_master WHERE name = 'lost_guard'", {})):
            return [row[0] for row in self.run("SELECT name FROM lost_guard ORDER BY name", {})]
        kept = {row[0]: row[1] for row in self.run("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'", {})}
        return sorted(name for name, sql in _guards().items() if " ".join(kept.get(name, "").split()) != sql)


def _guards() -> dict[str, str]:
    guards = {}
    for table, key in GUARDED.items():
        stop = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        again = f"INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"
        for act, when in {"update": f"UPDATE ON {table}", "delete": f"DELETE ON {table}", "replace": again}.items():
            guards[f"{table}_no_{act}"] = f"CREATE TRIGGER {table}_no_{act} BEFORE {when} {stop}"
    return guards


def plain(kind: str, value: Any) -> Any:
    """A value as a database gives it, as it was hashed: times as microseconds since 1970 UTC, dates as text."""
    if kind == "time" and value is not None and not isinstance(value, int):
        at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        since = at.replace(tzinfo=at.tzinfo or timezone.utc) - datetime(1970, 1, 1, tzinfo=timezone.utc)
        return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    return value.isoformat() if kind == "date" and value is not None and not isinstance(value, str) else value


def database_of(export: Path) -> sqlite3.Connection:
    """Put the lines of ``huimin audit export`` into a temporary database, to be read like a county's own."""
    connection = sqlite3.connect("")
    with export.open(encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            (table,) = _safe([line["table"]])
            if "columns" in line:
                columns = _safe(line["columns"])
                connection.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
                connection.execute(f"CREATE INDEX {table}_key ON {table} ({columns[0]})")
            else:
                values = [_bytes(value) for value in line["values"]]
                connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)
    return connection


def _bytes(value: Any) -> Any:
    if not isinstance(value, dict):  # bytes are written {"hex": …}, or {"text": …} where they are readable
        return value
    return bytes.fromhex(value["hex"]) if "hex" in value else value["text"].encode()


def _safe(names: Sequence[str]) -> Sequence[str]:
    if not all(name.isidentifier() for name in names):
        raise ValueError("a table or column with a strange name")
    return names


def main() -> int:
    """Verify one file and say what was found."""
    import argparse

    parser = argparse.ArgumentParser(description="Verify the audit chain of a county.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--county", default="", help="code of the county; default: what the first record says")
    parser.add_argument("--anchors", type=Path, help="file of anchors kept outside the database")
    parser.add_argument("--anchor", help="an anchor typed from paper: record number and nine groups of four")
    choice = parser.parse_args()
    try:
        outside = anchors_of(choice.anchors) if choice.anchors else []
        outside += [typed_anchor(choice.county, choice.anchor)] if choice.anchor else []
        is_database = choice.file.open("rb").read(15) == b"SQLite format 3"
        kept = sqlite3.connect(f"file:{choice.file}?mode=ro", uri=True) if is_database else database_of(choice.file)
        verdict = verify(Evidence(kept.execute), choice.county, outside)
    except (OSError, ValueError, KeyError, sqlite3.Error) as error:
        print(f"{choice.file}: cannot be verified: {error}", file=sys.stderr)
        return 2
    print(json.dumps({name: value for name, value in verdict._asdict().items() if name != "reason"}))
    if not verdict.ok:
        print(f"first bad: {verdict.first_bad}: {verdict.reason}", file=sys.stderr)
    return 0 if verdict.ok else 1


if __name__ == "__main__":
    sys.exit(main())
