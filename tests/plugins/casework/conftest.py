"""A county with dibao on: example A of the handbook as a family, staff for every office, steps by their events."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import update

from core.households.services import open_household
from core.households.wishes import Member, OpenHousehold
from core.identity.bank_accounts import NewBankAccount, set_account
from core.identity.models.accounts import Grant
from core.identity.persons import NewPerson, register_person
from core.testing import TOWN, County, enabled
from plugins.benefits.api import SetStandard, set_standard
from plugins.casework import acts, wishes
from plugins.casework.queries import show_case
from plugins.dibao.services.declaring import set_income
from plugins.dibao.wishes import IncomeLine, SetIncome
from plugins.notices import services as notices
from plugins.notices.api import notices_of

URBAN = f"{TOWN}002"
PAPERS = ["identity", "income"]
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 60
EXAMPLE_A = (("陈志强", "男", date(1985, 3, 2), "02"), ("李秀英", "女", date(1987, 6, 9), "10"),
             ("陈小满", "女", date(2017, 1, 20), "30"), ("周桂兰", "女", date(1944, 2, 11), "52"))  # fmt: skip
ROLE = {
    "submit": "clerk", "accept": "clerk", "return": "clerk", "reject_formally": "clerk", "start_check": "clerk",
    "check_report": "reviewer", "visit_done": "township_officer", "ballot_pass": "township_officer",
    "ballot_fail": "township_officer", "period_end_no_objection": "township_officer", "done": "township_officer",
    "objection": "township_officer", "minutes_ok": "township_officer", "sample_drawn": "reviewer",
    "propose_grant": "reviewer", "return_to_township": "reviewer", "period_end": "approver", "refuse": "approver",
    "withdraw": "clerk", "appeal_won": "approver", "ask_applicant": "clerk", "supplied": "clerk",
}  # fmt: skip
"""Who takes which step; what is not listed is the reviewer's."""


