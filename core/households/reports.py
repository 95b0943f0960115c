"""Reports of the registry: how many live where, and who died in a month; counted within the reader's areas."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, distinct, func, select
from sqlmodel import col

from core.extension import Column, Parameter, Report
from core.households.models.households import Area, Household, Membership
from core.identity.codes import SEX
from core.identity.models.persons import Person
from core.scope import scoped, within
from core.texts import mark
from core.values import LeapBirthday, age_on

if TYPE_CHECKING:
    from core.work import UnitOfWork

MALE, FEMALE = 1, 2
SIZES = {"town": 9, "village": 12}


def population(work: "UnitOfWork", by: str | None = None) -> Iterator[tuple[Any, ...]]:
    """Households and living people in them by town or village: men, women, minors, elderly."""
    code = func.substr(Household.area, 1, SIZES[by or "town"])
    minor = col(Person.birth_date) > latest_birth(work, "households.adult_age")
    elderly = col(Person.birth_date) <= latest_birth(work, "households.elderly_age")
    statement = (
        select(
            code.label("code"),
            func.count(distinct(col(Household.id))),
            func.count(col(Person.id)),
            *(_sum(condition) for condition in (col(Person.sex) == MALE, col(Person.sex) == FEMALE, minor, elderly)),
        )
        .select_from(Household)
        .outerjoin(Membership, (col(Membership.household_id) == Household.id) & col(Membership.valid_to).is_(None))
        .outerjoin(
            Person,
            (col(Person.id) == Membership.person_id)
            & col(Person.died_on).is_(None)
            & col(Person.left_county_on).is_(None),
        )
        .where(col(Household.closed_on).is_(None))
        .group_by(code)
        .order_by(code)
    )
    rows = work.session.execute(scoped(work, statement, Household.area, "household.show")).all()
    names = _names(work)
    for found, *figures in rows:
        yield (_name(names, found), *(figure or 0 for figure in figures))


def deaths(work: "UnitOfWork", month: str | None = None) -> Iterator[tuple[Any, ...]]:
    """Who died in a month (this one), by day."""
    year, number = (int(part) for part in (month or work.today.isoformat()[:7]).split("-"))
    first, after = date(year, number, 1), date(year + number // 12, number % 12 + 1, 1)
    leap: LeapBirthday = work.policy("identity.leap_birthday")
    statement = (
        select(
            col(Person.died_on), col(Person.name), col(Person.sex), col(Person.birth_date), col(Person.hukou_area),
            col(Household.number),
        )
        .outerjoin(Membership, (col(Membership.person_id) == Person.id) & col(Membership.valid_to).is_(None))
        .outerjoin(Household, col(Household.id) == Membership.household_id)
        .where(col(Person.died_on) >= first, col(Person.died_on) < after, col(Person.merged_into).is_(None))
        .where(within(Person.hukou_area, work.areas("person.show")))
        .order_by(col(Person.died_on), col(Person.id))
    )  # fmt: skip
    names = _names(work)
    for row in work.session.execute(statement).all():
        age = age_on(row.birth_date, row.died_on, leap) if row.birth_date else None
        place = _name(names, row.hukou_area)
        yield row.died_on, row.name, SEX.name(row.sex), age, place, row.number


def latest_birth(work: "UnitOfWork", key: str) -> date:
    """The last birthday with which somebody has completed the years of a policy key today."""
    today, years = work.today, work.policy(key)
    leap_day = work.policy("identity.leap_birthday") == "february_28"
    if (today.month, today.day) == (2, 28) and leap_day and _is_leap(today.year - years):
        return date(today.year - years, 2, 29)
    if (today.month, today.day) == (2, 29) and not _is_leap(today.year - years):
        return date(today.year - years, 2, 28)
    return today.replace(year=today.year - years)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _sum(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))


def _names(work: "UnitOfWork") -> dict[str, str]:
    return {row.code: row.name for row in work.session.execute(select(col(Area.code), col(Area.name)))}


def _name(names: dict[str, str], code: str) -> str:
    town = names.get(code[:9], code)
    return f"{town} {names.get(code, code)}" if len(code) == SIZES["village"] else town


def _figure(name: str, title: str) -> Column:
    return Column(name=name, title=title, kind="integer", total=True)


REPORTS = (
    Report(
        name="households-population",
        chart=("area", "men", "women"),
        title=mark("户籍人口统计"),
        note=mark("在册户和户内健在、未迁出的人；年龄按今天的周岁，标准见政策参数"),
        permission="household.show",
        parameters=(
            Parameter(
                name="by",
                title=mark("分到"),
                kind="choice",
                choices=(("town", mark("乡镇")), ("village", mark("村（社区）"))),
                default="town",
            ),
        ),
        columns=(
            Column(name="area", title=mark("区划")),
            _figure("households", mark("户数")),
            _figure("people", mark("人数")),
            _figure("men", mark("男")),
            _figure("women", mark("女")),
            _figure("minors", mark("未成年人")),
            _figure("elderly", mark("老年人")),
        ),
        rows=population,
    ),
    Report(
        name="households-deaths",
        title=mark("死亡人员名单"),
        note=mark("按死亡日期，已撤销的不列"),
        permission="person.show",
        parameters=(Parameter(name="month", title=mark("月份"), kind="month", default="current"),),
        columns=(
            Column(name="died_on", title=mark("死亡日期"), kind="date"),
            Column(name="name", title=mark("姓名")),
            Column(name="sex", title=mark("性别")),
            Column(name="age", title=mark("年龄"), kind="integer"),
            Column(name="area", title=mark("村（社区）")),
            Column(name="household", title=mark("户号")),
        ),
        rows=deaths,
    ),
)
