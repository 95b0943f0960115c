"""A year of the demo county's money: funds arrive and are given out, batches go their steps, the bank answers."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from core.demo import bank
from core.demo.turns import Turn
from core.demo.year import Year
from core.errors import Refused
from core.funds import bank_files, batches, closing, results
from core.funds.allocations import NewAllocation, allocate
from core.funds.models import Batch, Fund, FundBalance, SpecialAccount
from core.funds.sources import NewFund, add_fund, book_interest
from core.tables import sum_of
from core.values import Period

if TYPE_CHECKING:
    from core.work import UnitOfWork

MONTHLY = {
    "dibao": ("CENTRAL", 110_000),
    "orphan_care": ("PROV", 45_000),
    "canteen_diner": ("COUNTY", 12_000),
    "canteen_operator": ("COUNTY", 9_000),
}
"""Schemes with the invented source and yuan of a month's money; what is not on is left out."""
NOW_AND_THEN = {"volunteers": ("COUNTY", 6_000), "social_workers_lottery": ("LOTTERY", 120_000)}
"""Schemes that pay once in a while, with the yuan that came last month."""
SCHEMES = (*MONTHLY, *NOW_AND_THEN)

SUBMIT, REVIEW, APPROVE, RELEASE, ANSWER, STATEMENT, CLOSED = 5, 8, 10, 12, 14, 28, 6
"""Days on which a batch goes its steps, the bank answers, its statement comes; the next month closes the month."""

AGAIN = 13
"""The day on which a batch that came back goes all its steps once more."""

WAITS_FOR_RELEASE = ("dibao",)
"""Of the month under way this is approved already; the rest waits for its review."""

QUARTERS, INTEREST_FEN = (3, 6, 9, 12), 18_640


def turns(year: Year) -> Iterator[Turn]:
    """A year of money by the five who handle it; the month under way waits for them."""
    months = [year.months[0].previous(), *year.months, year.current]
    for at, month in enumerate(months):
        if at == 0 or month.month == 1:
            left = sum(1 for one in months[at:] if one.year == month.year)
            yield from _money(month, {name: (source, yuan * left) for name, (source, yuan) in MONTHLY.items()})
    yield from _money(year.months[-1], NOW_AND_THEN)
    for month in months[:-1]:
        yield from _month(month, last=month == year.months[-1])
    yesterday = _before(year.today)
    yield Turn(yesterday, submit, "proposer")
    yield Turn(yesterday, partial(review, WAITS_FOR_RELEASE), "reviewer")
    yield Turn(yesterday, partial(approve, WAITS_FOR_RELEASE), "approver")


def _money(month: Period, sums: Mapping[str, tuple[str, int]]) -> Iterator[Turn]:
    yield Turn(_on(month, 2), partial(receive, sums), "accountant")
    yield Turn(_on(month, 3), partial(give_out, sums), "proposer")


def _month(month: Period, *, last: bool) -> Iterator[Turn]:
    yield from steps(month, (SUBMIT, REVIEW, APPROVE, RELEASE))
    yield Turn(_on(month, ANSWER), partial(answers, {}), "disburser")
    if month.month in QUARTERS:
        yield Turn(_on(month, 21), interest, "accountant")
    yield Turn(_on(month, STATEMENT), enter_statements, "accountant")
    yield Turn(_on(month.next(), CLOSED), enter_statements, "accountant")
    yield Turn(_on(month.next(), CLOSED), partial(close, month), "accountant")
    if not last:  # the auditor has something to do
        yield Turn(_on(month.next(), CLOSED), partial(close, month), "auditor")


def steps(month: Period, days: tuple[int, int, int, int]) -> Iterator[Turn]:
    """Everything that is a draft goes to the bank: submitted, reviewed, approved and released on these days."""
    submitted, reviewed, approved, released = days
    yield Turn(_on(month, submitted), submit, "proposer")
    yield Turn(_on(month, reviewed), partial(review, SCHEMES), "reviewer")
    yield Turn(_on(month, approved), partial(approve, SCHEMES), "approver")
    yield Turn(_on(month, released), release, "disburser")
    yield Turn(_on(month, released), export, "disburser")


