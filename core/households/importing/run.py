"""Check a file and import it: the same two steps for command, page and API."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.bulk import roomy
from core.households.importing.checking import Checked, check_roster, good_households
from core.households.importing.reading import read_roster
from core.households.importing.writing import Written, write_households
from core.spreadsheet_in.files import Limits

if TYPE_CHECKING:
    from core.work import UnitOfWork


@dataclass
class Outcome:
    """What became of a file: ``written`` is None when nothing was written."""

    checked: Checked
    written: Written | None
    left_out: int

    @property
    def refused(self) -> bool:
        """Whether errors stopped the whole file."""
        return self.written is None

    def as_json(self, error_file: str | None = None) -> dict[str, Any]:
        """The result as scripts read it."""
        done = self.written or Written()
        findings = self.checked.findings
        return {
            "rows": len(self.checked.roster),
            "imported": done.imported,
            "updated": done.updated,
            "skipped": done.skipped,
            "errors": [finding.as_json() for finding in findings.errors],
            "warnings": [finding.as_json() for finding in findings.warnings],
            "error_file": error_file,
        }


def limits_of(work: "UnitOfWork") -> Limits:
    """How large a roster may be, by the county's policy."""
    return Limits(work.policy("households.import_rows_max"), work.policy("households.import_megabytes_max"))


def check_file(work: "UnitOfWork", data: bytes, title: str, *, archive: bool = False) -> Checked:
    """Read and check a file; writes nothing. Refused when it cannot be read at all.

    ``archive`` takes 15-digit numbers, which only the import of an old archive may.
    """
    work.require("household.import")
    with roomy(work.session.connection()):
        return check_roster(work, read_roster(data, title, limits_of(work)), archive=archive)


def import_file(
    work: "UnitOfWork", data: bytes, title: str, only_valid: bool = False, *, archive: bool = False
) -> Outcome:
    """Check a file and write what is good.

    Without ``only_valid`` one error stops the file; with it, households with a bad row are left out whole.
    """
    checked = check_file(work, data, title, archive=archive)
    return import_checked(work, checked, hashlib.sha256(data).hexdigest(), only_valid)


def import_checked(work: "UnitOfWork", checked: Checked, content_hash: str, only_valid: bool) -> Outcome:
    """Write what a check found good; leaves one record with counts, the file's hash and a digest of the ids."""
    work.require("household.import")
    good = good_households(checked)
    rows = sum(len(part) for part in good.values())
    left_out = len(checked.roster) - rows
    if checked.findings.errors and not only_valid:
        return Outcome(checked, None, left_out)
    with roomy(work.session.connection()):
        written = write_households(work, checked, good)
    if written.imported or written.updated:
        more: dict[str, Any] = {"sealed": written.sealed} if written.sealed else {}
        if checked.legacy:
            more["converted"] = len(checked.legacy)
        work.record(
            "household.imported",
            f"roster:{content_hash[:16]}",
            area=_common_area(work),
            rows=len(checked.roster),
            imported=written.imported,
            updated=written.updated,
            skipped=written.skipped,
            households=written.households,
            left_out=left_out,
            file=content_hash,
            people=written.digest,
            **more,
        )
    return Outcome(checked, written, left_out)


def _common_area(work: "UnitOfWork") -> str:
    areas = work.areas("household.import")
    return areas[0] if len(areas) == 1 else work.settings.county.code
