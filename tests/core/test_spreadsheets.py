"""Excel and CSV files: what stands in the cells, and that no text becomes a formula."""

import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from core.extension import Column
from core.showing import cell
from core.spreadsheets import Grid, is_risky, write_csv, write_excel

COLUMNS = (
    Column(name="name", title="姓名"),
    Column(name="number", title="户号"),
    Column(name="amount", title="金额", kind="money", total=True),
    Column(name="on", title="日期", kind="date"),
)
ROWS = [("王桂兰", "0307002815", 229200, date(2026, 11, 20)), ("吴秀", "999001194403123026", -150, None)]
RISKY = ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠x", "  =1", "　=HYPERLINK(1)"]


def grid(rows=ROWS, **changes) -> Grid:
    values = {
        "title": "低保发放表",
        "columns": COLUMNS,
        "rows": rows,
        "total": ("", "", sum(row[2] for row in rows), ""),
        "unit": "单位：元",
        "office": "清溪县民政局",
        "signers": ("制表人", "审核人"),
    }
    return Grid(**(values | changes))


def excel(one: Grid):
    out = io.BytesIO()
    write_excel(out, one)
    out.seek(0)
    return load_workbook(out).active


def test_a_report_looks_like_the_countys_own():
    sheet = excel(grid())
    assert sheet["A1"].value == "低保发放表"
    assert "A1:D1" in {str(area) for area in sheet.merged_cells.ranges}
    assert "单位：元" in sheet["A2"].value
    assert [one.value for one in sheet[3]] == ["姓名", "户号", "金额", "日期"]
    assert sheet.freeze_panes == "A4"
    assert sheet["C4"].value == 2292.00 and sheet["C4"].number_format == "#,##0.00"
    assert sheet["A6"].value == "合计" and sheet["C6"].value == pytest.approx(2290.50)
    assert "制表人" in sheet["A8"].value
    assert sheet.page_setup.paperSize == 9 and sheet.page_setup.orientation == "landscape"
    assert sheet.print_area


def test_columns_of_a_group_stand_below_one_merged_title():
    columns = (
        Column(name="town", title="乡镇"),
        Column(name="urban", title="城市", kind="integer", group="户数"),
        Column(name="rural", title="农村", kind="integer", group="户数"),
        Column(name="share", title="占比", kind="ratio"),
    )
    one = grid([("南桥镇", 1, 2, Decimal("0.3333"))], columns=columns, total=("合计", 1, 2, ""), notes=("说明",) * 2)
    sheet = excel(one)
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"B3:C3", "A3:A4", "D3:D4"} <= merged
    assert [sheet["A3"].value, sheet["B3"].value, sheet["D3"].value] == ["乡镇", "户数", "占比"]
    assert [sheet["B4"].value, sheet["C4"].value] == ["城市", "农村"]
    assert sheet.freeze_panes == "A5" and sheet.print_title_rows == "$3:$4"
    assert sheet["D5"].value == 0.3333 and sheet["D5"].number_format == "0.0%"
    assert sheet["A10"].value.startswith("制表人：")
    assert sheet.print_area.endswith("$A$1:$D$10")


def test_a_figure_has_the_decimals_it_has_and_is_a_number_in_excel():
    columns = (Column(name="name", title="指标"), Column(name="value", title="数", kind="number"))
    rows = [("户数", 1234), ("比率", Decimal("99.99")), ("未知", None), ("期限", "2026-12-20")]
    sheet = excel(Grid(title="指标", columns=columns, rows=rows, unit="单位：见各行"))
    assert [(sheet[f"B{at}"].value, sheet[f"B{at}"].number_format) for at in (4, 5)] == [
        (1234, "#,##0"),
        (99.99, "#,##0.00"),
    ]
    assert sheet["B6"].value is None and sheet["B7"].value == "2026-12-20"
    assert [cell("number", row[1]) for row in rows] == ["1,234", "99.99", "--", "2026-12-20"]


def test_numbers_that_are_names_stay_texts_with_every_digit():
    sheet = excel(grid())
    assert sheet["B4"].value == "0307002815"
    assert sheet["B5"].value == "999001194403123026" and sheet["B5"].number_format == "@"


@pytest.mark.parametrize("text", RISKY)
def test_no_text_becomes_a_formula_in_excel(text):
    cell = excel(grid([(text, "1", 1, None)]))["A4"]
    assert cell.data_type == "s"
    assert cell.value.replace("_x000D_", "\r") == text
    assert cell.style.quotePrefix if hasattr(cell.style, "quotePrefix") else cell.quotePrefix


@pytest.mark.parametrize("text", RISKY)
def test_a_text_that_looks_like_a_formula_gets_an_apostrophe_in_csv(text):
    assert is_risky(text)
    out = io.BytesIO()
    write_csv(out, grid([(text, "1", 1, None)]))
    assert b"'" in out.getvalue().splitlines()[1] or b"'" in out.getvalue()


def test_a_negative_amount_is_a_number_in_csv_and_gets_no_apostrophe():
    out = io.BytesIO()
    assert write_csv(out, grid(), "utf-8-sig") == 2
    lines = out.getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "姓名,户号,金额,日期"
    assert lines[2] == "吴秀,999001194403123026,-1.50,"


def test_csv_in_gb18030_keeps_rare_characters():
    out = io.BytesIO()
    write_csv(out, grid([("张𬭎㛃", "1", 1, None)]))
    assert "张𬭎㛃" in out.getvalue().decode("gb18030")


def test_a_plain_grid_has_its_header_in_the_first_row():
    sheet = excel(grid(plain=True))
    assert [one.value for one in sheet[1]] == ["姓名", "户号", "金额", "日期"]
    assert sheet.max_row == 3
