"""Figures of the handbook for superiors: register, active rate, fields, teams, stars, insurance."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import COUNTY_TIME, Column, Parameter, Period, Report, _, format_money, mark, scoped
from plugins.volunteers.models import Activity, Complaint, Org, Record, Subsidy, Training, Volunteer
from plugins.volunteers.queries import SHOW, levels, minutes_by_month, unreversed
from plugins.volunteers.rules import hours_of, standing_service
from plugins.volunteers.words import ALIVE, FIELDS

if TYPE_CHECKING:
    from core.api import UnitOfWork

_HELD = ("published", "closed_signup", "running", "finished", "records_confirmed", "archived")
_MONTHS = (mark("1 月"), mark("2 月"), mark("3 月"), mark("4 月"), mark("5 月"), mark("6 月"), mark("7 月"),
           mark("8 月"), mark("9 月"), mark("10 月"), mark("11 月"), mark("12 月"))  # fmt: skip
Span = tuple[date, date]


def span_of(work: "UnitOfWork", since: str | None, until: str | None) -> Span:
    """The days of a period of months; without one the current month."""
    first = Period(since) if since else Period.of(work.today)
    last = Period(until) if until else first if since else Period.of(work.today)
    return first.first_day, last.last_day


def served(work: "UnitOfWork", span: Span, area: str = "") -> list[Record]:
    """Confirmed service of a period within the reader's areas, without what was reversed or carried over."""
    asked = select(Record).where(
        col(Record.state) == "confirmed",
        col(Record.kind) == "service",
        col(Record.served_on).between(*span),
        unreversed(),
    )
    if area:
        asked = asked.where(col(Record.area).startswith(area))
    return list(work.session.scalars(scoped(work, asked.order_by(col(Record.id)), col(Record.area), SHOW)))


def registered(work: "UnitOfWork", on: date, area: str = "") -> list[int]:
    """Volunteers who stand in the register, registered by a day."""
    return list(registered_by_area(work, on, area))


def registered_by_area(work: "UnitOfWork", on: date, area: str = "") -> dict[int, str]:
    """The same with the area of each."""
    asked = select(col(Volunteer.id), col(Volunteer.area)).where(
        col(Volunteer.state).in_(ALIVE), col(Volunteer.registered_on) <= on
    )
    if area:
        asked = asked.where(col(Volunteer.area).startswith(area))
    rows = work.session.execute(scoped(work, asked, col(Volunteer.area), SHOW))
    return {number or 0: place for number, place in rows}


def active_rate(work: "UnitOfWork", since: str | None, until: str | None, area: str = "") -> Decimal | None:
    """Volunteers with at least one confirmed record in the period over those registered; None without any."""
    span = span_of(work, since, until)
    there = set(registered(work, span[1], area))
    if not there:
        return None
    served_by = {one.volunteer_id for one in served(work, span, area)} & there
    return Decimal(len(served_by)) / Decimal(len(there))


def _share(part: int, whole: int) -> str:
    return f"{Decimal(part * 100) / Decimal(whole):.1f}%" if whole else "--"


def indicator_rows(
    work: "UnitOfWork", since: str | None = None, until: str | None = None, area: str | None = None
) -> Iterator[tuple[Any, ...]]:
    """The indicators of a period, one a row."""
    span, place = span_of(work, since, until), area or ""
    there, rows = registered(work, span[1], place), served(work, span, place)
    minutes, people = sum(one.minutes for one in rows), {one.volunteer_id for one in rows}
    population = work.policy("volunteers.population")
    yield _("注册志愿者"), str(len(there)), _("人")
    yield _("注册率（占常住人口）"), _share(len(there), population), ""
    yield _("活跃率"), _share(len(people & set(there)), len(there)), ""
    yield _("志愿服务组织"), str(_count(work, Org, col(Org.state) == "open", place)), _("个")
    held = held_in(span)
    yield _("志愿服务活动"), str(_count(work, Activity, held, place)), _("场")
    yield _("服务人次"), str(len(rows)), _("人次")
    yield _("服务时长"), f"{hours_of(minutes):.1f}", _("小时")
    yield _("人均时长"), f"{hours_of(minutes // len(people)) if people else 0:.1f}", _("小时")
    stars = levels(work, there)
    for level in range(1, 6):
        yield _("{level} 星志愿者", level=level), str(sum(one[0] == level for one in stars.values())), _("人")
    yield _("培训学时"), f"{hours_of(_trained(work, span)):.1f}", _("学时")
    risky = held & (col(Activity.risk) == "high")
    insured = risky & (col(Activity.policy_no) != "")
    high = _count(work, Activity, risky, place)
    yield _("高风险活动保险覆盖率"), _share(_count(work, Activity, insured, place), high), ""
    yield _("投诉"), str(_count(work, Complaint, col(Complaint.received_on).between(*span), place)), _("件")
    paid = col(Subsidy.withdrawn_on).is_(None) & col(Subsidy.served_on).between(*span)
    yield _("误餐和交通补助"), format_money(_summed(work, col(Subsidy.amount_fen), paid, place)), _("元")
    double = col(Org.double_support).is_(True) & (col(Org.state) == "open")
    yield _("拥军优属志愿服务队"), str(_count(work, Org, double, place)), _("支")


