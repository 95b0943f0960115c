"""A county with notices switched on, people to publish, and a photo of a board."""

from datetime import date

import pytest
from sqlalchemy import update

from core.identity.models.accounts import Grant
from core.identity.persons import NewPerson, register_person
from core.testing import VILLAGE, enabled
from plugins.notices.api import NewNotice, NoticeRow, open_notice


@pytest.fixture
def county(county):
    """The county of the test with notices; its shell account has held its rights since New Year."""
    enabled(county, "notices")
    with county.host.database.transaction(write=True) as connection:
        connection.execute(update(Grant).values(valid_from=date(2026, 1, 1)))
    return county


@pytest.fixture
def person(county):
    """Register somebody: name, birth date (None = unknown), village."""

    def register(name="王建国", born=date(1962, 5, 1), area=VILLAGE):
        with county.begin() as work:
            wish = NewPerson(name=name, sex="男", birth_date=born, hukou_area=area)
            return register_person(work, wish).id

    return register


@pytest.fixture
def opened(county, person):
    """Open a notice with one line in a village; answers its id."""

    def open_one(**changes):
        row = NoticeRow(person_id=person(), values={"area": VILLAGE, "group": 3, "members": 2, "amount": 116250})
        values = {"type": "notices.proposed", "area": VILLAGE, "rows": (row,), "scheme": "最低生活保障"}
        with county.begin() as work:
            return open_notice(work, NewNotice(**(values | changes)))

    return open_one


@pytest.fixture(scope="session")
def photo():
    """The bytes of a file that begins like a picture."""
    return b"\xff\xd8\xff\xe0" + bytes(range(64))
