"""What donations bring to the desk and to pages of households and persons."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import func, select
from sqlmodel import col

from core.api import TASKS_MAX, Lane, Panel, Point, Span, Task, Tile, UnitOfWork, _, format_money, scoped
from plugins.donations import words
from plugins.donations.figures import year_of
from plugins.donations.models import Donor, Drive, Gift, Helper, Lot, Pair, Spending, Visit
from plugins.donations.queries import LIVE, SHOW, lots_left, unreversed
from plugins.donations.rules import latest_filing, months_later
from plugins.donations.services.common import DISCLOSE, KEEP, PAIR, RECEIPT, charity_name, charity_of
from plugins.donations.services.disclosing import late_days
from plugins.donations.showing import day, share, span, ten_thousands

_SOON = 30


def _may(work: UnitOfWork, right: str) -> bool:
    return work.may(right, work.settings.county.code)


def tiles(work: UnitOfWork) -> Iterable[Tile]:
    """What was raised this year against this year's goal."""
    if not _may(work, SHOW):
        return []
    found = year_of(work, work.today.year)
    goal = work.policy("donations.goal_raised_year")
    note = _("目标的 {share}，救助 {people} 人", share=share(found.raised_fen, goal), people=found.people)
    figure = ten_thousands(found.raised_fen)
    return [Tile(title=_("本年募捐"), figure=figure, unit=_("万元"), note=note, path="/donations", order=65)]


def tasks(work: UnitOfWork) -> Iterable[Task]:
    """Disclosures and filings by their days, gifts without receipt, goods about to expire, pairs to visit or review."""
    if _may(work, DISCLOSE):
        yield from _disclosures(work)
    if _may(work, KEEP):
        yield from _certificate(work)
        yield from _filings(work)
        yield from _goods(work)
    if _may(work, RECEIPT):
        yield from _receipts(work)
    if work.may(PAIR):
        yield from _pairs(work)


def _disclosures(work: UnitOfWork) -> Iterable[Task]:
    for one, due in late_days(work):
        left = (due - work.today).days
        if left > _SOON:
            continue
        yield Task(
            title=_("公开募捐情况"),
            subject=one.title,
            path=f"/donations/drives/{one.id}",
            step=_("公开"),
            number=one.number,
            due=due,
            state="bad" if left < 0 else "warn",
        )


def _certificate(work: UnitOfWork) -> Iterable[Task]:
    """The charity's qualification, before it runs out."""
    until = charity_of(work).certificate_to
    if until is None or (until - work.today).days > _SOON:
        return
    past = until < work.today
    yield Task(
        title=_("公开募捐资格证书已过期") if past else _("公开募捐资格证书快到期"),
        subject=charity_name(work, charity_of(work)),
        path="/donations/charity/1",
        step=_("办理"),
        due=until,
        state="bad" if past else "warn",
    )


def _filings(work: UnitOfWork) -> Iterable[Task]:
    """Drafts whose last day for filing comes near, and emergencies that were not filed yet."""
    asked = select(Drive).where(
        (col(Drive.state) == "draft") | (col(Drive.emergency).is_(True) & col(Drive.filed_on).is_(None)),
        col(Drive.state).in_(("draft", "filed")),
        col(Drive.targeted).is_(False),
    )
    for one in work.session.scalars(asked.order_by(col(Drive.id)).limit(TASKS_MAX)):
        name = "donations.emergency_filing_days" if one.emergency else "donations.filing_days"
        due = latest_filing(one.start_on, work.policy(name), emergency=bool(one.emergency))
        yield Task(
            title=_("募捐方案备案"),
            subject=one.title,
            path=f"/donations/drives/{one.id}",
            step=_("登记备案"),
            number=one.number,
            due=due,
            state="bad" if due < work.today else "warn",
        )


def _goods(work: UnitOfWork) -> Iterable[Task]:
    until = work.today + timedelta(days=_SOON)
    asked = (
        select(Lot)
        .join(Gift, col(Gift.id) == col(Lot.gift_id))
        .where(col(Lot.expires_on).is_not(None), col(Lot.expires_on) <= until, col(Gift.state).in_(LIVE))
        .order_by(col(Lot.expires_on))
        .limit(200)
    )
    lots = list(work.session.scalars(asked))
    left = lots_left(work, lots)
    for one in lots:
        if not left[one.id or 0]:
            continue
        past = one.expires_on is not None and one.expires_on < work.today
        yield Task(
            title=_("物资已过期") if past else _("物资快到有效期"),
            subject=_("{item}，还有 {left} {unit}", item=one.item, left=left[one.id or 0], unit=one.unit),
            path=f"/donations/goods/{one.id}",
            step=_("办理"),
            due=one.expires_on,
            state="bad" if past else "warn",
        )


