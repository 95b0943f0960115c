"""Pages and API of households, persons and rosters, within the areas of who asks."""

import io
import re
from datetime import date

import pytest
from openpyxl import Workbook

from core.households import services
from core.households.wishes import Member, OpenHousehold
from core.identity.persons import NewPerson, register_person
from tests.people import citizen

VILLAGE, FAR_VILLAGE = "430223103201", "430223106201"
TOWN, OTHER_TOWN = "430223103", "430223106"
HEADERS = ["户号", "姓名", "公民身份号码", "与户主关系", "户籍地代码"]


@pytest.fixture
def home(county):
    """王桂兰户 with her son, in a village of the town; answers (household, persons)."""
    with county.begin() as work:
        people = [
            register_person(work, NewPerson(name=name, citizen_id=citizen(n, born), hukou_area=VILLAGE)).id
            for n, (name, born) in enumerate([("王桂兰", "19440312"), ("陈国梁", "19710506")], 1)
        ]
        wish = OpenHousehold(
            number="0307-2815",
            area=VILLAGE,
            address="四组 12 号",
            on=date(2026, 11, 1),
            members=[Member(person_id=people[0], relation="户主"), Member(person_id=people[1], relation="子")],
        )
        return services.open_household(work, wish).id, people


def roster(*rows) -> bytes:
    book = Workbook()
    for row in (HEADERS, *rows):
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_clerk_finds_the_household_by_list_name_initials_and_tail(client, home):
    client.sign_in("clerk", TOWN)
    assert "王桂兰户" in client.get("/households").text
    for word in ("王桂兰", "wgl", citizen(1)[-4:], "0307-2815"):
        for path in ("/households/search", "/people/search"):
            assert "王桂兰" in client.post(path, {"q": word}, follow_redirects=True).text, word


def test_a_clerk_of_another_town_sees_finds_and_opens_nothing(client, home):
    household, people = home
    client.sign_in("clerk", OTHER_TOWN)
    assert "王桂兰" not in client.get("/households").text
    assert "王桂兰" not in client.get("/households?q=wgl").text.replace('value="wgl"', "")
    for path in (f"/households/{household}", f"/people/{people[0]}", f"/households/{household}/members",
                 f"/people/{people[0]}/reveal", f"/people/{people[0]}/death"):  # fmt: skip
        assert client.get(path).status_code == 404
    name = client.name
    assert client.api("GET", "/households", as_=name).json()["items"] == []
    assert client.api("GET", f"/households/{household}", as_=name).status_code == 404
    assert client.api("GET", f"/people/{people[0]}", as_=name).status_code == 404
    assert client.api("POST", "/people/find", as_=name, json={"text": "wgl"}).json()["items"] == []


def test_the_household_page_shows_members_masked_and_leaves_a_read_record(client, home):
    household, _people = home
    client.sign_in("clerk", TOWN)
    page = client.get(f"/households/{household}").text
    assert "陈国梁" in page and citizen(1) not in page and f"尾号 {citizen(1)[-4:]}" in page
    client.sign_in("auditor")
    assert "看户页" in client.get("/audit?action=household.shown").text


def test_a_whole_number_is_shown_only_with_a_reason_and_the_audit_knows(client, home):
    _household, people = home
    client.sign_in("clerk", TOWN)
    refused = client.post(f"/people/{people[0]}/reveal", {"what": "number", "reason": ""})
    assert refused.status_code == 422 and citizen(1) not in refused.text
    shown = client.post(f"/people/{people[0]}/reveal", {"what": "number", "reason": "复核"})
    assert citizen(1) in shown.text and 'data-reveal-seconds="30"' in shown.text
    client.sign_in("auditor")
    assert "复核" in client.get("/audit?action=person.number_revealed").text


def test_members_are_changed_on_the_page_and_a_stale_form_clashes(client, home):
    household, people = home
    client.sign_in("clerk", TOWN)
    form = {f"relation-{people[0]}": "02", f"relation-{people[1]}": "", "on": "2026-11-10", "version": "1"}
    version = re.search(r'name="version" value="(\d+)"', client.get(f"/households/{household}/members").text).group(1)
    assert client.post(f"/households/{household}/members", {**form, "version": version}).status_code == 303
    page = client.get(f"/households/{household}").text
    assert "陈国梁" not in page and "变更成员" in page
    assert client.post(f"/households/{household}/members", {**form, "version": version}).status_code == 409


