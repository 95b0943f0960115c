"""Pages of cases as staff meet them: the list, one case with its box, forms, work lists, the counter."""

from pathlib import Path

import pytest

from core.web import PAGE
from plugins.casework.services.handling import add_photo
from plugins.casework.services.remedies import add_lead
from plugins.casework.wishes import AddLead
from plugins.notices import objections
from plugins.notices.api import notices_of
from tests.plugins.casework.conftest import URBAN
from tests.plugins.casework.counting import questions, vote, with_panel

QUESTIONS_MAX = 12
BESIDE = ("FROM core_state", "JOIN identity_session", "FROM identity_grant", "FROM audit_head")
"""What every page asks to know the county, who reads and with which grants; and the head of the chain, because the
clock of these tests stands before the county was founded and no read is ever fresh."""
FILES = Path(__file__).parents[3] / "config" / "policies"
PHOTO = b"\xff\xd8\xff\xe0" + b"\x00" * 60
WAY = (
    ("accept", {}), ("start_check", {}),
    ("check_report", {"report": "HD-1", "items": [{"item": "存款", "declared": "0.00", "found": "8600.00"}]}),
    ("visit_done", {"investigators": ["周敏", "赵丽"], "signer": "陈志强", "findings": "砖房两间"}),
)  # fmt: skip


def _voted(place) -> str:
    """A case on which the panel voted, in its first notice."""
    with_panel(place.county, URBAN)
    number = place.submitted()
    for event, data in WAY:
        place.step(number, event, **data)
    with place.county.begin("clerk") as work:
        add_photo(work, number, "a.jpg", PHOTO)
    vote(place.county, URBAN, number)
    place.step(number, "ballot_pass")
    return number


def _contested(place, number: str) -> None:
    """Somebody objects to the notice of a case, and the objection is upheld: the case goes back."""
    with place.county.begin() as work:
        wish = objections.NewObjection(way="oral", text="有车", received_on=work.today)
        taken = objections.take_objection(work, notices_of(work, f"case:{number}")[-1], wish)
        decision = objections.Decision(outcome="upheld", reason="属实", decided_on=work.today)
        objections.decide_objection(work, taken.id or 0, decision)


def test_a_case_page_asks_at_most_twelve_questions_with_every_plugin_on(place, client, request):
    if request.config.getoption("--db") != "sqlite":
        pytest.skip("the trace is SQLite's")
    number = _voted(place)
    for role in ("clerk", "reviewer"):
        client.sign_in(role)
        client.get(f"/casework/cases/{number}")  # the count of the menu is asked once in half a minute
        with questions(client.host) as selects:
            answer = client.get(f"/casework/cases/{number}")
        assert answer.status_code == 200
        own = [one for one in selects if not any(name in one for name in BESIDE)]
        assert len(own) <= QUESTIONS_MAX, "\n".join(own)


def test_a_case_page_shows_who_did_what_and_the_box_of_who_may_decide(place, client):
    number = _voted(place)
    seen = {}
    for role in ("township_officer", "approver"):
        client.sign_in(role)
        seen[role] = client.get(f"/casework/cases/{number}").text
    for text in (
        "陈志强户",
        "公示",
        "剩 ",
        "砖房两间",
        "周敏、赵丽 2 人入户",
        "存款",
        "8 / 15",
        "一户一档",
        "登记入户调查",
    ):
        assert text in seen["approver"], text
    assert "公示期满，进入审核" in seen["township_officer"]
    assert "这件由乡镇政府办理，你只能查看" in seen["approver"]


def test_a_refused_step_shows_the_page_again_with_every_objection_and_all_that_was_typed(place, client):
    number = place.until("investigating")
    client.sign_in("township_officer")
    form = {"event": "visit_done", "investigators": "周敏", "signer": "", "findings": "砖房两间"}
    answer = client.post(f"/casework/cases/{number}/decide", form)
    assert answer.status_code == 422
    for text in ("入户调查人员不得少于2人", "请家庭成员在调查表上签字", "砖房两间", 'value="周敏"', "有误："):
        assert text in answer.text, text
    assert place.show(number)["state"] == "investigating"
    answer = client.post(
        f"/casework/cases/{number}/decide", {**form, "investigators": "周敏、赵丽", "signer": "陈志强"}
    )
    assert answer.status_code == 303
    assert place.show(number)["state"] == "appraising"


