"""One meal at the counter: who, what, what it costs; written with its record, or kept as a refusal."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import bindparam, insert, select

from core.api import (
    COUNTY_TIME,
    Objection,
    Order,
    Question,
    Refused,
    UnitOfWork,
    _,
    columns,
    format_money,
    mark,
    refuse,
    table_of,
)
from plugins.canteen.counter.judging import PLACE, Asked, Guest, Judged, Place, judge, meals_of
from plugins.canteen.counter.licences import suspend_expired
from plugins.canteen.counter.models import Subsidy, Swipe
from plugins.canteen.counter.words import CODES
from plugins.canteen.counter.writing import SEALED, sealed
from plugins.canteen.diners import DinerFacts, find_diner
from plugins.canteen.models import SERVED
from plugins.canteen.sites import nowhere

_SUBSIDY = columns(Subsidy)
_SERVE = Order(
    insert(table_of(Swipe)).returning(columns(Swipe).id),
    *("site_id", "diner_id", "person_id", "area", "day", "meal", "set_code", "kind", "list_price_fen", "tier"),
    *("subsidy_fen", "self_pay_fen", "charged_fen", "delivery_fee_fen", "channel", "at", "recorded_at", "recorder"),
    *("mac", "previous", "state", "code", "late"),
)
_SUBSIDISE = Order(insert(table_of(Subsidy)), "person_id", "day", "meal", "swipe_id", "site_id", "subsidy_fen")
TOKEN_LENGTH = 32
TAKEN = Question(
    select(_SUBSIDY.swipe_id, _SUBSIDY.site_id).where(
        _SUBSIDY.person_id == bindparam("person_id"),
        _SUBSIDY.day == bindparam("day"),
        _SUBSIDY.meal == bindparam("meal"),
    )
)


class CheckIn(BaseModel):
    """A meal to be served: ``diner`` is a card's token, a diner's code, an ID number or a person's number."""

    diner: str = Field(min_length=1, max_length=40, title=mark("就餐人"))
    site: str = Field(min_length=1, max_length=20, title=mark("站点"))
    set_code: str = Field(min_length=1, max_length=12, title=mark("套餐"))
    at: datetime | None = Field(default=None, title=mark("用餐时间"))
    delivery: bool = Field(default=False, title=mark("送餐"))
    full_price: bool = Field(default=False, title=mark("全价出售"))


@dataclass
class Served:
    """What was served, or why not: then ``objections`` is not empty and the swipe is kept as refused.

    ``list_price_fen`` is what the meal costs without subsidy, offered when the subsidy was used already.
    """

    swipe_id: int
    name: str
    tier: str
    list_price_fen: int
    subsidy_fen: int
    self_pay_fen: int
    delivery_fee_fen: int
    late: bool
    objections: list[Objection] = field(default_factory=list)

    def stands(self) -> "Served":
        """Itself when the meal was served; raises ``Refused``. To be called after the work is closed."""
        if self.objections:
            raise Refused(self.objections)
        return self


def check_in(work: UnitOfWork, wish: CheckIn) -> Served:
    """Serve one meal. Right: canteen.serve in the site's area.

    A refused swipe is written too, so the refusal comes back as a value and the caller raises it when the work is
    closed (``Served.stands``). Codes: E_MEAL_DUP, E_MEAL_DEAD, E_MEAL_CAPACITY, E_LICENCE_EXPIRED, E_NOT_ENROLLED,
    E_SETTLE_LOCKED, E_SITE_CLOSED, E_SET_UNKNOWN; E_FUTURE_DATE is refused outright.
    """
    work.require("canteen.serve")
    work.hold(SERVED, shared=True)
    at = _moment(work, wish.at)
    place = _place(work, wish.site)
    diner = find_diner(work, wish.diner)
    day = at.astimezone(COUNTY_TIME).date()
    asked = Asked([place], [_guest(diner)], [day], [wish.set_code.strip().upper()], [wish.full_price], [wish.delivery])
    judged = judge(work, asked)
    if not judged.codes[0] and judged.subsidies[0] and _is_taken(work, diner, day, judged.meals[0]):
        judged.codes[0] = "E_MEAL_DUP"
    late = day < work.today - timedelta(days=work.policy("canteen.backdating_days"))
    return _write(work, wish, asked, judged, diner, at, late)


