"""RS12, RS13: nothing is written into a closed month, and what was printed of it is printed the same a year later."""

import random
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DatabaseError

from core import reports
from core.api import NewRecovery, open_recovery
from core.errors import Refused
from core.funds import closing, recoveries, results, sources, verifying
from core.funds.models import Period, Transfer, Voucher
from core.tables import columns, table_of
from core.testing import VILLAGE

CLOSED = "2026-11"
STATEMENTS = ("funds-statement", "funds-payments", "funds-trial-balance")


def close(county, month, entity="fiscal"):
    """Enter what the bank says and close a month by two people."""
    with county.begin("accountant") as work:
        last = max(date.fromisoformat(f"{month}-01"), work.today)
        closing.enter_statement(work, "SPECIAL", last, cash(county))
        assert closing.close_month(work, month, entity) == "prepared"
    with county.begin("auditor") as work:
        assert closing.close_month(work, month, entity) == "closed"


def cash(county):
    from core.funds import queries

    with county.look("accountant") as work:
        return sum(one["balance_fen"] for one in queries.balance_lines(work))


@pytest.fixture
def november(county, money, clock):
    """A month with receipts, a roll and a returned line, closed by two people in December."""
    minutes = {"body": "党政联席会议", "held_on": date(2026, 11, 2), "attended": 5, "members": 7}
    money.fund(yuan=1_000_000)
    money.fund("F2", yuan=500_000, received=False)
    money.allocate(yuan=900_000, **minutes)
    money.paid([10_000, 20_000, 30_000], returned=(1,))
    clock.set(datetime(2026, 12, 2, 1, tzinfo=UTC))
    close(county, CLOSED)
    return money


@pytest.mark.proof("RS12")
def test_no_statement_writes_into_a_closed_month_and_no_service_either(county, november, clock, proof):
    dice, tries, written = proof.dice, proof.effort(quick=100, long=2_000), []
    vouchers, moves = table_of(Voucher), table_of(Transfer)
    with county.host.database.transaction(write=False) as connection:
        voucher = dict(connection.execute(select(vouchers).limit(1)).mappings().one())
        move = dict(connection.execute(select(moves).limit(1)).mappings().one())
    known = {"funds_voucher": voucher, "funds_transfer": move}
    for place in range(tries):
        statement = _back_dated(dice, place, known)
        try:
            with county.host.database.transaction(write=True) as connection:
                connection.execute(statement)
        except DatabaseError:
            continue
        written.append(str(statement))
    services = (
        lambda work: sources.book_interest(work, "F1", 100, date(2026, 11, 30)),
        lambda work: sources.receive_fund(work, "F2", 100, date(2026, 11, 1)),
        lambda work: sources.receive_fund(work, "F2", 100, date(2026, 11, 30)),
    )
    for act in services:
        with pytest.raises(Refused) as refusal, county.begin("accountant") as work:
            act(work)
        assert refusal.value.objections[0].code == "E_CLOSED_PERIOD"
    assert written == []
    with county.look("auditor") as work:
        assert verifying.verify(work) == []
    proof.counted(tries + len(services), len(written))


def _back_dated(dice: random.Random, place: int, known):
    """A write that would change what a closed month says: a new row in it, a changed one, the month itself."""
    day = date(2026, 11, dice.randrange(1, 31))
    fen = dice.randrange(1, 10**6)
    kind = place % 7
    moves, months = table_of(Transfer), columns(Period)
    fresh = {**known["funds_transfer"], "id": 10**6 + place, "amount_fen": fen, "value_date": day}
    if kind == 0:
        return insert(moves).values(**fresh)
    if kind == 1:  # a voucher of an open month does not carry a transfer of the closed one
        return insert(moves).values(**{**fresh, "period": dice.choice(["2026-12", "2026-10"])})
    if kind == 2:
        column = dice.choice(list(moves.columns))
        return update(moves).values({column.name: fresh[column.name] if column.name == "amount_fen" else None})
    if kind == 3:
        return moves.delete().where(columns(Transfer).period == CLOSED)
    if kind == 4:
        return update(table_of(Voucher)).values(period="2026-12")
    if kind == 5:
        return update(table_of(Period)).where(months.period == CLOSED).values(closed_by=None, closed_at=None)
    return text(f"DELETE FROM funds_period WHERE period = '{CLOSED}'")


def printed(county):
    """The statements of the closed month, as workbooks and as rows."""
    with county.look("accountant") as work:
        found = {}
        for name in sorted(name for name in work.host.reports if name.startswith("funds-")):
            report = work.host.reports[name]
            given = {"period": CLOSED} if any(one.name == "period" for one in report.parameters) else {}
            if given:
                answer = reports.run(work, report, given)
                found[name] = (answer.rows, answer.total, reports.as_excel(answer, "攸县民政局"))
        return found


@pytest.mark.proof("RS13")
def test_a_report_of_a_closed_month_is_the_same_byte_for_byte_a_year_later(county, november, clock, proof):
    money, dice = november, proof.dice
    before = printed(county)
    assert set(before) >= set(STATEMENTS) and all(rows for rows, _total, _book in before.values())
    months, differed = proof.effort(quick=12, long=36), []
    for place in range(months):
        clock.set(datetime(2026 + (11 + place) // 12, (11 + place) % 12 + 1, 28, 1, tzinfo=UTC))
        month = f"{clock.now():%Y-%m}"
        money.paid([dice.randrange(1, 90_000) for _line in range(3)], period=month, returned=(place % 3,))
        _late(county, money, place)
        after = printed(county)
        differed += [(month, name) for name in before if after[name] != before[name]]
    assert differed == []
    with county.look("auditor") as work:
        assert verifying.verify(work) == []
    proof.counted(months * len(before), len(differed))


def _late(county, money, place):
    """What comes late for the closed month: back pay, the returned line again, money claimed back, a reversal."""
    person = money.people[place % 3]
    if place == 0:
        with county.begin("proposer") as work:
            waiting = [one["payment"] for one in results.list_returned(work) if one["for_month"] == CLOSED]
            again = results.reissue(work, [results.Returned(one) for one in waiting]).id
        money.answer(again, money.answer_of(money.export(money.release(again)).data))
    elif place in (1, 2):
        money.paid([1_000 + place], period=f"2027-0{place}", month=CLOSED, revision=place, people=money.people[:1])
    elif place == 3:
        with county.begin("accountant") as work:
            wish = NewRecovery(scheme="every_hook", beneficiary_id=person, person_id=person, area=VILLAGE,
                               reason="多发", months={CLOSED: 5_000}, source_id=person)  # fmt: skip
            number = open_recovery(work, wish)
        with county.begin("accountant") as work:
            recoveries.receive_recovery(work, number, 5_000, work.today)
    elif place == 4:
        with county.begin("accountant") as work:
            sources.receive_fund(work, "F2", 100_000, work.today)
    elif place == 5:
        with pytest.raises(Refused) as refusal:
            money.roll([500], period=CLOSED, month="2026-10", people=money.people[:1])
        assert refusal.value.objections[0].code == "E_CLOSED_PERIOD"