def test_another_choice_of_the_box_leads_to_its_form_with_what_was_typed(place, client):
    number = place.until("county_review")
    client.sign_in("approver")
    answer = client.post(f"/casework/cases/{number}/decide", {"event": "refuse", "opinion": "存款超过上限"})
    if answer.status_code == 422:  # the only choice of who decides is the refusal
        assert "依据" in answer.text
    client.sign_in("reviewer")
    answer = client.post(f"/casework/cases/{number}/decide", {"event": "return_to_township", "opinion": "收入不清"})
    assert answer.status_code == 200
    assert f"/casework/cases/{number}/steps/return_to_township" in answer.text
    assert "收入不清" in answer.text
    assert place.show(number)["state"] == "county_review"
    answer = client.post(f"/casework/cases/{number}/steps/return_to_township", {"reason": "收入不清"})
    assert answer.status_code == 303
    assert place.show(number)["state"] == "investigating"


def test_the_submission_ticks_papers_and_who_signed(place, client):
    number = place.new()
    client.sign_in("clerk")
    page = client.get(f"/casework/cases/{number}").text
    assert "身份证、户口簿" in page
    assert "陈小满" in page
    people = place.families["H00001"]
    form = {"event": "submit", "papers": ["identity", "income"], "signed_by": [str(people[0])]}
    answer = client.post(f"/casework/cases/{number}/decide", form)
    assert answer.status_code == 422
    assert "成年家庭成员李秀英未签署授权" in answer.text
    form["signed_by"] = [str(one) for one in (people[0], people[1], people[3])]
    assert client.post(f"/casework/cases/{number}/decide", form).status_code == 303
    assert place.show(number)["state"] == "submitted"


def test_a_visit_keeps_the_photos_that_come_with_it(place, client):
    number = place.until("investigating")
    client.sign_in("township_officer")
    form = {"investigators": "周敏、赵丽", "signer": "陈志强", "findings": "砖房两间"}
    wrong = client.post(
        f"/casework/cases/{number}/steps/visit_done", form, files={"photo_1": ("a.jpg", b"no picture", "image/jpeg")}
    )
    assert wrong.status_code == 422
    assert place.show(number)["visits"] == []
    files = {f"photo_{at}": (f"{at}.jpg", PHOTO, "image/jpeg") for at in (1, 2, 3)}
    assert client.post(f"/casework/cases/{number}/steps/visit_done", form, files=files).status_code == 303
    assert place.show(number)["visits"][0]["photos"] == 3
    page = client.get(f"/casework/cases/{number}").text
    assert page.count("/attachments/") == 3


def test_the_list_is_narrowed_by_state_type_area_and_what_is_overdue(place, client):
    first, second = place.submitted(), place.new()
    place.at("2026-03-05")
    client.sign_in("clerk")
    assert second in client.get("/casework?state=draft").text
    assert first not in client.get("/casework?state=draft").text
    late = client.get("/casework?overdue=1").text
    assert first in late
    assert second not in late
    assert "已超期" in late
    assert first in client.get("/casework?type=dibao&area=430223103").text
    assert "没有符合条件的申请" in client.get("/casework?area=430223106").text


def test_one_counter_finds_the_household_and_says_which_scheme_fits(place, client):
    household = place.family()
    client.sign_in("clerk")
    found = client.post("/casework/new/search", {"q": "李秀英"})
    assert f"/casework/new?household={household}" in found.text
    form = client.post("/casework/new/search", {"q": household}).text
    for text in ("陈小满", "最低生活保障", "可以申请低保", "窗口"):
        assert text in form, text
    people = [str(one) for one in place.families[household]]
    wish = {"household": household, "type": "dibao", "members": people, "applicant": people[0], "source": "counter"}
    refused = client.post("/casework/new", {**wish, "members": people[1:], "urgent_order": "民发 9 号"})
    assert refused.status_code == 422
    assert "民发 9 号" in refused.text
    done = client.post("/casework/new", wish)
    assert done.status_code == 303
    again = client.post("/casework/new", wish)
    assert again.status_code == 422


