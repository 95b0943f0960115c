"""The same act by page, command and API; panels and their rules; who sees what; papers, desk and reports."""

import json
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from core.api import Refused

from .conftest import ELSEWHERE, JPEG, OTHER, OTHER_TOWN, TOWN, VILLAGE, members


def codes(refusal) -> set[str]:
    return {one.code for one in refusal.value.objections}


@pytest.fixture
def call(place, client):
    """Ask the API as an account with a role."""

    def ask(method, path, role="clerk", area="", **more):
        return client.api(method, f"/democratic-review{path}", as_=place.county.account(role, area), **more)

    return ask


def test_the_command_answers_the_ballot_of_the_handbook(place, run):
    place.panel()
    case = place.case()
    bad = place.file(place.wish(case, issued=15, returned=15, abstain=1))
    ran = run("democratic-review", "ballot", "record", "--village", VILLAGE, "--items", bad, "--json")
    assert (ran.exit_code, ran.error["code"]) == (3, "E_BALLOT_SUM")
    good = place.file({name: value for name, value in place.wish(case).items() if name != "village"})
    ran = run("democratic-review", "ballot", "record", "--village", VILLAGE, "--items", good, "--json")
    assert ran.exit_code == 0, ran.talk
    wanted = {"valid": True, "quorum": 0.7895, "agree": 8, "disagree": 5, "abstain": 2, "passed": True}
    assert wanted.items() <= ran.data.items()
    assert {"voters": 15, "base": 19}.items() <= ran.data.items()
    shown = run("democratic-review", "ballot", "show", str(ran.data["ballot"]), "--json")
    assert shown.data["items"][0]["agree"] == 8
    plain = run("democratic-review", "ballot", "list")
    assert case in plain.output and "8/15" in plain.output


def test_a_file_with_one_vote_needs_no_list_and_a_misspelt_word_is_said(place, run):
    place.panel()
    case = place.case()
    frame = {"observer": "周敏", "scrutineer": "何永祥", "present": 17, "case": case, "recused": 2}
    wrong = place.file({**frame, "agreed": 8, "agree": 8, "disagree": 5, "abstain": 2})
    ran = run("democratic-review", "ballot", "record", "--village", VILLAGE, "--items", wrong, "--json")
    assert ran.exit_code == 3
    right = place.file({**frame, "agree": 8, "disagree": 5, "abstain": 2})
    ran = run("democratic-review", "ballot", "record", "--village", VILLAGE, "--items", right, "--json")
    assert ran.exit_code == 0, ran.talk
    missing = run("democratic-review", "ballot", "record", "--village", VILLAGE, "--items", "/no/file", "--json")
    assert missing.exit_code == 5


WRONG = {
    "E_BALLOT_QUORUM": {"present": 12, "recused": 0, "agree": 12, "disagree": 0, "abstain": 0},
    "E_BALLOT_SUM": {"abstain": 1},
    "E_BALLOT_OBSERVER": {"observer": ""},
    "E_BALLOT_DAY": {"on": "2026-03-20"},
}


def test_every_refusal_by_page_command_and_api(place, run, client, call):
    place.panel()
    case = place.case()
    client.sign_in("clerk")
    for code, wrong in WRONG.items():
        wish = place.wish(case, **wrong)
        ran = run("democratic-review", "ballot", "record", "--items", place.file(wish), "--json")
        assert (ran.exit_code, code in {one["code"] for one in ran.error["objections"]}) == (3, True), ran.talk
        answer = call("POST", "/ballots", json=wish)
        assert (answer.status_code, code in answer.text) == (422, True), answer.text
        answer = client.post("/democratic-review/record", data=form(wish))
        assert answer.status_code == 422 and "有误" in answer.text, code
        assert 'value="8"' in answer.text or 'value="12"' in answer.text
    with place.county.look() as work:
        assert work.session.scalar(text("SELECT count(*) FROM democratic_review_session")) == 0


def form(wish, **more) -> dict:
    """A wish as the page sends it: members present by number, who left by relation."""
    item = dict(wish["items"][0])
    count, left = wish["present"], item.pop("recused")
    sent = {name: str(value) for name, value in wish.items() if name in ("village", "on", "observer", "scrutineer")}
    sent |= {name: str(value) for name, value in item.items() if name not in ("case", "kind")}
    sent["subject"] = f"case:{item['case']}" if "case" in item else item["kind"]
    sent["present"] = [str(at) for at in range(1, count + 1)]
    sent |= {f"recused_{at}": "sibling" for at in range(1, left + 1)}
    return {**sent, **more}


