"""Pages, API, commands, imports, reports, papers, panels, money through the core's funds; rights and areas."""

from datetime import date

import pytest

from core.api import NotFound, Refused
from core.funds import allocations, bank_files, batches, results, sources
from core.identity.numbers import check_character
from core.testing import OTHER_TOWN
from plugins.social_workers.acts import ROOMS
from plugins.social_workers.desk import panels
from plugins.social_workers.papers import paper_of
from plugins.social_workers.services.importing import IMPORTS
from tests.core.funds.conftest import answer_of

from .conftest import VILLAGE, codes


def number_of(first: str) -> str:
    return first + check_character(first)


@pytest.fixture
def service(place):
    """One of everything."""
    case = place.case(project=place.project())
    place.through(case)
    one, _two = place.accounts()
    project, members = "1", place.people(6)
    place.act("workers", "educate", one, course="伦理", hours="6", proof="证书")
    place.act("workers", "employ", one, agency=str(place.known["agency"]), since=date(2025, 1, 1))
    group = place.add("groups", theme="成长小组", kind="growth", worker=one, project=project, area=VILLAGE,
                      sessions_planned=4, planned_on=date(2026, 4, 1))["number"]  # fmt: skip
    place.act("groups", "recruit", group, members=members)
    place.act("groups", "session", group, minutes=60, attended=members)
    place.add("events", title="义诊", worker=one, project=project, area=VILLAGE, place="广场", participants=50)
    place.add("stations", name="桃水镇社工站", area=VILLAGE[:9])
    place.add("posts", unit="县医院", title="医务社工", area=VILLAGE[:6], planned=2)
    place.add("exams", person_id=place.person("考生"), year=2026, level="assistant")
    place.add("dispatches", worker=one, unit="受援社区", area=VILLAGE, since=date(2026, 3, 1))
    place.add("links", community="桃水社区", area=VILLAGE, organisation="志愿者协会", worker=one, plan="每月一次")
    return case


def test_every_page_opens_and_its_markup_is_sound(service, client):
    client.sign_in("clerk")
    pages = ["/social-workers", "/social-workers/density", "/social-workers/exam-years"]
    for name, room in ROOMS.items():
        base = f"/social-workers/{name}"
        pages += [*([base] if name != "workers" else []), f"{base}/1", f"{base}/new"]
        right = {"social_workers.file"}
        pages += [f"{base}/1/{act.name}" for act in room.acts.values() if act.right not in right]
    for path in pages:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
        assert client.faults_of_markup(path) == [], path
    for path in ("registration/1", "transcript/1", "summary/1", "contract/1", "assessment/1", "month/1", "group/1",
                 "event/1", "exam/2026"):  # fmt: skip
        assert client.get(f"/social-workers/papers/{path}").status_code == 200, path
    assert client.get("/social-workers/papers/registration/1/pdf").content[:4] == b"%PDF"
    assert client.get("/social-workers/papers/file/1").status_code == 403
    assert client.get("/social-workers/nothing").status_code == 404
    for name in ("indicators", "projects", "exams", "register"):
        assert client.get(f"/reports/social-workers-{name}").status_code == 200, name
    client.sign_in("proposer")
    assert client.get("/social-workers/pay").status_code == 200


def test_forms_keep_what_was_typed_and_say_the_code_of_the_service(service, client):
    client.sign_in("clerk")
    answer = client.post("/social-workers/workers/1/educate", data={"course": "伦理", "hours": "6", "proof": "重复"})
    assert answer.status_code == 422 and "重复" in answer.text and "已经登记" in answer.text
    answer = client.post("/social-workers/workers/1/educate", data={"course": "督导", "hours": "2.5", "proof": "证书"})
    assert answer.status_code in (200, 303)
    members = {"minutes": "60", "attended": "1，2", "note": ""}
    answer = client.post("/social-workers/groups/1/session", data=members)
    assert answer.status_code == 422 and "不是组员" in answer.text
    sent = {"title": "座谈", "worker": "1", "area": VILLAGE, "place": "村委会", "participants": "20",
            "counted": "sign_in", "volunteers": "0", "cost": "0"}  # fmt: skip
    assert client.post("/social-workers/events/new", data=sent).status_code in (200, 303)
    assert client.post("/social-workers/events/new", data=sent).status_code == 422


