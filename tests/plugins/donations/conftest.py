"""A county with donations: its charity, a drive that is open, and people to help."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import update

from core.identity.models.accounts import Grant
from core.identity.persons import NewPerson, register_person
from core.testing import TOWN, VILLAGE, County, enabled
from plugins.donations import acts, wishes

__all__ = ["TOWN", "VILLAGE"]
ROOMS = {
    "drives": acts.DRIVE_ACTS, "gifts": acts.GIFT_ACTS, "goods": acts.LOT_ACTS, "donors": acts.DONOR_ACTS,
    "pledges": acts.PLEDGE_ACTS, "projects": acts.PROJECT_ACTS, "spending": acts.SPENDING_ACTS,
    "pairs": acts.PAIR_ACTS, "charity": acts.CHARITY_ACTS,
}  # fmt: skip


@dataclass
class Place:
    """What a test needs at hand."""

    county: County

    def at(self, moment: str) -> None:
        self.county.clock.set(
            datetime.fromisoformat(f"{moment}:00+08:00" if "T" in moment else f"{moment}T09:00+08:00")
        )

    def person(self, name="李四", area=VILLAGE) -> int:
        with self.county.begin() as work:
            wish = NewPerson(name=name, sex="男", birth_date=date(1990, 1, 1), hukou_area=area)
            return register_person(work, wish).id or 0

    def new(self, room, /, role="shell", **given) -> dict[str, Any]:
        """Something new, as its form makes it."""
        known = acts.NEW[room]
        with self.county.begin(role) as work:
            done = known.make(work, known.wish(**given))
        return {**done.data, "warnings": [one.code for one in done.warnings]}

    def act(self, room, act, text, /, role="shell", **given) -> dict[str, Any]:
        known = ROOMS[room][act]
        with self.county.begin(role) as work:
            done = known.do(work, str(text), known.wish(**given))
        return {**done.data, "warnings": [one.code for one in done.warnings]}

    def certify(self, to=date(2027, 12, 31)) -> None:
        """The charity's papers in order."""
        self.act("charity", "edit", "1", certificate="湘慈募 001", certificate_to=to, kind="association")

    def drive(self, number="YRJ-2026", start=date(2026, 9, 1), filed=date(2026, 8, 20), **given) -> str:
        """A drive that is filed."""
        wish = {"number": number, "name": "慈善一日捐", "start": start, "filed": filed, "kind": "one_day"} | given
        with self.county.begin() as work:
            acts.file_new(work, wishes.NewFiledDrive(**wish))
        return number

    def gift(self, amount, donor="张三", drive="YRJ-2026", **given) -> dict[str, Any]:
        return self.new("gifts", drive=drive, amount=str(amount), donor=donor, **given)

    def spend(self, amount, minutes="理事会 2026-3 号", **given) -> dict[str, Any]:
        return self.new("spending", amount=str(amount), minutes=minutes, **given)

    def balance(self) -> dict[str, Any]:
        from plugins.donations.figures import balance

        with self.county.look() as work:
            return balance(work)

    def show(self, room, text) -> dict[str, Any]:
        from plugins.donations.single import ROOM_SHOWN

        with self.county.look() as work:
            return ROOM_SHOWN[room](work, str(text))["data"]


@pytest.fixture
def place(county) -> Place:
    """The county with donations on 20 November 2026."""
    enabled(county, "donations")
    with county.host.database.transaction(write=True) as connection:
        connection.execute(update(Grant).values(valid_from=date(2020, 1, 1)))
    made = Place(county)
    made.at("2026-11-20T20:00")
    return made


def codes(refusal) -> set[str]:
    """The codes of a refusal."""
    return {one.code for one in refusal.value.objections}


def words_of(refusal) -> str:
    """What a refusal says."""
    return " ".join(one.reason for one in refusal.value.objections)
