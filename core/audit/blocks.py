"""Rows that come by the thousand are sealed in blocks: one digest for up to 1,024 rows, vouched for by one record.

A room declares how its rows become bytes, writes them in bulk and seals them in the same transaction:

    CHANGES = RowLayout("household_change", (("id", "integer"), ("subject", "text"), ("happened_on", "date")))
    sealed = blocks.seal(CHANGES, rows)              # rows in the order of the columns, sorted by id
    work.record("household.imported", "roster:3", sealed=sealed)
"""

import hashlib
import json
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain, groupby, repeat
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, func, insert, select
from sqlmodel import col

from core.asking import Order, Question
from core.audit.models import Block, Layout
from core.errors import Fault
from core.tables import columns, table_of

ROWS_PER_BLOCK = 1024
KNOWN_TEXTS = 10_000
DOMAIN = b"huimin-block-1\0"

Kind = Literal["integer", "text", "bytes", "date", "time"]


@dataclass(frozen=True)
class RowLayout:
    """How the rows of one table become bytes: the columns in order, the first being the key.

    ``total`` names a whole-number column whose sum is kept beside the count (an amount in fen), or "".
    """

    table: str
    columns: tuple[tuple[str, Kind], ...]
    total: str = ""

    def text(self) -> str:
        """The layout as it is kept in the database, for whoever verifies without us."""
        return json.dumps(
            {"table": self.table, "columns": self.columns, "total": self.total}, separators=(",", ":"), sort_keys=True
        )


@dataclass(frozen=True)
class SealedBlock:
    """The range, count, sum and digest of the rows of one block, before it has its number."""

    first_id: int
    last_id: int
    total: int
    rows_digest: bytes

    @property
    def count(self) -> int:
        """How many rows; the ids of a block have no gaps."""
        return self.last_id - self.first_id + 1


@dataclass(frozen=True)
class Sealed:
    """Rows ready to be vouched for by the next record."""

    layout: RowLayout
    algorithm: str
    blocks: tuple[SealedBlock, ...]


def seal(layout: RowLayout, rows: Iterable[Sequence[Any]], algorithm: str = "sha256") -> Sealed:
    """Digest the rows just written, in the order of ``layout.columns`` and sorted by key.

    A block ends after 1,024 rows or where a key is missing, so on a busy database another transaction's row never
    lies inside it.
    """
    return Sealed(layout, algorithm, tuple(_blocks(rows, layout, algorithm)))


def block_digest(algorithm: str, layout: str, number: int, block: SealedBlock) -> bytes:
    """What ``audit_block.digest`` holds: every column of the block and the digest of its rows."""
    parts = (number, block.first_id, block.last_id, block.count, block.total)
    numbers = b"".join(part.to_bytes(8, "big", signed=True) for part in parts)
    return hashlib.new(algorithm, DOMAIN + algorithm.encode() + _text(layout) + numbers + block.rows_digest).digest()


def keep_blocks(connection: Connection, sealed: Sequence[Sealed], seq: int) -> list[dict[str, Any]]:
    """Number and store blocks under the record ``seq``; the answer goes into its body. The chain's head is locked."""
    return [_keep(connection, part, seq) for part in sealed if part.blocks]


_BLOCKS, _LAYOUTS = columns(Block), columns(Layout)
_ADD_BLOCK = Order(
    insert(table_of(Block)),
    *("table_name", "number", "first_id", "last_id", "count", "total", "layout", "algorithm", "digest", "record_seq"),
)
_LAST_NUMBER = Question(
    select(func.max(_BLOCKS.number).label("number")).where(_BLOCKS.table_name == bindparam("table"))
)
_LAYOUT = Question(
    select(_LAYOUTS.number).where(_LAYOUTS.table_name == bindparam("table"), _LAYOUTS.layout == bindparam("layout"))
)


def _keep(connection: Connection, sealed: Sealed, seq: int) -> dict[str, Any]:
    table, text = sealed.layout.table, sealed.layout.text()
    number = _layout_number(connection, table, text)
    last = _LAST_NUMBER.rows(connection, {"table": table})[0].number or 0
    digests = [block_digest(sealed.algorithm, text, last + 1 + i, block) for i, block in enumerate(sealed.blocks)]
    for at, block in enumerate(sealed.blocks):
        row = {
            "table_name": table,
            "number": last + 1 + at,
            "first_id": block.first_id,
            "last_id": block.last_id,
            "count": block.count,
            "total": block.total,
            "layout": number,
            "algorithm": sealed.algorithm,
            "digest": digests[at],
            "record_seq": seq,
        }
        _ADD_BLOCK.run(connection, row)
    return {
        "table": table,
        "first": last + 1,
        "last": last + len(digests),
        "count": sum(block.count for block in sealed.blocks),
        "total": sum(block.total for block in sealed.blocks),
        "layout": number,
        "algorithm": sealed.algorithm,
        "digest": hashlib.new(sealed.algorithm, b"".join(digests)).hexdigest(),
    }


