"""The last gate: what may never stand in public text, however it is written."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date

from core.api import _

_SPELLINGS = ("〇零○", "一壹幺", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_CHINESE_DIGITS = {ord(letter): str(digit) for digit, letters in enumerate(_SPELLINGS) for letter in letters}
_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]+")
_BETWEEN = re.compile(r"(?<=\d)[-‐‑‒–—_.·•*,，、:：/\\()（）]+(?=[\dxX])")
_ID = re.compile(r"(?<!\d)(?:\d{17}[\dxX]|\d{15})(?!\d)")
_ACCOUNT = re.compile(r"\d{12,}")
_PHONE = re.compile(r"(?<!\d)(?:(?:86)?1\d{10}|\d{11}|0\d{2,3}-?\d{7,8})(?!\d)")
_LOCAL_PHONE = re.compile(r"(?<!\d)[2-9]\d{6,7}(?!\d)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def findings(text: str, illness: Sequence[str]) -> list[str]:
    """What in a text is closed, in words; [] for a clean text. Numbers are found through spaces, signs and widths."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    spelled = plain.translate(_CHINESE_DIGITS)
    joined = _BETWEEN.sub("", spelled)
    found = [*_numbers(spelled), *_numbers(joined)]
    if _LOCAL_PHONE.search(spelled):
        found.append(_phone_words())
    found += _illness(plain, illness)
    return list(dict.fromkeys(found))


def case_number_findings(text: str, illness: Sequence[str] = ()) -> list[str]:
    """The same for a case number, whose groups of digits may stand beside each other (DB-430223-2026-00087)."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_CHINESE_DIGITS)
    joined = _BETWEEN.sub("", plain)
    found = _numbers(plain)
    found += [_id_words() for run in re.findall(r"\d{17}[\dxX]", joined) if _is_citizen_id(run)]
    found += [_phone_words() for run in re.findall(r"(?<!\d)\d{11}(?!\d)", joined) if re.match("1[3-9]", run)]
    found += _illness(plain, illness)
    return list(dict.fromkeys(found))


def office_findings(text: str) -> list[str]:
    """The same for the line of an office, in which its own telephone number may stand."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    found = [_id_words() for _run in _ID.findall(plain)]
    return found + [_account_words() for run in _ACCOUNT.findall(plain) if len(run) > 12]


def all_findings(texts: Iterable[str], illness: Sequence[str]) -> list[str]:
    """What is closed in any of many texts."""
    return list(dict.fromkeys(one for text in texts for one in findings(text, illness)))


def _illness(plain: str, words: Sequence[str]) -> list[str]:
    return [_("病情用语“{word}”", word=word) for word in words if word and word.lower() in plain.lower()]


def _numbers(text: str) -> list[str]:
    if _ID.search(text):
        return [_id_words()]
    if _ACCOUNT.search(text):
        return [_account_words()]
    return [_phone_words()] if _PHONE.search(text) else []


def _is_citizen_id(number: str) -> bool:
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[-1].upper()


def _id_words() -> str:
    return _("身份证号")


def _account_words() -> str:
    return _("银行账号一类的长号码")


def _phone_words() -> str:
    return _("电话号码")
