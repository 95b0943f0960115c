"""Notices by page, command and API: the same refusals through every door, scope, desk, household page, report."""

import base64
import json
from datetime import date, datetime

import pytest

from core.testing import OTHER_TOWN, TOWN, VILLAGE

AREA_LEVELS = ("village", "township", "county")


@pytest.fixture
def roster(tmp_path, person):
    """Write a list as CSV; answers its path."""

    def write(*lines, header="人员,村（社区）,村民小组,保障人数,拟月补助（元）"):
        file = tmp_path / "list.csv"
        file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8-sig")
        return file

    return write


@pytest.fixture
def on_march(clock):
    """Stand on a day of March 2026."""
    return lambda day: clock.set(datetime.fromisoformat(f"2026-03-{day:02d}T09:00:00+08:00"))


def test_a_notice_runs_its_course_by_command(run, county, roster, person, photo, tmp_path, on_march):
    on_march(2)
    picture = tmp_path / "board.jpg"
    picture.write_bytes(photo)
    file = roster(f"{person()},{VILLAGE},3组,2,1162.50", f"{person('欧阳小明')},{VILLAGE},,1,468.00")
    made = run("notices", "open", "notices.proposed", file, "--area", VILLAGE, "--scheme", "最低生活保障", "--json")
    assert made.exit_code == 0, made.talk
    assert made.data == {"id": 1, "number": "GS-2026-0001", "state": "opened", "rows": 2}
    for level in AREA_LEVELS:
        words = (
            "publish",
            "GS-2026-0001",
            "--level",
            level,
            "--place",
            "公开栏",
            "--on",
            "2026-03-02",
            "--photo",
            picture,
        )
        posted = run("notices", *words, "--json")
        assert posted.data["ends_on"] == "2026-03-09", posted.talk
    shown = run("notices", "show", "1", "--json").data
    assert shown["state"] == "posted"
    assert [row[0] for row in shown["rows"]] == ["王*国", "欧阳*明"]
    on_march(10)
    early = run("notices", "take-down", "1", "--on", "2026-03-09", "--json")
    assert (early.exit_code, early.error["code"]) == (3, "E_NOTICE_SHORT")
    assert run("notices", "take-down", "1", "--on", "2026-03-10").exit_code == 0
    assert [one["state"] for one in run("notices", "list", "--json").data] == ["finished"]
    assert run("audit", "verify").exit_code == 0


def test_a_refused_list_names_its_lines_and_writes_nothing(run, county, roster, person):
    minor = person("李小满", date(2015, 1, 1))
    file = roster(f"{person()},{VILLAGE},3,2,100", f"{minor},{VILLAGE},3,2,100")
    ran = run("notices", "open", "notices.proposed", file, "--area", VILLAGE, "--json")
    assert (ran.exit_code, ran.error["code"]) == (3, "E_MINOR_PUBLIC")
    assert ran.error["objections"][0]["field"] == "rows.2"
    assert "李小满" not in ran.talk
    assert run("notices", "list", "--json").data == []
    wrong = roster("1,x", header="人员,住址")
    assert run("notices", "open", "notices.proposed", wrong, "--area", VILLAGE, "--json").error["code"] == "E_HEADER"
    odd = roster(f"{person()},{VILLAGE},3,two,1.005")
    refusal = run("notices", "open", "notices.proposed", odd, "--area", VILLAGE, "--json").error
    assert [one["code"] for one in refusal["objections"]] == ["E_FIELD", "E_FIELD"]


def test_a_dry_run_opens_nothing(run, county, roster, person):
    file = roster(f"{person()},{VILLAGE},3,2,100")
    assert run("notices", "open", "notices.proposed", file, "--area", VILLAGE, "--dry-run").exit_code == 0
    assert run("notices", "list", "--json").data == []


def test_objections_and_withdrawal_by_command(run, county, opened, tmp_path, photo):
    notice = opened()
    picture = tmp_path / "a.jpg"
    picture.write_bytes(photo)
    run("notices", "publish", notice, "--level", "village", "--place", "栏", "--on", "2026-11-20")
    assert run("notices", "prove", notice, "village", picture).exit_code == 0
    words = ("--way", "oral", "--text", "家里有车", "--on", "2026-11-20", "--json")
    taken = run("notices", "object", notice, *words)
    assert taken.data == {"id": 1, "due_on": "2026-12-04"}
    decided = run("notices", "decide", "1", "rejected", "--reason", "不属实", "--on", "2026-11-20", "--json")
    assert decided.data["outcome"] == "rejected", decided.talk
    again = run("notices", "decide", "1", "upheld", "--reason", "x", "--on", "2026-11-20", "--json")
    assert again.error["code"] == "E_NOTICE_STATE"
    wrong = run("notices", "remove", notice, "village", "--on", "2026-11-19", "--reason", "x", "--json")
    assert wrong.error["code"] == "E_BACKDATE"
    early = run("notices", "remove", notice, "village", "--on", "2026-11-20", "--reason", "大风", "--json")
    assert early.data["early"] is True
    assert run("notices", "withdraw", notice, "--reason", " ", "--json").error["code"] == "E_REASON"
    assert run("notices", "withdraw", notice, "--reason", "名单有误", "--json").data["state"] == "withdrawn"


