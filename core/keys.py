"""The county's keys: sealing of numbers and files, and blind indexes by which equal numbers meet.

The key file lies in a folder of its own outside the database and is never in a backup of it. Sealed bytes are
``algorithm (1) | key number (1) | nonce (12) | cipher and tag``; a swapped cipher does not open, because table,
column, row and key number are bound to it. An index is an HMAC under a key of its own.
"""

import hashlib
import hmac
import json
import os
import stat
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from core.errors import Clash, Fault, HuiminError
from core.texts import _

AES_256_GCM = 1
"""Algorithm tag of AES-256-GCM; 2 is kept free for SM4-GCM."""

_NONCE = 12
_HEAD = 2 + _NONCE


class KeysUnusable(HuiminError):
    """The key file is missing, open to others, or not ours; nothing starts without it."""

    code = "E_KEYS"


class Vault:
    """The opened keys of one county. Made by ``create`` once and by ``open`` ever after."""

    def __init__(self, master: bytes, number: int = 1) -> None:
        self._number = number
        self._head = bytes((AES_256_GCM, number))
        self._cipher = AESGCM(_derived(master, f"encryption {number}"))
        self._files = AESGCM(_derived(master, f"files {number}"))
        self._index = _derived(master, "blind index")
        self._derive = partial(_derived, master)

    @classmethod
    def create(cls, path: Path) -> "Vault":
        """Make a key file (0600) in its folder (0700); refused when one is there: lost keys are lost data."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        master = os.urandom(32)
        text = json.dumps({"huimin_keys": 1, "number": 1, "master": b64encode(master).decode("ascii")})
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise Clash(_("密钥文件 {path} 已存在，不会覆盖", path=path)) from None
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> "Vault":
        """Open the key file; refused when it is missing, damaged, or readable by others."""
        _refuse_open_modes(path)
        try:
            kept = json.loads(path.read_text("utf-8"))
            if kept["huimin_keys"] != 1:
                raise ValueError
            master = b64decode(kept["master"], validate=True)
            number = int(kept["number"])
        except (ValueError, KeyError, TypeError):
            raise KeysUnusable(_("密钥文件 {path} 已损坏，请从密钥备份恢复", path=path)) from None
        if len(master) != 32 or not 1 <= number <= 255:
            raise KeysUnusable(_("密钥文件 {path} 已损坏，请从密钥备份恢复", path=path))
        return cls(master, number)

    def key_for(self, purpose: str) -> bytes:
        """32 bytes for another purpose ("session", "forms"), never the same as the keys of the data."""
        return self._derive(f"purpose {purpose}")

    # -- texts in columns ------------------------------------------------------------------------------------------

    def seal(self, column: str, row_id: int, text: str) -> bytes:
        """Seal a text for one place: ``column`` is ``table.column``."""
        nonce = os.urandom(_NONCE)
        return self._head + nonce + self._cipher.encrypt(nonce, text.encode("utf-8"), self._place(column, row_id))

    def unseal(self, column: str, row_id: int, sealed: bytes) -> str:
        """Open what was sealed for this place; a fault when it was sealed elsewhere, or changed."""
        _refuse_other_algorithm(sealed, self._head)
        try:
            plain = self._cipher.decrypt(sealed[2:_HEAD], sealed[_HEAD:], self._place(column, row_id))
        except InvalidTag:
            raise Fault(_("{place} 的密文打不开：被改动过，或密钥不符", place=f"{column}|{row_id}")) from None
        return plain.decode("utf-8")

    def seal_many(self, column: str, ids: Iterable[int], texts: Sequence[str]) -> list[bytes]:
        """Seal a column of texts; ``ids`` are the rows they go to, in the same order."""
        head, encrypt = self._head, self._cipher.encrypt
        noise = os.urandom(_NONCE * len(texts))
        nonces = [noise[at : at + _NONCE] for at in range(0, len(noise), _NONCE)]
        tail = f"|{self._number}"
        return [
            head + nonce + encrypt(nonce, text.encode("utf-8"), f"{column}|{row}{tail}".encode())
            for nonce, row, text in zip(nonces, ids, texts, strict=True)
        ]

    def unseal_many(self, column: str, ids: Iterable[int], sealed: Iterable[bytes]) -> list[str]:
        """Open a column of texts that were sealed for these rows; a fault when one was sealed elsewhere, or changed."""
        head, decrypt, tail = self._head, self._cipher.decrypt, f"|{self._number}"
        found = []
        for row, one in zip(ids, sealed, strict=True):
            if one[:2] != head:
                _refuse_other_algorithm(one, head)
            try:
                found.append(decrypt(one[2:_HEAD], one[_HEAD:], f"{column}|{row}{tail}".encode()).decode("utf-8"))
            except InvalidTag:
                raise Fault(_("{place} 的密文打不开：被改动过，或密钥不符", place=f"{column}|{row}")) from None
        return found

    def _place(self, column: str, row_id: int) -> bytes:
        return f"{column}|{row_id}|{self._number}".encode()

    # -- blind indexes ---------------------------------------------------------------------------------------------

    def blind(self, purpose: str, text: str) -> bytes:
        """The 32-byte index of a text in its normal form; the same text under another purpose has another."""
        return hmac.digest(self._index, f"{purpose}\0{text}".encode(), "sha256")

    def blind_many(self, purpose: str, texts: Iterable[str]) -> list[bytes]:
        """The indexes of a column of texts; the same HMAC, its two halves begun once (RFC 2104)."""
        key = self._index.ljust(64, b"\0")
        inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key) + f"{purpose}\0".encode()).copy
        outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key)).copy
        found = []
        for text in texts:
            first, second = inner(), outer()
            first.update(text.encode())
            second.update(first.digest())
            found.append(second.digest())
        return found

    # -- files -----------------------------------------------------------------------------------------------------

    def seal_file(self, data: bytes, name: str = "") -> bytes:
        """Seal the bytes of a file; ``name`` is the name it is stored under, so that files cannot be swapped."""
        nonce = os.urandom(_NONCE)
        return self._head + nonce + self._files.encrypt(nonce, data, self._place(name, 0))

    def unseal_file(self, sealed: bytes, name: str = "") -> bytes:
        """Open a sealed file; a fault when it was changed or is another file."""
        _refuse_other_algorithm(sealed, self._head)
        try:
            return self._files.decrypt(sealed[2:_HEAD], sealed[_HEAD:], self._place(name, 0))
        except InvalidTag:
            raise Fault(_("文件 {name} 打不开：被改动过，或密钥不符", name=name)) from None


def _derived(master: bytes, purpose: str) -> bytes:
    return HKDFExpand(algorithm=SHA256(), length=32, info=f"huimin {purpose}".encode()).derive(master)


def _refuse_open_modes(path: Path) -> None:
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


def _refuse_other_algorithm(sealed: bytes, head: bytes) -> None:
    if sealed[:2] != head:
        raise Fault(_("密文的算法或密钥编号不认识"))
