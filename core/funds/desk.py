"""What the money shows on the desk and on a household's page."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from core.extension import TASKS_MAX, Chart, Lane, Panel, Point, Series, Task, Tile
from core.funds import queries, recoveries
from core.funds.batches import RELEASE, RIGHTS, SENT_BACK, batch_title, state_words
from core.funds.detectors import list_findings
from core.funds.models import Batch, BatchStep
from core.funds.models import Period as Month
from core.funds.oversight import township_match
from core.funds.results import list_returned
from core.funds.standing import paid_by_month
from core.showing import count, money, month_in_words
from core.texts import _
from core.values import Period

if TYPE_CHECKING:
    from core.work import UnitOfWork

MONTHS = 12
"""A year of money."""
HUES = 8
"""Colour numbers of the stylesheet."""
_NEXT = {"draft": "funds.submit", "submitted": "funds.review", "reviewed": "funds.approve", "approved": "funds.release"}


def tiles(work: "UnitOfWork") -> Iterator[Tile]:
    """Money that is free, what was paid this month, and what is claimed back."""
    if not work.may("funds.show"):
        return
    known = queries.balances(work).values()
    yield Tile(
        title=_("可分配资金"), figure=money(sum(one.available for one in known)), unit=_("元"), path="/funds", order=30
    )
    match = township_match(work, work.today.year)
    if match.required_fen:
        yield Tile(
            title=_("乡镇配套"),
            figure=money(match.actual_fen),
            unit=_("元"),
            note=_("已达标") if match.standing.met else _("还差 {gap} 元", gap=money(-int(match.standing.gap))),
            path="/funds",
            order=40,
        )
    number, fen = recoveries.open_total(work)
    if number:
        yield Tile(
            title=_("应追回"),
            figure=money(fen),
            unit=_("元"),
            note=_("{count} 笔", count=count(number)),
            path="/funds/recoveries",
            order=60,
        )


def charts(work: "UnitOfWork") -> Iterator[Chart]:
    """What the batches of the last twelve months pay, by scheme; a last month that is not all at the bank is pale."""
    if not work.may("funds.show"):
        return
    now = Period.of(work.today)
    months = list(Period.span(now.plus(1 - MONTHS), now))
    sums, waiting = paid_by_month(work, months[0], now)
    schemes = sorted({scheme for scheme, _month in sums})
    yield Chart(
        title=_("资金发放"),
        steps=[_month_title(one, told=one in (months[0], now) or one.month == 1) for one in months],
        series=[
            Series(
                title=queries.scheme_title(work, scheme),
                hue=at % HUES + 1,
                values=[sums.get((scheme, month), 0) for month in months],
            )
            for at, scheme in enumerate(schemes)
        ],
        kind="money",
        pale=int(now in waiting),
        note=_("近 12 个月提交的批次，浅色还没有全部送银行"),
        path="/funds/batches",
        order=10,
    )


def _month_title(month: Period, *, told: bool) -> str:
    """A month under its column; the year is told where it begins."""
    if told:
        return _("{year}年{month}月", year=f"{month.year % 100:02d}", month=month.month)
    return _("{month}月", month=month.month)


def tasks(work: "UnitOfWork") -> Iterator[Task]:
    """Batches that wait for a step this person may take, returned lines, months to close, findings to answer."""
    if work.may("funds.show"):
        yield from _money_tasks(work)
    if work.may("funds.close"):
        yield from _closing_tasks(work)
    if work.may("funds.decide_finding"):
        found = list_findings(work)
        if found:
            words = _("{count} 条", count=count(len(found)))
            yield Task(title=_("内审线索待答复"), subject=words, path="/funds/findings", step=_("答复"))


def _closing_tasks(work: "UnitOfWork") -> Iterator[Task]:
    """Months that the accountant prepared and nobody closed, for whoever closes them."""
    prepared = select(Month).where(col(Month.prepared_by).is_not(None), col(Month.closed_by).is_(None))
    for one in work.session.scalars(prepared.order_by(col(Month.period))).all():
        if one.prepared_by != work.actor.account_id:
            month = month_in_words(one.period)
            yield Task(title=_("月结"), subject=month, path=f"/funds/reconcile?period={one.period}", step=_("审计结账"))


def _money_tasks(work: "UnitOfWork") -> Iterator[Task]:
    acted = select(col(BatchStep.batch_id)).where(
        col(BatchStep.actor) == work.actor.account_id, col(BatchStep.step) < SENT_BACK
    )
    rights = {state: right for state, right in _NEXT.items() if work.may(right)}
    waiting = select(Batch).where(col(Batch.state).in_(list(rights)), col(Batch.id).not_in(acted))
    for batch in work.session.scalars(waiting.order_by(col(Batch.id)).limit(TASKS_MAX)).all():
        yield Task(
            title=batch_title(work, batch),
            subject=_("{lines} 行，{total} 元", lines=count(batch.count), total=money(batch.total_fen)),
            path=f"/funds/batches/{batch.id}",
            step=state_words(batch.state),
            number=str(batch.id),
        )
    if work.may(RIGHTS[RELEASE]) or work.may("funds.build"):
        lines = list_returned(work)
        held = sum(line["held"] for line in lines)
        if lines:
            yield Task(
                title=_("退票待更正重发"),
                subject=_("{count} 行，其中挂账 {held} 行", count=count(len(lines)), held=count(held)),
                path="/funds/returned",
                state="bad" if held else "warn",
            )


def payment_panels(work: "UnitOfWork", person_ids: tuple[int, ...]) -> Iterator[Panel]:
    """The newest payments of a household: rows, and a lane for each scheme."""
    if not work.may("funds.show"):
        return
    lines = queries.payments_of(work, person_ids)
    if not lines:
        return
    lanes: dict[str, list[Point]] = {}
    for line in lines:
        day = date.fromisoformat(f"{line['for_month']}-01")
        lanes.setdefault(line["scheme"], []).append(Point(on=day, label=money(line["amount_fen"])))
    rows = [
        (
            _(
                "{month} {scheme}",
                month=month_in_words(line["for_month"]),
                scheme=queries.scheme_title(work, line["scheme"]),
            ),
            _("{amount} 元，{state}", amount=money(line["amount_fen"]), state=payment_words(line["state"])),
        )
        for line in lines[:12]
    ]
    yield Panel(
        title=_("发放记录"),
        rows=rows,
        lanes=[Lane(title=queries.scheme_title(work, scheme), points=points) for scheme, points in lanes.items()],
    )


def payment_words(state: str) -> str:
    """A payment's state in words: the bank's word, or its batch's state."""
    return {"paid": _("已付"), "returned": _("退票")}.get(state) or state_words(state)
