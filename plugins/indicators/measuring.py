"""Figures of indicators by area: asked once for each question, added up by town, exact."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from core.api import HuiminError, Measured, village_codes
from plugins.indicators.catalogue import Named
from plugins.indicators.periods import Stretch

if TYPE_CHECKING:
    from core.api import UnitOfWork

_TOWN = 9
_PERCENT, _FEN = 100, 100
Areas = Mapping[str, "Figure"]


@dataclass(frozen=True)
class Figure:
    """What was measured in one area: a part, its base, or a day; None is unknown."""

    part: Fraction | None = None
    base: Fraction | None = None
    day: date | None = None

    def value(self, named: Named) -> Fraction | None:
        """The indicator itself, in per cent, yuan or its unit, a day as its number; None when it is unknown."""
        if named.one.kind == "deadline":
            return None if self.day is None else Fraction(self.day.toordinal())
        if self.part is None or (self.base is None and named.one.kind == "rate") or self.base == 0:
            return None
        plain = self.part if self.base is None else self.part / self.base
        if named.one.kind == "rate":
            return plain * _PERCENT
        return plain / _FEN if named.one.money else plain

    def plus(self, other: "Figure") -> "Figure":
        """Both together: parts and bases added, the later day; what is unknown in one is unknown in both."""
        days = (self.day, other.day)
        return Figure(
            None if self.part is None or other.part is None else self.part + other.part,
            None if self.base is None or other.base is None else self.base + other.base,
            None if None in days else max(one for one in days if one is not None),
        )


def pooled(figures: Iterable[Figure]) -> Figure | None:
    """The figures of areas as one; unknown when one of them has a part without a base; None of none."""
    found: Figure | None = None
    for one in figures:
        known = Figure(day=one.day) if one.base == 0 and one.part else one
        found = known if found is None else found.plus(known)
    return found


@dataclass(frozen=True)
class Measurement:
    """The figures of indicators by name and area, in a period and in its year up to then; and what failed."""

    here: Mapping[str, Areas]
    to_date: Mapping[str, Areas]
    failures: Mapping[str, str]


def measure(work: "UnitOfWork", wanted: Sequence[Named], one: Stretch) -> Measurement:
    """Measure indicators in a period, and those that add up over the year up to its end as well."""
    failures: dict[str, str] = {}
    here = _measured(work, wanted, one, failures)
    adding = [named for named in wanted if named.one.cumulative]
    whole = one.up_to()
    if whole.since == one.since:
        return Measurement(here, {named.name: here.get(named.name, {}) for named in adding}, failures)
    return Measurement(here, _measured(work, adding, whole, failures), failures)


def _measured(
    work: "UnitOfWork", wanted: Sequence[Named], one: Stretch, failures: dict[str, str]
) -> dict[str, dict[str, Figure]]:
    found: dict[str, dict[str, Figure]] = {named.name: {} for named in wanted}
    for plugin, question in dict.fromkeys((named.plugin, named.one.measure) for named in wanted):
        if plugin in failures:
            continue
        try:
            answers = _asked(work, plugin, question, one)
        except HuiminError as error:
            failures[plugin] = error.message
            continue
        for answer in answers:
            if answer.indicator in found:
                areas = found[answer.indicator]
                figure, area = _figure(answer), answer.area[:_TOWN]
                areas[area] = areas[area].plus(figure) if area in areas else figure
    return found


def _asked(work: "UnitOfWork", plugin: str, question: Callable[..., Any], one: Stretch) -> list[Measured]:
    """One question of one plugin; when it fails, the others of the report still stand."""

    def answer() -> list[Measured]:
        return list(question(work, one.since, one.until))

    if work.session.connection().dialect.name == "sqlite":
        return work.hooks.run("register_indicators", plugin, answer)
    with work.session.begin_nested():  # PostgreSQL takes a failed question for the end of the transaction
        return work.hooks.run("register_indicators", plugin, answer)


def _figure(answer: Measured) -> Figure:
    return Figure(
        None if answer.part is None else Fraction(answer.part),
        None if answer.base is None else Fraction(answer.base),
        answer.day,
    )


def completed(work: "UnitOfWork", named: Named, areas: Areas) -> dict[str, Figure]:
    """The areas with the towns where nothing was counted as 0; a rate or a floor of nobody concerns no town.

    What is measured for the county alone has no towns.
    """
    county_alone = bool(areas) and all(len(area) < _TOWN for area in areas)
    if named.one.kind != "count" or county_alone:
        return dict(areas)
    mine = work.areas(named.one.permission)
    towns = sorted({code[:_TOWN] for code, area in village_codes(work).items() if area.valid_to is None})
    nothing = Figure(part=Fraction(0))
    return {**{town: nothing for town in towns if town.startswith(mine or ("-",))}, **areas}
