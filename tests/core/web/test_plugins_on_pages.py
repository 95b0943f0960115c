"""Plugins on pages: what they add, what is left when they fail, and the switch without a restart."""

import re
from datetime import date

import huimin_misbehaving
import pytest
from litestar import Router, get

from core.errors import Fault
from core.households import services
from core.households.wishes import Member, OpenHousehold
from core.identity.numbers import check_character
from core.identity.persons import NewPerson, register_person
from core.testing import TOWN, enabled
from core.web.app import create_app
from core.web.testing import Browser

VILLAGE = "430223103201"
PASSWORD = {"password": "Xiang-Jiang-2026"}


@pytest.fixture
def misbehave():
    """Say in which hooks the misbehaving plugin misbehaves, and how."""

    def say(*hooks, how="raise"):
        huimin_misbehaving.WRONG_IN.update(hooks)
        huimin_misbehaving.HOW[0] = how

    yield say
    huimin_misbehaving.WRONG_IN.clear()
    huimin_misbehaving.HOW[0] = "raise"


@pytest.fixture
def home(county):
    """One household with its head."""
    first = "99922319440312001"
    with county.begin() as work:
        wish = NewPerson(name="王桂兰", citizen_id=first + check_character(first), hukou_area=VILLAGE)
        person = register_person(work, wish).id or 0
        members = [Member(person_id=person, relation="户主")]
        wish = OpenHousehold(number="H1", area=VILLAGE, on=date(2026, 11, 1), members=members)
        return services.open_household(work, wish).id, person


def places(browser, home):
    """Where a plugin that uses every hook may show itself, as pages and API answer now."""
    return {
        "menu": "/every-hook" in browser.get("/menu").text,
        "desk": "写日记" in browser.get("/").text,
        "tile": ">日记<" in browser.get("/").text,
        "tasks": "写日记" in browser.get("/tasks").text,
        "household": "有日记" in browser.get(f"/households/{home[0]}").text,
        "person": "日记" in browser.get(f"/people/{home[1]}").text,
        "page": browser.get("/every-hook").status_code == 200,
        "report": "日记统计" in browser.get("/reports").text,
        "api": browser.api("GET", "/every-hook", as_=browser.name).status_code == 200,
    }


def test_switching_at_the_page_changes_every_place_without_a_restart_in_every_process(county, client, home):
    enabled(county, "every_hook")
    with Browser(county) as other:
        other.sign_in("clerk", TOWN)
        assert set(places(other, home).values()) == {True}
        client.sign_in("system_admin")
        assert "停用“全部钩子”？" in client.get("/plugins/every_hook/switch").text
        done = client.post("/plugins/every_hook/switch", PASSWORD)
        assert "数据都还在" in client.get(done.headers["location"]).text
        assert set(places(other, home).values()) == {False}
        assert client.post("/plugins/every_hook/switch", PASSWORD).status_code == 303
        assert set(places(other, home).values()) == {True}


def test_switching_asks_for_the_password_again(county, client):
    enabled(county, "every_hook")
    client.sign_in("system_admin")
    answer = client.post("/plugins/every_hook/switch", {"password": "wrong"})
    assert answer.status_code == 422 and "密码不对" in answer.text
    assert "every_hook" in client.host.settings.county.plugins


def test_only_who_may_switch_is_offered_the_switch(county, client):
    enabled(county, "every_hook")
    client.sign_in("auditor")
    assert "/plugins/every_hook/switch" not in client.get("/plugins").text
    assert client.get("/plugins/every_hook/switch").status_code == 403


SHOWING = {
    "show_household_panels": "/households/{household}",
    "show_person_panels": "/people/{person}",
    "show_desk_tiles": "/",
    "show_desk_tasks": "/",
    "show_desk_charts": "/desk/pictures",
    "show_town_figures": "/desk/pictures",
}
"""Where a reader sees what a plugin shows."""


