"""Spreadsheets of plugins: one definition gives template, check, marked workbook, command and page."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from core.errors import PluginFailed, Refused
from core.extension import Column, Import, ImportCounts, RowObjection
from core.imports.cells import read_column
from core.imports.reading import read_table
from core.imports.services import run_file
from core.imports.template import template
from core.imports.waiting import forget_old, list_uploads
from core.spreadsheet_in.files import Limits
from core.testing import enabled

NAME = "every-hook-lines"
LIMITS = Limits(1000, 50)


@pytest.fixture
def diary(county):
    return enabled(county, "every_hook")


def workbook(rows) -> bytes:
    book = openpyxl.Workbook()
    for cells in rows:
        book.active.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def written(tmp_path, rows, name="日记.xlsx"):
    file = tmp_path / name
    file.write_bytes(workbook(rows))
    return file


def facts(county):
    from huimin_every_hook.diary import counts

    with county.look() as work:
        return dict(counts(work))


GOOD = [["事实"], ["下雨"], ["天晴"]]
BAD = [["日记表"], ["事实"], ["下雨"], ["joke"], [None], ["合计"]]


def test_a_good_file_is_checked_and_then_written(diary, run, tmp_path):
    file = written(tmp_path, GOOD)
    checked = run("import", "check", NAME, file, "--json")
    assert (checked.exit_code, checked.data["rows"], checked.data["imported"]) == (0, 2, 0)
    assert facts(diary) == {}
    done = run("import", "run", NAME, file, "--json")
    assert done.exit_code == 0, done.talk
    assert done.data == {
        "rows": 2, "imported": 2, "updated": 0, "skipped": 0, "errors": [], "warnings": [], "error_file": None
    }  # fmt: skip
    assert facts(diary) == {"下雨": 1, "天晴": 1}
    assert run("audit", "list", "--json").output.count("import.written") == 1


def test_one_error_stops_the_file_and_the_marked_workbook_comes_back(diary, run, tmp_path):
    ran = run("import", "run", NAME, written(tmp_path, BAD), "--json")
    assert ran.exit_code == 3
    (error,) = ran.data["errors"]
    assert (error["row"], error["column"], error["message"]) == (4, "", "不许说笑")
    assert [one["code"] for one in ran.data["warnings"]] == ["W_SKIPPED", "W_SKIPPED"]
    assert facts(diary) == {}
    sheet = openpyxl.load_workbook(ran.data["error_file"]).active
    assert sheet["B2"].value == "错误说明" and sheet["B4"].value == "不许说笑" and sheet["B3"].value is None


def test_with_only_valid_the_rest_comes_in(diary, run, tmp_path):
    ran = run("import", "run", NAME, written(tmp_path, BAD), "--only-valid", "--json")
    assert (ran.exit_code, ran.data["imported"]) == (7, 1)
    assert facts(diary) == {"下雨": 1}


def test_a_dry_run_writes_nothing_and_no_file(diary, run, tmp_path):
    ran = run("--dry-run", "import", "run", NAME, written(tmp_path, GOOD), "--json")
    assert ran.data["imported"] == 2
    assert facts(diary) == {}
    run("--dry-run", "import", "check", NAME, written(tmp_path, BAD, "坏.xlsx"))
    assert sorted(file.name for file in tmp_path.glob("*.xlsx")) == ["坏.xlsx", "日记.xlsx"]


def test_imports_are_listed_and_done_by_who_holds_the_right(diary, run, tmp_path):
    assert [one["name"] for one in run("import", "list", "--json").data] == [NAME]
    auditor = diary.account("auditor")
    assert run("import", "list", "--json", as_=auditor).data == []
    assert run("import", "run", NAME, written(tmp_path, GOOD), as_=auditor).exit_code == 4
    assert run("import", "check", "nothing", written(tmp_path, GOOD)).exit_code == 5


def test_the_template_is_taken_in_as_it_is(diary, run, tmp_path):
    file = tmp_path / "模板.xlsx"
    assert run("import", "template", NAME, file).exit_code == 0
    assert run("import", "template", NAME, file).exit_code == 6
    ran = run("import", "run", NAME, file, "--json")
    assert (ran.exit_code, ran.data["rows"]) == (0, 0), ran.talk


def test_a_file_without_the_header_names_what_it_should_be(diary, run, tmp_path):
    ran = run("import", "check", NAME, written(tmp_path, [["别的"], ["x"]]), "--json")
    assert ran.exit_code == 3 and ran.error["code"] == "E_HEADER" and "事实" in ran.error["message"]


def test_a_file_that_is_no_spreadsheet_or_too_large_is_refused(diary, run, tmp_path):
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"%PDF-1.7")
    assert run("import", "run", NAME, file, "--json").error["code"] == "E_FILE"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 450_000_000)
    file.write_bytes(packed.getvalue())
    assert run("import", "run", NAME, file, "--json").error["code"] == "E_FILE_SIZE"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("日记.xlsx", "事实\n下雨\n".encode(), "不是 Excel 工作簿，里面是文字"),
        ("日记.ods", "事实\n下雨\n".encode("gb18030"), "不是 Excel 工作簿，里面是文字"),
        ("日记.xls", b"<html><table><tr><td>1</td></tr></table></html>", "这是网页，不是表格"),
        ("日记.csv", b"\xef\xbb\xbf <?xml version='1.0'?><Workbook/>", "这是网页，不是表格"),
    ],
)
def test_what_is_no_workbook_is_told_so_whatever_it_is_called(diary, run, tmp_path, name, data, words):
    file = tmp_path / name
    file.write_bytes(data)
    error = run("import", "check", NAME, file, "--json").error
    assert error["code"] == "E_FILE" and words in error["message"]


def test_a_text_that_a_bank_calls_xls_is_read(diary, run, tmp_path):
    file = tmp_path / "日记.xls"
    file.write_bytes("事实\t金额\n下雨\t1\n".encode("gb18030"))
    assert run("import", "check", NAME, file, "--json").data["rows"] == 1


@pytest.mark.parametrize("corner", ["XFD1048576", "XFD1000", "XFD3"])
def test_a_cell_far_away_refuses_its_file_and_nothing_else(diary, run, tmp_path, corner):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"], book.active[corner] = "事实", "下雨", "x"
    file = tmp_path / "日记.xlsx"
    book.save(file)
    assert run("import", "run", NAME, file, "--json").error["code"] == "E_FILE_SIZE"
    assert facts(diary) == {}


def test_a_row_may_be_as_long_as_excel_has_columns_but_for_the_one_that_says_what_is_wrong(diary, run, tmp_path):
    file = tmp_path / "日记.csv"
    file.write_text("事实" + "," * 16_383 + "\njoke", encoding="utf-8")
    assert run("import", "run", NAME, file, "--json").error["code"] == "E_FILE_SIZE"
    file.write_text("事实" + "," * 16_382 + "\njoke", encoding="utf-8")
    sheet = openpyxl.load_workbook(run("import", "run", NAME, file, "--json").data["error_file"]).active
    assert sheet["XFD1"].value == "错误说明"


def test_signs_that_nobody_sees_are_an_error_at_their_cell(diary, run, tmp_path):
    file = tmp_path / "日记.csv"
    file.write_bytes("事实\n下\1雨\n天晴\n".encode())
    ran = run("import", "run", NAME, file, "--json")
    (error,) = ran.data["errors"]
    assert (error["sheet"], error["row"], error["column"], error["code"]) == ("日记.csv", 2, "A", "E_CELL")
    assert openpyxl.load_workbook(ran.data["error_file"]).active["A2"].value == "下雨"


def test_a_workbook_that_is_merged_everywhere_is_given_back_as_its_bad_rows(diary, run, tmp_path):
    book = openpyxl.Workbook()
    for cells in BAD[1:]:
        book.active.append(cells)
    data = io.BytesIO()
    book.save(data)
    file = tmp_path / "日记.xlsx"
    with zipfile.ZipFile(data) as before, zipfile.ZipFile(file, "w") as after:
        for part in before.namelist():
            merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A9:XFD1048576"/></mergeCells>'
            after.writestr(part, before.read(part).replace(b"</sheetData>", merged))
    marked = openpyxl.load_workbook(run("import", "run", NAME, file, "--json").data["error_file"]).active
    assert [cell.value for cell in marked[2]] == ["Sheet", 3, "joke", "不许说笑"]


COLUMNS = (
    Column(name="town", title="乡镇", required=True, aliases=("镇",)),
    Column(name="grade", title="残疾等级", words=("一级", "二级", "三级")),
    Column(name="amount", title="金额", kind="money"),
    Column(name="people", title="人数", kind="integer"),
    Column(name="since", title="起始日", kind="date"),
    Column(name="month", title="月份", kind="month"),
    Column(name="share", title="比例", kind="ratio"),
)


def values(name, *cells):
    column = next(one for one in COLUMNS if one.name == name)
    read, wrong = read_column(column, cells)
    return [wrong[at].code if at in wrong else value for at, value in enumerate(read)]


def test_cells_become_values_by_the_kind_of_their_column():
    assert values("amount", "2,292.00", 6.5, "￥１２元", 0.1 + 0.2, 230, "") == [229200, 650, 1200, 30, 23000, None]
    assert values("amount", "12.345", 12.345) == ["E_AMT_SCALE"] * 2
    assert values("amount", "一百", True, 1e16) == ["E_MONEY"] * 3
    assert values("people", "1,200", 12.0, 12, "１２") == [1200, 12, 12, 12]
    assert values("people", "12.5", 12.5, "十", False) == ["E_INTEGER"] * 4
    day = date(2026, 11, 20)
    assert values("since", day, "2026-11-20", "2026/11/20", "2026年11月20日", "20261120") == [day] * 5
    assert values("since", "2026-02-30", "昨天", 46346.0) == ["E_DATE"] * 3
    assert values("month", date(2026, 11, 1), "2026-11", "2026年11月", "202611", "2026/1") == [
        "2026-11", "2026-11", "2026-11", "2026-11", "2026-01"
    ]  # fmt: skip
    assert values("month", "2026-13", "11月") == ["E_PERIOD"] * 2
    assert values("share", "35%", 0.35, "0.35") == [Decimal("0.35")] * 3
    assert values("share", 1 / 3, 0.1 + 0.2, 1e-07) == [Decimal(repr(one)) for one in (1 / 3, 0.1 + 0.2, 1e-07)]
    assert values("share", "三成", "NaN", "9e999999", True) == ["E_RATIO"] * 4
    assert values("town", "", 9.99e17, "#REF!") == ["E_REQUIRED", "E_NUMBER", "E_CELL"]


def test_an_unknown_word_is_named_with_the_nearest():
    column = next(one for one in COLUMNS if one.name == "grade")
    _read, wrong = read_column(column, ["二及", "一 级"])
    assert list(wrong) == [0] and wrong[0].code == "E_WORD" and wrong[0].hint == "二级"
    assert "是不是“二级”" in wrong[0].reason


def test_the_header_is_found_by_name_wherever_it_stands():
    rows = [
        ["两项补贴名单"],
        ["单位：元"],
        ["金额（元）", "镇"],
        ["420.00", "桃水镇"],
        ["合计", "420.00"],
        ["制表人：", "王"],
    ]
    table = read_table(workbook(rows), "x.xlsx", LIMITS, COLUMNS)
    assert table.columns["town"] == ["桃水镇"] and table.row_of == [4]
    assert [row for _sheet, row, _why in table.passed_over] == [5, 6]


def test_a_missing_column_is_named_with_the_nearest():
    with pytest.raises(Refused) as refusal:
        read_table(workbook([["乡镇名称", "金额", "人数"], ["桃水镇", 1, 1]]), "x.xlsx", LIMITS, COLUMNS)
    assert refusal.value.objections[0].hint == "乡镇名称"


def test_a_template_of_every_kind_is_read_back_and_its_sample_passed_over():
    one = Import(name="x-y", title="两项补贴", permission="x.y", columns=COLUMNS, check=list, write=len)
    table = read_table(template(one), "x.xlsx", LIMITS, COLUMNS)
    assert len(table) == 0 and set(table.sheets[0].places) == {column.name for column in COLUMNS}


def taken_in(county, check, write):
    """Let the diary's import check and write in another way."""
    columns = (Column(name="fact", title="事实", required=True),)
    one = Import(name=NAME, title="日记", permission="every_hook.show", columns=columns, check=check, write=write)
    host = county.reload()
    host.imports[NAME] = one
    with county.begin() as work:
        return run_file(work, NAME, (workbook(GOOD), "日记.xlsx"))


