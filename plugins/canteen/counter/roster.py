"""What a counter may know: the day's list for working without the network, and one diner for the screen with it.

The list holds an opaque code, digests of cards, a name and amounts to pay. No number of a person in any form, no
tier, no reason leaves for the device.
"""

from datetime import date, timedelta
from typing import Any

import numpy
from sqlalchemy import bindparam, func, or_, select

from core.api import Question, UnitOfWork, _, age_on, columns, facts_of
from plugins.canteen.counter.judging import Asked, Guest, Place, judge
from plugins.canteen.counter.models import Subsidy, Swipe
from plugins.canteen.counter.words import CODES
from plugins.canteen.diners import DinerFacts, find_diner
from plugins.canteen.models import Card, Diner
from plugins.canteen.quoting import priced, shares
from plugins.canteen.rules import month_days, month_of
from plugins.canteen.sealed import DIET, unseal
from plugins.canteen.sites import SiteFacts, prices_on, site_of
from plugins.canteen.tiers import entitled

_DINER, _CARD, _SUBSIDY, _SWIPE = columns(Diner), columns(Card), columns(Subsidy), columns(Swipe)
MEALS_OF = Question(
    select(func.count().label("meals")).where(
        _SUBSIDY.person_id == bindparam("person_id"),
        _SUBSIDY.day >= bindparam("first"),
        _SUBSIDY.day <= bindparam("last"),
    )
)


def day_list(work: UnitOfWork, number: str) -> dict[str, Any]:
    """The list of a site for today: diners of this site and guests of the last days, with what each would pay.

    Right: canteen.serve in the site's area. ``now`` is the server's clock, by which the device corrects its own.
    """
    site, today = site_of(work, number, "canteen.serve"), work.today
    prices = prices_on(work, site.id, today)
    rows = _regulars(work, site, today)
    fee = work.policy("canteen.delivery_fee_fen")
    served = work.policy("canteen.subsidised_meals")
    found = entitled(work, [row.person_id for row in rows], today, [row.statuses for row in rows])
    pays: dict[str, list[int]] = {}
    for code, price in prices.items():
        rates = found.rates if price.meal in served else found.rates * 0
        pays[code] = priced(numpy.full(len(rows), price.price_fen), rates).self_pay_fen.tolist()
    ate, cards = _ate(work, today), _cards(work, [row.id for row in rows])
    people = facts_of(work, [row.person_id for row in rows])
    diners = [
        {
            "code": row.code,
            "cards": cards.get(row.id, []),
            "name": people[row.person_id].name,
            "initials": people[row.person_id].initials,
            "pay": {code: amounts[place] for code, amounts in pays.items()},
            "ate": ate.get(row.person_id, []),
            "delivery": bool(row.delivery_needed),
        }
        for place, row in enumerate(rows)
        if row.person_id in people and people[row.person_id].died_on is None
    ]
    return {
        "site": site.number,
        "name": site.name,
        "day": today.isoformat(),
        "now": work.now.isoformat(),
        "times": work.policy("canteen.meal_times"),
        "fee_fen": fee,
        "sets": [
            {"code": code, "name": price.name or code, "meal": price.meal, "price_fen": price.price_fen}
            for code, price in prices.items()
        ],
        "diners": diners,
    }


def _regulars(work: UnitOfWork, site: SiteFacts, today: date) -> list[Any]:
    """Diners of a site, and who ate there in the last days; enrolled today."""
    since = today - timedelta(days=work.policy("canteen.guest_days"))
    guests = select(_SWIPE.diner_id).where(_SWIPE.site_id == site.id, _SWIPE.day >= since, _SWIPE.state == "standing")
    asked = (
        select(_DINER.id, _DINER.person_id, _DINER.code, _DINER.statuses, _DINER.delivery_needed)
        .where(
            or_(_DINER.site_id == site.id, _DINER.id.in_(guests)),
            _DINER.from_on <= today,
            or_(_DINER.to_on.is_(None), _DINER.to_on >= today),
        )
        .order_by(_DINER.id)
    )
    return list(work.session.connection().execute(asked))


