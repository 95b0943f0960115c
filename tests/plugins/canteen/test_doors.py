"""The doors of canteens: pages, API, commands, papers, reports, imports, exports, the public list; who sees what."""

from datetime import date

import pytest
from sqlalchemy import text

from core.testing import OTHER_TOWN, TOWN, VILLAGE, enabled
from plugins.canteen.models import Diner
from tests.plugins.canteen.conftest import OPERATOR, SITE
from tests.plugins.canteen.test_settlement import SERVICE_DAYS, eat
from tests.plugins.notices.test_public import open_public, visit

PAGES = (
    "/canteen", "/canteen/sites/1", "/canteen/diners", "/canteen/diners/1", "/canteen/settlements",
    "/canteen/settlements/1", "/canteen/inspections", "/canteen/inspections/1", "/canteen/operators",
    "/canteen/operators/1", "/canteen/rates", "/canteen/sites/new", "/canteen/diners/new", "/canteen/settlements/new",
    "/canteen/operators/new", "/canteen/targets/new", "/canteen/sites/1/price", "/canteen/diners/1/card",
    "/canteen/sites/1/inspect", f"/canteen/papers/board/{SITE}", f"/canteen/papers/menu/{SITE}",
    "/canteen/papers/enrolment/1", "/canteen/papers/settlement/1", "/canteen/papers/notice/1",
    "/canteen/papers/posting/2026-03", "/canteen/export", "/reports/canteen-indicators", "/reports/canteen-sites",
    "/reports/canteen-tiers",
)  # fmt: skip


@pytest.fixture
def full(place):
    """A site with an operator, a diner on dibao who ate, an inspection, a settlement and a menu."""
    place.site()
    place.operator()
    place.act("sites", "entrust", SITE, operator=OPERATOR)
    _diner, person = place.diner("李桂英", date(1950, 3, 8), ["dibao"], diet="糖尿病", consent_on=date(2026, 4, 1))
    eat(place, [person], SERVICE_DAYS[:2])
    place.act("sites", "inspect", SITE, inspectors="张", score=80, severity="minor", hazards="台面不净")
    place.act("sites", "menu", SITE, week=date(2026, 4, 6), weekday="1", set_code="A", dishes="番茄炒蛋")
    place.settle()
    return place


def test_every_page_opens_and_an_operator_sees_neither_numbers_nor_reasons(full, client):
    client.sign_in("clerk")
    for path in PAGES:
        assert client.get(path).status_code == 200, path
        if "/papers/" not in path:
            assert client.faults_of_markup(path) == [], path
    assert "糖尿病" in client.get("/canteen/diners/1").text and "低保" in client.get("/canteen/diners/1").text
    operator = client.sign_in("canteen_operator", VILLAGE)
    assert operator.get("/canteen/sites/1").status_code == 200
    assert operator.get("/canteen/settlements/1").status_code == 200
    for path in ("/canteen/diners", "/canteen/diners/1", "/canteen/papers/enrolment/1", "/canteen/export"):
        assert operator.get(path).status_code == 403, path
    for path in ("/canteen", "/canteen/sites/1", "/canteen/settlements/1", f"/canteen/papers/board/{SITE}"):
        text = operator.get(path).text
        assert "李桂英" not in text and "9992" not in text, path


def test_a_form_makes_a_site_and_a_wrong_one_keeps_what_was_typed(place, client):
    client.sign_in("clerk")
    wish = {"number": "CT-430223103-009", "name": "新食堂", "village": VILLAGE, "licence_to": "2030-01-01",
            "state": "open", "kind": "canteen", "meals": "lunch"}  # fmt: skip
    answer = client.post("/canteen/sites/new", data=wish, follow_redirects=True)
    assert answer.status_code == 200 and "新食堂" in answer.text
    again = client.post("/canteen/sites/new", data=wish)
    assert again.status_code == 422 and "新食堂" in again.text
    other = client.sign_in("township_officer", OTHER_TOWN)
    assert other.get("/canteen/sites/1").status_code == 404


def test_a_card_is_answered_once_as_the_pdf_and_its_token_is_kept_nowhere(full, client):
    client.sign_in("clerk")
    answer = client.post("/canteen/diners/1/card", data={"reason": ""})
    assert answer.status_code in (200, 201) and answer.content.startswith(b"%PDF")
    with full.county.look() as work:
        kept = work.session.get_one(Diner, 1)
        assert kept.code not in answer.text
    again = client.post("/canteen/diners/1/card", data={"reason": ""})
    assert again.status_code == 422


