"""What a meal costs whom: the subsidy is never more than the price and never cash; the fee of delivery comes on top."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from core.api import Refused, _, find_person, mark, refuse
from plugins.canteen.diners import diner_of_person
from plugins.canteen.rules import PAYERS
from plugins.canteen.sites import prices_on, site_of
from plugins.canteen.tiers import Entitled, entitled

if TYPE_CHECKING:
    import numpy

    from core.api import UnitOfWork


class AskQuote(BaseModel):
    """Who would eat what, where, on which day, and whether it is brought home."""

    person: str = Field(min_length=1, max_length=40, title=mark("就餐人"))
    site: str = Field(min_length=1, max_length=20, title=mark("站点"))
    set_code: str = Field(min_length=1, max_length=12, title=mark("套餐"))
    on: date = Field(title=mark("日期"))
    delivery: bool = Field(default=False, title=mark("送餐"))


@dataclass(frozen=True)
class Quoted:
    """A price for one meal; ``self_pay_fen`` is with the fee of delivery, ``parts`` says which payer gives how much."""

    tier: str
    list_price_fen: int
    subsidy_fen: int
    self_pay_fen: int
    delivery_fee_fen: int
    parts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Priced:
    """Fen in columns of one length."""

    subsidy_fen: "numpy.ndarray"
    self_pay_fen: "numpy.ndarray"


def priced(
    list_prices: "numpy.ndarray", rates: "numpy.ndarray", delivery_fee: "int | numpy.ndarray" = 0,
    charity: "int | numpy.ndarray" = 0,
) -> Priced:  # fmt: skip
    """Subsidy and what the diner pays: price − subsidy + fee, charity taken off that and off nothing else."""
    import numpy

    subsidy = numpy.minimum(rates, list_prices)
    return Priced(subsidy, numpy.maximum(list_prices - subsidy + delivery_fee - charity, 0))


def shares(found: Entitled, subsidy_fen: "numpy.ndarray") -> "dict[str, numpy.ndarray]":
    """How a subsidy is borne by its payers; a price below the rate uses them up in order."""
    import numpy

    left, parts = subsidy_fen.copy(), {}
    for payer in PAYERS:
        parts[payer] = numpy.minimum(getattr(found, payer), left)
        left = left - parts[payer]
    return parts


def quote(work: "UnitOfWork", wish: AskQuote) -> Quoted:
    """What one meal would cost somebody. Raises ``NotFound``; refused for a set that is not sold that day."""
    import numpy

    site = site_of(work, wish.site, "canteen.serve")
    person = find_person(work, wish.person, "canteen.serve").id or 0
    price = prices_on(work, site.id, wish.on).get(wish.set_code.strip().upper())
    if price is None:
        raise no_set(wish.set_code)
    diner = diner_of_person(work, person)
    found = entitled(work, [person], wish.on, [diner.statuses if diner else ""])
    rate = found.rates if price.meal in work.policy("canteen.subsidised_meals", on=wish.on) else found.rates * 0
    fee = work.policy("canteen.delivery_fee_fen", on=wish.on) if wish.delivery else 0
    charity = work.hooks.resolve(
        "resolve_canteen_charity",
        work=work,
        person_ids=numpy.asarray([person]),
        days=numpy.asarray([wish.on.isoformat()]),
    )
    made = priced(numpy.asarray([price.price_fen]), rate, fee, 0 if charity is None else charity)
    parts = {payer: int(fen[0]) for payer, fen in shares(found, made.subsidy_fen).items() if fen[0]}
    return Quoted(str(found.tiers[0]), price.price_fen, int(made.subsidy_fen[0]), int(made.self_pay_fen[0]), fee, parts)


def no_set(code: str) -> Refused:
    """The refusal of a set that a site does not sell on a day."""
    return refuse(_("这一天没有套餐 {code}", code=code[:12]), field="set_code", code="E_SET")