def test_a_sheet_is_checked_and_printed_by_command(run, county, opened, tmp_path):
    notice = opened()
    with county.look() as work:
        from plugins.notices.queries import own_notice
        from plugins.notices.sheets import sheet_of

        sheet = sheet_of(work, own_notice(work, notice))
    good = run("notices", "check", sheet.number, sheet.check_code, "--json")
    assert (good.exit_code, good.data["answer"]) == (0, "genuine")
    bad = run("notices", "check", sheet.number, "2222-2222-22222", "--json")
    assert (bad.exit_code, bad.data["answer"]) == (1, "unknown")
    out = tmp_path / "sheet.pdf"
    assert run("notices", "print", notice, "-o", out).exit_code == 0
    assert out.read_bytes().startswith(b"%PDF-")
    assert {one["name"] for one in run("notices", "types", "--json").data} >= {"notices.proposed"}


def test_who_has_no_right_is_refused_and_another_town_finds_nothing(run, county, opened, client):
    notice = opened()
    admin, other = county.account("system_admin"), county.account("clerk", OTHER_TOWN)
    assert run("notices", "list", as_=admin).exit_code == 4
    assert run("notices", "list", "--json", as_=other).data == []
    foreign, missing = (run("notices", "show", number, as_=other) for number in (notice, 999))
    assert (foreign.exit_code, missing.exit_code) == (5, 5)
    assert foreign.talk == missing.talk
    assert run("notices", "show", notice, "--json", as_=county.account("clerk", TOWN)).exit_code == 0
    client.sign_in("clerk", OTHER_TOWN)
    assert client.get(f"/notices/{notice}").status_code == 404
    assert client.get(f"/notices/{notice}/sheet").status_code == 404
    client.sign_in("system_admin")
    assert client.get("/notices").status_code == 403


# -- pages -----------------------------------------------------------------------------------------------------------


def test_the_pages_lead_from_an_empty_list_to_a_posted_notice(client, county, person, roster, photo):
    client.sign_in("township_officer", TOWN)
    assert "还没有公示" in client.get("/notices").text
    content = roster(f"{person()},{VILLAGE},3,2,1162.50").read_bytes()
    form = {"type": "notices.proposed", "area": VILLAGE, "scheme": "最低生活保障", "round": "2"}
    answer = client.post("/notices/new", data=form, files={"file": ("list.csv", content, "text/csv")})
    assert answer.status_code == 303, answer.text
    path = answer.headers["location"]
    assert "第二次公示" in client.get(path).text
    wish = {"level": "village", "place": "竹园村公开栏", "posted_on": "2026-11-20"}
    posted = client.post(f"{path}/post", data=wish, files={"photo": ("a.jpg", photo, "image/jpeg")})
    assert posted.status_code == 303, posted.text
    page = client.get(path).text
    assert "竹园村公开栏" in page
    assert "2026-11-27" in page
    assert "GS-2026-0001" in client.get("/notices?state=opened").text
    assert "没有符合条件的公示" in client.get("/notices?state=withdrawn").text
    paper = client.get(f"{path}/sheet").text
    assert "王*国" in paper
    assert "王建国" not in paper
    assert client.get(f"{path}/pdf").content.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("act", "form", "code"),
    [
        ("post", {"level": "village", "place": "栏", "posted_on": "2026-11-19"}, "办理时间不得早于上一环节"),
        ("post", {"level": "village", "place": "栏", "posted_on": "2026-11-21"}, "日期不能晚于今天"),
        ("post", {"level": "village", "place": "", "posted_on": "2026-11-20"}, "请填写张贴地点"),
        ("prove", {"level": "village"}, "请拍一张公示单在公开栏上的照片"),
        ("remove", {"level": "village", "removed_on": "2026-11-20", "reason": "x"}, "现在没有张贴"),
        ("take-down", {"on": "2026-11-20"}, "不能再这样办理"),
        ("withdraw", {"reason": ""}, "请写明撤回的原因"),
        ("object", {"way": "oral", "text": "", "received_on": "2026-11-20"}, "请填写异议内容"),
        ("object", {"way": "oral", "text": "x", "received_on": "2026-11-20", "position": "9"}, "没有第 9 行"),
    ],
)
def test_a_refused_act_shows_its_form_again_with_the_reason(client, county, opened, act, form, code):
    notice = opened()
    client.sign_in("township_officer", TOWN)
    answer = client.post(f"/notices/{notice}/{act}", data=form)
    assert answer.status_code == 422
    assert code in answer.text


