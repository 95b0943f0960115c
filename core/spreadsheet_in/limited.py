"""Give a stranger's file to a process with limits of memory and time; when it dies, only that file is refused."""

import io
import struct
import subprocess
import sys
import threading
import zipfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from core.spreadsheet_in.apart import Part, read_line, written

_COMMAND = [sys.executable, "-I", "-S", str(Path(__file__).with_name("apart.py"))]
_MEBIBYTE = 1024 * 1024
_MEMORY_LEAST, _MEMORY_PER_BYTE, _MEMORY_MORE = 512 * _MEBIBYTE, 3, 200 * _MEBIBYTE
"""A roster of 300,000 rows is 177 MB unpacked and is read within 512 MiB."""
_SECONDS_LEAST, _BYTES_PER_SECOND = 20, 5_000_000
_WAIT = 3
"""A busy machine gives the process a part of its time: so many seconds by the clock for one of computing."""


class OutOfLimits(Exception):
    """The process ended before its work did: the file asked for more than it may, or broke what reads it."""


def run(act: str, arguments: tuple[Any, ...], unpacked: int) -> Generator[Part, None, None]:
    """The parts ``act`` of ``apart.py`` answers, as they come; ``unpacked`` is the size of the file in bytes.

    Raises ``OutOfLimits`` when memory or time ran out.
    """
    memory = max(_MEMORY_LEAST, _MEMORY_PER_BYTE * unpacked + _MEMORY_MORE)
    seconds = _SECONDS_LEAST + unpacked // _BYTES_PER_SECOND
    order = written((act, arguments, (memory, seconds), sys.path))
    pipe = subprocess.PIPE
    # Our own script; it gets the places of packages from here and looks for no others.
    with subprocess.Popen(_COMMAND, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as child:  # noqa: S603
        watch = threading.Timer(seconds * _WAIT, child.kill)
        watch.start()
        try:
            yield from _parts(child, order)
        finally:
            watch.cancel()
            child.kill()


def _parts(child: "subprocess.Popen[bytes]", order: bytes) -> Iterator[Part]:
    if child.stdin is None or child.stdout is None:
        raise OutOfLimits
    try:
        with child.stdin:
            child.stdin.write(order)
        while (part := read_line(child.stdout.readline())) is not None:
            yield part
    except (BrokenPipeError, ValueError) as error:
        raise OutOfLimits from error


def entries_of(data: bytes) -> list[zipfile.ZipInfo] | None:
    """The directory of a packed workbook; None when it cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return packed.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError, struct.error):
        return None


def unpacked_size(data: bytes) -> int:
    """How many bytes a packed workbook says it has when unpacked; its own size when it is not packed."""
    entries = entries_of(data)
    return len(data) if entries is None else sum(entry.file_size for entry in entries)
