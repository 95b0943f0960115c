"""Pictures of figures: what is drawn agrees with what is written beside it, and nothing of nothing."""

import re
from datetime import date
from fractions import Fraction

import pytest

from core.extension import Chart, Lane, Point, Series, TownFigure
from core.pictures import BOTTOM, TOP, draw_bar, draw_chart, draw_rows, draw_towns
from core.web.lanes import draw_lanes

YEAR = Chart(
    title="资金发放",
    steps=["1月", "2月", "3月"],
    series=[
        Series(title="低保", hue=1, values=[100_000_00, 300_000_00, 0]),
        Series(title="助餐", hue=2, values=[50_000_00, None, 0]),
    ],
    kind="money",
)


def _rects(svg):
    return [
        (int(hue), float(y), float(height))
        for hue, y, height in re.findall(r'data-hue="(\d)" x="[^"]+" y="([^"]+)" width="[^"]+" height="([^"]+)"', svg)
    ]


def test_columns_stand_on_the_ground_one_on_the_other_in_the_measure_of_the_scale():
    drawn = draw_chart(YEAR)
    first, second, high = _rects(drawn.svg)
    assert first[1] + first[2] == pytest.approx(BOTTOM - 0.8, abs=0.2)
    assert second[1] + second[2] == pytest.approx(first[1] - 0.8, abs=0.2)
    assert high[1] == pytest.approx(TOP + (BOTTOM - TOP) * (1 - 30 / 30), abs=0.2)
    assert (high[2] + 0.8) / (first[2] + 0.8) == pytest.approx(3, abs=0.01)
    assert drawn.unit == "万元"
    assert "2月" in drawn.told and "30.0" in drawn.told


def test_the_table_beside_it_has_the_same_figures_and_their_sum():
    drawn = draw_chart(YEAR)
    assert drawn.rows[1] == ("助餐", 50_000_00, None, 0)
    assert drawn.total == ("合计", 150_000_00, 300_000_00, 0)
    assert [one.kind for one in drawn.columns] == ["text", "money", "money", "money"]


@pytest.mark.parametrize("most", [1, 7, 99, 100, 12_345, 10**9, 3])
def test_the_scale_holds_the_highest_column_with_at_most_four_lines(most):
    drawn = draw_chart(Chart(title="a", steps=["x"], series=[Series(title="s", hue=1, values=[most])]))
    (column,) = _rects(drawn.svg)
    assert TOP - 0.1 <= column[1] < BOTTOM
    assert 1 <= drawn.svg.count('class="grid"') <= 4


def test_what_is_not_final_is_pale_and_words_are_escaped():
    chart = Chart(title="a", steps=["x", "<b>"], series=[Series(title="s", hue=1, values=[1, 1])], pale=1)
    drawn = draw_chart(chart)
    assert drawn.svg.count("hue ended") == 1
    assert "<b>" not in drawn.svg and "&lt;b&gt;" in drawn.svg


def test_lying_bars_name_each_row_and_write_its_sum():
    drawn = draw_rows(YEAR)
    assert drawn.height == 3 * 26
    assert ">15.0</text>" in drawn.svg and ">30.0</text>" in drawn.svg and ">0.0</text>" in drawn.svg


def test_nothing_is_drawn_of_nothing():
    empty = Chart(title="a", steps=["x"], series=[Series(title="s", hue=1, values=[0])])
    assert draw_chart(empty) is None
    assert draw_rows(empty) is None
    assert draw_bar([("a", 0, 1)]) == []
    assert draw_towns([TownFigure(title="在保", values={})], {"430223103": "桃水镇"}) is None


def test_a_bar_in_parts_is_whole_and_a_narrow_part_says_no_word():
    parts = draw_bar([("同意", 70, 3), ("不同意", 28, 5), ("弃权", 2, 8)])
    assert sum(Fraction(one.width.rstrip("%")) for one in parts) == 100
    assert [one.text for one in parts] == ["同意 70", "不同意 28", ""]


def test_a_town_has_its_share_beside_that_of_the_county_and_unknown_stays_unknown():
    towns = draw_towns(
        [
            TownFigure(title="用餐率", values={"430223103": (1, 4), "430223106": (3, 4)}, order=2, note="用餐 ÷ 登记"),
            TownFigure(title="在保", values={"430223103": 1412}, unit="户", order=1),
        ],
        {"430223103": "桃水镇", "430223106": "网岭镇", "430223107": "渌田镇"},
    )
    assert [head[0] for head in towns.heads] == ["在保", "用餐率"]
    first, second = (figures for _code, _name, figures in towns.rows)
    assert (first[0].text, first[1].text, first[1].mark) == ("1,412 户", "25.0%", 0.5)
    assert second[0].text == "--"
    assert towns.notes == ["用餐率＝用餐 ÷ 登记"]


def test_a_payment_every_month_is_marked_each_time_and_told_where_there_is_room():
    points = [Point(on=date(2026, month, 1), label="1,950.00") for month in range(1, 12)]
    picture = draw_lanes([(1, Lane(title="基本生活费", points=points))], date(2026, 11, 22))
    (row,) = picture.rows
    assert len(row.diamonds) == len(row.lines) == 11
    assert [one.label for one in row.diamonds][:-1] == [""] * 10
    alone = draw_lanes([(1, Lane(title="临时救助", points=points[:1]))], date(2026, 11, 22))
    assert [one.label for one in alone.rows[0].diamonds] == ["1,950.00"]