def test_the_api_and_the_commands_answer_as_the_pages(service, client, run, place):
    account = place.county.account("clerk")

    def ask(path, method="GET", **more):
        return client.api(method, f"/social-workers{path}", as_=account, **more)

    for name in ROOMS:
        found = ask(f"/{name}").json()
        assert found.get("items"), (name, found)
        assert ask(f"/{name}/1").status_code == 200, name
    case = ask("/cases/1").json()
    assert "goal" not in case and case["open"] is False
    assert ask("/scores/1").json()["project"] == "SWP-2026-000001"
    assert ask("/registrations/1").json()["state"] == "registered"
    assert ask("/density?year=2026").json()["certified"] == 2
    assert ask("/exam-years/2026").json()["signed"] == 1
    for room in ROOMS.values():
        assert run("social-workers", room.word, "list", "--json").exit_code == 0, room.word
        assert run("social-workers", room.word, "show", "1").exit_code == 0, room.word
    made = run(
        "social-workers", "worker", "educate", "1", "--course", "法规", "--hours", "8", "--proof", "证", "--json"
    )
    assert made.exit_code == 0
    sent = {"course": "法规", "hours": "8", "proof": "证"}
    answer = ask("/workers/1/educate", "POST", json=sent)
    assert answer.status_code == 422 and "E_SW_TWICE" in answer.text
    assert ask("/links", "POST", json={}).status_code == 422
    assert ask("/cases/1/form", "POST", json={"kind": "SW05", "content": "x"}).status_code == 403
    refused = run(
        "social-workers", "worker", "educate", "1", "--course", "法规", "--hours", "8", "--proof", "证", "--json"
    )
    assert refused.exit_code == 3 and "E_SW_TWICE" in refused.talk
    assert run("social-workers", "exam", "rate", "--year", "2026", "--json").data["signed"] == 1
    assert run("social-workers", "registration", "show", "SW-430223-000001").exit_code == 0


def test_another_town_sees_nothing(service, place):
    with place.county.look("township_officer", OTHER_TOWN) as work:
        assert ROOMS["workers"].listed(work, __filter()) == []
        with pytest.raises(NotFound):
            ROOMS["workers"].shown(work, "1")
        with pytest.raises(NotFound):
            ROOMS["cases"].shown(work, "1")


def __filter():
    from plugins.social_workers.queries import Filter

    return Filter()


def test_papers_of_a_case_open_to_its_worker_and_hold_no_process_for_the_purchaser(service, place):
    with place.county.look("social_workers_worker", name="gong") as work:
        sheet = paper_of(work, "file", service)
        assert any("SW05 过程记录" in line for line in sheet.paragraphs)
    with place.county.look("clerk") as work:
        summary = paper_of(work, "summary", service)
        assert "服务对象" not in str(summary.fields) and not summary.paragraphs
        report = paper_of(work, "month", "1", "2026-11")
        assert ("社区活动", 1, 1) in report.rows


def test_panels_show_workers_to_staff_and_cases_to_their_worker(service, place):
    person = place.show("workers", "1")["person_id"]
    with place.county.look("clerk") as work:
        panel = next(iter(panels(work, (person,))))
        assert panel.rows[0][0] == "SW-430223-000001" and panel.lanes[0].spans
    client = place.show("cases", service, role="social_workers_worker", by="gong")["client_id"]
    with place.county.look("clerk") as work:
        assert list(panels(work, (client,))) == []
    with place.county.look("social_workers_worker", name="gong") as work:
        assert [panel.title for panel in panels(work, (client,))] == ["社工个案"]


def test_three_spreadsheets_are_held_to_the_same_rules(place):
    number = number_of("99922319900101001")
    place.person("赵六", number=number)
    by_name = {one.name.rpartition("-")[2]: one for one in IMPORTS}
    rows = {column.name: [""] for column in by_name["workers"].columns} | {
        "citizen_id": [number], "level": ["社会工作师"], "certificate_no": ["B-1"], "passed_year": [2023],
        "issued_on": [date(2023, 9, 1)], "registered_on": [date(2024, 1, 1)], "since": [None],
        "field": ["学校社会工作"],
    }  # fmt: skip
    with place.county.begin() as work:
        assert list(by_name["workers"].check(work, rows)) == []
        assert by_name["workers"].write(work, rows).imported == 1
        found = {one.code for one in by_name["workers"].check(work, rows)}
    assert found == {"E_SW_TWICE", "E_SW_CERT_DUP"}
    shown = place.show("workers", number)
    assert (shown["level"], shown["field"], shown["state"]) == ("intermediate", "school", "due")
    courses = {"worker": [shown["number"]] * 2, "course": ["伦理"] * 2, "hours": ["6", "6"],
               "held_on": [date(2026, 5, 8)] * 2, "provider": [""] * 2, "proof": ["证"] * 2}  # fmt: skip
    with place.county.begin() as work:
        assert [(one.row, one.code) for one in by_name["education"].check(work, courses)] == [(1, "E_SW_TWICE")]
        assert by_name["education"].write(work, {name: column[:1] for name, column in courses.items()}).imported == 1
    exams = {"citizen_id": [number], "year": [2026], "level": ["高级社会工作师"], "subjects": [""], "trained": ["是"]}
    with place.county.begin() as work:
        assert list(by_name["exams"].check(work, exams)) == []
        assert by_name["exams"].write(work, exams).imported == 1
    assert place.show("exams", "1")["subjects"] == ["senior_practice", "evaluation"]


