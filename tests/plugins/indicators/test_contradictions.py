"""Figures of the documents this platform is built from, computed again: what holds, what does not, what is unknown."""

from decimal import Decimal

import pytest

from plugins.indicators.checking import (
    check_average,
    check_plan,
    check_rate,
    check_sum,
    check_year,
    split_part,
)

BAND = Decimal("0.1")


@pytest.mark.parametrize(
    ("parts", "stated", "difference"),
    [
        (["分散供养 461", "集中供养 188"], "659", "-10"),
        (["主任 180", "委员 438"], "589", "+29"),
        (["甲 1", "乙 1", "丙 1", "丁 1"], "5", "-1"),  # five pilot units announced, four named
        (["按期完成 3"], "4", "-1"),  # three trainees of four planned, reported done
    ],
)
def test_parts_that_do_not_add_up_are_told_with_the_signed_difference(parts, stated, difference):
    found = check_sum(parts, stated)
    assert (found.result, found.code, found.difference) == ("differs", "E_WP_SUM", difference)


@pytest.mark.parametrize(
    ("parts", "stated"),
    [
        (["6372", "27543"], "33915"),
        (["13385", "63238"], "76623"),
        (["保留 19", "废止 7", "失效 14"], "40"),
        (["12", "1", "4"], "17"),
        (["10", "30", "30", "20", "10"], "100"),
    ],
)
def test_parts_that_add_up_are_left_alone(parts, stated):
    assert (check_sum(parts, stated).result, check_sum(parts, stated).code) == ("closes", "")


def test_a_subset_of_the_kept_documents_is_no_addend():
    assert check_sum(["保留 19", "废止 7", "失效 14", "保留并修改 5"], "40").difference == "+5"


def test_the_training_rate_fits_neither_base():
    found = check_rate("52", ["75", "81"], "67%")
    assert (found.result, found.code) == ("differs", "E_RATE_STATED")
    assert "52÷75＝69.33%" in found.told and "52÷81＝64.20%" in found.told and "78" in found.told
    assert check_rate("52", ["81"], "67").difference == "-3"
    assert check_rate("52", ["75"], "67").difference == "+2"


@pytest.mark.parametrize(
    ("part", "bases", "stated", "half_up"),
    [("615", ["826"], "74.45%", "74.46"), ("12", ["17", "15"], "70%", "71")],
)
def test_a_rate_that_fits_cutting_off_only_is_flagged(part, bases, stated, half_up):
    found = check_rate(part, bases, stated)
    assert (found.result, found.code, found.computed) == ("truncated", "W_RATE_CUT", half_up)


@pytest.mark.parametrize(
    ("part", "base", "stated"),
    [("239", "589", "41"), ("100", "223", "44.8"), ("223", "223", "100"), ("24501", "24922", "98.31"),
     ("24", "27", "89"), ("110", "194", "56.70"), ("63238", "27543", "229.60"), ("53", "81", "65.43"),
     ("43", "1542", "2.79"), ("41", "98", "41.84"), ("188", "731", "25.72"), ("68", "31", "219.35")],
)  # fmt: skip
def test_rates_of_the_documents_hold(part, base, stated):
    assert check_rate(part, [base], stated).result == "closes"


def test_the_election_rate_holds_on_589_only():
    assert check_rate("239", ["589"], "41%").result == "closes"
    assert check_rate("239", ["618"], "41%").difference == "-2"


def test_a_rate_without_its_base_is_unknown():
    found = check_rate("52", [], "67%")
    assert (found.result, found.code, found.computed) == ("unknown", "E_RATE_DENOM", "")
    assert check_rate("52", ["0"], "67%").code == "E_RATE_DENOM"


@pytest.mark.parametrize("hidden", ["xx元", "xxx", "20**", "", "若干"])
def test_a_hidden_figure_is_unknown_and_never_zero(hidden):
    found = check_sum(["城市 12", f"农村 {hidden}"], "12")
    assert (found.result, found.code, found.difference) == ("unknown", "W_FIGURE_HIDDEN", "")
    assert check_sum(["城市 12"], hidden).result == "unknown"
    assert check_rate("12", [hidden or "x"], "67").result == "unknown"
    assert check_year(hidden, "100", BAND).result == "unknown"
    assert check_average(hidden, "35").result == "unknown"


def test_december_times_twelve_lies_inside_the_band_of_the_year():
    found = check_year("16636508.40", "186835100", BAND)
    assert (found.result, found.code, found.computed, found.difference) == ("inside", "", "199638100.8", "+6.85%")
    outside = check_year("16636508.40", "186835100", Decimal("0.05"))
    assert (outside.result, outside.code) == ("outside", "W_YEAR_BAND")


def test_an_average_of_47_contradicts_every_member_under_35():
    found = check_average("47", "35")
    assert (found.result, found.code, found.difference) == ("differs", "E_AVERAGE_LIMIT", "+12")
    assert check_average("34.5", "35").result == "closes"


def test_a_plan_for_2017_behind_a_report_on_2020_contradicts_it():
    found = check_plan(2020, 2017)
    assert (found.result, found.code, found.computed, found.difference) == ("differs", "E_PLAN_YEAR", "2021", "+4")
    assert check_plan(2020, 2021).result == "closes"


@pytest.mark.parametrize(
    ("text", "label", "figure"),
    [
        ("分散 461", "分散", 461),
        ("461", "", 461),
        ("结余：-30.7", "结余", Decimal("-30.7")),
        ("农村 20**", "农村", None),
    ],
)
def test_a_part_is_read_with_its_label(text, label, figure):
    assert split_part(text) == (label, figure)
