"""Stated figures computed again: sums, rates, year against month, averages, years of plans. No database, no silence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.api import (
    _,
    added_up,
    average_within,
    bases_that_fit,
    off_by,
    plan_year,
    plausible,
    read_figure,
    rounded,
    stated_rate,
)

_MONTHS = 12
_PART = re.compile(r"(?P<label>.*?)\s*(?P<figure>[-+]?[\d.]+|[\dxX＊*×]+)\s*", re.DOTALL)
SUM, BASE, RATE, CUT, BAND, AVERAGE, YEARS, HIDDEN = (
    "E_WP_SUM", "E_RATE_DENOM", "E_RATE_STATED", "W_RATE_CUT", "W_YEAR_BAND", "E_AVERAGE_LIMIT", "E_PLAN_YEAR",
    "W_FIGURE_HIDDEN",
)  # fmt: skip
"""Parts ≠ whole, no base, fits no base, fits cutting off only, outside the band, average over its limit, years that
contradict each other, a figure the source hides."""


@dataclass(frozen=True)
class Finding:
    """What comes out: the result's word, computed and stated figure, the signed difference, code and one sentence."""

    result: str
    computed: str
    stated: str
    difference: str
    code: str
    told: str

    @property
    def alarms(self) -> bool:
        """Whether somebody has to acknowledge it."""
        return bool(self.code)


def split_part(text: str) -> tuple[str, Decimal | None]:
    """A part with its label ("分散供养 461"); the figure is None when the source hides it."""
    found = _PART.fullmatch(text.strip())
    return (found["label"].strip(" ：:"), read_figure(found["figure"])) if found else (text.strip(), None)


def check_sum(parts: Sequence[str], stated: str) -> Finding:
    """Parts against the whole as it is stated: computed − stated; a hidden part leaves the sum unknown."""
    read = [split_part(part)[1] for part in parts]
    whole = read_figure(stated)
    known = [one for one in read if one is not None]
    if len(known) < len(read) or whole is None:
        return _hidden(stated)
    found = added_up(known, whole)
    words = _("各项相加 {computed}，写的是 {stated}", computed=plain(found.computed), stated=plain(whole))
    return Finding(
        "closes" if found.closes else "differs",
        plain(found.computed),
        plain(whole),
        signed(found.difference),
        "" if found.closes else SUM,
        words,
    )


def check_rate(part: str, bases: Sequence[str], stated: str) -> Finding:
    """A rate against every base it may mean; fits none: differs, fits cutting off only: flagged, no base: unknown."""
    text = stated.strip().removesuffix("%").removesuffix("％")
    count, rate = read_figure(part), read_figure(text)
    read = [read_figure(one) for one in bases]
    known = [int(one) for one in read if one]
    if count is None or rate is None or None in read:
        return _hidden(stated)
    if not known:
        return Finding("unknown", "", stated.strip(), "", BASE, _("没有分母，不能算比率"))
    places = len(text.partition(".")[2])
    fits = stated_rate(int(count), known, rate, places)
    best = next((one for one in fits if one.how == "rounded"), None)
    cut = next((one for one in fits if one.how == "truncated"), None)
    shown = best or cut or min(fits, key=lambda one: abs(one.difference))
    lines = [_("{part}÷{base}＝{exact}%", part=plain(count), base=one.base, exact=rounded(one.exact)) for one in fits]
    if best is None:
        others = bases_that_fit(int(count), rate, places)
        if others:
            lines.append(_("得出 {rate}% 的分母是 {bases}", rate=text, bases="、".join(map(str, others))))
    result, code = ("closes", "") if best else ("truncated", CUT) if cut else ("differs", RATE)
    return Finding(result, f"{shown.half_up}", text, signed(shown.difference), code, "；".join(lines))


def check_year(month: str, stated: str, band: Decimal) -> Finding:
    """Month × 12 against a year: a plausibility within a band, never an equality."""
    each, year = read_figure(month), read_figure(stated)
    if each is None or not year:
        return _hidden(stated)
    computed = each * _MONTHS
    inside = plausible(computed, year, band)
    words = _(
        "月额×12＝{computed}，年额 {stated}，偏差 {off}%，合理范围 ±{band}%",
        computed=plain(computed),
        stated=plain(year),
        off=signed(off_by(computed, year)),
        band=plain(band * 100),
    )
    result = "inside" if inside else "outside"
    return Finding(
        result, plain(computed), plain(year), f"{signed(off_by(computed, year))}%", "" if inside else BAND, words
    )


def check_average(average: str, limit: str) -> Finding:
    """An average of what is all said to lie below a limit."""
    mean, most = read_figure(average), read_figure(limit)
    if mean is None or most is None:
        return _hidden(average)
    found = average_within(mean, most)
    words = _("都不超过 {limit} 的，平均不会是 {average}", limit=plain(most), average=plain(mean))
    closes = _("平均 {average}，没有超过 {limit}", limit=plain(most), average=plain(mean))
    return Finding(
        "closes" if found.closes else "differs",
        plain(mean),
        plain(most),
        signed(mean - most),
        "" if found.closes else AVERAGE,
        closes if found.closes else words,
    )


def check_plan(report_year: int, planned: int) -> Finding:
    """The year of a plan against that of the report it follows; a difference means that years were overwritten."""
    found = plan_year(report_year, planned)
    words = _("{year} 年的总结，后面是 {plan} 年的计划", year=report_year, plan=planned)
    return Finding(
        "closes" if found.closes else "differs",
        plain(found.computed),
        str(planned),
        signed(found.difference),
        "" if found.closes else YEARS,
        words if found.closes else _("{words}，年份互相矛盾，按未注明年份处理", words=words),
    )


def _hidden(stated: str) -> Finding:
    return Finding("unknown", "", stated.strip(), "", HIDDEN, _("来源隐去了数字，未知，不按 0 计"))


def plain(number: Decimal | int) -> str:
    """A figure without exponent and needless zeros: 24050880.5."""
    text = f"{Decimal(number):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(number: Decimal | int) -> str:
    """A difference with its sign; 0 has none."""
    text = plain(number)
    return f"+{text}" if Decimal(number) > 0 else text