def test_a_warning_of_the_plugin_stops_nothing(diary):
    done = taken_in(
        diary,
        lambda work, rows: [RowObjection(row=1, reason="去年也是", column="fact", code="W_AGAIN")],
        lambda work, rows: ImportCounts(imported=1, skipped=1),
    ).as_json()
    assert (done["imported"], done["skipped"]) == (1, 1)
    assert [(one["row"], one["column"], one["code"]) for one in done["warnings"]] == [(3, "A", "W_AGAIN")]


@pytest.mark.parametrize(
    ("check", "write"),
    [
        (lambda work, rows: 1 / 0, lambda work, rows: 2),
        (lambda work, rows: ["坏"], lambda work, rows: 2),
        (lambda work, rows: [RowObjection(row=9, reason="没有这一行")], lambda work, rows: 2),
        (lambda work, rows: [], lambda work, rows: 1 / 0),
        (lambda work, rows: [], lambda work, rows: "两行"),
    ],
)
def test_a_plugin_that_fails_is_named_and_nothing_is_written(diary, check, write):
    with pytest.raises(PluginFailed) as failure:
        taken_in(diary, check, write)
    assert failure.value.plugin == "every_hook"
    assert facts(diary) == {}


def test_numbers_are_masked_in_what_is_found():
    from core.imports.checking import shown

    assert shown("11010519491231002X 王") == "****002X 王"
    assert shown("430223103201") == "430223103201"


