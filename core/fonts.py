"""Which characters the fonts of this machine can print: read from the fonts' own tables, nothing installed for it."""

import struct
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np
import typst

from core.errors import TryAgain
from core.texts import _

SERIF = ("FangSong", "STFangsong", "FangSong_GB2312", "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", "SimSun")
TITLE = ("FZXiaoBiaoSong-B05S", "Source Han Serif SC", "Noto Serif CJK SC", "Songti SC", "SimSun")
SANS = (
    "Source Han Sans SC",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
)
PACKAGE = "fonts-noto-cjk"


@cache
def installed() -> typst.Fonts:
    """The fonts of this machine, looked up once: they do not change while a process runs."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)


def families() -> frozenset[str]:
    """The names of the font families of this machine."""
    return frozenset(installed().families())


def chinese(wanted: Iterable[str]) -> list[str]:
    """Those of the wanted families that are installed, best first; raises TryAgain when Chinese cannot be printed."""
    have = families()
    found = [name for name in wanted if name in have] or [name for name in SERIF + SANS if name in have]
    if not found:
        raise TryAgain(
            _("这台服务器没有中文字体，不能生成 PDF"),
            hint=_("请管理员安装 Debian 软件包 {package}，再试一次；网页打印不受影响", package=PACKAGE),
        )
    return found


@cache
def _covered() -> np.ndarray:
    """A table of truth over all code points: is there a glyph in one of the Chinese families we print with?"""
    covered = np.zeros(0x110000, dtype=bool)
    wanted = set(SERIF + SANS + TITLE)
    for font in installed().fonts():
        if font.family in wanted and font.path:
            for first, last in _ranges(Path(font.path), font.index):
                covered[first : last + 1] = True
    covered[:0x20] = True
    return covered


def missing(text: str) -> list[str]:
    """The characters of a text that no Chinese font of this machine can draw, each once."""
    covered = _covered()
    return [letter for letter in dict.fromkeys(text) if not covered[ord(letter)]]


@cache
def _ranges(path: Path, index: int) -> list[tuple[int, int]]:
    """The ranges of code points of one face of a font file, from its ``cmap`` (formats 4 and 12)."""
    data = path.read_bytes()
    start = struct.unpack_from(">I", data, 12 + 4 * index)[0] if data[:4] == b"ttcf" else 0
    tables = struct.unpack_from(">H", data, start + 4)[0]
    for number in range(tables):
        name, _sum, offset, _length = struct.unpack_from(">4sIII", data, start + 12 + 16 * number)
        if name == b"cmap":
            return _ranges_of_cmap(data, offset)
    return []


def _ranges_of_cmap(data: bytes, offset: int) -> list[tuple[int, int]]:
    best: list[tuple[int, int]] = []
    for number in range(struct.unpack_from(">H", data, offset + 2)[0]):
        place = offset + struct.unpack_from(">I", data, offset + 8 + 8 * number)[0]
        kind = struct.unpack_from(">H", data, place)[0]
        if kind == 12:
            groups = struct.unpack_from(">I", data, place + 12)[0]
            return [struct.unpack_from(">II", data, place + 16 + 12 * group) for group in range(groups)]
        if kind == 4 and not best:
            best = _ranges_of_format_4(data, place)
    return best


def _ranges_of_format_4(data: bytes, place: int) -> list[tuple[int, int]]:
    count = struct.unpack_from(">H", data, place + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", data, place + 14)
    starts = struct.unpack_from(f">{count}H", data, place + 16 + 2 * count)
    return [(first, last) for first, last in zip(starts, ends, strict=True) if first != 0xFFFF]
