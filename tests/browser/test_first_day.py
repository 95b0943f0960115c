"""The first minutes with ``make demo``, by the screen alone: a case approved, a month paid, canteens off and on."""

import re
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from core.demo.making import SMALL, Wish, make_demo
from core.host import Host
from core.settings import load
from core.web.dispatcher import Door
from tests.browser.conftest import Window
from tests.browser.serving import on_a_port

pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def demo_county(tmp_path_factory):
    """A small demo county on a port of this machine."""
    home = tmp_path_factory.mktemp("demo") / "county"
    began = time.monotonic()
    made = make_demo(home, Wish(households=SMALL))
    _say(f"\nmade {made['households']} households in {time.monotonic() - began:.1f} s\n")
    with on_a_port(Door(lambda: Host(load(home)))) as address:
        yield address


@pytest.fixture
def visitor(profile, demo_county):
    """Somebody who has never seen it, before a browser of some width."""

    def come(width=1440):
        page = profile(viewport={"width": width, "height": 900 if width > 600 else 844}).new_page()
        said = []
        page.on("console", lambda one: said.append(one.text) if one.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        return Tour(Window(page, demo_county, said))

    return come


class Tour:
    """What a newcomer does, in the words of the screen."""

    def __init__(self, window):
        self.window, self.page = window, window.page
        self.began = time.monotonic()

    def step_in(self, role):
        """One click on the sign-in page, after leaving whoever one was."""
        self.window.open("/")
        leave = self.page.get_by_role("button", name="换个角色")
        if leave.count():
            leave.click()
        card = self.page.get_by_role("button", name=re.compile(f"^{role}|{role} "))
        if not card.first.is_visible():
            self.page.get_by_text("更多角色").click()
        card.first.click()
        expect(self.page.get_by_role("heading", name="工作台")).to_be_visible()

    def press(self, words):
        self.page.get_by_role("button", name=words, exact=True).click()

    def follow(self, words):
        self.page.get_by_role("link", name=words).first.click()

    def task(self, words):
        """The first thing of the list of what waits that is called so."""
        self.follow("待办事项")
        self.page.locator("main").get_by_role("link", name=re.compile(words)).first.click()

    def sees(self, words):
        expect(self.page.locator("body")).to_contain_text(words)

    def note(self, what):
        _say(f"  {time.monotonic() - self.began:5.1f} s  {what}\n")


def _say(words):
    """Timed and told, never held against a machine."""
    sys.stdout.write(words)


def test_a_newcomer_approves_a_case_pays_a_month_and_switches_canteens_off_and_on(visitor, tmp_path):
    tour = visitor()
    tour.step_in("社会救助股长")
    tour.sees("示例")
    tour.note("signed in with one click")
    tour.task("确认公示")
    tour.press("提交")
    tour.sees("审核确认通知书")
    tour.note("a case was approved")

    tour.step_in("复核人")
    tour.task("孤儿基本生活费")
    batch = tour.page.url
    tour.press("复核通过")
    tour.sees("已复核，等待审批")
    tour.step_in("社会救助股长")
    tour.task("孤儿基本生活费")
    tour.press("审批通过")
    tour.sees("已审批，等待放行")
    tour.step_in("出纳")
    tour.task("孤儿基本生活费")
    total = tour.page.get_by_role("button", name=re.compile("^放行 ")).inner_text()
    tour.page.get_by_label("再输一次合计").fill(re.sub(r"[^0-9.]", "", total))
    tour.page.get_by_role("button", name=re.compile("^放行 ")).click()
    tour.press("生成银行文件")
    with tour.page.expect_download() as download:
        tour.follow("下载示例银行的回盘")
    answer = Path(tmp_path) / "answer.csv"
    download.value.save_as(answer)
    tour.page.get_by_label("回盘文件").set_input_files(answer)
    tour.press("导入回盘")
    tour.sees("已回盘")
    assert tour.page.url.startswith(batch)
    tour.note("a month was paid by four people")

    tour.step_in("县配置员")
    tour.page.locator("main").get_by_role("link", name="插件页").click()
    for switched, words in (("停用", "已停用"), ("启用", "已启用")):
        tour.page.locator("section, article, li").filter(has=tour.page.get_by_role("heading", name="长者食堂")).last \
            .get_by_role("link", name=switched).click()  # fmt: skip
        tour.press(switched)
        tour.sees(words)
        tour.step_in("社会救助股长")
        shown = tour.page.locator(".side").get_by_role("link", name="长者食堂").count()
        assert shown == (switched == "启用")
        tour.step_in("县配置员")
        tour.follow("插件")
    tour.note("canteens were switched off and on")
    assert tour.window.said == []


def test_the_sign_in_page_and_the_desks_fit_and_axe_finds_nothing(visitor):
    for width in (1440, 390):
        tour = visitor(width)
        tour.window.open("/")
        assert not tour.window.sideways()
        assert tour.window.axe() == []
        assert tour.page.locator(".roles.six button").count() == 6
        tour.step_in("食堂操作员")
        tour.step_in("社会救助股长")
        assert not tour.window.sideways()
        assert tour.window.axe() == []
        tour.press("知道了")
        expect(tour.page.get_by_role("heading", name="工作台")).to_be_visible()
        assert tour.page.get_by_role("button", name="知道了").count() == 0
