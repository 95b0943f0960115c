"""Names of people: one spelling, what may stand in one, and their pinyin initials.

Handbook: identity and household, section 3. Rare characters (CJK extensions A to H) are names like any other;
traditional characters are never made simplified. Initials come from a table of one letter a character, with the
readings that differ in surnames applied first.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from core.errors import Objection, Refused
from core.texts import _

LENGTH_MIN, LENGTH_MAX = 2, 50

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\ufa0e-\ufa29\U00020000-\U0002a6df\U0002a700-\U0002ebef\U00030000-\U000323af"
_LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
_WORDS = re.compile(f"[{_HAN}{_LATIN}]+(?:[·' -][{_HAN}{_LATIN}]+)*")
_PLAIN = re.compile("[\u4e00-\u9fff]{2,50}")
_SPACES = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")
_DOTS = re.compile(r" ?[·•・.．‧∙⋅・｡] ?")
_BESIDE_HAN = re.compile(f"(?<=[{_HAN}]) | (?=[{_HAN}])")
_MARKS = str.maketrans("’‘ʼ＇‐‑–－", "''''----")

SURNAMES = {
    "万俟": "mq", "尉迟": "yc", "澹台": "tt", "长孙": "zs", "单于": "cy", "宰父": "zf", "亓官": "qg", "令狐": "lh",
    "单": "s", "解": "x", "仇": "q", "查": "z", "曾": "z", "区": "o", "乐": "y", "翟": "z", "折": "s", "秘": "b",
    "种": "c", "覃": "q", "繁": "p", "么": "y", "召": "s", "祭": "z", "隗": "w", "阚": "k", "乜": "n", "佴": "n",
    "郇": "x", "朴": "p", "盖": "g", "缪": "m", "冼": "x", "逄": "p", "员": "y", "沈": "s", "长": "z", "黑": "h",
    "都": "d", "那": "n", "能": "n", "谌": "c", "臧": "z", "尉": "w", "宿": "s", "柏": "b", "撒": "s", "石": "s",
}  # fmt: skip
"""Readings of characters as surnames where the everyday reading may differ; two-character surnames come first."""


def normal_name(text: str) -> str:
    """The one spelling of a name: NFC, ``·`` for every middle dot, no spaces but single ones between Latin words."""
    spaced = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip(" ")
    dotted = _DOTS.sub("·", spaced.translate(_MARKS))
    return _BESIDE_HAN.sub("", dotted)


def read_name(text: str, field: str = "name") -> str:
    """A name in its one spelling; refused (``E_NAME``) when it cannot be one."""
    name = normal_name(text)
    if not _is_name(name):
        raise Refused([name_objection(field)])
    return name


def read_names(texts: Sequence[str]) -> tuple[list[str], list[int]]:
    """A column of names in their one spelling, and the rows that cannot be a name."""
    plain = _PLAIN.fullmatch
    names = [text if plain(text) else normal_name(text) for text in texts]
    return names, [row for row, name in enumerate(names) if not plain(name) and not _is_name(name)]


def name_objection(field: str = "name") -> Objection:
    """The objection to what cannot be a name."""
    words = _("姓名应为 2 至 50 个汉字或字母，中间可用“·”，不能有数字和其他符号")
    return Objection(reason=words, field=field, code="E_NAME")


def initials(name: str) -> str:
    """The pinyin initials of a name in small letters: 欧阳娜娜 is ``oynn``; ``John Smith`` is ``js``.

    A character without a reading has no letter.
    """
    return initials_of([name])[0]


def initials_of(names: Sequence[str]) -> list[str]:
    """The initials of a column of names in their one spelling (no line breaks), all translated at once."""
    if not names:
        return []
    joined = "\n".join(names)
    if _has_latin(joined):
        # A Latin word gives its first letter: the others are taken away before the table is asked.
        joined = _INNER_LATIN.sub("", joined)
    letters = joined.translate(_table()).split("\n")
    for row, name in enumerate(names):
        if name[:1] in _FIRST:
            letters[row] = _with_surname(name, letters[row])
    return letters


_STRUCK = {ord(letter): plain for letter, plain in zip("ØøĐđŁłÆæŒœÞþ", "ooddllaaootT".lower(), strict=True)}
_FIRST = frozenset(surname[0] for surname in SURNAMES)
_INNER_LATIN = re.compile(f"(?<=[{_LATIN}'])[{_LATIN}']+")
_has_latin = re.compile(f"[{_LATIN}]").search


def _with_surname(name: str, letters: str) -> str:
    for surname in (name[:2], name[:1]):
        if surname in SURNAMES:
            return SURNAMES[surname] + letters[len(surname) :]
    return letters


def _is_name(name: str) -> bool:
    return LENGTH_MIN <= len(name) <= LENGTH_MAX and _WORDS.fullmatch(name) is not None


class _Letters(dict[int, str]):
    """The table of letters; what is not in it has no letter."""

    def __missing__(self, code: int) -> str:
        if code == 10:
            return "\n"
        first = _STRUCK.get(code) or unicodedata.normalize("NFD", chr(code))[0].lower()
        self[code] = letter = first if "a" <= first <= "z" else ""
        return letter


@cache
def _table() -> _Letters:
    # One line a letter: the letter, then every character read with it. Built by data/build_initials.py.
    table = _Letters()
    for line in files("core.identity").joinpath("data/initials.txt").read_text("utf-8").splitlines():
        table.update(dict.fromkeys(map(ord, line[1:]), line[0]))
    return table