def test_the_desk_fetches_the_pictures_of_plugins_and_their_figures_stand_beside_them(county, client):
    enabled(county, "every_hook")
    client.sign_in("clerk", TOWN)
    assert 'hx-get="/desk/pictures"' in client.get("/").text
    page = client.get("/desk/pictures").text
    assert "日记行数" in page and 'href="/every-hook"' in page
    assert re.findall(r'<td class="num">([^<]+)</td>', page)[:3] == ["3", "--", "5"]
    assert "25.0%" in page and "桃水镇" in page and "网岭镇" not in page
    part = client.get("/desk/pictures", headers={"hx-request": "true", "hx-target": "pictures"}).text
    assert "日记行数" in part and "<html" not in part


@pytest.mark.parametrize("how", ["raise", "exit", "text", "type"])
@pytest.mark.parametrize("hook", SHOWING)
def test_a_panel_that_fails_loses_its_own_part_and_the_page_lives(county, client, home, misbehave, hook, how):
    enabled(county, "misbehaving")
    misbehave(hook, how=how)
    client.sign_in("clerk", TOWN)
    household, person = home
    answer = client.get(SHOWING[hook].format(household=household, person=person))
    assert answer.status_code == 200
    assert "捣乱业务暂时不可用" in answer.text and re.search(r"E-[A-Z2-9]{6}", answer.text)


@pytest.mark.parametrize("how", ["raise", "exit", "text", "type"])
def test_a_plugin_whose_routes_fail_is_quarantined_and_the_pages_live(county, client, misbehave, how):
    enabled(county, "misbehaving")
    misbehave("register_routes", how=how)
    client.sign_in("system_admin")
    page = client.get("/plugins")
    assert page.status_code == 200 and "没有运行" in page.text and "register_routes" in page.text


def test_a_route_of_a_plugin_that_names_no_right_is_not_opened(county, misbehave):
    @get("/", sync_to_thread=False)
    def naked() -> str:
        return "open"

    assert _answer_of(county, Router("/misbehaving", route_handlers=[naked])) == "没有写明要什么权限"


def test_a_route_of_a_plugin_at_somebody_elses_address_is_not_opened(county, misbehave):
    @get("/", sync_to_thread=False)
    def foreign() -> str:
        return "open"

    assert "开头" in _answer_of(county, Router("/accounts", route_handlers=[foreign]))


def _answer_of(county, router) -> str:
    """The reason for which a plugin's router is refused, its first words cut off."""
    from core.web.app import misfit

    reason = misfit("misbehaving", router) or ""
    return reason.rpartition(" ")[2]


def test_the_application_does_not_start_with_a_route_of_the_core_that_names_no_right(county, monkeypatch):
    from core.web.pages import help as help_page

    @get("/", sync_to_thread=False)
    def naked() -> str:
        return "open"

    monkeypatch.setattr(help_page, "router", Router("/naked", route_handlers=[naked]))
    with pytest.raises(Fault, match="naked"):
        create_app(county.host)


def test_a_broken_county_file_keeps_the_old_host_serving(county, client):
    from core.settings_writer import raise_generation

    client.sign_in("system_admin")
    file = county.host.settings.file
    whole = file.read_text()
    with county.begin() as work:
        raise_generation(work)
        work.record("test.raised", "test:1")
    file.write_text(whole + "\n[nonsense]\nx = 1\n")
    assert client.get("/").status_code == 200
    file.write_text(whole)


def test_two_counties_behind_one_socket_do_not_see_each_other(county, client):
    from litestar.testing import TestClient

    from core.host import Host
    from core.settings import load
    from core.web.dispatcher import Dispatcher, Door

    def build():
        return Host(load(county.home, county.code), clock=county.clock)

    dispatcher = Dispatcher([Door(build, prefix="/430223"), Door(build, prefix="/430224")])
    with TestClient(dispatcher, base_url="http://127.0.0.1") as browser:
        assert browser.get("/").status_code == 404
        page = browser.get("/430223/", follow_redirects=True)
        assert str(page.url).endswith("/430223/sign-in")
        assert not re.search(r'(href|action|src)="/(?!430223)', page.text)
        assert browser.get(re.search(r'href="(/430223/static/app[^"]+)"', page.text).group(1)).status_code == 200
    dispatcher.close()


def test_more_requests_than_connections_do_not_block_each_other(client):
    from concurrent.futures import ThreadPoolExecutor

    client.sign_in("auditor")
    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(lambda _n: client.client.get("/audit").status_code, range(48)))
    assert answers == [200] * 48
