"""A county with voluntary service, two organisations, and volunteers to serve."""

from dataclasses import dataclass, field
from datetime import date, datetime

import pytest
from sqlalchemy import update

from core.identity.models.accounts import Grant
from core.identity.persons import NewPerson, register_person
from core.testing import OTHER_TOWN, TOWN, VILLAGE, County, enabled
from plugins.volunteers import acts, wishes

__all__ = ["OTHER_TOWN", "TOWN", "VILLAGE"]
ROOMS = {
    "people": acts.VOLUNTEER_ACTS, "teams": acts.ORG_ACTS, "activities": acts.ACTIVITY_ACTS, "hours": acts.RECORD_ACTS,
    "certificates": acts.CERTIFICATE_ACTS,
}  # fmt: skip


@dataclass
class Place:
    """What a test needs at hand."""

    county: County
    orgs: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def at(self, moment: str) -> None:
        self.county.clock.set(
            datetime.fromisoformat(f"{moment}:00+08:00" if "T" in moment else f"{moment}T09:00+08:00")
        )

    def person(self, name="李四", born=date(1990, 1, 1), area=VILLAGE, number="") -> int:
        with self.county.begin() as work:
            papers = {"citizen_id": number} if number else {"sex": "男", "birth_date": born}
            return register_person(work, NewPerson(name=name, hukou_area=area, **papers)).id or 0

    def volunteer(self, name="李四", born=date(1990, 1, 1), accept=True, area=VILLAGE, **given) -> str:
        """A volunteer in the register: the number."""
        person = self.person(name, born, area)
        with self.county.begin() as work:
            done = acts.register(work, wishes.Register(person_id=person, **given))
            if accept:
                acts.VOLUNTEER_ACTS["accept"].do(work, done.data["number"], wishes.Accept())
        return done.data["number"]

    def org(self, name="桃水镇志愿服务队", **given) -> int:
        wish = {"name": name, "sponsor": "桃水镇人民政府", "leader": "周站长", "area": VILLAGE[:9]} | given
        with self.county.begin() as work:
            self.orgs[name] = acts.add_org(work, wishes.AddOrg(**wish)).data["id"]
        return self.orgs[name]

    def plan(self, org, publish=True, **given) -> str:
        wish = {
            "title": "敬老院服务", "org": str(org), "kind": "elder", "area": VILLAGE, "starts": "2026-11-20 08:00",
            "ends": "2026-11-20 18:00", "leader": "周站长",
        } | given  # fmt: skip
        with self.county.begin() as work:
            made = acts.plan(work, wishes.PlanActivity(**wish)).data
        if publish:
            self.act("activities", "publish", made["number"])
        return made["number"]

    def act(self, room, name, text, role="shell", area="", **given):
        known = ROOMS[room][name]
        with self.county.begin(role, area) as work:
            return dict(known.do(work, str(text), known.wish(**given)).data)

    def hours(self, volunteer, begin="08:30", end="11:45", breaks=0, on=None, role="shell", org=None, **given):
        """Hours entered as a role: the id of the record."""
        with self.county.begin(role) as work:
            if "activity" not in given:
                given = {"org": str(org or next(iter(self.orgs.values()))), "field": "elder"} | given
            wish = wishes.AddHours(
                volunteer=volunteer, on=on or work.today, begin=begin, end=end, breaks=breaks, **given
            )
            return acts.add_hours(work, wish).data["id"]

    def confirm(self, record, role="clerk"):
        return self.act("hours", "confirm", record, role=role)

    def carried(self, volunteer, hours, org=None) -> int:
        """Hours of an older system, confirmed."""
        with self.county.begin() as work:
            wish = wishes.CarryHours(
                volunteer=volunteer, org=str(org or next(iter(self.orgs.values()))), hours=hours,
                until=date(2025, 12, 31), evidence="旧系统证明",
            )  # fmt: skip
            made = acts.carry(work, wish).data["id"]
        self.confirm(made)
        return made

    def show(self, number, role="shell", area=""):
        from plugins.volunteers.queries import show_volunteer

        with self.county.look(role, area) as work:
            return show_volunteer(work, number)


@pytest.fixture
def place(county) -> Place:
    """The county with voluntary service on 20 November 2026, noon, and one organisation."""
    enabled(county, "volunteers")
    with county.host.database.transaction(write=True) as connection:
        connection.execute(update(Grant).values(valid_from=date(2020, 1, 1)))
    made = Place(county)
    made.at("2026-11-20T20:00")
    made.org()
    return made


def codes(refusal) -> set[str]:
    """The codes of a refusal."""
    return {one.code for one in refusal.value.objections}