def test_a_lead_is_entered_opened_and_becomes_an_application(place, client):
    household = place.family()
    person = str(place.families[household][0])
    client.sign_in("clerk")
    form = {"person": person, "source": "cadre", "text": "房屋漏雨"}
    assert client.post("/casework/leads/new", form).status_code == 303
    listed = client.get("/casework/leads").text
    assert "陈志强" in listed
    assert "房屋漏雨" not in listed
    assert "房屋漏雨" in client.get("/casework/leads/1").text
    assert client.post("/casework/leads/1", {"reason": ""}).status_code == 422
    assert household in client.get("/casework/new?lead=1").text
    people = [str(one) for one in place.families[household]]
    wish = {"household": household, "type": "dibao", "members": people, "applicant": person, "lead": "1"}
    assert client.post("/casework/new", wish).status_code == 303
    assert "DB-430223-2026-000001" in client.get("/casework/leads?ended=1").text


def test_a_list_by_deadline_goes_on_behind_its_first_page(place, client):
    person = str(place.families[place.family()][0])
    with place.county.begin("clerk") as work:
        made = [add_lead(work, AddLead(person=person, source="cadre", text="房屋漏雨")).id for _one in range(PAGE + 1)]
    client.sign_in("clerk")
    first = client.get("/casework/leads").text
    found = [one for one in made if f'href="/casework/leads/{one}"' in first]
    assert found == made[:PAGE]
    assert 'href="/casework/leads?start=50" rel="next"' in first
    last = client.get("/casework/leads?start=50").text
    assert f'href="/casework/leads/{made[-1]}"' in last
    assert 'rel="next"' not in last
    assert client.get("/casework/leads?start=-1").status_code == 400


def test_a_sample_is_drawn_repeated_and_inspected(place, client):
    number = place.until("county_review")
    client.sign_in("reviewer")
    drawn = client.post("/casework/samples/new", {"kind": "new", "type": "dibao", "period": "2026-03", "share": "1"})
    assert drawn.status_code == 303
    shown = client.get("/casework/samples/1").text
    assert "按种子重抽，结果相同" in shown
    assert f"/casework/cases/{number}/acts/inspect" in shown
    assert client.post(f"/casework/cases/{number}/acts/inspect", {"result": "right"}).status_code == 303
    assert "属实" in client.get(f"/casework/cases/{number}").text


def test_visits_and_reviews_that_wait_are_listed_for_who_goes_there(place, client):
    number = place.until("investigating")
    client.sign_in("township_officer")
    assert f"/casework/cases/{number}/steps/visit_done" in client.get("/casework/visits").text
    active = place.active(place.family())
    place.at("2026-10-20")
    client.sign_in("reviewer")
    assert active in client.get("/casework/reviews").text


def test_acts_beside_the_steps_are_done_from_their_cards(place, client):
    number = place.until("township_review")
    member = str(place.families["H00001"][0])
    client.sign_in("clerk")
    page = client.get(f"/casework/cases/{number}").text
    for act in ("relative", "complain", "member-left", "paper", "sign"):
        assert f"/acts/{act}" in page, act
    form = {"member": member, "staff_name": "陈志国", "post": "村主任", "level": "village", "relation": "sibling"}
    refused = client.post(f"/casework/cases/{number}/acts/relative", {**form, "post": ""})
    assert refused.status_code == 422
    assert "陈志国" in refused.text
    assert client.post(f"/casework/cases/{number}/acts/relative", form).status_code == 303
    shown = client.get(f"/casework/cases/{number}").text
    assert "陈志国（村主任）的兄弟姐妹" in shown
    assert "近亲属备案：县级须入户" in shown


