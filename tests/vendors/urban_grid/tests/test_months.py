"""Close rates, stated figures, the appraisal: what a month says."""

import openpyxl
import pytest

from core.testing import OTHER_TOWN, TOWN

HEAD = 4  # the first row of a template below its sample


@pytest.fixture
def taken_in(run, tmp_path, grids):
    """Fill rows into the template of the figures and take them in; answers what the command did."""

    def take(*rows, check=False):
        file = tmp_path / "figures.xlsx"
        file.unlink(missing_ok=True)
        assert run("import", "template", "urban-grid-figures", file, as_=grids.clerk).exit_code == 0
        book = openpyxl.load_workbook(file)
        for at, cells in enumerate(rows, start=HEAD):
            for column, value in enumerate(cells, start=1):
                book.worksheets[0].cell(at, column, value)
        book.save(file)
        return run("import", "check" if check else "run", "urban-grid-figures", file, "--json", as_=grids.clerk)

    return take


def rows_of(run, name, *words, as_):
    ran = run("report", "run", name, *words, "--json", as_=as_)
    assert ran.exit_code == 0, ran.talk
    return ran.data


def test_the_year_of_24501_of_24922_closes_at_9831(grids, run, taken_in):
    done = taken_in(("2026-10", TOWN, 12_000, 11_900, ""), ("2026-10", OTHER_TOWN, 12_922, 12_601, ""))
    assert (done.exit_code, done.data["imported"]) == (0, 2), done.talk
    rows = rows_of(run, "urban-grid-closing", "--since", "2026-10-01", "--until", "2026-10-31", as_=grids.clerk)
    assert [*rows[-1].values()][1:4] == [24_922, 24_501, 421] and rows[-1]["rate"] == "98.31%"
    assert [row["met"] for row in rows] == ["达标", "达标", "达标"]


def test_the_target_holds_only_when_every_town_meets_it(grids, run, taken_in):
    taken_in(("2026-10", TOWN, 10_000, 9_999, ""), ("2026-10", OTHER_TOWN, 100, 90, ""))
    rows = rows_of(run, "urban-grid-closing", "--since", "2026-10-01", "--until", "2026-10-31", as_=grids.clerk)
    assert [row["met"] for row in rows] == ["达标", "未达标", "未达标"] and rows[-1]["rate"] == "99.89%"


def test_cases_of_the_system_and_figures_before_it_are_counted_together(grids, run, taken_in):
    taken_in(("2026-11", TOWN, 9, 9, "100"))
    grids.found()
    rows = rows_of(run, "urban-grid-closing", as_=grids.clerk)
    assert rows[-1]["opened"] == 10 and rows[-1]["rate"] == "90.00%"


def test_a_stated_rate_that_does_not_follow_from_its_counts_is_warned_of_and_told(grids, run, taken_in):
    done = taken_in(
        ("2026-10", TOWN, 17, 12, "70"), ("2026-10", OTHER_TOWN, 27, 24, "89"), ("2026-10", "430223", 45, 36, "80")
    )
    assert (done.exit_code, done.data["imported"]) == (0, 3)
    assert [one["row"] for one in done.data["warnings"] if one["code"] == "W_UG_RATE"] == [HEAD]
    rows = rows_of(run, "urban-grid-stated", "--month", "2026-10", as_=grids.clerk)
    told = {row["area"]: (row["fit"], row["difference"]) for row in rows}
    assert told["桃水镇"] == ("只合截断", "+0.59") and told["网岭镇"] == ("相符", "")
    assert told["各乡镇合计减全县"] == ("不符", "") and (rows[-1]["opened"], rows[-1]["closed"]) == (-1, 0)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (("2026-10", TOWN, 10, 11, ""), "D"),
        (("2026-10", "430299999", 10, 9, ""), "B"),
        (("十月", TOWN, 10, 9, ""), "A"),
        (("2026-10", TOWN, "十", 9, ""), "C"),
        (("2026-10", TOWN, 10, 9, "九成"), "E"),
    ],
)
def test_a_bad_row_is_named_with_its_cell_and_nothing_is_written(grids, run, taken_in, row, column):
    done = taken_in(row, ("2026-10", OTHER_TOWN, 10, 9, "90"))
    assert done.exit_code == 3
    assert [(one["row"], one["column"]) for one in done.data["errors"]] == [(HEAD, column)]
    assert rows_of(run, "urban-grid-stated", "--month", "2026-10", as_=grids.clerk) == []


def test_the_same_month_is_taken_in_once(grids, taken_in):
    row = ("2026-10", TOWN, 10, 9, "90")
    assert taken_in(row, row, check=True).exit_code == 3
    assert taken_in(row).exit_code == 0
    assert [one["code"] for one in taken_in(row).data["errors"]] == ["E_UG_TWICE"]


def test_inspectors_and_towns_begin_with_a_hundred_points(grids):
    for _turn in range(4):
        grids.found()
    grids.found("WL-01")
    late = grids.sent(category="street")
    grids.stands_on("2026-11-25")
    grids.done("handle", late, "--on", "2026-11-25", "--note", "已清理", as_=grids.clerk)
    grids.done("return", late, "--on", "2026-11-25", "--note", "还在", as_=grids.inspectors["TS-01"])
    found = grids.done("appraise", "2026-11", as_=grids.clerk)
    assert [(one["inspector"], one["reported"], one["score"]) for one in found["inspectors"]] == [
        ("liufang", 5, 100),
        ("chenjun", 1, 91),
    ]
    assert {one["town"]: one["score"] for one in found["towns"]} == {"桃水镇": 93, "网岭镇": 100}
