"""Rows that come by the thousand are sealed in blocks: one digest for up to 1,024 rows, vouched for by one record.

A room declares how its rows become bytes, writes them in bulk and seals them in the same transaction:

    CHANGES = RowLayout("household_change", (("id", "integer"), ("subject", "text"), ("happened_on", "date")))
    sealed = blocks.seal(CHANGES, rows)              # rows in the order of the columns, sorted by id
    work.record("household.imported", "roster:3", sealed=sealed)
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, func, insert, select
from sqlmodel import col

from core.asking import Order, Question
from core.audit import verifier
from core.audit.models import Block, Layout
from core.errors import Fault
from core.tables import columns, table_of

ROWS_PER_BLOCK = 1024
DOMAIN = b"huimin-block-1\0"

Kind = Literal["integer", "text", "bytes", "date", "time"]


@dataclass(frozen=True)
class RowLayout:
    """How the rows of one table become bytes: the columns in order, the first being the key.

    ``total`` names a whole-number column whose sum is kept beside the count (an amount in fen), or "".
    ``whole`` names a column whose rows are sealed together, long after they were written (the lines of a batch): rows
    that no block seals are in order while none of their kind is sealed. Without it every row is sealed at once.
    """

    table: str
    columns: tuple[tuple[str, Kind], ...]
    total: str = ""
    whole: str = ""

    def text(self) -> str:
        """The layout as it is kept in the database, for whoever verifies without us."""
        kept = {"table": self.table, "columns": self.columns, "total": self.total}
        more = {"whole": self.whole} if self.whole else {}
        return json.dumps(kept | more, separators=(",", ":"), sort_keys=True)


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
    head = DOMAIN + algorithm.encode() + verifier.encode("text", layout)
    return hashlib.new(algorithm, head + numbers + block.rows_digest).digest()


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
    names, kinds = zip(*layout.columns, strict=True)
    for run in _runs(rows):
        columns = dict(zip(names, zip(*run, strict=True), strict=True))
        digest = hashlib.new(algorithm, verifier.joined(kinds, list(columns.values()))).digest()
        yield SealedBlock(run[0][0], run[-1][0], sum(columns.get(layout.total, ())), digest)


def _runs(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    """Rows as many as a block takes, whose keys have no gaps."""
    run: list[Sequence[Any]] = []
    for row in rows:
        if run and (row[0] != run[-1][0] + 1 or len(run) == ROWS_PER_BLOCK):
            if row[0] <= run[-1][0]:
                raise Fault("rows to be sealed are not sorted by their key")
            yield run
            run = []
        run.append(row)
    if run:
        yield run
