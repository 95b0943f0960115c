"""Pages of persons: what a clerk finds, sees, changes, and what takes two people."""

import re
from datetime import date

import pytest

from core.identity import bank_accounts
from core.identity.bank_accounts import NewBankAccount
from core.identity.events import Death, record_death
from core.identity.models.persons import Person
from core.testing import OTHER_TOWN, TOWN, VILLAGE

ACTS = ["death", "move", "move-out", "contact", "name", "attributes", "document", "primary", "account", "end-account",
        "correct", "merge", "reveal"]  # fmt: skip


@pytest.fixture
def clerk(client):
    """A clerk of the town."""
    return client.sign_in("clerk", TOWN)


@pytest.fixture
def wang(register, citizen_id):
    """王桂兰, with a number, a phone and a bank account; answers her id."""
    return register(
        "王桂兰", citizen_id=citizen_id("19440312", 21), phone="13800000021", bank_account="6222021234567890128"
    )


def version_on(client, path):
    return re.search(r'name="version" value="(\d+)"', client.get(path).text).group(1)


@pytest.mark.parametrize("act", ACTS)
def test_every_act_on_a_person_has_its_form(clerk, wang, act):
    assert clerk.faults_of_markup(f"/people/{wang}/{act}") == []


@pytest.mark.parametrize("path", ["/people", "/people?q=wgl", "/people?q=nobody", "/people/new", "/people/proposals",
                                  "/people/{p}", "/attachments?owner=person:{p}"])  # fmt: skip
def test_a_page_of_persons_keeps_the_rules_of_markup(clerk, wang, path):
    assert clerk.faults_of_markup(path.format(p=wang)) == []


def test_the_search_of_the_top_bar_posts_and_keeps_numbers_out_of_addresses(clerk, wang, citizen_id):
    desk = clerk.get("/").text
    assert re.search(r'<form class="topsearch" role="search" method="post" action="/people/search">', desk)
    for word in (citizen_id("19440312", 21), "13800000021"):
        found = clerk.post("/people/search", {"q": word})
        assert found.status_code == 200 and f'href="/people/{wang}"' in found.text, word
    again = clerk.post("/people/search", {"q": citizen_id("19440312", 21)})
    assert again.status_code == 200
    by_name = clerk.post("/people/search", {"q": "王桂"})
    assert by_name.status_code == 303 and by_name.headers["location"].startswith("/people?q=")
    assert "完整号码不要放在网址里" in clerk.get("/people", params={"q": "13800000021"}).text
    clerk.sign_in("auditor")
    assert "按完整证件号码查找" in clerk.get("/audit?action=person.looked_up").text


@pytest.mark.parametrize("what", ["number", "phone", "account:1", "document:1"])
def test_a_whole_number_is_shown_for_a_reason_of_the_list_and_recorded(clerk, wang, citizen_id, what):
    plain = {"number": citizen_id("19440312", 21), "phone": "13800000021", "account:1": "6222021234567890128"}
    page = clerk.get(f"/people/{wang}").text
    assert all(number not in page for number in plain.values())
    for reason in ("", "好奇"):
        refused = clerk.post(f"/people/{wang}/reveal", {"what": what, "reason": reason})
        assert refused.status_code == 422 and 'id="e-reason"' in refused.text
    shown = clerk.post(f"/people/{wang}/reveal", {"what": what, "reason": "复核", "back": "//evil.example"})
    assert plain.get(what, plain["number"]) in shown.text and 'data-reveal-seconds="30"' in shown.text
    assert "evil" not in shown.text
    clerk.sign_in("auditor")
    assert "复核" in clerk.get(f"/audit?subject=person:{wang}").text


