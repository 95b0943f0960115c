"""What the indicator catalogue brings to the desk: indicators not met in the newest report, and what waits."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import col

from core.api import TASKS_MAX, Period, Task, Tile, _
from plugins.indicators.catalogue import SHOW, gathered
from plugins.indicators.models import PeriodReport, Reported, Target
from plugins.indicators.periods import stretch
from plugins.indicators.services.common import ACKNOWLEDGE, CHECK, ISSUE, MAKE, county_of
from plugins.indicators.services.stating import told_of, unanswered

if TYPE_CHECKING:
    from core.api import UnitOfWork


def newest(work: "UnitOfWork") -> PeriodReport | None:
    """The newest report that stands."""
    asked = select(PeriodReport).where(col(PeriodReport.state) != "replaced")
    return work.session.scalars(asked.order_by(col(PeriodReport.until).desc(), col(PeriodReport.id).desc())).first()


def tiles(work: "UnitOfWork") -> Iterable[Tile]:
    """How many indicators the newest report says are not met."""
    if not work.may(SHOW, county_of(work)):
        return
    report = newest(work)
    if report is None:
        return
    counts = select(col(Reported.state), func.count()).where(
        col(Reported.report_id) == report.id, col(Reported.area) == ""
    )
    found = {row[0]: row[1] for row in work.session.execute(counts.group_by(col(Reported.state)))}
    failing, met = found.get("not_met", 0), found.get("met", 0)
    yield Tile(
        title=_("未达标指标"),
        figure=str(failing),
        unit=_("项"),
        note=_("{period}，达标 {met} 项", period=stretch(report.period).in_words, met=met),
        path=f"/indicators/reports/{report.number}",
        order=70,
    )


def tasks(work: "UnitOfWork") -> Iterable[Task]:
    """Contradictions to acknowledge, reports to make, check and issue, targets whose deadline is near."""
    yield from _contradictions(work)
    county = county_of(work)
    if work.may(CHECK, county):
        yield from _reports(work, "made", _("审核指标报表"), _("审核"))
    if work.may(ISSUE, county):
        yield from _reports(work, "checked", _("签发指标报表"), _("签发"))
    if work.may(MAKE, county):
        yield from _due_report(work)
        yield from _deadlines(work)


def _contradictions(work: "UnitOfWork") -> Iterable[Task]:
    if not work.may(ACKNOWLEDGE):
        return
    for one in unanswered(work, permission=ACKNOWLEDGE)[:TASKS_MAX]:
        if one.entered_by != work.actor.account_id:
            yield Task(
                title=_("填报数不符：{title}", title=one.title),
                subject=told_of(one),
                path=f"/indicators/stated/{one.id}",
                step=_("说明原因"),
                area=one.area,
                number=one.code,
                state="bad",
            )


def _reports(work: "UnitOfWork", state: str, title: str, step: str) -> Iterable[Task]:
    asked = select(PeriodReport).where(col(PeriodReport.state) == state).order_by(col(PeriodReport.id)).limit(TASKS_MAX)
    me = work.actor.account_id
    for one in work.session.scalars(asked):
        if me not in (one.made_by, one.checked_by):
            yield Task(
                title=title,
                subject=stretch(one.period).in_words,
                path=f"/indicators/reports/{one.number}",
                step=step,
                area=one.area,
                number=one.number,
            )


def _due_report(work: "UnitOfWork") -> Iterable[Task]:
    """The report of the month that is over, and of the quarter when that is over too."""
    month = Period.of(work.today).previous()
    periods = [str(month)]
    if month.month % 3 == 0:
        periods.append(f"{month.year}-Q{month.month // 3}")
    made = set(work.session.scalars(select(col(PeriodReport.period)).where(col(PeriodReport.period).in_(periods))))
    due = date(work.today.year, work.today.month, work.policy("indicators.report_day"))
    for period in periods:
        if period not in made:
            yield Task(
                title=_("编制指标报表"),
                subject=stretch(period).in_words,
                path=f"/indicators/reports/new?period={period}",
                step=_("编制"),
                area=county_of(work),
                due=due,
                state="bad" if due < work.today else "warn",
            )


def _deadlines(work: "UnitOfWork") -> Iterable[Task]:
    """Targets whose own deadline comes near, unless the newest report says they are met."""
    last = work.today + timedelta(days=work.policy("indicators.due_soon_days"))
    asked = select(Target).where(
        col(Target.revoked_on).is_(None), col(Target.due_on).is_not(None), col(Target.due_on) <= last
    )
    rows = list(work.session.scalars(asked.order_by(col(Target.due_on), col(Target.id)).limit(TASKS_MAX)))
    if not rows:
        return
    met = _met(work, [one.indicator for one in rows])
    known, _failures = gathered(work)
    for one in rows:
        if one.indicator in known and one.indicator not in met and one.due_on is not None:
            yield Task(
                title=_("指标完成期限将到"),
                subject=known[one.indicator].title,
                path=f"/indicators/show/{one.indicator}?period={one.period}",
                step=_("核对进度"),
                area=one.area or county_of(work),
                due=one.due_on,
                state="bad" if one.due_on < work.today else "warn",
            )


def _met(work: "UnitOfWork", names: Sequence[str]) -> set[str]:
    report = newest(work)
    if report is None or not names:
        return set()
    asked = select(col(Reported.indicator)).where(
        col(Reported.report_id) == report.id,
        col(Reported.area) == "",
        col(Reported.state) == "met",
        col(Reported.indicator).in_(names),
    )
    return set(work.session.scalars(asked))
