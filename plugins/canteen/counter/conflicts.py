"""What a person decides at the counter's back: extra swipes, refused entries, meals taken back, the end of a day."""

from datetime import date
from typing import Any

from sqlalchemy import func, select

from core.api import NotFound, UnitOfWork, _, columns, facts_of, refuse, scoped, table_of
from plugins.canteen.counter.awarding import award_slot
from plugins.canteen.counter.models import DayClose, Decision, Subsidy, Swipe, Terminal, Void
from plugins.canteen.counter.words import CODES
from plugins.canteen.models import SERVED, Settlement, Site
from plugins.canteen.rules import month_of
from plugins.canteen.sites import site_of

_SWIPE, _SUBSIDY, _VOID, _DECISION = columns(Swipe), columns(Subsidy), columns(Void), columns(Decision)
_TERMINAL, _SITE, _SETTLEMENT = columns(Terminal), columns(Site), columns(Settlement)
MISSING_SHOWN = 20


def is_void() -> Any:
    """Whether a swipe was taken back, as a condition over ``canteen_swipe``."""
    by_row = select(_VOID.id).where(_VOID.swipe_id == _SWIPE.id)
    by_counter = select(_VOID.id).where(_VOID.terminal_id == _SWIPE.terminal_id, _VOID.voided_counter == _SWIPE.counter)
    return by_row.exists() | by_counter.exists()


def is_open_question() -> Any:
    """Whether a swipe waits for a person: an extra meal without the subsidy, or an entry that was refused late."""
    extra = (
        (_SWIPE.state == "standing")
        & (_SWIPE.kind == "meal")
        & (_SWIPE.subsidy_fen > 0)
        & ~select(_SUBSIDY.swipe_id).where(_SUBSIDY.swipe_id == _SWIPE.id).exists()
        & ~is_void()
    )
    refused = (_SWIPE.state == "refused") & _SWIPE.terminal_id.is_not(None)
    return (extra | refused) & ~select(_DECISION.id).where(_DECISION.swipe_id == _SWIPE.id).exists()


def list_questions(work: UnitOfWork, site: str = "", *, after: int = 0, limit: int = 50) -> list[dict[str, Any]]:
    """Swipes that wait for a person behind a number, oldest first. Right: canteen.check."""
    same = [_SITE.number == site] if site else []
    return _questions(work, _SWIPE.id > after, *same, limit=limit)


def question_of(work: UnitOfWork, swipe_id: int) -> dict[str, Any]:
    """One swipe that waits for a person; raises ``NotFound``. Right: canteen.check."""
    found = _questions(work, _SWIPE.id == swipe_id, limit=1)
    if not found:
        raise NotFound(_("这笔记录没有等待处理的问题"))
    return found[0]


def _questions(work: UnitOfWork, *narrower: Any, limit: int) -> list[dict[str, Any]]:
    work.require("canteen.check")
    asked = (
        select(_SWIPE.id.table, _SITE.number, _SITE.name)
        .join(table_of(Site), _SITE.id == _SWIPE.site_id)
        .where(is_open_question(), *narrower)
        .order_by(_SWIPE.id)
        .limit(limit)
    )
    rows = work.session.connection().execute(scoped(work, asked, _SWIPE.area, "canteen.check")).all()
    names = facts_of(work, [row.person_id for row in rows if row.person_id])
    return [_line(row, names) for row in rows]


def _line(row: Any, names: Any) -> dict[str, Any]:
    person = names.get(row.person_id)
    code = row.code or "E_MEAL_DUP"
    return {
        "id": row.id,
        "site": row.number,
        "site_name": row.name,
        "name": person.name if person else "",
        "day": row.day,
        "meal": row.meal,
        "at": row.at,
        "set": row.set_code,
        "subsidy_fen": row.subsidy_fen,
        "charged_fen": row.charged_fen,
        "counter": row.counter,
        "late": bool(row.late),
        "code": code,
        "reason": _(CODES.get(code, code)),
    }


def count_questions(work: UnitOfWork) -> int:
    """How many swipes of one's areas wait for a person."""
    asked = select(func.count()).select_from(table_of(Swipe)).where(is_open_question())
    return work.session.connection().scalar(scoped(work, asked, _SWIPE.area, "canteen.check")) or 0


def decide(work: UnitOfWork, swipe_id: int, outcome: str, reason: str) -> None:
    """Decide about an extra or refused swipe: it stays without subsidy, or it was never a meal. Right: canteen.check.

    Raises ``Refused`` E_CONFLICT_DECIDED when nothing is open, E_REASON_MISSING, E_CONFLICT_OUTCOME.
    """
    work.require("canteen.check")
    if outcome not in ("unsubsidised", "not_a_meal"):
        raise refuse(_("请选择怎样处理"), field="outcome", code="E_CONFLICT_OUTCOME")
    if not reason.strip():
        raise refuse(_("请写明理由"), field="reason", code="E_REASON_MISSING")
    asked = select(_SWIPE.id, _SWIPE.area).where(_SWIPE.id == swipe_id, is_open_question())
    found = work.session.connection().execute(scoped(work, asked, _SWIPE.area, "canteen.check")).first()
    if found is None:
        raise refuse(_("这笔记录没有等待处理的问题"), code="E_CONFLICT_DECIDED")
    work.session.add(
        Decision(
            swipe_id=swipe_id, outcome=outcome, reason=reason.strip(), account_id=work.actor.account_id, at=work.now
        )
    )
    work.record(
        "canteen.conflict_decided", f"canteen-swipe:{swipe_id}", area=found.area, reason=reason.strip(), outcome=outcome
    )


