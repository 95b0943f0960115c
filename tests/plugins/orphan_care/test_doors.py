"""Every error by page, command and API; states and permissions; another town sees nothing."""

from datetime import date

import pytest

from .conftest import DEAD, ELSEWHERE, OTHER_TOWN, TOWN, VILLAGE, parents

CITIZEN = "999223201505010022"
LOST = {"kind": "lost_contact", "document": "报警回执", "since": date(2025, 12, 1)}
SHORT = {"kind": "prison", "document": "判决书", "since": date(2026, 1, 1), "until": date(2026, 4, 1)}
MILD = {"kind": "severe_disab", "document": "残疾证", "disability": "limb", "grade": 3}
ODD = {"kind": "illness", "document": "诊断书", "illness": "感冒"}
TEKUN = {
    "outside_kind": "tekun", "outside_yuan": "580", "outside_from": "2026-01", "outside_document": "特困证",
}  # fmt: skip
WRONG = {
    "E_BASIS_MISSING": {"category": "UNATT", **parents(DEAD)},
    "E_BASIS_TERM": {"category": "UNATT", **parents(DEAD, SHORT)},
    "E_BASIS_GRADE": {"category": "UNATT", **parents(DEAD, MILD)},
    "E_BASIS_ILLNESS": {"category": "UNATT", **parents(DEAD, ODD)},
    "E_BASIS_CATEGORY": {"category": "UNATT", **parents(DEAD, DEAD)},
    "E_LOST_6M": {"category": "UNATT", **parents(DEAD, LOST)},
    "E_EXCLUSIVE": {"category": "ORPHAN_DISP", **parents(DEAD, DEAD), **TEKUN},
    "E_ORPHAN_AGE": {"category": "CONT_EDU", **parents(DEAD, DEAD)},
}


def plain(given):
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}


def options(given):
    return [word for name, value in plain(given).items() for word in (f"--{name.replace('_', '-')}", str(value))]


@pytest.fixture
def call(place, client):
    """Ask the API as an account with a role."""

    def ask(role, method, path, area="", **more):
        token = place.county.token(place.county.account(role, area))
        headers = {"Authorization": f"Bearer {token}"}
        return client.client.request(method, f"/api/v1/orphan-care{path}", headers=headers, **more)

    return ask


def test_every_error_of_an_application_by_page_command_and_api(place, run, client, call):
    child, guardian = place.person(), place.guardian()
    cases = {**WRONG, "E_GUARDIAN_REQUIRED": {"category": "ORPHAN_DISP", **parents(DEAD, DEAD)}}
    client.sign_in("clerk")
    for code, given in cases.items():
        keeper = {} if code == "E_GUARDIAN_REQUIRED" else {"guardian_id": guardian}
        ran = run("orphan-care", "case", "apply", child, *options(given | keeper), "--json")
        assert (ran.exit_code, code in {one["code"] for one in ran.error["objections"]}) == (3, True), (code, ran.talk)
        body = plain(given | keeper) | {"person_id": child}
        answer = call("clerk", "POST", "/cases", json=body)
        assert (answer.status_code, code in answer.text) == (422, True), (code, answer.text)
        answer = client.post("/orphan-care/apply", data={name: str(value) for name, value in body.items()})
        assert answer.status_code == 422 and "有误" in answer.text, code
    with place.county.look() as work:
        from plugins.orphan_care.queries import CaseFilter, list_cases

        assert list_cases(work, CaseFilter()) == []


def test_a_child_is_named_by_citizen_number_as_well(place, run):
    child = place.person(citizen_id=CITIZEN)
    given = options({"category": "ORPHAN_DISP", **parents(DEAD, DEAD), "guardian_id": place.guardian()})
    made = run("orphan-care", "case", "apply", CITIZEN, *given, "--json")
    assert made.exit_code == 0, made.talk
    shown = run("orphan-care", "case", "show", made.data["number"], "--json")
    assert shown.data["person_id"] == child
    assert run("orphan-care", "case", "apply", "陈小满", *given, "--json").exit_code == 5


