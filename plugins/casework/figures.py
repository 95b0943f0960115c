"""The figures of cases by town in some days, counted by the database; a month of one kind is their sum."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select

from core.api import Period, calendar_of, columns, scoped, within
from plugins.casework.api import CaseFigures, TownFigures
from plugins.casework.models import Case, Event, Lead, Relative, Review, Sample, SampledCase
from plugins.casework.moves import IN_PAYMENT

if TYPE_CHECKING:
    from core.api import UnitOfWork

_CASE, _EVENT, _REVIEW = columns(Case), columns(Event), columns(Review)
_SAMPLE, _DRAWN, _LEAD, _KIN = columns(Sample), columns(SampledCase), columns(Lead), columns(Relative)
_TOWN = func.substr(_CASE.area, 1, 9)
_VOTED = ("ballot_pass", "ballot_fail")
_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class _Asked:
    """Whose figures: kind of case ("" for all), days, the right that says which areas, an area within them."""

    work: "UnitOfWork"
    type_name: str
    since: date
    until: date
    right: str
    area: str = ""

    def rows(self, asked: Any) -> Any:
        """The rows of a select, narrowed to the kind and the areas, by town."""
        if self.type_name:
            asked = asked.where(_CASE.type == self.type_name)
        if self.area:
            asked = asked.where(within(_CASE.area, [self.area]))
        return self.work.session.connection().execute(scoped(self.work, asked, _CASE.area, self.right)).all()


def figures_of_type(work: "UnitOfWork", type_name: str, month: str, right: str) -> CaseFigures:
    """What became of the cases of a type in a month, in the areas of a right."""
    span = (Period(month).first_day, Period(month).last_day)
    found = summed(figures_by_town(work, type_name, span, right).values())
    mean = (Decimal(found.days) / found.decided).quantize(_TENTH, "ROUND_HALF_UP") if found.decided else None
    return CaseFigures(
        granted=found.granted,
        voted=found.voted,
        days_to_decide=mean,
        drawn=found.drawn,
        inspected=found.inspected,
        wrong=found.wrong,
        wrong_fen=found.wrong_fen,
        reviewed=found.reviewed,
        reviews_waiting=found.reviews_waiting,
    )


def summed(towns: Iterable[TownFigures]) -> TownFigures:
    """Towns together."""
    rows = list(towns)
    return TownFigures(**{one.name: sum(getattr(row, one.name) for row in rows) for one in fields(TownFigures)})


def figures_by_town(
    work: "UnitOfWork", type_name: str, span: tuple[date, date], right: str, area: str = ""
) -> dict[str, TownFigures]:
    """What became of cases in some days, by town: five questions for all towns; only towns with cases are there."""
    asked = _Asked(work, type_name, *span, right, area)
    found: dict[str, dict[str, int]] = {}
    for part in (_decided(asked), _taken(asked), _inspected(asked), _reviewed(asked)):
        for town, counts in part:
            sums = found.setdefault(town, {})
            for name, count in counts.items():
                sums[name] = sums.get(name, 0) + count
    return {town: TownFigures(**counts) for town, counts in sorted(found.items())}


def _decided(asked: _Asked) -> Any:
    """Grants, and those the village panel voted on."""
    voted = exists().where(_EVENT.case_id == _CASE.id, _EVENT.event.in_(_VOTED))
    rows = asked.rows(
        select(_TOWN, func.count(), func.count().filter(voted))
        .where(_CASE.decided_on.between(asked.since, asked.until), _CASE.effective_month != "")
        .group_by(_TOWN)
    )
    return [(row[0], {"granted": row[1], "voted": row[2]}) for row in rows]


def _taken(asked: _Asked) -> Any:
    """Working days from the acceptance to the decision, and decisions in time; each pair of days is counted once."""
    rows = asked.rows(
        select(_TOWN, _CASE.accepted_on, _CASE.decided_on, func.count())
        .where(_CASE.decided_on.between(asked.since, asked.until), _CASE.accepted_on.is_not(None))
        .group_by(_TOWN, _CASE.accepted_on, _CASE.decided_on)
    )
    calendar, spent = calendar_of(asked.work), {}
    limit = asked.work.policy("workflow.total_working_days", on=asked.until)
    for town, since, until, count in rows:
        if (since, until) not in spent:
            spent[since, until] = calendar.between(since, until)
        days = spent[since, until]
        yield town, {"decided": count, "days": days * count, "in_time": count if days <= limit else 0}


def _inspected(asked: _Asked) -> Any:
    """Cases drawn for inspection in the months of these days."""
    months = list(Period.span(Period.of(asked.since), Period.of(asked.until)))
    rows = asked.rows(
        select(
            _TOWN,
            func.count(),
            func.count(_DRAWN.done_on),
            func.count().filter(_DRAWN.result == "wrong"),
            func.coalesce(func.sum(_DRAWN.wrong_fen), 0),
        )
        .select_from(_DRAWN.case_id.table)
        .join(_SAMPLE.id.table, _SAMPLE.id == _DRAWN.sample_id)
        .join(_CASE.id.table, _CASE.id == _DRAWN.case_id)
        .where(_SAMPLE.period.in_(months))
        .group_by(_TOWN)
    )
    names = ("drawn", "inspected", "wrong", "wrong_fen")
    return [(row[0], dict(zip(names, map(int, row[1:]), strict=True))) for row in rows]


def _reviewed(asked: _Asked) -> Any:
    """Reviews done in these days, and those due by the last of them that are not."""
    done = asked.rows(
        select(_TOWN, func.count())
        .select_from(_REVIEW.id.table)
        .join(_CASE.id.table, _CASE.id == _REVIEW.case_id)
        .where(_REVIEW.done_on.between(asked.since, asked.until))
        .group_by(_TOWN)
    )
    waiting = asked.rows(
        select(_TOWN, func.count())
        .where(_CASE.state.in_(IN_PAYMENT), _CASE.review_due_on <= asked.until)
        .group_by(_TOWN)
    )
    return [
        *((row[0], {"reviewed": row[1]}) for row in done),
        *((row[0], {"reviews_waiting": row[1]}) for row in waiting),
    ]


_STEPS: Mapping[str, Any] = {
    "applied": _EVENT.event == "submit",
    "accepted": _EVENT.event == "accept",
    "granted": (_EVENT.to_state == "approved") & (_EVENT.from_state != "approved"),
    "refused": _EVENT.event == "refuse",
}


def steps_by_town(
    work: "UnitOfWork", span: tuple[date, date], right: str, area: str = ""
) -> dict[str, Mapping[str, int]]:
    """Applications, those accepted, granted and refused in some days, by town: one question."""
    rows = _Asked(work, "", *span, right, area).rows(
        select(_TOWN.label("town"), *(func.count().filter(which).label(name) for name, which in _STEPS.items()))
        .select_from(_EVENT.id.table)
        .join(_CASE.id.table, _CASE.id == _EVENT.case_id)
        .where(_EVENT.happened_on.between(*span))
        .group_by(_TOWN)
    )
    return {row.town: {name: getattr(row, name) for name in _STEPS} for row in rows}


def leads_by_town(work: "UnitOfWork", span: tuple[date, date], right: str, area: str = "") -> dict[str, int]:
    """What was found without an application in some days, by town."""
    town = func.substr(_LEAD.area, 1, 9)
    asked = select(town, func.count()).where(_LEAD.found_on.between(*span)).group_by(town)
    if area:
        asked = asked.where(within(_LEAD.area, [area]))
    rows = work.session.connection().execute(scoped(work, asked, _LEAD.area, right))
    return {row[0]: row[1] for row in rows}


def relatives_by_town(work: "UnitOfWork", span: tuple[date, date], right: str, area: str = "") -> dict[str, int]:
    """Cases for which near relatives were registered in some days, by town."""
    rows = _Asked(work, "", *span, right, area).rows(
        select(_TOWN, func.count(_KIN.case_id.distinct()))
        .select_from(_KIN.id.table)
        .join(_CASE.id.table, _CASE.id == _KIN.case_id)
        .where(_KIN.declared_on.between(*span))
        .group_by(_TOWN)
    )
    return {row[0]: row[1] for row in rows}
