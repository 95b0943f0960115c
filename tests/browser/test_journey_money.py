"""Four people pay a month from the desk on, the bank sends one line back, and nobody takes two of the steps."""

import re

import pytest

from core.demo import bank

from .walking import WIDTHS

pytestmark = pytest.mark.one_database
REASON = "账户已销户"


@pytest.mark.parametrize("width", WIDTHS)
def test_four_people_pay_the_meals_of_a_month_and_nobody_takes_two_steps(journey, tmp_path, width):
    with journey("money", width) as one:
        one.comes("账号、角色、一次性登录码")
        one.menu("账号与角色")
        one.follow("唐秋")
        for role in ("复核人", "审批人"):
            one.choose("角色", role)
            one.press("授权")
        one.choose("角色", "审计员")
        one.press("授权")
        one.sees("不能由同一人担任")

        one.comes("提交批次")
        one.task("助餐结算列入发放")
        one.follow("列入发放")
        one.fill(月份="2026-10")
        one.press("列入发放")
        one.sees("已列入资金发放批次")
        one.task("长者食堂就餐补助")
        one.press("提交")
        one.sees("已提交，等待复核")
        one.sees("你已经在这个批次上办过一步，这一步要由别人办理")
        assert not one.offered("复核通过"), "who submits does not review, whatever else they may"
        batch = one.page.url.partition("?")[0]

        one.comes("拟定低保结论")
        one.task("长者食堂就餐补助")
        assert one.page.url.startswith(batch)
        one.press("复核通过")
        one.sees("已复核，等待审批")

        one.comes("提交批次")
        assert not one.waits("长者食堂就餐补助"), "what one may not do does not wait for one"
        one.menu("发放批次")
        one.follow(f"批次 {batch.rpartition('/')[2]}")
        one.sees("你已经在这个批次上办过一步，这一步要由别人办理")
        assert not one.offered("审批通过"), "nor approves"

        one.comes("社会救助股长")
        one.task("长者食堂就餐补助")
        one.press("审批通过")
        one.sees("已审批，等待放行")

        one.comes("放行批次")
        one.task("长者食堂就餐补助")
        release = re.compile("^放行 ")
        total = one.main.get_by_role("button", name=release).inner_text().removeprefix("放行 ").removesuffix(" 元")
        one.fill(再输一次合计="1.00")
        one.press(release)
        one.sees("有 1 处需要改正")
        assert one.main.get_by_label("再输一次合计").input_value() == "1.00"
        one.fill(再输一次合计=total)
        one.press(release)
        one.sees("已放行，可以生成银行文件")
        one.press("生成银行文件")
        one.takes("下载银行文件").save_as(tmp_path / "bank.csv")
        answer = bank.answer((tmp_path / "bank.csv").read_bytes(), {1: REASON})
        file = {"name": "回盘.csv", "mimeType": "text/csv", "buffer": answer}
        one.main.get_by_label("回盘文件").set_input_files(file)
        one.press("导入回盘")
        one.sees("退回 1 行")
        one.sees(REASON)
        one.menu("发放批次")
        one.follow("退票")
        one.sees(REASON)
