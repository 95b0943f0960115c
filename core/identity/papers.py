"""Numbers of other papers: permits, passports, birth and disability certificates, credit codes, bank accounts, phones.

Handbook: identity and household, section 2. Every reader cleans what was typed, checks it and gives the normal form.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.errors import Objection, Refused, refuse
from core.identity.numbers import PERMIT_PROVINCES, PROVINCE, clean_number, objection_to, read_citizen_id
from core.texts import _, mark

KINDS = {
    "RIC": mark("居民身份证"),
    "HKB": mark("户口簿"),
    "HMT_RP": mark("港澳台居民居住证"),
    "FPR": mark("外国人永久居留身份证"),
    "PASS": mark("护照"),
    "OFFICER": mark("军官证、军士证、义务兵证"),
    "BIRTH": mark("出生医学证明"),
    "DISAB": mark("残疾人证"),
    "USCC": mark("统一社会信用代码"),
    "TEMP": mark("临时编号"),
}
"""The kinds of papers (``id_doc_type``) with their names."""

CITIZEN_KINDS = frozenset(("RIC", "HKB", "HMT_RP"))
"""Kinds whose number is the 18-character citizen number: they share one index, so one number is one person."""

FOREIGN_PATTERN = r"9\d{16}[\dX]|[A-Z]{3}\d{12}"
"""Permanent residence cards: since 2023-12-01 18 characters from 9, before 3 letters and 12 digits; a policy."""

DISABILITY_KINDS = ("", "sight", "hearing", "speech", "limb", "intellectual", "mental", "multiple")


@dataclass(frozen=True, slots=True)
class DisabilityNumber:
    """A disability certificate read: whose, which kind (1 to 7), which grade (1 most severe to 4), which re-issue."""

    number: str
    holder: str
    kind: int
    grade: int
    reissue: int = 0

    @property
    def kind_name(self) -> str:
        """The kind as a code name: limb, sight …"""
        return DISABILITY_KINDS[self.kind]


def read_permit(text: str, *, today: date, test_area: bool = False) -> str:
    """A residence permit of Hong Kong, Macao and Taiwan residents: as a citizen number, beginning 81, 82 or 83."""
    number = read_citizen_id(text, today=today, test_area=test_area).number
    if number[:2] not in PERMIT_PROVINCES:
        raise Refused([objection_to(PROVINCE, "number")])
    return number


def read_foreign_permit(text: str, pattern: str = FOREIGN_PATTERN) -> str:
    """A foreigner's permanent residence card, by the pattern the county set."""
    return _matched(text, re.compile(pattern, re.ASCII), mark("外国人永久居留身份证号码的样式不对，请核对证件"))


def read_passport(text: str, country: str) -> tuple[str, str]:
    """A passport: 5 to 20 letters and digits, and the country by its three letters (GB/T 2659)."""
    issuer = clean_number(country)
    if not re.fullmatch(r"[A-Z]{3}", issuer):
        raise refuse(_("请填签发国家的三字母代码，例如 CHN"), field="issuer", code="E_DOC_NUMBER")
    return _matched(text, _PASSPORT, mark("护照号码应为 5 至 20 位字母或数字")), issuer


def read_birth_certificate(text: str) -> str:
    """A birth certificate: one letter and nine digits."""
    return _matched(text, _BIRTH, mark("出生医学证明编号应为 1 位字母加 9 位数字"))


def read_officer(text: str) -> str:
    """An officer's or soldier's card: free text, 2 to 40 characters."""
    return _matched(text, _OFFICER, mark("军人证件号码应为 2 至 40 个字符"))


def read_disability(text: str, holder: str | None, *, today: date, test_area: bool = False) -> DisabilityNumber:
    """A disability certificate; its first 18 must be the holder's number (``E_DISAB_NO``)."""
    number = clean_number(text)
    found = _DISABILITY.fullmatch(number)
    if not found:
        raise refuse(_("残疾人证号应为 20 位，补发的另加 B 和次数，请核对证件"), field="number", code="E_DISAB_NO")
    first, kind, grade, reissue = found.groups()
    if first != holder:
        raise refuse(_("残疾人证号与身份证号不符"), field="number", code="E_DISAB_NO")
    read_citizen_id(first, today=today, test_area=test_area)
    return DisabilityNumber(number, first, int(kind), int(grade), int(reissue or 0))


