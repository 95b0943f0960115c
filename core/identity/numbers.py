"""Citizen identity numbers: cleaning, checking, and what they tell; one at a time or a column at once.

GB 11643-1999; the codes and messages are those of the handbook (identity and household, sections 1 and 11). The
division of the first six digits is never checked beyond its province: codes are abolished, a number is for life.

Area 999 is for tests and the demo only. Its numbers are refused unless the caller passes ``test_area=True``, which
the demo and test databases do from their own mark, never from a setting.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from core.errors import Objection, Refused
from core.texts import _, mark
from core.values import half_width

if TYPE_CHECKING:
    import numpy as np

PROVINCES = frozenset(
    f"{code}"
    for codes in (
        range(11, 16),
        range(21, 24),
        range(31, 38),
        range(41, 47),
        range(50, 55),
        range(61, 66),
        (71, 81, 82, 83),
    )
    for code in codes
)
PERMIT_PROVINCES = frozenset(("81", "82", "83"))
TEST_PROVINCE = "99"

VALID, NOT_18, SCIENTIFIC, PROVINCE, DATE, CHECK, OLD_CENTURY = range(7)
"""What a check found; the numbers stand in ``Numbers.code``."""

FAULTS = {
    NOT_18: ("E_ID_FORMAT", mark("身份证号码应为18位")),
    SCIENTIFIC: ("E_ID_FORMAT", mark("Excel 变成了科学计数，请设为文本后重填")),
    PROVINCE: ("E_ID_PROVINCE", mark("身份证号码省级代码无效")),
    DATE: ("E_ID_DATE", mark("身份证号码中的出生日期无效")),
    CHECK: ("E_ID_CHECK", mark("身份证号码校验位错误")),
    OLD_CENTURY: ("E_ID_FORMAT", mark("顺序码 996 至 999 的 15 位号码属于 1900 年以前出生的人，请人工核对")),
}

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_FORM = re.compile(r"\d{17}[\dX]", re.ASCII)
_LEGACY_FORM = re.compile(r"\d{15}", re.ASCII)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}", re.ASCII)
_FIRST_YEAR = 1850


@dataclass(frozen=True, slots=True)
class CitizenId:
    """A checked number and what may be read from it. ``legacy`` is the 15-digit form it was converted from."""

    number: str
    birth_date: date
    sex: int
    legacy: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A checked column: equal places belong together.

    ``number`` is the cleaned text (converted where it had 15 digits, then ``legacy`` has the old one); ``code``
    says what was found (``VALID`` is 0); ``birth_date`` is NaT and ``sex`` 0 where the number is wrong.
    """

    number: list[str]
    legacy: dict[int, str]
    code: "np.ndarray"
    birth_date: "np.ndarray"
    sex: "np.ndarray"


def clean_number(text: str) -> str:
    """The normal form of a typed number: half-width, no spaces, capital letters."""
    return half_width(text).upper()


def check_character(first: str) -> str:
    """The check character that belongs to the first 17 digits (ISO 7064 MOD 11-2)."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True)) % 11]


def is_legacy(text: str) -> bool:
    """Whether a text has the form of a 15-digit number, as they were until 1999."""
    return _LEGACY_FORM.fullmatch(clean_number(text)) is not None


def convert_legacy(old: str) -> str:
    """The 18-character form of a 15-digit number: 19 goes before the year, the check character at the end."""
    first = f"{old[:6]}19{old[6:]}"
    return first + check_character(first)


def objection_to(code: int, field: str | None = None) -> Objection:
    """The objection, in the handbook's words, for what a check found."""
    name, words = FAULTS[code]
    return Objection(reason=_(words), code=name, field=field)


def read_citizen_id(text: str, *, today: date, archive: bool = False, test_area: bool = False) -> CitizenId:
    """Check one number and read birth date and sex from it; refused with the handbook's code.

    ``archive`` accepts 15-digit numbers, which only the import of old archives may; ``today`` bounds the birth date.
    """
    number, legacy, code = _examine(text, today, archive, _provinces(test_area))
    if code:
        raise Refused([objection_to(code, "citizen_id")])
    return CitizenId(number, _birth_date(number), _sex(number), legacy)


