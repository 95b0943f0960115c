"""Pages, API, desk and household page of grids."""

import pytest

from core.testing import OTHER_TOWN, TOWN


def test_a_case_goes_all_its_way_in_the_browser(grids, client):
    client.sign_in("clerk")
    form = {"grid": "TS-01", "category": "litter", "place": "桥头", "text": "垃圾成堆", "found_on": "2026-11-20"}
    made = client.post("/urban-grid/cases/new", data=form)
    assert made.status_code == 303, made.text
    case = made.headers["location"]
    assert client.post(f"{case}/send", data={"office": "环卫所", "on": "2026-11-20"}).status_code == 303
    assert client.post(f"{case}/handle", data={"on": "2026-11-20", "note": "已清运"}).status_code == 303
    client.sign_in("urban_grid_inspector", TOWN, "liufang")
    assert client.post(f"{case}/check", data={"on": "2026-11-20", "note": "看过"}).status_code == 303
    client.sign_in("clerk")
    assert client.post(f"{case}/close", data={"on": "2026-11-20", "note": "归档"}).status_code == 303
    page = client.get(case).text
    assert "已结案" in page and "环卫所" in page and "2026-11-23" in page


def test_a_refused_form_keeps_what_was_typed(grids, client):
    client.sign_in("clerk")
    form = {"grid": "none", "category": "litter", "place": "桥头", "text": "垃圾", "found_on": "soon"}
    answer = client.post("/urban-grid/cases/new", data=form)
    assert answer.status_code == 422 and 'value="桥头"' in answer.text


@pytest.mark.parametrize(
    "path",
    ["/urban-grid", "/urban-grid/grids", "/urban-grid/appraisal", "/urban-grid/cases/new", "/urban-grid/cases/1"],
)
def test_pages_work_on_a_phone_in_large_type_and_on_paper(grids, client, path):
    grids.sent()
    client.sign_in("clerk")
    assert client.faults_of_markup(path) == []


def test_pages_speak_english(grids, client):
    grids.sent()
    client.sign_in("clerk", language="en")
    for path, word in (("", "Being handled"), ("/grids", "Fixed area"), ("/appraisal", "Appraisal of inspectors")):
        assert word in client.get(f"/urban-grid{path}").text


def test_a_list_is_narrowed_to_state_and_area(grids, client):
    sent, found = grids.sent(), grids.found("WL-01")
    client.sign_in("clerk")
    page = client.get("/urban-grid?state=sent").text
    assert sent in page and found not in page
    page = client.get(f"/urban-grid?area={OTHER_TOWN}").text
    assert found in page and sent not in page


def test_the_same_acts_by_the_api(grids, client):
    clerk = grids.clerk
    wish = {"grid": "TS-01", "category": "litter", "place": "桥头", "text": "垃圾", "found_on": "2026-11-20"}
    made = client.api("POST", "/urban-grid/cases", as_=clerk, json=wish)
    assert made.status_code == 201, made.text
    number = made.json()["number"]
    sent = client.api(
        "POST", f"/urban-grid/cases/{number}/send", as_=clerk, json={"office": "环卫所", "on": "2026-11-20"}
    )
    assert sent.json()["due_on"] == "2026-11-23"
    listed = client.api("GET", "/urban-grid/cases?state=sent", as_=clerk).json()
    assert [one["number"] for one in listed["items"]] == [number]
    assert client.api("GET", f"/urban-grid/cases/{number}", as_=clerk).json()["steps"][0]["step"] == "report"
    assert client.api("GET", "/urban-grid/grids", as_=clerk).json()[0]["open"] == 1
    auditor = grids.county.account("auditor")
    refused = client.api(
        "POST", f"/urban-grid/cases/{number}/handle", as_=auditor, json={"on": "2026-11-20", "note": "x"}
    )
    assert refused.status_code == 403


def test_the_desk_has_the_close_rate_and_what_waits_for_whom(grids, county):
    grids.sent()
    grids.handled()
    with county.look("urban_grid_inspector", TOWN, name="liufang") as work:
        waits = [one for shown in work.hooks.show("show_desk_tasks", work=work) for one in shown.entries]
        tiles = [one for shown in work.hooks.show("show_desk_tiles", work=work) for one in shown.entries]
    assert [one.title for one in waits if one.path.startswith("/urban-grid")] == ["待核查"]
    assert [one.figure for one in tiles if one.path == "/urban-grid"] == ["0.00%"]


def test_a_household_page_says_who_walks_its_grid(grids, county):
    grids.found()
    person = county.person("王小满")
    with county.look("clerk") as work:
        shown = work.hooks.show("show_household_panels", work=work, household_id=0, person_ids=(person,))
    panels = [one for part in shown for one in part.entries if one.path == "/urban-grid/grids"]
    assert [panel.rows for panel in panels] == [[("TS-01 TS-01 片", "liufang，未结 1 宗")]]


def test_switched_off_and_on_again_the_cases_are_there(grids, run, client):
    number = grids.found()
    assert run("plugin", "disable", "urban_grid").exit_code == 0
    client.sign_in("clerk")
    assert client.get("/urban-grid").status_code == 404 and client.get("/").status_code == 200
    assert run("plugin", "enable", "urban_grid").exit_code == 0
    assert [one["number"] for one in grids.done("list", as_=grids.clerk)] == [number]


def test_the_records_are_in_words(grids, run):
    grids.found()
    spoken = run("audit", "list").output
    assert "上报网格案件" in spoken and "划定网格" in spoken