def test_a_pairing_that_is_named_by_no_number_is_not_there(place, run):
    ran = run("orphan-care", "pairing", "end", "abc", "--until", "2026-11-20", "--reason", "x", "--json")
    assert (ran.exit_code, ran.error["code"]) == (5, "E_NOT_FOUND"), ran.talk


def test_the_way_of_a_file_by_command(place, run, county):
    child, guardian = place.person(), place.guardian()
    given = options({"category": "ORPHAN_DISP", **parents(DEAD, DEAD), "guardian_id": guardian})
    made = run("orphan-care", "case", "apply", child, *given, "--json")
    assert made.exit_code == 0, made.talk
    number = made.data["number"]
    assert (number, made.data["state"], made.data["due_on"]) == ("ET-2026-000001", "applied", "2026-01-26")
    again = run("orphan-care", "case", "apply", child, *given, "--json")
    assert again.error["code"] == "E_CASE_OPEN"
    early = run("orphan-care", "case", "approve", number, "--json")
    assert early.exit_code == 6
    compared = ("--police", "agrees", "--court", "none", "--federation")
    odd = run("orphan-care", "case", "check", number, *compared, "differs", "--json")
    assert odd.error["code"] == "E_COMPARED"
    checked = run("orphan-care", "case", "check", number, *compared, "none", "--json")
    assert (checked.data["state"], checked.data["due_on"]) == ("township_checked", "2026-01-26")
    back = run("orphan-care", "case", "approve", number, "--on", "2026-01-04", "--json")
    assert back.error["code"] == "E_BACKDATE"
    town = county.account("clerk", TOWN)
    assert run("orphan-care", "case", "approve", number, "--json", as_=town).exit_code == 4
    done = run("orphan-care", "case", "approve", number, "--document", "民函 1", "--json")
    assert (done.data["state"], done.data["from_month"]) == ("approved", "2026-02")
    shown = run("orphan-care", "case", "show", number, "--json").data
    assert [one["to_month"] for one in shown["benefits"]] == ["2033-05"]
    seen = ("--safety", "good", "--schooling", "good")
    for name, words in (
        ("agree", ("--agreed-on", "2026-01-05")),
        ("visit", ("--level", "village", "--visitors", "李主任", *seen, "--money", "concern")),
        ("review", ("--kind", "yearly", "--outcome", "continue")),
        ("school", ("--school", "中心小学", "--schooling", "primary")),
        ("grant", ("--kind", "gift", "--yuan", "300", "--document", "春节")),
        ("basis", ("--parent", "father", "--kind", "dead", "--document", "死亡证明 9 号")),
    ):  # fmt: skip
        ran = run("orphan-care", "case", name, number, *words, "--json")
        assert ran.exit_code == 0, (name, ran.talk)
    study = run("orphan-care", "case", "grant", number, "--kind", "study", "--document", "x", "--json")
    assert {one["code"] for one in study.error["objections"]} == {"E_GRANT_SCHOOL", "E_GRANT_AGE", "E_FIELD"}
    shown = run("orphan-care", "case", "show", number, "--json").data
    assert (len(shown["visits"]), len(shown["bases"]), shown["grants"][0]["amount_fen"]) == (1, 3, 30_000)
    bad = run(
        "orphan-care", "case", "basis", number, "--parent", "mother", "--kind", "prison", "--document", "x", "--json"
    )
    assert bad.error["code"] == "E_BASIS_TERM"
    assert run("orphan-care", "case", "show", "999", "--json").exit_code == 5


