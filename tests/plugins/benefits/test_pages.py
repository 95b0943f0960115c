"""Pages, API and commands of benefits: the same answers, every refusal through each door."""

import pytest

from core.jobs import drain
from core.testing import OTHER_TOWN

from .conftest import citizen_id

PATHS = (
    "/benefits",
    "/benefits/standards",
    "/benefits/standards/new",
    "/benefits/what-if",
    "/benefits/what-if?category=allowance/HOME&amount=800&period=2026-03",
    "/benefits/institutions",
    "/benefits/enrolments",
    "/benefits/enrolments/new",
    "/benefits/enrolments/1",
    "/benefits/enrolments/1/change",
    "/benefits/enrolments/1/end",
    "/benefits/enrolments/2/resume",
    "/benefits/rolls",
    "/benefits/rolls/1",
    "/benefits/rolls/1/lines/1",
    "/benefits/lists/suspended",
    "/benefits/lists/expiring",
    "/benefits/lists/payees",
)


@pytest.fixture
def filled(place):
    """Some people, one of them suspended for long, one who ages out, one roll."""
    from plugins.benefits.api import suspend

    people = place.people(5)
    numbers = place.enrol(people[:3])
    place.act(suspend, numbers[1], "2026-03", "核查")
    place.enrol(people[3:4], to_month="2026-12")
    place.roll("2026-03")
    return place


def test_every_page_stands_and_works_on_a_phone(filled, client):
    client.sign_in("clerk")
    for path in PATHS:
        assert client.faults_of_markup(path) == [], path


def test_every_page_speaks_english(filled, client):
    client.sign_in("clerk", language="en")
    for path in PATHS:
        page = client.get(path).text
        assert "待遇" not in page.replace("待遇发放 ", "") or "Benefits" in page, path
    assert "Where" in client.get("/benefits/rolls/1/lines/1").text


def test_a_standard_is_set_on_the_page_and_stands_with_its_history(filled, client):
    client.sign_in("clerk")
    form = {
        "place": "allowance/HOME",
        "amount": "800",
        "unit": "month",
        "valid_from": "2026-04",
        "document": "民发 2 号",
    }
    assert client.post("/benefits/standards", form).status_code == 303
    page = client.get("/benefits/standards").text
    assert "民发 2 号" in page and "民发 1 号" in page
    wrong = client.post("/benefits/standards", {**form, "amount": "800.001", "document": ""})
    assert wrong.status_code == 422 and 'value="800.001"' in wrong.text


def test_somebody_is_enrolled_changed_suspended_and_ended_by_page(filled, client):
    client.sign_in("clerk")
    form = {
        "person": citizen_id(4),
        "place": "allowance/HOME",
        "from_month": "2026-05",
        "to_month": "",
        "institution": "",
    }
    made = client.post("/benefits/enrolments", form)
    assert made.status_code == 303, made.text
    path = made.headers["location"]
    for act, given in (
        ("change", {"from_month": "2026-06", "category": "INST", "institution_id": str(filled.home), "reason": "入院"}),
        ("suspend", {"from_month": "2026-07", "reason": "核查"}),
        ("resume", {"from_month": "2026-08", "reason": "核实"}),
        ("end", {"last_month": "2026-12", "reason": "收养"}),
        ("reopen", {"reason": "更正"}),
    ):
        assert client.post(f"{path}/{act}", given).status_code == 303, act
    assert "入院" in client.get(path).text
    again = client.post("/benefits/enrolments", form)
    assert again.status_code == 422 and "已经在这项业务里" in again.text
    nobody = client.post("/benefits/enrolments", {**form, "person": citizen_id(77)})
    assert nobody.status_code == 422
    assert client.post(f"{path}/end", {"last_month": "2026-12", "reason": ""}).status_code == 422
    assert client.get(f"{path}/fly").status_code == 404


def test_a_roll_is_asked_for_by_page_and_built_in_the_background(filled, client):
    client.sign_in("proposer")
    asked = client.post("/benefits/rolls", {"scheme": "allowance", "period": "2026-04"})
    assert asked.status_code == 303
    path = asked.headers["location"]
    assert "正在生成" in client.get(path).text
    assert drain(client.host).failed == 0
    page = client.get(path).text
    assert "正在生成" not in page and "760.00" in page
    far = client.post("/benefits/rolls", {"scheme": "allowance", "period": "2030-01"})
    assert far.status_code == 422


def test_reads_of_a_sensitive_scheme_are_recorded(filled, client):
    client.sign_in("clerk")
    client.get("/benefits/enrolments/1")
    with filled.county.look("auditor") as work:
        rows = work.session.connection().exec_driver_sql(
            "SELECT count(*) FROM audit_record WHERE action = 'benefits.shown'"
        )
        assert rows.scalar() == 1


def test_another_town_sees_nobody(filled, client):
    client.sign_in("township_officer", OTHER_TOWN)
    assert client.get("/benefits/enrolments/1").status_code == 404
    assert "张一" not in client.get("/benefits/rolls/1").text
    assert client.get("/benefits/rolls/1/lines/1").status_code == 404
    assert client.get("/benefits/what-if?category=allowance/HOME&amount=800").status_code == 403


