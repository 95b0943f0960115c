"""The pages of the frame: what a person sees, changes and is refused."""

import re

import pytest

PAGES = {
    "system_admin": [
        "/", "/tasks", "/menu", "/plugins", "/settings", "/settings/security", "/policy", "/policy/pay.day", "/areas",
        "/areas?town=430223103", "/areas?q=桃", "/jobs", "/doctor",
        "/profile", "/help", "/help?at=/policy", "/audit/verify",
    ],
    "security_admin": ["/accounts", "/accounts/new", "/accounts/roles", "/accounts/security_admin-430223"],
    "auditor": [
        "/audit", "/audit/1", "/audit/sample", "/reports", "/accounts", "/funds", "/funds/batches", "/funds/reconcile",
        "/funds/findings",
    ],
    "clerk": ["/", "/profile/factor", "/funds/kin"],
}  # fmt: skip
EVERY_PAGE = [(role, path) for role, paths in PAGES.items() for path in paths]


@pytest.mark.parametrize(("role", "path"), EVERY_PAGE)
def test_a_page_opens_and_keeps_the_rules_of_markup(client, role, path):
    client.sign_in(role)
    assert client.faults_of_markup(path) == []


@pytest.mark.parametrize(("role", "path"), EVERY_PAGE)
def test_every_link_of_a_page_leads_somewhere(client, role, path):
    client.sign_in(role)
    addresses = set(re.findall(r'<a [^>]*href="(/[^"#]*)"', client.get(path).text))
    dead = [one for one in sorted(addresses)[:60] if client.get(one.replace("&amp;", "&")).status_code >= 400]
    assert dead == []


def test_a_setting_is_shown_in_words_before_it_is_saved_and_comments_survive(client):
    file = client.host.settings.file
    file.write_text(file.read_text() + "\n[security]\nidle_minutes = 20  # 局里开会定的\n")
    client.county.reload()
    client.sign_in("system_admin")
    form = {"shell": "full", "idle_minutes": "25", "session_hours": "8", "code_hours": "72"}
    asked = client.post("/settings/security", form)
    assert asked.status_code == 200 and "闲置退出（分钟）" in asked.text and "25" in asked.text
    assert "20  # 局里开会定的" in file.read_text()
    assert client.post("/settings/security/save", form).status_code == 303
    assert "25  # 局里开会定的" in file.read_text()
    assert "已保存" in client.get("/settings").text
    assert client.host.settings.security.idle_minutes == 25


def test_a_wrong_setting_is_named_at_its_field_and_kept(client):
    client.sign_in("system_admin")
    answer = client.post("/settings/security", {"idle_minutes": "一千"})
    assert answer.status_code == 422
    assert "<title>有误：" in answer.text and 'value="一千"' in answer.text and 'id="e-idle_minutes"' in answer.text


def test_a_policy_value_is_set_with_day_and_document_and_confirmed_by_another(client):
    client.sign_in("proposer")
    form = {"value": "15", "valid_from": "2027-01-01", "document": "攸民发〔2026〕9号", "area": ""}
    asked = client.post("/policy/pay.day", form)
    assert "10 → 15" in asked.text and "攸民发〔2026〕9号" in asked.text
    assert client.post("/policy/pay.day/set", form).status_code == 303
    assert "2027-01-01" in client.get("/policy/pay.day").text
    client.sign_in("approver")
    number = re.search(r'name="id" value="(\d+)"', client.get("/policy/pay.day").text).group(1)
    assert client.post("/policy/pay.day/confirm", {"id": number}).status_code == 303
    assert "approver-430223" in client.get("/policy/pay.day").text


def test_a_choice_is_shown_and_chosen_in_words(client):
    client.sign_in("proposer")
    listed = client.get("/policy?q=dibao.").text
    assert "四舍五入到分" in listed and "half_up_fen" not in listed and "只取最高的一类" in listed
    assert '<option value="ceil_yuan">进到整元</option>' in client.get("/policy/dibao.rounding").text
    asked = client.post("/policy/dibao.rounding", {"value": "ceil_yuan", "document": "攸民发〔2026〕9号"})
    assert "四舍五入到分 → 进到整元" in asked.text