def receive(sums: Mapping[str, tuple[str, int]], work: "UnitOfWork") -> None:
    """Money for every scheme that is on: ``sums`` maps it to source and yuan."""
    for scheme, (source, yuan) in _running(work, sums):
        wish = NewFund(
            code=_fund(work, scheme),
            name=f"{work.host.schemes[scheme].title}资金",
            source=source,
            scheme=scheme,
            year=work.today.year,
            amount_fen=yuan * 100,
            document=f"示例财社〔{work.today.year}〕8号",
        )
        add_fund(work, wish)


def give_out(sums: Mapping[str, tuple[str, int]], work: "UnitOfWork") -> None:
    """A meeting decided what each scheme gets; its minutes are kept, with who was there."""
    for scheme, (_source, yuan) in _running(work, sums):
        fen = yuan * 100
        wish = NewAllocation(
            fund=_fund(work, scheme), scheme=scheme, amount_fen=fen, decided_fen=fen,
            item=f"{work.today.year} 年资金分配", body="局党组会议", held_on=work.today, place="会议室", chair="李文华",
            attended=6, members=7,
        )  # fmt: skip
        allocate(work, wish, b"%PDF-1.4 demo", "党组会议纪要.pdf")


def submit(work: "UnitOfWork") -> None:
    """The proposer hands in whatever was built."""
    for number in numbers(work, "draft"):
        batches.submit(work, number)


def review(schemes: Collection[str], work: "UnitOfWork") -> None:
    """The reviewer looks through what was handed in."""
    for number in numbers(work, "submitted", schemes):
        batches.review(work, number)


def approve(schemes: Collection[str], work: "UnitOfWork") -> None:
    """The approver agrees; from now on the money is owed."""
    for number in numbers(work, "reviewed", schemes):
        batches.approve(work, number)


def release(work: "UnitOfWork") -> None:
    """The disburser releases; what a check stops, such as somebody who died meanwhile, goes back with its reason."""
    for number in numbers(work, "approved"):
        try:
            batches.release(work, number, batches.find_batch(work, number).total_fen)
        except Refused as refusal:
            batches.send_back(work, number, f"放行时核对：{refusal.objections[0].reason}")


def export(work: "UnitOfWork") -> None:
    """The files for the bank."""
    for number in numbers(work, "released"):
        bank_files.export(work, number)


def answers(returned: dict[str, dict[int, str]], work: "UnitOfWork") -> None:
    """The bank answers; ``returned`` maps a scheme to places of lines it sends back, with the reason."""
    for number in numbers(work, "sent"):
        back = returned.get(batches.find_batch(work, number).scheme)
        results.take_result(work, number, bank.answer(bank_files.export(work, number).data, back), "回盘.csv")


def interest(work: "UnitOfWork") -> None:
    """The bank's interest of a quarter, to the oldest fund."""
    code = work.session.scalars(select(col(Fund.code)).order_by(col(Fund.id))).first()
    if code:
        book_interest(work, code, INTEREST_FEN, work.today)


def enter_statements(work: "UnitOfWork") -> None:
    """What the banks say that the accounts hold."""
    held = (
        select(col(SpecialAccount.code), sum_of(col(FundBalance.cash_fen)))
        .join(Fund, col(Fund.account_id) == col(SpecialAccount.id))
        .join(FundBalance, col(FundBalance.fund_id) == col(Fund.id))
        .group_by(col(SpecialAccount.code))
    )
    for code, fen in work.session.execute(held).all():
        closing.enter_statement(work, code, work.today, int(fen))


def close(month: Period, work: "UnitOfWork") -> None:
    """A month's books are prepared by the accountant and closed by the auditor; with open points they stay open."""
    with suppress(Refused):
        closing.close_month(work, month)


def numbers(work: "UnitOfWork", state: str, schemes: Collection[str] = SCHEMES) -> list[int]:
    """The batches of schemes that are in a state, oldest first."""
    asked = select(col(Batch.id)).where(col(Batch.state) == state, col(Batch.scheme).in_(schemes))
    asked = asked.order_by(col(Batch.id))
    return [number or 0 for number in work.session.scalars(asked)]


def _running(work: "UnitOfWork", sums: Mapping[str, tuple[str, int]]) -> list[tuple[str, tuple[str, int]]]:
    return [(name, given) for name, given in sums.items() if name in work.host.schemes]


def _fund(work: "UnitOfWork", scheme: str) -> str:
    return f"{scheme}-{work.today.year}"


def _on(month: Period, day: int) -> date:
    return month.first_day.replace(day=day)


def _before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)