def _layout_number(connection: Connection, table: str, text: str) -> int:
    found = _LAYOUT.rows(connection, {"table": table, "layout": text})
    if found:
        return found[0].number
    number = (connection.scalar(select(func.max(col(Layout.number)))) or 0) + 1
    connection.execute(insert(Layout).values(number=number, table_name=table, layout=text))
    return number


def _blocks(rows: Iterable[Sequence[Any]], layout: RowLayout, algorithm: str) -> Iterator[SealedBlock]:
    at = [name for name, _kind in layout.columns].index(layout.total) if layout.total else None
    encoded, prefix = _row_encoder(layout), struct.Struct(">I").pack
    first = last = total = 0
    digest = None
    for row in rows:
        if digest is not None and (row[0] != last + 1 or row[0] - first == ROWS_PER_BLOCK):
            if row[0] <= last:
                raise Fault("rows to be sealed are not sorted by their key")
            yield SealedBlock(first, last, total, digest.digest())
            digest = None
        if digest is None:
            first, total, digest = row[0], 0, hashlib.new(algorithm)
        last = row[0]
        if at is not None:
            total += row[at]
        data = encoded(row)
        digest.update(prefix(len(data)) + data)
    if digest is not None:
        yield SealedBlock(first, last, total, digest.digest())


def _row_encoder(layout: RowLayout) -> Callable[[Sequence[Any]], bytes]:
    """How a row of a layout becomes bytes: whole numbers that stand together are packed together.

    Rows come by the million: texts repeat (schemes, months, areas) and are encoded once, and only a row with an empty
    number takes the way column by column.
    """
    encoders = [_ENCODERS[kind] for _name, kind in layout.columns]
    runs = [
        (kind == "integer", [place for place, _one in group])
        for kind, group in groupby(enumerate(kind for _name, kind in layout.columns), key=lambda one: one[1])
    ]
    steps: list[Callable[[Sequence[Any]], bytes]] = []
    for whole, places in runs:
        if whole:
            steps.append(_packed(places[0], len(places)))
        else:
            steps.extend(_one(place, encoders[place], layout.columns[place][1]) for place in places)

    def encode(row: Sequence[Any]) -> bytes:
        try:
            return b"".join([step(row) for step in steps])
        except (struct.error, TypeError):  # an empty number, or one of a kind of its own
            return b"".join([one(value) for one, value in zip(encoders, row, strict=True)])

    return encode


def _packed(start: int, count: int) -> Callable[[Sequence[Any]], bytes]:
    pack = struct.Struct(">" + "Bq" * count).pack
    match count:
        case 1:
            return lambda row: pack(1, row[start])
        case 2:
            return lambda row: pack(1, row[start], 1, row[start + 1])
        case 3:
            return lambda row: pack(1, row[start], 1, row[start + 1], 1, row[start + 2])
    return lambda row: pack(*chain.from_iterable(zip(repeat(1), row[start : start + count], strict=False)))


def _one(place: int, encode: Callable[[Any], bytes], kind: Kind) -> Callable[[Sequence[Any]], bytes]:
    if kind != "text":
        return lambda row: encode(row[place])
    known: dict[Any, bytes] = {}

    def text(row: Sequence[Any]) -> bytes:
        value = row[place]
        found = known.get(value)
        if found is None:
            if len(known) > KNOWN_TEXTS:
                known.clear()
            found = known[value] = encode(value)
        return found

    return text


def _integer(value: int | None) -> bytes:
    return b"\0" if value is None else b"\1" + int(value).to_bytes(8, "big", signed=True)


def _text(value: str | None) -> bytes:
    return _bytes(None if value is None else value.encode())


def _bytes(value: bytes | None) -> bytes:
    return b"\0" if value is None else b"\1" + len(value).to_bytes(4, "big") + value


def _date(value: date | None) -> bytes:
    return _text(None if value is None else value.isoformat())


def _time(value: datetime | None) -> bytes:
    if value is None:
        return b"\0"
    since = value - datetime(1970, 1, 1, tzinfo=UTC)
    return _integer((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)


_ENCODERS = {"integer": _integer, "text": _text, "bytes": _bytes, "date": _date, "time": _time}
