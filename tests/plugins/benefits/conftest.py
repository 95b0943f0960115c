"""A county with benefits, the allowances of the tests, a home, and people to enrol."""

from dataclasses import dataclass
from datetime import datetime

import pytest

from core.api import lines_of_batch
from core.funds import batches
from core.funds.allocations import NewAllocation, allocate
from core.funds.sources import NewFund, add_fund
from core.identity.bank_accounts import NewBankAccount, set_account
from core.identity.bulk import NewPeople, insert_people
from core.identity.numbers import check_character
from core.testing import VILLAGE, County, enabled
from plugins.benefits.api import (
    BuildRoll,
    NewEnrolment,
    SetInstitution,
    SetStandard,
    build_roll,
    enrol_many,
    set_institution,
    set_standard,
)

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

    def money(self, scheme="allowance", yuan=50_000_000) -> None:
        """A fund with its receipt, all of it allocated by minutes."""
        with self.county.begin("accountant") as work:
            fund = NewFund(
                code=f"F-{scheme}", name="F", source="PROV", scheme=scheme, year=2026, amount_fen=yuan * 100,
                document=f"文 {scheme}", received=True,
            )  # fmt: skip
            add_fund(work, fund)
        with self.county.begin("proposer") as work:
            wish = NewAllocation(fund=f"F-{scheme}", scheme=scheme, amount_fen=yuan * 100, decided_fen=yuan * 100)
            allocate(work, wish, b"minutes", "minutes.pdf")

    def step(self, action, batch, role, *values):
        with self.county.begin(role) as work:
            return getattr(batches, action)(work, batch, *values)

    def submit(self, batch) -> None:
        self.step("submit", batch, "proposer")

    def release(self, batch) -> int:
        """Through all four steps by four people."""
        for action, role in (("submit", "proposer"), ("review", "reviewer"), ("approve", "approver")):
            self.step(action, batch, role)
        with self.county.begin("disburser") as work:
            batches.release(work, batch, batches.find_batch(work, batch).total_fen)
        return batch

    def roll(self, period="2026-03", scheme="allowance"):
        with self.county.begin() as work:
            return build_roll(work, BuildRoll(scheme=scheme, period=period))

    def paid(self, period="2026-03", scheme="allowance"):
        """A roll built and released."""
        built = self.roll(period, scheme)
        self.release(built["batch"])
        return built

    def lines(self, batch):
        with self.county.look() as work:
            return lines_of_batch(work, batch)

    def act(self, service, *values):
        with self.county.begin() as work:
            return service(work, *values)


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
