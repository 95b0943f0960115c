"""Pages of households: what a clerk sees, registers, changes and prints."""

import io
import re
import types
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from core.extension import Lane, Panel, Plugin, Point, Span
from core.hookspecs import hookimpl
from core.households.duplicates import find_candidates
from core.identity.events import Death, record_death
from core.identity.models.persons import Person
from core.identity.persons import NewPerson, register_person
from core.loading import Loaded
from core.testing import OTHER_TOWN, TOWN, VILLAGE
from tests.people import citizen

PAGES = ["/households", "/households/new", "/households/import", "/households/duplicates", "/households?q=wgl",
         "/households?q=nobody", "/households?town=430223103&village=430223103201&closed=1", "/households/export",
         "/households/{h}", "/households/{h}/change", "/households/{h}/changes", "/households/{h}/members",
         "/households/{h}/split", "/households/{h}/merge", "/households/{h}/move", "/households/{h}/close",
         "/attachments?owner=household:{h}"]  # fmt: skip


@pytest.fixture
def clerk(client):
    """A clerk of the town."""
    return client.sign_in("clerk", TOWN)


def version_on(client, path):
    return re.search(r'name="version" value="(\d+)"', client.get(path).text).group(1)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_households_keeps_the_rules_of_markup(clerk, families, path):
    assert clerk.faults_of_markup(path.format(h=families[0].household)) == []


def test_a_new_household_registers_who_is_new_and_takes_in_who_is_known(clerk, families):
    known = clerk.county.person("林秀芳", VILLAGE)
    form = {
        "number": "0307-3000", "area": VILLAGE, "address": "五组 3 号", "on": "2026-11-10",
        "number-0": citizen(301, "19600101"), "name-0": "张三妹", "as-0": "02",
        "number-1": str(known), "as-1": "12",
        "name-2": "张小宝", "as-2": "21", "sex-2": "1", "born-2": "2024-05-06",
    }  # fmt: skip
    made = clerk.post("/households/new", form)
    assert made.status_code == 303, made.text
    page = clerk.get(made.headers["location"]).text
    assert "张三妹户" in page and "林秀芳" in page and "张小宝" in page and "3 人" in page


def test_a_refused_household_names_every_fault_at_once_and_keeps_what_was_typed(clerk, families):
    form = {"number": "", "address": "五组", "on": "2026-11-10", "number-0": "12345", "name-0": "张三", "as-0": ""}
    answer = clerk.post("/households/new", form)
    assert answer.status_code == 422 and "<title>有误：" in answer.text
    for field in ("number", "area"):
        assert f'id="e-{field}"' in answer.text
    assert 'value="五组"' in answer.text and 'value="张三"' in answer.text
    again = clerk.post("/households/new", {**form, "number": "N1", "area": VILLAGE, "as-0": "02"})
    assert 'id="e-number-0"' in again.text and "没有找到这个人" in again.text
    assert "张三户" not in clerk.get("/households").text


def test_nobody_is_registered_when_the_household_is_refused(clerk, families):
    form = {"number": "0307-2815", "area": VILLAGE, "on": "2026-11-10",
            "number-0": citizen(302), "name-0": "周新民", "as-0": "02"}  # fmt: skip
    answer = clerk.post("/households/new", form)
    assert answer.status_code == 422 and "已被使用" in answer.text
    assert "周新民" not in clerk.post("/people/search", {"q": "周新民"}, follow_redirects=True).text.replace(
        'value="周新民"', ""
    ).replace("没有找到“周新民”", "")


def test_more_lines_are_added_without_losing_what_was_typed(clerk):
    answer = clerk.post("/households/new", {"number": "N1", "name-0": "张三", "more": "1"})
    assert answer.status_code == 200 and 'value="张三"' in answer.text and 'name="number-7"' in answer.text


