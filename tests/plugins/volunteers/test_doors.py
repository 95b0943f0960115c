"""Pages, API, imports, reports, desk, panels, papers, the public check; rights and areas."""

from datetime import date, datetime

import pytest

from core.identity.numbers import check_character
from core.testing import OTHER_TOWN, VILLAGE

from .conftest import codes


def number_of(first: str) -> str:
    return first + check_character(first)


@pytest.fixture
def service(place):
    """A volunteer with confirmed hours, an activity in sign-up, a certificate."""
    one = place.volunteer("李明", phone="13800000001", contact="母亲 13800000002", health="良好", named=True)
    org = place.orgs["桃水镇志愿服务队"]
    place.act("teams", "join", org, volunteer=one)
    activity = place.plan(org)
    place.act("activities", "signup", activity, volunteer=one)
    record = place.hours(one, breaks=15, activity=activity)
    place.confirm(record)
    return {"volunteer": one, "org": org, "activity": activity, "record": record}


PAGES = (
    "/volunteers", "/volunteers/teams", "/volunteers/activities", "/volunteers/hours", "/volunteers/people/1",
    "/volunteers/teams/1", "/volunteers/activities/1", "/volunteers/hours/1", "/volunteers/people/new",
    "/volunteers/teams/new", "/volunteers/activities/new", "/volunteers/hours/new", "/volunteers/carried/new",
    "/volunteers/certificates/new", "/volunteers/people/1/training", "/volunteers/teams/1/complaint",
    "/volunteers/activities/1/signup", "/volunteers/hours/1/reverse", "/volunteers/site/1",
    "/volunteers/papers/card/1", "/volunteers/papers/agreement/1", "/volunteers/papers/sheet/1",
    "/volunteers/papers/honours/2026", "/volunteers/export",
)  # fmt: skip


def test_every_page_opens_and_its_markup_is_sound(service, client):
    client.sign_in("clerk")
    for path in PAGES:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
        if "/papers/" not in path:
            assert client.faults_of_markup(path) == [], path
    assert client.get("/volunteers/papers/card/1/pdf").content[:4] == b"%PDF"


def test_the_card_holds_no_number_and_the_roster_no_telephone(service, client, place):
    client.sign_in("clerk")
    page = client.get("/volunteers/people/1").text
    assert "<svg" in page and "13800000001" not in page
    assert "13800000001" in client.get("/volunteers/activities/1").text
    place.at("2026-12-25")
    client.sign_in("clerk")
    assert "13800000001" not in client.get("/volunteers/activities/1").text


def test_signing_in_and_out_with_a_card_at_the_site(place, client):
    one = place.volunteer("李明")
    activity = place.plan(place.orgs["桃水镇志愿服务队"])
    place.act("activities", "signup", activity, volunteer=one)
    with place.county.look() as work:
        from plugins.volunteers.queries import own_volunteer

        token = own_volunteer(work, one).token
    place.at("2026-11-20T08:05")
    client.sign_in("volunteers_leader", VILLAGE)
    assert "敬老院服务" in client.get(f"/volunteers/card/{token}").text
    assert client.post("/volunteers/site/1", data={"card": token, "mode": "qr"}).status_code in (200, 303)
    place.at("2026-11-20T11:05")
    client.sign_in("volunteers_leader", VILLAGE)
    address = f"http://10.0.0.1/volunteers/card/{token}"
    client.post("/volunteers/site/1", data={"card": address, "mode": "qr"})
    found = place.show(one)["records"]
    assert [(line["minutes"], line["mode"], line["state"]) for line in found] == [(180, "qr", "entered")]
    place.act("people", "card", one)
    assert client.get(f"/volunteers/card/{token}").status_code == 404


def test_a_forgotten_sign_out_expires_and_is_certified_with_evidence(place):
    one = place.volunteer("李明")
    activity = place.plan(place.orgs["桃水镇志愿服务队"])
    place.act("activities", "signup", activity, volunteer=one)
    place.at("2026-11-20T08:05")
    place.act("activities", "sign", activity, card=one)
    place.at("2026-12-05")
    with place.county.begin() as work:
        from plugins.volunteers.services.attending import expire

        expire(work)
    assert place.show(one)["records"] == []
    done = place.act("activities", "signout", activity, volunteer=one, end="11:05", evidence="值班记录 7 号")
    assert done["minutes"] == 180
    assert place.show(one)["records"][0]["late"]


def test_an_activity_goes_its_way_to_the_archive(place):
    one = place.volunteer("李明")
    second = place.volunteer("王明")
    activity = place.plan(place.orgs["桃水镇志愿服务队"], slots=1)
    assert place.act("activities", "signup", activity, volunteer=one)["state"] == "accepted"
    assert place.act("activities", "signup", activity, volunteer=second)["state"] == "waitlisted"
    place.act("activities", "unsign", activity, volunteer=one)
    with place.county.look() as work:
        from plugins.volunteers.listing import show_activity

        assert [line["state"] for line in show_activity(work, activity)["signups"]] == ["accepted"]
    for step in ("close", "start", "finish"):
        place.act("activities", step, activity)
    record = place.hours(second, activity=activity)
    from core.api import Refused

    with pytest.raises(Refused) as refusal:
        place.act("activities", "settle", activity)
    assert codes(refusal) == {"E_VOL_OPEN"}
    place.confirm(record)
    place.act("activities", "settle", activity)
    assert place.act("activities", "archive", activity)["state"] == "archived"


