"""A share of a secret as a person can type it: groups of four letters and digits, none easily taken for another."""

from base64 import b32decode, b32encode
from textwrap import wrap

from core.errors import refuse
from core.shares import DIGEST, HEAD, digest_of
from core.texts import _

_MISREAD = str.maketrans("018", "OIB", " -\t")


def to_text(share: bytes) -> str:
    """A share with its own digest, in groups of four, eight groups a line."""
    letters = b32encode(share + digest_of(share)).decode("ascii").rstrip("=")
    groups = wrap(letters, 4)
    return "\n".join(" ".join(groups[at : at + 8]) for at in range(0, len(groups), 8))


def from_text(text: str) -> bytes:
    """The share of a text; lines that begin with # are talk. Refused when a letter was mistyped."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    letters = "".join(lines).upper().translate(_MISREAD)
    try:
        data = b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError:
        data = b""
    share = data[:-DIGEST]
    if len(share) <= HEAD or digest_of(share) != data[-DIGEST:]:
        raise refuse(_("份额抄写有误，或者不是份额：请对照原件"), code="E_SHARES")
    return share
