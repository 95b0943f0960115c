"""The way in: sessions, forms, guards, errors, headers."""

import re

import pytest

from core.identity import signing_in
from core.web.demo import demo_allowed

FIRST_CODE_FORM = {"way": "code", "password": "Xiang-Jiang-2026", "again": "Xiang-Jiang-2026"}


def test_nobody_is_led_to_the_sign_in_page_and_back(client):
    answer = client.get("/policy?q=pay", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/policy%3Fq%3Dpay"


@pytest.mark.parametrize("wish", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_the_way_back_never_leaves_this_county(client, wish):
    client.sign_in("auditor")
    answer = client.get("/sign-in", params={"next": wish}, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_each_sign_in_has_a_new_token_and_an_unknown_one_is_never_adopted(client):
    client.client.cookies.set("huimin", "planted")
    client.get("/sign-in")
    assert client.client.cookies.get("huimin") == "planted"
    client.sign_in("auditor")
    first = client.client.cookies.get("huimin")
    client.sign_in("auditor")
    assert client.client.cookies.get("huimin") not in (first, "planted")


def test_the_cookie_is_closed_to_scripts_and_other_sites(client):
    name = client.county.account("auditor")
    with client.county.begin("security_admin") as work:
        from core.identity.accounts import new_code

        code = new_code(work, name)
    answer = client.client.post(
        "/sign-in", data={**FIRST_CODE_FORM, "name": name, "code": code}, follow_redirects=False
    )
    cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith("huimin="))
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie


def test_wrong_sign_ins_all_read_the_same_and_keep_the_name(client):
    client.sign_in("auditor")
    client.sign_out()
    known = client.client.post("/sign-in", data={"name": client.name, "password": "wrong"})
    unknown = client.client.post("/sign-in", data={"name": "nobody", "password": "wrong"})
    assert known.status_code == unknown.status_code == 422
    assert "账号、密码或动态码不对" in known.text and "账号、密码或动态码不对" in unknown.text
    assert f'value="{client.name}"' in known.text


def test_signing_out_ends_the_session_for_good(client):
    client.sign_in("auditor")
    token = client.client.cookies.get("huimin")
    client.post("/sign-out")
    assert signing_in.session_of(client.host, token) is None
    client.client.cookies.set("huimin", token)
    assert client.get("/", follow_redirects=False).status_code == 303


def test_a_form_without_its_key_is_refused_and_nothing_happens(client):
    client.sign_in("system_admin")
    answer = client.client.post("/profile/look", data={"language": "en"}, follow_redirects=False)
    assert answer.status_code == 403 and "表单已过期" in answer.text
    assert 'lang="zh-CN"' in client.get("/profile").text


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_a_form_from_another_site_is_refused_even_with_its_key(client, headers):
    client.sign_in("system_admin")
    answer = client.post("/profile/look", {"language": "en"}, headers=headers)
    assert answer.status_code == 403 and "不是从本系统的页面提交的" in answer.text


def test_sign_in_from_another_site_is_refused(client):
    answer = client.client.post(
        "/sign-in", data={"name": "a", "password": "b"}, headers={"origin": "https://evil.example"}
    )
    assert answer.status_code == 403


def test_a_double_click_makes_one_account(client):
    client.sign_in("security_admin")
    wish = {"name": "李文华", "roles": "clerk", "area": "430223", "_once": "the-same-form"}
    first = client.post("/accounts/new", wish)
    second = client.post("/accounts/new", wish)
    assert first.status_code == 200 and "只显示这一次" in first.text
    assert second.status_code == 303
    assert "没有重复办理" in client.get(second.headers["location"]).text


def test_no_right_is_said_in_words_and_named(client):
    client.sign_in("clerk", "430223103")
    answer = client.get("/accounts")
    assert answer.status_code == 403 and "你没有“看账号”的权限" in answer.text
    assert 'href="/accounts"' not in answer.text


def test_a_money_role_without_second_factor_can_only_set_one(client):
    name = client.county.account("approver")
    with client.county.begin("security_admin") as work:
        from core.identity.accounts import new_code

        code = new_code(work, name)
    client.client.post("/sign-in", data={**FIRST_CODE_FORM, "name": name, "code": code})
    answer = client.get("/policy")
    assert str(answer.url).endswith("/profile/factor") and "扫这个码" in answer.text


def test_an_unknown_address_has_our_own_page(client):
    client.sign_in("clerk", "430223103")
    answer = client.get("/no-such-page")
    assert answer.status_code == 404 and "没有这个页面" in answer.text and "主导航" in answer.text


def test_a_body_over_the_limit_is_refused_before_it_is_read(client):
    client.sign_in("system_admin")
    answer = client.post("/profile/look", {"language": "x" * (11 * 1024 * 1024)})
    assert answer.status_code == 413 and "10 MB" in answer.text


def test_every_answer_carries_the_strict_headers_and_is_not_kept(client):
    client.sign_in("auditor")
    for path in ("/", "/no-such-page", "/api/v1/me"):
        headers = client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'; object-src 'none'")
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


def test_static_files_are_kept_for_ever_under_their_hash(client):
    page = client.get("/sign-in").text
    address = re.search(r'href="(/static/app\.css\?v=\w+)"', page).group(1)
    assert "immutable" in client.get(address).headers["cache-control"]
    assert client.get("/static/../app.py").status_code == 404


def test_language_and_large_type_belong_to_the_account(client):
    client.sign_in("auditor")
    client.post("/profile/look", {"language": "zh-CN", "large_type": "true"})
    assert 'data-size="large"' in client.get("/").text
    client.post("/profile/size", {"large": "false", "back": "/audit"})
    assert 'data-size="large"' not in client.get("/").text


def test_a_partial_request_gets_the_block_of_the_same_template(client):
    client.sign_in("auditor")
    part = client.get("/audit", headers={"hx-request": "true", "hx-target": "list"}).text
    assert "<html" not in part and "account:" in part


LOOPBACK = {b"host": b"127.0.0.1:8765", b"origin": b"http://127.0.0.1:8765"}


def test_one_click_roles_answer_only_on_this_machine_and_only_in_a_demo():
    assert demo_allowed(True, "127.0.0.1", LOOPBACK, posting=True)
    assert not demo_allowed(False, "127.0.0.1", LOOPBACK, posting=True)
    assert not demo_allowed(True, "10.0.0.7", LOOPBACK, posting=True)
    assert not demo_allowed(True, "127.0.0.1", {**LOOPBACK, b"host": b"county.example"}, posting=False)
    assert not demo_allowed(True, "127.0.0.1", {**LOOPBACK, b"x-forwarded-for": b"10.0.0.7"}, posting=True)
    assert not demo_allowed(True, "127.0.0.1", {b"host": b"127.0.0.1:8765"}, posting=True)


def test_one_click_sign_in_does_not_exist_in_a_real_county(client):
    name = client.county.account("clerk")
    answer = client.client.post("/sign-in/demo", data={"name": name}, headers={"origin": "http://127.0.0.1"})
    assert answer.status_code == 404
    assert "一键进入" not in client.get("/sign-in").text
