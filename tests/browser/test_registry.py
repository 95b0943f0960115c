"""The registry as a clerk meets it: filled pages in every look, and whole ways through them with and without script."""

from datetime import date

import huimin_misbehaving
import pytest
from openpyxl import Workbook
from playwright.sync_api import expect

from core.households import duplicates, services
from core.households.importing.rosters import store_roster
from core.households.wishes import Member, OpenHousehold
from core.identity.attachments import NewAttachment, add_attachment
from core.identity.corrections import Correction
from core.identity.events import Death, record_death
from core.identity.persons import NewPerson, register_person
from core.identity.second_person import propose_correction
from core.testing import TOWN, VILLAGE, enabled
from tests.people import citizen

PAGES = [
    "/households", "/households?town=430223103&closed=1", "/households/1", "/households/1/change",
    "/households/1/changes",
    "/households/1/members", "/households/1/split", "/households/1/merge?other=H2", "/households/1/move",
    "/households/1/close", "/households/1/sheet", "/households/new", "/households/import", "/households/import/1",
    "/households/duplicates", "/households/duplicates/1", "/households/export", "/people", "/people?q=wgl", "/people/1",
    "/people/4", "/people/new", "/people/proposals", "/people/proposals/1", "/people/1/correct", "/people/1/merge",
    "/people/1/reveal", "/people/4/events/1/take-back", "/attachments?owner=household:1", "/attachments/1/remove",
    "/reports/households-population?by=village", "/reports/households-deaths?month=2026-11",
]  # fmt: skip
LOOKS = {
    "desk": {"width": 1440},
    "phone": {"width": 390},
    "narrow": {"width": 320},
    "large": {"width": 1440, "large": True},
    "large phone": {"width": 390, "large": True},
    "english": {"width": 1440, "language": "en"},
    "english phone": {"width": 390, "language": "en"},
}
JUDGED = ("desk", "phone", "large")
"""Where axe looks too: the other looks change lengths, not the structure."""


@pytest.fixture
def registry(county, tmp_path):
    """Two households with what can stand on their pages; a plugin that brings cards and one that breaks."""
    enabled(county, "every_hook")
    enabled(county, "misbehaving")
    names = [("王桂兰", "19440312"), ("陈国梁", "19710506"), ("陈小雨", "20150601"), ("李长根", "19500101")]
    with county.begin() as work:
        ids = [
            register_person(
                work, NewPerson(name=name, citizen_id=citizen(n, born), hukou_area=VILLAGE, phone=f"1380000000{n}")
            ).id
            or 0
            for n, (name, born) in enumerate(names, 1)
        ]
        register_person(work, NewPerson(name="李长根", sex="男", birth_date=date(1950, 1, 1), hukou_area=VILLAGE))
        for number, relations in (
            ("H1", zip(ids[:3], ("户主", "子", "孙女"), strict=True)),
            ("H2", [(ids[3], "户主")]),
        ):
            members = [Member(person_id=one, relation=word) for one, word in relations]
            wish = OpenHousehold(
                number=number, area=VILLAGE, address="四组 12 号", on=date(2026, 11, 1), members=members
            )
            services.open_household(work, wish)
        add_attachment(work, NewAttachment(owner="household:1", file_name="户口簿.pdf", data=b"%PDF-1.7 x"))
    with county.begin("clerk", TOWN) as work:
        record_death(work, ids[3], Death(on=date(2026, 11, 18), source="死亡医学证明 2026-118"))
        propose_correction(work, ids[0], Correction(name="王桂蓝"), "户口簿写错")
        duplicates.find_candidates(work)
        store_roster(work, workbook(tmp_path).read_bytes(), "名单.xlsx")
    huimin_misbehaving.WRONG_IN.add("show_household_panels")
    yield ids
    huimin_misbehaving.WRONG_IN.clear()


