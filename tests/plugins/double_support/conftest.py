"""A county with double support: people in households, plans, projects, sheets."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import update

from core.households.services import open_household
from core.households.wishes import Member, OpenHousehold
from core.identity.models.accounts import Grant
from core.identity.persons import NewPerson, register_person
from core.testing import TOWN, VILLAGE, County, enabled
from plugins.double_support.acts import ROOMS

__all__ = ["TOWN", "VILLAGE"]


@dataclass
class Place:
    """What a test needs at hand."""

    county: County
    count: int = 0
    warnings: list[str] = field(default_factory=list)

    def at(self, day: str) -> None:
        self.county.clock.set(datetime.fromisoformat(f"{day}T09:00+08:00"))

    def person(self, name="李四", area=VILLAGE, number="", household=True) -> int:
        self.count += 1
        papers = {"citizen_id": number} if number else {"sex": "女", "birth_date": date(1990, 1, 1)}
        with self.county.begin() as work:
            person = register_person(
                work, NewPerson(name=f"{name}{chr(0x4E00 + self.count)}", hukou_area=area, **papers)
            )
            if household:
                self.household(work, person.id, area)
            return person.id or 0

    def household(self, work, person, area) -> None:
        members = [Member(person_id=person, relation="户主")]
        on = work.today
        open_household(work, OpenHousehold(number=f"H{self.count}", area=area, members=members, on=on))

    def add(self, room, role="shell", inside="", **given) -> dict[str, Any]:
        new = ROOMS[room].new
        with self.county.begin(role, inside) as work:
            done = new.make(work, new.wish(**given))
        self.warnings = [one.code for one in done.warnings]
        return dict(done.data)

    def act(self, room, name, text, role="shell", inside="", **given) -> dict[str, Any]:
        known = ROOMS[room].acts[name]
        with self.county.begin(role, inside) as work:
            done = known.do(work, str(text), known.wish(**given))
        self.warnings = [one.code for one in done.warnings]
        return dict(done.data)

    def show(self, room, text, role="shell", inside="") -> dict[str, Any]:
        with self.county.look(role, inside) as work:
            return ROOMS[room].shown(work, str(text))

    def unit(self, code="协作单位甲") -> str:
        return self.add("units", code=code)["code"]

    def plan(self, households=0, amount="300", hardship=False, festival="spring", **given) -> str:
        number = self.add("plans", festival=festival, title="春节慰问", hardship=hardship, **given)["number"]
        self.act("plans", "category", number, category="优抚对象", amount=amount, households=households)
        return number

    def listed(self, number, people=1) -> list[int]:
        return [
            self.act("plans", "add-household", number, person_id=self.person(), category="优抚对象")["id"]
            for _at in range(people)
        ]

    def project(self, no=1, state="planned", unit="协作单位甲", **given) -> int:
        wish = {
            "no": no,
            "direction": "locality_for_army",
            "title": f"实事{no}",
            "responsible": "县民政局",
            "unit": unit,
        }
        number = self.add("projects", **(wish | given))["id"]
        if state in ("agreed", "running", "done"):
            self.act("projects", "agree", number, document="2026 年清单")
        if state in ("running", "done"):
            self.act("projects", "start", number)
        if state == "done":
            self.act("projects", "finish", number, evidence="验收单")
        if state == "delayed":
            self.act("projects", "delay", number, reason="等待用地手续")
        return number


@pytest.fixture
def place(county) -> Place:
    """The county with double support on 20 November 2026."""
    enabled(county, "double_support")
    with county.host.database.transaction(write=True) as connection:
        connection.execute(update(Grant).values(valid_from=date(2020, 1, 1)))
    made = Place(county)
    made.at("2026-11-20")
    return made


def codes(refusal) -> set[str]:
    """The codes of a refusal."""
    return {one.code for one in refusal.value.objections}
