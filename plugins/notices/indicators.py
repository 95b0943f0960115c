"""What superiors ask of notices, by town: posted in time and with proof, objections, those upheld."""

from collections.abc import Iterator
from datetime import date

from core.api import Indicator, Measured, UnitOfWork, mark
from plugins.notices.standing import round_counts_by_town

SHOW = "notices.show"
_ROUNDS = {1: "first_in_time", 2: "second_in_time"}


def measure(work: UnitOfWork, since: date, until: date) -> Iterator[Measured]:
    """All figures of notices in some days: one question."""
    for town, counts in round_counts_by_town(work, "", (since, until)).items():
        for one in counts:
            if one.round in _ROUNDS:
                name = f"notices.{_ROUNDS[one.round]}"
                yield Measured(indicator=name, area=town, part=one.proven, base=one.notices)
            yield Measured(indicator="notices.objections", area=town, part=one.objections)
            yield Measured(indicator="notices.upheld", area=town, part=one.upheld, base=one.objections)


INDICATORS = (
    Indicator(name="notices.first_in_time", title=mark("第一次公示按期"), kind="rate", permission=SHOW, measure=measure,
              comparator="="),
    Indicator(name="notices.second_in_time", title=mark("第二次公示按期"), kind="rate", permission=SHOW,
              measure=measure, comparator="="),
    Indicator(name="notices.objections", title=mark("公示异议"), kind="count", permission=SHOW, measure=measure,
              unit=mark("条"), cumulative=True),
    Indicator(name="notices.upheld", title=mark("公示异议成立率"), kind="rate", permission=SHOW, measure=measure),
)  # fmt: skip
