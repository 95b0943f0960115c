"""A roster comes in: every planted error at its cell, the clerk's own workbook back, a second time nothing changes."""

import io
import json
import zipfile

import openpyxl
import pytest

from core.demo.people import HEADERS, invent
from core.identity.numbers import check_character
from tests.fuzz.files import xls

VILLAGE, OTHER_VILLAGE = "430223103201", "430223106201"
TOWN, OTHER_TOWN = "430223103", "430223106"


def number(sequence: int, born: str = "19700101", area: str = "999223") -> str:
    first = f"{area}{born}{sequence:03d}"
    return first + check_character(first)


def line(household: str, name: str, citizen_id, relation: str, area=VILLAGE, **more) -> list:
    given = dict(zip(HEADERS, [household, name, citizen_id, relation, "", "", area, "", "", "", ""], strict=True))
    return list({**given, **more}.values())


def workbook(tmp_path, rows, name="名册.xlsx", header=HEADERS, above=()):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "名册"
    for cells in above:
        sheet.append(cells)
    sheet.append(list(header))
    for cells in rows:
        sheet.append(cells)
    if above:
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(header))
    file = tmp_path / name
    book.save(file)
    return file


GOOD = [
    line(
        "H1", "王桂兰", number(2), "户主", 性别="女", 民族="汉", 联系电话="13900001234", 银行账号="62170000000000000018"
    ),
    line("H1", "李建国", number(11), "夫"),
    line("H2", "刘洋", number(13), "02", 详细地址="东门组1号"),
    line("H2", "阿卜杜拉•买买提", number(15), "子"),
]


def imported(run, file, *more):
    return run("household", "import", str(file), *more, "--json")


def test_a_good_roster_comes_in_and_a_second_time_nothing_changes(run, tmp_path):
    file = workbook(tmp_path, GOOD)
    first = imported(run, file)
    assert first.exit_code == 0, first.talk
    assert (first.data["rows"], first.data["imported"], first.data["errors"]) == (4, 4, [])
    again = imported(run, file)
    assert again.exit_code == 0, again.talk
    again = again.data
    assert (again["imported"], again["updated"], again["skipped"]) == (0, 0, 4)
    found = run("person", "find", "买买提", "--json").data["people"]
    assert found[0]["name"] == "阿卜杜拉·买买提" and found[0]["household"] == "H2"


def test_a_changed_row_updates_and_keeps_before_and_after(run, tmp_path, county):
    imported(run, workbook(tmp_path, GOOD))
    changed = [list(cells) for cells in GOOD]
    changed[2][1], changed[3][3], changed[0][9] = "刘阳", "侄子", "13900005678"
    result = imported(run, workbook(tmp_path, changed, "改.xlsx")).data
    assert (result["imported"], result["updated"], result["skipped"]) == (0, 3, 1)
    assert run("person", "find", "刘阳", "--json").data["people"]
    assert not run("person", "find", "刘洋", "--json").data["people"]
    shown = run("household", "show", "H2", "--history", "--json").data
    relations = [(one["before"].get("relation"), one["after"].get("relation")) for one in shown["history"]]
    assert ("儿子", "侄子") in relations
    verified = run("audit", "verify", "--json").data
    assert verified["ok"] and verified["blocks"] == 1


PLANTED = [
    (line("A1", "甲一", "43022319900101001", "户主"), ("C", "E_ID_FORMAT")),
    (line("A2", "甲二", "430223199002290010", "户主"), ("C", "E_ID_DATE")),
    (line("A3", "甲三", "110105194912310021", "户主"), ("C", "E_ID_CHECK")),
    (line("A4", "甲四", number(1, area="190223"), "户主"), ("C", "E_ID_PROVINCE")),
    (line("A5", "甲五", 430223199001010000.0, "户主"), ("C", "E_ID_FORMAT")),
    (line("A6", "甲六", number(21), "户主"), None),
    (line("A6", "甲七", number(23), "户主"), ("D", "E_HH_HEAD")),
    (line("A7", "甲八", number(25), "子"), ("D", "E_HH_HEAD")),
    (line("A8", "甲九", number(27), "户主", area="430223999999"), ("G", "E_DIV_CODE")),
    (line("A9", "乙一", number(21), "户主"), ("C", "E_ID_DUP")),
    (line("B1", "乙二", number(29), "户住"), ("D", "E_WORD")),
    (line("B2", "乙3", number(31), "户主"), ("B", "E_NAME")),
    (line("B3", "乙四", number(33), "户主", 民族="汗族"), ("F", "E_WORD")),
    (line("B4", "乙五", number(35), "户主", 联系电话="12345"), ("J", "E_PHONE")),
    (line("B5", "乙六", number(37), "户主", 银行账号="12A"), ("K", "E_ACCOUNT")),
    (line("B6", "", number(39), "户主"), ("B", "E_REQUIRED")),
    (line("B7", "乙八", number(41), "户主", 性别="难"), ("E", "E_WORD")),
]
TITLES = [["攸县户籍名册"], ["单位：人"]]
SUMS = [["合计", "", "17人"], ["制表人：张三"], [None] * 11, [None] * 11]


