"""Figures of city reports, computed the way the handbook wants them."""

from decimal import Decimal

import pytest
from huimin_urban_grid.figures import compared, meets, missing_to, percent, rate


def test_the_close_rate_of_the_year_is_that_of_its_counts():  # C228
    assert percent(rate(24_501, 24_922)) == "98.31%"
    assert compared(24_501, 24_922, "98.31").fit == "fits"
    assert 24_922 - 24_501 == 421


def test_a_rate_is_held_against_its_counts_in_the_decimals_it_was_stated_with():  # C229
    assert compared(24, 27, "89").fit == "fits"


def test_a_rate_that_only_fits_truncation_is_told_so_with_its_difference():  # C230
    found = compared(12, 17, "70")
    assert (found.fit, found.computed, found.difference) == ("truncated", Decimal(71), Decimal("0.59"))
    assert rate(12, 15, 0) == Decimal(80)
    assert compared(12, 15, "70").fit == "differs"


@pytest.mark.parametrize(("parts", "whole"), [((20, 19), 39), ((6, 1), 7), ((37, 13), 50)])  # C234, C237, C239
def test_parts_that_add_up_leave_nothing(parts, whole):
    assert missing_to(parts, whole) == 0


def test_parts_that_do_not_add_up_are_told_with_their_sign():
    assert missing_to((461, 188), 659) == -10


def test_without_a_base_a_rate_is_unknown_and_never_nought():
    assert rate(0, 0) is None and percent(None) == "--" and meets(0, 0, Decimal("0.9")) is None
    assert compared(0, 0, "0").fit == "unknown" and compared(1, 2, "").fit == "unknown"


def test_a_target_is_compared_before_rounding():
    assert not meets(9_999, 10_000, Decimal(1)) and percent(rate(99_999, 100_000)) == "100.00%"
    assert meets(95, 100, Decimal("0.95"))
