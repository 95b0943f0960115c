"""The last net before a record is kept for ever: no plain number and no secret goes into the chain."""

import re
from collections.abc import Mapping
from typing import Any

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:[0-9]{17}[0-9Xx]|1[3-9][0-9]{9}|[0-9]{16,19})(?![0-9A-Za-z])")
_SECRETS = frozenset({"password", "token", "secret", "second_factor", "sign_in_code"})


def masked(value: Any) -> Any:
    """The same value with ID numbers, cards and phones masked in every text, and secrets left out.

    Masked types do this long before; here we only make sure, because a record cannot be taken back.
    """
    if isinstance(value, str):
        return _NUMBER.sub(_mask, value)
    if isinstance(value, Mapping):
        return {key: "***" if key in _SECRETS and part else masked(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [masked(part) for part in value]
    return value


def _mask(found: re.Match[str]) -> str:
    number = found.group()
    if len(number) == 11:
        return f"{number[:3]}****{number[-4:]}"
    if len(number) == 18 and _is_citizen_id(number):
        return f"{number[:6]}********{number[-4:]}"
    return f"{'*' * (len(number) - 4)}{number[-4:]}" if _is_card(number) else number


def _is_citizen_id(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[-1].upper()


def _is_card(number: str) -> bool:
    """Whether the Luhn sum of a bank card fits (ISO/IEC 7812)."""
    if not number.isdigit():
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10 == 0
