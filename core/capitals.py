"""Amounts written out in capital numerals (大写金额), as vouchers and receipts want them."""

from core.errors import WrongUse
from core.texts import _

LARGEST_FEN = 10**16

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")


def in_capitals(fen: int) -> str:
    """Write an amount in capital numerals: 1050.07 is 壹仟零伍拾元零柒分.

    ``fen`` is at most 10^16 either way. The form is the one of the funds handbook: no 零 before 角 when the yuan
    end in 0, no 整 after 角 unless there are no yuan. [会计基础工作规范; 支付结算办法 1997, appendix]
    """
    if abs(fen) > LARGEST_FEN:
        raise WrongUse(_("金额超出可大写的范围"))
    if fen < 0:
        return "负" + in_capitals(-fen)
    yuan, rest = divmod(fen, 100)
    tens, units = divmod(rest, 10)
    whole = _whole(yuan) + "元" if yuan else ""
    if not rest:
        return (whole or "零元") + "整"
    if not units:
        return f"{whole}{_DIGITS[tens]}角" + ("" if yuan else "整")
    if not tens:
        return f"{whole}零{_DIGITS[units]}分" if yuan else f"{_DIGITS[units]}分"
    return f"{whole}{_DIGITS[tens]}角{_DIGITS[units]}分"


def _whole(number: int) -> str:
    # 亿 may itself be counted in 万 (一百万亿), so the number is cut at 亿 first and at 万 inside each part.
    high, low = divmod(number, 10**8)
    if high:
        return _joined(_whole(high) + "亿", low, 10**7, _below_hundred_million)
    return _below_hundred_million(low)


def _below_hundred_million(number: int) -> str:
    high, low = divmod(number, 10**4)
    if high:
        return _joined(_group(high) + "万", low, 10**3, _group)
    return _group(low)


def _joined(head: str, low: int, full: int, spell) -> str:
    if not low:
        return head
    return head + ("零" if low < full else "") + spell(low)


def _group(number: int) -> str:
    # Four digits at most; inner zeros are said once, zeros at the end not at all.
    digits = f"{number:04d}"
    said = "".join(_DIGITS[int(d)] + p if d != "0" else "零" for d, p in zip(digits, _PLACES, strict=True))
    while "零零" in said:
        said = said.replace("零零", "零")
    return said.strip("零")
