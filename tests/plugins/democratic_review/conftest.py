"""A county with panels and cases that wait for their vote; the cases are those of a small aid made for these tests."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from core.households.services import open_household
from core.households.wishes import Member, OpenHousehold
from core.identity.models.accounts import Grant
from core.identity.persons import NewPerson, register_person
from core.testing import OTHER_TOWN, TOWN, VILLAGE, County, enabled
from core.trial import installed_from
from plugins.casework import acts as case_acts
from plugins.casework.wishes import NewCase
from plugins.democratic_review import acts
from plugins.democratic_review.services.panels import set_panel
from plugins.democratic_review.wishes import RecordBallots, SetPanel
from plugins.notices import objections
from plugins.notices.api import notices_of

OTHER = f"{TOWN}206"
ELSEWHERE = f"{OTHER_TOWN}003"
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 60
DAY = "2026-03-02"
__all__ = ["DAY", "ELSEWHERE", "JPEG", "OTHER", "OTHER_TOWN", "TOWN", "VILLAGE", "Place", "members"]


def members(size: int = 21, cadres: int = 5, women: int = 7, **people: str) -> list[dict[str, Any]]:
    """A panel that keeps the rules: names 成员01 to 成员21; ``people`` gives members their number in the registry."""
    found = []
    for at in range(1, size + 1):
        one = {"name": f"成员{at:02d}", "sex": "female" if at <= women else "male"}
        one["kind"] = "cadre" if at <= cadres else "representative"
        if f"n{at}" in people:
            one["person"] = people[f"n{at}"]
        found.append(one)
    return found


@dataclass
class Place:
    """What a test needs at hand."""

    county: County
    folder: Path
    count: int = 0
    families: dict[str, list[int]] = field(default_factory=dict)
    households: dict[str, str] = field(default_factory=dict)

    def at(self, day: str) -> None:
        """Set the county's clock to a morning."""
        self.county.clock.set(datetime.fromisoformat(f"{day}T09:00:00+08:00"))

    def person(self, name: str, sex: str = "男", area: str = VILLAGE) -> int:
        """Register somebody."""
        with self.county.begin() as work:
            wish = NewPerson(name=name, sex=sex, birth_date=date(1970, 5, 1), hukou_area=area)
            return register_person(work, wish).id or 0

    def panel(self, village: str = VILLAGE, given: list[dict[str, Any]] | None = None, **more: Any) -> int:
        """Set the panel of a village; answers its number."""
        values = {"village": village, "term_from": "2024-01-01", "document": "记录 1", **more}
        with self.county.begin() as work:
            panel, _warnings = set_panel(work, SetPanel(members=given or members(), **values))
            return panel.id or 0

    def case(self, area: str = VILLAGE, names: tuple[str, ...] = ("陈志强", "李秀英")) -> str:
        """A case that waits for its panel; answers its number."""
        self.count += 1
        household = f"H{self.count:05d}"
        ids = [self.person(name, area=area) for name in names]
        with self.county.begin() as work:
            parts = [Member(person_id=one, relation="02" if at == 0 else "80") for at, one in enumerate(ids)]
            wish = OpenHousehold(number=household, area=area, members=parts, on=date(2020, 1, 1))
            open_household(work, wish)
        with self.county.begin("clerk") as work:
            wish = NewCase(type="trial_aid", household=household, members=[str(one) for one in ids])
            number = case_acts.opened(work, wish)["case"]
        self.families[number], self.households[number] = ids, household
        self.step(number, "submit", signed_by=list(names))
        self.step(number, "accept")
        return number

    def step(self, number: str, event: str, role: str = "clerk", **data: Any) -> dict[str, Any]:
        """Take a step of a case."""
        with self.county.begin(role) as work:
            return case_acts.stepped(work, number, event, data)

    def contest(self, number: str) -> None:
        """Somebody objects to the notice of a case, and the objection is upheld: the case goes back."""
        with self.county.begin() as work:
            wish = objections.NewObjection(way="oral", text="收入不实", received_on=work.today)
            taken = objections.take_objection(work, notices_of(work, f"case:{number}")[-1], wish)
            decision = objections.Decision(outcome="upheld", reason="属实", decided_on=work.today)
            objections.decide_objection(work, taken.id or 0, decision)

    def wish(self, case: str = "", village: str = VILLAGE, **more: Any) -> dict[str, Any]:
        """The meeting of the handbook's example with one vote: 17 of 21 present, 2 left, 8 to 5 and 2 abstained."""
        frame = {"village": village, "observer": "周敏", "scrutineer": "何永祥", "panel": 21, "present": 17}
        item: dict[str, Any] = {"recused": 2, "agree": 8, "disagree": 5, "abstain": 2}
        if case:
            item["case"] = case
        for name, value in more.items():
            (frame if name in RecordBallots.model_fields else item)[name] = value
        return {"items": [item], **frame}

    def vote(self, case: str = "", role: str = "clerk", area: str = "", **more: Any) -> dict[str, Any]:
        """Record a vote."""
        with self.county.begin(role, area) as work:
            return acts.record(work, RecordBallots(**self.wish(case, **more)))[0]

    def file(self, content: Any) -> str:
        """A JSON file; answers its path."""
        self.count += 1
        made = self.folder / f"given-{self.count}.json"
        made.write_text(json.dumps(content, ensure_ascii=False, default=str), encoding="utf-8")
        return str(made)


@pytest.fixture(scope="session", autouse=True)
def _small_aid() -> Iterator[None]:
    with installed_from(Path(__file__).parent / "vendor", {"trial_aid": "huimin_trial_aid"}):
        yield


@pytest.fixture
def place(county, tmp_path) -> Place:
    """The county with panels and the small aid switched on, staff in office for years, on a Monday in March."""
    enabled(county, "democratic_review")
    enabled(county, "trial_aid")
    with county.host.database.transaction(write=True) as connection:
        connection.execute(update(Grant).values(valid_from=date(2020, 1, 1)))
    folder = tmp_path / "given"
    folder.mkdir()
    made = Place(county, folder)
    made.at(DAY)
    return made