def test_an_objection_is_read_and_decided_on_its_page_and_the_reading_is_recorded(client, county, opened, run):
    notice = opened()
    client.sign_in("township_officer", TOWN)
    wish = {"way": "written", "text": "家里有车", "who": "邻居老张", "received_on": "2026-11-20"}
    assert client.post(f"/notices/{notice}/object", data=wish).status_code == 303
    assert "家里有车" not in client.get(f"/notices/{notice}").text
    page = client.get("/notices/objections/1").text
    assert "家里有车" in page
    assert "邻居老张" in page
    refused = client.post("/notices/objections/1", data={"outcome": "", "reason": "", "decided_on": "2026-11-20"})
    assert refused.status_code == 422
    done = {"outcome": "upheld", "reason": "属实", "decided_on": "2026-11-20"}
    assert client.post("/notices/objections/1", data=done).status_code == 303
    assert "异议成立：属实" in client.get(f"/notices/{notice}").text
    actions = {one["action"] for one in run("audit", "list", "--json").data["records"]}
    assert {"notices.objection_read", "notices.decided", "notices.opened"} <= actions


def test_pages_work_on_a_phone_in_large_type_and_on_paper(client, county, opened):
    notice = opened()
    client.sign_in("township_officer", TOWN)
    for path in ("/notices", "/notices/new", f"/notices/{notice}", f"/notices/{notice}/post?level=village"):
        assert client.faults_of_markup(path) == [], path


def test_the_pages_speak_english(client, county, opened):
    notice = opened()
    client.sign_in("township_officer", TOWN, language="en")
    page = client.get(f"/notices/{notice}").text
    assert "Postings by level" in page
    assert "Not posted" in page
    assert "拟享受救助待遇对象公示" in client.get(f"/notices/{notice}/sheet").text  # public paper stays Chinese


def test_the_desk_names_what_waits_and_the_household_page_what_runs(county, opened, clock, photo):
    from plugins.notices.services import Photo, PostNotice, post_notice, prove_posting

    notice = opened()

    def titles():
        with county.look("township_officer", TOWN) as work:
            shown = work.hooks.show("show_desk_tasks", work=work)
            return [task.title for one in shown if one.plugin == "notices" for task in one.entries]

    assert titles() == ["张贴公示"]
    with county.begin() as work:
        for level in AREA_LEVELS:
            post_notice(work, notice, PostNotice(level=level, place="栏", posted_on=date(2026, 11, 20)))
            if level != "township":
                prove_posting(work, notice, Photo(level=level, file_name="a.jpg", content=photo))
    assert titles() == ["补传张贴照片（乡镇级）"]  # the county's board is not this officer's
    clock.set(datetime.fromisoformat("2026-11-30T09:00:00+08:00"))
    assert sorted(titles()) == ["公示期满，可以结束（村级）", "补传张贴照片（乡镇级）"]
    with county.look("township_officer", TOWN) as work:
        shown = work.hooks.show("show_household_panels", work=work, household_id=1, person_ids=(1,))
        panels = [panel for one in shown if one.plugin == "notices" for panel in one.entries]
        nobody = work.hooks.show("show_household_panels", work=work, household_id=1, person_ids=(99,))
    assert panels[0].rows == [("GS-2026-0001", "拟享受救助待遇对象公示，2026-11-27 期满")]
    assert not [panel for one in nobody if one.plugin == "notices" for panel in one.entries]
    with county.look("township_officer", OTHER_TOWN) as work:
        shown = work.hooks.show("show_household_panels", work=work, household_id=1, person_ids=(1,))
        assert not [panel for one in shown if one.plugin == "notices" for panel in one.entries]


def test_the_register_of_notices_is_a_report(run, county, opened, tmp_path):
    opened()
    rows = run("report", "run", "notices-list", "--month", "2026-11", "--json")
    assert rows.exit_code == 0, rows.talk
    assert "GS-2026-0001" in json.dumps(rows.data)
    out = tmp_path / "list.xlsx"
    assert run("report", "run", "notices-list", "-o", out).exit_code == 0
    assert out.stat().st_size > 1000


