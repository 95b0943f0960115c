"""The file for the national low-income platform; that it was made is recorded."""

import csv
import io
from typing import TYPE_CHECKING

from plugins.dibao.statistics import EXPORT_COLUMNS, export_rows

if TYPE_CHECKING:
    from core.api import UnitOfWork

EXPORT = "dibao.export"


def export_csv(work: "UnitOfWork", month: str = "") -> tuple[bytes, int]:
    """The CSV (UTF-8 with BOM) by person, and how many persons stand in it."""
    work.require(EXPORT)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(EXPORT_COLUMNS)
    rows = list(export_rows(work, month or None))
    writer.writerows(rows)
    work.record("dibao.exported", "dibao:list", count=len(rows))
    return b"\xef\xbb\xbf" + out.getvalue().encode(), len(rows)
