"""What the rules say of meals in columns: price, tier, subsidy, what the diner pays, or why one is turned away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy
from sqlalchemy import bindparam, func, select

from core.api import Question, UnitOfWork, columns
from plugins.canteen.counter.models import Swipe
from plugins.canteen.hookspecs import Meals
from plugins.canteen.models import Set, Settlement, Site
from plugins.canteen.quoting import priced
from plugins.canteen.sites import SERVING
from plugins.canteen.tiers import entitled


class Place(NamedTuple):
    """A site as the counter needs it."""

    id: int
    number: str
    name: str
    area: str
    state: str
    licence_to: date | None
    capacity: int


class Guest(NamedTuple):
    """A diner as the counter needs it; ``typed`` are statuses typed at enrolment."""

    diner_id: int
    person_id: int
    code: str
    site_id: int | None
    typed: str
    from_on: date
    to_on: date | None
    died_on: date | None


class Price(NamedTuple):
    """A price of a set from a day on; ``to_on`` None is open."""

    site_id: int
    code: str
    meal: str
    price_fen: int
    from_on: date
    to_on: date | None


@dataclass
class Asked:
    """Meals to be judged, in columns of one length; an unknown diner is None."""

    places: Sequence[Place]
    guests: Sequence[Guest | None]
    days: Sequence[date]
    set_codes: Sequence[str]
    full_price: Sequence[bool]
    deliveries: Sequence[bool]


@dataclass
class Judged:
    """What the rules say, in columns; ``codes`` is "" where the meal stands. Amounts are whole fen."""

    codes: list[str]
    meals: list[str]
    list_prices: list[int]
    tiers: list[str]
    subsidies: list[int]
    self_pays: list[int]
    fees: list[int]


_SITE, _SET, _SETTLEMENT, _SWIPE = columns(Site), columns(Set), columns(Settlement), columns(Swipe)
_PLACE = (_SITE.id, _SITE.number, _SITE.name, _SITE.area, _SITE.state, _SITE.licence_to)
PLACE = Question(
    select(*_PLACE, (_SITE.capacity_per_meal * _SITE.turns).label("capacity")).where(
        _SITE.number == bindparam("number")
    )
)
PRICES = Question(
    select(_SET.site_id, _SET.code, _SET.meal, _SET.price_fen, _SET.from_on, _SET.to_on).where(
        _SET.site_id == bindparam("site_id")
    )
)
SETTLED = Question(
    select(_SETTLEMENT.month).where(_SETTLEMENT.site_id == bindparam("site_id"), _SETTLEMENT.state != "draft")
)
SERVED = Question(
    select(_SWIPE.day, _SWIPE.meal, func.count().label("meals"))
    .where(
        _SWIPE.site_id == bindparam("site_id"),
        _SWIPE.day >= bindparam("first"),
        _SWIPE.day <= bindparam("last"),
        _SWIPE.state == "standing",
    )
    .group_by(_SWIPE.day, _SWIPE.meal)
)


def judge(work: UnitOfWork, asked: Asked) -> Judged:
    """Judge meals by the rules of their day; the latest rule that objects does not hide the first."""
    count = len(asked.places)
    judged = Judged([""] * count, [""] * count, [0] * count, [""] * count, [0] * count, [0] * count, [0] * count)
    _price(work, asked, judged)
    _admit(work, asked, judged)
    _subsidise(work, asked, judged)
    _ask_others(work, asked, judged)
    return judged


def _price(work: UnitOfWork, asked: Asked, judged: Judged) -> None:
    prices = {place.id: _prices(work, place.id) for place in {one.id: one for one in asked.places}.values()}
    for row, (place, code, day) in enumerate(zip(asked.places, asked.set_codes, asked.days, strict=True)):
        found = [one for one in prices[place.id].get(code, ()) if one.from_on <= day and (one.to_on or day) >= day]
        if found:
            judged.meals[row], judged.list_prices[row] = found[0].meal, found[0].price_fen
        else:
            judged.codes[row] = "E_SET_UNKNOWN"


def _prices(work: UnitOfWork, site_id: int) -> Mapping[str, list[Price]]:
    found: dict[str, list[Price]] = {}
    for row in work.ask(PRICES, site_id=site_id):
        found.setdefault(row.code, []).append(Price(*row))
    return found


def _admit(work: UnitOfWork, asked: Asked, judged: Judged) -> None:
    """Who may not be served at all: a settled month, a closed site, an expired licence, a diner who is not one."""
    places = {one.id: one for one in asked.places}
    settled = {place_id: {row.month for row in work.ask(SETTLED, site_id=place_id)} for place_id in places}
    room = _Room(work, places, min(asked.days), max(asked.days))
    for row, (place, guest, day) in enumerate(zip(asked.places, asked.guests, asked.days, strict=True)):
        if judged.codes[row]:
            continue
        if day.isoformat()[:7] in settled[place.id]:
            judged.codes[row] = "E_SETTLE_LOCKED"
        elif place.licence_to is not None and place.licence_to < day:
            judged.codes[row] = "E_LICENCE_EXPIRED"
        elif place.state not in SERVING:
            judged.codes[row] = "E_SITE_CLOSED"
        elif guest is not None and guest.died_on is not None and guest.died_on < day:
            judged.codes[row] = "E_MEAL_DEAD"
        elif guest is None or guest.from_on > day or (guest.to_on or day) < day:
            judged.codes[row] = "E_NOT_ENROLLED"
        elif not room.take(place, day, judged.meals[row]):
            judged.codes[row] = "E_MEAL_CAPACITY"


class _Room:
    """How many more meals a site may serve on a day: its seats times its turns; 0 says that nobody counted them."""

    def __init__(self, work: UnitOfWork, places: Mapping[int, Place], first: date, last: date) -> None:
        self._served: dict[tuple[int, date, str], int] = {}
        for place in places.values():
            if place.capacity:
                for row in work.ask(SERVED, site_id=place.id, first=first, last=last):
                    self._served[place.id, row.day, row.meal] = row.meals

    def take(self, place: Place, day: date, meal: str) -> bool:
        if not place.capacity:
            return True
        key = place.id, day, meal
        self._served[key] = self._served.get(key, 0) + 1
        return self._served[key] <= place.capacity


def _subsidise(work: UnitOfWork, asked: Asked, judged: Judged) -> None:
    """Tier and subsidy of everybody who may be served; what is sold at full price has neither."""
    rows = [row for row, code in enumerate(judged.codes) if not code]
    if not rows:
        return
    days = numpy.array([asked.days[row] for row in rows], "datetime64[D]")
    guests = [guest for row in rows if (guest := asked.guests[row]) is not None]
    people = numpy.array([guest.person_id for guest in guests], numpy.int64)
    found = entitled(work, people, days, [guest.typed for guest in guests])
    paid_for = work.policy("canteen.subsidised_meals")
    sold = numpy.array([asked.full_price[row] or judged.meals[row] not in paid_for for row in rows])
    fee = work.policy("canteen.delivery_fee_fen") if any(asked.deliveries) else 0
    fees = numpy.array([fee if asked.deliveries[row] else 0 for row in rows], numpy.int64)
    prices = numpy.array([judged.list_prices[row] for row in rows], numpy.int64)
    charity = _charity(work, people, days)
    amounts = priced(prices, numpy.where(sold, 0, found.rates), fees, numpy.where(sold, 0, charity))
    for column, values in (
        (judged.tiers, numpy.where(sold, "", found.tiers)),
        (judged.subsidies, amounts.subsidy_fen),
        (judged.self_pays, amounts.self_pay_fen),
        (judged.fees, fees),
    ):
        for row, value in zip(rows, values.tolist(), strict=True):
            column[row] = value


def _charity(work: UnitOfWork, people: numpy.ndarray, days: numpy.ndarray) -> numpy.ndarray | int:
    """What charity takes off each price, where a plugin knows of any."""
    if not work.hooks.implementers("resolve_canteen_charity"):
        return 0
    found = work.hooks.resolve("resolve_canteen_charity", work=work, person_ids=people, days=days.astype("U10"))
    return 0 if found is None else found


def _ask_others(work: UnitOfWork, asked: Asked, judged: Judged) -> None:
    """Plugins that object to meals; asked only when there are any."""
    if not work.hooks.implementers("check_canteen_meals"):
        return
    rows = [row for row, code in enumerate(judged.codes) if not code]
    for one in work.hooks.check_rows("check_canteen_meals", work=work, meals=meals_of(asked, judged, rows)):
        judged.codes[rows[one.row]] = one.code or "E_MEAL_REFUSED"


def meals_of(asked: Asked, judged: Judged, rows: Sequence[int]) -> Meals:
    """Some of the meals as columns for the hooks."""
    guests = [guest for row in rows if (guest := asked.guests[row]) is not None]

    def text(values: Sequence[Any]) -> numpy.ndarray:
        return numpy.array([values[row] for row in rows], dtype=object)

    def whole(values: Sequence[int]) -> numpy.ndarray:
        return numpy.array([values[row] for row in rows], numpy.int64)

    return Meals(
        person_ids=numpy.array([guest.person_id for guest in guests], numpy.int64),
        diner_ids=numpy.array([guest.diner_id for guest in guests], numpy.int64),
        site_ids=whole([place.id for place in asked.places]),
        areas=text([place.area for place in asked.places]),
        days=text([day.isoformat() for day in asked.days]),
        meals=text(judged.meals),
        set_codes=text(asked.set_codes),
        list_price_fen=whole(judged.list_prices),
        subsidy_fen=whole(judged.subsidies),
        self_pay_fen=whole(judged.self_pays),
    )
