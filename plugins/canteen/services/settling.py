"""The month of a site: counted in one pass over the meals, checked, approved, paid through the funds of the core."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select, text
from sqlmodel import col

from core.api import (
    Lines,
    NewBatch,
    NotFound,
    Objection,
    Payments,
    Refused,
    RowObjection,
    UnitOfWork,
    _,
    add_lines,
    batches_of,
    close_batch,
    columns,
    in_parts,
    lines_of_batch,
    lines_of_beneficiaries,
    open_batch,
    refuse,
    row_id,
    scoped,
)
from plugins.canteen.models import SERVED, Assessment, Settlement, SettlementStep, Site
from plugins.canteen.rules import PAYERS, Rates, month_days
from plugins.canteen.services.common import CHECK, DECIDE, PAY, SETTLE, SHOW, keep, moved, own_site
from plugins.canteen.services.contracting import payable_sites
from plugins.canteen.sites import suspended_days
from plugins.canteen.tiers import chosen, rates_on, versions
from plugins.canteen.wishes import ApproveSettlement, BatchMonth, PassSettlement, ReturnSettlement, SettleMonth

DINER_SCHEME, OPERATOR_SCHEME = "canteen_diner", "canteen_operator"
_ASSESSMENT = columns(Assessment)
_COUNTED = "s.day >= :first AND s.day <= :last"
MEALS = text(
    "SELECT s.site_id, s.day, w.tier, s.subsidy_fen, COUNT(*) AS meals, SUM(w.list_price_fen) AS list_fen,"  # noqa: S608
    " SUM(CASE WHEN w.delivery_fee_fen > 0 THEN 1 ELSE 0 END) AS deliveries"
    " FROM canteen_subsidy s JOIN canteen_swipe w ON w.id = s.swipe_id"
    f" WHERE {_COUNTED} GROUP BY s.site_id, s.day, w.tier, s.subsidy_fen ORDER BY s.site_id, s.day, w.tier"
)
PERSONS = text(
    "SELECT s.site_id, COUNT(DISTINCT s.person_id) AS persons"  # noqa: S608
    f" FROM canteen_subsidy s WHERE {_COUNTED} GROUP BY s.site_id"
)
FULL_PRICE = text(
    "SELECT w.site_id, COUNT(*) AS meals FROM canteen_swipe w WHERE w.day >= :first AND w.day <= :last"
    " AND w.state = 'standing' AND w.subsidy_fen = 0"
    " AND NOT EXISTS (SELECT 1 FROM canteen_void v WHERE v.swipe_id = w.id)"
    " AND NOT EXISTS (SELECT 1 FROM canteen_void v WHERE v.terminal_id = w.terminal_id"
    " AND v.voided_counter = w.counter) GROUP BY w.site_id"
)
UNDECIDED = text(
    "SELECT w.site_id, COUNT(*) AS meals FROM canteen_swipe w"
    " WHERE w.day >= :first AND w.day <= :last AND w.state = 'standing' AND w.kind = 'meal' AND w.subsidy_fen > 0"
    " AND NOT EXISTS (SELECT 1 FROM canteen_subsidy s WHERE s.swipe_id = w.id)"
    " AND NOT EXISTS (SELECT 1 FROM canteen_decision d WHERE d.swipe_id = w.id)"
    " AND NOT EXISTS (SELECT 1 FROM canteen_void v WHERE v.swipe_id = w.id)"
    " AND NOT EXISTS (SELECT 1 FROM canteen_void v WHERE v.terminal_id = w.terminal_id"
    " AND v.voided_counter = w.counter) GROUP BY w.site_id"
)


@dataclass
class Counted:
    """What the meals of a site and month add up to; ``served`` are meals by day."""

    meals: int = 0
    list_fen: int = 0
    subsidy_fen: int = 0
    deliveries: int = 0
    persons: int = 0
    full_price: int = 0
    parts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PAYERS, 0))
    served: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    rows: list[tuple[Any, ...]] = field(default_factory=list)


def settle(work: UnitOfWork, wish: SettleMonth) -> Settlement:
    """Draw up the settlement of a site and month, anew while it is a draft.

    Refused with E_SETTLE_LOCKED once the township checked it, with E_SETTLE_CONFLICT while meals wait for a decision.
    """
    site = own_site(work, wish.site, SETTLE)
    return settle_sites(work, wish.month, [site])[0]


def settle_month(work: UnitOfWork, month: str) -> list[Settlement]:
    """Draw up the settlements of all sites of one's areas that are not checked yet and have no open conflicts."""
    work.require(SETTLE)
    asked = scoped(work, select(Site).where(col(Site.state) != "planned"), col(Site.area), SETTLE)
    sites = list(work.session.scalars(asked.order_by(col(Site.id))))
    locked, waiting = _locked(work, month, sites), _undecided(work, month)
    return settle_sites(work, month, [one for one in sites if one.id not in locked and one.id not in waiting])