def test_a_village_cadre_counts_on_the_phone(place, client):
    place.panel()
    case = place.case()
    client.sign_in("township_officer", VILLAGE)
    asked = client.get("/democratic-review/record")
    assert case in asked.text and "成员21" in asked.text
    assert client.faults_of_markup(f"/democratic-review/record?village={VILLAGE}&case={case}") == []
    done = client.post("/democratic-review/record", data=form(place.wish(case), announced="true"))
    assert done.status_code == 303, done.text
    page = client.get(done.headers["location"])
    assert "8 / 15" in page.text and "78.9%" in page.text and "成员17" in page.text
    place.step(case, "ballot_pass")


def test_the_card_on_the_page_of_a_case_names_no_member(place):
    from plugins.casework.api import find_case
    from plugins.democratic_review.showing import case_sections

    place.panel()
    case = place.case()
    left = [{"member": "成员01", "relation": "sibling"}, {"member": "成员02", "relation": "in_law"}]
    place.vote(case, recused=left, agree=7, disagree=6)
    place.vote(case, recused=left, ground="new_facts", reason="补交证明")
    with place.county.look("clerk") as work:
        panels = case_sections(work, find_case(work, case))
    with place.county.look("disburser") as work:
        assert case_sections(work, SimpleNamespace(number=case, area=VILLAGE)) == []
    assert [one.data["card"]["passed"] for one in panels] == [True, False]
    card = panels[0].data["card"]
    assert (card["agree"], card["cast"], card["share"]) == (8, 15, "53.3%")
    assert card["label"] == "同意 8 票，不同意 5 票，弃权 2 票，通过线：超过 1/2（8 票）"
    assert [one.width for one in card["parts"]] == ["53.33%", "33.33%", "13.33%"]
    assert "成员0" not in str(panels) and "兄弟姐妹" in str(card["rows"])


def test_the_pages_work_on_a_phone_and_on_paper(place, client):
    place.panel()
    done = place.vote(place.case())
    place.case()
    client.sign_in("clerk")
    ballot, item = done["ballot"], done["items"][0]["id"]
    base = "/democratic-review"
    paths = [
        base, f"{base}/record", f"{base}/ballots/{ballot}", f"{base}/ballots/{ballot}/evidence",
        f"{base}/ballots/{ballot}/post", f"{base}/items/{item}/replace", f"{base}/panels", f"{base}/panels/new",
        f"{base}/panels/{VILLAGE}", f"{base}/panels/{VILLAGE}/replace", f"{base}/panels/{VILLAGE}/relative",
        f"{base}/violations", f"{base}/violations/new", f"{base}/violations/scores",
    ]  # fmt: skip
    assert [fault for path in paths for fault in client.faults_of_markup(path)] == []
    for kind in ("record", "count", "result"):
        sheet = client.get(f"{base}/ballots/{ballot}/papers/{kind}")
        assert sheet.status_code == 200 and "评审团票决结果" in sheet.text or "票决" in sheet.text
        assert client.get(f"{base}/ballots/{ballot}/papers/{kind}/pdf").content[:5] == b"%PDF-"
    assert client.get(f"{base}/ballots/{ballot}/papers/none").status_code == 404


def test_a_panel_is_set_by_page_with_one_line_for_each_member(place, client):
    client.sign_in("clerk")
    lines = [f"{one['name']}、{'女' if one['sex'] == 'female' else '男'}、{word(one)}" for one in members()]
    given = {"village": VILLAGE, "term_from": "2026-01-01", "document": "记录 3", "members": "\n".join(lines[:14])}
    short = client.post("/democratic-review/panels/new", data=given)
    assert short.status_code == 422 and "15 至 25 人" in short.text and "成员14" in short.text
    done = client.post("/democratic-review/panels/new", data={**given, "members": "\n".join(lines)})
    assert done.status_code == 303, done.text
    assert "成员21" in client.get(f"/democratic-review/panels/{VILLAGE}").text
    change = {
        "member": "成员21",
        "why": "外出务工",
        "name": "罗小兰",
        "sex": "female",
        "kind": "women",
        "on": "2026-03-02",
    }
    assert client.post(f"/democratic-review/panels/{VILLAGE}/replace", data=change).status_code == 303
    page = client.get(f"/democratic-review/panels/{VILLAGE}").text
    assert "罗小兰" in page and "成员21" not in page


def word(one: dict) -> str:
    return "村干部" if one["kind"] == "cadre" else "村民代表"


