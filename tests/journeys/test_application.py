"""The acceptance of the issue by command only: example A of the handbook from the counter to next month's roll.

At each gate a try to skip is refused, with the code of the handbook and exit code 3.
"""

import json
from datetime import date

import pytest
from sqlalchemy import update

from core.identity.models.accounts import Grant

from .conftest import citizen_id

ROSTER = ("户号", "姓名", "公民身份号码", "与户主关系", "性别", "户籍地代码", "银行账号")
VILLAGE = "430223103002"
FATHER, MOTHER, CHILD, GRANDMOTHER = (
    citizen_id(1, "19850302"), citizen_id(2, "19870609"), citizen_id(3, "20170120"), citizen_id(4, "19440211"),
)  # fmt: skip
FAMILY = (
    ("H-1", "陈志强", FATHER, "户主", "男", VILLAGE, "6228480000000001234"),
    ("H-1", "李秀英", MOTHER, "妻", "女", VILLAGE, ""),
    ("H-1", "陈小满", CHILD, "女", "女", VILLAGE, ""),
    ("H-1", "周桂兰", GRANDMOTHER, "母亲", "女", VILLAGE, ""),
)
INCOME = {
    "income": [
        {"id_number": FATHER, "type": "wage", "amount": "1500.00", "per": "month", "excluded": False},
        {"id_number": GRANDMOTHER, "type": "transfer", "amount": "110.00", "per": "month", "excluded": True},
    ],
    "members": [],
}
PHOTO = b"\xff\xd8\xff\xe0" + b"\x00" * 60


@pytest.fixture
def ok(run):
    """Run a command that must succeed; answers its JSON."""

    def act(*words, as_=""):
        ran = run(*words, "--json", as_=as_)
        assert ran.exit_code == 0, (words, ran.talk[-1500:], ran.output[-1500:])
        return ran.data

    return act


@pytest.fixture
def refused(run):
    """Run a command that must be refused and write nothing; answers the codes."""

    def act(*words, as_=""):
        ran = run(*words, "--json", as_=as_)
        assert ran.exit_code == 3, (words, ran.exit_code, ran.talk[-1500:], ran.output[-1500:])
        return {one["code"] for one in ran.error["objections"]}

    return act


@pytest.fixture
def written(tmp_path):
    """Write a JSON file."""

    def write(content) -> str:
        file = tmp_path / f"{abs(hash(json.dumps(content, sort_keys=True)))}.json"
        file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return str(file)

    return write


@pytest.fixture
def staff(run, county, ok, workbook, stand_on, written):
    """The county with its plugins, the family of example A, the standard, a panel of 21, and who works there."""
    with county.host.database.transaction(write=True) as connection:
        connection.execute(update(Grant).values(valid_from=date(2026, 1, 1)))
    stand_on("2026-03-02")
    for plugin in ("dibao", "democratic_review"):
        for words in (["admit"], ["enable"]):
            assert run("plugin", *words, plugin).exit_code == 0
    assert ok("household", "import", workbook("户.xlsx", ROSTER, FAMILY))["imported"] == len(FAMILY)
    ok("benefits", "standard", "set", "dibao", "urban", "420.00", "--from", "2026-01", "--document", "民发 1")
    kinds = ("cadre", "party", "representative", "elder", "women")
    panel = {
        "members": [
            {"name": f"评审员{n:02d}", "sex": "female" if n % 3 == 0 else "male", "kind": kinds[n % 5]}
            for n in range(21)
        ],
        "document": "村民代表会议 1 号",
        "term_from": "2026-01-01",
    }
    ok("democratic-review", "panel", "set", "--village", VILLAGE, "--file", written(panel))
    roles = ("clerk", "township_officer", "proposer", "reviewer", "approver")
    return {role: county.account(role) for role in roles}


