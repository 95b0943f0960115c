"""The meals of the demo county's year: terminals write their lines, and they come in by columns."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import numpy
from sqlalchemy import select
from sqlmodel import col

from core.api import COUNTY_TIME
from plugins.canteen.counter import entries
from plugins.canteen.counter.conflicts import decide, list_questions
from plugins.canteen.counter.terminals import confirm_terminal, hand_key, list_terminals, register_terminal
from plugins.canteen.counter.uploading import upload
from plugins.canteen.models import Diner, Site
from plugins.canteen.quoting import priced
from plugins.canteen.sites import prices_on
from plugins.canteen.tiers import entitled

if TYPE_CHECKING:
    from core.api import Cast, UnitOfWork

OPENS, SUNDAY = time(11), 6
EATS = 0.6
"""How many of the diners of a site come on a day."""
HABIT, SELDOM = 5, 0.01
"""Every so manieth of them took a card and hardly ever comes."""
TWICE = 0.002
"""How often a card is held to the device twice."""
_GIVEN = ("kind", "voids", "diner", "set", "at", "channel", "delivery", "charged_fen")
CARD_LEFT = timedelta(days=2)
"""How long after a death somebody still used the card."""


@dataclass
class Till:
    """A terminal as the device knows itself: what it has written so far."""

    serial: str
    site: str
    claim: str
    key: bytes = b""
    counter: int = 0
    previous: str = ""

    def line(self, **values: Any) -> dict[str, Any]:
        """The next line, signed, after the one before."""
        self.counter += 1
        line = {"terminal": self.serial, "counter": self.counter, "previous": self.previous, "site": self.site} | values
        self.previous = line["mac"] = entries.sign(self.key, line)
        return line


def register(work: "UnitOfWork", cast: "Cast") -> None:
    """The operator registers a device in each site."""
    _register(work, cast, [number for number in cast.kept["sites"] if cast.town in number])


def register_elsewhere(work: "UnitOfWork", cast: "Cast") -> None:
    """And so it is done for the sites of other towns."""
    _register(work, cast, [number for number in cast.kept["sites"] if cast.town not in number])


def _register(work: "UnitOfWork", cast: "Cast", numbers: Sequence[str]) -> None:
    tills: list[Till] = cast.kept.setdefault("tills", [])
    for number in numbers:
        made = register_terminal(work, number, "前台平板")
        tills.append(Till(made.serial, number, made.claim))


def confirm(work: "UnitOfWork", _cast: "Cast") -> None:
    """Somebody of the county confirms them."""
    for one in list_terminals(work, "registered"):
        confirm_terminal(work, one["serial"])


def fetch_keys(work: "UnitOfWork", cast: "Cast") -> None:
    """Each device fetches its key, once."""
    for till in cast.kept["tills"]:
        till.key = bytes.fromhex(hand_key(work, till.serial, till.claim))
    cast.kept["until"] = work.today


def upload_meals(work: "UnitOfWork", cast: "Cast") -> None:
    """Every terminal hands in what it wrote since the last time, up to the day before."""
    _hand_in(work, _since_last_time(work, cast))


def upload_last_meals(work: "UnitOfWork", cast: "Cast") -> None:
    """The same, and somebody came back for a second meal: it waits for a decision."""
    written = _since_last_time(work, cast)
    till = cast.kept["tills"][0]
    last = [line for line in written if line["terminal"] == till.serial][-1:]
    again = [{name: line[name] for name in _GIVEN} for line in last]
    _hand_in(work, [*written, *(till.line(**given) for given in again)])


def _since_last_time(work: "UnitOfWork", cast: "Cast") -> list[dict[str, Any]]:
    first, last = cast.kept["until"], work.today - timedelta(days=1)
    cast.kept["until"] = work.today
    return [line for till in cast.kept["tills"] for line in _lines(work, cast, till, (first, last))]


def _hand_in(work: "UnitOfWork", lines: Sequence[dict[str, Any]]) -> None:
    if lines:
        upload(work, [json.dumps(one, ensure_ascii=False) for one in lines])


def decide_last_month(work: "UnitOfWork", _cast: "Cast") -> None:
    """What waited is decided: a second meal on one day has no subsidy, and nobody eats after death."""
    for one in list_questions(work):
        if one["day"] < work.today.replace(day=1):
            outcome = "not_a_meal" if one["code"] == "E_MEAL_DEAD" else "unsubsidised"
            decide(work, one["id"], outcome, "核对卡面和当日登记，重复或冒用，不予补贴")


def _lines(work: "UnitOfWork", cast: "Cast", till: Till, days: tuple[date, date]) -> Iterator[dict[str, Any]]:
    first, last = days
    diners, prices = diners_of(work, till.site), _prices(work, till.site, last)
    if not diners:
        return
    people = numpy.array([one.person_id for one in diners], numpy.int64)
    rates = entitled(work, people, last, [one.statuses for one in diners]).rates
    paid = {
        code: priced(numpy.full(len(diners), fen, numpy.int64), rates).self_pay_fen.tolist()
        for code, fen in prices.items()
    }
    codes = sorted(prices)
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day.weekday() == SUNDAY:
            continue
        at = datetime.combine(day, OPENS, COUNTY_TIME)
        for row, one in enumerate(diners):
            if not _comes(one, day) or cast.dice.random() >= (EATS if one.person_id % HABIT else SELDOM):
                continue
            for _swipe in range(2 if cast.dice.random() < TWICE else 1):
                code = codes[0] if cast.dice.random() < EATS else codes[-1]
                at += timedelta(minutes=1)
                meal = {"kind": "meal", "voids": None, "diner": one.code, "set": code, "at": at.isoformat()}
                yield till.line(**meal, channel="card", delivery=False, charged_fen=paid[code][row])


def _comes(one: Diner, day: date) -> bool:
    """Whether a card may turn up; a device in the village does not hear of a death until the card is handed back."""
    return one.from_on <= day and (one.to_on is None or day <= one.to_on + CARD_LEFT)


def diners_of(work: "UnitOfWork", site: str) -> list[Diner]:
    """Who eats at a site."""
    asked = select(Diner).join(Site, col(Site.id) == col(Diner.site_id)).where(col(Site.number) == site)
    return list(work.session.scalars(asked.order_by(col(Diner.id))))


def _prices(work: "UnitOfWork", site: str, day: date) -> dict[str, int]:
    number = work.session.scalars(select(col(Site.id)).where(col(Site.number) == site)).one()
    return {code: fen for code, (_name, meal, fen) in prices_on(work, number or 0, day).items() if meal == "lunch"}
