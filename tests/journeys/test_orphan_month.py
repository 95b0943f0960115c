"""The acceptance of the issue: 575 and 1,699 children through a month, a year, a raise, a correction, a late death."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import update

from core.capitals import in_capitals
from core.identity.models.accounts import Grant
from core.values import Period

from .conftest import citizen_id, read_rows, write_rows

ROSTER = ("户号", "姓名", "公民身份号码", "与户主关系", "性别", "户籍地代码", "银行账号")
ENROLMENTS = ("业务", "类别", "公民身份号码", "起始月", "截止月", "机构", "收款户名", "收款账号")
INSTITUTIONAL, DISPERSED = 575, 1_699
MONTH, FUND = 200_424_000, 2_600_000_000
VILLAGES = ("430223103201", "430223106201")


@pytest.fixture
def ok(run):
    """Run a command that must succeed; answers its JSON."""

    def act(*words, as_=""):
        ran = run(*words, "--json", as_=as_)
        assert ran.exit_code == 0, (words, ran.talk[-1500:], ran.output[-1500:])
        return ran.data

    return act


@pytest.fixture
def staff(county):
    """Four people for the four steps of a batch, and two for the close."""
    roles = ("proposer", "reviewer", "approver", "disburser", "accountant", "auditor")
    return {role: county.account(role) for role in roles}


@pytest.fixture
def children(ok, run, county, workbook, stand_on, tmp_path):
    """2,274 children in payment, taken over from a spreadsheet; standards, a home, money with its minutes."""
    with county.host.database.transaction(write=True) as connection:
        connection.execute(update(Grant).values(valid_from=date(2026, 1, 1)))
    stand_on("2026-01-05")
    for words in (["admit"], ["enable"]):
        assert run("plugin", *words, "orphan_care").exit_code == 0
    people = [
        (f"H-{n}", f"张{chr(0x4E00 + n % 5000)}", citizen_id(n), "户主", "男" if n % 2 else "女", VILLAGES[n % 2],
         f"62284800000{n:08d}")
        for n in range(INSTITUTIONAL + DISPERSED)
    ]  # fmt: skip
    registered = ok("household", "import", workbook("户.xlsx", ROSTER, people))
    assert registered["imported"] == len(people)
    ok("benefits", "institution", "set", "FLY", "--name", "县儿童福利院", "--account-number", "622848009999999999")
    ok("benefits", "standard", "set", "orphan_care", "ORPHAN_INST", "1240", "--from", "2026-01", "--document", "民发 1")
    ok("benefits", "standard", "set", "orphan_care", "ORPHAN_DISP", "760", "--from", "2026-01", "--document", "民发 1")
    rows = [
        ("orphan_care", "ORPHAN_INST" if n < INSTITUTIONAL else "ORPHAN_DISP", citizen_id(n), "2026-01", "",
         "FLY" if n < INSTITUTIONAL else "", "", "")
        for n in range(len(people))
    ]  # fmt: skip
    taken = ok("benefits", "enrol", "import", workbook("在发.xlsx", ENROLMENTS, rows))
    assert (taken["rows"], taken["imported"], taken["errors"]) == (len(rows), len(rows), [])
    minutes = tmp_path / "minutes.pdf"
    minutes.write_bytes(b"%PDF-1.7 minutes of the meeting")
    ok("funds", "fund", "add", "PROV-2026", "--name", "省级孤儿资金", "--source", "PROV", "--scheme", "orphan_care",
       "--year", "2026", "--amount", "26000000.00", "--document", "财社 1")  # fmt: skip
    ok("funds", "allocate", "PROV-2026", "--scheme", "orphan_care", "--amount", "26000000.00", "--minutes", minutes,
       "--decided", "26000000.00", "--body", "局长办公会", "--on", "2026-01-05", "--attended", "7", "--members", "8",
       "--place", "二楼会议室", "--chair", "谭主任")  # fmt: skip
    return people


@pytest.fixture
def pay(ok, run, staff, stand_on):
    """Build a month's roll and take it through all steps by four people; answers what was built."""

    def month(period, day=""):
        stand_on(day or f"{period}-10")
        built = ok("benefits", "roll", "build", "orphan_care", "--period", period)
        batch = built["batch"]
        for step, role in (("submit", "proposer"), ("review", "reviewer"), ("approve", "approver")):
            ok("funds", "batch", step, batch, as_=staff[role])
        ok("funds", "batch", "release", batch, "--confirm", yuan(built["total_fen"]), as_=staff["disburser"])
        return built

    return month


