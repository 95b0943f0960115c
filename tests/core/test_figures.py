"""The figures of the documents this platform is built from, with the rules of the core's statistics."""

from decimal import Decimal
from fractions import Fraction

import pytest

from core.errors import Refused
from core.figures import (
    added_up,
    against,
    average_within,
    bases_that_fit,
    everywhere,
    off_by,
    plan_year,
    plausible,
    rate,
    read_figure,
    stated_rate,
)


@pytest.mark.parametrize(("urban", "rural", "whole"), [(6_372, 27_543, 33_915), (13_385, 63_238, 76_623)])
def test_town_and_country_add_up_to_the_whole(urban, rural, whole):
    assert added_up([urban, rural], whole).closes


def test_a_household_in_the_country_has_two_point_three_persons():
    assert rate(63_238, 27_543) == Decimal("2.30")


def test_a_rate_without_a_base_is_unknown():
    with pytest.raises(Refused) as refusal:
        rate(5, None)
    assert refusal.value.objections[0].code == "E_RATE_DENOM"


def test_december_times_twelve_is_a_plausibility_and_no_equality():
    computed = (13_385 * 384 + 63_238 * Decimal("181.8")) * 12
    assert (computed / 10_000).quantize(Decimal("0.01")) == Decimal("19963.81")
    assert off_by(computed / 10_000, Decimal("18683.51")) == Decimal("6.85")
    assert plausible(computed / 10_000, Decimal("18683.51"), Decimal("0.10"))
    assert not plausible(120, 100, Decimal("0.10"))


def test_a_target_holds_only_where_every_county_meets_it():
    found = everywhere({"甲": 390, "乙": 384, "丙": 373}, ">=", 374)
    assert (found.met, found.failing, found.average) == (False, ("丙",), Decimal("382.33"))


@pytest.mark.parametrize(("actual", "met"), [("2", True), ("1.99", False), ("2.01", True)])
def test_a_target_is_compared_exactly(actual, met):
    assert against(Decimal(actual), ">=", 2).met is met


def test_all_but_a_hundredth_of_a_per_cent_is_not_all():
    assert not against(Decimal("99.99"), "=", 100).met


@pytest.mark.parametrize("text", ["xxx", "20**", "", "NaN"])
def test_a_hidden_figure_is_unknown_and_never_zero(text):
    assert read_figure(text) is None


def test_a_figure_is_read_with_its_thousands():
    assert read_figure("24,050,880.00") == Decimal("24050880.00")


def test_a_difference_has_a_sign():
    assert added_up([461, 188], 659).difference == -10
    assert added_up([180, 438], 589).difference == 29


def test_years_that_contradict_each_other_are_seen():
    found = plan_year(2020, 2017)
    assert (found.closes, found.computed, found.difference) == (False, 2021, 4)


def test_an_area_without_a_figure_is_unknown_and_a_failing_one_still_fails():
    assert everywhere({"甲": 390, "乙": None}, ">=", 374).met is None
    found = everywhere({"甲": 390, "乙": None, "丙": 373}, ">=", 374)
    assert (found.met, found.failing, found.unknown) == (False, ("丙",), ("乙",))
    assert everywhere({}, ">=", 374).met is None


def test_a_third_is_compared_as_a_third():
    assert against(Fraction(1, 3), "=", Fraction(1, 3)).met
    assert not against(Fraction(1, 3), ">=", Decimal("0.3333333334")).met


def test_sixty_seven_per_cent_fits_neither_base_that_is_named():
    found = stated_rate(52, [75, 81], Decimal(67), 0)
    assert [(one.half_up, one.how, one.difference) for one in found] == [(69, "", 2), (64, "", -3)]
    assert [(rate(52 * 100, one.base)) for one in found] == [Decimal("69.33"), Decimal("64.20")]
    assert bases_that_fit(52, Decimal(67), 0) == (78,)


def test_a_share_that_fits_cutting_off_only_is_flagged():
    assert [one.how for one in stated_rate(615, [826], Decimal("74.45"), 2)] == ["truncated"]
    assert stated_rate(615, [826], Decimal("74.45"), 2)[0].half_up == Decimal("74.46")
    assert bases_that_fit(615, Decimal("74.45"), 2) == ()
    twelve = stated_rate(12, [17, 15], Decimal(70), 0)
    assert [(one.half_up, one.how) for one in twelve] == [(71, "truncated"), (80, "")]


@pytest.mark.parametrize(
    ("part", "base", "stated"),
    [(239, 589, "41"), (100, 223, "44.8"), (223, 223, "100"), (24_501, 24_922, "98.31"), (24, 27, "89")],
)
def test_rates_that_close_are_left_alone(part, base, stated):
    places = len(stated.partition(".")[2])
    assert stated_rate(part, [base], Decimal(stated), places)[0].how == "rounded"


def test_a_stated_rate_without_a_base_is_unknown():
    with pytest.raises(Refused) as refusal:
        stated_rate(52, [], Decimal(67), 0)
    assert refusal.value.objections[0].code == "E_RATE_DENOM"


def test_members_who_are_all_under_35_are_not_47_on_average():
    found = average_within(47, 35)
    assert (found.closes, found.difference) == (False, 12)
    assert average_within(34, 35).closes