def void_meal(work: UnitOfWork, swipe_id: int, reason: str) -> None:
    """Take a served meal back; the subsidy goes to the next swipe of that meal, if there is one. Nothing is deleted.

    Right: canteen.serve for one's own entries of today, canteen.check for all. Raises ``Refused`` E_MEAL_VOID,
    E_SETTLE_LOCKED, E_REASON_MISSING.
    """
    work.require("canteen.serve")
    if not reason.strip():
        raise refuse(_("请写明撤销原因"), field="reason", code="E_REASON_MISSING")
    work.hold(SERVED, shared=True)
    asked = select(_SWIPE.id.table, is_void().label("void")).where(_SWIPE.id == swipe_id)
    found = work.session.connection().execute(asked).first()
    own = found is not None and found.recorder == work.actor.account_id and found.day == work.today
    if found is None or not work.may("canteen.serve" if own else "canteen.check", found.area):
        raise refuse(_("没有这笔用餐记录，或不由你撤销"), code="E_MEAL_VOID")
    if found.state != "standing" or found.void:
        raise refuse(_("这笔用餐没有成立，或已经撤销"), code="E_MEAL_VOID")
    if is_settled(work, found.site_id, month_of(found.day)):
        raise refuse(_(CODES["E_SETTLE_LOCKED"]), code="E_SETTLE_LOCKED")
    work.session.add(Void(swipe_id=swipe_id, reason=reason.strip(), account_id=work.actor.account_id, at=work.now))
    work.session.flush()
    award_slot(work, swipe_id)
    work.record("canteen.meal_voided", f"canteen-swipe:{swipe_id}", area=found.area, reason=reason.strip())


def is_settled(work: UnitOfWork, site_id: int, month: str) -> bool:
    """Whether a month of a site stands beyond a draft."""
    asked = select(_SETTLEMENT.id).where(
        _SETTLEMENT.site_id == site_id, _SETTLEMENT.month == month, _SETTLEMENT.state != "draft"
    )
    return work.session.connection().execute(asked).first() is not None


def missing_counters(work: UnitOfWork, site_id: int) -> dict[str, list[int]]:
    """Entries that terminals of a site wrote and that have not come in: gaps in their counters, the first twenty."""
    asked = select(_TERMINAL.id, _TERMINAL.serial, _TERMINAL.last_counter).where(_TERMINAL.site_id == site_id)
    found = {}
    for terminal_id, serial, last in work.session.connection().execute(asked):
        here = set[int]()
        for table in (_SWIPE, _VOID):
            here.update(
                work.session.connection().scalars(select(table.counter).where(table.terminal_id == terminal_id))
            )
        if len(here) < last:
            found[serial] = [counter for counter in range(1, last + 1) if counter not in here][:MISSING_SHOWN]
    return found


def close_day(work: UnitOfWork, site: str, day: date, pending: int = 0) -> DayClose:
    """Close a day of a site, when every entry of its terminals has come in. Right: canteen.serve.

    ``pending`` is what the counter itself still holds. Raises ``Refused`` E_DAY_UNSENT naming what is missing,
    E_DAY_CLOSED.
    """
    found = site_of(work, site, "canteen.serve")
    missing = missing_counters(work, found.id)
    if pending or missing:
        count = pending or sum(map(len, missing.values()))
        raise refuse(_("还有 {count} 笔没有上传，不能日结", count=count), code="E_DAY_UNSENT", hint=", ".join(missing))
    closes = columns(DayClose)
    already = select(closes.id).where(closes.site_id == found.id, closes.day == day)
    if work.session.connection().execute(already).first() is not None:
        raise refuse(_("这一天已经日结"), code="E_DAY_CLOSED")
    served = select(func.count(), func.coalesce(func.sum(_SWIPE.charged_fen), 0)).where(
        _SWIPE.site_id == found.id, _SWIPE.day == day, _SWIPE.state == "standing", ~is_void()
    )
    meals, charged = work.session.connection().execute(served).one()
    given = select(func.count(), func.coalesce(func.sum(_SUBSIDY.subsidy_fen), 0)).where(
        _SUBSIDY.site_id == found.id, _SUBSIDY.day == day
    )
    subsidised, subsidy = work.session.connection().execute(given).one()
    made = DayClose(
        site_id=found.id,
        day=day,
        meals=meals,
        subsidised=subsidised,
        charged_fen=int(charged),
        subsidy_fen=int(subsidy),
        account_id=work.actor.account_id,
        at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    work.record("canteen.day_closed", f"canteen-site:{found.id}", area=found.area, day=day.isoformat(), meals=meals)
    return made
