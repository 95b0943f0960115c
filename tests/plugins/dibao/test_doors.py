"""Example A by command, page and API; errors at every door; who sees what; what is public."""

import pytest

from core.testing import OTHER_TOWN, TOWN

from .conftest import EXAMPLE_B, RURAL


@pytest.fixture
def call(place, client):
    """Ask the API as an account with a role."""

    def ask(role, method, path, area="", **more):
        token = place.county.token(place.county.account(role, area))
        headers = {"Authorization": f"Bearer {token}"}
        return client.client.request(method, f"/api/v1/dibao{path}", headers=headers, **more)

    return ask


def file_a(place, people, wage="1500.00"):
    number = place.numbers
    return {
        "income": [
            {"id_number": number[people[0]], "type": "wage", "amount": wage, "per": "month", "excluded": False},
            {"id_number": number[people[3]], "type": "transfer", "amount": "110.00", "per": "month", "excluded": True},
        ],
        "members": [{"id_number": number[people[1]], "marks": []}],
    }


def test_examples_a_and_b_by_command(place, run):
    household = place.family()
    people = place.families[household]
    number = place.new(household)
    ran = run("dibao", "income", "set", number, place.file("a.json", file_a(place, people)), "--json")
    assert ran.exit_code == 0, ran.talk
    ran = run("dibao", "compute", number, "--json")
    assert (ran.exit_code, ran.data["total_fen"], ran.data["base_fen"]) == (0, 60_600, 48_000)
    run("dibao", "income", "set", number, place.file("a.json", file_a(place, people, "2100.00")))
    ran = run("dibao", "compute", number, "--json")
    assert (ran.exit_code, ran.data["eligible"], ran.data["reason"]) == (0, False, "E_DB_INCOME_EQ")
    other = place.family(EXAMPLE_B, RURAL)
    farm = {"id_number": place.numbers[place.families[other][0]], "type": "farm", "amount": "3600.00", "per": "year"}
    second = place.new(other)
    run("dibao", "income", "set", second, place.file("b.json", {"income": [farm]}))
    found = run("dibao", "compute", second, "--json").data
    assert (found["per_capita_fen"], found["total_fen"], found["supplements"]) == (15_000, 24_000, [])


def test_errors_of_a_file_are_told_together_and_nothing_is_written(place, run):
    household = place.family()
    people = place.families[household]
    number = place.new(household)
    stranger = place.families[place.family(EXAMPLE_B, RURAL)][0]
    lines = [
        {"id_number": place.numbers[people[0]], "type": "wage", "amount": "18000.00", "per": "month"},
        {"id_number": place.numbers[people[0]], "type": "wage", "amount": "-3", "per": "month"},
        {"id_number": place.numbers[people[0]], "type": "wage", "amount": "3", "per": "month", "excluded": True},
        {"id_number": place.numbers[people[0]], "type": "wage", "amounts": ["1", "2"], "per": "month"},
        {"id_number": place.numbers[stranger], "type": "wage", "amount": "1", "per": "month"},
    ]
    ran = run("dibao", "income", "set", number, place.file("w.json", {"income": lines}), "--json")
    assert ran.exit_code == 3
    found = {one["code"] for one in ran.error["objections"]}
    assert found == {"E_DB_UNIT", "E_MONEY", "E_DB_GROUND", "E_DB_WAGE_MONTHS", "E_DB_MEMBER"}
    ran = run("dibao", "income", "set", number, place.file("w.json", {"incomes": []}), "--json")
    assert ran.exit_code == 3
    assert place.compute(number)["counted_fen"] == 0


def test_pages_of_a_family_and_its_papers(place, client):
    number, people = place.example_a()
    client.sign_in("clerk")
    shown = client.get(f"/dibao/cases/{number}")
    assert shown.status_code == 200 and "606.00" in shown.text
    wrong = {"person_id": str(people[0]), "type": "wage", "amount": "很多", "per": "month"}
    answer = client.post(f"/dibao/cases/{number}/income", data=wrong)
    assert answer.status_code == 422 and 'value="很多"' in answer.text
    right = {"person_id": str(people[1]), "type": "transfer", "amount": "100.00", "per": "month", "checked": "120"}
    assert client.post(f"/dibao/cases/{number}/income", data=right).status_code in (200, 303)
    assert place.compute(number)["counted_fen"] == 130_000
    for path in ("/dibao", "/dibao/margins", "/dibao/prices", "/dibao/campaigns", "/dibao/changes/2026-02",
                 f"/dibao/cases/{number}/papers/explanation", f"/dibao/cases/{number}/papers/archive",
                 f"/dibao/cases/{number}/member"):  # fmt: skip
        assert client.get(path).status_code == 200, path