def test_a_stale_contact_form_shows_what_stands_now_beside_what_was_typed(clerk, wang):
    path = f"/people/{wang}/contact"
    version = version_on(clerk, path)
    assert clerk.post(path, {"phone": "", "address": "三组 8 号", "version": version}).status_code == 303
    stale = clerk.post(path, {"phone": "", "address": "九组 9 号", "version": version})
    assert stale.status_code == 409
    assert "刚被别人改过" in stale.text and "三组 8 号" in stale.text and 'value="九组 9 号"' in stale.text
    fresh = re.search(r'name="version" value="(\d+)"', stale.text).group(1)
    assert clerk.post(path, {"phone": "", "address": "九组 9 号", "version": fresh}).status_code == 303
    assert "九组 9 号" in clerk.get(f"/people/{wang}").text


def test_a_new_person_without_a_village_or_with_a_short_number_is_told_so_at_the_fields(clerk, citizen_id):
    answer = clerk.post("/people/new", {"name": "王桂兰", "citizen_id": citizen_id()[:-1], "hukou_area": ""})
    assert answer.status_code == 422 and 'value="王桂兰"' in answer.text
    assert "请选户籍地" in answer.text and 'id="e-citizen_id"' in answer.text


def test_a_number_that_is_registered_already_leads_to_its_record(clerk, wang, citizen_id):
    form = {"name": "王桂兰", "citizen_id": citizen_id("19440312", 21), "hukou_area": VILLAGE}
    answer = clerk.post("/people/new", form)
    assert answer.status_code == 422 and f'<a href="/people/{wang}">打开原档案</a>' in answer.text


def test_somebody_nobody_knows_gets_a_temporary_number(clerk):
    form = {"name": "无名氏", "sex": "1", "birth_date": "1960-01-01", "hukou_area": VILLAGE, "unknown": "true"}
    made = clerk.post("/people/new", form)
    assert "临时编号" in clerk.get(made.headers["location"]).text


def test_a_correction_waits_on_the_list_until_a_second_person_confirms_it(clerk, wang, citizen_id):
    number = citizen_id("19440313", 22)
    form = {"citizen_id": number, "name": "王桂蓝", "reason": "户口簿写错"}
    assert clerk.post(f"/people/{wang}/correct", form).status_code == 303
    listed = clerk.get("/people/proposals").text
    address = re.search(r'href="(/people/proposals/\d+)"', listed).group(1)
    shown = clerk.get(address).text
    assert "我提出的" in listed and "王桂蓝" in shown and number not in shown and number[-4:] in shown
    own = clerk.post(address, {"decision": "confirm"})
    assert own.status_code == 422 and "不能自己确认" in own.text
    clerk.sign_in("township_officer", TOWN)
    assert "确认身份更正" in clerk.get("/tasks").text
    assert clerk.faults_of_markup(address) == []
    assert clerk.post(address, {"decision": "refuse"}).status_code == 422
    assert clerk.post(address, {"decision": "confirm"}).status_code == 303
    page = clerk.get(f"/people/{wang}").text
    assert "王桂蓝" in page and "曾用名" in page and "1944-03-13" in page


def test_a_record_goes_into_another_when_two_people_say_so(clerk, wang, register):
    gone = register("王桂兰", sex="女", birth_date=date(1944, 3, 12))
    refused = clerk.post(f"/people/{gone}/merge", {"kept": "999999", "reason": "同一人"})
    assert refused.status_code == 422 and 'id="e-kept"' in refused.text
    assert clerk.post(f"/people/{gone}/merge", {"kept": str(wang), "reason": "同一人"}).status_code == 303
    address = re.search(r'href="(/people/proposals/\d+)"', clerk.get("/people/proposals").text).group(1)
    clerk.sign_in("township_officer", TOWN)
    assert clerk.post(address, {"decision": "confirm"}).status_code == 303
    page = clerk.get(f"/people/{gone}").text
    assert f'href="/people/{wang}"' in page and "已并入" in page and "登记死亡" not in page