def test_pages_carry_a_file_from_application_to_stop(place, client):
    child, guardian = place.person(), place.guardian()
    client.sign_in("clerk")
    given = plain({"category": "ORPHAN_DISP", **parents(DEAD, DEAD), "guardian_id": guardian, "person_id": child})
    assert client.get("/orphan-care").status_code == 200
    assert 'name="father_kind"' in client.get("/orphan-care/apply").text
    made = client.post("/orphan-care/apply", data={name: str(value) for name, value in given.items()})
    assert made.status_code == 303, made.text
    path = made.headers["location"]
    page = client.get(path).text
    assert "陈小满" in page and "死亡证明 1 号" in page and "已申请" in page
    steps = {"police": "agrees", "court": "agrees", "federation": "agrees"}
    assert client.post(f"{path}/check", data=steps).status_code == 303
    assert client.post(f"{path}/approve", data={"document": "民函"}).status_code == 303
    for act in (
        "basis",
        "guardian",
        "agree",
        "school",
        "aid",
        "aid-end",
        "visit",
        "review",
        "grant",
        "category",
        "end",
    ):
        assert client.get(f"{path}/{act}").status_code == 200, act
    assert client.get(f"{path}/confide").status_code == 403
    wrong = client.post(f"{path}/end", data={"cause": "adopted", "on": "2027-01-01", "reason": "x"})
    assert wrong.status_code == 422 and "日期不能晚于今天" in wrong.text and 'value="2027-01-01"' in wrong.text
    for kind in ("application", "agreement", "authorisation", "approval", "review", "stop"):
        assert client.get(f"{path}/papers/{kind}").status_code == 200, kind
    assert client.get(f"{path}/papers/approval/pdf").content.startswith(b"%PDF-")
    assert client.get("/orphan-care/roll/2026-02").status_code == 200
    place.at("2026-02-10")
    client.sign_in("clerk")
    visits = client.get("/orphan-care/visits").text
    assert "ET-2026-000001" in visits and "陈小满" not in visits
    assert "ET-2026-000001" not in client.get("/orphan-care/due").text
    assert (
        client.post(f"{path}/end", data={"cause": "adopted", "on": "2026-02-05", "reason": "收养"}).status_code == 303
    )
    assert "待停发" in client.get(path).text
    assert client.post(f"{path}/reopen", data={"reason": "有误"}).status_code == 303
    assert "在保" in client.get(path).text
    exported = client.post("/orphan-care/export", data={})
    assert exported.status_code in (200, 201)
    assert "ET-2026-000001" in exported.text and "陈小满" not in exported.text
    for name in ("structure", "indicators", "visits", "pairings"):
        assert client.get(f"/reports/orphan-care-{name}").status_code == 200, name


def test_pairing_by_page_and_api(place, client, call):
    number = place.approved()
    client.sign_in("clerk")
    new = client.post("/orphan-care/pairing/sponsors/new", data={"kind": "person", "name": "王爱心", "contact": "1"})
    path = new.headers["location"]
    pledge = {"case": number, "kind": "money", "yuan": "200", "months": "12"}
    refused = client.post(f"{path}/pair", data=pledge)
    assert refused.status_code == 422 and "还没有查询" in refused.text
    answer = call("clerk", "POST", "/sponsors/1/pair", json={**pledge, "months": 12})
    assert answer.status_code == 422 and "E_SPONSOR_CHECK" in answer.text
    check = {"result": "clear", "on": "2026-01-03", "document": "函"}
    assert client.post(f"{path}/check", data=check).status_code == 303
    assert client.post(f"{path}/pair", data=pledge).status_code == 303
    money = {"kind": "money", "yuan": "1800", "way": "charity", "receipt": "收 1"}
    assert client.post("/orphan-care/pairing/1/contact", data=money).status_code == 303
    page = client.get("/orphan-care/pairing/1").text
    assert "75%" in page and "陈小满" not in page
    early = client.get("/orphan-care/pairing/1/introduction")
    assert early.status_code == 422 and "小满" not in early.text
    agreed = {"guardian_agreed_on": "2026-01-04", "child_agreed_on": "2026-01-04"}
    assert client.post("/orphan-care/pairing/1/consent", data=agreed).status_code == 303
    told = client.get("/orphan-care/pairing/1/introduction").text
    assert "小满" in told and "陈小满" not in told
    assert client.get("/orphan-care/pairing/1/agreement").status_code == 200
    assert call("clerk", "GET", "/pairings").json()["items"][0]["fulfilled"] == 75
    over = call("clerk", "POST", "/pairings/1/end", json={"until": "2026-01-05", "reason": "完"})
    assert over.status_code == 201, over.text
    client.sign_in("township_officer", TOWN)
    assert client.get("/orphan-care/pairing").status_code == 403