def test_the_commands_of_the_contract(place, run, tmp_path):
    person = place.person("钱秀英", date(1943, 5, 1))
    add = run("canteen", "site", "add", SITE, "--name", "长者食堂", "--village", VILLAGE, "--licence-to", "2030-01-01")
    assert add.exit_code == 0
    bad = run("canteen", "site", "add", "CT-1-1", "--name", "食堂", "--village", VILLAGE, "--licence-to", "2030-01-01")
    assert bad.exit_code == 3
    more = ("--name", "食堂", "--village", VILLAGE, "--licence-to", "2030-01-01", "--state", "planned", "--json")
    plan = run("canteen", "site", "add", "CT-430223103-002", *more)
    assert plan.data["state"] == "planned"
    assert run("canteen", "menu", "set", SITE, "A", "9", "--from", "2026-01-01").exit_code == 0
    negative = run("canteen", "menu", "set", SITE, "B", "-9", "--from", "2026-01-01", "--json")
    assert negative.exit_code == 3 and "E_PRICE_NEG" in negative.talk + negative.output
    enrol = run("canteen", "diner", "enrol", str(person), "--status", "dibao,tekun", "--from", "2026-01-01")
    assert enrol.exit_code == 0
    found = run("canteen", "quote", str(person), "--site", SITE, "--set", "A", "--on", "2026-03-02", "--delivery",
                "--json").data  # fmt: skip
    parts = {"tier": "T4", "list_price_fen": 900, "subsidy_fen": 900, "self_pay_fen": 200, "delivery_fee_fen": 200}
    assert {name: found[name] for name in parts} == parts
    meal = ("canteen", "check-in", str(person), "--site", SITE, "--set", "A", "--at")
    assert run(*meal, "2026-03-02T11:30").exit_code == 0
    twice = run(*meal, "2026-03-02T12:30", "--json")
    assert twice.exit_code == 3 and "E_MEAL_DUP" in twice.talk + twice.output
    settled = run("canteen", "settle", "--site", SITE, "--month", "2026-03", "--json").data
    wanted = {"meals": 1, "diner_subsidy_fen": 900, "operating_subsidy_fen": 0, "claim_fen": 900}
    assert {name: settled[name] for name in wanted} == wanted
    file = tmp_path / "policy.toml"
    file.write_text('title = "新标准"\ndocument = "民发 3 号"\nvalid_from = 2026-04-01\n'
                    '[[tier]]\ncode = "X"\nage_from = 60\nsubsidy = "4.00"\n')  # fmt: skip
    assert run("canteen", "policy", "import", str(file)).exit_code == 0
    found = run("canteen", "quote", str(person), "--site", SITE, "--set", "A", "--on", "2026-04-02", "--json").data
    assert (found["tier"], found["subsidy_fen"]) == ("X", 400)
    paper = tmp_path / "board.pdf"
    assert run("canteen", "print", "board", SITE, "-o", str(paper)).exit_code == 0
    assert paper.read_bytes().startswith(b"%PDF")
    card = tmp_path / "card.pdf"
    issued = run("canteen", "diner", "card", "1", "-o", str(card), "--json").data
    assert card.read_bytes().startswith(b"%PDF") and len(issued["token"]) == 32
    meals = tmp_path / "meals.csv"
    made = run(
        "canteen", "export", "-o", str(meals), "--since", "2026-03-01", "--until", "2026-03-31", "--reason", "审计"
    )
    assert made.exit_code == 0
    text = meals.read_text("utf-8-sig")
    assert text.count("\n") == 3 and "E_MEAL_DUP" in text and "钱秀英" not in text


def test_the_api_does_what_the_pages_do(full, client):
    officer = full.county.account("canteen_officer")
    assert client.api("GET", "/canteen/sites", as_=officer).json()["items"][0]["number"] == SITE
    assert client.api("GET", "/canteen/diners/1", as_=officer).json()["tier"] == "T3"
    with full.county.look() as work:
        person = work.session.get_one(Diner, 1).person_id
    asked = f"/canteen/quote?person={person}&site={SITE}&set=A&on=2026-03-02"
    assert client.api("GET", asked, as_=officer).json()["subsidy_fen"] == 800
    body = {"number": "CT-430223103-003", "name": "三号", "village": VILLAGE, "licence_to": "2030-01-01"}
    made = client.api("POST", "/canteen/sites", as_=officer, json=body)
    assert made.json().get("number") == "CT-430223103-003", made.text
    price = {"set_code": "A", "price": "8.50"}
    changed = client.api("POST", "/canteen/sites/CT-430223103-003/price", as_=officer, json=price)
    assert changed.json()["price_fen"] == 850
    operator = full.county.account("canteen_operator", VILLAGE)
    assert client.api("GET", "/canteen/diners", as_=operator).status_code == 403


def test_the_indicators_count_what_the_year_planned(place):  # example 11
    from plugins.canteen.statistics import completion, indicator_rows, share, sites_of

    place.start("targets", year=2026, sites=114, document="县政办〔2026〕1号")
    for at in range(3):
        place.site(f"CT-430223103-{at + 1:03d}", price="")
    with place.county.look() as work:
        assert completion(work, date(2026, 9, 30), sites_of(work)) == (114, 3)
        rows = {row[0]: row[1] for row in indicator_rows(work, "2026-04")}
    assert share(97, 114) == "85.1%"
    assert rows["年度计划完成率"] == "2.6%" and rows["长者食堂"] == "3"