def test_a_death_is_registered_and_a_second_person_takes_it_back(client, home):
    _household, people = home
    client.sign_in("clerk", TOWN)
    assert client.post(f"/people/{people[0]}/death", {"on": "2026-11-19", "source": "医学证明"}).status_code == 303
    page = client.get(f"/people/{people[0]}").text
    assert "2026-11-19 去世" in page
    address = re.search(r'href="(/people/\d+/events/\d+/take-back)"', page).group(1)
    waits = client.post(address, {"reason": "同名登记错误"})
    assert "等待另一人确认" in client.get(waits.headers["location"]).text
    client.sign_in("township_officer", TOWN)
    proposal = re.search(r'href="(/people/proposals/\d+)"', client.get(f"/people/{people[0]}").text).group(1)
    assert client.post(proposal, {"decision": "confirm"}).status_code == 303
    assert "去世" not in client.get(f"/people/{people[0]}").text


def test_a_wrong_number_of_a_new_person_is_named_at_its_field_and_kept(client):
    client.sign_in("clerk", TOWN)
    answer = client.post("/people/new", {"name": "王桂兰", "citizen_id": citizen(1)[:-1], "hukou_area": VILLAGE})
    assert answer.status_code == 422 and 'id="e-citizen_id"' in answer.text and 'value="王桂兰"' in answer.text


def test_a_roster_is_checked_first_marked_and_imported_by_its_hash(client):
    client.sign_in("clerk", TOWN)
    content = roster(["A1", "王桂兰", citizen(1), "户主", VILLAGE], ["A2", "陈国梁", citizen(2)[:-1], "户主", VILLAGE])
    sent = client.post("/households/import", files={"file": ("名单.xlsx", content)})
    page = client.get(sent.headers["location"])
    assert "1 行要改" in page.text and "C 公民身份号码" in page.text and "还没有写入任何数据" in page.text
    assert client.get(f"{sent.headers['location']}/marked").content[:2] == b"PK"
    digest = re.search(r'name="digest" value="(\w+)"', page.text).group(1)
    done = client.post(f"{sent.headers['location']}/import", {"digest": digest, "only_valid": "1"})
    assert "新增 1 人" in client.get(done.headers["location"]).text
    assert "王桂兰户" in client.get("/households").text


def test_a_roster_is_seen_only_by_who_uploaded_it(client):
    client.sign_in("clerk", TOWN)
    sent = client.post(
        "/households/import", files={"file": ("名单.xlsx", roster(["A1", "王桂兰", citizen(1), "户主", VILLAGE]))}
    )
    client.sign_in("clerk", TOWN, name="另一人")
    assert client.get(sent.headers["location"]).status_code == 404


def test_a_file_is_uploaded_to_a_household_and_comes_back_as_a_download(client, home):
    household, _people = home
    client.sign_in("clerk", TOWN)
    form = {"owner": f"household:{household}", "back": f"/households/{household}"}
    client.post("/attachments", form, files={"file": ("户口簿.pdf", b"%PDF-1.7 test")})
    address = re.search(r'href="(/attachments/\d+)"', client.get(f"/households/{household}").text).group(1)
    answer = client.get(address)
    assert answer.content == b"%PDF-1.7 test" and answer.headers["content-disposition"].startswith("attachment")
    client.sign_in("clerk", OTHER_TOWN)
    assert client.get(address).status_code == 404


def test_an_export_is_asked_for_and_recorded(client, home):
    client.sign_in("clerk", TOWN)
    assert "导出 2 人的名册？" in client.get("/households/export").text
    assert client.post("/households/export").content[:2] == b"PK"


@pytest.mark.parametrize("act", ["members", "split", "merge", "move", "close"])
def test_every_act_on_a_household_has_its_form(client, home, act):
    client.sign_in("clerk", TOWN)
    assert client.faults_of_markup(f"/households/{home[0]}/{act}") == []


@pytest.mark.parametrize(
    "act",
    ["death", "move", "move-out", "contact", "name", "document", "account", "correct", "merge", "attributes", "reveal"],
)
def test_every_act_on_a_person_has_its_form(client, home, act):
    client.sign_in("clerk", TOWN)
    assert client.faults_of_markup(f"/people/{home[1][0]}/{act}") == []


@pytest.mark.parametrize(
    "path",
    [
        "/households",
        "/households/new",
        "/households/import",
        "/households/duplicates",
        "/households?q=nobody",
        "/people",
        "/people?q=nobody",
        "/people/new",
        "/people/proposals",
    ],
)
def test_registry_pages_keep_the_rules_of_markup(client, path):
    client.sign_in("clerk", TOWN)
    assert client.faults_of_markup(path) == []


def test_the_api_opens_lists_and_splits_nothing_outside_the_area(client, home):
    household, _people = home
    name = client.county.account("clerk", TOWN)
    assert client.api("GET", "/households/count", as_=name).json() == {"households": 1, "people": 2}
    found = client.api("GET", f"/households/{household}", as_=name).json()
    assert found["number"] == "0307-2815" and found["members"][0]["id_masked"].endswith(citizen(1)[-4:])
    assert client.api("POST", "/people/find", as_=name, json={"text": "王桂兰"}).json()["items"][0]["name"] == "王桂兰"
