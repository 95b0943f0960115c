"""Files that a command writes: new ones only, readable by who ran it."""

import os
from pathlib import Path

from core.errors import Clash, NotFound
from core.texts import _


def read_given(file: Path) -> bytes:
    """The bytes of a file that was named; raises ``NotFound``."""
    if not file.is_file():
        raise NotFound(_("找不到文件 {file}", file=file))
    return file.read_bytes()


def write_new(file: Path, data: bytes) -> None:
    """Write a file that is not there yet; raises ``Clash`` when it is."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Clash(_("文件 {file} 已存在，换一个名字", file=file)) from None
    with os.fdopen(handle, "wb") as out:
        out.write(data)


def write_marked(file: Path, data: bytes) -> str:
    """Write a marked workbook beside the clerk's own, where that can be written; answers its path."""
    folder = file.parent if os.access(file.parent, os.W_OK) else Path.cwd()
    place = folder / f"{file.stem}-{_('错误标注')}.xlsx"
    number = 1
    while place.exists():
        number += 1
        place = folder / f"{file.stem}-{_('错误标注')}-{number}.xlsx"
    write_new(place, data)
    return str(place)
