"""A county with canteens: a site, diners of every tier, meals at the counter, money to pay for them."""

from dataclasses import dataclass
from datetime import date, datetime

import pytest
from sqlalchemy import update

from core.identity.models.accounts import Grant
from core.identity.persons import NewPerson, register_person
from core.testing import OTHER_TOWN, TOWN, VILLAGE, County, enabled
from plugins.canteen import acts
from plugins.canteen.quoting import AskQuote, Quoted, quote

__all__ = ["OTHER_TOWN", "TOWN", "VILLAGE"]
SITE = "CT-430223103-001"
OPERATOR = "91430223MA4L16JQ9W"
ROOMS = {
    "sites": acts.SITE_ACTS, "operators": acts.OPERATOR_ACTS, "diners": acts.DINER_ACTS,
    "inspections": acts.INSPECTION_ACTS, "settlements": acts.SETTLEMENT_ACTS,
}  # fmt: skip


@dataclass
class Place:
    """What a test needs at hand."""

    county: County

    def at(self, moment: str) -> None:
        self.county.clock.set(
            datetime.fromisoformat(f"{moment}:00+08:00" if "T" in moment else f"{moment}T14:00+08:00")
        )

    def start(self, room: str, role="shell", **given):
        """Begin something by its wish."""
        start = acts.STARTS[room]
        with self.county.begin(role) as work:
            return start.make(work, start.wish(**given)).data

    def act(self, room: str, name: str, text, role="shell", area="", **given):
        known = ROOMS[room][name]
        with self.county.begin(role, area) as work:
            return known.do(work, str(text), known.wish(**given)).data

    def site(self, number=SITE, price="9", **given) -> str:
        wish = {"name": "桃水镇长者食堂", "village": VILLAGE, "licence_to": date(2030, 12, 31)} | given
        made = self.start("sites", number=number, **wish)
        if price:
            self.act("sites", "price", number, set_code="A", price=price, from_on=date(2026, 1, 1))
        return made["number"]

    def person(self, name="王桂兰", born=date(1944, 3, 8), area=VILLAGE) -> int:
        with self.county.begin() as work:
            person = NewPerson(name=name, hukou_area=area, sex="女", birth_date=born)
            return register_person(work, person).id or 0

    def diner(self, name="王桂兰", born=date(1944, 3, 8), status=(), **given) -> tuple[int, int]:
        """An enrolled diner: diner and person."""
        person = self.person(name, born)
        wish = {"person_id": person, "status": list(status), "from_on": date(2026, 1, 1)} | given
        return self.start("diners", **wish)["id"], person

    def quote(self, person, on=date(2026, 3, 2), set_code="A", site=SITE, **given) -> Quoted:
        with self.county.look() as work:
            return quote(work, AskQuote(person=str(person), site=site, set_code=set_code, on=on, **given))

    def settle(self, site=SITE, month="2026-03", role="shell"):
        return self.start("settlements", role=role, site=site, month=month)

    def operator(self, account="622200000000000019", **given) -> int:
        wish = {"name": "和顺餐饮有限公司", "code": OPERATOR, "kind": "company", "account": account} | given
        return self.start("operators", **wish)["id"]


@pytest.fixture
def place(county) -> Place:
    """The county with canteens on 2 April 2026, noon."""
    enabled(county, "canteen")
    with county.host.database.transaction(write=True) as connection:
        connection.execute(update(Grant).values(valid_from=date(2020, 1, 1)))
    made = Place(county)
    made.at("2026-04-02")
    return made


def codes(refusal) -> set[str]:
    """The codes of a refusal."""
    return {one.code for one in refusal.value.objections}
