"""A standard is raised after looking at what it costs; the configurator switches a plugin off and on."""

import re

import pytest

from .walking import WIDTHS

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("width", WIDTHS)
def test_a_standard_is_raised_after_a_look_at_whom_it_concerns_and_what_it_costs(journey, width):
    with journey("standard", width) as one:
        one.comes("提交批次")
        one.task("标准低于下限")
        one.follow("试算")
        one.choose("业务和类别", "孤儿基本生活费 · 社会散居孤儿")
        one.press("试算")
        one.sees("有 1 处需要改正")
        one.fill(每月标准="1500", 月份="2027-01")
        one.press("试算")
        one.sees("每月多支出")
        cost = one.main.get_by_text("每月多支出").locator("xpath=following-sibling::dd").inner_text()
        assert re.fullmatch(r"[\d,]+\.\d\d 元", cost), cost
        assert cost != "0.00 元"
        one.follow("按这个标准设定")
        assert one.main.get_by_label("标准（元）").input_value() == "1500"
        one.press("设定标准")
        one.sees("有 1 处需要改正")
        one.fill(文号="攸民发〔2026〕31号")
        one.press("设定标准")
        one.sees("已设定标准")
        one.sees("攸民发〔2026〕31号")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_configurator_switches_canteens_off_and_on_and_menu_desk_and_household_change(journey, width):
    with journey("switch", width) as one:
        one.comes("县经办员")
        one.menu("长者食堂")
        one.follow("就餐老人")
        diner = one.main.get_by_role("row").filter(has_text="在册").first.get_by_role("link").inner_text()
        before = shown(one, diner)
        assert all(before), before
        switch(one, "停用")
        one.comes("县经办员")
        assert not any(shown(one, diner))
        switch(one, "启用")
        one.comes("县经办员")
        assert shown(one, diner) == before


def shown(one, diner):
    """Whether canteens are in the menu, among what waits, and on the household page of somebody who eats there."""
    menu, desk = one.in_menu("长者食堂"), one.waits("长者食堂")
    one.menu("户籍登记")
    one.fill(**{"户主、成员或户号": diner})
    one.press("查询")
    one.follow(re.compile("户$"), one.main.get_by_role("table"))
    return menu, desk, one.main.get_by_role("region", name=re.compile("助餐|长者食堂")).count() > 0


def switch(one, verb):
    """The configurator finds the plugin on the page, reads what will happen and does it."""
    one.comes("县配置员")
    one.menu("插件")
    card = one.main.locator("section, article, li").filter(has=one.page.get_by_role("heading", name="长者食堂")).last
    one.follow(re.compile(f"^{verb}"), card)
    one.sees(f"{verb}“长者食堂”？")
    one.press(verb)
    one.sees(f"已{verb}")