def read_credit_code(text: str) -> str:
    """A unified social credit code of a legal person (GB 32100-2015); ``E_USCC`` when wrong."""
    code = clean_number(text)
    if not _CREDIT.fullmatch(code):
        raise refuse(_("统一社会信用代码校验错误"), field="number", code="E_USCC")
    total = sum(_ALPHABET.index(character) * 3**place % 31 for place, character in enumerate(code[:17]))
    if _ALPHABET[(31 - total % 31) % 31] != code[17]:
        raise refuse(_("统一社会信用代码校验错误"), field="number", code="E_USCC")
    return code


def temporary_number(county: str, day: date, sequence: int) -> str:
    """A number for somebody unidentified: ``TMP-430223-20260315-0001``; it never looks like a citizen number."""
    if not 1 <= sequence <= 9999:
        raise refuse(_("当天的临时编号已用完"), code="E_DOC_NUMBER")
    return f"TMP-{county}-{day:%Y%m%d}-{sequence:04d}"


def read_temporary(text: str) -> str:
    """A temporary number somebody typed."""
    return _matched(text, _TEMPORARY, mark("临时编号应写作 TMP-430223-20260315-0001 的样子"))


def read_account(text: str) -> str:
    """A bank account: 8 to 30 digits without the spaces and hyphens people write."""
    number = _without_hyphens(text)
    if not _ACCOUNT.fullmatch(number):
        raise Refused([account_objection(number)])
    return number


def account_warning(number: str) -> Objection | None:
    """``W_ACCT_CHECK`` when the check digit of a 16 to 19 digit card is wrong: often a typing error, no block."""
    if not 16 <= len(number) <= 19 or _luhn(number):
        return None
    return Objection(reason=_("银行卡号校验位不符，请核对卡面"), code="W_ACCT_CHECK", field="bank_account")


def read_phone(text: str) -> str:
    """A phone: a mobile of 11 digits, or a land line with its area code; +86, spaces and hyphens are dropped."""
    number = _without_hyphens(text).removeprefix("+86")
    if not _PHONE.fullmatch(number):
        raise Refused([phone_objection()])
    return number


def account_objection(text: str = "") -> Objection:
    """The objection to a bank account that cannot be one."""
    scientific = _SCIENTIFIC.fullmatch(clean_number(text))
    words = _("Excel 变成了科学计数，请设为文本后重填") if scientific else _("银行账号应为 8 至 30 位数字")
    return Objection(reason=words, code="E_ACCOUNT", field="bank_account")


def phone_objection() -> Objection:
    """The objection to a phone that cannot be one."""
    return Objection(reason=_("电话应为 11 位手机号，或带区号的座机号"), code="E_PHONE", field="phone")


def read_accounts(texts: Sequence[str]) -> tuple[list[str], list[int]]:
    """A column of bank accounts cleaned, and the rows that cannot be one; "" stays "" and is no error."""
    numbers = [text if text.isdecimal() and text.isascii() else _without_hyphens(text) for text in texts]
    wrong = [row for row, number in enumerate(numbers) if number and not _ACCOUNT.fullmatch(number)]
    return numbers, wrong


def read_phones(texts: Sequence[str]) -> tuple[list[str], list[int]]:
    """A column of phones cleaned, and the rows that cannot be one; "" stays "" and is no error."""
    numbers = [
        text if text.isdecimal() and text.isascii() else _without_hyphens(text).removeprefix("+86") for text in texts
    ]
    wrong = [row for row, number in enumerate(numbers) if number and not _PHONE.fullmatch(number)]
    return numbers, wrong


_PASSPORT = re.compile(r"[A-Z0-9]{5,20}", re.ASCII)
_BIRTH = re.compile(r"[A-Z]\d{9}", re.ASCII)
_OFFICER = re.compile(r"\S{2,40}")
_TEMPORARY = re.compile(r"TMP-\d{6}-\d{8}-\d{4}", re.ASCII)
_DISABILITY = re.compile(r"(\d{17}[\dX])([1-7])([1-4])(?:B(\d{1,2}))?", re.ASCII)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT = re.compile(f"[{_ALPHABET}]{{18}}", re.ASCII)
_ACCOUNT = re.compile(r"\d{8,30}", re.ASCII)
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{9,11}", re.ASCII)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}", re.ASCII)
_HYPHENS = str.maketrans("", "", "-‐‑–—－")


def _matched(text: str, form: re.Pattern[str], words: str) -> str:
    number = clean_number(text)
    if not form.fullmatch(number):
        raise refuse(_(words), field="number", code="E_DOC_NUMBER")
    return number


def _without_hyphens(text: str) -> str:
    return clean_number(text).translate(_HYPHENS)


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0