def test_example_a_from_the_counter_to_next_months_roll_by_command(ok, refused, staff, written, stand_on, tmp_path):
    clerk, township, reviewer, approver = (staff[one] for one in ("clerk", "township_officer", "reviewer", "approver"))
    photo = tmp_path / "board.jpg"
    photo.write_bytes(PHOTO)
    made = ok("casework", "new", "dibao", "--household", "H-1", "--members", ",".join(row[2] for row in FAMILY),
              "--applicant", FATHER, as_=clerk)  # fmt: skip
    number = made["case"]
    assert (made["state"], made["deadline"]) == ("draft", None)

    def advance(event, as_, **data):
        words = ("casework", "advance", number, event, *(("--data", written(data)) if data else ()))
        return ok(*words, as_=as_)["state"]

    def skipping(event, as_, **data):
        return refused("casework", "advance", number, event, *(("--data", written(data)) if data else ()), as_=as_)

    assert skipping("accept", clerk) == {"E_SKIP_STEP"}
    assert refused("casework", "new", "dibao", "--household", "H-1", "--members", FATHER, as_=clerk) == {
        "E_FAM_OVERLAP"
    }
    handed_in = {"papers": ["identity", "income"], "signed_by": [FATHER, GRANDMOTHER]}
    assert skipping("submit", clerk, **handed_in) == {"E_AUTH_MISSING"}
    assert advance("submit", clerk, **{**handed_in, "signed_by": [FATHER, MOTHER, GRANDMOTHER]}) == "submitted"
    assert advance("accept", clerk) == "accepted"
    ok("dibao", "income", "set", number, written(INCOME), as_=clerk)
    computed = ok("dibao", "compute", number, as_=clerk)
    assert (computed["counted_fen"], computed["per_capita_fen"], computed["base_fen"]) == (120000, 30000, 48000)
    assert (computed["total_fen"], computed["eligible"], computed["reason"]) == (60600, True, "")
    assert skipping("propose_grant", reviewer) == {"E_SKIP_STEP"}
    assert advance("start_check", clerk) == "checking"
    assert skipping("visit_done", township) == {"E_SKIP_STEP"}
    assert advance("check_report", reviewer, report="HD-2026-003310") == "investigating"
    assert skipping("visit_done", township, investigators=["周敏"], signer="陈志强") == {"E_INVESTIGATORS"}
    assert advance("visit_done", township, investigators=["周敏", "赵丽"], signer="陈志强") == "appraising"

    assert skipping("ballot_pass", township) == {"E_NO_BALLOT"}
    ballot = {
        "on": "2026-03-02", "place": "村委会", "observer": "吴建平", "scrutineer": "何永祥",
        "present": [f"评审员{n:02d}" for n in range(17)],
        "items": [{"case": number, "recused": ["评审员03", "评审员04"], "issued": 15, "returned": 15,
                   "agree": 8, "disagree": 5, "abstain": 1}],
    }  # fmt: skip
    record = ("democratic-review", "ballot", "record", "--village", VILLAGE, "--items")
    assert refused(*record, written(ballot), as_=township) == {"E_BALLOT_SUM"}
    ballot["items"][0]["abstain"] = 2
    voted = ok(*record, written(ballot), as_=township)
    wanted = {"valid": True, "quorum": 0.7895, "agree": 8, "disagree": 5, "abstain": 2, "passed": True}
    assert {name: voted[name] for name in wanted} == wanted
    assert advance("ballot_pass", township) == "noticing_1"

    def publish(day):
        for level in ("village", "township", "county"):
            ok("notices", "publish", number, "--level", level, "--on", day, "--photo", str(photo), as_=clerk)

    publish("2026-03-02")
    shown = ok("notices", "show", number, "--public", as_=clerk)
    assert "陈*强" in json.dumps(shown, ensure_ascii=False)
    assert not any(name in json.dumps(shown, ensure_ascii=False) for name in ("陈志强", "陈小满", FATHER))
    stand_on("2026-03-09")
    assert skipping("period_end_no_objection", township) == {"E_NOTICE_SHORT"}
    stand_on("2026-03-10")
    assert advance("period_end_no_objection", township) == "township_review"
    assert skipping("minutes_ok", township) == {"E_MINUTES"}
    assert advance("minutes_ok", township, minutes="党政联席〔2026〕3 号") == "county_review"
    assert skipping("period_end", approver) == {"E_SKIP_STEP"}
    assert advance("propose_grant", reviewer) == "noticing_2"
    publish("2026-03-10")
    stand_on("2026-03-17")
    assert skipping("period_end", approver) == {"E_NOTICE_SHORT"}
    stand_on("2026-03-18")
    assert advance("period_end", approver, document="民批 1 号") == "approved"

    found = ok("casework", "show", number, as_=clerk)
    assert (found["state"], found["monthly_fen"], found["effective_month"]) == ("approved", 60600, "2026-04")
    assert any("606.00" in one["figure"] for one in found["explanation"])
    assert [one["step"] for one in found["steps"] if one["status"] == "done"] == [
        "apply", "accept", "check", "visit", "ballot", "notice_1", "township_review", "county_review", "notice_2",
        "decide",
    ]  # fmt: skip
    stand_on("2026-04-01")
    built = ok("benefits", "roll", "build", "dibao", "--period", "2026-04", as_=staff["proposer"])
    assert (built["lines"], built["total_fen"]) == (1, 60600)


def test_the_panel_of_twenty_one_of_the_handbook(ok, refused, staff, written):
    township = staff["township_officer"]
    record = ("democratic-review", "ballot", "record", "--village", VILLAGE, "--items")

    def session(agree, disagree, abstain, present=17, **more):
        item = {"kind": "housing", "title": "危房改造名单", "recused": ["评审员03", "评审员04"], "agree": agree,
                "disagree": disagree, "abstain": abstain, "issued": present - 2, "returned": present - 2}  # fmt: skip
        return {
            "on": "2026-03-02", "place": "村委会", "observer": "吴建平", "scrutineer": "何永祥",
            "present": [f"评审员{n:02d}" for n in range(present)], "items": [item | more],
        }  # fmt: skip

    assert ok(*record, written(session(8, 5, 2)), as_=township)["passed"] is True
    failed = ok(*record, written(session(7, 6, 2, title="第二份名单")), as_=township)
    assert (failed["passed"], failed["agree"]) == (False, 7)
    assert "E_BALLOT_QUORUM" in refused(*record, written(session(8, 1, 1, present=12)), as_=township)
    assert "E_BALLOT_SUM" in refused(*record, written(session(8, 5, 2, issued=15, returned=16)), as_=township)