def test_a_case_elsewhere_is_not_there(place, client):
    number = place.submitted()
    client.sign_in("township_officer", "430223106")
    assert client.get(f"/casework/cases/{number}").status_code == 404
    assert client.post(f"/casework/cases/{number}/decide", {"event": "accept"}).status_code == 404


def test_pages_fit_a_phone_and_are_marked_up_for_everybody(place, client):
    number = place.until("investigating")
    client.sign_in("clerk")
    faults = []
    for path in ("/casework", f"/casework/cases/{number}", "/casework/new", "/casework/new?household=H00001",
                 "/casework/visits", "/casework/reviews", "/casework/leads", "/casework/leads/new",
                 "/casework/samples", f"/casework/cases/{number}/steps/visit_done",
                 f"/casework/cases/{number}/acts/relative"):  # fmt: skip
        faults += [f"{path}: {one}" for one in client.faults_of_markup(path)]
    assert not faults, "\n".join(faults)


def test_the_page_of_a_case_stands_in_every_state(place, client):
    waiting = place.submitted()
    place.step(waiting, "accept")
    place.step(waiting, "ask_applicant", reason="补收入证明")
    turned_away = place.submitted()
    place.step(turned_away, "reject_formally", reason="户籍不在本镇")
    given_up = place.submitted()
    place.step(given_up, "withdraw", reason="不再申请")
    contested = place.until("noticing_1")
    _contested(place, contested)
    place.at("2026-03-02")
    refused = place.until("county_review")
    place.step(refused, "refuse", reason="存款超过上限", rule="第十三条")
    place.act(refused, "appeal", kind="reconsideration", filed_on=place.county.clock.now().date(), text="不服")
    place.at("2026-03-02")
    family = place.active()
    place.step(family, "review", reason="无变化")
    seen = {
        waiting: ("停钟，等申请人补充材料", "补收入证明", "申请人已补充"),
        turned_away: ("不予受理", "户籍不在本镇"),
        given_up: ("已撤回", "这件申请已经办结"),
        contested: ("重新调查", "已撤回"),
        refused: ("不予确认", "行政复议", "登记结果", "打印不予确认告知书"),
        family: ("在保", "606.00 元", "定期复核", "前复核"),
    }
    client.sign_in("clerk")
    for number, texts in seen.items():
        page = client.get(f"/casework/cases/{number}").text
        for text in texts:
            assert text in page, (number, text)
    client.sign_in("reviewer")
    assert "停保" in client.get(f"/casework/cases/{family}").text
    client.sign_in("clerk")
    form = {"outcome": "lost", "on": place.county.clock.now().date().isoformat(), "document": "复议 1 号"}
    assert client.post(f"/casework/cases/{refused}/appeals/reconsideration", form).status_code == 303
    assert "维持原决定" in client.get(f"/casework/cases/{refused}").text
    place.step(family, "stop", reason="主动退出")
    assert "已停保" in client.get(f"/casework/cases/{family}").text


def test_a_step_is_asked_only_of_who_may_take_it(place, client):
    number = place.until("county_review")
    client.sign_in("clerk")
    assert client.get(f"/casework/cases/{number}/steps/propose_grant").status_code == 403
    assert client.get(f"/casework/cases/{number}/steps/fly").status_code == 404
    client.sign_in("reviewer")
    assert client.get(f"/casework/cases/{number}/steps/propose_grant").status_code == 200


def test_a_township_that_decides_has_its_own_box(place, client, run):
    ran = run("policy", "import", FILES / "flow-delegated.toml")
    assert ran.exit_code == 0, ran.talk
    number = place.submitted()
    client.sign_in("township_officer")
    page = client.get(f"/casework/cases/{number}").text
    assert "受理" in page
    assert client.post(f"/casework/cases/{number}/decide", {"event": "accept"}).status_code == 303
    assert client.get(f"/casework/cases/{number}").status_code == 200
