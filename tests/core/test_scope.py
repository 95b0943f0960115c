"""A clerk of one town sees, finds, counts, exports and opens nothing of another: by page, command, API, attachment."""

import io
import re
from dataclasses import dataclass
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from core.households import duplicates, services
from core.households.groups import open_group
from core.households.models.duplicates import Candidate
from core.households.wishes import GroupPart, Member, OpenGroup, OpenHousehold
from core.identity.attachments import NewAttachment, add_attachment
from core.identity.events import Death, record_death
from core.identity.numbers import check_character
from core.identity.persons import NewPerson, register_person
from core.identity.second_person import take_back
from core.testing import OTHER_TOWN, TOWN

NAME, NUMBER, PHONE = "欧阳长庚", "0306-7777", "13812345678"
NOWHERE = 987654


def citizen(sequence: int) -> str:
    first = f"99922319500101{sequence:03d}"
    return first + check_character(first)


@dataclass(frozen=True)
class Foreign:
    """What lies in the other town, by id."""

    household: int
    person: int
    attachment: int
    household_attachment: int
    event: int
    proposal: int
    candidate: int
    group: int


@pytest.fixture
def foreign(county) -> Foreign:
    """A household of the other town with a dead member, a file of each kind, a proposal, a suspected twin, a family."""
    village = f"{OTHER_TOWN}201"
    with county.begin() as work:
        wish = NewPerson(name=NAME, citizen_id=citizen(1), hukou_area=village, phone=PHONE, address="石桥 1 号")
        person = register_person(work, wish).id or 0
        twin = NewPerson(name=NAME, sex="男", birth_date=date(1950, 1, 1), hukou_area=village)
        register_person(work, twin)
        opening = OpenHousehold(
            number=NUMBER, area=village, on=date(2026, 11, 1), members=[Member(person_id=person, relation="户主")]
        )
        household = services.open_household(work, opening).id or 0
        files = [
            add_attachment(work, NewAttachment(owner=owner, file_name="证明.pdf", data=b"%PDF-1.7 secret")).id or 0
            for owner in (f"person:{person}", f"household:{household}")
        ]
    with county.begin("clerk", OTHER_TOWN) as work:
        event = record_death(work, person, Death(on=date(2026, 11, 18))).id or 0
        proposal = take_back(work, event, "登记错了").id or 0
        duplicates.find_candidates(work)
        candidate = work.session.scalars(select(Candidate.id)).one()
        family = OpenGroup(
            kind="care_unit",
            area=village,
            on=date(2026, 11, 1),
            members=[GroupPart(person_id=person, part="recipient")],
        )
        group = open_group(work, family).id or 0
    return Foreign(household, person, *files, event, proposal, candidate, group)


def main_of(page: str) -> str:
    """What a page says, without the keys of its forms."""
    inner = re.search(r'<main class="main".*</main>', page, re.DOTALL)
    return re.sub(r'value="[^"]*"', "", inner.group(0) if inner else page)