def test_another_town_and_roles_without_the_right_see_nothing(place, run, client, county, call):
    number = place.approved()
    other, accountant = county.account("clerk", OTHER_TOWN), county.account("accountant")
    foreign, missing = (run("orphan-care", "case", "show", one, as_=other) for one in (number, "ET-2026-999999"))
    assert (foreign.exit_code, foreign.talk) == (5, missing.talk)
    assert run("orphan-care", "case", "list", "--json", as_=other).data == []
    assert run("orphan-care", "case", "visit", number, "--level", "village", "--visitors", "x", "--safety", "good",
               "--schooling", "good", "--money", "good", as_=other).exit_code == 5  # fmt: skip
    assert run("orphan-care", "case", "list", as_=accountant).exit_code == 4
    assert call("clerk", "GET", f"/cases/{number}", area=OTHER_TOWN).status_code == 404
    assert call("accountant", "GET", "/cases").status_code == 403
    client.sign_in("clerk", OTHER_TOWN)
    assert client.get("/orphan-care/cases/1").status_code == 404
    assert number not in client.get("/").text
    client.sign_in("accountant")
    assert client.get("/orphan-care").status_code == 403
    client.sign_in("orphan_care_director", VILLAGE)
    assert client.get("/orphan-care/cases/1").status_code == 200
    assert client.get("/orphan-care/cases/1/end").status_code in (403, 404)
    assert ELSEWHERE.startswith(OTHER_TOWN)


def test_a_spreadsheet_of_applications_is_held_to_every_rule(place, run, county, tmp_path):
    import openpyxl

    from core.identity.numbers import check_character
    from core.identity.persons import NewPerson, register_person

    def numbered(name, first):
        number = first + check_character(first)
        with county.begin() as work:
            register_person(work, NewPerson(name=name, citizen_id=number, hukou_area=VILLAGE))
        return number

    child, other = numbered("林小一", "99922320150101001"), numbered("林小二", "99922320160101001")
    keeper = numbered("林老大", "99922319600101001")
    book = openpyxl.Workbook()
    headers = ["公民身份号码", "类别", "父亲情形", "父亲情形材料", "母亲情形", "母亲情形材料", "监护人公民身份号码"]
    book.active.append(headers)
    book.active.append([child, "社会散居孤儿", "死亡", "证 1", "死亡", "证 2", keeper])
    book.active.append([other, "社会散居孤儿", "死亡", "证 1", "", "", keeper])
    file = tmp_path / "申请.xlsx"
    book.save(file)
    checked = run("import", "check", "orphan-care-cases", file, "--json")
    assert checked.exit_code == 3 and "E_BASIS_MISSING" in checked.output, checked.talk
    assert run("orphan-care", "case", "list", "--json").data == []
    done = run("import", "run", "orphan-care-cases", file, "--only-valid", "--json")
    assert done.data["imported"] == 1, (done.output, done.talk)
    [case] = run("orphan-care", "case", "list", "--json").data
    assert (case["name"], case["state"]) == ("林小一", "applied")


def test_everything_speaks_english_too(place, run, client):
    number = place.approved()
    client.sign_in("clerk", language="en")
    for path in ("/orphan-care", "/orphan-care/apply", "/orphan-care/cases/1", "/orphan-care/cases/1/visit",
                 "/orphan-care/due", "/orphan-care/visits", "/orphan-care/pairing"):  # fmt: skip
        page = client.get(path)
        assert page.status_code == 200 and "Orphan care" in page.text, path
        assert not any(word in page.text for word in ("档案", "走访", "监护")), path
    assert "Confirmed" in run("--lang", "en", "orphan-care", "case", "show", number).output
