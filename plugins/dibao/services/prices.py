"""Months in which the price subsidy is paid: when prices rose so much that it is triggered."""

from decimal import Decimal
from typing import TYPE_CHECKING

from core.api import Objection, Period, Refused, _, parse_money, read_number, refuse
from plugins.dibao import codes
from plugins.dibao.models import PriceMonth
from plugins.dibao.wishes import SetPrice

if TYPE_CHECKING:
    from core.api import UnitOfWork

RIGHT = "dibao.set_price"


def set_price(work: "UnitOfWork", wish: SetPrice) -> PriceMonth:
    """Say what a person gets in a month; 0 takes it back. Paid months come with the next roll."""
    work.require(RIGHT, work.settings.county.code)
    month, amount = Period(wish.month), parse_money(wish.amount)
    cpi, food = _share(wish.cpi, "cpi"), _share(wish.food_cpi, "food_cpi")
    _refuse_misfit(work, month, amount, (cpi, food))
    row = PriceMonth(
        month=str(month),
        amount_fen=amount,
        cpi="" if cpi is None else str(cpi),
        food_cpi="" if food is None else str(food),
        groups=" ".join(work.policy("dibao.price_groups", on=month.first_day)),
        document=wish.document.strip(),
        set_at=work.now,
        set_by=work.actor.account_id,
    )
    work.session.add(row)
    work.session.flush()
    work.record("dibao.price_set", f"dibao:price:{month}", month=str(month), amount_fen=amount, document=row.document)
    return row


def _refuse_misfit(
    work: "UnitOfWork", month: Period, amount: int, risen: tuple[Decimal | None, Decimal | None]
) -> None:
    """Held to the trigger where the rise is told, and to the least amount."""
    cpi, food = risen
    found = []
    if amount < 0:
        found.append(Objection(reason=_("金额不能小于 0"), field="amount", code="E_MONEY"))
    limits = [work.policy(f"dibao.price_{one}", on=month.first_day) for one in ("cpi", "food_cpi")]
    told = [(one, limit) for one, limit in zip((cpi, food), limits, strict=True) if one is not None]
    if amount > 0 and told and not any(one >= limit for one, limit in told):
        words = _(
            "没有达到启动条件：居民消费价格 {cpi}%，食品价格 {food}%",
            cpi=f"{limits[0] * 100:f}".rstrip("0").rstrip("."),
            food=f"{limits[1] * 100:f}".rstrip("0").rstrip("."),
        )
        found.append(Objection(reason=words, field="cpi", code=codes.TRIGGER))
    least = work.policy("dibao.price_minimum", on=month.first_day)
    if 0 < amount < least:
        found.append(Objection(reason=_("低于每人最低补贴"), field="amount", code="E_MONEY"))
    if found:
        raise Refused(found)


def _share(text: str, field: str) -> Decimal | None:
    """A rise as typed (``3.6%`` or ``0.036``) as a share; None when it was not told."""
    plain = text.strip()
    if not plain:
        return None
    found = read_number(plain.removesuffix("%"))
    if found is None:
        raise refuse(_("涨幅写作 3.6% 的样子"), field=field, code="E_MONEY")
    return found / 100 if plain.endswith("%") else found