def settle_sites(work: UnitOfWork, month: str, sites: Sequence[Site]) -> list[Settlement]:
    """Draw up settlements in one pass over the meals of a month; the right is the caller's."""
    first, last = month_days(month)
    if first > work.today:
        raise refuse(_("{month} 还没有到", month=month), field="month", code="E_FUTURE_DATE")
    locked, waiting = _locked(work, month, sites), _undecided(work, month)
    found = []
    for site in sites:
        if site.id in locked:
            reason = _("{site} {month} 的结算已经审核，不能重新生成", site=site.number, month=month)
            found.append(Objection(reason=reason, field="month", code="E_SETTLE_LOCKED"))
        if site.id in waiting:
            reason = _("{site} {month} 有 {count} 餐重复刷卡等待处理", site=site.number, month=month,
                       count=waiting[site.id])  # fmt: skip
            hint = _("先在“待处理的用餐记录”里逐条处理")
            found.append(Objection(reason=reason, field="month", code="E_SETTLE_CONFLICT", hint=hint))
    if found:
        raise Refused(found)
    counted = _count(work, month)
    stopped = suspended_days(work, [site.id or 0 for site in sites], first, last)
    grades, rates = _grades(work, month, sites), rates_on(work, first)
    drafts = {
        one.site_id: one
        for one in _in_parts(work, select(Settlement).where(col(Settlement.month) == month), Settlement.site_id, sites)
    }
    made, fresh = [], []
    for site in sites:
        number = site.id or 0
        values = _values(counted.get(number, Counted()), stopped.get(number, set()), rates, grades[number])
        one = drafts.get(number)
        if one is None:
            one = Settlement(
                site_id=number, area=site.area, month=month, digest="", made_at=work.now, made_by=work.actor.account_id
            )
            fresh.append(one)
        for name, value in values.items():
            setattr(one, name, value)
        one.area, one.operator_id, one.made_at, one.made_by = (
            site.area, site.operator_id, work.now, work.actor.account_id,
        )  # fmt: skip
        made.append(one)
    keep(work, *made)
    totals = {"sites": len(made), "meals": sum(one.meals for one in made), "claim_fen": sum(o.claim_fen for o in made)}
    what = f"canteen_settlement:{made[0].id}" if len(made) == 1 else f"canteen_month:{month}"
    area = made[0].area if len(made) == 1 else ""
    work.record("canteen.settlement_made", what, area=area, after={"month": month, **totals})
    return made


def _in_parts(work: UnitOfWork, asked: Any, column: Any, sites: Sequence[Site]) -> Iterable[Any]:
    ids = [site.id or 0 for site in sites]
    for part in in_parts(ids):
        yield from work.session.scalars(asked.where(col(column).in_(part)))


def _locked(work: UnitOfWork, month: str, sites: Sequence[Site]) -> set[int]:
    asked = select(Settlement).where(col(Settlement.month) == month, col(Settlement.state) != "draft")
    return {one.site_id for one in _in_parts(work, asked, Settlement.site_id, sites)}


def _undecided(work: UnitOfWork, month: str) -> dict[int, int]:
    rows = work.session.connection().execute(UNDECIDED, _span(month))
    return {row.site_id: row.meals for row in rows}


def _span(month: str) -> dict[str, str]:
    first, last = month_days(month)
    return {"first": first.isoformat(), "last": last.isoformat()}


