"""A month from the appropriation to the close, with the worked numbers of the handbook."""

import csv
import hashlib
import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from sqlalchemy import func, select

from core.api import Lines, add_lines
from core.errors import Clash, Forbidden, NotFound, Refused
from core.funds import bank_files, closing, queries, results, sources, statements, verifying
from core.funds.ledger import QUOTA, SPECIAL, legs
from core.funds.models import Payment, Voucher
from core.spreadsheets import plain_workbook
from core.testing import VILLAGE


def balances(county):
    with county.look("accountant") as work:
        return {one["fund"]: (one["balance_fen"], one["available_fen"]) for one in queries.balance_lines(work)}


def accounts(county):
    with county.look("accountant") as work:
        leg = legs()
        rows = work.session.connection().execute(select(leg.c.account, func.sum(leg.c.fen)).group_by(leg.c.account))
        return {account: int(fen) for account, fen in rows if fen}


def kinds(county):
    with county.look("accountant") as work:
        return list(work.session.scalars(select(Voucher.kind).order_by(Voucher.id)))


def problems(county):
    with county.look("auditor") as work:
        return verifying.verify(work)


def code_of(refusal):
    return refusal.value.objections[0].code


def test_the_worked_entries_of_the_handbook(county, money):
    money.fund(yuan=2_500_000)
    money.allocate(yuan=2_500_000)
    batch = money.release(money.roll([124_000] * 3 + [76_000] * 5))
    assert accounts(county) == {"1001": 250_000_000, "4002": -250_000_000, "5007": 752_000, "2001": -752_000}
    file = money.export(batch)
    found = money.answer(batch, money.answer_of(file.data, returned=(3, 4)))
    assert (found.paid, found.paid_fen, found.returned, found.returned_fen) == (6, 600_000, 2, 152_000)
    assert accounts(county)["2002"] == -152_000
    assert accounts(county)["1001"] == 250_000_000 - 600_000
    assert balances(county) == {"F1": (249_400_000, 0)}
    assert problems(county) == []


def test_a_returned_line_goes_out_again_as_a_new_attempt(county, money):
    money.fund(yuan=1000)
    money.allocate(yuan=1000)
    batch = money.paid([10_000, 20_000], returned=(1,))
    with county.look("disburser") as work:
        (waiting,) = results.list_returned(work)
    assert (waiting["amount_fen"], waiting["reason"]) == (20_000, "户名不符")
    with county.begin("proposer") as work:
        again = results.reissue(
            work, [results.Returned(waiting["payment"], name="测新", number="6217001234567890123", reason="换卡")]
        ).id
    with county.begin("proposer") as work, pytest.raises(Refused) as refusal:
        results.reissue(work, [results.Returned(waiting["payment"])])
    assert code_of(refusal) == "E_NOT_RETURNED"
    money.release(again)
    file = money.export(again)
    (row,) = money.rows_of(file.data)
    assert (row["户名"], row["账号"], row["金额"]) == ("测新", "6217001234567890123", "200.00")
    assert row["参考号"] != money.rows_of(money.export(batch).data)[1]["参考号"]
    money.answer(again, money.answer_of(file.data))
    assert accounts(county) == {"1001": 70_000, "4002": -100_000, "5007": 30_000}
    assert kinds(county) == ["receipt", "roll", "result", "reissue"]
    assert problems(county) == []


def test_a_returned_line_nobody_can_correct_is_held_and_owed_on(county, money, clock):
    money.fund(yuan=1000)
    money.allocate(yuan=1000)
    money.paid([10_000], returned=(0,))
    with county.look("disburser") as work:
        assert [line["held"] for line in results.list_returned(work)] == [False]
    clock.set(datetime(2027, 3, 1, 1, tzinfo=UTC))
    with county.look("disburser") as work:
        assert [line["held"] for line in results.list_returned(work)] == [True]
    assert accounts(county)["2002"] == -10_000


