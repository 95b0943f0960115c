"""Fill a county of an older version: run by that version's own pytest, out of its own checkout (see ``make.sh``).

A family in the middle of its second grant, children paid for two months with a line the bank returned and a month
closed, hours of volunteers, a notice with its photograph, minutes of a meeting; every person is invented (area 999).
"""

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from . import test_application as one
from . import test_orphan_month as other
from .conftest import citizen_id
from .test_application import test_example_a_from_the_counter_to_next_months_roll_by_command as grant_a_family
from .test_orphan_month import ENROLMENTS, ROSTER, VILLAGES, yuan

CHILDREN, MONTHS, FUND = 40, ("2026-05", "2026-06"), 10_000_000
ok, refused, staff, written = one.ok, one.refused, one.staff, one.written
settle, statement, close = other.settle, other.statement, other.close
OUT = Path(os.environ["HUIMIN_FILLED"])


@pytest.fixture
def volunteers(county, run):
    """Three volunteers of one team with hours: confirmed, entered, reversed."""
    from tests.plugins.volunteers.conftest import Place

    for words in (["admit"], ["enable"]):
        assert run("plugin", *words, "volunteers").exit_code == 0
    county.reload()
    place = Place(county)
    place.at("2026-04-20T20:00")
    place.org()
    return place


@pytest.fixture
def fund(ok, tmp_path):
    """Money for a scheme, given by a meeting whose minutes are kept."""

    def give(scheme, name):
        minutes = tmp_path / f"{scheme}.pdf"
        minutes.write_bytes(b"%PDF-1.7 minutes of the meeting")
        code = f"PROV-{scheme}"
        ok("funds", "fund", "add", code, "--name", name, "--source", "PROV", "--scheme", scheme, "--year", "2026",
           "--amount", yuan(FUND), "--document", "财社 1")  # fmt: skip
        ok("funds", "allocate", code, "--scheme", scheme, "--amount", yuan(FUND), "--minutes", minutes,
           "--decided", yuan(FUND), "--body", "局长办公会", "--on", "2026-03-30", "--attended", "7", "--members", "8",
           "--place", "二楼会议室", "--chair", "谭主任")  # fmt: skip

    return give


@pytest.fixture
def release(ok, county, staff, stand_on):
    """Take a batch through its four people."""
    stand_on("2026-01-05")
    staff.update((role, county.account(role)) for role in ("disburser", "accountant", "auditor"))

    def send(batch, fen):
        for step, role in (("submit", "proposer"), ("review", "reviewer"), ("approve", "approver")):
            ok("funds", "batch", step, batch, as_=staff[role])
        ok("funds", "batch", "release", batch, "--confirm", yuan(fen), as_=staff["disburser"])

    return send


def test_fill(
    county, run, ok, refused, staff, written, stand_on, workbook, settle, statement, close, tmp_path, volunteers, fund,
    release,
):  # fmt: skip
    volunteers.at("2026-04-20T20:00")
    first, second = (volunteers.volunteer(name) for name in ("李四", "王五"))
    volunteers.confirm(volunteers.hours(first, on=date(2026, 4, 18)))
    volunteers.hours(second, on=date(2026, 4, 19))
    wrong = volunteers.hours(second, "14:00", "16:00", on=date(2026, 4, 18))
    volunteers.act("hours", "reverse", wrong, reason="登记错了")
    stand_on("2026-03-02")
    grant_a_family(ok, refused, staff, written, stand_on, tmp_path)
    [roll] = ok("funds", "batch", "list")
    fund("dibao", "低保资金")
    release(roll["batch"], roll["total_fen"])
    settle(roll["batch"])

    stand_on("2026-04-21")
    for words in (["admit"], ["enable"]):
        assert run("plugin", *words, "orphan_care").exit_code == 0
    people = [
        (f"F-{n}", f"张{chr(0x4E00 + n)}", citizen_id(500 + n), "户主", "男" if n % 2 else "女", VILLAGES[n % 2],
         f"62284800001{n:08d}")
        for n in range(CHILDREN)
    ]  # fmt: skip
    assert ok("household", "import", workbook("孤儿.xlsx", ROSTER, people))["imported"] == CHILDREN
    ok("benefits", "standard", "set", "orphan_care", "ORPHAN_DISP", "760", "--from", "2026-01", "--document", "民发 2")
    rows = [("orphan_care", "ORPHAN_DISP", citizen_id(500 + n), MONTHS[0], "", "", "", "") for n in range(CHILDREN)]
    taken = ok("benefits", "enrol", "import", workbook("在发.xlsx", ENROLMENTS, rows))
    assert (taken["imported"], taken["errors"]) == (CHILDREN, [])
    fund("orphan_care", "省级孤儿资金")
    for at, period in enumerate(MONTHS):
        stand_on(f"{period}-10")
        built = ok("benefits", "roll", "build", "orphan_care", "--period", period)
        release(built["batch"], built["total_fen"])
        settle(built["batch"], fails=(7,) if at else ())
        if not at:
            statement(period, 2 * FUND - roll["total_fen"] - built["total_fen"])
            assert ok("funds", "reconcile", "--period", period)["ok"]
            close(period)
    assert ok("funds", "verify") == {"ok": True, "problems": []}
    assert ok("audit", "verify")["ok"]
    stand_on("2026-06-20")
    database = county.host.database.dialect
    made = Path(ok("backup")["file"])
    OUT.mkdir(parents=True, exist_ok=True)
    shutil.copy(made, OUT / f"430223-{database}.huimin-backup")
    shutil.copy(county.home / "keys" / "430223.key", OUT / f"430223-{database}.key")
