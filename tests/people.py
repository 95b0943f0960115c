"""Numbers of invented people."""

from core.identity.numbers import check_character


def citizen(sequence: int, born: str = "19440312") -> str:
    """A citizen ID number with a true check character that is nobody's: no division begins with 999."""
    first = f"999223{born}{sequence:03d}"
    return first + check_character(first)
