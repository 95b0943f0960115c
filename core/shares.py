"""A secret in shares, so many of which bring it back and fewer tell nothing of it (Shamir, over GF(256))."""

import hashlib
import os
from collections.abc import Sequence
from functools import reduce
from operator import xor

from core.errors import refuse
from core.texts import _

_FORM = 1
_SET = 4
DIGEST = 8
HEAD = 3 + _SET
"""A share begins with its form, how many are needed, its place, and what those of one splitting have in common."""


def _tables() -> tuple[list[int], list[int]]:
    powers, logs, value = [0] * 510, [0] * 256, 1
    for at in range(255):
        powers[at] = powers[at + 255] = value
        logs[value] = at
        value ^= (value << 1) ^ (0x11B if value & 0x80 else 0)  # times 3, which runs through every byte but 0
    return powers, logs


_POWER, _LOG = _tables()


def _times(one: int, other: int) -> int:
    return _POWER[_LOG[one] + _LOG[other]] if one and other else 0


def value_at(place: int, terms: Sequence[int]) -> int:
    """The polynomial with these terms, the lowest first, at a place."""
    found = 0
    for term in reversed(terms):
        found = _times(found, place) ^ term
    return found


def split(secret: bytes, shares: int, needed: int) -> list[bytes]:
    """So many shares of a secret, of which any ``needed`` bring it back."""
    if not 2 <= needed <= shares <= 255:
        raise refuse(_("份数要在 {needed} 到 255 之间，凑齐的份数至少是 2", needed=needed), field="needed")
    kept = secret + digest_of(secret)
    noise = [os.urandom(needed - 1) for _byte in kept]
    mark = os.urandom(_SET)
    return [
        bytes((_FORM, needed, place)) + mark + bytes(value_at(place, (b, *n)) for b, n in zip(kept, noise, strict=True))
        for place in range(1, shares + 1)
    ]


def recover(shares: Sequence[bytes]) -> bytes:
    """The secret of enough shares; refused in words when they are too few, of two secrets, or not whole."""
    if not shares or len({(one[:2], one[3:HEAD], len(one)) for one in shares}) > 1 or shares[0][0] != _FORM:
        raise refuse(_("这些份额不是同一次分出来的"), code="E_SHARES")
    by_place = {one[2]: one[HEAD:] for one in shares}
    needed = shares[0][1]
    if len(by_place) < needed:
        raise refuse(_("要凑齐 {needed} 份，现在有 {count} 份", needed=needed, count=len(by_place)), code="E_SHARES")
    places = list(by_place)[:needed]
    factors = {one: _factor(one, places) for one in places}
    columns = zip(*(by_place[one] for one in places), strict=True)
    kept = bytes(
        reduce(xor, (_times(byte, factors[one]) for byte, one in zip(column, places, strict=True)))
        for column in columns
    )
    secret = kept[:-DIGEST]
    if digest_of(secret) != kept[-DIGEST:]:
        raise refuse(_("份额合不起来，至少有一份不对"), code="E_SHARES")
    return secret


def _factor(place: int, places: Sequence[int]) -> int:
    """What a share's values count for at 0, where the secret is (Lagrange; subtraction is exclusive or)."""
    found = 1
    for other in places:
        if other != place:
            found = _times(found, _POWER[_LOG[other] - _LOG[other ^ place] + 255])
    return found


def digest_of(data: bytes) -> bytes:
    """By which a change is noticed, however it came about."""
    return hashlib.sha256(data).digest()[:DIGEST]
