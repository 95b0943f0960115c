"""What went wrong with the money of the demo's year, and how it was put right: what an auditor asks for."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from core.demo import money
from core.demo.money import numbers
from core.demo.turns import Turn
from core.demo.year import Year
from core.funds import batches, lines, recoveries, results
from core.funds.detectors import decide_finding, detect, list_findings
from core.funds.kin import declare_kin
from core.funds.models import Recovery
from core.identity.models.accounts import Account
from core.identity.models.persons import Person
from core.values import Period

if TYPE_CHECKING:
    from core.work import UnitOfWork

SCHEME = "dibao"
RETIRED, RETURNED, CLAIMED, CAUGHT = 8, 6, 2, 1
"""How many months ago a batch was retired, lines came back, a claim was paid in part, a dead recipient was caught."""
LOOKED_AT = (4, 3, 1)
"""The months about which the internal audit asked its questions."""

DEATH = "funds.paid_after_death"
CLOSED, NAME = "账户已销户", "户名不符"
NEW_ACCOUNT = "6228480099990000123"


def turns(year: Year) -> Iterator[Turn]:
    """A batch given up after its approval, a returned line paid at last and one that waits, a claim, the audit."""
    retired, returned, caught = (year.months[-ago] for ago in (RETIRED, RETURNED, CAUGHT))
    yield Turn(_on(retired, 11), send_back, "disburser")
    yield Turn(_on(retired, 11), retire, "proposer")
    for month in (retired, caught):
        yield from money.steps(month, (money.AGAIN, money.AGAIN, money.AGAIN, money.AGAIN))
    yield Turn(_on(returned, money.ANSWER - 1), partial(money.answers, {SCHEME: {1: CLOSED}}), "disburser")
    yield Turn(_on(returned, 18), reissue, "proposer")
    yield from money.steps(returned, (19, 20, 22, 23))
    yield Turn(_on(returned, 25), partial(money.answers, {}), "disburser")
    yield Turn(_on(caught, money.ANSWER - 1), partial(money.answers, {"orphan_care": {0: NAME}}), "disburser")
    claimed = year.months[-CLAIMED]
    yield Turn(_on(claimed, 4), plan, "accountant")
    yield Turn(_on(claimed, 20), collect, "accountant")
    yield Turn(_on(claimed, 9), declare, "clerk")
    for ago in LOOKED_AT:
        yield Turn(year.today - timedelta(days=2), partial(look_for, year.months[-ago]), "accountant")
    yield Turn(year.today - timedelta(days=1), explain, "accountant")


def send_back(work: "UnitOfWork") -> None:
    """The disburser finds that an approved batch was built too early."""
    for number in numbers(work, "approved"):
        if batches.find_batch(work, number).scheme == SCHEME:
            batches.send_back(work, number, "名册生成后县里调整了两户的收款人，应重新生成")


def retire(work: "UnitOfWork") -> None:
    """Its maker gives the batch up; its number is never used again."""
    for number in numbers(work, "draft"):
        if batches.find_batch(work, number).scheme == SCHEME:
            lines.cancel_batch(work, number, "按退回意见作废，另行生成批次")


def reissue(work: "UnitOfWork") -> None:
    """What the bank returned goes out again, to the account the family now has."""
    waiting = [row["payment"] for row in results.list_returned(work)]
    wish = results.Returned(waiting[0], number=NEW_ACCOUNT, reason="原账户已销户，村干部代为核对新账户")
    results.reissue(work, [wish])


def plan(work: "UnitOfWork") -> None:
    """Whoever owes agreed in writing to pay back in two parts."""
    for claim in _open_claims(work):
        first = claim.amount_fen // 2
        parts = [(work.today + timedelta(days=15), first), (work.today + timedelta(days=75), claim.amount_fen - first)]
        recoveries.plan_recovery(work, claim.id or 0, parts, "家属书面承诺书 3 号")


def collect(work: "UnitOfWork") -> None:
    """The first part came in."""
    for claim in _open_claims(work):
        recoveries.receive_recovery(work, claim.id or 0, claim.amount_fen // 2, work.today)


def declare(work: "UnitOfWork") -> None:
    """Somebody who handles money says that a relative lives in the county."""
    account = work.session.scalars(select(col(Account.name)).where(col(Account.name) == "chenguang")).first()
    person = work.session.scalars(select(col(Person.id)).where(col(Person.died_on).is_(None)).limit(1)).first()
    if account and person:
        declare_kin(work, account, person, "sibling")


def look_for(month: Period, work: "UnitOfWork") -> None:
    """The questions of the internal audit about a month."""
    detect(work, month)


def explain(work: "UnitOfWork") -> None:
    """The accountant answers the oldest finding about a death; the others wait."""
    for finding in [one for one in list_findings(work) if one["kind"] == DEATH][-1:]:
        words = "死亡登记晚于放行，多发金额已列入追回，家属分两期归还"
        decide_finding(work, finding["finding"], "explained", words)


def _open_claims(work: "UnitOfWork") -> list[Recovery]:
    asked = select(Recovery).where(col(Recovery.state) == "open").order_by(col(Recovery.id))
    return list(work.session.scalars(asked))


def _on(month: Period, day: int) -> date:
    return month.first_day.replace(day=day)
