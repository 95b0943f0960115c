"""What is done with the audit chain itself: taking an anchor, writing an export."""

import json
import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from core.audit import verifier
from core.audit.chain import locked_head, microseconds
from core.audit.models import Anchor, Block
from core.audit.queries import export_lines
from core.errors import Clash
from core.texts import _

if TYPE_CHECKING:
    from core.settings import Settings
    from core.work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class PrintedAnchor:
    """The head as it goes on paper: ``code`` is eight groups of four and a check group, ``at`` county time.

    ``line`` goes into the file outside the database.
    """

    county: str
    number: int
    seq: int
    blocks: int
    at: str
    code: str
    line: str


def take_anchor(work: "UnitOfWork") -> PrintedAnchor:
    """Write the head down as an anchor; the edge hands the answer to ``keep_outside`` and to the printer.

    Keep the printed code where nobody who can reach the database can reach it.
    """
    from core.showing import moment_exactly

    work.require("audit.anchor")
    connection, county = work.session.connection(), work.settings.county.code
    head = locked_head(connection)
    number = (connection.scalar(select(func.max(Anchor.number))) or 0) + 1
    blocks = connection.scalar(select(func.count()).select_from(Block)) or 0
    values: dict[str, Any] = {
        "number": number,
        "at": microseconds(work.now),
        "seq": head.seq,
        "hash": head.hash,
        "blocks": blocks,
    }
    connection.execute(insert(Anchor).values(**values))
    line = {**values, "hash": head.hash.hex()}
    work.record("audit.anchored", f"anchor:{number}", **line)
    return PrintedAnchor(
        county=county,
        number=number,
        seq=head.seq,
        blocks=blocks,
        at=moment_exactly(work.now),
        code=verifier.anchor_code(county, head.seq, head.hash),
        line=json.dumps(line),
    )


def write_export(work: "UnitOfWork", file: Path) -> int:
    """Write the whole chain to a new file for the stand-alone verifier; answers with the number of lines."""
    work.require("audit.export")
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Clash(_("文件 {file} 已存在，换一个名字", file=file)) from None
    work.undo_by(partial(file.unlink, missing_ok=True))
    count = 0
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        for line in export_lines(work):
            out.write(line + "\n")
            count += 1
    work.record("audit.exported", f"file:{file.name}", lines=count)
    return count


def anchor_daily(work: "UnitOfWork") -> None:
    """The daily job: take an anchor without anybody asking.

    The line goes out before the commit; the head it names is committed already, so it is true whatever follows.
    """
    keep_outside(work.settings, take_anchor(work))


def keep_outside(settings: "Settings", anchor: PrintedAnchor) -> Path:
    """Add the anchor to ``data/anchors/<code>.jsonl``, outside the database; answers with the file."""
    file = settings.data / "anchors" / f"{anchor.county}.jsonl"
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.write(anchor.line + "\n")
        out.flush()
        os.fsync(out.fileno())
    return file