def test_lines_follow_a_merge_of_records_and_go_back(county, opened, person):
    import numpy

    from core.hookspecs import Merges
    from plugins.notices.merging import follow_merges
    from plugins.notices.queries import running_for

    opened()
    kept = person("王建国")
    for revoked, holder, other in ((False, kept, 1), (True, 1, kept)):
        with county.begin() as work:
            pair = {"gone_ids": numpy.array([1]), "kept_ids": numpy.array([kept])}
            follow_merges(work, Merges(**pair, on=work.today, revoked=revoked))
            work.record("person.merged", "person:1")
        with county.look() as work:
            assert running_for(work, [holder])
            assert not running_for(work, [other])


# -- API -------------------------------------------------------------------------------------------------------------


def test_the_api_does_the_same(client, county, person, photo):
    officer = county.account("township_officer", TOWN)
    values = {"area": VILLAGE, "group": 3, "members": 2, "amount": 116250}
    body = {"type": "notices.proposed", "area": VILLAGE, "rows": [{"person_id": person(), "values": values}]}
    made = client.api("POST", "/notices", as_=officer, json=body)
    assert made.status_code == 201, made.text
    base = f"/notices/{made.json()['id']}"
    wish = {"level": "village", "place": "栏", "posted_on": "2026-11-20"}
    assert client.api("POST", f"{base}/post", as_=officer, json=wish).json()["ends_on"] == "2026-11-27"
    picture = {"level": "village", "file_name": "a.jpg", "content": base64.b64encode(photo).decode()}
    assert client.api("POST", f"{base}/prove", as_=officer, json=picture).status_code == 201
    assert client.api("POST", f"{base}/prove", as_=officer, json={**picture, "content": "*"}).status_code == 422
    objection = {"way": "oral", "text": "不实", "received_on": "2026-11-20", "position": 1}
    taken = client.api("POST", f"{base}/object", as_=officer, json=objection).json()
    decision = {"outcome": "upheld", "reason": "属实", "decided_on": "2026-11-20"}
    decided = client.api("POST", f"/notices/objections/{taken['id']}/decide", as_=officer, json=decision)
    assert decided.json()["outcome"] == "upheld"
    shown = client.api("GET", base, as_=officer).json()
    assert shown["struck"] == [1]
    waiting = client.api("GET", f"{base}/complete?on=2026-11-28", as_=officer).json()
    assert waiting["complete"] is False
    assert {one["level"] for one in waiting["reasons"]} == {"township", "county"}
    early = client.api("POST", f"{base}/take-down", as_=officer, json={"on": "2026-11-20"})
    assert early.json()["error"]["code"] == "E_NOTICE_STATE"
    removal = {"level": "village", "removed_on": "2026-11-20", "reason": "大风"}
    assert client.api("POST", f"{base}/remove", as_=officer, json=removal).json()["early"] is True
    assert client.api("POST", f"{base}/withdraw", as_=officer, json={"reason": "重办"}).json()["state"] == "withdrawn"
    assert client.api("GET", "/notices?state=withdrawn", as_=officer).json()["items"][0]["number"]
    assert client.api("GET", "/notices/types", as_=officer).json()["items"]
    checked = client.api("GET", "/notices/check?number=GS-2026-0001&code=x", as_=officer).json()
    assert checked["answer"] == "unknown"


def test_every_refusal_has_its_code_in_the_api(client, county, person, opened):
    officer = county.account("township_officer", TOWN)
    notice = opened()
    adult, minor = person(), person("李小满", date(2015, 1, 1))

    def refused(path, body):
        answer = client.api("POST", f"/notices{path}", as_=officer, json=body)
        return answer.status_code, answer.json()["error"]["code"]

    def sheet(who, kind="notices.proposed", **values):
        return {"type": kind, "area": VILLAGE, "rows": [{"person_id": who, "values": values}]}

    assert refused("", sheet(minor)) == (422, "E_MINOR_PUBLIC")
    assert refused("", sheet(adult, phone="13800138000")) == (422, "E_NOTICE_FIELD")
    assert refused("", sheet(adult, kind="x.y")) == (422, "E_NOTICE_TYPE")
    day = {"level": "village", "place": "栏"}
    assert refused(f"/{notice}/post", {**day, "posted_on": "2026-11-01"}) == (422, "E_BACKDATE")
    assert refused(f"/{notice}/post", {**day, "posted_on": "2026-12-01"}) == (422, "E_NOTICE_DAY")
    assert refused(f"/{notice}/take-down", {"on": "2026-11-20"}) == (422, "E_NOTICE_STATE")
    county_board = {**day, "level": "county", "posted_on": "2026-11-20"}
    assert refused(f"/{notice}/post", county_board) == (403, "E_FORBIDDEN")
    assert refused("/999/withdraw", {"reason": "x"}) == (404, "E_NOT_FOUND")
    assert refused(f"/{notice}/withdraw", {"reason": ""}) == (422, "E_REASON")
