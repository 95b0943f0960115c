"""Targets: set for a period by a document, revoked with a reason; a new one takes the place of the old."""

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from core.api import Objection, Refused, _, refuse
from plugins.indicators.catalogue import Named, indicator_named
from plugins.indicators.models import Target
from plugins.indicators.periods import stretch
from plugins.indicators.services.common import KEEP, county_of, found, keep, moved, ten_thousandths, town_of
from plugins.indicators.wishes import SetTarget, Why
from plugins.indicators.words import COMPARATOR_OF

if TYPE_CHECKING:
    from core.api import UnitOfWork


def examine(work: "UnitOfWork", wish: SetTarget) -> Target:
    """The target as it would be kept; raises ``Refused`` or ``NotFound``. Writes nothing."""
    named = indicator_named(work, wish.indicator.strip())
    one = stretch(wish.period)
    value = ten_thousandths(wish.value, "value") if wish.value.strip() else None
    _refuse_misfits(named, wish, value)
    return Target(
        indicator=named.name,
        area=town_of(work, wish.area),
        period=one.text,
        comparator="<=" if named.one.kind == "deadline" else COMPARATOR_OF[wish.comparator],
        value_ten_thousandths=value,
        due_on=wish.due_on,
        document=wish.document.strip(),
        set_on=work.today,
        set_by=work.actor.account_id,
    )


def set_target(work: "UnitOfWork", wish: SetTarget) -> Target:
    """Set a target; one that is in force for the same indicator, area and period is revoked for it."""
    work.require(KEEP, county_of(work))
    made = examine(work, wish)
    same = select(Target).where(
        col(Target.indicator) == made.indicator,
        col(Target.area) == made.area,
        col(Target.period) == made.period,
        col(Target.revoked_on).is_(None),
    )
    before = work.session.scalars(same).first()
    if before is not None:
        _revoke(work, before, _("由 {document} 代替", document=made.document))
    keep(work, made)
    work.record(
        "indicators.target_set",
        f"indicator:{made.indicator}",
        before=_facts(before) if before else None,
        after=_facts(made),
    )
    return made


def revoke_target(work: "UnitOfWork", text: str, wish: Why) -> Target:
    """Take a target back; reports that were made with it keep it."""
    work.require(KEEP, county_of(work))
    one = own_target(work, text)
    if one.revoked_on is not None:
        raise refuse(_("这个目标已经撤销"), code="E_IND_STATE")
    _revoke(work, one, wish.reason)
    work.record(
        "indicators.target_revoked", f"indicator:{one.indicator}", reason=wish.reason, before=_facts(one), after=None
    )
    return one


def own_target(work: "UnitOfWork", text: str) -> Target:
    """A target by its id; raises ``NotFound``."""
    return found(work, Target, text, _("没有找到这个目标"))


def _revoke(work: "UnitOfWork", one: Target, reason: str) -> None:
    one.revoked_on, one.revoked_by, one.reason = work.today, work.actor.account_id, reason[:200]
    moved(work, one)


def _refuse_misfits(named: Named, wish: SetTarget, value: int | None) -> None:
    objections = []
    if named.one.kind == "deadline" and wish.due_on is None:
        objections.append(Objection(field="due_on", reason=_("这个指标要填完成期限"), code="E_IND_TARGET"))
    if named.one.kind == "deadline" and value is not None:
        objections.append(Objection(field="value", reason=_("这个指标只填完成期限，不填目标值"), code="E_IND_TARGET"))
    if named.one.kind != "deadline" and value is None:
        objections.append(Objection(field="value", reason=_("请填目标值"), code="E_IND_TARGET"))
    if named.one.kind == "rate" and value is not None and not 0 <= value <= 1_000_000:
        objections.append(Objection(field="value", reason=_("比率填 0 到 100 的百分数"), code="E_IND_TARGET"))
    if objections:
        raise Refused(objections)


def _facts(one: Target) -> dict[str, object]:
    return {
        "area": one.area,
        "period": one.period,
        "comparator": one.comparator,
        "value_ten_thousandths": one.value_ten_thousandths,
        "due_on": one.due_on.isoformat() if one.due_on else None,
        "document": one.document,
    }