PAGES = [
    "/households/{household}", "/households/{household}/change", "/households/{household}/changes",
    "/households/{household}/members", "/households/{household}/split", "/households/{household}/merge",
    "/households/{household}/move", "/households/{household}/close", "/households/{household}/sheet",
    "/households/{household}/pdf", "/households/duplicates/{candidate}", "/people/{person}", "/people/{person}/reveal",
    "/people/{person}/death", "/people/{person}/contact", "/people/{person}/correct", "/people/{person}/merge",
    "/people/{person}/events/{event}/take-back", "/people/proposals/{proposal}", "/attachments/{attachment}",
    "/attachments/{household_attachment}", "/attachments/{attachment}/remove",
]  # fmt: skip
OWNERS = ["/attachments?owner=person:{person}", "/attachments?owner=household:{household}"]
POSTS = {
    "/households/{household}/members": {"on": "2026-11-10", "version": "1"},
    "/households/{household}/move": {"on": "2026-11-10", "area": f"{TOWN}201", "address": "x", "version": "1"},
    "/households/{household}/close": {"on": "2026-11-10", "reason": "x"},
    "/households/duplicates/{candidate}/propose": {"reason": "x"},
    "/households/duplicates/{candidate}/undo": {"reason": "x"},
    "/people/{person}/reveal": {"what": "number", "reason": "复核"},
    "/people/{person}/death": {"on": "2026-11-10"},
    "/people/{person}/contact": {"address": "x"},
    "/people/{person}/events/{event}/take-back": {"reason": "x"},
    "/people/proposals/{proposal}": {"decision": "confirm"},
    "/attachments/{attachment}/remove": {"reason": "x"},
}
API = [
    "/households/{household}", "/households/{household}/changes", "/people/{person}", "/people/{person}/events",
    "/people/{person}/documents", "/attachments/{attachment}", "/attachments/{household_attachment}", "/groups/{group}",
]  # fmt: skip
API_POSTS = {
    "/households/{household}/members": {"members": [{"person_id": 1, "relation": "户主"}], "on": "2026-11-10"},
    "/households/{household}/close": {"on": "2026-11-10", "reason": "x"},
    "/people/{person}/death": {"on": "2026-11-10"},
    "/people/{person}/reveal": {"reason": "x"},
    "/people/{person}/contact": {"address": "x"},
    "/people/{person}/merge": {"kept_id": 1, "reason": "x"},
    "/people/{person}/events/{event}/take-back": {"reason": "x"},
    "/proposals/{proposal}/confirm": {},
    "/duplicates/{candidate}/propose": {"reason": "x"},
    "/attachments/{attachment}/remove": {"reason": "x"},
    "/groups/{group}/close": {"on": "2026-11-10"},
}


def filled(path: str, foreign: Foreign) -> tuple[str, str]:
    """The address of the foreign thing, and of one that does not exist."""
    return path.format(**vars(foreign)), path.format(**dict.fromkeys(vars(foreign), NOWHERE))


def test_a_foreign_page_answers_exactly_like_a_missing_one(client, foreign):
    client.sign_in("clerk", TOWN)
    for path in [*PAGES, *OWNERS]:
        there, nowhere = (client.get(address) for address in filled(path, foreign))
        assert (there.status_code, nowhere.status_code) == (404, 404), path
        said, unsaid = (re.sub(r"\d+", "#", main_of(one.text)) for one in (there, nowhere))
        assert said == unsaid, path
        assert NAME not in there.text and "secret" not in there.text


def test_a_foreign_form_answers_exactly_like_a_missing_one_and_changes_nothing(client, foreign):
    client.sign_in("clerk", TOWN)
    for path, form in POSTS.items():
        there, nowhere = (client.post(address, dict(form)) for address in filled(path, foreign))
        assert (there.status_code, nowhere.status_code) == (404, 404), path
        assert re.sub(r"\d+", "#", main_of(there.text)) == re.sub(r"\d+", "#", main_of(nowhere.text)), path
    upload = {"owner": f"person:{foreign.person}"}
    assert client.post("/attachments", upload, files={"file": ("a.pdf", b"%PDF-1.7")}).status_code == 404
    with client.county.look() as work:
        assert duplicates.list_candidates(work)[0]["state"] == "open"


def test_lists_searches_counts_desk_and_reports_hold_nothing_foreign(client, foreign):
    client.sign_in("clerk", TOWN)
    pages = [
        "/", "/tasks", "/households", "/households?closed=1", f"/households?town={OTHER_TOWN}", "/households?q=oycg",
        "/people?q=oycg", "/people/proposals", "/households/duplicates",
        "/reports/households-population?by=village", "/reports/households-deaths?month=2026-11",
    ]  # fmt: skip
    for path in pages:
        page = client.get(path)
        assert page.status_code == 200, path
        assert NAME not in page.text and NUMBER not in page.text and "网岭镇" not in main_of(page.text), path
    for word in (NAME, "欧阳", "oycg", NUMBER, citizen(1), citizen(1)[-4:], PHONE, PHONE[-4:], str(foreign.person)):
        for path in ("/people/search", "/households/search"):
            found = main_of(client.post(path, {"q": word}, follow_redirects=True).text)
            assert f"/people/{foreign.person}" not in found, word
            assert f"/households/{foreign.household}" not in found, word
    assert "<td" not in main_of(client.get(f"/households?town={OTHER_TOWN}").text)