def test_a_wrong_death_is_taken_back_by_another_officer_on_the_page(clerk, wang):
    with clerk.county.begin("township_officer", TOWN, name="赵丽") as work:
        record_death(work, wang, Death(on=date(2026, 11, 19)))
    address = re.search(r'href="(/people/\d+/events/\d+/take-back)"', clerk.get(f"/people/{wang}").text).group(1)
    assert "撤销 王桂兰 的“死亡”？" in clerk.get(address).text
    assert clerk.post(address, {"reason": ""}).status_code == 422
    assert clerk.post(address, {"reason": "同名"}).status_code == 303
    with clerk.county.look() as work:
        assert work.session.get(Person, wang).died_on is None
    assert "已撤销" in clerk.get(f"/people/{wang}").text


def test_an_account_is_ended_and_the_main_paper_changed(clerk, wang):
    assert clerk.post(f"/people/{wang}/end-account", {"reason": ""}).status_code == 422
    assert clerk.post(f"/people/{wang}/end-account", {"reason": "销户"}).status_code == 303
    assert "已停用" in clerk.get(f"/people/{wang}").text
    passport = {"kind": "PASS", "number": "E12345678", "issuer": "CHN"}
    assert clerk.post(f"/people/{wang}/document", passport).status_code == 303
    papers = re.findall(r'<option value="(\d+)">护照', clerk.get(f"/people/{wang}/primary").text)
    assert clerk.post(f"/people/{wang}/primary", {"document_id": papers[0]}).status_code == 303
    with clerk.county.look() as work:
        assert bank_accounts.current_account(work, wang) is None


def test_a_card_whose_check_digit_does_not_fit_is_kept_and_said(clerk, register):
    person = register("李四")
    done = clerk.post(f"/people/{person}/account", {"number": "6222021234567890123"})
    assert done.status_code == 303 and "校验" in clerk.get(f"/people/{person}").text


def test_files_are_listed_taken_along_and_removed_with_a_reason(clerk, wang):
    owner = {"owner": f"person:{wang}"}
    wrong = clerk.post("/attachments", owner, files={"file": ("照片.exe", b"MZ")})
    assert wrong.status_code == 422 and 'id="e-file"' in wrong.text
    done = clerk.post("/attachments", {**owner, "title": "<b>户口簿</b>"}, files={"file": ("a.pdf", b"%PDF-1.7 x")})
    listed = clerk.get(done.headers["location"]).text
    assert "<b>户口簿" not in listed and "&lt;b&gt;户口簿" in listed
    address = re.search(r'href="(/attachments/\d+)"', listed).group(1)
    answer = clerk.get(address)
    assert answer.content == b"%PDF-1.7 x" and answer.headers["content-disposition"].startswith("attachment")
    assert clerk.post(f"{address}/remove", {"reason": ""}).status_code == 422
    assert clerk.post(f"{address}/remove", {"reason": "传错了"}).status_code == 303
    assert clerk.get(address).status_code == 404


def test_who_may_not_change_sees_no_buttons_and_no_whole_numbers(client, wang, citizen_id):
    client.sign_in("accountant")
    page = client.get(f"/people/{wang}").text
    assert "王桂兰" in page and "登记死亡" not in page and "/reveal" not in page
    assert client.get(f"/people/{wang}/death").status_code == 403
    assert client.post(f"/people/{wang}/reveal", {"what": "number", "reason": "复核"}).status_code == 403


def test_an_account_of_another_family_wants_a_reason_at_its_field(clerk, wang, register):
    other = register("周红")
    answer = clerk.post(f"/people/{other}/account", {"number": "6222021234567890128"})
    assert answer.status_code == 422 and 'id="e-shared_reason"' in answer.text
    form = NewBankAccount(number="6222021234567890128", shared_reason="监护人").model_dump()
    assert clerk.post(f"/people/{other}/account", form).status_code == 303


def test_a_clerk_of_another_town_gets_the_words_for_nobody(client, wang):
    client.sign_in("clerk", OTHER_TOWN)
    for path in (f"/people/{wang}", "/people/999999"):
        answer = client.get(path)
        assert answer.status_code == 404 and "没有找到这个人，或不在你的辖区" in answer.text
