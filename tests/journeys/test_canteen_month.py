"""The worked month of a canteen by commands alone: fifty diners, 22 days, a terminal's file, and money at the bank."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from core.identity.models.accounts import Grant
from tests.plugins.canteen.counter.conftest import Device

from .conftest import citizen_id, read_rows, write_rows

SITE = "CT-430223103-001"
HEADERS = ("户号", "姓名", "公民身份号码", "与户主关系", "性别", "户籍地代码", "银行账号")
TIERS = ((20, "19640101", ""), (18, "19480101", ""), (10, "19620101", "dibao"), (2, "19290101", ""))
DAYS = [day for day in (date(2026, 3, 1) + timedelta(days=step) for step in range(31)) if day.weekday() < 5]
ROLES = ("clerk", "township_officer", "canteen_operator", "canteen_officer", "proposer", "reviewer", "approver",
         "disburser")  # fmt: skip


@pytest.fixture
def staff(county, run, stand_on):
    """Everybody who acts, each with a token; the canteen is on."""
    assert run("plugin", "admit", "canteen").exit_code == 0
    assert run("plugin", "enable", "canteen").exit_code == 0
    names = {role: county.account(role) for role in ROLES}
    with county.host.database.transaction(write=True) as connection:
        connection.execute(update(Grant).values(valid_from=date(2026, 1, 1)))
    stand_on("2026-04-01")
    return names


@pytest.fixture
def ok(run):
    """Run a command that must succeed; answers its JSON."""

    def act(*words, as_=""):
        ran = run(*words, "--json", as_=as_)
        assert ran.exit_code == 0, (words, ran.talk[-1500:], ran.output[-1500:])
        return ran.data

    return act


@pytest.fixture
def diners(ok, staff, workbook):
    """Fifty people of the four tiers, registered from a spreadsheet and enrolled: their opaque codes."""
    numbers = [(citizen_id(place, born), status) for place, (born, status) in enumerate(
        (born, status) for count, born, status in TIERS for _ in range(count))]  # fmt: skip
    people = [(f"H-{place}", f"老人{chr(0x4E00 + place)}", number, "户主", "女", "430223103201", "")
              for place, (number, _status) in enumerate(numbers)]  # fmt: skip
    assert ok("household", "import", workbook("户.xlsx", HEADERS, people))["imported"] == 50
    ok("canteen", "site", "add", SITE, "--name", "桃水镇长者食堂", "--village", "430223103201", "--licence-to",
       "2028-12-31")  # fmt: skip
    ok("canteen", "menu", "set", SITE, "A", "9.00", "--from", "2026-01-01")
    return [
        ok("canteen", "diner", "enrol", number, "--from", "2026-03-01", *(["--status", status] if status else []))[
            "code"
        ]
        for number, status in numbers
    ]


def test_a_month_goes_from_a_terminals_file_to_the_bank(run, ok, staff, diners, tmp_path):
    made = ok("canteen", "terminal", "register", "--site", SITE, as_=staff["canteen_operator"])
    ok("canteen", "terminal", "confirm", made["serial"], as_=staff["canteen_officer"])
    key = ok("canteen", "terminal", "key", made["serial"], made["claim"], as_=staff["canteen_operator"])["key"]
    device = Device(made["serial"], bytes.fromhex(key), SITE)
    lines = [device.write(code, f"{day.isoformat()}T11:30:00") for day in DAYS for code in diners]
    file = tmp_path / "三月.jsonl"
    file.write_text("\n".join(reversed(lines)), encoding="utf-8")
    done = ok("canteen", "upload", file, as_=staff["canteen_operator"])
    assert done == {"accepted": 1_100, "duplicate": 0, "conflict": 0, "refused": 0}
    assert ok("canteen", "upload", file, as_=staff["canteen_operator"])["duplicate"] == 1_100
    settled = ok("canteen", "settle", "--site", SITE, "--month", "2026-03")
    wanted = ("meals", "diner_subsidy_fen", "operating_subsidy_fen", "claim_fen")
    assert {name: settled[name] for name in wanted} == {
        "meals": 1_100, "diner_subsidy_fen": 457_600, "operating_subsidy_fen": 132_000, "claim_fen": 589_600,
    }  # fmt: skip
    number = str(settled["id"])
    ok("canteen", "settlement", "check", number, as_=staff["township_officer"])
    late = run("canteen", "check-in", diners[0], "--site", SITE, "--set", "A", "--at", "2026-03-31T12:00", "--json")
    assert (late.exit_code, late.error["code"]) == (3, "E_SETTLE_LOCKED")
    ok("canteen", "settlement", "approve", number, "--minutes", "纪要〔2026〕4号", as_=staff["canteen_officer"])
    early = run("canteen", "settlement", "pay", "--month", "2026-03", "--json")
    assert (early.exit_code, early.error["code"]) == (3, "E_CONTRACT")
    added = ok("canteen", "operator", "add", "--name", "和顺餐饮有限公司", "--code", "91430223MA4L16JQ9W", "--kind",
               "company", "--account", "6228480012345678901")  # fmt: skip
    operator = str(added["id"])
    ok("canteen", "operator", "contract", operator, "--number", "HT-1", "--procurement", "open", "--from-on",
       "2026-01-01", "--to-on", "2027-12-31")  # fmt: skip
    ok("canteen", "site", "entrust", SITE, "--operator", operator)
    for scheme in ("canteen_diner", "canteen_operator"):
        _money(ok, scheme, tmp_path)
    assert ok("canteen", "settlement", "pay", "--month", "2026-03")["count"] == 1
    for batch, amount in ((1, "4576.00"), (2, "1320.00")):
        _through(ok, staff, batch, amount, tmp_path)
    [paid] = ok("canteen", "settlement", "list")
    assert (paid["state"], paid["claim_fen"]) == ("paid", 589_600)
    assert ok("funds", "verify")
    assert json.dumps(ok("audit", "verify"))


def _money(ok, scheme, tmp_path):
    minutes = tmp_path / "minutes.pdf"
    minutes.write_bytes(b"%PDF-1.7 minutes of the meeting")
    ok("funds", "fund", "add", f"F-{scheme}", "--name", "县级助餐资金", "--source", "COUNTY", "--scheme", scheme,
       "--year", "2026", "--amount", "100000.00", "--document", f"财社 {scheme}")  # fmt: skip
    ok("funds", "allocate", f"F-{scheme}", "--scheme", scheme, "--amount", "100000.00", "--minutes", minutes,
       "--decided", "100000.00", "--body", "局长办公会", "--on", "2026-03-31", "--attended", "7", "--members", "8",
       "--place", "二楼会议室", "--chair", "谭主任")  # fmt: skip


def _through(ok, staff, batch, amount, tmp_path):
    """A batch by four people to the bank and back; every line was paid."""
    number = str(batch)
    for step, role in (("submit", "proposer"), ("review", "reviewer"), ("approve", "approver")):
        ok("funds", "batch", step, number, as_=staff[role])
    ok("funds", "batch", "release", number, "--confirm", amount, as_=staff["disburser"])
    file = tmp_path / f"bank-{number}.csv"
    ok("funds", "batch", "export", number, "-o", file)
    answer = [{**row, "结果": "成功", "原因": ""} for row in read_rows(file)]
    taken = ok("funds", "batch", "import-result", number, write_rows(tmp_path / f"result-{number}.csv", answer))
    assert taken
