"""A county with benefits, the allowances of the tests, a home, and people to enrol."""

from dataclasses import dataclass
from datetime import datetime

import pytest

from core.identity.bank_accounts import NewBankAccount, set_account
from core.identity.bulk import NewPeople, insert_people
from core.identity.numbers import check_character
from core.testing import VILLAGE, County, enabled
from plugins.benefits.api import NewEnrolment, SetInstitution, SetStandard, enrol_many, set_institution, set_standard

INSTITUTIONAL, DISPERSED = 124_000, 76_000
ACCOUNT = "62284800000{:08d}"


def citizen_id(sequence: int, born: str = "20150101") -> str:
    first = f"999{sequence // 1000:03d}{born}{sequence % 1000:03d}"
    return first + check_character(first)


def clock_at(county: County, day: str) -> None:
    county.clock.set(datetime.fromisoformat(f"{day}T09:00:00+08:00"))


@dataclass
class Place:
    """What a test needs at hand."""

    county: County
    home: int = 0

    def people(self, count: int, *, accounts: bool = True, since: int = 0, area: str = VILLAGE) -> list[int]:
        """So many people, registered in columns."""
        numbers = range(since, since + count)
        with self.county.begin() as work:
            ids = insert_people(
                work,
                NewPeople(
                    name=[f"张{chr(0x4E00 + number % 5000)}" for number in numbers],
                    sex=[1] * count,
                    birth_date=[None] * count,
                    ethnicity=[""] * count,
                    hukou_area=[area] * count,
                    residence_area=[area] * count,
                    address=[""] * count,
                    phone=[""] * count,
                    citizen_id=[citizen_id(number) for number in numbers],
                    bank_account=[ACCOUNT.format(number) if accounts else "" for number in numbers],
                ),
            )
            work.record("test.people", "test")
        return list(ids)

    def standard(self, category="HOME", amount="760", since="2020-01", scheme="allowance", **more) -> None:
        with self.county.begin() as work:
            wish = SetStandard(
                scheme=scheme, category=category, amount=amount, valid_from=since, document="民发 1 号", **more
            )
            set_standard(work, wish)

    def enrol(
        self, people, since="2020-01", category="HOME", scheme="allowance", carried_over=False, **more
    ) -> list[int]:
        with self.county.begin() as work:
            wishes = [
                NewEnrolment(scheme=scheme, category=category, person_id=person, from_month=since, **more)
                for person in people
            ]
            return enrol_many(work, wishes, carried_over=carried_over)

    def account(self, person: int, number: str) -> None:
        with self.county.begin() as work:
            set_account(work, person, NewBankAccount(number=number))


@pytest.fixture
def place(county) -> Place:
    """The county with benefits and the allowances, standards of the handbook from 2020 on, and one home."""
    enabled(county, "allowance")
    county.reload()
    made = Place(county)
    with county.begin() as work:
        wish = SetInstitution(code="H1", name="福利院", account_number="622848009999999999")
        made.home = set_institution(work, wish).id or 0
    made.standard("INST", "1240")
    made.standard("HOME", "760")
    return made
