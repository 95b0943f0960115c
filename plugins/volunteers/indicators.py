"""What superiors ask of voluntary service, by town: register, active rate, teams, service, training, insurance."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Indicator, Measured, UnitOfWork, mark, scoped
from plugins.volunteers.models import Activity, Complaint, Org, Subsidy, Training, Volunteer
from plugins.volunteers.queries import SHOW
from plugins.volunteers.statistics import held_in, registered_by_area, served

HOUR = 60
"""Minutes."""


def measure_register(work: UnitOfWork, since: date, until: date) -> Iterator[Measured]:
    """Volunteers on the last day, those of them who served, person-times and hours: two questions."""
    there = registered_by_area(work, until)
    rows = served(work, (since, until))
    active = {one.volunteer_id for one in rows}
    counts: dict[str, Counter[str]] = {}
    for number, area in there.items():
        found = counts.setdefault(area[:9], Counter())
        found["registered"] += 1
        found["active"] += number in active
    for town, found in counts.items():
        yield Measured(indicator="volunteers.registered", area=town, part=found["registered"])
        yield Measured(indicator="volunteers.active", area=town, part=found["active"], base=found["registered"])
    minutes: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for one in rows:
        minutes[one.area[:9]] += one.minutes
        times[one.area[:9]] += 1
    for town, count in times.items():
        yield Measured(indicator="volunteers.times", area=town, part=count)
        yield Measured(indicator="volunteers.hours", area=town, part=Decimal(minutes[town]) / HOUR)


def measure_rate(work: UnitOfWork, _since: date, until: date) -> Iterator[Measured]:
    """Volunteers of the permanent population; without a population the rate is unknown."""
    county = work.settings.county.code
    if work.may(SHOW, county):
        count = len(registered_by_area(work, until))
        yield Measured(
            indicator="volunteers.share", area=county, part=count, base=work.policy("volunteers.population", on=until)
        )


def measure_work(work: UnitOfWork, since: date, until: date) -> Iterator[Measured]:
    """Teams, activities, insurance, complaints, subsidies, training: one question each."""
    held = held_in((since, until))
    risky = held & (col(Activity.risk) == "high")
    insured = dict(_by_town(work, Activity, risky & (col(Activity.policy_no) != "")))
    for town, count in _by_town(work, Activity, risky):
        yield Measured(indicator="volunteers.insured", area=town, part=insured.get(town, 0), base=count)
    paid = col(Subsidy.withdrawn_on).is_(None) & col(Subsidy.served_on).between(since, until)
    questions = {
        "orgs": _by_town(work, Org, col(Org.state) == "open"),
        "double_support": _by_town(work, Org, col(Org.double_support).is_(True) & (col(Org.state) == "open")),
        "activities": _by_town(work, Activity, held),
        "complaints": _by_town(work, Complaint, col(Complaint.received_on).between(since, until)),
        "subsidies": _by_town(work, Subsidy, paid, func.sum(col(Subsidy.amount_fen))),
        "training": _training(work, since, until),
    }
    for name, rows in questions.items():
        for town, count in rows:
            yield Measured(indicator=f"volunteers.{name}", area=town, part=count)


def _by_town(work: UnitOfWork, model: Any, which: Any, figure: Any = None) -> list[tuple[str, int]]:
    town = func.substr(col(model.area), 1, 9)
    asked = select(town, func.count() if figure is None else figure).select_from(model).where(which).group_by(town)
    return [(row[0], int(row[1] or 0)) for row in work.session.execute(scoped(work, asked, col(model.area), SHOW))]


def _training(work: UnitOfWork, since: date, until: date) -> list[tuple[str, Decimal]]:
    town = func.substr(col(Volunteer.area), 1, 9)
    asked = (
        select(town, func.sum(col(Training.minutes)))
        .join(Volunteer, col(Volunteer.id) == col(Training.volunteer_id))
        .where(col(Training.held_on).between(since, until), col(Training.result) == "passed")
        .group_by(town)
    )
    rows = work.session.execute(scoped(work, asked, col(Volunteer.area), SHOW))
    return [(row[0], Decimal(int(row[1])) / HOUR) for row in rows]


INDICATORS = (
    Indicator(name="volunteers.registered", title=mark("注册志愿者"), kind="count", permission=SHOW,
              measure=measure_register, unit=mark("人")),
    Indicator(name="volunteers.share", title=mark("注册率（占常住人口）"), kind="rate", permission=SHOW,
              measure=measure_rate, county=True),
    Indicator(name="volunteers.active", title=mark("活跃率"), kind="rate", permission=SHOW, measure=measure_register),
    Indicator(name="volunteers.orgs", title=mark("志愿服务组织"), kind="count", permission=SHOW, measure=measure_work,
              unit=mark("个")),
    Indicator(name="volunteers.double_support", title=mark("拥军优属志愿服务队"), kind="count", permission=SHOW,
              measure=measure_work, unit=mark("支")),
    Indicator(name="volunteers.activities", title=mark("志愿服务活动"), kind="count", permission=SHOW,
              measure=measure_work, unit=mark("场"), cumulative=True),
    Indicator(name="volunteers.times", title=mark("服务人次"), kind="count", permission=SHOW,
              measure=measure_register, unit=mark("人次"), cumulative=True),
    Indicator(name="volunteers.hours", title=mark("服务时长"), kind="count", permission=SHOW,
              measure=measure_register, unit=mark("小时"), cumulative=True),
    Indicator(name="volunteers.training", title=mark("培训时长"), kind="count", permission=SHOW,
              measure=measure_work, unit=mark("小时"), cumulative=True),
    Indicator(name="volunteers.insured", title=mark("高风险活动保险覆盖率"), kind="rate", permission=SHOW,
              measure=measure_work, comparator="=", policy="volunteers.insured_target"),
    Indicator(name="volunteers.complaints", title=mark("志愿服务投诉"), kind="count", permission=SHOW,
              measure=measure_work, unit=mark("件"), cumulative=True, comparator="<="),
    Indicator(name="volunteers.subsidies", title=mark("误餐和交通补助"), kind="count", permission=SHOW,
              measure=measure_work, money=True, cumulative=True),
)  # fmt: skip
