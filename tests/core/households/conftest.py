"""Households to try pages and scope on: a family in each of two towns."""

from dataclasses import dataclass
from datetime import date

import pytest

from core.households import services
from core.households.wishes import Member, OpenHousehold
from core.identity.persons import NewPerson, register_person
from core.testing import OTHER_TOWN, TOWN
from tests.people import citizen

VILLAGE, OTHER_VILLAGE = f"{TOWN}201", f"{OTHER_TOWN}201"


@dataclass(frozen=True)
class Family:
    """A household and its members, head first."""

    household: int
    people: list[int]
    number: str
    town: str


@pytest.fixture
def families(county) -> tuple[Family, Family]:
    """王桂兰户 in one town and 李长根户 in another, each with a child."""
    return (
        _family(county, VILLAGE, "0307-2815", ["王桂兰", "陈国梁"], 100),
        _family(county, OTHER_VILLAGE, "0306-0001", ["李长根", "李小雨"], 200),
    )


def _family(county, village, number, names, sequence) -> Family:
    with county.begin() as work:
        people = [
            register_person(
                work,
                NewPerson(
                    name=name,
                    citizen_id=citizen(sequence + n, born),
                    hukou_area=village,
                    phone=f"1380000{sequence + n:04d}",
                ),
            ).id
            for n, (name, born) in enumerate(zip(names, ("19440312", "20120506"), strict=True))
        ]
        members = [Member(person_id=people[0], relation="户主"), Member(person_id=people[1], relation="孙子")]
        wish = OpenHousehold(number=number, area=village, address="四组 12 号", on=date(2026, 11, 1), members=members)
        household = services.open_household(work, wish).id
    return Family(household or 0, people, number, village[:9])
