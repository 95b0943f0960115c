"""What the database refuses by itself, whoever writes the statement."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError

from core.errors import Refused
from core.funds import results, verifying
from core.funds.models import Answer, Attempt, BankFile, Batch, BatchStep, Draw, Payee, Payment, ResultFile
from core.tables import table_of


def refuses(county, statement, words="", **values):
    with (
        pytest.raises(DatabaseError, match=words),
        county.host.database.transaction(write=True) as connection,
    ):
        connection.execute(text(statement), values)


@pytest.fixture
def submitted(money):
    money.fund()
    money.allocate()
    batch = money.roll([10_000, 20_000])
    money.step("submit", batch, "proposer")
    return batch


SHEET = {
    Payment: None,
    Draw: None,
    Payee: None,
    BatchStep: None,
    Batch: ("id", "scheme", "period", "run", "kind", "area", "count", "total_fen", "sheet_hash", "steps"),
    BankFile: None,
    Answer: None,
    ResultFile: None,
    Attempt: None,
}  # fmt: skip
"""What people approve and the bank is told: every column of these tables, or those that are named."""
STEPS = ("submitted", "reviewed", "approved", "released", "sent", "settled")


def changes(connection):
    """Every column of the sheet with a value that is not the one it has, where the table has rows."""
    for model, named in SHEET.items():
        table = table_of(model)
        one = connection.execute(table.select().order_by(*reversed(table.primary_key.columns))).mappings().first()
        for column in table.columns if one else ():
            if named is None or column.name in named:
                yield table, column, _other(one[column.name], column)


def _other(value, column):
    if value is None:
        return 1 if column.type.python_type is int else "x"
    if isinstance(value, bytes):
        return bytes(byte ^ 255 for byte in value)
    if isinstance(value, date):
        return value + timedelta(days=1)
    return value + 1 if isinstance(value, int) else {"2026-11": "2026-12"}.get(value, f"{value}x"[-7:])


@pytest.mark.proof("RS08")
def test_no_column_of_what_was_submitted_changes_at_any_step_whoever_writes_the_statement(county, money, proof):
    money.fund(yuan=1_000)
    money.allocate(yuan=1_000)
    batch, refused, changed = money.roll([10_000, 20_000]), 0, []
    roads = {"submitted": ("submit", "proposer"), "reviewed": ("review", "reviewer"),
             "approved": ("approve", "approver")}  # fmt: skip
    reissue = 0
    for state in (*STEPS, "reissued"):
        if state in roads:
            money.step(roads[state][0], batch, roads[state][1])
        elif state == "released":
            money.step("release", batch, "disburser", 30_000)
        elif state == "sent":
            file = money.export(batch)
        elif state == "settled":
            money.answer(batch, money.answer_of(file.data, returned=(1,)))
        else:
            with county.begin("proposer") as work:
                waiting = [results.Returned(one["payment"]) for one in results.list_returned(work)]
                reissue = results.reissue(work, waiting).id
            money.release(reissue)
        with county.host.database.transaction(write=False) as connection:
            tries = list(changes(connection))
        for table, column, value in tries:
            try:
                with county.host.database.transaction(write=True) as connection:
                    connection.execute(update(table).values({column.name: value}))
            except DatabaseError:
                refused += 1
            else:
                changed.append(f"{state}: {table.name}.{column.name}")
        for table in sorted({table.name for table, _column, _value in tries} - {"funds_batch"}):
            refuses(county, f"DELETE FROM {table}", "append-only|frozen|fixed at submit|FOREIGN|foreign key")
            refused += 1
    assert reissue
    assert changed == []
    with county.look("auditor") as work:
        assert verifying.verify(work) == []
    proof.counted(refused + len(changed), len(changed))


DECIDED = [
    ("UPDATE funds_batch SET total_fen = 1", "frozen"),
    ("UPDATE funds_batch SET count = 1", "frozen"),
    ("UPDATE funds_batch SET state = 'approved'", "steps"),
    ("UPDATE funds_batch SET state = 'settled'", "steps"),
    ("UPDATE funds_batch SET state = 'draft'", "steps"),
    ("UPDATE funds_batch SET steps = 3", "frozen"),
    ("DELETE FROM funds_batch", "never deleted"),
    ("DELETE FROM funds_batch_step", "append-only"),
    ("UPDATE funds_batch_step SET actor = 1", "append-only"),
    ("UPDATE funds_transfer SET amount_fen = 1", "append-only"),
    ("DELETE FROM funds_transfer", "append-only"),
    ("UPDATE funds_voucher SET title = ''", "append-only"),
    ("UPDATE funds_payee SET name = '别人'", "append-only"),
    ("UPDATE funds_minutes SET decided_fen = decided_fen + 1", "never changes"),
    ("DELETE FROM funds_minutes", "never deleted"),
    ("UPDATE funds_allocation SET amount_fen = amount_fen + 1", "unspent"),
    ("UPDATE funds_allocation SET unspent_fen = amount_fen, closed_on = allocated_on", "unspent"),
    ("UPDATE funds_allocation SET unspent_fen = 1, closed_on = allocated_on", "unspent"),
    ("DELETE FROM funds_allocation", "never deleted"),
    ("UPDATE funds_draw SET amount_fen = 1", "never changes"),
    ("DELETE FROM funds_draw", "fixed at submit"),
    ("UPDATE funds_fund SET amount_fen = amount_fen + 1", "append-only"),
    (
        "INSERT INTO funds_payment (batch_id, scheme, beneficiary_id, person_id, area, for_month, component,"
        " revision, category, amount_fen, payee_id, source_id) SELECT batch_id, scheme, beneficiary_id + 99,"
        " person_id, area, for_month, component, 0, category, 1, payee_id, 0 FROM funds_payment",
        "open batch",
    ),
    (
        "INSERT INTO funds_bank_file (number, batch_id, layout, file_name, stored_as, content_hash, count,"
        " total_fen, made_at, made_by) SELECT 9, id, '', '', '', sheet_hash, 0, 0, built_at, 1 FROM funds_batch",
        "released batch",
    ),
]


def test_what_was_decided_stays_as_it_is(county, submitted):
    for statement, words in DECIDED:
        refuses(county, statement, words)


def test_a_second_revision_waits_for_the_first(county, money):
    people = money.persons(1)
    money.roll([10_000], people=people)
    with pytest.raises(Refused) as refusal:
        money.roll([5_000], period="2026-12", month="2026-11", revision=1, people=people)
    assert refusal.value.objections[0].code == "E_DUP_PERIOD"


def test_one_month_is_paid_once(county, money):
    money.fund()
    money.allocate()
    people = money.persons(1)
    money.paid([10_000], people=people)
    with pytest.raises(Refused) as refusal:
        money.roll([10_000], people=people)
    assert refusal.value.objections[0].code == "E_DUP_PERIOD"
    money.roll([5_000], people=people, revision=1)


def test_a_fund_cannot_be_overdrawn_by_hand(county, money):
    money.fund(yuan=100)
    refuses(
        county,
        "INSERT INTO funds_transfer (voucher_id, fund_id, entity, period, value_date, debit, credit, amount_fen,"
        " scheme, area, benefit_month) SELECT voucher_id, fund_id, entity, period, value_date, credit, debit,"
        " amount_fen + 1, '', '', '' FROM funds_transfer",
        "no_overdraft",
    )


def test_charity_money_is_never_booked_with_fiscal_money(county, money):
    money.fund("F1", yuan=100)
    money.fund("D1", yuan=100, source="DON_U", scheme="")
    refuses(
        county,
        "INSERT INTO funds_transfer (voucher_id, fund_id, entity, period, value_date, debit, credit, amount_fen,"
        " scheme, area, benefit_month) SELECT voucher_id, (SELECT id FROM funds_fund WHERE code = 'D1'), entity,"
        " period, value_date, debit, credit, 1, '', '', '' FROM funds_transfer WHERE entity = 'fiscal'",
        "books",
    )


@pytest.mark.proof("RS09")
def test_all_625_ways_to_share_the_steps_among_five(county, money, proof):
    """Whoever takes two of the four steps is refused by the database; every other way goes through."""
    from itertools import product

    from core.identity.accounts import find_account

    money.fund()
    money.allocate()
    batch = money.roll([10_000])
    names = [county.account("clerk", name=f"员{at}") for at in range(5)]
    with county.look() as work:
        ids = [find_account(work, name).id for name in names]
    with county.begin("proposer") as work:
        from core.funds import batches

        one = batches.find_batch(work, batch)
        one.sheet_hash = b"s" * 32
        work.session.add(one)
        work.record("test.sheet", f"batch:{batch}")
    allowed = 0
    for way in product(range(5), repeat=4):
        try:
            with county.host.database.transaction(write=True) as connection:
                for step, who in enumerate(way, start=1):
                    connection.execute(
                        text(
                            "INSERT INTO funds_batch_step (batch_id, round, step, actor, at, sheet_hash, reason)"
                            " SELECT :b, 1, :step, :who, built_at, sheet_hash, '' FROM funds_batch WHERE id = :b"
                        ),
                        {"b": batch, "step": step, "who": ids[who]},
                    )
                    state = ("submitted", "reviewed", "approved", "released")[step - 1]
                    connection.execute(
                        text("UPDATE funds_batch SET state = :state WHERE id = :b"), {"state": state, "b": batch}
                    )
                raise _Undo
        except _Undo:
            allowed += 1
            assert len(set(way)) == 4
        except DatabaseError as error:
            assert "E_SOD" in str(error)
            assert len(set(way)) < 4
    assert allowed == 5 * 4 * 3 * 2
    proof.counted(5**4)


class _Undo(Exception):
    """Takes an allowed way back."""


def test_the_doctor_notices_a_lost_rule(county, money):
    from core.funds.health import lost_rules

    assert lost_rules(county.host) is None
    with county.host.database.transaction(write=True) as connection:
        on = " ON funds_batch" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER funds_batch_order{on}"))
    assert "funds_batch_order" in lost_rules(county.host)


def test_nothing_is_booked_into_a_closed_month_by_hand(county, money):
    money.fund(yuan=100)
    again = (
        "INSERT INTO funds_transfer (voucher_id, fund_id, entity, period, value_date, debit, credit, amount_fen,"
        " scheme, area, benefit_month) SELECT voucher_id, fund_id, entity, period, value_date, debit, credit,"
        " 1, '', '', '' FROM funds_transfer WHERE id = 1"
    )
    with county.host.database.transaction(write=True) as connection:
        connection.execute(text(again))
        connection.execute(text("UPDATE funds_period SET prepared_by = 1, closed_by = 2"))
    refuses(county, again, "E_CLOSED_PERIOD")
    refuses(county, "UPDATE funds_period SET closed_by = NULL", "two people")
    refuses(county, "UPDATE funds_period SET prepared_by = 1, closed_by = 1", "two")


@pytest.mark.one_database
def test_rows_are_not_replaced_either(county, submitted):
    refuses(county, "INSERT OR REPLACE INTO funds_batch_step SELECT * FROM funds_batch_step", "append-only|follows")
    refuses(county, "INSERT OR REPLACE INTO funds_transfer SELECT * FROM funds_transfer", "append-only|mirror|lies in")
    refuses(county, "INSERT OR REPLACE INTO funds_payment SELECT * FROM funds_payment", "frozen|open batch")
    refuses(county, "INSERT OR REPLACE INTO funds_draw SELECT * FROM funds_draw", "submit")
