"""Files beside the database, encrypted under random names: attachments, bank files, workbooks that wait for import."""

import secrets
import time
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from core.disk import write_private
from core.errors import NotFound
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork

_ABANDONED_SECONDS = 24 * 3600
"""A file that no row knows is left alone for a day: its transaction may still be running."""


def folder_of(work: "UnitOfWork", kind: str) -> Path:
    """Where the county's files of a kind ("attachments", "rosters") lie."""
    return work.settings.data / kind / work.settings.county.code


def keep(work: "UnitOfWork", kind: str, data: bytes) -> str:
    """Keep a file, encrypted and on the disk; answers its name. It goes again when the act does not come to its end.

    When nobody knows whether it did, the file stays: a row may name it.
    """
    name = secrets.token_hex(16)
    folder = folder_of(work, kind)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / name
    work.undo_by(lambda: file.unlink(missing_ok=True), in_doubt=False)
    write_private(file, work.keys.seal_file(data, name))
    return name


def opened(work: "UnitOfWork", kind: str, name: str) -> bytes:
    """The plain bytes of a kept file; raises ``NotFound`` when it was forgotten."""
    file = folder_of(work, kind) / name
    if not file.is_file():
        raise NotFound(_("没有找到这个文件，可能已过期删除"))
    return work.keys.unseal_file(file.read_bytes(), name)


def forget(work: "UnitOfWork", kind: str, names: Collection[str]) -> None:
    """Delete kept files."""
    for name in names:
        if name:
            (folder_of(work, kind) / name).unlink(missing_ok=True)


def sweep(work: "UnitOfWork", kind: str, known: Collection[str]) -> int:
    """Delete files that no row knows, a day after they were written: left over from a crash. Answers how many."""
    folder = folder_of(work, kind)
    if not folder.is_dir():
        return 0
    limit = time.time() - _ABANDONED_SECONDS
    lost = [file for file in folder.iterdir() if file.name not in known and file.stat().st_mtime < limit]
    for file in lost:
        file.unlink(missing_ok=True)
    return len(lost)
