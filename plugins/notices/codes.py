"""Check codes: 60 random bits and a check character, in 32 letters and digits that are not mixed up by eye or ear."""

import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O; a code can hold no telephone number, because it holds no 1."""

LETTERS = 12
BITS = LETTERS * 5


def new_code() -> str:
    """A new code of 13 letters: 60 random bits, five to a letter, and the check character."""
    bits = secrets.randbits(BITS)
    letters = "".join(ALPHABET[bits >> shift & 31] for shift in range(BITS - 5, -1, -5))
    return letters + check_letter(letters)


def check_letter(letters: str) -> str:
    """The check character of some letters: one wrong letter never has the same one (Luhn's rule, base 32)."""
    total = 0
    for place, letter in enumerate(reversed(letters)):
        number = ALPHABET.index(letter) * (2 if place % 2 == 0 else 1)
        total += number // 32 + number % 32
    return ALPHABET[-total % 32]


def in_groups(code: str) -> str:
    """A code as it is printed: 7F3A-9WC2-KMPT4."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def read_code(text: str) -> str:
    """A typed code in its one spelling; "" when it cannot be a code, which the check character tells."""
    plain = unicodedata.normalize("NFKC", text[:80]).upper()
    letters = "".join(letter for letter in plain if not letter.isspace() and letter not in "-‐‑–—")
    known = len(letters) == LETTERS + 1 and all(letter in ALPHABET for letter in letters)
    return letters if known and check_letter(letters[:-1]) == letters[-1] else ""