def test_a_whole_number_finds_a_household_and_never_stands_in_an_address(clerk, families):
    number = citizen(100)
    found = clerk.post("/households/search", {"q": number})
    assert found.status_code == 200 and "王桂兰户" in found.text
    word = clerk.post("/households/search", {"q": "王桂兰", "town": TOWN})
    assert word.status_code == 303 and "q=" in word.headers["location"]
    warned = clerk.get("/households", params={"q": number})
    assert "完整号码不要放在网址里" in warned.text and 'name="q" value=""' in warned.text
    clerk.sign_in("auditor")
    assert "按完整证件号码查找" in clerk.get("/audit?action=person.looked_up").text


def test_a_stale_form_comes_back_with_what_was_typed_and_what_stands_now(clerk, families):
    family, path = families[0], f"/households/{families[0].household}/members"
    head, child = family.people
    version = version_on(clerk, path)
    first = {f"relation-{head}": "02", f"relation-{child}": "21", "on": "2026-11-10", "version": version}
    assert clerk.post(path, first).status_code == 303
    stale = clerk.post(
        path, {f"relation-{head}": "02", f"relation-{child}": "", "on": "2026-11-12", "version": version}
    )
    assert stale.status_code == 409
    assert "刚被别人改过" in stale.text and "现在登记的" in stale.text and 'value="2026-11-12"' in stale.text
    fresh = re.search(r'name="version" value="(\d+)"', stale.text).group(1)
    assert fresh != version
    form = {f"relation-{head}": "02", f"relation-{child}": "", "on": "2026-11-12", "version": fresh}
    assert clerk.post(path, form).status_code == 303


def test_a_household_without_a_head_is_refused_at_its_members(clerk, families):
    family, path = families[0], f"/households/{families[0].household}/members"
    head, child = family.people
    form = {f"relation-{head}": "10", f"relation-{child}": "21", "on": "2026-11-10", "version": version_on(clerk, path)}
    answer = clerk.post(path, form)
    assert answer.status_code == 422 and 'id="f-members"' in answer.text and "只能有一名户主" in answer.text


def test_a_household_is_split_and_merged_again_and_the_history_says_so(clerk, families):
    family = families[0]
    head, child = family.people
    path = f"/households/{family.household}/split"
    form = {"number": "0307-9", "area": VILLAGE, "address": "六组", "on": "2026-11-05", "reason": "成家",
            f"relation-{head}": "02", f"relation-{child}": "02", f"leaves-{child}": "1",
            "version": version_on(clerk, path)}  # fmt: skip
    made = clerk.post(path, form)
    assert made.status_code == 303, made.text
    assert "陈国梁户" in clerk.get(made.headers["location"]).text
    history = clerk.get(f"/households/{family.household}/changes").text
    assert "分户" in history and "离开：陈国梁" in history
    path = f"/households/{family.household}/merge"
    asked = clerk.get(f"{path}?other=0307-9")
    assert "并进来：陈国梁户" in asked.text
    form = {"other": "0307-9", "on": "2026-11-08", f"relation-{head}": "02", f"relation-{child}": "21",
            "version": version_on(clerk, f"{path}?other=0307-9")}  # fmt: skip
    assert clerk.post(path, form).status_code == 303
    assert "加入：陈国梁" in clerk.get(f"/households/{family.household}/changes").text
    assert "已注销" in clerk.get("/households?closed=1").text


def test_a_household_moves_and_one_with_living_members_cannot_be_closed(clerk, families):
    family = families[0]
    path = f"/households/{family.household}/move"
    form = {"area": f"{TOWN}206", "address": "一组 1 号", "village_group": "", "on": "2026-11-20",
            "version": version_on(clerk, path)}  # fmt: skip
    assert clerk.post(path, form).status_code == 303
    page = clerk.get(f"/households/{family.household}").text
    assert "一组 1 号" in page and "迁移" in page
    closing = clerk.post(f"/households/{family.household}/close", {"on": "2026-11-10", "reason": "迁走"})
    assert closing.status_code == 422 and "不能注销" in closing.text and ">迁走</textarea>" in closing.text


