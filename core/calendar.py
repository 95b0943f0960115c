"""Working days: the national calendar, data files for years it does not know, and the county's own exceptions.

A year nobody knows is refused; a deadline is never guessed.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from core.errors import Objection, Refused, refuse
from core.models.workdays import WorkdayOverride
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork


@dataclass(frozen=True)
class YearFile:
    """A year from a data file: days off and worked weekends, with the State Council's document number."""

    document: str
    rest: frozenset[date]
    work: frozenset[date]


@dataclass
class Calendar:
    """The working days of one county. ``exceptions`` are the county's own days, ``years`` come from data files."""

    exceptions: Mapping[date, bool]
    years: Mapping[int, YearFile] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        """Whether a day is worked; raises ``Refused`` for a year nobody knows."""
        if day in self.exceptions:
            return self.exceptions[day]
        year = self.years.get(day.year)
        if year is not None:
            return day in year.work or (day.weekday() < 5 and day not in year.rest)
        return _national(day)

    def add(self, start: date, working_days: int) -> date:
        """The day that is so many working days after ``start``; the day itself does not count."""
        day, left, step = start, abs(working_days), 1 if working_days >= 0 else -1
        while left:
            day += timedelta(days=step)
            left -= self.works(day)
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` up to and with ``end``; negative when it lies before."""
        if end < start:
            return -self.between(end, start)
        return sum(self.works(start + timedelta(days=offset)) for offset in range(1, (end - start).days + 1))


def _national(day: date) -> bool:
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError as error:
        raise Refused(
            [
                Objection(
                    reason=_("还没有 {year} 年的工作日安排，请放入 config/calendar/{year}.toml", year=day.year),
                    code="E_CALENDAR_YEAR",
                )
            ]
        ) from error


def year_files(*folders: Path) -> dict[int, YearFile]:
    """The years that data files supply; a later folder goes before an earlier one."""
    found: dict[int, YearFile] = {}
    for folder in folders:
        for file in sorted(folder.glob("[0-9][0-9][0-9][0-9].toml")):
            found[int(file.stem)] = _read_year(file, file.stat().st_mtime_ns)
    return found


@cache
def _read_year(file: Path, _changed: int) -> YearFile:
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    days = {key: frozenset(date.fromisoformat(str(day)) for day in data.get(key, ())) for key in ("rest", "work")}
    return YearFile(str(data.get("document", "")), days["rest"], days["work"])


def calendar_of(work: "UnitOfWork") -> Calendar:
    """The calendar of the county at work."""
    shipped = Path(__file__).parent / "config_templates" / "calendar"
    checkout = Path(__file__).parent.parent / "config" / "calendar"
    years = year_files(shipped, checkout, work.settings.home / "config" / "calendar")
    rows = work.session.execute(select(col(WorkdayOverride.day), col(WorkdayOverride.works)))
    return Calendar({row.day: bool(row.works) for row in rows}, years)


def set_workday(work: "UnitOfWork", day: date, *, works: bool, document: str) -> WorkdayOverride:
    """Make a day a working day or a day off in this county, by a document."""
    work.require("calendar.set")
    if not document.strip():
        raise refuse(_("请填文号"), field="document", code="E_POLICY_DOCUMENT")
    row = work.session.get(WorkdayOverride, day) or WorkdayOverride(day=day, works=works, document=document)
    before = row.works
    row.works, row.document = works, document.strip()
    work.session.add(row)
    work.session.flush()
    work.record("calendar.set", f"day:{day}", before={"works": before}, after={"works": works, "document": document})
    return row


def month_days(month: str) -> Iterator[date]:
    """Every day of a month written 2026-10."""
    try:
        day = date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise refuse(_("{month} 不是月份，写成 2026-10 这样", month=month), field="month", code="E_MONTH") from error
    while day.isoformat().startswith(month):
        yield day
        day += timedelta(days=1)
