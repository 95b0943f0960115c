"""A canteen serves lunch while the line is down: nothing is lost, nobody is paid twice, the day is closed."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import expect

from .walking import WIDTHS

pytestmark = pytest.mark.one_database
LUNCH = datetime.fromisoformat("2026-11-20T11:20:00+08:00")
SITE = "CT-430223103-001"


@pytest.mark.parametrize("width", WIDTHS)
def test_lunch_is_served_while_the_line_is_down_and_nothing_is_lost(journey, width):
    with journey("lunch", width) as one:
        page = one.page
        one.clock.set(LUNCH)
        one.comes("食堂操作员")
        one.menu("长者食堂")
        one.follow(SITE)
        one.follow("收银窗口")
        page.get_by_role("dialog").get_by_label("窗口名称").fill("二号窗口")
        page.get_by_role("dialog").get_by_role("button", name="登记本机").click()
        expect(page.get_by_role("dialog")).to_contain_text("等待县里确认")
        one.look()
        one.follow("离开窗口", page.get_by_role("dialog"))

        one.comes("县经办员")
        one.menu("长者食堂")
        one.follow("柜台终端")
        one.press("确认 二号窗口")
        one.sees("终端已确认")

        one.comes("食堂操作员")
        one.menu("长者食堂")
        one.follow(SITE)
        one.follow("收银窗口")
        page.locator("#counter[data-kept]").wait_for()
        expect(page.get_by_role("status").first).to_contain_text("全部已上传")
        page.context.set_offline(True)
        eaten = serve(one, 3)
        expect(page.locator("#net")).to_contain_text("离线 · 已存本机 3 笔")
        one.look()
        page.get_by_role("button", name="日结").click()
        one.sees("还有 3 笔没有上传，不能日结")
        page.context.set_offline(False)
        expect(page.locator("#net")).to_contain_text("全部已上传")
        page.on("dialog", lambda asked: asked.accept())
        page.get_by_role("button", name="日结").click()
        one.sees("今天已日结：3 餐")
        one.look()
        assert len(set(eaten)) == 3  # noqa: PLR2004 - three people ate


def serve(one, count):
    """Diners found by the first letter of their names, confirmed one after the other; answers who they were."""
    page, eaten = one.page, []
    for letter in "lwzcxyhsdfgjmp":
        page.get_by_role("button", name="查姓名").click()
        page.get_by_label("姓名或拼音首字母").fill(letter)
        found = page.get_by_role("dialog").get_by_role("listitem").get_by_role("button")
        if not found.count():
            page.get_by_role("dialog").get_by_role("button", name="返回").click()
            continue
        eaten.append(found.first.inner_text())
        found.first.click()
        expect(page.locator("#name")).to_have_text(eaten[-1])
        page.get_by_role("button", name=re.compile("^确认")).click()
        expect(page.locator("#band-text")).to_contain_text("已登记")
        if len(eaten) == count:
            break
    return eaten