def workbook(folder):
    """A roster with one good household and faults in another."""
    book = Workbook()
    for row in (
        ["户号", "姓名", "公民身份号码", "与户主关系", "户籍地代码"],
        ["R1", "吴春生", citizen(31), "户主", VILLAGE],
        ["R2", "周红", citizen(32)[:-1], "一家之主", "430223199999"],
    ):
        book.active.append(row)
    book.save(folder / "名单.xlsx")
    return folder / "名单.xlsx"


@pytest.mark.parametrize("look", LOOKS)
def test_pages_of_the_registry_fit_and_axe_finds_nothing(window, registry, look):
    one = window("clerk", area=TOWN, **LOOKS[look])
    faults: list[str] = []
    for path in PAGES:
        one.open(path)
        faults += [f"{path} {look}: {line}" for line in one.said]
        one.said.clear()
        faults += [f"{path} {look}: {fault}" for fault in (one.axe() if look in JUDGED else [])]
        if one.sideways():
            faults.append(f"{path} {look}: scrolls sideways")
    assert not faults, "\n".join(faults)


def test_a_number_is_searched_from_the_top_bar_and_revealed_for_half_a_minute(window, registry):
    one = window("clerk", area=TOWN)
    one.open("/")
    one.page.keyboard.press("/")
    one.page.keyboard.type(citizen(1))
    one.page.keyboard.press("Enter")
    expect(one.page.locator("main").get_by_role("link", name="王桂兰").first).to_be_visible()
    assert citizen(1) not in one.page.url
    one.page.clock.install()
    one.open("/people/1/reveal")
    one.page.select_option("#f-reason", label="复核")
    one.page.get_by_role("button", name="查看 30 秒").click()
    shown = one.page.locator(".big-code")
    expect(shown).to_have_text(citizen(1))
    one.page.clock.fast_forward(31_000)
    expect(shown).to_have_text(f"尾号 {citizen(1)[-4:]}")


def test_a_roster_is_checked_and_imported_without_script(profile, served, county, registry, tmp_path):
    from core.web.testing import Browser

    with Browser(county) as reader:
        cookie = reader.sign_in("clerk", TOWN).client.cookies["huimin"]
    context = profile(java_script_enabled=False, viewport={"width": 390, "height": 844})
    context.add_cookies([{"name": "huimin", "value": cookie, "url": served}])
    page = context.new_page()
    page.goto(f"{served}/households")
    page.get_by_role("link", name="导入 Excel").click()
    page.set_input_files("#f-file", workbook(tmp_path))
    page.get_by_role("button", name="上传并检查").click()
    main = page.locator("main")
    expect(main).to_contain_text("1 行要改")
    expect(main).to_contain_text("还没有写入任何数据")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载标错的 Excel").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    page.get_by_role("button", name="导入没有错误的户").click()
    expect(main).to_contain_text("新增 1 人")
    page.get_by_role("link", name="家庭").click()
    page.wait_for_url("**/households")
    page.fill("main input[name=q]", "吴春生")
    page.press("main input[name=q]", "Enter")
    expect(main).to_contain_text("吴春生户")


def test_a_household_is_registered_from_a_phone_and_enter_sends_the_form(window, registry):
    one = window("clerk", area=TOWN, width=390)
    one.open("/households/new")
    one.page.fill("#f-number", "H9")
    one.page.select_option("#f-area", VILLAGE)
    one.page.fill("#f-number-0", citizen(41))
    one.page.fill("#f-name-0", "赵大年")
    one.page.select_option("#f-as-0", label="户主")
    one.page.fill("#f-on", "2026-11-10")
    one.page.press("#f-name-0", "Enter")
    one.page.wait_for_url("**/households/3")
    expect(one.page.locator("h1")).to_contain_text("赵大年户")
    expect(one.page.locator(".toast")).to_contain_text("已登记")


def test_the_household_page_prints_what_is_on_it_on_one_sheet(window, registry):
    one = window("clerk", area=TOWN)
    one.open("/households/1/sheet")
    one.page.emulate_media(media="print")
    expect(one.page.locator(".papertools")).to_be_hidden()
    expect(one.page.locator("article.paper")).to_have_count(1)
