"""What superiors ask of votes, by town: held of those required, passed, villages with a panel."""

from collections.abc import Iterator
from datetime import date

from core.api import Indicator, Measured, UnitOfWork, mark
from plugins.democratic_review.queries import SHOW
from plugins.democratic_review.statistics import panels_by_town, required_by_town, votes_by_town


def measure(work: UnitOfWork, since: date, until: date) -> Iterator[Measured]:
    """Votes in some days, and panels on the last of them: one question each."""
    for town, (due, held) in required_by_town(work, since, until).items():
        yield Measured(indicator="democratic_review.held", area=town, part=held, base=due)
    for town, (votes, passed) in votes_by_town(work, since, until).items():
        yield Measured(indicator="democratic_review.votes", area=town, part=votes)
        yield Measured(indicator="democratic_review.passed", area=town, part=passed, base=votes)
    for town, (seated, villages) in panels_by_town(work, min(until, work.today)).items():
        yield Measured(indicator="democratic_review.panels", area=town, part=seated, base=villages)


INDICATORS = (
    Indicator(name="democratic_review.held", title=mark("应票决已票决"), kind="rate", permission=SHOW, measure=measure,
              comparator="=", policy="democratic_review.held_target"),
    Indicator(name="democratic_review.votes", title=mark("票决项数"), kind="count", permission=SHOW, measure=measure,
              unit=mark("项"), cumulative=True),
    Indicator(name="democratic_review.passed", title=mark("票决通过率"), kind="rate", permission=SHOW, measure=measure),
    Indicator(name="democratic_review.panels", title=mark("建立评审团的村"), kind="rate", permission=SHOW,
              measure=measure, comparator="="),
)  # fmt: skip
