"""The key file of a county: a ring of masters by number, one of which seals what is new. A ring only grows.

A file of one master, as counties had it before keys could be exchanged, is read as a ring of one.
"""

import json
import os
import stat
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.disk import held, room, sync, write_private
from core.errors import Clash, HuiminError, refuse
from core.texts import _

MASTER = 32
"""Bytes of a master."""

LAST = 255
"""A sealed value has one byte for the number of its key."""


class KeysUnusable(HuiminError):
    """The key file is missing, open to others, or not ours; nothing starts without it."""

    code = "E_KEYS"


@dataclass(frozen=True)
class Ring:
    """Masters by number, and the number that seals what is new."""

    masters: Mapping[int, bytes]
    current: int

    def __post_init__(self) -> None:
        """Raises ``ValueError`` for what no ring is."""
        if self.current not in self.masters or any(
            not 1 <= number <= LAST or len(master) != MASTER for number, master in self.masters.items()
        ):
            raise ValueError(self.current)

    @property
    def spare(self) -> int | None:
        """The number of a master that was laid by and seals nothing yet; None for none."""
        newest = max(self.masters)
        return newest if newest > self.current else None

    def to_bytes(self) -> bytes:
        """The ring in as few bytes as it takes, for shares on paper."""
        return bytes((self.current,)) + b"".join(bytes((n,)) + master for n, master in sorted(self.masters.items()))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Ring":
        """The ring that ``to_bytes`` wrote; raises ``ValueError``."""
        parts = [data[at : at + 1 + MASTER] for at in range(1, len(data), 1 + MASTER)]
        return cls({part[0]: part[1:] for part in parts}, int.from_bytes(data[:1]))

    def text(self) -> str:
        """The ring as the key file holds it; one first master as ever, so that the release before can read it too."""
        if set(self.masters) == {1}:
            return json.dumps({"huimin_keys": 1, "number": 1, "master": b64encode(self.masters[1]).decode("ascii")})
        masters = {str(number): b64encode(one).decode("ascii") for number, one in sorted(self.masters.items())}
        return json.dumps({"huimin_keys": 2, "current": self.current, "masters": masters})


def read(path: Path) -> Ring:
    """Read a key file; refused when it is missing, damaged, or readable by others."""
    refuse_open_modes(path)
    try:
        kept: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if kept["huimin_keys"] not in (1, 2):
            raise ValueError
        if kept["huimin_keys"] == 1:
            kept = {"current": kept["number"], "masters": {kept["number"]: kept["master"]}}
        masters = {int(number): b64decode(one, validate=True) for number, one in kept["masters"].items()}
        return Ring(masters, int(kept["current"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeysUnusable(_("密钥文件 {path} 已损坏，请从密钥备份恢复", path=path)) from None


def create(path: Path, ring: Ring | None = None) -> None:
    """Make a key file (0600) in its folder (0700); refused when one is there: lost keys are lost data."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = (ring or Ring({1: os.urandom(MASTER)}, 1)).text()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Clash(_("密钥文件 {path} 已存在，不会覆盖", path=path)) from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    sync(path.parent)


def lay_by(path: Path) -> int:
    """Have a master in the ring that seals nothing yet; answers its number.

    Everybody can read it from then on, so whoever seals with it later is understood by all. One that was laid by and
    never used, because somebody was interrupted, is taken.
    """
    with held(path.parent), room():
        ring = read(path)
        if ring.spare:
            return ring.spare
        number = max(ring.masters) + 1
        if number > LAST:
            raise refuse(_("密钥文件已有 {count} 把密钥，不能再换", count=LAST), code="E_KEYS_FULL")
        write_private(path, Ring({**ring.masters, number: os.urandom(MASTER)}, ring.current).text())
        return number


def use(path: Path, number: int) -> None:
    """Let a master of the ring seal what is new from now on; never one before the present one."""
    with held(path.parent), room():
        ring = read(path)
        if number > ring.current:
            write_private(path, Ring(ring.masters, number).text())


def seen(path: Path) -> tuple[int, int, int] | None:
    """What tells one state of the key file from another; None when there is none. Costs next to nothing."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def refuse_open_modes(path: Path) -> None:
    """Go on only with a key file that is there and closed to others; raises ``KeysUnusable``."""
    if not path.is_file():
        raise KeysUnusable(
            _("找不到密钥文件 {path}", path=path),
            hint=_("没有密钥就打不开登记的号码：请从密钥备份恢复，或用 HUIMIN_KEYS 指明位置"),
        )
    for place, allowed in ((path.parent, 0o700), (path, 0o600)):
        mode = stat.S_IMODE(place.stat().st_mode)
        if mode & ~allowed:
            raise KeysUnusable(
                _("{path} 的权限是 {mode}，其他人也能读", path=place, mode=f"{mode:04o}"),
                hint=f"chmod {allowed:o} {place}",
            )