@pytest.fixture
def settle(ok, tmp_path, staff):
    """Take the bank's file of a batch and bring its answers back; some lines fail."""

    def answer(batch, fails=()):
        out = tmp_path / f"bank-{batch}.csv"
        ok("funds", "batch", "export", batch, "-o", out, as_=staff["disburser"])
        rows = read_rows(out)
        assert list(rows[0]) == ["序号", "参考号", "户名", "账号", "金额", "摘要"]
        for at, row in enumerate(rows):
            row["结果"], row["原因"] = ("失败", "户名不符") if at in fails else ("成功", "")
        back = write_rows(tmp_path / f"back-{batch}.csv", rows)
        return rows, ok("funds", "batch", "import-result", batch, back, as_=staff["disburser"])

    return answer


@pytest.fixture
def statement(ok, stand_on):
    """Enter the bank's balance at the end of a month, on the first day after it."""

    def enter(period, fen):
        stand_on(Period(period).next().first_day)
        ok("funds", "statement", "add", "SPECIAL", "--on", Period(period).last_day, "--balance", yuan(fen))

    return enter


@pytest.fixture
def close(ok, staff):
    """Close a month by accountant and auditor."""

    def by_two(period):
        assert ok("funds", "close", "--period", period, as_=staff["accountant"])["state"] == "prepared"
        assert ok("funds", "close", "--period", period, as_=staff["auditor"])["state"] == "closed"

    return by_two


def yuan(fen):
    return f"{fen // 100}.{fen % 100:02d}"


def holds(checked):
    return checked["ok"] and all(one["ok"] and not one["difference_fen"] for one in checked["checks"])


@pytest.fixture
def backpay(ok):
    """Months, amounts and revisions of a roll's back-pay lines, with how many there are."""

    def gather(batch):
        found, after = Counter(), 0
        while after is not None:
            shown = ok("benefits", "roll", "show", batch, "--limit", "1000", "--after", after)
            found.update(
                (line["for_month"], line["amount_fen"], line["revision"])
                for line in shown["items"]
                if line["component"] == "BACKPAY"
            )
            after = shown["next"]
        return dict(found)

    return gather


