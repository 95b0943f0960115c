"""The county's keys: sealing of numbers and files, and blind indexes by which equal numbers meet.

The key file lies in a folder of its own outside the database and is never in a backup of it. It is a ring of masters
by number (``core.key_ring``): the current one seals, any of them opens. Sealed bytes are
``algorithm (1) | key number (1) | nonce (12) | cipher and tag``; a swapped cipher does not open, because table,
column, row and key number are bound to it. An index is an HMAC under a key of its own, which stays that of the first
master for ever, as do the keys of other purposes: equal numbers have to meet whenever they were registered.
"""

import hashlib
import hmac
import os
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from core import key_ring
from core.errors import Fault
from core.key_ring import KeysUnusable, Ring
from core.texts import _

__all__ = ["AES_256_GCM", "KeysUnusable", "Vault"]

AES_256_GCM = 1
"""Algorithm tag of AES-256-GCM; 2 is kept free for SM4-GCM."""

_NONCE = 12
_HEAD = 2 + _NONCE


class _Key:
    """One master of the ring with what seals under it."""

    def __init__(self, master: bytes, number: int) -> None:
        self.head = head_of(number)
        self.tail = f"|{number}"
        self.texts = AESGCM(_derived(master, f"encryption {number}"))
        self.files = AESGCM(_derived(master, f"files {number}"))

    def place(self, column: str, row_id: int) -> bytes:
        """What a value of this place is bound to."""
        return f"{column}|{row_id}{self.tail}".encode()


class Vault:
    """The opened keys of one county. Made by ``create`` once and by ``open`` ever after."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = key_ring.seen(path)  # before it is read: what comes in between is noticed by the next look
        ring = key_ring.read(path)
        first = ring.masters[min(ring.masters)]
        self._index = _derived(first, "blind index")
        self._derive = partial(_derived, first)
        self._take(ring)

    def _take(self, ring: Ring) -> None:
        # In this order: whoever seals with the new key in another thread has to be able to open it.
        self._keys = {head_of(number): _Key(master, number) for number, master in ring.masters.items()}
        self._key = self._keys[head_of(ring.current)]
        self.ring = ring

    @classmethod
    def create(cls, path: Path) -> "Vault":
        """Make a key file (0600) in its folder (0700); refused when one is there: lost keys are lost data."""
        key_ring.create(path)
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> "Vault":
        """Open the key file; refused when it is missing, damaged, or readable by others."""
        return cls(path)

    def refresh(self) -> None:
        """Learn what another process added to the key file since it was read; costs a look at the file's date.

        Raises ``KeysUnusable`` when a master that was there is gone: whoever sealed on under other keys would lose
        what both sealed.
        """
        now = key_ring.seen(self._path)
        if now is None or now == self._seen:
            return
        ring = key_ring.read(self._path)
        if any(ring.masters.get(number) != master for number, master in self.ring.masters.items()):
            raise KeysUnusable(
                _("密钥文件 {path} 被换成了另一份，少了正在用的密钥", path=self._path), hint=_("请把原来的密钥放回原处")
            )
        self._take(ring)
        self._seen = now

    def _key_of(self, sealed: bytes) -> _Key:
        """The key under which a value was sealed; a number nobody knows may be younger than what was read."""
        head = bytes(sealed[:2])
        if head not in self._keys:
            self.refresh()
        if found := self._keys.get(head):
            return found
        if len(head) == 2 and head[0] == AES_256_GCM:
            raise Fault(_("密文用第 {number} 号密钥加密，密钥文件里没有这把密钥", number=head[1]))
        raise Fault(_("密文的算法或密钥编号不认识"))

    def key_for(self, purpose: str) -> bytes:
        """32 bytes for another purpose ("session", "forms"), never the same as the keys of the data."""
        return self._derive(f"purpose {purpose}")

    # -- texts in columns ------------------------------------------------------------------------------------------

    def seal(self, column: str, row_id: int, text: str) -> bytes:
        """Seal a text for one place: ``column`` is ``table.column``."""
        key, nonce = self._key, os.urandom(_NONCE)
        return key.head + nonce + key.texts.encrypt(nonce, text.encode("utf-8"), key.place(column, row_id))

    def unseal(self, column: str, row_id: int, sealed: bytes) -> str:
        """Open what was sealed for this place; a fault when it was sealed elsewhere, or changed."""
        key = self._key_of(sealed)
        try:
            plain = key.texts.decrypt(sealed[2:_HEAD], sealed[_HEAD:], key.place(column, row_id))
        except InvalidTag:
            raise Fault(_("{place} 的密文打不开：被改动过，或密钥不符", place=f"{column}|{row_id}")) from None
        return plain.decode("utf-8")

    def seal_many(self, column: str, ids: Iterable[int], texts: Sequence[str]) -> list[bytes]:
        """Seal a column of texts; ``ids`` are the rows they go to, in the same order."""
        key = self._key
        head, encrypt, tail = key.head, key.texts.encrypt, key.tail
        noise = os.urandom(_NONCE * len(texts))
        nonces = [noise[at : at + _NONCE] for at in range(0, len(noise), _NONCE)]
        return [
            head + nonce + encrypt(nonce, text.encode("utf-8"), f"{column}|{row}{tail}".encode())
            for nonce, row, text in zip(nonces, ids, texts, strict=True)
        ]

    def unseal_many(self, column: str, ids: Iterable[int], sealed: Iterable[bytes]) -> list[str]:
        """Open a column of texts that were sealed for these rows; a fault when one was sealed elsewhere, or changed."""
        key = self._key
        head, decrypt, tail = key.head, key.texts.decrypt, key.tail
        found = []
        for row, one in zip(ids, sealed, strict=True):
            if one[:2] != head:
                key = self._key_of(one)
                head, decrypt, tail = key.head, key.texts.decrypt, key.tail
            try:
                found.append(decrypt(one[2:_HEAD], one[_HEAD:], f"{column}|{row}{tail}".encode()).decode("utf-8"))
            except InvalidTag:
                raise Fault(_("{place} 的密文打不开：被改动过，或密钥不符", place=f"{column}|{row}")) from None
        return found

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
        key, nonce = self._key, os.urandom(_NONCE)
        return key.head + nonce + key.files.encrypt(nonce, data, key.place(name, 0))

    def unseal_file(self, sealed: bytes, name: str = "") -> bytes:
        """Open a sealed file; a fault when it was changed or is another file."""
        key = self._key_of(sealed)
        try:
            return key.files.decrypt(sealed[2:_HEAD], sealed[_HEAD:], key.place(name, 0))
        except InvalidTag:
            raise Fault(_("文件 {name} 打不开：被改动过，或密钥不符", name=name)) from None


def _derived(master: bytes, purpose: str) -> bytes:
    return HKDFExpand(algorithm=SHA256(), length=32, info=f"huimin {purpose}".encode()).derive(master)


def head_of(number: int) -> bytes:
    """How everything begins that was sealed under a key of this number."""
    return bytes((AES_256_GCM, number))