def test_the_composition_of_a_panel_is_a_rule(place):
    wrong = {
        "E_PANEL_SIZE": members(14, 4, 5),
        "E_PANEL_CADRES": members(21, 8, 7),
        "E_PANEL_WOMEN": members(21, 5, 5),
        "E_PANEL_TWICE": [*members(20), members(1)[0]],
        "E_PANEL_SEX": [{"name": one["name"], "kind": one["kind"]} for one in members()],
    }
    for code, given in wrong.items():
        with pytest.raises(Refused) as refusal:
            place.panel(given=given)
        assert codes(refusal) == {code}
    place.panel(given=members(21, 7, 6))


def test_a_new_panel_follows_the_old_one_and_old_votes_keep_theirs(place, run):
    place.panel(term_to="2026-12-31")
    done = place.vote(place.case())
    place.at("2026-03-10")
    ran = run(
        "democratic-review", "panel", "set", "--village", VILLAGE, "--file", place.file(members(19, 4, 6)), "--json"
    )
    assert (ran.exit_code, ran.data["members"], ran.data["term_to"]) == (0, 19, "2031-03-09"), ran.talk
    assert [one["code"] for one in ran.data["warnings"]] == ["W_PANEL_DOCUMENT"]
    listed = run("democratic-review", "panel", "list", "--json").data
    assert [(one["village"], one["size"]) for one in listed] == [(VILLAGE, 19)]
    with place.county.look() as work:
        from plugins.democratic_review.queries import show_ballot

        assert show_ballot(work, done["ballot"])["seats"] == 21
    early = {"village": VILLAGE, "members": members(), "term_from": "2025-01-01"}
    ran = run("democratic-review", "panel", "set", "--file", place.file(early), "--json")
    assert ran.error["code"] == "E_BACKDATE"


def test_panels_come_in_from_a_spreadsheet(place, run, tmp_path):
    head = "村代码,姓名,性别,身份类别,任期开始,推选依据"
    rows = [
        f"{village},{one['name']},{'女' if one['sex'] == 'female' else '男'},{word(one)},2026-01-01,记录 1"
        for village in (VILLAGE, OTHER)
        for one in members()
    ]
    file = tmp_path / "panels.csv"
    file.write_text("\n".join([head, *rows[:-8]]), encoding="utf-8-sig")
    ran = run("democratic-review", "panel", "set", "--file", str(file), "--json")
    assert ran.exit_code == 3, ran.talk
    assert "E_PANEL_SIZE" in {one["code"] for one in ran.data["errors"]}
    file.write_text("\n".join([head, *rows]), encoding="utf-8-sig")
    ran = run("democratic-review", "panel", "set", "--file", str(file), "--json")
    assert (ran.exit_code, ran.data["imported"]) == (0, 42), ran.talk
    assert len(run("democratic-review", "panel", "list", "--json").data) == 2


def test_photo_signed_record_and_posting_close_the_tasks_of_the_desk(place, client, run, tmp_path):
    place.panel()
    case = place.case()

    def tasks() -> list[str]:
        from plugins.democratic_review.desk import tasks as asked

        with place.county.look("clerk") as work:
            return [one.title for one in asked(work)]

    assert tasks() == ["组织评审团票决"]
    ballot = place.vote(case)["ballot"]
    assert tasks() == ["张贴票决结果"]
    client.sign_in("clerk")
    file = {"file": ("photo.jpg", JPEG, "image/jpeg")}
    sent = client.post(f"/democratic-review/ballots/{ballot}/evidence", data={"kind": "photo"}, files=file)
    assert sent.status_code == 303, sent.text
    signed = tmp_path / "signed.jpg"
    signed.write_bytes(JPEG)
    ran = run("democratic-review", "ballot", "photo", str(ballot), str(signed), "--kind", "signed", "--json")
    assert ran.exit_code == 0, ran.talk
    early = client.post(f"/democratic-review/ballots/{ballot}/post", data={"posted_on": "2026-03-01"})
    assert early.status_code == 422
    ran = run("democratic-review", "ballot", "post", str(ballot), "--posted-on", "2026-03-02", "--json")
    assert ran.exit_code == 0, ran.talk
    assert tasks() == []
    page = client.get(f"/democratic-review/ballots/{ballot}").text
    assert "2026-03-02" in page and "签字的票决记录" in page