def held_in(span: Span) -> Any:
    """Activities that were held in a period, as SQL."""
    return (
        col(Activity.state).in_(_HELD)
        & (col(Activity.starts_at) < _midnight(span[1] + timedelta(days=1)))
        & (col(Activity.ends_at) >= _midnight(span[0]))
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), COUNTY_TIME)


def _count(work: "UnitOfWork", model: Any, which: Any, area: str) -> int:
    asked = select(func.count()).select_from(model).where(which)
    if area:
        asked = asked.where(model.area.startswith(area))
    return work.session.scalar(scoped(work, asked, model.area, SHOW)) or 0


def _summed(work: "UnitOfWork", amount: Any, which: Any, area: str) -> int:
    asked = select(func.sum(amount)).where(which)
    if area:
        asked = asked.where(col(Subsidy.area).startswith(area))
    return int(work.session.scalar(scoped(work, asked, col(Subsidy.area), SHOW)) or 0)


def _trained(work: "UnitOfWork", span: Span) -> int:
    asked = (
        select(func.sum(col(Training.minutes)))
        .join(Volunteer, col(Volunteer.id) == col(Training.volunteer_id))
        .where(col(Training.held_on).between(*span), col(Training.result) == "passed")
    )
    return int(work.session.scalar(scoped(work, asked, col(Volunteer.area), SHOW)) or 0)


def field_rows(
    work: "UnitOfWork", since: str | None = None, until: str | None = None, area: str | None = None
) -> Iterator[tuple[Any, ...]]:
    """Person-times, people and hours by field."""
    rows = served(work, span_of(work, since, until), area or "")
    for code, word in FIELDS.items():
        mine = [one for one in rows if one.field == code]
        if mine:
            total = Decimal(str(hours_of(sum(one.minutes for one in mine))))
            yield _(word), len(mine), len({one.volunteer_id for one in mine}), total


def team_rows(work: "UnitOfWork", year: int | None = None) -> Iterator[tuple[Any, ...]]:
    """Teams by the months of a year: regular only when none is empty; the empty ones are listed, nothing averaged."""
    at = year or work.today.year
    asked = scoped(work, select(Org).where(col(Org.opened_on) <= date(at, 12, 31)), col(Org.area), SHOW)
    for org in work.session.scalars(asked.order_by(col(Org.id))):
        months = minutes_by_month(work, org.id or 0, at)
        standing = standing_service(months)
        yield (
            org.name,
            _("是") if org.double_support else "",
            *(Decimal(str(hours_of(minutes))) for minutes in months),
            _("常态化") if standing.regular else _("未常态化"),
            "、".join(str(month) for month in standing.idle_months),
        )


_PERIOD = (
    Parameter(name="since", title=mark("起始月"), kind="month", default="current"),
    Parameter(name="until", title=mark("截止月"), kind="month", default="current"),
    Parameter(name="area", title=mark("区划"), kind="area"),
)
REPORTS: Sequence[Report] = (
    Report(
        name="volunteers-indicators",
        title=mark("志愿服务指标"),
        permission=SHOW,
        columns=(
            Column(name="indicator", title=mark("指标")),
            Column(name="value", title=mark("数值")),
            Column(name="unit", title=mark("单位")),
        ),
        rows=indicator_rows,
        parameters=_PERIOD,
        note=mark("活跃率为期间内有已确认时长的志愿者占注册志愿者的比例；培训学时不计入服务时长"),
    ),
    Report(
        name="volunteers-fields",
        title=mark("志愿服务领域"),
        permission=SHOW,
        columns=(
            Column(name="field", title=mark("服务领域")),
            Column(name="times", title=mark("人次"), kind="integer", total=True),
            Column(name="people", title=mark("人数"), kind="integer"),
            Column(name="hours", title=mark("小时"), kind="number"),
        ),
        rows=field_rows,
        chart=("field", "times"),
        parameters=_PERIOD,
    ),
    Report(
        name="volunteers-teams",
        title=mark("义工服务常态化"),
        permission=SHOW,
        columns=(
            Column(name="team", title=mark("队伍")),
            Column(name="double_support", title=mark("拥军优属")),
            *(Column(name=f"m{at}", title=title) for at, title in enumerate(_MONTHS, start=1)),
            Column(name="regular", title=mark("是否常态化")),
            Column(name="idle", title=mark("空月")),
        ),
        rows=team_rows,
        parameters=(Parameter(name="year", title=mark("年度"), kind="year", default="current"),),
        note=mark("每个月都有已确认时长才算常态化，不按平均计算"),
    ),
)
