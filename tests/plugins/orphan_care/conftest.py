"""A county with orphan care, standards and a home; children and guardians to register."""

from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import update

from core.funds import batches
from core.funds.allocations import NewAllocation, allocate
from core.funds.sources import NewFund, add_fund
from core.identity.bank_accounts import NewBankAccount, set_account
from core.identity.models.accounts import Grant
from core.identity.persons import NewPerson, register_person
from core.testing import OTHER_TOWN, TOWN, VILLAGE, County, enabled
from plugins.benefits.api import BuildRoll, SetInstitution, SetStandard, build_roll, set_institution, set_standard
from plugins.orphan_care import acts
from plugins.orphan_care.wishes import ApplyCase

DEAD = {"kind": "dead", "document": "死亡证明 1 号", "since": date(2020, 1, 1)}
ELSEWHERE = f"{OTHER_TOWN}201"
__all__ = ["DEAD", "ELSEWHERE", "OTHER_TOWN", "TOWN", "VILLAGE"]


def parents(father=None, mother=None) -> dict:
    """The fields of an application for both parents; None leaves one out."""
    given = {}
    for name, facts in (("father", father), ("mother", mother)):
        given |= {f"{name}_{key}": value for key, value in (facts or {}).items()}
    return given


@dataclass
class Place:
    """What a test needs at hand."""

    county: County
    home: int = 0
    count: int = 0

    def at(self, day: str) -> None:
        self.county.clock.set(datetime.fromisoformat(f"{day}T09:00:00+08:00"))

    def person(self, name="陈小满", born=date(2015, 5, 1), area=VILLAGE, sex="女", account=True, **papers) -> int:
        self.count += 1
        papers = papers or {"sex": sex, "birth_date": born}
        with self.county.begin() as work:
            made = register_person(work, NewPerson(name=name, hukou_area=area, **papers))
            number = made.id or 0
            if account:
                set_account(work, number, NewBankAccount(number=f"62284800001{self.count:07d}"))
        return number

    def guardian(self, area=VILLAGE) -> int:
        return self.person("陈爱国", date(1960, 1, 1), area=area, sex="男")

    def wish(self, child=None, **more) -> ApplyCase:
        given = parents(DEAD, DEAD) | {"category": "ORPHAN_DISP", "person_id": child or self.person()}
        given |= {"guardian_id": more.pop("guardian_id", None) or self.guardian()} if "institution" not in more else {}
        return ApplyCase(**(given | more))

    def apply(self, child=None, role="shell", area="", **more):
        wish = self.wish(child, **more)
        with self.county.begin(role, area) as work:
            return SimpleNamespace(**acts.apply(work, wish).data)

    def act(self, name, number, role="shell", area="", **given):
        known = acts.CASE_ACTS[name]
        with self.county.begin(role, area) as work:
            return known.do(work, str(number), known.wish(**given))

    def approved(self, child=None, **more):
        """A child confirmed today: the file's number."""
        case = self.apply(child, **more)
        self.act("check", case.number, police="agrees", court="agrees", federation="none")
        self.act("approve", case.number, document="民函 1 号")
        return case.number

    def show(self, number, role="shell", area=""):
        from plugins.orphan_care.queries import show_case

        with self.county.look(role, area) as work:
            return show_case(work, number)

    def roll(self, period):
        with self.county.begin() as work:
            return build_roll(work, BuildRoll(scheme="orphan_care", period=period))

    def lines(self, built):
        from core.api import lines_of_batch

        with self.county.look() as work:
            return [(one.for_month, one.component, one.amount_fen) for one in lines_of_batch(work, built["batch"])]

    def money(self, yuan=1_000_000) -> None:
        with self.county.begin("accountant") as work:
            fund = NewFund(
                code="F1", name="F", source="PROV", scheme="orphan_care", year=2026, amount_fen=yuan * 100,
                document="文 1", received=True,
            )  # fmt: skip
            add_fund(work, fund)
        with self.county.begin("proposer") as work:
            wish = NewAllocation(fund="F1", scheme="orphan_care", amount_fen=yuan * 100, decided_fen=yuan * 100)
            allocate(work, wish, b"minutes", "minutes.pdf")

    def paid(self, period):
        """A roll built and released by four people."""
        built = self.roll(period)
        for action, role in (("submit", "proposer"), ("review", "reviewer"), ("approve", "approver")):
            with self.county.begin(role) as work:
                getattr(batches, action)(work, built["batch"])
        with self.county.begin("disburser") as work:
            batches.release(work, built["batch"], built["total_fen"])
        return built


@pytest.fixture
def place(county) -> Place:
    """The county with orphan care since New Year 2026, the standards of the handbook, a home."""
    enabled(county, "orphan_care")
    with county.host.database.transaction(write=True) as connection:
        connection.execute(update(Grant).values(valid_from=date(2020, 1, 1)))
    made = Place(county)
    made.at("2026-01-05")
    with county.begin() as work:
        home = SetInstitution(code="FLY", name="县儿童福利院", account_number="622848009999999999")
        made.home = set_institution(work, home).id or 0
        for category, amount in (("ORPHAN_INST", "1240"), ("ORPHAN_DISP", "760")):
            wish = SetStandard(
                scheme="orphan_care", category=category, amount=amount, valid_from="2020-01", document="民发 1 号"
            )
            set_standard(work, wish)
    return made
