"""The public application: genuine or not, nothing else; no session, no cookie, no other route, tries limited."""

from collections.abc import Iterator

import pytest
from litestar.testing import TestClient

from core.api import hookimpl
from core.errors import Refused
from core.host import Host
from core.settings import load
from core.testing import VILLAGE
from core.web.dispatcher import Dispatcher, Door
from core.web.public import create_public_app
from core.web.tries import TooMany, Tries
from plugins.notices.api import NoticeColumn, NoticeRow, PublicPage, withdraw_notice
from plugins.notices.queries import own_notice
from plugins.notices.sheets import sheet_of

ADDRESS = "https://gongshi.example.gov.cn"


def open_public(county, url=ADDRESS):
    """Write the public address into the county's file, as the settings page does."""
    county.close()
    file = county.home / "config" / "counties" / "430223.toml"
    file.write_text(file.read_text().replace("[county]", f'[county]\npublic_url = "{url}"', 1))


@pytest.fixture
def public(county) -> Iterator[TestClient]:
    """A visitor of the public application of a county that opened it."""
    open_public(county)
    yield from visit(county)


def visit(county):
    door = Door(lambda: Host(load(county.home, county.code), clock=county.clock), build=create_public_app)
    dispatcher = Dispatcher([door])
    with TestClient(dispatcher, base_url="http://127.0.0.1") as client:
        client.door = door
        yield client
    dispatcher.close()


def sheet(county, notice):
    with county.look() as work:
        return sheet_of(work, own_notice(work, notice))


def check(public, number, code):
    return public.get("/notices/check", params={"number": number, "code": code})


def test_a_genuine_sheet_is_confirmed_with_title_office_and_levels_and_nothing_of_its_list(public, county, opened):
    from datetime import date

    from plugins.notices.services import PostNotice, post_notice

    notice = opened()
    with county.begin() as work:
        post_notice(work, notice, PostNotice(level="village", place="公开栏", posted_on=date(2026, 11, 20)))
    printed = sheet(county, notice)
    assert printed.check_address.startswith(f"{ADDRESS}/notices/check?number=GS-2026-0001&code=")
    answer = check(public, printed.number, printed.check_code.lower())
    assert answer.status_code == 200
    for words in ("这份公示单是真实的", "拟享受救助待遇对象公示", "攸县桃水镇人民政府", "村级", "2026-11-27"):
        assert words in answer.text, words
    for hidden in ("王", "1,162.50", "小集村"):
        assert hidden not in answer.text, hidden


def test_a_wrong_code_a_wrong_number_and_nothing_at_all_answer_alike(public, county, opened):
    printed = sheet(county, opened())
    wrong = "2222-2222-22222"
    answers = [
        check(public, *pair).text.replace(pair[0], "").replace(pair[1], "")
        for pair in ((printed.number, wrong), ("GS-2026-9999", printed.check_code), ("GS-1999-0001", wrong))
    ]
    assert len(set(answers)) == 1
    assert "核验不符" in answers[0]
    assert "攸县桃水镇人民政府" not in answers[0]


def test_a_withdrawn_sheet_says_so(public, county, opened):
    notice = opened()
    printed = sheet(county, notice)
    with county.begin() as work:
        withdraw_notice(work, notice, "名单有误")
    answer = check(public, printed.number, printed.check_code)
    assert "但已撤回" in answer.text
    assert "名单有误" not in answer.text


def test_no_cookie_is_set_and_no_session_is_read(public, county, opened, client):
    client.sign_in("clerk", "430223103")
    public.cookies.update(dict(client.client.cookies))
    for path in ("/notices", "/notices/check?number=GS-2026-0001&code=x", "/nothing", "/"):
        answer = public.get(path)
        assert "set-cookie" not in answer.headers, path
        assert "clerk" not in answer.text
    assert public.get("/profile").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/sign-in", "/households", "/people", "/audit", "/notices/1", "/notices/new", "/api/v1/notices", "/settings"],
)
def test_no_other_route_is_there(public, path):
    assert public.get(path).status_code == 404


def test_nothing_is_taken_in(public):
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert public.request(method, "/notices/check", data={"number": "x"}).status_code == 405


def test_the_bare_address_leads_to_the_check_and_speaks_the_readers_language(public):
    front = public.get("/", headers={"accept-language": "en-GB,en;q=0.9"})
    assert front.status_code == 200
    assert "Check a notice" in front.text
    assert "公示核验" in public.get("/notices").text