def test_a_line_may_be_returned_twice_and_paid_at_last(county, money):
    money.fund(yuan=1000)
    money.allocate(yuan=1000)
    money.paid([10_000], returned=(0,))
    for returned in ((0,), ()):
        with county.begin("proposer") as work:
            (waiting,) = results.list_returned(work)
            again = results.reissue(work, [results.Returned(waiting["payment"])]).id
        money.release(again)
        money.answer(again, money.answer_of(money.export(again).data, returned))
    assert accounts(county) == {"1001": 90_000, "4002": -100_000, "5007": 10_000}
    assert problems(county) == []


def test_money_of_two_funds_is_drawn_oldest_first(county, money):
    money.fund("A", 100)
    money.fund("B", 900)
    money.allocate("A", 100)
    money.allocate("B", 900, minutes=b"other minutes")
    money.paid([6_000, 6_000, 8_000], returned=(2,))
    assert balances(county) == {"A": (0, 0), "B": (88_000, 0)}
    with county.look("accountant") as work:
        owed = {one.fund: one.owed for one in queries.balances(work).values()}
    assert owed == {"A": 0, "B": 8_000}
    assert problems(county) == []


def test_an_allocation_that_is_used_up_does_not_tie_the_next_batch_to_its_bank_account(county, money):
    with county.begin("accountant") as work:
        sources.add_account(work, "QUOTA", "零余额账户", "treasury_zero_balance")
    money.fund("A", 100)
    money.fund("B", 900, account="QUOTA")
    money.allocate("A", 100)
    money.allocate("B", 900, minutes=b"other minutes")
    money.paid([10_000])
    money.paid([20_000], period="2026-12")
    assert balances(county) == {"A": (0, 0), "B": (70_000, 0)}
    assert SPECIAL not in accounts(county) and accounts(county)[QUOTA] == 70_000
    assert problems(county) == []


def test_a_batch_that_is_on_its_way_takes_no_more_lines(county, money):
    money.fund()
    money.allocate()
    batch = money.roll([10_000])
    money.step("submit", batch, "proposer")
    people = money.persons(2)[1:]
    with county.look("proposer") as work:
        payee = work.session.scalars(select(Payment.payee_id)).one()
    lines = Lines(
        beneficiary_ids=people, person_ids=people, areas=[VILLAGE], months=["2026-11"], components=["BASIC"],
        revisions=[0], categories=["SHORT"], amounts=[10_000], payee_ids=[payee], source_ids=people,
    )  # fmt: skip
    with pytest.raises(NotFound), county.begin("proposer") as work:
        add_lines(work, batch, lines, built_to=people[0])


def test_a_batch_is_not_sent_back_from_under_the_supplement_that_counted_on_it_and_any_other_is(county, money):
    money.fund()
    money.allocate()
    first, second = money.persons(2)
    other = money.roll([10_000], people=[first])
    money.step("submit", other, "proposer")
    own = money.roll([10_000], people=[second])
    money.step("submit", own, "proposer")
    later = money.roll([1_000], period="2026-12", month="2026-11", revision=1, people=[second])
    money.step("submit", later, "proposer")
    with pytest.raises(Clash, match=f"批次 {later} "):
        money.step("send_back", own, "reviewer", "再核对")
    money.step("send_back", other, "reviewer", "再核对")


def test_the_first_batch_of_a_month_is_its_roll_and_the_next_a_supplement(county, money):
    money.fund()
    money.allocate()
    first, second = money.persons(2)
    for period, person in (("2026-10", first), ("2026-11", first), ("2026-11", second)):
        money.step("submit", money.roll([10_000], period=period, people=[person]), "proposer")
    with county.look("accountant") as work:
        found = {(one["period"], one["run"]): one["kind"] for one in queries.list_batches(work)}
    assert found == {("2026-10", 1): "roll", ("2026-11", 1): "roll", ("2026-11", 2): "supplement"}


def test_payments_of_no_month_are_those_of_this_month(county, money):
    money.fund()
    money.allocate()
    money.paid([10_000])
    money.paid([20_000], period="2026-10")
    with county.look("accountant") as work:
        now, this, last = (list(statements.payments(work, *month)) for month in ((), ("2026-11",), ("2026-10",)))
    assert now == this != last and now and last


