"""Values that every part speaks of: money in fen, months, area codes, ages, and numbers that stay masked."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from core.capitals import in_capitals
from core.errors import HuiminError, NotFound, refuse
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork

__all__ = [
    "AreaCode", "BankAccount", "IdNumber", "Masked", "Period", "Phone",
    "age_on", "birthday_at", "format_money", "half_width", "in_capitals", "parse_money", "read_number", "row_id",
]  # fmt: skip

# -- text that was typed or pasted -----------------------------------------------------------------------------------

_HALF: dict[int, int | None] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0xFFE5: 0xA5}
_HALF |= dict.fromkeys((0x20, 0x09, 0x0A, 0x0D, 0x0B, 0x0C, 0xA0, 0x3000, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
_HALF |= dict.fromkeys(range(0x2000, 0x200B))


def half_width(text: str) -> str:
    """Full-width letters, digits and signs made half-width, and every kind of space removed."""
    return text.translate(_HALF)


# -- numbers that were typed -----------------------------------------------------------------------------------------

_ID_DIGITS = 14
"""No row has a number with more digits; an old citizen number has 15."""
_NUMBER_DIGITS, _NUMBER_PLACES = 13, 30
"""Before the point and behind it: a share that Excel computed has seventeen places."""
_NUMBER = re.compile(r"[+-]?(?:\d{1,17}(?:\.\d*)?|\.\d+)(?:E[+-]?\d{1,2})?", re.ASCII | re.IGNORECASE)


def row_id(text: object) -> int:
    """The number of a row as typed, 0 for anything else: no row has that."""
    plain = str(text).strip()
    return int(plain) if len(plain) <= _ID_DIGITS and plain.isascii() and plain.isdecimal() else 0


def read_number(text: str) -> Decimal | None:
    """A number as typed (``1,234.5``) or as Excel writes it (``1E-05``); None for anything else.

    Of at most 13 digits before the point and 30 places behind it: it can be multiplied and kept.
    """
    plain = half_width(text).replace(",", "")
    found = Decimal(plain) if len(plain) <= 2 * _NUMBER_PLACES and _NUMBER.fullmatch(plain) else None
    if found is None or not found:
        return found
    return found if found.adjusted() < _NUMBER_DIGITS and -int(found.as_tuple().exponent) <= _NUMBER_PLACES else None


def beyond(error: Exception) -> HuiminError | None:
    """The refusal of a number or a day that reaches beyond what can be kept; None for any other error."""
    said = str(getattr(error, "orig", error))
    if isinstance(error, OverflowError) and "date value" in said:
        return refuse(_("日期太早或太晚，没有办理"), code="E_DAY")
    too_large = "SQLite INTEGER" in said if isinstance(error, OverflowError) else "out of range" in said
    if too_large and type(error).__name__ in ("OverflowError", "DataError"):
        return NotFound(_("没有找到"))
    return None


# -- money: whole fen, never float -----------------------------------------------------------------------------------

_MONEY = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d{1,14})(?:\.(\d{1,2})0*)?", re.ASCII)

_FINER = re.compile(r"[+-]?[\d,]+\.\d{3,}", re.ASCII)


def parse_money(text: str) -> int:
    """Read ``2,292.00``, ``¥6.5`` or ``6.50元`` as fen; refused (``E_MONEY``, ``E_AMT_SCALE``) when it is none."""
    plain = half_width(text).removeprefix("¥").removesuffix("元")
    found = _MONEY.fullmatch(plain)
    if not found and _FINER.fullmatch(plain):
        raise refuse(_("金额最多两位小数，例如 2,292.00"), code="E_AMT_SCALE")
    if not found:
        raise refuse(_("金额应为数字，最多两位小数，例如 2,292.00"), code="E_MONEY")
    sign, yuan, fen = found.groups()
    amount = int(yuan.replace(",", "")) * 100 + int((fen or "").ljust(2, "0"))
    return -amount if sign == "-" else amount


def format_money(fen: int) -> str:
    """Write fen as in a table: 229200 is ``2,292.00``."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}"


# -- months ----------------------------------------------------------------------------------------------------------


