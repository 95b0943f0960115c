"""The data of a plugin as files, also while it is switched off: the core knows its tables by their names."""

import csv
import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, LargeBinary, column, inspect, select, table

from core import loading
from core.bulk import stream
from core.errors import Clash, Objection, Refused
from core.models.plugins import AdmittedPlugin
from core.plugin_life import known
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork

MANIFEST = "manifest.json"
ROWS_AT_ONCE = 2_000


@dataclass(frozen=True)
class Exported:
    """What was written: how many tables and rows, and the SHA-256 of the file."""

    tables: int
    rows: int
    digest: str


def export_plugin(work: "UnitOfWork", name: str, file: Path, reason: str) -> Exported:
    """Write every table of a plugin as CSV into a new zip, with a manifest of columns, counts and digests.

    What is sealed stays behind and is named in the manifest. The data of a plugin that is no longer on this machine can
    leave too. Right: plugin.export, in the whole county. Raises ``NotFound`` for a plugin nobody ever admitted,
    ``Clash`` when the file exists, ``Refused`` E_REASON_MISSING without a reason.
    """
    work.require("plugin.export", work.settings.county.code)
    if work.session.get(AdmittedPlugin, name) is None:
        known(name)
    if not reason.strip():
        raise Refused([Objection(reason=_("请写明导出的理由"), field="reason", code="E_REASON_MISSING")])
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Clash(_("文件 {file} 已存在，换一个名字", file=file)) from None
    work.undo_by(lambda: file.unlink(missing_ok=True))
    connection, listed = work.session.connection(), {}
    with os.fdopen(handle, "wb") as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in tables_of(connection, name):
            listed[one] = _write_table(connection, one, archive)
        manifest = {
            "plugin": name,
            "county": work.settings.county.code,
            "made_at": work.now.isoformat(),
            "made_by": work.actor.name,
            "tables": listed,
        }
        archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=2))
    rows = sum(one["rows"] for one in listed.values())
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    work.record(
        "plugin.exported", f"plugin:{name}", reason=reason.strip(), tables=len(listed), rows=rows, digest=digest
    )
    return Exported(len(listed), rows, digest)


def tables_of(connection: Connection, name: str) -> list[str]:
    """The tables that bear a plugin's name; those of a plugin whose name is longer are not among them."""
    longer = [f"{other}_" for other in loading.known_names() if other.startswith(f"{name}_")]
    found = [one for one in inspect(connection).get_table_names() if one.startswith(f"{name}_")]
    return sorted(one for one in found if not one.startswith(tuple(longer)))


def _write_table(connection: Connection, name: str, archive: zipfile.ZipFile) -> dict[str, Any]:
    fields = inspect(connection).get_columns(name)
    sealed = [one["name"] for one in fields if isinstance(one["type"], LargeBinary)]
    plain = [one["name"] for one in fields if one["name"] not in sealed]
    digest, rows = hashlib.sha256(), 0
    with archive.open(f"{name}.csv", "w") as out:
        for part in _lines(connection, name, plain):
            data = part.encode("utf-8")
            digest.update(data)
            out.write(data)
            rows += 1
    return {"columns": plain, "sealed": sealed, "rows": rows - 1, "sha256": digest.hexdigest()}


def _lines(connection: Connection, name: str, columns: list[str]) -> Iterator[str]:
    """The header and every row as a line of CSV; with a byte order mark, so that spreadsheets read the Chinese."""
    yield "\ufeff" + _line(columns)
    asked: Any = select(*(column(one) for one in columns)).select_from(table(name))
    for part in stream(connection, asked, ROWS_AT_ONCE):
        for row in part:
            yield _line(row)


def _line(values: Any) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(["" if value is None else value for value in values])
    return text.getvalue()