def _receipts(work: UnitOfWork) -> Iterable[Task]:
    count = work.session.scalar(
        select(func.count())
        .select_from(Gift)
        .join(Donor, col(Donor.id) == col(Gift.donor_id))
        .where(col(Gift.state) == "received", col(Gift.receipt_refused).is_(False), col(Donor.kind) != "anonymous")
    )
    if count:
        subject = _("{count} 笔捐赠", count=count)
        yield Task(
            title=_("还没有开票"), subject=subject, path="/donations/gifts?state=received", step=_("开票"), state="warn"
        )


def _pairs(work: UnitOfWork) -> Iterable[Task]:
    """Households to be visited, reviewed, or matched anew after a helper left."""
    asked = select(Pair).where(col(Pair.state).in_(("proposed", "active"))).order_by(col(Pair.id)).limit(500)
    rows = list(work.session.scalars(scoped(work, asked, col(Pair.area), PAIR)))
    visited = {
        row[0]: row[1]
        for row in work.session.execute(
            select(col(Visit.pair_id), func.max(col(Visit.visited_on)))
            .where(col(Visit.pair_id).in_([one.id for one in rows]))
            .group_by(col(Visit.pair_id))
        )
    }
    visits, reviews = work.policy("donations.pair_visit_months"), work.policy("donations.pair_review_months")
    rematch = work.policy("donations.pair_rematch_days")
    for one in rows:
        if one.state == "proposed":
            due, title, step = one.state_on + timedelta(days=rematch), _("给结对户找帮扶人"), _("登记帮扶人")
        else:
            visit = months_later(visited.get(one.id or 0, one.state_on), visits)
            review = months_later(one.reviewed_on or one.state_on, reviews)
            due = min(visit, review)
            title, step = (_("走访结对户"), _("登记走访")) if visit <= review else (_("结对半年评估"), _("半年评估"))
        if (due - work.today).days > _SOON:
            continue
        yield Task(
            title=title,
            subject=one.number,
            path=f"/donations/pairs/{one.id}",
            step=step,
            area=one.area,
            number=one.number,
            due=due,
            state="bad" if due < work.today else "note",
        )


def household_panels(work: UnitOfWork, household_id: int, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    """Who helps a household, and what its members got, for who may see it; that it was seen is recorded."""
    yield from _pair_panel(work, household_id)
    yield from person_panels(work, person_ids)


def _pair_panel(work: UnitOfWork, household_id: int) -> Iterable[Panel]:
    if not work.may(SHOW):
        return
    asked = select(Pair).where(col(Pair.household_id) == household_id).order_by(col(Pair.id))
    found = list(work.session.scalars(scoped(work, asked, col(Pair.area), SHOW)))
    if not found:
        return
    for one in found:
        work.record_read("donations.panel_read", f"donations_pair:{one.id}", area=one.area)
    last = found[-1]
    names = work.session.scalars(
        select(col(Helper.name)).where(col(Helper.pair_id) == last.id, col(Helper.until).is_(None))
    ).all()
    points = [
        Point(on=visit.visited_on, label=_("走访：{help}", help=_(words.HELPS[visit.help])))
        for visit in work.session.scalars(
            select(Visit).where(col(Visit.pair_id).in_([one.id for one in found])).order_by(col(Visit.visited_on))
        )
    ]
    spans = [Span(since=one.since, until=one.until, label=_(words.PAIR_MODES[one.mode])) for one in found]
    rows = [
        (_("状态"), _(words.PAIR_STATES[last.state])),
        (_("帮扶人"), "、".join(names)),
        (_("期间"), span(last.since, last.until)),
        (_("最近走访"), day(points[-1].on) if points else "--"),
    ]
    lane = Lane(title=_("结对帮扶"), spans=spans, points=points)
    yield Panel(title=_("结对帮扶"), rows=rows, lanes=[lane], path=f"/donations/pairs/{last.id}", order=65)


def person_panels(work: UnitOfWork, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    """What persons got of the charity, and what they gave."""
    if not _may(work, SHOW) or not person_ids:
        return
    asked = (
        select(Spending)
        .where(col(Spending.person_id).in_(person_ids), unreversed())
        .order_by(col(Spending.spent_on), col(Spending.id))
        .limit(200)
    )
    aid = list(work.session.scalars(asked))
    donors = list(work.session.scalars(select(Donor).where(col(Donor.person_id).in_(person_ids))))
    if not aid and not donors:
        return
    for person in sorted({one.person_id for one in aid if one.person_id} | {one.person_id or 0 for one in donors}):
        work.record_read("donations.panel_read", f"person:{person}")
    rows = [
        (
            day(one.spent_on),
            " · ".join([_(words.SPENDING_KINDS[one.kind]), _(words.USES[one.use]), _amount(one.amount_fen)]),
        )
        for one in aid
    ]
    rows += [(one.number, _("捐赠人")) for one in donors]
    points = [Point(on=one.spent_on, label=_amount(one.amount_fen)) for one in aid]
    lanes = [Lane(title=_("慈善救助"), points=points)] if points else []
    yield Panel(title=_("慈善救助和捐赠"), rows=rows, lanes=lanes, path="/donations", order=66)


def _amount(fen: int) -> str:
    return _("{amount} 元", amount=format_money(fen))
