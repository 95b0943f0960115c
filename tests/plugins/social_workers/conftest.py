"""A county with social work: workers, an agency, a project that runs, a worker and a supervisor with accounts."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import update

from core.identity.models.accounts import Grant
from core.identity.persons import NewPerson, register_person
from core.policy import SetPolicy, set_policy
from core.testing import TOWN, VILLAGE, County, enabled
from plugins.social_workers.acts import ROOMS

__all__ = ["TOWN", "VILLAGE"]


def credit_code(body: str) -> str:
    """A credit code of the right check character: 17 characters are given."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(letters.index(one) * 3**place % 31 for place, one in enumerate(body))
    return body + letters[(31 - total % 31) % 31]


@dataclass
class Place:
    """What a test needs at hand."""

    county: County
    count: int = 0
    known: dict[str, Any] = field(default_factory=dict)

    def at(self, moment: str) -> None:
        self.county.clock.set(
            datetime.fromisoformat(f"{moment}:00+08:00" if "T" in moment else f"{moment}T09:00+08:00")
        )

    def person(self, name="李四", born=date(1990, 1, 1), area=VILLAGE, number="") -> int:
        with self.county.begin() as work:
            papers = {"citizen_id": number} if number else {"sex": "男", "birth_date": born}
            return register_person(work, NewPerson(name=name, hukou_area=area, **papers)).id or 0

    def people(self, count: int) -> list[int]:
        return [self.person(f"组员{chr(0x4E00 + at)}") for at in range(count)]

    def add(self, room, role="shell", inside="", **given):
        new = ROOMS[room].new
        with self.county.begin(role, inside) as work:
            done = new.make(work, new.wish(**given))
        self.known["warnings"] = [one.code for one in done.warnings]
        return dict(done.data)

    def act(self, room, name, text, role="shell", inside="", by="", **given):
        known = ROOMS[room].acts[name]
        with self.county.begin(role, inside, name=by) as work:
            done = known.do(work, str(text), known.wish(**given))
        self.known["warnings"] = [one.code for one in done.warnings]
        return dict(done.data)

    def show(self, room, text, role="shell", inside="", by=""):
        with self.county.look(role, inside, name=by) as work:
            return ROOMS[room].shown(work, str(text))

    def population(self, people: int) -> None:
        """The population by a dated document."""
        wish = SetPolicy(
            key="social_workers.population",
            value=str(people),
            valid_from=date(2026, 1, 1),
            document="县统计公报〔2026〕1号",
        )
        with self.county.begin() as work:
            set_policy(work, wish)

    def worker(self, name="张社工", level="intermediate", registered_on=None, **given) -> str:
        self.count += 1
        wish = {
            "person_id": given.pop("person_id", None) or self.person(name), "level": level,
            "certificate_no": f"2020043022{self.count:04d}", "passed_year": 2020, "issued_on": date(2020, 9, 1),
            "registered_on": registered_on,
        } | given  # fmt: skip
        return self.add("workers", **wish)["number"]

    def agency(self, name="县社工服务中心", body="52430223MJJ000001") -> int:
        made = self.add(
            "agencies", name=name, code=credit_code(body), registered_on=date(2024, 1, 1), area=VILLAGE[:6], staff=10
        )
        return made["id"]

    def project(self, name="社工服务项目", start=True, **given) -> str:
        wish = {
            "name": name, "purchaser": "县民政局", "source": "COUNTY", "contract": "100000", "area": VILLAGE[:6],
            "since": date(2026, 1, 1), "until": date(2026, 12, 31),
        } | given  # fmt: skip
        number = self.add("projects", **wish)["number"]
        if start:
            self.act("projects", "approve", number, minutes="县民政局纪要〔2026〕3号")
            agency = self.known.setdefault("agency", None) or self.agency()
            self.known["agency"] = agency
            self.act(
                "projects", "contract", number, contract_no=f"HT-{number}", agency=str(agency), on=date(2026, 1, 1)
            )
        return number

    def accounts(self) -> tuple[str, str]:
        """A worker and a supervisor who act by their own accounts: their numbers; accounts "gong" and "du"."""
        if "pair" not in self.known:
            self.county.account("social_workers_worker", name="gong")
            self.county.account("social_workers_supervisor", name="du")
            one, two = self.worker("工一", registered_on=date(2025, 1, 1)), self.worker("督导甲")
            self.act("workers", "account", one, account="gong")
            self.act("workers", "account", two, account="du")
            self.known["pair"] = (one, two)
        return self.known["pair"]

    def case(self, **given) -> str:
        one, two = self.accounts()
        wish = {
            "client_id": given.pop("client_id", None) or self.person("服务对象"), "worker": one, "supervisor": two,
            "needs": ["emotional"], "goal": f"改善情绪{self.count}", "consent_on": date(2026, 3, 1),
            "opened_on": date(2026, 3, 1),
        } | given  # fmt: skip
        self.count += 1
        return self.add("cases", **wish)["number"]

    def mine(self, name, case, by="gong", **given):
        """An act on a case by the worker's own account."""
        role = "social_workers_worker" if by == "gong" else "social_workers_supervisor"
        return self.act("cases", name, case, role=role, by=by, **given)

    def form(self, case, kind, **given):
        wish = {"kind": kind, "on": date(2026, 3, 2), "content": f"{kind} 的内容"} | given
        return self.mine("form", case, **wish)

    def through(self, case) -> None:
        """A case from intake to the evaluation with every form that counts."""
        self.form(case, "SW02")
        self.form(case, "SW03")
        self.mine("advance", case, stage="assessment")
        self.mine("advance", case, stage="planning")
        self.form(case, "SW04")
        self.mine("advance", case, stage="intervention")
        for day in (10, 17, 24):
            self.form(case, "SW05", on=date(2026, 3, day), minutes=50, next_step="下次再谈")
        self.mine("advance", case, stage="evaluation")
        self.form(case, "SW07", on=date(2026, 4, 1))
        self.form(case, "SW08", on=date(2026, 4, 1))


@pytest.fixture
def place(county) -> Place:
    """The county with social work on 20 November 2026."""
    enabled(county, "social_workers")
    with county.host.database.transaction(write=True) as connection:
        connection.execute(update(Grant).values(valid_from=date(2020, 1, 1)))
    made = Place(county)
    made.at("2026-11-20T20:00")
    return made


def codes(refusal) -> set[str]:
    """The codes of a refusal."""
    return {one.code for one in refusal.value.objections}
