"""A county with the indicator catalogue, and a plugin whose figures a test sets."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from core.api import HuiminError, Indicator, Measured, hookimpl
from core.testing import OTHER_TOWN, TOWN, County, enabled
from plugins.indicators.acts import ROOMS, STARTS

__all__ = ["OTHER_TOWN", "TOWN"]
THIRD_TOWN, COUNTY = "430223001", "430223"
SHOW = "indicators.show"


def codes(refusal: Any) -> set[str]:
    """The codes of a refusal."""
    return {one.code for one in refusal.value.objections}


@dataclass
class Grid:
    """A plugin of another bureau: what it measures is set by the test; ``asked`` are the days it was asked for."""

    figures: list[Measured] = field(default_factory=list)
    asked: list[tuple[date, date]] = field(default_factory=list)
    breaks: bool = False

    def measure(self, _work: Any, since: date, until: date) -> Iterator[Measured]:
        self.asked.append((since, until))
        if self.breaks:
            raise RuntimeError("no road to the grid")
        yield from self.figures

    @hookimpl
    def register_indicators(self) -> list[Indicator]:
        def one(name: str, kind: Any, **more: Any) -> Indicator:
            return Indicator(name=f"grid.{name}", title=name, kind=kind, permission=SHOW, measure=self.measure, **more)

        return [
            one("gap", "floor", money=True, unit="元/人·月"),
            one("rate", "rate", comparator="="),
            one("count", "count", cumulative=True),
            one("stock", "count"),
            one("done_on", "deadline", comparator="<="),
        ]


@dataclass
class Place:
    """What a test needs at hand."""

    county: County
    grid: Grid

    def start(self, name: str, /, role: str = "shell", **given: Any) -> dict[str, Any]:
        start = STARTS[name]
        with self.county.begin(role) as work:
            return dict(start.make(work, start.wish(**given)).data)

    def act(self, room: str, act: str, text: object, /, role: str = "shell", **given: Any) -> dict[str, Any]:
        known = ROOMS[room].acts[act]
        with self.county.begin(role) as work:
            return dict(known.do(work, str(text), known.wish(**given)).data)

    def target(self, indicator: str, value: str = "", **given: Any) -> dict[str, Any]:
        wish = {"indicator": indicator, "period": "2026", "document": "攸民发〔2026〕12号", "value": value} | given
        return self.start("targets", **wish)

    def towns(self, indicator: str, *figures: Any, base: int | None = None) -> None:
        """Figures of so many towns, added to those that are there."""
        for town, figure in zip((TOWN, OTHER_TOWN, THIRD_TOWN), figures, strict=False):
            part, below = figure if isinstance(figure, tuple) else (figure, base)
            self.grid.figures.append(Measured(indicator=indicator, area=town, part=part, base=below))

    def shown(self, indicator: str, period: str = "2026-10", role: str = "shell", area: str = "") -> dict[str, Any]:
        from plugins.indicators.listing import show_indicator

        with self.county.look(role, area) as work:
            return show_indicator(work, indicator, period)

    def stated(self, kind: str, period: str = "2026-10", role: str = "clerk", **given: Any) -> dict[str, Any]:
        wish = {"title": "报表数", "source": "市局月报表第 2 页", "period": period} | given
        return self.start(kind, role, **wish)


@pytest.fixture
def place(county: County) -> Place:
    """The county with the catalogue and a plugin that measures what the test says."""
    enabled(county, "indicators")
    grid = Grid()
    hooks = county.host.hooks
    hooks.manager.register(grid, "grid")
    hooks.order.append("grid")
    return Place(county, grid)


__all__ += ["COUNTY", "THIRD_TOWN", "HuiminError", "Place", "codes"]
