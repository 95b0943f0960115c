"""The JSON API of the money: every route, what it refuses, and whose lines a token sees."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from core.api import NewRecovery, open_recovery
from core.testing import OTHER_TOWN, TOWN, VILLAGE

FUND = {"code": "F1", "name": "孤儿补助", "source": "PROV", "scheme": "every_hook", "year": 2026, "amount_fen": 100_000,
        "document": "湘财1号"}  # fmt: skip
MINUTES = {"minutes": ("minutes.pdf", b"minutes", "application/pdf")}
STEPS = (("proposer", "submit"), ("reviewer", "review"), ("approver", "approve"))


@pytest.fixture
def call(client, money, county):
    """Call the API as an account with a role: ``call("accountant", "GET", "/funds")``."""

    def call(role, method, path, area="", **more):
        return client.api(method, path, as_=county.account(role, area), **more)

    return call


def code_of(answer):
    return answer.status_code, answer.json()["error"]["code"]


def funded(call, fen=100_000):
    made = call("accountant", "POST", "/funds", json={**FUND, "amount_fen": fen})
    assert made.status_code == 201, made.text
    data = {"fund": "F1", "scheme": "every_hook", "amount": f"{fen // 100}"}
    return call("proposer", "POST", "/allocations", data=data, files=MINUTES).json()


def released(call, batch, fen):
    for role, step in STEPS:
        answer = call(role, "POST", f"/batches/{batch}/{step}")
        assert answer.status_code == 201, answer.text
    return call("disburser", "POST", f"/batches/{batch}/release", json={"confirm_fen": fen})


def test_funds_receipts_interest_and_accounts(call):
    made = call("accountant", "POST", "/funds", json={**FUND, "received": False}).json()
    assert made == {"id": 1, "fund": "F1", "voucher": ""}
    assert code_of(call("accountant", "POST", "/funds", json=FUND)) == (422, "E_SAME")
    assert code_of(call("proposer", "POST", "/funds", json=FUND)) == (403, "E_FORBIDDEN")
    assert call("accountant", "POST", "/funds", json={**FUND, "amount_fen": 0}).status_code == 400
    donated = {**FUND, "code": "D1", "source": "DON_R", "account": "SPECIAL"}
    assert code_of(call("accountant", "POST", "/funds", json=donated)) == (422, "E_ENTITY")
    more = call("accountant", "POST", "/funds/F1/receipts", json={"amount_fen": 100_001})
    assert code_of(more) == (422, "E_RECEIPT_EXCEEDED") and more.json()["error"]["field"] == "amount"
    came = call("accountant", "POST", "/funds/F1/receipts", json={"amount_fen": 100_000, "on": "2026-11-19"})
    assert came.json() == {"voucher": "2026-11-0001"}
    assert code_of(call("accountant", "POST", "/funds/F9/receipts", json={"amount_fen": 1})) == (404, "E_NOT_FOUND")
    assert call("accountant", "POST", "/funds/F1/interest", json={"amount_fen": 123}).json() == {
        "voucher": "2026-11-0002"
    }
    balances = call("auditor", "GET", "/fund-balances").json()
    assert balances["items"] == [{"fund": "F1", "balance_fen": 100_123, "available_fen": 100_123}]
    (fund,) = call("auditor", "GET", "/funds?limit=1").json()["items"]
    assert (fund["fund"], fund["entity"], fund["balance_fen"]) == ("F1", "fiscal", 100_123)
    account = {"code": "CHARITY", "title": "慈善会账户", "kind": "charity_account"}
    assert call("accountant", "POST", "/fund-accounts", json=account).status_code == 201
    assert code_of(call("accountant", "POST", "/fund-accounts", json=account)) == (422, "E_SAME")
    shown = call("auditor", "GET", "/vouchers/2").json()
    assert shown["transfers"][0]["amount_fen"] == 123
    assert (
        call("accountant", "POST", "/vouchers/2/reverse", json={"reason": "记错"}).json()["voucher"] == "2026-11-0003"
    )
    again = call("accountant", "POST", "/vouchers/2/reverse", json={"reason": "再来"})
    assert code_of(again) == (422, "E_REVERSED")
    key = {"idempotency-key": "receipt-of-november"}
    once = [
        call("accountant", "POST", "/funds/F1/interest", json={"amount_fen": 7}, headers=key).json() for _ in range(2)
    ]
    assert once[0] == once[1]
    assert call("auditor", "GET", "/fund-balances").json()["items"][0]["balance_fen"] == 100_007


def test_allocations_stand_on_minutes(call, money):
    money.fund("F2", yuan=10, scheme="")
    call("accountant", "POST", "/funds", json=FUND)
    data = {"fund": "F1", "scheme": "every_hook", "amount": "500.00", "item": "一"}
    bare = call("proposer", "POST", "/allocations", data=data)
    assert code_of(bare) == (422, "E_NO_MINUTES") and bare.json()["error"]["field"] == "minutes"
    for change, code in (
        ({"amount": "500.001"}, "E_AMT_SCALE"),
        ({"amount": "1000.01"}, "E_FUND_SHORT"),
        ({"decided": "499.99"}, "E_MINUTES_EXCEEDED"),
        ({"scheme": "nobody"}, "E_SCHEME"),
        ({"attended": "3", "members": "7"}, "E_QUORUM"),
    ):
        assert code_of(call("proposer", "POST", "/allocations", data={**data, **change}, files=MINUTES)) == (422, code)
    assert code_of(call("accountant", "POST", "/allocations", data=data, files=MINUTES)) == (403, "E_FORBIDDEN")
    made = call("proposer", "POST", "/allocations", data=data, files=MINUTES)
    # Numbers rise, not always without gaps: a refused act may have used one up.
    allocation, minutes = made.json()["id"], made.json()["minutes"]
    more = call("proposer", "POST", "/allocations", data={**data, "amount": "0.01", "decided": "500"}, files=MINUTES)
    assert code_of(more) == (422, "E_MINUTES_EXCEEDED")
    (listed,) = call("auditor", "GET", "/allocations?scheme=every_hook").json()["items"]
    assert (listed["left_fen"], listed["minutes"]) == (50_000, minutes)
    details = {"body": "党政联席会议", "held_on": "2026-11-02", "attended": 8, "members": 7}
    assert code_of(call("proposer", "POST", f"/minutes/{minutes}", json=details)) == (422, "E_ATTENDANCE")
    assert call("proposer", "POST", f"/minutes/{minutes}", json={**details, "attended": 5}).json() == {"id": minutes}
    assert call("auditor", "GET", f"/minutes/{minutes}/file").content == b"minutes"
    assert call("proposer", "POST", f"/allocations/{allocation}/close").json() == {"unspent_fen": 50_000}
    assert code_of(call("proposer", "POST", f"/allocations/{allocation}/close")) == (409, "E_CLASH")
    assert code_of(call("proposer", "POST", "/allocations/999/close")) == (404, "E_NOT_FOUND")


def test_a_batch_by_four_tokens_to_the_bank_and_back(call, money):
    batch = money.roll([10_000, 20_000])
    assert code_of(call("proposer", "POST", f"/batches/{batch}/submit")) == (422, "E_FUND_SHORT")
    funded(call)
    early = call("approver", "POST", f"/batches/{batch}/approve")
    assert code_of(early) == (422, "E_SKIP_STEP")
    assert code_of(call("clerk", "POST", f"/batches/{batch}/review")) == (403, "E_FORBIDDEN")
    wrong = released(call, batch, 29_999)
    assert code_of(wrong) == (422, "E_CONFIRM") and wrong.json()["error"]["field"] == "confirm"
    assert code_of(call("disburser", "POST", f"/batches/{batch}/bank-file")) == (422, "E_SKIP_STEP")
    done = call("disburser", "POST", f"/batches/{batch}/release", json={"confirm_fen": 30_000})
    assert done.json()["state"] == "released"
    assert code_of(call("disburser", "POST", f"/batches/{batch}/release", json={"confirm_fen": 30_000}))[0] == 409
    file = call("disburser", "POST", f"/batches/{batch}/bank-file").content
    assert file == call("disburser", "POST", f"/batches/{batch}/bank-file").content
    path = f"/batches/{batch}/result"
    assert call("disburser", "POST", path, files={"other": ("a", b"")}).status_code == 422
    bad = money.answer_of(file, change=lambda rows: [row.update(金额="1") for row in rows])
    refused = call("disburser", "POST", path, files={"file": ("r.csv", bad)})
    assert code_of(refused) == (422, "E_RESULT_MISMATCH") and len(refused.json()["error"]["objections"]) == 3
    answer = {"file": ("r.csv", money.answer_of(file, returned=(1,)))}
    first = call("disburser", "POST", path, files=answer).json()
    assert first == {"paid": 1, "paid_fen": 10_000, "returned": 1, "returned_fen": 20_000, "unchanged": 0,
                     "warning": ""}  # fmt: skip
    again = call("disburser", "POST", path, files=answer).json()
    assert (again["paid"], again["unchanged"], again["warning"]) == (0, 2, "W_DUP_RESULT")
    shown = call("auditor", "GET", f"/batches/{batch}").json()
    assert (shown["state"], shown["paid_fen"], [one["step"] for one in shown["history"]]) == (
        "settled",
        10_000,
        [1, 2, 3, 4],
    )
    assert [one["batch"] for one in call("auditor", "GET", "/batches?state=settled").json()["items"]] == [batch]
    page = call("auditor", "GET", f"/batches/{batch}/lines?limit=1").json()
    rest = call("auditor", "GET", f"/batches/{batch}/lines?limit=1&next={page['next']}").json()
    assert [one["result"] for one in page["items"] + rest["items"]] == ["paid", "returned"] and rest["next"] is None
    assert "6222020" not in str(page)
    (file_line,) = call("auditor", "GET", "/bank-files").json()["items"]
    assert (file_line["number"], file_line["total_fen"]) == (1, 30_000)
    (waiting,) = call("auditor", "GET", "/returned-payments").json()["items"]
    ids = [waiting["payment"]]
    path = "/returned-payments/reissue"
    assert code_of(call("proposer", "POST", path, json={"payments": ids, "number": "12"})) == (422, "E_ACCOUNT")
    assert call("proposer", "POST", path, json={"payments": [1, 2], "number": "6217001234567890123"}).status_code == 422
    again = call("proposer", "POST", path, json={"payments": ids, "number": "6217001234567890123"}).json()
    assert (again["kind"], again["total_fen"]) == ("reissue", 20_000)
    assert code_of(call("proposer", "POST", path, json={"payments": ids})) == (422, "E_NOT_RETURNED")
    assert call("auditor", "GET", "/fund-problems").json() == {"ok": True, "problems": []}
    assert code_of(call("auditor", "GET", "/batches/99")) == (404, "E_NOT_FOUND")


def test_a_batch_is_sent_back_or_given_up_and_nobody_acts_twice(call, money, county):
    from core.identity.accounts import NewGrant, grant_role

    funded(call)
    batch = money.roll([10_000])
    both = county.account("proposer")
    with county.begin("security_admin") as work:
        grant_role(work, NewGrant(account=both, role="reviewer"))
    call("proposer", "POST", f"/batches/{batch}/submit")
    assert code_of(call("proposer", "POST", f"/batches/{batch}/review")) == (422, "E_SOD")
    assert call("reviewer", "POST", f"/batches/{batch}/send-back", json={"reason": ""}).status_code == 400
    back = call("reviewer", "POST", f"/batches/{batch}/send-back", json={"reason": "漏了一人"}).json()
    assert (back["state"], back["round"]) == ("draft", 2)
    gone = call("proposer", "POST", f"/batches/{batch}/cancel", json={"reason": "不发"}).json()
    assert (gone["state"], gone["lines"]) == ("cancelled", 0)


def test_kin_are_declared_and_keep_their_relatives_away(call, money, county):
    funded(call)
    people = money.persons(2)
    approver = county.account("approver")
    form = {"account": approver, "person": people[0], "relation": "sibling"}
    assert call("clerk", "POST", "/kin", json=form).json() == {"id": 1}
    assert code_of(call("clerk", "POST", "/kin", json=form)) == (422, "E_SAME")
    assert code_of(call("clerk", "POST", "/kin", json={**form, "person": 999})) == (404, "E_NOT_FOUND")
    assert code_of(call("proposer", "POST", "/kin", json=form)) == (403, "E_FORBIDDEN")
    batch = money.roll([10_000, 20_000], people=people)
    (part,) = call("proposer", "POST", f"/batches/{batch}/submit").json()["split"]
    call("reviewer", "POST", f"/batches/{part}/review")
    assert code_of(call("approver", "POST", f"/batches/{part}/approve")) == (422, "E_RECUSAL")
    assert [one["relation"] for one in call("auditor", "GET", "/kin").json()["items"]] == ["sibling"]
    assert call("clerk", "POST", "/kin/1/end").json() == {"id": 1}
    assert code_of(call("clerk", "POST", "/kin/1/end")) == (404, "E_NOT_FOUND")


def test_a_month_is_checked_closed_by_two_and_opened_by_two(call, money, clock):
    funded(call)
    money.paid([10_000])
    clock.set(datetime(2026, 12, 2, 1, tzinfo=UTC))
    month = {"period": "2026-11"}
    checks = call("accountant", "GET", "/fund-periods/2026-11/checks").json()
    assert checks["ok"] and [one["name"] for one in checks["checks"]] == [
        "bank", "rolls", "headcount", "funds", "goods",
    ]  # fmt: skip
    assert code_of(call("accountant", "GET", "/fund-periods/november/checks")) == (422, "E_PERIOD")
    early = call("accountant", "POST", "/fund-periods/close", json=month)
    assert code_of(early) == (422, "E_STATEMENT_MISSING")
    details = {"body": "党政联席会议", "held_on": "2026-11-02", "attended": 5, "members": 7}
    call("proposer", "POST", "/minutes/1", json=details)
    statement = {"account": "SPECIAL", "on": "2026-11-30", "balance_fen": 90_000}
    late = call("accountant", "POST", "/bank-statements", json={**statement, "on": "2027-01-01"})
    assert code_of(late) == (422, "E_DATE")
    assert code_of(call("accountant", "POST", "/bank-statements", json={**statement, "account": "X"}))[0] == 404
    assert call("accountant", "POST", "/bank-statements", json=statement).status_code == 201
    assert code_of(call("auditor", "POST", "/fund-periods/close", json=month)) == (422, "E_SKIP_STEP")
    assert call("accountant", "POST", "/fund-periods/close", json=month).json() == {"state": "prepared"}
    assert code_of(call("accountant", "POST", "/fund-periods/close", json=month)) == (422, "E_SOD")
    assert call("auditor", "POST", "/fund-periods/close", json=month).json() == {"state": "closed"}
    booked = call("accountant", "POST", "/funds/F1/interest", json={"amount_fen": 1, "on": "2026-11-30"})
    assert code_of(booked) == (422, "E_CLOSED_PERIOD")
    (period,) = call("auditor", "GET", "/fund-periods").json()["items"]
    assert (period["state"], period["vouchers"]) == ("closed", 3)
    assert code_of(call("approver", "POST", "/fund-periods/reopen", json=month)) == (422, "E_REASON")
    why = {**month, "reason": "补记"}
    assert call("approver", "POST", "/fund-periods/reopen", json=why).json() == {"state": "asked"}
    assert call("auditor", "POST", "/fund-periods/reopen", json=why).json() == {"state": "open"}


def test_recoveries_findings_and_the_number_after_a_restore(call, money, county):
    from core.restoring import mark_restored

    funded(call)
    people = money.persons(2)
    money.paid([20_000, 10_000], people=people)
    with county.host.database.transaction(write=True) as connection:
        connection.execute(text("UPDATE identity_person SET died_on = '2026-10-03' WHERE id = :p"), {"p": people[1]})
    for person in people:
        with county.begin("accountant") as work:
            wish = NewRecovery(scheme="every_hook", beneficiary_id=person, person_id=person, area=VILLAGE,
                               reason="多发", months={"2026-11": 10_000}, source_id=person)  # fmt: skip
            open_recovery(work, wish)
    assert len(call("auditor", "GET", "/recoveries").json()["items"]) == 2
    plan = {"parts": [{"on": "2026-12-31", "amount_fen": 10_000}], "agreement": ""}
    assert code_of(call("accountant", "POST", "/recoveries/1/plan", json=plan)) == (422, "E_NO_AGREEMENT")
    assert call("accountant", "POST", "/recoveries/1/plan", json={**plan, "agreement": "同意书"}).json() == {"id": 1}
    assert code_of(call("accountant", "POST", "/recoveries/1/receipts", json={"amount_fen": 10_001}))[1] == "E_AMOUNT"
    came = call("accountant", "POST", "/recoveries/1/receipts", json={"amount_fen": 10_000})
    assert came.json() == {"recovered_fen": 10_000, "state": "recovered"}
    assert code_of(call("approver", "POST", "/recoveries/2/write-off", json={})) == (422, "E_NO_AGREEMENT")
    gone = call("approver", "POST", "/recoveries/2/write-off", json={"document": "攸民9号"})
    assert gone.json() == {"state": "written_off"}
    assert code_of(call("disburser", "POST", "/recoveries/2/write-off", json={}))[0] == 403

    assert call("auditor", "POST", "/findings/detect", json={"period": "2026-11"}).json()["added"] >= 1
    found = {one["kind"]: one for one in call("auditor", "GET", "/findings?period=2026-11").json()["items"]}
    path = f"/findings/{found['funds.paid_after_death']['finding']}"
    assert code_of(call("accountant", "POST", path, json={"state": "confirmed"})) == (422, "E_REASON")
    assert call("accountant", "POST", path, json={"state": "odd", "answer": "x"}).status_code == 400
    answer = {"state": "confirmed", "answer": "已追回"}
    assert call("accountant", "POST", path, json=answer).json() == {"state": "confirmed"}
    assert code_of(call("accountant", "POST", path, json=answer)) == (409, "E_CLASH")

    second = money.release(money.roll([1_000], people=people[:1], period="2026-12"))
    mark_restored(county.host)
    assert code_of(call("disburser", "POST", f"/batches/{second}/bank-file")) == (422, "E_RESTORED")
    assert call("disburser", "POST", "/bank-files/last-number", json={"number": 7}).json() == {"last": 7}
    assert call("disburser", "POST", f"/batches/{second}/bank-file").status_code == 201


def test_a_token_of_one_town_sees_the_lines_of_that_town(call, money):
    other = f"{OTHER_TOWN}201"
    money.fund()
    money.allocate()
    people = money.persons(2)
    first = money.paid([10_000], people=people[:1], returned=(0,))
    second = money.paid([20_000], people=people[1:], period="2026-12", area=other, returned=(0,))

    def lines(batch, area):
        answer = call("proposer", "GET", f"/batches/{batch}/lines", area=area)
        return [one["amount_fen"] for one in answer.json()["items"]]

    assert (lines(first, TOWN), lines(second, TOWN)) == ([10_000], [])
    assert (lines(first, OTHER_TOWN), lines(second, OTHER_TOWN)) == ([], [20_000])
    returned = call("proposer", "GET", "/returned-payments", area=TOWN).json()["items"]
    assert [one["amount_fen"] for one in returned] == [10_000]
    assert code_of(call("proposer", "POST", f"/batches/{first}/submit", area=TOWN)) == (403, "E_FORBIDDEN")
    for path in ("/funds", "/batches", f"/batches/{first}/lines", "/returned-payments", "/bank-files", "/recoveries"):
        assert code_of(call("clerk", "GET", path)) == (403, "E_FORBIDDEN"), path
