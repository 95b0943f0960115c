"""The file for the national child-welfare information system; that it was made is recorded."""

import csv
import io
from typing import TYPE_CHECKING

from plugins.orphan_care.statistics import EXPORT_COLUMNS, export_rows

if TYPE_CHECKING:
    from core.api import UnitOfWork

EXPORT = "orphan_care.export"


def export_csv(work: "UnitOfWork") -> tuple[bytes, int]:
    """The CSV (UTF-8 with BOM) and how many children stand in it."""
    work.require(EXPORT)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([title for _name, title in EXPORT_COLUMNS])
    rows = list(export_rows(work))
    writer.writerows(rows)
    work.record("orphan_care.exported", "orphan_care:list", count=len(rows))
    return b"\xef\xbb\xbf" + out.getvalue().encode(), len(rows)
