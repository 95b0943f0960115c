"""The money of the demo county: a fund that arrived, the meeting that gave it out, a roll on its way to the bank."""

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from core.funds import batches
from core.funds.allocations import NewAllocation, allocate
from core.funds.models import Batch
from core.funds.sources import NewFund, add_fund

if TYPE_CHECKING:
    from core.work import UnitOfWork

SCHEMES = ("orphan_care", "dibao", "volunteers")
YUAN, SENT = 400_000, "orphan_care"


def receive(work: "UnitOfWork") -> None:
    """Money of the province for every scheme that is on."""
    for scheme in _schemes(work):
        wish = NewFund(
            code=f"{scheme}-{work.today.year}",
            name=f"{work.host.schemes[scheme].title}补助资金",
            source="PROV",
            scheme=scheme,
            year=work.today.year,
            amount_fen=YUAN * 100,
            document=f"湘财社〔{work.today.year}〕8号",
            received=True,
        )
        add_fund(work, wish)


def give_out(work: "UnitOfWork") -> None:
    """A meeting decided what each scheme gets; its minutes are kept."""
    for scheme in _schemes(work):
        fen = YUAN * 100
        wish = NewAllocation(fund=f"{scheme}-{work.today.year}", scheme=scheme, amount_fen=fen, decided_fen=fen)
        allocate(work, wish, b"%PDF-1.4 demo", "党组会议纪要.pdf")


def submit(work: "UnitOfWork") -> None:
    """The proposer hands the roll in; reviewing and what follows needs proof of who does it, so it waits for them."""
    for number in _rolls(work, "draft"):
        batches.submit(work, number)


def _schemes(work: "UnitOfWork") -> list[str]:
    return [one for one in SCHEMES if one in work.host.schemes]


def _rolls(work: "UnitOfWork", state: str) -> list[int]:
    asked = select(col(Batch.id)).where(col(Batch.scheme) == SENT, col(Batch.state) == state)
    return [one or 0 for one in work.session.scalars(asked)]