def test_an_export_holds_ones_own_town_and_another_cannot_be_asked_for(client, foreign):
    client.sign_in("clerk", TOWN)
    rows = list(load_workbook(io.BytesIO(client.post("/households/export").content)).active.values)
    assert not any(NAME in str(row) or NUMBER in str(row) for row in rows)
    assert client.post("/households/export", {"area": OTHER_TOWN}).status_code == 403


def test_the_api_answers_for_foreign_things_exactly_as_for_missing_ones(client, foreign):
    name = client.county.account("clerk", TOWN)
    for path in API:
        there, nowhere = (client.api("GET", address, as_=name) for address in filled(path, foreign))
        assert (there.status_code, nowhere.status_code) == (404, 404), path
        assert re.sub(r"\d+", "#", there.text) == re.sub(r"\d+", "#", nowhere.text), path
    for path, body in API_POSTS.items():
        there, nowhere = (client.api("POST", address, as_=name, json=body) for address in filled(path, foreign))
        assert (there.status_code, nowhere.status_code) == (404, 404), (path, there.text)
        assert re.sub(r"\d+", "#", there.text) == re.sub(r"\d+", "#", nowhere.text), path


def test_lists_and_searches_of_the_api_hold_nothing_foreign(client, foreign):
    name = client.county.account("clerk", TOWN)
    assert client.api("GET", "/households?closed=true", as_=name).json()["items"] == []
    assert client.api("GET", f"/households?area={OTHER_TOWN}", as_=name).json()["items"] == []
    assert client.api("GET", "/households/count", as_=name).json() == {"households": 0, "people": 0}
    assert client.api("GET", f"/households/count?area={OTHER_TOWN}", as_=name).json() == {"households": 0, "people": 0}
    for path in ("/duplicates", "/proposals"):
        assert client.api("GET", path, as_=name).json()["items"] == []
    for word in (NAME, "oycg", NUMBER, citizen(1), citizen(1)[-4:], PHONE):
        assert client.api("POST", "/people/find", as_=name, json={"text": word}).json()["items"] == [], word
    for owner in (f"person:{foreign.person}", f"household:{foreign.household}"):
        assert client.api("GET", f"/attachments?owner={owner}", as_=name).status_code == 404
    assert client.api("POST", "/households/export", as_=name, json={"area": OTHER_TOWN}).status_code == 403
    rows = client.api("GET", "/reports/households-population?by=village", as_=name).json()["rows"]
    assert rows == []


def test_commands_answer_for_foreign_things_exactly_as_for_missing_ones(county, run, foreign):
    name = county.account("clerk", TOWN)
    asked = [
        (["household", "show"], NUMBER, "0306-0000", []),
        (["household", "show"], foreign.household, NOWHERE, []),
        (["person", "show"], foreign.person, NOWHERE, []),
        (["person", "show"], citizen(1), citizen(2), []),
        (["person", "death"], foreign.person, NOWHERE, ["--on", "2026-11-10"]),
        (["person", "revoke"], foreign.event, NOWHERE, ["--reason", "x"]),
        (["person", "confirm"], foreign.proposal, NOWHERE, []),
        (["person", "refuse"], foreign.proposal, NOWHERE, ["--reason", "x"]),
    ]
    for words, there, nowhere, more in asked:
        known, unknown = (run(*words, str(one), *more, "--json", as_=name) for one in (there, nowhere))
        assert (known.exit_code, unknown.exit_code) == (5, 5), (words, known.talk)
        assert known.error == unknown.error
    assert run("household", "list", "--json", as_=name).data["households"] == []
    for word in (NAME, "oycg", NUMBER, citizen(1), citizen(1)[-4:], PHONE):
        assert run("person", "find", word, "--json", as_=name).data["people"] == [], word
    assert run("person", "proposals", "--json", as_=name).data == []


def test_who_holds_the_county_sees_both_towns(client, foreign):
    client.sign_in("auditor")
    assert NAME in client.get(f"/people/{foreign.person}").text
    assert NUMBER in client.get("/households").text
    assert client.get(f"/attachments/{foreign.attachment}").content == b"%PDF-1.7 secret"
