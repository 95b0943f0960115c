"""Whether targets are met: in every area or for the county as a whole, exactly, with a signed gap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from core.api import against, everywhere, mean
from plugins.indicators.catalogue import Named
from plugins.indicators.measuring import Figure, Measurement, completed, measure, pooled
from plugins.indicators.models import Target
from plugins.indicators.periods import Stretch, stretch

if TYPE_CHECKING:
    from core.api import UnitOfWork

SCALE = 10_000
"""Targets are kept in ten thousandths of the unit of their indicator."""
_COUNTY = 6
_PERCENT, _FEN = 100, 100


@dataclass(frozen=True)
class Aim:
    """A target in force: what, by when, by which document; ``period`` is what it is set for.

    ``target_id`` is None for the default that a policy holds.
    """

    comparator: str
    value: Fraction | None
    due_on: date | None
    document: str
    period: str
    area: str = ""
    target_id: int | None = None


@dataclass(frozen=True)
class Standing:
    """One area of an indicator: figure, target, met or not, the signed gap (actual − target; days for a deadline).

    ``state`` is met, not_met, pending (not reached, and the deadline is still to come), unknown, or "" without target.
    ``value`` is the figure of the period, ``to_date`` that of the year up to its end; ``held`` the one of both that is
    held against the target.
    """

    area: str
    value: Fraction | None
    to_date: Fraction | None
    held: Fraction | None
    aim: Aim | None
    state: str
    gap: Fraction | None


@dataclass(frozen=True)
class Judged:
    """An indicator in a period: its areas, the county as a whole, the average beside them, and who fails."""

    named: Named
    rows: tuple[Standing, ...]
    county: Standing
    average: Decimal | None
    state: str
    failing: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def aim(self) -> Aim | None:
        """The target for all areas, or that for the county as a whole."""
        if self.county.aim is not None:
            return self.county.aim
        aims = [one.aim for one in self.rows if one.aim is not None]
        return next((one for one in aims if not one.area), aims[0] if aims else None)


@dataclass(frozen=True)
class Report:
    """What a period gives: indicators in the order of their plugins, and plugins that failed with their reason."""

    stretch: Stretch
    judged: tuple[Judged, ...]
    failures: Mapping[str, str]

    def count(self, state: str) -> int:
        """How many indicators stand so."""
        return sum(one.state == state for one in self.judged)


def judge(work: "UnitOfWork", wanted: Sequence[Named], one: Stretch) -> Report:
    """Measure indicators in a period and hold them to their targets."""
    found = measure(work, wanted, one)
    set_ = targets_of(work, [named.name for named in wanted], one)
    judged = tuple(
        _judged(work, named, one, found, set_.get(named.name, {}))
        for named in wanted
        if named.plugin not in found.failures
    )
    return Report(one, judged, found.failures)


def targets_of(work: "UnitOfWork", names: Sequence[str], one: Stretch) -> dict[str, dict[str, Target]]:
    """The targets in force by indicator and area: that of the period itself, else that of its year."""
    asked = (
        select(Target)
        .where(col(Target.revoked_on).is_(None), col(Target.period).in_((one.year, one.text)))
        .order_by(col(Target.period))  # a year stands before its months and quarters, which take its place
    )
    found: dict[str, dict[str, Target]] = {}
    wanted = set(names)
    for row in work.session.scalars(asked):
        if row.indicator in wanted:
            found.setdefault(row.indicator, {})[row.area] = row
    return found


def default_aim(work: "UnitOfWork", named: Named, one: Stretch) -> Aim | None:
    """The target a policy holds for the year of a period; None without one, or while it is 0 for not yet said."""
    if not named.one.policy:
        return None
    county = work.settings.county.code
    on = min(one.until, max(work.today, one.since))
    version = work.policy_version(named.one.policy, on=on, area=county)
    plain = Fraction(str(work.policy(named.one.policy, on=on, area=county)))
    if not plain:
        return None
    value = plain * _PERCENT if named.one.kind == "rate" else plain / _FEN if named.one.money else plain
    return Aim(named.one.comparator, value, None, version.document, one.year, county if named.one.county else "")


def aim_of(row: Target) -> Aim:
    """A target that was set."""
    value = None if row.value_ten_thousandths is None else Fraction(row.value_ten_thousandths, SCALE)
    return Aim(row.comparator, value, row.due_on, row.document, row.period, row.area, row.id)


def _judged(work: "UnitOfWork", named: Named, one: Stretch, found: Measurement, rows: Mapping[str, Target]) -> Judged:
    county = work.settings.county.code
    default = default_aim(work, named, one)
    aims = {area: aim_of(row) for area, row in rows.items()}
    if default is not None and default.area not in aims:
        aims[default.area] = default
    here = completed(work, named, found.here.get(named.name, {}))
    to_date = completed(work, named, found.to_date.get(named.name, {})) if named.one.cumulative else {}

    def standing(area: str, figure: Figure | None, year: Figure | None, aim: Aim | None) -> Standing:
        value = figure.value(named) if figure else None
        whole = year.value(named) if year else None
        held = whole if named.one.cumulative and aim and aim.period != one.text else value
        state, gap = _state(work, named, held, aim, one)
        return Standing(area, value, whole, held, aim, state, gap)

    lines = tuple(
        standing(area, figure, to_date.get(area), aims.get(area) or (aims.get("") if area != county else None))
        for area, figure in sorted(here.items())
        if area != county or len(here) > 1
    )
    sees_all = work.may(named.one.permission, county)
    whole = standing(county, pooled(here.values()), pooled(to_date.values()), aims.get(county) if sees_all else None)
    if not lines and whole.aim is None and aims.get(""):  # it is measured for the county alone
        whole = standing(county, pooled(here.values()), pooled(to_date.values()), aims[""])
    return _summed(named, lines, whole)


def _summed(named: Named, rows: tuple[Standing, ...], county: Standing) -> Judged:
    """All areas together: not met when one fails, unknown when one is, pending when one may still reach it."""
    held = [one for one in (*rows, county) if one.aim is not None]
    states = {one.state for one in held}
    state = next((one for one in ("not_met", "unknown", "pending", "met") if one in states), "")
    known = [one.held if one.aim else one.value for one in rows if one.area != county.area]
    deadline = named.one.kind == "deadline"
    return Judged(
        named,
        rows,
        county,
        None if deadline else mean(one for one in known if one is not None),
        state,
        tuple(one.area for one in rows if one.state == "not_met"),
        tuple(one.area for one in rows if one.state == "unknown"),
    )


def _state(
    work: "UnitOfWork", named: Named, held: Fraction | None, aim: Aim | None, one: Stretch
) -> tuple[str, Fraction | None]:
    if aim is None:
        return "", None
    if named.one.kind == "deadline":
        return _by_when(work, held, aim)
    if aim.value is None:
        return "", None
    if held is None:
        return "unknown", None
    found = everywhere({"": held}, aim.comparator, aim.value)  # ty: ignore[invalid-argument-type] - a checked word
    gap = held - aim.value
    if found.met:
        return "met", gap
    due = due_of(named, aim, one)
    waits = due is not None and due > min(one.until, work.today) and gap < 0 and aim.comparator != "<="
    return "pending" if waits else "not_met", gap


def due_of(named: Named, aim: Aim, one: Stretch) -> date | None:
    """By when a target is to be reached: its own day, or the last of the year for what adds up over it."""
    if aim.due_on is not None or not named.one.cumulative or aim.period == one.text:
        return aim.due_on
    return stretch(aim.period).until


def _by_when(work: "UnitOfWork", held: Fraction | None, aim: Aim) -> tuple[str, Fraction | None]:
    """A deadline: done by then or not; the gap is days late (+) or early (−)."""
    if aim.due_on is None:
        return "", None
    limit = Fraction(aim.due_on.toordinal())
    if held is None:
        late = work.today.toordinal() - limit
        return ("not_met", late) if late > 0 else ("pending", None)
    return ("met" if against(held, "<=", limit).met else "not_met"), held - limit