def read_citizen_ids(texts: Sequence[str], *, today: date, archive: bool = False, test_area: bool = False) -> Numbers:
    """Check a column of numbers; the same answers as ``read_citizen_id`` one by one."""
    import numpy as np

    provinces = _provinces(test_area)
    numbers = list(texts)
    plain = np.fromiter((len(text) == 18 and text.isascii() for text in numbers), bool, len(numbers))
    rows = np.flatnonzero(plain)
    code = np.full(len(numbers), NOT_18, np.uint8)
    birth_date = np.full(len(numbers), "NaT", "datetime64[D]")
    sex = np.zeros(len(numbers), np.uint8)
    if rows.size:
        good, days, sexes = _examine_matrix([numbers[row] for row in rows], today, provinces)
        rows = rows[good]
        code[rows], birth_date[rows], sex[rows] = VALID, days[good], sexes[good]
    legacy: dict[int, str] = {}
    # What the quick way did not take (wrong, or in need of cleaning) is looked at one by one; it is little.
    for row in np.flatnonzero(code):
        numbers[row], old, code[row] = _examine(numbers[row], today, archive, provinces)
        if old:
            legacy[int(row)] = old
        if not code[row]:
            birth_date[row], sex[row] = _birth_date(numbers[row]), _sex(numbers[row])
    return Numbers(numbers, legacy, code, birth_date, sex)


def sex_objection(sex: int, number: str) -> Objection | None:
    """``W_ID_SEX`` when digit 17 says another sex than the record; a warning to be answered with a note, no block."""
    if sex not in (1, 2) or _sex(number) == sex:
        return None
    return Objection(reason=_("性别与身份证号码不一致，请核实"), code="W_ID_SEX", field="sex")


def _provinces(test_area: bool) -> frozenset[str]:
    return PROVINCES | {TEST_PROVINCE} if test_area else PROVINCES


def _examine(text: str, today: date, archive: bool, provinces: frozenset[str]) -> tuple[str, str, int]:
    number, legacy = clean_number(text), ""
    if archive and _LEGACY_FORM.fullmatch(number):
        if number[12:] >= "996":
            return number, "", OLD_CENTURY
        number, legacy = convert_legacy(number), number
    return number, legacy, _fault(number, today, provinces)


def _fault(number: str, today: date, provinces: frozenset[str]) -> int:
    if not _FORM.fullmatch(number):
        return SCIENTIFIC if _SCIENTIFIC.fullmatch(number) else NOT_18
    if number[:2] not in provinces:
        return PROVINCE
    try:
        born = _birth_date(number)
    except ValueError:
        return DATE
    if born.year < _FIRST_YEAR or born > today:
        return DATE
    return VALID if number[17] == check_character(number[:17]) else CHECK


def _birth_date(number: str) -> date:
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def _sex(number: str) -> int:
    return 1 if int(number[16]) % 2 else 2


_MONTH_DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _examine_matrix(
    texts: list[str], today: date, provinces: frozenset[str]
) -> "tuple[np.ndarray, np.ndarray, np.ndarray]":
    import numpy as np

    # Only says which numbers are right as they stand; why others are wrong is asked one by one.
    characters = np.frombuffer("".join(texts).encode("ascii"), np.uint8).reshape(-1, 18)
    digits = characters[:, :17].astype(np.int64) - ord("0")
    good = ((digits >= 0) & (digits <= 9)).all(axis=1)
    known = np.zeros(100, bool)
    known[[int(province) for province in provinces]] = True
    good &= known[np.clip(digits[:, 0] * 10 + digits[:, 1], 0, 99)]
    year = digits[:, 6:10] @ (1000, 100, 10, 1)
    month, day = digits[:, 10] * 10 + digits[:, 11], digits[:, 12] * 10 + digits[:, 13]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    possible = (month >= 1) & (month <= 12)
    length = np.array(_MONTH_DAYS)[np.where(possible, month, 0)] + ((month == 2) & leap)
    good &= possible & (day >= 1) & (day <= length) & (year >= _FIRST_YEAR)
    good &= (year * 10000 + month * 100 + day) <= (today.year * 10000 + today.month * 100 + today.day)
    good &= np.frombuffer(_CHECKS.encode("ascii"), np.uint8)[(digits @ _WEIGHTS) % 11] == characters[:, 17]
    born = np.full(len(texts), "NaT", "datetime64[D]")
    months = ((year - 1970) * 12 + month - 1)[good].astype("datetime64[M]")
    born[good] = months.astype("datetime64[D]") + (day[good] - 1)
    return good, born, np.where(digits[:, 16] % 2, 1, 2).astype(np.uint8)
