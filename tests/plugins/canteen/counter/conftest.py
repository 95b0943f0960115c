"""Canteens with diners, and devices that write entries as the counter's page does."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime

import pytest
from sqlalchemy import update

from core.identity.models.accounts import Grant
from core.identity.persons import NewPerson, register_person
from core.testing import TOWN, VILLAGE, County, enabled
from plugins.canteen.counter.entries import sign
from plugins.canteen.counter.serving import CheckIn, check_in
from plugins.canteen.counter.terminals import confirm_terminal, hand_key, register_terminal
from plugins.canteen.counter.uploading import Uploaded, upload
from plugins.canteen.models import Card, Diner, Set, Site, SiteState

__all__ = ["TOWN", "VILLAGE"]


@dataclass
class Device:
    """A terminal: its key and how far it has counted."""

    serial: str
    key: bytes
    site: str
    counter: int = 0
    previous: str = ""

    def write(self, diner: str, at: str, kind: str = "meal", voids: int | None = None, **given) -> str:
        """The next line of this device; ``at`` is county time."""
        self.counter += 1
        values = {
            "terminal": self.serial, "counter": self.counter, "previous": self.previous, "kind": kind, "voids": voids,
            "diner": diner, "site": self.site, "set": "A", "at": f"{at}+08:00", "channel": "card", "delivery": False,
            "charged_fen": 400,
        } | given  # fmt: skip
        values["mac"] = self.previous = sign(self.key, values)
        return json.dumps(values, ensure_ascii=False)


@dataclass
class Canteens:
    """What a test of the counter needs at hand."""

    county: County
    sites: dict[str, int] = field(default_factory=dict)

    def at(self, moment: str) -> None:
        self.county.clock.set(
            datetime.fromisoformat(f"{moment}:00+08:00" if "T" in moment else f"{moment}T14:00+08:00")
        )

    def site(self, number: str = "CT-430223103-001", price: int = 900, **given) -> str:
        """A running site that sells set A at lunch."""
        with self.county.begin() as work:
            values = {
                "name": f"长者食堂{number[-3:]}", "area": VILLAGE, "state": "open", "licence_to": date(2030, 1, 1),
                "opened_on": date(2026, 1, 1), "added_at": work.now, "added_by": work.actor.account_id,
            } | given  # fmt: skip
            made = Site(number=number, **values)
            work.session.add(made)
            work.session.flush()
            by = work.actor.account_id
            work.session.add(
                SiteState(
                    site_id=made.id, state=made.state, from_on=made.opened_on, recorded_at=work.now, recorded_by=by
                )
            )
            work.session.add(
                Set(site_id=made.id, code="A", name="套餐", price_fen=price, from_on=date(2026, 1, 1), recorded_by=by)
            )
            work.record("canteen.site_added", f"canteen-site:{made.id}")
            self.sites[number] = made.id or 0
        return number

    def diner(self, name: str = "王桂兰", born: date = date(1944, 1, 1), statuses: str = "", number: str = "") -> str:
        """An enrolled diner: the opaque code."""
        with self.county.begin() as work:
            papers = {"citizen_id": number} if number else {"sex": "女", "birth_date": born}
            person = register_person(work, NewPerson(name=name, hukou_area=VILLAGE, **papers)).id or 0
            made = Diner(
                person_id=person, first_person_id=person, code=secrets.token_hex(16), area=VILLAGE, statuses=statuses,
                site_id=next(iter(self.sites.values()), None), from_on=date(2026, 1, 1), added_at=work.now,
                added_by=work.actor.account_id,
            )  # fmt: skip
            work.session.add(made)
            work.record("canteen.diner_enrolled", f"person:{person}")
        return made.code

    def card(self, code: str) -> str:
        """A card of a diner: its token."""
        from sqlmodel import col, select

        token = secrets.token_hex(16)
        with self.county.begin() as work:
            diner = work.session.exec(select(Diner).where(col(Diner.code) == code)).one()
            work.session.add(
                Card(
                    diner_id=diner.id,
                    digest=hashlib.sha256(token.encode()).hexdigest(),
                    tail=token[-4:],
                    issued_on=work.today,
                    issued_by=work.actor.account_id,
                )  # fmt: skip
            )
            work.record("canteen.card_issued", f"canteen-diner:{diner.id}")
        return token

    def device(self, site: str) -> Device:
        """A terminal that was registered by one person, confirmed by another and has its key."""
        with self.county.begin("canteen_operator") as work:
            made = register_terminal(work, site, "一号窗口")
        with self.county.begin("canteen_officer") as work:
            confirm_terminal(work, made.serial)
        with self.county.begin("canteen_operator") as work:
            key = bytes.fromhex(hand_key(work, made.serial, made.claim))
        return Device(made.serial, key, site)

    def send(self, *lines: str, role: str = "canteen_operator") -> Uploaded:
        """Upload lines as the operator."""
        with self.county.begin(role) as work:
            return upload(work, lines)

    def eat(self, diner: str, site: str, at: str, role: str = "canteen_operator", **given):
        """One check-in with the network; the refusal comes back in it."""
        with self.county.begin(role) as work:
            wish = CheckIn(diner=diner, site=site, set_code="A", at=datetime.fromisoformat(f"{at}+08:00"), **given)
            return check_in(work, wish)

    def subsidies(self) -> list[tuple]:
        """Who has which subsidy: (day, site, fen), sorted."""
        from sqlalchemy import text

        with self.county.look() as work:
            rows = work.session.connection().execute(
                text("SELECT person_id, CAST(day AS TEXT), site_id, subsidy_fen FROM canteen_subsidy ORDER BY 1, 2")
            )
            return [tuple(row) for row in rows]


@pytest.fixture
def canteens(county: County) -> Canteens:
    made = Canteens(enabled(county, "canteen"))
    for role in ("canteen_operator", "canteen_officer"):
        county.account(role)
    with county.host.database.transaction(write=True) as connection:
        connection.execute(update(Grant).values(valid_from=date(2020, 1, 1)))
    made.at("2026-03-31")
    return made
