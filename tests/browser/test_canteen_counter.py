"""The counter in a real browser: ten diners with the network, ten without it, the page closed meanwhile, none lost."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from plugins.canteen.counter.terminals import confirm_terminal, revoke_terminal
from tests.plugins.canteen.counter.conftest import canteens  # noqa: F401 - fixture

SITE = "CT-430223103-001"
NAMES = ("王桂兰", "何永福", "刘翠英", "赵桂珍", "孙长河", "周小英", "林阿水", "陈秀英", "李国强", "张玉梅")


@pytest.fixture
def cards(canteens):  # noqa: F811 - the fixture
    """Twenty diners of one site with cards: their tokens; it is a quarter past eleven."""
    canteens.at("2026-11-20T11:15")
    canteens.site(SITE)
    return [canteens.card(canteens.diner(f"{name}{suffix}")) for suffix in ("", "甲") for name in NAMES]


@pytest.fixture
def counter(window, canteens, cards):  # noqa: F811 - the fixture
    """An open counter whose device is registered and confirmed."""

    def open_counter(**wishes):
        one = window("canteen_operator", **wishes)
        one.open(f"/canteen/counter/{SITE}")
        one.page.locator("#setup-go").click()
        one.page.get_by_text("等待县里确认" if wishes.get("language") != "en" else "waits for the county").wait_for()
        serial = re.search(r"[0-9a-f]{16}", one.page.locator("#setup-text").inner_text())[0]
        with canteens.county.begin("canteen_officer") as work:
            confirm_terminal(work, serial)
        one.page.reload()
        one.page.locator("#band[data-state=wait]").wait_for()
        one.page.locator("#counter[data-kept]").wait_for()
        one.page.locator("#net.on").wait_for()
        one.page.locator("#serving:not(:empty)").wait_for(state="attached")  # the list of the day is there
        one.page.locator("#setup").wait_for(state="hidden")
        one.serial = serial
        return one

    return open_counter


def swipe(page, token):
    """A card reader types the token and Enter."""
    page.locator("#reader").focus()
    page.keyboard.type(token)
    page.keyboard.press("Enter")


def serve(page, token):
    """A swipe, then Enter once the amount stands there."""
    swipe(page, token)
    expect(page.locator("#band-text")).to_have_text("可以用餐")
    page.keyboard.press("Enter")
    expect(page.locator("#band-text")).to_contain_text("已登记")


def served(canteens):  # noqa: F811 - the fixture's name
    with canteens.county.look() as work:
        connection = work.session.connection()
        swipes = connection.scalar(text("SELECT COUNT(*) FROM canteen_swipe WHERE state = 'standing'"))
        return swipes, connection.scalar(text("SELECT COUNT(*) FROM canteen_subsidy"))


def test_ten_online_ten_offline_a_closed_page_and_twenty_on_the_server(counter, cards, canteens):  # noqa: F811
    one = counter()
    page = one.page
    for token in cards[:10]:
        serve(page, token)
    page.locator("#net.on").wait_for()
    assert served(canteens) == (10, 10)
    context = page.context
    context.set_offline(True)
    for token in cards[10:15]:
        serve(page, token)
    page.get_by_text("离线 · 已存本机 5 笔").wait_for()
    page.close()
    page = context.new_page()
    page.goto(one.address + f"/canteen/counter/{SITE}")
    page.get_by_text("离线 · 已存本机 5 笔").wait_for()
    for token in cards[15:]:
        serve(page, token)
    page.get_by_text("离线 · 已存本机 10 笔").wait_for()
    swipe(page, cards[0])
    page.get_by_text("当日已享受助餐补贴").wait_for()
    page.keyboard.press("Escape")
    page.locator("#close").click()
    page.get_by_text("还有 10 笔没有上传，不能日结").wait_for()
    assert served(canteens) == (10, 10)
    context.set_offline(False)
    page.locator("#net.on").wait_for()
    assert served(canteens) == (20, 20)


def test_a_new_list_remembers_what_was_served_and_not_sent_yet(counter, cards, canteens):  # noqa: F811
    page = counter().page
    page.context.set_offline(True)
    serve(page, cards[0])
    page.get_by_text("离线 · 已存本机 1 笔").wait_for()
    page.route("**/send", lambda route: route.abort())
    with page.expect_response("**/day*"):
        page.context.set_offline(False)
    page.get_by_text("离线 · 已存本机 1 笔").wait_for()
    page.context.set_offline(True)
    for _time in range(2):  # on this page, and on one that is opened again without the network
        swipe(page, cards[0])
        page.get_by_text("当日已享受助餐补贴").wait_for()
        page.keyboard.press("Escape")
        page.reload()
        page.locator("#serving:not(:empty)").wait_for(state="attached")
    page.unroute("**/send")
    page.context.set_offline(False)
    page.locator("#net.on").wait_for()
    assert served(canteens) == (1, 1)


def test_a_device_that_lost_its_key_on_the_way_registers_again(window, canteens, cards):  # noqa: F811
    one = window("canteen_operator")
    one.open(f"/canteen/counter/{SITE}")
    page = one.page

    def registered():
        page.locator("#setup-go").click()
        page.get_by_text("等待县里确认").wait_for()
        serial = re.search(r"[0-9a-f]{16}", page.locator("#setup-text").inner_text())[0]
        with canteens.county.begin("canteen_officer") as work:
            confirm_terminal(work, serial)
        return serial

    def cut(route):
        route.fetch()
        route.abort()

    first = registered()
    page.route("**/key", cut)
    page.reload()
    page.locator("#band[data-state=bad]").wait_for(state="attached")
    page.unroute("**/key")
    page.reload()
    page.get_by_text(f"登记（{first}）没有完成").wait_for()
    assert registered() != first
    page.reload()
    page.locator("#setup").wait_for(state="hidden")
    page.locator("#serving:not(:empty)").wait_for(state="attached")
    serve(page, cards[0])
    page.locator("#net.on").wait_for()
    assert served(canteens) == (1, 1)


def test_two_enters_while_the_server_is_slow_are_one_meal(counter, cards, canteens):  # noqa: F811
    page = counter().page
    held = []
    page.route("**/find", lambda route: held.append(route))
    page.evaluate(
        f"""() => {{
          const free = new Promise((resolve) => {{ window.letGo = resolve; }});
          navigator.locks.request("huimin-canteen-{SITE}", () => free);
        }}"""
    )
    swipe(page, cards[0])
    page.get_by_text("可以用餐", exact=True).wait_for()
    page.keyboard.press("Enter")
    with page.expect_response("**/find"):
        held[0].continue_()
    page.wait_for_function("new Promise((resolve) => setTimeout(() => resolve(true), 300))")
    page.keyboard.press("Enter")
    page.evaluate("window.letGo()")
    page.locator("#band-text", has_text="已登记").wait_for()
    page.locator("#net.on").wait_for()
    assert page.locator("#recent li").count() == 1
    assert served(canteens) == (1, 1)


def test_what_lies_on_the_device_names_nobody_and_goes_with_the_sign_out(counter, cards, canteens):  # noqa: F811
    one = counter()
    page = one.page
    serve(page, cards[0])
    page.locator("#net.on").wait_for()
    stored = page.evaluate(
        """async () => {
          const found = {};
          for (const name of ["huimin-day", "huimin-canteen"]) {
            const asked = indexedDB.open(name);
            const database = await new Promise((ok) => { asked.onsuccess = () => ok(asked.result); });
            for (const store of database.objectStoreNames) {
              found[store] = await new Promise((ok) => {
                const r = database.transaction(store).objectStore(store).getAll(); r.onsuccess = () => ok(r.result);
              });
            }
            database.close();
          }
          const keys = [found.list[0].key, found.terminals[0].key];
          const names = await caches.keys();
          const pages = await (await caches.open(names[0])).keys();
          return {
            text: JSON.stringify(found), free: keys.map((key) => key.extractable),
            pages: pages.map((page) => new URL(page.url).pathname),
          };
        }"""
    )
    assert stored["free"] == [False, False]
    assert NAMES[0] not in stored["text"] and "T2" not in stored["text"]
    assert not re.search(r"\d{17}[\dX]", stored["text"])
    assert {path for path in stored["pages"] if not path.startswith("/static/")} == {
        f"/canteen/counter/{SITE}", "/canteen/counter/counter.js",
    }  # fmt: skip
    listed = page.evaluate(f"fetch('/canteen/counter/{SITE}/day').then((answer) => answer.json())")
    assert set(listed["diners"][0]) == {"code", "cards", "name", "initials", "pay", "ate", "delivery"}
    page.goto(one.address + "/profile")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/sign-in**")
    left = page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
    assert "huimin-day" not in left and "huimin-canteen" in left


def test_a_revoked_device_forgets_its_list_and_serves_nobody(counter, cards, canteens):  # noqa: F811
    one = counter()
    with canteens.county.begin("canteen_officer") as work:
        revoke_terminal(work, one.serial, "设备丢失")
    one.page.reload()
    one.page.get_by_text("本机已停用").wait_for()
    left = one.page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
    assert "huimin-day" not in left


def test_the_counter_by_keyboard_name_set_undo_and_full_price(counter, cards, canteens):  # noqa: F811
    one = counter()
    page = one.page
    page.keyboard.press("F4")
    page.locator("#search-text").fill("wgl")
    page.get_by_role("button", name="王桂兰", exact=True).wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("可以用餐").wait_for()
    assert page.locator("#amount").inner_text() == "4.00"
    page.keyboard.press("Enter")
    page.get_by_text("已登记 · 王桂兰").wait_for()
    swipe(page, cards[0])
    page.get_by_role("button", name="按全价 ¥9.00 出售").wait_for()
    page.keyboard.press("Escape")
    page.locator("#undo").click()
    page.locator("#recent").get_by_text("已撤销").wait_for()
    page.locator("#net.on").wait_for()
    assert served(canteens) == (1, 0)
    swipe(page, "f" * 32)
    page.get_by_text("没有找到这张就餐卡").wait_for()
    assert not one.said or all("404" in line for line in one.said), one.said


def test_the_counter_fits_and_axe_finds_nothing(counter, cards):
    faults = []
    for wishes in ({"width": 1440}, {"width": 390}, {"width": 390, "language": "en"}):
        one = counter(**wishes)
        swipe(one.page, cards[1])
        one.page.locator("#band[data-state=ok]").wait_for()
        faults += [f"{wishes}: {fault}" for fault in [*one.said, *one.axe()]]
        if one.sideways():
            faults.append(f"{wishes}: scrolls sideways")
        one.page.keyboard.press("F4")
        field, dialog = (one.page.locator(name).bounding_box() for name in ("#search-text", "#search"))
        if field["x"] + field["width"] > dialog["x"] + dialog["width"]:
            faults.append(f"{wishes}: the field of the search is wider than its dialog")
    assert not faults, "\n".join(faults)


def test_terminals_and_open_questions_are_looked_after(window, canteens, cards):  # noqa: F811
    from plugins.canteen.counter.terminals import register_terminal

    second = canteens.site("CT-430223103-002")
    here, there = canteens.device(SITE), canteens.device(second)
    code = canteens.diner("吴阿婆")
    canteens.send(here.write(code, "2026-11-20T11:00:00"), there.write(code, "2026-11-20T11:05:00"))
    with canteens.county.begin("canteen_operator") as work:
        register_terminal(work, SITE, "二号窗口")
    officer = window("canteen_officer", width=390)
    officer.open("/canteen/terminals")
    officer.page.get_by_role("button", name="确认 二号窗口").click()
    officer.page.get_by_text("终端已确认").wait_for()
    assert not officer.axe() and not officer.sideways()
    clerk = window("township_officer", area="430223103", width=390)
    clerk.open("/canteen/conflicts")
    assert not clerk.axe() and not clerk.sideways()
    clerk.page.get_by_role("link", name="不补贴").click()
    clerk.page.get_by_role("button", name="不补贴").click()
    clerk.page.get_by_text("请写明理由").first.wait_for()
    clerk.page.locator("[name=reason]").fill("已在一号食堂用餐")
    clerk.page.get_by_role("button", name="不补贴").click()
    clerk.page.get_by_text("没有等待处理的记录").wait_for()
