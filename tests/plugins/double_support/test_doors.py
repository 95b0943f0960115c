"""Pages, API, commands, imports, papers, panels, money through the core's funds; rights, areas, the database."""

import json
from datetime import date
from zipfile import ZipFile

import numpy
import pytest
import xlsxwriter
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.api import NotFound, Refused, recoveries_of
from core.funds import allocations, bank_files, batches, results, sources
from core.hookspecs import People
from core.identity.bank_accounts import NewBankAccount, set_account
from core.identity.numbers import check_character
from core.testing import OTHER_TOWN, enabled
from plugins.double_support.acts import ROOMS
from plugins.double_support.desk import panels, tasks, tiles
from plugins.double_support.papers import _PAPERS, paper_of
from plugins.double_support.queries import Filter
from plugins.double_support.services.importing import IMPORTS
from plugins.double_support.statistics import indicator_rows
from tests.core.funds.conftest import answer_of

from .conftest import VILLAGE, codes
from .test_acceptance import sheet, take


def number_of(first: str) -> str:
    return first + check_character(first)


@pytest.fixture
def service(place):
    """One of everything."""
    place.unit()
    place.act(
        "units",
        "account",
        "协作单位甲",
        agreement="协议 1",
        account_name="协作单位甲",
        account_number="6222020000000018",
    )
    plan = place.plan(households=1, hardship=False)
    ids = place.listed(plan, 2)
    place.act("plans", "close-list", plan)
    place.act("plans", "fund", plan, minutes="纪要 1 号", decided="600")
    place.act("visits", "record", ids[0], leader="王干部", companion="赵干部", needs="修缮房屋")
    place.add("plaques", person_id=place.person(), kind="serving")
    place.add("news", person_id=place.person(), honour="三等功")
    place.project(1, "running")
    place.act("projects", "milestone", 1, step="开工", percent=30, due=date(2026, 6, 1))
    place.act("projects", "progress", 1, quarter=2, percent=40)
    place.add("support", unit="协作单位甲", purpose="road", amount="10000", minutes="纪要 2 号")
    take(place, sheet(items=3, proved=2))
    place.act("items", "gap", 3, gap="缺台账", owner="县民政局", fix_due=date(2026, 12, 1))
    place.add("titles", level="province", round=1, year=2024)
    number = place.add("spouses", person_id=place.person(), on=date(2026, 9, 1))["number"]
    place.act("spouses", "subsidise", number)
    place.add("schools", person_id=place.person(), stage="primary")
    place.add("groups", name="爱心商店", kind="trade", villages=[VILLAGE])
    place.add("points", area=VILLAGE, name="双拥服务点")
    place.add("agreements", number="GJ-1", unit="协作单位甲", partner="桃水社区", on=date(2026, 3, 1))
    place.act("agreements", "activity", "GJ-1", activity="义务植树", people=20, on=date(2026, 3, 12))
    place.add("classes", school="甲小学", grade="一年级", school_year="2025-2026", hours="4")
    place.add("events", kind="film", title="国防影片", people=200)
    place.add("bases", name="烈士陵园", level="county", named_on=date(2020, 4, 1))
    place.add("budgets", year=2026, population=1000, budgeted="60", document="文 1")
    return plan


def test_every_page_opens_and_its_markup_is_sound(service, client):
    client.sign_in("clerk")
    pages = ["/double-support", "/double-support/self-assess"]
    for name, room in ROOMS.items():
        base = f"/double-support/{name}"
        pages += [*([base] if name != "plans" else []), f"{base}/1", *([f"{base}/new"] if room.new else [])]
        pages += [f"{base}/1/{act.name}" for act in room.acts.values() if act.name != "pay"]
    for path in pages:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
        assert client.faults_of_markup(path) == [], path
    for kind in _PAPERS:
        assert client.get(f"/double-support/papers/{kind}/1").status_code == 200, kind
    assert client.get("/double-support/papers/visit-list/1/pdf").content[:4] == b"%PDF"
    assert client.get("/double-support/nothing").status_code == 404
    for name in ("indicators", "projects", "visits", "spouses", "classes"):
        assert client.get(f"/reports/double-support-{name}").status_code == 200, name
    client.sign_in("proposer")
    assert client.get("/double-support/pay/visits").status_code == 200
    assert client.get("/double-support/plans/1/pay").status_code == 200


