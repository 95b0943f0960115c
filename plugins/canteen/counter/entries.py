"""The line a terminal writes for each act at the counter, and its proof that nobody else wrote or changed it.

One JSON object a line: ``terminal``, ``counter`` (1, 2, 3 …), ``previous`` (MAC of the line before, "" for the first),
``kind`` meal | full_price | void, ``voids`` (counter of the meal taken back, else null), ``diner`` (its opaque code),
``site``, ``set``, ``at`` (ISO time with offset), ``channel`` card | code | name, ``delivery``, ``charged_fen``,
``mac``.
The MAC is HMAC-SHA256 under the terminal's key over the other values, each on a line of its own.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic_core import from_json

FORMAT = "huimin-canteen-1"
KINDS = ("meal", "full_price", "void")
CHANNELS = ("card", "code", "name")
LINE_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One line as it came; ``text`` is the line itself."""

    serial: str
    counter: int
    previous: str
    kind: str
    voids: int | None
    diner: str
    site: str
    set_code: str
    at: datetime
    channel: str
    delivery: bool
    charged_fen: int
    mac: str
    signed: bytes
    text: str


def read_entry(line: str) -> Entry | None:
    """One line as an entry, or None when it is not one."""
    try:
        found = from_json(line)
        at = datetime.fromisoformat(found["at"])
        voids = found.get("voids")
        entry = Entry(
            serial=_text(found["terminal"], 16),
            counter=_number(found["counter"]),
            previous=_text(found["previous"], 64),
            kind=found["kind"],
            voids=None if voids is None else _number(voids),
            diner=_text(found["diner"], 32),
            site=_text(found["site"], 24),
            set_code=_text(found["set"], 12),
            at=at,
            channel=found["channel"],
            delivery=bool(found["delivery"]),
            charged_fen=_number(found["charged_fen"]),
            mac=_text(found["mac"], 64),
            signed=signed_text(found),
            text=line,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    sound = entry.kind in KINDS and entry.channel in CHANNELS and at.tzinfo is not None and entry.counter > 0
    if not sound or (entry.kind == "void") != (entry.voids is not None) or len(line) > LINE_MAX:
        return None
    return entry


def signed_text(values: Mapping[str, Any]) -> bytes:
    """What the MAC stands for: every value of the line on a line of its own, in a fixed order."""
    voids = values.get("voids")
    parts = (
        FORMAT,
        values["terminal"],
        values["counter"],
        values["previous"],
        values["kind"],
        "" if voids is None else voids,
        values["diner"],
        values["site"],
        values["set"],
        values["at"],
        values["channel"],
        "1" if values["delivery"] else "0",
        values["charged_fen"],
    )
    return "\n".join(map(str, parts)).encode()


def sign(key: bytes, values: Mapping[str, Any]) -> str:
    """The MAC of a line, as hexadecimal; what a terminal computes in the browser."""
    return hmac.digest(key, signed_text(values), "sha256").hex()


def is_signed(key: bytes, entry: Entry) -> bool:
    """Whether this line was written with this key."""
    return hmac.compare_digest(hmac.digest(key, entry.signed, "sha256").hex(), entry.mac)


def line_digest(line: str) -> str:
    """What a line that nobody of ours wrote is known by."""
    return hashlib.sha256(line.encode()).hexdigest()


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest or "\n" in value:
        raise ValueError(value)
    return value


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
        raise ValueError(value)
    return value