def test_a_relief_team_is_called_with_insurance_and_trained_people(place):
    from core.api import Refused
    from plugins.volunteers.api import Activate, call_team, relief_teams

    team = place.org("应急救援队", relief=True)
    one = place.volunteer("李明")
    place.act("teams", "join", team, volunteer=one)
    given = {"title": "抗洪", "area": VILLAGE, "starts": "2026-11-21 08:00", "ends": "2026-11-21 18:00"}
    with pytest.raises(Refused) as refusal, place.county.begin() as work:
        call_team(work, team, Activate(**given))
    assert codes(refusal) == {"E_VOL_INSURE"}
    with place.county.begin() as work:
        assert [(found.name, found.members) for found in relief_teams(work, VILLAGE[:9])] == [("应急救援队", 1)]
        number = call_team(work, team, Activate(**given, policy_no="PICC-9", skill="search_rescue"))
    place.act("people", "skill", one, skill="search_rescue", certificate="SJ-1")
    with pytest.raises(Refused) as refusal:
        place.act("activities", "signup", number, volunteer=one)
    assert codes(refusal) == {"E_VOL_UNTRAINED"}
    place.act("people", "training", one, course="first_aid", hours="8", held_on=date(2026, 1, 5))
    assert place.act("activities", "signup", number, volunteer=one)["state"] == "accepted"


def test_the_api_answers_and_refuses(service, place, client):
    clerk = place.county.account("clerk")
    found = client.api("GET", "/volunteers/volunteers", as_=clerk).json()
    assert [one["hours"] for one in found["items"]] == [3.0]
    assert client.api("GET", f"/volunteers/volunteers/{service['volunteer']}", as_=clerk).json()["stars"] == 0
    for path in ("teams", "teams/1", "activities", "activities/1", "hours"):
        assert client.api("GET", f"/volunteers/{path}", as_=clerk).status_code == 200, path
    body = {
        "volunteer": service["volunteer"], "org": "1", "field": "elder", "on": "2026-11-20", "begin": "09:00",
        "end": "10:00",
    }  # fmt: skip
    answer = client.api("POST", "/volunteers/hours", as_=clerk, json=body)
    assert (answer.status_code, "E_VOL_OVERLAP" in answer.text) == (422, True)
    made = client.api("POST", "/volunteers/hours", as_=clerk, json=body | {"begin": "14:00", "end": "15:00"})
    assert made.json()["hours"] == 1.0
    own = client.api("POST", f"/volunteers/hours/{made.json()['id']}/confirm", as_=clerk, json={})
    assert "E_VOL_SELF" in own.text
    certificate = client.api(
        "POST", "/volunteers/certificates", as_=clerk, json={"volunteer": service["volunteer"]}
    ).json()
    got = client.api("GET", f"/volunteers/certificates/{certificate['number']}", as_=clerk).json()
    assert (got["hours"], "code" in got) == (3.0, False)


def test_another_town_sees_nothing_and_a_leader_does_not_confirm(service, place, client):
    other = place.county.account("township_officer", OTHER_TOWN)
    assert client.api("GET", "/volunteers/volunteers", as_=other).json()["items"] == []
    assert client.api("GET", "/volunteers/volunteers/1", as_=other).status_code == 404
    assert client.api("GET", "/volunteers/activities/1", as_=other).status_code == 404
    leader = place.county.account("volunteers_leader", VILLAGE)
    assert client.api("POST", "/volunteers/hours/1/confirm", as_=leader, json={}).status_code == 403


def test_the_public_page_tells_number_hours_and_surname_only(service, place):
    from core.api import Refused
    from plugins.volunteers import acts, wishes
    from plugins.volunteers.services.certifying import certificate_for, check, code_of

    with place.county.begin() as work:
        made = certificate_for(work, service["volunteer"], "", None, None)
        number, code = made.number, code_of(work, made)
    with place.county.look() as work:
        assert check(work, number, code) == (number, 180, "李")
        assert check(work, number, "0000-0000-0000") is None
    place.act("people", "remove", service["volunteer"], reason="违规")
    with place.county.look() as work:
        assert check(work, number, code) is not None
    place.act("certificates", "revoke", number, reason="信息有误")
    with place.county.look() as work:
        assert check(work, number, code) is None
    with pytest.raises(Refused), place.county.begin() as work:
        acts.certify(work, wishes.IssueCertificate(volunteer=service["volunteer"], since=date(2026, 12, 1)))


