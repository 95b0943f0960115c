"""Figures that a form or a text states: entered as they stand, computed again, acknowledged by name, withdrawn."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select
from sqlmodel import col

from core.api import NotFound, _, area_names, refuse, scoped
from plugins.indicators import checking, wishes
from plugins.indicators.catalogue import SHOW
from plugins.indicators.checking import Finding
from plugins.indicators.models import Acknowledgement, Stated
from plugins.indicators.periods import Stretch, stretch
from plugins.indicators.services.common import ACKNOWLEDGE, KEEP, county_of, found, keep, moved

if TYPE_CHECKING:
    from core.api import UnitOfWork

ALARMING = ("differs", "truncated", "outside", "unknown")


def examine(kind: str, given: Mapping[str, Any]) -> Finding:
    """What comes out when a stated figure is computed again; the band of a year is kept beside what was typed."""
    match kind:
        case "sum":
            return checking.check_sum(given["parts"], given["stated"])
        case "rate":
            return checking.check_rate(given["part"], given["bases"], given["stated"])
        case "year":
            return checking.check_year(given["month"], given["stated"], Decimal(given["band"]))
        case "average":
            return checking.check_average(given["average"], given["limit"])
    return checking.check_plan(given["report_year"], given["plan_year"])


def told_of(one: Stated) -> str:
    """What came out, in one sentence of the reader's language."""
    return examine(one.kind, json.loads(one.given)).told


def state_figure(work: "UnitOfWork", kind: str, wish: Any) -> Stated:
    """Enter a stated figure as it stands, with what comes out; nothing is corrected."""
    area = wish.area.strip() or county_of(work)
    work.require(KEEP, area)
    one = stretch(wish.period)
    if not area_names(work, [area]):
        raise refuse(_("行政区划代码无效：{code}", code=area), field="area", code="E_DIV_CODE")
    given = wish.model_dump(mode="json", exclude={"title", "source", "period", "area"})
    if kind == "year":
        given["band"] = str(work.policy("statistics.plausible_band", on=min(one.until, work.today)))
    came = examine(kind, given)
    made = Stated(
        kind=kind,
        title=wish.title.strip(),
        source=wish.source.strip(),
        period=one.text,
        since=one.since,
        until=one.until,
        area=area,
        given=json.dumps(given, ensure_ascii=False, sort_keys=True),
        computed=came.computed,
        stated=came.stated[:40],
        difference=came.difference,
        result=came.result,
        code=came.code,
        entered_on=work.today,
        entered_by=work.actor.account_id,
    )
    keep(work, made)
    work.record(
        "indicators.stated",
        f"indicators_stated:{made.id}",
        area=area,
        result=came.result,
        code=came.code,
        difference=came.difference,
    )
    return made


def acknowledge(work: "UnitOfWork", text: str, wish: wishes.Why) -> Stated:
    """Acknowledge by name that a stated figure does not hold, with the reason; never by who entered it."""
    one = own_stated(work, text, ACKNOWLEDGE)
    if one.withdrawn_on is not None or one.result not in ALARMING:
        raise refuse(_("这条数据不需要说明"), code="E_IND_STATE")
    if acknowledgement_of(work, [one.id or 0]):
        raise refuse(_("这条数据已经说明"), code="E_IND_STATE")
    if one.entered_by == work.actor.account_id:
        raise refuse(_("自己录入的数据要由另一人说明"), code="E_SOD")
    row = Acknowledgement(
        stated_id=one.id or 0,
        acknowledged_by=work.actor.account_id,
        acknowledged_at=work.now,
        reason=wish.reason.strip(),
    )
    keep(work, row)
    work.record(
        "indicators.acknowledged",
        f"indicators_stated:{one.id}",
        area=one.area,
        reason=row.reason,
        difference=one.difference,
    )
    return one


def withdraw(work: "UnitOfWork", text: str, wish: wishes.Why) -> Stated:
    """Withdraw a figure that was entered wrongly, or that its source has corrected; it stays to be read."""
    one = own_stated(work, text, KEEP)
    if one.withdrawn_on is not None:
        raise refuse(_("这条数据已经撤回"), code="E_IND_STATE")
    one.withdrawn_on, one.withdrawn_by, one.reason = work.today, work.actor.account_id, wish.reason
    moved(work, one)
    work.record("indicators.stated_withdrawn", f"indicators_stated:{one.id}", area=one.area, reason=wish.reason)
    return one


def own_stated(work: "UnitOfWork", text: str, permission: str = SHOW) -> Stated:
    """A stated figure by its id within one's areas; raises ``NotFound``."""
    work.require(permission)
    one = found(work, Stated, text, _("没有找到这条数据，或不在你的辖区"))
    if not work.may(permission, one.area):
        raise NotFound(_("没有找到这条数据，或不在你的辖区"))
    return one


def acknowledgement_of(work: "UnitOfWork", ids: list[int]) -> Mapping[int, Acknowledgement]:
    """Acknowledgements by stated figure."""
    rows = work.session.scalars(select(Acknowledgement).where(col(Acknowledgement.stated_id).in_(ids)))
    return {one.stated_id: one for one in rows}


def unanswered(work: "UnitOfWork", one: Stretch | None = None, permission: str = SHOW) -> list[Stated]:
    """Figures that do not hold and that nobody has acknowledged: all, or those of a period."""
    asked = select(Stated).where(
        col(Stated.result).in_(ALARMING),
        col(Stated.withdrawn_on).is_(None),
        ~exists().where(col(Acknowledgement.stated_id) == col(Stated.id)),
    )
    if one is not None:
        asked = asked.where(col(Stated.since) >= one.since, col(Stated.until) <= one.until)
    return list(work.session.scalars(scoped(work, asked.order_by(col(Stated.id)), col(Stated.area), permission)))