def test_a_march_is_paid_answered_and_reconciled_then_raised_corrected_and_a_late_death_followed(
    ok, run, county, children, pay, settle, statement, close, backpay, staff, stand_on
):
    files = ok("orphan-care", "case", "list", "--missing", "--limit", "3")
    assert [one["warnings"][0]["code"] for one in files] == ["W_FILE_INCOMPLETE"] * 3
    for at, period in enumerate(("2026-01", "2026-02"), start=1):
        built = pay(period)
        assert built["total_fen"] == MONTH
        assert settle(built["batch"])[1]["paid"] == 2_274
        statement(period, FUND - at * MONTH)
        assert holds(ok("funds", "reconcile", "--period", period))
        close(period)

    # March: the roll, four people, the bank, the reconciliation, the close.
    march = pay("2026-03")
    assert (march["lines"], march["total_fen"], march["backpay_fen"]) == (2_274, MONTH, 0)
    assert march["by_category"] == {"ORPHAN_INST": 71_300_000, "ORPHAN_DISP": 129_124_000}
    rows, answer = settle(march["batch"], fails=(2_000, 2_001))
    assert (len(rows), sum(row["金额"] == "760.00" for row in rows)) == (2_274, 1_699)
    assert answer == {"paid": 2_272, "paid_fen": 200_272_000, "returned": 2, "returned_fen": 152_000, "unchanged": 0}
    waiting = ok("funds", "reconcile", "--period", "2026-03")
    assert [one["name"] for one in waiting["checks"] if one["waiting"]] == ["bank"]
    statement("2026-03", FUND - 3 * MONTH + 152_000)
    checked = ok("funds", "reconcile", "--period", "2026-03")
    assert holds(checked) and not any(one["waiting"] for one in checked["checks"])
    close("2026-03")
    assert ok("funds", "verify") == {"ok": True, "problems": []}

    # The bank's two returned children are listed for another account.
    asked = ok("orphan-care", "review", "due")
    assert [one["kind"] for one in asked if one["kind"] == "account"] == ["account"] * 2

    # 760 becomes 800 from January, decided in April; in June it becomes 810 from January.
    stand_on("2026-04-08")
    ok("benefits", "standard", "set", "orphan_care", "ORPHAN_DISP", "800", "--from", "2026-01", "--document", "民发 2")
    april = pay("2026-04")
    assert april["backpay_fen"] == 20_388_000
    assert april["total_fen"] == 575 * 124_000 + 1_699 * 80_000 + 20_388_000
    assert backpay(april["batch"]) == {(f"2026-0{month}", 4_000, 0): DISPERSED for month in (1, 2, 3)}
    assert pay("2026-05")["backpay_fen"] == 0
    stand_on("2026-06-08")
    ok("benefits", "standard", "set", "orphan_care", "ORPHAN_DISP", "810", "--from", "2026-01", "--document", "民发 3")
    june = pay("2026-06")
    assert june["backpay_fen"] == 5 * 1_699 * 1_000
    months = {(f"2026-0{month}", 1_000, 1 if month < 4 else 0): DISPERSED for month in range(1, 6)}
    assert backpay(june["batch"]) == months

    # A death in March, recorded in July: past payments stay, three months are claimed back, July is not paid.
    stand_on("2026-07-02")
    [case] = ok("orphan-care", "case", "list", "--category", "ORPHAN_DISP", "--limit", "1")
    ok("person", "death", case["person_id"], "--on", "2026-03-05")
    [claim] = ok("funds", "recovery", "list")
    assert (claim["amount_fen"], claim["state"]) == (3 * 81_000, "open")
    dead = ok("orphan-care", "case", "show", case["number"])
    assert (dead["state"], dead["cause"], dead["last_month"]) == ("closed", "death", "2026-03")
    july = pay("2026-07")
    assert (july["lines"], july["backpay_fen"]) == (2_273, 0)

    # It was somebody else: payment goes on with July as back-pay, and nothing is claimed any more.
    stand_on("2026-08-02")
    second = county.account("clerk")
    ok("person", "death", case["person_id"], "--on", "2026-03-05", "--revoke", "--reason", "登记错人", as_=second)
    alive = ok("orphan-care", "case", "show", case["number"])
    assert (alive["state"], alive["cause"]) == ("active", "")
    august = pay("2026-08")
    assert (august["lines"], august["backpay_fen"]) == (2_275, 81_000)
    assert ok("funds", "recovery", "list") == []
    [claim] = ok("funds", "recovery", "list", "--state", "")
    assert claim["state"] == "withdrawn"
    assert ok("funds", "verify") == {"ok": True, "problems": []}


def test_twelve_such_months_are_the_year_of_the_report(ok, children, pay, client):
    paid = [pay(f"2026-{month:02d}")["total_fen"] for month in range(1, 13)]
    assert paid == [MONTH] * 12
    assert sum(paid) == 2_405_088_000
    assert in_capitals(sum(paid)) == "贰仟肆佰零伍万零捌佰捌拾元整"
    figures = {
        row["indicator"]: row["figure"] for row in ok("report", "run", "orphan-care-indicators", "--month", "2026-12")
    }
    assert (figures["在保儿童"], figures["保障覆盖率"]) == ("2274", "100.00%")
    assert (figures["本月发放"], figures["本年累计发放"]) == ("2,004,240.00", "24,050,880.00")
    client.sign_in("accountant")
    page = client.get("/funds").text
    assert "2,405.09" in page