def test_the_desk_brings_figures_and_what_waits(filled, client):
    client.sign_in("clerk")
    page = client.get("/").text
    assert "在发待遇" in page and "暂停超过期限" in page and "待遇将到期" in page
    assert "待遇" in client.get("/people/1").text


def test_the_page_of_a_household_shows_what_its_people_get(filled, client):
    from core.households.services import open_household
    from core.households.wishes import Member, OpenHousehold
    from core.testing import VILLAGE

    with filled.county.begin() as work:
        members = [Member(person_id=1, relation="户主"), Member(person_id=2, relation="子")]
        number = open_household(work, OpenHousehold(number="H-1", area=VILLAGE, on=work.today, members=members)).id
    client.sign_in("clerk")
    page = client.get(f"/households/{number}").text
    assert "Allowance" in page and "At home" in page and "暂停" in page
    assert "暂时不可用" not in page


def test_reports_count_enrolments_and_payments(filled, run):
    filled.money()
    filled.paid("2026-04")
    rows = run("report", "run", "benefits-enrolments", "--json")
    assert rows.exit_code == 0, rows.talk
    paid = run("report", "run", "benefits-paid", "--month", "2026-04", "--json")
    assert paid.exit_code == 0 and "2026-04" in paid.output, paid.talk


@pytest.fixture
def api(filled, client):
    """Calls of the API as a clerk who may build."""
    name = filled.county.account("proposer")

    def call(method, path, **more):
        return client.api(method, f"/benefits{path}", as_=name, **more)

    return call


def test_the_api_sets_enrols_builds_and_explains(filled, client, api):
    made = api(
        "POST", "/standards",
        json={"scheme": "allowance", "category": "HOME", "amount": "800", "valid_from": "2026-05", "document": "2"},
    )  # fmt: skip
    assert made.status_code == 201, made.text
    assert len(api("GET", "/standards").json()["items"]) == 3
    home = {"code": "H2", "name": "二院", "account_number": "622848001212121212"}
    assert api("POST", "/institutions", json=home).status_code == 201
    assert len(api("GET", "/institutions").json()["items"]) == 2
    wish = {"scheme": "allowance", "category": "INST", "person_id": 5, "from_month": "2026-05", "institution": "H2"}
    number = api("POST", "/enrolments", json=wish).json()["id"]
    assert api("GET", f"/enrolments/{number}").json()["payee_tail"] == "1212"
    change = {"from_month": "2026-06", "category": "HOME", "reason": "回家"}
    assert api("POST", f"/enrolments/{number}/change", json=change).status_code == 201
    pause = {"from_month": "2026-07", "reason": "核查"}
    assert api("POST", f"/enrolments/{number}/suspend", json=pause).status_code == 201
    assert api("POST", f"/enrolments/{number}/resume", json=pause).status_code == 201
    assert api("POST", f"/enrolments/{number}/end", json={"last_month": "2026-09", "reason": "迁"}).status_code == 201
    assert api("POST", f"/enrolments/{number}/reopen", json={"reason": "更正"}).status_code == 201
    assert len(api("GET", "/enrolments", params={"scheme": "allowance", "limit": 2}).json()["items"]) == 2
    batch = api("POST", "/rolls", json={"scheme": "allowance", "period": "2026-05"}).json()["batch"]
    drain(client.host)
    roll = api("GET", f"/rolls/{batch}").json()
    assert (roll["state"], roll["lines"]) == ("draft", 7), "May, and April that was passed over"
    found = api("GET", "/explain", params={"scheme": "allowance", "person": 5, "period": "2026-05"}).json()
    assert found["total_fen"] == 124_000
    tried = api(
        "POST", "/what-if", json={"scheme": "allowance", "category": "HOME", "amount": "9", "period": "2026-05"}
    )
    assert (tried.status_code, tried.json()["losers"]) == (200, 3)
    assert len(api("GET", "/lists/suspended").json()["items"]) == 1
    assert api("GET", "/schemes").json()["items"]
    start = api("POST", "/schemes/start", json={"scheme": "allowance", "month": "2026-01"})
    assert start.json() == {"scheme": "allowance", "start": "2026-01"}


