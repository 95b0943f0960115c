"""The journal of the charity's books, for plugins: money and goods of a charity are booked here and nowhere else.

The charity is a legal person of its own: fiscal money is never booked through this door. Each purpose a donor named is
a fund, so that the database holds every purpose to its own cash. Right and record are the caller's. [funds.md 9, 11]
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select
from sqlmodel import col

from core.errors import refuse
from core.funds import ledger
from core.funds.ledger import Booked, Move, NewVoucher
from core.funds.models import Fund, FundBalance, SpecialAccount
from core.funds.sources import CHARITABLE, find_account
from core.tables import sum_of
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork

CHARITY_ENTITY = "charity"


@dataclass(frozen=True, kw_only=True)
class NewCharityFund:
    """A fund for one purpose of a charity's donors: ``source`` is DON_R or DON_U, ``first_fen`` what opens it.

    ``account`` is the code of the charity's bank account.
    """

    code: str
    name: str
    source: str
    first_fen: int
    account: str
    purpose: str = ""


def keep_charity_fund(work: "UnitOfWork", wish: NewCharityFund) -> int:
    """The fund of a code, made when it is not there yet; refused (E_ENTITY) outside the charity's books."""
    account = find_account(work, wish.account)
    if account.entity != CHARITY_ENTITY or wish.source not in CHARITABLE:
        raise refuse(_("捐赠资金属于慈善会，与财政资金分开记账"), field="account", code="E_ENTITY")
    known = work.session.scalars(select(Fund).where(col(Fund.code) == wish.code)).one_or_none()
    if known is not None:
        _require_charity(work, [known.id or 0])
        return known.id or 0
    fund = Fund(
        code=wish.code,
        name=wish.name,
        source=wish.source,
        year=work.today.year,
        amount_fen=wish.first_fen,
        document=wish.code,
        purpose=wish.purpose,
        account_id=account.id or 0,
        added_on=work.today,
        added_by=work.actor.account_id,
    )
    work.session.add(fund)
    work.session.flush()
    work.session.execute(insert(FundBalance).values(fund_id=fund.id, cash_fen=0))
    work.record("funds.fund_added", f"fund:{fund.id}", after={"code": wish.code, "source": wish.source})
    return fund.id or 0


def post(work: "UnitOfWork", wish: NewVoucher, moves: Sequence[Move]) -> Booked:
    """Book a voucher of the charity; refused with E_OVERDRAFT, E_CLOSED_PERIOD, or E_ENTITY for fiscal money."""
    _require_charity(work, {move.fund_id for move in moves})
    return ledger.book(work, wish, moves)


def post_reversal(work: "UnitOfWork", voucher_id: int, reason: str, subject: str) -> Booked:
    """Book the mirror of one of the charity's vouchers (红字冲销), once."""
    moves = ledger.table_of(ledger.Transfer)
    _require_charity(work, set(work.session.scalars(select(moves.c.fund_id).where(moves.c.voucher_id == voucher_id))))
    return ledger.reverse(work, voucher_id, reason, subject)


def charity_sums(
    work: "UnitOfWork", fund_ids: Collection[int], *, since: str = "", until: str = ""
) -> dict[tuple[int, str], int]:
    """Debits less credits by fund and account of the chart, in fen, of vouchers of some months ("YYYY-MM")."""
    leg = ledger.legs()
    asked = (
        select(leg.c.fund_id, leg.c.account, sum_of(leg.c.fen))
        .where(leg.c.fund_id.in_(fund_ids))
        .group_by(leg.c.fund_id, leg.c.account)
    )
    asked = asked.where(leg.c.period >= since) if since else asked
    asked = asked.where(leg.c.period <= until) if until else asked
    return {(fund, account): int(fen) for fund, account, fen in work.session.connection().execute(asked)}


def _require_charity(work: "UnitOfWork", fund_ids: Collection[int]) -> None:
    asked = (
        select(col(SpecialAccount.entity))
        .join(Fund, col(Fund.account_id) == col(SpecialAccount.id))
        .where(col(Fund.id).in_(fund_ids))
        .distinct()
    )
    if set(work.session.scalars(asked)) - {CHARITY_ENTITY}:
        raise refuse(_("财政资金和慈善资金分开记账，不能记在同一张凭证"), code="E_ENTITY")
