"""A county with the mark of tests: numbers of area 999 count."""

import pytest

from core.identity.numbers import check_character
from core.identity.persons import NewPerson, register_person
from core.models import State

VILLAGE = "430223103201"


@pytest.fixture(autouse=True)
def _marked(request):
    if "county" not in request.fixturenames:
        return
    county = request.getfixturevalue("county")
    with county.begin() as work:
        work.session.add(State(name="tests", value="1"))
        work.record("tests.marked", "core_state:tests")


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