def test_the_same_by_api_and_another_town_sees_nothing(place, call):
    number, people = place.example_a()
    answer = call("clerk", "GET", f"/cases/{number}/compute")
    assert (answer.status_code, answer.json()["total_fen"]) == (200, 60_600)
    body = {"income": [{"person_id": people[0], "type": "wage", "amount": "2100.00", "per": "month"}]}
    answer = call("clerk", "POST", f"/cases/{number}/set-income", json=body)
    assert (answer.status_code, answer.json()["reason"]) in ((200, "E_DB_INCOME_EQ"), (201, "E_DB_INCOME_EQ"))
    assert call("clerk", "POST", f"/cases/{number}/margin", json={}).json()["kind"] == "margin"
    assert call("clerk", "GET", "/margins").json()["items"][0]["case"] == number
    assert call("township_officer", "GET", f"/cases/{number}", OTHER_TOWN).status_code == 404
    assert call("township_officer", "GET", "/margins", OTHER_TOWN).json()["items"] == []
    assert call("township_officer", "GET", f"/cases/{number}", TOWN).status_code == 200
    for path in ("/families", "/prices", "/checks", "/indicators", "/campaigns", "/linked"):
        assert call("clerk", "GET", path).status_code == 200, path


def test_a_month_in_figures_and_lists(place, run):
    number, people = place.example_a()
    place.granted(number)
    place.at("2026-03-03")
    place.paid("2026-03")
    figures = {one["name"]: one["figure"] for one in run("dibao", "statistics", "--month", "2026-03", "--json").data}
    assert (figures["城市低保家庭"], figures["城市低保人数"], figures["城市低保月人均补差"]) == ("1", "4", "151.50")
    assert (figures["新增"], figures["本月发放"], figures["60 周岁以上"]) == ("1", "606.00", "1")
    checks = {
        (one["name"], one["category"]): one["met"]
        for one in run("dibao", "standard", "check", "--month", "2026-03", "--json").data
    }
    assert checks["提标幅度", "urban"] is False and checks["省定最低标准", "urban"] is None
    assert checks["人均补差", "urban"] is False and checks["人均补差", "rural"] is None
    cover = run("dibao", "coverage", "--json").data
    assert [(one["found"], one["met"]) for one in cover] == [("--", None), ("--", None)]
    changes = run("dibao", "change-table", "2026-03", "--json").data
    assert [(one["change"], one["after"]) for one in changes] == [("新增", 60_600)]
    ran = run("dibao", "export", "-o", place.county.home / "x.csv", "--json")
    assert ran.data["rows"] == 4
    assert place.numbers[people[0]] not in (place.county.home / "x.csv").read_text(encoding="utf-8-sig")
    started = run("dibao", "campaign", "start", "--title", "清理整顿", "--planned-added", "1000", "--json").data
    assert (started["frozen"], started["persons"], started["about"]) == (1, 4, 1004)
    ran = run("dibao", "campaign", "result", started["id"], "--case", number, "--result", "kept", "--json")
    assert ran.data == {"result": "kept", "before_fen": 60_600, "after_fen": 60_600}
    assert run("dibao", "linked", "give", "--kind", "water", "--department", "县水利局", "--json").data["persons"] == 4
    shown = run("dibao", "raise", "preview", "urban", "470", "--from", "2026-04", "--json").data
    assert (shown["winners"], shown["rise_percent"], shown["rise_met"]) == (1, "11.90", False)
    place.standard("urban", "470", "2026-03")
    ran = run("dibao", "raise", "apply", "urban", "--from", "2026-03", "--json")
    assert ran.exit_code == 0, ran.talk
    raised = ran.data
    assert raised == {"families": 1, "changed": 1, "before_fen": 60_600, "after_fen": 82_100}
    built = place.roll("2026-04")
    assert sorted(place.lines(built)) == [("2026-03", "BACKPAY", 21_500), ("2026-04", "BASIC", 82_100)]
    for _time in range(3):
        offered = run("dibao", "job-refusal", number, "--person-id", people[1], "--offer", "园区保洁", "--json")
    assert (offered.data["refusals"], offered.data["reached"]) == (3, True)
    assert run("dibao", "list", "--json").data[0]["total_fen"] == 82_100
    assert [one["total_fen"] for one in run("dibao", "show", number, "--json").data["awards"]] == [82_100, 60_600]


def test_the_three_flows_are_policy_files(place, run):
    for name in ("national", "seed", "delegated"):
        ran = run("policy", "import", f"config/policies/flow-{name}.toml", "--json")
        assert ran.exit_code == 0, ran.talk
        place.new(place.family())
