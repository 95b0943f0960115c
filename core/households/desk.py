"""What the registry brings to the desk: how many households and people, and pairs that wait for a second person."""

from typing import TYPE_CHECKING

from sqlalchemy import case, func, select
from sqlmodel import col

from core.extension import Task, Tile
from core.households.duplicates import waiting_for
from core.households.models.households import Household
from core.households.reports import latest_birth
from core.identity.models.persons import Person
from core.scope import scoped
from core.showing import count
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork


def tiles(work: "UnitOfWork") -> list[Tile]:
    """Open households, living people registered in them, and how many of those are elderly."""
    if not work.may("household.show"):
        return []
    open_ones = select(func.count()).select_from(Household).where(col(Household.closed_on).is_(None))
    households = scoped(work, open_ones, Household.area, "household.show").scalar_subquery()
    if not work.may("person.show"):
        return [_households(work.session.scalar(select(households)) or 0)]
    elderly = case((col(Person.birth_date) <= latest_birth(work, "households.elderly_age"), 1), else_=0)
    living = select(func.count(), func.sum(elderly), households).where(
        col(Person.died_on).is_(None), col(Person.left_county_on).is_(None), col(Person.merged_into).is_(None)
    )
    people, old, homes = work.session.execute(scoped(work, living, Person.hukou_area, "person.show")).one()
    report = "/reports/households-population?by=village" if work.may("report.show") else ""
    years = work.policy("households.elderly_age")
    return [
        _households(homes),
        Tile(title=_("户籍人口"), figure=count(people), unit=_("人"), path="/people", order=21),
        Tile(title=_("{years} 周岁以上", years=years), figure=count(old or 0), unit=_("人"), path=report, order=22),
    ]


def _households(number: int) -> Tile:
    return Tile(title=_("在册户"), figure=count(number), unit=_("户"), path="/households", order=20)


def tasks(work: "UnitOfWork") -> list[Task]:
    """Suspected duplicates that somebody else proposed to merge."""
    if not work.may("household.decide_duplicate"):
        return []
    waiting = waiting_for(work)
    if not waiting:
        return []
    return [
        Task(
            title=_("确认疑似重复"),
            subject=_("{count} 对", count=waiting),
            path="/households/duplicates?state=proposed",
            step=_("第二人确认"),
        )
    ]