def test_the_bank_file_is_made_once_and_carries_no_id_number(county, money):
    money.fund()
    money.allocate()
    batch = money.release(money.roll([10_000, 20_000]))
    first, second = money.export(batch), money.export(batch)
    assert (first.data, first.number, first.content_hash) == (second.data, second.number, second.content_hash)
    assert first.data.startswith(b"\xef\xbb\xbf")
    assert list(money.rows_of(first.data)[0]) == ["序号", "参考号", "户名", "账号", "金额", "摘要"]
    stored = list((county.home / "data" / "bank-files").rglob("*"))
    assert all(b"6222" not in file.read_bytes() for file in stored if file.is_file())
    with county.look("accountant") as work:
        assert [one["number"] for one in bank_files.list_files(work)] == [1]


LAYOUTS = {
    "default": ["序号", "参考号", "户名", "账号", "金额", "摘要"],
    "gb18030": ["序号", "参考号", "户名", "账号", "金额", "摘要"],
    "workbook": ["序号", "参考号", "户名", "账号", "金额", "摘要"],
    "full": ["批次号", "序号", "参考号", "户名", "账号", "金额", "业务", "摘要"],
}


def cells_of(file):
    """The rows of a bank file as a program of the bank reads them, each cell as text."""
    if file.file_name.endswith(".xlsx"):
        sheet = openpyxl.load_workbook(io.BytesIO(file.data)).worksheets[0]
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        number = rows[0].index("账号")
        assert all(isinstance(row[number], str) for row in rows), "a number of 19 digits would be rounded"
        return [["" if cell is None else str(cell) for cell in row] for row in rows]
    text = file.data.decode("gb18030" if not file.data.startswith(b"\xef\xbb\xbf") else "utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_every_layout_of_the_bank_says_the_same_and_its_answer_is_taken(county, money):
    with county.look("accountant") as work:
        assert set(bank_files.layouts(work)) == set(LAYOUTS)
    for at, (layout, headers) in enumerate(LAYOUTS.items()):
        with county.begin("accountant") as work:
            sources.add_account(work, f"ACC-{layout}", layout, "special_account", layout)
        money.fund(f"F-{layout}", account=f"ACC-{layout}")
        money.allocate(f"F-{layout}", yuan=300, minutes=layout.encode())
        batch = money.release(money.roll([10_050, 19_950], period=f"2026-{8 + at:02d}"))
        file = money.export(batch)
        rows = cells_of(file)
        if layout == "full":
            assert rows[0][3:] == ["2", "合计", "300.00"]
            lines, seal = file.data.rsplit(b"SHA-256,", 1)
            assert hashlib.sha256(lines.removeprefix(b"\xef\xbb\xbf")).hexdigest() == seal.strip().decode()
            rows = rows[1:-1]
        assert rows[0] == headers
        told = [dict(zip(headers, row, strict=True)) for row in rows[1:]]
        assert [one["金额"] for one in told] == ["100.50", "199.50"]
        assert [one["户名"] for one in told] == ["测甲", "测乙"]
        assert [one["账号"] for one in told] == ["622202000000000000", "622202000000000001"]
        answered = [headers + ["结果"], *([*row, "成功"] for row in rows[1:])]
        if file.file_name.endswith(".xlsx"):
            answer, name = plain_workbook(answered[0], answered[1:]), "answer.xlsx"
        else:
            answer, name = "\r\n".join(map(",".join, answered)).encode("gb18030"), "answer.csv"
        with county.begin("disburser") as work:
            taken = results.take_result(work, batch, answer, name)
        assert (taken.paid, taken.returned) == (2, 0)
    assert problems(county) == []


def test_an_account_names_a_layout_that_there_is(county):
    with county.begin("accountant") as work, pytest.raises(Refused) as refusal:
        sources.add_account(work, "ACC", "专户", "special_account", "gbk")
    assert code_of(refusal) == "E_WORD"
    assert refusal.value.objections[0].field == "layout"
    assert "gb18030" in refusal.value.objections[0].hint


def test_no_money_of_nothing_is_booked(county, money):
    money.fund(received=False)
    for fen in (0, -1):
        for act in (sources.receive_fund, sources.book_interest):
            with county.begin("accountant") as work, pytest.raises(Refused) as refusal:
                act(work, "F1", fen, work.today)
            assert (code_of(refusal), refusal.value.objections[0].field) == ("E_AMOUNT", "amount")


def test_a_result_imported_again_changes_nothing(county, money):
    money.fund()
    money.allocate()
    batch = money.release(money.roll([10_000, 20_000]))
    answer = money.answer_of(money.export(batch).data, returned=(0,))
    money.answer(batch, answer)
    before = accounts(county)
    again = money.answer(batch, answer)
    assert (again.paid, again.returned, again.unchanged, bool(again.warning)) == (0, 0, 2, True)
    assert accounts(county) == before


FAULTS = [
    (lambda rows: rows[0].update(参考号="1-99999-1"), "不在批次里"),
    (lambda rows: rows[0].update(金额="99.99"), "与发放金额不符"),
    (lambda rows: rows[0].update(结果="也许"), "看不懂"),
    (lambda rows: rows[0].update(金额="一百"), "不是金额"),
]


def test_a_result_that_does_not_fit_changes_nothing(county, money):
    money.fund()
    money.allocate()
    batch = money.release(money.roll([10_000, 20_000]))
    file = money.export(batch)
    before = accounts(county)
    for fault, words in FAULTS:
        with pytest.raises(Refused) as refusal:
            money.answer(batch, money.answer_of(file.data, change=fault))
        assert code_of(refusal) == "E_RESULT_MISMATCH"
        assert refusal.value.objections[1].reason.startswith("第 2 行：")
        assert words in refusal.value.objections[1].reason
        assert accounts(county) == before


def test_the_bank_does_not_take_its_word_back(county, money):
    money.fund()
    money.allocate()
    batch = money.paid([10_000, 20_000], returned=(0,))
    with pytest.raises(Refused) as refusal:
        money.answer(batch, money.answer_of(money.export(batch).data))
    assert code_of(refusal) == "E_RESULT_MISMATCH"


def test_the_five_checks_hold_and_two_people_close(county, money, clock):
    money.fund()
    money.allocate(body="党政联席会议", held_on=None)
    money.paid([10_000, 20_000])
    period = "2026-11"
    with county.look("accountant") as work:
        checks = {one.name: (one.ok, one.waiting) for one in closing.reconcile(work, period)}
    assert checks["bank"] == (True, True)
    clock.set(datetime(2026, 12, 2, 1, tzinfo=UTC))
    with county.begin("accountant") as work, pytest.raises(Refused) as refusal:
        closing.close_month(work, period)
    assert {one.code for one in refusal.value.objections} == {"E_STATEMENT_MISSING", "E_PACKET_INCOMPLETE"}
    assert "2026-11-0002" in str([one.reason for one in refusal.value.objections])
    with county.begin("proposer") as work:
        from core.funds import allocations

        details = allocations.MinutesDetails(body="党政联席会议", held_on="2026-11-02", attended=5, members=7)
        allocations.complete_minutes(work, 1, details)
    with county.begin("accountant") as work:
        closing.enter_statement(work, "SPECIAL", date(2026, 11, 30), 9_970_000)
    with county.look("accountant") as work:
        assert all(one.ok and not one.waiting for one in closing.reconcile(work, period))
    with county.begin("accountant") as work:
        assert closing.close_month(work, period) == "prepared"
    with county.begin("accountant") as work, pytest.raises(Refused) as refusal:
        closing.close_month(work, period)
    assert code_of(refusal) == "E_SOD"
    with county.begin("auditor") as work:
        assert closing.close_month(work, period) == "closed"
    with county.begin("accountant") as work, pytest.raises(Refused) as refusal:
        from core.funds import sources

        sources.book_interest(work, "F1", 100, date(2026, 11, 30))
    assert code_of(refusal) == "E_CLOSED_PERIOD"
    with county.begin("approver") as work:
        assert closing.reopen_month(work, period, "补记利息") == "asked"
    with county.begin("auditor") as work:
        assert closing.reopen_month(work, period, "补记利息") == "open"


def test_more_people_on_a_roll_than_are_due_are_seen(county, money, run):
    money.fund()
    money.allocate()
    money.paid([10_000, 20_000])
    for due in ("1", "2"):
        assert run("config", "set", "plugin.every_hook.headcount", due).exit_code == 0
        county.reload()
        with county.look("accountant") as work:
            found = next(one for one in closing.reconcile(work, "2026-11") if one.name == "headcount")
        assert found.ok == (due == "2")
        assert ("发放 2 人，在册应发 1 人" in found.note) == (due == "1")


def test_a_wrong_statement_is_seen_to_the_fen(county, money):
    money.fund()
    with county.begin("accountant") as work:
        closing.enter_statement(work, "SPECIAL", date(2026, 11, 20), 9_999_999)
    with county.look("accountant") as work:
        bank = closing.reconcile(work, "2026-11")[0]
    assert (bank.ok, bank.difference_fen) == (False, -1)


def test_steps_are_taken_by_four_people_in_order(county, money):
    money.fund()
    money.allocate()
    batch = money.roll([10_000])
    with pytest.raises(Refused) as refusal:
        money.step("approve", batch, "approver")
    assert code_of(refusal) == "E_SKIP_STEP"
    money.step("submit", batch, "proposer")
    with pytest.raises(Clash):
        money.step("submit", batch, "proposer", name="另一个")
    with pytest.raises(Forbidden):
        money.step("send_back", batch, "accountant", "再核对")
    money.step("review", batch, "reviewer")
    with pytest.raises(Clash):
        money.step("review", batch, "reviewer", name="再一个")
    money.step("approve", batch, "approver")
    for confirm in (None, 1):
        with pytest.raises(Refused) as refusal:
            money.step("release", batch, "disburser", confirm)
        assert code_of(refusal) == "E_CONFIRM"
    money.step("release", batch, "disburser", 10_000)
    with pytest.raises(Forbidden):
        money.step("review", batch, "clerk")


def test_whoever_acted_does_not_act_again(county, money):
    from core.identity.accounts import NewGrant, grant_role

    money.fund()
    money.allocate()
    batch = money.roll([10_000])
    name = county.account("proposer")
    with county.begin("security_admin") as work:
        grant_role(work, NewGrant(account=name, role="reviewer"))
    money.step("submit", batch, "proposer")
    with pytest.raises(Refused) as refusal:
        money.step("review", batch, "proposer")
    assert code_of(refusal) == "E_SOD"


def test_a_batch_that_was_sent_back_is_free_again(county, money):
    money.fund(yuan=300)
    money.allocate(yuan=300)
    batch = money.release(money.roll([10_000, 20_000]))
    money.step("send_back", batch, "disburser", "有人死亡")
    assert balances(county) == {"F1": (30_000, 0)}
    assert accounts(county) == {"1001": 30_000, "4002": -30_000}
    again = money.roll([10_000], people=money.people[:1])
    assert again == batch
    money.release(again)
    money.answer(again, money.answer_of(money.export(again).data))
    assert accounts(county)["1001"] == 20_000
    assert problems(county) == []


@pytest.mark.one_database
def test_a_batch_on_its_way_leaves_the_chain_whole_and_a_line_smuggled_into_one_that_was_sent_does_not(county, money):
    from core.audit.queries import verify

    money.fund()
    money.allocate()
    money.paid([10_000, 20_000])
    money.step("submit", money.roll([30_000], period="2026-12"), "proposer")
    with county.look("auditor") as work:
        assert verify(work).ok
    with county.host.database.transaction(write=True) as connection:
        connection.exec_driver_sql("DROP TRIGGER funds_payment_frozen")
        connection.exec_driver_sql("UPDATE funds_payment SET batch_id = 1 WHERE for_month = '2026-12'")
    with county.look("auditor") as work:
        found = verify(work)
    assert not found.ok
    assert str(found.first_bad).startswith("funds_payment#")