def _count(work: UnitOfWork, month: str) -> dict[int, Counted]:
    """Every site's meals of a month from three questions; who pays what follows from tier and the day's rates."""
    connection, span = work.session.connection(), _span(month)
    found: dict[int, Counted] = defaultdict(Counted)
    known, by_day = versions(work), dict[str, Rates]()
    for row in connection.execute(MEALS, span):
        one, day = found[row.site_id], str(row.day)[:10]
        one.meals += row.meals
        one.list_fen += int(row.list_fen)
        one.subsidy_fen += row.subsidy_fen * row.meals
        one.deliveries += int(row.deliveries)
        one.served[date.fromisoformat(day)] += row.meals
        one.rows.append((day, row.tier, row.subsidy_fen, row.meals, int(row.list_fen)))
        if day not in by_day:
            by_day[day] = chosen(work, known, date.fromisoformat(day))
        for payer, fen in _borne(by_day[day], row.tier, row.subsidy_fen).items():
            one.parts[payer] += fen * row.meals
    for row in connection.execute(PERSONS, span):
        found[row.site_id].persons = row.persons
    for row in connection.execute(FULL_PRICE, span):
        found[row.site_id].full_price = row.meals
    return found


def _borne(rates: Rates, tier: str, subsidy_fen: int) -> dict[str, int]:
    """Who bears a subsidy: the payers of the tier in order; what no tier explains is the county's."""
    parts = next((one.parts for one in rates.tiers if one.code == tier), {})
    left, borne = subsidy_fen, {}
    for payer in PAYERS:
        borne[payer] = min(parts.get(payer, 0), left)
        left -= borne[payer]
    borne["county"] += left
    return borne


def _grades(work: UnitOfWork, month: str, sites: Sequence[Site]) -> dict[int, str]:
    """The grade of each site: of the newest assessment that had begun by the month, else the policy's."""
    known = dict.fromkeys((site.id or 0 for site in sites), work.policy("canteen.grade_unassessed"))
    asked = select(_ASSESSMENT.site_id, _ASSESSMENT.grade).where(_ASSESSMENT.from_month <= month)
    for row in work.session.connection().execute(asked.order_by(_ASSESSMENT.from_month, _ASSESSMENT.id)):
        if row.site_id in known:
            known[row.site_id] = row.grade
    return known


def _values(one: Counted, stopped: set[date], rates: Rates, grade: str) -> dict[str, Any]:
    """What a settlement says: totals, and the operating subsidy of days that were not suspended."""
    serving = {day: meals for day, meals in one.served.items() if day not in stopped}
    meals, days = sum(serving.values()), len(serving)
    rate = rates.operating.rate_at(meals, days)
    operating = rates.operating.amount(meals, rate, grade)
    claimed = one.parts["county"] + one.parts["town"]
    return {
        "meals": one.meals, "full_price_meals": one.full_price, "delivery_meals": one.deliveries,
        "persons": one.persons, "service_days": days, "suspended_days": len(stopped),
        "average_hundredths": meals * 100 // days if days else 0, "list_price_fen": one.list_fen,
        "diner_paid_fen": one.list_fen - one.subsidy_fen, "diner_subsidy_fen": one.subsidy_fen,
        "diner_claim_fen": claimed, "rate_fen": rate, "grade": grade,
        "factor_percent": rates.operating.factors.get(grade, 0), "operating_subsidy_fen": operating,
        "claim_fen": claimed + operating,
        "parts": json.dumps({payer: fen for payer, fen in one.parts.items() if fen}),
        "digest": hashlib.sha256(json.dumps(one.rows).encode()).hexdigest(),
    }  # fmt: skip


def own_settlement(work: UnitOfWork, text_: str, permission: str = SHOW) -> Settlement:
    """A settlement by id in the actor's areas; raises ``NotFound``."""
    work.require(permission)
    wanted = row_id(text_)
    asked = scoped(work, select(Settlement).where(col(Settlement.id) == wanted), col(Settlement.area), permission)
    found = work.session.scalars(asked).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这份结算，或不在你的辖区"))
    return found