# Pages


def upload(client, rows, name=NAME):
    files = {"file": ("日记.xlsx", workbook(rows), "application/octet-stream")}
    return client.post(f"/imports/{name}", files=files)


def test_on_the_page_a_file_is_checked_then_written(diary, client):
    client.sign_in("clerk")
    assert "/imports" in client.get("/").text and "日记" in client.get("/imports").text
    assert client.get(f"/imports/{NAME}/template").content[:2] == b"PK"
    checked = upload(client, GOOD)
    assert checked.status_code == 303, checked.text
    path = checked.headers["location"]
    shown = client.get(path).text
    assert "没有错误" in shown and facts(diary) == {}
    digest = shown.partition('name="digest" value="')[2][:64]
    assert client.post(f"{path}/run", {"digest": "0" * 64}).status_code == 409
    assert client.post(f"{path}/run", {"digest": digest}).status_code == 303
    assert facts(diary) == {"下雨": 1, "天晴": 1}
    assert "已导入" in client.get(path).text
    assert client.post(f"{path}/run", {"digest": digest}).status_code == 409


def test_on_the_page_bad_cells_are_listed_and_the_marked_workbook_given_back(diary, client):
    client.sign_in("clerk")
    path = upload(client, BAD).headers["location"]
    shown = client.get(path).text
    assert "不许说笑" in shown
    assert openpyxl.load_workbook(io.BytesIO(client.get(f"{path}/marked").content)).active["B4"].value == "不许说笑"
    digest = shown.partition('name="digest" value="')[2][:64]
    assert client.post(f"{path}/run", {"digest": digest, "only_valid": "1"}).status_code == 303
    assert facts(diary) == {"下雨": 1}


