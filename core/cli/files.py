"""Files that a command writes: new ones only, readable by who ran it."""

import os
import sys
from codecs import BOM_UTF8
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import Clash, NotFound, refuse
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork


def read_given(file: Path) -> bytes:
    """The bytes of a file that was named; raises ``NotFound``."""
    if not file.is_file():
        raise NotFound(_("找不到文件 {file}", file=file))
    return file.read_bytes()


def read_json(file: Path) -> Any:
    """What a JSON file holds ("-" is standard input); raises ``NotFound``, or ``Refused`` (``E_FILE``) for no JSON."""
    data = sys.stdin.buffer.read() if str(file) == "-" else read_given(file)
    from pydantic_core import from_json

    try:
        return from_json(data.removeprefix(BOM_UTF8))
    except ValueError as error:
        raise refuse(_("{file} 不是 JSON 文件", file=file.name), field="file", code="E_FILE") from error


def read_object(file: Path) -> dict[str, Any]:
    """The object a JSON file holds; refused (``E_FILE``) when it holds something else."""
    found = read_json(file)
    if not isinstance(found, dict):
        raise refuse(_("{file} 应是一个 JSON 对象", file=file.name), field="file", code="E_FILE")
    return found


def write_new(file: Path, data: bytes) -> None:
    """Write a file that is not there yet; raises ``Clash`` when it is."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Clash(_("文件 {file} 已存在，换一个名字", file=file)) from None
    with os.fdopen(handle, "wb") as out:
        out.write(data)


def write_within(work: "UnitOfWork", file: Path, data: bytes) -> None:
    """Write a new file as part of an act; it goes again when the act is not committed. Raises ``Clash`` for an old one.

    So nothing is handed out that the audit does not know of.
    """
    write_new(file, data)
    work.undo_by(partial(file.unlink, missing_ok=True))


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