def check_settlement(work: UnitOfWork, text_: str, wish: PassSettlement) -> Settlement:
    """The township checks a draft: the month is over, nothing waits, and the meals are still what was counted.

    Meals that come in or are taken back at this moment are waited for.
    """
    work.hold(SERVED)
    one = own_settlement(work, text_, CHECK)
    if one.state != "draft":
        raise _out_of_turn(one)
    if month_days(one.month)[1] >= work.today:
        raise refuse(_("{month} 还没有结束", month=one.month), code="E_FUTURE_DATE")
    if _undecided(work, one.month).get(one.site_id):
        raise refuse(_("还有重复刷卡等待处理"), code="E_SETTLE_CONFLICT")
    site = work.session.get_one(Site, one.site_id)
    counted = _count(work, one.month).get(one.site_id, Counted())
    if hashlib.sha256(json.dumps(counted.rows).encode()).hexdigest() != one.digest:
        reason = _("生成以后用餐记录有变化，请重新生成结算")
        raise refuse(reason, code="E_SETTLE_STALE", hint=f"huimin canteen settle --site {site.number}")
    one.checked_by = work.actor.account_id
    return _step(work, one, "township_checked", wish.note)


def approve_settlement(work: UnitOfWork, text_: str, wish: ApproveSettlement) -> Settlement:
    """The county approves; never who checked. The meeting's minutes are cited."""
    one = own_settlement(work, text_, DECIDE)
    if one.state != "township_checked":
        raise _out_of_turn(one)
    if one.checked_by == work.actor.account_id:
        raise refuse(_("岗位不相容：审核的人不能批准"), code="E_SOD")
    one.approved_by, one.minutes = work.actor.account_id, wish.minutes.strip()
    return _step(work, one, "county_approved", wish.minutes)


def return_settlement(work: UnitOfWork, text_: str, wish: ReturnSettlement) -> Settlement:
    """Give a settlement back to its draft, with the reason; one that lies in a batch of the funds stays."""
    one = own_settlement(work, text_, CHECK if work.may(CHECK) else DECIDE)
    if one.state not in ("township_checked", "county_approved", "batched") or _has_lines(work, one):
        raise _out_of_turn(one)
    one.checked_by = one.approved_by = None
    one.minutes = ""
    one.state = "draft"
    moved(work, one)
    _note(work, one, "returned", wish.reason)
    what = {"month": one.month}
    work.record("canteen.settlement_returned", _subject(one), area=one.area, reason=wish.reason, after=what)
    return one


def _has_lines(work: UnitOfWork, one: Settlement) -> bool:
    return one.state == "batched" and any(
        line.source_id == one.id
        for scheme in (DINER_SCHEME, OPERATOR_SCHEME)
        for line in lines_of_beneficiaries(work, scheme, [one.site_id])
    )


def batch_month(work: UnitOfWork, wish: BatchMonth) -> list[Settlement]:
    """Put the approved settlements of a month into batches of the funds: diners' subsidy and operators' subsidy.

    Each site needs an operator with an account and a contract in the month (E_CONTRACT).
    """
    work.require(PAY, work.settings.county.code)
    asked = select(Settlement).where(
        col(Settlement.month) == wish.month, col(Settlement.state) == "county_approved", col(Settlement.claim_fen) > 0
    )
    rows = list(work.session.scalars(asked.order_by(col(Settlement.id))))
    if not rows:
        raise refuse(_("{month} 没有已批准、待支付的结算", month=wish.month), field="month", code="E_SETTLE_NONE")
    sites = _sites(work, rows)
    payable = payable_sites(work, sites, wish.month)
    lacking = [site.number for site in sites if site.id not in payable]
    if lacking:
        raise Refused(
            Objection(
                reason=_("{site} 没有经营者、收款账号或当月有效的合同", site=number),
                code="E_CONTRACT",
                hint=_("先登记经营者、账号和合同"),
            )  # fmt: skip
            for number in lacking
        )
    for scheme, name in ((DINER_SCHEME, "diner_claim_fen"), (OPERATOR_SCHEME, "operating_subsidy_fen")):
        again = _in_open_batches(work, wish.month, scheme)
        known = payable | payable_sites(work, _sites(work, again), wish.month)
        _batch(work, wish.month, scheme, [(row, getattr(row, name)) for row in [*again, *rows]], known)
    for row in rows:
        if row.state == "county_approved":
            row.operator_id = payable[row.site_id][0]
            _step(work, row, "batched", "")
    return rows


def _sites(work: UnitOfWork, rows: Sequence[Settlement]) -> list[Site]:
    found: list[Site] = []
    ids = sorted({row.site_id for row in rows})
    for part in in_parts(ids):
        found.extend(work.session.scalars(select(Site).where(col(Site.id).in_(part))))
    return found


