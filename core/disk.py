"""Files that outlive a power cut, and folders that do not outlive the work they were made for."""

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import TryAgain
from core.texts import _

DRAFT = ".part"
"""The end of a file's name while it is being written."""
_PREFIX = ".scratch-"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def full() -> TryAgain:
    """What is said where the disk has no room: nothing was written, it may be tried again."""
    return TryAgain(_("磁盘空间不足，没有写入。请腾出空间后再试"))


@contextmanager
def room() -> Iterator[None]:
    """Files written in this block fail in words when the disk has no room for them."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise full() from error
        raise


def sync(path: Path) -> None:
    """Have what is written of a file, or the names in a folder, reach the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_private(file: Path, content: str | bytes) -> None:
    """Write a file (0600) whole or not at all, on the disk before this returns; text as UTF-8."""
    draft = file.with_name(f"{file.name}{DRAFT}")
    data = content.encode() if isinstance(content, str) else content
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        draft.replace(file)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    sync(file.parent)


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """A folder of one's own in ``folder``, gone at the end. What a killed process left goes when the next begins."""
    with held(folder):
        for left in folder.glob(f"{_PREFIX}*"):
            _clear(left)
        made = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
        mine = os.open(made, os.O_RDONLY)
        fcntl.flock(mine, fcntl.LOCK_EX)
    try:
        yield made
    finally:
        try:
            shutil.rmtree(made)
        finally:
            os.close(mine)  # what the disk would not let go is nobody's now: whoever begins next throws it away


def _clear(left: Path) -> None:
    """Throw a folder away unless somebody works in it: then it is locked."""
    try:
        with held(left, fcntl.LOCK_EX | fcntl.LOCK_NB):
            shutil.rmtree(left)
    except (BlockingIOError, FileNotFoundError):
        return


@contextmanager
def held(folder: Path, how: int = fcntl.LOCK_EX) -> Iterator[None]:
    """Keep every other process that asks for the same folder waiting."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)