def test_spreadsheets_of_sites_and_diners_are_held_to_the_same_rules(place):
    from plugins.canteen.services.importing import check_diners, check_sites, write_diners, write_sites
    from tests.plugins.benefits.conftest import citizen_id

    number = citizen_id(7, "19440308")
    with place.county.begin() as work:
        from core.identity.persons import NewPerson, register_person

        register_person(work, NewPerson(name="周桂香", citizen_id=number, hukou_area=VILLAGE))
    sites = {"number": ["CT-430223103-001", "CT-430223103-001", "X"], "name": ["一", "二", "三"],
             "village": [VILLAGE] * 3, "licence_to": [date(2030, 1, 1)] * 3, "planned": [""] * 3}  # fmt: skip
    diners = {
        "citizen_id": [number, number],
        "from_on": [date(2026, 1, 1)] * 2,
        "status": ["低保", ""],
        "tier": ["", "T4"],
    }
    with place.county.look() as work:
        assert [(one.row, one.code) for one in check_sites(work, sites)] == [(1, "E_SITE_TWICE"), (2, "E_FIELD")]
        assert [(one.row, one.code) for one in check_diners(work, diners)] == [(1, "E_ENROLLED")]
    with place.county.begin() as work:
        assert write_sites(work, {name: column[:1] for name, column in sites.items()}).imported == 1
        assert write_diners(work, {name: column[:1] for name, column in diners.items()}).imported == 1
        assert work.session.get_one(Diner, 1).statuses == "dibao"


def test_a_policy_is_pasted_on_the_page_and_a_wrong_one_comes_back(place, client):
    client.sign_in("clerk")
    text = 'title = "标准"\ndocument = "民发 5 号"\nvalid_from = 2026-04-01\n[[tier]]\ncode = "X"\nage_from = 60\n'
    assert client.post("/canteen/policies/new", data={"content": "title ="}).status_code == 422
    answer = client.post("/canteen/policies/new", data={"content": text + 'county = "4.00"'}, follow_redirects=True)
    assert answer.status_code == 200 and "民发 5 号" in answer.text


def test_the_public_sees_sites_and_menus_and_no_diner(full):
    open_public(full.county)
    for anybody in visit(full.county):
        sites = anybody.get("/canteen").text
        assert "桃水镇长者食堂" in sites and "9.00" in sites and "李桂英" not in sites
        menu = anybody.get(f"/canteen/{SITE}?week=2026-04-06").text
        assert "番茄炒蛋" in menu
        assert anybody.get("/canteen/CT-430223103-099").status_code == 404


def test_switched_off_with_data_the_doors_close_and_on_again_all_is_there(full, run):
    assert run("plugin", "disable", "canteen").exit_code == 0
    assert run("canteen", "site", "list").exit_code != 0
    assert run("plugin", "enable", "canteen").exit_code == 0
    assert run("canteen", "site", "list", "--json").data[0]["number"] == SITE


def test_the_desk_names_what_waits_and_a_person_has_a_lane(full):
    from plugins.canteen.desk import panels, tasks, tiles

    with full.county.look("canteen_officer") as work:
        person = work.session.get_one(Diner, 1).person_id
        titles = [task.title for task in tasks(work)]
        assert "审核助餐结算" in titles and "食堂检查问题待整改" in titles
        assert next(iter(tiles(work))).figure == "1"
        shown = list(panels(work, (person,)))
        assert shown[0].lanes[0].spans[0].since == date(2026, 1, 1)
    with full.county.look("township_officer", TOWN) as work:
        assert list(panels(work, (person,)))
    with full.county.look("canteen_operator", VILLAGE) as work:
        assert list(panels(work, (person,))) == []


def test_benefits_leaves_what_canteens_pay_alone(place, run):
    enabled(place.county, "benefits")
    refused = run("benefits", "roll", "build", "canteen_diner", "--period", "2026-03", "--json")
    assert refused.exit_code == 5 and "canteen_diner" in refused.error["message"]
    titles = run("benefits", "standard", "list", "--json").output
    assert "canteen" not in titles


def test_the_token_of_a_card_is_kept_nowhere_not_even_for_a_repeated_request(full, client):
    clerk = full.county.account("clerk")
    headers = {"authorization": f"Bearer {full.county.token(clerk)}", "idempotency-key": "karte-1"}
    full.county.clock.set(None)
    body = {"reason": "遗失补发"}
    made = client.client.post("/api/v1/canteen/diners/1/card", json=body, headers=headers)
    assert made.status_code == 201, made.text
    with full.county.look() as work:
        kept = work.session.execute(text("SELECT answer FROM core_submission")).scalars().all()
    assert kept and not any(made.json()["token"] in (answer or "") for answer in kept)
