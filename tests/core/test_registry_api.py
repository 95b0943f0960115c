"""The registry by JSON API: the same services, rights and words as pages and commands."""

import io
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from core.testing import TOWN, VILLAGE
from tests.people import citizen

HEADERS = ["户号", "姓名", "公民身份号码", "与户主关系", "户籍地代码"]


def roster(*rows) -> bytes:
    book = Workbook()
    for row in (HEADERS, *rows):
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def clerk(client):
    """The name of a clerk of the town."""
    return client.county.account("clerk", TOWN)


@pytest.fixture
def call(client, clerk):
    """Call the API as the clerk, or as somebody else."""
    return lambda method, path, as_=clerk, **more: client.api(method, path, as_=as_, **more)


def added(call, name, sequence, **more):
    wish = {"name": name, "citizen_id": citizen(sequence), "hukou_area": VILLAGE, **more}
    return call("POST", "/people", json=wish).json()["id"]


def test_a_household_is_opened_changed_split_and_read_over_the_api(call):
    ids = [added(call, name, n) for n, name in enumerate(("王桂兰", "陈国梁", "林秀芳"), 1)]
    members = [{"person_id": one, "relation": word} for one, word in zip(ids, ("户主", "子", "儿媳"), strict=True)]
    opened = call("POST", "/households", json={"number": "A1", "area": VILLAGE, "on": "2026-11-01", "members": members})
    household = opened.json()["id"]
    found = call("GET", f"/households/{household}").json()
    assert [one["name"] for one in found["members"]] == ["王桂兰", "陈国梁", "林秀芳"]
    assert citizen(1) not in str(found) and found["areas"][-1]["code"] == VILLAGE
    leaving = [{"person_id": ids[1], "relation": "户主"}, {"person_id": ids[2], "relation": "妻"}]
    split = {
        "number": "A2",
        "leaving": leaving,
        "staying": members[:1],
        "on": "2026-11-05",
        "version": found["version"],
    }
    assert call("POST", f"/households/{household}/split", json=split).status_code == 201
    stale = call("POST", f"/households/{household}/split", json={**split, "number": "A3"})
    assert stale.status_code == 409 and stale.json()["error"]["code"] == "E_CLASH"
    page = call("GET", "/households?limit=1").json()
    assert page["next"] == "A1" and call("GET", f"/households?next={page['next']}").json()["items"][0]["number"] == "A2"
    assert call("GET", f"/households/{household}/changes").json()["items"][0]["kind"] == "split"


def test_a_refusal_names_every_field_in_words(call):
    answer = call("POST", "/people", json={"name": "王", "citizen_id": "123", "hukou_area": f"{TOWN}999"})
    error = answer.json()["error"]
    assert answer.status_code == 422
    assert {one["field"] for one in error["objections"]} == {"name", "citizen_id", "hukou_area"}


def test_people_are_found_by_post_and_a_whole_number_is_recorded(client, call):
    person = added(call, "王桂兰", 1, phone="13812345678")
    for word in ("王桂", "wgl", citizen(1), citizen(1)[-4:], "13812345678"):
        assert [one["id"] for one in call("POST", "/people/find", json={"text": word}).json()["items"]] == [person], (
            word
        )
    auditor = client.county.account("auditor")
    records = call("GET", "/audit?action=person.looked_up", as_=auditor).json()["items"]
    assert records[0]["subject"] == f"person:{person}"
    assert call("GET", f"/people?text={citizen(1)}").status_code in (404, 405)


def test_papers_account_contact_and_a_whole_number_over_the_api(client, call):
    person = added(call, "王桂兰", 1)
    paper = call("POST", f"/people/{person}/documents", json={"kind": "PASS", "number": "E12345678", "issuer": "CHN"})
    assert call("POST", f"/people/{person}/documents/{paper.json()['id']}/primary").status_code == 201
    account = call("POST", f"/people/{person}/account", json={"number": "6222021234567890123"}).json()
    assert account["warning"]
    assert call("POST", f"/people/{person}/contact", json={"phone": "13800000001"}).status_code == 201
    assert call("POST", f"/people/{person}/account/end", json={"reason": "销户"}).status_code == 201
    card = call("GET", f"/people/{person}").json()
    assert card["phone"] == "138****0001" and card["accounts"][0]["valid_to"]
    assert call("POST", f"/people/{person}/reveal", json={"what": "phone", "reason": ""}).status_code in (400, 422)
    shown = call("POST", f"/people/{person}/reveal", json={"what": "phone", "reason": "复核"})
    assert shown.json() == {"what": "phone", "number": "13800000001"}
    accountant = client.county.account("accountant")
    denied = call("POST", f"/people/{person}/reveal", as_=accountant, json={"what": "phone", "reason": "复核"})
    assert denied.status_code == 403


def test_a_death_is_taken_back_by_a_second_account_over_the_api(client, call):
    person = added(call, "王桂兰", 1)
    event = call("POST", f"/people/{person}/death", json={"on": "2026-11-19"}).json()["event"]
    asked = call("POST", f"/people/{person}/events/{event}/take-back", json={"reason": "同名"}).json()
    assert asked["event"] is None
    own = call("POST", f"/proposals/{asked['proposal']}/confirm")
    assert own.status_code == 422
    officer = client.county.account("township_officer", TOWN)
    assert call("GET", "/proposals", as_=officer).json()["items"][0]["mine"] is False
    assert call("POST", f"/proposals/{asked['proposal']}/confirm", as_=officer).status_code == 201
    events = call("GET", f"/people/{person}/events").json()["items"]
    assert [one["kind"] for one in events] == ["death", "taken_back"] and events[1]["revokes"] == event


