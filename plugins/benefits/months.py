"""Months as whole numbers, so that columns of them can be compared; and whole fen out of yearly sums."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from core.api import Period

OPEN_END = 99_999
"""The number of a month that never comes: an enrolment until further notice."""
PARTS = {"month": 1, "quarter": 3, "year": 12}
"""Months that one sum of a standard covers."""


def number_of(month: str) -> int:
    """``2026-03`` as the number of months since year 0."""
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def month_of(number: int) -> str:
    """The month of a number, ``2026-03``."""
    year, month = divmod(int(number), 12)
    return f"{year:04d}-{month + 1:02d}"


def after(month: str) -> str:
    """The month after."""
    return str(Period(month).next())


def before(month: str) -> str:
    """The month before."""
    return str(Period(month).previous())


def monthly(amount_fen: int, unit: str, month: int) -> int:
    """What a standard per month, quarter or year gives in a month, in fen: half-up, the remainder in the last month.

    [README, core statistics rule 3]
    """
    parts = PARTS[unit]
    share = (2 * amount_fen + parts) // (2 * parts)
    return amount_fen - share * (parts - 1) if month % parts == parts - 1 else share


def rounded(exact: Fraction | Decimal | int, rule: str) -> int:
    """An exact amount in fen as whole fen by a rule: half_up_fen, or ceil_yuan (up to the next yuan). [funds.md 2]"""
    amount = exact if isinstance(exact, Fraction) else Fraction(exact)
    if rule == "ceil_yuan":
        return -(-amount.numerator // (amount.denominator * 100)) * 100
    return int((Decimal(amount.numerator) / Decimal(amount.denominator)).quantize(Decimal(1), ROUND_HALF_UP))
