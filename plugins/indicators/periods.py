"""The periods superiors ask for: a month, a quarter, a year."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.api import Period, _, refuse

_FORM = re.compile(r"(?P<year>(?:19|20|21)\d{2})(?:-?Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?", re.ASCII)
_QUARTER = 3


@dataclass(frozen=True)
class Stretch:
    """A month "2026-10", a quarter "2026-Q3" or a year "2026", with its first and last day."""

    text: str
    since: date
    until: date
    kind: Literal["month", "quarter", "year"]

    @property
    def year(self) -> str:
        """The year it lies in, as it is written."""
        return self.text[:4]

    @property
    def months(self) -> tuple[str, ...]:
        """Its months, as they are written."""
        return tuple(map(str, Period.span(Period.of(self.since), Period.of(self.until))))

    @property
    def in_words(self) -> str:
        """How it reads: 2026年10月, 2026年第3季度, 2026年."""
        number = int(self.text[-1]) if self.kind == "quarter" else self.since.month
        words = {
            "month": _("{year}年{month}月", year=self.year, month=number),
            "quarter": _("{year}年第{quarter}季度", year=self.year, quarter=number),
            "year": _("{year}年", year=self.year),
        }
        return words[self.kind]

    def up_to(self) -> "Stretch":
        """The year up to its last day."""
        return Stretch(self.text, date(self.since.year, 1, 1), self.until, self.kind)


def stretch(text: str, field: str = "period") -> Stretch:
    """Read a period; refused (E_PERIOD) when it is none."""
    found = _FORM.fullmatch(text.strip().upper())
    if found is None:
        words = _("期间应写作 2026-10、2026-Q3 或 2026 的样子")
        raise refuse(words, field=field, code="E_PERIOD", hint="2026-10, 2026-Q3, 2026")
    year, quarter, month = found["year"], found["quarter"], found["month"]
    if quarter:
        last = int(quarter) * _QUARTER
        first = Period(f"{year}-{last - _QUARTER + 1:02d}")
        return Stretch(f"{year}-Q{quarter}", first.first_day, Period(f"{year}-{last:02d}").last_day, "quarter")
    if month:
        at = Period(f"{year}-{month}")
        return Stretch(str(at), at.first_day, at.last_day, "month")
    return Stretch(year, date(int(year), 1, 1), date(int(year), 12, 31), "year")


def asked_for(text: str, today: date) -> Stretch:
    """The period that was asked for, the month that is over when none was."""
    return stretch(text or str(Period.of(today).previous()))


def neighbours(one: Stretch) -> tuple[str, str]:
    """The period before and the one after, of the same kind."""
    if one.kind == "year":
        return str(int(one.text) - 1), str(int(one.text) + 1)
    steps = _QUARTER if one.kind == "quarter" else 1
    at = Period.of(one.since)
    return _written(at.plus(-steps), one.kind), _written(at.plus(steps), one.kind)


def _written(at: Period, kind: str) -> str:
    return f"{at.year}-Q{(at.month + 2) // _QUARTER}" if kind == "quarter" else str(at)