def _in_open_batches(work: UnitOfWork, month: str, scheme: str) -> list[Settlement]:
    """Settlements whose lines lie in a batch that nobody submitted: it is built anew together with the new ones."""
    sources = {
        line.source_id
        for batch in batches_of(work, scheme, month)
        if batch.state in ("building", "draft")
        for line in lines_of_batch(work, batch.id)
    }
    asked = select(Settlement).where(col(Settlement.month) == month, col(Settlement.state) == "batched")
    return [one for one in work.session.scalars(asked.order_by(col(Settlement.id))) if one.id in sources]


def _batch(
    work: UnitOfWork, month: str, scheme: str, wanted: Sequence[tuple[Settlement, int]],
    payable: Mapping[int, tuple[int, int]],
) -> None:  # fmt: skip
    lines = [(row, fen) for row, fen in wanted if fen > 0]
    if not lines:
        return
    batch = open_batch(work, NewBatch(scheme=scheme, period=month))
    count = len(lines)
    add_lines(
        work,
        batch.id,
        Lines(
            beneficiary_ids=[row.site_id for row, _fen in lines], person_ids=[0] * count,
            areas=[row.area for row, _fen in lines], months=[month] * count, components=["BASIC"] * count,
            revisions=[0] * count, categories=[""] * count, amounts=[fen for _row, fen in lines],
            payee_ids=[payable[row.site_id][1] for row, _fen in lines], source_ids=[row.id or 0 for row, _fen in lines],
        ),
        built_to=max(row.id or 0 for row, _fen in lines),
    )  # fmt: skip
    close_batch(work, batch.id)


def payment_objections(work: UnitOfWork, payments: Payments) -> Iterable[RowObjection]:
    """Lines whose settlement does not stand in the batch, or says another amount."""
    name = {DINER_SCHEME: "diner_claim_fen", OPERATOR_SCHEME: "operating_subsidy_fen"}.get(payments.scheme)
    if name is None:
        return
    rows = {one.id: one for one in _of_lines(work, payments)}
    for place, (source, fen) in enumerate(zip(payments.source_ids.tolist(), payments.amounts.tolist(), strict=True)):
        one = rows.get(source)
        if one is None or one.state not in ("batched", "paid") or getattr(one, name) != fen:
            yield RowObjection(row=place, reason=_("与批准的结算不一致"), code="E_STALE_ROLL", hint=_("重新生成批次"))


def note_paid(work: UnitOfWork, payments: Payments) -> None:
    """Add up what the bank paid of settlements; one whose claim is paid in full is done."""
    if payments.scheme not in (DINER_SCHEME, OPERATOR_SCHEME):
        return
    rows = {one.id: one for one in _of_lines(work, payments)}
    for source, fen in zip(payments.source_ids.tolist(), payments.amounts.tolist(), strict=True):
        one = rows[source]
        one.paid_fen += fen
        if one.paid_fen == one.claim_fen:
            one.paid_on = work.today
            _step(work, one, "paid", "")
        else:
            moved(work, one)


def _of_lines(work: UnitOfWork, payments: Payments) -> list[Settlement]:
    ids = sorted(set(payments.source_ids.tolist()))
    found: list[Settlement] = []
    for part in in_parts(ids):
        found.extend(work.session.scalars(select(Settlement).where(col(Settlement.id).in_(part))))
    return found


def _step(work: UnitOfWork, one: Settlement, state: str, note: str) -> Settlement:
    before, one.state = one.state, state
    moved(work, one)
    _note(work, one, state, note)
    after = {"state": state, "month": one.month, "claim_fen": one.claim_fen}
    work.record("canteen.settlement_stepped", _subject(one), area=one.area, reason=note, before={"state": before},
                after=after)  # fmt: skip
    return one


def _note(work: UnitOfWork, one: Settlement, step: str, reason: str) -> None:
    keep(
        work,
        SettlementStep(
            settlement_id=one.id or 0, step=step, reason=reason.strip(), account_id=work.actor.account_id, at=work.now
        ),
    )


def _subject(one: Settlement) -> str:
    return f"canteen_settlement:{one.id}"


def _out_of_turn(one: Settlement) -> Refused:
    return refuse(_("这份结算现在的状态不能这样办理"), code="E_SETTLE_STATE")