class Period(str):
    """A month, written ``2026-03``; it sorts and is stored as that text."""

    __slots__ = ()
    _FORM = re.compile(r"(1[89]|2\d)\d{2}-(0[1-9]|1[0-2])", re.ASCII)

    def __new__(cls, text: str) -> Self:
        """Take a month as text; refused (``E_PERIOD``) when it is not ``YYYY-MM``."""
        if not cls._FORM.fullmatch(text):
            raise refuse(_("月份应写作 2026-03 的样子"), code="E_PERIOD")
        return super().__new__(cls, text)

    @classmethod
    def of(cls, day: date) -> Self:
        """The month a day lies in."""
        return cls(f"{day.year:04d}-{day.month:02d}")

    @classmethod
    def span(cls, first: str, last: str) -> Iterator[Self]:
        """Every month from the first to the last, both included; none when they stand the wrong way round."""
        month, end = cls(first), cls(last)
        while month <= end:
            yield month
            month = month.next()

    @property
    def year(self) -> int:
        """The year."""
        return int(self[:4])

    @property
    def month(self) -> int:
        """The month of the year, 1 to 12."""
        return int(self[5:])

    def plus(self, months: int) -> Self:
        """The month so many months later, or earlier when negative."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return type(self)(f"{year:04d}-{month + 1:02d}")

    def next(self) -> Self:
        """The month after."""
        return self.plus(1)

    def previous(self) -> Self:
        """The month before."""
        return self.plus(-1)

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return self.next().first_day - timedelta(days=1)


# -- areas -----------------------------------------------------------------------------------------------------------


Level = Literal["county", "town", "village"]


class AreaCode(str):
    """A division code: 6 digits county (GB/T 2260), 9 town, 12 village (GB/T 10114)."""

    __slots__ = ()
    _LEVELS: ClassVar[dict[int, Level]] = {6: "county", 9: "town", 12: "village"}

    def __new__(cls, text: str) -> Self:
        """Take a code; refused (``E_DIV_CODE``) unless it is 6, 9 or 12 digits."""
        if len(text) not in cls._LEVELS or not (text.isascii() and text.isdigit()):
            raise refuse(_("行政区划代码应为 6、9 或 12 位数字"), code="E_DIV_CODE")
        return super().__new__(cls, text)

    @property
    def level(self) -> Level:
        """Which level the code stands for."""
        return self._LEVELS[len(self)]

    @property
    def parent(self) -> "AreaCode | None":
        """The code one level up; None for a county."""
        return None if len(self) == 6 else AreaCode(str(self[:-3]))

    @property
    def county(self) -> "AreaCode":
        """The county the area lies in."""
        return AreaCode(str(self[:6]))

    def covers(self, other: str) -> bool:
        """Whether the other area is this one or lies inside it."""
        return other.startswith(self)


# -- ages ------------------------------------------------------------------------------------------------------------

LeapBirthday = Literal["march_1", "february_28"]


def birthday_at(born: date, age: int, leap: LeapBirthday = "march_1") -> date:
    """The day on which a person completes so many years.

    Born on 29 February, the day is 1 March in other years, or 28 February where the county says so.
    """
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1) if leap == "march_1" else date(born.year + age, 2, 28)


YEARS = range(1949, 3000)
"""Years that may be asked for."""


def year_of(text: str) -> int | None:
    """A year that may be asked for, from its four digits; None for anything else."""
    year = row_id(text)
    return year if year in YEARS else None


def age_on(born: date, day: date, leap: LeapBirthday = "march_1") -> int:
    """Completed years (周岁) on a day; never below 0."""
    years = day.year - born.year
    return max(0, years if day >= birthday_at(born, years, leap) else years - 1)


# -- numbers that stay masked ----------------------------------------------------------------------------------------


class Masked(str):
    """A sensitive number whose text is its masked form: printing, logging, formatting and JSON show no more.

    The plain number is not kept: ``unseal`` opens the stored cipher again when somebody with the right asks.
    Two numbers with the same masked form are not the same number; compare blind indexes instead.
    """

    __slots__ = ("_area", "_subject", "_unseal", "tail")
    action = "person.number_revealed"
    tail: str

    def __new__(cls, unseal: Callable[[], str], *, subject: str, area: str = "") -> Self:
        """Mask the number that ``unseal`` opens; it belongs to ``subject`` (``person:7``) in ``area``."""
        plain = unseal()
        made = super().__new__(cls, cls.mask(plain))
        made.tail, made._unseal, made._subject, made._area = plain[-4:], unseal, subject, area
        return made

    @staticmethod
    def mask(plain: str) -> str:
        """The form that may be shown; the last four characters at most."""
        return "*" * 8 + plain[-4:] if len(plain) > 7 else "*" * 8

    @property
    def masked(self) -> str:
        """The masked form as plain text."""
        return str(self)

    @property
    def in_words(self) -> str:
        """``尾号 3026``, as pages show it."""
        return _("尾号 {tail}", tail=self.tail)

    def reveal(self, work: "UnitOfWork", reason: str) -> str:
        """Show the whole number to somebody who may see it and says why; leaves a read record first."""
        work.require("person.reveal", area=self._area or None)
        if not reason.strip():
            raise refuse(_("查看完整号码请说明事由"), field="reason", code="E_REASON")
        work.record_read(self.action, self._subject, area=self._area, reason=reason.strip())
        return self._unseal()

    def __repr__(self) -> str:
        """The masked form with its type."""
        return f"<{type(self).__name__} {self}>"

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """Copies and pickles carry the masked text alone."""
        return str, (str(self),)


class IdNumber(Masked):
    """A citizen identity number or the number of another document: first 6, ``********``, last 4."""

    __slots__ = ()

    @staticmethod
    def mask(plain: str) -> str:
        """First 6 and last 4 of an 18-digit number; the last 4 alone of a shorter one."""
        return f"{plain[:6]}********{plain[-4:]}" if len(plain) >= 18 else Masked.mask(plain)


class BankAccount(Masked):
    """A bank account number: the last 4."""

    __slots__ = ()
    action = "person.account_revealed"


class Phone(Masked):
    """A telephone number: 138****1234."""

    __slots__ = ()
    action = "person.phone_revealed"

    @staticmethod
    def mask(plain: str) -> str:
        """First 3 and last 4 of a mobile number; the last 4 alone of another."""
        return f"{plain[:3]}****{plain[-4:]}" if len(plain) == 11 and plain[0] == "1" else f"****{plain[-4:]}"
