"""Numbers of area 999, and people to try things on."""

import pytest

from core.identity.numbers import check_character
from core.identity.persons import NewPerson, register_person

VILLAGE = "430223103201"


@pytest.fixture
def citizen_id():
    """Make a number of area 999: ``citizen_id("19461120", 23)``."""

    def make(born="19700101", sequence=1):
        first = f"999223{born}{sequence:03d}"
        return first + check_character(first)

    return make


@pytest.fixture
def register(county):
    """Register a person through the service; answers the id."""

    def make(name="刘洋", area=VILLAGE, role="shell", town="", **wish):
        with county.begin(role, town) as work:
            return register_person(work, NewPerson(name=name, hukou_area=area, **wish)).id

    return make