def _ate(work: UnitOfWork, today: date) -> dict[int, list[str]]:
    """Which subsidised meals persons had today, wherever it was."""
    found: dict[int, list[str]] = {}
    asked = select(_SUBSIDY.person_id, _SUBSIDY.meal).where(_SUBSIDY.day == today)
    for person, meal in work.session.connection().execute(asked):
        found.setdefault(person, []).append(meal)
    return found


def _cards(work: UnitOfWork, diners: list[int]) -> dict[int, list[str]]:
    """Digests of the cards in use."""
    wanted, found = set(diners), dict[int, list[str]]()
    for diner, digest in work.session.connection().execute(
        select(_CARD.diner_id, _CARD.digest).where(_CARD.ended_on.is_(None))
    ):
        if diner in wanted:
            found.setdefault(diner, []).append(digest)
    return found


def look_up(work: UnitOfWork, number: str, diner: str, set_code: str, *, delivery: bool = False) -> dict[str, Any]:
    """One diner as the operator sees it: name, age, tier, diet notes, who pays what, or why there is no subsidy.

    Right: canteen.serve. Diet notes are read on the record. Raises ``NotFound``, ``Refused`` E_NOT_ENROLLED.
    """
    site, today = site_of(work, number, "canteen.serve"), work.today
    found = find_diner(work, diner)
    place = Place(site.id, site.number, site.name, site.area, site.state, site.licence_to, site.most_per_meal)
    guest = Guest(
        found.id, found.person_id, found.code, found.site_id, found.statuses, found.from_on, found.to_on, found.died_on
    )
    judged = judge(work, Asked([place], [guest], [today], [set_code], [False], [delivery]))
    code = judged.codes[0] or ("E_MEAL_DUP" if _had(work, found.person_id, today, judged.meals[0]) else "")
    first, last = month_days(month_of(today))
    [meals] = work.ask(MEALS_OF, person_id=found.person_id, first=first, last=last)
    return {
        "code": found.code,
        "name": found.name,
        "age": age_on(found.birth_date, today) if found.birth_date else None,
        "tail": _tail(work, found.id),
        "tier": judged.tiers[0],
        "diet": _diet(work, found, site.area),
        "list_price_fen": judged.list_prices[0],
        "subsidy_fen": judged.subsidies[0],
        "self_pay_fen": judged.self_pays[0],
        "fee_fen": judged.fees[0],
        "parts": _parts(work, found, today, judged.subsidies[0]),
        "month_meals": meals.meals,
        "refusal": code,
        "reason": _(CODES.get(code, code)) if code else "",
    }


def _had(work: UnitOfWork, person_id: int, today: date, meal: str) -> bool:
    from plugins.canteen.counter.serving import TAKEN

    return bool(work.ask(TAKEN, person_id=person_id, day=today, meal=meal))


def _parts(work: UnitOfWork, diner: DinerFacts, today: date, subsidy: int) -> dict[str, int]:
    """Which payer bears how much of a subsidy."""
    found = entitled(work, [diner.person_id], today, [diner.statuses])
    return {payer: int(fen[0]) for payer, fen in shares(found, numpy.asarray([subsidy])).items() if fen[0]}


def _tail(work: UnitOfWork, diner_id: int) -> str:
    asked = select(_CARD.tail).where(_CARD.diner_id == diner_id, _CARD.ended_on.is_(None))
    return work.session.connection().scalar(asked) or ""


def _diet(work: UnitOfWork, diner: DinerFacts, area: str) -> str:
    sealed = work.session.connection().scalar(select(_DINER.diet).where(_DINER.id == diner.id))
    if not sealed:
        return ""
    work.record_read("canteen.diet_read", f"person:{diner.person_id}", area=area)
    return unseal(work, DIET, diner.id, sealed)
