"""How a figure, a day or a moment is written: the same on a page, on paper, in a table and on the command line."""

import unicodedata
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

from core.texts import _

COUNTY_TIME = timezone(timedelta(hours=8), "UTC+8")
"""County time, whatever the machine says: dates, months and typed times are read in it."""

NOTHING = "--"


def money(fen: int) -> str:
    """Whole fen as yuan with thousands: 229200 → 2,292.00."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}{yuan:,}.{rest:02d}"


def count(number: int) -> str:
    """A whole number with thousands."""
    return f"{number:,}"


def ratio(share: float | Decimal) -> str:
    """A share of one as per cent with one digit, half-up: 0.864 → 86.4%."""
    if isinstance(share, Decimal):
        return f"{(share * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"
    return f"{share * 100:.1f}%"


def day(on: date) -> str:
    """A day in a table: 2026-11-20."""
    return county_day(on).isoformat()


def day_in_words(on: date) -> str:
    """A day in a sentence or in print: 2026年11月20日."""
    local = county_day(on)
    return _("{year}年{month}月{day}日", year=local.year, month=local.month, day=local.day)


def month_in_words(period: str) -> str:
    """A period "2026-11" in a sentence: 2026年11月."""
    year, month = period.split("-")
    return _("{year}年{month}月", year=year, month=int(month))


def moment(at: datetime) -> str:
    """An instant in county time to the minute: 2026-11-20 14:08."""
    return at.astimezone(COUNTY_TIME).strftime("%Y-%m-%d %H:%M")


def moment_exactly(at: datetime) -> str:
    """An instant in county time to the second, for records."""
    return at.astimezone(COUNTY_TIME).strftime("%Y-%m-%d %H:%M:%S")


def county_day(on: date) -> date:
    """The county's date of a date or an instant."""
    return on.astimezone(COUNTY_TIME).date() if isinstance(on, datetime) else on


def weekday(on: date) -> str:
    """The name of the day of the week."""
    names = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))
    return names[county_day(on).weekday()]


def cell(kind: str, value: object) -> str:
    """One cell of a list or report as text; ``kind`` is that of its ``Column``, nothing is shown as ``--``."""
    if value is None or value == "":
        return NOTHING
    match kind, value:
        case "money", int():
            return money(value)
        case "integer" | "number", int():
            return count(value)
        case "number", Decimal():
            return f"{value:,}"
        case "ratio", int() | float() | Decimal():
            return ratio(value)
        case _, datetime():
            return moment(value)
        case _, date():
            return day(value)
    return str(value)


def width(text: str) -> int:
    """How many columns a text takes on a terminal or in a sheet; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