def test_planted_errors_are_each_reported_at_their_cell(run, tmp_path):
    imported(run, workbook(tmp_path, GOOD))
    registered = line("B8", "乙九", number(2), "户主")
    rows = [*(cells for cells, _code in PLANTED), registered, GOOD[2], *SUMS]
    file = workbook(tmp_path, rows, "错.xlsx", above=TITLES)
    ran = imported(run, file)
    assert ran.exit_code == 3
    first = len(TITLES) + 2
    expected = {(first + at, *where) for at, (_cells, where) in enumerate(PLANTED) if where}
    expected.add((first + len(PLANTED), "C", "E_ID_DUP"))
    assert {(one["row"], one["column"], one["code"]) for one in ran.data["errors"]} == expected
    assert {one["sheet"] for one in ran.data["errors"]} == {"名册"}
    scientific = next(one for one in ran.data["errors"] if one["row"] == first + 4)
    assert "科学计数" in scientific["message"]
    assert number(21) not in ran.output and "户主" in next(
        one["message"] for one in ran.data["errors"] if one["row"] == first + 10
    )
    skipped = [one["message"] for one in ran.data["warnings"] if one["code"] == "W_SKIPPED"]
    assert any("合计" in words for words in skipped) and any("制表" in words for words in skipped)
    assert ran.data["imported"] == 0 and len(run("household", "list", "--json").data["households"]) == 2


def test_the_clerks_own_workbook_comes_back_marked(run, tmp_path):
    rows = [*(cells for cells, _code in PLANTED), *SUMS]
    ran = imported(run, workbook(tmp_path, rows, above=TITLES))
    sheet = openpyxl.load_workbook(ran.data["error_file"])["名册"]
    assert sheet["A1"].value == "攸县户籍名册" and "A1:K1" in {str(one) for one in sheet.merged_cells.ranges}
    assert sheet.cell(3, 12).value == "错误说明"
    bad = sheet.cell(5, 3)
    assert bad.fill.start_color.rgb == "FFFFC7CE" and "出生日期" in bad.comment.text
    assert "出生日期" in sheet.cell(5, 12).value and sheet.auto_filter.ref.startswith("A3:L")
    assert sheet.cell(9, 12).value is None


def test_a_sign_nobody_sees_is_an_error_at_its_cell_and_asks_the_registry_nothing(run, tmp_path):
    """PostgreSQL takes no text with a NUL, not even in a question whether a household is registered."""
    file = tmp_path / "名册.xls"
    marked = ["H1~", *GOOD[1][1:]]
    file.write_bytes(xls([list(HEADERS), GOOD[0], marked, *GOOD[2:]]).replace(b"~\0", b"\0\0"))
    result = imported(run, file)
    assert result.exit_code == 3, result.talk
    assert [(one["row"], one["column"], one["code"]) for one in result.data["errors"]] == [(3, "A", "E_CELL")]
    kept = imported(run, file, "--only-valid").data
    assert kept["imported"] == 2, "the household of the bad row stays out whole"


def test_with_only_valid_households_with_a_bad_row_are_left_out_whole(run, tmp_path):
    rows = [*GOOD, line("H1", "王小明", "110105194912310021", "子"), line("H3", "周正", number(43), "户主")]
    ran = imported(run, workbook(tmp_path, rows), "--only-valid")
    assert ran.exit_code == 7 and ran.data["imported"] == 3
    assert {one["number"] for one in run("household", "list", "--json").data["households"]} == {"H2", "H3"}


def test_an_unknown_word_comes_with_the_nearest(run, tmp_path):
    ran = imported(run, workbook(tmp_path, [line("H1", "王五", number(1), "户住")]))
    assert "户主" in ran.data["errors"][0]["message"]


def test_a_number_registered_in_another_household_is_a_duplicate(run, tmp_path):
    imported(run, workbook(tmp_path, GOOD))
    ran = imported(run, workbook(tmp_path, [line("H9", "王桂兰", number(2), "户主")], "二.xlsx"))
    assert [(one["row"], one["column"], one["code"]) for one in ran.data["errors"]] == [(2, "C", "E_ID_DUP")]


def test_an_ended_village_is_refused_with_its_successor(run, tmp_path):
    areas = tmp_path / "areas.csv"
    areas.write_text(
        "code,name,level,valid_to,successor\n430223103901,旧村,village,2025-12-31,430223103201\n", encoding="utf-8"
    )
    assert run("area", "import", str(areas)).exit_code == 0
    ran = imported(run, workbook(tmp_path, [line("H1", "王五", number(1), "户主", area="430223103901")]))
    error = ran.data["errors"][0]
    assert (error["code"], error["column"]) == ("E_DIV_CODE", "G") and "430223103201" in error["message"]


def test_headers_are_found_by_name_in_any_order_and_under_other_names(run, tmp_path):
    header = ["备注", "与户主的关系", "身份证号", "成员姓名", "户籍地代码", "户编号"]
    rows = [["", "户主", number(1), "王五", VILLAGE, "H7"]]
    ran = imported(run, workbook(tmp_path, rows, header=header))
    assert ran.exit_code == 0 and ran.data["imported"] == 1


