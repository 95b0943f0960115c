"""The monthly statement of funds: income and expenditure by source, scheme, town and month, from few rows.

Rolls come from the tallies that were written with them, the rest from the ledger's totals: no payment line is read.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, select, text
from sqlmodel import col

from core.funds.ledger import CASH, legs
from core.funds.models import Batch, Fund, LedgerAccount, Tally
from core.funds.queries import scheme_title
from core.funds.sources import SOURCES
from core.households.areas import area_names
from core.scope import scoped
from core.tables import sum_of
from core.texts import _
from core.values import Period

if TYPE_CHECKING:
    from core.work import UnitOfWork

PAID = ("released", "sent", "settled")


def statement(work: "UnitOfWork", period: str = "") -> Iterator[list[Any]]:
    """One row a fund: source, purpose, opening, income, expenditure, closing, owed; in fen."""
    month = str(Period(period)) if period else str(Period.of(work.today))
    leg = legs()
    rows = work.session.connection().execute(
        select(
            leg.c.fund_id,
            leg.c.account,
            (leg.c.period < month).label("earlier"),
            sum_of(leg.c.fen),
            sum_of(_positive(leg.c.fen)),
        )
        .where(leg.c.period <= month)
        .group_by(leg.c.fund_id, leg.c.account, text("earlier"))
    )
    sums: dict[int, dict[str, int]] = {}
    for fund_id, account, before, fen, into in rows:
        found = sums.setdefault(fund_id, {"opening": 0, "income": 0, "spent": 0, "owed": 0})
        if account in CASH:
            if before:
                found["opening"] += int(fen)
            else:
                found["income"] += int(into)
                found["spent"] += int(into) - int(fen)
        if account in ("2001", "2002", "2003"):
            found["owed"] -= int(fen)
    for fund in work.session.scalars(select(Fund).order_by(col(Fund.year), col(Fund.source), col(Fund.code))):
        one = sums.get(fund.id or 0)
        if one is None:
            continue
        closing = one["opening"] + one["income"] - one["spent"]
        yield [
            _(SOURCES[fund.source]), fund.code, fund.name, scheme_title(work, fund.scheme) if fund.scheme else "",
            fund.document, one["opening"], one["income"], one["spent"], closing, one["owed"],
        ]  # fmt: skip


def payments(work: "UnitOfWork", period: str = "") -> Iterator[list[Any]]:
    """One row a scheme, town, category and month: lines and fen of the month's released rolls."""
    month = str(Period(period)) if period else str(Period.of(work.today))
    tally = (Tally.town, Tally.category, Tally.for_month, Tally.component)
    asked = (
        select(col(Batch.scheme), *(col(one) for one in tally), sum_of(col(Tally.count)), sum_of(col(Tally.amount_fen)))
        .join(Batch, col(Batch.id) == col(Tally.batch_id))
        .where(col(Batch.period) == month, col(Batch.state).in_(PAID))
        .group_by(col(Batch.scheme), *(col(one) for one in tally))
        .order_by(col(Batch.scheme), *(col(one) for one in tally))
    )
    rows = work.session.execute(scoped(work, asked, col(Tally.town), "funds.show")).all()
    names = area_names(work, {row.town for row in rows})
    for row in rows:
        yield [
            scheme_title(work, row.scheme), names.get(row.town, row.town), row.category, row.for_month, row.component,
            int(row[5]), int(row[6]),
        ]  # fmt: skip


def trial_balance(work: "UnitOfWork", period: str = "") -> Iterator[list[Any]]:
    """One row an account of the chart: debits, credits and balance up to a month, in fen."""
    month = str(Period(period)) if period else str(Period.of(work.today))
    leg = legs()
    rows = work.session.connection().execute(
        select(leg.c.entity, leg.c.account, col(LedgerAccount.title), sum_of(_positive(leg.c.fen)), sum_of(leg.c.fen))
        .join(LedgerAccount, col(LedgerAccount.code) == leg.c.account)
        .where(leg.c.period <= month)
        .group_by(leg.c.entity, leg.c.account, col(LedgerAccount.title))
        .order_by(leg.c.entity, leg.c.account)
    )
    for entity, account, title, debit, balance in rows:
        books = _("慈善") if entity == "charity" else _("财政")
        yield [books, account, _(title), int(debit), int(debit) - int(balance), int(balance)]


def _positive(column: Any) -> Any:
    return case((column > 0, column), else_=0)
