"""What staff do with a plugin's spreadsheet: check it, and write it when it is good. The same for command and page."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.bulk import roomy
from core.calling import CallFailed
from core.errors import NotFound
from core.extension import Import, ImportCounts
from core.households.importing.run import limits_of
from core.imports.checking import Checked, check_table, plugin_of
from core.imports.reading import read_table
from core.spreadsheet_in import marking
from core.spreadsheet_in.marking import Source
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork


@dataclass(frozen=True)
class Outcome:
    """What became of a file: ``written`` is None when nothing was written."""

    checked: Checked
    written: ImportCounts | None = None

    @property
    def left_out(self) -> int:
        """How many rows had an error."""
        return len(self.checked.bad)

    def as_json(self, error_file: str | None = None) -> dict[str, Any]:
        """The result as scripts read it, the same as for a roster."""
        done = self.written or ImportCounts()
        return {
            "rows": len(self.checked.table),
            "imported": done.imported,
            "updated": done.updated,
            "skipped": done.skipped,
            "errors": [finding.as_json() for finding in self.checked.errors],
            "warnings": [finding.as_json() for finding in self.checked.warnings],
            "error_file": error_file,
        }


def imports_of(work: "UnitOfWork") -> Sequence[Import]:
    """The imports this actor holds the right to, by name."""
    return [one for _name, one in sorted(work.host.imports.items()) if work.may(one.permission)]


def find_import(work: "UnitOfWork", name: str) -> Import:
    """An import by name; raises ``NotFound``, or ``Forbidden`` without its right."""
    one = work.host.imports.get(name)
    if one is None:
        raise NotFound(_("没有导入 {name}，它的插件可能停用了", name=name))
    work.require(one.permission)
    return one


def check_file(work: "UnitOfWork", name: str, data: bytes, title: str) -> Checked:
    """Read and check a file; writes nothing. Refused when it cannot be read at all."""
    one = find_import(work, name)
    with roomy(work.session.connection()):
        return check_table(work, one, read_table(data, title, limits_of(work), one.columns))


def run_file(work: "UnitOfWork", name: str, source: tuple[bytes, str], *, only_valid: bool = False) -> Outcome:
    """Check a file (bytes and name) and write what is good.

    Without ``only_valid`` one error stops the file; with it, rows with an error are left out.
    """
    data, title = source
    checked = check_file(work, name, data, title)
    return write_checked(work, name, (checked, hashlib.sha256(data).hexdigest()), only_valid=only_valid)


def write_checked(work: "UnitOfWork", name: str, source: tuple[Checked, str], *, only_valid: bool = False) -> Outcome:
    """Let the plugin write what a check found good; leaves one record with the counts and the file's hash."""
    one = find_import(work, name)
    checked, content_hash = source
    if checked.errors and not only_valid:
        return Outcome(checked)
    good = checked.good

    def write() -> ImportCounts:
        answer = one.write(work, checked.rows(good)) if good else ImportCounts()
        if isinstance(answer, int) and not isinstance(answer, bool):
            answer = ImportCounts(imported=answer)
        if not isinstance(answer, ImportCounts):
            given = type(answer).__name__
            raise CallFailed(_("应当返回 {wanted}，返回的是 {given}", wanted="ImportCounts", given=given))
        return answer

    with roomy(work.session.connection()):
        written: ImportCounts = work.hooks.run(f"import {name}: write", plugin_of(work, one), write)
    work.record(
        "import.written",
        f"import:{name}",
        name=name,
        rows=len(checked.table),
        imported=written.imported,
        updated=written.updated,
        skipped=written.skipped,
        left_out=len(checked.bad),
        file=content_hash,
    )
    return Outcome(checked, written)


def marked_workbook(one: Import, data: bytes, checked: Checked, rows_max: int) -> bytes:
    """The clerk's own workbook with the bad cells marked; above ``rows_max`` the bad rows alone."""
    table = checked.table
    headers = {column.name: _(column.title) for column in one.columns}
    source = Source(data, table.kind, table.sheets, table.sheet_of, table.row_of, table.columns, headers)
    return marking.marked_workbook(source, checked.errors, rows_max)