def test_a_missing_column_is_named_with_the_nearest_header(run, tmp_path):
    header = ["户号", "姓名", "公民身份号", "与户主关系", "户籍地代码"]
    ran = imported(run, workbook(tmp_path, [], header=header))
    assert (
        ran.exit_code == 3
        and "公民身份号码" in ran.error["message"]
        and "公民身份号" in ran.error["objections"][0]["hint"]
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_files_are_read_in_every_usual_encoding(run, tmp_path, encoding):
    file = tmp_path / "名册.csv"
    text = ",".join(HEADERS) + "\n" + ",".join(["H1", "王㐂", f"'{number(1)}", "户主", "", "", VILLAGE, "", "", "", ""])
    file.write_bytes(text.encode(encoding))
    assert imported(run, file).data["imported"] == 1


def test_a_file_that_is_no_table_is_refused_in_words(run, tmp_path):
    files = (("名册.xlsx", b"%PDF-1.7", "不是表格"), ("名册.xlsx", b"PK\x03\x04broken", "损坏"),
             ("名册.xlsx", b"a,b\n1,2", "不是 Excel 工作簿"), ("名册.csv", b"a,b\n1,2", "表头"))  # fmt: skip
    for name, data, words in files:
        file = tmp_path / name
        file.write_bytes(data)
        ran = imported(run, file)
        assert ran.exit_code == 3 and words in ran.error["message"]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(run, tmp_path):
    file = tmp_path / "名册.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", io.BytesIO(bytes(600_000_000)).read())
    ran = imported(run, file)
    assert ran.exit_code == 3 and "太大" in ran.error["message"]


def test_a_dry_run_writes_neither_rows_nor_files(run, tmp_path):
    assert imported(run, workbook(tmp_path, GOOD), "--dry-run").data["imported"] == 4
    assert run("household", "list", "--json").data["households"] == []
    imported(run, workbook(tmp_path, [PLANTED[0][0]], "错.xlsx"), "--dry-run")
    assert not list(tmp_path.glob("*错误标注*"))


def test_the_template_itself_can_be_filled_in_and_imported(run, tmp_path):
    file = tmp_path / "模板.xlsx"
    assert run("household", "import", "--template", str(file)).exit_code == 0
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == list(HEADERS) and sheet.data_validations.dataValidation
    assert sheet["C3"].number_format == "@" or sheet.column_dimensions["C"].width > 20
    for column, value in enumerate(line("H1", "王五", number(1), "户主"), start=1):
        sheet.cell(3, column, value)
    book.save(file)
    assert imported(run, file).data["imported"] == 1


def test_a_clerk_imports_into_the_own_town_only(county, run, tmp_path):
    name = county.account("clerk", TOWN)
    rows = [GOOD[0], line("H5", "周正", number(45), "户主", area=OTHER_VILLAGE)]
    ran = run("household", "import", str(workbook(tmp_path, rows)), "--as", name, "--json")
    assert ran.exit_code == 3 and [(one["row"], one["column"]) for one in ran.data["errors"]] == [(3, "G")]


def test_a_clerk_of_one_town_sees_nothing_of_another(county, run, tmp_path):
    rows = [GOOD[0], GOOD[1], line("H5", "周正", number(45), "户主", area=OTHER_VILLAGE)]
    imported(run, workbook(tmp_path, rows))
    name = county.account("clerk", OTHER_TOWN)

    def seen(*words):
        return run(*words, "--as", name, "--json")

    assert [one["number"] for one in seen("household", "list").data["households"]] == ["H5"]
    for text in ("王桂兰", "wgl", "H1", number(2), number(2)[-4:]):
        assert seen("person", "find", text).data["people"] == []
    assert seen("household", "show", "H1").exit_code == 5
    assert seen("household", "show", "H1").error["message"] == seen("household", "show", "H404").error["message"]
    out = tmp_path / "导出.xlsx"
    assert seen("household", "export", str(out)).data["rows"] == 1
    cells = [cell.value for row in openpyxl.load_workbook(out).active.iter_rows() for cell in row]
    assert "周正" in cells and "王桂兰" not in cells
    with county.look("clerk", OTHER_TOWN) as work:
        from core.households.queries import count_households

        assert count_households(work) == {"households": 1, "people": 1}
        assert count_households(work, TOWN) == {"households": 0, "people": 0}


def test_an_export_is_recorded_with_count_and_digest(run, tmp_path):
    imported(run, workbook(tmp_path, GOOD))
    run("household", "export", str(tmp_path / "导出.xlsx"))
    newest = run("audit", "list", "--limit", "1", "--json").data["records"][0]
    body = run("audit", "show", str(newest["seq"]), "--json").data["body"]
    assert newest["action"] == "household.exported" and body["details"]["rows"] == 4
    assert len(body["details"]["people"]) == 64


def test_three_thousand_invented_people_come_in_and_verify(run, tmp_path):
    rows = [person.cells() for person in invent(1000, [VILLAGE, OTHER_VILLAGE])]
    assert imported(run, workbook(tmp_path, rows)).data["imported"] == len(rows)
    assert json.loads(run("audit", "verify", "--json").output)["ok"]
