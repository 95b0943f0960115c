"""Writing a record: the bytes, the hash, and the one function that appends."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Protocol

from sqlalchemy import Connection, insert, select, update
from sqlmodel import col

from core.asking import Order, Question
from core.audit.blocks import Sealed, keep_blocks
from core.audit.masking import masked
from core.audit.models import Head, Record
from core.errors import Fault
from core.tables import columns, table_of

DOMAIN = b"huimin-audit-1\0"
ALGORITHMS = ("sha256", "sm3")
GENESIS = bytes(32)
"""What the first record names as its predecessor."""


# Every write of the county passes here: the statements are made once.
_HEAD, _RECORD = columns(Head), columns(Record)
_ADD = Order(
    insert(table_of(Record)),
    *("seq", "at", "actor", "action", "subject", "area", "body", "algorithm", "previous", "hash"),
)
_MOVE_ON = Order(update(table_of(Head)).where(_HEAD.id == 1), "seq", "hash")
_LAST = Question(
    select(_HEAD.seq, _HEAD.hash, _RECORD.at)
    .select_from(table_of(Head))
    .outerjoin(table_of(Record), _RECORD.seq == _HEAD.seq)
    .where(_HEAD.id == 1)
    .with_for_update(of=table_of(Head))
)


class Acting(Protocol):
    """What the chain needs to know of who acts; the unit of work's ``Actor`` has it."""

    @property
    def account_id(self) -> int:
        """Number of the account."""

    @property
    def name(self) -> str:
        """Name of the account."""

    @property
    def grants(self) -> Sequence[Any]:
        """Grants held; ``deputy_for`` of a grant names the account stood in for."""

    @property
    def operating_user(self) -> str:
        """Who sat at the shell, as the operating system knows."""

    @property
    def address(self) -> str:
        """Network address or terminal."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One act, before it has its place in the chain.

    ``edge`` is "page", "command", "api" or "job". ``before``, ``after`` and ``details`` take texts, whole numbers,
    booleans, dates, times and lists or mappings of them: no floats, and persons by their id. ``details["sealed"]``
    may hold what ``blocks.seal`` gave: rows that this act vouches for.
    """

    county: str
    at: datetime
    actor: Acting
    edge: str
    action: str
    subject: str
    area: str = ""
    reason: str = ""
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    correlation: str = ""


def append(connection: Connection, algorithm: str, entry: Entry) -> int:
    """Append one record to the county's chain and return its number.

    This is all that the unit of work calls: ``append(session.connection(), settings.security.digest, Entry(...))``, at
    the very end of the transaction and on its connection, so that the head is the last row locked. It writes the
    record, the blocks it vouches for and the head; it does not commit. ``algorithm`` is "sha256" or "sm3".
    """
    if algorithm not in ALGORITHMS:
        raise Fault(f"unknown digest {algorithm!r} for the audit chain")
    head = locked_head(connection)
    seq = head.seq + 1
    entry = _never_before(entry, head.at)
    blocks = keep_blocks(connection, _sealed(entry), seq)
    content: dict[str, Any] = {"seq": seq, **_content(entry), "sealed": blocks}
    body = canonical(content)
    digest = link(algorithm, head.hash, seq, body)
    row = {
        "seq": seq,
        "at": content["at"],
        "actor": content["who"]["name"],
        "action": content["action"],
        "subject": content["subject"],
        "area": content["area"],
        "body": body,
        "algorithm": algorithm,
        "previous": head.hash,
        "hash": digest,
    }
    _ADD.run(connection, row)
    _MOVE_ON.run(connection, {"seq": seq, "hash": digest})
    return seq


def locked_head(connection: Connection) -> Any:
    """The head row (``seq``, ``hash``, ``at`` of its record), locked until the transaction ends.

    SQLite's writer holds its lock already.
    """
    head = _LAST.rows(connection, {})
    if not head:
        raise Fault("the audit chain has no head row")
    return head[0]


def head_of(connection: Connection) -> Any:
    """The head of the chain as it stands, for paper: ``seq`` and ``hash``; nothing is locked."""
    return connection.execute(select(col(Head.seq), col(Head.hash))).one()


def _never_before(entry: Entry, last: int | None) -> Entry:
    """The entry at a time that is not before its predecessor's; what the clock said stands in its details."""
    if last is None or microseconds(entry.at) >= last:
        return entry
    details = {**entry.details, "clock_said": entry.at}
    return replace(entry, at=_EPOCH + timedelta(microseconds=last), details=details)


def link(algorithm: str, previous: bytes, seq: int, body: bytes) -> bytes:
    """The hash of a record: domain, algorithm, predecessor, number and length stand before the body."""
    head = DOMAIN + algorithm.encode() + previous + seq.to_bytes(8, "big") + len(body).to_bytes(4, "big")
    return hashlib.new(algorithm, head + body).digest()


def canonical(value: Any) -> bytes:
    """The one way to write a value as bytes: sorted keys, UTF-8, no floats, times as whole microseconds."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def microseconds(at: datetime) -> int:
    """An instant as whole microseconds since 1970, UTC."""
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _content(entry: Entry) -> dict[str, Any]:
    deputy_for = sorted({grant.deputy_for for grant in entry.actor.grants if grant.deputy_for})
    content: dict[str, Any] = {
        "county": entry.county,
        "at": entry.at,
        "who": {
            "account": entry.actor.account_id,
            "name": entry.actor.name,
            "deputy_for": deputy_for,
            "system_user": entry.actor.operating_user,
        },
        "where": {"edge": entry.edge, "address": entry.actor.address},
        "action": entry.action,
        "subject": entry.subject,
        "area": entry.area,
        "reason": entry.reason,
        "before": entry.before,
        "after": entry.after,
        "details": {name: value for name, value in entry.details.items() if name != "sealed"},
        "correlation": entry.correlation,
        "plugin": entry.action.partition(".")[0],
    }
    return masked(_plain(content))


def _sealed(entry: Entry) -> Sequence[Sealed]:
    sealed = entry.details.get("sealed", ())
    return (sealed,) if isinstance(sealed, Sealed) else tuple(sealed)


def _plain(value: Any) -> Any:
    """Reduce a value to what canonical JSON may hold; dates and masked types become their text."""
    if isinstance(value, Enum):
        return _plain(value.value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime):
        return microseconds(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset | range):
        return [_plain(part) for part in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, float):
        raise Fault("a float in an audit record: give whole numbers (fen, parts per thousand) or a text")
    return str(value)
