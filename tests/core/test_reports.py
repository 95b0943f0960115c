"""Reports: one definition, the same figures everywhere."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from core import reports
from core.errors import Refused
from core.extension import Column, Parameter, Report
from core.showing import cell


class Reader:
    """As much of a unit of work as a report asks for: the right, the day, the read record."""

    today = date(2026, 11, 20)

    def __init__(self) -> None:
        self.required, self.read = [], []

    def require(self, permission, area=None):
        self.required.append(permission)

    def record_read(self, action, subject, **details):
        self.read.append(action)


def rows(work, month, kind):
    yield ("南桥镇", 3, 229200)
    yield ("柳河镇", 2, 46800)


REPORT = Report(
    name="payments",
    title="低保发放表",
    permission="household.view",
    columns=(
        Column(name="town", title="乡镇"),
        Column(name="households", title="户数", kind="integer", total=True),
        Column(name="amount", title="金额", kind="money", total=True),
    ),
    rows=rows,
    parameters=(
        Parameter(name="month", title="月份", kind="month", default="2026-11"),
        Parameter(name="kind", title="类别", kind="choice", choices=(("a", "A 类"), ("b", "B 类"))),
    ),
    note="按发放日统计",
)


def answer(**given):
    return reports.run(Reader(), REPORT, given)


def test_the_right_is_asked_and_the_reading_recorded():
    work = Reader()
    reports.run(work, REPORT, {})
    assert work.required == ["household.view"] and work.read == ["report.run"]


def test_the_sum_row_adds_up_the_columns_that_ask_for_it():
    assert answer().total == ("合计", 5, 276000)


def test_wrong_parameters_are_all_named_at_their_fields():
    with pytest.raises(Refused) as refusal:
        answer(month="2026-13", kind="z")
    assert [one.field for one in refusal.value.objections] == ["month", "kind"]


def test_page_excel_paper_and_lines_show_the_same_figures():
    one = answer(kind="a")
    sheet = load_workbook(io.BytesIO(reports.as_excel(one, "清溪县民政局"))).active
    assert sheet["C6"].value == 2760.00
    assert reports.as_sheet(one, "清溪县民政局").total == ("合计", 5, 276000)
    assert "2,760.00" in reports.as_text(one)
    assert reports.as_records(one)[0] == {"town": "南桥镇", "households": 3, "amount": 229200}


def test_a_report_is_made_checked_and_issued():
    assert reports.as_sheet(answer(), "清溪县民政局").signatures == ("制表人", "审核人", "签发人")
    sheet = load_workbook(io.BytesIO(reports.as_excel(answer(), "清溪县民政局"))).active
    assert "签发人：" in sheet["A9"].value and "单位：元" in sheet["A2"].value


def test_a_wide_table_lies_across_its_paper():
    assert not reports.is_wide(REPORT.columns)
    assert reports.is_wide(REPORT.columns * 3)


def test_lines_of_a_terminal_stand_under_each_other():
    lines = reports.as_text(answer()).splitlines()
    assert lines[0] == "乡镇    户数      金额"
    assert lines[1] == "南桥镇     3  2,292.00"


def test_the_paper_says_what_was_asked():
    assert reports.as_sheet(answer(), "清溪县民政局").fields == (("月份", "2026年11月"),)


def test_a_report_that_names_its_columns_is_drawn_with_the_same_figures():
    drawn = reports.picture(reports.run(Reader(), replace(REPORT, chart=("town", "amount")), {}))
    assert drawn is not None and drawn.rows == [("金额", 229200, 46800)]
    assert reports.picture(answer()) is None


def test_shares_stand_as_per_cent_half_up():
    assert cell("ratio", Decimal("0.86450")) == "86.5%" and cell("ratio", 0.5) == "50.0%"


def test_rows_of_one_name_are_one_bar_of_their_sum():
    def twice(work):
        yield ("南桥镇", 3, 200)
        yield ("柳河镇", 2, 50)
        yield ("南桥镇", 1, 100)

    drawn = reports.picture(
        reports.run(Reader(), replace(REPORT, rows=twice, parameters=(), chart=("town", "amount")), {})
    )
    assert [column.title for column in drawn.columns] == ["项目", "南桥镇", "柳河镇"]
    assert drawn.rows == [("金额", 300, 50)]
