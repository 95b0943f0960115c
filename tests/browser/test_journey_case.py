"""A township's officer takes a case from the desk to the board: visit, vote, notice with a photo, a public check."""

import re

import pytest
from playwright.sync_api import expect

from core.web.public import create_public_app

from .test_notices import picture
from .walking import WIDTHS, Walker, served

pytestmark = pytest.mark.one_database
PHOTO = {"name": "board.png", "mimeType": "image/png", "buffer": picture()}
SEEN = "一层砖房两间，老人常年服药"


@pytest.mark.parametrize("width", WIDTHS)
def test_an_officer_visits_the_village_votes_and_a_notice_with_a_photo_is_checked_by_anybody(journey, profile, width):
    with journey("case", width) as one:
        number = visit(one)
        one.comes("拟定低保结论")
        one.menu("申请办理")
        one.follow(number)
        assert not one.offered("提交"), "a step of the township is not offered to the county"
        one.comes("乡镇经办员")
        one.task("最低生活保障：待票决")
        vote(one)
        one.task("最低生活保障：待票决")
        one.press("提交")
        one.sees("初审公示")
        notice, code = publish(one)
        with served(one.home, one.clock, create_public_app) as address:
            page = profile(viewport={"width": width, "height": 844}, locale="zh-CN").new_page()
            page.goto(address)
            page.get_by_role("link", name="公示", exact=True).click()
            page.get_by_label("公示编号").fill(notice)
            page.get_by_label("核验码").fill(code)
            page.get_by_role("button", name="核验").click()
            expect(page.locator("body")).to_contain_text("这份公示单是真实的")


def visit(one: Walker) -> str:
    """Find the case on the desk and record the visit, first with one investigator; answers its number."""
    one.comes("乡镇经办员")
    one.task("最低生活保障：待入户")
    number = re.findall(r"DB-\d{6}-\d{4}-\d{6}", one.page.title())[0]
    applicant = one.main.get_by_role("heading", level=1).inner_text().partition("户 ")[0]
    if one.on_phone:
        one.page.get_by_role("link", name="填写办理意见").click()
    one.fill(调查人员="赵丽", 签字的家庭成员=applicant, 调查情况=SEEN)
    one.press("提交")
    one.sees("入户调查人员不得少于2人")
    assert one.main.get_by_label("调查情况").input_value() == SEEN
    one.fill(调查人员="赵丽、周敏")
    one.main.get_by_label("照片 1").set_input_files(PHOTO)
    one.press("提交")
    one.sees("待票决")
    one.sees(SEEN)
    assert not one.waits("最低生活保障：待入户")
    return number


def vote(one: Walker) -> None:
    """Skipping the vote is refused; then the way from the case leads to its form, and everybody agrees."""
    one.press("提交")
    one.sees("未经评审团票决")
    one.follow(re.compile("^去办理 ?登记票决"))
    boxes = one.main.get_by_role("group", name="到会成员").get_by_role("checkbox")
    for box in boxes.all():
        box.check()
    one.fill(乡镇到场人员="赵丽", 监票人="何永祥", 同意="1", 不同意="0")
    one.press("登记票决")
    one.sees("票数不平衡")
    one.main.get_by_role("textbox", name="同意", exact=True).fill(str(boxes.count()))
    one.press("登记票决")


def publish(one: Walker) -> tuple[str, str]:
    """From the case to its notice: the sheet hides the names, it is posted with a photo; answers number and code."""
    one.follow(re.compile("^GS-"))
    notice = re.findall(r"GS-\d{4}-\d{4}", one.main.inner_text())[0]
    one.follow("公示单")
    sheet = one.main.inner_text()
    code = re.findall(r"核验码 ?([0-9A-Z-]+)", sheet)[0]
    one.follow("返回", one.page.locator("body"))
    one.follow("登记张贴")
    one.press("登记张贴")
    one.sees("有 1 处需要改正")
    one.fill(张贴地点="村务公开栏")
    one.main.get_by_label("张贴照片").set_input_files(PHOTO)
    one.press("登记张贴")
    one.sees("张贴已登记")
    one.sees("公示中")
    return notice, code