def test_a_roster_is_checked_marked_and_imported_by_its_digest(client, call):
    content = roster(["A1", "王桂兰", citizen(1), "户主", VILLAGE], ["A2", "陈国梁", citizen(2)[:-1], "户主", VILLAGE])
    checked = call("POST", "/households/import", files={"file": ("名单.xlsx", content)}).json()
    assert (checked["rows"], checked["errors"][0]["row"], checked["errors"][0]["column"]) == (2, 3, "C")
    marked = call("GET", f"/households/import/{checked['id']}/marked").content
    assert load_workbook(io.BytesIO(marked)).active.max_row >= 3
    wrong = call("POST", f"/households/import/{checked['id']}/run", json={"digest": "0" * 64, "only_valid": True})
    assert wrong.status_code == 409
    wish = {"digest": checked["digest"], "only_valid": True}
    assert call("POST", f"/households/import/{checked['id']}/run", json=wish).json()["imported"] == 1
    assert call("GET", "/households/count").json() == {"households": 1, "people": 1}
    other = client.county.account("clerk", TOWN, name="另一人")
    assert call("GET", f"/households/import/{checked['id']}", as_=other).status_code == 404
    assert call("GET", "/households/import/template").content[:2] == b"PK"
    assert call("POST", "/households/export", json={}).content[:2] == b"PK"


def test_files_and_families_over_the_api(call):
    person = added(call, "王桂兰", 1)
    owner = {"owner": f"person:{person}", "title": "户口簿"}
    made = call("POST", "/attachments", data=owner, files={"file": ("a.pdf", b"%PDF-1.7 x")}).json()["id"]
    assert call("GET", f"/attachments?owner=person:{person}").json()["items"][0]["title"] == "户口簿"
    answer = call("GET", f"/attachments/{made}")
    assert answer.content == b"%PDF-1.7 x" and answer.headers["content-disposition"].startswith("attachment")
    assert call("POST", f"/attachments/{made}/remove", json={"reason": "传错"}).json()["removed"] is True
    wish = {
        "kind": "care_unit",
        "area": VILLAGE,
        "on": "2026-11-01",
        "members": [{"person_id": person, "part": "recipient"}],
    }
    group = call("POST", "/groups", json=wish).json()["id"]
    assert call("GET", f"/groups/{group}").json()["members"][0]["person"] == person
    assert call("POST", f"/groups/{group}/close", json={"on": "2026-11-10"}).status_code == 201


def test_suspected_duplicates_are_decided_by_two_accounts_over_the_api(client, call):
    for number in (citizen(1, "19500101"), ""):
        wish = {"name": "吴春生", "citizen_id": number, "sex": "男", "birth_date": "1950-01-01", "hukou_area": VILLAGE}
        call("POST", "/people", json=wish)
    assert call("POST", "/duplicates/find").json() == {"found": 1}
    pair = call("GET", "/duplicates").json()["items"][0]["id"]
    call("POST", f"/duplicates/{pair}/propose", json={"reason": "走访"})
    assert call("POST", f"/duplicates/{pair}/decide", json={"same": True, "reason": "是"}).status_code == 422
    officer = client.county.account("township_officer", TOWN)
    done = call("POST", f"/duplicates/{pair}/decide", as_=officer, json={"same": True, "reason": "是"}).json()
    assert done["state"] == "merged" and call("GET", "/duplicates?state=merged").json()["items"][0]["id"] == pair


def test_an_act_with_the_same_key_is_done_once(call):
    wish = {"name": "王桂兰", "sex": "女", "birth_date": "1944-03-12", "hukou_area": VILLAGE}
    key = {"idempotency-key": "one"}
    first, second = (call("POST", "/people", json=wish, headers=key) for _time in range(2))
    assert (first.status_code, second.status_code) == (201, 201) and first.json() == second.json()
    assert len(call("POST", "/people/find", json={"text": "王桂兰"}).json()["items"]) == 1


def test_every_address_of_the_registry_is_described(client):
    paths = client.get("/api/v1/openapi/openapi.json").json()["paths"]
    rooms = ("households", "people", "attachments", "duplicates", "groups", "proposals")
    own = [one for one in paths if one.startswith(tuple(f"/api/v1/{room}" for room in rooms))]
    assert len(own) >= 45
    for path in own:
        for method, operation in paths[path].items():
            assert operation.get("tags") and operation.get("description"), (method, path)


def test_a_day_of_the_past_shows_who_belonged_to_the_household_then(call):
    person, other = added(call, "王桂兰", 1), added(call, "陈国梁", 2)
    members = [{"person_id": person, "relation": "户主"}, {"person_id": other, "relation": "子"}]
    wish = {"number": "A1", "area": VILLAGE, "on": "2026-11-01", "members": members}
    household = call("POST", "/households", json=wish).json()["id"]
    call(
        "POST", f"/households/{household}/members", json={"members": members[:1], "on": date(2026, 11, 10).isoformat()}
    )
    then = call("GET", f"/households/{household}?on=2026-11-05").json()["members"]
    assert len(then) == 2 and len(call("GET", f"/households/{household}").json()["members"]) == 1
