"""What superiors ask of cases, by town: steps, days to decide, inspections, relatives, reviews, what was found."""

from collections.abc import Iterator
from datetime import date

from core.api import Indicator, Measured, UnitOfWork, mark
from plugins.casework.figures import figures_by_town, leads_by_town, relatives_by_town, steps_by_town
from plugins.casework.moves import SHOW


def measure_steps(work: UnitOfWork, since: date, until: date) -> Iterator[Measured]:
    """Applications, accepted, granted, refused."""
    for town, counts in steps_by_town(work, (since, until), SHOW).items():
        for step, count in counts.items():
            yield Measured(indicator=f"casework.{step}", area=town, part=count)


def measure_cases(work: UnitOfWork, since: date, until: date) -> Iterator[Measured]:
    """Days, decisions in time, inspections, mistakes, reviews."""
    for town, one in figures_by_town(work, "", (since, until), SHOW).items():
        due = one.reviewed + one.reviews_waiting
        rates = {
            "days": (one.days, one.decided), "in_time": (one.in_time, one.decided),
            "inspected": (one.inspected, one.drawn), "wrong": (one.wrong, one.inspected),
            "reviews": (one.reviewed, due),
        }  # fmt: skip
        for name, (part, base) in rates.items():
            if base:
                yield Measured(indicator=f"casework.{name}", area=town, part=part, base=base)


def measure_found(work: UnitOfWork, since: date, until: date) -> Iterator[Measured]:
    """Relatives registered, and what was found without an application."""
    span = (since, until)
    for town, count in relatives_by_town(work, span, SHOW).items():
        yield Measured(indicator="casework.relatives", area=town, part=count)
    for town, count in leads_by_town(work, span, SHOW).items():
        yield Measured(indicator="casework.leads", area=town, part=count)


INDICATORS = (
    Indicator(name="casework.applied", title=mark("救助申请"), kind="count", permission=SHOW, measure=measure_steps,
              unit=mark("件"), cumulative=True),
    Indicator(name="casework.accepted", title=mark("受理"), kind="count", permission=SHOW, measure=measure_steps,
              unit=mark("件"), cumulative=True),
    Indicator(name="casework.granted", title=mark("审核确认"), kind="count", permission=SHOW, measure=measure_steps,
              unit=mark("件"), cumulative=True),
    Indicator(name="casework.refused", title=mark("不予确认"), kind="count", permission=SHOW, measure=measure_steps,
              unit=mark("件"), cumulative=True),
    Indicator(name="casework.days", title=mark("平均办理时间"), kind="floor", permission=SHOW, measure=measure_cases,
              unit=mark("个工作日"), comparator="<=", policy="workflow.total_working_days"),
    Indicator(name="casework.in_time", title=mark("按时办结率"), kind="rate", permission=SHOW, measure=measure_cases,
              comparator="="),
    Indicator(name="casework.inspected", title=mark("抽查完成"), kind="rate", permission=SHOW, measure=measure_cases,
              comparator="="),
    Indicator(name="casework.wrong", title=mark("抽查差错率"), kind="rate", permission=SHOW, measure=measure_cases,
              comparator="<="),
    Indicator(name="casework.reviews", title=mark("复核完成率"), kind="rate", permission=SHOW, measure=measure_cases,
              comparator="="),
    Indicator(name="casework.relatives", title=mark("近亲属备案"), kind="count", permission=SHOW, measure=measure_found,
              unit=mark("户"), cumulative=True),
    Indicator(name="casework.leads", title=mark("主动发现"), kind="count", permission=SHOW, measure=measure_found,
              unit=mark("条"), cumulative=True),
)  # fmt: skip