def test_the_pages_are_closed_to_who_has_no_right(diary, client):
    client.sign_in("auditor")
    assert 'href="/imports"' not in client.get("/").text
    assert client.get("/imports").status_code == 200
    for path in (f"/imports/{NAME}", f"/imports/{NAME}/template"):
        assert client.get(path).status_code == 403
    assert upload(client, GOOD).status_code == 403
    assert client.get("/imports/nothing").status_code == 404


def test_an_upload_is_seen_by_who_made_it_and_gone_after_its_days(diary, client, clock):
    client.sign_in("clerk", name="first")
    path = upload(client, GOOD).headers["location"]
    folder = diary.home / "data" / "uploads" / diary.code
    assert all(file.read_bytes()[:2] != b"PK" for file in folder.iterdir())
    client.sign_in("clerk", name="second")
    assert client.get(path).status_code == 404
    from datetime import timedelta

    clock.set(clock.now() + timedelta(days=8))
    with diary.begin() as work:
        forget_old(work)
        assert list_uploads(work, NAME) == []
    assert list(folder.iterdir()) == []


def test_a_page_without_a_file_says_so(diary, client):
    client.sign_in("clerk")
    answer = client.post(f"/imports/{NAME}", {})
    assert answer.status_code == 422 and "请先选一个文件" in answer.text


