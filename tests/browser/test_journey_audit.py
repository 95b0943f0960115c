"""An auditor looks after the county: the chain holds, a sample is drawn, who looked at a number and why is told."""

import re

import pytest

from .walking import WIDTHS

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("width", WIDTHS)
def test_an_auditor_verifies_draws_a_sample_and_sees_who_looked_at_a_number(journey, width):
    with journey("audit", width) as one:
        one.comes("县经办员")
        one.menu("户籍登记")
        one.follow("武磊娜户")
        one.follow("武磊娜")
        one.follow(re.compile("^查看"))
        one.press(re.compile("^查看"))
        one.sees("请选查看事由")
        one.choose("查看事由", "群众来访查询")
        one.press(re.compile("^查看"))
        one.sees("这次查看已记入审计")
        one.follow("看完了")

        one.comes("审计员")
        one.menu("审计")
        line = one.main.get_by_role("row").filter(has_text="群众来访查询")
        one.follow(re.compile(r"\d"), line)
        one.sees("zhoumin")
        one.sees("群众来访查询")
        one.menu("审计")
        one.follow("校验")
        one.press("开始校验")
        one.sees("校验通过")
        one.menu("审计")
        one.follow("抽查")
        one.fill(抽查条数="12", 种子="20261120")
        one.press("抽取")
        drawn = one.main.get_by_role("rowheader").all_inner_texts()
        assert len(drawn) == 12  # noqa: PLR2004 - as many as were asked for
        one.press("抽取")
        assert one.main.get_by_role("rowheader").all_inner_texts() == drawn
        one.follow(drawn[0])
        one.menu("审计")
        one.press("打印锚点")
        one.sees("审计锚点")