def test_the_api_does_what_the_pages_do(place, call):
    given = {"village": VILLAGE, "members": members(), "term_from": "2026-01-01", "document": "记录 1"}
    assert call("POST", "/panels", json=given).status_code == 201
    case = place.case()
    waiting = call("GET", "/waiting").json()["items"]
    assert [one["case"] for one in waiting] == [case]
    made = call("POST", "/ballots", json=place.wish(case))
    assert made.status_code == 201 and made.json()["passed"] is True, made.text
    ballot, item = made.json()["ballot"], made.json()["items"][0]["id"]
    assert call("GET", f"/ballots/{ballot}").json()["items"][0]["agree"] == 8
    fixed = call("POST", f"/items/{item}/replace", json={"agree": 7, "disagree": 6, "abstain": 2, "why": "记错"})
    assert fixed.json()["passed"] is False
    listed = call("GET", "/ballots?limit=1").json()
    assert (len(listed["items"]), listed["next"] is not None) == (1, True)
    assert call("POST", f"/ballots/{ballot}/post", json={}).status_code == 201
    scores = {"quarter": "2026-Q1", "scores": {VILLAGE: "95.5"}}
    assert call("POST", "/scores", json=scores).json() == {"villages": 1}
    assert call("GET", "/rank?quarter=2026-Q1").json()["items"][0]["score"] == "95.50"
    assert call("GET", "/rank?quarter=soon").status_code == 422
    assert call("GET", "/report").json()["items"][0]["figure"] == "100.0%"


def test_another_town_sees_nothing_and_may_do_nothing(place, client, call):
    place.panel()
    case = place.case()
    ballot = place.vote(case)["ballot"]
    for path in (f"/ballots/{ballot}", f"/panels/{VILLAGE}"):
        assert call("GET", path, "township_officer", OTHER_TOWN).status_code == 404
    assert call("GET", "/ballots", "township_officer", OTHER_TOWN).json()["items"] == []
    assert call("GET", "/waiting", "township_officer", OTHER_TOWN).json()["items"] == []
    wish = place.wish(place.case())
    assert call("POST", "/ballots", "township_officer", OTHER_TOWN, json=wish).status_code == 403
    assert call("POST", "/ballots", "auditor", json=wish).status_code == 403
    assert call("GET", f"/ballots/{ballot}", "township_officer", TOWN).status_code == 200
    odd = {"village": ELSEWHERE, "members": members()}
    assert call("POST", "/panels", "township_officer", TOWN, json=odd).status_code == 403


def test_nothing_that_is_kept_says_who_voted_how(place, run):
    place.panel()
    present = [f"成员{at:02d}" for at in range(1, 18)]
    left = [{"member": "成员01", "relation": "sibling"}, {"member": "成员02", "relation": "sibling"}]
    place.vote(place.case(), present=present, recused=left)
    tables = {
        "session": {"panel_id", "observer", "scrutineer"},
        "attendance": {"session_id", "member_id"},
        "recusal": {"item_id", "member_id", "relation"},
    }
    with place.county.look() as work:
        for table, wanted in tables.items():
            row = work.session.execute(text(f"SELECT * FROM democratic_review_{table}")).mappings().first()  # noqa: S608
            assert wanted <= set(row)
            assert not {"agree", "disagree", "abstain", "choice", "vote"} & set(row)
        item = work.session.execute(text("SELECT * FROM democratic_review_item")).mappings().one()
        assert not {"member_id", "person_id"} & set(item)
    told = json.dumps(run("audit", "list", "--json", "--limit", "200").data, ensure_ascii=False)
    assert "democratic_review.ballot_recorded" in told
    assert not any(name in told for name in present)


def test_the_reports_of_the_county(place, run):
    place.panel()
    place.vote(place.case())
    place.vote(place.case(), agree=7, disagree=6)
    place.case()
    found = {one["indicator"]: one for one in run("democratic-review", "report", "--json").data}
    assert (found["应票决已票决"]["figure"], found["应票决已票决"]["base"]) == ("66.7%", "2 / 3 件")
    assert found["票决通过率"]["figure"] == "50.0%"
    assert found["建立评审团的村"]["base"].startswith("1 / ")
    for name in ("ballots", "indicators", "towns", "panels", "violations", "ranking"):
        ran = run("report", "run", f"democratic-review-{name}", "--json")
        assert ran.exit_code == 0, ran.talk


def test_every_page_speaks_english_to_who_asks_for_it(place, client):
    place.panel()
    ballot = place.vote(place.case())["ballot"]
    client.sign_in("clerk", language="en")
    assert "Panel ballots" in client.get("/democratic-review").text
    assert "78.9%" in client.get(f"/democratic-review/ballots/{ballot}").text
