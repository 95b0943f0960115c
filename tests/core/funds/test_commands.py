"""The commands of the money, with the answers that scripts rely on and the exit codes."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from core.api import NewRecovery, open_recovery
from core.testing import VILLAGE

ADD = ("funds", "fund", "add", "F1", "--name", "孤儿补助", "--source", "PROV", "--scheme", "every_hook",
       "--year", "2026", "--amount", "1000.00", "--document", "湘财1号", "--json")  # fmt: skip


@pytest.fixture
def minutes(tmp_path):
    """A scanned file of minutes."""
    file = tmp_path / "minutes.pdf"
    file.write_bytes(b"minutes")
    return file


@pytest.fixture
def funded(money, run, minutes):
    """A fund of 1,000.00 yuan, allocated in full by command."""
    assert run(*ADD).exit_code == 0
    made = run("funds", "allocate", "F1", "--scheme", "every_hook", "--amount", "1000", "--minutes", minutes, "--json")
    assert made.exit_code == 0, made.talk
    return money


def code_of(ran):
    return ran.exit_code, ran.error["code"]


def account_of(money, role):
    return money.county.account(role)


def test_funds_are_added_received_and_read_as_scripts_expect(money, run):
    added = run(*ADD, "--not-received")
    assert added.data == {"fund": "F1", "amount_fen": 100_000, "received": False, "voucher": ""}
    assert code_of(run(*ADD)) == (3, "E_SAME")
    over = run("funds", "receive", "F1", "--amount", "1000.01", "--json")
    assert code_of(over) == (3, "E_RECEIPT_EXCEEDED")
    assert code_of(run("funds", "receive", "F1", "--amount", "1.005", "--json")) == (3, "E_AMT_SCALE")
    dry = run("funds", "receive", "F1", "--amount", "1000", "--dry-run", "--json")
    assert dry.exit_code == 0
    assert run("funds", "balance", "--json").data == [{"fund": "F1", "balance_fen": 0, "available_fen": 0}]
    came = run("funds", "receive", "F1", "--amount", "1000", "--on", "2026-11-19", "--json")
    assert came.data == {"fund": "F1", "amount_fen": 100_000, "voucher": "2026-11-0001"}
    interest = run("funds", "interest", "F1", "--amount", "1.23", "--json")
    assert interest.data == {"fund": "F1", "amount_fen": 123, "voucher": "2026-11-0002"}
    assert run("funds", "reverse", "2026-11-0002", "--reason", "记错", "--json").data == {"voucher": "2026-11-0003"}
    assert code_of(run("funds", "reverse", "2026-11-0002", "--reason", "再来", "--json")) == (3, "E_REVERSED")
    assert run("funds", "balance", "--json").data == [{"fund": "F1", "balance_fen": 100_000, "available_fen": 100_000}]
    (line,) = run("funds", "fund", "list", "--json").data
    assert (line["fund"], line["amount_fen"], line["entity"]) == ("F1", 100_000, "fiscal")
    account = ("funds", "account", "add", "C2", "--title", "慈善会账户", "--kind", "charity_account", "--json")
    assert run(*account).data == {"account": "C2", "kind": "charity_account"}
    assert code_of(run(*account)) == (3, "E_SAME")
    donated = [*ADD[:3], "D1", *ADD[4:6], "--source", "DON_R", *ADD[8:], "--account", "SPECIAL"]
    assert code_of(run(*donated)) == (3, "E_ENTITY")
    assert code_of(run("funds", "receive", "F9", "--amount", "1", "--json")) == (5, "E_NOT_FOUND")
    assert code_of(run(*ADD, as_=account_of(money, "clerk"))) == (4, "E_FORBIDDEN")
    assert run("funds", "fund", "add", "F2").exit_code == 2


def test_nothing_is_allocated_without_minutes(money, run, minutes, tmp_path):
    run(*ADD)
    allocate = ("funds", "allocate", "F1", "--scheme", "every_hook", "--amount", "480", "--json")
    assert code_of(run(*allocate)) == (3, "E_NO_MINUTES")
    with_minutes = (*allocate, "--minutes", minutes, "--decided", "500")
    assert run(*with_minutes).data == {
        "allocation": 1, "fund": "F1", "scheme": "every_hook", "amount_fen": 48_000, "minutes": 1,
    }  # fmt: skip
    more = run(*with_minutes[:6], "25", *with_minutes[7:])
    assert code_of(more) == (3, "E_MINUTES_EXCEEDED") and "还可分配 20.00 元" in more.error["message"]
    other = tmp_path / "other.pdf"
    other.write_bytes(b"other")
    assert code_of(run(*allocate, "--minutes", other, "--amount", "520.01")) == (3, "E_FUND_SHORT")
    few = run(*allocate, "--minutes", other, "--attended", "3", "--members", "7")
    assert code_of(few) == (3, "E_QUORUM")
    (line,) = run("funds", "allocations", "--scheme", "every_hook", "--json").data
    assert (line["amount_fen"], line["left_fen"], line["decided_fen"]) == (48_000, 48_000, 50_000)
    details = ("--body", "党政联席会议", "--on", "2026-11-02", "--members", "7")
    done = run("funds", "minutes", "complete", "1", *details, "--attended", "5", "--json")
    assert done.data == {"minutes": 1}
    assert code_of(run("funds", "minutes", "complete", "1", *details, "--attended", "8", "--json")) == (
        3,
        "E_ATTENDANCE",
    )
    out = tmp_path / "out.pdf"
    assert run("funds", "minutes", "export", "1", "-o", out, "--json").data == {"minutes": 1, "file": str(out)}
    assert out.read_bytes() == b"minutes"
    assert run("funds", "deallocate", "1", "--json").data == {"allocation": 1, "unspent_fen": 48_000}
    assert code_of(run("funds", "deallocate", "1", "--json")) == (6, "E_CLASH")


def test_a_batch_by_four_accounts_to_the_bank_and_back(funded, run, tmp_path):
    batch = str(funded.roll([10_000, 20_000]))
    who = {role: account_of(funded, role) for role in ("proposer", "reviewer", "approver", "disburser")}
    own = run("funds", "batch", "review", batch, "--json")
    assert own.exit_code == 4  # the account of the command line takes no step of a second person
    assert code_of(run("funds", "batch", "approve", batch, "--json", as_=who["approver"])) == (3, "E_SKIP_STEP")
    submitted = run("funds", "batch", "submit", batch, "--json", as_=who["proposer"]).data
    assert (submitted["state"], submitted["split"], submitted["total_fen"]) == ("submitted", [], 30_000)
    assert code_of(run("funds", "batch", "submit", batch, "--json", as_=who["proposer"])) == (6, "E_CLASH")
    for role, step, state in (("reviewer", "review", "reviewed"), ("approver", "approve", "approved")):
        assert run("funds", "batch", step, batch, "--json", as_=who[role]).data["state"] == state
    release = ("funds", "batch", "release", batch, "--json")
    assert code_of(run(*release, as_=who["disburser"])) == (3, "E_CONFIRM")
    assert code_of(run(*release, "--confirm", "299.99", as_=who["disburser"])) == (3, "E_CONFIRM")
    assert run(*release, "--confirm", "300.00", as_=who["disburser"]).data["state"] == "released"
    file, again = tmp_path / "bank.csv", tmp_path / "again.csv"
    assert run("funds", "batch", "export", batch, "-o", file, "--dry-run", "--json").exit_code == 0
    assert not file.exists()
    made = run("funds", "batch", "export", batch, "-o", file, "--json").data
    assert (made["batch"], made["number"], made["file"]) == (int(batch), 1, str(file))
    run("funds", "batch", "export", batch, "-o", again, "--json")
    assert file.read_bytes() == again.read_bytes() and file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert file.read_text("utf-8-sig").splitlines()[0] == "序号,参考号,户名,账号,金额,摘要"
    (listed,) = run("funds", "bank-files", "list", "--json").data
    assert (listed["number"], listed["batch"], listed["hash"]) == (1, int(batch), made["hash"])
    answer, bad = tmp_path / "answer.csv", tmp_path / "bad.csv"
    bad.write_bytes(funded.answer_of(file.read_bytes(), change=lambda rows: rows[0].update(金额="1")))
    refused = run("funds", "batch", "import-result", batch, bad, "--json")
    assert code_of(refused) == (3, "E_RESULT_MISMATCH")
    answer.write_bytes(funded.answer_of(file.read_bytes(), returned=(1,)))
    taken = run("funds", "batch", "import-result", batch, answer, "--json")
    assert taken.data == {"paid": 1, "paid_fen": 10_000, "returned": 1, "returned_fen": 20_000, "unchanged": 0}
    twice = run("funds", "batch", "import-result", batch, answer, "--json")
    assert twice.data == {"paid": 0, "paid_fen": 0, "returned": 0, "returned_fen": 0, "unchanged": 2}
    assert twice.exit_code == 0 and "W_DUP_RESULT" in twice.talk
    shown = run("funds", "batch", "show", batch, "--json").data
    assert (shown["state"], shown["paid_fen"], shown["returned_fen"]) == ("settled", 10_000, 20_000)
    assert "已回盘" in run("funds", "batch", "show", batch).output
    assert [one["batch"] for one in run("funds", "batch", "list", "--state", "settled", "--json").data] == [int(batch)]
    (waiting,) = run("funds", "returned", "--json").data
    line = str(waiting["payment"])
    assert code_of(run("funds", "reissue", line, "--number", "12", "--json")) == (3, "E_ACCOUNT")
    assert run("funds", "reissue", line, "1", "--number", "6217001234567890123").exit_code == 2
    reissued = run("funds", "reissue", line, "--number", "6217001234567890123", "--reason", "换卡", "--json").data
    assert reissued == {"batch": reissued["batch"], "lines": 1, "total_fen": 20_000}
    assert code_of(run("funds", "reissue", line, "--json")) == (3, "E_NOT_RETURNED")
    assert run("funds", "verify", "--json").data == {"ok": True, "problems": []}


def test_whoever_acted_and_whoever_is_kin_keeps_away(funded, run):
    from core.identity.accounts import NewGrant, grant_role

    both, approver = account_of(funded, "proposer"), account_of(funded, "approver")
    people = funded.persons(2)
    declared = run("funds", "kin", "add", approver, people[0], "--relation", "sibling", "--json")
    assert declared.data == {"kin": 1, "account": approver, "person": people[0]}
    assert code_of(run("funds", "kin", "add", approver, people[0], "--relation", "sibling", "--json")) == (3, "E_SAME")
    assert code_of(run("funds", "kin", "add", approver, people[1], "--relation", "cousin", "--json")) == (3, "E_WORD")
    batch = funded.roll([10_000, 20_000], people=people)
    with funded.county.begin("security_admin") as work:
        grant_role(work, NewGrant(account=both, role="reviewer"))
    submitted = run("funds", "batch", "submit", batch, "--json", as_=both)
    (part,) = submitted.data["split"]
    assert str(part) in submitted.talk
    assert code_of(run("funds", "batch", "review", batch, "--json", as_=both)) == (3, "E_SOD")
    run("funds", "batch", "review", part, as_=account_of(funded, "reviewer"))
    kin = run("funds", "batch", "approve", part, "--json", as_=approver)
    assert code_of(kin) == (3, "E_RECUSAL") and "测甲" in kin.error["message"]
    assert [one["relation"] for one in run("funds", "kin", "list", "--json").data] == ["sibling"]
    assert run("funds", "kin", "end", "1", "--json").data == {"kin": 1}
    assert run("funds", "kin", "end", "1", "--json").exit_code == 5
    reviewer = account_of(funded, "reviewer")
    back = run("funds", "batch", "send-back", batch, "--reason", "漏人", "--json", as_=reviewer)
    assert (back.data["state"], back.data["round"]) == ("draft", 2)
    gone = run("funds", "batch", "cancel", batch, "--reason", "不发", "--json")
    assert gone.data == {"batch": batch, "state": "cancelled"}
    assert code_of(run("funds", "batch", "cancel", batch, "--reason", "不发", "--json")) == (6, "E_CLASH")
    empty = funded.roll([10_000], period="2026-12", people=people[1:])
    assert code_of(run("funds", "batch", "cancel", empty, "--reason", " ", "--json")) == (3, "E_REASON")


def test_a_month_is_reconciled_and_closed_by_two(funded, run, clock):
    funded.paid([10_000])
    clock.set(datetime(2026, 12, 2, 1, tzinfo=UTC))
    accountant, auditor = account_of(funded, "accountant"), account_of(funded, "auditor")
    close = ("funds", "close", "--period", "2026-11", "--json")
    checked = run("funds", "reconcile", "--period", "2026-11", "--json")
    assert checked.exit_code == 0 and set(checked.data) == {"ok", "checks"} and checked.data["ok"]
    bank = {"name": "bank", "ok": True, "waiting": True, "difference_fen": 0, "note": "等银行对账单：民政资金专户"}
    assert checked.data["checks"][0] == bank
    missing = run(*close, as_=accountant)
    assert code_of(missing) == (3, "E_STATEMENT_MISSING")
    statement = ("funds", "statement", "add", "SPECIAL", "--on", "2026-11-30", "--json")
    assert run(*statement, "--balance", "1").exit_code == 0
    assert run("funds", "reconcile", "--period", "2026-11").exit_code == 1
    entered = run(*statement, "--balance", "900.00")
    assert entered.data == {"account": "SPECIAL", "on": "2026-11-30", "balance_fen": 90_000}
    assert code_of(run(*close, as_=accountant)) == (3, "E_PACKET_INCOMPLETE")
    meeting = ("--body", "会", "--on", "2026-11-02", "--attended", "5", "--members", "7")
    run("funds", "minutes", "complete", "1", *meeting)
    assert code_of(run(*close, as_=auditor)) == (3, "E_SKIP_STEP")
    assert run(*close, as_=accountant).data == {"period": "2026-11", "entity": "fiscal", "state": "prepared"}
    assert code_of(run(*close, as_=accountant)) == (3, "E_SOD")
    assert run(*close, as_=auditor).data["state"] == "closed"
    late = run("funds", "interest", "F1", "--amount", "1", "--on", "2026-11-30", "--json")
    assert code_of(late) == (3, "E_CLOSED_PERIOD")
    reopen = ("funds", "reopen", "--period", "2026-11", "--reason", "补记", "--json")
    assert code_of(run(*reopen, as_=accountant)) == (4, "E_FORBIDDEN")
    assert run(*reopen, as_=account_of(funded, "approver")).data["state"] == "asked"
    assert run(*reopen, as_=auditor).data["state"] == "open"
    assert code_of(run("funds", "reconcile", "--period", "11", "--json")) == (3, "E_PERIOD")


def test_recoveries_findings_statement_and_the_number_after_a_restore(funded, run, county, tmp_path):
    from core.restoring import mark_restored

    people = funded.persons(2)
    funded.paid([20_000, 10_000], people=people)
    with county.host.database.transaction(write=True) as connection:
        connection.execute(text("UPDATE identity_person SET died_on = '2026-10-03' WHERE id = :p"), {"p": people[1]})
    for person in people:
        with county.begin("accountant") as work:
            wish = NewRecovery(scheme="every_hook", beneficiary_id=person, person_id=person, area=VILLAGE,
                               reason="多发", months={"2026-11": 10_000}, source_id=person)  # fmt: skip
            open_recovery(work, wish)
    assert len(run("funds", "recovery", "list", "--json").data) == 2
    plan = ("funds", "recovery", "plan", "1", "--json", "--part", "2026-12-31=60")
    assert code_of(run(*plan, "--agreement", "同意书")) == (3, "E_PLAN_SUM")
    assert run(*plan, "--part", "next month", "--agreement", "同意书").exit_code == 2
    planned = run(*plan, "--part", "2027-01-31=40", "--agreement", "同意书")
    assert planned.data == {"recovery": 1, "instalments": 2}
    assert code_of(run("funds", "recovery", "receive", "1", "--amount", "100.01", "--json")) == (3, "E_AMOUNT")
    came = run("funds", "recovery", "receive", "1", "--amount", "100", "--json")
    assert came.data == {"recovery": 1, "recovered_fen": 10_000, "state": "recovered"}
    approver = account_of(funded, "approver")
    gone = run("funds", "recovery", "write-off", "2", "--document", "攸民9号", "--json", as_=approver)
    assert gone.data == {"recovery": 2, "state": "written_off"}
    again = run("funds", "recovery", "write-off", "2", "--document", "攸民9号", "--json", as_=approver)
    assert code_of(again) == (6, "E_CLASH")

    detected = run("funds", "detect", "--period", "2026-11", "--json").data
    found = {one["kind"]: one["finding"] for one in detected["findings"]}
    number = found["funds.paid_after_death"]
    assert code_of(run("funds", "finding", number, "confirmed", "--answer", " ", "--json")) == (3, "E_REASON")
    decided = run("funds", "finding", number, "confirmed", "--answer", "已追回", "--json")
    assert decided.data == {"finding": number, "state": "confirmed"}
    assert code_of(run("funds", "finding", number, "explained", "--answer", "x", "--json")) == (6, "E_CLASH")

    sheet = tmp_path / "statement.xlsx"
    assert run("report", "run", "funds-statement", "--period", "2026-11", "-o", sheet, "--json").exit_code == 0
    assert sheet.read_bytes().startswith(b"PK")

    second = funded.release(funded.roll([1_000], people=people[:1], period="2026-12"))
    mark_restored(county.host)
    export = ("funds", "batch", "export", second, "-o", tmp_path / "b.csv", "--json")
    assert code_of(run(*export)) == (3, "E_RESTORED")
    assert run("funds", "bank-files", "last", "7", "--json").data == {"last": 7}
    assert run(*export).data["number"] == 8


def test_a_refusal_in_the_terminal_says_at_which_word_and_what_there_is_instead(money, run):
    wrong = ("funds", "account", "add", "ACC", "--title", "专户", "--kind", "special_account", "--layout", "gbk")
    ran = run(*wrong)
    assert ran.exit_code == 3
    assert ran.talk.splitlines() == ["没有银行文件格式 gbk", "  [E_WORD] layout", "  default、full、gb18030、workbook"]
    assert run(*wrong, "--json").error["objections"][0]["hint"] == "default、full、gb18030、workbook"
