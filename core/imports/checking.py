"""Check a file for an import: every cell by its column, then the plugin's rules on the rows that are good so far."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.calling import CallFailed
from core.extension import Import, RowObjection
from core.imports.cells import read_column
from core.imports.reading import Table
from core.spreadsheet_in.cells import cell_text, letter_of
from core.spreadsheet_in.findings import Finding
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork

_LONG_NUMBER = re.compile(r"\d{10,}[\dXx]", re.ASCII)
_AREA_DIGITS = 12
"""The code of a village has so many digits; it says nothing of a person."""


@dataclass
class Checked:
    """A file with its values by column and what was found; ``bad`` are the rows (from 0) that will not be written."""

    table: Table
    values: dict[str, list[Any]] = field(default_factory=dict)
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)

    @property
    def good(self) -> list[int]:
        """The rows without an error."""
        return [at for at in range(len(self.table)) if at not in self.bad]

    def rows(self, chosen: list[int]) -> dict[str, list[Any]]:
        """Some rows in columns, as a plugin gets them."""
        return {name: [column[at] for at in chosen] for name, column in self.values.items()}


def check_table(work: "UnitOfWork", one: Import, table: Table) -> Checked:
    """Check every cell, then ask the plugin; writes nothing. A plugin that fails is named (``PluginFailed``)."""
    checked = Checked(table)
    for sheet, row, why in table.passed_over:
        checked.warnings.append(Finding(0, row, 0, sheet, "", "", "", "W_SKIPPED", why))
    for column in one.columns:
        checked.values[column.name], wrong = read_column(column, table.columns[column.name])
        for at, objection in wrong.items():
            checked.bad.add(at)
            checked.errors.append(_finding(checked, at, column.name, objection.code or "", objection.reason))
    _ask_plugin(work, one, checked)
    checked.errors.sort()
    checked.warnings.sort()
    return checked


def _ask_plugin(work: "UnitOfWork", one: Import, checked: Checked) -> None:
    good = checked.good
    if not good:
        return

    def ask() -> list[RowObjection]:
        return _objections(one.check(work, checked.rows(good)), len(good))

    for objection in work.hooks.run(f"import {one.name}: check", plugin_of(work, one), ask):
        at, code = good[objection.row], objection.code or "E_ROW"
        name = objection.column if objection.column in checked.values else ""
        reason = (
            _("{reason}（{hint}）", reason=objection.reason, hint=objection.hint)
            if objection.hint
            else objection.reason
        )
        if code.startswith("W_"):
            checked.warnings.append(_finding(checked, at, name or "", code, reason))
            continue
        checked.bad.add(at)
        checked.errors.append(_finding(checked, at, name or "", code, reason))


def _objections(answer: Iterable[Any] | None, rows: int) -> list[RowObjection]:
    found = list(answer or ())
    for one in found:
        if not isinstance(one, RowObjection) or not 0 <= one.row < rows:
            given = type(one).__name__ if not isinstance(one, RowObjection) else f"row {one.row}"
            raise CallFailed(_("应当返回一列 {wanted}，返回的是 {given}", wanted="RowObjection", given=given))
    return found


def plugin_of(work: "UnitOfWork", one: Import) -> str:
    """The running plugin or room an import belongs to, by its name."""
    names = (loaded.manifest.name for loaded in work.host.loaded)
    return max((name for name in names if _begins(one.name, name.replace("_", "-"))), key=len, default="")


def _begins(name: str, plugin: str) -> bool:
    return name == plugin or name.startswith(f"{plugin}-")


def _finding(checked: Checked, at: int, name: str, code: str, message: str) -> Finding:
    table = checked.table
    number = table.sheet_of[at]
    sheet = table.sheets[number]
    place = sheet.places.get(name)
    value = shown(cell_text(table.columns[name][at])) if name else ""
    column = letter_of(place) if place is not None else ""
    return Finding(number, table.row_of[at], place or 0, sheet.name, column, name, value, code, message)


def shown(text: str) -> str:
    """A cell as an error may repeat it: of what may be the number of a paper, account or phone the last four digits."""
    return _LONG_NUMBER.sub(_masked, text)[:60]


def _masked(found: "re.Match[str]") -> str:
    number = found.group()
    return number if len(number) == _AREA_DIGITS else f"****{number[-4:]}"