def test_the_same_code_by_page_command_and_api(service, client, run, place):
    client.sign_in("clerk")
    sent = {"no": "1", "direction": "army_for_locality", "title": "修路", "responsible": "交通局", "unit": "协作单位甲",
            "budget": "0"}  # fmt: skip
    answer = client.post("/double-support/projects/new", data=sent)
    assert answer.status_code == 422 and "已经有第 1 号实事" in answer.text and 'value="修路"' in answer.text
    account = place.county.account("clerk")
    answer = client.api("POST", "/double-support/projects", as_=account, json=sent | {"no": 1})
    assert answer.status_code == 422 and "E_PROJ_NO" in answer.text
    words = [part for name, value in sent.items() for part in (f"--{name}", value)]
    made = run("double-support", "project", "add", *words, "--json")
    assert made.exit_code == 3 and "E_PROJ_NO" in made.talk
    secret = sent | {"no": 2, "title": "为 32541 部队修路"}
    assert "E_UNIT_SECRET" in client.api("POST", "/double-support/projects", as_=account, json=secret).text
    assert "涉密信息" in client.post("/double-support/projects/new", data=secret | {"no": "2"}).text
    words = [part for name, value in secret.items() for part in (f"--{name}", str(value))]
    assert "E_UNIT_SECRET" in run("double-support", "project", "add", *words, "--json").talk


def test_lists_and_things_by_api_and_command(service, client, run, place):
    account = place.county.account("clerk")
    for name, room in ROOMS.items():
        found = client.api("GET", f"/double-support/{name}", as_=account).json()
        assert found.get("items"), (name, found)
        assert client.api("GET", f"/double-support/{name}/1", as_=account).status_code == 200, name
        assert run("double-support", room.word, "list", "--json").exit_code == 0, room.word
        assert run("double-support", room.word, "show", "1").exit_code == 0, room.word
        for state in room.states:
            with place.county.look() as work:
                room.listed(work, Filter(state=state, text="1", year=2026))
    year = client.api("GET", "/double-support/years/2026", as_=account).json()
    assert year["projects"]["running"] == 1 and year["schools"]["met"] == 1
    body = {"level": "city", "year": 2026, "items": [{"title": "组织领导", "max": 15, "self": 16}]}
    answer = client.api("POST", "/double-support/self-assessments", as_=account, json=body)
    assert answer.status_code == 422 and "E_DBL_ITEM_MAX" in answer.text
    body["items"][0]["self"] = 14.5
    answer = client.api("POST", "/double-support/self-assessments", as_=account, json=body)
    assert answer.status_code == 201 and answer.json()["score"] == 14.5


