"""Pictures of figures: stacked columns, lying bars, one bar in parts, towns. The figures stand beside each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from markupsafe import Markup, escape

from core.extension import Chart, Column, TownFigure
from core.showing import count, money, ratio
from core.texts import _

WIDTH, HEIGHT = 700, 190
LEFT, RIGHT, TOP, BOTTOM = 44, 694, 18, 168
SHARE_OF_STEP = 0.56
"""How much of a step its column takes; the rest is air."""
LINES = 4
"""At most so many lines across, the ground not counted."""
_WAN_FEN, _YUAN_FEN = 1_000_000, 100
_STEPS = (1, 2, 5)
_WIDE = Fraction(1, 4)
"""A part of a bar of this width has room for a word."""
_NARROW = Fraction(1, 20)
"""Below this it has no room for a figure either: the words beside the bar have it."""


@dataclass(frozen=True)
class Drawn:
    """A chart as the page shows it: the picture, its words, and the same figures as a table with a sum row."""

    title: str
    note: str
    unit: str
    path: str
    svg: Markup
    told: str
    legend: Sequence[tuple[str, int]]
    columns: Sequence[Column]
    rows: Sequence[tuple[Any, ...]]
    total: tuple[Any, ...]
    height: int
    width: int = WIDTH


def draw_chart(chart: Chart) -> Drawn | None:
    """Lay out a chart as stacked columns; None when there is nothing to draw."""
    sums = _sums(chart)
    if not any(sums):
        return None
    unit, _word = _unit(chart, max(sums))
    ceiling, line = _scale(Fraction(max(sums), unit))
    scale = Fraction(BOTTOM - TOP) / ceiling / unit
    told = {sums.index(max(sums)), max(at for at, fen in enumerate(sums) if fen)}
    wide = Fraction(RIGHT - LEFT, len(chart.steps))
    parts = [_ground(ceiling, line)]
    for at, step in enumerate(chart.steps):
        middle = _place(LEFT + wide * at + wide / 2)
        parts.append(_column(chart, at, middle, wide, scale))
        if at in told:
            top, said = _place(BOTTOM - sums[at] * scale - 5), escape(_figure(sums[at], unit))
            parts.append(f'<text class="strong" x="{middle}" y="{top}" text-anchor="middle">{said}</text>')
        parts.append(f'<text x="{middle}" y="{BOTTOM + 17}" text-anchor="middle">{escape(step)}</text>')
    return _drawn(chart, sums, parts, HEIGHT)


def _sums(chart: Chart) -> list[int]:
    return [sum(one.values[at] or 0 for one in chart.series) for at in range(len(chart.steps))]


def _drawn(chart: Chart, sums: Sequence[int], parts: Sequence[str], height: int) -> Drawn:
    """The picture with its words and its table."""
    unit, word = _unit(chart, max(sums))
    high = sums.index(max(sums))
    figures = [Column(name=step, title=step, kind=chart.kind) for step in chart.steps]
    figure, step = _figure(sums[high], unit), chart.steps[high]
    return Drawn(
        title=chart.title,
        note=chart.note,
        unit=word,
        path=chart.path,
        svg=Markup("\n".join(parts)),  # noqa: S704 - numbers of ours, and words that are escaped
        told=_("{title}，最高是{step}：{figure} {unit}", title=chart.title, step=step, figure=figure, unit=word),
        legend=[(one.title, one.hue) for one in chart.series],
        columns=[Column(name="title", title=_("项目")), *figures],
        rows=[(one.title, *one.values) for one in chart.series],
        total=(_("合计"), *sums),
        height=height,
    )


def _unit(chart: Chart, most: int) -> tuple[int, str]:
    """How much of the figures one unit of the scale is, and its word."""
    if chart.kind == "integer":
        return 1, ""
    return (_WAN_FEN, _("万元")) if most >= _WAN_FEN else (_YUAN_FEN, _("元"))


def _scale(most: Fraction) -> tuple[Fraction, Fraction]:
    """The top of the scale and the distance of its lines: 1, 2 or 5 times a power of ten."""
    power = Fraction(1)
    while most > power * _STEPS[-1] * LINES:
        power *= 10
    while most <= power * _STEPS[-1] * LINES / 10:
        power /= 10
    step = next(power * one for one in _STEPS if most <= power * one * LINES)
    lines = -(-most // step)
    return step * lines, step


def _ground(ceiling: Fraction, line: Fraction) -> str:
    found = []
    for at in range(int(ceiling / line) + 1):
        y = _place(BOTTOM - Fraction(BOTTOM - TOP) * at * line / ceiling)
        kind = "grid" if at else "axis"
        word = escape(f"{float(line * at):,g}")
        found.append(
            f'<line class="{kind}" x1="{LEFT}" x2="{RIGHT}" y1="{y}" y2="{y}"/>'
            f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{word}</text>'
        )
    return "".join(found)


def _column(chart: Chart, at: int, middle: float, wide: Fraction, scale: Fraction) -> str:
    """One column from the ground up, a hair of air between its parts."""
    width = float(wide) * SHARE_OF_STEP
    pale = " ended" if at >= len(chart.steps) - chart.pale else ""
    found, foot = [], Fraction(BOTTOM)
    for one in chart.series:
        tall = (one.values[at] or 0) * scale
        if tall:
            foot -= tall
            shown = max(tall - Fraction(4, 5), Fraction(2, 5))
            found.append(
                f'<rect class="hue{pale}" data-hue="{one.hue}" x="{_place(middle - width / 2)}" y="{_place(foot)}"'
                f' width="{_place(width)}" height="{_place(shown)}"/>'
            )
    return "".join(found)


def _figure(value: int, unit: int) -> str:
    if unit == 1:
        return count(value)
    if unit == _YUAN_FEN:
        return money(value)
    return f"{(Decimal(value) / unit).quantize(Decimal('0.1')):,}"


def _place(number: Fraction | float) -> float:
    return round(float(number), 1)


ROW, NAME, FIGURE = 26, 112, 96
"""The height of a lying bar, and the room left and right of it for its name and its figure."""
NAME_MAX = 8


def draw_rows(chart: Chart) -> Drawn | None:
    """Lay out a chart as a lying bar for each step, for names such as towns that are too long to stand in a row."""
    sums = _sums(chart)
    if not any(sums):
        return None
    unit, _word = _unit(chart, max(sums))
    room = Fraction(WIDTH - NAME - FIGURE, max(sums))
    parts = []
    for at, step in enumerate(chart.steps):
        y, right = at * ROW, Fraction(NAME)
        name = escape(step if len(step) <= NAME_MAX else step[: NAME_MAX - 1] + "…")
        parts.append(f'<text class="ink-1" x="{NAME - 8}" y="{y + 17}" text-anchor="end">{name}</text>')
        for one in chart.series:
            long = (one.values[at] or 0) * room
            if long > 0:
                place = f'x="{_place(right)}" y="{y + 5}" width="{_place(long)}" height="16"'
                parts.append(f'<rect class="hue" data-hue="{one.hue}" {place}/>')
                right += long
        said = escape(_figure(sums[at], unit))
        parts.append(f'<text x="{_place(right + 6)}" y="{y + 17}">{said}</text>')
    return _drawn(chart, sums, parts, ROW * len(chart.steps))


@dataclass(frozen=True)
class Part:
    """One part of a bar as drawn, in per cent of its width."""

    hue: int
    x: str
    width: str
    middle: str
    text: str


def draw_bar(parts: Sequence[tuple[str, int, int]], said: Callable[[int], str] = count) -> list[Part]:
    """One bar in parts given as (word, amount, hue); a broad part says its word, a narrow one its figure only."""
    whole, before, found = sum(amount for _word, amount, _hue in parts), 0, []
    for word, amount, hue in parts:
        if amount:
            at, width = Fraction(before, whole), Fraction(amount, whole)
            text = f"{word} {said(amount)}" if width >= _WIDE and word else said(amount) if width >= _NARROW else ""
            found.append(Part(hue, per_cent(at), per_cent(width), per_cent(at + width / 2), text))
            before += amount
    return found


def per_cent(share: Fraction) -> str:
    """A share of one as a length of a picture: 66.67%."""
    return f"{float(share * 100):.2f}%"


@dataclass(frozen=True)
class Shown:
    """A figure of a town: its word, and for a share how long its bar is and where the county stands (0 to 1)."""

    text: str
    share: float | None = None
    mark: float | None = None


@dataclass(frozen=True)
class Towns:
    """The table of towns: heads with their hue, rows of (code, name, figures), and what the shares mean."""

    heads: Sequence[tuple[str, int, bool]]
    rows: Sequence[tuple[str, str, Sequence[Shown]]]
    notes: Sequence[str]


def draw_towns(figures: Sequence[TownFigure], names: Mapping[str, str]) -> Towns | None:
    """Lay out what plugins know of the towns, those nobody knows anything of left out; None for nothing at all.

    ``names`` are by 9-digit code.
    """
    figures = sorted((one for one in figures if one.values), key=lambda one: one.order)
    if not figures or not names:
        return None
    marks = [_county_share(one) for one in figures]
    rows = [
        (code, name, [_shown(one, one.values.get(code), mark) for one, mark in zip(figures, marks, strict=True)])
        for code, name in names.items()
        if any(code in one.values for one in figures)
    ]
    heads = [(one.title, one.hue, mark is not None) for one, mark in zip(figures, marks, strict=True)]
    return Towns(heads, rows, [f"{one.title}＝{one.note}" for one in figures if one.note])


def _county_share(figure: TownFigure) -> float | None:
    pairs = [value for value in figure.values.values() if isinstance(value, tuple)]
    whole = sum(one[1] for one in pairs)
    return sum(one[0] for one in pairs) / whole if whole else None


def _shown(figure: TownFigure, value: int | tuple[int, int] | None, mark: float | None) -> Shown:
    if isinstance(value, tuple):
        part, whole = value
        return Shown(ratio(part / whole), part / whole, mark) if whole else Shown("--")
    return Shown("--" if value is None else f"{count(value)} {figure.unit}".strip())