STANDARD = {"scheme": "allowance", "category": "HOME", "amount": "800", "valid_from": "2026-05", "document": "2"}
ENROL = {"scheme": "allowance", "category": "HOME", "person_id": 5, "from_month": "2026-05"}


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/standards", {**STANDARD, "amount": "1.001"}, "E_AMT_SCALE"),
        ("/standards", {**STANDARD, "amount": "many"}, "E_MONEY"),
        ("/standards", {**STANDARD, "amount": "0"}, "E_MONEY"),
        ("/standards", {**STANDARD, "unit": "week"}, "E_UNIT"),
        ("/standards", {**STANDARD, "category": "X"}, "E_CATEGORY"),
        ("/standards", {**STANDARD, "area": "123"}, "E_DIV_CODE"),
        ("/standards", {**STANDARD, "valid_from": "2026-55"}, "E_PERIOD"),
        ("/institutions", {"code": "H3", "name": "三院", "account_number": "12"}, "E_ACCOUNT"),
        ("/institutions", {"code": "H3", "name": "三院", "area": "999999999"}, "E_DIV_CODE"),
        ("/enrolments", {**ENROL, "category": "X"}, "E_CATEGORY"),
        ("/enrolments", {**ENROL, "institution": "nowhere"}, "E_INSTITUTION"),
        ("/enrolments", {**ENROL, "person_id": 1}, "E_ENROLLED"),
        ("/enrolments", {**ENROL, "to_month": "2026-01"}, "E_MONTHS"),
        ("/enrolments", {**ENROL, "from_month": "1999-01"}, "E_LONG_AGO"),
        ("/enrolments", {**ENROL, "account_number": "1"}, "E_ACCOUNT"),
        ("/enrolments/1/change", {"from_month": "2026-05"}, "E_SAME"),
        ("/enrolments/1/suspend", {"from_month": "2026", "reason": "x"}, "E_FIELD"),
        ("/rolls", {"scheme": "allowance", "period": "2031-01"}, "E_PERIOD"),
        ("/rolls", {"scheme": "allowance_gap", "period": "2026-03"}, "E_NOTHING_DUE"),
    ],
)
def test_what_is_refused_is_refused_by_api_too(api, path, body, code):
    answer = api("POST", path, json=body)
    assert answer.status_code in (400, 422), answer.text
    assert code in answer.text or answer.status_code == 400


def test_unknown_schemes_and_clashes_have_their_status(api):
    assert api("POST", "/standards", json={**STANDARD, "scheme": "nothing"}).status_code == 404
    assert api("POST", "/enrolments/1/resume", json={"from_month": "2026-05", "reason": "x"}).status_code == 409
    assert api("POST", "/enrolments/1/reopen", json={"reason": "x"}).status_code == 409
    assert api("GET", "/lists/other").status_code == 404


def test_commands_do_the_same(filled, run):
    filled.money()
    assert run("benefits", "scheme", "list", "--json").data[0]["scheme"] == "allowance"
    built = run("benefits", "roll", "build", "allowance", "--period", "2026-05", "--json")
    assert set(built.data) == {"batch", "lines", "total_fen", "by_category", "backpay_fen", "excluded"}
    filled.submit(built.data["batch"])
    again = run("benefits", "roll", "build", "allowance", "--period", "2026-05", "--json")
    assert (again.exit_code, again.error["code"]) == (3, "E_DUP_PERIOD")
    shown = run("benefits", "roll", "show", built.data["batch"], "--json").data
    assert (len(shown["items"]), shown["backpay_fen"]) == (6, 3 * 76_000), "May, and April that was passed over"
    assert run("benefits", "roll", "list", "--json").data[0]["batch"] == built.data["batch"]
    found = run("benefits", "explain", "allowance", "1", "--period", "2026-05", "--json").data
    assert found["total_fen"] == 152_000
    assert "760.00" in run("benefits", "explain", "allowance", citizen_id(0), "--period", "2026-05").output
    assert run("benefits", "enrol", "show", "1").exit_code == 0
    number = str(run("benefits", "enrol", "add", "allowance", "HOME", "5", "--from", "2026-05", "--json").data["id"])
    assert run("benefits", "enrol", "suspend", number, "--from", "2026-06", "--reason", "核查").exit_code == 0
    assert run("benefits", "enrol", "resume", number, "--from", "2026-07", "--reason", "核实").exit_code == 0
    assert run("benefits", "enrol", "change", number, "--from", "2026-08", "--to", "2026-12").exit_code == 0
    assert run("benefits", "enrol", "end", number, "--last", "2026-09", "--reason", "迁").exit_code == 0
    assert run("benefits", "enrol", "reopen", number, "--reason", "更正").exit_code == 0
    assert run("benefits", "institution", "list").exit_code == 0
    assert run("benefits", "standard", "list").exit_code == 0
    words = (
        "benefits",
        "standard",
        "set",
        "allowance",
        "HOME",
        "1.001",
        "--from",
        "2026-01",
        "--document",
        "x",
        "--json",
    )
    assert run(*words).error["code"] == "E_AMT_SCALE"


def test_a_dry_run_of_a_roll_leaves_nothing(filled, run):
    ran = run("--dry-run", "benefits", "roll", "build", "allowance", "--period", "2026-04", "--json")
    assert ran.data["lines"] == 3
    assert len(run("benefits", "roll", "list", "--json").data) == 1


def test_every_act_reads_as_words_in_the_audit(filled):
    from plugins.benefits.wording import in_words

    with filled.county.look("auditor") as work:
        rows = work.session.connection().exec_driver_sql(
            "SELECT DISTINCT action FROM audit_record WHERE action LIKE 'benefits.%%'"
        )
        assert [action for (action,) in rows if not in_words(action)] == []