def test_the_file_is_printed_with_masked_numbers_and_the_audit_knows(clerk, families):
    family = families[0]
    sheet = clerk.get(f"/households/{family.household}/sheet")
    assert "户籍登记档案" in sheet.text and "王桂兰" in sheet.text
    assert citizen(100) not in sheet.text and citizen(100)[-4:] in sheet.text
    assert clerk.get(f"/households/{family.household}/pdf").content[:5] == b"%PDF-"
    clerk.sign_in("auditor")
    assert "打印户籍档案" in clerk.get("/audit?action=household.printed").text


# What plugins bring


def bring(client, name, panels):
    """Let a plugin bring panels to the page of a household."""

    @hookimpl
    def show_household_panels(work, household_id, person_ids):
        return panels()

    module = types.ModuleType(name)
    module.show_household_panels = show_household_panels
    module.__file__ = __file__
    host = client.host
    host.hooks.manager.register(module, name=name)
    host.loaded.append(Loaded(Plugin(name=name, title=f"业务{name}", api=(1, 0), hue=3), module))
    host.hooks.order = [one.manifest.name for one in host.loaded]


def broken():
    raise RuntimeError("the canteen is on fire")


def test_a_broken_panel_loses_its_own_card_and_nothing_else(clerk, families):
    bring(clerk, "fire", broken)
    bring(clerk, "meals", lambda: [Panel(title="助餐", rows=[("本月用餐", "17 餐")])])
    page = clerk.get(f"/households/{families[0].household}").text
    assert "业务fire业务暂时不可用" in page and re.search(r"错误编号 E-\w{6}", page)
    assert "17 餐" in page and "王桂兰" in page


def test_tags_are_three_and_a_number_and_cards_without_data_are_left_out(clerk, families):
    bring(clerk, "many", lambda: [Panel(title="空卡", tags=[(f"标签{n}", "ok") for n in range(5)])])
    page = clerk.get(f"/households/{families[0].household}").text
    assert "标签2" in page and "标签3" not in page and "+2" in page and "空卡" not in page


def test_lanes_of_all_plugins_are_one_picture_with_a_text_of_it(clerk, families):
    span = Span(since=date(2025, 1, 1), until=None, label="农村低保 B 类")
    point = Point(on=date(2026, 3, 18), label="2,000 元")
    bring(clerk, "low", lambda: [Panel(title="低保", lanes=[Lane(title="低保", spans=[span])])])
    bring(clerk, "once", lambda: [Panel(title="临时救助", lanes=[Lane(title="临时救助", points=[point])])])
    page = clerk.get(f"/households/{families[0].household}").text
    assert page.count('<svg class="chart lanes"') == 1
    assert "2025-01-01 至 至今：农村低保 B 类" in page and "2026-03-18：2,000 元" in page


def test_what_a_plugin_or_a_name_says_is_text_and_never_markup(clerk, families):
    canary = "<script>alert(1)</script>"
    lane = Lane(title=canary, spans=[Span(since=date(2020, 1, 1), until=None, label=canary)])
    panel = Panel(title=canary, rows=[(canary, canary)], tags=[(canary, "")], lanes=[lane])
    bring(clerk, "canary", lambda: [panel])
    family = families[0]
    with clerk.county.begin() as work:
        given = {"canary": canary, "id": family.people[0]}
        work.session.execute(text("UPDATE identity_person SET name = :canary, address = :canary WHERE id = :id"), given)
        work.session.execute(text("UPDATE household_household SET address = :canary"), given)
        work.record("tests.tampered", "household:1")
    household, person = f"/households/{family.household}", f"/people/{family.people[0]}"
    pages = [
        household,
        f"{household}/members",
        f"{household}/sheet",
        f"{household}/changes",
        person,
        f"{person}/contact",
    ]
    for path in ["/households", *pages]:
        page = clerk.get(path).text
        assert "<script>alert" not in page and "&lt;script&gt;" in page, path