@dataclass
class Place:
    """What a test needs at hand: people are made, steps are taken, the day is set."""

    county: County
    count: int = 0
    accounts: int = 0
    families: dict[str, list[int]] = field(default_factory=dict)

    def at(self, day: str) -> None:
        """Set the county's clock to a morning."""
        self.county.clock.set(datetime.fromisoformat(f"{day}T09:00:00+08:00"))

    def family(self, people=EXAMPLE_A, area=URBAN, since=date(2020, 1, 1)) -> str:
        """Register a household with its members, the head first; answers its number."""
        self.count += 1
        number = f"H{self.count:05d}"
        with self.county.begin() as work:
            ids = []
            for name, sex, born, _relation in people:
                wish = NewPerson(name=name, sex=sex, birth_date=born, hukou_area=area)
                ids.append(register_person(work, wish).id or 0)
            self.accounts += 1
            set_account(work, ids[0], NewBankAccount(number=f"62284800002{self.accounts:07d}"))
            members = [Member(person_id=one, relation=row[3]) for one, row in zip(ids, people, strict=True)]
            open_household(work, OpenHousehold(number=number, area=area, members=members, on=since))
        self.families[number] = ids
        return number

    def new(self, household: str = "", role="clerk", area="", **more) -> str:
        """Open a case for a family; answers its number."""
        household = household or self.family()
        members = more.pop("members", [str(one) for one in self.families[household]])
        with self.county.begin(role, area) as work:
            wish = wishes.NewCase(type="dibao", household=household, members=members, **more)
            return acts.opened(work, wish)["case"]

    def step(self, number: str, event: str, role="", area="", **data: Any) -> dict[str, Any]:
        """Take a step as the role that takes it."""
        with self.county.begin(role or ROLE.get(event, "reviewer"), area) as work:
            return acts.stepped(work, number, event, data)

    def act(self, number: str, name: str, role="", **given: Any) -> Any:
        """Do an act beside the steps."""
        known = acts.ACTS[name]
        with self.county.begin(role or ("reviewer" if name in ("visit", "inspect") else "clerk")) as work:
            return known.do(work, number, known.wish(**given))

    def show(self, number: str) -> dict[str, Any]:
        """The case in full."""
        with self.county.look() as work:
            return show_case(work, number)

    def submitted(self, household: str = "", **more) -> str:
        """A case handed in with every paper and signature."""
        number = self.new(household, **more)
        found = self.show(number)
        adults = [one["name"] for one in found["members"] if one["born"] is None or one["born"].year < 2008]  # noqa: PLR2004
        self.step(number, "submit", papers=PAPERS, signed_by=adults)
        self.income(number)
        return number

    def income(self, number: str, wage: str = "1500.00") -> None:
        """What the first of the family earns a month; the oldest has a basic pension that is not counted."""
        people = [one["person"] for one in self.show(number)["members"]]
        lines = [{"person_id": people[0], "type": "wage", "amount": wage, "per": "month"}]
        with self.county.begin("clerk") as work:
            set_income(work, number, SetIncome(income=[IncomeLine(**one) for one in lines]))

    def until(self, state: str, household: str = "", **more) -> str:
        """A case brought to a state along the way of the seed counties, day by day."""
        number = self.submitted(household, **more)
        for event, data in WAY:
            if self.show(number)["state"] == state:
                return number
            if event == "period_end_no_objection":
                self.publish(number)
                continue_on = self.show(number)["notices"][-1]["from_day"]
                self.at(str(continue_on))
            self.step(number, event, **data)
        return number

    def granted(self, household: str = "", **more) -> str:
        """A family that was granted, with every notice held out."""
        number = self.until("county_review", household, **more)
        self.step(number, "propose_grant")
        self.publish(number)
        self.at(str(self.show(number)["notices"][-1]["from_day"]))
        self.step(number, "period_end", document="民批 1 号")
        return number

    def active(self, household: str = "", **more) -> str:
        """A family in payment, in the month of its grant."""
        from plugins.casework.services.reviewing import follow_time

        number = self.granted(household, **more)
        self.at(f"{self.show(number)['effective_month']}-01")
        with self.county.begin() as work:
            follow_time(work)
        return number

    def publish(self, number: str, on: date | None = None) -> int:
        """Hang the newest notice of a case on every board, with a photo; answers its id."""
        with self.county.begin("clerk") as work:
            notice = notices_of(work, f"case:{number}")[-1]
        for level in ("village", "township", "county"):
            with self.county.begin("clerk") as work:
                day = on or work.today
                if level not in self.levels(work, notice):
                    continue
                notices.post_notice(work, notice, notices.PostNotice(level=level, place="公示栏", posted_on=day))
                notices.prove_posting(work, notice, notices.Photo(level=level, file_name="a.jpg", content=JPEG))
        return notice

    @staticmethod
    def levels(work, notice: int) -> list[str]:
        """The boards of a notice."""
        from plugins.notices.periods import notice_by_id

        return notice_by_id(work, notice).levels.split(",")


WAY = (
    ("accept", {}),
    ("start_check", {}),
    ("check_report", {"report": "HD-2026-1"}),
    ("visit_done", {"investigators": ["周敏", "赵丽"], "signer": "陈志强"}),
    ("ballot_pass", {"record": "纪要 1"}),
    ("period_end_no_objection", {}),
    ("minutes_ok", {"minutes": "党政联席〔2026〕3 号"}),
)


@pytest.fixture
def place(county) -> Place:
    """The county with dibao, its staff in office for years, and the standards of the handbook."""
    enabled(county, "dibao")
    with county.host.database.transaction(write=True) as connection:
        connection.execute(update(Grant).values(valid_from=date(2020, 1, 1)))
    made = Place(county)
    made.at("2026-03-02")
    for role in ("clerk", "township_officer", "reviewer", "approver"):
        county.account(role)
    with county.begin() as work:
        for category, amount in (("urban", "420"), ("rural", "270")):
            wish = SetStandard(
                scheme="dibao", category=category, amount=amount, valid_from="2020-01", document="民发 1"
            )
            set_standard(work, wish)
    return made