def _moment(work: UnitOfWork, at: datetime | None) -> datetime:
    """When the meal was; without an offset the time is the county's. Raises ``Refused`` E_FUTURE_DATE."""
    moment = at or work.now
    moment = moment if moment.tzinfo else moment.replace(tzinfo=COUNTY_TIME)
    if moment > work.now:
        raise refuse(_(CODES["E_FUTURE_DATE"]), field="at", code="E_FUTURE_DATE")
    return moment


def _place(work: UnitOfWork, number: str) -> Place:
    found = work.ask(PLACE, number=number.strip().upper())
    if not found or not work.may("canteen.serve", found[0].area):
        raise nowhere()
    return Place(*found[0])


def _guest(diner: DinerFacts) -> Guest:
    return Guest(
        diner.id, diner.person_id, diner.code, diner.site_id, diner.statuses, diner.from_on, diner.to_on, diner.died_on
    )


def _is_taken(work: UnitOfWork, diner: DinerFacts, day: date, meal: str) -> bool:
    return bool(work.ask(TAKEN, person_id=diner.person_id, day=day, meal=meal))


def _write(
    work: UnitOfWork, wish: CheckIn, asked: Asked, judged: Judged, diner: DinerFacts, at: datetime, late: bool
) -> Served:
    place, code, subsidy = asked.places[0], judged.codes[0], judged.subsidies[0]
    row = {
        "site_id": place.id,
        "diner_id": diner.id,
        "person_id": diner.person_id,
        "area": place.area,
        "day": asked.days[0],
        "meal": judged.meals[0],
        "set_code": asked.set_codes[0],
        "kind": "full_price" if wish.full_price else "meal",
        "list_price_fen": judged.list_prices[0],
        "tier": judged.tiers[0],
        "subsidy_fen": subsidy,
        "self_pay_fen": judged.self_pays[0],
        "charged_fen": 0 if code else judged.self_pays[0],
        "delivery_fee_fen": judged.fees[0],
        "channel": "card" if len(wish.diner) == TOKEN_LENGTH else "name",
        "at": at,
        "recorded_at": work.now,
        "recorder": work.actor.account_id,
        "mac": "",
        "previous": "",
        "state": "refused" if code else "standing",
        "code": code,
        "late": late,
    }
    connection = work.session.connection()
    [swipe_id] = _SERVE.run(connection, row)
    if not code and subsidy:
        slot = {"person_id": diner.person_id, "day": asked.days[0], "meal": judged.meals[0]}
        _SUBSIDISE.run(connection, {**slot, "swipe_id": swipe_id, "site_id": place.id, "subsidy_fen": subsidy})
    if not code and work.hooks.implementers("canteen_meals_served"):
        work.hooks.announce("canteen_meals_served", work=work, meals=meals_of(asked, judged, [0]))
    if code == "E_LICENCE_EXPIRED":
        suspend_expired(work, place)
    row["id"] = swipe_id
    details: dict[str, Any] = {"site": place.number, **({"code": code} if code else {})}
    details["sealed"] = sealed(work, [[row[name] for name in SEALED]])
    after = {"state": row["state"], "subsidy_fen": subsidy, "charged_fen": row["charged_fen"]}
    work.record(
        "canteen.meal_refused" if code else "canteen.meal_served",
        f"canteen-swipe:{swipe_id}",
        area=place.area,
        after=after,
        **details,
    )
    hint = _("可以按全价 {price} 元出售", price=format_money(judged.list_prices[0])) if code == "E_MEAL_DUP" else None
    objections = [Objection(reason=_(CODES.get(code, code)), code=code, field="diner", hint=hint)] if code else []
    return Served(
        swipe_id,
        diner.name,
        judged.tiers[0],
        judged.list_prices[0],
        subsidy,
        judged.self_pays[0],
        judged.fees[0],
        late,
        objections,
    )