def test_a_value_of_a_work_plan_is_not_shown_as_waiting_for_the_county(client):
    client.sign_in("proposer")
    page = client.get("/policy?q=ballot.required").text
    assert "工作方案" in page and "待县里填" not in page


def test_a_policy_value_without_document_is_refused_at_its_field(client):
    client.sign_in("proposer")
    answer = client.post("/policy/pay.day", {"value": "15", "document": ""})
    assert answer.status_code == 422 and 'id="e-document"' in answer.text


def test_a_new_account_gets_a_code_once_and_signs_in_with_it(client):
    client.sign_in("security_admin")
    shown = client.post("/accounts/new", {"name": "王小红", "roles": "clerk", "area": "430223103"})
    code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", shown.text).group(0)
    assert code not in client.get("/accounts/王小红").text
    client.sign_out()
    form = {"way": "code", "name": "王小红", "code": code, "password": "Xiang-Jiang-2026", "again": "Xiang-Jiang-2026"}
    assert "待我办理" in client.client.post("/sign-in", data=form).text


def test_roles_that_may_not_meet_are_refused_in_words(client):
    client.county.account("disburser", name="张出纳")
    client.sign_in("security_admin")
    answer = client.post("/accounts/张出纳/grants", {"role": "approver", "area": "430223"})
    assert answer.status_code == 422 and "不能由同一人担任" in answer.text


def test_disabling_an_account_asks_first_and_ends_its_session(client):
    client.county.account("clerk", name="李四")
    client.sign_in("security_admin")
    assert "停用 李四 的账号？" in client.get("/accounts/李四/disable").text
    assert client.post("/accounts/李四/disable", {"reason": "调离"}).status_code == 303
    assert "停用" in client.get("/accounts/李四").text


def test_the_audit_page_shows_a_record_in_full_and_verifies_the_chain(client):
    client.sign_in("auditor")
    assert (
        "account.signed_in" in client.get("/audit?action=account.signed_in").text
        or client.get("/audit").status_code == 200
    )
    assert "校验通过" in client.post("/audit/verify").text


def test_a_sample_is_drawn_again_by_its_seed_and_a_wrong_number_is_named(client):
    client.sign_in("auditor")
    first, again = (client.get("/audit/sample?size=2&seed=7").text for _time in range(2))
    assert first.count('href="/audit/') == again.count('href="/audit/')
    refused = client.get("/audit/sample?size=x&seed=7")
    assert refused.status_code == 422
    assert "请填 1 到 500 的整数" in refused.text


def test_an_anchor_is_a_sheet_to_print(client):
    client.sign_in("auditor")
    answer = client.post("/audit/anchor")
    assert "审计锚点" in answer.text and 'class="paper letter"' in answer.text


def test_an_area_is_marked_urban_on_its_page(client):
    client.sign_in("system_admin")
    assert client.post("/areas/430223103/kind", {"kind": "urban"}).status_code == 303
    assert "城镇" in client.get("/areas").text


def test_a_changed_password_ends_every_session(client):
    client.sign_in("auditor")
    form = {"old": "Xiang-Jiang-2026", "password": "Lu-Shui-He-2027", "again": "Lu-Shui-He-2027"}
    assert client.post("/profile/password", form).headers["location"] == "/sign-in"
    assert client.get("/", follow_redirects=False).status_code == 303


def test_the_rights_of_a_role_stand_under_the_part_that_brings_them(client):
    client.sign_in("security_admin")
    page = client.get("/accounts/roles").text
    part = page.partition(">disburser<")[2].partition("<dt>资金</dt>")[2].partition("</dd>")[0]
    assert "放行批次" in part and "看区划" not in part
