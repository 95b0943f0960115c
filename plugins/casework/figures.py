"""The figures of one kind of case in a month, for the plugin that brings it: counted by the database, within areas."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select

from core.api import Period, calendar_of, columns, scoped
from plugins.casework.api import CaseFigures
from plugins.casework.models import Case, Event, Review, Sample, SampledCase
from plugins.casework.moves import IN_PAYMENT

if TYPE_CHECKING:
    from core.api import UnitOfWork

_CASE, _EVENT, _REVIEW = columns(Case), columns(Event), columns(Review)
_SAMPLE, _DRAWN = columns(Sample), columns(SampledCase)
_VOTED = ("ballot_pass", "ballot_fail")
_TENTH = Decimal("0.1")


def figures_of_type(work: "UnitOfWork", type_name: str, month: str, right: str) -> CaseFigures:
    """What became of the cases of a type in a month, in the areas of a right: five questions."""
    first, last = Period(month).first_day, Period(month).last_day

    def within(asked: Any) -> Any:
        return scoped(work, asked.where(_CASE.type == type_name), _CASE.area, right)

    connection = work.session.connection()
    voted = exists().where(_EVENT.case_id == _CASE.id, _EVENT.event.in_(_VOTED))
    granted = connection.execute(
        within(
            select(func.count().label("granted"), func.count().filter(voted).label("voted")).where(
                _CASE.decided_on >= first, _CASE.decided_on <= last, _CASE.effective_month != ""
            )
        )
    ).one()
    pairs = (
        select(_CASE.accepted_on, _CASE.decided_on, func.count())
        .where(_CASE.decided_on >= first, _CASE.decided_on <= last, _CASE.accepted_on.is_not(None))
        .group_by(_CASE.accepted_on, _CASE.decided_on)
    )
    taken = connection.execute(within(pairs)).all()
    checks = connection.execute(
        within(
            select(
                func.count().label("drawn"),
                func.count(_DRAWN.done_on).label("done"),
                func.count().filter(_DRAWN.result == "wrong").label("wrong"),
                func.coalesce(func.sum(_DRAWN.wrong_fen), 0).label("fen"),
            )
            .select_from(_DRAWN.case_id.table)
            .join(_SAMPLE.id.table, _SAMPLE.id == _DRAWN.sample_id)
            .join(_CASE.id.table, _CASE.id == _DRAWN.case_id)
            .where(_SAMPLE.period == month)
        )
    ).one()
    done = (
        select(func.count())
        .select_from(_REVIEW.id.table)
        .join(_CASE.id.table, _CASE.id == _REVIEW.case_id)
        .where(_REVIEW.done_on >= first, _REVIEW.done_on <= last)
    )
    waiting = select(func.count()).where(_CASE.state.in_(IN_PAYMENT), _CASE.review_due_on <= last)
    return CaseFigures(
        granted=granted.granted,
        voted=granted.voted,
        days_to_decide=_mean_days(work, taken),
        drawn=checks.drawn,
        inspected=checks.done,
        wrong=checks.wrong,
        wrong_fen=int(checks.fen),
        reviewed=connection.scalar(within(done)) or 0,
        reviews_waiting=connection.scalar(within(waiting)) or 0,
    )


def _mean_days(work: "UnitOfWork", taken: Any) -> Decimal | None:
    """The mean of working days from the acceptance to the decision; each pair of days is counted once."""
    if not taken:
        return None
    calendar = calendar_of(work)
    whole = sum(calendar.between(since, until) * count for since, until, count in taken)
    return (Decimal(whole) / sum(count for _since, _until, count in taken)).quantize(_TENTH, "ROUND_HALF_UP")
