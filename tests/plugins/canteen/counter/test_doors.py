"""The counter by command, API and spreadsheet: the same rules and the same codes."""

import json
from datetime import date

import openpyxl
import pytest

from core.identity.numbers import check_character

SITE = "CT-430223103-001"


def number_of(born, order):
    first = f"999223{born}{order:03d}"
    return first + check_character(first)


@pytest.fixture
def lunch(canteens):
    """Two sites, a diner with a number and a card; it is two in the afternoon."""
    canteens.site(SITE)
    canteens.site("CT-430223103-002")
    number = number_of("19440101", 1)
    code = canteens.diner("王桂兰", number=number)
    return number, code, canteens.card(code)


def test_a_card_is_served_by_command_and_the_second_meal_is_refused_with_exit_3(canteens, lunch, run):
    number, _code, token = lunch
    asked = ("canteen", "check-in", token, "--site", SITE, "--set", "A", "--at", "2026-03-31T11:30", "--json")
    served = run(*asked).data
    assert {name: served[name] for name in ("tier", "subsidy_fen", "self_pay_fen")} == {
        "tier": "T2", "subsidy_fen": 500, "self_pay_fen": 400,
    }  # fmt: skip
    again = run("canteen", "check-in", number, "--site", "CT-430223103-002", "--set", "A", "--json")
    assert (again.exit_code, again.error["code"]) == (3, "E_MEAL_DUP") and "9.00" in again.talk
    full = run("canteen", "check-in", number, "--site", SITE, "--set", "A", "--full-price", "--json")
    assert full.data["self_pay_fen"] == 900
    future = run("canteen", "check-in", number, "--site", SITE, "--set", "A", "--at", "2026-04-30T11:30")
    assert future.exit_code == 3 and "E_FUTURE_DATE" in future.talk
    late = run("canteen", "check-in", token, "--site", SITE, "--set", "A", "--at", "2026-03-20T11:30", "--json")
    assert late.data["late"] and "逾期" in late.talk
    voided = run("canteen", "void", served["id"], "--reason", "刷错了")
    assert voided.exit_code == 0, voided.talk


def test_a_file_of_a_terminal_is_uploaded_by_command_and_a_second_time_changes_nothing(canteens, lunch, run, tmp_path):
    _number, code, _token = lunch
    made = run(
        "canteen", "terminal", "register", "--site", SITE, "--name", "窗口", "--json", as_="canteen_operator-430223"
    ).data
    confirmed = run("canteen", "terminal", "confirm", made["serial"], as_="canteen_officer-430223")
    assert confirmed.exit_code == 0, confirmed.talk
    key = run(
        "canteen", "terminal", "key", made["serial"], made["claim"], "--json", as_="canteen_operator-430223"
    ).data["key"]
    from tests.plugins.canteen.counter.conftest import Device

    device = Device(made["serial"], bytes.fromhex(key), SITE)
    file = tmp_path / "67笔.jsonl"
    file.write_text(device.write(code, "2026-03-31T11:30:00") + "\n" + "nonsense\n", encoding="utf-8")
    done = run("canteen", "upload", file, "--json")
    assert done.data == {"accepted": 1, "duplicate": 0, "conflict": 0, "refused": 1}
    assert run("canteen", "upload", file, "--json").data["duplicate"] == 1
    [terminal] = run("canteen", "terminal", "list", "--json").data
    assert terminal["last_counter"] == 1 and "key" not in terminal
    closed = run("canteen", "day", "close", "--site", SITE, "--json").data
    assert (closed["meals"], closed["subsidy_fen"]) == (1, 500)


def test_the_api_serves_uploads_and_decides(canteens, lunch, client):
    _number, code, token = lunch
    operator = {"authorization": f"Bearer {canteens.county.token('canteen_operator-430223')}"}
    served = client.client.post(
        "/api/v1/canteen/check-in", json={"diner": token, "site": SITE, "set_code": "A"}, headers=operator
    )
    assert served.status_code == 201, served.text
    refused = client.client.post(
        "/api/v1/canteen/check-in", json={"diner": token, "site": SITE, "set_code": "A"}, headers=operator
    )
    assert refused.status_code == 422 and refused.json()["error"]["code"] == "E_MEAL_DUP"
    device = canteens.device(SITE)
    line = device.write(code, "2026-03-31T11:30:00")
    sent = client.client.post("/api/v1/canteen/upload", json={"lines": [line]}, headers=operator).json()
    assert sent["conflict"] == 1 and sent["lines"][0]["reason"] == "当日已享受助餐补贴"
    canteens.county.account("township_officer", "430223103")
    officer = {"authorization": f"Bearer {canteens.county.token('township_officer-430223103')}"}
    canteens.county.clock.set(None)
    found = client.client.get("/api/v1/canteen/conflicts", headers=officer).json()["items"]
    assert [one["code"] for one in found] == ["E_MEAL_DUP"]
    decided = client.client.post(
        f"/api/v1/canteen/conflicts/{found[0]['id']}",
        json={"outcome": "unsubsidised", "reason": "已用餐"},
        headers=officer,
    )
    assert decided.status_code == 201, decided.text


def test_a_paper_list_comes_in_by_spreadsheet_and_each_wrong_row_says_why(canteens, lunch, run, tmp_path):
    number, code, _token = lunch
    canteens.eat(code, SITE, "2026-03-30T12:00")
    other = number_of("19500101", 2)
    canteens.diner("李秀英", number=other)
    stranger = number_of("19400101", 3)
    canteens.county.reload()
    book = openpyxl.Workbook()
    book.active.append(["站点编号", "公民身份号码", "用餐日期", "套餐", "送餐"])
    for row in (
        [SITE, number, date(2026, 3, 31), "A", "否"],
        [SITE, number, date(2026, 3, 30), "A", "否"],
        [SITE, other, date(2026, 3, 31), "A", "是"],
        [SITE, other, date(2026, 3, 31), "A", "否"],
        [SITE, other, date(2026, 3, 20), "A", "否"],
        [SITE, other, date(2026, 3, 28), "Z", "否"],
        ["CT-430223103-777", other, date(2026, 3, 28), "A", "否"],
        [SITE, stranger, date(2026, 3, 28), "A", "否"],
    ):
        book.active.append(row)
    file = tmp_path / "名单.xlsx"
    book.save(file)
    checked = run("import", "check", "canteen-meals", file, "--json")
    assert checked.exit_code == 3
    for wanted in ("E_MEAL_DUP", "E_SET_UNKNOWN", "E_NOT_FOUND", "E_ID_UNKNOWN", "W_MEAL_LATE"):
        assert wanted in checked.output, (wanted, checked.output)
    done = run("import", "run", "canteen-meals", file, "--only-valid", "--json")
    assert done.data["imported"] == 3, (done.output, done.talk)
    assert len(canteens.subsidies()) == 4
    assert json.loads(run("audit", "verify", "--json").output)
