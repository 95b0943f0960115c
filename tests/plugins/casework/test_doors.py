"""The same refusals by page, command and API: the code of the handbook, nothing written, what was typed stands."""

import json
from datetime import date

import pytest

from core.api import Refused
from tests.plugins.casework.conftest import URBAN

VISIT = {"investigators": ["周敏", "赵丽"], "signer": "陈志强"}
BAD = {
    "steps out of order": ("draft", "period_end", {}, "E_SKIP_STEP"),
    "a signature that lacks": ("draft", "submit", {"papers": ["identity", "income"]}, "E_AUTH_MISSING"),
    "papers that lack": ("draft", "submit", {"signed_by": ["陈志强", "李秀英", "周桂兰"]}, "E_PAPER_MISSING"),
    "one investigator": ("investigating", "visit_done", {**VISIT, "investigators": ["周敏"]}, "E_INVESTIGATORS"),
    "nobody of the family signed": ("investigating", "visit_done", {**VISIT, "signer": ""}, "E_SIGNATURE"),
    "a day before the step before": ("accepted", "start_check", {"on": "2026-02-27"}, "E_BACKDATE"),
    "a day ahead": ("accepted", "start_check", {"on": "2026-03-03"}, "E_DAY"),
    "a notice that is not over": ("noticing_1", "period_end_no_objection", {}, "E_NOTICE_SHORT"),
    "a review without minutes": ("township_review", "minutes_ok", {}, "E_MINUTES"),
    "a refusal without reasons": ("county_review", "refuse", {}, "E_NO_REASON"),
}
ROLE = {
    "period_end": "approver", "submit": "clerk", "visit_done": "township_officer", "start_check": "clerk",
    "period_end_no_objection": "township_officer", "minutes_ok": "township_officer", "refuse": "approver",
}  # fmt: skip


def _standing(place, state: str) -> str:
    """A case that stands in a state; a draft is one where nothing was handed in."""
    return place.new() if state == "draft" else place.until(state)


@pytest.mark.parametrize("what", BAD)
def test_what_is_refused_is_refused_by_page_command_and_api(place, run, client, tmp_path, what):
    state, event, data, code = BAD[what]
    number, role = _standing(place, state), ROLE[event]
    name = place.county.account(role)
    file = tmp_path / "step.json"
    file.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")

    ran = run("casework", "advance", number, event, "--data", file, "--json", as_=name)
    assert ran.exit_code == 3
    assert code in {one["code"] for one in ran.error["objections"]}
    reasons = {one["message"] for one in ran.error["objections"]}

    answer = client.api("POST", f"/casework/cases/{number}/steps/{event}", as_=name, json=data)
    assert answer.status_code == 422
    assert code in answer.text

    client.sign_in(role)
    page = client.post(f"/casework/cases/{number}/steps/{event}", data)
    assert page.status_code == 422
    assert any(reason in page.text for reason in reasons)
    assert place.show(number)["state"] == state


def test_a_case_for_somebody_of_another_family_is_refused_by_every_door(place, run, client):
    household = place.family()
    place.new(household)
    members = [str(one) for one in place.families[household]]
    words = ("casework", "new", "dibao", "--household", household, "--members", ",".join(members), "--json")
    ran = run(*words, as_=place.county.account("clerk"))
    assert {one["code"] for one in ran.error["objections"]} == {"E_FAM_OVERLAP"}
    wish = {"type": "dibao", "household": household, "members": members}
    assert "E_FAM_OVERLAP" in client.api("POST", "/casework/cases", as_=place.county.account("clerk"), json=wish).text
    client.sign_in("clerk")
    page = client.post("/casework/new", wish)
    assert (page.status_code, "该成员已在另一在保家庭中" in page.text) == (422, True)


def test_a_minor_is_never_published(place):
    child = (("陈小满", "女", date(2017, 1, 20), "02"),)
    household = place.family(child)
    number = place.new(household)
    place.step(number, "submit", papers=["identity", "income"])
    place.step(number, "accept")
    place.step(number, "start_check")
    place.step(number, "check_report", report="HD-1")
    place.step(number, "visit_done", investigators=["周敏", "赵丽"], signer="陈小满")
    with pytest.raises(Refused) as refusal:
        place.step(number, "ballot_pass")
    assert {one.code for one in refusal.value.objections} == {"E_MINOR_PUBLIC"}
    assert place.show(number)["state"] == "appraising"


def test_a_case_of_another_town_is_not_there(place, run):
    number = place.new()
    place.county.account("clerk", "430223106")
    ran = run("casework", "show", number, "--json", as_="clerk-430223106")
    assert (ran.exit_code, URBAN.startswith("430223106")) == (5, False)


def test_a_step_takes_no_field_it_does_not_know(place, run, tmp_path):
    number = place.submitted()
    file = tmp_path / "step.json"
    file.write_text('{"special_": "x"}', encoding="utf-8")
    words = ("casework", "advance", number, "accept", "--data", file, "--json")
    assert run(*words, as_=place.county.account("clerk")).exit_code == 3
    file.write_text("[1]", encoding="utf-8")
    assert run(*words, as_=place.county.account("clerk")).exit_code == 3
    file.write_text("{", encoding="utf-8")
    assert run(*words, as_=place.county.account("clerk")).exit_code == 3


def test_by_command_a_case_goes_back_with_everything_that_lacks_and_is_withdrawn(place, run):
    number, clerk = place.submitted(), place.county.account("clerk")
    done = run(
        "casework", "return", number, "--to", "draft", "--reason", "缺", "--missing", "income", "--json", as_=clerk
    )
    assert done.data["state"] == "draft"
    assert run("casework", "withdraw", number, "--json", as_=clerk).data["state"] == "withdrawn"
    assert run("casework", "list", "--overdue", "--json", as_=clerk).data == []