def test_an_export_never_holds_a_formula(clerk, families):
    with clerk.county.begin() as work:
        work.session.execute(text("UPDATE identity_person SET address = '=HYPERLINK(\"http://x\",1)' WHERE id = 1"))
        work.record("tests.tampered", "person:1")
    content = clerk.post("/households/export").content
    cells = [cell for row in load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert any("HYPERLINK" in str(cell.value) for cell in cells)


# Duplicates, reports, desk


@pytest.fixture
def twins(county):
    """Two records of one person in a village: the second without a number."""
    with county.begin() as work:
        for number in (citizen(401, "19500101"), ""):
            wish = NewPerson(
                name="吴春生", citizen_id=number, sex="男", birth_date=date(1950, 1, 1), hukou_area=VILLAGE
            )
            register_person(work, wish)
    with county.begin("clerk", TOWN) as work:
        find_candidates(work)


def test_one_clerk_proposes_that_two_records_are_one_person_and_another_decides(clerk, twins):
    address = re.search(r'href="(/households/duplicates/\d+)"', clerk.get("/households/duplicates").text).group(1)
    assert clerk.faults_of_markup(address) == []
    assert clerk.post(f"{address}/propose", {"reason": ""}).status_code == 422
    assert clerk.post(f"{address}/propose", {"reason": "走访本人"}).status_code == 303
    assert "等待另一人确认" in clerk.get(address).text
    own = clerk.post(f"{address}/decide", {"decision": "same", "reason": "是"})
    assert own.status_code == 422 and "不能自己确认" in own.text
    clerk.sign_in("township_officer", TOWN)
    assert "确认疑似重复" in clerk.get("/tasks").text
    assert clerk.post(f"{address}/decide", {"decision": "same", "reason": "户口簿第 3 页"}).status_code == 303
    assert "已合并" in clerk.get(address).text
    assert clerk.post(f"{address}/undo", {"reason": "是两兄弟"}).status_code == 303
    clerk.sign_in("clerk", TOWN)
    proposal = re.search(r'href="(/people/proposals/\d+)"', clerk.get("/people/proposals").text).group(1)
    assert clerk.post(proposal, {"decision": "confirm"}).status_code == 303
    with clerk.county.look() as work:
        assert work.session.get(Person, 2).merged_into is None


def test_the_population_is_counted_by_town_and_village_within_ones_areas(client, families):
    client.sign_in("auditor")
    page = client.get("/reports/households-population?by=town").text
    rows = re.findall(r"<tr><th scope=\"row\">([^<]+)</th>((?:<td class=\"num\">[^<]*</td>)+)", page)
    figures = {name: re.findall(r">([^<]*)</td>", cells) for name, cells in rows}
    assert figures["桃水镇"] == ["1", "2", "1", "1", "1", "1"] and "网岭镇" in figures
    client.sign_in("clerk", TOWN)
    page = client.get("/reports/households-population?by=village").text
    assert "桃水镇" in page and "网岭镇" not in page
    assert client.get("/reports/households-population/excel?by=town").content[:2] == b"PK"


def test_the_dead_of_a_month_are_listed_until_the_record_is_taken_back(client, families):
    with client.county.begin("clerk", TOWN) as work:
        record_death(work, families[0].people[0], Death(on=date(2026, 11, 3)))
    client.sign_in("clerk", TOWN)
    assert "王桂兰" in client.get("/reports/households-deaths?month=2026-11").text
    assert "王桂兰" not in client.get("/reports/households-deaths?month=2026-10").text
    client.sign_in("clerk", OTHER_TOWN)
    assert "王桂兰" not in client.get("/reports/households-deaths?month=2026-11").text


def test_the_desk_counts_households_people_and_the_elderly_of_ones_own_areas(client, families):
    for role, area, figures in (("clerk", TOWN, ["1", "2", "1"]), ("auditor", "", ["2", "4", "2", "0.00"])):
        client.sign_in(role, area)
        page = client.get("/").text
        assert re.findall(r'<dd class="v">([^<]+)<small>', page) == figures, role