def test_a_score_sheet_comes_as_excel_csv_and_by_the_page(place, run, client, tmp_path):
    rows = [("编号", "项目", "满分", "自评分", "一票否决", "佐证材料", "整改期限"),
            ("1.1", "领导", 15, 14.5, "否", "文件；照片", ""),
            ("1.2", "教育", 15, 15, "是", "", date(2026, 12, 1))]  # fmt: skip
    file = tmp_path / "评分表.xlsx"
    with xlsxwriter.Workbook(str(file), {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet("评分表")
        page.write(0, 0, "双拥模范县评分表")
        for at, row in enumerate(rows, 2):
            page.write_row(at, 0, row)
    made = run("double-support", "self-assess", str(file), "--level", "county", "--json")
    assert made.exit_code == 0, made.talk
    assert (made.data["score"], made.data["vetoes"], made.data["gap"]) == (29.5, ["1.2"], 1)
    csv = tmp_path / "评分表.csv"
    csv.write_text("no,title,max,self,evidence\n1,领导,15,14,有\n", encoding="utf-8")
    assert run("double-support", "self-assess", str(csv), "--json").data["ready"] is True
    assert run("double-support", "self-assess", str(tmp_path / "没有.csv"), "--json").exit_code == 5
    client.sign_in("clerk")
    sent = {"file": ("表.json", json.dumps(sheet(items=2)).encode(), "application/json")}
    answer = client.post("/double-support/self-assess", data={}, files=sent)
    assert answer.status_code in (200, 303) and client.get("/double-support/sheets/3").status_code == 200
    assert client.post("/double-support/self-assess", data={}).status_code == 422
    bad = {"file": ("表.json", json.dumps(sheet(items=2, score=9)).encode(), "application/json")}
    assert "超过满分" in client.post("/double-support/self-assess", data={}, files=bad).text


def test_three_spreadsheets_are_held_to_the_same_rules(place):
    number = number_of("99922319900101001")
    person = place.person("赵六", number=number)
    plan = place.plan()
    by_name = {one.name: one for one in IMPORTS}
    visits, spouses, sheets = (by_name[f"double-support-{name}"] for name in ("visits", "spouses", "score-sheet"))
    rows = {"plan": [plan] * 2, "citizen_id": [number] * 2, "category": ["优抚对象"] * 2, "channel": ["签名表", ""],
            "key_person": ["是", ""]}  # fmt: skip
    with place.county.begin() as work:
        assert [(one.row, one.code) for one in visits.check(work, rows)] == [(1, "E_DBL_TWICE")]
        first = {name: column[:1] for name, column in rows.items()}
        assert visits.write(work, first).imported == 1
        assert {one.code for one in visits.check(work, first)} == {"E_DBL_TWICE"}
    shown = place.show("visits", 1)
    assert (shown["channel"], shown["key_person"], shown["person_id"]) == ("signed", True, person)
    rows = {"citizen_id": [number], "on": [date(2026, 3, 12)], "other_payer": ["32541部队"]}
    with place.county.begin() as work:
        assert {one.code for one in spouses.check(work, rows)} == {"E_UNIT_SECRET"}
        rows["other_payer"] = [""]
        assert list(spouses.check(work, rows)) == [] and spouses.write(work, rows).imported == 1
    lines = {column.name: [""] * 2 for column in sheets.columns} | {
        "no": ["1", "2"], "title": ["领导", "教育"], "max": ["15", "15"], "self": ["15", "16"], "year": [2026, 2026],
        "level": ["全省", "全省"], "fix_due": [None, None],
    }  # fmt: skip
    with place.county.begin() as work:
        assert [(one.row, one.code) for one in sheets.check(work, lines)] == [(1, "E_DBL_ITEM_MAX")]
        lines["self"] = ["15", "14"]
        assert list(sheets.check(work, lines)) == []
        assert (sheets.write(work, lines).imported, sheets.write(work, lines).skipped) == (2, 2)


def _funded(place, scheme):
    with place.county.begin("accountant") as work:
        sources.add_fund(
            work,
            sources.NewFund(code=f"F-{scheme}", name="双拥", source="COUNTY", scheme=scheme, year=2026,
                            amount_fen=10_000_000, document=f"县财〔2026〕{scheme}", received=True),
        )  # fmt: skip
    with place.county.begin("proposer") as work:
        wish = allocations.NewAllocation(
            fund=f"F-{scheme}", scheme=scheme, amount_fen=10_000_000, decided_fen=10_000_000
        )
        allocations.allocate(work, wish, b"minutes", "minutes.pdf")


def _pay(place, kind, month="2026-11"):
    from plugins.double_support import acts
    from plugins.double_support.wishes import Pay

    with place.county.begin("proposer") as work:
        return dict(acts.pay(work, kind, Pay(month=month)).data)


def _settle(place, batch):
    for step, role in (("submit", "proposer"), ("review", "reviewer"), ("approve", "approver")):
        with place.county.begin(role) as work:
            getattr(batches, step)(work, batch)
    with place.county.begin("disburser") as work:
        batches.release(work, batch, batches.find_batch(work, batch).total_fen)
    with place.county.begin("disburser") as work:
        data = bank_files.export(work, batch).data
    with place.county.begin("disburser") as work:
        results.take_result(work, batch, answer_of(data), "result.csv")


def test_visits_and_units_are_paid_through_funds_and_a_returned_visit_is_not(service, place):
    _funded(place, "double_support")
    place.act("plans", "account", service, account_name="县双拥办", account_number="6222020000000026")
    with pytest.raises(Refused) as refusal:
        _pay(place, "visits")
    assert codes(refusal) == {"E_DBL_PAYEE"}
    with place.county.host.database.transaction(write=True) as connection:
        connection.execute(text("UPDATE double_support_visit SET channel = 'signed', signature = '签名表 1'"))
    made = _pay(place, "visits")
    assert (made["lines"], made["total_fen"]) == (2, 60_000)
    place.act("visits", "return", 2, reason="已经迁出")
    with pytest.raises(Refused) as refusal, place.county.begin("proposer") as work:
        batches.submit(work, made["batch"])
    assert codes(refusal) == {"E_DBL_STALE"}
    made = _pay(place, "visits")
    assert (made["lines"], made["total_fen"]) == (1, 30_000)
    _settle(place, made["batch"])
    assert place.show("visits", 1)["paid"] is True
    with pytest.raises(Refused):
        _pay(place, "visits")
    _funded(place, "double_support_units")
    made = _pay(place, "units")
    assert (made["lines"], made["total_fen"]) == (1, 1_000_000)
    _settle(place, made["batch"])
    with pytest.raises(Refused) as refusal:
        place.act("support", "withdraw", 1, reason="太晚")
    assert codes(refusal) == {"E_DBL_STATE"}


def test_subsidies_are_paid_by_month_and_what_goes_beyond_a_job_is_claimed_back(service, place):
    _funded(place, "double_support_spouses")
    with pytest.raises(Refused) as refusal:
        _pay(place, "spouses")
    assert codes(refusal) == {"E_DBL_PAYEE"}
    spouse = place.show("spouses", 1)
    with place.county.begin() as work:
        set_account(work, spouse["person_id"], NewBankAccount(number="6222020000000034"))
    made = _pay(place, "spouses")
    assert (made["lines"], made["total_fen"]) == (2, 120_000)
    _settle(place, made["batch"])
    with pytest.raises(Refused) as refusal:
        _pay(place, "spouses")
    assert codes(refusal) == {"E_DBL_STATE"}
    place.act("spouses", "place", 1, employer="县医院", since=date(2026, 10, 8))
    with place.county.look() as work:
        owed = recoveries_of(work, "double_support_spouses", [1])
        assert [one.months for one in owed] == [{"2026-11": 60_000}]
    assert place.show("spouses", 1)["months"] == 1


def test_the_database_holds_the_rules_too(service, place):
    refused = {
        "UPDATE double_support_plan SET decided_fen = 1": "decided money|E_MINUTES_EXCEEDED",
        "UPDATE double_support_visit SET amount_fen = 1": "E_DBL_KEPT",
        "UPDATE double_support_visit SET state = 'visited', leader = 'a', companion = 'a',"
        " visited_on = '2026-11-20'": "two",
        "DELETE FROM double_support_project": "E_DBL_KEPT",
        "UPDATE double_support_score_item SET self_tenths = 990 WHERE leaf": "maximum",
        "UPDATE double_support_score_item SET max_tenths = 990": "E_DBL_KEPT",
        "UPDATE double_support_score_sheet SET state = 'submitted'": "E_DBL_EVIDENCE",
        "UPDATE double_support_progress SET percent = 1": "append-only",
        "UPDATE double_support_defence_class SET half_hours = 81": "forty",
        "UPDATE double_support_project SET state = 'cancelled', reason = ''": "reason",
        "UPDATE double_support_spouse SET other_payer = 'x' WHERE state = 'subsidised'": "payer",
    }
    for statement, words in refused.items():
        with (
            pytest.raises(DBAPIError) as error,
            place.county.host.database.transaction(write=True) as connection,
        ):
            connection.execute(text(statement))
        assert any(word in str(error.value) for word in words.split("|")), (statement, str(error.value))


def test_another_town_sees_no_household_of_ours(service, place):
    with place.county.look("township_officer", OTHER_TOWN) as work:
        assert ROOMS["visits"].listed(work, Filter()) == []
        with pytest.raises(NotFound):
            ROOMS["plaques"].shown(work, "1")


def test_names_are_for_officers_and_no_indicator_names_a_unit(service, place):
    assert place.show("visits", 1, role="clerk")["person"]
    assert "person" not in place.show("visits", 1, role="auditor")
    with place.county.look("auditor") as work:
        sheet_ = paper_of(work, "year", "2026")
        assert "协作单位甲" not in str(sheet_)


def test_the_ballot_of_the_panel_is_asked_where_democratic_review_is_on(county, place):
    enabled(county, "casework")
    enabled(county, "democratic_review")
    number = place.plan(hardship=True)
    place.listed(number)
    with pytest.raises(Refused) as refusal:
        place.act("plans", "close-list", number, ballot="没有这次票决")
    assert codes(refusal) == {"E_NO_BALLOT"}


def test_volunteers_are_counted_where_they_are_on(county, place):
    def rows():
        with place.county.look() as work:
            return {name for name, _value, _unit in indicator_rows(work, 2026)}

    assert "拥军志愿服务" not in rows()
    enabled(county, "volunteers")
    assert "拥军志愿服务" in rows()


def test_the_desk_has_a_tile_and_tasks_and_people_their_panel_with_a_lane(service, place):
    person = place.show("visits", 1)["person_id"]
    with place.county.look("clerk") as work:
        assert next(iter(tiles(work))).figure == "0 / 20"
        titles = {one.title for one in tasks(work)}
        assert {"答复走访需求", "自评差距要整改", "子女入学申请待解决"} <= titles
        panel = next(iter(panels(work, (person,))))
        assert panel.rows[0] == ("春节慰问", "已走访") and panel.lanes[0].points
    with place.county.look("auditor") as work:
        assert list(panels(work, (person,))) == []


def test_a_death_gives_the_visit_back_and_taking_it_back_lists_it_again(service, place):
    person = place.show("visits", 2)["person_id"]

    def told(revoked):
        with place.county.begin() as work:
            work.hooks.announce(
                "person_died", work=work,
                deaths=People(ids=numpy.asarray([person]), areas=numpy.asarray([VILLAGE]),
                              on=numpy.asarray(["2026-11-19"]), household_ids=numpy.asarray([-1]), revoked=revoked),
            )  # fmt: skip
            work.record("test.death", f"person:{person}", area=VILLAGE)

    told(False)
    assert place.show("visits", 2)["state"] == "returned"
    told(True)
    assert place.show("visits", 2)["state"] == "listed"


def test_proofs_are_kept_by_page_command_and_api_without_secrets_in_their_names(service, client, run, place, tmp_path):
    file = tmp_path / "验收单.pdf"
    file.write_bytes(b"%PDF-1.4 proof")
    assert run("double-support", "attach", "projects", "1", str(file), "--json").exit_code == 0
    made = run("double-support", "attach", "projects", "1", str(file), "--title", "32541部队", "--json")
    assert made.exit_code == 3 and "E_UNIT_SECRET" in made.talk
    body = {"file_name": "照片.pdf", "content": "JVBERi0xLjQgeA==", "title": "台账照片"}
    account = place.county.account("clerk")
    assert client.api("POST", "/double-support/files/items/3", as_=account, json=body).status_code == 201
    assert place.show("items", 3)["evidence"] == "台账照片"
    client.sign_in("clerk")
    assert "验收单.pdf" in client.get("/double-support/projects/1").text
    assert client.faults_of_markup("/double-support/projects/1/file") == []
    assert client.post("/double-support/projects/1/file", data={"title": "空"}).status_code == 422


def test_switched_off_its_doors_close_the_others_go_on_and_on_again_all_is_there(service, run, client, tmp_path):
    before = run("double-support", "project", "list", "--json").data
    assert run("plugin", "disable", "double_support").exit_code == 0
    assert run("double-support", "project", "list", "--json").exit_code != 0
    client.county.reload()
    client.sign_in("clerk")
    assert client.get("/double-support").status_code == 404
    assert client.get("/households").status_code == 200
    file = tmp_path / "双拥.zip"
    made = run("plugin", "export", "double_support", "-o", str(file), "--reason", "停用前留存")
    assert made.exit_code == 0, made.talk
    with ZipFile(file) as packed:
        assert any("double_support_visit" in name for name in packed.namelist())
    assert run("plugin", "enable", "double_support").exit_code == 0
    assert run("double-support", "project", "list", "--json").data == before