@pytest.mark.parametrize("path", ["/imports", f"/imports/{NAME}"])
def test_pages_of_imports_work_on_a_phone(diary, client, path):
    client.sign_in("clerk")
    assert client.faults_of_markup(path) == []


def test_by_the_api_a_file_is_checked_and_then_written_by_who_sent_it(diary, client):
    clerk, other = (diary.account("clerk", name=name) for name in ("first", "second"))
    assert NAME in [one["name"] for one in client.api("GET", "/imports", as_=clerk).json()["items"]]
    sent = {"file": ("日记.xlsx", workbook(GOOD), "application/octet-stream")}
    checked = client.api("POST", f"/imports/{NAME}", as_=clerk, files=sent).json()
    assert (checked["rows"], checked["errors"], facts(diary)) == (2, [], {})
    place = f"/imports/{NAME}/{checked['id']}"
    assert client.api("GET", place, as_=other).status_code == 404
    wrong = client.api("POST", f"{place}/run", as_=clerk, json={"digest": "0" * 64})
    assert wrong.status_code == 409
    written = client.api("POST", f"{place}/run", as_=clerk, json={"digest": checked["digest"]}).json()
    assert written["imported"] == 2 and facts(diary) != {}
    assert client.api("GET", f"/imports/{NAME}", as_=clerk).json()["items"][0]["imported_at"]


def test_by_the_api_bad_rows_are_named_and_the_marked_workbook_given_back(diary, client):
    clerk, auditor = diary.account("clerk"), diary.account("auditor")
    sent = {"file": ("日记.xlsx", workbook(BAD), "application/octet-stream")}
    checked = client.api("POST", f"/imports/{NAME}", as_=clerk, files=sent).json()
    assert checked["errors"] and checked["errors"][0]["row"] == 4
    marked = client.api("GET", f"/imports/{NAME}/{checked['id']}/marked", as_=clerk)
    assert marked.status_code == 200 and marked.content[:2] == b"PK"
    assert client.api("POST", f"/imports/{NAME}", as_=clerk).status_code in (400, 422)
    assert client.api("GET", f"/imports/{NAME}", as_=auditor).status_code == 403