def test_instalments_go_from_the_contract_to_the_bank(place):
    number = place.project(source="LOTTERY")
    place.act("agencies", "account", place.known["agency"], manager_id=place.person("负责人"),
              account_number="6222020000000001")  # fmt: skip
    place.act("projects", "invoice", number, stage="contract", invoice_no="FP-1", minutes="纪要 1")
    with place.county.begin("accountant") as work:
        sources.add_fund(
            work,
            sources.NewFund(code="F1", name="福彩", source="LOTTERY", scheme="social_workers_lottery", year=2026,
                            amount_fen=10_000_000, document="湘福彩〔2026〕1号", received=True),
        )  # fmt: skip
    with place.county.begin("proposer") as work:
        wish = allocations.NewAllocation(
            fund="F1", scheme="social_workers_lottery", amount_fen=10_000_000, decided_fen=10_000_000
        )
        allocations.allocate(work, wish, b"minutes", "minutes.pdf")
    from plugins.social_workers import acts
    from plugins.social_workers.project_wishes import Pay

    with place.county.begin("proposer") as work:
        batch = acts.pay(work, Pay(month="2026-11")).data["batches"][0]["batch"]
    place.act("projects", "uninvoice", number, stage="contract", reason="发票号错")
    with pytest.raises(Refused) as refusal, place.county.begin("proposer") as work:
        batches.submit(work, batch)
    assert codes(refusal) == {"E_SW_STALE"}
    place.act("projects", "invoice", number, stage="contract", invoice_no="FP-2", minutes="纪要 1")
    with place.county.begin("proposer") as work:
        assert acts.pay(work, Pay(month="2026-11")).data["batches"][0]["batch"] == batch
    for step, role in (("submit", "proposer"), ("review", "reviewer"), ("approve", "approver")):
        with place.county.begin(role) as work:
            getattr(batches, step)(work, batch)
    with place.county.begin("disburser") as work:
        batches.release(work, batch, batches.find_batch(work, batch).total_fen)
    refused = pytest.raises(Refused)
    with refused as refusal:
        place.act("projects", "uninvoice", number, stage="contract", reason="太晚")
    assert codes(refusal) == {"E_SW_STATE"}
    with place.county.begin("disburser") as work:
        data = bank_files.export(work, batch).data
    with place.county.begin("disburser") as work:
        results.take_result(work, batch, answer_of(data), "result.csv")
    paid = place.show("projects", number)["instalments"][0]
    assert (paid["state"], paid["entered_fen"]) == ("settled", 5_000_000)


def test_proofs_are_kept_by_page_command_and_api_and_never_with_a_case(service, client, run, place, tmp_path):
    file = tmp_path / "签到表.pdf"
    file.write_bytes(b"%PDF-1.4 sign-in sheet")
    made = run("social-workers", "attach", "events", "1", str(file), "--json")
    assert made.exit_code == 0, made.talk
    body = {"file_name": "照片.pdf", "content": "JVBERi0xLjQgeA==", "title": "现场照片"}
    account = place.county.account("clerk")
    assert client.api("POST", "/social-workers/files/events/1", as_=account, json=body).status_code == 201
    assert client.api("POST", "/social-workers/files/cases/1", as_=account, json=body).status_code == 404
    client.sign_in("clerk")
    page = client.get("/social-workers/events/1").text
    assert "签到表.pdf" in page and "现场照片" in page
    assert client.faults_of_markup("/social-workers/events/1/file") == []
    answer = client.post("/social-workers/events/1/file", data={"title": "空"})
    assert answer.status_code == 422 and "请先选一个文件" in answer.text
    sent = {"file": ("报告.pdf", b"%PDF-1.4 report", "application/pdf")}
    answer = client.post("/social-workers/projects/1/file", data={"title": "评估报告"}, files=sent)
    assert answer.status_code in (200, 303) and "评估报告" in client.get("/social-workers/projects/1").text


def test_switched_off_its_doors_close_and_on_again_all_is_there(service, place, run, client):
    assert run("plugin", "disable", "social_workers").exit_code == 0
    assert run("social-workers", "worker", "list", "--json").exit_code != 0
    client.county.reload()
    client.sign_in("clerk")
    assert client.get("/social-workers").status_code == 404
    assert client.get("/households").status_code == 200
    assert run("plugin", "enable", "social_workers").exit_code == 0
    assert run("social-workers", "case", "list", "--json").data[0]["number"] == service