def test_tries_of_one_address_and_of_all_together_are_limited(public, county, opened):
    from datetime import date

    from core.policy import SetPolicy, set_policy

    printed = sheet(county, opened())
    with county.begin("system_admin") as work:
        for key, value in (("public.tries_address_hour", 3), ("public.tries_hour", 5)):
            set_policy(work, SetPolicy(key=key, value=value, valid_from=date(2026, 1, 1), document="县1号"))
    statuses = [check(public, printed.number, printed.check_code).status_code for _n in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert public.get("/notices").status_code == 200


def test_the_count_begins_anew_after_an_hour_and_holds_for_all():
    now = [1000.0]
    tries = Tries(clock=lambda: now[0])
    for address in ("a", "b", "c"):
        tries.count(address, 2, 3)
    with pytest.raises(TooMany):
        tries.count("d", 2, 3)
    now[0] += 3600
    tries.count("a", 2, 3)


def test_without_public_url_nothing_is_opened(county, run, opened):
    opened()
    for client in visit(county):
        assert client.get("/notices").status_code == 404
        assert client.get("/").status_code == 404
    refused = run("serve", "--public", "--json")
    assert (refused.exit_code, refused.error["code"]) == (3, "E_PUBLIC_OFF")


def test_a_public_address_that_is_none_is_refused_by_the_loader(county):
    from core.settings import SettingsRefused

    open_public(county, "gongshi")
    with pytest.raises(SettingsRefused):
        load(county.home, county.code)


def test_the_staff_application_has_no_public_page(client, county):
    client.sign_in("clerk", "430223103")
    assert client.get("/notices/check").status_code == 404
    assert client.get("/notices/pages/canteen.list").status_code == 404


def test_the_settings_page_shows_the_public_address_and_the_offices(client, county):
    client.sign_in("system_admin")
    page = client.get("/settings")
    assert page.status_code == 200
    assert "公开查询地址" in page.text
    assert "公示编号的字头" in page.text


# -- lists that plugins publish --------------------------------------------------------------------------------------

COLUMNS = (
    NoticeColumn(name="area", title="村（社区）", rule="area"),
    NoticeColumn(name="meals", title="餐数", rule="count", total=True),
    NoticeColumn(name="paid", title="金额（元）", rule="money", total=True),
)
GOOD = NoticeRow(values={"area": VILLAGE, "meals": 12, "paid": 7200})


class Publisher:
    """A plugin that publishes two lists, one of which the gate refuses."""

    @hookimpl
    def show_notices_public_pages(self, work):
        bad = NoticeRow(values={"area": VILLAGE, "meals": 12, "note": "13800138000"})
        return [
            PublicPage(name="publisher.meals", title="食堂用餐", columns=COLUMNS, rows=[GOOD], note="每月更新"),
            PublicPage(name="publisher.bad", title="坏名单", columns=COLUMNS, rows=[bad]),
            PublicPage(name="publisher.ill", title="肺癌名单", columns=COLUMNS, rows=[GOOD]),
            PublicPage(name="notices.stolen", title="冒名", columns=COLUMNS, rows=[GOOD]),
        ]


def test_a_published_list_is_masked_by_the_same_gate(public):
    host = public.door.mounted.host
    host.hooks.manager.register(Publisher(), name="publisher")
    host.hooks.order = [*host.hooks.order, "publisher"]
    front = public.get("/notices").text
    assert "食堂用餐" in front
    assert "冒名" not in front
    page = public.get("/notices/pages/publisher.meals")
    assert page.status_code == 200
    assert "72.00" in page.text
    for name in ("publisher.bad", "publisher.ill", "notices.stolen", "publisher.none"):
        assert public.get(f"/notices/pages/{name}").status_code == 404


def test_plugins_object_to_openings_and_hear_of_decisions(county, opened):
    from datetime import date

    from core.errors import Objection
    from plugins.notices.objections import Decision, NewObjection, decide_objection, take_objection

    class Dependent:
        """A plugin that keeps what it hears."""

        heard = []

        @hookimpl
        def check_notices_opening(self, work, notice):
            return [Objection(reason="缺票决", code="E_NO_BALLOT")] if notice.subject == "case:8" else []

        @hookimpl
        def notices_objection_decided(self, work, decided):
            self.heard.append((decided.subject, decided.position, decided.person_id, decided.upheld))

    listener = Dependent()
    notice = opened(subject="case:7")
    county.host.hooks.manager.register(listener, name="dependent")
    county.host.hooks.order = [*county.host.hooks.order, "dependent"]
    with pytest.raises(Refused) as refusal:
        opened(subject="case:8")
    assert refusal.value.code == "E_NO_BALLOT"
    with county.begin() as work:
        wish = NewObjection(way="oral", text="不实", received_on=date(2026, 11, 20), position=1)
        number = take_objection(work, notice, wish).id
    with county.begin() as work:
        decide_objection(work, number, Decision(outcome="upheld", reason="属实", decided_on=date(2026, 11, 20)))
    assert listener.heard == [("case:7", 1, 1, True)]


def opened_at(address):
    """The answer of a server that is just starting."""
    import time
    import urllib.error
    import urllib.request

    for _try in range(100):
        try:
            return urllib.request.urlopen(address)
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(address)


def test_serve_public_opens_a_port_of_its_own(county):
    import threading

    from core.cli.shell import Shell
    from core.web.serving import serve_county

    open_public(county)
    stop, said = threading.Event(), []
    started = threading.Event()

    def announce(line):
        if "http" in line:  # not the line about a port that another took
            said.append(line)
            started.set()

    shell = Shell(county.home, clock=county.clock)
    given = {"host": "127.0.0.1", "port": None, "announce": announce, "public": True, "stop": stop}
    serving = threading.Thread(target=serve_county, args=(shell,), kwargs=given, daemon=True)
    serving.start()
    assert started.wait(20)
    address = said[0].split()[-1].rstrip("/")
    try:
        with opened_at(f"{address}/notices") as answer:
            assert "公示核验" in answer.read().decode()
            assert answer.headers["set-cookie"] is None
    finally:
        stop.set()
        serving.join(timeout=20)
