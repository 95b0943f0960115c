"""The benefit lanes of a household as one picture: where each bar, diamond and year line stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from core.extension import Lane
from core.texts import _

WIDTH, LEFT, RIGHT = 800, 96, 792
TOP, STEP = 32, 32
LETTER, AFTER_MARK = 12, 14


@dataclass(frozen=True)
class Bar:
    """A span as drawn; ``running`` bars are solid, ended ones pale."""

    x: float
    y: int
    width: float
    label: str
    running: bool


@dataclass(frozen=True)
class Diamond:
    """A single payment or event as drawn; its label is left out where the next one stands too near."""

    x: float
    y: int
    label: str


@dataclass(frozen=True)
class Row:
    """One lane as drawn, in the hue of the plugin that brought it."""

    title: str
    y: int
    hue: int
    bars: Sequence[Bar]
    diamonds: Sequence[Diamond]
    lines: Sequence[str]


@dataclass(frozen=True)
class Picture:
    """All lanes: ``years`` are (x of the line, x of the word, word), ``today`` an x."""

    height: int
    first_year: int
    last_year: int
    years: Sequence[tuple[float, float, str]]
    rows: Sequence[Row]
    today: float
    width: int = WIDTH

    @property
    def svg(self) -> Markup:
        """What stands inside the picture: years, rows and the line of today."""
        end = self.height - 4
        parts = [
            f'<line class="grid" x1="{x}" x2="{x}" y1="20" y2="{end}"/>'
            f'<text x="{middle}" y="14" text-anchor="middle">{escape(word)}</text>'
            for x, middle, word in self.years
        ]
        parts += [_drawn(row) for row in self.rows]
        parts.append(
            f'<line class="today" x1="{self.today}" x2="{self.today}" y1="18" y2="{end}"/>'
            f'<text class="strong" x="{self.today - 4}" y="14" text-anchor="end">{escape(_("今天"))}</text>'
        )
        return Markup("\n".join(parts))  # noqa: S704 - numbers of ours, and words that are escaped


NAME_MAX = 6
"""Characters of a lane's name that stand beside its bars; the text version has all."""


def _drawn(row: Row) -> str:
    """One lane. Written as text: a page has many, and each is drawn at every look."""
    line, marks = row.y + 25.5, []
    for bar in row.bars:
        ended, ink = ("", "paper-white") if bar.running else (" ended", "ink-1")
        marks.append(
            f'<rect class="hue{ended}" x="{bar.x}" y="{bar.y}" width="{bar.width}" height="19" rx="3"/>'
            f'<text class="{ink}" x="{bar.x + 8}" y="{bar.y + 14.5}">{escape(bar.label)}</text>'
        )
    for one in row.diamonds:
        marks.append(f'<path class="hue" d="M{one.x} {one.y + 1}l7 8-7 8-7-8z"/>')
        if one.label:
            marks.append(f'<text class="ink-2" x="{one.x + 12}" y="{one.y + 13}">{escape(one.label)}</text>')
    return (
        f'<g data-hue="{row.hue}"><line class="grid" x1="0" x2="{WIDTH}" y1="{line}" y2="{line}"/>'
        f'<rect class="hue" x="0" y="{row.y + 5}" width="8" height="8" rx="2"/>'
        f'<text class="lane-name" x="14" y="{row.y + 14}">{escape(row.title[:NAME_MAX])}</text>{"".join(marks)}</g>'
    )


def draw_lanes(lanes: Sequence[tuple[int, Lane]], today: date) -> Picture | None:
    """Lay out lanes given as (hue, lane); None when there is nothing to draw."""
    days = [span.since for _hue, lane in lanes for span in lane.spans]
    days += [point.on for _hue, lane in lanes for point in lane.points]
    if not days:
        return None
    first = max(min(day.year for day in days), today.year - 9)
    last = max(today.year, *(day.year for day in days))
    start, end = date(first, 1, 1), date(last + 1, 1, 1)

    def across(on: date) -> float:
        share = (on - start).days / (end - start).days
        return round(LEFT + (RIGHT - LEFT) * min(max(share, 0), 1), 1)

    years = [
        (across(date(year, 1, 1)), across(date(year, 7, 1)), _("{year} 年", year=year))
        for year in range(first, last + 1)
    ]
    rows = [_row(number, hue, lane, across, end) for number, (hue, lane) in enumerate(lanes)]
    return Picture(TOP + STEP * len(rows) + 2, first, last, years, rows, across(today))


def _row(number: int, hue: int, lane: Lane, across, end: date) -> Row:  # noqa: ANN001 - a local function
    y = TOP + STEP * number
    bars, lines = [], []
    for span in lane.spans:
        left, right = across(span.since), across(span.until or end)
        width = max(right - left - 1, 3)
        room = int((width - 12) / LETTER)
        bars.append(Bar(left + 0.5, y, width, _fitting(span.label, room), span.until is None))
        until = span.until.isoformat() if span.until else _("至今")
        lines.append(_("{since} 至 {until}：{label}", since=span.since.isoformat(), until=until, label=span.label))
    for point in lane.points:
        lines.append(_("{day}：{label}", day=point.on.isoformat(), label=point.label))
    places = sorted((across(point.on), point.label) for point in lane.points)
    ends = [place for place, _label in [*places, (WIDTH, "")][1:]]
    diamonds = [
        Diamond(place, y, label if end - place > AFTER_MARK + _long(label) else "")
        for (place, label), end in zip(places, ends, strict=True)
    ]
    return Row(lane.title, y, hue, bars, diamonds, lines)


def _long(label: str) -> float:
    """About how wide a label is drawn; letters of the alphabet take half the room of a character."""
    return LETTER * sum(0.55 if letter.isascii() else 1 for letter in label)


def _fitting(label: str, room: int) -> str:
    """As much of a label as fits a bar; letters of the alphabet take half the room of a character."""
    if room < 2:
        return ""
    used = 0.0
    for place, letter in enumerate(label):
        used += 0.55 if letter.isascii() else 1
        if used > room:
            return label[: max(place - 1, 0)] + "…" if place > 2 else ""
    return label
