"""A county with dibao: families of the handbook's examples, cases brought to payment, rolls."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import update

from core.api import lines_of_batch
from core.funds import batches
from core.funds.allocations import NewAllocation, allocate
from core.funds.sources import NewFund, add_fund
from core.households.services import open_household
from core.households.wishes import Member, OpenHousehold
from core.identity.bank_accounts import NewBankAccount, set_account
from core.identity.documents import NewDocument, add_document
from core.identity.models.accounts import Grant
from core.identity.numbers import check_character
from core.identity.persons import NewPerson, register_person
from core.policy import SetPolicy, set_policy
from core.testing import TOWN, County, enabled
from core.wishes import checked
from plugins.benefits.api import BuildRoll, SetStandard, build_roll, set_standard
from plugins.casework import acts
from plugins.casework.wishes import NewCase
from plugins.dibao import queries
from plugins.dibao.services import declaring
from plugins.dibao.wishes import SetIncome
from plugins.notices import services as notices
from plugins.notices.api import is_complete, notices_of

URBAN, RURAL = f"{TOWN}002", f"{TOWN}201"
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 60
EXAMPLE_A = (
    ("陈志强", "男", date(1985, 3, 2), "02"), ("李秀英", "女", date(1987, 6, 9), "10"),
    ("陈小满", "女", date(2017, 1, 20), "30"), ("周桂兰", "女", date(1944, 2, 11), "52"),
)  # fmt: skip
EXAMPLE_B = (("何永祥", "男", date(1975, 3, 2), "02"), ("唐秋月", "女", date(1977, 6, 9), "10"))
ROLE = {
    "submit": "clerk", "accept": "clerk", "start_check": "clerk", "check_report": "reviewer",
    "visit_done": "township_officer", "ballot_pass": "township_officer", "minutes_ok": "township_officer",
    "period_end_no_objection": "township_officer", "propose_grant": "reviewer", "period_end": "approver",
    "refuse": "approver",
}  # fmt: skip
WAY = (
    ("accept", {}), ("start_check", {}), ("check_report", {"report": "HD-1"}),
    ("visit_done", {"investigators": ["周敏", "赵丽"], "signer": "户主"}), ("ballot_pass", {"record": "纪要 1"}),
    ("period_end_no_objection", {}), ("minutes_ok", {"minutes": "党政联席〔2026〕3 号"}),
)  # fmt: skip


@dataclass
class Place:
    """What a test needs at hand."""

    county: County
    count: int = 0
    families: dict[str, list[int]] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)
    funded: bool = False

    def at(self, day: str) -> None:
        self.county.clock.set(datetime.fromisoformat(f"{day}T09:00:00+08:00"))

    def policy(self, key: str, value: Any) -> None:
        with self.county.begin("system_admin") as work:
            set_policy(work, SetPolicy(key=f"dibao.{key}", value=value, valid_from=None, document="测试 1 号"))

    def family(self, people=EXAMPLE_A, area=URBAN) -> str:
        """A household with its members and numbers; answers its number."""
        self.count += 1
        household, ids = f"H{self.count:05d}", []
        with self.county.begin() as work:
            for place, (name, sex, born, _relation) in enumerate(people):
                ends = 2 * place + (1 if sex == "男" else 2)
                plain = f"999{self.count:03d}{born:%Y%m%d}{ends:03d}"
                number = plain + check_character(plain)
                made = register_person(work, NewPerson(name=name, sex=sex, birth_date=born, hukou_area=area))
                add_document(work, made.id or 0, NewDocument(kind="RIC", number=number))
                ids.append(made.id or 0)
                self.numbers[made.id or 0] = number
            set_account(work, ids[0], NewBankAccount(number=f"6228480000{self.count:09d}"))
            members = [Member(person_id=one, relation=row[3]) for one, row in zip(ids, people, strict=True)]
            opened = OpenHousehold(number=household, area=area, members=members, on=date(2020, 1, 1))
            open_household(work, opened)
        self.families[household] = ids
        return household

    def disabled(self, person: int, kind: int, grade: int) -> None:
        with self.county.begin() as work:
            add_document(work, person, NewDocument(kind="DISAB", number=f"{self.numbers[person]}{kind}{grade}"))

    def new(self, household: str, members=None, **more) -> str:
        chosen = [str(one) for one in (members or self.families[household])]
        with self.county.begin("clerk") as work:
            wish = NewCase(type="dibao", household=household, members=chosen, **more)
            return acts.opened(work, wish)["case"]

    def income(self, number: str, *items, members=(), role="shell") -> dict[str, Any]:
        """Set income: (person, type, amount, per) and more fields."""
        lines = [
            {"person_id": who, "type": kind, "amount": amount, "per": per, **(more[0] if more else {})}
            for who, kind, amount, per, *more in items
        ]
        with self.county.begin(role) as work:
            return declaring.set_income(work, number, checked(SetIncome, income=lines, members=list(members)))

    def compute(self, number: str) -> dict[str, Any]:
        with self.county.look() as work:
            return queries.computed(work, number)

    def step(self, number: str, event: str, role="", **data: Any) -> dict[str, Any]:
        with self.county.begin(role or ROLE.get(event, "reviewer")) as work:
            return acts.stepped(work, number, event, data)

    def example_a(self, wage="1500.00", household="") -> tuple[str, list[int]]:
        """Example A of the handbook as a case with its income."""
        household = household or self.family()
        father, _mother, _child, grandmother = people = self.families[household]
        number = self.new(household)
        pension = {"kind": "basic_pension", "excluded": True}
        self.income(number, (father, "wage", wage, "month"), (grandmother, "transfer", "110.00", "month", pension))
        return number, people

    def example_b(self) -> tuple[str, list[int]]:
        household = self.family(EXAMPLE_B, RURAL)
        number = self.new(household)
        people = self.families[household]
        self.income(number, (people[0], "farm", "3600.00", "year"))
        return number, people

    def reviewed(self, number: str) -> str:
        """A case at the county, before a grant is proposed."""
        self.step(number, "submit", papers=["identity", "income"], signed_by=self.adults(number))
        for event, data in WAY:
            if event == "period_end_no_objection":
                self.publish(number)
            self.step(number, event, **data)
        return number

    def granted(self, number: str) -> str:
        """A case through every step: paid from the month after."""
        self.reviewed(number)
        self.step(number, "propose_grant")
        self.publish(number)
        self.step(number, "period_end")
        return number

    def adults(self, number: str) -> list[str]:
        from plugins.casework.queries import show_case

        with self.county.look() as work:
            return [one["name"] for one in show_case(work, number)["members"] if one["born"] < date(2008, 1, 1)]

    def publish(self, number: str) -> None:
        """Hang the newest notice on every board and wait it out."""
        from plugins.notices.periods import notice_by_id

        with self.county.begin("clerk") as work:
            notice = notices_of(work, f"case:{number}")[-1]
            levels, today = notice_by_id(work, notice).levels.split(","), work.today
        for level in levels:
            with self.county.begin("clerk") as work:
                notices.post_notice(work, notice, notices.PostNotice(level=level, place="公示栏", posted_on=today))
                notices.prove_posting(work, notice, notices.Photo(level=level, file_name="a.jpg", content=JPEG))
        with self.county.look() as work:
            found = is_complete(work, notice, today)
        self.at(str(found.from_day))

    def standard(self, category: str, amount: str, since: str, unit="month") -> None:
        with self.county.begin() as work:
            wish = SetStandard(
                scheme="dibao", category=category, amount=amount, valid_from=since, document="民发 1", unit=unit
            )
            set_standard(work, wish)

    def roll(self, period: str) -> dict[str, Any]:
        with self.county.begin() as work:
            return build_roll(work, BuildRoll(scheme="dibao", period=period))

    def paid(self, period: str) -> dict[str, Any]:
        """A roll built and released by four people."""
        self.money()
        built = self.roll(period)
        for action, role in (("submit", "proposer"), ("review", "reviewer"), ("approve", "approver")):
            with self.county.begin(role) as work:
                getattr(batches, action)(work, built["batch"])
        with self.county.begin("disburser") as work:
            batches.release(work, built["batch"], built["total_fen"])
        return built

    def money(self, yuan=1_000_000) -> None:
        if self.funded:
            return
        self.funded = True
        with self.county.begin("accountant") as work:
            fund = NewFund(
                code="F1", name="F", source="PROV", scheme="dibao", year=2026, amount_fen=yuan * 100, document="文 1",
                received=True,
            )  # fmt: skip
            add_fund(work, fund)
        with self.county.begin("proposer") as work:
            wish = NewAllocation(fund="F1", scheme="dibao", amount_fen=yuan * 100, decided_fen=yuan * 100)
            allocate(work, wish, b"minutes", "minutes.pdf")

    def lines(self, built) -> list[tuple[str, str, int]]:
        with self.county.look() as work:
            return [(one.for_month, one.component, one.amount_fen) for one in lines_of_batch(work, built["batch"])]

    def file(self, name: str, data: Any) -> str:
        path = self.county.home / name
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        return str(path)


@pytest.fixture
def place(county) -> Place:
    """The county with dibao, its staff in office for years, and the standards of the handbook."""
    enabled(county, "dibao")
    _in_office(county)
    made = Place(county)
    made.at("2026-02-02")
    for role in ("clerk", "township_officer", "proposer", "reviewer", "approver", "disburser", "accountant"):
        county.account(role)
    _in_office(county)
    made.standard("urban", "420", "2020-01")
    made.standard("rural", "270", "2020-01")
    return made


def _in_office(county) -> None:
    """Everybody has held their office for years."""
    with county.host.database.transaction(write=True) as connection:
        connection.execute(update(Grant).values(valid_from=date(2020, 1, 1)))
