"""Write initials.txt: for each letter one line of all characters whose first reading begins with it.

Run by hand when pypinyin brings new readings: ``python core/identity/data/build_initials.py``. The registry reads
the file alone, so an import of people never calls pypinyin.
"""

import unicodedata
from collections import defaultdict
from pathlib import Path

from pypinyin.constants import PINYIN_DICT


def letter_of(readings: str) -> str:
    """The first letter of the first of several readings, without its tone."""
    return unicodedata.normalize("NFD", readings.split(",")[0])[0].lower()


def main() -> None:
    """Write the table beside this file."""
    characters: dict[str, list[str]] = defaultdict(list)
    for code, readings in sorted(PINYIN_DICT.items()):
        letter = letter_of(readings)
        if "a" <= letter <= "z":
            characters[letter].append(chr(code))
    lines = (letter + "".join(found) + "\n" for letter, found in sorted(characters.items()))
    Path(__file__).with_name("initials.txt").write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main()
