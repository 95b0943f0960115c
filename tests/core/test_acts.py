"""The door of acts: what a vendor's plugin describes once stands as forms, commands and API."""

from datetime import date

import pytest
from huimin_every_hook.web import api

from core.identity.numbers import check_character
from core.identity.persons import NewPerson, register_person
from core.testing import VILLAGE, enabled

CITIZEN = "99922319440312001" + check_character("99922319440312001")


@pytest.fixture
def diary(county):
    """The county with the plugin that describes its acts to the door, and somebody to greet."""
    enabled(county, "every_hook")
    with county.begin() as work:
        wish = NewPerson(name="王桂兰", citizen_id=CITIZEN, hukou_area=VILLAGE, birth_date=date(1944, 3, 12))
        return register_person(work, wish).id or 0


def test_a_form_makes_something_new_and_keeps_what_was_typed_when_it_is_refused(diary, client):
    client.sign_in("clerk")
    asked = client.get("/every-hook/lines/new?fact=rain&count=7")
    assert 'value="rain"' in asked.text and 'value="7"' not in asked.text  # only what may come with a link
    refused = client.post("/every-hook/lines/new", {"fact": "rain", "count": "0", "on": "soon"})
    assert refused.status_code == 422 and 'value="soon"' in refused.text
    assert "次数不能小于 1" in refused.text and "日期要填日期" in refused.text
    made = client.post("/every-hook/lines/new", {"fact": "rain", "count": "2"})
    assert made.status_code == 303 and made.headers["location"].endswith("/every-hook/lines/1/correct")


def test_the_form_of_an_act_shows_what_stands_there_and_says_its_warnings(diary, client):
    client.sign_in("clerk")
    client.post("/every-hook/lines/new", {"fact": "rain", "count": "2"})
    form = client.get("/every-hook/lines/1/correct")
    assert 'value="rain"' in form.text and 'value="2"' in form.text and "日记行" in form.text
    wrong = client.post("/every-hook/lines/1/correct", {"fact": "", "count": "3"})
    assert wrong.status_code == 422 and 'value="3"' in wrong.text and "请填写事情" in wrong.text
    done = client.post("/every-hook/lines/1/correct", {"fact": "snow", "count": "12"})
    assert done.status_code == 303 and done.headers["location"].endswith("/every-hook/lines/1")
    assert "次数很多" in client.get("/every-hook").text
    assert client.get("/every-hook/lines/1/burn").status_code == 404
    assert client.get("/every-hook/lines/9/correct").status_code == 404


def test_a_person_is_typed_by_citizen_number_on_a_form_and_by_command(diary, client, run):
    client.sign_in("clerk")
    assert client.post("/every-hook/greetings/new", {"person_id": CITIZEN}).status_code == 303
    assert client.post("/every-hook/greetings/new", {"person_id": str(diary)}).status_code == 303
    stranger = client.post("/every-hook/greetings/new", {"person_id": "999223199001010018"})
    assert stranger.status_code == 422 and 'value="999223199001010018"' in stranger.text
    greeted = run("every-hook", "greet", "--person", CITIZEN, "--json")
    assert greeted.data == {"person": diary}  # an act that never warns says nothing of warnings
    assert run("every-hook", "show", "--json").data[f"person {diary}"] == 3


def test_a_command_changes_only_what_it_names(diary, run):
    made = run("every-hook", "write", "rain", "--count", "2", "--words", "wet，cold")
    assert made.output.strip() == "已写下 1"
    assert run("every-hook", "write", "sun", "--json").data["words"] == []
    changed = run("every-hook", "correct", "1", "--count", "11")
    assert "W_MANY 次数很多" in changed.talk and "已更正" in changed.output
    assert run("every-hook", "show", "--json").data == {"rain": 11, "sun": 1}
    again = run("every-hook", "correct", "1", "--fact", "snow", "--json").data
    assert (again["fact"], again["count"], again["warnings"][0]["code"]) == ("snow", 11, "W_MANY")


def test_the_api_does_the_same_acts_and_names_them(diary, client):
    clerk = client.county.account("clerk")
    key = {"headers": {"idempotency-key": "k1"}}
    first = client.api("POST", "/every-hook/lines", as_=clerk, json={"fact": "rain"}, **key)
    again = client.api("POST", "/every-hook/lines", as_=clerk, json={"fact": "rain"}, **key)
    assert first.status_code == 201 and first.json() == again.json()
    assert first.json() == {"id": 1, "fact": "rain", "words": [], "warnings": []}
    done = client.api("POST", "/every-hook/lines/1/correct", as_=clerk, json={"count": 10})
    assert done.json()["fact"] == "rain" and done.json()["warnings"] == [{"code": "W_MANY", "reason": "次数很多"}]
    wrong = client.api("POST", "/every-hook/lines/1/correct", as_=clerk, json={"count": 0})
    assert wrong.status_code == 422 and wrong.json()["error"]["field"] == "count"
    unknown = client.api("POST", "/every-hook/lines/1/burn", as_=clerk, json={})
    assert unknown.status_code == 404 and unknown.json()["error"]["hint"] == "correct"
    names = {one.handler_name for route in api.routes for one in route.route_handlers}
    assert {"every_hook_write", "every_hook_act"} <= names


def test_an_act_asks_for_its_right(diary, client):
    client.sign_in("security_admin")
    assert client.get("/every-hook/lines/new").status_code == 403
    name = client.county.account("security_admin")
    assert client.api("POST", "/every-hook/lines", as_=name, json={"fact": "rain"}).status_code == 403


def test_a_plugin_says_its_own_words_on_its_forms(diary, client):
    client.sign_in("clerk", language="en")
    assert "Write a line" in client.get("/every-hook/lines/new").text