def test_hours_and_volunteers_come_from_spreadsheets(service, place):
    from plugins.volunteers.services.importing import HOURS, ROSTER

    number = number_of("99922319900101001")
    place.person("赵六", number=number)
    rows = {column.name: [""] for column in ROSTER.columns} | {"citizen_id": [number], "registered_on": [None],
                                                                "consent_on": [None]}  # fmt: skip
    with place.county.begin() as work:
        assert list(ROSTER.check(work, rows)) == []
        assert ROSTER.write(work, rows).imported == 1
        assert [one.code for one in ROSTER.check(work, rows)] == ["E_VOL_TWICE"]
    people = [place.volunteer(f"王{chr(0x4E00 + at)}") for at in range(31)]
    sheet = {column.name: [""] * 31 for column in HOURS.columns}
    sheet |= {
        "volunteer": people, "activity": [service["activity"]] * 31, "on": [date(2026, 11, 20)] * 31,
        "begin": ["09:00"] * 31, "end": ["11:00"] * 31, "breaks": [None] * 31, "mode": ["负责人点名"] * 31,
    }  # fmt: skip
    with place.county.begin() as work:
        found = list(HOURS.check(work, sheet))
        assert {one.code for one in found} == {"W_VOL_BULK"} and len(found) == 31
        assert HOURS.write(work, sheet).imported == 31
        again = list(HOURS.check(work, sheet))
    assert {one.code for one in again} == {"E_VOL_OVERLAP", "W_VOL_BULK"}


def test_reports_desk_panels_and_wording(service, place, run, client):
    for name in ("volunteers-indicators", "volunteers-fields", "volunteers-teams"):
        ran = run("report", "run", name, "--json") if name else None
        assert ran is None or ran.exit_code in (0, 2), ran.talk
    client.sign_in("clerk")
    for name in ("volunteers-indicators", "volunteers-fields", "volunteers-teams"):
        assert client.get(f"/reports/{name}").status_code == 200, name
    place.hours(service["volunteer"], "14:00", "15:00")
    with place.county.look("clerk") as work:
        from plugins.volunteers.desk import panels, tasks, tiles

        assert [tile.figure for tile in tiles(work)] == ["1"]
        assert "志愿服务时长" in {task.title for task in tasks(work)}
        person = place.show(service["volunteer"])["person_id"]
        panel = next(iter(panels(work, (person,))))
        assert panel.rows[0][0] == service["volunteer"] and panel.lanes
    with place.county.look() as work:
        from plugins.volunteers.statistics import team_rows

        row = next(iter(team_rows(work, 2026)))
        assert (row[-2], row[-1]) == ("未常态化", "1、2、3、4、5、6、7、8、9、10、12")


def test_the_national_file_holds_numbers_and_is_recorded(place):
    from plugins.volunteers import acts, wishes
    from plugins.volunteers.exporting import export_csv

    number = number_of("99922319900101001")
    person = place.person("赵六", number=number)
    with place.county.begin() as work:
        one = acts.register(work, wishes.Register(person_id=person)).data["number"]
    place.confirm(place.hours(one, breaks=15))
    assert place.show(number)["hours"] == 3.0
    with place.county.begin() as work:
        content, count = export_csv(work, date(2026, 11, 1), date(2026, 11, 30), "上报")
    assert count == 1 and f"赵六,居民身份证,{number},,2026-11-20,3.0" in content.decode("utf-8-sig")


def test_lives_reach_the_register(place):
    from core.api import Refused
    from plugins.volunteers.queries import dormant_before, own_volunteer

    one = place.volunteer("李明")
    place.confirm(place.hours(one))
    with place.county.look() as work:
        assert dormant_before(work) == date(2024, 11, 20)
    place.county.clock.set(datetime.fromisoformat("2028-11-21T09:00:00+08:00"))
    assert place.show(one)["state"] == "dormant"
    record = place.hours(one, begin="07:00", end="08:00")
    place.confirm(record)
    assert place.show(one)["state"] == "active"
    place.act("people", "withdraw", one, reason="外出务工")
    with pytest.raises(Refused) as refusal:
        place.hours(one, begin="08:00", end="08:30")
    assert codes(refusal) == {"E_VOL_STATE"}
    with place.county.look() as work:
        assert own_volunteer(work, one).state == "withdrawn"


def test_switched_off_its_doors_close_and_on_again_all_is_there(service, place, run):
    assert run("plugin", "disable", "volunteers").exit_code == 0
    assert run("volunteers", "list", "--json").exit_code != 0
    assert run("plugin", "enable", "volunteers").exit_code == 0
    assert run("volunteers", "list", "--json").data[0]["hours"] == 3.0


def test_a_scan_is_kept_by_the_api_whatever_it_belongs_to(place, client):
    from base64 import b64encode

    clerk = place.county.account("clerk")
    place.county.clock.set(None)
    headers = {"authorization": f"Bearer {place.county.token(clerk)}"}
    body = {"file_name": "签到表.pdf", "content": b64encode(b"%PDF-1.7 sheet").decode(), "title": "签到表"}
    kept = client.client.post("/api/v1/volunteers/files/teams/1", json=body, headers=headers)
    assert kept.status_code == 201, kept.text
